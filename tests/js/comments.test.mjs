// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createComments } from '../../www/js/plan/comments.js'

for (const held of [[1], [1, 2]])
	for (const first of /** @type {const} */ (['GET', 'POST']))
		test(`what is said while the list is on its way stands there once: it was read ${held.length > 1 ? 'after' : 'before'}, and the ${first} is answered first`, async (ctx) => {
			/** @type {Record<string, (reply: Response) => void>} */
			const answer = {}
			ctx.mock.method(globalThis, 'fetch', (_, { method }) => new Promise((done) => {
				answer[method] = done
			}))
			const comments = createComments(), ends = { GET: comments.load(7), POST: comments.say({ need: 3 }, 'two') }
			const replies = { GET: Response.json({ items: held.map((id) => ({ id, text: String(id) })), next: null }), POST: Response.json({ id: 2, text: 'two' }, { status: 201 }) }
			for (const method of /** @type {const} */ (first === 'GET' ? ['GET', 'POST'] : ['POST', 'GET'])) {
				answer[method](replies[method])
				await ends[method]
			}
			assert.deepEqual(comments.all.peek().map((c) => c.id), [1, 2])
		})
