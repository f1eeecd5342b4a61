// SPDX-License-Identifier: GPL-3.0-or-later
// What needs much or breaks on the disk: a unit beyond the solver's limits, a file beyond two gigabytes, a stored file gone bad.
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { sleep } from './client.mjs'
import { through, upload } from './40-import.mjs'
import { differs } from './steps.mjs'

const OUTLETS = 60001

/** Announce a body that is never sent; the reply comes before it would. */
const announce = (client, method, path, bytes) => new Promise((done, failed) => {
	const { token, csrf } = client.sessions.get('admin')
	const rq = request(client.base + path, { method, headers: { 'Content-Type': 'text/csv', 'Content-Length': bytes, Cookie: `bp_session=${token}`, 'X-CSRF-Token': csrf } }, (r) => {
		let text = ''
		r.on('data', (d) => { text += d }).on('end', () => { rq.destroy(); done({ status: r.statusCode, json: JSON.parse(text) }) })
	})
	rq.on('error', failed)
	rq.write('outlet_code\r\n')
})

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	let session

	yield {
		name: 'ten megabytes of headers are cut short, and the next one is served', run: async () => {
			const { port, hostname } = new URL(client.base), socket = connect(Number(port), hostname)
			let said = '', sent = 0
			socket.on('data', (d) => { said += d }).on('error', () => {})
			const over = new Promise((done) => socket.on('close', done))
			socket.write('GET /api/v1/healthz HTTP/1.1\r\nHost: x\r\n')
			for (; sent < 10 << 20 && !socket.destroyed && !said; sent += 1 << 16)
				await new Promise((done) => socket.write(`X-Long-${sent}: ${'x'.repeat((1 << 16) - 16)}\r\n`, done))
			await Promise.race([over, sleep(5000)])
			socket.destroy()
			return [!/^HTTP\/1.1 (400|431|494) /.test(said) && `said ${said.slice(0, 80)} after ${sent} bytes`, (await call(null, 'GET', '/healthz')).status !== 200 && 'it does not answer any more']
		},
	}
	for (const method of ['POST', 'PUT'])
		yield {
			name: `${method} of a file beyond two gigabytes`, run: async () =>
				differs({ status: 413, json: { code: 'ERR_REQ_005' } }, await announce(client, method, '/api/v1/import/uploads?session=1&name=huge.csv', 2 ** 31 + 1)),
		}
	yield {
		name: 'a stored file that has gone bad is told', run: async () => {
			session = (await call('admin', 'POST', '/import/sessions', { name: 'limits' })).json.id
			const file = (await upload(client, session, 'bad.csv', 'outlet_code,outlet_name\r\nL-1,One\r\n', '&entity=outlets')).json
			writeFileSync(join(client.state, 'uploads', String(session), `${file.id}.csv`), Buffer.alloc(64))
			const out = []
			for (const what of ['preview', 'rejects']) {
				const r = await call('admin', 'GET', `/import/files/${file.id}/${what}`)
				out.push(differs({ status: 400, json: { code: 'ERR_IMPORT_001' } }, r))
			}
			return out
		},
	}
	yield {
		name: 'a unit of more outlets than one run takes is refused with the split that would help', run: async () => {
			const { json } = await call('admin', 'POST', '/import/sessions', { name: 'too large' })
			const rows = Array.from({ length: OUTLETS }, (_, i) => `BIG-${i},Large Shop ${i},${(10 + i % 300 / 1000).toFixed(5)},${(70 + Math.floor(i / 300) / 1000).toFixed(5)},TCountry,TTooLarge,GT,C\r\n`)
			const made = await upload(client, json.id, 'big.csv', `outlet_code,outlet_name,latitude,longitude,country,state,channel,class\r\n${rows.join('')}`, '&entity=outlets')
			const wrong = [made.status !== 200 && made.text, await through(client, json.id, 'validate'), await through(client, json.id, 'process')]
			const unit = (await call('admin', 'GET', '/territories?q=TTooLarge')).json.items[0]
			if (!unit?.unit)
				return [wrong, `no unit: ${JSON.stringify(unit)} ${(await call('admin', 'GET', `/import/sessions/${json.id}`)).text}`]
			await call('admin', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			const plan = await call('admin', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
			const r = await call('admin', 'POST', '/optimize', { sessionId: plan.json.id })
			return [wrong, differs({ json: { code: 'ERR_OPT_002', detail: /2 parts/ } }, r)]
		},
	}
}
export const steps = all
