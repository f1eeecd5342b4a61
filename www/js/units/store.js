// SPDX-License-Identifier: GPL-3.0-or-later
// The planning units on screen: as they are and as a scenario has them, what is pointed at, chosen and selected, and changes of a draft.
import { batch, computed, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { arrival } from '../core/arrival.js'
import { toastProblem } from '../components/ui.js'
import { colourUnits } from './colours.js'
import { keyOf, placesOf, wouldBe } from './model.js'
import { boundsOfCells, cellsOf, neighbours, placesOfOverview } from './overview.js'

/** @typedef {import('./model.js').Places} Places */
/** @typedef {import('../core/api.js').Scenario} Scenario */
/** @typedef {import('../core/api.js').Edited} Edited */
/** @typedef {{zoom: number, features: any[], edges: [string, string][]}} Outlines */

/** Not drawn yet. */
export const none = /** @type {Outlines} */ ({ zoom: -1, features: [], edges: [] })

/** Outlines as fine as a zoom asks for, of a scenario or of today. @param {string} id of the territory @param {Places} p @param {number | undefined} design @param {number} zoom @returns {Promise<Outlines | null>} */
export async function loadOutlines(id, p, design, zoom) {
	const [r] = await api.outlines(id, { design, zoom })
	const key = (/** @type {number} */ i) => keyOf(p.units[i])
	return r && { zoom, features: r.features, edges: Array.from({ length: r.borders.length / 3 }, (_, i) => [key(r.borders[3 * i]), key(r.borders[3 * i + 1])]) }
}

/**
 * The places of a scenario or of today, or what a part of the map shows where they are too many for that: counts in cells, or outlets.
 * @param {string} id of the territory @param {number | undefined} design @param {[number, number, number, number] | null} box w s e n, null = everything @param {Places | null} seen that was shown before of a part
 * @param {import('../core/http.js').Tell} [tell] how much of everything has come
 * @returns {Promise<{places: Places | null, edges: [string, string][] | null, problem: import('../core/http.js').Problem | null}>} edges: units that lie beside each other, of everything in cells
 */
export async function lookAt(id, design, box, seen, tell) {
	if (!box) {
		const [p, failed] = await api.places(id, { design }, tell)
		if (failed?.code !== 'ERR_OPT_002')
			return { places: p && placesOf(p), edges: null, problem: failed }
	}
	const [o, failed] = await api.overview(id, { design, ...(box ? { west: box[0], south: box[1], east: box[2], north: box[3] } : {}) })
	return { places: o && placesOfOverview(o, box ? seen?.box ?? null : boundsOfCells(cellsOf(o))), edges: o && !box ? neighbours(o) : null, problem: failed }
}

/** A zoom at which the places fill a map of usual size. @param {Places} p */
export function zoomFor(p) {
	let w = Infinity, e = -Infinity
	for (const x of p.lon) {
		w = Math.min(w, x)
		e = Math.max(e, x)
	}
	return Math.max(3, Math.min(16, Math.ceil(Math.log2(360 / Math.max(0.001, e - w)) + 2)))
}
/** The zoom to ask for when a map comes closer, null when what is drawn is fine enough. @param {Outlines} drawn @param {number} zoom */
export const finer = (drawn, zoom) => (drawn.zoom >= 0 && drawn.zoom < Math.ceil(zoom) ? Math.min(16, Math.ceil(zoom) + 1) : null)

/** @param {string} id of the territory @param {() => Promise<void>} changed after a draft was changed */
export function unitsStore(id, changed) {
	const before = signal(/** @type {Places | null} */ (null)), after = signal(/** @type {Places | null} */ (null))
	const scenario = signal(/** @type {Scenario | null} */ (null))
	const outlines = { before: signal(none), after: signal(none) }
	/* How much has come of what is not shown yet. */
	const arrived = { before: arrival(), after: arrival() }
	const side = signal(/** @type {'before' | 'after'} */ ('before'))
	/* Keys of units: the same today and in a scenario. */
	const chosen = signal(/** @type {string | null} */ (null)), hover = signal(/** @type {string | null} */ (null))
	const selection = signal(/** @type {Set<number>} */ (new Set())), target = signal(/** @type {number | null} */ (null))
	const onlyMoved = signal(false), busy = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	/* Of the server, for what is selected and where it would go. */
	const answer = signal(/** @type {Edited | null} */ (null))
	let asked = 0
	const asks = { before: 0, after: 0 }
	/* What the map shows. */
	let sight = /** @type {[number, number, number, number] | null} */ (null)

	const shown = computed(() => (side.value === 'after' && after.value ? after.value : before.value))
	const colours = computed(() => colourUnits([...new Set([before.value, after.value].flatMap((p) => p?.units.map(keyOf) ?? []))].sort(),
		[...outlines.before.value.edges, ...outlines.after.value.edges]))
	const editable = computed(() => scenario.value?.status === 'READY' && side.value === 'after' && !!after.value && !after.value.box)
	/** What a move would lead to, at once from here and then as the server counts it. */
	const would = computed(() => {
		const p = after.value
		return p && target.value !== null && selection.value.size ? { ...wouldBe(p, selection.value, target.value), answer: answer.value } : null
	})

	/** @param {'before' | 'after'} which @param {number} zoom */
	const drawOutlines = async (which, zoom) => {
		const p = (which === 'after' ? after : before).peek(), design = which === 'after' ? scenario.peek()?.id : undefined
		if (!p || (which === 'after' && !design))
			return
		const drawn = await loadOutlines(id, p, design, zoom)
		if (drawn && (which === 'before' || scenario.peek()?.id === design))
			outlines[which].value = drawn
	}
	/** Today or the scenario; all of it, or what is in a box. @param {'before' | 'after'} which @param {[number, number, number, number] | null} box w s e n */
	const look = async (which, box) => {
		const place = which === 'after' ? after : before, design = which === 'after' ? scenario.peek()?.id : undefined, mine = ++asks[which]
		if (which === 'after' && !design)
			return
		if (!box)
			arrived[which].begin(1)
		const r = await lookAt(id, design, box, place.peek(), arrived[which].part())
		if (mine !== asks[which])
			return
		problem.value = r.problem
		if (!r.places)
			return
		batch(() => {
			if (r.edges)
				outlines[which].value = { ...none, edges: r.edges }
			place.value = r.places
		})
		if (!r.places.box)
			await drawOutlines(which, Math.max(outlines[which].peek().zoom, zoomFor(r.places)))
	}
	/** Finer outlines when the map comes closer; nothing when they are fine enough. @param {number} zoom @param {[number, number, number, number]} box in sight */
	const closer = async (zoom, box) => {
		sight = box
		await Promise.all((/** @type {const} */ (['before', 'after'])).map((w) => {
			if ((w === 'after' ? after : before).peek()?.box)
				return look(w, box)
			const want = finer(outlines[w].peek(), zoom)
			return want && drawOutlines(w, want)
		}))
	}
	const loadToday = () => look('before', null)
	const loadAfter = async () => {
		await look('after', null)
		if (after.peek()?.box && sight)
			await look('after', sight)
	}
	const clear = () => batch(() => {
		selection.value = new Set()
		target.value = null
		answer.value = null
	})
	/** Show a scenario beside today, or today alone. @param {Scenario | null} s */
	const open = async (s) => {
		asks.after++
		batch(() => {
			clear()
			scenario.value = s
			after.value = null
			outlines.after.value = none
			chosen.value = null
			side.value = s ? 'after' : 'before'
		})
		await loadAfter()
	}
	const ask = async () => {
		const p = after.peek(), s = scenario.peek(), to = target.peek(), mine = ++asked
		answer.value = null
		if (!p || !s || to === null || !selection.peek().size)
			return
		const [r, failed] = await api.moveOutlets(id, s.id, body(true))
		if (mine !== asked)
			return
		answer.value = r
		problem.value = failed
	}
	/** @param {boolean} preview @param {string} [name] */
	const body = (preview, name) => {
		const p = /** @type {Places} */ (after.peek()), to = /** @type {number} */ (target.peek())
		return { outlets: [...selection.peek()].map((i) => p.id[i]), to: to === p.units.length ? null : p.units[to].number, preview, ...(name ? { name } : {}) }
	}
	/** @param {Promise<import('../core/http.js').Answer<Edited>>} call */
	const change = async (call) => {
		busy.value = true
		const [r, failed] = await call
		busy.value = false
		if (failed)
			return toastProblem(failed)
		clear()
		const s = scenario.peek()
		if (s)
			scenario.value = { ...s, ...r }
		await Promise.all([loadAfter(), changed()])
	}
	const move = (/** @type {string} */ name) => scenario.peek() && change(api.moveOutlets(id, /** @type {Scenario} */ (scenario.peek()).id, body(false, name)))
	/** All of a unit into another, by their numbers. @param {number} unit @param {number} to */
	const merge = (unit, to) => scenario.peek() && change(api.moveOutlets(id, /** @type {Scenario} */ (scenario.peek()).id, { outlets: [], unit, to, preview: false }))
	const undo = () => scenario.peek()?.undo && change(api.undoMove(id, /** @type {Scenario} */ (scenario.peek()).id))
	const redo = () => scenario.peek()?.redo && change(api.redoMove(id, /** @type {Scenario} */ (scenario.peek()).id))
	/** @param {Iterable<number>} list @param {'set' | 'add' | 'toggle'} how */
	const select = (list, how) => {
		const next = new Set(how === 'set' ? [] : selection.peek())
		for (const i of list)
			if (how === 'toggle' && next.has(i))
				next.delete(i)
			else
				next.add(i)
		selection.value = next
		void ask()
	}
	/** What is selected, and the unit of today that it is aimed at. */
	const aimed = () => {
		const p = after.peek(), u = p && target.peek() !== null ? p.units[/** @type {number} */ (target.peek())] : null
		return p && u?.territoryId ? { outlets: [...selection.peek()].map((i) => p.id[i]), unit: { id: u.territoryId, name: u.name } } : null
	}
	/** @param {number | null} to place in the units; as many as there are = a new one */
	const aim = (to) => {
		target.value = to
		void ask()
	}
	return { id, before, after, arrived, scenario, outlines, side, chosen, hover, selection, target, onlyMoved, busy, problem, aimed, shown, colours, editable, would,
		closer, loadToday, loadAfter, open, clear, move, merge, undo, redo, select, aim }
}
/** @typedef {ReturnType<typeof unitsStore>} UnitsStore */
