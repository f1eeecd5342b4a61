// SPDX-License-Identifier: GPL-3.0-or-later
// What the shell offers beside the screens runs against a real state: the benchmarks at a small size, files read and mapped.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sleep } from './client.mjs'
import { beatplan, last, sql } from './shell.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

async function* all({ client, saved }) {
	for (const [name, words, figure] of [['import', ['--rows', '2000'], 'load_data_ratio'], ['snapshot', ['--outlets', '2000'], 'milliseconds'],
		['optimise', ['--outlets', '500', '--seconds', '1'], 'travel_ratio']])
		yield {
			name: `bench ${name} tells its figure`, run: () => {
				const out = last(beatplan('bench', name, ...words, '--state', process.env.BEATPLAN_STATE, '--json'))
				return out[figure] > 0 ? [] : JSON.stringify(out)
			},
		}
	yield {
		name: 'snapshots are held against the database, and what is not as it says is built anew', run: async () => {
			const state = process.env.BEATPLAN_STATE, unit = (await client.call({ as: 'admin', path: '/territories?units=1&limit=1' })).json.items[0]
			const snapshot = (/** @type {string} */ what, /** @type {string[]} */ ...more) => {
				try {
					return [0, beatplan('snapshot', what, ...more, '--territory', unit.code, '--state', state)]
				} catch (e) {
					return [e.status, String(e.stdout) + e.stderr]
				}
			}
			const outlet = `territory_id = ${sql(state, `SELECT territory_id FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id WHERE c.ancestor = ${unit.id} LIMIT 1`)} LIMIT 1`
			let good = snapshot('verify')
			for (let i = 0; i < 60 && good[0] === 3; i++, good = snapshot('verify')) // what was changed last is being built
				await sleep(500)
			sql(state, `UPDATE outlet SET name = CONCAT(name, ' anew') WHERE ${outlet}`)
			const other = snapshot('verify'), built = snapshot('build'), again = snapshot('verify')
			const file = join(state, 'snapshots', `${sql(state, `SELECT details FROM snapshot WHERE territory_id = ${unit.id}`)}.json.gz`), kept = readFileSync(file)
			writeFileSync(file, 'no snapshot')
			const damaged = snapshot('verify')
			writeFileSync(file, kept)
			return [good[0] && good, other[0] !== 3 && other, !/otherwise/.test(other[1]) && other, (built[0] || !/outlets, core [0-9.]+ MB, details [0-9.]+ MB/.test(built[1])) && built, (again[0] || !/as the database says/.test(again[1])) && again,
				(damaged[0] !== 3 || !/damaged/.test(damaged[1])) && damaged, snapshot('look')[0] !== 2 && 'another word is taken', snapshot('verify', 'x')[0] !== 2 && 'two words are taken']
		},
	}
	yield {
		name: 'awkward files are read as they should be', run: () => {
			const out = last(beatplan('read', '--conformance', join(root, 'tests/data/csv-spectrum')))
			return out.files === 11 && out.matched === 11 ? [] : JSON.stringify(out)
		},
	}
	yield {
		name: 'columns are mapped', run: () => {
			const out = last(beatplan('map', '--score', join(root, 'tests/data/headers/dev.tsv')))
			return out.core_accuracy > 0.9 && out.false_mapping_rate < 0.06 ? [] : JSON.stringify(out)
		},
	}
	yield {
		name: 'an import mends causes, and the next file of the source is mended by itself', run: () => {
			const folder = mkdtempSync(join(tmpdir(), 'beatplan-shell-'))
			const file = (/** @type {string} */ name) => {
				writeFileSync(join(folder, name), `Outlet Code,Outlet Name,Tier,Shell column ${stamp}\n` + Array.from({ length: 40 }, (_, i) => `SH${stamp}-${i},${i % 10 ? 'Shop' : ''},${i % 4 ? 'Gold' : 'gld'},x\n`).join(''))
				return join(folder, name)
			}
			const stamp = Date.now().toString(36), state = ['--state', process.env.BEATPLAN_STATE, '--check']
			const first = beatplan('import', file('a.csv'), ...state, '--fix', 'REQUIRED:name=FILL:unnamed', '--fix', 'UNKNOWN_WORD:tier=VALUE:gld:Gold', '--fix', 'COORD_SWAPPED:lat=SWAP')
			const next = beatplan('import', file('b.csv'), ...state)
			rmSync(folder, { recursive: true })
			return [first, next].map((x) => (/mended +REQUIRED +name +4 /.test(x) && /mended +UNKNOWN_WORD +tier +10 /.test(x) && / 0 rejected/.test(x) ? [] : x))
		},
	}
	yield {
		name: 'accounts are made, granted, barred and let in by the shell, many at a time', run: async () => {
			const state = ['--state', process.env.BEATPLAN_STATE], stamp = Date.now().toString(36), names = ['a', 'b'].map((x) => `sh-${x}-${stamp}`)
			const fails = (/** @type {string[]} */ ...words) => {
				try {
					return beatplan('user', ...words, ...state) && ''
				} catch (e) {
					return String(e.stderr)
				}
			}
			const row = (/** @type {string} */ name) => beatplan('user', 'list', ...state).split('\n').find((l) => l.includes(name)) ?? ''
			const made = beatplan('user', 'add', ...names, '--role', 'dt_user', ...state)
			const code = (await client.call({ as: 'admin', path: '/territories?units=1&limit=1' })).json.items[0]
			const wrong = [(made.match(/^password  \S{29}$/gm) ?? []).length !== 2 && made, !/dt_user@everywhere/.test(row(names[1])) && row(names[1])]
			beatplan('user', 'grant', ...names, '--role', 'leadership', '--territory', code.code, ...state)
			beatplan('user', 'revoke', ...names, '--role', 'dt_user', ...state)
			wrong.push(!row(names[0]).includes(`leadership@${code.name}`) && row(names[0]), row(names[0]).includes('dt_user') && 'dt_user stays')
			for (const verb of ['reset', 'unlock', 'sign-out', 'bar'])
				beatplan('user', verb, ...names, ...state)
			wrong.push(!/ barred /.test(row(names[0])) && row(names[0]))
			beatplan('user', 'admit', ...names, ...state)
			return [...wrong, !/ active /.test(row(names[0])) && row(names[0]), !/no second factor/.test(fails('drop-factor', names[0], '--reason', 'seen')) && 'a factor is dropped that is not there', !/already/.test(fails('add', names[0], '--role', 'admin')) && 'made twice',
				!/no such user/.test(fails('bar', 'nobody-here')) && 'nobody is barred', !/last administrator/.test(fails('bar', 'admin')) && 'the last administrator is barred', !/last administrator/.test(fails('revoke', 'admin', '--role', 'admin')) && 'nor keeps the role',
				!/no territory/.test(fails('grant', names[0], '--role', 'admin', '--territory', 'nowhere')) && 'nowhere is a place', !/not held/.test(fails('revoke', names[0], '--role', 'admin')) && 'a role is taken that is not held']
		},
	}
	yield {
		name: 'an analyst reads the views of one territory by a user of the database, and nothing else', run: async () => {
			const state = ['--state', process.env.BEATPLAN_STATE], name = `sh_${Date.now().toString(36)}`
			const code = (await client.call({ as: 'admin', path: '/territories?units=1&limit=1' })).json.items[0].code
			const said = (/** @type {string[]} */ ...words) => {
				try {
					return beatplan('analyst', ...words, ...state)
				} catch (e) {
					return String(e.stderr)
				}
			}
			const login = (text) => Object.fromEntries([...text.matchAll(/^(\w+) +(\S+)$/gm)].map((m) => [m[1], m[2]]))
			const ask = (l, sql) => {
				try {
					return execFileSync('mariadb', ['--no-defaults', '-N', '-B', `--socket=${l.socket}`, `--user=${l.user}`, `--password=${l.password}`, l.database, '-e', sql], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
				} catch (e) {
					return String(e.stderr)
				}
			}
			const first = login(said('add', name, '--territory', code)), outlets = Number(ask(first, 'SELECT COUNT(*) FROM bi_outlet'))
			const wrong = [!(outlets > 0) && `${outlets} outlets`, outlets >= Number(sql(state[1], 'SELECT COUNT(*) FROM outlet')) && 'all outlets', !/denied/.test(ask(first, 'SELECT COUNT(*) FROM outlet')) && 'the table is read',
				!/denied/.test(ask(first, 'SELECT password FROM user')) && 'passwords are read', !said('list').split('\n').some((l) => l.startsWith(`bi_${name} `) && l.includes(` ${code} `)) && said('list'), !/there already/.test(said('add', name)) && 'made twice']
			const second = login(said('renew', name)), trail = (await client.call({ as: 'admin', path: '/audit?action=ANALYST_ADD&limit=1' })).json
			wrong.push(second.password === first.password && 'the same password', !/denied/.test(ask(first, 'SELECT 1')) && 'the former password is good', ask(second, 'SELECT 1') !== '1' && 'the new one is not', !JSON.stringify(trail).includes(name) && JSON.stringify(trail), JSON.stringify(trail).includes(first.password) && 'the trail holds the password')
			said('remove', name)
			return [...wrong, !/denied/.test(ask(second, 'SELECT 1')) && 'removed, and still there', said('list').includes(name) && said('list'), !/no analyst/.test(said('renew', name)) && said('renew', name), !/no territory/.test(said('add', name, '--territory', 'nowhere')) && 'nowhere is a place',
				!/no name/.test(said('add', "a'b")) && 'an odd name', !/say list/.test(said('look')) && 'an odd verb', !/name one/.test(said('add')) && 'nobody']
		},
	}
	if (saved.dZone)
		yield {
			name: 'planning units are designed, published and undone', run: () => {
				const design = (/** @type {string} */ verb, /** @type {string[]} */ ...words) => beatplan('design', verb, '--territory', 'DZone', '--state', process.env.BEATPLAN_STATE, ...words)
				const made = design('run', '--units', '4', '--seed', '7').trim().split(/\s+/)[0], folder = mkdtempSync(join(tmpdir(), 'beatplan-shell-'))
				const of = ['--scenario', made], drawn = JSON.parse(design('outlines', ...of))
				writeFileSync(join(folder, 'units.geojson'), JSON.stringify(drawn))
				const taken = design('take', join(folder, 'units.geojson')).trim().split(/\s+/)[0]
				/* An outlet of the first unit comes to the second, in every way that keeps these. */
				const file = join(folder, 'pins.csv')
				writeFileSync(file, `outlet,unit\nDES0,DEast\n`)
				const pinned = design('run', '--pins', file).trim().split('\n').map((line) => line.trim().split(/\s+/)[0])
				const keeps = [['pin', 'pinned: 1'], ['unpin', 'pinned no more: 1']].filter(([verb, said]) => design(verb, '--pins', file, '--reason', 'same owner').trim() !== said)
				writeFileSync(file, `outlet,unit\nDES0,DWest\nDES0,NOWHERE\n`)
				let refused = ''
				try {
					design('run', '--pins', file)
				} catch (e) {
					refused = e.stderr
				}
				saved.dPinnedByShell = pinned
				saved.dByShell = [made, taken]
				rmSync(folder, { recursive: true })
				design('discard', '--scenario', taken)
				design('approve', ...of)
				const before = design('list')
				design('publish', ...of, '--reason', 'four people')
				const undone = design('undo', ...of, '--reason', 'as it was'), after = design('list')
				return [keeps.length && `not said: ${keeps}`, !/pins.csv, line 3: no outlet DES0, or no unit of today NOWHERE/.test(refused) && `pins: ${refused}`, drawn.features.length !== 4 && 'not four outlines', !new RegExp(`^ *${made} .* APPROVED +4 units`, 'm').test(before) && before, !/^[1-9]\d* outlets are back, 0 stay/.test(undone) && undone, !new RegExp(`^ *${made} .* UNDONE`, 'm').test(after) && after]
			},
		}
	if (saved.dZone) {
		yield { name: 'what the shell pinned is where it was pinned', run: async () => {
			const moved = await Promise.all(saved.dPinnedByShell.map(async (/** @type {string} */ id) => (await client.call({ as: 'admin', path: `/territories/${saved.dZone}/designs/${id}/transfers?limit=500` })).json.items.find((/** @type {any} */ x) => x.code === 'DES0')?.toUnit))
			return moved.length && moved.every((to) => to === 'DEast') ? [] : JSON.stringify(moved)
		} }
		yield { name: 'the trail knows what the shell did', run: async () => {
			const seen = await Promise.all(['RUN', 'APPROVE', 'ASK', 'PUBLISH', 'UNDO', 'DISCARD'].map((x) => `DESIGN_${x}`).concat('BOUNDARIES_TAKE').map(async (what) => (await client.call({ as: 'admin', path: `/audit?action=${what}` })).json.items.some((/** @type {any} */ x) => saved.dByShell.includes(String(x.resourceId))) || what))
			return seen.filter((x) => x !== true)
		} }
	}
	for (const words of [['user', 'grant', 'somebody'], ['user', 'dance', 'somebody'], ['token'], ['token', 'dance'], ['import', 'x.csv', '--fix', 'nonsense'], ['optimize', '--seconds', 'abc'], ['export', 'bananas'], ['user', 'add', 'nobody'], ['up', '--listen', 'nonsense'], ['bench', 'nosuch'], ['design', 'run', '--territory', 'x', '--units', '5000'], ['design', 'publish', '--territory', 'x', '--scenario', '1'], ['design']])
		yield {
			name: `${words.join(' ')} is refused in words`, run: () => {
				try {
					beatplan(...words)
				} catch (e) {
					return e.status === 2 && /^beatplan \w+: .+/.test(e.stderr) ? [] : `${e.status} ${e.stderr}`
				}
				return 'it is not'
			},
		}
}
export const steps = all
