/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_KIND_H
#define BP_INTAKE_KIND_H
/*
 * The entities whose checks across rows and whose publication are statements, one table entry each: kind_master.c,
 * kind_sales.c and kind_chain.c.  Their stage tables have, beside their columns, `state` (0 new, 1 known with other values, 2 known
 * with the same) and `bad` (0 fine, 1 duplicate, 2 + i refused by refuse[i]), and an index `row_key` over
 * session_id and `key`.  Outlets, distributors, seats, mappings and plans are not among them: cross.c, publish.c.
 *
 * In statements {S} is the session, and s the stage table where a condition is asked for.
 */
#include "intake/intake.h"

#define IM_REFUSALS_MOST 6

/* Rows that are kept out: issue `rule` on `column` where `when` holds. */
struct im_refusal {
	const char *column, *rule, *when;
};

struct im_kind {
	enum im_entity entity;
	const char *key; /* columns of the natural key, separated by ", " */
	bool before_outlets; /* published before outlets, which refer to it */
	const char *const *find; /* before the refusals, again before the publication; ended by NULL, may be NULL */
	enum bp_error (*prepare)(struct im_work *w, bool publishing); /* the same in C, after `find`; may be NULL */
	struct im_refusal refuse[IM_REFUSALS_MOST];
	const char *compare; /* sets `state` of rows that are known */
	const char *const *warn; /* insert issues; ended by NULL, may be NULL */
	const char *const *publish; /* ended by NULL */
	enum bp_error (*finish)(struct im_work *w); /* after `publish`; may be NULL */
};
extern const struct im_kind im_kinds_master[], im_kinds_sales[], im_kinds_chain[]; /* ended by a key that is NULL */

/* Steps of the check, in its transaction: take back what an earlier one marked; judge and compare (writes issues). */
enum bp_error im_kinds_forget(struct im_work *w);
enum bp_error im_kinds_judge(struct im_work *w);
/* Compare again, then count, where others have published since. */
enum bp_error im_kinds_compare(struct im_work *w);
/* The rows of the session that these kinds hold, in the transaction of the publication. */
enum bp_error im_kinds_publish(struct im_work *w, bool before_outlets);
/* Outlets that the whitelist puts into a territory lie there, whatever the outlet file says. */
enum bp_error im_lists_apply(struct im_work *w);
/* After outlets: invoices that waited for one get it, and the sales volume is told apart from what the file said. */
enum bp_error im_sales_of_outlets(struct im_work *w);
/* Remove the staged rows. */
enum bp_error im_kinds_clear(struct im_work *w);

/* Fill w->entities. */
enum bp_error im_find_entities(struct im_work *w);
/* Sales of several sessions are published one after the other: they would wait for each other's gaps, and fail, in the
 * middle.  The first thing of the transaction, before anything is read. */
enum bp_error im_sales_turn(struct im_work *w);

/* --- pieces of statements --- */
#define IM_OUTLET_UNKNOWN \
	"NOT EXISTS (SELECT 1 FROM outlet o WHERE o.code = s.outlet_code) AND NOT EXISTS (SELECT 1 FROM stage_outlets t" \
	" WHERE t.session_id = {S} AND t.code = s.outlet_code AND t.bad = 0)"
#define IM_SEAT_UNKNOWN \
	"s.seat <> '' AND NOT EXISTS (SELECT 1 FROM seat t WHERE t.code = s.seat) AND NOT EXISTS (SELECT 1 FROM stage_seats t" \
	" WHERE t.session_id = {S} AND t.code = s.seat AND t.bad = 0)"
#define IM_TERRITORY_UNKNOWN \
	"s.territory_id IS NULL AND NOT EXISTS (SELECT 1 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'PLACE'" \
	" AND s.territory IN (r.l1, r.l2, r.l3, r.l4, r.l5))"
/* Code before name, a planning unit before others; none said = 0. */
#define IM_FIND_TERRITORY(table) \
	"UPDATE " table " s SET s.territory_id = IF(COALESCE(s.territory, '') = '', 0, COALESCE(" \
	"(SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.code = s.territory ORDER BY t.is_unit DESC, t.rank LIMIT 1)," \
	" (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.name = s.territory ORDER BY t.is_unit DESC, t.rank LIMIT 1))) WHERE s.session_id = {S}"
#define IM_FINE " WHERE s.session_id = {S} AND s.bad = 0"
#define IM_TO_WRITE " WHERE s.session_id = {S} AND s.bad = 0 AND s.state <> 2"
/* The windows of an outlet o as a text, and those that the staged rows s of windows say together. */
#define IM_CLOCK(m) "TIME_FORMAT(SEC_TO_TIME(" m " * 60), '%H:%i')"
#define IM_WINDOW_WORDS(day, w, hard) \
	"GROUP_CONCAT(ELT(" day " + 1, 'every day', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), ' ', " IM_CLOCK(w ".opens") ", '-', " \
	IM_CLOCK(w ".closes") ", IF(" hard ", '', ' if possible') ORDER BY " day ", " w ".opens SEPARATOR '; ')"
#define IM_WINDOWS_TEXT "(SELECT " IM_WINDOW_WORDS("w.weekday", "w", "w.hard") " FROM time_window w WHERE w.outlet_id = o.id)"
#define IM_STAGED_DAYS \
	" JOIN (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7) d" \
	" ON IF(d.n = 0, s.weekday IS NULL, s.weekday >> (d.n - 1) & 1)"
/* Of o, an outlet: a person's value of the field stays. */
#define IM_HELD(field) \
	"EXISTS (SELECT 1 FROM stage_held h WHERE h.session_id = {S} AND h.outlet_id = o.id AND h.field = '" field "' AND h.fate = 'HELD')"
/* What changed around an outlet in other tables, as texts for its history: the journal itself keeps these by their keys. */
#define IM_NOTE(field, old, new, from) \
	"INSERT INTO row_change (tbl, k1, set_id, field, old_value, new_value) SELECT 'outlet', o.id, @change_set, " field ", LEFT(" old ", 300), LEFT(" new ", 300) " from \
	" ON DUPLICATE KEY UPDATE new_value = VALUES(new_value)"

#endif
