// SPDX-License-Identifier: GPL-3.0-or-later
// A backup taken while an import and a commit run is restored elsewhere: the same plans, a whole trail, a Beatplan that starts. Encrypted
// ones leave the machine, and come back.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sleep } from './client.mjs'
import { ended, upload } from './40-import.mjs'
import { beatplan, doctor, freePort, last, sql } from './shell.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const state = process.env.BEATPLAN_STATE, cli = join(process.env.BEATPLAN_BUILD ?? '', 'beatplan-cli')
/** What a command says when it is refused. */
const refused = (...words) => {
	try {
		return `it is not: ${beatplan(...words)}`
	} catch (e) {
		return e.stderr
	}
}

/** A new pair of keys in `dir`, as NAME.pub and NAME.key. */
function makeKeys(dir, name) {
	const home = join(dir, `gnupg-${name}`), gpg = (...words) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--armor', ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
	mkdirSync(home, { mode: 0o700 })
	gpg('--passphrase', '', '--quick-generate-key', name, 'rsa2048', 'encr', 'never')
	writeFileSync(join(dir, `${name}.pub`), gpg('--export'))
	writeFileSync(join(dir, `${name}.key`), gpg('--export-secret-keys'))
	execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'])
}

/** The daily backup of the state `copy` is restored aside and held against what runs, row by row; so are those that somebody changed. */
async function* drills(work, copy, daily) {
	const uid = statSync(join(copy, 'beatplan.conf')).uid, gid = statSync(join(copy, 'beatplan.conf')).gid
	const drill = (from) => {
		try {
			return { status: 0, json: last(beatplan('backup', 'drill', '--from', from, '--state', copy)), said: '' }
		} catch (e) {
			return { status: e.status, json: e.stdout ? last(e.stdout) : {}, said: e.stderr }
		}
	}
	const row = () => sql(copy, "SELECT CONCAT_WS('|', state, tables_n > 50, rows_n > 20000, detail, '') FROM backup_drill ORDER BY id DESC LIMIT 1").split('|')
	/** The same backup after `text` was done to its database, with a manifest that fits. */
	const changed = async (name, text) => {
		const to = join(work, name), socket = join(work, `${name}.sock`), manifest = join(to, 'manifest.json')
		execFileSync('cp', ['-a', daily, to])
		const db = spawn('mariadbd', ['--no-defaults', `--datadir=${to}/db`, `--socket=${socket}`, `--pid-file=${to}/db.pid`, '--skip-networking', '--skip-log-bin', '--innodb-fast-shutdown=0'], { uid, gid, stdio: 'ignore', cwd: '/' })
		const over = new Promise((r) => { db.on('exit', r) })
		for (let i = 0; i < 200; i++)
			try {
				execFileSync('mariadb', ['--no-defaults', `--socket=${socket}`, 'beatplan', '-e', 'SELECT 1'], { uid, gid, stdio: 'ignore' })
				break
			} catch {
				await sleep(100)
			}
		execFileSync('mariadb', ['--no-defaults', `--socket=${socket}`, 'beatplan', '-e', `SET foreign_key_checks = 0; ${text}`], { uid, gid, stdio: 'ignore' })
		db.kill('SIGTERM')
		await over
		const m = JSON.parse(readFileSync(manifest, 'utf8')), all = execFileSync('find', ['-type', 'f', '!', '-path', './manifest.json', '-printf', '%P\\n'], { cwd: to, encoding: 'utf8' }).trim().split('\n')
		m.files = Object.fromEntries(all.map((f) => [f, createHash('sha256').update(readFileSync(join(to, f))).digest('hex')]))
		writeFileSync(manifest, JSON.stringify(m))
		return to
	}
	yield { name: 'the drill finds every row of every table as it is at the same moment', run: async () => {
		chmodSync(work, 0o777) // for sockets of the services' user
		execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(await freePort())])
		beatplan('user', 'add', 'since.then', '--role', 'analyst', '--state', copy)
		const d = drill(daily)
		return [d.status !== 0 && d.said, !(d.json.tables > 50 && d.json.tables_that_differ === 0 && d.json.rows > 20000 && d.json.plans > 0 && d.json.audit_whole) && JSON.stringify(d.json), row().join() !== 'done,1,1,,' && row().join(),
			readdirSync(join(copy, 'tmp')).some((n) => n.startsWith('drill')) && 'it is left']
	} }
	for (const [name, text, said] of /** @type {[string, string, RegExp][]} */ ([
		['lacks a row', "DELETE FROM outlet WHERE code = 'BK7'", /outlet has \d+ rows, not \d+/], ['has another value in one', "UPDATE outlet SET name = 'Shop' WHERE code = 'BK7'", /outlet has other rows/],
		['has a table less', 'DROP TABLE request_key', /request_key is missing/]]))
		yield { name: `a backup that ${name} is found out, whatever its manifest says`, run: async () => {
			const d = drill(await changed(`changed-${name.replaceAll(' ', '-')}`, text))
			return [d.status !== 3 && `status ${d.status}`, !said.test(d.said) && d.said, row()[0] !== 'failed' && row().join(), !said.test(row()[3]) && row().join()]
		} }
	yield { name: 'one with a file that is not as it was is not even restored, and that is kept too', run: () => {
		const to = join(work, 'torn')
		execFileSync('cp', ['-a', daily, to])
		appendFileSync(join(to, 'db/ibdata1'), 'x')
		const d = drill(to)
		return [d.status !== 1 && `status ${d.status}`, !/ibdata1 is missing or not what was saved/.test(d.said) && d.said, row()[0] !== 'failed' && row().join()]
	} }
	yield { name: 'the schedule does it by itself when it is due, and not before', run: () => {
		const n = () => sql(copy, 'SELECT COUNT(*) FROM backup_drill'), care = () => beatplan('backup', '--care', '--state', copy)
		const before = n()
		care()
		const early = n()
		sql(copy, 'UPDATE backup_drill SET started_at = started_at - INTERVAL 25 HOUR, ended_at = ended_at - INTERVAL 25 HOUR')
		care() // the last one failed: the next day
		const failed = row(), again = n()
		sql(copy, 'UPDATE backup_drill SET started_at = started_at - INTERVAL 6 DAY, ended_at = ended_at - INTERVAL 6 DAY')
		care()
		const good = n()
		beatplan('setting', 'set', 'backup_drill_days=5', '--reason', 'a test', '--state', copy)
		care()
		const more = n()
		beatplan('down', '--state', copy)
		return [early !== before && 'too early', Number(again) !== Number(before) + 1 && 'not the day after', failed[0] !== 'done' && failed.join(), good !== again && 'too early after a good one', Number(more) !== Number(good) + 1 && 'not when the setting says']
	} }
}

/** The daily backup of the state `copy` is sent off the machine: to a program, to a server of rsync, back from there. */
async function* elsewhere(work, copy) {
	const conf = join(copy, 'beatplan.conf'), kept = readFileSync(conf, 'utf8'), far = join(work, 'far'), far2 = join(work, 'far2'), back = join(work, 'back'), program = join(work, 'send')
	/** @param {Record<string, string>} keys */
	const set = (keys) => writeFileSync(conf, kept + Object.entries(keys).map(([k, v]) => `${k} = ${v}\n`).join(''))
	const key = (name) => join(work, `${name}.key`), whole = { backup_push: program, backup_key: join(work, 'ours.pub') }
	/* The copy's own worker may be sending just now. */
	const push = () => {
		for (let i = 0; ; i++) {
			const text = refused('backup', 'push', '--state', copy)
			if (i === 60 || !text.includes('a backup is being sent'))
				return text
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
		}
	}
	const row = () => sql(copy, "SELECT CONCAT_WS('|', pushed_at IS NOT NULL, push_failures, push_error, '') FROM backup_run WHERE state = 'done' ORDER BY id DESC LIMIT 1").split('|')
	const found = () => doctor('--state', copy).find((c) => c.name === 'BACKUP_PUSH')
	const files = (dir) => readdirSync(dir).filter((n) => n.endsWith('.tar.gpg'))
	let sent = ''
	yield { name: 'backups leave the machine by a program, encrypted, and the row says when they arrived', run: async () => {
		for (const name of ['ours', 'other'])
			makeKeys(work, name)
		for (const dir of [far, far2]) {
			mkdirSync(dir)
			chmodSync(dir, 0o777)
		}
		writeFileSync(program, `#!/bin/sh\n[ -e ${far} ] && cp "$1" ${far}/\n`)
		chmodSync(program, 0o755)
		execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(await freePort())])
		const off = push()
		set(whole)
		const text = push(), again = push(), sum = /^sha256 +(\w{64})$/m.exec(text)?.[1]
		if (!files(far).length)
			return text
		sent = join(far, files(far)[0])
		const bytes = readFileSync(sent)
		return [!/set backup_push and backup_key/.test(off) && off, !sum && text, createHash('sha256').update(bytes).digest('hex') !== sum && 'what lies there is another file', bytes.includes('beatplan.conf') && 'names can be read in it', !/has arrived/.test(again) && again,
			row().join() !== '1,0,,' && row().join(), files(join(work, 'daily')).length && 'the encrypted file stays here', found().verdict !== 'ok' && JSON.stringify(found())]
	} }
	yield { name: 'the encrypted file and the private key make a Beatplan again', run: () => {
		const drill = last(beatplan('backup', 'drill', '--from', sent, '--key', key('ours'), '--state', copy))
		beatplan('restore', '--from', sent, '--key', key('ours'), '--state', back)
		const left = readdirSync(join(back, 'tmp'))
		return [!(drill.plans > 0 && drill.plans_that_differ === 0 && drill.audit_whole) && JSON.stringify(drill), !readdirSync(back).includes('db') && 'no database', left.length && `${left} is left`]
	} }
	const cut = (n) => { const file = join(work, `cut-${n}`); writeFileSync(file, readFileSync(sent)); n < 0 ? appendFileSync(file, 'x') : truncateSync(file, Math.floor(statSync(file).size * n)); return file }
	for (const [what, from, words, said] of /** @type {[string, () => string, () => string[], RegExp][]} */ ([
		['another key', () => sent, () => ['--key', key('other')], /encrypted for the key [0-9A-F]{16}, and this is another one/],
		['a public key', () => sent, () => ['--key', join(work, 'ours.pub')], /this is another one/],
		['no key file', () => sent, () => ['--key', key('none')], /none\.key/],
		['a file that was cut off in the middle', () => cut(0.5), () => ['--key', key('ours')], /cut off or changed/],
		['one that was cut off near its end', () => cut(0.999), () => ['--key', key('ours')], /cut off or changed/],
		['one of which only the beginning is there', () => cut(0.0001), () => ['--key', key('ours')], /cut off or changed/],
		['an empty one', () => cut(0), () => ['--key', key('ours')], /cut off or changed/],
		['something else', () => conf, () => ['--key', key('ours')], /no encrypted backup/],
		['a key for a folder', () => work, () => ['--key', key('ours')], /--key is for the encrypted file/]]))
		yield { name: `${what} is refused, and nothing is left`, run: () => {
			const to = join(work, 'refused'), text = refused('restore', '--from', from(), ...words(), '--state', to)
			let left = []
			try {
				left = [...readdirSync(join(to, 'tmp')), ...readdirSync(to).filter((n) => ['db', 'beatplan.conf'].includes(n))]
			} catch {}
			return [!said.test(text) && text, left.length && `${left} is left`]
		} }
	yield { name: 'what cannot work is told by the command, by the doctor, and counted', run: () => {
		const bad = []
		sql(copy, "UPDATE backup_run SET pushed_at = NULL")
		for (const [keys, said] of /** @type {[Record<string, string>, RegExp][]} */ ([
			[{ ...whole, backup_push: join(work, 'none') }, /none is no program that can be run/], [{ ...whole, backup_push: 'elsewhere' }, /takes HOST:FOLDER/], [{ backup_push: program }, /set backup_key/],
			[{ ...whole, backup_key: join(work, 'none.pub') }, /none\.pub: No such file/], [{ ...whole, backup_key: key('ours') }, /private key, which does not belong/], [{ ...whole, backup_key: conf }, /no OpenPGP public key/],
			[{ ...whole, backup_push: '127.0.0.1:/x', backup_ssh: join(work, 'none') }, /backup_ssh: .*none cannot be read/], [{ ...whole, backup_dir: 'off' }, /set backup_dir too|there is no backup/]])) {
			set(keys)
			const text = push(), doctor = found()
			if (!said.test(text) || doctor.verdict !== 'bad' || (!said.test(doctor.detail) && keys.backup_dir !== 'off'))
				bad.push(`${said.source}: ${text} ${JSON.stringify(doctor)}`)
		}
		const [, failures] = row()
		return [...bad, Number(failures) !== 7 && `${failures} failures`]
	} }
	const alarmed = async (want) => {
		const { alarm } = /^beatplan_alarm\{name="BACKUP_STAYS"\} (?<alarm>\d)$/m.exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.groups ?? {}
		return alarm !== want && `the alarm is ${alarm}`
	}
	const rsync = await freePort(), server = join(work, 'rsyncd.conf'), port = await freePort(), restart = () => {
		beatplan('down', '--state', copy)
		execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(port)])
	}
	yield { name: 'a target that is full, gone or says no is an alarm, with its own words', run: async () => {
		const bad = []
		restart()
		for (const [to, text] of /** @type {[string, RegExp][]} */ ([['cp "$1" /dev/full', /No space left on device/], ['echo not today; exit 7', /send gave 7: not today/], ['', /rsync gave \d+: rsync: .*Connection refused/]])) {
			writeFileSync(program, `#!/bin/sh\n${to}\n`)
			set(to ? whole : { ...whole, backup_push: `rsync://127.0.0.1:${rsync}/far/` })
			const said = push(), [arrived, failures, error] = row()
			if (!text.test(said) || !text.test(error) || arrived !== '0' || !(Number(failures) > 0))
				bad.push(`${said} ${row()}`)
		}
		return [...bad, await alarmed('1'), found().verdict !== 'bad' && JSON.stringify(found()), !/failures in a row with rsync:.*onnection refused/.test(found().detail) && found().detail, files(join(work, 'daily')).length && 'the encrypted file stays here']
	} }
	yield { name: 'the schedule tries again; what arrives at a server of rsync ends the alarm', run: async () => {
		writeFileSync(server, `use chroot = no\n[far]\npath = ${far2}\nread only = no\n${process.getuid?.() ? '' : 'uid = nobody\ngid = nogroup\n'}`)
		const daemon = spawn('rsync', ['--daemon', '--no-detach', '--address=127.0.0.1', `--port=${rsync}`, `--config=${server}`], { stdio: 'ignore' })
		try {
			restart()
			for (let i = 0; i < 200 && row()[0] !== '1'; i++)
				await sleep(100)
			return [row().join() !== '1,0,,' && row().join(), files(far2).length !== 1 && `${files(far2)}`, await alarmed('0'), found().verdict !== 'ok' && JSON.stringify(found())]
		} finally {
			daemon.kill()
		}
	} }
	yield { name: 'by rsync over ssh it goes with the configuration of ssh that is named', run: () => {
		const bin = join(work, 'bin'), ssh = join(bin, 'ssh'), path = process.env.PATH, said = join(work, 'far', 'words')
		mkdirSync(bin)
		writeFileSync(ssh, `#!/bin/sh\necho "$*" > ${said}\nwhile [ "$1" != 127.0.0.1 ]; do shift; done\nshift\nexec sh -c "$*"\n`)
		chmodSync(ssh, 0o755)
		writeFileSync(join(work, 'ssh_config'), 'BatchMode yes\n')
		set({ ...whole, backup_push: `127.0.0.1:${far}/new`, backup_ssh: join(work, 'ssh_config') })
		process.env.PATH = `${bin}:${path}`
		const text = push()
		process.env.PATH = path
		return [!/^sha256/m.test(text) && text, files(join(far, 'new')).length !== 1 && 'it is not there', !readFileSync(said, 'utf8').startsWith(`-F ${join(work, 'ssh_config')} -o BatchMode=yes`) && readFileSync(said, 'utf8')]
	} }
	yield { name: 'one that the database does not know of is not said to have arrived', run: () => {
		sql(copy, "UPDATE backup_run SET dir = CONCAT(dir, '-') WHERE dir LIKE '%/daily/%'")
		const text = push()
		sql(copy, "UPDATE backup_run SET dir = TRIM(TRAILING '-' FROM dir) WHERE dir LIKE '%/daily/%'")
		return /was restored since and knows nothing of/.test(text) ? [] : text
	} }
	yield { name: 'where they are sent nowhere any more, nothing is alarming', run: async () => {
		sql(copy, "UPDATE backup_run SET pushed_at = NULL, push_failures = 3")
		const before = await alarmed('1')
		writeFileSync(conf, kept)
		beatplan('backup', '--care', '--state', copy)
		const after = await alarmed('0')
		beatplan('down', '--state', copy)
		return [before, after, found().verdict !== 'skipped' && JSON.stringify(found())]
	} }
}

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	/* Not below the state; the services' user must reach it. */
	const work = mkdtempSync(join(tmpdir(), 'beatplan-backup-')), copy = join(work, 'copy')
	const logs = join(work, 'logs'), sqlMoment = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
	const logFile = (i) => join(logs, readdirSync(logs).filter((n) => /^log\.\d+$/.test(n)).toSorted().at(i) ?? '')
	const tear = (i) => truncateSync(logFile(i), statSync(logFile(i)).size - 7)
	let backup = '', daily = '', reachable = '', again
	yield {
		name: 'a backup is made while an import and a commit run', run: async () => {
			chmodSync(work, 0o711)
			const unit = (await call('planner', 'GET', '/territories?units=1&channel=GT&limit=500')).json.items.filter((u) => u.plan && !u.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
			const rows = ['code,name,latitude,longitude,country,region,area,channel', ...Array.from({ length: 20000 }, (_, i) => `BK${i},Shop ${i},12.${1000 + i % 9000},77.${1000 + i % 9000},Backland,North,Area ${i % 5},GT`)].join('\n')
			const session = (await call('admin', 'POST', '/import/sessions', { name: 'during a backup' })).json.id
			await upload(client, session, 'outlets.csv', rows)
			const making = promisify(execFile)(cli, ['backup', '--to', join(work, 'to'), '--state', state])
			const checking = (async () => {
				const check = await ended(client, (await call('admin', 'POST', `/import/sessions/${session}/validate`, {})).json.jobId, 'admin', '/jobs', 60)
				return check.state === 'done' ? ended(client, (await call('admin', 'POST', `/import/sessions/${session}/process`, {})).json.jobId, 'admin', '/jobs', 60) : check
			})()
			const lock = await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			const open = await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
			const commit = await call('planner', 'POST', '/planning/commit', { sessionId: open.json.id, notes: 'during a backup' })
			const done = await checking
			backup = /^backup +(\S+)$/m.exec((await making).stdout)?.[1] ?? ''
			return [!backup && 'no backup', done.state !== 'done' && JSON.stringify(done), commit.status !== 200 && `${lock.status} ${open.text} ${commit.text}`]
		},
	}
	yield {
		name: 'the drill finds the same plans and a whole trail', run: () => {
			const out = last(beatplan('backup', 'drill', '--from', backup, '--state', state))
			return out.plans > 0 && out.plans_that_differ === 0 && out.audit_whole === true && out.audit_events > 0 ? [] : JSON.stringify(out)
		},
	}
	yield { name: 'a state that is there is not written over', run: () => (/there is a Beatplan|runs in/.test(again = refused('restore', '--from', backup, '--state', state)) ? [] : again) }
	yield {
		name: 'restored elsewhere it starts, and people sign in as before', run: async () => {
			const port = await freePort()
			beatplan('restore', '--from', backup, '--state', copy)
			const twice = refused('restore', '--from', backup, '--state', copy)
			execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(port)])
			try {
				const r = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: 'admin', password: 'beatplan-demo' }) })
				const cookie = (r.headers.get('set-cookie') ?? '').split(';')[0], home = await (await fetch(`http://127.0.0.1:${port}/api/v1/home`, { headers: { Cookie: cookie } })).json()
				return [r.status !== 200 && await r.text(), !(home.counts?.plans > 0) && JSON.stringify(home), !/already/.test(twice) && twice, !/^whole/m.test(beatplan('audit', 'verify', '--state', copy)) && 'the trail of the copy is broken']
			} finally {
				beatplan('down', '--state', copy)
			}
		},
	}
	yield {
		name: 'with a folder named, the schedule makes a backup by itself, and one goes on from it to a moment', run: async () => {
			const folder = join(work, 'daily'), until = join(work, 'moment'), up = async (where) => execFileSync(join(root, 'beatplan'), ['up', '--state', where, '--port', String(await freePort())])
			mkdirSync(folder)
			chmodSync(folder, 0o777)
			appendFileSync(join(copy, 'beatplan.conf'), `backup_dir = ${folder}\ndb_password = it's "one" \\ two\n`) // which is told to the database
			await up(copy)
			let made, out = '', wanted = ''
			try {
				for (let i = 0; i < 300 && !(made = readdirSync(folder).find((n) => /^\d+T\d+Z$/.test(n))); i++)
					await sleep(100)
				const user = (name) => beatplan('user', 'add', name, '--role', 'analyst', '--state', copy)
				user('before.it')
				await sleep(1100)
				sql(copy, 'FLUSH BINARY LOGS')
				const moment = sqlMoment(Date.now())
				await sleep(1100)
				user('after.it')
				sql(copy, 'FLUSH BINARY LOGS')
				daily = join(folder, made ?? 'none')
				wanted = sql(copy, "SELECT place LIKE '%:%/copy', target, failures FROM duty WHERE name = 'backup'")
				execFileSync('cp', ['-a', join(copy, 'binlog'), logs])
				tear(-1) // as a copy of a log that is being written
				reachable = moment
				out = beatplan('restore', '--from', daily, '--state', until, '--until', moment, '--binlogs', logs)
			} finally {
				beatplan('down', '--state', copy)
			}
			await up(until)
			const users = beatplan('user', 'list', '--state', until), trail = beatplan('audit', 'verify', '--state', until)
			beatplan('down', '--state', until)
			return [!/ before\.it /.test(users) && 'what was before the moment is missing', / after\.it /.test(users) && 'what came after the moment is there', wanted !== `1\t${folder}\t0` && `backups are wanted: ${wanted}`, !/^reached  \d{4}-.* UTC/m.test(out) && out, !/^whole/m.test(trail) && trail]
		},
	}
	yield* drills(work, copy, daily)
	/* What would be taken for the state of that moment, and is not. */
	let tries = 0
	const to = (until) => refused('restore', '--from', daily, '--state', join(work, `never${++tries}`), '--binlogs', logs, '--until', until)
	const is = (text, says) => (says.test(text) ? [] : [text])
	yield { name: 'a moment before the backup, or none at all, is refused', run: () => [...is(to('2026-01-01 00:00:00'), /the backup is of 20.* take an earlier backup/), ...is(to('2099-13-41 00:00:00'), /there is no moment/)] }
	yield { name: 'a moment that the log does not reach is refused, and what it reaches is named', run: () => is(to('2099-01-01 00:00:00'), /ends before that moment: --until '20\d\d-\d\d-\d\d \d\d:\d\d:\d\d' takes all/) }
	for (const [what, spoil, says] of /** @type {[string, () => void, RegExp][]} */ ([['whose middle breaks off', () => tear(1), /breaks off: what follows cannot be taken/],
		['that lacks its middle', () => rmSync(logFile(1)), /does not hold log\.\d+, without which later ones/], ['that lacks its beginning', () => rmSync(logFile(0)), /does not hold log\.\d+, where the backup ends/]]))
		yield {
			name: `a log ${what} is refused`, run: () => {
				spoil()
				return is(to(sqlMoment(Date.now())), says)
			},
		}
	yield {
		name: 'a log of another database behind it is refused', run: () => {
			execFileSync('rm', ['-rf', logs])
			execFileSync('cp', ['-a', join(copy, 'binlog'), logs])
			execFileSync('cp', ['-a', logFile(0), logFile(1)])
			return is(to(sqlMoment(Date.now())), /of different databases/)
		},
	}
	yield {
		name: 'the schedule keeps the log of each database apart, and the one of the backup is found', run: () => {
			const kept = join(dirname(daily), 'binlog'), own = readFileSync(join(copy, 'binlog/generation'), 'utf8'), { binlog } = JSON.parse(readFileSync(join(daily, 'manifest.json'), 'utf8'))
			execFileSync('rm', ['-rf', join(work, 'mixed')])
			mkdirSync(join(work, 'mixed'))
			execFileSync('cp', ['-a', join(copy, 'binlog'), join(work, 'mixed', own)])
			/* Of another one, by the same names: as of a copy that was promoted, which wrote into the same folder. */
			const other = join(work, 'mixed', 'f'.repeat(32))
			execFileSync('cp', ['-a', join(copy, 'binlog'), other])
			writeFileSync(join(other, 'generation'), 'f'.repeat(32))
			for (const name of readdirSync(other).filter((n) => /^log\.\d/.test(n)).slice(1))
				truncateSync(join(other, name), 100)
			const to = join(work, 'apart'), text = beatplan('restore', '--from', daily, '--state', to, '--until', reachable, '--binlogs', join(work, 'mixed'))
			const foreign = refused('restore', '--from', daily, '--state', join(work, 'foreign'), '--until', reachable, '--binlogs', other)
			rmSync(join(other, 'generation'))
			const nameless = refused('restore', '--from', daily, '--state', join(work, 'nameless'), '--until', reachable, '--binlogs', other)
			return [binlog.generation !== own && `the backup is of ${binlog.generation}, the log of ${own}`, !readdirSync(kept).includes(own) && `${readdirSync(kept)}`, !readdirSync(join(kept, own)).some((n) => /^log\.\d/.test(n)) && 'no log was copied', !/^reached /m.test(text) && text,
				!/are of another database \(f{32}\) than the backup/.test(foreign) && foreign, !/of another database \(which does not say\)/.test(nameless) && nameless]
		},
	}
	yield {
		name: 'a state that was restored begins a log of its own', run: async () => {
			const to = join(work, 'apart')
			execFileSync(join(root, 'beatplan'), ['up', '--state', to, '--port', String(await freePort())])
			beatplan('down', '--state', to)
			const own = readFileSync(join(to, 'binlog/generation'), 'utf8')
			return [!/^[0-9a-f]{32}$/.test(own) && own, own === readFileSync(join(copy, 'binlog/generation'), 'utf8') && 'it is the same']
		},
	}
	yield* elsewhere(work, copy)
	yield {
		name: 'copies of the log go when they are older than 35 days and than the oldest backup, but where that one ends', run: async () => {
			const folder = dirname(daily), days = (n) => Date.now() / 1000 - n * 86400, old = join(folder, `${new Date(Date.now() - 37 * 864e5).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`)
			mkdirSync(old)
			writeFileSync(join(old, 'manifest.json'), JSON.stringify({ binlog: { file: 'log.000904', position: 4 } }))
			chmodSync(old, 0o755)
			appendFileSync(join(copy, 'beatplan.conf'), 'backup_keep_days = 60\n')
			const ages = { 'log.000901': 40, 'log.000902': 38, 'log.000904': 39, 'log.000905': 36, 'log.000906': 34, 'log.index': 99 }
			for (const name in ages) {
				writeFileSync(join(folder, 'binlog', name), '')
				utimesSync(join(folder, 'binlog', name), days(ages[name]), days(ages[name]))
			}
			execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(await freePort())])
			utimesSync(join(copy, 'binlog/log.000001'), days(50), days(50)) // the database holds it still
			try {
				for (let i = 0; i < 100 && /cannot lock/.test(refused('backup', '--care', '--state', copy)); i++) // the supervisor's own turn
					await sleep(100)
			} finally {
				beatplan('down', '--state', copy)
			}
			const left = readdirSync(join(folder, 'binlog')), own = readdirSync(join(copy, 'binlog')), copies = readdirSync(join(folder, 'binlog', readFileSync(join(copy, 'binlog/generation'), 'utf8')))
			return [Object.keys(ages).filter((n) => left.includes(n)).join() !== 'log.000904,log.000905,log.000906,log.index' && left.join(), own.filter((n) => /^log\.\d/.test(n) && !copies.includes(n)).map((n) => `${n} is gone`)]
		},
	}
	yield {
		name: 'where backup_dir is off again, no backups are wanted', run: async () => {
			const conf = join(copy, 'beatplan.conf')
			writeFileSync(conf, readFileSync(conf, 'utf8').replace(/^backup_dir.*\n/m, ''))
			execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(await freePort())])
			const left = sql(copy, "SELECT COUNT(*) FROM duty WHERE name = 'backup'")
			beatplan('down', '--state', copy)
			return left === '0' ? [] : 'they are'
		},
	}
	yield {
		name: 'one that was made without a log of transactions cannot go on to a moment', run: () => {
			const text = refused('restore', '--from', backup, '--state', join(work, 'never'), '--until', '2026-01-01 00:00:00')
			return /without a log of transactions/.test(text) ? [] : text
		},
	}
	yield {
		name: 'a backup that was touched, or is of a newer Beatplan, is refused', run: () => {
			const name = join(backup, 'manifest.json'), manifest = JSON.parse(readFileSync(name, 'utf8'))
			writeFileSync(name, JSON.stringify({ ...manifest, schema: '9999-future.sql' }))
			const newer = refused('restore', '--from', backup, '--state', join(work, 'x'))
			writeFileSync(name, JSON.stringify({ ...manifest, files: { ...manifest.files, '../../etc/passwd': '0' } }))
			const outside = refused('restore', '--from', backup, '--state', join(work, 'x'))
			writeFileSync(name, JSON.stringify(manifest))
			appendFileSync(join(backup, 'state/beatplan.conf'), '#')
			const touched = refused('restore', '--from', backup, '--state', join(work, 'x'))
			const none = refused('restore', '--from', work, '--state', join(work, 'x'))
			rmSync(work, { recursive: true, force: true })
			return [!/newer Beatplan/.test(newer) && newer, !/outside/.test(outside) && outside, !/checksum does not fit/.test(touched) && touched, !/no backup/.test(none) && none]
		},
	}
	yield { name: 'the health knows of it', as: 'admin', get: '/system/health', json: { backups: (l) => l[0]?.state === 'done' && l[0].bytes > 1e6 } }
	for (const words of [['backup'], ['backup', 'push', 'it'], ['backup', 'drill'], ['restore'], ['restore', '--from', 'x', '--state', 'y', '--until', 'tomorrow']])
		yield { name: `${words.join(' ')} is refused in words`, run: () => (/^beatplan \w+: .+/.test(refused(...words)) ? [] : refused(...words)) }
}
export const steps = all
