/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/kdtree.h"

#include <stdlib.h>

#include "base/arena.h"

/* Is point a before point b along the axis?  Ties go by index. */
static int before(const struct geo_kdtree *t, int axis, int32_t a, int32_t b)
{
	double va = axis ? t->xy[a].y : t->xy[a].x;
	double vb = axis ? t->xy[b].y : t->xy[b].x;

	return va < vb || (!(va > vb) && a < b);
}

/* Hoare's quickselect: perm[mid] gets the element that sorting [lo, hi) would put there. */
static void select_median(struct geo_kdtree *t, int axis, int32_t lo, int32_t hi, int32_t mid)
{
	int32_t *p = t->perm;

	hi--;
	while (lo < hi) {
		int32_t pivot = p[lo + (hi - lo) / 2], i = lo, j = hi;

		while (i <= j) {
			while (before(t, axis, p[i], pivot))
				i++;
			while (before(t, axis, pivot, p[j]))
				j--;
			if (i <= j) {
				int32_t tmp = p[i];

				p[i++] = p[j];
				p[j--] = tmp;
			}
		}
		if (mid <= j)
			hi = j;
		else if (mid >= i)
			lo = i;
		else
			return;
	}
}

/* The axis of a range is a function of its bounding box, so it is found again in the search
 * by depth parity instead: alternate axes keep the tree free of stored splits. */
static void build(struct geo_kdtree *t, int32_t lo, int32_t hi, int axis)
{
	while (hi - lo > 1) {
		int32_t mid = lo + (hi - lo) / 2;

		select_median(t, axis, lo, hi, mid);
		axis ^= 1;
		build(t, lo, mid, axis);
		lo = mid + 1;
	}
}

void geo_kdtree_init(struct geo_kdtree *t, const struct geo_xy *xy, const int32_t *index, int32_t n)
{
	t->xy = xy;
	t->n = n;
	t->perm = bp_xmalloc(sizeof(*t->perm) * (size_t)(n ? n : 1));
	for (int32_t i = 0; i < n; i++)
		t->perm[i] = index ? index[i] : i;
	build(t, 0, n, 0);
}

void geo_kdtree_release(struct geo_kdtree *t)
{
	free(t->perm);
	t->perm = NULL;
	t->n = 0;
}

struct search {
	const struct geo_kdtree *t;
	struct geo_xy q;
	int32_t self, k, found;
	int32_t *out;
	double *d2;
};

static void offer(struct search *s, int32_t p, double d2)
{
	int32_t i;

	if (s->found == s->k) {
		int32_t last = s->out[s->k - 1];

		if (d2 > s->d2[s->k - 1] || (!(d2 < s->d2[s->k - 1]) && p > last))
			return;
		s->found--;
	}
	for (i = s->found; i > 0; i--) {
		if (s->d2[i - 1] < d2 || (!(s->d2[i - 1] > d2) && s->out[i - 1] < p))
			break;
		s->d2[i] = s->d2[i - 1];
		s->out[i] = s->out[i - 1];
	}
	s->d2[i] = d2;
	s->out[i] = p;
	s->found++;
}

static void visit(struct search *s, int32_t lo, int32_t hi, int axis)
{
	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2, p = s->t->perm[mid];
		double dx = s->t->xy[p].x - s->q.x, dy = s->t->xy[p].y - s->q.y;
		double split = axis ? dy : dx;

		if (p != s->self)
			offer(s, p, dx * dx + dy * dy);
		axis ^= 1;
		if (split > 0) {
			visit(s, lo, mid, axis);
			lo = mid + 1;
		} else {
			visit(s, mid + 1, hi, axis);
			hi = mid;
		}
		if (s->found == s->k && split * split > s->d2[s->k - 1])
			return;
	}
}

int32_t geo_kdtree_nearest(const struct geo_kdtree *t, struct geo_xy q, int32_t self, int32_t k,
	int32_t *out, double *dist2)
{
	double few[64];
	struct search s = {.t = t, .q = q, .self = self, .k = k, .out = out, .d2 = dist2};

	if (k <= 0)
		return 0;
	if (!dist2)
		s.d2 = k <= 64 ? few : bp_xmalloc(sizeof(double) * (size_t)k);
	visit(&s, 0, t->n, 0);
	if (!dist2 && s.d2 != few)
		free(s.d2);
	return s.found;
}
