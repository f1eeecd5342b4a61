/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_CHANGE_SET_H
#define BP_CGI_CHANGE_SET_H
/* What people changed of territories is kept as sets of changes, each of which can be taken back: how that is asked for, and what is said. */
#include "cgi/endpoint.h"

struct bp_undo {
	int64_t id;
	const char *reason;
};
extern const struct bp_shape bp_undo_shape;

struct bp_undone {
	int64_t back, kept;
};
extern const struct bp_shape bp_undone_shape;

#endif
