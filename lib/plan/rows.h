/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_ROWS_H
#define BP_PLAN_ROWS_H
/* Rows as JSON, handed to the database some thousands at a time. */
#include "base/buf.h"
#include "plan/draft.h"

struct plan_rows {
	struct bp_db *db;
	int64_t of;
	enum bp_error (*put)(struct bp_db *db, int64_t of, const char *rows, uint64_t *affected); /* a query, or: */
	enum bp_error (*put_to)(void *ctx, const char *rows);
	void *ctx;
	struct bp_buf rows; /* what is written of the next ones: the caller adds one object after plan_rows_next */
	int n;
	enum bp_error e; /* the first that went wrong; nothing is put after it */
};

/* For a query that puts rows of one thing, such as the stops of a version. */
void plan_rows_init(struct plan_rows *r, struct bp_db *db, uint64_t of, enum bp_error (*put)(struct bp_db *, int64_t, const char *, uint64_t *));
/* For anything else. */
void plan_rows_init_to(struct plan_rows *r, enum bp_error (*put)(void *, const char *), void *ctx);
void plan_rows_next(struct plan_rows *r);
void plan_rows_stop(struct plan_rows *r, const struct q_draft_stops *s);
/* Put the rest, and give back what was allocated. */
enum bp_error plan_rows_end(struct plan_rows *r);

#endif
