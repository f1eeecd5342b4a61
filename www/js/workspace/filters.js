// SPDX-License-Identifier: GPL-3.0-or-later
// Filters of the outlets as links: what is chosen stands in the address, so that a view can be sent, kept and gone back from.
import { cls, html, nothing } from '../core/html.js'
import { num, t } from '../core/i18n.js'
import { go, place, withQuery } from '../core/router.js'
import { filtersOf, inAddress, listOf, valueOf } from '../plan/filters.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @type {Record<string, () => string>} */
const names = {
	short: () => t('Short of visits'), broken: () => t('Breaks a rule'), pinned: () => t('Pinned'), leave: () => t('Falls on leave'), holiday: () => t('Falls on a holiday'), dated: () => t('Moved for once'), nowhere: () => t('No coordinates'),
	wholesale: () => t('Wholesale'), due: () => t('Purchase is due'), late: () => t('To be won back'),
}

/** The address with these filters. @param {string[]} only */
const linkTo = (only) => withQuery(place.value.path, place.value.query, { only: only.map(inAddress).join() || null })

/** The address of what one filter lets through, in the list that shows it best. @param {string} id */
export const linkToList = (id) => withQuery(place.value.path, place.value.query, { only: inAddress(id), list: listOf([id]) })

/** The address of a person's days, or of one of them. @param {string} seat its code @param {string | null} [date] */
export const linkToDay = (seat, date = null) => withQuery(place.value.path, place.value.query, { seat, date, list: null })

/** Those of which there is something, or that are chosen. @param {Store} s */
export function filterBar(s) {
	const w = s.world.value, counts = s.filterCounts.value, chosen = s.only.value
	if (!w || !counts)
		return nothing
	s.details.want() // when purchases are due is among them
	const there = filtersOf(w).filter((id) => counts.get(id) || chosen.includes(id))
	/** Of distributors and chains there may be hundreds: they are chosen from a list. @param {string} kind @param {string} label */
	const choose = (kind, label) => {
		const all = there.filter((id) => valueOf(id, kind) !== null && !chosen.includes(id))
		return all.length ? html`<select class="input small auto" id=${`only-${kind}`} aria-label=${label} @change=${(/** @type {any} */ e) => e.target.value && go(linkTo([...chosen, e.target.value]))}><option value="">${label}</option>${all.map((id) => html`<option value=${id}>${valueOf(id)} (${num(counts.get(id) ?? 0)})</option>`)}</select>` : nothing
	}
	const named = (/** @type {string} */ id) => ['partner', 'chain'].some((kind) => valueOf(id, kind) !== null)
	return html`<nav class="filters" aria-label=${t('Filters')}>${there.filter((id) => !named(id) || chosen.includes(id)).map((id) => {
		const on = chosen.includes(id)
		return html`<a class=${cls('btn small', on && 'on')} aria-current=${on ? 'true' : nothing} href=${linkTo(on ? chosen.filter((x) => x !== id) : [...chosen, id])}>${valueOf(id) ?? names[id]()} <span class="num">${num(counts.get(id) ?? 0)}</span></a>`
	})}${choose('partner', t('Distributor'))}${choose('chain', t('Chain'))}${chosen.length ? html`<a class="btn quiet small" href=${linkTo([])}>${t('Clear')}</a>` : nothing}</nav>`
}
