// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries on the map of a plan: of the territory, of what lies beneath it and of the units around it, as lines with names.
import { effect, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { finer } from '../units/store.js'

const KEPT = 'bp.lines'

/** Are they shown? Each browser remembers it. */
export const linesOn = signal(read() !== 'off')
function read() {
	try {
		return localStorage.getItem(KEPT)
	} catch {
		return null
	}
}
export function toggleLines() {
	linesOn.value = !linesOn.peek()
	try {
		localStorage.setItem(KEPT, linesOn.peek() ? 'on' : 'off')
	} catch {
		/* it lasts as long as the page */
	}
}

/** Where the name of an area stands: the middle of its largest ring. @param {any} f */
function middle(f) {
	let best = /** @type {[number, number] | null} */ (null), most = -1
	for (const [ring] of f.geometry.coordinates) {
		let a = 0, x = 0, y = 0
		for (let i = 1; i < ring.length; i++) {
			const k = (ring[i - 1][0] - ring[0][0]) * (ring[i][1] - ring[0][1]) - (ring[i][0] - ring[0][0]) * (ring[i - 1][1] - ring[0][1])
			a += k
			x += k * (ring[i - 1][0] + ring[i][0] + ring[0][0])
			y += k * (ring[i - 1][1] + ring[i][1] + ring[0][1])
		}
		if (Math.abs(a) > most) {
			most = Math.abs(a)
			best = a ? [x / (3 * a), y / (3 * a)] : ring[0]
		}
	}
	return best
}

/**
 * @param {number} territory @param {import('./surface.js').Surface} surface @param {(f: (() => void)) => void} ended what to call when the map goes
 * @returns {{areas: (dark: boolean) => any[], names: () => any[]}} both read signals
 */
export function boundaryLines(territory, surface, ended) {
	const drawn = signal(/** @type {{zoom: number, features: any[]}} */ ({ zoom: -1, features: [] }))
	let asked = 0, rest = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined)
	const zoom = () => Math.max(0, Math.min(16, Math.ceil(Math.log2(surface.scale() / 512)) + 1))
	const load = async () => {
		const mine = ++asked, z = zoom(), [r] = await api.lines(territory, { zoom: z })
		if (r && mine === asked)
			drawn.value = { zoom: z, features: r.features }
	}
	const soon = () => {
		clearTimeout(rest)
		rest = setTimeout(() => {
			const d = drawn.peek()
			if (linesOn.peek() && (d.zoom < 0 || finer({ ...d, edges: [] }, Math.log2(surface.scale() / 512))))
				void load()
		}, 400)
	}
	surface.onMove.add(soon)
	ended(effect(() => {
		if (linesOn.value)
			soon()
	}))
	ended(() => {
		surface.onMove.delete(soon)
		clearTimeout(rest)
	})
	const own = (/** @type {any} */ f) => f.properties.territoryId === territory
	return {
		areas: (dark) => (linesOn.value ? drawn.value.features.map((f) => ({ ...f, properties: { ...f.properties, colour: dark ? '#9fb2ba' : '#4d626b', opacity: 0, line: own(f) ? 2 : 1.2 } })) : []),
		names: () => (linesOn.value ? drawn.value.features.flatMap((f) => {
			const at = middle(f)
			return at ? [{ type: 'Feature', properties: { kind: 'area', label: f.properties.name, imported: f.properties.imported }, geometry: { type: 'Point', coordinates: at } }] : []
		}) : []),
	}
}
