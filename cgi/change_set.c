/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/change_set.h"

static const struct bp_field undo_fields[] = {
	BP_INT(bp_undo, id, BP_REQ, 1, 9e15, "the change"),
	BP_STR(bp_undo, reason, BP_REQ, 3, 500, "why: it is kept with the history"),
};
const struct bp_shape bp_undo_shape = {"change_undo", sizeof(struct bp_undo), undo_fields, sizeof(undo_fields) / sizeof(*undo_fields), 0};

static const struct bp_field undone_fields[] = {
	BP_INT(bp_undone, back, BP_REQ, 0, 9e9, "outlets, or boundaries, that are as they were before"),
	BP_INT(bp_undone, kept, BP_REQ, 0, 9e9, "that somebody changed since: they stay"),
};
const struct bp_shape bp_undone_shape = {"change_undone", sizeof(struct bp_undone), undone_fields, sizeof(undone_fields) / sizeof(*undone_fields), 0};
