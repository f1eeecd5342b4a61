// SPDX-License-Identifier: GPL-3.0-or-later
// Translation and local formats.  English is the source; other languages are gen/locale/LANG.json, made from po/.
// xgettext reads t('…'), tn('one', 'many', n) and tc('context', '…') in place, also inside templates.

/** @typedef {Record<string, string | number>} Values */

/** Languages offered; each but English has a po file. */
export const languages = [['en', 'English'], ['fr', 'Français']]

/** @type {Record<string, string | string[]>} */
let messages = {}
export let lang = 'en'
/** The language with the reader's region, for dates and numbers: British English has other dates than American. */
let region = 'en'
let plural = new Intl.PluralRules('en')
/** Index of a plural category in a po file's forms, by language. */
const forms = { en: ['one', 'other'], fr: ['one', 'other'] }

/** @param {string} text @param {Values} [values] */
const fill = (text, values) =>
	values ? text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? String(values[key]) : all)) : text

/** @param {string} text @param {Values} [values] */
export function t(text, values) {
	const found = messages[text]
	return fill(typeof found === 'string' && found ? found : text, values)
}

/** The same word in two meanings: the context tells them apart. @param {string} context @param {string} text @param {Values} [values] */
export function tc(context, text, values) {
	const found = messages[context + '\u0004' + text]
	return fill(typeof found === 'string' && found ? found : text, values)
}

/** @param {string} one @param {string} many @param {number} n @param {Values} [values] `{n}` is the number */
export function tn(one, many, n, values) {
	const found = messages[one]
	const category = plural.select(n)
	const index = Math.max(0, (forms[/** @type {'en'|'fr'} */ (lang)] ?? forms.en).indexOf(category))
	const text = Array.isArray(found) && found[index] ? found[index] : category === 'one' ? one : many
	return fill(text, { n: num(n), ...values })
}

/** The language asked for: the stored choice, the account's, the browser's. @param {string} [account] */
export function preferred(account) {
	let stored = null
	try {
		stored = localStorage.getItem('bp.lang')
	} catch {
		// Storage may be forbidden.
	}
	const known = (/** @type {string} */ l) => languages.some(([code]) => code === l)
	for (const l of [stored, account, ...(navigator.languages ?? [])])
		if (l && known(l.slice(0, 2)))
			return l.slice(0, 2)
	return 'en'
}

/** Loads a language; on failure the source text stays. @param {string} code */
export async function useLanguage(code) {
	messages = {}
	if (code !== 'en') {
		try {
			const reply = await fetch(`/gen/locale/${code}.json`)
			if (reply.ok)
				messages = await reply.json()
			else
				code = 'en'
		} catch {
			code = 'en'
		}
	}
	lang = code
	region = navigator.languages?.find((l) => l.slice(0, 2) === code) ?? code
	plural = new Intl.PluralRules(code)
	document.documentElement.lang = code
	formats.clear()
}

/** @type {Map<string, any>} */
const formats = new Map()
/** @template T @param {string} key @param {() => T} make @returns {T} */
function cached(key, make) {
	if (!formats.has(key))
		formats.set(key, make())
	return formats.get(key)
}

/** @param {number | null | undefined} n @param {number} [digits] */
export const num = (n, digits = 0) => (n === null || n === undefined || Number.isNaN(n) ? '–'
	: cached('n' + digits, () => new Intl.NumberFormat(region, { maximumFractionDigits: digits })).format(n))

/** A number where there is little room: 1.2K. @param {number} n */
export const compact = (n) => cached('c0', () => new Intl.NumberFormat(region, { notation: 'compact', maximumSignificantDigits: 2 })).format(n)
/** With a sign, for differences. @param {number} n @param {number} [digits] */
export const signed = (n, digits = 0) =>
	cached('s' + digits, () => new Intl.NumberFormat(region, {
		maximumFractionDigits: digits, signDisplay: 'exceptZero',
	})).format(Math.abs(n) < 0.5 * 10 ** -digits ? 0 : n)

/** Plan dates carry no zone: read as UTC midnight. @param {string} iso @param {Intl.DateTimeFormatOptions} o */
const utc = (iso, o) => cached('d' + JSON.stringify(o), () => new Intl.DateTimeFormat(region, { timeZone: 'UTC', ...o }))
	.format(new Date(iso + 'T00:00:00Z'))
/** @param {string | null | undefined} iso */
export const day = (iso) => (iso ? utc(iso, { weekday: 'short', day: 'numeric', month: 'short' }) : '–')
/** @param {string | null | undefined} iso */
export const date = (iso) => (iso ? utc(iso.slice(0, 10), { day: 'numeric', month: 'short', year: 'numeric' }) : '–')
/** @param {string} iso */
export const weekday = (iso) => utc(iso, { weekday: 'short' })
/** @param {string} iso */
export const dayMonth = (iso) => utc(iso, { day: 'numeric', month: 'short' })
/** @param {string} iso */
export const dayOfMonth = (iso) => utc(iso, { day: 'numeric' })

/** An instant in the reader's own zone. @param {string | null | undefined} iso */
export const instant = (iso) => (iso ? cached('i', () => new Intl.DateTimeFormat(region, {
	dateStyle: 'medium', timeStyle: 'short',
})).format(new Date(iso)) : '–')
/** The same to the second, as a log has it. @param {string} iso */
export const moment = (iso) => cached('m', () => new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'medium' })).format(new Date(iso))
/** @param {string | null | undefined} iso */
export const clock = (iso) => (iso ? cached('c', () => new Intl.DateTimeFormat(region, { timeStyle: 'short' }))
	.format(new Date(iso)) : '–')

/** "3 minutes ago". @param {string | null | undefined} iso */
export function ago(iso) {
	if (!iso)
		return '–'
	const s = Math.max(0, (Date.now() - Date.parse(iso)) / 1000)
	const rel = cached('r', () => new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }))
	if (s < 45)
		return t('just now')
	if (s < 3600)
		return rel.format(-Math.max(1, Math.round(s / 60)), 'minute')
	if (s < 86400)
		return rel.format(-Math.round(s / 3600), 'hour')
	if (s < 86400 * 14)
		return rel.format(-Math.round(s / 86400), 'day')
	return date(iso)
}

/** Of a job: seconds while it is short. @param {number} seconds */
export const elapsed = (seconds) => (seconds < 90 ? t('{n} s', { n: num(seconds, seconds < 10 ? 1 : 0) }) : duration(seconds))

/** Hours and minutes. @param {number | null | undefined} seconds */
export function duration(seconds) {
	if (seconds === null || seconds === undefined)
		return '–'
	const m = Math.round(seconds / 60)
	const h = Math.trunc(m / 60)
	return h ? t('{h} h {m} min', { h: num(h), m: String(m % 60).padStart(2, '0') }) : t('{m} min', { m: num(m) })
}
/** Clock time of a second of the day. @param {number} seconds */
export const timeOfDay = (seconds) => {
	const m = Math.round(seconds / 60)
	return `${String(Math.floor(m / 60) % 24).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`
}
/** @param {number} n */
export function bytes(n) {
	const units = ['B', 'kB', 'MB', 'GB']
	let k = 0
	while (n >= 1000 && k < units.length - 1) {
		n /= 1000
		k++
	}
	return `${num(n, k ? 1 : 0)} ${units[k]}`
}
