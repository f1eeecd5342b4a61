/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking uploads in: the bytes as they come, then the tables in them as plain texts of their own. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "intake/intake.h"
#include "table/ending.h"

#define UPLOAD_PREFIX ".upload-"
enum { RECEIVE_BYTES = 1 << 18, NAME_MOST = 255 };

static enum bp_error new_file(const char *upload_dir, struct bp_arena *a, char **path, int *fd, struct bp_fail *f)
{
	*path = bp_sprintf(a, "%s/" UPLOAD_PREFIX "XXXXXX", upload_dir);
	*fd = mkostemp(*path, O_CLOEXEC);
	return *fd < 0 ? bp_fail(f, bp_error_of_errno(errno), "cannot keep the file: %s", strerror(errno)) : BP_E_OK;
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno != EINTR)
			return errno;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
	return 0;
}

char *im_plain_name(struct bp_arena *a, const char *s)
{
	char *name = bp_strdup(a, s);
	size_t end = strlen(name);

	for (char *p = name; *p; p++)
		if (*p == '/' || *p == '\\' || (unsigned char)*p < 0x20)
			*p = '_';
	for (size_t at = 0; (at += im_utf8_prefix(name + at, strlen(name) - at)) < strlen(name);)
		name[at] = '_'; /* in whatever encoding it came */
	while (end > NAME_MOST || (name[end] & 0xC0) == 0x80)
		end--;
	name[end] = '\0';
	return name;
}

/* --- tables --- */

struct unwrapping {
	const char *upload_dir, *name;
	struct bp_arena *a;
	struct im_upload *u;
	int fd;
};

/* "book.xlsx › Sheet", at most as long as a name may be. */
static const char *part_name(struct bp_arena *a, const char *name, const char *part)
{
	size_t n = strlen(name);

	if (!*part)
		return n > 3 && !strcasecmp(name + n - 3, ".gz") ? bp_strndup(a, name, n - 3) : name;
	return im_plain_name(a, bp_sprintf(a, "%s \xE2\x80\xBA %s", name, part)); /* names in a ZIP may hold folders */
}

static enum bp_error begin_table(void *ctx, const char *part, struct bp_fail *f)
{
	struct unwrapping *w = ctx;
	struct im_part *p = &w->u->part[w->u->n];
	enum bp_error e = new_file(w->upload_dir, w->a, &p->path, &w->fd, f);

	p->name = part_name(w->a, w->name, part);
	w->u->n += !e;
	return e;
}

static enum bp_error write_table(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	int err = write_all(((struct unwrapping *)ctx)->fd, p, n);

	return err ? bp_fail(f, bp_error_of_errno(err), "cannot keep what the file holds: %s", strerror(err)) : BP_E_OK;
}

static enum bp_error end_table(void *ctx, struct bp_fail *f)
{
	struct unwrapping *w = ctx;
	int err = fsync(w->fd) ? errno : 0;

	close(w->fd);
	w->fd = -1;
	return err ? bp_fail(f, bp_error_of_errno(err), "cannot keep what the file holds: %s", strerror(err)) : BP_E_OK;
}

/* The checksum of all bytes of the upload, in hexadecimal. */
static enum bp_error hash(int fd, char out[65], struct bp_fail *f)
{
	unsigned char digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sum;
	uint8_t buf[1 << 16];
	long n;

	sha256_init(&sum);
	while ((n = im_read_fd(&fd, buf, sizeof(buf))) > 0)
		sha256_update(&sum, (size_t)n, buf);
	sha256_digest(&sum, sizeof(digest), digest);
	sodium_bin2hex(out, 65, digest, sizeof(digest));
	return n < 0 || lseek(fd, 0, SEEK_SET) < 0 ? bp_fail(f, BP_E_INTERNAL, "cannot read the upload: %s", strerror(n < 0 ? (int)-n : errno)) : BP_E_OK;
}

/* The received file as its tables; it is one itself when it is plain text. */
static enum bp_error unwrap(const char *upload_dir, const char *name, const char *row, struct bp_arena *a, struct im_upload *u,
	struct bp_fail *f)
{
	struct unwrapping w = {upload_dir, name, a, u, -1};
	const struct tb_sink sink = {begin_table, write_table, end_table, &w};
	char head[64];
	int fd = open(u->path, O_RDONLY | O_CLOEXEC);
	enum bp_error e = fd < 0 ? BP_E_OK : hash(fd, u->sha256, f);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (e) {
		;
	} else if (n < 0) {
		e = bp_fail(f, BP_E_INTERNAL, "cannot read the upload: %s", strerror(errno));
	} else if ((e = tb_ending_fits(name, head, (size_t)n, f))) {
		;
	} else if (tb_form_of(head, (size_t)n) == TB_TEXT) {
		u->part[u->n++] = (struct im_part){.name = name, .path = bp_strdup(a, u->path)};
		u->path = NULL;
	} else {
		e = tb_unwrap(fd, name, row, &sink, f);
	}
	if (w.fd >= 0)
		close(w.fd);
	if (fd >= 0)
		close(fd);
	return e;
}

enum bp_error im_receive(const char *upload_dir, const char *name, const char *row, im_read_fn *read, void *ctx, struct bp_arena *a,
	struct im_upload *u, struct bp_fail *f)
{
	char *buf = bp_alloc(a, RECEIVE_BYTES);
	int fd, err = 0;
	long n;
	enum bp_error e;

	memset(u, 0, sizeof(*u));
	e = new_file(upload_dir, a, &u->path, &fd, f);
	if (e)
		return e;
	while (!err && (n = read(ctx, buf, RECEIVE_BYTES)) != 0)
		err = n < 0 ? (int)-n : write_all(fd, buf, (size_t)n);
	if (!err && fsync(fd))
		err = errno;
	close(fd);
	if (err) {
		im_upload_release(u);
		return bp_fail(f, bp_error_of_errno(err), "cannot keep the file: %s", strerror(err));
	}
	return im_upload_open(upload_dir, u->path, name, row, a, u, f);
}

enum bp_error im_upload_open(const char *upload_dir, char *path, const char *name, const char *row, struct bp_arena *a, struct im_upload *u,
	struct bp_fail *f)
{
	enum bp_error e;

	memset(u, 0, sizeof(*u));
	u->path = path;
	e = unwrap(upload_dir, name, row, a, u, f);
	if (e)
		im_upload_release(u);
	return e;
}

void im_upload_release(struct im_upload *u)
{
	if (u->path)
		unlink(u->path);
	for (size_t i = 0; i < u->n; i++)
		unlink(u->part[i].path);
	u->path = NULL;
	u->n = 0;
}

enum bp_error im_upload_add(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, struct im_upload *u,
	enum im_entity entity, struct bp_fail *f)
{
	u->added = 0;
	for (size_t i = 0; i < u->n; i++) {
		struct im_part *p = &u->part[i];
		struct bp_fail why = {0};
		enum bp_error e = im_file_add(db, a, upload_dir, session, p->name, p->path, entity, &p->file, &why);

		/* A sheet of notes beside the tables is no reason to refuse them. */
		p->problem = e ? bp_strdup(a, why.detail) : NULL;
		u->added += !e;
		if (e && (e != BP_E_IMPORT_FORMAT || (i + 1 == u->n && !u->added)))
			return bp_fail(f, e, "%s", u->n > 1 && e == BP_E_IMPORT_FORMAT ? bp_sprintf(a, "none of its %zu tables can be read; %s: %s", u->n,
				p->name, why.detail) : why.detail);
	}
	return BP_E_OK;
}

void im_sweep_uploads(const char *upload_dir)
{
	DIR *d = opendir(upload_dir);
	time_t day_ago = time(NULL) - 86400;
	struct dirent *entry;
	struct stat st;

	while (d && (entry = readdir(d)))
		if (!strncmp(entry->d_name, UPLOAD_PREFIX, strlen(UPLOAD_PREFIX)) && !fstatat(dirfd(d), entry->d_name, &st, 0) &&
			st.st_mtime < day_ago)
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
}
