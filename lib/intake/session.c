/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking a session from beginning to end, and its summary. */
#include <string.h>

#include "intake/intake.h"
#include "queries.h"

enum { SAMPLES = 20 };

/* A file changed after staging starts anew; what was staged is kept otherwise. */
static enum bp_error stage_all(struct im_work *w)
{
	struct q_import_files *f;
	size_t n = 0;
	double total = 1, done = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	if (!e && !n)
		return bp_fail(w->fail, BP_E_IMPORT_SCHEMA, "the session has no file");
	for (size_t i = 0; i < n && !e; i++)
		total += (double)f[i].bytes;
	for (size_t i = 0; i < n && !e; i++) {
		double from = 80 * done / total;

		done += (double)f[i].bytes;
		if (f[i].dirty)
			e = im_unstage_file(w, (uint64_t)f[i].id);
		else if (!strcmp(f[i].status, "STAGED"))
			continue;
		if (!e)
			e = im_stage_file(w, (uint64_t)f[i].id, from, 80 * done / total);
	}
	return e;
}

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

/* What publishing would do, as JSON, for the preview. Outlets that vanished are told, never dropped. */
static enum bp_error summarise(struct im_work *w)
{
	json_t *delta = json_object(), *samples = json_array();
	struct q_import_new_sample *a;
	struct q_import_vanished_sample *v;
	struct q_import_vanished gone;
	struct q_import_files *f;
	int64_t inserted = 0, updated = 0, unchanged = 0, session = (int64_t)w->session;
	size_t n = 0;
	char *text;
	enum bp_error e = q_import_files(w->db, w->arena, session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		inserted += f[i].n_inserted;
		updated += f[i].n_updated;
		unchanged += f[i].n_unchanged;
	}
	if (!e)
		e = q_import_vanished(w->db, w->arena, session, &gone);
	if (!e)
		e = changed_samples(w, samples);
	if (!e && !(e = q_import_new_sample(w->db, w->arena, session, SAMPLES, &a, &n)))
		for (size_t i = 0; i < n; i++)
			json_array_append_new(samples, sample("new", a[i].code, a[i].name));
	if (!e && gone.n && !(e = q_import_vanished_sample(w->db, w->arena, session, SAMPLES, &v, &n)))
		for (size_t i = 0; i < n; i++)
			json_array_append_new(samples, sample("vanished", v[i].code, v[i].name));
	json_object_set_new(delta, "new", json_integer(inserted));
	json_object_set_new(delta, "changed", json_integer(updated));
	json_object_set_new(delta, "unchanged", json_integer(unchanged));
	json_object_set_new(delta, "vanished", json_integer(e ? 0 : gone.n));
	json_object_set_new(delta, "samples", samples);
	text = json_dumps(delta, JSON_COMPACT);
	json_decref(delta);
	if (!e)
		e = q_import_session_delta(w->db, session, text ? text : "{}", NULL);
	free(text);
	return e;
}

enum bp_error im_check_session(struct im_work *w)
{
	uint64_t moved = 0;
	enum bp_error e = stage_all(w);

	if (!e)
		e = im_tell(w, "comparing", 82, 0, 0);
	if (!e)
		e = im_cross_check(w);
	if (!e)
		e = im_tell(w, "summary", 97, 0, 0);
	if (!e)
		e = summarise(w);
	if (!e)
		e = q_import_session_move(w->db, (int64_t)w->session, "VALIDATING", "READY", &moved);
	return e;
}
