// SPDX-License-Identifier: GPL-3.0-or-later
// Taking a published import back: the way in, and what came of it.  Part of the wizard's last step.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { ask, resource, toastProblem } from '../components/ui.js'

/** @param {string} table */
const tableName = (table) => ({
	outlet: t('outlets'), need: t('visit needs'), partner: t('distributors'), account: t('accounts'), territory: t('territories'), seat: t('seats'),
	seat_holder: t('people in seats'), seat_partner: t('distributors of seats'), resource: t('people'), sales_line: t('product lines'), plan: t('plans'),
	time_window: t('time windows'), outlet_list: t('white and black list'), holiday: t('holidays'), seat_absence: t('absences'), tier: t('tiers'), plan_profile: t('planning parameters'),
	sales_fact: t('sales figures'), invoice: t('invoices'), invoice_line: t('invoice lines'), product: t('products'),
	outlet_edit: t('values given by people'), account_rule: t('rules of chains'), account_window: t('hours of chains'), account_blackout: t('dates on which chains receive nobody'),
}[table] ?? table)

/** @param {{id: number, refresh: () => Promise<void>}} wizard */
export function undoing({ id, refresh }) {
	const report = resource(() => api.undoReport(id))

	const start = async () => {
		await report.load()
		const r = report.data.peek()
		if (!r)
			return
		const reason = await ask({
			title: t('Undo this import?'),
			text: t('What it made goes, what it changed gets its former value. What somebody changed since, or what a plan needs, stays, and you are told.')
				+ (r.laterImports ? ' ' + tn('{n} import was loaded after it: what that one changed stays too.', '{n} imports were loaded after it: what they changed stays too.', r.laterImports) : ''),
			confirm: t('Undo the import'), danger: true, reason: 'required',
		})
		if (reason === null)
			return
		const [, failed] = await api.undoImport(id, reason)
		if (failed)
			toastProblem(failed)
		await refresh()
	}

	/** On a published import. */
	const button = () => {
		if (!report.data.value && !report.error.value && !report.busy.value)
			void report.load()
		const r = report.data.value
		return r?.possible ? html`<button class="btn danger" id="undo-import" @click=${start}>${icon('undo')}${t('Undo this import…')}</button>` : nothing
	}

	/** @param {string} title @param {{table: string, field: string, n: number}[]} list */
	const sums = (title, list) => (!list.length ? nothing : html`<h3>${title}</h3><ul class="col tight">${list.map((x) => html`<li><b class="num">${num(x.n)}</b> ${tableName(x.table)}${x.field === '+' || x.field === '-' ? nothing : html` · <code>${x.field}</code>`}</li>`)}</ul>`)

	/** On one that is undone. */
	const view = () => {
		const r = report.data.value
		if (!r || r.possible) {
			if (!report.busy.value)
				void report.load()
			return nothing
		}
		const of = (/** @type {(f: string) => boolean} */ field, /** @type {'back' | 'kept'} */ what) => r.counts.filter((c) => field(c.field) && c[what] > 0).map((c) => ({ table: c.table, field: c.field, n: c[what] }))
		const values = (/** @type {string} */ f) => f !== '+' && f !== '-'
		const kept = r.counts.reduce((n, c) => n + (values(c.field) || c.field === '+' ? c.kept : 0), 0)
		return html`<section class="col" id="undone"><div class="notice ${kept ? 'warn' : 'good'}">${icon(kept ? 'info' : 'check')}<div><p><b>${t('This import is undone')}</b></p>
			<p>${kept ? t('Some of it stays: somebody changed it since, or a plan needs it.') : t('Everything is as it was before it.')}</p></div></div>
		<div class="grid-2"><section class="card">${sums(t('Removed again'), of((f) => f === '+', 'back'))}${sums(t('Put back'), of((f) => f === '-', 'back'))}${sums(t('Former values'), of(values, 'back'))}</section>
		${kept ? html`<section class="card">${sums(t('Stays, because it is needed'), of((f) => f === '+', 'kept'))}${sums(t('Stays, because it was changed since'), of(values, 'kept'))}
			${r.kept.length ? html`<h3>${t('Outlets that stay')}</h3><ul class="row wrap">${r.kept.map((o) => html`<li><a href=${`/outlets/${o.id}`}>${o.code}</a> ${o.name}</li>`)}</ul>` : nothing}</section>` : nothing}</div>
		<div class="row"><a class="btn" href="/import">${t('All imports')}</a></div></section>`
	}
	return { button, view }
}
