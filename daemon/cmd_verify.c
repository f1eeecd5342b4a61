/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan verify FILE OUT: check a plan against its problem with the independent checker. */
#include <stdio.h>

#include "cmd_solve.h"
#include "route/read.h"

int verify_main(int argc, char **argv)
{
	struct rt_params a;
	struct rt_file file;
	struct rt_solution s;
	struct rt_verdict v;
	struct bp_fail f = {0};
	enum bp_error err;
	int32_t unserved = 0;

	if (argc != 3) {
		fputs("usage: beatplan verify FILE OUT\n", stderr);
		return 2;
	}
	rt_params_default(&a);
	err = rt_file_read(&file, argv[1], &f);
	if (err != BP_E_OK) {
		fprintf(stderr, "beatplan verify: %s: %s\n", bp_errors[err].message, f.detail);
		return 1;
	}
	rt_solution_init(&s);
	err = rt_sol_read(argv[2], &file, &s, &f);
	if (err == BP_E_OK)
		err = rt_check(&file.p, &a, &s, &v, &f);
	if (err != BP_E_OK) {
		fprintf(stderr, "beatplan verify: %s: %s\n", bp_errors[err].message, f.detail);
	} else {
		for (int32_t i = 0; i < s.n_unserved; i++)
			unserved += s.unserved[i].missing;
		printf("%s: cost %.*f, %d tours, %d visits, %d unserved%s%s\n",
			v.broken ? "BROKEN" : "holds", file.unit > 1 ? 4 : 0,
			(double)v.cost.total / file.unit, v.cost.tours, s.n_visits, unserved,
			v.broken ? ": " : "", v.what);
	}
	rt_solution_release(&s);
	rt_file_release(&file);
	return err != BP_E_OK || v.broken || v.unserved_mandatory ? 1 : 0;
}
