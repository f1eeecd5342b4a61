// SPDX-License-Identifier: GPL-3.0-or-later
// <bp-places .places=${signal} .kinds=${rows}>: places of a few kinds on a map to look at, with a legend; some with a line from
// where they were.  With .lines=${signal} there are others; with .marked=${signal} and .onpick one is marked, by the number of its place.
import { css, effect, html } from '../core/html.js'
import { t } from '../core/i18n.js'
import { dark } from '../core/session.js'
import { MapFrame } from './frame.js'
import { nearest } from './lasso.js'
import { colourVar, paletteOf, rgb } from './palette.js'
import { STATE } from './pointlayer.js'

/** @typedef {{kind: number, lat: number, lon: number, fromLat?: number | null, fromLon?: number | null}} Place */
/** @typedef {{label: string, colour: number, shape: number}} Kind */
/** @typedef {{from: [number, number], to: [number, number], colour: number, main: boolean}} Line  longitude, latitude */

class PlacesMap extends MapFrame {
	/** @type {import('../../vendor/signals-core/signals-core.js').Signal<Place[]> | null} */
	places = null
	/** @type {Kind[]} */
	kinds = []
	/** @type {import('../../vendor/signals-core/signals-core.js').ReadonlySignal<Line[]> | null} */
	lines = null
	/** @type {import('../../vendor/signals-core/signals-core.js').ReadonlySignal<number> | null} */
	marked = null
	/** @type {((i: number) => void) | null} */
	onpick = null

	/** @override */
	controls() {
		return html`<div class="map-legend" tabindex="0" role="group" aria-label=${t('Meaning of the colours')}>${this.kinds.map((k) => html`<span class="row"><i class=${`dot s${k.shape}`} ${css({ '--c': colourVar(k.colour) })}></i><span class="ellipsis">${k.label}</span></span>`)}</div>
			<div class="map-tools" role="toolbar" aria-label=${t('Map tools')}><button class="btn small icon-only" aria-label=${t('Zoom in')} @click=${() => this.surface?.zoom(1)}>+</button><button class="btn small icon-only" aria-label=${t('Zoom out')} @click=${() => this.surface?.zoom(-1)}>–</button></div>`
	}
	/** @override @param {import('./surface.js').Surface} surface @param {HTMLElement} frame */
	ready(surface, frame) {
		this.stops.push(effect(() => this.#paint(surface, this.places?.value ?? [], dark.value)), effect(() => surface.setDark(dark.value)),
			effect(() => {
				void dark.value // the places were painted anew
				this.#mark(surface, this.places?.value ?? [], this.marked?.value ?? -1)
			}), effect(() => this.#draw(surface, this.places?.value ?? [], this.lines?.value ?? [], dark.value)))
		const { onpick } = this
		if (!onpick)
			return
		/** @param {MouseEvent} e */
		const hit = (e) => {
			const r = frame.getBoundingClientRect(), p = surface.unproject(e.clientX - r.left, e.clientY - r.top)
			return nearest(surface.points.x, surface.points.y, p.x, p.y, 11 / surface.scale(), () => false)
		}
		let start = [0, 0]
		frame.addEventListener('pointerdown', (e) => {
			start = [e.clientX, e.clientY]
		}, true)
		frame.addEventListener('click', (e) => {
			const i = e.target instanceof HTMLCanvasElement && Math.hypot(e.clientX - start[0], e.clientY - start[1]) <= 5 ? hit(e) : -1
			if (i >= 0)
				onpick(i)
		})
		frame.addEventListener('pointermove', (e) => frame.classList.toggle('over-point', !e.buttons && e.target instanceof HTMLCanvasElement && hit(e) >= 0))
	}

	/** One is marked, the others stand back. @param {import('./surface.js').Surface} surface @param {Place[]} list @param {number} marked */
	#mark(surface, list, marked) {
		list.forEach((_, i) => {
			surface.points.state[2 * i] = marked < 0 ? STATE.normal : i === marked ? STATE.hover : STATE.dimmed
		})
		surface.refresh()
	}
	/** @param {import('./surface.js').Surface} surface @param {Place[]} list @param {Line[]} lines @param {boolean} isDark */
	#draw(surface, list, lines, isDark) {
		const palette = paletteOf(isDark), line = (/** @type {unknown[][]} */ coordinates, /** @type {number} */ colour, /** @type {boolean} */ main) => ({ type: 'Feature', properties: { colour: palette[colour], main }, geometry: { type: 'LineString', coordinates } })
		surface.setLines([...list.filter((p) => p.fromLat !== null && p.fromLat !== undefined).map((p) => line([[p.fromLon, p.fromLat], [p.lon, p.lat]], this.kinds[p.kind].colour, true)), ...lines.map((l) => line([l.from, l.to], l.colour, l.main))], [])
	}

	/** @param {import('./surface.js').Surface} surface @param {Place[]} list @param {boolean} isDark */
	#paint(surface, list, isDark) {
		const { points } = surface, palette = paletteOf(isDark)
		points.setPlaces(Float64Array.from(list, (p) => p.lon), Float64Array.from(list, (p) => p.lat), list.length)
		list.forEach((p, i) => {
			const kind = this.kinds[p.kind]
			points.colour.set([...rgb(palette[kind.colour]), 255], i * 4)
			points.state.set([0, kind.shape], i * 2)
		})
		if (list.length) {
			const lon = list.map((p) => p.lon).sort((a, b) => a - b), lat = list.map((p) => p.lat).sort((a, b) => a - b), at = (/** @type {number[]} */ l, /** @type {number} */ q) => l[Math.round((l.length - 1) * q)]
			surface.fit([at(lon, 0.01) - 0.01, at(lat, 0.01) - 0.01, at(lon, 0.99) + 0.01, at(lat, 0.99) + 0.01])
		}
		surface.refresh()
	}
}
customElements.define('bp-places', PlacesMap)
