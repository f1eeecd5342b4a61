/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clients that plan while harm is done. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "daemon/faults.h"

#define OPTIMISE_SECONDS 1
#define WAIT_MS 200
enum { EDITS_A_DRAFT = 12, JOB_POLLS = 600 };

/* The unit whose turn it is, of those with a plan: its id, 0 = none. */
static long long pick_unit(struct faults_client *c)
{
	json_t *list = faults_call(c, "GET", "/territories?units=1&channel=GT&limit=500", NULL, NULL), *x;
	int before = c->turn;
	long long id = 0;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, x) {
		if (json_is_object(json_object_get(x, "plan")) && !before--)
			id = (long long)json_integer_value(json_object_get(x, "id"));
	}
	json_decref(list);
	return id;
}

/* The lock of its unit and its draft; 0 = not yet. */
static long long open_draft(struct faults_client *c, long long *unit)
{
	char path[96], body[96];
	long long session = 0;

	if (*c->csrf || faults_sign_in(c))
		*unit = *unit ? *unit : pick_unit(c);
	if (*c->csrf && *unit) {
		snprintf(path, sizeof(path), "/territories/%lld/lock", *unit);
		json_decref(faults_call(c, "POST", path, "{\"channel\":\"GT\"}", NULL));
		snprintf(body, sizeof(body), "{\"territoryId\":%lld,\"channel\":\"GT\"}", *unit);
		session = faults_id(faults_call(c, "POST", "/planning/sessions", body, NULL), "id");
	}
	if (!session)
		faults_rest(WAIT_MS);
	return session;
}

/* Save or commit; false: what became of it is not known, or it was refused. */
static bool keep(struct faults_client *c, long long session, bool commit)
{
	struct faults_entry *x = faults_add(c, commit ? FAULTS_COMMIT : FAULTS_SAVE);
	char name[FAULTS_NAME], body[256];
	long status;

	faults_name(c, x->number, name);
	snprintf(body, sizeof(body), "{\"sessionId\":%lld,\"notes\":\"%s\"%s}", session, name, commit ? ",\"keepLock\":true" : "");
	json_decref(faults_call(c, "POST", commit ? "/planning/commit" : "/planning/save", body, &status));
	faults_promise(c, x, status == 200);
	return status == 200;
}

/* --- optimising --- */

/* Wait for the end of a job; the version that it proposes, 0 = none. */
static long long proposal(struct faults_client *c, long long job)
{
	long long version = 0;
	bool ended = false;
	char path[64];

	snprintf(path, sizeof(path), "/jobs/%lld", job);
	for (int i = 0; i < JOB_POLLS && !ended; i++) {
		json_t *j = faults_call(c, "GET", path, NULL, NULL);
		const char *state = json_string_value(json_object_get(j, "state"));

		ended = state && strcmp(state, "queued") && strcmp(state, "running");
		if (ended && !strcmp(state, "done"))
			version = (long long)json_integer_value(json_object_get(json_object_get(j, "result"), "versionId"));
		json_decref(j);
		if (!*c->csrf && !faults_sign_in(c))
			faults_rest(WAIT_MS);
		faults_rest(ended ? 0 : WAIT_MS);
	}
	return version;
}

/* A proposal is asked for, waited for and taken over. */
static bool optimise(struct faults_client *c, long long session)
{
	struct faults_entry *x = faults_add(c, FAULTS_OPTIMISE);
	char path[96], body[96];
	long status = 0;
	long long job;

	snprintf(body, sizeof(body), "{\"sessionId\":%lld,\"seconds\":%d}", session, OPTIMISE_SECONDS);
	job = faults_id(faults_call(c, "POST", "/optimize", body, NULL), "jobId");
	x->version = job ? proposal(c, job) : 0;
	if (!x->version)
		return false;
	snprintf(path, sizeof(path), "/planning/sessions/%lld/adopt", session);
	snprintf(body, sizeof(body), "{\"versionId\":%lld}", x->version);
	json_decref(faults_call(c, "POST", path, body, &status));
	faults_promise(c, x, status == 200);
	return status == 200;
}

void *faults_plan(void *client)
{
	struct faults_client *c = client;
	long long unit = 0, session = 0;

	while (!atomic_load(c->stop)) {
		int turn = (int)(c->n % 10);
		bool fine;

		if (!session) {
			session = open_draft(c, &unit);
			continue;
		}
		fine = turn == 7 ? optimise(c, session) : keep(c, session, turn % 5 == 4);
		if (turn % 5 == 4 || !fine)
			session = 0;
		faults_rest(30);
	}
	return NULL;
}

/* --- editing --- */

static long long at(json_t *draft, const char *name, size_t i)
{
	return (long long)json_integer_value(json_array_get(json_object_get(json_object_get(draft, "visits"), name), i));
}

/* A visit of a single date, or of a span, is in no standing tour. */
static bool stands(json_t *draft, size_t i)
{
	json_t *v = json_object_get(draft, "visits");

	return json_is_null(json_array_get(json_object_get(v, "to"), i)) && json_is_null(json_array_get(json_object_get(v, "from"), i));
}

/* The stops of a standing tour in their order; how many, more than there is room for too. */
static int read_tour(json_t *draft, long long seat, int day, long long order[FAULTS_STOPS])
{
	size_t n = json_array_size(json_object_get(json_object_get(draft, "visits"), "need"));
	long long pos[FAULTS_STOPS];
	int found = 0;

	for (size_t i = 0; i < n; i++) {
		int k = found;

		if (at(draft, "seat", i) != seat || at(draft, "day", i) != day)
			continue;
		if (!stands(draft, i) || found == FAULTS_STOPS)
			return FAULTS_STOPS + 1;
		for (; k && pos[k - 1] > at(draft, "pos", i); k--) {
			pos[k] = pos[k - 1];
			order[k] = order[k - 1];
		}
		pos[k] = at(draft, "pos", i);
		order[k] = at(draft, "need", i);
		found++;
	}
	return found;
}

static long long stop_of(const struct faults_tour *t, int k)
{
	return t->order[t->turned ? t->n - 1 - k : k];
}

/* Does the draft hold the tour as it was promised? When it was not known what became of the last edit, it tells. */
static void hold(struct faults_client *c, json_t *draft)
{
	struct faults_tour *t = &c->tour;
	long long order[FAULTS_STOPS];
	int n = t->n ? read_tour(draft, t->seat, t->day, order) : 0;
	bool same = n == t->n;

	for (int k = 0; k < t->n && same; k++)
		same = order[k] == stop_of(t, k);
	if (!same && t->unsure && n == t->n) {
		t->turned = !t->turned;
		same = true;
		for (int k = 0; k < n && same; k++)
			same = order[k] == stop_of(t, k);
	}
	c->drafts_wrong += !same;
	t->unsure = false;
}

static bool choose(struct faults_tour *t, json_t *draft)
{
	size_t n = json_array_size(json_object_get(json_object_get(draft, "visits"), "need"));
	const char *anchor = json_string_value(json_object_get(json_object_get(draft, "cycle"), "anchor"));
	int64_t first;

	for (size_t i = 0; i < n && anchor && bp_date_parse(anchor, &first); i++) {
		*t = (struct faults_tour){.seat = at(draft, "seat", i), .day = (int)at(draft, "day", i)};
		t->n = stands(draft, i) ? read_tour(draft, t->seat, t->day, t->order) : 0;
		if (t->n > 2 && t->n <= FAULTS_STOPS) {
			bp_date_format(first + t->day, t->date);
			return true;
		}
	}
	t->n = 0;
	return false;
}

/* Read the draft as a browser does that comes back: what was promised is there. Its sequence, -1 = it cannot be read now. */
static long long come_back(struct faults_client *c, long long session)
{
	json_t *draft;
	long long seq;
	char path[96];

	snprintf(path, sizeof(path), "/planning/sessions/%lld/draft", session);
	draft = faults_call(c, "GET", path, NULL, NULL);
	seq = draft ? (long long)json_integer_value(json_object_get(draft, "seq")) : -1;
	if (draft && c->tour.n)
		hold(c, draft);
	else if (draft && !choose(&c->tour, draft))
		seq = -1;
	json_decref(draft);
	return seq;
}

/* Turn the tour round. */
static bool turn(struct faults_client *c, long long session, long long *seq)
{
	struct faults_entry *x = faults_add(c, FAULTS_EDIT);
	struct faults_tour *t = &c->tour;
	char path[96], body[256 + 24 * FAULTS_STOPS], name[FAULTS_NAME];
	long status;
	json_t *r;
	int n;

	faults_name(c, x->number, name);
	t->turned = !t->turned;
	n = snprintf(body, sizeof(body), "{\"seq\":%lld,\"ops\":[{\"clientId\":\"%s\",\"kind\":\"arrange\",\"tours\":[{\"seat\":%lld,\"date\":\"%s\",\"order\":[", *seq, name, t->seat, t->date);
	for (int k = 0; k < t->n; k++)
		n += snprintf(body + n, sizeof(body) - (size_t)n, "%s%lld", k ? "," : "", stop_of(t, k));
	snprintf(body + n, sizeof(body) - (size_t)n, "]}]}]}");
	snprintf(path, sizeof(path), "/planning/sessions/%lld/ops", session);
	r = faults_call(c, "POST", path, body, &status);
	faults_promise(c, x, r != NULL);
	*seq = r ? (long long)json_integer_value(json_object_get(r, "seq")) : *seq;
	json_decref(r);
	if (status == 200)
		return true;
	/* Refused: nothing was done. Not answered: the draft will tell. */
	t->turned = !t->turned;
	t->unsure = status == 0 || status >= 500;
	return false;
}

/* Take the last edit back, which the entry before is. */
static bool take_back(struct faults_client *c, long long session, long long *seq)
{
	struct faults_entry *x = &c->entry[c->n - 1];
	char path[96], body[64];
	long status;
	json_t *r;

	snprintf(path, sizeof(path), "/planning/sessions/%lld/undo", session);
	snprintf(body, sizeof(body), "{\"seq\":%lld}", *seq);
	r = faults_call(c, "POST", path, body, &status);
	*seq = r ? (long long)json_integer_value(json_object_get(r, "seq")) : *seq;
	json_decref(r);
	x->undone = status == 200;
	x->unsure = c->tour.unsure = status == 0 || status >= 500;
	c->tour.turned ^= x->undone;
	return x->undone;
}

void *faults_edit(void *client)
{
	struct faults_client *c = client;
	long long unit = 0, session = 0, seq = -1;

	for (int done = 0; !atomic_load(c->stop); done++) {
		bool fine;

		if (!session || seq < 0) {
			session = open_draft(c, &unit);
			seq = session ? come_back(c, session) : -1;
			continue;
		}
		fine = turn(c, session, &seq);
		if (fine && done % 3 == 2)
			fine = take_back(c, session, &seq);
		if (fine && done % EDITS_A_DRAFT == EDITS_A_DRAFT - 1) {
			keep(c, session, true);
			fine = false; /* the next draft begins from the plan, which has to hold the same */
		}
		if (!fine)
			session = 0;
		faults_rest(30);
	}
	session = open_draft(c, &unit);
	if (session)
		come_back(c, session);
	return NULL;
}
