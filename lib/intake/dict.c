/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/dict.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ h >> 15;
}

void im_dict_init(struct im_dict *d)
{
	bp_arena_init(&d->mem, 256 << 20);
	d->n = 0;
	d->slots = 1024;
	d->slot = bp_xcalloc(d->slots, sizeof(*d->slot));
	d->no = bp_xcalloc(d->slots, sizeof(*d->no));
}

void im_dict_release(struct im_dict *d)
{
	bp_arena_release(&d->mem);
	free(d->slot);
	free(d->no);
}

static size_t slot_of(const struct im_dict *d, const char *key, uint32_t hash)
{
	size_t i = hash & (d->slots - 1);

	while (d->slot[i].key && (d->slot[i].hash != hash || strcmp(d->slot[i].key, key)))
		i = (i + 1) & (d->slots - 1);
	return i;
}

void im_dict_put(struct im_dict *d, const char *key, uint32_t no)
{
	uint32_t hash = hash_of(key);
	size_t i;

	if (d->n * 2 >= d->slots) {
		struct im_dict old = *d;

		d->slots *= 2;
		d->slot = bp_xcalloc(d->slots, sizeof(*d->slot));
		d->no = bp_xcalloc(d->slots, sizeof(*d->no));
		for (i = 0; i < old.slots; i++)
			if (old.slot[i].key) {
				size_t j = slot_of(d, old.slot[i].key, old.slot[i].hash);

				d->slot[j] = old.slot[i];
				d->no[j] = old.no[i];
			}
		free(old.slot);
		free(old.no);
	}
	i = slot_of(d, key, hash);
	d->slot[i] = (struct im_dict_entry){bp_strdup(&d->mem, key), hash};
	d->no[i] = no;
	d->n++;
}

size_t im_dict_slot(const struct im_dict *d, const char *key)
{
	return slot_of(d, key, hash_of(key));
}
