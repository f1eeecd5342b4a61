// SPDX-License-Identifier: GPL-3.0-or-later
// Why a rule is overridden: a reason of the list that an administrator keeps, and words.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { can } from '../core/session.js'
import { capital, field, openDialog, problemNotice, resource } from './ui.js'

/** @typedef {{reasonCode: string, reason: string}} Why */

/** The reasons that come with the product speak all languages; others are people's own words. @param {string} label */
export const reasonLabel = (label) => ({
	'Customer asked for it': t('Customer asked for it'), 'Closed on that day': t('Closed on that day'), 'Person absent': t('Person absent'),
	'Road or access': t('Road or access'), 'Balance of work': t('Balance of work'), 'Change of distributor agreed': t('Change of distributor agreed'),
	'Promotion or launch': t('Promotion or launch'), 'The data is wrong': t('The data is wrong'), 'Another reason': t('Another reason'),
}[label] ?? label)

/** Code and words of a ledger entry, as one reads them. @param {{reason: string, reasonCode: string, reasonLabel: string | null}} x */
export const reasonText = (x) => [x.reasonCode && reasonLabel(x.reasonLabel ?? x.reasonCode), x.reason].filter(Boolean).join(': ')

const list = resource(api.reasons)
/** What people call a reason, also one that is no longer offered. @param {string} code */
export function reasonName(code) {
	if (!list.data.peek() && !list.busy.peek())
		void list.load()
	const found = list.data.value?.items.find((r) => r.code === code)
	return found ? reasonLabel(found.label) : code
}

/**
 * Two fields and what they hold; `complete` when both are given.
 * @param {string} id prefix of the ids of its fields
 */
export function whyFields(id) {
	const code = signal(''), text = signal('')
	void list.load()
	/** @param {{label: string, required: boolean}} o */
	const view = (o) => html`${list.error.value ? problemNotice(list.error.value, () => void list.load()) : nothing}<div class="grid-2">
		${field(id + '-code', o.label, html`<select id=${id + '-code'} class="input" aria-required=${String(o.required)} @change=${(/** @type {any} */ e) => {
			code.value = e.target.value
		}}><option value="">${o.required ? t('Choose a reason') : t('None')}</option>${list.data.value?.items.filter((r) => !r.retired).map((r) => html`<option value=${r.code} ?selected=${r.code === code.value}>${reasonLabel(r.label)}</option>`)}</select>`)}
		${field(id, t('In your words'), html`<input id=${id} class="input" maxlength="500" autocomplete="off" aria-required=${String(o.required)} .value=${text.value} @input=${(/** @type {any} */ e) => {
			text.value = e.target.value
		}}>`)}</div>`
	return {
		view,
		complete: () => !!code.value && !!text.value.trim(),
		/** @returns {Partial<Why>} */
		value: () => ({ ...(code.peek() ? { reasonCode: code.peek() } : {}), ...(text.peek().trim() ? { reason: text.peek().trim() } : {}) }),
	}
}

/** Asks why a rule is overridden; null when left. @param {{text: unknown, confirm: string}} o @returns {Promise<Why | null>} */
export function askWhy(o) {
	return new Promise((done) => {
		const why = whyFields('why')
		let answer = /** @type {Why | null} */ (null)
		const ok = () => {
			if (!why.complete())
				return
			answer = /** @type {Why} */ (why.value())
			close()
		}
		const close = openDialog({
			title: () => t('Override the rule?'),
			body: () => html`<p>${o.text}</p><form @submit=${(/** @type {Event} */ e) => {
				e.preventDefault()
				ok()
			}}>${why.view({ label: t('Why is the rule overridden?'), required: true })}<input type="submit" hidden></form><p class="faint">${t('It stands in the ledger and in the audit trail, and the people concerned are told.')}</p>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${!why.complete()} @click=${ok}>${o.confirm}</button>`,
			onclose: () => done(answer),
		})
	})
}

/**
 * Sends a change; one that breaks a rule is sent again with the reason that is asked for then, by who may override it.
 * @template T @param {(why: Partial<Why>) => Promise<import('../core/http.js').Answer<T>>} send @param {string} confirm @returns {Promise<import('../core/http.js').Answer<T>>}
 */
export async function withReason(send, confirm) {
	const answer = await send({}), failed = answer[1]
	if (failed?.code !== 'ERR_PLAN_001' || !can('OVERRIDE_CHANGES'))
		return answer
	const why = await askWhy({ text: capital(failed.detail ?? t(failed.message)), confirm })
	return why ? send(why) : answer
}
