// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../core/i18n.js'

/** More calls than the seat may make in a day. @type {import('./index.js').Check} */
export const calls = (s) => s.tours
	.filter((x) => x.seat.maxCalls > 0 && x.after.calls > x.seat.maxCalls && x.after.calls > x.before.calls)
	.map((x) => ({
		rule: 'MAX_CALLS', severity: 'block', need: null, seat: x.seat.id, date: x.date,
		message: t('{calls} calls, at most {max}', { calls: x.after.calls, max: x.seat.maxCalls }),
	}))
