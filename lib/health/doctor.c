/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the database tells; what the machine tells is in doctor_machine.c. */
#include "health/doctor.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/leaked.h"
#include "auth/password.h"
#include "base/time.h"
#include "db/rights.h"
#include "health/sending.h"
#include "outbox/outbox.h"
#include "queries.h"
#include "setting/setting.h"

#define ALARMS_LATE 1500 /* seconds: two looks at their rarest, and more */
#define BACKUP_OLD_US (50LL * 3600 * 1000000)

const char *const bp_verdicts[] = {"ok", "warn", "bad", "skipped", NULL};

static const struct {
	const char *name, *what, *mend;
	enum bp_verdict grave;
	void (*look)(struct bp_look *l);
} checks[BP_CHECK__MAX] = {
#define CHECK(name, fn, grave, what, mend) {#name, what, mend, BP_VERDICT_##grave, bp_look_##fn},
#include "health/checks.def"
#undef CHECK
};

void bp_look_found(struct bp_look *l, const char *fmt, ...)
{
	size_t n = strlen(l->detail);
	va_list ap;

	l->failed = true;
	if (n && n + 3 < sizeof(l->detail)) {
		memcpy(l->detail + n, "; ", 3);
		n += 2;
	}
	va_start(ap, fmt);
	vsnprintf(l->detail + n, sizeof(l->detail) - n, fmt, ap);
	va_end(ap);
}

void bp_look_db_answers(struct bp_look *l)
{
	struct q_ping row;

	if (!l->db || q_ping(l->db, l->arena, &row))
		bp_look_found(l, "nothing that takes changes answers on %s", strcmp(l->conf->db_host, "off") ? l->conf->db_host : l->conf->db_socket);
}

/* Is there no answer to be had? Then the check is skipped. */
static bool unknown(struct bp_look *l, enum bp_error e)
{
	l->skipped = e != BP_E_OK;
	return l->skipped;
}

void bp_look_db_version(struct bp_look *l)
{
	struct q_health_database row;
	char *end;
	long major, minor;

	if (unknown(l, q_health_database(l->db, l->arena, &row)))
		return;
	major = strtol(row.version, &end, 10);
	minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
	if (major < 10 || (major == 10 && minor < 11) || !strstr(row.version, "MariaDB"))
		bp_look_found(l, "it is %s", row.version);
}

void bp_look_db_settings(struct bp_look *l)
{
	struct q_doctor_settings row;

	if (unknown(l, q_doctor_settings(l->db, l->arena, &row)))
		return;
	if (row.flush != 1)
		bp_look_found(l, "innodb_flush_log_at_trx_commit is %lld", (long long)row.flush);
	if (!row.isolation)
		bp_look_found(l, "innodb_snapshot_isolation is off");
	if (!row.no_network && !strcmp(l->conf->db_host, "off") && !strcmp(l->conf->db_listen, "off"))
		bp_look_found(l, "it listens on the network");
}

void bp_look_db_rights(struct bp_look *l)
{
	for (enum bp_account i = 0; i < BP_ACCOUNT__MAX; i++) {
		struct bp_db_conf dc = bp_conf_db(l->conf, i);
		struct bp_fail f = {0};
		struct bp_db *db = NULL;
		const char *found = "";
		size_t n = 0;

		if (!bp_conf_login(l->conf, i).own)
			continue;
		if (bp_db_open(&db, &dc, &f) || bp_rights_differ(db, l->arena, i, &found, &n))
			bp_look_found(l, "%s: %s", dc.user, db ? bp_db_failure(db)->detail : f.detail);
		else if (n)
			bp_look_found(l, "%s: %s", dc.user, found);
		bp_db_free(db);
	}
}

static int is_patch(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && !strcmp(d->d_name + n - 4, ".sql");
}

void bp_look_schema(struct bp_look *l)
{
	struct q_schema_patch_names *had;
	struct dirent **files = NULL;
	char dir[1200];
	size_t n, k = 0;
	int m;

	if (unknown(l, q_schema_patch_names(l->db, l->arena, &had, &n)))
		return;
	snprintf(dir, sizeof(dir), "%s/app/share/beatplan/sql/schema", l->conf->dir);
	m = scandir(dir, &files, is_patch, alphasort);
	l->skipped = m < 0;
	/* Both are in order: what is in one only comes out where they part. */
	for (int i = 0; i < m; i++) {
		for (; k < n && strcmp(had[k].name, files[i]->d_name) < 0; k++)
			bp_look_found(l, "%s is of newer programs", had[k].name);
		if (k < n && !strcmp(had[k].name, files[i]->d_name))
			k++;
		else
			bp_look_found(l, "%s is not applied yet", files[i]->d_name);
		free(files[i]);
	}
	for (; m >= 0 && k < n; k++)
		bp_look_found(l, "%s is of newer programs", had[k].name);
	free(files);
}

/* The row of a duty; false, with the check skipped, when there is none. */
static bool read_duty(struct bp_look *l, const char *name, struct q_duties *out)
{
	struct q_duties *r = NULL;
	size_t n = 0;

	if (l->db && !unknown(l, q_duties(l->db, l->arena, &r, &n)))
		for (size_t i = 0; i < n; i++)
			if (!strcmp(r[i].name, name)) {
				*out = r[i];
				return true;
			}
	l->skipped = true;
	return false;
}

void bp_look_backup(struct bp_look *l)
{
	struct q_duties d;
	struct q_backup_last row;
	enum bp_error e = l->db ? q_backup_last(l->db, l->arena, &row) : BP_E_DB_DOWN;

	if (e == BP_E_NOT_FOUND)
		bp_look_found(l, "there is none");
	else if (!unknown(l, e) && row.ended_at < bp_now() - BACKUP_OLD_US)
		bp_look_found(l, "the last one is %lld hours old", (long long)((bp_now() - row.ended_at) / 3600000000LL));
	if (l->failed && read_duty(l, "backup", &d))
		bp_look_found(l, "%s makes them%s%s", d.place, d.failures ? ": " : "", d.error);
	else if (l->failed && !strcmp(l->conf->backup_dir, "off"))
		bp_look_found(l, "no folder for daily ones is named");
}

/* As the configuration has it, and how it went. */
void bp_look_backup_push(struct bp_look *l)
{
	struct q_backup_push_last row;
	char why[250];

	l->skipped = !bp_sending(l->conf);
	if (l->skipped)
		return;
	if (bp_sending_fault(l->conf, why, sizeof(why)))
		bp_look_found(l, "%s", why);
	else if (l->db && !q_backup_push_last(l->db, l->arena, &row) && row.failures)
		bp_look_found(l, "%lld failures in a row with %s: %s", (long long)row.failures, row.target, row.error);
}

void bp_look_audit(struct bp_look *l)
{
	struct q_health_counts row;

	if (!unknown(l, q_health_counts(l->db, l->arena, &row)) && row.audit_waiting)
		bp_look_found(l, "%lld events wait for their seal for more than five minutes", (long long)row.audit_waiting);
}

void bp_look_passwords(struct bp_look *l)
{
	if (!bp_password_list_there())
		bp_look_found(l, "there is no list");
}

void bp_look_leaked(struct bp_look *l)
{
	struct bp_fail f = {0};

	l->skipped = !strcmp(l->conf->leaked_passwords, "off");
	if (!l->skipped && bp_leaked_sound(l->conf->leaked_passwords, &f))
		bp_look_found(l, "%s", f.detail);
}

void bp_look_jobs(struct bp_look *l)
{
	struct q_doctor_jobs row;

	if (unknown(l, q_doctor_jobs(l->db, l->arena, &row)))
		return;
	if (row.lapsed)
		bp_look_found(l, "%lld run without anybody at work on them", (long long)row.lapsed);
	if (row.waiting)
		bp_look_found(l, "%lld have waited for half an hour", (long long)row.waiting);
}

void bp_look_alarms(struct bp_look *l)
{
	struct q_duties d;

	if (read_duty(l, "alarms", &d) && d.age > ALARMS_LATE)
		bp_look_found(l, "nobody has for %.0f minutes", d.age / 60);
}

void bp_look_replica(struct bp_look *l)
{
	struct q_databases *r = NULL;
	size_t n = 0;

	if (!l->db || unknown(l, q_databases(l->db, l->arena, &r, &n)))
		l->skipped = true;
	for (size_t i = 0; i < n && !l->skipped; i++)
		if (r[i].follows && !r[i].lag.set)
			bp_look_found(l, "%s does not answer: %s", r[i].host, r[i].error);
		else if (r[i].follows && r[i].lag.v > (double)bp_setting(BP_SETTING_replica_lag_seconds))
			bp_look_found(l, "%s is %.0f seconds behind", r[i].host, r[i].lag.v);
}

/* What the configuration of this machine says, and how it went, whichever machine did it. */
static void look_outside(struct bp_look *l, const char *name, const char *url, const char *fault, const char *target)
{
	struct q_duties d;

	if (fault)
		bp_look_found(l, "%s", fault);
	else if (!strncmp(url, "http://", 7) && strncmp(target, "http://127.", 11) && strncmp(target, "http://[::1]", 12) && strncmp(target, "http://localhost", 16))
		bp_look_found(l, "it goes over the network unencrypted: %s", target);
	if (read_duty(l, name, &d) && d.failures && !fault)
		bp_look_found(l, "%lld failures in a row with %s: %s", (long long)d.failures, d.target, d.error);
}

void bp_look_webhook(struct bp_look *l)
{
	struct bp_outside o;
	struct q_health_counts row;

	bp_outside_begin(&o, l->conf);
	look_outside(l, "webhook", o.webhook, o.webhook_fault, o.webhook_target);
	if (!l->skipped && !q_health_counts(l->db, l->arena, &row) && row.given_up)
		bp_look_found(l, "%lld events were given up", (long long)row.given_up);
}

void bp_look_heartbeat(struct bp_look *l)
{
	struct bp_outside o;

	bp_outside_begin(&o, l->conf);
	look_outside(l, "heartbeat", o.heartbeat, o.heartbeat_fault, o.heartbeat_target);
}

/* What asks the database without looking whether it is there. */
static bool asks_database(int check)
{
	return check == BP_CHECK_DB_VERSION || check == BP_CHECK_DB_SETTINGS || check == BP_CHECK_DB_RIGHTS || check == BP_CHECK_SCHEMA ||
		check == BP_CHECK_AUDIT || check == BP_CHECK_JOBS;
}

void bp_doctor(struct bp_db *db, const struct bp_conf *c, struct bp_finding out[BP_CHECK__MAX])
{
	const char *slash = strrchr(c->db_socket, '/');
	struct bp_arena a;

	bp_arena_init(&a, 4u << 20);
	for (int i = 0; i < BP_CHECK__MAX; i++) {
		struct bp_look l = {.db = db, .arena = &a, .conf = c};

		snprintf(l.run, sizeof(l.run), "%.*s", slash ? (int)(slash - c->db_socket) : 0, c->db_socket);
		if (!db && asks_database(i))
			l.skipped = true;
		else
			checks[i].look(&l);
		out[i] = (struct bp_finding){checks[i].name, checks[i].what, checks[i].mend,
			l.failed ? checks[i].grave : l.skipped ? BP_VERDICT_SKIPPED : BP_VERDICT_OK, ""};
		memcpy(out[i].detail, l.detail, sizeof(l.detail));
	}
	bp_arena_release(&a);
}

enum bp_verdict bp_doctor_worst(const struct bp_finding f[BP_CHECK__MAX])
{
	enum bp_verdict worst = BP_VERDICT_OK;

	for (int i = 0; i < BP_CHECK__MAX; i++)
		if (f[i].verdict != BP_VERDICT_SKIPPED && f[i].verdict > worst)
			worst = f[i].verdict;
	return worst;
}
