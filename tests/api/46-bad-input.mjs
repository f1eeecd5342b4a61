// SPDX-License-Identifier: GPL-3.0-or-later
// Files as nobody should send them, through the whole chain: refused in words, in memory that does not grow with them; and two
// people who publish at once.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGzip, gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { ended, through, upload } from './40-import.mjs'
import { differs } from './steps.mjs'

const MB = 1 << 20
const header = 'outlet_code,outlet_name,latitude,longitude,country,state,channel,class\r\n'
const shops = (n, name, prefix = 'TWO') => header + Array.from({ length: n }, (_, i) => `${prefix}-${i},${name} ${i},12.${2000 + i % 7000},77.${2000 + i % 7000},TCountry,TTwo,GT,C\r\n`).join('')

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	/** Highest resident memory of a program in MB since it began. */
	const peak = (name) => {
		const pid = new RegExp(`^${name} +up, process (\\d+)$`, 'm').exec(execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['status', '--state', client.state], { encoding: 'utf8' }))[1]
		return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
	}
	const large = async function* (first, mb, byte = 'x') {
		const block = Buffer.alloc(MB, byte)
		yield Buffer.from(first)
		for (let i = 0; i < mb; i++)
			yield block
	}
	const bounded = async (program, f) => {
		const before = peak(program), wrong = await f(), after = peak(program)
		return [wrong, after - before > 120 && `${program} grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB`]
	}
	const is = (r, status, code, detail) => r.status === status && r.json?.code === code && (!detail || detail.test(r.json.detail)) ? [] : `${r.status} ${r.text.slice(0, 300)}`

	yield { name: 'a session for them', as: 'admin', post: '/import/sessions', body: { name: 'bad input' }, save: { badInput: '/id' } }
	yield { name: 'a gigabyte without a line end', run: () => bounded('uploads', async () => is(await upload(client, saved.badInput, 'line.csv', large('code,name,', 1024)), 400, 'ERR_IMPORT_001')) }
	yield {
		name: 'a gigabyte in one row below a header', run: () => bounded('workerd', async () => {
			const r = await bounded('uploads', async () => {
				const sent = await upload(client, saved.badInput, 'row.csv', large(`${header}B-1,Shop,12.5,77.5,TCountry,TBad,GT,C\r\nB-2,`, 1024), '&entity=outlets')
				if (sent.status === 400)
					return is(sent, 400, 'ERR_IMPORT_001', /./)
				const job = await through(client, saved.badInput, 'validate')
				const { json } = await call({ path: `/import/sessions/${saved.badInput}` })
				await call({ method: 'DELETE', path: `/import/files/${sent.json?.id}` })
				return [job, differs({ counts: { read: 2, rejected: 1 } }, json)]
			})
			return r
		}),
	}
	yield { name: 'what unpacks to far more than it is', run: () => bounded('uploads', async () => {
		const parts = []
		for await (const p of Readable.from(large('a,b\n', 300, ' ')).pipe(createGzip({ level: 9 })))
			parts.push(p)
		return is(await upload(client, saved.badInput, 'bomb.csv.gz', Buffer.concat(parts)), 400, 'ERR_IMPORT_001', /times its size/)
	}) }
	for (const [what, raw] of [['gzip', gzipSync(shops(500, 'Cut'))], ['a ZIP', Buffer.from('504b03041400000008000000210000000000ffffff00ffffff0005000000612e637376', 'hex')]])
		yield { name: `${what} that was cut off`, run: async () => is(await upload(client, saved.badInput, 'cut.csv', raw.subarray(0, raw.length * 0.6)), 400, 'ERR_IMPORT_001', /./) }
	yield { name: 'ten thousand columns', run: async () => is(await upload(client, saved.badInput, 'wide.csv', `${Array.from({ length: 10000 }, (_, i) => `c${i}`).join(',')}\n${Array(10000).fill('1').join(',')}\n`), 400, 'ERR_IMPORT_001', /column/) }
	yield { name: 'NUL bytes among the text', run: async () => is(await upload(client, saved.badInput, 'nul.csv', Buffer.concat([Buffer.from(header), Buffer.from('A\0B,Sh\0op,1,2,C,S,GT,C\r\n')])), 400, 'ERR_IMPORT_001', /./) }
	yield { name: 'an entity in XML that unfolds for ever', run: async () => is(await upload(client, saved.badInput, 'lol.xml', `<!DOCTYPE l [<!ENTITY a "ha">${'bcdefgh'.split('').map((c, i) => `<!ENTITY ${c} "${`&${'abcdefg'[i]};`.repeat(10)}">`).join('')}]><l><r c="&h;"/><r/></l>`), 400, 'ERR_IMPORT_001', /DOCTYPE|entity/) }

	yield {
		name: 'one session published by two at once: one of them does', run: async () => {
			const { json } = await call({ method: 'POST', path: '/import/sessions', body: { name: 'pressed twice' } })
			await upload(client, json.id, 'two.csv', shops(300, 'First', 'TWI'), '&entity=outlets')
			const checked = await through(client, json.id, 'validate')
			const both = await Promise.all(['admin', 'analyst', 'admin'].map((as) => client.call({ as: client.sessions.has(as) ? as : 'admin', method: 'POST', path: `/import/sessions/${json.id}/process`, body: {} })))
			const won = both.filter((r) => r.status === 200)
			const job = won.length ? await ended(client, won[0].json.jobId) : {}
			return [checked, won.length !== 1 && `${won.length} were let`, both.filter((r) => r.status !== 200).map((r) => is(r, 409, 'ERR_IMPORT_004')), job.state !== 'done' && JSON.stringify(job),
				differs({ status: 'COMPLETED', counts: { inserted: 300 } }, (await call({ path: `/import/sessions/${json.id}` })).json)]
		},
	}
	yield {
		name: 'two sessions about the same outlets published at once: both add up, and one of them stands', run: async () => {
			const ids = []
			for (const name of ['Market', 'Station']) {
				const { json } = await call({ method: 'POST', path: '/import/sessions', body: { name } })
				await upload(client, json.id, `${name}.csv`, shops(2000, name), '&entity=outlets')
				const wrong = await through(client, json.id, 'validate')
				if (wrong.length)
					return wrong
				ids.push(json.id)
			}
			const jobs = await Promise.all(ids.map((id) => call({ method: 'POST', path: `/import/sessions/${id}/process`, body: {} })))
			const ends = await Promise.all(jobs.map((j) => ended(client, j.json.jobId)))
			const sessions = await Promise.all(ids.map(async (id) => (await call({ path: `/import/sessions/${id}` })).json))
			const names = new Set()
			for (let after = ''; after !== null;) {
				const page = (await call({ path: `/outlets?q=TWO-&limit=500${after && `&after=${after}`}` })).json
				page.items.filter((o) => o.code.startsWith('TWO-')).forEach((o) => names.add(o.name.split(' ')[0]))
				after = page.next
			}
			return [ends.map((j) => j.state !== 'done' && JSON.stringify(j)), sessions.map((s) => differs({ status: 'COMPLETED', counts: { read: 2000 } }, s)),
				sessions.map((s) => s.counts.inserted + s.counts.updated + s.counts.unchanged !== 2000 && `they add up to something else: ${JSON.stringify(s.counts)}`), names.size !== 1 && `a mixture: ${[...names]}`]
		},
	}
}
export const steps = all
