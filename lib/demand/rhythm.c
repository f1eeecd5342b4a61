/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demand/rhythm.h"

#include <math.h>
#include <stdlib.h>

#define SPREAD_LEAST 2.0
#define MAD_TO_SIGMA 1.48
#define FAR 4.0 /* standard deviations: nothing is left */

static int by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct dm_rhythm dm_rhythm_of_many(double *every, size_t n)
{
	struct dm_rhythm r = {.gaps = (int)n};

	if (!n)
		return r;
	r.every = median(every, n);
	for (size_t i = 0; i < n; i++)
		every[i] = fabs(every[i] - r.every);
	r.spread = fmax(MAD_TO_SIGMA * median(every, n), SPREAD_LEAST);
	return r;
}

struct dm_rhythm dm_rhythm_of(const int64_t *days, size_t n)
{
	size_t gaps = n > DM_GAPS_MOST ? DM_GAPS_MOST : n ? n - 1 : 0;
	double gap[DM_GAPS_MOST];

	for (size_t i = 0; i < gaps; i++)
		gap[i] = (double)(days[n - 1 - i] - days[n - 2 - i]);
	return dm_rhythm_of_many(gap, gaps);
}

static double phi(double z)
{
	return erfc(-z / sqrt(2)) / 2;
}

double dm_score(double due, double spread, int64_t day)
{
	return 100 * phi(((double)day - due) / spread);
}

double dm_due_of_score(double score, double spread, int64_t day)
{
	double p = fmin(fmax(score, 1), 99) / 100, lo = -FAR, hi = FAR;

	for (int i = 0; i < 60; i++) {
		double z = (lo + hi) / 2;

		*(phi(z) < p ? &lo : &hi) = z;
	}
	return (double)day - lo * spread;
}

double dm_nearness(double due, double every, double spread, int64_t from, int64_t day)
{
	double near = 0;

	due = fmax(due, (double)from);
	for (int k = 0; due - (double)day < FAR * spread * sqrt(k + 1); k++, due += every) {
		near = fmax(near, 2 * phi(-fabs((double)day - due) / (spread * sqrt(k + 1))));
		if (!(every > 0) || due > (double)day)
			break; /* those after it are further away */
	}
	return near;
}
