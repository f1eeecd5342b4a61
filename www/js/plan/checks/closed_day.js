// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../core/i18n.js'

/** Nobody works on that day. @type {import('./index.js').Check} */
export const closedDay = (s) => s.tours.filter((x) => x.closed && x.after.calls > x.before.calls).map((x) => ({
	rule: 'CLOSED_DAY', severity: 'block', need: null, seat: x.seat.id, date: x.date, message: t('not a working day'),
}))
