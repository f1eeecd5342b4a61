// SPDX-License-Identifier: GPL-3.0-or-later
import { tn } from '../../core/i18n.js'

/** Two visits of an outlet too close together; the cycle wraps round. @type {import('./index.js').Check} */
export const gap = (s) => {
	let close = 0
	for (const need of s.needs) {
		const days = s.daysOf(need).sort((a, b) => a - b)
		const least = s.gapOf(need)
		if (days.length > 1 && days.some((d, i) => {
			const next = i + 1 < days.length ? days[i + 1] - d : days[0] + s.cycleDays - d
			return next > 0 && next < least
		}))
			close++
	}
	return close ? [{
		rule: 'GAP', severity: 'warn', need: null, seat: null, date: null,
		message: tn('{n} outlet is visited twice within its minimum gap', '{n} outlets are visited twice within their minimum gap', close),
	}] : []
}
