/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/read.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 30)
#define ARENA_MAX ((size_t)8 << 30)

static enum bp_error slurp(const char *path, char **text, size_t *size, struct bp_fail *f)
{
	FILE *in = fopen(path, "rb");
	size_t cap = 1 << 16, n = 0, got;

	if (!in)
		return bp_fail(f, BP_E_NOT_FOUND, "'%s': %s", path, strerror(errno));
	*text = bp_xmalloc(cap);
	while ((got = fread(*text + n, 1, cap - n - 1, in)) > 0 && n < FILE_MAX) {
		n += got;
		if (n + 1 >= cap)
			*text = bp_xrealloc(*text, cap *= 2);
	}
	(*text)[n] = '\0';
	*size = n;
	if (ferror(in) || n >= FILE_MAX) {
		fclose(in);
		free(*text);
		return bp_fail(f, BP_E_IMPORT_FORMAT, "'%s' cannot be read or is too large", path);
	}
	fclose(in);
	return BP_E_OK;
}

bool rt_text_number(struct rt_text *t, double *v)
{
	char *stop;

	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t' || *t->at == '\r' || *t->at == '\n'))
		t->line += *t->at++ == '\n';
	if (t->at == t->end || !strchr("+-.0123456789", *t->at))
		return false;
	*v = strtod(t->at, &stop);
	if (stop == t->at || !isfinite(*v))
		return false;
	t->at = stop;
	return true;
}

enum bp_error rt_text_bad(struct rt_text *t, const char *what)
{
	return bp_fail(t->f, BP_E_IMPORT_FORMAT, "line %d: %s", t->line, what);
}

int32_t rt_file_scaled(double v, double unit, bool *bad)
{
	v = v * unit;
	if (!(v > -1e9 && v < 1e9)) {
		*bad = true;
		return 0;
	}
	return (int32_t)floor(v + 0.5);
}

void rt_file_alloc(struct rt_file *out, int32_t needs, int32_t seats, int32_t places)
{
	struct rt_problem *p = &out->p;

	p->weeks = p->days_per_week = 1;
	p->n_needs = needs;
	p->n_seats = seats;
	p->n_places = places;
	p->needs = bp_alloc_array(&out->arena, (size_t)needs + 1, sizeof(*p->needs));
	p->seats = bp_alloc_array(&out->arena, (size_t)seats + 1, sizeof(*p->seats));
	p->places = bp_alloc_array(&out->arena, (size_t)places + 1, sizeof(*p->places));
	for (int32_t i = 0; i < needs; i++)
		p->needs[i] = (struct rt_need){.id = (uint64_t)i + 1, .visits = 1, .days = ~(uint64_t)0,
			.pattern_set = RT_NONE, .seat_set = RT_NONE, .day_value = RT_NONE,
			.missed_price = 10000000000, .flags = RT_MANDATORY};
	for (int32_t i = 0; i < seats; i++)
		p->seats[i] = (struct rt_seat){.id = (uint64_t)i + 1, .days = ~(uint64_t)0,
			.shift = INT32_MAX / 2, .balance_group = RT_NONE};
}

enum bp_error rt_file_parse(struct rt_file *out, char *text, size_t size, struct bp_fail *f)
{
	struct rt_text t = {text, text + size, 1, f};
	enum bp_error err;

	memset(out, 0, sizeof(*out));
	bp_arena_init(&out->arena, ARENA_MAX);
	out->unit = 1;
	while (t.at < t.end && strchr(" \t\r\n", *t.at))
		t.line += *t.at++ == '\n';
	if (t.at == t.end)
		err = rt_text_bad(&t, "the file is empty");
	else if (*t.at == '{')
		err = rt_read_journey(out, &t);
	else if (!strncmp(t.at, "NAME", 4))
		err = rt_read_vrp(out, &t);
	else if (*t.at >= '0' && *t.at <= '9')
		err = rt_read_cordeau(out, &t);
	else
		err = rt_read_solomon(out, &t);
	if (err == BP_E_OK)
		err = rt_problem_check(&out->p, f);
	if (err != BP_E_OK)
		rt_file_release(out);
	return err;
}

enum bp_error rt_file_read(struct rt_file *out, const char *path, struct bp_fail *f)
{
	char *text = NULL;
	size_t size = 0;
	enum bp_error err = slurp(path, &text, &size, f);

	if (err != BP_E_OK)
		return err;
	err = rt_file_parse(out, text, size, f);
	free(text);
	return err;
}

void rt_file_release(struct rt_file *file)
{
	bp_arena_release(&file->arena);
	memset(file, 0, sizeof(*file));
}

/* Solomon, Gehring and Homberger: VEHICLE, NUMBER CAPACITY, CUSTOMER, seven columns.  Distances are
 * doubles there; here they are rounded up at the fourth decimal, so that no window is missed. */
enum bp_error rt_read_solomon(struct rt_file *out, struct rt_text *t)
{
	const double unit = 10000;
	struct rt_problem *p = &out->p;
	double number, cap, v[7];
	char *at = strstr(t->at, "CAPACITY"), *rows = NULL;
	int32_t n = 0;
	bool bad = false;

	if (!at || !strstr(t->at, "VEHICLE"))
		return rt_text_bad(t, "neither a VRP, a Cordeau nor a Solomon file");
	for (char *c = t->at; c < at; c++)
		t->line += *c == '\n';
	t->at = at + 8;
	if (!rt_text_number(t, &number) || !rt_text_number(t, &cap) || !(number >= 1 && number <= 1e6) ||
		!(cap >= 0 && cap <= 1e9))
		return rt_text_bad(t, "number and capacity of the vehicles expected");
	while (t->at < t->end && !(*t->at >= '0' && *t->at <= '9'))
		t->line += *t->at++ == '\n';
	rows = t->at;
	for (;; n++) {
		int32_t k;

		for (k = 0; k < 7 && rt_text_number(t, &v[k]); k++)
			;
		if (k == 0 && t->at == t->end)
			break;
		if (k < 7)
			return rt_text_bad(t, "a customer needs seven numbers");
		if (!(v[0] >= n && v[0] <= n))
			return rt_text_bad(t, "customers must be numbered from 0");
	}
	if (n < 1)
		return rt_text_bad(t, "no depot");
	rt_file_alloc(out, n - 1, (int32_t)number < n ? (int32_t)number : n, n);
	p->metric = RT_EUC_UP;
	p->windows = bp_alloc_array(&out->arena, (size_t)n, sizeof(*p->windows));
	t->at = rows;
	for (int32_t i = 0; i < n; i++) {
		for (int32_t k = 0; k < 7; k++)
			rt_text_number(t, &v[k]);
		p->places[i] = (struct rt_place){rt_file_scaled(v[1], unit, &bad),
			rt_file_scaled(v[2], unit, &bad), 0};
		if (i == 0) {
			for (int32_t s = 0; s < p->n_seats; s++) {
				p->seats[s].capacity = (int32_t)cap;
				p->seats[s].shift_start = rt_file_scaled(v[4], unit, &bad);
				p->seats[s].shift = rt_file_scaled(v[5] - v[4], unit, &bad);
			}
			continue;
		}
		p->windows[i - 1] = (struct rt_window){rt_file_scaled(v[4], unit, &bad),
			rt_file_scaled(v[5], unit, &bad), 0};
		p->needs[i - 1].place = i;
		p->needs[i - 1].demand = rt_file_scaled(v[3], 1, &bad);
		p->needs[i - 1].service = rt_file_scaled(v[6], unit, &bad);
		p->needs[i - 1].window = i - 1;
		p->needs[i - 1].n_windows = 1;
	}
	p->n_windows = n - 1;
	out->unit = unit;
	out->fleet_first = true;
	snprintf(out->kind, sizeof(out->kind), "VRPTW");
	return bad ? rt_text_bad(t, "a number is out of range") : BP_E_OK;
}

/* Cordeau's periodic and multi-depot files.  Doubles there, four decimals here. */
struct cordeau {
	int32_t type, m, n, t, d;
};

static bool patterns(struct rt_file *out, struct rt_text *t, const struct cordeau *c, int32_t need,
	int32_t count, int32_t *at)
{
	struct rt_problem *p = &out->p;

	p->needs[need].pattern_set = need;
	for (int32_t k = 0; k < count; k++) {
		double code;
		uint64_t mask = 0;

		if (!rt_text_number(t, &code) || !(code >= 1 && code < (double)((uint64_t)1 << c->t)))
			return false;
		for (int32_t day = 0; day < c->t; day++)
			mask |= ((uint64_t)code >> (c->t - 1 - day) & 1) << day;
		if (__builtin_popcountll(mask) != p->needs[need].visits)
			return false;
		p->patterns[(*at)++] = mask;
	}
	p->pattern_off[need + 1] = *at;
	return true;
}

static enum bp_error customers(struct rt_file *out, struct rt_text *t, const struct cordeau *c,
	int32_t depots)
{
	struct rt_problem *p = &out->p;
	int32_t at = 0, seen = 0, depot = 0;
	bool bad = false, periodic = c->type != 2;
	bool depots_first = periodic;

	for (int32_t i = 0; i < c->n + depots; i++) {
		double v[7];
		bool is_depot = depots_first ? i < depots : i >= c->n;
		struct rt_need *n;

		for (int32_t k = 0; k < 7; k++)
			if (!rt_text_number(t, &v[k]))
				return rt_text_bad(t, "fewer customers or numbers than the head says");
		p->places[i] = (struct rt_place){rt_file_scaled(v[1], out->unit, &bad),
			rt_file_scaled(v[2], out->unit, &bad), 0};
		if (is_depot) {
			for (int32_t s = 0; s < c->m; s++)
				p->seats[depot * c->m + s].start = p->seats[depot * c->m + s].end = i;
			depot++;
		} else {
			if (!(v[5] >= 1 && v[5] <= RT_MAX_DAYS && v[6] >= 0 && v[6] <= 4096))
				return rt_text_bad(t, "frequency or number of patterns out of range");
			n = &p->needs[seen];
			if (!(v[0] >= 0 && v[0] <= 1e15))
				return rt_text_bad(t, "a customer's number is out of range");
			n->id = (uint64_t)v[0];
			n->place = i;
			n->service = rt_file_scaled(v[3], out->unit, &bad);
			n->demand = rt_file_scaled(v[4], 1, &bad);
			n->visits = periodic ? (int32_t)v[5] : 1;
			if (periodic) {
				p->patterns = bp_grow_array(&out->arena, p->patterns, (size_t)at,
					(size_t)at + (size_t)v[6], sizeof(*p->patterns));
				if (!patterns(out, t, c, seen, (int32_t)v[6], &at))
					return rt_text_bad(t, "a pattern does not fit its frequency");
			}
			seen++;
		}
		/* Windows and the patterns of depots are not part of these problems. */
		while (t->at < t->end && *t->at != '\n')
			t->at++;
	}
	while (t->at < t->end && strchr(" \t\r\n", *t->at))
		t->line += *t->at++ == '\n';
	if (t->at < t->end)
		return rt_text_bad(t, "more customers than the head says");
	return bad ? rt_text_bad(t, "a number is out of range") : BP_E_OK;
}

enum bp_error rt_read_cordeau(struct rt_file *out, struct rt_text *t)
{
	double v[5] = {0, 0, 0, 0, 1}, dur, cap;
	struct rt_problem *p = &out->p;
	int32_t n = 0, depots, limits;
	struct cordeau c;
	bool bad = false;

	while (n < 4 && rt_text_number(t, &v[n]))
		n++;
	if (n == 4 && v[0] > 7.5 && v[0] < 8.5 && rt_text_number(t, &v[4]))
		n++;
	for (int32_t i = 0; i < 5; i++)
		bad |= !(v[i] >= 0 && v[i] <= 1e6);
	if (n < 4 || bad || (v[0] > 2 && n < 5))
		return rt_text_bad(t, "type, vehicles, customers, days or depots expected");
	c = (struct cordeau){(int32_t)v[0], (int32_t)v[1], (int32_t)v[2], (int32_t)v[3], (int32_t)v[4]};
	if (c.type == 2) {
		c.d = c.t;
		c.t = 1;
	}
	if ((c.type != 1 && c.type != 2 && c.type != 8) || c.t < 1 || c.t > RT_MAX_DAYS || c.d < 1 ||
		c.m < 1 || (int64_t)c.m * c.d > RT_FILE_SEATS_MOST)
		return rt_text_bad(t, "only periodic (1), multi-depot (2) and both (8) are known");
	if (c.n > (t->end - t->at) / 14) /* seven numbers a row */
		return rt_text_bad(t, "the head says more customers than the file has");
	depots = c.d;
	rt_file_alloc(out, c.n, c.m * depots, c.n + depots);
	out->unit = 10000;
	p->days_per_week = c.t > 7 ? 1 : c.t;
	p->weeks = c.t > 7 ? c.t : 1;
	p->metric = RT_EUC_ROUND;
	/* A customer is served from one depot all through the period (Vidal and others 2012). */
	p->same_start = c.type == 8;
	if (c.type != 2) {
		p->n_pattern_sets = c.n;
		p->pattern_off = bp_alloc_array(&out->arena, (size_t)c.n + 1, sizeof(int32_t));
	}
	limits = c.type == 2 ? c.d : c.type == 1 ? c.t : c.t * c.d;
	for (int32_t i = 0; i < limits; i++) {
		if (!rt_text_number(t, &dur) || !rt_text_number(t, &cap))
			return rt_text_bad(t, "duration and load expected");
		/* Given per day or depot; no published file has them differ between days. */
		for (int32_t s = 0; s < p->n_seats; s++)
			if (c.type != 2 || s / c.m == i) {
				p->seats[s].capacity = rt_file_scaled(cap, 1, &bad);
				if (dur > 0)
					p->seats[s].shift = rt_file_scaled(dur, out->unit, &bad);
			}
	}
	snprintf(out->kind, sizeof(out->kind), c.type == 1 ? "PVRP" : c.type == 2 ? "MDVRP" : "MDPVRP");
	while (t->at < t->end && *t->at != '\n')
		t->at++;
	return bad ? rt_text_bad(t, "a limit is out of range") : customers(out, t, &c, depots);
}
