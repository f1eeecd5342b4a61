/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/header.h"

#include <stdint.h>
#include <string.h>

enum part {
#define PART(id, words) P_##id,
#include "intake/words.def"
#undef PART
	P__MAX
};
static const char *const vocabulary[P__MAX] = {
#define PART(id, words) [P_##id] = words,
#include "intake/words.def"
#undef PART
};
#define BIT(p) (1ull << P_##p)

enum { TOKENS_MOST = 8, TOKEN_MOST = 40 };

#define SLOTS 4096u /* a power of two, well above the number of words */
struct im_words {
	struct {
		char key[TOKEN_MOST];
		unsigned long long parts;
	} slot[SLOTS];
};

static unsigned slot_of(const struct im_words *w, const char *s, size_t n)
{
	uint32_t h = 2166136261u;
	unsigned i;

	for (size_t k = 0; k < n; k++)
		h = (h ^ (unsigned char)s[k]) * 16777619u;
	for (i = (h ^ h >> 15) & (SLOTS - 1); w->slot[i].parts; i = (i + 1) & (SLOTS - 1))
		if (!strncmp(w->slot[i].key, s, n) && !w->slot[i].key[n])
			break;
	return i;
}

struct im_words *im_words_new(struct bp_arena *a)
{
	struct im_words *w = bp_alloc(a, sizeof(*w));

	for (int p = 0; p < P__MAX; p++)
		for (const char *s = vocabulary[p]; *s;) {
			size_t len = strcspn(s, "|");
			char key[TOKEN_MOST];
			unsigned i = slot_of(w, key, im_squash(s, len, key, sizeof(key)));

			memcpy(w->slot[i].key, key, sizeof(key));
			w->slot[i].parts |= 1ull << p;
			s += len + (s[len] == '|');
		}
	return w;
}

/* Parts whose words the text is; a word may mean several ("estado"). */
static unsigned long long parts_of(const struct im_words *w, const char *s, size_t n)
{
	return n && n < TOKEN_MOST ? w->slot[slot_of(w, s, n)].parts : 0;
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The words of a header: at punctuation and where small letters end ("CustName"). */
static size_t tokens_of(const char *h, char token[TOKENS_MOST][TOKEN_MOST])
{
	size_t n = 0;

	while (*h) {
		const char *start;

		while (*h && !letter(*h))
			h++;
		start = h;
		while (letter(*h)) {
			h++;
			if (h[-1] >= 'a' && h[-1] <= 'z' && *h >= 'A' && *h <= 'Z')
				break;
			if (h - start > 1 && h[-1] >= 'A' && h[-1] <= 'Z' && *h >= 'A' && *h <= 'Z' && h[1] >= 'a' && h[1] <= 'z') /* "GPSLat" */
				break;
		}
		if (h == start)
			break;
		if (n == TOKENS_MOST)
			return 0;
		if (im_squash(start, (size_t)(h - start), token[n], TOKEN_MOST))
			n++;
	}
	return n;
}

/* The parts of a word that is glued of two: "custcode". */
static bool glued(const struct im_words *w, const char *s, unsigned long long part[2])
{
	size_t n = strlen(s);

	for (size_t i = 2; n > 5 && i + 2 <= n; i++)
		if ((part[0] = parts_of(w, s, i)) && (part[1] = parts_of(w, s + i, n - i)))
			return true;
	return false;
}

struct meaning {
	unsigned long long needs, may; /* parts that must be there, and that may be beside them */
	const char *target;
};
#define NUMBERED (BIT(CODE) | BIT(NAME))
static const struct meaning outlets[] = {
	{BIT(DIST) | BIT(NAME), 0, "dt_name"}, {BIT(DIST) | BIT(CODE), 0, "dt_code"}, {BIT(DIST), 0, "dt_code"},
	{BIT(VISIT) | BIT(FREQUENCY), BIT(OUTLET) | BIT(PERIOD), "frequency"}, {BIT(VISIT) | BIT(DURATION), BIT(OUTLET), "service_minutes"},
	{BIT(CLOSED) | BIT(DAYS), BIT(OUTLET), "closed_days"}, {BIT(SINCE) | BIT(DATE), BIT(OUTLET), "since"}, {BIT(OUTLET) | BIT(SINCE), 0, "since"},
	{BIT(SALES), BIT(PERIOD) | BIT(OUTLET), "sales_volume"}, {BIT(LAT), BIT(GPS) | BIT(OUTLET), "lat"}, {BIT(LON), BIT(GPS) | BIT(OUTLET), "lon"},
	{BIT(EMAIL), BIT(OUTLET) | BIT(ADDRESS) | BIT(CODE), "email"}, {BIT(PHONE), BIT(OUTLET) | BIT(CODE), "phone"},
	{BIT(POSTCODE), BIT(CODE) | BIT(OUTLET) | BIT(ADDRESS), "postcode"}, {BIT(TAX), BIT(CODE) | BIT(OUTLET), "tax_no"},
	{BIT(OWNER), BIT(NAME) | BIT(OUTLET), "owner"}, {BIT(CHAIN), NUMBERED | BIT(OUTLET), "account"}, {BIT(CITY), NUMBERED | BIT(OUTLET) | BIT(ADDRESS), "city"},
	{BIT(ADDRESS), BIT(OUTLET) | BIT(NAME), "address"}, {BIT(COUNTRY), BIT(NAME) | BIT(OUTLET), "country"}, {BIT(ZONE), NUMBERED | BIT(SALES), "zone"},
	{BIT(REGION), BIT(NAME) | BIT(SALES) | BIT(OUTLET), "region"}, {BIT(AREA), NUMBERED | BIT(SALES), "area"},
	{BIT(OUTLET) | BIT(STATUS), 0, "status"}, {BIT(OUTLET) | BIT(TIER), NUMBERED, "tier"}, {BIT(OUTLET) | BIT(CHANNEL), NUMBERED, "channel"},
	{BIT(CHANNEL), NUMBERED | BIT(SALES), "channel"}, {BIT(TIER), NUMBERED, "tier"},
	{BIT(OUTLET) | BIT(NAME), 0, "name"}, {BIT(OUTLET) | BIT(CODE), 0, "code"},
};
static const struct meaning distributors[] = {
	{BIT(LAT), BIT(GPS) | BIT(DIST), "lat"}, {BIT(LON), BIT(GPS) | BIT(DIST), "lon"}, {BIT(ADDRESS), BIT(DIST) | BIT(OUTLET), "address"},
	{BIT(EMAIL), BIT(DIST) | BIT(OUTLET) | BIT(ADDRESS) | BIT(CODE), "email"}, {BIT(PHONE), BIT(DIST) | BIT(OUTLET) | BIT(CODE), "phone"},
	{BIT(POSTCODE), BIT(CODE) | BIT(DIST), "postcode"}, {BIT(TAX), BIT(CODE) | BIT(DIST), "tax_no"}, {BIT(CITY), NUMBERED | BIT(DIST), "city"},
	{BIT(COUNTRY), BIT(NAME), "country"}, {BIT(REGION), BIT(NAME), "region"}, {BIT(ZONE), NUMBERED, "zone"},
	{BIT(DIST) | BIT(NAME), BIT(OUTLET), "name"}, {BIT(DIST) | BIT(CODE), BIT(OUTLET), "code"}, {BIT(OUTLET) | BIT(NAME), 0, "name"}, {BIT(OUTLET) | BIT(CODE), 0, "code"},
};

/* Does a choice of one part for each word make the meaning?  Every needed part must be there, every word must be of it. */
static bool makes(const struct meaning *m, const unsigned long long *word, size_t n)
{
	unsigned long long all = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(word[i] & (m->needs | m->may | BIT(NOISE))))
			return false;
		all |= word[i];
	}
	return (all & m->needs) == m->needs;
}

int im_header_means(const struct im_words *w, enum im_entity e, const char *header)
{
	const struct meaning *m = e == IM_OUTLETS ? outlets : distributors;
	size_t n = e == IM_OUTLETS ? sizeof(outlets) / sizeof(outlets[0]) : sizeof(distributors) / sizeof(distributors[0]);
	unsigned long long word[TOKENS_MOST + TOKENS_MOST];
	char token[TOKENS_MOST][TOKEN_MOST];
	size_t words = 0, k;

	if (e != IM_OUTLETS && e != IM_DISTRIBUTORS)
		return -1;
	k = tokens_of(header, token);
	for (size_t i = 0; i < k; i++) {
		unsigned long long p = 0;

		if (i + 1 < k) { /* two words that are one go before each by itself: "pin code", "Kode Pos" */
			char two[TOKEN_MOST * 2];
			size_t a = strlen(token[i]), b = strlen(token[i + 1]);

			memcpy(two, token[i], a);
			memcpy(two + a, token[i + 1], b + 1);
			p = parts_of(w, two, a + b);
		}
		if (p)
			i++;
		else
			p = parts_of(w, token[i], strlen(token[i]));
		if (p)
			word[words++] = p;
		else if (glued(w, token[i], &word[words]))
			words += 2;
		else
			return -1;
	}
	if (!words)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (makes(&m[i], word, words) && im_column_index(e, m[i].target) >= 0)
			return im_column_index(e, m[i].target);
	return -1;
}
