/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "daemon/import_run.h"
#include "queries.h"

static const char *const names[] = {"bazaar-distributors.csv", "bazaar-outlets.csv", "bazaar-seats.csv", "florida-distributors.csv",
	"florida-outlets.csv", "florida-mapping.csv", "florida-seats.csv"};
enum { FILES = sizeof(names) / sizeof(names[0]) };

enum bp_error bp_demo_import(struct bp_db *db, const struct bp_conf *conf, const char *dir, bool *loaded, struct bp_fail *f)
{
	struct bp_import_files in = {.n = FILES, .name = "Demo: Florida and Bazaar Town", .quiet = true};
	struct bp_import_outcome out;
	struct q_outlet_any any;
	const char *path[FILES];
	int fd[FILES];
	struct bp_arena a;
	enum bp_error e;

	*loaded = false;
	bp_arena_init(&a, 1 << 20);
	e = q_outlet_any(db, &a, &any);
	if (e != BP_E_NOT_FOUND) {
		bp_arena_release(&a);
		return e;
	}
	e = BP_E_OK;
	for (int i = 0; i < FILES; i++) {
		path[i] = bp_sprintf(&a, "%s/%s", dir, names[i]);
		fd[i] = open(path[i], O_RDONLY | O_CLOEXEC);
		if (fd[i] < 0)
			e = bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path[i], strerror(errno));
	}
	in.path = path;
	in.fd = fd;
	if (!e)
		e = bp_import_run(db, conf, &in, &out, f);
	*loaded = !e;
	for (int i = 0; i < FILES; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	bp_arena_release(&a);
	return e;
}
