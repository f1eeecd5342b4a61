/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/faults.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/auth.h"
#include "base/buf.h"
#include "queries.h"

#define PASSWORD "beatplan-demo" /* the state is a demo of its own */
#define REPLY_MOST (8u << 20)
enum { TRIES = 200, PAUSE_MS = 100 };

void faults_rest(int ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

static size_t take(char *data, size_t size, size_t n, void *ctx)
{
	bp_buf_add(ctx, data, size * n);
	return size * n;
}

static size_t take_head(char *line, size_t size, size_t n, void *ctx)
{
	struct faults_client *c = ctx;
	const char *name = BP_AUTH_COOKIE "=", *at = n * size > 12 ? memmem(line, size * n, name, strlen(name)) : NULL;

	if (at)
		snprintf(c->token, sizeof(c->token), "%.*s", (int)strcspn(at + strlen(name), ";\r\n"), at + strlen(name));
	return size * n;
}

/* One request; the status, 0 = not answered. *reply is owned by the caller, NULL when it is no JSON. */
static long ask_once(struct faults_client *c, const char *method, const char *path, const char *type, const char *body, json_t **reply)
{
	char url[512], cookie[128], csrf[128], media[64], key[64];
	struct curl_slist *head = NULL;
	struct bp_buf b;
	long status = 0;

	if (!c->curl)
		c->curl = curl_easy_init();
	snprintf(url, sizeof(url), "%s%s", c->base, path);
	snprintf(cookie, sizeof(cookie), "Cookie: " BP_AUTH_COOKIE "=%s", c->token);
	snprintf(csrf, sizeof(csrf), "X-CSRF-Token: %s", c->csrf);
	snprintf(media, sizeof(media), "Content-Type: %s", type);
	snprintf(key, sizeof(key), "Idempotency-Key: %llu-%d", (unsigned long long)c->seed, c->asked);
	head = curl_slist_append(curl_slist_append(curl_slist_append(curl_slist_append(head, cookie), csrf), media), key);
	bp_buf_init(&b, REPLY_MOST);
	curl_easy_reset(c->curl);
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &b);
	curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_head);
	curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
	if (body)
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body);
	if (!curl_easy_perform(c->curl))
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	*reply = status ? json_loadb(b.data, b.len, 0, NULL) : NULL;
	curl_slist_free_all(head);
	bp_buf_release(&b);
	return status;
}

/* What is not answered, by a program that misses another, or too often, is asked again: its key makes that harmless. */
static long ask(struct faults_client *c, const char *method, const char *path, const char *type, const char *body, json_t **reply)
{
	long status = 0;

	*reply = NULL;
	c->asked++;
	for (int i = 0; i < TRIES && (status == 0 || status == 429 || status >= 500); i++) {
		if (i) {
			faults_rest(PAUSE_MS);
			c->again++;
		}
		json_decref(*reply);
		status = ask_once(c, method, path, type, body, reply);
	}
	return status;
}

/* The same in JSON; only a 200 gives its reply. */
json_t *faults_call(struct faults_client *c, const char *method, const char *path, const char *body, long *status)
{
	json_t *reply;
	long s = ask(c, method, path, "application/json", body, &reply);

	if (status)
		*status = s;
	if (s == 401) /* a clock that was set ends sessions */
		*c->csrf = '\0';
	if (s == 200)
		return reply ? reply : json_object();
	json_decref(reply);
	return NULL;
}

long long faults_id(json_t *reply, const char *name)
{
	long long id = (long long)json_integer_value(json_object_get(reply, name));

	json_decref(reply);
	return id;
}

bool faults_sign_in(struct faults_client *c)
{
	char body[160];
	json_t *me;

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"" PASSWORD "\"}", c->user);
	me = faults_call(c, "POST", "/auth/login", body, NULL);
	if (me)
		snprintf(c->csrf, sizeof(c->csrf), "%s", json_string_value(json_object_get(me, "csrf")));
	json_decref(me);
	return me;
}

bool faults_healthy(const char *base)
{
	struct faults_client c = {.base = base};
	json_t *r;
	long status = ask_once(&c, "GET", "/healthz", "application/json", NULL, &r);

	json_decref(r);
	curl_easy_cleanup(c.curl);
	return status == 200;
}

struct faults_entry *faults_add(struct faults_client *c, enum faults_what what)
{
	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 256;
		c->entry = bp_xrealloc(c->entry, c->room * sizeof(*c->entry));
	}
	c->entry[c->n] = (struct faults_entry){.what = what, .number = (int)c->n};
	return &c->entry[c->n++];
}

void faults_promise(struct faults_client *c, struct faults_entry *x, bool kept)
{
	x->promised = kept;
	atomic_fetch_add(c->kept, kept);
}

void faults_name(const struct faults_client *c, int number, char out[FAULTS_NAME])
{
	snprintf(out, FAULTS_NAME, "fault-%llu-%s-%d", (unsigned long long)c->seed, c->user, number);
}

/* --- imports --- */

/* Wait until the session stands so; false when it does not come there. */
static bool reach(struct faults_client *c, const char *path, const char *wanted)
{
	for (int i = 0; i < 1200; i++) {
		json_t *s = faults_call(c, "GET", path, NULL, NULL);
		const char *status = json_string_value(json_object_get(s, "status"));
		bool there = status && !strcmp(status, wanted), failed = status && !strcmp(status, "FAILED");

		json_decref(s);
		if (there || failed)
			return there;
		faults_rest(50);
	}
	return false;
}

/* A step that has begun already is refused, and waited for all the same. */
static bool step(struct faults_client *c, const char *session, const char *what, const char *wanted)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", session, what);
	json_decref(faults_call(c, "POST", path, "{}", NULL));
	return reach(c, session, wanted);
}

static void import_one(struct faults_client *c, struct faults_entry *x)
{
	char path[128], name[64], body[128];
	struct bp_buf b;
	long status = 0;
	long long id;
	json_t *reply;

	faults_name(c, x->number, name);
	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	id = faults_id(faults_call(c, "POST", "/import/sessions", body, NULL), "id");
	if (!id)
		return;
	bp_buf_init(&b, 1u << 20);
	bp_buf_str(&b, "code,name,latitude,longitude,country,region,area,channel\n");
	for (int i = 0; i < FAULTS_ROWS; i++)
		bp_buf_printf(&b, "%s-%04d,Kiosk %d,12.%04d,77.%04d,Faultland,North,Area %d,GT\n", name, i, i, 1000 + i, 1000 + i * 3, i % 4);
	snprintf(path, sizeof(path), "/import/uploads?session=%lld&name=%s.csv", id, name);
	status = ask(c, "PUT", path, "text/csv", b.data, &reply);
	json_decref(reply);
	bp_buf_release(&b);
	snprintf(path, sizeof(path), "/import/sessions/%lld", id);
	faults_promise(c, x, status == 200 && step(c, path, "validate", "READY") && step(c, path, "process", "COMPLETED"));
}

void *faults_import(void *client)
{
	struct faults_client *c = client;

	while (!atomic_load(c->stop)) {
		if (*c->csrf || faults_sign_in(c))
			import_one(c, faults_add(c, FAULTS_IMPORT));
		faults_rest(100);
	}
	return NULL;
}

/* --- what was promised --- */

enum bp_error faults_check(struct bp_db *db, const struct faults_client *c, struct faults_sum *sum)
{
	char name[64];
	struct bp_arena a;
	enum bp_error e = BP_E_OK;

	bp_arena_init(&a, 16u << 20);
	for (size_t i = 0; i < c->n && !e; i++) {
		const struct faults_entry *x = &c->entry[i];
		struct q_faults_outlets o = {0};
		struct q_faults_versions v = {0};

		faults_name(c, x->number, name);
		if (x->what == FAULTS_EDIT) {
			struct q_faults_ops op = {0};

			e = q_faults_ops(db, &a, name, &op);
			sum->edits_lost += x->promised && !x->unsure && (x->undone ? op.standing > 0 : op.standing == 0);
			sum->edits_twice += op.n > 1;
		} else if (x->what == FAULTS_OPTIMISE) {
			struct q_faults_adopted ad = {0};

			e = x->version ? q_faults_adopted(db, &a, x->version, &ad) : BP_E_OK;
			sum->adopted_lost += x->promised && ad.n == 0;
			sum->adopted_twice += ad.n > 1;
		} else if (x->what == FAULTS_IMPORT) {
			e = q_faults_outlets(db, &a, bp_sprintf(&a, "%s-", name), &o);
			sum->lost += x->promised && o.n < FAULTS_ROWS;
			sum->half += o.n > 0 && o.n < FAULTS_ROWS;
			sum->twice += o.n > o.codes;
		} else {
			e = q_faults_versions(db, &a, name, &v);
			sum->lost += x->promised && v.n == 0;
			sum->twice += v.n > 1;
		}
		sum->promised[x->what] += x->promised;
	}
	sum->again += c->again;
	sum->edits_lost += c->drafts_wrong;
	bp_arena_release(&a);
	return e;
}

enum bp_error faults_check_jobs(struct bp_db *db, struct faults_sum *sum)
{
	struct q_faults_proposals r = {0};
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = q_faults_proposals(db, &a, &r);
	sum->optimised_twice = r.versions > r.done ? r.versions - r.done : 0;
	sum->optimised_lost = r.missing;
	bp_arena_release(&a);
	return e;
}

void faults_release(struct faults_client *c)
{
	free(c->entry);
	curl_easy_cleanup(c->curl);
}
