/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/bench_db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/migrate.h"

#define BENCH_DB "beatplan_bench"

enum bp_error bp_bench_open(struct bp_bench *b, const char *dir, struct bp_fail *f)
{
	static const char make[] = "DROP DATABASE IF EXISTS " BENCH_DB "; CREATE DATABASE " BENCH_DB "; USE " BENCH_DB;
	char socket[96], schema[BP_STATE_PATH + 64];
	struct bp_db_conf dc = {.socket = socket, .multi = true};
	unsigned applied = 0;
	enum bp_error e;

	memset(b, 0, sizeof(*b));
	b->name = BENCH_DB;
	e = bp_state_init(&b->state, dir, f);
	if (!e && !bp_state_supervisor(&b->state))
		e = bp_fail(f, BP_E_DB_DOWN, "nothing runs in %s: start it with `beatplan up`, or name another folder with --state", b->state.dir);
	if (!e)
		e = bp_state_drop(&b->state, f);
	if (e)
		return e;
	snprintf(socket, sizeof(socket), "%s/db", b->state.run);
	snprintf(schema, sizeof(schema), "%s/share/beatplan/sql/schema", b->state.app);
	snprintf(b->work, sizeof(b->work), "%s/tmp/bench", b->state.dir);
	snprintf(b->up, sizeof(b->up), "%s/uploads", b->work);
	snprintf(b->snap, sizeof(b->snap), "%s/snapshots", b->work);
	bp_run((const char *const[]){"rm", "-rf", b->work, NULL}, -1); /* of a run that was broken off */
	mkdir(b->work, 0700);
	mkdir(b->up, 0700);
	mkdir(b->snap, 0700);
	b->conf.upload_dir = b->up;
	b->conf.snapshot_dir = b->snap;
	dc.user = b->state.user;
	e = bp_db_open(&b->admin, &dc, f);
	if (!e)
		e = bp_db_bulk(b->admin, make, NULL);
	if (!e)
		e = bp_migrate(b->admin, schema, &applied, f);
	return e ? e : bp_bench_connect(b, &b->db, f);
}

enum bp_error bp_bench_connect(const struct bp_bench *b, struct bp_db **db, struct bp_fail *f)
{
	char socket[96];
	struct bp_db_conf dc = {.socket = socket, .user = b->state.user, .database = BENCH_DB, .local_infile = true};

	snprintf(socket, sizeof(socket), "%s/db", b->state.run);
	return bp_db_open(db, &dc, f);
}

void bp_bench_close(struct bp_bench *b)
{
	bp_db_free(b->db);
	if (b->admin)
		bp_db_bulk(b->admin, "DROP DATABASE IF EXISTS " BENCH_DB, NULL);
	bp_db_free(b->admin);
	if (b->work[0])
		bp_run((const char *const[]){"rm", "-rf", b->work, NULL}, -1);
}

void bp_bench_drop_file(struct bp_bench *b, const char *name)
{
	char path[BP_STATE_PATH + 128];

	snprintf(path, sizeof(path), "%s/db/" BENCH_DB "/%s", b->state.dir, name);
	unlink(path);
}

static double next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(*seed >> 33) / 2147483648.0;
}

enum bp_error bp_bench_outlets(const char *path, long rows, long regions, bool changed, struct bp_fail *f)
{
	static const char *const names[] = {"Sharma", "Lopez", "Khan", "Martin", "Okafor", "Nguyen", "Schmidt", "Rossi"};
	FILE *fp = fopen(path, "w");
	uint64_t seed = 1;

	if (!fp)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
	fputs("Outlet Code,Outlet Name,Address,City,Postcode,Phone,Latitude,Longitude,State,Area,Distributor Code,Distributor Name,Channel,Class,"
	      "Annual Sales,Visit Frequency\n", fp);
	for (long i = 0; i < rows; i++) {
		long region = i * regions / rows, area = i * regions * 10 / rows, dt = i * regions * 25 / rows;
		long sales = 100 + (long)(next(&seed) * 100000);

		fprintf(fp, "S-%07ld,%s Store %ld,\"%ld Market Road, Ward %ld\",Town %ld,%ld,+91 98%08ld,%.6f,%.6f,State %ld,Area %ld,DT-%05ld,Traders %ld,"
			"%s,%c,%ld,%d\n", i, names[(int)(next(&seed) * 8)], i, 1 + (long)(next(&seed) * 300), 1 + (long)(next(&seed) * 90), area,
			400000 + area, (long)(next(&seed) * 1e8), 10 + (double)(region % 20) + next(&seed), 70 + (double)(region / 20) + next(&seed), region,
			area, dt, dt, next(&seed) < 0.9 ? "GT" : "WS", "ABC"[(int)(next(&seed) * 3)], sales + (changed && i % 10 == 0),
			1 << (int)(next(&seed) * 3));
	}
	return ferror(fp) | fclose(fp) ? bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno)) : BP_E_OK;
}

double bp_bench_rss_mb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}
