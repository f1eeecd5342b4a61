// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signal } from '../../www/vendor/signals-core/signals-core.js'
import { createDetails, wholeSnapshot } from '../../www/js/plan/details.js'
import { decodeSnapshot } from '../../www/js/plan/model.js'
import { snapshot } from './model.test.mjs'

const core = (details) => ({ ...snapshot, details })
const named = (suffix) => ({ v: 2, n: 4, outlets: { code: ['A', 'B', 'C', 'D'], name: ['a', 'b', 'c', 'd'].map((x) => x + suffix), volume: [1, 2, 3, 4], nppd: [5, -1, 100, 0], due: [-1, 20000, -1, -1], every: [-1, 140, -1, -1], spread: [-1, 20, -1, -1], channel: [0, 0, 0, 0], status: [0, 0, 0, 0] }, dict: {} })
/** Answers by path, in turn; `asked` collects what was asked for. @param {Record<string, [number, unknown][]>} replies */
function server(replies) {
	const asked = []
	globalThis.fetch = async (url) => {
		const path = url.replace('/api/v1/territories/7/', '')
		asked.push(path)
		const [status, body] = (replies[path].length > 1 ? replies[path].shift() : replies[path][0])
		if (!status)
			throw new TypeError('no network')
		return new Response(JSON.stringify(body), { status })
	}
	return asked
}
const settled = () => new Promise((done) => setTimeout(done, 20))

test('an outlet has no name until it is asked for one, and then all have', async () => {
	const asked = server({ 'snapshot/details?v=one': [[200, named(1)]] }), world = signal(decodeSnapshot(core('one'))), d = createDetails(7, world, async () => null)
	assert.deepEqual(asked, [])
	assert.equal(d.name(1), '…')
	assert.equal(d.code(1), '')
	assert.equal(d.nameOf(999), '#999', 'a need that is none')
	await settled()
	assert.deepEqual(asked, ['snapshot/details?v=one'])
	assert.deepEqual([d.name(1), d.code(1), d.nameOf(103), d.now.value.nppd[1]], ['b1', 'B', 'd1', -1])
})
test('details of another snapshot never stand beside a core: it is fetched anew', async () => {
	const over = { code: 'ERR_DATA_003', message: 'there is no such thing', detail: 'this snapshot is over', correlationId: '' }
	const asked = server({ 'snapshot/details?v=one': [[404, over]], 'snapshot/details?v=two': [[200, named(2)]] })
	const world = signal(decodeSnapshot(core('one')))
	const d = createDetails(7, world, async () => {
		d.change(() => {
			world.value = decodeSnapshot(core('two'))
		})
		return null
	})
	d.want()
	await settled()
	assert.deepEqual(asked, ['snapshot/details?v=one', 'snapshot/details?v=two'])
	assert.equal(d.name(0), 'a2')
})
test('what arrives for a world that has gone is not taken for the new one', async () => {
	server({ 'snapshot/details?v=one': [[200, named(1)]], 'snapshot/details?v=two': [[200, named(2)]] })
	const world = signal(decodeSnapshot(core('one'))), d = createDetails(7, world, async () => null)
	d.want()
	d.change(() => {
		world.value = decodeSnapshot(core('two'))
	})
	await settled()
	assert.equal(d.name(0), 'a2')
	d.change(() => {
		world.value = decodeSnapshot(core('two'))
	})
	assert.equal(d.name(0), 'a2', 'the same details are kept')
})
test('a failure is told, outlets have their numbers, and trying again helps', async () => {
	const asked = server({ 'snapshot/details?v=one': [[0, null], [200, named(1)]] }), world = signal(decodeSnapshot(core('one'))), d = createDetails(7, world, async () => null)
	d.want()
	await settled()
	assert.equal(d.problem.value.code, 'ERR_NET')
	assert.equal(d.name(1), '#15')
	d.want()
	await settled()
	assert.equal(asked.length, 1, 'it is not asked for over and over')
	d.retry()
	await settled()
	assert.deepEqual([d.problem.value, d.name(1)], [null, 'b1'])
})
test('a page that shows both waits for two of one snapshot', async () => {
	const over = { code: 'ERR_DATA_003', message: '', detail: null, correlationId: '' }
	server({ snapshot: [[200, core('one')], [200, core('two')]], 'snapshot/details?v=one': [[404, over]], 'snapshot/details?v=two': [[200, named(2)]] })
	const [s] = await wholeSnapshot(7)
	assert.deepEqual([s.world.details, s.details.name[0]], ['two', 'a2'])
	server({ snapshot: [[200, core('one')]], 'snapshot/details?v=one': [[404, over]] })
	assert.equal((await wholeSnapshot(7))[1].status, 404)
})
