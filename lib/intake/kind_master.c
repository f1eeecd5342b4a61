/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts, tiers, needs, time windows, closed days, holidays, visit policies, whitelist and blacklist. */
#include <jansson.h>
#include <stdio.h>

#include "intake/kind.h"
#include "intake/overlay.h"
#include "plan/absence.h"
#include "plan/holiday.h"
#include "plan/profile.h"
#include "queries.h"
#include "territory/tree.h"

static const char *const publish_accounts[] = {
	"UPDATE account a JOIN stage_accounts s ON s.code = a.code SET a.name = s.name" IM_TO_WRITE,
	"INSERT IGNORE INTO account (code, name) SELECT s.code, s.name FROM stage_accounts s" IM_TO_WRITE,
	"UPDATE account a JOIN stage_accounts s ON s.code = a.code LEFT JOIN account p ON p.code = s.parent SET a.parent_id = p.id" IM_TO_WRITE
		" AND s.parent IS NOT NULL",
	NULL};

static const char *const publish_tiers[] = {
	"UPDATE tier t JOIN stage_tiers s ON s.rank = t.rank SET t.name = s.name, t.aliases = COALESCE(s.aliases, t.aliases)" IM_TO_WRITE, NULL};

/* --- needs --- */
#define NEEDS_JOINED \
	" JOIN outlet o ON o.code = s.outlet_code JOIN sales_line l ON l.code = s.line JOIN need n ON n.outlet_id = o.id AND n.line_id = l.id" \
	" LEFT JOIN seat t ON t.code = s.seat LEFT JOIN seat x ON x.id = n.seat_id"
#define NEED_TEXT(visits, minutes, seat, value, mandatory) \
	"CONCAT_WS(', ', CONCAT(" visits ", ' visits in 4 weeks'), CONCAT(" minutes ", ' minutes'), NULLIF(" seat ", ''), CONCAT('missed: ', " value \
	", ' minutes'), IF(" mandatory ", NULL, 'optional'))"
static const char compare_needs[] =
	"UPDATE stage_needs s" NEEDS_JOINED " SET s.state = IF(COALESCE(s.frequency, n.visits_per_4w) <=> n.visits_per_4w"
	" AND COALESCE(s.service_minutes, n.service_minutes) <=> n.service_minutes AND (COALESCE(s.seat, '') = '' OR n.seat_id <=> t.id)"
	" AND COALESCE(s.value, n.value) <=> n.value AND COALESCE(s.mandatory, n.mandatory) = n.mandatory, 2, 1)" IM_FINE;
static const char *const publish_needs[] = {
	"INSERT IGNORE INTO sales_line (code, name) SELECT DISTINCT s.line, s.line FROM stage_needs s" IM_FINE,
	IM_NOTE("LEFT(CONCAT('need ', l.code), 24)",
		NEED_TEXT("n.visits_per_4w", "n.service_minutes", "x.code", "n.value", "n.mandatory"),
		NEED_TEXT("COALESCE(s.frequency, n.visits_per_4w)", "COALESCE(s.service_minutes, n.service_minutes)", "COALESCE(NULLIF(s.seat, ''), x.code)",
			"COALESCE(s.value, n.value)", "COALESCE(s.mandatory, n.mandatory)"), "FROM stage_needs s" NEEDS_JOINED IM_TO_WRITE),
	"INSERT IGNORE INTO need (outlet_id, line_id) SELECT o.id, l.id FROM stage_needs s JOIN outlet o ON o.code = s.outlet_code"
		" JOIN sales_line l ON l.code = s.line" IM_TO_WRITE,
	"UPDATE stage_needs s" NEEDS_JOINED " SET n.visits_per_4w = COALESCE(s.frequency, n.visits_per_4w),"
		" n.service_minutes = COALESCE(s.service_minutes, n.service_minutes), n.seat_id = COALESCE(t.id, n.seat_id),"
		" n.value = COALESCE(s.value, n.value), n.mandatory = COALESCE(s.mandatory, n.mandatory)" IM_TO_WRITE,
	NULL};

/* --- time windows: those of the file take the place of all that an outlet had --- */
#define SAME_WINDOW \
	"w.outlet_id = o.id AND w.opens = s.opens AND w.closes = s.closes AND w.hard = COALESCE(s.hard, 1) AND" \
	" IF(s.weekday IS NULL, w.weekday = 0, w.weekday > 0 AND s.weekday >> (w.weekday - 1) & 1)"
static const char compare_windows[] =
	"UPDATE stage_windows s JOIN outlet o ON o.code = s.outlet_code SET s.state = CASE WHEN (SELECT COUNT(*) FROM time_window w WHERE " SAME_WINDOW
	") = IF(s.weekday IS NULL, 1, BIT_COUNT(s.weekday)) OR " IM_HELD("windows") " THEN 2 WHEN EXISTS (SELECT 1 FROM time_window w WHERE w.outlet_id = o.id) THEN 1 ELSE 0 END" IM_FINE;
static const char *const publish_windows[] = {
	IM_NOTE("'time windows'", IM_WINDOWS_TEXT, "NULL", "FROM stage_windows s JOIN outlet o ON o.code = s.outlet_code" IM_FINE " AND NOT " IM_HELD("windows") " GROUP BY o.id"),
	"DELETE w FROM stage_windows s JOIN outlet o ON o.code = s.outlet_code JOIN time_window w ON w.outlet_id = o.id" IM_FINE " AND NOT " IM_HELD("windows"),
	"INSERT INTO time_window (outlet_id, weekday, opens, closes, hard) SELECT o.id, d.n, s.opens, s.closes, COALESCE(s.hard, 1)"
		" FROM stage_windows s JOIN outlet o ON o.code = s.outlet_code" IM_STAGED_DAYS IM_FINE " AND NOT " IM_HELD("windows"),
	"UPDATE row_change c JOIN outlet o ON o.id = c.k1 SET c.new_value = LEFT(" IM_WINDOWS_TEXT ", 300)"
		" WHERE c.set_id = @change_set AND c.tbl = 'outlet' AND c.field = 'time windows'",
	"DELETE FROM row_change WHERE set_id = @change_set AND tbl = 'outlet' AND field = 'time windows' AND old_value <=> new_value",
	NULL};

/* --- closed days: rows of one outlet add up --- */
#define DAYS_OF_FILE \
	" JOIN (SELECT outlet_code, BIT_OR(weekdays) AS days FROM stage_closed_days WHERE session_id = {S} AND bad = 0 GROUP BY outlet_code) g" \
	" ON g.outlet_code = s.outlet_code JOIN outlet o ON o.code = s.outlet_code"
static const char compare_closed_days[] =
	"UPDATE stage_closed_days s" DAYS_OF_FILE " SET s.state = IF(o.closed_days = g.days OR " IM_HELD("closed_days") ", 2, o.closed_days > 0)" IM_FINE;
static const char *const publish_closed_days[] = {
	"UPDATE stage_closed_days s" DAYS_OF_FILE " SET o.closed_days = g.days" IM_TO_WRITE,
	NULL};

/* --- holidays --- */
static const char *const find_holidays[] = {IM_FIND_TERRITORY("stage_holidays"), NULL};
static const char compare_holidays[] =
	"UPDATE stage_holidays s JOIN holiday h ON h.territory_id = s.territory_id AND h.day = s.day"
	" SET s.state = IF(BINARY h.name = BINARY s.name, 2, 1)" IM_FINE;
static const char *const warn_holidays[] = {
	"INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
		" SELECT s.session_id, s.file_id, s.row_no, 'day', 'PAST_DAY', 'warning', s.day, '' FROM stage_holidays s" IM_TO_WRITE " AND s.day < UTC_DATE()",
	NULL};

static enum bp_error publish_holidays(struct im_work *w)
{
	struct q_import_staged_holidays *h;
	size_t n = 0;
	enum bp_error e = q_import_staged_holidays(w->db, w->arena, (int64_t)w->session, &h, &n);

	for (size_t i = 0; !e && i < n; i++) {
		e = plan_holiday_put(w->db, w->arena, &(struct plan_asker){w->user, w->correlation}, (uint64_t)h[i].territory_id, h[i].day, h[i].name);
		if (!e && i % 20 == 19)
			e = im_tell(w, "holidays", 92, i, n);
	}
	return e;
}

/* --- visit policies: parameters of the territory's profile --- */
static const char *const find_policies[] = {IM_FIND_TERRITORY("stage_policies"), NULL};
#define POLICY(what) "JSON_VALUE(p.fields, CONCAT('$." what "', IF(s.channel = 'WS', 'Ws', ''), ELT(s.tier, 'Gold', 'Silver', 'Bronze')))"
#define POLICY_SAME(col, what) "(s." col " IS NULL OR CAST(" POLICY(what) " AS DOUBLE) <=> s." col ")"
static const char compare_policies[] =
	"UPDATE stage_policies s JOIN plan_profile p ON p.territory_id = s.territory_id AND p.channel = IF(s.channel = 'MT', 'MT', 'GT')"
	" SET s.state = IF(" POLICY_SAME("visits", "frequency") " AND " POLICY_SAME("minutes", "service") " AND " POLICY_SAME("gap", "gap") ", 2,"
	" COALESCE(" POLICY("frequency") ", " POLICY("service") ", " POLICY("gap") ") IS NOT NULL)" IM_FINE;

static enum bp_error publish_policies(struct im_work *w)
{
	static const char *const tiers[] = {"Gold", "Silver", "Bronze"};
	struct q_import_staged_policies *p;
	json_t *errors = json_array();
	size_t n = 0;
	enum bp_error e = q_import_staged_policies(w->db, w->arena, (int64_t)w->session, &p, &n);

	for (size_t i = 0; !e && i < n; i++) {
		const struct {
			const char *what;
			struct bp_opt_int v;
		} say[] = {{"frequency", p[i].visits}, {"service", p[i].minutes}, {"gap", p[i].gap}};
		json_t *fields = json_object();

		for (size_t k = 0; k < 3; k++)
			if (say[k].v.set)
				json_object_set_new(fields, bp_sprintf(w->arena, "%s%s%s", say[k].what, p[i].channel[0] == 'W' ? "Ws" : "", tiers[p[i].tier - 1]),
					json_integer(say[k].v.v));
		e = plan_profile_change(w->db, (uint64_t)p[i].territory_id, p[i].channel[0] == 'M' ? "MT" : "GT", fields, w->user, errors);
		json_decref(fields);
		if (e == BP_E_FIELDS)
			e = bp_fail(w->fail, BP_E_INTERNAL, "a visit policy was checked, and does not fit its profile");
	}
	json_decref(errors);
	return e;
}

/* --- whitelist and blacklist --- */
static const char *const find_lists[] = {IM_FIND_TERRITORY("stage_lists"), NULL};
#define LISTED " JOIN outlet o ON o.code = s.outlet_code LEFT JOIN seat t ON t.code = s.seat"
#define ENTRY " x ON x.outlet_id = o.id AND x.list = s.list AND x.seat_id = COALESCE(t.id, 0) AND x.territory_id = s.territory_id"
#define ENTRY_TEXT(list, seat, territory, first, last, reason) \
	"CONCAT_WS(', ', LOWER(" list "), CONCAT('seat ', NULLIF(" seat ", '')), CONCAT('territory ', NULLIF(" territory ", '')), CONCAT('from ', " first \
	"), CONCAT('to ', " last "), NULLIF(" reason ", ''))"
static const char compare_lists[] =
	"UPDATE stage_lists s" LISTED " JOIN outlet_list" ENTRY " SET s.state = IF(COALESCE(s.from_date, x.from_date) <=> x.from_date AND"
	" COALESCE(s.to_date, x.to_date) <=> x.to_date AND COALESCE(s.reason, x.reason) = x.reason, 2, 1)" IM_FINE;
static const char *const publish_lists[] = {
	"INSERT INTO outlet_list (outlet_id, list, seat_id, territory_id, from_date, to_date, reason, import_id)"
		" SELECT o.id, s.list, COALESCE(t.id, 0), s.territory_id, s.from_date, s.to_date, COALESCE(s.reason, ''), {S} FROM stage_lists s" LISTED IM_TO_WRITE
		" ON DUPLICATE KEY UPDATE from_date = COALESCE(VALUES(from_date), outlet_list.from_date), to_date = COALESCE(VALUES(to_date), outlet_list.to_date),"
		" reason = IF(VALUES(reason) = '', outlet_list.reason, VALUES(reason)), import_id = {S}",
	IM_NOTE("'list'", "NULL", "GROUP_CONCAT(" ENTRY_TEXT("s.list", "s.seat", "s.territory", "s.from_date", "s.to_date", "s.reason") " SEPARATOR '; ')",
		"FROM stage_lists s" LISTED IM_TO_WRITE " GROUP BY o.id"),
	NULL};

/* The order is: a person, the whitelist, the column of the file. Where the lists contradict each other, or somebody plans one of the two units, an
 * outlet stays where it is: territory/conflict.h tells that. */
#define NOW(x) "COALESCE(" x ".from_date <= UTC_DATE(), 1) AND COALESCE(" x ".to_date >= UTC_DATE(), 1)"
#define WITHIN(node, place) "EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = " place " AND c.descendant = " node ")"
static const char wrongly_placed[] =
	"SELECT o.id, x.territory_id AS place FROM outlet_list x JOIN outlet o ON o.id = x.outlet_id"
	" WHERE x.list = 'WHITE' AND x.territory_id > 0 AND " NOW("x") " AND NOT " WITHIN("o.territory_id", "x.territory_id") " AND NOT " IM_PLACED_BY_PERSON
	/* each other entry is about what this one lies in */
	" AND NOT EXISTS (SELECT 1 FROM outlet_list y WHERE y.outlet_id = o.id AND y.list = 'WHITE' AND y.territory_id > 0 AND y.territory_id <> x.territory_id"
	"  AND " NOW("y") " AND NOT " WITHIN("x.territory_id", "y.territory_id") ")"
	" AND NOT EXISTS (SELECT 1 FROM outlet_list y WHERE y.outlet_id = o.id AND y.list = 'BLACK' AND y.territory_id > 0 AND y.seat_id = 0"
	"  AND " NOW("y") " AND " WITHIN("x.territory_id", "y.territory_id") ")"
	" AND NOT EXISTS (SELECT 1 FROM plan_lock l JOIN territory_closure k ON k.ancestor = l.territory_id WHERE k.descendant IN (o.territory_id, x.territory_id))"
	" GROUP BY o.id";

enum bp_error im_lists_apply(struct im_work *w)
{
	return im_bulk(w, bp_sprintf(w->arena, "UPDATE outlet o JOIN (%s) y ON y.id = o.id SET o.territory_id = y.place", wrongly_placed), NULL);
}

/* --- absences: one of the same seat that begins on the same day is changed --- */
#define OVERLAPS(x) "COALESCE(" x ".to_date >= s.from_date, 1) AND COALESCE(" x ".from_date <= s.to_date, 1) AND " x ".from_date <> s.from_date"
/* Of the rows of a session the earlier day stays; what is known counts unless the session says it anew. */
static const char absence_dates[] =
	"(EXISTS (SELECT 1 FROM stage_absences o WHERE o.session_id = {S} AND o.bad = 0 AND o.seat = s.seat AND o.from_date < s.from_date AND " OVERLAPS("o") ")"
	" OR EXISTS (SELECT 1 FROM seat t JOIN seat_absence a ON a.seat_id = t.id WHERE t.code = s.seat AND " OVERLAPS("a")
	" AND NOT EXISTS (SELECT 1 FROM stage_absences n WHERE n.session_id = {S} AND n.bad = 0 AND n.seat = s.seat AND n.from_date = a.from_date)))";
static const char compare_absences[] =
	"UPDATE stage_absences s JOIN seat t ON t.code = s.seat JOIN seat_absence a ON a.seat_id = t.id AND a.from_date = s.from_date"
	" SET s.state = IF(a.to_date <=> s.to_date AND a.kind = COALESCE(s.kind, a.kind) AND BINARY a.relief = BINARY COALESCE(s.relief, a.relief)"
	" AND BINARY a.note = BINARY COALESCE(s.note, a.note), 2, 1)" IM_FINE;

static enum bp_error publish_absences(struct im_work *w)
{
	struct q_import_staged_absences *r;
	size_t n = 0;
	enum bp_error e = q_import_staged_absences(w->db, w->arena, (int64_t)w->session, &r, &n);

	for (size_t i = 0; !e && i < n; i++) {
		e = plan_absence_put(w->db, w->arena, &(struct plan_absence){r[i].id, r[i].seat, r[i].from, r[i].to, r[i].kind, r[i].relief, r[i].note});
		if (!e && i % 20 == 19)
			e = im_tell(w, "absences", 92, i, n);
	}
	return e;
}

/* --- outlets in territory models beside the sales geography --- */
#define MODEL " JOIN territory_model m ON m.id > 1 AND m.code = UPPER(s.model)"
#define MEMBER " JOIN stage_ref r ON r.session_id = {S} AND r.kind = 'MEMBER' AND r.no = s.place"
static const char unknown_model[] = "NOT EXISTS (SELECT 1 FROM territory_model m WHERE m.id > 1 AND m.code = UPPER(s.model))";
static const char wrong_levels[] =
	"EXISTS (SELECT 1 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'MEMBER' AND r.no = s.place AND (r.l2 = '' OR (r.l3 = '' AND r.l4 <> '') OR"
	" (r.l4 = '' AND r.l5 <> '') OR (r.l3 <> '') + (r.l4 <> '') + (r.l5 <> '') >= (SELECT COUNT(*) FROM territory_level l JOIN territory_model m"
	" ON m.id = l.model_id WHERE m.code = UPPER(s.model))))";
static const char compare_memberships[] =
	"UPDATE stage_memberships s JOIN outlet o ON o.code = s.outlet_code" MODEL MEMBER " JOIN outlet_territory x ON x.outlet_id = o.id AND x.model_id = m.id"
	" SET s.state = IF(x.territory_id <=> r.target_id, 2, 1)" IM_FINE;
#define JOINED "FROM stage_memberships s JOIN outlet o ON o.code = s.outlet_code" MODEL MEMBER
static const char *const publish_memberships[] = {
	IM_NOTE("LEFT(CONCAT('in ', m.code), 32)", "(SELECT t.name FROM outlet_territory x JOIN territory t ON t.id = x.territory_id WHERE x.outlet_id = o.id"
		" AND x.model_id = m.id)", "(SELECT t.name FROM territory t WHERE t.id = r.target_id)", JOINED IM_TO_WRITE),
	"INSERT INTO outlet_territory (outlet_id, model_id, territory_id) SELECT o.id, m.id, r.target_id " JOINED IM_TO_WRITE " AND r.target_id IS NOT NULL"
		" ON DUPLICATE KEY UPDATE territory_id = VALUES(territory_id)",
	NULL};

/* The nodes that the rows name; they are made when they are published. */
static enum bp_error find_members(struct im_work *w, bool publishing)
{
	struct q_import_members *r;
	size_t n = 0;
	enum bp_error e = q_import_members(w->db, w->arena, (int64_t)w->session, &r, &n);

	for (size_t i = 0; !e && i < n; i++) {
		const char *const level[TR_MODEL_LEVELS] = {r[i].l2, r[i].l3, r[i].l4, r[i].l5};
		uint64_t id = 0;

		e = tr_model_path(w->db, w->arena, (uint64_t)r[i].model, level, publishing, &id);
		if (!e)
			e = q_import_ref_target(w->db, (int64_t)w->session, "MEMBER", r[i].no, (struct bp_opt_int){(int64_t)id, id > 0}, NULL);
		if (!e && i % 500 == 499)
			e = im_tell(w, "territories", 90, i, n);
	}
	return e;
}

static enum bp_error count_members(struct im_work *w)
{
	return tr_count(w->db);
}

/* Staged accounts from which a way up comes back to them; beside what is staged the stored parents count. Nobody has twenty levels. */
static const char account_loop[] = "s.parent <> '' AND s.code IN (WITH RECURSIVE"
	" link AS (SELECT code, parent FROM stage_accounts WHERE session_id = {S} AND bad = 0 AND parent <> ''"
	"  UNION ALL SELECT a.code, p.code FROM account a JOIN account p ON p.id = a.parent_id"
	"  WHERE a.code NOT IN (SELECT code FROM stage_accounts WHERE session_id = {S} AND bad = 0 AND parent IS NOT NULL)),"
	" up AS (SELECT code AS start, parent AS at, 1 AS steps FROM stage_accounts WHERE session_id = {S} AND bad = 0 AND parent <> ''"
	"  UNION ALL SELECT u.start, l.parent, u.steps + 1 FROM up u JOIN link l ON l.code = u.at WHERE u.at <> u.start AND u.steps < 20)"
	" SELECT start FROM up WHERE at = start)";

const struct im_kind im_kinds_master[] = {
	{.entity = IM_ACCOUNTS, .key = "code", .before_outlets = true,
		.refuse = {{"parent", "ACCOUNT_LOOP", account_loop},
			{"parent", "UNKNOWN_ACCOUNT", "s.parent <> '' AND NOT EXISTS (SELECT 1 FROM account a WHERE a.code = s.parent) AND NOT EXISTS (SELECT 1"
				" FROM (SELECT code FROM stage_accounts WHERE session_id = {S} AND bad = 0) t WHERE t.code = s.parent)"}},
		.compare = "UPDATE stage_accounts s JOIN account a ON a.code = s.code LEFT JOIN account p ON p.id = a.parent_id"
			" SET s.state = IF(BINARY a.name = BINARY s.name AND (s.parent IS NULL OR s.parent = COALESCE(p.code, '')), 2, 1)" IM_FINE,
		.publish = publish_accounts},
	{.entity = IM_TIERS, .key = "rank", .before_outlets = true,
		.compare = "UPDATE stage_tiers s JOIN tier t ON t.rank = s.rank SET s.state = IF(BINARY t.name = BINARY s.name AND"
			" BINARY COALESCE(s.aliases, t.aliases) = BINARY t.aliases, 2, 1)" IM_FINE,
		.publish = publish_tiers},
	{.entity = IM_NEEDS, .key = "outlet_code, line",
		.refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}, {"seat", "UNKNOWN_SEAT", IM_SEAT_UNKNOWN}},
		.compare = compare_needs, .publish = publish_needs},
	{.entity = IM_WINDOWS, .key = "outlet_code, weekday, opens", .refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}},
		.compare = compare_windows, .publish = publish_windows},
	{.entity = IM_CLOSED_DAYS, .key = "outlet_code, weekdays", .refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}},
		.compare = compare_closed_days, .publish = publish_closed_days},
	{.entity = IM_HOLIDAYS, .key = "territory, day", .find = find_holidays, .refuse = {{"territory", "UNKNOWN_TERRITORY", IM_TERRITORY_UNKNOWN}},
		.compare = compare_holidays, .warn = warn_holidays, .finish = publish_holidays},
	{.entity = IM_POLICIES, .key = "territory, channel, tier", .find = find_policies, .refuse = {{"territory", "UNKNOWN_TERRITORY", IM_TERRITORY_UNKNOWN}},
		.compare = compare_policies, .finish = publish_policies},
	{.entity = IM_LISTS, .key = "outlet_code, list, seat, territory", .find = find_lists,
		.refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}, {"seat", "UNKNOWN_SEAT", IM_SEAT_UNKNOWN},
			{"territory", "UNKNOWN_TERRITORY", IM_TERRITORY_UNKNOWN}},
		.compare = compare_lists, .publish = publish_lists},
	{.entity = IM_ABSENCES, .key = "seat, from_date",
		.refuse = {{"seat", "UNKNOWN_SEAT", IM_SEAT_UNKNOWN}, {"from_date", "ABSENCE_DATES", absence_dates}},
		.compare = compare_absences, .finish = publish_absences},
	{.entity = IM_MEMBERSHIPS, .key = "outlet_code, model", .prepare = find_members,
		.refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}, {"model", "UNKNOWN_MODEL", unknown_model}, {"model", "MODEL_LEVELS", wrong_levels}},
		.compare = compare_memberships, .publish = publish_memberships, .finish = count_members},
	{.key = NULL},
};
