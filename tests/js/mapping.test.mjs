// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applySchema, entriesOf, inUse, newest } from '../../www/js/plan/mapping.js'

const columns = [{ index: 0, name: 'Outlet Code', target: 'code' }, { index: 1, name: 'NAME', target: 'name' }, { index: 2, name: ' ', target: 'tier' }, { index: 3, name: 'x', target: null }]
const schema = (more) => ({ id: 1, name: 'ERP', entity: 'outlets', version: 1, mapping: entriesOf(columns, [{ source: 1, target: 'name', transform: 'UPPER' }]), createdBy: null, createdAt: '', ...more })

test('what has a name is kept, with its transform', () => {
	assert.deepEqual(schema().mapping, [{ source: 'Outlet Code', target: 'code', transform: null, default: null }, { source: 'NAME', target: 'name', transform: 'UPPER', default: null }])
})
test('the next file finds its columns whatever their order, case and spaces', () => {
	const next = [{ index: 0, name: 'name', target: null }, { index: 1, name: 'new one', target: 'tier' }, { index: 2, name: ' outlet_code', target: null }]
	const { mapping, missing } = applySchema(schema(), next)
	assert.deepEqual(missing, [])
	assert.deepEqual(mapping, [{ source: 0, target: 'name', transform: 'UPPER' }, { source: 1, target: null }, { source: 2, target: 'code' }])
	assert.ok(!inUse(schema(), next))
	assert.ok(inUse(schema(), next.map((c, i) => ({ ...c, target: mapping[i].target }))))
})
test('what the file has not is named', () => {
	assert.deepEqual(applySchema(schema(), [{ index: 0, name: 'Name', target: null }]).missing, ['Outlet Code'])
})
test('of each name the newest version counts, of this kind of file only', () => {
	const list = newest([schema(), schema({ id: 2, version: 2 }), schema({ id: 3, name: 'CRM' }), schema({ id: 4, entity: 'seats', version: 9 })], 'outlets')
	assert.deepEqual(list.map((s) => s.id), [3, 2])
})
