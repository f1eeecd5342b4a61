// SPDX-License-Identifier: GPL-3.0-or-later
// Two plans of one territory side by side: what changes for outlets, and what for each seat.  Pure.
import { seatOf } from './model.js'

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
