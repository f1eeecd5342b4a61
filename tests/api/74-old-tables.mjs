// SPDX-License-Identifier: GPL-3.0-or-later
// From tables as earlier versions had them, with data, to those of today, and back to that day. Such tables are made by the patches up to
// a number; the rows are those of the tests' demo, as far as the tables had columns for them.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from './client.mjs'
import { beatplan, doctor, freePort, sql } from './shell.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..'), state = process.env.BEATPLAN_STATE ?? ''
/** What must be the same before and after: plans with their stops, drafts, outlets, people and territories, the trail as far as it went. */
const SUMS = ['plan_version|id, plan_hash, kind, number', 'plan_stop|version_id, need_id, day, seq, seat_id, pos', 'draft_stop|session_id, need_id, day, pos', 'visit|plan_id, day, need_id, seat_id, pos', 'outlet|id, code, name, territory_id',
	'territory|id, code, parent_id', 'user|id, username, password', 'audit_event|id, at, action|id', 'audit_change|event_id, seq, new_value|event_id', 'audit_seal|seal, hash|event_id'].map((x) => x.split('|'))
const sums = (at, db, newest) => Object.fromEntries(SUMS.map(([t, columns, id]) => [t, sql(at, `SELECT CONCAT(COUNT(*), ' ', COALESCE(BIT_XOR(CRC32(CONCAT_WS('|', ${columns}))), 0)) FROM ${db}.${t} ${id ? `WHERE ${id} <= ${newest}` : ''}`)]))

async function* all({ doc }) {
	const work = mkdtempSync(join(tmpdir(), 'beatplan-old-')), copy = join(work, 'copy'), conf = join(copy, 'beatplan.conf'), schema = join(copy, 'app/share/beatplan/sql/schema'), at = ['--state', copy]
	const wrapper = (...words) => execFileSync(join(root, 'beatplan'), [...words, ...at], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
	const places = () => ({ owner: statSync(conf).uid, group: statSync(conf).gid })
	let kept = '', port = 0
	/** @type {Record<string, string>} */
	let was = {}, event = 0
	chmodSync(work, 0o711)
	yield { name: 'a copy of the demo to be made old', run: async () => {
		mkdirSync(join(work, 'to'))
		beatplan('backup', '--to', join(work, 'to'), '--state', state)
		beatplan('restore', '--from', join(work, 'to', readdirSync(join(work, 'to')).find((n) => /^\d{8}T/.test(n)) ?? ''), ...at)
		kept = readFileSync(conf, 'utf8')
		port = await freePort()
		return []
	} }
	for (const newest of ['0022', '0141']) {
		const back = join(work, `back-${newest}`)
		const make = () => {
			writeFileSync(conf, `${kept}runs = database\n`)
			wrapper('up', '--port', String(port))
			const tables = sql(copy, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'beatplan' AND table_type = 'BASE TABLE'").split('\n')
			sql(copy, `CREATE DATABASE src; ${tables.map((t) => `CREATE TABLE src.\`${t}\` AS SELECT * FROM \`${t}\``).join(';')}; DROP DATABASE beatplan; CREATE DATABASE beatplan`)
			for (const name of readdirSync(schema))
				if (name.slice(0, 4) > newest)
					rmSync(join(schema, name))
			try { beatplan('migrate', ...at) } catch { /* today's rights are of tables that are not there yet */ }
			const columns = sql(copy, `SELECT CONCAT('INSERT INTO \`', o.table_name, '\` (', GROUP_CONCAT(CONCAT('\`', o.column_name, '\`')), ') SELECT ', GROUP_CONCAT(CONCAT('\`', o.column_name, '\`')), ' FROM src.\`', o.table_name, '\`')
				FROM information_schema.columns o JOIN information_schema.columns n ON n.table_schema = 'src' AND n.table_name = o.table_name AND n.column_name = o.column_name
				JOIN information_schema.tables t ON t.table_schema = 'beatplan' AND t.table_name = o.table_name AND t.table_type = 'BASE TABLE'
				WHERE o.table_schema = 'beatplan' AND o.table_name <> 'schema_patch' AND o.is_generated = 'NEVER' GROUP BY o.table_name`).split('\n')
			const filled = [...new Set(columns.map((c) => /INTO `(\w+)`/.exec(c)?.[1]))].map((t) => `DELETE FROM \`${t}\``)
			sql(copy, `SET SESSION group_concat_max_len = 1000000, foreign_key_checks = 0; ${filled.join(';')}; ${columns.join(';')}`)
			event = Number(sql(copy, 'SELECT MAX(event_id) FROM src.audit_seal'))
			was = sums(copy, 'src', event)
			sql(copy, 'DROP DATABASE src')
			const patches = sql(copy, 'SELECT MAX(name) FROM schema_patch')
			beatplan('down', ...at)
			mkdirSync(back)
			for (const part of ['db', 'state'])
				part === 'db' ? cpSync(join(copy, 'db'), join(back, 'db'), { recursive: true, preserveTimestamps: true }) : mkdirSync(join(back, 'state'))
			execFileSync('chown', ['-R', `${places().owner}:${places().group}`, back])
			writeFileSync(conf, kept)
			return [patches.slice(0, 4) > newest && `it has ${patches}`]
		}
		const well = async () => {
			const d = doctor(...at).filter((c) => ['SCHEMA', 'DB_RIGHTS', 'RUNNING'].includes(c.name) && c.verdict !== 'ok')
			const now = sums(copy, 'beatplan', event), differ = Object.keys(was).filter((t) => now[t] !== was[t])
			const client = new Client(`http://127.0.0.1:${port}`, copy, doc)
			const signIn = () => client.login('admin', 'admin', 'beatplan-demo')
			await signIn().catch(signIn) /* a connection that was kept may be one to the web server that is gone */
			const plans = sql(copy, 'SELECT COUNT(*) FROM plan WHERE current_version IS NOT NULL'), unit = (await client.call({ as: 'admin', path: '/territories?units=1' })).json.items.find((t) => t.plan)
			await client.call({ as: 'admin', method: 'POST', path: `/territories/${unit?.id}/lock`, body: { channel: 'GT' } })
			const session = (await client.call({ as: 'admin', method: 'POST', path: '/planning/sessions', body: { territoryId: unit?.id, channel: 'GT' } })).json
			const draft = (await client.call({ as: 'admin', path: `/planning/sessions/${session?.id}/draft` })).json
			return [d.map((c) => `${c.name}: ${c.detail}`), differ.map((t) => `${t}: ${was[t]} became ${now[t]}`), !(Number(plans) > 0) && 'no plan is in force', !(draft?.visits?.need.length > 1000) && `the draft: ${JSON.stringify(draft)?.slice(0, 300)}`,
				!/whole|good/.test(beatplan('audit', 'verify', ...at)) && 'the trail'].flat()
		}
		yield { name: `tables of the patch ${newest} hold the demo`, run: make }
		yield { name: `${newest}: the start brings them up to date, and all is there`, run: async () => {
			wrapper('up', '--port', String(port))
			return well()
		} }
		yield { name: `${newest}: upgrade --back takes back what came since`, run: async () => {
			writeFileSync(join(copy, 'upgrade'), `done ${back}\n`)
			beatplan('user', 'add', 'came.later', '--role', 'analyst', ...at)
			beatplan('upgrade', '--back', ...at)
			const people = beatplan('user', 'list', ...at), bad = await well()
			beatplan('down', ...at)
			return [...bad, / came\.later /.test(people) && 'what came later is there', !/ admin /.test(people) && 'the people are gone']
		} }
	}
	yield { name: 'nothing is left', run: () => { try { beatplan('down', ...at) } catch {} rmSync(work, { recursive: true, force: true }); return [] } }
}
export const steps = all
