/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_MEND_H
#define BP_INTAKE_MEND_H
/* Saying what is done about a cause in all rows of a session's files; it counts when they are checked again. */
#include "db/db.h"
#include "intake/mending.h"

/* Keep it for the sources of the files that have the cause, and have those read again.  Errors: as above, FIELDS too when no
 * file has the cause or the column does not take the value. */
enum bp_error im_mend(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, const struct im_mending *m, const char **field,
	struct bp_fail *f);

#endif
