// SPDX-License-Identifier: GPL-3.0-or-later
// What outlets bought: invoices with their lines, months of an outlet, and the rule by which the sales volume follows.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t, tn } from '../core/i18n.js'
import { canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { bar, field, fieldProblem, loading, problemNotice, resource, toast } from '../components/ui.js'

/** @typedef {import('../core/api.js').Invoice} Invoice */
/** @typedef {import('../core/api.js').InvoiceLine} InvoiceLine */

const money = (/** @type {number | null} */ v) => num(v, v !== null && Math.abs(v) < 1000 ? 2 : 0)
/** How an invoice found its outlet, or why it has none. @param {string} by */
const foundBy = (by) => ({ CODE: t('by its code'), TAX: t('by its tax number'), PHONE: t('by its telephone'), NAME: t('by name and postcode'), NONE: t('the invoice names no outlet'), UNKNOWN: t('no outlet fits'), AMBIGUOUS: t('several outlets fit') }[by] ?? by)

/** A table of invoices; each opens to its lines. */
export function invoiceTable() {
	const open = signal(/** @type {number | null} */ (null))
	const lines = signal(/** @type {InvoiceLine[] | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	/** @param {number} id */
	const toggle = async (id) => {
		open.value = open.peek() === id ? null : id
		lines.value = problem.value = null
		if (open.peek() !== id)
			return
		const [page, failed] = await api.invoiceLines(id)
		if (open.peek() !== id)
			return
		problem.value = failed
		lines.value = page?.items ?? null
	}
	const detail = () => (problem.value ? problemNotice(problem.value) : !lines.value ? loading() : html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Lines of the invoice')}</caption>
		<thead><tr><th>${t('Product')}</th><th class="num">${t('Quantity')}</th><th class="num">${t('Unit price')}</th><th class="num">${t('Net')}</th><th class="num">${t('Tax')}</th><th class="num">${t('Gross')}</th></tr></thead>
		<tbody>${lines.value.map((l) => html`<tr><td><span class="two"><span>${l.name || l.product || '–'}</span><small class="faint">${[l.line, l.name ? l.product : null].filter((x) => x !== null && x !== '').join(' · ')}</small></span></td>
			<td class="num" data-label=${t('Quantity')}>${l.quantity === null ? '–' : `${num(l.quantity, Number.isInteger(l.quantity) ? 0 : 2)} ${l.unit}`}</td><td class="num" data-label=${t('Unit price')}>${l.unitPrice === null ? '–' : num(l.unitPrice, 2)}</td>
			<td class="num" data-label=${t('Net')}>${num(l.net, 2)}</td><td class="num" data-label=${t('Tax')}>${num(l.tax, 2)}</td><td class="num" data-label=${t('Gross')}>${num(l.gross, 2)}</td></tr>`)}</tbody></table></div>`)
	/** @param {Invoice[]} items @param {boolean} [ofOne]  the outlet is known from around it */
	return (items, ofOne) => html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Invoices')}</caption>
		<thead><tr><th>${t('Invoice')}</th><th>${t('Date')}</th>${ofOne ? nothing : html`<th>${t('Outlet')}</th>`}<th>${t('Salesperson')}</th><th class="num">${t('Lines')}</th><th class="num">${t('Net')}</th></tr></thead>
		<tbody>${items.map((i) => html`<tr><td><button class="btn quiet small" aria-expanded=${String(open.value === i.id)} @click=${() => toggle(i.id)}>${icon(open.value === i.id ? 'up' : 'down')}${i.number}</button>${i.seller ? html` <small class="faint">${i.seller}</small>` : nothing}</td>
			<td class="nowrap" data-label=${t('Date')}>${date(i.date)}</td>
			${ofOne ? nothing : html`<td data-label=${t('Outlet')}>${i.outletId !== null ? html`<span class="two"><a href=${`/outlets/${i.outletId}`}>${i.outlet}</a>${i.storeBy === 'CODE' ? nothing : html`<small class="faint">${t('found {how}', { how: foundBy(i.storeBy) })}</small>`}</span>`
				: html`<span class="two"><span>${i.outletName || i.outletCode || '–'}</span><small><span class="chip warn">${foundBy(i.storeBy)}</span></small></span>`}</td>`}
			<td data-label=${t('Salesperson')}>${i.salesperson || '–'}</td><td class="num" data-label=${t('Lines')}>${num(i.lines)}</td><td class="num nowrap" data-label=${t('Net')}>${money(i.net)} ${i.currency}</td></tr>
			${open.value === i.id ? html`<tr><td colspan=${ofOne ? 5 : 6}>${detail()}</td></tr>` : nothing}`)}</tbody></table></div>`
}

/** The section of the outlet page. @param {string} id */
export function salesOf(id) {
	const months = resource(() => api.outletSales(id))
	const invoices = resource(() => api.invoices({ outlet: id, limit: 20 }))
	const table = invoiceTable()
	void months.load()
	void invoices.load()
	return () => {
		const rows = months.data.value?.items ?? [], list = invoices.data.value?.items ?? []
		const best = Math.max(1, ...rows.map((m) => Math.max(m.amount ?? 0, m.invoiced ?? 0)))
		return html`<section class="card" id="sales"><h2>${t('Sales')}</h2>
		${months.error.value ? problemNotice(months.error.value, () => void months.load()) : !months.data.value ? loading() : rows.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Sales by month')}</caption>
			<thead><tr><th>${t('Month')}</th><th class="num">${t('Figures')}</th><th class="num">${t('Quantity')}</th><th class="num">${t('Invoices')}</th><th class="num">${t('Invoiced')}</th><th class="wide-only">${t('Share of the best month')}</th></tr></thead>
			<tbody>${rows.map((m) => html`<tr><td class="nowrap">${m.month.slice(0, 7)}</td><td class="num" data-label=${t('Figures')}>${m.amount === null ? '–' : money(m.amount)}</td><td class="num" data-label=${t('Quantity')}>${m.quantity === null ? '–' : num(m.quantity)}</td>
				<td class="num" data-label=${t('Invoices')}>${num(m.invoices)}</td><td class="num" data-label=${t('Invoiced')}>${m.invoiced === null ? '–' : money(m.invoiced)}</td>
				<td class="wide-only">${bar(Math.max(0, m.amount ?? m.invoiced ?? 0) / best, t('Share of the best month'))}</td></tr>`)}</tbody></table></div>`
		: html`<p class="muted">${t('Nothing is known of what this outlet buys: import invoices or sales figures.')}</p>`}
		${list.length ? html`<h3>${t('Last invoices')}</h3>${table(list, true)}${invoices.data.value?.next ? html`<p><a href=${`/data?outlet=${id}`}>${t('All invoices of this outlet')}</a></p>` : nothing}` : nothing}</section>`
	}
}

/** How the sales volume follows from sales. */
export function salesRule() {
	const rule = resource(() => api.salesRule())
	const changed = signal(/** @type {{months?: number, wins?: string}} */ ({}))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false), reason = signal('')
	void rule.load()
	/** @param {SubmitEvent} e */
	const save = async (e) => {
		e.preventDefault()
		const now = rule.data.peek()
		if (!now)
			return
		busy.value = true
		const [, failed] = await api.setSalesRule({ months: now.months, wins: now.wins, ...changed.peek(), reason: reason.peek().trim() })
		busy.value = false
		problem.value = failed
		if (failed)
			return
		changed.value = {}
		reason.value = ''
		await rule.load()
		toast(t('Saved: the sales volume of all outlets is counted anew'))
	}
	return () => {
		const r = rule.data.value, may = canEverywhere('MANAGE_RULES')
		if (!r)
			return rule.error.value ? problemNotice(rule.error.value, () => void rule.load()) : loading()
		const months = changed.value.months ?? r.months, wins = changed.value.wins ?? r.wins
		return html`<section class="card"><h2>${t('Sales volume of an outlet')}</h2>
		<p class="muted">${r.newest ? tn('Counted over {n} month, back from {month}, the newest one with figures of any outlet.', 'Counted over {n} months, back from {month}, the newest one with figures of any outlet.', r.months, { month: r.newest.slice(0, 7) }) : t('Counted as soon as there are invoices or sales figures.')} ${t('Sales figures go before invoices where an outlet has both.')}</p>
		${may ? html`<form class="holiday-form" @submit=${save}>
			${field('sr-months', t('Months'), html`<input id="sr-months" class="input" type="number" min="1" max="60" required .value=${String(months)} @input=${(/** @type {any} */ e) => {
				changed.value = { ...changed.peek(), months: Number(e.target.value) }
			}}>`, { problem: fieldProblem(problem.value, 'months') })}
			${field('sr-wins', t('Where the outlet file says a volume too'), html`<select id="sr-wins" class="input" @change=${(/** @type {any} */ e) => {
				changed.value = { ...changed.peek(), wins: e.target.value }
			}}><option value="SALES" ?selected=${wins === 'SALES'}>${t('the sales count')}</option><option value="FILE" ?selected=${wins === 'FILE'}>${t('the outlet file counts')}</option></select>`)}
			${field('sr-reason', t('Reason'), html`<input id="sr-reason" class="input" required maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
				reason.value = e.target.value
			}}>`, { problem: fieldProblem(problem.value, 'reason') })}
			<button class="btn primary" ?disabled=${busy.value || !reason.value.trim() || (months === r.months && wins === r.wins)}>${icon('save')}${t('Save')}</button></form>
			${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}`
		: html`<p>${wins === 'SALES' ? t('Where the outlet file says a volume too, the sales count.') : t('Where the outlet file says a volume too, the file counts.')}</p>`}</section>`
	}
}
