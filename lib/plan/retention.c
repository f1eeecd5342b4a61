/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/retention.h"

#include "queries.h"

/* A version is the last of what is its own. */
static enum bp_error drop(struct bp_db *db, void *ctx)
{
	static enum bp_error (*const part[])(struct bp_db *, int64_t, uint64_t *) = {q_version_drop_stops, q_version_drop_unserved,
		q_version_drop_tours, q_version_drop_pins, q_version_drop_comments, q_version_orphan, q_version_drop};
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < sizeof(part) / sizeof(*part); i++)
		e = part[i](db, *(const int64_t *)ctx, NULL);
	return e;
}

enum bp_error plan_versions_sweep(struct bp_db *db, struct bp_arena *a, int64_t auto_days, int64_t days, size_t most, size_t *removed)
{
	struct q_version_expired *v;
	size_t n = 0;
	enum bp_error e = q_version_expired(db, a, auto_days, days, (int64_t)most, &v, &n);

	for (*removed = 0; !e && *removed < n; ++*removed)
		e = bp_db_tx(db, drop, &v[*removed].id);
	return e;
}
