/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_SERVED_H
#define BP_HEALTH_SERVED_H
/* The certificate that the web server of this machine shows: another than the file holds, when that was renewed and not loaded yet. */
#include <stdint.h>

#include "base/conf.h"

#define BP_CERTIFICATE_WARN_DAYS 30
#define BP_CERTIFICATE_BAD_DAYS 7

struct bp_served {
	bool tls;        /* this machine has one to show */
	bool shown;      /* it did; otherwise `ends` is of the file, as far as that can be read */
	int64_t ends;    /* seconds since 1970, 0 = it cannot be told */
};
/* Asked of the web server once a minute, and remembered. */
struct bp_served bp_certificate(const struct bp_conf *c);
/* Days that it is good for still, below 0 = it is over. */
int64_t bp_certificate_days(const struct bp_served *s);

#endif
