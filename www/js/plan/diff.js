// SPDX-License-Identifier: GPL-3.0-or-later
// Two plans of one territory side by side: what changes for outlets, and what for each seat.  Pure.
import { dayOf, seatOf, tourKey } from './model.js'

/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {{calls: number, seconds: number, metres: number}} Load */

/** Seat and days of each need in the standing plan. @param {Plan} p */
function byNeed(p) {
	/** @type {Map<number, {seats: Set<number>, days: Set<number>, n: number}>} */
	const out = new Map()
	for (const list of p.tours.values())
		for (const s of list) {
			const x = out.get(s.need) ?? { seats: new Set(), days: new Set(), n: 0 }
			out.set(s.need, x)
			x.seats.add(s.seat)
			x.days.add(s.day)
			x.n++
		}
	return out
}
/** @param {Plan} p */
function bySeat(p) {
	/** @type {Map<number, Load>} */
	const out = new Map()
	for (const [key, x] of p.sums) {
		const l = out.get(seatOf(key)) ?? { calls: 0, seconds: 0, metres: 0 }
		out.set(seatOf(key), l)
		l.calls += x.calls
		l.seconds += x.travel + x.service + x.wait
		l.metres += x.metres
	}
	return out
}
/** @param {Set<number>} a @param {Set<number>} b */
const same = (a, b) => a.size === b.size && [...a].every((x) => b.has(x))
/** @type {Load} */
const idle = { calls: 0, seconds: 0, metres: 0 }

/**
 * @param {Plan} a before @param {Plan} b after
 * @returns {{needs: number, person: number, day: number, dropped: number, added: number, seats: {seat: number, before: Load, after: Load}[]}}
 *   how many needs stay or change in any way, go to another person, other days only, are no longer or newly visited; seats by how much their time changes
 */
export function planDiff(a, b) {
	const x = byNeed(a), y = byNeed(b), sa = bySeat(a), sb = bySeat(b)
	let person = 0, day = 0, dropped = 0, added = 0
	for (const [need, p] of x) {
		const q = y.get(need)
		if (!q)
			dropped++
		else if (!same(p.seats, q.seats))
			person++
		else if (!same(p.days, q.days))
			day++
	}
	for (const need of y.keys())
		if (!x.has(need))
			added++
	const seats = [...new Set([...sa.keys(), ...sb.keys()])].map((seat) => ({ seat, before: sa.get(seat) ?? idle, after: sb.get(seat) ?? idle }))
	const turn = (/** @type {{before: Load, after: Load}} */ s) => Math.abs(s.after.seconds - s.before.seconds)
	return { needs: new Set([...x.keys(), ...y.keys()]).size, person, day, dropped, added, seats: seats.sort((p, q) => turn(q) - turn(p)) }
}

// ---- changes one by one

/** @typedef {{seat: number, day: number, beat: number | null}} Where */
/** @typedef {{need: number, before: Where[], after: Where[]}} Hunk  what becomes of one need */

/** Standing visits of each need; single dates are not part of the standing plan. @param {Plan} p */
function standing(p) {
	/** @type {Map<number, Where[]>} */
	const out = new Map()
	for (const list of p.tours.values())
		for (const s of list)
			if (!s.to) {
				const mine = out.get(s.need)
				if (mine)
					mine.push(s)
				else
					out.set(s.need, [s])
			}
	for (const list of out.values())
		list.sort((a, b) => a.day - b.day || a.seat - b.seat)
	return out
}
/** @param {Where[]} a @param {Where[]} b */
const sameVisits = (a, b) => a.length === b.length && a.every((x, i) => x.seat === b[i].seat && x.day === b[i].day)

/** What differs between two plans, need by need. @param {Plan} a before @param {Plan} b after @returns {Hunk[]} */
export function hunks(a, b) {
	const x = standing(a), y = standing(b), out = []
	for (const need of new Set([...x.keys(), ...y.keys()])) {
		const before = x.get(need) ?? [], after = y.get(need) ?? []
		if (!sameVisits(before, after))
			out.push({ need, before, after })
	}
	return out
}

/**
 * Why a change cannot be taken into a draft, since it would put a visit where none can be by now: the outlet has left the plan, or the seat has.
 * Visits can always be taken out. @param {Hunk} h @param {ReadonlySet<number>} gone needs @param {(seat: number) => boolean} here @returns {'outlet' | 'seat' | null}
 */
export function bars(h, gone, here) {
	const put = h.after.filter((x) => !h.before.some((w) => w.seat === x.seat && w.day === x.day))
	return !put.length ? null : gone.has(h.need) ? 'outlet' : put.some((w) => !here(w.seat)) ? 'seat' : null
}

/** Needs of a standing tour in order. @param {Plan} p @param {number} key */
const orderOf = (p, key) => (p.tours.get(key) ?? []).filter((s) => !s.to).map((s) => s.need)

/** A need goes behind the last of those before it in `like` that is there, else in front of the first behind it. @param {number[]} list @param {number} need @param {number[]} like */
function insertLike(list, need, like) {
	const at = like.indexOf(need)
	for (let i = at - 1; i >= 0; i--) {
		const k = list.indexOf(like[i])
		if (k >= 0)
			return void list.splice(k + 1, 0, need)
	}
	for (let i = at + 1; i < like.length; i++) {
		const k = list.indexOf(like[i])
		if (k >= 0)
			return void list.splice(k, 0, need)
	}
	list.push(need)
}

/**
 * The tours of a that have to become others so that these needs are visited as in b; with all of them accepted, tours of
 * the same outlets take b's order as well.
 * @param {Plan} a @param {Plan} b @param {Hunk[]} accepted
 * @returns {{seat: number, day: number, order: number[]}[]}
 */
export function arrangement(a, b, accepted) {
	/** @type {Map<number, number[]>} */
	const tours = new Map()
	const tour = (/** @type {Where} */ w) => {
		const key = tourKey(w.seat, w.day), list = tours.get(key) ?? orderOf(a, key)
		tours.set(key, list)
		return list
	}
	for (const h of accepted)
		for (const w of h.before) {
			const list = tour(w)
			if (!h.after.some((x) => x.seat === w.seat && x.day === w.day))
				list.splice(list.indexOf(h.need), 1)
		}
	for (const h of accepted)
		for (const w of h.after)
			if (!h.before.some((x) => x.seat === w.seat && x.day === w.day))
				insertLike(tour(w), h.need, orderOf(b, tourKey(w.seat, w.day)))
	return [...tours].flatMap(([key, list]) => {
		const like = orderOf(b, key), members = new Set(list)
		const order = like.length === list.length && like.every((n) => members.has(n)) ? like : list
		const was = orderOf(a, key)
		return order.length === was.length && order.every((n, i) => n === was[i]) ? [] : [{ seat: seatOf(key), day: dayOf(key), order }]
	})
}

/** Tours that hold the same outlets in another order. @param {Plan} a @param {Plan} b @returns {{seat: number, day: number, order: number[]}[]} */
export function reordered(a, b) {
	return [...b.tours.keys()].flatMap((key) => {
		const x = orderOf(a, key), y = orderOf(b, key), there = new Set(x)
		return x.length === y.length && y.every((n) => there.has(n)) && y.some((n, i) => n !== x[i]) ? [{ seat: seatOf(key), day: dayOf(key), order: y }] : []
	})
}

/** What is pinned otherwise, by need; 0 = not pinned. @param {Plan} a before @param {Plan} b after @returns {{need: number, before: number, after: number}[]} */
export function repinned(a, b) {
	return [...new Set([...a.pins.keys(), ...b.pins.keys()])].map((need) => ({ need, before: a.pins.get(need) ?? 0, after: b.pins.get(need) ?? 0 })).filter((x) => x.before !== x.after)
}

/** @typedef {'person' | 'day' | 'added' | 'dropped'} Turn  what becomes of an outlet */
/** @param {Hunk} h @returns {Turn} */
export function turnOf(h) {
	if (!h.before.length || !h.after.length)
		return h.before.length ? 'dropped' : 'added'
	const seats = new Set(h.before.map((w) => w.seat))
	return h.after.every((w) => seats.has(w.seat)) && h.after.length && new Set(h.after.map((w) => w.seat)).size === seats.size ? 'day' : 'person'
}

/** The middle of the other outlets of the tours of these visits; null where none has a place. @param {Plan} p @param {number} need @param {Where[]} visits @param {(need: number) => [number, number] | null} at longitude and latitude */
export function middleOf(p, need, visits, at) {
	const places = visits.flatMap((w) => orderOf(p, tourKey(w.seat, w.day))).flatMap((n) => (n === need ? [] : [at(n)])).filter((x) => x !== null)
	return places.length ? /** @type {[number, number]} */ ([0, 1].map((k) => places.reduce((a, x) => a + /** @type {number[]} */ (x)[k], 0) / places.length)) : null
}
