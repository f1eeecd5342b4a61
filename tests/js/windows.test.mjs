// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begins, closedOn, onWeekday, parseWindows, sourceWindows, windowsOf } from '../../www/js/plan/windows.js'

const w = (weekday, opens, closes, hard = true) => ({ weekday, opens: opens * 60, closes: closes * 60, hard })
const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

test('windows of a weekday go before those of every day; hard ones elsewhere close a day', () => {
	const all = [w(0, 8, 18), w(2, 14, 16), w(2, 9, 11)]
	assert.deepEqual(onWeekday(all, 2).map((x) => x.opens / 60), [9, 14])
	assert.deepEqual(onWeekday(all, 3).map((x) => x.opens / 60), [8])
	assert.equal(closedOn([w(2, 9, 11)], 3), true)
	assert.equal(closedOn([w(2, 9, 11, false)], 3), false)
})

test('who comes early waits and is later at the next, who comes behind the last window is late', () => {
	const [a, b, c] = begins(9 * 3600, [0, 1800, 3600], [[w(1, 10, 12)], [], [w(1, 8, 10, false)]], 1)
	assert.deepEqual([a.at, a.late], [36000, 0])
	assert.equal(b.at, 37800)
	assert.deepEqual([c.late, c.hard], [3600, false])
	assert.equal(begins(9 * 3600, [0], [[w(2, 9, 12)]], 1)[0].closed, true)
})

test('windows are read as people write them', () => {
	assert.deepEqual(parseWindows('Mo 9-12, We 14:30-16?', names), [{ weekday: 1, opens: 540, closes: 720, hard: true }, { weekday: 3, opens: 870, closes: 960, hard: false }])
	assert.deepEqual(parseWindows('8-17:15', names), [{ weekday: 0, opens: 480, closes: 1035, hard: true }])
	assert.deepEqual(parseWindows('', names), [])
	for (const bad of ['Mo', 'Xy 9-12', '12-9', '9-25', 'Mo nine'])
		assert.equal(parseWindows(bad, names), null, bad)
})

test('columns become lists by outlet', () => {
	assert.deepEqual([...windowsOf({ outlet: [5, 5, 6], weekday: [1, 2, 0], opens: [60, 60, 0], closes: [90, 90, 10], hard: [1, 0, 1] })].map(([o, l]) => [o, l.length]), [[5, 2], [6, 1]])
})

test('what the source said of windows can be read again', () => {
	assert.deepEqual(sourceWindows('every day 08:00-10:30; Wed 14:00-16:00 if possible'), [w(0, 8, 10.5), w(3, 14, 16, false)])
	assert.deepEqual(sourceWindows(null), [])
	assert.equal(sourceWindows('Mon 08:00-10:30; '.repeat(18)), null)
})
