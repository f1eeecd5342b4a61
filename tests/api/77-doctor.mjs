// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor finds when things are made wrong, on the shell and for the screen; what goes to support names nobody.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from './client.mjs'
import { beatplan, last, sql } from './shell.mjs'

const state = process.env.BEATPLAN_STATE ?? ''
/** What `beatplan doctor` finds, by name, with its status as `status`. */
const look = (words = ['--state', state]) => {
	let text, status = 0
	try {
		text = beatplan('doctor', '--json', ...words)
	} catch (e) {
		;({ stdout: text, status } = e)
	}
	return { status, ...Object.fromEntries(last(text).checks.map((c) => [c.name, c])) }
}
/** [check, its verdict, words of the detail, make it wrong, put it right] */
const at = (name) => join(state, name)
const wrongs = [
	['SECRETS', 'bad', /beatplan\.conf has the mode 644/, () => chmodSync(at('beatplan.conf'), 0o644), () => chmodSync(at('beatplan.conf'), 0o600)],
	['SECRETS', 'bad', /token\.keys has the mode 640/, () => chmodSync(at('token.keys'), 0o640), () => chmodSync(at('token.keys'), 0o600)],
	['DOORS', 'warn', /come back/, () => beatplan('maintenance', 'on', '--state', state), () => beatplan('maintenance', 'off', '--state', state)],
	['HALF_UPGRADE', 'bad', /the way back is \/backup/, () => writeFileSync(at('upgrade'), 'switching /backup\n'), () => rmSync(at('upgrade'))],
	['SCHEMA', 'bad', /9999-more\.sql is not applied/, () => writeFileSync(at('app/share/beatplan/sql/schema/9999-more.sql'), ''), () => rmSync(at('app/share/beatplan/sql/schema/9999-more.sql'))],
	['SCHEMA', 'bad', /0002-machinery\.sql is of newer programs/, () => renameSync(at('app/share/beatplan/sql/schema/0002-machinery.sql'), at('0002')), () => renameSync(at('0002'), at('app/share/beatplan/sql/schema/0002-machinery.sql'))],
	['DB_RIGHTS', 'bad', /bp_optimizer: on user it has SELECT \(id, name\), DELETE, not SELECT \(id, name\)/, () => sql(state, "GRANT DELETE ON beatplan.user TO 'bp_optimizer'@localhost"), () => beatplan('migrate', '--state', state)],
	['DB_RIGHTS', 'bad', /bp_web: on outlet it has UPDATE, not SELECT, UPDATE/, () => sql(state, "REVOKE SELECT ON beatplan.outlet FROM 'bp_web'@localhost"), () => beatplan('migrate', '--state', state)],
	['WAITING', 'warn', /app\.next/, () => mkdirSync(at('app.next')), () => rmSync(at('app.next'), { recursive: true })],
	['LOGS', 'warn', /MiB/, () => { writeFileSync(at('log/huge.log'), ''); truncateSync(at('log/huge.log'), 3e9) }, () => rmSync(at('log/huge.log'))],
]

async function* all({ client }) {
	yield { name: 'what was just made is well', run: () => {
		const d = look(), bad = Object.values(d).filter((c) => c.verdict === 'bad')
		return [d.status !== 0 && `status ${d.status}`, bad.map((c) => `${c.name}: ${c.detail}`), ['DB_RIGHTS', 'DB_SETTINGS', 'SCHEMA', 'RUNNING', 'SOCKETS', 'OLD_PROGRAMS', 'SECRETS', 'JOBS'].filter((n) => d[n]?.verdict !== 'ok').map((n) => `${n} is ${d[n]?.verdict}: ${d[n]?.detail}`)]
	} }
	for (const [name, verdict, words, spoil, mend] of wrongs)
		yield { name: `${name} is ${verdict}: ${words.source}`, run: () => {
			spoil()
			let d
			try {
				d = look()
			} finally {
				mend()
			}
			return [d[name].verdict !== verdict && `it is ${d[name].verdict}`, !words.test(d[name].detail) && d[name].detail, d.status !== (verdict === 'bad' ? 3 : 0) && `status ${d.status}`, look()[name].verdict === verdict && 'it stays so']
		} }
	if (!process.getuid?.())
		yield { name: 'a full disk is named by what lies on it, alarms, and keeps imports from beginning; one of logs keeps nobody', run: async () => {
			const on = async (folder, fn) => {
				execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', at(folder)])
				try {
					execFileSync('dd', ['if=/dev/zero', `of=${at(folder)}/filler`, 'bs=1k', 'count=1000'], { stdio: 'ignore' })
					return await fn()
				} finally {
					execFileSync('umount', [at(folder)])
				}
			}
			const call = (method, path, body) => client.call({ as: 'admin', method, path, body }), begin = async () => (await call('POST', '/import/validate', { sessionId: 987654321 })).json
			const binlog = await on('binlog', async () => ({ d: look(), h: (await call('GET', '/system/health')).json, m: (await client.call({ as: null, method: 'GET', path: '/metrics' })).text, refused: await begin() }))
			const logs = await on('log', async () => ({ d: look(), refused: await begin() }))
			const disk = binlog.h.disks.find((d) => d.folders.includes('binlog'))
			return [!/binlog: 0 of 1 MiB are free, imports/.test(binlog.d.DISK.detail) && binlog.d.DISK.detail, binlog.d.DISK.verdict !== 'bad' && 'it is not bad', (disk.folders.length !== 1 || !disk.full || binlog.h.disks.length !== 2) && JSON.stringify(binlog.h.disks),
				!binlog.h.alarms.some((a) => a.name === 'DISK_LOW') && 'nothing alarms', !/beatplan_disk_size_bytes\{folder="binlog"\} 1048576\n/.test(binlog.m) && 'the counters do not know it', !/of the disk are free \(binlog\)/.test(binlog.refused.detail) && JSON.stringify(binlog.refused),
				logs.d.DISK.detail !== 'logs: 0 of 1 MiB are free' && logs.d.DISK.detail, logs.refused.code === binlog.refused.code && 'a full disk of logs refuses imports', look().DISK.verdict !== 'ok' && 'it stays so']
		} }
	yield { name: 'memory that is nearly full is named, alarms, and stands among the counters', run: async () => {
		const health = async () => (await client.call({ as: 'admin', path: '/system/health' })).json
		const before = await health(), [machine] = before.memories
		beatplan('setting', 'set', 'memory_full_percent=1', '--reason', 'a test', '--state', state)
		try {
			await sleep(1200)
			const d = look(), h = await health(), m = (await client.call({ as: null, path: '/metrics' })).text
			return [before.alarms.some((a) => a.name === 'MEMORY_LOW') && 'it alarms before', !(machine.of === 'machine' && machine.free > 0 && machine.size > machine.free && !machine.full) && JSON.stringify(machine), d.MEMORY_LEFT.verdict !== 'bad' && d.MEMORY_LEFT.verdict,
				!/of the machine: \d+ of \d+ MiB are left/.test(d.MEMORY_LEFT.detail) && d.MEMORY_LEFT.detail, !h.alarms.some((a) => a.name === 'MEMORY_LOW' && a.grave === 'BAD' && a.machine) && JSON.stringify(h.alarms), !h.memories[0].full && 'it is not full',
				!new RegExp(`^beatplan_memory_size_bytes\\{of="machine"\\} ${machine.size}$`, 'm').test(m) && 'the counters do not know it', !/^beatplan_alarm\{name="MEMORY_LOW"\} 1$/m.test(m) && 'nor the alarm']
		} finally {
			beatplan('setting', 'revert', 'memory_full_percent', '--reason', 'a test', '--state', state)
			await sleep(1200)
		}
	} }
	yield { name: 'a program that was replaced while it runs is named', run: () => {
		const file = at('app/libexec/beatplan/beatplan-workerd'), copy = at('tmp/workerd.copy')
		cpSync(file, copy)
		rmSync(file)
		renameSync(copy, file)
		chmodSync(file, 0o755)
		const d = look()
		process.kill(Number(readFileSync(join(/db_socket = (.*)\/db/.exec(readFileSync(at('beatplan.conf'), 'utf8'))?.[1] ?? '', 'workerd.child'), 'utf8')), 'SIGKILL')
		return d.OLD_PROGRAMS.verdict === 'warn' && /workerd was replaced/.test(d.OLD_PROGRAMS.detail) ? [] : JSON.stringify(d.OLD_PROGRAMS)
	} }
	yield { name: 'where nothing runs it says so, with what it can see without a database', run: () => {
		const dir = mkdtempSync(join(tmpdir(), 'beatplan-doctor-'))
		writeFileSync(join(dir, 'beatplan.conf'), `db_socket = ${dir}/db\ndb_password = x\nupload_dir = ${dir}\nsnapshot_dir = ${dir}\n`, { mode: 0o600 })
		const d = look(['--state', dir])
		rmSync(dir, { recursive: true })
		return [d.status !== 3 && `status ${d.status}`, d.DB_ANSWERS.verdict !== 'bad' && 'the database answers', d.RUNNING.verdict !== 'bad' && 'something runs', d.SCHEMA.verdict !== 'skipped' && 'it knows the tables', d.DISK.verdict === 'skipped' && 'it does not know the disk']
	} }
	for (const [name, days, host, other, words] of [['a certificate that is soon over', 5, 'plan.example.org', false, /is over in [45] days/], ['one for another address', 90, 'other.example.org', false, /is not for plan\.example\.org/],
		['one with the key of another', 90, 'plan.example.org', true, /tls\.pem and .*tls\.key: /], ['one as it should be', 90, 'plan.example.org', false, null]])
		yield { name: `${name} is told`, run: () => {
			const dir = mkdtempSync(join(tmpdir(), 'beatplan-doctor-')), make = (key, pem) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', `${days}`, '-subj', '/CN=x', '-addext', `subjectAltName=DNS:${host}`, '-keyout', join(dir, key), '-out', join(dir, pem)], { stdio: 'ignore' })
			make('tls.key', 'tls.pem')
			if (other)
				make('tls.key', 'other.pem')
			writeFileSync(join(dir, 'beatplan.conf'), `db_socket = ${dir}/db\ndb_password = x\nupload_dir = ${dir}\nsnapshot_dir = ${dir}\ntls_certificate = ${dir}/tls.pem\ntls_key = ${dir}/tls.key\npublic_url = https://plan.example.org:8443/\n`, { mode: 0o600 })
			const { HTTPS } = look(['--state', dir])
			rmSync(dir, { recursive: true })
			return (words ? HTTPS.verdict === 'warn' && words.test(HTTPS.detail) : HTTPS.verdict === 'ok') ? [] : JSON.stringify(HTTPS)
		} }
	yield { name: 'whether browsers trust the certificate, what goes out in the clear, and a syslog that does not listen are told', run: () => {
		const dir = mkdtempSync(join(tmpdir(), 'beatplan-doctor-')), ssl = (...words) => execFileSync('openssl', words, { stdio: 'ignore', cwd: dir })
		const asked = (more) => {
			writeFileSync(join(dir, 'beatplan.conf'), `db_socket = ${dir}/db\ndb_password = x\nupload_dir = ${dir}\nsnapshot_dir = ${dir}\ntls_certificate = ${dir}/tls.pem\ntls_key = ${dir}/tls.key\npublic_url = https://plan.example.org/\n${more}\n`, { mode: 0o600 })
			return look(['--state', dir])
		}
		ssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '90', '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem')
		ssl('req', '-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '90', '-subj', '/CN=x', '-addext', 'subjectAltName=DNS:plan.example.org', '-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', 'tls.key', '-out', 'tls.pem')
		const strange = asked('osrm_url = http://roads.example.org/table\nwebhook_url = http://127.0.0.1:9/x\ndb_host = 10.0.0.1'), known = asked(`tls_ca = ${dir}/ca.pem\nosrm_url = https://roads.example.org/table\nlog_copy = ${dir}/nobody`)
		rmSync(dir, { recursive: true })
		return [strange.TLS_TRUST.verdict !== 'warn' && JSON.stringify(strange.TLS_TRUST), known.TLS_TRUST.verdict !== 'ok' && JSON.stringify(known.TLS_TRUST), known.ENCRYPTION.verdict !== 'ok' && JSON.stringify(known.ENCRYPTION),
			!(strange.ENCRYPTION.verdict === 'warn' && /osrm_url begins.*db_ca/.test(strange.ENCRYPTION.detail) && !/webhook/.test(strange.ENCRYPTION.detail)) && JSON.stringify(strange.ENCRYPTION),
			strange.LOG_COPY.verdict !== 'skipped' && JSON.stringify(strange.LOG_COPY), known.LOG_COPY.verdict !== 'warn' && JSON.stringify(known.LOG_COPY)]
	} }
	yield { name: 'a file of leaked passwords that cannot be read or is not sorted is told', run: () => {
		const dir = mkdtempSync(join(tmpdir(), 'beatplan-doctor-')), hashes = Array.from({ length: 3000 }, (_, i) => createHash('sha1').update(String(i)).digest('hex').toUpperCase())
		const asked = (/** @type {string[] | null} */ lines) => {
			rmSync(join(dir, 'leaked'), { force: true })
			if (lines)
				writeFileSync(join(dir, 'leaked'), lines.map((l) => `${l}:1\r\n`).join(''))
			writeFileSync(join(dir, 'beatplan.conf'), `db_socket = ${dir}/db\ndb_password = x\nupload_dir = ${dir}\nsnapshot_dir = ${dir}\nleaked_passwords = ${dir}/leaked\n`, { mode: 0o600 })
			return look(['--state', dir]).LEAKED
		}
		const gone = asked(null), odd = asked(hashes), fine = asked([...hashes].sort())
		rmSync(dir, { recursive: true })
		return [!(gone.verdict === 'warn' && /cannot read/.test(gone.detail)) && JSON.stringify(gone), !(odd.verdict === 'warn' && /not sorted by the hash/.test(odd.detail)) && JSON.stringify(odd), fine.verdict !== 'ok' && JSON.stringify(fine)]
	} }
	yield { name: 'the screen gets the same', as: 'admin', get: '/system/doctor', json: { checks: (l) => l.length > 15 && l.every((c) => c.verdict !== 'bad' || c.name === 'RUNNING') } }
	yield { name: 'administrators only', as: 'planner', get: '/system/doctor', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'what goes to support names nobody and holds no secret', run: async () => {
		await client.call({ as: 'admin', method: 'POST', path: '/users', body: { username: 'zelda.quux', name: 'Zelda Quuxington', email: 'zelda@quux.example', password: 'a long enough word' }, judge: false })
		await client.call({ as: null, method: 'POST', path: '/auth/login', body: { username: 'zelda.quux', password: 'wrong-zelda' }, judge: false })
		await client.call({ as: 'admin', method: 'GET', path: '/zelda.quux/10.20.30.40?name=zelda', judge: false })
		appendFileSync(at('log/nginx-error.log'), '2026/01/01 10:00:00 [error] 1#1: *7 open() "/srv/zelda/x" failed (2: No such file), client: 203.0.113.77, server: , request: "GET /zelda.quux HTTP/1.1", host: "quux.example"\n')
		appendFileSync(at('log/pool.log'), '2026-01-01T10:00:00.000Z level=warn prog=fcgi pid=1 ev=odd user=zelda.quux text="Zelda \\"Quuxington\\" at ms=1 zelda@quux.example" detail="203.0.113.77" ms=2.0\n')
		const dir = mkdtempSync(join(tmpdir(), 'beatplan-support-')), out = join(dir, 'support.txt')
		beatplan('support', '--out', out, '--state', state)
		const text = readFileSync(out, 'utf8'), mode = statSync(out).mode & 0o777
		let twice = ''
		try {
			beatplan('support', '--out', out, '--state', state)
		} catch (e) {
			twice = e.stderr
		}
		rmSync(dir, { recursive: true })
		const people = (await client.call({ as: 'admin', method: 'GET', path: '/users?limit=200' })).json.items.flatMap((u) => [u.name, u.email])
		const secrets = [/db_password = (.*)/.exec(readFileSync(at('beatplan.conf'), 'utf8'))?.[1], ...readFileSync(at('token.keys'), 'utf8').split(/\s+/).filter((w) => w.length > 20)]
		const named = ['zelda', 'quux', '203.0.113', '10.20.30', 'beatplan-demo', state, ...secrets].filter((w) => w && text.toLowerCase().includes(w.toLowerCase()))
			.concat(people.filter((w) => w && new RegExp(`\\b${w.replace(/[^\w ]/g, '.')}\\b`).test(text))) // a name may be part of a word
		return [named.map((w) => `it holds ${w}: ${text.split('\n').find((l) => l.toLowerCase().includes(w.toLowerCase()))}`), secrets.length < 2 && 'no secrets were looked for', people.length < 8 && 'no people were looked for',
			mode !== 0o600 && `mode ${mode.toString(8)}`, !/cannot make/.test(twice) && 'it writes over a file', ['versions', 'doctor', 'configuration', 'schema patches', 'pool.log', 'workerd.log'].filter((s) => !text.includes(`==== ${s}`)).map((s) => `no ${s}`), !/ev=odd ms=2\.0$/m.test(text) && 'a line of ours is not kept']
	} }
}
export const steps = all
