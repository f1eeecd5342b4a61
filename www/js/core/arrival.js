// SPDX-License-Identifier: GPL-3.0-or-later
// How much has come of several replies that are waited for together.
import { signal } from './html.js'

/** @typedef {import('./http.js').Tell} Tell */

export function arrival() {
	/** 0 to 1; null: not known. */
	const share = signal(/** @type {number | null} */ (null))
	/** @type {[number, number][]} bytes that came, and of how many */
	let parts = []
	return {
		share,
		/** One more reply. @returns {Tell} */
		part() {
			const mine = /** @type {[number, number]} */ ([0, 0])
			parts.push(mine)
			return (came, all) => {
				mine[0] = came
				mine[1] = all
				share.value = parts.reduce((n, x) => n + x[0], 0) / parts.reduce((n, x) => n + x[1], 0)
			}
		},
		begin() {
			parts = []
			share.value = null
		},
	}
}
