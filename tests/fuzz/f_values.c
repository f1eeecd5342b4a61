/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of cells as numbers, coordinates, dates, times; the form in which names are compared. */
#include <stdlib.h>
#include <string.h>

#include "intake/registry.h"
#include "intake/value.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_text(data, size), out[64], period[16];
	struct im_two two;
	int64_t pair[2], date;
	double v;
	int n;

	im_parse_number(s, false, &v, &two);
	im_parse_number(s, true, &v, &two);
	im_parse_int(s, -5, 500, &n);
	im_parse_minutes(s, 1440, &n);
	im_parse_frequency(s, &n, &two);
	im_parse_coordinates(s, pair, &n);
	im_parse_date(s, &date, &two);
	im_parse_period(s, period, &two);
	im_parse_time(s, &n);
	im_parse_weekdays(s, &n);
	if (im_squash(s, strlen(s), out, sizeof(out)) >= sizeof(out))
		abort();
	free(s);
	return 0;
}
