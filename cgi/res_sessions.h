/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_SESSIONS_H
#define BP_CGI_RES_SESSIONS_H
/* Operations on the draft of one session, whether it is worked on alone or on the board of several territories. */
#include "cgi/endpoint.h"
#include "plan/session.h"

struct bp_ops {
	int64_t session_id, seq;
	struct bp_list ops;
	bool together;
};
extern const struct bp_shape bp_op_shape;

/* Is each of the operations complete? Bad fields are noted below `at`, the pointer to the list. */
void bp_ops_check(struct bp_req *rq, const struct bp_list *ops, const char *at);
/* Change the draft; the session lies on rq->territory. `joint` and `label` are those of plan_apply. The reply, the audit event and the notices are made. */
enum bp_error bp_ops_change(struct bp_req *rq, const struct bp_ops *in, const char *at, const char *joint, const char *label);
/* What an audit event says of a change of a session. */
void bp_session_audit(struct bp_req *rq, uint64_t session, int64_t seq);

#endif
