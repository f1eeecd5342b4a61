// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster of Galera with one writer in place of the first machine's database: doc/operating.md, "Galera", step by step. Started by tests/hosts/run.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sleep } from '../api/client.mjs'
import { runFolder } from '../api/shell.mjs'
import { beatplan, down, link, on, Planner, state, until, work } from './lib.mjs'

/* Machines of tests/hosts/run, with other folders. */
const NODES = { db: '10.77.0.1', rep: '10.77.0.6', opt2: '10.77.0.5' }
const eva = new Planner({ web1: '10.77.0.2' })
/** @type {Record<string, import('node:child_process').ChildProcess>} */
const servers = {}
const dir = (host) => join(state(host), 'node'), socket = (host) => (host === 'db' ? join(runFolder(state('db')), 'db') : join(dir(host), 'db.sock'))
const owner = () => statSync(join(state('db'), 'beatplan.conf'))
/** SQL at a node, as whoever keeps the cluster. */
const client = (host) => ['--no-defaults', '-N', '-B', `--socket=${socket(host)}`, 'beatplan', '-e']
const sql = (host, text) => execFileSync('mariadb', [...client(host), text], { encoding: 'utf8', uid: owner().uid }).trim()
const status = (host, name) => sql(host, `SHOW STATUS LIKE '${name}'`).split('\t')[1]
const options = (host) => [
	'--no-defaults', `--user=${owner().uid}`, `--datadir=${dir(host)}`, `--socket=${socket(host)}`, `--pid-file=${dir(host)}/pid`, `--bind-address=${NODES[host]}`, '--skip-name-resolve',
	`--ssl-cert=${state(host)}/db-server.pem`, `--ssl-key=${state(host)}/db-server.key`,
	'--character-set-server=utf8mb4', '--collation-server=utf8mb4_unicode_520_nopad_ci', '--local-infile=ON', '--max-allowed-packet=64M', '--innodb-snapshot-isolation=ON',
	'--default-time-zone=+00:00', '--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--innodb-buffer-pool-size=256M', '--innodb-log-file-size=96M', '--performance-schema=OFF',
	'--wsrep-on=ON', '--wsrep-provider=/usr/lib/galera/libgalera_smm.so', '--wsrep-cluster-name=beatplan', `--wsrep-cluster-address=gcomm://${Object.values(NODES)}`,
	`--wsrep-node-name=${host}`, `--wsrep-node-address=${NODES[host]}`, '--wsrep-auto-increment-control=OFF', '--wsrep-sst-method=shared',
]
/** Starts a node and waits until it has what the others have. */
const start = async (host, ...more) => {
	servers[host] = spawn('ip', ['netns', 'exec', host, 'mariadbd', ...options(host), ...more], {
		stdio: ['ignore', 'ignore', openSync(join(state(host), 'node.log'), 'a')], env: { ...process.env, PATH: `${import.meta.dirname}:${process.env.PATH}`, TMPDIR: join(work, 'shared') },
	})
	await until(async () => {
		try {
			return status(host, 'wsrep_local_state_comment')
		} catch { /* not yet */ }
	}, (s) => s === 'Synced', 60)
}
const end = (host) => new Promise((gone) => {
	servers[host].once('exit', gone)
	sql(host, 'SHUTDOWN')
})
/** What a node holds of what people did. */
const sums = (host) => ['audit_event', 'plan_stop', 'draft_stop', 'planning_session', 'outlet'].map((t) => sql(host, `CHECKSUM TABLE ${t}`)).join()

after(() => {
	down('web1')
	for (const s of Object.values(servers))
		s.kill('SIGKILL')
})

test('the database of a machine becomes a cluster of three, which one machine plans with', async () => {
	await beatplan('db', 'up', '--demo')
	await beatplan('db', 'down')
	appendFileSync(join(state('db'), 'beatplan.conf'), `db_listen = ${NODES.db}\nruns = database\nplain_http = 1\n`)
	await beatplan('db', 'up')
	appendFileSync(join(state('db'), 'beatplan.conf'), `db_host = ${Object.values(NODES)}\n`) // whoever comes later is told of it
	const kit = (host, ...words) => beatplan('db', 'machine', 'add', ...words, '--out', join(state('db'), 'tmp', `${host}.kit`))
	await kit('web1', '--runs', 'web,worker,optimizer')
	for (const host of ['rep', 'opt2'])
		await kit(host, '--runs', 'replica', '--address', NODES[host])
	await beatplan('db', 'down')
	/* Each node has a certificate of its own; the data begin as those of the first. */
	const { uid, gid } = owner()
	cpSync(join(state('db'), 'db'), dir('db'), { recursive: true })
	for (const host of ['rep', 'opt2']) {
		mkdirSync(state(host))
		const { files } = JSON.parse(readFileSync(join(state('db'), 'tmp', `${host}.kit`), 'utf8'))
		for (const name of ['db-server.pem', 'db-server.key'])
			writeFileSync(join(state(host), name), files[name])
	}
	for (const folder of [join(work, 'shared'), runFolder(state('db'))])
		mkdirSync(folder, { recursive: true })
	execFileSync('chown', ['-R', `${uid}:${gid}`, join(work, 'shared'), runFolder(state('db')), ...Object.keys(NODES).map(state)])
	await start('db', '--wsrep-new-cluster')
	await end('db')
	for (const host of ['rep', 'opt2']) {
		execFileSync('cp', ['-a', dir('db'), dir(host)])
		rmSync(join(dir(host), 'gvwstate.dat'), { force: true })
	}
	await start('db', '--wsrep-new-cluster')
	await start('rep', '--read-only')
	await start('opt2', '--read-only')
	assert.equal(status('db', 'wsrep_cluster_size'), '3')
	assert.match((await beatplan('db', 'migrate')).stdout, /^0 schema patches/)
	await beatplan('web1', 'up', '--join', join(state('db'), 'tmp', 'web1.kit'), '--listen', '10.77.0.2', '--port', '8080')
})

test('what is planned is on every node, and an optimisation ends', async () => {
	await eva.signIn('web1')
	await eva.open('web1')
	await eva.choose('web1')
	for (let k = 0; k < 5; k++)
		assert.ok(await eva.edit('web1'), 'an edit is taken')
	await eva.optimised('web1', 3)
	await until(() => Promise.resolve(['rep', 'opt2'].every((host) => sums(host) === sums('db'))), Boolean)
})

test('a change on another node that meets an edit is a conflict which nobody sees', async () => {
	const conflicts = () => ['db', 'opt2'].reduce((n, host) => n + Number(status(host, 'wsrep_local_cert_failures')) + Number(status(host, 'wsrep_local_bf_aborts')), 0)
	sql('opt2', 'SET GLOBAL read_only = 0')
	/* One connection of the server's own pace, so that they meet however quick an edit is, with pauses in which also a slow edit comes to
	   its end; where it comes second, it goes on. */
	const rival = spawn('mariadb', [...client('opt2'), `DELIMITER //
		BEGIN NOT ATOMIC
			DECLARE CONTINUE HANDLER FOR 1213, 1205 ROLLBACK;
			SET @until = SYSDATE(6) + INTERVAL 20 SECOND;
			WHILE SYSDATE(6) < @until DO
				UPDATE planning_session SET saved_at = SYSDATE(3) WHERE id = ${eva.session.id};
				DO SLEEP(1);
			END WHILE;
		END //`], { stdio: 'inherit', uid: owner().uid })
	const ended = once(rival, 'exit')
	while (rival.exitCode === null)
		assert.ok(await eva.edit('web1'), `an edit is taken, not ${eva.refused}`)
	assert.deepEqual(await ended, [0, null], 'the rival came to its end')
	sql('opt2', 'SET GLOBAL read_only = 1')
	const met = conflicts()
	console.log(`# ${met} conflicts`)
	assert.ok(met > 0, 'they met')
	assert.equal(await eva.held('web1'), eva.promised())
})

test('the writer dies while people plan: another becomes it, and holds all that was promised', async () => {
	await eva.during('web1', async () => {
		const t = Date.now()
		link('db', 'down')
		servers.db.kill('SIGKILL')
		await until(() => Promise.resolve(status('rep', 'wsrep_cluster_size')), (n) => n === '2')
		sql('rep', 'SET GLOBAL read_only = 0')
		await eva.goesOn()
		console.log(`# changes are taken again ${((Date.now() - t) / 1000).toFixed(1)} s after the writer died`)
		await sleep(2000)
	})
	assert.equal(await eva.held('web1'), eva.promised())
})

test('the former writer comes back as one that only follows', async () => {
	link('db', 'up')
	const said = await on('db', 'mariadbd', ...options('db'), '--wsrep-recover', `--log-error=${state('db')}/recovery.log`).catch((e) => e)
	const at = /Recovered position:? ([0-9a-f-]+:\d+)/.exec(readFileSync(join(state('db'), 'recovery.log'), 'utf8'))?.[1]
	assert.ok(at, `${said.stderr}`)
	await start('db', '--read-only', `--wsrep-start-position=${at}`)
	for (let k = 0; k < 3; k++)
		assert.ok(await eva.edit('web1'), 'an edit is taken')
	await until(() => Promise.resolve(['db', 'opt2'].every((host) => sums(host) === sums('rep'))), Boolean)
	const { stdout } = await beatplan('db', 'audit', 'verify')
	assert.match(stdout, /whole|ok/i)
})
