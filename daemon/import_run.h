/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_IMPORT_RUN_H
#define BP_DAEMON_IMPORT_RUN_H
/* An import from the shell: files in, checked and published in this process, by the same code as the worker's. */
#include "base/conf.h"
#include "intake/intake.h"
#include "intake/mend.h"

struct bp_import_files {
	const char *const *path;
	const int *fd; /* open for reading; they may belong to another user */
	size_t n;
	const char *name;      /* of the session */
	const char *row;       /* the element of XML files that is one row; NULL = found */
	uint64_t user;         /* 0 = the system */
	bool quiet;            /* no progress on stderr */
	bool check_only;
	bool alone; /* do here too what the worker does afterwards, where there is none */
	const char *entity;    /* what all of the files hold, as entities.def calls it; NULL = found out */
	const char *model, *levels; /* a territory model, and the columns of its levels, by commas, widest first; NULL = none */
	const char *mode;      /* UPSERT, MERGE or APPEND; NULL = UPSERT */
	const char *match;     /* columns by which files of outlets find them, by commas; NULL = as the source's last file */
	bool complete;         /* files of outlets name all there are in their territories ... */
	const char *vanished;  /* ... and what becomes of others: ASK, KEEP, DORMANT or CLOSE; NULL = ASK */
	int64_t stop_percent, stop_rows; /* of a file, beyond which it stops; 0 = never */
	const struct im_mending *fix; /* causes to mend, after a first check */
	size_t n_fixes;
};

struct bp_import_outcome {
	uint64_t session;
	int64_t read, inserted, updated, unchanged, rejected, duplicate, warnings;
	double stage_seconds, publish_seconds;
	double clear_seconds, words_seconds; /* what the worker does when the data is current */
};

/* Errors as im_check_session and im_publish_session; the detail names the file. */
enum bp_error bp_import_run(struct bp_db *db, const struct bp_conf *conf, const struct bp_import_files *in, struct bp_import_outcome *out,
	struct bp_fail *f);

#endif
