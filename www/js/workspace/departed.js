// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets that went to another unit, and that the plan visits all the same or leaves out: who visits them, and what is to be done.
import { computed, html } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t } from '../core/i18n.js'
import { ofOne } from './parts.js'
import { openDialog, paged, resource, shown } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** What is shown: the draft, or else the version. @param {Store} s */
const stateOf = (s) => (s.session.peek() ? { session: s.session.peek()?.id } : s.plan.peek()?.version ? { version: s.plan.peek()?.version } : {})

/**
 * How many outlets nobody visits once drafts that are open here are committed: they lie in the unit no more, and no other draft visits them.
 * @param {Store} s of one territory @param {readonly Store[]} [others] @returns {Promise<import('../core/http.js').Answer<number>>}
 */
export async function dropped(s, others = []) {
	const visited = new Set(others.flatMap((x) => [...x.plan.peek()?.tours.values() ?? []].flat().map((v) => x.world.peek()?.id[x.world.peek()?.needs.get(v.need)?.outlet ?? -1])))
	let n = 0, after = /** @type {string | null} */ (null)
	do {
		const [page, failed] = await api.departed(s.plan.peek()?.planId ?? 0, { session: s.session.peek()?.id, limit: 500, after })
		if (!page)
			return [null, failed]
		n += page.items.filter((o) => !o.visits && !visited.has(o.outlet)).length
		after = page.next
	} while (after)
	return [n, null]
}

/** Asked for where the plan visits what the unit does not have, and of a draft, which may leave out what the plan in force visits. @param {Store} s */
export function createDeparted(s) {
	const told = s.parts.map((p) => ({
		p, asked: '', r: resource(() => api.departed(p.plan.peek()?.planId ?? 0, { ...stateOf(p), limit: 1 })),
		strange: computed(() => {
			const w = p.world.value
			return !!w && [...p.plan.value?.tours.values() ?? []].some((list) => list.some((x) => !w.needs.has(x.need)))
		}),
	}))
	/** @param {typeof told[0]} x */
	const outlets = (x) => {
		const session = x.p.session.value?.id, key = `${session} ${x.p.plan.value?.version} ${x.strange.value}`, asks = x.strange.value || !!session
		if (asks && x.asked !== key) {
			x.asked = key
			queueMicrotask(() => void x.r.load())
		}
		return asks ? x.r.data.value?.outlets ?? 0 : 0
	}
	return { count: () => told.reduce((n, x) => n + outlets(x), 0), open: () => ofOne(s, departedDialog, { plan: true }) }
}

/** @param {Store} s */
export function departedDialog(s) {
	const list = paged((after) => api.departed(s.plan.peek()?.planId ?? 0, { ...stateOf(s), limit: 100, after }))
	void list.load()
	const close = openDialog({
		title: () => t('Outlets that went to another unit'), wide: true,
		text: () => t('The plan in force here visits them until the plan of their new unit is committed with them. Planned anew, it has them no more: commit the plan of the new unit first.'),
		body: () => shown(list, (f) => html`<div class="table-wrap" tabindex="0"><table class="table stack dense"><caption class="sr">${t('Outlets that went to another unit')}</caption><thead><tr><th>${t('Outlet')}</th><th>${t('Now in')}</th><th class="num">${t('Visits')}</th><th>${t('Visited by')}</th></tr></thead>
		<tbody>${f.items.map((o) => html`<tr><td><a href=${`/outlets/${o.outlet}`}>${o.name || o.code}</a> <small class="faint">${o.code}</small></td><td data-label=${t('Now in')}>${o.unit ?? t('no unit')}</td>
			<td class="num" data-label=${t('Visits')}>${num(o.visits)}</td><td data-label=${t('Visited by')}>${o.until ? t('the other plan from {date} on', { date: date(o.until) }) : o.visits ? t('this plan') : html`<span class="warn">${t('nobody once this draft is committed')}</span>`}</td></tr>`)}</tbody></table></div>${list.moreButton('departed-more')}`),
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>`,
	})
}
