/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EVENT_EVENT_H
#define BP_EVENT_EVENT_H
/*
 * What happens, told as it happens: jobs that go on, locks that change hands, new notices.  One thread of the process looks at the
 * database for all streams together and keeps what it saw in a ring; a stream takes from it what its user may see, and holds no
 * connection.  The looking one also asks whether the sessions of the streams still are, and where their users see what.
 *
 * An event has a number "RUN-N".  Who comes back with the number of the last one that was seen gets what came since; when that is not
 * in the ring any more, the first event says that something was missed, and everything is to be read anew.
 */
#include "auth/auth.h"
#include "base/buf.h"

struct bp_event_stream;

/* Join; BUSY when there are `most` streams already, or nothing could be looked at. `after` = the last number seen, NULL = none.
 * `db` is needed for this call only, `conf` is kept. */
enum bp_error bp_event_join(struct bp_db *db, const struct bp_db_conf *conf, const struct bp_user *user, const char *after, int most,
	struct bp_event_stream **out);
/* Wait until there is something to tell, at most `ms`; it is appended to `out` as server-sent events. False when the stream is over: the
 * session has ended, or the program is to end. */
bool bp_event_wait(struct bp_event_stream *s, int ms, struct bp_buf *out);
void bp_event_leave(struct bp_event_stream *s);
/* All streams are over, and nobody looks any more. */
void bp_events_stop(void);

#endif
