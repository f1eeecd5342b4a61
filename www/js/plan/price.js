// SPDX-License-Identifier: GPL-3.0-or-later
// The full price of a change as far as it can be worked out here: what lib/plan/price.c counts, from the parameters of the plan.  Pure.

/** @typedef {import('./model.js').Stop} Stop */
/** @typedef {import('./model.js').Sums} Sums */
/** @typedef {{seat: {id: number}, old: Stop[], stops: Stop[], before: Sums, after: Sums}} Touched */

/** @param {Sums} x */
const work = (x) => x.travel + x.service + x.wait

/** Calls that a day with work has less than the least. @param {number} calls @param {number} least */
export const lacking = (calls, least) => (calls > 0 && calls < least ? least - calls : 0)

/** Minutes of work beyond the tolerance, at their price. @param {Map<number, number>} seconds by seat @param {number} tolerance percent @param {number} price of a minute */
function imbalance(seconds, tolerance, price) {
	const all = [...seconds.values()], mean = all.reduce((a, x) => a + x, 0) / (all.length || 1)
	return all.reduce((a, x) => a + Math.max(0, Math.abs(x - mean) - mean * tolerance / 100), 0) * price / 60
}

/**
 * @param {import('./model.js').Plan} p @param {import('./model.js').World} w @param {Record<string, any>} q parameters @param {Touched[]} touched
 * @param {(need: number) => number} visits how often a need is visited now @param {number} due minutes that the days are worth
 * @returns {import('../core/api.js').Price}
 */
export function priceOf(p, w, q, touched, visits, due) {
	const sum = (/** @type {(x: Touched) => number} */ f) => touched.reduce((a, x) => a + f(x), 0)
	/** Where each need of the touched days was, and is. @type {Map<number, [Stop[], Stop[]]>} */
	const needs = new Map()
	for (const x of touched)
		[x.old, x.stops].forEach((list, i) => {
			for (const s of list) {
				const at = needs.get(s.need) ?? /** @type {[Stop[], Stop[]]} */ ([[], []])
				needs.set(s.need, at)
				at[i].push(s)
			}
		})
	let missed = 0, day = 0, person = 0, beat = 0
	for (const [need, [was, is]] of needs) {
		const n = w.needs.get(need), asked = n?.visits ?? 0, now = visits(need), short = (/** @type {number} */ k) => Math.max(0, asked - k)
		missed += (short(now + is.length - was.length) - short(now)) * (q[`priceMissed${w.tier[n?.outlet ?? -1]}`] ?? q.priceMissedBronze ?? 0)
		if (!was.length || !is.length)
			continue
		const moved = is.some((s) => !was.some((x) => x.seat === s.seat))
		day += is.filter((s) => !was.some((x) => x.day === s.day)).length * q.priceDay
		person += moved ? q.pricePerson : 0
		beat += moved || is.some((s) => !was.some((x) => x.day % 7 === s.day % 7)) ? q.priceBeat : 0
	}
	const before = new Map(p.seats.map((s) => [s.id, 0])), after = new Map(before)
	for (const [key, x] of p.sums) {
		const seat = Math.floor(key / 64)
		before.set(seat, (before.get(seat) ?? 0) + work(x))
	}
	for (const [seat, x] of before)
		after.set(seat, x + touched.filter((t) => t.seat.id === seat).reduce((a, t) => a + work(t.after) - work(t.before), 0))
	const parts = {
		travel: sum((x) => x.after.travel - x.before.travel) / 60, overtime: sum((x) => x.after.over - x.before.over) / 60 * q.priceOvertime, missed, day, person, beat,
		imbalance: imbalance(after, q.balanceTolerance, q.priceImbalance) - imbalance(before, q.balanceTolerance, q.priceImbalance), due: -due, few: sum((x) => lacking(x.after.calls, q.minCalls) - lacking(x.before.calls, q.minCalls)) * (q.priceFew ?? 0), other: 0,
	}
	return { ...parts, total: Object.values(parts).reduce((a, x) => a + x, 0) }
}
