/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/tus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "cgi/once.h"

static int64_t limit_of(void)
{
	return bp_setting(BP_SETTING_upload_most_mb) << 20;
}

static int64_t patience_of(void)
{
	return bp_setting(BP_SETTING_upload_hours) * 3600;
}

static void put_number(struct bp_req *rq, const char *header, uint64_t v)
{
	bp_req_reply_header(rq, header, bp_sprintf(rq->arena, "%llu", (unsigned long long)v));
}

enum bp_error bp_tus_options(struct bp_req *rq)
{
	bp_req_reply_header(rq, "Tus-Resumable", TUS_VERSION);
	bp_req_reply_header(rq, "Tus-Version", TUS_VERSION);
	bp_req_reply_header(rq, "Tus-Extension", TUS_EXTENSIONS);
	bp_req_reply_header(rq, "Tus-Checksum-Algorithm", TUS_ALGORITHMS);
	put_number(rq, "Tus-Max-Size", (uint64_t)limit_of());
	return BP_E_OK;
}

enum bp_error bp_tus_begin(struct bp_req *rq)
{
	const char *version = bp_req_header(rq, "HTTP_TUS_RESUMABLE");

	bp_req_reply_header(rq, "Tus-Resumable", TUS_VERSION);
	if (version && !strcmp(version, TUS_VERSION))
		return BP_E_OK;
	bp_req_reply_header(rq, "Tus-Version", TUS_VERSION);
	return bp_fail(&rq->fail, BP_E_UPLOAD_VERSION, "send the header Tus-Resumable: " TUS_VERSION);
}

long bp_tus_read(void *ctx, void *buf, size_t n)
{
	struct bp_tus_body *b = ctx;
	long k = bp_req_read(b->rq, buf, n);

	if (k < 0 || (!k && b->rq->content_length >= 0 && b->bytes < b->rq->content_length))
		return -ECONNABORTED;
	b->bytes += k;
	return k;
}

static void tell(struct bp_req *rq, uint64_t offset)
{
	char when[BP_HTTP_DATE_SIZE];

	bp_instant_http(bp_now() + patience_of() * 1000000, when);
	put_number(rq, "Upload-Offset", offset);
	bp_req_reply_header(rq, "Upload-Expires", when);
}

/* The last byte is there. */
static enum bp_error finish(struct bp_req *rq, const struct q_transfer_get *row, struct im_transfer *t)
{
	struct bp_audit au = rq->audit;

	au.action = BP_ACTION_IMPORT_UPLOAD;
	au.user = (uint64_t)row->created_by;
	au.resource_type = "import";
	au.resource_id = (uint64_t)row->session_id;
	bp_audit_change(&au, "file", "", row->name);
	return im_transfer_finish(rq->db, rq->arena, rq->app->upload_dir, row, t, &au, &rq->fail);
}

/* Take the body in behind what has come, and end the transfer with its last byte. */
static enum bp_error append(struct bp_req *rq, const struct q_transfer_get *row, struct im_transfer *t)
{
	uint64_t missing = (uint64_t)row->bytes - t->offset;
	struct bp_tus_body body = {rq, 0};
	struct tus_checksum sum;
	bool gone;
	enum bp_error e;

	if (!tus_checksum_parse(bp_req_header(rq, "HTTP_UPLOAD_CHECKSUM"), &sum))
		return bp_req_field(rq, "/Upload-Checksum", "is no checksum: sha1 or sha256, a space, the digest in base64");
	if (rq->content_length > (int64_t)missing)
		return bp_fail(&rq->fail, BP_E_TOO_LARGE, "%lld bytes for the %llu that are missing", (long long)rq->content_length,
			(unsigned long long)missing);
	e = im_transfer_append(t, missing, &sum, bp_tus_read, &body, &gone, &rq->fail);
	if (!e && gone)
		e = bp_fail(&rq->fail, BP_E_ABORTED, "%llu of %lld bytes are there", (unsigned long long)t->offset, (long long)row->bytes);
	if (!e)
		e = q_transfer_renew(rq->db, row->id, patience_of(), NULL);
	if (!e && t->offset == (uint64_t)row->bytes)
		e = finish(rq, row, t);
	return e;
}

static bool is_bytes(const struct bp_req *rq)
{
	return rq->content_type && !strcmp(rq->content_type, TUS_MEDIA);
}

static enum bp_error may_begin(struct bp_req *rq, const struct bp_tus_new *what, uint64_t *bytes)
{
	struct q_import_session_get s;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)what->session, &s);

	if (e)
		return e;
	if (strcmp(s.status, "UPLOADING") && strcmp(s.status, "READY") && strcmp(s.status, "FAILED"))
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is %s", s.status);
	if (!tus_bytes(bp_req_header(rq, "HTTP_UPLOAD_LENGTH"), bytes))
		return bp_req_field(rq, "/Upload-Length", "must say how many bytes the file has");
	if ((int64_t)*bytes > limit_of())
		return bp_fail(&rq->fail, BP_E_TOO_LARGE, "a file may have %lld MB (upload_most_mb): pack it with gzip or part it",
			(long long)bp_setting(BP_SETTING_upload_most_mb));
	return BP_E_OK;
}

struct beginning {
	struct bp_req *rq;
	const struct bp_tus_new *what;
	uint64_t bytes, id;
};

static enum bp_error begin_tx(struct bp_db *db, void *ctx)
{
	struct beginning *b = ctx;
	const struct bp_tus_new *what = b->what;
	const char *text;
	enum bp_error e = q_transfer_add(db, (int64_t)what->session, what->name, what->row, what->entity ? what->entity : "", (int64_t)b->bytes,
		what->modified, what->ticket, (int64_t)what->user, patience_of(), NULL);

	b->id = bp_db_insert_id(db);
	text = bp_sprintf(b->rq->arena, "%llu", (unsigned long long)b->id);
	b->rq->replay = (struct bp_bytes){text, strlen(text)}; /* for whoever asks again */
	return e;
}

/* What was begun under this key, and where it stands if that can be said now. */
static enum bp_error begun(struct bp_req *rq, uint64_t *id)
{
	*id = strtoull(bp_strndup(rq->arena, rq->replay.p, rq->replay.n), NULL, 10);
	if (bp_tus_head(rq, *id))
		bp_fail_clear(&rq->fail);
	return BP_E_OK;
}

enum bp_error bp_tus_create(struct bp_req *rq, const struct bp_tus_new *what, uint64_t *id)
{
	struct im_transfer t = {.fd = -1};
	struct beginning b = {rq, what, 0, 0};
	struct q_transfer_get row;
	uint64_t bytes;
	enum bp_error e = rq->once.again ? BP_E_OK : bp_once_known(rq);

	if (!e && !rq->once.again)
		e = may_begin(rq, what, &b.bytes);
	if (!e && !rq->once.again)
		e = bp_req_tx(rq, begin_tx, &b);
	if (e)
		return e;
	if (rq->once.again)
		return begun(rq, id);
	*id = b.id;
	bytes = b.bytes;
	e = im_transfer_open(rq->arena, rq->app->upload_dir, *id, true, &t, &rq->fail);
	if (!e)
		e = q_transfer_get(rq->db, rq->arena, (int64_t)*id, &row);
	if (!e && is_bytes(rq))
		e = append(rq, &row, &t);
	else if (!e && !bytes)
		e = finish(rq, &row, &t); /* says that it is empty */
	im_transfer_close(&t);
	if (e && e != BP_E_ABORTED && !t.offset)
		im_transfer_drop(rq->db, rq->arena, rq->app->upload_dir, *id);
	if (e && e != BP_E_ABORTED)
		bp_once_forget(rq);
	if (!e)
		tell(rq, t.offset);
	return e;
}

/* The transfer, locked, as long as bytes may be added; *t stays closed when it is done. */
static enum bp_error open_row(struct bp_req *rq, uint64_t id, struct q_transfer_get *row, struct im_transfer *t)
{
	enum bp_error e = q_transfer_get(rq->db, rq->arena, (int64_t)id, row);

	t->fd = -1;
	if (!e && !strcmp(row->state, "OPEN") && !row->expired) {
		e = im_transfer_open(rq->arena, rq->app->upload_dir, id, false, t, &rq->fail);
		if (!e) /* as it is now that nobody else changes it */
			e = q_transfer_get(rq->db, rq->arena, (int64_t)id, row);
	}
	if (e)
		return e;
	if (!strcmp(row->state, "DONE"))
		t->offset = (uint64_t)row->bytes;
	else if (!strcmp(row->state, "REFUSED"))
		return bp_fail(&rq->fail, BP_E_UPLOAD_GONE, "it was refused: %s", row->problem ? row->problem : "");
	else if (row->expired)
		return bp_fail(&rq->fail, BP_E_UPLOAD_GONE, "nothing came for %lld hours (upload_hours): begin anew", (long long)bp_setting(BP_SETTING_upload_hours));
	return BP_E_OK;
}

enum bp_error bp_tus_head(struct bp_req *rq, uint64_t id)
{
	struct im_transfer t = {.fd = -1};
	struct q_transfer_get row;
	enum bp_error e = open_row(rq, id, &row, &t);

	/* A handler that died behind the last byte has left the end to us. */
	if (!e && t.fd >= 0 && t.offset == (uint64_t)row.bytes)
		e = finish(rq, &row, &t);
	im_transfer_close(&t);
	if (e)
		return e;
	tell(rq, t.offset);
	put_number(rq, "Upload-Length", (uint64_t)row.bytes);
	return BP_E_OK;
}

enum bp_error bp_tus_patch(struct bp_req *rq, uint64_t id)
{
	struct im_transfer t = {.fd = -1};
	struct q_transfer_get row;
	uint64_t offset;
	enum bp_error e;

	if (!is_bytes(rq))
		return bp_fail(&rq->fail, BP_E_MEDIA_TYPE, "send " TUS_MEDIA);
	if (!tus_bytes(bp_req_header(rq, "HTTP_UPLOAD_OFFSET"), &offset))
		return bp_req_field(rq, "/Upload-Offset", "must say at which byte it goes on");
	e = open_row(rq, id, &row, &t);
	if (!e && offset != t.offset) {
		put_number(rq, "Upload-Offset", t.offset);
		e = bp_fail(&rq->fail, BP_E_UPLOAD_OFFSET, "%llu bytes are there, not %llu", (unsigned long long)t.offset, (unsigned long long)offset);
	}
	if (!e && t.fd >= 0)
		e = append(rq, &row, &t);
	im_transfer_close(&t);
	if (!e)
		tell(rq, t.offset);
	return e;
}

struct dropping {
	struct bp_req *rq;
	uint64_t id;
};

static enum bp_error drop_tx(struct bp_db *db, void *ctx)
{
	struct dropping *d = ctx;

	return im_transfer_drop(db, d->rq->arena, d->rq->app->upload_dir, d->id);
}

static enum bp_error give_up(struct bp_req *rq, uint64_t id, bool asked)
{
	struct im_transfer t = {.fd = -1};
	struct q_transfer_get row;
	struct dropping d = {rq, id};
	enum bp_error e = q_transfer_get(rq->db, rq->arena, (int64_t)id, &row);

	if (!e && !strcmp(row.state, "OPEN")) /* not under a request that writes */
		e = im_transfer_open(rq->arena, rq->app->upload_dir, id, true, &t, &rq->fail);
	if (!e)
		e = asked ? bp_req_tx(rq, drop_tx, &d) : drop_tx(rq->db, &d);
	im_transfer_close(&t);
	return e;
}

enum bp_error bp_tus_delete(struct bp_req *rq, uint64_t id)
{
	return give_up(rq, id, true);
}

enum bp_error bp_tus_drop(struct bp_req *rq, uint64_t id)
{
	return give_up(rq, id, false);
}
