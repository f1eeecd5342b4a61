/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/bench_invoices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"

enum { OUTLETS = 20000, PRODUCTS = 1500, LINES_OF_ONE = 4, NAMED_SIZE = 24726, UPLOADS = 10 };

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Lines as an ERP writes them; one invoice in fifty names its store by telephone alone. `series` makes numbers of its own. */
static enum bp_error write_file(const char *path, long rows, int series, struct bp_fail *f)
{
	FILE *fp = fopen(path, "w");
	unsigned seed = 7u + (unsigned)series;
	long invoice = 0;

	if (!fp)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
	fputs("Invoice No,Invoice Date,Customer Code,Customer Name,Phone,SKU,Product Name,Qty,Unit Price,Net Amount,Tax Amount,Currency,Salesman\n", fp);
	for (long i = 0; i < rows; i++) {
		unsigned outlet, product = next(&seed) % (PRODUCTS / LINES_OF_ONE) * LINES_OF_ONE + (unsigned)(i % LINES_OF_ONE);
		int qty = 1 + (int)(next(&seed) % 24), cents = 100 + (int)product * 7;

		invoice = i / LINES_OF_ONE;
		outlet = (unsigned)(invoice * 7919 % OUTLETS);
		if (invoice % 50)
			fprintf(fp, "INV-%d-%07ld,2026-%02ld-%02ld,S-%07u,Store %u,,", series, invoice, 1 + invoice % 9, 1 + invoice % 28, outlet, outlet);
		else
			fprintf(fp, "INV-%d-%07ld,2026-%02ld-%02ld,,Store %u,98%08u,", series, invoice, 1 + invoice % 9, 1 + invoice % 28, outlet, outlet);
		fprintf(fp, "P%05u,Product %u,%d,%d.%02d,%d.%02d,%d.%02d,INR,Rep %u\n", product, product, qty, cents / 100, cents % 100,
			qty * cents / 100, qty * cents % 100, qty * cents / 500, qty * cents % 500 / 5, outlet % 60);
	}
	return ferror(fp) | fclose(fp) ? bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno)) : BP_E_OK;
}

static enum bp_error import(struct bp_bench *b, struct bp_db *db, const char *name, const char *path, struct bp_import_outcome *out, struct bp_fail *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct bp_import_files in = {.path = &name, .fd = &fd, .n = 1, .name = "bench", .quiet = true};
	enum bp_error e = fd < 0 ? bp_fail(f, bp_error_of_errno(errno), "cannot open %s", path) : bp_import_run(db, &b->conf, &in, out, f);

	if (fd >= 0)
		close(fd);
	if (!e && out->read != out->inserted + out->updated + out->unchanged + out->rejected + out->duplicate)
		e = bp_fail(f, BP_E_INTERNAL, "rows do not add up");
	return e;
}

static enum bp_error outlets(struct bp_bench *b, struct bp_fail *f)
{
	struct bp_import_outcome out;
	char path[BP_STATE_PATH + 96];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/outlets.csv", b->work);
	if (!(fp = fopen(path, "w")))
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
	fputs("Outlet Code,Outlet Name,Postcode,Phone,State\n", fp);
	for (int i = 0; i < OUTLETS; i++)
		fprintf(fp, "S-%07d,Store %d,%d,+91 98%08d,State\n", i, i, 400000 + i % 90, i);
	fclose(fp);
	return import(b, b->db, "outlets.csv", path, &out, f);
}

static enum bp_error timed(struct bp_bench *b, long rows, int series, double *seconds, struct bp_import_outcome *out, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 96];
	enum bp_error e;
	int64_t start;

	snprintf(path, sizeof(path), "%s/invoices %d .csv", b->work, series);
	e = write_file(path, rows, series, f);
	start = bp_monotonic_us();
	if (!e)
		e = import(b, b->db, "invoices .csv", path, out, f);
	*seconds = (double)(bp_monotonic_us() - start) / 1e6;
	return e;
}

/* Ten processes with a connection each. */
static enum bp_error at_once(struct bp_bench *b, long rows, double *seconds, struct bp_fail *f)
{
	char path[UPLOADS][BP_STATE_PATH + 96];
	pid_t pid[UPLOADS];
	enum bp_error e = BP_E_OK;
	int64_t start;

	for (int i = 0; !e && i < UPLOADS; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/part %d .csv", b->work, i);
		e = write_file(path[i], rows / UPLOADS, 100 + i, f);
	}
	if (e)
		return e;
	start = bp_monotonic_us();
	for (int i = 0; i < UPLOADS; i++)
		if (!(pid[i] = fork())) {
			struct bp_import_outcome out;
			struct bp_db *db = NULL;

			e = bp_bench_connect(b, &db, f);
			if (!e)
				e = import(b, db, "part .csv", path[i], &out, f);
			if (e)
				fprintf(stderr, "upload %d: %s\n", i, f->detail);
			_exit(e ? 1 : out.inserted != rows / UPLOADS);
		}
	for (int i = 0; i < UPLOADS; i++) {
		int status = 1;

		if (pid[i] < 0 || waitpid(pid[i], &status, 0) < 0 || status)
			e = bp_fail(f, BP_E_INTERNAL, "one of the uploads at once failed");
	}
	*seconds = (double)(bp_monotonic_us() - start) / 1e6;
	return e;
}

/* The server alone loads the very lines and heads into copies of the final tables. */
static enum bp_error plain_load(struct bp_bench *b, double *seconds, struct bp_fail *f)
{
	static const char out[] = "CREATE TABLE plain LIKE invoice_line; CREATE TABLE plain_head LIKE invoice;"
		" SELECT * FROM invoice_line INTO OUTFILE 'plain.tsv' CHARACTER SET utf8mb4; SELECT * FROM invoice INTO OUTFILE 'plain_head.tsv' CHARACTER SET utf8mb4";
	static const char in[] = "LOAD DATA INFILE 'plain.tsv' INTO TABLE plain CHARACTER SET utf8mb4;"
		" LOAD DATA INFILE 'plain_head.tsv' INTO TABLE plain_head CHARACTER SET utf8mb4";
	enum bp_error e = bp_db_bulk(b->admin, out, NULL);
	int64_t start = bp_monotonic_us();

	if (!e)
		e = bp_db_bulk(b->admin, in, NULL);
	*seconds = (double)(bp_monotonic_us() - start) / 1e6;
	bp_bench_drop_file(b, "plain.tsv");
	bp_bench_drop_file(b, "plain_head.tsv");
	return e ? bp_fail(f, e, "the plain load: %s", bp_db_failure(b->admin)->detail) : BP_E_OK;
}

enum bp_error bp_bench_invoices(struct bp_bench *b, long rows, bool json, struct bp_fail *f)
{
	struct bp_import_outcome named, all, again;
	double s_named, s_all, s_again, s_ten, plain;
	enum bp_error e = outlets(b, f);

	if (!e)
		e = timed(b, NAMED_SIZE, 1, &s_named, &named, f);
	if (!e) {
		printf("%d invoice lines         %8.2f s  (check %.2f, publish %.2f)                              goal: under 1 s\n", NAMED_SIZE, s_named,
			named.stage_seconds, named.publish_seconds);
		e = timed(b, rows, 2, &s_all, &all, f);
	}
	if (!e)
		printf("%ld invoice lines        %8.2f s  (check %.1f, publish %.1f): %.0f rows/s             goal: 50,000 rows/s\n", rows, s_all,
			all.stage_seconds, all.publish_seconds, (double)rows / s_all);
	fflush(stdout);
	if (!e)
		e = plain_load(b, &plain, f);
	if (!e)
		e = timed(b, rows, 2, &s_again, &again, f);
	if (!e)
		e = at_once(b, rows, &s_ten, f);
	if (e)
		return e;
	printf("the same once more          %8.2f s  %lld unchanged\n", s_again, (long long)again.unchanged);
	printf("as ten uploads at once      %8.2f s                                                        goal: no slower in sum\n", s_ten);
	printf("plain LOAD DATA of heads and lines %.2f s; memory %.0f MB\n", plain, bp_bench_rss_mb());
	if (json)
		printf("{\"bench\":\"import\",\"entity\":\"invoices\",\"rows\":%ld,\"seconds\":%.2f,\"check_seconds\":%.2f,\"publish_seconds\":%.2f,\"rows_per_s\":%.0f,"
		       "\"named_rows\":%d,\"named_seconds\":%.2f,\"again_seconds\":%.2f,\"again_unchanged\":%lld,\"ten_seconds\":%.2f,\"ten_ratio\":%.2f,"
		       "\"load_data_seconds\":%.2f,\"rows_accounted\":%s,\"worker_peak_rss_mb\":%.0f}\n", rows, s_all, all.stage_seconds, all.publish_seconds,
			(double)rows / s_all, NAMED_SIZE, s_named, s_again, (long long)again.unchanged, s_ten, s_ten / s_all, plain,
			named.inserted == NAMED_SIZE && all.inserted == rows && again.unchanged == rows ? "true" : "false", bp_bench_rss_mb());
	return BP_E_OK;
}
