// SPDX-License-Identifier: GPL-3.0-or-later
// When the next purchase of an outlet is due, from what the details of a snapshot tell.  Pure; the server's plan/due.c says the same.

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
