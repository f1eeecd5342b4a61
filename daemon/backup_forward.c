/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a backup on to a moment, by the log of transactions. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/backup.h"
#include "daemon/private_db.h"

#define HEAD 19   /* of each event of a log: time (4), kind (1), server (4), length with the head (4), where the next begins (4), flags (2) */
#define MAGIC "\xfe" "bin"

struct log {
	char name[32];
	time_t first, last; /* times of the events; 0 = it holds none that is whole */
	time_t before;      /* of the last one before the moment */
	bool whole;         /* it does not break off in an event */
};

bool bp_backup_generation(const char *dir, char out[BP_GENERATION_SIZE])
{
	char path[BP_STATE_PATH + 64];
	FILE *in;

	snprintf(path, sizeof(path), "%s/" BP_GENERATION_FILE, dir);
	in = fopen(path, "re");
	if (!in || !fgets(out, BP_GENERATION_SIZE, in) || strspn(out, "0123456789abcdef") != BP_GENERATION_SIZE - 1)
		*out = '\0';
	if (in)
		fclose(in);
	return *out;
}

enum bp_error bp_backup_generation_begin(const struct bp_state *s, struct bp_fail *f)
{
	char dir[BP_STATE_PATH + 32], hex[BP_GENERATION_SIZE];
	unsigned char raw[(BP_GENERATION_SIZE - 1) / 2];

	bp_state_path(s, "binlog", dir, sizeof(dir));
	if (bp_backup_generation(dir, hex))
		return BP_E_OK;
	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(hex, sizeof(hex), raw, sizeof(raw));
	return bp_state_put(s, "binlog/" BP_GENERATION_FILE, hex, strlen(hex), f);
}

static uint32_t number(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* From head to head; an event that is not whole, as in a copy of a log that is being written, ends it. */
static void read_times(FILE *in, time_t until, struct log *l)
{
	unsigned char head[HEAD];
	struct stat st;

	if (fread(head, 1, 4, in) != 4 || memcmp(head, MAGIC, 4) || fstat(fileno(in), &st))
		return;
	l->whole = true;
	while (fread(head, 1, HEAD, in) == HEAD) {
		time_t at = (time_t)number(head);
		long length = (long)number(head + 9);

		l->whole = length >= HEAD && ftell(in) - HEAD + length <= st.st_size && !fseek(in, length - HEAD, SEEK_CUR);
		if (!l->whole)
			return;
		l->first = l->first ? l->first : at;
		l->last = at > l->last ? at : l->last;
		l->before = at < until && at > l->before ? at : l->before;
	}
}

static int is_log(const struct dirent *d)
{
	return !strncmp(d->d_name, "log.", 4) && d->d_name[4] && strspn(d->d_name + 4, "0123456789") == strlen(d->d_name + 4) && strlen(d->d_name) < 32;
}

static long number_of(const char *log)
{
	return strtol(log + 4, NULL, 10);
}

static void say(time_t at, char out[BP_MOMENT_SIZE])
{
	struct tm tm;

	strftime(out, BP_MOMENT_SIZE, "%Y-%m-%d %H:%M:%S", gmtime_r(&at, &tm));
}

/* The log behind `before` (NULL = the first, where the backup ends): it must be the next one, and go on where that ends. */
static enum bp_error take_log(const struct bp_moment *m, const char *first, const struct log *before, struct log *l, time_t until, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], need[32];
	FILE *in;

	snprintf(need, sizeof(need), "%s", first);
	if (before)
		snprintf(need, sizeof(need), "log.%06ld", number_of(before->name) + 1);
	if (strcmp(l->name, need))
		return bp_fail(f, BP_E_NOT_FOUND, "%s does not hold %s%s: name a folder that does, by --binlogs", m->binlogs, need,
			before ? ", without which later ones cannot be taken" : ", where the backup ends");
	snprintf(path, sizeof(path), "%s/%s", m->binlogs, l->name);
	in = fopen(path, "re");
	if (!in)
		return bp_fail(f, bp_error_of_errno(errno), "cannot read %s: %s", path, strerror(errno));
	read_times(in, until, l);
	fclose(in);
	if (before && !before->whole)
		return bp_fail(f, BP_E_CONFLICT, "%s/%s breaks off: what follows cannot be taken. Name a folder where it is whole, by --binlogs", m->binlogs, before->name);
	if (before && l->first && before->last > l->first + 1)
		return bp_fail(f, BP_E_CONFLICT, "%s begins before %s ends: they are of different databases, or the clock was set back. Give --binlogs a folder "
			"with those of this one alone", path, before->name);
	return BP_E_OK;
}

/* All logs from the one where the backup ends, without a gap, and how far they go. */
static enum bp_error take_logs(struct bp_moment *m, const char *first, time_t until, struct bp_fail *f)
{
	struct log before = {.name = ""};
	time_t last = 0, reached = 0;
	struct dirent **names = NULL;
	int n = scandir(m->binlogs, &names, is_log, alphasort);
	char end[BP_MOMENT_SIZE];
	enum bp_error e = BP_E_OK;

	for (int i = 0; i < n; i++) {
		if (!e && number_of(names[i]->d_name) >= number_of(first)) {
			struct log l = {.name = ""};

			snprintf(l.name, sizeof(l.name), "%.31s", names[i]->d_name);
			if (m->file && number_of(l.name) > number_of(m->file)) {
				free(names[i]);
				continue;
			}
			e = take_log(m, first, *before.name ? &before : NULL, &l, until, f);
			json_array_append_new(m->logs, json_sprintf("%s/%s", m->binlogs, l.name));
			before = l;
			last = l.last > last ? l.last : last;
			reached = l.before > reached ? l.before : reached;
		}
		free(names[i]);
	}
	free(names);
	if (e)
		return e;
	if (!*before.name)
		return bp_fail(f, BP_E_NOT_FOUND, "%s does not hold %s, where the backup ends: name a folder that does, by --binlogs", m->binlogs, first);
	say(reached, m->reached);
	say(last + 1, end);
	if (m->file && strcmp(before.name, m->file))
		return bp_fail(f, BP_E_CONFLICT, "the log of transactions in %s ends before %s", m->binlogs, m->file);
	if (!m->file && until > last + 1)
		return bp_fail(f, BP_E_CONFLICT, "the log of transactions in %s ends before that moment: --until '%s' takes all that it holds", m->binlogs, end);
	return BP_E_OK;
}

/* The logs of the database that the backup is of, in the folder or below it. One of an earlier version says nothing of that. */
static enum bp_error choose_folder(const json_t *manifest, struct bp_moment *m, struct bp_fail *f)
{
	const char *own = json_string_value(json_object_get(json_object_get(manifest, "binlog"), "generation"));
	char found[BP_GENERATION_SIZE];

	if (!own)
		return BP_E_OK;
	snprintf(m->folder, sizeof(m->folder), "%.1023s/%s", m->binlogs, own);
	if (!access(m->folder, F_OK)) {
		m->binlogs = m->folder;
		return BP_E_OK;
	}
	if (bp_backup_generation(m->binlogs, found) && !strcmp(found, own))
		return BP_E_OK;
	return bp_fail(f, BP_E_CONFLICT, "the logs in %s are of another database (%s) than the backup (%s), though they have the same names: one that was promoted, restored or taken back "
		"begins its own. Name the folder of those by --binlogs; what happened since then goes on from a backup of that database", m->binlogs, *found ? found : "which does not say", own);
}

enum bp_error bp_backup_reach(const json_t *manifest, struct bp_moment *m, struct bp_fail *f)
{
	const char *first = json_string_value(json_object_get(json_object_get(manifest, "binlog"), "file"));
	const char *at = json_string_value(json_object_get(manifest, "at"));
	struct tm tm = {0};
	const char *end;

	if (!first)
		return bp_fail(f, BP_E_CONFLICT, "the backup was made without a log of transactions (no backup_dir in beatplan.conf): it cannot go on to a moment");
	if (m->file) {
		m->logs = json_array();
		return take_logs(m, first, 0, f);
	}
	end = strptime(m->until, "%Y-%m-%d %H:%M:%S", &tm);
	if (!end || *end)
		return bp_fail(f, BP_E_CONFLICT, "there is no moment %s", m->until);
	/* Both are as long up to the second; "T" stands between date and time there. */
	if (!at || strncmp(m->until, at, 10) < 0 || (!strncmp(m->until, at, 10) && strncmp(m->until + 11, at + 11, 8) <= 0))
		return bp_fail(f, BP_E_CONFLICT, "the backup is of %.10s %.8s, and one goes forward only: take an earlier backup, or a moment after that", at ? at : "",
			at ? at + 11 : "");
	m->logs = json_array();
	return choose_folder(manifest, m, f) ? f->code : take_logs(m, first, timegm(&tm), f);
}

enum bp_error bp_backup_forward(const struct bp_state *s, const json_t *manifest, const struct bp_moment *m, struct bp_fail *f)
{
	const char **argv = bp_xcalloc(json_array_size(m->logs) + 8, sizeof(*argv));
	char start[64], stop[64], result[BP_STATE_PATH + 64], socket[128], log[BP_STATE_PATH + 32];
	struct bp_private_db p;
	int n = 0, fd, rc;
	const json_t *x;
	enum bp_error e;
	size_t i;

	snprintf(start, sizeof(start), "--start-position=%lld", (long long)json_integer_value(json_object_get(json_object_get(manifest, "binlog"), "position")));
	if (m->file)
		snprintf(stop, sizeof(stop), "--stop-position=%lld", (long long)m->position);
	else
		snprintf(stop, sizeof(stop), "--stop-datetime=%s", m->until);
	snprintf(result, sizeof(result), "--result-file=%s/tmp/forward.sql", s->dir);
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	bp_state_path(s, "log/backup.log", log, sizeof(log));
	for (const char *const *word = (const char *const[]){"mariadb-binlog", "--no-defaults", start, stop, result, NULL}; *word; word++)
		argv[n++] = *word;
	json_array_foreach(m->logs, i, x)
		argv[n++] = json_string_value(x);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	setenv("TZ", "UTC", 1);
	rc = bp_run(argv, fd);
	e = rc ? bp_fail(f, BP_E_INTERNAL, "mariadb-binlog gave %d: see %s", rc, log) : bp_private_db_start(&p, s, f);
	if (!e) {
		/* From standard input: "source" is no word of the mode that takes every byte of a row. */
		int in = open(result + strlen("--result-file="), O_RDONLY | O_CLOEXEC);

		dup2(in, STDIN_FILENO);
		close(in);
		rc = bp_run((const char *const[]){"mariadb", "--no-defaults", socket, "--binary-mode", NULL}, fd);
		e = rc ? bp_fail(f, BP_E_INTERNAL, "the log of transactions could not be applied: see %s", log) : BP_E_OK;
		bp_private_db_stop(&p);
	}
	close(fd);
	unlink(result + strlen("--result-file="));
	free(argv);
	return e;
}

static int is_backup(const struct dirent *d)
{
	return strlen(d->d_name) == 16 && d->d_name[8] == 'T' && d->d_name[15] == 'Z';
}

/* The oldest backup that can go on by the logs of that generation ("" = of an earlier version): when it was made, and where. */
static bool oldest(const char *dir, const char *generation, time_t *at, char first[32])
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_backup, alphasort);
	bool found = false;

	for (int i = 0; i < n; i++) {
		char path[BP_STATE_PATH + 64];
		struct tm tm = {0};
		const char *file, *of;
		json_t *m;

		snprintf(path, sizeof(path), "%s/%s/" BP_BACKUP_MANIFEST, dir, names[i]->d_name);
		m = found ? NULL : json_load_file(path, 0, NULL);
		file = json_string_value(json_object_get(json_object_get(m, "binlog"), "file"));
		of = json_string_value(json_object_get(json_object_get(m, "binlog"), "generation"));
		if (file && !strcmp(of ? of : "", generation) && strptime(names[i]->d_name, "%Y%m%dT%H%M%SZ", &tm)) {
			snprintf(first, 32, "%.31s", file);
			*at = timegm(&tm);
			found = true;
		}
		json_decref(m);
		free(names[i]);
	}
	free(names);
	return found;
}

/* Of one folder of copies; the database holds some of its own still, in `source`. */
static void prune_folder(const char *binlogs, const char *dir, const char *generation, const char *source)
{
	time_t before = time(NULL) - (time_t)BP_BINLOG_DAYS * 86400, made = 0;
	char path[2 * BP_STATE_PATH], own[2 * BP_STATE_PATH], first[32] = "";
	struct dirent **names = NULL;
	bool wanted = oldest(dir, generation, &made, first);
	int n = scandir(binlogs, &names, is_log, alphasort), left = 0;

	for (int i = 0; i < n; i++) {
		struct stat st;

		snprintf(path, sizeof(path), "%s/%.31s", binlogs, names[i]->d_name);
		snprintf(own, sizeof(own), "%s/%.31s", source, names[i]->d_name);
		/* Where that backup ends its log may have been quiet for long. */
		if (!stat(path, &st) && st.st_mtime < before && (!wanted || st.st_mtime < made) && strcmp(names[i]->d_name, first) && (!*source || access(own, F_OK)))
			unlink(path);
		else
			left++;
		free(names[i]);
	}
	free(names);
	if (!left && *generation && !*source) { /* a database that is long gone */
		snprintf(path, sizeof(path), "%s/" BP_GENERATION_FILE, binlogs);
		unlink(path);
		snprintf(path, sizeof(path), "%s/log.index", binlogs);
		unlink(path);
		snprintf(path, sizeof(path), "%s/log.state", binlogs);
		unlink(path);
		rmdir(binlogs);
	}
}

static int is_generation(const struct dirent *d)
{
	return strlen(d->d_name) == BP_GENERATION_SIZE - 1 && strspn(d->d_name, "0123456789abcdef") == BP_GENERATION_SIZE - 1;
}

void bp_backup_prune(const struct bp_state *s, const char *dir)
{
	char binlogs[BP_STATE_PATH + 32], path[BP_STATE_PATH + 80], source[BP_STATE_PATH + 32], own[BP_GENERATION_SIZE], first[32];
	struct dirent **names = NULL;
	time_t made;
	int n;

	snprintf(binlogs, sizeof(binlogs), "%s/binlog", dir);
	bp_state_path(s, "binlog", source, sizeof(source));
	bp_backup_generation(source, own);
	n = scandir(binlogs, &names, is_generation, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%.32s", binlogs, names[i]->d_name);
		prune_folder(path, dir, names[i]->d_name, strcmp(names[i]->d_name, own) ? "" : source);
		free(names[i]);
	}
	free(names);
	/* Those of an earlier version. */
	if (oldest(dir, "", &made, first) || *own)
		prune_folder(binlogs, dir, "", *own ? "" : source);
}
