// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of units on a map: neighbours never share one.  Pure.

/** Told apart by people who see red and green alike, too, and on a light map as on a dark one (after Okabe and Ito 2008). */
const light = ['#006ab6', '#e08a00', '#007e59', '#b76098', '#40a8e4', '#cb3b00', '#5a5f66', '#857c18']
const onDark = ['#4195e6', '#f0b72e', '#05c379', '#b37098', '#91d7ff', '#ef7739', '#b5bfc6', '#e0d470']
/** @param {boolean} isDark */
export const unitColours = (isDark) => (isDark ? onDark : light)

/**
 * A colour for each key so that no two of an edge share one: those with fewest colours left come first (Brelaz 1979).
 * @param {string[]} keys @param {[string, string][]} edges @returns {Map<string, number>}
 */
export function colourUnits(keys, edges) {
	/** @type {Map<string, Set<string>>} */
	const beside = new Map(keys.map((k) => [k, new Set()]))
	for (const [a, b] of edges)
		if (a !== b && beside.has(a) && beside.has(b)) {
			beside.get(a)?.add(b)
			beside.get(b)?.add(a)
		}
	/** @type {Map<string, Set<number>>} */
	const taken = new Map(keys.map((k) => [k, new Set()]))
	const used = light.map(() => 0)
	/** @type {Map<string, number>} */
	const out = new Map()
	const size = (/** @type {string} */ k) => beside.get(k)?.size ?? 0, held = (/** @type {string} */ k) => taken.get(k)?.size ?? 0
	const left = new Set(keys)
	while (left.size) {
		let best = ''
		for (const k of left)
			if (!best || held(k) > held(best) || (held(k) === held(best) && size(k) > size(best)))
				best = k
		left.delete(best)
		const not = taken.get(best) ?? new Set()
		/* Of the first five that are free the one seen least: a map of few colours is grey of mind. */
		const free = light.map((_, c) => c).filter((c) => !not.has(c))
		const c = free.filter((x) => x < 5).sort((a, b) => used[a] - used[b] || a - b)[0] ?? free[0] ?? out.size % light.length
		used[c]++
		out.set(best, c)
		for (const k of beside.get(best) ?? [])
			taken.get(k)?.add(c)
	}
	return out
}
