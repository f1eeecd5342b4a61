/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/audit.h"

#include <sodium.h>
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

static const char *from_ip = "", *from_agent = "";

void bp_audit_from(const char *ip, const char *agent)
{
	from_ip = ip;
	from_agent = agent;
}

static const char *text(const char *s)
{
	return s ? s : "";
}

bool bp_audit_digest(const void *salt, const char *value, char out[BP_AUDIT_DIGEST])
{
	unsigned char raw[16];
	crypto_generichash_state st;

	if (!value)
		return false;
	crypto_generichash_init(&st, NULL, 0, sizeof(raw));
	crypto_generichash_update(&st, salt, BP_AUDIT_SALT);
	crypto_generichash_update(&st, (const unsigned char *)value, strlen(value));
	crypto_generichash_final(&st, raw, sizeof(raw));
	memcpy(out, "blake2b:", 8);
	sodium_bin2hex(out + 8, BP_AUDIT_DIGEST - 8, raw, sizeof(raw));
	return true;
}

/* Who somebody is must be erasable: the trail gets a digest, the value lies beside it. */
static bool personal(const struct bp_audit *au, const char *field)
{
	return !strcmp(text(au->resource_type), "user") && (!strcmp(field, "username") || !strcmp(field, "name") || !strcmp(field, "email"));
}

static enum bp_error write_change(struct bp_db *db, const struct bp_audit *au, int64_t id, size_t i)
{
	const struct bp_audit_change *c = &au->changes[i];
	char old[BP_AUDIT_DIGEST], new[BP_AUDIT_DIGEST];
	unsigned char salt[BP_AUDIT_SALT];
	enum bp_error e;

	if (!personal(au, c->field))
		return q_audit_change_add(db, id, (int64_t)i, c->field, c->old_value, c->new_value, NULL);
	randombytes_buf(salt, sizeof(salt));
	e = q_audit_change_add(db, id, (int64_t)i, c->field, bp_audit_digest(salt, c->old_value, old) ? old : NULL,
		bp_audit_digest(salt, c->new_value, new) ? new : NULL, NULL);
	return e ? e : q_erasable_change_add(db, id, (int64_t)i, (int64_t)au->resource_id, (struct bp_bytes){salt, sizeof(salt)},
		c->old_value, c->new_value, NULL);
}

enum bp_error bp_audit_write(struct bp_db *db, const struct bp_audit *au)
{
	enum bp_error e;
	uint64_t id;

	if (au->action == BP_ACTION_NONE)
		return BP_E_OK;
	e = q_audit_event_add(db, (int64_t)au->user, bp_actions[au->action].name, text(au->resource_type),
		(int64_t)au->resource_id, (int64_t)au->territory, text(au->channel), (int64_t)au->session, text(au->reason),
		au->ip ? au->ip : from_ip, au->agent ? au->agent : from_agent, text(au->correlation), NULL);
	id = bp_db_insert_id(db);
	for (size_t i = 0; i < au->n_changes && !e; i++)
		e = write_change(db, au, (int64_t)id, i);
	return e;
}
