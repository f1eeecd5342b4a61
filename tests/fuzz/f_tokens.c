/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program shows to be let in.  The first byte chooses: the whole token, or its claims under a signature that is right, since
 * nobody finds one by trying. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/token.h"
#include "tests/fuzz/fuzz.h"

#define B64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define NOW 1700000000

static struct bp_token_keys keys;

/* HEADER.CLAIMS.SIGNATURE, with the header of a token of ours. */
static void sign(const uint8_t *claims, size_t n, char out[2 * BP_TOKEN_SIZE])
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES], sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
	size_t at;

	bp_token_sign(&keys, &(struct bp_token){1, 1, NOW, NOW + 1}, out);
	at = (size_t)(strchr(out, '.') - out) + 1;
	sodium_bin2base64(out + at, BP_TOKEN_SIZE, claims, n > 300 ? 300 : n, B64);
	crypto_sign_seed_keypair(pk, sk, keys.key[0].seed);
	crypto_sign_detached(sig, NULL, (const unsigned char *)out, strlen(out), sk);
	at = strlen(out);
	out[at++] = '.';
	sodium_bin2base64(out + at, 100, sig, sizeof(sig), B64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(size ? data + 1 : data, size ? size - 1 : 0), made[2 * BP_TOKEN_SIZE];
	struct bp_token t;

	if (!keys.n) {
		if (sodium_init() < 0)
			abort();
		keys.n = 1;
		snprintf(keys.key[0].id, sizeof(keys.key[0].id), "00000000");
	}
	if (size && data[0] & 1) {
		sign(data + 1, size - 1, made);
		/* Whatever it says: who it names is somebody, and it is good now. */
		if (bp_token_check(&keys, made, NOW, &t) && (!t.user || t.expires <= NOW - BP_TOKEN_SKEW || t.issued > NOW + BP_TOKEN_SKEW))
			abort();
	} else if (bp_token_check(&keys, text, NOW, &t)) {
		abort();
	}
	free(text);
	return 0;
}
