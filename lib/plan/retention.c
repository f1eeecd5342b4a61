/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/retention.h"

#include "queries.h"

static enum bp_error drop(struct bp_db *db, void *ctx)
{
	int64_t version = *(const int64_t *)ctx;
	enum bp_error e = q_version_drop_stops(db, version, NULL);

	if (!e)
		e = q_version_drop_unserved(db, version, NULL);
	if (!e)
		e = q_version_drop_tours(db, version, NULL);
	if (!e)
		e = q_version_drop_pins(db, version, NULL);
	if (!e)
		e = q_version_drop_comments(db, version, NULL);
	if (!e)
		e = q_version_orphan(db, version, NULL);
	return e ? e : q_version_drop(db, version, NULL);
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
