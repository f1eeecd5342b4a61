/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_SENDING_H
#define BP_HEALTH_SENDING_H
/* Where backups are sent to (backup_push), and what of it cannot work. */
#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

/* Are they? */
#define bp_sending(c) (strcmp((c)->backup_push, "off"))
/* By a program of the operator's, or by rsync? */
#define bp_sending_program(c) (*(c)->backup_push == '/')
/* By rsync over ssh: not to a server of its own. */
#define bp_sending_ssh(c) (!bp_sending_program(c) && !strstr((c)->backup_push, "::") && strncmp((c)->backup_push, "rsync://", 8))

/* True with why in `why`, when what the configuration says of it, or a program that is not there, makes that impossible. Nothing is asked
 * over the network. */
bool bp_sending_fault(const struct bp_conf *c, char *why, size_t size);

#endif
