// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amongTabs, dropHeld, heldKey, heldKeys, keepHeld, readHeld, sendHeld } from '../../www/js/plan/held.js'

const memory = () => {
	const m = new Map()
	return { getItem: (k) => m.get(k) ?? null, setItem: (k, v) => void m.set(k, v), removeItem: (k) => void m.delete(k), get length() { return m.size }, key: (i) => [...m.keys()][i] ?? null }
}
const tab = '0d7e1a52-6c1c-4a3e-9a51-0f3f6c1f1c11', tab2 = tab.replace(/^0/, '1')
const op = (n) => [{ kind: 'move', clientId: `c${n}` }]

test('what is held is kept by plan and user, and gone when nothing is held', () => {
	const s = memory(), key = heldKey(7, 'ana', tab)
	assert.equal(keepHeld(s, key, 42, [{ ops: op(1), before: null }, { ops: op(2), before: null }]), true)
	assert.deepEqual(readHeld(s, key), { session: 42, list: [op(1), op(2)], stranded: [] })
	assert.equal(readHeld(s, heldKey(7, 'tom', tab)), null)
	keepHeld(s, key, 42, [], [{ ops: op(3), problem: { code: 'ERR_REQ_004' } }])
	assert.deepEqual(readHeld(s, key), { session: 42, list: [], stranded: [{ ops: op(3), problem: { code: 'ERR_REQ_004' } }] }, 'what was refused outlives the page')
	keepHeld(s, key, 42, [])
	assert.equal(readHeld(s, key), null)
})
test('what is saved goes from what is kept, and nothing else does', () => {
	const s = memory(), key = heldKey(7, 'ana', tab)
	keepHeld(s, key, 42, [{ ops: op(1), before: null }, { ops: op(2), before: null }], [{ ops: op(3), problem: null }])
	dropHeld(s, key, op(1))
	assert.deepEqual(readHeld(s, key), { session: 42, list: [op(2)], stranded: [{ ops: op(3), problem: null }] })
	dropHeld(s, key, op(9))
	assert.deepEqual(readHeld(s, key)?.list, [op(2)])
})
test('what cannot be read is nothing, and a browser without room says so', () => {
	for (const bad of ['', '{', '[]', '{"session":1}', '{"session":"x","list":[[]]}', '{"session":1,"list":[3]}'])
		assert.equal(readHeld({ getItem: () => bad }, 'k'), null, bad)
	assert.equal(keepHeld({ setItem: () => { throw new Error('full') }, removeItem: () => {} }, 'k', 1, [{ ops: op(1), before: null }]), false)
})
test('all go in their order, each behind the one before', async () => {
	const seen = []
	const r = await sendHeld([op(1), op(2), op(3)], 10, async (seq, ops) => {
		seen.push([seq, ops[0].clientId])
		return [{ seq: seq + 1 }, null]
	})
	assert.deepEqual(seen, [[10, 'c1'], [11, 'c2'], [12, 'c3']])
	assert.deepEqual([r.taken, r.left.length, r.refused.length], [3, 0, 0])
})
test('one that is refused is told and the others go on; a network that fails again keeps the rest', async () => {
	const r = await sendHeld([op(1), op(2), op(3), op(4)], 0, async (seq, ops) => ({ c1: [null, { status: 422, message: 'no' }], c2: [{ seq: seq + 1 }, null], c3: [null, { status: 0 }] })[ops[0].clientId])
	assert.deepEqual([r.taken, r.refused.length, r.left.length, r.problem?.status], [1, 1, 2, 0])
	const broken = await sendHeld([op(1)], 0, async () => [null, { status: 410 }])
	assert.deepEqual([broken.left.length, broken.problem?.status], [1, 410])
})
test('two tabs keep their own, and both are found again, with what was kept before tabs had their own', () => {
	const s = memory()
	for (const t of [tab, tab2])
		keepHeld(s, heldKey(7, 'ana', t), 42, [{ ops: op(t), before: null }])
	s.setItem('bp.held.ana.7', '{}')
	for (const other of [heldKey(71, 'ana', tab), heldKey(7, 'ana.7', tab), 'bp.reach'])
		s.setItem(other, 'x')
	keepHeld(s, heldKey(7, 'ana', tab2), 42, [])
	assert.deepEqual(heldKeys(s, 7, 'ana'), [heldKey(7, 'ana', tab), 'bp.held.ana.7'])
})
test('a tab that lives says so, one that is closed does not', async (t) => {
	const tabs = ['a', 'b', 'c'].map((k) => amongTabs(() => k, 1500)), [a, b, c] = tabs
	t.after(() => tabs.forEach((x) => x.close())) // an open one keeps the process alive
	c.close()
	assert.deepEqual([...await a.living()].sort(), ['a', 'b'])
	b.close()
	assert.deepEqual([...await a.living()], ['a'])
})
