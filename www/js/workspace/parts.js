// SPDX-License-Identifier: GPL-3.0-or-later
// What is of one territory alone, on a board over several: it is asked which.
import { t } from '../core/i18n.js'
import { openMenu } from '../components/ui.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** The address of the board over these. @param {number[]} ids @param {string} channel */
export const boardOf = (ids, channel) => `/territories/${ids.join()}/plan?channel=${channel}`

/** @param {Store} s @param {(s: Store) => unknown} f @param {{changes?: boolean, plan?: boolean}} [o] changes: only where it is locked; plan: only where there is a plan */
export function ofOne(s, f, o = {}) {
	if (s.parts.length === 1)
		return void f(s)
	openMenu(document.querySelector('.ws-tools') ?? { x: 80, y: 80 }, s.parts.map((p) => ({
		label: p.territory.peek()?.name ?? '', icon: 'territory', disabled: o.changes && !p.session.peek() ? t('Lock the territory first') : o.plan && !p.plan.peek() ? t('There is no plan yet') : false, run: () => void f(p),
	})))
}
