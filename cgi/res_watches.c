/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_watches.c - drop folders: what is imported by the clock, and what became of the files found there. */
#include <string.h>

#include "cgi/res_imports.h"
#include "intake/watch.h"
#include "job/job.h"

struct watch {
	int64_t id;
	const char *name, *folder, *pattern, *entity, *mapping;
	bool publish;
	int64_t every_minutes, stop_percent;
	bool active;
	const char *created_by;
	int64_t next_at;
	struct bp_opt_int last_at;
	const char *last_problem;
};
BP_SHAPE(import_watch, watch,
	BP_INT(watch, id, BP_REQ, 1, 9e15, "drop folder"),
	BP_STR(watch, name, BP_REQ, 1, 480, "its name"),
	BP_STR(watch, folder, BP_REQ, 1, 800, "where it lies, below the folder of the configuration"),
	BP_STR(watch, pattern, BP_REQ, 1, 480, "which file names count, as *.csv"),
	BP_STR(watch, entity, BP_REQ, 1, 16, "what the files hold"),
	BP_STR(watch, mapping, BP_NUL, 1, 480, "name of the kept mapping; null = found by the header"),
	BP_BOOL(watch, publish, BP_REQ, "whether what passes the check is published at once"),
	BP_INT(watch, every_minutes, BP_REQ, 1, 10080, "how often it is looked at"),
	BP_INT(watch, stop_percent, BP_REQ, 0, 100, "a file of which more than this share is rejected is refused; 0 = none is"),
	BP_BOOL(watch, active, BP_REQ, "whether it is looked at by the clock"),
	BP_STR(watch, created_by, BP_NUL, 0, 480, "in whose name it imports"),
	BP_TIME(watch, next_at, BP_REQ, "when it is looked at next, if it is active"),
	BP_TIME(watch, last_at, BP_NUL, "when it was looked at last"),
	BP_STR(watch, last_problem, BP_NUL, 0, 1600, "what stood in the way then"));
struct page {
	struct bp_list items;
	const char *root;
};
BP_SHAPE(import_watch_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &import_watch, "by name"),
	BP_STR(page, root, BP_NUL, 0, 4096, "the folder below which they lie; null = the configuration names none"));

struct body {
	const char *name, *folder, *pattern, *entity, *mapping;
	bool publish;
	int64_t every_minutes, stop_percent;
	bool active;
};
BP_SHAPE(import_watch_body, body,
	BP_STR(body, name, BP_REQ, 1, 120, "its name"),
	BP_STR(body, folder, BP_REQ, 1, 200, "where it lies, below the folder of the configuration"),
	BP_STR(body, pattern, BP_REQ, 1, 120, "which file names count: * any text, ? one character, [abc] or [0-9] one of these, [!abc] any other; \\ before one of them: itself"),
	BP_ENUM(body, entity, BP_REQ, bp_import_entities, "what the files hold"),
	BP_STR(body, mapping, BP_NUL, 1, 120, "name of a kept mapping; null = found by the header"),
	BP_BOOL(body, publish, BP_REQ, "publish what passes the check at once"),
	BP_INT(body, every_minutes, BP_REQ, 1, 10080, "how often to look"),
	BP_INT(body, stop_percent, BP_REQ, 0, 100, "refuse a file of which more than this share is rejected; 0 = never"),
	BP_BOOL(body, active, BP_REQ, "look at it by the clock"));

/* Two queries give rows of the same columns. */
#define WATCH_OF(r) \
	((struct watch){(r).id, (r).name, (r).folder, (r).pattern, (r).entity, (r).mapping, (r).publish != 0, (r).every_minutes, \
		(r).stop_percent, (r).active != 0, (r).creator, (r).next_at, (r).last_at, (r).last_problem})

static const char *root_of(const struct bp_req *rq)
{
	return strcmp(rq->app->conf->drop_dir, "off") ? rq->app->conf->drop_dir : NULL;
}

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_watches *r;
	struct watch *v;
	size_t n = 0;
	enum bp_error e = q_watches(rq->db, rq->arena, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = WATCH_OF(r[i]);
	*p = (struct page){{v, n}, root_of(rq)};
	rq->reply = p;
	return e;
}

static enum bp_error reply(struct bp_req *rq, uint64_t id)
{
	struct watch *w = bp_alloc(rq->arena, sizeof(*w));
	struct q_watch_get r;
	enum bp_error e = q_watch_get(rq->db, rq->arena, (int64_t)id, &r);

	if (!e)
		*w = WATCH_OF(r);
	rq->reply = w;
	rq->audit.resource_type = "import_watch";
	rq->audit.resource_id = id;
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	return reply(rq, rq->arg[0]);
}

/* What the shape cannot say. `id` = the folder that may have the name, 0 = none. */
static enum bp_error sound(struct bp_req *rq, const struct body *b, int64_t id)
{
	struct q_import_schema_newest kept;
	struct q_watch_named other;
	enum bp_error e, wrong = BP_E_OK;

	if (!root_of(rq))
		return bp_fail(&rq->fail, BP_E_CONFLICT, "no drop folders are configured: set drop_dir");
	if (!im_watch_folder_ok(b->folder))
		wrong = bp_req_field(rq, "/folder", "must be plain names parted by /, not hidden, not \"processed\" or \"refused\"");
	e = q_watch_named(rq->db, rq->arena, b->name, &other);
	if (!e && other.id != id)
		wrong = bp_req_field(rq, "/name", "another drop folder has this name");
	if (b->mapping && (!e || e == BP_E_NOT_FOUND)) {
		e = q_import_schema_newest(rq->db, rq->arena, b->mapping, b->entity, &kept);
		if (e == BP_E_NOT_FOUND)
			wrong = bp_req_field(rq, "/mapping", "no mapping of this name is kept for this entity");
	}
	return e && e != BP_E_NOT_FOUND ? e : wrong;
}

static enum bp_error create(struct bp_req *rq)
{
	const struct body *b = rq->body;
	enum bp_error e = sound(rq, b, 0);

	if (!e)
		e = q_watch_add(rq->db, b->name, b->folder, b->pattern, b->entity, b->mapping, b->publish, b->every_minutes, b->stop_percent, b->active,
			(int64_t)rq->user.id, NULL);
	if (e)
		return e;
	bp_audit_change(&rq->audit, "folder", "", b->folder);
	return reply(rq, bp_db_insert_id(rq->db));
}

static enum bp_error change(struct bp_req *rq)
{
	const struct body *b = rq->body;
	struct q_watch_get was;
	enum bp_error e = q_watch_get(rq->db, rq->arena, (int64_t)rq->arg[0], &was);

	if (!e)
		e = sound(rq, b, was.id);
	if (!e)
		e = q_watch_set(rq->db, was.id, b->name, b->folder, b->pattern, b->entity, b->mapping, b->publish, b->every_minutes, b->stop_percent,
			b->active, NULL);
	if (e)
		return e;
	bp_audit_change(&rq->audit, "name", was.name, b->name);
	bp_audit_change(&rq->audit, "folder", was.folder, b->folder);
	bp_audit_change(&rq->audit, "pattern", was.pattern, b->pattern);
	bp_audit_change(&rq->audit, "publish", was.publish ? "1" : "0", b->publish ? "1" : "0");
	bp_audit_change(&rq->audit, "active", was.active ? "1" : "0", b->active ? "1" : "0");
	return reply(rq, rq->arg[0]);
}

/* The imports it has made stay, and so do the files in the folder. */
static enum bp_error remove_watch(struct bp_req *rq)
{
	struct q_watch_get was;
	enum bp_error e = q_watch_get(rq->db, rq->arena, (int64_t)rq->arg[0], &was);

	if (!e)
		e = q_watch_files_remove(rq->db, was.id, NULL);
	if (!e)
		e = q_watch_remove(rq->db, was.id, NULL);
	rq->audit.resource_type = "import_watch";
	if (!e)
		bp_audit_change(&rq->audit, "name", was.name, "");
	return e;
}

struct started {
	int64_t job_id;
};
BP_SHAPE(import_watch_started, started, BP_INT(started, job_id, BP_REQ, 1, 9e15, "the job that looks"));

static enum bp_error run(struct bp_req *rq)
{
	struct started *s = bp_alloc(rq->arena, sizeof(*s));
	struct q_watch_get w;
	uint64_t job = 0;
	enum bp_error e = q_watch_get(rq->db, rq->arena, (int64_t)rq->arg[0], &w);

	if (!e)
		e = bp_job_add(rq->db, BP_JOB_IMPORT_WATCH, rq->arg[0], 0, "{}", 0, rq->user.id, rq->correlation, &job);
	s->job_id = (int64_t)job;
	rq->reply = s;
	rq->audit.resource_type = "import_watch";
	return e;
}

struct found {
	int64_t id;
	struct bp_opt_int session;
	const char *name;
	int64_t bytes;
	const char *sha256, *state, *moved_to, *problem;
	int64_t found_at;
	struct bp_opt_int ended_at;
};
static const char *const found_states[] = {"TAKEN", "WAITING", "PUBLISHED", "REFUSED", NULL};
BP_SHAPE(import_watch_file, found,
	BP_INT(found, id, BP_REQ, 1, 9e15, "entry"),
	BP_INT(found, session, BP_NUL, 1, 9e15, "import that it became"),
	BP_STR(found, name, BP_REQ, 1, 1020, "name of the file"),
	BP_INT(found, bytes, BP_REQ, 0, 9e15, "its size"),
	BP_STR(found, sha256, BP_NUL, 64, 64, "its checksum"),
	BP_ENUM(found, state, BP_REQ, found_states, "TAKEN and under way, WAITING for a person, PUBLISHED or REFUSED"),
	BP_STR(found, moved_to, BP_REQ, 0, 1600, "where it lies now, below its folder"),
	BP_STR(found, problem, BP_NUL, 0, 4000, "why it was refused"),
	BP_TIME(found, found_at, BP_REQ, "when it was taken"),
	BP_TIME(found, ended_at, BP_NUL, "when it was published or refused"));
struct found_page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_watch_file_page, found_page,
	BP_LIST(found_page, items, BP_REQ, BP_PAGE_MOST, &import_watch_file, "files, the newest first"),
	BP_STR(found_page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(import_watch_file_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));

static enum bp_error files(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct found_page *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t limit = bp_page_limit(q->limit);
	struct q_watch_files *r;
	struct q_watch_get w;
	struct found *v;
	size_t n = 0;
	enum bp_error e = q_watch_get(rq->db, rq->arena, (int64_t)rq->arg[0], &w);

	if (!e)
		e = q_watch_files(rq->db, rq->arena, w.id, q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct found){r[i].id, r[i].session_id, r[i].name, r[i].bytes, r[i].sha256, r[i].state, r[i].moved_to, r[i].problem,
			r[i].found_at, r[i].ended_at};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, limit, r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/watches", "List the drop folders that are imported by the clock", WORLD, 0, .reply = &import_watch_page, .handle = list},
	{"POST", "/import/watches", "Set up a drop folder", WORLD, 0, .body = &import_watch_body, .reply = &import_watch, .audit = BP_ACTION_WATCH_ADD, .feature = BP_SETTING_drop_folders,
		.fails = {BP_E_CONFLICT}, .handle = create},
	{"GET", "/import/watches/{id}", "Read a drop folder", WORLD, 0, .reply = &import_watch, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"PUT", "/import/watches/{id}", "Change a drop folder", WORLD, 0, .body = &import_watch_body, .reply = &import_watch,
		.audit = BP_ACTION_WATCH_CHANGE, .feature = BP_SETTING_drop_folders, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = change},
	{"DELETE", "/import/watches/{id}", "Remove a drop folder; its imports and files stay", WORLD, 0, .audit = BP_ACTION_WATCH_REMOVE,
		.fails = {BP_E_NOT_FOUND}, .handle = remove_watch},
	{"POST", "/import/watches/{id}/run", "Look into a drop folder now", WORLD, 0, .reply = &import_watch_started, .audit = BP_ACTION_WATCH_RUN, .feature = BP_SETTING_drop_folders,
		.fails = {BP_E_NOT_FOUND}, .handle = run},
	{"GET", "/import/watches/{id}/files", "List what was found in a drop folder and what became of it", WORLD, 0, .query = &import_watch_file_query,
		.reply = &import_watch_file_page, .fails = {BP_E_NOT_FOUND}, .handle = files},
};
BP_RESOURCE(watches, ep);
