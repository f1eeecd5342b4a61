/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_OVERLAY_H
#define BP_INTAKE_OVERLAY_H
/*
 * Values that people give outlets, laid over those of the source.  An import goes around them: a policy for each field
 * says whether the person's value stays, the source's counts, or whichever is newer.  What the source says is
 * remembered, so that its value can be taken again.
 */
#include "intake/intake.h"

enum im_overlay_field {
#define FIELD(name, live, staged, unmapped) IM_OV_##name,
#include "intake/overlay.def"
#undef FIELD
	IM_OV__MAX
};
extern const char *const im_overlay_fields[IM_OV__MAX + 1]; /* names, ending with NULL */
/* The same, and what people say by other ways: the time windows, and the territory that a scenario gave. */
enum { IM_POLICY_FIELDS = IM_OV__MAX + 2 };
extern const char *const im_policy_fields[IM_POLICY_FIELDS + 1];

struct im_overlay_value {
	const char *field;
	const char *value; /* as it would stand in a file; NULL = what the source says */
};
/*
 * Give an outlet values, inside the caller's transaction, as one change set with its reason.  They pass the checks that a row of a
 * file passes, warnings counting as errors.  *changed = how many differ from what stood there.
 * Errors: NOT_FOUND; FIELDS, with *bad = index of the value, when one does not fit (nothing is changed then).
 */
enum bp_error im_overlay_give(struct bp_db *db, struct bp_arena *a, uint64_t outlet, const struct im_overlay_value *v, size_t n, uint64_t user,
	const char *reason, size_t *changed, size_t *bad, struct bp_fail *f);

/* A person gave the outlet other windows: `before` and `now` are the texts of the query windows_text.  Inside the caller's change set. */
enum bp_error im_overlay_windows(struct bp_db *db, struct bp_arena *a, uint64_t outlet, const char *before, const char *now, uint64_t user);

/* --- inside the room --- */

/* Of o, an outlet: it lies where a published territory scenario put it (lib/territory), and the source's place does not count. */
#define IM_PLACED_BY_PERSON \
	"(EXISTS (SELECT 1 FROM outlet_edit xe WHERE xe.outlet_id = o.id AND xe.field = 'territory')" \
	" AND NOT EXISTS (SELECT 1 FROM field_policy xp WHERE xp.field = 'territory' AND xp.wins = 'SOURCE'))"

/* Before the rows of a session are compared: those of people's fields step aside as the policies say; repeatable. */
enum bp_error im_overlay_hold(struct im_work *w);
/* With the publication: what the source says now is remembered, and edits end that it overrules or agrees with. */
enum bp_error im_overlay_settle(struct im_work *w);

#endif
