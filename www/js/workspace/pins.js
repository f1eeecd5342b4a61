// SPDX-License-Identifier: GPL-3.0-or-later
// Pins: what the optimiser keeps of an outlet's visits, and a move by hand breaks only with a reason.
import { t, tn } from '../core/i18n.js'
import { html, nothing } from '../core/html.js'
import { icon } from '../components/icons.js'
import { openMenu, toast, toastProblem } from '../components/ui.js'
import { inParts } from '../plan/actions.js'
import { opLabel } from '../plan/labels.js'
import { holds } from '../plan/model.js'
import { ruleName } from './reasons.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** What is said of a pin. @type {Record<number, () => string>} */
export const pinTexts = { 1: () => t('pinned to its person'), 2: () => t('pinned to its days'), 3: () => t('pinned to its person and days') }

/** A mark for what is pinned. @param {Store} s @param {number} need */
export function pinMark(s, need) {
	const text = pinTexts[s.plan.value?.pins.get(need) ?? 0]?.()
	return text ? html`<span class="pinned" role="img" aria-label=${text} title=${text}>${icon('tack')}</span>` : nothing
}

/** A mark for what stands against a rule, by somebody's reason. @param {Store} s @param {number} need */
export function overrideMark(s, need) {
	const rules = s.plan.value?.overridden.get(need), text = rules && t('stands against a rule: {rules}', { rules: rules.map(ruleName).join(', ') })
	return text ? html`<span class="overridden" role="img" aria-label=${text} title=${text}>${icon('warn')}</span>` : nothing
}
/** How many of these stand against a rule. @param {Store} s @param {{need: number}[]} stops */
export const overriddenOf = (s, stops) => {
	const all = s.plan.value?.overridden
	return all?.size ? stops.reduce((n, x) => n + (all.has(x.need) ? 1 : 0), 0) : 0
}

/** How many of these are pinned. @param {Store} s @param {{need: number}[]} stops */
export const pinnedOf = (s, stops) => {
	const pins = s.plan.value?.pins
	return pins?.size ? stops.reduce((n, x) => n + (pins.has(x.need) ? 1 : 0), 0) : 0
}

/** What of these outlets is to stay. @param {Store} s @param {Element | {x: number, y: number}} at @param {number[]} list needs, may repeat */
export function pinMenu(s, at, list) {
	const needs = [...new Set(list)], pins = s.plan.peek()?.pins, now = needs.map((n) => pins?.get(n) ?? 0)
	if (!needs.length)
		return
	/** @param {number} hold @param {string} label */
	const offer = (hold, label) => ({ label, icon: hold ? 'tack' : 'close', disabled: now.every((h) => h === hold) ? t('It is so already') : /** @type {const} */ (false), run: async () => {
		const failed = await s.send(inParts(needs, (part) => ({ kind: 'pin', hold: holds[hold], needs: part })))
		if (failed)
			toastProblem(failed)
		else
			toast(opLabel(s.plan.peek()?.undo), { action: { label: t('Undo'), run: () => void s.step('undo') } })
	} })
	openMenu(at, [offer(3, tn('Pin its person and days', 'Pin their people and days', needs.length)), offer(1, tn('Pin its person', 'Pin their people', needs.length)), offer(2, tn('Pin its days', 'Pin their days', needs.length)), null, offer(0, t('Unpin'))])
}
