/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/stores.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "queries.h"

enum { TAX, PHONE, NAME, WAYS, KEY = 72, TAX_LEAST = 5, PHONE_LEAST = 7, PHONE_DIGITS = 9, BATCH = 2000 };
static const char *const ways[WAYS] = {"TAX", "PHONE", "NAME"};

struct store {
	int64_t no, found[WAYS]; /* outlet; 0 = none, -1 = several */
	bool said;
};
struct wanted {
	char key[KEY];
	struct store *store;
};
struct search {
	struct wanted *list[WAYS];
	size_t n[WAYS];
};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct wanted *)a)->key, ((const struct wanted *)b)->key);
}

/* The forms in which evidence is compared; empty = too little to go by. */
static void keys_of(const char *tax, const char *phone, const char *name, const char *postcode, char key[WAYS][KEY])
{
	char digits[KEY];
	size_t n = 0, k;

	if (im_squash(tax, strlen(tax), key[TAX], KEY) < TAX_LEAST)
		key[TAX][0] = '\0';
	for (const char *p = phone; *p && n + 1 < sizeof(digits); p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	digits[n] = '\0';
	/* country and area codes are written or not: the last digits tell */
	snprintf(key[PHONE], KEY, "%s", n < PHONE_LEAST ? "" : digits + (n > PHONE_DIGITS ? n - PHONE_DIGITS : 0));
	k = im_squash(name, strlen(name), key[NAME], KEY / 2);
	key[NAME][k] = '/';
	if (!k || !im_squash(postcode, strlen(postcode), key[NAME] + k + 1, KEY - k - 1))
		key[NAME][0] = '\0';
}

static enum bp_error on_outlet(void *ctx, const void *row)
{
	const struct q_import_store_evidence *o = row;
	struct search *s = ctx;
	char key[WAYS][KEY];

	keys_of(o->tax, o->phone, o->name, o->postcode, key);
	for (int way = 0; way < WAYS; way++) {
		struct wanted probe, *hit, *end = s->list[way] + s->n[way];

		if (!key[way][0] || !s->n[way])
			continue;
		memcpy(probe.key, key[way], KEY);
		hit = bsearch(&probe, s->list[way], s->n[way], sizeof(probe), by_key);
		if (!hit)
			continue;
		while (hit > s->list[way] && !strcmp(hit[-1].key, probe.key))
			hit--;
		for (; hit < end && !strcmp(hit->key, probe.key); hit++)
			hit->store->found[way] = hit->store->found[way] ? -1 : o->id;
	}
	return BP_E_OK;
}

/* "[no, how, outlet]" of what was found, in batches. */
static enum bp_error write_back(struct im_work *w, const struct store *st, size_t n)
{
	struct bp_buf b;
	enum bp_error e = BP_E_OK;

	bp_buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; !e && i < n; i++) {
		const char *how = st[i].said ? "UNKNOWN" : "NONE";
		int64_t outlet = 0;

		for (int way = 0; way < WAYS && !outlet; way++) {
			outlet = st[i].found[way] > 0 ? st[i].found[way] : 0;
			if (st[i].found[way])
				how = outlet ? ways[way] : "AMBIGUOUS";
		}
		bp_buf_printf(&b, "%s[%" PRId64 ",\"%s\",", b.len ? "," : "[", st[i].no, how);
		if (outlet)
			bp_buf_printf(&b, "%" PRId64 "]", outlet);
		else
			bp_buf_str(&b, "null]");
		if (i % BATCH != BATCH - 1 && i + 1 < n)
			continue;
		bp_buf_chr(&b, ']');
		e = q_import_stores_found(w->db, (int64_t)w->session, b.data, NULL);
		bp_buf_clear(&b);
	}
	bp_buf_release(&b);
	return e;
}

static enum bp_error find_by_evidence(struct im_work *w)
{
	struct q_import_lost_stores *r;
	struct search s = {.n = {0}};
	struct store *st;
	size_t n = 0, any = 0;
	enum bp_error e = q_import_lost_stores(w->db, w->arena, (int64_t)w->session, &r, &n);

	if (e || !n)
		return e;
	st = bp_alloc_array(w->arena, n, sizeof(*st));
	for (int way = 0; way < WAYS; way++)
		s.list[way] = bp_alloc_array(w->arena, n, sizeof(**s.list));
	for (size_t i = 0; i < n; i++) {
		char key[WAYS][KEY];

		keys_of(r[i].tax, r[i].phone, r[i].name, r[i].postcode, key);
		st[i] = (struct store){.no = r[i].no, .said = *r[i].code || *r[i].tax || *r[i].phone || *r[i].name};
		for (int way = 0; way < WAYS; way++)
			if (key[way][0]) {
				struct wanted *x = &s.list[way][s.n[way]++];

				memcpy(x->key, key[way], KEY);
				x->store = &st[i];
				any++;
			}
	}
	for (int way = 0; way < WAYS; way++)
		qsort(s.list[way], s.n[way], sizeof(**s.list), by_key);
	e = any ? q_import_store_evidence(w->db, on_outlet, &s) : BP_E_OK;
	return e ? e : write_back(w, st, n);
}

enum bp_error im_find_stores(struct im_work *w, bool publishing)
{
	static const char again[] = "UPDATE stage_ref SET how = '', target_id = NULL WHERE session_id = {S} AND kind = 'STORE' AND how <> ''";
	static const char by_code[] = "UPDATE stage_ref r JOIN outlet o ON o.code = r.l1 SET r.target_id = o.id, r.how = 'CODE'"
		" WHERE r.session_id = {S} AND r.kind = 'STORE' AND r.l1 <> ''";
	static const char staged[] = "UPDATE stage_ref r JOIN stage_outlets t ON t.session_id = r.session_id AND t.code = r.l1 AND t.bad = 0"
		" SET r.how = 'CODE' WHERE r.session_id = {S} AND r.kind = 'STORE' AND r.how = '' AND r.l1 <> ''";
	enum bp_error e = im_bulk(w, again, NULL);

	if (!e)
		e = im_bulk(w, by_code, NULL);
	if (!e && !publishing)
		e = im_bulk(w, staged, NULL);
	return e ? e : find_by_evidence(w);
}
