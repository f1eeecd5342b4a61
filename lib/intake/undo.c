/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking back a publication.  The journal knows the values; here stands what holds an outlet, what an imported plan
 * hangs on, and what follows from the outlets: surroundings, units, snapshots.
 */
#include "audit/audit.h"
#include "db/journal.h"
#include "intake/intake.h"
#include "intake/volume.h"
#include "intake/search.h"
#include "plan/absence.h"
#include "plan/chain.h"
#include "plan/claim.h"
#include "plan/holiday.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/tree.h"

struct undo {
	struct im_work *w;
	uint64_t set; /* of the publication */
};

/* The change set of the publication. */
#define THE_SET "(SELECT MAX(id) FROM change_set WHERE import_id = {S} AND kind = 'IMPORT')"

/* Plans that are nobody's work yet go with all that hangs on them; others keep the imported version. */
static const char *const remove_plans[] = {
	"CREATE TEMPORARY TABLE undo_version (id BIGINT UNSIGNED PRIMARY KEY, plan_id BIGINT UNSIGNED NOT NULL, whole TINYINT NOT NULL)"
		" SELECT v.id, v.plan_id, COALESCE(p.current_version = v.id, 0) AS whole FROM plan_version v JOIN plan p ON p.id = v.plan_id"
		" WHERE v.import_id = {S} AND NOT EXISTS (SELECT 1 FROM plan_version c WHERE c.parent_id = v.id)"
		" AND NOT EXISTS (SELECT 1 FROM planning_session s WHERE s.base_version = v.id)"
		" AND (NOT (p.current_version <=> v.id) OR (NOT EXISTS (SELECT 1 FROM planning_session s WHERE s.plan_id = p.id)"
		" AND NOT EXISTS (SELECT 1 FROM plan_version c WHERE c.plan_id = p.id AND c.id <> v.id)))",
	"DELETE x FROM plan_stop x JOIN undo_version u ON u.id = x.version_id",
	"DELETE x FROM plan_unserved x JOIN undo_version u ON u.id = x.version_id",
	"DELETE x FROM plan_pin x JOIN undo_version u ON u.id = x.version_id",
	"DELETE x FROM plan_tour x JOIN undo_version u ON u.id = x.version_id",
	"DELETE x FROM visit x JOIN undo_version u ON u.plan_id = x.plan_id AND u.whole",
	"DELETE x FROM plan_version x JOIN undo_version u ON u.id = x.id",
	"DELETE x FROM beat x JOIN undo_version u ON u.plan_id = x.plan_id AND u.whole",
	"DELETE x FROM plan x JOIN undo_version u ON u.plan_id = x.id AND u.whole",
};

/* Outlets of the session go unless a plan, a draft or a later change speaks of them. */
static const char gone_outlets[] =
	"CREATE TEMPORARY TABLE undo_outlet (id BIGINT UNSIGNED PRIMARY KEY) SELECT o.id FROM outlet o WHERE o.first_seen = {S}"
	" AND o.id NOT IN (SELECT n.outlet_id FROM need n JOIN (SELECT need_id FROM plan_stop UNION SELECT need_id FROM draft_stop"
	" UNION SELECT need_id FROM visit) x ON x.need_id = n.id)"
	" AND NOT EXISTS (SELECT 1 FROM row_change x WHERE x.tbl = 'outlet' AND x.k1 = o.id AND x.set_id > " THE_SET ")"
	" AND o.id NOT IN (SELECT e.outlet_id FROM outlet_edit e)"
	" AND NOT EXISTS (SELECT 1 FROM sales_fact x WHERE x.outlet_id = o.id AND x.import_id <> {S})"
	" AND NOT EXISTS (SELECT 1 FROM invoice x WHERE x.outlet_id = o.id AND x.import_id <> {S})";
static const char *const remove_outlets[] = {
	"DELETE x FROM need x JOIN undo_outlet u ON u.id = x.outlet_id",
	"DELETE x FROM time_window x JOIN undo_outlet u ON u.id = x.outlet_id",
	"DELETE x FROM outlet_list x JOIN undo_outlet u ON u.id = x.outlet_id",
	"DELETE x FROM sales_fact x JOIN undo_outlet u ON u.id = x.outlet_id",
	"UPDATE invoice x JOIN undo_outlet u ON u.id = x.outlet_id SET x.outlet_id = NULL, x.store_by = 'UNKNOWN'",
	"DELETE x FROM outlet x JOIN undo_outlet u ON u.id = x.id",
};
static const char count_outlets[] =
	"INSERT INTO undo_count (set_id, tbl, field, back, kept) SELECT " THE_SET ", 'outlet', '+', (SELECT COUNT(*) FROM undo_outlet),"
	" COUNT(*) FROM outlet WHERE first_seen = {S} HAVING COUNT(*) > 0 OR (SELECT COUNT(*) FROM undo_outlet) > 0";
static const char count_plans[] =
	"INSERT INTO undo_count (set_id, tbl, field, back, kept) SELECT " THE_SET ", 'plan', '+', (SELECT COUNT(*) FROM undo_version),"
	" COUNT(*) FROM plan_version WHERE import_id = {S} HAVING COUNT(*) > 0 OR (SELECT COUNT(*) FROM undo_version) > 0";
static const char *const follow[] = {
	/* windows that it replaced do not come back beside those that somebody set since */
	"CREATE TEMPORARY TABLE undo_window (id BIGINT UNSIGNED PRIMARY KEY) SELECT t.id FROM time_window t JOIN row_change r ON r.tbl = 'time_window'"
		" AND r.k1 = t.id AND r.field = '-' AND r.set_id = " THE_SET " WHERE EXISTS (SELECT 1 FROM row_change x JOIN change_set c ON c.id = x.set_id"
		" AND c.kind <> 'UNDO' AND c.undone_by IS NULL WHERE x.tbl = 'outlet' AND x.k1 = t.outlet_id AND x.field = 'time windows' AND x.set_id > r.set_id)",
	"DELETE t FROM time_window t JOIN undo_window u ON u.id = t.id",
	"DROP TEMPORARY TABLE undo_window",
	/* the last import that still holds */
	"UPDATE outlet o SET o.last_seen = COALESCE((SELECT MAX(c.import_id) FROM row_change r JOIN change_set c ON c.id = r.set_id AND c.kind = 'IMPORT'"
		" AND c.undone_by IS NULL WHERE r.tbl = 'outlet' AND r.k1 = o.id), o.first_seen) WHERE o.last_seen = {S}",
	"DELETE c FROM territory_closure c LEFT JOIN territory t ON t.id = c.descendant WHERE t.id IS NULL",
	"DELETE c FROM snapshot c LEFT JOIN territory t ON t.id = c.territory_id WHERE t.id IS NULL",
	"DROP TEMPORARY TABLE undo_version",
	"DROP TEMPORARY TABLE undo_outlet",
};

#define RUN(w, step, percent, list) im_run_all(w, step, percent, list, sizeof(list) / sizeof(list[0]))

static enum bp_error request_snapshots(struct im_work *w, const struct q_import_undo_units *u, size_t n)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < n; i++)
		e = sn_request(w->db, w->arena, (uint64_t)u[i].id, w->user, w->correlation);
	return e;
}

/* Visits come back on the days of holidays that go. */
static enum bp_error drop_holidays(const struct undo *u)
{
	struct q_import_undo_holidays *h;
	size_t n = 0;
	enum bp_error e = q_import_undo_holidays(u->w->db, u->w->arena, (int64_t)u->set, &h, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_holiday_drop(u->w->db, u->w->arena, &(struct plan_asker){u->w->user, u->w->correlation}, (uint64_t)h[i].territory, h[i].day);
	return e;
}

/* Visits come back on dates on which a chain received nobody, or go from those on which it does no more. */
static enum bp_error renew_chains(const struct undo *u)
{
	struct q_import_undo_chains *c;
	size_t n = 0;
	enum bp_error e = q_import_undo_chains(u->w->db, u->w->arena, (int64_t)u->set, &c, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_chain_renew(u->w->db, u->w->arena, (uint64_t)c[i].account);
	return e;
}

/* Visits come back on days on which somebody is away no more, or go from those on which he is again. */
static enum bp_error renew_absences(const struct undo *u)
{
	struct q_import_undo_absences *s;
	size_t n = 0;
	enum bp_error e = q_import_undo_absences(u->w->db, u->w->arena, (int64_t)u->set, &s, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_absence_renew(u->w->db, u->w->arena, s[i].seat, 0, INT64_MAX);
	return e;
}

static enum bp_error write_audit(const struct undo *u)
{
	struct im_work *w = u->w;
	struct bp_audit au = {.action = BP_ACTION_IMPORT_UNDO, .user = w->user, .resource_type = "import", .resource_id = w->session,
		.correlation = w->correlation, .reason = w->reason};
	struct q_import_undo_counts *c;
	size_t n = 0;
	enum bp_error e = q_import_undo_counts(w->db, w->arena, (int64_t)u->set, &c, &n);

	for (size_t i = 0; !e && i < n; i++)
		bp_audit_change(&au, bp_sprintf(w->arena, "%s %s", c[i].tbl, c[i].field), "",
			bp_sprintf(w->arena, "%lld back, %lld kept", (long long)c[i].back, (long long)c[i].kept));
	return e ? e : bp_audit_write(w->db, &au);
}

static enum bp_error undo_tx(struct bp_db *db, void *ctx)
{
	struct undo *u = ctx;
	struct im_work *w = u->w;
	struct q_import_undo_units *before, *after;
	struct q_import_change_set set;
	size_t n_before = 0, n_after = 0;
	uint64_t moved = 0, own;
	enum bp_error e = q_import_session_move(db, (int64_t)w->session, "UNDOING", "UNDONE", &moved);

	if (e || !moved)
		return e; /* done already */
	e = q_import_change_set(db, w->arena, (int64_t)w->session, &set);
	if (e)
		return e;
	u->set = (uint64_t)set.id;
	e = q_import_undo_units(db, w->arena, set.id, (int64_t)w->session, &before, &n_before);
	/* A transaction that is tried again finds the tables of its last attempt. */
	if (!e)
		e = im_bulk(w, "DROP TEMPORARY TABLE IF EXISTS undo_version, undo_outlet, undo_window", NULL);
	if (!e)
		e = RUN(w, "plans", 5, remove_plans);
	if (!e)
		e = im_bulk(w, count_plans, NULL);
	if (!e)
		e = im_tell(w, "outlets", 15, 0, 0);
	if (!e)
		e = im_bulk(w, gone_outlets, NULL);
	if (!e)
		e = RUN(w, "outlets", 20, remove_outlets);
	if (!e)
		e = im_bulk(w, count_outlets, NULL);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"UNDO", w->session, w->user, w->reason}, &own);
	if (!e)
		e = im_tell(w, "values", 60, 0, 0);
	if (!e)
		e = drop_holidays(u);
	if (!e)
		e = bp_journal_revert(db, w->arena, u->set);
	if (!e)
		e = renew_chains(u);
	if (!e)
		e = renew_absences(u);
	if (!e)
		e = q_journal_undone(db, set.id, (int64_t)own, NULL);
	if (!e)
		e = RUN(w, "territories", 80, follow);
	if (!e)
		e = im_note_surroundings(w);
	if (!e)
		e = im_search_request(db, w->arena, w->user, w->correlation);
	if (!e)
		e = im_volume_refresh(db, w->arena, 0);
	if (!e)
		e = tr_choose_units(db, w->arena);
	if (!e)
		e = plan_claim_back(db, w->arena, &(struct plan_asker){w->user, w->correlation});
	if (!e)
		e = q_import_undo_units(db, w->arena, set.id, (int64_t)w->session, &after, &n_after);
	if (!e)
		e = request_snapshots(w, before, n_before);
	if (!e)
		e = request_snapshots(w, after, n_after);
	return e ? e : write_audit(u);
}

enum bp_error im_undo_allowed(struct bp_db *db, struct bp_arena *a, uint64_t session, struct q_import_change_set *set, const char **why)
{
	enum bp_error e = q_import_change_set(db, a, (int64_t)session, set);

	*why = NULL;
	if (e == BP_E_NOT_FOUND) {
		*set = (struct q_import_change_set){0};
		*why = "it was not published";
		return BP_E_OK;
	}
	if (!e && set->undone_by.set)
		*why = set->undone_by.v ? "it is undone" : "it was published before changes were written down";
	return e;
}

enum bp_error im_undo_session(struct im_work *w)
{
	struct undo u = {w, 0};

	return bp_db_tx(w->db, undo_tx, &u);
}
