// SPDX-License-Identifier: GPL-3.0-or-later
// What permissions and roles are called, in words.
import { t } from './i18n.js'

/** @type {Record<string, string>} as in lib/auth/perms.def, which is in the catalogue */
const words = {
	VIEW_TERRITORY: 'see territories, outlets and plans', PLAN_GT_ROUTES: 'plan general trade', PLAN_MT_ROUTES: 'plan modern trade', OPTIMIZE_ROUTES: 'run the optimiser',
	OVERRIDE_CHANGES: 'override a broken rule, with a reason', IMPORT_DATA: 'import master data and plans', MANAGE_USERS: 'manage users and their roles', COMMIT_PLAN: 'commit a plan',
	FORCE_UNLOCK: "break somebody else's lock, with a reason", MANAGE_TERRITORIES: 'change territories and planning parameters', MANAGE_RULES: 'change rules and segments', EXPORT_DATA: 'export plans and data',
	VIEW_AUDIT: 'read the audit trail', VIEW_REPORTS: 'read reports', ADMIN_SYSTEM: 'run the system: jobs, settings, health', EDIT_OUTLETS: 'change what is known of outlets', APPROVE_PLAN: 'approve plans that others submit',
}
/** @param {string} p */
export const permissionName = (p) => t(words[p] ?? p)

/** "GT planner in Florida and below": a role as a sentence. @param {string} role its name @param {{territoryId: number | null, territoryName?: string | null}} where */
export const roleSentence = (role, where) => (where.territoryId === null ? t('{role}, everywhere', { role })
	: t('{role} in {place} and below', { role, place: where.territoryName ?? '#' + where.territoryId }))
