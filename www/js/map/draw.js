// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes drawn over a map: a lasso or a box by dragging, corners by clicking or with the arrow keys.  All end as the points inside.
import { html, nothing } from '../core/html.js'
import { t } from '../core/i18n.js'
import { insideBox, insidePolygon } from './lasso.js'

/** @typedef {import('./surface.js').Surface} Surface */
/** @typedef {{x: number, y: number}} Merc */

/** What to do while corners are set, and ways out. @param {() => {close: () => void, leave: () => void} | null} corners @param {string} [text] @param {boolean} [one] */
export const cornersHint = (corners, text, one) => html`<div class="map-hint" role="status"><span>${text ?? t('Click each corner, or move the cross with the arrow keys and press Enter. Drag a corner to move it, Backspace takes the last one back. The first corner closes the shape.')}</span>
	${one ? nothing : html`<button class="btn small" @click=${() => corners()?.close()}>${t('Close the shape')}</button>`}<button class="btn quiet small" @click=${() => corners()?.leave()}>${t('Cancel')}</button></div>`

/** @param {HTMLElement} host */
function sheet(host) {
	const ns = 'http://www.w3.org/2000/svg'
	const svg = document.createElementNS(ns, 'svg'), path = document.createElementNS(ns, 'path')
	svg.setAttribute('class', 'lasso')
	svg.append(path)
	host.append(svg)
	return { svg, path }
}

/** A lasso or a box until the pointer goes up. @param {HTMLElement} host @param {HTMLElement} frame @param {Surface} surface @param {PointerEvent} e @param {boolean} lasso @param {(found: number[], add: boolean) => void} done */
export function drawShape(host, frame, surface, e, lasso, done) {
	const r = frame.getBoundingClientRect()
	const { svg, path } = sheet(host)
	/** @type {[number, number][]} */
	const trail = [[e.clientX - r.left, e.clientY - r.top]]
	const move = (/** @type {PointerEvent} */ m) => {
		const p = /** @type {[number, number]} */ ([m.clientX - r.left, m.clientY - r.top])
		if (lasso)
			trail.push(p)
		else
			trail[1] = p
		const [a, b] = [trail[0], trail[trail.length - 1]]
		path.setAttribute('d', lasso ? 'M' + trail.map((q) => q.join(' ')).join('L') + 'Z' : `M${a[0]} ${a[1]}H${b[0]}V${b[1]}H${a[0]}Z`)
	}
	const up = (/** @type {PointerEvent} */ m) => {
		removeEventListener('pointermove', move)
		removeEventListener('pointerup', up)
		svg.remove()
		const ring = trail.map(([x, y]) => surface.unproject(x, y))
		const { x, y } = surface.points
		done(trail.length < 2 ? [] : lasso ? insidePolygon(x, y, ring.map((p) => [p.x, p.y])) : insideBox(x, y, ring[0].x, ring[0].y, ring[1].x, ring[1].y), m.shiftKey || m.ctrlKey)
	}
	addEventListener('pointermove', move)
	addEventListener('pointerup', up)
}

const NEAR = 11

/**
 * Corners by click or with arrow keys and Enter, which also closes the shape at its first corner.  With `one` the first corner
 * ends it.  One that is set can be dragged elsewhere, Backspace takes the last one back.  `done` gets the corners, or null when it was left.
 * @param {HTMLElement} host @param {HTMLElement} frame @param {Surface} surface @param {boolean} one @param {(corners: Merc[] | null) => void} done
 */
export function drawCorners(host, frame, surface, one, done) {
	const { svg, path } = sheet(host)
	const cross = document.createElementNS(svg.namespaceURI ?? '', 'path')
	cross.setAttribute('class', 'cross')
	svg.append(cross)
	/** @type {Merc[]} */
	const corners = []
	let at = surface.unproject(frame.clientWidth / 2, frame.clientHeight / 2)
	/** @param {Merc} p @returns {[number, number]} */
	const pixel = (p) => {
		const o = surface.unproject(0, 0), k = surface.scale()
		return [(p.x - o.x) * k, (p.y - o.y) * k]
	}
	const draw = () => {
		const all = [...corners, at].map(pixel)
		path.setAttribute('d', 'M' + all.map((p) => p.join(' ')).join('L') + (corners.length > 1 ? 'Z' : '') + corners.map((c) => {
			const [x, y] = pixel(c)
			return `M${x - 4} ${y - 4}h8v8h-8z`
		}).join(''))
		const [x, y] = pixel(at)
		cross.setAttribute('d', `M${x - 14} ${y}h28M${x} ${y - 14}v28`)
	}
	const end = (/** @type {Merc[] | null} */ result) => {
		frame.removeEventListener('pointerdown', grab, true)
		frame.removeEventListener('pointermove', follow)
		frame.removeEventListener('click', click, true)
		host.removeEventListener('keydown', key, true)
		surface.onMove.delete(draw)
		svg.remove()
		done(result)
	}
	const set = () => {
		const [x, y] = pixel(at), first = corners.length > 2 ? pixel(corners[0]) : null
		if (first && Math.hypot(first[0] - x, first[1] - y) < NEAR)
			return end(corners)
		corners.push(at)
		if (one)
			return end(corners)
		draw()
	}
	/** @param {MouseEvent} e */
	const place = (e) => {
		const r = frame.getBoundingClientRect()
		at = surface.unproject(e.clientX - r.left, e.clientY - r.top)
		draw()
	}
	/** The corner that is being dragged, and whether it has moved: then it was no click. */
	let held = -1, dragged = false
	const grab = (/** @type {PointerEvent} */ e) => {
		const r = frame.getBoundingClientRect()
		dragged = false
		held = e.button === 0 ? corners.findIndex((c) => Math.hypot(pixel(c)[0] - e.clientX + r.left, pixel(c)[1] - e.clientY + r.top) < NEAR) : -1
		if (held < 0)
			return
		e.stopPropagation()
		e.preventDefault() // nor does the map follow the mouse
	}
	const follow = (/** @type {PointerEvent} */ e) => {
		if (e.buttons && held < 0)
			return
		place(e)
		if (held >= 0 && e.buttons) {
			dragged = true
			corners[held] = at
			draw()
		}
	}
	const click = (/** @type {MouseEvent} */ e) => {
		if (!(e.target instanceof HTMLCanvasElement))
			return
		e.stopPropagation()
		place(e)
		if (!dragged)
			set()
		held = -1
		dragged = false
	}
	/** @type {Record<string, [number, number]>} */
	const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
	const key = (/** @type {KeyboardEvent} */ e) => {
		const way = ways[e.key], step = e.shiftKey ? 60 : 12
		if (!(e.target instanceof HTMLCanvasElement) && e.key !== 'Escape')
			return
		if (way) {
			const [x, y] = pixel(at)
			at = surface.unproject(x + way[0] * step, y + way[1] * step)
			draw()
		} else if (e.key === 'Enter') {
			set()
		} else if (e.key === 'Backspace') {
			corners.pop()
			draw()
		} else if (e.key === 'Escape') {
			end(null)
		} else {
			return
		}
		e.preventDefault()
		e.stopPropagation()
	}
	frame.addEventListener('pointerdown', grab, true)
	frame.addEventListener('pointermove', follow)
	frame.addEventListener('click', click, true)
	host.addEventListener('keydown', key, true)
	surface.onMove.add(draw)
	draw()
	frame.querySelector('canvas')?.focus()
	return { close: () => end(corners.length > 2 ? corners : null), leave: () => end(null), corners: () => corners.length }
}
