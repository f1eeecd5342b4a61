/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_models.c - territory models: the sales geography, in which planning is made, and others beside it with levels of their own. */
#include <string.h>

#include "cgi/change_set.h"
#include "db/journal.h"
#include "queries.h"
#include "territory/member.h"
#include "territory/tree.h"

struct model {
	int64_t id;
	const char *code, *name;
	bool planned;
	struct bp_list levels, level_names;
	int64_t territories, outlets;
	struct q_level_naming_last *named;
};
BP_SHAPE(level_naming, q_level_naming_last,
	BP_TIME(q_level_naming_last, at, BP_REQ, "when"),
	BP_STR(q_level_naming_last, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(q_level_naming_last, reason, BP_REQ, 0, 2000, "why"));
BP_SHAPE(territory_model, model,
	BP_INT(model, id, BP_REQ, 1, 9e15, "model"),
	BP_STR(model, code, BP_REQ, 1, 128, "its code, which files name"),
	BP_STR(model, name, BP_REQ, 1, 480, "its name"),
	BP_BOOL(model, planned, BP_REQ, "the sales geography: its units are planned, and outlets lie in it by their own file"),
	BP_LIST_STR(model, levels, BP_REQ, 16, "its levels, widest first, as files and programs name them"),
	BP_LIST_STR(model, level_names, BP_REQ, 16, "what people call them"),
	BP_OBJ(model, named, BP_NUL, &level_naming, "the last renaming of levels of the sales geography, which can be taken back"),
	BP_INT(model, territories, BP_REQ, 0, 9e9, "territories of all levels"),
	BP_INT(model, outlets, BP_REQ, 0, 9e9, "outlets that lie in it"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(territory_model_page, page,
	BP_LIST(page, items, BP_REQ, 1000, &territory_model, "the sales geography, then the others as they were made"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));
struct wish {
	const char *code, *name;
	struct bp_list levels;
};
BP_SHAPE(territory_model_new, wish,
	BP_STR(wish, code, BP_REQ, 1, 32, "its code; small letters become capitals"),
	BP_STR(wish, name, BP_REQ, 1, 120, "its name"),
	BP_LIST_STR(wish, levels, BP_REQ, TR_MODEL_LEVELS, "names of its levels, widest first: one to four"));
BP_SHAPE(territory_model_change, wish,
	BP_STR(wish, name, BP_REQ, 1, 120, "its name"),
	BP_LIST_STR(wish, levels, BP_REQ, 16, "names of its levels, widest first; those of the sales geography stay, what people call them is put by level-names"));
struct naming {
	struct bp_list names;
	const char *reason;
};
BP_SHAPE(level_names_new, naming,
	BP_LIST_STR(naming, names, BP_REQ, TR_LEVELS, "what people call its levels, widest first; empty = as the code says"),
	BP_STR(naming, reason, BP_REQ, 3, 500, "why: it is kept with the history"));
struct unnaming {
	const char *reason;
};
BP_SHAPE(level_names_undo, unnaming, BP_STR(unnaming, reason, BP_REQ, 3, 500, "why: it is kept with the history"));

static enum bp_error list_models(struct bp_req *rq, struct model **out, size_t *n)
{
	struct q_model_list *r;
	size_t named = 0;
	enum bp_error e = q_model_list(rq->db, rq->arena, &r, n);

	*out = bp_alloc_array(rq->arena, e ? 0 : *n, sizeof(**out));
	for (size_t i = 0; !e && i < *n; i++)
		(*out)[i] = (struct model){r[i].id, r[i].code, r[i].name, r[i].id == TR_SALES, bp_list_split(rq->arena, r[i].levels, '\n'),
			bp_list_split(rq->arena, r[i].level_names, '\n'), r[i].territories, r[i].outlets, NULL};
	if (!e && *n)
		e = q_level_naming_last(rq->db, rq->arena, (*out)->id, &(*out)->named, &named);
	if (!e && !named && *n)
		(*out)->named = NULL;
	return e;
}

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct model *v;
	size_t n = 0;
	enum bp_error e = list_models(rq, &v, &n);

	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error find(struct bp_req *rq, uint64_t id, struct model **out)
{
	struct model *v;
	size_t n = 0;
	enum bp_error e = list_models(rq, &v, &n);

	rq->audit.resource_type = "territory_model";
	rq->audit.resource_id = id;
	for (size_t i = 0; !e && i < n; i++)
		if ((uint64_t)v[i].id == id) {
			*out = &v[i];
			return BP_E_OK;
		}
	return e ? e : BP_E_NOT_FOUND;
}

static bool has_text(const char *s)
{
	return s[strspn(s, " \t")];
}

/* Levels with a name, each another. */
static enum bp_error check_levels(struct bp_req *rq, const struct bp_list *levels, size_t least, size_t most)
{
	const char *const *v = levels->v;

	if (levels->n < least || levels->n > most)
		return bp_req_field(rq, "/levels", bp_sprintf(rq->arena, "must be %zu to %zu: as many as it has territories of, at least", least,
			most));
	for (size_t i = 0; i < levels->n; i++) {
		if (!has_text(v[i]) || strlen(v[i]) > 32 || strpbrk(v[i], "\n\r"))
			return bp_req_field(rq, bp_sprintf(rq->arena, "/levels/%zu", i), "must have a name of at most 32 bytes");
		for (size_t k = 0; k < i; k++)
			if (!strcmp(v[i], v[k]))
				return bp_req_field(rq, bp_sprintf(rq->arena, "/levels/%zu", i), "is called as another one");
	}
	return BP_E_OK;
}

static enum bp_error set_levels(struct bp_req *rq, int64_t id, const struct bp_list *levels)
{
	const char *const *v = levels->v;
	enum bp_error e = q_model_levels_drop(rq->db, id, NULL);

	for (size_t i = 0; !e && i < levels->n; i++)
		e = q_model_level_add(rq->db, id, (int64_t)i + 1, v[i], NULL);
	return e;
}

static enum bp_error reply(struct bp_req *rq, uint64_t id)
{
	struct model *m = NULL;
	enum bp_error e = find(rq, id, &m);

	rq->reply = m;
	return e;
}

static enum bp_error add(struct bp_req *rq)
{
	const struct wish *b = rq->body;
	enum bp_error e = check_levels(rq, &b->levels, 1, TR_MODEL_LEVELS);
	uint64_t id;

	if (!has_text(b->code) || b->code[strcspn(b->code, " \t\n")])
		e = bp_req_field(rq, "/code", "must be one word");
	if (e)
		return e;
	e = q_model_add(rq->db, b->code, b->name, NULL);
	if (e == BP_E_CONFLICT)
		return bp_fail(&rq->fail, e, "there is a territory model %s already", b->code);
	if (e)
		return e;
	id = bp_db_insert_id(rq->db);
	e = set_levels(rq, (int64_t)id, &b->levels);
	bp_audit_change(&rq->audit, "name", "", b->name);
	return e ? e : reply(rq, id);
}

/* Those of the sales geography have a meaning of their own. */
static enum bp_error same_levels(struct bp_req *rq, const struct bp_list *are, const struct bp_list *wish)
{
	bool same = are->n == wish->n;

	for (size_t i = 0; same && i < are->n; i++)
		same = !strcmp(((const char *const *)are->v)[i], ((const char *const *)wish->v)[i]);
	return same ? BP_E_OK : bp_req_field(rq, "/levels", "of the sales geography keep their codes: put what people call them by level-names");
}

static enum bp_error change(struct bp_req *rq)
{
	const struct wish *b = rq->body;
	struct q_model_depth depth;
	struct model *m;
	enum bp_error e = find(rq, rq->arg[0], &m);

	if (e)
		return e;
	if (m->planned)
		e = same_levels(rq, &m->levels, &b->levels);
	else if (!(e = q_model_depth(rq->db, rq->arena, m->id, &depth)))
		e = check_levels(rq, &b->levels, depth.rank > 1 ? (size_t)depth.rank : 1, TR_MODEL_LEVELS);
	if (!e)
		e = q_model_rename(rq->db, m->id, b->name, NULL);
	if (!e && !m->planned)
		e = set_levels(rq, m->id, &b->levels);
	bp_audit_change(&rq->audit, "name", m->name, b->name);
	return e ? e : reply(rq, rq->arg[0]);
}

/* --- what people call the levels of the sales geography --- */

/* The names as they are to be: the code itself means none. */
static enum bp_error check_names(struct bp_req *rq, const struct model *m, const struct bp_list *names)
{
	const char **v = names->v;
	const char *const *code = m->levels.v;

	if (names->n != m->levels.n)
		return bp_req_field(rq, "/names", bp_sprintf(rq->arena, "must be %zu: one for each level", m->levels.n));
	for (size_t i = 0; i < names->n; i++) {
		const char *at = bp_sprintf(rq->arena, "/names/%zu", i);

		if (!has_text(v[i]) || !strcmp(v[i], code[i]))
			v[i] = "";
		if (strlen(v[i]) > 64 || strpbrk(v[i], "\n\r\t"))
			return bp_req_field(rq, at, "must be one line of at most 64 bytes");
		for (size_t k = 0; k < names->n && *v[i]; k++)
			if (k != i && (!strcmp(v[i], code[k]) || (k < i && !strcmp(v[i], v[k]))))
				return bp_req_field(rq, at, "is what another level is called");
	}
	return BP_E_OK;
}

static enum bp_error put_names(struct bp_req *rq, const struct model *m, const struct bp_list *names)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < names->n; i++) {
		const char *to = ((const char *const *)names->v)[i], *code = ((const char *const *)m->levels.v)[i];

		e = q_level_rename(rq->db, m->id, (int64_t)i + 1, to, NULL);
		bp_audit_change(&rq->audit, code, ((const char *const *)m->level_names.v)[i], *to ? to : code);
	}
	return e;
}

/* The model, when its levels can be called otherwise. */
static enum bp_error nameable(struct bp_req *rq, struct model **m)
{
	enum bp_error e = find(rq, rq->arg[0], m);

	return e || (*m)->planned ? e : bp_fail(&rq->fail, BP_E_CONFLICT, "levels of this model are called as they are: rename them with the model itself");
}

static enum bp_error name_levels(struct bp_req *rq)
{
	const struct naming *b = rq->body;
	uint64_t set = 0;
	struct model *m;
	enum bp_error e = nameable(rq, &m);

	rq->audit.reason = b->reason;
	if (!e)
		e = check_names(rq, m, &b->names);
	if (!e)
		e = bp_journal_open(rq->db, &(struct bp_change_set){"EDIT", 0, rq->user.id, b->reason}, &set);
	if (!e)
		e = q_level_naming_add(rq->db, (int64_t)set, m->id, NULL);
	if (!e)
		e = put_names(rq, m, &b->names);
	return e ? e : reply(rq, rq->arg[0]);
}

static enum bp_error undo_names(struct bp_req *rq)
{
	const struct unnaming *b = rq->body;
	struct bp_list was;
	uint64_t own = 0;
	struct model *m;
	enum bp_error e = nameable(rq, &m);

	rq->audit.reason = b->reason;
	if (!e && !m->named)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "no level was renamed, or it has been taken back already");
	if (!e)
		e = bp_journal_open(rq->db, &(struct bp_change_set){"UNDO", 0, rq->user.id, b->reason}, &own);
	if (!e)
		e = q_journal_undone(rq->db, m->named->set, (int64_t)own, NULL);
	if (e)
		return e;
	was = bp_list_split(rq->arena, m->named->was, '\n');
	e = check_names(rq, m, &was);
	if (!e)
		e = put_names(rq, m, &was);
	return e ? e : reply(rq, rq->arg[0]);
}

/* With its territories and with where outlets lie in it; the outlets stay where they are. */
static enum bp_error drop(struct bp_req *rq)
{
	static enum bp_error (*const gone[])(struct bp_db *, int64_t, uint64_t *) = {q_model_drop_members, q_model_drop_stat, q_model_drop_closure};
	struct model *m;
	int64_t id;
	enum bp_error e = find(rq, rq->arg[0], &m);

	if (e)
		return e;
	if (m->planned)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "the sales geography stays: planning is made in its units");
	id = m->id;
	for (size_t i = 0; !e && i < sizeof(gone) / sizeof(*gone); i++)
		e = gone[i](rq->db, id, NULL);
	for (int rank = TR_MODEL_LEVELS; !e && rank > 0; rank--) /* nodes before those above them */
		e = q_model_drop_nodes(rq->db, id, rank, NULL);
	if (!e)
		e = q_model_levels_drop(rq->db, id, NULL);
	bp_audit_change(&rq->audit, "name", m->name, "");
	return e ? e : q_model_drop(rq->db, id, NULL);
}

/* --- which outlets lie where --- */

struct members {
	struct bp_list outlets, path;
	struct bp_opt_int territory_id;
	const char *reason;
};
BP_SHAPE(model_members, members,
	BP_LIST_INT(members, outlets, BP_REQ, TR_MEMBERS_MOST, "outlets that are to lie there"),
	BP_INT(members, territory_id, BP_NUL, 1, 9e15, "the territory of the model; without it the one of the path"),
	BP_LIST_STR(members, path, BP_NUL, TR_MODEL_LEVELS, "codes from the widest level on, what is missing is made; without both they are taken out of the model"),
	BP_STR(members, reason, BP_REQ, 3, 500, "why: it is kept with the history"));
struct member_change {
	int64_t id, outlets;
};
BP_SHAPE(model_members_changed, member_change,
	BP_INT(member_change, id, BP_REQ, 0, 9e15, "the change, to take it back; 0 = no outlet was named"),
	BP_INT(member_change, outlets, BP_REQ, 0, 9e9, "outlets that lay elsewhere"));

static enum bp_error put_members(struct bp_req *rq)
{
	const struct members *b = rq->body;
	struct tr_members m = {.model = rq->arg[0], .territory = (uint64_t)(b->territory_id.set ? b->territory_id.v : 0), .outlet = b->outlets.v,
		.n = b->outlets.n, .user = rq->user.id, .reason = b->reason};
	struct member_change *r = bp_alloc(rq->arena, sizeof(*r));
	uint64_t set = 0;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < b->path.n; i++) {
		m.path[i] = ((const char *const *)b->path.v)[i];
		if (!has_text(m.path[i]) || strlen(m.path[i]) > 64)
			return bp_req_field(rq, bp_sprintf(rq->arena, "/path/%zu", i), "must have a code of at most 64 bytes");
	}
	rq->audit.resource_type = "territory_model";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = b->reason;
	e = tr_members_put(rq->db, rq->arena, &m, &r->outlets, &set, &rq->fail);
	bp_audit_change(&rq->audit, "outlets", "", bp_sprintf(rq->arena, "%lld", (long long)r->outlets));
	r->id = (int64_t)set;
	rq->reply = r;
	return e;
}

static enum bp_error undo_members(struct bp_req *rq)
{
	const struct bp_undo *b = rq->body;
	struct bp_undone *r = bp_alloc(rq->arena, sizeof(*r));

	rq->audit.resource_type = "territory_model";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = b->reason;
	rq->reply = r;
	return tr_members_undo(rq->db, rq->arena, &(struct tr_members){.model = rq->arg[0], .user = rq->user.id, .reason = b->reason}, (uint64_t)b->id,
		&r->back, &r->kept, &rq->fail);
}

struct change_row {
	int64_t id, at, outlets;
	const char *person, *reason, *territory;
	bool undone;
};
BP_SHAPE(model_member_change, change_row,
	BP_INT(change_row, id, BP_REQ, 1, 9e15, "the change"),
	BP_TIME(change_row, at, BP_REQ, "when"),
	BP_STR(change_row, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(change_row, reason, BP_REQ, 0, 2000, "why"),
	BP_STR(change_row, territory, BP_NUL, 0, 480, "where they were put; none = they were taken out"),
	BP_INT(change_row, outlets, BP_REQ, 0, 9e9, "outlets that lay elsewhere"),
	BP_BOOL(change_row, undone, BP_REQ, "it was taken back"));
BP_SHAPE(model_member_changes, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &model_member_change, "changes by people, the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error changes(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_model_changes *r;
	struct change_row *v;
	struct model *m;
	size_t n = 0;
	enum bp_error e = find(rq, rq->arg[0], &m);

	if (!e)
		e = q_model_changes(rq->db, rq->arena, m->id, q->after.set ? q->after.v : (int64_t)9e15, bp_page_limit(q->limit), &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct change_row){r[i].set, r[i].at, r[i].outlets, r[i].person, r[i].reason, r[i].territory, r[i].undone};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].set) : NULL;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territory-models", "List the territory models with their levels", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &territory_model_page, .handle = list},
	{"POST", "/territory-models", "Make a territory model beside the sales geography", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &territory_model_new, .reply = &territory_model, .audit = BP_ACTION_MODEL_ADD, .fails = {BP_E_CONFLICT}, .handle = add},
	{"PATCH", "/territory-models/{id}", "Rename a territory model and its levels", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &territory_model_change, .reply = &territory_model, .audit = BP_ACTION_MODEL_CHANGE, .fails = {BP_E_NOT_FOUND}, .handle = change},
	{"PUT", "/territory-models/{id}/level-names", "Put what people call the levels of the sales geography; their codes stay", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &level_names_new, .reply = &territory_model, .audit = BP_ACTION_LEVELS_NAME, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = name_levels},
	{"POST", "/territory-models/{id}/level-names/undo", "Take the last renaming of levels back", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &level_names_undo, .reply = &territory_model, .audit = BP_ACTION_LEVELS_NAME_UNDO, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = undo_names},
	{"DELETE", "/territory-models/{id}", "Remove a territory model with its territories; outlets and plans stay", BP_SCOPE_WORLD,
		BP_PERM_MANAGE_TERRITORIES, 0, .audit = BP_ACTION_MODEL_REMOVE, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = drop},
	{"PUT", "/territory-models/{id}/members", "Put outlets into a territory of a model, or take them out of it", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_SLOW, .body = &model_members, .reply = &model_members_changed, .audit = BP_ACTION_MODEL_MEMBERS, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT},
		.handle = put_members},
	{"POST", "/territory-models/{id}/members/undo", "Take a change of where outlets lie in a model back", BP_SCOPE_WORLD, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_SLOW, .body = &bp_undo_shape, .reply = &bp_undone_shape, .audit = BP_ACTION_MODEL_MEMBERS_UNDO,
		.fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = undo_members},
	{"GET", "/territory-models/{id}/members/changes", "List what people changed of where outlets lie in a model", BP_SCOPE_WORLD, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &model_member_changes, .fails = {BP_E_NOT_FOUND}, .handle = changes},
};
BP_RESOURCE(models, ep);
