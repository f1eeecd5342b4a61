/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_tickets.c - addresses at which one file may be delivered without signing in: handing them out, and deliveries there. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cgi/once.h"
#include "cgi/res_imports.h"
#include "cgi/tus.h"

enum { SECONDS_LEAST = 1, SECONDS_MOST = 30 * 86400 };

static const struct bp_field address_fields[] = {
	BP_STR(bp_import_address, name, BP_REQ, 1, 1020, "name of the file it is for"),
	BP_STR(bp_import_address, url, BP_REQ, 1, 200, "where to PUT the file, or to begin a resumable upload by POST; of this server"),
	BP_INT(bp_import_address, expires_in, BP_REQ, SECONDS_LEAST, SECONDS_MOST, "for how many seconds it is good"),
	BP_TIME(bp_import_address, expires_at, BP_REQ, "until when"),
};
const struct bp_shape bp_import_address_shape = {"import_address", sizeof(struct bp_import_address), address_fields,
	sizeof(address_fields) / sizeof(*address_fields), 0};

enum bp_error bp_import_addresses(struct bp_req *rq, uint64_t session, const struct bp_list *files, struct bp_opt_int expires_in, struct bp_list *out)
{
	int64_t seconds = expires_in.set ? expires_in.v : bp_setting(BP_SETTING_upload_url_seconds);
	struct bp_import_address *v = bp_alloc_array(rq->arena, files->n, sizeof(*v));
	const char *const *names = files->v;
	char ticket[IM_TICKET_SIZE];
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < files->n; i++) {
		char *name;

		if (!*names[i] || strlen(names[i]) > 255)
			return bp_req_field(rq, bp_sprintf(rq->arena, "/files/%zu", i), "must be a file name of at most 255 bytes");
		name = im_plain_name(rq->arena, names[i]);
		e = im_ticket_new(rq->db, rq->arena, session, name, rq->user.id, seconds, ticket, &rq->fail);
		v[i] = (struct bp_import_address){name, bp_sprintf(rq->arena, "/api/v1/import/deliver/%s", ticket), seconds,
			bp_now() + seconds * 1000000};
	}
	rq->secret |= files->n;
	*out = (struct bp_list){v, files->n};
	return e;
}

struct wanted {
	struct bp_list files;
	struct bp_opt_int expires_in;
};
BP_SHAPE(import_addresses_wanted, wanted,
	BP_LIST_STR(wanted, files, BP_REQ, BP_IMPORT_ADDRESSES_MOST, "names of the files that will come"),
	BP_INT(wanted, expires_in, BP_NUL, SECONDS_LEAST, SECONDS_MOST, "for how many seconds, as configured without"));
struct given {
	struct bp_list items;
};
BP_SHAPE(import_addresses, given,
	BP_LIST(given, items, BP_REQ, BP_IMPORT_ADDRESSES_MOST, &bp_import_address_shape, "one for each file"));

static enum bp_error hand_out(struct bp_req *rq)
{
	const struct wanted *w = rq->body;
	struct given *g = bp_alloc(rq->arena, sizeof(*g));
	struct q_import_session_get s;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = im_session_reopen(rq->db, rq->arena, rq->arg[0], &rq->fail);
	if (!e)
		e = bp_import_addresses(rq, rq->arg[0], &w->files, w->expires_in, &g->items);
	rq->audit.resource_type = "import";
	for (size_t i = 0; !e && i < w->files.n; i++)
		bp_audit_change(&rq->audit, "address", "", ((const char *const *)w->files.v)[i]);
	rq->reply = g;
	return e;
}

/* --- deliveries --- */

static enum bp_error ticket_of(struct bp_req *rq, struct q_ticket_get *t)
{
	enum bp_error e = im_ticket_check(rq->db, rq->arena, rq->arg_text[0], t, &rq->fail);

	if (!e)
		rq->audit.user = (uint64_t)t->created_by;
	return e;
}

static enum bp_error deliver(struct bp_req *rq)
{
	struct q_ticket_get t;
	struct bp_import_taking what = {0};
	enum bp_error e = bp_once_known(rq); /* the address is used up then */

	if (!e && !rq->once.again)
		e = ticket_of(rq, &t);
	if (e || rq->once.again)
		return e;
	what = (struct bp_import_taking){(uint64_t)t.session_id, t.name, NULL, NULL, (uint64_t)t.id};
	return bp_import_take(rq, &what);
}

/* A ticket has one transfer at a time: beginning anew gives the old one up. */
static enum bp_error create(struct bp_req *rq)
{
	struct bp_tus_new what = {0};
	struct q_transfer_of_ticket old;
	struct q_ticket_get t;
	uint64_t id = 0;
	enum bp_error e = bp_tus_begin(rq);

	if (!e)
		e = bp_once_known(rq);
	if (!e && !rq->once.again) {
		e = ticket_of(rq, &t);
		if (e)
			return e;
		e = q_transfer_of_ticket(rq->db, rq->arena, t.id, &old);
		if (!e)
			e = bp_tus_drop(rq, (uint64_t)old.id);
		if (e && e != BP_E_NOT_FOUND)
			return e;
		what = (struct bp_tus_new){.session = (uint64_t)t.session_id, .user = (uint64_t)t.created_by, .ticket = BP_SOME_INT(t.id), .name = t.name};
		e = BP_E_OK;
	}
	if (!e)
		e = bp_tus_create(rq, &what, &id);
	if (!e)
		bp_req_reply_header(rq, "Location", bp_sprintf(rq->arena, "/api/v1/import/deliver/%s/transfer", rq->arg_text[0]));
	return e;
}

/* HEAD must still answer when the ticket was used up by the last byte, for a sender that did not hear of it. */
static enum bp_error transfer_of(struct bp_req *rq, bool ended_too, uint64_t *id)
{
	struct q_transfer_of_ticket now;
	struct q_ticket_get t;
	enum bp_error e = bp_tus_begin(rq);

	if (!e)
		e = ticket_of(rq, &t);
	if (e == BP_E_UPLOAD_GONE && ended_too && t.used) {
		bp_fail_clear(&rq->fail);
		e = BP_E_OK;
	}
	if (!e)
		e = q_transfer_of_ticket(rq->db, rq->arena, t.id, &now);
	*id = e ? 0 : (uint64_t)now.id;
	return e == BP_E_NOT_FOUND ? bp_fail(&rq->fail, BP_E_UPLOAD_GONE, "nothing was begun here: POST to the address first") : e;
}

static enum bp_error head(struct bp_req *rq)
{
	uint64_t id;
	enum bp_error e = transfer_of(rq, true, &id);

	return e ? e : bp_tus_head(rq, id);
}

static enum bp_error patch(struct bp_req *rq)
{
	uint64_t id;
	enum bp_error e = transfer_of(rq, false, &id);

	return e ? e : bp_tus_patch(rq, id);
}

static enum bp_error drop(struct bp_req *rq)
{
	uint64_t id;
	enum bp_error e = bp_once_known(rq); /* it is gone then */

	if (!e && !rq->once.again)
		e = transfer_of(rq, false, &id);
	return e || rq->once.again ? e : bp_tus_delete(rq, id);
}

#define TICKET BP_SCOPE_PUBLIC, 0
#define UPLOADS (BP_EP_NO_TX | BP_EP_NO_CSRF | BP_EP_STREAM_IN | BP_EP_UPLOAD)
static const struct bp_endpoint ep[] = {
	{"POST", "/import/sessions/{id}/addresses", "Hand out addresses that each take one file without signing in", BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA, 0,
		.body = &import_addresses_wanted, .reply = &import_addresses, .audit = BP_ACTION_IMPORT_ADDRESS,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = hand_out},
	{"PUT", "/import/deliver/{ticket:text}", "Deliver a file to an address that was handed out: the raw body", TICKET, UPLOADS,
		.reply = &bp_import_upload_shape, .audit = BP_ACTION_IMPORT_UPLOAD, .fails = {BP_E_UPLOAD_TICKET, BP_E_UPLOAD_GONE, BP_E_IMPORT_STATE,
			BP_E_IMPORT_FORMAT, BP_E_ABORTED, BP_E_TOO_LARGE, BP_E_DISK_FULL}, .handle = deliver},
	{"OPTIONS", "/import/deliver/{ticket:text}", "Say what resumable deliveries can do (tus 1.0)", TICKET, BP_EP_NO_TX | BP_EP_UPLOAD,
		.handle = bp_tus_options, .status = 204},
	{"POST", "/import/deliver/{ticket:text}", "Begin a resumable delivery (tus)", TICKET, UPLOADS, .fails = {BP_E_UPLOAD_TICKET, BP_E_UPLOAD_GONE,
		BP_E_UPLOAD_BUSY, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT, BP_E_ABORTED, BP_E_TOO_LARGE, BP_E_DISK_FULL, BP_E_UPLOAD_CHECKSUM,
		BP_E_UPLOAD_VERSION}, .handle = create, .status = 201},
	{"HEAD", "/import/deliver/{ticket:text}/transfer", "Say at which byte a delivery goes on (tus)", TICKET, BP_EP_NO_TX | BP_EP_UPLOAD,
		.fails = {BP_E_UPLOAD_TICKET, BP_E_UPLOAD_GONE, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_VERSION, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT}, .handle = head},
	{"PATCH", "/import/deliver/{ticket:text}/transfer", "Send the next bytes of a delivery (tus)", TICKET, UPLOADS, .unkeyed = BP_TUS_OFFSETS, .fails = {BP_E_UPLOAD_TICKET,
		BP_E_UPLOAD_GONE, BP_E_UPLOAD_OFFSET, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_CHECKSUM, BP_E_UPLOAD_VERSION, BP_E_MEDIA_TYPE, BP_E_TOO_LARGE,
		BP_E_ABORTED, BP_E_DISK_FULL, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT}, .handle = patch, .status = 204},
	{"DELETE", "/import/deliver/{ticket:text}/transfer", "Give a delivery up (tus)", TICKET, BP_EP_NO_TX | BP_EP_NO_CSRF | BP_EP_UPLOAD,
		.fails = {BP_E_UPLOAD_TICKET, BP_E_UPLOAD_GONE, BP_E_UPLOAD_BUSY, BP_E_UPLOAD_VERSION}, .handle = drop, .status = 204},
};
BP_RESOURCE(tickets, ep);
