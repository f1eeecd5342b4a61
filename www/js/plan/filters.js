// SPDX-License-Identifier: GPL-3.0-or-later
// Which outlets a filter of the workspace lets through.  Pure: the words for them are in workspace/filters.js.
import { isDue, isLost } from './due.js'
import { tourKey } from './model.js'

/** @typedef {import('./model.js').Stop} Stop */
/**
 * @typedef {{
 *   plan: import('./model.js').Plan, world: import('./model.js').World, details: import('./model.js').Details | null,
 *   stopsOf: Map<number, Stop[]>, today: number, missed: (s: Stop) => boolean, free: (s: Stop) => boolean }} Context  today: days since 1970; missed: nobody makes that visit; free: it falls on a holiday
 */
/** @typedef {(outlet: number) => boolean} Test */

/** @type {Record<string, (c: Context) => Test | null>} null: what it asks of is not known, or not yet */
const filters = {
	short: ({ plan, world }) => {
		const some = new Set([...plan.unserved.keys()].map((need) => world.needs.get(need)?.outlet))
		return (i) => some.has(i)
	},
	pinned: ({ plan, world }) => {
		const some = new Set([...plan.pins.keys()].map((need) => world.needs.get(need)?.outlet))
		return (i) => some.has(i)
	},
	/** A visit stands against a rule by somebody's reason, or on a day with more calls than its person may have, or off. */
	broken: ({ plan, world, stopsOf }) => {
		const some = new Set([...plan.overridden.keys()].map((need) => world.needs.get(need)?.outlet)), seats = new Map(plan.seats.map((s) => [s.id, s]))
		const bad = (/** @type {Stop} */ s) => {
			const seat = seats.get(s.seat)
			return !!seat && ((seat.maxCalls > 0 && (plan.sums.get(tourKey(s.seat, s.day))?.calls ?? 0) > seat.maxCalls) || !seat.workDays.includes(s.day))
		}
		return (i) => some.has(i) || !!stopsOf.get(i)?.some(bad)
	},
	leave: ({ stopsOf, missed }) => (i) => !!stopsOf.get(i)?.some(missed),
	holiday: ({ stopsOf, free }) => (i) => !!stopsOf.get(i)?.some(free),
	dated: ({ stopsOf }) => (i) => !!stopsOf.get(i)?.some((s) => s.from !== null || s.to !== null),
	nowhere: ({ world }) => (i) => Number.isNaN(world.lat[i]),
	wholesale: ({ details }) => details && ((i) => details.wholesale[i]),
	due: ({ details, today }) => details && ((i) => isDue(details, i, today)),
	late: ({ details, today }) => details && ((i) => isLost(details, i, today)),
}
/** Values of the data: has the outlet one of these? @type {Record<string, (w: import('./model.js').World, values: Set<string>) => Test>} */
const kinds = {
	tier: (w, tiers) => (i) => tiers.has(w.tier[i]),
	partner: (w, names) => (i) => names.has(w.partner[i]),
	chain: (w, names) => (i) => names.has(w.account[i]),
	line: (w, lines) => (i) => w.needsOf[i].some((need) => lines.has(w.needs.get(need)?.line ?? '')),
}

/** Names that occur, each once; one alone tells nothing. @param {string[]} list @param {string} kind */
const several = (list, kind) => {
	const names = [...new Set(list)].filter(Boolean).sort()
	return names.length > 1 ? names.map((n) => `${kind}:${n}`) : []
}
/** All that there are here, values as the data call them; one product line alone tells nothing. @param {import('./model.js').World} w */
export const filtersOf = (w) => [...Object.keys(filters), ...w.tiers.filter(Boolean).map((t) => `tier:${t}`), ...(w.lines.length > 1 ? w.lines.map((l) => `line:${l}`) : []), ...several(w.partner, 'partner'), ...several(w.account, 'chain')]

/** The value that it asks for, or null. @param {string} id @param {string} [kind] */
export function valueOf(id, kind) {
	const at = id.indexOf(':')
	return at > 0 && (!kind || id.slice(0, at) === kind) ? id.slice(at + 1) : null
}

/**
 * What an outlet must fit: all that were chosen, of tiers, product lines, distributors and chains one.  Null: nothing was chosen, or nothing of what was is known yet.
 * @param {string[]} chosen @param {Context} c @returns {Test | null}
 */
export function fitting(chosen, c) {
	const tests = chosen.flatMap((id) => filters[id]?.(c) ?? [])
	for (const [kind, test] of Object.entries(kinds)) {
		const values = new Set(chosen.flatMap((id) => valueOf(id, kind) ?? []))
		if (values.size)
			tests.push(test(c.world, values))
	}
	return tests.length ? (i) => tests.every((t) => t(i)) : null
}

/** How many outlets each lets through by itself. @param {Context} c @returns {Map<string, number>} */
export function countsOf(c) {
	/** @type {Map<string, number>} */
	const out = new Map()
	for (const id of filtersOf(c.world)) {
		const test = fitting([id], c)
		let n = 0
		for (let i = 0; test && i < c.world.n; i++)
			if (test(i))
				n++
		out.set(id, n)
	}
	return out
}

/** A name may have commas of its own. @param {string} id */
export const inAddress = (id) => id.replaceAll(',', ';')
/** As it stands in the address: names with commas between them; others than there are, are dropped. @param {string | undefined} text @param {import('./model.js').World} w */
export const parseFilters = (text, w) => filtersOf(w).filter((id) => (text ?? '').split(',').includes(inAddress(id)))

/** The list that shows best what one filter alone lets through. @param {string[]} chosen */
export const listOf = (chosen) => (chosen.join() === 'short' ? 'unserved' : chosen.join() === 'nowhere' ? 'unplaced' : 'all')
