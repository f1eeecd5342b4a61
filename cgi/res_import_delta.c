/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_delta.c - how the rows of files meet what is stored, what would change and break, what vanished. */
#include <stdlib.h>
#include <string.h>

#include "cgi/res_imports.h"
#include "intake/match.h"
#include "intake/transfer.h"

struct break_row {
	int64_t territory_id;
	const char *territory, *channel, *reason;
	int64_t outlets, visits;
};
static const char *const reasons[] = {"CLOSED", "CHANNEL", "TERRITORY", "CLOSED_DAY", "MOVED", "FREQUENCY", "VANISHED", NULL};
BP_SHAPE(import_broken, break_row,
	BP_INT(break_row, territory_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_STR(break_row, territory, BP_REQ, 0, 480, "its name"),
	BP_STR(break_row, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_ENUM(break_row, reason, BP_REQ, reasons, "what the outlet becomes"),
	BP_INT(break_row, outlets, BP_REQ, 1, 9e15, "outlets"),
	BP_INT(break_row, visits, BP_REQ, 1, 9e15, "their visits in the committed plan from today on"));
struct locked {
	int64_t territory_id;
	const char *territory, *channel, *by;
};
BP_SHAPE(import_locked, locked,
	BP_INT(locked, territory_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_STR(locked, territory, BP_REQ, 0, 480, "its name"),
	BP_STR(locked, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_STR(locked, by, BP_REQ, 0, 480, "who is planning it now"));
struct resized {
	int64_t territory_id;
	const char *territory;
	int64_t before, after;
};
BP_SHAPE(import_resized, resized,
	BP_INT(resized, territory_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_STR(resized, territory, BP_REQ, 0, 480, "its name"),
	BP_INT(resized, before, BP_REQ, 0, 9e15, "outlets now"),
	BP_INT(resized, after, BP_REQ, 0, 9e15, "outlets afterwards: too many for one unit, or none"));
struct delta {
	int64_t new, changed, unchanged, vanished, moved, held, taken;
	const char *action, *samples;
	struct bp_list visits, locked, sizes;
};
static const char *const actions[] = {"ASK", "KEEP", "DORMANT", "CLOSE", NULL};
BP_SHAPE(import_delta, delta,
	BP_INT(delta, new, BP_REQ, 0, 9e15, "rows that are new"),
	BP_INT(delta, changed, BP_REQ, 0, 9e15, "rows with other values"),
	BP_INT(delta, unchanged, BP_REQ, 0, 9e15, "rows with the same values"),
	BP_INT(delta, vanished, BP_REQ, 0, 9e15, "outlets that a complete list does not name"),
	BP_INT(delta, moved, BP_REQ, 0, 9e15, "outlets that move by more than 500 metres"),
	BP_INT(delta, held, BP_REQ, 0, 9e15, "values that stay as people gave them, though the files say others"),
	BP_INT(delta, taken, BP_REQ, 0, 9e15, "values of people that the files take over, as the policy of the field says"),
	BP_ENUM(delta, action, BP_REQ, actions, "what becomes of those that vanished; ASK = somebody has to say before it can be published"),
	BP_JSON(delta, samples, BP_REQ, "some of each: kind (new, changed, vanished, held, taken), code, name, changes [field, old, new]"),
	BP_LIST(delta, visits, BP_REQ, 500, &import_broken, "coming visits that would no longer fit, most first"),
	BP_LIST(delta, locked, BP_REQ, 500, &import_locked, "units it touches that somebody is planning"),
	BP_LIST(delta, sizes, BP_REQ, 100, &import_resized, "units that grow too large or become empty"));

static const char *text_of(struct bp_req *rq, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? bp_strdup(rq->arena, s) : "";
}

static int64_t number_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* The stored summary: im_delta_summary() wrote it. */
static void decode(struct bp_req *rq, const json_t *j, struct delta *d)
{
	json_t *v = json_object_get(j, "visits"), *l = json_object_get(j, "locked"), *z = json_object_get(j, "sizes"), *o;
	struct break_row *b = bp_alloc_array(rq->arena, json_array_size(v), sizeof(*b));
	struct locked *k = bp_alloc_array(rq->arena, json_array_size(l), sizeof(*k));
	struct resized *r = bp_alloc_array(rq->arena, json_array_size(z), sizeof(*r));
	char *samples = json_dumps(json_object_get(j, "samples"), JSON_COMPACT);
	size_t i;

	json_array_foreach(v, i, o)
		b[i] = (struct break_row){number_of(o, "territoryId"), text_of(rq, o, "territory"), text_of(rq, o, "channel"), text_of(rq, o, "reason"),
			number_of(o, "outlets"), number_of(o, "visits")};
	json_array_foreach(l, i, o)
		k[i] = (struct locked){number_of(o, "territoryId"), text_of(rq, o, "territory"), text_of(rq, o, "channel"), text_of(rq, o, "by")};
	json_array_foreach(z, i, o)
		r[i] = (struct resized){number_of(o, "territoryId"), text_of(rq, o, "territory"), number_of(o, "before"), number_of(o, "after")};
	*d = (struct delta){.new = number_of(j, "new"), .changed = number_of(j, "changed"), .unchanged = number_of(j, "unchanged"),
		.vanished = number_of(j, "vanished"), .moved = number_of(j, "moved"), .held = number_of(j, "held"), .taken = number_of(j, "taken"), .samples = bp_strdup(rq->arena, samples ? samples : "[]"),
		.visits = {b, json_array_size(v)}, .locked = {k, json_array_size(l)}, .sizes = {r, json_array_size(z)}};
	free(samples);
}

static enum bp_error get_delta(struct bp_req *rq)
{
	struct delta *d = bp_alloc(rq->arena, sizeof(*d));
	struct q_import_session_get s;
	struct q_import_vanished gone;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);
	json_t *j;

	if (!e)
		e = q_import_vanished(rq->db, rq->arena, s.id, &gone);
	if (e)
		return e;
	if (!s.delta)
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is not checked yet");
	j = json_loads(s.delta, 0, NULL);
	decode(rq, j, d);
	json_decref(j);
	d->action = gone.action;
	rq->reply = d;
	return BP_E_OK;
}

/* --- where it happens --- */

enum { PLACES_MOST = 4000 }; /* of each kind */
struct place {
	const char *kind, *code, *name;
	double lat, lon;
	struct bp_opt_num from_lat, from_lon;
};
static const char *const place_kinds[] = {"new", "changed", "moved", "vanished", NULL};
BP_SHAPE(import_place, place,
	BP_ENUM(place, kind, BP_REQ, place_kinds, "what becomes of the outlet there"),
	BP_STR(place, code, BP_REQ, 1, 256, "code of the outlet"),
	BP_STR(place, name, BP_REQ, 0, 800, "its name"),
	BP_NUM(place, lat, BP_REQ, -90, 90, "WGS 84 latitude"),
	BP_NUM(place, lon, BP_REQ, -180, 180, "WGS 84 longitude"),
	BP_NUM(place, from_lat, BP_NUL, -90, 90, "of a moved one: where it was"),
	BP_NUM(place, from_lon, BP_NUL, -180, 180, "of a moved one: where it was"));
struct places {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_places, places,
	BP_LIST(places, items, BP_REQ, 4 * PLACES_MOST, &import_place, "outlets with coordinates: all that move, of each other kind some from all over the files"),
	BP_STR(places, next, BP_NUL, 0, 20, "always null"));

/* Each how-many-th of n, so that no more than so many come. */
static int64_t step_of(int64_t n)
{
	return n / PLACES_MOST + 1;
}

static struct place place_of(const char *kind, const char *code, const char *name, int64_t lat, int64_t lon)
{
	return (struct place){.kind = kind, .code = code, .name = name, .lat = (double)lat / 1e6, .lon = (double)lon / 1e6};
}

static enum bp_error list_places(struct bp_req *rq)
{
	struct places *p = bp_alloc(rq->arena, sizeof(*p));
	struct place *v = bp_alloc_array(rq->arena, 4 * PLACES_MOST, sizeof(*v));
	int64_t id = (int64_t)rq->arg[0];
	struct q_import_new_places *a;
	struct q_import_changed_places *c;
	struct q_import_vanished_places *g;
	struct q_import_session_get s;
	size_t n = 0, k = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, id, &s);
	json_t *j = !e && s.delta ? json_loads(s.delta, 0, NULL) : NULL;

	if (!e && !j)
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is not checked yet");
	if (!e && !(e = q_import_new_places(rq->db, rq->arena, id, step_of(number_of(j, "new")), PLACES_MOST, &a, &k)))
		for (size_t i = 0; i < k; i++)
			v[n++] = place_of("new", a[i].code, a[i].name, a[i].lat, a[i].lon);
	if (!e && !(e = q_import_changed_places(rq->db, rq->arena, id, step_of(number_of(j, "changed")), 2 * PLACES_MOST, &c, &k)))
		for (size_t i = 0; i < k; i++) {
			v[n] = place_of(c[i].moved ? "moved" : "changed", c[i].code, c[i].name, c[i].lat, c[i].lon);
			if (c[i].moved) {
				v[n].from_lat = bp_degrees(c[i].from_lat);
				v[n].from_lon = bp_degrees(c[i].from_lon);
			}
			n++;
		}
	if (!e && !(e = q_import_vanished_places(rq->db, rq->arena, id, step_of(number_of(j, "vanished")), PLACES_MOST, &g, &k)))
		for (size_t i = 0; i < k; i++)
			v[n++] = place_of("vanished", g[i].code, g[i].name, g[i].lat, g[i].lon);
	json_decref(j);
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

/* --- outlets that vanished --- */

struct vanished {
	int64_t id;
	const char *code, *name, *city, *territory, *status;
	int64_t visits;
};
BP_SHAPE(import_vanished_row, vanished,
	BP_INT(vanished, id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(vanished, code, BP_REQ, 1, 256, "its code"),
	BP_STR(vanished, name, BP_REQ, 0, 800, "its name"),
	BP_STR(vanished, city, BP_REQ, 0, 480, "town"),
	BP_STR(vanished, territory, BP_NUL, 0, 480, "where it lies"),
	BP_STR(vanished, status, BP_REQ, 1, 12, "what it is now"),
	BP_INT(vanished, visits, BP_REQ, 0, 9e15, "its visits in the committed plan from today on"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_vanished_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &import_vanished_row, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error list_vanished(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_vanished_list *r;
	struct q_import_session_get s;
	struct vanished *v;
	size_t n = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = q_import_vanished_list(rq->db, rq->arena, s.id, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct vanished){r[i].id, r[i].code, r[i].name, r[i].city, r[i].territory, r[i].status, r[i].visits};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

struct answer {
	const char *action;
};
static const char *const answers[] = {"KEEP", "DORMANT", "CLOSE", NULL};
BP_SHAPE(import_vanished_answer, answer,
	BP_ENUM(answer, action, BP_REQ, answers, "KEEP: as they are; DORMANT: not visited until they appear again; CLOSE: closed for good"));

static enum bp_error answer_vanished(struct bp_req *rq)
{
	struct answer *b = rq->body;
	struct q_import_session_get s;
	struct q_import_vanished gone;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e && strcmp(s.status, "READY"))
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is %s", s.status);
	if (!e)
		e = q_import_vanished(rq->db, rq->arena, s.id, &gone);
	if (!e)
		e = q_import_vanished_set(rq->db, s.id, b->action, NULL);
	if (e)
		return e;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = rq->arg[0];
	bp_audit_change(&rq->audit, "vanished", gone.action, b->action);
	return get_delta(rq);
}

/* --- how a file meets what is stored --- */

struct meeting {
	const char *mode;
	bool complete;
	struct bp_list match;
};
static const char *const modes[] = {"UPSERT", "MERGE", "APPEND", NULL};
BP_SHAPE(import_meeting, meeting,
	BP_ENUM(meeting, mode, BP_REQ, modes, "of known keys UPSERT takes all mapped values, MERGE those that are not empty, APPEND none"),
	BP_BOOL(meeting, complete, BP_REQ, "the file names every outlet of its territories: others have vanished"),
	BP_LIST_STR(meeting, match, 0, IM_MATCH_MOST, "columns that together say which outlet a row is about: code, or some of tax_no, phone, email, name, address,"
		" city, postcode; none = as before"));

/* The columns joined by commas; of files of other things only the code is a key. */
static enum bp_error match_of(struct bp_req *rq, const struct q_import_file_get *f, const struct bp_list *match, const char **out)
{
	const char *const *name = match->v;
	uint32_t columns;
	enum bp_error e;

	*out = match->n ? name[0] : f->match_by;
	for (size_t i = 1; i < match->n; i++)
		*out = bp_sprintf(rq->arena, "%s,%s", *out, name[i]);
	e = im_match_parse(*out, &columns, &rq->fail);
	if (!e && match->n && strcmp(f->entity, im_entities[IM_OUTLETS].name) && strcmp(*out, im_match_columns[0]))
		e = bp_fail(&rq->fail, BP_E_FIELDS, "only outlets are found by other columns than their code");
	return e == BP_E_FIELDS ? bp_req_field(rq, "/match", rq->fail.detail) : e;
}

static enum bp_error change_meeting(struct bp_req *rq)
{
	struct meeting *b = rq->body;
	struct q_import_file_get f;
	const char *match;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	if (!e)
		e = match_of(rq, &f, &b->match, &match);
	if (!e)
		e = im_session_reopen(rq->db, rq->arena, (uint64_t)f.session_id, &rq->fail);
	if (!e)
		e = q_import_file_delta(rq->db, f.id, b->mode, b->complete, match, NULL);
	if (e)
		return e;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = (uint64_t)f.session_id;
	bp_audit_change(&rq->audit, "mode", f.mode, b->mode);
	bp_audit_change(&rq->audit, "match", f.match_by, match);
	bp_audit_change(&rq->audit, "complete", f.complete ? "yes" : "no", b->complete ? "yes" : "no");
	return bp_import_file_read(rq, rq->arg[0]);
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/sessions/{id}/delta", "Show what publishing would change and break", WORLD, 0, .reply = &import_delta,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = get_delta},
	{"GET", "/import/sessions/{id}/places", "Show on a map where publishing would add, change, move or miss outlets; before it is published", WORLD, 0,
		.reply = &import_places, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = list_places},
	{"GET", "/import/sessions/{id}/vanished", "List the outlets that a complete list does not name", WORLD, 0, .query = &bp_page_query_shape,
		.reply = &import_vanished_page, .fails = {BP_E_NOT_FOUND}, .handle = list_vanished},
	{"PUT", "/import/sessions/{id}/vanished", "Say what becomes of them", WORLD, 0, .body = &import_vanished_answer, .reply = &import_delta,
		.audit = BP_ACTION_IMPORT_VANISHED, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = answer_vanished},
	{"PUT", "/import/files/{id}/delta", "Say how the rows of a file meet what is stored", WORLD, 0, .body = &import_meeting, .reply = &bp_import_file_shape,
		.audit = BP_ACTION_IMPORT_MAP, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = change_meeting},
};
BP_RESOURCE(import_delta, ep);
