/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "queries.h"

const struct plan_param_info plan_params[PLAN_P__MAX] = {
#define PARAM(name, type, gt, mt, lo, hi, what, why) {#name, PLAN_PARAM_##type, {gt, mt}, lo, hi, what, why},
#include "plan/profile.def"
#undef PARAM
};
const char *const plan_vehicles[5] = {"walk", "two-wheeler", "car", "van", NULL};

static int param_of_wire(const char *name)
{
	char wire[64];

	for (int i = 0; i < PLAN_P__MAX; i++) {
		bp_wire_name(plan_params[i].name, wire);
		if (!strcmp(wire, name))
			return i;
	}
	return -1;
}

static const char *read_value(const struct plan_param_info *p, const json_t *v, double *out)
{
	if (p->type == PLAN_PARAM_VEHICLE) {
		for (int i = 0; plan_vehicles[i]; i++)
			if (json_is_string(v) && !strcmp(plan_vehicles[i], json_string_value(v))) {
				*out = i;
				return NULL;
			}
		return "must be walk, two-wheeler, car or van";
	}
	if (!json_is_number(v))
		return "must be a number";
	*out = json_number_value(v);
	return *out >= p->least && *out <= p->most ? NULL : "is out of range: see the parameter's limits";
}

enum bp_error plan_profile_load(struct bp_db *db, uint64_t territory, const char *channel, struct plan_profile *out)
{
	struct q_plan_profiles_above *rows;
	struct bp_arena a;
	enum bp_error e;
	size_t n;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < PLAN_P__MAX; i++)
		out->v[i] = plan_params[i].value[!strcmp(channel, "MT")];
	bp_arena_init(&a, 16u << 20);
	/* From the whole world down to the territory itself. */
	e = q_plan_profiles_above(db, &a, (int64_t)territory, channel, &rows, &n);
	for (size_t k = 0; k < n && !e; k++) {
		json_t *fields = json_loads(rows[k].fields, 0, NULL), *v;
		const char *key;

		json_object_foreach(fields, key, v) {
			int i = param_of_wire(key);

			if (i >= 0 && !read_value(&plan_params[i], v, &out->v[i]))
				out->own[i] = rows[k].territory_id == (int64_t)territory;
		}
		json_decref(fields);
	}
	bp_arena_release(&a);
	return e;
}

enum bp_error plan_profile_own(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, json_t **own)
{
	struct q_plan_profile_get r;
	enum bp_error e = q_plan_profile_get(db, a, (int64_t)territory, channel, &r);

	*own = e ? NULL : json_loads(r.fields, 0, NULL);
	if (!*own)
		*own = json_object();
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

static int rank_of(int64_t tier)
{
	return tier < 1 || tier > 3 ? 2 : (int)tier - 1;
}

double plan_profile_visits(const struct plan_profile *q, int64_t tier, const char *channel)
{
	const double visits[2][3] = {{PLAN_GET(q, frequency_gold), PLAN_GET(q, frequency_silver), PLAN_GET(q, frequency_bronze)},
		{PLAN_GET(q, frequency_ws_gold), PLAN_GET(q, frequency_ws_silver), PLAN_GET(q, frequency_ws_bronze)}};
	double own = !strcmp(channel, "WS") ? visits[1][rank_of(tier)] : 0;

	return own > 0 ? own : visits[0][rank_of(tier)];
}

int plan_profile_gap(const struct plan_profile *q, int64_t tier, const char *channel)
{
	const double gap[2][3] = {{PLAN_GET(q, gap_gold), PLAN_GET(q, gap_silver), PLAN_GET(q, gap_bronze)},
		{PLAN_GET(q, gap_ws_gold), PLAN_GET(q, gap_ws_silver), PLAN_GET(q, gap_ws_bronze)}};

	return (int)gap[!strcmp(channel, "WS")][rank_of(tier)];
}

double plan_profile_minutes(const struct plan_profile *q, int64_t tier, const char *channel, const char *sales_model)
{
	const double minutes[2][3] = {{PLAN_GET(q, service_gold), PLAN_GET(q, service_silver), PLAN_GET(q, service_bronze)},
		{PLAN_GET(q, service_ws_gold), PLAN_GET(q, service_ws_silver), PLAN_GET(q, service_ws_bronze)}};

	return minutes[!strcmp(channel, "WS")][rank_of(tier)] + (!strcmp(sales_model, "VAN_SALES") ? PLAN_GET(q, service_van) : 0);
}

double plan_profile_net(const struct plan_profile *q, struct bp_opt_int shift, bool starts)
{
	double legs = starts && PLAN_GET(q, count_end_legs) > 0 ? 0 : PLAN_GET(q, end_leg_minutes);
	double net = (shift.set ? (double)shift.v : PLAN_GET(q, shift_minutes)) - PLAN_GET(q, break_minutes) - PLAN_GET(q, meeting_minutes) - legs;

	return net > 0 ? net : 0;
}

double plan_profile_lost(const struct plan_profile *q, int vehicle)
{
	const double lost[] = {PLAN_GET(q, stop_walk), PLAN_GET(q, stop_two_wheeler), PLAN_GET(q, stop_car), PLAN_GET(q, stop_van)};

	return lost[vehicle];
}

enum bp_error plan_profile_change(struct bp_db *db, uint64_t territory, const char *channel, json_t *fields, uint64_t user,
	json_t *errors)
{
	struct bp_arena a;
	json_t *stored, *v;
	const char *key;
	enum bp_error e;
	char *text;

	bp_arena_init(&a, 1u << 20);
	e = plan_profile_own(db, &a, territory, channel, &stored);
	bp_arena_release(&a);
	if (e) {
		json_decref(stored);
		return e;
	}
	e = json_is_object(fields) ? BP_E_OK : BP_E_FIELDS;
	json_object_foreach(fields, key, v) {
		int i = param_of_wire(key);
		const char *problem = "is not a planning parameter";
		double x;

		if (i >= 0)
			problem = json_is_null(v) ? NULL : read_value(&plan_params[i], v, &x);
		if (problem) {
			json_array_append_new(errors, json_pack("{s:o,s:s}", "pointer", json_sprintf("/%s", key), "problem", problem));
			e = BP_E_FIELDS;
		} else if (json_is_null(v)) {
			json_object_del(stored, key);
		} else {
			json_object_set(stored, key, v);
		}
	}
	if (!e) {
		text = json_dumps(stored, JSON_COMPACT | JSON_SORT_KEYS);
		e = q_plan_profile_put(db, (int64_t)territory, channel, text, (int64_t)user, NULL);
		free(text);
	}
	json_decref(stored);
	return e;
}
