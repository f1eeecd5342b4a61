// SPDX-License-Identifier: GPL-3.0-or-later
// Appointment windows of outlets, and when the visits of a tour begin when they are kept.  Pure.

/** @typedef {{weekday: number, opens: number, closes: number, hard: boolean}} Window  minutes of the day; weekday 1 = Monday, 0 = every day */
/** @typedef {{at: number, late: number, hard: boolean, closed: boolean}} Begin  seconds of the day; `late` seconds behind the last window; closed: no window on that day */

/** @param {import('../core/api.js').WindowColumns} c @returns {Map<number, Window[]>} by outlet */
export function windowsOf(c) {
	const out = new Map()
	c.outlet.forEach((o, i) => {
		const w = { weekday: c.weekday[i], opens: c.opens[i], closes: c.closes[i], hard: !!c.hard[i] }
		out.set(o, [...(out.get(o) ?? []), w])
	})
	return out
}

/** Those of a weekday; without any of its own those of every day. @param {Window[]} all @param {number} weekday 1..7 */
export function onWeekday(all, weekday) {
	const own = all.filter((w) => w.weekday === weekday)
	return (own.length ? own : all.filter((w) => w.weekday === 0)).sort((a, b) => a.opens - b.opens)
}
/** Has the outlet hard windows, but none on this weekday? @param {Window[]} all @param {number} weekday */
export const closedOn = (all, weekday) => all.some((w) => w.hard) && !onWeekday(all, weekday).length

/**
 * When each visit of a tour begins: who comes too early waits for the next window, who comes behind the last is late.
 * @param {number} start second of the day @param {number[]} arrive seconds after the start, without waiting @param {Window[][]} windows of each stop @param {number} weekday
 * @returns {Begin[]}
 */
export function begins(start, arrive, windows, weekday) {
	let waited = 0
	return arrive.map((a, i) => {
		const now = start + a + waited, list = onWeekday(windows[i], weekday)
		const next = list.find((w) => w.closes * 60 >= now)
		const at = next ? Math.max(now, next.opens * 60) : now
		waited += at - now
		const last = list[list.length - 1]
		return { at, late: next || !last ? 0 : now - last.closes * 60, hard: !!last?.hard, closed: closedOn(windows[i], weekday) }
	})
}

/** "Mo 9-12, We 14:30-16?" to windows: ? = if possible; null when it cannot be read. @param {string} text @param {string[]} names of the weekdays, Monday first @returns {Window[] | null} */
export function parseWindows(text, names) {
	const out = []
	for (const part of text.split(/[,;]/).map((x) => x.trim()).filter(Boolean)) {
		const m = /^(\D*?)\s*(\d{1,2})(?::?(\d{2}))?\s*[-–]\s*(\d{1,2})(?::?(\d{2}))?\s*(\?)?$/.exec(part)
		if (!m)
			return null
		const name = m[1].trim().toLowerCase(), found = name ? names.findIndex((n) => n.toLowerCase().startsWith(name) || name.startsWith(n.toLowerCase())) + 1 : 0
		const opens = Number(m[2]) * 60 + Number(m[3] ?? 0), closes = Number(m[4]) * 60 + Number(m[5] ?? 0)
		if ((name && !found) || closes <= opens || closes > 1440)
			return null
		out.push({ weekday: found, opens, closes, hard: !m[6] })
	}
	return out
}

/** Those of the source as an edit of them remembers it; null when there are too many to be remembered. @param {string | null} text @returns {Window[] | null} */
export const sourceWindows = (text) => (text && text.length >= 300 ? null : parseWindows((text ?? '').replaceAll(' if possible', '?').replaceAll('every day ', ''), ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
