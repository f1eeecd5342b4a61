/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "intake/hierarchy.h"

enum { CHUNK = 1 << 15, SWEEP_MOST = 500 }; /* a read waits until a chunk is full, and what waits is not on the disk */

static char *path_of(struct bp_arena *a, const char *upload_dir, uint64_t id)
{
	return bp_sprintf(a, "%s/.transfer-%llu", upload_dir, (unsigned long long)id);
}

uint64_t im_transfer_offset(struct bp_arena *a, const char *upload_dir, uint64_t id)
{
	struct stat st;

	return stat(path_of(a, upload_dir, id), &st) ? 0 : (uint64_t)st.st_size;
}

enum bp_error im_transfer_open(struct bp_arena *a, const char *upload_dir, uint64_t id, bool create, struct im_transfer *t, struct bp_fail *f)
{
	struct stat st;

	t->path = path_of(a, upload_dir, id);
	t->fd = open(t->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
	if (t->fd < 0)
		return errno == ENOENT ? bp_fail(f, BP_E_UPLOAD_GONE, "it was removed: begin anew")
			: bp_fail(f, bp_error_of_errno(errno), "cannot keep the file: %s", strerror(errno));
	if (flock(t->fd, LOCK_EX | LOCK_NB))
		return bp_fail(f, BP_E_UPLOAD_BUSY, "another request writes to it");
	if (fstat(t->fd, &st) || lseek(t->fd, 0, SEEK_END) < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot read what has come: %s", strerror(errno));
	if (!st.st_nlink) /* finished or removed while we waited for it */
		return bp_fail(f, BP_E_UPLOAD_GONE, "it is over: ask for its state");
	t->offset = (uint64_t)st.st_size;
	return BP_E_OK;
}

void im_transfer_close(struct im_transfer *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

struct digest {
	enum tus_algorithm algorithm;
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
};

static void digest_init(struct digest *d, enum tus_algorithm algorithm)
{
	d->algorithm = algorithm;
	sha1_init(&d->sha1);
	sha256_init(&d->sha256);
}

static void digest_add(struct digest *d, const char *p, size_t n)
{
	if (d->algorithm == TUS_SHA1)
		sha1_update(&d->sha1, n, (const uint8_t *)p);
	else if (d->algorithm == TUS_SHA256)
		sha256_update(&d->sha256, n, (const uint8_t *)p);
}

static bool digest_is(struct digest *d, const struct tus_checksum *sum)
{
	unsigned char got[TUS_DIGEST_MOST];

	if (d->algorithm == TUS_SHA1)
		sha1_digest(&d->sha1, SHA1_DIGEST_SIZE, got);
	else
		sha256_digest(&d->sha256, SHA256_DIGEST_SIZE, got);
	return !memcmp(got, sum->digest, sum->n);
}

/* Write at the end; t->offset counts what found room. */
static int put(struct im_transfer *t, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(t->fd, p, n);

		if (k < 0 && errno != EINTR)
			return errno;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
		t->offset += k > 0 ? (uint64_t)k : 0;
	}
	return 0;
}

enum bp_error im_transfer_append(struct im_transfer *t, uint64_t most, const struct tus_checksum *sum, im_read_fn *read, void *ctx,
	bool *gone, struct bp_fail *f)
{
	uint64_t from = t->offset;
	char *buf = bp_xcalloc(1, CHUNK);
	bool back = false, long_ = false;
	enum bp_error e = BP_E_OK;
	struct digest d;
	int err = 0;
	long n;

	*gone = false;
	digest_init(&d, sum->algorithm);
	while (!err && !long_ && (n = read(ctx, buf, CHUNK)) > 0) {
		long_ = t->offset - from + (uint64_t)n > most;
		digest_add(&d, buf, (size_t)n);
		if (!long_)
			err = put(t, buf, (size_t)n);
	}
	if (!err && !long_ && n < 0)
		*gone = true;
	if (long_)
		e = bp_fail(f, BP_E_TOO_LARGE, "more came than the %llu bytes that were missing", (unsigned long long)most);
	else if (!err && !*gone && sum->algorithm && !digest_is(&d, sum))
		e = bp_fail(f, BP_E_UPLOAD_CHECKSUM, "the bytes from %llu on are not those that were sent: send them again", (unsigned long long)from);
	back = e || ((err || *gone) && sum->algorithm);
	if (back && (ftruncate(t->fd, (off_t)from) || lseek(t->fd, 0, SEEK_END) < 0))
		err = err ? err : errno;
	if (back)
		t->offset = from;
	if (fsync(t->fd) && !err)
		err = errno;
	free(buf);
	return e ? e : err ? bp_fail(f, bp_error_of_errno(err), "cannot keep the file: %s", strerror(err)) : BP_E_OK;
}

enum bp_error im_session_reopen(struct bp_db *db, struct bp_arena *a, uint64_t session, struct bp_fail *f)
{
	struct q_import_session_get s;
	uint64_t moved = 0;
	enum bp_error e = q_import_session_get(db, a, (int64_t)session, &s);

	if (!e)
		e = q_import_session_move(db, (int64_t)session, "UPLOADING,READY,FAILED", "UPLOADING", &moved);
	if (!e && !moved && strcmp(s.status, "UPLOADING"))
		return bp_fail(f, BP_E_IMPORT_STATE, "the session is %s", s.status);
	return e;
}

enum bp_error im_upload_keep(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, struct im_upload *u,
	enum im_entity entity, const char **tables, struct bp_fail *f)
{
	enum bp_error e = im_upload_add(db, a, upload_dir, session, u, entity, f);
	json_t *list = json_array();
	uint64_t first = 0;
	char *text;

	for (size_t i = 0; !e && i < u->n; i++) {
		const struct im_part *p = &u->part[i];
		json_t *t = json_object();

		json_object_set_new(t, "name", json_string(p->name));
		json_object_set_new(t, "file", p->problem ? json_null() : json_integer((json_int_t)p->file));
		json_object_set_new(t, "problem", p->problem ? json_string(p->problem) : json_null());
		json_array_append_new(list, t);
		if (p->problem)
			continue;
		first = first ? first : p->file;
		e = q_import_file_origin_set(db, (int64_t)p->file, u->sha256, (int64_t)first, NULL);
	}
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	*tables = bp_strdup(a, text ? text : "[]");
	free(text);
	return e;
}

struct ending {
	struct bp_arena *a;
	const char *upload_dir;
	const struct q_transfer_get *row;
	const struct bp_audit *au;
	struct bp_fail *f;
	struct im_upload u;
};

static enum bp_error end_tx(struct bp_db *db, void *ctx)
{
	struct ending *x = ctx;
	const struct q_transfer_get *r = x->row;
	const char *tables;
	uint64_t ended = 0, first = 0;
	enum bp_error e;

	bp_fail_clear(x->f);
	e = im_session_reopen(db, x->a, (uint64_t)r->session_id, x->f);
	if (!e)
		e = im_upload_keep(db, x->a, x->upload_dir, (uint64_t)r->session_id, &x->u,
			*r->entity ? im_entity_of(r->entity) : IM_ENTITY__MAX, &tables, x->f);
	for (size_t i = 0; !e && i < x->u.n && !first; i++)
		first = x->u.part[i].problem ? 0 : x->u.part[i].file;
	if (!e)
		e = q_transfer_done(db, r->id, BP_SOME_INT((int64_t)first), tables, x->u.sha256, &ended);
	if (!e && !ended)
		e = bp_fail(x->f, BP_E_UPLOAD_BUSY, "another request ended it");
	if (!e && r->ticket_id.set)
		e = q_ticket_use(db, r->ticket_id.v, NULL);
	return e ? e : bp_audit_write(db, x->au);
}

enum bp_error im_transfer_finish(struct bp_db *db, struct bp_arena *a, const char *upload_dir, const struct q_transfer_get *row,
	struct im_transfer *t, const struct bp_audit *au, struct bp_fail *f)
{
	struct ending x = {.a = a, .upload_dir = upload_dir, .row = row, .au = au, .f = f};
	/* Under a second name: should the database be away, the bytes are there for the next try. */
	char *path = bp_sprintf(a, "%s/.upload-transfer-%llu", upload_dir, (unsigned long long)row->id);
	enum bp_error e;

	unlink(path);
	if (link(t->path, path))
		return bp_fail(f, bp_error_of_errno(errno), "cannot keep the file: %s", strerror(errno));
	e = im_upload_open(upload_dir, path, row->name, row->row_element, a, &x.u, f);
	if (!e)
		e = bp_db_tx(db, end_tx, &x);
	im_upload_release(&x.u);
	if (e == BP_E_IMPORT_FORMAT && q_transfer_refuse(db, row->id, f->detail, NULL))
		return BP_E_DB_DOWN;
	if (!e || e == BP_E_IMPORT_FORMAT)
		unlink(t->path);
	return e;
}

enum bp_error im_transfer_drop(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t id)
{
	enum bp_error e = q_transfer_drop(db, (int64_t)id, NULL);

	if (!e)
		unlink(path_of(a, upload_dir, id));
	return e;
}

/* --- tickets --- */

#define KEY_NAME "tickets"

static enum bp_error key(struct bp_db *db, struct bp_arena *a, unsigned char out[crypto_generichash_KEYBYTES], struct bp_fail *f)
{
	struct q_server_key_get row;
	enum bp_error e = q_server_key_get(db, a, KEY_NAME, &row);

	if (e == BP_E_NOT_FOUND) {
		char hex[65];

		randombytes_buf(out, crypto_generichash_KEYBYTES);
		sodium_bin2hex(hex, sizeof(hex), out, crypto_generichash_KEYBYTES);
		e = q_server_key_add(db, KEY_NAME, hex, NULL);
		if (!e) /* another may have been first */
			e = q_server_key_get(db, a, KEY_NAME, &row);
	}
	if (!e && sodium_hex2bin(out, crypto_generichash_KEYBYTES, row.secret, strlen(row.secret), NULL, NULL, NULL))
		e = bp_fail(f, BP_E_INTERNAL, "the key of the tickets is not well formed");
	return e;
}

enum { MAC = 32 };

static void sign(const unsigned char k[crypto_generichash_KEYBYTES], uint64_t id, uint64_t session, const char *name, int64_t expires,
	char out[MAC + 1])
{
	unsigned char mac[MAC / 2];
	crypto_generichash_state st;
	char head[80];
	int n = snprintf(head, sizeof(head), "%llu|%llu|%lld|", (unsigned long long)id, (unsigned long long)session, (long long)expires);

	crypto_generichash_init(&st, k, crypto_generichash_KEYBYTES, sizeof(mac));
	crypto_generichash_update(&st, (const unsigned char *)head, (size_t)n);
	crypto_generichash_update(&st, (const unsigned char *)name, strlen(name));
	crypto_generichash_final(&st, mac, sizeof(mac));
	sodium_bin2hex(out, MAC + 1, mac, sizeof(mac));
}

enum bp_error im_ticket_new(struct bp_db *db, struct bp_arena *a, uint64_t session, const char *name, uint64_t user, int64_t seconds,
	char text[IM_TICKET_SIZE], struct bp_fail *f)
{
	unsigned char k[crypto_generichash_KEYBYTES];
	int64_t expires = bp_now() / 1000000 + seconds;
	char mac[MAC + 1];
	enum bp_error e = key(db, a, k, f);
	uint64_t id;

	if (!e)
		e = q_ticket_add(db, (int64_t)session, name, (int64_t)user, expires, NULL);
	if (e)
		return e;
	id = bp_db_insert_id(db);
	sign(k, id, session, name, expires, mac);
	snprintf(text, IM_TICKET_SIZE, "%llu-%s", (unsigned long long)id, mac);
	return BP_E_OK;
}

enum bp_error im_ticket_check(struct bp_db *db, struct bp_arena *a, const char *text, struct q_ticket_get *out, struct bp_fail *f)
{
	unsigned char k[crypto_generichash_KEYBYTES];
	const char *dash = strchr(text, '-');
	char mac[MAC + 1];
	uint64_t id;
	enum bp_error e;

	if (!dash || dash - text > 18 || strlen(dash + 1) != MAC || !tus_bytes(bp_strndup(a, text, (size_t)(dash - text)), &id))
		return bp_fail(f, BP_E_UPLOAD_TICKET, "copy the whole address");
	e = key(db, a, k, f);
	if (!e)
		e = q_ticket_get(db, a, (int64_t)id, out);
	if (e == BP_E_NOT_FOUND)
		return bp_fail(f, BP_E_UPLOAD_TICKET, "ask for a new one");
	if (e)
		return e;
	sign(k, id, (uint64_t)out->session_id, out->name, out->expires_at, mac);
	if (sodium_memcmp(mac, dash + 1, MAC))
		return bp_fail(f, BP_E_UPLOAD_TICKET, "copy the whole address");
	if (out->used)
		return bp_fail(f, BP_E_UPLOAD_GONE, "this address was used already: it takes one file, once");
	if (out->expired)
		return bp_fail(f, BP_E_UPLOAD_GONE, "this address is over: ask for a new one");
	return BP_E_OK;
}

/* --- sweep --- */

void im_sweep(struct bp_db *db, const char *upload_dir, int64_t days)
{
	struct q_transfers_over *t;
	struct q_import_raw_over *r;
	struct bp_arena a;
	size_t n = 0;

	bp_arena_init(&a, 8 << 20);
	im_sweep_uploads(upload_dir);
	if (!q_transfers_over(db, &a, SWEEP_MOST, &t, &n))
		for (size_t i = 0; i < n; i++)
			im_transfer_drop(db, &a, upload_dir, (uint64_t)t[i].id);
	if (days > 0 && !q_import_raw_over(db, &a, days, SWEEP_MOST, &r, &n))
		for (size_t i = 0; i < n; i++)
			if (!unlink(im_upload_path(&a, upload_dir, (uint64_t)r[i].session_id, (uint64_t)r[i].id)) || errno == ENOENT) {
				unlink(im_hierarchy_path(&a, upload_dir, (uint64_t)r[i].session_id, (uint64_t)r[i].id));
				q_import_raw_gone(db, r[i].id, NULL);
				rmdir(bp_sprintf(&a, "%s/%lld", upload_dir, (long long)r[i].session_id)); /* the last of its folder */
			}
	bp_arena_release(&a);
}
