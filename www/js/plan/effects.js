// SPDX-License-Identifier: GPL-3.0-or-later
// What each price makes of a plan: how much of its cause the plan has, in minutes or visits.  Pure.
import { isDue } from './due.js'
import { lacking } from './price.js'

/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {import('./model.js').World} World */

/**
 * @param {Plan} p @param {World} w @param {Record<string, number>} rank of a tier's name: 1 Gold, 2 Silver, others Bronze
 * @param {number} tolerance percent of imbalance let pass @param {number} least calls of a day
 * @returns {Record<string, number>} by parameter: minutes of overtime and of imbalance, missed visits by tier, calls that days have less than the least
 */
export function causes(p, w, rank, tolerance, least) {
	const missed = [0, 0, 0]
	for (const [need, u] of p.unserved) {
		const r = rank[w.tier[w.needs.get(need)?.outlet ?? -1] ?? ''] ?? 3
		missed[Math.min(3, Math.max(1, r)) - 1] += u.missing
	}
	/** @type {Map<number, number>} */
	const work = new Map()
	for (const [key, x] of p.sums) {
		const seat = Math.floor(key / 64)
		work.set(seat, (work.get(seat) ?? 0) + (x.travel + x.service) / 60)
	}
	const all = [...work.values()].filter((m) => m > 0), mean = all.reduce((a, m) => a + m, 0) / (all.length || 1)
	return {
		priceOvertime: p.totals.overtimeMinutes, priceMissedGold: missed[0], priceMissedSilver: missed[1], priceMissedBronze: missed[2],
		priceImbalance: all.reduce((a, m) => a + Math.max(0, Math.abs(m - mean) - mean * tolerance / 100), 0),
		priceFew: [...p.sums.values()].reduce((a, x) => a + lacking(x.calls, least), 0),
	}
}

/**
 * The visits that are not as they were for their need: by another person, on another day, on another beat.  Needs that were not visited
 * before have nothing to be otherwise.
 * @param {Plan} before @param {Plan} after @returns {Record<string, number>} by parameter
 */
export function changed(before, after) {
	/** @type {Map<number, import('./model.js').Stop[]>} */
	const was = new Map()
	for (const list of before.tours.values())
		for (const s of list)
			was.set(s.need, [...(was.get(s.need) ?? []), s])
	const out = { priceDay: 0, pricePerson: 0, priceBeat: 0 }
	for (const list of after.tours.values())
		for (const s of list) {
			const mine = was.get(s.need)
			if (!mine)
				continue
			out.priceDay += Number(!mine.some((x) => x.day === s.day))
			out.pricePerson += Number(!mine.some((x) => x.seat === s.seat))
			out.priceBeat += Number(s.beat !== null && !mine.some((x) => x.beat === s.beat))
		}
	return out
}

/** The visits that stand on a day when a purchase is due. @param {Plan} p @param {World} w @param {import('./model.js').Details} d @param {(day: number) => number} on days since 1970 of a cycle day to come */
export function onDueDays(p, w, d, on) {
	let n = 0
	for (const list of p.tours.values())
		for (const s of list)
			n += Number(isDue(d, w.needs.get(s.need)?.outlet ?? -1, on(s.day)))
	return n
}
