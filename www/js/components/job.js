// SPDX-License-Identifier: GPL-3.0-or-later
// How a background job reads in lists.
import { cls, html } from '../core/html.js'
import { num, t } from '../core/i18n.js'

/** What the kinds of jobs are called. @type {() => Record<string, string>} */
export const jobKinds = () => ({
	OPTIMIZE: t('Optimisation'), EXPORT: t('Export'), EXPLAIN: t('Explanation'), WHAT_IF: t('What if'),
	IMPORT_CHECK: t('Import check'), IMPORT_PUBLISH: t('Import load'), IMPORT_UNDO: t('Import undo'), IMPORT_CLEAR: t('Import clearing'),
	IMPORT_WATCH: t('Drop folder'), SNAPSHOT: t('Snapshot'), TERRITORY_DESIGN: t('Planning units'), TERRITORY_PUBLISH: t('Planning units published'), FILE_LEVELS: t('Levels of territories'), TERRITORY_UNDO: t('Planning units undone'), OUTLET_WORDS: t('Search for outlets'),
	RESET_MAIL: t('Mail with a link to a new password'), NOTICE_MAIL: t('Mail with notices'),
})

/** @param {{kind: string, subject: number, territory: string | null}} j */
export function jobLabel(j) {
	const what = jobKinds()[j.kind.toUpperCase()] ?? j.kind
	return html`${what} ${j.kind.toUpperCase() === 'IMPORT_WATCH' ? html`<a href="/import/watches">#${j.subject}</a>` : j.kind.startsWith('IMPORT') && j.subject ? html`<a href=${`/import/${j.subject}`}>#${j.subject}</a>` : html`<span class="muted">${j.territory ?? ''}</span>`}`
}

/** @param {string} step */
export const jobStep = (step) => ({ searching: t('searching'), building: t('building'), checking: t('checking'), staging: t('checking'), looking: t('looking'), loading: t('loading'), reading: t('reading'), comparing: t('comparing'), designing: t('searching'), keeping: t('loading'), writing: t('loading'), words: t('loading'), waiting: t('waiting'), outlets: t('moving outlets'), counting: t('counting') }[step] ?? step)

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
