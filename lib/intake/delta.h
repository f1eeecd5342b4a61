/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_DELTA_H
#define BP_INTAKE_DELTA_H
/* What publishing a session would do to what is stored: outlets that vanish, visits and plans that break. */
#include "intake/intake.h"
#include "queries.h"

/* Note the outlets that the complete lists of the session do not name, though they lie in its territories: those of the highest
 * level that the files name, everywhere when they name none. */
enum bp_error im_find_vanished(struct im_work *w);
/* How many there are, and what becomes of them.  IMPORT_STATE when nobody has said yet, with one of them and the remedy in *f. */
enum bp_error im_vanished_answered(struct bp_db *db, struct bp_arena *a, uint64_t session, struct q_import_vanished *v, struct bp_fail *f);
/* Retire them as the session says; nothing when they are kept.  IMPORT_STATE when nobody has said yet. Inside the publication. */
enum bp_error im_retire_vanished(struct im_work *w);

/* The preview as JSON: counts, samples, and what would break (visits by planning unit and reason, units that grow too large
 * or become empty, plans that somebody has locked).  *out is owned by the caller. */
enum bp_error im_delta_summary(struct im_work *w, json_t **out);

#endif
