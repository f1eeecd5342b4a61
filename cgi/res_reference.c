/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_reference.c - what outlets refer to and are marked by: accounts, tiers, whitelist and blacklist. */
#include "cgi/endpoint.h"
#include "db/journal.h"
#include "queries.h"

struct page {
	struct bp_list items;
	const char *next;
};
struct filter {
	const char *q, *list;
	struct bp_opt_int outlet, limit, after;
};

struct account {
	int64_t id;
	const char *code, *name, *parent, *parent_name;
	int64_t outlets;
};
BP_SHAPE(account_row, account,
	BP_INT(account, id, BP_REQ, 1, 9e15, "account"),
	BP_STR(account, code, BP_REQ, 1, 256, "its code"),
	BP_STR(account, name, BP_REQ, 0, 800, "its name"),
	BP_STR(account, parent, BP_NUL, 1, 256, "code of the account above it"),
	BP_STR(account, parent_name, BP_NUL, 0, 800, "name of that"),
	BP_INT(account, outlets, BP_REQ, 0, 9e9, "outlets that belong to it"));
BP_SHAPE(account_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &account_row, "accounts by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(account_query, filter,
	BP_STR(filter, q, BP_NUL, 1, 100, "beginning of the code, or part of the name"),
	BP_INT(filter, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(filter, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error accounts(struct bp_req *rq)
{
	struct filter *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	struct q_account_list *r;
	struct account *v;
	size_t n = 0;
	enum bp_error e = q_account_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, world, q->q, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct account){r[i].id, r[i].code, r[i].name, r[i].parent, r[i].parent_name, r[i].outlets};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

struct tier {
	int64_t rank;
	const char *name, *aliases;
};
BP_SHAPE(tier_row, tier,
	BP_INT(tier, rank, BP_REQ, 1, 3, "1 = the best"),
	BP_STR(tier, name, BP_REQ, 1, 160, "how it is called"),
	BP_STR(tier, aliases, BP_REQ, 0, 1200, "what files write for it, beside the common words"));
BP_SHAPE(tier_page, page,
	BP_LIST(page, items, BP_REQ, 3, &tier_row, "tiers by rank"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error tiers(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_tier_list *r;
	struct tier *v;
	size_t n = 0;
	enum bp_error e = q_tier_list(rq->db, rq->arena, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct tier){r[i].rank, r[i].name, r[i].aliases};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

struct entry {
	int64_t id, outlet_id;
	const char *outlet_code, *outlet, *list, *seat;
	struct bp_opt_int territory_id;
	const char *territory;
	struct bp_opt_int from, to;
	const char *reason;
	int64_t import;
};
static const char *const lists[] = {"WHITE", "BLACK", NULL};
BP_SHAPE(list_entry, entry,
	BP_INT(entry, id, BP_REQ, 1, 9e15, "entry"),
	BP_INT(entry, outlet_id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(entry, outlet_code, BP_REQ, 1, 256, "its code"),
	BP_STR(entry, outlet, BP_REQ, 0, 800, "its name"),
	BP_ENUM(entry, list, BP_REQ, lists, "WHITE: must be planned; BLACK: must not"),
	BP_STR(entry, seat, BP_NUL, 1, 256, "about this seat; null = all"),
	BP_INT(entry, territory_id, BP_NUL, 1, 9e15, "about this territory; null = all"),
	BP_STR(entry, territory, BP_NUL, 0, 480, "its name"),
	BP_DATE(entry, from, BP_NUL, "first day, null = always"),
	BP_DATE(entry, to, BP_NUL, "last day, null = always"),
	BP_STR(entry, reason, BP_REQ, 0, 1200, "why"),
	BP_INT(entry, import, BP_REQ, 0, 9e15, "import session that said it last, 0 = somebody by hand"));
BP_SHAPE(list_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &list_entry, "entries by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(list_query, filter,
	BP_STR(filter, q, BP_NUL, 1, 100, "beginning of the code, or part of the name of the outlet"),
	BP_ENUM(filter, list, BP_NUL, lists, "only this list"),
	BP_INT(filter, outlet, BP_NUL, 1, 9e15, "only of this outlet"),
	BP_INT(filter, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(filter, after, BP_NUL, 0, 9e15, "cursor"));
struct drop_query {
	int64_t entry;
};
BP_SHAPE(list_drop_query, drop_query,
	BP_INT(drop_query, entry, BP_REQ, 1, 9e15, "which entry"));

static enum bp_error entries(struct bp_req *rq)
{
	struct filter *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	struct q_list_entries *r;
	struct entry *v;
	size_t n = 0;
	enum bp_error e = q_list_entries(rq->db, rq->arena, (int64_t)rq->user.scopes_of, world, q->outlet, q->list, q->q, q->after.set ? q->after.v : 0,
		bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct entry){r[i].id, r[i].outlet_id, r[i].outlet_code, r[i].outlet, r[i].list, r[i].seat, r[i].territory_id, r[i].territory,
			r[i].from, r[i].to, r[i].reason, r[i].import_id};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error drop(struct bp_req *rq)
{
	struct drop_query *q = rq->query;
	uint64_t gone = 0, set;
	enum bp_error e = bp_journal_open(rq->db, &(struct bp_change_set){"EDIT", 0, rq->user.id, NULL}, &set);

	if (!e)
		e = q_list_entry_drop(rq->db, (int64_t)rq->arg[0], q->entry, &gone);

	rq->audit.resource_type = "outlet";
	rq->audit.resource_id = rq->arg[0];
	return e ? e : gone ? BP_E_OK : BP_E_NOT_FOUND;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/accounts", "List the accounts of the outlets one may see", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .query = &account_query,
		.reply = &account_page, .handle = accounts},
	{"GET", "/tiers", "Read how the tiers are called", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .reply = &tier_page, .handle = tiers},
	{"GET", "/outlet-lists", "List whitelist and blacklist", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .query = &list_query, .reply = &list_page,
		.handle = entries},
	{"DELETE", "/outlets/{id}/lists", "Take an entry of the whitelist or blacklist back", BP_SCOPE_OUTLET, BP_PERM_MANAGE_TERRITORIES, 0,
		.query = &list_drop_query, .audit = BP_ACTION_LIST_DROP, .fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(reference, ep);
