/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_TRANSFORM_H
#define BP_INTAKE_TRANSFORM_H
/*
 * What is done with the text of a mapped column before it is read: a chain of steps, compiled once per file.
 *
 * As JSON (mappings and schemas hold it) a chain is an array of steps:
 *   {"kind":"UPPER"} {"kind":"LOWER"} {"kind":"TRIM"}
 *   {"kind":"DATE_FORMAT","pattern":"DD/MM/YYYY"}            to 2026-11-23; MMM is a month's name, HH:MI:SS is passed over
 *   {"kind":"NUMBER_LOCALE","decimal":",","group":"."}       to 1234.5
 *   {"kind":"LOOKUP","table":[{"from":"x","to":"y"}],"default":"z"}   without a default, other words are errors
 *   {"kind":"SPLIT_LATLON","part":"LAT","order":"LATLON"}    one coordinate of a cell with both
 *   {"kind":"REGEX","pattern":"^0+","replacement":""}        PCRE2; $1 is the first group
 *   {"kind":"CONCAT","columns":[3,4],"separator":" "}        other columns of the row behind this text; empty ones are left out
 *
 * A pattern can be made to run for hours: matching is limited per text, and a file has a budget of time, after which its
 * pattern is switched off.  Empty texts pass every step but LOOKUP and CONCAT untouched.
 */
#include <jansson.h>

#include "base/arena.h"
#include "base/error.h"
#include "intake/reader.h"

enum { IM_STEPS_MOST = 8, IM_STEP_TEXT_MOST = 200, IM_PATTERN_MOST = 500, IM_LOOKUP_MOST = 1000, IM_CONCAT_MOST = 10 };

/* Why a step could not be done. */
enum im_step_fault {
	IM_S_FINE,
	IM_S_FORM,   /* the text is not of the form that DATE_FORMAT, NUMBER_LOCALE or SPLIT_LATLON wants */
	IM_S_LOOKUP, /* the table does not know it */
	IM_S_REGEX,  /* the pattern takes too long on it, or is switched off: the text is unchanged */
};

struct im_chain;

/* Compile a chain; NULL, null and an empty array give *out = NULL.  `n_columns` of the file bounds CONCAT.  `keep` must
 * outlive the chain.  Errors: FIELDS, the detail names step and remedy. */
enum bp_error im_chain_compile(json_t *steps, size_t n_columns, struct bp_arena *keep, struct im_chain **out, struct bp_fail *f);
/* Frees what does not lie in the arena; NULL is fine. */
void im_chain_release(struct im_chain *c);

/* The text after all steps, in `a` or as it was.  On a fault it is the text before the step that failed, and *remedy says
 * what was wanted (static or in the chain). */
const char *im_chain_run(struct im_chain *c, const char *s, const struct im_row *row, struct bp_arena *a, enum im_step_fault *fault,
	const char **remedy);

/* Has the pattern of the chain been switched off? */
bool im_chain_off(const struct im_chain *c);
/* Does the chain pick one coordinate by itself? */
bool im_chain_splits(const struct im_chain *c);

#endif
