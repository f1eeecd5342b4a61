/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_DICT_H
#define BP_INTAKE_DICT_H
/* Texts -> numbers: those that many rows of a file share are staged once, as stage_ref knows them. */
#include <stdint.h>

#include "base/arena.h"

struct im_dict {
	struct bp_arena mem;
	struct im_dict_entry {
		const char *key; /* NULL = the slot is free */
		uint32_t hash;
	} *slot;
	uint32_t *no; /* by slot */
	size_t n, slots;
};

void im_dict_init(struct im_dict *d);
void im_dict_release(struct im_dict *d);
/* The slot of a text, or the free one where it would be. */
size_t im_dict_slot(const struct im_dict *d, const char *key);
/* Add a text that is not there yet; it is copied. */
void im_dict_put(struct im_dict *d, const char *key, uint32_t no);

#endif
