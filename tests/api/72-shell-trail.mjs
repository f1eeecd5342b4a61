// SPDX-License-Identifier: GPL-3.0-or-later
// What is done from the shell stands in the audit trail, with the account of the operating system; also what was done without a database.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beatplan, doctor, freePort, sql } from './shell.mjs'

const state = process.env.BEATPLAN_STATE ?? '', root = join(dirname(fileURLToPath(import.meta.url)), '../..')
/** Who sits here, as the kernel has it. */
const who = () => {
	const id = readFileSync('/proc/self/loginuid', 'utf8').trim()
	return Number(id) === 4294967295 ? userInfo().username : execFileSync('id', ['-nu', id], { encoding: 'utf8' }).trim()
}
const newest = (of = state) => Number(sql(of, 'SELECT COALESCE(MAX(id), 0) FROM audit_event'))
const events = (of, after) => sql(of, `SELECT CONCAT_WS('|', e.action, e.ip, e.user_agent, COALESCE(GROUP_CONCAT(CONCAT(c.field, '=', c.new_value) ORDER BY c.seq), '')) FROM audit_event e LEFT JOIN audit_change c ON c.event_id = e.id
	WHERE e.id > ${after} AND e.ip = 'shell' GROUP BY e.id ORDER BY e.id`).split('\n').filter(Boolean)

async function* all() {
	const work = mkdtempSync(join(tmpdir(), 'beatplan-trail-')), at = ['--state', state], copy = join(work, 'copy'), me = who()
	chmodSync(work, 0o777)
	const backup = () => join(work, 'to', readdirSync(join(work, 'to')).filter((n) => /^\d{8}T/.test(n)).at(-1) ?? '')
	for (const [action, command, words, change] of /** @type {[string, string, string[], RegExp?][]} */ ([
		['SETTING_CHANGE', 'setting', ['set', 'session_hours=9', '--reason', 'a test'], /session_hours=9/], ['SETTING_REVERT', 'setting', ['revert', 'session_hours', '--reason', 'a test']],
		['USER_CREATE', 'user', ['add', 'shell.trail', '--role', 'analyst']], ['USER_CHANGE', 'user', ['bar', 'shell.trail']],
		['MIGRATE', 'migrate', [], /patches=0/], ['SNAPSHOT_BUILD', 'snapshot', ['build']], ['AUDIT_EXPORT', 'audit', ['export', '--from', '2026-01-01', '--to', '2026-01-02', '--out', join(work, 'trail.csv')], /format=csv/],
		['AUDIT_ARCHIVE', 'audit', ['archive']], ['PLAN_EXPORT', 'export', ['chain_rules', '--out', join(work, 'rules.csv')], /chain_rules=all/], ['SUPPORT_TEXT', 'support', ['--out', join(work, 'text')]],
		['KEYS_ROTATE', 'token', ['rotate'], /former=good/], ['ANALYST_ADD', 'analyst', ['add', 'trail']], ['ANALYST_REMOVE', 'analyst', ['remove', 'trail']], ['SCHEDULE_RUN', 'job', ['run', 'SWEEP']],
		['MAINTENANCE_ON', 'maintenance', ['on']], ['BACKUP_MAKE', 'backup', ['--to', join(work, 'to')], /backup=.*\/to\/\d{8}T/], ['MAINTENANCE_OFF', 'maintenance', ['off']], ['BACKUP_DRILL', 'backup', ['drill', '--from', ''], /whole=yes/]]))
		yield { name: `${command} ${words[0] ?? ''} is noted as ${action}, by whom`, run: () => {
			const before = newest(), said = beatplan(command, ...words.map((w) => w || backup()), ...at)
			const found = events(state, before), want = `${action}|shell|beatplan ${command}, by ${me}|`
			return found.length === 1 && found[0]?.startsWith(want) && (!change || change.test(found[0])) ? [] : `${found.join('\n') || 'nothing'} after ${said}`
		} }
	yield { name: 'what is only looked at, or refused, is not noted', run: () => {
		const before = newest()
		for (const words of [['setting', 'list'], ['job', 'list'], ['status'], ['doctor'], ['audit', 'verify'], ['setting', 'set', 'session_hours=0', '--reason', 'x'], ['backup', 'push']])
			try { beatplan(...words, ...at) } catch {}
		return events(state, before)
	} }
	yield { name: 'what is done without a database waits, and is written at the next start, with its time', run: async () => {
		beatplan('restore', '--from', backup(), '--state', copy)
		beatplan('token', 'rotate', '--only', '--state', copy)
		const waits = readdirSync(copy).filter((n) => n.startsWith('trail.')), open = waits.some((n) => statSync(join(copy, n)).mode & 0o077)
		execFileSync(join(root, 'beatplan'), ['up', '--state', copy, '--port', String(await freePort())], { stdio: 'ignore' })
		const found = events(copy, 0).slice(-2), left = readdirSync(copy).filter((n) => n.startsWith('trail.'))
		return [waits.length !== 2 && `${waits} wait`, open && 'others can read them', left.length && `${left} are left`, !found[0]?.startsWith(`RESTORE|shell|beatplan restore, by ${me}|backup=`) && found[0], !found[1]?.startsWith(`KEYS_ROTATE|shell|beatplan token, by ${me}|former=void`) && found[1],
			!found.every((x) => /done_at=20\d\d-/.test(x)) && 'without their time', !/audit trail is whole|whole/.test(beatplan('audit', 'verify', '--state', copy)) && 'the trail is broken']
	} }
	yield { name: 'a state restored from a backup that was made behind closed doors is open', run: () => {
		const { verdict } = doctor('--state', copy).find((c) => c.name === 'DOORS')
		return [verdict !== 'ok' && verdict, /closed/.test(beatplan('status', '--state', copy)) && 'it is closed']
	} }
	yield { name: 'a worker writes what waits while all runs', run: async () => {
		const before = newest(copy)
		execFileSync('sh', ['-c', `cd "$1" && printf '{"action": "KEYS_ROTATE", "who": "x", "ip": "shell", "agent": "beatplan token, by x", "at": "2026-11-27T10:00:00Z"}' > trail.1 && chown --reference=beatplan.conf trail.1`, 'sh', copy])
		for (let i = 0; i < 100 && newest(copy) === before; i++)
			await new Promise((done) => setTimeout(done, 100))
		return events(copy, before).join() === 'KEYS_ROTATE|shell|beatplan token, by x|done_at=2026-11-27T10:00:00Z' ? [] : events(copy, before).join() || 'nothing'
	} }
	yield { name: 'nothing is left running', run: () => { beatplan('down', '--state', copy); rmSync(work, { recursive: true, force: true }); return [] } }
}
export const steps = all
