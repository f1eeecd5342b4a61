/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_FAULTS_H
#define BP_DAEMON_FAULTS_H
/*
 * Clients of `beatplan faults`, one a thread: they save, commit and import over HTTP while harm is done, and remember what they
 * were promised.  A request that was not answered is sent again under its key; one that never was promises nothing: it may have
 * happened once, or not.
 */
#include <jansson.h>
#include <stdatomic.h>

#include "db/db.h"

#define FAULTS_ROWS 400 /* of an import */

enum faults_what { FAULTS_SAVE, FAULTS_COMMIT, FAULTS_IMPORT };
struct faults_entry {
	enum faults_what what;
	int number;
	bool promised;
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
	void *curl;
	char token[64], csrf[64];
};
/* pthread bodies: one plans, one imports, until *stop. */
void *faults_plan(void *client);
void *faults_import(void *client);
bool faults_healthy(const char *base);

struct faults_sum {
	int64_t promised, again, lost, twice, half; /* half = an import of which some rows are there and some not */
};
/* Hold what clients were promised against the tables. */
enum bp_error faults_check(struct bp_db *db, const struct faults_client *c, struct faults_sum *sum);
void faults_release(struct faults_client *c);

#endif
