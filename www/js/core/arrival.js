// SPDX-License-Identifier: GPL-3.0-or-later
// How much has come of several replies that are waited for together.
import { signal } from '../../vendor/signals-core/signals-core.js'

/** @typedef {import('./http.js').Tell} Tell */

export function arrival() {
	/** 0 to 1; null: not known, as long as one of them has not said how much it is. */
	const share = signal(/** @type {number | null} */ (null))
	/** @type {[number, number][]} bytes that came, and of how many */
	let parts = [], expected = 1
	return {
		share,
		/** One more reply. @returns {Tell} */
		part() {
			const mine = /** @type {[number, number]} */ ([0, 0])
			parts.push(mine)
			return (came, all) => {
				mine[0] = came
				mine[1] = all
				const told = parts.filter((x) => x[1])
				if (told.length >= expected)
					share.value = told.reduce((n, x) => n + x[0], 0) / told.reduce((n, x) => n + x[1], 0)
			}
		},
		/** @param {number} replies  as many are waited for */
		begin(replies) {
			parts = []
			expected = replies
			share.value = null
		},
	}
}
