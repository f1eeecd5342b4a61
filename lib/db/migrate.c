/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/journal.h"
#include "queries.h"

#define PATCH_MAX (4u << 20)

static const char ledger[] =
	"CREATE TABLE IF NOT EXISTS schema_patch ("
	" name VARCHAR(100) NOT NULL, sha256 CHAR(64) CHARACTER SET ascii NOT NULL,"
	" applied_at DATETIME(3) NOT NULL, PRIMARY KEY (name)) ENGINE=InnoDB"
	" COMMENT='Schema patches that were applied, with the checksum they had then.'";

static int is_patch(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && !strcmp(d->d_name + n - 4, ".sql");
}

static enum bp_error read_file(const char *path, struct bp_buf *out, struct bp_fail *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[16384];
	ssize_t n;

	if (fd < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		bp_buf_add(out, chunk, (size_t)n);
	close(fd);
	return n < 0 || out->over ? bp_fail(f, BP_E_INTERNAL, "cannot read %s", path) : BP_E_OK;
}

static enum bp_error apply_one(
	struct bp_db *db, const char *dir, const char *name, unsigned *applied, struct bp_fail *f)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct q_schema_patch_get row;
	struct bp_arena a;
	struct bp_buf text;
	char *path, hex[65];
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	bp_buf_init(&text, PATCH_MAX);
	path = bp_sprintf(&a, "%s/%s", dir, name);
	e = read_file(path, &text, f);
	if (e)
		goto out;
	crypto_hash_sha256(hash, (const unsigned char *)text.data, text.len);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	e = q_schema_patch_get(db, &a, name, &row);
	if (!e && strcmp(row.sha256, hex)) {
		e = bp_fail(f, BP_E_CONFLICT, "schema patch %s was changed after it had been applied: "
			"put the old text back and add a new patch", name);
	} else if (e == BP_E_NOT_FOUND) {
		e = bp_db_bulk(db, text.data, NULL);
		if (!e)
			e = q_schema_patch_add(db, name, hex, NULL);
		if (e)
			bp_fail(f, e, "schema patch %s: %s", name, bp_db_failure(db)->detail);
		else
			++*applied;
	} else if (e) {
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	}
out:
	bp_buf_release(&text);
	bp_arena_release(&a);
	return e;
}

/*
 * The one way out of the audit trail: rows whose month lies in an archive and that are themselves older than so many days, at least
 * thirty - what the programs write of an archive is not believed of younger ones.  It runs with the rights of whoever migrates,
 * since the programs have none to delete there.  Names and addresses stay until a person is forgotten: archives hold their digests.
 */
static const char prune[] =
	"CREATE OR REPLACE PROCEDURE audit_prune(days INT) MODIFIES SQL DATA BEGIN "
	"DECLARE upto BIGINT UNSIGNED DEFAULT (SELECT LEAST(COALESCE(MAX(last_seal), 0), COALESCE((SELECT MAX(seal) FROM audit_seal), 1) - 1)"
	" FROM audit_archive WHERE newest < UTC_TIMESTAMP() - INTERVAL GREATEST(days, 30) DAY);"
	"DECLARE last_event BIGINT UNSIGNED;"
	"SELECT MAX(seal), MAX(event_id) INTO upto, last_event FROM (SELECT s.seal, s.event_id FROM audit_seal s JOIN audit_event e ON e.id = s.event_id"
	" WHERE s.seal <= upto AND e.at < UTC_TIMESTAMP() - INTERVAL GREATEST(days, 30) DAY ORDER BY s.seal LIMIT 2000) s;"
	"IF upto IS NOT NULL THEN "
	"DELETE FROM audit_change WHERE event_id <= last_event;"
	"DELETE FROM audit_event WHERE id <= last_event;"
	"DELETE FROM audit_seal WHERE seal <= upto;"
	"END IF; END";

enum bp_error bp_migrate(struct bp_db *db, const char *dir, unsigned *applied, struct bp_fail *f)
{
	struct dirent **names = NULL;
	enum bp_error e;
	int n;

	*applied = 0;
	e = bp_db_bulk(db, ledger, NULL);
	if (e)
		return bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	n = scandir(dir, &names, is_patch, alphasort);
	if (n < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot read %s: %s", dir, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (!e)
			e = apply_one(db, dir, names[i]->d_name, applied, f);
		free(names[i]);
	}
	free(names);
	if (!e && *applied)
		e = bp_journal_install(db, f);
	if (!e && (e = bp_db_bulk(db, prune, NULL)))
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	return e;
}
