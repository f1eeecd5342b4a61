/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_PLANS_H
#define BP_CGI_RES_PLANS_H
/* The draft of one session kept as a version, whether alone or with those of other territories. */
#include "cgi/endpoint.h"

struct bp_keep {
	int64_t session_id;
	const char *notes;
	struct bp_opt_int effective_date;
	bool keep_lock;
};
extern const struct bp_shape bp_version_shape;

/* The reply, the audit event and what follows of a commit are made. */
enum bp_error bp_plan_save(struct bp_req *rq, const struct bp_keep *in);
enum bp_error bp_plan_commit(struct bp_req *rq, const struct bp_keep *in);

#endif
