/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an import that goes wrong is stopped: too many rows of a file are rejected. */
#include "intake/intake.h"
#include "queries.h"

enum bp_error im_limits_load(struct im_work *w, struct im_limits *out)
{
	struct q_import_limits r;
	enum bp_error e = q_import_limits(w->db, w->arena, (int64_t)w->session, &r);

	if (!e)
		*out = (struct im_limits){(uint64_t)r.stop_percent, (uint64_t)r.stop_after, (uint64_t)r.stop_rows, r.publish != 0};
	return e;
}

enum bp_error im_limits_hold(const struct im_limits *l, const char *name, uint64_t read, uint64_t rejected, bool end, struct bp_fail *f)
{
	bool enough = read >= l->after || (end && l->unattended);

	if (l->rows && rejected > l->rows)
		return bp_fail(f, BP_E_IMPORT_STOPPED, "%llu of the first %llu rows of %s are rejected, %llu are allowed: mend the file or its mapping, or allow more",
			(unsigned long long)rejected, (unsigned long long)read, name, (unsigned long long)l->rows);
	if (l->percent && enough && rejected * 100 > read * l->percent)
		return bp_fail(f, BP_E_IMPORT_STOPPED, "%llu of the first %llu rows of %s are rejected, %llu %% are allowed: mend the file or its mapping, or allow more",
			(unsigned long long)rejected, (unsigned long long)read, name, (unsigned long long)l->percent);
	return BP_E_OK;
}
