// SPDX-License-Identifier: GPL-3.0-or-later
// Two ways to cut a territory into units, each on a map of its own: what both maps show, point at and look at is one.
import { batch, computed, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { arrival } from '../core/arrival.js'
import { tied } from '../map/tie.js'
import { colourUnits } from './colours.js'
import { besideEachOther, keyOf } from './model.js'
import { finer, loadOutlines, lookAt, none, zoomFor } from './store.js'

/** @typedef {import('./model.js').Places} Places */

/** @param {string} id of the territory */
export function besideStore(id) {
	const chosen = signal(/** @type {string | null} */ (null)), hover = signal(/** @type {string | null} */ (null))
	const onlyMoved = signal(false), mark = signal(/** @type {number | null} */ (null))
	const comparison = signal(/** @type {import('../core/api.js').UnitComparison | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const shown = [signal(/** @type {Places | null} */ (null)), signal(/** @type {Places | null} */ (null))], drawn = [signal(none), signal(none)]
	const colours = computed(() => colourUnits([...new Set(shown.flatMap((s) => s.value?.units.map(keyOf) ?? []))].sort(), drawn.flatMap((d) => d.value.edges)))
	const tie = tied(), arrived = arrival()
	/** Of both sides, undefined = today. */
	let designs = /** @type {(number | undefined)[]} */ ([]), turn = 0
	const raw = /** @type {(Places | null)[]} */ ([null, null]), asks = [0, 0]

	/** @param {number} side @param {number} zoom */
	const draw = async (side, zoom) => {
		const p = shown[side].peek(), mine = turn, made = p && await loadOutlines(id, p, designs[side], zoom)
		if (made && p && mine === turn)
			drawn[side].value = { ...made, features: made.features.map((f) => ({ ...f, properties: { ...f.properties, key: keyOf(p.units[f.properties.number]) } })) }
	}
	/** As both sides are, with what differs marked. */
	const pair = () => {
		const [a, b] = raw
		const both = a && b && comparison.peek() && besideEachOther(a, b, /** @type {any} */ (comparison.peek()).same)
		shown.forEach((s, i) => (s.value = both ? both[i] : null))
	}
	/** @param {number | undefined} left @param {number | undefined} right */
	const load = async (left, right) => {
		const mine = ++turn
		designs = [left, right]
		arrived.begin(2)
		const [[c, failed], ...sides] = await Promise.all([api.compareUnits(id, { left, right }), lookAt(id, left, null, null, arrived.part()), lookAt(id, right, null, null, arrived.part())])
		if (mine !== turn)
			return
		batch(() => {
			problem.value = failed ?? sides[0].problem ?? sides[1].problem
			comparison.value = c
			chosen.value = mark.value = null
			sides.forEach((s, i) => {
				drawn[i].value = { ...none, edges: s.edges ?? [] }
				raw[i] = s.places
			})
			pair()
		})
		await Promise.all(shown.map((s, i) => s.peek() && !s.peek()?.box && draw(i, zoomFor(/** @type {Places} */ (s.peek())))))
	}
	/** What is in a box, where there is more than can be shown. @param {number} side @param {[number, number, number, number]} box w s e n */
	const look = async (side, box) => {
		const mine = turn, last = ++asks[side], r = await lookAt(id, designs[side], box, raw[side])
		if (mine !== turn || last !== asks[side] || !r.places)
			return
		raw[side] = r.places
		batch(pair)
	}
	/** @param {number} side @returns {import('../map/unitsmap.js').Store} */
	const view = (side) => ({
		id, shown: shown[side], after: shown[side], outlines: { before: signal(none), after: drawn[side] }, colours, chosen, hover, onlyMoved, mark, tie,
		selection: signal(new Set()), editable: computed(() => false), select: () => {},
		closer: async (zoom, box) => {
			if (raw[side]?.box)
				return look(side, box)
			const want = finer(drawn[side].peek(), zoom)
			if (want)
				await draw(side, want)
		},
	})
	return { chosen, hover, onlyMoved, mark, comparison, problem, arrived, shown, colours, load, views: [view(0), view(1)] }
}
