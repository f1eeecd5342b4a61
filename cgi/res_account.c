/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_account.c - what people do with the own account: where they are signed in, the second factor, a forgotten password. */
#include <qrencode.h>
#include <string.h>

#include "auth/factor.h"
#include "auth/password.h"
#include "cgi/res_users.h"
#include "job/job.h"
#include "queries.h"

#define RESETS_MOST 10 /* asked for from one address within the window of failed sign-ins */

struct page {
	struct bp_list items;
	const char *next;
};
struct sign_in {
	int64_t id, since, last_seen;
	const char *address, *agent;
	bool current;
};
BP_SHAPE(sign_in_shape, sign_in,
	BP_INT(sign_in, id, BP_REQ, 1, 9e15, "number of the session"),
	BP_TIME(sign_in, since, BP_REQ, "signed in"),
	BP_TIME(sign_in, last_seen, BP_REQ, "last request, to the minute"),
	BP_STR(sign_in, address, BP_REQ, 0, 45, "from where it was opened"),
	BP_STR(sign_in, agent, BP_REQ, 0, 255, "what the browser calls itself"),
	BP_BOOL(sign_in, current, BP_REQ, "the one that asks"));
BP_SHAPE(sign_in_page, page,
	BP_LIST(page, items, BP_REQ, 500, &sign_in_shape, "the latest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error list_sessions(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_auth_session_list *r;
	struct sign_in *v;
	size_t n = 0;
	enum bp_error e = q_auth_session_list(rq->db, rq->arena, (int64_t)rq->user.id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = (struct sign_in){r[i].id, r[i].created_at, r[i].last_seen, r[i].ip, r[i].user_agent, (uint64_t)r[i].id == rq->user.by_id};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error end_session(struct bp_req *rq)
{
	uint64_t changed = 0;
	enum bp_error e = q_auth_session_end(rq->db, (int64_t)rq->user.id, (int64_t)rq->arg[0], &changed);

	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	return e || changed ? e : BP_E_NOT_FOUND;
}

/* --- the second factor --- */

struct factor {
	bool on;
	int64_t recovery_codes;
};
BP_SHAPE(factor_state, factor,
	BP_BOOL(factor, on, BP_REQ, "its code is asked for at sign-in"),
	BP_INT(factor, recovery_codes, BP_REQ, 0, BP_FACTOR_RECOVERIES, "how many are left"));

struct factor_new {
	const char *secret, *uri, *qr;
	int64_t size;
};
BP_SHAPE(factor_secret, factor_new,
	BP_STR(factor_new, secret, BP_REQ, 32, 32, "to be typed into an authenticator (base32)"),
	BP_STR(factor_new, uri, BP_REQ, 1, 400, "the same with names, as authenticators read it"),
	BP_STR(factor_new, qr, BP_REQ, 1, 65536, "the uri as a QR code: an SVG path of dark squares"),
	BP_INT(factor_new, size, BP_REQ, 21, 177, "squares on each side of it"));

struct code_body {
	const char *code;
};
BP_SHAPE(factor_code, code_body,
	BP_STR(code_body, code, BP_REQ, 1, BP_FACTOR_CODE_MOST, "of the authenticator, or a recovery code"));

struct codes {
	struct bp_list codes;
};
BP_SHAPE(factor_codes, codes,
	BP_LIST_STR(codes, codes, BP_REQ, BP_FACTOR_RECOVERIES, "recovery codes, each good once; shown this once"));

static enum bp_error get_factor(struct bp_req *rq)
{
	struct factor *f = bp_alloc(rq->arena, sizeof(*f));
	struct q_recovery_left left;
	enum bp_error e = q_recovery_left(rq->db, rq->arena, (int64_t)rq->user.id, &left);

	*f = (struct factor){rq->user.factor, left.n};
	rq->reply = f;
	return e;
}

/* Each dark square as a step of a path, so that no page has to take markup from a reply. */
static const char *qr_path(struct bp_arena *a, const char *text, int64_t *size)
{
	QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct bp_buf b;
	const char *path;

	if (!qr)
		return NULL;
	bp_buf_init(&b, 65536);
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width; x++)
			if (qr->data[y * qr->width + x] & 1)
				bp_buf_printf(&b, "M%d %dh1v1h-1z", x, y);
	*size = qr->width;
	QRcode_free(qr);
	path = bp_strdup(a, b.data);
	bp_buf_release(&b);
	return path;
}

static enum bp_error begin_factor(struct bp_req *rq)
{
	struct factor_new *f = bp_alloc(rq->arena, sizeof(*f));
	char secret[BP_FACTOR_TEXT];
	enum bp_error e = bp_factor_begin(rq->db, rq->arena, rq->app->conf->dir, rq->user.id, secret);

	if (e == BP_E_CONFLICT)
		return bp_fail(&rq->fail, e, "a second factor is set up already: give it up first");
	if (e)
		return e;
	f->secret = bp_strdup(rq->arena, secret);
	/* User names hold no character that would have to be escaped but the at sign, which may stand. */
	f->uri = bp_sprintf(rq->arena, "otpauth://totp/Beatplan:%s?secret=%s&issuer=Beatplan", rq->user.username, secret);
	f->qr = qr_path(rq->arena, f->uri, &f->size);
	rq->reply = f;
	rq->secret = true;
	return f->qr ? BP_E_OK : BP_E_INTERNAL;
}

struct coding {
	struct bp_req *rq;
	char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY];
};

static enum bp_error reply_codes(struct coding *c)
{
	struct codes *out = bp_alloc(c->rq->arena, sizeof(*out));
	const char **v = bp_alloc_array(c->rq->arena, BP_FACTOR_RECOVERIES, sizeof(*v));

	for (int i = 0; i < BP_FACTOR_RECOVERIES; i++)
		v[i] = bp_strdup(c->rq->arena, c->codes[i]);
	out->codes = (struct bp_list){v, BP_FACTOR_RECOVERIES};
	c->rq->secret = true;
	c->rq->reply = out;
	return BP_E_OK;
}

/* Change the factor by a code. A wrong one counts as a wrong password does. It is no 401: that would send the person to the login page. */
static enum bp_error by_code(struct bp_req *rq, enum bp_error (*fn)(struct bp_db *, void *))
{
	struct coding c = {.rq = rq};
	enum bp_error e = bp_req_throttle(rq);

	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	if (!e)
		e = bp_req_tx(rq, fn, &c);
	if (e != BP_E_AUTH_CODE)
		return e;
	e = bp_req_failed(rq);
	return e ? e : bp_req_field(rq, "/code", "is wrong, too old, or was used before");
}

static enum bp_error confirm_tx(struct bp_db *db, void *ctx)
{
	struct coding *c = ctx;
	struct bp_req *rq = c->rq;
	struct code_body *in = rq->body;
	enum bp_error e = bp_factor_confirm(db, rq->arena, rq->app->conf->dir, rq->user.id, in->code, c->codes);

	if (e == BP_E_CONFLICT)
		return bp_fail(&rq->fail, e, "no secret waits for its first code: ask for one");
	return e ? e : reply_codes(c);
}

static enum bp_error confirm_factor(struct bp_req *rq)
{
	return by_code(rq, confirm_tx);
}

/* Whoever sits at an open browser does not get past the factor: both ask for a code of it. */
static enum bp_error prove_factor(struct bp_db *db, struct bp_req *rq)
{
	struct code_body *in = rq->body;

	if (!rq->user.factor)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "no second factor is set up");
	return bp_factor_check(db, rq->arena, rq->app->conf->dir, rq->user.id, in->code);
}

static enum bp_error new_codes_tx(struct bp_db *db, void *ctx)
{
	struct coding *c = ctx;
	struct bp_req *rq = c->rq;
	enum bp_error e = prove_factor(db, rq);

	if (!e)
		e = bp_factor_recoveries(db, rq->app->conf->dir, rq->user.id, c->codes);
	return e ? e : reply_codes(c);
}

static enum bp_error new_codes(struct bp_req *rq)
{
	return by_code(rq, new_codes_tx);
}

static enum bp_error give_up_tx(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ((struct coding *)ctx)->rq;
	enum bp_error e = prove_factor(db, rq);

	return e ? e : bp_factor_drop(db, rq->user.id);
}

static enum bp_error give_up_factor(struct bp_req *rq)
{
	return by_code(rq, give_up_tx);
}

/* --- a forgotten password --- */

struct ask {
	const char *who;
};
BP_SHAPE(reset_ask, ask,
	BP_STR(ask, who, BP_REQ, 1, 200, "user name or mail address"));

struct renew {
	const char *token, *password;
};
BP_SHAPE(reset_confirm, renew,
	BP_STR(renew, token, BP_REQ, 1, 100, "from the link"),
	BP_STR(renew, password, BP_REQ, BP_PASSWORD_MIN, BP_PASSWORD_MAX, "the new password"));

/* Whether there is such a user is looked up later, by the job that sends the mail: words and time of the answer tell nothing. */
static enum bp_error ask_reset(struct bp_req *rq)
{
	struct ask *in = rq->body;
	char *from = bp_sprintf(rq->arena, "r:%.45s", bp_auth_network(rq->arena, rq->ip));
	struct q_login_failures asked;
	struct bp_buf payload;
	enum bp_error e = q_login_failures(rq->db, rq->arena, from, bp_setting(BP_SETTING_sign_in_wait_seconds), &asked);

	if (!e && asked.failures >= RESETS_MOST) {
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", (int)(bp_setting(BP_SETTING_sign_in_wait_seconds) - asked.age));
		return BP_E_AUTH_RATE;
	}
	if (e && e != BP_E_NOT_FOUND)
		return e;
	bp_buf_init(&payload, 4096);
	bp_buf_str(&payload, "{\"who\":");
	bp_json_string(&payload, in->who);
	bp_buf_chr(&payload, '}');
	e = q_login_failed(rq->db, from, bp_setting(BP_SETTING_sign_in_wait_seconds), NULL);
	if (!e)
		e = bp_job_add(rq->db, BP_JOB_RESET_MAIL, 0, 0, payload.data, 0, 0, rq->correlation, NULL);
	bp_buf_release(&payload);
	return e;
}

struct renewal {
	struct bp_bytes token;
	struct q_reset_get of;
	const char *hash, *failures;
};

static enum bp_error renew_password(struct bp_db *db, void *ctx)
{
	struct renewal *r = ctx;
	uint64_t used = 0;
	enum bp_error e = q_reset_use(db, r->token, r->of.user_id, &used);

	if (!e && !used)
		e = BP_E_AUTH_RESET;
	if (!e)
		e = q_user_set_password(db, r->of.user_id, r->hash, 0, NULL);
	if (!e)
		e = bp_auth_end_all(db, (uint64_t)r->of.user_id, true);
	return e ? e : q_login_succeeded(db, r->failures, NULL);
}

static enum bp_error confirm_reset(struct bp_req *rq)
{
	struct renew *in = rq->body;
	unsigned char token[32];
	char hash[128];
	struct renewal r = {.token = bp_auth_hash_of(in->token, token), .hash = hash};
	const char *why;
	enum bp_error e = q_reset_get(rq->db, rq->arena, r.token, &r.of);

	if (e == BP_E_NOT_FOUND)
		return BP_E_AUTH_RESET;
	why = e ? NULL : bp_password_refused(rq->app->conf->leaked_passwords, in->password, r.of.username, r.of.name);
	if (why)
		e = bp_req_field(rq, "/password", why);
	if (!e)
		e = bp_auth_hash(in->password, hash);
	if (e)
		return e;
	r.failures = bp_sprintf(rq->arena, "u:%s", r.of.username);
	rq->audit.user = rq->audit.resource_id = (uint64_t)r.of.user_id;
	rq->audit.resource_type = "user";
	return bp_req_tx(rq, renew_password, &r);
}

#define MINE BP_SCOPE_SELF, 0, BP_EP_PERSON | BP_EP_ACCOUNT
#define CHECKED BP_SCOPE_SELF, 0, BP_EP_PERSON | BP_EP_ACCOUNT | BP_EP_NO_TX /* a failure stays counted */
static const struct bp_endpoint ep[] = {
	{"GET", "/auth/sessions", "List where I am signed in", MINE, .reply = &sign_in_page, .handle = list_sessions},
	{"DELETE", "/auth/sessions/{id}", "End one of my sessions", MINE | BP_EP_PROOF, .audit = BP_ACTION_SIGNIN_END, .fails = {BP_E_NOT_FOUND}, .handle = end_session},
	{"GET", "/auth/second-factor", "Is a second factor set up?", MINE, .reply = &factor_state, .handle = get_factor},
	{"POST", "/auth/second-factor", "Make the secret of a second factor; it waits for its first code", MINE | BP_EP_PROOF, .reply = &factor_secret,
		.audit = BP_ACTION_FACTOR_NEW, .fails = {BP_E_CONFLICT}, .handle = begin_factor},
	{"POST", "/auth/second-factor/confirm", "Give the first code: from now on codes are asked for", CHECKED, .body = &factor_code,
		.reply = &factor_codes, .audit = BP_ACTION_FACTOR_ON, .fails = {BP_E_CONFLICT, BP_E_AUTH_THROTTLED}, .handle = confirm_factor},
	{"POST", "/auth/second-factor/codes", "Make new recovery codes; the former ones are void", CHECKED, .body = &factor_code,
		.reply = &factor_codes, .audit = BP_ACTION_FACTOR_CODES, .fails = {BP_E_CONFLICT, BP_E_AUTH_THROTTLED}, .handle = new_codes},
	{"POST", "/auth/second-factor/off", "Give the second factor up", CHECKED, .body = &factor_code, .audit = BP_ACTION_FACTOR_OFF,
		.fails = {BP_E_CONFLICT, BP_E_AUTH_THROTTLED}, .handle = give_up_factor},
	{"POST", "/auth/reset", "Ask for a link to a new password, by mail", BP_SCOPE_PUBLIC, 0, BP_EP_NO_CSRF, .body = &reset_ask,
		.unkeyed = "nobody is known yet to whom a key could belong; each mail has a link of its own", .feature = BP_SETTING_password_reset,
		.audit = BP_ACTION_RESET_ASK, .fails = {BP_E_AUTH_RATE}, .handle = ask_reset},
	{"POST", "/auth/reset/confirm", "Set a new password by the link", BP_SCOPE_PUBLIC, 0, BP_EP_NO_TX | BP_EP_NO_CSRF, .body = &reset_confirm,
		.unkeyed = "the link counts once",
		.feature = BP_SETTING_password_reset,
		.audit = BP_ACTION_RESET_DONE, .fails = {BP_E_AUTH_RESET, BP_E_AUTH_RATE}, .handle = confirm_reset},
};
BP_RESOURCE(account, ep);
