// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailLevels, inSight, levelAt } from '../../www/js/map/detail.js'

const n = 500000
const x = new Float64Array(n), y = new Float64Array(n)
let seed = 1
const draw = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
for (let i = 0; i < n; i++) {
	x[i] = 0.7 + 0.05 * draw() ** 3
	y[i] = 0.4 + 0.05 * draw() ** 3
}
x[7] = y[7] = NaN
const all = { x0: 0, y0: 0, x1: 1, y1: 1 }

test('half a million points are thinned out to what can be told apart, and nobody is lost close up', () => {
	const { level, cell } = detailLevels(x, y, 20000), state = new Uint8Array(2 * n)
	state[2 * 7] = 3
	const counts = [0, 1, 2, 3, 4].map((l) => inSight(x, y, level, state, { ...all, level: l }).length)
	assert.equal(counts[4], n - 1)
	assert.ok(counts[0] < 100000, `${counts[0]} from afar`)
	assert.ok(counts.every((c, i) => !i || c > counts[i - 1]))
	/* Every spot of the screen that holds a point shows one. */
	const spots = (list) => new Set([...list].map((i) => Math.floor((y[i] - 0.4) / cell) * 1000 + Math.floor((x[i] - 0.7) / cell)))
	const every = spots(inSight(x, y, level, state, { ...all, level: 4 })), some = spots(inSight(x, y, level, state, { ...all, level: 0 }))
	assert.ok(some.size > 0.97 * every.size, `${some.size} of ${every.size}`)
})

test('what is selected is drawn at every level and last, what lies outside not at all', () => {
	const { level } = detailLevels(x, y, 20000), state = new Uint8Array(2 * n), hidden = level.indexOf(4)
	state[2 * hidden] = 1
	const list = inSight(x, y, level, state, { ...all, level: 0 })
	assert.equal(list.at(-1), hidden)
	assert.equal(inSight(x, y, level, state, { x0: 0, y0: 0, x1: 0.1, y1: 1, level: 4 }).length, 0)
})

test('few points are all drawn; levels follow the pixels of a cell', () => {
	assert.ok(detailLevels(x.slice(0, 5000), y.slice(0, 5000), 5000).level.every((l) => l === 0))
	assert.deepEqual([1, 3, 6, 12, 24, 48, 4000].map(levelAt), [0, 0, 1, 2, 3, 4, 4])
})

test('where they crowd, the best tier stands for all', () => {
	const rank = Uint8Array.from(x, (_, i) => (i % 50 ? 2 + i % 2 : 0)), state = new Uint8Array(2 * n), { level } = detailLevels(x, y, 20000, rank)
	const afar = inSight(x, y, level, state, { ...all, level: 0 }), among = (list) => list.reduce((s, i) => s + (rank[i] === 0), 0) / list.length
	const crowd = afar.filter((i) => x[i] < 0.702 && y[i] < 0.402)
	assert.ok(among(crowd) > 5 * among(inSight(x, y, detailLevels(x, y, 20000).level, state, { ...all, level: 0 }).filter((i) => x[i] < 0.702 && y[i] < 0.402)), `${among(crowd)}`)
})
