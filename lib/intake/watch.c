/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/watch.h"
#include "intake/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "intake/transfer.h"
#include "job/job.h"

enum { FILES_MOST = 200 }; /* of one look; the next one goes on */

bool im_watch_folder_ok(const char *folder)
{
	for (const char *p = folder;; p++) {
		size_t n = strcspn(p, "/");

		if (!n || *p == '.' || (n == 9 && !strncmp(p, "processed", n)) || (n == 7 && !strncmp(p, "refused", n)))
			return false;
		for (size_t i = 0; i < n; i++)
			if ((unsigned char)p[i] < 0x20 || p[i] == '\\')
				return false;
		p += n;
		if (!*p)
			return true;
	}
}

/* The folder as it is, links followed: it must still lie below drop_dir. */
static enum bp_error real_folder(struct bp_arena *a, const char *drop_dir, const char *folder, char **out, struct bp_fail *f)
{
	char *root, *at;
	enum bp_error e = BP_E_OK;

	if (!strcmp(drop_dir, "off"))
		return bp_fail(f, BP_E_IMPORT_FAILED, "no drop folders are configured: set drop_dir");
	root = realpath(drop_dir, NULL);
	at = realpath(bp_sprintf(a, "%s/%s", drop_dir, folder), NULL);
	if (!root || !at)
		e = bp_fail(f, BP_E_IMPORT_FAILED, "there is no folder %s below drop_dir: %s", folder, strerror(errno));
	else if (strncmp(root, at, strlen(root)) || at[strlen(root)] != '/')
		e = bp_fail(f, BP_E_IMPORT_FAILED, "the folder %s leads out of drop_dir", folder);
	else
		*out = bp_strdup(a, at);
	free(root);
	free(at);
	return e;
}

/* The folder of `path` below the folder `base`, made where it is not there; -1 and errno. Whoever may drop files may leave links
 * too: none is followed, or files would be written where only we may write. */
static int open_folder_of(struct bp_arena *a, const char *base, const char *path)
{
	int at = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *rest = bp_strdup(a, path), *slash;

	for (; at >= 0 && (slash = strchr(rest, '/')); rest = slash + 1) {
		int in;

		*slash = '\0';
		in = mkdirat(at, rest, 0770) && errno != EEXIST ? -1 : openat(at, rest, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(at);
		at = in;
	}
	return at;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *today(struct bp_arena *a)
{
	char date[BP_DATE_SIZE];

	bp_date_format(bp_today(), date);
	return bp_strdup(a, date);
}

/* Move a file of the folder (`from` and `to` below it); says what hinders. */
static enum bp_error move(struct bp_arena *a, const char *folder, const char *from, const char *to, struct bp_fail *f)
{
	int out = open_folder_of(a, folder, from), in = open_folder_of(a, folder, to), err = 0;

	if (out < 0 || in < 0 || renameat(out, name_of(from), in, name_of(to)))
		err = errno;
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	return err ? bp_fail(f, BP_E_IMPORT_FAILED, "cannot move %s to %s: %s", from, to, strerror(err)) : BP_E_OK;
}

/* The reason beside a file that was refused, for whoever left it. */
static void tell_reason(struct bp_arena *a, const char *folder, const char *to, const char *why)
{
	int at = open_folder_of(a, folder, to), fd = -1;

	if (at >= 0) {
		fd = openat(at, bp_sprintf(a, "%s.reason.txt", name_of(to)), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660);
		close(at);
	}
	if (fd < 0)
		return;
	dprintf(fd, "%s\n", why);
	close(fd);
}

/* --- taking --- */

struct take {
	struct bp_arena *a;
	const struct im_watch_conf *c;
	const struct q_watch_get *w;
	const char *folder, *file, *name, *problem, *to; /* file: as the disk has it, name: as the tables can hold it */
	struct stat st;
	struct im_upload u;
	uint64_t session;
	struct bp_fail *f;
};

static int64_t changed_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static const char *moved_name(struct take *t, const char *kind, uint64_t session)
{
	return session ? bp_sprintf(t->a, "%s/%s/%llu/%s", kind, today(t->a), (unsigned long long)session, t->name)
		: bp_sprintf(t->a, "%s/%s/%lld/%s", kind, today(t->a), (long long)bp_now(), t->name);
}

static enum bp_error note(struct bp_db *db, struct take *t, const char *state)
{
	return q_watch_file_add(db, t->w->id, (struct bp_opt_int){(int64_t)t->session, t->session != 0}, t->name, t->st.st_size, (int64_t)t->st.st_ino,
		changed_ns(&t->st), t->u.sha256[0] ? t->u.sha256 : NULL, state, t->to, t->problem, NULL);
}

static enum bp_error take_tx(struct bp_db *db, void *ctx)
{
	struct take *t = ctx;
	const struct q_watch_get *w = t->w;
	const char *tables;
	uint64_t job = 0;
	enum bp_error e;

	bp_fail_clear(t->f);
	e = q_import_session_add(db, bp_sprintf(t->a, "%s: %s", w->name, t->name), w->created_by, NULL);
	t->session = bp_db_insert_id(db);
	t->to = moved_name(t, "processed", t->session);
	if (!e)
		e = q_import_session_unattended(db, (int64_t)t->session, w->publish, w->stop_percent, NULL);
	if (!e)
		e = im_upload_keep(db, t->a, t->c->upload_dir, t->session, &t->u, im_entity_of(w->entity), &tables, t->f);
	for (size_t i = 0; !e && w->mapping && i < t->u.n; i++)
		if (!t->u.part[i].problem)
			e = im_schema_apply(db, t->a, t->c->upload_dir, w->mapping, t->u.part[i].file, t->f);
	if (!e)
		e = note(db, t, "TAKEN");
	if (!e)
		e = q_import_session_move(db, (int64_t)t->session, "UPLOADING", "VALIDATING", NULL);
	if (!e)
		e = bp_job_add(db, BP_JOB_IMPORT_CHECK, t->session, 0, "{}", 0, (uint64_t)w->created_by, t->c->correlation, &job);
	if (!e)
		e = q_import_session_job(db, (int64_t)t->session, (int64_t)job, NULL);
	return e;
}

/* What lies at fault in the file itself: it will not be better the next time. */
static bool files_fault(enum bp_error e)
{
	return e == BP_E_IMPORT_FORMAT || e == BP_E_IMPORT_SCHEMA || e == BP_E_FIELDS || e == BP_E_TOO_LARGE;
}

static enum bp_error take(struct bp_db *db, struct take *t)
{
	struct q_watch_file_known known;
	int fd;
	enum bp_error e = q_watch_file_known(db, t->a, t->w->id, t->name, t->st.st_size, (int64_t)t->st.st_ino, changed_ns(&t->st), &known);

	if (!e) /* taken before, and still here: whoever took it died before he moved it */
		return move(t->a, t->folder, t->file, known.moved_to, t->f);
	if (e != BP_E_NOT_FOUND)
		return e;
	fd = open(bp_sprintf(t->a, "%s/%s", t->folder, t->file), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return bp_fail(t->f, BP_E_IMPORT_FAILED, "cannot read %s: %s", t->name, strerror(errno));
	e = im_receive(t->c->upload_dir, t->name, NULL, im_read_fd, &fd, t->a, &t->u, t->f);
	close(fd);
	if (!e)
		e = bp_db_tx(db, take_tx, t);
	im_upload_release(&t->u);
	if (files_fault(e)) {
		t->session = 0;
		t->problem = bp_strdup(t->a, t->f->detail[0] ? t->f->detail : bp_errors[e].message);
		t->to = moved_name(t, "refused", 0);
		bp_fail_clear(t->f);
		e = note(db, t, "REFUSED");
	}
	if (!e)
		e = move(t->a, t->folder, t->file, t->to, t->f);
	if (!e && t->problem)
		tell_reason(t->a, t->folder, t->to, t->problem);
	return e;
}

static enum bp_error look(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, const struct q_watch_get *w, size_t *taken,
	struct bp_fail *f)
{
	struct dirent **list;
	char *folder;
	int n;
	enum bp_error e = real_folder(a, c->drop_dir, w->folder, &folder, f), first = e;

	if (e)
		return e;
	n = scandir(folder, &list, NULL, alphasort); /* by name: a day's files in their order */
	if (n < 0)
		return bp_fail(f, BP_E_IMPORT_FAILED, "cannot look into %s: %s", w->folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct bp_fail why = {0};
		struct take t = {.a = a, .c = c, .w = w, .folder = folder, .file = list[i]->d_name,
			.name = im_plain_name(a, list[i]->d_name), .f = &why};
		time_t last;

		if (*t.file == '.' || *taken >= FILES_MOST || fnmatch(w->pattern, t.file, 0) || lstat(bp_sprintf(a, "%s/%s", folder, t.file), &t.st) ||
			!S_ISREG(t.st.st_mode))
			continue;
		/* The time of the inode cannot be set back by whoever copies: while bytes come it is now. */
		last = t.st.st_mtime > t.st.st_ctime ? t.st.st_mtime : t.st.st_ctime;
		if (time(NULL) - last < c->settle_seconds)
			continue;
		e = take(db, &t);
		*taken += !e;
		if (e && !first) {
			first = e;
			bp_fail(f, e, "%s: %s", t.name, t.f->detail[0] ? t.f->detail : bp_errors[e].message);
		}
	}
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return first;
}

/* --- how it ended --- */

static enum bp_error settle_one(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, const struct q_watch_files_open *r)
{
	const char *why = r->error_detail && *r->error_detail ? r->error_detail : r->error_code ? r->error_code : "it was cancelled";
	const char *to;
	struct q_import_vanished gone;
	struct bp_fail f = {0};
	uint64_t moved = 0, job = 0;
	char *folder;
	enum bp_error e;

	if (!strcmp(r->status, "COMPLETED"))
		return q_watch_file_end(db, r->id, "PUBLISHED", r->moved_to, NULL, NULL);
	/* A list that leaves outlets out is not published while nobody has said what becomes of them. */
	e = q_import_vanished(db, a, r->session_id, &gone);
	if (e && e != BP_E_NOT_FOUND)
		return e;
	if (!strcmp(r->status, "READY") && (!r->publish || (!e && gone.n && !strcmp(gone.action, "ASK"))))
		return strcmp(r->state, "WAITING") ? q_watch_file_end(db, r->id, "WAITING", r->moved_to, NULL, NULL) : BP_E_OK;
	if (!strcmp(r->status, "READY")) {
		e = q_import_session_move(db, r->session_id, "READY", "PROCESSING", &moved);
		if (!e && moved)
			e = bp_job_add(db, BP_JOB_IMPORT_PUBLISH, (uint64_t)r->session_id, 0, "{}", 0, (uint64_t)r->created_by, c->correlation, &job);
		return e || !moved ? e : q_import_session_job(db, r->session_id, (int64_t)job, NULL);
	}
	if (strcmp(r->status, "FAILED") && strcmp(r->status, "CANCELLED"))
		return BP_E_OK; /* under way */
	to = !strncmp(r->moved_to, "processed", 9) ? bp_sprintf(a, "refused%s", r->moved_to + 9) : r->moved_to;
	e = real_folder(a, c->drop_dir, r->folder, &folder, &f);
	if (!e)
		e = move(a, folder, r->moved_to, to, &f);
	if (!e)
		tell_reason(a, folder, to, why);
	/* That somebody has cleared the folder changes nothing of how it ended. */
	return q_watch_file_end(db, r->id, "REFUSED", e ? r->moved_to : to, why, NULL);
}

struct settle {
	struct bp_arena *a;
	const struct im_watch_conf *c;
	const struct q_watch_files_open *row;
};

static enum bp_error settle_tx(struct bp_db *db, void *ctx)
{
	const struct settle *s = ctx;

	return settle_one(db, s->a, s->c, s->row);
}

static enum bp_error settle(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, struct bp_opt_int session, struct bp_opt_int watch)
{
	struct q_watch_files_open *r;
	size_t n = 0;
	enum bp_error e = q_watch_files_open(db, a, session, watch, &r, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = bp_db_tx(db, settle_tx, &(struct settle){a, c, &r[i]});
	return e;
}

enum bp_error im_watch_settle(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, uint64_t session)
{
	return settle(db, a, c, BP_SOME_INT((int64_t)session), BP_NO_INT);
}

enum bp_error im_watch_look(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, uint64_t watch, size_t *taken, struct bp_fail *f)
{
	struct q_watch_get w;
	enum bp_error e = q_watch_get(db, a, (int64_t)watch, &w), noted;

	*taken = 0;
	if (!e)
		e = settle(db, a, c, BP_NO_INT, BP_SOME_INT((int64_t)watch));
	if (e)
		return e;
	e = look(db, a, c, &w, taken, f);
	noted = q_watch_looked(db, w.id, e ? f->detail : NULL, NULL);
	return e ? e : noted;
}

enum bp_error im_watch_turn(struct bp_db *db, struct bp_arena *a)
{
	struct q_watches_due *due;
	struct q_job_waiting waiting;
	uint64_t mine = 0;
	size_t n = 0;
	enum bp_error e = q_watches_due(db, a, &due, &n);

	for (size_t i = 0; !e && i < n; i++) {
		e = q_watch_turn(db, due[i].id, &mine);
		if (!e && mine && q_job_waiting(db, a, "IMPORT_WATCH", due[i].id, NULL, &waiting) == BP_E_NOT_FOUND)
			e = bp_job_add(db, BP_JOB_IMPORT_WATCH, (uint64_t)due[i].id, 0, "{}", 0, 0, "schedule", NULL);
	}
	return e;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void im_watch_sweep(struct bp_db *db, struct bp_arena *a, const char *drop_dir, int64_t days)
{
	static const char *const kinds[] = {"processed", "refused"};
	int64_t oldest = bp_today() - days, date;
	struct bp_fail f = {0};
	struct q_watches *w;
	size_t n = 0;

	if (days <= 0 || q_watches(db, a, &w, &n))
		return;
	for (size_t i = 0; i < n * 2; i++) {
		struct dirent *entry;
		char *folder, *path;
		DIR *d;
		int at;

		if (real_folder(a, drop_dir, w[i / 2].folder, &folder, &f))
			continue;
		path = bp_sprintf(a, "%s/%s", folder, kinds[i % 2]);
		at = open_folder_of(a, folder, bp_sprintf(a, "%s/", kinds[i % 2])); /* a link is nobody's folder */
		d = at < 0 ? NULL : fdopendir(at);
		while (d && (entry = readdir(d)))
			if (bp_date_parse(entry->d_name, &date) && date < oldest)
				nftw(bp_sprintf(a, "%s/%s", path, entry->d_name), remove_entry, 8, FTW_DEPTH | FTW_PHYS);
		if (d)
			closedir(d);
	}
}
