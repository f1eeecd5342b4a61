/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/leaked.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

/* A line is shorter than LINE_MOST; BLOCK holds some. */
enum { HEX = 2 * SHA1_DIGEST_SIZE, LINE_MOST = 80, BLOCK = 4096, PLACES = 256 };

struct list {
	int fd;
	off_t size;
};

static enum bp_error list_open(struct list *l, const char *file, struct bp_fail *f)
{
	struct stat st;

	l->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (l->fd < 0 || fstat(l->fd, &st))
		return bp_fail(f, BP_E_INTERNAL, "cannot read %s: %s", file, strerror(errno));
	l->size = st.st_size;
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return bp_fail(f, BP_E_INTERNAL, "%s is %s", file, S_ISREG(st.st_mode) ? "empty" : "no file");
	return BP_E_OK;
}

static void list_close(struct list *l)
{
	if (l->fd >= 0)
		close(l->fd);
}

/* The first bytes of a line: a hash and its end, or the colon before its count. */
static bool is_line(const char *p, size_t n)
{
	for (size_t i = 0; i < HEX; i++)
		if (i >= n || !isxdigit((unsigned char)p[i]))
			return false;
	return n == HEX || strchr(":\r\n", p[HEX]);
}

/* Up to `most` bytes from `at` on; -1 = they cannot be read. */
static ssize_t get(const struct list *l, off_t at, char *buf, size_t most)
{
	size_t n = 0;

	while (n < most) {
		ssize_t k = pread(l->fd, buf + n, most - n, at + (off_t)n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (!k)
			break;
		n += (size_t)k;
	}
	return (ssize_t)n;
}

/* Where the next line begins behind the place, and its hash; false when there is none in reach or it is none. */
static bool line_after(const struct list *l, off_t place, off_t *at, char hash[HEX])
{
	char buf[2 * LINE_MOST];
	ssize_t n = get(l, place, buf, sizeof(buf));
	const char *end = n > 0 ? memchr(buf, '\n', (size_t)n < LINE_MOST ? (size_t)n : LINE_MOST) : NULL;

	if (!end || !is_line(end + 1, (size_t)(buf + n - end - 1)))
		return false;
	*at = place + (end + 1 - buf);
	memcpy(hash, end + 1, HEX);
	return true;
}

/* Look through the lines of a few blocks. */
static bool among(const struct list *l, off_t from, off_t to, const char *wanted)
{
	char buf[2 * BLOCK];
	ssize_t n = get(l, from, buf, (size_t)(to - from));

	for (const char *p = buf; n > 0 && p < buf + n;) {
		const char *end = memchr(p, '\n', (size_t)(buf + n - p));

		if (is_line(p, (size_t)(buf + n - p)) && !strncasecmp(p, wanted, HEX))
			return true;
		p = end ? end + 1 : buf + n;
	}
	return false;
}

static void sha1_hex(const char *text, char out[HEX + 1])
{
	unsigned char digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx ctx;

	sha1_init(&ctx);
	sha1_update(&ctx, strlen(text), (const uint8_t *)text);
	sha1_digest(&ctx, sizeof(digest), digest);
	sodium_bin2hex(out, HEX + 1, digest, sizeof(digest));
}

bool bp_leaked(const char *file, const char *password)
{
	char wanted[HEX + 1], hash[HEX];
	struct bp_fail f = {0};
	struct list l;
	off_t low = 0, high, at;
	bool found = false, broken = false;

	if (list_open(&l, file, &f)) {
		bp_log(BP_LOG_ERROR, "ev=leaked_passwords_unread detail=\"%s\"", f.detail);
		list_close(&l);
		return false;
	}
	sha1_hex(password, wanted);
	/* Both are where lines begin; what is sought lies between. */
	for (high = l.size; !found && !broken && high - low > BLOCK;) {
		int order;

		broken = !line_after(&l, low + (high - low) / 2, &at, hash);
		order = broken ? 0 : strncasecmp(hash, wanted, HEX);
		found = !broken && !order;
		if (order < 0)
			low = at;
		else
			high = at;
	}
	if (broken)
		bp_log(BP_LOG_ERROR, "ev=leaked_passwords_unread detail=\"%s holds lines that are no SHA-1\"", file);
	found = found || (!broken && among(&l, low, high, wanted));
	list_close(&l);
	return found;
}

/* The whole lines at a place: each behind the one before it. `last` goes on from place to place. */
static enum bp_error sorted_at(const struct list *l, const char *file, off_t place, char last[HEX], struct bp_fail *f)
{
	char buf[BLOCK];
	ssize_t n = get(l, place, buf, sizeof(buf));
	const char *p = !place ? buf : n > 0 ? memchr(buf, '\n', (size_t)n) : NULL, *end;

	if (n <= 0 || !p)
		return bp_fail(f, BP_E_INTERNAL, "%s: no line ends near byte %lld", file, (long long)place);
	for (p += place > 0; p < buf + n; p = end + 1) {
		end = memchr(p, '\n', (size_t)(buf + n - p));
		if (!end && place + n < l->size)
			break; /* cut off by the end of the block */
		end = end ? end : buf + n;
		if (!is_line(p, (size_t)(buf + n - p)))
			return bp_fail(f, BP_E_INTERNAL, "%s: near byte %lld stands no SHA-1 of 40 hexadecimal digits", file, (long long)(place + (p - buf)));
		if (*last && strncasecmp(p, last, HEX) < 0)
			return bp_fail(f, BP_E_INTERNAL, "%s is not sorted by the hash: see byte %lld", file, (long long)(place + (p - buf)));
		memcpy(last, p, HEX);
	}
	return BP_E_OK;
}

enum bp_error bp_leaked_sound(const char *file, struct bp_fail *f)
{
	char last[HEX] = "";
	struct list l;
	off_t before = 0;
	enum bp_error e = list_open(&l, file, f);

	for (int i = 0; !e && i < PLACES; i++) {
		off_t place = l.size <= BLOCK ? 0 : (l.size - BLOCK) / (PLACES - 1) * i;

		if (i == PLACES - 1 && l.size > BLOCK)
			place = l.size - BLOCK;
		if (place < before + BLOCK)
			last[0] = '\0'; /* of a small file the places overlap */
		before = place;
		e = sorted_at(&l, file, place, last, f);
	}
	list_close(&l);
	return e;
}
