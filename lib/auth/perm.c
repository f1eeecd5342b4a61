/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/perm.h"

#include <stddef.h>
#include <string.h>

#include "base/error.h"

const struct bp_perm_info bp_perms[BP_PERM__MAX] = {
#define PERM(name, what) {#name, what},
#include "auth/perms.def"
};

#define P(name) BP_PERM_BIT(BP_PERM_##name)
const struct bp_role bp_roles[] = {
#define ROLE(name, label, ...) {#name, label, __VA_ARGS__},
#include "auth/perms.def"
	{NULL, NULL, 0},
};

const struct bp_role *bp_role_find(const char *name)
{
	for (const struct bp_role *r = bp_roles; r->name; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}
