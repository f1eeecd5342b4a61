/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/import_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "intake/hierarchy.h"
#include "intake/transfer.h"
#include "intake/search.h"
#include "queries.h"
#include "setting/setting.h"
#include "territory/tree.h"

struct copy {
	struct bp_arena *arena;
	const struct bp_conf *conf;
	const struct bp_import_files *in;
	struct bp_fail *fail;
	size_t i;
	uint64_t session;
	struct im_upload upload;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum bp_error add_file(struct bp_db *db, void *ctx)
{
	struct copy *c = ctx;
	const char *tables;

	return im_upload_keep(db, c->arena, c->conf->upload_dir, c->session, &c->upload, c->in->entity ? im_entity_of(c->in->entity) : IM_ENTITY__MAX, &tables, c->fail);
}

/* How the rows of the files meet what is stored. */
static enum bp_error say_meeting(struct bp_db *db, struct copy *c)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = c->in->vanished ? q_import_vanished_set(db, (int64_t)c->session, c->in->vanished, NULL) : BP_E_OK;

	if (!e)
		e = q_import_files(db, c->arena, (int64_t)c->session, &f, &n);
	for (size_t i = 0; !e && i < n; i++) {
		bool outlets = !strcmp(f[i].entity, im_entities[IM_OUTLETS].name);

		e = q_import_file_delta(db, f[i].id, c->in->mode ? c->in->mode : f[i].mode, outlets && c->in->complete, outlets && c->in->match ? c->in->match : f[i].match_by, NULL);
	}
	return e;
}

static enum bp_error take_files(struct bp_db *db, struct copy *c)
{
	enum bp_error e = q_import_session_add(db, c->in->name, (int64_t)c->in->user, NULL);

	c->session = bp_db_insert_id(db);
	if (!e)
		e = q_import_limits_set(db, (int64_t)c->session, c->in->stop_percent, bp_setting(BP_SETTING_import_stop_after), c->in->stop_rows, NULL);
	for (c->i = 0; !e && c->i < c->in->n; c->i++) {
		struct bp_fail inner = {0}, *outer = c->fail;
		int fd = c->in->fd[c->i];

		c->fail = &inner;
		e = im_receive(c->conf->upload_dir, base_name(c->in->path[c->i]), c->in->row, im_read_fd, &fd, c->arena, &c->upload, &inner);
		if (!e)
			e = bp_db_tx(db, add_file, c);
		for (size_t k = 0; !e && k < c->upload.n; k++)
			if (c->upload.part[k].problem)
				fprintf(stderr, "%s: passed over: %s\n", c->upload.part[k].name, c->upload.part[k].problem);
		im_upload_release(&c->upload);
		c->fail = outer;
		if (e)
			bp_fail(outer, e, "%s: %s", c->in->path[c->i], inner.detail[0] ? inner.detail : bp_errors[e].message);
	}
	return e ? e : say_meeting(db, c);
}

/* The places of the columns that --levels names. */
static enum bp_error columns_of(struct bp_arena *a, const struct q_import_files *f, const char *levels, int32_t *column, size_t *n, struct bp_fail *fail)
{
	json_t *names = json_loads(f->columns, 0, NULL);
	char *rest = NULL;

	*n = 0;
	for (char *w = strtok_r(bp_strdup(a, levels), ",", &rest); w && !fail->code; w = strtok_r(NULL, ",", &rest)) {
		size_t c = 0;

		while (c < json_array_size(names) && strcmp(json_string_value(json_array_get(names, c)), w))
			c++;
		if (c == json_array_size(names))
			bp_fail(fail, BP_E_NOT_FOUND, "%s has no column \"%s\"", f->name, w);
		else if (*n == TR_MODEL_LEVELS)
			bp_fail(fail, BP_E_FIELDS, "--levels: a territory model has at most %d levels", TR_MODEL_LEVELS);
		else
			column[(*n)++] = (int32_t)c;
	}
	json_decref(names);
	return fail->code;
}

/* Columns of the files become the levels of a territory model. */
static enum bp_error take_model(struct im_work *w, const struct bp_import_files *in)
{
	int32_t column[TR_MODEL_LEVELS];
	struct q_import_files *f;
	int64_t levels, wrong;
	uint64_t to;
	size_t n = 0, n_columns, bad;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		e = columns_of(w->arena, &f[i], in->levels, column, &n_columns, w->fail);
		if (!e)
			e = im_hierarchy_find(w, (uint64_t)f[i].id, NULL, &levels, &wrong);
		if (!e)
			e = im_hierarchy_model(w->db, w->arena, w->upload_dir, (uint64_t)f[i].id, in->model, column, n_columns, &to, &bad, w->fail);
	}
	return e;
}

static enum bp_error show(void *ctx, const char *step, double percent, uint64_t done, uint64_t total)
{
	const struct bp_import_files *in = ctx;

	(void)total;
	if (!in->quiet && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%-24s %3.0f %%  %llu rows\033[K", step, percent, (unsigned long long)done);
	return BP_E_OK;
}

static enum bp_error add_up(struct bp_db *db, struct bp_arena *a, struct bp_import_outcome *out)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(db, a, (int64_t)out->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		out->read += f[i].n_read;
		out->inserted += f[i].n_inserted;
		out->updated += f[i].n_updated;
		out->unchanged += f[i].n_unchanged;
		out->rejected += f[i].n_rejected + f[i].n_refused;
		out->duplicate += f[i].n_duplicate;
		out->warnings += f[i].n_warnings;
	}
	return e;
}

/* Mend the causes and check again; a cause that these files do not have is no error: the next ones may. */
static enum bp_error mend_and_check(struct im_work *w, const struct bp_import_files *in)
{
	enum bp_error e = BP_E_OK;
	bool any = false;

	for (size_t i = 0; !e && i < in->n_fixes; i++) {
		const char *field = NULL;
		struct bp_fail why = {0};

		e = im_mend(w->db, w->arena, w->session, in->user, &in->fix[i], &field, &why);
		any |= !e;
		if (e == BP_E_FIELDS && field && !strcmp(field, "rule") && im_rule_of(in->fix[i].rule) < IM_R__MAX) {
			fprintf(stderr, "%s: nothing to mend\n", in->fix[i].rule);
			e = BP_E_OK;
		} else if (e) {
			e = bp_fail(w->fail, e, "--fix %s: %s", in->fix[i].rule, why.detail);
		}
	}
	if (e || !any)
		return e;
	e = q_import_session_move(w->db, (int64_t)w->session, "READY", "VALIDATING", NULL);
	return e ? e : im_check_session(w);
}

/* What the worker does when the data is current. */
static enum bp_error finish(struct im_work *w, struct bp_import_outcome *out)
{
	int64_t start = bp_monotonic_us();
	uint64_t after = 0;
	enum bp_error e = im_clear_session(w);

	out->clear_seconds = (double)(bp_monotonic_us() - start) / 1e6;
	start = bp_monotonic_us();
	do
		e = e ? e : im_search_follow(w->db, w->arena, after, &after);
	while (!e && after);
	out->words_seconds = (double)(bp_monotonic_us() - start) / 1e6;
	return e;
}

enum bp_error bp_import_run(struct bp_db *db, const struct bp_conf *conf, const struct bp_import_files *in, struct bp_import_outcome *out,
	struct bp_fail *f)
{
	struct bp_arena a;
	struct copy c = {.arena = &a, .conf = conf, .in = in, .fail = f};
	struct im_work w = {.db = db, .user = in->user, .upload_dir = conf->upload_dir, .correlation = "shell", .arena = &a, .fail = f,
		.report = show, .ctx = (void *)(uintptr_t)in};
	int64_t start = bp_monotonic_us();
	enum bp_error e;

	memset(out, 0, sizeof(*out));
	bp_arena_init(&a, (size_t)1 << 30);
	e = take_files(db, &c);
	w.session = out->session = c.session;
	if (!e && in->model)
		e = take_model(&w, in);
	if (!e)
		e = q_import_session_move(db, (int64_t)w.session, "UPLOADING", "VALIDATING", NULL);
	if (!e)
		e = im_check_session(&w);
	if (!e && in->n_fixes)
		e = mend_and_check(&w, in);
	out->stage_seconds = (double)(bp_monotonic_us() - start) / 1e6;
	start = bp_monotonic_us();
	if (!e && !in->check_only) {
		e = q_import_session_move(db, (int64_t)w.session, "READY", "PROCESSING", NULL);
		if (!e)
			e = im_publish_session(&w);
		out->publish_seconds = (double)(bp_monotonic_us() - start) / 1e6;
		if (!e && in->alone)
			e = finish(&w, out);
	}
	if (e && w.session)
		q_import_session_fail(db, (int64_t)w.session, bp_errors[e].code, f->detail[0] ? f->detail : bp_errors[e].message, NULL);
	if (e && !f->detail[0])
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	if (!in->quiet && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (!e)
		e = add_up(db, &a, out);
	bp_arena_release(&a);
	return e;
}
