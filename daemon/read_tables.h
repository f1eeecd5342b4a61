/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_READ_TABLES_H
#define BP_DAEMON_READ_TABLES_H
/* The tables of a file in any wrapper, for commands that look at files without an import. */
#include "intake/sniff.h"

/* One table: its name within the file ("" when it is the only one) and its text; both are gone afterwards. */
typedef enum bp_error bp_read_use(void *ctx, const char *part, int fd, uint64_t size, struct bp_fail *f);

/* Hand the tables of a file to `use`; `row` names the element of XML that is a row, NULL finds it. */
enum bp_error bp_read_tables(const char *path, const char *row, bp_read_use *use, void *ctx, struct bp_fail *f);

/* Rows behind the header, each handed to `row`. */
enum bp_error bp_read_rows(int fd, const struct im_sniffed *sn, void (*row)(void *ctx, const struct im_row *r), void *ctx, struct bp_fail *f);

#endif
