/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/mending.h"

#include <string.h>

#include "intake/fix.h"

enum bp_error im_mending_wrong(const char **field, const char *name, struct bp_fail *f, const char *why)
{
	*field = name;
	return bp_fail(f, BP_E_FIELDS, "%s", why);
}

enum bp_error im_mend_judge(const struct im_mending *m, const char **field, struct bp_fail *f)
{
	enum im_fix_kind k = im_fix_kind_of(m->kind);

	if (im_rule_of(m->rule) == IM_R__MAX)
		return im_mending_wrong(field, "rule", f, "no rule is called so");
	if (k == IM_FIX__MAX || !im_fix_suits(k, m->rule))
		return im_mending_wrong(field, "kind", f, "does not mend this cause: see the fixes that it names");
	if (k == IM_FIX_VALUE && (!m->from || !m->to))
		return im_mending_wrong(field, m->from ? "to" : "from", f, "say which text is read as which");
	if (k == IM_FIX_FILL && (!m->to || !*m->to))
		return im_mending_wrong(field, "to", f, "say what to put into the empty cells");
	if ((k == IM_FIX_VALUE || k == IM_FIX_FILL) && !m->column)
		return im_mending_wrong(field, "column", f, "say in which column");
	return BP_E_OK;
}

enum bp_error im_mending_parse(const char *s, struct bp_arena *a, struct im_mending *m, struct bp_fail *f)
{
	size_t cause = strcspn(s, "="), rule = strcspn(s, ":=");
	char *what, *to;

	memset(m, 0, sizeof(*m));
	if (!s[cause] || !rule || !s[cause + 1])
		return bp_fail(f, BP_E_FIELDS, "\"%s\" is no fix: write RULE[:COLUMN]=KIND[:VALUE], such as COORD_SWAPPED:lat=SWAP or UNKNOWN_WORD:tier=VALUE:gld:Gold", s);
	m->rule = bp_strndup(a, s, rule);
	m->column = rule < cause ? bp_strndup(a, s + rule + 1, cause - rule - 1) : NULL;
	m->kind = what = bp_strdup(a, s + cause + 1);
	to = strchr(what, ':');
	if (!to)
		return BP_E_OK;
	*to++ = '\0';
	if (!strcmp(m->kind, im_fix_kinds[IM_FIX_VALUE].name)) {
		m->from = to;
		to = strrchr(to, ':');
		if (!to)
			return bp_fail(f, BP_E_FIELDS, "\"%s\": write VALUE:FROM:TO", s);
		*to++ = '\0';
	}
	m->to = to;
	return BP_E_OK;
}
