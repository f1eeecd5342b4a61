/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_NOTICE_NOTICE_H
#define BP_NOTICE_NOTICE_H
/* Telling people inside the product.  Functions run inside the transaction of the cause: what is rolled back is not told. */
#include "auth/perm.h"
#include "db/db.h"

enum bp_notice {
#define NOTICE(name, what) BP_NOTICE_##name,
#include "notice/kinds.def"
#undef NOTICE
	BP_NOTICE__MAX
};
struct bp_notice_info {
	const char *name, *what;
};
extern const struct bp_notice_info bp_notices[BP_NOTICE__MAX];

/* Of what is told: territory and channel, who did it, and their own words ("" = none). */
struct bp_notice_of {
	uint64_t territory, from;
	const char *channel, *text;
};
/* Tell one user. */
enum bp_error bp_notice_tell(struct bp_db *db, enum bp_notice kind, uint64_t user, const struct bp_notice_of *of);
/* Tell everybody who holds the permission on the territory or above it, but for whoever did it. */
enum bp_error bp_notice_tell_all(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_of *of);

#endif
