/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_ERROR_H
#define BP_BASE_ERROR_H
/*
 * Errors.  A function that can fail returns enum bp_error (BP_E_OK is 0).  What
 * a person needs to mend the matter - the place, the value, the remedy - goes
 * into the struct bp_fail that the caller hands down.  HTTP status and message
 * are looked up from the code and never said a second time.
 */
#include <stdbool.h>

enum bp_error {
#define ERR(name, code, http, msg) BP_E_##name,
#include "base/errors.def"
#undef ERR
	BP_E__MAX
};

struct bp_error_info {
	const char *name;    /* "LOCK_TAKEN" */
	const char *code;    /* "ERR_LOCK_001", as it goes over the wire */
	int http;            /* HTTP status */
	const char *message; /* English, to be handed to gettext */
};
extern const struct bp_error_info bp_errors[BP_E__MAX];

/* What went wrong this time.  Owned by whoever began the work (request, job, command). */
struct bp_fail {
	enum bp_error code;
	char detail[512]; /* UTF-8, may be cut at a character boundary */
};

/* Record the code and a detail made by printf rules; returns the code, so that
 * "return bp_fail(f, ...)" reads well.  `f` may be NULL.  The first failure stays:
 * clean-up that also fails must not hide the cause. */
enum bp_error bp_fail(struct bp_fail *f, enum bp_error code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void bp_fail_clear(struct bp_fail *f);

/* The error for an errno of a file operation: ENOSPC, EDQUOT and EFBIG are DISK_FULL. */
enum bp_error bp_error_of_errno(int err);

/* Marks a message for xgettext. */
#define N_(s) s

#endif
