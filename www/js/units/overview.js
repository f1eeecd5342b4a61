// SPDX-License-Identifier: GPL-3.0-or-later
// More outlets than a map can show one by one: counts in cells as the server made them, and outlets where it tells them.  Pure.
import { latOf } from '../map/lasso.js'
import { keyOf } from './model.js'

/** @typedef {{units: {number: number, territoryId: number | null, code: string, name: string, outlets: number, hours: number | null}[], level: number | null, x: number[], y: number[], outlets: number[], id: number[], lat: number[], lon: number[], unit: number[]}} Overview */
/** @typedef {import('./model.js').Places} Places */
/** @typedef {{unit: number, outlets: number, box: [number, number, number, number]}} Cell box: w s e n */

/** @param {Overview} o @returns {Cell[]} */
export const cellsOf = (o) => o.x.map((x, i) => {
	const side = 2 ** (o.level ?? 0), y = o.y[i]
	return { unit: o.unit[i], outlets: o.outlets[i], box: [360 * x / side - 180, latOf((y + 1) / side), 360 * (x + 1) / side - 180, latOf(y / side)] }
})

/** The box around all cells. @param {Cell[]} cells @returns {[number, number, number, number] | null} */
export const boundsOfCells = (cells) => cells.reduce((b, { box: c }) => (b ? [Math.min(b[0], c[0]), Math.min(b[1], c[1]), Math.max(b[2], c[2]), Math.max(b[3], c[3])] : c), /** @type {[number, number, number, number] | null} */ (null))

/** As the map and the table of units take it. @param {Overview} o @param {[number, number, number, number] | null} box of all of it @returns {Places} */
export function placesOfOverview(o, box) {
	const n = o.id.length, unit = Int32Array.from(o.level === null ? o.unit : []), id = new Float64Array(n)
	let last = 0
	for (let i = 0; i < n; i++)
		id[i] = last += o.id[i]
	return {
		n, id, unit, was: unit, box, cells: o.level === null ? null : cellsOf(o), units: o.units.map((u) => ({ ...u, hours: u.hours ?? 0 })), weighed: o.units.some((u) => u.hours !== null),
		lat: Float64Array.from(o.lat, (v) => v / 1e5), lon: Float64Array.from(o.lon, (v) => v / 1e5), work: new Float64Array(n), moved: new Uint8Array(n),
	}
}

/** Units that lie beside each other in some cell, by their keys. @param {Overview} o @returns {[string, string][]} */
export function neighbours(o) {
	const at = new Map(o.x.map((x, i) => [x + ' ' + o.y[i], o.unit[i]]))
	/** @type {Map<string, [string, string]>} */
	const out = new Map()
	const key = (/** @type {number} */ u) => keyOf(o.units[u])
	o.x.forEach((x, i) => {
		for (const beside of [`${x + 1} ${o.y[i]}`, `${x} ${o.y[i] + 1}`]) {
			const u = at.get(beside)
			if (u !== undefined && u !== o.unit[i])
				out.set(`${o.unit[i]} ${u}`, [key(o.unit[i]), key(u)])
		}
	})
	return [...out.values()]
}
