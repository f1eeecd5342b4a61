/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/relay.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

#define LOOK_MS 100 /* how soon a line sees that it was cut */
#define CHUNK 65536

struct relay {
	int listens;
	struct sockaddr_un target;
	atomic_int delay_ms, armed, cut, lines;
	atomic_uint era; /* lines of an earlier one are cut */
	atomic_bool ending;
	pthread_t thread;
};

struct line {
	struct relay *r;
	int client, server;
	unsigned era;
	bool doomed; /* the next reply is the last thing that comes, and is not passed on */
};

static bool address(struct sockaddr_un *a, const char *path)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	return (size_t)snprintf(a->sun_path, sizeof(a->sun_path), "%s", path) < sizeof(a->sun_path);
}

/* A packet: three bytes of length, a number, the command (3 = a query), its text. */
static bool commits(const char *p, ssize_t n)
{
	return n >= 11 && p[4] == 3 && !memcmp(p + 5, "COMMIT", 6);
}

static bool send_all(int fd, const char *p, ssize_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, (size_t)n, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			p += sent;
			n -= sent;
		}
	}
	return true;
}

static bool take_order(struct relay *r, enum relay_cut what)
{
	int wanted = (int)what;

	return atomic_compare_exchange_strong(&r->armed, &wanted, RELAY_NONE);
}

/* false when the line ends. */
static bool pass_request(struct line *l, char *chunk)
{
	int ms = atomic_load(&l->r->delay_ms);
	struct timespec late = {ms / 1000, ms % 1000 * 1000000L};
	ssize_t n = recv(l->client, chunk, CHUNK, 0);

	if (n <= 0)
		return false;
	if (ms)
		nanosleep(&late, NULL);
	if (commits(chunk, n)) {
		if (take_order(l->r, RELAY_BEFORE_COMMIT)) {
			atomic_fetch_add(&l->r->cut, 1);
			return false;
		}
		l->doomed = take_order(l->r, RELAY_AFTER_COMMIT);
	}
	return send_all(l->server, chunk, n);
}

static bool pass_reply(struct line *l, char *chunk)
{
	ssize_t n = recv(l->server, chunk, CHUNK, 0);

	if (l->doomed)
		atomic_fetch_add(&l->r->cut, 1);
	return n > 0 && !l->doomed && send_all(l->client, chunk, n);
}

static void *run_line(void *ctx)
{
	struct line *l = ctx;
	char *chunk = bp_xmalloc(CHUNK);
	bool open = true;

	while (open && atomic_load(&l->r->era) == l->era) {
		struct pollfd p[2] = {{.fd = l->client, .events = POLLIN}, {.fd = l->server, .events = POLLIN}};

		if (poll(p, 2, LOOK_MS) <= 0)
			continue;
		if (p[0].revents)
			open = pass_request(l, chunk);
		if (open && p[1].revents)
			open = pass_reply(l, chunk);
	}
	close(l->client);
	close(l->server);
	atomic_fetch_sub(&l->r->lines, 1);
	free(chunk);
	free(l);
	return NULL;
}

static void begin_line(struct relay *r, int client)
{
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct line *l;
	pthread_t t;

	if (server < 0 || connect(server, (const struct sockaddr *)&r->target, sizeof(r->target))) {
		close(server);
		close(client);
		return;
	}
	l = bp_xcalloc(1, sizeof(*l));
	*l = (struct line){.r = r, .client = client, .server = server, .era = atomic_load(&r->era)};
	atomic_fetch_add(&r->lines, 1);
	if (pthread_create(&t, NULL, run_line, l)) {
		atomic_fetch_sub(&r->lines, 1);
		close(server);
		close(client);
		free(l);
		return;
	}
	pthread_detach(t);
}

static void *listen_on(void *ctx)
{
	struct relay *r = ctx;

	while (!atomic_load(&r->ending)) {
		struct pollfd p = {.fd = r->listens, .events = POLLIN};
		int client = poll(&p, 1, LOOK_MS) > 0 ? accept4(r->listens, NULL, NULL, SOCK_CLOEXEC) : -1;

		if (client >= 0)
			begin_line(r, client);
	}
	return NULL;
}

enum bp_error relay_open(struct relay **out, const char *path, const char *target, struct bp_fail *f)
{
	struct relay *r = bp_xcalloc(1, sizeof(*r));
	struct sockaddr_un at;

	unlink(path);
	r->listens = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!address(&at, path) || !address(&r->target, target) || r->listens < 0 || bind(r->listens, (const struct sockaddr *)&at, sizeof(at)) ||
		chmod(path, 0666) || listen(r->listens, 128) || pthread_create(&r->thread, NULL, listen_on, r)) {
		bp_fail(f, BP_E_INTERNAL, "cannot listen on %s: %s", path, strerror(errno));
		if (r->listens >= 0)
			close(r->listens);
		free(r);
		return BP_E_INTERNAL;
	}
	*out = r;
	return BP_E_OK;
}

void relay_delay(struct relay *r, int ms)
{
	atomic_store(&r->delay_ms, ms);
}

int relay_cut(struct relay *r, enum relay_cut what)
{
	if (what == RELAY_ALL) {
		atomic_fetch_add(&r->cut, atomic_load(&r->lines));
		atomic_fetch_add(&r->era, 1);
	} else {
		atomic_store(&r->armed, (int)what);
	}
	return atomic_load(&r->cut);
}

void relay_close(struct relay *r)
{
	struct timespec pause = {0, 10000000};

	if (!r)
		return;
	atomic_store(&r->ending, true);
	pthread_join(r->thread, NULL);
	close(r->listens);
	atomic_fetch_add(&r->era, 1);
	while (atomic_load(&r->lines))
		nanosleep(&pause, NULL);
	free(r);
}
