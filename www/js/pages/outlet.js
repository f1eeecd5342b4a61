// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { day, instant, num, t, timeOfDay, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { resource, shown, toastProblem } from '../components/ui.js'
import { can } from '../core/session.js'
import { sourceWindows } from '../plan/windows.js'
import { dayNames, editOutlet, inWords, policyNames, sourceText, weekdayName } from './outlet-edit.js'
import { listsOf } from './outlet-lists.js'
import { salesOf } from './sales.js'

/** @param {import('../core/api.js').OutletDetail['windows']} windows */
const hours = (windows) => html`<ul class="plain">${windows.map((w) => html`<li>${w.weekday ? weekdayName(w.weekday) : t('every day')} ${timeOfDay(w.opens * 60)} – ${timeOfDay(w.closes * 60)}${w.hard ? nothing : html` <span class="faint">${t('if possible')}</span>`}</li>`)}</ul>`

/** @param {NonNullable<import('../core/api.js').OutletDetail['due']>} d */
const nextPurchase = (d) => html`<b>${day(d.date)}</b> · ${t('score {n}', { n: num(d.score) })}${d.late ? html` <span class="chip warn">${t('to be won back')}</span>` : nothing}
	<small class="faint">${d.imported ? t('as its file says by a score') : d.gaps < 3 ? t('every {n} days, as is usual in its tier; last on {date}', { n: num(d.every, 1), date: day(d.last ?? d.date) })
	: t('every {n} days, give or take {spread}; last on {date}', { n: num(d.every, 1), spread: num(d.spread, 1), date: day(d.last ?? d.date) })}</small>`

/** @param {Record<string, string>} params */
export function page(params) {
	const outlet = resource(() => api.outlet(params.id))
	const sales = salesOf(params.id), lists = listsOf(params.id)
	/** The planning territory that it belongs to: the one above it that is planned as one. */
	const unit = signal(/** @type {{id: number, name: string} | null} */ (null))
	void outlet.load().then(async () => {
		const at = outlet.data.peek()?.territoryId
		if (!at)
			return
		const [[place], [units]] = await Promise.all([api.territory(at), api.territories({ units: 1, limit: 500 })])
		unit.value = place?.path?.find((p) => units?.items.some((u) => u.id === p.id)) ?? null
	})
	/** @param {string} label @param {unknown} value */
	const row = (label, value) => (value === null || value === undefined || value === '' ? nothing : html`<dt>${label}</dt><dd>${value}</dd>`)
	/** @param {number | null} id */
	const importLink = (id) => (id === null ? null : html`<a href=${`/import/${id}`}>#${id}</a>`)
	/** The windows of the source again; other fields are taken in the dialog. @param {import('../core/api.js').OutletDetail} o @param {import('../core/api.js').OutletDetail['edits'][number]} e */
	const takeWindows = (o, e) => {
		const windows = e.field === 'windows' ? sourceWindows(e.source) : null
		return !windows || !can('PLAN_GT_ROUTES') ? nothing : html` <button class="btn quiet small" @click=${async () => {
			const [, failed] = await api.setWindows(o.id, windows)
			if (failed)
				toastProblem(failed)
			await outlet.load()
		}}>${t('Take it')}</button>`
	}
	const view = () => html`<div class="page">${shown(outlet, (o) => html`
	<div class="page-head"><div><div class="crumbs"><a href="/outlets">${t('Outlets')}</a>${o.territory ? html`<span>/</span><a href=${`/outlets?territory=${o.territoryId}`}>${o.territory}</a>` : nothing}</div>
		<h1>${o.name}</h1><p>${[o.address, o.postcode, o.city].filter(Boolean).join(', ')}</p></div>
		<div class="row wrap"><span class="chip">${o.code}</span>${o.tier ? html`<span class="chip accent">${o.tier}</span>` : nothing}<span class="chip">${inWords('status', o.status)}</span>${can('EDIT_OUTLETS') ? html`<button class="btn" @click=${() => editOutlet(o, () => void outlet.load())}>${t('Change')}</button>` : nothing}${unit.value && o.lat !== null ? html`<a class="btn primary" href=${`/territories/${unit.value.id}/plan?channel=${o.channel === 'MT' ? 'MT' : 'GT'}&outlet=${o.id}`}>${icon('map')}${t('Show in the plan')}</a>` : nothing}</div></div>
	${o.lat === null ? html`<div class="notice warn">${icon('pin')}<p>${t('This outlet has no coordinates: it cannot be planned until they are imported.')}</p></div>` : nothing}
	<div class="grid-2">
	<section class="card"><h2>${t('Facts')}</h2><dl class="kv">
		${row(t('Territory'), o.territoryId !== null ? html`<a href=${`/outlets?territory=${o.territoryId}`}>${o.territory}</a>` : null)}${o.members.map((m) => row(m.model, m.territoryId === null ? m.path : html`<a href=${`/outlets?territory=${m.territoryId}`}>${m.path}</a>`))}${row(t('Planned in'), unit.value ? html`<a href=${`/territories/${unit.value.id}/plan?channel=${o.channel === 'MT' ? 'MT' : 'GT'}`}>${unit.value.name}</a>` : null)}${row(t('Distributor'), o.partner)}${row(t('Account'), o.account)}${row(t('Channel'), o.channel)}
		${row(t('Owner'), o.owner)}${row(t('Phone'), o.phone)}${row(t('E-mail'), o.email ? html`<a href=${`mailto:${o.email}`}>${o.email}</a>` : null)}${row(t('Tax number'), o.taxNo)}${row(t('Customer since'), o.since ? day(o.since) : null)}${row(t('Sales'), o.salesVolume ? html`${num(o.salesVolume)}${o.volumeFromSales ? html` <a class="faint" href="/data">${t('counted from its sales')}</a>` : nothing}` : null)}${row(t('Next purchase due'), o.due ? nextPurchase(o.due) : null)}${row(t('Closed on'), dayNames(o.closedDays))}${row(t('Visited between'), o.windows.length ? hours(o.windows) : null)}${row(t('Sales model'), inWords('sales_model', o.salesModel))}${row(t('Fulfilment'), inWords('fulfilment', o.fulfilment))}${row(t('Merchandising'), o.merchandising === null ? null : o.merchandising ? t('yes') : t('no'))}
		${row(t('Coordinates'), o.lat === null ? null : html`<span class="num">${num(o.lat, 5)}, ${num(o.lon, 5)}</span>`)}
		${o.edits.length ? html`<dt>${t('Changed by people')}</dt><dd><ul class="plain">${o.edits.map((e) => html`<li>${t('{field}: the source says {value}', { field: policyNames()[e.field] ?? e.field, value: sourceText(e) })} <span class="faint">${e.person ?? '–'}, ${instant(e.at)}</span>${takeWindows(o, e)}</li>`)}</ul></dd>` : nothing}
		${row(t('First import'), importLink(o.firstSeen))}${row(t('Last import'), importLink(o.lastSeen))}</dl></section>
	<section class="card"><h2>${t('Visits')}</h2>${o.needs.length ? o.needs.map((n) => html`<div class="col tight">
		<p><b>${n.line === 'ALL' ? t('All products') : n.line}</b> · ${n.visitsPer4Weeks === null ? t('visits as its tier says') : tn('{n} visit in 4 weeks', '{n} visits in 4 weeks', n.visitsPer4Weeks)}${n.serviceMinutes === null ? nothing : html` · ${t('{n} min', { n: num(n.serviceMinutes) })}`}${n.seat ? html` · ${n.seat}` : nothing}${n.value === null ? nothing : html` · ${t('missed: {n} min', { n: num(n.value) })}`}${n.mandatory ? nothing : html` <span class="chip" title=${t('visited where it fits, not missed where it does not')}>${t('optional')}</span>`}</p>
		${n.days.length ? html`<div class="row wrap">${n.days.slice(0, 12).map((d) => html`<span class="chip">${day(d.date)} · ${d.seat}</span>`)}${n.days.length > 12 ? html`<span class="faint">${t('and {n} more', { n: num(n.days.length - 12) })}</span>` : nothing}</div>` : html`<p class="muted">${t('No visit is planned in the coming cycle.')}</p>`}</div>`) : html`<p class="muted">${t('Nothing is asked of this outlet: it is not visited.')}</p>`}</section></div>
	<bp-view .of=${lists}></bp-view><bp-view .of=${sales}></bp-view>
	<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Changes')}</caption><thead><tr><th>${t('Changed')}</th><th>${t('Field')}</th><th>${t('Before')}</th><th>${t('After')}</th><th>${t('By')}</th></tr></thead>
		<tbody>${o.changes.length ? o.changes.map((c) => html`<tr><td>${instant(c.at)}</td><td data-label=${t('Field')}>${c.field}</td><td data-label=${t('Before')}>${String(c.old ?? '–')}</td><td data-label=${t('After')}>${String(c.new ?? '–')}</td><td data-label=${t('By')}>${c.import === null ? c.person ?? '–' : html`<a href=${`/import/${c.import}`}>${c.kind === 'UNDO' ? t('undo of import {id}', { id: c.import }) : t('Import {id}', { id: c.import })}</a>`}${c.reason ? html` <span class="muted">${c.reason}</span>` : nothing}</td></tr>`)
			: html`<tr><td colspan="5" class="muted">${t('No value has changed since it was first imported.')}</td></tr>`}</tbody></table></div></section>`)}</div>`
	return { title: t('Outlet'), view }
}
