// SPDX-License-Identifier: GPL-3.0-or-later
// A version held against the trail: the changes that led to it are made again, and what comes out is compared with it.
import { html, nothing, signal } from '../core/html.js'
import { day, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { loading, openDialog, problemNotice } from '../components/ui.js'
import { opLabel } from '../plan/labels.js'
import { explain } from './explain.js'

/** @typedef {{need: number, code: string | null, name: string | null} | null} At */
/** @typedef {{kind: 'STOP' | 'TAKEN' | 'UNTOLD' | 'MARK', change: number | null, label: string | null, seatCode: string | null, day: number | null, position: number | null, version: At, trail: At}} Difference */
/** @typedef {{same: boolean, version: number, from: number | null, changes: number, accepted: number, steps: number, told: number, archived: number, difference: Difference | null}} Replayed */

const DAY = 86400000
/** @param {At} x */
const outlet = (x) => (x ? (x.code ? `${x.code} · ${x.name}` : t('an outlet that is no longer here')) : t('nobody'))

/** What parts first, in words. @param {Difference} d @param {string} anchor */
export function difference(d, anchor) {
	const at = d.label ? t('Change {n} ({what})', { n: num(d.change ?? 0), what: opLabel(d.label) }) : ''
	if (d.kind === 'UNTOLD')
		return [at || t('This version'), t('The audit trail does not tell of it.')]
	if (d.kind === 'MARK')
		return [t('This version'), t('The audit trail tells another mark of it: its visits were changed past the trail.')]
	const where = t('{seat}, {date}, place {n} of the tour', { seat: d.seatCode ?? t('a seat that is no longer here'), date: day(new Date(Date.parse(`${anchor}T00:00:00Z`) + (d.day ?? 0) * DAY).toISOString().slice(0, 10)), n: num(d.position ?? 0) })
	return [at ? `${at}: ${where}` : where, d.kind === 'TAKEN' ? t('It took away a visit that was not there so: {outlet}.', { outlet: outlet(d.version) })
		: t('The version has {version}, the trail gives {trail}.', { version: outlet(d.version), trail: outlet(d.trail) })]
}

/** @param {number} planId @param {import('../core/api.js').Version} v */
export function checkTrail(planId, v) {
	const answer = signal(/** @type {Replayed | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let gone = false
	void explain(planId, { what: 'replay', versionId: v.id }, { gone: () => gone }).then(([told, failed]) => {
		answer.value = /** @type {Replayed | null} */ (told)
		problem.value = failed
	})
	const verdict = (/** @type {Replayed} */ x) => {
		if (x.same)
			return html`<div class="notice good">${icon('check')}<p>${t('The changes give this very version.')}</p></div>`
		const [where, what] = difference(/** @type {Difference} */ (x.difference), v.anchor)
		return html`<div class="notice bad">${icon('warn')}<div><p><b>${t('The changes give another plan. The first difference:')}</b></p><p>${where}</p><p>${what}</p></div></div>`
	}
	const facts = (/** @type {Replayed} */ x) => html`<dl class="kv">
		<dt>${t('Began from')}</dt><dd>${x.from === null ? t('the empty plan') : t('version {n}', { n: x.from })}</dd>
		<dt>${t('Changes')}</dt><dd>${num(x.changes)}${x.accepted ? html` <small class="faint">${tn('{n} of them took over a proposal or a version', '{n} of them took over proposals or versions', x.accepted)}</small>` : nothing}</dd>
		<dt>${t('Undone and done again')}</dt><dd>${num(x.steps)}</dd>
		<dt>${t('Told by the audit trail')}</dt><dd>${num(x.told)}${x.archived ? html` <small class="faint">${t('{n} lie in its archives', { n: num(x.archived) })}</small>` : nothing}</dd></dl>`
	const close = openDialog({
		title: () => t('Version {n} against the trail', { n: v.number }),
		body: () => html`<p class="muted">${t('Every change that led to this version, and each proposal that was taken over, once more in their order, beginning where the draft began.')}</p>
			${problem.value ? problemNotice(problem.value) : answer.value ? html`${verdict(answer.value)}${facts(answer.value)}` : loading(t('The changes are made again…'))}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`,
		onclose: () => {
			gone = true
		},
	})
}
