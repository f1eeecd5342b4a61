// SPDX-License-Identifier: GPL-3.0-or-later
// What the map shows of the store: a colour, a shape and a state for each outlet; lines and marks.  Pure.
import { dayNumber, scoreOf } from '../plan/due.js'
import { homeOf } from '../plan/travel.js'
import { grey, paletteOf, pinColours, ramp, rgb, shapeOf, tierColours } from './palette.js'
import { STATE } from './pointlayer.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** Colours and shapes by what the planner asked for. @param {Store} s @param {Uint8Array} colour @param {Uint8Array} state @param {boolean} isDark */
export function paintColours(s, colour, state, isDark) {
	const w = s.world.value
	if (!w)
		return
	const by = s.colourBy.value, stops = s.stopsOf.value, seats = s.seatIndex.value
	const palette = paletteOf(isDark).map(rgb), none = rgb(grey), tiers = tierColours.map((k) => palette[k])
	const pins = s.plan.value?.pins
	const known = by === 'nppd' ? s.details.now.value : null, today = dayNumber(s.today())
	const tierOf = new Map(w.tiers.map((name, k) => [name, k]))
	for (let i = 0; i < w.n; i++) {
		let c = none, shape = 0
		if (by === 'tier') {
			const k = tierOf.get(w.tier[i]) ?? -1
			c = k >= 0 ? tiers[k % tiers.length] : none
			shape = k >= 0 ? k % 4 : 0
		} else if (by === 'nppd') {
			const score = known ? scoreOf(known, i, today) : -1
			c = score >= 0 ? ramp(score / 100) : none
		} else if (by === 'pin') {
			const hold = w.needsOf[i].reduce((h, need) => h | (pins?.get(need) ?? 0), 0)
			c = hold ? palette[pinColours[hold]] : none
			shape = hold
		} else if (by === 'partner') {
			const k = w.partnerIndex[i]
			c = k >= 0 ? palette[k % 12] : none
			shape = k >= 0 ? shapeOf(k) : 0
		} else {
			const mine = stops.get(i)
			if (mine?.length) {
				const k = by === 'day' ? mine[0].day % 7 : seats.get(mine[0].seat) ?? 0
				c = palette[k % 12]
				shape = by === 'day' ? 0 : shapeOf(k)
			}
		}
		colour[4 * i] = c[0]
		colour[4 * i + 1] = c[1]
		colour[4 * i + 2] = c[2]
		colour[4 * i + 3] = 255
		state[2 * i + 1] = shape
	}
}

/** Selected, in focus, or in the background. @param {Store} s @param {Uint8Array} state */
export function paintStates(s, state) {
	const w = s.world.value
	if (!w)
		return
	const { seat, day } = s.focus.value
	const selection = s.selection.value, stops = s.stopsOf.value, hover = s.hover.value
	const all = seat === null && day === null, fits = s.fits.value
	for (let i = 0; i < w.n; i++) {
		if (Number.isNaN(w.lat[i]))
			continue
		const seen = (!fits || fits(i)) && (all || !!stops.get(i)?.some((x) => (seat === null || x.seat === seat) && (day === null || x.day === day)))
		state[2 * i] = i === hover ? STATE.hover : selection.has(i) ? STATE.selected : seen ? STATE.normal : STATE.dimmed
	}
}

/** Lines of the tours in focus, one day's or one seat's week. @param {Store} s @param {boolean} isDark */
export function tourLines(s, isDark) {
	const colours = paletteOf(isDark)
	const w = s.world.value, p = s.plan.value
	const { seat, day } = s.focus.value
	if (!w || !p || (seat === null && day === null))
		return []
	const out = []
	for (const x of p.seats) {
		if (seat !== null && x.id !== seat)
			continue
		for (const d of day !== null ? [day] : s.days.value) {
			const stops = s.tour(x.id, d)
			const line = stops.flatMap((stop) => {
				const i = w.needs.get(stop.need)?.outlet ?? -1
				return i >= 0 && !Number.isNaN(w.lat[i]) ? [[w.lon[i], w.lat[i]]] : []
			})
			const home = homeOf(x)
			if (home && line.length) {
				line.unshift([home.lon, home.lat])
				line.push([home.lon, home.lat])
			}
			if (line.length < 2)
				continue
			const k = seat !== null && day === null ? d % 7 : s.seatIndex.value.get(x.id) ?? 0
			out.push({
				type: 'Feature', properties: { colour: colours[k % 12], main: seat !== null && day !== null },
				geometry: { type: 'LineString', coordinates: line },
			})
		}
	}
	return out
}

/** Distributors, where the days of people begin, and the order numbers of the tour in focus. @param {Store} s */
export function marks(s) {
	const w = s.world.value
	if (!w)
		return []
	const out = w.partners.flatMap((p) => (p.lon !== null && p.lat !== null ? [{
		type: 'Feature', properties: { kind: 'partner', label: p.name }, geometry: { type: 'Point', coordinates: [p.lon, p.lat] },
	}] : []))
	const { seat, day } = s.focus.value
	for (const x of s.plan.value?.seats ?? []) {
		const home = homeOf(x)
		if (home && (seat === null || seat === x.id))
			out.push({ type: 'Feature', properties: { kind: 'home', label: x.person ?? x.code }, geometry: { type: 'Point', coordinates: [home.lon, home.lat] } })
	}
	if (seat !== null && day !== null)
		s.tour(seat, day).forEach((stop, k) => {
			const i = w.needs.get(stop.need)?.outlet ?? -1
			if (i >= 0 && !Number.isNaN(w.lat[i]))
				out.push({
					type: 'Feature', properties: { kind: 'order', label: String(k + 1) },
					geometry: { type: 'Point', coordinates: [w.lon[i], w.lat[i]] },
				})
		})
	return out
}

/** The box that holds all but the outermost twentieth on each side and a margin, when that is much less than all: one far village
 * must not make a dot of the town. @param {import('../plan/model.js').World} w @returns {[number, number, number, number] | null} */
export function coreBounds(w) {
	const all = boundsOf(w)
	if (!all)
		return null
	const lon = w.lon.filter((x) => !Number.isNaN(x)).sort(), lat = w.lat.filter((x) => !Number.isNaN(x)).sort()
	const k = Math.floor(lon.length / 20), end = lon.length - 1 - k
	const mx = 0.2 * (lon[end] - lon[k]), my = 0.2 * (lat[end] - lat[k])
	const core = /** @type {[number, number, number, number]} */ ([lon[k] - mx, lat[k] - my, lon[end] + mx, lat[end] + my])
	const area = (/** @type {number[]} */ b) => Math.max(1e-9, (b[2] - b[0]) * (b[3] - b[1]))
	return area(all) > 3 * area(core) ? core : all
}

/** The box around outlets (all without a list). @param {import('../plan/model.js').World} w @param {Iterable<number>} [list] @returns {[number, number, number, number] | null} */
export function boundsOf(w, list) {
	let b = null
	for (const i of list ?? w.lon.keys()) {
		const x = w.lon[i], y = w.lat[i]
		if (Number.isNaN(x) || Number.isNaN(y))
			continue
		b = b ? [Math.min(b[0], x), Math.min(b[1], y), Math.max(b[2], x), Math.max(b[3], y)] : [x, y, x, y]
	}
	return /** @type {any} */ (b)
}
