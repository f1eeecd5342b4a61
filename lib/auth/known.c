/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/known.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth/token.h"

/* The seal of a name for a user, whatever capitals the user name was typed with. */
static enum bp_error seal(const char *dir, const char *username, const char *name, char hex[BP_KNOWN_NAME + 1])
{
	unsigned char mac[BP_KNOWN_NAME / 2];
	struct bp_token_keys k;
	struct bp_fail f = {0};
	crypto_generichash_state h;

	if (bp_token_keys_load(dir, &k, &f))
		return BP_E_INTERNAL;
	crypto_generichash_init(&h, k.box, sizeof(k.box), sizeof(mac));
	crypto_generichash_update(&h, (const unsigned char *)"known", 6);
	crypto_generichash_update(&h, (const unsigned char *)name, BP_KNOWN_NAME);
	for (; *username; username++) {
		unsigned char c = (unsigned char)tolower((unsigned char)*username);

		crypto_generichash_update(&h, &c, 1);
	}
	crypto_generichash_final(&h, mac, sizeof(mac));
	sodium_bin2hex(hex, BP_KNOWN_NAME + 1, mac, sizeof(mac));
	sodium_memzero(&k, sizeof(k));
	return BP_E_OK;
}

enum bp_error bp_known_new(const char *dir, const char *username, char out[BP_KNOWN_SIZE])
{
	unsigned char name[BP_KNOWN_NAME / 2];

	randombytes_buf(name, sizeof(name));
	sodium_bin2hex(out, BP_KNOWN_SIZE, name, sizeof(name));
	return seal(dir, username, out, out + BP_KNOWN_NAME);
}

bool bp_known_is(const char *dir, const char *username, const char *cookie)
{
	char hex[BP_KNOWN_NAME + 1];

	return strlen(cookie) == BP_KNOWN_SIZE - 1 && !seal(dir, username, cookie, hex) && !sodium_memcmp(hex, cookie + BP_KNOWN_NAME, BP_KNOWN_NAME);
}
