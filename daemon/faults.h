/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_FAULTS_H
#define BP_DAEMON_FAULTS_H
/*
 * Clients of `beatplan faults`, one a thread: they edit, undo, save, commit, optimise and import over HTTP while harm is done, and
 * remember what they were promised.  A request that was not answered is sent again under its key; one that never was promises nothing: it may have
 * happened once, or not.
 */
#include <jansson.h>
#include <stdatomic.h>

#include "db/db.h"

#define FAULTS_ROWS 400 /* of an import */

enum faults_what { FAULTS_SAVE, FAULTS_COMMIT, FAULTS_IMPORT, FAULTS_EDIT, FAULTS_OPTIMISE, FAULTS__WHATS };
struct faults_entry {
	enum faults_what what;
	int number;
	bool promised;
	bool undone, unsure; /* of an edit: it was taken back; whether it was is not known */
	long long version;   /* of an optimisation: the proposal that was adopted */
};
/* A tour whose order is changed to and fro. */
#define FAULTS_STOPS 60
struct faults_tour {
	long long seat, order[FAULTS_STOPS];
	int day, n;       /* n 0 = none was chosen yet */
	bool turned, unsure;
	char date[16];
};
struct faults_client {
	const char *base;   /* http://127.0.0.1:PORT/api/v1 */
	const char *user;
	int turn;           /* planners take different units: the first that has a plan, or the next */
	uint64_t seed;      /* its entries bear it */
	atomic_bool *stop;
	atomic_long *kept;  /* promises of all of them */
	struct faults_entry *entry;
	size_t n, room;
	int asked, again;   /* for how much, which makes the keys of requests; how often for the same again */
	struct faults_tour tour;
	long long drafts_wrong; /* drafts and plans that did not hold the edits that were promised */
	void *curl;
	char token[64], csrf[64];
};
/* pthread bodies, until *stop: one edits a draft, undoes, and commits now and then; one saves, commits and optimises; one imports. */
void *faults_edit(void *client);
void *faults_plan(void *client);
void *faults_import(void *client);
bool faults_healthy(const char *base);

struct faults_sum {
	int64_t promised[FAULTS__WHATS], again;
	int64_t lost, twice, half; /* half = an import of which some rows are there and some not */
	int64_t edits_lost, edits_twice;          /* an edit or undo that was promised is not there; it is there more than once */
	int64_t adopted_lost, adopted_twice;      /* the same of proposals taken over */
	int64_t optimised_twice, optimised_lost;  /* proposals beyond those of jobs that are done; jobs that are done and have none */
};
/* Hold what clients were promised against the tables. */
enum bp_error faults_check(struct bp_db *db, const struct faults_client *c, struct faults_sum *sum);
/* Do all jobs of the optimiser have one proposal each? */
enum bp_error faults_check_jobs(struct bp_db *db, struct faults_sum *sum);
void faults_release(struct faults_client *c);

/* Between faults.c and faults_plan.c. */
void faults_rest(int ms);
bool faults_sign_in(struct faults_client *c);
/* A request in JSON, until it is answered; only a 200 gives its reply, which is the caller's. `status` may be NULL. */
json_t *faults_call(struct faults_client *c, const char *method, const char *path, const char *body, long *status);
long long faults_id(json_t *reply, const char *name); /* of a reply, which is released */
struct faults_entry *faults_add(struct faults_client *c, enum faults_what what);
void faults_promise(struct faults_client *c, struct faults_entry *x, bool kept);
#define FAULTS_NAME 64
void faults_name(const struct faults_client *c, int number, char out[FAULTS_NAME]);

#endif
