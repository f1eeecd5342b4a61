// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at in a workspace, and how: tours of the turn that is shown, one selection, one focus, filters.  The plan may be that of one
// territory or of several (store.js, union.js).
import { computed, signal } from '../../vendor/signals-core/signals-core.js'
import { nobodyOn } from './absence.js'
import { priceLocally } from './actions.js'
import { dayNumber, worthIn } from './due.js'
import { countsOf, fitting } from './filters.js'
import { addDays, dateOf, dayOf, seatOf, tourKey, tourOn, workDays } from './model.js'
import { vehicleOf } from './travel.js'

/** @template T @typedef {import('../../vendor/signals-core/signals-core.js').Signal<T>} Signal */
/** @template T @typedef {import('../../vendor/signals-core/signals-core.js').ReadonlySignal<T>} ReadonlySignal */
/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {import('./model.js').World} World */
/** @typedef {import('./model.js').Stop} Stop */
/** @typedef {{seat: number | null, day: number | null}} Focus null = any */
/** @typedef {{world: ReadonlySignal<World | null>, plan: ReadonlySignal<Plan | null>, turn: Signal<number>, details: {now: ReadonlySignal<import('./model.js').Details | null>}, profile: ReadonlySignal<Record<string, any> | null>, holidays: ReadonlySignal<ReadonlyMap<string, string>>, editable: ReadonlySignal<boolean>, ours?: (need: number) => boolean}} Seen  ours: may the visits of this need be changed, where that is not the same for all */

export const today = () => {
	const d = new Date()
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`
}

/** @param {Seen} seen */
export function createView({ world, plan, turn, details, profile, holidays, editable, ours = () => true }) {
	const focus = signal(/** @type {Focus} */ ({ seat: null, day: null }))
	/** Indices of outlets. */
	const selection = signal(/** @type {ReadonlySet<number>} */ (new Set()))
	const hover = signal(-1)
	/** Filters that were chosen: the address says which (plan/filters.js). */
	const only = signal(/** @type {string[]} */ ([]))
	const colourBy = signal('seat')

	const days = computed(() => (plan.value ? workDays(plan.value.cycle) : []))
	/** @param {import('../core/api.js').Seat | undefined} seat */
	const vehicle = (seat) => vehicleOf(plan.value?.travel, seat?.vehicle)
	/** Of every day of the shown turn: a drag of thousands of visits asks for theirs at each day it comes over. */
	const dates = computed(() => Array.from({ length: plan.value?.cycle.days ?? 0 }, (_, day) => dateOf(/** @type {Plan} */ (plan.value).cycle, turn.value, day)))
	/** @param {number} day */
	const dateOfDay = (day) => dates.value[day] ?? (plan.value ? dateOf(plan.value.cycle, turn.value, day) : '')

	/** A day that is over can be read only: what was driven, or not, cannot be planned any more. @param {number} day */
	const past = (day) => dateOfDay(day) < today()
	/** @param {number | null} day @param {number} [need] */
	const mayEdit = (day, need) => editable.value && (day === null || !past(day)) && (need === undefined || ours(need))

	/** Tours as driven in the shown turn, by key; built once per plan and turn. */
	const tours = computed(() => {
		const p = plan.value
		/** @type {Map<number, Stop[]>} */
		const out = new Map()
		if (p)
			for (const key of p.tours.keys()) {
				const list = tourOn(p, key, turn.value)
				if (list.length)
					out.set(key, list)
			}
		return out
	})
	/** Where each outlet is visited in the shown turn. */
	const stopsOf = computed(() => {
		/** @type {Map<number, Stop[]>} */
		const out = new Map()
		const w = world.value
		if (w)
			for (const list of tours.value.values())
				for (const s of list) {
					const outlet = w.needs.get(s.need)?.outlet ?? -1
					const mine = out.get(outlet)
					if (mine)
						mine.push(s)
					else
						out.set(outlet, [s])
				}
		return out
	})
	/** What filters go by; null before there is something to filter. */
	const filtered = computed(() => {
		const p = plan.value, w = world.value
		if (!p || !w)
			return null
		const seats = new Map(p.seats.map((x) => [x.id, x]))
		/** @param {Stop} x */
		const missed = (x) => {
			const seat = seats.get(x.seat), on = dateOfDay(x.day)
			return !!seat && on >= today() && nobodyOn(seat, on)
		}
		return { plan: p, world: w, details: details.now.value, stopsOf: stopsOf.value, today: dayNumber(today()), missed, free: (/** @type {Stop} */ x) => dateOfDay(x.day) >= today() && holidays.value.has(dateOfDay(x.day)) }
	})
	/** Does an outlet fit all filters?  Null: none was chosen. */
	const fits = computed(() => (filtered.value && only.value.length ? fitting(only.value, filtered.value) : null))
	/** How many outlets each filter lets through. */
	const filterCounts = computed(() => (filtered.value ? countsOf(filtered.value) : null))
	/** Index of a seat in the plan's list: its colour and shape. */
	const seatIndex = computed(() => {
		const out = new Map((plan.value?.seats ?? []).map((s, i) => [s.id, i]))
		for (const [id, as] of plan.value?.alias ?? [])
			out.set(id, out.get(as) ?? 0)
		return out
	})

	/** The visits that a command acts on: those of selected outlets inside the focus that are still to come. */
	const selectedVisits = computed(() => {
		const { seat, day } = focus.value
		/** @type {Stop[]} */
		const out = []
		for (const outlet of selection.value)
			for (const s of stopsOf.value.get(outlet) ?? [])
				if ((seat === null || s.seat === seat) && (day === null || s.day === day) && !past(s.day))
					out.push(s)
		return out
	})
	/** The need of a single chosen outlet that is short of visits: it can be placed. */
	const selectedMissing = computed(() => {
		const [outlet] = selection.value.size === 1 ? selection.value : []
		return outlet === undefined ? null : world.value?.needsOf[outlet].find((n) => plan.value?.unserved.has(n)) ?? null
	})
	/** @param {Stop[]} stops */
	const named = (stops) => stops.map((s) => ({ need: s.need, date: dateOfDay(s.day) }))

	/** @param {Record<string, unknown>[]} ops */
	const estimate = (ops) => {
		const p = plan.peek(), w = world.peek()
		return p && w ? priceLocally({ plan: p, world: w, vehicle, turn: turn.peek(), worth: worthIn(p, w, details.now.peek(), profile.peek(), today()), prices: profile.peek() }, /** @type {any} */ (ops)) : null
	}

	/** @param {Iterable<number>} outlets @param {'set' | 'add' | 'toggle'} [how] */
	const select = (outlets, how = 'set') => {
		const next = new Set(how === 'set' ? [] : selection.peek())
		for (const i of outlets)
			if (how === 'toggle' && next.has(i))
				next.delete(i)
			else
				next.add(i)
		selection.value = next
	}
	let anchor = -1
	/**
	 * A row of a list is clicked: it alone, with Ctrl one more or one less, with Shift all from the one clicked before.
	 * @param {number} outlet @param {MouseEvent | KeyboardEvent} e @param {number[]} list the outlets as they stand there
	 */
	const pick = (outlet, e, list) => {
		const from = list.indexOf(anchor), to = list.indexOf(outlet), more = e.ctrlKey || e.metaKey
		if (e.shiftKey && from >= 0)
			return select(list.slice(Math.min(from, to), Math.max(from, to) + 1), more ? 'add' : 'set')
		anchor = outlet
		select([outlet], more || e.shiftKey ? 'toggle' : 'set')
	}

	return {
		turn, focus, selection, hover, only, colourBy, days, past, mayEdit, vehicle, dateOfDay, tours, stopsOf, fits, filterCounts, seatIndex, selectedVisits, selectedMissing, named, estimate, select, pick, today, addDays, seatOf, dayOf,
		/** @param {number} seat @param {number} day */
		tour: (seat, day) => tours.value.get(tourKey(seat, day)) ?? [],
		/** @param {number} seat @param {number} day */
		sums: (seat, day) => plan.value?.sums.get(tourKey(seat, day)) ?? null,
	}
}
