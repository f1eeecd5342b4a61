/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_MATCH_H
#define BP_INTAKE_MATCH_H
/*
 * Which outlet a row is about, where a file knows it by something else than our code: a tax number, a telephone, name and
 * postcode.  Texts are the same whatever their case, spaces and punctuation; of telephones the last nine digits count.
 */
#include <stdint.h>

#include "intake/intake.h"

enum { IM_MATCH_MOST = 4 }; /* columns of a key */

/* The columns of outlets that can be part of such a key, ended by NULL; the first is the code, which counts alone. */
extern const char *const im_match_columns[];

/* Columns, separated by commas, as bits of their indexes.  Errors: FIELDS when one is none of the above, is there twice, or
 * there are too many, or the code is among others. */
enum bp_error im_match_parse(const char *match_by, uint32_t *columns, struct bp_fail *f);
/* The columns that a row of the file must say, as bits of their indexes. */
uint32_t im_required(enum im_entity e, const char *match_by);

/* Inside the cross check: give the staged rows of such files the code of the outlet that their key finds, or a code of their own
 * where it finds none; refuse those that find several, or whose code belongs to an outlet with another key. Repeatable. */
enum bp_error im_match(struct im_work *w);

#endif
