/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/tus.h"

#include <sodium.h>
#include <string.h>

bool tus_bytes(const char *s, uint64_t *out)
{
	uint64_t v = 0;

	if (!s || !*s || strlen(s) > 16)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (uint64_t)(*s - '0');
	}
	*out = v;
	return v <= TUS_BYTES_MOST;
}

static char *decoded(struct bp_arena *a, const char *s, size_t n, size_t *got)
{
	char *out = bp_alloc(a, n + 1);

	if (sodium_base642bin((unsigned char *)out, n, s, n, NULL, got, NULL, sodium_base64_VARIANT_ORIGINAL))
		return NULL;
	out[*got] = '\0';
	return out;
}

const char *tus_metadata(struct bp_arena *a, const char *header, const char *key)
{
	size_t want = strlen(key), got = 0;

	for (const char *p = header; p && *p;) {
		size_t all = strcspn(p, ","), n;

		while (all && *p == ' ')
			p++, all--;
		n = strcspn(p, " ,");
		if (n == want && !strncmp(p, key, n)) {
			const char *v = p + n + (n < all);
			size_t len = strcspn(v, ",");
			char *out;

			while (len && v[len - 1] == ' ')
				len--;
			out = decoded(a, v, len, &got);
			return out && strlen(out) == got ? out : NULL;
		}
		p += all + (p[all] == ',');
	}
	return NULL;
}

bool tus_checksum_parse(const char *header, struct tus_checksum *out)
{
	const char *digest = header ? strchr(header, ' ') : NULL;
	size_t want;

	*out = (struct tus_checksum){TUS_NONE, {0}, 0};
	if (!header || !*header)
		return true;
	if (!digest)
		return false;
	if (!strncmp(header, "sha1 ", 5))
		out->algorithm = TUS_SHA1, want = 20;
	else if (!strncmp(header, "sha256 ", 7))
		out->algorithm = TUS_SHA256, want = 32;
	else
		return false;
	return !sodium_base642bin(out->digest, sizeof(out->digest), digest + 1, strlen(digest + 1), NULL, &out->n, NULL,
		       sodium_base64_VARIANT_ORIGINAL) && out->n == want;
}
