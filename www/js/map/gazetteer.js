// SPDX-License-Identifier: GPL-3.0-or-later
// Places by name: those of the base map, around a territory.
import { baseFile, cellsOf } from './basemap.js'

/** @typedef {{name: string, pop: number, lat: number, lon: number}} Found */

/** As people type it: without accents and capitals. @param {string} s */
export const plain = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()

/**
 * Of the lists the places that begin with a text, whole names and large ones first; at most 8.
 * @param {(import('./basemap.js').Places | null)[]} lists @param {string} text @returns {Found[]}
 */
export function matching(lists, text) {
	const want = plain(text)
	if (!want)
		return []
	const out = lists.flatMap((p) => (p ? p.name.flatMap((name, i) => (plain(name).startsWith(want) ? [{ name, pop: p.pop[i], lat: p.lat[i], lon: p.lon[i] }] : [])) : []))
	const whole = (/** @type {Found} */ f) => Number(plain(f.name) === want)
	return out.sort((a, b) => whole(b) - whole(a) || b.pop - a.pop).slice(0, 8)
}

/** @param {string} text @param {[number, number, number, number] | null} bounds of the territory: w s e n */
export async function findPlaces(text, bounds) {
	if (!bounds)
		return matching([await baseFile('places')], text)
	const known = /** @type {string[] | null} */ (await baseFile('places/index')) ?? []
	const near = cellsOf([bounds[0] - 2, bounds[1] - 2, bounds[2] + 2, bounds[3] + 2]).filter((c) => known.includes(c))
	return matching(await Promise.all(near.map((c) => baseFile('places/' + c))), text)
}
