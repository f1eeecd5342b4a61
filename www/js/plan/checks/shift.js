// SPDX-License-Identifier: GPL-3.0-or-later
import { duration, t } from '../../core/i18n.js'

/** Back later than the shift allows. @type {import('./index.js').Check} */
export const shift = (s) => s.tours.flatMap((x) => {
	const over = x.after.travel + x.after.service + x.after.wait - x.seat.shiftSeconds
	return over > 0 && x.after.calls > x.before.calls ? [{
		rule: 'SHIFT', severity: 'block', need: null, seat: x.seat.id, date: x.date,
		message: t('{time} beyond the shift', { time: duration(over) }),
	}] : []
})
