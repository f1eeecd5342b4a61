/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_levels.c - the levels of territories in the columns of an import's file: looked for, told with the evidence, the rows that
 * contradict. They become the mapping of the file as any other (PATCH of the file). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgi/res_imports.h"
#include "intake/hierarchy.h"
#include "intake/transfer.h"
#include "territory/tree.h"

struct started {
	int64_t job_id;
};
struct wanted {
	struct bp_list columns;
};
BP_SHAPE(import_hierarchy_wanted, wanted,
	BP_LIST_INT(wanted, columns, BP_NUL, 16, "columns of the levels whose contradictions are told, widest first, as places in the header; none = of those found"));

static enum bp_error payload_of(struct bp_req *rq, const struct bp_list *columns, const char **payload)
{
	const int64_t *c = columns->v;
	struct bp_buf b;

	bp_buf_init(&b, 4096);
	bp_buf_str(&b, "{");
	for (size_t i = 0; i < columns->n; i++) {
		if (c[i] < 0 || c[i] > 63)
			bp_req_field(rq, bp_sprintf(rq->arena, "/columns/%zu", i), "must be the place of a column, 0 to 63");
		for (size_t k = 0; k < i; k++)
			if (c[k] == c[i])
				bp_req_field(rq, bp_sprintf(rq->arena, "/columns/%zu", i), "stands for two levels");
		bp_buf_printf(&b, "%s%lld", i ? "," : "\"columns\":[", (long long)c[i]);
	}
	bp_buf_str(&b, columns->n ? "]}" : "}");
	*payload = bp_strdup(rq->arena, b.data);
	bp_buf_release(&b);
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

static enum bp_error find(struct bp_req *rq)
{
	const char *payload;
	struct started *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_import_file_get f;
	struct q_job_waiting waiting;
	uint64_t job = 0;
	enum bp_error e = payload_of(rq, &((struct wanted *)rq->body)->columns, &payload);

	if (!e)
		e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);
	if (!e && access(im_upload_path(rq->arena, rq->app->upload_dir, (uint64_t)f.session_id, rq->arg[0]), R_OK))
		e = bp_fail(&rq->fail, BP_E_NOT_FOUND, "the raw file of %s is kept no longer: upload it again", f.name);
	if (e)
		return e;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = (uint64_t)f.session_id;
	e = q_job_waiting(rq->db, rq->arena, bp_job_kinds[BP_JOB_FILE_LEVELS].name, (int64_t)rq->arg[0], payload, &waiting);
	if (!e)
		job = (uint64_t)waiting.id; /* it will see what this one would */
	else if (e == BP_E_NOT_FOUND)
		e = bp_job_add(rq->db, BP_JOB_FILE_LEVELS, rq->arg[0], 0, payload, 0, rq->user.id, rq->correlation, &job);
	r->job_id = (int64_t)job;
	rq->reply = r;
	return e;
}

struct found {
	int64_t rows, wrong_rows, exception_count, made_at;
	const char *columns, *counts, *levels, *others, *chosen, *dependencies, *exceptions; /* JSON */
};
BP_SHAPE(import_hierarchy, found,
	BP_INT(found, rows, BP_REQ, 0, 9e15, "rows looked through"),
	BP_INT(found, wrong_rows, BP_REQ, 0, 9e15, "rows with a contradiction that is taken for an error, to be downloaded"),
	BP_INT(found, exception_count, BP_REQ, 0, 9e15, "all contradictions"),
	BP_TIME(found, made_at, BP_REQ, "when it was looked for"),
	BP_JSON(found, columns, BP_REQ, "header texts; columns elsewhere are places in it"),
	BP_JSON(found, counts, BP_REQ, "different values of each of the first 64 columns, null = one for most rows"),
	BP_JSON(found, levels, BP_REQ, "[{column, same, values}], widest first; same = columns that say the same, as code and name do;"
		" none = no column determines another"),
	BP_JSON(found, others, BP_REQ, "[levels]: hierarchies in columns that are none of these, longest first, then those that share levels with one before, for territory models beside the sales geography"),
	BP_JSON(found, chosen, BP_NUL, "[column]: the levels whose contradictions are told, widest first; null = those of `levels`"),
	BP_JSON(found, dependencies, BP_REQ, "[{below, above, rows, exceptions}]: one value below lies under one above, but for so many"
		" exceptions among rows of groups"),
	BP_JSON(found, exceptions, BP_REQ, "the first thousand, most rows first: [{column, value, above, usual, usualRows, other, otherRows,"
		" error, row}]: the value stands with usual in so many rows and with other in so many, first in row; error = so few that they are taken for errors"));

struct answer {
	struct found *hierarchy;
};
BP_SHAPE(import_hierarchy_of, answer,
	BP_OBJ(answer, hierarchy, BP_NUL, &import_hierarchy, "what was found; null = it was not looked for since the file is read as it is now"));

static enum bp_error get(struct bp_req *rq)
{
	struct answer *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_import_file_get file;
	struct q_import_hierarchy_get h;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &file);

	if (e)
		return e;
	rq->reply = r;
	e = q_import_hierarchy_get(rq->db, rq->arena, file.id, &h);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_OK : e;
	r->hierarchy = bp_alloc(rq->arena, sizeof(*r->hierarchy));
	*r->hierarchy = (struct found){h.rows, h.wrong_rows, h.n_exceptions, h.made_at, h.columns, h.counts, h.levels, h.others, h.chosen, h.dependencies, h.exceptions};
	return BP_E_OK;
}

static enum bp_error rows(struct bp_req *rq)
{
	struct q_import_hierarchy_get h;
	char buf[1 << 16];
	ssize_t n = 1;
	int fd;
	enum bp_error e = q_import_hierarchy_get(rq->db, rq->arena, (int64_t)rq->arg[0], &h);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(&rq->fail, e, "the levels of this file were not looked for since it is read so: POST asks for it") : e;
	fd = open(im_hierarchy_path(rq->arena, rq->app->upload_dir, (uint64_t)h.session_id, rq->arg[0]), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return bp_fail(&rq->fail, errno == ENOENT ? BP_E_NOT_FOUND : bp_error_of_errno(errno), "the rows of %s are kept no longer", h.name);
	bp_req_close_db(rq);
	bp_req_begin(rq, "contradictions.csv");
	while (!e && (n = read(fd, buf, sizeof(buf))) > 0)
		e = bp_req_write(rq, buf, (size_t)n) ? BP_E_OK : BP_E_ABORTED;
	if (n < 0)
		e = bp_fail(&rq->fail, BP_E_INTERNAL, "cannot read the rows: %s", strerror(errno));
	close(fd);
	return e;
}

/* --- levels of a territory model beside the sales geography --- */

struct fitted {
	const char *model;
	struct bp_list columns;
};
BP_SHAPE(import_hierarchy_model, fitted,
	BP_STR(fitted, model, BP_REQ, 1, 32, "code of the territory model; not the sales geography"),
	BP_LIST_INT(fitted, columns, BP_REQ, TR_MODEL_LEVELS, "columns of its levels, widest first, as places in the header: at most as many as it has"));

static enum bp_error fit(struct bp_req *rq)
{
	const struct fitted *b = rq->body;
	int32_t column[TR_MODEL_LEVELS];
	struct q_import_file_get f;
	uint64_t to = 0;
	size_t bad = 0;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	if (!e)
		e = im_session_reopen(rq->db, rq->arena, (uint64_t)f.session_id, &rq->fail);
	if (e)
		return e;
	for (size_t i = 0; i < b->columns.n; i++) {
		int64_t c = ((const int64_t *)b->columns.v)[i];

		column[i] = c < 0 || c > INT32_MAX ? -1 : (int32_t)c;
	}
	rq->audit.resource_type = "import";
	rq->audit.resource_id = (uint64_t)f.session_id;
	bp_audit_change(&rq->audit, "model", "", b->model);
	e = im_hierarchy_model(rq->db, rq->arena, rq->app->upload_dir, rq->arg[0], b->model, column, b->columns.n, &to, &bad, &rq->fail);
	if (e == BP_E_FIELDS)
		return bp_req_field(rq, bad < b->columns.n ? bp_sprintf(rq->arena, "/columns/%zu", bad) : "/columns", rq->fail.detail);
	return e ? e : bp_import_file_read(rq, to);
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"POST", "/import/files/{id}/hierarchy", "Look for the levels of territories that the columns of a file hold, and for what contradicts them or others", WORLD, 0,
		.body = &import_hierarchy_wanted, .reply = &bp_import_started_shape, .audit = BP_ACTION_IMPORT_LEVELS, .fails = {BP_E_NOT_FOUND}, .handle = find},
	{"GET", "/import/files/{id}/hierarchy", "Read the levels that were found, how sure they are and what contradicts them", WORLD, 0,
		.reply = &import_hierarchy_of, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/import/files/{id}/hierarchy/rows", "Download the rows that contradict the levels, as rejected rows: mended and uploaded they are corrections",
		WORLD, BP_EP_STREAM_OUT, .media = "text/csv; charset=utf-8", .fails = {BP_E_NOT_FOUND}, .handle = rows},
	{"POST", "/import/files/{id}/hierarchy/model", "Take columns for the levels of a territory model: a file of outlets gets one of outlets in territory models beside it", WORLD, 0,
		.body = &import_hierarchy_model, .reply = &bp_import_file_shape, .audit = BP_ACTION_IMPORT_MAP, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT},
		.handle = fit},
};
BP_RESOURCE(import_levels, ep);
