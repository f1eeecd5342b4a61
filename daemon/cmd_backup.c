/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan backup, restore: a running state to a folder and off the machine, back to a new state, and the proof that it works. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/chain.h"
#include "base/time.h"
#include "daemon/backup.h"
#include "daemon/cmd.h"
#include "daemon/private_db.h"
#include "daemon/shell.h"
#include "health/sending.h"
#include "queries.h"

struct words {
	const char *state, *to, *from, *key, *until, *binlogs;
	bool care;
};

static int usage(const char *what, const char *why)
{
	if (why)
		fprintf(stderr, "beatplan %s: %s\n", what, why);
	fprintf(stderr, "usage: beatplan backup --to DIR [--state DIR]            a running Beatplan to a new folder below DIR\n"
			"       beatplan backup --care [--state DIR]              what the schedule does: see backup_dir in beatplan.conf\n"
			"       beatplan backup push [--state DIR]                send the newest one off this machine now: see backup_push there\n"
			"       beatplan backup drill --from BACKUP [--key FILE] [--state DIR]    restore it aside, and hold it against what runs\n"
			"       beatplan restore --from BACKUP --state NEW [--key FILE] [--until 'YYYY-MM-DD hh:mm:ss' [--binlogs DIR]]\n"
			"BACKUP: a folder, or the encrypted file that was sent; that takes the private key, in FILE or known to your gpg\n");
	return 2;
}

static bool parse(int argc, char **argv, struct words *w)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"to", required_argument, NULL, 't'},
		{"from", required_argument, NULL, 'f'}, {"until", required_argument, NULL, 'u'}, {"binlogs", required_argument, NULL, 'b'}, {"key", required_argument, NULL, 'k'},
		{"care", no_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': w->state = optarg; break;
		case 't': w->to = optarg; break;
		case 'f': w->from = optarg; break;
		case 'u': w->until = optarg; break;
		case 'b': w->binlogs = optarg; break;
		case 'k': w->key = optarg; break;
		case 'c': w->care = true; break;
		default: return false;
		}
	}
	return true;
}

/* A folder that the services' user may write to. */
static enum bp_error own(const struct bp_state *s, const char *dir, struct bp_fail *f)
{
	if (mkdir(dir, 0700) && errno != EEXIST)
		return bp_fail(f, bp_error_of_errno(errno), "cannot make %s: %s", dir, strerror(errno));
	if (!geteuid() && chown(dir, s->uid, s->gid))
		return bp_fail(f, BP_E_INTERNAL, "cannot hand over %s: %s", dir, strerror(errno));
	return BP_E_OK;
}

/* Its configuration, as the services' user from then on. */
static enum bp_error open_state(struct bp_state *s, struct bp_conf *conf, struct bp_fail *f)
{
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_drop(s, f);

	if (!e)
		e = bp_state_open(s, conf, &db, false, f);
	bp_db_free(db);
	/* The schedule runs as the services' user, whose sockets would lie elsewhere: the configuration knows. */
	if (!e)
		snprintf(s->run, sizeof(s->run), "%.*s", (int)(strrchr(conf->db_socket, '/') - conf->db_socket), conf->db_socket);
	umask(0077);
	return e;
}

static int make(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	char made[BP_STATE_PATH], to[BP_STATE_PATH];
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	enum bp_error e = bp_state_init(&s, bp_cmd_state(w->state), &f);

	if (!e && w->to)
		e = own(&s, w->to, &f);
	if (!e && w->to && !realpath(w->to, to))
		e = bp_fail(&f, BP_E_INTERNAL, "cannot reach %s", w->to);
	if (!e)
		e = open_state(&s, &conf, &f);
	if (!e)
		e = w->care ? bp_backup_care(&s, &conf, &f) : bp_backup_make(&s, &conf, to, made, &f);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("backup", &f);
	if (!w->care)
		printf("backup   %s\nseconds  %.1f\n", made, (double)(bp_monotonic_us() - begun) / 1e6);
	return 0;
}

static int push(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_sent sent;
	struct bp_state s;
	enum bp_error e = bp_state_init(&s, bp_cmd_state(w->state), &f);

	if (!e)
		e = open_state(&s, &conf, &f);
	if (!e && !bp_sending(&conf))
		e = bp_fail(&f, BP_E_CONFLICT, "it is not said where to: set backup_push and backup_key in beatplan.conf");
	if (!e)
		e = bp_backup_push(&s, &conf, &sent, &f);
	if (!e && !*sent.backup)
		e = bp_fail(&f, BP_E_NOT_FOUND, "there is no backup in %s yet", conf.backup_dir);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (!e && sent.due)
		printf("sent     %s\nto       %s\nbytes    %lld\nsha256   %s\nseconds  %.1f\n", sent.backup, conf.backup_push, (long long)sent.bytes, sent.sha256,
			(double)(bp_monotonic_us() - begun) / 1e6);
	else if (!e)
		printf("%s has arrived at %s already\n", sent.backup, conf.backup_push);
	bp_conf_release(&conf);
	return e ? bp_cmd_failed("backup push", &f) : 0;
}

/* Into a folder where there is no Beatplan, as the services' user from then on. */
static enum bp_error restore_to(struct bp_state *s, const char *dir, const struct words *w, struct bp_moment *to, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], schema[BP_STATE_PATH + 64], from[BP_STATE_PATH], self[BP_STATE_PATH], logs[BP_STATE_PATH], unsealed[BP_STATE_PATH + 32];
	json_t *manifest = NULL;
	struct stat st;
	bool sealed;
	enum bp_error e = bp_state_init(s, dir, f);

	if (!e && bp_state_supervisor(s))
		return bp_fail(f, BP_E_CONFLICT, "a Beatplan runs in %s: name another folder", s->dir);
	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	if (!e && !access(path, F_OK))
		return bp_fail(f, BP_E_CONFLICT, "there is a Beatplan in %s already: name another folder", s->dir);
	if (!e && !realpath(w->from, from))
		return bp_fail(f, BP_E_NOT_FOUND, "there is no %s", w->from);
	bp_state_path(s, "tmp/unsealed", unsealed, sizeof(unsealed));
	sealed = !e && !stat(from, &st) && S_ISREG(st.st_mode);
	if (sealed)
		e = bp_state_create(s, f);
	else if (!e && w->key)
		e = bp_fail(f, BP_E_CONFLICT, "--key is for the encrypted file of a backup, and %s is none", w->from);
	if (!e && sealed) /* as whoever calls, since the key is theirs */
		e = bp_backup_unseal(s, w->from, w->key, unsealed, from, f);
	bp_state_bin(self, sizeof(self));
	/* Installed beside bin/, or as it was built. */
	snprintf(schema, sizeof(schema), "%s/../share/beatplan/sql/schema", self);
	if (access(schema, F_OK))
		snprintf(schema, sizeof(schema), "%s", BP_SCHEMA_DIR);
	if (!e)
		e = bp_backup_check(from, schema, &manifest, f);
	if (!e)
		e = bp_state_create(s, f);
	if (!e && !geteuid())
		e = bp_run((const char *const[]){"chmod", "-R", "u+rwX", s->dir, NULL}, -1) ? BP_E_INTERNAL : BP_E_OK;
	if (!e)
		e = bp_state_drop(s, f);
	snprintf(logs, sizeof(logs), "%s/binlog", e ? "" : json_string_value(json_object_get(manifest, "state")));
	*to = (struct bp_moment){.until = w->until, .binlogs = w->binlogs ? w->binlogs : logs};
	if (!e)
		e = bp_backup_restore(s, from, manifest, w->until ? to : NULL, f);
	json_decref(to->logs);
	if (sealed && !bp_state_drop(s, NULL))
		bp_run((const char *const[]){"rm", "-rf", "--", unsealed, NULL}, -1);
	json_decref(manifest);
	return e;
}

static int take_back(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	struct bp_fail f = {0};
	struct bp_moment to;
	struct bp_state s;
	enum bp_error e = restore_to(&s, w->state, w, &to, &f);

	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("restore", &f);
	bp_shell_note_later(&s, BP_ACTION_RESTORE, w->until ? "until" : "backup", w->until ? to.reached : w->from);
	printf("restored %s\n", s.dir);
	if (w->until)
		printf("reached  %s UTC, the last transaction before that moment\n", to.reached);
	printf("seconds  %.1f\nstart it with `beatplan up --state %s`\n", (double)(bp_monotonic_us() - begun) / 1e6, s.dir);
	return 0;
}

/* Plans of the restored database that the running one does not hold in the same form: later ones may be there only. */
static enum bp_error compare(struct bp_db *there, struct bp_db *here, struct bp_arena *a, size_t *plans, size_t *differ)
{
	struct q_backup_plans *old, *now;
	size_t n, m, k = 0;
	enum bp_error e = q_backup_plans(there, a, &old, &n);

	if (!e)
		e = q_backup_plans(here, a, &now, &m);
	*plans = e ? 0 : n;
	*differ = 0;
	for (size_t i = 0; !e && i < n; i++) {
		while (k < m && now[k].version_id < old[i].version_id)
			k++;
		*differ += k == m || now[k].version_id != old[i].version_id || now[k].stops != old[i].stops || now[k].sum != old[i].sum ||
			strcmp(now[k].plan_hash, old[i].plan_hash);
	}
	return e;
}

static enum bp_error drill_in(const struct words *w, const char *scratch, struct bp_db *here, size_t *plans, size_t *differ, struct bp_audit_verdict *v,
	struct bp_fail *f)
{
	char audit[BP_STATE_PATH + 32];
	struct bp_private_db p;
	struct bp_moment to;
	struct bp_state s;
	struct bp_arena a;
	enum bp_error e = restore_to(&s, scratch, w, &to, f);

	if (e)
		return e;
	e = bp_private_db_start(&p, &s, f);
	if (e)
		return e;
	bp_arena_init(&a, (size_t)1 << 30);
	bp_state_path(&s, "audit", audit, sizeof(audit));
	e = compare(p.db, here, &a, plans, differ);
	if (!e) /* the published heads are younger than the copy of the rows: its tail need not hold them */
		e = bp_audit_verify(p.db, NULL, v, f);
	bp_arena_release(&a);
	bp_private_db_stop(&p);
	return e;
}

static int drill(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	char scratch[BP_STATE_PATH + 40];
	struct bp_audit_verdict v = {0};
	struct bp_conf conf = {0};
	struct bp_db *here = NULL;
	struct bp_fail f = {0};
	size_t plans = 0, differ = 0;
	struct bp_state s, aside;
	enum bp_error e = bp_state_init(&s, bp_cmd_state(w->state), &f);

	snprintf(scratch, sizeof(scratch), "%s/tmp/drill-%d", s.dir, (int)getpid());
	if (!e)
		e = bp_state_open(&s, &conf, &here, false, &f);
	if (!e)
		e = drill_in(w, scratch, here, &plans, &differ, &v, &f);
	bp_db_free(here);
	bp_conf_release(&conf);
	bp_run((const char *const[]){"rm", "-rf", "--", scratch, NULL}, -1);
	if (!bp_state_init(&aside, scratch, &(struct bp_fail){0}))
		bp_run((const char *const[]){"rm", "-rf", "--", aside.run, NULL}, -1);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("backup drill", &f);
	bp_shell_note(&s, BP_ACTION_BACKUP_DRILL, "whole", differ || v.broken ? "no" : "yes");
	printf("{\"plans\":%zu,\"plans_that_differ\":%zu,\"audit_events\":%lld,\"audit_whole\":%s,\"seconds\":%.1f}\n", plans, differ, (long long)v.tables,
		v.broken ? "false" : "true", (double)(bp_monotonic_us() - begun) / 1e6);
	return differ || v.broken ? 3 : 0;
}

int cmd_backup(int argc, char **argv)
{
	struct words w = {0};

	if (!parse(argc, argv, &w))
		return usage("backup", NULL);
	if (optind + 1 == argc && !strcmp(argv[optind], "push"))
		return push(&w);
	if (optind + 1 == argc && !strcmp(argv[optind], "drill"))
		return w.from ? drill(&w) : usage("backup", "say which: --from BACKUP");
	if (optind < argc || !w.to == !w.care)
		return usage("backup", "say where to: --to DIR");
	return make(&w);
}

int cmd_restore(int argc, char **argv)
{
	struct words w = {0};

	if (!parse(argc, argv, &w))
		return usage("restore", NULL);
	if (optind < argc || !w.from || !w.state)
		return usage("restore", "say which, and where to: --from BACKUP --state NEW");
	if (w.until && (strlen(w.until) != 19 || strspn(w.until, "0123456789-: ") != 19))
		return usage("restore", "--until takes a time of UTC as '2026-01-31 13:45:00'");
	return take_back(&w);
}
