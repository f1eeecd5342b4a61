/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/machine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define CA_KEY "db-ca.key"
#define SHARED_FILE ".beatplan"       /* in each shared folder: of which Beatplan it is */
#define FOLLOW_USER "bp_replica"
#define PATH_SIZE (BP_STATE_PATH + 64)
#define LOG "machine.log"

/* The folders that all machines see, by their keys. */
static const char *const shared_keys[] = {"upload_dir", "snapshot_dir", "export_dir", "drop_dir", "audit_dir"};
enum { SHARED = sizeof(shared_keys) / sizeof(*shared_keys) };

static void shared_dirs(const struct bp_conf *c, const char *out[SHARED])
{
	const char *const dirs[SHARED] = {c->upload_dir, c->snapshot_dir, c->export_dir, c->drop_dir, c->audit_dir};

	memcpy(out, dirs, sizeof(dirs));
}

/* --- certificates --- */

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
	return bp_state_run(s, LOG, (const char *const[]){"openssl", "req", "-x509", "-CA", ca, "-CAkey", ca_key, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
		"-noenc", "-days", "3650", "-subj", "/CN=Beatplan database", "-addext", name, "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key_out,
		"-out", out, NULL}, "making a certificate", f);
}

enum bp_error bp_machine_certify(const struct bp_state *s, const char *address, struct bp_fail *f)
{
	char ca[PATH_SIZE], ca_key[PATH_SIZE];
	enum bp_error e = BP_E_OK;
	mode_t was;

	if (bp_state_has(s, BP_MACHINE_KEY))
		return BP_E_OK;
	bp_state_path(s, BP_MACHINE_CA, ca, sizeof(ca));
	bp_state_path(s, CA_KEY, ca_key, sizeof(ca_key));
	was = umask(0077);
	if (!bp_state_has(s, CA_KEY))
		e = bp_state_run(s, LOG, (const char *const[]){"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "3650",
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
	json_object_set_new(files, BP_MACHINE_FOLLOW, json_string(text));
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

/* Of the accounts just those whose programs run there.  A replica may come to be the machine of the database: it has all. */
static void print_accounts(const struct bp_conf *c, const char *runs, bool replica, struct bp_buf *out)
{
	bool app = replica;

	for (enum bp_account i = BP_ACCOUNT_WEB; i < BP_ACCOUNT__MAX; i++) {
		struct bp_login login = bp_conf_login(c, i);

		if (!replica && !bp_conf_lists(runs, bp_account_names[i]))
			continue;
		app = app || !login.own;
		if (login.own)
			bp_buf_printf(out, "db_%s_user = %s\ndb_%s_password = %s\n", bp_account_names[i], login.user, bp_account_names[i], login.password);
	}
	if (app)
		bp_buf_printf(out, "db_user = %s\ndb_password = %s\n", c->db_user, c->db_password);
}

static void print_conf(const struct bp_conf *c, const char *runs, const char *address, struct bp_buf *out)
{
	const char *dirs[SHARED], *hosts = strcmp(c->db_host, "off") ? c->db_host : c->db_listen;
	bool replica = bp_conf_lists(runs, "replica");

	bp_buf_printf(out, "db_host = %s%s%s\ndb_port = %ld\ndb_name = %s\nruns = %s\npublic_url = %s\n", hosts,
		replica ? ", " : "", replica ? address : "", c->db_port, c->db_name, runs, c->public_url);
	print_accounts(c, runs, replica, out);
	if (bp_conf_lists(runs, "web"))
		bp_buf_printf(out, "plain_http = %d\n", c->plain_http);
	if (replica || bp_conf_lists(runs, "worker"))
		bp_buf_printf(out, "webhook_url = %s\nwebhook_secret = %s\nheartbeat_url = %s\n", c->webhook_url, c->webhook_secret, c->heartbeat_url);
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
	if (!e && (replica || bp_conf_lists(runs, "web")))
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

	if (bp_state_has(s, "beatplan.conf"))
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
