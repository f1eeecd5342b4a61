/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/pattern.h"
#include "route/pcache.h"

#define FAR_STARTS 64 /* more different starts than that: no order by distance */

int32_t engine_leg_fixed(const struct engine *e, int32_t a, int32_t b, int32_t plain)
{
	int32_t pa = e->pt_place[a], pb = e->pt_place[b], lo = 0, hi = e->p->n_leg_fixes;

	if (pa > pb) {
		int32_t t = pa;

		pa = pb;
		pb = t;
	}
	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2;
		const struct rt_leg_fix *f = &e->p->leg_fixes[mid];

		if (f->a == pa && f->b == pb)
			return f->seconds;
		if (f->a < pa || (f->a == pa && f->b < pb))
			lo = mid + 1;
		else
			hi = mid;
	}
	return plain;
}

/* ---- components: seats that share needs ---- */

static int32_t root(int32_t *up, int32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

static void find_components(struct engine *e)
{
	const struct rt_problem *p = e->p;
	int32_t *up = bp_xmalloc(sizeof(*up) * (size_t)p->n_seats), *name;
	bool all = false;

	for (int32_t i = 0; i < p->n_needs; i++)
		all |= en_placeable(e, i) && p->needs[i].seat_set < 0;
	for (int32_t s = 0; s < p->n_seats; s++)
		up[s] = all ? 0 : s;
	for (int32_t g = 0; g < p->n_seat_sets && !all; g++)
		for (int32_t i = p->seat_set_off[g] + 1; i < p->seat_set_off[g + 1]; i++)
			up[root(up, p->seat_set[i])] = root(up, p->seat_set[i - 1]);
	name = bp_xmalloc(sizeof(*name) * (size_t)p->n_seats);
	e->seat_comp = bp_xmalloc(sizeof(*e->seat_comp) * (size_t)p->n_seats);
	for (int32_t s = 0; s < p->n_seats; s++)
		if (root(up, s) == s)
			name[s] = e->n_comps++;
	for (int32_t s = 0; s < p->n_seats; s++)
		e->seat_comp[s] = name[root(up, s)];
	free(up);
	free(name);
}

static void seat_bits(struct engine *e)
{
	const struct rt_problem *p = e->p;

	if (!p->n_seat_sets)
		return;
	e->seat_bits = bp_xcalloc((size_t)p->n_seat_sets, (size_t)p->n_seats);
	for (int32_t g = 0; g < p->n_seat_sets; g++)
		for (int32_t i = p->seat_set_off[g]; i < p->seat_set_off[g + 1]; i++)
			e->seat_bits[(int64_t)g * p->n_seats + p->seat_set[i]] = 1;
}

static void fill_needs(struct engine *e, struct pcache *pc)
{
	const struct rt_problem *p = e->p;

	for (int32_t i = 0; i < e->n_needs; i++) {
		const struct rt_need *s = &p->needs[e->ext[i]];
		struct en_need *n = &e->needs[i];

		*n = (struct en_need){.first = e->n_visits, .visits = s->visits,
			.service = s->service, .demand = s->demand, .chain = s->chain, .window = s->window,
			.n_windows = s->n_windows, .seat_set = s->seat_set, .skills = s->skills,
			.value = s->day_value, .missed = s->missed_price, .flags = s->flags,
			.given_seat = RT_NONE, .home = RT_NONE, .seat = RT_NONE,
			.absent_at = RT_NONE};
		n->one_window = n->n_windows == 0 || (n->n_windows == 1 && !p->windows[n->window].soft);
		n->from = n->n_windows ? p->windows[n->window].from : INT32_MIN;
		n->to = n->n_windows ? p->windows[n->window].to : INT32_MAX - 1;
		n->pset = pcache_get(pc, p, s);
		n->visits = 1;
		for (int32_t k = pc->off[n->pset]; k < pc->off[n->pset + 1]; k++) {
			int32_t most = __builtin_popcountll(pc->masks[k]);

			n->days |= pc->masks[k];
			n->visits = most > n->visits ? most : n->visits;
		}
		e->hopeless += s->missed_price * (s->visits - n->visits);
		e->n_visits += n->visits;
		e->any_window |= s->n_windows > 0;
		e->any_pin |= (s->flags & RT_PIN_FIRST) != 0;
		e->plain &= s->day_value < 0;
		e->pt[i] = leg_pt_of(p->metric, &p->places[s->place]);
		e->pt_place[i] = s->place;
	}
}

/* ---- seats and routes ---- */

static bool same_type(const struct rt_seat *a, const struct rt_seat *b)
{
	return a->start == b->start && a->end == b->end && a->shift_start == b->shift_start &&
	       a->shift == b->shift && a->max_duration == b->max_duration && a->overtime_max == b->overtime_max &&
	       a->max_calls == b->max_calls && a->min_calls == b->min_calls && a->capacity == b->capacity && a->fixed == b->fixed &&
	       a->profile == b->profile && a->skills == b->skills;
}

static int32_t seat_point(struct engine *e, int32_t *point_of, int32_t place)
{
	if (place < 0 || (e->p->metric == RT_GEO && e->p->places[place].x == RT_NO_COORD))
		return RT_NONE;
	if (point_of[place] < 0) {
		point_of[place] = e->n_pts;
		e->pt[e->n_pts] = leg_pt_of(e->p->metric, &e->p->places[place]);
		e->pt_place[e->n_pts++] = place;
	}
	return point_of[place];
}

static void add_route(struct engine *e, int32_t seat, int32_t day, int32_t *point_of, int32_t type)
{
	const struct rt_seat *s = &e->p->seats[seat];
	int64_t shift = s->shift;
	struct en_route *r;

	if (!(s->days >> day & 1))
		return;
	if (e->p->seat_day_shift)
		shift = e->p->seat_day_shift[(int64_t)seat * e->days + day];
	if (shift <= 0)
		return;
	r = &e->routes[e->n_routes];
	*r = (struct en_route){.seat = seat, .day = day, .profile = s->profile,
		.max_calls = s->max_calls > 0 ? s->max_calls : INT32_MAX, .min_calls = e->a->price_few > 0 ? s->min_calls : 0,
		.cap = s->capacity > 0 ? s->capacity : INT32_MAX, .shift_start = s->shift_start,
		.shift = shift, .span = shift + s->overtime_max, .fixed = s->fixed, .type = type};
	r->limit = s->max_duration > 0 ? s->max_duration : INT64_MAX;
	r->max_dur = r->span < r->limit ? r->span : r->limit;
	r->start_pt = seat_point(e, point_of, s->start);
	r->end_pt = seat_point(e, point_of, s->end);
	r->simulate = s->overtime_max > 0;
	r->even = INT64_MAX;
	e->route_of[(int64_t)seat * e->days + day] = e->n_routes++;
}

static void make_routes(struct engine *e)
{
	const struct rt_problem *p = e->p;
	int64_t cells = (int64_t)p->n_seats * e->days;
	int32_t *point_of = bp_xmalloc(sizeof(*point_of) * ((size_t)p->n_places + 1));
	bool soft = false;

	for (int32_t i = 0; i < p->n_places; i++)
		point_of[i] = RT_NONE;
	for (int32_t i = 0; i < p->n_windows; i++)
		soft |= p->windows[i].soft;
	e->route_of = bp_xmalloc(sizeof(*e->route_of) * ((size_t)cells + 1));
	for (int64_t i = 0; i < cells; i++)
		e->route_of[i] = RT_NONE;
	e->routes = bp_xcalloc((size_t)cells + 1, sizeof(*e->routes));
	if (p->same_start && !e->same_seat)
		e->team = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*e->team));
	for (int32_t s = 0; s < p->n_seats && e->team; s++)
		e->team[s] = rt_team(p, s);
	for (int32_t s = 0; s < p->n_seats; s++) {
		int32_t like = s;

		/* Types only matter where any vehicle will do; equal seats stand together there. */
		if (e->same_seat)
			like = 0;
		else if (s && same_type(&p->seats[s], &p->seats[s - 1]) && !p->seat_day_shift)
			like = -1;
		if (like == s || s == 0)
			e->n_types += s == 0 && e->same_seat ? 1 : e->days;
		for (int32_t d = 0; d < e->days; d++)
			add_route(e, s, d, point_of, e->same_seat ? 0 : e->n_types - e->days + d);
	}
	for (int32_t r = 0; r < e->n_routes; r++)
		e->routes[r].simulate |= soft;
	e->where = bp_xcalloc((size_t)e->n_routes + 1, sizeof(*e->where));
	free(point_of);
}

static void make_far(struct engine *e)
{
	int32_t starts[FAR_STARTS], n = 0;

	e->far = bp_xcalloc((size_t)e->n_needs + 1, sizeof(*e->far));
	for (int32_t r = 0; r < e->n_routes && n <= FAR_STARTS; r++) {
		int32_t pt = e->routes[r].start_pt, i;

		if (pt < 0)
			continue;
		for (i = 0; i < n && starts[i] != pt; i++)
			;
		if (i == n && n == FAR_STARTS)
			return;
		if (i == n)
			starts[n++] = pt;
	}
	for (int32_t i = 0; i < e->n_needs && n; i++) {
		e->far[i] = INT32_MAX;
		for (int32_t s = 0; s < n; s++) {
			int32_t d = en_leg(e, 0, starts[s], i, true);

			if (d < e->far[i])
				e->far[i] = d;
		}
	}
}

static void make_groups(struct engine *e)
{
	const struct rt_problem *p = e->p;

	e->seat_group = bp_xmalloc(sizeof(*e->seat_group) * ((size_t)p->n_seats + 1));
	e->seat_work = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*e->seat_work));
	for (int32_t s = 0; s < p->n_seats; s++) {
		int32_t g = p->seats[s].balance_group;

		e->seat_group[s] = g;
		if (g >= e->n_groups)
			e->n_groups = g + 1;
	}
	e->group_mean = bp_xcalloc((size_t)e->n_groups + 1, sizeof(*e->group_mean));
	if (e->a->compact_price > 0 && p->metric == RT_GEO) {
		e->frames = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*e->frames));
		for (int32_t s = 0; s < p->n_seats; s++)
			e->frames[s] = compact_frame_of(p, e->a->compact_price, s);
	}
	e->balance = e->same_seat && e->n_groups > 0 && e->a->balance_permille > 0;
}

/* A given plan may visit on days that are allowed but irregular, or on fewer than the need asks for: they
 * become a pattern, too. */
static void keep_given_pattern(struct engine *e, struct pcache *pc, struct en_need *n,
	const struct rt_need *s)
{
	uint64_t masks[PATTERN_MAX + 1];
	int32_t m = 0;

	if (!n->given_days || s->pattern_set >= 0 ||
		__builtin_popcountll(n->given_days) > n->visits ||
		!pattern_gap_ok(n->given_days, s->gap, e->days))
		return;
	masks[m++] = n->given_days;
	for (int32_t i = pc->off[n->pset]; i < pc->off[n->pset + 1]; i++) {
		if (!(n->given_days & ~pc->masks[i]))
			return;
		masks[m++] = pc->masks[i];
	}
	n->pset = pcache_add(pc, masks, m);
	n->days |= n->given_days;
}

static void load_given(struct engine *e, struct pcache *pc)
{
	const struct rt_problem *p = e->p;
	int32_t *inner = bp_xmalloc(sizeof(*inner) * ((size_t)p->n_needs + 1));
	int32_t *votes = bp_xcalloc((size_t)e->n_needs + 1, sizeof(*votes));

	e->given = bp_xcalloc((size_t)p->n_given + 1, sizeof(*e->given));
	for (int32_t i = 0; i < p->n_needs; i++)
		inner[i] = RT_NONE;
	for (int32_t i = 0; i < e->n_needs; i++)
		inner[e->ext[i]] = i;
	for (int32_t i = 0; i < p->n_given; i++) {
		const struct rt_given *g = &p->given[i];
		int32_t c = inner[g->need];
		struct en_need *n = &e->needs[c < 0 ? 0 : c];

		if (c < 0 || !rt_given_stands(p, g) || (n->given_days >> g->day & 1))
			continue;
		n->split |= e->same_seat && n->given_days && g->seat != n->given_seat;
		/* Of several seats the one with most visits (majority vote, Boyer and Moore 1991). */
		if (votes[c] == 0)
			n->given_seat = n->home = g->seat;
		votes[c] += g->seat == n->given_seat ? 1 : -1;
		n->given_days |= (uint64_t)1 << g->day;
		e->given[e->n_given++] = (struct rt_visit){c, g->day, g->seat, g->position};
	}
	rt_visits_sort(e->given, e->n_given);
	e->plain &= e->n_given == 0;
	for (int32_t i = 0; i < e->n_needs; i++) {
		struct en_need *n = &e->needs[i];

		keep_given_pattern(e, pc, n, &p->needs[e->ext[i]]);
		if (!n->given_days)
			n->flags &= (uint8_t)~RT_FROZEN;
		n->held = n->split && (e->a->max_changed >= 0 || n->flags & RT_FROZEN);
		if (n->held) {
			n->flags |= RT_FROZEN;
			e->n_held += n->visits;
		}
	}
	free(votes);
	free(inner);
}

static void empty_nodes(struct engine *e)
{
	e->nodes = bp_xmalloc(sizeof(*e->nodes) * ((size_t)e->n_visits + (size_t)e->n_routes + 1));
	for (int32_t i = 0; i < e->n_needs; i++)
		for (int32_t v = 0; v < e->needs[i].visits; v++)
			e->nodes[e->needs[i].first + v] = (struct en_node){.prev = RT_NONE,
				.next = RT_NONE, .route = RT_NONE, .need = i};
	for (int32_t r = 0; r < e->n_routes; r++) {
		int32_t s = e->n_visits + r;

		e->nodes[s] = (struct en_node){.prev = s, .next = s, .route = r, .need = RT_NONE};
	}
}

enum bp_error engine_new(const struct rt_problem *p, const struct rt_params *a,
	bool (*poll)(void *ctx, const struct engine *e), void *poll_ctx, struct engine **out, struct bp_fail *f)
{
	struct engine *e;
	struct pcache pc;
	enum bp_error err = rt_problem_check(p, f);
	size_t n;

	if (err != BP_E_OK)
		return err;
	e = bp_xcalloc(1, sizeof(*e));
	e->p = p;
	e->a = a;
	e->days = rt_days(p);
	e->poll = poll;
	e->poll_ctx = poll_ctx;
	e->same_seat = p->same_seat;
	e->plain = true;
	for (int32_t i = 0; i < p->n_seats && a->price_few > 0; i++)
		e->few |= p->seats[i].min_calls > 0;
	e->unplaceable = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*e->unplaceable));
	e->part = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*e->part));
	reason_before_all(p, e->unplaceable, e->part);
	for (int32_t i = 0; i < p->n_needs; i++)
		e->n_needs += en_placeable(e, i);
	n = (size_t)e->n_needs;
	e->k = a->neighbours > 0 ? a->neighbours : 1;
	if (e->k >= e->n_needs)
		e->k = e->n_needs > 1 ? e->n_needs - 1 : 1;
	e->needs = bp_xcalloc(n + 1, sizeof(*e->needs));
	e->need_part = bp_xcalloc(n + 1, sizeof(*e->need_part));
	e->need_comp = bp_xcalloc(n + 1, sizeof(*e->need_comp));
	e->ext = bp_xcalloc(n + 1, sizeof(*e->ext));
	e->pt = bp_xcalloc(n + 2 * (size_t)p->n_seats + 1, sizeof(*e->pt));
	e->pt_place = bp_xcalloc(n + 2 * (size_t)p->n_seats + 1, sizeof(*e->pt_place));
	e->n_pts = e->n_needs;
	e->rules = bp_xcalloc((size_t)p->n_profiles + 1, sizeof(*e->rules));
	for (int32_t i = 0; i < p->n_profiles || i == 0; i++)
		e->rules[i] = leg_rule_of(p, i);
	pcache_init(&pc, p);
	find_components(e);
	seat_bits(e);
	near_order(e);
	fill_needs(e, &pc);
	load_given(e, &pc);
	e->pattern_off = pc.off;
	e->patterns = pc.masks;
	pcache_release(&pc);
	near_legs(e);
	make_routes(e);
	make_far(e);
	make_groups(e);
	/* What knows tours by their loads alone knows nothing of chains, nor of how many calls they have. */
	e->flat = !e->same_seat && e->days == 1 && e->plain && !p->n_chains && !e->few;
	for (int32_t i = 0; p->chain_price && i < p->n_chains; i++)
		e->crowds |= p->chain_price[i] > 0;
	if (p->n_chains)
		e->chained = bp_xcalloc((size_t)e->n_routes * (size_t)p->n_chains + 1, sizeof(*e->chained));
	e->quick = e->flat && !e->any_pin;
	for (int32_t r = 0; r < e->n_routes; r++)
		e->quick &= !e->routes[r].simulate;
	empty_nodes(e);
	if (e->any_window) {
		e->early = bp_xcalloc((size_t)e->n_visits + 1, sizeof(*e->early));
		e->late = bp_xcalloc((size_t)e->n_visits + 1, sizeof(*e->late));
	}
	*out = e;
	return BP_E_OK;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	free(e->unplaceable);
	free(e->part);
	free(e->part_off);
	free(e->part_list);
	free(e->frames);
	free(e->given);
	free(e->needs);
	free(e->need_part);
	free(e->need_comp);
	free(e->seat_comp);
	free(e->ext);
	free(e->pt);
	free(e->pt_place);
	free(e->rules);
	free(e->seat_bits);
	free(e->near);
	free(e->near_leg);
	free(e->pattern_off);
	free(e->patterns);
	free(e->routes);
	free(e->route_of);
	free(e->chained);
	free(e->where);
	free(e->far);
	free(e->seat_group);
	free(e->seat_work);
	free(e->team);
	free(e->group_mean);
	free(e->nodes);
	free(e->early);
	free(e->late);
	free(e);
}

void engine_rebuild(struct engine *e)
{
	for (int32_t i = 0; i < e->n_needs; i++) {
		e->needs[i].mask = 0;
		e->needs[i].seat = RT_NONE;
	}
	memset(e->seat_work, 0, sizeof(*e->seat_work) * (size_t)e->p->n_seats);
	if (e->chained)
		memset(e->chained, 0, sizeof(*e->chained) * (size_t)e->n_routes * (size_t)e->p->n_chains);
	for (int32_t i = 0; i < e->n_routes; i++) {
		struct en_route *r = &e->routes[i];
		int32_t s = e->n_visits + i;

		r->n = r->load = r->windowed = 0;
		r->dur = r->priced = r->scattered = 0;
		r->spread = (struct compact_sums){0};
		for (int32_t v = e->nodes[s].next; v != s; v = e->nodes[v].next) {
			struct en_need *n = &e->needs[e->nodes[v].need];

			if (e->frames)
				r->spread = en_spread(e, r, e->nodes[v].need, 1);
			if (n->chain)
				++*en_chained(e, i, n);
			r->n++;
			r->load += n->demand;
			r->dur += e->nodes[v].dprev + n->service;
			r->windowed += e->any_window && n->n_windows > 0;
			n->mask |= (uint64_t)1 << r->day;
			n->seat = en_team(e, r->seat);
		}
		r->dur += e->nodes[s].dprev;
		e->seat_work[r->seat] += r->dur;
		if (e->frames)
			r->scattered = compact_cost(&r->spread, e->a->compact_price);
		if (r->windowed)
			window_refresh(e, i);
		else if (r->dur > r->shift)
			r->priced = (r->dur - r->shift) * e->a->overtime_permille / 1000;
	}
}

int64_t engine_cost(const struct engine *e)
{
	int64_t c = e->hopeless;

	for (int32_t i = 0; i < e->n_routes; i++) {
		const struct en_route *r = &e->routes[i];
		int32_t s = e->n_visits + i;

		if (r->n == 0)
			continue;
		for (int32_t v = e->nodes[s].next; v != s; v = e->nodes[v].next)
			c += e->nodes[v].dprev;
		c += e->nodes[s].dprev + r->priced + r->fixed + r->scattered + en_few(e, r, r->n) + en_uneven(e, r, r->dur);
	}
	for (int64_t i = 0; i < (int64_t)e->n_routes * e->p->n_chains && e->crowds; i++) {
		int32_t chain = (int32_t)(i % e->p->n_chains), over = e->chained[i] - e->p->chain_most[chain];

		c += over > 0 ? (int64_t)over * e->p->chain_price[chain] : 0;
	}
	for (int32_t i = 0; i < e->n_needs; i++)
		c += need_cost(e, &e->needs[i], e->needs[i].mask, e->needs[i].seat);
	if (e->balance)
		for (int32_t s = 0; s < e->p->n_seats; s++)
			c += balance_cost(e, s, e->seat_work[s]);
	return c;
}

static void group_means(struct engine *e)
{
	int32_t *n = bp_xcalloc((size_t)e->n_groups + 1, sizeof(*n));

	memset(e->group_mean, 0, sizeof(*e->group_mean) * (size_t)e->n_groups);
	for (int32_t s = 0; s < e->p->n_seats; s++)
		if (e->seat_group[s] >= 0) {
			e->group_mean[e->seat_group[s]] += e->seat_work[s];
			n[e->seat_group[s]]++;
		}
	for (int32_t g = 0; g < e->n_groups; g++)
		if (n[g])
			e->group_mean[g] /= n[g];
	free(n);
}

/* The mean day of a seat is its work dealt out by the hours of its days. */
static void even_days(struct engine *e)
{
	for (int32_t from = 0, to; from < e->n_routes; from = to) {
		int32_t seat = e->routes[from].seat;
		double hours = 0, share;

		for (to = from; to < e->n_routes && e->routes[to].seat == seat; to++)
			hours += (double)e->routes[to].shift;
		share = (double)e->seat_work[seat] * (1000 + e->a->even_tolerance) / 1000 / hours;
		for (int32_t r = from; r < to; r++)
			e->routes[r].even = (int64_t)(share * (double)e->routes[r].shift);
	}
}

void engine_means(struct engine *e)
{
	group_means(e);
	if (e->same_seat && e->a->even_permille > 0)
		even_days(e);
}

void engine_store(const struct engine *e, struct rt_solution *out, double reasons_until)
{
	const struct rt_problem *p = e->p;
	int32_t n = 0, u = 0, *missing = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*missing));

	for (int32_t i = 0; i < p->n_needs; i++)
		missing[i] = p->needs[i].visits;
	for (int32_t i = 0; i < e->n_needs; i++)
		missing[e->ext[i]] -= __builtin_popcountll(e->needs[i].mask);
	for (int32_t i = 0; i < p->n_needs; i++) {
		n += p->needs[i].visits - missing[i];
		u += missing[i] > 0;
	}
	rt_solution_release(out);
	out->visits = bp_xcalloc((size_t)n + 1, sizeof(*out->visits));
	out->unserved = bp_xcalloc((size_t)u + 1, sizeof(*out->unserved));
	for (int32_t r = 0; r < e->n_routes; r++) {
		int32_t s = e->n_visits + r, at = 0;

		for (int32_t v = e->nodes[s].next; v != s; v = e->nodes[v].next)
			out->visits[out->n_visits++] = (struct rt_visit){e->ext[e->nodes[v].need],
				e->routes[r].day, e->routes[r].seat, at++};
	}
	rt_visits_sort(out->visits, out->n_visits);
	for (int32_t i = 0; i < p->n_needs; i++)
		if (missing[i])
			out->unserved[out->n_unserved++] =
				(struct rt_unserved){i, missing[i], e->unplaceable[i]};
	for (int32_t i = 0; i < e->n_needs; i++)
		if (missing[e->ext[i]]) {
			struct rt_unserved *at = out->unserved;

			/* The list ascends by need: find this one by bisection. */
			for (int32_t lo = 0, hi = out->n_unserved; lo < hi;) {
				int32_t mid = lo + (hi - lo) / 2;

				if (out->unserved[mid].need < e->ext[i])
					lo = mid + 1;
				else
					hi = mid, at = &out->unserved[mid];
			}
			at->reason = reasons_until > 0 && clock_now() >= reasons_until ? reason_quick(e, i)
										 : reason_after(e, i);
		}
	free(missing);
	out->plan_hash = rt_plan_hash(p, out->visits, out->n_visits);
}
