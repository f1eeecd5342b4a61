// SPDX-License-Identifier: GPL-3.0-or-later
// <bp-map .store=${store}>: outlets on the map, bound to the shared selection.  Click picks, Shift adds, Shift-drag
// draws a box, L a lasso, Shift+L a shape of corners that needs no mouse; a selected point can be dragged onto the board or the list.
import { cls, effect, html, nothing, signal } from '../core/html.js'
import { t, tn } from '../core/i18n.js'
import { dark, mapPoints } from '../core/session.js'
import { icon } from '../components/icons.js'
import { beginDrag } from '../workspace/drag.js'
import { cornersHint, drawCorners, drawShape } from './draw.js'
import { boundsOnce, MapFrame } from './frame.js'
import { insidePolygon, mercX, mercY, nearest } from './lasso.js'
import { legend } from './legend.js'
import { boundaryLines, linesOn, toggleLines } from './lines.js'
import { boundsOf, coreBounds, marks, paintColours, paintStates, tourLines } from './paint.js'

/** @typedef {import('../plan/store.js').Store} Store */

class MapView extends MapFrame {
	/** @type {Store | null} */
	store = null
	#tool = signal('pick')
	/** @type {HTMLElement | null} */
	#frame = null
	/** @type {ReturnType<typeof drawCorners> | null} */
	#corners = null
	#tip = signal(/** @type {{x: number, y: number, outlet: number} | null} */ (null))

	/** @override */
	opening() {
		return boundsOnce(/** @type {Store} */ (this.store).world, coreBounds, this.stops)
	}
	/** @override @param {import('./surface.js').Surface} surface @param {HTMLElement} frame */
	ready(surface, frame) {
		const s = /** @type {Store} */ (this.store)
		this.#frame = frame
		this.stops.push(() => this.#corners?.leave())
		this.#bind(s, surface)
		this.#listen(s, frame, surface)
	}

	/** @param {Store} s @param {import('./surface.js').Surface} surface */
	#bind(s, surface) {
		const { points } = surface, bounds = boundaryLines(s.territoryId, surface, (f) => this.stops.push(f))
		/** @type {unknown} */
		let world = null
		this.stops.push(
			effect(() => {
				const w = s.world.value
				if (!w)
					return
				if (w !== world) {
					points.setPlaces(w.lon, w.lat, mapPoints(), Uint8Array.from(w.tier, (name) => (w.tiers.indexOf(name) + 4) % 4))
					const b = coreBounds(w)
					if (b)
						points.spacing = Math.sqrt((mercX(b[2]) - mercX(b[0])) * (mercY(b[1]) - mercY(b[3])) / w.n)
					if (b && !world)
						surface.fit(b)
					world = w
				}
				paintColours(s, points.colour, points.state, dark.value)
				surface.refresh()
				// For whoever measures: the points are painted with the next frame.
				performance.mark('map-painted')
			}),
			effect(() => {
				if (!s.world.value)
					return
				paintStates(s, points.state)
				surface.refresh()
			}),
			effect(() => surface.setLines(tourLines(s, dark.value), [...marks(s), ...bounds.names()])),
			effect(() => surface.setAreas(bounds.areas(dark.value), null)),
		)
		let first = true
		this.stops.push(effect(() => {
			const d = dark.value
			if (!first)
				surface.setDark(d)
			first = false
		}))
		let last = ''
		this.stops.push(effect(() => {
			const { seat, day } = s.focus.value
			const w = s.world.value
			const key = `${seat} ${day}`
			if (!w || key === last || (seat === null && day === null)) {
				last = key
				return
			}
			last = key
			const shown = seat !== null && day !== null ? s.tour(seat, day).map((x) => w.needs.get(x.need)?.outlet ?? -1)
				: seat !== null ? [...s.stopsOf.peek()].filter(([, l]) => l.some((x) => x.seat === seat)).map(([i]) => i) : []
			const b = boundsOf(w, shown.filter((i) => i >= 0))
			if (b)
				surface.fit(b, true)
		}))
	}

	/** @param {Store} s @param {HTMLElement} frame @param {import('./surface.js').Surface} surface */
	#listen(s, frame, surface) {
		/** @param {MouseEvent} e */
		const local = (e) => {
			const r = frame.getBoundingClientRect()
			return /** @type {[number, number]} */ ([e.clientX - r.left, e.clientY - r.top])
		}
		/** @param {MouseEvent} e */
		const hit = (e) => {
			const p = surface.unproject(...local(e))
			const { x, y, state } = surface.points
			return nearest(x, y, p.x, p.y, 11 / surface.scale(), (i) => state[2 * i] === 3)
		}
		/** @param {PointerEvent} e */
		const down = (e) => {
			if (e.button !== 0 || !(e.target instanceof HTMLCanvasElement))
				return
			const tool = this.#tool.value
			if (tool === 'corners')
				return
			if (tool === 'lasso' || tool === 'box' || e.shiftKey) {
				this.swallow = true
				this.#draw(s, frame, surface, e, tool === 'lasso' && !e.shiftKey)
				return
			}
			const i = hit(e)
			if (i >= 0 && s.selection.peek().has(i) && s.editable.peek() && s.selectedVisits.peek().length) {
				this.swallow = true
				beginDrag(e, s, { kind: 'move', visits: s.selectedVisits.peek() }, () => this.#pick(s, i, false))
				return
			}
			start = [e.clientX, e.clientY]
		}
		let start = [0, 0]
		frame.addEventListener('pointerdown', down, true)
		frame.addEventListener('click', (e) => {
			if (!(e.target instanceof HTMLCanvasElement) || this.#tool.value !== 'pick' || Math.hypot(e.clientX - start[0], e.clientY - start[1]) > 5)
				return
			this.#pick(s, hit(e), e.ctrlKey || e.metaKey || e.shiftKey)
		})
		frame.addEventListener('pointermove', (e) => {
			if (e.buttons || !(e.target instanceof HTMLCanvasElement))
				return
			const i = hit(e)
			if (i === s.hover.peek())
				return
			s.hover.value = i
			const [x, y] = local(e)
			this.#tip.value = i >= 0 ? { x, y, outlet: i } : null
			frame.classList.toggle('over-point', i >= 0)
		})
		frame.addEventListener('pointerleave', () => {
			s.hover.value = -1
			this.#tip.value = null
		})
	}
	/** @param {Store} s @param {number} i @param {boolean} add */
	#pick(s, i, add) {
		if (i >= 0)
			s.select([i], add ? 'toggle' : 'set')
		else if (!add)
			s.select([])
	}

	/** A lasso or a box selects what is in focus. @param {Store} s @param {HTMLElement} frame @param {import('./surface.js').Surface} surface @param {PointerEvent} e @param {boolean} lasso */
	#draw(s, frame, surface, e, lasso) {
		drawShape(this, frame, surface, e, lasso, (found, add) => {
			this.#tool.value = 'pick'
			this.#take(s, found, add)
		})
	}
	/** @param {Store} s @param {number[]} found @param {boolean} add */
	#take(s, found, add) {
		if (!found.length && !add)
			return
		const focus = s.focus.peek(), stops = s.stopsOf.peek()
		const inFocus = (/** @type {number} */ i) => (focus.seat === null && focus.day === null) || !!stops.get(i)?.some((q) =>
			(focus.seat === null || q.seat === focus.seat) && (focus.day === null || q.day === focus.day))
		s.select(found.filter(inFocus), add ? 'add' : 'set')
	}

	/** @param {string} name */
	setTool(name) {
		const next = this.#tool.value === name ? 'pick' : name, s = this.store, { surface } = this
		this.#corners?.leave()
		this.#tool.value = next
		if (next !== 'corners' || !s || !surface || !this.#frame)
			return
		this.#corners = drawCorners(this, this.#frame, surface, {}, (corners) => {
			this.#corners = null
			this.#tool.value = 'pick'
			if (corners)
				this.#take(s, insidePolygon(surface.points.x, surface.points.y, corners.map((c) => [c.x, c.y])), false)
		})
	}
	/** Everything, or what is selected. */
	fitAll() {
		const w = this.store?.world.peek(), chosen = this.store?.selection.peek()
		const b = w && boundsOf(w, chosen?.size ? chosen : undefined)
		if (b)
			this.surface?.fit(b, true)
	}

	/** @param {Store} s @param {number} i */
	#about(s, i) {
		return [s.details.name(i), s.world.peek()?.tier[i], tn('{n} visit', '{n} visits', s.stopsOf.peek().get(i)?.length ?? 0)].filter(Boolean).join(' · ')
	}
	/** @override */
	controls() {
		const s = /** @type {Store} */ (this.store)
		const tool = this.#tool.value, tip = this.#tip.value
		/** @param {string} name @param {string} ic @param {string} label @param {string} keys */
		const button = (name, ic, label, keys) => html`<button class="btn small icon-only" aria-pressed=${String(tool === name)} aria-label=${label}
			title=${keys ? `${label} (${keys})` : label} @click=${() => this.setTool(name)}>${icon(ic)}</button>`
		this.classList.toggle('drawing', tool !== 'pick')
		if (tip)
			queueMicrotask(() => {
				const node = /** @type {HTMLElement | null} */ (this.querySelector('.map-tip'))
				if (node)
					node.style.transform = `translate(${Math.min(tip.x + 14, this.clientWidth - 240)}px, ${tip.y + 14}px)`
			})
		return html`<div class="map-tools" role="toolbar" aria-label=${t('Map tools')}>
			${button('pick', 'pointer', t('Pick'), '')}${button('lasso', 'lasso', t('Lasso'), 'L')}${button('corners', 'corners', t('Corners'), t('Shift + L'))}${button('box', 'box', t('Box'), t('Shift + drag'))}
			<button class="btn small icon-only" aria-pressed=${String(linesOn.value)} aria-label=${t('Boundaries')} title=${t('Boundaries')} @click=${toggleLines}>${icon('territory')}</button>
			<button class="btn small icon-only" aria-label=${t('Show all')} title=${t('Show all') + ' (F)'} @click=${() => this.fitAll()}>${icon('fit')}</button>
			<button class="btn small icon-only" aria-label=${t('Zoom in')} @click=${() => this.surface?.zoom(1)}>${icon('plus')}</button>
			<button class="btn small icon-only" aria-label=${t('Zoom out')} @click=${() => this.surface?.zoom(-1)}><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14"/></svg></button>
		</div>
		<label class="map-colour"><span class="sr">${t('Colour by')}</span><select class="input small" @change=${(/** @type {any} */ e) => {
			s.colourBy.value = e.target.value
		}}>${[['seat', t('Colour: seat')], ['day', t('Colour: weekday')], ['tier', t('Colour: tier')], ['partner', t('Colour: distributor')], ['nppd', t('Colour: likely to buy')], ['pin', t('Colour: pinned')]].map(([v, l]) =>
			html`<option value=${v} ?selected=${s.colourBy.value === v}>${l}</option>`)}</select></label>
		${tool === 'corners' ? cornersHint(() => this.#corners) : nothing}
		${legend(s)}
		${this.flat.value ? html`<div class="map-flat chip warn">${icon('info')}${t('Simple map: this browser has no WebGL')}</div>` : ''}
		<div class=${cls('map-tip', tip && 'on')} aria-hidden="true">${tip ? this.#about(s, tip.outlet) : ''}</div>`
	}
}
customElements.define('bp-map', MapView)
