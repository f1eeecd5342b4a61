// SPDX-License-Identifier: GPL-3.0-or-later
// The full price of a change, worked out in the browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tourKey } from '../../www/js/plan/model.js'
import { priceOf } from '../../www/js/plan/price.js'

const q = { priceMissedGold: 240, priceMissedSilver: 120, priceMissedBronze: 60, priceOvertime: 1.5, priceDay: 8, pricePerson: 20, priceBeat: 6, priceImbalance: 0.5, balanceTolerance: 10 }
const w = { tier: ['Gold', 'Bronze'], needs: new Map([[1, { outlet: 0, visits: 2 }], [2, { outlet: 1, visits: 1 }]]) }
const sums = (minutes, over = 0) => ({ travel: minutes * 60, service: 0, wait: 0, over: over * 60 })
const p = { seats: [{ id: 7 }, { id: 8 }], sums: new Map([[tourKey(7, 0), sums(100)], [tourKey(8, 0), sums(100)]]) }
const stop = (need, seat, day) => ({ need, seat, day })
const touched = (seat, old, stops, before, after) => ({ seat: { id: seat }, old, stops, before, after })
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a}, not ${b}`)

test('a Gold visit taken out costs its price, less the way that is saved', () => {
	const x = priceOf(p, w, q, [touched(7, [stop(1, 7, 0)], [], sums(100), sums(95))], () => 2, 0)
	near(x.missed, 240)
	near(x.travel, -5)
	near(x.total, Object.entries(x).reduce((a, [k, v]) => a + (k === 'total' ? 0 : v), 0))
	near(priceOf(p, w, q, [touched(7, [stop(2, 7, 0)], [], sums(100), sums(95))], () => 2, 0).missed, 0) // one more than is asked for
})
test('another day costs a day, the same weekday no beat; another person costs all three', () => {
	const day = priceOf(p, w, q, [touched(7, [stop(1, 7, 0)], [], sums(100), sums(100)), touched(7, [], [stop(1, 7, 7)], sums(0), sums(0))], () => 1, 3)
	assert.deepEqual([day.missed, day.day, day.person, day.beat, day.due], [0, 8, 0, 0, -3])
	const person = priceOf(p, w, q, [touched(7, [stop(1, 7, 0)], [], sums(100), sums(100)), touched(8, [], [stop(1, 8, 1)], sums(100, 0), sums(100, 4))], () => 1, 0)
	assert.deepEqual([person.day, person.person, person.beat, person.overtime], [8, 20, 6, 6])
})
test('calls below the least of a day count, none where it has no work or they have no price', () => {
	const many = (calls) => ({ ...sums(100), calls }), few = (a, b, more = {}) => priceOf(p, w, { ...q, minCalls: 5, priceFew: 3, ...more }, [touched(7, [], [], many(a), many(b))], () => 0, 0).few
	assert.deepEqual([few(5, 4), few(4, 6), few(1, 0), few(0, 2), few(9, 6)], [3, -3, -12, 9, 0])
	assert.equal(few(5, 4, { priceFew: 0 }), 0)
})
test('what a person has beyond the tolerance counts', () => {
	near(priceOf(p, w, q, [touched(7, [], [], sums(100), sums(140))], () => 0, 0).imbalance, (20 - 12) * 2 * 0.5)
})
