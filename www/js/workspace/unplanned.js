// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets of the unit that are not planned, with the reasons; more of them are left out, or taken back in.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ofOne } from './parts.js'
import { field, fieldProblem, loading, openDialog, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../core/api.js').Unplanned} Unplanned */

/** @type {Record<string, () => string>} */
const names = {
	BLACKLIST: () => t('left out by the blacklist'), UNIVERSE: () => t('not yet a customer'), WHOLESALE: () => t('served by a wholesaler'), DORMANT: () => t('dormant: no purchase for long'),
	CLOSED: () => t('closed for good'), NO_NEED: () => t('asks for no visit'), WHOLESALE_OFF: () => t('wholesaler: the parameters keep wholesale out'),
}
/** In words, with how many. @param {{reason: string, outlets: number}[]} reasons */
export const reasonsText = (reasons) => reasons.map((r) => `${names[r.reason]()}: ${num(r.outlets)}`).join(' · ')

/** Counted once for a page; what is closed is nobody's concern. @param {Store} s */
export function createUnplanned(s) {
	const counted = s.parts.map((p) => resource(() => api.unplanned(p.territoryId, { channel: s.channel, limit: 1 })))
	counted.forEach((c) => void c.load())
	const reasons = () => {
		/** @type {Map<string, number>} */
		const all = new Map()
		for (const r of counted.flatMap((c) => c.data.value?.reasons ?? []))
			if (r.reason !== 'CLOSED')
				all.set(r.reason, (all.get(r.reason) ?? 0) + r.outlets)
		return [...all].map(([reason, outlets]) => ({ reason, outlets }))
	}
	return { reasons, count: () => reasons().reduce((n, r) => n + r.outlets, 0), open: () => ofOne(s, (p) => dialog(p, counted[s.parts.indexOf(p)].load)) }
}

/** @param {Store} s @param {() => unknown} changed */
function dialog(s, changed) {
	const reason = signal(''), found = signal(/** @type {Unplanned | null} */ (null)), problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	/** @param {string | null} after */
	const load = async (after) => {
		const [page, failed] = await api.unplanned(s.territoryId, { channel: s.channel, reason: reason.peek(), limit: 100, after })
		problem.value = failed
		if (page)
			found.value = { ...page, items: [...(after ? found.peek()?.items ?? [] : []), ...page.items] }
	}
	void load(null)
	/** @param {Unplanned['items'][0]} o */
	const takeBack = async (o) => {
		const [, failed] = await api.dropListEntry(o.id, o.entry ?? 0)
		if (failed)
			return toastProblem(failed)
		toast(t('{name} is planned again from the next optimisation on', { name: o.name || o.code }))
		await Promise.all([load(null), changed()])
	}
	const close = openDialog({
		title: () => t('Outlets that are not planned'), wide: true,
		body: () => {
			const f = found.value
			if (!f)
				return problem.value ? problemNotice(problem.value) : loading()
			return html`${f.reasons.length ? field('np', t('Reason'), html`<select id="np" class="input" @change=${(/** @type {any} */ e) => {
				reason.value = e.target.value
				void load(null)
			}}><option value="">${t('any')}</option>${f.reasons.map((r) => html`<option value=${r.reason} ?selected=${r.reason === reason.value}>${names[r.reason]()} (${num(r.outlets)})</option>`)}</select>`) : html`<p class="row">${icon('check')}${t('All outlets here are planned.')}</p>`}
			${f.items.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack dense"><caption class="sr">${t('Outlets that are not planned')}</caption><thead><tr><th>${t('Outlet')}</th><th>${t('Reason')}</th><th></th></tr></thead>
			<tbody>${f.items.map((o) => html`<tr><td><a href=${`/outlets/${o.id}`}>${o.name || o.code}</a> <small class="faint">${o.code}</small></td>
				<td data-label=${t('Reason')}>${names[o.reason]()}${o.note ? `: ${o.note}` : ''}${o.until ? html` <small class="faint">${t('until {date}', { date: date(o.until) })}</small>` : nothing}</td>
				<td class="actions">${o.entry && can('MANAGE_TERRITORIES') ? html`<button class="btn quiet small" @click=${() => takeBack(o)}>${t('Plan again')}</button>` : nothing}</td></tr>`)}</tbody></table></div>` : nothing}
			${f.next ? html`<p><button class="btn small" @click=${() => load(f.next)}>${t('Show more')}</button></p>` : nothing}`
		},
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`,
	})
}

/** Leaves what is selected out of planning. @param {Store} s */
export function leaveOutDialog(s) {
	const outlets = [...s.selection.peek()].map((i) => s.world.peek()?.id[i] ?? 0)
	const reason = signal(''), until = signal(''), problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const go = async (/** @type {Event} */ e) => {
		e.preventDefault()
		const [, failed] = await api.leaveOut(s.territoryId, { outlets, reason: reason.peek().trim(), ...(until.peek() ? { until: until.peek() } : {}) })
		problem.value = failed
		if (failed)
			return
		close()
		toast(tn('{n} outlet is left out from the next optimisation on', '{n} outlets are left out from the next optimisation on', outlets.length))
	}
	const close = openDialog({
		title: () => tn('Leave {n} outlet out of planning', 'Leave {n} outlets out of planning', outlets.length),
		text: () => tn('It comes on the blacklist: the next optimisation plans no visit to it. Those that stand stay until then.', 'They come on the blacklist: the next optimisation plans no visit to them. Those that stand stay until then.', outlets.length),
		body: () => html`<form id="lo-form" class="col" @submit=${go}>${field('lo-reason', t('Reason'), html`<input id="lo-reason" class="input" maxlength="300" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
			reason.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'reason') })}${field('lo-until', t('Until'), html`<input id="lo-until" class="input" type="date" .value=${until.value} @input=${(/** @type {any} */ e) => {
			until.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'until'), help: t('empty: until it is taken back') })}${problem.value ? problemNotice(problem.value) : nothing}</form>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn danger" form="lo-form" ?disabled=${!reason.value.trim()}>${t('Leave out')}</button>`,
	})
}
