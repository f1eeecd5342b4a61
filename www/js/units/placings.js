// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets that people put into a territory: done from a list of outlets, listed with their reasons, and taken back.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, instant, num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, resource, toast, toastProblem } from '../components/ui.js'

/** @param {number} territory @param {number} change @param {string} reason @returns {Promise<boolean>} */
async function takeBack(territory, change, reason) {
	const [r, failed] = await api.undoPlacing(territory, change, reason)
	if (failed)
		toastProblem(failed)
	else
		toast(r.kept ? tn('{n} outlet that was moved since stays', '{n} outlets that were moved since stay', r.kept) : tn('{n} outlet is back', '{n} outlets are back', r.back))
	return !failed
}

/**
 * Put outlets into a territory, after asking why.
 * @param {number[]} outlets @param {{id: number, name: string}} territory @param {() => void} changed after it, and after it was taken back
 * @returns {Promise<boolean>} it was done
 */
export async function placeOutlets(outlets, territory, changed) {
	const reason = await ask({ title: t('Put them into {name}?', { name: territory.name }), confirm: t('Put there'), reason: 'required',
		text: tn('{n} outlet is planned there from now on, and imports leave it there. It can be undone.', '{n} outlets are planned there from now on, and imports leave them there. It can be undone.', outlets.length) })
	if (reason === null)
		return false
	const [r, failed] = await api.placeOutlets(territory.id, outlets, reason)
	if (failed) {
		toastProblem(failed)
		return false
	}
	toast(tn('{n} outlet lies elsewhere now', '{n} outlets lie elsewhere now', r.outlets), { action: { label: t('Undo'), run: async () => (await takeBack(territory.id, r.id, reason)) && changed() } })
	changed()
	return true
}

/** What people put at and beneath a territory; nothing where nobody did. @param {string} id of the territory @param {() => Promise<unknown>} changed */
export function placingsCard(id, changed) {
	const list = resource(() => api.placings(id, { limit: 20 }))
	/** @param {import('../core/api.js').Placing} c */
	const undo = async (c) => {
		const reason = await ask({ title: t('Take this change back?'), confirm: t('Undo'), danger: true, reason: 'required', text: t('Every outlet goes back to where it lay. What somebody moved since stays.') })
		if (reason !== null && await takeBack(c.territoryId, c.id, reason))
			await Promise.all([list.load(), changed()])
	}
	const view = () => {
		const items = list.data.value?.items ?? []
		return !items.length ? nothing : html`<section class="card tight" id="placings"><h2 class="pad">${t('Outlets put here by people')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Outlets put here by people')}</caption>
			<thead><tr><th>${t('Changed')}</th><th>${t('Put into')}</th><th class="num">${t('Outlets')}</th><th>${t('By')}</th><th>${t('Reason')}</th><th></th></tr></thead>
			<tbody>${items.map((c) => html`<tr><td><span title=${instant(c.at)}>${ago(c.at)}</span></td><td data-label=${t('Put into')}>${c.territory}</td><td class="num" data-label=${t('Outlets')}>${num(c.outlets)}</td><td data-label=${t('By')}>${c.person ?? '–'}</td><td data-label=${t('Reason')}>${c.reason}</td>
				<td class="actions">${c.undone ? html`<span class="chip warn">${t('undone')}</span>` : can('MANAGE_TERRITORIES') ? html`<button class="btn small" aria-label=${t('Undo the change of {when}', { when: instant(c.at) })} @click=${() => undo(c)}>${icon('undo')}${t('Undo')}…</button>` : nothing}</td></tr>`)}</tbody></table></div></section>`
	}
	return { view, load: list.load }
}
