/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "notice/notice.h"
#include "queries.h"

#define STALE_US INT64_C(900000000)
#define CHANGING "%s is just being cut anew for %s: try again in a moment"

bool bp_lock_stale(int64_t last_seen)
{
	return bp_now() - last_seen > STALE_US;
}

enum bp_error bp_lock_get(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel, struct bp_lock *out)
{
	struct q_lock_get r;
	enum bp_error e = q_lock_get(db, a, (int64_t)unit, channel, &r);

	if (!e)
		*out = (struct bp_lock){(uint64_t)r.id, unit, (uint64_t)r.user_id, r.set.v, r.user ? r.user : "", "", r.since, r.last_seen};
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
	return lock.set ? q_lock_touch_set(db, (int64_t)lock.set, (int64_t)user, NULL) : q_lock_touch(db, (int64_t)unit, channel, (int64_t)user, NULL);
}

static enum bp_error take_one(struct bp_db *db, struct bp_arena *a, const struct q_lock_units *unit, const char *channel, uint64_t user, struct bp_lock *lock)
{
	enum bp_error e = q_lock_take(db, unit->id, channel, (int64_t)user, NULL);

	if (!e)
		e = bp_lock_get(db, a, (uint64_t)unit->id, channel, lock);
	lock->unit = unit->name;
	return e == BP_E_NOT_FOUND ? BP_E_DB_RETRY : e; /* taken or dropped since this transaction began: another try sees it */
}

static int by_recut(const void *id, const void *row)
{
	int64_t a = *(const int64_t *)id, b = ((const struct q_lock_recut *)row)->id;

	return (a > b) - (a < b);
}

/* As the lock of whoever changes the unit just now; false: nobody does. */
static bool being_changed(const struct q_lock_recut *recut, size_t n, const struct q_lock_units *unit, struct bp_lock *lock)
{
	const struct q_lock_recut *r = n ? bsearch(&unit->id, recut, n, sizeof(*r), by_recut) : NULL;

	if (r)
		*lock = (struct bp_lock){.territory = (uint64_t)unit->id, .holder = r->user ? r->user : "somebody", .unit = unit->name, .since = r->since, .last_seen = r->since};
	return r != NULL;
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
	if (!n)
		return bp_fail(f, BP_E_TERRITORY_NONE, "it is no planning unit and has none beneath it: import its outlets first");
	*got = bp_alloc_array(a, n, sizeof(**got));
	*refused = bp_alloc_array(a, n, sizeof(**refused));
	for (size_t i = 0; i < n && !e; i++) {
		struct bp_lock lock;

		if (!being_changed(recut, n_recut, &units[i], &lock))
			e = take_one(db, a, &units[i], channel, user, &lock);
		if (!e && lock.user == user)
			(*got)[(*n_got)++] = lock;
		else if (!e)
			(*refused)[(*n_refused)++] = lock;
	}
	if (!e && !*n_got) {
		char since[BP_INSTANT_SIZE];

		if (!(*refused)[0].id)
			return bp_fail(f, BP_E_LOCK_TAKEN, CHANGING, (*refused)[0].unit, (*refused)[0].holder);
		bp_instant_format((*refused)[0].since, since);
		return bp_fail(f, BP_E_LOCK_TAKEN, "%s holds it since %s; ask to have it released", (*refused)[0].holder, since);
	}
	return e;
}

static int by_id(const void *a, const void *b)
{
	const struct q_lock_units *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Units at or beneath the territories, each once, by id: whoever takes sets takes them in this order. */
static enum bp_error units_of(struct bp_db *db, struct bp_arena *a, const int64_t *territories, size_t n, struct q_lock_units *units, size_t *n_units,
	struct bp_fail *f)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++) {
		struct q_lock_units *some;
		size_t k;
		enum bp_error e = q_lock_units(db, a, territories[i], &some, &k);

		if (e)
			return e;
		if (!k)
			return bp_fail(f, BP_E_TERRITORY_NONE, "territory %lld is no planning unit and has none beneath it", (long long)territories[i]);
		if (all + k > BP_LOCK_SET_MOST)
			return bp_fail(f, BP_E_TOO_LARGE, "a set has at most %d units", BP_LOCK_SET_MOST);
		memcpy(units + all, some, k * sizeof(*some));
		all += k;
	}
	qsort(units, all, sizeof(*units), by_id);
	*n_units = 0;
	for (size_t i = 0; i < all; i++)
		if (!i || units[i].id != units[i - 1].id)
			units[(*n_units)++] = units[i];
	return BP_E_OK;
}

/* All that it joins are of the same user; the set is named after its first lock. */
static enum bp_error join(struct bp_db *db, struct bp_lock *got, size_t n)
{
	int64_t set = (int64_t)got[0].id;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < n && !e; i++) {
		if (got[i].set && (int64_t)got[i].set != set)
			e = q_lock_merge(db, (int64_t)got[i].set, set, NULL);
		if (!e)
			e = q_lock_join(db, (int64_t)got[i].id, set, NULL);
		got[i].set = (uint64_t)set;
	}
	return e;
}

enum bp_error bp_lock_take_set(struct bp_db *db, struct bp_arena *a, const int64_t *territories, size_t n, const char *channel, uint64_t user,
	struct bp_lock **got, size_t *n_got, struct bp_fail *f)
{
	struct q_lock_units *units = bp_alloc_array(a, BP_LOCK_SET_MOST, sizeof(*units));
	const char *held = "";
	size_t k = 0;
	enum bp_error e = units_of(db, a, territories, n, units, &k, f);

	*n_got = 0;
	*got = bp_alloc_array(a, k + 1, sizeof(**got));
	for (size_t i = 0; i < k && !e; i++) {
		struct bp_lock *lock = &(*got)[*n_got];
		struct q_lock_recut *recut;
		size_t n_recut = 0;
		char since[BP_INSTANT_SIZE];

		e = q_lock_recut(db, a, units[i].id, &recut, &n_recut);
		if (!e && being_changed(recut, n_recut, &units[i], lock))
			return bp_fail(f, BP_E_LOCK_TAKEN, "nothing was locked. " CHANGING, lock->unit, lock->holder);
		if (!e)
			e = take_one(db, a, &units[i], channel, user, lock);
		if (!e && lock->user == user) {
			(*n_got)++;
		} else if (!e) {
			bp_instant_format(lock->since, since);
			held = bp_sprintf(a, "%s%s%s: %s since %s", held, *held ? "; " : "", lock->unit, lock->holder, since);
		}
	}
	if (!e && *held)
		return bp_fail(f, BP_E_LOCK_TAKEN, "nothing was locked. %s", held);
	return e ? e : join(db, *got, *n_got);
}

enum bp_error bp_lock_give_back(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel)
{
	struct bp_lock lock;
	enum bp_error e = bp_lock_get(db, a, unit, channel, &lock);

	if (e || !lock.set)
		return e ? e : bp_lock_drop(db, unit, channel);
	e = bp_notice_lock_free(db, 0, channel, lock.set);
	return e ? e : q_lock_drop_set(db, (int64_t)lock.set, NULL);
}

enum bp_error bp_lock_drop(struct bp_db *db, uint64_t unit, const char *channel)
{
	enum bp_error e = bp_notice_lock_free(db, unit, channel, 0);

	return e ? e : q_lock_drop(db, (int64_t)unit, channel, NULL);
}
