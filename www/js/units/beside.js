// SPDX-License-Identifier: GPL-3.0-or-later
// Two ways to cut a territory into units, each on a map of its own: what both maps show, point at and look at is one.
import { batch, computed, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { tied } from '../map/tie.js'
import { colourUnits } from './colours.js'
import { besideEachOther, keyOf, placesOf } from './model.js'
import { finer, loadOutlines, none, zoomFor } from './store.js'

/** @typedef {import('./model.js').Places} Places */

/** @param {string} id of the territory */
export function besideStore(id) {
	const chosen = signal(/** @type {string | null} */ (null)), hover = signal(/** @type {string | null} */ (null))
	const onlyMoved = signal(false), mark = signal(/** @type {number | null} */ (null))
	const comparison = signal(/** @type {import('../core/api.js').UnitComparison | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const shown = [signal(/** @type {Places | null} */ (null)), signal(/** @type {Places | null} */ (null))], drawn = [signal(none), signal(none)]
	const colours = computed(() => colourUnits([...new Set(shown.flatMap((s) => s.value?.units.map(keyOf) ?? []))].sort(), drawn.flatMap((d) => d.value.edges)))
	const tie = tied()
	/** Of both sides, undefined = today. */
	let designs = /** @type {(number | undefined)[]} */ ([]), turn = 0

	/** @param {number} side @param {number} zoom */
	const draw = async (side, zoom) => {
		const p = shown[side].peek(), mine = turn, made = p && await loadOutlines(id, p, designs[side], zoom)
		if (made && p && mine === turn)
			drawn[side].value = { ...made, features: made.features.map((f) => ({ ...f, properties: { ...f.properties, key: keyOf(p.units[f.properties.number]) } })) }
	}
	/** @param {number | undefined} left @param {number | undefined} right */
	const load = async (left, right) => {
		const mine = ++turn
		designs = [left, right]
		const [[c, f1], [a, f2], [b, f3]] = await Promise.all([api.compareUnits(id, { left, right }), api.places(id, { design: left }), api.places(id, { design: right })])
		if (mine !== turn)
			return
		const both = a && b && c && besideEachOther(placesOf(a), placesOf(b), c.same)
		batch(() => {
			problem.value = f1 ?? f2 ?? f3
			comparison.value = c
			chosen.value = mark.value = null
			shown.forEach((s, i) => {
				drawn[i].value = none
				s.value = both ? both[i] : null
			})
		})
		if (both)
			await Promise.all(both.map((p, i) => draw(i, zoomFor(p))))
	}
	/** @param {number} side @returns {import('../map/unitsmap.js').Store} */
	const view = (side) => ({
		id, shown: shown[side], after: shown[side], outlines: { before: signal(none), after: drawn[side] }, colours, chosen, hover, onlyMoved, mark, tie,
		selection: signal(new Set()), editable: computed(() => false), select: () => {},
		closer: async (zoom) => {
			const want = finer(drawn[side].peek(), zoom)
			if (want)
				await draw(side, want)
		},
	})
	return { chosen, hover, onlyMoved, mark, comparison, problem, shown, colours, load, views: [view(0), view(1)] }
}
