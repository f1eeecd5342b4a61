/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_SUGGEST_H
#define BP_INTAKE_SUGGEST_H
/*
 * Which column of a file is which of ours.  Header words speak first (aliases of columns.def), the
 * values confirm or veto.  A column that is not sure stays unmapped: a wrong mapping costs more than a
 * missing one.  Each target is used once.
 */
#include "base/arena.h"
#include "intake/registry.h"
#include "intake/sniff.h"

struct im_guess {
	int target;        /* column of the entity, -1 = nothing of ours */
	double confidence; /* 0 .. 1 */
	const char *reason;/* for people */
};

/* One guess per column of the file, in the arena. */
struct im_guess *im_suggest(enum im_entity e, const struct im_sniffed *sn, struct bp_arena *a);
/* What the file probably holds, by its name (may be NULL) and columns; IM_ENTITY__MAX when nothing fits. */
enum im_entity im_guess_entity(const char *file_name, const struct im_sniffed *sn, struct bp_arena *a);

#endif
