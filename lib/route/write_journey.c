/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A problem written in the journey format: what the reader reads back is the same problem, so that a
 * plan can be checked, or a defect shown, without the data base that it came from.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/read.h"

static void put_days(FILE *out, const char *key, uint64_t mask, int32_t days)
{
	const char *comma = "";

	fprintf(out, "%s[", key);
	for (int32_t d = 0; d < days; d++)
		if (mask >> d & 1) {
			fprintf(out, "%s%d", comma, d);
			comma = ",";
		}
	fputc(']', out);
}

static void put_numbers(FILE *out, const char *key, const int32_t *v, int32_t n)
{
	fprintf(out, "%s[", key);
	for (int32_t i = 0; i < n; i++)
		fprintf(out, "%s%d", i ? "," : "", v[i]);
	fputc(']', out);
}

static void put_place(FILE *out, const struct rt_problem *p, int32_t place, const char *prefix)
{
	const struct rt_place *pl = place < 0 ? NULL : &p->places[place];

	if (pl && pl->x != RT_NO_COORD)
		fprintf(out, ",\"%slat\":%.6f,\"%slon\":%.6f", prefix, pl->y / 1e6, prefix, pl->x / 1e6);
}

static void put_profile(FILE *out, const struct rt_profile *r)
{
	const double kmh = 0.0036;

	fprintf(out,
		"{\"kmh_urban\":%.4f,\"kmh_rural\":%.4f,\"road_urban\":%.3f,\"road_rural\":%.3f,\"lost\":%d,"
		"\"walk_max\":%d,\"walk_kmh\":%.4f,\"walk_road\":%.3f,\"walk_lost\":%d}",
		r->mps_urban * kmh, r->mps_rural * kmh, r->road_urban / 1e3, r->road_rural / 1e3, r->lost,
		r->walk_max, r->walk_mps * kmh, r->walk_road / 1e3, r->walk_lost);
}

static void put_seat(FILE *out, const struct rt_problem *p, int32_t i)
{
	const struct rt_seat *s = &p->seats[i];
	int32_t days = rt_days(p), place = s->start >= 0 ? s->start : s->end;

	fprintf(out, "{\"id\":%" PRIu64, s->id);
	put_place(out, p, s->start, "");
	if (s->end != s->start)
		put_place(out, p, s->end, "end_");
	if (place >= 0 && p->places[place].area == RT_RURAL)
		fputs(",\"area\":\"rural\"", out);
	if (s->end != s->start && s->end < 0)
		fputs(",\"returns\":false", out);
	put_days(out, ",\"days\":", s->days, days);
	fprintf(out,
		",\"shift_start\":%d,\"shift\":%d,\"overtime_max\":%d,\"max_duration\":%d,\"max_calls\":%d,\"min_calls\":%d,"
		"\"capacity\":%d,\"fixed\":%" PRId64 ",\"profile\":%d,\"skills\":%" PRIu32 ",\"balance_group\":%d",
		s->shift_start, s->shift, s->overtime_max, s->max_duration, s->max_calls, s->min_calls, s->capacity, s->fixed,
		s->profile, s->skills, s->balance_group);
	if (p->seat_day_shift)
		put_numbers(out, ",\"shifts\":", p->seat_day_shift + i * days, days);
	fputc('}', out);
}

static void put_rules(FILE *out, const struct rt_problem *p, const struct rt_need *n)
{
	int32_t days = rt_days(p);

	if (n->seat_set >= 0) {
		fputs(",\"seats\":[", out);
		for (int32_t k = p->seat_set_off[n->seat_set]; k < p->seat_set_off[n->seat_set + 1]; k++)
			fprintf(out, "%s%" PRIu64, k > p->seat_set_off[n->seat_set] ? "," : "",
				p->seats[p->seat_set[k]].id);
		fputc(']', out);
	}
	for (int32_t k = 0; k < n->n_windows; k++) {
		const struct rt_window *w = &p->windows[n->window + k];

		fprintf(out, "%s[%d,%d,%s]%s", k ? "," : ",\"windows\":[", w->from, w->to,
			w->soft ? "true" : "false", k + 1 < n->n_windows ? "" : "]");
	}
	if (n->pattern_set >= 0) {
		fputs(",\"patterns\":[", out);
		for (int32_t k = p->pattern_off[n->pattern_set]; k < p->pattern_off[n->pattern_set + 1]; k++)
			put_days(out, k > p->pattern_off[n->pattern_set] ? "," : "", p->patterns[k], days);
		fputc(']', out);
	}
	if (n->day_value >= 0)
		put_numbers(out, ",\"values\":", p->day_values + n->day_value, days);
	if (n->delivery_days) {
		put_days(out, ",\"delivery_days\":", n->delivery_days, days);
		fprintf(out, ",\"delivery_min\":%d,\"delivery_max\":%d", n->delivery_min, n->delivery_max);
	}
}

static void put_need(FILE *out, const struct rt_problem *p, const struct rt_need *n)
{
	fprintf(out, "{\"id\":%" PRIu64, n->id);
	put_place(out, p, n->place, "");
	if (p->places[n->place].area == RT_RURAL)
		fputs(",\"area\":\"rural\"", out);
	fprintf(out, ",\"service\":%d,\"visits\":%d,\"gap\":%d,\"demand\":%d,\"missed\":%" PRId64 ",\"skills\":%" PRIu32,
		n->service, n->visits, n->gap, n->demand, n->missed_price, n->skills);
	if (n->chain)
		fprintf(out, ",\"chain\":%d", n->chain);
	put_days(out, ",\"days\":", n->days, rt_days(p));
	put_rules(out, p, n);
	fprintf(out, "%s%s%s}", n->flags & RT_MANDATORY ? "" : ",\"mandatory\":false",
		n->flags & RT_PIN_FIRST ? ",\"first\":true" : "", n->flags & RT_FROZEN ? ",\"frozen\":true" : "");
}

static void put_leg(FILE *out, const struct rt_problem *p, int32_t i, int32_t k, const struct rt_leg_fix *l,
	const char **comma)
{
	bool seat = k >= p->n_needs;

	if (i >= p->n_needs) /* a seat comes second; two seats have no leg */
		return;
	fprintf(out, "%s\n{\"need\":%" PRIu64 ",\"%s\":%" PRIu64 ",\"seconds\":%d,\"metres\":%d}", *comma,
		p->needs[i].id, seat ? "seat" : "other", seat ? p->seats[k - p->n_needs].id : p->needs[k].id,
		l->seconds, l->metres);
	*comma = ",";
}

/* Places have no names in the format: a leg is told once for all that stands at its ends. */
static void put_legs(FILE *out, const struct rt_problem *p)
{
	int32_t things = p->n_needs + p->n_seats, *next = bp_xmalloc(sizeof(*next) * ((size_t)things + 1));
	int32_t *head = bp_xmalloc(sizeof(*head) * ((size_t)p->n_places + 1));
	const char *comma = "";

	for (int32_t i = 0; i < p->n_places; i++)
		head[i] = RT_NONE;
	for (int32_t i = 0; i < things; i++) {
		const struct rt_seat *s = i < p->n_needs ? NULL : &p->seats[i - p->n_needs];
		int32_t at = !s ? p->needs[i].place : s->start >= 0 ? s->start : s->end;

		next[i] = at < 0 ? RT_NONE : head[at];
		if (at >= 0)
			head[at] = i;
	}
	for (const struct rt_leg_fix *l = p->leg_fixes; l < p->leg_fixes + p->n_leg_fixes; l++)
		for (int32_t i = head[l->a]; i >= 0; i = next[i])
			for (int32_t k = head[l->b]; k >= 0; k = next[k])
				put_leg(out, p, i < p->n_needs ? i : k, i < p->n_needs ? k : i, l, &comma);
	free(next);
	free(head);
}

enum bp_error rt_journey_write(const char *path, const struct rt_problem *p, struct bp_fail *f)
{
	FILE *out;
	bool bad;

	if (p->metric != RT_GEO)
		return bp_fail(f, BP_E_OPT_INPUT, "only problems on the earth can be written as a journey file");
	out = fopen(path, "w");
	if (!out)
		return bp_fail(f, bp_error_of_errno(errno), "'%s': %s", path, strerror(errno));
	fprintf(out, "{\"weeks\":%d,\"days_per_week\":%d,\"same_seat\":%s,\"same_start\":%s,\n\"profiles\":[",
		p->weeks, p->days_per_week, p->same_seat ? "true" : "false", p->same_start ? "true" : "false");
	for (int32_t i = 0; i < p->n_profiles; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_profile(out, &p->profiles[i]);
	}
	fputs("],\n\"seats\":[", out);
	for (int32_t i = 0; i < p->n_seats; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_seat(out, p, i);
	}
	fputs("],\n\"needs\":[", out);
	for (int32_t i = 0; i < p->n_needs; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_need(out, p, &p->needs[i]);
	}
	fputs("],\n\"chains\":[", out);
	for (int32_t i = 0; i < p->n_chains; i++)
		fprintf(out, "%s{\"most\":%d,\"price\":%d}", i ? "," : "", p->chain_most[i], p->chain_price ? p->chain_price[i] : 0);
	fputs("],\n\"given\":[", out);
	for (int32_t i = 0; i < p->n_given; i++)
		fprintf(out, "%s\n{\"need\":%" PRIu64 ",\"seat\":%" PRIu64 ",\"day\":%d,\"position\":%d}", i ? "," : "",
			p->needs[p->given[i].need].id, p->seats[p->given[i].seat].id, p->given[i].day,
			p->given[i].position);
	fputs("],\n\"legs\":[", out);
	put_legs(out, p);
	fputs("]}\n", out);
	bad = ferror(out);
	if (fclose(out) || bad)
		return bp_fail(f, bp_error_of_errno(errno), "'%s': %s", path, strerror(errno));
	return BP_E_OK;
}
