/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/fix.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"

const struct im_fix_info im_fix_kinds[IM_FIX__MAX] = {
#define FIX(id, name, rules, value, label) [IM_FIX_##id] = {name, rules, label, value},
#include "intake/fixes.def"
#undef FIX
};

static size_t slot_of(const struct im_fixes *fs, int column, const char *s)
{
	uint32_t h = 2166136261u ^ (uint32_t)column;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return (h ^ h >> 15) & (fs->slots - 1);
}

void im_fixes_index(struct im_fixes *fs, struct im_fix *fix, size_t n, struct bp_arena *a)
{
	memset(fs, 0, sizeof(*fs));
	fs->fix = fix;
	fs->n = n;
	for (fs->slots = 16; fs->slots < n * 2; fs->slots *= 2)
		;
	fs->slot = bp_alloc_array(a, fs->slots, sizeof(struct im_fix *));
	for (size_t i = 0; i < n; i++) {
		size_t k;

		if (fix[i].kind != IM_FIX_VALUE || fix[i].column < 0)
			continue;
		for (k = slot_of(fs, fix[i].column, fix[i].from); fs->slot[k]; k = (k + 1) & (fs->slots - 1))
			;
		fs->slot[k] = &fix[i];
		fs->words[fix[i].column] = true;
	}
}

struct im_fix *im_fix_of(const struct im_fixes *fs, enum im_rule rule, int column)
{
	for (size_t i = 0; fs && i < fs->n; i++)
		if (fs->fix[i].rule == rule && fs->fix[i].kind != IM_FIX_VALUE && (column < 0 || fs->fix[i].column == column))
			return &fs->fix[i];
	return NULL;
}

struct im_fix *im_fix_value(const struct im_fixes *fs, int column, const char *s)
{
	if (!fs || !fs->words[column])
		return NULL;
	for (size_t k = slot_of(fs, column, s); fs->slot[k]; k = (k + 1) & (fs->slots - 1))
		if (fs->slot[k]->column == column && !strcmp(fs->slot[k]->from, s))
			return fs->slot[k];
	return NULL;
}

enum im_fix_kind im_fix_kind_of(const char *name)
{
	int k = 0;

	while (k < IM_FIX__MAX && strcmp(im_fix_kinds[k].name, name))
		k++;
	return (enum im_fix_kind)k;
}

enum im_rule im_rule_of(const char *code)
{
	int r = 0;

	while (r < IM_R__MAX && strcmp(im_rules[r].code, code))
		r++;
	return (enum im_rule)r;
}

bool im_fix_suits(enum im_fix_kind kind, const char *rule)
{
	size_t n = strlen(rule);

	for (const char *p = im_fix_kinds[kind].rules; *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (strcspn(p, " ") == n && !memcmp(p, rule, n))
			return true;
	return false;
}
