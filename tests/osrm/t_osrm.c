/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to a travel-time server, against a small one of our own that can also misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "osrm/osrm.h"
#include "tests/route/make.h"

enum mood { WELL, BAD_JSON, NOT_OK, SHORT_ROW, NAN_TEXT, NEGATIVE, NO_ROAD, STATUS_500, HANGS, HANGS_UP, FLOOD };

static int listener;
static char url[64];
static atomic_int mood, requests, most_places;

/* Durations from the coordinates asked: 1 s for each 1e-5 degree, one way a little longer than the other. */
static void table(struct bp_buf *out, const char *path)
{
	double x[200], y[200];
	int32_t n = 0, sources = 1;
	char *end;
	const char *at = strstr(path, "driving/") + 8, *s = strstr(path, "sources=");

	for (; n < 200; n++) {
		x[n] = strtod(at, &end);
		y[n] = strtod(end + 1, &end);
		at = end + 1;
		if (*end != ';') {
			n++;
			break;
		}
	}
	for (const char *c = s; *c && *c != ' '; c++)
		sources += *c == ';';
	if (n > atomic_load(&most_places))
		atomic_store(&most_places, n);
	bp_buf_str(out, atomic_load(&mood) == NOT_OK ? "{\"code\":\"NoTable\",\"durations\":[" : "{\"code\":\"Ok\",\"durations\":[");
	for (int32_t i = 0; i < sources; i++) {
		bp_buf_str(out, i ? ",[" : "[");
		for (int32_t j = 0; j < n - (atomic_load(&mood) == SHORT_ROW); j++) {
			double d = ((x[i] > x[j] ? x[i] - x[j] : x[j] - x[i]) + (y[i] > y[j] ? y[i] - y[j] : y[j] - y[i])) * 1e5;

			bp_buf_str(out, j ? "," : "");
			if (atomic_load(&mood) == NO_ROAD)
				bp_buf_str(out, "null");
			else if (atomic_load(&mood) == NAN_TEXT)
				bp_buf_str(out, "NaN");
			else
				bp_buf_printf(out, "%.1f", atomic_load(&mood) == NEGATIVE ? -1 : d + (i < j ? 20 : 0));
		}
		bp_buf_chr(out, ']');
	}
	bp_buf_str(out, "]}");
}

static void answer(int fd)
{
	char in[65536];
	size_t n = 0;
	ssize_t got;
	struct bp_buf body;
	enum mood m = (enum mood)atomic_load(&mood);

	while (n + 1 < sizeof(in) && (got = read(fd, in + n, sizeof(in) - n - 1)) > 0) {
		n += (size_t)got;
		in[n] = 0;
		if (strstr(in, "\r\n\r\n"))
			break;
	}
	in[n] = 0;
	atomic_fetch_add(&requests, 1);
	if (m == HANGS) {
		nanosleep(&(struct timespec){3, 0}, NULL);
		return;
	}
	if (m == HANGS_UP)
		return;
	bp_buf_init(&body, (size_t)8 << 20);
	if (m == BAD_JSON)
		bp_buf_str(&body, "<html>proxy</html>");
	else if (m == FLOOD)
		for (int32_t i = 0; i < 6 << 16; i++)
			bp_buf_str(&body, "0123456789abcdef");
	else if (strstr(in, "driving/"))
		table(&body, in);
	dprintf(fd, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
		m == STATUS_500 ? "500 Oops" : "200 OK", body.len);
	for (size_t at = 0; at < body.len && (got = send(fd, body.data + at, body.len - at, MSG_NOSIGNAL)) > 0;)
		at += (size_t)got;
	bp_buf_release(&body);
}

static void *serve(void *unused)
{
	int fd;

	(void)unused;
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		answer(fd);
		close(fd);
	}
	return NULL;
}

static int start(void **unused)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	pthread_t t;

	(void)unused;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&sa, len) || listen(listener, 16) ||
		getsockname(listener, (struct sockaddr *)&sa, &len) || pthread_create(&t, NULL, serve, NULL))
		return -1;
	pthread_detach(t);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/table/v1/driving", ntohs(sa.sin_port));
	return 0;
}

static enum bp_error ask(const struct town *t, double seconds, struct rt_leg_fix **l, int32_t *n, struct bp_arena *a,
	struct bp_fail *f)
{
	struct osrm_options o = {.url = url, .seconds = seconds};

	*f = (struct bp_fail){0};
	bp_arena_init(a, (size_t)1 << 28);
	return osrm_legs(&o, &t->p, a, l, n, f);
}

static void near_legs_become_fixes_that_the_solver_takes(void **unused)
{
	struct rt_leg_fix *l;
	struct rt_params params;
	struct rt_solution s;
	struct rt_verdict v;
	struct bp_arena a;
	struct bp_fail f;
	struct town t;
	int32_t n;

	(void)unused;
	town_init(&t, 500, 3, 1, 2);
	t.p.places[7].x = RT_NO_COORD;
	atomic_store(&mood, WELL);
	if (ask(&t, 30, &l, &n, &a, &f))
		fail_msg("%s", f.detail);
	assert_in_range(n, 1000, 500 * 8);
	assert_in_range(atomic_load(&requests), 20, 30);
	assert_in_range(atomic_load(&most_places), 30, 100);
	for (int32_t i = 0; i < n; i++) {
		const struct rt_place *x = &t.p.places[l[i].a], *y = &t.p.places[l[i].b];
		int32_t d = (abs(x->x - y->x) + abs(x->y - y->y)) / 10;

		/* Between one way and the other, and the seconds lost at the stop. */
		assert_in_range(l[i].seconds, d + 89, d + 111);
		assert_true(l[i].a != 7 && l[i].b != 7);
	}
	t.p.leg_fixes = l;
	t.p.n_leg_fixes = n;
	rt_params_default(&params);
	params.iterations = 500;
	rt_solution_init(&s);
	assert_int_equal(rt_solve(&t.p, &params, &s, &f), BP_E_OK);
	assert_int_equal(rt_check(&t.p, &params, &s, &v, &f), BP_E_OK);
	assert_int_equal(v.broken, 0);
	rt_solution_release(&s);
	bp_arena_release(&a);
	town_release(&t);
}

static void a_server_that_misbehaves_is_told_of(void **unused)
{
	static const struct {
		enum mood mood;
		enum bp_error error;
		const char *says;
	} cases[] = {
		{BAD_JSON, BP_E_IMPORT_FORMAT, "no table"}, {NOT_OK, BP_E_IMPORT_FORMAT, "NoTable"},
		{SHORT_ROW, BP_E_IMPORT_FORMAT, "a row of"}, {NAN_TEXT, BP_E_IMPORT_FORMAT, "no table"},
		{NEGATIVE, BP_E_IMPORT_FORMAT, "that is none"}, {STATUS_500, BP_E_BUSY, "500"},
		{HANGS_UP, BP_E_BUSY, "127.0.0.1"}, {FLOOD, BP_E_BUSY, "too large"}, {HANGS, BP_E_BUSY, "imeout"},
	};
	struct town t;

	(void)unused;
	town_init(&t, 60, 2, 1, 3);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rt_leg_fix *l;
		struct bp_arena a;
		struct bp_fail f;
		enum bp_error e;
		int32_t n = 5;

		atomic_store(&mood, cases[i].mood);
		e = ask(&t, 1, &l, &n, &a, &f);
		if (e != cases[i].error || !strstr(f.detail, cases[i].says) || n)
			fail_msg("case %zu: error %d, %s", i, e, f.detail);
		bp_arena_release(&a);
	}
	town_release(&t);
}

static void what_has_no_road_keeps_the_formula(void **unused)
{
	struct rt_leg_fix *l;
	struct bp_arena a;
	struct bp_fail f;
	struct town t;
	int32_t n;

	(void)unused;
	town_init(&t, 60, 2, 1, 3);
	atomic_store(&mood, NO_ROAD);
	assert_int_equal(ask(&t, 20, &l, &n, &a, &f), BP_E_OK);
	assert_int_equal(n, 0);
	bp_arena_release(&a);
	town_release(&t);
	/* Nothing to ask for: no request at all. */
	atomic_store(&requests, 0);
	town_init(&t, 0, 1, 1, 3);
	assert_int_equal(ask(&t, 20, &l, &n, &a, &f), BP_E_OK);
	assert_int_equal(n + atomic_load(&requests), 0);
	bp_arena_release(&a);
	town_release(&t);
	/* Two vehicles on one server of roads. */
	town_init(&t, 10, 2, 1, 3);
	t.p.profiles = (struct rt_profile[]){rt_profile_default(RT_CAR), rt_profile_default(RT_WALK)};
	t.p.n_profiles = 2;
	t.p.seats[1].profile = 1;
	assert_int_equal(ask(&t, 20, &l, &n, &a, &f), BP_E_OPT_INPUT);
	bp_arena_release(&a);
	town_release(&t);
}

static bool stop_at_once(void *ctx, int32_t done, int32_t all)
{
	(void)ctx;
	return done == all;
}

static void no_server_and_no_patience(void **unused)
{
	struct osrm_options o = {.url = "http://127.0.0.1:1/table/v1/driving", .seconds = 5};
	struct rt_leg_fix *l;
	struct bp_arena a;
	struct bp_fail f = {0};
	struct town t;
	int32_t n;

	(void)unused;
	town_init(&t, 60, 2, 1, 3);
	bp_arena_init(&a, (size_t)1 << 28);
	assert_int_equal(osrm_legs(&o, &t.p, &a, &l, &n, &f), BP_E_BUSY);
	o.url = "file:///etc/passwd";
	f = (struct bp_fail){0};
	assert_int_equal(osrm_legs(&o, &t.p, &a, &l, &n, &f), BP_E_BUSY);
	o.url = url;
	o.tick = stop_at_once;
	assert_int_equal(osrm_legs(&o, &t.p, &a, &l, &n, &f), BP_E_CANCELLED);
	bp_arena_release(&a);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_legs_become_fixes_that_the_solver_takes),
		cmocka_unit_test(a_server_that_misbehaves_is_told_of),
		cmocka_unit_test(what_has_no_road_keeps_the_formula),
		cmocka_unit_test(no_server_and_no_patience),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
