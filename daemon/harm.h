/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_HARM_H
#define BP_DAEMON_HARM_H
/*
 * What `beatplan faults` does to a Beatplan: its programs are killed, its database stopped, its lines to it cut or made slow, its clock set,
 * its disk filled.  All of it comes back, or the campaign says that it did not: back is when the whole chain answers and a
 * client was promised something anew.
 */
#include <stdatomic.h>

#include "daemon/relay.h"
#include "daemon/state.h"

enum harm_kind { HARM_KILL, HARM_CUT, HARM_CLOCK, HARM_STOP, HARM_DELAY, HARM_FULL, HARM__KINDS };

struct harm {
	const struct bp_state *state;
	const char *base;         /* as for a client: http://127.0.0.1:PORT/api/v1 */
	const atomic_long *kept;  /* how often any client was promised something */
	uint64_t dice;            /* the same, the same victims and moments; never 0 */
	int children;             /* programs that may be killed */
	struct relay *relay;
	double back_s[HARM__KINDS]; /* the longest way back, -1 = none */
	int done[HARM__KINDS];
};

/* Put a relay before the database and a clock that can be set before the programs: for a Beatplan that is down.  `clock` needs
 * Debian's libfaketime. */
enum bp_error harm_prepare(struct harm *h, bool clock, struct bp_fail *f);
/* Do it, for so many seconds where it lasts, and wait until all is back; false when it does not come back. */
bool harm_do(struct harm *h, enum harm_kind kind, int seconds);
void harm_end(struct harm *h);
/* A number that follows from the seed, below n. */
uint64_t harm_dice(struct harm *h, uint64_t n);

#endif
