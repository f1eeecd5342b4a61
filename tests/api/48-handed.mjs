// SPDX-License-Identifier: GPL-3.0-or-later
// A published scenario moves outlets between two planned units that both live on: each is visited by one plan at any time, both units say what
// happened, the new unit's plan takes them over, and undoing puts everything back.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, through, upload } from './40-import.mjs'
import { sleep } from './client.mjs'
import { beatplan, sql } from './shell.mjs'
import { differs } from './steps.mjs'

const outlets = `code,name,lat,lon,country,zone,region,area\n${Array.from({ length: 24 }, (_, i) => `HND${i},Handed shop ${i},${(18 + (i % 6) * 0.01).toFixed(4)},${(81 + Math.floor(i / 6) * 0.01).toFixed(4)},HLand,HZone,${i < 12 ? 'HWest,HWest town' : 'HEast,HEast town'}`).join('\n')}\n`
const seats = 'seat_code,seat_name,person,territory,lat,lon\nHNS1,West,Hand One,HWest,18.02,81.01\nHNS2,East,Hand Two,HEast,18.03,81.03\n'
const MOVED = ['HND0', 'HND1', 'HND6']

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const planned = (code) => beatplan('optimize', '--territory', code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
	const decided = async (what) => {
		const r = await call({ method: 'POST', path: `/territories/${saved.hZone}/designs/${saved.hDesign}/${what}`, body: { reason: 'nearer to the east' } }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return job.state === 'done' ? null : JSON.stringify(job)
	}
	const mine = "FROM outlet o JOIN need n ON n.outlet_id = o.id JOIN visit v ON v.need_id = n.id JOIN plan p ON p.id = v.plan_id JOIN territory t ON t.id = p.territory_id WHERE o.code LIKE 'HND%' AND v.day > UTC_DATE() + INTERVAL 1 DAY"
	/* Visits to come of each outlet with the unit whose plan has them, and what is wrong with these: none, or two plans' */
	const visits = () => sql(client.state, `SELECT o.code, t.name, v.day ${mine} ORDER BY 1, 2, 3`)
	const of = (text, codes) => text.split('\n').filter((l) => codes.includes(l.split('\t')[0]))
	const who = () => [...new Set(of(visits(), MOVED).map((l) => l.split('\t')[1]))].join()
	const once = () => {
		const count = (sql(client.state, `SELECT o.code, COUNT(DISTINCT v.plan_id) ${mine} GROUP BY o.code`)).split('\n').map((l) => l.split('\t'))
		return [count.length !== 24 && `${count.length} are visited`, ...count.filter(([, n]) => n !== '1').map(([code]) => `${code} is visited by two plans`)]
	}
	const settled = async () => {
		for (let i = 0; i < 300 && (await call({ path: `/territories/${saved.hWest}/holidays` })).json.pending + (await call({ path: `/territories/${saved.hEast}/holidays` })).json.pending; i++)
			await new Promise((r) => setTimeout(r, 100))
	}

	yield { name: 'two units with plans', run: async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name: 'handed' } }), up = [await upload(client, s.json.id, 'outlets.csv', outlets), await upload(client, s.json.id, 'seats.csv', seats)]
		const wrong = [up.some((u) => u.status !== 200) && 'no upload', await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
		const id = async (name) => (await call({ path: `/territories?q=${name}` })).json.items.find((x) => x.name === name)
		saved.hZone = (await id('HZone')).id
		saved.hWest = (await id('HWest')).id
		saved.hEast = (await id('HEast')).id
		saved.hMoved = MOVED.map((code) => Number(sql(client.state, `SELECT id FROM outlet WHERE code = '${code}'`)))
		planned('HWest')
		planned('HEast')
		saved.hWestPlan = (await id('HWest')).plan.id
		saved.hEastPlan = (await id('HEast')).plan.id
		saved.hWas = visits()
		return [...wrong, ...once(), who() !== 'HWest' && who()]
	} }
	yield { name: 'a scenario of both moves some of one to the other', run: async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.hZone}/designs/hand`, raw: '' })
		saved.hDesign = r.json.design
		const s = await call({ path: `/territories/${saved.hZone}/designs/${saved.hDesign}` }), to = s.json.cells.find((c) => c.name === 'HEast').number
		const m = await call({ method: 'POST', path: `/territories/${saved.hZone}/designs/${saved.hDesign}/moves`, body: { outlets: saved.hMoved, to, preview: false } })
		return [m.json?.moved !== 3 && m.text, (await call({ method: 'POST', path: `/territories/${saved.hZone}/designs/${saved.hDesign}/approve`, raw: '' })).status >= 300 && 'not approved', visits() !== saved.hWas && 'other visits']
	} }
	yield { name: 'published, they are visited as before', run: async () => {
		const wrong = await decided('publish')
		await settled()
		return [wrong, ...once(), visits() !== saved.hWas && 'other visits']
	} }
	/* What is told of a unit: outlets that left it, and of its draft the unserved ones with their reasons. */
	const departed = async (plan, query = '') => (await call({ path: `/plans/${plan}/departed${query}` })).json
	const unserved = async (territory) => {
		await call({ method: 'POST', path: `/territories/${territory}/lock`, body: { channel: 'GT' } })
		const s = await call({ method: 'POST', path: '/planning/sessions', body: { territoryId: territory, channel: 'GT' } })
		let d
		for (let i = 0; i < 100 && !d?.unserved.need.length; i++, await sleep(100)) /* the sums follow with the snapshot */
			d = (await call({ path: `/planning/sessions/${s.json.id}/draft` })).json
		await call({ method: 'POST', path: `/planning/sessions/${s.json.id}/close` })
		return d.unserved
	}
	yield { name: 'the plan of the old unit says what it lost, and to whom', run: async () => {
		const gone = await departed(saved.hWestPlan), one = await departed(saved.hWestPlan, '?limit=1'), rest = await departed(saved.hWestPlan, `?limit=2&after=${one.next}`)
		return [...differs({ outlets: 3, next: null, items: MOVED.map((code) => ({ code, unit: 'HEast', until: null, visits: (n) => n > 0 })) }, gone), ...differs({ outlets: 3, items: [{ code: MOVED[1] }, { code: MOVED[2] }] }, rest), (await departed(saved.hEastPlan)).outlets && 'so does the other']
	} }
	yield { name: 'the draft of the new unit has them as not planned yet', run: async () => differs({ reason: ['NEW', 'NEW', 'NEW'] }, await unserved(saved.hEast)) }
	yield { name: 'and the list of territories counts their visits as missing', run: async () => !((await call({ path: '/territories?q=HEast' })).json.items.find((x) => x.name === 'HEast').plan.unserved >= 3) && 'none is' }
	yield { name: 'the old unit planned anew has them no more: that nobody will visit them is told before', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.hWest}/lock`, body: { channel: 'GT' } })
		const s = (await call({ method: 'POST', path: '/planning/sessions', body: { territoryId: saved.hWest, channel: 'GT' } })).json, of = () => departed(saved.hWestPlan, `?session=${s.id}`)
		const before = await of(), job = await ended(client, (await call({ method: 'POST', path: '/optimize', body: { sessionId: s.id, iterations: 2000 } })).json.jobId)
		await call({ method: 'POST', path: `/planning/sessions/${s.id}/adopt`, body: { versionId: job.result.versionId } })
		const after = await of(), proposal = await departed(saved.hWestPlan, `?version=${job.result.versionId}`)
		await call({ method: 'POST', path: `/planning/sessions/${s.id}/close` })
		return [...differs({ outlets: 3, dropped: 0 }, before), ...differs({ outlets: 3, dropped: 3, items: MOVED.map((code) => ({ code, unit: 'HEast', until: null, visits: 0 })) }, after), ...differs({ outlets: 3, dropped: 3 }, proposal), ...differs({ outlets: 3, dropped: 0 }, await departed(saved.hWestPlan))]
	} }
	yield { name: 'the plan of the new unit takes them over', run: async () => {
		planned('HEast')
		const until = sql(client.state, 'SELECT UTC_DATE() + INTERVAL 1 DAY')
		return [...once(), who() !== 'HEast' && who(), ...differs({ outlets: 3, items: MOVED.map((code) => ({ code, until: (d) => d && d <= until })) }, await departed(saved.hWestPlan))]
	} }
	yield { name: 'undone, everything is as before', run: async () => {
		const wrong = await decided('undo')
		await settled()
		return [wrong, ...once(), of(visits(), MOVED).join() !== of(saved.hWas, MOVED).join() && `${of(visits(), MOVED)} instead of ${of(saved.hWas, MOVED)}`, (await departed(saved.hWestPlan)).outlets && 'still departed',
			(await departed(saved.hEastPlan)).outlets !== 3 && 'the other plan has them and does not say so']
	} }
	yield { name: 'planned anew both are as they were', run: async () => {
		planned('HEast')
		planned('HWest')
		return [...once(), who() !== 'HWest' && who(), (await departed(saved.hEastPlan)).outlets && 'still departed']
	} }
	yield { name: 'committed from the shell before the new unit is, it says that nobody visits them', run: async () => {
		const put = await call({ method: 'POST', path: `/territories/${saved.hEast}/placings`, body: { outlets: saved.hMoved, reason: 'nearer to the east' } })
		const said = planned('HWest'), after = planned('HEast')
		const back = await call({ method: 'POST', path: `/territories/${saved.hEast}/placings/undo`, body: { id: put.json.id, reason: 'as it was' } })
		planned('HWest')
		planned('HEast')
		return [put.status !== 200 && put.text, !/HWest +GT +3 outlets went to another unit: nobody visits them until/.test(said) && said, /nobody visits/.test(after) && after, back.status !== 200 && back.text, ...once(), who() !== 'HWest' && who()]
	} }
	yield { name: 'the visits of both, between dates, come from the shell as a file of each; a version as that version has it', run: async () => {
		const of = (...words) => ['export', ...words, '--state', client.state], folder = mkdtempSync(join(tmpdir(), 'beatplan-export-')), day = visits().split('\n')[0].split('\t')[2]
		const refused = (...words) => {
			try {
				return beatplan(...of(...words)), 'taken'
			} catch (e) {
				return e.stderr
			}
		}
		const wrong = [['two', /HZone has 2 planned units: name a folder/, 'visits', '--territory', 'HZone'], ['seats', /HZone has 2 planned units: --seat/, 'plan', '--territory', 'HZone', '--out', folder, '--seat', 'HNS1'], ['none', /no committed GT plan/, 'plan', '--territory', 'HLandless'],
			['no version', /the plan has no version 4711/, 'plan', '--territory', 'HWest', '--version', '4711'], ['no date', /dates as 2026-12-31/, 'visits', '--territory', 'HWest', '--from', '2026-02-30'], ['backwards', /--to lies before --from/, 'visits', '--territory', 'HWest', '--from', '2026-12-02', '--to', '2026-12-01'],
			['no visits', /dates of visits/, 'plan', '--territory', 'HWest', '--from', '2026-12-02']].map(([what, says, ...words]) => ((x) => !says.test(x) && `${what}: ${x}`)(refused(...words)))
		beatplan(...of('visits', '--territory', 'HZone', '--from', day, '--to', day, '--out', folder))
		const files = readdirSync(folder).sort(), rows = files.flatMap((f) => readFileSync(join(folder, f), 'utf8').trim().split('\r\n').slice(1))
		rmSync(folder, { recursive: true })
		const stops = (version) => beatplan(...of('plan', '--territory', 'HWest', ...version)), number = (await call({ path: `/plans/${saved.hWestPlan}/versions?limit=50` })).json.items.find((v) => v.committed).number
		return [...wrong, ...differs(['HEast-GT-visits.csv', 'HWest-GT-visits.csv'], files), ...differs(visits().split('\n').filter((l) => l.endsWith(day)).length, rows.length), rows.some((r) => !r.includes(day)) && `another day: ${rows}`,
			stops(['--version', String(number)]) !== stops([]) && 'the committed version is another', stops(['--version', '1']) === stops([]) && 'the first version is the committed one']
	} }
	yield { name: 'nothing departs from a version of another plan', as: 'admin', get: '/plans/{hWestPlan}/departed?version=987654321', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor from a draft of another', as: 'admin', get: '/plans/{hWestPlan}/departed?session=987654321', status: 404, code: 'ERR_DATA_003' }
}
export const steps = all
