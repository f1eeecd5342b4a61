/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking a session from beginning to end, and its summary. */
#include <stdlib.h>
#include <string.h>

#include "intake/delta.h"
#include "queries.h"

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

/* What publishing would do, for the preview. */
static enum bp_error summarise(struct im_work *w)
{
	json_t *delta = NULL;
	char *text;
	enum bp_error e = im_delta_summary(w, &delta);

	if (e)
		return e;
	text = json_dumps(delta, JSON_COMPACT);
	json_decref(delta);
	e = q_import_session_delta(w->db, (int64_t)w->session, text ? text : "{}", NULL);
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
