/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_DRAFT_VIEW_H
#define BP_CGI_DRAFT_VIEW_H
/*
 * How a plan travels to the screens: columns instead of rows, for a draft and for
 * a version alike, and the part of it that an operation touched.
 */
#include "cgi/endpoint.h"
#include "plan/session.h"

struct bp_visits_view {
	struct bp_list need, day, seat, beat, pos, from, to;
};
struct bp_tours_view {
	struct bp_list seat, day, calls, travel, service, wait, metres, over;
};
struct bp_pins_view {
	struct bp_list need, hold;
};
struct bp_overridden_view {
	struct bp_list need, rules;
};
struct bp_unserved_view {
	struct bp_list need, missing, reason;
};
struct bp_totals_view {
	int64_t calls, unserved, seats;
	double travel_minutes, service_minutes, overtime_minutes, km, balance_pct;
};
struct bp_cycle_view {
	int64_t anchor, weeks, days, week_start;
	struct bp_list work_weekdays, closed;
};
struct bp_seat_view {
	int64_t id;
	const char *code, *name, *person, *vehicle;
	struct bp_opt_int person_id;
	struct bp_opt_num lat, lon;
	int64_t rural;
	bool starts;
	int64_t shift_start, shift_seconds, max_calls;
	struct bp_list work_days, absences;
};
struct bp_beat_view {
	int64_t id, seat;
	const char *code, *name;
};
struct bp_profile_view {
	double speed_urban, speed_rural, walk_speed, road_factor_urban, road_factor_rural, stop_minutes, walk_stop_minutes, walk_metres;
	const char *vehicle;
};
struct bp_draft_view {
	struct bp_opt_int session, version;
	int64_t seq, plan_id, territory_id;
	const char *channel;
	struct bp_cycle_view *cycle;
	struct bp_list seats, beats, travel;
	struct bp_visits_view *visits;
	struct bp_tours_view *tours;
	struct bp_unserved_view *unserved;
	struct bp_pins_view *pins;
	struct bp_overridden_view *overridden;
	struct bp_totals_view *totals;
	bool stale;
	const char *undo, *redo;
	struct bp_opt_int undo_at, redo_at;
	struct bp_list undo_left, redo_left;
	int64_t edits;
};
struct bp_tour_change_view {
	int64_t seat, date;
	struct plan_tour_sum *before, *after;
};
struct bp_change_view {
	int64_t seq;
	struct plan_impact *impact;
	const char *undo, *redo;
	struct bp_opt_int undo_at, redo_at;
	struct bp_list undo_left, redo_left;
	bool reload;
	struct bp_visits_view *visits;
	struct bp_tours_view *tours;
	struct bp_unserved_view *unserved;
	struct bp_pins_view *pins;
	struct bp_overridden_view *overridden;
	struct bp_totals_view *totals;
	int64_t edits;
};
extern const struct bp_shape bp_draft_shape, bp_change_shape, bp_impact_shape, bp_totals_shape;

/* Set rq->reply to the draft of a session, or (session 0) to a version as it stands. */
enum bp_error bp_draft_reply(struct bp_req *rq, uint64_t plan, uint64_t session, uint64_t version);
/* Set rq->reply to what a change did; `reload` = too much changed, the client reads the draft again. */
enum bp_error bp_change_reply(struct bp_req *rq, uint64_t session, const struct plan_change *c, bool reload);
/* Sums over tours; balance over the seats that work. */
struct bp_totals_view *bp_totals_of(struct bp_arena *a, const struct q_draft_tours *t, size_t n, int64_t unserved);

#endif
