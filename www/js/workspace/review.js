// SPDX-License-Identifier: GPL-3.0-or-later
// What the plan has been through and how it is shared: the ledger of changes with their prices, and the fairness report.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, duration, instant, num, signed, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { reasonText } from '../components/override.js'
import { empty, openDialog, resource, shown, toastProblem } from '../components/ui.js'
import { opLabel } from '../plan/labels.js'
import { signedTime } from './ops.js'
import { ruleName } from './reasons.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function ledgerDialog(s) {
	const planId = /** @type {import('../plan/model.js').Plan} */ (s.plan.peek()).planId
	const mine = s.session.peek()
	const all = signal(!mine)
	const query = (/** @type {object} */ more) => ({ limit: 200, ...(all.peek() || !mine ? {} : { session: mine.id }), ...more })
	/** Pages after the first. */
	const later = signal(/** @type {import('../core/api.js').LedgerEntry[]} */ ([])), next = signal(/** @type {string | null | undefined} */ (undefined))
	const list = resource(() => api.ledger(planId, query({})))
	void list.load()
	const more = async (/** @type {string} */ after) => {
		const [page, failed] = await api.ledger(planId, query({ after }))
		if (failed)
			return toastProblem(failed)
		later.value = [...later.peek(), ...page?.items ?? []]
		next.value = page?.next ?? null
	}
	const price = (/** @type {{price: number | null, minutes: number}} */ x) => signedTime(x.price ?? x.minutes)
	/** @param {number[]} needs */
	const outlets = (needs) => {
		return needs.slice(0, 2).map(s.details.nameOf).join(', ') + (needs.length > 2 ? ` +${num(needs.length - 2)}` : '')
	}
	const close = openDialog({
		wide: true, title: () => t('Ledger of changes'), text: () => t('Every change by hand with its price in minutes: the way, overtime, missed visits, other days and persons, imbalance.'),
		body: () => html`${mine ? html`<div class="segmented" role="group" aria-label=${t('Which changes')}>${[[false, t('This draft')], [true, t('All drafts')]].map(([v, l]) => html`<button class="btn" aria-pressed=${String(all.value === v)} @click=${() => {
			all.value = /** @type {boolean} */ (v)
			later.value = []
			next.value = undefined
			void list.load()
		}}>${l}</button>`)}</div>` : nothing}
		${shown(list, (l) => (l.items.length ? html`
			<p><b class="num">${signedTime(l.price)}</b> ${tn('for {n} change that counts', 'for {n} changes that count', l.changes)} <span class="faint">${t('of it {time} of work', { time: signedTime(l.minutes) })}</span></p>
			${l.sums.length > 1 ? html`<h3>${t('By person and reason')}</h3><div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('By person and reason')}</caption><thead><tr><th>${t('By')}</th><th>${t('Reason')}</th><th class="num">${t('Changes')}</th><th class="num">${t('Price')}</th></tr></thead>
				<tbody>${l.sums.map((x) => html`<tr><td>${x.user ?? '–'}</td><td>${x.reasonCode ? reasonText({ ...x, reason: '' }) : html`<span class="faint">${t('without a reason of the list')}</span>`}</td><td class="num">${num(x.changes)}</td><td class="num">${price(x)}</td></tr>`)}</tbody></table></div>` : nothing}
			${l.outlets.length > 1 ? html`<details class="more"><summary>${t('By outlet')}</summary><div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('By outlet')}</caption><thead><tr><th>${t('Outlet')}</th><th class="num">${t('Changes')}</th><th class="num">${t('Against a rule')}</th></tr></thead>
				<tbody>${l.outlets.map((x) => html`<tr><td>${x.name} <small class="faint">${x.code}</small></td><td class="num">${num(x.n)}</td><td class="num">${num(x.overridden)}</td></tr>`)}</tbody></table></div></details>` : nothing}
			<h3>${t('Changes, the latest first')}</h3><div class="table-wrap" tabindex="0"><table class="table stack dense"><caption class="sr">${t('Changes, the latest first')}</caption><thead><tr><th>${t('When')}</th><th>${t('Change')}</th><th>${t('Outlets')}</th><th>${t('Reason')}</th><th class="num">${t('Price')}</th></tr></thead>
			<tbody>${[...l.items, ...later.value].map((x) => html`<tr class=${cls(x.undone && 'faint')}><td class="nowrap" title=${instant(x.at)}>${ago(x.at)}<br><small class="faint">${x.user ?? ''}</small></td>
				<td>${opLabel(x.label)}${x.undone ? html` <span class="chip">${t('undone')}</span>` : nothing}${x.rules.map((r) => html` <span class=${cls('chip', x.override ? 'bad' : 'warn')}>${ruleName(r)}</span>`)}</td>
				<td data-label=${t('Outlets')}><small>${outlets(x.needs)}</small></td><td data-label=${t('Reason')}>${reasonText(x) || html`<span class="faint">–</span>`}</td><td class="num nowrap" data-label=${t('Price')}>${x.undone ? '–' : price(x)}</td></tr>`)}</tbody></table></div>
			${(next.value === undefined ? l.next : next.value) ? html`<p><button class="btn small" @click=${() => more(String(next.peek() ?? l.next))}>${t('Show more')}</button></p>` : nothing}`
			: empty('list', t('No change by hand'), t('What you move, place or take out will stand here with its price.'))))}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`,
	})
}

/** @param {Store} s */
export function fairnessDialog(s) {
	const p = /** @type {import('../plan/model.js').Plan} */ (s.plan.peek()), session = s.session.peek()
	const report = resource(() => api.fairness(p.planId, session ? { session: session.id } : p.version ? { version: p.version } : {}))
	void report.load()
	/** A bar to the left or to the right of the mean. @param {number} pct */
	const off = (pct) => html`<span class="row load"><span class=${cls('deviation', pct < 0 && 'less', Math.abs(pct) > 15 && 'far')}><i ${css({ '--v': Math.min(1, Math.abs(pct) / 50) })}></i></span><span class="num">${signed(pct)} %</span></span>`
	const close = openDialog({
		wide: true, title: () => t('Fairness'), text: () => t('What each person has to do in a cycle, against the mean of those who work.'),
		body: () => shown(report, (f) => html`<div class="stats">
			<div class="stat"><b>± ${num(f.minutesPct)} %</b><span>${t('minutes')}</span><small class="faint">${t('mean {x}', { x: duration(f.minutes * 60) })}</small></div>
			<div class="stat"><b>± ${num(f.callsPct)} %</b><span>${t('calls')}</span><small class="faint">${t('mean {x}', { x: num(f.calls) })}</small></div>
			<div class="stat"><b>${f.value ? `± ${num(f.valuePct)} %` : '–'}</b><span>${t('value')}</span><small class="faint">${f.value ? t('mean {x}', { x: num(f.value) }) : t('no sales are known')}</small></div></div>
			<div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Seats')}</caption><thead><tr><th>${t('Seat')}</th><th>${t('Minutes')}</th><th>${t('Calls')}</th>${f.value ? html`<th>${t('Value')}</th>` : nothing}<th class="num">${t('Overtime')}</th><th class="num">${t('Outlets')}</th></tr></thead>
			<tbody>${f.seats.map((x) => html`<tr><th scope="row"><span class="two"><span>${x.person ?? t('vacant')}</span><small class="faint">${x.code}</small></span></th>
				<td><span class="two"><span class="num">${duration(x.minutes * 60)}</span>${off(x.minutesPct)}</span></td><td><span class="two"><span class="num">${num(x.calls)}</span>${off(x.callsPct)}</span></td>${f.value ? html`<td><span class="two"><span class="num">${num(x.value)}</span>${off(x.valuePct)}</span></td>` : nothing}
				<td class="num">${num(x.overtimeMinutes)} min</td><td class="num">${num(x.outlets)}</td></tr>`)}</tbody></table></div>
			<p class="faint">${icon('info')} ${t('Minutes are travel, visits and waiting; value is what the outlets buy, as imported or invoiced.')}</p>`),
		foot: () => html`${can('EXPORT_DATA') && p.version ? html`<a class="btn" download href=${api.exportUrl(p.planId, { what: 'fairness', format: 'csv', version: p.version })}>${icon('export')}${session ? t('CSV of the version it began from') : 'CSV'}</a>` : nothing}<button class="btn" @click=${() => print()}>${icon('file')}${t('Print')}</button><button class="btn" @click=${() => close()}>${t('Close')}</button>`,
	})
}
