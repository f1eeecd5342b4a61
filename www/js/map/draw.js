// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes drawn over a map: a lasso or a box by dragging, corners by clicking or with the arrow keys.  All end as the points inside.
import { html, nothing, signal } from '../core/html.js'
import { t } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { insideBox, insidePolygon, latOf } from './lasso.js'

/** @typedef {import('./surface.js').Surface} Surface */
/** @typedef {{x: number, y: number}} Merc */

const cornersText = () => t('Click each corner, or move the cross with the arrow keys and press Enter. Drag a corner to move it, Backspace takes the last one back. The first corner closes the shape.')
/** What to do while corners are set, and ways out. @param {() => {close: () => void, leave: () => void} | null} corners @param {string} [text] @param {boolean} [one] */
export const cornersHint = (corners, text, one) => html`<div class="map-hint" role="status"><span>${text ?? cornersText()}</span>
	${one ? nothing : html`<button class="btn small" @click=${() => corners()?.close()}>${t('Close the shape')}</button>`}<button class="btn quiet small" @click=${() => corners()?.leave()}>${t('Cancel')}</button></div>`

/** What to do with a shape that is to be kept, while it is drawn and once it is closed. @param {ReturnType<typeof drawCorners>} tool @param {string} name whose it is, '' = not known yet */
export const shapeHint = (tool, name) => {
	const s = tool.state.value
	/** @param {string} ic @param {string} label @param {boolean} may @param {() => void} run @param {string} keys */
	const button = (ic, label, may, run, keys) => html`<button class="btn small icon-only" aria-label=${label} title=${keys ? `${label} (${keys})` : label} ?disabled=${!may} @click=${run}>${icon(ic)}</button>`
	return html`<div class="map-hint above" role="group" aria-label=${t('Boundary')}><span role="status">${name ? html`<b>${name}</b>: ` : nothing}${s.short ? html`<b>${t('A boundary has three corners at least.')}</b> ` : nothing}${!s.closed ? cornersText()
		: s.lifted ? t('The arrow keys move the corner, Enter puts it down, Escape puts it back.')
			: html`${t('Drag a corner to move it, click or drag a side to add one; Backspace removes the one that is chosen.')} <span class="by-keys">${t('By keys: N goes to the next corner, Enter takes it up and puts it down.')}</span>`}</span>
		<span class="row">${button('undo', t('Undo the corner'), s.undo, tool.undo, t('Ctrl+Z'))}${button('redo', t('Redo the corner'), s.redo, tool.redo, t('Ctrl+Y'))}${s.closed ? button('trash', t('Remove the corner'), s.chosen >= 0, tool.remove, t('Backspace')) : nothing}</span>
		${s.closed ? html`<button class="btn small primary" @click=${tool.close}>${t('Save…')}</button>` : html`<button class="btn small" @click=${tool.close}>${t('Close the shape')}</button>`}<button class="btn quiet small" @click=${tool.leave}>${t('Cancel')}</button></div>`
}

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

/** @typedef {{corners: Merc[], closed: boolean}} Shape */

/** How far a place is from a side, in pixels. @param {[number, number]} p @param {[number, number]} a @param {[number, number]} b */
function fromSide([x, y], [ax, ay], [bx, by]) {
	const dx = bx - ax, dy = by - ay, k = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
	return Math.hypot(ax + k * dx - x, ay + k * dy - y)
}

/**
 * Corners by click or with arrow keys and Enter, which also closes the shape at its first corner.  With `one` the first corner
 * ends it.  One that is set can be dragged elsewhere, Backspace takes the last one back.  `done` gets the corners, or null when it was left.
 *
 * With `ring` a shape is drawn to be kept, from the corners that it has: closed it stays, its corners to be moved, added and removed and
 * each change to be taken back, until who keeps it leaves.  `done` gets the corners each time that they are to be kept; null with the
 * corners so far when it is left without.
 * @param {HTMLElement} host @param {HTMLElement} frame @param {Surface} surface @param {{one?: boolean, ring?: Merc[]}} o @param {(corners: Merc[] | null, left: Merc[]) => void} done
 */
export function drawCorners(host, frame, surface, { one, ring }, done) {
	const { svg, path } = sheet(host)
	const part = (/** @type {string} */ name) => {
		const p = document.createElementNS(svg.namespaceURI ?? '', 'path')
		p.setAttribute('class', name)
		svg.append(p)
		return p
	}
	const on = part('on'), cross = part('cross')
	/** @type {Shape} */
	let shape = { corners: ring ?? [], closed: !!ring && ring.length > 2 }
	/** @type {Shape[]} */
	const past = [], future = /** @type {Shape[]} */ ([])
	/* The shape before a corner was grabbed or taken up by key; null = none is on its way. */
	let start = /** @type {Shape | null} */ (null)
	let chosen = -1, lifted = false, short = false
	const state = signal({ n: 0, closed: false, chosen: -1, lifted: false, undo: false, redo: false, short: false })
	let at = surface.unproject(frame.clientWidth / 2, frame.clientHeight / 2)
	/** @returns {(p: Merc) => [number, number]} */
	const pixels = () => {
		const o = surface.unproject(0, 0), k = surface.scale()
		return (p) => [(p.x - o.x) * k, (p.y - o.y) * k]
	}
	/** The corner there, or -1. @param {[number, number]} p */
	const cornerAt = ([x, y]) => {
		const px = pixels()
		return shape.corners.findIndex((c) => Math.hypot(px(c)[0] - x, px(c)[1] - y) < NEAR)
	}
	/** The side there of a shape that is closed, by its first corner, or -1. @param {[number, number]} p */
	const sideAt = (p) => {
		const all = shape.corners.map(pixels())
		return shape.closed ? all.findIndex((a, i) => fromSide(p, a, all[(i + 1) % all.length]) < NEAR) : -1
	}
	const draw = () => {
		const px = pixels(), { corners, closed } = shape, all = (closed ? corners : [...corners, at]).map(px)
		const square = (/** @type {[number, number]} */ [x, y]) => `M${x - 4} ${y - 4}h8v8h-8z`
		path.setAttribute('d', 'M' + all.map((p) => p.join(' ')).join('L') + (corners.length > 1 ? 'Z' : '') + corners.map((c) => square(px(c))).join(''))
		on.setAttribute('d', corners[chosen] ? square(px(corners[chosen])) : '')
		const [x, y] = px(at)
		cross.setAttribute('d', `M${x - 14} ${y}h28M${x} ${y - 14}v28`)
		state.value = { n: corners.length, closed, chosen, lifted, undo: past.length > 0, redo: future.length > 0, short }
	}
	const stop = () => {
		frame.removeEventListener('pointerdown', grab, true)
		frame.removeEventListener('pointermove', follow)
		frame.removeEventListener('click', click, true)
		host.removeEventListener('keydown', key, true)
		surface.onMove.delete(draw)
		svg.remove()
	}
	const end = (/** @type {Merc[] | null} */ result) => {
		stop()
		done(result, shape.corners)
	}
	/** Another shape, which can be taken back. @param {Shape} next */
	const change = (next) => {
		past.push(shape)
		future.length = 0
		shape = next
		short = false
	}
	/** What was grabbed or taken up stays where it is now. */
	const drop = () => {
		if (start && start !== shape) {
			past.push(start)
			future.length = 0
		}
		start = null
		lifted = false
	}
	/** Back or forth. @param {Shape[]} from @param {Shape[]} to */
	const turn = (from, to) => {
		drop()
		const next = from.pop()
		if (next) {
			to.push(shape)
			shape = next
			chosen = -1
			short = false
		}
		draw()
	}
	const undo = () => turn(past, future), redo = () => turn(future, past)
	/** @param {number} i @param {Merc} p */
	const moved = (i, p) => ({ ...shape, corners: shape.corners.map((c, k) => (k === i ? p : c)) })
	/** @param {number} i @param {Merc} p after which corner and where */
	const added = (i, p) => ({ ...shape, corners: [...shape.corners.slice(0, i + 1), p, ...shape.corners.slice(i + 1)] })
	const remove = () => {
		drop()
		const i = !shape.closed ? shape.corners.length - 1 : chosen >= 0 ? chosen : cornerAt(pixels()(at))
		short = shape.closed && i >= 0 && shape.corners.length < 4
		if (i >= 0 && !short)
			change({ ...shape, corners: shape.corners.filter((_, k) => k !== i) })
		chosen = -1
		draw()
	}
	const close = () => {
		drop()
		short = shape.corners.length < 3
		if (!ring)
			return end(short ? null : shape.corners)
		if (!short && !shape.closed)
			change({ ...shape, closed: true })
		draw()
		if (!short)
			done(shape.corners, shape.corners)
	}
	const set = () => {
		const px = pixels(), { corners } = shape, near = (/** @type {Merc} */ c, /** @type {number} */ most) => Math.hypot(px(c)[0] - px(at)[0], px(c)[1] - px(at)[1]) < most
		if (corners.length > 2 && near(corners[0], NEAR))
			return close()
		if (ring && corners.length && near(corners[corners.length - 1], 3)) // the second of a double click
			return
		change({ ...shape, corners: [...corners, at] })
		if (one)
			return end(shape.corners)
		draw()
	}
	/** A corner is grabbed or taken up, a side gets one to begin with. @param {[number, number]} p @returns {number} which, -1 = there is none */
	const take = (p) => {
		const i = cornerAt(p), side = i < 0 ? sideAt(p) : -1
		if (i < 0 && side < 0)
			return -1
		start = shape
		if (side >= 0)
			shape = added(side, at)
		return i < 0 ? side + 1 : i
	}
	/** By key: take the corner under the cross up, or put it down. */
	const lift = () => {
		if (lifted)
			drop()
		else {
			chosen = take(pixels()(at))
			lifted = chosen >= 0
			if (lifted)
				at = shape.corners[chosen]
		}
		draw()
	}
	/** The cross goes to a place, and the map with it when that is out of sight. @param {Merc} p */
	const point = (p) => {
		const [x, y] = pixels()(at = p)
		if (x < 0 || y < 0 || x > frame.clientWidth || y > frame.clientHeight)
			surface.look({ ...surface.view(), lon: p.x * 360 - 180, lat: latOf(p.y) })
		draw()
	}
	/** @param {number} by 1 or -1 */
	const next = (by) => {
		drop()
		const n = shape.corners.length
		if (!n)
			return
		chosen = chosen < 0 ? (by > 0 ? 0 : n - 1) : (chosen + by + n) % n
		point(shape.corners[chosen])
	}
	/** @param {MouseEvent} e @returns {[number, number]} */
	const local = (e) => {
		const r = frame.getBoundingClientRect()
		return [e.clientX - r.left, e.clientY - r.top]
	}
	/** @param {MouseEvent} e */
	const place = (e) => {
		at = surface.unproject(...local(e))
		draw()
	}
	/** The corner that is being dragged, and whether it has moved: then it was no click. */
	let held = -1, dragged = false
	const grab = (/** @type {PointerEvent} */ e) => {
		dragged = false
		held = -1
		if (e.button !== 0 || !(e.target instanceof HTMLCanvasElement))
			return
		drop()
		at = surface.unproject(...local(e))
		held = take(local(e))
		chosen = shape.closed ? held : -1
		draw()
		if (held < 0)
			return
		e.stopPropagation()
		e.preventDefault() // nor does the map follow the mouse
		frame.querySelector('canvas')?.focus()
	}
	const follow = (/** @type {PointerEvent} */ e) => {
		if ((e.buttons && held < 0) || lifted)
			return
		place(e)
		if (held >= 0 && e.buttons) {
			dragged = true
			shape = moved(held, at)
			draw()
		}
	}
	const click = (/** @type {MouseEvent} */ e) => {
		if (!(e.target instanceof HTMLCanvasElement))
			return
		e.stopPropagation()
		place(e)
		drop()
		if (!dragged && !shape.closed)
			set()
		held = -1
		dragged = false
		draw()
	}
	/** Out of it, or a corner that was taken up goes back first. */
	const escape = () => {
		if (!lifted || !start)
			return end(null)
		shape = start
		start = null
		lifted = false
		draw()
	}
	/** @type {Record<string, [number, number]>} */
	const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
	/** What keys do when the map has them. @param {KeyboardEvent} e @returns {boolean} did it do anything? */
	const pressed = (e) => {
		const way = ways[e.key], step = e.shiftKey ? 60 : 12
		if (way) {
			const [x, y] = pixels()(at)
			at = surface.unproject(x + way[0] * step, y + way[1] * step)
			if (lifted)
				shape = moved(chosen, at)
			else if (shape.closed)
				chosen = -1
			draw()
		} else if (e.key === 'Enter')
			shape.closed ? lift() : set()
		else if (e.key === 'Backspace' || (ring && e.key === 'Delete'))
			remove()
		else if (ring && e.key.toLowerCase() === 'n')
			next(e.shiftKey ? -1 : 1)
		else
			return false
		return true
	}
	const key = (/** @type {KeyboardEvent} */ e) => {
		const k = e.key.toLowerCase(), again = k === 'y' || (k === 'z' && e.shiftKey)
		if (e.key === 'Escape')
			escape()
		else if (ring && (e.ctrlKey || e.metaKey) && (k === 'z' || again))
			again ? redo() : undo()
		else if (e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof HTMLCanvasElement) || !pressed(e))
			return
		e.preventDefault()
		e.stopPropagation()
	}
	frame.addEventListener('pointerdown', grab, true)
	frame.addEventListener('pointermove', follow)
	frame.addEventListener('click', click, true)
	host.addEventListener('keydown', key, true)
	surface.onMove.add(draw)
	draw()
	const focus = () => frame.querySelector('canvas')?.focus()
	focus()
	return { close, leave: () => end(null), stop, undo, redo, remove, point, focus, state }
}
