// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../core/i18n.js'
import { lacking } from '../price.js'

/** Fewer calls than a day is to have, where that has a price. @type {import('./index.js').Check} */
export const fewCalls = (s) => s.tours.filter((x) => lacking(x.after.calls, s.leastCalls) > lacking(x.before.calls, s.leastCalls)).map((x) => ({
	rule: 'MIN_CALLS', severity: 'warn', need: null, seat: x.seat.id, date: x.date,
	message: t('{calls} calls, at least {min}', { calls: x.after.calls, min: s.leastCalls }),
}))
