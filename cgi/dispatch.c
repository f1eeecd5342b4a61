/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/endpoint.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "cgi/access.h"
#include "cgi/meter.h"
#include "cgi/once.h"
#include "cgi/replica.h"
#include "cgi/route.h"
#include "health/doors.h"
#include "health/room.h"
#include "queries.h"
#include "snapshot/snapshot.h"

/* --- small helpers for handlers --- */

const char *const bp_channels[] = {"GT", "MT", NULL};

static const struct bp_field unit_fields[] = {
	BP_INT(bp_unit_body, territory_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_ENUM(bp_unit_body, channel, BP_REQ, bp_channels, "channel"),
};
const struct bp_shape bp_unit_shape = {"unit_body", sizeof(struct bp_unit_body), unit_fields,
	sizeof(unit_fields) / sizeof(*unit_fields), 0};

static const struct bp_field page_fields[] = {
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 0, 9e15, "cursor"),
};
const struct bp_shape bp_page_query_shape = {"page_query", sizeof(struct bp_page_query), page_fields,
	sizeof(page_fields) / sizeof(*page_fields), 0};

enum bp_error bp_req_field(struct bp_req *rq, const char *pointer, const char *problem)
{
	json_t *e = json_object();

	json_object_set_new(e, "pointer", json_string(pointer));
	json_object_set_new(e, "problem", json_string(problem));
	json_array_append_new(rq->fields, e);
	return BP_E_FIELDS;
}

enum bp_error bp_req_feature(struct bp_req *rq, enum bp_setting feature)
{
	return !feature || bp_setting(feature) ? BP_E_OK : bp_fail(&rq->fail, BP_E_FEATURE_OFF, "%s", bp_settings[feature].off);
}

struct bp_list bp_features_off(struct bp_arena *a)
{
	const char **v = bp_alloc_array(a, BP_SETTING__MAX, sizeof(*v));
	size_t n = 0;

	for (int s = 1; s < BP_SETTING__MAX; s++)
		if (bp_settings[s].type == BP_SETTING_SWITCH && !bp_setting((enum bp_setting)s))
			v[n++] = bp_settings[s].name;
	return (struct bp_list){v, n};
}

const char *bp_page_next(struct bp_arena *a, size_t got, int64_t limit, int64_t last)
{
	return (int64_t)got < limit ? NULL : bp_sprintf(a, "%lld", (long long)last);
}

#define LEAST_PACE 1024 /* bytes a second that must come of a body, on the whole */

long bp_req_read(struct bp_req *rq, char *buf, size_t n)
{
	int64_t since = bp_monotonic_us();
	long got = rq->io->read(rq->io->ctx, buf, n);

	rq->waited += bp_monotonic_us() - since;
	rq->came += got > 0 ? got : 0;
	/* Whoever sends a byte now and then would hold one of few places for ever. */
	return rq->waited > bp_setting(BP_SETTING_upload_patience_seconds) * 1000000 && rq->came < rq->waited / 1000000 * LEAST_PACE ? -1 : got;
}

bool bp_req_write(struct bp_req *rq, const char *data, size_t n)
{
	return rq->io->write(rq->io->ctx, data, n);
}

void bp_req_close_db(struct bp_req *rq)
{
	bp_db_free(rq->db);
	rq->db = NULL;
}

const char *bp_req_header(const struct bp_req *rq, const char *name)
{
	return rq->io->param ? rq->io->param(rq->io->ctx, name) : NULL;
}

static const char *kept_at(const struct bp_req *rq)
{
	return bp_sprintf(rq->arena, "/private/kept/%s.json", rq->etag);
}

/* A program of another version may write the same things in another way. */
bool bp_req_same(struct bp_req *rq, const char *made_of)
{
	const char *text = bp_sprintf(rq->arena, "%s %s %s?%s", PACKAGE_VERSION, made_of, rq->path, rq->query_string ? rq->query_string : "");
	unsigned char hash[16];
	char hex[33];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text, strlen(text), NULL, 0);
	rq->etag = bp_strdup(rq->arena, sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
	return rq->if_none_match && strstr(rq->if_none_match, rq->etag);
}

bool bp_req_kept(struct bp_req *rq, const char *made_of)
{
	rq->keep = true;
	if (bp_req_same(rq, made_of))
		return true;
	if (sn_kept(rq->arena, rq->app->snapshot_dir, rq->etag))
		rq->accel = kept_at(rq);
	return rq->accel;
}

void bp_req_reply_header(struct bp_req *rq, const char *name, const char *value)
{
	bp_buf_printf(rq->headers, "%s: %s\r\n", name, value);
}

void bp_endpoint_ending(const struct bp_endpoint *ep, struct bp_buf *headers)
{
	char until[BP_HTTP_DATE_SIZE];
	int64_t day;

	if (ep->deprecated && bp_date_parse(ep->deprecated, &day))
		bp_buf_printf(headers, "Deprecation: @%lld\r\n", (long long)day * 86400);
	if (ep->sunset && bp_date_parse(ep->sunset, &day)) {
		bp_instant_http(day * INT64_C(86400000000), until);
		bp_buf_printf(headers, "Sunset: %s\r\n", until);
	}
}

static void send_head(struct bp_req *rq, int status, const char *type, const char *more)
{
	/* A file that never changes is kept for ever only under an address that names its content (?v=HASH). */
	bool forever = rq->accel && rq->query_string && !strncmp(rq->query_string, "v=", 2);
	char *head = bp_sprintf(rq->arena,
		"Status: %d\r\nContent-Type: %s\r\nX-Correlation-Id: %s\r\n"
		"Cache-Control: %s\r\n%s%s\r\n",
		status, type, rq->correlation, forever ? "private, max-age=31536000, immutable" : "no-store",
		rq->headers->data, more);

	bp_req_write(rq, head, strlen(head));
}

void bp_req_encode(const struct bp_req *rq, struct bp_buf *b)
{
	if (rq->replay.p)
		bp_buf_add(b, rq->replay.p, rq->replay.n);
	else if (rq->reply && rq->ep->reply)
		bp_shape_encode(rq->ep->reply, rq->reply, b);
	else
		bp_buf_str(b, "{}");
}

void bp_req_plain_length(struct bp_req *rq, uint64_t bytes)
{
	bp_buf_printf(rq->headers, "X-Plain-Length: %llu\r\n", (unsigned long long)bytes);
}

void bp_req_begin(struct bp_req *rq, const char *filename)
{
	bp_req_begin_type(rq, rq->ep->media, filename);
}

void bp_req_begin_type(struct bp_req *rq, const char *media, const char *filename)
{
	const char *more = "";

	if (filename)
		more = bp_sprintf(rq->arena, "Content-Disposition: attachment; filename=\"%s\"\r\n", filename);
	rq->began = true;
	send_head(rq, 200, media, more);
}

/* --- the steps of a request --- */

static enum bp_error read_body(struct bp_req *rq, struct bp_buf *raw)
{
	char chunk[16384];
	long n;

	if (rq->content_length > (int64_t)BP_BODY_MOST)
		return bp_fail(&rq->fail, BP_E_TOO_LARGE, "a body may have %u bytes", BP_BODY_MOST);
	while ((n = bp_req_read(rq, chunk, sizeof(chunk))) > 0) {
		bp_buf_add(raw, chunk, (size_t)n);
		if (raw->over)
			return bp_fail(&rq->fail, BP_E_TOO_LARGE, "a body may have %u bytes", BP_BODY_MOST);
	}
	if (n < 0 || (rq->content_length >= 0 && (int64_t)raw->len < rq->content_length))
		return BP_E_ABORTED;
	return BP_E_OK;
}

/* Decode query and body through the shapes of the row. *json keeps the texts alive. */
static enum bp_error decode(struct bp_req *rq, struct bp_buf *raw, json_t **json)
{
	static const struct bp_shape none = {.name = "none", .size = 1};
	const struct bp_endpoint *ep = rq->ep;
	const struct bp_shape *query = ep->query ? ep->query : &none;
	json_error_t where;
	enum bp_error e;

	rq->query = bp_alloc(rq->arena, query->size);
	bp_shape_decode_query(query, rq->arena, rq->query_string, rq->query, rq->fields);
	if (ep->body) {
		if (rq->content_type && *rq->content_type && strncasecmp(rq->content_type, "application/json", 16))
			return bp_fail(&rq->fail, BP_E_MEDIA_TYPE, "send application/json");
		e = read_body(rq, raw);
		if (e)
			return e;
		*json = json_loadb(raw->data, raw->len, JSON_REJECT_DUPLICATES, &where);
		if (!*json)
			return bp_fail(&rq->fail, BP_E_JSON_SYNTAX, "line %d, column %d: %s", where.line, where.column,
				where.text);
		rq->body = bp_alloc(rq->arena, ep->body->size);
		bp_shape_decode(ep->body, rq->arena, *json, rq->body, rq->fields);
	}
	e = bp_once_read(rq, raw);
	return !e && json_array_size(rq->fields) ? BP_E_FIELDS : e;
}

/* By a copy of the database where the row allows it and there is one; when that fails before it has said anything, by itself. */
static enum bp_error handle(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;
	struct bp_db *replica = rq->ep->flags & BP_EP_MAY_LAG ? bp_replica(rq->app->conf, rq->arena) : NULL;
	enum bp_error e = BP_E_DB_DOWN;

	if (replica) {
		rq->db = replica;
		e = rq->ep->handle(rq);
		rq->db = db;
		if (e == BP_E_DB_DOWN)
			bp_replica_close();
	}
	return e == BP_E_DB_DOWN && !rq->began ? rq->ep->handle(rq) : e;
}

/* What changes something, with its Idempotency-Key, its audit event and what is kept of the reply: one transaction holds them all. */
static enum bp_error record(struct bp_req *rq, enum bp_error (*fn)(struct bp_db *, void *), void *ctx)
{
	enum bp_error written, e = bp_once_take(rq);

	if (!e && !rq->once.again)
		e = fn(rq->db, ctx);
	if ((e && !rq->began) || rq->once.again)
		return e;
	/* A reply that broke off half-way has gone out all the same. */
	written = bp_audit_write(rq->db, &rq->audit);
	if (!written)
		written = bp_once_keep(rq);
	return e ? e : written;
}

struct change {
	struct bp_req *rq;
	enum bp_error (*fn)(struct bp_db *, void *);
	void *ctx;
	size_t n_changes; /* that were noted before */
};

static enum bp_error change_tx(struct bp_db *db, void *ctx)
{
	const struct change *c = ctx;

	(void)db; /* that of the request */
	bp_fail_clear(&c->rq->fail);
	c->rq->audit.n_changes = c->n_changes;
	c->rq->once.again = false;
	return record(c->rq, c->fn, c->ctx);
}

enum bp_error bp_req_tx(struct bp_req *rq, enum bp_error (*fn)(struct bp_db *, void *), void *ctx)
{
	struct change c = {rq, fn, ctx, rq->audit.n_changes};
	enum bp_error e = bp_db_tx(rq->db, change_tx, &c);

	if (!e)
		rq->audit.action = BP_ACTION_NONE; /* it is written */
	return e;
}

/* The handler and what goes with it; runs again when the transaction is retried. */
static enum bp_error act(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;
	enum bp_error e;

	rq->reply = NULL;
	rq->replay = (struct bp_bytes){0};
	rq->once.again = false;
	rq->etag = NULL;
	json_array_clear(rq->fields);
	bp_buf_cut(rq->headers, rq->always); /* what an attempt before this one had added */
	bp_fail_clear(&rq->fail);
	rq->audit = (struct bp_audit){.action = rq->ep->audit, .user = rq->user.viewer ? rq->user.viewer : rq->user.id,
		.resource_id = rq->arg[0], .territory = rq->territory, .channel = rq->channel, .ip = rq->ip, .agent = rq->agent,
		.correlation = rq->correlation};
	if (!(rq->ep->flags & BP_EP_NO_TX))
		return record(rq, handle, rq);
	e = handle(db, rq);
	return e || rq->once.again ? e : bp_audit_write(db, &rq->audit);
}

/* Is the origin of the asking page among those that are configured? */
static bool origin_known(const struct bp_req *rq)
{
	const char *list = rq->app->conf ? rq->app->conf->cors_origins : "off";

	return rq->origin && bp_conf_lists(list, rq->origin);
}

/* What lets a page of another origin read the reply. Its browser may send a token; a cookie it may never (no
 * Allow-Credentials), so that a page that is let in by mistake has nobody's rights. */
static void cross_origin(struct bp_req *rq)
{
	if (!rq->app->conf || !strcmp(rq->app->conf->cors_origins, "off"))
		return;
	bp_buf_str(rq->headers, "Vary: Origin\r\n");
	if (origin_known(rq))
		bp_buf_printf(rq->headers, "Access-Control-Allow-Origin: %s\r\nAccess-Control-Expose-Headers: Deprecation, ETag, Idempotency-Replayed, Location, "
			"RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Sunset, Upload-Offset, Upload-Length, X-Correlation-Id\r\n", rq->origin);
}

/* A browser asks before a page of another origin may call. */
static bool preflight(struct bp_req *rq)
{
	if (strcmp(rq->method, "OPTIONS") || !origin_known(rq) || !bp_req_header(rq, "HTTP_ACCESS_CONTROL_REQUEST_METHOD"))
		return false;
	bp_buf_str(rq->headers, "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
		"Access-Control-Allow-Headers: Authorization, Content-Type, If-None-Match, X-Correlation-Id, Idempotency-Key, Tus-Resumable, "
		"Upload-Length, Upload-Offset, Upload-Metadata, Upload-Checksum\r\nAccess-Control-Max-Age: 600\r\n");
	send_head(rq, 204, "text/plain", "");
	return true;
}

/* Everything from who asks to what is answered. */
static enum bp_error serve(struct bp_req *rq, struct bp_buf *raw, json_t **json)
{
	enum bp_error e = bp_access(rq);

	if (!e)
		e = bp_req_feature(rq, rq->ep->feature);
	if (!e && rq->ep->flags & BP_EP_ROOM)
		e = bp_room(rq->app->conf, &rq->fail);
	if (!e)
		e = decode(rq, raw, json);
	if (e)
		return e;
	rq->always = rq->headers->len;
	if (bp_endpoint_changes(rq->ep) ? !(rq->ep->flags & BP_EP_NO_TX) : rq->ep->flags & BP_EP_ONE_STATE)
		return bp_db_tx(rq->db, act, rq);
	return act(rq->db, rq);
}

/* A reading that is noted in the trail writes too. */
static bool writes(const struct bp_endpoint *ep)
{
	return bp_endpoint_changes(ep) || ep->audit != BP_ACTION_NONE;
}

static enum bp_error run(struct bp_req *rq, struct bp_buf *raw, json_t **json)
{
	enum bp_error e = bp_route(rq);
	bool counted;

	if (!e && (rq->ep->flags & BP_EP_POOLS) != (unsigned)rq->app->pool)
		e = BP_E_NO_ROUTE;
	if (e)
		return e;
	bp_endpoint_ending(rq->ep, rq->headers);
	if (rq->db)
		bp_settings_fresh(rq->db);
	else if (!(rq->ep->flags & BP_EP_NO_DB))
		return BP_E_DB_DOWN;
	if (rq->ep->flags & BP_EP_WATCHES)
		return serve(rq, raw, json);
	counted = writes(rq->ep);
	e = counted ? bp_doors_enter(rq->db, &rq->fail) : bp_doors_ask(rq->db, &rq->fail);
	if (e)
		return e;
	e = serve(rq, raw, json);
	if (counted)
		bp_doors_leave();
	return e;
}

/* --- replies --- */

static void reply_error(struct bp_req *rq, enum bp_error e)
{
	const struct bp_error_info *info = &bp_errors[e];
	/* What the database says is for the log. */
	bool ours = e == BP_E_INTERNAL || e == BP_E_DB_DOWN || e == BP_E_DB_RETRY;
	struct bp_buf b;

	bp_buf_init(&b, 1u << 20);
	bp_buf_printf(&b, "{\"code\":\"%s\",\"message\":", info->code);
	bp_json_string(&b, info->message);
	bp_buf_str(&b, ",\"detail\":");
	bp_json_string(&b, rq->fail.code && !ours ? rq->fail.detail : NULL);
	if (json_array_size(rq->fields)) {
		char *fields = json_dumps(rq->fields, JSON_COMPACT);

		bp_buf_printf(&b, ",\"fields\":%s", fields);
		free(fields);
	}
	bp_buf_str(&b, ",\"correlationId\":");
	bp_json_string(&b, rq->correlation);
	bp_buf_chr(&b, '}');
	if (info->http == 503 && !strstr(rq->headers->data, "Retry-After"))
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", e == BP_E_MAINTENANCE ? 120 : 2);
	rq->accel = NULL;
	send_head(rq, info->http, "application/json", "");
	bp_req_write(rq, b.data, b.len);
	bp_buf_release(&b);
}

/* The reply as a file for whoever asks next, and for this one. Without room there it is sent as any other. */
static void keep(struct bp_req *rq, const struct bp_buf *b)
{
	struct bp_fail f = {0};

	if (sn_keep(rq->arena, rq->app->snapshot_dir, rq->etag, b->data, b->len, &f))
		bp_log(BP_LOG_WARN, "ev=not_kept rq=%s detail=\"%s\"", rq->correlation, f.detail);
	else
		rq->accel = kept_at(rq);
}

static void send_file(struct bp_req *rq)
{
	const char *tag = rq->etag ? bp_sprintf(rq->arena, "ETag: \"%s\"\r\n", rq->etag) : "";

	if (rq->keep)
		bp_req_plain_length(rq, sn_plain_size(rq->arena, rq->app->snapshot_dir, rq->etag));
	send_head(rq, 200, rq->ep->media ? rq->ep->media : "application/json", bp_sprintf(rq->arena, "%sX-Accel-Redirect: %s\r\n", tag, rq->accel));
}

static enum bp_error reply_ok(struct bp_req *rq, size_t *bytes)
{
	unsigned char hash[16];
	char hex[33];
	struct bp_buf b;

	if (rq->began)
		return BP_E_OK;
	if (rq->ep->status) {
		send_head(rq, rq->ep->status, "text/plain", "");
		return BP_E_OK;
	}
	if (rq->accel) {
		send_file(rq);
		return BP_E_OK;
	}
	if (rq->etag && rq->if_none_match && strstr(rq->if_none_match, rq->etag)) {
		send_head(rq, 304, "application/json", bp_sprintf(rq->arena, "ETag: \"%s\"\r\n", rq->etag));
		return BP_E_OK;
	}
	bp_buf_init(&b, BP_REPLY_MOST);
	bp_req_encode(rq, &b);
	if (b.over) {
		bp_buf_release(&b);
		return bp_fail(&rq->fail, BP_E_INTERNAL, "the reply is larger than %u bytes", BP_REPLY_MOST);
	}
	if (rq->keep)
		keep(rq, &b);
	if (rq->accel) {
		send_file(rq);
		*bytes = b.len;
		bp_buf_release(&b);
		return BP_E_OK;
	}
	if (!rq->etag) {
		crypto_generichash(hash, sizeof(hash), (const unsigned char *)b.data, b.len, NULL, 0);
		rq->etag = sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	}
	if (!strcmp(rq->method, "GET")) {
		bool same = rq->if_none_match && strstr(rq->if_none_match, rq->etag);

		if (!same)
			bp_req_plain_length(rq, b.len);
		send_head(rq, same ? 304 : 200, "application/json", bp_sprintf(rq->arena, "ETag: \"%s\"\r\n", rq->etag));
		if (!same)
			bp_req_write(rq, b.data, b.len);
	} else {
		send_head(rq, 200, "application/json", "");
		bp_req_write(rq, b.data, b.len);
	}
	*bytes = b.len;
	bp_buf_release(&b);
	return BP_E_OK;
}

void bp_dispatch(struct bp_req *rq)
{
	int64_t start = bp_monotonic_us();
	struct bp_buf raw, headers;
	json_t *json = NULL;
	size_t bytes = 0;
	bool answered;
	enum bp_error e;
	char quoted[700];

	bp_buf_init(&raw, BP_BODY_MOST);
	bp_buf_init(&headers, 8192);
	rq->headers = &headers;
	rq->fields = json_array();
	cross_origin(rq);
	rq->always = headers.len;
	answered = preflight(rq);
	e = answered ? BP_E_OK : run(rq, &raw, &json);
	if (!e && !answered)
		e = reply_ok(rq, &bytes);
	rq->broken = e && rq->began;
	if (e && !rq->began)
		reply_error(rq, e);
	if (rq->db && e && !rq->fail.code && bp_db_failure(rq->db)->code == e)
		rq->fail = *bp_db_failure(rq->db);
	bp_log(e == BP_E_INTERNAL ? BP_LOG_ERROR : BP_LOG_INFO,
		"ev=request rq=%s ip=%s user=%llu ep=\"%s %s\" err=%s ms=%.1f bytes=%zu detail=%s", rq->correlation, rq->ip,
		(unsigned long long)rq->user.id, rq->method, rq->ep ? rq->ep->path : "-", bp_errors[e].name,
		(double)(bp_monotonic_us() - start) / 1000, bytes,
		bp_log_quote(quoted, sizeof(quoted), e ? rq->fail.detail : ""));
	bp_meter_request(rq, e, bp_monotonic_us() - start);
	json_decref(rq->fields);
	json_decref(json);
	bp_buf_release(&raw);
	bp_buf_release(&headers);
}
