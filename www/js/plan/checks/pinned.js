// SPDX-License-Identifier: GPL-3.0-or-later
import { tn } from '../../core/i18n.js'

/** A pinned outlet goes to another person, to other days, or is left out. @type {import('./index.js').Check} */
export const pinned = (s) => {
	let n = 0
	for (const need of s.needs) {
		const hold = s.pinOf(need), was = hold ? s.visitsOf(need, false) : [], is = hold ? s.visitsOf(need, true) : []
		const seats = new Set(was.map((x) => x.seat)), days = new Set(is.map((x) => x.day))
		if (is.length < was.length || ((hold & 1) && is.some((x) => !seats.has(x.seat))) || ((hold & 2) && was.some((x) => !days.has(x.day))))
			n++
	}
	return n ? [{ rule: 'PINNED', severity: 'block', need: null, seat: null, date: null, message: tn('{n} outlet is pinned', '{n} outlets are pinned', n) }] : []
}
