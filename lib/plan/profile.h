/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_PROFILE_H
#define BP_PLAN_PROFILE_H
/*
 * Planning parameters.  Each has a default per channel (profile.def); a territory
 * may set its own, which hold for everything beneath it unless that sets them
 * again.  Only what differs is stored.
 */
#include <jansson.h>

#include "db/db.h"

enum plan_param {
#define PARAM(name, type, gt, mt, lo, hi, what, why) PLAN_P_##name,
#include "plan/profile.def"
#undef PARAM
	PLAN_P__MAX
};
enum plan_param_type { PLAN_PARAM_NUM, PLAN_PARAM_VEHICLE };
struct plan_param_info {
	const char *name; /* camelCase on the wire through bp_wire_name */
	enum plan_param_type type;
	double value[2]; /* default of GT and of MT */
	double least, most;
	const char *what, *why;
};
extern const struct plan_param_info plan_params[PLAN_P__MAX];
/* "walk", "two-wheeler", "car", "van"; the value of a VEHICLE parameter is the index. */
extern const char *const plan_vehicles[5];

struct plan_profile {
	double v[PLAN_P__MAX];
	bool own[PLAN_P__MAX]; /* set on this very territory */
};
#define PLAN_GET(prof, name) ((prof)->v[PLAN_P_##name])

/* The parameters that hold for a territory and channel ("GT", "MT"). */
enum bp_error plan_profile_load(struct bp_db *db, uint64_t territory, const char *channel, struct plan_profile *out);

/* What the territory itself says, by wire names; {} when it says nothing. To be released. */
enum bp_error plan_profile_own(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, json_t **own);

/* What the visit policy says of an outlet where its need says nothing: visits in four weeks, minutes of a visit, and the
 * least days between two visits (0 = what the frequency says).
 * `tier` is 1..3 (others count as 3); `channel` that of the outlet (WS has a policy of its own). */
double plan_profile_visits(const struct plan_profile *q, int64_t tier, const char *channel);
int plan_profile_gap(const struct plan_profile *q, int64_t tier, const char *channel);
double plan_profile_minutes(const struct plan_profile *q, int64_t tier, const char *channel, const char *sales_model);
/* Minutes of a day that are left for calls: a shift, the seat's own or the profile's, less break and meeting, and less the end legs
 * but where the seat has a start and the way from it and to it is counted instead. */
double plan_profile_net(const struct plan_profile *q, struct bp_opt_int shift, bool starts);
/* Minutes that a stop costs with a vehicle, an index of plan_vehicles. */
double plan_profile_lost(const struct plan_profile *q, int vehicle);

/* Change parameters of a territory from a JSON object of wire names; null puts one back to the inherited value.
 * Every bad member is appended to `errors` as {"pointer","problem"}; then nothing is stored and FIELDS is returned. */
enum bp_error plan_profile_change(struct bp_db *db, uint64_t territory, const char *channel, json_t *fields, uint64_t user,
	json_t *errors);

#endif
