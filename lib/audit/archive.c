/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Months of the trail as files that carry the chain. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

#include "audit/chain_own.h"
#include "base/log.h"
#include "base/time.h"

#define DAY_US 86400000000LL

struct writer {
	gzFile out;
	struct bp_buf line, text;
	struct bp_audit_link at;
	bool failed;
};

static void put(struct writer *w)
{
	w->failed = w->failed || w->text.over || gzwrite(w->out, w->text.data, (unsigned)w->text.len) != (int)w->text.len;
	bp_buf_clear(&w->text);
}

/* A page of sealed events; *more = false at the end. */
static enum bp_error write_page(struct bp_db *db, struct bp_arena *a, struct writer *w, int64_t upto, bool *more)
{
	char hex[2 * BP_AUDIT_HASH + 1];
	struct audit_rows rows;
	struct q_audit_seals *s;
	size_t n;
	enum bp_error e = q_audit_seals(db, a, w->at.seal, upto, AUDIT_PAGE, &s, &n);

	*more = !e && n;
	if (e || !n)
		return e;
	e = audit_rows_read(db, a, w->at.event, s[n - 1].event_id, &rows);
	if (!e && rows.n != n)
		return BP_E_CONFLICT;
	for (size_t i = 0; i < n && !e; i++) {
		struct bp_audit_link l = audit_link(s[i].seal, s[i].event_id, s[i].hash);

		audit_rows_line(&rows, i, l.seal, &w->line);
		audit_hash(w->at.hash, w->line.data, w->line.len, w->at.hash);
		if (sodium_memcmp(w->at.hash, l.hash, sizeof(l.hash)))
			return BP_E_CONFLICT;
		w->at = l;
		bp_buf_printf(&w->text, "{\"hash\":\"%s\",\"event\":", sodium_bin2hex(hex, sizeof(hex), l.hash, sizeof(l.hash)));
		bp_buf_add(&w->text, w->line.data, w->line.len);
		bp_buf_str(&w->text, "}\n");
		put(w);
	}
	return e;
}

/* Events after `w->at` up to the seal, between the head line and the last. */
static enum bp_error write_events(struct bp_db *db, struct writer *w, int64_t upto)
{
	char hex[2 * BP_AUDIT_HASH + 1];
	enum bp_error e = BP_E_OK;
	bool more = true;

	bp_buf_printf(&w->text, "{\"archive\":\"beatplan-audit-1\",\"previous\":\"%s\",\"first\":%lld}\n",
		sodium_bin2hex(hex, sizeof(hex), w->at.hash, BP_AUDIT_HASH), (long long)w->at.seal + 1);
	put(w);
	while (more && !e && !w->failed) {
		struct bp_arena a;

		bp_arena_init(&a, (size_t)256 << 20);
		e = write_page(db, &a, w, upto, &more);
		bp_arena_release(&a);
	}
	bp_buf_printf(&w->text, "{\"last\":%lld,\"head\":\"%s\"}\n", (long long)w->at.seal, sodium_bin2hex(hex, sizeof(hex), w->at.hash, BP_AUDIT_HASH));
	put(w);
	return e;
}

/* Beside and renamed, on the disk before the tables know of it. */
static enum bp_error write_file(struct bp_db *db, struct bp_audit_link *at, int64_t upto, int folder, const char *path, struct bp_fail *f)
{
	struct writer w = {.at = *at};
	char temp[1300];
	int fd;
	enum bp_error e;

	snprintf(temp, sizeof(temp), "%s.new", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	w.out = fd < 0 ? NULL : gzdopen(dup(fd), "wb");
	if (!w.out)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", temp, strerror(errno));
	bp_buf_init(&w.line, AUDIT_LINE_MOST);
	bp_buf_init(&w.text, 2 * AUDIT_LINE_MOST);
	e = write_events(db, &w, upto);
	if (e == BP_E_CONFLICT)
		bp_fail(f, e, "event %lld is not as it was sealed: see `beatplan audit verify`", (long long)w.at.event);
	if ((gzclose(w.out) != Z_OK || w.failed || fsync(fd)) && !e)
		e = bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", temp, strerror(errno));
	close(fd);
	if (!e && rename(temp, path))
		e = bp_fail(f, bp_error_of_errno(errno), "cannot rename %s: %s", temp, strerror(errno));
	if (!e && fsync(folder)) /* the name too */
		e = bp_fail(f, bp_error_of_errno(errno), "cannot write the folder of %s: %s", path, strerror(errno));
	if (e)
		unlink(temp);
	bp_buf_release(&w.line);
	bp_buf_release(&w.text);
	*at = w.at;
	return e;
}

/* The month of the first event that lies in no archive: its first day, the next month's, and its last seal; BP_E_NOT_FOUND when it
 * is not over, or not all of it sealed. */
static enum bp_error pick(struct bp_db *db, struct bp_arena *a, const struct bp_audit_link *at, int64_t now, int64_t *month, int64_t *upto)
{
	struct q_audit_seal_time first;
	struct q_audit_seal_since next;
	struct q_audit_waiting waiting;
	struct bp_audit_link last;
	int year, mon, day;
	int64_t end;
	enum bp_error e = q_audit_seal_time(db, a, at->seal + 1, &first);

	if (e)
		return e;
	bp_date_split(first.at / DAY_US, &year, &mon, &day);
	*month = bp_date_of(year, mon, 1);
	end = bp_date_of(year + mon / 12, mon % 12 + 1, 1) * DAY_US;
	if (now < end + DAY_US)
		return BP_E_NOT_FOUND;
	e = q_audit_seal_since(db, a, at->seal, end, &next);
	if (!e)
		*upto = next.seal - 1;
	if (e != BP_E_NOT_FOUND)
		return e;
	e = audit_last(db, a, &last);
	if (!e)
		e = q_audit_waiting(db, a, last.event, end, &waiting);
	*upto = last.seal;
	return e ? e : waiting.n ? BP_E_NOT_FOUND : BP_E_OK;
}

static enum bp_error archive_month(struct bp_db *db, struct bp_arena *a, const char *dir, int folder, int64_t now, struct bp_fail *f)
{
	struct bp_audit_verdict written = {0};
	struct bp_audit_link at = {0};
	struct q_audit_archive_last last;
	struct q_audit_seal_time newest;
	int64_t month = 0, upto = 0, first;
	char day[BP_DATE_SIZE], name[64], path[1200];
	enum bp_error e = q_audit_archive_last(db, a, &last);

	if (!e)
		at = audit_link(last.last_seal, last.last_event, last.last_hash);
	if (e && e != BP_E_NOT_FOUND)
		return e;
	first = at.seal + 1;
	e = pick(db, a, &at, now, &month, &upto);
	/* An event may come a moment after the month whose last seal it got: it stays with that month. */
	if (!e && upto < first)
		upto = first;
	if (!e)
		e = q_audit_seal_time(db, a, upto, &newest);
	if (e)
		return e;
	bp_date_format(month, day);
	snprintf(name, sizeof(name), "%.7s-%lld.jsonl.gz", day, (long long)first);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	e = write_file(db, &at, upto, folder, path, f);
	if (!e) /* as it lies there: rows leave the tables because of it */
		e = bp_audit_verify_file(path, &written, f);
	if (!e && written.broken)
		e = bp_fail(f, BP_E_CONFLICT, "%s is not what was written: %s", path, written.what);
	if (!e)
		e = q_audit_archive_add(db, first, at.seal, at.event, (struct bp_bytes){at.hash, BP_AUDIT_HASH}, newest.at, name, NULL);
	if (!e)
		bp_log(BP_LOG_INFO, "ev=audit_archive name=%s first=%lld last=%lld", name, (long long)first, (long long)at.seal);
	return e;
}

enum bp_error bp_audit_archive(struct bp_db *db, const char *dir, int64_t now, int64_t *made, struct bp_fail *f)
{
	struct bp_arena a;
	int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum bp_error e = BP_E_OK;

	*made = 0;
	if (folder < 0 || flock(folder, LOCK_EX)) { /* two would write one file */
		e = bp_fail(f, bp_error_of_errno(errno), "cannot use the folder %s: %s", dir, strerror(errno));
		if (folder >= 0)
			close(folder);
		return e;
	}
	bp_arena_init(&a, 1u << 20);
	while (!e) {
		bp_arena_clear(&a);
		e = archive_month(db, &a, dir, folder, now, f);
		*made += !e;
	}
	bp_arena_release(&a);
	close(folder);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}
