/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUDIT_CHAIN_H
#define BP_AUDIT_CHAIN_H
/*
 * The trail as a chain.  Each event in turn gets a seal: BLAKE2b-256 over the seal before (32 zero bytes at first) and the
 * event with its changes as one line of JSON.  A worker seals, not the transaction of the event, which would make all commits
 * wait for each other.  It seals an event only when no transaction can come any more with a lower number: events are at least
 * two seconds old, and locked for a moment, which waits for nobody but refuses while one of them is not committed.
 *
 * The newest seal is published outside the database, in DIR/heads.log (append only) and in the log, so that not even who
 * may write to every table can make another chain.  Months that are over go to DIR/YYYY-MM.jsonl.gz:
 *
 *   {"archive":"beatplan-audit-1","previous":"<seal before>","first":N}
 *   {"hash":"<seal>","event":{...}}         hash = BLAKE2b-256(bytes of the seal before, bytes of the event as they stand)
 *   {"last":N,"head":"<seal>"}
 */
#include "db/db.h"

#define BP_AUDIT_HASH 32
struct bp_audit_link {
	int64_t seal, event; /* 0 = before the first */
	unsigned char hash[BP_AUDIT_HASH];
};

/* Seal what waits. *sealed = how many events; events whose turn has not come stay. */
enum bp_error bp_audit_seal(struct bp_db *db, int64_t *sealed);
/* Append the newest seal to DIR/heads.log when it is not there yet. */
enum bp_error bp_audit_publish(struct bp_db *db, const char *dir, struct bp_fail *f);
/* Write the months that are over at `now` (microseconds) to files; *made = how many. */
enum bp_error bp_audit_archive(struct bp_db *db, const char *dir, int64_t now, int64_t *made, struct bp_fail *f);
/* Take out of the tables what is archived and older than so many days. */
enum bp_error bp_audit_prune(struct bp_db *db, int64_t days);

struct bp_audit_verdict {
	bool broken;
	struct bp_audit_link at; /* the first row that is not as it was sealed */
	char what[300];
	int64_t tables, archived, published; /* events and heads that were held against the chain */
	int64_t waiting;                     /* events not sealed yet */
	struct bp_audit_link head;
};
/* Hold archives, tables and published heads against the chain; stops at the first break. `dir` may be NULL. An error is one of
 * reading, never a break. */
enum bp_error bp_audit_verify(struct bp_db *db, const char *dir, struct bp_audit_verdict *v, struct bp_fail *f);
/* One archive by itself. */
enum bp_error bp_audit_verify_file(const char *path, struct bp_audit_verdict *v, struct bp_fail *f);

#endif
