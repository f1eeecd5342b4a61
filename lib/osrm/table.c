/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "osrm/table.h"

#include <jansson.h>
#include <string.h>

#define SECONDS_MOST 1e7
#define METRES_MOST 1e9

static enum bp_error read_row(const json_t *durations, const json_t *distances, int32_t all, const char *url, double *seconds,
	double *metres, struct bp_fail *f)
{
	if (json_array_size(durations) != (size_t)all)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "%s: a row of %zu durations where %d were asked for", url,
			json_array_size(durations), all);
	for (int32_t j = 0; j < all; j++) {
		const json_t *s = json_array_get(durations, (size_t)j), *m = json_array_get(distances, (size_t)j);

		seconds[j] = json_is_null(s) ? -1 : json_number_value(s);
		metres[j] = json_is_number(m) ? json_number_value(m) : -1;
		if ((!json_is_null(s) && (!json_is_number(s) || !(seconds[j] >= 0 && seconds[j] <= SECONDS_MOST)))
			|| (json_is_number(m) && !(metres[j] >= 0 && metres[j] <= METRES_MOST)))
			return bp_fail(f, BP_E_IMPORT_FORMAT, "%s: a duration or distance that is none", url);
	}
	return BP_E_OK;
}

enum bp_error osrm_table_read(const char *reply, size_t n, int32_t sources, int32_t all, const char *url, double *seconds,
	double *metres, struct bp_fail *f)
{
	json_error_t je;
	json_t *root = json_loadb(reply, n, 0, &je), *rows = json_object_get(root, "durations"), *far = json_object_get(root, "distances");
	const char *code = json_string_value(json_object_get(root, "code"));
	enum bp_error e = BP_E_OK;

	if (!root || !code || strcmp(code, "Ok") || json_array_size(rows) != (size_t)sources)
		e = bp_fail(f, BP_E_IMPORT_FORMAT, "%s: no table of durations: %s", url, !root ? je.text : code ? code : "no code");
	for (int32_t i = 0; i < sources && !e; i++)
		e = read_row(json_array_get(rows, (size_t)i), json_array_get(far, (size_t)i), all, url, seconds + (size_t)i * (size_t)all,
			metres + (size_t)i * (size_t)all, f);
	json_decref(root);
	return e;
}
