// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of several territories seen as one, and a gesture over them parted again.  Pure: no page, no network.
// Needs, outlets and seats are of one territory each.  A person who holds seats of several is one row with the work of all.
import { placeOf } from './actions.js'
import { dateOf, dayIndex, dayOf, inCycle, sameCycle, seatOf, tourKey } from './model.js'
import { homeOf, tourSums, vehicleOf } from './travel.js'

/** @typedef {import('./model.js').World} World */
/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {import('./model.js').Details} Details */
/** @typedef {import('../core/api.js').Seat} Seat */
/** @typedef {import('../core/api.js').Impact} Impact */
/** @typedef {Record<string, any>} Op */

/** Outlets one territory after the other; `unit` says of which each is. @param {World[]} list @returns {World} */
export function joinWorlds(list) {
	/** @type {World} */
	const out = { n: 0, id: [], details: list.map((w) => w.details).join(), lon: new Float64Array(0), lat: new Float64Array(0), tier: [], partner: [], partnerIndex: [], account: [], rural: [], needs: new Map(), needsOf: [], partners: [], unit: [],
		tiers: [...new Set(list.flatMap((w) => w.tiers))], lines: [...new Set(list.flatMap((w) => w.lines))] }
	list.forEach((w, k) => {
		const at = out.n, partner = w.partners.map((p) => {
			const known = out.partners.findIndex((x) => x.id === p.id)
			return known >= 0 ? known : out.partners.push(p) - 1
		})
		for (const need of w.needs.values())
			out.needs.set(need.id, { ...need, outlet: need.outlet + at })
		out.id.push(...w.id)
		out.tier.push(...w.tier)
		out.partner.push(...w.partner)
		out.partnerIndex.push(...w.partnerIndex.map((i) => (i >= 0 ? partner[i] : -1)))
		out.account.push(...w.account)
		out.rural.push(...w.rural)
		out.needsOf.push(...w.needsOf)
		out.unit?.push(...w.id.map(() => k))
		out.n += w.n
	})
	out.lon = Float64Array.from(list.flatMap((w) => [...w.lon]))
	out.lat = Float64Array.from(list.flatMap((w) => [...w.lat]))
	return out
}

/** @param {Details[]} list @returns {Details} */
export const joinDetails = (list) => /** @type {Details} */ (Object.fromEntries(Object.keys(list[0]).map((k) => [k, list.flatMap((d) => /** @type {any} */ (d)[k])])))

/** Which seat stands for which: the first of a person's, one of each plan.  By id, those that stand for themselves too. @param {Plan[]} plans @returns {Map<number, number>} */
function aliases(plans) {
	/** @type {Map<string, number>} */
	const first = new Map(), out = new Map()
	for (const p of plans) {
		/** @type {Map<number, number>} */
		const had = new Map()
		for (const s of p.seats) {
			const person = s.personId ?? null, k = person === null ? 0 : had.get(person) ?? 0, key = person === null ? `seat ${s.id}` : `${person} ${k}`
			if (person !== null)
				had.set(person, k + 1)
			first.set(key, first.get(key) ?? s.id)
			out.set(s.id, first.get(key))
		}
	}
	return out
}

/** A day is as long and as full as the longest that one of them has. @param {Seat} a @param {Seat} b @returns {Seat} */
const oneSeat = (a, b) => ({
	...a, code: `${a.code} + ${b.code}`, shiftSeconds: Math.max(a.shiftSeconds, b.shiftSeconds), maxCalls: Math.max(a.maxCalls, b.maxCalls),
	workDays: [...new Set([...a.workDays, ...b.workDays])].sort((x, y) => x - y), absences: [...a.absences ?? [], ...(b.absences ?? []).filter((x) => !a.absences?.some((y) => x.from === y.from && x.to === y.to))],
})

/** Largest deviation of a seat's work from the mean, percent, of those that work; as the server counts it. @param {Iterable<number>} work */
function balance(work) {
	const list = [...work].filter((x) => x > 0), mean = list.reduce((a, b) => a + b, 0) / list.length
	return list.length ? Math.max(...list.map((x) => Math.abs(x - mean))) / mean * 100 : 0
}

/**
 * On the dates of one turn of the longest cycle.  The day of a person is that of one territory after that of the other: its sums are those of both, and
 * what the way between them makes of it by our own travel model, which no plan of one territory knows.
 * @param {Plan[]} plans @param {number} turn @param {World} world joined @returns {Plan}
 */
export function joinPlans(plans, turn, world) {
	const { cycle: longest } = plans.reduce((a, b) => (b.cycle.days > a.cycle.days ? b : a)), alias = aliases(plans)
	const days = Array.from({ length: longest.days }, (_, d) => d), on = plans.map((p) => days.map((d) => dayIndex(p.cycle, dateOf(longest, turn, d))))
	const cycle = { ...longest, closed: days.filter((d) => plans.every((p, k) => p.cycle.closed.includes(on[k][d]))), workWeekdays: plans.some((p) => !p.cycle.workWeekdays.length) ? [] : [...new Set(plans.flatMap((p) => p.cycle.workWeekdays))].sort() }
	/** @type {Map<number, Seat>} */
	const seats = new Map()
	/** @type {Plan['tours']} */
	const tours = new Map()
	/** @type {Plan['sums']} */
	const sums = new Map()
	/** @param {number} key */
	const keyOf = (key) => tourKey(alias.get(seatOf(key)) ?? seatOf(key), dayOf(key))
	/** @param {Seat | undefined} seat @param {import('./model.js').Stop[]} stops */
	const alone = (seat, stops) => tourSums(vehicleOf(plans[0].travel, seat?.vehicle), homeOf(seat), stops.map((x) => ({ at: placeOf(world, x.need), service: 0 })))
	/** @param {Seat | undefined} seat @param {import('./model.js').Sums} x @param {import('./model.js').Sums} y @param {import('./model.js').Stop[]} xs @param {import('./model.js').Stop[]} ys */
	const both = (seat, x, y, xs, ys) => {
		const one = alone(seat, [...ys, ...xs]), a = alone(seat, xs), b = alone(seat, ys), travel = Math.max(0, x.travel + y.travel + one.travel - a.travel - b.travel)
		const service = x.service + y.service, wait = x.wait + y.wait
		return { calls: x.calls + y.calls, travel, service, wait, metres: Math.max(0, x.metres + y.metres + one.metres - a.metres - b.metres), over: Math.max(0, travel + service + wait - (seat?.shiftSeconds ?? 0)) }
	}
	const totals = { calls: 0, travelMinutes: 0, serviceMinutes: 0, overtimeMinutes: 0, km: 0, unserved: 0, balancePct: 0, seats: 0 }
	plans.forEach((plan, k) => {
		const p = sameCycle(plan, { ...plan, cycle }) ? plan : inCycle(plan, cycle, turn)
		for (const s of plan.seats) {
			const id = alias.get(s.id) ?? s.id, seat = { ...s, workDays: days.filter((d) => s.workDays.includes(on[k][d])) }, known = seats.get(id)
			seats.set(id, known ? { ...oneSeat(known, seat), id } : seat)
		}
		for (const [key, x] of p.sums) {
			const y = sums.get(keyOf(key))
			sums.set(keyOf(key), y ? both(seats.get(seatOf(keyOf(key))), x, y, p.tours.get(key) ?? [], tours.get(keyOf(key)) ?? []) : x)
		}
		for (const [key, list] of p.tours)
			tours.set(keyOf(key), [...tours.get(keyOf(key)) ?? [], ...list.map((x) => ({ ...x, seat: seatOf(keyOf(key)) }))])
		totals.unserved += p.totals.unserved
	})
	/** @type {Map<number, number>} */
	const work = new Map()
	for (const [key, x] of sums)
		work.set(seatOf(key), (work.get(seatOf(key)) ?? 0) + x.travel + x.service + x.wait)
	for (const x of sums.values()) {
		totals.calls += x.calls
		totals.travelMinutes += x.travel / 60
		totals.serviceMinutes += x.service / 60
		totals.overtimeMinutes += x.over / 60
		totals.km += x.metres / 1000
	}
	totals.balancePct = balance(work.values())
	totals.seats = seats.size
	/** @template T @param {(p: Plan) => Map<number, T>} of @returns {Map<number, T>} */
	const all = (of) => new Map(plans.flatMap((p) => [...of(p)]))
	/** What was done last is undone first, and what was undone last was done first of what can be redone. */
	const undo = plans.reduce((a, b) => ((b.undoAt ?? '') > (a.undoAt ?? '') ? b : a)), redo = plans.reduce((a, b) => ((b.redoAt ?? '~') < (a.redoAt ?? '~') ? b : a))
	return {
		planId: 0, cycle, seats: [...seats.values()], beats: [], tours, sums, unserved: all((p) => p.unserved), pins: all((p) => p.pins), overridden: all((p) => p.overridden), totals, stale: plans.some((p) => p.stale),
		seq: plans.reduce((n, p) => n + p.seq, 0), undo: plans.some((p) => p.undo === 'held') ? 'held' : undo.undoAt ? undo.undo : null, redo: redo.redoAt ? redo.redo : null, edits: plans.reduce((n, p) => n + p.edits, 0), travel: plans[0].travel, version: null, alias,
	}
}

/**
 * The operations of each plan: one that names visits of several is parted, one that names a seat gets that of the person there.
 * @param {Plan[]} plans @param {(need: number) => number} partOf index of the plan of a need, -1 none @param {(seat: number, date: string) => number[]} tour needs of a person on a date, as they are shown
 * @param {Op[]} ops
 * @returns {{ops: Op[][]} | {seat: number, part: number}} or who has no seat where
 */
export function partOps(plans, partOf, tour, ops) {
	const alias = aliases(plans), mine = plans.map((p) => new Map(p.seats.map((s) => [alias.get(s.id), s.id])))
	/** @type {Op[][]} */
	const out = plans.map(() => [])
	/** @type {{seat: number, part: number} | null} */
	let wrong = null
	/** @param {number} part @param {number} seat */
	const seatIn = (part, seat) => {
		const id = mine[part].get(alias.get(seat) ?? seat)
		if (id === undefined)
			wrong ??= { seat, part }
		return id ?? seat
	}
	/** @param {number} part @param {Op} op @param {Op} change */
	const give = (part, op, change) => {
		if (part < 0) // where there is no plan yet
			return
		/** Places in a tour that is shown as one are counted from where that of the plan begins. */
		const before = op.pos !== undefined && op.seat !== undefined && op.date ? tour(op.seat, op.date).filter((n) => partOf(n) < part).length : 0
		out[part].push({ ...op, ...change, ...(op.seat !== undefined ? { seat: seatIn(part, op.seat) } : {}), ...(op.pos !== undefined ? { pos: Math.max(0, op.pos - before) } : {}) })
	}
	/** @template T @param {Op} op @param {string} name @param {T[]} list @param {(x: T) => number} need */
	const parted = (op, name, list, need) => plans.forEach((_, k) => {
		const some = list.filter((x) => partOf(need(x)) === k)
		if (some.length)
			give(k, op, { [name]: some })
	})
	for (const op of ops) {
		if (op.visits) {
			parted(op, 'visits', op.visits, (v) => v.need)
		} else if (op.needs) {
			parted(op, 'needs', op.needs, (n) => n)
		} else if (op.need !== undefined) {
			give(partOf(op.need), op, {})
		} else if (op.tours) {
			const k = partOf(op.tours.flatMap((/** @type {Op} */ t) => t.order)[0])
			give(k, op, { tours: op.tours.map((/** @type {Op} */ t) => ({ ...t, seat: seatIn(k, t.seat) })) })
		} else {
			const now = tour(op.seat, op.date)
			plans.forEach((_, k) => now.some((n) => partOf(n) === k) && give(k, op, op.order ? { order: op.order.filter((/** @type {number} */ n) => partOf(n) === k) } : {}))
		}
	}
	return wrong ?? { ops: out }
}

/** What a gesture costs in all plans together, by the persons that are shown. @param {Impact[]} list @param {Map<number, number>} alias @returns {Impact} */
export function joinImpacts(list, alias) {
	/** @template {{seat: number | null}} T @param {T} x */
	const shown = (x) => ({ ...x, seat: x.seat === null ? null : alias.get(x.seat) ?? x.seat })
	/** @param {(i: Impact) => number} of */
	const sum = (of) => list.reduce((n, i) => n + of(i), 0)
	const priced = list.flatMap((i) => i.price ?? [])
	return {
		price: priced.length ? /** @type {import('../core/api.js').Price} */ (Object.fromEntries(Object.keys(priced[0]).map((k) => [k, priced.reduce((n, p) => n + /** @type {any} */ (p)[k], 0)]))) : null,
		minutes: sum((i) => i.minutes), km: sum((i) => i.km), overtimeMinutes: sum((i) => i.overtimeMinutes), dueMinutes: sum((i) => i.dueMinutes),
		balanceBefore: Math.max(0, ...list.map((i) => i.balanceBefore)), balanceAfter: Math.max(0, ...list.map((i) => i.balanceAfter)),
		tours: list.flatMap((i) => /** @type {Impact['tours']} */ (i.tours.map(shown))), broken: list.flatMap((i) => i.broken.map(shown)),
	}
}
