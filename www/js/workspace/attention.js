// SPDX-License-Identifier: GPL-3.0-or-later
// What deserves a look before anything else, shown while no day is open: each line leads to where it can be mended.
import { cls, html, nothing } from '../core/html.js'
import { day, duration, num, t, tn } from '../core/i18n.js'
import { nobodyOn } from '../plan/absence.js'
import { peopleNeeded } from '../plan/people.js'
import { icon } from '../components/icons.js'
import { linkToDay, linkToList } from './filters.js'
import { seatName } from './ops.js'
import { ofOne } from './parts.js'
import { reasonsText } from './unplanned.js'
import { whatIfDialog } from './whatif.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {{icon: string, kind: 'bad' | 'warn' | '', text: string, more?: string, to: string | (() => void)}} Line  to: an address, or what is done */

/** @param {Store} s @param {ReturnType<typeof import('./unplanned.js').createUnplanned>} unplanned @param {ReturnType<typeof import('./departed.js').createDeparted>} departed */
export function attention(s, unplanned, departed) {
	const p = s.plan.value, w = s.world.value
	if (!p || !w)
		return nothing
	const days = s.days.value, name = (/** @type {number} */ id) => seatName(s, id)
	const open = (/** @type {import('../core/api.js').Seat} */ seat, /** @type {number | null} */ d) => linkToDay(seat.code, d === null ? null : s.dateOfDay(d))
	const tours = p.seats.flatMap((seat) => days.flatMap((d) => {
		const x = s.sums(seat.id, d)
		return x && x.calls ? [{ seat, d, ...x, time: x.travel + x.service + x.wait }] : []
	}))
	const load = p.seats.map((seat) => ({ seat, share: seat.shiftSeconds && days.length ? tours.filter((x) => x.seat === seat).reduce((a, x) => a + x.time, 0) / (seat.shiftSeconds * days.length) : 0 }))
	/** @type {Line[]} */
	const lines = []
	if (p.unserved.size)
		lines.push({ icon: 'warn', kind: 'warn', text: tn('{n} outlet is short of visits', '{n} outlets are short of visits', p.unserved.size), more: t('with the reason of each'), to: linkToList('short') })
	const needed = peopleNeeded(p)
	if (needed)
		lines.push({ icon: 'users', kind: 'warn', text: tn('About {n} person is needed', 'About {n} people are needed', needed), more: tn('{n} person makes {share} % of the visits; see what it would take', '{n} people make {share} % of the visits; see what it would take', p.seats.length, { share: num(p.totals.calls / (p.totals.calls + p.totals.unserved) * 100) }), to: () => ofOne(s, whatIfDialog) })
	const lost = w.lat.reduce((n, x) => n + (Number.isNaN(x) ? 1 : 0), 0)
	if (lost)
		lines.push({ icon: 'pin', kind: 'warn', text: tn('{n} outlet has no coordinates', '{n} outlets have no coordinates', lost), more: t('cannot be planned'), to: linkToList('nowhere') })
	const over = tours.filter((x) => x.time > x.seat.shiftSeconds * 1.001 || (x.seat.maxCalls > 0 && x.calls > x.seat.maxCalls)).sort((a, b) => b.time - a.time)
	for (const x of over.slice(0, 4))
		lines.push({ icon: 'clock', kind: 'bad', text: `${name(x.seat.id)} · ${day(s.dateOfDay(x.d))}`, more: t('over the limit: {time}, {n} calls', { time: duration(x.time), n: num(x.calls) }), to: open(x.seat, x.d) })
	const least = s.profile.value?.priceFew ? s.profile.value.minCalls : 0, thin = tours.filter((x) => x.calls < least).sort((a, b) => a.calls - b.calls)
	if (thin.length)
		lines.push({ icon: 'clock', kind: 'warn', text: tn('{n} day has fewer calls than the least', '{n} days have fewer calls than the least', thin.length), more: thin.slice(0, 3).map((x) => `${name(x.seat.id)} · ${day(s.dateOfDay(x.d))}: ${num(x.calls)}`).join(', '), to: open(thin[0].seat, thin[0].d) })
	const vacant = p.seats.filter((x) => !x.person)
	if (vacant.length)
		lines.push({ icon: 'users', kind: 'warn', text: tn('{n} seat is vacant', '{n} seats are vacant', vacant.length), more: vacant.slice(0, 3).map((x) => x.code).join(', '), to: open(vacant[0], null) })
	const missed = tours.filter((x) => !s.past(x.d) && nobodyOn(x.seat, s.dateOfDay(x.d)))
	if (missed.length) {
		const calls = missed.reduce((n, x) => n + x.calls, 0)
		lines.push({ icon: 'clock', kind: 'warn', text: tn('{n} visit falls on leave', '{n} visits fall on leave', calls), more: missed.slice(0, 3).map((x) => `${name(x.seat.id)} · ${day(s.dateOfDay(x.d))}`).join(', '), to: linkToList('leave') })
	}
	const free = tours.filter((x) => !s.past(x.d) && s.holidays.value.has(s.dateOfDay(x.d)))
	if (free.length) {
		const calls = free.reduce((n, x) => n + x.calls, 0), become = [t('left out'), t('made up on a day near it'), t('pushing the rest of the week on')][s.profile.value?.holidayRule ?? 0]
		lines.push({ icon: 'clock', kind: '', text: tn('{n} visit falls on a holiday', '{n} visits fall on a holiday', calls), more: `${[...new Set(free.map((x) => `${day(s.dateOfDay(x.d))}, ${s.holidays.value.get(s.dateOfDay(x.d))}`))].slice(0, 3).join(' · ')}: ${become}`, to: linkToList('holiday') })
	}
	if (departed.count())
		lines.push({ icon: 'swap', kind: 'warn', text: tn('{n} outlet went to another unit', '{n} outlets went to another unit', departed.count()), more: t('who visits them until when'), to: departed.open })
	const calm = !lines.length
	if (p.pins.size)
		lines.push({ icon: 'tack', kind: '', text: tn('{n} outlet is pinned', '{n} outlets are pinned', p.pins.size), more: t('kept by the optimiser'), to: linkToList('pinned') })
	if (unplanned.count())
		lines.push({ icon: 'list', kind: '', text: tn('{n} outlet is not planned', '{n} outlets are not planned', unplanned.count()), more: reasonsText(unplanned.reasons()), to: unplanned.open })
	/** @type {Line[]} */
	const extremes = []
	if (load.length > 1) {
		const order = [...load].sort((a, b) => b.share - a.share), [top] = order, low = order[order.length - 1]
		extremes.push({ icon: 'up', kind: '', text: name(top.seat.id), more: t('fullest seat: {n} % of the working time', { n: num(top.share * 100) }), to: open(top.seat, null) })
		extremes.push({ icon: 'down', kind: '', text: name(low.seat.id), more: t('emptiest seat: {n} % of the working time', { n: num(low.share * 100) }), to: open(low.seat, null) })
	}
	for (const x of tours.filter((y) => y.travel).sort((a, b) => b.travel - a.travel).slice(0, 3))
		extremes.push({ icon: 'plan', kind: '', text: `${name(x.seat.id)} · ${day(s.dateOfDay(x.d))}`, more: tn('longest way: {time}, {km} km for {n} call', 'longest way: {time}, {km} km for {n} calls', x.calls, { time: duration(x.travel), km: num(x.metres / 1000) }), to: open(x.seat, x.d) })
	const capacity = p.seats.reduce((a, x) => a + x.shiftSeconds, 0) * days.length
	const used = capacity ? tours.reduce((a, x) => a + x.time, 0) / capacity : 0
	/** @param {Line} x */
	const said = (x) => html`<span class=${cls('mark', x.kind)}>${icon(x.icon)}</span><span class="two grow"><span>${x.text}</span>${x.more ? html`<small class="faint">${x.more}</small>` : nothing}</span>${icon('right')}`
	/** @param {Line[]} list */
	const view = (list) => html`<ul class="attention">${list.map((x) => html`<li>${typeof x.to === 'string' ? html`<a href=${x.to}>${said(x)}</a>` : html`<button @click=${x.to}>${said(x)}</button>`}</li>`)}</ul>`
	return html`<div class="day-head"><h2>${t('Look here first')}</h2>
		<p class="muted">${t('Pick a cell on the board to read a day: one person, one date. Its visits show here in order, and as a line on the map.')}</p></div>
	<div class="attention-body">
	${calm ? html`<p class="row calm">${icon('check')}<span>${t('Every outlet has its visits, and no day is over its limits.')}</span></p>` : nothing}${lines.length ? view(lines) : nothing}
	${extremes.length ? html`<h3>${t('Where time goes')}</h3><p class="muted calm">${tn('Visits and travel fill {share} % of the working time of {n} seat.', 'Visits and travel fill {share} % of the working time of {n} seats.', p.seats.length, { share: num(used * 100) })}</p>${view(extremes)}` : nothing}</div>`
}
