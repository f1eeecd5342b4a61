# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/health/libhealth.a
lib_health_libhealth_a_SOURCES = lib/health/health.c lib/health/health.h lib/health/alarm.c lib/health/alarm.h lib/health/room.c lib/health/room.h lib/health/alarms.def lib/health/machines.c lib/health/machines.h lib/health/doors.c lib/health/doors.h lib/health/memory.c lib/health/memory.h lib/health/served.c lib/health/served.h lib/health/print.c lib/health/doctor.c lib/health/doctor_machine.c lib/health/doctor_tls.c lib/health/doctor.h lib/health/sending.c lib/health/sending.h lib/health/checks.def
