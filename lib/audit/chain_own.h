/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUDIT_CHAIN_OWN_H
#define BP_AUDIT_CHAIN_OWN_H
/* Private to this room: rows of the trail as the lines that are sealed. */
#include "audit/chain.h"
#include "base/buf.h"
#include "queries.h"

#define AUDIT_PAGE 1000
#define AUDIT_LINE_MOST (1u << 20)

/* Events after one id up to another, with their changes. */
struct audit_rows {
	struct q_audit_rows *row;
	struct q_audit_row_changes *change;
	size_t n, n_changes, at; /* at = the next change */
};
enum bp_error audit_rows_read(struct bp_db *db, struct bp_arena *a, int64_t after, int64_t upto, struct audit_rows *rows);
/* Row i as the line that is sealed; go through the rows in order. False when what is said of a person is not what the digest says. */
bool audit_rows_line(struct audit_rows *rows, size_t i, int64_t seal, struct bp_buf *line);
/* The seal that follows. */
void audit_hash(const unsigned char before[BP_AUDIT_HASH], const char *line, size_t n, unsigned char out[BP_AUDIT_HASH]);
static inline struct bp_audit_link audit_link(int64_t seal, int64_t event, struct bp_bytes hash)
{
	struct bp_audit_link l = {.seal = seal, .event = event};

	for (size_t i = 0; i < hash.n && i < BP_AUDIT_HASH; i++)
		l.hash[i] = ((const unsigned char *)hash.p)[i];
	return l;
}
/* The newest seal; nothing sealed is a link of zeros. */
enum bp_error audit_last(struct bp_db *db, struct bp_arena *a, struct bp_audit_link *l);

#endif
