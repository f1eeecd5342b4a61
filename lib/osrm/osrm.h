/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_OSRM_OSRM_H
#define BP_OSRM_OSRM_H
/*
 * Travel times of roads, from the `table` service of an OSRM server.  Only legs between near neighbours are
 * asked for, a few per need, and become leg fixes of the problem; everything else stays with the formula of
 * route/travel.h, so there is never a full matrix.  This room talks to the network; the solver does not.
 *
 * Invariants: legs that would be walked (up to walk_max) keep the formula; of two directions the mean is
 * taken; seconds include those lost at a stop, as leg fixes do.  A problem whose seats use several
 * vehicle profiles is refused: one server knows one vehicle.  Without a server nothing is lost but accuracy:
 * callers go on without the legs and say so in their run record.
 */
#include "base/arena.h"
#include "route/route.h"

struct osrm_options {
	const char *url;     /* service, version and profile, e.g. "http://127.0.0.1:5000/table/v1/driving" */
	int32_t neighbours;  /* near needs asked for per need, 1..32; 0: 8 */
	double seconds;      /* for all requests together; 0: 60 */
	/* Called between requests; false: stop.  May be NULL. */
	bool (*tick)(void *ctx, int32_t done, int32_t all);
	void *ctx;
};

/* Ask for the legs of p (RT_GEO) and write them, sorted, to *fixes (in the arena).
 * BUSY: no server, too slow, or an HTTP error; IMPORT_FORMAT: a reply that is no table; OPT_INPUT: several
 * profiles, or not on the earth; CANCELLED by tick.  The detail names the server and what it said. */
enum bp_error osrm_legs(const struct osrm_options *o, const struct rt_problem *p, struct bp_arena *a,
	struct rt_leg_fix **fixes, int32_t *n, struct bp_fail *f);

#endif
