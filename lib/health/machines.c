/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/machines.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "queries.h"

#define SEEN_US 60000000

void bp_machine_seen(struct bp_db *db, const struct bp_conf *c)
{
	static _Atomic int64_t next;
	char place[BP_PLACE_SIZE];

	if (bp_monotonic_us() < atomic_load(&next))
		return;
	atomic_store(&next, bp_monotonic_us() + SEEN_US);
	bp_conf_place(c, place);
	q_machine_seen(db, place, c->runs, PACKAGE_VERSION, NULL);
}

static enum bp_error look_at(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c, const char *host)
{
	struct bp_db_conf dc = bp_conf_db(c, BP_ACCOUNT_WORKER);
	struct q_heartbeat_at there = {0}, here = {0};
	struct bp_fail f = {0}, none = {0};
	struct bp_db *other = NULL;
	enum bp_error e;

	dc.hosts = host;
	dc.replica = true;
	e = bp_db_open(&other, &dc, &f);
	if (!e)
		e = q_heartbeat_at(other, a, &there);
	bp_db_free(other);
	other = NULL;
	if (!e) {
		e = q_heartbeat_at(db, a, &here);
		return e ? e : q_database_put(db, host, true, (struct bp_opt_num){here.seconds > there.seconds ? here.seconds - there.seconds : 0, true}, "", NULL);
	}
	dc.replica = false;
	e = bp_db_open(&other, &dc, &none);
	bp_db_free(other);
	return q_database_put(db, host, e != BP_E_OK, (struct bp_opt_num){0, false}, e ? f.detail : "", NULL);
}

enum bp_error bp_databases_look(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c)
{
	char *save = NULL, *hosts = bp_strdup(a, strcmp(c->db_host, "off") ? c->db_host : "");
	enum bp_error e = BP_E_OK;

	for (char *host = strtok_r(hosts, ", \t", &save); host && !e; host = strtok_r(NULL, ", \t", &save))
		e = look_at(db, a, c, host);
	return e ? e : q_databases_gone(db, NULL);
}
