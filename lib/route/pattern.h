/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_PATTERN_H
#define BP_ROUTE_PATTERN_H
/*
 * Day patterns: on which cycle-days may the visits of a need fall together?
 * Regular patterns (the same weekdays in evenly spaced weeks) come first; when a
 * closed day or a holiday hits one, that visit slides to a near allowed day; only
 * when nothing regular is left are irregular ones listed.  Gaps wrap round
 * the end of the cycle.  Private to this room.
 */
#include "route/problem.h"

#define PATTERN_MAX 96

/* Do the days of mask keep the gap, wrapping? */
bool pattern_gap_ok(uint64_t mask, int32_t gap, int32_t days);

/* Masks of exactly `visits` days out of `allowed`, added to the n that out[] holds already (each
 * once, PATTERN_MAX in all); returns how many out[] holds then. */
int32_t pattern_list(int32_t weeks, int32_t days_per_week, int32_t visits, int32_t gap,
	uint64_t allowed, uint64_t out[PATTERN_MAX], int32_t n);

/* Where closed days or a long gap leave no such mask: as many of the visits as can be.  First regular masks
 * without their closed days (a missed visit leaves the others as they were), else any days. */
int32_t pattern_list_part(int32_t weeks, int32_t days_per_week, int32_t visits, int32_t gap,
	uint64_t allowed, uint64_t out[PATTERN_MAX], int32_t n);
/* The masks of a need out of `allowed`, whole ones or else (*part) what can be served of them. */
int32_t pattern_list_need(const struct rt_problem *p, const struct rt_need *n, uint64_t allowed,
	uint64_t out[PATTERN_MAX], int32_t m, bool *part);

/* The allowed days of a need after delivery coupling. */
uint64_t pattern_allowed(const struct rt_problem *p, const struct rt_need *n);

#endif
