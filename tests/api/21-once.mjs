// SPDX-License-Identifier: GPL-3.0-or-later
// A change that is asked for twice under one Idempotency-Key is made once: in turn, at once, after a refusal, with secrets, as files.
import { spawnSync } from 'node:child_process'

const is = (r, status, code) => r.status === status && (!code || r.json?.code === code) ? [] : `${r.status} ${r.text.slice(0, 300)}, not ${status} ${code ?? ''}`

export async function* steps({ client }) {
	const key = (k) => ({ 'Idempotency-Key': k })
	const open = (k, name, more = {}) => client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name }, headers: k === null ? {} : key(k), ...more })
	const named = async (name) => (await client.call({ as: 'admin', path: '/import/sessions?limit=500' })).json.items.filter((s) => s.name === name).length
	const again = (r) => r.headers.get('idempotency-replayed') === 'true'
	let first

	yield {
		name: 'asked twice, made once, answered alike', run: async () => {
			first = await open('once-1', 'once')
			const second = await open('once-1', 'once')
			return [is(first, 200), is(second, 200), again(first) && 'the first one is said to be a repetition', !again(second) && 'the second one does not say so', first.text !== second.text && `${first.text} and ${second.text}`,
				await named('once') !== 1 && `${await named('once')} sessions`]
		},
	}
	yield { name: 'the trail has it once', run: async () => (await client.call({ as: 'admin', path: `/audit?resourceType=import&resourceId=${first.json.id}` })).json.items.length === 1 ? [] : 'not one event' }
	yield {
		name: 'at once too', run: async () => {
			const all = await Promise.all([1, 2, 3, 4].map(() => open('once-2', 'at once')))
			return [all.map((r) => is(r, 200)), new Set(all.map((r) => r.json?.id)).size !== 1 && 'several ids', all.filter(again).length !== 3 && `${all.filter(again).length} say that it was done`, await named('at once') !== 1 && 'several sessions']
		},
	}
	yield { name: 'another change under the same key is refused', run: async () => [is(await open('once-1', 'another'), 422, 'ERR_REQ_008'), await named('another') && 'it was made'] }
	yield { name: 'without a key each asking counts', run: async () => [is(await open(null, 'twice'), 200), is(await open(null, 'twice'), 200), await named('twice') !== 2 && `${await named('twice')}`] }
	yield { name: 'another address has keys of its own', run: async () => { const r = await client.call({ as: 'admin', method: 'PUT', path: `/import/sessions/${first.json.id}/limits`, body: { stopPercent: 5, stopAfter: 10, stopRows: 0 }, headers: key('once-1') }); return [is(r, 200), again(r) && 'taken for the other'] } }
	yield {
		name: 'so has another person', run: async () => {
			const ask = (as) => client.call({ as, method: 'POST', path: '/notices/read', body: { upto: 1 }, headers: key('mine') })
			const mine = await ask('admin'), theirs = await ask('planner'), mineAgain = await ask('admin')
			return [is(mine, 200), is(theirs, 200), is(mineAgain, 200), again(theirs) && 'answered as if it were the other', !again(mineAgain) && 'not known']
		},
	}
	yield { name: 'an empty key is none', run: async () => [is(await open('', 'empty'), 200), is(await open('', 'empty'), 200), await named('empty') !== 2 && `${await named('empty')}`] }
	yield { name: 'a key of 81 bytes', run: async () => { const r = await open('x'.repeat(81), 'too long'); return [is(r, 422, 'ERR_REQ_004'), r.json?.fields?.[0]?.pointer !== '/Idempotency-Key' && r.text, await named('too long') && 'it was made'] } }
	yield { name: 'a key of 80 bytes', run: async () => is(await open('k'.repeat(80), 'eighty'), 200) }
	yield {
		name: 'what was refused is asked anew', run: async () => {
			const add = (code) => client.call({ as: 'admin', method: 'POST', path: '/reasons', body: { code, label: 'Asked once', reason: 'a test' }, headers: key('reason') })
			const listed = await client.call({ as: 'admin', path: '/reasons' }), taken = listed.json.items[0].code
			const refused = await add(taken), made = await add('ASKED_ONCE'), second = await add('ASKED_ONCE')
			return [is(refused, 409), is(made, 200), is(second, 200), again(made) && 'taken for the refused one', !again(second) && 'made again']
		},
	}
	yield {
		name: 'a secret is kept nowhere', run: async () => {
			const make = () => client.call({ as: 'admin', method: 'POST', path: '/auth/keys', body: { name: 'once', permissions: ['VIEW_TERRITORY'], days: 1 }, headers: key('secret') })
			const made = await make(), second = await make(), list = (await client.call({ as: 'admin', path: '/auth/keys' })).json.items.filter((k) => k.name === 'once')
			const kept = client.state ? spawnSync('grep', ['-rlaF', made.json.key, client.state], { encoding: 'utf8' }).stdout : ''
			return [is(made, 200), is(second, 409, 'ERR_REQ_009'), list.length !== 1 && `${list.length} keys`, kept && kept]
		},
	}
	yield {
		name: 'a file that is sent twice is one file', run: async () => {
			const send = (method) => client.call({ as: 'admin', method, path: `/import/uploads?session=${first.json.id}&name=a.csv`, raw: 'code,name\nA,B\n', headers: { 'Content-Type': 'text/csv', ...key('file') } })
			const one = await send('PUT'), two = await send('PUT'), three = await send('POST')
			const files = (await client.call({ as: 'admin', path: `/import/sessions/${first.json.id}` })).json.files
			return [is(one, 200), is(two, 200), is(three, 200), one.text !== two.text && two.text, !again(two) && 'taken again', again(three) && 'another method', files.length !== 2 && `${files.length} files`]
		},
	}
	yield {
		name: 'a password is changed once, though the former one is wrong the second time', run: async () => {
			const change = (current, next, k) => client.call({ as: 'changer', method: 'POST', path: '/auth/password', body: { current, next }, headers: key(k) })
			const [old, other] = ['correct horse battery', 'another horse battery']
			const one = await change(old, other, 'word'), two = await change(old, other, 'word'), guess = await change(old, 'yet another battery', 'word'), anew = await change(old, other, 'word-2'), back = await change(other, old, 'word-3')
			return [is(one, 200), is(two, 200), !again(two) && 'taken for a wrong password', is(guess, 422, 'ERR_REQ_008'), is(anew, 422, 'ERR_REQ_004'), is(back, 200)]
		},
	}
	yield {
		name: 'a delivery that is sent twice is one file, and its address is used up', run: async () => {
			const { addresses } = (await open(null, 'delivered once', { body: { name: 'delivered once', files: ['a.csv', 'b.csv'] } })).json
			const send = (k, n = 0) => client.call({ method: 'PUT', path: addresses[n].url.replace('/api/v1', ''), raw: 'code,name\nA,B\n', headers: { 'Content-Type': 'text/csv', ...(k ? key(k) : {}) } })
			const one = await send('here'), two = await send('here'), bare = await send(null), anew = await send('there'), other = await send('here', 1)
			return [is(one, 200), is(two, 200), one.text !== two.text && two.text, !again(two) && 'taken again', is(bare, 410, 'ERR_UPLOAD_003'), is(anew, 410, 'ERR_UPLOAD_003'), is(other, 200), again(other) && 'another address']
		},
	}
	const tus = (method, path, headers, raw = '', as = 'admin') => client.call({ as, method, path, raw: method === 'HEAD' ? undefined : raw, headers: { 'Tus-Resumable': '1.0.0', ...headers } })
	const at = (r) => (r.headers.get('location') ?? '').replace('/api/v1', '')
	const bytes = { 'Content-Type': 'application/offset+octet-stream' }
	yield {
		name: 'a resumable upload that is begun twice is one, and goes on', run: async () => {
			const metadata = { 'Upload-Metadata': `session ${Buffer.from(String(first.json.id)).toString('base64')},filename ${Buffer.from('t.csv').toString('base64')}` }
			const begin = (k, length = 14, more = {}, raw = '') => tus('POST', '/import/transfers', { 'Upload-Length': String(length), ...metadata, ...key(k), ...more }, raw)
			const one = await begin('tus', 14, bytes, 'code,na'), two = await begin('tus', 14, bytes, 'code,na'), other = await begin('tus-2')
			const out = [is(one, 201), is(two, 201), at(one) !== at(two) && `${at(one)} and ${at(two)}`, !again(two) && 'begun again', two.headers.get('upload-offset') !== '7' && `offset ${two.headers.get('upload-offset')}`, at(other) === at(one) && 'another key, the same upload']
			out.push(is(await tus('PATCH', at(one), { 'Upload-Offset': '7', ...bytes }, 'me\nA,B\n'), 204))
			const late = await begin('tus', 14, bytes, 'code,na'), files = (await client.call({ as: 'admin', path: `/import/sessions/${first.json.id}` })).json.files.filter((f) => f.name === 't.csv')
			out.push(is(late, 201), late.headers.get('upload-offset') !== '14' && 'it does not say that all is there', files.length !== 1 && `${files.length} files`)
			const empty = await begin('tus-empty', 0), full = await begin('tus-empty')
			out.push(is(empty, 400, 'ERR_IMPORT_001'), is(full, 201), again(full) && 'what was refused has kept its key')
			for (const [path, k] of [[at(full), 'drop'], [at(other), 'drop']])
				out.push(is(await tus('DELETE', path, key(k)), 204), is(await tus('DELETE', path, key(k)), 204), is(await tus('DELETE', path, {}), 404))
			return out
		},
	}
	yield {
		name: 'so is a resumable delivery', run: async () => {
			const { addresses } = (await open(null, 'delivered in parts', { body: { name: 'delivered in parts', files: ['a.csv'] } })).json, path = addresses[0].url.replace('/api/v1', '')
			const begin = (k) => tus('POST', path, { 'Upload-Length': '14', ...key(k) }, '', null), part = (from, raw) => tus('PATCH', `${path}/transfer`, { 'Upload-Offset': String(from), ...bytes }, raw, null)
			const out = [is(await begin('one'), 201), is(await part(0, 'code,na'), 204)]
			const two = await begin('one')
			out.push(is(two, 201), !again(two) && 'begun again', two.headers.get('upload-offset') !== '7' && `what had come is lost: ${two.headers.get('upload-offset')}`)
			out.push(is(await begin('two'), 201), is(await tus('DELETE', `${path}/transfer`, key('gone'), '', null), 204), is(await tus('DELETE', `${path}/transfer`, key('gone'), '', null), 204), is(await tus('DELETE', `${path}/transfer`, {}, '', null), 410))
			return out
		},
	}
	yield {
		name: 'a file is removed once', run: async () => {
			const { files } = (await client.call({ as: 'admin', path: `/import/sessions/${first.json.id}` })).json
			const drop = (k) => client.call({ as: 'admin', method: 'DELETE', path: `/import/files/${files[0].id}`, headers: k ? key(k) : {} })
			const one = await drop('remove'), two = await drop('remove'), three = await drop(null)
			return [is(one, 200), is(two, 200), !again(two) && 'removed again', is(three, 404)]
		},
	}
}
