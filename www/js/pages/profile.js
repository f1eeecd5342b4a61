// SPDX-License-Identifier: GPL-3.0-or-later
// The planning parameters of a territory, each with the reason for its default beside it.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { day, num, t, tn, weekday } from '../core/i18n.js'
import { channelHere, channelSwitch } from '../components/channel.js'
import { clashList } from '../components/clashes.js'
import { icon } from '../components/icons.js'
import { vehicles } from '../plan/labels.js'
import { dayNumber } from '../plan/due.js'
import { causes, changed, onDueDays } from '../plan/effects.js'
import { addDays, alike, decodeDetails, decodeSnapshot, otherCycle, planOf } from '../plan/model.js'
import { setQuery } from '../core/router.js'
import { can } from '../core/session.js'
import { holidays } from './holidays.js'
import { ownOf, profileHistory } from './profile-history.js'
import { capital, field, fieldProblem, problemNotice, resource, shown, toast } from '../components/ui.js'

/** @typedef {{key: string, label: string, unit?: string, only?: string, kind?: 'vehicle' | 'time' | 'weekday' | 'weekdays' | 'yesno' | 'holiday'}} Row */

/** What belongs together. @returns {[string, Row[]][]} */
const groups = () => [
	[t('Cycle'), [
		{ key: 'weeks', label: t('Weeks in a cycle') }, { key: 'weekStart', label: t('Week begins on'), kind: 'weekday' },
		{ key: 'workWeekdays', label: t('Working days'), kind: 'weekdays' }, { key: 'holidayRule', label: t('Visits of a holiday'), kind: 'holiday' }, { key: 'seconds', label: t('Time to think, seconds') }, { key: 'balanceTolerance', label: t('Imbalance let pass'), unit: '%' },
	]],
	[t('Commit'), [{ key: 'approval', label: t('Somebody else has to approve'), kind: 'yesno' }]],
	[t('The day'), [
		{ key: 'shiftStart', label: t('Shift begins'), kind: 'time' }, { key: 'shiftMinutes', label: t('Shift'), unit: 'min' }, { key: 'breakMinutes', label: t('Breaks'), unit: 'min' }, { key: 'meetingMinutes', label: t('Meeting'), unit: 'min' }, { key: 'endLegMinutes', label: t('First and last leg'), unit: 'min' }, { key: 'countEndLegs', label: t('From and to the start of a seat: count the way itself instead'), kind: 'yesno' },
		{ key: 'maxCalls', label: t('Calls a day, at most') }, { key: 'minCalls', label: t('Calls a day, at least') },
	]],
	[t('Travel'), [
		{ key: 'vehicle', label: t('Vehicle'), kind: 'vehicle' }, { key: 'walkSpeed', label: t('Walking'), unit: 'km/h' }, { key: 'walkMetres', label: t('Walked up to'), unit: 'm' },
		{ key: 'twoWheelerUrban', label: t('Two-wheeler in town'), unit: 'km/h' }, { key: 'twoWheelerRural', label: t('Two-wheeler outside'), unit: 'km/h' }, { key: 'carUrban', label: t('Car in town'), unit: 'km/h' }, { key: 'carRural', label: t('Car outside'), unit: 'km/h' },
		{ key: 'vanUrban', label: t('Van in town'), unit: 'km/h' }, { key: 'vanRural', label: t('Van outside'), unit: 'km/h' }, { key: 'roadFactorUrban', label: t('Road factor in town') }, { key: 'roadFactorRural', label: t('Road factor outside') },
		{ key: 'stopWalk', label: t('Lost at each stop, on foot'), unit: 'min' }, { key: 'stopTwoWheeler', label: t('Lost at each stop, two-wheeler'), unit: 'min' }, { key: 'stopCar', label: t('Lost at each stop, car'), unit: 'min' }, { key: 'stopVan', label: t('Lost at each stop, van'), unit: 'min' },
	]],
	[t('Wholesale'), [{ key: 'planWholesale', label: t('Plan wholesalers in general trade'), kind: 'yesno', only: 'GT' }]],
	[t('Next purchase'), [{ key: 'nppd', label: t('Draw visits to the days on which purchases are due (NPPD)'), kind: 'yesno' }]],
	[t('Visits in 4 weeks'), [{ key: 'frequencyGold', label: t('Gold') }, { key: 'frequencySilver', label: t('Silver') }, { key: 'frequencyBronze', label: t('Bronze') },
		{ key: 'frequencyWsGold', label: t('Wholesaler, Gold') }, { key: 'frequencyWsSilver', label: t('Wholesaler, Silver') }, { key: 'frequencyWsBronze', label: t('Wholesaler, Bronze') }]],
	[t('Days between two visits, at least'), [{ key: 'gapTwiceWeekly', label: t('Twice a week') }, { key: 'gapWeekly', label: t('Weekly') }, { key: 'gapFortnightly', label: t('Fortnightly') }, { key: 'gapFourWeekly', label: t('Once in four weeks') },
		{ key: 'gapGold', label: t('Gold') }, { key: 'gapSilver', label: t('Silver') }, { key: 'gapBronze', label: t('Bronze') },
		{ key: 'gapWsGold', label: t('Wholesaler, Gold') }, { key: 'gapWsSilver', label: t('Wholesaler, Silver') }, { key: 'gapWsBronze', label: t('Wholesaler, Bronze') }]],
	[t('Minutes at the outlet'), [
		{ key: 'serviceGold', label: t('Gold') }, { key: 'serviceSilver', label: t('Silver') }, { key: 'serviceBronze', label: t('Bronze') },
		{ key: 'serviceWsGold', label: t('Wholesaler, Gold') }, { key: 'serviceWsSilver', label: t('Wholesaler, Silver') }, { key: 'serviceWsBronze', label: t('Wholesaler, Bronze') }, { key: 'serviceVan', label: t('More from a van') },
	]],
	[t('Prices, in minutes'), [
		{ key: 'priceOvertime', label: t('Overtime, a minute') }, { key: 'priceMissedGold', label: t('Missed visit, Gold') }, { key: 'priceMissedSilver', label: t('Missed visit, Silver') }, { key: 'priceMissedBronze', label: t('Missed visit, Bronze') },
		{ key: 'priceDay', label: t('Changed day') }, { key: 'pricePerson', label: t('Changed person') }, { key: 'priceBeat', label: t('Changed beat') }, { key: 'priceImbalance', label: t('Imbalance, a minute beyond') }, { key: 'priceFew', label: t('Call that a day has less than the least') }, { key: 'priceDue', label: t('Visit on the day a purchase is due') },
	]],
]
/** Minute of the day and "09:00". @param {number} m */
const clockOf = (m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`
/** @param {string} text */
const minuteOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
/** 2026-11-23 was a Monday. @param {number} w 1 = Monday */
const weekdayName = (w) => weekday(addDays('2026-11-22', w))

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere()
	const territory = resource(() => api.territory(params.id))
	const profile = resource(() => api.profile(params.id, channel))
	const changes = signal(/** @type {Record<string, unknown>} */ ({}))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false), reason = signal('')
	const clashes = resource(() => api.clashes(params.id, channel))
	void territory.load()
	void profile.load()
	void clashes.load()
	const may = can('MANAGE_TERRITORIES')
	const holidayList = holidays(params.id, () => territory.data.value, () => Number(profile.data.value?.params.find((p) => p.name === 'holidayRule')?.value ?? 0), () => history.load())
	/** A parameter in people's words. @param {string} key */
	const nameOf = (key) => groups().flatMap(([group, rows]) => rows.map((r) => [r.key, `${group}: ${r.label}`])).find(([k]) => k === key)?.[1] ?? key
	const history = profileHistory(params.id, channel, may, nameOf, () => Promise.all([profile.load(), clashes.load(), holidayList.load()]))
	void history.load()
	const dirty = () => Object.keys(changes.value).length
	/** @param {string} key @param {unknown} value */
	const set = (key, value) => {
		changes.value = { ...changes.peek(), [key]: value }
	}
	/** How much of what is priced the committed plan has: the effect of each price. */
	const effects = signal(/** @type {Record<string, number>} */ ({}))
	/** That of this territory, if there is one. */
	const planHere = signal(/** @type {import('../core/api.js').Plan | undefined} */ (undefined))
	const weigh = async () => {
		const [plans] = await api.plans({ territory: params.id, channel })
		const plan = planHere.value = plans?.items.find((x) => x.territoryId === Number(params.id))
		if (!plan?.current)
			return
		const [[draft], [snap], [tiers], [prof], [versions]] = await Promise.all([api.planDraft(plan.id), api.snapshot(Number(params.id)), api.tiers(), api.profile(params.id, channel), api.versions(plan.id)])
		if (!draft || !snap)
			return
		const p = planOf(draft), w = decodeSnapshot(snap), value = (/** @type {string} */ name) => Number(prof?.params.find((x) => x.name === name)?.value ?? 0)
		effects.value = causes(p, w, Object.fromEntries((tiers?.items ?? []).map((x) => [x.name, x.rank])), value('balanceTolerance'), value('minCalls'))
		const before = versions?.items.find((v) => v.committed && v.number < (plan.current?.number ?? 0)), [former] = before ? await api.planDraft(plan.id, before.id) : [null]
		if (former)
			effects.value = { ...effects.peek(), ...changed(...alike(planOf(former), p)) }
		const [details] = value('nppd') ? await api.snapshotDetails(Number(params.id), snap.details) : [null]
		if (details) {
			const first = Math.floor(Date.now() / 86400000), anchor = dayNumber(p.cycle.anchor), ahead = (/** @type {number} */ day) => ((anchor + day - first) % p.cycle.days + p.cycle.days) % p.cycle.days
			effects.value = { ...effects.peek(), priceDue: onDueDays(p, w, decodeDetails(details), (day) => first + ahead(day)) }
		}
	}
	void weigh()
	const visitPrices = /^price(Missed|Day|Person|Beat|Due)/, callPrices = /^priceFew/
	/** @param {string} key @param {unknown} price */
	const effect = (key, price) => {
		const n = effects.value[key]
		return n === undefined ? nothing : html` · ${callPrices.test(key) ? tn('{n} call in the committed plan', '{n} calls in the committed plan', n) : visitPrices.test(key) ? tn('{n} visit in the committed plan', '{n} visits in the committed plan', n) : t('{n} min in the committed plan', { n: num(n) })}: <b class="num">${num(n * Number(price))} min</b>`
	}
	const save = async () => {
		busy.value = true
		const seen = Object.fromEntries((profile.data.peek()?.params ?? []).filter((p) => p.name in changes.peek()).map((p) => [p.name, ownOf(p)]))
		const [, failed] = await api.setProfile(params.id, channel, changes.peek(), seen, reason.peek().trim())
		busy.value = false
		problem.value = failed
		if (failed?.status === 409)
			await Promise.all([profile.load(), history.load()])
		if (failed)
			return
		changes.value = {}
		reason.value = ''
		await Promise.all([profile.load(), clashes.load(), history.load(), holidayList.load()])
		toast(t('Saved: minutes and kilometres follow, the next optimisation plans by them'))
	}
	/** Working weekdays are bits, Monday the first. @param {string} id @param {number} bits @param {(v: number) => void} put */
	const weekdays = (id, bits, put) => html`<div class="row wrap" id=${id} role="group" aria-label=${t('Working days')}>${[1, 2, 3, 4, 5, 6, 7].map((w) => html`<label class="check"><input type="checkbox" ?disabled=${!may}
		.checked=${!!(bits >> (w - 1) & 1)} @change=${() => put(bits ^ 1 << (w - 1))}><span>${weekdayName(w)}</span></label>`)}</div>`
	/** @param {Row} r @param {string} id @param {any} value @param {import('../core/api.js').Param} p */
	const control = (r, id, value, p) => {
		const put = (/** @type {unknown} */ v) => set(r.key, v)
		/** @param {[string | number, string][]} choices */
		const select = (choices) => html`<select id=${id} class="input" ?disabled=${!may} @change=${(/** @type {any} */ e) => put(typeof value === 'number' ? Number(e.target.value) : e.target.value)}>${choices.map(([v, l]) => html`<option value=${v} ?selected=${v === value}>${l}</option>`)}</select>`
		if (r.kind === 'vehicle')
			return select(vehicles())
		if (r.kind === 'weekday')
			return select([1, 2, 3, 4, 5, 6, 7].map((w) => [w, weekdayName(w)]))
		if (r.kind === 'yesno')
			return select([[0, t('No')], [1, t('Yes')]])
		if (r.kind === 'holiday')
			return select([[0, t('are left out')], [1, t('are made up on a day near it')], [2, t('push the rest of the week on')]])
		if (r.kind === 'weekdays')
			return weekdays(id, value, put)
		const type = r.kind ?? 'number'
		return html`<input id=${id} class="input" type=${type} step=${type === 'number' ? 'any' : nothing} min=${type === 'number' ? p.least : nothing} max=${type === 'number' ? p.most : nothing} ?disabled=${!may} .value=${r.kind === 'time' ? clockOf(value) : String(value)}
			@change=${(/** @type {any} */ e) => put(r.kind === 'time' ? minuteOf(e.target.value) : Number(e.target.value))}>`
	}
	/** A plan goes on in its cycle until another is begun. @param {Record<string, any>} saved */
	const cycleNotice = (saved) => {
		const p = planHere.value
		return p && otherCycle(p, saved) ? html`<div class="notice warn" id="other-cycle">${icon('history')}<p class="grow">${tn('The plan here has a cycle of {n} week, counted from {date}.', 'The plan here has a cycle of {n} weeks, counted from {date}.', p.weeks, { date: day(p.anchor) })} ${t('It goes on so until a new cycle is begun in the workspace, by the menu or the key N, and committed.')}</p>
			<a class="btn small" href=${`/territories/${params.id}/plan?channel=${channel}`}>${t('Open the plan')}</a></div>` : nothing
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${params.id}/plan?channel=${channel}`}>${territory.data.value?.name ?? '…'}</a></div><h1>${t('Parameters')}</h1>
		<p>${t('What the optimiser and every price go by, in channel {channel}. Everything is priced in minutes, so that you can compare.', { channel })}</p></div>
		<nav class="row wrap">${channelSwitch(channel, (c) => {
			if (dirty())
				toast(t('Save your changes first'))
			else
				setQuery({ channel: c })
		})}<a class="btn" href="#holidays" @click=${(/** @type {Event} */ e) => {
			e.preventDefault()
			document.getElementById('holidays')?.scrollIntoView({ behavior: 'smooth' })
		}}>${icon('clock')}${t('Holidays')}</a></nav></div>
	${may ? nothing : html`<div class="notice">${icon('info')}<p>${t('You can read these. Changing them needs the right to change territories.')}</p></div>`}
	${shown(profile, (all) => {
		const byName = new Map(all.params.map((p) => [p.name, p]))
		const named = groups()
		const known = new Set(named.flatMap(([, rows]) => rows.map((r) => r.key)))
		/** @type {[string, Row[]]} what the server knows and this page has no words of its own for */
		const others = [t('More'), all.params.filter((p) => !known.has(p.name)).map((p) => ({ key: p.name, label: p.what }))]
		const labels = new Map([...named, others].flatMap(([group, rows]) => rows.map((r) => [r.key, `${group}: ${r.label}`])))
		const there = (/** @type {string} */ name) => html`<a href=${`#p-${name}`} @click=${(/** @type {Event} */ e) => {
			e.preventDefault()
			document.getElementById(`p-${name}`)?.focus()
		}}>${labels.get(name) ?? name}</a>`
		return html`${cycleNotice(Object.fromEntries(all.params.map((x) => [x.name, x.value])))}${clashList(clashes.data.value?.items ?? [], there)}${[...named, others].map(([title, rows]) => {
			const present = rows.filter((r) => byName.has(r.key) && (!r.only || r.only === channel))
			return present.length ? html`<section class="card"><h2>${title}</h2><div class="grid-2 params">${present.map((r) => {
				const id = 'p-' + r.key, p = /** @type {import('../core/api.js').Param} */ (byName.get(r.key))
				const value = changes.value[r.key] ?? p.value ?? p.valueText
				return field(id, r.unit ? `${r.label} (${r.unit})` : r.label, control(r, id, value, p), {
					help: html`${capital(t(p.why))}${effect(r.key, value)}${p.own ? html` · <span class="chip accent">${t('set here')}</span> ${may ? html`<button class="btn quiet small" @click=${() => set(r.key, null)} ?disabled=${changes.value[r.key] === null}>${t('Inherit')}</button>` : nothing}` : nothing}`,
					problem: fieldProblem(problem.value, 'set/' + r.key) ?? fieldProblem(problem.value, r.key),
				})
			})}</div></section>` : nothing
		})}`
	})}
	<bp-view .of=${holidayList.view}></bp-view><bp-view .of=${history.view}></bp-view>
	${dirty() || problem.value ? html`<div class="save-bar">${problem.value ? problemNotice(problem.value) : nothing}<span class="grow">${tn('{n} parameter is changed', '{n} parameters are changed', dirty())}</span>
		<input id="p-reason" class="input" maxlength="500" autocomplete="off" aria-label=${t('Reason')} placeholder=${t('Reason')} .value=${reason.value} @input=${(/** @type {any} */ e) => {
			reason.value = e.target.value
		}}>
		<button class="btn" @click=${() => {
			changes.value = {}
			problem.value = null
		}}>${t('Discard')}</button><button class="btn primary" ?disabled=${busy.value || !dirty() || !reason.value.trim()} title=${reason.value.trim() ? nothing : t('Say why first')} @click=${save}>${icon('save')}${t('Save')}</button></div>` : nothing}</div>`
	return { title: t('Parameters'), view }
}
