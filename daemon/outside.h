/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_OUTSIDE_H
#define BP_DAEMON_OUTSIDE_H
/* The worker's thread for the webhook and the heartbeat; the first bp_alarm_tick begins it. */

/* At the end of the program, when nothing ticks any more: what is on its way is broken off, and tried again later. */
void bp_outside_end(void);

#endif
