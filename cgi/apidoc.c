/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apidoc - print what follows from the endpoint rows:
 *   apidoc openapi | matrix | errors | rules | client
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/apidoc_example.h"
#include "cgi/once.h"
#include "intake/fix.h"

#define EACH_ENDPOINT(r, e) \
	for (const struct bp_resource *const *r = bp_resources; *r; r++) \
		for (const struct bp_endpoint *e = (*r)->ep; e < (*r)->ep + (*r)->n; e++)

static const char *const scope_names[BP_SCOPE__MAX] = {"public", "self", "anywhere", "world", "territory", "plan",
	"session", "outlet", "seat", "job"};

/* "/users/{id}/password" -> post "postUsersIdPassword" */
static void function_name(const struct bp_endpoint *e, char *out)
{
	bool up = true;

	for (const char *p = e->method; *p; p++)
		*out++ = (char)tolower((unsigned char)*p);
	for (const char *p = e->path; *p; p++) {
		if (!strncmp(p, ":text", 5))
			p += 4;
		else if (!isalnum((unsigned char)*p))
			up = true;
		else
			*out++ = up ? (char)toupper((unsigned char)*p) : *p, up = false;
	}
	*out = '\0';
}

/* The path with {name:text} as {name}. */
static void plain_path(const char *path, char *out)
{
	for (; *path; path++) {
		if (!strncmp(path, ":text", 5))
			path += 4;
		else
			*out++ = *path;
	}
	*out = '\0';
}

static void add_schema(json_t *schemas, const struct bp_shape *s)
{
	json_t *schema;

	if (!s || json_object_get(schemas, s->name))
		return;
	schema = bp_shape_schema(s);
	json_object_set_new(schema, "examples", json_pack("[o]", bp_api_example(s)));
	json_object_set_new(schemas, s->name, schema);
	for (size_t i = 0; i < s->n; i++)
		add_schema(schemas, s->f[i].sub);
}

static json_t *ref(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", name));
}

static json_t *content(const char *media, json_t *schema)
{
	return json_pack("{s:{s:o}}", media, "schema", schema);
}

static void add_failure(json_t *responses, enum bp_error code)
{
	char status[8];
	json_t *old;

	snprintf(status, sizeof(status), "%d", bp_errors[code].http);
	old = json_object_get(responses, status);
	if (old) {
		json_t *text = json_object_get(old, "description");

		json_object_set_new(old, "description",
			json_sprintf("%s; %s %s", json_string_value(text), bp_errors[code].code, bp_errors[code].message));
		return;
	}
	json_object_set_new(responses, status,
		json_pack("{s:o,s:o}", "description", json_sprintf("%s %s", bp_errors[code].code, bp_errors[code].message),
			"content", content("application/json", ref("error"))));
}

/* What every reply tells whoever is counted, and when to come again. */
static const struct {
	const char *name, *what;
	bool refused; /* only of a refusal */
} limit_headers[] = {
	{"RateLimit-Limit", "calls at hand when none was made for a minute; as many come back each minute, evenly", false},
	{"RateLimit-Remaining", "calls at hand after this one", false},
	{"RateLimit-Reset", "seconds until all of them are at hand again", false},
	{"Retry-After", "seconds until the next call may be made", true},
};
#define EACH_LIMIT_HEADER(i) for (size_t i = 0; i < sizeof(limit_headers) / sizeof(*limit_headers); i++)

static json_t *limit_headers_of(bool refused)
{
	json_t *o = json_object();

	EACH_LIMIT_HEADER(i)
		if (refused || !limit_headers[i].refused)
			json_object_set_new(o, limit_headers[i].name, json_pack("{s:o}", "$ref", json_sprintf("#/components/headers/%s", limit_headers[i].name)));
	return o;
}

static json_t *components(json_t *schemas)
{
	json_t *headers = json_object();

	EACH_LIMIT_HEADER(i)
		json_object_set_new(headers, limit_headers[i].name, json_pack("{s:s,s:{s:s,s:i}}", "description", limit_headers[i].what,
			"schema", "type", "integer", "minimum", 0));
	return json_pack("{s:o,s:o,s:{s:{s:s,s:s,s:s},s:{s:s,s:s}}}", "schemas", schemas, "headers", headers, "securitySchemes", "session",
		"type", "apiKey", "in", "cookie", "name", BP_AUTH_COOKIE, "program", "type", "http", "scheme", "bearer");
}

static json_t *responses_of(const struct bp_endpoint *e)
{
	json_t *r = json_object(), *ok = json_pack("{s:s}", "description", "success");
	char status[8];

	if (e->reply)
		json_object_set_new(ok, "content", content("application/json", ref(e->reply->name)));
	else if (e->status)
		;
	else if (e->media)
		json_object_set_new(ok, "content", content(e->media, json_pack("{s:s}", "type", "string")));
	else
		json_object_set_new(ok, "content", content("application/json", json_pack("{s:s}", "type", "object")));
	snprintf(status, sizeof(status), "%d", e->status ? e->status : 200);
	json_object_set_new(r, status, ok);
	for (int i = 0; i < BP_FAILS_MOST && e->fails[i]; i++)
		add_failure(r, e->fails[i]);
	if (e->scope != BP_SCOPE_PUBLIC) {
		add_failure(r, BP_E_AUTH_TOKEN);
		add_failure(r, BP_E_AUTH_RATE);
		json_object_set_new(ok, "headers", limit_headers_of(false));
		json_object_set_new(json_object_get(r, "429"), "headers", limit_headers_of(true));
		if (!(e->flags & BP_EP_ACCOUNT))
			add_failure(r, BP_E_AUTH_FACTOR);
	}
	if (e->feature)
		add_failure(r, BP_E_FEATURE_OFF);
	if (e->flags & BP_EP_ROOM)
		add_failure(r, BP_E_DISK_FULL);
	if (e->flags & BP_EP_PERSON)
		add_failure(r, BP_E_AUTH_PERSON);
	if (e->flags & BP_EP_PROOF)
		add_failure(r, BP_E_AUTH_PROOF);
	if (e->scope > BP_SCOPE_SELF || (e->scope == BP_SCOPE_SELF && !(e->flags & (BP_EP_PERSON | BP_EP_ACCOUNT))))
		add_failure(r, BP_E_AUTH_PERMISSION);
	if (e->scope != BP_SCOPE_PUBLIC && bp_endpoint_changes(e)) {
		add_failure(r, BP_E_AUTH_CSRF);
		if (!(e->flags & (BP_EP_PERSON | BP_EP_VIEWER)))
			add_failure(r, BP_E_AUTH_VIEWING);
	}
	if (bp_once_counts(e)) {
		add_failure(r, BP_E_REQUEST_KEY);
		add_failure(r, BP_E_REQUEST_DONE);
	}
	if (e->scope == BP_SCOPE_TERRITORY)
		add_failure(r, BP_E_TERRITORY_NONE);
	if (e->body) {
		add_failure(r, BP_E_JSON_SYNTAX);
		add_failure(r, BP_E_TOO_LARGE);
		add_failure(r, BP_E_MEDIA_TYPE);
	}
	add_failure(r, BP_E_FIELDS); /* a query field that is not known */
	add_failure(r, BP_E_INTERNAL);
	add_failure(r, BP_E_DB_DOWN);
	return r;
}

static json_t *parameters_of(const struct bp_endpoint *e)
{
	json_t *list = json_array();
	char wire[96];

	for (const char *p = strchr(e->path, '{'); p; p = strchr(p + 1, '{')) {
		size_t n = strcspn(p + 1, ":}");

		json_array_append_new(list,
			json_pack("{s:o,s:s,s:b,s:o,s:{s:s}}", "name", json_stringn(p + 1, n), "in", "path", "required", 1, "example",
				p[1 + n] == ':' ? json_string("upload_hours") : json_integer(42), "schema", "type", p[1 + n] == ':' ? "string" : "integer"));
	}
	if (e->query) {
		json_t *schema = bp_shape_schema(e->query), *props = json_object_get(schema, "properties");

		for (size_t i = 0; i < e->query->n; i++) {
			bp_wire_name(e->query->f[i].name, wire);
			json_array_append_new(list,
				json_pack("{s:s,s:s,s:b,s:s,s:o,s:O}", "name", wire, "in", "query", "required",
					e->query->f[i].flags & BP_REQ ? 1 : 0, "description", e->query->f[i].doc, "example", bp_api_example_field(&e->query->f[i]),
					"schema", json_object_get(props, wire)));
		}
		json_decref(schema);
	}
	if (bp_once_counts(e))
		json_array_append_new(list, json_pack("{s:s,s:s,s:b,s:s,s:{s:s,s:i,s:i}}", "name", "Idempotency-Key", "in", "header", "required", 0,
			"description", "another text for each change: asked again with it within a day, the change is answered as before and not made again",
			"schema", "type", "string", "minLength", 1, "maxLength", BP_ONCE_KEY_MOST));
	return list;
}

static json_t *operation_of(const struct bp_resource *r, const struct bp_endpoint *e)
{
	char name[160];
	json_t *op;

	function_name(e, name);
	op = json_pack("{s:s,s:s,s:[s],s:s,s:o,s:o}", "operationId", name, "summary", e->summary, "tags", r->name, "x-scope",
		scope_names[e->scope], "parameters", parameters_of(e), "responses", responses_of(e));
	if (e->scope > BP_SCOPE_SELF)
		json_object_set_new(op, "x-permission", json_string(e->flags & BP_EP_PLAN_CHANNEL ? "PLAN_GT_ROUTES or PLAN_MT_ROUTES, by channel" : bp_perms[e->perm].name));
	if (e->body)
		json_object_set_new(op, "requestBody", json_pack("{s:b,s:o}", "required", 1, "content",
			content("application/json", ref(e->body->name))));
	else if (e->flags & BP_EP_STREAM_IN)
		json_object_set_new(op, "requestBody", json_pack("{s:b,s:o}", "required", 1, "content",
			content("application/octet-stream", json_pack("{s:s,s:s}", "type", "string", "format", "binary"))));
	if (e->scope == BP_SCOPE_PUBLIC)
		json_object_set_new(op, "security", json_array());
	else if (e->flags & BP_EP_PERSON)
		json_object_set_new(op, "security", json_pack("[{s:[]}]", "session"));
	if (e->unkeyed)
		json_object_set_new(op, "x-no-idempotency-key", json_string(e->unkeyed));
	if (e->deprecated)
		json_object_set_new(op, "deprecated", json_true());
	if (e->sunset)
		json_object_set_new(op, "x-sunset", json_string(e->sunset));
	return op;
}

static void print_openapi(void)
{
	json_t *paths = json_object(), *schemas = json_object(), *doc;
	char path[200], method[8];

	json_object_set_new(schemas, "error",
		json_pack("{s:s,s:{s:{s:s},s:{s:s},s:{s:[s,s]},s:{s:s},s:{s:s}},s:[s,s,s]}", "type", "object", "properties",
			"code", "type", "string", "message", "type", "string", "detail", "type", "string", "null", "correlationId",
			"type", "string", "fields", "type", "array", "required", "code", "message", "correlationId"));
	json_object_set_new(json_object_get(schemas, "error"), "examples", json_pack("[{s:s,s:s,s:s,s:s}]", "code", bp_errors[BP_E_NOT_FOUND].code,
		"message", bp_errors[BP_E_NOT_FOUND].message, "detail", "this territory has no outlet 1042", "correlationId", "7f3c9a1e2b4d5f60"));
	EACH_ENDPOINT(r, e)
	{
		json_t *item;
		size_t i = 0;

		plain_path(e->path, path);
		for (; e->method[i] && i < 7; i++)
			method[i] = (char)tolower((unsigned char)e->method[i]);
		method[i] = '\0';
		item = json_object_get(paths, path);
		if (!item)
			json_object_set_new(paths, path, item = json_object());
		json_object_set_new(item, method, operation_of(*r, e));
		add_schema(schemas, e->body);
		add_schema(schemas, e->reply);
	}
	doc = json_pack("{s:s,s:{s:s,s:s,s:s,s:{s:s,s:s}},s:[{s:s}],s:[{s:[]},{s:[]}],s:o,s:o}", "openapi", "3.1.0", "info",
		"title", "Beatplan", "version", PACKAGE_VERSION, "description", "Planning of visits, as the screens use it. /api/v1 stays as it is: fields and addresses are added, none changes its meaning; "
		"what is to go is marked deprecated and answers with Deprecation and Sunset a year before.", "license", "name", "GPL-3.0-or-later", "identifier", "GPL-3.0-or-later",
		"servers", "url", "/api/v1", "security", "session", "program",
		"components", components(schemas), "paths", paths);
	if (!doc)
		exit(1);
	json_dumpf(doc, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(doc);
}

static void print_matrix(void)
{
	printf("| endpoint | scope | permission |");
	for (const struct bp_role *ro = bp_roles; ro->name; ro++)
		printf(" %s |", ro->name);
	printf("\n|---|---|---|");
	for (const struct bp_role *ro = bp_roles; ro->name; ro++)
		printf("---|");
	EACH_ENDPOINT(r, e)
	{
		uint64_t bits = BP_PERM_BIT(e->perm);

		if (e->flags & BP_EP_PLAN_CHANNEL)
			bits |= BP_PERM_BIT(BP_PERM_PLAN_MT_ROUTES);
		printf("\n| %s %s | %s | %s |", e->method, e->path, scope_names[e->scope],
			e->scope <= BP_SCOPE_SELF ? "-" : e->flags & BP_EP_PLAN_CHANNEL ? "PLAN_*_ROUTES" : bp_perms[e->perm].name);
		for (const struct bp_role *ro = bp_roles; ro->name; ro++)
			printf(" %s |", e->scope <= BP_SCOPE_SELF || ro->perms & bits ? "yes" : "-");
	}
	putchar('\n');
}

static void print_errors(void)
{
	puts("| code | HTTP | name | message |\n|---|---|---|---|");
	for (int i = 1; i < BP_E__MAX; i++)
		printf("| %s | %d | %s | %s |\n", bp_errors[i].code, bp_errors[i].http, bp_errors[i].name, bp_errors[i].message);
}

/* What imported rows are checked by; the screen /import/rules shows the same. */
static void print_rules(void)
{
	puts("| rule | severity | may be changed | what is wrong | what to do | fixes for all rows |\n|---|---|---|---|---|---|");
	for (int r = 0; r < IM_R__MAX; r++) {
		const char *sep = "";

		printf("| %s | %s | %s | %s | %s | ", im_rules[r].code, im_rules[r].severity == IM_ERROR ? "error" : "warning",
			im_rule_advice[r].open ? "yes" : "no", im_rules[r].message, im_rule_advice[r].remedy ? im_rule_advice[r].remedy : "");
		for (int k = 0; k < IM_FIX__MAX; k++)
			if (im_fix_suits((enum im_fix_kind)k, im_rules[r].code)) {
				printf("%s%s: %s", sep, im_fix_kinds[k].name, im_fix_kinds[k].label);
				sep = "; ";
			}
		puts(" |");
	}
}

/* What nginx gives to another pool than the interactive one: lines of a map from "METHOD:/path" to its socket. */
static void print_pools(void)
{
	puts("# Made from the endpoint rows.");
	EACH_ENDPOINT(r, e)
	{
		if (!(e->flags & BP_EP_SLOW))
			continue;
		printf("\"~^%s:/api/v1", e->method);
		for (const char *p = e->path; *p; p += *p == '{' ? strcspn(p, "}") + 1 : 1)
			printf(*p == '{' ? "[^/]+" : "%c", *p);
		puts("$\" slow;");
	}
}

/* --- the JavaScript client --- */

static const char *js_type(const struct bp_field *f, enum bp_type t)
{
	static const char *const names[] = {"string", "string", "number", "number", "boolean", "string", "string", NULL,
		NULL, "any"};

	return t == BP_TYPE_OBJ ? f->sub->name : names[t];
}

static void print_typedef(json_t *done, const struct bp_shape *s)
{
	char wire[96];

	if (!s || json_object_get(done, s->name))
		return;
	json_object_set_new(done, s->name, json_true());
	for (size_t i = 0; i < s->n; i++)
		print_typedef(done, s->f[i].sub);
	printf("/** @typedef {object} %s\n", s->name);
	for (size_t i = 0; i < s->n; i++) {
		const struct bp_field *f = &s->f[i];
		bool optional = !(f->flags & BP_REQ), list = f->type == BP_TYPE_LIST;

		bp_wire_name(f->name, wire);
		printf(" * @property {%s%s%s%s} %s%s%s %s\n", list && f->item == BP_TYPE_DATE ? "(" : "", js_type(f, list ? f->item : f->type),
			list ? f->item == BP_TYPE_DATE ? "|null)[]" : "[]" : "", f->flags & BP_NUL ? "|null" : "", optional ? "[" : "", wire, optional ? "]" : "", f->doc);
	}
	puts(" */");
}

static void print_function(const struct bp_endpoint *e)
{
	char name[160], args[256] = "";
	size_t n = 0;

	function_name(e, name);
	printf("/** %s\n", e->summary);
	for (const char *p = strchr(e->path, '{'); p; p = strchr(p + 1, '{')) {
		int len = (int)strcspn(p + 1, ":}");

		n += (size_t)snprintf(args + n, sizeof(args) - n, "%s%.*s", n ? ", " : "", len, p + 1);
		printf(" * @param {%s} %.*s\n", p[1 + len] == ':' ? "string" : "number|string", len, p + 1);
	}
	if (e->body || e->flags & BP_EP_STREAM_IN) {
		n += (size_t)snprintf(args + n, sizeof(args) - n, "%sbody", n ? ", " : "");
		printf(" * @param {%s} body\n", e->body ? e->body->name : "Blob");
	}
	if (e->query) {
		snprintf(args + n, sizeof(args) - n, "%squery = {}", n ? ", " : "");
		printf(" * @param {Partial<%s>} [query]\n", e->query->name);
	}
	printf(" * @returns {Promise<import('../js/core/http.js').Result<%s>>} */\nexport const %s = (%s) => call('%s', `",
		e->reply ? e->reply->name : "any", name, args, e->method);
	for (const char *p = e->path; *p; p++) {
		int len;

		if (*p != '{') {
			putchar(*p);
			continue;
		}
		len = (int)strcspn(p + 1, ":}");
		printf("${encodeURIComponent(%.*s)}", len, p + 1);
		p = strchr(p, '}');
	}
	printf("`, %s, %s)\n\n", e->body || e->flags & BP_EP_STREAM_IN ? "body" : "undefined", e->query ? "query" : "undefined");
}

static void print_client(void)
{
	json_t *done = json_object();

	puts("// Generated by apidoc from the endpoint rows. Do not edit.\n// @ts-check\nimport { call } from '../js/core/http.js'\n");
	EACH_ENDPOINT(r, e)
	{
		print_typedef(done, e->query);
		print_typedef(done, e->body);
		print_typedef(done, e->reply);
		print_function(e);
	}
	json_decref(done);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "openapi";

	if (!strcmp(what, "openapi"))
		print_openapi();
	else if (!strcmp(what, "matrix"))
		print_matrix();
	else if (!strcmp(what, "errors"))
		print_errors();
	else if (!strcmp(what, "rules"))
		print_rules();
	else if (!strcmp(what, "pools"))
		print_pools();
	else if (!strcmp(what, "client"))
		print_client();
	else
		return 2;
	return 0;
}
