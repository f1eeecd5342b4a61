/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/rotate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"

#define PART (1u << 20)
#define NAME_SIZE (sizeof(((struct dirent *)NULL)->d_name) + 16)

static void numbered(char out[NAME_SIZE], const char *name, int n)
{
	snprintf(out, NAME_SIZE, "%s.%d", name, n);
}

/* What lies aside goes up by one, the last one goes. */
static void make_room(int dir, const char *name, int keep)
{
	char from[NAME_SIZE], to[NAME_SIZE];

	numbered(to, name, keep);
	unlinkat(dir, to, 0);
	for (int n = keep - 1; n > 0; n--) {
		numbered(from, name, n);
		numbered(to, name, n + 1);
		renameat(dir, from, dir, to);
	}
}

/* False, and the log stays as it is, when it cannot be copied whole. */
static bool copy(int dir, int in, const char *to)
{
	int out = openat(dir, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n = -1;

	/* To where it ends by now: what a program writes between that and the cut is lost, some microseconds of it. */
	while (out >= 0 && ((n = sendfile(out, in, NULL, PART)) > 0 || (n < 0 && errno == EINTR)))
		;
	if (out >= 0)
		close(out);
	if (n)
		unlinkat(dir, to, 0);
	return !n;
}

static void set_aside(int dir, const char *name, int64_t most, int keep)
{
	char first[NAME_SIZE];
	int in = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (in >= 0 && !fstat(in, &st) && S_ISREG(st.st_mode) && st.st_size > most) {
		numbered(first, name, 1);
		if (keep)
			make_room(dir, name, keep);
		if ((keep && !copy(dir, in, first)) || ftruncate(in, 0))
			bp_log(BP_LOG_WARN, "ev=rotate_failed name=%s detail=\"%s\"", name, strerror(errno));
	}
	if (in >= 0)
		close(in);
}

void bp_rotate(const char *folder, int64_t most, int keep)
{
	DIR *d = opendir(folder);

	for (struct dirent *x; d && (x = readdir(d));) {
		size_t n = strlen(x->d_name);

		if (n > 4 && !strcmp(x->d_name + n - 4, ".log"))
			set_aside(dirfd(d), x->d_name, most, keep);
	}
	if (d)
		closedir(d);
}
