/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DB_JOURNAL_H
#define BP_DB_JOURNAL_H
/*
 * The journal of changes: while a change set is open, triggers write down every value that changes in the
 * tables of journal_table, whichever statement changed it.  From it come the history and origin of values,
 * and a set can be taken back: value by value, where nobody changed it since.
 */
#include "db/db.h"

/* Make the triggers as the tables are now; for an administrator, after the schema patches. */
enum bp_error bp_journal_install(struct bp_db *db, struct bp_fail *f);

struct bp_change_set {
	const char *kind; /* IMPORT, EDIT or UNDO */
	uint64_t import;  /* 0 = none */
	uint64_t user;
	const char *reason;
};
/* Open a change set inside the transaction that makes the changes, which closes it. *id = its number. */
enum bp_error bp_journal_open(struct bp_db *db, const struct bp_change_set *s, uint64_t *id);

/*
 * Take a set back, inside the caller's transaction, and count in undo_count what came back and what stayed.  A value
 * stays when it is no longer the one that the set wrote, a row that it made when it is held or a later set changed it.
 * Rows that need no entry are the caller's.
 */
enum bp_error bp_journal_revert(struct bp_db *db, struct bp_arena *a, uint64_t id);

#endif
