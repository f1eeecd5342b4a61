/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/suggest.h"

#include <string.h>

#include "intake/header.h"
#include "intake/value.h"

enum { HEADER_MOST = 80 };
#define BY_WORDS 0.75 /* how far the words of a header are trusted: more than a weak alias, less than a good one */

/* What the sample says about a column. */
struct profile {
	size_t filled, numbers, digits5, mails, urls, dates, distinct, coords;
	int64_t lo, hi; /* of coordinates */
	bool decimals;
	double length;
};

static struct profile profile_of(const struct im_sniffed *sn, size_t column)
{
	struct profile p = {.lo = INT64_MAX, .hi = INT64_MIN};

	for (size_t r = 0; r < sn->n_rows; r++) {
		const char *s = sn->row[r][column];
		size_t n = strlen(s), digits = 0;
		struct im_two two;
		int64_t v[2];
		double d;
		int k;
		bool seen = false;

		if (!n)
			continue;
		p.filled++;
		p.length += (double)n;
		for (const char *c = s; *c; c++)
			digits += *c >= '0' && *c <= '9';
		p.digits5 += digits >= 5;
		p.mails += strchr(s, '@') && strchr(s, '.');
		p.urls += strstr(s, "://") || !strncmp(s, "www.", 4);
		p.numbers += im_parse_number(s, sn->decimal_comma, &d, &two) <= IM_P_TWO_WAYS;
		p.dates += digits >= 6 && im_parse_date(s, v, &two) <= IM_P_TWO_WAYS && strpbrk(s, "-/. ");
		if (im_parse_coordinates(s, v, &k) == IM_P_FINE) {
			p.coords++;
			p.lo = v[0] < p.lo ? v[0] : p.lo;
			p.hi = v[0] > p.hi ? v[0] : p.hi;
			p.decimals |= v[0] % 1000000 != 0 || k == 2;
		}
		for (size_t q = 0; q < r && !seen; q++)
			seen = !strcmp(sn->row[q][column], s);
		p.distinct += !seen;
	}
	if (p.filled)
		p.length /= (double)p.filled;
	return p;
}

static bool most(size_t k, const struct profile *p)
{
	return k * 10 >= p->filled * 8;
}

/* Share of filled cells that the words of an enumerated type know. */
static double known_words(const struct im_lexicon *lx, enum im_type t, const struct im_sniffed *sn, size_t column)
{
	size_t filled = 0, known = 0;

	for (size_t r = 0; r < sn->n_rows; r++) {
		const char *s = sn->row[r][column];

		filled += *s != 0;
		known += *s && im_lexicon_find(lx, t, s, strlen(s));
	}
	return filled ? (double)known / (double)filled : 0;
}

/* How well the values suit: 0 = veto, 1 = nothing against it, above = they confirm it. */
static double suits(const struct im_column *col, const struct profile *p, const struct im_lexicon *lx,
	const struct im_sniffed *sn, size_t column)
{
	int k;
	size_t fine = 0;
	struct im_two two;

	if (!p->filled)
		return 1;
	if (p->urls * 2 > p->filled || (p->mails * 2 > p->filled && strcmp(col->name, "email")))
		return 0;
	switch (col->type) {
	case IM_T_LAT:
		return !most(p->coords, p) ? 0 : p->lo < -90000000 || p->hi > 90000000 ? 0.9 : p->decimals ? 1.05 : 1;
	case IM_T_LON:
		return !most(p->coords, p) ? 0 : p->lo < -180000000 || p->hi > 180000000 ? 0.8 : p->decimals ? 1.05 : 1;
	case IM_T_NUMBER: case IM_T_COUNT: case IM_T_PERCENT: case IM_T_MINUTES:
		return most(p->numbers, p) ? 1.05 : 0;
	case IM_T_FREQUENCY:
		for (size_t r = 0; r < sn->n_rows; r++)
			fine += *sn->row[r][column] && im_parse_frequency(sn->row[r][column], &k, &two) <= IM_P_TWO_WAYS;
		return most(fine, p) ? 1.05 : 0;
	case IM_T_DATE:
		return most(p->dates, p) ? 1.05 : 0;
	case IM_T_CODE: /* a key repeats seldom */
		return !(col->flags & IM_F_KEY) || !(col->flags & IM_F_REQUIRED) || col->entity > IM_SEATS || p->distinct * 10 >= p->filled * 9 ? 1 : 0.6;
	case IM_T_TEXT:
		if (!strcmp(col->name, "name") && p->filled > 2 && most(p->numbers, p))
			return 0;
		if (!strcmp(col->name, "phone"))
			return p->filled < 3 || p->digits5 * 2 >= p->filled ? 1 : 0;
		return p->filled > 2 && most(p->dates, p) ? 0 : 1;
	default:
		return col->type < IM_T_CHANNEL ? 1 : 0.8 + 0.25 * known_words(lx, col->type, sn, column);
	}
}

/* Words that turn a header into something else whatever stands beside them. */
static bool speaks_of_other(const char *h)
{
	static const char *const other[] = {"fax", "website", "url", "photo", "currency", "modified", "lastname", "firstname",
		"accuracy", "contactlast", "contactfirst", "shipping", "shipto", "password", "employees", "credit", "balance", "bank"};

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (strstr(h, other[i]))
			return true;
	return false;
}

/* Endings that add nothing: "Latitude (deg)", "Outlet Name*", "Phone 1". */
static size_t trim_noise(char *h, size_t n)
{
	static const char *const tails[] = {"deg", "wgs84", "decimal", "1", "field", "col"};

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		size_t k = strlen(tails[i]);

		if (n > k + 2 && !strcmp(h + n - k, tails[i])) {
			h[n -= k] = '\0';
			return n;
		}
	}
	return n;
}

/* Strength of the header for a column by its aliases; *need_values: only with values that confirm it. */
static double by_alias(const struct im_column *col, const char *h, size_t n, bool *need_values)
{
	double best = 0;
	char own[HEADER_MOST];

	*need_values = false;
	im_squash(col->name, strlen(col->name), own, sizeof(own));
	if (!strcmp(own, h))
		return 1;
	for (const char *p = col->aliases; *p;) {
		size_t len = strcspn(p, "|"), weak = strspn(p, "~");
		char key[HEADER_MOST];
		size_t k = im_squash(p + weak, len - weak, key, sizeof(key));
		double s = 0;

		if (k == n && !memcmp(key, h, n))
			s = weak == 0 ? 0.95 : weak == 1 ? 0.7 : 0.55;
		else if (!weak && k >= 6 && n > k && n <= k + 8 && !memcmp(h + n - k, key, k) && !speaks_of_other(h))
			s = 0.65; /* a word put before it */
		if (s > best)
			best = s;
		p += len + (p[len] == '|');
	}
	*need_values = best < 0.75 && col->type >= IM_T_STATUS;
	return best;
}

struct candidate {
	double score;
	size_t column;
	int target;
	double word;
};

static size_t candidates_of(enum im_entity e, const struct im_sniffed *sn, const struct im_lexicon *lx, const struct im_words *words,
	struct candidate *out)
{
	size_t n_cols, n = 0;
	const struct im_column *col = im_columns_of(e, &n_cols);

	for (size_t i = 0; i < sn->n_columns; i++) {
		char h[HEADER_MOST];
		size_t k = im_squash(sn->column[i], strlen(sn->column[i]), h, sizeof(h));
		struct profile p = profile_of(sn, i);
		int meant = im_header_means(words, e, sn->column[i]);

		k = trim_noise(h, k);
		for (size_t c = 0; k && c < n_cols; c++) {
			bool need_values;
			double word = by_alias(&col[c], h, k, &need_values), fit;

			if (word < BY_WORDS && meant == (int)c && !speaks_of_other(h))
				word = BY_WORDS;
			if (word == 0)
				continue;
			fit = suits(&col[c], &p, lx, sn, i);
			if (need_values && (!p.filled || fit < 1))
				continue;
			if (word * fit >= 0.5)
				out[n++] = (struct candidate){word * fit, i, (int)c, word};
		}
	}
	return n;
}

static struct im_guess *suggest(enum im_entity e, const struct im_sniffed *sn, const struct im_lexicon *lx, const struct im_words *words,
	struct bp_arena *a)
{
	struct im_guess *g = bp_alloc_array(a, sn->n_columns + 1, sizeof(*g));
	struct candidate *c = bp_alloc_array(a, sn->n_columns * IM_COLUMNS_MOST + 1, sizeof(*c));
	size_t n = candidates_of(e, sn, lx, words, c), n_cols;
	const struct im_column *col = im_columns_of(e, &n_cols);
	bool taken[IM_COLUMNS_MOST] = {false};

	for (size_t i = 0; i < sn->n_columns; i++)
		g[i] = (struct im_guess){-1, 0, "no column of ours is called so"};
	for (;;) { /* the surest first; equal ones in the order of the file */
		size_t best = n;

		for (size_t i = 0; i < n; i++)
			if (g[c[i].column].target < 0 && !taken[c[i].target] && (best == n || c[i].score > c[best].score + 1e-9))
				best = i;
		if (best == n)
			break;
		taken[c[best].target] = true;
		g[c[best].column].target = c[best].target;
		g[c[best].column].confidence = c[best].score > 0.99 ? 0.99 : c[best].score;
		g[c[best].column].reason = bp_sprintf(a, "\"%s\" %s %s%s", sn->column[c[best].column],
			c[best].word >= 0.9 ? "means" : c[best].word >= 0.65 ? "usually means" : "may mean", col[c[best].target].label,
			c[best].score > c[best].word ? ", and its values fit" : "");
	}
	/* A cell with both coordinates serves the second one too; the first guess says so. */
	return g;
}

struct im_guess *im_suggest(enum im_entity e, const struct im_sniffed *sn, struct bp_arena *a)
{
	return suggest(e, sn, im_lexicon_new(a), im_words_new(a), a);
}

static size_t words_in(const char *file_name, const char *words)
{
	char name[256], word[64];
	size_t hits = 0;

	im_squash(file_name, strlen(file_name), name, sizeof(name));
	for (const char *p = words; *p;) {
		size_t n = strcspn(p, "|");

		im_squash(p, n, word, sizeof(word));
		hits += strstr(name, word) != NULL;
		p += n + (p[n] == '|');
	}
	return hits;
}

enum im_entity im_guess_entity(const char *file_name, const struct im_sniffed *sn, struct bp_arena *a)
{
	const struct im_lexicon *lx = im_lexicon_new(a);
	const struct im_words *words = im_words_new(a);
	enum im_entity best = IM_ENTITY__MAX;
	double most_points = 0;

	for (int e = 0; e < IM_ENTITY__MAX; e++) {
		struct im_guess *g = suggest((enum im_entity)e, sn, lx, words, a);
		size_t n_cols, required = 0, have = 0;
		const struct im_column *col = im_columns_of((enum im_entity)e, &n_cols);
		double points = 0;

		for (size_t c = 0; c < n_cols; c++)
			required += (col[c].flags & IM_F_REQUIRED) != 0;
		for (size_t i = 0; i < sn->n_columns; i++) {
			if (g[i].target < 0)
				continue;
			points += g[i].confidence;
			have += (col[g[i].target].flags & IM_F_REQUIRED) != 0;
		}
		if (have < required)
			points /= 3;
		if (file_name)
			points += words_in(file_name, im_entities[e].words) ? 1.5 : 0;
		if (points > most_points && have) {
			most_points = points;
			best = (enum im_entity)e;
		}
	}
	return best;
}
