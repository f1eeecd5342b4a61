// SPDX-License-Identifier: GPL-3.0-or-later
// Panning on machines that draw maps with their processor, as most virtual desktops do: while the mouse drags, what is drawn moves
// as a picture, and the map is drawn anew when the mouse rests or when too much of it has come to lie outside.

/** Milliseconds of a frame of a drag: beyond that it is not fluent. */
const SLOW = 50
const REST = 200 /* ms */
const OUTSIDE = 0.3 /* of width or height */

/** @param {any} map of MapLibre */
export function slideWhenSlow(map) {
	/** What a frame of the last drag took, milliseconds. @type {number[]} */
	let took = []
	map.on('dragstart', () => {
		took = []
	})
	// Two frames are waited for, of the browser and not of the hand: the second comes when the first has been drawn.
	map.on('drag', () => {
		const mine = took, from = performance.now()
		requestAnimationFrame(() => requestAnimationFrame(() => mine.push((performance.now() - from) / 2)))
	})
	/** Some frames make what the next ones use: not the longest of them count. */
	const usual = () => (took.length > 1 ? took.sort((a, b) => a - b)[took.length >> 2] : 0)
	map.on('mousedown', (/** @type {any} */ e) => {
		const press = /** @type {MouseEvent} */ (e.originalEvent)
		if (press.button !== 0 || press.shiftKey || press.ctrlKey || usual() <= SLOW)
			return
		e.preventDefault() // the map's own dragging
		slide(map, press, usual())
	})
}

/** @param {any} map @param {MouseEvent} press @param {number} behind milliseconds that a movement waits at most behind a frame */
function slide(map, press, behind) {
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
		behind = Math.max(behind, performance.now() - e.timeStamp)
		now = [e.clientX, e.clientY]
		place()
		wait()
		if (Math.abs(now[0] - drawn[0]) > OUTSIDE * clientWidth || Math.abs(now[1] - drawn[1]) > OUTSIDE * clientHeight)
			draw()
		else // it rests from when it is seen: a slow frame is no rest, else each would be drawn anew
			frame = requestAnimationFrame(() => {
				timer = window.setTimeout(draw, REST + 2 * behind)
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
