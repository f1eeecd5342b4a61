/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "intake/registry.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static enum im_parse two_ways(struct im_two *two, const char *reading, const char *other, double second)
{
	two->second = second;
	snprintf(two->reading, sizeof(two->reading), "%s", reading);
	snprintf(two->other, sizeof(two->other), "%s", other);
	return IM_P_TWO_WAYS;
}

/* digits with one '.' and an optional exponent, nothing else */
static bool plain_number(const char *s, double *v)
{
	double scale = 1;
	bool any = false, dot = false;
	int exp = 0;

	*v = 0;
	for (; digit(*s) || (*s == '.' && !dot); s++) {
		if (*s == '.') {
			dot = true;
			continue;
		}
		any = true;
		*v = *v * 10 + (*s - '0');
		if (dot)
			scale *= 10;
	}
	if (any && (*s == 'e' || *s == 'E')) {
		int sign = s[1] == '-' ? -1 : 1;

		s += 1 + (s[1] == '-' || s[1] == '+');
		for (; digit(*s) && exp < 400; s++)
			exp = exp * 10 + (*s - '0');
		exp *= sign;
	}
	*v = *v / scale * pow(10, exp);
	return any && !*s && isfinite(*v);
}

enum im_parse im_parse_number(const char *s, bool comma, double *v, struct im_two *two)
{
	char buf[64], *dot = NULL;
	size_t n = 0, commas = 0, dots = 0, digits_behind = 0, letters = 0;
	char last = 0;
	bool minus = false, exponent = false;

	for (; *s && !digit(*s) && *s != '.' && *s != ','; s++) { /* sign and currency */
		minus |= *s == '-' || *s == '(';
		letters += alpha(*s);
	}
	for (; *s; s++) {
		if (digit(*s)) {
			digits_behind += !exponent;
		} else if (*s == ',' || *s == '.') {
			*(*s == ',' ? &commas : &dots) += 1;
			last = *s;
			digits_behind = 0;
		} else if (*s == ' ' || *s == '\'' || *s == '%' || *s == ')' || (unsigned char)*s >= 0x80) {
			continue; /* group marks; no-break spaces and currency signs are several bytes */
		} else if ((*s != 'e' && *s != 'E' && *s != '+' && *s != '-') || !n) {
			return IM_P_TYPE;
		} else {
			exponent = true;
		}
		if (n + 1 >= sizeof(buf))
			return IM_P_RANGE;
		buf[n++] = *s;
	}
	buf[n] = '\0';
	if (!n || letters > 3)
		return IM_P_TYPE;
	/* The last mark is the decimal one if both occur; a mark that occurs twice groups. */
	if (commas && dots)
		comma = last == ',';
	else if (commas > 1 || dots > 1)
		comma = dots > 1;
	else if (digits_behind != 3)
		comma = commas > 0;
	n = 0;
	for (char *p = buf; *p; p++)
		if (digit(*p) || (*p | 32) == 'e' || *p == '-' || *p == '+' || *p == (comma ? ',' : '.')) {
			buf[n] = *p == ',' ? '.' : *p;
			dot = buf[n] == '.' ? buf + n : dot;
			n++;
		}
	buf[n] = '\0';
	if (!plain_number(buf, v))
		return IM_P_TYPE;
	if (minus)
		*v = -*v;
	if (commas + dots == 1 && digits_behind == 3 && two) {
		double grouped = dot ? *v * 1000 : *v, decimal = dot ? *v : *v / 1000;

		if (last == '.' && decimal == 0)
			return IM_P_FINE;
		snprintf(two->reading, sizeof(two->reading), "%.10g", dot ? decimal : grouped);
		snprintf(two->other, sizeof(two->other), "%.10g", dot ? grouped : decimal);
		two->second = dot ? grouped : decimal;
		return IM_P_TWO_WAYS;
	}
	return IM_P_FINE;
}

enum im_parse im_parse_int(const char *s, int lo, int hi, int *v)
{
	char buf[24];
	size_t n = strspn(s, "0123456789.,");
	double d;

	if (!n || n >= sizeof(buf) || strlen(s + n) > 10 || strpbrk(s + n, "0123456789"))
		return *s == '-' && digit(s[1]) ? IM_P_RANGE : IM_P_TYPE;
	memcpy(buf, s, n);
	buf[n] = '\0';
	for (char *c = buf; (c = strchr(c, ','));)
		*c = '.';
	if (!plain_number(buf, &d))
		return IM_P_TYPE;
	if (d < lo - 0.5 || d >= hi + 0.5)
		return IM_P_RANGE;
	*v = (int)floor(d + 0.5);
	return IM_P_FINE;
}

enum im_parse im_parse_minutes(const char *s, int most, int *v)
{
	int h = 0, m = 0, used = 0;

	if (sscanf(s, "%2d%*1[:hH]%2d%n", &h, &m, &used) == 2 && !s[used]) {
		*v = h * 60 + m;
		return m < 60 && *v > 0 && *v <= most ? IM_P_FINE : IM_P_RANGE;
	}
	return im_parse_int(s, 1, most, v);
}

/* The number that a word at *p says, 0 = none; *p moves behind it. */
static int count_word(const char **p)
{
	static const struct {
		const char *word;
		int n;
	} words[] = {{"once", 1}, {"twice", 2}, {"thrice", 3}, {"every", 1}, {"two", 2}, {"three", 3}, {"four", 4},
		{"one", 1}, {"alternate", 2}, {"second", 2}};
	int n = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t k = strlen(words[i].word);

		if (!strncmp(*p, words[i].word, k)) {
			*p += k;
			return words[i].n;
		}
	}
	for (; digit(**p) && n < 1000; (*p)++)
		n = n * 10 + (**p - '0');
	return n;
}

/* "once in 2 weeks", "every 2 weeks", "2x per week", "3 times a month", squashed to letters and digits. */
static enum im_parse phrase(const char *s, int *v, struct im_two *two)
{
	const char *p = s;
	bool every = !strncmp(p, "every", 5) || !strncmp(p, "alternate", 9);
	int a = count_word(&p), b = 0;

	for (; *p && !strstr("week month cycle day", p); p++) {
		b = count_word(&p);
		if (b || !*p)
			break;
	}
	if (!a)
		return IM_P_TYPE;
	if (every && b) { /* every 2 weeks */
		a = 1;
	} else if (every && a == 2) { /* alternate week */
		b = 2;
		a = 1;
	}
	b = b ? b : 1;
	if (strstr(p, "week") || strstr(p, "wk")) {
		if (b == 4 && a > 1) {
			*v = a;
			return a <= 28 ? IM_P_FINE : IM_P_RANGE;
		}
		*v = (4 * a + b / 2) / b;
		if ((4 * a) % b) {
			snprintf(two->other, sizeof(two->other), "%d visits in 12 weeks", 12 * a / b);
			snprintf(two->reading, sizeof(two->reading), "%d in 4 weeks", *v ? *v : 1);
			*v = *v ? *v : 1;
			two->second = *v;
			return IM_P_TWO_WAYS;
		}
	} else if (strstr(p, "month") || strstr(p, "cycle") || !*p || !strcmp(p, "x") || !strcmp(p, "times")) {
		*v = a / b;
	} else if (strstr(p, "day")) {
		*v = b == 1 && a == 1 ? 24 : 28 * a / b;
	} else {
		return IM_P_TYPE;
	}
	return *v >= 1 && *v <= 28 ? IM_P_FINE : IM_P_RANGE;
}

enum im_parse im_parse_frequency(const char *s, int *v, struct im_two *two)
{
	static const struct {
		const char *word;
		int n;
	} words[] = {{"weekly", 4}, {"everyweek", 4}, {"w", 4}, {"hebdomadaire", 4}, {"semanal", 4}, {"wochentlich", 4},
		{"settimanale", 4}, {"mingguan", 4}, {"haftalik", 4}, {"fortnightly", 2}, {"fortnight", 2}, {"everyotherweek", 2},
		{"quinzenal", 2}, {"quincenal", 2}, {"14taglich", 2}, {"bimensuel", 2}, {"quindicinale", 2}, {"monthly", 1}, {"mensuel", 1}, {"mensual", 1},
		{"mensal", 1}, {"monatlich", 1}, {"mensile", 1}, {"m", 1}, {"daily", 24}, {"everyday", 24}, {"quotidien", 24},
		{"diario", 24}, {"taglich", 24}, {"twiceweekly", 8}, {"twiceaweek", 8}, {"semiweekly", 8}, {"thriceweekly", 12}};
	char key[64];

	if (*s == '-' || *s == '+' || *s == '=') /* a formula, or what no frequency is: squashing would lose the sign */
		return *s == '-' && digit(s[1]) ? IM_P_RANGE : IM_P_TYPE;
	if (digit(*s) && !s[strspn(s, "0123456789.,")]) {
		enum im_parse p = im_parse_int(s, 1, 28, v);
		const char *fraction = strpbrk(s, ".,");
		char reading[48];

		if (p != IM_P_FINE || !fraction || !strpbrk(fraction, "123456789"))
			return p;
		snprintf(reading, sizeof(reading), "%d visits in 4 weeks", *v);
		return two_ways(two, reading, "a frequency that no whole number says", *v);
	}
	im_squash(s, strlen(s), key, sizeof(key));
	if (key[0] == 'f' && digit(key[1]) && im_parse_int(key + 1, 1, 28, v) == IM_P_FINE) {
		char reading[48], other[48];

		if (*v > 4)
			return IM_P_FINE;
		snprintf(reading, sizeof(reading), "%d visits in 4 weeks", *v);
		snprintf(other, sizeof(other), "one visit every %d weeks", *v);
		return two_ways(two, reading, other, (4 + *v / 2) / *v);
	}
	if (!strcmp(key, "biweekly") || !strcmp(key, "bimonthly")) {
		*v = 2;
		return key[2] == 'w' ? two_ways(two, "once in 2 weeks", "twice a week", 8) : two_ways(two, "twice a month", "once in 2 months", 1);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(key, words[i].word)) {
			*v = words[i].n;
			return IM_P_FINE;
		}
	return phrase(key, v, two);
}

/* One angle at *p in micro-degrees; false when there is none. */
static bool angle(const char **p, bool comma, int64_t *out)
{
	double part[3] = {0};
	int n = 0, sign = 1;
	bool any = false;
	const char *s = *p;

	for (s += strspn(s, " \t"); n < 3; n++) {
		double scale = 1;
		bool dot = false;

		if (!n && *s && strchr("NSEWnsew", *s)) {
			sign = strchr("SWsw", *s) ? -1 : 1;
			s += 1 + strspn(s + 1, " ");
		}
		if (!n && (*s == '-' || *s == '+'))
			sign = *s++ == '-' ? -1 : 1;
		if (!digit(*s) && !(*s == '.' && digit(s[1])))
			break;
		for (; digit(*s) || (!dot && (*s == '.' || (*s == ',' && comma)) && digit(s[1])); s++) {
			if (!digit(*s)) {
				dot = true;
				continue;
			}
			part[n] = part[n] * 10 + (*s - '0');
			if (dot)
				scale *= 10;
		}
		part[n] /= scale;
		any = true;
		if (!strncmp(s, "\xC2\xB0", 2) || !strncmp(s, "\xC2\xBA", 2))
			s += 2;
		else if (*s == '\'' || *s == '"')
			s++;
		else if (!strncmp(s, "\xE2\x80\xB2", 3) || !strncmp(s, "\xE2\x80\xB3", 3) || !strncmp(s, "\xE2\x80\x99", 3))
			s += 3;
		else
			break;
		s += strspn(s, " '\"");
	}
	if (!any)
		return false;
	s += strspn(s, " ");
	if (*s && strchr("NSEWnsew", *s) && !alpha(s[1])) {
		sign = strchr("SWsw", *s) ? -1 : 1;
		s++;
	}
	*p = s;
	*out = llround(sign * (part[0] + part[1] / 60 + part[2] / 3600) * 1e6);
	return part[0] < 1e6;
}

enum im_parse im_parse_coordinates(const char *s, int64_t v[2], int *n)
{
	const char *c = strchr(s, ',');
	/* a comma before decimals: the only one, or beside a semicolon, and no point anywhere */
	bool comma = c && !strchr(s, '.') && digit(c[1]) && (!strchr(c + 1, ',') || strchr(s, ';'));
	size_t gap;

	s += strspn(s, "([{ ");
	*n = 0;
	if (!angle(&s, comma, &v[0]))
		return IM_P_TYPE;
	*n = 1;
	gap = strspn(s, " ,;/|\t");
	s += gap;
	if (*s && *s != ')' && *s != ']') {
		if (!gap || !angle(&s, comma, &v[1]))
			return IM_P_TYPE;
		*n = 2;
	}
	s += strspn(s, ")]} ");
	return *s ? IM_P_TYPE : IM_P_FINE;
}
