/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_SETUP_H
#define BP_DAEMON_SETUP_H
/* What `up` makes on its first run: configuration, database, first users. Each step leaves alone what is there. */
#include "daemon/state.h"

struct bp_setup {
	const struct bp_state *state;
	const char *listen; /* NULL = as configured */
	long port;          /* 0 = as configured */
	bool demo;
	char admin_password[30]; /* of an administrator made by this run, else empty */
};

/* Where to listen, by the configuration that is there already, or by what an administrator wrote before the first start; the caller
 * releases `conf`, which the texts lie in. */
enum bp_error bp_setup_place(struct bp_setup *up, struct bp_conf *conf, struct bp_fail *f);
/* beatplan.conf (once) and the web server's files (each time); `conf` gets the configuration, and the caller releases it. */
enum bp_error bp_setup_files(struct bp_setup *up, struct bp_conf *conf, struct bp_fail *f);
/* The data directory of the database; as the state's user. */
enum bp_error bp_setup_database(struct bp_setup *up, struct bp_fail *f);
/* The administrator of the first start; with demo, a known user per persona. */
enum bp_error bp_setup_users(struct bp_setup *up, struct bp_fail *f);
/* With demo and no outlets yet: import the demo files and plan them, as a user would from the shell. */
enum bp_error bp_setup_demo(struct bp_setup *up, struct bp_fail *f);
void bp_setup_print_logins(const struct bp_setup *up);

#endif
