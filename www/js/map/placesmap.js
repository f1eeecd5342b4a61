// SPDX-License-Identifier: GPL-3.0-or-later
// <bp-places .places=${signal} .kinds=${rows}>: places of a few kinds on a map to look at, with a legend; some with a line from
// where they were.
import { css, effect, html } from '../core/html.js'
import { t } from '../core/i18n.js'
import { dark } from '../core/session.js'
import { MapFrame } from './frame.js'
import { colourVar, paletteOf, rgb } from './palette.js'

/** @typedef {{kind: number, lat: number, lon: number, fromLat?: number | null, fromLon?: number | null}} Place */
/** @typedef {{label: string, colour: number, shape: number}} Kind */

class PlacesMap extends MapFrame {
	/** @type {import('../../vendor/signals-core/signals-core.js').Signal<Place[]> | null} */
	places = null
	/** @type {Kind[]} */
	kinds = []

	/** @override */
	controls() {
		return html`<div class="map-legend" tabindex="0" role="group" aria-label=${t('Meaning of the colours')}>${this.kinds.map((k) => html`<span class="row"><i class=${`dot s${k.shape}`} ${css({ '--c': colourVar(k.colour) })}></i><span class="ellipsis">${k.label}</span></span>`)}</div>
			<div class="map-tools" role="toolbar" aria-label=${t('Map tools')}><button class="btn small icon-only" aria-label=${t('Zoom in')} @click=${() => this.surface?.zoom(1)}>+</button><button class="btn small icon-only" aria-label=${t('Zoom out')} @click=${() => this.surface?.zoom(-1)}>–</button></div>`
	}
	/** @override @param {import('./surface.js').Surface} surface */
	ready(surface) {
		this.stops.push(effect(() => this.#paint(surface, this.places?.value ?? [], dark.value)), effect(() => surface.setDark(dark.value)))
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
		surface.setLines(list.filter((p) => p.fromLat !== null && p.fromLat !== undefined).map((p) => ({
			type: 'Feature', properties: { colour: palette[this.kinds[p.kind].colour], main: true }, geometry: { type: 'LineString', coordinates: [[p.fromLon, p.fromLat], [p.lon, p.lat]] },
		})), [])
		if (list.length) {
			const lon = list.map((p) => p.lon).sort((a, b) => a - b), lat = list.map((p) => p.lat).sort((a, b) => a - b), at = (/** @type {number[]} */ l, /** @type {number} */ q) => l[Math.round((l.length - 1) * q)]
			surface.fit([at(lon, 0.01) - 0.01, at(lat, 0.01) - 0.01, at(lon, 0.99) + 0.01, at(lat, 0.99) + 0.01])
		}
		surface.refresh()
	}
}
customElements.define('bp-places', PlacesMap)
