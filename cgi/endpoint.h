/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_ENDPOINT_H
#define BP_CGI_ENDPOINT_H
/*
 * One endpoint is one row.  A resource file owns its shapes, its handlers and its
 * rows; resources.def lists the resources.  The dispatcher owns session, CSRF,
 * permission and scope, decoding, the transaction with its retries, the audit
 * event, the reply and the log line.  OpenAPI, the permission matrix, the error
 * table and the JavaScript client are printed from the same rows (apidoc.c).
 *
 * A handler reads rq->query, rq->body and rq->arg, calls a domain room, sets
 * rq->reply and returns a code.  More than about 40 lines mean logic that belongs
 * in lib/.
 */
#include <jansson.h>

#include "audit/audit.h"
#include "auth/auth.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/shape.h"
#include "db/db.h"
#include "setting/setting.h"

#define BP_ARGS_MOST 4
#define BP_FAILS_MOST 14
#define BP_BODY_MOST (4u << 20)   /* bytes of a JSON body */
#define BP_REPLY_MOST (64u << 20) /* bytes of a JSON reply */

struct bp_req;

/* Where the permission must be held. {id} below is the first path argument. */
enum bp_scope {
	BP_SCOPE_PUBLIC,    /* nobody needs to be signed in */
	BP_SCOPE_SELF,      /* signed in is enough; an API key needs perm all the same */
	BP_SCOPE_ANYWHERE,  /* on some territory: the handler's queries filter by the user */
	BP_SCOPE_WORLD,     /* on the whole world */
	BP_SCOPE_TERRITORY, /* on territory {id} */
	BP_SCOPE_PLAN,      /* on the territory of plan {id} */
	BP_SCOPE_SESSION,   /* on the territory of planning session {id} */
	BP_SCOPE_OUTLET,    /* on the territory of outlet {id} */
	BP_SCOPE_SEAT,      /* on the territory of seat {id} */
	BP_SCOPE_JOB,       /* on the territory of job {id}, or it is the user's own */
	BP_SCOPE__MAX
};

/* Of which pool a row is; none of them = the interactive one. gen/pools.conf tells nginx. */
#define BP_EP_POOLS (BP_EP_UPLOAD | BP_EP_SLOW | BP_EP_EVENTS)
enum bp_endpoint_flags {
	BP_EP_NO_TX = 1,       /* the handler runs its own transactions */
	BP_EP_NO_CSRF = 2,     /* a change that needs no session, such as the login */
	BP_EP_STREAM_IN = 4,   /* the handler reads the body itself (bp_req_read) */
	BP_EP_STREAM_OUT = 8,  /* the handler may write the body itself (bp_req_begin, bp_req_write) */
	BP_EP_ACCEL = 16,      /* the reply is a file that nginx sends (rq->accel) */
	BP_EP_UPLOAD = 32,     /* belongs to the upload pool */
	BP_EP_PERSON = 128,    /* only a person, signed in by a browser: no program, nobody who looks as another user */
	BP_EP_ACCOUNT = 256,   /* open also while the role asks for a second factor that is not set up */
	BP_EP_VIEWER = 512,    /* a change that may be made by somebody who looks through another's eyes */
	BP_EP_PROOF = 1024,    /* of a person: asks for the password again when it was given long ago, since what it does outlasts the session */
	BP_EP_EVENTS = 2048,   /* belongs to the pool of streams that last */
	BP_EP_MAY_LAG = 8192,  /* what a reading tells may be some seconds old: it may come from a copy of the database */
	BP_EP_ONE_STATE = 16384, /* a reading by several queries, all of which see the same state */
	BP_EP_NO_DB = 65536,   /* answers without a database too: rq->db may be NULL */
	BP_EP_SLOW = 4096,     /* seconds of a core on a large unit: belongs to the pool of slow calls, so that no read waits behind it */
	BP_EP_ROOM = 131072,   /* begins what writes much: refused while the disk is nearly full */
	BP_EP_WATCHES = 262144, /* tells how it goes: answered while the doors are closed, too */
	BP_EP_PLAN_CHANNEL = 64 /* perm is PLAN_GT_ROUTES or PLAN_MT_ROUTES by the channel of the plan, session or query */
};

struct bp_endpoint {
	const char *method, *path, *summary;
	enum bp_scope scope;
	enum bp_perm perm;
	unsigned flags;
	const struct bp_shape *query, *body, *reply;
	const char *media;    /* of a streamed reply */
	enum bp_action audit; /* written when the handler succeeds */
	enum bp_error fails[BP_FAILS_MOST]; /* beyond the common ones; ended by BP_E_OK */
	enum bp_error (*handle)(struct bp_req *rq);
	int status; /* of success, where it is not 200: 201 and 204 have no body */
	enum bp_setting feature; /* a switch: refused with FEATURE_OFF while it is off; 0 = none */
	/* Days ("2027-03-01") since when it should not be used in new programs and until when it stays; NULL = it stays. */
	const char *deprecated, *sunset;
	/* Of a change: why an Idempotency-Key counts for nothing, for the document. NULL = it counts (once.h), and what the row changes goes
	 * through bp_req_tx where it has BP_EP_NO_TX. */
	const char *unkeyed;
};
#define BP_UNKEYED_READS "it changes nothing"
/* GET, HEAD and OPTIONS change nothing. */
bool bp_endpoint_changes(const struct bp_endpoint *ep);

struct bp_resource {
	const char *name;
	const struct bp_endpoint *ep;
	size_t n;
};
#define BP_RESOURCE(nm, tbl) const struct bp_resource bp_res_##nm = {#nm, tbl, sizeof(tbl) / sizeof(*tbl)}
extern const struct bp_resource *const bp_resources[]; /* ended by NULL */

/* How the dispatcher talks to the web server: libfcgi in main.c, memory in tests. */
struct bp_io {
	/* Next bytes of the body: > 0 bytes, 0 = the end, -1 = the client went away. */
	long (*read)(void *ctx, char *buf, size_t n);
	/* Send bytes; false = the client went away. */
	bool (*write)(void *ctx, const char *data, size_t n);
	void *ctx;
	/* What the web server says of the request ("HTTP_UPLOAD_OFFSET"); NULL when it does not. May be NULL itself. */
	const char *(*param)(void *ctx, const char *name);
	/* Send what was written so far at once. May be NULL. */
	bool (*flush)(void *ctx);
};

struct bp_app {
	const char *upload_dir;   /* where raw uploads go */
	const char *snapshot_dir; /* private files that nginx sends */
	const struct bp_conf *conf; /* everything else that is configured */
	bool demo;                /* logins are shown on the login screen */
	enum bp_endpoint_flags pool; /* the one of BP_EP_POOLS that this process serves, 0 = everything else */
};

struct bp_req {
	/* set by the dispatcher, read by handlers */
	const struct bp_app *app;
	struct bp_db *db;
	struct bp_arena *arena;
	const struct bp_endpoint *ep;
	struct bp_user user;
	uint64_t arg[BP_ARGS_MOST];          /* numeric path arguments */
	const char *arg_text[BP_ARGS_MOST];  /* the same as text */
	void *query, *body;                  /* decoded through the shapes of the row */
	uint64_t territory;                  /* of the scope check; 0 = none */
	const char *token;                   /* of the session; NULL when a program calls */
	const char *channel;                 /* "GT" or "MT" when the scope has one, else NULL */
	const char *method, *path, *query_string, *ip, *agent, *cookie, *csrf, *if_none_match, *content_type;
	const char *authorization, *origin;
	char correlation[40];
	const struct bp_io *io;
	int64_t content_length; /* -1 = not said */
	struct {
		bool keyed, again; /* it was done before: replay is what was answered */
		unsigned char request[16], asked[16];
	} once;                 /* what its Idempotency-Key names (once.h) */

	/* set by handlers */
	void *reply;              /* encoded through ep->reply */
	struct bp_bytes replay;   /* that in JSON, where it is ready: sent as it is */
	struct bp_fail fail;      /* detail for the client */
	json_t *fields;           /* further bad fields (bp_req_field) */
	struct bp_audit audit;    /* resource, territory, reason, changes */
	bool secret;              /* the reply is shown this once and kept nowhere */
	const char *etag;         /* of a reply that is named by what it is made of (bp_req_same) */
	bool keep;                /* it is kept as a file (bp_req_kept) */
	const char *accel;        /* internal location for X-Accel-Redirect */
	int64_t waited, came;     /* microseconds that bp_req_read waited, and bytes that it got */
	struct bp_buf *headers;   /* further header lines, each ended by CR LF */
	size_t always;            /* bytes of them that belong to every attempt */
	bool began;               /* the body is being streamed */
	bool broken;              /* it failed half-way: the connection must not end as if it were whole */
};

/* Handle one request: route, check, run, reply. Everything of it dies with rq->arena. */
void bp_dispatch(struct bp_req *rq);

/* Header lines of a row that is on its way out: Deprecation (RFC 9745) and Sunset (RFC 8594); none for any other. */
void bp_endpoint_ending(const struct bp_endpoint *ep, struct bp_buf *headers);

/* Note a bad field of the body from a handler; returns BP_E_FIELDS. */
enum bp_error bp_req_field(struct bp_req *rq, const char *pointer, const char *problem);
/* Tell how long the reply is once it is unpacked: whoever shows its progress counts that. */
void bp_req_plain_length(struct bp_req *rq, uint64_t bytes);
/* Start a streamed 200 reply of ep->media; `filename` NULL = inline. Then write, then return BP_E_OK. */
void bp_req_begin(struct bp_req *rq, const char *filename);
/* The same where the media type depends on the query. */
void bp_req_begin_type(struct bp_req *rq, const char *media, const char *filename);
bool bp_req_write(struct bp_req *rq, const char *data, size_t n);
/* The handler needs the database no more: others may have the connection while it goes on. */
void bp_req_close_db(struct bp_req *rq);
/* A header of the request by its CGI name ("HTTP_UPLOAD_OFFSET"), NULL when it did not come. */
const char *bp_req_header(const struct bp_req *rq, const char *name);
/* The value of a cookie, NULL when it did not come. */
const char *bp_req_cookie(struct bp_req *rq, const char *name);
/* Name the reply of a GET by what it is made of, as a text that changes with it, before anything is loaded: true when the client
 * has it, and the handler is done. */
bool bp_req_same(struct bp_req *rq, const char *made_of);
/* The same of a reply that takes long to make, for queries of which there are few: it is kept as a file, and whoever asks next gets
 * it from the web server, whatever he has. */
bool bp_req_kept(struct bp_req *rq, const char *made_of);
/* The reply as JSON. */
void bp_req_encode(const struct bp_req *rq, struct bp_buf *b);
/* Add a header line to the reply, also to that of an error. */
void bp_req_reply_header(struct bp_req *rq, const char *name, const char *value);
/* A handler of a BP_EP_STREAM_IN row: as struct bp_io.read. */
long bp_req_read(struct bp_req *rq, char *buf, size_t n);
/* A handler of a BP_EP_NO_TX row: what it changes, in one transaction with its audit event, and with the Idempotency-Key and
 * rq->reply where that counts. As the dispatcher does it for other rows: fn may run again, with the changes that were
 * noted before. rq->once.again says that it was done before. */
enum bp_error bp_req_tx(struct bp_req *rq, enum bp_error (*fn)(struct bp_db *, void *), void *ctx);
/* Check a further permission inside a handler: OK or AUTH_PERMISSION. */
enum bp_error bp_req_need(struct bp_req *rq, enum bp_perm p, uint64_t territory);
/* FEATURE_OFF while this switch is off, for what only a part of a row's calls needs. */
enum bp_error bp_req_feature(struct bp_req *rq, enum bp_setting feature);
/* The permission to plan that channel (GT or MT). */
enum bp_error bp_req_need_channel(struct bp_req *rq, const char *channel, uint64_t territory);
/* The territory that a body names becomes rq->territory; TERRITORY_NONE when it is not there or not to be seen. */
enum bp_error bp_req_territory(struct bp_req *rq, int64_t id);

/* Names of the switches that are off, as a list of strings. */
struct bp_list bp_features_off(struct bp_arena *a);

/* "GT" and "MT": what is planned apart. */
extern const char *const bp_channels[];

/* Body of what is asked of a unit and channel. */
struct bp_unit_body {
	int64_t territory_id;
	const char *channel;
};
extern const struct bp_shape bp_unit_shape;

/* Cursors of lists: `limit` and `after` as most lists have them. */
struct bp_page_query {
	struct bp_opt_int limit, after;
};
extern const struct bp_shape bp_page_query_shape;
#define BP_PAGE_DEFAULT 50
#define BP_PAGE_MOST 500
static inline int64_t bp_page_limit(struct bp_opt_int limit)
{
	return limit.set ? limit.v : BP_PAGE_DEFAULT;
}
/* An id as a cursor, NULL when the page was not full. */
const char *bp_page_next(struct bp_arena *a, size_t got, int64_t limit, int64_t last);

#endif
