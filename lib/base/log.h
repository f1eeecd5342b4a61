/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_LOG_H
#define BP_BASE_LOG_H
/*
 * The log: one line per request, job and noteworthy event, key=value after a
 * UTC time stamp and a level, on standard error (the supervisor keeps the file).
 * Free text is quoted with bp_log_quote, so that a line can always be split.
 */
#include <stddef.h>

enum bp_log_level { BP_LOG_ERROR, BP_LOG_WARN, BP_LOG_INFO, BP_LOG_DEBUG };

/* Say once at start who is speaking ("fcgi", "workerd") and how much is wanted. */
void bp_log_setup(const char *program, enum bp_log_level most);
/* Send each line from now on to the syslog that listens there too ("off" = no). Lines that it does not take stay in the file only. */
void bp_log_copy(const char *socket);
void bp_log(enum bp_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Quote s into out (size bytes, always terminated): "a \"b\"\n" with control characters escaped. */
const char *bp_log_quote(char *out, size_t size, const char *s);

#endif
