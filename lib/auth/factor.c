/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/factor.h"

#include <ctype.h>
#include <nettle/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "auth/token.h"
#include "base/time.h"
#include "queries.h"

#define SEALED (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + BP_FACTOR_SECRET)

unsigned bp_totp(const unsigned char secret[BP_FACTOR_SECRET], uint64_t step)
{
	struct hmac_sha1_ctx ctx;
	uint8_t text[8], mac[SHA1_DIGEST_SIZE];
	const uint8_t *p;

	for (int i = 7; i >= 0; i--, step >>= 8)
		text[i] = (uint8_t)step;
	hmac_sha1_set_key(&ctx, BP_FACTOR_SECRET, secret);
	hmac_sha1_update(&ctx, sizeof(text), text);
	hmac_sha1_digest(&ctx, sizeof(mac), mac);
	p = mac + (mac[19] & 15);
	return (((unsigned)p[0] & 127) << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3]) % 1000000;
}

void bp_base32(const unsigned char *in, size_t n, char *out)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | in[i];
		for (have += 8; have >= 5; have -= 5)
			*out++ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits >> (have - 5) & 31];
	}
	if (have)
		*out++ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits << (5 - have) & 31];
	*out = '\0';
}

static enum bp_error keys(const char *dir, struct bp_token_keys *k)
{
	struct bp_fail f = {0};

	return bp_token_keys_load(dir, k, &f) ? BP_E_INTERNAL : BP_E_OK;
}

enum bp_error bp_factor_begin(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, char text[BP_FACTOR_TEXT])
{
	unsigned char secret[BP_FACTOR_SECRET], sealed[SEALED];
	struct bp_token_keys k;
	struct q_factor_get row;
	enum bp_error e = q_factor_get(db, a, (int64_t)user, &row);

	if (!e && row.confirmed)
		return BP_E_CONFLICT;
	if (e && e != BP_E_NOT_FOUND)
		return e;
	if ((e = keys(dir, &k)))
		return e;
	randombytes_buf(secret, sizeof(secret));
	randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, secret, sizeof(secret), sealed, k.box);
	bp_base32(secret, sizeof(secret), text);
	return q_factor_begin(db, (int64_t)user, (struct bp_bytes){sealed, sizeof(sealed)}, NULL);
}

static enum bp_error open_secret(const struct bp_token_keys *k, const struct bp_bytes *sealed, unsigned char secret[BP_FACTOR_SECRET])
{
	const unsigned char *p = sealed->p;

	return sealed->n == SEALED && !crypto_secretbox_open_easy(secret, p + crypto_secretbox_NONCEBYTES, SEALED - crypto_secretbox_NONCEBYTES, p,
		k->box) ? BP_E_OK : BP_E_INTERNAL;
}

/* Clocks may be half a minute apart. What was taken once is not taken again, nor anything before it. */
static enum bp_error spend_digits(struct bp_db *db, const unsigned char secret[BP_FACTOR_SECRET], uint64_t user, unsigned digits)
{
	uint64_t now = (uint64_t)(bp_now() / 1000000 / BP_FACTOR_STEP), done = 0;
	enum bp_error e = BP_E_OK;

	for (uint64_t step = now - 1; step <= now + 1 && !done && !e; step++)
		if (bp_totp(secret, step) == digits)
			e = q_factor_step(db, (int64_t)user, (int64_t)step, &done);
	return e || done ? e : BP_E_AUTH_CODE;
}

/* Those of former versions are short for a hash without a key. */
static struct bp_bytes recovery_hash(const struct bp_token_keys *k, const char *code, unsigned char out[32])
{
	crypto_generichash(out, 32, (const unsigned char *)code, strlen(code), k->box, sizeof(k->box));
	return (struct bp_bytes){out, 32};
}

/* The digits or letters of a code without what people put between them; its length. */
static size_t plain(const char *code, char out[BP_FACTOR_RECOVERY])
{
	size_t n = 0;

	for (; *code && n < BP_FACTOR_RECOVERY - 1; code++)
		if (!strchr(" -", *code))
			out[n++] = (char)tolower((unsigned char)*code);
	out[n] = '\0';
	return *code ? 0 : n;
}

enum bp_error bp_factor_check(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *code)
{
	unsigned char secret[BP_FACTOR_SECRET], hash[32];
	struct bp_token_keys k;
	struct q_factor_get row;
	uint64_t spent = 0;
	char text[BP_FACTOR_RECOVERY];
	size_t n = plain(code, text);
	enum bp_error e = q_factor_get(db, a, (int64_t)user, &row);

	if (!e)
		e = keys(dir, &k);
	if (!e)
		e = open_secret(&k, &row.secret, secret);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_CODE : e;
	if (n == 6 && strspn(text, "0123456789") == n)
		return spend_digits(db, secret, user, (unsigned)strtoul(text, NULL, 10));
	if (row.confirmed && n)
		e = q_recovery_use(db, (int64_t)user, recovery_hash(&k, text, hash), &spent);
	return e || spent ? e : BP_E_AUTH_CODE;
}

struct recoveries {
	const struct bp_token_keys *k;
	uint64_t user;
	char (*codes)[BP_FACTOR_RECOVERY];
	bool confirm;
};

static enum bp_error store_recoveries(struct bp_db *db, void *ctx)
{
	struct recoveries *r = ctx;
	unsigned char hash[32];
	char text[BP_FACTOR_RECOVERY];
	uint64_t changed = 1;
	enum bp_error e = r->confirm ? q_factor_confirm(db, (int64_t)r->user, &changed) : BP_E_OK;

	if (!e && !changed)
		return BP_E_CONFLICT;
	if (!e)
		e = q_recovery_clear(db, (int64_t)r->user, NULL);
	for (int i = 0; i < BP_FACTOR_RECOVERIES && !e; i++) {
		plain(r->codes[i], text);
		e = q_recovery_add(db, (int64_t)r->user, recovery_hash(r->k, text, hash), NULL);
	}
	return e;
}

static enum bp_error new_recoveries(struct bp_db *db, const struct bp_token_keys *k, uint64_t user, bool confirm,
	char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";

	for (int i = 0; i < BP_FACTOR_RECOVERIES; i++) {
		for (int j = 0; j < BP_FACTOR_RECOVERY - 1; j++)
			codes[i][j] = j % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof(letters) - 1)];
		codes[i][BP_FACTOR_RECOVERY - 1] = '\0';
	}
	return bp_db_tx(db, store_recoveries, &(struct recoveries){k, user, codes, confirm});
}

enum bp_error bp_factor_confirm(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *code,
	char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY])
{
	struct bp_token_keys k;
	struct q_factor_get row;
	enum bp_error e = q_factor_get(db, a, (int64_t)user, &row);

	if (e == BP_E_NOT_FOUND || (!e && row.confirmed))
		return BP_E_CONFLICT;
	if (!e)
		e = keys(dir, &k);
	if (!e)
		e = bp_factor_check(db, a, dir, user, code);
	return e ? e : new_recoveries(db, &k, user, true, codes);
}

enum bp_error bp_factor_recoveries(struct bp_db *db, const char *dir, uint64_t user, char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY])
{
	struct bp_token_keys k;
	enum bp_error e = keys(dir, &k);

	return e ? e : new_recoveries(db, &k, user, false, codes);
}

enum bp_error bp_factor_drop(struct bp_db *db, uint64_t user)
{
	enum bp_error e = q_factor_drop(db, (int64_t)user, NULL);

	return e ? e : q_recovery_clear(db, (int64_t)user, NULL);
}
