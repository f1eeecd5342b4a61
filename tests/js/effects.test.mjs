// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causes, changed, onDueDays } from '../../www/js/plan/effects.js'
import { tourKey } from '../../www/js/plan/model.js'

test('each price meets what the plan has of its cause', () => {
	const sum = (minutes) => ({ calls: 1, travel: minutes * 30, service: minutes * 30, wait: 0, metres: 0, over: 0 })
	const p = {
		sums: new Map([[tourKey(1, 0), sum(60)], [tourKey(1, 1), sum(60)], [tourKey(2, 0), sum(80)]]), totals: { overtimeMinutes: 12 },
		unserved: new Map([[10, { missing: 2, reason: '' }], [11, { missing: 1, reason: '' }], [12, { missing: 4, reason: '' }]]),
	}
	const w = { tier: ['Gold', 'Bronze', 'Other'], needs: new Map([[10, { outlet: 0 }], [11, { outlet: 1 }], [12, { outlet: 2 }]]) }
	const c = causes(p, w, { Gold: 1, Silver: 2, Bronze: 3 }, 10, 4)
	assert.deepEqual([c.priceOvertime, c.priceMissedGold, c.priceMissedSilver, c.priceMissedBronze], [12, 2, 0, 5])
	// 120 and 80 minutes lie 20 off their mean of 100, of which 10 pass.
	assert.equal(c.priceImbalance, 20)
	assert.equal(c.priceFew, 9) // three days of one call each
})

const plan = (...stops) => ({ tours: new Map([[0, stops.map(([need, seat, day, beat = null]) => ({ need, seat, day, beat, pos: 0, from: null, to: null }))]]) })
test('visits are otherwise than before by person, day and beat; what is new is not', () => {
	const before = plan([10, 1, 0, 5], [10, 1, 14, 5], [11, 1, 0, 5]), after = plan([10, 1, 0, 5], [10, 1, 15, 5], [11, 2, 1, 6], [12, 3, 3, 7])
	assert.deepEqual(changed(before, after), { priceDay: 2, pricePerson: 1, priceBeat: 1 })
	assert.deepEqual(changed(before, before), { priceDay: 0, pricePerson: 0, priceBeat: 0 })
})
test('visits on days when a purchase is due are counted', () => {
	const d = { nppd: [-1, -1], due: [1002, -1], every: [140, -1], spread: [20, -1] }, w = { needs: new Map([[10, { outlet: 0 }], [11, { outlet: 1 }]]) }
	assert.equal(onDueDays(plan([10, 1, 0], [10, 1, 5], [11, 1, 5]), w, d, (day) => 1000 + day), 1)
})
