/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan up, down, status: a private Beatplan in a state folder. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/machine.h"
#include "daemon/setup.h"
#include "daemon/state.h"
#include "daemon/supervisor.h"
#include "health/doors.h"

struct options {
	const char *state, *join, *listen; /* listen NULL, port 0 = as configured */
	long port;
	bool demo, service;
};

static bool is_address(const char *s)
{
	struct in6_addr a;
	size_t n = strlen(s);
	char inner[64];

	if (n > 2 && n < sizeof(inner) && s[0] == '[' && s[n - 1] == ']') {
		memcpy(inner, s + 1, n - 2);
		inner[n - 2] = '\0';
		return inet_pton(AF_INET6, inner, &a) == 1;
	}
	return !strcmp(s, "localhost") || inet_pton(AF_INET, s, &a) == 1;
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'},
		{"port", required_argument, NULL, 'p'}, {"listen", required_argument, NULL, 'l'},
		{"demo", no_argument, NULL, 'd'}, {"service", no_argument, NULL, 'S'}, {"join", required_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	char *end = NULL;
	int c;

	*o = (struct options){0};
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			o->state = optarg;
		else if (c == 'p')
			o->port = strtol(optarg, &end, 10);
		else if (c == 'l')
			o->listen = optarg;
		else if (c == 'd')
			o->demo = true;
		else if (c == 'S')
			o->service = true;
		else if (c == 'j')
			o->join = optarg;
		else
			break;
	}
	if (o->listen && !is_address(o->listen)) {
		fprintf(stderr, "beatplan up: --listen takes an address of this machine, as 127.0.0.1 or 0.0.0.0, not '%s'\n", o->listen);
		return false;
	}
	if (c != -1 || optind < argc || (end && (*end || o->port < 1 || o->port > 65535))) {
		fprintf(stderr, "usage: beatplan %s [--demo] [--state DIR] [--port 1..65535] [--listen ADDRESS] [--service] [--join KIT]\n", argv[0]);
		return false;
	}
	return true;
}

static bool loopback(const char *listen)
{
	return !strncmp(listen, "127.", 4) || !strcmp(listen, "[::1]") || !strcmp(listen, "localhost");
}

/* Somebody else on that port is better found now than in a log of nginx. */
static bool port_free(const struct bp_setup *o)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
	int fd, on = 1;
	bool ok;

	if (inet_pton(AF_INET, o->listen, &sa.sin_addr) != 1)
		return true;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	ok = !bind(fd, (struct sockaddr *)&sa, sizeof(sa));
	close(fd);
	return ok;
}

/* What the caller has open is not ours to hold. */
static void close_all_but(int fd)
{
	if (fd > 3)
		close_range(3, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
}

/* Start the supervisor away from this terminal and wait for its word. */
static enum bp_error launch(const struct bp_state *s, struct bp_fail *f)
{
	char log[BP_STATE_PATH + 32], line[600] = "";
	int ends[2], status, fd;
	ssize_t n;
	pid_t pid;

	if (pipe(ends))
		return bp_fail(f, BP_E_INTERNAL, "no pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot start a process: %s", strerror(errno));
	if (!pid) {
		close_all_but(ends[1]);
		setsid();
		if (fork())
			_exit(0);
		bp_state_path(s, "log/supervisor.log", log, sizeof(log));
		fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		dup2(fd < 0 ? open("/dev/null", O_RDWR) : fd, STDERR_FILENO);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		_exit(bp_supervise(s, ends[1]));
	}
	close(ends[1]);
	waitpid(pid, &status, 0);
	n = read(ends[0], line, sizeof(line) - 1);
	close(ends[0]);
	line[n > 0 ? n : 0] = '\0';
	if (!strcmp(line, "ok\n"))
		return BP_E_OK;
	line[strcspn(line, "\n")] = '\0';
	return bp_fail(f, BP_E_INTERNAL, "%s", *line ? line : "the supervisor ended without a word: see log/supervisor.log");
}

static size_t drop_body(char *data, size_t one, size_t n, void *ctx)
{
	(void)data;
	(void)ctx;
	return one * n;
}

/* What is answered there, 0 = nothing. Whose certificate it is, is not asked: it is our own port. */
static long status_of(const struct bp_setup *o, bool tls, const char *path)
{
	const char *host = loopback(o->listen) || !strcmp(o->listen, "0.0.0.0") ? "127.0.0.1" : !strcmp(o->listen, "[::]") ? "[::1]" : o->listen;
	CURL *c = curl_easy_init();
	char url[128];
	long status = 0;

	snprintf(url, sizeof(url), "%s://%s:%ld%s", tls ? "https" : "http", !strcmp(o->listen, "[::1]") ? "[::1]" : host, o->port, path);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 5L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_body);
	if (!curl_easy_perform(c))
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(c);
	return status;
}

/* Does the whole chain answer: nginx, pools, database? Health has a pool of its own, which may be there before the one of the screens. */
static bool answers(const struct bp_setup *o, bool tls)
{
	long screens = status_of(o, tls, "/healthz") == 200 ? status_of(o, tls, "/api/v1/auth/me") : 0;

	return screens && screens != 502 && screens != 504;
}

static bool wait_until_it_answers(const struct bp_setup *o, bool tls)
{
	int64_t until = bp_monotonic_us() + 30000000;

	while (bp_monotonic_us() < until) {
		struct timespec pause = {0, 50000000};

		if (answers(o, tls))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* Is it wise to listen there? Says why not. */
static bool may_listen(const struct bp_setup *up, const struct bp_conf *place)
{
	if (!is_address(up->listen)) {
		fprintf(stderr, "beatplan up: the setting `listen` takes an address of this machine, as 127.0.0.1 or 0.0.0.0, not '%s'\n", up->listen);
		return false;
	}
	if (up->demo && !loopback(up->listen)) {
		fprintf(stderr, "beatplan up: --demo makes users with known passwords and listens on 127.0.0.1 only\n");
		return false;
	}
	if (!loopback(up->listen) && !strcmp(place->tls_certificate, "off") && !place->plain_http) {
		fprintf(stderr, "beatplan up: passwords would go to %s in the clear: name tls_certificate and tls_key in beatplan.conf, or plain_http = 1 where only a web server "
			"in front reaches it\n", up->listen);
		return false;
	}
	if (!port_free(up)) {
		fprintf(stderr, "beatplan up: port %ld on %s is taken: choose another with --port\n", up->port, up->listen);
		return false;
	}
	return true;
}

/* From files to an answer, as far as this machine runs it. */
static enum bp_error go(struct bp_setup *up, struct bp_conf *c, struct bp_fail *f)
{
	const struct bp_state *s = up->state;
	bool database, replica;
	enum bp_error e = bp_setup_files(up, c, f);

	if (!e)
		e = bp_state_drop(s, f);
	if (e)
		return e;
	database = bp_conf_runs(c, "database");
	replica = bp_conf_runs(c, "replica");
	if (database && strcmp(c->db_listen, "off"))
		e = bp_machine_certify(s, c->db_listen, f);
	if (!e && (database || replica))
		e = bp_setup_database(up, f);
	if (!e)
		e = launch(s, f);
	if (!e && bp_conf_runs(c, "web") && !wait_until_it_answers(up, strcmp(c->tls_certificate, "off")))
		e = bp_fail(f, BP_E_INTERNAL, "it does not answer after 30 seconds: see %s/log", s->dir);
	if (!e && database)
		e = bp_setup_users(up, f);
	return e || !database ? e : bp_setup_demo(up, f);
}

/* What `up` has done, for the person who said it. */
static void print_up(const struct bp_setup *up, const struct options *o, const struct bp_conf *c, int64_t begun)
{
	printf("start    %.1f s\n\nBeatplan is up: ", (double)(bp_monotonic_us() - begun) / 1e6);
	if (bp_conf_runs(c, "web"))
		printf("http%s://%s:%ld/\n", strcmp(c->tls_certificate, "off") ? "s" : "", up->listen, up->port);
	else
		printf("%s\n", c->runs);
	if (!o->service)
		bp_setup_print_logins(up);
}

/* Of a package: its programs are copied when there are none yet, and the copy does what was asked, whatever is installed meanwhile. */
static enum bp_error become_copy(const struct bp_state *s, char **argv, struct bp_fail *f)
{
	char bin[BP_STATE_PATH], copy[BP_STATE_PATH + 64];
	const char **words;
	int n = 0;

	bp_state_bin(bin, sizeof(bin));
	if (strcmp(bin, BP_INSTALLED_BIN))
		return BP_E_OK;
	if (access(s->app, F_OK) && bp_state_take_programs(s, "app", f))
		return f->code;
	while (argv[n])
		n++;
	words = bp_xcalloc((size_t)n + 2, sizeof(*words));
	snprintf(copy, sizeof(copy), "%s/bin/" BP_STATE_COMMAND, s->app);
	words[0] = copy;
	memcpy(words + 1, argv, (size_t)n * sizeof(*argv));
	setenv("BEATPLAN_STATE", s->dir, 1);
	execv(copy, (char *const *)(uintptr_t)words);
	return bp_fail(f, BP_E_INTERNAL, "cannot run %s: %s", copy, strerror(errno));
}

/* Where to listen, found and free; tells why not. */
static bool placed(struct bp_setup *up, struct bp_conf *place)
{
	struct bp_fail f = {0};

	if (bp_setup_place(up, place, &f)) {
		bp_cmd_failed("up", &f);
		return false;
	}
	return !bp_conf_runs(place, "web") || may_listen(up, place);
}

/* Refused before anything is made; a kit says where to listen only when it has been unpacked. */
static int bring_up(struct bp_setup *up, const struct options *o, char **argv, struct bp_conf *place, struct bp_conf *conf)
{
	int64_t begun = bp_monotonic_us();
	struct bp_fail f = {0};

	if (!o->join && !placed(up, place))
		return 1;
	if (bp_state_create(up->state, &f) || become_copy(up->state, argv, &f) || (o->join && bp_machine_join(up->state, o->join, &f)))
		return bp_cmd_failed("up", &f);
	if (o->join && !placed(up, place))
		return 1;
	if (go(up, conf, &f))
		return bp_cmd_failed("up", &f);
	print_up(up, o, conf, begun);
	return 0;
}

int cmd_up(int argc, char **argv)
{
	struct bp_conf place = {0}, conf = {0};
	struct bp_fail f = {0};
	struct bp_setup setup;
	struct bp_state s;
	struct options o;
	int rc;

	if (!parse(argc, argv, &o))
		return 2;
	setup = (struct bp_setup){.state = &s, .listen = o.listen, .port = o.port, .demo = o.demo};
	if (bp_state_init(&s, bp_cmd_state(o.state), &f))
		return bp_cmd_failed("up", &f);
	if (bp_state_supervisor(&s)) {
		printf("already up; `beatplan status` shows it, `beatplan down` stops it\n");
		return 0;
	}
	rc = bring_up(&setup, &o, argv, &place, &conf);
	bp_conf_release(&place);
	bp_conf_release(&conf);
	return rc;
}

int cmd_down(int argc, char **argv)
{
	struct bp_fail f = {0};
	struct bp_state s;
	struct options o;
	pid_t pid;

	if (!parse(argc, argv, &o))
		return 2;
	if (bp_state_init(&s, bp_cmd_state(o.state), &f))
		return bp_cmd_failed("down", &f);
	pid = bp_state_supervisor(&s);
	if (!pid) {
		printf("nothing runs in %s\n", s.dir);
		return 0;
	}
	if (kill(pid, SIGTERM)) {
		fprintf(stderr, "beatplan down: cannot stop process %d: %s\n", (int)pid, strerror(errno));
		return 1;
	}
	for (int i = 0; i < 900 && bp_state_supervisor(&s); i++) {
		struct timespec pause = {0, 50000000};

		nanosleep(&pause, NULL);
	}
	if (bp_state_supervisor(&s)) {
		fprintf(stderr, "beatplan down: it still runs: see %s/log/supervisor.log\n", s.dir);
		return 1;
	}
	if (!geteuid() || !bp_state_installed(&s)) /* sockets and process numbers of nobody; systemd removes its own */
		bp_run((const char *const[]){"rm", "-rf", "--", s.run, NULL}, -1);
	puts("stopped");
	return 0;
}

/* Maintenance of all machines, or of this one; nothing is printed while people may come in. */
static void print_doors(const struct bp_state *s)
{
	char at[BP_INSTANT_SIZE];
	bool alone = false, here = bp_doors_file(s->dir, &alone);
	struct bp_conf conf = {0};
	struct bp_fail none = {0};
	struct bp_db *db = NULL;
	struct q_doors d = {0};
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 65536);
	e = bp_state_look(s, &conf, &db, &none);
	if (!e)
		e = q_doors(db, &a, &d);
	if (!e && d.closed) {
		bp_instant_format(d.at, at);
		printf("%-12s closed at all machines since %s by %s\n", "doors", at, d.who);
	} else if (here && (e || alone)) {
		printf("%-12s closed at this machine\n", "doors");
	}
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
}

int cmd_status(int argc, char **argv)
{
	struct bp_fail f = {0};
	struct bp_state s;
	struct options o;
	const char *name;
	bool all = true;
	pid_t pid;

	if (!parse(argc, argv, &o))
		return 2;
	if (bp_state_init(&s, bp_cmd_state(o.state), &f))
		return bp_cmd_failed("status", &f);
	pid = bp_state_supervisor(&s);
	printf("%-12s %s\n", "state", s.dir);
	if (!pid) {
		printf("%-12s down\n", "supervisor");
		return 3;
	}
	printf("%-12s up, process %d\n", "supervisor", (int)pid);
	for (int i = 0; bp_supervised(&s, i, &name, &pid); i++) {
		if (!name)
			continue;
		if (pid)
			printf("%-12s up, process %d\n", name, (int)pid);
		else
			printf("%-12s down\n", name);
		all = all && pid;
	}
	print_doors(&s);
	return all ? 0 : 3;
}
