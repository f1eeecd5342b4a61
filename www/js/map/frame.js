// SPDX-License-Identifier: GPL-3.0-or-later
// What every map element is: a surface with controls over it, which comes when the browser has one ready and goes with the element.
import { effect, render, signal } from '../core/html.js'
import { dark } from '../core/session.js'
import { canvasSurface, glSurface } from './surface.js'

/** @typedef {import('./surface.js').Surface} Surface */

const PATIENCE = 5000 /* ms: then the world is better than nothing */

/**
 * The bounds of what a signal holds once it holds anything; null when that takes too long.
 * @template T @param {import('../../vendor/signals-core/signals-core.js').ReadonlySignal<T | null>} held @param {(what: T) => import('./surface.js').Bounds | null} bounds
 * @param {(() => void)[]} stops called when the element goes
 * @returns {Promise<import('./surface.js').Bounds | null>}
 */
export function boundsOnce(held, bounds, stops) {
	return new Promise((done) => {
		setTimeout(() => done(null), PATIENCE)
		stops.push(effect(() => {
			if (held.value)
				done(bounds(held.value))
		}))
	})
}

export class MapFrame extends HTMLElement {
	/** @type {Surface | null} */
	surface = null
	/** Ended with the element. @type {(() => void)[]} */
	stops = []
	/** The browser has no WebGL. */
	flat = signal(false)
	/** Set by who begins to draw or drag: the map must not pan with it. */
	swallow = false

	/** What lies over the map; drawn anew when a signal that it reads changes. @returns {unknown} */
	controls() {
		return null
	}
	/** Where the map opens; it waits for that, since the whole world would be drawn for nothing. @returns {Promise<import('./surface.js').Bounds | null> | null} */
	opening() {
		return null
	}
	/** The surface is there. @param {Surface} _surface @param {HTMLElement} _frame */
	ready(_surface, _frame) {}

	async connectedCallback() {
		const frame = document.createElement('div'), ui = document.createElement('div')
		frame.className = 'map-frame'
		ui.className = 'map-ui'
		this.replaceChildren(frame, ui)
		this.stops.push(effect(() => {
			render(this.controls(), ui)
		}))
		let surface = await glSurface(frame, dark.peek(), this.opening())
		if (!surface) {
			this.flat.value = true
			frame.replaceChildren()
			surface = canvasSurface(frame, dark.peek())
		}
		if (!this.isConnected) {
			surface.remove()
			return
		}
		this.surface = surface
		const guard = (/** @type {Event} */ e) => {
			if (this.swallow && e.target instanceof HTMLCanvasElement) {
				e.stopPropagation()
				e.preventDefault()
				this.swallow = false
			}
		}
		frame.addEventListener('mousedown', guard, true)
		frame.addEventListener('touchstart', guard, { capture: true, passive: false })
		this.ready(surface, frame)
	}
	disconnectedCallback() {
		for (const stop of this.stops.splice(0))
			stop()
		this.surface?.remove()
		this.surface = null
	}
}
