// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets that people pinned to a planning unit: every design leaves them there or brings them there, until the pin is forgotten.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').UnitPin} UnitPin */

/** @param {string} id of the territory */
export function pinsCard(id) {
	const list = resource(() => api.unitPins(id, { limit: 100 }))
	const more = async () => {
		const seen = list.data.peek()
		if (!seen)
			return
		const [part, failed] = await api.unitPins(id, { limit: 500, after: seen.next })
		if (failed)
			return toastProblem(failed)
		list.data.value = { ...part, items: [...seen.items, ...part.items] }
	}
	/** @param {number[]} outlets @param {{id: number, name: string} | null} unit none = they are pinned no more */
	const pin = async (outlets, unit) => {
		const reason = await ask(unit
			? { title: tn('Pin {n} outlet to {unit}?', 'Pin {n} outlets to {unit}?', outlets.length, { unit: unit.name }), text: t('Nothing moves now: each design leaves them there, or brings them there.'), confirm: t('Pin'), reason: 'required' }
			: { title: tn('Forget the pin of {n} outlet?', 'Forget the pins of {n} outlets?', outlets.length), text: t('Designs may move them again.'), confirm: t('Forget'), reason: 'required' })
		if (reason === null)
			return false
		const [, failed] = await api.pinOutlets(id, outlets, unit?.id ?? null, reason)
		if (failed)
			return toastProblem(failed), false
		toast(unit ? t('Pinned') : t('Forgotten'))
		await list.load()
		return true
	}
	/** @param {UnitPin} p */
	const row = (p) => html`<tr><td><a href=${`/outlets/${p.outletId}`}>${p.name || p.code}</a> <small class="faint">${p.code}</small></td>
		<td data-label=${t('Unit')}>${p.unit}${p.over ? html` <span class="chip warn">${t('has ended')}</span>` : nothing}</td><td data-label=${t('Reason')}>${p.reason}</td>
		<td data-label=${t('By')}>${p.person ?? t('the shell')} <small class="faint">${ago(p.at)}</small></td>
		<td class="actions">${can('MANAGE_TERRITORIES') ? html`<button class="btn quiet small" aria-label=${t('Forget the pin of {name}', { name: p.name || p.code })} @click=${() => pin([p.outletId], null)}>${icon('trash')}${t('Forget')}</button>` : nothing}</td></tr>`
	const view = () => {
		const p = list.data.value
		return p?.all ? html`<section class="card tight" id="pins"><div class="row between pad"><h2>${t('Pinned outlets')} <small class="faint">${num(p.all)}</small></h2>
			${can('MANAGE_TERRITORIES') && p.items.length > 1 ? html`<button class="btn small" @click=${() => pin(p.items.map((x) => x.outletId), null)}>${tn('Forget {n}', 'Forget all {n}', p.items.length)}</button>` : nothing}</div>
			<p class="muted pad">${t('Each design leaves them in this unit, or brings them there.')}</p>
			<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Pinned outlets')}</caption><thead><tr><th>${t('Outlet')}</th><th>${t('Unit')}</th><th>${t('Reason')}</th><th>${t('By')}</th><th></th></tr></thead>
			<tbody>${p.items.map(row)}</tbody></table></div>${p.next ? html`<p class="pad"><button class="btn small" @click=${more}>${t('Show more')}</button></p>` : nothing}</section>` : nothing
	}
	return { view, load: list.load, pin }
}
