/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_system.c - how it goes, for administrators and for machines that watch. */
#include <string.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "health/doctor.h"
#include "health/health.h"
#include "outbox/outbox.h"

#define MACHINE_QUIET 300 /* seconds; it says that it is there each minute */

struct alarm {
	const char *name, *grave, *text, *machine;
	bool sounds;
	struct bp_opt_int since, told_at;
	struct bp_list told;
};
static const char *const graves[] = {"BAD", "WARN", NULL};
BP_SHAPE(health_alarm, alarm,
	BP_STR(alarm, name, BP_REQ, 1, 24, "code"),
	BP_ENUM(alarm, grave, BP_REQ, graves, "how grave"),
	BP_STR(alarm, text, BP_REQ, 1, 200, "what it is and what to do"),
	BP_STR(alarm, machine, BP_NUL, 1, 64, "machine that it is about, null = all"),
	BP_BOOL(alarm, sounds, BP_REQ, "it is so now; otherwise it was a short while ago, and people were not told yet that it is over"),
	BP_TIME(alarm, since, BP_NUL, "since when people know of it, null = they were not told yet"),
	BP_TIME(alarm, told_at, BP_NUL, "when they were told last"),
	BP_LIST_STR(alarm, told, BP_REQ, 1000, "who was told"));
struct duty {
	const char *name, *target, *machine, *error;
	int64_t at, failures;
	struct bp_opt_int ok_at, failed_at;
};
static const char *const duty_names[] = {"alarms", "backup", "heartbeat", "snapshots", "webhook", NULL};
BP_SHAPE(health_duty, duty,
	BP_ENUM(duty, name, BP_REQ, duty_names, "what one worker does for all machines"),
	BP_STR(duty, target, BP_REQ, 0, 200, "where it goes: of the address what is no secret"),
	BP_STR(duty, machine, BP_REQ, 0, 64, "which machine's worker did it last"),
	BP_TIME(duty, at, BP_REQ, "when its turn was taken last"),
	BP_TIME(duty, ok_at, BP_NUL, "when it last went well"),
	BP_TIME(duty, failed_at, BP_NUL, "when it last failed"),
	BP_INT(duty, failures, BP_REQ, 0, 9e15, "failures since it last went well"),
	BP_STR(duty, error, BP_REQ, 0, 200, "what the last failure was"));
struct pool {
	const char *name;
	int64_t threads, busy;
};
BP_SHAPE(health_pool, pool,
	BP_STR(pool, name, BP_REQ, 1, 12, "pool of handlers"),
	BP_INT(pool, threads, BP_REQ, 0, 1000, "requests it can answer at once"),
	BP_INT(pool, busy, BP_REQ, -1000, 1000, "requests it answers now"));
struct jobs {
	const char *kind, *state;
	int64_t n;
	struct bp_opt_num oldest;
};
BP_SHAPE(health_job, jobs,
	BP_STR(jobs, kind, BP_REQ, 1, 24, "what is done"),
	BP_STR(jobs, state, BP_REQ, 1, 12, "where it stands"),
	BP_INT(jobs, n, BP_REQ, 0, 9e15, "how many"),
	BP_NUM(jobs, oldest, BP_NUL, 0, 9e15, "seconds that the oldest has waited or run"));
struct call {
	int64_t at, status;
	double seconds;
	const char *endpoint, *correlation;
};
BP_SHAPE(health_call, call,
	BP_TIME(call, at, BP_REQ, "when"),
	BP_STR(call, endpoint, BP_REQ, 0, 80, "what was asked"),
	BP_INT(call, status, BP_REQ, 100, 599, "HTTP status of the answer"),
	BP_NUM(call, seconds, BP_REQ, 0, 1e6, "how long it took"),
	BP_STR(call, correlation, BP_REQ, 0, 40, "correlation id, to be looked for in the logs"));
struct database {
	const char *version;
	int64_t uptime, connections, connections_most, deadlocks, lock_waits, slow;
};
BP_SHAPE(health_database, database,
	BP_STR(database, version, BP_REQ, 1, 80, "version"),
	BP_INT(database, uptime, BP_REQ, 0, 9e15, "seconds since it started"),
	BP_INT(database, connections, BP_REQ, 0, 100000, "connections"),
	BP_INT(database, connections_most, BP_REQ, 0, 1000000, "connections it allows"),
	BP_INT(database, deadlocks, BP_REQ, 0, 9e15, "deadlocks since it started"),
	BP_INT(database, lock_waits, BP_REQ, 0, 9e15, "waits for a row since it started"),
	BP_INT(database, slow, BP_REQ, 0, 9e15, "statements of more than a second since it started"));
struct backup {
	int64_t id, bytes, started_at, push_failures, push_bytes;
	struct bp_opt_int ended_at, push_begun_at, pushed_at;
	const char *dir, *state, *detail, *pushed_to, *push_error, *push_sha256;
};
static const char *const backup_states[] = {"running", "done", "failed", NULL};
BP_SHAPE(health_backup, backup,
	BP_INT(backup, id, BP_REQ, 1, 9e15, "backup"),
	BP_STR(backup, dir, BP_REQ, 1, 500, "where it lies"),
	BP_ENUM(backup, state, BP_REQ, backup_states, "how it ended"),
	BP_INT(backup, bytes, BP_REQ, 0, 9e15, "bytes"),
	BP_STR(backup, detail, BP_REQ, 0, 500, "why it failed"),
	BP_TIME(backup, started_at, BP_REQ, "begun"),
	BP_TIME(backup, ended_at, BP_NUL, "ended"),
	BP_STR(backup, pushed_to, BP_REQ, 0, 500, "where it is sent off this machine, encrypted; empty: it stays where it lies"),
	BP_TIME(backup, push_begun_at, BP_NUL, "sending was last begun"),
	BP_TIME(backup, pushed_at, BP_NUL, "it had arrived there"),
	BP_INT(backup, push_failures, BP_REQ, 0, 1e9, "how often in a row none arrived, earlier backups included"),
	BP_STR(backup, push_error, BP_REQ, 0, 500, "why it last did not arrive"),
	BP_INT(backup, push_bytes, BP_REQ, 0, 9e15, "bytes of the encrypted file"),
	BP_STR(backup, push_sha256, BP_REQ, 0, 64, "SHA-256 of that file, to be held against what lies there"));
struct drill {
	const char *dir, *state, *detail;
	int64_t plans, tables, rows, events, started_at, ended_at;
};
BP_SHAPE(health_drill, drill,
	BP_STR(drill, dir, BP_REQ, 1, 500, "the backup that was restored aside: its folder, or the encrypted file"),
	BP_ENUM(drill, state, BP_REQ, backup_states, "done: it is good; failed: something differs, or it could not be done"),
	BP_STR(drill, detail, BP_REQ, 0, 500, "what differs, or why it could not be done"),
	BP_INT(drill, plans, BP_REQ, 0, 9e15, "plans whose hashes were compared"),
	BP_INT(drill, tables, BP_REQ, 0, 1e6, "tables whose rows were counted and summed up on both sides; 0: there was no log of transactions to go on by"),
	BP_INT(drill, rows, BP_REQ, 0, 9e15, "their rows"),
	BP_INT(drill, events, BP_REQ, 0, 9e15, "events of the audit trail whose seals were looked at"),
	BP_TIME(drill, started_at, BP_REQ, "begun"),
	BP_TIME(drill, ended_at, BP_REQ, "ended"));
struct disk {
	struct bp_list folders;
	int64_t free, size;
	bool full;
};
BP_SHAPE(health_disk, disk,
	BP_LIST_STR(disk, folders, BP_REQ, BP_FOLDER__MAX, "what lies on it: state, uploads, database, binlog, logs, backups"),
	BP_INT(disk, free, BP_REQ, 0, 9e18, "free bytes"),
	BP_INT(disk, size, BP_REQ, 0, 9e18, "size in bytes"),
	BP_BOOL(disk, full, BP_REQ, "it is fuller than disk_full_percent"));
struct memory {
	const char *of;
	int64_t free, size;
	bool full;
};
BP_SHAPE(health_memory, memory,
	BP_ENUM(memory, of, BP_REQ, bp_memories_of, "of the machine, or of what a control group allows its programs"),
	BP_INT(memory, free, BP_REQ, 0, 9e18, "bytes that are left"),
	BP_INT(memory, size, BP_REQ, 0, 9e18, "bytes"),
	BP_BOOL(memory, full, BP_REQ, "it is fuller than memory_full_percent"));
struct lately {
	int64_t minutes, n, failed;
	struct bp_opt_num p95, p99;
};
BP_SHAPE(health_lately, lately,
	BP_INT(lately, minutes, BP_REQ, 1, 60, "how long that is"),
	BP_INT(lately, n, BP_REQ, 0, 9e15, "requests"),
	BP_INT(lately, failed, BP_REQ, 0, 9e15, "of these failed with 5xx that should not"),
	BP_NUM(lately, p95, BP_NUL, 0, 1e6, "seconds that 95 of a hundred stay below, streams and uploads left out; null: there were none"),
	BP_NUM(lately, p99, BP_NUL, 0, 1e6, "the same of 99"));
struct machine {
	const char *machine, *runs, *version;
	int64_t seen_at;
	bool quiet, obeys;
};
BP_SHAPE(health_machine, machine,
	BP_STR(machine, machine, BP_REQ, 1, 200, "machine"),
	BP_STR(machine, runs, BP_REQ, 0, 100, "what runs there"),
	BP_STR(machine, version, BP_REQ, 0, 40, "version of its programs"),
	BP_TIME(machine, seen_at, BP_REQ, "when they last said that they are there"),
	BP_BOOL(machine, quiet, BP_REQ, "they have not for minutes"),
	BP_BOOL(machine, obeys, BP_REQ, "its programs all know whether the doors are closed for maintenance; otherwise they are older ones, or not reached"));
struct maintenance {
	int64_t since;
	const char *by;
};
BP_SHAPE(health_maintenance, maintenance,
	BP_TIME(maintenance, since, BP_REQ, "since when the doors of all machines are closed"),
	BP_STR(maintenance, by, BP_REQ, 0, 120, "account of the operating system that closed them"));
struct database_host {
	const char *host, *error;
	bool follows, behind;
	struct bp_opt_num lag;
	int64_t looked_at;
};
BP_SHAPE(health_database_host, database_host,
	BP_STR(database_host, host, BP_REQ, 1, 200, "machine, as db_host has it"),
	BP_BOOL(database_host, follows, BP_REQ, "it is a copy, or does not answer; otherwise it takes changes"),
	BP_NUM(database_host, lag, BP_NUL, 0, 1e12, "how many seconds a copy is behind; null: it does not answer, or is none"),
	BP_BOOL(database_host, behind, BP_REQ, "a copy that is further behind than replica_lag_seconds"),
	BP_STR(database_host, error, BP_REQ, 0, 200, "why it does not answer"),
	BP_TIME(database_host, looked_at, BP_REQ, "when that was looked at"));
struct health_out {
	int64_t disk_free, disk_size, sessions, drafts, locks, outbox, given_up, audit_waiting;
	bool backups_wanted;
	struct maintenance *maintenance;
	struct database *database;
	struct lately *lately;
	struct drill *drill;
	struct bp_opt_int drill_next_at;
	struct bp_opt_int certificate_ends;
	struct bp_list alarms, duties, disks, memories, machines, databases, pools, jobs, calls, backups;
};
BP_SHAPE(system_health, health_out,
	BP_OBJ(health_out, maintenance, BP_NUL, &health_maintenance, "null: the doors are open"),
	BP_LIST(health_out, alarms, BP_REQ, 1000, &health_alarm, "what is alarming now, or was told and is not over yet"),
	BP_LIST(health_out, duties, BP_REQ, 5, &health_duty, "who looks at alarms, makes backups, holds snapshots against the database, delivers to the webhook and sends the heartbeat"),
	BP_INT(health_out, disk_free, BP_REQ, 0, 9e18, "free bytes where the state lies"),
	BP_INT(health_out, disk_size, BP_REQ, 0, 9e18, "size of that disk in bytes"),
	BP_LIST(health_out, disks, BP_REQ, BP_FOLDER__MAX, &health_disk, "the disks of the machine that answers"),
	BP_LIST(health_out, memories, BP_REQ, BP_MEMORY__MAX, &health_memory, "its memory"),
	BP_TIME(health_out, certificate_ends, BP_NUL, "when the certificate ends that its web server shows; null: it speaks no TLS"),
	BP_LIST(health_out, machines, BP_REQ, 1000, &health_machine, "machines whose programs say that they are there"),
	BP_LIST(health_out, databases, BP_REQ, 100, &health_database_host, "the databases of several machines"),
	BP_INT(health_out, sessions, BP_REQ, 0, 9e15, "people seen within a quarter of an hour"),
	BP_INT(health_out, drafts, BP_REQ, 0, 9e15, "plans that were worked on within a day"),
	BP_INT(health_out, locks, BP_REQ, 0, 9e15, "locks on planning units"),
	BP_INT(health_out, outbox, BP_REQ, 0, 9e15, "events that have not gone out to the webhook yet"),
	BP_INT(health_out, given_up, BP_REQ, 0, 9e15, "events that the webhook did not take, and that are no longer tried"),
	BP_INT(health_out, audit_waiting, BP_REQ, 0, 9e15, "events of the trail that wait for their seal too long"),
	BP_OBJ(health_out, lately, BP_REQ, &health_lately, "requests of the last minutes"),
	BP_OBJ(health_out, database, BP_REQ, &health_database, "the database"),
	BP_LIST(health_out, pools, BP_REQ, BP_HEALTH_POOLS, &health_pool, "pools of handlers"),
	BP_LIST(health_out, jobs, BP_REQ, 200, &health_job, "background jobs by kind and state"),
	BP_LIST(health_out, calls, BP_REQ, BP_METER_NOTES, &health_call, "slow or failed requests of the last hour, newest first"),
	BP_BOOL(health_out, backups_wanted, BP_REQ, "daily backups are to be made, by whichever machine"),
	BP_LIST(health_out, backups, BP_REQ, 10, &health_backup, "the last backups, newest first"),
	BP_OBJ(health_out, drill, BP_NUL, &health_drill, "the last time that one was restored aside and held against what runs"),
	BP_TIME(health_out, drill_next_at, BP_NUL, "when that is done again; null: by hand only, or there is no backup yet"));

static const char *machine_of(struct bp_arena *a, const char *place)
{
	return *place ? bp_strndup(a, place, strcspn(place, ":")) : NULL;
}

/* "A\nB" */
static struct bp_list split_names(struct bp_arena *a, const char *names)
{
	struct bp_list out = {NULL, 0};
	char *save = NULL, *all = bp_strdup(a, names ? names : "");
	const char **v = bp_alloc_array(a, strlen(all) / 2 + 1, sizeof(*v));

	for (char *one = strtok_r(all, "\n", &save); one; one = strtok_r(NULL, "\n", &save))
		v[out.n++] = one;
	out.v = v;
	return out;
}

/* What people know of, and what sounds here now. */
static enum bp_error list_alarms(struct bp_req *rq, const struct bp_health *h, struct bp_list *out)
{
	struct q_alarms_standing *r = NULL;
	char mine[BP_PLACE_SIZE];
	bool known[BP_ALARM__MAX] = {false};
	struct alarm *v;
	size_t rows = 0, n = 0;
	enum bp_error e = q_alarms_standing(rq->db, rq->arena, &r, &rows);

	bp_conf_place(rq->app->conf, mine);
	v = bp_alloc_array(rq->arena, rows + BP_ALARM__MAX, sizeof(*v));
	for (size_t k = 0; k < rows; k++)
		for (int i = 0; i < BP_ALARM__MAX; i++)
			if (!strcmp(r[k].name, bp_alarms[i].name)) {
				bool here = bp_alarms[i].everywhere || !strcmp(r[k].place, mine);

				known[i] = known[i] || here;
				v[n++] = (struct alarm){bp_alarms[i].name, bp_alarms[i].grave, bp_alarms[i].what, machine_of(rq->arena, r[k].place),
					here ? h->alarm[i] : r[k].sounds, r[k].began_at, r[k].told_at, split_names(rq->arena, r[k].told)};
			}
	for (int i = 0; i < BP_ALARM__MAX; i++)
		if (h->alarm[i] && !known[i])
			v[n++] = (struct alarm){.name = bp_alarms[i].name, .grave = bp_alarms[i].grave, .text = bp_alarms[i].what, .sounds = true,
				.machine = bp_alarms[i].everywhere ? NULL : machine_of(rq->arena, mine)};
	*out = (struct bp_list){v, n};
	return e;
}

static struct bp_list list_duties(struct bp_req *rq, const struct bp_health *h)
{
	struct duty *v = bp_alloc_array(rq->arena, h->n_duties + 1, sizeof(*v));

	for (size_t i = 0; i < h->n_duties; i++) {
		const struct q_duties *d = &h->duties[i];

		v[i] = (struct duty){d->name, d->target, machine_of(rq->arena, d->place), d->error, d->at, d->failures, d->ok_at, d->failed_at};
	}
	return (struct bp_list){v, h->n_duties};
}

/* Each disk once, with all that lies on it. */
static struct bp_list list_disks(struct bp_req *rq, const struct bp_health *h)
{
	struct disk *v = bp_alloc_array(rq->arena, BP_FOLDER__MAX, sizeof(*v));
	struct bp_list out = {v, 0};

	for (int i = 0; i < BP_FOLDER__MAX; i++) {
		const char **names = bp_alloc_array(rq->arena, BP_FOLDER__MAX, sizeof(*names));
		struct disk *d = &v[out.n];

		if (!h->disk[i].size || bp_disk_told(h->disk, i))
			continue;
		*d = (struct disk){{names, 0}, h->disk[i].free, h->disk[i].size, h->disk[i].full};
		for (int k = i; k < BP_FOLDER__MAX; k++)
			if (h->disk[k].size && h->disk[k].device == h->disk[i].device)
				names[d->folders.n++] = bp_folders[k];
		out.n++;
	}
	return out;
}

static struct bp_list list_memories(struct bp_req *rq, const struct bp_health *h)
{
	struct memory *v = bp_alloc_array(rq->arena, BP_MEMORY__MAX, sizeof(*v));
	size_t n = 0;

	for (int i = 0; i < BP_MEMORY__MAX; i++)
		if (h->memory[i].size)
			v[n++] = (struct memory){bp_memories_of[i], h->memory[i].free, h->memory[i].size, h->memory[i].full};
	return (struct bp_list){v, n};
}

static struct bp_list list_machines(struct bp_req *rq, const struct bp_health *h)
{
	struct machine *v = bp_alloc_array(rq->arena, h->n_machines + 1, sizeof(*v));

	for (size_t i = 0; i < h->n_machines; i++) {
		const struct q_machines *m = &h->machines[i];

		v[i] = (struct machine){machine_of(rq->arena, m->place), m->runs, m->version, m->seen_at, m->age > MACHINE_QUIET,
			bp_health_obeys(h, m->place)};
	}
	return (struct bp_list){v, h->n_machines};
}

static struct bp_list list_databases(struct bp_req *rq, const struct bp_health *h)
{
	struct database_host *v = bp_alloc_array(rq->arena, h->n_databases + 1, sizeof(*v));

	for (size_t i = 0; i < h->n_databases; i++) {
		const struct q_databases *d = &h->databases[i];

		v[i] = (struct database_host){d->host, d->error, d->follows, d->lag.set && d->lag.v > (double)bp_setting(BP_SETTING_replica_lag_seconds), d->lag,
			d->looked_at};
	}
	return (struct bp_list){v, h->n_databases};
}

static struct bp_list list_pools(struct bp_req *rq, const struct bp_health *h)
{
	struct pool *v = bp_alloc_array(rq->arena, BP_HEALTH_POOLS, sizeof(*v));

	for (int i = 0; i < BP_HEALTH_POOLS; i++)
		v[i] = (struct pool){h->pool[i].name, h->pool[i].threads, h->pool[i].busy};
	return (struct bp_list){v, BP_HEALTH_POOLS};
}

static struct bp_list list_jobs(struct bp_req *rq, const struct bp_health *h)
{
	struct jobs *v = bp_alloc_array(rq->arena, h->n_jobs + 1, sizeof(*v));

	for (size_t i = 0; i < h->n_jobs; i++)
		v[i] = (struct jobs){h->jobs[i].kind, h->jobs[i].state, h->jobs[i].n, h->jobs[i].oldest};
	return (struct bp_list){v, h->n_jobs};
}

static struct bp_list list_calls(struct bp_req *rq, const struct bp_health *h)
{
	struct call *v = bp_alloc_array(rq->arena, h->n_notes + 1, sizeof(*v));

	for (size_t i = 0; i < h->n_notes; i++) {
		const struct bp_meter_note *n = &h->note[i];

		v[i] = (struct call){n->at, n->status, (double)n->us / 1e6, n->what, n->correlation};
	}
	return (struct bp_list){v, h->n_notes};
}

static enum bp_error list_backups(struct bp_req *rq, struct bp_list *out)
{
	struct q_backup_list *r;
	struct backup *v;
	size_t n = 0;
	enum bp_error e = q_backup_list(rq->db, rq->arena, 10, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = (struct backup){r[i].id, r[i].bytes, r[i].started_at, r[i].push_failures, r[i].push_bytes, r[i].ended_at, r[i].push_begun_at, r[i].pushed_at,
			r[i].dir, r[i].state, r[i].detail, r[i].pushed_to, r[i].push_error, r[i].push_sha256};
	*out = (struct bp_list){v, n};
	return e;
}

static enum bp_error read_drill(struct bp_req *rq, const struct bp_health *h, struct health_out *out)
{
	int64_t days = bp_setting(BP_SETTING_backup_drill_days);
	const struct q_drill_last *d = &h->drill;
	struct q_drill_next next = {0};
	enum bp_error e = days && h->backups ? q_drill_next(rq->db, rq->arena, days, &next) : BP_E_OK;

	out->drill_next_at = next.due;
	if (!d->state)
		return e;
	out->drill = bp_alloc(rq->arena, sizeof(*out->drill));
	*out->drill = (struct drill){d->dir, d->state, d->detail, d->plans, d->tables, d->rows, d->events, d->started_at, d->ended_at};
	return e;
}

static struct bp_opt_num share_below(const struct bp_health *h, double q)
{
	double s = bp_meter_quantile(&h->lately, q);

	return (struct bp_opt_num){s, s >= 0};
}

static enum bp_error get(struct bp_req *rq)
{
	struct bp_health *h = bp_alloc(rq->arena, sizeof(*h));
	struct health_out *out = bp_alloc(rq->arena, sizeof(*out));
	struct database *d = bp_alloc(rq->arena, sizeof(*d));
	struct lately *l = bp_alloc(rq->arena, sizeof(*l));
	enum bp_error e = bp_health_read(rq->db, rq->arena, rq->app->conf, h);

	if (e)
		return e;
	*d = (struct database){h->database.version, h->database.uptime, h->database.connections, h->database.connections_most,
		h->database.deadlocks, h->database.lock_waits, h->database.slow};
	*l = (struct lately){BP_HEALTH_MINUTES, h->lately.n, h->lately.failed, share_below(h, .95), share_below(h, .99)};
	*out = (struct health_out){.disk_free = h->disk[BP_FOLDER_STATE].free, .disk_size = h->disk[BP_FOLDER_STATE].size, .sessions = h->counts.sessions, .drafts = h->counts.drafts,
		.locks = h->counts.locks, .outbox = h->counts.outbox, .given_up = h->counts.given_up, .audit_waiting = h->counts.audit_waiting, .database = d, .lately = l, .backups_wanted = h->backups,
		.duties = list_duties(rq, h), .disks = list_disks(rq, h), .memories = list_memories(rq, h), .machines = list_machines(rq, h), .databases = list_databases(rq, h), .pools = list_pools(rq, h), .jobs = list_jobs(rq, h), .calls = list_calls(rq, h)};
	if (h->certificate.ends)
		out->certificate_ends = BP_SOME_INT(h->certificate.ends * 1000000);
	if (h->doors.closed) {
		out->maintenance = bp_alloc(rq->arena, sizeof(*out->maintenance));
		*out->maintenance = (struct maintenance){h->doors.at, h->doors.who};
	}
	rq->reply = out;
	e = list_alarms(rq, h, &out->alarms);
	if (!e)
		e = read_drill(rq, h, out);
	return e ? e : list_backups(rq, &out->backups);
}

/* Without the database the counters still are. */
static enum bp_error metrics(struct bp_req *rq)
{
	struct bp_health *h = bp_alloc(rq->arena, sizeof(*h));
	struct bp_buf out;
	enum bp_error e = rq->db ? bp_health_read(rq->db, rq->arena, rq->app->conf, h) : BP_E_DB_DOWN;

	bp_buf_init(&out, 16u << 20);
	bp_buf_printf(&out, "# TYPE beatplan_up gauge\nbeatplan_up %d\n", !e);
	if (e)
		bp_meter_print(&out);
	else
		bp_health_print(h, &out);
	bp_req_begin_type(rq, "text/plain; version=0.0.4; charset=utf-8", NULL);
	bp_req_write(rq, out.data, out.len);
	bp_buf_release(&out);
	return BP_E_OK;
}

struct check {
	const char *name, *verdict, *what, *detail, *mend;
};
BP_SHAPE(doctor_check, check,
	BP_STR(check, name, BP_REQ, 1, 24, "code"),
	BP_ENUM(check, verdict, BP_REQ, bp_verdicts, "how it stands"),
	BP_STR(check, what, BP_REQ, 1, 200, "what was looked at"),
	BP_STR(check, detail, BP_REQ, 0, 300, "what was found"),
	BP_STR(check, mend, BP_REQ, 1, 200, "how to mend it"));
struct doctor_out {
	struct bp_list checks;
};
BP_SHAPE(system_doctor, doctor_out, BP_LIST(doctor_out, checks, BP_REQ, BP_CHECK__MAX, &doctor_check, "everything that was looked at"));

static enum bp_error doctor(struct bp_req *rq)
{
	struct bp_finding *f = bp_alloc_array(rq->arena, BP_CHECK__MAX, sizeof(*f));
	struct check *v = bp_alloc_array(rq->arena, BP_CHECK__MAX, sizeof(*v));
	struct doctor_out *out = bp_alloc(rq->arena, sizeof(*out));

	bp_doctor(rq->db, rq->app->conf, f);
	for (int i = 0; i < BP_CHECK__MAX; i++)
		v[i] = (struct check){f[i].name, bp_verdicts[f[i].verdict], f[i].what, f[i].detail, f[i].mend};
	out->checks = (struct bp_list){v, BP_CHECK__MAX};
	rq->reply = out;
	return BP_E_OK;
}

struct events_out {
	int64_t events;
};
BP_SHAPE(system_events, events_out, BP_INT(events_out, events, BP_REQ, 0, 9e15, "events that go out now"));

static enum bp_error need_webhook(struct bp_req *rq)
{
	struct q_outbox_wanted r = {0};
	enum bp_error e = q_outbox_wanted(rq->db, rq->arena, &r);

	return e || r.wanted ? e : bp_fail(&rq->fail, BP_E_CONFLICT, "no webhook is configured: set webhook_url and webhook_secret in beatplan.conf, then `beatplan down` and `beatplan up`");
}

static enum bp_error reply_events(struct bp_req *rq, enum bp_error e, uint64_t n)
{
	struct events_out *out = bp_alloc(rq->arena, sizeof(*out));

	out->events = (int64_t)n;
	rq->reply = out;
	bp_audit_change(&rq->audit, "events", NULL, bp_sprintf(rq->arena, "%llu", (unsigned long long)n));
	return e;
}

static enum bp_error test_webhook(struct bp_req *rq)
{
	enum bp_error e = need_webhook(rq);

	return reply_events(rq, e ? e : bp_outbox_add(rq->db, "webhook.test", 0, "{}"), 1);
}

static enum bp_error send_again(struct bp_req *rq)
{
	uint64_t n = 0;
	enum bp_error e = need_webhook(rq);

	if (!e)
		e = q_outbox_again(rq->db, &n);
	return reply_events(rq, e, n);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/system/health", "How it goes: disk, database, pools, jobs, slow requests, alarms", BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, BP_EP_WATCHES,
		.reply = &system_health, .handle = get},
	{"GET", "/system/doctor", "What is wrong with the installation, and how to mend it", BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, BP_EP_WATCHES,
		.reply = &system_doctor, .handle = doctor},
	{"POST", "/system/webhook/test", "Send a test event to the webhook", BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, 0,
		.reply = &system_events, .audit = BP_ACTION_WEBHOOK_TEST, .fails = {BP_E_CONFLICT}, .handle = test_webhook},
	{"POST", "/system/webhook/again", "Send again what the webhook did not take in time", BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, 0,
		.reply = &system_events, .audit = BP_ACTION_EVENTS_AGAIN, .fails = {BP_E_CONFLICT}, .handle = send_again},
	{"GET", "/metrics", "Counters for a machine that watches; the web server lets in this machine only", BP_SCOPE_PUBLIC, 0, BP_EP_STREAM_OUT | BP_EP_NO_DB | BP_EP_WATCHES,
		.media = "text/plain", .handle = metrics},
};
BP_RESOURCE(system, ep);
