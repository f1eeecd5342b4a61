/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boundaries that somebody drew elsewhere: GeoJSON, in either order of its coordinates, and which places lie in them. */
#include <jansson.h>
#include <stdlib.h>

#include "territory/boundary.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *in = size ? json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL) : NULL;
	struct tr_boundaries b;
	struct bp_arena a;

	if (!in)
		return 0;
	bp_arena_init(&a, 256 << 20);
	if (!tr_boundaries_read(&a, in, data[0] & 1, "code", &b, NULL))
		for (size_t i = 0; i < b.n; i++) {
			struct geo_place middle = {(b.v[i].area.low.x + b.v[i].area.high.x) / 2, (b.v[i].area.low.y + b.v[i].area.high.y) / 2};

			geo_area_holds(&b.v[i].area, middle);
			geo_area_holds(&b.v[i].area, b.v[i].at);
		}
	bp_arena_release(&a);
	json_decref(in);
	return 0;
}
