/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/pipe.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

static bool transfer(int fd, void *data, size_t n, bool out)
{
	for (char *p = data; n;) {
		ssize_t k = out ? write(fd, p, n) : read(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

bool bp_pipe_put(int fd, const void *data, size_t n)
{
	return transfer(fd, (void *)(uintptr_t)data, n, true);
}

bool bp_pipe_get(int fd, void *data, size_t n)
{
	return transfer(fd, data, n, false);
}
