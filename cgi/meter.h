/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_METER_H
#define BP_CGI_METER_H
/* What the meters get to know of a request. */
#include "cgi/endpoint.h"

/* This process begins: which pool it is and how many threads it has. */
void bp_meter_pool(const char *socket, int threads);
/* A thread takes a request (+1), or has answered it (-1). */
void bp_meter_busy(int n);
/* Count an answered request. */
void bp_meter_request(const struct bp_req *rq, enum bp_error e, int64_t us);

#endif
