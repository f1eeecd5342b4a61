// SPDX-License-Identifier: GPL-3.0-or-later
// Import: files as ERPs write them and as they must not be, mapping, checking, publishing; no row is ever lost.
import { gzipSync } from 'node:zlib'
import { connect } from 'node:net'
import { sleep } from './client.mjs'
import { country } from './data.mjs'
import { differs, some } from './steps.mjs'

const csv = { 'Content-Type': 'text/csv' }
export const ROWS = 20000

/** Poll a job until it has ended. */
export async function ended(client, id, as = 'admin', path = '/jobs', seconds = 60) {
	for (let i = 0; i < seconds * 10; i++) {
		const { json } = await client.call({ as, path: `${path}/${id}` })
		if (!['queued', 'running'].includes(json.state))
			return json
		await sleep(100)
	}
	throw new Error(`job ${id} does not end`)
}
/** Start the job of a session and wait for it; complaints when it did not end as it should. */
export async function through(client, session, what, state = 'done') {
	const started = await client.call({ as: 'admin', method: 'POST', ...(what.startsWith('/') ? { path: what, body: { sessionId: session } } : { path: `/import/sessions/${session}/${what}`, body: {} }) })
	if (started.status !== 200)
		return started.text
	const job = await ended(client, started.json.jobId)
	return job.state === state ? [] : JSON.stringify(job)
}
const sums = ({ read, inserted, updated, unchanged, rejected, duplicate }) =>
	read === inserted + updated + unchanged + rejected + duplicate ? [] : `${read} rows read are not the sum of the others`
export const upload = async (client, session, name, raw, more = '') => client.call({
	as: 'admin', method: 'PUT', path: `/import/uploads?session=${session}&name=${name}${more}`, raw, headers: csv,
})

const bad = [
	['an empty file', Buffer.alloc(0)], ['spaces only', '\n\n  \n'], ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 3, 0, 0, 0])],
	['a spreadsheet', Buffer.from('PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00', 'latin1')], ['one column', 'code\nA1\nA2\nA3\n'],
]

async function* all({ client, saved }) {
	const data = country({ rows: ROWS, areas: 8, seed: 7, spoilt: 2 })

	yield { name: 'what can be imported', as: 'dt', get: '/import/entities', json: { items: some({ entity: 'outlets', columns: some({ name: 'code', required: true, key: true }) }) } }
	yield { name: 'a template to fill in', as: 'dt', get: '/import/templates/outlets', header: { 'content-type': '^text/csv', 'content-disposition': 'attachment; filename="[^"]*\\.csv"' }, check: (r) => !/code/i.test(r.text) && r.text }
	yield { name: 'no template for anything else', as: 'dt', get: '/import/templates/dragons', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'open a session', as: 'admin', post: '/import/sessions', body: { name: 'bad files' }, json: { status: 'UPLOADING', files: [] }, save: { bad: '/id' } }
	for (const [name, raw] of bad)
		yield {
			name: `${name} is refused and says why`, run: async () => {
				const r = await upload(client, saved.bad, 'x.csv', raw)
				return [r.status !== 400 || r.json?.code !== 'ERR_IMPORT_001' ? `${r.status} ${r.text}` : !r.json.detail && 'no detail']
			},
		}
	for (const [name, what, raw, why] of /** @type {const} */ ([['x.xlsx', 'a text', 'code,name\nA1,Shop\n', /"x\.xlsx" calls itself a workbook \(\.xlsx\) and looks like text: .* end in \.csv/], ['x.csv', 'gzip', gzipSync('code,name\nA1,Shop\n'), /gzip: .* end in \.gz/], ['x.csv.gz', 'JSON within', gzipSync('[{"code":"A1","name":"Shop"}]'), /"x\.csv" calls itself CSV .* JSON/]]))
		yield {
			name: `an ending that lies is refused: ${what} called ${name}`, run: async () => {
				const r = await upload(client, saved.bad, name, raw)
				return [(r.status !== 400 || r.json?.code !== 'ERR_IMPORT_001' || !why.test(r.json.detail)) && `${r.status} ${r.text}`]
			},
		}
	yield {
		name: 'an upload by POST', as: 'admin', post: '/import/uploads?session={bad}&name=p.csv', raw: '', headers: csv, status: 400, code: 'ERR_IMPORT_001',
	}
	yield { name: 'an upload into nowhere', as: 'admin', put: '/import/uploads?session=987654321&name=p.csv', raw: 'a,b\n1,2\n', headers: csv, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the same by POST', as: 'admin', post: '/import/uploads?session=987654321&name=p.csv', raw: 'a,b\n1,2\n', headers: csv, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'gzip is unpacked', as: 'admin', put: '/import/uploads?session={bad}&name=shops.csv.gz', raw: gzipSync('code;name\nA1;Shop\nA2;Shoe\n'), headers: csv, json: { name: 'shops.csv', delimiter: ';', tables: [{ name: 'shops.csv', problem: null }] }, save: { packed: '/id' } }
	yield { name: 'and gone again', as: 'admin', delete: '/import/files/{packed}' }
	yield { name: 'gzip that was cut off', as: 'admin', put: '/import/uploads?session={bad}&name=shops.csv.gz', raw: gzipSync('code;name\nA1;Shop\n').subarray(0, 20), headers: csv, status: 400, code: 'ERR_IMPORT_001' }
	yield { name: 'XML by the element that is a row', as: 'admin', put: '/import/uploads?session={bad}&name=shops.xml&row=shop', raw: '<all><part><shop code="X1"><name>One</name></shop></part><part><shop code="X2"><name>Two</name></shop></part></all>', headers: csv, json: { mapping: some({ target: 'code' }) }, save: { packed: '/id' } }
	yield { name: 'and gone as well', as: 'admin', delete: '/import/files/{packed}' }
	yield { name: 'XML with a DOCTYPE', as: 'admin', put: '/import/uploads?session={bad}&name=shops.xml', raw: '<!DOCTYPE a><a><b c="1"/><b c="2"/></a>', headers: csv, status: 400, code: 'ERR_IMPORT_001' }
	yield { name: 'an upload without a name', as: 'admin', put: '/import/uploads?session={bad}', raw: 'a,b\n1,2\n', headers: csv, status: 422, fields: ['/name'] }
	yield { name: 'a name is no path', as: 'admin', post: '/import/uploads?session={bad}&name=..%2F..%2Fetc%2Fx.csv', raw: 'code,name\nA1,Shop\n', headers: csv, json: { name: (n) => !/[/\\]/.test(n) }, save: { badFile: '/id' } }
	yield {
		name: 'an upload that breaks off leaves nothing behind', run: async () => {
			const { hostname, port } = new URL(client.base), { token, csrf } = client.sessions.get('admin')
			const id = `t-broken-${Date.now().toString(36)}`
			const before = (await client.call({ as: 'admin', path: `/import/sessions/${saved.bad}` })).json.files.length
			await new Promise((resolve) => {
				const socket = connect(Number(port), hostname, () => {
					socket.write(`PUT /api/v1/import/uploads?session=${saved.bad}&name=half.csv HTTP/1.1\r\nHost: x\r\nCookie: bp_session=${token}\r\n` +
						`X-CSRF-Token: ${csrf}\r\nX-Correlation-Id: ${id}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\ncode,name\r\nA1,Shop\r\n`)
					setTimeout(() => { socket.destroy(); resolve() }, 200)
				})
			})
			for (let i = 0; i < 50 && client.state && !client.logLines([id]).some((l) => /err=ABORTED/.test(l)); i++)
				await sleep(100)
			const after = (await client.call({ as: 'admin', path: `/import/sessions/${saved.bad}` })).json.files.length
			return [after !== before && 'a file was kept', client.state && !client.logLines([id]).some((l) => /err=ABORTED/.test(l)) && `the log does not tell: ${client.logLines([id])}`]
		},
	}
	yield {
		name: 'two uploads under one correlation id do not meet', run: async () => {
			const slow = async function* (text) {
				yield Buffer.from('code,name\n')
				await sleep(300)
				yield Buffer.from(text)
			}
			const both = await Promise.all([['one', 'A1,Shop\nA2,Stall\n', 0], ['two', 'B1,Kiosk\nB2,Market\n', 100]].map(async ([name, text, wait]) => {
				await sleep(wait)
				return client.call({ as: 'admin', method: 'PUT', path: `/import/uploads?session=${saved.bad}&name=${name}.csv`, raw: slow(text), headers: { ...csv, 'X-Correlation-Id': 't-the-same-twice' } })
			}))
			for (const r of both)
				if (r.json?.id)
					await client.call({ as: 'admin', method: 'DELETE', path: `/import/files/${r.json.id}` })
			return both.map((r, i) => r.status !== 200 ? `${i}: ${r.text}` : [])
		},
	}
	yield { name: 'what it holds must be known', as: 'admin', patch: '/import/files/{badFile}', body: { entity: 'plan' }, json: { entity: 'plan' } }
	yield { name: 'a mapping that maps to nothing', as: 'admin', patch: '/import/files/{badFile}', body: { mapping: [{ source: 0, target: 'dragon' }] }, status: 422, fields: ['/mapping'] }
	yield { name: 'a delimiter that leaves one column', as: 'admin', patch: '/import/files/{badFile}', body: { delimiter: '|' }, status: 400, code: 'ERR_IMPORT_001' }
	yield { name: 'no delta before the check', as: 'admin', get: '/import/sessions/{bad}/delta', status: 409, code: 'ERR_IMPORT_004' }
	for (const what of ['validate', 'process'])
		yield { name: `${what} of a session that is not there, by body`, as: 'admin', post: `/import/${what}`, body: { sessionId: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'no publishing before the check, by body', as: 'admin', post: '/import/process', body: { sessionId: '{bad}' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'no publishing before the check', as: 'admin', post: '/import/sessions/{bad}/process', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'take the file out', as: 'admin', delete: '/import/files/{badFile}' }
	yield { name: 'nothing to check then, by the older address', as: 'admin', post: '=/api/import/validate', body: { sessionId: '{bad}' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'nor by body', as: 'admin', post: '/import/validate', body: { sessionId: '{bad}' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'nothing to check then', as: 'admin', post: '/import/sessions/{bad}/validate', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'a file nobody can name', as: 'admin', put: '/import/uploads?session={bad}&name=odd.csv', raw: 'foo,bar\n1,2\n3,4\n', headers: csv, save: { oddFile: '/id' } }
	yield { name: 'must be named before it is checked, by body', as: 'admin', post: '/import/validate', body: { sessionId: '{bad}' }, status: 400, code: 'ERR_IMPORT_002' }
	yield { name: 'must be named before it is checked', as: 'admin', post: '/import/sessions/{bad}/validate', body: {}, status: 400, code: 'ERR_IMPORT_002' }
	yield { name: 'call it off', as: 'admin', post: '/import/sessions/{bad}/cancel', body: {}, json: { status: 'CANCELLED' } }
	yield { name: 'once', as: 'admin', post: '/import/sessions/{bad}/cancel', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'then its files stay as they are', as: 'admin', patch: '/import/files/{oddFile}', body: { entity: 'outlets' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'and are not taken out', as: 'admin', delete: '/import/files/{oddFile}', status: 409, code: 'ERR_IMPORT_004' }
	for (const method of ['put', 'post'])
		yield { name: `nor does it take more by ${method}`, as: 'admin', [method]: '/import/uploads?session={bad}&name=p.csv', raw: 'a,b\n1,2\n', headers: csv, status: 409, code: 'ERR_IMPORT_004' }

	yield { name: 'a second session', as: 'admin', post: '/import/sessions', body: { name: 'country' }, save: { import: '/id' } }
	for (const kind of ['distributors', 'seats', 'outlets'])
		yield {
			name: `upload ${kind}`, run: async () => {
				const r = await upload(client, saved.import, `${kind}.csv`, data[kind])
				saved[`file_${kind}`] = r.json?.id
				return differs({ entity: kind, encoding: 'UTF-8', delimiter: ',', headerRow: 1 }, r.json)
			},
		}
	yield { name: 'read a file', as: 'admin', get: '/import/files/{file_outlets}', json: { name: 'outlets.csv', bytes: Buffer.byteLength(data.outlets) } }
	yield { name: 'its first rows', as: 'admin', get: '/import/files/{file_outlets}/preview', json: { columns: some({ name: 'Outlet Code', target: 'code' }), missing: [], rows: (r) => r.length === 50 } }
	yield { name: 'check it', run: () => through(client, saved.import, 'validate') }
	yield {
		name: 'every row is accounted for', as: 'admin', get: '/import/sessions/{import}', json: { status: 'READY' },
		check: (r) => {
			const c = r.json.files.find((f) => f.entity === 'outlets').counts
			return [r.json.files.map((f) => sums(f.counts)), sums(r.json.counts), differs({ read: ROWS, rejected: data.rejected, duplicate: data.duplicate,
				inserted: ROWS - data.rejected - data.duplicate }, c)]
		},
	}
	yield {
		name: 'what is wrong is told by row, column, rule and value', as: 'admin', get: '/import/sessions/{import}/issues?file={file_outlets}&severity=error&limit=5',
		json: { items: (i) => i.length === 5 && i.every((x) => x.row > 1 && x.rule && x.message), groups: some({ rule: 'DUPLICATE', count: data.duplicate }), next: /./ },
		save: { after: '/next' },
	}
	yield { name: 'page by page and by rule', as: 'admin', get: '/import/sessions/{import}/issues?rule=DUPLICATE&after={after}&limit=500', json: { items: (i) => i.length > 0 } }
	yield {
		name: 'and by column: each cause gives its own rows', run: async () => {
			const { groups } = (await client.call({ as: 'admin', path: `/import/sessions/${saved.import}/issues?limit=1` })).json
			const wrong = [groups.some((g) => g.column !== null) ? '' : 'no cause of a column']
			for (const g of groups) {
				const { items } = (await client.call({ as: 'admin', path: `/import/sessions/${saved.import}/issues?rule=${g.rule}&column=${g.column ?? '-'}&limit=500` })).json
				wrong.push(items.length !== Math.min(500, g.count) && `${g.rule} ${g.column}: ${items.length} of ${g.count}`, items.some((x) => x.column !== g.column || x.rule !== g.rule) && `${g.rule} ${g.column}: others among them`)
			}
			return wrong
		},
	}
	yield { name: 'what would change', as: 'admin', get: '/import/sessions/{import}/delta', json: { new: (n) => n >= ROWS - data.rejected - data.duplicate, changed: 0, samples: (s) => s.length > 0 } }
	yield {
		name: 'the rows that are kept out, to mend and send again', as: 'admin', get: '/import/files/{file_outlets}/rejects', header: { 'content-type': '^text/csv' },
		check: (r) => {
			const lines = r.text.trim().split('\r\n')
			return [!lines[0].startsWith('_row,_error,Outlet Code') && lines[0], lines.length !== 1 + data.rejected + data.duplicate && `${lines.length} lines`]
		},
	}

	yield { name: 'publish, by the older form', run: () => through(client, saved.import, '/import/process') }
	yield { name: 'it is complete', as: 'admin', get: '/import/sessions/{import}', json: { status: 'COMPLETED', counts: { rejected: data.rejected, duplicate: data.duplicate } }, check: (r) => sums(r.json.counts) }
	yield { name: 'its seats are found by code, name or person', as: 'planner', get: '/seats?limit=1', json: { items: [{ channel: /^(GT|MT|WS)$/, territory: /./ }] }, save: { seatCode: '/items/0/code' } }
	yield { name: 'one of them', as: 'planner', get: '/seats?q={seatCode}', json: { items: (i) => i.length > 0 && i.every((s) => [s.code, s.name, s.person].join(' ').includes(saved.seatCode)) } }
	yield { name: 'none of another name', as: 'planner', get: '/seats?q=nobody-of-this-name', json: { items: [] } }
	yield { name: 'once is enough', as: 'admin', post: '/import/sessions/{import}/process', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'and too late to call off', as: 'admin', post: '/import/sessions/{import}/cancel', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'the trail knows', as: 'admin', get: '/audit?resourceType=import&resourceId={import}', json: { items: some({ action: 'IMPORT_PUBLISH' }) } }

	yield { name: 'the same again', as: 'admin', post: '/import/sessions', body: { name: 'again' }, save: { again: '/id' } }
	yield { name: 'uploaded', run: async () => (await upload(client, saved.again, 'outlets.csv', data.outlets)).status === 200 ? [] : 'refused' }
	yield { name: 'checked, by the older form', run: () => through(client, saved.again, '/import/validate') }
	yield {
		name: 'changes nothing', as: 'admin', get: '/import/sessions/{again}',
		check: (r) => [sums(r.json.counts), differs({ inserted: 0, updated: 0, unchanged: ROWS - data.rejected - data.duplicate }, r.json.counts)],
	}
	yield { name: 'a file may still be added', run: async () => (await upload(client, saved.again, 'seats.csv', data.seats)).status === 200 ? [] : 'refused' }
	yield { name: 'which asks for a new check', as: 'admin', post: '/import/sessions/{again}/process', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'call it off', as: 'admin', post: '/import/sessions/{again}/cancel', body: {}, json: { status: 'CANCELLED' } }

	yield { name: 'the sessions, newest first', as: 'analyst', get: '/import/sessions?limit=2', json: { items: [{ name: 'again' }, { name: 'country' }], next: /./ }, save: { next: '/next' } }
	yield { name: 'and the older ones', as: 'analyst', get: '/import/sessions?after={next}', json: { items: some({ name: 'bad files' }) } }
	yield {
		name: 'keep a mapping for the next file of that kind', as: 'admin', post: '/import/schemas',
		body: { name: 'ERP outlets', entity: 'outlets', mapping: [{ source: 'Outlet Code', target: 'code' }, { source: 'Outlet Name', target: 'name' }] }, save: { schema: '/id' },
	}
	yield { name: 'read it', as: 'admin', get: '/import/schemas/{schema}', json: { name: 'ERP outlets', entity: 'outlets' } }
	yield { name: 'list them', as: 'admin', get: '/import/schemas', json: { items: some({ name: 'ERP outlets' }) } }
	yield { name: 'a schema that is none', as: 'admin', post: '/import/schemas', body: { name: 'x', entity: 'dragons', mapping: [] }, status: 422, fields: ['/entity'] }
	yield { name: 'a second one', as: 'admin', post: '/import/schemas', body: { name: 'CRM outlets', entity: 'outlets', mapping: [{ source: 'Id', target: 'code' }] }, save: { schema2: '/id' } }
	yield { name: 'does not take the name of the first', as: 'admin', patch: '/import/schemas/{schema2}', body: { name: 'ERP outlets' }, status: 422, fields: ['/name'] }
	yield { name: 'but another', as: 'admin', patch: '/import/schemas/{schema2}', body: { name: 'CRM 2026' }, json: { id: '{schema2}', name: 'CRM 2026' } }
	yield { name: 'and can be removed', as: 'admin', delete: '/import/schemas/{schema2}' }
	yield { name: 'then it is gone', as: 'admin', get: '/import/schemas/{schema2}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'so is its name', as: 'admin', patch: '/import/schemas/{schema2}', body: { name: 'x' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor can it be removed twice', as: 'admin', delete: '/import/schemas/{schema2}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the trail knows the removal', as: 'admin', get: '/audit?action=SCHEMA_REMOVE', json: { items: [{ changes: [{ field: 'name', old: 'CRM 2026' }] }] } }
	yield { name: 'the job', as: 'admin', get: '/jobs?kind=IMPORT_PUBLISH&state=done', json: { items: some({ kind: 'IMPORT_PUBLISH' }) }, save: { job: '/items/0/id' } }
	yield { name: 'by its id', as: 'admin', get: '/jobs/{job}', json: { state: 'done', percent: 100, error: null } }
	yield { name: 'a job that has ended cannot be stopped', as: 'admin', post: '/jobs/{job}/cancel', json: { state: 'done' } }
	/* The addresses of the older documents reach the same handlers. */
	for (const [old, now] of [['=/api/import/session', '/import/sessions'], ['=/api/import/schema', '/import/schemas'], [`=/api/import/session/${saved.import}`, `/import/sessions/${saved.import}`],
		['=/api/clients?limit=1', '/outlets?limit=1'], ['=/api/v1/clients?limit=1', '/outlets?limit=1'], ['=/api/territories?limit=1', '/territories?limit=1']])
		yield {
			name: `the older address ${old.slice(1)}`, run: async () => {
				const [a, b] = [await client.call({ as: 'admin', path: old }), await client.call({ as: 'admin', path: now })]
				return a.status === 200 && a.text === b.text ? [] : `${a.status} ${a.text.slice(0, 200)}`
			},
		}
	yield { name: 'an address that never was is no screen', as: 'admin', get: '=/api/dragons', status: 404, code: 'ERR_REQ_001' }
	yield { name: 'the older address of a change', as: 'admin', post: `=/api/import/validate/${saved.import}`, body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'and of publishing', as: 'admin', post: `=/api/import/process/${saved.import}`, body: {}, status: 409, code: 'ERR_IMPORT_004' }
}
export const steps = all
