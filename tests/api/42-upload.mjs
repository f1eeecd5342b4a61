// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads that go on where they broke off (tus 1.0), addresses to deliver to without signing in, rows as JSON, limits at
// which an import stops, and following it as it happens.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { ended, through, upload } from './40-import.mjs'
import { sleep } from './client.mjs'
import { differs, some } from './steps.mjs'

const TUS = { 'Tus-Resumable': '1.0.0' }
const BYTES = { ...TUS, 'Content-Type': 'application/offset+octet-stream' }
const b64 = (s) => Buffer.from(s).toString('base64')
const meta = (o) => Object.entries(o).map(([k, v]) => `${k} ${b64(String(v))}`).join(',')
const sha = (kind, data) => createHash(kind).update(data).digest('base64')
const at = (r) => (r.headers.get('location') ?? '').replace('/api/v1', '')
const offset = (r) => Number(r.headers.get('upload-offset'))
const text = (n, prefix = 'U') => `outlet_code,outlet_name,latitude,longitude,country,state,channel,class\r\n${Array.from({ length: n },
	(_, i) => `${prefix}-${i},Shop ${i},12.${String(1000 + i).slice(-4)},77.${String(2000 + i).slice(-4)},TCountry,TUpload,GT,C\r\n`).join('')}`

async function* all({ client, saved }) {
	const data = Buffer.from(text(4000))
	const call = (o) => client.call({ as: 'admin', ...o })
	const begin = (length, more = {}, o = {}) => call({ method: 'POST', path: '/import/transfers', raw: '', ...o,
		headers: { ...TUS, 'Upload-Length': String(length), 'Upload-Metadata': meta({ session: saved.tus, filename: 'shops.csv', ...more }), ...o.headers } })
	const send = (path, from, part, headers = {}, o = {}) => call({ method: 'PATCH', path, raw: part, ...o, headers: { ...BYTES, 'Upload-Offset': String(from), ...headers } })
	const head = (path, o = {}) => call({ method: 'HEAD', path, headers: TUS, ...o })
	const is = (r, status, code) => r.status === status && (!code || r.json?.code === code) ? [] : `${r.status} ${r.text.slice(0, 300)}, not ${status} ${code ?? ''}`

	yield { name: 'what the server can', options: '/import/transfers', status: 204, header: { 'tus-version': '^1.0.0$', 'tus-extension': 'creation,creation-with-upload,expiration,termination,checksum', 'tus-checksum-algorithm': 'sha1,sha256', 'tus-max-size': '^\\d+$' } }
	yield { name: 'a session', as: 'admin', post: '/import/sessions', body: { name: 'tus' }, json: { limits: { stopPercent: 0 }, addresses: [] }, save: { tus: '/id' } }
	yield { name: 'a session for what goes wrong', as: 'admin', post: '/import/sessions', body: { name: 'closed' }, save: { closed: '/id' } }

	// --- beginning
	yield { name: 'without the version of the protocol', as: 'admin', post: '/import/transfers', raw: '', headers: { 'Upload-Length': '3' }, status: 412, code: 'ERR_UPLOAD_006', header: { 'tus-version': '^1.0.0$' } }
	yield { name: 'without length, session or name', as: 'admin', post: '/import/transfers', raw: '', headers: { ...TUS }, status: 422, code: 'ERR_REQ_004', fields: ['/Upload-Metadata/session', '/Upload-Metadata/filename'] }
	for (const [what, length] of [['no number', '12a'], ['less than nothing', '-1'], ['beyond all numbers', '99999999999999999999']])
		yield { name: `a length that is ${what}`, run: async () => is(await begin(length), 422, 'ERR_REQ_004') }
	yield { name: 'a length beyond the limit', run: async () => is(await begin(2 ** 40), 413, 'ERR_REQ_005') }
	yield { name: 'into a session that is not there', run: async () => is(await begin(10, { session: 987654321 }), 404, 'ERR_DATA_003') }
	yield { name: 'metadata that is no base64', run: async () => is(await begin(10, {}, { headers: { 'Upload-Metadata': `session ${b64(String(saved.tus))},filename %%%` } }), 422, 'ERR_REQ_004') }
	yield { name: 'an entity that there is not', run: async () => is(await begin(10, { entity: 'dragons' }), 422, 'ERR_REQ_004') }
	yield { name: 'an empty file is refused at once', run: async () => is(await begin(0), 400, 'ERR_IMPORT_001') }
	yield {
		name: 'begin one', run: async () => {
			const r = await begin(data.length, { modified: 1700000000000 })
			saved.at = at(r)
			return [is(r, 201), !/^\/import\/transfers\/\d+$/.test(saved.at) && `Location: ${saved.at}`, offset(r) !== 0 && 'an offset', !/GMT$/.test(r.headers.get('upload-expires') ?? '') && 'no Upload-Expires',
				r.headers.get('tus-resumable') !== '1.0.0' && 'no Tus-Resumable']
		},
	}

	// --- going on
	yield { name: 'no part of a wrong type', run: async () => is(await send(saved.at, 0, 'x', { 'Content-Type': 'text/csv' }), 415, 'ERR_REQ_007') }
	yield { name: 'no part without its offset', run: async () => is(await send(saved.at, 'x', 'x'), 422, 'ERR_REQ_004') }
	yield { name: 'no part without the version', run: async () => is(await call({ method: 'PATCH', path: saved.at, raw: 'x', headers: { ...BYTES, 'Tus-Resumable': '0.2.2', 'Upload-Offset': '0' } }), 412, 'ERR_UPLOAD_006') }
	yield { name: 'no question without the version', run: async () => is(await head(saved.at, { headers: {} }), 412) }
	yield { name: 'the first part', run: async () => { const r = await send(saved.at, 0, data.subarray(0, 50000)); return [is(r, 204), offset(r) !== 50000 && `offset ${offset(r)}`] } }
	yield { name: 'where it stands', run: async () => { const r = await head(saved.at); return [is(r, 200), offset(r) !== 50000 && `offset ${offset(r)}`, r.headers.get('upload-length') !== String(data.length) && 'another length', r.headers.get('cache-control')?.includes('no-') ? [] : 'it may be cached'] } }
	yield { name: 'a part at the wrong byte', run: async () => { const r = await send(saved.at, 40000, 'x'); return [is(r, 409, 'ERR_UPLOAD_001'), offset(r) !== 50000 && 'it does not say where it stands'] } }
	yield { name: 'more than is missing', run: async () => is(await send(saved.at, 50000, Buffer.alloc(data.length)), 413, 'ERR_REQ_005') }
	yield { name: 'a checksum that is none', run: async () => is(await send(saved.at, 50000, 'x', { 'Upload-Checksum': 'md5 AAAA' }), 422, 'ERR_REQ_004') }
	for (const kind of ['sha1', 'sha256'])
		yield { name: `a wrong ${kind}: nothing of the part stays`, run: async () => { const r = await send(saved.at, 50000, 'x'.repeat(1000), { 'Upload-Checksum': `${kind} ${sha(kind, 'y')}` }), h = await head(saved.at); return [is(r, 460, 'ERR_UPLOAD_004'), offset(h) !== 50000 && `offset ${offset(h)}`] } }
	yield { name: 'the right sha1', run: async () => { const part = data.subarray(50000, 60000), r = await send(saved.at, 50000, part, { 'Upload-Checksum': `sha1 ${sha('sha1', part)}` }); return [is(r, 204), offset(r) !== 60000 && 'offset'] } }
	yield { name: 'the right sha256, by POST for those who may say nothing else', run: async () => { const part = data.subarray(60000, 70000), r = await send(saved.at, 60000, part, { 'Upload-Checksum': `sha256 ${sha('sha256', part)}`, 'X-HTTP-Method-Override': 'PATCH' }, { method: 'POST', judge: false }); return [is(r, 204), offset(r) !== 70000 && 'offset'] } }
	yield { name: 'its shape is seen before the rest comes', run: async () => {
		const r = await call({ path: `${saved.at}/preview` })
		return differs({ encoding: 'UTF-8', delimiter: ',', entity: 'outlets', headerRow: 1, columns: (c) => c.length === 8, sample: (s) => s.length === 50, rows: (n) => n > 3000 && n < 5000 }, r.json)
	} }
	yield { name: 'it is on the list of the session', run: async () => differs({ items: [{ name: 'shops.csv', state: 'OPEN', offset: 70000, bytes: data.length, modified: 1700000000000, mine: true }] }, (await call({ path: `/import/transfers?session=${saved.tus}` })).json) }
	yield {
		name: 'somebody else sees it, but does not go on with it', run: async () => {
			if (!client.sessions.has('engineer')) {
				const made = await call({ method: 'POST', path: '/users', body: { username: 't-engineer', name: 'Engineer', scopes: [{ territoryId: null, role: 'data_engineer' }] } })
				await client.login('engineer', 't-engineer', made.json.password)
			}
			const as = { as: 'engineer' }
			const list = await call({ path: `/import/transfers?session=${saved.tus}`, ...as })
			return [differs({ items: [{ mine: false }] }, list.json), is(await send(saved.at, 70000, 'x', {}, as), 403, 'ERR_AUTH_002'), is(await head(saved.at, as), 403),
				is(await call({ method: 'DELETE', path: saved.at, headers: TUS, ...as }), 403, 'ERR_AUTH_002')]
		},
	}
	yield {
		name: 'a line that breaks off keeps what has come', run: async () => {
			const { hostname, port } = new URL(client.base), { token, csrf } = client.sessions.get('admin')
			await new Promise((resolve) => {
				const socket = connect(Number(port), hostname, () => {
					socket.write(`PATCH /api/v1${saved.at} HTTP/1.1\r\nHost: x\r\nCookie: bp_session=${token}\r\nX-CSRF-Token: ${csrf}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 70000\r\n` +
						`Content-Type: application/offset+octet-stream\r\nContent-Length: ${data.length - 70000}\r\n\r\n`)
					socket.write(data.subarray(70000, 90000))
					setTimeout(() => { socket.destroy(); resolve() }, 300)
				})
			})
			let r
			for (let i = 0; i < 50; i++) {
				r = await head(saved.at)
				if (r.status === 200)
					break
				await sleep(100)
			}
			saved.offset = offset(r)
			return [is(r, 200), saved.offset <= 70000 || saved.offset > 90000 ? `offset ${saved.offset}` : []]
		},
	}
	yield {
		name: 'two at once: one writes, the other waits for its turn', run: async () => {
			const slow = async function* () {
				yield data.subarray(saved.offset, saved.offset + 1000)
				await sleep(700)
				yield data.subarray(saved.offset + 1000, saved.offset + 2000)
			}
			const first = send(saved.at, saved.offset, slow())
			await sleep(300)
			const second = await send(saved.at, saved.offset, 'x'), asked = await head(saved.at), given = await call({ method: 'DELETE', path: saved.at, headers: TUS })
			const r = await first
			saved.offset += 2000
			return [is(r, 204), offset(r) !== saved.offset && `offset ${offset(r)}`, is(second, 409, 'ERR_UPLOAD_002'), is(asked, 409), is(given, 409, 'ERR_UPLOAD_002')]
		},
	}
	yield {
		name: 'with the last byte it is a file of the session', run: async () => {
			const r = await send(saved.at, saved.offset, data.subarray(saved.offset)), got = await call({ path: saved.at }), h = await head(saved.at)
			saved.file = got.json?.file
			return [is(r, 204), offset(r) !== data.length && 'offset', differs({ state: 'DONE', offset: data.length, sha256: createHash('sha256').update(data).digest('hex'), tables: [{ name: 'shops.csv', problem: null }] }, got.json),
				is(h, 200), offset(h) !== data.length && 'HEAD tells another offset']
		},
	}
	yield { name: 'as any other', as: 'admin', get: '/import/files/{file}', json: { name: 'shops.csv', bytes: data.length, entity: 'outlets', sha256: createHash('sha256').update(data).digest('hex'), sameAs: null } }
	yield { name: 'there is nothing to look into any more', run: async () => is(await call({ path: `${saved.at}/preview` }), 410, 'ERR_UPLOAD_003') }
	yield { name: 'the last part again does no harm', run: async () => is(await send(saved.at, data.length, ''), 204) }
	yield {
		name: 'everything in one request, packed', run: async () => {
			const packed = gzipSync(text(5, 'G')), r = await begin(packed.length, { filename: 'packed.csv.gz' }, { headers: { 'Content-Type': BYTES['Content-Type'] }, raw: packed })
			const got = await call({ path: at(r) })
			return [is(r, 201), offset(r) !== packed.length && 'offset', differs({ state: 'DONE', tables: [{ name: 'packed.csv' }] }, got.json)]
		},
	}
	yield {
		name: 'the same file a second time is told', run: async () => {
			const r = await begin(data.length, { filename: 'again.csv' }, { headers: { 'Content-Type': BYTES['Content-Type'] }, raw: data })
			const { json } = await call({ path: at(r) }), file = await call({ path: `/import/files/${json.file}` })
			await call({ method: 'DELETE', path: `/import/files/${json.file}` })
			return differs({ sameAs: { session: saved.tus, name: 'shops.csv' } }, file.json)
		},
	}
	yield {
		name: 'a file that cannot be read is refused with its reason, now and later', run: async () => {
			const raw = Buffer.from('PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00', 'latin1'), made = await begin(raw.length)
			const early = await call({ path: `${at(made)}/preview` }), r = await send(at(made), 0, raw)
			return [is(early, 400, 'ERR_IMPORT_001'), is(r, 400, 'ERR_IMPORT_001'), differs({ state: 'REFUSED', problem: /./ }, (await call({ path: at(made) })).json), is(await head(at(made)), 410), is(await send(at(made), 0, 'x'), 410, 'ERR_UPLOAD_003')]
		},
	}
	yield { name: 'a wrong checksum with the beginning leaves nothing', run: async () => is(await begin(4, {}, { headers: { 'Content-Type': BYTES['Content-Type'], 'Upload-Checksum': `sha1 ${sha('sha1', 'no')}` }, raw: 'a,b\n' }), 460, 'ERR_UPLOAD_004') }
	yield { name: 'given up', run: async () => { const r = await begin(100), gone = await call({ method: 'DELETE', path: at(r), headers: TUS }); return [is(gone, 204), is(await head(at(r)), 404)] } }
	yield { name: 'not without the version', run: async () => { const r = await begin(100); return [is(await call({ method: 'DELETE', path: at(r) }), 412, 'ERR_UPLOAD_006'), is(await call({ method: 'DELETE', path: at(r), headers: TUS }), 204)] } }
	yield {
		name: 'into a session that was closed meanwhile', run: async () => {
			const r = await begin(8, { session: saved.closed }), whole = await begin(8, { session: saved.closed })
			const rest = await send(at(whole), 0, 'a,b\n')
			await call({ method: 'POST', path: `/import/sessions/${saved.closed}/cancel`, body: {} })
			const end = await send(at(r), 0, 'a,b\n1,2\n')
			return [is(rest, 204), is(end, 409, 'ERR_IMPORT_004'), is(await head(at(r)), 409), is(await begin(8, { session: saved.closed }), 409, 'ERR_IMPORT_004')]
		},
	}

	// --- addresses
	const put = (url, raw, o = {}) => client.call({ method: 'PUT', path: url.replace('/api/v1', ''), raw, headers: { 'Content-Type': 'text/csv' }, ...o })
	const hand = async (name, more = {}) => (await call({ method: 'POST', path: `/import/sessions/${saved.signed}/addresses`, body: { files: [name], ...more } })).json.items[0]
	yield {
		name: 'a session says where its files are to go', as: 'admin', post: '/import/sessions', body: { name: 'delivered', files: ['outlets.csv', 'dt.csv'] },
		json: { addresses: [{ name: 'outlets.csv', url: /^\/api\/v1\/import\/deliver\/\d+-[0-9a-f]{32}$/, expiresIn: 3600 }, { name: 'dt.csv' }] }, save: { signed: '/id', url: '/addresses/0/url', url2: '/addresses/1/url' },
	}
	yield { name: 'delivered without signing in, as curl does', run: async () => { const r = await put(saved.url, text(3, 'D')); return [is(r, 200), differs({ name: 'outlets.csv', entity: 'outlets' }, r.json)] } }
	yield { name: 'once', run: async () => { const r = await put(saved.url, text(3, 'D')); return [is(r, 410, 'ERR_UPLOAD_003'), differs({ detail: /once/ }, r.json)] } }
	for (const [what, change] of [['another number', (u) => u.replace(/\/(\d+)-/, (_, n) => `/${Number(n) + 1}-`)], ['another signature', (u) => u.replace(/.$/, (c) => c === '0' ? '1' : '0')], ['half a signature', (u) => u.slice(0, -8)], ['no number', (u) => u.replace(/\/\d+-/, '/x-')], ['a number of nothing', (u) => u.replace(/\/\d+-/, '/987654321-')]])
		yield { name: `not at an address with ${what}`, run: async () => is(await put(change(saved.url2), 'a,b\n1,2\n'), 403, 'ERR_UPLOAD_005') }
	yield {
		name: 'nor when its time is over', run: async () => {
			const { url } = await hand('late.csv', { expiresIn: 1 })
			await sleep(2100)
			const path = url.replace('/api/v1', ''), o = { headers: TUS }
			return [is(await put(url, text(3)), 410, 'ERR_UPLOAD_003'), is(await client.call({ method: 'POST', path, raw: '', headers: { ...TUS, 'Upload-Length': '5' } }), 410, 'ERR_UPLOAD_003'),
				is(await client.call({ method: 'HEAD', path: `${path}/transfer`, ...o }), 410), is(await client.call({ method: 'DELETE', path: `${path}/transfer`, ...o }), 410, 'ERR_UPLOAD_003')]
		},
	}
	yield { name: 'a file that cannot be read does not use it up', run: async () => is(await put(saved.url2, ''), 400, 'ERR_IMPORT_001') }
	yield {
		name: 'the same by tus', run: async () => {
			const raw = Buffer.from(text(50, 'T')), path = saved.url2.replace('/api/v1', '')
			const ask = (method, more, headers = {}, body = undefined) => client.call({ method, path: path + more, headers: { ...TUS, ...headers }, raw: body })
			const out = [is(await ask('OPTIONS', ''), 204)]
			out.push(is(await client.call({ method: 'POST', path, raw: '' }), 412, 'ERR_UPLOAD_006'), is(await client.call({ method: 'HEAD', path: `${path}/transfer` }), 412), is(await client.call({ method: 'DELETE', path: `${path}/transfer`, raw: '' }), 412, 'ERR_UPLOAD_006'))
			out.push(is(await ask('POST', '', { 'Upload-Length': String(2 ** 40) }, ''), 413, 'ERR_REQ_005'))
			out.push(is(await ask('POST', '', { 'Upload-Length': '0' }, ''), 400, 'ERR_IMPORT_001'))
			out.push(is(await ask('POST', '', { 'Upload-Length': '4', 'Content-Type': BYTES['Content-Type'], 'Upload-Checksum': `sha1 ${sha('sha1', 'no')}` }, 'a,b\n'), 460, 'ERR_UPLOAD_004'))
			const made = await ask('POST', '', { 'Upload-Length': String(raw.length) }, '')
			out.push(is(made, 201), at(made) !== `${path}/transfer` && `Location: ${at(made)}`)
			const part = (from, body, headers = {}) => ask('PATCH', '/transfer', { 'Content-Type': BYTES['Content-Type'], 'Upload-Offset': String(from), ...headers }, body)
			out.push(is(await part(0, raw.subarray(0, 100)), 204), is(await part(0, 'x'), 409, 'ERR_UPLOAD_001'), is(await part(100, 'x', { 'Content-Type': 'text/csv' }), 415, 'ERR_REQ_007'), is(await part(100, 'x', { 'Tus-Resumable': '2' }), 412, 'ERR_UPLOAD_006'))
			out.push(is(await part(100, 'x', { 'Upload-Checksum': `sha1 ${sha('sha1', 'no')}` }), 460, 'ERR_UPLOAD_004'), is(await part(100, Buffer.alloc(raw.length)), 413, 'ERR_REQ_005'))
			const slow = part(100, (async function* () { yield raw.subarray(100, 200); await sleep(700); yield raw.subarray(200, 300) })())
			await sleep(300)
			out.push(is(await part(100, 'x'), 409, 'ERR_UPLOAD_002'), is(await ask('HEAD', '/transfer'), 409), is(await ask('DELETE', '/transfer'), 409, 'ERR_UPLOAD_002'), is(await ask('POST', '', { 'Upload-Length': '10' }, ''), 409, 'ERR_UPLOAD_002'), is(await slow, 204))
			const where = await ask('HEAD', '/transfer')
			out.push(is(where, 200), offset(where) !== 300 && `offset ${offset(where)}`, is(await part(300, raw.subarray(300)), 204))
			out.push(is(await ask('HEAD', '/transfer'), 200), is(await part(raw.length, ''), 410, 'ERR_UPLOAD_003'), is(await put(saved.url2, 'a,b\n'), 410, 'ERR_UPLOAD_003'))
			const { files } = (await call({ path: `/import/sessions/${saved.signed}` })).json
			out.push(differs([{ name: 'outlets.csv' }, { name: 'dt.csv', bytes: raw.length }], files))
			return out
		},
	}
	yield {
		name: 'a delivery given up, and one that cannot be read', run: async () => {
			const one = (await hand('one.csv')).url.replace('/api/v1', ''), two = (await hand('two.csv')).url.replace('/api/v1', '')
			const ask = (method, path, headers = {}, raw = undefined) => client.call({ method, path, headers: { ...TUS, ...headers }, raw })
			const out = [is(await ask('POST', one, { 'Upload-Length': '10' }, ''), 201), is(await ask('DELETE', `${one}/transfer`), 204), is(await ask('HEAD', `${one}/transfer`), 410)]
			out.push(is(await ask('POST', two, { 'Upload-Length': '3' }, ''), 201), is(await ask('PATCH', `${two}/transfer`, { 'Content-Type': BYTES['Content-Type'], 'Upload-Offset': '0' }, '\n\n\n'), 400, 'ERR_IMPORT_001'), is(await put(`${two}x`, ''), 403, 'ERR_UPLOAD_005'))
			for (const method of ['POST', 'HEAD', 'PATCH', 'DELETE'])
				out.push(is(await ask(method, method === 'POST' ? `${two}x` : `${two}x/transfer`, {}, method === 'HEAD' ? undefined : ''), 403))
			return out
		},
	}
	yield { name: 'no address without a name', as: 'admin', post: '/import/sessions/{signed}/addresses', body: { files: [''] }, status: 422, code: 'ERR_REQ_004', fields: ['/files/0'] }
	yield { name: 'none that is good for ever', as: 'admin', post: '/import/sessions/{signed}/addresses', body: { files: ['a.csv'], expiresIn: 99999999 }, status: 422, code: 'ERR_REQ_004', fields: ['/expiresIn'] }
	yield {
		name: 'none of a session that is closed, and none is good any more', run: async () => {
			const { url } = await hand('never.csv'), begun = (await hand('begun.csv')).url.replace('/api/v1', ''), whole = (await hand('whole.csv')).url.replace('/api/v1', '')
			const ask = (method, path, headers, raw) => client.call({ method, path, headers: { ...TUS, ...headers }, raw })
			await ask('POST', begun, { 'Upload-Length': '8' }, '')
			await call({ method: 'POST', path: `/import/sessions/${saved.signed}/cancel`, body: {} })
			return [is(await put(url, text(3)), 409, 'ERR_IMPORT_004'), is(await call({ method: 'POST', path: `/import/sessions/${saved.signed}/addresses`, body: { files: ['x.csv'] } }), 409, 'ERR_IMPORT_004'),
				is(await ask('POST', whole, { 'Upload-Length': '8' }, ''), 409, 'ERR_IMPORT_004'), is(await ask('PATCH', `${begun}/transfer`, { 'Content-Type': BYTES['Content-Type'], 'Upload-Offset': '0' }, 'a,b\n1,2\n'), 409, 'ERR_IMPORT_004'), is(await ask('HEAD', `${begun}/transfer`), 409)]
		},
	}

	// --- rows as JSON
	const rows = (list, headers = {}, more = '') => call({ method: 'POST', path: `/import/sessions/${saved.rows}/rows${more}`, raw: typeof list === 'string' ? list : JSON.stringify(list), headers: { 'Content-Type': 'application/json', ...headers } })
	const shops = (n) => Array.from({ length: n }, (_, i) => ({ outlet_code: `J-${i}`, outlet_name: `Shop ${i}`, latitude: 12.5, longitude: 77.5 + i / 1000, country: 'TCountry', state: 'TUpload', channel: 'GT', class: 'C' }))
	yield { name: 'a session by the older address', as: 'admin', post: '=/api/bulk-upload', body: { name: 'rows' }, json: { status: 'UPLOADING' }, save: { rows: '/id' } }
	yield { name: 'rows as JSON', run: async () => { const r = await rows(shops(100), { 'Idempotency-Key': 'k-1' }, '?name=erp.json'); saved.jsonFile = r.json?.id; return [is(r, 200), differs({ name: 'erp.json', entity: 'outlets', tables: [{ problem: null }] }, r.json)] } }
	yield { name: 'the same key again adds nothing', run: async () => { const r = await rows(shops(100), { 'Idempotency-Key': 'k-1' }, '?name=erp.json'); return [is(r, 200), differs({ id: saved.jsonFile }, r.json), (await call({ path: `/import/sessions/${saved.rows}` })).json.files.length !== 1 && 'a second file'] } }
	yield { name: 'also when both come at once', run: async () => { const both = await Promise.all([1, 2, 3].map(() => rows(shops(50), { 'Idempotency-Key': 'k-2' }))); return [both.map((r) => is(r, 200)), new Set(both.map((r) => r.json?.id)).size !== 1 && `several: ${both.map((r) => r.json?.id)}`, await call({ method: 'DELETE', path: `/import/files/${both[0].json?.id}` }).then(() => [])] } }
	yield { name: 'a key that is too long', run: async () => is(await rows(shops(1), { 'Idempotency-Key': 'x'.repeat(81) }), 422, 'ERR_REQ_004') }
	yield { name: 'rows that are no JSON', run: async () => is(await rows('[{"a": 1}, {'), 400, 'ERR_IMPORT_001') }
	yield { name: 'no rows', run: async () => is(await rows('[]'), 400, 'ERR_IMPORT_001') }
	yield { name: 'rows of another type', run: async () => is(await rows('a,b\n', { 'Content-Type': 'text/csv' }), 415, 'ERR_REQ_007') }
	yield { name: 'rows for nowhere', as: 'admin', post: '/import/sessions/987654321/rows', raw: '[]', headers: { 'Content-Type': 'application/json' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'are checked as any file', run: () => through(client, saved.rows, 'validate') }
	yield {
		name: 'followed as it happens, by the older address too', run: async () => {
			const r = await call({ path: `=/api/bulk-upload/${saved.rows}/progress` }), last = r.text.trim().split('\n\n').at(-1)
			return [is(r, 200), !/^text\/event-stream/.test(r.headers.get('content-type')) && r.headers.get('content-type'), !/^event: progress\ndata: \{.*"status":"READY"/.test(last) && last, is(await call({ path: `/import/sessions/${saved.rows}/progress` }), 200)]
		},
	}
	yield { name: 'nothing to follow', as: 'admin', get: '/import/sessions/987654321/progress', status: 404, code: 'ERR_DATA_003' }

	yield {
		name: 'only some follow at once: the others are told to ask now and then', run: async () => {
			await rows(shops(20000), {})
			const started = await call({ method: 'POST', path: `/import/sessions/${saved.rows}/validate`, body: {} })
			const all = await Promise.all(Array.from({ length: 8 }, () => call({ path: `/import/sessions/${saved.rows}/progress` })))
			await ended(client, started.json.jobId)
			return [!all.some((r) => r.status === 503 && r.json.code === 'ERR_SYS_005') && 'all of them could', all.filter((r) => r.status === 200).length < 4 && 'less than four could', !all.some((r) => (r.text.match(/event: progress/g) ?? []).length > 1) && 'nobody saw it move']
		},
	}
	yield {
		name: 'rows and last bytes that come while it is checked wait for their time', run: async () => {
			const good = text(3, 'W'), [one, two] = await Promise.all([begin(good.length, { session: saved.rows, filename: 'good.csv' }), begin(3, { session: saved.rows })])
			const url = (await call({ method: 'POST', path: `/import/sessions/${saved.rows}/addresses`, body: { files: ['bad.csv'] } })).json.items[0].url.replace('/api/v1', '')
			await client.call({ method: 'POST', path: url, headers: { ...TUS, 'Upload-Length': '3' }, raw: '' })
			await call({ method: 'DELETE', path: `/import/files/${(await call({ path: `/import/sessions/${saved.rows}` })).json.files[0].id}` })
			await rows(shops(20000), {}, '?name=more.json')
			const started = await call({ method: 'POST', path: `/import/sessions/${saved.rows}/validate`, body: {} })
			const during = [await send(at(one), 0, good), await send(at(two), 0, '\n\n\n'), await client.call({ method: 'PATCH', path: `${url}/transfer`, headers: { ...BYTES, 'Upload-Offset': '0' }, raw: '\n\n\n' }), await rows(shops(3))]
			await ended(client, started.json.jobId)
			const then = [await head(at(one)), await head(at(two)), await client.call({ method: 'HEAD', path: `${url}/transfer`, headers: TUS })]
			return [during.map((r) => is(r, 409, 'ERR_IMPORT_004')), is(then[0], 200), is(then[1], 400), is(then[2], 400), differs({ state: 'DONE', tables: [{ name: 'good.csv' }] }, (await call({ path: at(one) })).json)]
		},
	}
	/* A body whose bytes come by the drop: the reply that came before its end, if any. */
	const trickle = (id, { pause, sent = '', most = 15000 }) => new Promise((resolve) => {
		const { hostname, port } = new URL(client.base), { token, csrf } = client.sessions.get('admin')
		let got = '', drop
		const socket = connect(Number(port), hostname, () => {
			socket.write(`PATCH /api/v1${at(id)} HTTP/1.1\r\nHost: x\r\nCookie: bp_session=${token}\r\nX-CSRF-Token: ${csrf}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
				`Content-Type: application/offset+octet-stream\r\nContent-Length: 100000\r\n\r\n${sent}`)
			drop = setInterval(() => socket.write('x'), pause)
		})
		const over = setTimeout(() => socket.destroy(), most)
		socket.on('data', (d) => { got += d; socket.destroy() })
		socket.on('error', () => {})
		socket.on('close', () => { clearInterval(drop); clearTimeout(over); resolve(got) })
	})
	yield {
		name: 'a body that comes by the drop is broken off; what came is kept', run: async () => {
			const { change } = (await call({ path: '/settings' })).json.items.find((s) => s.name === 'upload_patience_seconds'), put = (value, seen) => call({ method: 'PUT', path: '/settings/upload_patience_seconds', body: { value, reason: 'a test', change: seen } })
			const set = await put('2', change), id = await begin(100000, { session: saved.rows, filename: 'drop.csv' }), since = Date.now()
			await sleep(1300)
			const got = await trickle(id, { pause: 100 }), took = Date.now() - since
			let r = await head(at(id))
			for (let i = 0; i < 50 && r.status !== 200; i++, r = await head(at(id)))
				await sleep(100)
			const back = await put(null, set.json.change)
			return [is(set, 200), is(back, 200), took > 12000 && `${took} ms`, !/^HTTP\/1.1 4/.test(got) && `said ${got.slice(0, 100)}`, is(r, 200), !(offset(r) > 0 && offset(r) < 200) && `${offset(r)} bytes are kept`, is(await call({ method: 'DELETE', path: at(id), headers: TUS }), 204)]
		},
	}
	yield {
		name: 'one address sends ten bodies at once and no more, so that others can', run: async () => {
			const ids = []
			for (let i = 0; i < 11; i++)
				ids.push(await begin(100000, { session: saved.rows, filename: `s${i}.csv` }))
			const first = ids.slice(0, 10).map((id) => trickle(id, { pause: 200, sent: 'x'.repeat(40000), most: 3000 }))
			await sleep(700)
			const last = await trickle(ids[10], { pause: 200 })
			await Promise.all(first)
			for (const id of ids)
				await call({ method: 'DELETE', path: at(id), headers: TUS })
			return [!/^HTTP\/1.1 429/.test(last) && `the eleventh: ${last.slice(0, 100)}`]
		},
	}
	yield { name: 'uploads of nowhere', as: 'admin', get: '/import/transfers?session=987654321', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'addresses of nowhere', as: 'admin', post: '/import/sessions/987654321/addresses', body: { files: ['a.csv'] }, status: 404, code: 'ERR_DATA_003' }
	for (const [method, path] of [['OPTIONS', '/import/transfers'], ...['PUT', 'OPTIONS', 'POST'].map((m) => [m, '/import/deliver/1-x']), ...['HEAD', 'PATCH', 'DELETE'].map((m) => [m, '/import/deliver/1-x/transfer'])])
		yield { name: `${method} ${path} with a query that it does not know`, run: async () => is(await client.call({ method, path: `${path}?noSuchField=1`, ...(method === 'HEAD' ? {} : { raw: '' }) }), 422, method === 'HEAD' ? undefined : 'ERR_REQ_004') }
	yield {
		name: 'a delivery beyond the limit is refused before it comes', run: () => new Promise((done) => {
			const { hostname, port } = new URL(client.base)
			call({ method: 'POST', path: `/import/sessions/${saved.rows}/addresses`, body: { files: ['huge.csv'] } }).then(({ json }) => {
				const socket = connect(Number(port), hostname, () => socket.write(`PUT ${json.items[0].url} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${20 * 2 ** 30}\r\n\r\n`))
				let got = ''
				socket.on('data', (d) => {
					got += d
					if (!got.includes('correlationId'))
						return
					client.seen.get('PUT /import/deliver/{ticket}').add('ERR_REQ_005')
					socket.destroy()
					done([!/^HTTP\/1.1 413/.test(got) && got.slice(0, 200), !got.includes('ERR_REQ_005') && got.slice(-300)])
				})
			})
		}),
	}

	// --- limits
	const half = Buffer.from(text(3000, 'L').replace(/(L-\d*[02468],)Shop \d+/g, '$1'))
	yield { name: 'a session that stops early', as: 'admin', post: '/import/sessions', body: { name: 'limits' }, save: { stop: '/id' } }
	yield { name: 'beyond a share', as: 'admin', put: '/import/sessions/{stop}/limits', body: { stopPercent: 30, stopAfter: 500, stopRows: 0 }, json: { limits: { stopPercent: 30, stopAfter: 500, stopRows: 0 } } }
	yield { name: 'a share that is none', as: 'admin', put: '/import/sessions/{stop}/limits', body: { stopPercent: 101, stopAfter: 0, stopRows: 0 }, status: 422, code: 'ERR_REQ_004', fields: ['/stopPercent'] }
	yield { name: 'limits of nothing', as: 'admin', put: '/import/sessions/987654321/limits', body: { stopPercent: 1, stopAfter: 0, stopRows: 0 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a file of which half is bad', run: async () => { const r = await upload(client, saved.stop, 'half.csv', half, '&entity=outlets'); saved.halfFile = r.json?.id; return is(r, 200) } }
	yield { name: 'is stopped', run: () => through(client, saved.stop, 'validate', 'failed') }
	yield { name: 'with its figures', as: 'admin', get: '/import/sessions/{stop}', json: { status: 'FAILED', error: { code: 'ERR_IMPORT_006', detail: /\d+ of the first 500 rows of half\.csv are rejected, 30 % are allowed/ }, counts: { read: 500 } }, save: { job: '/job/id' } }
	yield { name: 'what was wrong so far is there', as: 'admin', get: '/import/sessions/{stop}/issues?limit=1', json: { groups: (g) => g.some((x) => x.count >= 150) } }
	yield { name: 'tried again it stops again', run: async () => { const r = await call({ method: 'POST', path: `/jobs/${saved.job}/retry`, body: undefined, raw: '' }); return [is(r, 200), (await ended(client, saved.job)).state !== 'failed' && 'it went on'] } }
	yield { name: 'by number as well', as: 'admin', put: '/import/sessions/{stop}/limits', body: { stopPercent: 0, stopAfter: 0, stopRows: 600 }, json: { limits: { stopRows: 600 } } }
	yield { name: 'it goes on from there to the next limit', run: async () => { await call({ method: 'POST', path: `/jobs/${saved.job}/retry`, raw: '' }); await ended(client, saved.job); return differs({ status: 'FAILED', error: { detail: /600 are allowed/ }, counts: { rejected: 601 } }, (await call({ path: `/import/sessions/${saved.stop}` })).json) } }
	yield { name: 'and without one to the end, no row twice', run: async () => {
		await call({ method: 'PUT', path: `/import/sessions/${saved.stop}/limits`, body: { stopPercent: 0, stopAfter: 0, stopRows: 0 } })
		await call({ method: 'POST', path: `/jobs/${saved.job}/retry`, raw: '' })
		const job = await ended(client, saved.job), s = (await call({ path: `/import/sessions/${saved.stop}` })).json
		return [job.state !== 'done' && JSON.stringify(job), differs({ status: 'READY', counts: { read: 3000, rejected: 1500 } }, s)]
	} }
	yield { name: 'what has not failed is not tried again', as: 'admin', post: '/jobs/{job}/retry', raw: '', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor what is not there', as: 'admin', post: '/jobs/987654321/retry', raw: '', status: 404, code: 'ERR_DATA_003' }
	yield {
		name: 'nor what the session has left behind', run: async () => {
			await call({ method: 'PUT', path: `/import/sessions/${saved.stop}/limits`, body: { stopPercent: 0, stopAfter: 0, stopRows: 1 } })
			await call({ method: 'DELETE', path: `/import/files/${saved.halfFile}` })
			await upload(client, saved.stop, 'half.csv', half, '&entity=outlets')
			const started = (await call({ method: 'POST', path: `/import/sessions/${saved.stop}/validate`, body: {} })).json.jobId
			await ended(client, started)
			await call({ method: 'POST', path: `/import/sessions/${saved.stop}/cancel`, body: {} })
			return is(await call({ method: 'POST', path: `/jobs/${started}/retry`, raw: '' }), 409, 'ERR_IMPORT_004')
		},
	}
}
export const steps = all
