/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/detect.h"

#include <stdlib.h>
#include <string.h>

#define NOISE 0.05      /* of the rows may be wrong */
#define CHANCE 0.5      /* and at most this part of what would be wrong without any dependency */
#define CUTS 0.1        /* of the rows have other than the most frequent value: else the column cuts nothing */
#define SUPPORT 0.3     /* of the rows must be able to speak against it */
#define SUPPORT_LEAST 8
#define FEW 0.25        /* rows that are at most this part of the usual ones are errors */
#define SLOTS_LEAST 64
#define TEXT_MOST 200
#define TEXTS_MOST ((size_t)1 << 30) /* bytes of one column */
#define LARGE 100000    /* rows from which on a column with other values in most rows is let go */
#define VALUES_MOST 1000000

struct detect_values {
	struct bp_arena texts;
	const char **text;
	int32_t n, cap;
	int32_t *slot, slots; /* open addressing: number + 1, 0 = free */
};

void detect_table_init(struct detect_table *t, struct bp_arena *arena, const char *const *name, int32_t n_columns)
{
	*t = (struct detect_table){.arena = arena, .n_columns = n_columns < DETECT_COLUMNS_MOST ? n_columns : DETECT_COLUMNS_MOST};
	t->name = bp_alloc_array(arena, (size_t)t->n_columns + 1, sizeof(*t->name));
	t->values = bp_alloc_array(arena, (size_t)t->n_columns + 1, sizeof(*t->values));
	t->cell = bp_alloc_array(arena, (size_t)t->n_columns + 1, sizeof(*t->cell));
	for (int32_t c = 0; c < t->n_columns; c++) {
		t->name[c] = bp_strdup(arena, name[c]);
		t->cell[c] = bp_xmalloc(sizeof(**t->cell));
		bp_arena_init(&t->values[c].texts, TEXTS_MOST);
	}
}

/* What a column holds goes; the column stays, as an empty one. */
static void let_go(struct detect_table *t, int32_t column)
{
	struct detect_values *v = &t->values[column];

	bp_arena_release(&v->texts);
	free(v->text);
	free(v->slot);
	free(t->cell[column]);
	*v = (struct detect_values){0};
	t->cell[column] = NULL;
}

void detect_table_release(struct detect_table *t)
{
	for (int32_t c = 0; c < t->n_columns; c++)
		let_go(t, c);
}

/* FNV-1a (Fowler, Noll and Vo). */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static int32_t *find_slot(const struct detect_values *v, const char *text)
{
	uint32_t at = hash(text) & (uint32_t)(v->slots - 1);

	while (v->slot[at] && strcmp(v->text[v->slot[at] - 1], text))
		at = (at + 1) & (uint32_t)(v->slots - 1);
	return &v->slot[at];
}

static void grow_values(struct detect_values *v)
{
	v->cap = v->cap ? 2 * v->cap : SLOTS_LEAST;
	v->text = bp_xrealloc(v->text, (size_t)v->cap * sizeof(*v->text));
	v->slots = 2 * v->cap;
	free(v->slot);
	v->slot = bp_xcalloc((size_t)v->slots, sizeof(*v->slot));
	for (int32_t i = 0; i < v->n; i++)
		*find_slot(v, v->text[i]) = i + 1;
}

static int32_t number_of(struct detect_values *v, const char *text)
{
	char cut[TEXT_MOST + 1];
	int32_t *slot;
	size_t n;

	if (!text || !*text)
		return DETECT_EMPTY;
	n = strnlen(text, TEXT_MOST + 1);
	if (n > TEXT_MOST) {
		for (n = TEXT_MOST; n && ((unsigned char)text[n] & 0xC0) == 0x80; n--) /* whole characters */
			;
		text = memcpy(cut, text, n);
		cut[n] = '\0';
	}
	if (v->n == v->cap)
		grow_values(v);
	slot = find_slot(v, text);
	if (!*slot) {
		v->text[v->n++] = bp_strdup(&v->texts, text);
		*slot = v->n;
	}
	return *slot - 1;
}

enum bp_error detect_table_add(struct detect_table *t, const char *const *cell, struct bp_fail *f)
{
	if (t->n_rows == DETECT_ROWS_MOST)
		return bp_fail(f, BP_E_OPT_TOO_LARGE, "more than %d rows: a part of the file shows the hierarchy as well", DETECT_ROWS_MOST);
	if (t->n_rows == t->cap) {
		int32_t cap = t->cap ? 2 * t->cap : 1024;

		for (int32_t c = 0; c < t->n_columns; c++)
			if (t->cell[c])
				t->cell[c] = bp_xrealloc(t->cell[c], (size_t)cap * sizeof(**t->cell));
		t->cap = cap;
	}
	for (int32_t c = 0; c < t->n_columns; c++) {
		if (!t->cell[c])
			continue;
		t->cell[c][t->n_rows] = number_of(&t->values[c], cell[c]);
		if (t->values[c].n > VALUES_MOST || (t->n_rows >= LARGE && t->values[c].n > t->n_rows / 2))
			let_go(t, c);
	}
	t->n_rows++;
	return BP_E_OK;
}

int32_t detect_values(const struct detect_table *t, int32_t column)
{
	return t->values[column].n;
}

const char *detect_text(const struct detect_table *t, int32_t column, int32_t value)
{
	return t->values[column].text[value];
}

/* The rows of each value of a column: rows[off[v]..off[v + 1] - 1], ascending. */
struct groups {
	int32_t *off, *rows;
};

static void group(const struct detect_table *t, int32_t column, struct groups *g)
{
	const int32_t *cell = t->cell[column];
	int32_t n = t->values[column].n;

	g->off = bp_xcalloc((size_t)n + 2, sizeof(*g->off));
	g->rows = bp_xmalloc(sizeof(*g->rows) * ((size_t)t->n_rows + 1));
	for (int32_t r = 0; r < t->n_rows; r++)
		if (cell[r] >= 0)
			g->off[cell[r] + 2]++;
	for (int32_t v = 0; v < n; v++)
		g->off[v + 2] += g->off[v + 1];
	for (int32_t r = 0; r < t->n_rows; r++)
		if (cell[r] >= 0)
			g->rows[g->off[cell[r] + 1]++] = r;
}

static void ungroup(struct groups *g)
{
	free(g->off);
	free(g->rows);
}

/* How often each value of another column stands in a group; few values at a time, so the counts are kept sparse. */
struct tally {
	int32_t *count;      /* by value */
	int32_t *seen, n;    /* values with a count */
	int32_t rows, most;  /* rows with a value; the most frequent value, DETECT_EMPTY when there is none */
};

static void tally(const struct groups *g, int32_t value, const int32_t *cell, struct tally *y)
{
	for (int32_t i = 0; i < y->n; i++)
		y->count[y->seen[i]] = 0;
	y->n = y->rows = 0;
	y->most = DETECT_EMPTY;
	for (int32_t at = g->off[value]; at < g->off[value + 1]; at++) {
		int32_t v = cell[g->rows[at]];

		if (v < 0)
			continue;
		if (!y->count[v]++)
			y->seen[y->n++] = v;
		y->rows++;
	}
	for (int32_t i = 0; i < y->n; i++)
		if (y->most < 0 || y->count[y->seen[i]] > y->count[y->most])
			y->most = y->seen[i];
}

static void tally_init(const struct detect_table *t, int32_t column, struct tally *y)
{
	size_t n = (size_t)t->values[column].n + 1;

	*y = (struct tally){.count = bp_xcalloc(n, sizeof(*y->count)), .seen = bp_xcalloc(n, sizeof(*y->seen)), .most = DETECT_EMPTY};
}

static void tally_release(struct tally *y)
{
	free(y->count);
	free(y->seen);
}

static void measure(const struct detect_table *t, const struct groups *g, struct detect_dependency *d)
{
	struct tally y;

	tally_init(t, d->above, &y);
	for (int32_t v = 0; v < t->values[d->below].n; v++) {
		tally(g, v, t->cell[d->above], &y);
		if (y.rows < 2)
			continue;
		d->rows += y.rows;
		d->exceptions += y.rows - y.count[y.most];
	}
	tally_release(&y);
}

/* Rows that would be exceptions if one value stood for all groups alike. */
static double by_chance(const struct detect_table *t, int32_t column)
{
	int32_t *count = bp_xcalloc((size_t)t->values[column].n + 1, sizeof(*count)), rows = 0, most = 0;

	for (int32_t r = 0; t->cell[column] && r < t->n_rows; r++)
		if (t->cell[column][r] >= 0) {
			rows++;
			if (++count[t->cell[column][r]] > most)
				most = count[t->cell[column][r]];
		}
	free(count);
	return rows ? 1 - (double)most / rows : 0;
}

static bool holds(const struct detect_table *t, const struct detect_dependency *d, const double *chance)
{
	double part = d->rows ? (double)d->exceptions / d->rows : 1;

	return d->rows >= SUPPORT_LEAST && d->rows >= SUPPORT * t->n_rows && part <= NOISE && part <= CHANCE * chance[d->above] &&
	       chance[d->above] >= CUTS;
}

/* Which columns determine which: holds[below x columns + above]. */
static enum bp_error find_all(const struct detect_table *t, struct detect_result *r, bool *found, enum bp_error (*told)(void *ctx, double part),
	void *ctx)
{
	double chance[DETECT_COLUMNS_MOST];
	enum bp_error e = BP_E_OK;

	r->all = bp_alloc_array(t->arena, (size_t)t->n_columns * (size_t)t->n_columns + 1, sizeof(*r->all));
	for (int32_t c = 0; c < t->n_columns; c++)
		chance[c] = by_chance(t, c);
	for (int32_t a = 0; !e && a < t->n_columns; a++) {
		struct groups g;

		if (t->values[a].n < 2)
			continue;
		group(t, a, &g);
		for (int32_t b = 0; !e && b < t->n_columns; b++) {
			struct detect_dependency d = {.below = a, .above = b};

			if (b == a || t->values[b].n < 2)
				continue;
			e = told ? told(ctx, (a + (double)b / t->n_columns) / t->n_columns) : BP_E_OK;
			measure(t, &g, &d);
			found[a * t->n_columns + b] = holds(t, &d, chance);
			if (found[a * t->n_columns + b])
				r->all[r->n_all++] = d;
		}
		ungroup(&g);
	}
	return e;
}

static double agreement(const struct detect_result *r, int32_t below, int32_t above)
{
	for (int32_t i = 0; i < r->n_all; i++)
		if (r->all[i].below == below && r->all[i].above == above)
			return 1 - (double)r->all[i].exceptions / r->all[i].rows;
	return 0;
}

/* Columns that say the same get one level, named by the one with most values; wide levels have few values. */
static int32_t make_levels(const struct detect_table *t, const bool *found, struct detect_level *level)
{
	int32_t n = 0, c = t->n_columns;

	for (int32_t a = 0; a < c; a++) {
		int32_t *same = bp_alloc_array(t->arena, (size_t)c, sizeof(*same)), n_same = 0;
		bool first = true, related = false;

		for (int32_t b = 0; b < c; b++) {
			related |= b != a && (found[a * c + b] || found[b * c + a]);
			if (b == a || !found[a * c + b] || !found[b * c + a])
				continue;
			same[n_same++] = b;
			first &= t->values[a].n > t->values[b].n || (t->values[a].n == t->values[b].n && a < b);
		}
		if (related && first)
			level[n++] = (struct detect_level){a, same, n_same, t->values[a].n, 1};
	}
	return n;
}

static int by_values(const void *a, const void *b)
{
	const struct detect_level *x = a, *y = b;

	return x->values != y->values ? (x->values < y->values ? -1 : 1) : x->column - y->column;
}

/* The longest way up through n levels (sorted, widest first), each determined by the one after it; among equally long ones the one
 * whose rows agree most.  It is taken out of them; none when no column determines another. */
static struct detect_chain longest_chain(const struct detect_table *t, const bool *found, const struct detect_result *r, struct detect_level *level,
	int32_t *n)
{
	int32_t length[DETECT_COLUMNS_MOST], above[DETECT_COLUMNS_MOST], end = -1, left = 0;
	double sure[DETECT_COLUMNS_MOST];
	bool taken[DETECT_COLUMNS_MOST] = {false};
	struct detect_chain chain = {0};

	for (int32_t i = 0; i < *n; i++) {
		length[i] = 1;
		above[i] = -1;
		sure[i] = 0;
		for (int32_t j = 0; j < i; j++) {
			int32_t a = level[i].column, b = level[j].column;
			double s;

			if (!found[a * t->n_columns + b])
				continue;
			s = sure[j] + agreement(r, a, b);
			if (length[j] + 1 > length[i] || (length[j] + 1 == length[i] && s > sure[i])) {
				length[i] = length[j] + 1;
				above[i] = j;
				sure[i] = s;
			}
		}
		if (end < 0 || length[i] > length[end] || (length[i] == length[end] && sure[i] > sure[end]))
			end = i;
	}
	if (end < 0 || length[end] < 2)
		return chain;
	chain.n = length[end];
	chain.levels = bp_alloc_array(t->arena, (size_t)chain.n, sizeof(*chain.levels));
	for (int32_t i = end, at = chain.n - 1; i >= 0; i = above[i], at--) {
		chain.levels[at] = level[i];
		taken[i] = true;
		if (above[i] >= 0)
			chain.levels[at].confidence = agreement(r, level[i].column, level[above[i]].column);
	}
	for (int32_t i = 0; i < *n; i++)
		if (!taken[i])
			level[left++] = level[i];
	*n = left;
	return chain;
}

/* The longest way through one level and those above and below it, whatever else has them: the one is always on it, since all others lie above or
 * below. The nearest of them, where there are too many. */
static struct detect_chain chain_with(const struct detect_table *t, const bool *found, const struct detect_result *r, const struct detect_level *all,
	int32_t n_all, int32_t column)
{
	struct detect_level *near = bp_alloc_array(t->arena, (size_t)n_all, sizeof(*near));
	struct detect_chain c;
	int32_t n = 0, at = 0;

	for (int32_t i = 0; i < n_all; i++) {
		int32_t x = all[i].column;

		if (x == column || found[x * t->n_columns + column] || found[column * t->n_columns + x])
			near[n++] = all[i];
	}
	c = longest_chain(t, found, r, near, &n);
	while (at < c.n && c.levels[at].column != column)
		at++;
	for (; c.n > DETECT_SHARED_MOST && at; at--, c.n--)
		c.levels++;
	if (c.n > DETECT_SHARED_MOST)
		c.n = DETECT_SHARED_MOST;
	if (c.n)
		c.levels[0].confidence = 1;
	return c;
}

static bool has_level(const struct detect_chain *c, int32_t column)
{
	for (int32_t i = 0; i < c->n; i++)
		if (c->levels[i].column == column)
			return true;
	return false;
}

/* What is left lies above or below levels of the chains: it makes chains together with them. */
static void share_levels(const struct detect_table *t, const bool *found, struct detect_result *r, const struct detect_level *all, int32_t n_all,
	const struct detect_level *left, int32_t n_left)
{
	int32_t pure = r->n_others;

	for (int32_t i = 0; i < n_left && r->n_others < DETECT_OTHERS_MOST; i++) {
		bool known = false;

		for (int32_t k = pure; k < r->n_others; k++)
			known |= has_level(&r->others[k], left[i].column);
		if (!known) {
			r->others[r->n_others] = chain_with(t, found, r, all, n_all, left[i].column);
			r->n_others += r->others[r->n_others].n > 0;
		}
	}
}

/* The longest chain is the hierarchy; those in what is left of the columns are others beside it, then those that share levels with them. */
static void take_chains(const struct detect_table *t, const bool *found, struct detect_result *r)
{
	struct detect_level *level = bp_alloc_array(t->arena, (size_t)t->n_columns + 1, sizeof(*level)),
			    *all = bp_alloc_array(t->arena, (size_t)t->n_columns + 1, sizeof(*all));
	int32_t n = make_levels(t, found, level), n_all = n;
	struct detect_chain c;

	if (n)
		qsort(level, (size_t)n, sizeof(*level), by_values);
	memcpy(all, level, (size_t)n * sizeof(*all));
	c = longest_chain(t, found, r, level, &n);
	r->levels = c.levels;
	r->n_levels = c.n;
	while (c.n && r->n_others < DETECT_OTHERS_MOST) {
		c = longest_chain(t, found, r, level, &n);
		r->others[r->n_others] = c;
		r->n_others += c.n > 0;
	}
	share_levels(t, found, r, all, n_all, level, n);
}

struct report {
	const struct detect_table *t;
	struct detect_result *r;
	int32_t cap;
	int32_t *why; /* by row: exception + 1, 0 = none that is an error */
};

static void add_exception(struct report *p, struct detect_exception x)
{
	struct detect_result *r = p->r;

	if (r->n_exceptions == p->cap) {
		int32_t cap = p->cap ? 2 * p->cap : 64;

		r->exceptions = bp_grow_array(p->t->arena, r->exceptions, (size_t)p->cap, (size_t)cap, sizeof(*r->exceptions));
		p->cap = cap;
	}
	r->exceptions[r->n_exceptions++] = x;
}

static void list_exceptions(struct report *p, int32_t below, int32_t above)
{
	const struct detect_table *t = p->t;
	struct groups g;
	struct tally y;

	group(t, below, &g);
	tally_init(t, above, &y);
	for (int32_t v = 0; v < t->values[below].n; v++) {
		tally(&g, v, t->cell[above], &y);
		for (int32_t i = 0; i < y.n; i++) {
			struct detect_exception x = {below, v, above, y.most, y.count[y.most], y.seen[i], y.count[y.seen[i]], -1, false,
				p->r->n_exceptions};

			if (x.other == x.usual)
				continue;
			x.error = x.other_rows <= FEW * x.usual_rows;
			for (int32_t at = g.off[v]; at < g.off[v + 1]; at++)
				if (t->cell[above][g.rows[at]] == x.other) {
					x.first_row = x.first_row < 0 ? g.rows[at] : x.first_row;
					if (x.error && !p->why[g.rows[at]])
						p->why[g.rows[at]] = x.number + 1;
				}
			add_exception(p, x);
		}
	}
	tally_release(&y);
	ungroup(&g);
}

static int by_rows(const void *a, const void *b)
{
	const struct detect_exception *x = a, *y = b;

	if (x->other_rows != y->other_rows)
		return x->other_rows > y->other_rows ? -1 : 1;
	return x->column != y->column ? x->column - y->column : x->value != y->value ? x->value - y->value : x->other - y->other;
}

static void list_wrong_rows(struct report *p)
{
	struct detect_result *r = p->r;
	int32_t *place = bp_xcalloc((size_t)r->n_exceptions + 1, sizeof(*place)), n = 0;

	for (int32_t i = 0; i < r->n_exceptions; i++)
		place[r->exceptions[i].number] = i;
	for (int32_t i = 0; i < p->t->n_rows; i++)
		n += p->why[i] > 0;
	r->wrong_rows = bp_alloc_array(p->t->arena, (size_t)n + 1, sizeof(*r->wrong_rows));
	r->wrong_why = bp_alloc_array(p->t->arena, (size_t)n + 1, sizeof(*r->wrong_why));
	for (int32_t i = 0; i < p->t->n_rows; i++)
		if (p->why[i]) {
			r->wrong_why[r->n_wrong_rows] = place[p->why[i] - 1];
			r->wrong_rows[r->n_wrong_rows++] = i;
		}
	free(place);
}

static struct report report_begin(const struct detect_table *t, struct detect_result *r)
{
	r->exceptions = NULL;
	r->n_exceptions = r->n_wrong_rows = 0;
	return (struct report){t, r, 0, bp_xcalloc((size_t)t->n_rows + 1, sizeof(int32_t))};
}

static void report_end(struct report *p)
{
	if (p->r->n_exceptions)
		qsort(p->r->exceptions, (size_t)p->r->n_exceptions, sizeof(*p->r->exceptions), by_rows);
	list_wrong_rows(p);
	free(p->why);
}

static void explain(const struct detect_table *t, struct detect_result *r)
{
	struct report p = report_begin(t, r);

	for (int32_t l = 0; l < r->n_levels; l++) {
		if (l)
			list_exceptions(&p, r->levels[l].column, r->levels[l - 1].column);
		for (int32_t s = 0; s < r->levels[l].n_same; s++)
			list_exceptions(&p, r->levels[l].column, r->levels[l].same[s]);
	}
	report_end(&p);
}

void detect_contradictions(const struct detect_table *t, struct detect_result *r, const int32_t *column, int32_t n)
{
	struct report p = report_begin(t, r);
	int32_t above = -1;

	for (int32_t i = 0; i < n; i++) {
		if (t->values[column[i]].n < 2)
			continue;
		if (above >= 0 && agreement(r, column[i], above) > 0)
			list_exceptions(&p, column[i], above);
		above = column[i];
	}
	report_end(&p);
}

enum bp_error detect_hierarchy(const struct detect_table *t, struct detect_result *r, enum bp_error (*told)(void *ctx, double part), void *ctx)
{
	bool *found = bp_xcalloc((size_t)t->n_columns * (size_t)t->n_columns + 1, sizeof(*found));
	enum bp_error e;

	*r = (struct detect_result){0};
	e = find_all(t, r, found, told, ctx);
	if (!e) {
		take_chains(t, found, r);
		explain(t, r);
	}
	free(found);
	return e;
}
