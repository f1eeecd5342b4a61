# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/job/libjob.a
lib_job_libjob_a_SOURCES = lib/job/job.c lib/job/job.h lib/job/kinds.def lib/job/schedule.c lib/job/schedule.h lib/job/schedules.def
lib_job_libjob_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
