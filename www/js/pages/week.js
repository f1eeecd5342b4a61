// SPDX-License-Identifier: GPL-3.0-or-later
// One week of one seat to read or to print: a sheet of A4 with a list for each day.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, day, duration, num, t, timeOfDay, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { channelHere } from '../components/channel.js'
import { icon } from '../components/icons.js'
import { empty, field, loading, problemNotice } from '../components/ui.js'
import { placeOf } from '../plan/actions.js'
import { wholeSnapshot } from '../plan/details.js'
import { addDays, dayIndex, planOf, tourKey, tourOn, turnOf } from '../plan/model.js'
import { homeOf, tourSums, vehicleOf } from '../plan/travel.js'

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere(), id = Number(params.id)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const plan = signal(/** @type {import('../plan/model.js').Plan | null} */ (null))
	const snapshot = signal(/** @type {{world: import('../plan/model.js').World, details: import('../plan/model.js').Details} | null} */ (null))
	const profile = signal(/** @type {Record<string, any>} */ ({}))
	const name = signal(''), none = signal(false)
	const load = async () => {
		const [[terr, e1], [snap, e2], [plans, e3], [prof]] = await Promise.all([api.territory(id), wholeSnapshot(id), api.plans({ territory: id, channel }), api.profile(id, channel)])
		problem.value = e1 ?? e2 ?? e3
		if (!terr || !snap || !plans)
			return
		name.value = terr.name
		snapshot.value = snap
		profile.value = Object.fromEntries(prof?.params.map((x) => [x.name, x.value]) ?? [])
		const found = plans.items.find((p) => p.current)
		none.value = !found
		if (!found)
			return
		const [d, failed] = await api.planDraft(found.id)
		problem.value = failed
		plan.value = d ? planOf(d) : null
	}
	void load()

	const today = new Date().toISOString().slice(0, 10)
	/** The first day of the week that holds a date. @param {string} iso @param {number} start 1 = Monday */
	const weekOf = (iso, start) => addDays(iso, -(((new Date(iso + 'T00:00:00Z').getUTCDay() || 7) - start + 7) % 7))
	/** @param {import('../plan/model.js').Plan} p @param {NonNullable<typeof snapshot.value>} of @param {import('../core/api.js').Seat} seat @param {string} iso */
	const daySheet = (p, { world: w, details }, seat, iso) => {
		const stops = tourOn(p, tourKey(seat.id, dayIndex(p.cycle, iso)), turnOf(p.cycle, iso))
		if (!stops.length)
			return nothing
		const sums = tourSums(vehicleOf(p.travel, seat.vehicle), homeOf(seat), stops.map((x) => ({ at: placeOf(w, x.need), service: w.needs.get(x.need)?.service ?? 0 })))
		const start = ((profile.value.shiftStart ?? 540) + (profile.value.meetingMinutes ?? 20)) * 60
		return html`<section class="sheet-day"><h2>${day(iso)} <small>${tn('{n} call', '{n} calls', stops.length)} · ${duration(sums.travel + sums.service)} · ${num(sums.metres / 1000, 1)} km</small></h2>
		<table class="table dense"><caption class="sr">${t('Visits of {day}', { day: day(iso) })}</caption><thead><tr><th class="num">#</th><th class="num">${t('About')}</th><th>${t('Outlet')}</th><th>${t('Tier')}</th><th>${t('Done')}</th></tr></thead>
		<tbody>${stops.map((x, i) => {
			const o = w.needs.get(x.need)?.outlet ?? -1
			return html`<tr><td class="num">${i + 1}</td><td class="num">${timeOfDay(start + sums.arrive[i])}</td><td>${details.name[o] ?? '#' + x.need} <small class="faint">${details.code[o]}</small></td><td>${w.tier[o]}</td><td class="tick"></td></tr>`
		})}</tbody></table></section>`
	}
	const sheet = () => {
		const p = plan.value, w = snapshot.value
		if (none.value)
			return html`<section class="card">${empty('plan', t('No committed plan'), t('Plan a territory and commit it first.'))}</section>`
		if (!p || !w)
			return problem.value ? nothing : loading()
		const { seat: code, week } = place.value.query
		const seat = p.seats.find((s) => s.code === code) ?? p.seats[0], first = weekOf(week ?? (p.cycle.anchor > today ? p.cycle.anchor : today), p.cycle.weekStart)
		if (!seat)
			return html`<section class="card">${empty('users', t('No seats'), t('This territory has no seats. Import seats and their people first.'))}</section>`
		const days = Array.from({ length: 7 }, (_, i) => daySheet(p, w, seat, addDays(first, i))).filter((x) => x !== nothing)
		return html`<section class="card row wrap week-choice no-print">${field('wk-seat', t('Seat'), html`<select id="wk-seat" class="input" @change=${(/** @type {any} */ e) => setQuery({ seat: e.target.value })}>${p.seats.map((s) => html`<option value=${s.code} ?selected=${s === seat}>${s.code} · ${s.person ?? t('vacant')}</option>`)}</select>`)}
			${field('wk-week', t('Week of'), html`<div class="row"><button class="btn icon-only" aria-label=${t('Previous week')} @click=${() => setQuery({ week: addDays(first, -7) })}>${icon('left')}</button><input id="wk-week" class="input" type="date" .value=${first} @change=${(/** @type {any} */ e) => e.target.value && setQuery({ week: e.target.value })}><button class="btn icon-only" aria-label=${t('Next week')} @click=${() => setQuery({ week: addDays(first, 7) })}>${icon('right')}</button></div>`)}
			<button class="btn primary" @click=${() => print()}>${icon('file')}${t('Print')}</button></section>
		<article class="sheet"><header><h1>${seat.person ?? t('vacant')} <small>${seat.code} · ${name.value}</small></h1><p>${date(first)} – ${date(addDays(first, 6))}</p></header>
		${days.length ? days : html`<p class="muted">${t('No visit in this week.')}</p>`}</article>`
	}
	const view = () => html`<div class="page">
	<div class="page-head no-print"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${id}/plan?channel=${channel}`}>${name.value || '…'}</a></div><h1>${t('A week to print')}</h1><p>${t('The committed plan of one seat, one sheet a week. Times are estimates.')}</p></div></div>
	${problem.value ? problemNotice(problem.value, () => void load()) : nothing}${sheet()}</div>`
	return { title: t('A week to print'), view }
}
