/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setting/setting.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "queries.h"

#define LIFE_US 1000000
#define N_(s) s

const struct bp_setting_info bp_settings[BP_SETTING__MAX] = {
	[BP_SETTING_NONE] = {.name = ""},
#define NUMBER(nm, where, un, lo, hi, def, does) [BP_SETTING_##nm] = {#nm, #where, un, does, BP_SETTING_NUMBER, lo, hi, NULL},
#define KEY(nm, where, un, lo, hi, does) [BP_SETTING_##nm] = {#nm, #where, un, does, BP_SETTING_NUMBER, lo, hi, NULL},
#define ADDRESS(nm, where, does) [BP_SETTING_##nm] = {#nm, #where, "", does, BP_SETTING_ADDRESS, 0, 0, NULL},
#define SWITCH(nm, does, told) [BP_SETTING_##nm] = {#nm, "FEATURE", "", does, BP_SETTING_SWITCH, 0, 1, told},
#include "setting/settings.def"
};
const char *const bp_setting_types[] = {"NUMBER", "ADDRESS", "SWITCH", NULL};

/* What is in force. Texts are under the guard, numbers are not torn. */
static _Atomic int64_t numbers[BP_SETTING__MAX] = {
#define NUMBER(nm, where, un, lo, hi, def, does) [BP_SETTING_##nm] = def,
#define SWITCH(nm, does, told) [BP_SETTING_##nm] = 1,
#include "setting/settings.def"
};
static char texts[BP_SETTING__MAX][BP_SETTING_TEXT + 1], defaults[BP_SETTING__MAX][BP_SETTING_TEXT + 1];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int64_t due;

enum bp_setting bp_setting_find(const char *name)
{
	for (int s = 1; s < BP_SETTING__MAX; s++)
		if (!strcmp(bp_settings[s].name, name))
			return (enum bp_setting)s;
	return BP_SETTING_NONE;
}

static void take(enum bp_setting s, const char *value)
{
	if (bp_settings[s].type == BP_SETTING_ADDRESS) {
		pthread_mutex_lock(&guard);
		snprintf(texts[s], sizeof(texts[s]), "%s", value);
		pthread_mutex_unlock(&guard);
		return;
	}
	atomic_store(&numbers[s], bp_settings[s].type == BP_SETTING_SWITCH ? !strcmp(value, "on") : strtoll(value, NULL, 10));
}

void bp_settings_begin(const struct bp_conf *c)
{
#define NUMBER(nm, where, un, lo, hi, def, does) snprintf(defaults[BP_SETTING_##nm], sizeof(*defaults), "%lld", (long long)def);
#define KEY(nm, where, un, lo, hi, does) snprintf(defaults[BP_SETTING_##nm], sizeof(*defaults), "%ld", c->nm);
#define ADDRESS(nm, where, does) snprintf(defaults[BP_SETTING_##nm], sizeof(*defaults), "%s", c->nm);
#define SWITCH(nm, does, told) snprintf(defaults[BP_SETTING_##nm], sizeof(*defaults), "on");
#include "setting/settings.def"
	for (int s = 1; s < BP_SETTING__MAX; s++)
		take((enum bp_setting)s, defaults[s]);
	atomic_store(&due, 0);
}

void bp_settings_fresh(struct bp_db *db)
{
	int64_t now = bp_monotonic_us(), then = atomic_load(&due);
	struct q_settings_now *r = NULL;
	bool changed[BP_SETTING__MAX] = {false};
	struct bp_arena a;
	size_t n = 0;

	/* One thread looks, the others go on with what they have. */
	if (now < then || !atomic_compare_exchange_strong(&due, &then, now + LIFE_US))
		return;
	bp_arena_init(&a, 4u << 20);
	if (q_settings_now(db, &a, &r, &n)) {
		bp_log(BP_LOG_WARN, "ev=settings_unread");
	} else {
		for (size_t i = 0; i < n; i++) {
			enum bp_setting s = bp_setting_find(r[i].name);

			changed[s] = r[i].value;
			if (changed[s] && s)
				take(s, r[i].value);
		}
		for (int s = 1; s < BP_SETTING__MAX; s++)
			if (!changed[s])
				take((enum bp_setting)s, defaults[s]);
	}
	bp_arena_release(&a);
}

int64_t bp_setting(enum bp_setting s)
{
	return atomic_load(&numbers[s]);
}

const char *bp_setting_text(struct bp_arena *a, enum bp_setting s)
{
	char *out;

	pthread_mutex_lock(&guard);
	out = bp_strdup(a, texts[s]);
	pthread_mutex_unlock(&guard);
	return out;
}

const char *bp_setting_default(enum bp_setting s)
{
	return defaults[s];
}

const char *bp_setting_fault(struct bp_arena *a, enum bp_setting s, const char *value)
{
	const struct bp_setting_info *i = &bp_settings[s];
	size_t n = strlen(value);
	int64_t v;

	switch (i->type) {
	case BP_SETTING_SWITCH:
		return strcmp(value, "on") && strcmp(value, "off") ? "must be on or off" : NULL;
	case BP_SETTING_ADDRESS:
		return !n || n > BP_SETTING_TEXT || !bp_is_email(value) ? "is no mail address" : NULL;
	case BP_SETTING_NUMBER:
		v = n && n < 16 && strspn(value, "0123456789") == n && (n == 1 || *value != '0') ? strtoll(value, NULL, 10) : -1;
		return v < i->least || v > i->most ? bp_sprintf(a, "must be a whole number from %lld to %lld (%s)", (long long)i->least, (long long)i->most, i->unit)
						   : NULL;
	}
	return NULL;
}

/* Who comes second is told what the first one did. */
static enum bp_error changed_since(struct bp_db *db, struct bp_arena *a, const struct bp_setting_change *c, struct bp_fail *f)
{
	struct q_setting_history *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_setting_history(db, a, bp_settings[c->setting].name, INT64_MAX, 1, &r, &n);

	if (e || !n)
		return e ? e : bp_fail(f, BP_E_CONFLICT, "nobody has changed it yet: look again");
	bp_instant_format(r->at, at);
	return bp_fail(f, BP_E_CONFLICT, "%s set it to %s at %s: look again", r->user ? r->user : "the shell", r->value ? r->value : "the default", at);
}

enum bp_error bp_setting_put(struct bp_db *db, struct bp_arena *a, const struct bp_setting_change *c, struct bp_fail *f)
{
	uint64_t added = 0;
	/* Of two at once one finds its number taken. */
	enum bp_error e = q_setting_add(db, bp_settings[c->setting].name, c->seen, c->value, c->reason, c->reverts, (int64_t)c->user, &added);

	return e == BP_E_CONFLICT || (!e && !added) ? changed_since(db, a, c, f) : e;
}

enum bp_error bp_setting_back(struct bp_db *db, struct bp_arena *a, struct bp_opt_int to, struct bp_setting_change *c, struct bp_fail *f)
{
	struct q_setting_was was = {0};
	enum bp_error e = BP_E_OK;

	if (!c->seen)
		return bp_fail(f, BP_E_CONFLICT, "it was never changed");
	c->reverts = BP_SOME_INT(to.set ? to.v : c->seen - 1);
	if (c->reverts.v)
		e = q_setting_was(db, a, bp_settings[c->setting].name, c->reverts.v, &was);
	c->value = was.value;
	return e == BP_E_NOT_FOUND ? bp_fail(f, e, "there is no change %lld of %s", (long long)c->reverts.v, bp_settings[c->setting].name) : e;
}
