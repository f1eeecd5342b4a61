/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_schemas.c - what can be imported, templates to fill in, and mappings kept for the next time. */
#include <stdlib.h>
#include <string.h>

#include "cgi/res_imports.h"
#include "intake/registry.h"
#include "intake/transform.h"

struct column {
	const char *name, *label;
	bool required, key;
	const char *type;
	struct bp_list aliases;
	const char *example, *help;
};
BP_SHAPE(import_column, column,
	BP_STR(column, name, BP_REQ, 1, 24, "target of a mapping"),
	BP_STR(column, label, BP_REQ, 1, 256, "for people; a level that was renamed as it is called"),
	BP_BOOL(column, required, BP_REQ, "a row without it is rejected"),
	BP_BOOL(column, key, BP_REQ, "part of the key"),
	BP_STR(column, type, BP_REQ, 1, 16, "what stands in it"),
	BP_LIST_STR(column, aliases, BP_REQ, 200, "header texts that mean it"),
	BP_STR(column, example, BP_REQ, 0, 100, "as it may stand in a file"),
	BP_STR(column, help, BP_REQ, 0, 200, "what it is for"));
struct entity {
	const char *entity, *label;
	struct bp_list columns;
};
BP_SHAPE(import_entity, entity,
	BP_STR(entity, entity, BP_REQ, 1, 16, "name"),
	BP_STR(entity, label, BP_REQ, 1, 60, "for people"),
	BP_LIST(entity, columns, BP_REQ, 64, &import_column, "columns in order"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_entity_page, page,
	BP_LIST(page, items, BP_REQ, 64, &import_entity, "what can be imported, in the order in which files of a session are published"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static struct bp_list aliases_of(struct bp_arena *a, const char *p)
{
	const char **v = bp_alloc_array(a, 200, sizeof(*v));
	size_t n = 0;

	while (*p && n < 200) {
		size_t k = strcspn(p, "|"), weak = strspn(p, "~");

		v[n++] = bp_strndup(a, p + weak, k - weak);
		p += k + (p[k] == '|');
	}
	return (struct bp_list){v, n};
}

/* A level of the sales geography as people call it here. */
static const char *label_of(enum im_entity e, const struct im_column *col, const struct q_level_names *names, size_t n)
{
	for (size_t i = 0; e == IM_OUTLETS && i < n; i++)
		if (names[i].rank < IM_LEVELS && !strcmp(col->name, im_level_columns[names[i].rank - 1]))
			return names[i].name;
	return col->label;
}

static enum bp_error list_entities(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct entity *v = bp_alloc_array(rq->arena, IM_ENTITY__MAX, sizeof(*v));
	struct q_level_names *names = NULL;
	size_t n_names = 0;
	enum bp_error e = q_level_names(rq->db, rq->arena, &names, &n_names);

	if (e)
		return e;
	for (int k = 0; k < IM_ENTITY__MAX; k++) {
		size_t n;
		const struct im_column *col = im_columns_of((enum im_entity)k, &n);
		struct column *c = bp_alloc_array(rq->arena, n, sizeof(*c));

		for (size_t i = 0; i < n; i++)
			c[i] = (struct column){col[i].name, label_of((enum im_entity)k, &col[i], names, n_names), col[i].flags & IM_F_REQUIRED, col[i].flags & IM_F_KEY,
				im_type_name(col[i].type), aliases_of(rq->arena, col[i].aliases), col[i].example, col[i].help};
		v[k] = (struct entity){im_entities[k].name, im_entities[k].label, {c, n}};
	}
	p->items = (struct bp_list){v, IM_ENTITY__MAX};
	rq->reply = p;
	return BP_E_OK;
}

static enum bp_error get_template(struct bp_req *rq)
{
	enum im_entity e = im_entity_of(rq->arg_text[0]);
	const struct im_column *col;
	struct bp_buf b;
	size_t n;

	if (e == IM_ENTITY__MAX)
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "there are templates for distributors, outlets, seats, dt_mapping and plan");
	col = im_columns_of(e, &n);
	bp_buf_init(&b, 1 << 16);
	for (size_t i = 0; i < n; i++)
		bp_buf_printf(&b, "%s%s", i ? "," : "", col[i].name);
	bp_buf_str(&b, "\r\n");
	for (size_t i = 0; i < n; i++)
		bp_buf_printf(&b, "%s%s", i ? "," : "", col[i].example);
	bp_buf_str(&b, "\r\n");
	bp_req_begin(rq, bp_sprintf(rq->arena, "%s-template.csv", im_entities[e].name));
	bp_req_write(rq, b.data, b.len);
	bp_buf_release(&b);
	return BP_E_OK;
}

/* --- kept mappings --- */

struct schema {
	int64_t id;
	const char *name, *entity;
	int64_t version;
	const char *mapping, *created_by;
	int64_t created_at;
};
BP_SHAPE(import_schema, schema,
	BP_INT(schema, id, BP_REQ, 1, 9e15, "schema"),
	BP_STR(schema, name, BP_REQ, 1, 120, "its name"),
	BP_STR(schema, entity, BP_REQ, 1, 16, "what files of it hold"),
	BP_INT(schema, version, BP_REQ, 1, 9e9, "counts up when it is saved again"),
	BP_JSON(schema, mapping, BP_REQ, "array of {source, target, transforms, default, reading}; source is a header text"),
	BP_STR(schema, created_by, BP_NUL, 0, 120, "who saved it"),
	BP_TIME(schema, created_at, BP_REQ, "when"));
BP_SHAPE(import_schema_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &import_schema, "schemas by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct map_entry {
	const char *source, *target, *transform, *fallback;
	json_t *transforms;
	const char *reading;
};
static const struct bp_field entry_fields[] = {
	BP_STR(map_entry, source, BP_REQ, 0, 200, "header text of the file"),
	BP_STR(map_entry, target, BP_REQ, 1, 24, "column of ours"),
	BP_ENUM(map_entry, transform, BP_NUL, bp_import_transforms, "short for transforms with this single step"),
	BP_JSON(map_entry, transforms, BP_NUL, BP_TRANSFORMS_DOC "; columns are header texts"),
	BP_ENUM(map_entry, reading, BP_NUL, bp_import_readings, "of values with two readings; null = the column decides"),
	{"default", BP_TYPE_STR, 0, offsetof(struct map_entry, fallback), BP_NUL, 0, 200, "value for empty cells", NULL, NULL},
};
static const struct bp_shape import_schema_entry = {"import_schema_entry", sizeof(struct map_entry), entry_fields,
	sizeof(entry_fields) / sizeof(*entry_fields), 0};
struct new_schema {
	const char *name, *entity;
	struct bp_list mapping;
};
BP_SHAPE(import_schema_new, new_schema,
	BP_STR(new_schema, name, BP_REQ, 1, 120, "its name"),
	BP_ENUM(new_schema, entity, BP_REQ, bp_import_entities, "what files of it hold"),
	BP_LIST(new_schema, mapping, BP_REQ, 64, &import_schema_entry, "what maps to what"));

static enum bp_error list(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_schemas *r;
	struct schema *v;
	size_t n = 0;
	enum bp_error e = q_import_schemas(rq->db, rq->arena, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct schema){r[i].id, r[i].name, r[i].entity, r[i].version, r[i].mapping, r[i].creator, r[i].created_at};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error reply_schema(struct bp_req *rq, uint64_t id)
{
	struct schema *s = bp_alloc(rq->arena, sizeof(*s));
	struct q_import_schema_get r;
	enum bp_error e = q_import_schema_get(rq->db, rq->arena, (int64_t)id, &r);

	if (!e)
		*s = (struct schema){r.id, r.name, r.entity, r.version, r.mapping, r.creator, r.created_at};
	rq->reply = s;
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	return reply_schema(rq, rq->arg[0]);
}

/* Steps whose columns are header texts: each text stands for some column. */
static enum bp_error check_steps(struct bp_req *rq, size_t i, json_t *steps)
{
	json_t *copy = json_deep_copy(steps), *step, *column;
	struct bp_fail why = {0};
	struct im_chain *chain;
	size_t k, c;
	enum bp_error e = BP_E_OK;

	json_array_foreach(copy, k, step) {
		json_t *columns = json_object_get(step, "columns");

		json_array_foreach(columns, c, column)
			if (json_is_string(column) && json_string_length(column) <= 200)
				json_array_set_new(columns, c, json_integer(0));
	}
	if (im_chain_compile(copy, 1, rq->arena, &chain, &why))
		e = bp_req_field(rq, bp_sprintf(rq->arena, "/mapping/%zu/transforms", i), bp_strdup(rq->arena, why.detail));
	im_chain_release(chain);
	json_decref(copy);
	return e;
}

static enum bp_error create(struct bp_req *rq)
{
	struct new_schema *s = rq->body;
	const struct map_entry *m = s->mapping.v;
	json_t *map = json_array();
	char *text;
	uint64_t id;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < s->mapping.n; i++) {
		json_t *o = json_object();

		if (im_column_index(im_entity_of(s->entity), m[i].target) < 0)
			e = bp_req_field(rq, bp_sprintf(rq->arena, "/mapping/%zu/target", i), "is no column of this entity");
		json_object_set_new(o, "source", json_string(m[i].source));
		json_object_set_new(o, "target", json_string(m[i].target));
		json_t *steps = bp_import_steps(m[i].transforms, m[i].transform);

		if (!e)
			e = check_steps(rq, i, steps);
		json_object_set_new(o, "transforms", steps ? steps : json_null());
		json_object_set_new(o, "reading", m[i].reading ? json_string(m[i].reading) : json_null());
		json_object_set_new(o, "default", m[i].fallback ? json_string(m[i].fallback) : json_null());
		json_array_append_new(map, o);
	}
	text = json_dumps(map, JSON_COMPACT);
	json_decref(map);
	if (!e)
		e = q_import_schema_add(rq->db, s->name, s->entity, text, (int64_t)rq->user.id, NULL);
	id = bp_db_insert_id(rq->db);
	free(text);
	rq->audit.resource_type = "import_schema";
	rq->audit.resource_id = id;
	return e ? e : reply_schema(rq, id);
}

struct rename {
	const char *name;
};
BP_SHAPE(import_schema_rename, rename,
	BP_STR(rename, name, BP_REQ, 1, 120, "its new name"));

static enum bp_error change(struct bp_req *rq)
{
	const char *name = ((struct rename *)rq->body)->name;
	struct q_import_schema_named taken;
	struct q_import_schema_get r;
	enum bp_error e = q_import_schema_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (!e && strcmp(name, r.name))
		e = q_import_schema_named(rq->db, rq->arena, name, r.entity, &taken);
	if (!e && strcmp(name, r.name) && taken.n)
		return bp_req_field(rq, "/name", "another mapping has this name");
	if (!e)
		e = q_import_schema_rename(rq->db, r.name, r.entity, name, NULL);
	rq->audit.resource_type = "import_schema";
	if (!e)
		bp_audit_change(&rq->audit, "name", r.name, name);
	return e ? e : reply_schema(rq, rq->arg[0]);
}

static enum bp_error remove_schema(struct bp_req *rq)
{
	struct q_import_schema_get r;
	enum bp_error e = q_import_schema_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	rq->audit.resource_type = "import_schema";
	if (e)
		return e;
	bp_audit_change(&rq->audit, "name", r.name, "");
	return q_import_schema_remove(rq->db, r.name, r.entity, NULL);
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/entities", "List what can be imported, with all columns and their aliases", BP_SCOPE_SELF, 0, 0,
		.reply = &import_entity_page, .handle = list_entities},
	{"GET", "/import/templates/{entity:text}", "Download a CSV template with an example row", BP_SCOPE_SELF, 0, BP_EP_STREAM_OUT,
		.media = "text/csv; charset=utf-8", .fails = {BP_E_NOT_FOUND}, .handle = get_template},
	{"GET", "/import/schemas", "List kept mappings", WORLD, 0, .query = &bp_page_query_shape, .reply = &import_schema_page, .handle = list},
	{"GET", "/import/schemas/{id}", "Read a kept mapping", WORLD, 0, .reply = &import_schema, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"POST", "/import/schemas", "Keep a mapping; the same name gets a new version", WORLD, 0, .body = &import_schema_new,
		.reply = &import_schema, .audit = BP_ACTION_IMPORT_SCHEMA, .handle = create},
	{"PATCH", "/import/schemas/{id}", "Rename a kept mapping with all its versions", WORLD, 0, .body = &import_schema_rename,
		.reply = &import_schema, .audit = BP_ACTION_IMPORT_SCHEMA, .fails = {BP_E_NOT_FOUND}, .handle = change},
	{"DELETE", "/import/schemas/{id}", "Remove a kept mapping with all its versions", WORLD, 0, .audit = BP_ACTION_SCHEMA_REMOVE,
		.fails = {BP_E_NOT_FOUND}, .handle = remove_schema},
};
BP_RESOURCE(import_schemas, ep);
