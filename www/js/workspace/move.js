// SPDX-License-Identifier: GPL-3.0-or-later
// "Move to…": where to, for how long, at what price, and why if a rule is overridden.  A drop opens it with the target
// filled in; the M key opens it empty: mouse and keyboard end at the same place.
import { html, nothing, signal, computed, effect, untracked } from '../core/html.js'
import { day, duration, num, t, tn } from '../core/i18n.js'
import { can, store as keep, stored } from '../core/session.js'
import { whyFields } from '../components/override.js'
import { field, openDialog, problemNotice, toast } from '../components/ui.js'
import { icon } from '../components/icons.js'
import { opLabel } from '../plan/labels.js'
import { impactView, opsFor, seatName } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('./ops.js').Payload} Payload */
/** @typedef {import('./ops.js').Reach} Reach */

/** @param {Store} s @param {Payload} p @param {import('./drag.js').Target | null} to */
export function moveDialog(s, p, to) {
	const seat = signal(/** @type {number | null} */ (to?.seat ?? null))
	const dayOf = signal(/** @type {number | null} */ (to?.day ?? null))
	const reach = signal(/** @type {Reach} */ (/** @type {any} */ (stored('bp.reach')) ?? 'standing'))
	const why = whyFields('mv-why')
	const impact = signal(/** @type {import('../core/api.js').Impact | null} */ (null))
	const sure = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const impossible = signal(false) // says the server, whatever the reason
	const busy = signal(false)
	const complete = computed(() => (p.kind === 'place' ? seat.value !== null && dayOf.value !== null : seat.value !== null || dayOf.value !== null))
	const blocked = computed(() => !impossible.value && !!impact.value?.broken.some((b) => b.severity === 'block'))
	const override = can('OVERRIDE_CHANGES')
	const mayGo = computed(() => complete.value && !busy.value && !impossible.value && (!blocked.value || (override && why.complete())))
	const ops = () => opsFor(s, p, { seat: seat.value, day: dayOf.value, ...(to && to.seat === seat.value && to.day === dayOf.value && to.pos !== undefined ? { pos: to.pos } : {}) }, reach.value, why.value())

	/** @type {AbortController | null} */
	let asking = null
	/** Arrow keys run through many days: only where they rest is priced, what is asked for the server works out all the same. */
	let rest = 0
	const stop = effect(() => {
		if (!complete.value)
			return
		// What is asked decides, not the plan: when the move is done it must not be priced once more.
		void [seat.value, dayOf.value, reach.value]
		const list = untracked(ops)
		asking?.abort()
		asking = new AbortController()
		const signalOf = asking.signal
		sure.value = impossible.value = false
		problem.value = null
		untracked(() => {
			impact.value = s.estimate(list)
		})
		const ask = async () => {
			const [answer, failed] = await s.price(list, signalOf)
			if (signalOf.aborted)
				return
			problem.value = failed && failed.status ? failed : null // without a network the estimate is all there is
			impossible.value = failed?.status === 409 || failed?.status === 422
			if (answer) {
				impact.value = answer
				sure.value = true
			}
		}
		clearTimeout(rest)
		rest = window.setTimeout(() => void ask(), 140)
	})

	const go = async () => {
		if (!mayGo.value)
			return
		busy.value = true
		keep('bp.reach', reach.value)
		const failed = await s.send(ops())
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		toast(opLabel(s.plan.peek()?.undo) || t('Moved'), { action: { label: t('Undo'), run: () => void s.step('undo') } })
	}

	const title = () => (p.kind === 'move' ? tn('Move {n} visit', 'Move {n} visits', p.visits.length)
		: p.kind === 'beat' ? t('Move beat {name}', { name: s.plan.peek()?.beats.find((b) => b.id === p.beat)?.name ?? '' }) : t('Place in the plan'))
	const text = () => {
		const needs = p.kind === 'move' ? [...new Set(p.visits.map((v) => v.need))] : p.kind === 'place' ? [p.need] : []
		const names = needs.slice(0, 3).map(s.details.nameOf)
		return names.length ? names.join(', ') + (needs.length > 3 ? ' ' + t('and {n} more', { n: num(needs.length - 3) }) : '') : ''
	}
	/** What stays where nothing is chosen, where it is one. @param {(string | null | 0)[]} of */
	const asNow = (of) => (of.length && of.every((x) => x === of[0]) && of[0] ? t('As now: {what}', { what: of[0] }) : t('As now'))
	const visits = p.kind === 'move' ? p.visits : p.kind === 'beat' ? [{ seat: s.plan.peek()?.beats.find((b) => b.id === p.beat)?.seat ?? null, day: p.day }] : []
	/** @param {number} d */
	const load = (d) => {
		const sums = seat.value !== null ? s.sums(seat.value, d) : null
		const max = s.plan.peek()?.seats.find((x) => x.id === seat.value)?.maxCalls
		return sums ? ` · ${num(sums.calls)}/${num(max)} · ${duration(sums.travel + sums.service + sums.wait)}` : ''
	}
	/** @type {[Reach, string, string][]} */
	const reaches = [
		['date', t('This date only'), t('one visit; the standing plan stays')],
		['onward', t('From here onward'), t('this date and all later ones')],
		['standing', t('The standing plan'), t('every turn of the cycle, from the next one not yet driven')],
	]

	const close = openDialog({
		title, text, wide: true,
		body: () => html`
		<div class="grid-2">
			${field('mv-seat', t('To whom'), html`<select id="mv-seat" class="input" @change=${(/** @type {any} */ e) => {
				seat.value = e.target.value ? Number(e.target.value) : null
			}}><option value="">${p.kind === 'place' ? t('Choose a person') : asNow(visits.map((v) => v.seat && seatName(s, v.seat)))}</option>
				${s.plan.value?.seats.map((x) => html`<option value=${x.id} ?selected=${seat.value === x.id}>${x.code} · ${seatName(s, x.id)}</option>`)}</select>`)}
			${field('mv-day', t('On which day'), html`<select id="mv-day" class="input" @change=${(/** @type {any} */ e) => {
				dayOf.value = e.target.value === '' ? null : Number(e.target.value)
			}}><option value="">${p.kind === 'place' ? t('Choose a day') : asNow(visits.map((v) => (v.day === null ? null : day(s.dateOfDay(v.day)))))}</option>
				${s.days.value.filter((d) => !s.past(d)).map((d) => html`<option value=${d} ?selected=${dayOf.value === d}>${day(s.dateOfDay(d))}${load(d)}</option>`)}</select>`)}
		</div>
		${p.kind === 'beat' ? nothing : html`<fieldset class="reach"><legend class="label">${t('What does it mean?')}</legend>
			${reaches.map(([v, l, h]) => html`<label class="check"><input type="radio" name="reach" value=${v} ?checked=${reach.value === v} @change=${() => {
				reach.value = v
			}}><span>${l} <small class="faint">${h}</small></span></label>`)}</fieldset>`}
		${impossible.value ? nothing : complete.value && impact.value ? impactView(s, impact.value, sure.value) : html`<p class="muted">${t('Choose a person or a day to see the price of the change.')}</p>`}
		${blocked.value ? override ? html`${why.view({ label: t('Why is the rule overridden?'), required: true })}<p class="faint">${t('It stands in the ledger and in the audit trail, and the people concerned are told.')}</p>`
			: html`<p class="muted">${t('Your role may not override this rule.')}</p>`
			: p.kind === 'move' && p.visits.length > 1 ? why.view({ label: t('Reason (optional)'), required: false }) : nothing}
		${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button>
			<button class="btn primary" ?disabled=${!mayGo.value} @click=${go}>${icon('check')}${p.kind === 'place' ? t('Place') : t('Move')}</button>`,
		onclose: () => {
			stop()
			clearTimeout(rest)
			asking?.abort()
		},
	})
}
