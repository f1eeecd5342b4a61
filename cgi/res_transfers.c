/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_transfers.c - uploads that go on where they broke off: the tus protocol, and what a person may see of them. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgi/once.h"
#include "cgi/res_imports.h"
#include "cgi/tus.h"
#include "intake/suggest.h"

enum { SNIFF_BYTES = 1 << 20 };

struct transfer {
	int64_t id, session;
	const char *name, *state;
	int64_t bytes, offset, modified;
	bool mine;
	struct bp_opt_int file;
	const char *tables, *sha256, *problem;
	int64_t created_at, expires_at;
};
static const char *const states[] = {"OPEN", "DONE", "REFUSED", NULL};
BP_SHAPE(import_transfer, transfer,
	BP_INT(transfer, id, BP_REQ, 1, 9e15, "transfer"),
	BP_INT(transfer, session, BP_REQ, 1, 9e15, "session its file belongs to"),
	BP_STR(transfer, name, BP_REQ, 1, 1020, "name of the file"),
	BP_ENUM(transfer, state, BP_REQ, states, "OPEN until its last byte, then DONE or REFUSED"),
	BP_INT(transfer, bytes, BP_REQ, 0, 9e15, "size of the file"),
	BP_INT(transfer, offset, BP_REQ, 0, 9e15, "bytes that are there: it goes on at this one"),
	BP_INT(transfer, modified, BP_REQ, -9e15, 9e15, "when the file was changed, as the sender said: milliseconds since 1970, 0 = not said"),
	BP_BOOL(transfer, mine, BP_REQ, "whether you may go on with it"),
	BP_INT(transfer, file, BP_NUL, 1, 9e15, "first file of the session that it became"),
	BP_JSON(transfer, tables, BP_NUL, "once it is done: array of {name, file, problem}, every table in it"),
	BP_STR(transfer, sha256, BP_NUL, 64, 64, "checksum of the whole file, in hexadecimal"),
	BP_STR(transfer, problem, BP_NUL, 0, 4000, "why it was refused"),
	BP_TIME(transfer, created_at, BP_REQ, "begun"),
	BP_TIME(transfer, expires_at, BP_REQ, "until when it is kept"));
struct page {
	struct bp_list items;
};
BP_SHAPE(import_transfer_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &import_transfer, "uploads on their way, the oldest first"));
struct by_session {
	int64_t session;
};
BP_SHAPE(import_transfer_query, by_session,
	BP_INT(by_session, session, BP_REQ, 1, 9e15, "of this session"));

static bool may_go_on(const struct bp_req *rq, int64_t creator)
{
	return (uint64_t)creator == rq->user.id || rq->user.world & BP_PERM_BIT(BP_PERM_ADMIN_SYSTEM);
}

/* Two queries give rows of the same columns. */
#define TRANSFER_OF(rq, r) \
	((struct transfer){(r)->id, (r)->session_id, (r)->name, (r)->state, (r)->bytes, \
		!strcmp((r)->state, "DONE") ? (r)->bytes : (int64_t)im_transfer_offset((rq)->arena, (rq)->app->upload_dir, (uint64_t)(r)->id), \
		(r)->modified, may_go_on(rq, (r)->created_by), (r)->file_id, (r)->tables, (r)->sha256, (r)->problem, (r)->created_at, \
		(r)->expires_at})

static enum bp_error list(struct bp_req *rq)
{
	const struct by_session *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_session_get s;
	struct q_transfers *r;
	struct transfer *v;
	size_t n = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, q->session, &s);

	if (!e)
		e = q_transfers(rq->db, rq->arena, q->session, &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = TRANSFER_OF(rq, &r[i]);
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	struct transfer *t = bp_alloc(rq->arena, sizeof(*t));
	struct q_transfer_get r;
	enum bp_error e = q_transfer_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (!e)
		*t = TRANSFER_OF(rq, &r);
	rq->reply = t;
	return e;
}

/* --- the shape of what has come --- */

struct early {
	const char *encoding, *delimiter, *entity;
	int64_t header_row, rows;
	struct bp_list columns;
	const char *sample;
};
BP_SHAPE(import_early, early,
	BP_STR(early, encoding, BP_REQ, 1, 24, "how its text is written"),
	BP_STR(early, delimiter, BP_REQ, 1, 4, "what separates its columns"),
	BP_STR(early, entity, BP_NUL, 0, 16, "what it seems to hold"),
	BP_INT(early, header_row, BP_REQ, 0, 9e15, "line of the header, 0 = none"),
	BP_INT(early, rows, BP_REQ, 0, 9e15, "about how many rows the whole file has"),
	BP_LIST_STR(early, columns, BP_REQ, 100000, "header texts"),
	BP_JSON(early, sample, BP_REQ, "first 50 rows of data, arrays of text"));

/* Bytes of the head that end with a line; 0 = not one is whole yet. */
static size_t whole_lines(const char *head, size_t n)
{
	bool wide = n > 1 && ((head[0] == '\xFF' && head[1] == '\xFE') || (head[0] == '\xFE' && head[1] == '\xFF'));

	while (n && head[n - 1] != '\n' && head[n - 1] != '\r')
		n--;
	return wide && n ? (n + 1) & ~(size_t)1 : n;
}

static enum bp_error preview(struct bp_req *rq)
{
	struct early *out = bp_alloc(rq->arena, sizeof(*out));
	char *path, *head = bp_alloc(rq->arena, SNIFF_BYTES), delimiter[2] = "";
	struct q_transfer_get r;
	struct im_sniffed sn;
	enum im_entity entity;
	ssize_t n = -1;
	size_t whole;
	int fd;
	enum bp_error e = q_transfer_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (e)
		return e;
	path = bp_sprintf(rq->arena, "%s/.transfer-%llu", rq->app->upload_dir, (unsigned long long)r.id);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, head, SNIFF_BYTES);
	whole = n > 0 ? whole_lines(head, (size_t)n) : 0;
	if (fd < 0)
		e = bp_fail(&rq->fail, BP_E_UPLOAD_GONE, "it is over: look at the file that it became");
	else if (n > 0 && tb_form_of(head, n > 64 ? 64 : (size_t)n) != TB_TEXT)
		e = bp_fail(&rq->fail, BP_E_IMPORT_FORMAT, "a packed file is looked into when it is there as a whole");
	else if (!whole)
		e = bp_fail(&rq->fail, BP_E_IMPORT_FORMAT, "no whole line has come yet");
	else
		e = im_sniff(fd, whole, &(struct im_wish){.header_line = -1}, rq->arena, &sn, &rq->fail);
	if (fd >= 0)
		close(fd);
	if (e)
		return e;
	delimiter[0] = sn.dialect.delimiter;
	entity = *r.entity ? im_entity_of(r.entity) : im_guess_entity(r.name, &sn, rq->arena);
	*out = (struct early){sn.dialect.encoding, bp_strdup(rq->arena, delimiter), entity < IM_ENTITY__MAX ? im_entities[entity].name : NULL,
		(int64_t)sn.header_line, (int64_t)((double)sn.rows_guess * (double)r.bytes / (double)whole), {sn.column, sn.n_columns},
		bp_import_rows_json(rq, &sn)};
	out->encoding = bp_strdup(rq->arena, out->encoding);
	rq->reply = out;
	return BP_E_OK;
}

/* --- tus --- */

static enum bp_error create(struct bp_req *rq)
{
	const char *meta = bp_req_header(rq, "HTTP_UPLOAD_METADATA");
	const char *name = tus_metadata(rq->arena, meta, "filename"), *session = tus_metadata(rq->arena, meta, "session");
	const char *entity = tus_metadata(rq->arena, meta, "entity"), *row = tus_metadata(rq->arena, meta, "row");
	const char *modified = tus_metadata(rq->arena, meta, "modified");
	struct bp_tus_new what = {.user = rq->user.id};
	uint64_t id = 0;
	enum bp_error e = bp_tus_begin(rq);

	if (e)
		return e;
	if (!tus_bytes(session, &what.session))
		e = bp_req_field(rq, "/Upload-Metadata/session", "must name the import session");
	if (!name || !*name || strlen(name) > 1020)
		e = bp_req_field(rq, "/Upload-Metadata/filename", "must be the name of the file");
	if (entity && *entity && im_entity_of(entity) == IM_ENTITY__MAX)
		e = bp_req_field(rq, "/Upload-Metadata/entity", "is nothing that can be imported");
	if (row && strlen(row) > 120)
		e = bp_req_field(rq, "/Upload-Metadata/row", "may have 120 bytes");
	if (e)
		return e;
	what.name = im_plain_name(rq->arena, name);
	what.entity = entity && *entity ? entity : NULL;
	what.row = row && *row ? row : NULL;
	what.modified = modified ? strtoll(modified, NULL, 10) : 0;
	if (what.modified < 0 || what.modified > (int64_t)9e15)
		what.modified = 0;
	e = bp_tus_create(rq, &what, &id);
	if (!e)
		bp_req_reply_header(rq, "Location", bp_sprintf(rq->arena, "/api/v1/import/transfers/%llu", (unsigned long long)id));
	return e;
}

/* Only who began it goes on, and an administrator. */
static enum bp_error mine(struct bp_req *rq)
{
	struct q_transfer_get r;
	enum bp_error e = q_transfer_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (!e)
		e = bp_tus_begin(rq);
	if (!e && !may_go_on(rq, r.created_by))
		return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "somebody else began this upload");
	return e;
}

static enum bp_error head(struct bp_req *rq)
{
	enum bp_error e = mine(rq);

	return e ? e : bp_tus_head(rq, rq->arg[0]);
}

static enum bp_error patch(struct bp_req *rq)
{
	enum bp_error e = mine(rq);

	return e ? e : bp_tus_patch(rq, rq->arg[0]);
}

static enum bp_error drop(struct bp_req *rq)
{
	enum bp_error e = bp_once_known(rq); /* it is gone then */

	if (!e && !rq->once.again)
		e = mine(rq);
	return e || rq->once.again ? e : bp_tus_delete(rq, rq->arg[0]);
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
#define UPLOADS (BP_EP_NO_TX | BP_EP_STREAM_IN | BP_EP_UPLOAD)
static const struct bp_endpoint ep[] = {
	{"OPTIONS", "/import/transfers", "Say what resumable uploads can do (tus 1.0)", BP_SCOPE_PUBLIC, 0, BP_EP_UPLOAD | BP_EP_NO_TX,
		.handle = bp_tus_options, .status = 204},
	{"GET", "/import/transfers", "List the uploads of a session that are on their way", WORLD, BP_EP_UPLOAD, .query = &import_transfer_query,
		.reply = &import_transfer_page, .fails = {BP_E_NOT_FOUND}, .handle = list},
	{"POST", "/import/transfers", "Begin a resumable upload (tus): Upload-Length; Upload-Metadata with session, filename and, if wanted, entity, row, modified",
		WORLD, UPLOADS | BP_EP_ROOM, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT, BP_E_TOO_LARGE, BP_E_ABORTED,
			BP_E_UPLOAD_CHECKSUM, BP_E_UPLOAD_VERSION}, .handle = create, .status = 201},
	{"GET", "/import/transfers/{id}", "Read how far an upload is and what it became", WORLD, BP_EP_UPLOAD, .reply = &import_transfer,
		.fails = {BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/import/transfers/{id}/preview", "Show columns and first rows of what has come so far", WORLD, BP_EP_UPLOAD, .reply = &import_early,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_FORMAT, BP_E_UPLOAD_GONE}, .handle = preview},
	{"HEAD", "/import/transfers/{id}", "Say at which byte an upload goes on (tus)", WORLD, BP_EP_UPLOAD | BP_EP_NO_TX,
		.fails = {BP_E_NOT_FOUND, BP_E_UPLOAD_GONE, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_VERSION, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT}, .handle = head},
	{"PATCH", "/import/transfers/{id}", "Send the next bytes of an upload (tus): Upload-Offset, Upload-Checksum", WORLD, UPLOADS,
		.unkeyed = BP_TUS_OFFSETS, .fails = {BP_E_NOT_FOUND, BP_E_UPLOAD_OFFSET, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_GONE, BP_E_UPLOAD_CHECKSUM, BP_E_UPLOAD_VERSION,
			BP_E_MEDIA_TYPE, BP_E_TOO_LARGE, BP_E_ABORTED, BP_E_DISK_FULL, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT}, .handle = patch, .status = 204},
	{"DELETE", "/import/transfers/{id}", "Give an upload up (tus)", WORLD, BP_EP_UPLOAD | BP_EP_NO_TX,
		.fails = {BP_E_NOT_FOUND, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_VERSION}, .handle = drop, .status = 204},
};
BP_RESOURCE(transfers, ep);
