/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notice/notice.h"

#include <string.h>

#include "base/buf.h"
#include "base/shape.h"
#include "queries.h"

#define N_(s) s
const struct bp_notice_info bp_notices[BP_NOTICE__MAX] = {
#define NOTICE(name, what, french) {#name, what, french},
#include "notice/kinds.def"
#undef NOTICE
};

enum bp_error bp_notice_tell(struct bp_db *db, enum bp_notice kind, uint64_t user, const struct bp_notice_of *of)
{
	return q_notice_add(db, (int64_t)user, bp_notices[kind].name, (int64_t)of->territory, of->channel, (int64_t)of->from, of->text ? of->text : "", NULL);
}

enum bp_error bp_notice_tell_account(struct bp_db *db, enum bp_notice kind, uint64_t user, uint64_t from, const char *text)
{
	return q_notice_add_account(db, (int64_t)user, bp_notices[kind].name, (int64_t)from, text, NULL);
}

/* The roles that hold a permission, and one more (NULL = none), as a JSON array. */
static void roles_with(enum bp_perm perm, const char *more, struct bp_buf *roles)
{
	bp_buf_init(roles, 1u << 16);
	bp_buf_chr(roles, '[');
	for (const struct bp_role *r = bp_roles; r->name; r++)
		if (r->perms & BP_PERM_BIT(perm) || (more && !strcmp(r->name, more))) {
			if (roles->len > 1)
				bp_buf_chr(roles, ',');
			bp_json_string(roles, r->name);
		}
	bp_buf_chr(roles, ']');
}

enum bp_error bp_notice_tell_all(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_of *of)
{
	struct bp_buf roles;
	enum bp_error e;

	roles_with(perm, NULL, &roles);
	e = q_notice_add_roles(db, roles.data, bp_notices[kind].name, (int64_t)of->territory, of->channel, (int64_t)of->from, of->text ? of->text : "", NULL);
	bp_buf_release(&roles);
	return e;
}

enum bp_error bp_notice_tell_commit(struct bp_db *db, uint64_t version, const struct bp_notice_of *of)
{
	struct bp_buf roles;
	enum bp_error e;

	roles_with(BP_PERM_FORCE_UNLOCK, "dt_user", &roles);
	e = q_notice_add_commit(db, roles.data, bp_notices[BP_NOTICE_PLAN_COMMITTED].name, (int64_t)of->territory, of->channel, (int64_t)of->from,
		of->text ? of->text : "", (int64_t)version, NULL);
	bp_buf_release(&roles);
	return e;
}

enum bp_error bp_notice_tell_concerned(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_plan *plan,
	const struct bp_notice_of *of)
{
	struct bp_buf roles;
	enum bp_error e;

	roles_with(perm, plan->distributor ? "dt_user" : NULL, &roles);
	e = q_notice_add_concerned(db, roles.data, bp_notices[kind].name, (int64_t)of->territory, of->channel, (int64_t)of->from,
		of->text ? of->text : "", (int64_t)plan->session, plan->seats, plan->needs, NULL);
	bp_buf_release(&roles);
	return e;
}

enum bp_error bp_notice_lock_free(struct bp_db *db, uint64_t territory, const char *channel, uint64_t set)
{
	return q_notice_lock_free(db, bp_notices[BP_NOTICE_LOCK_FREE].name, (int64_t)territory, channel, (int64_t)set, NULL);
}

enum bp_error bp_notice_lock_kept(struct bp_db *db, const struct bp_notice_of *of)
{
	enum bp_error e = q_notice_lock_kept(db, (int64_t)of->from, bp_notices[BP_NOTICE_LOCK_KEPT].name, (int64_t)of->territory, of->channel,
		of->text ? of->text : "", NULL);

	return e ? e : q_notice_lock_answered(db, (int64_t)of->from, (int64_t)of->territory, of->channel, NULL);
}
