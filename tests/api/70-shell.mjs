// SPDX-License-Identifier: GPL-3.0-or-later
// What the shell offers beside the screens runs against a real state: the benchmarks at a small size, files read and mapped.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const beatplan = (...words) => execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const last = (text) => JSON.parse(text.trim().split('\n').at(-1))

async function* all({ saved }) {
	for (const [name, words, figure] of [['import', ['--rows', '2000'], 'load_data_ratio'], ['snapshot', ['--outlets', '2000'], 'milliseconds'],
		['optimise', ['--outlets', '500', '--seconds', '1'], 'travel_ratio']])
		yield {
			name: `bench ${name} tells its figure`, run: () => {
				const out = last(beatplan('bench', name, ...words, '--state', process.env.BEATPLAN_STATE, '--json'))
				return out[figure] > 0 ? [] : JSON.stringify(out)
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
	if (saved.dZone)
		yield {
			name: 'planning units are designed, published and undone', run: () => {
				const design = (/** @type {string} */ verb, /** @type {string[]} */ ...words) => beatplan('design', verb, '--territory', 'DZone', '--state', process.env.BEATPLAN_STATE, ...words)
				const made = design('run', '--units', '4', '--seed', '7').trim().split(/\s+/)[0], folder = mkdtempSync(join(tmpdir(), 'beatplan-shell-'))
				const of = ['--scenario', made], drawn = JSON.parse(design('outlines', ...of))
				writeFileSync(join(folder, 'units.geojson'), JSON.stringify(drawn))
				const taken = design('take', join(folder, 'units.geojson')).trim().split(/\s+/)[0]
				rmSync(folder, { recursive: true })
				design('discard', '--scenario', taken)
				design('approve', ...of)
				const before = design('list')
				design('publish', ...of, '--reason', 'four people')
				const undone = design('undo', ...of, '--reason', 'as it was'), after = design('list')
				return [drawn.features.length !== 4 && 'not four outlines', !new RegExp(`^ *${made} .* APPROVED +4 units`, 'm').test(before) && before, !/^[1-9]\d* outlets are back, 0 stay/.test(undone) && undone, !new RegExp(`^ *${made} .* UNDONE`, 'm').test(after) && after]
			},
		}
	for (const words of [['import', 'x.csv', '--fix', 'nonsense'], ['optimize', '--seconds', 'abc'], ['export', 'bananas'], ['user', 'add', 'nobody'], ['up', '--listen', 'nonsense'], ['bench', 'nosuch'], ['design', 'run', '--territory', 'x', '--units', '5000'], ['design', 'publish', '--territory', 'x', '--scenario', '1'], ['design']])
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
