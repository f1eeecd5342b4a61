// SPDX-License-Identifier: GPL-3.0-or-later
// A backup taken while an import and a commit run is restored elsewhere: the same plans, a whole trail, a Beatplan that starts.
import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sleep } from './client.mjs'
import { ended, upload } from './40-import.mjs'
import { beatplan, freePort, last } from './shell.mjs'

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

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	/* Not below the state; the services' user must reach it. */
	const work = mkdtempSync(join(tmpdir(), 'beatplan-backup-')), copy = join(work, 'copy')
	let backup = '', again
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
			const daily = join(work, 'daily'), until = join(work, 'moment'), up = async (where) => execFileSync(join(root, 'beatplan'), ['up', '--state', where, '--port', String(await freePort())])
			mkdirSync(daily)
			chmodSync(daily, 0o777)
			appendFileSync(join(copy, 'beatplan.conf'), `backup_dir = ${daily}\ndb_password = it's "one" \\ two\n`) // which is told to the database
			await up(copy)
			let made
			try {
				for (let i = 0; i < 300 && !(made = readdirSync(daily).find((n) => /^\d+T\d+Z$/.test(n))); i++)
					await sleep(100)
				const user = (name) => beatplan('user', 'add', name, '--role', 'analyst', '--state', copy)
				user('before.it')
				await sleep(1100)
				const moment = new Date().toISOString().slice(0, 19).replace('T', ' ')
				await sleep(1100)
				user('after.it')
				beatplan('restore', '--from', join(daily, made ?? 'none'), '--state', until, '--until', moment)
			} finally {
				beatplan('down', '--state', copy)
			}
			await up(until)
			const users = beatplan('user', 'list', '--state', until), trail = beatplan('audit', 'verify', '--state', until)
			beatplan('down', '--state', until)
			return [!/ before\.it /.test(users) && 'what was before the moment is missing', / after\.it /.test(users) && 'what came after the moment is there', !/^whole/m.test(trail) && trail]
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
	for (const words of [['backup'], ['backup', 'drill'], ['restore'], ['restore', '--from', 'x', '--state', 'y', '--until', 'tomorrow']])
		yield { name: `${words.join(' ')} is refused in words`, run: () => (/^beatplan \w+: .+/.test(refused(...words)) ? [] : refused(...words)) }
}
export const steps = all
