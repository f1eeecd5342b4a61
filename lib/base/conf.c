/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

#define FILE_MOST 65536

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

static bool to_str(const char *s, const char **out)
{
	*out = s;
	return true;
}

static bool to_int(const char *s, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(s, &end, 10);
	return *s && !*end && !errno;
}

static bool to_bool(const char *s, bool *out)
{
	*out = !strcmp(s, "1") || !strcmp(s, "yes");
	return *out || !strcmp(s, "0") || !strcmp(s, "no");
}

/* 1 = taken, 0 = no such key, -1 = not of its type */
static int set(struct bp_conf *c, const char *key, const char *value)
{
#define CONF(type, name, def, what) \
	if (!strcmp(key, #name)) \
		return to_##type(value, &c->name) ? 1 : -1;
#include "base/conf.def"
#undef CONF
	return 0;
}

/* Take the lines of one file; `memory` gets what the texts point into. */
static enum bp_error read_lines(struct bp_conf *c, const char *path, char **memory, struct bp_fail *f)
{
	FILE *in = fopen(path, "re");
	char *save = NULL, *line;
	int no = 0;
	size_t n;

	if (!in)
		return bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	*memory = bp_xcalloc(1, FILE_MOST);
	n = fread(*memory, 1, FILE_MOST - 1, in);
	fclose(in);
	if (n == FILE_MOST - 1)
		return bp_fail(f, BP_E_INTERNAL, "%s is longer than %d bytes", path, FILE_MOST);
	for (line = strtok_r(*memory, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *value, *key = trim(line);

		no++;
		if (!*key || *key == '#')
			continue;
		value = strchr(key, '=');
		if (!value)
			return bp_fail(f, BP_E_INTERNAL, "%s: entry %d is no `key = value`", path, no);
		*value++ = '\0';
		key = trim(key);
		switch (set(c, key, trim(value))) {
		case 0:
			return bp_fail(f, BP_E_INTERNAL, "%s: there is no key '%s'", path, key);
		case -1:
			return bp_fail(f, BP_E_INTERNAL, "%s: the value of '%s' is not of its type", path, key);
		}
	}
	return BP_E_OK;
}

static void begin(struct bp_conf *c, const char *path)
{
	const char *slash = strrchr(path, '/');

	memset(c, 0, sizeof(*c));
	c->dir = slash ? strndup(path, (size_t)(slash - path) + (slash == path)) : strdup(".");
#define CONF(type, name, def, what) \
	if (*def) \
		to_##type(def, &c->name);
#include "base/conf.def"
#undef CONF
}

enum bp_error bp_conf_site(struct bp_conf *c, const char *path, struct bp_fail *f)
{
	begin(c, path);
	return access(path, F_OK) ? BP_E_OK : read_lines(c, path, &c->site_memory, f);
}

/* What runs on this machine can ask the database; where that is, so can subcommands. */
static enum bp_error see_passwords(const struct bp_conf *c, const char *path, struct bp_fail *f)
{
	bool database = bp_conf_runs(c, "database") || bp_conf_runs(c, "replica");

	for (enum bp_account i = 0; i < BP_ACCOUNT__MAX; i++)
		if ((i == BP_ACCOUNT_APP ? database : bp_conf_runs(c, bp_account_names[i])) && !strcmp(bp_conf_login(c, i).password, "off"))
			return bp_fail(f, BP_E_INTERNAL, "%s: 'db_%s%spassword' is missing: what runs here asks the database with it", path,
				i ? bp_account_names[i] : "", i ? "_" : "");
	return BP_E_OK;
}

enum bp_error bp_conf_load(struct bp_conf *c, const char *path, struct bp_fail *f)
{
	const char *site;
	enum bp_error e;

	begin(c, path);
	e = read_lines(c, path, &c->memory, f);
	site = c->include;
	if (!e && strcmp(site, "off") && !access(site, F_OK))
		e = read_lines(c, site, &c->site_memory, f);
	if (!e && strcmp(site, c->include))
		e = bp_fail(f, BP_E_INTERNAL, "%s: a file that is included includes no other", site);
	if (e)
		return e;
#define CONF_UNSET_str(v) !(v)
#define CONF_UNSET_int(v) false
#define CONF_UNSET_bool(v) false
#define CONF(type, name, def, what) \
	if (CONF_UNSET_##type(c->name)) \
		return bp_fail(f, BP_E_INTERNAL, "%s: '%s' (%s) is missing", path, #name, what);
#include "base/conf.def"
#undef CONF
	return see_passwords(c, path, f);
}

void bp_conf_release(struct bp_conf *c)
{
	free(c->memory);
	free(c->site_memory);
	free(c->dir);
	memset(c, 0, sizeof(*c));
}

bool bp_conf_lists(const char *value, const char *word)
{
	size_t n = strlen(word);

	if (!n || !strcmp(value, "off"))
		return false;
	for (const char *p = value; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		p += strspn(p, " \t");
		if (!strncmp(p, word, n) && (!p[n] || strchr(" \t,", p[n])))
			return true;
	}
	return false;
}

const char *const bp_account_names[BP_ACCOUNT__MAX] = {"app", "web", "worker", "optimizer"};

struct bp_login bp_conf_login(const struct bp_conf *c, enum bp_account who)
{
	const struct bp_login all[BP_ACCOUNT__MAX] = {{c->db_user, c->db_password, true}, {c->db_web_user, c->db_web_password, true},
		{c->db_worker_user, c->db_worker_password, true}, {c->db_optimizer_user, c->db_optimizer_password, true}};

	return strcmp(all[who].password, "off") ? all[who] : (struct bp_login){c->db_user, c->db_password, false};
}

bool bp_conf_listens(const char *dir, char listen[80], char port[12])
{
	char path[1200], line[96] = "", *blank;
	FILE *in;

	snprintf(path, sizeof(path), "%s/place", dir);
	in = fopen(path, "re");
	if (in && fgets(line, sizeof(line), in))
		line[strcspn(line, "\n")] = '\0';
	if (in)
		fclose(in);
	blank = strchr(line, ' ');
	if (blank) {
		snprintf(listen, 80, "%.*s", (int)(blank - line), line);
		snprintf(port, 12, "%.11s", blank + 1);
	}
	return blank;
}

void bp_conf_place(const struct bp_conf *c, char out[BP_PLACE_SIZE])
{
	char host[65] = "";

	gethostname(host, sizeof(host) - 1);
	snprintf(out, BP_PLACE_SIZE, "%s:%.130s", host, c->dir);
}

bool bp_is_email(const char *s)
{
	const char *at = strchr(s, '@');

	return at && at != s && at[1] && !strchr(at + 1, '@') && !strpbrk(s, " \t\r\n<>,;");
}
