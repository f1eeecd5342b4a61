/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/overlay.h"

#include <stdio.h>
#include <string.h>

#include "db/journal.h"
#include "intake/check.h"
#include "intake/kind.h"
#include "queries.h"

const char *const im_overlay_fields[IM_OV__MAX + 1] = {
#define FIELD(name, live, staged, unmapped) #name,
#include "intake/overlay.def"
#undef FIELD
};
const char *const im_policy_fields[IM_POLICY_FIELDS + 1] = {
#define FIELD(name, live, staged, unmapped) #name,
#include "intake/overlay.def"
#undef FIELD
	"windows", "territory",
};
static const char *const fields[] = {
#define FIELD(name, live, staged, unmapped) live,
#include "intake/overlay.def"
#undef FIELD
};

static enum im_overlay_field field_of(const char *name)
{
	enum im_overlay_field i = 0;

	while (i < IM_OV__MAX && strcmp(im_overlay_fields[i], name))
		i++;
	return i;
}

/* --- giving values --- */

struct overlay {
	const char *was[IM_OV__MAX], *now[IM_OV__MAX];   /* as stored */
	const char *source[IM_OV__MAX];
	bool edited[IM_OV__MAX];
};

static enum bp_error load(struct bp_db *db, struct bp_arena *a, uint64_t outlet, struct q_outlet_overlay_get *r, struct overlay *o)
{
	struct q_outlet_edits *ed;
	size_t n = 0;
	enum bp_error e = q_outlet_overlay_get(db, a, (int64_t)outlet, r);

	if (!e)
		e = q_outlet_edits(db, a, (int64_t)outlet, &ed, &n);
	if (e)
		return e;
#define FIELD(name, live, staged, unmapped) o->was[IM_OV_##name] = o->now[IM_OV_##name] = r->name;
#include "intake/overlay.def"
#undef FIELD
	for (size_t i = 0; i < n; i++) {
		enum im_overlay_field f = field_of(ed[i].field);

		if (f < IM_OV__MAX) {
			o->edited[f] = true;
			o->source[f] = ed[i].source_value;
		}
	}
	return BP_E_OK;
}

/* Which value a problem of the row is about. */
static size_t culprit(const struct im_checker *k, int column, const struct im_overlay_value *v, size_t n)
{
	const char *name = column < 0 ? "" : k->col[column].name;
	bool place = !strcmp(name, "lat") || !strcmp(name, "lon");

	for (size_t i = 0; i < n; i++)
		if (v[i].value && (!strcmp(v[i].field, name) || (place && !strcmp(v[i].field, "position"))))
			return i;
	return 0;
}

static const char *stored(const struct im_checker *k, const struct im_checked *out, const char *field, struct bp_arena *a)
{
	const char *lat = out->value[k->lat], *lon = out->value[k->lon];

	if (strcmp(field, "position"))
		return out->value[im_column_index(IM_OUTLETS, field)];
	return lat && lon ? bp_sprintf(a, "%s,%s", lat, lon) : NULL;
}

/* Only these may be unsaid: how often and how long are then as the policy says, and a place is then not known. */
static bool may_be_empty(enum im_overlay_field f)
{
	return f == IM_OV_frequency || f == IM_OV_service_minutes || f == IM_OV_position;
}

/* The values as a row of a file, read and checked as such. */
static enum bp_error read_values(struct bp_arena *a, const struct q_outlet_overlay_get *r, struct overlay *o, const struct im_overlay_value *v, size_t n,
	size_t *bad, struct bp_fail *f)
{
	struct im_sniffed plain = {.n_columns = n};
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_field *cell = bp_alloc_array(a, n, sizeof(*cell));
	struct im_row row = {.line = 1, .n = n, .field = cell};
	struct im_checked *out = bp_alloc(a, sizeof(*out));
	struct im_checker k;

	for (size_t c = 0; c < IM_COLUMNS_MOST; c++)
		feed[c] = (struct im_feed){.source = -1};
	feed[im_column_index(IM_OUTLETS, "code")].fallback = r->code;
	feed[im_column_index(IM_OUTLETS, "name")].fallback = r->name;
	for (size_t i = 0; i < n; i++) {
		bool place = !strcmp(v[i].field, "position");

		cell[i] = (struct im_field){v[i].value ? v[i].value : "", v[i].value ? strlen(v[i].value) : 0};
		if (!v[i].value)
			continue;
		feed[im_column_index(IM_OUTLETS, place ? "lat" : v[i].field)].source = (int)i;
		if (place)
			feed[im_column_index(IM_OUTLETS, "lon")].source = (int)i;
		if (!strcmp(v[i].field, "name"))
			feed[im_column_index(IM_OUTLETS, "name")].fallback = NULL;
	}
	im_checker_init(&k, IM_OUTLETS, feed, &plain, a, a);
	im_check_row(&k, &row, out);
	if (out->n_issues) {
		const struct im_issue *is = &out->issue[0];

		*bad = culprit(&k, is->column, v, n);
		return bp_fail(f, BP_E_FIELDS, "%s%s%s", im_rules[is->rule].message, *is->suggestion ? ": " : "", is->suggestion);
	}
	for (size_t i = 0; i < n; i++) {
		enum im_overlay_field field = field_of(v[i].field);

		if (!v[i].value)
			continue;
		o->now[field] = stored(&k, out, v[i].field, a);
		if (!o->now[field] && (field == IM_OV_closed_days || field == IM_OV_merchandising))
			o->now[field] = "0";
		if (!o->now[field] && !may_be_empty(field)) {
			*bad = i;
			return bp_fail(f, BP_E_FIELDS, "it cannot be empty");
		}
	}
	return BP_E_OK;
}

static bool same(const char *x, const char *y)
{
	return x == y || (x && y && !strcmp(x, y));
}

static enum bp_error note(struct bp_db *db, uint64_t outlet, const char *field, const char *source, const char *now, uint64_t user)
{
	if (same(now, source))
		return q_outlet_edit_end(db, (int64_t)outlet, field, NULL);
	return q_outlet_edit_put(db, (int64_t)outlet, field, source, (int64_t)user, NULL);
}

enum bp_error im_overlay_windows(struct bp_db *db, struct bp_arena *a, uint64_t outlet, const char *before, const char *now, uint64_t user)
{
	struct q_outlet_edits *ed;
	const char *source = before;
	size_t n = 0;
	enum bp_error e = q_outlet_edits(db, a, (int64_t)outlet, &ed, &n);

	for (size_t i = 0; !e && i < n; i++)
		if (!strcmp(ed[i].field, "windows"))
			source = ed[i].source_value;
	return e ? e : note(db, outlet, "windows", source, now, user);
}

enum bp_error im_overlay_give(struct bp_db *db, struct bp_arena *a, uint64_t outlet, const struct im_overlay_value *v, size_t n, uint64_t user,
	const char *reason, size_t *changed, size_t *bad, struct bp_fail *f)
{
	struct q_outlet_overlay_get r;
	struct overlay o = {.was = {NULL}};
	uint64_t set;
	enum bp_error e = load(db, a, outlet, &r, &o);

	*changed = 0;
	for (size_t i = 0; !e && i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(v[i].field, v[j].field)) {
				*bad = i;
				return bp_fail(f, BP_E_FIELDS, "the field is said twice");
			}
	if (!e)
		e = read_values(a, &r, &o, v, n, bad, f);
	for (size_t i = 0; !e && i < n; i++) {
		enum im_overlay_field field = field_of(v[i].field);

		if (!v[i].value && o.edited[field])
			o.now[field] = o.source[field];
		*changed += !same(o.now[field], o.was[field]);
	}
	if (e || !*changed)
		return e;
	e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, user, reason}, &set);
	if (!e)
		e = q_outlet_overlay_put(db, (int64_t)outlet, o.now[IM_OV_name], o.now[IM_OV_address], o.now[IM_OV_city], o.now[IM_OV_postcode],
			o.now[IM_OV_phone], o.now[IM_OV_owner], o.now[IM_OV_email], o.now[IM_OV_tax_no], o.now[IM_OV_channel], o.now[IM_OV_tier],
			o.now[IM_OV_status], o.now[IM_OV_sales_model], o.now[IM_OV_fulfilment], o.now[IM_OV_merchandising], o.now[IM_OV_closed_days],
			o.now[IM_OV_position], NULL);
	if (!e)
		e = q_outlet_overlay_put_need(db, (int64_t)outlet, o.now[IM_OV_frequency], o.now[IM_OV_service_minutes], NULL);
	for (enum im_overlay_field i = 0; !e && i < IM_OV__MAX; i++)
		if (!same(o.now[i], o.was[i]))
			e = note(db, outlet, im_overlay_fields[i], o.edited[i] ? o.source[i] : o.was[i], o.now[i], user);
	return e;
}

/* --- imports go around them --- */

/* Files of visit needs say two of the fields as well, for the first line. */
static const struct carrier {
	enum im_overlay_field field;
	const char *table, *code, *staged, *unmapped;
} carriers[] = {
#define FIELD(name, live, staged, unmapped) {IM_OV_##name, "stage_outlets", "s.code = o.code", staged, unmapped},
#include "intake/overlay.def"
#undef FIELD
	{IM_OV_frequency, "stage_needs", "s.outlet_code = o.code AND s.line = 'ALL'", "s.frequency", "s.frequency = NULL"},
	{IM_OV_service_minutes, "stage_needs", "s.outlet_code = o.code AND s.line = 'ALL'", "s.service_minutes", "s.service_minutes = NULL"},
};
enum { CARRIERS = sizeof(carriers) / sizeof(carriers[0]) };

/* What becomes of a staged value that meets one of a person. */
static const char *fate_of(struct bp_arena *a, const char *live, const char *staged)
{
	return bp_sprintf(a, "CASE WHEN BINARY %s <=> BINARY %s THEN 'SAME' WHEN p.wins = 'SOURCE' OR (p.wins = 'NEWEST' AND NOT BINARY %s <=> BINARY e.source_value)"
		" THEN 'TAKEN' ELSE 'HELD' END", staged, live, staged);
}

#define NOT_APPENDED " AND s.file_id NOT IN (SELECT f.id FROM import_file f WHERE f.session_id = {S} AND f.mode = 'APPEND')"

static enum bp_error hold(struct im_work *w, const struct carrier *c)
{
	const char *name = im_overlay_fields[c->field], *live = fields[c->field];
	char *find = bp_sprintf(w->arena, "INSERT INTO stage_held (session_id, file_id, row_no, field, outlet_id, live, value, fate)"
		" SELECT {S}, s.file_id, s.row_no, e.field, o.id, %s, %s, %s FROM outlet_edit e JOIN outlet o ON o.id = e.outlet_id"
		" STRAIGHT_JOIN %s s ON s.session_id = {S} AND %s AND s.bad = 0"
		" LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = 1 LEFT JOIN field_policy p ON p.field = e.field"
		" WHERE e.field = '%s' AND %s IS NOT NULL" NOT_APPENDED, live, c->staged, fate_of(w->arena, live, c->staged), c->table, c->code, name, c->staged);
	char *aside = bp_sprintf(w->arena, "UPDATE stage_held h JOIN outlet o ON o.id = h.outlet_id JOIN %s s ON s.session_id = h.session_id"
		" AND s.file_id = h.file_id AND s.row_no = h.row_no SET %s WHERE h.session_id = {S} AND h.field = '%s' AND h.fate = 'HELD'",
		c->table, c->unmapped, name);
	enum bp_error e = im_bulk(w, find, NULL);

	return e ? e : im_bulk(w, aside, NULL);
}

/* Rows say again what the file says: policies and edits may have changed since. */
static enum bp_error back(struct im_work *w, const struct carrier *c)
{
	const char *set = c->field == IM_OV_position ? "s.lat = SUBSTRING_INDEX(h.value, ',', 1), s.lon = SUBSTRING_INDEX(h.value, ',', -1)"
		: bp_sprintf(w->arena, "%s = h.value", c->staged);

	return im_bulk(w, bp_sprintf(w->arena, "UPDATE stage_held h JOIN %s s ON s.session_id = h.session_id AND s.file_id = h.file_id"
		" AND s.row_no = h.row_no SET %s WHERE h.session_id = {S} AND h.field = '%s' AND h.fate = 'HELD'", c->table, set, im_overlay_fields[c->field]), NULL);
}

/* Files of closed days: the rows of an outlet add up, and are passed over together (kind_master.c). */
static enum bp_error hold_closed_days(struct im_work *w)
{
	return im_bulk(w, bp_sprintf(w->arena, "INSERT INTO stage_held (session_id, file_id, row_no, field, outlet_id, live, value, fate)"
		" SELECT {S}, s.file_id, s.row_no, e.field, o.id, o.closed_days, s.days, %s FROM outlet_edit e JOIN outlet o ON o.id = e.outlet_id JOIN ("
		"SELECT MIN(s.file_id) AS file_id, MIN(s.row_no) AS row_no, s.outlet_code, BIT_OR(s.weekdays) AS days FROM stage_closed_days s"
		" WHERE s.session_id = {S} AND s.bad = 0" NOT_APPENDED " GROUP BY s.outlet_code) s ON s.outlet_code = o.code"
		" LEFT JOIN field_policy p ON p.field = e.field WHERE e.field = 'closed_days'", fate_of(w->arena, "o.closed_days", "s.days")), NULL);
}

/* Files of windows: those of an outlet take the place of all that it had, or are passed over together. */
static enum bp_error hold_windows(struct im_work *w)
{
	static const char live[] = "LEFT(" IM_WINDOWS_TEXT ", 300)";
	static const char staged[] = "SELECT MIN(s.file_id) AS file_id, MIN(s.row_no) AS row_no, s.outlet_code, LEFT("
		IM_WINDOW_WORDS("d.n", "s", "COALESCE(s.hard, 1)") ", 300) AS words FROM stage_windows s" IM_STAGED_DAYS IM_FINE NOT_APPENDED
		" GROUP BY s.outlet_code";

	return im_bulk(w, bp_sprintf(w->arena, "INSERT INTO stage_held (session_id, file_id, row_no, field, outlet_id, live, value, fate)"
		" SELECT {S}, s.file_id, s.row_no, e.field, o.id, %s, s.words, %s FROM outlet_edit e JOIN outlet o ON o.id = e.outlet_id"
		" JOIN (%s) s ON s.outlet_code = o.code LEFT JOIN field_policy p ON p.field = e.field WHERE e.field = 'windows'",
		live, fate_of(w->arena, live, "s.words"), staged), NULL);
}

enum bp_error im_overlay_hold(struct im_work *w)
{
	struct q_import_held_any any;
	enum bp_error e = q_import_held_any(w->db, w->arena, (int64_t)w->session, &any);

	for (size_t i = 0; !e && any.held && i < CARRIERS; i++)
		e = back(w, &carriers[i]);
	if (!e && any.held)
		e = im_bulk(w, "DELETE FROM stage_held WHERE session_id = {S}", NULL);
	for (size_t i = 0; !e && any.edits && i < CARRIERS; i++)
		e = hold(w, &carriers[i]);
	if (!e && any.edits)
		e = hold_closed_days(w);
	return e || !any.edits ? e : hold_windows(w);
}

enum bp_error im_overlay_settle(struct im_work *w)
{
	enum bp_error e = im_bulk(w, "DELETE e FROM stage_held h JOIN outlet_edit e ON e.outlet_id = h.outlet_id AND e.field = h.field"
		" WHERE h.session_id = {S} AND h.fate <> 'HELD'", NULL);

	if (!e) /* where the source says the territory, and is to be heard, nobody has put the outlet there any more */
		e = im_bulk(w, "DELETE e FROM outlet_edit e JOIN field_policy p ON p.field = e.field AND p.wins = 'SOURCE' JOIN outlet o ON o.id = e.outlet_id"
			" STRAIGHT_JOIN stage_outlets s ON s.session_id = {S} AND s.code = o.code AND s.bad = 0 AND s.place IS NOT NULL WHERE e.field = 'territory'", NULL);
	return e ? e : im_bulk(w, "UPDATE stage_held h JOIN outlet_edit e ON e.outlet_id = h.outlet_id AND e.field = h.field"
		" SET e.source_value = h.value WHERE h.session_id = {S} AND h.fate = 'HELD'", NULL);
}
