/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t bp_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t bp_today(void)
{
	return bp_now() / 86400000000;
}

int64_t bp_monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days from civil and back: the era method of H. Hinnant, "chrono-compatible low-level date algorithms". */
int64_t bp_date_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = floor_div(y, 400), yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void bp_date_split(int64_t date, int *year, int *month, int *day)
{
	int64_t z = date + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int bp_date_weekday(int64_t date)
{
	int64_t w = (date + 3) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 8 : w + 1);
}

void bp_instant_http(int64_t us, char out[BP_HTTP_DATE_SIZE])
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t seconds = us / 1000000, date = seconds / 86400, in_day = seconds % 86400;
	int y, m, d;

	bp_date_split(date, &y, &m, &d);
	snprintf(out, BP_HTTP_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[bp_date_weekday(date) - 1], d, months[m - 1], y,
		(int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60));
}

void bp_date_format(int64_t date, char out[BP_DATE_SIZE])
{
	int y, m, d;

	bp_date_split(date, &y, &m, &d);
	snprintf(out, BP_DATE_SIZE, "%04d-%02d-%02d", y % 10000, m % 100, d % 100);
}

bool bp_date_parse(const char *s, int64_t *date)
{
	static const char pattern[] = "dddd-dd-dd";
	int y, m, d, y2, m2, d2;
	int64_t t;

	if (!s || strlen(s) != 10)
		return false;
	for (int i = 0; i < 10; i++)
		if (pattern[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != '-')
			return false;
	y = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + s[3] - '0';
	m = (s[5] - '0') * 10 + s[6] - '0';
	d = (s[8] - '0') * 10 + s[9] - '0';
	if (y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1)
		return false;
	t = bp_date_of(y, m, d);
	bp_date_split(t, &y2, &m2, &d2);
	if (y2 != y || m2 != m || d2 != d)
		return false;
	*date = t;
	return true;
}

void bp_instant_format(int64_t us, char out[BP_INSTANT_SIZE])
{
	int64_t date = floor_div(us, 86400000000), ms = (us - date * 86400000000) / 1000;
	int y, m, d;

	bp_date_split(date, &y, &m, &d);
	snprintf(out, BP_INSTANT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y % 10000, m % 100, d % 100,
		(int)(ms / 3600000) % 100, (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
}
