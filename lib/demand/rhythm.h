/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DEMAND_RHYTHM_H
#define BP_DEMAND_RHYTHM_H
/*
 * When does an outlet buy next?  From the gaps between the days on which it was billed: the next purchase is due a
 * median gap after the last one, give or take a spread of 1.48 median absolute deviations, the standard deviation that a
 * normal distribution would have.  The score of a day is the chance, in percent, that the purchase is due by then.
 *
 * Days are counted from any day, the same for all.  Gaps echo our own visits: a score breaks ties, it is no ruler.
 */
#include <stddef.h>
#include <stdint.h>

enum { DM_GAPS_MOST = 8, DM_GAPS_LEAST = 3, DM_DAYS_BACK = 182, DM_LATE_GAPS = 3 };

struct dm_rhythm {
	double every, spread; /* days: the median gap, and how much it varies */
	int gaps;             /* of which it was told; 0: of none, and the others are 0 */
};

/* The rhythm of the last gaps between `days`, which ascend and differ. */
struct dm_rhythm dm_rhythm_of(const int64_t *days, size_t n);
/* The rhythm of many, from the gaps that each of them has; sorts them. */
struct dm_rhythm dm_rhythm_of_many(double *every, size_t n);

/* 0 .. 100. */
double dm_score(double due, double spread, int64_t day);
/* The day on which a purchase is due that has this score on that day; scores beyond 1 .. 99 are those. */
double dm_due_of_score(double score, double spread, int64_t day);

/* How near a day is to a purchase that is due: 1 on its very day, 0 far from it.  What was due before `from` is due then; it comes
 * again every so many days (0: once), each time less surely. */
double dm_nearness(double due, double every, double spread, int64_t from, int64_t day);

#endif
