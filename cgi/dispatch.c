/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/endpoint.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth/limit.h"
#include "auth/program.h"
#include "base/log.h"
#include "base/time.h"
#include "cgi/meter.h"
#include "cgi/once.h"
#include "cgi/replica.h"
#include "cgi/route.h"
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

enum bp_error bp_req_field(struct bp_req *rq, const char *pointer, const char *problem)
{
	json_t *e = json_object();

	json_object_set_new(e, "pointer", json_string(pointer));
	json_object_set_new(e, "problem", json_string(problem));
	json_array_append_new(rq->fields, e);
	return BP_E_FIELDS;
}

enum bp_error bp_req_need(struct bp_req *rq, enum bp_perm p, uint64_t territory)
{
	bool may = false;
	enum bp_error e = bp_auth_may(rq->db, &rq->user, p, territory, &may);

	if (e || may)
		return e;
	return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "this needs the permission %s", bp_perms[p].name);
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

enum bp_error bp_req_need_channel(struct bp_req *rq, const char *channel, uint64_t territory)
{
	return bp_req_need(rq, !strcmp(channel, "MT") ? BP_PERM_PLAN_MT_ROUTES : BP_PERM_PLAN_GT_ROUTES, territory);
}

enum bp_error bp_req_territory(struct bp_req *rq, int64_t id)
{
	struct q_scope_territory t;
	bool see = false;
	enum bp_error e = q_scope_territory(rq->db, rq->arena, id, &t);

	if (!e)
		e = bp_auth_may(rq->db, &rq->user, BP_PERM_VIEW_TERRITORY, (uint64_t)id, &see);
	rq->territory = (uint64_t)id;
	return e == BP_E_NOT_FOUND || (!e && !see) ? BP_E_TERRITORY_NONE : e;
}

const char *bp_page_next(struct bp_arena *a, size_t got, int64_t limit, int64_t last)
{
	return (int64_t)got < limit ? NULL : bp_sprintf(a, "%lld", (long long)last);
}

long bp_req_read(struct bp_req *rq, char *buf, size_t n)
{
	return rq->io->read(rq->io->ctx, buf, n);
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

/* HEAD and OPTIONS change nothing, as GET. */
static bool changes(const struct bp_req *rq)
{
	return strcmp(rq->method, "GET") && strcmp(rq->method, "HEAD") && strcmp(rq->method, "OPTIONS");
}

static void send_head(struct bp_req *rq, int status, const char *type, const char *more)
{
	/* A file that never changes is kept for ever only under an address that names its content (?v=HASH). */
	bool forever = rq->accel && rq->query_string && !strncmp(rq->query_string, "v=", 2);
	char *head = bp_sprintf(rq->arena,
		"Status: %d\r\nContent-Type: %s\r\nX-Correlation-Id: %s\r\n"
		"Cache-Control: %s\r\n%s%s\r\n",
		status, type, rq->correlation, forever ? "private, max-age=31536000, immutable" : "private, no-cache",
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

static const char *cookie_value(struct bp_req *rq, const char *name)
{
	size_t n = strlen(name);

	for (const char *c = rq->cookie; c && *c; c = strchr(c, ';') ? strchr(c, ';') + 1 : NULL) {
		c += strspn(c, " ");
		if (!strncmp(c, name, n) && c[n] == '=')
			return bp_strndup(rq->arena, c + n + 1, strcspn(c + n + 1, "; "));
	}
	return NULL;
}

/* The token of "Authorization: Bearer TOKEN", NULL when there is none: other schemes are for whoever stands before us. */
static const char *bearer(const struct bp_req *rq)
{
	return rq->authorization && !strncasecmp(rq->authorization, "Bearer ", 7) ? rq->authorization + 7 + strspn(rq->authorization + 7, " ") : NULL;
}

/* A role may ask for a second factor: without one only what sets it up is open, to people and to their programs. */
static enum bp_error factor_missing(struct bp_req *rq)
{
	bool asked = false;
	enum bp_error e = BP_E_OK;

	if (!rq->user.factor && !(rq->ep->flags & BP_EP_ACCOUNT))
		e = bp_auth_factor_asked(rq->db, rq->arena, &rq->user, rq->app->conf->second_factor_roles, &asked);
	return e || !asked ? e : BP_E_AUTH_FACTOR;
}

static enum bp_error by_program(struct bp_req *rq, const char *token)
{
	enum bp_error e = bp_program_user(rq->db, rq->arena, rq->app->conf->dir, token, rq->ip, &rq->user);
	int wait;

	if (e)
		return e;
	wait = bp_limit_take((uint64_t)rq->user.by << 60 | rq->user.by_id, (long)bp_setting(BP_SETTING_program_calls_a_minute), bp_monotonic_us() / 1000000);
	if (wait) {
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", wait);
		return bp_fail(&rq->fail, BP_E_AUTH_RATE, "a program may call %lld times a minute: go on in %d seconds",
			(long long)bp_setting(BP_SETTING_program_calls_a_minute), wait);
	}
	return rq->ep->flags & BP_EP_PERSON ? BP_E_AUTH_PERSON : factor_missing(rq);
}

static enum bp_error by_session(struct bp_req *rq)
{
	enum bp_error e;

	if (!rq->token)
		return BP_E_AUTH_TOKEN;
	e = bp_auth_user(rq->db, rq->arena, rq->token, &rq->user);
	if (e)
		return e;
	if (changes(rq) && (!rq->csrf || strlen(rq->csrf) != strlen(rq->user.csrf) ||
			sodium_memcmp(rq->csrf, rq->user.csrf, strlen(rq->csrf))))
		return BP_E_AUTH_CSRF;
	if (rq->user.viewer && rq->ep->flags & BP_EP_PERSON)
		return BP_E_AUTH_PERSON;
	if (rq->ep->flags & BP_EP_PROOF && rq->user.proof > bp_setting(BP_SETTING_proof_minutes) * 60)
		return BP_E_AUTH_PROOF;
	if (rq->user.viewer && changes(rq) && !(rq->ep->flags & BP_EP_VIEWER))
		return BP_E_AUTH_VIEWING;
	return rq->user.viewer ? BP_E_OK : factor_missing(rq); /* who looks was asked when the looking began */
}

/* Who is it? A change by a browser carries the session's token; what a program sends no page can make a browser send. */
static enum bp_error authenticate(struct bp_req *rq)
{
	const char *token = bearer(rq);
	enum bp_error e;

	rq->token = cookie_value(rq, bp_auth_cookie(bp_conf_secure(rq->app->conf)));
	if (rq->ep->scope == BP_SCOPE_PUBLIC)
		return BP_E_OK;
	e = token ? by_program(rq, token) : by_session(rq);
	if (e == BP_E_AUTH_TOKEN && token)
		bp_buf_str(rq->headers, "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
	/* The trail says through whom it came. */
	if (!e && rq->user.by != BP_BY_SESSION)
		rq->agent = bp_sprintf(rq->arena, "%s %llu %.80s; %.120s", rq->user.by == BP_BY_KEY ? "key" : "token",
			(unsigned long long)rq->user.by_id, rq->user.program, rq->agent);
	else if (!e && rq->user.viewer)
		rq->agent = bp_sprintf(rq->arena, "looking as user %llu; %.180s", (unsigned long long)rq->user.id, rq->agent);
	return e;
}

/* The territory that path argument 0 belongs to; NOT_FOUND in the words of its kind. */
static enum bp_error resolve_scope(struct bp_req *rq, uint64_t *owner)
{
	int64_t id = (int64_t)rq->arg[0];
	struct q_scope_territory t;
	struct q_scope_session s;
	struct q_scope_outlet o;
	struct q_scope_plan p;
	struct q_scope_job j;
	enum bp_error e;

	switch (rq->ep->scope) {
	case BP_SCOPE_TERRITORY:
		e = q_scope_territory(rq->db, rq->arena, id, &t);
		if (!e)
			rq->territory = (uint64_t)t.territory_id;
		return e == BP_E_NOT_FOUND ? BP_E_TERRITORY_NONE : e;
	case BP_SCOPE_PLAN:
		e = q_scope_plan(rq->db, rq->arena, id, &p);
		if (e)
			return e;
		rq->territory = (uint64_t)p.territory_id;
		rq->channel = p.channel;
		return BP_E_OK;
	case BP_SCOPE_SESSION:
		e = q_scope_session(rq->db, rq->arena, id, &s);
		if (e)
			return e;
		rq->territory = (uint64_t)s.territory_id;
		rq->channel = s.channel;
		*owner = (uint64_t)s.user_id;
		return BP_E_OK;
	case BP_SCOPE_OUTLET:
		e = q_scope_outlet(rq->db, rq->arena, id, &o);
		if (e)
			return e;
		rq->territory = o.territory_id.set ? (uint64_t)o.territory_id.v : 0;
		return BP_E_OK;
	case BP_SCOPE_JOB:
		e = q_scope_job(rq->db, rq->arena, id, &j);
		if (e)
			return e;
		rq->territory = (uint64_t)j.territory_id;
		*owner = (uint64_t)j.user_id;
		return BP_E_OK;
	default:
		return BP_E_OK;
	}
}

/* The permissions of which one is enough: planning asks for the one of the channel, or for either while that is not known. */
static uint64_t wanted(const struct bp_req *rq)
{
	uint64_t bits = 0;

	if (!(rq->ep->flags & BP_EP_PLAN_CHANNEL))
		return BP_PERM_BIT(rq->ep->perm);
	if (!rq->channel || !strcmp(rq->channel, "GT"))
		bits |= BP_PERM_BIT(BP_PERM_PLAN_GT_ROUTES);
	if (!rq->channel || !strcmp(rq->channel, "MT"))
		bits |= BP_PERM_BIT(BP_PERM_PLAN_MT_ROUTES);
	return bits;
}

static enum bp_error holds_one(struct bp_req *rq, uint64_t bits, uint64_t territory, bool *may)
{
	enum bp_error e = BP_E_OK;

	*may = false;
	for (int p = 0; p < BP_PERM__MAX && !*may && !e; p++)
		if (bits & BP_PERM_BIT(p))
			e = bp_auth_may(rq->db, &rq->user, (enum bp_perm)p, territory, may);
	return e;
}

static enum bp_error refuse(struct bp_req *rq)
{
	return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "this needs the permission %s",
		rq->ep->flags & BP_EP_PLAN_CHANNEL ? "to plan this channel" : bp_perms[rq->ep->perm].name);
}

static enum bp_error authorize(struct bp_req *rq)
{
	enum bp_error e, hidden = rq->ep->scope == BP_SCOPE_TERRITORY ? BP_E_TERRITORY_NONE : BP_E_NOT_FOUND;
	uint64_t owner = 0;
	bool may = false;

	switch (rq->ep->scope) {
	case BP_SCOPE_PUBLIC:
		return BP_E_OK;
	case BP_SCOPE_SELF:
		/* A key is not its owner: what is the owner's asks for a permission too, and for no territory. */
		return rq->user.by != BP_BY_KEY || rq->ep->flags & BP_EP_ACCOUNT ||
			(rq->user.scopes_of == rq->user.id && rq->user.anywhere & wanted(rq)) ? BP_E_OK : refuse(rq);
	case BP_SCOPE_ANYWHERE:
		return rq->user.anywhere & wanted(rq) ? BP_E_OK : refuse(rq);
	case BP_SCOPE_WORLD:
		return rq->user.world & wanted(rq) ? BP_E_OK : refuse(rq);
	default:
		break;
	}
	e = resolve_scope(rq, &owner);
	if (e && e != hidden)
		return e;
	if (rq->ep->scope == BP_SCOPE_JOB && !e && owner == rq->user.id && rq->user.by != BP_BY_KEY)
		return BP_E_OK;
	/* Without the permission anywhere the answer must not tell whether the thing exists. */
	if (!(rq->user.anywhere & wanted(rq)))
		return refuse(rq);
	if (e)
		return e;
	e = holds_one(rq, wanted(rq), rq->territory, &may);
	if (e || may)
		return e;
	/* Seen but not to be touched, or not even seen? */
	e = bp_auth_may(rq->db, &rq->user, BP_PERM_VIEW_TERRITORY, rq->territory, &may);
	return e ? e : may ? refuse(rq) : hidden;
}

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
	bp_once_read(rq, raw);
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

/* By a copy of the database where the row allows it and there is one; when that fails before it has said anything, by itself. */
static enum bp_error handle(struct bp_req *rq)
{
	struct bp_db *db = rq->db, *replica = rq->ep->flags & BP_EP_MAY_LAG ? bp_replica(rq->app->conf, rq->arena) : NULL;
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

struct change {
	struct bp_req *rq;
	enum bp_error (*fn)(struct bp_db *, void *);
	void *ctx;
	size_t n_changes; /* that were noted before */
};

static enum bp_error change_tx(struct bp_db *db, void *ctx)
{
	const struct change *c = ctx;
	struct bp_req *rq = c->rq;
	enum bp_error e;

	bp_fail_clear(&rq->fail);
	rq->audit.n_changes = c->n_changes;
	rq->once.again = false;
	e = bp_once_take(rq);
	if (e || rq->once.again)
		return e;
	e = c->fn(db, c->ctx);
	if (!e)
		e = bp_audit_write(db, &rq->audit);
	return e ? e : bp_once_keep(rq);
}

enum bp_error bp_req_tx(struct bp_req *rq, enum bp_error (*fn)(struct bp_db *, void *), void *ctx)
{
	struct change c = {rq, fn, ctx, rq->audit.n_changes};
	enum bp_error e = bp_db_tx(rq->db, change_tx, &c);

	if (!e)
		rq->audit.action = BP_ACTION_NONE; /* it is written */
	return e;
}

/* The handler and its audit event; runs again when the transaction is retried. */
static enum bp_error act(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;
	bool whole = !(rq->ep->flags & BP_EP_NO_TX);
	enum bp_error e, written;

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
	e = whole ? bp_once_take(rq) : BP_E_OK;
	if (!e && !rq->once.again)
		e = handle(rq);
	if ((e && !rq->began) || rq->once.again)
		return e;
	/* A reply that broke off half-way has gone out all the same. */
	written = bp_audit_write(db, &rq->audit);
	if (!written && whole)
		written = bp_once_keep(rq);
	return e ? e : written;
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
		bp_buf_printf(rq->headers, "Access-Control-Allow-Origin: %s\r\nAccess-Control-Expose-Headers: Deprecation, ETag, Idempotency-Replayed, Location, Retry-After, Sunset, "
			"Upload-Offset, Upload-Length, X-Correlation-Id\r\n", rq->origin);
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

static enum bp_error run(struct bp_req *rq, struct bp_buf *raw, json_t **json)
{
	enum bp_error e = bp_route(rq);

	if (!e && (rq->ep->flags & BP_EP_POOLS) != (unsigned)rq->app->pool)
		e = BP_E_NO_ROUTE;
	if (!e) {
		bp_endpoint_ending(rq->ep, rq->headers);
		rq->always = rq->headers->len;
	}
	if (!e && rq->db)
		bp_settings_fresh(rq->db);
	else if (!e && !(rq->ep->flags & BP_EP_NO_DB))
		e = BP_E_DB_DOWN;
	if (!e)
		e = authenticate(rq);
	if (!e)
		e = authorize(rq);
	if (!e)
		e = bp_req_feature(rq, rq->ep->feature);
	if (!e && rq->ep->flags & BP_EP_ROOM)
		e = bp_room(rq->app->conf->dir, &rq->fail);
	if (!e)
		e = decode(rq, raw, json);
	if (e)
		return e;
	if (changes(rq) ? !(rq->ep->flags & BP_EP_NO_TX) : rq->ep->flags & BP_EP_ONE_STATE)
		return bp_db_tx(rq->db, act, rq);
	return act(rq->db, rq);
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
		bp_buf_str(rq->headers, "Retry-After: 2\r\n");
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
