/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_MENDING_H
#define BP_INTAKE_MENDING_H
/* What a person says is done about a cause: as the shell writes it, and whether it makes sense. */
#include "base/arena.h"
#include "base/error.h"

struct im_mending {
	const char *rule, *column; /* the cause; column NULL = whole rows */
	const char *kind;
	const char *from, *to; /* VALUE: from a text (not NULL) to another ("" = left out); FILL: to */
	bool once;             /* for this session, not for the next files of the source */
};

/* Does the fix make sense?  FIELDS otherwise: *field names the member that is wrong ("rule", "kind", "from", "to", "column"). */
enum bp_error im_mend_judge(const struct im_mending *m, const char **field, struct bp_fail *f);
/* "RULE[:COLUMN]=KIND[:TO]" or "RULE:COLUMN=VALUE:FROM:TO", as the shell writes it; FIELDS when it is not of that form. */
enum bp_error im_mending_parse(const char *s, struct bp_arena *a, struct im_mending *m, struct bp_fail *f);
/* FIELDS, for a member that is wrong: its name goes to *field, `why` to the detail. */
enum bp_error im_mending_wrong(const char **field, const char *name, struct bp_fail *f, const char *why);

#endif
