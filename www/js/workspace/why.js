// SPDX-License-Identifier: GPL-3.0-or-later
// Why a visit stands here, with the next best places, and why another is missing, with the smallest relaxation that
// places it.  Each is taken by one click.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { day, num, signed, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { colourVar, shapeOf } from '../map/palette.js'
import { icon } from '../components/icons.js'
import { askWhy } from '../components/override.js'
import { empty, loading, problemNotice, toast } from '../components/ui.js'
import { opLabel } from '../plan/labels.js'
import { explain, subject } from './explain.js'
import { moveDialog } from './move.js'
import { seatName } from './ops.js'
import { relaxOverrides, relaxText, ruleName } from './reasons.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/model.js').Stop} Stop */
/** @typedef {{kind: 'place', stop: Stop, conflict?: string} | {kind: 'missing', need: number}} Question */

/** @param {Store} s @param {() => void} shown called when there is something to read @param {() => void} closed and when there is no more */
export function createWhy(s, shown, closed) {
	const asked = signal(/** @type {Question | null} */ (null))
	const here = signal(/** @type {import('../core/api.js').WhyHere | null} */ (null))
	const not = signal(/** @type {import('../core/api.js').WhyNot | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	let turn = 0, seq = -1

	/** The territory that is asked. @param {Question} q */
	const partOf = (q) => s.partOf(q.kind === 'place' ? q.stop.need : q.need)
	/** The date of a day of its cycle. @param {number} d */
	const dateOfDay = (d) => (asked.value ? partOf(asked.value) : s).dateOfDay(d)
	/** @param {Question} q */
	const put = async (q) => {
		const of = partOf(q), p = of.plan.peek(), mine = ++turn
		if (!p)
			return
		seq = p.seq
		asked.value = q
		here.value = not.value = problem.value = null
		shown()
		const body = q.kind === 'place' ? { what: 'place', need: q.stop.need, date: s.dateOfDay(q.stop.day) } : { what: 'missing', need: q.need }
		const [answer, failed] = await explain(p.planId, { ...body, ...subject(of) }, { gone: () => mine !== turn })
		if (mine !== turn)
			return
		problem.value = failed
		if (q.kind === 'place')
			here.value = /** @type {any} */ (answer)
		else
			not.value = /** @type {any} */ (answer)
	}
	const clear = () => {
		turn++
		asked.value = null
		closed()
	}
	/** @param {Record<string, unknown>[]} ops */
	const send = async (ops) => {
		busy.value = true
		const failed = await s.send(ops)
		busy.value = false
		problem.value = failed
		if (failed)
			return
		clear()
		toast(opLabel(s.plan.peek()?.undo) || t('Moved'), { action: { label: t('Undo'), run: () => void s.step('undo') } })
	}
	/** @param {import('../core/api.js').WhyHere['options'][0]} o */
	const take = (o) => send([{ kind: 'arrange', tours: o.tours.map((x) => ({ seat: x.seat, date: dateOfDay(x.day), order: x.order })) }])
	/** @param {import('../core/api.js').WhyNot} w */
	const relax = async (w) => {
		const r = w.relax
		const why = relaxOverrides(r) ? await askWhy({ text: relaxText(s, r), confirm: t('Place') }) : {}
		if (why === null)
			return
		await send([{ kind: 'place', need: w.need, seat: r.seat, date: dateOfDay(/** @type {number} */ (r.day)), pos: r.position, reach: 'standing', ...why }])
	}

	/** @param {number} seat */
	const who = (seat) => {
		const i = s.seatIndex.value.get(seat) ?? 0
		return html`<span class="row"><i class=${`dot s${shapeOf(i)}`} ${css({ '--c': colourVar(i) })}></i><span>${seatName(s, seat)}</span></span>`
	}
	const outletName = s.details.nameOf
	/** What clashes where the visit stands, when it was asked for that. */
	const conflict = () => (asked.value?.kind === 'place' ? asked.value.conflict ?? '' : '')
	const mayNot = () => (s.editable.value ? false : t('Lock the territory first'))

	/** @param {import('../core/api.js').WhyHere['due']} d */
	const dueLine = (d) => !d ? nothing : html`<p class="due">${icon('clock')}<span>${d.late ? t('Its next purchase was due on {date} and is far too late: it is to be won back.', { date: day(d.date) })
		: t('Its next purchase is due on {date}: by the day of this visit with a chance of {n} %.', { date: day(d.date), n: num(d.score) })}
		<small class="faint">${d.counts ? t('Worth {n} min on this day.', { n: num(d.worth, 1) }) : t('The parameters leave it out.')}</small></span></p>`

	/** @param {import('../core/api.js').WhyHere} a */
	const hereView = (a) => html`
		<p>${a.detour > 0.5 ? t('Without this visit the day would be {time} shorter under way.', { time: `${num(a.detour)} min` }) : t('It lies on the way: without it the day would hardly be shorter.')}</p>
		${dueLine(a.due)}
		${conflict() ? html`<div class="notice bad">${icon('warn')}<p>${conflict()}</p></div>` : nothing}
		<h3>${conflict() ? t('Three repairs') : t('The next best places')}</h3>
		${a.options.length ? html`<ul class="options">${a.options.slice(0, conflict() ? 3 : 5).map((o) => html`<li class="row between">
			<span class="what"><b>${day(dateOfDay(o.day))}</b>${o.seat === a.seat ? nothing : who(o.seat)}
				<small class="faint">${o.others ? tn('it is full: {n} other outlet gives way', 'it is full: {n} other outlets give way', o.others) : t('{time} once all is optimised again', { time: `${signed(o.after)} min` })}</small></span>
			<b class=${cls('num nowrap', o.minutes > 0.5 && 'up', o.minutes < -0.5 && 'down')}>${signed(o.minutes, 1)} min</b>
			<button class="btn small" ?disabled=${busy.value} aria-disabled=${mayNot() ? 'true' : 'false'} title=${mayNot() || ''} @click=${() => (mayNot() ? toast(String(mayNot())) : take(o))}>${t('Move there')}</button></li>`)}</ul>
			<p class="faint">${t('Minutes of all prices together: travel, overtime, balance. Optimised again, they may differ by {n} minutes.', { n: num(a.options[0].within) })}</p>`
			: html`<p class="muted">${s.plan.value?.pins.has(a.need) ? t('It is pinned, and no other place keeps the rules: unpin it to see more.') : t('No other place keeps the rules.')}</p>`}
		<h3>${t('The same person on other days, nothing else moved')}</h3>
		<ul class="days">${a.days.map((x) => html`<li class=${cls(x.broken.length > 0 && 'faint')}><span>${day(dateOfDay(x.day))}</span>
			<span class="num">${x.broken.length ? x.broken.map(ruleName).join(', ') : `${signed(x.minutes, 1)} min`}</span></li>`)}</ul>`

	/** @param {import('../core/api.js').WhyNot} a */
	const notView = (a) => {
		const r = a.relax, needsRight = relaxOverrides(r) && !can('OVERRIDE_CHANGES') && t('Your role may not override this rule.')
		const why = mayNot() || needsRight
		return html`<p>${tn('{n} visit of a cycle is missing.', '{n} visits of a cycle are missing.', a.missing)}</p>
		<h3>${t('The smallest change that places one')}</h3>
		<p><b>${relaxText(s, r)}</b></p>
		${r.seat !== null && r.day !== null ? html`<div class="row between"><span class="two">${who(r.seat)}<small class="faint">${day(dateOfDay(r.day))}</small></span>
			<span class="num nowrap" title=${t('What the visit costs, less what missing it would')}>${signed(r.minutes, 1)} min</span></div>
			<div class="row wrap"><button class="btn primary" ?disabled=${busy.value} aria-disabled=${why ? 'true' : 'false'} title=${why || ''} @click=${() => (why ? toast(String(why)) : relax(a))}>${icon('check')}${t('Place it so')}</button>
			${s.editable.value ? html`<button class="btn" @click=${() => moveDialog(s, { kind: 'place', need: a.need }, null)}>${t('Place elsewhere…')}</button>` : nothing}</div>` : nothing}`
	}

	const view = () => {
		const q = asked.value
		if (!q)
			return empty('info', t('Why here?'), t('Ask “Why here?” of a visit, or “Why?” of an outlet that is not served.'))
		const now = partOf(q).plan.value, stale = now && now.seq !== seq
		return html`<div class="day-head"><div class="row between"><h2>${q.kind === 'place' ? t('Why here?') : t('Why not?')}</h2><button class="btn quiet small icon-only" aria-label=${t('Close')} @click=${clear}>${icon('close')}</button></div>
			<p class="muted">${outletName(q.kind === 'place' ? q.stop.need : q.need)}${q.kind === 'place' ? html` · ${seatName(s, q.stop.seat)} · ${day(s.dateOfDay(q.stop.day))}` : nothing}</p></div>
		<div class="why" aria-live="polite">
		${problem.value ? problemNotice(problem.value, () => void put(q)) : here.value || not.value
			? stale ? html`<div class="notice">${icon('info')}<p class="grow">${t('The plan has changed since.')}</p><button class="btn small" @click=${() => put(q)}>${t('Ask again')}</button></div>` : nothing
			: loading(t('Trying other places…'))}
		${here.value ? hereView(here.value) : nothing}${not.value ? notView(not.value) : nothing}</div>`
	}
	return { view, put, asked, clear }
}
