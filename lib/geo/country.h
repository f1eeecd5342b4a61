/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_COUNTRY_H
#define BP_GEO_COUNTRY_H
/* Roughly where countries lie: boxes around their parts (countries.def), good to tell a place that cannot be in one. */
#include <stdbool.h>
#include <stdint.h>

/* The country of this name or ISO 3166 code of two letters, in small Latin letters without anything between; -1 = none. */
int geo_country(const char *name);
/* Is the place (micro-degrees) inside its boxes, which have a margin of 0.2 degrees? */
bool geo_country_holds(int country, int64_t lat, int64_t lon);

#endif
