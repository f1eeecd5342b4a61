// SPDX-License-Identifier: GPL-3.0-or-later
// A chosen list may be longer than one operation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inParts } from '../../www/js/plan/actions.js'

test('no part is longer than the server takes, and nothing is lost or twice', () => {
	const list = Array.from({ length: 4500 }, (_, i) => ({ need: i + 1, date: '2026-01-05' }))
	const parts = inParts(list, (visits) => ({ kind: 'remove', visits }))
	assert.deepEqual(parts.map((p) => [p.kind, p.visits.length]), [['remove', 2000], ['remove', 2000], ['remove', 500]])
	assert.deepEqual(parts.flatMap((p) => p.visits), list)
	assert.deepEqual(inParts([], (visits) => ({ visits })), [])
})
