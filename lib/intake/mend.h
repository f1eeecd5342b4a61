/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_MEND_H
#define BP_INTAKE_MEND_H
/* Saying what is done about a cause in all rows of a session's files; it counts when they are checked again. */
#include "db/db.h"
#include "intake/fix.h"

struct im_mending {
	const char *rule, *column; /* the cause; column NULL = whole rows */
	const char *kind;
	const char *from, *to; /* VALUE: from a text (not NULL) to another ("" = left out); FILL: to */
	bool once;             /* for this session, not for the next files of the source */
};

/* Does the fix make sense?  FIELDS otherwise: *field names the member that is wrong ("rule", "kind", "from", "to", "column"). */
enum bp_error im_mend_judge(const struct im_mending *m, const char **field, struct bp_fail *f);
/* Keep it for the sources of the files that have the cause, and have those read again.  Errors: as above, FIELDS too when no
 * file has the cause or the column does not take the value. */
enum bp_error im_mend(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, const struct im_mending *m, const char **field,
	struct bp_fail *f);
/* "RULE[:COLUMN]=KIND[:TO]" or "RULE:COLUMN=VALUE:FROM:TO", as the shell writes it; FIELDS when it is not of that form. */
enum bp_error im_mending_parse(const char *s, struct bp_arena *a, struct im_mending *m, struct bp_fail *f);

#endif
