/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_TUS_H
#define BP_INTAKE_TUS_H
/*
 * The headers of the resumable upload protocol tus 1.0 (https://tus.io/protocols/resumable-upload), as text and back.
 * Memory in, memory out.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define TUS_VERSION "1.0.0"
#define TUS_EXTENSIONS "creation,creation-with-upload,expiration,termination,checksum"
#define TUS_ALGORITHMS "sha1,sha256"
#define TUS_MEDIA "application/offset+octet-stream"
#define TUS_BYTES_MOST ((uint64_t)1 << 50)

/* A count of bytes: digits only, at most TUS_BYTES_MOST. False when it is something else or NULL. */
bool tus_bytes(const char *s, uint64_t *out);

/* The value of `key` in an Upload-Metadata header ("name YS5jc3Y=,session NQ==,flag"): decoded, NUL-terminated, "" without a
 * value.  NULL when the header has no such key, its value is no base64 or holds a NUL. */
const char *tus_metadata(struct bp_arena *a, const char *header, const char *key);

enum { TUS_DIGEST_MOST = 32 };
enum tus_algorithm { TUS_NONE, TUS_SHA1, TUS_SHA256 };
struct tus_checksum {
	enum tus_algorithm algorithm;
	unsigned char digest[TUS_DIGEST_MOST];
	size_t n;
};
/* "sha1 BASE64".  False when the algorithm is not known or the digest is not of its length. NULL or "" = no checksum. */
bool tus_checksum_parse(const char *header, struct tus_checksum *out);

#endif
