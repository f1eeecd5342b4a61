// SPDX-License-Identifier: GPL-3.0-or-later
// Why an outlet is not served, in words, with what would help.
import { day, num, t, tn } from '../core/i18n.js'
import { seatName } from './ops.js'

/** @typedef {import('../core/api.js').WhyNot['relax']} Relax */

/** @type {Record<string, () => [string, string]>} */
const reasons = {
	NO_COORDINATES: () => [t('no coordinates'), t('Import its latitude and longitude, or place it by hand.')],
	NO_SEAT_IN_REACH: () => [t('no seat in reach'), t('Allow another seat, or move one closer.')],
	PATTERN_TOO_LONG: () => [t('more visits than the cycle has days for'), t('Ask for fewer visits, or a smaller gap.')],
	CLOSED_DAYS: () => [t('closed on all working days'), t('Check its closed days.')],
	WINDOW: () => [t('its time window is never met'), t('Widen the window, or begin the shift earlier.')],
	CAPACITY_CALLS: () => [t('all days have their full number of calls'), t('Raise the limit, or add a person.')],
	CAPACITY_TIME: () => [t('no working time left'), t('Lengthen a shift, or add a person.')],
	CAPACITY_LOAD: () => [t('no load capacity left'), t('Use a larger vehicle.')],
	CAPACITY_CHAIN: () => [t('its chain receives no more visits on any day'), t('Ask the head office for more, or add a person.')],
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

/** @type {Record<string, () => string>} */
const rules = {
	SHIFT: () => t('longer than the shift'), MAX_CALLS: () => t('too many calls'), MIN_CALLS: () => t('too few calls'), LOAD: () => t('too much load'), WINDOW: () => t('outside its hours'),
	CLOSED_DAY: () => t('closed'), SEAT: () => t('not this person'), FIRST: () => t('two first calls'), GAP: () => t('too close to another visit'), PERSON: () => t('two persons'), CHAIN: () => t('too many of its chain'), BLACKOUT: () => t('closed on this date'), PINNED: () => t('pinned'),
}
/** A rule in a word or two. @param {string} code */
export const ruleName = (code) => rules[code]?.() ?? code

/** Kinds of relaxation that go against a rule which is never broken. @param {Relax} r */
export const relaxOverrides = (r) => [r.kind, r.kind2].some((k) => ['SHIFT', 'CALLS', 'LOAD', 'WINDOW', 'DAY', 'SEAT', 'CHAIN'].includes(String(k)))

/** @param {import('../plan/store.js').Store} s @param {Relax} r @param {string} kind @param {number} amount */
function oneText(s, r, kind, amount) {
	const who = r.seat === null ? '' : seatName(s, r.seat), when = r.day === null ? '' : day(s.dateOfDay(r.day)), n = num(Math.ceil(amount))
	/** @type {Record<string, () => string>} */
	const texts = {
		SHIFT: () => t('{who} works {n} minutes longer on {when}', { who, n, when }),
		CALLS: () => tn('{who} makes {n} call more on {when}', '{who} makes {n} calls more on {when}', amount, { who, when }),
		CHAIN: () => tn('{who} visits {n} store of the chain more on {when}', '{who} visits {n} stores of the chain more on {when}', amount, { who, when }),
		LOAD: () => t('The vehicle takes {n} units more on {when}', { n, when }),
		WINDOW: () => t('The visit begins {n} minutes after its last hours on {when}', { n, when }),
		DAY: () => t('It may be visited on {when}', { when }),
		SEAT: () => t('{who} may visit it', { who }),
		GAP: () => tn('Two visits may be {n} day closer', 'Two visits may be {n} days closer', amount),
		VISITS: () => tn('It asks for {n} visit less in a cycle', 'It asks for {n} visits less in a cycle', amount),
		COORDINATES: () => t('It gets coordinates'),
		FIRST: () => t('It need not be the first call of its day'),
		PRICE: () => t('No rule is in the way: it costs {n} minutes more than missing it', { n }),
		FITS: () => t('No rule is in the way, and it pays: place it, or let the optimiser search longer'),
		NONE: () => t('Nothing small would do: no seat comes near, or more than two rules are in the way on every day'),
	}
	return texts[kind]?.() ?? kind
}
/** What would have to give way, in words. @param {import('../plan/store.js').Store} s @param {Relax} r */
export const relaxText = (s, r) => oneText(s, r, r.kind, r.amount) + (r.kind2 ? ` – ${t('and')} ${oneText(s, r, r.kind2, r.amount2)}` : '')
