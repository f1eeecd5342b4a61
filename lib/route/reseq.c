/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of one tour: 2-opt (Croes 1958) and or-opt (Or 1976), first improvement, until
 * nothing helps.  Tours with windows are judged by full evaluation instead of deltas.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/route.h"

#define MATRIX_MAX 600

struct seq {
	const struct rt_problem *p;
	const struct rt_params *a;
	int32_t seat, day, n, fixed; /* the first `fixed` calls stay */
	int32_t *order, *trial;
	int32_t *m;                  /* (n + 1)^2 legs between calls, row n: start / end; or NULL */
	const int32_t *needs;        /* call index -> need */
	bool windows;
	int64_t cost;
};

static int32_t place_leg(const struct seq *s, int32_t from, int32_t to, bool stop)
{
	if (from < 0 || to < 0 || s->p->places[from].x == RT_NO_COORD ||
		s->p->places[to].x == RT_NO_COORD)
		return 0;
	return rt_leg(s->p, s->p->seats[s->seat].profile, from, to, stop);
}

static int32_t leg_of(const struct seq *s, int32_t i, int32_t j)
{
	const struct rt_seat *seat = &s->p->seats[s->seat];
	int32_t from = i == s->n ? seat->start : s->p->needs[s->needs[i]].place;
	int32_t to = j == s->n ? seat->end : s->p->needs[s->needs[j]].place;

	return place_leg(s, from, to, j != s->n);
}

static int32_t leg(const struct seq *s, int32_t i, int32_t j)
{
	return s->m ? s->m[(int64_t)i * (s->n + 1) + j] : leg_of(s, i, j);
}

/* The call at position k of the order; the depot before the first and behind the last. */
static int32_t at(const struct seq *s, int32_t k)
{
	return k < 0 || k >= s->n ? s->n : s->order[k];
}

static int64_t full(const struct seq *s, const int32_t *order)
{
	int32_t *needs = bp_xmalloc(sizeof(*needs) * (size_t)(s->n + 1));
	struct rt_tour t;

	for (int32_t i = 0; i < s->n; i++)
		needs[i] = s->needs[order[i]];
	rt_tour_eval(s->p, s->a, s->seat, s->day, needs, s->n, &t, NULL);
	free(needs);
	return t.cost + (int64_t)__builtin_popcount(t.broken) * ((int64_t)1 << 40);
}

/* With windows: take the trial order when it is better as a whole. */
static bool judge(struct seq *s)
{
	int64_t c = full(s, s->trial);

	if (c >= s->cost)
		return false;
	s->cost = c;
	memcpy(s->order, s->trial, sizeof(*s->order) * (size_t)s->n);
	return true;
}

static void reverse(int32_t *o, int32_t i, int32_t j)
{
	for (; i < j; i++, j--) {
		int32_t t = o[i];

		o[i] = o[j];
		o[j] = t;
	}
}

static bool two_opt(struct seq *s)
{
	for (int32_t i = s->fixed; i < s->n - 1; i++)
		for (int32_t j = i + 1; j < s->n; j++) {
			int32_t a = at(s, i - 1), b = s->order[i], c = s->order[j], d = at(s, j + 1);

			if (s->windows) {
				memcpy(s->trial, s->order, sizeof(*s->trial) * (size_t)s->n);
				reverse(s->trial, i, j);
				if (judge(s))
					return true;
			} else if (leg(s, a, c) + leg(s, b, d) < leg(s, a, b) + leg(s, c, d)) {
				reverse(s->order, i, j);
				return true;
			}
		}
	return false;
}

/* Move order[i .. i+len-1] to stand before what is now at position k (k outside the segment). */
static void shift(int32_t *o, int32_t i, int32_t len, int32_t k, bool turn)
{
	int32_t seg[3];

	for (int32_t x = 0; x < len; x++)
		seg[x] = o[turn ? i + len - 1 - x : i + x];
	if (k > i) {
		memmove(o + i, o + i + len, sizeof(*o) * (size_t)(k - i - len));
		memcpy(o + k - len, seg, sizeof(*o) * (size_t)len);
	} else {
		memmove(o + k + len, o + k, sizeof(*o) * (size_t)(i - k));
		memcpy(o + k, seg, sizeof(*o) * (size_t)len);
	}
}

static bool try_shift(struct seq *s, int32_t i, int32_t len, int32_t k, bool turn)
{
	int32_t first = s->order[turn ? i + len - 1 : i], last = s->order[turn ? i : i + len - 1];
	int32_t gone, come;

	if (s->windows) {
		memcpy(s->trial, s->order, sizeof(*s->trial) * (size_t)s->n);
		shift(s->trial, i, len, k, turn);
		return judge(s);
	}
	gone = leg(s, at(s, i - 1), s->order[i]) + leg(s, s->order[i + len - 1], at(s, i + len)) -
	       leg(s, at(s, i - 1), at(s, i + len));
	come = leg(s, at(s, k - 1), first) + leg(s, last, at(s, k)) - leg(s, at(s, k - 1), at(s, k));
	if (come >= gone)
		return false;
	shift(s->order, i, len, k, turn);
	return true;
}

static bool or_opt(struct seq *s)
{
	for (int32_t len = 1; len <= 3; len++)
		for (int32_t i = s->fixed; i + len <= s->n; i++)
			for (int32_t k = s->fixed; k <= s->n; k++) {
				if (k >= i && k <= i + len)
					continue;
				if (try_shift(s, i, len, k, false) ||
					(len > 1 && try_shift(s, i, len, k, true)))
					return true;
			}
	return false;
}

void rt_resequence(const struct rt_problem *p, const struct rt_params *a, int32_t seat, int32_t day,
	int32_t *needs, int32_t n)
{
	struct seq s = {.p = p, .a = a, .seat = seat, .day = day, .n = n, .needs = needs};
	int32_t *out, rounds = 20 * n;

	if (n < 2)
		return;
	s.fixed = (p->needs[needs[0]].flags & RT_PIN_FIRST) != 0;
	s.order = bp_xmalloc(sizeof(*s.order) * (size_t)n);
	s.trial = bp_xmalloc(sizeof(*s.trial) * (size_t)n);
	out = bp_xmalloc(sizeof(*out) * (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		s.order[i] = i;
		s.windows |= p->needs[needs[i]].n_windows > 0;
	}
	if (n <= MATRIX_MAX) {
		s.m = bp_xmalloc(sizeof(*s.m) * (size_t)(n + 1) * (size_t)(n + 1));
		for (int32_t i = 0; i <= n; i++)
			for (int32_t j = 0; j <= n; j++)
				s.m[(int64_t)i * (n + 1) + j] = i == n && j == n ? 0 : leg_of(&s, i, j);
	}
	if (s.windows)
		s.cost = full(&s, s.order);
	while (rounds-- > 0 && (two_opt(&s) || or_opt(&s)))
		;
	for (int32_t i = 0; i < n; i++)
		out[i] = needs[s.order[i]];
	memcpy(needs, out, sizeof(*out) * (size_t)n);
	free(s.order);
	free(s.trial);
	free(s.m);
	free(out);
}
