/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_ROOM_H
#define BP_HEALTH_ROOM_H
/* Work that writes much is not begun on a disk that is nearly full: what room there is belongs to what people do by hand. */
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The file system of `dir` in bytes, as df counts: what we may still write, and that with what is written. False when it cannot be told. */
bool bp_disk(const char *dir, int64_t *free, int64_t *size);

/* OK, or DISK_FULL with how much is free of the file system of `dir`, when it is fuller than disk_full_percent. */
enum bp_error bp_room(const char *dir, struct bp_fail *f);

#endif
