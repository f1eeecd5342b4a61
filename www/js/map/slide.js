// SPDX-License-Identifier: GPL-3.0-or-later
// Panning on machines that draw maps with their processor, as most virtual desktops do: while the mouse drags, what is drawn moves
// as a picture, and the map is drawn anew when the mouse rests or when too much of it has come to lie outside.

/** Milliseconds between two frames of a drag: beyond that it is not fluent. */
const SLOW = 50
const REST = 200 /* ms */
const OUTSIDE = 0.3 /* of width or height */

/** @param {any} map of MapLibre */
export function slideWhenSlow(map) {
	let slow = false, last = 0
	/** Between frames of the drag that goes on, milliseconds. @type {number[]} */
	let between = []
	map.on('dragstart', () => {
		between = []
		last = performance.now()
	})
	map.on('drag', () => {
		const now = performance.now()
		between.push(now - last)
		last = now
	})
	map.on('dragend', () => {
		// A hand that pauses makes some of them long, not the shorter half.
		if (between.length > 4)
			slow = between.sort((a, b) => a - b)[between.length >> 2] > SLOW
	})
	map.on('mousedown', (/** @type {any} */ e) => {
		const press = /** @type {MouseEvent} */ (e.originalEvent)
		if (!slow || press.button !== 0 || press.shiftKey || press.ctrlKey)
			return
		e.preventDefault() // the map's own dragging
		slide(map, press)
	})
}

/** @param {any} map @param {MouseEvent} press */
function slide(map, press) {
	const { style } = /** @type {HTMLElement} */ (map.getCanvasContainer()), { clientWidth, clientHeight } = /** @type {HTMLElement} */ (map.getContainer())
	/** Where the pointer was when the map was drawn, and where it is. */
	let drawn = [press.clientX, press.clientY], now = drawn, timer = 0, frame = 0, drawing = false
	const place = () => {
		style.transform = `translate(${now[0] - drawn[0]}px, ${now[1] - drawn[1]}px)`
	}
	const draw = () => {
		const at = now
		if (drawing || String(at) === String(drawn))
			return
		drawing = true
		map.once('render', () => {
			drawing = false
			drawn = at
			place()
		})
		map.panBy([drawn[0] - at[0], drawn[1] - at[1]], { animate: false })
	}
	const wait = () => {
		cancelAnimationFrame(frame)
		clearTimeout(timer)
	}
	/** @param {MouseEvent} e */
	const move = (e) => {
		now = [e.clientX, e.clientY]
		place()
		wait()
		if (Math.abs(now[0] - drawn[0]) > OUTSIDE * clientWidth || Math.abs(now[1] - drawn[1]) > OUTSIDE * clientHeight)
			draw()
		else // it rests from when it is seen: a slow frame is no rest, else each would be drawn anew
			frame = requestAnimationFrame(() => {
				timer = window.setTimeout(draw, REST)
			})
	}
	const up = () => {
		removeEventListener('mousemove', move)
		removeEventListener('mouseup', up)
		wait()
		draw()
	}
	addEventListener('mousemove', move)
	addEventListener('mouseup', up)
}
