/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/outbox.h"

#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/meter.h"
#include "base/shape.h"
#include "base/time.h"
#include "queries.h"

#define BODY_MOST ((size_t)1 << 20)
#define SECRET_LEAST 16
#define PAUSE_LEAST 5
#define PAUSE_MOST 3600  /* of one event */
#define REST_MOST 300    /* of the webhook */

enum bp_error bp_outbox_add(struct bp_db *db, const char *topic, uint64_t subject, const char *payload)
{
	struct q_outbox_wanted r = {0};
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 4096);
	e = q_outbox_wanted(db, &a, &r);
	bp_arena_release(&a);
	return e || !r.wanted ? e : q_outbox_add(db, topic, (int64_t)subject, payload, NULL);
}

void bp_outside_begin(struct bp_outside *o, const struct bp_conf *c)
{
	*o = (struct bp_outside){.webhook = c->webhook_url, .secret = c->webhook_secret, .heartbeat = c->heartbeat_url, .source = c->public_url};
	bp_conf_place(c, o->place);
	if (strcmp(o->webhook, "off")) {
		o->webhook_fault = bp_call_target(o->webhook, o->webhook_target) ? "webhook_url is no address that begins with http:// or https://"
			: strlen(o->secret) < SECRET_LEAST ? "webhook_secret is missing or shorter than 16 bytes" : NULL;
	}
	if (strcmp(o->heartbeat, "off") && bp_call_target(o->heartbeat, o->heartbeat_target))
		o->heartbeat_fault = "heartbeat_url is no address that begins with http:// or https://";
}

/* One that cannot be called stays a duty: events wait, and the screen says why. */
static enum bp_error keep_one(struct bp_db *db, const char *name, const char *place, const char *url, const char *target, const char *fault)
{
	enum bp_error e;

	if (!strcmp(url, "off"))
		return q_duty_drop(db, name, place, NULL);
	e = q_duty_keep(db, name, place, target, NULL);
	return e || !fault ? e : q_duty_ill(db, name, fault, 0, NULL);
}

enum bp_error bp_outside_keep(struct bp_db *db, const struct bp_outside *o)
{
	enum bp_error e = keep_one(db, "webhook", o->place, o->webhook, o->webhook_target, o->webhook_fault);

	return e ? e : keep_one(db, "heartbeat", o->place, o->heartbeat, o->heartbeat_target, o->heartbeat_fault);
}

/* As CloudEvents 1.0 has it, in JSON. */
static void write_event(const struct bp_outside *o, const struct q_outbox_next *r, struct bp_buf *b)
{
	char at[BP_INSTANT_SIZE];

	bp_instant_format(r->created_at, at);
	bp_buf_printf(b, "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":", r->event);
	bp_json_string(b, o->source);
	bp_buf_printf(b, ",\"type\":\"%s\",\"subject\":\"%lld\",\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"data\":%s}", r->topic,
		(long long)r->subject, at, r->payload);
}

static enum bp_error post(const struct bp_outside *o, const struct q_outbox_next *r, struct bp_fail *f)
{
	char signature[BP_SIGNATURE_SIZE], header[120];
	const char *headers[] = {"Content-Type: application/cloudevents+json; charset=utf-8", header, NULL};
	struct bp_buf b;
	enum bp_error e;

	bp_buf_init(&b, BODY_MOST);
	write_event(o, r, &b);
	bp_call_sign(o->secret, b.data, signature);
	snprintf(header, sizeof(header), "Beatplan-Signature: %s", signature);
	e = bp_call(&(struct bp_call){o->webhook, b.data, headers, o->seconds, o->stop}, f);
	bp_buf_release(&b);
	return e;
}

/* 5, 10, 20, ... seconds. */
static int64_t pause_after(int64_t attempts)
{
	int64_t s = PAUSE_LEAST << (attempts < 12 ? attempts : 12);

	return s < PAUSE_MOST ? s : PAUSE_MOST;
}

static enum bp_error deliver(struct bp_db *db, const struct bp_outside *o, const struct q_outbox_next *r)
{
	struct bp_fail f = {0};
	enum bp_error said = post(o, r, &f), e;

	bp_meter_add(1, "beatplan_webhook_calls_total{result=\"%s\"}", said ? "failed" : "taken");
	bp_log(said ? BP_LOG_WARN : BP_LOG_INFO, "ev=webhook event=%s type=%s subject=%lld attempt=%lld taken=%d detail=\"%s\"", r->event, r->topic,
		(long long)r->subject, (long long)r->attempts + 1, !said, f.detail);
	if (!said) {
		e = q_outbox_delivered(db, r->id, NULL);
		return e ? e : q_duty_well(db, "webhook", NULL);
	}
	e = q_outbox_failed(db, r->id, pause_after(r->attempts), o->hours, f.detail, NULL);
	/* One event that is refused does not keep the others waiting. */
	return e ? e : q_duty_ill(db, "webhook", f.detail, said == BP_E_CONFLICT ? 0 : REST_MOST, NULL);
}

enum bp_error bp_outbox_deliver(struct bp_db *db, const struct bp_outside *o, bool *tried)
{
	struct q_outbox_next r;
	struct bp_arena a;
	uint64_t mine = 0;
	enum bp_error e;

	*tried = false;
	if (!strcmp(o->webhook, "off") || o->webhook_fault)
		return BP_E_OK;
	bp_arena_init(&a, BODY_MOST);
	e = q_outbox_next(db, &a, &r);
	/* While it is on its way, and once more as long, nobody else tries it. */
	if (!e)
		e = q_outbox_claim(db, r.id, r.attempts, 2 * o->seconds + PAUSE_LEAST, &mine);
	if (!e && mine) {
		*tried = true;
		e = deliver(db, o, &r);
	}
	bp_arena_release(&a);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error bp_outside_beat(struct bp_db *db, const struct bp_outside *o)
{
	struct bp_fail f = {0};
	uint64_t mine = 0;
	enum bp_error e, said;

	if (!strcmp(o->heartbeat, "off") || o->heartbeat_fault)
		return BP_E_OK;
	e = q_duty_take(db, "heartbeat", o->place, o->every, &mine);
	if (e || !mine)
		return e;
	said = bp_call(&(struct bp_call){o->heartbeat, NULL, NULL, o->seconds, o->stop}, &f);
	bp_meter_add(1, "beatplan_heartbeats_total{result=\"%s\"}", said ? "failed" : "taken");
	if (!said)
		return q_duty_well(db, "heartbeat", NULL);
	bp_log(BP_LOG_WARN, "ev=heartbeat_failed target=%s detail=\"%s\"", o->heartbeat_target, f.detail);
	return q_duty_ill(db, "heartbeat", f.detail, 0, NULL);
}
