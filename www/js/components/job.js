// SPDX-License-Identifier: GPL-3.0-or-later
// How a background job reads in lists.
import { cls, html } from '../core/html.js'
import { num, t } from '../core/i18n.js'

/** @param {string} kind */
export function jobLabel(kind) {
	/** @type {Record<string, () => string>} */
	const labels = {
		OPTIMIZE: () => t('Optimisation'),
		IMPORT_CHECK: () => t('Import check'), IMPORT_PUBLISH: () => t('Import load'),
		SNAPSHOT: () => t('Snapshot'),
	}
	return labels[kind.toUpperCase()]?.() ?? kind
}

/** @param {{state: string, percent?: number}} j */
export function jobChip(j) {
	/** @type {Record<string, [string, string]>} */
	const states = {
		queued: ['', t('waiting')], running: ['info', t('running · {n} %', { n: num(j.percent ?? 0) })],
		done: ['good', t('done')], failed: ['bad', t('failed')], cancelled: ['warn', t('cancelled')],
	}
	const [kind, label] = states[j.state] ?? ['', j.state]
	return html`<span class=${cls('chip', kind)}>${label}</span>`
}
