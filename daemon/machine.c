/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/machine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "queries.h"

#define CA_KEY "db-ca.key"
#define FOLLOW_FILE "follow.cnf"      /* how the database's own programs reach the one to be followed */
#define SEEDED_FILE "db/beatplan-follows"
#define SHARED_FILE ".beatplan"       /* in each shared folder: of which Beatplan it is */
#define FOLLOW_USER "bp_replica"
#define PATH_SIZE (BP_STATE_PATH + 64)
#define APPLY_PATIENCE_US 600000000LL

/* The folders that all machines see, by their keys. */
static const char *const shared_keys[] = {"upload_dir", "snapshot_dir", "export_dir", "drop_dir", "audit_dir"};
enum { SHARED = sizeof(shared_keys) / sizeof(*shared_keys) };

static void shared_dirs(const struct bp_conf *c, const char *out[SHARED])
{
	const char *const dirs[SHARED] = {c->upload_dir, c->snapshot_dir, c->export_dir, c->drop_dir, c->audit_dir};

	memcpy(out, dirs, sizeof(dirs));
}

static enum bp_error run(const struct bp_state *s, const char *const argv[], const char *what, struct bp_fail *f)
{
	char log[PATH_SIZE];
	int fd, rc;

	bp_state_path(s, "log/machine.log", log, sizeof(log));
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	rc = bp_run(argv, fd);
	if (fd >= 0)
		close(fd);
	if (rc == 127)
		return bp_fail(f, BP_E_INTERNAL, "%s cannot be run: install it (Debian: openssl, mariadb-client)", argv[0]);
	return rc ? bp_fail(f, BP_E_INTERNAL, "%s failed (%s gave %d): see %s", what, argv[0], rc, log) : BP_E_OK;
}

/* --- certificates --- */

static bool there(const struct bp_state *s, const char *name)
{
	char path[PATH_SIZE];

	bp_state_path(s, name, path, sizeof(path));
	return !access(path, F_OK);
}

/* By the authority in the state folder, for an address. */
static enum bp_error issue(const struct bp_state *s, const char *address, const char *certificate, const char *key, struct bp_fail *f)
{
	unsigned char raw[sizeof(struct in6_addr)];
	char ca[PATH_SIZE], ca_key[PATH_SIZE], out[PATH_SIZE], key_out[PATH_SIZE], name[200];
	bool ip = inet_pton(AF_INET, address, raw) == 1 || inet_pton(AF_INET6, address, raw) == 1;

	bp_state_path(s, BP_MACHINE_CA, ca, sizeof(ca));
	bp_state_path(s, CA_KEY, ca_key, sizeof(ca_key));
	bp_state_path(s, certificate, out, sizeof(out));
	bp_state_path(s, key, key_out, sizeof(key_out));
	snprintf(name, sizeof(name), "subjectAltName=%s:%.100s", ip ? "IP" : "DNS", address);
	return run(s, (const char *const[]){"openssl", "req", "-x509", "-CA", ca, "-CAkey", ca_key, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
		"-noenc", "-days", "3650", "-subj", "/CN=Beatplan database", "-addext", name, "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key_out,
		"-out", out, NULL}, "making a certificate", f);
}

enum bp_error bp_machine_certify(const struct bp_state *s, const char *address, struct bp_fail *f)
{
	char ca[PATH_SIZE], ca_key[PATH_SIZE];
	enum bp_error e = BP_E_OK;
	mode_t was;

	if (there(s, BP_MACHINE_KEY))
		return BP_E_OK;
	bp_state_path(s, BP_MACHINE_CA, ca, sizeof(ca));
	bp_state_path(s, CA_KEY, ca_key, sizeof(ca_key));
	was = umask(0077);
	if (!there(s, CA_KEY))
		e = run(s, (const char *const[]){"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "3650",
			"-subj", "/CN=Beatplan database authority", "-keyout", ca_key, "-out", ca, NULL}, "making a certificate", f);
	if (!e)
		e = issue(s, address, BP_MACHINE_CERTIFICATE, BP_MACHINE_KEY, f);
	umask(was);
	return e;
}

/* --- kits --- */

static enum bp_error put_file(json_t *files, const struct bp_state *s, const char *name, const char *as, struct bp_fail *f)
{
	char path[PATH_SIZE], text[32768];
	size_t n;
	FILE *in;

	bp_state_path(s, name, path, sizeof(path));
	in = fopen(path, "re");
	n = in ? fread(text, 1, sizeof(text), in) : 0;
	if (in)
		fclose(in);
	if (!n || n == sizeof(text))
		return bp_fail(f, BP_E_INTERNAL, "cannot read %s: %s", path, strerror(errno));
	json_object_set_new(files, as, json_stringn(text, n));
	sodium_memzero(text, n);
	return BP_E_OK;
}

/* A certificate of its own, and an account that may copy everything; each kit gives that account a new password. */
static enum bp_error put_replica(json_t *files, const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, const char *address, struct bp_fail *f)
{
	unsigned char raw[24];
	char password[40], text[2048], sql[512];
	enum bp_error e;

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(password, sizeof(password), raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	snprintf(sql, sizeof(sql), "CREATE OR REPLACE USER '%s-%.40s'@'%%' IDENTIFIED BY '%s' REQUIRE SSL; GRANT REPLICATION SLAVE, BINLOG MONITOR, SELECT, RELOAD,"
		" SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON *.* TO '%s-%.40s'@'%%'", FOLLOW_USER, address, password, FOLLOW_USER, address);
	e = bp_db_bulk(db, sql, NULL);
	if (e)
		return bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	snprintf(text, sizeof(text), "[client]\nhost = %s\nport = %ld\nuser = %s-%.40s\npassword = %s\nssl-ca = " BP_MACHINE_CA "\nssl-verify-server-cert\n",
		c->db_listen, c->db_port, FOLLOW_USER, address, password);
	json_object_set_new(files, FOLLOW_FILE, json_string(text));
	e = issue(s, address, "tmp/kit.pem", "tmp/kit.key", f);
	if (!e)
		e = put_file(files, s, "tmp/kit.pem", BP_MACHINE_CERTIFICATE, f);
	return e ? e : put_file(files, s, "tmp/kit.key", BP_MACHINE_KEY, f);
}

/* Each shared folder says of which Beatplan it is, so that a machine where it is not mounted notices. */
static enum bp_error mark_shared(const struct bp_conf *c, char id[33], struct bp_fail *f)
{
	const char *dirs[SHARED];
	unsigned char raw[16];
	char path[PATH_SIZE];
	int fd;

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(id, 33, raw, sizeof(raw));
	shared_dirs(c, dirs);
	for (int i = 0; i < SHARED; i++) {
		if (!strcmp(dirs[i], "off"))
			continue;
		snprintf(path, sizeof(path), "%s/" SHARED_FILE, dirs[i]);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		/* The id of an earlier kit stays. */
		if (fd >= 0 && read(fd, id, 32) != 32 && (ftruncate(fd, 0) || pwrite(fd, id, 32, 0) != 32))
			fd = -1;
		if (fd < 0)
			return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
		close(fd);
	}
	return BP_E_OK;
}

static void print_conf(const struct bp_conf *c, const char *runs, const char *address, struct bp_buf *out)
{
	const char *dirs[SHARED], *hosts = strcmp(c->db_host, "off") ? c->db_host : c->db_listen;
	bool replica = bp_conf_lists(runs, "replica");

	bp_buf_printf(out, "db_host = %s%s%s\ndb_port = %ld\ndb_name = %s\ndb_user = %s\ndb_password = %s\nruns = %s\npublic_url = %s\n", hosts,
		replica ? ", " : "", replica ? address : "", c->db_port, c->db_name, c->db_user, c->db_password, runs, c->public_url);
	if (replica)
		bp_buf_printf(out, "db_listen = %s\ndb_server = %u\n", address, 2 + randombytes_uniform(1u << 30));
	shared_dirs(c, dirs);
	for (int i = 0; i < SHARED; i++)
		bp_buf_printf(out, "%s = %s\n", shared_keys[i], dirs[i]);
}

enum bp_error bp_machine_kit(const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, const char *runs, const char *address,
	const char *path, struct bp_fail *f)
{
	bool replica = bp_conf_lists(runs, "replica");
	json_t *files = json_object(), *kit;
	struct bp_buf conf;
	char id[33] = "";
	enum bp_error e;
	int fd;

	if (!strcmp(c->db_listen, "off"))
		return bp_fail(f, BP_E_CONFLICT, "the database answers this machine only: set db_listen to an address that others reach, then `down` and `up`");
	bp_buf_init(&conf, 65536);
	print_conf(c, runs, address, &conf);
	e = mark_shared(c, id, f);
	if (!e)
		e = put_file(files, s, BP_TOKEN_FILE, BP_TOKEN_FILE, f);
	if (!e)
		e = put_file(files, s, BP_MACHINE_CA, BP_MACHINE_CA, f);
	if (!e && replica)
		e = put_replica(files, s, c, db, address, f);
	kit = json_pack("{s:s,s:s,s:o}", "shared", id, "conf", conf.data, "files", files);
	bp_buf_release(&conf);
	fd = e ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (!e && (fd < 0 || json_dumpfd(kit, fd, JSON_INDENT(1)) || fsync(fd)))
		e = bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	json_decref(kit);
	return e;
}

/* Are the folders that the machines share the same ones here? */
static enum bp_error see_shared(const struct bp_state *s, const char *id, struct bp_fail *f)
{
	const char *dirs[SHARED];
	char path[PATH_SIZE], found[33];
	struct bp_conf c = {0};
	enum bp_error e;

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	e = bp_conf_load(&c, path, f);
	shared_dirs(&c, dirs);
	for (int i = 0; i < SHARED && !e; i++) {
		FILE *in;

		if (!strcmp(dirs[i], "off"))
			continue;
		snprintf(path, sizeof(path), "%s/" SHARED_FILE, dirs[i]);
		in = fopen(path, "re");
		*found = '\0';
		if (!in || !fgets(found, sizeof(found), in) || strcmp(found, id))
			e = bp_fail(f, BP_E_CONFLICT, "%s here is not the folder of the first machine: mount it at this path, for user %s", dirs[i], s->user);
		if (in)
			fclose(in);
	}
	bp_conf_release(&c);
	return e;
}

enum bp_error bp_machine_join(const struct bp_state *s, const char *path, struct bp_fail *f)
{
	const char *conf = NULL, *id = NULL, *name;
	json_t *kit = json_load_file(path, 0, NULL), *files = NULL, *text;
	char lines[65536];
	enum bp_error e = BP_E_OK;
	int n;

	if (there(s, "beatplan.conf"))
		e = bp_fail(f, BP_E_CONFLICT, "there is a Beatplan in %s: a machine joins with a folder of its own", s->dir);
	else if (!kit || json_unpack(kit, "{s:s,s:s,s:o}", "shared", &id, "conf", &conf, "files", &files))
		e = bp_fail(f, BP_E_INTERNAL, "%s is no kit of `beatplan machine add`, or cannot be read", path);
	if (!e)
		json_object_foreach(files, name, text)
			if (!e)
				e = strchr(name, '/') || !json_is_string(text) ? bp_fail(f, BP_E_INTERNAL, "%s is no kit of `beatplan machine add`", path)
									     : bp_state_put(s, name, json_string_value(text), json_string_length(text), f);
	n = e ? 0 : snprintf(lines, sizeof(lines), "# The configuration of this machine: key = value. The keys and what they mean: lib/base/conf.def.\n"
		"db_socket = %s/db\ndb_ca = %s/" BP_MACHINE_CA "\nmeter_file = %s/meters\n%s", s->run, s->dir, s->run, conf);
	if (!e)
		e = bp_state_put(s, "beatplan.conf", lines, (size_t)n, f);
	if (!e)
		e = see_shared(s, id, f);
	/* A machine that may not join leaves nothing behind that `up` would start from. */
	if (e && n) {
		bp_state_path(s, "beatplan.conf", lines, sizeof(lines));
		unlink(lines);
	}
	json_decref(kit);
	return e;
}

/* --- replicas --- */

/* A value of follow.cnf. */
static enum bp_error follow_value(const struct bp_state *s, const char *key, char *out, size_t size, struct bp_fail *f)
{
	char path[PATH_SIZE], line[512];
	size_t n = strlen(key);
	bool found = false;
	FILE *in;

	bp_state_path(s, FOLLOW_FILE, path, sizeof(path));
	in = fopen(path, "re");
	while (in && !found && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, n) && !strncmp(line + n, " = ", 3)) {
			snprintf(out, size, "%.*s", (int)strcspn(line + n + 3, "\n"), line + n + 3);
			found = true;
		}
	if (in)
		fclose(in);
	return found ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "%s says no %s: join again with a new kit", path, key);
}

/* Everything as it is over there, with the place in its log where that was; nobody there waits for it. */
static enum bp_error seed(const struct bp_state *s, struct bp_fail *f)
{
	char cnf[PATH_SIZE], ca[PATH_SIZE], dump[PATH_SIZE + 32], file[PATH_SIZE], socket[128], user[80], source[PATH_SIZE + 64];
	enum bp_error e;

	snprintf(cnf, sizeof(cnf), "--defaults-file=%s/" FOLLOW_FILE, s->dir);
	snprintf(ca, sizeof(ca), "--ssl-ca=%s/" BP_MACHINE_CA, s->dir);
	snprintf(dump, sizeof(dump), "--result-file=%s/tmp/seed.sql", s->dir);
	bp_state_path(s, "tmp/seed.sql", file, sizeof(file));
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	snprintf(user, sizeof(user), "--user=%s", s->user);
	snprintf(source, sizeof(source), "source %s", file);
	e = run(s, (const char *const[]){"mariadb-dump", cnf, ca, "--single-transaction", "--quick", "--routines", "--triggers", "--master-data=1", "--gtid",
		"--system=users", "--insert-ignore", dump, "--databases", "beatplan", NULL}, "copying the database", f);
	if (!e)
		e = run(s, (const char *const[]){"mariadb", "--no-defaults", socket, user, "--init-command", "SET SESSION sql_log_bin = 0", "--execute", source, NULL},
			"filling the copy", f);
	unlink(file);
	return e;
}

enum bp_error bp_machine_follow(const struct bp_state *s, struct bp_db *db, struct bp_fail *f)
{
	char host[200], port[16], user[120], password[80], mark[PATH_SIZE], sql[BP_STATE_PATH + 1024];
	enum bp_error e;

	if (there(s, SEEDED_FILE)) /* it has started following by itself */
		return BP_E_OK;
	e = seed(s, f);
	if (!e)
		e = follow_value(s, "host", host, sizeof(host), f);
	if (!e)
		e = follow_value(s, "port", port, sizeof(port), f);
	if (!e)
		e = follow_value(s, "user", user, sizeof(user), f);
	if (!e)
		e = follow_value(s, "password", password, sizeof(password), f);
	if (e)
		return e;
	snprintf(sql, sizeof(sql), "CHANGE MASTER TO MASTER_HOST = '%s', MASTER_PORT = %s, MASTER_USER = '%s', MASTER_PASSWORD = '%s', MASTER_SSL = 1,"
		" MASTER_SSL_CA = '%s/" BP_MACHINE_CA "', MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 2, MASTER_HEARTBEAT_PERIOD = 2,"
		" MASTER_USE_GTID = slave_pos; SET GLOBAL slave_net_timeout = 6; START SLAVE", host, port, user, password, s->dir);
	e = bp_db_bulk(db, sql, NULL);
	sodium_memzero(sql, sizeof(sql));
	if (e)
		return bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_state_path(s, SEEDED_FILE, mark, sizeof(mark));
	return bp_state_put(s, SEEDED_FILE, "", 0, f);
}

/* Is one of the other machines' databases open to changes? */
static bool another_takes_changes(const struct bp_conf *c)
{
	struct bp_db_conf dc = bp_conf_db(c);
	struct bp_fail none = {0};
	struct bp_db *db = NULL;
	bool takes = !bp_db_open(&db, &dc, &none);

	bp_db_free(db);
	return takes;
}

/* beatplan.conf says what runs here, and is read at the next start. */
static enum bp_error become_primary(const struct bp_state *s, struct bp_fail *f)
{
	static const char replica[] = "replica";
	char path[PATH_SIZE], text[65536], *at;
	struct bp_buf out;
	enum bp_error e;
	size_t n;
	FILE *in;

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	in = fopen(path, "re");
	n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;
	if (in)
		fclose(in);
	text[n] = '\0';
	at = strstr(text, "\nruns = ");
	at = at ? strstr(at, replica) : NULL;
	if (!at)
		return bp_fail(f, BP_E_INTERNAL, "%s does not say that a replica runs here", path);
	bp_buf_init(&out, 2 * sizeof(text));
	bp_buf_add(&out, text, (size_t)(at - text));
	bp_buf_printf(&out, "database%s", at + strlen(replica));
	e = bp_state_put(s, "beatplan.conf", out.data, out.len, f);
	bp_buf_release(&out);
	return e;
}

enum bp_error bp_machine_promote(const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, bool force, struct bp_fail *f)
{
	int64_t until = bp_monotonic_us() + APPLY_PATIENCE_US;
	struct q_machine_applied row = {0};
	struct bp_arena a;
	enum bp_error e;

	if (!bp_conf_runs(c, "replica"))
		return bp_fail(f, BP_E_CONFLICT, "this machine has no replica");
	if (!force && another_takes_changes(c))
		return bp_fail(f, BP_E_CONFLICT, "another machine takes changes: stop its Beatplan first, since what it takes from now on would be lost");
	e = bp_db_bulk(db, "STOP SLAVE IO_THREAD", NULL);
	bp_arena_init(&a, 1u << 20);
	while (!e && !row.applied && bp_monotonic_us() < until) {
		struct timespec pause = {0, 50000000};

		bp_arena_clear(&a);
		e = q_machine_applied(db, &a, &row);
		if (!e && !row.applied)
			nanosleep(&pause, NULL);
	}
	bp_arena_release(&a);
	if (!e && !row.applied)
		return bp_fail(f, BP_E_CONFLICT, "what was received could not be applied within ten minutes: see %s/log/mariadbd.log", s->dir);
	if (!e)
		e = become_primary(s, f);
	if (!e)
		e = bp_db_bulk(db, "STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0", NULL);
	return e && !*f->detail ? bp_fail(f, e, "%s", bp_db_failure(db)->detail) : e;
}
