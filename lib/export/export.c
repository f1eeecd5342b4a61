/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "export/export.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "export/writer.h"
#include "plan/review.h"
#include "queries.h"
#include "territory/conflict.h"

#define CHUNK 65536

const char *const export_whats[] = {"plan", "visits", "changes", "overrides", "comments", "fairness", NULL}, *const export_formats[] = {"csv", "xml", "xlsx", "ics", "geojson", NULL};
static const struct export_form *const forms[] = {&export_csv, &export_xml, &export_xlsx, &export_ics, &export_geojson};

const char *export_media(enum export_format f)
{
	return forms[f]->media;
}

bool export_knows(enum export_what what, enum export_format format)
{
	if (what >= EXPORT_CHAINS)
		return format == EXPORT_CSV || format == EXPORT_XLSX;
	return format == EXPORT_ICS ? what == EXPORT_VISITS : format != EXPORT_GEOJSON || what < EXPORT_CHANGES;
}

const char *export_name(enum export_what what)
{
	return what == EXPORT_CHAINS ? EXPORT_CHAINS_NAME : what == EXPORT_CONFLICTS ? EXPORT_CONFLICTS_NAME : export_whats[what];
}

const char *export_row_name(enum export_what what)
{
	static const char *const names[] = {"stop", "visit", "change", "override", "comment", "share", "rule", "conflict"};

	return names[what];
}

void export_flush(struct export_writer *w)
{
	if (w->out.len && !w->failed && !w->job->write(w->job->ctx, w->out.data, w->out.len))
		w->failed = true;
	bp_buf_clear(&w->out);
}

struct run {
	struct export_writer w;
	const struct export_form *form;
	struct export_row r;
	char scratch[EXPORT_FIELDS][32];
	char seat[256]; /* of the last row, with its day, position and the place in the tour that it stands for */
	int64_t day, pos, place;
	bool models; /* there are territory models beside the sales geography */
};

static enum bp_error put_row(struct run *x)
{
	enum bp_error e = x->form->row(&x->w, &x->r);

	if (x->w.out.len > CHUNK)
		export_flush(&x->w);
	return e ? e : x->w.failed ? BP_E_ABORTED : BP_E_OK;
}

static void text(struct run *x, const char *name, const char *value)
{
	x->r.f[x->r.n++] = (struct export_field){name, value, EXPORT_TEXT};
}

static void decimal(struct run *x, const char *name, bool set, double v, int digits)
{
	snprintf(x->scratch[x->r.n], sizeof(x->scratch[0]), "%.*f", digits, v);
	x->r.f[x->r.n] = (struct export_field){name, set ? x->scratch[x->r.n] : NULL, EXPORT_NUMBER};
	x->r.n++;
}

static void number(struct run *x, const char *name, int64_t v)
{
	decimal(x, name, true, (double)v, 0);
}

static void degrees(struct run *x, const char *name, struct bp_opt_int micro)
{
	decimal(x, name, micro.set, (double)micro.v / 1e6, 6);
}

static void date(struct run *x, const char *name, struct bp_opt_int v)
{
	if (v.set)
		bp_date_format(v.v, x->scratch[x->r.n]);
	x->r.f[x->r.n] = (struct export_field){name, v.set ? x->scratch[x->r.n] : NULL, EXPORT_DATE};
	x->r.n++;
}

static const char *const weekday_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static const char *weekday(int64_t day)
{
	return weekday_names[bp_date_weekday(day) - 1];
}

/* Positions have holes after changes by hand; people count calls from 1. Rows come in the order of the tours. */
static int64_t place_in_tour(struct run *x, const char *seat, int64_t day, int64_t pos)
{
	if (day != x->day || strcmp(seat, x->seat)) {
		snprintf(x->seat, sizeof(x->seat), "%s", seat);
		x->day = day;
		x->place = 0;
		x->pos = -1;
	}
	x->place += pos != x->pos;
	x->pos = pos;
	return x->place;
}

static void who_calls_where(struct run *x, const char *outlet, const char *outlet_name, const char *line, const char *seat, const char *seat_name)
{
	text(x, "outlet_code", outlet);
	text(x, "outlet_name", outlet_name);
	text(x, "line", line);
	text(x, "seat", seat);
	text(x, "seat_name", seat_name);
}

/* Where the outlet lies in them, "SERVICE: North › Team 1". */
static void members(struct run *x, const char *models)
{
	if (x->models)
		text(x, "models", models);
}

static enum bp_error plan_row(void *ctx, const void *row)
{
	const struct q_export_plan *r = row;
	struct run *x = ctx;

	x->r = (struct export_row){.lat = r->lat, .lon = r->lon, .seat = r->seat, .seat_name = r->seat_name, .outlet = r->outlet_name, .date = -1,
		.place = place_in_tour(x, r->seat, r->day, r->pos)};
	who_calls_where(x, r->outlet_code, r->outlet_name, r->line, r->seat, r->seat_name);
	text(x, "beat", r->beat);
	text(x, "beat_name", r->beat_name);
	number(x, "week", r->day / 7 + 1);
	text(x, "weekday", weekday(r->anchor + r->day));
	number(x, "position", x->r.place);
	date(x, "from_date", r->from);
	date(x, "to_date", r->to);
	date(x, "anchor", BP_SOME_INT(r->anchor));
	number(x, "weeks", r->weeks);
	text(x, "pinned", r->pinned);
	members(x, r->models);
	return put_row(x);
}

static enum bp_error visit_row(void *ctx, const void *row)
{
	const struct q_export_visits *r = row;
	struct run *x = ctx;

	x->r = (struct export_row){.lat = r->lat, .lon = r->lon, .seat = r->seat, .seat_name = r->seat_name, .outlet = r->outlet_name,
		.address = r->address, .date = r->day, .place = place_in_tour(x, r->seat, r->day, r->pos)};
	date(x, "date", BP_SOME_INT(r->day));
	text(x, "weekday", weekday(r->day));
	text(x, "seat", r->seat);
	text(x, "seat_name", r->seat_name);
	text(x, "beat", r->beat);
	number(x, "position", x->r.place);
	text(x, "outlet_code", r->outlet_code);
	text(x, "outlet_name", r->outlet_name);
	text(x, "line", r->line);
	text(x, "address", r->address);
	text(x, "city", r->city);
	degrees(x, "latitude", r->lat);
	degrees(x, "longitude", r->lon);
	members(x, r->models);
	return put_row(x);
}

/* A stop that only one of two versions has. */
static enum bp_error change_row(void *ctx, const void *row)
{
	const struct q_export_changes *r = row;
	struct run *x = ctx;

	x->r = (struct export_row){.seat = r->seat, .seat_name = r->seat_name, .outlet = r->outlet_name, .date = -1};
	text(x, "change", r->added ? "added" : "removed");
	who_calls_where(x, r->outlet_code, r->outlet_name, r->line, r->seat, r->seat_name);
	text(x, "beat", r->beat);
	number(x, "week", r->day / 7 + 1);
	text(x, "weekday", weekday(r->anchor + r->day));
	date(x, "from_date", r->from);
	date(x, "to_date", r->to);
	return put_row(x);
}

static void instant(struct run *x, const char *name, int64_t us)
{
	bp_instant_format(us, x->scratch[x->r.n]);
	text(x, name, x->scratch[x->r.n]);
}

/* What a person changed against the solver, what it cost and why: a row of the ledger. */
static enum bp_error override_row(void *ctx, const void *row)
{
	const struct q_export_overrides *r = row;
	struct run *x = ctx;

	x->r = (struct export_row){.date = -1};
	instant(x, "at", r->at);
	text(x, "person", r->user);
	text(x, "kind", r->kind);
	text(x, "change", r->label);
	text(x, "reason_code", r->code);
	text(x, "reason", r->code_label);
	text(x, "words", r->reason);
	decimal(x, "minutes", true, r->minutes, 1);
	decimal(x, "price", r->price.set, r->price.v, 1);
	text(x, "undone", r->undone ? "yes" : "no");
	number(x, "session", r->session);
	number(x, "number", r->seq);
	return put_row(x);
}

/* What it was said of: the narrowest thing that is named. */
static const char *comment_subject(const struct q_export_comments *r)
{
	if (r->outlet_code)
		return r->base.set ? "change" : r->day.set ? "visit" : "need";
	return r->day.set ? "day" : r->seat ? "seat" : r->number.set ? "version" : "plan";
}

static enum bp_error comment_row(void *ctx, const void *row)
{
	const struct q_export_comments *r = row;
	struct run *x = ctx;

	x->r = (struct export_row){.date = -1};
	decimal(x, "version", r->number.set, (double)r->number.v, 0);
	decimal(x, "since_version", r->base.set, (double)r->base.v, 0);
	text(x, "subject", comment_subject(r));
	instant(x, "at", r->at);
	text(x, "person", r->user);
	text(x, "outlet_code", r->outlet_code);
	text(x, "outlet_name", r->outlet_name);
	text(x, "line", r->line);
	text(x, "seat", r->seat);
	decimal(x, "week", r->day.set, (double)(r->day.v / 7 + 1), 0);
	text(x, "weekday", r->day.set ? weekday(r->anchor + r->day.v) : NULL);
	text(x, "comment", r->text);
	return put_row(x);
}

static enum bp_error share_row(struct run *x, const struct plan_share *s)
{
	x->r = (struct export_row){.date = -1};
	text(x, "seat", s->code);
	text(x, "seat_name", s->name);
	text(x, "person", s->person);
	decimal(x, "minutes", true, s->minutes, 1);
	decimal(x, "minutes_off_pct", true, s->minutes_pct, 1);
	number(x, "calls", s->calls);
	decimal(x, "calls_off_pct", true, s->calls_pct, 1);
	decimal(x, "value", true, s->value, 2);
	decimal(x, "value_off_pct", true, s->value_pct, 1);
	decimal(x, "travel_minutes", true, s->travel_minutes, 1);
	decimal(x, "overtime_minutes", true, s->overtime_minutes, 1);
	decimal(x, "km", true, s->km, 1);
	number(x, "days", s->days);
	number(x, "outlets", s->outlets);
	return put_row(x);
}

static enum bp_error shares(struct bp_db *db, const struct export_job *job, struct run *x)
{
	struct plan_fairness f = {0};
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 256u << 20);
	e = plan_fairness(db, &a, job->plan, 0, job->version, &f);
	for (size_t i = 0; !e && i < f.n; i++)
		e = share_row(x, &f.seats[i]);
	bp_arena_release(&a);
	return e;
}

static void clock_time(struct run *x, const char *name, struct bp_opt_int minute)
{
	snprintf(x->scratch[x->r.n], sizeof(x->scratch[0]), "%02d:%02d", (int)(minute.v / 60), (int)(minute.v % 60));
	text(x, name, minute.set ? x->scratch[x->r.n] : NULL);
}

static enum bp_error chain_row(void *ctx, const void *row)
{
	const struct q_export_chains *r = row;
	struct run *x = ctx;
	char days[32] = "";

	x->r = (struct export_row){.date = -1};
	for (int d = 0; d < 7; d++)
		if (r->weekdays.set && r->weekdays.v >> d & 1)
			snprintf(days + strlen(days), sizeof(days) - strlen(days), "%s%s", *days ? " " : "", weekday_names[d]);
	text(x, "account", r->account);
	text(x, "weekdays", r->weekdays.set ? days : NULL);
	decimal(x, "most_per_day", r->most.set, (double)r->most.v, 0);
	decimal(x, "most_price", r->price.set, (double)r->price.v, 0);
	decimal(x, "gap_days", r->gap.set, (double)r->gap.v, 0);
	decimal(x, "least_minutes", r->minutes.set, (double)r->minutes.v, 0);
	text(x, "window_days", r->weekday.set ? weekday_names[r->weekday.v - 1] : NULL);
	clock_time(x, "opens", r->opens);
	clock_time(x, "closes", r->closes);
	text(x, "hard", r->hard.set ? r->hard.v ? "yes" : "no" : NULL);
	date(x, "closed_from", r->from);
	date(x, "closed_to", r->to);
	text(x, "closed_for", r->name);
	return put_row(x);
}

static enum bp_error conflict_row(void *ctx, const struct tr_conflict *c)
{
	struct run *x = ctx;

	x->r = (struct export_row){.date = -1};
	text(x, "kind", tr_cause_infos[c->cause].kind);
	text(x, "cause", tr_causes[c->cause]);
	text(x, "what", tr_cause_infos[c->cause].what);
	text(x, "remedy", tr_cause_infos[c->cause].remedy);
	text(x, "outlet_code", c->outlet_code);
	text(x, "outlet_name", c->outlet_name);
	text(x, "territory", c->unit);
	text(x, "seat", c->seat);
	text(x, "other", c->other);
	number(x, "outlets", c->outlets);
	decimal(x, "hours", c->hours.set, c->hours.v, 1);
	decimal(x, "has_hours", c->has_hours.set, c->has_hours.v, 1);
	return put_row(x);
}

static enum bp_error conflicts(struct bp_db *db, uint64_t territory, struct run *x)
{
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 256u << 20);
	e = tr_conflicts(db, &a, territory, conflict_row, x);
	bp_arena_release(&a);
	return e;
}

enum bp_error export_run(struct bp_db *db, const struct export_job *job)
{
	struct run x = {.w = {.job = job}, .form = forms[job->format]};
	struct q_export_models models;
	struct bp_arena none;
	enum bp_error e, ended;

	bp_arena_init(&none, 4096);
	e = q_export_models(db, &none, &models);
	bp_arena_release(&none);
	if (e)
		return e;
	x.models = models.more;
	bp_buf_init(&x.w.out, 64u << 20);
	e = x.form->begin(&x.w);
	if (!e && job->what == EXPORT_PLAN)
		e = q_export_plan(db, (int64_t)job->version, job->seat, job->beat, plan_row, &x);
	else if (!e && job->what == EXPORT_CHANGES)
		e = q_export_changes(db, (int64_t)job->base, (int64_t)job->version, job->seat, job->beat, change_row, &x);
	else if (!e && job->what == EXPORT_OVERRIDES)
		e = q_export_overrides(db, (int64_t)job->plan, override_row, &x);
	else if (!e && job->what == EXPORT_CHAINS)
		e = q_export_chains(db, chain_row, &x);
	else if (!e && job->what == EXPORT_CONFLICTS)
		e = conflicts(db, job->territory, &x);
	else if (!e && job->what == EXPORT_FAIRNESS)
		e = shares(db, job, &x);
	else if (!e && job->what == EXPORT_COMMENTS)
		e = q_export_comments(db, (int64_t)job->plan, comment_row, &x);
	else if (!e)
		e = q_export_visits(db, (int64_t)job->plan, job->from, job->to, job->seat, job->beat, visit_row, &x);
	ended = x.form->end(&x.w, !e);
	export_flush(&x.w);
	bp_buf_release(&x.w.out);
	return e ? e : ended ? ended : x.w.failed ? BP_E_ABORTED : BP_E_OK;
}
