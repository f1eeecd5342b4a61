// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planDiff } from '../../www/js/plan/diff.js'
import { tourKey } from '../../www/js/plan/model.js'

/** A plan of [need, seat, day] with 60 s and 100 m a stop. */
const plan = (stops) => {
	const tours = new Map(), sums = new Map()
	for (const [need, seat, day] of stops) {
		const key = tourKey(seat, day), x = sums.get(key) ?? { calls: 0, travel: 0, service: 0, wait: 0, metres: 0, over: 0 }
		tours.set(key, [...(tours.get(key) ?? []), { need, seat, day, pos: 0, beat: null, from: null, to: null }])
		sums.set(key, { ...x, calls: x.calls + 1, service: x.service + 60, metres: x.metres + 100 })
	}
	return { tours, sums }
}

test('each outlet of two plans counts once: kept, other days, other person, new or gone', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 1], [4, 8, 1], [5, 8, 2]])
	const b = plan([[1, 7, 0], [2, 7, 3], [3, 8, 1], [4, 8, 1], [6, 8, 2]])
	const d = planDiff(a, b)
	assert.deepEqual([d.needs, d.day, d.person, d.dropped, d.added], [6, 1, 1, 1, 1])
})

test('seats stand in the order of how much their work changes', () => {
	const a = plan([[1, 7, 0], [2, 8, 0], [3, 8, 1], [4, 8, 1]]), b = plan([[1, 7, 0], [2, 7, 0], [3, 9, 1], [4, 9, 1]])
	const d = planDiff(a, b)
	assert.deepEqual(d.seats.map((s) => s.seat), [8, 9, 7])
	assert.deepEqual(d.seats[0].before, { calls: 3, seconds: 180, metres: 300 })
	assert.deepEqual(d.seats[0].after, { calls: 0, seconds: 0, metres: 0 })
})
