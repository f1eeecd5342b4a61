/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan upgrade: from the programs that a state runs to the newer ones beside them, and back when they do not do. */
#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/upgrade.h"
#include "queries.h"

#define DRAIN_SECONDS 120
#define HEARD_SECONDS 10 /* all look each second */
#define MIB (1024LL * 1024)
#define ROOM_LEAST (256 * MIB)

struct words {
	const char *state, *to;
	long drain;
	bool check, back;
};

static bool parse(int argc, char **argv, struct words *w)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"to", required_argument, NULL, 't'},
		{"drain", required_argument, NULL, 'd'}, {"check", no_argument, NULL, 'c'}, {"back", no_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};
	char *end = NULL;
	int c;

	w->drain = DRAIN_SECONDS;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': w->state = optarg; break;
		case 't': w->to = optarg; break;
		case 'd': w->drain = strtol(optarg, &end, 10); break;
		case 'c': w->check = true; break;
		case 'b': w->back = true; break;
		default: return false;
		}
	}
	return optind == argc && !(end && (*end || w->drain < 0 || w->drain > 86400)) && !(w->check && w->back);
}

static long long bytes_below(const char *dir)
{
	struct dirent *x;
	long long sum = 0;
	DIR *d = opendir(dir);

	while (d && (x = readdir(d))) {
		char path[2 * BP_STATE_PATH];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", dir, x->d_name);
		if (x->d_name[0] == '.' || lstat(path, &st))
			continue;
		sum += S_ISDIR(st.st_mode) ? bytes_below(path) : (long long)st.st_blocks * 512;
	}
	if (d)
		closedir(d);
	return sum;
}

/* Where the backup goes: as told, as daily ones do, or beside the data. */
static void choose_folder(const struct words *w, const struct bp_state *s, const struct bp_conf *conf, char to[BP_STATE_PATH + 32])
{
	if (w->to && realpath(w->to, to))
		return;
	if (!w->to && strcmp(conf->backup_dir, "off"))
		snprintf(to, BP_STATE_PATH + 32, "%s", conf->backup_dir);
	else
		bp_state_path(s, "before-upgrade", to, BP_STATE_PATH + 32);
}

/* The backup is as large as the database, and so is the copy that would be put back. */
static enum bp_error look_for_room(const struct bp_state *s, const char *to, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];
	const char *const places[] = {s->dir, to};
	long long need;
	struct statvfs v;

	bp_state_path(s, "db", path, sizeof(path));
	need = bytes_below(path) + ROOM_LEAST;
	for (int i = 0; i < 2; i++)
		if (!statvfs(places[i], &v) && (long long)(v.f_bavail * v.f_frsize) < need * (2 - i))
			return bp_fail(f, BP_E_DISK_FULL, "too little room in %s: %lld MiB are free, %lld MiB are needed; make room or name another folder with --to",
				places[i], (long long)(v.f_bavail * v.f_frsize) / MIB, need * (2 - i) / MIB);
	return BP_E_OK;
}

/* A patch that these tables have and the new programs do not know: they would be older, not newer. */
static enum bp_error look_at_tables(const struct bp_state *s, const struct q_upgrade_preflight *now, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 300];

	snprintf(path, sizeof(path), "%s/app.next/share/beatplan/sql/schema/%s", s->dir, now->patch);
	return access(path, F_OK) ? bp_fail(f, BP_E_CONFLICT, "the new programs are older than the tables: they do not know %s", now->patch) : BP_E_OK;
}

/* Programs of other machines that would go on while the tables are changed. */
static enum bp_error look_at_machines(const struct bp_state *s, struct bp_fail *f)
{
	char deaf[400];
	enum bp_error e = bp_maintenance_deaf(s, deaf, sizeof(deaf), f);

	return e || !*deaf ? e : bp_fail(f, BP_E_CONFLICT, "programs of an older version, which do not obey maintenance, run at %s: say `beatplan down` there first, and `beatplan up` with "
		"newer programs after this", deaf);
}

static enum bp_error ask(const struct bp_state *s, struct bp_conf *conf, struct bp_arena *a, struct q_upgrade_preflight *now, struct bp_fail *f)
{
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_open(s, conf, &db, false, f);

	if (!e)
		e = q_upgrade_preflight(db, a, now);
	bp_db_free(db);
	return e;
}

/*
 * Nothing new is begun; wait for what runs. A job that does not end goes on from its last checkpoint afterwards: on this machine only,
 * since on another it would go on meanwhile. Every program that is there has to say that it begins nothing.
 */
static enum bp_error drain(const struct bp_state *s, long seconds, struct bp_fail *f)
{
	int64_t begun = bp_monotonic_us(), until = begun + seconds * 1000000, heard = begun + HEARD_SECONDS * 1000000LL;
	struct q_upgrade_preflight now = {.running = 1};
	char waits[400] = "?";
	enum bp_error e = BP_E_OK;
	struct bp_arena a;

	bp_arena_init(&a, 1u << 20);
	while (!e && ((now.running && bp_monotonic_us() < until) || (*waits && bp_monotonic_us() < (until > heard ? until : heard)))) {
		struct timespec pause = {0, 300000000};
		struct bp_conf conf = {0};

		e = ask(s, &conf, &a, &now, f);
		bp_conf_release(&conf);
		if (!e)
			e = bp_maintenance_waits(s, true, waits, sizeof(waits), f);
		if (!e && (now.running || *waits))
			nanosleep(&pause, NULL);
	}
	if (!e && *waits)
		e = bp_fail(f, BP_E_CONFLICT, "%s: nothing was changed; stop that, or wait longer by --drain", waits);
	if (!e && now.running)
		printf("jobs     %lld still run, and go on afterwards\n", (long long)now.running);
	bp_arena_release(&a);
	return e;
}

/* 1 = there is something to go over to, 0 = what runs is the same, -1 = nothing is there */
static int anything_new(const struct bp_state *s, struct bp_fail *f)
{
	char bin[BP_STATE_PATH], next[BP_STATE_PATH + 32];

	bp_state_bin(bin, sizeof(bin));
	bp_state_path(s, "app.next", next, sizeof(next));
	if (!strcmp(bin, BP_INSTALLED_BIN) && bp_state_take_programs(s, "app.next", f))
		return -1;
	if (access(next, F_OK)) {
		bp_fail(f, BP_E_NOT_FOUND, "there are no other programs in %s", next);
		return -1;
	}
	return bp_run((const char *const[]){"diff", "-rq", s->app, next, NULL}, open("/dev/null", O_WRONLY | O_CLOEXEC)) ? 1 : 0;
}

static int go_back(struct bp_upgrade *u, const char *why)
{
	struct bp_fail f = {0};
	bool alone;

	fprintf(stderr, "beatplan upgrade: %s\nbeatplan upgrade: going back to the former programs and the data of %s\n", why, u->backup);
	if (bp_upgrade_back(u, &f)) {
		fprintf(stderr, "beatplan upgrade: %s\nbeatplan upgrade: the doors stay closed; call it again when that is mended\n", f.detail);
		return 1;
	}
	if (bp_maintenance(u->state, false, &alone, &f))
		return bp_cmd_failed("upgrade", &f);
	bp_shell_note(u->state, BP_ACTION_UPGRADE_BACK, "why", why);
	fprintf(stderr, "beatplan upgrade: the former version runs again\n");
	return 3;
}

static int go_over(struct bp_upgrade *u, const struct words *w, const char *to)
{
	bool closed = bp_maintenance_on(u->state), alone;
	int64_t begun = bp_monotonic_us();
	struct bp_fail f = {0};
	enum bp_error e = bp_maintenance(u->state, true, &alone, &f);

	if (!e)
		e = drain(u->state, w->drain, &f);
	if (!e)
		e = bp_upgrade_backup(u, to, &f);
	if (!e)
		e = bp_upgrade_mark(u, BP_UPGRADE_SWITCHING, &f);
	if (e) { /* nothing was changed yet */
		struct bp_fail g = {0};

		if (!closed)
			bp_maintenance(u->state, false, &alone, &g);
		return bp_cmd_failed("upgrade", &f);
	}
	printf("backup   %s\n", u->backup);
	fflush(stdout);
	/* `up` answers when database, pools and web server do, with tables up to date. */
	if (bp_upgrade_stop(u->state, &f) || bp_upgrade_switch(u->state, &f) || bp_upgrade_start(u->state, &f))
		return go_back(u, f.detail);
	if (bp_upgrade_mark(u, BP_UPGRADE_DONE, &f) || (!closed && bp_maintenance(u->state, false, &alone, &f)))
		return bp_cmd_failed("upgrade", &f);
	bp_shell_note(u->state, BP_ACTION_UPGRADE, "backup", u->backup);
	printf("upgraded %s\nseconds  %.1f\nthe way back, which loses what is done from now on: beatplan upgrade --back\n", u->state->dir,
		(double)(bp_monotonic_us() - begun) / 1e6);
	return 0;
}

static int prepare_and_go(struct bp_upgrade *u, const struct words *w)
{
	char to[BP_STATE_PATH + 32];
	struct q_upgrade_preflight now;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_arena a;
	enum bp_error e = BP_E_OK;
	int news = anything_new(u->state, &f);

	if (news <= 0 && !f.code) {
		puts("what runs is the newest there is");
		return 0;
	}
	bp_arena_init(&a, 1u << 20);
	if (news < 0)
		e = f.code;
	if (!e && !bp_state_supervisor(u->state)) /* the tables can be asked and copied only while the database runs */
		e = bp_upgrade_start(u->state, &f);
	if (!e)
		e = ask(u->state, &conf, &a, &now, &f);
	if (!e)
		e = look_at_tables(u->state, &now, &f);
	if (!e)
		e = look_at_machines(u->state, &f);
	if (!e) {
		choose_folder(w, u->state, &conf, to);
		e = look_for_room(u->state, to, &f);
	}
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (!e)
		printf("tables   %s, %lld patches\njobs     %lld run, %lld wait\nbackup   will go to %s\n", now.patch, (long long)now.patches, (long long)now.running,
			(long long)now.queued, to);
	bp_conf_release(&conf);
	bp_arena_release(&a);
	if (e)
		return bp_cmd_failed("upgrade", &f);
	return w->check ? 0 : go_over(u, w, to);
}

int cmd_upgrade(int argc, char **argv)
{
	struct words w = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_upgrade u = {.state = &s};
	int lock;

	if (!parse(argc, argv, &w)) {
		fprintf(stderr, "usage: beatplan upgrade [--check | --back] [--to DIR] [--drain SECONDS] [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(w.state), &f))
		return bp_cmd_failed("upgrade", &f);
	if (access(s.app, F_OK) && (bp_upgrade_read(&u), u.phase != BP_UPGRADE_SWITCHING)) {
		bp_fail(&f, BP_E_NOT_FOUND, "there is no Beatplan in %s", s.dir);
		return bp_cmd_failed("upgrade", &f);
	}
	lock = open(s.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* for as long as this process lives */
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB)) {
		bp_fail(&f, BP_E_CONFLICT, "another upgrade of %s is under way", s.dir);
		return bp_cmd_failed("upgrade", &f);
	}
	bp_upgrade_read(&u);
	if (u.phase == BP_UPGRADE_SWITCHING)
		return w.check ? (fputs("beatplan upgrade: an upgrade was broken off; call it again to go back\n", stderr), 3) : go_back(&u, "the last upgrade was broken off");
	if (w.back && u.phase != BP_UPGRADE_DONE) {
		bp_fail(&f, BP_E_CONFLICT, "there was no upgrade to go back from");
		return bp_cmd_failed("upgrade", &f);
	}
	if (w.back)
		return go_back(&u, "as you asked") == 3 ? 0 : 1;
	return prepare_and_go(&u, &w);
}
