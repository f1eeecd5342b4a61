/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/audit.h"

#include <string.h>

#include "queries.h"

const struct bp_action_info bp_actions[BP_ACTION__MAX] = {
#define ACTION(name, what) {#name, what},
#include "audit/actions.def"
#undef ACTION
};

void bp_audit_change(struct bp_audit *au, const char *field, const char *old_value, const char *new_value)
{
	if (old_value == new_value || (old_value && new_value && !strcmp(old_value, new_value)))
		return;
	if (au->n_changes < BP_AUDIT_CHANGES_MOST)
		au->changes[au->n_changes++] = (struct bp_audit_change){field, old_value, new_value};
}

static const char *text(const char *s)
{
	return s ? s : "";
}

enum bp_error bp_audit_write(struct bp_db *db, const struct bp_audit *au)
{
	enum bp_error e;
	uint64_t id;

	if (au->action == BP_ACTION_NONE)
		return BP_E_OK;
	e = q_audit_event_add(db, (int64_t)au->user, bp_actions[au->action].name, text(au->resource_type),
		(int64_t)au->resource_id, (int64_t)au->territory, text(au->channel), (int64_t)au->session, text(au->reason),
		text(au->ip), text(au->agent), text(au->correlation), NULL);
	id = bp_db_insert_id(db);
	for (size_t i = 0; i < au->n_changes && !e; i++)
		e = q_audit_change_add(db, (int64_t)id, (int64_t)i, au->changes[i].field, au->changes[i].old_value,
			au->changes[i].new_value, NULL);
	return e;
}
