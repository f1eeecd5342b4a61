/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/room.h"

#include <sys/statvfs.h>

#include "setting/setting.h"

bool bp_disk(const char *dir, int64_t *free, int64_t *size)
{
	struct statvfs v;

	if (statvfs(dir, &v) || !v.f_blocks)
		return false;
	*free = (int64_t)(v.f_bavail * v.f_frsize);
	*size = *free + (int64_t)((v.f_blocks - v.f_bfree) * v.f_frsize);
	return true;
}

enum bp_error bp_room(const char *dir, struct bp_fail *f)
{
	int64_t kept = 100 - bp_setting(BP_SETTING_disk_full_percent), free, size;

	if (!bp_disk(dir, &free, &size) || free * 100 >= size * kept)
		return BP_E_OK;
	return bp_fail(f, BP_E_DISK_FULL, "%lld %% of the disk are free, and below %lld %% nothing is begun that writes much: make room, or have the setting "
		"disk_full_percent raised", (long long)(free * 100 / size), (long long)kept);
}
