/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notice/notice.h"

#include "base/buf.h"
#include "base/shape.h"
#include "queries.h"

#define N_(s) s
const struct bp_notice_info bp_notices[BP_NOTICE__MAX] = {
#define NOTICE(name, what) {#name, what},
#include "notice/kinds.def"
#undef NOTICE
};

enum bp_error bp_notice_tell(struct bp_db *db, enum bp_notice kind, uint64_t user, const struct bp_notice_of *of)
{
	return q_notice_add(db, (int64_t)user, bp_notices[kind].name, (int64_t)of->territory, of->channel, (int64_t)of->from, of->text ? of->text : "", NULL);
}

enum bp_error bp_notice_tell_all(struct bp_db *db, enum bp_notice kind, enum bp_perm perm, const struct bp_notice_of *of)
{
	struct bp_buf roles;
	enum bp_error e;

	bp_buf_init(&roles, 1u << 16);
	bp_buf_chr(&roles, '[');
	for (const struct bp_role *r = bp_roles; r->name; r++)
		if (r->perms & BP_PERM_BIT(perm)) {
			if (roles.len > 1)
				bp_buf_chr(&roles, ',');
			bp_json_string(&roles, r->name);
		}
	bp_buf_chr(&roles, ']');
	e = q_notice_add_roles(db, roles.data, bp_notices[kind].name, (int64_t)of->territory, of->channel, (int64_t)of->from, of->text ? of->text : "", NULL);
	bp_buf_release(&roles);
	return e;
}
