/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "route/route.h"

void rt_params_default(struct rt_params *a)
{
	memset(a, 0, sizeof(*a));
	a->seed = 1;
	a->seconds = 120;
	a->threads = 1;
	a->overtime_permille = 1500;
	a->late_permille = 1000;
	a->price_day = 480;
	a->price_person = 1200;
	a->price_beat = 360;
	a->balance_tolerance = 100;
	a->balance_permille = 500;
	a->even_tolerance = 50;
	a->max_changed = -1;
	a->neighbours = 40;
	a->ruin_mean = 10;
	a->string_max = 10;
	a->heat_permille = 0;
	a->cold_permille = 3000;
}
