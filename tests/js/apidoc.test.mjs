// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curl, example, fieldsOf, found, limitsOf, operationsOf, typeOf } from '../../www/js/apidoc/document.js'

const doc = {
	security: [{ session: [] }, { program: [] }],
	components: { schemas: {
		seat: { type: 'object', properties: { id: { type: 'integer', minimum: 5, maximum: 9000000000000000 }, channel: { type: 'string', enum: ['GT', 'MT'] }, day: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] } }, required: ['id'], examples: [{ id: 5, channel: 'GT', day: '2027-01-04' }] },
		team: { type: 'object', properties: { name: { type: 'string', minLength: 1, maxLength: 3, description: "the team's" }, seats: { type: 'array', items: { $ref: '#/components/schemas/seat' }, maxItems: 9 }, boss: { anyOf: [{ $ref: '#/components/schemas/team' }, { type: 'null' }] } }, required: ['name'] },
	} },
	paths: {
		'/teams/{id}': {
			get: { operationId: 'getTeamsId', summary: 'One team', tags: ['team_work'], 'x-scope': 'anywhere', 'x-permission': 'VIEW_TERRITORY', parameters: [{ name: 'id', in: 'path', required: true, example: 1, schema: { type: 'integer' } }, { name: 'q', in: 'query', required: true, example: "it's", schema: { type: 'string', enum: ["it's"] } }], responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/team' } } } }, 409: { description: 'ERR_A_001 taken; wait; ERR_A_002 gone' } } },
			post: { operationId: 'postTeamsId', summary: 'Change it', tags: ['team_work'], security: [{ session: [] }], deprecated: true, 'x-sunset': '2028-03-01', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/seat' } } } }, responses: { 204: { description: 'done' } } },
		},
		'/healthz': { get: { operationId: 'getHealthz', summary: 'Alive', tags: ['health'], security: [], responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } } } },
	},
}
const [get, post, health] = operationsOf(doc)

test('operations tell who may call and what fails', () => {
	assert.deepEqual([get.method, get.tag, get.permission, get.open, get.person, get.status], ['GET', 'team work', 'VIEW_TERRITORY', false, false, 200])
	assert.deepEqual(get.failures, [{ code: 'ERR_A_001', status: 409, message: 'taken; wait' }, { code: 'ERR_A_002', status: 409, message: 'gone' }])
	assert.deepEqual([post.person, post.deprecated, post.sunset, post.reply, post.status], [true, true, '2028-03-01', null, 204])
	assert.deepEqual([health.open, health.person], [true, false])
})
test('each word is looked for in path, summary, permission and error codes', () => {
	const ids = (text) => found([get, post, health], text).map((o) => o.id)
	assert.deepEqual(ids(''), ['getTeamsId', 'postTeamsId', 'getHealthz'])
	assert.deepEqual(ids('TEAMS change'), ['postTeamsId'])
	assert.deepEqual(ids('view_terr'), ['getTeamsId'])
	assert.deepEqual(ids('err_a_002'), ['getTeamsId'])
	assert.deepEqual(ids('teams nowhere'), [])
})
test('fields unfold where they are asked to, also when a thing holds itself', () => {
	const names = (...open) => fieldsOf(doc, get.reply.schema, (k) => open.includes(k)).map((f) => '-'.repeat(f.depth) + f.name)
	assert.deepEqual(names(), ['name', 'seats', 'boss'])
	assert.deepEqual(names('/seats'), ['name', 'seats', '-id', '-channel', '-day', 'boss'])
	assert.deepEqual(names('/boss', '/boss/boss').length, 9)
	const [name, seats] = fieldsOf(doc, get.reply.schema, () => false)
	assert.deepEqual([name.required, name.limits, name.inner, seats.type, seats.limits, seats.inner], [true, ['length 1 … 3'], false, 'array of object', ['items 0 … 9'], true])
	const seat = doc.components.schemas.seat.properties
	assert.deepEqual([limitsOf(doc, seat.id), limitsOf(doc, seat.channel), typeOf(doc, seat.day)], [['≥ 5'], ['GT | MT'], 'string (date)'])
})
test('examples are those of the document', () => {
	assert.deepEqual(example(doc, { $ref: '#/components/schemas/seat' }), { id: 5, channel: 'GT', day: '2027-01-04' })
	assert.equal(example(doc, get.reply.schema), null)
})
test('a call can be pasted into a shell', () => {
	assert.equal(curl(doc, get, 'http://h/api/v1'), `curl 'http://h/api/v1/teams/1?q=it'\\''s' \\\n  -H 'Authorization: Bearer bpk_YOUR_KEY'`)
	assert.match(curl(doc, post, ''), /-X POST .*\n.*\n {2}-H 'Content-Type: application\/json' \\\n {2}-d '\{"id":5/)
	assert.doesNotMatch(curl(doc, health, ''), /Authorization/)
})
