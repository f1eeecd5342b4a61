/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_imports.c - import sessions: what is in them, checking, what is wrong, what would change, publishing. */
#include "cgi/res_imports.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "cgi/res_jobs.h"
#include "intake/delta.h"
#include "intake/registry.h"

enum { CLEAR_DELAY_MS = 10000 };

const char *const bp_import_entities[] = {
#define ENTITY(id, name, label, words) name,
#include "intake/entities.def"
#undef ENTITY
	NULL};
const char *const bp_import_transforms[] = {"UPPER", "LOWER", "TRIM", NULL};

const char *const bp_import_readings[] = {"FIRST", "SECOND", NULL};

json_t *bp_import_steps(json_t *transforms, const char *transform)
{
	json_t *list, *step;

	if ((transforms && !json_is_null(transforms)) || !transform)
		return json_incref(transforms);
	list = json_array();
	step = json_object();
	json_object_set_new(step, "kind", json_string(transform));
	json_array_append_new(list, step);
	return list;
}

static const struct bp_field counts_fields[] = {
	BP_INT(bp_import_counts, read, BP_REQ, 0, 9e15, "rows of data = the sum of the next five"),
	BP_INT(bp_import_counts, inserted, BP_REQ, 0, 9e15, "new, or that will be new"),
	BP_INT(bp_import_counts, updated, BP_REQ, 0, 9e15, "known, with other values"),
	BP_INT(bp_import_counts, unchanged, BP_REQ, 0, 9e15, "known, with the same values"),
	BP_INT(bp_import_counts, rejected, BP_REQ, 0, 9e15, "kept out by an error"),
	BP_INT(bp_import_counts, duplicate, BP_REQ, 0, 9e15, "kept out because an earlier row has the key"),
	BP_INT(bp_import_counts, warnings, BP_REQ, 0, 9e15, "values left out or doubtful"),
};
const struct bp_shape bp_import_counts_shape = {"import_counts", sizeof(struct bp_import_counts), counts_fields,
	sizeof(counts_fields) / sizeof(*counts_fields), 0};

struct import_job {
	int64_t id;
	const char *state;
	double percent;
	const char *step;
	int64_t rows_done, rows_total;
	struct bp_opt_num rows_per_second, seconds_left;
	int64_t ahead;
};
BP_SHAPE(import_job_shape, import_job,
	BP_INT(import_job, id, BP_REQ, 1, 9e15, "job"),
	BP_STR(import_job, state, BP_REQ, 1, 12, "where it stands"),
	BP_NUM(import_job, percent, BP_REQ, 0, 100, "how far it is"),
	BP_STR(import_job, step, BP_REQ, 0, 40, "what it is doing"),
	BP_INT(import_job, rows_done, BP_REQ, 0, 9e15, "rows of the file in work"),
	BP_INT(import_job, rows_total, BP_REQ, 0, 9e15, "about how many it has"),
	BP_NUM(import_job, rows_per_second, BP_NUL, 0, 1e12, "how fast it goes"),
	BP_NUM(import_job, seconds_left, BP_NUL, 0, 1e12, "how long it will still take, about"),
	BP_INT(import_job, ahead, BP_REQ, 0, 9e15, "while it waits: imports that come before it"));

struct waiting {
	int64_t territory_id;
	const char *territory, *channel;
	int64_t version;
};
BP_SHAPE(import_waiting, waiting,
	BP_INT(waiting, territory_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_STR(waiting, territory, BP_REQ, 0, 480, "its name"),
	BP_STR(waiting, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_INT(waiting, version, BP_REQ, 0, 9e9, "number of the version that the imported plan is"));

struct session {
	int64_t id;
	const char *name, *status;
	int64_t created_at;
	const char *created_by;
	struct bp_opt_int completed_at;
	struct import_job *job;
	struct bp_job_error *error;
	struct bp_list files;
	struct bp_import_counts *counts;
	struct bp_list waiting;
	struct limits *limits;
	struct bp_list addresses;
};
struct limits {
	int64_t stop_percent, stop_after, stop_rows;
};
BP_SHAPE(import_limits, limits,
	BP_INT(limits, stop_percent, BP_REQ, 0, 100, "stop a file of which more than this share is rejected; 0 = never"),
	BP_INT(limits, stop_after, BP_REQ, 0, 4000000000.0, "but not before so many rows were read"),
	BP_INT(limits, stop_rows, BP_REQ, 0, 9e15, "stop a file of which more than so many rows are rejected; 0 = never"));
static const char *const states[] = {"UPLOADING", "VALIDATING", "READY", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED", "UNDOING", "UNDONE", NULL};
BP_SHAPE(import_session, session,
	BP_INT(session, id, BP_REQ, 1, 9e15, "session"),
	BP_STR(session, name, BP_REQ, 0, 120, "what it is called"),
	BP_ENUM(session, status, BP_REQ, states, "where it stands"),
	BP_TIME(session, created_at, BP_REQ, "opened"),
	BP_STR(session, created_by, BP_NUL, 0, 120, "by whom"),
	BP_TIME(session, completed_at, BP_NUL, "published or cancelled"),
	BP_OBJ(session, job, BP_NUL, &import_job_shape, "the last job of it"),
	BP_OBJ(session, error, BP_NUL, &bp_job_error_shape, "why it failed"),
	BP_LIST(session, files, BP_REQ, 1000, &bp_import_file_shape, "files by id"),
	BP_OBJ(session, counts, BP_REQ, &bp_import_counts_shape, "sum over the files"),
	BP_LIST(session, waiting, BP_REQ, BP_PAGE_MOST, &import_waiting, "imported plans kept as versions, for the units had one in force; only where one session is read"),
	BP_OBJ(session, limits, BP_REQ, &import_limits, "when it stops by itself"),
	BP_LIST(session, addresses, BP_REQ, BP_IMPORT_ADDRESSES_MOST, &bp_import_address_shape, "where to deliver the files that were announced; only when it is opened"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_session_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &import_session, "sessions, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(import_page_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));

struct new_session {
	const char *name;
	struct bp_list files;
	struct bp_opt_int expires_in;
};
BP_SHAPE(import_session_new, new_session,
	BP_STR(new_session, name, BP_NUL, 0, 120, "what to call it"),
	BP_LIST_STR(new_session, files, 0, BP_IMPORT_ADDRESSES_MOST, "names of files that will come without signing in: each gets an address"),
	BP_INT(new_session, expires_in, BP_NUL, 1, 2592000, "for how many seconds these are good, as configured without"));

struct started {
	int64_t job_id;
};
static const struct bp_field started_fields[] = {BP_INT(started, job_id, BP_REQ, 1, 9e15, "the job that does it")};
const struct bp_shape bp_import_started_shape = {"import_started", sizeof(struct started), started_fields, 1, 0};

static struct bp_opt_num figure(json_t *progress, const char *name, double least)
{
	json_t *v = json_object_get(progress, name);

	return (struct bp_opt_num){json_number_value(v), json_is_number(v) && json_number_value(v) >= least};
}

static enum bp_error job_of(struct bp_req *rq, struct bp_opt_int id, struct import_job **out)
{
	struct q_import_job_ahead wait;
	struct q_job_get j;
	json_t *p;
	enum bp_error e;

	*out = NULL;
	if (!id.set)
		return BP_E_OK;
	e = q_job_get(rq->db, rq->arena, id.v, &j);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_OK : e;
	p = j.progress ? json_loads(j.progress, 0, NULL) : NULL;
	*out = bp_alloc(rq->arena, sizeof(**out));
	**out = (struct import_job){j.id, j.state, j.percent, j.step, json_integer_value(json_object_get(p, "rowsDone")),
		json_integer_value(json_object_get(p, "rowsTotal")), figure(p, "rowsPerSecond", 1), figure(p, "secondsLeft", 0), 0};
	json_decref(p);
	if (!strcmp(j.state, "queued") && !(e = q_import_job_ahead(rq->db, rq->arena, j.id, &wait)))
		(*out)->ahead = wait.ahead;
	return e;
}

/* A session with its files; two queries give rows of the same columns. */
static enum bp_error fill(struct bp_req *rq, const struct q_import_session_get *r, struct session *s)
{
	struct bp_import_counts *sum = bp_alloc(rq->arena, sizeof(*sum));
	struct limits *stop = bp_alloc(rq->arena, sizeof(*stop));
	struct q_import_limits l;
	struct q_import_files *f;
	struct bp_import_file *v;
	size_t n = 0;
	enum bp_error e = q_import_files(rq->db, rq->arena, r->id, &f, &n);

	if (!e && !(e = q_import_limits(rq->db, rq->arena, r->id, &l)))
		*stop = (struct limits){l.stop_percent, l.stop_after, l.stop_rows};

	*s = (struct session){.id = r->id, .name = r->name, .status = r->status, .created_at = r->created_at, .created_by = r->creator,
		.completed_at = r->completed_at, .error = bp_job_error_of(rq->arena, r->error_code, r->error_detail), .counts = sum,
		.limits = stop};
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		const struct bp_import_counts *c;

		v[i] = bp_import_file_of(rq->arena, &f[i]);
		c = v[i].counts;
		*sum = (struct bp_import_counts){sum->read + c->read, sum->inserted + c->inserted, sum->updated + c->updated,
			sum->unchanged + c->unchanged, sum->rejected + c->rejected, sum->duplicate + c->duplicate, sum->warnings + c->warnings};
	}
	s->files = (struct bp_list){v, n};
	return e ? e : job_of(rq, r->job_id, &s->job);
}

static enum bp_error waiting_of(struct bp_req *rq, struct session *s)
{
	struct q_import_plans_waiting *r;
	struct waiting *v;
	size_t n = 0;
	enum bp_error e = q_import_plans_waiting(rq->db, rq->arena, s->id, BP_PAGE_MOST, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct waiting){r[i].territory_id, r[i].territory, r[i].channel, r[i].number};
	s->waiting = (struct bp_list){v, n};
	return e;
}

static enum bp_error reply_session(struct bp_req *rq, uint64_t id)
{
	struct session *s = bp_alloc(rq->arena, sizeof(*s));
	struct q_import_session_get r;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)id, &r);

	rq->reply = s;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = id;
	if (!e)
		e = fill(rq, &r, s);
	for (size_t i = 0; !e && i < s->files.n; i++)
		e = bp_import_file_origin(rq, &((struct bp_import_file *)(uintptr_t)s->files.v)[i]);
	return e || strcmp(s->status, "COMPLETED") ? e : waiting_of(rq, s);
}

static enum bp_error get(struct bp_req *rq)
{
	return reply_session(rq, rq->arg[0]);
}

static enum bp_error list(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_sessions *r;
	struct session *v;
	size_t n = 0;
	enum bp_error e = q_import_sessions(rq->db, rq->arena, q->after.set ? q->after.v : INT64_MAX, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		struct q_import_session_get one = {r[i].id, r[i].name, r[i].status, r[i].job_id, r[i].delta, r[i].error_code, r[i].error_detail,
			r[i].created_by, r[i].creator, r[i].created_at, r[i].completed_at};

		e = fill(rq, &one, &v[i]);
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error create(struct bp_req *rq)
{
	struct new_session *b = rq->body;
	struct bp_list addresses = {NULL, 0};
	enum bp_error e = q_import_session_add(rq->db, b->name ? b->name : "", (int64_t)rq->user.id, NULL);
	uint64_t id = bp_db_insert_id(rq->db);

	if (!e)
		e = q_import_limits_set(rq->db, (int64_t)id, bp_setting(BP_SETTING_import_stop_percent), bp_setting(BP_SETTING_import_stop_after),
			bp_setting(BP_SETTING_import_stop_rows), NULL);
	if (!e)
		e = bp_import_addresses(rq, id, &b->files, b->expires_in, &addresses);
	if (!e)
		e = reply_session(rq, id);
	if (!e)
		((struct session *)rq->reply)->addresses = addresses;
	return e;
}

/* When it stops, also while it is checked: the next batch is held to it. */
static enum bp_error set_limits(struct bp_req *rq)
{
	const struct limits *l = rq->body;
	struct q_import_session_get now;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &now);

	if (!e)
		e = q_import_limits_set(rq->db, (int64_t)rq->arg[0], l->stop_percent, l->stop_after, l->stop_rows, NULL);
	return e ? e : reply_session(rq, rq->arg[0]);
}

/* --- progress as it happens --- */

enum { FOLLOW_SECONDS = 60, FOLLOW_MOST = 4 }; /* each holds a thread; a client that wants more comes again by itself */
static atomic_int following;

static enum bp_error follow(struct bp_req *rq, struct session *s)
{
	int64_t until = bp_monotonic_us() + FOLLOW_SECONDS * 1000000LL;
	struct bp_buf now, last;
	enum bp_error e = BP_E_OK;
	bool moving = true;

	bp_buf_init(&now, 1 << 20);
	bp_buf_init(&last, 1 << 20);
	while (!e && moving) {
		struct timespec pause = {0, 400000000};

		moving = (!strcmp(s->status, "VALIDATING") || !strcmp(s->status, "PROCESSING") || !strcmp(s->status, "UNDOING")) && bp_monotonic_us() < until;
		bp_buf_clear(&now);
		bp_shape_encode(&import_session, s, &now);
		if (now.len != last.len || memcmp(now.data, last.data, now.len)) {
			if (!bp_req_write(rq, "event: progress\ndata: ", 22) || !bp_req_write(rq, now.data, now.len) || !bp_req_write(rq, "\n\n", 2) ||
				(rq->io->flush && !rq->io->flush(rq->io->ctx)))
				moving = false; /* nobody listens any more */
			bp_buf_clear(&last);
			bp_buf_add(&last, now.data, now.len);
		}
		if (!moving)
			break;
		nanosleep(&pause, NULL);
		e = reply_session(rq, rq->arg[0]);
		s = rq->reply;
	}
	bp_buf_release(&now);
	bp_buf_release(&last);
	return e;
}

static enum bp_error progress(struct bp_req *rq)
{
	enum bp_error e = reply_session(rq, rq->arg[0]);
	struct session *s = rq->reply;

	if (e)
		return e;
	if (atomic_fetch_add(&following, 1) >= FOLLOW_MOST) {
		atomic_fetch_sub(&following, 1);
		return bp_fail(&rq->fail, BP_E_BUSY, "%d others follow an import already: ask for the session itself now and then", FOLLOW_MOST);
	}
	bp_req_reply_header(rq, "X-Accel-Buffering", "no");
	bp_req_begin(rq, NULL);
	e = follow(rq, s);
	atomic_fetch_sub(&following, 1);
	return e;
}

enum bp_error bp_import_start(struct bp_req *rq, const char *from, const char *to, enum bp_job_kind kind, const char *payload)
{
	struct started *s = bp_alloc(rq->arena, sizeof(*s));
	struct q_import_session_get now;
	uint64_t moved = 0, job = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &now);

	if (!e)
		e = q_import_session_move(rq->db, (int64_t)rq->arg[0], from, to, &moved);
	if (!e && !moved)
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is %s", now.status);
	if (!e)
		e = bp_job_add(rq->db, kind, rq->arg[0], 0, payload, 0, rq->user.id, rq->correlation, &job);
	if (!e)
		e = q_import_session_job(rq->db, (int64_t)rq->arg[0], (int64_t)job, NULL);
	s->job_id = (int64_t)job;
	rq->reply = s;
	rq->audit.resource_type = "import";
	return e;
}

static enum bp_error validate(struct bp_req *rq)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(rq->db, rq->arena, (int64_t)rq->arg[0], &f, &n);

	if (!e && !n && !q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &(struct q_import_session_get){0}))
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session has no file");
	for (size_t i = 0; !e && i < n; i++)
		if (im_entity_of(f[i].entity) == IM_ENTITY__MAX)
			return bp_fail(&rq->fail, BP_E_IMPORT_SCHEMA, "%s: say what the file holds", f[i].name);
	return e ? e : bp_import_start(rq, "UPLOADING,READY,FAILED", "VALIDATING", BP_JOB_IMPORT_CHECK, "{}");
}

/* Outlets that vanished from a complete list are asked about, never retired or kept in silence. */
static enum bp_error process(struct bp_req *rq)
{
	enum bp_error e = im_vanished_answered(rq->db, rq->arena, rq->arg[0], &(struct q_import_vanished){0}, &rq->fail);

	if (e && e != BP_E_NOT_FOUND)
		return e;
	return bp_import_start(rq, "READY", "PROCESSING", BP_JOB_IMPORT_PUBLISH, "{}");
}

/* The older paths name the session in the body. */
struct by_body {
	int64_t session_id;
};
BP_SHAPE(import_by_body, by_body,
	BP_INT(by_body, session_id, BP_REQ, 1, 9e15, "import session"));

static enum bp_error validate_by_body(struct bp_req *rq)
{
	rq->arg[0] = (uint64_t)((const struct by_body *)rq->body)->session_id;
	return validate(rq);
}

static enum bp_error process_by_body(struct bp_req *rq)
{
	rq->arg[0] = (uint64_t)((const struct by_body *)rq->body)->session_id;
	return process(rq);
}

/* A publication under way is asked to stop and leaves the session READY; anything else ends it. */
static enum bp_error cancel(struct bp_req *rq)
{
	struct q_import_session_get now;
	uint64_t moved = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &now);

	if (e)
		return e;
	if (strcmp(now.status, "PROCESSING")) {
		e = q_import_session_move(rq->db, (int64_t)rq->arg[0], "UPLOADING,VALIDATING,READY,FAILED", "CANCELLED", &moved);
		if (!e && !moved)
			return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is %s", now.status);
	}
	if (!e && now.job_id.set && (!strcmp(now.status, "PROCESSING") || !strcmp(now.status, "VALIDATING")))
		e = bp_job_cancel(rq->db, (uint64_t)now.job_id.v);
	if (!e && moved) /* once a check that runs has heard of it */
		e = bp_job_add(rq->db, BP_JOB_IMPORT_CLEAR, rq->arg[0], 0, "{}", CLEAR_DELAY_MS, rq->user.id, rq->correlation, NULL);
	return e ? e : reply_session(rq, rq->arg[0]);
}

/* --- what is wrong --- */

struct issue {
	int64_t file, row;
	const char *column, *rule, *severity, *value, *suggestion, *message;
};
static const char *const severities[] = {"error", "warning", NULL};
BP_SHAPE(import_issue, issue,
	BP_INT(issue, file, BP_REQ, 1, 9e15, "file"),
	BP_INT(issue, row, BP_REQ, 0, 9e15, "line of the file on which the row begins"),
	BP_STR(issue, column, BP_NUL, 0, 24, "target column, null = the whole row"),
	BP_STR(issue, rule, BP_REQ, 1, 20, "rule"),
	BP_ENUM(issue, severity, BP_REQ, severities, "an error keeps the row out, a warning does not"),
	BP_STR(issue, value, BP_REQ, 0, 800, "what stands there"),
	BP_STR(issue, suggestion, BP_REQ, 0, 800, "what is probably meant"),
	BP_STR(issue, message, BP_REQ, 1, 200, "what is wrong"));
struct group {
	const char *rule, *column, *severity;
	int64_t count;
	const char *message;
};
BP_SHAPE(import_issue_group, group,
	BP_STR(group, rule, BP_REQ, 1, 20, "rule"),
	BP_STR(group, column, BP_NUL, 0, 24, "target column, null = the whole row"),
	BP_ENUM(group, severity, BP_REQ, severities, "error or warning"),
	BP_INT(group, count, BP_REQ, 1, 9e15, "how often"),
	BP_STR(group, message, BP_REQ, 1, 200, "what is wrong"));
struct issue_page {
	struct bp_list items;
	const char *next;
	struct bp_list groups;
};
BP_SHAPE(import_issue_page, issue_page,
	BP_LIST(issue_page, items, BP_REQ, BP_PAGE_MOST, &import_issue, "issues; of warnings the first thousand of each group"),
	BP_STR(issue_page, next, BP_NUL, 0, 20, "cursor of the next page"),
	BP_LIST(issue_page, groups, BP_REQ, 1000, &import_issue_group, "exact counts by rule and column"));
struct issue_query {
	struct bp_opt_int file;
	const char *severity, *rule, *column;
	struct bp_opt_int limit, after;
};
BP_SHAPE(import_issue_query, issue_query,
	BP_INT(issue_query, file, BP_NUL, 1, 9e15, "only of this file"),
	BP_ENUM(issue_query, severity, BP_NUL, severities, "only of this severity"),
	BP_STR(issue_query, rule, BP_NUL, 1, 20, "only of this rule"),
	BP_STR(issue_query, column, BP_NUL, 1, 24, "only of this target column; - = of whole rows"),
	BP_INT(issue_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(issue_query, after, BP_NUL, 0, 9e15, "cursor"));

const char *bp_import_rule_message(const char *rule)
{
	for (int i = 0; i < IM_R__MAX; i++)
		if (!strcmp(im_rules[i].code, rule))
			return im_rules[i].message;
	return rule;
}

static const char *or_null(const char *s)
{
	return *s ? s : NULL;
}

static enum bp_error issues(struct bp_req *rq)
{
	struct issue_query *q = rq->query;
	const char *col = q->column && !strcmp(q->column, "-") ? "" : q->column;
	struct issue_page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_issue_groups *g;
	struct q_import_session_get s;
	struct q_import_issues *r;
	struct issue *v;
	struct group *w;
	size_t n = 0, k = 0;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = q_import_issues(rq->db, rq->arena, (int64_t)rq->arg[0], q->file, q->severity, q->rule, col,
			q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);
	if (!e)
		e = q_import_issue_groups(rq->db, rq->arena, (int64_t)rq->arg[0], q->file, &g, &k);
	if (e)
		return e;
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	w = bp_alloc_array(rq->arena, k, sizeof(*w));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct issue){r[i].file_id, r[i].row_no, or_null(r[i].col), r[i].rule, r[i].severity, r[i].value, r[i].suggestion,
			bp_import_rule_message(r[i].rule)};
	for (size_t i = 0; i < k; i++)
		w[i] = (struct group){g[i].rule, or_null(g[i].col), g[i].severity, g[i].n, bp_import_rule_message(g[i].rule)};
	*p = (struct issue_page){{v, n}, n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL, {w, k}};
	rq->reply = p;
	return BP_E_OK;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
static const struct bp_endpoint ep[] = {
	{"GET", "/import/sessions", "List import sessions", WORLD, 0, .query = &import_page_query, .reply = &import_session_page, .handle = list},
	{"POST", "/import/sessions", "Open an import session", WORLD, 0, .body = &import_session_new, .reply = &import_session,
		.audit = BP_ACTION_IMPORT_OPEN, .handle = create},
	{"GET", "/import/sessions/{id}", "Read an import session with its files and progress", WORLD, 0, .reply = &import_session,
		.fails = {BP_E_NOT_FOUND}, .handle = get},
	{"PUT", "/import/sessions/{id}/limits", "Say when an import stops by itself", WORLD, 0, .body = &import_limits, .reply = &import_session,
		.audit = BP_ACTION_IMPORT_LIMITS, .fails = {BP_E_NOT_FOUND}, .handle = set_limits},
	{"GET", "/import/sessions/{id}/progress", "Follow an import as server-sent events: the session, whenever it changes", WORLD, BP_EP_STREAM_OUT,
		.media = "text/event-stream", .fails = {BP_E_NOT_FOUND, BP_E_BUSY}, .handle = progress},
	{"POST", "/import/sessions/{id}/validate", "Stage and check all files of a session, compute what would change", WORLD, BP_EP_ROOM,
		.reply = &bp_import_started_shape, .audit = BP_ACTION_IMPORT_CHECK,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_SCHEMA}, .handle = validate},
	{"GET", "/import/sessions/{id}/issues", "List what is wrong with single rows, with counts by rule", WORLD, 0,
		.query = &import_issue_query, .reply = &import_issue_page, .fails = {BP_E_NOT_FOUND}, .handle = issues},
	{"POST", "/import/sessions/{id}/process", "Publish a checked session", WORLD, BP_EP_ROOM,
		.reply = &bp_import_started_shape, .audit = BP_ACTION_IMPORT_PUBLISH, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = process},
	{"POST", "/import/validate", "The same as validate of the session (by body)", WORLD, BP_EP_ROOM, .body = &import_by_body, .reply = &bp_import_started_shape,
		.audit = BP_ACTION_IMPORT_CHECK, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_SCHEMA}, .handle = validate_by_body},
	{"POST", "/import/process", "The same as process of the session (by body)", WORLD, BP_EP_ROOM, .body = &import_by_body, .reply = &bp_import_started_shape,
		.audit = BP_ACTION_IMPORT_PUBLISH, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = process_by_body},
	{"POST", "/import/sessions/{id}/cancel", "Cancel a session, or stop its job", WORLD, 0,
		.reply = &import_session, .audit = BP_ACTION_IMPORT_CANCEL, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = cancel},
};
BP_RESOURCE(imports, ep);
