/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealing and publishing. */
#include "audit/chain_own.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/log.h"
#include "base/shape.h"
#include "base/time.h"

#define ARENA_MOST ((size_t)256 << 20)

void audit_hash(const unsigned char before[BP_AUDIT_HASH], const char *line, size_t n, unsigned char out[BP_AUDIT_HASH])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, BP_AUDIT_HASH);
	crypto_generichash_update(&st, before, BP_AUDIT_HASH);
	crypto_generichash_update(&st, (const unsigned char *)line, n);
	crypto_generichash_final(&st, out, BP_AUDIT_HASH);
}

enum bp_error audit_last(struct bp_db *db, struct bp_arena *a, struct bp_audit_link *l)
{
	struct q_audit_seal_last r;
	enum bp_error e = q_audit_seal_last(db, a, &r);

	*l = e ? (struct bp_audit_link){0} : audit_link(r.seal, r.event_id, r.hash);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error audit_rows_read(struct bp_db *db, struct bp_arena *a, int64_t after, int64_t upto, struct audit_rows *rows)
{
	enum bp_error e = q_audit_rows(db, a, after, upto, 2 * AUDIT_PAGE, &rows->row, &rows->n);

	rows->at = 0;
	return e ? e : q_audit_row_changes(db, a, after, upto, &rows->change, &rows->n_changes);
}

static void add(struct bp_buf *b, const char *name, const char *value)
{
	bp_buf_printf(b, ",\"%s\":", name);
	bp_json_string(b, value);
}

/* Is what lies beside the trail what its digest says? */
static bool digest_fits(struct bp_bytes salt, const char *person, const char *digest)
{
	char want[BP_AUDIT_DIGEST];

	if (!salt.p)
		return true;
	return bp_audit_digest(salt.p, person, want) ? digest && !strcmp(want, digest) : !digest;
}

bool audit_rows_line(struct audit_rows *rows, size_t i, int64_t seal, struct bp_buf *line)
{
	const struct q_audit_rows *r = &rows->row[i];
	char at[BP_INSTANT_SIZE];
	bool fits = true, first = true;

	bp_buf_clear(line);
	bp_instant_format(r->at, at);
	bp_buf_printf(line, "{\"seal\":%lld,\"id\":%lld,\"at\":\"%s\",\"user\":%lld", (long long)seal, (long long)r->id, at, (long long)r->user_id);
	add(line, "action", r->action);
	add(line, "type", r->resource_type);
	bp_buf_printf(line, ",\"resource\":%lld,\"territory\":%lld,\"session\":%lld", (long long)r->resource_id, (long long)r->territory_id,
		(long long)r->session_id);
	add(line, "channel", r->channel);
	add(line, "reason", r->reason);
	add(line, "ip", r->ip);
	add(line, "agent", r->user_agent);
	add(line, "correlation", r->correlation_id);
	bp_buf_str(line, ",\"changes\":[");
	for (; rows->at < rows->n_changes && rows->change[rows->at].event_id <= r->id; rows->at++) {
		const struct q_audit_row_changes *c = &rows->change[rows->at];

		fits = fits && c->event_id == r->id && digest_fits(c->salt, c->old_person, c->old_value) && digest_fits(c->salt, c->new_person, c->new_value);
		bp_buf_str(line, first ? "[" : ",[");
		bp_json_string(line, c->field);
		bp_buf_chr(line, ',');
		bp_json_string(line, c->old_value);
		bp_buf_chr(line, ',');
		bp_json_string(line, c->new_value);
		bp_buf_chr(line, ']');
		first = false;
	}
	bp_buf_str(line, "]}");
	return fits && !line->over;
}

struct batch {
	struct bp_arena *arena;
	struct bp_audit_link last;
	int64_t upto, sealed;
};

static enum bp_error seal_batch(struct bp_db *db, void *ctx)
{
	struct batch *b = ctx;
	struct bp_audit_link l = b->last;
	struct q_audit_settled *settled;
	struct audit_rows rows;
	struct bp_buf line;
	size_t n;
	enum bp_error e = q_audit_settled(db, b->arena, l.event, b->upto, &settled, &n);

	if (!e)
		e = audit_rows_read(db, b->arena, l.event, b->upto, &rows);
	if (e)
		return e;
	bp_buf_init(&line, AUDIT_LINE_MOST);
	for (size_t i = 0; i < rows.n && !e; i++) {
		l.seal++;
		l.event = rows.row[i].id;
		audit_rows_line(&rows, i, l.seal, &line);
		audit_hash(l.hash, line.data, line.len, l.hash);
		e = q_audit_seal_add(db, l.seal, l.event, (struct bp_bytes){l.hash, sizeof(l.hash)}, NULL);
	}
	b->sealed = (int64_t)rows.n;
	bp_buf_release(&line);
	return e;
}

enum bp_error bp_audit_seal(struct bp_db *db, int64_t *sealed)
{
	struct q_audit_unsealed *ids;
	struct bp_arena a;
	enum bp_error e;
	size_t n;

	*sealed = 0;
	bp_arena_init(&a, ARENA_MOST);
	do {
		struct batch b = {.arena = &a};

		bp_arena_clear(&a);
		n = 0;
		e = audit_last(db, &a, &b.last);
		if (!e)
			e = q_audit_unsealed(db, &a, b.last.event, AUDIT_PAGE, &ids, &n);
		if (!e && n) {
			b.upto = ids[n - 1].id;
			e = bp_db_tx(db, seal_batch, &b);
		}
		if (!e)
			*sealed += b.sealed;
	} while (!e && n == AUDIT_PAGE);
	bp_arena_release(&a);
	/* Another machine has sealed meanwhile, or a transaction is not at its end: the next turn goes on. */
	return e == BP_E_CONFLICT || e == BP_E_DB_RETRY ? BP_E_OK : e;
}

/* The seal of the last line, 0 = none; *torn when the last line was cut off by a power failure. */
static int64_t published(int fd, bool *torn)
{
	char tail[513];
	off_t size = lseek(fd, 0, SEEK_END), from = size > 512 ? size - 512 : 0;
	ssize_t n = size > 0 ? pread(fd, tail, sizeof(tail) - 1, from) : 0;
	const char *p, *last = NULL;

	n = n > 0 ? n : 0;
	tail[n] = '\0';
	*torn = n && tail[n - 1] != '\n';
	for (p = tail; (p = strstr(p, " seal=")); p++)
		if (strchr(p, '\n'))
			last = p + 6;
	return last ? strtoll(last, NULL, 10) : 0;
}

enum bp_error bp_audit_publish(struct bp_db *db, const char *dir, struct bp_fail *f)
{
	char hex[2 * BP_AUDIT_HASH + 1], at[BP_INSTANT_SIZE], path[1100], line[200];
	struct bp_audit_link l;
	struct bp_arena a;
	bool torn;
	int fd, n;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = audit_last(db, &a, &l);
	bp_arena_release(&a);
	if (e || !l.seal)
		return e;
	snprintf(path, sizeof(path), "%s/heads.log", dir);
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return bp_fail(f, bp_error_of_errno(errno), "cannot open %s: %s", path, strerror(errno));
	if (published(fd, &torn) < l.seal) {
		sodium_bin2hex(hex, sizeof(hex), l.hash, sizeof(l.hash));
		bp_instant_format(bp_now(), at);
		n = snprintf(line, sizeof(line), "%s%s seal=%lld event=%lld hash=%s\n", torn ? "\n" : "", at, (long long)l.seal,
			(long long)l.event, hex);
		if (write(fd, line, (size_t)n) != n || fsync(fd))
			e = bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
		bp_log(BP_LOG_INFO, "ev=audit_head seal=%lld event=%lld hash=%s", (long long)l.seal, (long long)l.event, hex);
	}
	close(fd);
	return e;
}

static enum bp_error prune(struct bp_db *db, void *ctx)
{
	return q_audit_prune(db, *(int64_t *)ctx, NULL);
}

enum bp_error bp_audit_prune(struct bp_db *db, int64_t days)
{
	struct q_audit_seal_first before, after;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = q_audit_seal_first(db, &a, &before);
	while (!e) {
		e = bp_db_tx(db, prune, &days);
		if (!e)
			e = q_audit_seal_first(db, &a, &after);
		if (!e && after.seal == before.seal)
			break;
		before = after;
	}
	bp_arena_release(&a);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}
