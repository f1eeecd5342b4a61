/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_BASE_TEST_H
#define BP_TESTS_BASE_TEST_H
/* What every cmocka test wants, in the order cmocka asks for. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Does fn(ctx) end the process by abort()? It runs in a child with its log thrown away. */
#include <sys/wait.h>
#include <unistd.h>
static inline int aborts(void (*fn)(void *), void *ctx)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		fn(ctx);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#endif
