// SPDX-License-Identifier: GPL-3.0-or-later
// Which of very many points are worth drawing: of those that share a few pixels the first one of the best tier.  Pure loops over typed arrays.

const CELLS = 256 /* the widest grid, over all points */
const GRIDS = 4
const PIXELS = 4 /* what is nearer than this is one spot */
const RANKS = 4 /* Gold, Silver, Bronze, none */

/**
 * For each point the coarsest of the grids, each twice as fine, in which it is the first of its cell.
 * @param {Float64Array} x @param {Float64Array} y @param {number} always so many points are drawn whatever they cover @param {Uint8Array} [rank] of each point, 0 to 3: the lesser comes first
 */
export function detailLevels(x, y, always, rank = new Uint8Array(x.length)) {
	let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity
	for (let i = 0; i < x.length; i++)
		if (x[i] === x[i]) { /* not NaN */
			x0 = Math.min(x0, x[i])
			x1 = Math.max(x1, x[i])
			y0 = Math.min(y0, y[i])
			y1 = Math.max(y1, y[i])
		}
	const level = new Uint8Array(x.length), cell = Math.max(1e-12, x1 - x0, y1 - y0) / CELLS
	if (x.length <= always)
		return { level, cell }
	const taken = Array.from({ length: GRIDS }, (_, g) => new Uint8Array((CELLS * 2 ** g + 1) ** 2))
	for (let r = 0; r < RANKS; r++)
		for (let i = 0; i < x.length; i++) {
			if (rank[i] !== r)
				continue
			let g = 0, k = 1 / cell, side = CELLS + 1
			for (; g < GRIDS; g++, k *= 2, side = CELLS * 2 ** g + 1) {
				const c = Math.floor((y[i] - y0) * k) * side + Math.floor((x[i] - x0) * k)
				if (!taken[g][c]) {
					taken[g][c] = 1
					break
				}
			}
			level[i] = g
		}
	return { level, cell }
}

/** The finest grid that is needed when a cell of the widest has so many pixels. @param {number} pixels */
export const levelAt = (pixels) => Math.max(0, Math.min(GRIDS, Math.ceil(Math.log2(pixels / PIXELS))))

/**
 * Points of a box up to a level of detail: dimmed ones, usual ones, then what stands out, which is there at every level.  Hidden ones never.
 * @param {Float64Array} x @param {Float64Array} y @param {Uint8Array} level @param {Uint8Array} state two bytes a point, as PointLayer has them
 * @param {{x0: number, y0: number, x1: number, y1: number, level: number}} box
 */
export function inSight(x, y, level, state, box) {
	/** @type {number[][]} */
	const layers = [[], [], []]
	for (let i = 0; i < x.length; i++) {
		const s = state[2 * i], out = s === 1 || s === 4
		if ((level[i] <= box.level || out) && x[i] >= box.x0 && x[i] <= box.x1 && y[i] >= box.y0 && y[i] <= box.y1 && s !== 3)
			layers[out ? 2 : s === 2 ? 0 : 1].push(i)
	}
	return Uint32Array.from([...layers[0], ...layers[1], ...layers[2]])
}
