// SPDX-License-Identifier: GPL-3.0-or-later
// Why an outlet is not served, in words, with what would help.
import { t } from '../core/i18n.js'

/** @type {Record<string, () => [string, string]>} */
const reasons = {
	NO_COORDINATES: () => [t('no coordinates'), t('Import its latitude and longitude.')],
	NO_SEAT_IN_REACH: () => [t('no seat in reach'), t('Allow another seat, or move one closer.')],
	PATTERN_TOO_LONG: () => [t('more visits than the cycle has days for'), t('Ask for fewer visits, or a smaller gap.')],
	CLOSED_DAYS: () => [t('closed on all working days'), t('Check its closed days.')],
	WINDOW: () => [t('its time window is never met'), t('Widen the window, or begin the shift earlier.')],
	CAPACITY_CALLS: () => [t('all days have their full number of calls'), t('Raise the limit, or add a person.')],
	CAPACITY_TIME: () => [t('no working time left'), t('Lengthen a shift, or add a person.')],
	CAPACITY_LOAD: () => [t('no load capacity left'), t('Use a larger vehicle.')],
	GAP: () => [t('no day keeps the minimum gap'), t('Allow a smaller gap.')],
	NOT_WORTH_IT: () => [t('it would cost more minutes than missing it is worth'), t('Raise the price of a missed visit of its tier, or place it by hand.')],
	BY_HAND: () => [t('taken out by hand'), t('Place it when it suits.')],
	PLANNER: () => [t('taken out by hand'), t('Place it when it suits.')],
	NEW: () => [t('new: not planned yet'), t('Optimise, or place it by hand.')],
	NOT_PLANNED: () => [t('not planned yet'), t('Optimise, or place it by hand.')],
}
/** @param {string} code */
export const reasonText = (code) => reasons[code]?.()[0] ?? code.toLowerCase().replaceAll('_', ' ')
/** @param {string} code */
export const remedy = (code) => reasons[code]?.()[1] ?? ''
