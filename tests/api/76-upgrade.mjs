// SPDX-License-Identifier: GPL-3.0-or-later
// From the former programs and tables to the present ones with data, and back; upgrades that fail or are killed; closed doors; logs that
// are set aside; HTTPS.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from './client.mjs'
import { freePort, last as json, sql } from './shell.mjs'

const cli = join(process.env.BEATPLAN_BUILD ?? '', 'beatplan-cli')
/** Status and all that was said. */
const run = (program, ...words) => {
	try {
		return { status: 0, text: execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) }
	} catch (e) {
		return { status: e.status, text: `${e.stdout}${e.stderr}` }
	}
}
const https = (port, path, { headers = {}, body } = {}) => new Promise((resolve, reject) => request({ host: '127.0.0.1', port, path, headers, method: body ? 'POST' : 'GET', rejectUnauthorized: false }, (r) => { r.resume(); r.on('end', () => resolve(r)) }).on('error', reject).end(body))

async function* all() {
	const work = mkdtempSync(join(tmpdir(), 'beatplan-upgrade-')), state = join(work, 'state'), port = await freePort(), base = `http://127.0.0.1:${port}`
	const schema = (app) => join(state, app, 'share/beatplan/sql/schema')
	const upgrade = (...words) => run(cli, 'upgrade', '--state', state, ...words)
	const users = () => run(cli, 'user', 'list', '--state', state).text
	const patches = () => Number(/, (\d+) patches/.exec(upgrade('--check').text)?.[1])
	/* The programs as the tests' server runs them, with `change` done to their tables. */
	const next = (change = (_dir) => {}) => {
		rmSync(join(state, 'app.next'), { recursive: true, force: true })
		cpSync(join(process.env.BEATPLAN_STATE ?? '', 'app'), join(state, 'app.next'), { recursive: true })
		change(schema('app.next'))
	}
	const ask = async (path, init = {}) => {
		/* A connection that was kept may be one to the web server that is gone. */
		const go = () => fetch(`${base}${path}`, init), r = await go().catch(go)
		return { status: r.status, retry: r.headers.get('retry-after'), type: r.headers.get('content-type'), text: await r.text() }
	}
	let last = ''
	const wrong = (what, r) => `${what}: ${r.status} ${r.text}`
	yield {
		name: 'a Beatplan of the former version, with people in it', run: () => {
			chmodSync(work, 0o711)
			mkdirSync(state)
			cpSync(join(process.env.BEATPLAN_STATE ?? '', 'app'), join(state, 'app'), { recursive: true })
			last = readdirSync(schema('app')).sort().at(-1) ?? ''
			rmSync(join(schema('app'), last))
			appendFileSync(join(state, 'app/share/beatplan/www/former.txt'), 'x')
			const up = run(cli, 'up', '--state', state, '--port', String(port))
			const added = run(cli, 'user', 'add', 'former.one', '--role', 'analyst', '--state', state)
			return [up.status && wrong('up', up), added.status && wrong('user add', added)]
		},
	}
	yield { name: 'without other programs there is nothing to do', run: () => { const r = upgrade(); return r.status === 1 && /no other programs/.test(r.text) ? [] : wrong('upgrade', r) } }
	yield { name: 'older programs than the tables are refused', run: () => {
		next((dir) => rmSync(join(dir, readdirSync(dir).sort().at(-2) ?? '')))
		const r = upgrade()
		return [!(r.status === 1 && /older than the tables/.test(r.text)) && wrong('upgrade', r)]
	} }
	yield { name: 'a folder without room or rights for the backup is refused, and nothing was touched', run: async () => {
		next()
		const r = upgrade('--to', '/proc')
		return [!(r.status === 1) && wrong('upgrade', r), (await ask('/healthz')).status !== 200 && 'it does not run', existsSync(join(state, 'maintenance')) && 'the doors stayed closed', existsSync(join(state, 'upgrade')) && 'a mark stayed']
	} }
	yield { name: 'closed doors tell people and programs when to come back', run: async () => {
		const on = run(cli, 'maintenance', 'on', '--state', state), page = await ask('/anything'), api = await ask('/api/v1/auth/me'), old = await ask('/api/territory/list'), health = await ask('/healthz'), css = await ask('/css/base.css')
		const off = run(cli, 'maintenance', 'off', '--state', state), again = await ask('/')
		return [on.status && wrong('on', on), off.status && wrong('off', off), !(page.status === 503 && page.retry === '120' && /looked after/.test(page.text) && /html/.test(page.type ?? '')) && wrong('page', page),
			!(api.status === 503 && api.retry === '120' && JSON.parse(api.text).code === 'ERR_SYS_007') && wrong('api', api), !(old.status === 503 && JSON.parse(old.text).code === 'ERR_SYS_007') && wrong('an older address', old),
			health.status !== 200 && wrong('health', health), css.status !== 200 && wrong('css', css), again.status !== 200 && wrong('open again', again)]
	} }
	yield { name: 'what nginx itself refuses says what a browser may do with it, too', run: async () => {
		const large = await fetch(`${base}/api/v1/auth/login`, { method: 'POST', body: 'x'.repeat(70000) })
		return [large.status !== 413 && `${large.status}`, large.headers.get('x-content-type-options') !== 'nosniff' && 'no nosniff', !/frame-ancestors 'none'/.test(large.headers.get('content-security-policy') ?? '') && 'it may be framed']
	} }
	yield { name: 'the upgrade brings the tables along, and the people', run: async () => {
		const before = patches(), r = upgrade(), page = await ask('/former.txt')
		next()
		appendFileSync(join(state, 'app.next/share/beatplan/www/later.txt'), 'x')
		return [r.status && wrong('upgrade', r), patches() !== before + 1 && `${patches()} patches after ${before}`, !/ former\.one /.test(users()) && 'the people are gone', (await ask('/healthz')).status !== 200 && 'it does not answer',
			page.status !== 404 && 'the former screens are served', existsSync(join(state, 'maintenance')) && 'the doors stayed closed']
	} }
	yield { name: 'and back, to the data before it', run: async () => {
		rmSync(join(state, 'app.next'), { recursive: true, force: true })
		run(cli, 'user', 'add', 'later.one', '--role', 'analyst', '--state', state)
		const back = upgrade('--back'), twice = upgrade('--back'), list = users(), page = await ask('/former.txt'), trail = run(cli, 'audit', 'verify', '--state', state)
		return [back.status && wrong('back', back), twice.status !== 1 && wrong('twice', twice), !/ former\.one /.test(list) && 'the people are gone', / later\.one /.test(list) && 'what came later is there', page.status !== 200 && wrong('former screens', page),
			trail.status && wrong('trail', trail)]
	} }
	yield { name: 'tables that cannot be brought up to date: the former version goes on', run: async () => {
		next((dir) => writeFileSync(join(dir, '9998-broken.sql'), 'CREATE TABLE half (id INT PRIMARY KEY) COMMENT = \'x\'; SELECT nonsense FROM nowhere;'))
		const r = upgrade(), page = await ask('/former.txt')
		rmSync(join(schema('app.next'), '9998-broken.sql'))
		return [!(r.status === 3 && /9998-broken/.test(r.text) && /runs again/.test(r.text)) && wrong('upgrade', r), page.status !== 200 && wrong('former screens', page), !/ former\.one /.test(users()) && 'the people are gone', existsSync(join(state, 'maintenance')) && 'the doors stayed closed']
	} }
	yield { name: 'one that is killed half-way is taken back by the next call, which may then be repeated', run: async () => {
		next((dir) => writeFileSync(join(dir, '9998-slow.sql'), 'DO SLEEP(20);'))
		const child = spawn(cli, ['upgrade', '--state', state], { stdio: 'ignore', detached: true })
		for (let i = 0; i < 600 && !existsSync(join(state, 'upgrade')); i++)
			await sleep(50)
		await sleep(1500)
		const ended = once(child, 'exit')
		process.kill(-(child.pid ?? 0), 'SIGKILL')
		await ended
		const between = run(cli, 'upgrade', '--check', '--state', state), back = upgrade(), page = await ask('/former.txt')
		rmSync(join(schema('app.next'), '9998-slow.sql'), { force: true })
		next()
		const again = upgrade(), same = (next(), upgrade())
		return [!(between.status === 3 && /broken off/.test(between.text)) && wrong('between', between), back.status !== 3 && wrong('back', back), page.status !== 200 && wrong('former screens', page), again.status && wrong('again', again),
			!/newest there is/.test(same.text) && wrong('the same once more', same), !/ former\.one /.test(users()) && 'the people are gone', (await ask('/healthz')).status !== 200 && 'it does not answer']
	} }
	yield { name: 'a state in which one account served all programs gets one for each', run: async () => {
		const conf = join(state, 'beatplan.conf'), accounts = () => sql(state, "SELECT GROUP_CONCAT(DISTINCT user ORDER BY user) FROM information_schema.processlist WHERE user LIKE 'bp\\_%'")
		const own = /^db_(?:web|worker|optimizer)_password = \S{20,}$/gm, restart = () => {
			run(cli, 'down', '--state', state)
			return run(cli, 'up', '--state', state, '--port', String(port))
		}
		/* A program that was just started is not yet connected. */
		const connected = async (wanted) => {
			for (let i = 0; i < 100 && accounts() !== wanted; i++)
				await sleep(100)
			return accounts() !== wanted && `${accounts()}, not ${wanted}`
		}
		writeFileSync(conf, `${readFileSync(conf, 'utf8').replace(own, '')}db_web_password = off\ndb_worker_password = off\ndb_optimizer_password = off\n`)
		sql(state, "DROP USER 'bp_web'@localhost, 'bp_worker'@localhost, 'bp_optimizer'@localhost")
		const before = restart(), one = await connected('bp_app')
		writeFileSync(conf, readFileSync(conf, 'utf8').replace(/^db_\w+_password = off\n/gm, ''))
		const after = restart(), each = await connected('bp_optimizer,bp_web,bp_worker'), rights = json(run(cli, 'doctor', '--json', '--state', state).text).checks.find((c) => c.name === 'DB_RIGHTS')
		return [before.status && wrong('up', before), one, after.status && wrong('up', after), each, (readFileSync(conf, 'utf8').match(own) ?? []).length !== 3 && 'no passwords', rights.verdict !== 'ok' && JSON.stringify(rights)]
	} }
	yield { name: 'a log that has grown is set aside while its program writes on, and a few are kept', run: async () => {
		const log = join(state, 'log'), pool = () => readdirSync(log).filter((n) => n.startsWith('pool.log')).sort().join(), bad = []
		appendFileSync(join(state, 'beatplan.conf'), 'log_most_mb = 1\nlog_keep = 2\n')
		run(cli, 'down', '--state', state)
		run(cli, 'up', '--state', state, '--port', String(port))
		for (const [i, wanted] of ['pool.log,pool.log.1', 'pool.log,pool.log.1,pool.log.2', 'pool.log,pool.log.1,pool.log.2'].entries()) {
			const mark = `turn ${i}`, id = `t-rotate-${i}`, all = () => readFileSync(join(log, 'pool.log.1'), 'utf8')
			appendFileSync(join(log, 'pool.log'), `${'x'.repeat(99)}\n`.repeat(11000) + `${mark}\n`)
			for (let k = 0; k < 150 && !(existsSync(join(log, 'pool.log.1')) && all().includes(mark)); k++)
				await sleep(100)
			await ask('/api/v1/auth/me', { headers: { 'X-Correlation-Id': id } })
			const now = readFileSync(join(log, 'pool.log'), 'utf8')
			bad.push(!all().includes(mark) && `${mark} is not aside`, now.length > 1e6 && `it has ${now.length} bytes`, !now.includes(id) && `the program does not write on: ${now}`, now.includes('\0') && 'it has a hole', pool() !== wanted && pool())
		}
		bad.push(!readFileSync(join(log, 'pool.log.2'), 'utf8').includes('turn 1') && 'the former one is not the second')
		return bad
	} }
	yield { name: 'with a certificate it speaks HTTPS alone, and sends others there', run: async () => {
		const other = await freePort(), pem = (name) => join(work, `${name}.pem`)
		run(cli, 'down', '--state', state)
		execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', pem('key'), '-out', pem('cert'), '-days', '2', '-subj', '/CN=localhost'], { stdio: 'ignore' })
		chmodSync(pem('key'), 0o644)
		appendFileSync(join(state, 'beatplan.conf'), `tls_certificate = ${pem('cert')}\ntls_key = ${pem('key')}\nhttp_port = ${other}\ntrusted_proxies = 127.0.0.1, 10.0.0.0/8\n`)
		const up = run(cli, 'up', '--state', state, '--port', String(port))
		if (up.status)
			return wrong('up', up)
		const page = await https(port, '/'), on = await fetch(`http://127.0.0.1:${other}/plan?x=1`, { redirect: 'manual' }), api = await fetch(`http://127.0.0.1:${other}/api/v1/auth/me`, { redirect: 'manual' })
		/* Neither older TLS nor HTTP on that port. */
		const clear = await fetch(`http://127.0.0.1:${port}/api/v1/auth/me`), speaks = (...words) => /Cipher is (?!\(NONE\))/.test(spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...words], { input: '', encoding: 'utf8' }).stdout)
		const tls = [speaks('-tls1_2'), speaks('-tls1_3'), speaks('-tls1_1', '-cipher', 'ALL@SECLEVEL=0'), speaks('-tls1_2', '-cipher', 'AES128-SHA@SECLEVEL=0')].join()
		const secret = run(cli, 'user', 'add', 'by.cookie', '--role', 'analyst', '--state', state).text.match(/password\S*\s+(\S+)/)?.[1]
		const signedIn = await https(port, '/api/v1/auth/login', { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: 'by.cookie', password: secret }) }), cookie = String(signedIn.headers['set-cookie'])
		const known = await https(port, '/api/v1/auth/me', { headers: { Cookie: cookie.split(';')[0] } }), plain = await https(port, '/api/v1/auth/me', { headers: { Cookie: cookie.split(';')[0].replace('__Host-', '') } })
		appendFileSync(join(state, 'beatplan.conf'), 'trusted_proxies = 10.0.0.1; allow all\n')
		run(cli, 'down', '--state', state)
		const odd = run(cli, 'up', '--state', state, '--port', String(port))
		return [clear.status !== 400 && `HTTP on its port: ${clear.status}`, tls !== 'true,true,false,false' && `TLS 1.2, 1.3, 1.1, an old cipher: ${tls}`, page.statusCode !== 200 && `${page.statusCode}`, !/max-age/.test(page.headers['strict-transport-security'] ?? '') && 'no HSTS', !(on.status === 301 && on.headers.get('location') === `https://127.0.0.1:${port}/plan?x=1`) && `${on.status} ${on.headers.get('location')}`, api.status !== 403 && `the interface in the clear: ${api.status}`,
			!/^__Host-bp_session=[^;]{43}; Path=\/;.*; Secure/.test(cookie) && `${signedIn.statusCode} ${cookie}`, known.statusCode !== 200 && `with its cookie: ${known.statusCode}`, plain.statusCode !== 401 && `with one of another name: ${plain.statusCode}`,
			!(odd.status === 1 && /trusted_proxies takes/.test(odd.text)) && wrong('an odd proxy', odd)]
	} }
	yield { name: 'the certificate that the web server shows alarms a month and a week before its end, also when the file is newer', run: async () => {
		const pem = (name) => join(work, `${name}.pem`), bad = []
		const make = (days) => execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', pem('key'), '-out', pem('cert'), '-days', String(days), '-subj', '/CN=localhost'], { stdio: 'ignore' })
		writeFileSync(join(state, 'beatplan.conf'), readFileSync(join(state, 'beatplan.conf'), 'utf8').replace(/^trusted_proxies = 10.0.0.1; allow all\n/m, ''))
		const seen = async () => {
			const { checks } = json(run(cli, 'doctor', '--json', '--state', state).text), m = await new Promise((resolve, reject) => request({ host: '127.0.0.1', port, path: '/metrics', agent: false, rejectUnauthorized: false }, (r) => { let text = ''; r.on('data', (d) => (text += d)); r.on('end', () => resolve(text)) }).on('error', reject).end())
			const verdict = (name) => checks.find((c) => c.name === name).verdict, alarm = (name) => new RegExp(`^beatplan_alarm\\{name="${name}"\\} 1$`, 'm').test(m)
			return [verdict('CERTIFICATE'), verdict('CERTIFICATE_ENDS'), alarm('CERTIFICATE'), alarm('CERTIFICATE_ENDS'), Math.ceil(Number(/^beatplan_certificate_ends_seconds (\d+)$/m.exec(m)?.[1]) / 86400)].join()
		}
		for (const [days, want] of /** @type {[number, string][]} */ ([[20, 'warn,ok,true,false,20'], [5, 'warn,bad,false,true,5'], [90, 'ok,ok,false,false,90']])) {
			make(days)
			run(cli, 'down', '--state', state)
			const up = run(cli, 'up', '--state', state, '--port', String(port)), got = await seen()
			bad.push(up.status && wrong('up', up), got !== want && `${days} days: ${got}`)
			if (days === 5) { /* renewed, and not loaded */
				make(90)
				const after = json(run(cli, 'doctor', '--json', '--state', state).text).checks.find((c) => c.name === 'CERTIFICATE_ENDS')
				bad.push(!(after.verdict === 'bad' && /it is over in [45] days$/.test(after.detail)) && JSON.stringify(after))
			}
		}
		run(cli, 'down', '--state', state)
		return bad
	} }
	yield { name: 'nobody sends a password in the clear to an address that others reach', run: () => {
		const conf = join(state, 'beatplan.conf'), was = readFileSync(conf, 'utf8')
		writeFileSync(conf, `${was}tls_certificate = off\nhttp_port = 0\n`)
		const r = run(cli, 'up', '--state', state, '--listen', '0.0.0.0', '--port', String(port))
		writeFileSync(conf, was)
		return r.status === 1 && /in the clear: name tls_certificate and tls_key/.test(r.text) ? [] : wrong('up', r)
	} }
	yield { name: 'a state with known passwords is put on no other address', run: () => {
		appendFileSync(join(state, 'beatplan.conf'), 'demo = 1\n')
		const r = run(cli, 'up', '--state', state, '--listen', '0.0.0.0', '--port', String(port))
		return r.status === 1 && /known passwords/.test(r.text) ? [] : wrong('up', r)
	} }
	for (const words of [['upgrade', '--check', '--back'], ['upgrade', '--drain', 'x'], ['maintenance'], ['maintenance', 'perhaps']])
		yield { name: `${words.join(' ')} is refused in words`, run: () => { const r = run(cli, ...words, '--state', state); return r.status === 2 && /usage/.test(r.text) ? [] : wrong('it', r) } }
	yield { name: 'nothing is left running', run: () => { run(cli, 'down', '--state', state); rmSync(work, { recursive: true, force: true }); return [] } }
}
export const steps = all
