/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/doors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"

#define GOOD_US 3000000   /* so long what was read may be gone by */
#define SAY_US 10000000

static const struct bp_conf *conf; /* NULL: a program that obeys nothing */
static char place[BP_PLACE_SIZE], name[20];
static _Atomic int64_t looked;     /* when they were read last */
static atomic_bool closed;
static _Atomic int64_t turn, inside;

bool bp_doors_file(const char *dir, bool *alone)
{
	char path[1200], line[16] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/" BP_DOORS_FILE, dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	*alone = read(fd, line, sizeof(line) - 1) > 0 && !strcmp(line, BP_DOORS_ALONE);
	close(fd);
	return true;
}

/* What the web server of this machine looks at is as the database says. */
static void keep_file(bool want)
{
	char path[1200];
	bool alone = false;
	int fd;

	snprintf(path, sizeof(path), "%s/" BP_DOORS_FILE, conf->dir);
	if (bp_doors_file(conf->dir, &alone) == want || alone)
		return;
	if (!want) {
		unlink(path);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, BP_DOORS_CLOSED, strlen(BP_DOORS_CLOSED)) < 0)
		bp_log(BP_LOG_WARN, "ev=doors file=%s errno=%d", path, errno);
	if (fd >= 0)
		close(fd);
}

static enum bp_error read_them(struct bp_db *db)
{
	int64_t now = bp_monotonic_us();
	bool alone = false;
	struct q_doors r;
	struct bp_arena a;
	enum bp_error e;

	if (!db)
		return BP_E_DB_DOWN;
	bp_arena_init(&a, 65536);
	e = q_doors(db, &a, &r);
	if (!e) {
		if (atomic_exchange(&turn, r.turn) != r.turn)
			bp_log(BP_LOG_INFO, "ev=doors closed=%d turn=%lld by=%s", r.closed != 0, (long long)r.turn, r.who);
		keep_file(r.closed);
		atomic_store(&closed, r.closed || (bp_doors_file(conf->dir, &alone) && alone));
		atomic_store(&looked, now);
	}
	bp_arena_release(&a);
	return e;
}

void bp_doors_begin(const struct bp_conf *c, const char *program)
{
	bp_conf_place(c, place);
	snprintf(name, sizeof(name), "%s", program);
	conf = c;
}

void bp_doors_look(struct bp_db *db)
{
	static int64_t said, said_turn = -1, said_busy;
	int64_t busy, now = bp_monotonic_us();

	if (read_them(db))
		return;
	busy = atomic_load(&inside);
	if (said_turn == atomic_load(&turn) && now - said < SAY_US && (!atomic_load(&closed) || busy == said_busy))
		return;
	if (q_program_says(db, place, name, atomic_load(&turn), busy, NULL))
		return;
	said = now;
	said_turn = atomic_load(&turn);
	said_busy = busy;
}

void bp_doors_end(struct bp_db *db)
{
	if (db && conf)
		q_program_gone(db, place, name, NULL);
}

enum bp_error bp_doors_ask(struct bp_db *db, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;

	if (conf && bp_monotonic_us() - atomic_load(&looked) > GOOD_US)
		e = read_them(db);
	if (!e && conf && atomic_load(&closed))
		return bp_fail(f, BP_E_MAINTENANCE, "nothing is begun until it is over");
	return e;
}

enum bp_error bp_doors_enter(struct bp_db *db, struct bp_fail *f)
{
	enum bp_error e;

	atomic_fetch_add(&inside, 1);
	e = bp_doors_ask(db, f);
	if (e)
		bp_doors_leave();
	return e;
}

void bp_doors_leave(void)
{
	atomic_fetch_sub(&inside, 1);
}
