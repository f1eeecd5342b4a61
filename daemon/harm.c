/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/harm.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/faults.h"
#include "daemon/supervisor.h"

#define PATIENCE_US 60000000
#define LOOK_US 20000
#define COMMIT_US 5000000 /* how long a cut waits for a commit */
#define DELAY_MS 500
#define JUMP_S 10800
#define CLOCK_FILE "clock"
#define BALLOON "uploads/balloon"

static void rest_us(int64_t us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* xorshift64* */
uint64_t harm_dice(struct harm *h, uint64_t n)
{
	h->dice ^= h->dice >> 12;
	h->dice ^= h->dice << 25;
	h->dice ^= h->dice >> 27;
	return h->dice * 2685821657736338717ULL % n;
}

static pid_t pid_of(const struct harm *h, int child, const char **name)
{
	pid_t pid = 0;

	return bp_supervised(h->state, child, name, &pid) ? pid : -1;
}

/* Another has taken the place of the program that was killed (child < 0: none was). */
static bool replaced(const struct harm *h, int child, pid_t old)
{
	const char *name;
	pid_t now = child < 0 ? 0 : pid_of(h, child, &name);

	return child < 0 || (now > 0 && now != old);
}

/* Seconds until all is back, from now or from `since`; -1 = never. */
static double back(const struct harm *h, int child, pid_t old, int64_t since)
{
	bool healthy = false;
	long kept = 0;

	for (; bp_monotonic_us() - since < PATIENCE_US; rest_us(LOOK_US)) {
		if (!healthy && replaced(h, child, old) && faults_healthy(h->base)) {
			healthy = true;
			kept = atomic_load(h->kept);
		}
		if (healthy && atomic_load(h->kept) > kept)
			return (double)(bp_monotonic_us() - since) / 1e6;
	}
	return -1;
}

static bool note(struct harm *h, enum harm_kind kind, const char *what, double took)
{
	fprintf(stderr, "%-24s back in %.2f s\n", what, took);
	h->done[kind]++;
	if (took < 0 || (took > h->back_s[kind] && h->back_s[kind] >= 0))
		h->back_s[kind] = took;
	return took >= 0;
}

static bool kill_one(struct harm *h)
{
	const char *name = "?";
	int child = (int)harm_dice(h, (uint64_t)h->children);
	pid_t pid = pid_of(h, child, &name);
	int64_t t = bp_monotonic_us();

	if (pid > 0)
		kill(pid, SIGKILL);
	return note(h, HARM_KILL, name, back(h, child, pid, t));
}

/* Of three cuts one takes all lines, one a commit that the database never hears of, one a commit whose answer is lost. */
static bool cut(struct harm *h)
{
	static const char *const names[] = {"", "all lines cut", "cut before a commit", "cut after a commit"};
	enum relay_cut what = (enum relay_cut)(RELAY_ALL + harm_dice(h, 3));
	int before = relay_cut(h->relay, RELAY_NONE);
	int64_t t = bp_monotonic_us();

	relay_cut(h->relay, what);
	while (relay_cut(h->relay, what == RELAY_ALL ? RELAY_NONE : what) == before && bp_monotonic_us() - t < COMMIT_US)
		rest_us(1000);
	relay_cut(h->relay, RELAY_NONE);
	return note(h, HARM_CUT, names[what], back(h, -1, 0, bp_monotonic_us()));
}

/* Up to three hours forth or back, for the database as well: that of one machine. */
static bool set_clock(struct harm *h)
{
	int by = (int)harm_dice(h, 2 * JUMP_S + 1) - JUMP_S;
	char text[32], what[48];
	struct bp_fail f = {0};
	int n = snprintf(text, sizeof(text), "%+d\n", by);

	snprintf(what, sizeof(what), "clock at %+d s", by);
	if (bp_state_put(h->state, CLOCK_FILE, text, (size_t)n, &f))
		return note(h, HARM_CLOCK, f.detail, -1);
	rest_us(1500000); /* it is read once a second */
	return note(h, HARM_CLOCK, what, back(h, -1, 0, bp_monotonic_us()));
}

/* The database is stopped, not killed: nothing answers, nobody is told. */
static bool stop_database(struct harm *h, int seconds)
{
	const char *name;
	pid_t pid = pid_of(h, 0, &name);

	kill(pid, SIGSTOP);
	rest_us(seconds * 1000000LL);
	kill(pid, SIGCONT);
	return note(h, HARM_STOP, "database stopped", back(h, -1, 0, bp_monotonic_us()));
}

static bool delay(struct harm *h, int seconds)
{
	relay_delay(h->relay, DELAY_MS);
	rest_us(seconds * 1000000LL);
	relay_delay(h->relay, 0);
	return note(h, HARM_DELAY, "database 500 ms away", back(h, -1, 0, bp_monotonic_us()));
}

static bool fill_disk(struct harm *h, int seconds)
{
	static const char air[1 << 20];
	char path[BP_STATE_PATH + 32];
	int64_t until = bp_monotonic_us() + seconds * 1000000LL;
	int fd;

	bp_state_path(h->state, BALLOON, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	/* What others let go in the meantime is taken too. */
	while (fd >= 0 && bp_monotonic_us() < until) {
		size_t size = sizeof(air);

		while (size >= 512)
			if (write(fd, air, size) <= 0)
				size /= 2;
		rest_us(LOOK_US);
	}
	close(fd);
	unlink(path);
	return note(h, HARM_FULL, "disk full", back(h, -1, 0, bp_monotonic_us()));
}

bool harm_do(struct harm *h, enum harm_kind kind, int seconds)
{
	rest_us(100000 + (int64_t)harm_dice(h, 1200000));
	switch (kind) {
	case HARM_KILL: return kill_one(h);
	case HARM_CUT: return cut(h);
	case HARM_CLOCK: return set_clock(h);
	case HARM_STOP: return stop_database(h, seconds);
	case HARM_DELAY: return delay(h, seconds);
	case HARM_FULL: return fill_disk(h, seconds);
	case HARM__KINDS: break;
	}
	return false;
}

/* The line of the configuration that names the database's socket names the relay's. */
static enum bp_error point_to(const struct harm *h, const char *from, const char *to, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], text[16384], *at;
	struct bp_buf b;
	FILE *in;
	size_t n;
	enum bp_error e;

	bp_state_path(h->state, "beatplan.conf", path, sizeof(path));
	in = fopen(path, "re");
	n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;
	text[n] = '\0';
	if (in)
		fclose(in);
	at = strstr(text, from);
	if (!at)
		return bp_fail(f, BP_E_INTERNAL, "%s does not name %s", path, from);
	bp_buf_init(&b, 32768);
	bp_buf_add(&b, text, (size_t)(at - text));
	bp_buf_str(&b, to);
	bp_buf_str(&b, at + strlen(from));
	e = bp_state_put(h->state, "beatplan.conf", b.data, b.len, f);
	bp_buf_release(&b);
	return e;
}

/* What the programs of the next `up` inherit; the database with them. */
static enum bp_error own_clock(const struct harm *h, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];
	glob_t g;
	enum bp_error e;

	if (glob("/usr/lib/*/faketime/libfaketimeMT.so.1", 0, NULL, &g) || !g.gl_pathc)
		return bp_fail(f, BP_E_NOT_FOUND, "a clock that jumps is libfaketime's: install Debian's package of that name, or leave --clock-jumps away");
	bp_state_path(h->state, CLOCK_FILE, path, sizeof(path));
	e = bp_state_put(h->state, CLOCK_FILE, "+0\n", 3, f);
	if (!e && (setenv("FAKETIME_TIMESTAMP_FILE", path, 1) || setenv("FAKETIME_CACHE_DURATION", "1", 1) ||
		setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1) || setenv("LD_PRELOAD", g.gl_pathv[0], 1)))
		e = bp_fail(f, BP_E_INTERNAL, "%s", strerror(errno));
	globfree(&g);
	return e;
}

enum bp_error harm_prepare(struct harm *h, bool clock, struct bp_fail *f)
{
	char database[96], relay[96];
	enum bp_error e = bp_state_create(h->state, f); /* `down` took the folder of sockets */

	snprintf(database, sizeof(database), "%s/db", h->state->run);
	snprintf(relay, sizeof(relay), "%s/relay", h->state->run);
	if (!e)
		e = relay_open(&h->relay, relay, database, f);
	if (!e)
		e = point_to(h, database, relay, f);
	return !e && clock ? own_clock(h, f) : e;
}

void harm_end(struct harm *h)
{
	unsetenv("LD_PRELOAD");
	relay_close(h->relay);
	h->relay = NULL;
}
