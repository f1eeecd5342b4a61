/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_NOTICE_NOTICE_H
#define BP_NOTICE_NOTICE_H
/* Telling people inside the product, and by mail whoever wants that (daemon/kind_notice_mail.c).  Functions run inside the transaction of the cause: what is rolled back is not told. */
#include "auth/perm.h"
#include "db/db.h"

enum bp_notice {
#define NOTICE(name, what, french) BP_NOTICE_##name,
#include "notice/kinds.def"
#undef NOTICE
	BP_NOTICE__MAX
};
struct bp_notice_info {
	const char *name, *what, *french;
};
extern const struct bp_notice_info bp_notices[BP_NOTICE__MAX];

/* Of what is told: territory and channel, who did it, and their own words ("" = none). */
struct bp_notice_of {
	uint64_t territory, from;
	const char *channel, *text;
};
/* Tell one user. */
enum bp_error bp_notice_tell(struct bp_db *db, enum bp_notice kind, uint64_t user, const struct bp_notice_of *of);
/* Tell one user what was done to the account: by mail too, whether notices are wanted so or not. from 0 = by the shell. */
enum bp_error bp_notice_tell_account(struct bp_db *db, enum bp_notice kind, uint64_t user, uint64_t from, const char *text);
/* Tell everybody who holds the permission on the territory or above it, but for whoever did it. */
enum bp_error bp_notice_tell_all(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_of *of);
/* Tell of a commit: who may break locks there, distributors' users, and whose days the version says (a person is a user by the mail
 * address), but for whoever did it. */
enum bp_error bp_notice_tell_commit(struct bp_db *db, uint64_t version, const struct bp_notice_of *of);
/* Of a change in a draft: its planning session, the seats whose days change and the needs concerned, as JSON arrays of ids. */
struct bp_notice_plan {
	uint64_t session;
	const char *seats, *needs;
	bool distributor; /* a visit goes from one distributor to another: distributors' users are told too */
};
/* Tell those, and whom such a change concerns: who holds these seats or others that visit the same outlets, the lock, or made the
 * committed version; each once, but for whoever did it. */
enum bp_error bp_notice_tell_concerned(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_plan *plan,
	const struct bp_notice_of *of);

/* A lock is about to be dropped, that of a territory and channel, or (set not 0) those of a set: whoever asked for it while it was held
 * is told. */
enum bp_error bp_notice_lock_free(struct bp_db *db, uint64_t territory, const char *channel, uint64_t set);
/* Tell those who asked `of->from` for the lock and were not answered that it is kept; their asking counts as read. */
enum bp_error bp_notice_lock_kept(struct bp_db *db, const struct bp_notice_of *of);

#endif
