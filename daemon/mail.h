/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_MAIL_H
#define BP_DAEMON_MAIL_H
/* Mails, by the command that is configured, or into the folder mail/ of the state for somebody to look at. Jobs are the outbox:
 * one that fails is tried again. */
#include "base/conf.h"

/* Plain text in UTF-8. `to` and `subject` hold no line end, or it is refused. */
enum bp_error bp_mail_send(const struct bp_conf *conf, const char *to, const char *subject, const char *text, struct bp_fail *f);

#endif
