#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// kills.mjs [KILLS [SEED]] - imports through which programs are killed at moments that the seed chooses, each counted and summed
// against what was sent.  Needs BASE_URL, BEATPLAN_STATE, BEATPLAN_BUILD and the right to kill the services.
import { pathToFileURL } from 'node:url'
import { tap } from '../tap.mjs'
import { Client, sleep } from './client.mjs'
import { random } from './data.mjs'
import { services } from './services.mjs'

const ROWS = 6000

/** The file of a round, and what must become of it: every second round says other sales of some outlets of the round before. */
function extract(seed, round) {
	const again = round % 2 === 1, prefix = `K${seed}x${round >> 1}-`
	const lines = ['code,name,latitude,longitude,country,region,area,channel,annual sales'], want = { read: ROWS, rejected: 0, duplicate: 0, inserted: 0, updated: 0, unchanged: 0 }
	let sum = 0
	for (let i = 0; i < ROWS; i++) {
		const spoilt = i % 101 === 7, twice = i % 97 === 13, changed = again && i % 10 === 0, sales = 100 + (i * 7919 + (round >> 1)) % 900 + (changed ? 1000 : 0)
		const code = prefix + String(twice ? i - 1 : i).padStart(5, '0')
		lines.push(`${code},${spoilt ? '' : `Kiosk ${i}`},${(12 + i % 60 / 100).toFixed(4)},${(77 + i % 50 / 100).toFixed(4)},Killland,North,Area ${i % 4},GT,${sales}`)
		const fate = spoilt ? 'rejected' : twice && (i - 1) % 101 !== 7 ? 'duplicate' : again ? (changed ? 'updated' : 'unchanged') : 'inserted'
		want[fate]++
		if (fate !== 'rejected' && fate !== 'duplicate')
			sum += sales
	}
	return { text: Buffer.from(lines.join('\n') + '\n'), want, prefix, outlets: want.inserted + want.updated + want.unchanged, sum }
}

/** @param {{client: Client, state: string, check: (name: string, fn: () => any) => any, kills: number, seed: number}} o */
export async function campaign({ client, state, check, kills, seed }) {
	const { killed, healthy, begin, more, stands } = services(client, state), dice = random(seed)
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body, judge: false })
	/** Once more until it is answered: what a client does whose server went away. */
	const surely = async (method, path, body) => {
		for (let i = 0; i < 100; i++, await sleep(200)) {
			const r = await call(method, path, body).catch(() => null)
			if (r && r.status < 500)
				return r
		}
		throw new Error(`${method} ${path} is not answered`)
	}
	/** @param {Promise<any>} work @param {string} victim @param {number} delay */
	const during = async (work, victim, delay) => {
		await sleep(delay)
		await killed(victim)
		await healthy()
		await work
	}
	const send = async (session, raw, slow) => {
		const path = await begin(session, 'outlets.csv', raw.length)
		const pieces = async function* () {
			for (let i = 0; i < raw.length; i += 1 << 15, await sleep(60))
				yield raw.subarray(i, i + (1 << 15))
		}
		await more(path, 0, slow ? pieces() : raw).catch(() => null)
		for (let i = 0; i < 50; i++, await sleep(200)) {
			const at = await stands(path).catch(() => NaN)
			if (at === raw.length)
				return
			if (Number.isFinite(at))
				await more(path, at, raw.subarray(at)).catch(() => null)
		}
		throw new Error('the upload does not end')
	}
	/** A step of the session, asked for until it runs or has run, and waited for. */
	const step = async (session, what, reached) => {
		const r = await surely('POST', `/import/sessions/${session}/${what}`, {})
		for (let i = 0; i < 600; i++, await sleep(100)) {
			const { json } = await surely('GET', `/import/sessions/${session}`)
			if (json.status === reached)
				return
			if (json.status === 'FAILED')
				throw new Error(`${what}: ${JSON.stringify(json.error ?? json)} (${r.text})`)
		}
		throw new Error(`${what}: it does not become ${reached}`)
	}
	const sums = async (prefix) => {
		const got = { outlets: 0, sum: 0 }
		for (let after = 0; after !== null;) {
			const { json } = await surely('GET', `/outlets?q=${prefix}&limit=500&after=${after}`)
			for (const o of json.items) {
				got.outlets++
				got.sum += o.salesVolume
			}
			after = json.next === null ? null : Number(json.next)
		}
		return got
	}
	for (let round = 0; round < kills; round++) {
		const stage = ['upload', 'validate', 'process'][Math.floor(dice() * 3)], victims = stage === 'upload' ? ['uploads', 'mariadbd'] : ['workerd', 'mariadbd', 'pool']
		const victim = victims[Math.floor(dice() * victims.length)], delay = Math.floor(dice() * 1500), file = extract(seed, round)
		await check(`kill ${round + 1}: ${victim} ${delay} ms into ${stage}: every row is accounted for`, async () => {
			const session = (await surely('POST', '/import/sessions', { name: `kill ${seed}.${round}` })).json.id
			const at = (name, work) => (name === stage ? during(work, victim, delay) : work)
			await at('upload', send(session, file.text, stage === 'upload'))
			await at('validate', step(session, 'validate', 'READY'))
			await at('process', step(session, 'process', 'COMPLETED'))
			const { counts } = (await surely('GET', `/import/sessions/${session}`)).json, got = await sums(file.prefix)
			return [...Object.entries(file.want).map(([k, n]) => counts[k] !== n && `${k}: ${counts[k]}, not ${n}`),
				got.outlets !== file.outlets && `${got.outlets} outlets are stored, not ${file.outlets}`, got.sum !== file.sum && `their sales are ${got.sum}, not ${file.sum}`]
		})
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { check, done } = tap(), state = process.env.BEATPLAN_STATE
	const client = new Client(process.env.BASE_URL, state, await (await fetch(`${process.env.BASE_URL}/api/v1/openapi.json`)).json())
	await client.login('admin', 'admin', 'beatplan-demo')
	await campaign({ client, state, check, kills: Number(process.argv[2] ?? 50), seed: Number(process.argv[3] ?? 1) })
	await done()
}
