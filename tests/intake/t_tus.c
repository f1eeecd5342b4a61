/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headers of resumable uploads. */
#include "intake/tus.h"
#include "tests/base/test.h"

static void counts_of_bytes(void **state)
{
	static const char *const bad[] = {NULL, "", "-1", "+1", " 1", "1 ", "12a", "0x10", "99999999999999999", "9999999999999999"};
	uint64_t v;

	(void)state;
	assert_true(tus_bytes("0", &v) && v == 0);
	assert_true(tus_bytes("1125899906842624", &v) && v == TUS_BYTES_MOST);
	assert_false(tus_bytes("1125899906842625", &v));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(tus_bytes(bad[i], &v));
}

static void metadata(void **state)
{
	const char *h = "filename w6kuY3N2,session NQ==, flag,nul AGE=,bad %%%,empty ,filenamex eA==";
	struct bp_arena a;

	(void)state;
	bp_arena_init(&a, 1 << 20);
	assert_string_equal(tus_metadata(&a, h, "filename"), "\xC3\xA9.csv");
	assert_string_equal(tus_metadata(&a, h, "session"), "5");
	assert_string_equal(tus_metadata(&a, h, "flag"), "");
	assert_string_equal(tus_metadata(&a, h, "empty"), "");
	assert_null(tus_metadata(&a, h, "nul"));
	assert_null(tus_metadata(&a, h, "bad"));
	assert_null(tus_metadata(&a, h, "file"));
	assert_null(tus_metadata(&a, h, "none"));
	assert_null(tus_metadata(&a, NULL, "filename"));
	assert_null(tus_metadata(&a, ",,,", "filename"));
	bp_arena_release(&a);
}

static void checksums(void **state)
{
	static const char *const bad[] = {"sha1", "sha1 ", "sha1 AAAA", "md5 AAAAAAAAAAAAAAAAAAAAAA==", "sha256 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
		"sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=x", " sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk="};
	struct tus_checksum s;

	(void)state;
	assert_true(tus_checksum_parse(NULL, &s) && s.algorithm == TUS_NONE);
	assert_true(tus_checksum_parse("", &s) && s.algorithm == TUS_NONE);
	assert_true(tus_checksum_parse("sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", &s) && s.algorithm == TUS_SHA1 && s.n == 20 && s.digest[0] == 0xDA);
	assert_true(tus_checksum_parse("sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", &s) && s.algorithm == TUS_SHA256 && s.n == 32);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(tus_checksum_parse(bad[i], &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(counts_of_bytes), cmocka_unit_test(metadata), cmocka_unit_test(checksums)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
