/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_all_programs.c - whose programs are let in, by keys and by tokens, and shutting one out, for an administrator. */
#include "auth/program.h"
#include "cgi/res_users.h"
#include "notice/notice.h"
#include "queries.h"

struct program {
	int64_t id, owner_id, created_at;
	const char *name, *owner, *territory, *last_address;
	struct bp_list permissions;
	struct bp_opt_int expires_at, last_used;
};
BP_SHAPE(program, program,
	BP_INT(program, id, BP_REQ, 1, 9e15, "key, or grant of tokens"),
	BP_STR(program, name, BP_REQ, 1, 80, "what it is called"),
	BP_INT(program, owner_id, BP_REQ, 1, 9e15, "the user for whom it calls"),
	BP_STR(program, owner, BP_REQ, 1, 120, "their name"),
	BP_LIST_STR(program, permissions, BP_REQ, 64, "what a key may do at most; tokens may do what their owner may, and name nothing"),
	BP_STR(program, territory, BP_NUL, 0, 120, "where, null = wherever its owner may"),
	BP_TIME(program, created_at, BP_REQ, "since when"),
	BP_TIME(program, expires_at, BP_NUL, "until when"),
	BP_TIME(program, last_used, BP_NUL, "last call, to the minute"),
	BP_STR(program, last_address, BP_REQ, 0, 45, "from where"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(program_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &program, "programs that are let in, the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(program_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));
struct why {
	const char *reason;
};
BP_SHAPE(program_why, why, BP_STR(why, reason, BP_REQ, 1, 400, "why; its owner is told"));

static enum bp_error list(struct bp_req *rq, bool tokens)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t limit = bp_page_limit(q->limit);
	struct q_programs_all *r = NULL;
	struct program *v;
	size_t n = 0;
	enum bp_error e = q_programs_all(rq->db, rq->arena, tokens, q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct program){.id = r[i].id, .name = r[i].name, .owner_id = r[i].user_id, .owner = r[i].owner, .territory = r[i].territory, .created_at = r[i].created_at,
			.last_address = r[i].last_ip, .permissions = bp_perm_names(rq->arena, (uint64_t)r[i].perms), .expires_at = r[i].expires_at, .last_used = r[i].last_used};
	*p = (struct page){{v, n}, n ? bp_page_next(rq->arena, n, limit, v[n - 1].id) : NULL};
	rq->reply = p;
	return e;
}

static enum bp_error list_keys(struct bp_req *rq)
{
	return list(rq, false);
}

static enum bp_error list_tokens(struct bp_req *rq)
{
	return list(rq, true);
}

/* The trail names it, and its owner hears of it. */
static enum bp_error end(struct bp_req *rq, bool tokens)
{
	const struct why *why = rq->query;
	struct q_program_owner p;
	enum bp_error e = q_program_owner(rq->db, rq->arena, tokens, (int64_t)rq->arg[0], &p);

	if (!e)
		e = tokens ? q_token_family_end(rq->db, p.user_id, (int64_t)rq->arg[0], "REVOKED", NULL) : bp_key_revoke(rq->db, (uint64_t)p.user_id, rq->arg[0]);
	if (e)
		return e;
	rq->audit.resource_type = tokens ? "program" : "api_key";
	rq->audit.reason = why->reason;
	bp_audit_change(&rq->audit, "name", p.name, NULL);
	return bp_notice_tell(rq->db, BP_NOTICE_PROGRAM_ENDED, (uint64_t)p.user_id,
		&(struct bp_notice_of){0, rq->user.id, "", bp_sprintf(rq->arena, "%s: %s", p.name, why->reason)});
}

static enum bp_error end_key(struct bp_req *rq)
{
	return end(rq, false);
}

static enum bp_error end_tokens(struct bp_req *rq)
{
	return end(rq, true);
}

#define MANAGE BP_SCOPE_WORLD, BP_PERM_MANAGE_USERS, 0
static const struct bp_endpoint ep[] = {
	{"GET", "/programs/keys", "List the API keys of everybody", MANAGE, .query = &program_query, .reply = &program_page, .handle = list_keys},
	{"DELETE", "/programs/keys/{id}", "Revoke somebody's API key", MANAGE, .query = &program_why, .audit = BP_ACTION_KEY_REVOKE, .fails = {BP_E_NOT_FOUND},
		.handle = end_key},
	{"GET", "/programs/tokens", "List the programs of everybody that have tokens", MANAGE, .query = &program_query, .reply = &program_page, .handle = list_tokens},
	{"DELETE", "/programs/tokens/{id}", "Shut somebody's program out", MANAGE, .query = &program_why, .audit = BP_ACTION_TOKEN_END, .fails = {BP_E_NOT_FOUND},
		.handle = end_tokens},
};
BP_RESOURCE(all_programs, ep);
