/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CVRPLIB files: keys with values, then sections.  CVRP measures in whole units
 * (EUC_2D rounded).  With windows the conventions of the published instances hold:
 * prize collecting counts in truncated tenths, multi-depot in rounded thousandths,
 * duration limits with the rounded distance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/read.h"

struct vrp {
	struct rt_file *out;
	struct rt_text *t;
	int32_t dim, cap, vehicles;
	double service, distance, max_dur;
	char type[16];
	double *x, *y, *demand, *serve, *from, *to, *prize;
	int32_t *vehicle_depot, *depots, n_depots;
	bool coords, windows, durations, prizes;
};

static bool word(struct rt_text *t, char *out, size_t size)
{
	size_t n = 0;

	while (t->at < t->end && strchr(" \t\r\n:", *t->at))
		t->line += *t->at++ == '\n';
	while (t->at < t->end && !strchr(" \t\r\n:", *t->at)) {
		if (n + 1 < size)
			out[n++] = *t->at;
		t->at++;
	}
	out[n] = '\0';
	return n > 0;
}

static void rest_of_line(struct rt_text *t, char *out, size_t size)
{
	size_t n = 0;

	while (t->at < t->end && strchr(" \t:", *t->at))
		t->at++;
	while (t->at < t->end && *t->at != '\n') {
		if (n + 1 < size && *t->at != '\r' && *t->at != '\t')
			out[n++] = *t->at;
		t->at++;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

/* Rows "index a [b]", one for each node. */
static bool section(struct vrp *v, double *a, double *b)
{
	uint8_t *seen = bp_alloc_array(&v->out->arena, (size_t)v->dim, 1);

	for (int32_t i = 0; i < v->dim; i++) {
		double index, va, vb = 0;

		if (!rt_text_number(v->t, &index) || !(index >= 1 && index <= v->dim) ||
			seen[(int32_t)index - 1]++ || !rt_text_number(v->t, &va) ||
			(b && !rt_text_number(v->t, &vb)))
			return false;
		a[(int32_t)index - 1] = va;
		if (b)
			b[(int32_t)index - 1] = vb;
	}
	return true;
}

static bool depots(struct vrp *v)
{
	double d;

	while (rt_text_number(v->t, &d)) {
		if (d < 0)
			return v->n_depots > 0;
		if (!(d >= 1 && d <= v->dim) || v->n_depots == v->dim)
			return false;
		v->depots[v->n_depots++] = (int32_t)d - 1;
	}
	return v->n_depots > 0;
}

static bool vehicle_depots(struct vrp *v)
{
	v->vehicle_depot = bp_alloc_array(&v->out->arena, (size_t)v->vehicles + 1, sizeof(int32_t));
	for (int32_t i = 0; i < v->vehicles; i++) {
		double index, depot;

		if (!rt_text_number(v->t, &index) || !rt_text_number(v->t, &depot) ||
			!(depot >= 1 && depot <= v->dim))
			return false;
		v->vehicle_depot[i] = (int32_t)depot - 1;
	}
	return v->vehicles > 0;
}

static void *column(struct vrp *v, size_t size)
{
	return bp_alloc_array(&v->out->arena, (size_t)v->dim + 1, size);
}

static enum bp_error read_key(struct vrp *v, const char *key)
{
	char value[256];
	double x;

	if (strchr("+-.0123456789", *key))
		return rt_text_bad(v->t, "more rows than DIMENSION or VEHICLES says");
	rest_of_line(v->t, value, sizeof(value));
	x = strtod(value, NULL);
	if (!(x > -1e9 && x < 1e9))
		return rt_text_bad(v->t, "a number is out of range");
	if (!strcmp(key, "DIMENSION")) {
		if (x < 1 || x > 20000000 || v->dim)
			return rt_text_bad(v->t, "DIMENSION is out of range or given twice");
		if (x * 2 > (double)(v->t->end - v->t->at)) /* before so much is set aside for it */
			return rt_text_bad(v->t, "DIMENSION says more than the file has");
		v->dim = (int32_t)x;
		v->x = column(v, sizeof(double));
		v->y = column(v, sizeof(double));
		v->demand = column(v, sizeof(double));
		v->serve = column(v, sizeof(double));
		v->from = column(v, sizeof(double));
		v->to = column(v, sizeof(double));
		v->prize = column(v, sizeof(double));
		v->depots = column(v, sizeof(int32_t));
	} else if (!strcmp(key, "CAPACITY")) {
		v->cap = (int32_t)x;
	} else if (!strcmp(key, "VEHICLES")) {
		if (x < 0 || x > RT_FILE_SEATS_MOST)
			return rt_text_bad(v->t, "VEHICLES is out of range");
		v->vehicles = (int32_t)x;
	} else if (!strcmp(key, "SERVICE_TIME")) {
		v->service = x;
	} else if (!strcmp(key, "DISTANCE")) {
		v->distance = x;
	} else if (!strcmp(key, "VEHICLES_MAX_DURATION")) {
		v->max_dur = x;
	} else if (!strcmp(key, "TYPE")) {
		snprintf(v->type, sizeof(v->type), "%.15s", value);
	} else if (!strcmp(key, "EDGE_WEIGHT_TYPE") && strcmp(value, "EUC_2D")) {
		return rt_text_bad(v->t, "only EUC_2D distances are known");
	}
	return BP_E_OK;
}

static enum bp_error read_section(struct vrp *v, const char *key)
{
	bool ok;

	if (!v->dim)
		return rt_text_bad(v->t, "a section before DIMENSION");
	if (!strcmp(key, "NODE_COORD_SECTION"))
		ok = v->coords = section(v, v->x, v->y);
	else if (!strcmp(key, "DEMAND_SECTION"))
		ok = section(v, v->demand, NULL);
	else if (!strcmp(key, "SERVICE_TIME_SECTION"))
		ok = v->durations = section(v, v->serve, NULL);
	else if (!strcmp(key, "TIME_WINDOW_SECTION"))
		ok = v->windows = section(v, v->from, v->to);
	else if (!strcmp(key, "PRIZE_SECTION"))
		ok = v->prizes = section(v, v->prize, NULL);
	else if (!strcmp(key, "DEPOT_SECTION"))
		ok = depots(v);
	else if (!strcmp(key, "VEHICLES_DEPOT_SECTION"))
		ok = vehicle_depots(v);
	else
		return rt_text_bad(v->t, "an unknown section");
	return ok ? BP_E_OK : rt_text_bad(v->t, "the section has other rows than DIMENSION says");
}

static bool is_depot(const struct vrp *v, int32_t node)
{
	for (int32_t i = 0; i < v->n_depots; i++)
		if (v->depots[i] == node)
			return true;
	return false;
}

static void fill_seats(struct vrp *v, bool *bad)
{
	struct rt_problem *p = &v->out->p;
	double limit = v->distance > 0 ? v->distance : v->max_dur;

	for (int32_t s = 0; s < p->n_seats; s++) {
		int32_t d = v->vehicle_depot ? v->vehicle_depot[s] : v->depots[(int64_t)s * v->n_depots / p->n_seats];

		p->seats[s].start = p->seats[s].end = d;
		p->seats[s].capacity = v->cap;
		if (v->windows) {
			p->seats[s].shift_start = rt_file_scaled(v->from[d], v->out->unit, bad);
			p->seats[s].shift = rt_file_scaled(v->to[d] - v->from[d], v->out->unit, bad);
			if (limit > 0)
				p->seats[s].max_duration = rt_file_scaled(limit, v->out->unit, bad);
		} else if (limit > 0) {
			p->seats[s].shift = rt_file_scaled(limit, v->out->unit, bad);
		}
	}
}

static enum bp_error fill(struct vrp *v)
{
	struct rt_problem *p = &v->out->p;
	bool prizes = strstr(v->type, "PC") == v->type, bad = false;
	double unit = v->windows ? (prizes ? 10 : 1000) : 1, load = 0;
	int32_t vehicles = v->vehicles, n = v->dim - v->n_depots, at = 0;

	if (!v->coords || (strstr(v->type, "TW") && !v->windows) || (prizes && !v->prizes))
		return rt_text_bad(v->t, "the file ends before the coordinates, windows or prizes of its TYPE");
	if (v->n_depots == 0 || v->cap < 0)
		return rt_text_bad(v->t, "no depot or a negative capacity");
	for (int32_t i = 0; i < v->dim; i++)
		load += v->demand[i] > 0 ? v->demand[i] : 0;
	/* As many vehicles as could be needed when the file does not limit them. */
	if (vehicles <= 0) {
		double most = v->cap > 0 && !v->distance ? 2 * load / v->cap + 20 : n;

		vehicles = most < n ? (int32_t)most : n;
	}
	if (vehicles < 1)
		vehicles = 1;
	v->out->unit = unit;
	rt_file_alloc(v->out, n, vehicles, v->dim);
	p->metric = prizes && v->windows ? RT_EUC_DOWN : RT_EUC_ROUND;
	p->windows = bp_alloc_array(&v->out->arena, (size_t)n + 1, sizeof(*p->windows));
	for (int32_t i = 0; i < v->dim; i++) {
		struct rt_need *d = &p->needs[at];

		p->places[i] = (struct rt_place){rt_file_scaled(v->x[i], unit, &bad),
			rt_file_scaled(v->y[i], unit, &bad), 0};
		if (is_depot(v, i))
			continue;
		d->id = (uint64_t)i;
		d->place = i;
		d->demand = rt_file_scaled(v->demand[i], 1, &bad);
		d->service = rt_file_scaled(v->durations ? v->serve[i] : v->service, unit, &bad);
		if (v->windows) {
			p->windows[at] = (struct rt_window){rt_file_scaled(v->from[i], unit, &bad),
				rt_file_scaled(v->to[i], unit, &bad), 0};
			d->window = at;
			d->n_windows = 1;
		}
		if (prizes) {
			d->missed_price = rt_file_scaled(v->prize[i], unit, &bad);
			d->flags = 0;
		}
		at++;
	}
	p->n_windows = v->windows ? n : 0;
	fill_seats(v, &bad);
	snprintf(v->out->kind, sizeof(v->out->kind), "%s", v->type[0] ? v->type : "CVRP");
	return bad ? rt_text_bad(v->t, "a number is out of range") : BP_E_OK;
}

enum bp_error rt_read_vrp(struct rt_file *out, struct rt_text *t)
{
	struct vrp v = {.out = out, .t = t};
	char key[64];
	enum bp_error err = BP_E_OK;

	while (err == BP_E_OK && word(t, key, sizeof(key)) && strcmp(key, "EOF")) {
		size_t n = strlen(key);

		if (n > 8 && !strcmp(key + n - 8, "_SECTION"))
			err = read_section(&v, key);
		else
			err = read_key(&v, key);
	}
	if (err != BP_E_OK)
		return err;
	if (!v.dim)
		return rt_text_bad(t, "no DIMENSION");
	return fill(&v);
}
