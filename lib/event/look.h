/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EVENT_LOOK_H
#define BP_EVENT_LOOK_H
/* What differs between two looks at jobs, locks and notices. */
#include "db/db.h"

enum bp_event_kind { BP_EVENT_JOB, BP_EVENT_LOCK, BP_EVENT_NOTICE, BP_EVENT__MAX };
#define BP_EVENT_TEXT 512

/* One thing as it stands, and what is told of it as JSON. */
struct bp_event {
	enum bp_event_kind kind;
	int64_t id;
	uint64_t territory, user; /* whom it concerns: who sees the territory, or this user; of a notice the user alone */
	bool over;                /* there is nothing more to come */
	char text[BP_EVENT_TEXT];
};
struct bp_event_list {
	struct bp_event *v;
	size_t n;
};
/* What a look saw. Zeroed = nothing was looked at yet. */
struct bp_event_state {
	struct bp_event_list seen[BP_EVENT__MAX];
	int64_t newest_job, newest_notice;
	bool known;
};

/* Look once more; fn gets what is new, what changed and what went. The first look of a state tells nothing. After an error the state
 * is as it was. */
enum bp_error bp_event_look(struct bp_db *db, struct bp_event_state *st, void (*fn)(void *ctx, const struct bp_event *e), void *ctx);
void bp_event_forget(struct bp_event_state *st);

#endif
