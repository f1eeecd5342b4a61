/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "daemon/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "daemon/backup_drill.h"
#include "daemon/shell.h"
#include "queries.h"
#include "setting/setting.h"

#define NAME_SIZE 24 /* 20261126T093000Z */
#define LOG "backup.log"
#define DAY_US 86400000000LL

/* Of the state folder these stay behind: the database is copied by other means, programs and web server's files are made by `up`. */
static const char *const left_out[] = {"db", "app", "log", "tmp", "binlog", "nginx.conf", "headers.conf", "fastcgi.conf", "place", "maintenance", "upgrade", "before-upgrade", NULL};

static bool in_list(const char *const *list, const char *name)
{
	if (!strncmp(name, "app.", 4) || !strncmp(name, "db.", 3) || !strncmp(name, "binlog.", 7)) /* of an upgrade under way */
		return true;
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

/* --- checksums --- */

enum bp_error bp_backup_sha256(const char *path, char hex[65], int64_t *bytes)
{
	unsigned char part[65536], sum[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return BP_E_NOT_FOUND;
	crypto_hash_sha256_init(&st);
	while ((n = read(fd, part, sizeof(part))) > 0) {
		crypto_hash_sha256_update(&st, part, (size_t)n);
		*bytes += n;
	}
	close(fd);
	crypto_hash_sha256_final(&st, sum);
	sodium_bin2hex(hex, 65, sum, sizeof(sum));
	return n < 0 ? bp_error_of_errno(errno) : BP_E_OK;
}

/* nftw has no place for an argument; backups run one at a time in a process of their own. */
static struct walk {
	json_t *files;
	size_t root;
	int64_t bytes;
	enum bp_error e;
} walk;

static int add_file(const char *path, const struct stat *st, int type, struct FTW *where)
{
	char hex[65];

	(void)st;
	(void)where;
	if (type != FTW_F || !strcmp(path + walk.root, BP_BACKUP_MANIFEST))
		return 0;
	walk.e = bp_backup_sha256(path, hex, &walk.bytes);
	if (!walk.e)
		json_object_set_new(walk.files, path + walk.root, json_string(hex));
	return walk.e ? 1 : 0;
}

static enum bp_error sum_files(const char *dir, json_t **files, int64_t *bytes)
{
	walk = (struct walk){json_object(), strlen(dir) + 1, 0, BP_E_OK};
	if (nftw(dir, add_file, 16, FTW_PHYS) && !walk.e)
		walk.e = bp_error_of_errno(errno);
	*files = walk.files;
	*bytes = walk.bytes;
	return walk.e;
}

/* --- making one --- */

static enum bp_error copy_database(const struct bp_state *s, const char *to, struct bp_fail *f)
{
	char target[BP_STATE_PATH + 128], data[BP_STATE_PATH + 32], socket[128], user[80];
	const char *const take[] = {"mariadb-backup", "--no-defaults", "--backup", target, data, socket, user, NULL};
	const char *const prepare[] = {"mariadb-backup", "--no-defaults", "--prepare", target, NULL};
	enum bp_error e;

	snprintf(target, sizeof(target), "--target-dir=%s/db", to);
	snprintf(data, sizeof(data), "--datadir=%s/db", s->dir);
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	snprintf(user, sizeof(user), "--user=%s", s->user);
	e = bp_state_run(s, LOG, take, "copying the database", f);
	return e ? e : bp_state_run(s, LOG, prepare, "preparing the copy", f);
}

/* Files after the database, so that what its rows name is there; and what an administrator wrote elsewhere. */
static enum bp_error copy_state(const struct bp_state *s, const struct bp_conf *conf, const char *to, struct bp_fail *f)
{
	char into[BP_STATE_PATH + 128], from[2 * BP_STATE_PATH];
	DIR *d = opendir(s->dir);
	enum bp_error e = BP_E_OK;

	snprintf(into, sizeof(into), "%s/state", to);
	if (!d || mkdir(into, 0700))
		e = bp_fail(f, bp_error_of_errno(errno), "cannot copy %s: %s", s->dir, strerror(errno));
	for (struct dirent *x; !e && d && (x = readdir(d));) {
		if (x->d_name[0] == '.' || in_list(left_out, x->d_name))
			continue;
		snprintf(from, sizeof(from), "%s/%s", s->dir, x->d_name);
		/* A file that is swept meanwhile is no failure: cp says 1, and the manifest holds what came. */
		if (!strcmp(x->d_name, "beatplan.conf") || !strcmp(x->d_name, "audit"))
			e = bp_state_run(s, LOG, (const char *const[]){"cp", "-a", "--reflink=auto", "--", from, into, NULL}, "copying files", f);
		else
			bp_run((const char *const[]){"cp", "-a", "--reflink=auto", "--", from, into, NULL}, -1);
	}
	if (d)
		closedir(d);
	snprintf(from, sizeof(from), "%s/" BP_BACKUP_INCLUDED, into);
	if (!e && strcmp(conf->include, "off") && !access(conf->include, F_OK))
		e = bp_state_run(s, LOG, (const char *const[]){"cp", "--", conf->include, from, NULL}, "copying the configuration", f);
	return e;
}

/* "log.000003\t1234\t..." of the copy, when the database keeps a log of transactions. */
static json_t *binlog_position(const struct bp_state *s, const char *to)
{
	char path[BP_STATE_PATH + 64], file[256] = "", generation[BP_GENERATION_SIZE];
	long long at = 0;
	char line[512], *tab;
	FILE *in;

	snprintf(path, sizeof(path), "%s/db/xtrabackup_binlog_info", to);
	in = fopen(path, "re");
	if (in && fgets(line, sizeof(line), in) && (tab = strchr(line, '\t'))) {
		at = strtoll(tab + 1, NULL, 10);
		snprintf(file, sizeof(file), "%.*s", (int)(tab - line), line);
	}
	if (in)
		fclose(in);
	snprintf(path, sizeof(path), "%s/binlog", s->dir);
	return *file ? json_pack("{s:s,s:I,s:s*}", "file", file, "position", (json_int_t)at, "generation", bp_backup_generation(path, generation) ? generation : NULL) : json_null();
}

static enum bp_error write_manifest(struct bp_db *db, const struct bp_state *s, const char *to, int64_t *bytes, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 64], at[BP_INSTANT_SIZE];
	struct q_health_database version;
	struct q_backup_schema schema;
	json_t *files = NULL, *m;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = q_health_database(db, &a, &version);
	if (!e)
		e = q_backup_schema(db, &a, &schema);
	if (!e)
		e = sum_files(to, &files, bytes);
	bp_instant_format(bp_now(), at);
	m = e ? NULL : json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:o,s:I,s:o}", "beatplan", PACKAGE_VERSION, "at", at, "database", version.version,
		"patches", (json_int_t)schema.patches, "schema", schema.newest, "state", s->dir, "run", s->run, "user", s->user, "binlog", binlog_position(s, to),
		"bytes", (json_int_t)*bytes, "files", files);
	snprintf(path, sizeof(path), "%s/" BP_BACKUP_MANIFEST, to);
	if (!e && json_dump_file(m, path, JSON_INDENT(1)))
		e = bp_fail(f, BP_E_DISK_FULL, "cannot write %s", path);
	json_decref(m);
	bp_arena_release(&a);
	return e;
}

static enum bp_error fill(struct bp_db *db, const struct bp_state *s, const struct bp_conf *conf, const char *part, const char *whole, int64_t *bytes, struct bp_fail *f)
{
	enum bp_error e = copy_database(s, part, f);

	if (!e)
		e = copy_state(s, conf, part, f);
	if (!e)
		e = write_manifest(db, s, part, bytes, f);
	/* On the disk before it gets its name: what is called so is whole. */
	sync();
	if (!e && rename(part, whole))
		e = bp_fail(f, bp_error_of_errno(errno), "cannot rename %s: %s", part, strerror(errno));
	if (e)
		bp_run((const char *const[]){"rm", "-rf", "--", part, NULL}, -1);
	return e;
}

int bp_backup_lock(const char *dir, const char *name)
{
	char path[BP_STATE_PATH + 32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return -1;
	}
	return fd;
}

enum bp_error bp_backup_make(const struct bp_state *s, const struct bp_conf *conf, const char *to, char made[BP_STATE_PATH], struct bp_fail *f)
{
	struct bp_db_conf dc = bp_conf_db(conf, BP_ACCOUNT_APP);
	char at[BP_INSTANT_SIZE], name[NAME_SIZE], part[BP_STATE_PATH + 64];
	struct bp_db *db = NULL;
	int64_t id, bytes = 0;
	int lock, n;
	enum bp_error e;

	bp_instant_format(bp_now(), at);
	snprintf(name, sizeof(name), "%.4s%.2s%.2sT%.2s%.2s%.2sZ", at, at + 5, at + 8, at + 11, at + 14, at + 17);
	n = snprintf(made, BP_STATE_PATH, "%s/%s", to, name);
	if (n < 0 || n >= BP_STATE_PATH)
		return bp_fail(f, BP_E_INTERNAL, "the path is too long");
	snprintf(part, sizeof(part), "%s.part", made);
	lock = bp_backup_lock(to, ".lock");
	if (lock < 0)
		return bp_fail(f, BP_E_CONFLICT, "cannot lock %s: %s", to, errno == EWOULDBLOCK ? "another backup is being made there" : strerror(errno));
	e = bp_db_open(&db, &dc, f);
	if (!e)
		e = q_backup_abandoned(db, NULL);
	if (!e)
		e = q_backup_add(db, made, NULL);
	id = e ? 0 : (int64_t)bp_db_insert_id(db);
	if (!e && mkdir(part, 0700))
		e = bp_fail(f, bp_error_of_errno(errno), "cannot make %s: %s", part, strerror(errno));
	if (!e)
		e = fill(db, s, conf, part, made, &bytes, f);
	if (id)
		q_backup_end(db, id, e ? "failed" : "done", bytes, e ? f->detail : "", NULL);
	bp_db_free(db);
	if (!e)
		bp_shell_note(s, BP_ACTION_BACKUP_MAKE, "backup", made);
	close(lock);
	return e;
}

/* --- hourly care --- */

bool bp_backup_named(const char *name)
{
	return strspn(name, "0123456789") == 8 && name[8] == 'T' && strspn(name + 9, "0123456789") == 6 && name[15] == 'Z';
}

static bool is_backup(const char *name)
{
	return bp_backup_named(name) && !name[BP_BACKUP_NAME];
}

bool bp_backup_newest(const char *dir, char out[BP_STATE_PATH])
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);
	bool found = false;

	for (int i = n - 1; i >= 0; i--) {
		if (!found && is_backup(names[i]->d_name))
			found = snprintf(out, BP_STATE_PATH, "%s/%s", dir, names[i]->d_name) < BP_STATE_PATH;
		free(names[i]);
	}
	free(names);
	return found;
}

/* The name of an instant some days ago, as backups are named. */
static void name_before(int64_t us, char out[NAME_SIZE])
{
	char at[BP_INSTANT_SIZE];

	bp_instant_format(bp_now() - us, at);
	snprintf(out, NAME_SIZE, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", at, at + 5, at + 8, at + 11, at + 14, at + 17);
}

/* Names sort as time does. True when one is newer than a day; those that are too old go, but never the newest. */
static bool sweep(const char *dir, int64_t keep_days)
{
	char day[NAME_SIZE], old[NAME_SIZE], path[2 * BP_STATE_PATH];
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);
	const char *newest = NULL;
	bool fresh;

	name_before(DAY_US - DAY_US / 48, day);
	name_before(keep_days * DAY_US, old);
	for (int i = 0; i < n; i++)
		if (is_backup(names[i]->d_name))
			newest = names[i]->d_name;
	fresh = newest && strcmp(newest, day) > 0;
	for (int i = 0; i < n; i++) {
		const char *x = names[i]->d_name;
		bool part = bp_backup_named(x) && !strcmp(x + BP_BACKUP_NAME, ".part");

		snprintf(path, sizeof(path), "%s/%s", dir, x);
		if (part || (keep_days && is_backup(x) && x != newest && strcmp(x, old) < 0))
			bp_run((const char *const[]){"rm", "-rf", "--", path, NULL}, -1);
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return fresh;
}

static enum bp_error take_turn(const struct bp_state *s, const struct bp_conf *conf, struct bp_fail *f)
{
	char from[BP_STATE_PATH + 32], to[BP_STATE_PATH + 80], made[BP_STATE_PATH], generation[BP_GENERATION_SIZE];
	struct bp_fail sending = {0};
	struct bp_sent sent;
	enum bp_error e, x;
	bool fresh;
	int lock;

	lock = bp_backup_lock(conf->backup_dir, ".lock");
	if (lock < 0)
		return bp_fail(f, BP_E_CONFLICT, "cannot lock %s: %s", conf->backup_dir, strerror(errno));
	snprintf(from, sizeof(from), "%s/binlog/.", s->dir);
	bp_backup_generation(from, generation);
	snprintf(to, sizeof(to), "%s/binlog/%s", conf->backup_dir, generation);
	if (!access(from, F_OK) && !bp_run((const char *const[]){"mkdir", "-p", "--", to, NULL}, -1))
		bp_run((const char *const[]){"cp", "-au", "--", from, to, NULL}, -1);
	close(lock);
	fresh = sweep(conf->backup_dir, conf->backup_keep_days);
	bp_backup_prune(s, conf->backup_dir);
	e = fresh ? BP_E_OK : bp_backup_make(s, conf, conf->backup_dir, made, f);
	x = bp_backup_push(s, conf, &sent, e ? &sending : f);
	return e ? e : x;
}

enum bp_error bp_backup_care(const struct bp_state *s, const struct bp_conf *conf, struct bp_fail *f)
{
	struct bp_db_conf dc = bp_conf_db(conf, BP_ACCOUNT_APP);
	char place[BP_PLACE_SIZE];
	struct bp_db *db = NULL;
	enum bp_error e;

	if (!strcmp(conf->backup_dir, "off"))
		return bp_fail(f, BP_E_CONFLICT, "no folder is named: set backup_dir in beatplan.conf");
	bp_conf_place(conf, place);
	e = bp_db_open(&db, &dc, f);
	if (!e)
		e = q_backup_wanted(db, place, conf->backup_dir, NULL);
	if (!e)
		e = take_turn(s, conf, f);
	if (db && e)
		q_duty_ill(db, "backup", *f->detail ? f->detail : bp_errors[e].message, 0, NULL);
	else if (db)
		q_duty_well(db, "backup", NULL);
	/* Whether it is good is another matter than whether there is one. */
	if (!e) {
		bp_settings_begin(conf);
		bp_settings_fresh(db);
		e = bp_backup_drill_due(s, conf, db, f);
	}
	bp_db_free(db);
	return e;
}

/* --- taking one back --- */

enum bp_error bp_backup_check(const char *from, const char *schema_dir, json_t **manifest, struct bp_fail *f)
{
	char path[2 * BP_STATE_PATH], hex[65];
	const char *name, *patch;
	int64_t bytes;
	json_t *sum;

	snprintf(path, sizeof(path), "%s/" BP_BACKUP_MANIFEST, from);
	*manifest = json_load_file(path, 0, NULL);
	if (!*manifest)
		return bp_fail(f, BP_E_NOT_FOUND, "%s is no backup: it has no %s", from, BP_BACKUP_MANIFEST);
	patch = json_string_value(json_object_get(*manifest, "schema"));
	snprintf(path, sizeof(path), "%s/%s", schema_dir, patch ? patch : "");
	if (!patch || strchr(patch, '/') || access(path, F_OK))
		return bp_fail(f, BP_E_CONFLICT, "the backup is of a newer Beatplan (%s, schema %s): install that first",
			json_string_value(json_object_get(*manifest, "beatplan")), patch ? patch : "?");
	json_object_foreach(json_object_get(*manifest, "files"), name, sum) {
		if (name[0] == '/' || strstr(name, ".."))
			return bp_fail(f, BP_E_CONFLICT, "the manifest names a file outside: %.200s", name);
		snprintf(path, sizeof(path), "%s/%s", from, name);
		bytes = 0;
		if (bp_backup_sha256(path, hex, &bytes) || strcmp(hex, json_string_value(sum) ? json_string_value(sum) : ""))
			return bp_fail(f, BP_E_CONFLICT, "%.300s is missing or not what was saved: its checksum does not fit", name);
	}
	return BP_E_OK;
}

/* The configuration names folders of the state it came from. */
static enum bp_error move_conf(const struct bp_state *s, const json_t *manifest, struct bp_fail *f)
{
	const char *const old[] = {json_string_value(json_object_get(manifest, "state")), json_string_value(json_object_get(manifest, "run"))};
	const char *const now[] = {s->dir, s->run};
	char path[BP_STATE_PATH + 32], text[65536];
	struct bp_buf b;
	size_t n = 0;
	FILE *io;

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	io = fopen(path, "re");
	if (io) {
		n = fread(text, 1, sizeof(text) - 1, io);
		fclose(io);
	}
	text[n] = '\0';
	bp_buf_init(&b, 1u << 20);
	for (const char *p = text; *p;) {
		int hit = -1;

		for (int i = 0; i < 2; i++)
			if (old[i] && *old[i] && !strncmp(p, old[i], strlen(old[i])) && strchr("/\n\r \t", p[strlen(old[i])]))
				hit = i;
		if (hit >= 0)
			bp_buf_str(&b, now[hit]);
		else
			bp_buf_chr(&b, *p);
		p += hit >= 0 ? strlen(old[hit]) : 1;
	}
	io = n ? fopen(path, "we") : NULL;
	if (!io || fwrite(b.data, 1, b.len, io) != b.len || fclose(io)) {
		bp_buf_release(&b);
		return bp_fail(f, BP_E_INTERNAL, "cannot write %s: %s", path, strerror(errno));
	}
	bp_buf_release(&b);
	return BP_E_OK;
}

enum bp_error bp_backup_restore(const struct bp_state *s, const char *from, const json_t *manifest, struct bp_moment *to, struct bp_fail *f)
{
	char source[BP_STATE_PATH + 32], target[BP_STATE_PATH + 32];
	const char *user = json_string_value(json_object_get(manifest, "user"));
	size_t n = strlen(s->dir);
	bool here = !strncmp(from, s->dir, n) && from[n] == '/'; /* it was unpacked for this and goes away */
	enum bp_error e;
	int fd;

	if (!user || strcmp(user, s->user))
		return bp_fail(f, BP_E_CONFLICT, "the database of the backup belongs to the user %s: run this as that user, not as %s", user ? user : "?", s->user);
	snprintf(source, sizeof(source), "%s/state/.", from);
	e = to ? bp_backup_reach(manifest, to, f) : BP_E_OK;
	if (!e)
		e = bp_state_run(s, LOG, (const char *const[]){"cp", "-a", "--", source, s->dir, NULL}, "copying files", f);
	snprintf(source, sizeof(source), "%s/db", from);
	bp_state_path(s, "db", target, sizeof(target));
	if (!e)
		e = bp_state_run(s, LOG, (const char *const[]){"cp", here ? "-al" : "-a", "--", source, target, NULL}, "copying the database", f);
	if (!e)
		e = move_conf(s, manifest, f);
	if (!e && to)
		e = bp_backup_forward(s, manifest, to, f);
	/* `up` makes a database anew where this mark is missing. */
	bp_state_path(s, "db/beatplan-created", target, sizeof(target));
	fd = e ? -1 : open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 && !e)
		e = bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", target, strerror(errno));
	if (fd >= 0)
		close(fd);
	return e;
}
