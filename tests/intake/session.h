/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_INTAKE_SESSION_H
#define BP_TESTS_INTAKE_SESSION_H
/* Import sessions against the test database: files given as text, checked, published, counted. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "intake/intake.h"
#include "tests/db/db.h"

static char uploads[] = "/tmp/t_import.XXXXXX";
static struct bp_db *db;
static struct bp_fail fail;

static inline int set_up(void **state)
{
	struct bp_db_conf conf;

	if (dbt_init(state) || !mkdtemp(uploads))
		return 1;
	conf = dbt.app_conf;
	conf.local_infile = true;
	return bp_db_open(&db, &conf, &fail) != BP_E_OK;
}

static inline int tear_down(void **state)
{
	char command[64];

	bp_db_free(db);
	snprintf(command, sizeof(command), "%s", uploads);
	if (!fork()) {
		execlp("rm", "rm", "-rf", command, NULL);
		_exit(1);
	}
	wait(NULL);
	return dbt_release(state);
}

struct addition {
	uint64_t session, id;
	const char *name, *tmp;
	int retries; /* so many commits fail */
};

static inline enum bp_error add_tx(struct bp_db *d, void *ctx)
{
	struct addition *a = ctx;

	enum bp_error e = im_file_add(d, &dbt.arena, uploads, a->session, a->name, a->tmp, IM_ENTITY__MAX, &a->id, &fail);

	return !e && a->retries-- > 0 ? BP_E_DB_RETRY : e;
}

static inline uint64_t try_file(uint64_t session, const char *name, const char *text, int retries)
{
	struct addition a = {.session = session, .name = name, .tmp = bp_sprintf(&dbt.arena, "%s/.part", uploads), .retries = retries};
	FILE *fp = fopen(a.tmp, "w");

	assert_non_null(fp);
	fputs(text, fp);
	fclose(fp);
	bp_fail_clear(&fail);
	if (bp_db_tx(db, add_tx, &a))
		fail_msg("%s: %s", name, fail.detail);
	unlink(a.tmp);
	return a.id;
}

static inline uint64_t add_file(uint64_t session, const char *name, const char *text)
{
	return try_file(session, name, text, 0);
}

static inline uint64_t open_session(void)
{
	assert_int_equal(q_import_session_add(db, "test", 0, NULL), BP_E_OK);
	return bp_db_insert_id(db);
}

static inline struct im_work work_of(uint64_t session)
{
	return (struct im_work){.db = db, .session = session, .upload_dir = uploads, .correlation = "test", .arena = &dbt.arena, .fail = &fail};
}

static inline void check(uint64_t session)
{
	struct im_work w = work_of(session);

	q_import_session_move(db, (int64_t)session, "UPLOADING,READY", "VALIDATING", NULL);
	bp_fail_clear(&fail);
	if (im_check_session(&w))
		fail_msg("check: %s %s", fail.detail, bp_db_failure(db)->detail);
}

static inline void publish(uint64_t session)
{
	struct im_work w = work_of(session);

	q_import_session_move(db, (int64_t)session, "READY", "PROCESSING", NULL);
	if (im_publish_session(&w))
		fail_msg("publish: %s %s", fail.detail, bp_db_failure(db)->detail);
	assert_int_equal(im_clear_session(&w), BP_E_OK);
}

static inline struct q_import_file_get counts(uint64_t file)
{
	struct q_import_file_get f;

	assert_int_equal(q_import_file_get(db, &dbt.arena, (int64_t)file, &f), BP_E_OK);
	assert_int_equal(f.n_read, f.n_inserted + f.n_updated + f.n_unchanged + f.n_rejected + f.n_refused + f.n_duplicate);
	return f;
}

/* The outlet of this code; 0 = none. */
static inline uint64_t id_of(const char *code)
{
	struct q_outlet_search *o;
	size_t n = 0;

	assert_int_equal(q_outlet_search(db, &dbt.arena, code, NULL, BP_NO_INT, 0, 1, NULL, BP_NO_INT, BP_NO_INT, NULL, NULL, 0, 1, &o, &n), BP_E_OK);
	return n && !strcmp(o[0].code, code) ? (uint64_t)o[0].id : 0;
}

#endif
