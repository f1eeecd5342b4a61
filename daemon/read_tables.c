/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/read_tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "table/ending.h"

/* Tables of a file, one after the other, each in a file that nobody sees. */
struct tables {
	int fd;
	const char *part;
	uint64_t size;
	bp_read_use *use;
	void *ctx;
};

static enum bp_error begin(void *ctx, const char *part, struct bp_fail *f)
{
	struct tables *t = ctx;

	t->part = strdup(part);
	t->size = 0;
	t->fd = open(P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return t->fd < 0 || !t->part ? bp_fail(f, bp_error_of_errno(errno), "no room in " P_tmpdir ": %s", strerror(errno)) : BP_E_OK;
}

static enum bp_error add(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	struct tables *t = ctx;

	t->size += n;
	return write(t->fd, p, n) == (ssize_t)n ? BP_E_OK : bp_fail(f, BP_E_DISK_FULL, "no room in " P_tmpdir);
}

static enum bp_error end(void *ctx, struct bp_fail *f)
{
	struct tables *t = ctx;
	enum bp_error e = t->use(t->ctx, t->part, t->fd, t->size, f);

	close(t->fd);
	free((void *)(uintptr_t)t->part);
	return e;
}

enum bp_error bp_read_tables(const char *path, const char *row, bp_read_use *use, void *ctx, struct bp_fail *f)
{
	struct tables t = {.use = use, .ctx = ctx};
	const struct tb_sink sink = {begin, add, end, &t};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[64];
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	enum bp_error e;

	if (n < 0)
		e = bp_fail(f, BP_E_INTERNAL, "cannot read it: %s", strerror(errno));
	else if ((e = tb_ending_fits(path, head, (size_t)n, f)))
		;
	else if (tb_form_of(head, (size_t)n) != TB_TEXT)
		e = tb_unwrap(fd, path, row, &sink, f);
	else
		e = use(ctx, "", fd, (uint64_t)lseek(fd, 0, SEEK_END), f);
	if (fd >= 0)
		close(fd);
	return e;
}

enum bp_error bp_read_rows(int fd, const struct im_sniffed *sn, void (*row)(void *ctx, const struct im_row *r), void *ctx, struct bp_fail *f)
{
	struct im_reader *rd = bp_xmalloc(sizeof(*rd));
	struct im_row r;
	bool over = false;
	enum bp_error e = lseek(fd, 0, SEEK_SET) < 0 ? BP_E_INTERNAL : im_reader_init(rd, &sn->dialect, im_read_fd, &fd, f);

	if (!e) {
		while (!(e = im_reader_next(rd, &r, &over, f)) && !over)
			if (r.line > sn->header_line)
				row(ctx, &r);
		im_reader_release(rd);
	}
	free(rd);
	return e;
}
