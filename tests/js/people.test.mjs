// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peopleNeeded } from '../../www/js/plan/people.js'

const plan = (seats, calls, unserved, reason) => ({ seats: Array(seats), totals: { calls, unserved }, unserved: new Map([[1, { missing: unserved, reason }]]) })

test('how many people are needed follows from what those make who are there', () => {
	assert.equal(peopleNeeded(plan(1, 840, 3960, 'CAPACITY_TIME')), 6)
	assert.equal(peopleNeeded(plan(2, 1900, 1900, 'CAPACITY_CALLS')), 4)
})
test('nobody is asked for where 95 % are made, where nothing is planned yet, or where people would not help', () => {
	assert.equal(peopleNeeded(plan(1, 960, 40, 'CAPACITY_TIME')), 0)
	assert.equal(peopleNeeded(plan(1, 0, 1000, 'CAPACITY_TIME')), 0)
	assert.equal(peopleNeeded(plan(1, 500, 500, 'NO_COORDINATES')), 0)
})
