/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Publication: the staged rows of a session become current in one transaction, together with the journal of
 * what changed, the audit event and the snapshot jobs.  Whoever moves the session from PROCESSING to
 * COMPLETED does the work; a second run finds nothing to do.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "db/journal.h"
#include "intake/delta.h"
#include "intake/kind.h"
#include "intake/match.h"
#include "intake/overlay.h"
#include "intake/search.h"
#include "job/job.h"
#include "plan/claim.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/tree.h"

enum { CHUNK_ROWS = 100000 };

#define RUN(w, step, percent, list) im_run_all(w, step, percent, list, sizeof(list) / sizeof(list[0]))

/* A statement over the staged outlets of one file, in parts that take a second or two each, so that the lease is kept. */
static enum bp_error in_chunks(struct im_work *w, const char *step, double percent, const char *sql)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		if (strcmp(f[i].entity, im_entities[IM_OUTLETS].name))
			continue;
		for (int64_t from = 0; !e && from < f[i].staged_row; from += CHUNK_ROWS) {
			char part[4096];

			snprintf(part, sizeof(part), "%s AND s.file_id = %" PRId64 " AND s.row_no > %" PRId64 " AND s.row_no <= %" PRId64, sql,
				f[i].id, from, from + CHUNK_ROWS);
			e = im_bulk(w, part, NULL);
			if (!e)
				e = im_tell(w, step, percent, (uint64_t)from, (uint64_t)f[i].staged_row);
		}
	}
	return e;
}

static const char *const publish_partners[] = {
	"UPDATE partner p JOIN stage_distributors s ON p.kind = 'DT' AND p.code = s.code SET p.name = s.name,"
		" p.address = COALESCE(s.address, p.address), p.city = COALESCE(s.city, p.city), p.postcode = COALESCE(s.postcode, p.postcode),"
		" p.phone = COALESCE(s.phone, p.phone), p.email = COALESCE(s.email, p.email), p.tax_no = COALESCE(s.tax_no, p.tax_no), p.lat = COALESCE(s.lat, p.lat), p.lon = COALESCE(s.lon, p.lon),"
		" p.updated_at = UTC_TIMESTAMP(3) WHERE s.session_id = {S} AND s.bad = 0 AND NOT (BINARY s.name <=> BINARY p.name AND"
		" BINARY COALESCE(s.address, p.address) <=> BINARY p.address AND BINARY COALESCE(s.city, p.city) = BINARY p.city AND"
		" BINARY COALESCE(s.postcode, p.postcode) = BINARY p.postcode AND BINARY COALESCE(s.phone, p.phone) = BINARY p.phone AND"
		" BINARY COALESCE(s.email, p.email) = BINARY p.email AND BINARY COALESCE(s.tax_no, p.tax_no) = BINARY p.tax_no AND"
		" COALESCE(s.lat, p.lat) <=> p.lat AND"
		" COALESCE(s.lon, p.lon) <=> p.lon)",
	"INSERT INTO partner (kind, code, name, address, city, postcode, phone, email, tax_no, lat, lon, created_at, updated_at) SELECT 'DT', s.code,"
		" s.name, COALESCE(s.address, ''), COALESCE(s.city, ''), COALESCE(s.postcode, ''), COALESCE(s.phone, ''), COALESCE(s.email, ''),"
		" COALESCE(s.tax_no, ''), s.lat, s.lon, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM stage_distributors s"
		" LEFT JOIN partner p ON p.kind = 'DT' AND p.code = s.code WHERE s.session_id = {S} AND s.bad = 0 AND p.id IS NULL",
};

#define REFS \
	" LEFT JOIN stage_ref ra ON ra.session_id = s.session_id AND ra.kind = 'ACCOUNT' AND ra.no = s.account" \
	" LEFT JOIN stage_ref rd ON rd.session_id = s.session_id AND rd.kind = 'DT' AND rd.no = s.dt"

static const char new_outlets[] =
	"INSERT INTO outlet (code, name, address, city, postcode, phone, lat, lon, channel, tier, territory_id, account_id, partner_id,"
	" sales_model, fulfilment, merchandising, status, sales_volume, nppd, closed_days, owner, email, tax_no, since, first_seen, last_seen, created_at, updated_at)"
	" SELECT s.code, s.name, COALESCE(s.address, ''), COALESCE(s.city, ''), COALESCE(s.postcode, ''), COALESCE(s.phone, ''), s.lat, s.lon,"
	" COALESCE(s.channel, 'GT'), COALESCE(s.tier, 3), rp.target_id, ra.target_id, rd.target_id, COALESCE(s.sales_model, 'PRE_SALES'),"
	" COALESCE(s.fulfilment, 'DT'), COALESCE(s.merchandising, 0), COALESCE(s.status, 'active'), COALESCE(s.sales_volume, 0), s.nppd,"
	" COALESCE(s.closed_days, 0), COALESCE(s.owner, ''), COALESCE(s.email, ''), COALESCE(s.tax_no, ''), s.since, {S}, {S}, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM stage_outlets s"
	" LEFT JOIN outlet o ON o.code = s.code" REFS
	" JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = COALESCE(s.place, 0)"
	" WHERE s.session_id = {S} AND s.bad = 0 AND o.id IS NULL";

static const char new_needs[] =
	"INSERT INTO need (outlet_id, line_id, partner_id, visits_per_4w, service_minutes)"
	" SELECT o.id, 1, o.partner_id, s.frequency, s.service_minutes FROM stage_outlets s STRAIGHT_JOIN outlet o ON o.code = s.code"
	" WHERE s.session_id = {S} AND s.bad = 0 AND o.first_seen = {S}";

static const char *const publish_changes[] = {
	"UPDATE need n JOIN stage_changed c ON c.outlet_id = n.outlet_id AND n.line_id = 1 AND c.session_id = {S}"
		" JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no" REFS
		" SET n.visits_per_4w = COALESCE(s.frequency, n.visits_per_4w), n.service_minutes = COALESCE(s.service_minutes, n.service_minutes),"
		" n.partner_id = COALESCE(rd.target_id, n.partner_id)",
	"UPDATE outlet o JOIN stage_changed c ON c.outlet_id = o.id AND c.session_id = {S}"
		" JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no" REFS
		" LEFT JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = s.place"
		" SET o.name = s.name, o.address = COALESCE(s.address, o.address), o.city = COALESCE(s.city, o.city),"
		" o.postcode = COALESCE(s.postcode, o.postcode), o.phone = COALESCE(s.phone, o.phone), o.lat = COALESCE(s.lat, o.lat),"
		" o.lon = COALESCE(s.lon, o.lon), o.channel = COALESCE(s.channel, o.channel), o.tier = COALESCE(s.tier, o.tier),"
		" o.status = COALESCE(s.status, o.status), o.sales_volume = COALESCE(s.sales_volume, o.sales_volume), o.nppd = COALESCE(s.nppd, o.nppd),"
		" o.sales_model = COALESCE(s.sales_model, o.sales_model), o.fulfilment = COALESCE(s.fulfilment, o.fulfilment),"
		" o.merchandising = COALESCE(s.merchandising, o.merchandising), o.closed_days = COALESCE(s.closed_days, o.closed_days),"
		" o.owner = COALESCE(s.owner, o.owner), o.email = COALESCE(s.email, o.email), o.tax_no = COALESCE(s.tax_no, o.tax_no),"
		" o.since = COALESCE(s.since, o.since),"
		" o.account_id = COALESCE(ra.target_id, o.account_id), o.partner_id = COALESCE(rd.target_id, o.partner_id),"
		" o.territory_id = IF(rp.target_id IS NULL OR EXISTS (SELECT 1 FROM territory_closure x WHERE x.ancestor = rp.target_id AND"
		" x.descendant = o.territory_id) OR " IM_PLACED_BY_PERSON ", o.territory_id, rp.target_id), o.last_seen = {S}, o.updated_at = UTC_TIMESTAMP(3)",
};

#define MAPPED \
	" FROM stage_dt_mapping m STRAIGHT_JOIN outlet o ON o.code = m.outlet_code JOIN sales_line l ON l.code = m.line" \
	" JOIN stage_ref r ON r.session_id = m.session_id AND r.kind = 'DT' AND r.no = m.dt" \
	" LEFT JOIN seat t ON t.code = m.seat WHERE m.session_id = {S} AND m.bad = 0"

/* An outlet is in the country when its square of about two kilometres holds fewer than three: there the road factor and
 * the speed of the country hold. */
static const char publish_surroundings[] =
	"UPDATE outlet o JOIN (SELECT FLOOR(lat / 20000) AS y, FLOOR(lon / 20000) AS x, COUNT(*) < 3 AS rural FROM outlet"
		" WHERE lat IS NOT NULL AND lon IS NOT NULL GROUP BY y, x) g ON g.y = FLOOR(o.lat / 20000) AND g.x = FLOOR(o.lon / 20000)"
		" SET o.rural = g.rural WHERE o.rural <> g.rural";
enum bp_error im_note_surroundings(struct im_work *w)
{
	enum bp_error e = im_tell(w, "surroundings", 80, 0, 0);

	if (!e)
		e = im_bulk(w, publish_surroundings, NULL);
	return e ? e : q_seat_surroundings(w->db, NULL);
}

static const char *const publish_lines[] = {
	"INSERT IGNORE INTO sales_line (code, name) SELECT DISTINCT line, line FROM stage_dt_mapping WHERE session_id = {S} AND bad = 0",
	"INSERT IGNORE INTO sales_line (code, name) SELECT DISTINCT line, line FROM stage_plan WHERE session_id = {S} AND bad = 0",
};
static const char *const publish_mapping[] = {
	"INSERT IGNORE INTO need (outlet_id, line_id) SELECT o.id, l.id" MAPPED,
	"UPDATE need n JOIN (SELECT o.id AS outlet_id, l.id AS line_id, r.target_id, t.id AS seat_id, m.frequency, m.service_minutes" MAPPED
		") x ON x.outlet_id = n.outlet_id AND x.line_id = n.line_id SET n.partner_id = x.target_id, n.seat_id = COALESCE(x.seat_id, n.seat_id),"
		" n.visits_per_4w = COALESCE(x.frequency, n.visits_per_4w), n.service_minutes = COALESCE(x.service_minutes, n.service_minutes)",
	"UPDATE stage_dt_mapping m STRAIGHT_JOIN outlet o ON m.session_id = {S} AND m.bad = 0 AND o.code = m.outlet_code AND m.line = 'ALL'"
		" JOIN stage_ref r ON r.session_id = m.session_id AND r.kind = 'DT' AND r.no = m.dt SET o.partner_id = r.target_id"
		" WHERE NOT (o.partner_id <=> r.target_id)",
};
static const char move_to_dt[] =
	"UPDATE stage_dt_mapping m STRAIGHT_JOIN outlet o ON m.session_id = {S} AND m.bad = 0 AND o.code = m.outlet_code AND m.line = 'ALL'"
	" JOIN stage_ref r ON r.session_id = m.session_id AND r.kind = 'DT' AND r.no = m.dt JOIN territory t ON t.id = o.territory_id"
	" JOIN territory d ON d.rank = 5 AND d.code = r.l1 AND d.parent_id <=> IF(t.rank = 5, t.parent_id, t.id)"
	" SET o.territory_id = d.id WHERE o.territory_id <> d.id AND NOT " IM_PLACED_BY_PERSON;

static const char *const publish_seats[] = {
	"UPDATE stage_seats s SET s.territory_id = (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.code = s.territory ORDER BY t.is_unit DESC, t.rank"
		" LIMIT 1) WHERE s.session_id = {S} AND s.territory <> ''",
	"UPDATE stage_seats s SET s.territory_id = (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.name = s.territory ORDER BY t.is_unit DESC, t.rank"
		" LIMIT 1) WHERE s.session_id = {S} AND s.territory <> '' AND s.territory_id IS NULL",
	/* no territory said: where the first distributor is */
	"UPDATE stage_seats s SET s.territory_id = (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.rank = 5 AND"
		" t.code = TRIM(SUBSTRING_INDEX(REPLACE(REPLACE(s.dt_codes, '|', ';'), ',', ';'), ';', 1)) ORDER BY t.id LIMIT 1)"
		" WHERE s.session_id = {S} AND COALESCE(s.territory, '') = '' AND s.dt_codes <> ''"
		" AND NOT EXISTS (SELECT 1 FROM seat x WHERE x.code = s.code AND x.territory_id IS NOT NULL)",
	"UPDATE seat t JOIN stage_seats s ON s.code = t.code SET t.name = COALESCE(NULLIF(s.name, ''), t.name),"
		" t.territory_id = COALESCE(s.territory_id, t.territory_id), t.channel = COALESCE(s.channel, t.channel),"
		" t.vehicle = COALESCE(s.vehicle, t.vehicle), t.lat = COALESCE(s.lat, t.lat), t.lon = COALESCE(s.lon, t.lon),"
		" t.shift_start = COALESCE(s.shift_start, t.shift_start), t.shift_minutes = COALESCE(s.shift_minutes, t.shift_minutes),"
		" t.work_weekdays = COALESCE(s.work_weekdays, t.work_weekdays), t.max_calls = COALESCE(s.max_calls, t.max_calls), t.active = 1"
		" WHERE s.session_id = {S} AND s.bad = 0",
	"INSERT INTO seat (code, name, territory_id, channel, vehicle, lat, lon, shift_start, shift_minutes, work_weekdays, max_calls)"
		" SELECT s.code, COALESCE(NULLIF(s.name, ''), s.code), s.territory_id, COALESCE(s.channel, 'GT'), s.vehicle, s.lat, s.lon,"
		" s.shift_start, s.shift_minutes, s.work_weekdays, s.max_calls FROM stage_seats s LEFT JOIN seat t ON t.code = s.code"
		" WHERE s.session_id = {S} AND s.bad = 0 AND t.id IS NULL",
	"INSERT INTO resource (code, name, email) SELECT COALESCE(NULLIF(s.person_code, ''), LEFT(s.person, 64)), s.person, COALESCE(s.email, '')"
		" FROM stage_seats s WHERE s.session_id = {S} AND s.bad = 0 AND s.person <> ''"
		" ON DUPLICATE KEY UPDATE name = VALUES(name), email = IF(VALUES(email) = '', resource.email, VALUES(email))",
	/* who held the seat until now hands it over */
	"UPDATE seat_holder h JOIN seat t ON t.id = h.seat_id JOIN stage_seats s ON s.code = t.code JOIN resource r ON r.id = h.resource_id"
		" SET h.to_date = GREATEST(h.from_date, COALESCE(s.from_date, UTC_DATE()) - INTERVAL 1 DAY)"
		" WHERE s.session_id = {S} AND s.bad = 0 AND s.person <> '' AND h.to_date IS NULL"
		" AND r.code <> COALESCE(NULLIF(s.person_code, ''), LEFT(s.person, 64))",
	/* an empty cell says that nobody holds it */
	"UPDATE seat_holder h JOIN seat t ON t.id = h.seat_id JOIN stage_seats s ON s.code = t.code"
		" SET h.to_date = GREATEST(h.from_date, COALESCE(s.from_date, UTC_DATE()) - INTERVAL 1 DAY)"
		" WHERE s.session_id = {S} AND s.bad = 0 AND s.person = '' AND COALESCE(s.person_code, '') = '' AND h.to_date IS NULL",
	"INSERT INTO seat_holder (seat_id, resource_id, from_date) SELECT t.id, r.id, COALESCE(s.from_date, UTC_DATE()) FROM stage_seats s"
		" JOIN seat t ON t.code = s.code JOIN resource r ON r.code = COALESCE(NULLIF(s.person_code, ''), LEFT(s.person, 64))"
		" WHERE s.session_id = {S} AND s.bad = 0 AND s.person <> ''"
		" AND NOT EXISTS (SELECT 1 FROM seat_holder h WHERE h.seat_id = t.id AND h.resource_id = r.id AND h.to_date IS NULL)"
		" ON DUPLICATE KEY UPDATE resource_id = VALUES(resource_id), to_date = NULL",
};

/* The distributors of each seat that says them; an empty cell says all. */
static enum bp_error publish_seat_partners(struct im_work *w)
{
	struct q_import_staged_seats *s;
	size_t n = 0;
	enum bp_error e = q_import_staged_seats(w->db, w->arena, (int64_t)w->session, &s, &n);

	for (size_t i = 0; !e && i < n; i++) {
		const char *p = s[i].dt_codes;

		if (!p)
			continue;
		e = q_import_seat_partners_clear(w->db, s[i].code, NULL);
		while (!e && *p) {
			size_t k = strcspn(p, ";|,"), from = strspn(p, " "), to = k;

			while (to > from && p[to - 1] == ' ')
				to--;
			if (to > from)
				e = q_import_seat_partner(w->db, s[i].code, bp_strndup(w->arena, p + from, to - from), NULL);
			p += k + (p[k] != 0);
		}
	}
	return e;
}

/* A mapping gives outlets a place in the tree below the area they lie in. */
static enum bp_error publish_dt_nodes(struct im_work *w)
{
	struct q_import_dt_nodes *d;
	size_t n = 0;
	uint64_t id;
	enum bp_error e = q_import_dt_nodes(w->db, w->arena, (int64_t)w->session, &d, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = tr_child(w->db, w->arena, TR_LEVELS, d[i].parent.set ? (uint64_t)d[i].parent.v : 0, d[i].code, d[i].name, true, &id);
	return e ? e : im_bulk(w, move_to_dt, NULL);
}

/* How many rows of the session are new; `entity` = IM_ENTITY__MAX for those of all kinds. */
static enum bp_error count_new(struct im_work *w, enum im_entity entity, int64_t *out)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	*out = 0;
	for (size_t i = 0; !e && i < n; i++)
		if (entity == IM_ENTITY__MAX || !strcmp(f[i].entity, im_entities[entity].name))
			*out += f[i].n_inserted;
	return e;
}

static enum bp_error publish_outlets(struct im_work *w)
{
	static const char *const none[TR_LEVELS] = {NULL};
	struct q_import_placeless first;
	uint64_t all = 0;
	int64_t new = 0;
	enum bp_error e = q_import_placeless(w->db, w->arena, (int64_t)w->session, &first);

	if (e == BP_E_NOT_FOUND)
		e = BP_E_OK;
	else if (!e) /* outlets that say no territory lie under one node */
		e = tr_path(w->db, w->arena, none, NULL, true, &all);
	if (!e)
		e = q_import_place_zero(w->db, (int64_t)w->session, all ? BP_SOME_INT(all) : BP_NO_INT, NULL);
	if (!e)
		e = count_new(w, IM_OUTLETS, &new);
	/* A file of known outlets need not be looked through for others. */
	if (!e && new)
		e = in_chunks(w, "outlets", 30, new_outlets);
	if (!e && new)
		e = in_chunks(w, "needs", 60, new_needs);
	if (!e)
		e = RUN(w, "changes", 70, publish_changes);
	return e ? e : im_retire_vanished(w);
}

/* Only where outlets, or starts of seats, are new or moved. */
static enum bp_error note_surroundings(struct im_work *w, uint64_t set)
{
	struct q_import_placed placed;
	int64_t new;
	enum bp_error e = count_new(w, IM_OUTLETS, &new);

	if (!e)
		e = q_import_placed(w->db, w->arena, (int64_t)set, &placed);
	if (e)
		return e;
	if (new || placed.outlets)
		return im_note_surroundings(w);
	return placed.seats ? q_seat_surroundings(w->db, NULL) : BP_E_OK;
}

static enum bp_error request_snapshots(struct im_work *w)
{
	struct q_import_touched_units_more *more;
	struct q_import_touched_units *u;
	size_t n = 0;
	int64_t inserted;
	enum bp_error e = count_new(w, IM_ENTITY__MAX, &inserted);

	if (!e)
		e = q_import_touched_units(w->db, w->arena, (int64_t)w->session, inserted, &u, &n);
	for (size_t i = 0; !e && i < n; i++)
		e = sn_request(w->db, w->arena, (uint64_t)u[i].id, w->user, w->correlation);
	if (!e)
		e = q_import_touched_units_more(w->db, w->arena, (int64_t)w->session, &more, &n);
	for (size_t i = 0; !e && i < n; i++)
		e = sn_request(w->db, w->arena, (uint64_t)more[i].id, w->user, w->correlation);
	return e;
}

static enum bp_error write_audit(struct im_work *w)
{
	struct bp_audit au = {.action = BP_ACTION_IMPORT_PUBLISH, .user = w->user, .resource_type = "import", .resource_id = w->session,
		.correlation = w->correlation};
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++)
		bp_audit_change(&au, f[i].entity, "", bp_sprintf(w->arena, "%s: %lld new, %lld changed, %lld unchanged, %lld rejected, %lld duplicate",
			f[i].name, (long long)f[i].n_inserted, (long long)f[i].n_updated, (long long)f[i].n_unchanged,
			(long long)(f[i].n_rejected + f[i].n_refused), (long long)f[i].n_duplicate));
	return e ? e : bp_audit_write(w->db, &au);
}

/* Distributors, outlets, seats, mappings and plans: other kinds of files change no place, and need not wait for each other. */
#define PLACES (1u << IM_DISTRIBUTORS | 1u << IM_OUTLETS | 1u << IM_SEATS | 1u << IM_DT_MAPPING | 1u << IM_PLAN)

static enum bp_error publish_places(struct im_work *w, uint64_t set)
{
	enum bp_error e;

	if (!(w->entities & PLACES))
		return BP_E_OK;
	e = RUN(w, "distributors", 15, publish_partners);
	if (!e)
		e = im_resolve(w, true);
	if (!e)
		e = publish_outlets(w);
	if (!e)
		e = RUN(w, "lines", 76, publish_lines);
	if (!e)
		e = RUN(w, "seats", 78, publish_seats);
	if (!e)
		e = note_surroundings(w, set);
	if (!e)
		e = publish_seat_partners(w);
	if (!e)
		e = RUN(w, "distributors of outlets", 85, publish_mapping);
	return e ? e : publish_dt_nodes(w);
}

static enum bp_error finish_places(struct im_work *w)
{
	enum bp_error e;

	if (!(w->entities & (PLACES | 1u << IM_LISTS)))
		return BP_E_OK;
	e = im_lists_apply(w);
	if (!e)
		e = tr_choose_units(w->db, w->arena);
	return e ? e : im_publish_plans(w);
}

static enum bp_error publish_tx(struct bp_db *db, void *ctx)
{
	struct im_work *w = ctx;
	struct q_import_epoch epoch;
	uint64_t moved = 0, set;
	enum bp_error e = im_sales_turn(w);

	if (!e)
		e = q_import_session_move(db, (int64_t)w->session, "PROCESSING", "COMPLETED", &moved);
	if (e || !moved)
		return e; /* done already */
	e = q_import_epoch(db, w->arena, (int64_t)w->session, &epoch);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"IMPORT", w->session, w->user, NULL}, &set);
	/* What the counts say is what stands now, not what stood when it was checked. */
	if (!e && !epoch.same && !(e = im_tell(w, "comparing", 5, 0, 0)) && !(e = im_match(w)) &&
		!(e = im_resolve(w, false)) && !(e = im_overlay_hold(w)) && !(e = im_find_changed(w)) && !(e = im_find_vanished(w)) &&
		!(e = im_kinds_compare(w)))
		e = im_count_delta(w);
	if (!e)
		e = request_snapshots(w); /* of the units that outlets leave */
	if (!e)
		e = im_overlay_settle(w);
	if (!e)
		e = im_kinds_publish(w, true);
	if (!e)
		e = publish_places(w, set);
	if (!e)
		e = im_sales_of_outlets(w);
	if (!e)
		e = im_kinds_publish(w, false);
	if (!e)
		e = finish_places(w);
	if (!e)
		e = plan_claim_back(w->db, w->arena, &(struct plan_asker){w->user, w->correlation});
	if (!e)
		e = request_snapshots(w);
	if (!e && (w->entities & 1u << IM_OUTLETS))
		e = im_search_request(db, w->arena, w->user, w->correlation);
	if (!e)
		e = q_import_files_published(db, (int64_t)w->session, NULL);
	if (!e) /* what was staged is of no use any more, but nobody need wait until it is gone */
		e = bp_job_add(db, BP_JOB_IMPORT_CLEAR, w->session, 0, "{}", 0, w->user, w->correlation, NULL);
	return e ? e : write_audit(w);
}

enum bp_error im_publish_session(struct im_work *w)
{
	enum bp_error e = im_find_entities(w);

	return e ? e : bp_db_tx(w->db, publish_tx, w);
}

enum bp_error im_clear_session(struct im_work *w)
{
	static const char *const tables[] = {"stage_outlets", "stage_distributors", "stage_seats", "stage_dt_mapping", "stage_plan", "stage_changed",
		"stage_vanished", "stage_held", "stage_ref"};
	enum bp_error e = im_find_entities(w);

	/* In parts, so that no transaction grows with the file. */
	for (size_t i = 0; !e && i < sizeof(tables) / sizeof(tables[0]); i++) {
		uint64_t gone = 1;
		char sql[120];

		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE session_id = {S} LIMIT 50000", tables[i]);
		while (!e && gone && !(e = im_tell(w, "clearing", 50, i, sizeof(tables) / sizeof(tables[0]))))
			e = im_bulk(w, sql, &gone);
	}
	return e ? e : im_kinds_clear(w);
}
