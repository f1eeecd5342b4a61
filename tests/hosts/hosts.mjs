// SPDX-License-Identifier: GPL-3.0-or-later
// Several machines: one of each kind is cut off or dies, and nothing that was promised is lost. Started by tests/hosts/run.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sleep } from '../api/client.mjs'
import { runFolder } from '../api/shell.mjs'
import { ask, beatplan, build, down, link, log, on, Planner, PORT, state, until, work } from './lib.mjs'

const ADDRESS = { db: '10.77.0.1', web1: '10.77.0.2', web2: '10.77.0.3', opt1: '10.77.0.4', opt2: '10.77.0.5', rep: '10.77.0.6' }
const runOf = (host) => runFolder(state(host))
const ana = new Planner({ web1: ADDRESS.web1, web2: ADDRESS.web2 }), call = ana.call.bind(ana)

after(() => Object.keys(ADDRESS).forEach(down))

test('six machines become one Beatplan by kits', async () => {
	await beatplan('db', 'up', '--demo')
	await beatplan('db', 'down')
	appendFileSync(join(state('db'), 'beatplan.conf'), `db_listen = ${ADDRESS.db}\nruns = database\nplain_http = 1\n`)
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
	await ana.signIn('web1')
	assert.equal((await call('web2', 'GET', '/auth/me')).user.username, 'admin')
})

test('a machine has the accounts of its programs, and says where to do what it may not', async () => {
	const has = { web1: ['web', 'worker'], opt1: ['optimizer'], rep: ['', 'web', 'worker', 'optimizer'] }
	for (const [host, accounts] of Object.entries(has)) {
		const conf = readFileSync(join(state(host), 'beatplan.conf'), 'utf8'), keys = existsSync(join(state(host), 'token.keys'))
		const found = [...conf.matchAll(/^db_(?:(\w+)_)?password = \S{20,}$/gm)].map((m) => m[1] ?? '')
		assert.deepEqual(found.toSorted(), accounts.toSorted(), host)
		assert.equal(keys, host !== 'opt1', `${host}: token.keys`)
		assert.equal(/^webhook_secret/m.test(conf), host !== 'opt1', `${host}: webhook_secret`)
		const { checks } = JSON.parse((await beatplan(host, 'doctor', '--json').catch((e) => e)).stdout.trim().split('\n').at(-1))
		for (const name of ['DB_ANSWERS', 'DB_RIGHTS', 'RUNNING'])
			assert.equal(checks.find((c) => c.name === name).verdict, 'ok', `${host}: ${JSON.stringify(checks.find((c) => c.name === name))}`)
	}
	for (const [host, words] of /** @type {[string, string[]][]} */ ([['web1', ['user', 'list']], ['opt1', ['job', 'list']], ['web2', ['user', 'reset', 'admin']]]))
		await assert.rejects(beatplan(host, ...words), (e) => new RegExp(`^beatplan ${words[0]}: this machine \\((web|opt).*\\) may ask the database only what its programs need: say it on the machine that has the database`, 'm').test(/** @type {any} */ (e).stderr))
	for (const host of ['db', 'rep'])
		assert.match((await beatplan(host, 'user', 'list')).stdout, / admin /, host)
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
	await ana.open('web1')
	const { unit, session } = ana
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

test('a web server is cut off while somebody plans: what was taken is there on the other', async () => {
	await ana.choose('web1')
	for (let k = 0; k < 5; k++)
		assert.ok(await ana.edit('web1'), 'an edit is taken')
	link('web1', 'down')
	try {
		assert.equal(await ana.held('web2'), ana.promised())
		for (let k = 0; k < 4; k++)
			assert.ok(await ana.edit('web2'), 'the other goes on')
	} finally {
		link('web1', 'up')
	}
	assert.equal(await ana.held('web1'), ana.promised())
})

const reads = async (host) => Number(/beatplan_replica_reads_total (\d+)/.exec((await on(host, 'curl', '-s', `http://${ADDRESS[host]}:${PORT}/metrics`)).stdout)?.[1] ?? 0)
/** How the web server's programs of a machine reach the database, as a file for `mariadb`. */
function clientOf(host) {
	const conf = Object.fromEntries([...readFileSync(join(state(host), 'beatplan.conf'), 'utf8').matchAll(/^(\w+) = (.*)$/gm)].map((m) => [m[1], m[2]])), file = join(work, `${host}.cnf`)
	writeFileSync(file, `[client]\nhost = ${ADDRESS.db}\nuser = ${conf.db_web_user ?? 'bp_web'}\npassword = ${conf.db_web_password}\nssl-ca = ${conf.db_ca}\n`)
	return file
}
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
		assert.ok(await ana.edit('web2'), 'changes are taken without the copy')
		console.log(`# first answers without the copy after ${((Date.now() - t) / 1000).toFixed(1)} s`)
	} finally {
		link('rep', 'up')
	}
	await until(() => Promise.resolve(sums('db') === sums('rep')), Boolean, 60)
	const then = await reads('web1')
	await until(async () => (await call('web1', 'GET', '/audit?limit=5')) && await reads('web1'), (n) => n > then, 30)
})

test('a copy that stops following is an alarm, until it follows again', async () => {
	const doctor = async () => (await call('web1', 'GET', '/system/doctor')).checks.find((c) => c.name === 'REPLICA').verdict
	const health = () => call('web1', 'GET', '/system/health'), rep = (h) => h.databases.find((d) => d.host === ADDRESS.rep)
	const lag = async () => Number((await on('web1', 'curl', '-s', `http://${ADDRESS.web1}:${PORT}/metrics`)).stdout.match(/beatplan_replica_lag_seconds\{host="10\.77\.0\.6"\} (\S+)/)?.[1])
	await beatplan('db', 'setting', 'set', 'watch_seconds=5', 'alarm_wait_minutes=0', 'alarm_calm_minutes=0', 'replica_lag_seconds=15', '--reason', 'a rehearsal')
	await until(health, (h) => h.databases.length === 2 && rep(h)?.lag < 15 && !h.alarms.some((a) => a.name === 'REPLICA'), 120)
	assert.equal(await doctor(), 'ok')
	const runs = (await health()).machines.map((m) => m.runs)
	assert.ok(runs.filter((r) => r.includes('worker')).length === 2 && runs.filter((r) => r.includes('optimizer')).length === 2, runs.join(' | '))
	ask('rep', 'STOP SLAVE SQL_THREAD')
	const t = Date.now()
	const h = await until(health, (x) => x.alarms.some((a) => a.name === 'REPLICA' && a.since), 90)
	console.log(`# told ${((Date.now() - t) / 1000).toFixed(1)} s after it stopped, ${rep(h).lag.toFixed(1)} s behind`)
	assert.ok(rep(h).behind && await lag() > 15 && await doctor() === 'bad', JSON.stringify(h.databases))
	ask('rep', 'START SLAVE')
	await until(health, (x) => !x.alarms.some((a) => a.name === 'REPLICA'), 90)
	link('rep', 'down')
	try {
		assert.match(rep(await until(health, (x) => x.alarms.some((a) => a.name === 'REPLICA' && a.sounds), 90)).error, /./)
		assert.equal(await lag(), -1)
	} finally {
		link('rep', 'up')
	}
	await until(health, (x) => !x.alarms.some((a) => a.name === 'REPLICA') && !rep(x).behind, 90)
})

const curl = async (host, path, ...words) => {
	const { stdout } = await on(host, 'curl', '-s', '-i', ...words, `http://${ADDRESS[host]}:${PORT}${path}`)
	return { status: Number(/^HTTP\S+ (\d+)/.exec(stdout)?.[1]), retry: /^retry-after: (\d+)/im.exec(stdout)?.[1], text: stdout }
}
/** What the web server of a machine is told, taken away: its programs answer by themselves. */
const withoutFile = async (host, what) => {
	const conf = join(state(host), 'nginx.conf'), was = readFileSync(conf, 'utf8'), reload = () => process.kill(Number(readFileSync(join(runOf(host), 'nginx.child'), 'utf8')), 'SIGHUP')
	writeFileSync(conf, was.replace('set $closed 1;', ''))
	reload()
	await sleep(1000)
	try {
		await what()
	} finally {
		writeFileSync(conf, was)
		reload()
	}
}

test('maintenance that is begun at one machine holds at all, for people, programs and jobs', async () => {
	const edits = async () => Number(await ask('db', 'SELECT COUNT(*) FROM plan_op')), doors = async (host) => JSON.parse((await beatplan(host, 'doctor', '--json').catch((e) => e)).stdout.trim().split('\n').at(-1)).checks.find((c) => c.name === 'DOORS').verdict
	const { jobId } = await call('web1', 'POST', '/optimize', { sessionId: ana.session.id, seconds: 15 })
	await until(() => call('web1', 'GET', `/jobs/${jobId}`), (j) => j.state === 'running')
	const doorsOf = (how) => on('db', join(build, 'beatplan-cli'), 'maintenance', how, '--state', state('db'))
	const { stdout } = await doorsOf('on')
	assert.match(stdout, /not yet: optimizerd of \S+opt[12] is still at 1/, 'what runs is named')
	for (const host of ['web1', 'web2']) {
		const page = await curl(host, '/plan'), api = await curl(host, '/api/v1/auth/me')
		assert.deepEqual([page.status, page.retry, api.status, api.retry, /ERR_SYS_007/.test(api.text)], [503, '120', 503, '120', true], host)
		assert.ok(!await ana.edit(host) && /^503 .*ERR_SYS_007/.test(`${ana.refused}`), `${host}: ${ana.refused}`)
		assert.equal((await curl(host, '/healthz')).status, 200)
		assert.match((await curl(host, '/metrics')).text, /^beatplan_maintenance 1$/m)
		assert.equal(await doors(host), 'warn', host)
		assert.match((await beatplan(host, 'status')).stdout, /doors +closed at all machines/)
	}
	const h = await call('web2', 'GET', '/system/health')
	assert.ok(h.maintenance?.by && ['web', 'worker', 'optimizer'].every((p) => h.machines.some((m) => m.runs.includes(p) && m.obeys)), JSON.stringify(h.machines))
	/* Not only by the web server: its program refuses too. */
	const before = await edits()
	await withoutFile('web2', async () => assert.ok(!await ana.edit('web2') && /^503 .*ERR_SYS_007/.test(`${ana.refused}`), `${ana.refused}`))
	/* What ran may end; what is begun meanwhile by whatever way waits. */
	await until(async () => ask('db', `SELECT state FROM job WHERE id = ${jobId}`), (x) => x === 'done', 60)
	ask('db', `INSERT INTO job (kind, subject, territory_id, payload, not_before, created_by, created_at) SELECT kind, subject, territory_id, payload, UTC_TIMESTAMP(3), created_by, UTC_TIMESTAMP(3) FROM job WHERE id = ${jobId}`)
	await sleep(4000)
	assert.equal(ask('db', 'SELECT state FROM job ORDER BY id DESC LIMIT 1'), 'queued')
	/* A machine that was cut off meanwhile asks before it takes anything. */
	link('web1', 'down')
	await sleep(5000)
	await doorsOf('off')
	await doorsOf('on')
	link('web1', 'up')
	for (let i = 0; i < 30; i++, await sleep(200))
		assert.ok(!await ana.edit('web1'), 'it takes nothing')
	assert.equal(await edits(), before)
	assert.match((await doorsOf('off')).stdout, /maintenance is off/)
	await until(() => curl('web1', '/api/v1/auth/me'), (r) => r.status === 401, 10)
	await until(async () => ask('db', 'SELECT state FROM job ORDER BY id DESC LIMIT 1'), (x) => x !== 'queued', 60)
	await ana.look('web2')
	assert.ok(await ana.edit('web2'), 'it goes on')
	assert.equal(ask('db', "SELECT GROUP_CONCAT(action ORDER BY id) FROM audit_event WHERE action LIKE 'MAINTENANCE%' AND ip = 'shell'"), 'MAINTENANCE_ON,MAINTENANCE_OFF,MAINTENANCE_ON,MAINTENANCE_OFF')
})

test('an upgrade of the machine with the database closes the doors of all, and waits for what is begun', async () => {
	/* By the command itself: what stands before it would put the programs of the build there. */
	const upgrade = (...words) => on('db', join(build, 'beatplan-cli'), 'upgrade', ...words, '--state', state('db'))
	const next = (extra) => {
		execFileSync('rm', ['-rf', join(state('db'), 'app.next')])
		execFileSync('cp', ['-a', join(state('db'), 'app'), join(state('db'), 'app.next')])
		writeFileSync(join(state('db'), 'app.next/share/beatplan/www/later.txt'), extra)
	}
	const older = execFile('ip', ['netns', 'exec', 'web2', 'mariadb', `--defaults-file=${clientOf('web2')}`, 'beatplan', '-e', 'SELECT SLEEP(60)'])
	next('x')
	try {
		/* A program that does not say that it obeys, at an address of which none does. */
		await beatplan('web2', 'down')
		await until(async () => (await beatplan('db', 'machine', 'list', '--deaf')).stdout, (x) => /does not obey/.test(x), 40)
		await assert.rejects(upgrade('--check'), (e) => /do not obey maintenance, run at 10\.77\.0\.3: say `beatplan down` there first/.test(/** @type {any} */ (e).stderr))
	} finally {
		older.kill()
		await beatplan('web2', 'up', '--listen', ADDRESS.web2, '--port', `${PORT}`)
	}
	await until(async () => (await beatplan('db', 'machine', 'list', '--deaf')).stdout, (x) => !x, 40)
	await until(async () => Number(ask('db', "SELECT COUNT(DISTINCT place) FROM program WHERE seen_at > UTC_TIMESTAMP(3) - INTERVAL 12 SECOND")), (n) => n === 4, 40)
	/* A job of another machine that does not end in time: nothing was changed, and the doors are open again. */
	const { jobId } = await call('web1', 'POST', '/optimize', { sessionId: ana.session.id, seconds: 40 })
	await until(() => call('web1', 'GET', `/jobs/${jobId}`), (j) => j.state === 'running')
	await assert.rejects(upgrade('--drain', '1'), (e) => /optimizerd of \S+opt[12] is still at 1: nothing was changed/.test(/** @type {any} */ (e).stderr))
	await until(() => curl('web1', '/api/v1/auth/me'), (r) => r.status === 401, 10)
	await call('web1', 'POST', `/jobs/${jobId}/cancel`)
	await until(() => call('web1', 'GET', `/jobs/${jobId}`), (j) => j.state !== 'running')
	/* While people plan: what is taken before or after it is there, nothing is taken within. */
	const seen = [], ask503 = (async () => {
		for (let i = 0; i < 600 && !seen.includes('open again'); i++, await sleep(100)) {
			const r = await curl('web1', '/api/v1/auth/me').catch(() => null), word = r?.status === 503 && r.retry === '120' ? 'closed' : r?.status === 401 && seen.includes('closed') ? 'open again' : ''
			if (word && !seen.includes(word))
				seen.push(word)
		}
	})()
	await ana.during('web1', async () => {
		const { stdout } = await upgrade()
		assert.match(stdout, /^upgraded /m)
		await ana.goesOn()
	})
	await ask503
	assert.deepEqual(seen, ['closed', 'open again'])
	await until(() => curl('web2', '/api/v1/auth/me'), (r) => r.status === 401, 10) // it looks for itself, each second
	assert.equal(await ana.held('web2'), ana.promised())
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
	await ana.goesOn()
	console.log(`# changes are taken again ${((Date.now() - t) / 1000).toFixed(1)} s after the machine died`)
	await sleep(2000)
}

test('the machine of the database dies while people plan: its copy is promoted, and holds all that was promised', async () => {
	await assert.rejects(beatplan('rep', 'machine', 'promote'), /another machine takes changes/)
	await ana.during('web2', failOver)
	assert.equal(await ana.held('web1'), ana.promised())
	assert.ok((await call('web1', 'GET', '/audit?limit=5')).items.length)
	await beatplan('rep', 'down')
	await beatplan('rep', 'up')
	assert.equal(await ana.held('web1'), ana.promised())
})

test('the optimizers work for the promoted one', async () => {
	await ana.optimised('web2', 3)
	const { stdout } = await beatplan('rep', 'audit', 'verify')
	assert.match(stdout, /whole|ok/i)
})
