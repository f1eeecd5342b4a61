/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/trail.h"

#include <string.h>

#include "audit/audit.h"
#include "base/buf.h"
#include "base/time.h"

#define PAGE 500

const char *const bp_audit_formats[] = {"csv", "xml", NULL};

const char *bp_audit_label(const char *action)
{
	for (int i = 0; i < BP_ACTION__MAX; i++)
		if (!strcmp(bp_actions[i].name, action))
			return bp_actions[i].what;
	return action;
}

enum bp_error bp_audit_page(struct bp_db *db, struct bp_arena *a, const struct bp_audit_filter *f, int64_t before, int64_t limit,
	struct bp_audit_entry **entries, size_t *n)
{
	struct q_audit_list *r;
	enum bp_error e = q_audit_list(db, a, f->action, f->user, f->who, f->type, f->resource, f->from, f->to, before, limit, &r, n);

	*entries = bp_alloc_array(a, e ? 1 : *n + 1, sizeof(**entries));
	for (size_t i = 0; !e && i < *n; i++) {
		(*entries)[i].e = r[i];
		e = q_audit_changes(db, a, r[i].id, &(*entries)[i].change, &(*entries)[i].n);
	}
	return e;
}

const char *bp_audit_media(enum bp_audit_format format)
{
	return format == BP_AUDIT_XML ? "application/xml" : "text/csv; charset=utf-8";
}

static void csv_change(struct bp_buf *b, const struct q_audit_list *e, const struct q_audit_changes *c)
{
	char at[BP_INSTANT_SIZE];
	const char *const cells[] = {e->user, e->action, bp_audit_label(e->action), e->resource_type};
	const char *const rest[] = {e->territory, e->reason, e->ip, c ? c->field : NULL, c ? c->old_value : NULL, c ? c->new_value : NULL};

	bp_instant_format(e->at, at);
	bp_buf_printf(b, "%lld,%s,%lld", (long long)e->id, at, (long long)e->user_id);
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		bp_buf_chr(b, ',');
		bp_buf_csv(b, cells[i] ? cells[i] : "");
	}
	bp_buf_printf(b, ",%lld", (long long)e->resource_id);
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++) {
		bp_buf_chr(b, ',');
		bp_buf_csv(b, rest[i] ? rest[i] : "");
	}
	/* Behind what was there first: who reads by position goes on. */
	bp_buf_chr(b, ',');
	bp_buf_csv(b, e->agent);
	bp_buf_printf(b, ",%s,%lld,", e->channel, (long long)e->session_id);
	bp_buf_csv(b, e->correlation);
	bp_buf_str(b, "\r\n");
}

static void csv(struct bp_buf *b, const struct bp_audit_entry *x)
{
	if (!x->n)
		csv_change(b, &x->e, NULL);
	for (size_t i = 0; i < x->n; i++)
		csv_change(b, &x->e, &x->change[i]);
}

static void attribute(struct bp_buf *b, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	bp_buf_printf(b, " %s=\"", name);
	bp_buf_xml(b, value);
	bp_buf_chr(b, '"');
}

static void element(struct bp_buf *b, const char *name, const char *value)
{
	if (!value)
		return;
	bp_buf_printf(b, "<%s>", name);
	bp_buf_xml(b, value);
	bp_buf_printf(b, "</%s>", name);
}

static void xml(struct bp_buf *b, const struct bp_audit_entry *x)
{
	char at[BP_INSTANT_SIZE];

	bp_instant_format(x->e.at, at);
	bp_buf_printf(b, " <event id=\"%lld\" at=\"%s\" userId=\"%lld\"", (long long)x->e.id, at, (long long)x->e.user_id);
	attribute(b, "user", x->e.user);
	attribute(b, "action", x->e.action);
	attribute(b, "resourceType", x->e.resource_type);
	bp_buf_printf(b, " resourceId=\"%lld\"", (long long)x->e.resource_id);
	attribute(b, "territory", x->e.territory);
	attribute(b, "reason", x->e.reason);
	attribute(b, "ip", x->e.ip);
	attribute(b, "agent", x->e.agent);
	attribute(b, "channel", x->e.channel);
	if (x->e.session_id)
		bp_buf_printf(b, " sessionId=\"%lld\"", (long long)x->e.session_id);
	attribute(b, "correlation", x->e.correlation);
	bp_buf_str(b, ">");
	for (size_t i = 0; i < x->n; i++) {
		bp_buf_str(b, "<change");
		attribute(b, "field", x->change[i].field);
		bp_buf_str(b, ">");
		element(b, "old", x->change[i].old_value);
		element(b, "new", x->change[i].new_value);
		bp_buf_str(b, "</change>");
	}
	bp_buf_str(b, "</event>\n");
}

/* One page; *before = where the next one goes on, 0 = at the end. */
static enum bp_error export_page(struct bp_db *db, const struct bp_audit_filter *f, enum bp_audit_format format, struct bp_buf *b, int64_t *before)
{
	struct bp_audit_entry *x;
	struct bp_arena a;
	size_t n = 0;
	enum bp_error e;

	bp_arena_init(&a, (size_t)256 << 20);
	e = bp_audit_page(db, &a, f, *before, PAGE, &x, &n);
	for (size_t i = 0; !e && i < n; i++)
		(format == BP_AUDIT_XML ? xml : csv)(b, &x[i]);
	*before = !e && n == PAGE ? x[n - 1].e.id : 0;
	bp_arena_release(&a);
	return e;
}

enum bp_error bp_audit_export(struct bp_db *db, const struct bp_audit_filter *f, enum bp_audit_format format,
	bool (*write)(void *ctx, const char *data, size_t n), void *ctx)
{
	int64_t before = INT64_MAX;
	enum bp_error e = BP_E_OK;
	struct bp_buf b;

	bp_buf_init(&b, (size_t)256 << 20);
	bp_buf_str(&b, format == BP_AUDIT_XML ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<audit xmlns=\"urn:beatplan:audit:1\">\n"
		: "id,at,user_id,user,action,what,resource_type,resource_id,territory,reason,ip,field,old,new,agent,channel,session_id,correlation\r\n");
	while (!e && before) {
		e = export_page(db, f, format, &b, &before);
		if (!e && !before && format == BP_AUDIT_XML)
			bp_buf_str(&b, "</audit>\n");
		if (!e && (b.over || !write(ctx, b.data, b.len)))
			e = BP_E_ABORTED;
		bp_buf_clear(&b);
	}
	bp_buf_release(&b);
	return e;
}
