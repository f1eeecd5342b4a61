/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/near.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum bp_error plan_near_begin(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq,
	struct q_session_get *row, struct bp_fail *f)
{
	struct q_session_lock_row now;
	enum bp_error e = plan_session_writable(db, a, session, user, row, f);

	if (!e)
		e = q_session_lock_row(db, a, (int64_t)session, &now);
	if (e)
		return e;
	row->seq = now.seq;
	if (seq >= 0 && seq != now.seq)
		return bp_fail(f, BP_E_SESSION_CONFLICT, "you have seen change %lld, the plan is at %lld", (long long)seq,
			(long long)now.seq);
	return BP_E_OK;
}

size_t plan_unique_ids(int64_t *v, size_t n)
{
	size_t k = 0;

	qsort(v, n, sizeof(*v), plan_compare_id);
	for (size_t i = 0; i < n; i++)
		if (!i || v[i] != v[i - 1])
			v[k++] = v[i];
	return k;
}

static void put_json_ids(struct bp_buf *b, const int64_t *ids, size_t n)
{
	bp_buf_chr(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			bp_buf_chr(b, ',');
		bp_buf_int(b, ids[i]);
	}
	bp_buf_chr(b, ']');
}

enum bp_error plan_near_stops(struct plan_near *w, const int64_t *needs, size_t n_needs, const struct plan_tour_key *tours, size_t n_tours)
{
	struct q_draft_stops_near *r;
	struct bp_buf ids, keys;
	enum bp_error e;
	size_t n;

	bp_buf_init(&ids, 16u << 20);
	bp_buf_init(&keys, 16u << 20);
	put_json_ids(&ids, needs, n_needs);
	bp_buf_chr(&keys, '[');
	for (size_t i = 0; i < n_tours; i++)
		bp_buf_printf(&keys, "%s{\"s\":%lld,\"d\":%d}", i ? "," : "", (long long)tours[i].seat,
			plan_model_day(w->m, tours[i].date));
	bp_buf_chr(&keys, ']');
	e = q_draft_stops_near(w->db, w->a, w->session, ids.data, keys.data, &r, &n);
	bp_buf_release(&ids);
	bp_buf_release(&keys);
	*w->d = (struct plan_draft){.m = w->m};
	for (size_t i = 0; i < n && !e; i++)
		plan_draft_add(w->d, &(struct plan_stop){.need = r[i].need, .seat = r[i].seat, .beat = r[i].beat, .from = r[i].from,
			.to = r[i].to, .day = (int)r[i].day, .pos = (int)r[i].pos, .seq = (int)r[i].seq});
	return e;
}

_Static_assert(sizeof(struct q_draft_pins) == sizeof(struct q_draft_pins_of), "same columns");

enum bp_error plan_near_model(struct plan_near *w, uint64_t plan, const int64_t *needs, size_t n)
{
	const struct plan_cycle cycle = {w->m->plan.anchor, w->m->days / 7};
	int64_t *all = bp_alloc_array(w->a, n + w->d->n + 1, sizeof(*all));
	struct bp_buf ids;
	enum bp_error e;

	if (n)
		memcpy(all, needs, n * sizeof(*all));
	for (size_t i = 0; i < w->d->n; i++)
		all[n + i] = w->d->stops[i].need;
	bp_buf_init(&ids, 16u << 20);
	put_json_ids(&ids, all, plan_unique_ids(all, n + w->d->n));
	e = plan_model_load(w->db, w->a, plan, &cycle, ids.data, w->m);
	if (!e)
		e = q_draft_pins_of(w->db, w->a, w->session, ids.data, (struct q_draft_pins_of **)(void *)&w->m->pins, &w->m->n_pins);
	bp_buf_release(&ids);
	return e;
}

static void append_tour(struct bp_buf *b, int64_t seat, int day, const struct rt_tour *t)
{
	bp_buf_printf(b, "%s{\"s\":%lld,\"d\":%d,\"c\":%d,\"t\":%lld,\"v\":%lld,\"w\":%lld,\"o\":%lld,\"m\":%lld}", b->len > 1 ? "," : "",
		(long long)seat, day, (int)t->calls, (long long)t->travel, (long long)t->service, (long long)t->waiting,
		(long long)t->overtime, (long long)t->metres);
}

enum bp_error plan_near_put_tours(struct plan_near *w, const struct plan_tour_key *tours, size_t n)
{
	size_t *scratch = bp_xmalloc((w->d->n + 1) * sizeof(*scratch));
	struct rt_tour sum;
	struct bp_buf b;
	enum bp_error e;

	bp_buf_init(&b, 16u << 20);
	bp_buf_chr(&b, '[');
	for (size_t i = 0; i < n; i++) {
		int day = plan_model_day(w->m, tours[i].date);
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = tours[k].seat == tours[i].seat && plan_model_day(w->m, tours[k].date) == day;
		if (again)
			continue;
		plan_draft_eval(w->d, tours[i].seat, day, scratch, plan_draft_standing(w->d, tours[i].seat, day, scratch), &sum);
		append_tour(&b, tours[i].seat, day, &sum);
	}
	bp_buf_chr(&b, ']');
	e = q_draft_take_tours(w->db, w->session, b.data, NULL);
	if (!e)
		e = q_draft_put_tours(w->db, w->session, b.data, NULL);
	free(scratch);
	bp_buf_release(&b);
	return e;
}

enum bp_error plan_near_swap(struct bp_db *db, int64_t session, const char *out, const char *in)
{
	enum bp_error e = q_draft_take_stops(db, session, out, NULL);

	if (!e)
		e = q_draft_put_stops(db, session, in, NULL);
	if (!e)
		e = q_draft_take_unserved(db, session, in, NULL);
	if (!e)
		e = q_draft_put_pins(db, session, in, NULL);
	return e ? e : q_draft_put_unserved(db, session, in, NULL);
}
