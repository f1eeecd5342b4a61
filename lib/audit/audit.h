/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUDIT_AUDIT_H
#define BP_AUDIT_AUDIT_H
/*
 * The audit trail: one event per user action, with the fields it changed.  It is
 * written in the transaction of the action itself, so that neither can be there
 * without the other.  Handlers collect into struct bp_audit; the dispatcher writes.
 */
#include "db/db.h"

enum bp_action {
#define ACTION(name, what) BP_ACTION_##name,
#include "audit/actions.def"
#undef ACTION
	BP_ACTION__MAX
};
struct bp_action_info {
	const char *name, *what;
};
extern const struct bp_action_info bp_actions[BP_ACTION__MAX];

struct bp_audit_change {
	const char *field, *old_value, *new_value; /* NULL = none */
};

#define BP_AUDIT_CHANGES_MOST 64
struct bp_audit {
	enum bp_action action;
	uint64_t user, resource_id, territory, session;
	const char *resource_type; /* "user", "territory", "plan" ...; NULL = "" */
	const char *channel, *reason, *ip, *agent, *correlation;
	struct bp_audit_change changes[BP_AUDIT_CHANGES_MOST];
	size_t n_changes;
};

/* Note a change when the two texts differ; they are borrowed until bp_audit_write. Beyond the limit they are dropped. */
void bp_audit_change(struct bp_audit *au, const char *field, const char *old_value, const char *new_value);
/* Where events come from that say no address and no program: of a subcommand of the shell, once at its start; the texts are kept. */
void bp_audit_from(const char *ip, const char *agent);
/* Write the event; nothing when the action is NONE. Call it inside the transaction of the action. */
enum bp_error bp_audit_write(struct bp_db *db, const struct bp_audit *au);

/* What the trail holds in place of a value that tells who somebody is; false when there is no value. */
#define BP_AUDIT_SALT 16
#define BP_AUDIT_DIGEST 48
bool bp_audit_digest(const void *salt, const char *value, char out[BP_AUDIT_DIGEST]);

#endif
