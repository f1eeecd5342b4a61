/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan.fcgi - a pool of threads behind nginx.
 *
 *   beatplan.fcgi --conf FILE --socket PATH --threads N [--uploads | --slow | --events]
 *
 * The only file that knows libfcgi. Each thread has its own connection to the
 * database; a pool of uploads, one of streams and one of interactive calls run as separate
 * processes, so that one kind of load never starves the other.
 */
#include <fcgiapp.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/meter.h"
#include "cgi/meter.h"
#include "cgi/replica.h"
#include "event/event.h"
#include "health/doors.h"
#include "health/machines.h"
#include "intake/intake.h"

#define REQUEST_ARENA_MOST ((size_t)1 << 30)
#define API_PREFIX "/api/v1"
#define AGENT_MOST 255

static atomic_bool stopping;

struct pool {
	const struct bp_conf *conf;
	struct bp_app app;
	int listener;
};

static long fcgi_read(void *ctx, char *buf, size_t n)
{
	FCGX_Request *rq = ctx;
	int first = n ? FCGX_GetChar(rq->in) : EOF; /* waits; FCGX_GetStr would wait until all of it has come */
	size_t here = (size_t)(rq->in->stop - rq->in->rdNext) + 1;

	if (first == EOF)
		return FCGX_GetError(rq->in) ? -1 : 0;
	n = n < here ? n : here;
	buf[0] = (char)first;
	return 1 + FCGX_GetStr(buf + 1, n - 1 > INT32_MAX ? INT32_MAX : (int)(n - 1), rq->in);
}

static bool fcgi_write(void *ctx, const char *data, size_t n)
{
	FCGX_Request *rq = ctx;

	while (n) {
		int part = n > 1 << 20 ? 1 << 20 : (int)n;

		if (FCGX_PutStr(data, part, rq->out) != part)
			return false;
		data += part;
		n -= (size_t)part;
	}
	return true;
}

static const char *param(FCGX_Request *rq, const char *name)
{
	const char *v = FCGX_GetParam(name, rq->envp);

	return v && *v ? v : NULL;
}

static const char *fcgi_param(void *ctx, const char *name)
{
	return param(ctx, name);
}

static bool fcgi_flush(void *ctx)
{
	return !FCGX_FFlush(((FCGX_Request *)ctx)->out);
}

/* A correlation id from outside is taken when it is a plain word; else one is made. */
static void correlate(char out[40], const char *given)
{
	unsigned char raw[12];
	size_t n = given ? strlen(given) : 0;

	if (n >= 8 && n < 40 && strspn(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == n) {
		memcpy(out, given, n + 1);
		return;
	}
	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(out, 40, raw, sizeof(raw));
}

/* What a browser calls itself goes into tables: plain text that fits. */
static const char *plain(struct bp_arena *a, const char *s)
{
	char *text = bp_strndup(a, s, strnlen(s, AGENT_MOST));

	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return text;
}

/* False when the reply broke off half-way. */
static bool handle(struct pool *p, FCGX_Request *fr, struct bp_db **db, struct bp_arena *a)
{
	const char *path = param(fr, "DOCUMENT_URI"), *length = param(fr, "CONTENT_LENGTH"), *other;
	struct bp_io io = {fcgi_read, fcgi_write, fr, fcgi_param, fcgi_flush};
	struct bp_req rq = {.app = &p->app, .db = *db, .arena = a, .io = &io};

	if (path && !strncmp(path, API_PREFIX, strlen(API_PREFIX)))
		path += strlen(API_PREFIX);
	rq.method = param(fr, "REQUEST_METHOD");
	/* For senders that a proxy lets say nothing but POST: the tus protocol asks for it. */
	other = param(fr, "HTTP_X_HTTP_METHOD_OVERRIDE");
	if (other && rq.method && !strcmp(rq.method, "POST") && (!strcmp(other, "PATCH") || !strcmp(other, "DELETE")))
		rq.method = other;
	rq.path = path ? path : "/";
	rq.query_string = param(fr, "QUERY_STRING");
	rq.ip = param(fr, "REMOTE_ADDR");
	rq.agent = param(fr, "HTTP_USER_AGENT");
	rq.cookie = param(fr, "HTTP_COOKIE");
	rq.csrf = param(fr, "HTTP_X_CSRF_TOKEN");
	rq.authorization = param(fr, "HTTP_AUTHORIZATION");
	rq.origin = param(fr, "HTTP_ORIGIN");
	rq.if_none_match = param(fr, "HTTP_IF_NONE_MATCH");
	rq.content_type = param(fr, "CONTENT_TYPE");
	rq.content_length = length ? strtoll(length, NULL, 10) : -1;
	rq.method = rq.method ? rq.method : "GET";
	rq.ip = rq.ip ? rq.ip : "";
	rq.agent = plain(a, rq.agent ? rq.agent : "");
	correlate(rq.correlation, param(fr, "HTTP_X_CORRELATION_ID"));
	bp_meter_busy(1);
	bp_dispatch(&rq);
	bp_meter_busy(-1);
	*db = rq.db; /* NULL when the handler closed it */
	return !rq.broken;
}

static void *serve(void *ctx)
{
	struct pool *p = ctx;
	struct bp_db_conf dc = bp_conf_db(p->conf, BP_ACCOUNT_WEB);
	struct bp_db *db = NULL;
	struct bp_arena a;
	FCGX_Request fr;

	bp_arena_init(&a, REQUEST_ARENA_MOST);
	FCGX_InitRequest(&fr, p->listener, 0);
	while (!atomic_load(&stopping)) {
		struct bp_fail f = {0};

		if (FCGX_Accept_r(&fr) < 0)
			continue;
		if (!db)
			bp_db_open(&db, &dc, &f);
		if (handle(p, &fr, &db, &a))
			FCGX_Finish_r(&fr);
		else
			FCGX_Free(&fr, 1); /* without the word that ends a request: the web server then breaks off too */
		if (p->app.pool == BP_EP_EVENTS) { /* many threads that mostly wait: a connection each would be all there are */
			bp_db_free(db);
			db = NULL;
		}
		bp_arena_clear(&a);
	}
	bp_db_free(db);
	bp_replica_close();
	bp_arena_release(&a);
	return NULL;
}

/* Are the doors closed, and that this program is there: each second, on a connection of its own. */
static void *watch_doors(void *ctx)
{
	struct pool *p = ctx;
	struct bp_db_conf dc = bp_conf_db(p->conf, BP_ACCOUNT_WEB);
	struct bp_db *db = NULL;

	while (!atomic_load(&stopping)) {
		struct timespec pause = {0, 250000000};
		struct bp_fail f = {0};

		if (db || !bp_db_open(&db, &dc, &f)) {
			bp_doors_look(db);
			bp_machine_seen(db, p->conf);
		}
		for (int i = 0; i < 4 && !atomic_load(&stopping); i++)
			nanosleep(&pause, NULL);
	}
	bp_doors_end(db);
	bp_db_free(db);
	return NULL;
}

/* Wait for the signal; then nothing new is accepted, and what has begun is ended. */
static void run_pool(struct pool *p, int threads)
{
	pthread_t *t = bp_xcalloc((size_t)threads, sizeof(*t)), doors;
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < threads; i++)
		pthread_create(&t[i], NULL, serve, p);
	pthread_create(&doors, NULL, watch_doors, p);
	sigwait(&set, &signo);
	atomic_store(&stopping, true);
	FCGX_ShutdownPending();
	bp_events_stop();
	shutdown(p->listener, SHUT_RDWR); /* wakes those who wait in accept, and nobody else */
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	pthread_join(doors, NULL);
	free(t);
}

/* A role that is misspelt would be asked for nothing, and nobody would notice. */
static bool roles_known(const char *list)
{
	char text[1024], *save = NULL;

	snprintf(text, sizeof(text), "%s", strcmp(list, "off") ? list : "");
	for (char *role = strtok_r(text, ", \t", &save); role; role = strtok_r(NULL, ", \t", &save))
		if (!bp_role_find(role)) {
			bp_log(BP_LOG_ERROR, "ev=start_failed detail=\"second_factor_roles: there is no role %s\"", role);
			return false;
		}
	return true;
}

/* The pools beside the interactive one: what they are asked for by, and the name that their log bears. */
static const struct {
	int option;
	enum bp_endpoint_flags rows;
	const char *log;
} pools[] = {{'u', BP_EP_UPLOAD, "fcgi-upload"}, {'l', BP_EP_SLOW, "fcgi-slow"}, {'e', BP_EP_EVENTS, "fcgi-events"}};

int main(int argc, char **argv)
{
	static const struct option options[] = {{"conf", required_argument, NULL, 'c'},
		{"socket", required_argument, NULL, 's'}, {"threads", required_argument, NULL, 't'},
		{"uploads", no_argument, NULL, 'u'}, {"slow", no_argument, NULL, 'l'}, {"events", no_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
	const char *conf_path = NULL, *socket = NULL, *log = "fcgi";
	struct pool p = {0};
	struct bp_conf conf;
	struct bp_fail f = {0};
	int threads = 4, c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c')
			conf_path = optarg;
		else if (c == 's')
			socket = optarg;
		else if (c == 't')
			threads = (int)strtol(optarg, NULL, 10);
		else if (c == '?')
			return 2;
		for (size_t i = 0; i < sizeof(pools) / sizeof(*pools); i++)
			if (c == pools[i].option) {
				p.app.pool = pools[i].rows;
				log = pools[i].log;
			}
	}
	if (!conf_path || !socket || threads < 1 || threads > 256) {
		fprintf(stderr, "usage: %s --conf FILE --socket PATH [--threads 1..256] [--uploads | --slow | --events]\n", argv[0]);
		return 2;
	}
	bp_log_setup(log, BP_LOG_INFO);
	if (bp_conf_load(&conf, conf_path, &f) || sodium_init() < 0 || FCGX_Init()) {
		bp_log(BP_LOG_ERROR, "ev=start_failed detail=\"%s\"", f.detail);
		return 1;
	}
	bp_log_copy(conf.log_copy);
	if (!bp_meter_open(conf.meter_file))
		bp_log(BP_LOG_WARN, "ev=no_meters file=%s", conf.meter_file);
	bp_meter_pool(socket, threads);
	if (!roles_known(conf.second_factor_roles))
		return 1;
	p.conf = &conf;
	bp_settings_begin(&conf);
	bp_doors_begin(&conf, strrchr(socket, '/') ? strrchr(socket, '/') + 1 : socket);
	p.app.upload_dir = conf.upload_dir;
	p.app.snapshot_dir = conf.snapshot_dir;
	p.app.demo = conf.demo;
	p.app.conf = &conf;
	umask(0117); /* the socket is for our user and group only */
	p.listener = FCGX_OpenSocket(socket, 128);
	if (p.listener < 0) {
		bp_log(BP_LOG_ERROR, "ev=start_failed detail=\"cannot listen on %s\"", socket);
		return 1;
	}
	umask(0077);
	if (p.app.pool == BP_EP_UPLOAD)
		im_sweep_uploads(conf.upload_dir);
	signal(SIGPIPE, SIG_IGN);
	run_pool(&p, threads);
	unlink(socket);
	bp_conf_release(&conf);
	return 0;
}
