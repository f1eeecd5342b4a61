/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan backup, restore: a running state to a folder and off the machine, back to a new state, and the proof that it works. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/backup_drill.h"
#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "health/sending.h"

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

static int take_back(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	struct bp_fail f = {0};
	char logs[BP_STATE_PATH + 32];
	struct bp_moment to = {.until = w->until, .binlogs = w->binlogs ? w->binlogs : logs};
	struct bp_opened o;
	enum bp_error e = bp_backup_open(&o, w->state, w->from, w->key, &f);

	snprintf(logs, sizeof(logs), "%s/binlog", e ? "" : json_string_value(json_object_get(o.manifest, "state")));
	if (!e)
		e = bp_backup_restore(&o.state, o.from, o.manifest, w->until ? &to : NULL, &f);
	json_decref(to.logs);
	bp_backup_close(&o);

	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("restore", &f);
	bp_shell_note_later(&o.state, BP_ACTION_RESTORE, w->until ? "until" : "backup", w->until ? to.reached : w->from);
	printf("restored %s\n", o.state.dir);
	if (w->until)
		printf("reached  %s UTC, the last transaction before that moment\n", to.reached);
	printf("seconds  %.1f\nstart it with `beatplan up --state %s`\n", (double)(bp_monotonic_us() - begun) / 1e6, o.state.dir);
	return 0;
}

static int drill(const struct words *w)
{
	int64_t begun = bp_monotonic_us();
	struct bp_conf conf = {0};
	struct bp_db *here = NULL;
	struct bp_fail f = {0};
	struct bp_drilled d = {0};
	struct bp_state s;
	enum bp_error e = bp_state_init(&s, bp_cmd_state(w->state), &f);

	if (!e)
		e = bp_state_open(&s, &conf, &here, false, &f);
	if (!e)
		e = bp_backup_drill(&s, &conf, here, w->from, w->key, &d, &f);
	bp_db_free(here);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("backup drill", &f);
	bp_shell_note(&s, BP_ACTION_BACKUP_DRILL, "whole", *d.detail ? "no" : "yes");
	if (!d.tables)
		fprintf(stderr, "beatplan backup drill: the rows were not compared, since the backup was made without a log of transactions (no backup_dir in beatplan.conf)\n");
	if (*d.detail)
		fprintf(stderr, "beatplan backup drill: it is not good: %s\n", d.detail);
	printf("{\"plans\":%zu,\"plans_that_differ\":%zu,\"tables\":%zu,\"tables_that_differ\":%zu,\"rows\":%lld,\"audit_events\":%lld,\"audit_whole\":%s,\"seconds\":%.1f}\n",
		d.plans, d.plans_differ, d.tables, d.tables_differ, (long long)d.rows, (long long)d.events, d.audit_whole ? "true" : "false",
		(double)(bp_monotonic_us() - begun) / 1e6);
	return *d.detail ? 3 : 0;
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
