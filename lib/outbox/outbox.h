/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_OUTBOX_OUTBOX_H
#define BP_OUTBOX_OUTBOX_H
/*
 * What goes out to other systems.  An event is written in the transaction of its cause, and delivered by a worker to the webhook that
 * the operator configured: at least once, those of one subject in their order, each signed and known by its id.  The webhook's own
 * trouble makes it rest as a whole, for growing spans; what it refuses is tried again by itself, and given up after `webhook_hours`.
 * Without a webhook nothing is written.
 *
 * A duty is what one worker does for all machines; see the table.
 */
#include "base/conf.h"
#include "db/db.h"
#include "outbox/call.h"

/* The programs' own names of the events. `payload` is a JSON object. */
enum bp_error bp_outbox_add(struct bp_db *db, const char *topic, uint64_t subject, const char *payload);

/* What this worker knows of the outside; texts are borrowed. */
struct bp_outside {
	const char *webhook, *secret, *heartbeat, *source;  /* addresses or "off"; `source` names this Beatplan in events */
	char place[BP_PLACE_SIZE];
	char webhook_target[BP_TARGET_SIZE], heartbeat_target[BP_TARGET_SIZE];
	const char *webhook_fault, *heartbeat_fault;       /* why it cannot be called, in words; NULL = it can, or is off */
	long seconds, hours, every;                        /* an answer; until an event is given up; between heartbeats */
	const atomic_bool *stop;
};
/* From the configuration; the last four members are the caller's. */
void bp_outside_begin(struct bp_outside *o, const struct bp_conf *c);
/* Say in the table who has which duty. */
enum bp_error bp_outside_keep(struct bp_db *db, const struct bp_outside *o);

/* Try the next event whose turn it is; `tried` tells whether there was one. What the webhook says is kept, and no error of this function. */
enum bp_error bp_outbox_deliver(struct bp_db *db, const struct bp_outside *o, bool *tried);
/* Say outside that all is well, when it is time and nobody else has; that the turn could be written is a part of it. */
enum bp_error bp_outside_beat(struct bp_db *db, const struct bp_outside *o);

#endif
