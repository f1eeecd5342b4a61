# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/plan/libplan.a
lib_plan_libplan_a_SOURCES = lib/plan/profile.c lib/plan/profile.h lib/plan/profile.def lib/plan/config.c lib/plan/config.h \
	lib/plan/model.c lib/plan/windows.c lib/plan/windows.h lib/plan/model.h lib/plan/draft.c lib/plan/draft.h lib/plan/op.c lib/plan/op.h lib/plan/price.c \
	lib/plan/open.c lib/plan/session.h lib/plan/near.c lib/plan/near.h lib/plan/apply.c lib/plan/step.c lib/plan/version.c lib/plan/version.h lib/plan/rows.c lib/plan/rows.h lib/plan/visits.c lib/plan/visits.h \
	lib/plan/optimize.c lib/plan/optimize.h lib/plan/hold.c lib/plan/hold.h lib/plan/explain.c lib/plan/explain.h lib/plan/repeat.c lib/plan/repeat.h lib/plan/replay.c lib/plan/replay.h \
	lib/plan/retention.c lib/plan/retention.h lib/plan/review.c lib/plan/review.h lib/plan/holiday.c lib/plan/holiday.h lib/plan/claim.c lib/plan/claim.h lib/plan/announce.c lib/plan/announce.h lib/plan/elsewhere.c lib/plan/elsewhere.h lib/plan/makeup.c lib/plan/makeup.h lib/plan/recount.c lib/plan/recount.h lib/plan/absence.c lib/plan/absence.h lib/plan/clash.c lib/plan/clash.h lib/plan/chain.c lib/plan/chain.h lib/plan/work.c lib/plan/work.h lib/plan/due.c lib/plan/due.h lib/plan/approval.c lib/plan/approval.h
lib_plan_libplan_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
