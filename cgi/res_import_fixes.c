/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_fixes.c - causes of what is wrong with an import's rows, and what is done about them: fixes, rules, severities. */
#include <stdlib.h>
#include <string.h>

#include "cgi/res_imports.h"
#include "intake/mend.h"
#include "intake/open.h"
#include "intake/transfer.h"

enum { VALUES_SHOWN = 50, PREVIEW_ROWS = 5 };

static const char *const kinds[] = {
#define FIX(id, name, rules, value, label) name,
#include "intake/fixes.def"
#undef FIX
	NULL};
static const char *const severities[] = {"error", "warning", NULL};

/* --- the rules --- */

struct fix_kind {
	const char *kind, *label;
	bool value;
};
BP_SHAPE(import_fix_kind, fix_kind,
	BP_STR(fix_kind, kind, BP_REQ, 1, 8, "name"),
	BP_STR(fix_kind, label, BP_REQ, 1, 80, "what it does"),
	BP_BOOL(fix_kind, value, BP_REQ, "it needs a value"));
struct rule {
	const char *rule, *severity, *usual, *message, *remedy;
	bool open;
	struct bp_list fixes;
};
BP_SHAPE(import_rule, rule,
	BP_STR(rule, rule, BP_REQ, 1, 20, "name"),
	BP_ENUM(rule, severity, BP_REQ, severities, "as it is here: an error keeps the row out, a warning does not"),
	BP_ENUM(rule, usual, BP_REQ, severities, "as it is unless changed"),
	BP_STR(rule, message, BP_REQ, 1, 200, "what is wrong"),
	BP_STR(rule, remedy, BP_REQ, 0, 200, "what to do about it"),
	BP_BOOL(rule, open, BP_REQ, "the severity may be changed"),
	BP_LIST(rule, fixes, BP_REQ, 16, &import_fix_kind, "fixes for all rows at once"));
struct rule_page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_rule_page, rule_page,
	BP_LIST(rule_page, items, BP_REQ, 200, &import_rule, "every rule that rows are checked by"),
	BP_STR(rule_page, next, BP_NUL, 0, 20, "always null"));

static struct bp_list kinds_of(struct bp_arena *a, const char *rule)
{
	struct fix_kind *v = bp_alloc_array(a, IM_FIX__MAX, sizeof(*v));
	size_t n = 0;

	for (int k = 0; k < IM_FIX__MAX; k++)
		if (im_fix_suits((enum im_fix_kind)k, rule))
			v[n++] = (struct fix_kind){im_fix_kinds[k].name, im_fix_kinds[k].label, im_fix_kinds[k].value};
	return (struct bp_list){v, n};
}

static struct rule rule_of(struct bp_arena *a, enum im_rule r, const struct q_import_severities *own, size_t n)
{
	const char *usual = im_rules[r].severity == IM_ERROR ? "error" : "warning", *now = usual;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(own[i].rule, im_rules[r].code))
			now = own[i].severity;
	return (struct rule){im_rules[r].code, now, usual, im_rules[r].message, im_rule_advice[r].remedy ? im_rule_advice[r].remedy : "",
		im_rule_advice[r].open, kinds_of(a, im_rules[r].code)};
}

static enum bp_error list_rules(struct bp_req *rq)
{
	struct rule_page *p = bp_alloc(rq->arena, sizeof(*p));
	struct rule *v = bp_alloc_array(rq->arena, IM_R__MAX, sizeof(*v));
	struct q_import_severities *own;
	size_t n = 0;
	enum bp_error e = q_import_severities(rq->db, rq->arena, &own, &n);

	for (int r = 0; !e && r < IM_R__MAX; r++)
		v[r] = rule_of(rq->arena, (enum im_rule)r, own, n);
	p->items = (struct bp_list){v, e ? 0 : IM_R__MAX};
	rq->reply = p;
	return e;
}

struct severity_body {
	const char *severity, *reason;
};
BP_SHAPE(import_severity, severity_body,
	BP_ENUM(severity_body, severity, BP_NUL, severities, "null = as usual"),
	BP_STR(severity_body, reason, BP_REQ, 1, 500, "why; it stands in the trail"));

static enum bp_error change_rule(struct bp_req *rq)
{
	const struct severity_body *in = rq->body;
	enum im_rule r = im_rule_of(rq->arg_text[0]);
	struct rule *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_import_severities *own;
	size_t n = 0;
	enum bp_error e;

	if (r == IM_R__MAX)
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "no rule is called so");
	if (!im_rule_advice[r].open)
		return bp_req_field(rq, "/severity", "the severity of this rule is fixed: what it keeps out cannot be stored");
	e = in->severity ? q_import_severity_put(rq->db, im_rules[r].code, in->severity, (int64_t)rq->user.id, NULL)
		: q_import_severity_drop(rq->db, im_rules[r].code, NULL);
	if (!e)
		e = q_import_severities(rq->db, rq->arena, &own, &n);
	if (e)
		return e;
	*out = rule_of(rq->arena, r, own, n);
	rq->audit.resource_type = "import_rule";
	rq->audit.reason = in->reason;
	bp_audit_change(&rq->audit, im_rules[r].code, "", out->severity);
	rq->reply = out;
	return BP_E_OK;
}

/* --- fixes --- */

struct fix {
	int64_t id;
	const char *source, *entity, *rule, *column, *kind, *from, *to;
	bool remembered;
	int64_t rows;
	const char *created_by;
	int64_t created_at;
	const char *label;
};
BP_SHAPE(import_fix, fix,
	BP_INT(fix, id, BP_REQ, 1, 9e15, "fix"),
	BP_STR(fix, source, BP_REQ, 0, 1020, "the last file of the source it is for"),
	BP_STR(fix, entity, BP_REQ, 0, 16, "what files of the source hold"),
	BP_STR(fix, rule, BP_REQ, 1, 20, "rule that it mends"),
	BP_STR(fix, column, BP_NUL, 0, 24, "target column, null = the whole row"),
	BP_STR(fix, kind, BP_REQ, 1, 8, "what it does"),
	BP_STR(fix, from, BP_REQ, 0, 800, "of VALUE: the text"),
	BP_STR(fix, to, BP_REQ, 0, 800, "of VALUE and FILL: what it is read as"),
	BP_BOOL(fix, remembered, BP_REQ, "it holds for each file of the source, not for this import only"),
	BP_INT(fix, rows, BP_REQ, 0, 9e15, "rows that it mended"),
	BP_STR(fix, created_by, BP_NUL, 0, 120, "who said so"),
	BP_TIME(fix, created_at, BP_REQ, "when"),
	BP_STR(fix, label, BP_REQ, 0, 80, "in words"));
struct fix_page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_fix_page, fix_page,
	BP_LIST(fix_page, items, BP_REQ, BP_PAGE_MOST, &import_fix, "fixes by id"),
	BP_STR(fix_page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct fix_query {
	struct bp_opt_int session, limit, after;
};
BP_SHAPE(import_fix_query, fix_query,
	BP_INT(fix_query, session, BP_NUL, 1, 9e15, "only those that hold for the files of this session, with the rows mended in them"),
	BP_INT(fix_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(fix_query, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error list_of(struct bp_req *rq, struct bp_opt_int session, int64_t after, int64_t limit, struct bp_list *out)
{
	struct q_import_fixes *r;
	struct fix *v;
	size_t n = 0;
	enum bp_error e = q_import_fixes(rq->db, rq->arena, session, after, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		enum im_fix_kind k = im_fix_kind_of(r[i].kind);

		v[i] = (struct fix){r[i].id, r[i].source_name, r[i].entity, r[i].rule, *r[i].col ? r[i].col : NULL, r[i].kind, r[i].from_value,
			r[i].to_value, !r[i].session, r[i].used, r[i].creator, r[i].created_at, k < IM_FIX__MAX ? im_fix_kinds[k].label : ""};
	}
	*out = (struct bp_list){v, e ? 0 : n};
	return e;
}

static enum bp_error list_fixes(struct bp_req *rq)
{
	struct fix_query *q = rq->query;
	struct fix_page *p = bp_alloc(rq->arena, sizeof(*p));
	enum bp_error e = list_of(rq, q->session, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &p->items);

	if (!e && p->items.n)
		p->next = bp_page_next(rq->arena, p->items.n, bp_page_limit(q->limit), ((const struct fix *)p->items.v)[p->items.n - 1].id);
	rq->reply = p;
	return e;
}

/* --- causes --- */

struct value {
	const char *value, *suggestion;
	int64_t count;
};
BP_SHAPE(import_cause_value, value,
	BP_STR(value, value, BP_REQ, 0, 800, "what stands in the file"),
	BP_STR(value, suggestion, BP_REQ, 0, 800, "what is probably meant"),
	BP_INT(value, count, BP_REQ, 1, 9e15, "how often"));
struct cause {
	const char *rule, *column, *severity;
	int64_t count;
	const char *message, *remedy, *type;
	struct bp_list fixes, values;
};
BP_SHAPE(import_cause, cause,
	BP_STR(cause, rule, BP_REQ, 1, 20, "rule"),
	BP_STR(cause, column, BP_NUL, 0, 24, "target column, null = the whole row"),
	BP_ENUM(cause, severity, BP_REQ, severities, "error or warning"),
	BP_INT(cause, count, BP_REQ, 1, 9e15, "how often"),
	BP_STR(cause, message, BP_REQ, 1, 200, "what is wrong"),
	BP_STR(cause, remedy, BP_REQ, 0, 200, "what to do about it"),
	BP_STR(cause, type, BP_NUL, 0, 16, "what stands in the column"),
	BP_LIST(cause, fixes, BP_REQ, 16, &import_fix_kind, "fixes for all its rows, the proposed one first"),
	BP_LIST(cause, values, BP_REQ, VALUES_SHOWN, &import_cause_value, "the texts behind it, most frequent first"));
struct cause_page {
	struct bp_list items;
	const char *next;
	struct bp_list fixes;
};
BP_SHAPE(import_cause_page, cause_page,
	BP_LIST(cause_page, items, BP_REQ, 1000, &import_cause, "what is wrong, by cause: errors first, the most frequent first"),
	BP_STR(cause_page, next, BP_NUL, 0, 20, "always null"),
	BP_LIST(cause_page, fixes, BP_REQ, BP_PAGE_MOST, &import_fix, "fixes that hold for the files of the session"));

/* The type of a column by its name, in any of the session's files. */
static const char *type_of(const struct q_import_files *f, size_t n, const char *col)
{
	for (size_t i = 0; i < n; i++) {
		enum im_entity e = im_entity_of(f[i].entity);
		int c = e < IM_ENTITY__MAX ? im_column_index(e, col) : -1;
		size_t k;

		if (c >= 0)
			return im_type_name(im_columns_of(e, &k)[c].type);
	}
	return NULL;
}

static enum bp_error values_of(struct bp_req *rq, const char *rule, const char *col, struct bp_list *out)
{
	struct q_import_issue_values *r;
	struct value *v;
	size_t n = 0;
	enum bp_error e = q_import_issue_values(rq->db, rq->arena, (int64_t)rq->arg[0], rule, col, VALUES_SHOWN, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct value){r[i].value, r[i].suggestion, r[i].n};
	*out = (struct bp_list){v, e ? 0 : n};
	return e;
}

static enum bp_error causes(struct bp_req *rq)
{
	struct cause_page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_session_get s;
	struct q_import_issue_groups *g;
	struct q_import_files *f;
	struct cause *v;
	size_t n = 0, k = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = q_import_issue_groups(rq->db, rq->arena, (int64_t)rq->arg[0], BP_NO_INT, &g, &n);
	if (!e)
		e = q_import_files(rq->db, rq->arena, (int64_t)rq->arg[0], &f, &k);
	if (e)
		return e;
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		enum im_rule r = im_rule_of(g[i].rule);

		v[i] = (struct cause){.rule = g[i].rule, .column = *g[i].col ? g[i].col : NULL, .severity = g[i].severity, .count = g[i].n,
			.message = bp_import_rule_message(g[i].rule), .remedy = r < IM_R__MAX && im_rule_advice[r].remedy ? im_rule_advice[r].remedy : "",
			.type = type_of(f, k, g[i].col), .fixes = kinds_of(rq->arena, g[i].rule)};
		e = values_of(rq, g[i].rule, g[i].col, &v[i].values);
	}
	p->items = (struct bp_list){v, n};
	if (!e)
		e = list_of(rq, BP_SOME_INT(rq->arg[0]), 0, BP_PAGE_MOST, &p->fixes);
	rq->reply = p;
	return e;
}

/* --- making a fix --- */

struct fix_body {
	const char *rule, *column, *kind, *from, *to;
	bool once;
};
BP_SHAPE(import_fix_new, fix_body,
	BP_STR(fix_body, rule, BP_REQ, 1, 20, "rule of the cause"),
	BP_STR(fix_body, column, BP_NUL, 1, 24, "column of the cause"),
	BP_ENUM(fix_body, kind, BP_REQ, kinds, "what to do"),
	BP_STR(fix_body, from, BP_NUL, 1, 200, "VALUE: the text"),
	BP_STR(fix_body, to, BP_NUL, 0, 200, "VALUE and FILL: what counts instead; VALUE with an empty one leaves it out"),
	BP_BOOL(fix_body, once, BP_DEF, "hold for this import only, not for the next files of the source"));

static struct im_mending mending_of(const struct fix_body *b)
{
	return (struct im_mending){b->rule, b->column, b->kind, b->from, b->to, b->once};
}

/* A fix that makes no sense is a bad field of the body. */
static enum bp_error as_field(struct bp_req *rq, enum bp_error e, const char *const *field)
{
	return e == BP_E_FIELDS && *field ? bp_req_field(rq, bp_sprintf(rq->arena, "/%s", *field), bp_strdup(rq->arena, rq->fail.detail)) : e;
}

static enum bp_error make(struct bp_req *rq)
{
	struct fix_body *b = rq->body;
	struct im_mending m = mending_of(b);
	struct fix_page *p = bp_alloc(rq->arena, sizeof(*p));
	const char *field = NULL;
	enum bp_error e = im_session_reopen(rq->db, rq->arena, rq->arg[0], &rq->fail);

	if (!e)
		e = as_field(rq, im_mend(rq->db, rq->arena, rq->arg[0], rq->user.id, &m, &field, &rq->fail), &field);
	if (!e)
		e = list_of(rq, BP_SOME_INT(rq->arg[0]), 0, BP_PAGE_MOST, &p->items);
	rq->audit.resource_type = "import";
	if (!e)
		bp_audit_change(&rq->audit, bp_sprintf(rq->arena, "%s%s%s", b->rule, b->column ? " " : "", b->column ? b->column : ""), b->from ? b->from : "",
			bp_sprintf(rq->arena, "%s%s%s", b->kind, b->to ? " " : "", b->to ? b->to : ""));
	rq->reply = p;
	return e;
}

static enum bp_error drop(struct bp_req *rq)
{
	struct q_import_fix_get f;
	enum bp_error e = q_import_fix_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	rq->audit.resource_type = "import_fix";
	if (!e)
		e = q_import_fix_drop(rq->db, f.id, NULL);
	if (!e)
		e = q_import_fix_undirty(rq->db, f.source, NULL);
	if (!e)
		bp_audit_change(&rq->audit, bp_sprintf(rq->arena, "%s %s", f.rule, f.col), bp_sprintf(rq->arena, "%s %s", f.kind, f.to_value), "");
	return e;
}

/* --- what a fix would do --- */

struct before_after {
	int64_t file, row;
	const char *before, *after;
	bool rejected_before, rejected_after;
	const char *problem;
};
BP_SHAPE(import_before_after, before_after,
	BP_INT(before_after, file, BP_REQ, 1, 9e15, "file"),
	BP_INT(before_after, row, BP_REQ, 0, 9e15, "line of the file on which the row begins"),
	BP_STR(before_after, before, BP_REQ, 0, 800, "what stands in the file"),
	BP_STR(before_after, after, BP_NUL, 0, 800, "what would be stored, null = nothing"),
	BP_BOOL(before_after, rejected_before, BP_REQ, "the row is kept out now"),
	BP_BOOL(before_after, rejected_after, BP_REQ, "the row would still be kept out"),
	BP_STR(before_after, problem, BP_NUL, 0, 200, "what would still be wrong with the value"));
struct fix_preview {
	struct bp_list items;
};
BP_SHAPE(import_fix_preview, fix_preview, BP_LIST(fix_preview, items, BP_REQ, PREVIEW_ROWS, &import_before_after, "the first rows of the cause"));

struct trying {
	struct bp_req *rq;
	struct im_opened *o;
	const struct fix_body *b;
	struct im_fixes without, with;
	struct before_after *row;
	size_t n;
	int column;
	const struct q_import_rule_lines *line;
};

static const char *stored(struct trying *t, const struct im_checked *out)
{
	const char *v = t->column >= 0 ? out->value[t->column] : "";

	if (t->column >= 0 && t->column == t->o->k.lat)
		return v && out->value[t->o->k.lon] ? bp_sprintf(t->rq->arena, "%.6f, %.6f", strtod(v, NULL) / 1e6, strtod(out->value[t->o->k.lon], NULL) / 1e6) : NULL;
	return v;
}

static enum bp_error try_row(void *ctx, const struct im_row *row)
{
	struct trying *t = ctx;
	struct im_checked *before = bp_alloc(t->rq->arena, sizeof(*before)), *after = bp_alloc(t->rq->arena, sizeof(*after));
	struct before_after *r = &t->row[t->n];

	t->o->k.fixes = &t->without;
	im_open_check(t->o, row, before);
	t->o->k.fixes = &t->with;
	im_open_check(t->o, row, after);
	*r = (struct before_after){t->o->file.id, (int64_t)row->line, "", stored(t, after), before->rejected, after->rejected, NULL};
	for (const struct q_import_rule_lines *l = t->line; l->row_no <= (int64_t)row->line; l++)
		if (l->row_no == (int64_t)row->line) {
			r->before = l->value;
			break;
		}
	for (size_t i = 0; i < after->n_issues; i++)
		if (after->issue[i].column == t->column && im_rules[after->issue[i].rule].severity == IM_WARNING)
			r->problem = im_rules[after->issue[i].rule].message;
	t->n++;
	return BP_E_OK;
}

/* Causes that only all rows together show: what the issue says is all there is. */
static void tell_lines(struct trying *t, int64_t file, const struct q_import_rule_lines *l, size_t n)
{
	bool clear = !strcmp(t->b->kind, "CLEAR"), last = !strcmp(t->b->kind, "LAST");

	for (size_t i = 0; i < n && t->n < PREVIEW_ROWS; i++)
		t->row[t->n++] = (struct before_after){file, l[i].row_no, last ? bp_sprintf(t->rq->arena, "%s (%s)", l[i].value, l[i].suggestion) : l[i].value,
			clear ? NULL : l[i].value, last, false, NULL};
}

static bool across_rows(const char *rule)
{
	return !strcmp(rule, "DUPLICATE") || !strcmp(rule, "COORD_SHARED") || !strcmp(rule, "COORD_FAR") || !strcmp(rule, "CHANNEL_MIX") ||
		!strcmp(rule, "TERRITORY_MIX");
}

static enum bp_error try_file(struct trying *t, int64_t file)
{
	struct q_import_rule_lines *l;
	struct bp_req *rq = t->rq;
	struct im_opened o;
	struct im_fix *fix;
	int64_t line[PREVIEW_ROWS];
	size_t n = 0;
	enum bp_error e = q_import_rule_lines(rq->db, rq->arena, file, t->b->rule, t->b->column ? t->b->column : "", t->b->from,
		PREVIEW_ROWS - (int64_t)t->n, &l, &n);

	if (e || !n)
		return e;
	if (across_rows(t->b->rule)) {
		tell_lines(t, file, l, n);
		return BP_E_OK;
	}
	e = im_open(rq->db, rq->app->upload_dir, (uint64_t)file, rq->arena, rq->arena, &o, &rq->fail);
	if (!e) {
		t->o = &o;
		t->line = l;
		t->column = t->b->column ? im_column_index(o.entity, t->b->column) : -1;
		fix = bp_alloc_array(rq->arena, o.fixes.n + 1, sizeof(*fix));
		if (o.fixes.n)
			memcpy(fix + 1, o.fixes.fix, o.fixes.n * sizeof(*fix));
		fix[0] = (struct im_fix){.rule = im_rule_of(t->b->rule), .column = t->column, .kind = im_fix_kind_of(t->b->kind),
			.from = t->b->from ? t->b->from : "", .to = t->b->to ? t->b->to : ""};
		im_fixes_index(&t->without, fix + 1, o.fixes.n, rq->arena);
		im_fixes_index(&t->with, fix, o.fixes.n + 1, rq->arena);
		for (size_t i = 0; i < n; i++)
			line[i] = l[i].row_no;
		e = im_open_lines(&o, line, n, 10, try_row, t, &rq->fail);
	}
	im_close(&o);
	return e;
}

static enum bp_error preview(struct bp_req *rq)
{
	struct fix_body *b = rq->body;
	struct fix_preview *p = bp_alloc(rq->arena, sizeof(*p));
	struct trying t = {.rq = rq, .b = b, .row = bp_alloc_array(rq->arena, PREVIEW_ROWS, sizeof(*t.row))};
	struct im_mending m = mending_of(b);
	struct q_import_session_get s;
	struct q_import_cause_files *f;
	const char *field = NULL;
	size_t n = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = as_field(rq, im_mend_judge(&m, &field, &rq->fail), &field);
	if (!e)
		e = q_import_cause_files(rq->db, rq->arena, (int64_t)rq->arg[0], b->rule, b->column ? b->column : "", &f, &n);
	for (size_t i = 0; !e && i < n && t.n < PREVIEW_ROWS; i++)
		e = try_file(&t, f[i].id);
	p->items = (struct bp_list){t.row, t.n};
	rq->reply = p;
	return e;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/rules", "List every rule that rows are checked by, with what to do", BP_SCOPE_SELF, 0, 0, .reply = &import_rule_page, .handle = list_rules},
	{"PATCH", "/import/rules/{rule:text}", "Say how severe a rule is here", BP_SCOPE_WORLD, BP_PERM_MANAGE_RULES, 0, .body = &import_severity,
		.reply = &import_rule, .audit = BP_ACTION_IMPORT_RULE, .fails = {BP_E_NOT_FOUND}, .handle = change_rule},
	{"GET", "/import/sessions/{id}/causes", "Show what is wrong by cause, with fixes for all rows of each", WORLD, 0, .reply = &import_cause_page,
		.fails = {BP_E_NOT_FOUND}, .handle = causes},
	{"POST", "/import/sessions/{id}/fixes", "Mend a cause in all its rows; it counts at the next check", WORLD, 0, .body = &import_fix_new,
		.reply = &import_fix_page, .audit = BP_ACTION_IMPORT_FIX, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = make},
	{"POST", "/import/sessions/{id}/fixes/preview", "Show five rows before and after a fix; changes nothing", WORLD, BP_EP_NO_TX, .body = &import_fix_new,
		.unkeyed = BP_UNKEYED_READS, .reply = &import_fix_preview, .fails = {BP_E_NOT_FOUND}, .handle = preview},
	{"GET", "/import/fixes", "List fixes that are remembered for sources", WORLD, 0, .query = &import_fix_query, .reply = &import_fix_page, .handle = list_fixes},
	{"DELETE", "/import/fixes/{id}", "Take a fix back; imports that are open are to be checked again", WORLD, 0, .audit = BP_ACTION_IMPORT_FIX,
		.fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(import_fixes, ep);
