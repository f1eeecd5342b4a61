/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "plan/holiday.h"
#include "queries.h"

/* JSON as the trail has it; NULL = nothing. */
static const char *text_of(struct bp_arena *a, const json_t *v)
{
	char *text = v && !json_is_null(v) ? json_dumps(v, JSON_ENCODE_ANY) : NULL;
	const char *kept = text ? bp_strdup(a, text) : NULL;

	free(text);
	return kept;
}

/* A new reference. */
static json_t *json_of(const char *text)
{
	json_t *v = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	return v ? v : json_null();
}

static bool same(const json_t *x, const json_t *y)
{
	if (json_is_number(x) && json_is_number(y))
		return json_number_value(x) >= json_number_value(y) && json_number_value(x) <= json_number_value(y);
	return x && !json_is_null(x) ? y && json_equal(x, y) : !y || json_is_null(y);
}

/* Is something of `seen` not so any more? Who comes second is told what the first one did. */
static enum bp_error unseen(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, const json_t *now, struct bp_fail *f)
{
	struct q_audit_profile_last last;
	const char *name, *value;
	char at[BP_INSTANT_SIZE];
	enum bp_error e;
	json_t *v;

	json_object_foreach(c->seen, name, v) {
		if (same(v, json_object_get(now, name)))
			continue;
		value = text_of(a, json_object_get(now, name));
		e = q_audit_profile_last(db, a, (int64_t)c->territory, c->channel, name, &last);
		if (e)
			return e != BP_E_NOT_FOUND ? e : bp_fail(f, BP_E_CONFLICT, "%s is %s now: look again", name, value ? value : "not set");
		bp_instant_format(last.at, at);
		return bp_fail(f, BP_E_CONFLICT, "%s is %s since %s changed it at %s: look again", name, value ? value : "not set",
			last.user ? last.user : "the shell", at);
	}
	return BP_E_OK;
}

enum bp_error plan_config_params(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, json_t *set, struct bp_audit *au, json_t *errors,
	struct bp_fail *f)
{
	const char *name;
	json_t *own, *v;
	enum bp_error e = plan_profile_own(db, a, c->territory, c->channel, &own);

	if (!e)
		e = unseen(db, a, c, own, f);
	if (!e)
		e = plan_profile_change(db, c->territory, c->channel, set, c->by.user, errors);
	if (!e && json_object_get(set, "holidayRule"))
		e = plan_holiday_rule_changed(db, a, &c->by, c->territory);
	au->action = BP_ACTION_PROFILE_CHANGE;
	au->channel = c->channel;
	json_object_foreach(set, name, v)
		bp_audit_change(au, bp_strdup(a, name), text_of(a, json_object_get(own, name)), text_of(a, v));
	json_decref(own);
	return e;
}

static enum bp_error holiday_on(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t day, const char **name)
{
	struct q_holiday_get h = {0};
	enum bp_error e = q_holiday_get(db, a, (int64_t)c->territory, day, &h);

	*name = h.name;
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error plan_config_holiday(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t day, const char *name, struct bp_audit *au,
	struct bp_fail *f)
{
	char *date = bp_alloc(a, BP_DATE_SIZE);
	const char *was;
	json_t *now;
	enum bp_error e = holiday_on(db, a, c, day, &was);

	bp_date_format(day, date);
	now = json_pack("{s:s?}", date, was);
	if (!e)
		e = unseen(db, a, c, now, f);
	json_decref(now);
	if (!e)
		e = name ? plan_holiday_put(db, a, &c->by, c->territory, day, name) : plan_holiday_drop(db, a, &c->by, c->territory, day);
	au->action = name ? BP_ACTION_HOLIDAY_PUT : BP_ACTION_HOLIDAY_DROP;
	bp_audit_change(au, date, was, name);
	return e;
}

/* --- the way back --- */

struct entry {
	struct q_audit_profile_entry *r;
	size_t n;
	bool params; /* else of a holiday, in r[0] */
	int64_t day;
};

static enum bp_error read_entry(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t id, struct entry *t)
{
	enum bp_error e = q_audit_profile_entry(db, a, (int64_t)c->territory, c->channel, id, &t->r, &t->n);

	if (!e && !t->n)
		e = BP_E_NOT_FOUND;
	t->params = !e && !strcmp(t->r[0].action, "PROFILE_CHANGE");
	return e || t->params || bp_date_parse(t->r[0].field, &t->day) ? e : BP_E_INTERNAL;
}

static enum bp_error holiday_back(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, const struct entry *t, struct bp_audit *au,
	struct bp_fail *f)
{
	const char *was = t->r[0].old_value;
	enum bp_error e;

	if (t->day < bp_today())
		return bp_fail(f, BP_E_CONFLICT, "%s lies in the past", t->r[0].field);
	if (was && !*was) /* entries of former versions */
		return bp_fail(f, BP_E_CONFLICT, "the entry does not tell what %s was called: set the holiday anew", t->r[0].field);
	e = plan_config_holiday(db, a, c, t->day, was, au, f);
	return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_CONFLICT, "%s is not set: there is nothing to put back", t->r[0].field) : e;
}

enum bp_error plan_config_back(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t entry, struct bp_audit *au, json_t *errors,
	struct bp_fail *f)
{
	struct plan_config held = *c;
	json_t *set = json_object(), *said = json_object();
	struct entry t;
	enum bp_error e = read_entry(db, a, c, entry, &t);

	for (size_t i = 0; !e && i < t.n; i++) {
		json_object_set_new(set, t.r[i].field, json_of(t.r[i].old_value));
		json_object_set_new(said, t.r[i].field, t.params || !t.r[i].new_value ? json_of(t.r[i].new_value) : json_string(t.r[i].new_value));
	}
	if (!c->seen)
		held.seen = said;
	if (e == BP_E_NOT_FOUND)
		e = bp_fail(f, e, "there is no change %lld of this territory and channel", (long long)entry);
	else if (!e)
		e = t.params ? plan_config_params(db, a, &held, set, au, errors, f) : holiday_back(db, a, &held, &t, au, f);
	json_decref(set);
	json_decref(said);
	return e;
}

enum bp_error plan_config_now(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t entry, json_t **now)
{
	json_t *own = NULL;
	const char *name = NULL;
	struct entry t;
	enum bp_error e = read_entry(db, a, c, entry, &t);

	*now = json_object();
	if (!e)
		e = t.params ? plan_profile_own(db, a, c->territory, c->channel, &own) : holiday_on(db, a, c, t.day, &name);
	for (size_t i = 0; !e && i < t.n; i++) {
		json_t *v = t.params ? json_object_get(own, t.r[i].field) : NULL;

		json_object_set_new(*now, t.r[i].field, name ? json_string(name) : v ? json_incref(v) : json_null());
	}
	json_decref(own);
	return e;
}
