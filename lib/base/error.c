/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct bp_error_info bp_errors[BP_E__MAX] = {
#define ERR(name, code, http, msg) [BP_E_##name] = {#name, code, http, msg},
#include "base/errors.def"
#undef ERR
};

enum bp_error bp_fail(struct bp_fail *f, enum bp_error code, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (!f || f->code != BP_E_OK)
		return code;
	f->code = code;
	va_start(ap, fmt);
	vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
	/* Do not leave half of a UTF-8 character at the cut. */
	n = strlen(f->detail);
	if (n == sizeof(f->detail) - 1) {
		while (n && ((unsigned char)f->detail[n - 1] & 0xC0) == 0x80)
			n--;
		if (n && (unsigned char)f->detail[n - 1] >= 0xC0)
			n--;
		f->detail[n] = '\0';
	}
	return code;
}

void bp_fail_clear(struct bp_fail *f)
{
	f->code = BP_E_OK;
	f->detail[0] = '\0';
}

enum bp_error bp_error_of_errno(int err)
{
	return err == ENOSPC || err == EDQUOT || err == EFBIG ? BP_E_DISK_FULL : BP_E_INTERNAL;
}
