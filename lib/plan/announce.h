/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_ANNOUNCE_H
#define BP_PLAN_ANNOUNCE_H
/* Who hears of a commit, from whatever screen or shell it was made. */
#include "plan/session.h"

struct plan_committed {
	uint64_t plan, territory, version, user; /* user: who did it */
	const char *channel, *notes, *correlation;
};
/* Other systems by the outbox, snapshots by a job, people by notices. In the transaction of the commit. */
enum bp_error plan_announce(struct bp_db *db, const struct plan_committed *c);

#endif
