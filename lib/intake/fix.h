/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_FIX_H
#define BP_INTAKE_FIX_H
/*
 * Fixes: what a person said about a cause, applied to every row while a file is staged.  A fix is a rule of the file's
 * source, so that the next file of that source is mended too; taking it back and checking again undoes it.
 */
#include <stdint.h>

#include "base/arena.h"
#include "intake/registry.h"

enum im_fix_kind {
#define FIX(id, name, rules, value, label) IM_FIX_##id,
#include "intake/fixes.def"
#undef FIX
	IM_FIX__MAX
};
struct im_fix_info {
	const char *name, *rules, *label;
	bool value;
};
extern const struct im_fix_info im_fix_kinds[IM_FIX__MAX];

struct im_fix {
	int64_t id;
	enum im_rule rule;
	int column; /* index of the target; -1 = the whole row */
	enum im_fix_kind kind;
	const char *from, *to; /* VALUE: the cell's text and what it is read as; FILL: to */
	uint64_t used; /* rows mended; whoever flushes sets it back */
};
enum { IM_FIXES_MOST = 2000 };

struct im_fixes {
	size_t n;
	struct im_fix *fix;
	bool words[IM_COLUMNS_MOST]; /* columns with VALUE fixes */
	struct im_fix **slot;        /* of VALUE fixes, by column and text */
	size_t slots;
};

/* Index n fixes; the array is borrowed. */
void im_fixes_index(struct im_fixes *fs, struct im_fix *fix, size_t n, struct bp_arena *a);
/* The fix of a cause that is no VALUE, NULL = none. `column` -1 finds that of any column. */
struct im_fix *im_fix_of(const struct im_fixes *fs, enum im_rule rule, int column);
/* What a cell's text is read as instead, NULL = itself. */
struct im_fix *im_fix_value(const struct im_fixes *fs, int column, const char *s);
/* IM_FIX__MAX and IM_R__MAX when nothing is called so. */
enum im_fix_kind im_fix_kind_of(const char *name);
enum im_rule im_rule_of(const char *code);
/* May a fix of that kind be put on that rule? */
bool im_fix_suits(enum im_fix_kind kind, const char *rule);

#endif
