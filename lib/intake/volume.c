/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/volume.h"

#include "queries.h"

enum bp_error im_volume_refresh(struct bp_db *db, struct bp_arena *a, uint64_t session)
{
	struct q_sales_newest newest;
	enum bp_error e = q_sales_newest(db, a, &newest);
	bool all = !session || newest.newer;

	if (!e && newest.newer)
		e = q_sales_newest_put(db, newest.month, NULL);
	if (!e)
		e = all ? q_sales_touch_all(db, (int64_t)session, NULL) : q_sales_touch(db, (int64_t)session, NULL);
	if (!e)
		e = q_sales_volumes(db, (int64_t)session, NULL);
	if (!e)
		e = q_sales_volume_put(db, (int64_t)session, NULL);
	return e ? e : q_sales_volume_clear(db, (int64_t)session, NULL);
}
