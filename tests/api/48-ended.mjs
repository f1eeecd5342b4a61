// SPDX-License-Identifier: GPL-3.0-or-later
// A published scenario ends a unit: its plan goes out of force, its visits stay until the other unit's plan takes them over, and undoing brings both back.
import { ended, through, upload } from './40-import.mjs'
import { beatplan, sql } from './shell.mjs'

const outlets = `code,name,lat,lon,country,zone,region,area\n${Array.from({ length: 30 }, (_, i) => `END${i},Ended shop ${i},${(16 + (i % 6) * 0.01).toFixed(4)},${(79 + Math.floor(i / 6) * 0.01).toFixed(4)},ELand,EZone,${i < 18 ? 'EWest,EWest town' : 'EEast,EEast town'}`).join('\n')}\n`
const seats = 'seat_code,seat_name,person,territory,lat,lon\nENS1,West,End One,EWest,16.02,79.01\nENS2,East,End Two,EEast,16.03,79.04\n'

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const decided = async (what, id) => {
		const r = await call({ method: 'POST', path: `/territories/${saved.eZone}/designs/${id}/${what}`, body: { reason: 'fewer units' } }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return job.state === 'done' ? null : JSON.stringify(job)
	}
	const planned = (code) => beatplan('optimize', '--territory', code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
	const plan = async (name) => (await call({ path: `/territories?q=${name}` })).json.items.find((x) => x.name === name)?.plan
	const mine = "FROM outlet o JOIN need n ON n.outlet_id = o.id JOIN visit v ON v.need_id = n.id WHERE o.code LIKE 'END%' AND v.day > UTC_DATE() + INTERVAL 1 DAY"
	/* Visits to come of each outlet, and outlets that two plans visit. */
	const visits = () => sql(client.state, `SELECT o.code, v.day, v.plan_id ${mine} ORDER BY 1, 2, 3`)
	const twice = () => sql(client.state, `SELECT o.code, COUNT(DISTINCT v.plan_id) AS k ${mine} GROUP BY o.code HAVING k > 1`)
	const visited = () => Number(sql(client.state, `SELECT COUNT(DISTINCT o.code) ${mine}`))
	yield { name: 'two units with plans', run: async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name: 'ended' } }), up = [await upload(client, s.json.id, 'outlets.csv', outlets), await upload(client, s.json.id, 'seats.csv', seats)]
		const wrong = [up.some((u) => u.status !== 200) && 'no upload', await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
		planned('EWest')
		planned('EEast')
		saved.endVisits = visits()
		return [wrong, visited() !== 30 && `${visited()} are visited`, twice() && twice()]
	} }
	yield { name: 'their zone', as: 'admin', get: '/territories?q=EZone', save: { eZone: '/items/0/id' } }
	yield { name: 'one unit of both is designed, and it says what becomes of the plan', run: async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.eZone}/designs`, body: { units: 1, redraw: true } }), job = await ended(client, r.json.jobId)
		saved.endOne = job.result?.scenarios?.[0]
		const s = await call({ path: `/territories/${saved.eZone}/designs/${saved.endOne}` })
		const goes = s.json.cells?.find((c) => c.territoryId !== null)?.name
		saved.endGone = goes === 'EWest' ? 'EEast' : 'EWest'
		saved.endOn = goes
		return [s.json.plans !== 1 && s.text, (await call({ method: 'POST', path: `/territories/${saved.eZone}/designs/${saved.endOne}/approve`, raw: '' })).status >= 300 && 'not approved']
	} }
	yield { name: 'not while that plan waits for approval', run: async () => {
		const p = await plan(saved.endGone)
		sql(client.state, `INSERT INTO plan_submission (plan_id, version_id, session_id, seq, effective_date, user_id, at) SELECT id, current_version, 1, 1, UTC_DATE(), 1, UTC_TIMESTAMP(3) FROM plan WHERE id = ${p.id}`)
		const said = await decided('publish', saved.endOne)
		sql(client.state, `DELETE FROM plan_submission WHERE plan_id = ${p.id}`)
		return [!said?.includes('waits for approval') && said, (await plan(saved.endGone))?.version === null && 'it is out of force']
	} }
	yield { name: 'published, the plan is out of force and its visits stay', run: async () => {
		const version = (await plan(saved.endGone)).version, wrong = await decided('publish', saved.endOne), p = await plan(saved.endGone)
		saved.endVersion = version
		return [wrong, p?.version !== null && JSON.stringify(p), (await plan(saved.endOn)).version === null && 'the other one, too', visits() !== saved.endVisits && 'other visits', twice() && twice()]
	} }
	yield { name: 'the plan of the unit that takes over takes the visits over, none twice', run: () => {
		planned(saved.endOn)
		return [visited() !== 30 && `${visited()} are visited`, twice() && twice(), visits() === saved.endVisits && 'nothing changed']
	} }
	yield { name: 'undone, the plan is in force again with its visits, none twice', run: async () => {
		const wrong = await decided('undo', saved.endOne), p = await plan(saved.endGone), of = (text) => text.split('\n').filter((l) => l.endsWith(`\t${p.id}`)).join()
		return [wrong, p?.version !== saved.endVersion && JSON.stringify(p), of(visits()) !== of(saved.endVisits) && `other visits: ${of(visits()).slice(0, 200)} / ${of(saved.endVisits).slice(0, 200)}`, twice() && twice(), visited() !== 30 && `${visited()} are visited`]
	} }
}
export const steps = all
