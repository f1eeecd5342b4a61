/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_outlets.c - outlets with search, their needs and history, and the distributors. Clients are the same under another name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "plan/due.h"
#include "queries.h"
#include "territory/tree.h"

static const char *const tiers[] = {"Gold", "Silver", "Bronze", NULL};
static const char *const channels[] = {"GT", "MT", "WS", NULL};
static const char *const statuses[] = {"universe", "wholesale", "assigned", "active", "dormant", "closed", NULL};

struct day {
	int64_t date;
	const char *seat;
};
BP_SHAPE(outlet_need_day, day,
	BP_DATE(day, date, BP_REQ, "planned date"),
	BP_STR(day, seat, BP_REQ, 1, 256, "code of the seat"));
struct need {
	int64_t id;
	const char *line;
	struct bp_opt_int visits_per_4_weeks, service_minutes;
	const char *partner, *seat;
	struct bp_opt_num value;
	bool mandatory;
	struct bp_list days;
};
BP_SHAPE(outlet_need, need,
	BP_INT(need, id, BP_REQ, 1, 9e15, "need"),
	BP_STR(need, line, BP_REQ, 1, 128, "sales line"),
	BP_INT(need, visits_per_4_weeks, BP_NUL, 1, 28, "null = by tier"),
	BP_INT(need, service_minutes, BP_NUL, 1, 1440, "null = by tier and channel"),
	BP_STR(need, partner, BP_NUL, 0, 800, "distributor of this line"),
	BP_STR(need, seat, BP_NUL, 0, 256, "the only seat that may serve it"),
	BP_NUM(need, value, BP_NUL, 0, 1e9, "minutes that a missed visit costs; null = by tier"),
	BP_BOOL(need, mandatory, BP_REQ, "false = visited where it fits"),
	BP_LIST(need, days, BP_REQ, 100, &outlet_need_day, "next dates of the committed plan"));
struct window {
	int64_t weekday, opens, closes;
	bool hard;
};
BP_SHAPE(outlet_window, window,
	BP_INT(window, weekday, BP_REQ, 0, 7, "1 = Monday .. 7 = Sunday, 0 = every day"),
	BP_INT(window, opens, BP_REQ, 0, 1440, "minute of the day"),
	BP_INT(window, closes, BP_REQ, 0, 1440, "minute of the day"),
	BP_BOOL(window, hard, BP_REQ, "false = coming late costs, but is allowed"));
struct change {
	int64_t at;
	const char *kind;
	struct bp_opt_int import;
	const char *person, *reason, *field, *old, *new;
};
struct own_value {
	const char *field, *source, *person;
	int64_t at;
};
BP_SHAPE(outlet_own_value, own_value,
	BP_STR(own_value, field, BP_REQ, 1, 24, "field of which a person says something else than the source"),
	BP_STR(own_value, source, BP_NUL, 0, 1200, "what the source says, null = nothing"),
	BP_STR(own_value, person, BP_NUL, 0, 480, "who"),
	BP_TIME(own_value, at, BP_REQ, "when"));
static const char *const change_kinds[] = {"IMPORT", "EDIT", "UNDO", NULL};
BP_SHAPE(outlet_change_row, change,
	BP_TIME(change, at, BP_REQ, "when"),
	BP_ENUM(change, kind, BP_REQ, change_kinds, "by an import, by a person, or by undoing either"),
	BP_INT(change, import, BP_NUL, 1, 9e15, "import session that was published or undone"),
	BP_STR(change, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(change, reason, BP_REQ, 0, 2000, "why, where it was said"),
	BP_STR(change, field, BP_REQ, 1, 32, "field"),
	BP_STR(change, old, BP_NUL, 0, 1200, "value before"),
	BP_STR(change, new, BP_NUL, 0, 1200, "value after"));
struct member {
	int64_t model_id;
	struct bp_opt_int territory_id;
	const char *code, *model, *path;
};
BP_SHAPE(outlet_member, member,
	BP_INT(member, model_id, BP_REQ, 2, 9e15, "territory model beside the sales geography"),
	BP_STR(member, code, BP_REQ, 1, 128, "its code"),
	BP_STR(member, model, BP_REQ, 1, 480, "its name"),
	BP_INT(member, territory_id, BP_NUL, 1, 9e15, "where the outlet lies in it; null for who may not look at territories everywhere, hence not at that one"),
	BP_STR(member, path, BP_REQ, 0, 2000, "names from the widest level down"));
struct due {
	int64_t date;
	struct bp_opt_int last;
	bool imported, late;
	struct bp_opt_num every;
	double spread;
	int64_t gaps;
	double score;
};
BP_SHAPE(outlet_due, due,
	BP_DATE(due, date, BP_REQ, "on which its next purchase is due"),
	BP_DATE(due, last, BP_NUL, "of its last invoice within 26 weeks"),
	BP_BOOL(due, imported, BP_REQ, "told by the score that the outlet file brings, as of today; false = counted from its invoices"),
	BP_BOOL(due, late, BP_REQ, "by more than three times its usual gap: it is to be won back"),
	BP_NUM(due, every, BP_NUL, 0, 1000, "days from one purchase to the next, the median"),
	BP_NUM(due, spread, BP_REQ, 0, 1000, "days that they vary by"),
	BP_INT(due, gaps, BP_REQ, 0, 8, "gaps between its invoices that tell it; fewer than 3: as is usual in its channel and tier"),
	BP_NUM(due, score, BP_REQ, 0, 100, "chance in percent that it is due by today"));
struct outlet {
	int64_t id;
	const char *code, *name, *address, *city, *postcode;
	struct bp_opt_num lat, lon;
	const char *channel, *tier, *status;
	struct bp_opt_int territory_id;
	const char *territory, *partner, *account;
	double sales_volume;
	struct bp_opt_int visits_per_4_weeks;
	const char *phone, *sales_model, *fulfilment;
	bool merchandising;
	const char *owner, *email, *tax_no;
	struct bp_opt_int since;
	struct bp_opt_int first_seen, last_seen;
	int64_t closed_days;
	bool volume_from_sales;
	struct due *due;
	struct bp_list windows, needs, edits, changes, members;
};
#define OUTLET_FIELDS \
	BP_INT(outlet, id, BP_REQ, 1, 9e15, "outlet"), \
	BP_STR(outlet, code, BP_REQ, 1, 256, "key in the source system"), \
	BP_STR(outlet, name, BP_REQ, 0, 800, "its name"), \
	BP_STR(outlet, address, BP_REQ, 0, 1200, "street and number"), \
	BP_STR(outlet, city, BP_REQ, 0, 480, "town"), \
	BP_STR(outlet, postcode, BP_REQ, 0, 80, "postal code"), \
	BP_NUM(outlet, lat, BP_NUL, -90, 90, "WGS 84 latitude"), \
	BP_NUM(outlet, lon, BP_NUL, -180, 180, "WGS 84 longitude"), \
	BP_ENUM(outlet, channel, BP_REQ, channels, "channel"), \
	BP_ENUM(outlet, tier, BP_REQ, tiers, "tier"), \
	BP_ENUM(outlet, status, BP_REQ, statuses, "status"), \
	BP_INT(outlet, territory_id, BP_NUL, 1, 9e15, "where it lies"), \
	BP_STR(outlet, territory, BP_NUL, 0, 480, "name of the territory"), \
	BP_STR(outlet, partner, BP_NUL, 0, 800, "distributor"), \
	BP_STR(outlet, account, BP_NUL, 0, 800, "chain or company"), \
	BP_NUM(outlet, sales_volume, BP_REQ, 0, 1e15, "what it buys"), \
	BP_INT(outlet, visits_per_4_weeks, BP_NUL, 1, 28, "of the first line; null = by tier")
BP_SHAPE(outlet_row, outlet, OUTLET_FIELDS);
BP_SHAPE(outlet_detail, outlet, OUTLET_FIELDS,
	BP_STR(outlet, phone, BP_REQ, 0, 160, "telephone"),
	BP_STR(outlet, sales_model, BP_REQ, 1, 10, "PRE_SALES or VAN_SALES"),
	BP_STR(outlet, fulfilment, BP_REQ, 1, 4, "DT or DSD"),
	BP_BOOL(outlet, merchandising, BP_REQ, "needs merchandising"),
	BP_STR(outlet, owner, BP_REQ, 0, 480, "whose shop, or whose account it is"),
	BP_STR(outlet, email, BP_REQ, 0, 800, "e-mail address"),
	BP_STR(outlet, tax_no, BP_REQ, 0, 160, "number of the tax office"),
	BP_DATE(outlet, since, BP_NUL, "customer since"),
	BP_INT(outlet, first_seen, BP_NUL, 1, 9e15, "import session that brought it"),
	BP_INT(outlet, last_seen, BP_NUL, 1, 9e15, "import session that last said something new of it"),
	BP_INT(outlet, closed_days, BP_REQ, 0, 127, "weekdays on which it is closed, bit 0 = Monday"),
	BP_BOOL(outlet, volume_from_sales, BP_REQ, "sales_volume is a sum of what it bought"),
	BP_OBJ(outlet, due, BP_NUL, &outlet_due, "when its next purchase is due, null = nothing is known"),
	BP_LIST(outlet, windows, BP_REQ, 200, &outlet_window, "when it can be visited, none = any time"),
	BP_LIST(outlet, members, BP_REQ, 100, &outlet_member, "where it lies in territory models beside the sales geography"),
	BP_LIST(outlet, needs, BP_REQ, 100, &outlet_need, "what is planned, by sales line"),
	BP_LIST(outlet, edits, BP_REQ, 100, &outlet_own_value, "values that stand beside those of the source"),
	BP_LIST(outlet, changes, BP_REQ, 200, &outlet_change_row, "what changed, newest first"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(outlet_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &outlet_row, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	const char *q, *channel, *tier, *status, *missing;
	struct bp_opt_int territory, partner, limit, after;
};
static const char *const missing[] = {"coordinates", "territory", "unit", NULL};
BP_SHAPE(outlet_query, query,
	BP_STR(query, q, BP_NUL, 1, 100, "beginning of the code, or words of name, address and city"),
	BP_INT(query, territory, BP_NUL, 1, 9e15, "in this territory and beneath, of any territory model"),
	BP_ENUM(query, channel, BP_NUL, channels, "channel"),
	BP_ENUM(query, tier, BP_NUL, tiers, "tier"),
	BP_INT(query, partner, BP_NUL, 1, 9e15, "served by this distributor"),
	BP_ENUM(query, status, BP_NUL, statuses, "status"),
	BP_ENUM(query, missing, BP_NUL, missing, "only those without it; unit: they lie in no planning unit, or in no territory at all; of closed ones nothing but coordinates is missing"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 0, 9e15, "cursor"));

/* The list queries give rows of the same columns. */
#define OUTLET_OF(r) \
	((struct outlet){.id = (r).id, .code = (r).code, .name = (r).name, .address = (r).address, .city = (r).city, .postcode = (r).postcode, \
		.lat = bp_degrees((r).lat), .lon = bp_degrees((r).lon), .channel = (r).channel, .tier = tiers[(r).tier >= 1 && (r).tier <= 3 ? (r).tier - 1 : 2], \
		.status = (r).status, .territory_id = (r).territory_id, .territory = (r).territory, .partner = (r).partner, \
		.account = (r).account, .sales_volume = (r).sales_volume, .visits_per_4_weeks = (r).visits})

/* Words that the index of the server leaves out: nothing can be asked to have them. */
static bool in_no_index(const char *word, size_t n)
{
	static const char *const words[] = {"about", "are", "com", "for", "from", "how", "that", "the", "this", "was", "what", "when", "where",
		"who", "will", "with", "und", "www"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == n && !strncasecmp(words[i], word, n))
			return true;
	return false;
}

/* "the Sharma store 2" -> "the* +Sharma* +store*": words too short for the index are left out; NULL when none is left. */
static const char *words_of(struct bp_arena *a, const char *q)
{
	struct bp_buf b;
	const char *out;

	bp_buf_init(&b, 1000);
	while (*q) {
		size_t n = 0;

		while (q[n] && (((q[n] | 32) >= 'a' && (q[n] | 32) <= 'z') || (q[n] >= '0' && q[n] <= '9') || (q[n] & 0x80)))
			n++;
		if (n >= 3) {
			bp_buf_str(&b, b.len ? " " : "");
			bp_buf_str(&b, in_no_index(q, n) ? "" : "+");
			bp_buf_add(&b, q, n);
			bp_buf_chr(&b, '*');
		}
		q += n + (q[n] != 0);
	}
	out = b.len ? bp_strdup(a, b.data) : NULL;
	bp_buf_release(&b);
	return out;
}

static struct bp_opt_int tier_no(const char *tier)
{
	for (int i = 0; tier && tiers[i]; i++)
		if (!strcmp(tiers[i], tier))
			return BP_SOME_INT(i + 1);
	return BP_NO_INT;
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct bp_opt_int tier = tier_no(q->tier);
	int64_t after = q->after.set ? q->after.v : 0, limit = bp_page_limit(q->limit), user = (int64_t)rq->user.scopes_of;
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	struct outlet *v = bp_alloc_array(rq->arena, (size_t)limit, sizeof(*v));
	struct q_outlet_list_world *w;
	struct q_outlet_list_in *in;
	struct q_outlet_list_member *m;
	struct q_outlet_search *s;
	struct q_territory_model_of at = {TR_SALES};
	size_t n = 0;
	enum bp_error e = q->territory.set ? bp_req_need(rq, BP_PERM_VIEW_TERRITORY, (uint64_t)q->territory.v) : BP_E_OK;

	if (!e && q->territory.set && (e = q_territory_model_of(rq->db, rq->arena, q->territory.v, &at)) == BP_E_NOT_FOUND)
		e = BP_E_OK;
	if (e)
		return e;
	if (q->q) {
		e = q_outlet_search(rq->db, rq->arena, q->q, words_of(rq->arena, q->q), q->territory, user, world, q->channel, tier, q->partner,
			q->status, q->missing, after, limit, &s, &n);
		for (size_t i = 0; !e && i < n; i++)
			v[i] = OUTLET_OF(s[i]);
	} else if (at.model_id != TR_SALES) {
		e = q_outlet_list_member(rq->db, rq->arena, q->territory.v, user, world, q->channel, tier, q->partner, q->status, q->missing, after, limit, &m, &n);
		for (size_t i = 0; !e && i < n; i++)
			v[i] = OUTLET_OF(m[i]);
	} else if (world && !q->territory.set) {
		e = q_outlet_list_world(rq->db, rq->arena, q->channel, tier, q->partner, q->status, q->missing, after, limit, &w, &n);
		for (size_t i = 0; !e && i < n; i++)
			v[i] = OUTLET_OF(w[i]);
	} else {
		e = q_outlet_list_in(rq->db, rq->arena, q->territory, user, q->channel, tier, q->partner, q->status, q->missing, after, limit, &in, &n);
		for (size_t i = 0; !e && i < n; i++)
			v[i] = OUTLET_OF(in[i]);
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, limit, v[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error needs_of(struct bp_req *rq, struct outlet *o)
{
	struct q_outlet_needs *r;
	struct need *v;
	size_t n = 0;
	enum bp_error e = q_outlet_needs(rq->db, rq->arena, o->id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		struct q_outlet_need_days *d;
		struct day *days;
		size_t k = 0;

		e = q_outlet_need_days(rq->db, rq->arena, r[i].id, 28, &d, &k);
		days = bp_alloc_array(rq->arena, k, sizeof(*days));
		for (size_t j = 0; !e && j < k; j++)
			days[j] = (struct day){d[j].day, d[j].seat};
		v[i] = (struct need){r[i].id, r[i].line, r[i].visits, r[i].minutes, r[i].partner, r[i].seat, r[i].value, r[i].mandatory, {days, k}};
	}
	o->needs = (struct bp_list){v, n};
	return e;
}

/* What the source says, as people write it. */
static const char *source_text(struct bp_arena *a, const char *field, const char *value)
{
	if (value && !strcmp(field, "tier"))
		return tiers[*value >= '1' && *value <= '3' ? *value - '1' : 2];
	if (value && !strcmp(field, "position"))
		return bp_sprintf(a, "%.6f, %.6f", strtod(value, NULL) / 1e6, strtod(value + strcspn(value, ",") + 1, NULL) / 1e6);
	return value;
}

static enum bp_error edits_of(struct bp_req *rq, struct outlet *o)
{
	struct q_outlet_edits *r;
	struct own_value *v;
	size_t n = 0;
	enum bp_error e = q_outlet_edits(rq->db, rq->arena, o->id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct own_value){r[i].field, source_text(rq->arena, r[i].field, r[i].source_value), r[i].person, r[i].at};
	o->edits = (struct bp_list){v, n};
	return e;
}

static enum bp_error members_of(struct bp_req *rq, struct outlet *o)
{
	struct q_outlet_models *r;
	struct member *v;
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	size_t n = 0;
	enum bp_error e = q_outlet_models(rq->db, rq->arena, o->id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct member){r[i].model_id, {r[i].territory_id, world}, r[i].code, r[i].model, r[i].path};
	o->members = (struct bp_list){v, n};
	return e;
}

static enum bp_error due_of(struct bp_req *rq, struct outlet *o)
{
	int64_t today = bp_today();
	struct q_due_of_outlet r;
	struct plan_due d;
	enum bp_error e = q_due_of_outlet(rq->db, rq->arena, o->id, &r);

	if (e)
		return e;
	d = plan_due_of(r.nppd, r.due, r.every, r.spread, today);
	if (!d.known)
		return BP_E_OK;
	o->due = bp_alloc(rq->arena, sizeof(*o->due));
	*o->due = (struct due){.date = (int64_t)floor(d.date + 0.5), .last = r.last, .imported = d.imported, .late = d.late, .every = r.every,
		.spread = d.spread, .gaps = r.gaps.v, .score = plan_due_score(&d, today)};
	return BP_E_OK;
}

static enum bp_error get(struct bp_req *rq)
{
	struct outlet *o = bp_alloc(rq->arena, sizeof(*o));
	struct q_outlet_windows *w;
	struct q_outlet_changes *c;
	struct q_outlet_get r;
	struct window *windows;
	struct change *v;
	size_t n = 0;
	enum bp_error e = q_outlet_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (e)
		return e;
	*o = OUTLET_OF(r);
	o->phone = r.phone;
	o->sales_model = r.sales_model;
	o->fulfilment = r.fulfilment;
	o->merchandising = r.merchandising;
	o->owner = r.owner;
	o->email = r.email;
	o->tax_no = r.tax_no;
	o->since = r.since;
	o->first_seen = r.first_seen;
	o->last_seen = r.last_seen;
	o->closed_days = r.closed_days;
	o->volume_from_sales = r.volume_from_sales;
	e = needs_of(rq, o);
	if (!e)
		e = due_of(rq, o);
	if (!e)
		e = members_of(rq, o);
	if (!e)
		e = q_outlet_windows(rq->db, rq->arena, o->id, &w, &n);
	windows = bp_alloc_array(rq->arena, n, sizeof(*windows));
	for (size_t i = 0; !e && i < n; i++)
		windows[i] = (struct window){w[i].weekday, w[i].opens, w[i].closes, w[i].hard};
	o->windows = (struct bp_list){windows, n};
	if (!e)
		e = edits_of(rq, o);
	if (!e)
		e = q_outlet_changes(rq->db, rq->arena, o->id, 200, &c, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct change){c[i].at, c[i].kind, c[i].import_id, c[i].person, c[i].reason, c[i].field, c[i].old_value, c[i].new_value};
	o->changes = (struct bp_list){v, n};
	rq->reply = o;
	return e;
}

struct partner {
	int64_t id;
	const char *code, *name;
	struct bp_opt_num lat, lon;
	int64_t outlets;
	const char *address, *city, *postcode, *phone, *email, *tax_no;
};
BP_SHAPE(partner_row, partner,
	BP_INT(partner, id, BP_REQ, 1, 9e15, "distributor"),
	BP_STR(partner, code, BP_REQ, 1, 256, "its code"),
	BP_STR(partner, name, BP_REQ, 0, 800, "its name"),
	BP_NUM(partner, lat, BP_NUL, -90, 90, "WGS 84 latitude"),
	BP_NUM(partner, lon, BP_NUL, -180, 180, "WGS 84 longitude"),
	BP_INT(partner, outlets, BP_REQ, 0, 9e9, "outlets it serves"),
	BP_STR(partner, address, BP_REQ, 0, 1200, "street and number"),
	BP_STR(partner, city, BP_REQ, 0, 480, "town"),
	BP_STR(partner, postcode, BP_REQ, 0, 80, "postal code"),
	BP_STR(partner, phone, BP_REQ, 0, 160, "telephone"),
	BP_STR(partner, email, BP_REQ, 0, 800, "e-mail address"),
	BP_STR(partner, tax_no, BP_REQ, 0, 160, "number of the tax office"));
BP_SHAPE(partner_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &partner_row, "distributors by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct partner_filter {
	const char *q;
	struct bp_opt_int limit, after;
};
BP_SHAPE(partner_query, partner_filter,
	BP_STR(partner_filter, q, BP_NUL, 1, 100, "beginning of the code, or part of the name"),
	BP_INT(partner_filter, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(partner_filter, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error partners(struct bp_req *rq)
{
	struct partner_filter *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_partner_list *r;
	struct partner *v;
	size_t n = 0;
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	enum bp_error e = q_partner_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, world, q->q, q->after.set ? q->after.v : 0,
		bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct partner){r[i].id, r[i].code, r[i].name, bp_degrees(r[i].lat), bp_degrees(r[i].lon), r[i].outlets, r[i].address,
			r[i].city, r[i].postcode, r[i].phone, r[i].email, r[i].tax_no};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

#define LIST BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .query = &outlet_query, .reply = &outlet_page, .handle = list
#define GET BP_SCOPE_OUTLET, BP_PERM_VIEW_TERRITORY, 0, .reply = &outlet_detail, .fails = {BP_E_NOT_FOUND}, .handle = get
static const struct bp_endpoint ep[] = {
	{"GET", "/outlets", "List or search the outlets one may see", LIST},
	{"GET", "/outlets/{id}", "Read an outlet with its needs, next visits and history", GET},
	{"GET", "/clients", "The same as /outlets", LIST},
	{"GET", "/clients/{id}", "The same as /outlets/{id}", GET},
	{"GET", "/partners", "List the distributors of the outlets one may see", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.query = &partner_query, .reply = &partner_page, .handle = partners},
};
BP_RESOURCE(outlets, ep);
