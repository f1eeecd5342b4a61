/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/version.h"

#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "base/time.h"
#include "plan/draft.h"
#include "plan/recount.h"
#include "plan/rows.h"

/* FNV-1a over what a planner would call the same plan; order within a tour counts, the position numbers do not. */
struct hash {
	uint64_t h;
	int64_t seat, day, rank;
};

static void mix(struct hash *x, int64_t v)
{
	for (int i = 0; i < 8; i++) {
		x->h ^= (uint64_t)v >> (8 * i) & 0xff;
		x->h *= UINT64_C(1099511628211);
	}
}

static enum bp_error hash_row(void *ctx, const void *row)
{
	const struct q_plan_version_hash_rows *r = row;
	struct hash *x = ctx;

	x->rank = r->seat == x->seat && r->day == x->day ? x->rank + 1 : 0;
	x->seat = r->seat;
	x->day = r->day;
	mix(x, r->need);
	mix(x, r->day);
	mix(x, r->seat);
	mix(x, x->rank);
	mix(x, r->from.set ? r->from.v : INT64_MIN);
	mix(x, r->to.set ? r->to.v : INT64_MAX);
	return BP_E_OK;
}

enum bp_error plan_version_sum(struct bp_db *db, struct bp_arena *a, uint64_t version, const char *hash, const char *reckoning)
{
	struct q_plan_version_sums t;
	enum bp_error e = q_plan_version_sums(db, a, (int64_t)version, &t);

	return e ? e : q_plan_version_sum(db, (int64_t)version, hash, reckoning, t.calls, t.travel, t.service, t.metres, t.unserved, NULL);
}

/* `m`: what it was counted by; NULL: it is known. */
static enum bp_error finish(struct bp_db *db, struct bp_arena *a, uint64_t version, const struct plan_model *m)
{
	char reckoning[PLAN_RECKONING_SIZE];
	struct hash x = {.h = UINT64_C(14695981039346656037), .seat = -1};
	enum bp_error e = q_plan_version_hash_rows(db, (int64_t)version, hash_row, &x);

	if (m)
		plan_reckoning(m, reckoning);
	return e ? e : plan_version_sum(db, a, version, bp_sprintf(a, "%016llx", (unsigned long long)x.h), m ? reckoning : NULL);
}

static enum bp_error add(struct bp_db *db, const struct plan_version_new *v, uint64_t *id)
{
	enum bp_error e = q_plan_version_add(db, (int64_t)v->plan, v->kind, v->parent, v->notes ? v->notes : "", v->anchor, v->weeks,
		v->effective, (int64_t)v->user, v->record, NULL);

	*id = bp_db_insert_id(db);
	return e;
}

struct plan_version_new plan_version_of(const struct q_session_get *s, const char *kind, uint64_t user, const char *notes)
{
	return (struct plan_version_new){.plan = (uint64_t)s->plan_id, .user = user, .kind = kind, .notes = notes, .parent = s->base_version,
		.anchor = s->anchor, .weeks = s->weeks};
}

enum bp_error plan_version_from_draft(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v, uint64_t session,
	uint64_t *id)
{
	struct q_plan_ops_standing ops;
	enum bp_error e = add(db, v, id);

	if (!e)
		e = q_plan_version_stops_from_draft(db, (int64_t)*id, (int64_t)session, NULL);
	if (!e)
		e = q_plan_version_pins_from_draft(db, (int64_t)*id, (int64_t)session, NULL);
	if (!e)
		e = q_plan_version_unserved_from_draft(db, (int64_t)*id, (int64_t)session, NULL);
	if (!e)
		e = q_plan_version_tours_from_draft(db, (int64_t)*id, (int64_t)session, NULL);
	if (!e)
		e = q_plan_version_reckoned_as_draft(db, (int64_t)*id, (int64_t)session, NULL);
	if (!e)
		e = q_plan_ops_standing(db, a, (int64_t)session, &ops);
	if (!e)
		e = q_plan_version_led(db, (int64_t)*id, (int64_t)session, ops.last, ops.n, NULL);
	return e ? e : finish(db, a, *id, NULL);
}

enum bp_error plan_version_fill_draft(struct bp_db *db, uint64_t version, uint64_t session)
{
	int64_t s = (int64_t)session, v = (int64_t)version;
	enum bp_error e = q_draft_stops_from_version(db, s, v, NULL);

	if (!e)
		e = q_draft_pins_from_version(db, s, v, NULL);
	if (!e)
		e = q_draft_unserved_from_version(db, s, v, NULL);
	if (!e)
		e = q_draft_tours_from_version(db, s, v, NULL);
	if (!e)
		e = q_session_reckoned_as_version(db, s, v, NULL);
	return e ? e : q_session_cycle_from_version(db, s, v, NULL);
}

enum bp_error plan_version_to_draft(struct bp_db *db, uint64_t version, uint64_t session)
{
	int64_t s = (int64_t)session;
	enum bp_error e = q_draft_clear_stops(db, s, NULL);

	if (!e)
		e = q_draft_clear_pins(db, s, NULL);
	if (!e)
		e = q_draft_clear_unserved(db, s, NULL);
	if (!e)
		e = q_draft_clear_tours(db, s, NULL);
	return e ? e : plan_version_fill_draft(db, version, session);
}

/* --- from the solver --- */

static const char *const weekday_codes[7] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
static const char *const weekday_names[7] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* One beat for each seat and weekday; ids[seat * 7 + weekday - 1]. */
static enum bp_error make_beats(struct bp_db *db, struct bp_arena *a, const struct plan_model *m, int64_t *ids)
{
	struct q_plan_beats *known;
	struct bp_buf rows;
	enum bp_error e;
	size_t n;

	bp_buf_init(&rows, 16u << 20);
	bp_buf_chr(&rows, '[');
	for (size_t s = 0; s < m->n_seats; s++)
		for (int w = 0; w < 7; w++) {
			bp_buf_str(&rows, s || w ? ",{\"code\":" : "{\"code\":");
			bp_json_string(&rows, bp_sprintf(a, "%s-%s", m->seats[s].code, weekday_codes[w]));
			bp_buf_str(&rows, ",\"name\":");
			bp_json_string(&rows, bp_sprintf(a, "%.100s %s", m->seats[s].name, weekday_names[w]));
			bp_buf_chr(&rows, '}');
		}
	bp_buf_chr(&rows, ']');
	e = q_plan_beats_add(db, m->plan.id, rows.data, NULL);
	bp_buf_release(&rows);
	if (!e)
		e = q_plan_beats(db, a, m->plan.id, &known, &n);
	for (size_t s = 0; s < m->n_seats && !e; s++)
		for (int w = 0; w < 7; w++) {
			const char *code = bp_sprintf(a, "%s-%s", m->seats[s].code, weekday_codes[w]);

			for (size_t i = 0; i < n; i++)
				if (!strcmp(known[i].code, code))
					ids[s * 7 + (size_t)w] = known[i].id;
		}
	return e;
}

/* A given visit as the solver knows it, and what the tables say of it. */
struct kept {
	int32_t need, seat, day;
	const struct plan_given *stop;
};

static int compare_kept(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	if (a->need != b->need)
		return a->need < b->need ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->seat > b->seat) - (a->seat < b->seat);
}

/* What a new plan takes over from the given one. */
struct takeover {
	const struct plan_model *m;
	struct kept *kept; /* the given visits by need, day and seat */
	size_t n;
	int64_t *beats;    /* [seat * 7 + weekday - 1] */
	bool *moved;       /* per need: its visits are not all the given ones */
};

static const struct plan_given *given_stop(const struct takeover *t, const struct rt_visit *x)
{
	struct kept key = {x->need, x->seat, x->day, NULL}, *k = t->n ? bsearch(&key, t->kept, t->n, sizeof(key), compare_kept) : NULL;

	return k ? k->stop : NULL;
}

/* Beats survive a new plan: a visit that stays keeps its beat, one that comes to a seat and weekday joins the beat
 * that is walked there. */
static void takeover_init(struct takeover *t, struct bp_arena *a, const struct plan_model *m, const struct rt_solution *s, int64_t *beats)
{
	int32_t *open = bp_xcalloc(m->n_needs + 1, sizeof(*open));

	*t = (struct takeover){.m = m, .n = m->given ? (size_t)m->p.n_given : 0, .beats = beats};
	t->kept = bp_alloc_array(a, t->n + 1, sizeof(*t->kept));
	t->moved = bp_alloc_array(a, m->n_needs + 1, sizeof(*t->moved));
	memset(t->moved, 0, (m->n_needs + 1) * sizeof(*t->moved));
	for (size_t i = t->n; i-- > 0;) { /* backwards: the first of a weekday has the last word */
		const struct rt_given *g = &m->p.given[i];

		t->kept[i] = (struct kept){g->need, g->seat, g->day, &m->given[i]};
		open[g->need]++;
		if (m->given[i].beat.set)
			beats[g->seat * 7 + bp_date_weekday(m->plan.anchor + g->day) - 1] = m->given[i].beat.v;
	}
	qsort(t->kept, t->n, sizeof(*t->kept), compare_kept);
	for (int32_t i = 0; i < s->n_visits; i++)
		if (given_stop(t, &s->visits[i]))
			open[s->visits[i].need]--;
		else
			t->moved[s->visits[i].need] = true;
	for (size_t i = 0; i < m->n_needs; i++)
		t->moved[i] = t->moved[i] || open[i];
	free(open);
}

/* A need whose visits all stay keeps its dates as well; where one moved, its single moved visits end. */
static void put_stops(struct plan_rows *b, const struct takeover *t, const struct rt_solution *s, int *ended)
{
	const struct plan_model *m = t->m;

	for (int32_t i = 0; i < s->n_visits; i++) {
		const struct rt_visit *x = &s->visits[i];
		const struct plan_given *g = given_stop(t, x);
		bool stays = g && !t->moved[x->need];

		plan_rows_stop(b, &(struct q_draft_stops){.need = m->needs[x->need].id, .day = x->day, .seat = m->seats[x->seat].id,
			.pos = x->position, .seq = stays ? g->seq : 0, .from = stays ? g->from : BP_NO_INT,
			.beat = g ? g->beat : BP_SOME_INT(t->beats[x->seat * 7 + bp_date_weekday(m->plan.anchor + x->day) - 1])});
	}
	*ended = 0;
	for (size_t i = 0; i < m->n_dated; i++) {
		if (t->moved[plan_model_need(m, m->dated[i].need)])
			++*ended;
		else
			plan_rows_stop(b, &m->dated[i]);
	}
}

static void tour_row(struct plan_rows *b, const struct plan_model *m, int32_t seat, int day, const int32_t *needs, int32_t n)
{
	struct rt_tour t;

	rt_tour_eval(&m->p, &m->params, seat, day, needs, n, &t, NULL);
	plan_rows_next(b);
	bp_buf_printf(&b->rows, "{\"s\":%lld,\"d\":%d,\"c\":%d,\"t\":%lld,\"v\":%lld,\"w\":%lld,\"o\":%lld,\"m\":%lld}",
		(long long)m->seats[seat].id, day, (int)t.calls, (long long)t.travel, (long long)t.service, (long long)t.waiting,
		(long long)t.overtime, (long long)t.metres);
}

static enum bp_error put_solution_tours(struct bp_db *db, const struct plan_model *m, const struct rt_solution *s, uint64_t version)
{
	int32_t *needs = bp_xmalloc(((size_t)s->n_visits + 1) * sizeof(*needs)), n = 0;
	struct plan_rows b;

	plan_rows_init(&b, db, version, q_plan_version_put_tours);
	for (int32_t i = 0; i < s->n_visits; i++) {
		const struct rt_visit *v = &s->visits[i];

		needs[n++] = v->need;
		if (i + 1 == s->n_visits || v[1].seat != v->seat || v[1].day != v->day) {
			tour_row(&b, m, v->seat, v->day, needs, n);
			n = 0;
		}
	}
	free(needs);
	return plan_rows_end(&b);
}

enum bp_error plan_version_from_solution(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v,
	const struct plan_model *m, const struct rt_solution *s, uint64_t *id, int *ended)
{
	int64_t *beats = bp_alloc_array(a, m->n_seats * 7 + 1, sizeof(*beats));
	struct takeover t;
	struct plan_rows b;
	enum bp_error e = make_beats(db, a, m, beats);

	if (!e)
		e = add(db, v, id);
	if (e)
		return e;
	takeover_init(&t, a, m, s, beats);
	plan_rows_init(&b, db, *id, q_plan_version_put_stops);
	put_stops(&b, &t, s, ended);
	e = plan_rows_end(&b);
	if (e)
		return e;
	plan_rows_init(&b, db, *id, q_plan_version_put_unserved);
	for (int32_t i = 0; i < s->n_unserved; i++) {
		plan_rows_next(&b);
		bp_buf_printf(&b.rows, "{\"n\":%lld,\"m\":%d,\"r\":\"%s\"}", (long long)m->needs[s->unserved[i].need].id,
			(int)s->unserved[i].missing, rt_reason_name((enum rt_reason)s->unserved[i].reason));
	}
	e = plan_rows_end(&b);
	if (!e)
		e = put_solution_tours(db, m, s, *id);
	return e ? e : finish(db, a, *id, m);
}

/* What was missing before, and why: by need. */
struct missing {
	const struct q_draft_unserved *v;
	size_t n;
};

/* Needs that have fewer standing visits than they ask for; why they had before goes on to hold. */
static enum bp_error count_missing(struct bp_db *db, const struct plan_model *m, const struct q_plan_version_stops *r, size_t n,
	uint64_t version, const struct missing *before)
{
	int32_t *placed = bp_xcalloc(m->n_needs + 1, sizeof(*placed));
	const struct q_draft_unserved *known;
	struct plan_rows b;

	for (size_t i = 0; i < n; i++) {
		int32_t k = r[i].to.set ? RT_NONE : plan_model_need(m, r[i].need);

		if (k != RT_NONE)
			placed[k]++;
	}
	plan_rows_init(&b, db, version, q_plan_version_put_unserved);
	for (size_t k = 0; k < m->n_needs; k++)
		if (placed[k] < m->needs[k].visits) {
			known = before->n ? bsearch(&m->needs[k].id, before->v, before->n, sizeof(*before->v), plan_compare_id) : NULL;
			plan_rows_next(&b);
			bp_buf_printf(&b.rows, "{\"n\":%lld,\"m\":%d,\"r\":\"%s\"}", (long long)m->needs[k].id, m->needs[k].visits - placed[k],
				m->p.places[m->p.needs[k].place].x == RT_NO_COORD ? "NO_COORDINATES" : known ? known->reason : "NOT_PLANNED");
		}
	free(placed);
	return plan_rows_end(&b);
}

enum bp_error plan_version_put_tours(struct bp_db *db, const struct plan_model *m, const struct q_draft_stops *r, size_t n_rows,
	enum bp_error (*put)(struct bp_db *, int64_t, const char *, uint64_t *), uint64_t of)
{
	int32_t *needs = bp_xmalloc((n_rows + 1) * sizeof(*needs)), n = 0;
	struct plan_rows b;

	plan_rows_init(&b, db, of, put);
	for (size_t i = 0; i < n_rows; i++) {
		int32_t seat = plan_model_seat(m, r[i].seat);

		needs[n] = r[i].to.set ? RT_NONE : plan_model_need(m, r[i].need);
		n += needs[n] != RT_NONE;
		if (i + 1 == n_rows || r[i + 1].seat != r[i].seat || r[i + 1].day != r[i].day) {
			if (seat != RT_NONE && n)
				tour_row(&b, m, seat, (int)r[i].day, needs, n);
			n = 0;
		}
	}
	free(needs);
	return plan_rows_end(&b);
}

static enum bp_error count(struct bp_db *db, struct bp_arena *a, uint64_t version, const struct missing *before)
{
	struct q_plan_version_get v;
	struct q_plan_version_stops *r;
	struct plan_model m;
	size_t n;
	enum bp_error e = q_plan_version_get(db, a, (int64_t)version, &v);

	if (!e)
		e = plan_model_load(db, a, (uint64_t)v.plan_id, &(struct plan_cycle){v.anchor, v.weeks}, NULL, &m);
	if (!e)
		e = q_plan_version_stops(db, a, (int64_t)version, &r, &n);
	if (!e)
		e = plan_version_put_tours(db, &m, (struct q_draft_stops *)(void *)r, n, q_plan_version_put_tours, version);
	if (!e)
		e = count_missing(db, &m, r, n, version, before);
	return e ? e : finish(db, a, version, &m);
}

enum bp_error plan_version_count(struct bp_db *db, struct bp_arena *a, uint64_t version)
{
	return count(db, a, version, &(struct missing){0});
}

enum bp_error plan_version_turned(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v, const struct q_session_get *s,
	uint64_t *id)
{
	int64_t days = s->weeks * 7, back = (s->anchor - v->anchor) % days;
	struct q_draft_unserved *before = NULL;
	size_t n = 0;
	enum bp_error e = add(db, v, id);

	if (!e)
		e = q_plan_version_stops_turned(db, (int64_t)*id, s->id, v->anchor, v->weeks * 7, back < 0 ? back + days : back, days, NULL);
	if (!e)
		e = q_plan_version_pins_from_draft(db, (int64_t)*id, s->id, NULL);
	if (!e)
		e = q_draft_unserved(db, a, s->id, &before, &n);
	return e ? e : count(db, a, *id, &(struct missing){before, n});
}
