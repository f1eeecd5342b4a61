// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of the whitelist and the blacklist, of one outlet or of all.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { date, t } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').ListEntry} ListEntry */

/** What an entry says. @param {ListEntry} x */
const meaning = (x) => {
	const white = x.list === 'WHITE'
	if (x.seat)
		return white ? t('served by seat {seat} only', { seat: x.seat }) : t('never served by seat {seat}', { seat: x.seat })
	if (x.territory)
		return white ? t('belongs to {territory}', { territory: x.territory }) : t('never planned in {territory}', { territory: x.territory })
	return white ? t('must be planned') : t('must not be planned')
}
/** @param {ListEntry} x */
const when = (x) => (x.from && x.to ? t('{from} to {to}', { from: date(x.from), to: date(x.to) }) : x.from ? t('from {date}', { date: date(x.from) }) : x.to ? t('until {date}', { date: date(x.to) }) : t('always'))

/** @param {ListEntry[]} items @param {() => unknown} reload @param {boolean} [ofOne] */
export function listTable(items, reload, ofOne) {
	const drop = async (/** @type {ListEntry} */ x) => {
		if (await ask({ title: t('Take this entry back?'), text: `${x.outlet}: ${meaning(x)}`, confirm: t('Take back'), danger: true }) === null)
			return
		const [, failed] = await api.dropListEntry(x.outletId, x.id)
		if (failed)
			toastProblem(failed)
		else
			toast(t('The entry is taken back; the next optimisation goes by it'))
		await reload()
	}
	return html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Whitelist and blacklist')}</caption>
	<thead><tr>${ofOne ? nothing : html`<th>${t('Outlet')}</th>`}<th>${t('List')}</th><th>${t('Meaning')}</th><th>${t('Valid')}</th><th>${t('Reason')}</th><th></th></tr></thead>
	<tbody>${items.map((x) => html`<tr>${ofOne ? nothing : html`<td><span class="two"><a href=${`/outlets/${x.outletId}`}>${x.outlet}</a><small class="faint">${x.outletCode}</small></span></td>`}
		<td data-label=${t('List')}><span class=${x.list === 'WHITE' ? 'chip good' : 'chip bad'}>${x.list === 'WHITE' ? t('whitelist') : t('blacklist')}</span></td><td data-label=${t('Meaning')}>${meaning(x)}</td><td data-label=${t('Valid')}>${when(x)}</td><td data-label=${t('Reason')}>${x.reason || '–'}</td>
		<td class="actions">${can('MANAGE_TERRITORIES') ? html`<button class="btn quiet small icon-only" aria-label=${t('Take the entry of {name} back', { name: x.outlet })} @click=${() => drop(x)}>${icon('trash')}</button>` : nothing}</td></tr>`)}</tbody></table></div>`
}

/** The section of the outlet page; nothing where there is no entry. @param {string} id */
export function listsOf(id) {
	const list = resource(() => api.outletLists({ outlet: id, limit: 100 }))
	void list.load()
	return () => (list.data.value?.items.length ? html`<section class="card"><h2>${t('Whitelist and blacklist')}</h2>${listTable(list.data.value.items, list.load, true)}</section>` : nothing)
}
