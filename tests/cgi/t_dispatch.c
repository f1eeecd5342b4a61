/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher with memory for a web server and without a database; and the endpoint rows as they stand. */
#include <sodium.h>

#include "base/log.h"
#include "base/time.h"
#include "cgi/once.h"
#include "cgi/route.h"
#include "tests/base/test.h"

struct memory {
	const char *body;
	struct bp_buf out;
};

static long mem_read(void *ctx, char *buf, size_t n)
{
	struct memory *m = ctx;
	size_t have = m->body ? strlen(m->body) : 0, k = have < n ? have : n;

	if (k)
		memcpy(buf, m->body, k);
	m->body = m->body ? m->body + k : NULL;
	return (long)k;
}

static bool mem_write(void *ctx, const char *data, size_t n)
{
	bp_buf_add(&((struct memory *)ctx)->out, data, n);
	return true;
}

/* Ask for something; the whole reply as text, freed with free(). */
static char *ask(const char *method, const char *path, const char *body, enum bp_endpoint_flags pool)
{
	struct memory m = {.body = body};
	struct bp_io io = {.read = mem_read, .write = mem_write, .ctx = &m};
	static const struct bp_conf conf = {.cors_origins = "off", .tls_certificate = "off", .public_url = ""};
	struct bp_app app = {.pool = pool, .conf = &conf};
	struct bp_arena a;
	struct bp_req rq = {.app = &app, .arena = &a, .io = &io, .method = method, .path = path, .ip = "", .agent = "",
		.content_length = -1, .correlation = "unit-test-1"};
	char *text;

	bp_arena_init(&a, 1u << 20);
	bp_buf_init(&m.out, 1u << 20);
	bp_dispatch(&rq);
	bp_arena_release(&a);
	text = strdup(m.out.data);
	bp_buf_release(&m.out);
	return text;
}

/* Status, correlation id and code of an error reply, which must be JSON. */
static void refused(const char *method, const char *path, enum bp_endpoint_flags pool, enum bp_error want)
{
	char *text = ask(method, path, "{}", pool), *body = strstr(text, "\r\n\r\n"), status[32];
	json_t *json;

	assert_non_null(body);
	json = json_loads(body + 4, 0, NULL);
	assert_non_null(json);
	snprintf(status, sizeof(status), "Status: %d\r\n", bp_errors[want].http);
	assert_int_equal(strncmp(text, status, strlen(status)), 0);
	assert_string_equal(json_string_value(json_object_get(json, "code")), bp_errors[want].code);
	assert_string_equal(json_string_value(json_object_get(json, "correlationId")), "unit-test-1");
	assert_non_null(strstr(text, "X-Correlation-Id: unit-test-1\r\n"));
	assert_non_null(strstr(text, "Content-Type: application/json\r\n"));
	assert_int_equal(strstr(text, "Retry-After: ") != NULL, bp_errors[want].http == 503);
	json_decref(json);
	free(text);
}

static void unknown_addresses_and_methods_are_told(void **state)
{
	(void)state;
	refused("GET", "/no/such/thing", 0, BP_E_NO_ROUTE);
	refused("GET", "", 0, BP_E_NO_ROUTE);
	refused("GET", "/users/", 0, BP_E_NO_ROUTE);
	refused("GET", "/users/12x", 0, BP_E_NO_ROUTE);
	refused("GET", "/users/-1", 0, BP_E_NO_ROUTE);
	refused("GET", "/users/1234567890123456789", 0, BP_E_NO_ROUTE);
	refused("PUT", "/auth/me", 0, BP_E_METHOD);
	refused("get", "/auth/me", 0, BP_E_METHOD);
	refused("BREW", "/users", 0, BP_E_METHOD);
}

static void without_a_database_the_caller_is_asked_to_wait(void **state)
{
	(void)state;
	refused("GET", "/auth/me", 0, BP_E_DB_DOWN);
	refused("POST", "/auth/login", 0, BP_E_DB_DOWN);
}

static void counters_are_told_without_a_database(void **state)
{
	char *text = ask("GET", "/metrics", NULL, 0);

	(void)state;
	assert_int_equal(strncmp(text, "Status: 200\r\n", 13), 0);
	assert_non_null(strstr(text, "\nbeatplan_up 0\n"));
	free(text);
}

static void each_pool_serves_its_own(void **state)
{
	(void)state;
	refused("PUT", "/import/uploads", 0, BP_E_NO_ROUTE);
	refused("PUT", "/import/uploads", BP_EP_UPLOAD, BP_E_DB_DOWN);
	refused("GET", "/auth/me", BP_EP_UPLOAD, BP_E_NO_ROUTE);
}

static void path_arguments_are_numbers_or_texts(void **state)
{
	struct bp_arena a;
	struct bp_req rq = {.arena = &a, .method = "POST", .path = "/users/123456789012345678/password"};

	(void)state;
	bp_arena_init(&a, 1u << 16);
	assert_int_equal(bp_route(&rq), BP_E_OK);
	assert_string_equal(rq.ep->path, "/users/{id}/password");
	assert_true(rq.arg[0] == UINT64_C(123456789012345678));
	assert_string_equal(rq.arg_text[0], "123456789012345678");
	rq = (struct bp_req){.arena = &a, .method = "GET", .path = "/import/templates/outlets"};
	assert_int_equal(bp_route(&rq), BP_E_OK);
	assert_string_equal(rq.arg_text[0], "outlets");
	bp_arena_release(&a);
}

#define EACH(r, e) \
	for (const struct bp_resource *const *r = bp_resources; *r; r++) \
		for (const struct bp_endpoint *e = (*r)->ep; e < (*r)->ep + (*r)->n; e++)

static void rows_are_whole(void **state)
{
	(void)state;
	EACH(r, e) {
		bool get = !strcmp(e->method, "GET") || !strcmp(e->method, "HEAD") || !strcmp(e->method, "OPTIONS"), change = !get;

		assert_true(*e->path == '/' && e->path[strlen(e->path) - 1] != '/');
		assert_non_null(e->handle);
		assert_true(e->summary && *e->summary);
		/* Reading changes nothing and has no body; every change leaves a trace. */
		assert_false(get && (e->body || e->flags & BP_EP_STREAM_IN));
		/* Parts of an upload answer without a body; the one with the last byte leaves the trace. A program that renews its
		 * tokens does so every few minutes: its last use stands with them. */
		assert_true(get || e->audit != BP_ACTION_NONE || e->status || !strcmp(strrchr(e->path, '/'), "/price") ||
				!strcmp(strrchr(e->path, '/'), "/try") || !strcmp(strrchr(e->path, '/'), "/preview") || !strcmp(e->path, "/auth/refresh"));
		/* Only somebody without a session may go without its token. */
		assert_int_equal(change && e->scope == BP_SCOPE_PUBLIC, (e->flags & BP_EP_NO_CSRF) != 0);
		/* A key counts for each change, or it is said why not; it belongs to somebody; what is streamed cannot be told again. */
		assert_false(e->unkeyed && (get || !*e->unkeyed));
		assert_false(bp_once_counts(e) && e->scope == BP_SCOPE_PUBLIC && !strstr(e->path, "{ticket:"));
		assert_false(bp_once_counts(e) && e->flags & BP_EP_STREAM_OUT);
		assert_true(!(e->flags & (BP_EP_STREAM_OUT | BP_EP_ACCEL)) || e->media);
		/* What goes is said a year before. */
		assert_int_equal(e->deprecated != NULL, e->sunset != NULL);
		if (e->deprecated) {
			int64_t said, gone;

			assert_true(bp_date_parse(e->deprecated, &said) && bp_date_parse(e->sunset, &gone) && gone >= said + 365);
		}
		assert_true(e->scope < BP_SCOPE_TERRITORY || strchr(e->path, '{'));
		EACH(r2, e2)
			assert_true(e == e2 || strcmp(e->method, e2->method) || strcmp(e->path, e2->path));
	}
}

static void what_goes_says_since_when_and_until_when(void **state)
{
	struct bp_endpoint row = {.deprecated = "2027-03-01", .sunset = "2028-03-01"};
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 1024);
	bp_endpoint_ending(&row, &b);
	assert_string_equal(b.data, "Deprecation: @1803859200\r\nSunset: Wed, 01 Mar 2028 00:00:00 GMT\r\n");
	bp_buf_cut(&b, 0);
	bp_endpoint_ending(&(struct bp_endpoint){.path = "/stays"}, &b);
	assert_int_equal(b.len, 0);
	bp_buf_release(&b);
}

static const struct bp_shape *known[1024];
static size_t n_known;

/* Shapes of one name would be one schema in the document. */
static void note(const struct bp_shape *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < n_known; i++) {
		if (known[i] == s)
			return;
		if (!strcmp(known[i]->name, s->name) && (known[i]->f != s->f || known[i]->n != s->n))
			fail_msg("two shapes are called %s", s->name);
	}
	assert_true(n_known < 1024);
	known[n_known++] = s;
	for (size_t i = 0; i < s->n; i++) {
		assert_true(s->f[i].doc && *s->f[i].doc);
		note(s->f[i].sub);
	}
}

static void shapes_have_names_of_their_own(void **state)
{
	(void)state;
	EACH(r, e) {
		note(e->query);
		note(e->body);
		note(e->reply);
	}
	assert_true(n_known > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_addresses_and_methods_are_told),
		cmocka_unit_test(without_a_database_the_caller_is_asked_to_wait),
		cmocka_unit_test(counters_are_told_without_a_database), cmocka_unit_test(each_pool_serves_its_own),
		cmocka_unit_test(path_arguments_are_numbers_or_texts),
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(what_goes_says_since_when_and_until_when),
		cmocka_unit_test(shapes_have_names_of_their_own),
	};

	if (sodium_init() < 0)
		return 1;
	bp_log_setup("t_dispatch", BP_LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
