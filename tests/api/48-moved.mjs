// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets move between two planning units that both go on: their visits are those of the old unit until the new one's plan has them, then its own, never both.
import { ended, through, upload } from './40-import.mjs'
import { beatplan, sql } from './shell.mjs'

const at = (i, town) => `MOV${i},Moved shop ${i},${(17 + (i % 6) * 0.01).toFixed(4)},${(80 + Math.floor(i / 6) * 0.01).toFixed(4)},MLand,MZone,M${town},M${town} town`
const head = 'code,name,lat,lon,country,zone,region,area\n'
const outlets = `${head}${Array.from({ length: 24 }, (_, i) => at(i, i < 12 ? 'West' : 'East')).join('\n')}\n`
const seats = 'seat_code,seat_name,person,territory,lat,lon\nMOS1,West,Move One,MWest,17.02,80.01\nMOS2,East,Move Two,MEast,17.03,80.03\n'

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const planned = (code) => beatplan('optimize', '--territory', code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
	const id = async (name) => (await call({ path: `/territories?q=${name}` })).json.items.find((x) => x.name === name)?.id
	const soon = 'v.day > UTC_DATE() + INTERVAL 1 DAY'
	const from = 'FROM outlet o JOIN need n ON n.outlet_id = o.id JOIN visit v ON v.need_id = n.id JOIN plan p ON p.id = v.plan_id JOIN territory t ON t.id = p.territory_id'
	/* Whose visits to come of an outlet there are, and when; outlets that two plans visit. */
	const visits = (code) => sql(client.state, `SELECT t.name, v.day ${from} WHERE o.code = '${code}' AND ${soon} ORDER BY 1, 2`)
	const who = (code) => [...new Set(visits(code).split('\n').map((l) => l.split('\t')[0]))].join()
	const twice = () => sql(client.state, `SELECT o.code, COUNT(DISTINCT v.plan_id) AS k ${from} WHERE o.code LIKE 'MOV%' AND ${soon} GROUP BY o.code HAVING k > 1`)
	const visited = () => Number(sql(client.state, `SELECT COUNT(DISTINCT o.code) ${from} WHERE o.code LIKE 'MOV%' AND ${soon}`))
	const once = () => [twice() && `visited twice: ${twice()}`, visited() !== 24 && `${visited()} are visited`]
	/* The lists that jobs make anew have been made. */
	const settled = async () => {
		for (let i = 0; i < 300 && (await call({ path: `/territories/${saved.mWest}/holidays` })).json.pending + (await call({ path: `/territories/${saved.mEast}/holidays` })).json.pending; i++)
			await new Promise((r) => setTimeout(r, 100))
	}
	const days = async () => (await call({ path: `/outlets/${saved.mOutlet}` })).json.needs.flatMap((n) => n.days.map((x) => x.date))
	const brought = async (text, more) => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name: 'moved' } }), up = [await upload(client, s.json.id, 'outlets.csv', text)]
		if (more)
			up.push(await upload(client, s.json.id, 'seats.csv', more))
		return [up.some((u) => u.status !== 200) && 'no upload', await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process'), s.json.id]
	}
	const holiday = (method) => call({ method, path: `/territories/${saved.mWest}/holidays${method === 'PUT' ? '' : `?day=${saved.mDay}&reason=none`}`, body: method === 'PUT' ? { day: saved.mDay, name: 'Fair', reason: 'closed' } : undefined })
	/* A holiday of the old unit comes and goes. */
	const renewed = async () => {
		const put = await holiday('PUT')
		await settled()
		const drop = await holiday('DELETE')
		await settled()
		return [put, drop].map((r) => r.status >= 300 && r.text)
	}

	yield { name: 'two units with plans', run: async () => {
		const wrong = (await brought(outlets, seats)).slice(0, 3)
		saved.mWest = await id('MWest')
		saved.mEast = await id('MEast')
		saved.mOutlet = Number(sql(client.state, "SELECT id FROM outlet WHERE code = 'MOV0'"))
		planned('MWest')
		planned('MEast')
		saved.mWas = visits('MOV0')
		saved.mDay = sql(client.state, 'SELECT UTC_DATE() + INTERVAL 20 DAY')
		return [...wrong, ...once(), who('MOV0') !== 'MWest' && who('MOV0')]
	} }
	yield { name: 'put into the other unit by hand, it is visited by the plan where it was, and says so', run: async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.mEast}/placings`, body: { outlets: [saved.mOutlet], reason: 'nearer' } })
		saved.mPlacing = r.json.id
		return [r.status >= 300 && r.text, ...once(), visits('MOV0') !== saved.mWas && visits('MOV0'), !(await days()).length && 'no visit is told']
	} }
	yield { name: 'also when the list of that one is made anew', run: async () => {
		const wrong = await renewed()
		return [...wrong, ...once(), visits('MOV0') !== saved.mWas && visits('MOV0')]
	} }
	yield { name: 'the plan of the unit where it lies takes it over', run: () => {
		planned('MEast')
		return [...once(), who('MOV0') !== 'MEast' && who('MOV0')]
	} }
	yield { name: 'its next visits are told once', run: async () => {
		const next = await days()
		return [!next.length && 'none', new Set(next).size !== next.length && next.join()]
	} }
	yield { name: 'and a list that is made anew does not bring it back', run: async () => {
		const wrong = await renewed()
		return [...wrong, ...once(), who('MOV0') !== 'MEast' && who('MOV0')]
	} }
	yield { name: 'taken back, it is visited as before', run: async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.mEast}/placings/undo`, body: { id: saved.mPlacing, reason: 'not there' } })
		await settled()
		return [r.status >= 300 && r.text, ...once(), visits('MOV0') !== saved.mWas && visits('MOV0')]
	} }
	yield { name: 'an import moves one, and its undo takes it back with its visits', run: async () => {
		const was = visits('MOV13'), [a, b, c, session] = await brought(`${head}${at(13, 'West')}\n`), wrong = [a, b, c, ...once(), visits('MOV13') !== was && `${was} became ${visits('MOV13')}`]
		planned('MWest')
		wrong.push(...once(), who('MOV13') !== 'MWest' && `${who('MOV13')} visits it`)
		const r = await call({ method: 'POST', path: `/import/sessions/${session}/undo`, body: { reason: 'wrong file' } })
		wrong.push(r.status >= 300 && r.text, r.status < 300 && (await ended(client, r.json.jobId)).state !== 'done' && 'not undone')
		await settled()
		return [...wrong, ...once(), visits('MOV13') !== was && `${was} came back as ${visits('MOV13')}`]
	} }
}
export const steps = all
