/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan verify FILE OUT [--max-changed N]: check a plan against its problem with the independent checker. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd_solve.h"

enum bp_error verify_files(const char *problem, const char *plan, const struct rt_params *a,
	struct rt_verdict *v, double *unit, struct bp_fail *f)
{
	struct rt_file file;
	struct rt_solution s;
	enum bp_error err = rt_file_read(&file, problem, f);

	if (err != BP_E_OK)
		return err;
	rt_solution_init(&s);
	err = rt_sol_read(plan, &file, &s, f);
	if (err == BP_E_OK)
		err = rt_check(&file.p, a, &s, v, f);
	*unit = file.unit;
	rt_solution_release(&s);
	rt_file_release(&file);
	return err;
}

int verify_main(int argc, char **argv)
{
	static const struct option longs[] = {{"max-changed", 1, 0, 'm'}, {0, 0, 0, 0}};
	struct rt_params a;
	struct rt_verdict v;
	struct bp_fail f = {0};
	enum bp_error err;
	double unit;
	int c;

	rt_params_default(&a);
	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) == 'm')
		a.max_changed = (int32_t)strtol(optarg, NULL, 10);
	if (c != -1 || optind + 2 != argc) {
		fputs("usage: beatplan verify FILE OUT [--max-changed N]\n", stderr);
		return 2;
	}
	err = verify_files(argv[optind], argv[optind + 1], &a, &v, &unit, &f);
	if (err != BP_E_OK) {
		fprintf(stderr, "beatplan verify: %s: %s\n", bp_errors[err].message, f.detail);
		return 1;
	}
	printf("%s: cost %.*f, %d tours, %d visits, %d unserved%s%s\n", v.broken ? "BROKEN" : "holds",
		unit > 1 ? 4 : 0, (double)v.cost.total / unit, v.cost.tours, v.visits, v.missing,
		v.broken ? ": " : "", v.what);
	return v.broken || v.unserved_mandatory ? 1 : 0;
}
