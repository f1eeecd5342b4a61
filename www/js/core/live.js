// SPDX-License-Identifier: GPL-3.0-or-later
// What happens, as it happens: one stream of server-sent events while the page is in sight. Where it is refused or breaks, whoever
// watches goes on asking now and then, as if there were none.
import { signal } from '../../vendor/signals-core/signals-core.js'
import { base } from './http.js'

/** @typedef {'job' | 'lock' | 'notice'} Kind */
/** Are events told at once? */
export const live = signal(false)
/** @type {Set<{kinds: Kind[], run: (data: any) => void}>} */
const watchers = new Set()
const KINDS = /** @type {const} */ (['job', 'lock', 'notice'])
/** A stream that was refused is tried again so late, one that broke by itself (EventSource). */
const AGAIN_MS = 60000

/** @type {EventSource | null} */
let stream = null
let last = '', started = false, timer = 0

function open() {
	if (stream || document.visibilityState === 'hidden')
		return
	clearTimeout(timer)
	const mine = stream = new EventSource(`${base}/events${last ? `?after=${encodeURIComponent(last)}` : ''}`)
	mine.addEventListener('ready', (e) => {
		last = e.lastEventId
		live.value = true
		if (JSON.parse(e.data).missed)
			for (const w of watchers)
				w.run(null)
	})
	for (const kind of KINDS)
		mine.addEventListener(kind, (e) => {
			last = e.lastEventId
			const data = JSON.parse(e.data)
			for (const w of watchers)
				if (w.kinds.includes(kind))
					w.run(data)
		})
	mine.onerror = () => {
		live.value = false
		if (mine.readyState !== EventSource.CLOSED || stream !== mine)
			return
		stream = null
		timer = window.setTimeout(open, AGAIN_MS)
	}
}
function close() {
	stream?.close()
	stream = null
	live.value = false
	clearTimeout(timer)
}
/** Begins to follow; once more does no harm. */
export function followEvents() {
	if (started)
		return
	started = true
	document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? close() : open()))
	addEventListener('pagehide', close)
	open()
}
/** Nobody is signed in any more. */
export function forgetEvents() {
	close()
	started = false
	last = ''
}
/** Calls f for events of these kinds, with null when some were missed. @param {Kind[]} kinds @param {(data: any) => void} f @returns {() => void} stop */
export function onEvent(kinds, f) {
	const w = { kinds, run: f }
	watchers.add(w)
	return () => void watchers.delete(w)
}

/**
 * Runs f now, then whenever something of these kinds happens; without a stream every `ms`, and with one now and then all the same.
 * Ends when stopped, or when f answers false.
 * @param {() => Promise<boolean | void>} f @param {number} ms @param {Kind[]} kinds @param {(data: any) => boolean} [concerns]
 */
export function watch(f, ms, kinds, concerns = () => true) {
	let stopped = false, busy = false, again = false, wait = 0
	const turn = async () => {
		clearTimeout(wait)
		if (busy) {
			again = true
			return
		}
		busy = true
		const on = stopped || document.visibilityState === 'hidden' ? true : (await f()) !== false
		busy = false
		if (!on)
			stop()
		if (stopped)
			return
		wait = window.setTimeout(turn, again ? 250 : live.peek() ? Math.max(ms, 15000) : ms)
		again = false
	}
	const stop = () => {
		stopped = true
		clearTimeout(wait)
		off()
		lost()
	}
	const off = onEvent(kinds, (data) => {
		if (data !== null && !concerns(data))
			return
		clearTimeout(wait)
		wait = window.setTimeout(turn, 150)
	})
	/* Without the stream the long pause would be too long. */
	const lost = live.subscribe((on) => {
		if (!on && !stopped && !busy) {
			clearTimeout(wait)
			wait = window.setTimeout(turn, ms)
		}
	})
	void turn()
	return stop
}
