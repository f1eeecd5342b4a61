/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a table of repeated words may gain by packing, and from which size on it is looked at. */
enum { RATIO_MOST = 400 };
static const uint64_t RATIO_FROM = 64ull << 20, OUT_MOST = 64ull << 30;

static enum bp_error broken(struct tb_source *s, struct bp_fail *f)
{
	const char *why = archive_error_string(s->a);

	return bp_fail(f, BP_E_IMPORT_FORMAT, "the file cannot be unpacked: %s", why ? why : "it is broken");
}

enum bp_error tb_too_much(uint64_t out, uint64_t size, struct bp_fail *f)
{
	if (out <= OUT_MOST && (out <= RATIO_FROM || out / RATIO_MOST <= size))
		return BP_E_OK;
	return bp_fail(f, BP_E_IMPORT_FORMAT, "what it holds is more than %d times its size: that is no table", RATIO_MOST);
}

enum bp_error tb_source_open(struct tb_source *s, int fd, struct bp_fail *f)
{
	struct stat st;

	memset(s, 0, sizeof(*s));
	s->fd = fd;
	s->fail = f;
	if (fstat(fd, &st) || lseek(fd, 0, SEEK_SET) < 0)
		return bp_fail(f, bp_error_of_errno(errno), "cannot read the file: %s", strerror(errno));
	s->packed = (uint64_t)st.st_size;
	s->a = archive_read_new();
	archive_read_support_filter_gzip(s->a);
	archive_read_support_format_zip(s->a);
	archive_read_support_format_raw(s->a);
	return archive_read_open_fd(s->a, fd, 1 << 16) == ARCHIVE_OK ? BP_E_OK : broken(s, f);
}

void tb_source_close(struct tb_source *s)
{
	if (s->a)
		archive_read_free(s->a);
	s->a = NULL;
}

enum bp_error tb_source_next(struct tb_source *s, bool *end, struct bp_fail *f)
{
	for (bool begun = s->entry != NULL;; begun = true) {
		int r = archive_read_next_header(s->a, &s->entry);

		*end = r == ARCHIVE_EOF;
		if (*end)
			return BP_E_OK;
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return broken(s, f);
		s->index += begun;
		if (s->index >= TB_ENTRIES_MOST)
			return bp_fail(f, BP_E_IMPORT_FORMAT, "the archive holds more than %d files", TB_ENTRIES_MOST);
		if (archive_entry_is_encrypted(s->entry))
			return bp_fail(f, BP_E_IMPORT_FORMAT, "the archive is locked with a password: pack it without one");
		/* The raw format has no type of file. */
		if (archive_format(s->a) == ARCHIVE_FORMAT_RAW || archive_entry_filetype(s->entry) == AE_IFREG)
			return BP_E_OK;
	}
}

enum bp_error tb_source_seek(struct tb_source *s, int fd, size_t index, struct bp_fail *f)
{
	enum bp_error e = tb_source_open(s, fd, f);
	bool end = false;

	while (!e && !end) {
		e = tb_source_next(s, &end, f);
		if (!e && !end && s->index == index)
			return BP_E_OK;
	}
	return e ? e : bp_fail(f, BP_E_IMPORT_FORMAT, "the file changed while it was read");
}

const char *tb_source_name(const struct tb_source *s)
{
	const char *name = archive_format(s->a) == ARCHIVE_FORMAT_RAW ? NULL : archive_entry_pathname(s->entry);

	return name ? name : "";
}

long tb_source_read(struct tb_source *s, void *buf, size_t n)
{
	la_ssize_t k = s->error ? -1 : archive_read_data(s->a, buf, n);

	if (k < 0) {
		if (!s->error)
			s->error = broken(s, s->fail);
		return -1;
	}
	s->out += (uint64_t)k;
	s->error = tb_too_much(s->out, s->packed, s->fail);
	return s->error ? -1 : (long)k;
}
