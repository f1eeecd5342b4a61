/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_WINDOWS_H
#define BP_PLAN_WINDOWS_H
/*
 * Time windows of outlets as the solver knows them: one list a need that holds on all its days.  Where weekdays differ,
 * the hours that all of them share are taken; where they share none, the weekdays that have the same windows and are
 * the most, and the others are closed to the need.  So no hard window is ever broken, at the price of some freedom.
 *
 * A weekday without windows of its own has those of "every day"; without such it is closed when a hard window is given
 * for another weekday, and open all day otherwise.
 *
 * An outlet without any window has the weekdays and windows of its chain.
 */
#include "plan/model.h"

/* Fill p.windows and the slices and days of the needs. `w` is sorted by outlet, weekday, time. */
void plan_model_windows(struct plan_model *m, const struct q_plan_windows *w, size_t n);

#endif
