// SPDX-License-Identifier: GPL-3.0-or-later
// Several machines: one of each kind is cut off or dies, and nothing that was promised is lost. Started by tests/hosts/run.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { Client, sleep } from '../api/client.mjs'
import { arrange, tour } from '../api/planning.mjs'
import { runFolder, sql } from '../api/shell.mjs'

const build = process.env.BEATPLAN_BUILD ?? '', work = process.env.BEATPLAN_WORK ?? ''
const ADDRESS = { db: '10.77.0.1', web1: '10.77.0.2', web2: '10.77.0.3', opt1: '10.77.0.4', opt2: '10.77.0.5', rep: '10.77.0.6' }
const PORT = 8080
const state = (host) => join(work, host)

/** A command on a host, as somebody who sits there. @param {string} host @param {string[]} words */
const on = (host, ...words) => promisify(execFile)('ip', ['netns', 'exec', host, ...words], { encoding: 'utf8', env: { ...process.env, BEATPLAN_BUILD: build } })
const beatplan = (host, ...words) => on(host, join(build, '../beatplan'), ...words, '--state', state(host))
const link = (host, how) => execFileSync('ip', ['link', 'set', host, how])
const log = (host, name) => readFileSync(join(state(host), 'log', name), 'utf8')
const runOf = (host) => runFolder(state(host)), ask = (host, text) => sql(state(host), text)
const until = async (what, done, seconds = 60) => {
	for (let i = 0; i < seconds * 5; i++, await sleep(200)) {
		const x = await what()
		if (done(x))
			return x
	}
	throw new Error('it takes too long')
}

const doc = JSON.parse(readFileSync(join(build, 'gen/openapi.json'), 'utf8'))
const web = { web1: new Client(`http://${ADDRESS.web1}:${PORT}`, state('web1'), doc), web2: new Client(`http://${ADDRESS.web2}:${PORT}`, state('web2'), doc) }
const call = async (host, method, path, body) => {
	const r = await web[host].call({ as: 'admin', method, path, body })
	assert.ok(r.status < 300, `${method} ${path}: ${r.status} ${r.text}`)
	return r.json
}
let unit, session, draft

after(() => {
	for (const host of Object.keys(ADDRESS))
		try {
			execFileSync('ip', ['netns', 'exec', host, join(build, 'beatplan-cli'), 'down', '--state', state(host)], { stdio: 'ignore' })
		} catch { /* it never came up, or was killed */ }
})

test('six machines become one Beatplan by kits', async () => {
	await beatplan('db', 'up', '--demo')
	await beatplan('db', 'down')
	appendFileSync(join(state('db'), 'beatplan.conf'), `db_listen = ${ADDRESS.db}\nruns = database\n`)
	await beatplan('db', 'up')
	for (const [host, runs] of [['rep', 'replica'], ['web1', 'web,worker'], ['web2', 'web,worker'], ['opt1', 'optimizer'], ['opt2', 'optimizer']]) {
		const kit = join(state('db'), 'tmp', `${host}.kit`)
		await beatplan('db', 'machine', 'add', '--runs', runs, '--out', kit, ...(runs === 'replica' ? ['--address', ADDRESS.rep] : []))
		if (host === 'rep') /* whoever comes later is told of it */
			appendFileSync(join(state('db'), 'beatplan.conf'), `db_host = ${ADDRESS.db}, ${ADDRESS.rep}\n`)
		await beatplan(host, 'up', '--join', kit, ...(runs.includes('web') ? ['--listen', ADDRESS[host], '--port', `${PORT}`] : []))
	}
	for (const host of Object.keys(ADDRESS)) {
		const { stdout } = await beatplan(host, 'status')
		assert.ok(!/ down/.test(stdout), `${host}: ${stdout}`)
	}
})

test('a session of one web server is one of the other', async () => {
	await web.web1.login('admin', 'admin', 'beatplan-demo')
	web.web2.sessions = web.web1.sessions
	assert.equal((await call('web2', 'GET', '/auth/me')).user.username, 'admin')
})

test('a kit joins nothing where the shared folders are not mounted, and a state folder once only', async () => {
	const kit = join(state('db'), 'tmp', 'odd.kit')
	await beatplan('db', 'machine', 'add', '--runs', 'worker', '--out', kit)
	const odd = JSON.parse(readFileSync(kit, 'utf8'))
	odd.shared = 'f'.repeat(32)
	writeFileSync(kit, JSON.stringify(odd))
	await assert.rejects(on('opt1', join(build, 'beatplan-cli'), 'up', '--join', kit, '--state', join(work, 'odd')), /is not the folder of the first machine: mount it/)
	await beatplan('opt1', 'down')
	await assert.rejects(beatplan('opt1', 'up', '--join', kit), /there is a Beatplan in/)
	await beatplan('opt1', 'up')
})

test('an optimizer is cut off in mid-job: the other ends the job, once', async () => {
	unit = (await call('web1', 'GET', '/territories?units=1')).items.find((t) => t.plan?.channel === 'GT' || t.outlets > 50)
	await call('web1', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
	session = await call('web1', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
	const proposals = Number(ask('db', `SELECT COUNT(*) FROM plan_version v JOIN plan p ON p.id = v.plan_id WHERE p.territory_id = ${unit.id} AND v.kind = 'OPTIMISE'`))
	const { jobId } = await call('web1', 'POST', '/optimize', { sessionId: session.id, seconds: 10 })
	await until(() => call('web1', 'GET', `/jobs/${jobId}`), (j) => j.state === 'running' && j.percent > 5)
	/* Whose solver is at work? */
	const busy = ['opt1', 'opt2'].find((host) => Number(execFileSync('sh', ['-c', `ps -C beatplan-optimizerd -o args= | grep -c "${state(host)}/" || true`], { encoding: 'utf8' })) > 1)
	assert.ok(busy, 'an optimizer works on it')
	link(busy, 'down')
	const cut = Date.now()
	const job = await until(() => call('web1', 'GET', `/jobs/${jobId}`), (j) => ['done', 'failed'].includes(j.state), 90)
	assert.equal(job.state, 'done', JSON.stringify(job))
	console.log(`# ended ${((Date.now() - cut) / 1000).toFixed(1)} s after its machine was cut off`)
	link(busy, 'up')
	await sleep(14000) /* longer than a connection waits, and than the solver that was cut off would have taken */
	assert.equal(ask('db', `SELECT state, attempts FROM job WHERE id = ${jobId}`), 'done\t2')
	assert.equal(ask('db', `SELECT COUNT(*) FROM plan_version v JOIN plan p ON p.id = v.plan_id WHERE p.territory_id = ${unit.id} AND v.kind = 'OPTIMISE'`), `${proposals + 1}`)
	assert.match(log(busy, 'optimizerd.log'), new RegExp(`id=${jobId} .*outcome=(DB_DOWN|CONFLICT|DB_RETRY)`))
})

/** Tours whose order is changed to and fro: an edit that no rule forbids. */
let standing, turns = 0
const edit = async (host) => {
	const d = draft, order = turns % 2 ? standing.order : standing.order.toReversed()
	const r = await web[host].call({ as: 'admin', method: 'POST', path: `/planning/sessions/${session.id}/ops`, body: { seq: d.seq, ops: [{ clientId: randomUUID(), ...arrange(d, [{ ...standing, order }]) }] }, judge: false }).catch(() => null)
	if (r?.status !== 200)
		return false
	turns++
	draft.seq = r.json.seq
	return true
}
const held = async (host) => tour(await call(host, 'GET', `/planning/sessions/${session.id}/draft`), standing.seat, standing.day).join()
const promised = () => (turns % 2 ? standing.order.toReversed() : standing.order).join()

test('a web server is cut off while somebody plans: what was taken is there on the other', async () => {
	draft = await call('web1', 'GET', `/planning/sessions/${session.id}/draft`)
	const i = draft.visits.need.findIndex((_, k) => !draft.visits.to[k] && tour(draft, draft.visits.seat[k], draft.visits.day[k]).length > 2)
	standing = { seat: draft.visits.seat[i], day: draft.visits.day[i], order: tour(draft, draft.visits.seat[i], draft.visits.day[i]) }
	for (let k = 0; k < 5; k++)
		assert.ok(await edit('web1'), 'an edit is taken')
	link('web1', 'down')
	try {
		assert.equal(await held('web2'), promised())
		for (let k = 0; k < 4; k++)
			assert.ok(await edit('web2'), 'the other goes on')
	} finally {
		link('web1', 'up')
	}
	assert.equal(await held('web1'), promised())
})

const reads = async (host) => Number(/beatplan_replica_reads_total (\d+)/.exec((await on(host, 'curl', '-s', `http://${ADDRESS[host]}:${PORT}/metrics`)).stdout)?.[1] ?? 0)
/** What a database holds of what people did. */
const sums = (host) => ['audit_event', 'plan_stop', 'draft_stop', 'outlet', 'job'].map((t) => ask(host, `CHECKSUM TABLE ${t}`)).join()

test('readings that may lag come from the copy, and from the database itself while the copy is cut off', async () => {
	const before = await reads('web1')
	assert.ok((await call('web1', 'GET', '/audit?limit=5')).items.length)
	assert.ok(await reads('web1') > before, 'the copy was asked')
	link('rep', 'down')
	const t = Date.now()
	try {
		assert.ok((await call('web1', 'GET', '/audit?limit=5')).items.length)
		assert.ok(await edit('web2'), 'changes are taken without the copy')
		console.log(`# first answers without the copy after ${((Date.now() - t) / 1000).toFixed(1)} s`)
	} finally {
		link('rep', 'up')
	}
	await until(() => Promise.resolve(sums('db') === sums('rep')), Boolean, 60)
	const then = await reads('web1')
	await until(async () => (await call('web1', 'GET', '/audit?limit=5')) && await reads('web1'), (n) => n > then, 30)
})

/** The first machine goes, all at once, and the copy takes over. */
async function failOver() {
	const t = Date.now()
	link('db', 'down')
	const run = runOf('db')
	for (const file of ['supervisor.pid', ...readdirSync(run).filter((name) => name.endsWith('.child'))])
		process.kill(Number(readFileSync(join(run, file), 'utf8')), 'SIGKILL')
	const { stdout } = await beatplan('rep', 'machine', 'promote')
	assert.match(stdout, /takes changes now/)
	const before = turns
	await until(() => Promise.resolve(turns), (n) => n > before, 60)
	console.log(`# changes are taken again ${((Date.now() - t) / 1000).toFixed(1)} s after the machine died`)
	await sleep(2000)
}

test('the machine of the database dies while people plan: its copy is promoted, and holds all that was promised', async () => {
	await assert.rejects(beatplan('rep', 'machine', 'promote'), /another machine takes changes/)
	let stop = false
	const client = (async () => {
		while (!stop)
			if (!await edit('web2')) {
				await sleep(100)
				/* Whether the last one was taken is not known: look, as a browser does. */
				if (stop || await web.web2.call({ as: 'admin', path: `/planning/sessions/${session.id}/draft`, judge: false }).then((r) => {
					if (r.status !== 200)
						return true
					const now = tour(r.json, standing.seat, standing.day).join()
					assert.ok(now === promised() || now === standing.order.join() || now === standing.order.toReversed().join())
					if (r.json.seq === draft.seq)
						assert.equal(now, promised(), 'what was taken is there')
					else
						turns += (now === promised()) ? 2 : 1
					draft.seq = r.json.seq
					return false
				}).catch(() => true))
					continue
			}
	})()
	try {
		await sleep(2000)
		await failOver()
	} finally {
		stop = true
		await client
	}
	assert.equal(await held('web1'), promised())
	assert.ok((await call('web1', 'GET', '/audit?limit=5')).items.length)
	await beatplan('rep', 'down')
	await beatplan('rep', 'up')
	assert.equal(await held('web1'), promised())
})

test('the optimizers work for the promoted one', async () => {
	const { jobId } = await call('web2', 'POST', '/optimize', { sessionId: session.id, seconds: 3 })
	const job = await until(() => call('web2', 'GET', `/jobs/${jobId}`), (j) => ['done', 'failed'].includes(j.state), 60)
	assert.equal(job.state, 'done', JSON.stringify(job))
	const { stdout } = await beatplan('rep', 'audit', 'verify')
	assert.match(stdout, /whole|ok/i)
})
