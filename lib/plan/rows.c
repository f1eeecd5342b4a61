/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/rows.h"

#include "base/shape.h"
#include "base/time.h"

#define ROWS_A_CALL 2000

static void init(struct plan_rows *r)
{
	bp_buf_init(&r->rows, 16u << 20);
	bp_buf_chr(&r->rows, '[');
}

void plan_rows_init(struct plan_rows *r, struct bp_db *db, uint64_t of, enum bp_error (*put)(struct bp_db *, int64_t, const char *, uint64_t *))
{
	*r = (struct plan_rows){.db = db, .of = (int64_t)of, .put = put};
	init(r);
}

void plan_rows_init_to(struct plan_rows *r, enum bp_error (*put)(void *, const char *), void *ctx)
{
	*r = (struct plan_rows){.put_to = put, .ctx = ctx};
	init(r);
}

static void flush(struct plan_rows *r)
{
	if (r->n && !r->e) {
		bp_buf_chr(&r->rows, ']');
		r->e = r->put ? r->put(r->db, r->of, r->rows.data, NULL) : r->put_to(r->ctx, r->rows.data);
	}
	bp_buf_clear(&r->rows);
	bp_buf_chr(&r->rows, '[');
	r->n = 0;
}

void plan_rows_next(struct plan_rows *r)
{
	if (r->n == ROWS_A_CALL)
		flush(r);
	if (r->n++)
		bp_buf_chr(&r->rows, ',');
}

static void opt_date(struct bp_buf *b, const char *key, struct bp_opt_int date)
{
	char text[BP_DATE_SIZE];

	bp_buf_printf(b, ",\"%s\":", key);
	if (!date.set) {
		bp_buf_str(b, "null");
		return;
	}
	bp_date_format(date.v, text);
	bp_buf_printf(b, "\"%s\"", text);
}

void plan_rows_stop(struct plan_rows *b, const struct q_draft_stops *r)
{
	plan_rows_next(b);
	bp_buf_printf(&b->rows, "{\"n\":%lld,\"d\":%lld,\"q\":%lld,\"s\":%lld,\"p\":%lld,\"b\":", (long long)r->need, (long long)r->day,
		(long long)r->seq, (long long)r->seat, (long long)r->pos);
	if (r->beat.set)
		bp_buf_int(&b->rows, r->beat.v);
	else
		bp_buf_str(&b->rows, "null");
	opt_date(&b->rows, "f", r->from);
	opt_date(&b->rows, "t", r->to);
	bp_buf_chr(&b->rows, '}');
}

enum bp_error plan_rows_end(struct plan_rows *r)
{
	flush(r);
	bp_buf_release(&r->rows);
	return r->e;
}
