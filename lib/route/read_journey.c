/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own journey format; README.md describes every field. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/read.h"

struct ctx {
	struct rt_file *out;
	struct bp_fail *f;
	const char *list; /* what is being read, for messages */
	size_t at;
	bool bad;
};

static void complain(struct ctx *c, const char *key, const char *what)
{
	c->bad = true;
	bp_fail(c->f, BP_E_IMPORT_FORMAT, "%s[%zu].%s: %s", c->list, c->at, key, what);
}

static double number(struct ctx *c, const json_t *o, const char *key, double fallback, double lo, double hi)
{
	const json_t *v = json_object_get(o, key);

	if (!v)
		return fallback;
	if (!json_is_number(v) || !(json_number_value(v) >= lo && json_number_value(v) <= hi)) {
		complain(c, key, "a number out of range, or no number");
		return fallback;
	}
	return json_number_value(v);
}

static int32_t integer(struct ctx *c, const json_t *o, const char *key, int32_t fallback, int32_t lo,
	int32_t hi)
{
	return (int32_t)floor(number(c, o, key, fallback, lo, hi));
}

static bool flag(const json_t *o, const char *key, bool fallback)
{
	const json_t *v = json_object_get(o, key);

	return v ? json_is_true(v) : fallback;
}

/* Days as a list of cycle-days; absent: `fallback`. */
static uint64_t days(struct ctx *c, const json_t *o, const char *key, uint64_t fallback)
{
	const json_t *v = json_object_get(o, key), *d;
	uint64_t mask = 0;
	size_t i;

	if (!v)
		return fallback;
	if (!json_is_array(v)) {
		complain(c, key, "a list of cycle-days expected");
		return fallback;
	}
	json_array_foreach(v, i, d) {
		if (!json_is_integer(d) || json_integer_value(d) < 0 ||
			json_integer_value(d) >= rt_days(&c->out->p)) {
			complain(c, key, "no such cycle-day");
			return fallback;
		}
		mask |= (uint64_t)1 << json_integer_value(d);
	}
	return mask;
}

static int32_t add_place(struct ctx *c, const json_t *o)
{
	struct rt_problem *p = &c->out->p;
	struct rt_place *pl = &p->places[p->n_places];
	const json_t *lat = json_object_get(o, "lat"), *area = json_object_get(o, "area");

	*pl = (struct rt_place){RT_NO_COORD, 0, RT_URBAN};
	if (json_is_string(area) && !strcmp(json_string_value(area), "rural"))
		pl->area = RT_RURAL;
	if (lat && !json_is_null(lat)) {
		pl->x = (int32_t)floor(number(c, o, "lon", 0, -180, 180) * 1e6 + 0.5);
		pl->y = (int32_t)floor(number(c, o, "lat", 0, -90, 90) * 1e6 + 0.5);
	}
	return p->n_places++;
}

static void read_profile(struct ctx *c, const json_t *o, struct rt_profile *r)
{
	static const char *const names[] = {"two-wheeler", "car", "van", "walk"};
	const char *v = json_string_value(json_object_get(o, "vehicle"));
	enum rt_vehicle kind = RT_TWO_WHEELER;

	for (int i = 0; v && i < 4; i++)
		if (!strcmp(v, names[i]))
			kind = (enum rt_vehicle)i;
	*r = rt_profile_default(kind);
	r->mps_urban = (int32_t)(number(c, o, "kmh_urban", r->mps_urban * 0.0036, 0.1, 300) / 0.0036 + 0.5);
	r->mps_rural = (int32_t)(number(c, o, "kmh_rural", r->mps_rural * 0.0036, 0.1, 300) / 0.0036 + 0.5);
	r->road_urban = (int32_t)(number(c, o, "road_urban", r->road_urban / 1e3, 1, 10) * 1e3 + 0.5);
	r->road_rural = (int32_t)(number(c, o, "road_rural", r->road_rural / 1e3, 1, 10) * 1e3 + 0.5);
	r->lost = integer(c, o, "lost", r->lost, 0, 86400);
	r->walk_max = integer(c, o, "walk_max", r->walk_max, 0, 100000);
}

static void read_seat(struct ctx *c, const json_t *o, int32_t i)
{
	struct rt_problem *p = &c->out->p;
	struct rt_seat *s = &p->seats[i];

	s->id = (uint64_t)number(c, o, "id", i + 1, 0, 9e15);
	s->start = s->end = RT_NONE;
	if (json_object_get(o, "lat") && !json_is_null(json_object_get(o, "lat"))) {
		s->start = add_place(c, o);
		s->end = flag(o, "returns", true) ? s->start : RT_NONE;
	}
	s->days = days(c, o, "days", ~(uint64_t)0);
	s->shift_start = integer(c, o, "shift_start", 32400, 0, RT_DAY_SECONDS);
	s->shift = integer(c, o, "shift", 24000, 0, RT_DAY_SECONDS);
	s->overtime_max = integer(c, o, "overtime_max", 0, 0, RT_DAY_SECONDS);
	s->max_calls = integer(c, o, "max_calls", 0, 0, 100000);
	s->min_calls = integer(c, o, "min_calls", 0, 0, 100000);
	s->capacity = integer(c, o, "capacity", 0, 0, INT32_MAX);
	s->profile = integer(c, o, "profile", 0, 0, p->n_profiles - 1);
	s->skills = (uint32_t)number(c, o, "skills", 0, 0, 4294967295.0);
	s->balance_group = integer(c, o, "balance_group", 0, -1, 1 << 20);
}

static void read_windows(struct ctx *c, const json_t *o, struct rt_need *n)
{
	const json_t *list = json_object_get(o, "windows"), *w;
	struct rt_problem *p = &c->out->p;
	size_t i;

	n->window = p->n_windows;
	json_array_foreach(list, i, w) {
		const json_t *from = json_array_get(w, 0), *to = json_array_get(w, 1);

		if (!json_is_integer(from) || !json_is_integer(to) || json_integer_value(from) < 0 ||
			json_integer_value(to) > RT_DAY_SECONDS) {
			complain(c, "windows", "[from, to] in seconds of the day expected");
			return;
		}
		p->windows = bp_grow_array(&c->out->arena, p->windows, (size_t)p->n_windows,
			(size_t)p->n_windows + 1, sizeof(*p->windows));
		p->windows[p->n_windows++] = (struct rt_window){(int32_t)json_integer_value(from),
			(int32_t)json_integer_value(to), json_is_true(json_array_get(w, 2))};
		n->n_windows++;
	}
}

static int32_t seat_of_id(const struct rt_problem *p, json_int_t id)
{
	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].id == (uint64_t)id)
			return s;
	return RT_NONE;
}

static int int_order(const void *a, const void *b)
{
	return *(const int32_t *)a < *(const int32_t *)b ? -1 : *(const int32_t *)a > *(const int32_t *)b;
}

/* A need names its seats; equal lists are kept once. */
static int32_t read_seats(struct ctx *c, const json_t *o)
{
	const json_t *list = json_object_get(o, "seats"), *s;
	struct rt_problem *p = &c->out->p;
	int32_t n = (int32_t)json_array_size(list), *mine, from, g;
	size_t i;

	if (!list)
		return RT_NONE;
	mine = bp_alloc_array(&c->out->arena, (size_t)n + 1, sizeof(*mine));
	json_array_foreach(list, i, s) {
		mine[i] = seat_of_id(p, json_integer_value(s));
		if (mine[i] < 0)
			complain(c, "seats", "no seat has this id");
	}
	qsort(mine, (size_t)n, sizeof(*mine), int_order);
	for (g = 0; g < p->n_seat_sets; g++) {
		from = p->seat_set_off[g];
		if (p->seat_set_off[g + 1] - from == n &&
			!memcmp(p->seat_set + from, mine, sizeof(*mine) * (size_t)n))
			return g;
	}
	from = p->n_seat_sets ? p->seat_set_off[p->n_seat_sets] : 0;
	p->seat_set = bp_grow_array(&c->out->arena, p->seat_set, (size_t)from, (size_t)(from + n),
		sizeof(*mine));
	p->seat_set_off = bp_grow_array(&c->out->arena, p->seat_set_off,
		p->n_seat_sets ? (size_t)p->n_seat_sets + 1 : 0, (size_t)p->n_seat_sets + 2, sizeof(*mine));
	memcpy(p->seat_set + from, mine, sizeof(*mine) * (size_t)n);
	p->seat_set_off[++p->n_seat_sets] = from + n;
	return p->n_seat_sets - 1;
}

static void read_need(struct ctx *c, const json_t *o, int32_t i)
{
	struct rt_problem *p = &c->out->p;
	struct rt_need *n = &p->needs[i];

	*n = (struct rt_need){.pattern_set = RT_NONE, .day_value = RT_NONE};
	n->id = (uint64_t)number(c, o, "id", i + 1, 0, 9e15);
	n->place = add_place(c, o);
	n->service = integer(c, o, "service", 360, 0, RT_DAY_SECONDS);
	n->visits = integer(c, o, "visits", 1, 1, 10000);
	n->gap = integer(c, o, "gap", rt_gap_default(n->visits, rt_days(p), p->days_per_week), 0, 1000);
	n->days = days(c, o, "days", ~(uint64_t)0);
	n->demand = integer(c, o, "demand", 0, 0, 1000000000);
	n->missed_price = (int64_t)number(c, o, "missed", 7200, 0, 1e12);
	n->skills = (uint32_t)number(c, o, "skills", 0, 0, 4294967295.0);
	n->delivery_days = days(c, o, "delivery_days", 0);
	n->delivery_min = (uint8_t)integer(c, o, "delivery_min", 1, 0, 28);
	n->delivery_max = (uint8_t)integer(c, o, "delivery_max", 2, 0, 28);
	n->flags = flag(o, "mandatory", true) ? RT_MANDATORY : 0;
	n->flags |= flag(o, "first", false) ? RT_PIN_FIRST : 0;
	n->flags |= flag(o, "frozen", false) ? RT_FROZEN : 0;
	n->seat_set = read_seats(c, o);
	read_windows(c, o, n);
}

struct id_index {
	uint64_t id;
	int32_t index;
};

static int by_id(const void *a, const void *b)
{
	const struct id_index *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static void read_given(struct ctx *c, const json_t *list)
{
	struct rt_problem *p = &c->out->p;
	struct id_index *ids = bp_alloc_array(&c->out->arena, (size_t)p->n_needs + 1, sizeof(*ids));
	const json_t *o;

	for (int32_t i = 0; i < p->n_needs; i++)
		ids[i] = (struct id_index){p->needs[i].id, i};
	qsort(ids, (size_t)p->n_needs, sizeof(*ids), by_id);
	p->given = bp_alloc_array(&c->out->arena, json_array_size(list) + 1, sizeof(*p->given));
	c->list = "given";
	json_array_foreach(list, c->at, o) {
		struct id_index key = {(uint64_t)number(c, o, "need", 0, 0, 9e15), 0}, *hit;
		int32_t seat = seat_of_id(p, (json_int_t)number(c, o, "seat", 0, 0, 9e15));

		hit = bsearch(&key, ids, (size_t)p->n_needs, sizeof(*ids), by_id);
		if (!hit || seat < 0) {
			complain(c, "need", "no such need or seat");
			return;
		}
		p->given[p->n_given++] = (struct rt_given){hit->index, seat,
			integer(c, o, "day", 0, 0, rt_days(p) - 1),
			integer(c, o, "position", 0, 0, INT32_MAX / 2)};
	}
}

static void read_all(struct ctx *c, const json_t *root)
{
	struct rt_problem *p = &c->out->p;
	const json_t *profiles = json_object_get(root, "profiles");
	const json_t *seats = json_object_get(root, "seats"), *needs = json_object_get(root, "needs"), *o;
	size_t np = json_array_size(profiles), ns = json_array_size(seats), nn = json_array_size(needs);

	c->list = "cycle";
	p->weeks = integer(c, root, "weeks", 4, 1, 8);
	p->days_per_week = integer(c, root, "days_per_week", 5, 1, 7);
	p->metric = RT_GEO;
	p->same_seat = flag(root, "same_seat", true);
	if (c->bad || nn > 5000000 || ns > 100000)
		return;
	p->n_profiles = np ? (int32_t)np : 1;
	p->profiles = bp_alloc_array(&c->out->arena, (size_t)p->n_profiles, sizeof(*p->profiles));
	p->profiles[0] = rt_profile_default(RT_TWO_WHEELER);
	p->seats = bp_alloc_array(&c->out->arena, ns + 1, sizeof(*p->seats));
	p->needs = bp_alloc_array(&c->out->arena, nn + 1, sizeof(*p->needs));
	p->places = bp_alloc_array(&c->out->arena, nn + ns + 1, sizeof(*p->places));
	c->list = "profiles";
	json_array_foreach(profiles, c->at, o)
		read_profile(c, o, &p->profiles[c->at]);
	c->list = "seats";
	json_array_foreach(seats, c->at, o)
		read_seat(c, o, p->n_seats++);
	c->list = "needs";
	json_array_foreach(needs, c->at, o)
		read_need(c, o, p->n_needs++);
	if (!c->bad && json_object_get(root, "given"))
		read_given(c, json_object_get(root, "given"));
}

enum bp_error rt_read_journey(struct rt_file *out, struct rt_text *t)
{
	struct ctx c = {.out = out, .f = t->f, .list = ""};
	json_error_t je;
	json_t *root = json_loadb(t->at, (size_t)(t->end - t->at), JSON_REJECT_DUPLICATES, &je);

	if (!root)
		return bp_fail(t->f, BP_E_IMPORT_FORMAT, "line %d: %s", je.line, je.text);
	read_all(&c, root);
	json_decref(root);
	snprintf(out->kind, sizeof(out->kind), "journey");
	return c.bad ? BP_E_IMPORT_FORMAT : BP_E_OK;
}
