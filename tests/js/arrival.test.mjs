// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrival } from '../../www/js/core/arrival.js'

test('how much has come is told once each reply has said how much it is, and only grows', () => {
	const a = arrival()
	a.begin(2)
	const one = a.part(), two = a.part()
	one(50, 100)
	assert.equal(a.share.value, null)
	two(0, 300)
	assert.equal(a.share.value, 0.125)
	one(100, 100)
	two(300, 300)
	assert.equal(a.share.value, 1)
	a.begin(1)
	assert.equal(a.share.value, null)
	a.part()(1, 2)
	assert.equal(a.share.value, 0.5)
})
