/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_SEARCH_H
#define BP_INTAKE_SEARCH_H
/*
 * Outlets are found by words of name, address and city in a table of its own, which follows them: to index words
 * takes as long as to write the outlets, and whoever publishes need not wait for it.
 */
#include "db/db.h"

/* Ask for it in the transaction that changes outlets; while a request waits there is no second one. */
enum bp_error im_search_request(struct bp_db *db, struct bp_arena *a, uint64_t user, const char *correlation);

/* Bring some thousand outlets with ids above `after` up to date; what is so already costs a look. *next = where to go on, 0 = that was all. */
enum bp_error im_search_follow(struct bp_db *db, struct bp_arena *a, uint64_t after, uint64_t *next);

/* Those of one outlet, at once. */
enum bp_error im_search_follow_one(struct bp_db *db, uint64_t outlet);

#endif
