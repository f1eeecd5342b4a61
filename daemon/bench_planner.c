/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/bench_planner.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/auth.h"
#include "base/buf.h"
#include "base/time.h"

const char *const bp_planner_calls[BP_CALL__MAX] = {"load", "edit", "save", "commit", "last commit", "read"};

enum { SAMPLES_STEP = 256, REPLY_MOST = 256 << 20, UNDO_MOST = 4096, EDITS_A_SAVE = 25, SAVES_A_COMMIT = 3 };

/* One visit of a need in the cycle: the case has no more. */
struct visit {
	int64_t need, seat;
	int day;
};
struct moved {
	size_t visit;
	int from;
};
struct work {
	struct bp_planner *p;
	CURL *curl;
	struct curl_slist *head;
	struct bp_buf reply;
	long status;
	int64_t session, plan, seq;
	int64_t anchor; /* date of cycle day 0 */
	struct visit *visit;
	size_t n_visits;
	struct moved done[UNDO_MOST]; /* since the draft was opened */
	size_t n_done;
	uint64_t random;
};

static double chance(struct work *w)
{
	w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(w->random >> 11) / 9007199254740992.0;
}

static size_t one_of(struct work *w, size_t n)
{
	return (size_t)(chance(w) * (double)n);
}

static void pause_for(double seconds)
{
	struct timespec t = {(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};

	nanosleep(&t, NULL);
}

static size_t on_bytes(char *data, size_t size, size_t n, void *ctx)
{
	struct bp_buf *b = ctx;

	bp_buf_add(b, data, size * n);
	return b->over ? 0 : size * n;
}

static void note(struct bp_planner *p, enum bp_planner_call call, int64_t since)
{
	if (p->n[call] % SAMPLES_STEP == 0)
		p->ms[call] = bp_xrealloc(p->ms[call], (p->n[call] + SAMPLES_STEP) * sizeof(float));
	p->ms[call][p->n[call]++] = (float)(bp_monotonic_us() - since) / 1000;
}

/* Call, and measure until the last byte is here.  The body belongs to the work until the next call; false = no reply. */
static bool call(struct work *w, enum bp_planner_call kind, const char *method, const char *body, const char *path, ...)
{
	int64_t start = bp_monotonic_us();
	char url[300], key[64];
	struct curl_slist head = {key, w->head};
	size_t n = (size_t)snprintf(url, sizeof(url), "%s", w->p->base);
	va_list ap;

	va_start(ap, path);
	vsnprintf(url + n, sizeof(url) - n, path, ap);
	va_end(ap);
	bp_buf_clear(&w->reply);
	snprintf(key, sizeof(key), "Idempotency-Key: %" PRIu64 "-%" PRId64, w->p->seed, start);
	curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, &head);
	curl_easy_setopt(w->curl, CURLOPT_URL, url);
	curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, body ? body : "");
	curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE, body ? (long)strlen(body) : 0L);
	if (!strcmp(method, "GET")) {
		curl_easy_setopt(w->curl, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, NULL);
	}
	w->status = 0;
	if (curl_easy_perform(w->curl) == CURLE_OK)
		curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &w->status);
	note(w->p, kind, start);
	bp_buf_chr(&w->reply, '\0');
	return w->status != 0;
}

/* A reply that should not be. */
static bool failed(struct work *w, const char *what)
{
	if (!w->p->errors++)
		snprintf(w->p->first_error, sizeof(w->p->first_error), "%s: %ld %.150s", what, w->status, w->reply.len ? w->reply.data : "");
	return false;
}

static json_t *reply(struct work *w)
{
	return json_loads(w->reply.data, 0, NULL);
}

static int64_t number(json_t *o, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(o, name));
}

/* The visits of a draft or of a version; false when it is none. */
static bool read_visits(json_t *draft, struct visit **out, size_t *n, int64_t *anchor)
{
	json_t *v = json_object_get(draft, "visits"), *need = json_object_get(v, "need"), *seat = json_object_get(v, "seat"), *day = json_object_get(v, "day");
	const char *date = json_string_value(json_object_get(json_object_get(draft, "cycle"), "anchor"));

	if (!date || !bp_date_parse(date, anchor))
		return false;
	*n = json_array_size(need);
	*out = bp_xcalloc(*n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct visit){(int64_t)json_integer_value(json_array_get(need, i)), (int64_t)json_integer_value(json_array_get(seat, i)),
			(int)json_integer_value(json_array_get(day, i))};
	return true;
}

static int by_need(const void *a, const void *b)
{
	int64_t x = ((const struct visit *)a)->need, y = ((const struct visit *)b)->need;

	return (x > y) - (x < y);
}

/* Open the plan: the lock, the session, what the map shows, and the draft. */
static bool open_plan(struct work *w)
{
	struct bp_planner *p = w->p;
	char body[120], details[40];
	json_t *o;
	bool ok;

	snprintf(body, sizeof(body), "{\"channel\":\"GT\"}");
	if (!call(w, BP_CALL_LOAD, "POST", body, "/territories/%" PRId64 "/lock", p->unit) || w->status != 200)
		return failed(w, "lock");
	snprintf(body, sizeof(body), "{\"territoryId\":%" PRId64 ",\"channel\":\"GT\"}", p->unit);
	if (!call(w, BP_CALL_LOAD, "POST", body, "/planning/sessions") || (w->status != 200 && w->status != 201))
		return failed(w, "open");
	o = reply(w);
	w->session = number(o, "id");
	w->plan = number(o, "planId");
	w->seq = number(o, "seq");
	json_decref(o);
	if (!call(w, BP_CALL_LOAD, "GET", NULL, "/territories/%" PRId64 "/snapshot", p->unit) || w->status != 200)
		return failed(w, "snapshot");
	o = reply(w);
	snprintf(details, sizeof(details), "%s", json_string_value(json_object_get(o, "details")));
	json_decref(o);
	if (!call(w, BP_CALL_LOAD, "GET", NULL, "/territories/%" PRId64 "/snapshot/details?v=%s", p->unit, details) || w->status != 200)
		return failed(w, "details");
	if (!call(w, BP_CALL_LOAD, "GET", NULL, "/planning/sessions/%" PRId64 "/draft", w->session) || w->status != 200)
		return failed(w, "draft");
	o = reply(w);
	free(w->visit);
	w->visit = NULL;
	ok = read_visits(o, &w->visit, &w->n_visits, &w->anchor);
	json_decref(o);
	w->n_done = 0;
	if (ok)
		qsort(w->visit, w->n_visits, sizeof(*w->visit), by_need);
	return (ok && w->n_visits) || failed(w, "no visits");
}

/* Put a visit on another day of its week. */
static bool move(struct work *w)
{
	size_t i = one_of(w, w->n_visits);
	struct visit *v = &w->visit[i];
	int week = v->day / 7 * 7, to = week + (v->day - week + 1 + (int)one_of(w, 4)) % 5;
	char from_text[BP_DATE_SIZE], to_text[BP_DATE_SIZE], body[500];
	json_t *o;

	if (to == v->day)
		return true;
	bp_date_format(w->anchor + v->day, from_text);
	bp_date_format(w->anchor + to, to_text);
	snprintf(body, sizeof(body), "{\"seq\":%" PRId64 ",\"ops\":[{\"clientId\":\"b%" PRIu64 "-%zu-%" PRId64 "\",\"kind\":\"move\",\"reach\":\"standing\","
		"\"reason\":\"bench\",\"visits\":[{\"need\":%" PRId64 ",\"date\":\"%s\"}],\"date\":\"%s\",\"seat\":%" PRId64 "}]}", w->seq, w->p->seed,
		w->p->n[BP_CALL_EDIT], w->session, v->need, from_text, to_text, v->seat);
	if (!call(w, BP_CALL_EDIT, "POST", body, "/planning/sessions/%" PRId64 "/ops", w->session))
		return failed(w, "move");
	if (w->status == 422) {
		w->p->refused++;
		return true;
	}
	if (w->status != 200)
		return failed(w, "move");
	o = reply(w);
	w->seq = number(o, "seq");
	json_decref(o);
	w->p->acknowledged++;
	if (w->n_done == UNDO_MOST) { /* the oldest is forgotten */
		memmove(w->done, w->done + 1, (UNDO_MOST - 1) * sizeof(w->done[0]));
		w->n_done--;
	}
	w->done[w->n_done++] = (struct moved){i, v->day};
	v->day = to;
	return true;
}

static bool undo(struct work *w)
{
	char body[60];
	json_t *o;

	if (!w->n_done)
		return true;
	snprintf(body, sizeof(body), "{\"seq\":%" PRId64 "}", w->seq);
	if (!call(w, BP_CALL_EDIT, "POST", body, "/planning/sessions/%" PRId64 "/undo", w->session) || w->status != 200)
		return failed(w, "undo");
	o = reply(w);
	w->seq = number(o, "seq");
	json_decref(o);
	w->p->acknowledged++;
	w->n_done--;
	w->visit[w->done[w->n_done].visit].day = w->done[w->n_done].from;
	return true;
}

static bool look(struct work *w)
{
	return (call(w, BP_CALL_READ, "GET", NULL, "/outlets/%" PRId64, w->p->outlet[one_of(w, w->p->n_outlets)].id) && w->status == 200) ||
		failed(w, "outlet");
}

static bool keep(struct work *w, enum bp_planner_call what)
{
	const char *verb = what == BP_CALL_SAVE ? "save" : "commit";
	char body[120];

	snprintf(body, sizeof(body), "{\"sessionId\":%" PRId64 ",\"notes\":\"bench\"}", w->session);
	return (call(w, what, "POST", body, "/plans/%" PRId64 "/%s", w->plan, verb) && w->status == 200) || failed(w, verb);
}

/* Every change that was taken must stand in the plan as it is now. */
static void compare(struct work *w)
{
	struct visit *now = NULL;
	int64_t anchor;
	size_t n = 0;
	json_t *o;

	if (!call(w, BP_CALL_LOAD, "GET", NULL, "/plans/%" PRId64 "/draft", w->plan) || w->status != 200) {
		failed(w, "plan");
		return;
	}
	o = reply(w);
	if (read_visits(o, &now, &n, &anchor))
		qsort(now, n, sizeof(*now), by_need);
	json_decref(o);
	for (size_t i = 0; i < w->n_visits; i++) {
		const struct visit *at = n ? bsearch(&w->visit[i], now, n, sizeof(*now), by_need) : NULL;

		w->p->lost += !at || at->day != w->visit[i].day;
	}
	free(now);
}

static bool work_init(struct work *w, struct bp_planner *p)
{
	char text[200];
	json_t *o;

	memset(w, 0, sizeof(*w));
	w->p = p;
	w->random = p->seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	bp_buf_init(&w->reply, REPLY_MOST);
	w->curl = curl_easy_init();
	if (!w->curl)
		return failed(w, "no client");
	snprintf(text, sizeof(text), BP_AUTH_COOKIE "=%s", p->cookie);
	curl_easy_setopt(w->curl, CURLOPT_COOKIE, text);
	curl_easy_setopt(w->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, &w->reply);
	if (!call(w, BP_CALL_LOAD, "GET", NULL, "/auth/me") || w->status != 200)
		return failed(w, "sign-in");
	o = reply(w);
	snprintf(text, sizeof(text), "X-CSRF-Token: %s", json_string_value(json_object_get(o, "csrf")));
	json_decref(o);
	w->head = curl_slist_append(NULL, text);
	w->head = curl_slist_append(w->head, "Content-Type: application/json");
	return true;
}

static void work_release(struct work *w)
{
	curl_slist_free_all(w->head);
	if (w->curl)
		curl_easy_cleanup(w->curl);
	bp_buf_release(&w->reply);
	free(w->visit);
}

void *bp_planner_run(void *planner)
{
	struct bp_planner *p = planner;
	struct work *w = bp_xmalloc(sizeof(*w));
	bool ok = work_init(w, p);
	int edits = 0, saves = 0;

	if (ok) /* they do not all begin at once */
		pause_for(chance(w) * p->think_seconds * 2);
	ok = ok && open_plan(w);
	while (ok && bp_monotonic_us() < p->until_us) {
		double what = chance(w);

		pause_for(-log(1 - chance(w)) * p->think_seconds);
		if (what < 0.6) {
			ok = move(w);
			edits++;
		} else if (what < 0.7) {
			ok = undo(w);
		} else {
			ok = look(w);
		}
		if (!ok || edits < EDITS_A_SAVE)
			continue;
		edits = 0;
		ok = keep(w, ++saves % SAVES_A_COMMIT ? BP_CALL_SAVE : BP_CALL_COMMIT);
		if (ok && saves % SAVES_A_COMMIT == 0) {
			compare(w);
			ok = open_plan(w);
		}
	}
	if (ok && keep(w, BP_CALL_LAST))
		compare(w);
	work_release(w);
	free(w);
	return NULL;
}

int bp_planner_lock(struct bp_planner *p)
{
	struct work *w = bp_xmalloc(sizeof(*w));
	int got = -1;

	if (work_init(w, p) && call(w, BP_CALL_LOAD, "POST", "{\"channel\":\"GT\"}", "/territories/%" PRId64 "/lock", p->unit))
		got = w->status == 200 ? 1 : w->status == 409 ? 0 : -1;
	work_release(w);
	free(w);
	return got;
}

void bp_planner_unlock(struct bp_planner *p)
{
	struct work *w = bp_xmalloc(sizeof(*w));

	if (work_init(w, p))
		call(w, BP_CALL_LOAD, "DELETE", NULL, "/territories/%" PRId64 "/lock?channel=GT", p->unit);
	work_release(w);
	free(w);
}
