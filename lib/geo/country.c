/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/country.h"

#include <stddef.h>
#include <string.h>

enum { BOXES_MOST = 24, TENTH = 100000 };

/* An unused box is all zero, and holds nothing but the point 0/0 in the ocean. */
static const struct country {
	const char *code, *names;
	int16_t box[BOXES_MOST][4]; /* south, west, north, east */
} countries[] = {
#define COUNTRY(code, names, ...) {code, names, {__VA_ARGS__}},
#include "geo/countries.def"
#undef COUNTRY
};

int geo_country(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; n && i < sizeof(countries) / sizeof(countries[0]); i++)
		for (const char *p = countries[i].names; *p; p += strcspn(p, "|"), p += *p == '|')
			if (strcspn(p, "|") == n && !memcmp(p, name, n))
				return (int)i;
	return -1;
}

bool geo_country_holds(int country, int64_t lat, int64_t lon)
{
	for (size_t i = 0; i < BOXES_MOST; i++) {
		const int16_t *b = countries[country].box[i];

		if (lat >= b[0] * (int64_t)TENTH && lat <= b[2] * (int64_t)TENTH && lon >= b[1] * (int64_t)TENTH && lon <= b[3] * (int64_t)TENTH)
			return true;
	}
	return false;
}
