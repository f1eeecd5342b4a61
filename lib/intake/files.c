/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a session: how they are read, what maps to what. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/edits.h"
#include "intake/hierarchy.h"
#include "intake/source.h"
#include "intake/suggest.h"
#include "queries.h"

char *im_upload_path(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file)
{
	return bp_sprintf(a, "%s/%llu/%llu.csv", upload_dir, (unsigned long long)session, (unsigned long long)file);
}

struct im_wish im_wish_of(const char *encoding, const char *delimiter, int64_t header_row)
{
	return (struct im_wish){.encoding = encoding && *encoding ? encoding : NULL, .delimiter = delimiter ? delimiter[0] : 0,
		.header_line = header_row};
}

/* The steps of an entry: `transforms`, or the older `transform` with a single word. New reference, NULL = none. */
static json_t *steps_of(json_t *m)
{
	json_t *steps = json_object_get(m, "transforms"), *one = json_object_get(m, "transform");

	if (json_is_array(steps) && json_array_size(steps))
		return json_incref(steps);
	return json_is_string(one) ? json_pack("[{s:O}]", "kind", one) : NULL;
}

enum bp_error im_feeds_of(json_t *mapping, enum im_entity e, size_t n_columns, struct bp_arena *keep, struct im_feed feed[IM_COLUMNS_MOST],
	struct bp_fail *f)
{
	enum bp_error err = BP_E_OK;
	json_t *m;
	size_t i;

	for (i = 0; i < IM_COLUMNS_MOST; i++)
		feed[i] = (struct im_feed){.source = -1};
	json_array_foreach(mapping, i, m) {
		const char *target = json_string_value(json_object_get(m, "target")), *fallback = json_string_value(json_object_get(m, "default"));
		const char *reading = json_string_value(json_object_get(m, "reading"));
		int c = im_column_index(e, target ? target : "");
		struct bp_fail why = {0};
		json_t *steps;

		if (c < 0)
			continue;
		feed[c].source = (int)json_integer_value(json_object_get(m, "source"));
		feed[c].reading = !reading ? IM_READ_ASK : !strcmp(reading, "SECOND") ? IM_READ_SECOND : IM_READ_FIRST;
		feed[c].fallback = fallback ? bp_strdup(keep, fallback) : NULL;
		steps = steps_of(m);
		im_chain_release(feed[c].chain);
		if (!err && im_chain_compile(steps, n_columns, keep, &feed[c].chain, &why))
			err = bp_fail(f, BP_E_IMPORT_SCHEMA, "\"%s\", %s", target, why.detail);
		json_decref(steps);
	}
	return err;
}

void im_feeds_release(struct im_feed feed[IM_COLUMNS_MOST])
{
	for (size_t i = 0; i < IM_COLUMNS_MOST; i++) {
		im_chain_release(feed[i].chain);
		feed[i].chain = NULL;
	}
}

static json_t *map_entry(size_t source, const char *target, json_t *steps, const char *fallback, double confidence, const char *reason)
{
	json_t *m = json_object();

	json_object_set_new(m, "source", json_integer((json_int_t)source));
	json_object_set_new(m, "target", json_string(target));
	json_object_set_new(m, "transforms", steps ? json_incref(steps) : json_null());
	json_object_set_new(m, "default", fallback ? json_string(fallback) : json_null());
	json_object_set_new(m, "confidence", json_real(confidence));
	json_object_set_new(m, "reason", json_string(reason));
	return m;
}

struct level_names {
	struct q_level_names *v; /* of the sales geography, by rank */
	size_t n;
};

/* A column headed as people call a level is that level, whatever else was guessed. */
static void level_columns(enum im_entity e, const struct im_sniffed *sn, const struct level_names *names, struct im_guess *g)
{
	char head[64], name[64];

	for (size_t i = 0; e == IM_OUTLETS && i < names->n; i++) {
		const struct q_level_names *l = &names->v[i];
		int target = im_column_index(e, im_level_columns[l->rank - 1]);
		size_t at = 0;

		im_squash(l->name, strlen(l->name), name, sizeof(name));
		for (; at < sn->n_columns; at++) {
			im_squash(sn->column[at], strlen(sn->column[at]), head, sizeof(head));
			if (!strcmp(head, name))
				break;
		}
		if (at == sn->n_columns)
			continue;
		for (size_t k = 0; k < sn->n_columns; k++)
			if (g[k].target == target)
				g[k].target = -1;
		g[at] = (struct im_guess){target, 1, "the level is called so"};
	}
}

/* What is suggested for each mapped column. */
static json_t *suggestion(void *names, enum im_entity e, const struct im_sniffed *sn, struct bp_arena *a)
{
	struct im_guess *g = im_suggest(e, sn, a);
	json_t *map = json_array();
	size_t n;
	const struct im_column *col = im_columns_of(e, &n);

	level_columns(e, sn, names, g);
	for (size_t i = 0; i < sn->n_columns; i++)
		if (g[i].target >= 0)
			json_array_append_new(map, map_entry(i, col[g[i].target].name, NULL, NULL, g[i].confidence, g[i].reason));
	return map;
}

struct described {
	struct im_source source;
	struct im_sniffed sn;
	enum im_entity entity;
	char *columns, *mapping, *memory; /* JSON, malloc */
	char delimiter[2];
};

/* `fresh`: nothing that is remembered of the source counts. */
static enum bp_error describe(struct bp_db *db, int fd, uint64_t bytes, const char *name, enum im_entity entity, const struct im_wish *wish,
	bool fresh, struct bp_arena *a, struct described *d, struct bp_fail *f)
{
	struct level_names names = {0};
	json_t *columns, *map;
	enum bp_error e = im_sniff(fd, bytes, wish, a, &d->sn, f);

	if (!e)
		e = q_level_names(db, a, &names.v, &names.n);
	if (e)
		return e;
	e = im_source_find(db, a, entity, &d->sn, suggestion, &names, &d->source);
	if (e)
		return e;
	d->entity = entity < IM_ENTITY__MAX ? entity : d->source.id ? d->source.entity : im_guess_entity(name, &d->sn, a);
	if (!d->source.id && entity == IM_ENTITY__MAX && d->entity < IM_ENTITY__MAX) { /* a little changed, but of this kind */
		e = im_source_find(db, a, d->entity, &d->sn, suggestion, &names, &d->source);
		if (e)
			return e;
	}
	columns = json_array();
	for (size_t i = 0; i < d->sn.n_columns; i++)
		json_array_append_new(columns, json_string(d->sn.column[i]));
	map = d->source.mapping && !fresh ? json_incref(d->source.mapping)
		: d->entity < IM_ENTITY__MAX ? suggestion(&names, d->entity, &d->sn, a) : json_array();
	if (d->source.memory && !fresh)
		d->memory = json_dumps(d->source.memory, JSON_COMPACT);
	d->columns = json_dumps(columns, JSON_COMPACT);
	d->mapping = json_dumps(map, JSON_COMPACT | JSON_REAL_PRECISION(3));
	json_decref(columns);
	json_decref(map);
	d->delimiter[0] = d->sn.dialect.delimiter;
	d->delimiter[1] = '\0';
	return d->columns && d->mapping ? BP_E_OK : bp_fail(f, BP_E_IMPORT_FORMAT, "the header is no text");
}

static void described_release(struct described *d)
{
	json_decref(d->source.mapping);
	json_decref(d->source.memory);
	free(d->columns);
	free(d->mapping);
	free(d->memory);
}

static enum bp_error keep_source(struct bp_db *db, int64_t file, const struct described *d)
{
	return q_import_file_source(db, file, d->source.id ? BP_SOME_INT(d->source.id) : BP_NO_INT, d->memory, NULL);
}

static const char *entity_name(enum im_entity e)
{
	return e < IM_ENTITY__MAX ? im_entities[e].name : "";
}

static bool of_columns(const struct q_import_files *f, const struct im_sniffed *sn)
{
	json_t *columns = json_loads(f->columns, 0, NULL);
	bool same = json_array_size(columns) + 2 == sn->n_columns;

	for (size_t c = 0; same && c + 2 < sn->n_columns; c++)
		same = !strcmp(json_string_value(json_array_get(columns, c)), sn->column[c + 2]);
	json_decref(columns);
	return same;
}

/* Rejected rows of a file that is in the session come back as corrections of it, and of the memberships that lie beside it in the same
 * bytes (hierarchy.h); *file = 0 when they are of none. */
static enum bp_error take_rejects(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, int fd, uint64_t bytes,
	uint64_t *file, struct bp_fail *f)
{
	struct q_import_session_get s;
	struct q_import_files *r, *of = NULL;
	struct im_merged merged;
	struct im_sniffed sn;
	size_t n = 0;
	enum bp_error e = im_sniff(fd, bytes, NULL, a, &sn, f);

	*file = 0;
	if (e || !im_is_rejects(&sn))
		return e;
	e = q_import_session_get(db, a, (int64_t)session, &s);
	if (!e)
		e = q_import_files(db, a, (int64_t)session, &r, &n);
	for (size_t i = 0; !e && i < n; i++) {
		bool beside = of && r[i].bytes == of->bytes && !strncmp(r[i].name, im_hierarchy_name(a, of->name, ""), strlen(of->name) + 1);

		if (of ? !beside : !of_columns(&r[i], &sn))
			continue;
		of = of ? of : &r[i];
		e = im_merge_rejects(db, a, upload_dir, (uint64_t)r[i].id, fd, bytes, (uint64_t)s.created_by, &merged, f);
	}
	*file = of ? (uint64_t)of->id : 0;
	return e;
}

/* Does the mapping feed all columns of the key? */
static bool feeds_key(const char *mapping, const char *match_by)
{
	json_t *map = json_loads(mapping, 0, NULL), *m;
	size_t i, want = 1, have = 0;

	for (const char *p = match_by; *p; p++)
		want += *p == ',';
	json_array_foreach(map, i, m) {
		const char *target = json_string_value(json_object_get(m, "target")), *at = target ? strstr(match_by, target) : NULL;
		size_t n = target ? strlen(target) : 0;

		have += at && (at == match_by || at[-1] == ',') && (!at[n] || at[n] == ',');
	}
	json_decref(map);
	return have == want;
}

enum bp_error im_file_add(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, const char *name,
	const char *path, enum im_entity entity, uint64_t *id, struct bp_fail *f)
{
	struct described d = {.columns = NULL};
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t mended;
	enum bp_error e;

	if (fd < 0 || fstat(fd, &st)) {
		e = bp_fail(f, BP_E_INTERNAL, "cannot read the upload: %s", strerror(errno));
	} else {
		e = take_rejects(db, a, upload_dir, session, fd, (uint64_t)st.st_size, &mended, f);
		if (e || mended) {
			close(fd);
			*id = mended;
			return e;
		}
		e = describe(db, fd, (uint64_t)st.st_size, name, entity, NULL, false, a, &d, f);
		if (!e)
			e = q_import_file_add(db, (int64_t)session, name, st.st_size, entity_name(d.entity), d.sn.dialect.encoding, d.delimiter,
				d.sn.dialect.eol == '\r' ? "CR" : "LF", (int64_t)d.sn.header_line, d.columns, d.mapping, (int64_t)d.sn.rows_guess, NULL);
		if (!e) {
			*id = bp_db_insert_id(db);
			e = keep_source(db, (int64_t)*id, &d);
			if (!e && d.source.id && feeds_key(d.mapping, d.source.match_by))
				e = q_import_file_match(db, (int64_t)*id, d.source.match_by, NULL);
			if (e)
				;
			else if (mkdir(bp_sprintf(a, "%s/%llu", upload_dir, (unsigned long long)session), 0750) && errno != EEXIST)
				e = bp_fail(f, bp_error_of_errno(errno), "cannot make a folder for the upload: %s", strerror(errno));
			else if (link(path, im_upload_path(a, upload_dir, session, *id)))
				e = bp_fail(f, bp_error_of_errno(errno), "cannot keep the upload: %s", strerror(errno));
		}
	}
	if (fd >= 0)
		close(fd);
	described_release(&d);
	return e;
}

/* The mapping as a person gave it; every entry must make sense. */
static enum bp_error given_map(enum im_entity entity, size_t n_columns, const struct im_map_entry *map, size_t n, json_t *before,
	struct bp_arena *a, char **out, struct bp_fail *f)
{
	bool taken[IM_COLUMNS_MOST] = {false};
	json_t *list = json_array();
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < n; i++) {
		int c = map[i].target ? im_column_index(entity, map[i].target) : -1;
		struct bp_fail why = {0};
		struct im_chain *chain;
		size_t k;

		if (!map[i].target || !*map[i].target)
			continue; /* a column that is left out */
		if (c < 0)
			e = bp_fail(f, BP_E_FIELDS, "%s has no column \"%s\"", entity_name(entity), map[i].target);
		else if (taken[c])
			e = bp_fail(f, BP_E_FIELDS, "two columns are mapped to \"%s\"", map[i].target);
		else if (map[i].source < -1 || map[i].source >= (int)n_columns || (map[i].source < 0 && !map[i].fallback))
			e = bp_fail(f, BP_E_FIELDS, "the file has no column %d", map[i].source);
		else if (im_chain_compile(map[i].steps, n_columns, a, &chain, &why))
			e = bp_fail(f, BP_E_FIELDS, "\"%s\", %s", map[i].target, why.detail);
		else {
			json_t *m = map_entry(0, map[i].target, map[i].steps, map[i].fallback, 1, "chosen by hand"), *old;

			im_chain_release(chain);
			json_object_set_new(m, "reading", map[i].reading ? json_string(map[i].reading) : json_null());
			json_array_foreach(before, k, old)
				if (json_integer_value(json_object_get(old, "source")) == map[i].source && map[i].source >= 0 &&
					json_equal(json_object_get(old, "target"), json_object_get(m, "target"))) { /* left as it was suggested */
					json_object_set(m, "confidence", json_object_get(old, "confidence"));
					json_object_set(m, "reason", json_object_get(old, "reason"));
				}
			taken[c] = true;
			json_object_set_new(m, "source", json_integer(map[i].source));
			json_array_append_new(list, m);
		}
	}
	*out = e ? NULL : json_dumps(list, JSON_COMPACT | JSON_REAL_PRECISION(3));
	json_decref(list);
	return e;
}

enum bp_error im_file_change(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, enum im_entity entity,
	const struct im_wish *wish, const struct im_map_entry *map, size_t n_map, bool map_given, bool fresh, struct bp_fail *f)
{
	struct described d = {.columns = NULL};
	struct q_import_file_get row;
	json_t *before = NULL;
	char *given = NULL;
	int fd = -1;
	enum bp_error e = q_import_file_get(db, a, (int64_t)file, &row);

	if (!e) {
		fd = open(im_upload_path(a, upload_dir, (uint64_t)row.session_id, file), O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			e = bp_fail(f, BP_E_IMPORT_FAILED, "the raw file is gone: %s", strerror(errno));
	}
	if (!e)
		e = describe(db, fd, (uint64_t)row.bytes, row.name, entity, wish, fresh || map_given, a, &d, f);
	if (!e && map_given)
		before = json_loads(row.mapping, 0, NULL);
	if (!e && map_given)
		e = d.entity < IM_ENTITY__MAX ? given_map(d.entity, d.sn.n_columns, map, n_map, before, a, &given, f)
			: bp_fail(f, BP_E_FIELDS, "say first what the file holds");
	if (!e)
		e = q_import_file_set(db, (int64_t)file, entity_name(d.entity), d.sn.dialect.encoding, d.delimiter,
			d.sn.dialect.eol == '\r' ? "CR" : "LF", (int64_t)d.sn.header_line, d.columns, given ? given : d.mapping,
			(int64_t)d.sn.rows_guess, NULL);
	if (!e && !(map_given && !strcmp(row.entity, entity_name(d.entity)))) /* a mapping by hand leaves what is known of the source */
		e = keep_source(db, (int64_t)file, &d);
	if (!e)
		e = q_import_file_dates(db, (int64_t)file, NULL, NULL);
	if (fd >= 0)
		close(fd);
	free(given);
	json_decref(before);
	described_release(&d);
	return e;
}

enum bp_error im_file_clear(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t file)
{
	return im_unstage_file(&(struct im_work){.db = db, .session = session, .arena = a}, file);
}

void im_file_unlink(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file)
{
	unlink(im_upload_path(a, upload_dir, session, file));
	unlink(im_hierarchy_path(a, upload_dir, session, file));
}
