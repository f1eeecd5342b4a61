/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_PIPE_H
#define BP_DAEMON_PIPE_H
/* All of n bytes through a pipe, whatever signals come; false: the other end is gone. */
#include <stdbool.h>
#include <stddef.h>

bool bp_pipe_put(int fd, const void *data, size_t n);
bool bp_pipe_get(int fd, void *data, size_t n);

#endif
