// SPDX-License-Identifier: GPL-3.0-or-later
// What the document promises of every operation alike: nobody is let in, changes need the token, bad bodies, queries and
// ids are refused. New endpoints are covered the moment they exist.
import { declared } from './client.mjs'
import { sampleIds, withIds } from './ids.mjs'

const MISSING = '987654321'
const withMissing = (path) => path.replace(/\{\w+\}/g, MISSING)
const json = { 'Content-Type': 'application/json' }
const signedIn = (o) => o.op['x-scope'] !== 'public'
const bodyOf = (o) => o.op.requestBody?.content['application/json']?.schema
const declares = (o, code) => declared(o.op).some((d) => d.code === code)
const refused = (reply, status, code) => reply.status === status && (reply.json?.code === code || !reply.bytes.length) ? []
	: `status ${reply.status} ${reply.text.slice(0, 200)}, not ${status} ${code}`

async function* all({ client }) {
	const ids = await sampleIds(client)
	await client.login('admin', 'admin', 'beatplan-demo') /* a password given long ago is asked for again */
	const each = (name, choose, ask) => client.operations.filter(choose).map((o) => ({
		name: `${name}: ${o.name}`, run: () => ask(o, o.method.toUpperCase(), withIds(o.path, ids)),
	}))
	const call = (method, path, more = {}) => client.call({ as: 'admin', method, path, ...more })

	yield* each('nobody is let in', signedIn, async (o, method, path) =>
		refused(await client.call({ method, path: withMissing(path), raw: ['GET', 'HEAD'].includes(method) ? undefined : '{}' }), 401, 'ERR_AUTH_001'))
	yield* each('a change without the token is refused', (o) => signedIn(o) && !['get', 'head'].includes(o.method), async (o, method, path) =>
		refused(await call(method, withMissing(path), { csrf: false, raw: '{}', headers: json }), 403, 'ERR_AUTH_005'))
	yield* each('a body that is no JSON', bodyOf, async (o, method, path) => path.includes('{') ? `no id is known for ${path}` :
		refused(await call(method, path, { raw: '{"a"', headers: json }), 400, 'ERR_REQ_003'))
	yield* each('a body of another type', bodyOf, async (o, method, path) =>
		refused(await call(method, path, { raw: 'a=b', headers: { 'Content-Type': 'text/plain' } }), 415, 'ERR_REQ_007'))
	yield* each('a body with a field nobody knows', bodyOf, async (o, method, path) => {
		const reply = await call(method, path, { body: { noSuchField: 1 } })
		return [refused(reply, 422, 'ERR_REQ_004'), !reply.json?.fields?.some((f) => f.pointer === '/noSuchField') && reply.text]
	})
	yield* each('a body beyond 4 MiB', (o) => bodyOf(o) && (signedIn(o) || !o.path.startsWith('/auth/')), async (o, method, path) =>
		refused(await call(method, path, { raw: ' '.repeat((4 << 20) + 10), headers: json }), 413, 'ERR_REQ_005'))
	yield* each('a query with a field nobody knows', (o) => o.op.parameters.some((p) => p.in === 'query'), async (o, method, path) => {
		const reply = await call(method, `${path}?noSuchField=1`, bodyOf(o) ? { body: {} } : {})
		return [refused(reply, 422, 'ERR_REQ_004'), !reply.json?.fields?.some((f) => f.pointer === '/noSuchField') && reply.text]
	})
	yield* each('something that does not exist', (o) => /\{\w+\}/.test(o.path) && (declares(o, 'ERR_DATA_001') || declares(o, 'ERR_DATA_003')),
		async (o, method) => {
			const required = o.op.parameters.filter((p) => p.in === 'query' && p.required).map((p) => `${p.name}=xxx`).join('&')
			const reply = await call(method, withMissing(o.path) + (required && `?${required}`), bodyOf(o) ? { body: {} } : {})
			/* A body is looked at after the scope, so only handlers that look things up themselves see it first. */
			return reply.status === 404 || (reply.status === 422 && bodyOf(o) && o.op['x-scope'].match(/^(self|anywhere|world)$/)) ? []
				: `status ${reply.status} ${reply.text.slice(0, 200)}`
		})
	yield* each('read again with its ETag', (o) => o.method === 'get' && o.op.responses['200'].content?.['application/json'] && !/healthz|\{id\}\/boundary$/.test(o.path), // few territories have a boundary: 47-boundaries reads one
		async (o, method, path) => {
			if (path.includes('{') || o.op.parameters.some((p) => p.in === 'query' && p.required))
				return
			const first = await call(method, path), etag = first.headers.get('etag')
			if (first.status !== 200)
				return `status ${first.status}`
			if (!etag)
				return 'no ETag'
			const second = await call(method, path, { headers: { 'If-None-Match': etag } })
			return second.status === 304 && !second.bytes.length || second.headers.get('etag') !== etag ? [] : `status ${second.status} with the same ETag`
		})
}
export const steps = all
