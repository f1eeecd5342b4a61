/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/replay.h"

#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/time.h"

/* --- a plan as stops --- */

/* By need, day and number, as the tables have them; open addressing. */
struct slot {
	struct plan_stop s;
	bool used; /* a stop that left keeps its slot: others were put behind it */
};
struct plan_replay {
	struct slot *slots;
	size_t room, used, living;
};

enum { FIRST_ROOM = 1024 };

struct plan_replay *plan_replay_new(void)
{
	struct plan_replay *r = bp_xcalloc(1, sizeof(*r));

	r->room = FIRST_ROOM;
	r->slots = bp_xcalloc(r->room, sizeof(*r->slots));
	return r;
}

void plan_replay_free(struct plan_replay *r)
{
	if (r)
		free(r->slots);
	free(r);
}

void plan_replay_clear(struct plan_replay *r)
{
	memset(r->slots, 0, r->room * sizeof(*r->slots));
	r->used = r->living = 0;
}

static struct slot *slot_of(const struct plan_replay *r, const struct plan_stop *s)
{
	uint64_t h = ((uint64_t)s->need * 1009 + (uint64_t)s->day * 31 + (uint64_t)s->seq) * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (h >> 20) & (r->room - 1);

	while (r->slots[i].used && (r->slots[i].s.need != s->need || r->slots[i].s.day != s->day || r->slots[i].s.seq != s->seq))
		i = (i + 1) & (r->room - 1);
	return &r->slots[i];
}

static void grow(struct plan_replay *r)
{
	struct plan_replay bigger = {.room = r->room * 2};

	bigger.slots = bp_xcalloc(bigger.room, sizeof(*bigger.slots));
	for (size_t i = 0; i < r->room; i++)
		if (r->slots[i].used && !r->slots[i].s.dead)
			plan_replay_put(&bigger, &r->slots[i].s);
	free(r->slots);
	*r = bigger;
}

void plan_replay_put(struct plan_replay *r, const struct plan_stop *s)
{
	struct slot *x = slot_of(r, s);

	r->used += !x->used;
	r->living += !x->used || x->s.dead;
	*x = (struct slot){*s, true};
	x->s.fresh = x->s.dead = false;
	if (r->used * 2 > r->room)
		grow(r);
}

static bool same_date(struct bp_opt_int a, struct bp_opt_int b)
{
	return a.set == b.set && (!a.set || a.v == b.v);
}

static bool same_stop(const struct plan_stop *a, const struct plan_stop *b)
{
	return a->seat == b->seat && a->pos == b->pos && same_date(a->beat, b->beat) && same_date(a->from, b->from) && same_date(a->to, b->to);
}

static struct bp_opt_int date_in(json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	int64_t date;

	return text && bp_date_parse(text, &date) ? BP_SOME_INT(date) : BP_NO_INT;
}

static struct plan_stop stop_in(json_t *row)
{
	json_t *beat = json_object_get(row, "b");

	return (struct plan_stop){.need = json_integer_value(json_object_get(row, "n")), .day = (int)json_integer_value(json_object_get(row, "d")),
		.seq = (int)json_integer_value(json_object_get(row, "q")), .seat = json_integer_value(json_object_get(row, "s")),
		.pos = (int)json_integer_value(json_object_get(row, "p")), .beat = json_is_integer(beat) ? BP_SOME_INT(json_integer_value(beat)) : BP_NO_INT,
		.from = date_in(row, "f"), .to = date_in(row, "t")};
}

/* What leaves must be there just so, what comes must not. */
static bool step(struct plan_replay *r, json_t *rows, bool in, struct plan_stop *at)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		struct plan_stop s = stop_in(row);
		struct slot *x = slot_of(r, &s);
		bool there = x->used && !x->s.dead;

		*at = s;
		if (in ? there : !there || !same_stop(&x->s, &s))
			return false;
		if (in) {
			plan_replay_put(r, &s);
		} else {
			x->s.dead = true;
			r->living--;
		}
	}
	return true;
}

bool plan_replay_change(struct plan_replay *r, const char *removed, const char *added, struct plan_stop *at)
{
	json_t *out = json_loads(removed, 0, NULL), *in = json_loads(added, 0, NULL);
	bool good = step(r, json_object_get(out, "stops"), false, at) && step(r, json_object_get(in, "stops"), true, at);

	json_decref(out);
	json_decref(in);
	return good;
}

static int compare_dates(struct bp_opt_int a, struct bp_opt_int b)
{
	return a.set != b.set ? (a.set ? 1 : -1) : a.set && a.v != b.v ? (a.v > b.v ? 1 : -1) : 0;
}

/* As the tables list a version: by seat, day, place in the tour. */
static int compare_stops(const void *x, const void *y)
{
	const struct plan_stop *a = x, *b = y;

	if (a->seat != b->seat)
		return a->seat < b->seat ? -1 : 1;
	if (a->day != b->day)
		return a->day - b->day;
	if (a->pos != b->pos)
		return a->pos - b->pos;
	if (a->need != b->need)
		return a->need < b->need ? -1 : 1;
	if (compare_dates(a->from, b->from))
		return compare_dates(a->from, b->from);
	return compare_dates(a->to, b->to) ? compare_dates(a->to, b->to) : a->seq - b->seq;
}

static bool same_tour(const struct plan_stop *a, const struct plan_stop *b)
{
	return a->seat == b->seat && a->day == b->day;
}

/* Number i of each list is the first that is not the same; either list may have ended there. */
static void parting(const struct plan_stop *version, size_t n, const struct plan_stop *trail, size_t n_trail, size_t i, struct plan_parting *out)
{
	const struct plan_stop *v = i < n ? &version[i] : NULL, *t = i < n_trail ? &trail[i] : NULL;
	const struct plan_stop *first = !t || (v && compare_stops(v, t) < 0) ? v : t, *list = first == v ? version : trail;
	size_t k = i;

	while (k && same_tour(&list[k - 1], first))
		k--;
	*out = (struct plan_parting){first->seat, first->day, (int)(i - k), v && same_tour(v, first) ? v->need : 0, t && same_tour(t, first) ? t->need : 0};
}

static struct plan_stop *sorted(const struct plan_replay *r)
{
	struct plan_stop *v = bp_xmalloc((r->living + 1) * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < r->room; i++)
		if (r->slots[i].used && !r->slots[i].s.dead)
			v[n++] = r->slots[i].s;
	qsort(v, n, sizeof(*v), compare_stops);
	return v;
}

static struct plan_stop stop_of(const struct q_draft_stops *r)
{
	return (struct plan_stop){.need = r->need, .seat = r->seat, .beat = r->beat, .from = r->from, .to = r->to, .day = (int)r->day, .pos = (int)r->pos,
		.seq = (int)r->seq};
}

bool plan_replay_parts(const struct plan_replay *r, const struct q_draft_stops *version, size_t n, struct plan_parting *out)
{
	struct plan_stop *mine = sorted(r), *theirs = bp_xmalloc((n + 1) * sizeof(*theirs));
	size_t i = 0;

	for (size_t k = 0; k < n; k++)
		theirs[k] = stop_of(&version[k]);
	qsort(theirs, n, sizeof(*theirs), compare_stops);
	while (i < n && i < r->living && !compare_stops(&mine[i], &theirs[i]) && same_stop(&mine[i], &theirs[i]))
		i++;
	if (i < n || i < r->living)
		parting(theirs, n, mine, r->living, i, out);
	free(mine);
	free(theirs);
	return i < n || i < r->living;
}

/* --- of a draft --- */

struct run {
	struct bp_db *db;
	struct bp_arena *a, one; /* one: of a change */
	struct bp_fail *f;
	struct q_replay_of v;
	struct plan_replay *plan;
	struct q_replay_told *told; /* by count of changes */
	size_t n_told, next;
	struct bp_opt_int archived; /* until then */
	int64_t changes, accepted, n_found, n_archived;
	json_t *difference;
};

_Static_assert(sizeof(struct q_draft_stops) == sizeof(struct q_plan_version_stops), "same columns");

static enum bp_error stops_of(struct run *r, int64_t version, struct q_draft_stops **rows, size_t *n)
{
	return q_plan_version_stops(r->db, &r->one, version, (struct q_plan_version_stops **)(void *)rows, n);
}

static enum bp_error become(struct run *r, int64_t version, const char *what)
{
	struct q_plan_version_get v;
	struct q_draft_stops *rows;
	size_t n = 0;
	enum bp_error e = q_plan_version_get(r->db, &r->one, version, &v);

	if (e == BP_E_NOT_FOUND)
		return bp_fail(r->f, BP_E_PLAN_OP, "%s a version that is not kept any more (version_keep_days): the changes cannot be made again", what);
	if (!e)
		e = stops_of(r, version, &rows, &n);
	plan_replay_clear(r->plan);
	for (size_t i = 0; i < n && !e; i++) {
		struct plan_stop s = stop_of(&rows[i]);

		plan_replay_put(r->plan, &s);
	}
	return e;
}

static json_t *outlet_at(struct run *r, int64_t need, int64_t seat, const char **seat_code)
{
	struct q_replay_place at = {0};

	if (!need || q_replay_place(r->db, r->a, need, seat, &at))
		return json_null();
	*seat_code = at.seat;
	return json_pack("{s:I,s:s?,s:s?}", "need", (json_int_t)need, "code", at.outlet, "name", at.name);
}

/* The first one counts. */
static void differs(struct run *r, const char *kind, const struct q_replay_next *op, const struct plan_parting *at)
{
	const char *seat = NULL;
	json_t *version, *trail;

	if (r->difference)
		return;
	version = at ? outlet_at(r, at->version, at->seat, &seat) : json_null();
	trail = at ? outlet_at(r, at->trail, at->seat, &seat) : json_null();
	r->difference = json_pack("{s:s,s:o,s:s?,s:o,s:s?,s:o,s:o,s:o,s:o}", "kind", kind, "change", op ? json_integer(op->seq) : json_null(), "label",
		op ? op->label : NULL, "seat", at ? json_integer(at->seat) : json_null(), "seatCode", seat, "day", at ? json_integer(at->day) : json_null(),
		"position", at ? json_integer(at->position + 1) : json_null(), "version", version, "trail", trail);
}

static bool in_archive(const struct run *r, int64_t at)
{
	return r->archived.set && at <= r->archived.v;
}

/* An event names its changes, as many as it may hold; several may have come by one. */
static bool tells(const struct q_replay_told *t, int64_t seq)
{
	return !strcmp(t->action, "PLAN_OPERATION") && (t->named >= BP_AUDIT_CHANGES_MOST - 1 || seq > t->seq - t->named);
}

/* The event after which the draft had that many changes, or the next one. */
static void ask_trail(struct run *r, const struct q_replay_next *op)
{
	bool adopt = !strcmp(op->kind, "adopt"), found = false;

	if (in_archive(r, op->at)) {
		r->n_archived++;
		return;
	}
	while (r->next < r->n_told && r->told[r->next].seq < op->seq)
		r->next++;
	if (r->next < r->n_told) {
		const char *action = r->told[r->next].action;

		/* Taking a commit back is an undo that takes over what was before it. */
		found = adopt ? r->told[r->next].seq == op->seq && strcmp(action, "PLAN_OPERATION") && strcmp(action, "PLAN_REDO") : tells(&r->told[r->next], op->seq);
	}
	r->n_found += found;
	if (!found)
		differs(r, "UNTOLD", op, NULL);
}

static int64_t version_in(const char *text)
{
	json_t *o = json_loads(text, 0, NULL);
	int64_t id = json_integer_value(json_object_get(o, "version"));

	json_decref(o);
	return id;
}

/* What was there before is kept for a while: so far, then, the changes have led. */
static enum bp_error accept(struct run *r, const struct q_replay_next *op)
{
	struct q_plan_version_get kept;
	struct q_draft_stops *rows;
	struct plan_parting at;
	size_t n;
	enum bp_error e = q_plan_version_get(r->db, &r->one, version_in(op->removed), &kept);

	if (!e)
		e = stops_of(r, kept.id, &rows, &n);
	if (!e && plan_replay_parts(r->plan, rows, n, &at))
		differs(r, "STOP", op, &at);
	r->accepted++;
	return e && e != BP_E_NOT_FOUND ? e : become(r, version_in(op->added), bp_sprintf(r->a, "change %lld took over", (long long)op->seq));
}

static enum bp_error change(struct run *r, const struct q_replay_next *op)
{
	struct plan_stop at;

	r->changes++;
	ask_trail(r, op);
	if (!strcmp(op->kind, "adopt"))
		return accept(r, op);
	if (!plan_replay_change(r->plan, op->removed, op->added, &at))
		differs(r, "TAKEN", op, &(struct plan_parting){at.seat, at.day, at.pos, at.need, 0});
	return BP_E_OK;
}

static enum bp_error all_changes(struct run *r)
{
	struct q_replay_next op = {0};
	enum bp_error e = BP_E_OK;

	while (!e && op.seq < r->v.op_seq) {
		int64_t after = op.seq;

		bp_arena_clear(&r->one);
		e = q_replay_next(r->db, &r->one, r->v.session.v, after, r->v.op_seq, &op);
		if (!e)
			e = change(r, &op);
	}
	return e;
}

/* What the trail says of the version itself. */
static enum bp_error ask_mark(struct run *r)
{
	struct q_replay_mark mark;
	enum bp_error e;

	if (!strcmp(r->v.kind, "AUTO") || in_archive(r, r->v.at)) /* kept by the program; or told where nobody looks any more */
		return BP_E_OK;
	e = q_replay_mark(r->db, r->a, r->v.plan, bp_sprintf(r->a, "%lld", (long long)r->v.number), &mark);
	if (e == BP_E_NOT_FOUND || (!e && strcmp(mark.hash ? mark.hash : "", r->v.hash)))
		differs(r, e ? "UNTOLD" : "MARK", NULL, NULL);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

static enum bp_error compare(struct run *r, uint64_t version)
{
	struct q_draft_stops *rows;
	struct plan_parting at;
	size_t n;
	enum bp_error e = stops_of(r, (int64_t)version, &rows, &n);

	if (!e && plan_replay_parts(r->plan, rows, n, &at))
		differs(r, "STOP", NULL, &at);
	return e ? e : ask_mark(r);
}

/* Why the changes cannot be made again; OK when they can. */
static enum bp_error whole(const struct q_replay_of *v, struct bp_fail *f)
{
	long long number = v->number;

	if (!strcmp(v->kind, "IMPORT"))
		return bp_fail(f, BP_E_NOT_FOUND, "version %lld was imported, no change of a draft led to it: choose one that was saved or committed", number);
	if (!strcmp(v->kind, "OPTIMISE"))
		return bp_fail(f, BP_E_NOT_FOUND, "version %lld was made by the optimiser, no change of a draft led to it: its run can be made again, see its run record "
			"(beatplan rerun)", number);
	if (!v->session.set || !v->began_from.set)
		return bp_fail(f, BP_E_NOT_FOUND, "version %lld was kept before it was noted which changes led to one: choose a later one", number);
	if (v->kept != v->ops)
		return bp_fail(f, BP_E_PLAN_OP, "%lld of the %lld changes that led to version %lld are not kept any more: they were undone since and replaced by others, "
			"or went with old versions (version_keep_days)", (long long)(v->ops - v->kept), (long long)v->ops, number);
	return BP_E_OK;
}

static enum bp_error begin(struct run *r)
{
	struct q_replay_archived archived;
	enum bp_error e = q_replay_archived(r->db, r->a, &archived);

	if (!e)
		e = q_replay_told(r->db, r->a, r->v.session.v, &r->told, &r->n_told);
	if (!e && r->v.began_from.v)
		e = become(r, r->v.began_from.v, "its draft began from");
	r->archived = e ? BP_NO_INT : archived.newest;
	return e;
}

static json_t *answer(const struct run *r, const struct q_plan_version_get *from)
{
	int64_t steps = 0;

	for (size_t i = 0; i < r->n_told; i++)
		steps += r->told[i].seq <= r->v.op_seq && (!strcmp(r->told[i].action, "PLAN_UNDO") || !strcmp(r->told[i].action, "PLAN_REDO"));
	return json_pack("{s:b,s:I,s:s,s:o,s:I,s:I,s:I,s:I,s:I,s:o}", "same", !r->difference, "version", (json_int_t)r->v.number, "hash", r->v.hash, "from",
		r->v.began_from.v ? json_integer(from->number) : json_null(), "changes", (json_int_t)r->changes, "accepted", (json_int_t)r->accepted, "steps",
		(json_int_t)steps, "told", (json_int_t)r->n_found, "archived", (json_int_t)r->n_archived, "difference",
		r->difference ? json_incref(r->difference) : json_null());
}

struct asked {
	struct bp_arena *a;
	uint64_t version;
	json_t **out;
	struct bp_fail *f;
};

/* One state of the tables: a draft that goes on meanwhile does not matter. */
static enum bp_error replay_tx(struct bp_db *db, void *ctx)
{
	const struct asked *q = ctx;
	struct run r = {.db = db, .a = q->a, .f = q->f};
	struct q_plan_version_get from;
	enum bp_error e = q_replay_of(db, q->a, (int64_t)q->version, &r.v);

	if (!e)
		e = whole(&r.v, q->f);
	if (e)
		return e;
	r.plan = plan_replay_new();
	bp_arena_init(&r.one, (size_t)1 << 30);
	e = begin(&r);
	if (!e && r.v.began_from.v)
		e = q_plan_version_get(db, q->a, r.v.began_from.v, &from);
	if (!e)
		e = all_changes(&r);
	if (!e)
		e = compare(&r, q->version);
	if (!e)
		*q->out = answer(&r, &from);
	json_decref(r.difference);
	bp_arena_release(&r.one);
	plan_replay_free(r.plan);
	return e;
}

enum bp_error plan_replay(struct bp_db *db, struct bp_arena *a, uint64_t version, json_t **out, struct bp_fail *f)
{
	struct asked q = {a, version, out, f};
	enum bp_error e = bp_db_tx(db, replay_tx, &q);

	return e == BP_E_NOT_FOUND ? bp_fail(f, e, "there is no such version") : e;
}
