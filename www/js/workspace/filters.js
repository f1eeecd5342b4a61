// SPDX-License-Identifier: GPL-3.0-or-later
// Filters of the outlets as links: what is chosen stands in the address, so that a view can be sent, kept and gone back from.
import { cls, html, nothing } from '../core/html.js'
import { num, t } from '../core/i18n.js'
import { place, withQuery } from '../core/router.js'
import { filtersOf, listOf, valueOf } from '../plan/filters.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @type {Record<string, () => string>} */
const names = {
	short: () => t('Short of visits'), pinned: () => t('Pinned'), leave: () => t('Falls on leave'), holiday: () => t('Falls on a holiday'), dated: () => t('Moved for once'), nowhere: () => t('No coordinates'),
	wholesale: () => t('Wholesale'), due: () => t('Purchase is due'), late: () => t('To be won back'),
}

/** The address with these filters. @param {string[]} only */
const linkTo = (only) => withQuery(place.value.path, place.value.query, { only: only.join() || null })

/** The address of what one filter lets through, in the list that shows it best. @param {string} id */
export const linkToList = (id) => withQuery(place.value.path, place.value.query, { only: id, list: listOf([id]) })

/** The address of a person's days, or of one of them. @param {string} seat its code @param {string | null} [date] */
export const linkToDay = (seat, date = null) => withQuery(place.value.path, place.value.query, { seat, date, list: null })

/** Those of which there is something, or that are chosen. @param {Store} s */
export function filterBar(s) {
	const w = s.world.value, counts = s.filterCounts.value, chosen = s.only.value
	if (!w || !counts)
		return nothing
	s.details.want() // when purchases are due is among them
	const there = filtersOf(w).filter((id) => counts.get(id) || chosen.includes(id))
	return html`<nav class="filters" aria-label=${t('Filters')}>${there.map((id) => {
		const on = chosen.includes(id)
		return html`<a class=${cls('btn small', on && 'on')} aria-current=${on ? 'true' : nothing} href=${linkTo(on ? chosen.filter((x) => x !== id) : [...chosen, id])}>${valueOf(id) ?? names[id]()} <span class="num">${num(counts.get(id) ?? 0)}</span></a>`
	})}${chosen.length ? html`<a class="btn quiet small" href=${linkTo([])}>${t('Clear')}</a>` : nothing}</nav>`
}
