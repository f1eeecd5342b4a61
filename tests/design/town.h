/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_DESIGN_TOWN_H
#define BP_TESTS_DESIGN_TOWN_H
/* Outlets for tests, in quarters of many and of few, always the same for a seed.  After cmocka.h. */
#include "base/arena.h"
#include "design/design.h"

struct town {
	struct design_problem p;
	struct design_graph g;
	struct geo_xy *xy;
	double *work;
	int32_t *present;
	uint64_t rng;
};

static inline double draw(uint64_t *rng)
{
	*rng = *rng * 6364136223846793005u + 1442695040888963407u;
	return (double)(*rng >> 40) / 16777216.0;
}

static inline void town_init(struct town *t, int32_t n, int32_t k, uint64_t seed)
{
	struct bp_fail f = {0};

	*t = (struct town){.rng = seed * 7919 + 1};
	t->xy = bp_xcalloc((size_t)n, sizeof(*t->xy));
	t->work = bp_xcalloc((size_t)n, sizeof(*t->work));
	t->present = bp_xcalloc((size_t)n, sizeof(*t->present));
	for (int32_t i = 0; i < n;) {
		struct geo_xy quarter = {40000 * draw(&t->rng), 30000 * draw(&t->rng)};
		int32_t shops = 1 + (int32_t)(25 * draw(&t->rng));

		for (int32_t s = 0; s < shops && i < n; s++, i++) {
			t->xy[i] = (struct geo_xy){quarter.x + 600 * draw(&t->rng), quarter.y + 600 * draw(&t->rng)};
			t->work[i] = 6 * (1 + (int32_t)(4 * draw(&t->rng)));
			t->present[i] = (int32_t)(t->xy[i].x / 40601 * k); /* stripes of uneven work */
		}
	}
	t->p = (struct design_problem){.n = n, .k = k, .xy = t->xy, .work = t->work};
	if (design_graph_make(t->xy, n, &t->g, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
}

static inline void town_release(struct town *t)
{
	free(t->xy);
	free(t->work);
	free(t->present);
	design_graph_release(&t->g);
}

/* The test fails in the words of the library when it refuses. */
static inline void design(const struct town *t, const struct design_params *a, struct design_result *r)
{
	struct bp_fail f = {0};

	design_result_init(r);
	if (design_make(&t->p, &t->g, a, r, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
}

#endif
