/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_OF_PLAN_H
#define BP_CGI_OF_PLAN_H
/* What a request below /plans/{id} names besides is that plan's: NOT_FOUND where it is another's, or nobody's. */
#include "cgi/endpoint.h"

enum bp_error bp_version_of_plan(struct bp_req *rq, int64_t version);
enum bp_error bp_session_of_plan(struct bp_req *rq, int64_t session);

#endif
