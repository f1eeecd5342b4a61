/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans as text: CVRPLIB's .sol, with seat and day added where one number is not enough. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/read.h"

enum bp_error rt_sol_write(const char *path, const struct rt_file *file, const struct rt_solution *s,
	struct bp_fail *f)
{
	const struct rt_problem *p = &file->p;
	bool plain = rt_days(p) == 1 && p->n_given == 0;
	FILE *out = fopen(path, "w");
	int32_t routes = 0;
	bool bad;

	if (!out)
		return bp_fail(f, bp_error_of_errno(errno), "'%s': %s", path, strerror(errno));
	for (int32_t i = 0; i < s->n_visits; i++) {
		const struct rt_visit *v = &s->visits[i];

		if (v->position == 0) {
			fprintf(out, "%sRoute #%d", i ? "\n" : "", ++routes);
			if (plain)
				fprintf(out, " seat %" PRIu64 ":", p->seats[v->seat].id);
			else
				fprintf(out, " seat %" PRIu64 " day %d:", p->seats[v->seat].id,
					v->day);
		}
		fprintf(out, " %" PRIu64, p->needs[v->need].id);
	}
	fprintf(out, "%sCost: %.*f\n", s->n_visits ? "\n" : "", file->unit > 1 ? 4 : 0,
		(double)s->cost.total / file->unit);
	bad = ferror(out);
	if (fclose(out) || bad)
		return bp_fail(f, bp_error_of_errno(errno), "'%s': %s", path, strerror(errno));
	return BP_E_OK;
}

struct key {
	uint64_t id;
	int32_t index;
};

static int by_id(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int32_t find(const struct key *keys, int32_t n, uint64_t id)
{
	struct key k = {id, 0};
	const struct key *hit = n ? bsearch(&k, keys, (size_t)n, sizeof(k), by_id) : NULL;

	return hit ? hit->index : RT_NONE;
}

/* The name of the next number on this line, e.g. "seat"; false at the colon. */
static bool attribute(char **at, const char *name, uint64_t *value)
{
	char *c = *at;
	size_t n = strlen(name);

	while (*c == ' ')
		c++;
	if (strncmp(c, name, n) || c[n] != ' ')
		return false;
	*value = strtoull(c + n, at, 10);
	return *at != c + n;
}

struct lines {
	const struct rt_file *file;
	struct rt_solution *s;
	struct key *needs, *seats;
	int32_t cap, routes;
	struct bp_fail *f;
};

static enum bp_error route_line(struct lines *l, char *at, int32_t number)
{
	uint64_t id = 0, day = 0;
	int32_t seat = l->routes++, position = 0;
	char *stop;

	while (*at && *at != ' ' && *at != ':') /* the number behind # */
		at++;
	if (attribute(&at, "seat", &id)) {
		seat = find(l->seats, l->file->p.n_seats, id);
		if (attribute(&at, "day", &day) && day >= (uint64_t)rt_days(&l->file->p))
			return bp_fail(l->f, BP_E_IMPORT_FORMAT, "line %d: no day %" PRIu64, number, day);
	}
	while (*at == ' ')
		at++;
	if (*at != ':')
		return bp_fail(l->f, BP_E_IMPORT_FORMAT, "line %d: ':' expected", number);
	for (at++;; at = stop) {
		int32_t need;

		id = strtoull(at, &stop, 10);
		if (stop == at) {
			if (at[strspn(at, " \t\r\n")])
				return bp_fail(l->f, BP_E_IMPORT_FORMAT, "line %d: the id of a need expected", number);
			return BP_E_OK;
		}
		need = find(l->needs, l->file->p.n_needs, id);
		if (need < 0 || seat < 0 || seat >= l->file->p.n_seats)
			return bp_fail(l->f, BP_E_IMPORT_FORMAT,
				"line %d: no need %" PRIu64 ", or more routes than vehicles", number, id);
		if (l->s->n_visits == l->cap) {
			l->cap = l->cap ? l->cap * 2 : 1024;
			l->s->visits = bp_xrealloc(l->s->visits,
				sizeof(*l->s->visits) * (size_t)l->cap);
		}
		l->s->visits[l->s->n_visits++] =
			(struct rt_visit){need, (int32_t)day, seat, position++};
	}
}

static void list_unserved(const struct rt_problem *p, struct rt_solution *s)
{
	int32_t *left = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*left)), n = 0;

	for (int32_t i = 0; i < p->n_needs; i++)
		left[i] = p->needs[i].visits;
	for (int32_t i = 0; i < s->n_visits; i++)
		left[s->visits[i].need]--;
	for (int32_t i = 0; i < p->n_needs; i++)
		n += left[i] > 0;
	s->unserved = bp_xcalloc((size_t)n + 1, sizeof(*s->unserved));
	for (int32_t i = 0; i < p->n_needs; i++)
		if (left[i] > 0)
			s->unserved[s->n_unserved++] = (struct rt_unserved){i, left[i], RT_SERVED};
	free(left);
}

enum bp_error rt_sol_read(const char *path, const struct rt_file *file, struct rt_solution *s,
	struct bp_fail *f)
{
	struct lines l = {.file = file, .s = s, .f = f};
	const struct rt_problem *p = &file->p;
	FILE *in = fopen(path, "r");
	enum bp_error err = BP_E_OK;
	char *line = NULL;
	size_t cap = 0;

	if (!in)
		return bp_fail(f, BP_E_NOT_FOUND, "'%s': %s", path, strerror(errno));
	rt_solution_release(s);
	l.needs = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*l.needs));
	l.seats = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*l.seats));
	for (int32_t i = 0; i < p->n_needs; i++)
		l.needs[i] = (struct key){p->needs[i].id, i};
	for (int32_t i = 0; i < p->n_seats; i++)
		l.seats[i] = (struct key){p->seats[i].id, i};
	qsort(l.needs, (size_t)p->n_needs, sizeof(*l.needs), by_id);
	qsort(l.seats, (size_t)p->n_seats, sizeof(*l.seats), by_id);
	for (int32_t number = 1; err == BP_E_OK && getline(&line, &cap, in) >= 0; number++)
		if (!strncmp(line, "Route #", 7))
			err = route_line(&l, line + 7, number);
	free(line);
	fclose(in);
	if (err == BP_E_OK) {
		rt_visits_sort(s->visits, s->n_visits);
		list_unserved(p, s);
		s->plan_hash = rt_plan_hash(p, s->visits, s->n_visits);
	}
	free(l.needs);
	free(l.seats);
	return err;
}
