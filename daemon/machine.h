/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_MACHINE_H
#define BP_DAEMON_MACHINE_H
/*
 * More than one machine.  One has the database that takes changes; others run web servers, workers and optimizers against it over the
 * network, or a copy of it that follows.  What they share beside the database - uploads, snapshots, exports, drop folders, published
 * heads of the audit trail - lies in the first machine's folders, which each of them mounts at the same path.
 *
 * A kit is one file for one other machine: its configuration with the accounts of the database that its programs need and no others; for
 * a web server the keys that all of them hold; for a copy all accounts, and the certificate and the account that it follows with.  Whoever
 * holds it can read what that machine may: it is for its machine alone, and is destroyed afterwards.
 */
#include "daemon/state.h"

/* Of a machine whose database others reach, below the state folder. */
#define BP_MACHINE_CA "db-ca.pem"
#define BP_MACHINE_CERTIFICATE "db-server.pem"
#define BP_MACHINE_KEY "db-server.key"
/* Of one that follows: how the database's own programs reach the one that it follows. */
#define BP_MACHINE_FOLLOW "follow.cnf"

/* Certificate and key of this machine's database at `address`, signed by an authority of its own; made once. */
enum bp_error bp_machine_certify(const struct bp_state *s, const char *address, struct bp_fail *f);

/* Write the kit of a further machine to `path`, 0600.  `runs` is what it is to run (base/conf.def); of one with "replica", `address` is
 * where others reach its database.  `db` is a connection as the operating system's user. */
enum bp_error bp_machine_kit(const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, const char *runs, const char *address,
	const char *path, struct bp_fail *f);
/* Make an empty state folder the one of a kit.  CONFLICT when one is there already, or when a folder that is shared is not seen here. */
enum bp_error bp_machine_join(const struct bp_state *s, const char *path, struct bp_fail *f);

/* Fill the database of a replica from the one that it follows, unless that is done, and go on following.  `db` as above. */
enum bp_error bp_machine_follow(const struct bp_state *s, struct bp_db *db, struct bp_fail *f);
/* A replica takes all that it has received, and then changes of its own, for good.  CONFLICT while another of the machines takes changes,
 * unless `force`. */
enum bp_error bp_machine_promote(const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, bool force, struct bp_fail *f);

#endif
