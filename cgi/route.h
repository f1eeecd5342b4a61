/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_ROUTE_H
#define BP_CGI_ROUTE_H
/* From method and path to the row of an endpoint. */
#include "cgi/endpoint.h"

/* Fill rq->ep and the path arguments. A {name} takes one path part; it is a number but where the row says {name:text}.
 * BP_E_NO_ROUTE, or BP_E_METHOD when another method has this path. */
enum bp_error bp_route(struct bp_req *rq);

#endif
