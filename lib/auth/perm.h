/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_PERM_H
#define BP_AUTH_PERM_H
/* Permissions and role presets, from perms.def. A set of permissions is a bit mask. */
#include <stdint.h>

enum bp_perm {
#define PERM(name, what) BP_PERM_##name,
#include "auth/perms.def"
	BP_PERM__MAX
};
#define BP_PERM_BIT(p) (UINT64_C(1) << (p))

struct bp_perm_info {
	const char *name, *what;
};
struct bp_role {
	const char *name, *label;
	uint64_t perms;
};
extern const struct bp_perm_info bp_perms[BP_PERM__MAX];
extern const struct bp_role bp_roles[]; /* ended by name == NULL */

/* The role of that name or NULL. */
const struct bp_role *bp_role_find(const char *name);

#endif
