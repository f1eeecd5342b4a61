/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_PROFILE_H
#define BP_INTAKE_PROFILE_H
/*
 * What the columns of a file hold: how full, how many different values (HyperLogLog, about 2 % off above some hundreds),
 * least and most, the most frequent values and forms.  Memory is bounded whatever the file: some 20 KB a column.
 */
#include "base/arena.h"
#include "intake/reader.h"

struct im_profile;

struct im_profile *im_profile_new(size_t n_columns, bool decimal_comma, struct bp_arena *keep);
void im_profile_row(struct im_profile *p, const struct im_row *row);
/* {rows, filled, distinct, numbers, least, most, top: [{value, n}], patterns: [{pattern, n}]}; malloc. Counts of top and
 * patterns are exact; a value that first came behind 256 others of its column is not among them. */
char *im_profile_json(const struct im_profile *p, size_t column);

#endif
