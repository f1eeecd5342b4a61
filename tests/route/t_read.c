/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers: the formats of the field in miniature, and files that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "route/read.h"

static const char vrp[] = "NAME : tiny\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\n"
			  "CAPACITY : 10\nNODE_COORD_SECTION\n1 0 0\n2 0 10\n3 10 0\n4 10 10\n"
			  "DEMAND_SECTION\n1 0\n2 5\n3 5\n4 5\nDEPOT_SECTION\n1\n-1\nEOF\n";
static const char solomon[] = "R101\n\nVEHICLE\nNUMBER CAPACITY\n 2 20\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD.\n\n"
			      "0 0 0 0 0 100 0\n1 3 4 5 10 20 5\n2 6 8 5 30 40 5\n";
static const char pvrp[] = "1 1 2 4\n0 10\n0 10\n0 10\n0 10\n0 0 0 0 0 0 0\n"
			   "1 3 4 0 5 2 2 5 10\n2 6 8 0 5 1 4 1 2 4 8\n";
static const char mdvrp[] = "2 1 2 2\n0 10\n100 10\n1 3 4 0 5 1 2 1 2\n2 6 8 0 5 1 2 1 2\n"
			    "3 0 0 0 0 0 0\n4 9 9 0 0 0 0\n";
static const char mdpvrp[] = "8 1 2 2 2\n0 10\n0 10\n0 10\n0 10\n3 0 0 0 0 0 0\n4 10 0 0 0 0 0\n"
			     "1 4 0 0 6 2 1 3\n2 1 0 0 6 1 1 2\n";
static const char journey[] =
	"{\"weeks\":2,\"days_per_week\":5,\"seats\":[{\"id\":7,\"lat\":12.97,\"lon\":77.59}],"
	"\"needs\":[{\"id\":1,\"lat\":12.98,\"lon\":77.6,\"visits\":2},"
	"{\"id\":2,\"lat\":12.96,\"lon\":77.6,\"windows\":[[36000,39600]],\"seats\":[7]},"
	"{\"id\":3}],\"given\":[{\"need\":1,\"seat\":7,\"day\":3}]}";

static enum bp_error parse(struct rt_file *file, const char *text, struct bp_fail *f)
{
	char *copy = strdup(text);
	enum bp_error err;

	memset(f, 0, sizeof(*f));
	err = rt_file_parse(file, copy, strlen(copy), f);
	free(copy);
	return err;
}

static void solved(const char *text, const char *kind, double cost, int32_t unserved)
{
	struct rt_params a;
	struct rt_file file;
	struct rt_solution s;
	struct bp_fail f;

	rt_params_default(&a);
	a.iterations = 500;
	if (parse(&file, text, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	assert_string_equal(file.kind, kind);
	rt_solution_init(&s);
	if (rt_solve(&file.p, &a, &s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	assert_int_equal(s.n_unserved, unserved);
	if (cost > 0)
		assert_true((double)s.cost.total / file.unit - cost < 0.01 &&
			    cost - (double)s.cost.total / file.unit < 0.01);
	rt_solution_release(&s);
	rt_file_release(&file);
}

static void each_format_is_read_and_solved(void **unused)
{
	(void)unused;
	solved(vrp, "CVRP", 54, 0); /* 10+10+14 and 10+10 */
	solved(solomon, "VRPTW", 20, 0);
	solved(pvrp, "PVRP", 30, 0); /* need 1 on two days, need 2 along with it */
	solved(mdvrp, "MDVRP", 15.9725, 0);
	solved(mdpvrp, "MDPVRP", 26, 0); /* both visits of need 1 from the second depot; 22 with one from each */
	solved(journey, "journey", 0, 1);
}

static void the_journey_format_carries_its_fields(void **unused)
{
	struct rt_file file;
	struct bp_fail f;

	(void)unused;
	assert_int_equal(parse(&file, journey, &f), BP_E_OK);
	assert_int_equal(file.p.n_needs, 3);
	assert_int_equal(file.p.needs[0].visits, 2);
	assert_int_equal(file.p.needs[0].gap, 5);
	assert_int_equal(file.p.n_windows, 1);
	assert_int_equal(file.p.needs[1].seat_set, 0);
	assert_int_equal(file.p.places[file.p.needs[2].place].x, RT_NO_COORD);
	assert_int_equal(file.p.n_given, 1);
	assert_int_equal(file.p.given[0].day, 3);
	rt_file_release(&file);
}

static void a_plan_survives_the_way_through_a_file(void **unused)
{
	struct rt_params a;
	struct rt_file file;
	struct rt_solution s, back;
	struct bp_fail f;
	char name[] = "/tmp/t_read_XXXXXX";
	int fd = mkstemp(name);

	(void)unused;
	assert_true(fd >= 0);
	close(fd);
	rt_params_default(&a);
	a.iterations = 300;
	rt_solution_init(&s);
	rt_solution_init(&back);
	assert_int_equal(parse(&file, pvrp, &f), BP_E_OK);
	assert_int_equal(rt_solve(&file.p, &a, &s, &f), BP_E_OK);
	assert_int_equal(rt_sol_write(name, &file, &s, &f), BP_E_OK);
	assert_int_equal(rt_sol_read(name, &file, &back, &f), BP_E_OK);
	assert_int_equal(back.plan_hash, s.plan_hash);
	rt_solution_release(&s);
	rt_solution_release(&back);
	rt_file_release(&file);
	unlink(name);
}

static void files_that_lie_are_refused(void **unused)
{
	static const char *const bad[] = {
		"", "   \n", "hello", "NAME : x\nDIMENSION : 3\nNODE_COORD_SECTION\n1 0 0\n2 1 1\nEOF\n",
		"NAME : x\nDIMENSION : 99999999999\n", "NAME : x\nDIMENSION : -4\n",
		"NAME : x\nNODE_COORD_SECTION\n1 0 0\n",
		"NAME : x\nDIMENSION : 1\nNODE_COORD_SECTION\n7 0 0\n",
		"NAME : x\nDIMENSION : 1\nNODE_COORD_SECTION\n1 nan 0\n",
		"NAME : x\nDIMENSION : 1\nNODE_COORD_SECTION\n1 1e300 0\nDEPOT_SECTION\n1\n-1\n",
		"NAME : x\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\n",
		"NAME : x\nDIMENSION : 2\nDEPOT_SECTION\n-1\nEOF\n",
		"1 2 3\n", "9 1 2 4\n", "1 1 2 4\n0 10\n", "1 1 1 2\n0 0\n0 0\n0 0 0 0 0 0 0\n1 1 1 0 1 1 1 9\n",
		"R1\nVEHICLE\nNUMBER CAPACITY\n", "R1\nVEHICLE\nNUMBER CAPACITY\n2 20\n0 1 2\n",
		"{", "{\"weeks\":0}", "{\"weeks\":\"x\"}", "{\"needs\":[{\"visits\":-1}]}",
		"{\"needs\":[{\"lat\":95,\"lon\":1}]}", "{\"needs\":[{\"seats\":[1]}]}",
		"{\"needs\":[{\"windows\":[[5,1]]}]}", "{\"needs\":[{\"days\":[99]}]}",
		/* Lies about the dimension: too many rows, one twice, sections of the type missing. */
		"NAME : x\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n3 2 2\nDEPOT_SECTION\n1\n-1\nEOF\n",
		"NAME : x\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n1 1 1\nDEPOT_SECTION\n1\n-1\nEOF\n",
		"NAME : x\nDIMENSION : 2\nDEMAND_SECTION\n1 0\n2 1\nDEPOT_SECTION\n1\n-1\nEOF\n",
		"NAME : x\nTYPE : VRPTW\nDIMENSION : 1\nNODE_COORD_SECTION\n1 0 0\nDEPOT_SECTION\n1\n-1\n",
		"R1\nVEHICLE\nNUMBER CAPACITY\n2 20\n0 0 0 0 0 9 0\n2 0 0 0 0 9 0\n",
		"R1\nVEHICLE\nNUMBER CAPACITY\n2 20\n0 0 0 0 0 9 0\n1 0 0 0 0 9 0\nx 0 0\n",
		"2 1 1 1\n0 10\n1 3 4 0 5 1 2 1 2\n2 0 0 0 0 0 0\n3 9 9 0 0 0 0\n",
		/* Huge numbers. */
		"NAME : x\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n2 900000000 0\nDEPOT_SECTION\n1\n-1\n",
		"NAME : x\nCAPACITY : 1e308\n", "1 1 1e9 1\n", "1 1 -1 1\n", "2 1 1 1\n0 10\n-1 0 0 0 0 1 0\n1 0 0 0 0 1 0\n",
		"{\"needs\":[{\"visits\":1e300}]}", "{\"needs\":[{\"id\":99999999999999999999}]}",
		"{\"needs\":[{\"lat\":1e999,\"lon\":0}]}", "{\"needs\":[{\"lat\":NaN,\"lon\":0}]}",
		/* What would otherwise be dropped in silence. */
		"{\"neds\":[]}", "{\"needs\":{}}", "{\"needs\":[7]}", "{\"needs\":[{\"visit\":2}]}",
		"{\"needs\":[{\"visits\":1.5}]}", "{\"needs\":[{\"lat\":1}]}", "{\"needs\":[{\"mandatory\":\"no\"}]}",
		"{\"needs\":[{\"area\":\"town\"}]}", "{\"needs\":[{\"windows\":5}]}", "{\"needs\":[{\"id\":1},{\"id\":1}]}",
		"{\"seats\":[{\"id\":1},{\"id\":1}]}", "{\"profiles\":[{\"vehicle\":\"tram\"}]}",
		"{\"seats\":[{\"shifts\":[1]}]}", "{\"needs\":[{\"patterns\":[[0,1]]}]}",
		"{\"needs\":[{\"id\":1}],\"given\":[{\"need\":1,\"seat\":4}]}",
		"{\"needs\":[{\"id\":1}],\"legs\":[{\"need\":1,\"other\":1}]}", "{\"weeks\":2} x",
		"{\"seats\":[{\"shift_start\":86400,\"shift\":86400,\"overtime_max\":1e9}]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rt_file file;
		struct bp_fail f;
		enum bp_error err = parse(&file, bad[i], &f);

		if (err == BP_E_OK || f.detail[0] == '\0')
			fail_msg("accepted: %s", bad[i]);
	}
}

/* Every file cut off anywhere, or with any byte replaced, is refused with its place or read and planned, never worse. */
static void broken_files_do_no_harm(void **unused)
{
	static const char *const whole[] = {vrp, solomon, pvrp, mdvrp, journey};
	static const char junk[] = {0, ' ', '-', '9', 'e', '\n', '"', (char)0xff};
	uint64_t dice = 1;

	(void)unused;
	for (size_t i = 0; i < 5 * 400; i++) {
		struct rt_params a;
		struct rt_solution s;
		struct rt_file file;
		struct bp_fail f = {0};
		size_t n = strlen(whole[i % 5]), at;
		char *part = strdup(whole[i % 5]);

		dice = dice * 6364136223846793005u + 1442695040888963407u;
		at = (size_t)(dice >> 33) % n;
		if (i / 5 < n)
			n = i / 5;
		else
			part[at] = junk[dice >> 61];
		part[n] = 0;
		if (rt_file_parse(&file, part, n, &f) != BP_E_OK) {
			assert_true(f.detail[0] != 0);
			free(part);
			continue;
		}
		rt_params_default(&a);
		a.iterations = 20;
		rt_solution_init(&s);
		if (rt_solve(&file.p, &a, &s, &f) != BP_E_OK)
			assert_int_equal(f.code, BP_E_OPT_INPUT);
		rt_solution_release(&s);
		rt_file_release(&file);
		free(part);
	}
}

static void the_place_of_the_fault_is_told(void **unused)
{
	struct rt_file file;
	struct bp_fail f;

	(void)unused;
	parse(&file, "NAME : x\nDIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n2 nan 1\n", &f);
	assert_non_null(strstr(f.detail, "line 5"));
	parse(&file, "R1\nVEHICLE\nNUMBER CAPACITY\n2 20\n0 0 0 0 0 9 0\n1 5\n", &f);
	assert_non_null(strstr(f.detail, "line 7"));
	parse(&file, "{\"needs\":[{\"id\":1,\"lat\":1,\"lon\":2},{\"id\":2,\"lat\":91,\"lon\":2}]}", &f);
	assert_non_null(strstr(f.detail, "needs[1].lat"));
	parse(&file, "{\n\"needs\":[\n}", &f);
	assert_non_null(strstr(f.detail, "line 3"));
}

/* A plan file that lies is refused, too. */
static void plans_that_lie_are_refused(void **unused)
{
	static const char *const bad[] = {"Route #1 seat 7 day 3: 9\n", "Route #1 seat 8 day 3: 1\n",
		"Route #1 seat 7 day 99: 1\n", "Route #1 seat 7 day 3 1 2\n", "Route #1 seat 7 day 3: 1 x\n",
		"Route #1 seat 7 day 3: 99999999999999999999999\n"};
	char name[] = "/tmp/t_read_XXXXXX";
	struct rt_file file;
	struct bp_fail f;
	int fd = mkstemp(name);

	(void)unused;
	assert_int_equal(parse(&file, journey, &f), BP_E_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct rt_solution s;

		rt_solution_init(&s);
		f = (struct bp_fail){0};
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, bad[i], strlen(bad[i]), 0), strlen(bad[i]));
		if (rt_sol_read(name, &file, &s, &f) != BP_E_IMPORT_FORMAT || !strstr(f.detail, "line 1"))
			fail_msg("accepted: %s", bad[i]);
		rt_solution_release(&s);
	}
	close(fd);
	unlink(name);
	rt_file_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_is_read_and_solved),
		cmocka_unit_test(the_journey_format_carries_its_fields),
		cmocka_unit_test(a_plan_survives_the_way_through_a_file),
		cmocka_unit_test(files_that_lie_are_refused),
		cmocka_unit_test(broken_files_do_no_harm),
		cmocka_unit_test(the_place_of_the_fault_is_told),
		cmocka_unit_test(plans_that_lie_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
