/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs no database: access tokens and their keys, codes of second factors, counters of programs. */
#include <nettle/sha1.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/factor.h"
#include "auth/limit.h"
#include "auth/leaked.h"
#include "auth/password.h"
#include "auth/token.h"
#include "tests/base/test.h"

#define NOW INT64_C(1764000000)
#define B64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
static const struct bp_token good = {7, 3, NOW, NOW + 600};

static struct bp_token_keys new_keys(void)
{
	struct bp_token_keys k = {.n = 0};

	bp_token_keys_add(&k);
	return k;
}

static bool checks(const struct bp_token_keys *k, const char *text, int64_t now)
{
	struct bp_token t;

	return bp_token_check(k, text, now, &t);
}

static void a_token_tells_user_and_family(void **state)
{
	struct bp_token_keys k = new_keys();
	char text[BP_TOKEN_SIZE];
	struct bp_token t;

	(void)state;
	bp_token_sign(&k, &good, text);
	assert_true(bp_token_check(&k, text, NOW + 1, &t));
	assert_true(t.user == 7 && t.family == 3 && t.issued == NOW && t.expires == NOW + 600);
}

static void each_byte_of_a_token_counts(void **state)
{
	struct bp_token_keys k = new_keys();
	char text[BP_TOKEN_SIZE];
	size_t n;

	(void)state;
	bp_token_sign(&k, &good, text);
	n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		text[i] = c == 'A' ? 'B' : 'A';
		assert_false(checks(&k, text, NOW));
		text[i] = '\0';
		assert_false(checks(&k, text, NOW));
		text[i] = c;
	}
	text[n] = 'A';
	text[n + 1] = '\0';
	assert_false(checks(&k, text, NOW));
	assert_false(checks(&k, "", NOW));
	assert_false(checks(&k, ".", NOW));
	assert_false(checks(&k, "..", NOW));
}

/* A token with any header and claims, signed by `seed`. */
static char *forge(const char *header, const char *claims, const unsigned char *seed)
{
	unsigned char pk[32], sk[64], sig[64];
	char *out = calloc(1, 4096);
	size_t n;

	sodium_bin2base64(out, 4096, (const unsigned char *)header, strlen(header), B64);
	n = strlen(out);
	out[n++] = '.';
	sodium_bin2base64(out + n, 4096 - n, (const unsigned char *)claims, strlen(claims), B64);
	n = strlen(out);
	crypto_sign_seed_keypair(pk, sk, seed);
	crypto_sign_detached(sig, NULL, (const unsigned char *)out, n, sk);
	out[n++] = '.';
	sodium_bin2base64(out + n, 4096 - n, sig, sizeof(sig), B64);
	return out;
}

#define CLAIMS "{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}"

static void only_the_claims_of_ours_count(void **state)
{
	static const struct {
		const char *claims;
		bool good;
	} cases[] = {
		{CLAIMS, true},
		{"{\"iss\":\"beatplan\",\"aud\":\"elsewhere\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"elsewhere\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"beatplan\",\"aud\":[\"beatplan\"],\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"0\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":7,\"fam\":3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":-3,\"iat\":1764000000,\"exp\":1764000600}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000600,\"exp\":1}", false},
		/* longer than any that we give, and one of tomorrow */
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000000,\"exp\":1764000601}", false},
		{"{\"iss\":\"beatplan\",\"aud\":\"beatplan\",\"sub\":\"7\",\"fam\":3,\"iat\":1764000062,\"exp\":1764000600}", false},
		{"{}", false}, {"[]", false}, {"null", false}, {"", false}, {"{\"iss\"", false},
	};
	struct bp_token_keys k = new_keys();
	char header[80];

	(void)state;
	snprintf(header, sizeof(header), "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", k.key[0].id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = forge(header, cases[i].claims, k.key[0].seed);

		if (checks(&k, text, NOW) != cases[i].good)
			fail_msg("%s", cases[i].claims);
		free(text);
	}
}

static void the_header_chooses_nothing(void **state)
{
	struct bp_token_keys k = new_keys(), other = new_keys();
	const char *const headers[] = {"{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"%s\"}", "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
		"{\"typ\":\"JWT\",\"alg\":\"EdDSA\",\"kid\":\"%s\"}", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\",\"jwk\":{}}",
		"{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}"};
	char header[120], *text;

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		const char *hole = strstr(headers[i], "%s");
		size_t n = hole ? (size_t)(hole - headers[i]) : strlen(headers[i]);

		snprintf(header, sizeof(header), "%.*s%s%s", (int)n, headers[i], hole ? k.key[0].id : "", hole ? hole + 2 : "");
		text = forge(header, CLAIMS, k.key[0].seed);
		assert_false(checks(&k, text, NOW));
		free(text);
	}
	/* The right header, signed by somebody else. */
	snprintf(header, sizeof(header), "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", k.key[0].id);
	text = forge(header, CLAIMS, other.key[0].seed);
	assert_false(checks(&k, text, NOW));
	*strrchr(text, '.') = '\0';
	assert_false(checks(&k, text, NOW));
	free(text);
}

static void clocks_may_be_a_minute_apart(void **state)
{
	struct bp_token_keys k = new_keys();
	char text[BP_TOKEN_SIZE];

	(void)state;
	bp_token_sign(&k, &good, text);
	assert_true(checks(&k, text, NOW - 60));
	assert_false(checks(&k, text, NOW - 61));
	assert_true(checks(&k, text, NOW + 659));
	assert_false(checks(&k, text, NOW + 660));
}

static void two_keys_are_good_while_one_takes_over(void **state)
{
	struct bp_token_keys k = new_keys();
	char first[BP_TOKEN_SIZE], second[BP_TOKEN_SIZE];
	unsigned char box[32];

	(void)state;
	memcpy(box, k.box, sizeof(box));
	bp_token_sign(&k, &good, first);
	bp_token_keys_add(&k);
	bp_token_sign(&k, &good, second);
	assert_string_not_equal(first, second);
	assert_true(checks(&k, first, NOW) && checks(&k, second, NOW));
	bp_token_keys_add(&k);
	assert_true(!checks(&k, first, NOW) && checks(&k, second, NOW));
	assert_memory_equal(box, k.box, sizeof(box));
}

static enum bp_error load(const char *text, struct bp_token_keys *k)
{
	char dir[] = "/tmp/bp-keys.XXXXXX", path[64];
	struct bp_fail f = {0};
	enum bp_error e;
	FILE *out;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/token.keys", dir);
	if (text) {
		out = fopen(path, "we");
		fputs(text, out);
		fclose(out);
	}
	e = bp_token_keys_load(dir, k, &f);
	unlink(path);
	rmdir(dir);
	return e;
}

static void the_file_of_keys_is_read_as_it_is_written(void **state)
{
	struct bp_token_keys k = new_keys(), back;
	struct bp_buf b;
	char *cut;

	(void)state;
	bp_token_keys_add(&k);
	bp_buf_init(&b, 4096);
	bp_token_keys_print(&k, &b);
	assert_int_equal(load(b.data, &back), BP_E_OK);
	assert_int_equal(back.n, 2);
	assert_memory_equal(k.key, back.key, sizeof(k.key));
	assert_memory_equal(k.box, back.box, sizeof(k.box));
	assert_int_equal(load(NULL, &back), BP_E_NOT_FOUND);
	assert_int_equal(load("", &back), BP_E_INTERNAL);
	assert_int_equal(load("key 01234567 zz\n", &back), BP_E_INTERNAL);
	assert_int_equal(load("box\n", &back), BP_E_INTERNAL);
	cut = strstr(b.data, "box");
	*cut = '\0';
	assert_int_equal(load(b.data, &back), BP_E_INTERNAL);
	bp_buf_release(&b);
}

/* RFC 6238, appendix B, the last six digits. */
static void codes_are_those_of_the_standard(void **state)
{
	static const unsigned char secret[] = "12345678901234567890";
	static const struct {
		uint64_t time;
		unsigned code;
	} cases[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924}, {2000000000, 279037}, {UINT64_C(20000000000), 353130}};
	char text[BP_FACTOR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(bp_totp(secret, cases[i].time / BP_FACTOR_STEP), cases[i].code);
	bp_base32(secret, 20, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	/* RFC 4648 */
	bp_base32((const unsigned char *)"foobar", 6, text);
	assert_string_equal(text, "MZXW6YTBOI");
	bp_base32((const unsigned char *)"f", 1, text);
	assert_string_equal(text, "MY");
}

static void who_calls_too_often_waits_until_a_call_comes_back(void **state)
{
	const int64_t second = 1000000, t = 1000 * second; /* five a minute: one comes back in twelve seconds */
	struct bp_limit l;

	(void)state;
	for (int i = 0; i < 5; i++) {
		l = bp_limit_take(42, 5, t);
		assert_int_equal(l.wait, 0);
		assert_int_equal(l.left, 4 - i);
		assert_int_equal(l.reset, 12 * (i + 1));
	}
	l = bp_limit_take(42, 5, t + 10 * second);
	assert_int_equal(l.wait, 2);
	assert_int_equal(l.left, 0);
	assert_int_equal(l.reset, 50);
	assert_int_equal(bp_limit_take(43, 5, t + 10 * second).left, 4);
	assert_int_equal(bp_limit_take(42, 5, t + 12 * second - 1).wait, 1);
	assert_int_equal(bp_limit_take(42, 5, t + 12 * second).wait, 0);
	assert_int_equal(bp_limit_take(42, 5, t + 12 * second).wait, 12);
	/* All are there again after a minute, and never more. */
	assert_int_equal(bp_limit_take(42, 5, t + 500 * second).left, 4);
	/* A setting that is lowered makes nobody wait for more than a minute, and any limit is kept to the call. */
	assert_in_range(bp_limit_take(42, 1, t + 500 * second).wait, 1, 60);
	for (long most = 1; most <= 100000; most = most * 3 + 1)
		assert_int_equal(bp_limit_take(44 + (uint64_t)most, most, t).left, most - 1);
}

/* The list itself is cracklib's; here it is that all three kinds are asked for, and that a good one passes. */
static void passwords_that_are_guessed_first_are_told(void **state)
{
	static const char *const guessed[] = {"password123", "qwertyuiop", "asdfghjkl123", "aaaaaaaaaaaa", "priya-2026!", "PRIYA nair 7", "BeatPlan rocks"};

	(void)state;
	assert_true(bp_password_list_there());
	for (size_t i = 0; i < sizeof(guessed) / sizeof(*guessed); i++)
		assert_non_null(bp_password_guessed(guessed[i], "priya", "Priya Nair"));
	assert_null(bp_password_guessed("correct horse battery", "priya", "Priya Nair"));
	assert_null(bp_password_guessed("tangerine-Fjord-77", "hi", ""));
}

#define LEAKS 5000

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A list of the passwords tangerine-Fjord-0 ... in a form; the file's name. */
static const char *leaks(size_t n, const char *after, bool sorted, bool last_end)
{
	static char path[64];
	char (*line)[41] = bp_xcalloc(n + 1, sizeof(*line));
	FILE *out;

	for (size_t i = 0; i < n; i++) {
		struct sha1_ctx ctx;
		unsigned char digest[SHA1_DIGEST_SIZE];
		char word[32];

		sha1_init(&ctx);
		sha1_update(&ctx, (size_t)snprintf(word, sizeof(word), "tangerine-Fjord-%zu", i), (uint8_t *)word);
		sha1_digest(&ctx, sizeof(digest), digest);
		for (int k = 0; k < SHA1_DIGEST_SIZE; k++)
			snprintf(line[i] + 2 * k, 3, "%02X", digest[k]);
	}
	if (sorted)
		qsort(line, n, sizeof(*line), by_text);
	snprintf(path, sizeof(path), "/tmp/t_auth-XXXXXX");
	out = fdopen(mkstemp(path), "w");
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s%s", line[i], i % 3 && *after == ':' ? ":1234567" : after, i + 1 < n || last_end ? "\n" : "");
	fclose(out);
	free(line);
	return path;
}

static void a_leaked_password_is_found_wherever_it_stands(void **state)
{
	static const size_t sizes[] = {1, 2, 90, 200, LEAKS};
	static const char *const after[] = {":1", "", ":3\r", "\r"};
	struct bp_fail f = {0};

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		for (size_t k = 0; k < sizeof(after) / sizeof(*after); k++) {
			const char *path = leaks(sizes[s], after[k], true, k != 1);
			char word[48];

			for (size_t i = 0; i < sizes[s]; i++) {
				snprintf(word, sizeof(word), "tangerine-Fjord-%zu", i);
				assert_true(bp_leaked(path, word));
				snprintf(word, sizeof(word), "tangerine-Delta-%zu", i);
				assert_false(bp_leaked(path, word));
			}
			if (bp_leaked_sound(path, &f))
				fail_msg("%zu lines ending in \"%s\": %s", sizes[s], after[k], f.detail);
			unlink(path);
		}
	assert_null(bp_password_refused("off", "tangerine-Fjord-5", "priya", "Priya Nair"));
	assert_non_null(strstr(bp_password_refused(leaks(9, "", true, true), "tangerine-Fjord-5", "priya", "Priya Nair"), "stolen"));
}

static void a_file_that_is_no_such_list_is_told(void **state)
{
	struct bp_fail f = {0};
	const char *path = leaks(LEAKS, ":1", false, true);
	FILE *out;

	(void)state;
	assert_int_equal(bp_leaked_sound(path, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "is not sorted by the hash"));
	out = fopen(path, "w");
	for (int i = 0; i < 3000; i++)
		fprintf(out, "%032x:1\n", (unsigned)i); /* of another kind of hash */
	fclose(out);
	bp_fail_clear(&f);
	assert_int_equal(bp_leaked_sound(path, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "40 hexadecimal digits"));
	assert_false(bp_leaked(path, "tangerine-Fjord-1"));
	assert_int_equal(truncate(path, 0), 0);
	bp_fail_clear(&f);
	assert_int_equal(bp_leaked_sound(path, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "is empty"));
	unlink(path);
	bp_fail_clear(&f);
	assert_int_equal(bp_leaked_sound(path, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "cannot read"));
	assert_false(bp_leaked(path, "tangerine-Fjord-1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_tells_user_and_family),
		cmocka_unit_test(each_byte_of_a_token_counts),
		cmocka_unit_test(only_the_claims_of_ours_count),
		cmocka_unit_test(the_header_chooses_nothing),
		cmocka_unit_test(clocks_may_be_a_minute_apart),
		cmocka_unit_test(two_keys_are_good_while_one_takes_over),
		cmocka_unit_test(the_file_of_keys_is_read_as_it_is_written),
		cmocka_unit_test(codes_are_those_of_the_standard),
		cmocka_unit_test(who_calls_too_often_waits_until_a_call_comes_back),
		cmocka_unit_test(passwords_that_are_guessed_first_are_told),
		cmocka_unit_test(a_leaked_password_is_found_wherever_it_stands),
		cmocka_unit_test(a_file_that_is_no_such_list_is_told),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
