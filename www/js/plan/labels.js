// SPDX-License-Identifier: GPL-3.0-or-later
// The server names each operation and each broken rule in English; here they get the reader's language.
import { t, tn } from '../core/i18n.js'

/** @type {[RegExp, (n: number) => string][]} */
const patterns = [
	[/^move (\d+) visits?$/, (n) => tn('Move {n} visit', 'Move {n} visits', n)],
	[/^remove (\d+) visits?$/, (n) => tn('Take {n} visit out', 'Take {n} visits out', n)],
	[/^adopt version (\d+)$/, (n) => t('Take over version {n}', { n })],
	[/^begin a cycle of (\d+) weeks on /, (n) => tn('Begin a cycle of {n} week', 'Begin a cycle of {n} weeks', n)],
	[/^re-sequence a tour$/, () => t('Best order of a day')],
	[/^reverse a tour$/, () => t('Reverse a day')],
	[/^change the order of a tour$/, () => t('Change the order of a day')],
	[/^move a beat$/, () => t('Move a beat')],
	[/^put (\d+) visits? into a beat$/, (n) => tn('Put {n} visit into a beat', 'Put {n} visits into a beat', n)],
	[/^place a visit$/, () => t('Place a visit')],
	[/^held$/, () => t('a change that waits for the server')],
	[/^rearrange (\d+) days?$/, (n) => tn('Rearrange {n} day', 'Rearrange {n} days', n)],
	[/^pin (\d+) outlets?$/, (n) => tn('Pin {n} outlet', 'Pin {n} outlets', n)],
	[/^unpin (\d+) outlets?$/, (n) => tn('Unpin {n} outlet', 'Unpin {n} outlets', n)],
	[/^take back the commit of version (\d+)$/, (n) => t('Take back the commit of version {n}', { n })],
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

/** @type {Record<string, () => string>} */
const rules = {
	'more calls than the seat may have on a day': () => t('more calls than the seat may have on a day'),
	'more visits of a chain than a seat may make on a day': () => t('more visits of a chain than a seat may make on a day'),
	'longer than the shift': () => t('longer than the shift'),
	'fewer calls than a day is to have': () => t('fewer calls than a day is to have'),
	'a visit falls outside its hours': () => t('a visit falls outside its hours'),
	'an outlet is closed, or the seat does not work, on this day': () => t('an outlet is closed, or the seat does not work, on this day'),
	'the person is away on this date': () => t('the person is away on this date'),
	'the person is away on this date, which the visit list leaves out': () => t('the person is away on this date, which the visit list leaves out'),
	'the outlet is pinned to its person': () => t('the outlet is pinned to its person'),
	'the outlet is pinned to its days': () => t('the outlet is pinned to its days'),
	'the outlet is pinned to its person and days': () => t('the outlet is pinned to its person and days'),
	"the seat does not work for the outlet's distributor": () => t("the seat does not work for the outlet's distributor"),
}
/** What a broken rule says; the local checks speak the reader's language already. @param {{message: string}} b */
export function ruleText({ message }) {
	const gap = /^visits (\d+) days apart, (\d+) are wanted$/.exec(message)
	const dark = /^the chain receives nobody on this date: (.*)$/.exec(message)
	if (dark)
		return t('the chain receives nobody on this date: {name}', { name: dark[1] })
	return gap ? t('visits {n} days apart, {m} are wanted', { n: gap[1], m: gap[2] }) : rules[message]?.() ?? message
}

/** Why a column was taken for a field, in the reader's language. @param {string} reason as the server says it */
export function suggestionText(reason) {
	if (reason === 'chosen by hand')
		return t('chosen by hand')
	if (reason === 'as in the last file of this source')
		return t('as in the last file of this source')
	const m = /^"(.*)" (means|usually means|may mean) (.*?)(, and its values fit)?$/.exec(reason)
	if (!m)
		return reason
	const says = { means: t('“{column}” means {field}', { column: m[1], field: t(m[3]) }), 'usually means': t('“{column}” usually means {field}', { column: m[1], field: t(m[3]) }), 'may mean': t('“{column}” may mean {field}', { column: m[1], field: t(m[3]) }) }[m[2]]
	return m[4] ? t('{says}, and its values fit', { says: says ?? '' }) : says ?? reason
}

/** One of two readings of a value, as the server words it. @param {string} reading */
export function readingText(reading) {
	const visits = /^(\d+) visits in 4 weeks$/.exec(reading), every = /^one visit every (\d+) weeks$/.exec(reading)
	if (visits)
		return tn('{n} visit in 4 weeks', '{n} visits in 4 weeks', Number(visits[1]))
	if (every)
		return tn('a visit each week', 'a visit every {n} weeks', Number(every[1]))
	return reading
}

/** @returns {[string, string][]} */
export const vehicles = () => [['two-wheeler', t('two-wheeler')], ['car', t('car')], ['van', t('van')], ['walk', t('on foot')]]

/** Of a plan that is about to be committed: outlets that left its unit, and that it leaves out. @param {number} n */
export const droppedText = (n) => tn('{n} outlet lies in this unit no more: nobody visits it from then on. If it has a new one, commit the plan of that first.', '{n} outlets lie in this unit no more: nobody visits them from then on. Where they have a new one, commit the plan of that first.', n)
