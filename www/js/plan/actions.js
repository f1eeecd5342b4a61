// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation would do, worked out here: pure functions from the tours of a date range to changed tours.
// The same operations go to the server, which answers with the tours as they became.
import { cheapest, homeOf, tourSums } from './travel.js'
import { priceOf } from './price.js'
import { runChecks } from './checks/index.js'
import { dateOf, dayIndex, dayOf, seatOf, tourKey, tourOn, validOn } from './model.js'

/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {import('./model.js').World} World */
/** @typedef {import('./model.js').Stop} Stop */
/** @typedef {import('./travel.js').Vehicle} Vehicle */
/** @typedef {import('../core/api.js').Op} Op */
/** @typedef {{plan: Plan, world: World, vehicle: (seat: import('../core/api.js').Seat | undefined) => Vehicle, turn: number, worth?: ((need: number, day: number) => number) | null, prices?: Record<string, any> | null}} Context  worth: seconds that a visit on a day of the cycle is worth for the purchase that is due */
/** @typedef {Map<number, Stop[]>} Tours */

/** Where the outlets of a world are, each made when it is first asked for. @type {WeakMap<World, (import('./travel.js').Point | null)[]>} */
const places = new WeakMap()
/** @param {World} w @param {number} need @returns {import('./travel.js').Point | null} */
export function placeOf(w, need) {
	const i = w.needs.get(need)?.outlet ?? -1
	if (i < 0)
		return null
	let known = places.get(w)
	if (!known)
		places.set(w, known = [])
	return known[i] ??= Number.isNaN(w.lat[i]) ? null : { lat: w.lat[i], lon: w.lon[i], rural: w.rural[i] }
}
/** @param {Plan} p @param {number} id */
export const seatById = (p, id) => p.seats.find((s) => s.id === id)
/** @param {Context} c @param {number} key @param {Stop[]} stops */
export function sumsOf(c, key, stops) {
	const seat = seatById(c.plan, seatOf(key))
	return tourSums(c.vehicle(seat), homeOf(seat), stops.map((s) => ({ at: placeOf(c.world, s.need), service: c.world.needs.get(s.need)?.service ?? 0 })))
}

/** @param {Context} c @param {Tours} tours changed so far @param {number} key */
const take = (c, tours, key) => {
	let list = tours.get(key)
	if (!list) {
		list = [...tourOn(c.plan, key, c.turn)]
		tours.set(key, list)
	}
	return list
}

/** Where each need is visited, once for a plan: a drag asks at every day it comes over. @type {WeakMap<Plan, Map<number, Stop[]>>} */
const visited = new WeakMap()
/** @param {Plan} p @param {number} need */
function stopsOf(p, need) {
	let all = visited.get(p)
	if (!all) {
		all = new Map()
		visited.set(p, all)
		for (const list of p.tours.values())
			for (const s of list) {
				const mine = all.get(s.need)
				if (mine)
					mine.push(s)
				else
					all.set(s.need, [s])
			}
	}
	return all.get(need) ?? []
}

/** @param {Context} c @param {Tours} tours @param {number} need @param {number} day */
function pull(c, tours, need, day) {
	/** @param {number} key */
	const from = (key) => {
		const i = dayOf(key) === day ? (tours.get(key) ?? tourOn(c.plan, key, c.turn)).findIndex((s) => s.need === need) : -1
		return i < 0 ? null : take(c, tours, key).splice(i, 1)[0]
	}
	// Where the plan has it, or where an operation before this one has brought it.
	for (const s of stopsOf(c.plan, need)) {
		const found = from(tourKey(s.seat, s.day))
		if (found)
			return found
	}
	for (const key of tours.keys()) {
		const found = from(key)
		if (found)
			return found
	}
	return null
}

/** @param {Context} c @param {Tours} tours @param {Stop} stop @param {number} seat @param {number} day @param {number | undefined} pos */
function put(c, tours, stop, seat, day, pos) {
	const key = tourKey(seat, day)
	const list = take(c, tours, key)
	const p = placeOf(c.world, stop.need), who = seatById(c.plan, seat)
	const at = pos ?? (p ? cheapest(c.vehicle(who), homeOf(who), list.map((s) => placeOf(c.world, s.need)), p) : list.length)
	list.splice(Math.min(at, list.length), 0, { ...stop, seat, day })
}

/** More than this in one tour is no day's work: its order is not sought stop by stop, it goes to and fro in strips. */
const LONG = 150
/** @param {Context} c @param {Stop[]} list */
function inStrips(c, list) {
	const at = list.map((stop) => ({ stop, p: placeOf(c.world, stop.need) })), lat = at.flatMap((x) => x.p?.lat ?? [])
	const low = lat.reduce((a, b) => Math.min(a, b), Infinity), high = lat.reduce((a, b) => Math.max(a, b), -Infinity)
	const strips = Math.ceil(Math.sqrt(list.length / 3)), strip = (/** @type {number} */ y) => Math.min(strips - 1, Math.floor((y - low) / (high - low || 1) * strips))
	return at.map((x) => ({ stop: x.stop, n: x.p ? strip(x.p.lat) : strips, lon: x.p?.lon ?? 0 })).sort((a, b) => a.n - b.n || (a.n % 2 ? b.lon - a.lon : a.lon - b.lon)).map((x) => x.stop)
}

/** @type {Record<string, (c: Context, tours: Tours, op: any) => void>} */
const actions = {
	move(c, tours, op) {
		const to = op.date ? dayIndex(c.plan.cycle, op.date) : null
		/** Of thousands of visits the dates are few. @type {Map<string, number>} */
		const days = new Map()
		const stops = op.visits.flatMap((/** @type {{need: number, date: string}} */ v) => {
			const day = days.get(v.date) ?? dayIndex(c.plan.cycle, v.date)
			days.set(v.date, day)
			return pull(c, tours, v.need, day) ?? []
		})
		/** @type {Map<number, Stop[]>} */
		const by = new Map()
		for (const stop of stops) {
			const key = tourKey(op.seat ?? stop.seat, to ?? stop.day)
			by.set(key, by.get(key) ?? [])
			by.get(key)?.push(stop)
		}
		let pos = op.pos
		for (const [key, mine] of by) {
			const list = take(c, tours, key)
			if (pos === undefined && list.length + mine.length > LONG)
				tours.set(key, inStrips(c, [...list, ...mine.map((s) => ({ ...s, seat: seatOf(key), day: dayOf(key) }))]))
			else
				for (const s of mine)
					put(c, tours, s, seatOf(key), dayOf(key), pos === undefined ? undefined : pos++)
		}
	},
	remove(c, tours, op) {
		for (const v of op.visits)
			pull(c, tours, v.need, dayIndex(c.plan.cycle, v.date))
	},
	place(c, tours, op) {
		put(c, tours, { need: op.need, day: 0, seat: op.seat, beat: null, pos: 0, from: null, to: null }, op.seat, dayIndex(c.plan.cycle, op.date), op.pos)
	},
	sequence(c, tours, op) {
		const key = tourKey(op.seat, dayIndex(c.plan.cycle, op.date))
		const list = take(c, tours, key)
		if (op.reverse)
			list.reverse()
		else if (op.order) {
			const rank = new Map(op.order.map((/** @type {number} */ n, /** @type {number} */ i) => [n, i]))
			list.sort((a, b) => Number(rank.get(a.need) ?? 1e9) - Number(rank.get(b.need) ?? 1e9))
		}
	},
	arrange(c, tours, op) {
		const keys = op.tours.map((/** @type {any} */ x) => tourKey(x.seat, dayIndex(c.plan.cycle, x.date)))
		const known = new Map(keys.flatMap((/** @type {number} */ k) => take(c, tours, k)).map((/** @type {Stop} */ s) => [s.need, s]))
		op.tours.forEach((/** @type {any} */ x, /** @type {number} */ i) => {
			tours.set(keys[i], x.order.map((/** @type {number} */ need, /** @type {number} */ pos) => ({ need, beat: null, from: null, to: null, ...known.get(need), seat: x.seat, day: dayOf(keys[i]), pos })))
		})
	},
	join(c, tours, op) {
		for (const v of op.visits) {
			const day = dayIndex(c.plan.cycle, v.date), at = stopsOf(c.plan, v.need).find((s) => s.day === day)
			if (at) {
				const list = take(c, tours, tourKey(at.seat, day)), i = list.findIndex((s) => s.need === v.need)
				if (i >= 0)
					list[i] = { ...list[i], beat: op.beat }
			}
		}
	},
	beat(c, tours, op) {
		const { cycle } = c.plan
		const from = op.fromDate ? dayIndex(cycle, op.fromDate) : null
		const shift = from !== null && op.date ? dayIndex(cycle, op.date) - from : 0
		for (const [key, list] of c.plan.tours)
			for (const s of list)
				if (s.beat === op.beat && (from === null || (dayOf(key) - from) % 7 === 0)) {
					const stop = pull(c, tours, s.need, s.day)
					if (stop)
						put(c, tours, stop, op.seat ?? stop.seat, (stop.day + shift + cycle.days) % cycle.days, undefined)
				}
	},
}

/** The tours an operation touches, as they would become. @param {Context} c @param {Op[]} ops @returns {Tours} */
export function wouldBe(c, ops) {
	/** @type {Tours} */
	const tours = new Map()
	for (const op of ops)
		actions[op.kind]?.(c, tours, op)
	return tours
}

const none = { calls: 0, travel: 0, service: 0, wait: 0, metres: 0, over: 0 }

/** How the server's minutes relate to ours: it knows measured legs. @param {number | undefined} known seconds on the road @param {number} ours */
const ratio = (known, ours) => (known && ours > 0 ? Math.max(0.4, Math.min(2.5, known / ours)) : 1)

/**
 * What operations would cost, in the form of the server's impact.
 * @param {Context} c @param {Op[]} ops @returns {import('../core/api.js').Impact}
 */
export function priceLocally(c, ops) {
	const tours = wouldBe(c, ops)
	const cycle = c.plan.cycle
	const closed = new Set(cycle.closed)
	const touched = [...tours].flatMap(([key, stops]) => {
		const seat = seatById(c.plan, seatOf(key))
		if (!seat)
			return []
		const old = tourOn(c.plan, key, c.turn)
		const known = c.plan.sums.get(key), a = sumsOf(c, key, old), b = sumsOf(c, key, stops), k = ratio(known?.travel, a.travel)
		const before = known ?? { ...none, calls: old.length, travel: a.travel, service: a.service, metres: a.metres }
		const after = {
			...before, calls: stops.length, travel: Math.max(0, before.travel + (b.travel - a.travel) * k),
			service: before.service + b.service - a.service, metres: Math.max(0, before.metres + (b.metres - a.metres)),
		}
		after.over = Math.max(0, after.travel + after.service + after.wait - seat.shiftSeconds)
		return [{ seat, day: dayOf(key), date: dateOf(cycle, c.turn, dayOf(key)), old, stops, before, after, closed: closed.has(dayOf(key)) }]
	})
	/** @type {Set<number>} */
	const needs = new Set(ops.flatMap((op) => (op.kind === 'place' ? [/** @type {number} */ (op.need)]
		: /** @type {{need: number}[]} */ (op.visits ?? []).map((v) => v.need))))
	/** @param {number} need */
	const daysOf = (need) => visitsOf(need, true).map((s) => s.day)
	/** Before the change, or after it. @param {number} need @param {boolean} after */
	const visitsOf = (need, after) => {
		const was = stopsOf(c.plan, need).filter((s) => validOn(s, dateOf(cycle, c.turn, s.day)))
		return after ? [...was.filter((s) => !tours.has(tourKey(s.seat, s.day))), ...[...tours.values()].flatMap((list) => list.filter((s) => s.need === need))] : was
	}
	/** Trade defaults of the smallest gap. @param {number} need */
	const gapOf = (need) => {
		const every = 28 / Math.max(1, c.world.needs.get(need)?.visits ?? 1)
		return every >= 28 ? 20 : every >= 14 ? 10 : every >= 7 ? 5 : every >= 3 ? 2 : 1
	}
	const few = needs.size <= 60 ? needs : new Set()
	const minutes = (/** @type {import('./model.js').Sums} */ s) => (s.travel + s.service + s.wait) / 60
	/** @param {Stop[]} stops */
	const worth = (stops) => stops.reduce((a, s) => a + (c.worth?.(s.need, s.day) ?? 0), 0)
	const sum = (/** @type {(t: typeof touched[0]) => number} */ f) => touched.reduce((a, x) => a + f(x), 0)
	const due = sum((x) => worth(x.stops) - worth(x.old)) / 60
	return {
		price: c.prices ? priceOf(c.plan, c.world, c.prices, touched, (need) => stopsOf(c.plan, need).filter((s) => !s.to).length, due) : null,
		minutes: sum((x) => minutes(x.after) - minutes(x.before)),
		km: sum((x) => (x.after.metres - x.before.metres) / 1000),
		overtimeMinutes: sum((x) => (x.after.over - x.before.over) / 60),
		dueMinutes: due,
		balanceBefore: c.plan.totals.balancePct, balanceAfter: c.plan.totals.balancePct,
		tours: touched.map((x) => ({
			seat: x.seat.id, date: x.date,
			before: { calls: x.before.calls, minutes: minutes(x.before), km: x.before.metres / 1000 },
			after: { calls: x.after.calls, minutes: minutes(x.after), km: x.after.metres / 1000 },
		})),
		broken: runChecks({ tours: touched, daysOf, visitsOf, pinOf: (need) => c.plan.pins.get(need) ?? 0, needs: few, gapOf, cycleDays: cycle.days, dated: ops.some((op) => op.reach === 'date'), leastCalls: c.prices?.priceFew ? c.prices.minCalls : 0 }),
	}
}

/** The server takes so many visits or needs in one operation: a longer list becomes several, which undo takes back as one. @template T @param {T[]} list @param {(part: T[]) => Record<string, unknown>} make */
export function inParts(list, make) {
	const most = 2000
	return Array.from({ length: Math.ceil(list.length / most) }, (_, i) => make(list.slice(i * most, (i + 1) * most)))
}
