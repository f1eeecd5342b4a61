// SPDX-License-Identifier: GPL-3.0-or-later
// What became of changes made while the server did not answer: taken, refused, or stranded since the lock was lost meanwhile.
import { html, nothing } from '../core/html.js'
import { num, t, tn } from '../core/i18n.js'
import { latest } from '../core/notices.js'
import { icon } from '../components/icons.js'
import { askWhy, reasonName } from '../components/override.js'
import { capital, toastProblem } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** Why the server did not take it: what it says of fields is about these, and says more than that they are wrong. @param {import('../core/http.js').Problem} p @param {import('../core/api.js').Op[]} ops */
const told = (p, ops) => capital(p.fields?.length ? p.fields.map((f) => {
	const [, at, name] = /^\/ops\/(\d+)\/(\w+)/.exec(f.pointer) ?? []
	return name === 'reasonCode' ? t('the reason “{name}” is no longer offered: “Do them” asks for another one', { name: reasonName(String(ops[Number(at)]?.reasonCode ?? '')) }) : `${name ?? f.pointer}: ${t(f.problem)}`
}).join('; ') : p.detail ?? t(p.message))
/** Another reason may get it through. @param {import('../core/http.js').Problem} p */
const wantsReason = (p) => p.code === 'ERR_PLAN_001' || (p.fields ?? []).some((f) => /\/reason(Code)?$/.test(f.pointer))

/** @param {Store} s @param {string} [where] the territory, where there are several */
export function heldNotes(s, where) {
	const taken = s.returned.value, stranded = s.stranded.value, refused = stranded.flatMap((x) => (x.problem ? { problem: x.problem, text: told(x.problem, x.ops) } : [])), unsent = stranded.length - refused.length
	const broken = latest.value.find((n) => !n.seen && n.kind === 'LOCK_BROKEN' && n.territoryId === s.territoryId && n.channel === s.channel)
	const decide = async (/** @type {boolean} */ wanted) => {
		const first = refused.find((x) => wantsReason(x.problem))
		const why = wanted && first ? await askWhy({ text: first.text, confirm: t('Do them') }) : undefined
		const failed = why === null ? null : await s.decide(wanted, why)
		if (failed)
			toastProblem(failed)
	}
	return html`${s.lost.value ? html`<div class="ws-note" id="lock-lost"><div class="notice warn" role="alert">${icon('lock')}<p class="grow">${where ? html`<b>${where}:</b> ` : nothing}<b>${broken ? t('{name} broke your lock', { name: broken.from ?? '' }) : t('You do not hold the lock any more')}</b>${broken?.text ? html`: ${broken.text}` : nothing}. ${t('Your draft is kept and opens again when you lock the territory; what is shown now is the committed plan.')}${where ? ' ' + t('The other territories of the board stay as they are.') : nothing}</p>
		<button class="btn small" @click=${() => {
			s.lost.value = false
		}}>${t('Close')}</button></div></div>` : nothing}
	${taken ? html`<div class="ws-note" id="returned"><div class="notice good" role="status">${icon('check')}
		<p class="grow">${tn('{n} change that waited in this browser is saved now.', '{n} changes that waited in this browser are saved now.', taken)}</p>
		<button class="btn small" @click=${() => {
			s.returned.value = 0
		}}>${t('Close')}</button></div></div>` : nothing}
	${stranded.length ? html`<div class="ws-note" id="stranded"><div class="notice warn" role="status">${icon('warn')}<div class="grow">${where ? html`<p><b>${where}</b></p>` : nothing}
		${unsent ? html`<p><b>${tn('{n} change made without the network was not sent before you lost the lock.', '{n} changes made without the network were not sent before you lost the lock.', unsent)}</b></p>` : nothing}
		${refused.length ? html`<p><b>${tn('{n} change made without the network was not taken:', '{n} changes made without the network were not taken:', refused.length)}</b></p><ul>${[...new Set(refused.map((x) => x.text))].slice(0, 5).map((x) => html`<li>${x}</li>`)}</ul>` : nothing}
		<p>${s.session.value ? t('Do them in the plan as it is now, or let them go?') : t('This browser keeps them until you lock the territory again.')}</p></div>
		${s.session.value ? html`<button class="btn small" @click=${() => void decide(false)}>${t('Let them go')}</button><button class="btn small primary" @click=${() => void decide(true)}>${t('Do them')} (${num(stranded.length)})</button>` : nothing}</div></div>` : nothing}`
}
