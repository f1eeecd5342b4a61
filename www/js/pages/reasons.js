// SPDX-License-Identifier: GPL-3.0-or-later
// The reasons from which overrides are justified: add, rename, retire.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t } from '../core/i18n.js'
import { canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { reasonLabel } from '../components/override.js'
import { ask, field, fieldProblem, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').OverrideReason} OverrideReason */

export function page() {
	const list = resource(api.reasons)
	const code = signal(''), label = signal(''), why = signal(''), busy = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const may = canEverywhere('MANAGE_RULES')
	void list.load()
	/** @param {SubmitEvent} e */
	const add = async (e) => {
		e.preventDefault()
		busy.value = true
		const [all, failed] = await api.addReason(code.peek().trim().toUpperCase(), label.peek().trim(), why.peek().trim())
		busy.value = false
		problem.value = failed
		if (!all)
			return
		list.data.value = all
		toast(t('{name} is offered from now on', { name: label.peek().trim() }))
		code.value = label.value = why.value = ''
	}
	/** @param {OverrideReason} r @param {string} name @param {boolean} retired @param {string} title @param {string} confirm */
	const put = async (r, name, retired, title, confirm) => {
		const reason = await ask({ title, text: t('Why is the list changed?'), confirm, reason: 'required' })
		if (reason === null)
			return
		const [all, failed] = await api.setReason(r.id, name, retired, reason)
		if (failed)
			toastProblem(failed)
		if (all)
			list.data.value = all
	}
	/** @param {OverrideReason} r */
	const rename = async (r) => {
		const name = await ask({ title: t('Rename {name}', { name: reasonLabel(r.label) }), text: t('Changes that were made with it show the new name too; its code stays.'), confirm: t('Rename'), reason: 'required', reasonLabel: t('Name'), value: reasonLabel(r.label) })
		if (name !== null && name !== reasonLabel(r.label))
			await put(r, name.slice(0, 120), r.retired, t('Rename to {name}?', { name }), t('Rename'))
	}
	/** @param {OverrideReason} r */
	const row = (r) => html`<tr class=${cls(r.retired && 'faint')}><td><b>${reasonLabel(r.label)}</b>${r.retired ? html` <span class="chip">${t('retired')}</span>` : nothing}</td><td data-label=${t('Code')}><code>${r.code}</code></td><td class="num" data-label=${t('Used')}>${num(r.used)}</td>
		<td class="actions">${may ? html`<button class="btn small" @click=${() => rename(r)}>${t('Rename')}</button> <button class="btn small" @click=${() => put(r, r.label, !r.retired, r.retired ? t('Offer {name} again?', { name: reasonLabel(r.label) }) : t('Retire {name}?', { name: reasonLabel(r.label) }), r.retired ? t('Offer again') : t('Retire'))}>${r.retired ? t('Offer again') : t('Retire')}</button>` : nothing}</td></tr>`
	const view = () => html`<div class="page narrow"><div class="page-head"><div><h1>${t('Reasons for overrides')}</h1><p>${t('Whoever overrides a rule that is never broken chooses one of these and adds their own words.')}</p></div></div>
	${shown(list, (l) => html`<section class="card tight"><table class="table stack"><caption class="sr">${t('Reasons for overrides')}</caption><thead><tr><th>${t('Name')}</th><th>${t('Code')}</th><th class="num">${t('Used')}</th><th></th></tr></thead><tbody>${l.items.map(row)}</tbody></table></section>`)}
	${may ? html`<section class="card"><h2>${t('Another one')}</h2><form class="col" @submit=${add}><div class="grid-2">
		${field('re-label', t('Name'), html`<input id="re-label" class="input" required maxlength="120" autocomplete="off" .value=${label.value} @input=${(/** @type {any} */ e) => {
			label.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'label') })}
		${field('re-code', t('Code'), html`<input id="re-code" class="input" required minlength="2" maxlength="24" pattern="[A-Za-z0-9_]+" autocomplete="off" autocapitalize="characters" .value=${code.value} @input=${(/** @type {any} */ e) => {
			code.value = e.target.value
		}}>`, { help: t('Capital letters, digits and underscores; it never changes.'), problem: fieldProblem(problem.value, 'code') })}</div>
		${field('re-why', t('Reason'), html`<input id="re-why" class="input" required maxlength="500" autocomplete="off" .value=${why.value} @input=${(/** @type {any} */ e) => {
			why.value = e.target.value
		}}>`, { help: t('Why is the list changed?'), problem: fieldProblem(problem.value, 'reason') })}
		${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}<div><button class="btn primary" ?disabled=${busy.value}>${icon('plus')}${t('Add')}</button></div></form></section>` : nothing}</div>`
	return { title: t('Reasons for overrides'), view }
}
