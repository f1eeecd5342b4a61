/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event/event.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "event/look.h"
#include "queries.h"

enum { RING = 4096, LOOK_MS = 400, SESSIONS_MS = 1500, RIGHTS_MS = 15000, READY_MS = 5000, REST_MS = 120000 };
static const char *const kinds[BP_EVENT__MAX] = {"job", "lock", "notice"};

/* Where a user sees something. */
struct sight {
	bool all;
	int64_t *at; /* territories, sorted */
	size_t n;
};
struct bp_event_stream {
	struct bp_event_stream *next;
	struct bp_user user; /* numbers only: texts are not kept */
	struct sight sight;
	uint64_t told; /* number of the last event that was looked at for it */
	int64_t rights_at;
	bool over, greeted, missed, asked;
};

/* All under the guard. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news; /* on the monotonic clock */
static struct bp_event_stream *streams;
static int n_streams;
static struct bp_event *ring;
static uint64_t newest; /* number of the newest event of this run, 0 = none */
static char run[17];    /* changes when it was not looked for a while */
static bool looking, looked, stopping;
static pthread_t looker;
static struct bp_db_conf where;

static void note(void *ctx, const struct bp_event *e)
{
	(void)ctx;
	pthread_mutex_lock(&guard);
	ring[++newest % RING] = *e;
	pthread_mutex_unlock(&guard);
}

static enum bp_error read_sight(struct bp_db *db, struct bp_arena *a, struct bp_user *u, struct sight *out)
{
	struct q_event_territories *r = NULL;
	size_t n = 0;
	enum bp_error e = bp_auth_rights(db, a, u);

	*out = (struct sight){.all = u->world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY)};
	if (!e && !out->all && u->anywhere & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY))
		e = q_event_territories(db, a, (int64_t)u->scopes_of, &r, &n);
	out->at = bp_xcalloc(n + 1, sizeof(*out->at));
	for (; !e && out->n < n; out->n++)
		out->at[out->n] = r[out->n].id;
	if (e)
		free(out->at);
	return e;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool concerns(const struct bp_event_stream *s, const struct bp_event *e)
{
	int64_t territory = (int64_t)e->territory;

	if (e->kind == BP_EVENT_NOTICE)
		return e->user == s->user.id;
	return s->sight.all || (e->kind == BP_EVENT_JOB && e->user == s->user.id) ||
		(territory && bsearch(&territory, s->sight.at, s->sight.n, sizeof(territory), by_number));
}

/* Streams of sessions that are over end. One question for all of them. */
static void check_sessions(struct bp_db *db, struct bp_arena *a)
{
	struct q_event_sessions *r = NULL;
	struct bp_buf ids;
	size_t n = 0;
	bool answered;

	bp_buf_init(&ids, 1u << 20);
	bp_buf_chr(&ids, '[');
	pthread_mutex_lock(&guard);
	for (struct bp_event_stream *s = streams; s; s = s->next) {
		bp_buf_printf(&ids, "%s%llu", ids.len > 1 ? "," : "", (unsigned long long)s->user.by_id);
		s->asked = true; /* who comes now is not asked about */
	}
	pthread_mutex_unlock(&guard);
	bp_buf_chr(&ids, ']');
	answered = ids.len > 2 && !ids.over && !q_event_sessions(db, a, ids.data, &r, &n);
	pthread_mutex_lock(&guard);
	for (struct bp_event_stream *s = streams; s && answered; s = s->next) {
		bool alive = !s->asked;

		for (size_t i = 0; i < n && !alive; i++)
			alive = (uint64_t)r[i].id == s->user.by_id;
		s->over = s->over || !alive;
	}
	pthread_mutex_unlock(&guard);
	bp_buf_release(&ids);
}

/* What a user may see is read anew now and then, one session at a time for all its tabs. */
static void check_rights(struct bp_db *db, struct bp_arena *a)
{
	int64_t now = bp_monotonic_us();
	struct bp_event_stream *s;
	struct bp_user u = {0};
	struct sight sight;

	pthread_mutex_lock(&guard);
	for (s = streams; s && now - s->rights_at < RIGHTS_MS * 1000LL; s = s->next)
		;
	if (s)
		u = s->user;
	pthread_mutex_unlock(&guard);
	if (!s || read_sight(db, a, &u, &sight))
		return;
	pthread_mutex_lock(&guard);
	for (s = streams; s; s = s->next)
		if (s->user.by_id == u.by_id) {
			free(s->sight.at);
			s->sight = sight;
			s->sight.at = bp_xcalloc(sight.n + 1, sizeof(*sight.at));
			memcpy(s->sight.at, sight.at, sight.n * sizeof(*sight.at));
			s->rights_at = now;
		}
	pthread_mutex_unlock(&guard);
	free(sight.at);
}

static void sleep_ms(int ms)
{
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&pause, NULL);
}

/* Begin a run: its name, and no event yet. Nobody is there who would know others. */
static void begin_run(void)
{
	unsigned char raw[8];

	randombytes_buf(raw, sizeof(raw));
	pthread_mutex_lock(&guard);
	sodium_bin2hex(run, sizeof(run), raw, sizeof(raw));
	newest = 0;
	looked = false;
	pthread_mutex_unlock(&guard);
}

static void *look_on(void *ctx)
{
	struct bp_event_state state = {0};
	int64_t alone = 0, sessions = 0;
	struct bp_db *db = NULL;

	(void)ctx;
	for (;;) {
		struct bp_fail f = {0};
		struct bp_arena a;
		bool someone, end;
		int64_t now = bp_monotonic_us();

		pthread_mutex_lock(&guard);
		end = stopping;
		someone = n_streams > 0;
		pthread_mutex_unlock(&guard);
		if (end)
			break;
		alone = someone ? 0 : alone ? alone : now;
		if (alone && now - alone > REST_MS * 1000LL && state.known) {
			bp_event_forget(&state);
			begin_run();
		}
		if ((someone || state.known) && (db || !bp_db_open(&db, &where, &f))) {
			bp_arena_init(&a, 64u << 20);
			if (!bp_event_look(db, &state, note, NULL)) {
				pthread_mutex_lock(&guard);
				looked = true;
				pthread_mutex_unlock(&guard);
			}
			if (now - sessions > SESSIONS_MS * 1000LL) {
				sessions = now;
				check_sessions(db, &a);
			}
			check_rights(db, &a);
			bp_arena_release(&a);
		}
		pthread_mutex_lock(&guard);
		pthread_cond_broadcast(&news);
		pthread_mutex_unlock(&guard);
		sleep_ms(LOOK_MS);
	}
	bp_event_forget(&state);
	bp_db_free(db);
	return NULL;
}

/* Wait on the news until the time is there. With the guard. */
static bool wait_until(int64_t until)
{
	struct timespec at = {until / 1000000, until % 1000000 * 1000};

	return pthread_cond_timedwait(&news, &guard, &at) != ETIMEDOUT;
}

/* With the guard. */
static bool start_looking(const struct bp_db_conf *conf)
{
	pthread_condattr_t attr;

	if (looking)
		return true;
	where = *conf;
	ring = bp_xcalloc(RING, sizeof(*ring));
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&news, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_unlock(&guard);
	begin_run();
	pthread_mutex_lock(&guard);
	looking = !pthread_create(&looker, NULL, look_on, NULL);
	return looking;
}

/* Go on behind the number that was seen last. With the guard. */
static void place(struct bp_event_stream *s, const char *after)
{
	char *end = NULL;
	unsigned long long n = 0;
	bool ours = after && !strncmp(after, run, 16) && after[16] == '-';

	if (ours)
		n = strtoull(after + 17, &end, 10);
	ours = ours && end != after + 17 && !*end && n <= newest && newest - n < RING;
	s->told = ours ? n : newest;
	s->missed = after && !ours;
}

enum bp_error bp_event_join(struct bp_db *db, const struct bp_db_conf *conf, const struct bp_user *user, const char *after, int most,
	struct bp_event_stream **out)
{
	struct bp_event_stream *s = bp_xcalloc(1, sizeof(*s));
	int64_t until = bp_monotonic_us() + READY_MS * 1000LL;
	struct bp_arena a;
	enum bp_error e;

	s->user = (struct bp_user){.id = user->id, .by_id = user->by_id, .scopes_of = user->scopes_of, .most = user->most};
	bp_arena_init(&a, 64u << 20);
	e = read_sight(db, &a, &s->user, &s->sight);
	bp_arena_release(&a);
	pthread_mutex_lock(&guard);
	s->rights_at = bp_monotonic_us();
	if (!e && (n_streams >= most || stopping || !start_looking(conf)))
		e = BP_E_BUSY;
	if (!e) {
		n_streams++;
		/* What is told begins with a look: whoever reads everything after the greeting misses nothing. */
		while (!looked && !stopping && bp_monotonic_us() < until)
			wait_until(until);
		if (!looked) {
			n_streams--;
			e = BP_E_BUSY;
		}
	}
	if (!e) {
		place(s, after);
		s->next = streams;
		streams = s;
	}
	pthread_mutex_unlock(&guard);
	*out = s;
	if (e) {
		free(s->sight.at);
		free(s);
		*out = NULL;
	}
	return e;
}

static void greet(struct bp_event_stream *s, struct bp_buf *out)
{
	bp_buf_printf(out, "retry: 3000\nid: %s-%llu\nevent: ready\ndata: {\"missed\":%s}\n\n", run, (unsigned long long)s->told, s->missed ? "true" : "false");
	s->greeted = true;
	s->missed = false;
}

bool bp_event_wait(struct bp_event_stream *s, int ms, struct bp_buf *out)
{
	int64_t until = bp_monotonic_us() + ms * 1000LL;
	size_t before = out->len;
	bool on;

	pthread_mutex_lock(&guard);
	if (!s->greeted)
		greet(s, out);
	while (!s->over && !stopping && out->len == before) {
		if (newest - s->told >= RING) { /* it was too slow */
			s->told = newest;
			s->missed = true;
			greet(s, out);
		}
		for (; s->told < newest && out->len - before < 65536; s->told++) {
			const struct bp_event *e = &ring[(s->told + 1) % RING];

			if (concerns(s, e))
				bp_buf_printf(out, "id: %s-%llu\nevent: %s\ndata: %s\n\n", run, (unsigned long long)s->told + 1, kinds[e->kind], e->text);
		}
		if (out->len == before && !wait_until(until))
			break;
	}
	on = !s->over && !stopping;
	if (on && out->len == before) /* a sign of life, by which the place is kept too */
		bp_buf_printf(out, ": still here\nid: %s-%llu\n\n", run, (unsigned long long)s->told);
	pthread_mutex_unlock(&guard);
	return on;
}

void bp_event_leave(struct bp_event_stream *s)
{
	pthread_mutex_lock(&guard);
	for (struct bp_event_stream **p = &streams; *p; p = &(*p)->next)
		if (*p == s) {
			*p = s->next;
			break;
		}
	n_streams--;
	pthread_mutex_unlock(&guard);
	free(s->sight.at);
	free(s);
}

void bp_events_stop(void)
{
	bool join;

	pthread_mutex_lock(&guard);
	stopping = true;
	join = looking;
	if (join)
		pthread_cond_broadcast(&news);
	pthread_mutex_unlock(&guard);
	if (join)
		pthread_join(looker, NULL);
}
