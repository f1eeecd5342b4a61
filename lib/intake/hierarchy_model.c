/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of a file as the levels of a territory model beside the sales geography. */
#include <string.h>
#include <strings.h>

#include "intake/hierarchy.h"
#include "queries.h"
#include "territory/tree.h"

struct fitting {
	struct bp_db *db;
	struct bp_arena *a;
	struct q_import_file_get file;
	struct q_import_hierarchy_get h;
	struct q_model_list model;
	json_t *names, *counts, *dependencies, *map;
	const int32_t *column;
	size_t n;
	struct bp_fail *f;
};

static const char *name_of(const struct fitting *t, int32_t column)
{
	const char *s = json_string_value(json_array_get(t->names, (size_t)column));

	return s ? s : "";
}

static enum bp_error find_model(struct fitting *t, const char *code)
{
	struct q_model_list *r;
	size_t n = 0;
	enum bp_error e = q_model_list(t->db, t->a, &r, &n);

	for (size_t i = 0; !e && i < n; i++)
		if (!strcasecmp(r[i].code, code)) {
			t->model = r[i];
			return r[i].id == TR_SALES ? bp_fail(t->f, BP_E_CONFLICT, "outlets lie in the sales geography by their own file: map its levels there") : BP_E_OK;
		}
	return e ? e : bp_fail(t->f, BP_E_NOT_FOUND, "there is no territory model %s: make it first, under Data > Territory models or by POST /territory-models", code);
}

static size_t levels_of(const struct q_model_list *m)
{
	size_t n = *m->levels != 0;

	for (const char *p = m->levels; *p; p++)
		n += *p == '\n';
	return n;
}

static bool lies_below(const struct fitting *t, int32_t below, int32_t above)
{
	json_t *d;
	size_t i;

	json_array_foreach(t->dependencies, i, d)
		if (json_integer_value(json_object_get(d, "below")) == below && json_integer_value(json_object_get(d, "above")) == above)
			return true;
	return false;
}

/* What is wrong with a column as the level that it is to be, NULL = nothing. */
static const char *wrong_level(const struct fitting *t, size_t i)
{
	int32_t c = t->column[i], above = i ? t->column[i - 1] : -1;
	json_t *count = json_array_get(t->counts, (size_t)c);

	if (c < 0 || (size_t)c >= json_array_size(t->counts))
		return bp_sprintf(t->a, "%s has no column %d in which levels are looked for", t->file.name, (int)c + 1);
	for (size_t k = 0; k < i; k++)
		if (t->column[k] == c)
			return bp_sprintf(t->a, "%s stands for two levels", name_of(t, c));
	if (!json_is_integer(count) || json_integer_value(count) >= t->h.rows)
		return bp_sprintf(t->a, "%s has another value in each row: it is no level, leave it out", name_of(t, c));
	if (json_integer_value(count) < 2)
		return bp_sprintf(t->a, "%s has one value or none in all rows: it divides nothing, leave it out", name_of(t, c));
	if (!i || (lies_below(t, c, above) && !lies_below(t, above, c)))
		return NULL;
	if (lies_below(t, c, above))
		return bp_sprintf(t->a, "%s and %s say the same: one of them is enough", name_of(t, c), name_of(t, above));
	return lies_below(t, above, c) ? bp_sprintf(t->a, "%s lies above %s: put it before", name_of(t, c), name_of(t, above))
		: bp_sprintf(t->a, "%s does not lie below %s: too many of its values stand with several of the other's", name_of(t, c), name_of(t, above));
}

static json_t *mapped(const struct fitting *t, const char *target)
{
	json_t *m;
	size_t i;

	json_array_foreach(t->map, i, m)
		if (!strcmp(json_string_value(json_object_get(m, "target")), target))
			return m;
	return NULL;
}

static enum bp_error check(struct fitting *t, enum im_entity entity, const char *model, size_t *bad)
{
	json_t *names;
	enum bp_error e = find_model(t, model);

	if (e)
		return e;
	if (entity != IM_OUTLETS && entity != IM_MEMBERSHIPS)
		return bp_fail(t->f, BP_E_CONFLICT, "levels of a territory model come from a file of outlets or of outlets in territory models; %s is none", t->file.name);
	*bad = t->n;
	if (!t->n || t->n > levels_of(&t->model)) {
		char *levels = bp_strdup(t->a, t->model.levels);

		for (char *p = levels; *p; p++)
			*p = *p == '\n' ? ',' : *p;
		return bp_fail(t->f, BP_E_FIELDS, "must be as many as the model has levels, at most: %s has %s (%lld territories)", t->model.code, levels, (long long)t->model.territories);
	}
	for (*bad = 0; *bad < t->n; ++*bad) {
		const char *why = wrong_level(t, *bad);

		if (why)
			return bp_fail(t->f, BP_E_FIELDS, "%s", why);
	}
	if (!mapped(t, entity == IM_OUTLETS ? "code" : "outlet_code"))
		return bp_fail(t->f, BP_E_CONFLICT, "map the column with the outlet's code first");
	names = entity == IM_MEMBERSHIPS ? json_object_get(mapped(t, "model"), "source") : NULL;
	if (names && json_integer_value(names) >= 0 && json_integer_value(json_array_get(t->counts, (size_t)json_integer_value(names))) != 1)
		return bp_fail(t->f, BP_E_CONFLICT, "rows of %s name several models, in the column %s: map their levels by hand, or make a file for each model", t->file.name,
			name_of(t, (int32_t)json_integer_value(names)));
	return BP_E_OK;
}

/* The file of memberships that the columns feed: a file of outlets has one beside it, of the same bytes, for each model. */
static enum bp_error find_file(struct fitting *t, const char *upload_dir, uint64_t *to)
{
	const char *name = im_hierarchy_name(t->a, t->file.name, t->model.code);
	struct q_import_files *r;
	size_t n = 0;
	enum bp_error e = q_import_files(t->db, t->a, t->file.session_id, &r, &n);

	for (size_t i = 0; !e && i < n; i++)
		if (!strcmp(r[i].name, name) && r[i].bytes == t->file.bytes) {
			*to = (uint64_t)r[i].id;
			return BP_E_OK;
		}
	return e ? e : im_file_add(t->db, t->a, upload_dir, (uint64_t)t->file.session_id, name,
		im_upload_path(t->a, upload_dir, (uint64_t)t->file.session_id, (uint64_t)t->file.id), IM_MEMBERSHIPS, to, t->f);
}

static enum bp_error put_map(struct fitting *t, const char *upload_dir, enum im_entity entity, uint64_t to)
{
	static const char *const level[TR_MODEL_LEVELS] = {"level_1", "level_2", "level_3", "level_4"};
	struct im_map_entry map[2 + TR_MODEL_LEVELS] = {{.source = -1, .target = "model", .fallback = t->model.code}};
	struct im_wish wish = im_wish_of(t->file.encoding, t->file.delimiter, t->file.header_row);
	json_t *code = mapped(t, entity == IM_OUTLETS ? "code" : "outlet_code");

	map[1] = (struct im_map_entry){(int)json_integer_value(json_object_get(code, "source")), "outlet_code", json_string_value(json_object_get(code, "default")),
		json_object_get(code, "transforms"), json_string_value(json_object_get(code, "reading"))};
	for (size_t i = 0; i < t->n; i++)
		map[2 + i] = (struct im_map_entry){.source = (int)t->column[i], .target = level[i]};
	return im_file_change(t->db, t->a, upload_dir, to, IM_MEMBERSHIPS, &wish, map, 2 + t->n, true, false, t->f);
}

char *im_hierarchy_name(struct bp_arena *a, const char *file, const char *model)
{
	return im_plain_name(a, bp_sprintf(a, "%s \xE2\x80\xBA %s", file, model));
}

enum bp_error im_hierarchy_model(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, const char *model, const int32_t *column,
	size_t n, uint64_t *to, size_t *bad, struct bp_fail *f)
{
	struct fitting t = {.db = db, .a = a, .column = column, .n = n, .f = f};
	enum im_entity entity;
	enum bp_error e = q_import_file_get(db, a, (int64_t)file, &t.file);

	if (!e && (e = q_import_hierarchy_get(db, a, (int64_t)file, &t.h)) == BP_E_NOT_FOUND)
		bp_fail(f, e, "the levels of this file were not looked for since it is read so: look for them first");
	if (e)
		return e;
	t.names = json_loads(t.h.columns, 0, NULL);
	t.counts = json_loads(t.h.counts, 0, NULL);
	t.dependencies = json_loads(t.h.dependencies, 0, NULL);
	t.map = json_loads(t.file.mapping, 0, NULL);
	entity = im_entity_of(t.file.entity);
	*to = file;
	e = check(&t, entity, model, bad);
	if (!e && entity == IM_OUTLETS)
		e = find_file(&t, upload_dir, to);
	if (!e)
		e = put_map(&t, upload_dir, entity, *to);
	json_decref(t.names);
	json_decref(t.counts);
	json_decref(t.dependencies);
	json_decref(t.map);
	return e;
}
