/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "geo/country.h"
#include "intake/value.h"

#define DEGREES(x) ((int64_t)((x) * 1000000))

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The pair that the mapped cells say; how many of the two there are. */
static int pair_of(const char *lat, const char *lon, bool same_cell, int64_t v[2])
{
	int64_t a[2], b[2];
	int na = 0, nb = 0;

	if (lat && *lat && im_parse_coordinates(lat, a, &na) != IM_P_FINE)
		return -1;
	if (na == 2) { /* one cell holds both */
		v[0] = a[0];
		v[1] = a[1];
		return 2;
	}
	if (same_cell)
		return na ? 1 : 0;
	if (lon && *lon && im_parse_coordinates(lon, b, &nb) != IM_P_FINE)
		return -1;
	v[0] = na ? a[0] : 0;
	v[1] = nb ? b[nb - 1] : 0;
	return (na > 0) + (nb > 0);
}

static bool on_earth(const int64_t v[2])
{
	return llabs(v[0]) <= DEGREES(90) && llabs(v[1]) <= DEGREES(180);
}

struct im_row im_sample_row(const struct im_sniffed *sn, size_t r, struct bp_arena *a)
{
	struct im_field *f = bp_alloc_array(a, sn->n_columns, sizeof(*f));

	for (size_t i = 0; i < sn->n_columns; i++)
		f[i] = (struct im_field){sn->row[r][i], strlen(sn->row[r][i])};
	return (struct im_row){.line = r, .n = sn->n_columns, .field = f};
}

const char *im_cell(const struct im_checker *k, const struct im_row *row, int c, enum im_step_fault *fault, const char **remedy)
{
	const struct im_feed *f = &k->feed[c];
	const char *s = f->source >= 0 && (size_t)f->source < row->n ? row->field[f->source].s : NULL;

	*fault = IM_S_FINE;
	*remedy = "";
	if (s && *s == '\'' && bp_csv_formula(s + 1))
		s++; /* bp_buf_csv put it there */
	for (size_t i = 0; i < k->n_edits; i++)
		if (k->edit[i].column == c)
			return k->edit[i].value;
	if (f->chain && f->source >= 0)
		s = im_chain_run(f->chain, s, row, k->arena, fault, remedy);
	return (!s || !*s) && f->fallback ? f->fallback : s;
}

/* Do the two coordinates come from one cell as it is? */
static bool one_cell(const struct im_checker *k)
{
	const struct im_feed *lat = &k->feed[k->lat], *lon = &k->feed[k->lon];

	return lat->source == lon->source && !im_chain_splits(lat->chain) && !im_chain_splits(lon->chain) && !k->n_edits;
}

void im_vote_row(const struct im_checker *k, const struct im_row *row, struct im_date_votes v[IM_COLUMNS_MOST])
{
	for (size_t c = 0; c < k->n_cols; c++) {
		enum im_step_fault fault;
		const char *why, *s;

		if (k->col[c].type != IM_T_DATE || k->feed[c].source < 0)
			continue;
		s = im_cell(k, row, (int)c, &fault, &why);
		if (s && fault == IM_S_FINE)
			im_vote_date(&v[c], s);
	}
}

static void find_centre(struct im_checker *k, const struct im_sniffed *sample, struct bp_arena *a)
{
	int64_t *lat = bp_alloc_array(a, sample->n_rows + 1, sizeof(*lat)), *lon = bp_alloc_array(a, sample->n_rows + 1, sizeof(*lon));
	size_t n = 0;

	if (k->lat < 0 || k->feed[k->lat].source < 0)
		return;
	for (size_t r = 0; r < sample->n_rows; r++) {
		struct im_row row = im_sample_row(sample, r, a);
		enum im_step_fault fault;
		const char *why;
		int64_t v[2];

		if (pair_of(im_cell(k, &row, k->lat, &fault, &why), im_cell(k, &row, k->lon, &fault, &why), one_cell(k), v) != 2 || !on_earth(v) ||
			(!v[0] && !v[1]))
			continue;
		lat[n] = v[0];
		lon[n++] = v[1];
	}
	if (n < 10)
		return;
	qsort(lat, n, sizeof(*lat), by_size);
	qsort(lon, n, sizeof(*lon), by_size);
	k->centre_known = true;
	k->centre_lat = lat[n / 2];
	k->centre_lon = lon[n / 2];
}

void im_checker_init(struct im_checker *k, enum im_entity e, const struct im_feed *feed, const struct im_sniffed *sample,
	struct bp_arena *keep, struct bp_arena *rows)
{
	memset(k, 0, sizeof(*k));
	k->entity = e;
	k->col = im_columns_of(e, &k->n_cols);
	memcpy(k->feed, feed, k->n_cols * sizeof(*feed));
	k->width = sample->n_columns;
	k->decimal_comma = sample->decimal_comma;
	k->lat = im_column_index(e, "lat");
	k->lon = im_column_index(e, "lon");
	k->country = im_column_index(e, "country");
	k->country_known = -1;
	k->lexicon = im_lexicon_new(keep);
	k->arena = rows;
	for (size_t c = 0; c < k->n_cols; c++)
		k->required |= (uint32_t)((k->col[c].flags & IM_F_REQUIRED) != 0) << c;
	for (int r = 0; r < IM_R__MAX; r++)
		k->severity[r] = im_rules[r].severity;
	find_centre(k, sample, keep);
}

void im_checker_known_place(struct im_checker *k, int64_t lat, int64_t lon)
{
	bool elsewhere = llabs(k->centre_lat - lat) > DEGREES(25) || llabs(k->centre_lon - lon) > DEGREES(25);
	bool swapped = llabs(k->centre_lon - lat) <= DEGREES(8) && llabs(k->centre_lat - lon) <= DEGREES(8);

	if (!k->centre_known || !elsewhere || !swapped)
		return;
	k->centre_lat = lat;
	k->centre_lon = lon;
}

static void complain(struct im_checker *k, struct im_checked *out, int column, enum im_rule rule, const char *value,
	const char *suggestion)
{
	struct im_issue *i;

	out->rejected |= k->severity[rule] == IM_ERROR;
	if (out->n_issues == IM_ISSUES_MOST)
		return;
	i = &out->issue[out->n_issues++];
	i->column = column;
	i->rule = rule;
	i->value = bp_strndup(k->arena, value, strnlen(value, 200));
	i->suggestion = suggestion ? bp_strdup(k->arena, suggestion) : "";
}

/* Is there a fix for the cause?  Then it counts as used. */
static struct im_fix *mended(struct im_checker *k, enum im_rule rule, int column)
{
	struct im_fix *f = im_fix_of(k->fixes, rule, column);

	if (f)
		f->used++;
	return f;
}

static const char *number_text(struct im_checker *k, int64_t v)
{
	return bp_sprintf(k->arena, "%lld", (long long)v);
}

/* The first `most` characters of s; *cut when there were more. */
static const char *clip(struct im_checker *k, const char *s, size_t n, size_t most, bool *cut)
{
	size_t chars = 0;

	*cut = false;
	if (n <= most)
		return s;
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] & 0xC0) != 0x80 && ++chars > most) {
			*cut = true;
			return bp_strndup(k->arena, s, i);
		}
	return s;
}

static void check_text(struct im_checker *k, struct im_checked *out, int c, const char *s, size_t n)
{
	const struct im_column *col = &k->col[c];
	char *own = bp_strndup(k->arena, s, n);
	bool cut;

	for (char *p = own; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			*p = ' ';
	out->value[c] = clip(k, own, n, col->longest, &cut);
	if (cut && !mended(k, col->type == IM_T_TEXT ? IM_R_TEXT_CUT : IM_R_TOO_LONG, c))
		complain(k, out, c, col->type == IM_T_TEXT ? IM_R_TEXT_CUT : IM_R_TOO_LONG, s,
			bp_sprintf(k->arena, "at most %zu characters", col->longest));
}

static void check_word(struct im_checker *k, struct im_checked *out, int c, const char *s, size_t n)
{
	char words[128];

	out->value[c] = im_lexicon_find(k->lexicon, k->col[c].type, s, n);
	if (out->value[c])
		return;
	im_words_of(k->col[c].type, words, sizeof(words));
	complain(k, out, c, IM_R_WORD, s, k->col[c].type == IM_T_TIER ? "Gold, Silver, Bronze" : words);
}

/* Does the column, or a fix, choose the second reading?  *p becomes FINE when the matter is settled. */
static bool second_reading(struct im_checker *k, int c, enum im_parse *p)
{
	struct im_fix *f = mended(k, IM_R_AMBIGUOUS, c);
	enum im_reading r = f ? (f->kind == IM_FIX_SECOND ? IM_READ_SECOND : IM_READ_FIRST) : k->reading[c];

	if (r != IM_READ_ASK)
		*p = IM_P_FINE;
	return r == IM_READ_SECOND;
}

static void check_number(struct im_checker *k, struct im_checked *out, int c, const char *s)
{
	struct im_two two;
	double d = 0;
	int64_t date = 0;
	int v = 0;
	enum im_parse p;
	char text[BP_DATE_SIZE], period[16];

	switch (k->col[c].type) {
	case IM_T_NUMBER:
		p = im_parse_number(s, k->decimal_comma, &d, &two);
		if (p <= IM_P_TWO_WAYS && (d < 0 || d > 999999999999.0))
			p = IM_P_RANGE;
		break;
	case IM_T_AMOUNT:
		p = im_parse_number(s, k->decimal_comma, &d, &two);
		if (p <= IM_P_TWO_WAYS && (d < -99999999999.0 || d > 99999999999.0))
			p = IM_P_RANGE;
		break;
	case IM_T_COUNT: p = im_parse_int(s, 1, k->col[c].longest ? (int)k->col[c].longest : 999, &v); break;
	case IM_T_PERCENT: p = im_parse_int(s, 0, 100, &v); break;
	case IM_T_MINUTES: p = im_parse_minutes(s, k->col[c].longest ? (int)k->col[c].longest : 1440, &v); break;
	case IM_T_FREQUENCY: p = im_parse_frequency(s, &v, &two); break;
	case IM_T_PERIOD: p = im_parse_period(s, period, &two); break;
	case IM_T_TIME: p = im_parse_time(s, &v); break;
	case IM_T_WEEKDAYS: p = im_parse_weekdays(s, &v); break;
	default: p = im_parse_date(s, &date, &two); break;
	}
	if (p > IM_P_TWO_WAYS) {
		complain(k, out, c, p == IM_P_RANGE ? IM_R_RANGE : IM_R_TYPE, s,
			k->col[c].example[0] ? bp_sprintf(k->arena, "for example %s", k->col[c].example) : "");
		return;
	}
	if (p == IM_P_TWO_WAYS && second_reading(k, c, &p)) {
		d = two.second;
		v = (int)two.second;
		date = (int64_t)two.second;
	}
	if (k->col[c].type == IM_T_DATE) {
		bp_date_format(date, text);
		out->value[c] = bp_strdup(k->arena, text);
	} else if (k->col[c].type == IM_T_PERIOD) {
		out->value[c] = bp_strdup(k->arena, period);
	} else if (k->col[c].type == IM_T_NUMBER || k->col[c].type == IM_T_AMOUNT) {
		out->value[c] = bp_sprintf(k->arena, "%.*f", k->col[c].type == IM_T_NUMBER ? 2 : 4, d);
	} else {
		out->value[c] = number_text(k, v);
	}
	if (p == IM_P_TWO_WAYS)
		complain(k, out, c, IM_R_AMBIGUOUS, s, bp_sprintf(k->arena, "%s, or %s", two.reading, two.other));
}

static const char *pair_text(struct im_checker *k, int64_t lat, int64_t lon)
{
	return bp_sprintf(k->arena, "%.6f, %.6f", (double)lat / 1e6, (double)lon / 1e6);
}

static bool near(const struct im_checker *k, int64_t lat, int64_t lon, int64_t degrees)
{
	return llabs(lat - k->centre_lat) <= DEGREES(degrees) && llabs(lon - k->centre_lon) <= DEGREES(degrees);
}

static const int sign[3][2] = {{-1, 1}, {1, -1}, {-1, -1}};

/* The country that the row says, as geo_country() has it; rows of the same one follow each other. */
static int country_of(struct im_checker *k, const struct im_checked *out)
{
	const char *s = k->country >= 0 ? out->value[k->country] : NULL;
	char plain[64];

	if (!s || !*s || strlen(s) >= sizeof(k->country_said))
		return -1;
	if (strcmp(s, k->country_said)) {
		snprintf(k->country_said, sizeof(k->country_said), "%s", s);
		im_squash(s, strlen(s), plain, sizeof(plain));
		k->country_known = geo_country(plain);
	}
	return k->country_known;
}

/* The same of a pair whose row says its country. */
static enum im_rule judge_in_country(struct im_checker *k, int country, const int64_t v[2], const char **say)
{
	if (geo_country_holds(country, v[0], v[1]))
		return IM_R__MAX;
	if (geo_country_holds(country, v[1], v[0])) {
		*say = pair_text(k, v[1], v[0]);
		return IM_R_COORD_SWAPPED;
	}
	for (int i = 0; i < 3; i++)
		if (geo_country_holds(country, v[0] * sign[i][0], v[1] * sign[i][1])) {
			*say = pair_text(k, v[0] * sign[i][0], v[1] * sign[i][1]);
			return IM_R_COORD_SIGN;
		}
	return IM_R_COORD_COUNTRY;
}

/* What is wrong with a pair; IM_R__MAX = nothing.  *say = what it probably should be. */
static enum im_rule judge_pair(struct im_checker *k, int country, const int64_t v[2], const char **say)
{
	int64_t swapped[2] = {v[1], v[0]};

	if (!v[0] && !v[1])
		return IM_R_COORD_ZERO;
	if (!on_earth(v)) {
		if (!on_earth(swapped))
			return IM_R_COORD_RANGE;
		*say = pair_text(k, v[1], v[0]);
		return IM_R_COORD_SWAPPED;
	}
	if (country >= 0)
		return judge_in_country(k, country, v, say);
	if (!k->centre_known || near(k, v[0], v[1], 25))
		return IM_R__MAX;
	if (on_earth(swapped) && near(k, v[1], v[0], 8)) {
		*say = pair_text(k, v[1], v[0]);
		return IM_R_COORD_SWAPPED;
	}
	for (int i = 0; i < 3; i++)
		if (near(k, v[0] * sign[i][0], v[1] * sign[i][1], 8)) {
			*say = pair_text(k, v[0] * sign[i][0], v[1] * sign[i][1]);
			return IM_R_COORD_SIGN;
		}
	return IM_R__MAX;
}

/* The text of a cell with the fixes for single words; NULL when it is not mapped, or is left out because a step failed. */
static const char *cell_of(struct im_checker *k, const struct im_row *row, struct im_checked *out, int c)
{
	enum im_step_fault fault;
	const char *remedy, *s = im_cell(k, row, c, &fault, &remedy);
	struct im_fix *f = s ? im_fix_value(k->fixes, c, s) : NULL;

	if (f) {
		f->used++;
		return f->to;
	}
	if (fault == IM_S_FINE)
		return s;
	complain(k, out, c, fault == IM_S_LOOKUP ? IM_R_LOOKUP : fault == IM_S_REGEX ? IM_R_PATTERN : IM_R_TYPE, s,
		*remedy ? bp_sprintf(k->arena, fault == IM_S_FORM ? "wanted: %s" : "%s", remedy) : "");
	return fault == IM_S_REGEX ? s : NULL;
}

static void check_coordinates(struct im_checker *k, const struct im_row *row, struct im_checked *out)
{
	const char *lat = cell_of(k, row, out, k->lat), *lon = cell_of(k, row, out, k->lon), *say = "";
	bool same = one_cell(k);
	int64_t v[2] = {0, 0};
	struct im_fix *f;
	int got = pair_of(lat, lon, same, v);
	enum im_rule rule = got < 0 ? IM_R_TYPE : got == 1 ? IM_R_COORD_HALF : IM_R__MAX;

	if (!got)
		return;
	if (got == 2)
		rule = judge_pair(k, country_of(k, out), v, &say);
	f = rule == IM_R_COORD_SWAPPED || rule == IM_R_COORD_SIGN ? im_fix_of(k->fixes, rule, k->lat) : NULL;
	if (f && (f->kind != IM_FIX_KEEP || on_earth(v))) {
		int n;

		if (f->kind != IM_FIX_KEEP)
			im_parse_coordinates(say, v, &n);
		f->used++;
		rule = IM_R__MAX;
	}
	if (rule == IM_R_COORD_COUNTRY) { /* the country may be wrong as well */
		f = im_fix_of(k->fixes, rule, k->lat);
		if (f)
			f->used++;
		else
			complain(k, out, k->lat, rule, bp_sprintf(k->arena, "%s, %s", pair_text(k, v[0], v[1]), k->country_said), "");
		if (f && f->kind == IM_FIX_CLEAR)
			return;
		rule = IM_R__MAX;
	}
	if (rule == IM_R__MAX) {
		out->value[k->lat] = number_text(k, v[0]);
		out->value[k->lon] = number_text(k, v[1]);
		return;
	}
	complain(k, out, k->lat, rule,
		same ? lat : bp_sprintf(k->arena, "%s, %s", lat ? lat : "", lon ? lon : ""), rule == IM_R_TYPE ? "for example 18.520430, 73.856744" : say);
}

static void check_cell(struct im_checker *k, struct im_checked *out, int c, const char *s)
{
	const struct im_column *col = &k->col[c];
	bool required = k->required >> c & 1;
	struct im_fix *f = required && (!s || !*s) ? mended(k, IM_R_REQUIRED, c) : NULL;
	size_t n;

	s = f ? f->to : s;
	n = s ? strlen(s) : 0;
	if (!s && !required)
		return;
	if (!n) {
		if (required)
			complain(k, out, c, IM_R_REQUIRED, "", "");
		else if (col->type <= IM_T_CODES && !k->empty_says_nothing)
			out->value[c] = "";
		return;
	}
	if (col->type <= IM_T_CODES)
		check_text(k, out, c, s, n);
	else if (col->type >= IM_T_CHANNEL)
		check_word(k, out, c, s, n);
	else
		check_number(k, out, c, s);
	if (required && !out->value[c])
		complain(k, out, c, IM_R_REQUIRED, s, ""); /* what was left out cannot be done without */
}

/* Two columns of which the first must not come after the second. */
static void check_order(struct im_checker *k, struct im_checked *out, const char *first, const char *last, enum im_rule rule)
{
	int a = im_column_index(k->entity, first), b = im_column_index(k->entity, last);
	const char *x = out->value[a], *y = out->value[b];

	if (x && y && (k->col[a].type == IM_T_DATE ? strcmp(x, y) > 0 : strtol(x, NULL, 10) >= strtol(y, NULL, 10)))
		complain(k, out, b, rule, bp_sprintf(k->arena, "%s, %s", x, y), "");
}

/* A stop of a plan needs a day: a date, or week and weekday. */
static void check_plan_day(struct im_checker *k, struct im_checked *out)
{
	int date = im_column_index(IM_PLAN, "date"), week = im_column_index(IM_PLAN, "week"), day = im_column_index(IM_PLAN, "weekday");

	if (!out->value[date] && (!out->value[week] || !out->value[day]))
		complain(k, out, date, IM_R_PLAN_DAY, "", "");
}

static void check_with(struct im_checker *k, struct im_checked *out, const char *given, const char *wanted)
{
	const char *x = out->value[im_column_index(k->entity, given)], *y = out->value[im_column_index(k->entity, wanted)];

	if (x && *x && (!y || !*y))
		complain(k, out, im_column_index(k->entity, wanted), IM_R_REQUIRED, "", "");
}

/* Hours have two ends, dates a reason, and a row one of all that there is. */
static void check_chain(struct im_checker *k, struct im_checked *out)
{
	bool says = false;

	check_with(k, out, "most_price", "most_per_day");
	check_with(k, out, "opens", "closes");
	check_with(k, out, "closes", "opens");
	check_with(k, out, "window_days", "opens");
	check_with(k, out, "closed_from", "closed_for");
	check_with(k, out, "closed_to", "closed_from");
	check_order(k, out, "opens", "closes", IM_R_WINDOW_ORDER);
	check_order(k, out, "closed_from", "closed_to", IM_R_DATE_ORDER);
	for (size_t c = 1; c < k->n_cols; c++)
		says |= out->value[c] && *out->value[c];
	if (!says)
		complain(k, out, 0, IM_R_CHAIN_SAYS, "", "");
}

void im_check_row(struct im_checker *k, const struct im_row *row, struct im_checked *out)
{
	memset(out->value, 0, sizeof(out->value));
	out->n_issues = 0;
	out->rejected = false;
	if (row->fault != IM_ROW_FINE) {
		complain(k, out, -1, row->fault == IM_ROW_CUT_OFF ? IM_R_ROW_CUT : IM_R_ROW_SHAPE,
			row->fault == IM_ROW_QUOTE ? "\"" : "", "");
		return;
	}
	for (size_t c = 0; c < k->n_cols; c++) {
		if ((int)c == k->lat || (int)c == k->lon)
			continue;
		check_cell(k, out, (int)c, cell_of(k, row, out, (int)c));
	}
	if (k->lat >= 0)
		check_coordinates(k, row, out);
	if (k->entity == IM_PLAN)
		check_plan_day(k, out);
	else if (k->entity == IM_WINDOWS)
		check_order(k, out, "opens", "closes", IM_R_WINDOW_ORDER);
	else if (k->entity == IM_LISTS || k->entity == IM_ABSENCES)
		check_order(k, out, "from_date", "to_date", IM_R_DATE_ORDER);
	else if (k->entity == IM_CHAIN_RULES)
		check_chain(k, out);
	if (row->replaced && !mended(k, IM_R_ENCODING, -1))
		complain(k, out, -1, IM_R_ENCODING, "", "");
	for (size_t i = k->width; i < row->n; i++)
		if (row->field[i].n) {
			if (mended(k, IM_R_EXTRA_CELLS, -1))
				break;
			complain(k, out, -1, IM_R_EXTRA_CELLS, row->field[i].s, "");
			break;
		}
}
