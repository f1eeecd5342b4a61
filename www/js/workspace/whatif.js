// SPDX-License-Identifier: GPL-3.0-or-later
// "What would it take?": people for a coverage, the worth of one more person or day, and what changes save.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { day, duration, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, loading, openDialog, problemNotice } from '../components/ui.js'
import { explain, subject } from './explain.js'
import { seatName, signedTime } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {{budget: number, changed: number, minutes: number, saved: number, travel: number, missed: number}} Point */

/** Numbers of changes worth asking for: none, then twice as many each time, up to the whole plan. @param {number} calls */
export function budgetsFor(calls) {
	const out = [0]
	for (let n = 10; n < calls && out.length < 7; n *= 2)
		out.push(n)
	return [...out, Math.max(calls, 20)]
}

/** Saving against changes, as a line of steps with the numbers beneath. @param {Point[]} points @param {(n: number) => void} [pick] */
export function curveView(points, pick) {
	const most = Math.max(1, ...points.map((p) => p.saved)), n = points.length - 1 || 1
	const x = (/** @type {number} */ i) => (8 + i / n * 584).toFixed(1), y = (/** @type {number} */ v) => (128 - v / most * 112).toFixed(1)
	const line = points.map((p, i) => `${i ? 'L' : 'M'}${x(i)} ${y(p.saved)}`).join('')
	return html`<figure class="chart"><svg viewBox="0 0 600 140" role="img" aria-label=${t('Saving by number of changed visits')} preserveAspectRatio="none"><path class="area" d=${`${line}L592 134L8 134Z`}/><path class="line" d=${line}/></svg></figure>
	<div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th class="num">${t('Changes allowed')}</th><th class="num">${t('Changed')}</th><th class="num">${t('Saved in a cycle')}</th><th class="num">${t('Travel')}</th>${pick ? html`<th></th>` : nothing}</tr></thead>
	<tbody>${points.map((p) => html`<tr><td class="num">${num(p.budget)}</td><td class="num">${num(p.changed)}</td><td class="num"><b>${signedTime(-p.saved)}</b></td><td class="num">${duration(p.travel * 60)}</td>
		${pick ? html`<td class="actions"><button class="btn small" @click=${() => pick(p.budget)}>${t('Use it')}</button></td>` : nothing}</tr>`)}</tbody></table></div>`
}

/** @param {Store} s */
export function whatIfDialog(s) {
	const p = /** @type {import('../plan/model.js').Plan} */ (s.plan.peek())
	const what = signal('coverage')
	const percent = signal(95), seat = signal(p.seats[0]?.id ?? 0)
	const off = () => {
		const works = new Set(p.seats.find((x) => x.id === seat.value)?.workDays ?? [])
		return Array.from({ length: p.cycle.days }, (_, d) => d).filter((d) => !works.has(d))
	}
	const dayOff = signal(-1)
	const answer = signal(/** @type {any} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	let gone = false, job = 0
	const run = async () => {
		busy.value = true
		answer.value = problem.value = null
		const date = s.dateOfDay(off().includes(dayOff.peek()) ? dayOff.peek() : off()[0] ?? 0)
		const body = { coverage: { percent: percent.peek() }, person: { seat: seat.peek() }, day: { seat: seat.peek(), date }, curve: { budgets: budgetsFor(p.totals.calls), seconds: 8 } }[what.peek()]
		const [r, failed] = await explain(p.planId, { what: what.peek(), ...body, ...subject(s) }, { gone: () => gone, onJob: (id) => {
			job = id
		} })
		busy.value = false
		answer.value = r
		problem.value = failed
	}
	const seats = () => field('wi-seat', t('Like whom'), html`<select id="wi-seat" class="input" @change=${(/** @type {any} */ e) => {
		seat.value = Number(e.target.value)
		answer.value = null
	}}>${p.seats.map((x) => html`<option value=${x.id} ?selected=${seat.value === x.id}>${x.code} · ${seatName(s, x.id)}</option>`)}</select>`)
	const worth = () => {
		const a = answer.value
		return html`<div class="stats"><div class="stat"><b class=${a.gain > 0 ? 'down' : ''}>${signedTime(-a.gain)}</b><span>${t('price of the plan in a cycle')}</span></div>
			<div class="stat"><b>${num(a.servedWith - a.servedWithout)}</b><span>${t('more visits made')}</span></div>
			<div class="stat"><b>${signedTime(a.travelWith - a.travelWithout)}</b><span>${t('travel')}</span></div>
			<div class="stat"><b>${signedTime(a.overtimeWith - a.overtimeWithout)}</b><span>${t('price of overtime')}</span></div></div>
			<p class="muted">${t('Wages are not in it: hold it against what the person or the day costs.')}</p>`
	}
	const result = () => {
		const a = answer.value
		if (!a)
			return nothing
		if (what.value === 'curve')
			return curveView(a.points)
		if (what.value !== 'coverage')
			return worth()
		return a.extra === null ? html`<div class="notice warn">${icon('warn')}<p>${t('No number of people reaches {n} %: what is missing cannot be reached or has no coordinates. See the reasons under Unserved.', { n: num(a.percent) })}</p></div>`
			: html`<div class="notice good">${icon('users')}<p><b>${a.extra ? tn('{n} person more, {all} in all, would make {p} % of the visits.', '{n} people more, {all} in all, would make {p} % of the visits.', a.extra, { all: num(a.seats + a.extra), p: num(a.served, 1) })
				: t('The {n} people there are make {p} % of the visits.', { n: num(a.seats), p: num(a.served, 1) })}</b></p></div>`
	}
	/** @type {[string, string][]} */
	const questions = [['coverage', t('People for a coverage')], ['person', t('One more person')], ['day', t('One more day')], ['curve', t('Saving by changes')]]
	const close = openDialog({
		wide: true, title: () => t('What would it take?'), text: () => t('Answered by solving the plan anew, with and without. Nothing is changed.'),
		body: () => html`<div class="segmented wrap" role="group" aria-label=${t('Question')}>${questions.map(([v, l]) => html`<button class="btn" aria-pressed=${String(what.value === v)} ?disabled=${busy.value} @click=${() => {
			answer.value = problem.value = null
			what.value = v
		}}>${l}</button>`)}</div>
		${what.value === 'coverage' ? field('wi-pct', t('Visits to be made, %'), html`<input id="wi-pct" class="input" type="number" min="1" max="100" .value=${String(percent.value)} @change=${(/** @type {any} */ e) => {
			percent.value = Math.min(100, Math.max(1, Math.round(Number(e.target.value)) || 95))
		}}>`) : nothing}
		${what.value === 'person' || what.value === 'day' ? seats() : nothing}
		${what.value === 'day' ? off().length ? field('wi-day', t('Which day'), html`<select id="wi-day" class="input" @change=${(/** @type {any} */ e) => {
			dayOff.value = Number(e.target.value)
		}}>${off().map((d) => html`<option value=${d} ?selected=${dayOff.value === d}>${day(s.dateOfDay(d))}</option>`)}</select>`) : html`<p class="muted">${t('This seat works on every day of the cycle.')}</p>` : nothing}
		${what.value === 'curve' ? html`<p class="muted">${t('How much could be saved if at most so many visits got another day or person? Eight searches, about a minute.')}</p>` : nothing}
		${busy.value ? loading(t('Searching…')) : result()}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button><button class="btn primary" ?disabled=${busy.value || (what.value === 'day' && !off().length)} @click=${run}>${icon('bolt')}${t('Work it out')}</button>`,
		onclose: () => {
			gone = true
			if (busy.peek() && job)
				void api.cancelJob(job)
		},
	})
}
