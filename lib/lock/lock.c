/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/lock.h"

#include "base/time.h"
#include "queries.h"

enum bp_error bp_lock_get(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel, struct bp_lock *out)
{
	struct q_lock_get r;
	enum bp_error e = q_lock_get(db, a, (int64_t)unit, channel, &r);

	if (!e)
		*out = (struct bp_lock){(uint64_t)r.id, unit, (uint64_t)r.user_id, r.user ? r.user : "", "", r.since, r.last_seen};
	return e;
}

enum bp_error bp_lock_held(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel, uint64_t user,
	struct bp_fail *f)
{
	struct bp_lock lock;
	enum bp_error e = bp_lock_get(db, a, unit, channel, &lock);

	if (e == BP_E_NOT_FOUND)
		return bp_fail(f, BP_E_LOCK_GONE, "you hold no lock on this territory any more; your draft is kept");
	if (e)
		return e;
	if (lock.user != user)
		return bp_fail(f, BP_E_LOCK_GONE, "%s holds the lock now; your draft is kept", lock.holder);
	return q_lock_touch(db, (int64_t)unit, channel, (int64_t)user, NULL);
}

enum bp_error bp_lock_take(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, uint64_t user,
	struct bp_lock **got, size_t *n_got, struct bp_lock **refused, size_t *n_refused, struct bp_fail *f)
{
	struct q_lock_units *units;
	struct q_lock_recut *recut;
	size_t n, n_recut = 0;
	enum bp_error e = q_lock_units(db, a, (int64_t)territory, &units, &n);

	*n_got = *n_refused = 0;
	if (!e)
		e = q_lock_recut(db, a, (int64_t)territory, &recut, &n_recut);
	if (e)
		return e;
	if (n_recut)
		return bp_fail(f, BP_E_LOCK_TAKEN, "the planning units of %s are being changed: try again in a moment", recut[0].name);
	if (!n)
		return bp_fail(f, BP_E_TERRITORY_NONE, "it is no planning unit and has none beneath it: import its outlets first");
	*got = bp_alloc_array(a, n, sizeof(**got));
	*refused = bp_alloc_array(a, n, sizeof(**refused));
	for (size_t i = 0; i < n && !e; i++) {
		struct bp_lock lock;

		e = q_lock_take(db, units[i].id, channel, (int64_t)user, NULL);
		if (!e)
			e = bp_lock_get(db, a, (uint64_t)units[i].id, channel, &lock);
		if (e == BP_E_NOT_FOUND)
			e = BP_E_DB_RETRY; /* taken or dropped since this transaction began: another try sees it */
		lock.unit = units[i].name;
		if (!e && lock.user == user)
			(*got)[(*n_got)++] = lock;
		else if (!e)
			(*refused)[(*n_refused)++] = lock;
	}
	if (!e && !*n_got) {
		char since[BP_INSTANT_SIZE];

		bp_instant_format((*refused)[0].since, since);
		return bp_fail(f, BP_E_LOCK_TAKEN, "%s holds it since %s; ask to have it released", (*refused)[0].holder, since);
	}
	return e;
}

enum bp_error bp_lock_drop(struct bp_db *db, uint64_t unit, const char *channel)
{
	return q_lock_drop(db, (int64_t)unit, channel, NULL);
}
