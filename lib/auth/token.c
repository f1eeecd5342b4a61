/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/token.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define B64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define FILE_MOST 1024

/* `hex` is exactly n bytes. */
static bool unhex(const char *hex, unsigned char *out, size_t n)
{
	size_t got;

	return hex && strlen(hex) == 2 * n && !sodium_hex2bin(out, n, hex, 2 * n, NULL, &got, NULL) && got == n;
}

static bool read_line(struct bp_token_keys *k, char *line, bool *sealed)
{
	char *save = NULL, *word = strtok_r(line, " \t\r", &save), *a = strtok_r(NULL, " \t\r", &save), *b = strtok_r(NULL, " \t\r", &save);

	if (!word || *word == '#')
		return true;
	if (!strcmp(word, "box"))
		return *sealed = unhex(a, k->box, sizeof(k->box));
	if (strcmp(word, "key") || k->n == BP_TOKEN_KEYS_MOST || !a || strlen(a) != sizeof(k->key[0].id) - 1)
		return false;
	memcpy(k->key[k->n].id, a, sizeof(k->key[0].id));
	return unhex(b, k->key[k->n++].seed, sizeof(k->key[0].seed));
}

enum bp_error bp_token_keys_load(const char *dir, struct bp_token_keys *k, struct bp_fail *f)
{
	char path[1100], text[FILE_MOST], *save = NULL;
	bool sealed = false, good = true;
	FILE *in;
	size_t n;

	memset(k, 0, sizeof(*k));
	snprintf(path, sizeof(path), "%s/" BP_TOKEN_FILE, dir);
	in = fopen(path, "re");
	if (!in)
		return bp_fail(f, errno == ENOENT ? BP_E_NOT_FOUND : BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[n] = '\0';
	for (char *line = strtok_r(text, "\n", &save); line && good; line = strtok_r(NULL, "\n", &save))
		good = read_line(k, line, &sealed);
	sodium_memzero(text, sizeof(text));
	return good && sealed && k->n ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "%s is not as `beatplan up` wrote it", path);
}

void bp_token_keys_add(struct bp_token_keys *k)
{
	unsigned char id[4];

	if (!k->n)
		randombytes_buf(k->box, sizeof(k->box));
	memmove(k->key + 1, k->key, sizeof(k->key) - sizeof(k->key[0]));
	k->n += k->n < BP_TOKEN_KEYS_MOST;
	randombytes_buf(id, sizeof(id));
	sodium_bin2hex(k->key[0].id, sizeof(k->key[0].id), id, sizeof(id));
	randombytes_buf(k->key[0].seed, sizeof(k->key[0].seed));
}

void bp_token_keys_print(const struct bp_token_keys *k, struct bp_buf *out)
{
	char hex[65];

	bp_buf_str(out, "# The keys of access tokens, newest first: the first signs, each of them is taken; `beatplan token rotate` adds one.\n"
			"# The box seals the secrets of second factors: without it people have to set theirs up anew.\n");
	for (int i = 0; i < k->n; i++)
		bp_buf_printf(out, "key %s %s\n", k->key[i].id, sodium_bin2hex(hex, sizeof(hex), k->key[i].seed, sizeof(k->key[i].seed)));
	bp_buf_printf(out, "box %s\n", sodium_bin2hex(hex, sizeof(hex), k->box, sizeof(k->box)));
}

/* The one header that a token of this key has, as it stands in it. */
static void header_of(const char *id, char out[120])
{
	char json[80];
	int n = snprintf(json, sizeof(json), "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", id);

	sodium_bin2base64(out, 120, (const unsigned char *)json, (size_t)n, B64);
}

void bp_token_sign(const struct bp_token_keys *k, const struct bp_token *t, char out[BP_TOKEN_SIZE])
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES], sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
	char json[256], header[120], claims[360], mark[100];
	int n = snprintf(json, sizeof(json), "{\"iss\":\"beatplan\",\"aud\":\"" BP_TOKEN_AUDIENCE "\",\"sub\":\"%" PRIu64 "\",\"fam\":%" PRIu64
		",\"iat\":%" PRId64 ",\"exp\":%" PRId64 "}", t->user, t->family, t->issued, t->expires);

	header_of(k->key[0].id, header);
	sodium_bin2base64(claims, sizeof(claims), (const unsigned char *)json, (size_t)n, B64);
	n = snprintf(out, BP_TOKEN_SIZE, "%s.%s", header, claims);
	crypto_sign_seed_keypair(pk, sk, k->key[0].seed);
	crypto_sign_detached(sig, NULL, (const unsigned char *)out, (size_t)n, sk);
	sodium_bin2base64(mark, sizeof(mark), sig, sizeof(sig), B64);
	snprintf(out + n, BP_TOKEN_SIZE - (size_t)n, ".%s", mark);
	sodium_memzero(sk, sizeof(sk));
}

/* The key whose header the token has, -1 = none. */
static int key_of(const struct bp_token_keys *k, const char *text)
{
	char header[120];

	for (int i = 0; i < k->n; i++) {
		header_of(k->key[i].id, header);
		if (!strncmp(text, header, strlen(header)) && text[strlen(header)] == '.')
			return i;
	}
	return -1;
}

static bool whole(const json_t *claims, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(claims, name);

	*out = json_integer_value(v);
	return json_is_integer(v) && *out > 0;
}

static bool claims_good(const char *json, size_t n, int64_t now, struct bp_token *t)
{
	json_t *c = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	const char *aud = json_string_value(json_object_get(c, "aud")), *iss = json_string_value(json_object_get(c, "iss"));
	const char *sub = json_string_value(json_object_get(c, "sub"));
	int64_t family = 0;
	bool good = aud && iss && sub && !strcmp(aud, BP_TOKEN_AUDIENCE) && !strcmp(iss, "beatplan") && whole(c, "fam", &family) &&
		whole(c, "iat", &t->issued) && whole(c, "exp", &t->expires);

	t->family = (uint64_t)family;
	t->user = sub ? strtoull(sub, NULL, 10) : 0;
	json_decref(c);
	return good && t->user && t->issued <= now + BP_TOKEN_SKEW && t->expires > now - BP_TOKEN_SKEW && t->expires - t->issued <= BP_TOKEN_SECONDS;
}

bool bp_token_check(const struct bp_token_keys *k, const char *text, int64_t now, struct bp_token *t)
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES], sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
	const char *claims = strchr(text, '.'), *mark = claims ? strchr(claims + 1, '.') : NULL;
	char json[400];
	size_t n;
	int key = mark && strlen(text) < BP_TOKEN_SIZE ? key_of(k, text) : -1;

	if (key < 0 || sodium_base642bin(sig, sizeof(sig), mark + 1, strlen(mark + 1), NULL, &n, NULL, B64) || n != sizeof(sig))
		return false;
	crypto_sign_seed_keypair(pk, sk, k->key[key].seed);
	sodium_memzero(sk, sizeof(sk));
	if (crypto_sign_verify_detached(sig, (const unsigned char *)text, (size_t)(mark - text), pk) ||
		sodium_base642bin((unsigned char *)json, sizeof(json), claims + 1, (size_t)(mark - claims - 1), NULL, &n, NULL, B64))
		return false;
	return claims_good(json, n, now, t);
}
