/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind OUTLET_WORDS; subject = 0, all outlets. */
#include <inttypes.h>

#include "daemon/kinds.h"
#include "intake/search.h"

enum bp_error bp_kind_outlet_words(struct bp_job_run *run)
{
	uint64_t after = 0;
	enum bp_error e = BP_E_OK;

	do
		if (!(e = bp_job_report(run, "words", 50, bp_sprintf(run->arena, "{\"behind\":%" PRIu64 "}", after))))
			e = im_search_follow(run->db, run->arena, after, &after);
	while (!e && after);
	return e;
}
