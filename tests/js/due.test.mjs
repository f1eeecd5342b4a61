// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayNumber, isDue, isLost, phi, scoreOf } from '../../www/js/plan/due.js'

/* An outlet with a rhythm of 14 days that is due on day 1000, one with a score, one of which nothing is known. */
const d = { code: [], name: [], volume: [], nppd: [-1, 84, -1], due: [1000, 990, -1], every: [140, 140, -1], spread: [20, 20, -1] }
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-5, `${a}, not ${b}`)

test('the score is the chance that a purchase is due, as the server counts it', () => {
	near(phi(0), 0.5)
	near(phi(1), 0.841344746)
	near(phi(-2), 0.022750132)
	near(scoreOf(d, 0, 1000), 50)
	near(scoreOf(d, 0, 1002), 84.1344746)
	near(scoreOf(d, 0, 996), 2.2750132)
})
test('a score of the file goes before, and nothing is known of others', () => {
	assert.equal(scoreOf(d, 1, 1000), 84)
	assert.equal(scoreOf(d, 2, 1000), -1)
})
test('due from its day on, until it is late by more than three gaps', () => {
	assert.deepEqual([999, 1000, 1042, 1043].map((day) => isDue(d, 0, day)), [false, true, true, false])
	assert.deepEqual([1042, 1043].map((day) => isLost(d, 0, day)), [false, true])
	assert.equal(isDue(d, 1, 1), true)
	assert.equal(isDue(d, 2, 9999), false)
	assert.equal(dayNumber('1970-01-11'), 10)
})
