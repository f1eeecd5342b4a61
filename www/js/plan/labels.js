// SPDX-License-Identifier: GPL-3.0-or-later
// The server names each operation in English; here it gets the reader's language.
import { t, tn } from '../core/i18n.js'

/** @type {[RegExp, (n: number) => string][]} */
const patterns = [
	[/^move (\d+) visits?$/, (n) => tn('Move {n} visit', 'Move {n} visits', n)],
	[/^remove (\d+) visits?$/, (n) => tn('Take {n} visit out', 'Take {n} visits out', n)],
	[/^adopt version (\d+)$/, (n) => t('Take over version {n}', { n })],
	[/^re-sequence a tour$/, () => t('Best order of a day')],
	[/^reverse a tour$/, () => t('Reverse a day')],
	[/^change the order of a tour$/, () => t('Change the order of a day')],
	[/^move a beat$/, () => t('Move a beat')],
	[/^place a visit$/, () => t('Place a visit')],
]

/** @param {string | null | undefined} text */
export function opLabel(text) {
	for (const [pattern, label] of patterns) {
		const m = text?.match(pattern)
		if (m)
			return label(Number(m[1]))
	}
	return text ?? ''
}
