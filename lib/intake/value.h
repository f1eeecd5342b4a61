/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_VALUE_H
#define BP_INTAKE_VALUE_H
/*
 * Text as people write it -> values as we store them.  Every function takes a NUL-terminated cell
 * without blanks at its ends and is pure.  Where a cell can be read in two ways the likelier reading is
 * returned and `other` says the second one in words, for a warning that names both.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum im_parse {
	IM_P_FINE,
	IM_P_TWO_WAYS, /* `reading` and `other` are filled */
	IM_P_TYPE,     /* not of this type */
	IM_P_RANGE,    /* of this type, but outside what is taken */
};

struct im_two {
	char reading[48], other[48];
	double second; /* what `other` is: a number, a count, days since 1970 */
};

/* Which of two readings holds for a whole column. */
enum im_reading { IM_READ_ASK, IM_READ_FIRST, IM_READ_SECOND };

/* "1,234.5", "1.234,5", "1 234", "$ 12", "1.2E+05"; `comma` = a lone comma stands before decimals. */
enum im_parse im_parse_number(const char *s, bool comma, double *v, struct im_two *two);
/* A whole number of lo..hi; decimals are rounded, a unit behind it ("12 min", "75%") is passed over. */
enum im_parse im_parse_int(const char *s, int lo, int hi, int *v);
/* "12", "0:12" or "1h30": 1..1440 minutes. */
enum im_parse im_parse_minutes(const char *s, int most, int *v);
/* Visits in 4 weeks, 1..28: "4", "F4" (two ways), "weekly", "once in 2 weeks", "2x per week", "biweekly" (two ways). */
enum im_parse im_parse_frequency(const char *s, int *v, struct im_two *two);
/* Micro-degrees of one or two coordinates: "18.52", "18,52", "18.52 N", "18 31 13 N" with signs, "18.52, 73.85";
 * *n = how many there were. Range is not checked. */
enum im_parse im_parse_coordinates(const char *s, int64_t v[2], int *n);
/* Days since 1970: 2026-11-23, 23.11.2026, 23/11/2026 (two ways up to day 12), 23-Nov-2026, Nov 23 2026, 20261123, Excel serials. */
enum im_parse im_parse_date(const char *s, int64_t *date, struct im_two *two);
/* A month as "2026-03" ("03/2026", "202603", "Mar 2026", "März 26") or a date as "2026-03-18" (as im_parse_date). */
enum im_parse im_parse_period(const char *s, char out[16], struct im_two *two);
/* 1..12 of a month's name or its first letters at s, 0 = none. */
int im_month_of(const char *s);
/* 25/03/2026 can only begin with the day, 03/25/2026 only with the month: the column decides for those that can be either.
 * ASK when nothing does, or when both occur more than now and then. */
struct im_date_votes {
	uint64_t day_first, month_first, either;
};
void im_vote_date(struct im_date_votes *v, const char *s);
enum im_reading im_date_reading(const struct im_date_votes *v);
/* Minute of the day: "9:30", "0930", "9 am", "9:30 PM". */
enum im_parse im_parse_time(const char *s, int *minute);
/* Bits, 0 = Monday: "Mon", "Mon-Sat", "1;3;5", "lundi", "Sa, So". */
enum im_parse im_parse_weekdays(const char *s, int *mask);

#endif
