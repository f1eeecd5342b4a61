/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An existing plan as a version of kind IMPORT: number 0 of a unit and channel that has no plan yet,
 * otherwise the next number beside what is there.  The first one is the current plan.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "intake/intake.h"
#include "plan/visits.h"
#include "queries.h"

static const char needs_of_plan[] =
	"INSERT IGNORE INTO need (outlet_id, line_id, partner_id) SELECT o.id, l.id, o.partner_id FROM stage_plan s"
	" STRAIGHT_JOIN outlet o ON o.code = s.outlet_code JOIN sales_line l ON l.code = s.line"
	" LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = l.id WHERE s.session_id = {S} AND s.bad = 0 AND n.id IS NULL";

/* Rows of one unit and channel. From the unit to its outlets to their rows: the other way round every unit reads the whole file. */
#define OF_UNIT \
	" FROM territory_closure c STRAIGHT_JOIN outlet o ON o.territory_id = c.descendant AND IF(o.channel = 'MT', 'MT', 'GT') = '%s'" \
	" STRAIGHT_JOIN stage_plan s ON s.outlet_code = o.code"
#define THESE " WHERE c.ancestor = %" PRId64 " AND s.session_id = {S} AND s.bad = 0"

/* Anchor, weeks and dates as SQL text; a weekday mask may stand for several days. */
static const char beats[] = "INSERT IGNORE INTO beat (plan_id, code, name) SELECT %" PRId64 ", s.beat, MAX(COALESCE(NULLIF(s.beat_name, ''), s.beat))"
	OF_UNIT THESE " AND s.beat <> '' GROUP BY s.beat";
static const char stops[] =
	"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)"
	" SELECT %" PRIu64 ", need_id, day, ROW_NUMBER() OVER (PARTITION BY need_id, day ORDER BY from_date) - 1, seat_id, beat_id,"
	" COALESCE(position, ROW_NUMBER() OVER (PARTITION BY seat_id, day ORDER BY first_row)) - 1, from_date, to_date"
	" FROM (SELECT n.id AS need_id, MOD(IF(s.date IS NULL, (s.week - 1) * 7 + MOD(w.n - WEEKDAY('%s') + 7, 7), DATEDIFF(s.date, '%s')) + %d * 100, %d)"
	" AS day, MIN(t.id) AS seat_id, MIN(b.id) AS beat_id, MIN(s.position) AS position, MIN(s.row_no) AS first_row, s.from_date,"
	" MAX(s.to_date) AS to_date" OF_UNIT
	" JOIN sales_line l ON l.code = s.line JOIN need n ON n.outlet_id = o.id AND n.line_id = l.id JOIN seat t ON t.code = s.seat"
	" LEFT JOIN beat b ON b.plan_id = %" PRId64 " AND b.code = s.beat"
	" JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6) w"
	" ON IF(s.date IS NULL, (s.weekday >> w.n) & 1, w.n = 0)" THESE " GROUP BY n.id, day, s.from_date) x";

/* Numbers of enum plan_hold; rows of one outlet that differ hold together what each of them holds. */
static const char pins[] = "INSERT INTO plan_pin (version_id, need_id, hold) SELECT %" PRIu64 ", n.id,"
	" BIT_OR(FIELD(s.pinned, 'person', 'days', 'both'))" OF_UNIT
	" JOIN sales_line l ON l.code = s.line JOIN need n ON n.outlet_id = o.id AND n.line_id = l.id" THESE " AND s.pinned <> 'none' GROUP BY n.id";

/* The cycle that the rows mean: said by the file, or from the dates, or from the next Monday. */
static void cycle_of(const struct q_import_plan_groups *g, int64_t *anchor, int *weeks)
{
	int64_t today = bp_today();

	if (g->anchor.set)
		*anchor = g->anchor.v;
	else if (g->first.set)
		*anchor = g->first.v - (bp_date_weekday(g->first.v) - 1);
	else
		*anchor = today + 8 - bp_date_weekday(today);
	if (g->weeks.set)
		*weeks = (int)g->weeks.v;
	else if (g->last.set)
		*weeks = (int)((g->last.v - *anchor) / 7 + 1);
	else
		*weeks = g->week.set ? (int)g->week.v : 4;
	*weeks = *weeks < 1 ? 1 : *weeks > 8 ? 8 : *weeks;
}

static enum bp_error publish_one(struct im_work *w, const struct q_import_plan_groups *g)
{
	struct q_import_plan_get p;
	char sql[3000], day[BP_DATE_SIZE];
	int64_t anchor, number = 0;
	uint64_t version;
	int weeks;
	enum bp_error e;

	cycle_of(g, &anchor, &weeks);
	e = q_import_plan_get(w->db, w->arena, g->unit, g->channel, &p);
	if (e == BP_E_NOT_FOUND) {
		e = q_import_plan_add(w->db, g->unit, g->channel, anchor, weeks, NULL);
		if (!e)
			e = q_import_plan_get(w->db, w->arena, g->unit, g->channel, &p);
	}
	if (!e)
		number = p.next;
	if (!e)
		e = q_import_plan_version_add(w->db, p.id, number, anchor, weeks, (int64_t)w->session, (int64_t)w->user, p.current.set ? 0 : 1, NULL);
	if (e)
		return e;
	version = bp_db_insert_id(w->db);
	bp_date_format(anchor, day);
	snprintf(sql, sizeof(sql), beats, p.id, g->channel, g->unit);
	e = im_bulk(w, sql, NULL);
	snprintf(sql, sizeof(sql), stops, version, day, day, weeks * 7, weeks * 7, g->channel, p.id, g->unit);
	if (!e)
		e = im_bulk(w, sql, NULL);
	snprintf(sql, sizeof(sql), pins, version, g->channel, g->unit);
	if (!e)
		e = im_bulk(w, sql, NULL);
	if (!e)
		e = plan_version_count(w->db, w->arena, version);
	if (!e && !p.current.set)
		e = plan_version_commit(w->db, w->arena, version, bp_today());
	return e;
}

enum bp_error im_publish_plans(struct im_work *w)
{
	struct q_import_plan_groups *g;
	size_t n = 0;
	enum bp_error e = im_bulk(w, needs_of_plan, NULL);

	if (!e)
		e = q_import_plan_groups(w->db, w->arena, (int64_t)w->session, &g, &n);
	for (size_t i = 0; !e && i < n; i++) {
		e = im_tell(w, "plan", 92, i, n);
		if (!e)
			e = publish_one(w, &g[i]);
	}
	return e;
}
