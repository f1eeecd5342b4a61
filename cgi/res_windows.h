/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_WINDOWS_H
#define BP_CGI_RES_WINDOWS_H
/* How the hours of an outlet or a chain travel on the wire. */
#include "cgi/endpoint.h"

#define BP_WINDOWS_MOST 28 /* four for each weekday */

struct bp_window {
	int64_t weekday, opens, closes;
	bool hard;
};
extern const struct bp_shape bp_window_shape;

/* Of the body's /windows: each ends after it begins, and two of one day do not overlap. FIELDS when not. */
enum bp_error bp_windows_check(struct bp_req *rq, const struct bp_list *list);

#endif
