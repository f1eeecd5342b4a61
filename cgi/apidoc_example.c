/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/apidoc_example.h"

#include <math.h>
#include <string.h>

enum { DEPTH_MOST = 6 /* a shape may hold itself */ };

/* By the name of a field, or by the end of one. */
static const struct {
	const char *name, *text;
} words[] = {
	{"code", "SHOP-1042"}, {"name", "Corner Stores"}, {"username", "asha.rao"}, {"user", "Asha Rao"}, {"person", "Asha Rao"}, {"author", "Asha Rao"},
	{"holder", "Asha Rao"}, {"password", "seven green parrots sing"}, {"current", "seven green parrots sing"}, {"email", "asha.rao@example.org"},
	{"city", "Pune"}, {"town", "Pune"}, {"postcode", "411001"}, {"country", "IN"}, {"seat", "BZ-S01"}, {"seat_code", "BZ-S01"}, {"unit", "Bazaar Town"},
	{"territory", "Bazaar Town"}, {"partner", "Gupta Agencies"}, {"distributor", "Gupta Agencies"}, {"outlet", "Corner Stores"}, {"line", "Biscuits"},
	{"reason", "the owner asked for mornings"}, {"notes", "as agreed with the team"}, {"comment", "opens at ten"}, {"text", "opens at ten"},
	{"label", "move 3 visits"}, {"detail", "the second of the two"}, {"what", "outlets came"}, {"filename", "outlets.csv"}, {"file", "outlets.csv"},
	{"next", "1042"}, {"after", "1042"}, {"q", "corner"}, {"ip", "192.0.2.7"}, {"url", "https://beatplan.example.org/territories/4"}, {"locale", "en"},
	{"time_zone", "Asia/Kolkata"}, {"zone", "Asia/Kolkata"}, {"sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
	{"correlation_id", "7f3c9a1e2b4d5f60"}, {"color", "#0b6e5f"}, {"version", "1.0.0"}, {"phone", "+91 20 5550 1042"},
};
static const struct {
	const char *name;
	double value;
} numbers[] = {
	{"lat", 18.5204}, {"lon", 73.8567}, {"west", 73.7}, {"south", 18.4}, {"east", 74}, {"north", 18.7}, {"limit", 100}, {"weeks", 4}, {"outlets", 4812},
	{"visits", 9630}, {"hours", 612.5}, {"minutes", 12}, {"seconds", 60}, {"metres", 14200}, {"percent", 40}, {"bytes", 48213}, {"seats", 16}, {"day", 3}, {"number", 7},
};

static bool ends_with(const char *name, const char *word)
{
	size_t n = strlen(name), m = strlen(word);

	return n >= m && !strcmp(name + n - m, word) && (n == m || name[n - m - 1] == '_');
}

static json_t *text_of(const struct bp_field *f)
{
	char padded[65] = "";
	const char *text = "text";
	size_t n;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (ends_with(f->name, words[i].name)) {
			text = words[i].text;
			break;
		}
	n = strlen(text);
	if (f->max > 0 && n > (size_t)f->max)
		n = (size_t)f->max;
	if ((double)n >= f->min || f->min >= sizeof(padded))
		return json_stringn(text, n);
	/* A key or a sum: as long as it has to be. */
	memset(padded, 'a', (size_t)f->min);
	return json_string(padded);
}

static double number_of(const struct bp_field *f)
{
	double v = 1;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (ends_with(f->name, numbers[i].name))
			v = numbers[i].value;
	return f->max > f->min ? fmin(fmax(v, f->min), f->max) : v;
}

static json_t *object_of(const struct bp_shape *s, int depth);

static json_t *value_of(const struct bp_field *f, enum bp_type type, int depth)
{
	switch (type) {
	case BP_TYPE_STR: return text_of(f);
	case BP_TYPE_ENUM: return json_string(f->choices[0]);
	case BP_TYPE_INT: return json_integer((json_int_t)number_of(f));
	case BP_TYPE_NUM: return json_real(number_of(f));
	case BP_TYPE_BOOL: return json_true();
	case BP_TYPE_DATE: return json_string("2027-01-04");
	case BP_TYPE_TIME: return json_string("2027-01-04T08:30:00.000Z");
	case BP_TYPE_OBJ: return object_of(f->sub, depth);
	case BP_TYPE_LIST: {
		struct bp_field item = *f; /* its bounds are those of the list, and numbers in one are ids */
		json_t *list = json_array();

		item.min = item.max = 0;
		item.name = f->item == BP_TYPE_STR ? f->name : "";
		if (f->item != BP_TYPE_OBJ || depth < DEPTH_MOST)
			json_array_append_new(list, value_of(&item, f->item, depth));
		return list;
	}
	default: return json_object();
	}
}

static json_t *object_of(const struct bp_shape *s, int depth)
{
	json_t *o = json_object();
	char wire[96];

	for (size_t i = 0; i < s->n; i++) {
		const struct bp_field *f = &s->f[i];

		bp_wire_name(f->name, wire);
		json_object_set_new(o, wire, depth >= DEPTH_MOST && (f->flags & BP_NUL) ? json_null() : value_of(f, f->type, depth + 1));
	}
	return o;
}

json_t *bp_api_example(const struct bp_shape *s)
{
	return object_of(s, 0);
}

json_t *bp_api_example_field(const struct bp_field *f)
{
	return value_of(f, f->type, 0);
}
