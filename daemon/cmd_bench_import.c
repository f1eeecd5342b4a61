/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan bench import | snapshot: in a database of their own on a running state, each figure beside its ceiling. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/bench_db.h"
#include "daemon/bench_invoices.h"
#include "daemon/cmd.h"
#include "queries.h"
#include "snapshot/snapshot.h"

int bench_import(int argc, char **argv);
int bench_snapshot(int argc, char **argv);

struct options {
	const char *state, *entity;
	long rows;
	bool json;
};

static bool parse(int argc, char **argv, const char *rows_name, struct options *o)
{
	const struct option known[] = {{"state", required_argument, NULL, 's'}, {rows_name, required_argument, NULL, 'r'},
		{"json", no_argument, NULL, 'j'}, {"entity", required_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			o->state = optarg;
		else if (c == 'r')
			o->rows = strtol(optarg, NULL, 10);
		else if (c == 'j')
			o->json = true;
		else if (c == 'e' && !strcmp(rows_name, "rows") && (!strcmp(optarg, "outlets") || !strcmp(optarg, "invoices")))
			o->entity = optarg;
		else
			break;
	}
	if (c != -1 || o->rows < 100 || o->rows > 50000000) {
		fprintf(stderr, "usage: beatplan bench %s [--%s N]%s [--state DIR] [--json]\n", argv[0], rows_name,
			strcmp(rows_name, "rows") ? "" : " [--entity outlets|invoices]");
		return false;
	}
	return true;
}

static enum bp_error run_one(struct bp_bench *b, const struct options *o, long regions, bool changed, struct bp_import_outcome *out,
	struct bp_fail *f)
{
	char path[BP_STATE_PATH + 96];
	const char *const paths[] = {"outlets.csv"};
	int fd;
	struct bp_import_files in = {.path = paths, .fd = &fd, .n = 1, .name = "bench", .quiet = o->json, .alone = true};
	enum bp_error e;

	snprintf(path, sizeof(path), "%s/outlets.csv", b->work);
	e = bp_bench_outlets(path, o->rows, regions, changed, f);
	fd = e ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (!e)
		e = bp_import_run(b->db, &b->conf, &in, out, f);
	if (fd >= 0)
		close(fd);
	if (!e && out->read != out->inserted + out->updated + out->unchanged + out->rejected + out->duplicate)
		e = bp_fail(f, BP_E_INTERNAL, "rows do not add up");
	return e;
}

/* The reference: the server alone loads the very rows into a copy of the final table, with all its keys. */
static enum bp_error plain_load(struct bp_bench *b, double *seconds, struct bp_fail *f)
{
	static const char out[] = "CREATE TABLE plain LIKE outlet; SELECT * FROM outlet INTO OUTFILE 'plain.tsv' CHARACTER SET utf8mb4";
	static const char in[] = "LOAD DATA INFILE 'plain.tsv' INTO TABLE plain CHARACTER SET utf8mb4";
	enum bp_error e = bp_db_bulk(b->admin, out, NULL);
	int64_t start = bp_monotonic_us();

	if (!e)
		e = bp_db_bulk(b->admin, in, NULL);
	*seconds = (double)(bp_monotonic_us() - start) / 1e6;
	bp_bench_drop_file(b, "plain.tsv");
	return e ? bp_fail(f, e, "the plain load: %s", bp_db_failure(b->admin)->detail) : BP_E_OK;
}

int bench_import(int argc, char **argv)
{
	struct options o = {.rows = 1000000};
	struct bp_import_outcome first, delta;
	struct bp_fail f = {0};
	struct bp_bench b;
	double scale, s1, s2, plain = 0;
	enum bp_error e;

	if (!parse(argc, argv, "rows", &o))
		return 2;
	e = bp_bench_open(&b, bp_cmd_state(o.state), &f);
	if (o.entity && !strcmp(o.entity, "invoices")) {
		if (!e)
			e = bp_bench_invoices(&b, o.rows, o.json, &f);
		bp_bench_close(&b);
		return e ? bp_cmd_failed("bench import", &f) : 0;
	}
	if (!e)
		e = run_one(&b, &o, o.rows / 10000 + 1, false, &first, &f);
	if (!e)
		e = run_one(&b, &o, o.rows / 10000 + 1, true, &delta, &f);
	if (!e)
		e = plain_load(&b, &plain, &f);
	bp_bench_close(&b);
	if (e)
		return bp_cmd_failed("bench import", &f);
	scale = (double)o.rows / 1e6;
	s1 = first.stage_seconds + first.publish_seconds;
	s2 = delta.stage_seconds + delta.publish_seconds;
	printf("import %ld outlets            %8.1f s  (check %.1f, publish %.1f)   database part alone: %.0f s   goal: %.0f s\n", o.rows, s1,
		first.stage_seconds, first.publish_seconds, 14 * scale, 60 * scale);
	printf("  %lld new, %lld rejected, %lld duplicate; %.0f rows/s\n", (long long)first.inserted, (long long)first.rejected,
		(long long)first.duplicate, (double)o.rows / s1);
	printf("the same with 10 %% changed     %8.1f s  (check %.1f, publish %.1f)   database part alone: %.1f s   goal: %.0f s\n", s2,
		delta.stage_seconds, delta.publish_seconds, 8.4 * scale, 20 * scale);
	printf("  %lld changed, %lld unchanged\n", (long long)delta.updated, (long long)delta.unchanged);
	printf("by the worker, when the data is current, and not in these figures: clearing what was staged %.1f s and %.1f s, words for the search"
	       " %.1f s and %.1f s\n", first.clear_seconds, delta.clear_seconds, first.words_seconds, delta.words_seconds);
	printf("plain LOAD DATA of the rows  %8.1f s  into a copy of the final table: the import takes %.1f times that   goal: 5 times\n", plain, s1 / plain);
	printf("memory                       %8.0f MB                                                        goal: 256 MB\n", bp_bench_rss_mb());
	if (o.json)
		printf("{\"bench\":\"import\",\"rows\":%ld,\"seconds\":%.2f,\"check_seconds\":%.2f,\"publish_seconds\":%.2f,\"rows_per_second\":%.0f,"
		       "\"ceiling_seconds\":%.1f,\"goal_seconds\":%.1f,\"delta_seconds\":%.2f,\"delta_changed\":%lld,\"delta_unchanged\":%lld,"
		       "\"delta_ceiling_seconds\":%.1f,\"delta_goal_seconds\":%.1f,\"inserted\":%lld,\"rows_per_s\":%.0f,\"load_data_seconds\":%.2f,"
		       "\"load_data_ratio\":%.2f,\"clear_seconds\":%.2f,\"delta_clear_seconds\":%.2f,\"words_seconds\":%.2f,\"delta_words_seconds\":%.2f,\"rows_accounted\":%s,\"peak_rss_mb\":%.0f,\"worker_peak_rss_mb\":%.0f,\"rss_goal_mb\":256}\n",
			o.rows, s1, first.stage_seconds, first.publish_seconds, (double)o.rows / s1, 14 * scale, 60 * scale, s2,
			(long long)delta.updated, (long long)delta.unchanged, 8.4 * scale, 20 * scale, (long long)first.inserted, (double)o.rows / s1, plain, s1 / plain,
			first.clear_seconds, delta.clear_seconds, first.words_seconds, delta.words_seconds, first.read == o.rows && delta.read == o.rows ? "true" : "false", bp_bench_rss_mb(), bp_bench_rss_mb());
	return 0;
}

int bench_snapshot(int argc, char **argv)
{
	struct options o = {.rows = 50000};
	struct bp_import_outcome out;
	struct sn_info info = {.outlets = 0};
	struct q_territory_find_any unit = {0};
	struct bp_fail f = {0};
	struct bp_bench b;
	struct bp_arena a;
	int64_t start = 0, best = INT64_MAX, best_read = 0, best_zip = 0;
	double scale, mb, details_mb;
	enum bp_error e;

	if (!parse(argc, argv, "outlets", &o))
		return 2;
	bp_arena_init(&a, (size_t)1 << 30);
	e = bp_bench_open(&b, bp_cmd_state(o.state), &f);
	if (!e)
		e = run_one(&b, &o, 1, false, &out, &f);
	if (!e)
		e = q_territory_find_any(b.db, &a, 3, "State 0", &unit);
	for (int i = 0; !e && i < 5; i++) {
		/* Another name each time: an unchanged snapshot would not be written again. */
		e = q_territory_rename(b.db, unit.id, i % 2 ? "State 0" : "State zero", NULL);
		start = bp_monotonic_us();
		if (!e)
			e = sn_build(b.db, &a, b.snap, (uint64_t)unit.id, &info, &f);
		if (bp_monotonic_us() - start < best) {
			best = bp_monotonic_us() - start;
			best_read = info.read_us;
			best_zip = info.zip_us;
		}
	}
	bp_bench_close(&b);
	bp_arena_release(&a);
	if (e)
		return bp_cmd_failed("bench snapshot", &f);
	scale = (double)o.rows / 50000;
	mb = (double)info.core.bytes / 1e6;
	details_mb = (double)info.details.bytes / 1e6;
	printf("snapshot of %ld outlets: %.0f ms (read and write columns %.0f, gzip %.0f)   measured before: 200-400 ms cold   goal: %.0f ms\n", o.rows,
		(double)best / 1e3, (double)best_read / 1e3, (double)best_zip / 1e3, 300 * scale);
	printf("core: %.2f MB gz of %.2f MB JSON; details: %.2f of %.2f   measured before, in one: %.2f MB gz\n", mb, (double)info.core.json / 1e6, details_mb,
		(double)info.details.json / 1e6, 0.74 * scale);
	if (o.json)
		printf("{\"bench\":\"snapshot\",\"outlets\":%ld,\"milliseconds\":%.1f,\"read_ms\":%.1f,\"gzip_ms\":%.1f,\"goal_ms\":%.0f,\"gz_mb\":%.3f,"
		       "\"json_mb\":%.3f,\"details_gz_mb\":%.3f,\"ceiling_gz_mb\":%.2f}\n", o.rows, (double)best / 1e3, (double)best_read / 1e3, (double)best_zip / 1e3, 300 * scale,
			mb, (double)info.core.json / 1e6, details_mb, 0.74 * scale);
	return 0;
}
