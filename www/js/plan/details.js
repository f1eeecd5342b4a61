// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of a snapshot: what is read of an outlet (code, name, sales), in the order of its core.  The map, the board and
// prices do without it, so the workspace fetches it when it is first asked for, or when there is nothing else to do.
import { batch, signal } from '../../vendor/signals-core/signals-core.js'
import { api } from '../core/api.js'
import { decodeDetails, decodeSnapshot } from './model.js'

/** @typedef {import('../core/http.js').Problem} Problem */
/** @typedef {import('./model.js').World} World */
/** @typedef {import('./model.js').Details} Details */

const TRIES = 3 /* snapshots that are over when their details are asked for, one after the other */

/** Both halves of one snapshot. @param {number} territoryId @returns {Promise<import('../core/http.js').Answer<{world: World, details: Details}>>} */
export async function wholeSnapshot(territoryId) {
	for (let left = TRIES; ; left--) {
		const [core, failed] = await api.snapshot(territoryId)
		if (!core)
			return [null, failed]
		const [d, over] = await api.snapshotDetails(territoryId, core.details)
		if (d)
			return [{ world: decodeSnapshot(core), details: decodeDetails(d) }, null]
		if (over.status !== 404 || !left)
			return [null, over]
	}
}

/**
 * @param {number} territoryId
 * @param {{readonly value: World | null, peek(): World | null}} world
 * @param {() => Promise<Problem | null>} renew  fetches the core anew: its snapshot is over
 */
export function createDetails(territoryId, world, renew) {
	const now = signal(/** @type {Details | null} */ (null))
	const problem = signal(/** @type {Problem | null} */ (null))
	let busy = false, held = ''

	const load = async () => {
		for (let left = TRIES; ; left--) {
			const w = world.peek()
			if (!w)
				return
			const [d, failed] = await api.snapshotDetails(territoryId, w.details)
			if (d && world.peek() === w) {
				held = w.details
				now.value = decodeDetails(d)
				return
			}
			const worse = failed?.status === 404 && left ? await renew() : d ? null : failed
			if (worse) {
				problem.value = worse
				return
			}
		}
	}
	/** Has them fetched unless they are there, on their way, or could not be had. */
	const want = () => {
		if (busy || now.peek() || problem.peek() || !world.peek())
			return
		busy = true
		void load().finally(() => {
			busy = false
		})
	}
	const retry = () => {
		problem.value = null
		want()
	}
	/** Until they are there an outlet has no name; when they cannot be had it has its number. @param {number} i @param {(d: Details) => string[]} of */
	const text = (i, of) => {
		const d = now.value
		if (d)
			return of(d)[i] ?? ''
		want()
		return problem.value ? '#' + (world.peek()?.id[i] ?? '') : '…'
	}
	/** @param {number} i */
	const name = (i) => text(i, (d) => d.name)
	return {
		now, problem, want, retry, name,
		/** @param {number} i */
		code: (i) => (now.value ? text(i, (d) => d.code) : ''),
		/** Of the outlet of a need. @param {number} need */
		nameOf: (need) => {
			const i = world.value?.needs.get(need)?.outlet
			return i === undefined ? '#' + need : name(i)
		},
		/** Another world; what is held stays when it is its own too. @param {() => void} set */
		change: (set) => batch(() => {
			set()
			problem.value = null
			if (world.peek()?.details !== held)
				now.value = null
		}),
	}
}
