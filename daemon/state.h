/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_STATE_H
#define BP_DAEMON_STATE_H
/*
 * The state folder of one Beatplan: database, uploads, snapshots, logs,
 * configuration.  Several may run side by side.
 *
 *   DIR/beatplan.conf   configuration with the database password, 0600
 *   DIR/app/            the programs and files that this state runs: a copy, so that building or installing others does not
 *                       disturb it, and the former ones are there until the new ones have proved themselves
 *   DIR/db/ uploads/ snapshots/ log/
 *
 * Sockets live in a short folder outside, since a socket path has 107 bytes.
 */
#include <string.h>
#include <sys/types.h>

#include "auth/token.h"
#include "base/conf.h"
#include "base/error.h"
#include "db/db.h"

#define BP_STATE_PATH 1024
/* Where Debian's package keeps things: there is one such state on a machine, and systemd makes its folders. */
#define BP_STATE_COMMAND "beatplan-cli"
#define BP_INSTALLED_BIN "/usr/bin"
#define BP_INSTALLED_STATE "/var/lib/beatplan"
#define BP_INSTALLED_RUN "/run/beatplan"
#define BP_INSTALLED_CONF "/etc/beatplan/beatplan.conf"

struct bp_state {
	char dir[BP_STATE_PATH];
	char run[64];     /* sockets and pid files */
	char app[BP_STATE_PATH + 8];
	char user[64];    /* whom the programs run as */
	uid_t uid;
	gid_t gid;
};

/* Where things stand for `dir`; creates nothing. As root the programs run as user "beatplan". */
enum bp_error bp_state_init(struct bp_state *s, const char *dir, struct bp_fail *f);
/* Is it the one of Debian's package? */
#define bp_state_installed(s) (!strcmp((s)->dir, BP_INSTALLED_STATE))
/* The folder of the command that runs, as /usr/bin. */
void bp_state_bin(char *out, size_t size);
/* Copy what Debian's package installed to DIR/name; that name appears when all is there. */
enum bp_error bp_state_take_programs(const struct bp_state *s, const char *name, struct bp_fail *f);
/* Create the folders with their owners; fine when they are there. */
enum bp_error bp_state_create(const struct bp_state *s, struct bp_fail *f);
/* From root to the state's user, for good; nothing when not root. */
enum bp_error bp_state_drop(const struct bp_state *s, struct bp_fail *f);
/* The pid of the running supervisor, 0 = none. */
pid_t bp_state_supervisor(const struct bp_state *s);

/* DIR/name */
void bp_state_path(const struct bp_state *s, const char *name, char *out, size_t size);

/* Write a whole file below DIR as the state's user would own it, for nobody else to read; replaces by rename. */
enum bp_error bp_state_put(const struct bp_state *s, const char *name, const char *text, size_t n, struct bp_fail *f);
/* DIR/token.keys */
enum bp_error bp_state_put_keys(const struct bp_state *s, const struct bp_token_keys *k, struct bp_fail *f);

/* Load the configuration of a state that was made by `up`, and connect as subcommands do; CONFLICT with the remedy on a machine where they
 * may not. */
enum bp_error bp_state_open(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, bool local_infile, struct bp_fail *f);
/* The same for who only looks: there, as one of the programs that run. */
enum bp_error bp_state_look(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, struct bp_fail *f);

/* As whoever installed the database here, who may do anything in it; root becomes the state's user for good. */
enum bp_error bp_state_own(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, struct bp_fail *f);

/* Is DIR/name there? */
bool bp_state_has(const struct bp_state *s, const char *name);
/* Run a program of others with its output behind that of DIR/log/LOG; what failed is told as `what`, with the remedy. */
enum bp_error bp_state_run(const struct bp_state *s, const char *log, const char *const argv[], const char *what, struct bp_fail *f);

/* Run a program, wait, give its exit status; -1 when it cannot be started. Output goes to fd `out` when >= 0. */
int bp_run(const char *const argv[], int out);

/* What a subcommand does in a state: `work` with a connection as the programs have it, in one transaction with `tx`. A failure is printed,
 * what `f` says or else the database; the exit status. */
struct bp_cmd_work {
	const char *name, *state;
	bool tx;
	enum bp_error (*work)(struct bp_db *db, void *ctx);
	void *ctx;
	struct bp_fail *f;
};
int bp_cmd_in_state(const struct bp_cmd_work *c);

/* A subcommand's own words: print "beatplan: …" with the failure and return 1. */
int bp_cmd_failed(const char *what, const struct bp_fail *f);

#endif
