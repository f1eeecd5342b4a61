/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots are kept true: asked for where something changes, held against the database in turn, mended, swept. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "job/job.h"
#include "queries.h"
#include "snapshot/snapshot.h"

struct asking {
	struct bp_arena *arena;
	uint64_t territory;
};

static enum bp_error ask_tx(struct bp_db *db, void *ctx)
{
	const struct asking *k = ctx;

	return sn_request(db, k->arena, k->territory, 0, "verify");
}

/* What has the name of a content is taken for it when it is built: files that are not go first. */
static enum bp_error drop_files(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory)
{
	struct q_snapshot_territory t;
	enum bp_error e = q_snapshot_territory(db, a, (int64_t)territory, &t);

	if (!e && t.hash) {
		unlink(sn_file_path(a, dir, t.hash));
		unlink(sn_file_path(a, dir, t.details));
	}
	return e;
}

static enum bp_error verify_next(struct bp_db *db, struct bp_arena *a, const char *dir, struct sn_round *r, struct bp_fail *f)
{
	struct q_snapshot_unverified u;
	enum sn_state state = SN_GOOD;
	char quoted[600];
	enum bp_error e = q_snapshot_unverified(db, a, &u);

	if (!e)
		e = q_snapshot_verify(db, u.id, NULL); /* before: one that fails does not keep the others from their turn */
	if (!e)
		e = sn_verify(db, a, dir, (uint64_t)u.id, &state, f);
	if (e)
		return e;
	r->verified++;
	if (state != SN_STALE && state != SN_DAMAGED)
		return BP_E_OK;
	r->differed++;
	snprintf(r->last, sizeof(r->last), "%.120s: %s", u.code, sn_states[state]);
	bp_log(BP_LOG_ERROR, "ev=snapshot_differed unit=%s is=%s", bp_log_quote(quoted, sizeof(quoted), u.code), state == SN_STALE ? "stale" : "damaged");
	if (state == SN_DAMAGED)
		e = drop_files(db, a, dir, (uint64_t)u.id);
	return e ? e : bp_db_tx(db, ask_tx, &(struct asking){a, (uint64_t)u.id});
}

enum bp_error sn_verify_some(struct bp_db *db, struct bp_arena *a, const char *dir, int seconds, struct sn_round *r, struct bp_fail *f)
{
	int64_t until = bp_monotonic_us() + seconds * 1000000LL;
	enum bp_error e;

	memset(r, 0, sizeof(*r));
	do {
		bp_arena_clear(a);
		e = verify_next(db, a, dir, r, f);
	} while (!e && bp_monotonic_us() < until);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error sn_request(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, const char *correlation)
{
	struct q_job_waiting w;
	enum bp_error e = q_snapshot_changed(db, (int64_t)territory, NULL);

	if (!e)
		e = q_job_waiting(db, a, bp_job_kinds[BP_JOB_SNAPSHOT].name, (int64_t)territory, NULL, &w);
	if (e != BP_E_NOT_FOUND)
		return e; /* one is waiting already: it will see this change too */
	return bp_job_add(db, BP_JOB_SNAPSHOT, territory, territory, "{}", SN_DEBOUNCE_MS, user, correlation, NULL);
}

enum bp_error sn_request_units(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, const char *correlation)
{
	struct q_lock_units *u = NULL;
	size_t n = 0;
	enum bp_error e = q_lock_units(db, a, (int64_t)territory, &u, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = sn_request(db, a, (uint64_t)u[i].id, user, correlation);
	return e;
}

enum bp_error sn_mend(struct bp_db *db, struct bp_arena *a, const char *dir)
{
	struct q_snapshot_units *u;
	size_t n = 0;
	enum bp_error e = q_snapshot_units(db, a, NULL, &u, &n);

	for (size_t i = 0; !e && i < n; i++)
		if (!u[i].hash || !*u[i].cells || !u[i].minutes.set || u[i].turned || access(sn_file_path(a, dir, u[i].hash), R_OK) || access(sn_file_path(a, dir, u[i].details), R_OK))
			e = sn_request(db, a, (uint64_t)u[i].id, 0, "mend");
	return e;
}

void sn_sweep(struct bp_db *db, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	time_t day_ago = (time_t)(bp_now() / 1000000) - 86400;
	struct bp_arena a;

	bp_arena_init(&a, 16 << 20);
	while (d && (entry = readdir(d))) {
		char *path = bp_sprintf(&a, "%s/%s", dir, entry->d_name);
		struct q_snapshot_hash_used used;
		char hash[SN_HASH_SIZE];
		struct stat st;

		if (stat(path, &st) || !S_ISREG(st.st_mode) || st.st_mtime > day_ago)
			continue;
		snprintf(hash, sizeof(hash), "%.32s", entry->d_name);
		if (entry->d_name[0] == '.' || (!q_snapshot_hash_used(db, &a, hash, &used) && !used.n))
			unlink(path);
		bp_arena_clear(&a);
	}
	if (d)
		closedir(d);
	bp_arena_release(&a);
}
