// SPDX-License-Identifier: GPL-3.0-or-later
// Who visits and who delivers: the seats with their people and when they are away, and the distributors.
import { html, nothing } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { date, num, t, timeOfDay, weekday } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { can, canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { absenceText, dropAbsence, editAbsence, editPerson, editStart, startText } from '../components/seat.js'
import { empty, openMenu, resource } from '../components/ui.js'
import { vehicles } from '../plan/labels.js'
import { addDays } from '../plan/model.js'

/** @typedef {import('../core/api.js').SeatRow} SeatRow */

/** Names of the days of a week mask; bit 0 is Monday, and 2026-11-23 was one. @param {number} mask */
const daysOf = (mask) => [0, 1, 2, 3, 4, 5, 6].filter((d) => mask >> d & 1).map((d) => weekday(addDays('2026-11-23', d))).join(', ')

/** What a seat does not say itself holds as the parameters of its territory say. */
const inherited = () => html`<span class="faint">${t('as the territory')}</span>`

/** @param {SeatRow} s */
const hours = (s) => (s.shiftStart === null && s.shiftMinutes === null && s.workWeekdays === null && s.maxCalls === null ? inherited()
	: [
		s.shiftStart !== null && (s.shiftMinutes !== null ? `${timeOfDay(s.shiftStart * 60)} – ${timeOfDay((s.shiftStart + s.shiftMinutes) * 60)}` : t('from {time}', { time: timeOfDay(s.shiftStart * 60) })),
		s.shiftStart === null && s.shiftMinutes !== null && t('{n} minutes', { n: num(s.shiftMinutes) }),
		s.workWeekdays !== null && daysOf(s.workWeekdays),
		s.maxCalls !== null && t('at most {n} calls', { n: num(s.maxCalls) }),
	].filter(Boolean).join(' · '))

/** Since when a person is there, until when, and who comes next. @param {SeatRow} s */
const held = (s) => [
	s.personSince && t('since {when}', { when: date(s.personSince) }),
	s.personUntil && (s.successorFrom && addDays(s.personUntil, 1) === s.successorFrom ? t('until {when}', { when: date(s.personUntil) }) : t('until {when}, then vacant', { when: date(s.personUntil) })),
	s.successor && s.successorFrom && t('{name} from {when}', { name: s.successor, when: date(s.successorFrom) }),
].filter(Boolean).join(' · ')

export function page() {
	const seats = pagedList(api.seats, ['q', 'territory'])
	const partners = pagedList(api.partners, ['q'])
	const absences = resource(() => everything(api.absences))
	void absences.load()
	const may = can('MANAGE_TERRITORIES')
	const again = () => Promise.all([seats.load(), absences.load()])
	/** @param {SeatRow} s */
	const awayOf = (s) => absences.data.value?.items.filter((a) => a.seatId === s.id) ?? []
	/** @param {SeatRow} s */
	const away = (s) => html`<ul class="plain">${awayOf(s).map((a) => html`<li title=${a.note}>${absenceText(a)}</li>`)}</ul>`
	/** @param {SeatRow} s @param {HTMLElement} at */
	const menu = (s, at) => openMenu(at, [
		{ label: t('Who holds it…'), icon: 'user', run: () => editPerson(s, again) },
		{ label: t('Where its days begin…'), icon: 'home', run: () => editStart(s, again) },
		{ label: t('Away…'), icon: 'clock', run: () => editAbsence(s, null, again) },
		...awayOf(s).flatMap((a) => [{ label: t('Change: {what}', { what: absenceText(a) }), icon: 'pencil', run: () => editAbsence(s, a, again) }, { label: t('Take back: {what}', { what: absenceText(a) }), icon: 'trash', run: () => void dropAbsence(s, a, again) }]),
	])
	const seatsView = () => seats.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Seats')}</caption>
		<thead><tr>${seats.head('code', t('Seat'))}${seats.head('person', t('Person'))}<th>${t('Channel')}</th>${seats.head('territory', t('Territory'))}<th>${t('Vehicle')}</th><th>${t('Distributors')}</th><th>${t('Hours')}</th><th>${t('Start')}</th><th>${t('Away')}</th>${may ? html`<th></th>` : nothing}</tr></thead>
		<tbody>${seats.sorted(items, { code: (s) => s.code, person: (s) => s.person ?? '', territory: (s) => s.territory ?? '' }).map((s) => html`<tr><td><span class="two"><b>${s.code}</b>${s.name === s.code ? nothing : html`<small class="faint">${s.name}</small>`}</span></td>
			<td data-label=${t('Person')}><span class="two">${s.person ? html`<span>${s.person}</span>` : html`<span><span class="chip warn">${t('vacant')}</span></span>`}${held(s) ? html`<small class="faint">${held(s)}</small>` : nothing}</span></td>
			<td data-label=${t('Channel')}>${s.channel}</td><td data-label=${t('Territory')}>${s.territory ?? '–'}</td>
			<td data-label=${t('Vehicle')}>${s.vehicle ? vehicles().find(([v]) => v === s.vehicle)?.[1] ?? s.vehicle : inherited()}</td>
			<td data-label=${t('Distributors')}>${s.partners.length ? html`<span class="row wrap">${s.partners.slice(0, 4).map((code) => html`<a href=${`/team?tab=distributors&q=${encodeURIComponent(code)}`}>${code}</a>`)}${s.partners.length > 4 ? html`<span class="faint" title=${s.partners.slice(4).join(', ')}>${t('and {n} more', { n: num(s.partners.length - 4) })}</span>` : nothing}</span>` : html`<span class="faint">${t('all')}</span>`}</td>
			<td data-label=${t('Hours')}>${hours(s)}</td><td class="num" data-label=${t('Start')}>${startText(s) || '–'}</td><td data-label=${t('Away')}>${awayOf(s).length ? away(s) : '–'}</td>${may ? html`<td class="actions"><button class="btn quiet small icon-only" aria-label=${t('Change {seat}', { seat: s.code })} @click=${(/** @type {any} */ e) => menu(s, e.currentTarget)}>${icon('more')}</button></td>` : nothing}</tr>`)}</tbody></table></div></section>`, () => none(t('No seats yet'), t('A seat is a position with its person, vehicle and distributors. Import them to plan.')))
	const partnersView = () => partners.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Distributors')}</caption>
		<thead><tr>${partners.head('code', t('Code'))}${partners.head('name', t('Name'))}<th>${t('Address')}</th><th>${t('Contact')}</th><th>${t('Tax number')}</th>${partners.head('outlets', t('Outlets'), 'num')}</tr></thead>
		<tbody>${partners.sorted(items, { code: (p) => p.code, name: (p) => p.name, outlets: (p) => p.outlets }).map((p) => html`<tr><td><b>${p.code}</b></td>
			<td data-label=${t('Name')}>${p.name || '–'}${p.lat === null ? html` <span class="chip warn" title=${t('without coordinates')}>${icon('pin')}${t('no place')}</span>` : nothing}</td>
			<td data-label=${t('Address')}>${[p.address, [p.postcode, p.city].filter(Boolean).join(' ')].filter(Boolean).join(', ') || '–'}</td>
			<td data-label=${t('Contact')}>${p.phone || p.email ? html`<span class="two"><span>${p.phone}</span>${p.email ? html`<a href=${`mailto:${p.email}`}>${p.email}</a>` : nothing}</span>` : '–'}</td><td data-label=${t('Tax number')}>${p.taxNo || '–'}</td>
			<td class="num" data-label=${t('Outlets')}>${p.outlets ? html`<a href=${`/outlets?partner=${p.id}`}>${num(p.outlets)}</a>` : num(0)}</td></tr>`)}</tbody></table></div></section>`, () => none(t('No distributors yet'), t('Distributors come from their own file, or from the columns of your outlet file.')))
	/** @param {string} title @param {string} text */
	const none = (title, text) => html`<section class="card">${place.value.query.q || place.value.query.territory ? empty('search', t('Nothing found'), t('Nothing fits this search.'))
		: empty('users', title, text, canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${icon('import')}${t('Import')}</a>` : nothing)}</section>`
	/** @type {[string, () => string][]} */
	const tabs = [['seats', () => t('Seats')], ['distributors', () => t('Distributors')]]
	const view = () => {
		const now = place.value.query.tab === 'distributors' ? 'distributors' : 'seats'
		return html`<div class="page">
	<div class="page-head"><div><h1>${t('Team')}</h1><p>${t('Who visits the outlets, and who delivers to them.')}</p></div>
		<div class="segmented" role="group" aria-label=${t('View')}>${tabs.map(([id, label]) => html`<button class="btn" aria-pressed=${String(now === id)} @click=${() => setQuery({ tab: id === 'seats' ? null : id, q: null, territory: null })}>${label()}</button>`)}</div></div>
	<div class="filters">${now === 'seats' ? seats.search('q', t('Code, seat or person')) : partners.search('q', t('Code or name'))}</div>
	${now === 'seats' ? seatsView() : partnersView()}</div>`
	}
	return {
		title: t('Team'), view,
		dispose() {
			seats.dispose()
			partners.dispose()
		},
	}
}
