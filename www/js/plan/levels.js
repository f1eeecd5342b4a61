// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of territories found in the columns of a file: what is proposed for ours, what speaks for a choice, the mapping of it.  Pure.

/** @typedef {{column: number, same: number[], values: number}} Level */
/** @typedef {{below: number, above: number, rows: number, exceptions: number}} Dependency */
/** @typedef {{column: number, value: string, above: number, usual: string, usualRows: number, other: string, otherRows: number, error: boolean, row: number}} Exception */
/** @typedef {{rows: number, wrongRows: number, exceptionCount: number, madeAt: string, columns: string[], counts: (number | null)[], levels: Level[], others: Level[][], chosen: number[] | null, dependencies: Dependency[], exceptions: Exception[]}} Hierarchy */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {Record<string, number | null>} Choice column of each target, null = none */

/** Columns of ours that make the tree, widest first. */
export const TARGETS = ['country', 'zone', 'region', 'area', 'dt_code']
/** Columns of a file of memberships for the levels of another model, widest first. */
export const MODEL_TARGETS = ['level_1', 'level_2', 'level_3', 'level_4']

const KEPT = 10, COUNTRY = -1, DISTRIBUTOR = -25, LEFT_OUT = -30

/** @param {Mapping[]} mapping @param {string} target */
const sourceOf = (mapping, target) => {
	const m = mapping.find((x) => x.target === target)
	return m && m.source >= 0 ? m.source : null
}

/** What the mapping says now. @param {Mapping[]} mapping @returns {Choice} */
export const chosenNow = (mapping, targets = TARGETS) => Object.fromEntries(targets.map((target) => [target, sourceOf(mapping, target)]))

/**
 * Levels in order onto targets in order: what is mapped well already stays, a level becomes a distributor only where nothing else is
 * left, and a target that is fed by something outside of the hierarchy - the one country of all rows - is not taken away.
 * @param {Hierarchy} h @param {Mapping[]} mapping @returns {Choice}
 */
export function propose(h, mapping) {
	const columnsOf = (/** @type {Level} */ l) => [l.column, ...l.same], all = h.levels.flatMap(columnsOf)
	const fixed = (/** @type {string} */ target) => mapping.some((m) => m.target === target && (m.source >= 0 ? !all.includes(m.source) : m.default))
	const choice = chosenNow(mapping)
	for (const target of TARGETS)
		if (choice[target] !== null && all.includes(choice[target]))
			choice[target] = null
	/** @type {{score: number, at: string[]}} */
	let best = { score: -Infinity, at: [] }
	const go = (/** @type {number} */ i, /** @type {number} */ from, /** @type {number} */ score, /** @type {string[]} */ at) => {
		if (i === h.levels.length) {
			if (score >= best.score)
				best = { score, at }
			return
		}
		go(i + 1, from, score + LEFT_OUT, [...at, ''])
		for (let t = from; t < TARGETS.length; t++) {
			if (fixed(TARGETS[t]))
				continue
			const now = sourceOf(mapping, TARGETS[t]), kept = now !== null && columnsOf(h.levels[i]).includes(now)
			go(i + 1, t + 1, score + (kept ? KEPT : TARGETS[t] === 'dt_code' ? DISTRIBUTOR : TARGETS[t] === 'country' ? COUNTRY : 0), [...at, TARGETS[t]])
		}
	}
	go(0, 0, 0, [])
	best.at.forEach((target, i) => {
		const now = target ? sourceOf(mapping, target) : null
		if (target)
			choice[target] = now !== null && columnsOf(h.levels[i]).includes(now) ? now : h.levels[i].column
	})
	return choice
}

/**
 * What speaks for each chosen level lying below the next wider one: the dependency, `one` value in all rows, or null.
 * @param {Hierarchy} h @param {Choice} choice @returns {Record<string, {above: number | null, holds: Dependency | null, one: boolean}>}
 */
export function evidence(h, choice, targets = TARGETS) {
	/** @type {ReturnType<typeof evidence>} */
	const out = {}
	let above = /** @type {number | null} */ (null)
	for (const target of targets) {
		const column = choice[target] ?? null
		if (column === null)
			continue
		const one = h.counts[column] === 1
		out[target] = { above, holds: h.dependencies.find((d) => d.below === column && d.above === above) ?? null, one }
		if (!one)
			above = column
	}
	return out
}

/** Columns of a choice of which one can lie below another, widest first. @param {Hierarchy} h @param {Choice} choice @returns {number[]} */
export const chain = (h, choice, targets = TARGETS) => targets.flatMap((x) => choice[x] ?? []).filter((c) => h.counts[c] !== 1)

/** Are the contradictions told those of this choice? A column that says the same as a level stands for it. @param {Hierarchy} h @param {Choice} choice */
export function toldOf(h, choice, targets = TARGETS) {
	const wish = chain(h, choice, targets), told = h.chosen?.map((c) => [c]) ?? h.levels.map((l) => [l.column, ...l.same])
	return wish.length === told.length && wish.every((c, i) => told[i].includes(c))
}

/** Two targets fed by one column. @param {Choice} choice */
export const twice = (choice, targets = TARGETS) => {
	const list = targets.map((x) => choice[x] ?? null).filter((c) => c !== null)
	return new Set(list).size !== list.length
}

/** The mapping with these levels; a column may feed another field beside its level, as a town does. @param {Mapping[]} mapping @param {Choice} choice @returns {Mapping[]} */
export function withLevels(mapping, choice) {
	const rest = mapping.filter((m) => !TARGETS.includes(m.target ?? '') || (m.source < 0 && choice[m.target ?? ''] === null))
	return [...rest, ...TARGETS.filter((x) => choice[x] !== null).map((target) => {
		const { confidence: _, reason: __, ...old } = mapping.find((m) => m.target === target) ?? { target }
		return { ...old, target, source: /** @type {number} */ (choice[target]) }
	})]
}

/** @param {Choice} a @param {Choice} b */
export const same = (a, b, targets = TARGETS) => targets.every((x) => (a[x] ?? null) === (b[x] ?? null))

/** Hierarchies for another model: in a file of outlets those beside the sales geography. @param {Hierarchy} h @param {string | null} entity @returns {Level[][]} */
export const chains = (h, entity) => [...(entity === 'outlets' || !h.levels.length ? [] : [h.levels]), ...h.others]

/** The widest levels of one as a choice. @param {Level[]} levels @returns {Choice} */
export const pickOf = (levels) => Object.fromEntries(MODEL_TARGETS.map((x, i) => [x, levels[i]?.column ?? null]))
