// SPDX-License-Identifier: GPL-3.0-or-later
// Planning units as a map and a table show them: columns of places, sums of units, and what a move would lead to.  Pure.

/** @typedef {{number: number, territoryId: number | null, code: string, name: string, outlets: number, hours: number, key?: string}} DrawnUnit */
/** @typedef {{units: DrawnUnit[], today: number[], id: number[], lat: number[], lon: number[], unit: number[], was: number[], work: number[]}} PlaceColumns */
/** @typedef {{n: number, units: DrawnUnit[], id: Float64Array, lat: Float64Array, lon: Float64Array, unit: Int32Array, was: Int32Array, moved: Uint8Array, work: Float64Array, cells?: import('./overview.js').Cell[] | null, box?: [number, number, number, number] | null, weighed?: boolean}} Places  cells: counts in place of outlets; box: of all, not only what is in sight; weighed: hours of units are known then */

/** @param {PlaceColumns} p @returns {Places} */
export function placesOf(p) {
	const n = p.id.length, id = new Float64Array(n)
	let last = 0
	for (let i = 0; i < n; i++)
		id[i] = last += p.id[i]
	const unit = Int32Array.from(p.unit), was = Int32Array.from(p.was)
	return {
		n, units: p.units, id, unit, was,
		lat: Float64Array.from(p.lat, (v) => v / 1e5), lon: Float64Array.from(p.lon, (v) => v / 1e5), work: Float64Array.from(p.work, (v) => v / 600),
		moved: Uint8Array.from(unit, (u, i) => (p.units[u].territoryId === p.today[was[i]] ? 0 : 1)),
	}
}

/** The same unit today and in a scenario has one key; beside another scenario one of its own. @param {Pick<DrawnUnit, 'number' | 'territoryId' | 'key'>} u */
export const keyOf = (u) => u.key ?? (u.territoryId === null ? `m${u.number}` : `t${u.territoryId}`)

/**
 * Two ways to cut the same outlets, ready to be shown beside each other: units that are the same have one key and name, and outlets that the
 * two put in different units count as moved in both.
 * @param {Places} left @param {Places} right @param {number[]} same numbers of units that are the same: left, right, and so on
 * @returns {[Places, Places]}
 */
export function besideEachOther(left, right, same) {
	const as = new Map(Array.from({ length: same.length / 2 }, (_, i) => [same[2 * i + 1], same[2 * i]]))
	const units = right.units.map((u) => {
		const l = left.units[as.get(u.number) ?? -1]
		return { ...u, name: l?.name ?? u.name, key: l ? keyOf(l) : u.territoryId === null ? `n${u.number}` : keyOf(u) }
	})
	const a = { ...left, moved: new Uint8Array(left.n) }, b = { ...right, units, moved: new Uint8Array(right.n) }
	for (let i = 0, k = 0; i < a.n; i++) {
		while (k < b.n && b.id[k] < a.id[i])
			k++
		if (k < b.n && b.id[k] === a.id[i] && keyOf(a.units[a.unit[i]]) !== keyOf(units[b.unit[k]]))
			a.moved[i] = b.moved[k] = 1
	}
	return [a, b]
}

/** Work of each unit beside the mean, in percent. @param {{outlets: number, hours: number}[]} units */
export function deviations(units) {
	const some = units.filter((u) => u.outlets), share = some.reduce((s, u) => s + u.hours, 0) / Math.max(1, some.length)
	return units.map((u) => (share > 0 && u.outlets ? 100 * (u.hours / share - 1) : 0))
}

/** Sums of the units after a move, and the largest deviation; `to` = units.length is a new one. @param {Places} p @param {Iterable<number>} chosen @param {number} to */
export function wouldBe(p, chosen, to) {
	const units = p.units.map((u) => ({ outlets: u.outlets, hours: u.hours }))
	if (to === units.length)
		units.push({ outlets: 0, hours: 0 })
	for (const i of chosen) {
		units[p.unit[i]].outlets--
		units[p.unit[i]].hours -= p.work[i]
		units[to].outlets++
		units[to].hours += p.work[i]
	}
	return { units, deviation: Math.max(0, ...deviations(units).map(Math.abs)) }
}

/** Where the name of each unit stands: at the outlet that is nearest to the middle of them all. @param {Places} p @param {Int32Array} unit @param {number} n */
export function labelPlaces(p, unit, n) {
	const x = new Float64Array(n), y = new Float64Array(n), count = new Int32Array(n), best = new Int32Array(n).fill(-1), least = new Float64Array(n).fill(Infinity)
	for (let i = 0; i < p.n; i++) {
		const u = unit[i]
		count[u]++
		x[u] += (p.lon[i] - x[u]) / count[u]
		y[u] += (p.lat[i] - y[u]) / count[u]
	}
	for (let i = 0; i < p.n; i++) {
		const u = unit[i], d = (p.lon[i] - x[u]) ** 2 + (p.lat[i] - y[u]) ** 2
		if (d < least[u]) {
			least[u] = d
			best[u] = i
		}
	}
	return [...best].map((i) => (i < 0 ? null : [p.lon[i], p.lat[i]]))
}

/** Does a place lie in a MultiPolygon, holes taken off? @param {number[][][][]} polygons @param {number} x @param {number} y */
export const insideArea = (polygons, x, y) => polygons.some((rings) => {
	let inside = false
	for (const ring of rings)
		for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
			const [ax, ay] = ring[i], [bx, by] = ring[j]
			if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax)
				inside = !inside
		}
	return inside
})

/** The box around all places, or those of a unit. @param {Places} p @param {number} [unit] @returns {[number, number, number, number] | null} w s e n */
export function boundsOf(p, unit) {
	let b = /** @type {[number, number, number, number] | null} */ (unit === undefined ? p.box ?? null : null)
	if (b)
		return b
	for (let i = 0; i < p.n; i++)
		if (unit === undefined || p.unit[i] === unit)
			b = b ? [Math.min(b[0], p.lon[i]), Math.min(b[1], p.lat[i]), Math.max(b[2], p.lon[i]), Math.max(b[3], p.lat[i])] : [p.lon[i], p.lat[i], p.lon[i], p.lat[i]]
	return b && (b[2] - b[0] < 1e-3 ? [b[0] - 0.01, b[1] - 0.01, b[2] + 0.01, b[3] + 0.01] : b)
}
