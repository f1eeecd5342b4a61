/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *program_name = "beatplan";
static enum bp_log_level most_wanted = BP_LOG_INFO;
static struct sockaddr_un copy_to;
static int copy = -1;

void bp_log_setup(const char *program, enum bp_log_level most)
{
	program_name = program;
	most_wanted = most;
}

void bp_log_copy(const char *socket_path)
{
	copy_to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(copy_to.sun_path, sizeof(copy_to.sun_path), "%s", socket_path);
	copy = strcmp(socket_path, "off") ? socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) : -1;
}

/* As RFC 3164 has it, facility daemon, without the time, which the line has itself. By address and not by a connection: the
 * syslog may begin anew. */
static void send_copy(enum bp_log_level level, const char *line, size_t n)
{
	static const int severity[] = {3, 4, 6, 7};
	char text[2200];
	int k = snprintf(text, sizeof(text), "<%d>beatplan[%d]: %.*s", 3 << 3 | severity[level], (int)getpid(), (int)n, line);

	if (sendto(copy, text, (size_t)k, MSG_NOSIGNAL, (const struct sockaddr *)&copy_to, sizeof(copy_to)) < 0)
		return;
}

void bp_log(enum bp_log_level level, const char *fmt, ...)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char line[2048];
	struct timespec ts;
	struct tm tm;
	va_list ap;
	size_t n;
	int k;

	if (level > most_wanted)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &tm);
	k = snprintf(line + n, sizeof(line) - n, ".%03ldZ level=%s prog=%s pid=%d ",
		ts.tv_nsec / 1000000, names[level], program_name, (int)getpid());
	n += (size_t)k;
	va_start(ap, fmt);
	k = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	n = strlen(line);
	if (copy >= 0)
		send_copy(level, line, n);
	line[n++] = '\n';
	/* One write, so that lines of several threads and processes do not mix. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

const char *bp_log_quote(char *out, size_t size, const char *s)
{
	size_t n = 0;

	if (n + 3 < size)
		out[n++] = '"';
	for (; *s && n + 7 < size; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\') {
			out[n++] = '\\';
			out[n++] = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			n += (size_t)snprintf(out + n, size - n, "\\x%02x", c);
		} else {
			out[n++] = (char)c;
		}
	}
	if (n + 2 <= size)
		out[n++] = '"';
	out[n < size ? n : size - 1] = '\0';
	return out;
}
