// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tourKey } from '../../www/js/plan/model.js'
import { countsOf, filtersOf, fitting, inAddress, listOf, parseFilters } from '../../www/js/plan/filters.js'

/* Five outlets: the first is short of visits, the second pinned, the third has a visit on leave and one of its date only, the fourth has no place. */
const world = { n: 5, lines: ['Soap', 'Tea'], needsOf: [[100], [101], [102], [103], [104]], lat: [1, 1, 1, NaN, 1], tier: ['Gold', 'Gold', 'Silver', 'Silver', ''], tiers: ['Gold', 'Silver', ''], partner: ['North', 'North', 'South', '', 'A, B'], account: ['', '', '', 'Big', ''], needs: new Map([0, 1, 2, 3, 4].map((i) => [100 + i, { outlet: i, line: i < 2 ? 'Tea' : 'Soap' }])) }
const stop = (need, seat, from = null) => ({ need, seat, day: 0, beat: null, pos: 0, from, to: from })
const details = { wholesale: [false, false, false, false, true], nppd: [90, -1, -1, 10, -1], due: [-1, 990, 900, -1, -1], every: [-1, 140, 140, -1, -1], spread: [-1, 20, 20, -1, -1] }
const c = {
	plan: { unserved: new Map([[100, {}]]), pins: new Map([[101, 1]]), overridden: new Map([[103, ['SHIFT']]]), seats: [{ id: 7, maxCalls: 2, workDays: [0] }, { id: 8, maxCalls: 1, workDays: [0] }], sums: new Map([[tourKey(8, 0), { calls: 2 }]]) }, world, details: null, today: 1000,
	stopsOf: new Map([[1, [stop(101, 7)]], [2, [stop(102, 8), stop(102, 7, '2026-12-01')]]]), missed: (s) => s.seat === 8, free: (s) => s.seat === 7,
}
const found = (chosen, more = {}) => {
	const test = fitting(chosen, { ...c, ...more })
	return test && [0, 1, 2, 3, 4].filter(test)
}

test('each filter lets through what it says', () => {
	assert.deepEqual(['short', 'pinned', 'leave', 'holiday', 'dated', 'nowhere', 'tier:Silver'].map((id) => found([id])), [[0], [1], [2], [1, 2], [2], [3], [2, 3]])
	assert.deepEqual(['due', 'late', 'wholesale'].map((id) => found([id], { details })), [[0, 1], [2], [4]])
})
test('what breaks a rule, of which distributor and of which chain', () => {
	assert.deepEqual(found(['broken']), [2, 3], 'a day with too many calls, and a rule that was overridden')
	assert.deepEqual([['partner:North'], ['partner:North', 'partner:South'], ['chain:Big']].map((x) => found(x)), [[0, 1], [0, 1, 2], [3]])
	const ids = filtersOf(world)
	assert.deepEqual([ids.filter((x) => x.startsWith('partner:')), ids.some((x) => x.startsWith('chain:'))], [['partner:A, B', 'partner:North', 'partner:South'], false], 'one chain alone tells nothing')
	assert.deepEqual(parseFilters(`broken,${inAddress('partner:A, B')}`, world), ['broken', 'partner:A, B'], 'a name with a comma survives the address')
})
test('of several all must fit, of tiers one', () => {
	assert.deepEqual(found(['tier:Gold', 'tier:Silver']), [0, 1, 2, 3])
	assert.deepEqual(found(['tier:Silver', 'nowhere']), [3])
	assert.deepEqual(found(['short', 'pinned']), [])
})
test('product lines are told apart where there are several', () => {
	assert.deepEqual(found(['line:Tea']), [0, 1])
	assert.deepEqual(found(['line:Tea', 'line:Soap', 'tier:Silver']), [2, 3])
	assert.equal(filtersOf({ ...world, lines: ['Tea'] }).some((id) => id.startsWith('line:')), false)
})
test('one filter has the list that shows it best', () => {
	assert.deepEqual([['short'], ['nowhere'], ['short', 'due'], ['leave']].map(listOf), ['unserved', 'unplaced', 'all', 'all'])
})
test('what is not known yet lets all through, alone or with others', () => {
	assert.equal(found(['due']), null)
	assert.deepEqual(found(['due', 'pinned']), [1])
	assert.equal(found([]), null)
})
test('what is there is counted, and only that is read from an address', () => {
	assert.deepEqual([...countsOf({ ...c, details })], [['short', 1], ['pinned', 1], ['broken', 2], ['leave', 1], ['holiday', 2], ['dated', 1], ['nowhere', 1], ['wholesale', 1], ['due', 2], ['late', 1], ['tier:Gold', 2], ['tier:Silver', 2], ['line:Soap', 3], ['line:Tea', 2], ['partner:A, B', 1], ['partner:North', 2], ['partner:South', 1]])
	assert.deepEqual(filtersOf(world).length, 17)
	assert.deepEqual(parseFilters('tier:Gold,short,tier:Lead,<b>,short', world), ['short', 'tier:Gold'])
	assert.deepEqual(parseFilters(undefined, world), [])
})
