// SPDX-License-Identifier: GPL-3.0-or-later
// Comments beside the plan: on an outlet's visits, on a seat, on a day; without a subject, all of them.
import { effect, html, nothing, signal } from '../core/html.js'
import { day, t } from '../core/i18n.js'
import { createThread } from '../components/thread.js'
import { createComments } from '../plan/comments.js'
import { icon } from '../components/icons.js'
import { toast } from '../components/ui.js'
import { seatName } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/comments.js').Comment} Comment */
/** @typedef {{need?: number, seat?: number, day?: number}} About */

/** @param {Store} s @param {() => void} shown called when a thread is opened */
export function createTalk(s, shown) {
	const comments = createComments()
	const thread = createThread(comments, 'talk-say')
	const about = signal(/** @type {About | null} */ (null))
	let plan = 0
	const stop = effect(() => {
		const p = s.plan.value?.planId ?? 0
		if (p && p !== plan)
			void comments.load(plan = p)
	})
	/** @param {About | null} what */
	const open = (what) => {
		if (s.parts.length > 1)
			return toast(t('Comments are kept with the plan of one territory: open it alone to read and write them'))
		about.value = what
		shown()
		if (plan)
			void comments.load(plan)
		requestAnimationFrame(() => document.getElementById('talk-say')?.focus())
	}
	/** What is selected or in focus. */
	const openHere = () => {
		const { seat, day: d } = s.focus.peek(), [one, ...more] = s.selection.peek(), need = s.world.peek()?.needsOf[one]?.[0]
		open(need && !more.length ? { need } : seat !== null || d !== null ? { ...(seat !== null ? { seat } : {}), ...(d !== null ? { day: d } : {}) } : null)
	}
	/** The needs of the same outlet are talked of together. @param {number} need */
	const needsLike = (need) => {
		const w = s.world.value
		return w?.needsOf[w.needs.get(need)?.outlet ?? -1] ?? [need]
	}
	/** @param {About} a @returns {(c: Comment) => boolean} */
	const belongs = (a) => {
		const needs = a.need === undefined ? null : new Set(needsLike(a.need))
		return (c) => (needs ? c.need !== null && needs.has(c.need) : c.need === null && c.seat === (a.seat ?? null) && c.day === (a.day ?? null))
	}
	/** @param {{need?: number | null, seat?: number | null, day?: number | null}} a */
	const title = (a) => {
		return [a.need ? s.details.nameOf(a.need) : '', a.seat ? seatName(s, a.seat) : '', a.day !== null && a.day !== undefined ? day(s.dateOfDay(a.day)) : ''].filter(Boolean).join(' · ')
	}
	/** @param {number} need */
	const ofNeed = (need) => needsLike(need).reduce((n, x) => n + (comments.counts.value.get('n' + x) ?? 0), 0)
	/** @param {number} seat */
	const ofSeat = (seat) => comments.counts.value.get('s' + seat) ?? 0
	/** @param {number | null} seat @param {number} d */
	const ofDay = (seat, d) => comments.counts.value.get(`d${seat ?? ''} ${d}`) ?? 0

	const view = () => {
		const a = about.value
		if (!s.plan.value)
			return nothing
		return html`<div class="day-head"><div class="row between"><h2>${a ? t('Comments') : t('All comments')}</h2>${a ? html`<button class="btn quiet small" @click=${() => {
			about.value = null
		}}>${icon('list')}${t('All')}</button>` : nothing}</div>
			<p class="muted">${a ? title(a) : t('Press C on a visit, a seat or a day to say something of it.')}</p></div>
		<div class="why">${a ? thread(comments.all.value.filter(belongs(a)), a)
			: thread([...comments.all.value].reverse(), null, (c) => (title(c) ? html`<button class="link" @click=${() => open(c.need !== null ? { need: c.need } : { ...(c.seat !== null ? { seat: c.seat } : {}), ...(c.day !== null ? { day: c.day } : {}) })}>${title(c)}</button>` : nothing))}</div>`
	}
	return { view, open, openHere, ofNeed, ofSeat, ofDay, count: () => comments.all.value.length, stop }
}
