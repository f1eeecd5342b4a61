// SPDX-License-Identifier: GPL-3.0-or-later
// When the next purchase of an outlet is due, from what the details of a snapshot tell.  Pure; the server's plan/due.c says the same.
import { dayIndex } from './model.js'

/** @typedef {import('./model.js').Details} Details */

const DAY = 86400000

/** Days since 1970. @param {string} date */
export const dayNumber = (date) => Date.parse(`${date}T00:00:00Z`) / DAY

/** The normal distribution; Abramowitz and Stegun 7.1.26, good to 1.5e-7. @param {number} z */
export function phi(z) {
	const x = Math.abs(z) / Math.SQRT2, t = 1 / (1 + 0.3275911 * x)
	const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x) / 2
	return z > 0 ? 1 - tail : tail
}

/** Chance in percent that a purchase is due by that day, -1 where nothing is known; a score of the outlet file is as of today. @param {Details} d @param {number} i @param {number} day since 1970 */
export const scoreOf = (d, i, day) => (d.nppd[i] >= 0 ? d.nppd[i] : d.due[i] >= 0 ? 100 * phi((day - d.due[i]) / (d.spread[i] / 10)) : -1)

/** Late by more than three of its gaps: it is to be won back. @param {Details} d @param {number} i @param {number} today since 1970 */
export const isLost = (d, i, today) => d.nppd[i] < 0 && d.due[i] >= 0 && d.every[i] > 0 && today > d.due[i] + 0.3 * d.every[i]

/** Is a purchase rather due than not by that day? @param {Details} d @param {number} i @param {number} day since 1970 */
export const isDue = (d, i, day) => Math.round(scoreOf(d, i, day)) >= 50 && !isLost(d, i, day)

/** As the server's demand/rhythm.c: beyond so many spreads nothing is told, and of a score alone the spread is that of most. */
const FAR = 4, SPREAD_OF_A_SCORE = 7

/** The day on which a purchase is due that has this score on that day. @param {number} score @param {number} spread @param {number} day */
function dueOfScore(score, spread, day) {
	const p = Math.min(Math.max(score, 1), 99) / 100
	let lo = -FAR, hi = FAR
	for (let i = 0; i < 60; i++) {
		const z = (lo + hi) / 2
		if (phi(z) < p)
			lo = z
		else
			hi = z
	}
	return day - lo * spread
}

/** How near a day is to a purchase that is due: 1 on its very day, 0 far from it; it comes again every so many days. @param {number} due @param {number} every 0: once @param {number} spread @param {number} from what was due before is due then @param {number} day */
function nearness(due, every, spread, from, day) {
	let near = 0
	for (let k = 0, on = Math.max(due, from); on - day < FAR * spread * Math.sqrt(k + 1); k++, on += every) {
		near = Math.max(near, 2 * phi(-Math.abs(day - on) / (spread * Math.sqrt(k + 1))))
		if (!(every > 0) || on > day)
			break
	}
	return near
}

/** Seconds that a visit on that day is worth for the purchase that is due. @param {Details} d @param {number} i @param {number} minutes on its very day @param {number} today @param {number} day */
function worthOf(d, i, minutes, today, day) {
	if ((d.nppd[i] < 0 && d.due[i] < 0) || isLost(d, i, today))
		return 0
	const spread = d.spread[i] > 0 ? d.spread[i] / 10 : SPREAD_OF_A_SCORE, due = d.nppd[i] >= 0 ? dueOfScore(d.nppd[i], spread, today) : d.due[i]
	return Math.floor(minutes * 60 * nearness(due, Math.max(0, d.every[i]) / 10, spread, today, day) + 0.5)
}

/**
 * The same for every day of a plan's cycle, as of the date on which it comes next; null where visits are not drawn to purchases, or nothing is known of them yet.
 * @param {import('./model.js').Plan} p @param {import('./model.js').World} w @param {Details | null} d @param {Record<string, any> | null} profile @param {string} today
 * @returns {((need: number, day: number) => number) | null}
 */
export function worthIn(p, w, d, profile, today) {
	if (!d || !(profile?.nppd > 0))
		return null
	const now = dayNumber(today), { days } = p.cycle, first = dayIndex(p.cycle, today)
	return (need, day) => {
		const i = w.needs.get(need)?.outlet ?? -1
		return i < 0 ? 0 : worthOf(d, i, profile?.priceDue, now, now + (day - first + days) % days)
	}
}
