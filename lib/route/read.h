/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_READ_H
#define BP_ROUTE_READ_H
/*
 * Readers of problem files.  The format is found from the content:
 *   {            our own journey format (JSON, see README.md)
 *   NAME ...     CVRPLIB / TSPLIB: CVRP, duration limit, VRPTW, PCVRPTW, MDVRPTW
 *   digits       Cordeau: PVRP (type 1), MDVRP (2), MDPVRP (8)
 *   else         Solomon, Gehring and Homberger
 * A file that lies (about its dimension, its sections, its numbers) is refused with
 * IMPORT_FORMAT and the line in *f.
 */
#include <stddef.h>

#include "base/arena.h"
#include "route/route.h"

struct rt_file {
	struct rt_problem p; /* arrays belong to the arena */
	struct bp_arena arena;
	double unit;         /* cost units of one unit of the file: shown cost = cost / unit */
	bool fleet_first;    /* fewest vehicles first, then distance (Solomon) */
	char kind[16];       /* "CVRP", "VRPTW", "PVRP", "journey", ... */
};

enum bp_error rt_file_read(struct rt_file *out, const char *path, struct bp_fail *f);
/* The same from memory; text[size] must be 0. */
enum bp_error rt_file_parse(struct rt_file *out, char *text, size_t size, struct bp_fail *f);
void rt_file_release(struct rt_file *file);

/* Write a plan: "Route #1: 5 8 2" with need ids, and seat and day where there are several kinds. */
enum bp_error rt_sol_write(const char *path, const struct rt_file *file,
	const struct rt_solution *s, struct bp_fail *f);
/* Read such a file, or a CVRPLIB .sol, as a plan of the problem. */
enum bp_error rt_sol_read(const char *path, const struct rt_file *file, struct rt_solution *s,
	struct bp_fail *f);

/* Write a problem (RT_GEO) in the journey format; read back it is the same but for places, of which each
 * need and seat then has its own.  Legs known to the end place of a seat that is not its start are lost. */
enum bp_error rt_journey_write(const char *path, const struct rt_problem *p, struct bp_fail *f);

/* For the readers: the most vehicles times days or depots, a cursor over the text, and a problem with n needs and v vehicles. */
#define RT_FILE_SEATS_MOST 10000
struct rt_text {
	char *at, *end;
	int32_t line;
	struct bp_fail *f;
};
bool rt_text_number(struct rt_text *t, double *v); /* next number, over white space and line ends */
enum bp_error rt_text_bad(struct rt_text *t, const char *what);
void rt_file_alloc(struct rt_file *out, int32_t needs, int32_t seats, int32_t places);
int32_t rt_file_scaled(double v, double unit, bool *bad);

enum bp_error rt_read_vrp(struct rt_file *out, struct rt_text *t);
enum bp_error rt_read_solomon(struct rt_file *out, struct rt_text *t);
enum bp_error rt_read_cordeau(struct rt_file *out, struct rt_text *t);
enum bp_error rt_read_journey(struct rt_file *out, struct rt_text *t);

#endif
