/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/auth.h"
#include "auth/token.h"
#include "base/buf.h"
#include "daemon/demo.h"
#include "daemon/machine.h"
#include "queries.h"
#include "setting/setting.h"

#define DEMO_SECONDS "12"
#define DEMO_PASSWORD "beatplan-demo"
static const struct {
	const char *username, *name, *role;
} demo_users[] = {
	{"admin", "Asha Rao (system administrator)", "admin"},
	{"manager", "Miguel Santos (GT planning manager)", "planning_manager_gt"},
	{"mtmanager", "Claire Dubois (MT planning manager)", "planning_manager_mt"},
	{"planner", "Priya Nair (GT planner)", "gt_planner"},
	{"mtplanner", "Tom Becker (MT planner)", "mt_planner"},
	{"territory", "Ana Silva (territory planner)", "territory_planner"},
	{"dt", "Rahul Traders (distributor user)", "dt_user"},
	{"analyst", "Jonas Weber (data analyst)", "analyst"},
};
#define DEMO_USERS (sizeof(demo_users) / sizeof(*demo_users))

/* A password for an account of the database. */
struct secret {
	char text[32];
};

static struct secret secret(void)
{
	unsigned char raw[18];
	struct secret s;

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(s.text, sizeof(s.text), raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return s;
}

static bool says(const char *text, const char *key)
{
	while (text && strncmp(text, key, strlen(key)))
		text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
	return text;
}

/* The programs of the machine that has the database ask it by accounts of their own. */
static void put_accounts(struct bp_buf *b, const char *had)
{
	for (enum bp_account i = BP_ACCOUNT_WEB; i < BP_ACCOUNT__MAX; i++) {
		char key[64];

		snprintf(key, sizeof(key), "db_%s_password", bp_account_names[i]);
		if (!says(had, key))
			bp_buf_printf(b, "%s = %s\n", key, secret().text);
	}
}

/* What a configuration of an earlier version does not say yet, so that what came with this one works there too. */
static enum bp_error complete_conf(struct bp_setup *up, const char *path, struct bp_fail *f)
{
	const struct bp_state *s = up->state;
	struct bp_conf had = {0};
	char text[65536];
	struct bp_buf b;
	enum bp_error e = bp_conf_load(&had, path, f);
	bool database = !e && bp_conf_runs(&had, "database"), listens = !e && strcmp(had.db_listen, "off");
	size_t n;
	FILE *in = e ? NULL : fopen(path, "re");

	bp_conf_release(&had);
	if (!in)
		return e ? e : bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[n] = '\0';
	bp_buf_init(&b, 131072);
	bp_buf_add(&b, text, n);
	if (n && text[n - 1] != '\n')
		bp_buf_chr(&b, '\n');
	if (!says(text, "audit_dir"))
		bp_buf_printf(&b, "audit_dir = %s/audit\n", s->dir);
	if (!says(text, "meter_file"))
		bp_buf_printf(&b, "meter_file = %s/meters\n", s->run);
	if (!bp_state_installed(s) && !says(text, "public_url")) /* where there is a package an administrator writes it */
		bp_buf_printf(&b, "public_url = http://%s:%ld\n", up->listen, up->port);
	if (database)
		put_accounts(&b, text);
	/* Where db_host names this machine too, its database is asked as others ask it: encrypted. */
	if (database && listens && !says(text, "db_ca"))
		bp_buf_printf(&b, "db_ca = %s/" BP_MACHINE_CA "\n", s->dir);
	if (b.len > n + 1)
		e = bp_state_put(s, "beatplan.conf", b.data, b.len, f);
	bp_buf_release(&b);
	return e;
}

static enum bp_error write_conf(struct bp_setup *up, struct bp_fail *f)
{
	const struct bp_state *s = up->state;
	char path[BP_STATE_PATH + 32];
	struct bp_buf b;
	enum bp_error e;

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	if (!access(path, F_OK))
		return complete_conf(up, path, f);
	bp_buf_init(&b, 65536);
	bp_buf_str(&b, "# The configuration of this Beatplan: key = value. The keys and what they mean: lib/base/conf.def.\n");
	bp_buf_printf(&b, "db_socket = %s/db\ndb_password = %s\nupload_dir = %s/uploads\nsnapshot_dir = %s/snapshots\n"
		"drop_dir = %s/drop\nexport_dir = %s/exports\naudit_dir = %s/audit\nmeter_file = %s/meters\ndemo = %d\n", s->run, secret().text,
		s->dir, s->dir, s->dir, s->dir, s->dir, s->run, up->demo);
	put_accounts(&b, "");
	if (bp_state_installed(s))
		bp_buf_str(&b, "include = " BP_INSTALLED_CONF "\n");
	else
		bp_buf_printf(&b, "public_url = http://%s:%ld\n", up->listen, up->port);
	if (up->demo) /* who tries it out does not want to wait */
		bp_buf_str(&b, "drop_settle_seconds = 2\n");
	e = bp_state_put(s, "beatplan.conf", b.data, b.len, f);
	bp_buf_release(&b);
	return e;
}

#define VALUES_MOST 16
struct value {
	const char *name, *text;
};

/* Copy a template with @NAME@ replaced. */
static enum bp_error from_template(struct bp_setup *up, const struct value *values, const char *name, const char *out, struct bp_fail *f)
{
	const struct bp_state *s = up->state;
	char path[BP_STATE_PATH + 96], text[32768];
	struct bp_buf b;
	enum bp_error e;
	FILE *in;
	size_t n;

	snprintf(path, sizeof(path), "%s/share/beatplan/conf/%s", s->app, name);
	in = fopen(path, "re");
	if (!in)
		return bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[n] = '\0';
	bp_buf_init(&b, 1u << 20);
	for (const char *p = text; *p;) {
		const struct value *v = values;

		while (v->name && strncmp(p, v->name, strlen(v->name)))
			v++;
		if (v->name)
			bp_buf_str(&b, v->text);
		else
			bp_buf_chr(&b, *p);
		p += v->name ? strlen(v->name) : 1;
	}
	e = bp_state_put(s, out, b.data, b.len, f);
	bp_buf_release(&b);
	return e;
}

/* What stands in the web server's configuration must not end its line there. */
static bool plain(const char *text)
{
	return !text[strcspn(text, ";{}\"'\\ \t$")];
}

static enum bp_error write_proxies(const struct bp_conf *c, struct bp_buf *out, struct bp_fail *f)
{
	char text[2048], *save = NULL;

	snprintf(text, sizeof(text), "%s", strcmp(c->trusted_proxies, "off") ? c->trusted_proxies : "");
	for (char *one = strtok_r(text, ", \t", &save); one; one = strtok_r(NULL, ", \t", &save)) {
		if (one[strspn(one, "0123456789abcdefABCDEF:./")])
			return bp_fail(f, BP_E_INTERNAL, "trusted_proxies takes addresses and networks, as 10.0.0.0/8, not '%.60s'", one);
		bp_buf_printf(out, "set_real_ip_from %s;\n\t", one);
	}
	return BP_E_OK;
}

/* Certificate and key, and a second server that only sends on to HTTPS. */
static enum bp_error write_tls(struct bp_setup *up, const struct bp_conf *c, struct bp_buf *tls, struct bp_buf *other, struct bp_fail *f)
{
	const char *const files[] = {c->tls_certificate, c->tls_key};

	if (!strcmp(c->tls_certificate, "off"))
		return BP_E_OK;
	for (int i = 0; i < 2; i++) {
		if (files[i][0] != '/' || !plain(files[i]))
			return bp_fail(f, BP_E_INTERNAL, "%s takes the whole path of a file, not '%.200s'", i ? "tls_key" : "tls_certificate", files[i]);
		if (access(files[i], R_OK))
			return bp_fail(f, BP_E_INTERNAL, "cannot read %s: %s", files[i], strerror(errno));
	}
	if (!plain(c->public_url) || c->http_port < 0 || c->http_port > 65535)
		return bp_fail(f, BP_E_INTERNAL, "public_url or http_port is odd");
	bp_buf_printf(tls, "ssl_certificate %s;\n\t\tssl_certificate_key %s;\n\t\tssl_protocols TLSv1.2 TLSv1.3;\n\t\t"
		"ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;\n\t\t"
		"ssl_session_cache shared:tls:4m;\n\t\tssl_session_tickets off;\n", c->tls_certificate, c->tls_key);
	if (!c->http_port)
		return BP_E_OK;
	/* Programs are not sent on: they would go on speaking in the clear, and nobody would notice. */
	bp_buf_printf(other, "server {\n\t\tlisten %s:%ld;\n\t\tlocation /api/ {\n\t\t\treturn 403;\n\t\t}\n\t\tlocation / {\n\t\t\treturn 301 ", up->listen, c->http_port);
	if (!strncmp(c->public_url, "https://", 8))
		bp_buf_str(other, c->public_url);
	else
		bp_buf_printf(other, "https://$host:%ld", up->port);
	bp_buf_str(other, "$request_uri;\n\t\t}\n\t}\n");
	return BP_E_OK;
}

/* Where the web server's lines go beside its files. */
static enum bp_error write_copy(const struct bp_conf *c, struct bp_buf *errors, struct bp_buf *requests, struct bp_fail *f)
{
	if (!strcmp(c->log_copy, "off"))
		return BP_E_OK;
	if (c->log_copy[0] != '/' || !plain(c->log_copy) || strpbrk(c->log_copy, ",: "))
		return bp_fail(f, BP_E_INTERNAL, "log_copy takes the whole path of a syslog's socket, as /dev/log, not '%.200s'", c->log_copy);
	bp_buf_printf(errors, "error_log syslog:server=unix:%s,facility=daemon,tag=beatplan warn;", c->log_copy);
	bp_buf_printf(requests, "access_log syslog:server=unix:%s,facility=daemon,tag=beatplan edge;", c->log_copy);
	return BP_E_OK;
}

/* nginx.conf and what it includes. */
static enum bp_error write_web(struct bp_setup *up, const struct bp_conf *c, struct bp_fail *f)
{
	static const char *const files[][2] = {{"nginx.conf.in", "nginx.conf"}, {"headers.conf.in", "headers.conf"}, {"fastcgi.conf", "fastcgi.conf"}};
	const struct bp_state *s = up->state;
	struct bp_buf tls, other, proxies, errors, requests;
	char port[12], self[80] = "";
	size_t bare = strspn(up->listen, "[");
	enum bp_error e;

	bp_buf_init(&tls, 8192);
	bp_buf_init(&other, 8192);
	bp_buf_init(&proxies, 8192);
	bp_buf_init(&errors, 8192);
	bp_buf_init(&requests, 8192);
	snprintf(port, sizeof(port), "%ld", up->port);
	/* A machine that listens on an address of its own speaks to itself from that one. */
	if (strcmp(up->listen, "localhost"))
		snprintf(self, sizeof(self), "allow %.*s;", (int)strcspn(up->listen + bare, "]"), up->listen + bare);
	e = write_proxies(c, &proxies, f);
	if (!e)
		e = write_tls(up, c, &tls, &other, f);
	if (!e)
		e = write_copy(c, &errors, &requests, f);
	for (size_t i = 0; i < 3 && !e; i++) {
		const struct value values[VALUES_MOST] = {{"@RUN@", s->run}, {"@STATE@", s->dir}, {"@APP@", s->app}, {"@LISTEN@", up->listen}, {"@PORT@", port},
			{"@SSL@", tls.len ? " ssl http2" : ""}, {"@TLS@", tls.len ? tls.data : ""}, {"@SERVER@", other.len ? other.data : ""},
			{"@SELF@", self}, {"@SNAPSHOTS@", c->snapshot_dir}, {"@PROXIES@", proxies.len ? proxies.data : ""},
			{"@ERRORS_TOO@", errors.len ? errors.data : ""}, {"@ACCESS_TOO@", requests.len ? requests.data : ""},
			{"@HSTS@", bp_conf_secure(c) ? "add_header Strict-Transport-Security \"max-age=31536000\" always;" : ""}, {NULL, NULL}};

		e = from_template(up, values, files[i][0], files[i][1], f);
	}
	bp_buf_release(&tls);
	bp_buf_release(&other);
	bp_buf_release(&proxies);
	bp_buf_release(&errors);
	bp_buf_release(&requests);
	return e;
}

/* The keys of access tokens: made once, then changed by `beatplan token rotate` only. */
static enum bp_error write_keys(struct bp_setup *up, struct bp_fail *f)
{
	struct bp_token_keys keys;
	enum bp_error e = bp_token_keys_load(up->state->dir, &keys, f);

	if (e != BP_E_NOT_FOUND)
		return e;
	bp_fail_clear(f);
	bp_token_keys_add(&keys);
	return bp_state_put_keys(up->state, &keys, f);
}

enum bp_error bp_setup_place(struct bp_setup *up, struct bp_conf *conf, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];
	enum bp_error e;

	bp_state_path(up->state, "beatplan.conf", path, sizeof(path));
	e = access(path, F_OK) ? bp_conf_site(conf, bp_state_installed(up->state) ? BP_INSTALLED_CONF : path, f) : bp_conf_load(conf, path, f);
	if (e)
		return e;
	up->listen = up->listen ? up->listen : conf->listen;
	up->port = up->port ? up->port : conf->port;
	up->demo = up->demo || conf->demo;
	return BP_E_OK;
}

enum bp_error bp_setup_files(struct bp_setup *up, struct bp_conf *conf, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];
	enum bp_error e = write_conf(up, f);

	bp_state_path(up->state, "beatplan.conf", path, sizeof(path));
	if (!e)
		e = bp_conf_load(conf, path, f);
	/* A web server that joined brings those of all; others need none. */
	if (!e && (bp_conf_runs(conf, "web") || bp_conf_runs(conf, "database")))
		e = write_keys(up, f);
	if (!e && bp_conf_runs(conf, "web"))
		e = write_web(up, conf, f);
	snprintf(path, sizeof(path), "%s %ld\n", up->listen, up->port);
	if (!e) /* for whoever starts it again in the same place */
		e = bp_state_put(up->state, "place", path, strlen(path), f);
	return e;
}

enum bp_error bp_setup_database(struct bp_setup *up, struct bp_fail *f)
{
	const struct bp_state *s = up->state;
	char dir[BP_STATE_PATH + 8], mark[BP_STATE_PATH + 32], log[BP_STATE_PATH + 32];
	char datadir[BP_STATE_PATH + 32], tmpdir[BP_STATE_PATH + 32], user[128];
	/* --force: a machine need not know its own name, since the database has no network. */
	const char *const argv[] = {"mariadb-install-db", "--no-defaults", datadir, tmpdir, "--skip-test-db", "--force",
		"--auth-root-authentication-method=socket", user, "--innodb-log-file-size=4M", "--skip-log-bin", NULL};
	int fd, rc;

	bp_state_path(s, "db", dir, sizeof(dir));
	bp_state_path(s, "log/install-db.log", log, sizeof(log));
	/* The mark is written last: a creation that was killed begins anew. */
	bp_state_path(s, "db/beatplan-created", mark, sizeof(mark));
	if (!access(mark, F_OK))
		return BP_E_OK;
	snprintf(datadir, sizeof(datadir), "--datadir=%s", dir);
	snprintf(tmpdir, sizeof(tmpdir), "--tmpdir=%s/tmp", s->dir);
	snprintf(user, sizeof(user), "--auth-root-socket-user=%s", s->user);
	fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	rc = bp_run((const char *const[]){"rm", "-rf", dir, NULL}, fd);
	if (!rc)
		rc = bp_run(argv, fd);
	close(fd);
	if (rc)
		return bp_fail(f, BP_E_INTERNAL, "the database could not be created (mariadb-install-db gave %d): see %s", rc, log);
	fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fsync(fd) || close(fd))
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", mark, strerror(errno));
	return BP_E_OK;
}

static enum bp_error add_user(struct bp_db *db, const char *username, const char *name, const char *role, const char *password,
	bool demo)
{
	char hash[128];
	enum bp_error e = bp_auth_hash(password, hash);

	if (!e)
		e = q_user_add(db, username, name, "", "en", hash, demo, demo ? 0 : bp_setting(BP_SETTING_first_password_days), NULL);
	if (!e)
		e = q_user_scope_add(db, (int64_t)bp_db_insert_id(db), 0, role, NULL);
	return e;
}

enum bp_error bp_setup_users(struct bp_setup *up, struct bp_fail *f)
{
	struct q_user_count row;
	struct bp_arena a;
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_open(up->state, &conf, &db, false, f);

	if (e)
		return e;
	bp_arena_init(&a, 1u << 20);
	e = q_user_count(db, &a, &row);
	if (!e && !row.n && !up->demo) {
		bp_auth_generate(up->admin_password);
		e = add_user(db, "admin", "Administrator", "admin", up->admin_password, false);
	}
	for (size_t i = 0; i < DEMO_USERS && !e && !row.n && up->demo; i++)
		e = add_user(db, demo_users[i].username, demo_users[i].name, demo_users[i].role, DEMO_PASSWORD, true);
	if (e)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	up->demo = conf.demo;
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	return e;
}

enum bp_error bp_setup_demo(struct bp_setup *up, struct bp_fail *f)
{
	const char *const optimize[] = {"/proc/self/exe", "optimize", "--commit", "--seconds", DEMO_SECONDS, "--state",
		up->state->dir, NULL};
	char dir[BP_STATE_PATH + 64];
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	bool loaded = false;
	enum bp_error e;

	if (!up->demo)
		return BP_E_OK;
	snprintf(dir, sizeof(dir), "%s/share/beatplan/conf/demo", up->state->app);
	e = bp_state_open(up->state, &conf, &db, true, f);
	if (!e)
		e = bp_demo_import(db, &conf, dir, &loaded, f);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (e || !loaded)
		return e;
	printf("\nplanning the demo outlets, %s seconds a unit\n", DEMO_SECONDS);
	fflush(stdout);
	return bp_run(optimize, -1) ? bp_fail(f, BP_E_OPT_FAILED, "the demo outlets could not be planned") : BP_E_OK;
}

void bp_setup_print_logins(const struct bp_setup *up)
{
	if (*up->admin_password)
		printf("\nAdministrator, shown this once:\n  user      admin\n  password  %s\n", up->admin_password);
	if (!up->demo)
		return;
	printf("\nDemo users, all with the password %s:\n", DEMO_PASSWORD);
	for (size_t i = 0; i < DEMO_USERS; i++)
		printf("  %-10s %s\n", demo_users[i].username, demo_users[i].name);
}
