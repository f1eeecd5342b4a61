// SPDX-License-Identifier: GPL-3.0-or-later
// Limits that no plan can keep together, in words, with a way to each of the parameters concerned.
import { html, nothing } from '../core/html.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from './icons.js'

/** @param {number | null} tier */
const tierName = (tier) => [t('Gold'), t('Silver'), t('Bronze')][(tier ?? 1) - 1]

/** @param {import('../core/api.js').Clash} c @returns {string} */
export function clashText(c) {
	const asked = num(c.asked), left = num(c.left), tier = tierName(c.tier), name = c.account ?? ''
	return {
		DAY_EMPTY: () => t('Breaks, meeting and the first and last leg take {asked} of {left} minutes of a shift: none are left for visits.', { asked, left }),
		VISIT_LONG: () => t('A visit of a {tier} outlet takes {asked} minutes, and a day has {left}.', { tier, asked, left }),
		GAP: () => t('{tier}: {asked} visits in a cycle are wanted, and the working days and the days between two visits leave room for {left}.', { tier, asked, left }),
		CALLS: () => t('At least {asked} calls a day are wanted, and {left} are allowed.', { asked, left }),
		TIME: () => t('The visits of a cycle take {asked} hours, and all seats together have {left}, before a minute of travel.', { asked: num(c.asked / 60), left: num(c.left / 60) }),
		CALLS_ALL: () => t('The outlets want {asked} calls in a cycle, and all seats together may make {left}.', { asked, left }),
		IDLE: () => tn('{n} seat works on none of the working days.', '{n} seats work on none of the working days.', c.asked - c.left),
		CHAIN_DAYS: () => t('{name}: {asked} visits of a store are wanted in a cycle, and the weekdays, hours and days between visits of the chain leave room for {left}.', { name, asked, left }),
		CHAIN_HOURS: () => t('{name}: no shift meets the hours of the chain for {n} of {asked} stores, the length of the visit counted.', { name, n: num(c.asked - c.left), asked }),
		CHAIN_MOST: () => t('{name}: {asked} visits are wanted in a cycle, and the most a day leaves room for {left}.', { name, asked, left }),
		CHAIN_DATES: () => t('{name} receives nobody in the whole of the coming cycle.', { name }),
	}[c.kind]()
}

/** @param {import('../core/api.js').Clash[]} list @param {(name: string) => unknown} link a way to a parameter */
export const clashList = (list, link) => (!list.length ? nothing : html`<div class="notice warn" id="clashes" role="status">${icon('warn')}<div class="grow"><p><b>${t('No plan can keep all of these limits')}</b></p>
	<ul class="col tight">${list.map((c) => html`<li>${clashText(c)} <span class="row wrap">${c.params.map(link)}</span></li>`)}</ul></div></div>`)
