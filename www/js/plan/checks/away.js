// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../core/i18n.js'
import { nobodyOn } from '../absence.js'

/** A visit of that very date, moved to where nobody makes it; of the standing plan only that date is left out. @type {import('./index.js').Check} */
export const away = (s) => s.tours.filter((x) => x.after.calls > x.before.calls && nobodyOn(x.seat, x.date)).map((x) => ({
	rule: 'AWAY', severity: s.dated ? 'block' : 'warn', need: null, seat: x.seat.id, date: x.date,
	message: s.dated ? t('the person is away on this date') : t('the person is away on this date, which the visit list leaves out'),
}))
