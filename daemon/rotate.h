/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_ROTATE_H
#define BP_DAEMON_ROTATE_H
/* Logs that grow without end are no logs but a full disk: each NAME.log of a folder that is larger than `most` bytes is set aside as
 * NAME.log.1, and so on to `keep`.  Programs hold theirs open to append, so it is copied and emptied, and they go on in the same file. */
#include <stdint.h>

void bp_rotate(const char *folder, int64_t most, int keep);

#endif
