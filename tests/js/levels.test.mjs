// SPDX-License-Identifier: GPL-3.0-or-later
// What is proposed for the levels that were found, what speaks for a choice, and the mapping that comes of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chain, chosenNow, evidence, propose, same, toldOf, twice, withLevels } from '../../www/js/plan/levels.js'

/* code, name, country, region, region name, town */
const found = (more = {}) => ({
	rows: 100, wrongRows: 0, exceptionCount: 0, madeAt: '', columns: ['code', 'name', 'country', 'region', 'region name', 'town'], counts: [null, null, 1, 5, 5, 40],
	levels: [{ column: 3, same: [4], values: 5 }, { column: 5, same: [], values: 40 }], chosen: null, others: [], dependencies: [{ below: 5, above: 3, rows: 100, exceptions: 2 }, { below: 5, above: 4, rows: 100, exceptions: 2 }], exceptions: [], ...more,
})
const map = (...list) => list.map(([source, target]) => ({ source, target }))

test('contradictions are told of the levels found until others are chosen and looked through', () => {
	const none = { country: null, zone: null, region: null, area: null, dt_code: null }, proposed = { ...none, country: 2, region: 3, area: 5 }
	const by = { ...none, country: 2, region: 4, area: 5 }, turned = { ...none, zone: 5, region: 3 }
	assert.deepEqual([chain(found(), proposed), chain(found(), turned)], [[3, 5], [5, 3]], 'the one country of all rows is no level that could be contradicted')
	assert.ok(toldOf(found(), proposed) && toldOf(found(), by), 'the name says what the code does')
	assert.ok(!toldOf(found(), turned) && !toldOf(found(), { ...none, region: 3 }))
	assert.ok(toldOf(found({ chosen: [5, 3] }), turned) && !toldOf(found({ chosen: [5, 3] }), proposed))
})
test('levels go to the narrowest of ours above the distributor', () => {
	assert.deepEqual(propose(found(), map([0, 'code'])), { country: null, zone: null, region: 3, area: 5, dt_code: null })
	const four = found({ levels: [2, 3, 4, 5].map((column) => ({ column, same: [], values: column })) })
	assert.deepEqual(propose(four, []), { country: 2, zone: 3, region: 4, area: 5, dt_code: null })
})
test('what is mapped already stays, by code or name', () => {
	assert.deepEqual(propose(found(), map([4, 'zone'], [5, 'region'])), { country: null, zone: 4, region: 5, area: null, dt_code: null })
	assert.deepEqual(propose(found(), map([5, 'dt_code'])), { country: null, zone: null, region: null, area: 3, dt_code: 5 })
})
test('what is mapped against the order is moved', () => assert.deepEqual(propose(found(), map([5, 'country'], [3, 'area'])), { country: null, zone: null, region: 3, area: 5, dt_code: null }))
test('the one country of all rows is not taken away', () => {
	const h = found({ levels: [1, 3, 4, 5].map((column) => ({ column, same: [], values: column })) })
	assert.deepEqual(propose(h, map([2, 'country'])), { country: 2, zone: 1, region: 3, area: 4, dt_code: 5 })
	assert.equal(propose(found(), [{ source: -1, target: 'country', default: 'India' }]).country, null)
})
test('evidence stands between a level and the next wider one that cuts', () => {
	const e = evidence(found(), { country: 2, zone: null, region: 3, area: 5, dt_code: null })
	assert.deepEqual([e.country.one, e.region.above, e.area.above, e.area.holds?.exceptions], [true, null, 3, 2])
	assert.equal(evidence(found(), { country: null, zone: 5, region: 3, area: null, dt_code: null }).region.holds, null)
})
test('the mapping keeps steps and words for empty cells, and other fields of a column', () => {
	const before = [{ source: 5, target: 'city' }, { source: 1, target: 'area', transforms: [{ kind: 'UPPER' }], confidence: 0.7 }, { source: -1, target: 'country', default: 'India' }, { source: 4, target: 'zone' }]
	const choice = { country: null, zone: null, region: 3, area: 5, dt_code: null }, after = withLevels(before, choice)
	assert.deepEqual(after, [{ source: 5, target: 'city' }, { source: -1, target: 'country', default: 'India' }, { target: 'region', source: 3 }, { source: 5, target: 'area', transforms: [{ kind: 'UPPER' }] }])
	assert.ok(same(chosenNow(after), choice))
})
test('one column is one level', () => {
	assert.ok(twice({ country: 3, zone: null, region: 3, area: null, dt_code: null }))
	assert.ok(!twice({ country: 3, zone: null, region: 4, area: null, dt_code: null }))
})
