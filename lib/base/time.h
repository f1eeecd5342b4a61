/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_TIME_H
#define BP_BASE_TIME_H
/*
 * Instants are int64_t microseconds since 1970 UTC; dates are int64_t days since
 * 1970-01-01 in the proleptic Gregorian calendar, without a time zone.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BP_INSTANT_SIZE 32
#define BP_DATE_SIZE 16
#define BP_HTTP_DATE_SIZE 48

int64_t bp_now(void);           /* the wall clock */
int64_t bp_today(void);         /* its date, UTC */
int64_t bp_monotonic_us(void);  /* for measuring spans */

/* "2026-11-22T17:00:00.000Z" */
void bp_instant_format(int64_t us, char out[BP_INSTANT_SIZE]);
/* "Sun, 22 Nov 2026 17:00:00 GMT", as headers say it; from 1970 on */
void bp_instant_http(int64_t us, char out[BP_HTTP_DATE_SIZE]);

int64_t bp_date_of(int year, int month, int day);
void bp_date_split(int64_t date, int *year, int *month, int *day);
/* 1 = Monday .. 7 = Sunday (ISO 8601). */
int bp_date_weekday(int64_t date);
/* "2026-11-23" */
void bp_date_format(int64_t date, char out[BP_DATE_SIZE]);
/* Exactly YYYY-MM-DD of a date that exists, years 1900..2199; false otherwise. */
bool bp_date_parse(const char *s, int64_t *date);

#endif
