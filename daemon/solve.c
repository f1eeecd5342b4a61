/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The solver's subcommands as a program of their own, for benchmarks and fuzzing without a server. */
#include <stdio.h>
#include <string.h>

#include "cmd_solve.h"

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "solve"))
		return solve_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "verify"))
		return verify_main(argc - 1, argv + 1);
	if (argc > 2 && !strcmp(argv[1], "bench") && !strcmp(argv[2], "journey"))
		return bench_journey_main(argc - 2, argv + 2);
	fputs("usage: solve solve|verify|bench journey ...\n", stderr);
	return 2;
}
