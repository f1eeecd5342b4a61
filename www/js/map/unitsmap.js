// SPDX-License-Identifier: GPL-3.0-or-later
// <bp-units .store=${store}>: planning units on a map: outlets in the colour of their unit, outlines, what is pointed at and
// chosen; lasso, box and corners select outlets of a draft.
import { cls, effect, html, nothing, signal } from '../core/html.js'
import { compact, num, t, tn } from '../core/i18n.js'
import { dark, mapPoints } from '../core/session.js'
import { icon } from '../components/icons.js'
import { unitColours } from '../units/colours.js'
import { boundsOf, deviations, insideArea, keyOf, labelPlaces } from '../units/model.js'
import { cornersHint, drawCorners, drawShape, shapeHint } from './draw.js'
import { boundsOnce, MapFrame } from './frame.js'
import { insidePolygon, latOf, mercX, mercY, nearest } from './lasso.js'
import { rgb } from './palette.js'
import { STATE } from './pointlayer.js'

/** What is shown of a store of units; beside another map also which outlet is pointed at from outside, and what ties the two together.
 * @typedef {Pick<import('../units/store.js').UnitsStore, 'id' | 'shown' | 'after' | 'outlines' | 'colours' | 'chosen' | 'hover' | 'selection' | 'onlyMoved' | 'editable' | 'closer' | 'select'>
 *   & {mark?: import('../../vendor/signals-core/signals-core.js').Signal<number | null>, tie?: (surface: Surface) => () => void, plain?: boolean}} Store  plain: nothing is planned of it */
/** @typedef {import('./surface.js').Surface} Surface */

const MOVED = 2 /* a diamond */
const FAINT = 0.12, FULL = 0.75 /* cells by their counts */

/** What is in sight, w s e n. @param {Surface} surface @param {HTMLElement} frame @returns {import('./surface.js').Bounds} */
function boxOf(surface, frame) {
	const a = surface.unproject(0, 0), b = surface.unproject(frame.clientWidth, frame.clientHeight)
	const lon = (/** @type {number} */ x) => Math.max(-180, Math.min(180, x * 360 - 180))
	return [lon(a.x), latOf(b.y), lon(b.x), latOf(a.y)]
}
/** @param {[number, number, number, number]} b w s e n */
const square = ([w, s, e, n]) => [[[[w, n], [e, n], [e, s], [w, s], [w, n]]]]

class UnitsMap extends MapFrame {
	/** @type {Store | null} */
	store = null
	/** @type {HTMLElement | null} */
	#frame = null
	#tool = signal('pick')
	/** @type {ReturnType<typeof drawCorners> | null} */
	#corners = null
	/* A boundary that is drawn or changed, and whose it is. */
	#ring = signal(/** @type {{tool: ReturnType<typeof drawCorners>, name: string} | null} */ (null))
	#tip = signal(/** @type {{x: number, y: number, text: string} | null} */ (null))
	/** Places of the view that is painted. @type {unknown} */
	#painted = null
	/** @type {unknown} */
	#fitted = null

	/** @override */
	opening() {
		return boundsOnce(/** @type {Store} */ (this.store).shown, (p) => boundsOf(p), this.stops)
	}
	/** @override @param {Surface} surface @param {HTMLElement} frame */
	ready(surface, frame) {
		const s = /** @type {Store} */ (this.store)
		this.#frame = frame
		this.#bind(s, surface)
		this.#listen(s, frame, surface)
		if (s.tie)
			this.stops.push(s.tie(surface))
		let closer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined)
		surface.onMove.add(() => {
			clearTimeout(closer)
			closer = setTimeout(() => void s.closer(Math.log2(surface.scale() / 512), boxOf(surface, frame)), 250)
		})
	}
	/** @override */
	disconnectedCallback() {
		this.#corners?.leave()
		super.disconnectedCallback()
	}

	/** @param {Store} s @param {Surface} surface */
	#bind(s, surface) {
		const { points } = surface
		this.stops.push(
			effect(() => {
				const p = s.shown.value
				if (!p)
					return
				if (p !== this.#painted) {
					this.#painted = p
					points.setPlaces(p.lon, p.lat, mapPoints())
					this.#spread(s, p)
				}
				const palette = unitColours(dark.value).map(rgb), plan = p === s.after.value
				const colour = p.units.map((u) => palette[s.colours.value.get(keyOf(u)) ?? 0])
				const chosen = s.chosen.value === null ? -1 : p.units.findIndex((u) => keyOf(u) === s.chosen.value)
				const selected = plan ? s.selection.value : new Set(), only = plan && s.onlyMoved.value, mark = s.mark?.value ?? null
				for (let i = 0; i < p.n; i++) {
					const u = p.unit[i], c = colour[u], moved = plan && p.moved[i]
					points.colour[4 * i] = c[0]
					points.colour[4 * i + 1] = c[1]
					points.colour[4 * i + 2] = c[2]
					points.state[2 * i] = p.id[i] === mark ? STATE.hover : selected.has(i) ? STATE.selected : (chosen >= 0 && u !== chosen) || (only && !moved) ? STATE.dimmed : STATE.normal
					points.state[2 * i + 1] = moved ? MOVED : 0
				}
				surface.refresh()
				performance.mark('map-painted')
			}),
			effect(() => {
				const p = s.shown.value, o = s.outlines[p && p === s.after.value ? 'after' : 'before'].value
				const palette = unitColours(dark.value)
				const colour = (/** @type {any} */ u) => palette[s.colours.value.get(keyOf(u)) ?? 0]
				if (p?.cells) {
					const most = Math.log(1 + Math.max(1, ...p.cells.map((c) => c.outlets)))
					this.#areas = p.cells.map((c) => ({ type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: square(c.box) },
						properties: { ...p.units[c.unit], outlets: c.outlets, cell: true, colour: colour(p.units[c.unit]), opacity: FAINT + (FULL - FAINT) * Math.log(1 + c.outlets) / most, line: 0 } }))
					surface.setAreas(this.#areas, null)
					return surface.setLines([], p.cells.map((c) => ({ type: 'Feature', properties: { kind: 'count', label: compact(c.outlets), n: c.outlets }, geometry: { type: 'Point', coordinates: [(c.box[0] + c.box[2]) / 2, (c.box[1] + c.box[3]) / 2] } })))
				}
				this.#areas = p ? o.features.map((f) => ({ ...f, properties: { ...f.properties, colour: colour(f.properties) } })) : []
				surface.setAreas(this.#areas, this.#pointedAt(s))
				const at = p ? labelPlaces(p, p.unit, p.units.length) : []
				surface.setLines([], p ? p.units.flatMap((u, i) => (at[i] ? [{ type: 'Feature', properties: { kind: 'unit', label: u.name }, geometry: { type: 'Point', coordinates: at[i] } }] : [])) : [])
			}),
			effect(() => surface.setAreas(this.#areas, this.#pointedAt(s))),
		)
		let first = true
		this.stops.push(effect(() => {
			const d = dark.value
			if (!first)
				surface.setDark(d)
			first = false
		}))
	}
	/** @type {any[]} */
	#areas = []
	/** @param {Store} s */
	#pointedAt(s) {
		const key = s.hover.value ?? s.chosen.value
		return key === null ? null : this.#areas.find((f) => keyOf(f.properties) === key && !f.properties.cell) ?? null
	}
	/** The view fits when a territory opens, not with every change. @param {Store} s @param {import('../units/model.js').Places} p */
	#spread(s, p) {
		const b = boundsOf(p)
		if (!b)
			return
		const points = /** @type {Surface} */ (this.surface).points
		const [w, south, e, n] = (p.box && boundsOf({ ...p, box: null })) || b
		points.spacing = Math.sqrt(Math.max(1e-12, (mercX(e) - mercX(w)) * (mercY(south) - mercY(n))) / Math.max(1, p.n))
		if (this.#fitted !== s.id)
			this.surface?.fit(b)
		this.#fitted = s.id
	}
	/** All, or the unit that is chosen. */
	fitAll() {
		const s = this.store, p = s?.shown.peek(), key = s?.chosen.peek()
		const b = p && boundsOf(p, key === null || key === undefined ? undefined : p.units.findIndex((u) => keyOf(u) === key))
		if (b)
			this.surface?.fit(b, true)
	}

	/** @param {Store} s @param {HTMLElement} frame @param {Surface} surface */
	#listen(s, frame, surface) {
		/** @param {MouseEvent} e */
		const local = (e) => {
			const r = frame.getBoundingClientRect()
			return surface.unproject(e.clientX - r.left, e.clientY - r.top)
		}
		/** The outlet under the pointer, and the unit of it or of the area there. @param {MouseEvent} e */
		const hit = (e) => {
			const m = local(e), p = s.shown.peek(), { x, y } = surface.points
			const i = p ? nearest(x, y, m.x, m.y, 9 / surface.scale()) : -1
			if (p && i >= 0)
				return { i, unit: p.units[p.unit[i]] }
			const lon = m.x * 360 - 180, lat = latOf(m.y), area = this.#areas.find((f) => insideArea(f.geometry.coordinates, lon, lat))
			return { i: -1, cell: area?.properties.cell ? area.properties : null, unit: area && p ? p.units.find((u) => keyOf(u) === keyOf(area.properties)) ?? null : null }
		}
		let start = [0, 0]
		frame.addEventListener('pointerdown', (e) => {
			if (e.button !== 0 || !(e.target instanceof HTMLCanvasElement))
				return
			start = [e.clientX, e.clientY]
			const tool = this.#tool.value
			if (s.editable.peek() && (tool === 'lasso' || tool === 'box' || (tool === 'pick' && e.shiftKey))) {
				this.swallow = true
				drawShape(this, frame, surface, e, tool === 'lasso', (found, add) => {
					this.#tool.value = 'pick'
					if (found.length || add)
						s.select(this.#seen(found), add && tool !== 'pick' ? 'add' : 'set')
				})
			}
		}, true)
		frame.addEventListener('click', (e) => {
			if (!(e.target instanceof HTMLCanvasElement) || this.#tool.value !== 'pick' || Math.hypot(e.clientX - start[0], e.clientY - start[1]) > 5)
				return
			const { i, unit } = hit(e)
			if (i >= 0 && s.editable.peek() && (e.ctrlKey || e.metaKey))
				return s.select([i], 'toggle')
			const key = unit ? keyOf(unit) : null
			s.chosen.value = key === s.chosen.peek() ? null : key
		})
		frame.addEventListener('pointermove', (e) => {
			if (e.buttons || !(e.target instanceof HTMLCanvasElement))
				return
			const { unit, cell } = hit(e), p = s.shown.peek(), r = frame.getBoundingClientRect()
			s.hover.value = unit ? keyOf(unit) : null
			const off = unit && p ? deviations(p.units)[p.units.indexOf(unit)] : 0
			this.#tip.value = unit && !this.#ring.peek() ? { x: e.clientX - r.left, y: e.clientY - r.top,
				text: cell ? t('{outlets}, most of them of {name}', { outlets: tn('{n} outlet', '{n} outlets', cell.outlets), name: unit.name })
					: [unit.name, tn('{n} outlet', '{n} outlets', unit.outlets), ...(p?.box || s.plain ? [] : [t('{n} h', { n: num(unit.hours) }), `${off < 0 ? '−' : '+'}${num(Math.abs(off), 1)} %`])].join(' · ') } : null
			frame.classList.toggle('over-point', !!unit)
		})
		frame.addEventListener('pointerleave', () => {
			s.hover.value = null
			this.#tip.value = null
		})
		this.addEventListener('keydown', (e) => {
			const name = /** @type {Record<string, string>} */ ({ l: 'lasso', b: 'box', c: 'corners' })[e.key.toLowerCase()]
			if (name && !e.ctrlKey && !e.metaKey && !e.altKey && s.editable.peek() && !this.#ring.peek()) {
				e.preventDefault()
				this.setTool(name)
			}
		})
	}
	/** What is in the background is not taken. @param {number[]} found */
	#seen(found) {
		const points = this.surface?.points
		return found.filter((i) => points?.state[2 * i] !== STATE.dimmed)
	}
	/** @param {string} name */
	setTool(name) {
		const next = this.#tool.value === name ? 'pick' : name
		this.#corners?.leave()
		this.#tool.value = next
		const surface = this.surface, s = this.store
		if (next !== 'corners' || !surface || !this.#frame || !s)
			return
		this.#corners = drawCorners(this, this.#frame, surface, {}, (corners) => {
			this.#corners = null
			this.#tool.value = 'pick'
			if (corners)
				s.select(this.#seen(insidePolygon(surface.points.x, surface.points.y, corners.map((c) => [c.x, c.y]))), 'set')
		})
	}
	/** Ask for one place on the map. @returns {Promise<{lat: number, lon: number} | null>} */
	pickPlace() {
		this.#corners?.leave()
		const surface = this.surface, frame = this.#frame
		if (!surface || !frame)
			return Promise.resolve(null)
		this.scrollIntoView({ block: 'nearest' })
		this.#tool.value = 'place'
		return new Promise((done) => {
			this.#corners = drawCorners(this, frame, surface, { one: true }, (corners) => {
				this.#corners = null
				this.#tool.value = 'pick'
				done(corners ? { lat: latOf(corners[0].y), lon: corners[0].x * 360 - 180 } : null)
			})
		})
	}
	/**
	 * A ring is drawn by hand, or one that is there is changed by its corners, [lon, lat] each, the first not again at the end.
	 * @param {{ring: [number, number][], name: string, keep: (ring: [number, number][]) => Promise<true | {lat: number, lon: number} | null>, left: (ring: [number, number][]) => void}} o
	 *   keep: true = it is kept; a place = what is wrong with it is there. Unless it is kept it stays, to be corrected. left: somebody left it as it is
	 * @returns {boolean} false: there is no map yet
	 */
	drawRing({ ring, name, keep, left }) {
		this.#corners?.leave()
		const surface = this.surface, frame = this.#frame
		if (!surface || !frame)
			return false
		this.scrollIntoView({ block: 'nearest' })
		const places = (/** @type {{x: number, y: number}[]} */ corners) => corners.map((c) => /** @type {[number, number]} */ ([c.x * 360 - 180, latOf(c.y)].map((v) => Number(v.toFixed(6)))))
		const gone = () => {
			this.#corners = this.#ring.value = null
			this.#tool.value = 'pick'
		}
		if (ring.length) {
			const [w, s, e, n] = ring.reduce((b, [x, y]) => [Math.min(b[0], x), Math.min(b[1], y), Math.max(b[2], x), Math.max(b[3], y)], [180, 90, -180, -90])
			surface.fit([w, s, e, Math.min(85, n + (n - s) / 4)]) // what is told lies over the upper part
		}
		const tool = drawCorners(this, frame, surface, { ring: ring.map(([lon, lat]) => ({ x: mercX(lon), y: mercY(lat) })) }, async (corners, so) => {
			if (!corners) {
				gone()
				return left(places(so))
			}
			const r = await keep(places(corners))
			if (this.#corners !== tool)
				return
			if (r === true) {
				tool.stop()
				return gone()
			}
			tool.focus()
			if (r)
				tool.point({ x: mercX(r.lon), y: mercY(r.lat) })
		})
		this.#corners = tool
		this.#ring.value = { tool, name }
		this.#tool.value = 'ring'
		return true
	}
	/** The unit that most outlets in a ring are of, as it is shown; null = none is in it, or outlets are counted only. @param {[number, number][]} ring */
	mostIn(ring) {
		const p = this.store?.shown.peek(), points = this.surface?.points
		if (!p || p.cells || !points)
			return null
		const n = p.units.map(() => 0)
		for (const i of insidePolygon(points.x, points.y, ring.map(([lon, lat]) => [mercX(lon), mercY(lat)])))
			n[p.unit[i]]++
		const most = Math.max(0, ...n)
		return most ? p.units[n.indexOf(most)].territoryId : null
	}
	/** Look at a place. @param {number} lat @param {number} lon */
	goTo(lat, lon) {
		this.surface?.fit([lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02], true)
	}

	/** @override */
	controls() {
		const s = /** @type {Store} */ (this.store)
		const tool = this.#tool.value, tip = this.#tip.value, plan = !!s.after.value && s.shown.value === s.after.value
		/** @param {string} name @param {string} ic @param {string} label @param {string} keys */
		const button = (name, ic, label, keys) => html`<button class="btn small icon-only" aria-pressed=${String(tool === name)} aria-label=${label}
			title=${keys ? `${label} (${keys})` : label} @click=${() => this.setTool(name)}>${icon(ic)}</button>`
		this.classList.toggle('drawing', tool !== 'pick')
		if (tip)
			queueMicrotask(() => {
				const node = /** @type {HTMLElement | null} */ (this.querySelector('.map-tip'))
				if (node)
					node.style.transform = `translate(${Math.max(0, Math.min(tip.x + 14, this.clientWidth - 240))}px, ${tip.y + 14}px)`
			})
		return html`<div class="map-tools" role="toolbar" aria-label=${t('Map tools')}>
			${s.editable.value && !this.#ring.value ? html`${button('pick', 'pointer', t('Pick'), t('Ctrl: outlets'))}${button('lasso', 'lasso', t('Lasso'), 'L')}${button('box', 'box', t('Box'), 'B')}${button('corners', 'corners', t('Corners'), 'C')}` : nothing}
			<button class="btn small icon-only" aria-label=${t('Show all')} @click=${() => this.fitAll()}>${icon('fit')}</button>
			<button class="btn small icon-only" aria-label=${t('Zoom in')} @click=${() => this.surface?.zoom(1)}>${icon('plus')}</button>
			<button class="btn small icon-only" aria-label=${t('Zoom out')} @click=${() => this.surface?.zoom(-1)}>${icon('minus')}</button>
		</div>
		${this.#ring.value ? shapeHint(this.#ring.value.tool, this.#ring.value.name) : nothing}${tool === 'corners' ? cornersHint(() => this.#corners) : tool === 'place' ? cornersHint(() => this.#corners, t('Click where it lies, or move the cross with the arrow keys and press Enter.'), true) : nothing}
		${plan && !s.tie && !s.plain && !s.shown.value?.box ? html`<div class="map-legend low" role="group" aria-label=${t('Meaning of the shapes')}><span class="row"><i class="dot s0"></i>${t('stays in its unit')}</span><span class="row"><i class="dot s2"></i>${t('moves to this unit')}</span>
			<label class="check"><input type="checkbox" .checked=${s.onlyMoved.value} @change=${(/** @type {any} */ e) => {
				s.onlyMoved.value = e.target.checked
			}}>${t('Only what moves')}</label></div>` : nothing}
		${s.shown.value?.box ? html`<div class="map-legend low"><span role="status">${s.shown.value.cells ? t('Outlets are counted in squares. Come closer to see each of them.') : t('Each outlet that is in sight is shown.')}</span></div>` : nothing}
		<div class=${cls('map-tip', tip && 'on')} aria-hidden="true">${tip?.text ?? ''}</div>`
	}
}
customElements.define('bp-units', UnitsMap)
