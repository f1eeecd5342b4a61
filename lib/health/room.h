/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_ROOM_H
#define BP_HEALTH_ROOM_H
/* Work that writes much is not begun on a disk that is nearly full: what room there is belongs to what people do by hand. */
#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"

/* What lies on this machine, each on a disk of its own perhaps. */
enum bp_folder { BP_FOLDER_STATE, BP_FOLDER_UPLOADS, BP_FOLDER_DATABASE, BP_FOLDER_BINLOG, BP_FOLDER_LOGS, BP_FOLDER_BACKUPS, BP_FOLDER__MAX };
extern const char *const bp_folders[]; /* "state", ..., NULL */
struct bp_disk {
	int64_t free, size; /* bytes, as df counts; size 0: it is not on this machine, or cannot be told */
	uint64_t device;    /* which file system it is: several folders may lie on one */
	bool full;          /* fuller than disk_full_percent */
};
/* The file system of `dir`: what we may still write, and that with what is written. False when it cannot be told. */
bool bp_disk(const char *dir, int64_t *free, int64_t *size);
/* Of each folder, and whether one of them is full. */
bool bp_disks(const struct bp_conf *c, struct bp_disk out[BP_FOLDER__MAX]);
/* The folder's disk was told under the name of an earlier one. */
bool bp_disk_told(const struct bp_disk *all, int folder);

/* OK, or DISK_FULL with where and how much is free, when a disk that work is written to is full. Neither a full disk of logs nor one of
 * backups keeps anybody from working. */
enum bp_error bp_room(const struct bp_conf *c, struct bp_fail *f);

#endif
