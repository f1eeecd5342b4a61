// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causes } from '../../www/js/plan/effects.js'
import { tourKey } from '../../www/js/plan/model.js'

test('each price meets what the plan has of its cause', () => {
	const sum = (minutes) => ({ calls: 1, travel: minutes * 30, service: minutes * 30, wait: 0, metres: 0, over: 0 })
	const p = {
		sums: new Map([[tourKey(1, 0), sum(60)], [tourKey(1, 1), sum(60)], [tourKey(2, 0), sum(80)]]), totals: { overtimeMinutes: 12 },
		unserved: new Map([[10, { missing: 2, reason: '' }], [11, { missing: 1, reason: '' }], [12, { missing: 4, reason: '' }]]),
	}
	const w = { tier: ['Gold', 'Bronze', 'Other'], needs: new Map([[10, { outlet: 0 }], [11, { outlet: 1 }], [12, { outlet: 2 }]]) }
	const c = causes(p, w, { Gold: 1, Silver: 2, Bronze: 3 }, 10)
	assert.deepEqual([c.priceOvertime, c.priceMissedGold, c.priceMissedSilver, c.priceMissedBronze], [12, 2, 0, 5])
	// 120 and 80 minutes lie 20 off their mean of 100, of which 10 pass.
	assert.equal(c.priceImbalance, 20)
})
