/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "export/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "queries.h"

#define SWEPT_AT_ONCE 200

const char *export_path(struct bp_arena *a, const char *dir, int64_t user, int64_t day, int64_t id, const char *name)
{
	char text[BP_DATE_SIZE];

	bp_date_format(day, text);
	return bp_sprintf(a, "%s/%lld/%s/%lld-%s", dir, (long long)user, text, (long long)id, name);
}

/* The folders above a file; those that are there are no error. */
static bool make_folders(struct bp_arena *a, const char *path)
{
	char *copy = bp_strdup(a, path);

	for (char *p = copy + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(copy, 0750) && errno != EEXIST)
			return false;
		*p = '/';
	}
	return true;
}

static bool write_part(void *ctx, const char *data, size_t n)
{
	return fwrite(data, 1, n, ctx) == n;
}

/* Beside and renamed: whoever reads sees whole files. */
static enum bp_error write_whole(struct bp_db *db, struct bp_arena *a, struct export_job *job, const char *path, uint64_t *bytes, struct bp_fail *f)
{
	const char *temp = bp_sprintf(a, "%s.new", path);
	FILE *out = make_folders(a, path) ? fopen(temp, "we") : NULL;
	enum bp_error e;

	if (!out)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write the file: %s", strerror(errno));
	job->write = write_part;
	job->ctx = out;
	e = export_run(db, job);
	*bytes = (uint64_t)ftell(out);
	if (e == BP_E_ABORTED)
		e = bp_error_of_errno(errno);
	if (fclose(out) && !e)
		e = bp_error_of_errno(errno);
	if (!e && rename(temp, path))
		e = bp_error_of_errno(errno);
	if (e)
		unlink(temp);
	return e;
}

enum bp_error export_keep(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, struct export_job *job, const char *name,
	uint64_t *id, uint64_t *bytes, struct bp_fail *f)
{
	int64_t today = bp_today();
	enum bp_error e;

	if (!strcmp(dir, "off"))
		return bp_fail(f, BP_E_CONFLICT, "files are not kept here: name a folder as export_dir in the configuration, or download directly");
	e = q_export_file_add(db, (int64_t)user, (int64_t)job->plan, today, name, export_formats[job->format], NULL);
	*id = bp_db_insert_id(db);
	if (e)
		return e;
	e = write_whole(db, a, job, export_path(a, dir, (int64_t)user, today, (int64_t)*id, name), bytes, f);
	if (!e)
		e = q_export_file_done(db, (int64_t)*id, (int64_t)*bytes, NULL);
	if (e)
		q_export_file_drop(db, (int64_t)*id, NULL);
	return e;
}

void export_sweep(struct bp_db *db, struct bp_arena *a, const char *dir, int64_t keep_days)
{
	struct q_export_files_over *r;
	size_t n = 0;

	if (!strcmp(dir, "off") || keep_days <= 0 || q_export_files_over(db, a, bp_today() - keep_days, SWEPT_AT_ONCE, &r, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		char *path = bp_strdup(a, export_path(a, dir, r[i].user_id, r[i].day, r[i].id, r[i].name));

		unlink(bp_sprintf(a, "%s.new", path)); /* of a writing that was broken off */
		if (unlink(path) && errno != ENOENT)
			continue;
		q_export_file_drop(db, r[i].id, NULL);
		/* The folder of a date goes with its last file. */
		*strrchr(path, '/') = '\0';
		rmdir(path);
	}
}
