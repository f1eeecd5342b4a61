/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_undo.c - taking back a published import, and what came of it. */
#include <stdlib.h>
#include <string.h>

#include "cgi/res_imports.h"
#include "intake/intake.h"

enum { KEPT_MOST = 100 };

struct wish {
	const char *reason;
};
BP_SHAPE(import_undo_wish, wish, BP_STR(wish, reason, BP_REQ, 3, 500, "why: it is kept with the history"));

struct count {
	const char *table, *field;
	int64_t back, kept;
};
BP_SHAPE(import_undo_count, count,
	BP_STR(count, table, BP_REQ, 1, 24, "what it is of: outlet, need, seat, partner ..."),
	BP_STR(count, field, BP_REQ, 1, 32, "whose value; + = rows that the import made, - = rows that it removed"),
	BP_INT(count, back, BP_REQ, 0, 9e15, "taken back"),
	BP_INT(count, kept, BP_REQ, 0, 9e15, "left: somebody changed it since, or something needs it"));
struct kept {
	int64_t id;
	const char *code, *name;
};
BP_SHAPE(import_undo_kept, kept,
	BP_INT(kept, id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(kept, code, BP_REQ, 1, 256, "its code"),
	BP_STR(kept, name, BP_REQ, 0, 800, "its name"));
struct report {
	bool possible;
	const char *problem;
	int64_t later_imports;
	struct bp_list counts, kept;
};
BP_SHAPE(import_undo, report,
	BP_BOOL(report, possible, BP_REQ, "it can be undone now"),
	BP_STR(report, problem, BP_NUL, 1, 200, "why not"),
	BP_INT(report, later_imports, BP_REQ, 0, 9e15, "imports published since; what they changed stays"),
	BP_LIST(report, counts, BP_REQ, 500, &import_undo_count, "once undone: what came back and what stayed"),
	BP_LIST(report, kept, BP_REQ, KEPT_MOST, &import_undo_kept, "once undone: outlets it made that stay, the first of them"));

static enum bp_error counts_of(struct bp_req *rq, int64_t set, struct report *out)
{
	struct q_import_undo_counts *c;
	struct q_import_undo_kept *k;
	struct count *v;
	struct kept *w;
	size_t n = 0, m = 0;
	enum bp_error e = q_import_undo_counts(rq->db, rq->arena, set, &c, &n);

	if (!e)
		e = q_import_undo_kept(rq->db, rq->arena, (int64_t)rq->arg[0], KEPT_MOST, &k, &m);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	w = bp_alloc_array(rq->arena, m, sizeof(*w));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct count){c[i].tbl, c[i].field, c[i].back, c[i].kept};
	for (size_t i = 0; !e && i < m; i++)
		w[i] = (struct kept){k[i].id, k[i].code, k[i].name};
	out->counts = (struct bp_list){v, n};
	out->kept = (struct bp_list){w, m};
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	struct report *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_import_session_get s;
	struct q_import_change_set c;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	rq->reply = out;
	if (!e)
		e = im_undo_allowed(rq->db, rq->arena, rq->arg[0], &c, &out->problem);
	if (e)
		return e;
	out->later_imports = c.later;
	out->possible = !out->problem && !strcmp(s.status, "COMPLETED");
	return c.undone_by.set && c.undone_by.v ? counts_of(rq, c.id, out) : BP_E_OK;
}

static enum bp_error undo(struct bp_req *rq)
{
	struct wish *b = rq->body;
	struct q_import_change_set c;
	json_t *payload;
	const char *why;
	struct q_import_session_get s;
	char *text;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	rq->audit.reason = b->reason;
	if (!e)
		e = im_undo_allowed(rq->db, rq->arena, rq->arg[0], &c, &why);
	if (!e && why)
		e = bp_fail(&rq->fail, BP_E_IMPORT_STATE, "%s", why);
	if (e)
		return e;
	payload = json_object();
	json_object_set_new(payload, "reason", json_string(b->reason));
	text = json_dumps(payload, JSON_COMPACT);
	e = bp_import_start(rq, "COMPLETED", "UNDOING", BP_JOB_IMPORT_UNDO, text);
	json_decref(payload);
	free(text);
	return e;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/sessions/{id}/undo", "Say whether a publication can be undone, or what came of undoing it", WORLD, 0, .reply = &import_undo,
		.fails = {BP_E_NOT_FOUND}, .handle = get},
	{"POST", "/import/sessions/{id}/undo", "Take a publication back; what somebody changed since stays", WORLD, 0, .body = &import_undo_wish,
		.reply = &bp_import_started_shape, .audit = BP_ACTION_IMPORT_UNDO, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = undo},
};
BP_RESOURCE(import_undo, ep);
