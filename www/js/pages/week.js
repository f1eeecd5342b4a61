// SPDX-License-Identifier: GPL-3.0-or-later
// One week of one seat to read or to print: a sheet of A4 with a list for each day, of the visit list as it is exported.
import { effect, html, nothing, signal, untracked } from '../core/html.js'
import { api } from '../core/api.js'
import { date, day, duration, num, t, timeOfDay, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { channelHere } from '../components/channel.js'
import { icon } from '../components/icons.js'
import { empty, field, loading, problemNotice } from '../components/ui.js'
import { placeOf } from '../plan/actions.js'
import { wholeSnapshot } from '../plan/details.js'
import { addDays, planOf } from '../plan/model.js'
import { homeOf, tourSums, vehicleOf } from '../plan/travel.js'

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere(), id = Number(params.id)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const plan = signal(/** @type {import('../plan/model.js').Plan | null} */ (null))
	const snapshot = signal(/** @type {{world: import('../plan/model.js').World, details: import('../plan/model.js').Details} | null} */ (null))
	/** Of the seat and week that the address names; null while they are fetched. */
	const visits = signal(/** @type {import('../core/api.js').DatedVisit[] | null} */ (null))
	const name = signal(''), none = signal(false)
	const load = async () => {
		const [[terr, e1], [snap, e2], [plans, e3]] = await Promise.all([api.territory(id), wholeSnapshot(id), api.plans({ territory: id, channel })])
		problem.value = e1 ?? e2 ?? e3
		if (!terr || !snap || !plans)
			return
		name.value = terr.name
		snapshot.value = snap
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
	/** What the address asks for. @param {import('../plan/model.js').Plan} p */
	const choice = (p) => {
		const { seat: code, week } = place.value.query
		return { seat: p.seats.find((s) => s.code === code) ?? p.seats[0], first: weekOf(week ?? (p.cycle.anchor > today ? p.cycle.anchor : today), p.cycle.weekStart) }
	}
	let asked = ''
	const stop = effect(() => {
		const p = plan.value, { seat, first } = p ? choice(p) : { seat: null, first: '' }, what = `${seat?.id} ${first}`
		if (!p || !seat || what === asked)
			return
		asked = what
		untracked(async () => {
			visits.value = null
			const [list, failed] = await api.visits(p.planId, { seat: seat.id, from: first, to: addDays(first, 6) })
			if (what !== asked)
				return
			problem.value = failed
			visits.value = list?.items ?? null
		})
	})
	/** @param {import('../plan/model.js').Plan} p @param {NonNullable<typeof snapshot.value>} of @param {import('../core/api.js').Seat} seat @param {string} iso @param {import('../core/api.js').DatedVisit[]} stops */
	const daySheet = (p, { world: w }, seat, iso, stops) => {
		if (!stops.length)
			return nothing
		const sums = tourSums(vehicleOf(p.travel, seat.vehicle), homeOf(seat), stops.map((x) => ({ at: placeOf(w, x.need), service: w.needs.get(x.need)?.service ?? 0 })))
		return html`<section class="sheet-day"><h2>${day(iso)} <small>${tn('{n} call', '{n} calls', stops.length)} · ${duration(sums.travel + sums.service)} · ${num(sums.metres / 1000, 1)} km</small></h2>
		<table class="table dense"><caption class="sr">${t('Visits of {day}', { day: day(iso) })}</caption><thead><tr><th class="num">#</th><th class="num">${t('About')}</th><th>${t('Outlet')}</th><th>${t('Tier')}</th><th>${t('Done')}</th></tr></thead>
		<tbody>${stops.map((x, i) => {
			const o = w.needs.get(x.need)?.outlet ?? -1
			return html`<tr><td class="num">${i + 1}</td><td class="num">${timeOfDay(seat.shiftStart + sums.arrive[i])}</td><td>${x.name} <small class="faint">${x.code}</small></td><td>${w.tier[o]}</td><td class="tick"></td></tr>`
		})}</tbody></table></section>`
	}
	const sheet = () => {
		const p = plan.value, w = snapshot.value
		if (none.value)
			return html`<section class="card">${empty('plan', t('No committed plan'), t('Plan a territory and commit it first.'))}</section>`
		if (!p || !w)
			return problem.value ? nothing : loading()
		const { seat, first } = choice(p), list = visits.value
		if (!seat)
			return html`<section class="card">${empty('users', t('No seats'), t('This territory has no seats. Import seats and their people first.'))}</section>`
		const days = Array.from({ length: 7 }, (_, i) => daySheet(p, w, seat, addDays(first, i), list?.filter((x) => x.day === addDays(first, i)) ?? [])).filter((x) => x !== nothing)
		return html`<section class="card row wrap week-choice no-print">${field('wk-seat', t('Seat'), html`<select id="wk-seat" class="input" @change=${(/** @type {any} */ e) => setQuery({ seat: e.target.value })}>${p.seats.map((s) => html`<option value=${s.code} ?selected=${s === seat}>${s.code} · ${s.person ?? t('vacant')}</option>`)}</select>`)}
			${field('wk-week', t('Week of'), html`<div class="row"><button class="btn icon-only" aria-label=${t('Previous week')} @click=${() => setQuery({ week: addDays(first, -7) })}>${icon('left')}</button><input id="wk-week" class="input" type="date" .value=${first} @change=${(/** @type {any} */ e) => e.target.value && setQuery({ week: e.target.value })}><button class="btn icon-only" aria-label=${t('Next week')} @click=${() => setQuery({ week: addDays(first, 7) })}>${icon('right')}</button></div>`)}
			<button class="btn primary" @click=${() => print()}>${icon('file')}${t('Print')}</button></section>
		<article class="sheet"><header><h1>${seat.person ?? t('vacant')} <small>${seat.code} · ${name.value}</small></h1><p>${date(first)} – ${date(addDays(first, 6))}</p></header>
		${days.length ? days : !list ? problem.value ? nothing : loading() : html`<p class="muted">${t('No visit in this week.')}</p>`}</article>`
	}
	const view = () => html`<div class="page">
	<div class="page-head no-print"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${id}/plan?channel=${channel}`}>${name.value || '…'}</a></div><h1>${t('A week to print')}</h1><p>${t('The visit list of one seat as it is exported, with holidays and leave, one sheet a week. Times are estimates.')}</p></div></div>
	${problem.value ? problemNotice(problem.value, () => void load()) : nothing}${sheet()}</div>`
	return { title: t('A week to print'), view, dispose: stop }
}
