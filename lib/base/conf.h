/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_CONF_H
#define BP_BASE_CONF_H
/*
 * The configuration: one file of `key = value` lines, # for comments, with the
 * keys of conf.def and no others.  Read once at start, then constant.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

struct bp_conf {
#define CONF_C_str const char *
#define CONF_C_int long
#define CONF_C_bool bool
#define CONF(type, name, def, what) CONF_C_##type name;
#include "base/conf.def"
#undef CONF
	char *memory, *site_memory; /* what the texts point into */
	char *dir;    /* the folder of the file, where what belongs to it lies too */
};

/* BP_E_INTERNAL with file, line and remedy when a key is unknown, missing or not of its type. */
enum bp_error bp_conf_load(struct bp_conf *c, const char *path, struct bp_fail *f);
/* The same of a file of which `include` may speak, before there is one that includes it; fine when it is missing. Nothing must be given. */
enum bp_error bp_conf_site(struct bp_conf *c, const char *path, struct bp_fail *f);
void bp_conf_release(struct bp_conf *c);

/* Is the word one of a value with commas? "off" holds none. */
bool bp_conf_lists(const char *value, const char *word);

/* Does this machine run it: "database", "replica", "web", "worker", "optimizer"? */
#define bp_conf_runs(c, what) bp_conf_lists((c)->runs, what)

/* Machine and state folder, "HOST:DIR": who does something, among the programs of several machines. */
#define BP_PLACE_SIZE 200
void bp_conf_place(const struct bp_conf *c, char out[BP_PLACE_SIZE]);

/* Where `up` last listened in a state folder, as it wrote down in its file `place`; false: it did not, `listen` and `port` are as configured. */
bool bp_conf_listens(const char *dir, char listen[80], char port[12]);

/* Could it be a mail address? */
bool bp_is_email(const char *s);

/* Do people reach it by HTTPS alone, by our web server or by one before it? Then cookies never travel without. */
#define bp_conf_secure(c) (strcmp((c)->tls_certificate, "off") || !strncmp((c)->public_url, "https://", 8))

/* Who asks the database: subcommands of administrators, and each program; what they may is in lib/db/rights.def. */
enum bp_account { BP_ACCOUNT_APP, BP_ACCOUNT_WEB, BP_ACCOUNT_WORKER, BP_ACCOUNT_OPTIMIZER, BP_ACCOUNT__MAX };
extern const char *const bp_account_names[BP_ACCOUNT__MAX]; /* "web", ..., as `runs` has them */
struct bp_login {
	const char *user, *password;
	bool own; /* false: the program has none, and is db_user; of subcommands: they have none here */
};
struct bp_login bp_conf_login(const struct bp_conf *c, enum bp_account who);

/* How it reaches the database (db/db.h). */
#define bp_conf_db(c, who) \
	((struct bp_db_conf){.socket = (c)->db_socket, .user = bp_conf_login(c, who).user, .password = bp_conf_login(c, who).password, \
		.database = (c)->db_name, .hosts = (c)->db_host, .ca = (c)->db_ca, .port = (unsigned)(c)->db_port})

#endif
