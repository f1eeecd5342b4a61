/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/registry.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

const struct im_entity_info im_entities[IM_ENTITY__MAX] = {
#define ENTITY(id, name, label, words) [IM_##id] = {name, label, words},
#include "intake/entities.def"
#undef ENTITY
};

#define R IM_F_REQUIRED
#define K IM_F_KEY
#define D IM_F_DICT
static const struct im_column all_columns[] = {
#define COL(e, name, label, t, flags, longest, aliases, example, help) \
	{IM_##e, name, label, IM_T_##t, flags, longest, aliases, example, help},
#include "intake/columns.def"
#undef COL
};
#undef R
#undef K
#undef D
#define N_COLUMNS (sizeof(all_columns) / sizeof(all_columns[0]))

const struct im_rule_info im_rules[IM_R__MAX] = {
#define RULE(id, code, severity, message) [IM_R_##id] = {code, IM_##severity, message},
#include "intake/rules.def"
#undef RULE
};

const struct im_rule_advice im_rule_advice[IM_R__MAX] = {
#define ADVICE(id, open, remedy) [IM_R_##id] = {open, remedy},
#include "intake/advice.def"
#undef ADVICE
};

struct word {
	enum im_type type;
	const char *value, *words;
};
static const struct word words[] = {
#define WORD(t, value, words) {IM_T_##t, value, words},
#include "intake/enums.def"
#undef WORD
};
#define N_WORDS (sizeof(words) / sizeof(words[0]))

const struct im_column *im_columns_of(enum im_entity e, size_t *n)
{
	size_t first = 0, k;

	while (first < N_COLUMNS && all_columns[first].entity != e)
		first++;
	for (k = first; k < N_COLUMNS && all_columns[k].entity == e; k++)
		;
	*n = k - first;
	return all_columns + first;
}

const char *const im_level_columns[IM_LEVELS] = {"country", "zone", "region", "area", "dt_code"};

int im_column_index(enum im_entity e, const char *name)
{
	size_t n;
	const struct im_column *c = im_columns_of(e, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(c[i].name, name))
			return (int)i;
	return -1;
}

enum im_entity im_entity_of(const char *name)
{
	int e = 0;

	while (e < IM_ENTITY__MAX && strcmp(im_entities[e].name, name))
		e++;
	return (enum im_entity)e;
}

const char *im_type_name(enum im_type t)
{
	static const char *const names[] = {
		[IM_T_CODE] = "code", [IM_T_TEXT] = "text", [IM_T_LEVEL] = "text", [IM_T_CODES] = "codes",
		[IM_T_LAT] = "latitude", [IM_T_LON] = "longitude", [IM_T_NUMBER] = "number",
		[IM_T_AMOUNT] = "amount", [IM_T_COUNT] = "count", [IM_T_PERCENT] = "percent", [IM_T_MINUTES] = "minutes",
		[IM_T_FREQUENCY] = "frequency", [IM_T_DATE] = "date", [IM_T_PERIOD] = "month or date", [IM_T_TIME] = "time",
		[IM_T_WEEKDAYS] = "weekdays", [IM_T_CHANNEL] = "channel", [IM_T_TIER] = "tier",
		[IM_T_STATUS] = "status", [IM_T_VEHICLE] = "vehicle", [IM_T_SALES_MODEL] = "sales model",
		[IM_T_FULFILMENT] = "fulfilment", [IM_T_BOOL] = "yes or no", [IM_T_LIST] = "list",
		[IM_T_HOLIDAY_RULE] = "holiday rule", [IM_T_PIN] = "pin", [IM_T_ABSENCE] = "kind of absence",
	};

	return names[t];
}

/* U+00C0..U+017F without their accents; a space drops the character. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
			    "aaaaaaaceeeeiiiidnooooo ouuuuyty"
			    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn"
			    "oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

size_t im_squash(const char *s, size_t n, char *out, size_t size)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;
	size_t k = 0;

	while (p < end && k + 2 < size) {
		unsigned c = *p++;

		if (c >= 'A' && c <= 'Z') {
			out[k++] = (char)(c + 32);
		} else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+') {
			out[k++] = (char)c;
		} else if (c >= 0xC3 && c <= 0xC5 && p < end) {
			unsigned u = ((c & 0x1F) << 6) | (*p++ & 0x3F);

			if (latin[u - 0xC0] != ' ')
				out[k++] = latin[u - 0xC0];
		} else if (c == 0xC2 && p < end) {
			p++; /* Latin-1 signs: no-break space, degree, ... */
		} else if (c >= 0x80) {
			out[k++] = (char)c;
		}
	}
	out[k] = '\0';
	return k;
}

struct entry {
	enum im_type type;
	const char *value;
	char key[32];
};
#define SLOTS 2048u /* a power of two, well above the number of words */
struct im_lexicon {
	struct entry slot[SLOTS];
	size_t n;
};

static unsigned slot_of(enum im_type t, const char *key)
{
	uint32_t h = 2166136261u ^ (uint32_t)t;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return (h ^ h >> 15) & (SLOTS - 1);
}

void im_lexicon_add(struct im_lexicon *lx, enum im_type t, const char *value, const char *word, size_t n)
{
	char key[32];
	unsigned i;

	if (!im_squash(word, n, key, sizeof(key)) || lx->n * 2 >= SLOTS)
		return;
	for (i = slot_of(t, key); lx->slot[i].value; i = (i + 1) & (SLOTS - 1))
		if (lx->slot[i].type == t && !strcmp(lx->slot[i].key, key))
			break;
	lx->n += !lx->slot[i].value;
	lx->slot[i].type = t;
	lx->slot[i].value = value;
	memcpy(lx->slot[i].key, key, sizeof(key));
}

struct im_lexicon *im_lexicon_new(struct bp_arena *a)
{
	struct im_lexicon *lx = bp_alloc(a, sizeof(*lx));

	for (size_t i = N_WORDS; i--;) { /* from the last: the first line that has a word owns it */
		for (const char *p = words[i].words; *p;) {
			size_t n = strcspn(p, "|");

			im_lexicon_add(lx, words[i].type, words[i].value, p, n);
			p += n + (p[n] == '|');
		}
		im_lexicon_add(lx, words[i].type, words[i].value, words[i].value, strlen(words[i].value));
	}
	return lx;
}

const char *im_lexicon_find(const struct im_lexicon *lx, enum im_type t, const char *s, size_t n)
{
	char key[32];

	if (n >= sizeof(key) || !im_squash(s, n, key, sizeof(key)))
		return NULL;
	for (unsigned i = slot_of(t, key); lx->slot[i].value; i = (i + 1) & (SLOTS - 1))
		if (lx->slot[i].type == t && !strcmp(lx->slot[i].key, key))
			return lx->slot[i].value;
	return NULL;
}

void im_words_of(enum im_type t, char *out, size_t size)
{
	size_t k = 0;

	out[0] = '\0';
	for (size_t i = 0; i < N_WORDS; i++) {
		if (words[i].type != t)
			continue;
		k += (size_t)snprintf(out + k, size - k, "%s%s", k ? ", " : "", words[i].value);
		if (k >= size)
			break;
	}
}
