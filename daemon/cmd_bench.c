/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan bench NAME: the benchmarks, one function each. */
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"

#define BENCH(name, fn, what) int fn(int argc, char **argv);
#include "daemon/benches.def"
#undef BENCH

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} benches[] = {
#define BENCH(name, fn, what) {name, fn, what},
#include "daemon/benches.def"
#undef BENCH
};
#define BENCHES (sizeof(benches) / sizeof(*benches))

int cmd_bench(int argc, char **argv)
{
	for (size_t i = 0; i < BENCHES && argc > 1; i++)
		if (!strcmp(argv[1], benches[i].name))
			return benches[i].run(argc - 1, argv + 1);
	if (argc > 1)
		fprintf(stderr, "beatplan bench: there is no benchmark '%s'\n", argv[1]);
	fputs("usage: beatplan bench NAME [OPTIONS] [--json]\n", stderr);
	for (size_t i = 0; i < BENCHES; i++)
		fprintf(stderr, "  %-10s %s\n", benches[i].name, benches[i].what);
	return 2;
}
