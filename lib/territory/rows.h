/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_ROWS_H
#define BP_TERRITORY_ROWS_H
/* Many rows of a scenario handed to the database a few thousand a statement, as JSON. */
#include "base/buf.h"
#include "db/db.h"

typedef enum bp_error tr_put(struct bp_db *db, int64_t scenario, const char *rows, uint64_t *affected);
typedef enum bp_error tr_put_part(struct bp_db *db, int64_t scenario, int64_t part, const char *rows, uint64_t *affected);

struct tr_rows {
	struct bp_db *db;
	int64_t scenario, part;
	tr_put *put;
	tr_put_part *put_part; /* instead, where rows belong to a part of it: a step, or a level */
	struct bp_buf text;
	int n;
	enum bp_error e;
};

void tr_rows_init(struct tr_rows *r, struct bp_db *db, uint64_t scenario, int64_t part, tr_put *put, tr_put_part *put_part);
/* Append one JSON value to r->text after each call. */
void tr_rows_next(struct tr_rows *r);
/* Hand over what is left and release it; the first error of all. */
enum bp_error tr_rows_end(struct tr_rows *r);

#endif
