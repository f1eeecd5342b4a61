#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// chaos.mjs - programs are killed and the disk fills up under a Beatplan just made: it says what is wrong, comes back within
// seconds, and no work is lost or done twice. Needs BASE_URL, BEATPLAN_STATE and the right to kill the services.
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tap } from '../tap.mjs'
import { Client, sleep } from './client.mjs'
import { country } from './data.mjs'
import { ended, upload } from './40-import.mjs'
import { campaign as generated } from './generate.mjs'
import { withIds } from './ids.mjs'
import { campaign } from './kills.mjs'
import { services } from './services.mjs'
import { last } from './shell.mjs'

const base = process.env.BASE_URL, state = process.env.BEATPLAN_STATE
const doc = await (await fetch(`${base}/api/v1/openapi.json`)).json()
const client = new Client(base, state, doc)
const { check, skip, done } = tap()
const call = (method, path, body) => client.call({ as: 'admin', method, path, body })

const { pids, killed, healthy, begin, more, stands } = services(client, state)
const within = (seconds, most, what) => seconds <= most ? [] : `${what} took ${seconds} s`

await check('no program holds a file of whoever started it', () => Object.entries(pids()).flatMap(([name, pid]) => readdirSync(`/proc/${pid}/fd`).map((fd) => {
	try {
		const to = readlinkSync(`/proc/${pid}/fd/${fd}`)
		return to.endsWith('/tests/check') && `${name} holds ${to}`
	} catch {
		return false
	}
})))
await client.login('admin', 'admin', 'beatplan-demo')
const rows = 60000, data = country({ rows, areas: 12, seed: 11, spoilt: 2, prefix: 'C' })
let session
/** A new import of the country, checked and ready or not. */
async function fresh(name) {
	session = (await call('POST', '/import/sessions', { name })).json.id
	for (const kind of ['distributors', 'seats', 'outlets']) {
		const r = await upload(client, session, `${kind}.csv`, data[kind])
		if (r.status !== 200)
			throw new Error(r.text)
	}
}
const start = async (what) => {
	const r = await call('POST', `/import/sessions/${session}/${what}`, {})
	if (r.status !== 200)
		throw new Error(r.text)
	return r.json.jobId
}
const running = async (id) => {
	for (let i = 0; i < 200; i++) {
		if ((await call('GET', `/jobs/${id}`)).json.state !== 'queued')
			return
		await sleep(20)
	}
}
async function accounts(wanted) {
	const { json } = await call('GET', `/import/sessions/${session}`)
	const c = json.files.find((f) => f.entity === 'outlets').counts
	const sum = c.inserted + c.updated + c.unchanged + c.rejected + c.duplicate
	return [c.read !== rows && `${c.read} rows read, not ${rows}`, sum !== c.read && `they add up to ${sum}`,
		c.rejected !== data.rejected && `${c.rejected} rejected, not ${data.rejected}`, c.duplicate !== data.duplicate && `${c.duplicate} duplicates, not ${data.duplicate}`,
		wanted && json.status !== wanted && `the session is ${json.status}`]
}

for (const name of ['pool', 'slow', 'uploads', 'health', 'workerd', 'optimizerd', 'nginx'])
	await check(`${name} killed: another runs within 2 s`, async () => {
		await sleep(600) // what died at once is started after a pause
		const s = await killed(name)
		return [within(s, 2, name), within(await healthy(), 3, 'the way back')]
	})

await check('the worker killed while it checks: the job goes on and no row is lost', async () => {
	await fresh('check')
	const job = await start('validate')
	await running(job)
	await sleep(150)
	const during = (await call('GET', `/jobs/${job}`)).json.state
	await killed('workerd')
	const end = await ended(client, job, 'admin', '/jobs', 90)
	return [during !== 'running' && `the job was ${during} when the worker died: it shows nothing`, end.state !== 'done' && JSON.stringify(end), await accounts('READY')]
})
await check('the database killed while the worker publishes: all or nothing, then all', async () => {
	const job = await start('process')
	await running(job)
	await sleep(200)
	const s = await killed('mariadbd')
	await healthy()
	const end = await ended(client, job, 'admin', '/jobs', 120)
	const total = (await call('GET', '/outlets?q=C000&limit=1')).status
	return [within(s, 2, 'the database'), end.state !== 'done' && JSON.stringify(end), await accounts('COMPLETED'), total !== 200 && `outlets: ${total}`]
})
await check('published once: the same files again change nothing', async () => {
	await fresh('again')
	const end = await ended(client, await start('validate'), 'admin', '/jobs', 90)
	const { json } = await call('GET', `/import/sessions/${session}`)
	await call('POST', `/import/sessions/${session}/cancel`, {})
	return [end.state !== 'done' && JSON.stringify(end), json.counts.inserted + json.counts.updated > 0 && JSON.stringify(json.counts)]
})

await check('the optimiser killed in mid-run: the run ends with a plan', async () => {
	const unit = (await call('GET', '/territories?units=1')).json.items[0].id
	const lock = await call('POST', `/territories/${unit}/lock`, { channel: 'GT' })
	const plan = await call('POST', '/planning/sessions', { territoryId: unit, channel: 'GT' })
	const run = await call('POST', '/optimize', { sessionId: plan.json.id, seconds: 6, seed: 2 })
	if (run.status !== 200)
		return [lock.text, plan.text, run.text]
	for (let i = 0; i < 100 && !(await call('GET', `/optimize/${run.json.jobId}`)).json.progress?.iterations; i++)
		await sleep(100)
	const during = (await call('GET', `/jobs/${run.json.jobId}`)).json.state
	const s = await killed('optimizerd')
	const end = await ended(client, run.json.jobId, 'admin', '/optimize', 90)
	return [during !== 'running' && `the job was ${during}`, within(s, 2, 'the optimiser'), end.state !== 'done' && JSON.stringify(end), !end.result?.versionId && 'no plan']
})

await check('without a database every operation says so, and health too', async () => {
	const ids = { users: 1, jobs: 1, optimize: 1, plans: 1, outlets: 1, clients: 1, 'planning/sessions': 1, territories: 2, 'import/sessions': 1, 'import/files': 1, 'import/templates': 'outlets' }
	const old = pids().mariadbd
	/* Stopped, not killed: the supervisor would have another one up before all were asked. */
	process.kill(old, 'SIGKILL')
	const asked = client.operations.map(async (o) => {
		const body = o.op.requestBody?.content['application/json'] ? {} : undefined
		const reply = await client.call({ as: o.op['x-scope'] === 'public' ? null : 'admin', method: o.method.toUpperCase(), path: withIds(o.path, ids), body, judge: false })
		/* A reply to HEAD has no body that could tell the code. */
		return { name: o.name, status: reply.status, code: o.method === 'head' && reply.status === 503 ? 'ERR_SYS_002' : reply.json?.code, after: reply.headers.get('retry-after') }
	})
	const replies = await Promise.all(asked)
	await healthy()
	const down = replies.filter((r) => r.code === 'ERR_SYS_002')
	const odd = replies.filter((r) => r.status >= 500 && !(r.status === 503 && /ERR_SYS_00[235]/.test(r.code)))
	return [down.length < 10 && `only ${down.length} said that the database is down`, odd.map((r) => `${r.name}: ${r.status} ${r.code}`),
		down.filter((r) => !r.after).map((r) => `${r.name}: no Retry-After`)]
})
await check('everything works again afterwards', async () => {
	const r = [await call('GET', '/auth/me'), await call('GET', '/territories?units=1'), await call('GET', '/users')]
	return r.filter((x) => x.status !== 200).map((x) => x.text)
})

/** A visit list of several megabytes, read slowly from its first bytes on; when `meanwhile` is done, to its end. */
async function download(meanwhile) {
	const plan = (await call('GET', '/plans')).json.items[0].id, { token } = client.sessions.get('admin')
	return new Promise((resolve, reject) => {
		request(`${base}/api/v1/plans/${plan}/export?what=visits&format=xml&from=2000-01-01`, { headers: { Cookie: `bp_session=${token}` } }, (res) => {
			let bytes = 0, tail = ''
			res.once('readable', async () => {
				await meanwhile(res)
				res.on('data', (d) => { bytes += d.length; tail = (tail + d.toString('latin1')).slice(-100) })
			})
			res.on('error', () => {})
			res.on('close', () => resolve({ complete: res.complete, bytes, tail }))
		}).on('error', reject).end()
	})
}
await check('a download that the database breaks off does not look whole', async () => {
	const whole = await download(() => {}), half = await download(() => killed('mariadbd'))
	await healthy()
	return [(!whole.complete || !whole.tail.endsWith('</visits>\n')) && `undisturbed: ${JSON.stringify(whole)}`,
		half.bytes >= whole.bytes && 'it came whole: nothing was broken off', half.complete && `it ends as if it were whole: ${half.tail}`, half.tail.includes('</visits>') && half.tail]
})
await check('a download that the client breaks off stands in the trail all the same', async () => {
	const last = async () => (await call('GET', '/audit?action=PLAN_EXPORT&limit=1')).json.items[0]?.id ?? 0
	const before = await last()
	await download((res) => res.destroy())
	for (let i = 0; i < 50 && await last() === before; i++)
		await sleep(100)
	return await last() === before && 'nothing is known of it'
})
await check('a pool that is told to stop ends what it has begun', async () => {
	const into = (await call('POST', '/import/sessions', { name: 'slow' })).json.id
	const body = async function* () {
		for (let i = 0; i < 20; i++, await sleep(100))
			yield Buffer.from(i ? `A${i},Shop ${i}\n` : 'code,name\n')
	}
	const slow = client.call({ as: 'admin', method: 'PUT', path: `/import/uploads?session=${into}&name=slow.csv`, raw: body(), headers: { 'Content-Type': 'text/csv' } })
	await sleep(500)
	process.kill(pids().uploads, 'SIGTERM')
	const r = await slow
	for (let i = 0; i < 100 && !pids().uploads; i++)
		await sleep(100)
	return r.status === 200 ? [] : r.text
})

await check('a handler killed in mid-upload: it goes on where it was, to the same file', async () => {
	session = (await call('POST', '/import/sessions', { name: 'resumed' })).json.id
	const raw = Buffer.from(data.outlets), path = await begin(session, 'resumed.csv', raw.length), wrong = []
	let at = 0
	for (let kill = 0; kill < 5; kill++) {
		const slow = async function* () {
			for (let i = at; i < raw.length; i += 1 << 16) {
				yield raw.subarray(i, i + (1 << 16))
				await sleep(40)
			}
		}
		const sending = more(path, at, slow()).catch(() => null)
		await sleep(400 + kill * 60)
		await killed('uploads')
		await sending
		await healthy()
		const now = await stands(path)
		wrong.push(now <= at && `nothing stayed of try ${kill}: ${now} after ${at}`, now > raw.length && `more than there is: ${now}`)
		at = now
	}
	const r = await more(path, at, raw.subarray(at)), file = (await call('GET', `/import/sessions/${session}`)).json.files[0]
	return [wrong, r.status !== 204 && r.text, file?.bytes !== raw.length && JSON.stringify(file), file?.sha256 !== createHash('sha256').update(raw).digest('hex') && 'other bytes than were sent']
})

/* A full disk: the state lies on a small file system of its own when `tests/check` could make one. */
const free = statfsSync(state)
if (Number(free.blocks) * Number(free.bsize) > 3e9)
	skip('a full disk is told and nothing is lost', 'the state does not lie on a small file system')
else
	await check('a full disk is told and nothing is lost', async () => {
		const balloon = join(state, 'uploads', 'balloon')
		await fresh('disk')
		const path = await begin(session, 'resumed.csv', Buffer.byteLength(data.outlets))
		const fd = openSync(balloon, 'w')
		for (let size = 1 << 20; size >= 1 << 12;)
			try {
				writeSync(fd, Buffer.alloc(size, 1))
			} catch (e) {
				if (e.code !== 'ENOSPC')
					throw e
				size >>= 4
			}
		closeSync(fd)
		const part = await more(path, 0, data.outlets), kept = await stands(path)
		const begun = { 'an upload': await upload(client, session, 'more.csv', data.outlets), 'a check': await call('POST', `/import/sessions/${session}/validate`, {}), 'an optimisation': await call('POST', '/optimize', {}) }
		const read = await call('GET', `/import/sessions/${session}`)
		rmSync(balloon)
		const rest = await more(path, kept, Buffer.from(data.outlets).subarray(kept))
		const then = await upload(client, session, 'more.csv', data.outlets)
		const end = await ended(client, await start('validate'), 'admin', '/jobs', 90)
		return [Object.entries(begun).map(([what, r]) => (r.status !== 507 || !/^0 % of the disk are free \([a-z]+\), and below 10 %/.test(r.json?.detail)) && `${what} on a full disk: ${r.status} ${r.text}`), read.status !== 200 && `reading on a full disk: ${read.status} ${read.text}`,
			part.status !== 507 && `a resumable upload: ${part.status} ${part.text}`, rest.status !== 204 && `goes on afterwards at ${kept}: ${rest.status} ${rest.text}`,
			then.status !== 200 && `afterwards: ${then.status} ${then.text}`, end.state !== 'done' && JSON.stringify(end)]
	})
await campaign({ client, state, check, kills: 3, seed: 5 })
await generated({ client, check, requests: 2500, seed: 5 })
await check('beatplan faults: whatever harm is done while people save, commit and import, no promise is broken', () => {
	const work = mkdtempSync(join(tmpdir(), 'beatplan-faults-')), state = join(work, 'state')
	mkdirSync(state, { mode: 0o711 })
	// Only a small disk is filled; who may not mount one does the rest.
	const disk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1400m,mode=711', 'beatplan-faults', state]).status === 0
	try {
		chmodSync(work, 0o711)
		const harm = ['--kills', '8', '--cuts', '9', '--clock-jumps', '3', '--stop-database', '3', '--delay-database', '3', ...(disk ? ['--fill-disk', '3'] : [])]
		const run = spawnSync(join(dirname(fileURLToPath(import.meta.url)), '../../beatplan'), ['faults', '--state', state, '--seed', '5', ...harm, '--port', String(20000 + process.pid % 10000)],
			{ encoding: 'utf8' })
		if (![0, 3].includes(run.status ?? -1))
			return run.stderr.slice(-1000)
		const out = last(run.stdout)
		return [(out.kills !== 8 || out.cuts !== 9 || out.clock_jumps !== 3) && JSON.stringify(out), out.promised < 5 && 'next to nothing was promised', out.commits_lost + out.rows_duplicated + out.imports_half + out.jobs_left > 0 && JSON.stringify(out),
			!out.audit_whole && 'the trail is broken', out.max_recovery_s > 10 && `it took ${out.max_recovery_s} s to come back`]
	} finally {
		if (disk)
			spawnSync('umount', [state])
		rmSync(work, { recursive: true, force: true })
	}
})
await check('no child has died but those that were killed', () => {
	const log = readFileSync(join(state, 'log', 'supervisor.log'), 'utf8')
	return log.split('\n').filter((l) => /ev=child_died/.test(l) && !/status=(137|0)$/.test(l))
})
await done()
