/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_DOCTOR_H
#define BP_DAEMON_DOCTOR_H
/* What the doctor finds in a state, for the shell and for support. */
#include <jansson.h>

#include "daemon/state.h"
#include "health/doctor.h"

/* `out` has BP_CHECK__MAX places; the caller releases `conf`. Works while the database is down. */
enum bp_error bp_doctor_look(const struct bp_state *s, struct bp_conf *conf, struct bp_finding *out, struct bp_fail *f);
json_t *bp_doctor_json(const struct bp_finding *f);

#endif
