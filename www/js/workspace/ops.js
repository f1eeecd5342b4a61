// SPDX-License-Identifier: GPL-3.0-or-later
// From what is held (visits, an unserved need, a beat) and where it goes, to the operations of the server.
import { num, signed, t, tn } from '../core/i18n.js'
import { cls, html, nothing } from '../core/html.js'
import { day, duration } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { inParts } from '../plan/actions.js'
import { ruleText } from '../plan/labels.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/model.js').Stop} Stop */
/** @typedef {{kind: 'move', visits: Stop[]} | {kind: 'place', need: number} | {kind: 'beat', beat: number, day: number | null}} Payload */
/** @typedef {'date' | 'onward' | 'standing'} Reach */

/** @param {Store} s @param {number} id */
export function seatName(s, id) {
	const p = s.plan.value, as = p?.alias?.get(id) ?? id, seat = p?.seats.find((x) => x.id === as)
	return seat ? seat.person || `${seat.name || seat.code} (${t('vacant')})` : '#' + id
}

/**
 * @param {Store} s @param {Payload} p
 * @param {{seat: number | null, day: number | null, pos?: number}} to  null keeps what is
 * @param {Reach} reach @param {Partial<import('../components/override.js').Why>} [why]
 * @returns {Record<string, unknown>[]}
 */
export function opsFor(s, p, to, reach, why = {}) {
	const where = { ...(to.seat !== null ? { seat: to.seat } : {}), ...(to.day !== null ? { date: s.dateOfDay(to.day) } : {}) }
	if (p.kind === 'place')
		return [{ kind: 'place', need: p.need, ...where, ...(to.pos !== undefined ? { pos: to.pos } : {}), reach, ...why }]
	if (p.kind === 'beat')
		return [{
			kind: 'beat', beat: p.beat, ...(to.seat !== null ? { seat: to.seat } : {}),
			...(to.day !== null && p.day !== null && to.day !== p.day ? { fromDate: s.dateOfDay(p.day), date: s.dateOfDay(to.day) } : {}), ...why,
		}]
	return inParts(s.named(p.visits), (visits) => ({ kind: 'move', visits, ...where, ...(to.pos !== undefined ? { pos: to.pos } : {}), reach, ...why }))
}

/** A difference in minutes; a long one in hours. @param {number} minutes */
export const signedTime = (minutes) => (Math.abs(minutes) < 600 ? `${signed(minutes)} min` : `${signed(minutes / 60)} h`)

/** How much nearer to purchases that are due, '' where that is nothing. @param {import('../core/api.js').Impact} impact */
export const dueText = ({ dueMinutes: m }) => (Math.abs(m) < 0.05 ? '' : m > 0 ? t('nearer to purchases that are due, worth {n} min', { n: num(m, 1) }) : t('further from purchases that are due, worth {n} min', { n: num(-m, 1) }))

/** What the price is made of, the dearest first; '' where it is the way alone. @param {import('../core/api.js').Price} p */
export function priceParts(p) {
	/** @type {[number, string][]} */
	const parts = [[p.missed, t('missed visits')], [p.overtime, t('overtime')], [p.day, t('other days')], [p.person, t('another person')], [p.beat, t('another beat')], [p.imbalance, t('imbalance')], [p.due, t('purchases that are due')], [p.few, t('calls below the least of a day')], [p.other, t('hours, chains and scatter')], [p.travel, t('on the road')]]
	const told = parts.filter(([n]) => Math.abs(n) >= 0.05).sort((a, b) => Math.abs(b[0]) - Math.abs(a[0]))
	return told.some(([n]) => n !== p.travel) ? told.map(([n, l]) => `${l} ${signedTime(n)}`).join(' · ') : ''
}

/** Broken rules of a kind and person together, with the days they break on. @param {import('../core/api.js').Broken[]} broken */
function byRule(broken) {
	/** @type {Map<string, {first: import('../core/api.js').Broken, dates: Set<string>, n: number}>} */
	const groups = new Map()
	for (const b of broken) {
		const key = `${b.rule} ${b.severity} ${b.seat} ${b.message}`, g = groups.get(key) ?? { first: b, dates: new Set(), n: 0 }
		groups.set(key, g)
		g.n++
		if (b.date)
			g.dates.add(b.date)
	}
	return [...groups.values()].sort((a, b) => Number(b.first.severity === 'block') - Number(a.first.severity === 'block') || b.n - a.n)
}

/** Minutes, kilometres, each tour before and after, and what it breaks. @param {Store} s @param {import('../core/api.js').Impact} impact @param {boolean} sure the server said so */
export function impactView(s, impact, sure) {
	const shownTours = impact.tours.slice(0, 8)
	return html`<div class="impact">
	<div class="stats">
		${impact.price ? html`<div class="stat" id="price"><b class=${cls(impact.price.total > 0.5 && 'up', impact.price.total < -0.5 && 'down')}>${sure ? '' : '≈ '}${signedTime(impact.price.total)}</b><span title=${t('All prices of the parameters together, as the optimiser counts them')}>${t('price')}</span></div>` : nothing}
		<div class="stat"><b class=${cls(impact.minutes > 0.5 && 'up', impact.minutes < -0.5 && 'down')}>${sure ? '' : '≈ '}${signedTime(impact.minutes)}</b><span>${t('working time')}</span></div>
		<div class="stat"><b>${signed(impact.km, Math.abs(impact.km) < 100 ? 1 : 0)} km</b><span>${t('on the road')}</span></div>
		<div class="stat"><b class=${cls(impact.overtimeMinutes > 0.5 && 'up', impact.overtimeMinutes < -0.5 && 'down')}>${signedTime(impact.overtimeMinutes)}</b><span>${t('overtime')}</span></div>
		<div class=${cls('stat', !sure && 'faint')}><b>${sure ? `${num(impact.balanceBefore, 1)} → ${num(impact.balanceAfter, 1)} %` : '…'}</b><span>${t('imbalance')}</span></div>
	</div>
	${impact.price && priceParts(impact.price) ? html`<p class="faint" id="price-parts">${t('Price')}: ${priceParts(impact.price)}</p>` : nothing}
	${dueText(impact) ? html`<p class="faint">${dueText(impact)}</p>` : nothing}
	${shownTours.length ? html`<div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Days touched by this change')}</caption>
		<thead><tr><th>${t('Day')}</th><th class="num">${t('Calls')}</th><th class="num">${t('Time')}</th><th class="num">km</th></tr></thead>
		<tbody>${shownTours.map((x) => html`<tr><td>${seatName(s, x.seat)}, <span class="nowrap">${day(x.date)}</span></td>
			<td class="num"><span class="nowrap">${num(x.before.calls)} → <b>${num(x.after.calls)}</b></span></td>
			<td class="num"><span class="nowrap">${duration(x.before.minutes * 60)} →</span> <b class="nowrap">${duration(x.after.minutes * 60)}</b></td>
			<td class="num"><span class="nowrap">${num(x.before.km, 1)} →</span> <b>${num(x.after.km, 1)}</b></td></tr>`)}</tbody></table></div>
		${impact.tours.length > 8 ? html`<p class="faint">${t('and {n} more days', { n: num(impact.tours.length - 8) })}</p>` : nothing}` : nothing}
	${byRule(impact.broken).slice(0, 6).map(({ first: b, dates, n }) => html`<div class=${cls('notice', b.severity === 'block' ? 'bad' : 'warn')}>${icon('warn')}<p>
		${b.seat !== null ? html`<b>${seatName(s, b.seat)}</b>${dates.size === 1 ? `, ${day([...dates][0])}` : ''}: ` : nothing}${ruleText(b)}${n > 1 ? html` · ${dates.size > 1 ? tn('on {n} day', 'on {n} days', dates.size) : tn('{n} time', '{n} times', n)}` : nothing} <small>${b.rule}</small></p></div>`)}
	</div>`
}
