/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding archives, tables and published heads against the chain. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "audit/chain_own.h"
#include "base/time.h"

#define HEADS_MOST 20000000

struct heads {
	struct bp_audit_link *v;
	size_t n, at;
};

static bool from_hex(const char *hex, unsigned char out[BP_AUDIT_HASH])
{
	size_t n;

	return strnlen(hex, 2 * BP_AUDIT_HASH) == 2 * BP_AUDIT_HASH && !sodium_hex2bin(out, BP_AUDIT_HASH, hex, 2 * BP_AUDIT_HASH, NULL, &n, NULL) &&
		n == BP_AUDIT_HASH;
}

static void broken(struct bp_audit_verdict *v, int64_t seal, int64_t event, const char *what)
{
	if (v->broken)
		return;
	v->broken = true;
	v->at = (struct bp_audit_link){.seal = seal, .event = event};
	snprintf(v->what, sizeof(v->what), "%s", what);
}

static enum bp_error heads_read(const char *dir, struct heads *h, struct bp_fail *f)
{
	char path[1100], line[300], hex[2 * BP_AUDIT_HASH + 1];
	size_t room = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/heads.log", dir);
	in = fopen(path, "re");
	if (!in)
		return errno == ENOENT ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), in) && h->n < HEADS_MOST) {
		struct bp_audit_link l;
		const char *seal = strstr(line, " seal="), *event = strstr(line, " event="), *hash = strstr(line, " hash=");

		if (!seal || !event || !hash)
			continue; /* cut off by a power failure */
		snprintf(hex, sizeof(hex), "%s", hash + 6);
		l.seal = strtoll(seal + 6, NULL, 10);
		l.event = strtoll(event + 7, NULL, 10);
		if (!from_hex(hex, l.hash))
			continue;
		if (h->n == room) {
			room = room ? 2 * room : 1024;
			h->v = bp_xrealloc(h->v, room * sizeof(*h->v));
		}
		h->v[h->n++] = l;
	}
	fclose(in);
	return BP_E_OK;
}

/* Go on to a sealed row: does a head that was published for it say the same? */
static void head_fits(struct bp_audit_verdict *v, struct heads *h)
{
	for (; h->at < h->n && h->v[h->at].seal <= v->head.seal; h->at++)
		if (h->v[h->at].seal == v->head.seal) {
			v->published++;
			if (h->v[h->at].event != v->head.event || sodium_memcmp(h->v[h->at].hash, v->head.hash, BP_AUDIT_HASH))
				broken(v, v->head.seal, v->head.event, "it is not what was published: the chain was made anew up to here");
		}
}

/* --- archives --- */

static bool field(const char *line, const char *name, int64_t *out)
{
	const char *p = strstr(line, name);

	if (p)
		*out = strtoll(p + strlen(name), NULL, 10);
	return p;
}

/* {"hash":"...","event":{...}}: the bytes of the event, and its seal. */
static bool event_line(char *line, size_t n, const char **event, size_t *len, struct bp_audit_link *l)
{
	static const char head[] = "{\"hash\":\"", mid[] = "\",\"event\":";
	size_t h = sizeof(head) - 1, m = sizeof(mid) - 1, at = h + 2 * BP_AUDIT_HASH;

	if (n < at + m + 3 || memcmp(line, head, h) || memcmp(line + at, mid, m) || line[n - 1] != '\n' || line[n - 2] != '}')
		return false;
	*event = line + at + m;
	*len = n - at - m - 2;
	return from_hex(line + h, l->hash) && field(*event, "{\"seal\":", &l->seal) && field(*event, "\"id\":", &l->event);
}

static void read_lines(gzFile in, char *line, size_t room, struct heads *h, struct bp_audit_verdict *v, bool first)
{
	unsigned char before[BP_AUDIT_HASH];
	const char *previous, *event;
	int64_t seal;
	size_t len;

	if (!gzgets(in, line, (int)room) || !(previous = strstr(line, "\"previous\":\"")) || !from_hex(previous + 12, before) ||
		!field(line, "\"first\":", &seal)) {
		broken(v, v->head.seal, v->head.event, "the archive does not begin as one");
		return;
	}
	if (first) {
		v->head = (struct bp_audit_link){.seal = seal - 1};
		memcpy(v->head.hash, before, sizeof(before));
	} else if (seal != v->head.seal + 1 || sodium_memcmp(before, v->head.hash, sizeof(before))) {
		broken(v, v->head.seal + 1, 0, "the archive does not follow the one before");
	}
	while (!v->broken && gzgets(in, line, (int)room)) {
		struct bp_audit_link l = {0};
		unsigned char hash[BP_AUDIT_HASH];

		if (event_line(line, strlen(line), &event, &len, &l)) {
			audit_hash(v->head.hash, event, len, hash);
			if (l.seal != v->head.seal + 1)
				broken(v, v->head.seal + 1, 0, "it is missing, or the rows stand in another order");
			else if (sodium_memcmp(hash, l.hash, sizeof(hash)))
				broken(v, l.seal, l.event, "it was changed, or one before it was taken out or put in");
			v->head = v->broken ? v->head : l;
			head_fits(v, h);
			v->archived++;
		} else if (field(line, "{\"last\":", &seal)) {
			if (seal != v->head.seal)
				broken(v, v->head.seal + 1, 0, "it is missing at the end of the archive");
			return;
		} else {
			broken(v, v->head.seal + 1, 0, "this line of the archive is none");
		}
	}
	broken(v, v->head.seal + 1, 0, "the archive is cut off behind here");
}

static enum bp_error verify_file(const char *path, struct heads *h, struct bp_audit_verdict *v, bool first, struct bp_fail *f)
{
	gzFile in = gzopen(path, "rb");
	char *line;

	if (!in)
		return bp_fail(f, BP_E_NOT_FOUND, "cannot open the archive %s: %s", path, strerror(errno));
	line = bp_xmalloc(2 * AUDIT_LINE_MOST);
	read_lines(in, line, 2 * AUDIT_LINE_MOST, h, v, first);
	free(line);
	gzclose(in);
	return BP_E_OK;
}

enum bp_error bp_audit_verify_file(const char *path, struct bp_audit_verdict *v, struct bp_fail *f)
{
	struct heads none = {0};

	*v = (struct bp_audit_verdict){0};
	return verify_file(path, &none, v, true, f);
}

/* Those whose rows have left the tables, or begun to. */
static enum bp_error verify_archives(struct bp_db *db, struct bp_arena *a, const char *dir, struct heads *h, struct bp_audit_verdict *v, struct bp_fail *f)
{
	struct q_audit_archives *r;
	size_t n, last = 0;
	enum bp_error e = q_audit_archives(db, a, &r, &n);

	for (size_t i = 0; !e && i < n; i++)
		last = r[i].pruned ? i + 1 : last;
	for (size_t i = 0; !e && i < last && !v->broken; i++) {
		e = dir ? verify_file(bp_sprintf(a, "%s/%s", dir, r[i].name), h, v, false, f) : BP_E_OK;
		if (!e && dir && !v->broken && (v->head.seal != r[i].last_seal || sodium_memcmp(v->head.hash, r[i].last_hash.p, BP_AUDIT_HASH)))
			broken(v, r[i].last_seal, r[i].last_event, "the archive ends with another row than the database remembers");
		if (!v->broken)
			v->head = audit_link(r[i].last_seal, r[i].last_event, r[i].last_hash);
	}
	return e;
}

/* --- tables --- */

/* A page of seals beside the rows of the same span; *more = false at the end. */
static enum bp_error verify_page(struct bp_db *db, struct bp_arena *a, int64_t upto, struct heads *h, struct bp_audit_verdict *v, bool *more)
{
	unsigned char hash[BP_AUDIT_HASH];
	struct audit_rows rows = {0};
	struct q_audit_seals *s;
	struct bp_buf line;
	size_t n, k = 0;
	int64_t top = v->head.event;
	enum bp_error e = q_audit_seals(db, a, v->head.seal, upto, AUDIT_PAGE, &s, &n);

	*more = !e && n;
	for (size_t i = 0; !e && i < n && s[i].event_id > top; i++)
		top = s[i].event_id;
	if (!e)
		e = audit_rows_read(db, a, v->head.event, top, &rows);
	bp_buf_init(&line, AUDIT_LINE_MOST);
	for (size_t i = 0; !e && i < n && !v->broken; i++, k++) {
		struct bp_audit_link l = audit_link(s[i].seal, s[i].event_id, s[i].hash);
		bool fits;

		if (l.seal != v->head.seal + 1)
			broken(v, v->head.seal + 1, 0, "its seal was taken out");
		else if (l.event <= v->head.event)
			broken(v, l.seal, l.event, "the rows were put in another order");
		else if (k < rows.n && rows.row[k].id < l.event)
			broken(v, l.seal, rows.row[k].id, "it was put in later: it has no seal");
		else if (k >= rows.n || rows.row[k].id > l.event)
			broken(v, l.seal, l.event, "it was taken out");
		if (v->broken)
			break;
		fits = audit_rows_line(&rows, k, l.seal, &line);
		audit_hash(v->head.hash, line.data, line.len, hash);
		if (!fits || sodium_memcmp(hash, l.hash, sizeof(hash)))
			broken(v, l.seal, l.event, "it was changed");
		v->head = v->broken ? v->head : l;
		head_fits(v, h);
		v->tables++;
	}
	bp_buf_release(&line);
	return e;
}

struct verifying {
	const char *dir;
	struct heads h;
	struct bp_audit_verdict *v;
	struct bp_fail *f;
};

/* All of it sees one state: what is pruned or sealed meanwhile is left to the next time. */
static enum bp_error verify_all(struct bp_db *db, void *ctx)
{
	struct verifying *w = ctx;
	struct q_audit_waiting waiting;
	struct bp_audit_link last;
	struct bp_arena a;
	bool more = true;
	enum bp_error e;

	*w->v = (struct bp_audit_verdict){0};
	w->h.at = 0;
	bp_arena_init(&a, (size_t)256 << 20);
	e = audit_last(db, &a, &last);
	if (!e)
		e = verify_archives(db, &a, w->dir, &w->h, w->v, w->f);
	while (!e && more && !w->v->broken) {
		bp_arena_clear(&a);
		e = verify_page(db, &a, last.seal, &w->h, w->v, &more);
	}
	if (!e)
		e = q_audit_waiting(db, &a, w->v->head.event, bp_now() + 365 * 86400000000LL, &waiting);
	w->v->waiting = e ? 0 : waiting.n;
	bp_arena_release(&a);
	return e;
}

enum bp_error bp_audit_verify(struct bp_db *db, const char *dir, struct bp_audit_verdict *v, struct bp_fail *f)
{
	struct verifying w = {.dir = dir, .v = v, .f = f};
	const struct heads *h = &w.h;
	/* Before that state is taken, which so holds every seal that was published. */
	enum bp_error e = dir ? heads_read(dir, &w.h, f) : BP_E_OK;

	if (!e)
		e = bp_db_tx(db, verify_all, &w);
	if (!e && h->at < h->n && h->v[h->n - 1].seal > v->head.seal)
		broken(v, v->head.seal + 1, 0, "it was published once and is missing: rows at the end were taken out");
	free(w.h.v);
	return e;
}
