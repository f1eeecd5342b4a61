/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_EXPLAIN_H
#define BP_PLAN_EXPLAIN_H
/*
 * Why a visit stands where it stands and where else it could, what would place one that is missing, and what one more
 * person or day or change would bring.  Between the tables and the explanations of the solver (route/route.h), which take
 * from a second to minutes: they run as jobs.  Answers are JSON, owned by the caller; times are minutes, days are cycle
 * days, needs and seats are ids.
 */
#include "plan/optimize.h"

#define PLAN_OPTIONS 5

/* What is explained: the draft of a session, or (session 0) a version, or (version 0 too) the committed one of the plan. */
struct plan_explained {
	uint64_t plan, session, version;
};
/* NOT_FOUND with the remedy when there is no such plan. */
enum bp_error plan_explain_load(struct bp_db *db, struct bp_arena *a, const struct plan_explained *what, struct plan_model *m,
	struct bp_fail *f);

/* The need's visit on that cycle day: {"need","seat","day","detour","days":[{"day","minutes","broken":[rule]}],
 * "options":[{"seat","day","minutes","after","within","others","tours":[{"seat","day","order":[need]}]}]}.
 * `detour`: what would be saved under way without it; `days`: it alone on every other day of its seat; `options`: the next best
 * five (none when several seats share the need). To take one, the tours become those: the plan's price changes by `minutes`, and
 * `others` further needs move along, none where there is room for it; `after`: what is left of it, at most `within` off, once
 * everything around is optimised again.  PLAN_OP when it has no visit there. */
enum bp_error plan_explain_place(const struct plan_model *m, int64_t need, int day, json_t **out, struct bp_fail *f);

/* The smallest relaxation that places a missing visit of the need: {"need","missing","relax":{"kind","amount","unit","kind2",
 * "amount2","unit2","seat","day","position","minutes"}}, `kind` as RT_RELAX_*, in words.  PLAN_OP when nothing is missing. */
enum bp_error plan_explain_missing(const struct plan_model *m, int64_t need, json_t **out, struct bp_fail *f);

/* Questions that are answered by solving.  `m->params` holds budget and progress. */
/* {"share","people","extra","served"}: how many people would serve `percent` of the visits; `extra` null when no number helps. */
enum bp_error plan_explain_coverage(const struct plan_model *m, double percent, json_t **out, struct bp_fail *f);
/* {"seat","gain","servedWith","servedWithout","travel","overtime"}: one more person like the seat, or (day >= 0) one more
 * day of it. PLAN_OP when it works then already. */
enum bp_error plan_explain_worth(const struct plan_model *m, int64_t seat, int day, json_t **out, struct bp_fail *f);
/* {"points":[{"budget","changed","minutes","saved","travel","missed"}]}: what at most so many changes save. */
enum bp_error plan_explain_curve(const struct plan_model *m, const int32_t *budgets, int n, json_t **out, struct bp_fail *f);

#endif
