/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TABLE_SOURCE_H
#define BP_TABLE_SOURCE_H
/*
 * The bytes of one member of a file, as often as they are wanted: the file itself, what gzip holds, an entry of a ZIP.
 * A thin layer over libarchive with the limits against bombs.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

struct tb_source {
	int fd;
	struct archive *a;
	struct archive_entry *entry; /* of the member that is open */
	size_t index;                /* of that member, from 0 */
	uint64_t packed, out;        /* bytes of the file; bytes that came out of it so far */
	struct bp_fail *fail;        /* where the callbacks of parsers leave their reason */
	enum bp_error error;
};

/* Begin at the front.  The file may be read again by opening anew; release what is open. */
enum bp_error tb_source_open(struct tb_source *s, int fd, struct bp_fail *f);
void tb_source_close(struct tb_source *s);
/* Go to the next member that is a file; *end when there is none. */
enum bp_error tb_source_next(struct tb_source *s, bool *end, struct bp_fail *f);
/* Open and go to member `index`. */
enum bp_error tb_source_seek(struct tb_source *s, int fd, size_t index, struct bp_fail *f);
/* Its name, "" when it has none; valid until the next call of tb_source_next. */
const char *tb_source_name(const struct tb_source *s);
/* Up to n bytes of the member; > 0 bytes, 0 end, -1 error (kept in s->error and s->fail). */
long tb_source_read(struct tb_source *s, void *buf, size_t n);

/* Whether `out` bytes are beyond reason for what a file of `size` bytes holds; then IMPORT_FORMAT. */
enum bp_error tb_too_much(uint64_t out, uint64_t size, struct bp_fail *f);

/* --- the readers of one form each; `s` stands on the member --- */

/* A workbook: all members of the ZIP `fd`. */
enum bp_error tb_workbook(int fd, const struct tb_sink *sink, struct bp_fail *f);
/* Records; the member is read twice. */
enum bp_error tb_xml(int fd, size_t index, const char *part, const char *row, const struct tb_sink *sink, struct bp_fail *f);
enum bp_error tb_json(int fd, size_t index, const char *part, const struct tb_sink *sink, struct bp_fail *f);

#endif
