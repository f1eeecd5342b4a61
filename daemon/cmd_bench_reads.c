/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan bench reads: clients that read single outlets over HTTP from a running state, signed in as a
 * user that is made for it and removed again.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auth/auth.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "queries.h"

int bench_reads(int argc, char **argv);

enum { CLIENTS_MOST = 256, SAMPLES_MOST = 2000000, IDS_MOST = 20000, REPLY_MOST = 1 << 16 };

struct run {
	int port;
	const char *cookie;
	const struct q_outlet_ids *ids;
	size_t n_ids;
	int64_t until;
	atomic_size_t n, failed;
	atomic_bool early; /* more calls than a person may make */
	float *ms;
};
struct client {
	struct run *run;
	uint64_t seed;
};

static int connect_to(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* Send a request and read the whole reply; its status, 0 when the connection failed. */
static int exchange(int fd, const char *rq, size_t n, char *reply)
{
	size_t got = 0, want = 0;
	char *body = NULL;

	if (write(fd, rq, n) != (ssize_t)n)
		return 0;
	while (!body || got < want) {
		ssize_t k = read(fd, reply + got, REPLY_MOST - 1 - got);
		const char *length;

		if (k <= 0)
			return 0;
		got += (size_t)k;
		reply[got] = '\0';
		if (body || !(body = strstr(reply, "\r\n\r\n")))
			continue;
		length = strcasestr(reply, "\r\nContent-Length:");
		if (length) {
			want = (size_t)(body - reply) + 4 + strtoul(length + 17, NULL, 10);
		} else { /* chunked: it ends with an empty chunk */
			while (got < 5 || strcmp(reply + got - 5, "0\r\n\r\n")) {
				k = read(fd, reply + got, REPLY_MOST - 1 - got);
				if (k <= 0)
					return 0;
				got += (size_t)k;
				reply[got] = '\0';
			}
			want = got;
		}
	}
	return (int)strtol(reply + 9, NULL, 10);
}

static void *client(void *ctx)
{
	struct client *c = ctx;
	struct run *r = c->run;
	char *reply = bp_xmalloc(REPLY_MOST), rq[512];
	int fd = connect_to(r->port);

	while (bp_monotonic_us() < r->until) {
		int64_t start = bp_monotonic_us();
		size_t at;
		int n, status;

		c->seed = c->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		n = snprintf(rq, sizeof(rq), "GET /api/v1/outlets/%lld HTTP/1.1\r\nHost: localhost\r\nCookie: " BP_AUTH_COOKIE "=%s\r\n\r\n",
			(long long)r->ids[(c->seed >> 33) % r->n_ids].id, r->cookie);
		status = fd < 0 ? 0 : exchange(fd, rq, (size_t)n, reply);
		if (status != 200)
			atomic_fetch_add(&r->failed, 1);
		if (status == 429)
			atomic_store(&r->early, true);
		if (!status) {
			if (fd >= 0)
				close(fd);
			fd = connect_to(r->port);
			continue;
		}
		at = atomic_fetch_add(&r->n, 1);
		if (at < SAMPLES_MOST)
			r->ms[at] = (float)(bp_monotonic_us() - start) / 1000;
	}
	if (fd >= 0)
		close(fd);
	free(reply);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static int port_of(const struct bp_state *s)
{
	char path[BP_STATE_PATH + 32], line[512];
	int port = 0;
	FILE *fp;

	bp_state_path(s, "nginx.conf", path, sizeof(path));
	fp = fopen(path, "r");
	while (fp && !port && fgets(line, sizeof(line), fp)) {
		const char *p = strstr(line, "listen ");

		p = p ? strrchr(p, ':') : NULL;
		port = p ? (int)strtol(p + 1, NULL, 10) : 0;
	}
	if (fp)
		fclose(fp);
	return port;
}

/* A user that may read everything, signed in; gone again with drop_user. */
static enum bp_error make_user(struct bp_db *db, struct bp_arena *a, char name[40], char token[BP_AUTH_TOKEN_SIZE], int64_t *id)
{
	char password[BP_AUTH_GENERATED], hash[128];
	struct bp_user user;
	enum bp_error e;

	snprintf(name, 40, "bench-%lld", (long long)(bp_now() / 1000));
	bp_auth_generate(password);
	e = bp_auth_hash(password, hash);
	if (!e)
		e = q_user_add(db, name, "Benchmark", "", "en", hash, 0, 0, NULL);
	*id = (int64_t)bp_db_insert_id(db);
	if (!e)
		e = q_user_scope_add(db, *id, 0, "leadership", NULL);
	return e ? e : bp_auth_login(db, a, &(struct bp_sign_in){.username = name, .password = password, .ip = "127.0.0.1",
		.agent = "beatplan bench"}, token, &user);
}

static void report(struct run *r, double seconds, int clients, bool json)
{
	size_t n = atomic_load(&r->n) < SAMPLES_MOST ? atomic_load(&r->n) : SAMPLES_MOST;
	double rate = (double)atomic_load(&r->n) / seconds, p50, p95, p99;

	qsort(r->ms, n, sizeof(*r->ms), by_size);
	p50 = n ? (double)r->ms[n / 2] : 0;
	p95 = n ? (double)r->ms[n * 95 / 100] : 0;
	p99 = n ? (double)r->ms[n * 99 / 100] : 0;
	printf("outlets over HTTP, %d clients: %.0f reads/s, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, %zu failed\n", clients, rate, p50, p95, p99,
		atomic_load(&r->failed));
	if (atomic_load(&r->early))
		puts("  a person may call so often only: beatplan setting set session_calls_a_minute=100000 --reason TEXT");
	printf("  measured before (one bare lookup, no session, no scope): 8400 reads/s, p99 6.5 ms   goal: p99 50 ms with 100 planners\n");
	if (json)
		printf("{\"bench\":\"reads\",\"clients\":%d,\"seconds\":%.1f,\"reads_per_second\":%.0f,\"p50_ms\":%.2f,\"p95_ms\":%.2f,\"p99_ms\":%.2f,"
		       "\"failed\":%zu,\"ceiling_reads_per_second\":8400,\"ceiling_p99_ms\":6.5,\"goal_p99_ms\":50}\n",
			clients, seconds, rate, p50, p95, p99, atomic_load(&r->failed));
}

int bench_reads(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"seconds", required_argument, NULL, 't'},
		{"clients", required_argument, NULL, 'c'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	char name[40], token[BP_AUTH_TOKEN_SIZE];
	struct client clients[CLIENTS_MOST];
	pthread_t t[CLIENTS_MOST];
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct q_outlet_ids *ids;
	struct bp_db *db = NULL;
	struct bp_state s;
	struct bp_arena a;
	struct run r = {.cookie = token};
	double seconds = 5;
	int c, n = 16;
	bool json = false;
	int64_t user = 0, start;
	enum bp_error e;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 't')
			seconds = strtod(optarg, NULL);
		else if (c == 'c')
			n = (int)strtol(optarg, NULL, 10);
		else if (c == 'j')
			json = true;
		else
			return 2;
	}
	if (n < 1 || n > CLIENTS_MOST || !(seconds > 0 && seconds <= 600))
		return 2;
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("bench reads", &f);
	bp_arena_init(&a, 256 << 20);
	r.port = port_of(&s);
	e = q_outlet_ids(db, &a, IDS_MOST, &ids, &r.n_ids);
	if (!e && !r.n_ids)
		e = bp_fail(&f, BP_E_NOT_FOUND, "there are no outlets in %s: start it with --demo, or import some", s.dir);
	if (!e)
		e = make_user(db, &a, name, token, &user);
	if (!e) {
		r.ids = ids;
		r.ms = bp_xcalloc(SAMPLES_MOST, sizeof(*r.ms));
		start = bp_monotonic_us();
		r.until = start + (int64_t)(seconds * 1e6);
		for (c = 0; c < n; c++) {
			clients[c] = (struct client){&r, (uint64_t)c + 1};
			pthread_create(&t[c], NULL, client, &clients[c]);
		}
		for (c = 0; c < n; c++)
			pthread_join(t[c], NULL);
		report(&r, (double)(bp_monotonic_us() - start) / 1e6, n, json);
		free(r.ms);
	} else if (!f.detail[0]) {
		bp_fail(&f, e, "%s", bp_db_failure(db)->detail);
	}
	if (user)
		q_user_delete(db, user, NULL);
	bp_db_free(db);
	bp_arena_release(&a);
	bp_conf_release(&conf);
	return e || atomic_load(&r.failed) ? (e ? bp_cmd_failed("bench reads", &f) : 1) : 0;
}
