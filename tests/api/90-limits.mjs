// SPDX-License-Identifier: GPL-3.0-or-later
// What needs much or breaks on the disk: a unit beyond the solver's limits, a file beyond two gigabytes, a stored file gone bad.
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
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
