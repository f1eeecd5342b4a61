// SPDX-License-Identifier: GPL-3.0-or-later
import { tn } from '../../core/i18n.js'

/** The same need twice on one day. @type {import('./index.js').Check} */
export const twice = (s) => {
	let n = 0
	for (const need of s.needs) {
		const days = s.daysOf(need)
		if (new Set(days).size < days.length)
			n++
	}
	return n ? [{
		rule: 'SEAT_DAY', severity: 'block', need: null, seat: null, date: null,
		message: tn('{n} outlet would be visited twice on one day', '{n} outlets would be visited twice on one day', n),
	}] : []
}
