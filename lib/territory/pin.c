/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/pin.h"

#include "base/buf.h"
#include "queries.h"

enum bp_error tr_pins_put(struct bp_db *db, struct bp_arena *a, const struct tr_pinning *p, struct bp_fail *f)
{
	const char *ids = bp_ids_text(a, p->outlet, p->n);
	struct q_pin_unknown u;
	struct q_pin_unit unit;
	enum bp_error e = q_pin_unknown(db, a, (int64_t)p->territory, ids, &u);

	if (!e && u.n)
		return bp_fail(f, BP_E_NOT_FOUND, "%lld of these outlets do not lie beneath this territory, the first is %lld", (long long)u.n, (long long)u.first.v);
	if (e || !p->unit.set)
		return e ? e : q_pin_drop(db, ids, NULL);
	e = q_pin_unit(db, a, (int64_t)p->territory, p->unit.v, &unit);
	if (e == BP_E_NOT_FOUND)
		return bp_fail(f, BP_E_OPT_INPUT, "%lld is no planning unit at or beneath this territory", (long long)p->unit.v);
	return e ? e : q_pin_put(db, p->unit.v, ids, p->reason, (int64_t)p->user, NULL);
}
