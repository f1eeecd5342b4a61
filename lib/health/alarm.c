/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/alarm.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/shape.h"
#include "base/time.h"
#include "health/machines.h"
#include "notice/notice.h"
#include "outbox/outbox.h"
#include "setting/setting.h"

#define MINUTE_US 60000000LL
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define KEEP_EVENTS_DAYS 30

static int64_t calm_of(const struct bp_alarm_state *s, const struct bp_alarm_limits *l)
{
	int64_t calm = l->calm << (s->flaps < 12 ? s->flaps : 12);

	return calm < DAY_US ? calm : DAY_US;
}

enum bp_alarm_news bp_alarm_step(struct bp_alarm_state *s, bool sounds, int64_t now, const struct bp_alarm_limits *l)
{
	/* A clock that was put back must not keep it from ever being told. */
	if (sounds != s->sounds || !s->turned || s->turned > now)
		s->turned = now;
	if (s->told > now)
		s->told = now;
	s->sounds = sounds;
	if (!s->stands && sounds && now - s->turned >= l->wait) {
		s->flaps = s->ended && now - s->ended < DAY_US ? s->flaps + 1 : 0;
		s->stands = true;
		s->began = s->turned;
		s->told = now;
		return BP_ALARM_BEGAN;
	}
	if (s->stands && !sounds && now - s->turned >= calm_of(s, l)) {
		s->stands = false;
		s->ended = now;
		return BP_ALARM_ENDED;
	}
	if (s->stands && sounds && now - s->told >= l->again) {
		s->told = now;
		return BP_ALARM_STANDS;
	}
	return BP_ALARM_NO_NEWS;
}

static const struct {
	enum bp_notice notice;
	const char *topic;
} news_of[] = {
	[BP_ALARM_BEGAN] = {BP_NOTICE_ALARM_BEGAN, "alarm.began"},
	[BP_ALARM_STANDS] = {BP_NOTICE_ALARM_STANDS, "alarm.stands"},
	[BP_ALARM_ENDED] = {BP_NOTICE_ALARM_ENDED, "alarm.ended"},
};

struct look {
	const char *place;
	const bool *sounds;
	int64_t now;
	struct bp_alarm_limits limits;
	struct bp_arena *arena;
};

static enum bp_error put_event(struct bp_db *db, const struct look *k, int alarm, enum bp_alarm_news news, const struct bp_alarm_state *s, int host)
{
	char since[BP_INSTANT_SIZE];
	struct bp_buf b;
	enum bp_error e;

	bp_instant_format(s->began, since);
	bp_buf_init(&b, 8192);
	bp_buf_printf(&b, "{\"alarm\":\"%s\",\"grave\":\"%s\",\"since\":\"%s\",\"text\":", bp_alarms[alarm].name, bp_alarms[alarm].grave, since);
	bp_json_string(&b, bp_alarms[alarm].what);
	bp_buf_str(&b, ",\"machine\":");
	if (host)
		bp_json_string(&b, bp_strndup(k->arena, k->place, (size_t)host));
	else
		bp_buf_str(&b, "null");
	bp_buf_chr(&b, '}');
	e = bp_outbox_add(db, news_of[news].topic, (uint64_t)alarm, b.data);
	bp_buf_release(&b);
	return e;
}

/* The text begins with the words of the alarm, so that screens and mails find it in other languages; the machine stands behind. */
static enum bp_error tell(struct bp_db *db, const struct look *k, int alarm, enum bp_alarm_news news, const struct bp_alarm_state *s)
{
	int host = (int)strcspn(k->place, ":");
	const char *text = bp_sprintf(k->arena, host ? "%s (%.*s)" : "%s", bp_alarms[alarm].what, host, k->place);
	enum bp_notice kind = news_of[news].notice;
	enum bp_error e = bp_notice_tell_all(db, kind, BP_PERM_ADMIN_SYSTEM, &(struct bp_notice_of){.text = text, .channel = ""});

	uint64_t first = e ? 0 : bp_db_insert_id(db);

	/* 0: nobody looks after the system. */
	if (!e)
		e = q_alarm_told(db, bp_alarms[alarm].name, k->place, first ? (int64_t)first : INT64_MAX, bp_notices[kind].name, text, NULL);
	if (!e)
		bp_log(BP_LOG_WARN, "ev=alarm name=%s news=%s place=%s", bp_alarms[alarm].name, news_of[news].topic, *k->place ? k->place : "all");
	return e ? e : put_event(db, k, alarm, news, s, host);
}

static struct bp_alarm_state state_of(const struct q_alarm_rows *r)
{
	return (struct bp_alarm_state){r->sounds, r->stands, r->turned_at, r->began_at.v, r->ended_at.v, r->told_at.v, r->flaps};
}

static struct bp_opt_int when(int64_t at)
{
	return (struct bp_opt_int){at, at != 0};
}

static enum bp_error take_one(struct bp_db *db, const struct look *k, int alarm, const struct q_alarm_rows *row)
{
	struct bp_alarm_state was = row ? state_of(row) : (struct bp_alarm_state){0}, s = was;
	enum bp_alarm_news news;
	enum bp_error e;

	if (!row && !k->sounds[alarm])
		return BP_E_OK;
	news = bp_alarm_step(&s, k->sounds[alarm], k->now, &k->limits);
	if (row && news == BP_ALARM_NO_NEWS && s.sounds == was.sounds && s.turned == was.turned)
		return BP_E_OK;
	e = q_alarm_put(db, bp_alarms[alarm].name, k->place, s.sounds, s.turned, s.stands, when(s.began), when(s.ended), when(s.told), s.flaps, NULL);
	if (e || news == BP_ALARM_NO_NEWS)
		return e;
	return tell(db, k, alarm, news, &s);
}

static enum bp_error take_all(struct bp_db *db, void *ctx)
{
	struct look *k = ctx;
	struct q_alarm_rows *r = NULL;
	size_t n = 0;
	enum bp_error e;

	bp_arena_clear(k->arena);
	e = q_alarm_rows(db, k->arena, k->place, &r, &n);
	for (int i = 0; i < BP_ALARM__MAX && !e; i++) {
		const struct q_alarm_rows *mine = NULL;

		if (bp_alarms[i].everywhere != !*k->place)
			continue;
		for (size_t j = 0; j < n; j++)
			if (!strcmp(r[j].name, bp_alarms[i].name))
				mine = &r[j];
		e = take_one(db, k, i, mine);
	}
	return e;
}

enum bp_error bp_alarms_take(struct bp_db *db, const char *place, const bool sounds[BP_ALARM__MAX], int64_t now)
{
	struct bp_arena a;
	struct look k = {.place = place, .sounds = sounds, .now = now, .arena = &a,
		.limits = {bp_setting(BP_SETTING_alarm_wait_minutes) * MINUTE_US, bp_setting(BP_SETTING_alarm_calm_minutes) * MINUTE_US,
			bp_setting(BP_SETTING_alarm_again_hours) * HOUR_US}};
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = bp_db_tx(db, take_all, &k);
	bp_arena_release(&a);
	return e;
}

/* Machines that are gone sound no more. */
static enum bp_error take_gone(struct bp_db *db, struct bp_arena *a, int64_t now)
{
	static const bool silent[BP_ALARM__MAX];
	struct q_alarm_places_gone *r = NULL;
	size_t n = 0;
	enum bp_error e = q_alarm_places_gone(db, a, &r, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = bp_alarms_take(db, r[i].place, silent, now);
	return e;
}

/* What is about all machines, and what one of them cleans up. */
static enum bp_error look_for_all(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c, struct bp_health *h)
{
	enum bp_error e = bp_databases_look(db, a, c);

	if (!e)
		e = bp_health_databases(db, a, h);
	if (!e)
		e = bp_alarms_take(db, "", h->alarm, bp_now());
	if (!e)
		e = take_gone(db, a, bp_now());
	if (!e)
		e = q_machines_gone(db, NULL);
	if (!e)
		e = q_programs_gone(db, NULL);
	if (!e)
		e = q_outbox_unwanted(db, NULL);
	if (!e)
		e = q_outbox_prune(db, KEEP_EVENTS_DAYS, NULL);
	return e ? e : q_duty_well(db, "alarms", NULL);
}

enum bp_error bp_alarms_look(struct bp_db *db, const struct bp_conf *c, long every)
{
	struct bp_health *h = bp_xcalloc(1, sizeof(*h));
	char place[BP_PLACE_SIZE];
	struct bp_arena a;
	uint64_t mine = 0;
	enum bp_error e;

	bp_conf_place(c, place);
	bp_arena_init(&a, 4u << 20);
	e = bp_health_read(db, &a, c, h);
	if (!e)
		e = bp_alarms_take(db, place, h->alarm, bp_now());
	if (!e)
		e = q_alarm_seen(db, place, NULL);
	if (!e)
		e = q_duty_keep(db, "alarms", place, "", NULL);
	if (!e)
		e = q_duty_take(db, "alarms", place, every, &mine);
	if (!e && mine)
		e = look_for_all(db, &a, c, h);
	bp_arena_release(&a);
	free(h);
	return e;
}
