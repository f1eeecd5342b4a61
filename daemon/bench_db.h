/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BENCH_DB_H
#define BP_DAEMON_BENCH_DB_H
/*
 * A database of its own for benchmarks, on the server of a running state: made, migrated and dropped
 * again, so that nothing of the state is touched.
 */
#include "daemon/import_run.h"
#include "daemon/state.h"

struct bp_bench {
	struct bp_state state;
	const char *name; /* of the database */
	struct bp_conf conf; /* upload_dir and snapshot_dir point into `work` */
	struct bp_db *db, *admin;
	char work[BP_STATE_PATH + 64], up[BP_STATE_PATH + 96], snap[BP_STATE_PATH + 96];
};

/* `dir` is a state folder whose Beatplan runs. */
enum bp_error bp_bench_open(struct bp_bench *b, const char *dir, struct bp_fail *f);
/* Another connection to the same database, for a process of its own. */
enum bp_error bp_bench_connect(const struct bp_bench *b, struct bp_db **db, struct bp_fail *f);
void bp_bench_close(struct bp_bench *b);
/* Remove a file that the server wrote beside the tables: it would not drop the database otherwise. */
void bp_bench_drop_file(struct bp_bench *b, const char *name);

/* Write a file of `rows` outlets in `areas` areas of `regions` regions, always the same; of every tenth the sales volume differs when `changed`. */
enum bp_error bp_bench_outlets(const char *path, long rows, long regions, bool changed, struct bp_fail *f);
double bp_bench_rss_mb(void);

#endif
