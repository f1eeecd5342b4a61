/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "intake/intake.h"
#include "queries.h"

enum { KEY_MOST = 80 };

static const char *str_of(json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static bool same_name(const char *a, const char *b)
{
	char x[KEY_MOST], y[KEY_MOST];
	size_t n = im_squash(a, strlen(a), x, sizeof(x)), m = im_squash(b, strlen(b), y, sizeof(y));

	return n == m && (n ? !memcmp(x, y, n) : !strcmp(a, b));
}

static int column_named(const struct im_sniffed *sn, const char *name)
{
	for (size_t i = 0; i < sn->n_columns; i++)
		if (same_name(sn->column[i], name))
			return (int)i;
	return -1;
}

static bool has_name(json_t *names, const char *name)
{
	json_t *v;
	size_t i;

	json_array_foreach(names, i, v)
		if (json_is_string(v) && same_name(json_string_value(v), name))
			return true;
	return false;
}

static json_t *without_columns(json_t *step)
{
	json_t *copy = json_deep_copy(step);

	json_object_set_new(copy, "columns", json_array());
	return copy;
}

/* Steps with each column of a CONCAT turned by fn (NULL = it is gone). */
static json_t *turned(json_t *steps, json_t *(*fn)(const void *, json_t *), const void *ctx)
{
	json_t *out, *step, *column;
	size_t i, k;

	if (!json_is_array(steps) || !json_array_size(steps))
		return NULL;
	out = json_array();
	json_array_foreach(steps, i, step) {
		json_t *columns = json_object_get(step, "columns"), *copy;

		if (!columns) {
			json_array_append(out, step);
			continue;
		}
		copy = without_columns(step);
		json_array_foreach(columns, k, column) {
			json_t *now = fn(ctx, column);

			if (now)
				json_array_append_new(json_object_get(copy, "columns"), now);
		}
		if (json_array_size(json_object_get(copy, "columns")))
			json_array_append(out, copy);
		json_decref(copy);
	}
	return out;
}

static json_t *name_of(const void *ctx, json_t *number)
{
	json_t *columns = (json_t *)(uintptr_t)ctx, *name = json_array_get(columns, (size_t)json_integer_value(number));

	return name ? json_incref(name) : NULL;
}

static json_t *number_of(const void *ctx, json_t *name)
{
	int i = json_is_string(name) ? column_named(ctx, json_string_value(name)) : -1;

	return i < 0 ? NULL : json_integer(i);
}

json_t *im_steps_by_name(json_t *steps, json_t *columns)
{
	return turned(steps, name_of, columns);
}

json_t *im_steps_by_number(json_t *steps, const struct im_sniffed *sn)
{
	return turned(steps, number_of, sn);
}

/* Columns that both have as a share of those that one has; 1 = the same header. */
static double likeness(json_t *names, const struct im_sniffed *sn)
{
	size_t common = 0, there = json_array_size(names);

	for (size_t i = 0; i < sn->n_columns; i++)
		common += has_name(names, sn->column[i]);
	return common < 2 ? 0 : (double)common / (double)(there + sn->n_columns - common);
}

static bool mapped(json_t *mapping, const char *target)
{
	json_t *m;
	size_t i;

	json_array_foreach(mapping, i, m)
		if (!strcmp(str_of(m, "target"), target))
			return true;
	return false;
}

/* The remembered entries that still have their column, then suggestions for the columns that are new. */
static json_t *apply(json_t *remembered, json_t *names, const struct im_sniffed *sn, json_t *suggested)
{
	json_t *out = json_array(), *m;
	size_t i;

	json_array_foreach(remembered, i, m) {
		const char *from = str_of(m, "source");
		int column = *from ? column_named(sn, from) : -1;
		json_t *copy, *steps;

		if (*from && column < 0)
			continue;
		copy = json_deep_copy(m);
		steps = im_steps_by_number(json_object_get(m, "transforms"), sn);
		json_object_set_new(copy, "source", json_integer(column));
		json_object_set_new(copy, "transforms", steps ? steps : json_null());
		json_object_set_new(copy, "confidence", json_real(0.99));
		json_object_set_new(copy, "reason", json_string("as in the last file of this source"));
		json_array_append_new(out, copy);
	}
	json_array_foreach(suggested, i, m) {
		size_t column = (size_t)json_integer_value(json_object_get(m, "source"));

		if (column < sn->n_columns && !has_name(names, sn->column[column]) && !mapped(out, str_of(m, "target")))
			json_array_append(out, m);
	}
	return out;
}

static json_t *changes(json_t *remembered, json_t *names, const struct im_sniffed *sn, const char *name, int64_t used)
{
	json_t *now = json_array(), *gone = json_array(), *m;
	char when[BP_INSTANT_SIZE];
	size_t i;

	for (i = 0; i < sn->n_columns; i++)
		if (!has_name(names, sn->column[i]))
			json_array_append_new(now, json_string(sn->column[i]));
	json_array_foreach(remembered, i, m)
		if (*str_of(m, "source") && column_named(sn, str_of(m, "source")) < 0)
			json_array_append(gone, json_object_get(m, "source"));
	bp_instant_format(used, when);
	return json_pack("{s:s, s:s, s:o, s:o}", "name", name, "used", when, "new", now, "missing", gone);
}

enum bp_error im_source_find(struct bp_db *db, struct bp_arena *a, enum im_entity entity, const struct im_sniffed *sn,
	json_t *(*suggest)(void *, enum im_entity, const struct im_sniffed *, struct bp_arena *), void *ctx, struct im_source *out)
{
	struct q_import_sources *r;
	size_t n = 0, best = 0;
	double most = 0;
	enum bp_error e = q_import_sources(db, a, entity < IM_ENTITY__MAX ? im_entities[entity].name : NULL, IM_SOURCES_MOST, &r, &n);

	*out = (struct im_source){.entity = entity};
	for (size_t i = 0; !e && i < n; i++) {
		json_t *names = json_loads(r[i].columns, 0, NULL);
		double l = likeness(names, sn);

		if (l >= 0.6 && l > most && im_entity_of(r[i].entity) < IM_ENTITY__MAX) {
			most = l;
			best = i;
		}
		json_decref(names);
	}
	/* What the file holds is taken from a source only when it has the very same columns. */
	if (e || most == 0 || (entity == IM_ENTITY__MAX && most < 1))
		return e;
	{
		json_t *names = json_loads(r[best].columns, 0, NULL), *remembered = json_loads(r[best].mapping, 0, NULL), *suggested;

		out->id = r[best].id;
		out->match_by = r[best].match_by;
		out->entity = im_entity_of(r[best].entity);
		suggested = suggest(ctx, out->entity, sn, a);
		out->mapping = apply(remembered, names, sn, suggested);
		out->memory = changes(remembered, names, sn, r[best].name, r[best].last_used);
		json_decref(names);
		json_decref(remembered);
		json_decref(suggested);
	}
	return BP_E_OK;
}

/* The mapping of a file by header texts. */
static json_t *by_name(json_t *mapping, json_t *columns)
{
	json_t *out = json_array(), *m;
	size_t i;

	json_array_foreach(mapping, i, m) {
		json_int_t source = json_integer_value(json_object_get(m, "source"));
		json_t *name = source < 0 ? NULL : json_array_get(columns, (size_t)source), *entry = json_object(), *steps;

		json_object_set_new(entry, "source", name ? json_incref(name) : json_string(""));
		json_object_set(entry, "target", json_object_get(m, "target"));
		steps = im_steps_by_name(json_object_get(m, "transforms"), columns);
		json_object_set_new(entry, "transforms", steps ? steps : json_null());
		json_object_set(entry, "default", json_object_get(m, "default"));
		if (json_object_get(m, "reading"))
			json_object_set(entry, "reading", json_object_get(m, "reading"));
		json_array_append_new(out, entry);
	}
	return out;
}

enum bp_error im_source_remember(struct bp_db *db, struct bp_arena *a, int64_t file)
{
	struct q_import_file_get f;
	struct q_import_file_more more;
	json_t *columns, *mapping, *named;
	char *text;
	enum bp_error e = q_import_file_get(db, a, file, &f);

	if (!e)
		e = q_import_file_more(db, a, file, &more);
	if (e)
		return e;
	columns = json_loads(f.columns, 0, NULL);
	mapping = json_loads(f.mapping, 0, NULL);
	named = by_name(mapping, columns);
	text = json_dumps(named, JSON_COMPACT);
	if (!text)
		e = BP_E_INTERNAL;
	else if (more.source.set) {
		e = q_import_source_set(db, more.source.v, f.name, f.columns, text, f.match_by, NULL);
	} else {
		e = q_import_source_add(db, f.entity, f.name, f.columns, text, f.match_by, NULL);
		if (!e)
			e = q_import_file_source(db, file, BP_SOME_INT(bp_db_insert_id(db)), more.memory, NULL);
	}
	free(text);
	json_decref(columns);
	json_decref(mapping);
	json_decref(named);
	return e;
}

/* A copy that outlives the JSON; NULL where nothing is said. */
static const char *text_of(struct bp_arena *a, json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? bp_strdup(a, s) : NULL;
}

enum bp_error im_schema_apply(struct bp_db *db, struct bp_arena *a, const char *upload_dir, const char *schema, uint64_t file, struct bp_fail *f)
{
	struct q_import_schema_newest s;
	struct q_import_file_get r;
	struct im_map_entry *map;
	struct im_sniffed named = {.n_columns = 0};
	struct im_wish wish;
	json_t *entries, *columns, *entry;
	size_t i, n = 0;
	enum bp_error e = q_import_file_get(db, a, (int64_t)file, &r);

	if (!e)
		e = q_import_schema_newest(db, a, schema, r.entity, &s);
	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_IMPORT_SCHEMA, "no mapping \"%s\" is kept for %s", schema, r.entity) : e;
	entries = json_loads(s.mapping, 0, NULL);
	columns = json_loads(r.columns, 0, NULL);
	map = bp_alloc_array(a, json_array_size(entries) + 1, sizeof(*map));
	named.column = bp_alloc_array(a, json_array_size(columns), sizeof(*named.column));
	json_array_foreach(columns, i, entry)
		named.column[named.n_columns++] = bp_strdup(a, json_string_value(entry) ? json_string_value(entry) : "");
	json_array_foreach(entries, i, entry) {
		int at = column_named(&named, str_of(entry, "source"));

		if (at >= 0)
			map[n++] = (struct im_map_entry){at, text_of(a, entry, "target"), text_of(a, entry, "default"),
				im_steps_by_number(json_object_get(entry, "transforms"), &named), text_of(a, entry, "reading")};
	}
	json_decref(entries);
	json_decref(columns);
	wish = im_wish_of(r.encoding, r.delimiter, r.header_row);
	e = im_file_change(db, a, upload_dir, file, im_entity_of(r.entity), &wish, map, n, true, false, f);
	for (i = 0; i < n; i++)
		json_decref(map[i].steps);
	return e;
}
