/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_ACCESS_H
#define BP_CGI_ACCESS_H
/* Who asks, and whether they may, before a handler sees the request: session or program, CSRF, permission and scope of its row. */
#include "cgi/endpoint.h"

/* Sets rq->user, rq->token, rq->territory and rq->channel. AUTH_*, or NOT_FOUND and TERRITORY_NONE where telling more would tell too much. */
enum bp_error bp_access(struct bp_req *rq);

#endif
