/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/rights.h"

#include <string.h>

#include "base/buf.h"
#include "queries.h"

#define TOLD 3
#define WORDS_MOST 4096
#define IN_BULK "CREATE TEMPORARY TABLES"

/* As q_rights_of puts them. */
#define NO ""
#define S "SELECT"
#define I "INSERT"
#define SI "SELECT, INSERT"
#define SU "SELECT, UPDATE"
#define SD "SELECT, DELETE"
#define SIU "SELECT, INSERT, UPDATE"
#define SID "SELECT, INSERT, DELETE"
#define SUD "SELECT, UPDATE, DELETE"
#define SIUD "SELECT, INSERT, UPDATE, DELETE"
static const struct {
	const char *table, *may[BP_ACCOUNT__MAX];
} rights[] = {
#define RIGHTS(table, app, web, worker, optimizer) {#table, {app, web, worker, optimizer}},
#define COLUMNS(table, who, columns)
#include "db/rights.def"
#undef RIGHTS
#undef COLUMNS
};
enum { TABLES = sizeof(rights) / sizeof(*rights) };
static const struct {
	const char *table, *names;
	enum bp_account who;
} columns[] = {
#define RIGHTS(table, app, web, worker, optimizer)
#define COLUMNS(table, who, columns) {#table, columns, BP_ACCOUNT_##who},
#include "db/rights.def"
#undef RIGHTS
#undef COLUMNS
};

/* Imports keep what they compare in tables of their own, and old entries of the audit trail go by a procedure alone. */
static bool works_in_bulk(enum bp_account who)
{
	return who == BP_ACCOUNT_APP || who == BP_ACCOUNT_WORKER;
}

static const char *wanted(struct bp_arena *a, int table, enum bp_account who)
{
	const char *may = rights[table].may[who];

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (columns[i].who == who && !strcmp(columns[i].table, rights[table].table))
			return bp_sprintf(a, "SELECT (%s)%s", columns[i].names, may + strlen(S));
	return may;
}

static const char *on_table(const struct q_rights_of *had, size_t n, const char *table)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(had[i].table, table))
			return had[i].rights;
	return "";
}

/* -1 = it has none. */
static int line_of(const char *table)
{
	for (int i = 0; i < TABLES; i++)
		if (!strcmp(rights[i].table, table))
			return i;
	return -1;
}

/* --- to give --- */

struct giving {
	struct bp_db *db;
	struct bp_arena *a;
	const char *database, *to; /* as they stand in a statement */
};

static enum bp_error put(const struct giving *g, const char *table, const char *had, const char *want)
{
	enum bp_error e = BP_E_OK;

	if (strcmp(had, want) && *had)
		e = bp_db_bulk(g->db, bp_sprintf(g->a, "REVOKE %s ON %s.`%s` FROM %s", had, g->database, table, g->to), NULL);
	if (!e && strcmp(had, want) && *want)
		e = bp_db_bulk(g->db, bp_sprintf(g->a, "GRANT %s ON %s.`%s` TO %s", want, g->database, table, g->to), NULL);
	return e;
}

/* In what GRANT says of a whole database _ and % stand for any letters: they are escaped. */
static char *exactly(struct bp_arena *a, const char *name)
{
	char *out = bp_alloc(a, strlen(name) * 2 + 1), *to = out;

	for (; *name; *to++ = *name++)
		if (strchr("_%\\", *name))
			*to++ = '\\';
	*to = '\0';
	return out;
}

static enum bp_error give_database(const struct giving *g, const char *name, const char *grantee, enum bp_account who)
{
	const char *exact = exactly(g->a, name);
	struct q_rights_schemas *had = NULL;
	size_t n = 0;
	enum bp_error e = q_rights_schemas(g->db, g->a, grantee, name, &had, &n);

	for (size_t i = 0; i < n && !e; i++)
		if (!works_in_bulk(who) || strcmp(had[i].name, exact) || strcmp(had[i].rights, IN_BULK))
			e = bp_db_bulk(g->db, bp_sprintf(g->a, "REVOKE ALL PRIVILEGES ON %s.* FROM %s", bp_db_name(g->a, had[i].name), g->to), NULL);
	if (!e && works_in_bulk(who))
		e = bp_db_bulk(g->db, bp_sprintf(g->a, "GRANT " IN_BULK " ON %s.* TO %s; GRANT EXECUTE ON PROCEDURE %s.audit_prune TO %s",
			bp_db_name(g->a, exact), g->to, g->database, g->to), NULL);
	return e;
}

static enum bp_error give(struct bp_db *db, struct bp_arena *a, const char *database, const char *user, const char *host, enum bp_account who)
{
	struct giving g = {db, a, bp_db_name(a, database), bp_sprintf(a, "%s@%s", bp_db_text(a, user), bp_db_text(a, host))};
	const char *grantee = bp_sprintf(a, "'%s'@'%s'", user, host);
	struct q_rights_of *had = NULL;
	struct q_schema_tables *there = NULL;
	size_t n = 0, tables = 0;
	enum bp_error e = q_rights_of(db, a, grantee, database, &had, &n);

	if (!e)
		e = q_schema_tables(db, a, &there, &tables);
	if (!e)
		e = bp_db_bulk(db, bp_sprintf(a, "REVOKE ALL PRIVILEGES ON *.* FROM %s", g.to), NULL);
	for (size_t i = 0; i < n && !e; i++)
		if (line_of(had[i].table) < 0)
			e = put(&g, had[i].table, had[i].rights, "");
	for (size_t i = 0; i < tables && !e; i++) {
		int line = line_of(there[i].name);

		if (line >= 0)
			e = put(&g, there[i].name, on_table(had, n, there[i].name), wanted(a, line, who));
	}
	return e ? e : give_database(&g, database, grantee, who);
}

enum bp_error bp_rights_give(struct bp_db *db, const char *database, const char *user, enum bp_account account, struct bp_fail *f)
{
	struct q_schema_accounts *of;
	struct bp_arena a;
	size_t n = 0;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = q_schema_accounts(db, &a, user, &of, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = give(db, &a, database, user, of[i].host, account);
	if (e)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_arena_release(&a);
	return e;
}

/* A role, so that a view that comes with an upgrade is there for all of them. */
static enum bp_error give_analysts(struct bp_db *db, const char *database, struct bp_fail *f)
{
	struct q_analyst_views *v;
	struct bp_arena a;
	size_t n = 0;
	enum bp_error e;

	bp_arena_init(&a, 1u << 18);
	e = bp_db_bulk(db, "CREATE ROLE IF NOT EXISTS " BP_ANALYST_ROLE, NULL);
	if (!e)
		e = q_analyst_views(db, &a, &v, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = bp_db_bulk(db, bp_sprintf(&a, "GRANT SELECT ON %s.`%s` TO " BP_ANALYST_ROLE, bp_db_name(&a, database), v[i].name), NULL);
	if (e)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_arena_release(&a);
	return e;
}

enum bp_error bp_rights_give_all(struct bp_db *db, const struct bp_conf *c, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;

	for (enum bp_account i = 0; i < BP_ACCOUNT__MAX && !e; i++)
		if (bp_conf_login(c, i).own)
			e = bp_rights_give(db, c->db_name, bp_conf_login(c, i).user, i, f);
	return e ? e : give_analysts(db, c->db_name, f);
}

/* --- to look --- */

struct differing {
	struct bp_buf words;
	size_t n;
};

static void see(struct differing *d, const char *table, const char *had, const char *want)
{
	if (!strcmp(had, want))
		return;
	if (d->n++ < TOLD)
		bp_buf_printf(&d->words, "%son %s it has %s, not %s", d->n > 1 ? "; " : "", table, *had ? had : "nothing", *want ? want : "nothing");
}

enum bp_error bp_rights_differ(struct bp_db *db, struct bp_arena *a, enum bp_account account, const char **found, size_t *n)
{
	struct differing d = {.n = 0};
	struct q_rights_of *had = NULL;
	struct q_rights_beside beside;
	size_t rows = 0;
	enum bp_error e = q_rights_of(db, a, NULL, NULL, &had, &rows);

	if (!e)
		e = q_rights_beside(db, a, &beside);
	if (e)
		return e;
	bp_buf_init(&d.words, WORDS_MOST);
	see(&d, "all", beside.words ? beside.words : "", "");
	for (size_t i = 0; i < rows; i++)
		if (line_of(had[i].table) < 0)
			see(&d, had[i].table, had[i].rights, "");
	for (int i = 0; i < TABLES; i++)
		see(&d, rights[i].table, on_table(had, rows, rights[i].table), wanted(a, i, account));
	*n = d.n;
	*found = bp_sprintf(a, "%s%s", d.n ? d.words.data : "", d.n > TOLD ? "; and more" : "");
	bp_buf_release(&d.words);
	return BP_E_OK;
}
