/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_USERS_H
#define BP_CGI_RES_USERS_H
/* How the roles of a user travel on the wire. */
#include "cgi/endpoint.h"

struct bp_user_scope {
	struct bp_opt_int territory_id;
	const char *territory_name, *role;
};
extern const struct bp_shape bp_user_scope_shape;

/* The roles of a user by territory, as struct bp_user_scope. */
enum bp_error bp_user_scopes(struct bp_req *rq, int64_t user, struct bp_list *out);
/* The names of a set of permissions. */
struct bp_list bp_perm_names(struct bp_arena *a, uint64_t mask);
/* After bp_auth_prove or bp_auth_login gave `e`: what a reply and the trail hold of it. */
/* Count a wrong password or code of whoever is signed in. */
enum bp_error bp_req_failed(struct bp_req *rq);
enum bp_error bp_req_sign_in(struct bp_req *rq, struct bp_sign_in *in, enum bp_error e);
/* Before a signed-in person proves something again: AUTH_THROTTLED after too many failures. */
enum bp_error bp_req_throttle(struct bp_req *rq);

#endif
