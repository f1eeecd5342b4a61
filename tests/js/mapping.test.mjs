// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applySchema, entriesOf, inUse, keyWith, newest, setExtras, setSource, toSend } from '../../www/js/plan/mapping.js'

const columns = [{ index: 0, name: 'Outlet Code', target: 'code' }, { index: 1, name: 'NAME', target: 'name' }, { index: 2, name: ' ', target: 'tier' }, { index: 3, name: 'x', target: null }]
const mapping = [{ source: 0, target: 'code' }, { source: 1, target: 'name', transforms: [{ kind: 'CONCAT', columns: [3], separator: ' ' }] }, { source: 2, target: 'tier' }, { source: -1, target: 'country', default: 'India' }]
const schema = (more) => ({ id: 1, name: 'ERP', entity: 'outlets', version: 1, mapping: entriesOf(columns, mapping), createdBy: null, createdAt: '', ...more })

test('what has a name is kept, with its steps by name and what is the same in each row', () => {
	assert.deepEqual(schema().mapping, [{ source: 'Outlet Code', target: 'code', transforms: null, default: null, reading: null },
		{ source: 'NAME', target: 'name', transforms: [{ kind: 'CONCAT', columns: ['x'], separator: ' ' }], default: null, reading: null },
		{ source: '', target: 'country', transforms: null, default: 'India', reading: null }])
})
test('the next file finds its columns whatever their order, case and spaces', () => {
	const next = [{ index: 0, name: 'name', target: null }, { index: 1, name: 'new one', target: 'tier' }, { index: 2, name: ' outlet_code', target: null }, { index: 3, name: 'X', target: null }]
	const { mapping: now, missing } = applySchema(schema(), next)
	assert.deepEqual(missing, [])
	assert.deepEqual(now, [{ source: 2, target: 'code' }, { source: 0, target: 'name', transforms: [{ kind: 'CONCAT', columns: [3], separator: ' ' }] }, { source: -1, target: 'country', default: 'India' }])
	assert.ok(!inUse(schema(), next, [{ source: 1, target: 'tier' }]))
	assert.ok(inUse(schema(), next, [...now].reverse().map((m) => ({ ...m, confidence: 1, reason: 'chosen by hand', default: m.default ?? null, reading: null }))))
})
test('a step that has lost its columns is left out, an older single step is read', () => {
	const { mapping: now } = applySchema(schema({ mapping: [...schema().mapping, { source: 'NAME', target: 'city', transform: 'UPPER', default: null }] }), [{ index: 0, name: 'Name', target: null }, { index: 1, name: 'outlet code', target: null }])
	assert.deepEqual(now[1], { source: 0, target: 'name' })
	assert.deepEqual(now[3], { source: 0, target: 'city', transforms: [{ kind: 'UPPER' }] })
})
test('what the file has not is named', () => {
	assert.deepEqual(applySchema(schema(), [{ index: 0, name: 'Name', target: null }]).missing, ['Outlet Code'])
})
test('of each name the newest version counts, of this kind of file only', () => {
	const list = newest([schema(), schema({ id: 2, version: 2 }), schema({ id: 3, name: 'CRM' }), schema({ id: 4, entity: 'seats', version: 9 })], 'outlets')
	assert.deepEqual(list.map((s) => s.id), [3, 2])
})
test('a column feeds one field, but both coordinates', () => {
	assert.deepEqual(toSend(setSource(mapping, 'city', 1)).find((m) => m.target === 'name'), undefined)
	assert.equal(setSource([{ source: 5, target: 'lat' }], 'lon', 5).length, 2)
	assert.deepEqual(setSource(mapping, 'name', 3).at(-1), { source: 3, target: 'name', transforms: mapping[1].transforms })
	assert.equal(setSource(mapping, 'code', null).some((m) => m.target === 'code'), false)
})
test('a value for all rows needs no column, and goes when it is emptied', () => {
	const more = setExtras(mapping, 'zone', { default: 'West' })
	assert.deepEqual(more.at(-1), { source: -1, target: 'zone', default: 'West' })
	assert.deepEqual(setExtras(more, 'zone', { default: null }), mapping)
	assert.deepEqual(setSource(setExtras(mapping, 'code', { default: '?' }), 'code', null).at(-1), { source: -1, target: 'code', default: '?' })
})

test('the code finds outlets alone, and is what is left when nothing else does', () => {
	assert.deepEqual(keyWith(['code'], 'tax_no', true), ['tax_no'])
	assert.deepEqual(keyWith(['name'], 'city', true), ['name', 'city'])
	assert.deepEqual(keyWith(['name', 'city'], 'code', true), ['code'])
	assert.deepEqual(keyWith(['name', 'city'], 'name', false), ['city'])
	assert.deepEqual(keyWith(['city'], 'city', false), ['code'])
	assert.deepEqual(keyWith(['code'], 'code', false), ['code'])
})
