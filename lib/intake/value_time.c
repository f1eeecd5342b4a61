/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "intake/registry.h"
#include "intake/value.h"

static bool real_date(int y, int m, int d, int64_t *date)
{
	char iso[32];

	if (y < 100)
		y += y < 70 ? 2000 : 1900;
	if (y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02d", y, m, d);
	return bp_date_parse(iso, date);
}

int im_month_of(const char *s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	/* what other languages begin with that the English months do not */
	static const struct {
		const char *start;
		int month;
	} others[] = {{"mrz", 3}, {"mae", 3}, {"mai", 5}, {"mag", 5}, {"mei", 5}, {"okt", 10}, {"dez", 12}, {"dic", 12}, {"des", 12}, {"ene", 1},
		{"gen", 1}, {"fev", 2}, {"avr", 4}, {"abr", 4}, {"juin", 6}, {"giu", 6}, {"juil", 7}, {"lug", 7}, {"aou", 8}, {"ago", 8}, {"agu", 8},
		{"set", 9}, {"out", 10}, {"ott", 10}};
	char key[16];

	if (im_squash(s, strlen(s), key, sizeof(key)) < 3)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(key, others[i].start, strlen(others[i].start)))
			return others[i].month;
	for (int m = 0; m < 12; m++)
		if (!strncmp(key, months + 3 * m, 3))
			return m + 1;
	return 0;
}

enum im_parse im_parse_date(const char *s, int64_t *date, struct im_two *two)
{
	int a, b, c, used = 0;
	char sep[2], name[16];

	if (sscanf(s, "%4d%1[-/.]%2d%1[-/.]%2d%n", &a, sep, &b, sep, &c, &used) == 5 && a > 31)
		return (!s[used] || s[used] == ' ' || s[used] == 'T') && real_date(a, b, c, date) ? IM_P_FINE : IM_P_TYPE;
	if (strlen(s) == 8 && strspn(s, "0123456789") == 8 && sscanf(s, "%4d%2d%2d", &a, &b, &c) == 3)
		return real_date(a, b, c, date) ? IM_P_FINE : IM_P_TYPE;
	if (strlen(s) == 5 && strspn(s, "0123456789") == 5 && sscanf(s, "%5d", &a) == 1 && a > 20000 && a < 80000) {
		*date = a - 25569; /* Excel counts from 1899-12-30 */
		return IM_P_FINE;
	}
	if (sscanf(s, "%2d%*1[-/. ]%15[A-Za-z]%*1[-/. ]%4d%n", &a, name, &c, &used) == 3 && used)
		return real_date(c, im_month_of(name), a, date) ? IM_P_FINE : IM_P_TYPE;
	if (sscanf(s, "%15[A-Za-z]%*[. ]%2d%*[, ]%4d%n", name, &a, &c, &used) == 3 && used)
		return real_date(c, im_month_of(name), a, date) ? IM_P_FINE : IM_P_TYPE;
	if (sscanf(s, "%2d%1[-/.]%2d%*1[-/.]%4d%n", &a, sep, &b, &c, &used) == 4 && used && (!s[used] || s[used] == ' ')) {
		int64_t month_first;

		if (!real_date(c, b, a, date))
			return real_date(c, a, b, date) ? IM_P_FINE : IM_P_TYPE;
		if (sep[0] == '.' || a == b || !real_date(c, a, b, &month_first))
			return IM_P_FINE;
		bp_date_format(*date, two->reading);
		bp_date_format(month_first, two->other);
		two->second = (double)month_first;
		return IM_P_TWO_WAYS;
	}
	return IM_P_TYPE;
}

enum im_parse im_parse_period(const char *s, char out[16], struct im_two *two)
{
	int year = 0, month = 0, used = 0;
	size_t word = strcspn(s, "-/. 0123456789");
	char name[32];
	int64_t date;
	enum im_parse p;

	if (word && word < sizeof(name) && s[word]) { /* Mar 2026, März-26 */
		snprintf(name, sizeof(name), "%.*s", (int)word, s);
		month = im_month_of(name);
		if (month && sscanf(s + word, "%*[-/. ]%4d%n", &year, &used) == 1 && s[word + (size_t)used])
			used = 0;
		word += (size_t)used;
	} else if (strlen(s) == 6 && strspn(s, "0123456789") == 6) {
		sscanf(s, "%4d%2d%n", &year, &month, &used);
	} else if (sscanf(s, "%4d%*1[-/.]%2d%n", &year, &month, &used) != 2 || s[used]) {
		used = year = 0;
		if (sscanf(s, "%2d%*1[-/.]%4d%n", &month, &year, &used) != 2 || s[used])
			used = 0;
	} else if (year < 100) { /* 03/26 is a month, 26/03 is nobody's */
		int swap = year;

		year = month;
		month = swap;
	}
	if (used && month >= 1 && month <= 12 && real_date(year, month, 1, &date)) {
		snprintf(out, 16, "%04d-%02d", year < 100 ? year + (year < 70 ? 2000 : 1900) : year, month);
		return IM_P_FINE;
	}
	p = im_parse_date(s, &date, two);
	if (p <= IM_P_TWO_WAYS) {
		char iso[BP_DATE_SIZE];

		bp_date_format(date, iso);
		snprintf(out, 16, "%.10s", iso);
	}
	return p;
}

enum im_parse im_parse_time(const char *s, int *minute)
{
	int h = 0, m = 0, used = 0;
	size_t n = strspn(s, "0123456789");
	char key[16];

	if (!n)
		return IM_P_TYPE;
	if (n >= 3 && n <= 4 && !s[n]) {
		sscanf(s, "%4d", &h);
		m = h % 100;
		h /= 100;
		used = (int)n;
	} else if (sscanf(s, "%2d%*1[:.hH]%2d%n", &h, &m, &used) != 2 || !used) {
		m = 0;
		if (sscanf(s, "%2d%n", &h, &used) != 1)
			return IM_P_TYPE;
	}
	s += used;
	if (*s == ':')
		s += 1 + strspn(s + 1, "0123456789"); /* seconds */
	im_squash(s, strlen(s), key, sizeof(key));
	if (!strcmp(key, "pm") && h < 12)
		h += 12;
	else if (!strcmp(key, "am") && h == 12)
		h = 0;
	else if (key[0] && strcmp(key, "am") && strcmp(key, "pm") && strcmp(key, "h"))
		return IM_P_TYPE;
	*minute = h * 60 + m;
	return h < 24 && m < 60 ? IM_P_FINE : IM_P_RANGE;
}

/* 1..7, 0 = no weekday. */
static int weekday_of(const char *s, size_t n)
{
	static const struct {
		const char *start;
		int day;
	} names[] = {{"mon", 1}, {"tue", 2}, {"wed", 3}, {"thu", 4}, {"fri", 5}, {"sat", 6}, {"sun", 7}, {"lun", 1},
		{"mardi", 2}, {"mer", 3}, {"jeu", 4}, {"jue", 4}, {"ven", 5}, {"vie", 5}, {"sam", 6}, {"sab", 6}, {"dim", 7}, {"dom", 7},
		{"mar", 2}, {"mie", 3}, {"die", 2}, {"mit", 3}, {"don", 4}, {"fre", 5}, {"sonnt", 7}, {"son", 7}, {"seg", 1}, {"ter", 2},
		{"qua", 3}, {"qui", 4}, {"sex", 5}, {"gio", 4}, {"mo", 1}, {"di", 2}, {"mi", 3}, {"do", 4}, {"fr", 5}, {"sa", 6}, {"so", 7},
		{"tu", 2}, {"we", 3}, {"th", 4}, {"su", 7}};
	char key[24];

	n = im_squash(s, n, key, sizeof(key));
	if (n == 1 && key[0] >= '1' && key[0] <= '7')
		return key[0] - '0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (n >= strlen(names[i].start) && !strncmp(key, names[i].start, strlen(names[i].start)) &&
		    (strlen(names[i].start) > 2 || n == 2))
			return names[i].day;
	return 0;
}

enum im_parse im_parse_weekdays(const char *s, int *mask)
{
	int from = 0;

	*mask = 0;
	while (*s) {
		size_t n = strcspn(s, " ,;/|-+&");
		int day = n ? weekday_of(s, n) : 0;

		if (n && !day)
			return IM_P_TYPE;
		if (day && from)
			for (int d = from; d != day; d = d % 7 + 1)
				*mask |= 1 << (d - 1);
		if (day)
			*mask |= 1 << (day - 1);
		s += n;
		n = strspn(s, " ,;/|-+&");
		from = day && memchr(s, '-', n) ? day : 0;
		s += n;
	}
	return *mask ? IM_P_FINE : IM_P_TYPE;
}

void im_vote_date(struct im_date_votes *v, const char *s)
{
	int a, b, c, used = 0;

	if (sscanf(s, "%2d%*1[-/]%2d%*1[-/]%4d%n", &a, &b, &c, &used) != 3 || !used || (s[used] && s[used] != ' ') || a < 1 || b < 1)
		return;
	v->day_first += a > 12 && a <= 31 && b <= 12;
	v->month_first += b > 12 && b <= 31 && a <= 12;
	v->either += a <= 12 && b <= 12 && a != b;
}

enum im_reading im_date_reading(const struct im_date_votes *v)
{
	uint64_t all = v->day_first + v->month_first;

	if (!all)
		return IM_READ_ASK;
	return v->day_first * 20 >= all * 19 ? IM_READ_FIRST : v->month_first * 20 >= all * 19 ? IM_READ_SECOND : IM_READ_ASK;
}
