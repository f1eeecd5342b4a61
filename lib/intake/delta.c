/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/delta.h"

#include <inttypes.h>
#include <string.h>

#include "territory/check.h"

enum { SAMPLES = 20, BREAKS_MOST = 500 };

enum bp_error im_find_vanished(struct im_work *w)
{
	static const char *const find[] = {
		"DELETE FROM stage_vanished WHERE session_id = {S}",
		"CREATE OR REPLACE TEMPORARY TABLE named_place (id BIGINT UNSIGNED PRIMARY KEY) SELECT DISTINCT c.ancestor AS id FROM stage_ref r"
			" JOIN territory_closure c ON c.descendant = r.target_id JOIN territory t ON t.id = c.ancestor AND t.rank ="
			" CASE WHEN r.l1 <> '' THEN 1 WHEN r.l2 <> '' THEN 2 WHEN r.l3 <> '' THEN 3 WHEN r.l4 <> '' THEN 4 ELSE 5 END"
			" WHERE r.session_id = {S} AND r.kind = 'PLACE' AND r.no > 0",
		"INSERT INTO stage_vanished (session_id, outlet_id) SELECT {S}, o.id FROM outlet o WHERE o.status <> 'closed'"
			" AND (NOT EXISTS (SELECT 1 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'PLACE' AND r.no > 0)"
			" OR EXISTS (SELECT 1 FROM named_place p JOIN territory_closure c ON c.ancestor = p.id AND c.descendant = o.territory_id))"
			" AND NOT EXISTS (SELECT 1 FROM stage_outlets s FORCE INDEX (code) WHERE s.session_id = {S} AND s.code = o.code)",
		"DROP TEMPORARY TABLE named_place"};
	struct q_import_complete complete;
	enum bp_error e = q_import_complete(w->db, w->arena, (int64_t)w->session, &complete);

	for (size_t i = 0; !e && i < (complete.n ? sizeof(find) / sizeof(find[0]) : 1); i++)
		e = im_bulk(w, find[i], NULL);
	return e;
}

enum bp_error im_vanished_answered(struct bp_db *db, struct bp_arena *a, uint64_t session, struct q_import_vanished *v, struct bp_fail *f)
{
	struct q_import_vanished_sample *first;
	size_t n = 0;
	enum bp_error e = q_import_vanished(db, a, (int64_t)session, v);

	if (e || !v->n || strcmp(v->action, "ASK"))
		return e;
	e = q_import_vanished_sample(db, a, (int64_t)session, 1, &first, &n);
	return e ? e : bp_fail(f, BP_E_IMPORT_STATE, "%" PRId64 " outlets are not in the complete list, %s (%s) among them: if its file was cut off,"
		" take it out and send it whole; otherwise say whether they are kept, dormant or closed", v->n, n ? first->code : "", n ? first->name : "");
}

enum bp_error im_retire_vanished(struct im_work *w)
{
	struct q_import_vanished v;
	enum bp_error e = im_vanished_answered(w->db, w->arena, w->session, &v, w->fail);

	if (e || !v.n || !strcmp(v.action, "KEEP"))
		return e;
	/* A status that a person gave stays, unless the source is to win: not to be named is what the source says. */
	e = im_bulk(w, bp_sprintf(w->arena, "UPDATE outlet o JOIN stage_vanished v ON v.session_id = {S} AND v.outlet_id = o.id SET o.status = '%s',"
		" o.updated_at = UTC_TIMESTAMP(3) WHERE NOT EXISTS (SELECT 1 FROM outlet_edit e WHERE e.outlet_id = o.id AND e.field = 'status'"
		" AND NOT EXISTS (SELECT 1 FROM field_policy p WHERE p.field = 'status' AND p.wins <> 'PERSON'))", !strcmp(v.action, "CLOSE") ? "closed" : "dormant"), NULL);
	return e ? e : im_bulk(w, "DELETE e FROM stage_vanished v JOIN outlet_edit e ON e.outlet_id = v.outlet_id AND e.field = 'status'"
		" JOIN field_policy p ON p.field = 'status' AND p.wins <> 'PERSON' WHERE v.session_id = {S}", NULL);
}

/* --- samples --- */

static json_t *sample(const char *kind, const char *code, const char *name)
{
	json_t *s = json_object();

	json_object_set_new(s, "kind", json_string(kind));
	json_object_set_new(s, "code", json_string(code));
	json_object_set_new(s, "name", json_string(name));
	json_object_set_new(s, "changes", json_array());
	return s;
}

static enum bp_error changed_samples(struct im_work *w, json_t *samples)
{
	struct q_import_changed_sample *c;
	json_t *s = NULL;
	const char *code = "";
	size_t n = 0;
	enum bp_error e = q_import_changed_sample(w->db, w->arena, (int64_t)w->session, SAMPLES, &c, &n);

	for (size_t i = 0; !e && i < n; i++) {
		json_t *ch = json_object();

		if (strcmp(code, c[i].code)) {
			s = sample("changed", c[i].code, c[i].name);
			json_array_append_new(samples, s);
			code = c[i].code;
		}
		json_object_set_new(ch, "field", json_string(c[i].field));
		json_object_set_new(ch, "old", c[i].old_value ? json_string(c[i].old_value) : json_null());
		json_object_set_new(ch, "new", c[i].new_value ? json_string(c[i].new_value) : json_null());
		json_array_append_new(json_object_get(s, "changes"), ch);
	}
	return e;
}

static enum bp_error all_samples(struct im_work *w, bool new, bool vanished, json_t *samples)
{
	struct q_import_new_sample *a;
	struct q_import_vanished_sample *v;
	size_t n = 0;
	enum bp_error e = changed_samples(w, samples);

	if (!e && new && !(e = q_import_new_sample(w->db, w->arena, (int64_t)w->session, SAMPLES, &a, &n)))
		for (size_t i = 0; i < n; i++)
			json_array_append_new(samples, sample("new", a[i].code, a[i].name));
	if (!e && vanished && !(e = q_import_vanished_sample(w->db, w->arena, (int64_t)w->session, SAMPLES, &v, &n)))
		for (size_t i = 0; i < n; i++)
			json_array_append_new(samples, sample("vanished", v[i].code, v[i].name));
	return e;
}

/* Values of people that the file would change: those that stay, and those that it takes over. */
static enum bp_error held_samples(struct im_work *w, json_t *samples)
{
	struct q_import_held_sample *h;
	size_t n = 0;
	enum bp_error e = q_import_held_sample(w->db, w->arena, (int64_t)w->session, SAMPLES, &h, &n);

	for (size_t i = 0; !e && i < n; i++) {
		json_t *s = sample(strcmp(h[i].fate, "HELD") ? "taken" : "held", h[i].code, h[i].name), *ch = json_object();

		json_object_set_new(ch, "field", json_string(h[i].field));
		json_object_set_new(ch, "old", h[i].live ? json_string(h[i].live) : json_null());
		json_object_set_new(ch, "new", json_string(h[i].value));
		json_array_append_new(json_object_get(s, "changes"), ch);
		json_array_append_new(samples, s);
	}
	return e;
}

/* --- what would break --- */

static json_t *place(int64_t id, const char *name, const char *channel)
{
	json_t *p = json_object();

	json_object_set_new(p, "territoryId", json_integer(id));
	json_object_set_new(p, "territory", json_string(name));
	json_object_set_new(p, "channel", channel ? json_string(channel) : json_null());
	return p;
}

static enum bp_error visits_broken(struct im_work *w, json_t *list)
{
	struct q_import_broken_visits *b;
	size_t n = 0;
	enum bp_error e = q_import_broken_visits(w->db, w->arena, (int64_t)w->session, BREAKS_MOST, &b, &n);

	for (size_t i = 0; !e && i < n; i++) {
		json_t *p = place(b[i].territory_id, b[i].territory, b[i].channel);

		json_object_set_new(p, "reason", json_string(b[i].reason));
		json_object_set_new(p, "outlets", json_integer(b[i].outlets));
		json_object_set_new(p, "visits", json_integer(b[i].visits));
		json_array_append_new(list, p);
	}
	return e;
}

static enum bp_error plans_locked(struct im_work *w, json_t *list)
{
	struct q_import_locked_units *l;
	size_t n = 0;
	enum bp_error e = q_import_locked_units(w->db, w->arena, (int64_t)w->session, BREAKS_MOST, &l, &n);

	for (size_t i = 0; !e && i < n; i++) {
		json_t *p = place(l[i].territory_id, l[i].territory, l[i].channel);

		json_object_set_new(p, "by", json_string(l[i].person));
		json_array_append_new(list, p);
	}
	return e;
}

static enum bp_error units_resized(struct im_work *w, json_t *list)
{
	struct q_import_unit_sizes *u;
	size_t n = 0;
	enum bp_error e = q_import_unit_sizes(w->db, w->arena, (int64_t)w->session, tr_limits().warn, &u, &n);

	for (size_t i = 0; !e && i < n; i++) {
		json_t *p = place(u[i].territory_id, u[i].territory, NULL);

		json_object_set_new(p, "before", json_integer(u[i].before));
		json_object_set_new(p, "after", json_integer(u[i].after));
		json_array_append_new(list, p);
	}
	return e;
}

enum bp_error im_delta_summary(struct im_work *w, json_t **out)
{
	json_t *delta = json_object(), *samples = json_array(), *visits = json_array(), *locked = json_array(), *sizes = json_array();
	struct q_import_vanished gone = {.n = 0};
	struct q_import_moved moved = {.n = 0};
	struct q_import_held held = {.n = 0};
	struct q_import_files *f;
	int64_t inserted = 0, updated = 0, unchanged = 0;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		inserted += f[i].n_inserted;
		updated += f[i].n_updated;
		unchanged += f[i].n_unchanged;
	}
	if (!e)
		e = q_import_vanished(w->db, w->arena, (int64_t)w->session, &gone);
	if (!e)
		e = q_import_moved(w->db, w->arena, (int64_t)w->session, &moved);
	if (!e)
		e = q_import_held(w->db, w->arena, (int64_t)w->session, &held);
	if (!e)
		e = held_samples(w, samples);
	if (!e)
		e = all_samples(w, inserted > 0, gone.n > 0, samples);
	if (!e)
		e = visits_broken(w, visits);
	if (!e)
		e = plans_locked(w, locked);
	if (!e)
		e = units_resized(w, sizes);
	json_object_set_new(delta, "new", json_integer(inserted));
	json_object_set_new(delta, "changed", json_integer(updated));
	json_object_set_new(delta, "unchanged", json_integer(unchanged));
	json_object_set_new(delta, "vanished", json_integer(gone.n));
	json_object_set_new(delta, "moved", json_integer(moved.n));
	json_object_set_new(delta, "held", json_integer(held.n));
	json_object_set_new(delta, "taken", json_integer(held.taken));
	json_object_set_new(delta, "samples", samples);
	json_object_set_new(delta, "visits", visits);
	json_object_set_new(delta, "locked", locked);
	json_object_set_new(delta, "sizes", sizes);
	if (e)
		json_decref(delta);
	*out = e ? NULL : delta;
	return e;
}
