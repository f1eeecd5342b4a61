// SPDX-License-Identifier: GPL-3.0-or-later
// What became of changes made while the server did not answer: taken, refused, or stranded since the lock was lost meanwhile.
import { html, nothing } from '../core/html.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { toastProblem } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function heldNotes(s) {
	const r = s.returned.value, stranded = s.stranded.value.length
	const done = () => {
		s.returned.value = null
	}
	const decide = async (/** @type {boolean} */ wanted) => {
		const failed = await s.decide(wanted)
		if (failed)
			toastProblem(failed)
	}
	return html`${r ? html`<div class="ws-note" id="returned"><div class=${r.refused.length ? 'notice warn' : 'notice good'} role="status">${icon(r.refused.length ? 'warn' : 'check')}<div class="grow">
		<p>${tn('{n} change made without the network is saved now.', '{n} changes made without the network are saved now.', r.taken)}</p>
		${r.refused.length ? html`<p>${tn('{n} was not taken:', '{n} were not taken:', r.refused.length)}</p><ul>${r.refused.slice(0, 5).map((x) => html`<li>${x.problem.detail ?? x.problem.message}</li>`)}</ul>` : nothing}</div>
		<button class="btn small" @click=${done}>${t('Close')}</button></div></div>` : nothing}
	${stranded ? html`<div class="ws-note" id="stranded"><div class="notice warn" role="status">${icon('warn')}<div class="grow"><p><b>${tn('{n} change made without the network was not sent before you lost the lock.', '{n} changes made without the network were not sent before you lost the lock.', stranded)}</b></p>
		<p>${s.session.value ? t('Do them in the plan as it is now, or let them go?') : t('This browser keeps them until you lock the territory again.')}</p></div>
		${s.session.value ? html`<button class="btn small" @click=${() => void decide(false)}>${t('Let them go')}</button><button class="btn small primary" @click=${() => void decide(true)}>${t('Do them')} (${num(stranded)})</button>` : nothing}</div></div>` : nothing}`
}
