/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two primitive changes of a plan, their exact prices, and the log that takes
 * them back.  Every move is made of these.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

static int64_t overfull(const struct en_route *r)
{
	return r->load > r->cap ? r->load - r->cap : 0;
}

/* Keep the list of tours with room true after the load of the route changed. */
static void list_roomy(struct worker *w, int32_t route)
{
	struct en_route *r = &w->e->routes[route];
	bool has = r->n > 0 && r->load < r->cap;

	if (has && r->roomy_at < 0) {
		r->roomy_at = w->n_roomy;
		w->roomy[w->n_roomy++] = route;
	} else if (!has && r->roomy_at >= 0) {
		int32_t last = w->roomy[--w->n_roomy];

		w->roomy[r->roomy_at] = last;
		w->e->routes[last].roomy_at = r->roomy_at;
		r->roomy_at = RT_NONE;
	}
}

/* Make both lists. */
static void list_loads(struct worker *w)
{
	struct engine *e = w->e;
	int32_t n = w->type_off[e->n_types];

	w->roomy = bp_xcalloc((size_t)n + 1, sizeof(*w->roomy));
	w->fat = bp_xcalloc((size_t)n + 1, sizeof(*w->fat));
	for (int32_t i = 0; i < n; i++) {
		struct en_route *r = &e->routes[w->order[i]];

		r->roomy_at = RT_NONE;
		if (e->flat)
			list_roomy(w, w->order[i]);
		if (overfull(r)) {
			w->over += overfull(r);
			r->fat_at = w->n_fat;
			w->fat[w->n_fat++] = w->order[i];
		}
	}
}

void worker_init(struct worker *w, struct engine *e, int32_t part, uint64_t seed,
	struct en_node *best_nodes, uint8_t *dirty)
{
	const int32_t *needs = e->part_off ? e->part_list + e->part_off[part] : NULL;
	const int32_t *routes = e->part_off ? e->part_routes + e->part_route_off[part] : NULL;
	int32_t n_needs = needs ? e->part_off[part + 1] - e->part_off[part] : e->n_needs, n = 0, m = 0;
	int32_t n_routes = routes ? e->part_route_off[part + 1] - e->part_route_off[part] : e->n_routes;

	memset(w, 0, sizeof(*w));
	w->e = e;
	w->part = part;
	w->rng = seed;
	w->best_nodes = best_nodes;
	w->dirty = dirty;
	w->changed_max = INT64_MAX;
	w->small = n_needs <= SMALL && e->p->n_seats <= SMALL_SEATS;
	w->blink = 100;
	w->blink_most = BLINK;
	w->overlook_most = OVERLOOK;
	for (int32_t k = 0; k < n_needs; k++) {
		n++;
		m += e->needs[needs ? needs[k] : k].visits;
	}
	w->needs = bp_xcalloc((size_t)n + 1, sizeof(*w->needs));
	w->absent = bp_xcalloc((size_t)n + 1, sizeof(*w->absent));
	for (int32_t k = 0; k < n_needs; k++) {
		int32_t i = needs ? needs[k] : k;
		struct en_need *d = &e->needs[i];

		d->absent_at = RT_NONE;
		if (__builtin_popcountll(d->mask) < d->visits) {
			d->absent_at = w->n_absent;
			w->absent[w->n_absent++] = i;
		}
		if (d->given_days)
			w->changed += need_changed(e, d, d->mask, d->seat);
		w->needs[w->n_needs++] = i;
	}
	w->type_off = bp_xcalloc((size_t)e->n_types + 1, sizeof(*w->type_off));
	w->used = bp_xcalloc((size_t)e->n_types + 1, sizeof(*w->used));
	for (int32_t k = 0; k < n_routes; k++) {
		w->type_off[e->routes[routes ? routes[k] : k].type + 1]++;
		m++;
	}
	m += e->n_held; /* which may stand in tours of other parts than their need's */
	for (int32_t t = 0; t < e->n_types; t++)
		w->type_off[t + 1] += w->type_off[t];
	w->order = bp_xcalloc((size_t)w->type_off[e->n_types] + 1, sizeof(*w->order));
	for (int32_t pass = 0; pass < 2; pass++)
		for (int32_t k = 0; k < n_routes; k++) {
			int32_t r = routes ? routes[k] : k;

			if ((e->routes[r].n > 0) == (pass == 0)) {
				int32_t t = e->routes[r].type, at = w->type_off[t];

				/* First the used ones; `used` counts on through the empty ones. */
				at += w->used[t]++;
				w->order[at] = r;
				e->where[r] = at;
			}
		}
	for (int32_t t = 0; t < e->n_types; t++)
		for (w->used[t] = 0; w->type_off[t] + w->used[t] < w->type_off[t + 1] &&
				     e->routes[w->order[w->type_off[t] + w->used[t]]].n > 0;)
			w->used[t]++;
	for (int32_t t = 0; t < e->n_types; t++)
		w->n_used += w->used[t];
	w->max_used = e->keep_fleet ? w->n_used : INT32_MAX;
	list_loads(w);
	w->touched = bp_xmalloc(sizeof(*w->touched) * ((size_t)m + 1));
	w->cap_log = 256;
	w->log = bp_xmalloc(sizeof(*w->log) * (size_t)w->cap_log);
}

void worker_release(struct worker *w)
{
	for (int32_t i = 0; i < w->n_touched; i++)
		w->dirty[w->touched[i]] = 0;
	free(w->needs);
	free(w->absent);
	free(w->order);
	free(w->fat);
	free(w->roomy);
	free(w->type_off);
	free(w->used);
	free(w->touched);
	free(w->log);
	memset(w, 0, sizeof(*w));
}

int32_t tour_unused(const struct worker *w, int32_t type)
{
	int32_t at = w->type_off[type] + w->used[type];

	if (w->n_used >= w->max_used)
		return RT_NONE;
	return at < w->type_off[type + 1] ? w->order[at] : RT_NONE;
}

/* Route r turns from empty to used or back: swap it across the border of its type. */
static void turn(struct worker *w, int32_t r, bool used)
{
	int32_t t = w->e->routes[r].type, *where = w->e->where;
	int32_t border = w->type_off[t] + w->used[t] - (used ? 0 : 1), other = w->order[border];

	w->order[where[r]] = other;
	where[other] = where[r];
	w->order[border] = r;
	where[r] = border;
	w->used[t] += used ? 1 : -1;
	w->n_used += used ? 1 : -1;
}

static void touch(struct worker *w, int32_t node)
{
	if (!w->dirty[node]) {
		w->dirty[node] = 1;
		w->touched[w->n_touched++] = node;
	}
}

/* Another person than given?  What came to one seat from several did in part. */
static bool moved(const struct engine *e, const struct en_need *n, int32_t seat)
{
	return e->same_seat && !n->held && (n->split || seat != n->given_seat);
}

/* At most so many of a split need that is not held: nobody counts then. */
int64_t need_changed(const struct engine *e, const struct en_need *n, uint64_t mask, int32_t seat)
{
	if (!n->given_days)
		return 0;
	return __builtin_popcountll(moved(e, n, seat) ? n->given_days : n->given_days & ~mask);
}

int64_t need_cost(const struct engine *e, const struct en_need *n, uint64_t mask, int32_t seat)
{
	int64_t c = n->missed * en_missing(n, mask);

	if (e->plain || !mask)
		return c;
	if (n->value >= 0)
		for (uint64_t m = mask; m; m &= m - 1)
			c -= e->p->day_values[n->value + __builtin_ctzll(m)];
	if (n->given_days) {
		int32_t dpw = e->p->days_per_week;
		uint64_t week = ((uint64_t)1 << dpw) - 1, was = 0, is = 0;

		for (int32_t d = 0; d < e->days; d += dpw) {
			was |= n->given_days >> d & week;
			is |= mask >> d & week;
		}
		c += (int64_t)e->a->price_day * __builtin_popcountll(mask & ~n->given_days);
		if (moved(e, n, seat))
			c += e->a->price_person;
		if ((is & ~was) || moved(e, n, seat))
			c += e->a->price_beat;
	}
	return c;
}

int64_t balance_cost(const struct engine *e, int32_t seat, int64_t work)
{
	int32_t g = e->seat_group[seat];
	int64_t mean, off;

	if (g < 0)
		return 0;
	mean = e->group_mean[g];
	off = work > mean ? work - mean : mean - work;
	off -= mean * e->a->balance_tolerance / 1000;
	return off > 0 ? off * e->a->balance_permille / 1000 : 0;
}

/* Times of the route of which `node` has become part (sign 1) or has gone. */
static void retime(struct engine *e, int32_t route, int32_t node, int32_t sign)
{
	struct en_route *r = &e->routes[route];
	bool has = e->needs[e->nodes[node].need].n_windows > 0;

	if (has)
		r->windowed += sign;
	if (!r->windowed) {
		r->priced = r->dur > r->shift ? (r->dur - r->shift) * e->a->overtime_permille / 1000 : 0;
		r->holds = r->dur <= r->max_dur || r->n == 0;
	} else if (has && r->windowed == 1 && sign > 0) {
		window_refresh(e, route);
	} else if (sign > 0) {
		window_came(e, route, node);
	} else {
		window_went(e, route, e->nodes[node].next, e->nodes[node].prev);
	}
}

/* The load of the route changes; the lists of overfull ones and of those with room stay true. */
static void weigh_load(struct worker *w, int32_t route, int32_t more)
{
	struct en_route *r = &w->e->routes[route];
	int64_t was = overfull(r), is;

	r->load += more;
	is = overfull(r);
	w->over += is - was;
	if (is && !was) {
		r->fat_at = w->n_fat;
		w->fat[w->n_fat++] = route;
	} else if (was && !is) {
		int32_t last = w->fat[--w->n_fat];

		w->fat[r->fat_at] = last;
		w->e->routes[last].fat_at = r->fat_at;
	}
	if (w->e->flat)
		list_roomy(w, route);
}

/* Everything that follows from a change of route r by `legs` seconds of travel, the visit `node`
 * coming (sign 1) or going (-1).  Links are already set. */
static int64_t settle(struct worker *w, int32_t route, int32_t node, int64_t legs, int32_t sign)
{
	struct engine *e = w->e;
	struct en_route *r = &e->routes[route];
	struct en_need *n = &e->needs[e->nodes[node].need];
	int64_t delta = legs - en_uneven(e, r, r->dur), was = r->priced, work = legs + sign * (int64_t)n->service;
	uint64_t mask = n->mask ^ (uint64_t)1 << r->day;
	int32_t seat = mask ? en_team(e, r->seat) : RT_NONE;

	if (e->few)
		delta += en_few(e, r, r->n + sign) - en_few(e, r, r->n);
	r->n += sign;
	weigh_load(w, route, sign * n->demand);
	if (n->chain && sign > 0)
		delta += en_crowds(e, route, n);
	if (n->chain)
		*en_chained(e, route, n) += sign;
	if (n->chain && sign < 0)
		delta -= en_crowds(e, route, n);
	r->dur += work;
	retime(e, route, node, sign);
	delta += r->priced - was + en_uneven(e, r, r->dur);
	if (sign > 0 ? r->n == 1 : r->n == 0) {
		delta += sign * r->fixed;
		if (!e->same_seat)
			turn(w, route, sign > 0);
	}
	if (e->frames) {
		r->spread = en_spread(e, r, e->nodes[node].need, sign);
		delta -= r->scattered;
		r->scattered = compact_cost(&r->spread, e->a->compact_price);
		delta += r->scattered;
	}
	if (e->balance) {
		int64_t *sw = &e->seat_work[r->seat];

		delta -= balance_cost(e, r->seat, *sw);
		*sw += work;
		delta += balance_cost(e, r->seat, *sw);
	}
	delta += need_cost(e, n, mask, seat) - need_cost(e, n, n->mask, n->seat);
	if (n->given_days)
		w->changed += need_changed(e, n, mask, seat) - need_changed(e, n, n->mask, n->seat);
	n->mask = mask;
	n->seat = seat;
	return delta;
}

static int64_t link_node(struct worker *w, int32_t node, int32_t after, int32_t route)
{
	struct engine *e = w->e;
	struct en_node *v = &e->nodes[node], *a = &e->nodes[after], *b = &e->nodes[a->next];
	const struct en_route *r = &e->routes[route];
	int32_t old = a->dnext;

	touch(w, node);
	touch(w, after);
	touch(w, a->next);
	v->prev = after;
	v->next = a->next;
	v->route = route;
	a->dnext = v->dprev = en_arc(e, r, after, node);
	v->dnext = b->dprev = en_arc(e, r, node, v->next);
	a->next = node;
	b->prev = node;
	return settle(w, route, node, (int64_t)v->dprev + v->dnext - old, 1);
}

static int64_t unlink_node(struct worker *w, int32_t node)
{
	struct engine *e = w->e;
	struct en_node *v = &e->nodes[node], *a = &e->nodes[v->prev], *b = &e->nodes[v->next];
	int32_t route = v->route, leg = en_arc(e, &e->routes[route], v->prev, v->next);
	int64_t legs = (int64_t)leg - v->dprev - v->dnext;

	touch(w, node);
	touch(w, v->prev);
	touch(w, v->next);
	a->next = v->next;
	b->prev = v->prev;
	a->dnext = b->dprev = leg;
	v->route = RT_NONE;
	return settle(w, route, node, legs, -1);
}

static void note(struct worker *w, int32_t node, int32_t after, int32_t route, int32_t kind)
{
	if (w->n_log == w->cap_log) {
		w->cap_log *= 2;
		w->log = bp_xrealloc(w->log, sizeof(*w->log) * (size_t)w->cap_log);
	}
	w->log[w->n_log++] = (struct en_op){node, after, route, kind};
}

int64_t tour_insert(struct worker *w, int32_t node, int32_t after, int32_t route)
{
	note(w, node, after, route, 1);
	return link_node(w, node, after, route);
}

int64_t tour_remove(struct worker *w, int32_t node)
{
	note(w, node, w->e->nodes[node].prev, w->e->nodes[node].route, 0);
	return unlink_node(w, node);
}

bool tours_hold(const struct worker *w)
{
	for (int32_t i = 0; i < w->n_log; i++)
		if (!w->e->routes[w->log[i].route].holds)
			return false;
	return true;
}

void tour_undo(struct worker *w, int32_t n)
{
	while (w->n_log > n) {
		const struct en_op *op = &w->log[--w->n_log];

		if (op->kind)
			unlink_node(w, op->node);
		else
			link_node(w, op->node, op->after, op->route);
	}
}
