/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event/look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "queries.h"

/* A notice gets its number before its transaction is through: so many behind the newest one are looked at again. */
#define NOTICES_BEHIND 1000

struct look {
	struct bp_db *db;
	struct bp_arena arena;
	struct bp_event_state *st;
	void (*fn)(void *ctx, const struct bp_event *e);
	void *ctx;
};

static struct bp_event_list room(size_t n)
{
	return (struct bp_event_list){bp_xcalloc(n + 1, sizeof(struct bp_event)), n};
}

static void write_job(struct bp_event *e, const struct q_event_job *j)
{
	struct bp_buf b;

	*e = (struct bp_event){.kind = BP_EVENT_JOB, .id = j->id, .territory = (uint64_t)j->territory_id, .user = (uint64_t)j->created_by,
		.over = strcmp(j->state, "queued") && strcmp(j->state, "running")};
	bp_buf_init(&b, sizeof(e->text));
	bp_buf_printf(&b, "{\"id\":%lld,\"kind\":\"%s\",\"state\":\"%s\",\"subject\":%lld,\"percent\":%.4g,\"step\":", (long long)j->id, j->kind, j->state,
		(long long)j->subject, j->percent);
	bp_json_string(&b, j->step);
	bp_buf_chr(&b, '}');
	snprintf(e->text, sizeof(e->text), "%s", b.over ? "{}" : b.data);
	bp_buf_release(&b);
}

static void write_lock(struct bp_event *e, int64_t id, uint64_t territory, const char *channel, int64_t user)
{
	char who[24] = "null";

	if (user)
		snprintf(who, sizeof(who), "%lld", (long long)user);
	*e = (struct bp_event){.kind = BP_EVENT_LOCK, .id = id, .territory = territory};
	snprintf(e->text, sizeof(e->text), "{\"territoryId\":%llu,\"channel\":\"%s\",\"userId\":%s}", (unsigned long long)territory, channel, who);
}

static enum bp_error look_jobs(struct look *l, struct bp_event_list *out)
{
	struct q_event_jobs *r = NULL;
	size_t n = 0;
	enum bp_error e = q_event_jobs(l->db, &l->arena, l->st->newest_job, &r, &n);

	*out = room(n);
	for (size_t i = 0; i < n; i++)
		write_job(&out->v[i], &(struct q_event_job){r[i].id, r[i].kind, r[i].state, r[i].subject, r[i].territory_id, r[i].step, r[i].percent,
			r[i].created_by});
	return e;
}

static enum bp_error look_locks(struct look *l, struct bp_event_list *out)
{
	struct q_event_locks *r = NULL;
	size_t n = 0;
	enum bp_error e = q_event_locks(l->db, &l->arena, &r, &n);

	*out = room(n);
	for (size_t i = 0; i < n; i++)
		write_lock(&out->v[i], r[i].id, (uint64_t)r[i].territory_id, r[i].channel, r[i].user_id);
	return e;
}

static enum bp_error look_notices(struct look *l, struct bp_event_list *out)
{
	struct q_event_notices *r = NULL;
	size_t n = 0;
	enum bp_error e = q_event_notices(l->db, &l->arena, l->st->newest_notice - NOTICES_BEHIND, &r, &n);

	*out = room(n);
	for (size_t i = 0; i < n; i++) {
		out->v[i] = (struct bp_event){.kind = BP_EVENT_NOTICE, .id = r[i].id, .territory = (uint64_t)r[i].territory_id, .user = (uint64_t)r[i].user_id};
		snprintf(out->v[i].text, sizeof(out->v[i].text), "{\"id\":%lld,\"kind\":\"%s\"}", (long long)r[i].id, r[i].kind);
	}
	return e;
}

/* It is not seen any more: how a job ended, that a lock is free. */
static enum bp_error gone(struct look *l, const struct bp_event *was)
{
	struct bp_event now = *was;
	struct q_event_job j;
	char *user;
	enum bp_error e;

	switch (was->kind) {
	case BP_EVENT_JOB:
		if (was->over)
			return BP_E_OK;
		e = q_event_job(l->db, &l->arena, was->id, &j);
		if (e)
			return e == BP_E_NOT_FOUND ? BP_E_OK : e;
		write_job(&now, &j);
		break;
	case BP_EVENT_LOCK:
		user = strstr(now.text, "\"userId\":");
		snprintf(user, sizeof(now.text) - (size_t)(user - now.text), "\"userId\":null}");
		break;
	default:
		return BP_E_OK;
	}
	l->fn(l->ctx, &now);
	return BP_E_OK;
}

/* Both are in the order of their numbers. */
static enum bp_error compare(struct look *l, const struct bp_event_list *old, const struct bp_event_list *now)
{
	size_t i = 0, k = 0;
	enum bp_error e = BP_E_OK;

	while (!e && (i < old->n || k < now->n)) {
		const struct bp_event *was = i < old->n ? &old->v[i] : NULL, *is = k < now->n ? &now->v[k] : NULL;

		if (was && (!is || was->id < is->id)) {
			e = gone(l, was);
			i++;
		} else if (!was || is->id < was->id) {
			l->fn(l->ctx, is);
			k++;
		} else {
			if (strcmp(was->text, is->text))
				l->fn(l->ctx, is);
			i++;
			k++;
		}
	}
	return e;
}

void bp_event_forget(struct bp_event_state *st)
{
	for (int k = 0; k < BP_EVENT__MAX; k++)
		free(st->seen[k].v);
	memset(st, 0, sizeof(*st));
}

enum bp_error bp_event_look(struct bp_db *db, struct bp_event_state *st, void (*fn)(void *ctx, const struct bp_event *e), void *ctx)
{
	static enum bp_error (*const looks[])(struct look *, struct bp_event_list *) = {look_jobs, look_locks, look_notices};
	struct bp_event_list now[BP_EVENT__MAX] = {{NULL, 0}};
	struct look l = {.db = db, .st = st, .fn = fn, .ctx = ctx};
	struct q_event_newest newest;
	enum bp_error e;

	bp_arena_init(&l.arena, 256u << 20);
	/* Before the looks: what comes in between is seen by the next one as well, and told once. */
	e = q_event_newest(db, &l.arena, &newest);
	if (!e && !st->known) {
		st->newest_job = newest.job;
		st->newest_notice = newest.notice;
	}
	for (int k = 0; k < BP_EVENT__MAX && !e; k++)
		e = looks[k](&l, &now[k]);
	for (int k = 0; k < BP_EVENT__MAX && !e && st->known; k++)
		e = compare(&l, &st->seen[k], &now[k]);
	for (int k = 0; k < BP_EVENT__MAX; k++) {
		free(e ? now[k].v : st->seen[k].v);
		if (!e)
			st->seen[k] = now[k];
	}
	if (!e) {
		st->newest_job = newest.job;
		st->newest_notice = newest.notice;
		st->known = true;
	}
	bp_arena_release(&l.arena);
	return e;
}
