/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/rows.h"

#define ROWS_A_CALL 2000

void tr_rows_init(struct tr_rows *r, struct bp_db *db, uint64_t scenario, int64_t part, tr_put *put, tr_put_part *put_part)
{
	*r = (struct tr_rows){.db = db, .scenario = (int64_t)scenario, .part = part, .put = put, .put_part = put_part};
	bp_buf_init(&r->text, 16u << 20);
}

static void hand_over(struct tr_rows *r)
{
	if (r->n && !r->e) {
		bp_buf_chr(&r->text, ']');
		r->e = r->put ? r->put(r->db, r->scenario, r->text.data, NULL) : r->put_part(r->db, r->scenario, r->part, r->text.data, NULL);
	}
	bp_buf_clear(&r->text);
	r->n = 0;
}

void tr_rows_next(struct tr_rows *r)
{
	if (r->n == ROWS_A_CALL)
		hand_over(r);
	bp_buf_chr(&r->text, r->n++ ? ',' : '[');
}

enum bp_error tr_rows_end(struct tr_rows *r)
{
	hand_over(r);
	bp_buf_release(&r->text);
	return r->e;
}
