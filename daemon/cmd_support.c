/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan support: what others need to help, and nothing of the people and customers in it: one text that one may read before sending. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/meter.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/doctor.h"
#include "queries.h"

#define TAIL_BYTES (256 * 1024)
#define LINE_SIZE 4096

static void title(FILE *out, const char *name)
{
	fprintf(out, "\n==== %s\n", name);
}

/* What programs of others say of themselves on their first line. */
static void version_of(FILE *out, const char *program, const char *flag)
{
	fprintf(out, "%-10s ", program);
	fflush(out);
	if (bp_run((const char *const[]){program, flag, NULL}, fileno(out)))
		fprintf(out, "not there\n");
}

static void versions(FILE *out)
{
	char at[BP_INSTANT_SIZE], line[200] = "";
	struct utsname u;
	struct sysinfo si;
	FILE *in = fopen("/etc/debian_version", "re");

	title(out, "versions");
	bp_instant_format(bp_now(), at);
	if (in && !fgets(line, sizeof(line), in))
		*line = '\0';
	if (in)
		fclose(in);
	fprintf(out, "%-10s %s\n%-10s %s\n%-10s %s", "at", at, "beatplan", PACKAGE_VERSION, "debian", *line ? line : "?\n");
	if (!uname(&u)) /* not the name of the machine */
		fprintf(out, "%-10s %s %s %s\n", "kernel", u.sysname, u.release, u.machine);
	if (!sysinfo(&si))
		fprintf(out, "%-10s %lu MiB\n%-10s %ld\n", "memory", si.totalram / 1024 * si.mem_unit / 1024, "processors", sysconf(_SC_NPROCESSORS_ONLN));
	version_of(out, "mariadbd", "--version");
	version_of(out, "nginx", "-v");
}

/* Numbers and switches as they are; of texts only whether somebody set them: they hold passwords, addresses, people's folders. */
static void configuration(FILE *out, const struct bp_conf *c)
{
	title(out, "configuration");
#define PRINT_int(name, def) fprintf(out, #name " = %ld\n", c->name);
#define PRINT_bool(name, def) fprintf(out, #name " = %d\n", c->name);
#define PRINT_str(name, def) fprintf(out, #name " = %s\n", !strcmp(c->name, def) ? def : "(set)");
#define CONF(type, name, def, what) PRINT_##type(name, def)
#include "base/conf.def"
#undef CONF
}

static bool starts_with_one(const char *s, const char *const *words, size_t *n)
{
	for (; *words; words++)
		if (!strncmp(s, *words, strlen(*words))) {
			*n = strlen(*words);
			return true;
		}
	return false;
}

/* An address, a link, a folder, or the beginning of something in quotes. */
static bool tells_who(const char *word, size_t n)
{
	int dots = 0, colons = 0, digits = 0;

	for (size_t i = 0; i < n; i++) {
		dots += word[i] == '.';
		colons += word[i] == ':';
		digits += isdigit((unsigned char)word[i]) != 0;
		if (strchr("@/=\"'`", word[i]))
			return true;
	}
	return digits && (dots > 2 || colons > 2);
}

/* Words of others: what stands in quotes, and each word that may tell who or where, becomes a dot. */
static void free_text(FILE *out, const char *line)
{
	const char *end = strstr(line, ", client:"), *p = line;

	end = end ? end : line + strlen(line);
	while (p < end) {
		size_t n = strcspn(p, " \t\n");

		if (n && strchr("\"'`(", *p)) {
			const char *close = strchr(p + 1, *p == '(' ? ')' : *p);

			fputs("... ", out);
			p = close && close < end ? close + 1 : end;
		} else if (n) {
			n = n > (size_t)(end - p) ? (size_t)(end - p) : n;
			if (tells_who(p, n))
				fputs("... ", out);
			else
				fprintf(out, "%.*s ", (int)n, p);
			p += n;
		} else {
			p++;
		}
	}
	fputc('\n', out);
}

/* Our own lines: keys that can only hold words of the programs. */
static void own_line(FILE *out, const char *line)
{
	static const char *const kept[] = {"level=", "prog=", "ev=", "ep=", "err=", "ms=", "bytes=", "status=", "kind=", "attempt=", "outcome=", "errno=", "query=",
		"child=", "applied=", "method=", "code=", NULL};
	const char *p = line;
	size_t n;

	fprintf(out, "%.*s", (int)strcspn(line, " \n"), line); /* the time */
	p += strcspn(p, " ");
	while (*p) {
		size_t key;

		p += strspn(p, " \n");
		n = strcspn(p, " =\n");
		key = n + (p[n] == '=');
		if (p[n] == '=' && p[n + 1] == '"') /* to the quote that ends it */
			for (n += 2; p[n] && p[n] != '"'; n++)
				n += p[n] == '\\' && p[n + 1];
		n += strcspn(p + n, " \n");
		if (starts_with_one(p, kept, &key))
			fprintf(out, " %.*s", (int)n, p);
		p += n;
	}
	fputc('\n', out);
}

/* The end of one log. */
static void log_tail(FILE *out, const char *dir, const char *name)
{
	char path[2 * BP_STATE_PATH], line[LINE_SIZE];
	FILE *in;
	long size;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	in = fopen(path, "re");
	if (!in)
		return;
	title(out, name);
	if (!fseek(in, 0, SEEK_END) && (size = ftell(in)) > TAIL_BYTES && !fseek(in, size - TAIL_BYTES, SEEK_SET)) {
		if (!fgets(line, sizeof(line), in)) /* the rest of a line */
			*line = '\0';
	} else {
		rewind(in);
	}
	while (fgets(line, sizeof(line), in)) {
		bool ours = line[0] == '2' && line[10] == 'T' && strchr(line, '=');

		if (ours)
			own_line(out, line);
		else
			free_text(out, line);
	}
	fclose(in);
}

static void logs(FILE *out, const struct bp_state *s)
{
	char dir[BP_STATE_PATH + 32];
	struct dirent **names = NULL;
	int n;

	bp_state_path(s, "log", dir, sizeof(dir));
	n = scandir(dir, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		size_t k = strlen(names[i]->d_name);

		if (k > 4 && !strcmp(names[i]->d_name + k - 4, ".log"))
			log_tail(out, dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void tables(FILE *out, struct bp_db *db)
{
	struct q_schema_patch_names *p;
	struct q_support_tables *t;
	struct bp_arena a;
	size_t n;

	bp_arena_init(&a, 4u << 20);
	title(out, "schema patches");
	if (!q_schema_patch_names(db, &a, &p, &n))
		for (size_t i = 0; i < n; i++)
			fprintf(out, "%s\n", p[i].name);
	title(out, "tables: rows (guessed), bytes");
	if (!q_support_tables(db, &a, &t, &n))
		for (size_t i = 0; i < n; i++)
			fprintf(out, "%-24s %12lld %14lld\n", t[i].name, (long long)t[i].row_guess, (long long)t[i].bytes);
	bp_arena_release(&a);
}

static void calls(FILE *out, const struct bp_conf *c)
{
	static struct bp_meter_note note[BP_METER_NOTES];
	char at[BP_INSTANT_SIZE];
	size_t n;

	title(out, "slow and failed requests");
	if (access(c->meter_file, R_OK) || !bp_meter_open(c->meter_file))
		return;
	n = bp_meter_notes(note, BP_METER_NOTES);
	for (size_t i = 0; i < n; i++) {
		bp_instant_format(note[i].at, at);
		fprintf(out, "%s %d %8.3f s %s\n", at, (int)note[i].status, (double)note[i].us / 1e6, note[i].what);
	}
}

static void doctor(FILE *out, const struct bp_finding *f)
{
	title(out, "doctor");
	for (int i = 0; i < BP_CHECK__MAX; i++) {
		fprintf(out, "%-8s %-14s ", bp_verdicts[f[i].verdict], f[i].name);
		free_text(out, f[i].detail);
	}
}

static enum bp_error write_all(FILE *out, const struct bp_state *s, struct bp_fail *f)
{
	struct bp_finding found[BP_CHECK__MAX];
	struct bp_conf conf = {0}, again = {0};
	struct bp_fail down = {0};
	struct bp_db *db = NULL;
	enum bp_error e = bp_doctor_look(s, &conf, found, f);

	if (!e) {
		fprintf(out, "Beatplan, for support: no names, addresses, places, passwords or keys are meant to be in here. Read it before it is sent.\n");
		versions(out);
		doctor(out, found);
		configuration(out, &conf);
		if (!bp_state_look(s, &again, &db, &down))
			tables(out, db);
		calls(out, &conf);
		logs(out, s);
	}
	bp_db_free(db);
	bp_conf_release(&again);
	bp_conf_release(&conf);
	return e;
}

int cmd_support(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"out", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *path = NULL;
	struct bp_fail f = {0};
	struct bp_state s;
	FILE *out;
	int c, fd;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'o')
			path = optarg;
		else
			break;
	}
	if (c != -1 || optind < argc || !path) {
		fprintf(stderr, "usage: beatplan support --out FILE [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(state), &f))
		return bp_cmd_failed("support", &f);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		bp_fail(&f, BP_E_CONFLICT, "cannot make %s: %s", path, strerror(errno));
		return bp_cmd_failed("support", &f);
	}
	c = write_all(out, &s, &f);
	if (fclose(out) && !c)
		c = bp_fail(&f, BP_E_DISK_FULL, "cannot write %s", path);
	if (c) {
		unlink(path);
		return bp_cmd_failed("support", &f);
	}
	bp_shell_note(&s, BP_ACTION_SUPPORT_TEXT, NULL, NULL);
	printf("%s\n", path);
	return 0;
}
