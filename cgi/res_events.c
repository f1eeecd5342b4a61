/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_events.c - what happens, as it happens: one stream a browser tab, in a pool of its own. */
#include "base/time.h"
#include "cgi/endpoint.h"
#include "event/event.h"

enum { SECONDS_MOST = 600, BEAT_MS = 5000 }; /* whoever went away is noticed by a sign of life that nobody takes */

struct query {
	const char *after;
	struct bp_opt_int seconds;
};
BP_SHAPE(events_query, query,
	BP_STR(query, after, BP_NUL, 1, 40, "number of the last event that was seen, where no header Last-Event-ID can be sent"),
	BP_INT(query, seconds, BP_NUL, 1, SECONDS_MOST, "when it ends at the latest, ten minutes without"));

static enum bp_error follow(struct bp_req *rq)
{
	const struct query *q = rq->query;
	const char *last = bp_req_header(rq, "HTTP_LAST_EVENT_ID");
	int64_t until = bp_monotonic_us() + (q->seconds.set ? q->seconds.v : SECONDS_MOST) * 1000000;
	struct bp_db_conf conf = bp_conf_db(rq->app->conf, BP_ACCOUNT_WEB);
	struct bp_event_stream *s;
	struct bp_buf out;
	bool on = true;
	enum bp_error e = bp_event_join(rq->db, &conf, &rq->user, last ? last : q->after, (int)bp_setting(BP_SETTING_live_streams), &s);

	if (e == BP_E_BUSY) {
		bp_req_reply_header(rq, "Retry-After", "60");
		return bp_fail(&rq->fail, e, "too many follow already: ask now and then");
	}
	if (e)
		return e;
	bp_req_close_db(rq);
	bp_req_reply_header(rq, "X-Accel-Buffering", "no");
	bp_req_begin(rq, NULL);
	bp_buf_init(&out, 1u << 20);
	while (on) {
		int64_t left = (until - bp_monotonic_us()) / 1000;

		on = left > 0 && bp_event_wait(s, left < BEAT_MS ? (int)left : BEAT_MS, &out);
		on = (!out.len || (bp_req_write(rq, out.data, out.len) && (!rq->io->flush || rq->io->flush(rq->io->ctx)))) && on;
		bp_buf_clear(&out);
	}
	bp_buf_release(&out);
	bp_event_leave(s);
	return BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/events", "Follow jobs, locks and notices of mine as server-sent events", BP_SCOPE_SELF, 0, BP_EP_STREAM_OUT | BP_EP_EVENTS | BP_EP_PERSON,
		.query = &events_query, .media = "text/event-stream", .fails = {BP_E_BUSY}, .handle = follow},
};
BP_RESOURCE(events, ep);
