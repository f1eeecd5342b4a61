/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_health.c - is it alive? Served by a pool of its own, so that a full one does not look like a dead one. */
#include "cgi/endpoint.h"
#include "queries.h"

struct health {
	const char *status, *database, *version;
	bool demo;
	struct bp_list off;
};
BP_SHAPE(health_shape, health,
	BP_STR(health, status, BP_REQ, 1, 10, "ok"),
	BP_STR(health, database, BP_REQ, 1, 10, "ok"),
	BP_STR(health, version, BP_REQ, 1, 20, "version of the program"),
	BP_BOOL(health, demo, BP_REQ, "demo users exist: the login page names them"),
	BP_LIST_STR(health, off, BP_REQ, 64, "features that an administrator switched off"));

static enum bp_error get(struct bp_req *rq)
{
	struct health *h = bp_alloc(rq->arena, sizeof(*h));
	struct q_ping row;
	enum bp_error e = q_ping(rq->db, rq->arena, &row);

	*h = (struct health){"ok", "ok", PACKAGE_VERSION, rq->app->demo, bp_features_off(rq->arena)};
	rq->reply = h;
	return e ? BP_E_DB_DOWN : BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/healthz", "Is it alive, and does the database answer?", BP_SCOPE_PUBLIC, 0, BP_EP_WATCHES, .reply = &health_shape,
		.fails = {BP_E_DB_DOWN}, .handle = get},
};
BP_RESOURCE(health, ep);
