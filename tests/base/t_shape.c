/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/shape.h"
#include "base/time.h"
#include "tests/base/test.h"

struct part {
	const char *name;
	int64_t count;
};
BP_SHAPE(part_shape, part,
	BP_STR(part, name, BP_REQ, 1, 10, "name"),
	BP_INT(part, count, BP_REQ, 0, 99, "how many"));

struct thing {
	const char *code, *note, *tier;
	int64_t count, day;
	struct bp_opt_int limit, until;
	double lat;
	struct bp_opt_num lon;
	bool active;
	struct part *part;
	struct bp_list parts, words, numbers;
	json_t *extra;
	int64_t kept;
};
static const char *const tiers[] = {"Gold", "Silver", NULL};
BP_SHAPE(thing_shape, thing,
	BP_STR(thing, code, BP_REQ, 1, 8, "code"),
	BP_STR(thing, note, BP_NUL, 0, 20, "note"),
	BP_ENUM(thing, tier, BP_NUL, tiers, "tier"),
	BP_INT(thing, count, BP_REQ, -5, 9e15, "count"),
	BP_DATE(thing, day, BP_REQ, "day"),
	BP_INT(thing, limit, BP_NUL, 1, 500, "limit"),
	BP_DATE(thing, until, BP_NUL, "until"),
	BP_NUM(thing, lat, BP_REQ, -90, 90, "latitude"),
	BP_NUM(thing, lon, BP_NUL, -180, 180, "longitude"),
	BP_BOOL(thing, active, BP_REQ, "active"),
	BP_OBJ(thing, part, BP_NUL, &part_shape, "part"),
	BP_LIST(thing, parts, BP_REQ, 3, &part_shape, "parts"),
	BP_LIST_STR(thing, words, BP_NUL, 3, "words"),
	BP_LIST_INT(thing, numbers, BP_NUL, 3, "numbers"),
	BP_JSON(thing, extra, BP_NUL, "anything"),
	BP_INT(thing, kept, BP_DEF, 0, 100, "kept when it does not come"));

static const char good[] = "{\"code\":\"A1\",\"note\":\"hé\",\"tier\":\"Silver\",\"count\":-5,\"day\":\"2026-11-23\","
	"\"limit\":500,\"until\":null,\"lat\":12.5,\"lon\":-180,\"active\":true,\"part\":{\"name\":\"p\",\"count\":1},"
	"\"parts\":[{\"name\":\"x\",\"count\":0},{\"name\":\"y\",\"count\":99}],\"words\":[\"a\",\"b\"],\"numbers\":[7],"
	"\"extra\":{\"k\":[1]}}";

struct fixture {
	struct bp_arena a;
	json_t *in, *errors;
	struct thing t;
	bool ok;
};

static void decode(struct fixture *f, const char *text)
{
	json_error_t where;

	memset(f, 0, sizeof(*f));
	bp_arena_init(&f->a, 1u << 20);
	f->errors = json_array();
	f->in = json_loads(text, 0, &where);
	assert_non_null(f->in);
	f->t.kept = 42;
	f->ok = bp_shape_decode(&thing_shape, &f->a, f->in, &f->t, f->errors);
}

static void release(struct fixture *f)
{
	json_decref(f->in);
	json_decref(f->errors);
	bp_arena_release(&f->a);
}

static void a_good_body_is_decoded(void **state)
{
	const struct part *parts;
	struct fixture f;

	(void)state;
	decode(&f, good);
	assert_true(f.ok);
	assert_int_equal(json_array_size(f.errors), 0);
	assert_string_equal(f.t.code, "A1");
	assert_string_equal(f.t.tier, "Silver");
	assert_int_equal(f.t.count, -5);
	assert_int_equal(f.t.day, bp_date_of(2026, 11, 23));
	assert_true(f.t.limit.set && f.t.limit.v == 500);
	assert_false(f.t.until.set);
	assert_true(f.t.lat == 12.5 && f.t.lon.set && f.t.lon.v == -180);
	assert_true(f.t.active);
	assert_string_equal(f.t.part->name, "p");
	parts = f.t.parts.v;
	assert_int_equal(f.t.parts.n, 2);
	assert_int_equal(parts[1].count, 99);
	assert_string_equal(((const char **)f.t.words.v)[1], "b");
	assert_int_equal(((int64_t *)f.t.numbers.v)[0], 7);
	assert_true(json_is_object(f.t.extra));
	assert_int_equal(f.t.kept, 42);
	release(&f);
}

static void what_is_encoded_comes_back(void **state)
{
	struct fixture f, again;
	struct bp_buf b;

	(void)state;
	decode(&f, good);
	f.t.extra = NULL; /* a member of this kind is JSON text when it is encoded */
	bp_buf_init(&b, 4096);
	bp_shape_encode(&thing_shape, &f.t, &b);
	decode(&again, b.data);
	assert_true(again.ok);
	assert_string_equal(again.t.note, f.t.note);
	assert_int_equal(again.t.day, f.t.day);
	assert_true(again.t.lon.v == f.t.lon.v);
	assert_int_equal(again.t.parts.n, 2);
	assert_int_equal(again.t.kept, 42);
	bp_buf_release(&b);
	release(&f);
	release(&again);
}

static void absent_and_null_members_are_none(void **state)
{
	struct fixture f;

	(void)state;
	decode(&f, "{\"code\":\"A\",\"note\":null,\"count\":1,\"day\":\"2026-01-01\",\"lat\":0,\"active\":false,\"parts\":[]}");
	assert_true(f.ok);
	assert_null(f.t.note);
	assert_null(f.t.tier);
	assert_null(f.t.part);
	assert_false(f.t.limit.set || f.t.lon.set);
	assert_int_equal(f.t.words.n, 0);
	release(&f);
}

/* One bad member at a time: member, its JSON, where and what the complaint must be. */
static void every_bad_member_is_named(void **state)
{
	static const char *const cases[][4] = {
		{"code", "5", "/code", "must be a string"}, {"code", "\"\"", "/code", "must be 1 to 8 bytes long"},
		{"code", "\"123456789\"", "/code", "must be 1 to 8 bytes long"}, {"code", "null", "/code", "must not be null"},
		{"code", "\"a\\u0000b\"", NULL, NULL}, {"code", "\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"", "/code", "must be 1 to 8 bytes long"},
		{"tier", "\"gold\"", "/tier", "is not one of the allowed values"}, {"tier", "1", "/tier", "is not one of the allowed values"},
		{"count", "1.0", "/count", "must be an integer"}, {"count", "\"1\"", "/count", "must be an integer"},
		{"count", "-6", "/count", "must be -5 to 9000000000000000"}, {"count", "9000000000000001", "/count", "must be -5 to 9000000000000000"},
		{"count", "true", "/count", "must be an integer"}, {"day", "\"2026-02-30\"", "/day", "must be a date like 2026-11-23"},
		{"day", "20261123", "/day", "must be a date like 2026-11-23"}, {"day", "null", "/day", "must not be null"},
		{"limit", "0", "/limit", "must be 1 to 500"}, {"limit", "\"\"", "/limit", "must be an integer"},
		{"lat", "90.0001", "/lat", "must be -90 to 90"}, {"lat", "\"12\"", "/lat", "must be a number"},
		{"lat", "null", "/lat", "must not be null"}, {"lon", "-181", "/lon", "must be -180 to 180"},
		{"active", "1", "/active", "must be true or false"}, {"active", "\"true\"", "/active", "must be true or false"},
		{"part", "[]", "/part/", "must be an object"}, {"part", "{\"name\":\"p\"}", "/part/count", "is required"},
		{"part", "{\"name\":\"p\",\"count\":1,\"x\":2}", "/part/x", "is not a known field"},
		{"parts", "{}", "/parts", "must be an array"}, {"parts", "null", "/parts", "must not be null"},
		{"parts", "[1]", "/parts/0/", "must be an object"},
		{"parts", "[{\"name\":\"x\",\"count\":1},{\"name\":\"x\",\"count\":100}]", "/parts/1/count", "must be 0 to 99"},
		{"parts", "[{},{},{},{}]", "/parts", "must hold at most 3 elements"}, {"words", "[\"a\",2]", "/words/1", "must be a string"},
		{"words", "\"a\"", "/words", "must be an array"}, {"numbers", "[1,2.5]", "/numbers/1", "must be an integer"},
		{"kept", "101", "/kept", "must be 0 to 100"}, {"kept", "null", "/kept", "must not be null"},
		{"colour", "1", "/colour", "is not a known field"}, {"Code", "1", "/Code", "is not a known field"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *doc = json_loads(good, 0, NULL), *bad = json_loads(cases[i][1], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL), *e;
		struct fixture f = {.errors = json_array()};

		assert_non_null(bad);
		json_object_set_new(doc, cases[i][0], bad);
		bp_arena_init(&f.a, 1u << 20);
		assert_false(bp_shape_decode(&thing_shape, &f.a, doc, &f.t, f.errors));
		e = json_array_get(f.errors, 0);
		if (cases[i][2]) {
			assert_string_equal(json_string_value(json_object_get(e, "pointer")), cases[i][2]);
			assert_string_equal(json_string_value(json_object_get(e, "problem")), cases[i][3]);
		}
		f.in = doc;
		release(&f);
	}
}

static void all_bad_members_are_told_at_once(void **state)
{
	struct fixture f;

	(void)state;
	decode(&f, "{\"code\":1,\"lat\":\"x\",\"colour\":1,\"part\":{}}");
	assert_false(f.ok);
	/* code, count, day, lat, active, part.name, part.count, parts, colour */
	assert_int_equal(json_array_size(f.errors), 9);
	release(&f);
	decode(&f, "[1]");
	assert_false(f.ok);
	assert_int_equal(json_array_size(f.errors), 1);
	release(&f);
}

struct change {
	uint64_t seen;
	const char *name;
	struct bp_opt_int limit;
};
BP_PATCH(change_shape, change,
	BP_STR(change, name, BP_DEF, 1, 10, "name"),
	BP_INT(change, limit, BP_NUL, 0, 10, "limit"));

static void a_patch_tells_absent_from_null(void **state)
{
	static const char *const texts[] = {"{}", "{\"limit\":null}", "{\"name\":\"x\"}", "{\"name\":\"x\",\"limit\":3}"};
	static const uint64_t seen[] = {0, 2, 1, 3};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		json_t *in = json_loads(texts[i], 0, NULL), *errors = json_array();
		struct change c = {.seen = 99};
		struct bp_arena a;

		bp_arena_init(&a, 4096);
		assert_true(bp_shape_decode(&change_shape, &a, in, &c, errors));
		assert_int_equal(c.seen, seen[i]);
		bp_arena_release(&a);
		json_decref(in);
		json_decref(errors);
	}
}

struct query {
	const char *q, *tier;
	struct bp_opt_int limit, from;
	struct bp_opt_num lat;
	bool units;
};
BP_SHAPE(query_shape, query,
	BP_STR(query, q, BP_NUL, 1, 20, "text"),
	BP_ENUM(query, tier, BP_NUL, tiers, "tier"),
	BP_INT(query, limit, BP_NUL, 1, 500, "limit"),
	BP_DATE(query, from, BP_NUL, "from"),
	BP_NUM(query, lat, BP_NUL, -90, 90, "latitude"),
	BP_BOOL(query, units, BP_DEF, "units only"));

static void query_strings_are_decoded_the_same_way(void **state)
{
	static const char *const bad[] = {"limit=0", "limit=5x", "limit=1e3", "limit=99999999999999999999", "tier=gold",
		"from=tomorrow", "lat=north", "lat=91", "lat=nan", "lat=inf", "units=maybe", "colour=1", "=1", "q=012345678901234567890", "limit=5&limit=6"};
	struct bp_arena a;
	struct query q;
	json_t *errors;

	(void)state;
	bp_arena_init(&a, 1u << 20);
	errors = json_array();
	assert_true(bp_shape_decode_query(&query_shape, &a, "q=a%20b%2Bc+d&tier=Gold&limit=7&from=2026-11-23&lat=-1.5&units=1", &q,
		errors));
	assert_string_equal(q.q, "a b+c d");
	assert_string_equal(q.tier, "Gold");
	assert_true(q.limit.v == 7 && q.from.v == bp_date_of(2026, 11, 23) && q.lat.v == -1.5 && q.units);
	assert_true(bp_shape_decode_query(&query_shape, &a, NULL, &q, errors));
	assert_true(bp_shape_decode_query(&query_shape, &a, "q=&limit=&&", &q, errors));
	assert_false(q.limit.set);
	assert_null(q.q);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		json_array_clear(errors);
		assert_false(bp_shape_decode_query(&query_shape, &a, bad[i], &q, errors));
		assert_int_equal(json_array_size(errors), 1);
	}
	json_decref(errors);
	bp_arena_release(&a);
}

static void texts_become_valid_json(void **state)
{
	static const char *const cases[][2] = {{"a\"b\\c", "\"a\\\"b\\\\c\""}, {"x\n\t\x01\x7f", "\"x\\u000a\\u0009\\u0001\\u007f\""},
		{"é€😀", "\"é€😀\""}, {"\xff", "\"\\ufffd\""}, {"\xc3", "\"\\ufffd\""}, {"\xe2\x82", "\"\\ufffd\\ufffd\""},
		{"\xc0\xaf", "\"\\ufffd\\ufffd\""}, {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""}, {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
		{"", "\"\""}};
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *v;

		bp_buf_clear(&b);
		bp_json_string(&b, cases[i][0]);
		assert_string_equal(b.data, cases[i][1]);
		v = json_loads(b.data, JSON_DECODE_ANY, NULL);
		assert_non_null(v);
		json_decref(v);
	}
	bp_buf_clear(&b);
	bp_json_string(&b, NULL);
	assert_string_equal(b.data, "null");
	bp_buf_release(&b);
}

static void numbers_are_short_and_finite(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0"}, {-3, "-3"}, {0.1, "0.1"}, {12.345678901234, "12.3456789"}, {1e14, "100000000000000"}, {1e300, "1e+300"},
		{(double)NAN, "null"}, {(double)INFINITY, "null"}};
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bp_buf_clear(&b);
		bp_json_number(&b, cases[i].v);
		assert_string_equal(b.data, cases[i].text);
	}
	bp_buf_release(&b);
}

static void the_schema_says_what_the_decoder_does(void **state)
{
	json_t *s = bp_shape_schema(&thing_shape), *p = json_object_get(s, "properties");
	const char *key;
	json_t *v;

	(void)state;
	assert_true(json_is_false(json_object_get(s, "additionalProperties")));
	assert_int_equal(json_object_size(p), 16);
	assert_int_equal(json_array_size(json_object_get(s, "required")), 6);
	json_object_foreach(p, key, v)
		assert_non_null(json_object_get(v, "description"));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(p, "code"), "maxLength")), 8);
	/* Bytes on our side, characters in JSON Schema: only "not empty" means the same. */
	assert_int_equal(json_integer_value(json_object_get(json_object_get(p, "code"), "minLength")), 1);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(p, "count"), "minimum")), -5);
	assert_non_null(json_object_get(json_object_get(p, "limit"), "anyOf"));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(p, "parts"), "maxItems")), 3);
	json_decref(s);
}

static void names_go_to_camel_case(void **state)
{
	char out[64];

	(void)state;
	bp_wire_name("visits_per_4_weeks", out);
	assert_string_equal(out, "visitsPer4Weeks");
	bp_wire_name("lat", out);
	assert_string_equal(out, "lat");
}

static void urls_are_undone_in_place(void **state)
{
	char a[] = "a%2Fb%zz%4", b[] = "x%00y+%E2%82%AC";

	(void)state;
	bp_url_decode(a);
	assert_string_equal(a, "a/b%zz%4");
	bp_url_decode(b);
	assert_string_equal(b, "xy €");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_body_is_decoded),
		cmocka_unit_test(what_is_encoded_comes_back),
		cmocka_unit_test(absent_and_null_members_are_none),
		cmocka_unit_test(every_bad_member_is_named),
		cmocka_unit_test(all_bad_members_are_told_at_once),
		cmocka_unit_test(a_patch_tells_absent_from_null),
		cmocka_unit_test(query_strings_are_decoded_the_same_way),
		cmocka_unit_test(texts_become_valid_json),
		cmocka_unit_test(numbers_are_short_and_finite),
		cmocka_unit_test(the_schema_says_what_the_decoder_does),
		cmocka_unit_test(names_go_to_camel_case),
		cmocka_unit_test(urls_are_undone_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
