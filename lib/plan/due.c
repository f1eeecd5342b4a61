/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/due.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "demand/rhythm.h"
#include "queries.h"

#define DAY_US INT64_C(86400000000)
#define SPREAD_OF_A_SCORE 7.0 /* days: as of the score of a file where no invoices tell */
enum { BATCH = 1000, BATCH_BYTES = 1 << 20, CLASSES = 3 * 4 };

struct plan_due plan_due_of(struct bp_opt_int score, struct bp_opt_int date, struct bp_opt_num every, struct bp_opt_num spread, int64_t today)
{
	struct plan_due d = {.known = score.set || date.set, .imported = score.set, .every = every.set ? every.v : 0,
		.spread = spread.set ? spread.v : SPREAD_OF_A_SCORE};

	if (d.known)
		d.date = score.set ? dm_due_of_score((double)score.v, d.spread, today) : (double)date.v;
	d.late = !score.set && d.every > 0 && (double)today > d.date + DM_LATE_GAPS * d.every;
	return d;
}

double plan_due_score(const struct plan_due *d, int64_t date)
{
	return dm_score(d->date, d->spread, date);
}

double plan_due_nearness(const struct plan_due *d, int64_t today, int64_t date)
{
	return d->known && !d->late ? dm_nearness(d->date, d->every, d->spread, today, date) : 0;
}

/* --- counting --- */

struct outlet {
	int64_t id, last;
	int class;
	struct dm_rhythm r;
};
struct count {
	struct outlet *v;
	size_t n, room;
	int64_t days[DM_GAPS_MOST + 1]; /* the last ones of the outlet at the end of v */
	size_t n_days;
};

static void close_outlet(struct count *c)
{
	if (c->n)
		c->v[c->n - 1].r = dm_rhythm_of(c->days, c->n_days);
	c->n_days = 0;
}

static enum bp_error on_day(void *ctx, const void *row)
{
	const struct q_due_days *r = row;
	struct count *c = ctx;

	if (!c->n || c->v[c->n - 1].id != r->outlet_id) {
		close_outlet(c);
		if (c->n == c->room) {
			c->room = c->room ? c->room * 2 : 4096;
			c->v = bp_xrealloc(c->v, c->room * sizeof(*c->v));
		}
		c->v[c->n++] = (struct outlet){.id = r->outlet_id,
			.class = (!strcmp(r->channel, "MT") ? 4 : !strcmp(r->channel, "WS") ? 8 : 0) + (int)(r->tier >= 1 && r->tier <= 3 ? r->tier : 0)};
	}
	if (c->n_days == DM_GAPS_MOST + 1)
		memmove(c->days, c->days + 1, --c->n_days * sizeof(*c->days));
	c->days[c->n_days++] = c->v[c->n - 1].last = r->day;
	return BP_E_OK;
}

/* What outlets of a channel and tier have in common, by those that tell a rhythm of their own. */
static void common_rhythms(const struct count *c, struct dm_rhythm *of)
{
	double *every = bp_xcalloc(c->n + 1, sizeof(*every));

	for (int k = 0; k < CLASSES; k++) {
		size_t n = 0;

		for (size_t i = 0; i < c->n; i++)
			if (c->v[i].class == k && c->v[i].r.gaps >= DM_GAPS_LEAST)
				every[n++] = c->v[i].r.every;
		of[k] = n >= DM_GAPS_LEAST ? dm_rhythm_of_many(every, n) : (struct dm_rhythm){0};
	}
	free(every);
}

static enum bp_error put(struct bp_db *db, struct bp_buf *b, int64_t now)
{
	bp_buf_chr(b, ']');
	return q_due_put(db, b->data, now, NULL);
}

static enum bp_error write_all(struct bp_db *db, const struct count *c, int64_t now, enum bp_error (*more)(void *ctx), void *ctx)
{
	struct dm_rhythm common[CLASSES];
	enum bp_error e = BP_E_OK;
	struct bp_buf b;
	size_t k = 0;

	common_rhythms(c, common);
	bp_buf_init(&b, BATCH_BYTES);
	for (size_t i = 0; i < c->n && !e; i++) {
		const struct outlet *o = &c->v[i];
		const struct dm_rhythm *r = o->r.gaps >= DM_GAPS_LEAST ? &o->r : &common[o->class];

		if (!r->gaps)
			continue;
		bp_buf_printf(&b, "%c[%lld,%lld,%lld,%.2f,%.2f,%d]", k ? ',' : '[', (long long)o->id, (long long)o->last,
			(long long)floor((double)o->last + r->every + 0.5), r->every, r->spread, o->r.gaps);
		if (++k == BATCH) {
			e = more(ctx);
			e = e ? e : put(db, &b, now);
			bp_buf_clear(&b);
			k = 0;
		}
	}
	if (k && !e)
		e = put(db, &b, now);
	bp_buf_release(&b);
	return e;
}

enum bp_error plan_due_count(struct bp_db *db, int64_t now, enum bp_error (*more)(void *ctx), void *ctx)
{
	int64_t today = now / DAY_US;
	struct count c = {0};
	enum bp_error e = q_due_days(db, today - DM_DAYS_BACK, today, on_day, &c);

	close_outlet(&c);
	if (!e)
		e = write_all(db, &c, now, more, ctx);
	free(c.v);
	return e;
}
