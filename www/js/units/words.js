// SPDX-License-Identifier: GPL-3.0-or-later
// What people call a scenario and where it stands.
import { t } from '../core/i18n.js'

/** @param {string} name as the programs write it */
export const wayName = (name) => ({
	'Few moves': t('Few moves'), 'Less even': t('Less even'), Even: t('Even'), 'Redrawn, keeping much': t('Redrawn, keeping much'), Redrawn: t('Redrawn'), Boundaries: t('Boundaries'), 'By hand': t('By hand'),
}[name] ?? name)
/** @param {string} status @returns {[string, string]} */
export const statusChip = (status) => /** @type {Record<string, [string, string]>} */ ({
	READY: ['', t('draft')], APPROVED: ['info', t('approved')], PUBLISHED: ['good', t('published')], UNDONE: ['warn', t('undone')],
})[status] ?? ['', status]
