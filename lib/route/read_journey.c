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
	bp_fail(c->f, BP_E_IMPORT_FORMAT, "%s[%zu].%s: %s", c->list, c->at, key, what); /* the first one stays */
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
	double v = number(c, o, key, fallback, lo, hi);

	if (v > floor(v))
		complain(c, key, "a whole number expected");
	return (int32_t)floor(v);
}

static uint64_t identity(struct ctx *c, const json_t *o, const char *key, uint64_t fallback)
{
	const json_t *v = json_object_get(o, key);

	if (v && (!json_is_integer(v) || json_integer_value(v) < 0))
		complain(c, key, "a whole number from 0 expected");
	return v ? (uint64_t)json_integer_value(v) : fallback;
}

static bool flag(struct ctx *c, const json_t *o, const char *key, bool fallback)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_boolean(v))
		complain(c, key, "true or false expected");
	return v ? json_is_true(v) : fallback;
}

static size_t list_of(struct ctx *c, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_array(v))
		complain(c, key, "a list expected");
	return json_array_size(v);
}

/* A misspelt field would be a rule silently dropped. */
static void only(struct ctx *c, const json_t *o, const char *words)
{
	const char *key;
	json_t *v;

	if (!json_is_object(o))
		complain(c, "", "an object expected");
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		const char *at = words;
		size_t n = strlen(key);

		while (n && (at = strstr(at, key)) && ((at > words && at[-1] != ' ') || (at[n] && at[n] != ' ')))
			at += n;
		if (!at || !n)
			complain(c, key, "no such field");
	}
}

/* Days as a list of cycle-days. */
static uint64_t mask_of(struct ctx *c, const json_t *list, const char *key)
{
	const json_t *d;
	uint64_t mask = 0;
	size_t i;

	if (!json_is_array(list))
		complain(c, key, "a list of cycle-days expected");
	json_array_foreach(list, i, d) {
		if (!json_is_integer(d) || json_integer_value(d) < 0 ||
			json_integer_value(d) >= rt_days(&c->out->p)) {
			complain(c, key, "no such cycle-day");
			return 0;
		}
		mask |= (uint64_t)1 << json_integer_value(d);
	}
	return mask;
}

static uint64_t days(struct ctx *c, const json_t *o, const char *key, uint64_t fallback)
{
	const json_t *v = json_object_get(o, key);

	return v ? mask_of(c, v, key) : fallback;
}

/* One whole number for each cycle-day. */
static void per_day(struct ctx *c, const json_t *o, const char *key, int32_t *out, int32_t hi)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) != (size_t)rt_days(&c->out->p)) {
		complain(c, key, "a number for each cycle-day expected");
		return;
	}
	json_array_foreach(list, i, v) {
		if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > hi)
			complain(c, key, "a number out of range");
		out[i] = (int32_t)json_integer_value(v);
	}
}

static bool has(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return v && !json_is_null(v);
}

/* A place from the fields `lat`, `lon` and the object's `area`. */
static int32_t add_place(struct ctx *c, const json_t *o, const char *lat, const char *lon)
{
	struct rt_problem *p = &c->out->p;
	struct rt_place *pl = &p->places[p->n_places];
	const char *area = json_string_value(json_object_get(o, "area"));

	*pl = (struct rt_place){RT_NO_COORD, 0, RT_URBAN};
	if (area && !strcmp(area, "rural"))
		pl->area = RT_RURAL;
	else if (has(o, "area") && (!area || strcmp(area, "urban")))
		complain(c, "area", "neither urban nor rural");
	if (has(o, lat) != has(o, lon))
		complain(c, has(o, lat) ? lon : lat, "a place needs both coordinates or none");
	if (has(o, lat)) {
		pl->x = (int32_t)floor(number(c, o, lon, 0, -180, 180) * 1e6 + 0.5);
		pl->y = (int32_t)floor(number(c, o, lat, 0, -90, 90) * 1e6 + 0.5);
	}
	return p->n_places++;
}

static void read_profile(struct ctx *c, const json_t *o, struct rt_profile *r)
{
	static const char *const names[] = {"two-wheeler", "car", "van", "walk"};
	const char *v = json_string_value(json_object_get(o, "vehicle"));
	int kind = 0;

	only(c, o, "vehicle kmh_urban kmh_rural road_urban road_rural lost walk_max walk_kmh walk_road walk_lost");
	while (v && kind < 4 && strcmp(v, names[kind]))
		kind++;
	if (kind == 4 || (!v && has(o, "vehicle"))) {
		complain(c, "vehicle", "neither two-wheeler, car, van nor walk");
		kind = 0;
	}
	*r = rt_profile_default((enum rt_vehicle)kind);
	r->mps_urban = (int32_t)(number(c, o, "kmh_urban", r->mps_urban * 0.0036, 0.1, 300) / 0.0036 + 0.5);
	r->mps_rural = (int32_t)(number(c, o, "kmh_rural", r->mps_rural * 0.0036, 0.1, 300) / 0.0036 + 0.5);
	r->road_urban = (int32_t)(number(c, o, "road_urban", r->road_urban / 1e3, 1, 10) * 1e3 + 0.5);
	r->road_rural = (int32_t)(number(c, o, "road_rural", r->road_rural / 1e3, 1, 10) * 1e3 + 0.5);
	r->lost = integer(c, o, "lost", r->lost, 0, 86400);
	r->walk_max = integer(c, o, "walk_max", r->walk_max, 0, 100000);
	r->walk_mps = (int32_t)(number(c, o, "walk_kmh", r->walk_mps * 0.0036, 0.1, 30) / 0.0036 + 0.5);
	r->walk_road = (int32_t)(number(c, o, "walk_road", r->walk_road / 1e3, 1, 10) * 1e3 + 0.5);
	r->walk_lost = integer(c, o, "walk_lost", r->walk_lost, 0, 86400);
}

static void read_seat(struct ctx *c, const json_t *o, int32_t i)
{
	struct rt_problem *p = &c->out->p;
	struct rt_seat *s = &p->seats[i];

	only(c, o, "id lat lon end_lat end_lon area returns days shifts shift_start shift overtime_max max_duration max_calls "
		   "min_calls capacity fixed profile skills balance_group");
	s->id = identity(c, o, "id", (uint64_t)i + 1);
	s->start = s->end = RT_NONE;
	if (has(o, "lat") || has(o, "lon"))
		s->start = add_place(c, o, "lat", "lon");
	if (has(o, "end_lat") || has(o, "end_lon"))
		s->end = add_place(c, o, "end_lat", "end_lon");
	else if (flag(c, o, "returns", true))
		s->end = s->start;
	s->days = days(c, o, "days", ~(uint64_t)0);
	s->shift_start = integer(c, o, "shift_start", 32400, 0, RT_DAY_SECONDS);
	s->shift = integer(c, o, "shift", 24000, 0, RT_DAY_SECONDS);
	s->overtime_max = integer(c, o, "overtime_max", 0, 0, RT_DAY_SECONDS);
	s->max_duration = integer(c, o, "max_duration", 0, 0, RT_DAY_SECONDS);
	s->max_calls = integer(c, o, "max_calls", 0, 0, 100000);
	s->min_calls = integer(c, o, "min_calls", 0, 0, 100000);
	s->capacity = integer(c, o, "capacity", 0, 0, INT32_MAX);
	s->fixed = (int64_t)number(c, o, "fixed", 0, 0, 1e9);
	s->profile = integer(c, o, "profile", 0, 0, p->n_profiles - 1);
	s->skills = (uint32_t)number(c, o, "skills", 0, 0, 4294967295.0);
	s->balance_group = integer(c, o, "balance_group", 0, -1, 1 << 20);
	if (!p->seat_day_shift)
		return;
	for (int32_t d = 0; d < rt_days(p); d++)
		p->seat_day_shift[i * rt_days(p) + d] = s->shift;
	if (has(o, "shifts"))
		per_day(c, o, "shifts", &p->seat_day_shift[i * rt_days(p)], RT_DAY_SECONDS);
}

static void read_windows(struct ctx *c, const json_t *o, struct rt_need *n)
{
	const json_t *list = json_object_get(o, "windows"), *w;
	struct rt_problem *p = &c->out->p;
	size_t i;

	n->window = p->n_windows;
	list_of(c, o, "windows");
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

static int32_t seat_of_id(const struct rt_problem *p, uint64_t id)
{
	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].id == id)
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
	int32_t n = (int32_t)list_of(c, o, "seats"), *mine, from, g;
	size_t i;

	if (!list)
		return RT_NONE;
	mine = bp_alloc_array(&c->out->arena, (size_t)n + 1, sizeof(*mine));
	json_array_foreach(list, i, s) {
		mine[i] = json_is_integer(s) ? seat_of_id(p, (uint64_t)json_integer_value(s)) : RT_NONE;
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

/* Sets of days of which one is kept; lists are not shared. */
static int32_t read_patterns(struct ctx *c, const json_t *o)
{
	const json_t *list = json_object_get(o, "patterns"), *v;
	struct rt_problem *p = &c->out->p;
	size_t n = list_of(c, o, "patterns"), i;
	int32_t from = p->n_pattern_sets ? p->pattern_off[p->n_pattern_sets] : 0;

	if (!list)
		return RT_NONE;
	p->patterns = bp_grow_array(&c->out->arena, p->patterns, (size_t)from, (size_t)from + n + 1,
		sizeof(*p->patterns));
	p->pattern_off = bp_grow_array(&c->out->arena, p->pattern_off,
		p->n_pattern_sets ? (size_t)p->n_pattern_sets + 1 : 0, (size_t)p->n_pattern_sets + 2,
		sizeof(*p->pattern_off));
	json_array_foreach(list, i, v)
		p->patterns[(size_t)from + i] = mask_of(c, v, "patterns");
	p->pattern_off[++p->n_pattern_sets] = from + (int32_t)n;
	return p->n_pattern_sets - 1;
}

static int32_t read_values(struct ctx *c, const json_t *o)
{
	struct rt_problem *p = &c->out->p;
	int32_t from = p->n_day_values;

	if (!has(o, "values"))
		return RT_NONE;
	p->n_day_values += rt_days(p);
	p->day_values = bp_grow_array(&c->out->arena, p->day_values, (size_t)from, (size_t)p->n_day_values,
		sizeof(*p->day_values));
	per_day(c, o, "values", p->day_values + from, RT_DAY_SECONDS);
	return from;
}

static void read_need(struct ctx *c, const json_t *o, int32_t i)
{
	struct rt_problem *p = &c->out->p;
	struct rt_need *n = &p->needs[i];

	only(c, o, "id lat lon area service visits gap days patterns windows seats skills demand chain missed values "
		   "mandatory first frozen delivery_days delivery_min delivery_max");
	*n = (struct rt_need){0};
	n->id = identity(c, o, "id", (uint64_t)i + 1);
	n->place = add_place(c, o, "lat", "lon");
	n->service = integer(c, o, "service", 360, 0, RT_DAY_SECONDS);
	n->visits = integer(c, o, "visits", 1, 1, 10000);
	n->gap = integer(c, o, "gap", rt_gap_default(n->visits, rt_days(p), p->days_per_week), 0, 1000);
	n->days = days(c, o, "days", ~(uint64_t)0);
	n->demand = integer(c, o, "demand", 0, 0, 1000000000);
	n->chain = integer(c, o, "chain", 0, 0, p->n_chains);
	n->missed_price = (int64_t)number(c, o, "missed", 7200, 0, 1e12);
	n->skills = (uint32_t)number(c, o, "skills", 0, 0, 4294967295.0);
	n->delivery_days = days(c, o, "delivery_days", 0);
	n->delivery_min = (uint8_t)integer(c, o, "delivery_min", 1, 0, 28);
	n->delivery_max = (uint8_t)integer(c, o, "delivery_max", 2, 0, 28);
	n->flags = flag(c, o, "mandatory", true) ? RT_MANDATORY : 0;
	n->flags |= flag(c, o, "first", false) ? RT_PIN_FIRST : 0;
	n->flags |= flag(c, o, "frozen", false) ? RT_FROZEN : 0;
	n->seat_set = read_seats(c, o);
	n->pattern_set = read_patterns(c, o);
	n->day_value = read_values(c, o);
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

/* Needs by id, ascending; two with one id could not be told apart in a plan. */
static struct id_index *index_needs(struct ctx *c)
{
	struct rt_problem *p = &c->out->p;
	struct id_index *ids = bp_alloc_array(&c->out->arena, (size_t)p->n_needs + 1, sizeof(*ids));

	for (int32_t i = 0; i < p->n_needs; i++)
		ids[i] = (struct id_index){p->needs[i].id, i};
	qsort(ids, (size_t)p->n_needs, sizeof(*ids), by_id);
	for (int32_t i = 1; i < p->n_needs; i++)
		if (ids[i].id == ids[i - 1].id) {
			c->at = (size_t)ids[i].index;
			complain(c, "id", "an id given before");
		}
	for (int32_t s = 0; s < p->n_seats; s++)
		if (seat_of_id(p, p->seats[s].id) != s) {
			c->list = "seats";
			c->at = (size_t)s;
			complain(c, "id", "an id given before");
		}
	return ids;
}

static int32_t need_of_id(struct ctx *c, const struct id_index *ids, const json_t *o, const char *key)
{
	struct id_index k = {identity(c, o, key, UINT64_MAX), 0}, *hit;

	hit = bsearch(&k, ids, (size_t)c->out->p.n_needs, sizeof(k), by_id);
	if (!hit)
		complain(c, key, "no such need");
	return hit ? hit->index : RT_NONE;
}

static int32_t seat_of(struct ctx *c, const json_t *o)
{
	int32_t s = seat_of_id(&c->out->p, identity(c, o, "seat", UINT64_MAX));

	if (s < 0)
		complain(c, "seat", "no such seat");
	return s;
}

static void read_given(struct ctx *c, const json_t *root, const struct id_index *ids)
{
	struct rt_problem *p = &c->out->p;
	const json_t *list = json_object_get(root, "given"), *o;

	p->given = bp_alloc_array(&c->out->arena, list_of(c, root, "given") + 1, sizeof(*p->given));
	c->list = "given";
	json_array_foreach(list, c->at, o) {
		only(c, o, "need seat day position");
		p->given[p->n_given++] = (struct rt_given){need_of_id(c, ids, o, "need"), seat_of(c, o),
			integer(c, o, "day", 0, 0, rt_days(p) - 1),
			integer(c, o, "position", 0, 0, INT32_MAX / 2)};
	}
}

static int by_places(const void *a, const void *b)
{
	const struct rt_leg_fix *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Known legs, between two needs or between the place of a seat and a need. */
static void read_legs(struct ctx *c, const json_t *root, const struct id_index *ids)
{
	struct rt_problem *p = &c->out->p;
	const json_t *list = json_object_get(root, "legs"), *o;

	p->leg_fixes = bp_alloc_array(&c->out->arena, list_of(c, root, "legs") + 1, sizeof(*p->leg_fixes));
	c->list = "legs";
	json_array_foreach(list, c->at, o) {
		int32_t n = need_of_id(c, ids, o, "need"), s = has(o, "seat") ? seat_of(c, o) : RT_NONE;
		int32_t u = s < 0 ? need_of_id(c, ids, o, "other") : RT_NONE, a, b;

		only(c, o, "need other seat seconds metres");
		if (c->bad)
			return;
		a = p->needs[n].place;
		b = s < 0 ? p->needs[u].place : p->seats[s].start >= 0 ? p->seats[s].start : p->seats[s].end;
		if (b < 0 || a == b)
			complain(c, "need", "the leg has one end only");
		p->leg_fixes[p->n_leg_fixes++] = (struct rt_leg_fix){a < b ? a : b, a < b ? b : a,
			integer(c, o, "seconds", 0, 0, RT_DAY_SECONDS),
			integer(c, o, "metres", 0, 0, 50000000)};
	}
	qsort(p->leg_fixes, (size_t)p->n_leg_fixes, sizeof(*p->leg_fixes), by_places);
}

static void alloc_all(struct ctx *c, const json_t *root)
{
	struct rt_problem *p = &c->out->p;
	size_t np = list_of(c, root, "profiles"), ns = list_of(c, root, "seats"), nn = list_of(c, root, "needs");
	const json_t *o;
	size_t i;

	if (nn > 5000000 || ns > 100000 || np > 1000)
		complain(c, nn > 5000000 ? "needs" : ns > 100000 ? "seats" : "profiles", "too many");
	if (c->bad)
		return;
	p->n_profiles = np ? (int32_t)np : 1;
	p->profiles = bp_alloc_array(&c->out->arena, (size_t)p->n_profiles, sizeof(*p->profiles));
	p->profiles[0] = rt_profile_default(RT_TWO_WHEELER);
	p->seats = bp_alloc_array(&c->out->arena, ns + 1, sizeof(*p->seats));
	p->needs = bp_alloc_array(&c->out->arena, nn + 1, sizeof(*p->needs));
	p->places = bp_alloc_array(&c->out->arena, nn + 2 * ns + 1, sizeof(*p->places));
	json_array_foreach(json_object_get(root, "seats"), i, o)
		if (has(o, "shifts") && !p->seat_day_shift)
			p->seat_day_shift = bp_alloc_array(&c->out->arena, ns * (size_t)rt_days(p),
				sizeof(int32_t));
}

/* Most visits of each chain in a tour, and what one beyond costs. */
static void read_chains(struct ctx *c, const json_t *root)
{
	struct rt_problem *p = &c->out->p;
	const json_t *o;

	p->chain_most = bp_alloc_array(&c->out->arena, list_of(c, root, "chains") + 1, sizeof(*p->chain_most));
	p->chain_price = bp_alloc_array(&c->out->arena, list_of(c, root, "chains") + 1, sizeof(*p->chain_price));
	c->list = "chains";
	json_array_foreach(json_object_get(root, "chains"), c->at, o) {
		only(c, o, "most price");
		p->chain_price[p->n_chains] = integer(c, o, "price", 0, 0, RT_MAX_TIME);
		p->chain_most[p->n_chains++] = integer(c, o, "most", 1, 1, 10000);
	}
}

static void read_all(struct ctx *c, const json_t *root)
{
	struct rt_problem *p = &c->out->p;
	const json_t *o;
	struct id_index *ids;

	c->list = "file";
	only(c, root, "weeks days_per_week same_seat same_start profiles seats needs given legs chains");
	p->weeks = integer(c, root, "weeks", 4, 1, 8);
	p->days_per_week = integer(c, root, "days_per_week", 5, 1, 7);
	p->metric = RT_GEO;
	p->same_seat = flag(c, root, "same_seat", true);
	p->same_start = flag(c, root, "same_start", false);
	if (!c->bad)
		alloc_all(c, root);
	if (c->bad)
		return;
	read_chains(c, root);
	c->list = "profiles";
	json_array_foreach(json_object_get(root, "profiles"), c->at, o)
		read_profile(c, o, &p->profiles[c->at]);
	c->list = "seats";
	json_array_foreach(json_object_get(root, "seats"), c->at, o)
		read_seat(c, o, p->n_seats++);
	c->list = "needs";
	json_array_foreach(json_object_get(root, "needs"), c->at, o)
		read_need(c, o, p->n_needs++);
	ids = index_needs(c);
	c->at = 0;
	c->list = "file";
	if (!c->bad && has(root, "given"))
		read_given(c, root, ids);
	if (!c->bad && has(root, "legs"))
		read_legs(c, root, ids);
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
