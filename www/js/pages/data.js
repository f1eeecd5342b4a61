// SPDX-License-Identifier: GPL-3.0-or-later
// What was imported beside outlets and the team: invoices, accounts, whitelist and blacklist, tiers.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { canEverywhere } from '../core/session.js'
import { chainRulesDialog } from '../components/chainrules.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { empty, resource, shown } from '../components/ui.js'
import { modelsPart } from './models.js'
import { listTable } from './outlet-lists.js'
import { invoiceTable, salesRule } from './sales.js'

/** The list of each tab with its filters; one is on the page at a time. */
const tabs = /** @type {const} */ (['invoices', 'accounts', 'lists', 'tiers', 'models'])
const label = (/** @type {typeof tabs[number]} */ tab) => ({ invoices: t('Invoices'), accounts: t('Accounts'), lists: t('White- and blacklist'), tiers: t('Tiers'), models: t('Territory models') }[tab])

export function page() {
	const invoices = pagedList(api.invoices, ['q', 'store', 'outlet'])
	const accounts = pagedList(api.accounts, ['q'])
	const entries = pagedList(api.outletLists, ['q', 'list'])
	const tiers = resource(() => api.tiers())
	const table = invoiceTable(), rule = salesRule(), models = modelsPart()
	void tiers.load()
	/** @param {string} title @param {string} text */
	const none = (title, text) => html`<section class="card">${['q', 'store', 'outlet', 'list'].some((k) => place.value.query[k]) ? empty('search', t('Nothing found'), t('Nothing fits this search.'))
		: empty('list', title, text, canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${icon('import')}${t('Import')}</a>` : nothing)}</section>`
	const views = {
		invoices: () => html`<div class="filters">${invoices.search('q', t('Number, outlet code or name'))}${invoices.select('store', t('Outlet'), [['lost', t('not found')]])}</div>
			${invoices.chips({ outlet: (v) => t('outlet #{id}', { id: v }), store: () => t('outlet not found') })}
			${invoices.view((items) => html`<section class="card tight">${table(items)}</section>`, () => none(t('No invoices yet'), t('Import the invoices of your ERP: their outlets are found by code, tax number, telephone, or name and postcode.')))}<bp-view .of=${rule}></bp-view>`,
		accounts: () => html`<div class="filters">${accounts.search('q', t('Code or name'))}</div>${accounts.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Accounts')}</caption>
			<thead><tr>${accounts.head('code', t('Code'))}${accounts.head('name', t('Name'))}<th>${t('Belongs to')}</th>${accounts.head('outlets', t('Outlets'), 'num')}<th></th></tr></thead>
			<tbody>${accounts.sorted(items, { code: (a) => a.code, name: (a) => a.name, outlets: (a) => a.outlets }).map((a) => html`<tr><td><b>${a.code}</b></td><td data-label=${t('Name')}>${a.name}</td><td data-label=${t('Belongs to')}>${a.parent ? html`<span class="two"><span>${a.parentName}</span><small class="faint">${a.parent}</small></span>` : '–'}</td><td class="num" data-label=${t('Outlets')}>${num(a.outlets)}</td><td class="actions"><button class="btn quiet small" aria-label=${t('Rules of {name}', { name: a.name })} @click=${() => chainRulesDialog(a.id, () => {})}>${icon('pencil')}${t('Rules')}</button></td></tr>`)}</tbody></table></div></section>`, () => none(t('No accounts yet'), t('Accounts are the chains and companies that outlets belong to; outlet files may name them too.')))}`,
		lists: () => html`<div class="filters">${entries.search('q', t('Outlet code or name'))}${entries.select('list', t('List'), [['WHITE', t('whitelist')], ['BLACK', t('blacklist')]])}</div>
			${entries.view((items) => html`<section class="card tight">${listTable(items, entries.load)}</section>`, () => none(t('Nothing on either list'), t('The whitelist names outlets that must be planned, or by whom and where; the blacklist those that must not.')))}`,
		tiers: () => shown(tiers, (list) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Tiers')}</caption>
			<thead><tr><th class="num">${t('Rank')}</th><th>${t('Name')}</th><th>${t('Files also write')}</th></tr></thead><tbody>${list.items.map((x) => html`<tr><td class="num">${x.rank}</td><td data-label=${t('Name')}><b>${x.name}</b></td><td data-label=${t('Files also write')}>${x.aliases ? x.aliases.split(/[|;]/).filter(Boolean).map((a) => html`<span class="chip">${a.trim()}</span> `) : '–'}</td></tr>`)}</tbody></table></div></section>
			<p class="muted">${t('Names and aliases are imported as a file of tiers. How often and how long each tier is visited stands in the parameters of a territory.')}</p>`),
		models,
	}
	const view = () => {
		const now = tabs.find((x) => x === place.value.query.tab) ?? 'invoices'
		return html`<div class="page">
	<div class="page-head"><div><h1>${t('Data')}</h1><p>${t('What else was imported: what outlets bought, whom they belong to, and what holds for them.')}</p></div>
		<div class="segmented" role="group" aria-label=${t('View')}>${tabs.map((id) => html`<button class="btn" aria-pressed=${String(now === id)} @click=${() => setQuery({ tab: id === 'invoices' ? null : id, q: null, store: null, outlet: null, list: null })}>${label(id)}</button>`)}</div></div>
	${views[now]()}</div>`
	}
	return {
		title: t('Data'), view,
		dispose() {
			invoices.dispose()
			accounts.dispose()
			entries.dispose()
		},
	}
}
