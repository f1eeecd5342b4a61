/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan design: scenarios of planning units from the shell, as the screens make, publish and undo them. */
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/audit.h"
#include "daemon/cmd.h"
#include "daemon/read_tables.h"
#include "daemon/state.h"
#include "job/job.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/boundary.h"
#include "territory/drawing.h"
#include "territory/pin.h"
#include "territory/place.h"
#include "territory/unit_polygon.h"

struct shell {
	struct bp_db *db;
	struct bp_arena arena;
	struct bp_fail fail;
	uint64_t territory, user, scenario;
	const char *reason, *file, *pins, *named, *level;
	struct tr_pin *pin;
	struct tr_design_wish wish;
	struct tr_design d;
	bool swap, undo;
	int64_t *outlet;
	size_t n_outlets;
	uint64_t job;
	/* of a run */
	const struct tr_way *way;
	int32_t *unit;
	bool exact;
};

/* --- what it does --- */

static enum bp_error list(struct shell *s)
{
	struct q_design_list *v;
	size_t n = 0;
	int64_t after = 0;

	do {
		enum bp_error e = q_design_list(s->db, &s->arena, (int64_t)s->territory, BP_NO_INT, after, 500, &v, &n);

		if (e)
			return e;
		for (size_t i = 0; i < n; i++, after = v[i - 1].id)
			printf("%8lld  %-24s %-10s %5lld units  %8lld moved  %6.2f %% off  %5lld in one piece\n", (long long)v[i].id, v[i].name, v[i].status,
				(long long)v[i].units, (long long)v[i].moved, 100 * v[i].max_deviation, (long long)v[i].whole);
	} while (n == 500);
	return BP_E_OK;
}

/* The event of the trail, of the scenario in hand. */
static enum bp_error wrote(struct bp_db *db, const struct shell *s, enum bp_action action, const char *reason)
{
	return bp_audit_write(db, &(struct bp_audit){.action = action, .user = s->user, .resource_type = "scenario", .resource_id = s->scenario,
		.territory = s->territory, .reason = reason, .correlation = "shell"});
}

static enum bp_error keep(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	enum bp_error e = tr_scenario_keep(db, &s->arena, &s->d, &(struct tr_scenario){s->territory, 0, s->user, s->way, s->unit, s->exact, NULL}, &s->scenario);

	return e ? e : wrote(db, s, BP_ACTION_DESIGN_RUN, NULL);
}

/* A row of the file of pins: code of an outlet, code of the unit of today that it stays in or comes to. */
static void pin_row(void *ctx, const struct im_row *row)
{
	struct shell *s = ctx;
	struct q_design_pin p;
	enum bp_error e;

	if (s->fail.code)
		return;
	if (row->fault != IM_ROW_FINE || row->n < 2) {
		bp_fail(&s->fail, BP_E_OPT_INPUT, "%s, line %llu: a pin is the code of an outlet and the code of a unit", s->pins, (unsigned long long)row->line);
		return;
	}
	e = q_design_pin(s->db, &s->arena, (int64_t)s->territory, row->field[0].s, row->field[1].s, &p);
	if (e)
		bp_fail(&s->fail, e == BP_E_NOT_FOUND ? BP_E_OPT_INPUT : e, "%s, line %llu: no outlet %s, or no unit of today %s", s->pins,
			(unsigned long long)row->line, row->field[0].s, row->field[1].s);
	else if (s->wish.n_pins == TR_PINS_MOST)
		bp_fail(&s->fail, BP_E_OPT_INPUT, "%s: at most %d outlets can be pinned", s->pins, TR_PINS_MOST);
	else
		s->pin[s->wish.n_pins++] = (struct tr_pin){p.outlet_id, p.unit_id};
}

static enum bp_error pin_table(void *ctx, const char *part, int fd, uint64_t size, struct bp_fail *f)
{
	struct shell *s = ctx;
	struct im_sniffed sn;
	enum bp_error e = im_sniff(fd, size, NULL, &s->arena, &sn, f);

	(void)part;
	if (!e)
		e = bp_read_rows(fd, &sn, pin_row, s, f);
	return e ? e : s->fail.code;
}

static enum bp_error read_pins(struct shell *s)
{
	if (!s->pins)
		return BP_E_OK;
	s->wish.pin = s->pin = bp_alloc_array(&s->arena, TR_PINS_MOST, sizeof(*s->pin));
	return bp_read_tables(s->pins, NULL, pin_table, s, &s->fail);
}

/* Each row by itself: the first that is refused takes all of them back. */
static enum bp_error pin_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	enum bp_error e = s->wish.n_pins ? BP_E_OK : bp_fail(&s->fail, BP_E_OPT_INPUT, "%s names no outlet", s->pins);

	for (size_t i = 0; !e && i < s->wish.n_pins; i++)
		e = tr_pins_put(db, &s->arena, &(struct tr_pinning){s->territory, &s->pin[i].outlet, 1, s->undo ? BP_NO_INT : BP_SOME_INT(s->pin[i].unit), s->reason, s->user},
			&s->fail);
	return e ? e : wrote(db, s, BP_ACTION_DESIGN_PIN, s->reason);
}

static enum bp_error pin(struct shell *s)
{
	enum bp_error e = read_pins(s);

	if (!e)
		e = bp_db_tx(s->db, pin_tx, s);
	if (!e)
		printf("%s: %zu\n", s->undo ? "pinned no more" : "pinned", s->wish.n_pins);
	return e;
}

static enum bp_error unpin(struct shell *s)
{
	s->undo = true;
	return pin(s);
}

static enum bp_error run(struct shell *s)
{
	struct tr_way way[TR_WAYS_MOST];
	enum bp_error e = read_pins(s);
	int n;

	if (!e)
		e = tr_design_load(s->db, &s->arena, s->territory, &s->wish, &s->d, &s->fail);
	if (!e)
		e = tr_design_allow(s->db, &s->arena, s->territory, &s->wish, &s->d, &s->fail);
	n = e ? 0 : tr_design_ways(&s->d, &s->wish, way);
	for (int i = 0; !e && i < n; i++) {
		struct design_result r;

		design_result_init(&r);
		e = design_make(&s->d.p, &s->d.g, &way[i].a, &r, &s->fail);
		s->way = &way[i];
		s->unit = r.unit;
		s->exact = r.exact;
		if (!e)
			e = bp_db_tx(s->db, keep, s);
		if (!e)
			printf("%8llu  %-24s %5d units  %6.2f %% off\n", (unsigned long long)s->scenario, way[i].name, (int)r.k, 100 * r.now.max_deviation);
		fflush(stdout);
		design_result_release(&r);
	}
	tr_design_release(&s->d);
	return e;
}

static enum bp_error approve_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;

	enum bp_error e = tr_scenario_approve(db, &s->arena, s->scenario, s->territory, s->user, &s->fail);

	return e ? e : wrote(db, s, BP_ACTION_DESIGN_APPROVE, NULL);
}

static enum bp_error discard_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;

	enum bp_error e = tr_scenario_discard(db, &s->arena, s->scenario, s->territory, s->user, &s->fail);

	return e ? e : wrote(db, s, BP_ACTION_DESIGN_DISCARD, NULL);
}

static enum bp_error ask_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_decision d = {.id = s->scenario, .territory = s->territory, .user = s->user, .reason = s->reason, .correlation = "shell"};
	enum bp_error e = tr_scenario_ask(db, &s->arena, &d, s->undo, &s->job, &s->fail);

	return e ? e : wrote(db, s, BP_ACTION_DESIGN_ASK, s->reason);
}

static volatile sig_atomic_t told_to_stop;

static void on_stop(int signo)
{
	(void)signo;
	told_to_stop = 1;
}

/* The job goes on until it has ended, or is cancelled with the command. */
static enum bp_error have(struct shell *s, struct q_job_get *j)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct timespec pause = {0, 200000000};
	enum bp_error e = bp_db_tx(s->db, ask_tx, s);

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	for (bool asked = false; !e; nanosleep(&pause, NULL)) {
		e = q_job_get(s->db, &s->arena, (int64_t)s->job, j);
		if (e || !strcmp(j->state, "done"))
			break;
		if (!strcmp(j->state, "failed"))
			return bp_fail(&s->fail, BP_E_OPT_FAILED, "%s %s", j->error_code, j->error_detail ? j->error_detail : "");
		if (!strcmp(j->state, "cancelled"))
			return bp_fail(&s->fail, BP_E_CANCELLED, "cancelled: the units are as they were");
		if (told_to_stop && !asked)
			bp_job_cancel(s->db, s->job);
		asked = told_to_stop;
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%3.0f %%  %-12s", j->percent, j->step);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	return e;
}

static enum bp_error approve(struct shell *s)
{
	return bp_db_tx(s->db, approve_tx, s);
}

static enum bp_error discard(struct shell *s)
{
	return bp_db_tx(s->db, discard_tx, s);
}

static enum bp_error publish(struct shell *s)
{
	struct q_job_get j;

	return have(s, &j);
}

static enum bp_error undo(struct shell *s)
{
	struct q_job_get j;
	json_t *r;
	enum bp_error e;

	s->undo = true;
	e = have(s, &j);
	if (e)
		return e;
	r = json_loads(j.result ? j.result : "{}", 0, NULL);
	printf("%lld outlets are back, %lld stay where somebody moved them since\n", (long long)json_integer_value(json_object_get(r, "back")),
		(long long)json_integer_value(json_object_get(r, "kept")));
	json_decref(r);
	return BP_E_OK;
}

static enum bp_error take_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_boundaries b;
	json_error_t why;
	json_t *json = json_load_file(s->file, 0, &why);
	enum bp_error e = json ? tr_boundaries_read(&s->arena, json, s->swap, NULL, &b, &s->fail)
		: bp_fail(&s->fail, BP_E_OPT_INPUT, "%s, line %d: %s", s->file, why.line, why.text);

	if (!e)
		e = tr_design_load(db, &s->arena, s->territory, &(struct tr_design_wish){.units = 1, .tolerance = 1}, &s->d, &s->fail);
	if (!e) {
		s->unit = bp_alloc_array(&s->arena, (size_t)s->d.p.n, sizeof(*s->unit));
		e = tr_unit_polygons_count(&b, &s->d, s->unit, &s->fail);
	}
	if (!e) {
		if (b.swapped > b.inside)
			fprintf(stderr, "beatplan design: latitude and longitude seem to come in the other order: try --swap\n");
		e = tr_unit_polygons_keep(&b, db, &s->arena, &s->d, s->territory, s->user, s->unit, &s->scenario, &s->fail);
	}
	if (!e)
		e = wrote(db, s, BP_ACTION_BOUNDARIES_TAKE, NULL);
	if (!e)
		printf("%8llu  Boundaries: %lld outlets in one, %lld in none\n", (unsigned long long)s->scenario, (long long)b.inside, (long long)b.outside);
	tr_design_release(&s->d);
	json_decref(json);
	return e;
}

static enum bp_error take(struct shell *s)
{
	return bp_db_tx(s->db, take_tx, s);
}

static enum bp_error hand_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	enum bp_error e = tr_scenario_by_hand(db, &s->arena, s->territory, s->user, &s->scenario, &s->fail);

	return e ? e : wrote(db, s, BP_ACTION_DESIGN_HAND, NULL);
}

static enum bp_error hand(struct shell *s)
{
	enum bp_error e = bp_db_tx(s->db, hand_tx, s);

	if (!e)
		printf("%8llu  By hand\n", (unsigned long long)s->scenario);
	return e;
}

static enum bp_error outlines(struct shell *s)
{
	struct tr_drawing d;
	struct bp_buf b;
	int64_t *border;
	size_t n;
	enum bp_error e = tr_drawing_load(s->db, &s->arena, s->territory, s->scenario, &d, &s->fail);

	if (e)
		return e;
	bp_buf_init(&b, (size_t)1 << 30);
	tr_drawing_outlines(&d, &s->arena, -1, &b, &border, &n);
	printf("{\"type\":\"FeatureCollection\",\"features\":%s}\n", b.data);
	bp_buf_release(&b);
	return BP_E_OK;
}

/* --- outlets put into a territory --- */

static enum bp_error placed(struct bp_db *db, struct shell *s, enum bp_action action, const struct tr_places_of *units)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < units->n; i++)
		e = sn_request(db, &s->arena, (uint64_t)units->id[i], s->user, "shell");
	return e ? e : bp_audit_write(db, &(struct bp_audit){.action = action, .user = s->user, .resource_type = "territory", .resource_id = s->territory,
		.territory = s->territory, .reason = s->reason, .correlation = "shell"});
}

/* The code of an outlet in each line. */
static enum bp_error read_outlets(struct shell *s)
{
	FILE *in = fopen(s->file, "r");
	char *line = NULL;
	size_t room = 0;
	enum bp_error e = in ? BP_E_OK : bp_fail(&s->fail, BP_E_OPT_INPUT, "%s cannot be read", s->file);

	s->outlet = bp_alloc_array(&s->arena, TR_PLACED_MOST, sizeof(*s->outlet));
	for (int at = 1; !e && getline(&line, &room, in) >= 0; at++) {
		struct q_placing_outlet o;

		line[strcspn(line, "\r\n")] = 0;
		if (!*line)
			continue;
		e = q_placing_outlet(s->db, &s->arena, line, &o);
		if (e == BP_E_NOT_FOUND)
			e = bp_fail(&s->fail, BP_E_OPT_INPUT, "%s, line %d: there is no outlet %s", s->file, at, line);
		else if (!e && s->n_outlets == TR_PLACED_MOST)
			e = bp_fail(&s->fail, BP_E_OPT_INPUT, "%s: at most %d outlets are moved at once", s->file, TR_PLACED_MOST);
		else if (!e)
			s->outlet[s->n_outlets++] = o.id;
	}
	free(line);
	if (in)
		fclose(in);
	return e;
}

static enum bp_error place_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_placing p = {.territory = s->territory, .outlet = s->outlet, .n = s->n_outlets, .user = s->user, .reason = s->reason, .correlation = "shell"};
	struct tr_places_of units;
	int64_t moved;
	enum bp_error e = tr_place(db, &s->arena, &p, &moved, &s->scenario, &units, &s->fail);

	if (!e)
		e = placed(db, s, BP_ACTION_OUTLETS_PLACE, &units);
	if (!e)
		printf("%8llu  %lld outlets lie elsewhere now\n", (unsigned long long)s->scenario, (long long)moved);
	return e;
}

static enum bp_error place(struct shell *s)
{
	enum bp_error e = read_outlets(s);

	return e ? e : bp_db_tx(s->db, place_tx, s);
}

static enum bp_error unplace_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_placing p = {.territory = s->territory, .user = s->user, .reason = s->reason, .correlation = "shell"};
	struct tr_places_of units;
	int64_t back, kept;
	enum bp_error e = tr_place_undo(db, &s->arena, &p, s->scenario, &back, &kept, &units, &s->fail);

	if (!e)
		e = placed(db, s, BP_ACTION_OUTLETS_PLACE_UNDO, &units);
	if (!e)
		printf("%lld outlets are back, %lld stay where somebody moved them since\n", (long long)back, (long long)kept);
	return e;
}

static enum bp_error unplace(struct shell *s)
{
	return bp_db_tx(s->db, unplace_tx, s);
}

/* --- boundaries of territories --- */

static enum bp_error bounded(struct bp_db *db, const struct shell *s, enum bp_action action)
{
	return bp_audit_write(db, &(struct bp_audit){.action = action, .user = s->user, .resource_type = "territory", .resource_id = s->territory,
		.territory = s->territory, .reason = s->reason, .agent = "beatplan design", .correlation = "shell"});
}

static enum bp_error look_at_bounds(struct bp_db *db, struct shell *s, struct tr_boundaries *b)
{
	json_error_t why;
	json_t *json = json_load_file(s->file, 0, &why);
	struct tr_outside *v;
	bool may;
	size_t n;
	enum bp_error e = json ? tr_boundaries_read(&s->arena, json, s->swap, s->named, b, &s->fail)
		: bp_fail(&s->fail, BP_E_OPT_INPUT, "%s, line %d: %s", s->file, why.line, why.text);

	if (!e)
		e = tr_boundaries_match(db, &s->arena, s->territory, s->level, b);
	if (!e)
		e = tr_boundaries_may_count(db, &s->arena, s->territory, &may);
	if (!e && may)
		e = tr_boundaries_outside(db, &s->arena, b, &v, &n, &s->fail);
	if (!e && b->swapped > b->inside)
		fprintf(stderr, "beatplan design: latitude and longitude seem to come in the other order: try --swap\n");
	json_decref(json);
	return e;
}

/* Without a reason it is only said what is in the file. */
static enum bp_error bound_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_boundaries b;
	enum bp_error e = look_at_bounds(db, s, &b);

	for (size_t i = 0; !e && !s->reason && i < b.n; i++)
		printf("%-24s %-24s %8d corners  %8lld outlets in it, %lld outside  %s\n", b.v[i].name, b.v[i].of ? b.v[i].of : "-", (int)b.v[i].corners,
			(long long)b.v[i].outlets, (long long)b.v[i].outside, b.v[i].fault ? tr_boundary_faults[b.v[i].fault - 1] : b.v[i].replaces ? "replaces one" : "good");
	if (e || !s->reason)
		return e;
	e = tr_boundaries_keep(db, &s->arena, &(struct tr_boundary_change){s->territory, s->user, s->reason}, &b, &s->scenario, &s->fail);
	if (!e)
		e = bounded(db, s, BP_ACTION_BOUNDARIES_KEEP);
	if (!e)
		printf("%8llu  %zu boundaries, %lld outlets lie outside of theirs\n", (unsigned long long)s->scenario, b.n, (long long)b.outside);
	return e;
}

static enum bp_error bound(struct shell *s)
{
	return bp_db_tx(s->db, bound_tx, s);
}

/* Those of the territory and of all beneath it. */
static enum bp_error unbound_tx(struct bp_db *db, void *ctx)
{
	struct shell *s = ctx;
	struct tr_boundaries b = {0};
	struct tr_boundary_change c = {s->territory, s->user, s->reason};
	int64_t back, kept, *id;
	enum bp_error e;

	if (s->scenario) {
		e = tr_boundaries_undo(db, &s->arena, &c, s->scenario, &back, &kept, &s->fail);
		if (!e)
			printf("%lld boundaries are as before, %lld stay as they were changed since\n", (long long)back, (long long)kept);
		return e ? e : bounded(db, s, BP_ACTION_BOUNDARIES_UNDO);
	}
	e = tr_boundaries_load(db, &s->arena, &(int64_t){(int64_t)s->territory}, 1, &b);
	if (!e && !b.n)
		return bp_fail(&s->fail, BP_E_NOT_FOUND, "no boundary was imported at or beneath this territory");
	id = bp_alloc_array(&s->arena, b.n, sizeof(*id));
	for (size_t i = 0; i < b.n; i++)
		id[i] = b.v[i].territory;
	if (!e)
		e = tr_boundaries_remove(db, &s->arena, &c, id, b.n, &s->scenario, &s->fail);
	if (!e)
		printf("%8llu  %zu boundaries removed\n", (unsigned long long)s->scenario, b.n);
	return e ? e : bounded(db, s, BP_ACTION_BOUNDARIES_REMOVE);
}

static enum bp_error unbound(struct shell *s)
{
	return bp_db_tx(s->db, unbound_tx, s);
}

/* --- the words --- */

enum { SCENARIO = 1, REASON = 2, INPUT = 4, PINS = 8 };
static const struct verb {
	const char *name;
	unsigned needs;
	enum bp_error (*run)(struct shell *s);
} verbs[] = {{"list", 0, list}, {"run", 0, run}, {"approve", SCENARIO, approve}, {"publish", SCENARIO | REASON, publish}, {"undo", SCENARIO | REASON, undo},
	{"discard", SCENARIO, discard}, {"take", INPUT, take}, {"hand", 0, hand}, {"outlines", 0, outlines}, {"pin", PINS | REASON, pin}, {"unpin", PINS | REASON, unpin},
	{"place", INPUT | REASON, place}, {"unplace", SCENARIO | REASON, unplace},
	{"bound", INPUT, bound}, {"unbound", REASON, unbound}};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan design: %s\n", why);
	fprintf(stderr, "usage: beatplan design list|run|hand|approve|publish|undo|discard|take|outlines|pin|unpin|place|unplace|bound|unbound --territory CODE [--user NAME] [--state DIR]\n"
			"  run       design units in several ways: [--units N | --capacity HOURS] [--tolerance PERCENT] [--border NONE|DT|POSTCODE|SCENARIO|BOUNDARY]\n"
			"            [--scenario N: whose units to keep together] [--keep-price P] [--border-price P] [--seed N] [--keep-units]\n"
			"            [--pins FILE]: outlets that stay in a unit of today or come to it; two columns, code of the outlet, code of the unit\n"
			"  hand      a scenario as it is today, to be changed by hand on the screen\n"
			"  take      FILE.geojson: boundaries as a scenario [--swap]\n"
			"  outlines  print them as GeoJSON, of today or [--scenario N]\n"
			"  pin       keep such pins for each design from now on: --pins FILE --reason TEXT; unpin forgets those of its outlets\n"
			"  place     FILE: put outlets into the territory, the code of one in each line; imports leave them there --reason TEXT\n"
			"  unplace   --change N, as place printed it: take that back --reason TEXT\n"
			"  bound     FILE.geojson: boundaries of the territories here, each with the code of its own [--swap] [--named PROPERTY] [--level LEVEL];\n"
			"            without --reason TEXT it is only said what is in the file\n"
			"  unbound   remove the boundaries of the territory and of all beneath it, or take [--change N] back --reason TEXT\n"
			"  approve, publish, undo, discard: --scenario N, publish and undo --reason TEXT\n");
	return 2;
}

/* A number of `least` to `most`; false when it is none. */
static bool number(const char *text, double least, double most, double *v)
{
	char *end;

	*v = strtod(text, &end);
	return *text && !*end && *v >= least && *v <= most;
}

/* Options that take a number, with what they say when it is none. */
static const struct {
	int c;
	double least, most;
	const char *wrong;
} numbers[] = {{'n', 1, DESIGN_UNITS_MOST, "--units takes 1 to 2000"}, {'c', 1, 1e9, "--capacity takes hours of work in four weeks"},
	{'o', 0.5, 100, "--tolerance takes 0.5 to 100"}, {'k', 0, 1000, "--keep-price takes 0 to 1000"}, {'p', 0, 1000, "--border-price takes 0 to 1000"},
	{'e', 0, 9e15, "--seed takes a whole number"}, {'i', 1, 9e15, "--scenario takes a number of the list"}};

static const char *set_number(struct shell *s, int c)
{
	struct tr_design_wish *w = &s->wish;
	double v = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].c == c && !number(optarg, numbers[i].least, numbers[i].most, &v))
			return numbers[i].wrong;
	switch (c) {
	case 'n': w->units = (int64_t)v; break;
	case 'c': w->capacity = 60 * v; break;
	case 'o': w->tolerance = v / 100; break;
	case 'k': w->keep_price = v; break;
	case 'p': w->border_price = v; break;
	case 'e': w->seed = (uint64_t)v; break;
	default: s->scenario = (uint64_t)v;
	}
	return NULL;
}

static const char *set_border(struct tr_design_wish *w)
{
	for (int i = 0; tr_borders[i]; i++)
		if (!strcmp(tr_borders[i], optarg)) {
			w->border = (enum tr_border)i;
			return NULL;
		}
	return "--border takes NONE, DT, POSTCODE, SCENARIO or BOUNDARY";
}

static enum bp_error look_up(struct shell *s, const char *territory, const char *user)
{
	struct q_territory_of_code t;
	struct q_user_login u;

	if (q_user_login(s->db, &s->arena, user, &u))
		return bp_fail(&s->fail, BP_E_NOT_FOUND, "there is no user '%s': name one with --user", user);
	if (q_territory_of_code(s->db, &s->arena, territory, &t))
		return bp_fail(&s->fail, BP_E_TERRITORY_NONE, "no territory has the code %s", territory);
	s->user = (uint64_t)u.id;
	s->territory = (uint64_t)t.id;
	return BP_E_OK;
}

int cmd_design(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"user", required_argument, NULL, 'u'}, {"reason", required_argument, NULL, 'r'}, {"swap", no_argument, NULL, 'w'},
		{"keep-units", no_argument, NULL, 'K'}, {"pins", required_argument, NULL, 'P'}, {"units", required_argument, NULL, 'n'}, {"capacity", required_argument, NULL, 'c'},
		{"tolerance", required_argument, NULL, 'o'}, {"border", required_argument, NULL, 'b'}, {"keep-price", required_argument, NULL, 'k'},
		{"border-price", required_argument, NULL, 'p'}, {"seed", required_argument, NULL, 'e'}, {"scenario", required_argument, NULL, 'i'}, {"change", required_argument, NULL, 'i'},
		{"named", required_argument, NULL, 'N'}, {"level", required_argument, NULL, 'L'},
		{NULL, 0, NULL, 0}};
	struct shell s = {.wish = {.tolerance = 0.05, .redraw = true, .seed = 1}};
	const char *state = NULL, *territory = NULL, *user = "admin", *wrong;
	const struct verb *v = NULL;
	struct bp_conf conf = {0};
	struct bp_state st;
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 't': territory = optarg; break;
		case 'u': user = optarg; break;
		case 'r': s.reason = optarg; break;
		case 'w': s.swap = true; break;
		case 'P': s.pins = optarg; break;
		case 'N': s.named = optarg; break;
		case 'L': s.level = optarg; break;
		case 'K': s.wish.redraw = false; break;
		case '?': return usage(NULL);
		default:
			wrong = c == 'b' ? set_border(&s.wish) : set_number(&s, c);
			if (wrong)
				return usage(wrong);
		}
	}
	for (size_t i = 0; optind < argc && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(verbs[i].name, argv[optind]))
			v = &verbs[i];
	if (!v)
		return usage("say what to do: list, run, hand, approve, publish, undo, discard, take, outlines, pin, unpin, place, unplace, bound or unbound");
	if (v->run == run && s.wish.border == TR_BORDER_SCENARIO && !s.scenario)
		return usage("--border SCENARIO keeps the units of --scenario N together: which one?");
	s.wish.border_of = s.scenario;
	if (argc - optind != 1 + !!(v->needs & INPUT) || !territory || ((v->needs & SCENARIO) && !s.scenario) || ((v->needs & REASON) && !s.reason) ||
		((v->needs & PINS) && !s.pins))
		return usage("a word is missing, or there is one too many");
	s.file = argv[argc - 1];
	if (bp_state_init(&st, bp_cmd_state(state), &s.fail) || bp_state_open(&st, &conf, &s.db, false, &s.fail))
		return bp_cmd_failed("design", &s.fail);
	bp_arena_init(&s.arena, (size_t)4 << 30);
	e = look_up(&s, territory, user);
	if (!e)
		e = v->run(&s);
	if (e && !s.fail.detail[0])
		bp_fail(&s.fail, e, "%s", *bp_db_failure(s.db)->detail ? bp_db_failure(s.db)->detail : bp_errors[e].message);
	if (e)
		bp_cmd_failed("design", &s.fail);
	bp_arena_release(&s.arena);
	bp_db_free(s.db);
	bp_conf_release(&conf);
	return e != BP_E_OK;
}
