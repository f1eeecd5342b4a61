/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_exports.c - exports that were kept: one's own files, by date. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cgi/endpoint.h"
#include "export/store.h"
#include "queries.h"

struct file {
	int64_t id, plan_id, day, bytes, created_at;
	const char *territory, *name, *format;
};
BP_SHAPE(export_file_shape, file,
	BP_INT(file, id, BP_REQ, 1, 9e15, "file"),
	BP_INT(file, plan_id, BP_REQ, 1, 9e15, "plan"),
	BP_STR(file, territory, BP_NUL, 0, 120, "of which territory"),
	BP_DATE(file, day, BP_REQ, "date"),
	BP_STR(file, name, BP_REQ, 1, 120, "name"),
	BP_STR(file, format, BP_REQ, 1, 12, "format"),
	BP_INT(file, bytes, BP_REQ, 0, 9e15, "bytes"),
	BP_TIME(file, created_at, BP_REQ, "made"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(export_file_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &export_file_shape, "my files, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(export_file_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));

static enum bp_error list(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t limit = bp_page_limit(q->limit);
	struct q_export_files *r = NULL;
	struct file *v;
	size_t n = 0;
	enum bp_error e = q_export_files(rq->db, rq->arena, (int64_t)rq->user.id, q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct file){r[i].id, r[i].plan_id, r[i].day, r[i].bytes, r[i].created_at, r[i].territory, r[i].name, r[i].format};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, limit, r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum export_format format_of(const char *name)
{
	int i = 0;

	while (export_formats[i + 1] && strcmp(export_formats[i], name))
		i++;
	return (enum export_format)i;
}

static enum bp_error get(struct bp_req *rq)
{
	struct q_export_file_get r;
	char part[65536];
	FILE *f;
	size_t n;
	enum bp_error e = q_export_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], (int64_t)rq->user.id, &r);

	if (!e) /* who may not export it any more does not get what was kept either */
		e = bp_req_need(rq, BP_PERM_EXPORT_DATA, (uint64_t)r.territory_id);
	if (e)
		return e;
	rq->audit.resource_type = "plan";
	rq->audit.resource_id = (uint64_t)r.plan_id;
	rq->audit.territory = (uint64_t)r.territory_id;
	f = fopen(export_path(rq->arena, rq->app->conf->export_dir, r.user_id, r.day, r.id, r.name), "re");
	if (!f)
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "the file is gone: %s; have it made again", strerror(errno));
	bp_req_begin_type(rq, export_media(format_of(r.format)), r.name);
	while ((n = fread(part, 1, sizeof(part), f)) > 0 && bp_req_write(rq, part, n))
		;
	rq->broken = ferror(f) != 0;
	fclose(f);
	return BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/exports", "List the exports that I had kept", BP_SCOPE_SELF, BP_PERM_EXPORT_DATA, 0, .query = &export_file_query, .reply = &export_file_page,
		.handle = list},
	{"GET", "/exports/{id}/file", "Download one of them", BP_SCOPE_SELF, BP_PERM_EXPORT_DATA, BP_EP_STREAM_OUT, .media = "application/octet-stream",
		.audit = BP_ACTION_PLAN_EXPORT, .fails = {BP_E_NOT_FOUND}, .handle = get},
};
BP_RESOURCE(exports, ep);
