/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/room.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "setting/setting.h"

const char *const bp_folders[] = {"state", "uploads", "database", "binlog", "logs", "backups", NULL};

bool bp_disk(const char *dir, int64_t *free, int64_t *size)
{
	struct statvfs v;

	if (statvfs(dir, &v) || !v.f_blocks)
		return false;
	*free = (int64_t)(v.f_bavail * v.f_frsize);
	*size = *free + (int64_t)((v.f_blocks - v.f_bfree) * v.f_frsize);
	return true;
}

bool bp_disks(const struct bp_conf *c, struct bp_disk out[BP_FOLDER__MAX])
{
	const bool database = bp_conf_runs(c, "database") || bp_conf_runs(c, "replica");
	const struct {
		const char *dir, *below;
		bool here;
	} at[BP_FOLDER__MAX] = {[BP_FOLDER_STATE] = {c->dir, "", true}, [BP_FOLDER_UPLOADS] = {c->upload_dir, "", true},
		[BP_FOLDER_DATABASE] = {c->dir, "/db", database}, [BP_FOLDER_BINLOG] = {c->dir, "/binlog", database}, [BP_FOLDER_LOGS] = {c->dir, "/log", true},
		[BP_FOLDER_BACKUPS] = {c->backup_dir, "", strcmp(c->backup_dir, "off")}};
	int64_t kept = 100 - bp_setting(BP_SETTING_disk_full_percent);
	bool full = false;

	memset(out, 0, BP_FOLDER__MAX * sizeof(*out));
	for (int i = 0; i < BP_FOLDER__MAX; i++) {
		char path[1200];
		struct stat st;

		snprintf(path, sizeof(path), "%s%s", at[i].dir, at[i].below);
		if (!at[i].here || stat(path, &st) || !bp_disk(path, &out[i].free, &out[i].size))
			continue;
		out[i].device = (uint64_t)st.st_dev;
		out[i].full = out[i].free * 100 < out[i].size * kept;
		full = full || out[i].full;
	}
	return full;
}

bool bp_disk_told(const struct bp_disk *all, int folder)
{
	for (int i = 0; i < folder; i++)
		if (all[i].size && all[i].device == all[folder].device)
			return true;
	return false;
}

enum bp_error bp_room(const struct bp_conf *c, struct bp_fail *f)
{
	struct bp_disk d[BP_FOLDER__MAX];

	if (bp_disks(c, d))
		for (int i = 0; i < BP_FOLDER_LOGS; i++)
			if (d[i].full)
				return bp_fail(f, BP_E_DISK_FULL, "%lld %% of the disk are free (%s), and below %d %% nothing is begun that writes much: make room, or have "
					"the setting disk_full_percent raised", (long long)(d[i].free * 100 / d[i].size), bp_folders[i],
					100 - (int)bp_setting(BP_SETTING_disk_full_percent));
	return BP_E_OK;
}
