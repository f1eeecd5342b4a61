// SPDX-License-Identifier: GPL-3.0-or-later
// The level of planning is chosen by a person: what it would change is told before, plans and visits of units that end are not lost, and it is
// taken back.
import { through, upload } from './40-import.mjs'
import { beatplan, sql } from './shell.mjs'
import { some } from './steps.mjs'

const towns = ['CWest,CWest town', 'CWest,CWest hills', 'CEast,CEast town']
const outlets = `code,name,lat,lon,country,zone,region,area\n${Array.from({ length: 30 }, (_, i) => `CHO${i},Choice shop ${i},${(14 + (i % 6) * 0.01).toFixed(4)},${(77 + Math.floor(i / 6) * 0.01).toFixed(4)},CLand,CZone,${towns[Math.floor(i / 10)]}`).join('\n')}\n`
const seats = 'seat_code,seat_name,person,territory,lat,lon\nCHS1,In the town,Cho One,CWest town,14.02,77.01\nCHS2,In the hills,Cho Two,CWest hills,14.03,77.02\nCHS3,Of the region,Cho Three,CEast,14.03,77.04\n'

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const imported = (name, ...files) => async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name } }), wrong = []
		for (const [file, text] of files) {
			const up = await upload(client, s.json.id, file, text)
			wrong.push(up.status !== 200 && up.text)
		}
		return [...wrong, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
	}
	const planned = (code) => beatplan('optimize', '--territory', code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
	const units = async () => (await call({ path: `/territories/${saved.cZone}/units` })).json.units.map((u) => u.name).sort().join()
	const is = (names) => async () => { const now = await units(); return now === names ? [] : now }
	const plan = async (code) => (await call({ path: `/territories?q=${encodeURIComponent(code)}` })).json.items.find((x) => x.name === code)?.plan
	/* Days on which an outlet is visited from now on. */
	const visits = (code) => sql(client.state, `SELECT v.day FROM outlet o JOIN need n ON n.outlet_id = o.id JOIN visit v ON v.need_id = n.id WHERE o.code = '${code}' AND v.day > UTC_DATE() ORDER BY v.day`)
	const put = (body, o = {}) => ({ as: 'admin', put: '/territories/{cZone}/units', body: { level: 'AREA', reason: 'smaller units', ...body }, ...o })

	yield { name: 'outlets of three areas, and seats', run: imported('choice', ['outlets.csv', outlets], ['seats.csv', seats]) }
	yield { name: 'their zone', as: 'admin', get: '/territories?q=CZone', save: { cZone: '/items/0/id' } }
	yield { name: 'a region', as: 'admin', get: '/territories?q=CWest', save: { cWest: (r) => r.json.items.find((x) => x.name === 'CWest').id } }
	yield { name: 'the regions are planned', run: is('CEast,CWest') }
	yield { name: 'one has a plan', run: async () => { planned('CWest'); return (await plan('CWest'))?.version === null && 'it is not in force' } }
	yield {
		name: 'what another level would change', as: 'admin', get: '/territories/{cZone}/units/choice?level=AREA',
		json: { level: 'AREA', begun: 3, ended: 2, kept: 0, least: 10, most: 10, plans: 1, firstPlans: [{ unit: 'CWest', channel: 'GT', waits: false }], locks: [], uncovered: 0, seats: 1 },
	}
	yield { name: 'a level that nothing here is of', as: 'admin', get: '/territories/{cZone}/units/choice?level=DT', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor is there a territory', as: 'admin', get: '/territories/987654321/units/choice?level=DT', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'it is not chosen', ...put({ level: 'VILLAGE' }, { status: 404, code: 'ERR_DATA_003' }) }
	yield { name: 'nor without a reason', ...put({ reason: '' }, { status: 422, code: 'ERR_REQ_004', fields: ['/reason'] }) }
	yield { name: 'nor for a territory that is not there', as: 'admin', put: '/territories/987654321/units', body: { level: 'AREA', reason: 'smaller units' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'a plan in force is not ended unasked', ...put({}, { status: 409, code: 'ERR_DATA_004', check: (r) => !/the first of CWest \(GT, version \d+\)/.test(r.json.detail) && r.text }) }
	yield { name: 'not while somebody plans', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.cWest}/lock`, body: { channel: 'GT' } })
		const look = (await call({ path: `/territories/${saved.cZone}/units/choice?level=AREA` })).json
		const body = { level: 'AREA', reason: 'smaller units', endPlans: true }, r = await call({ method: 'PUT', path: `/territories/${saved.cZone}/units`, body })
		const undo = await call({ method: 'POST', path: `/territories/${saved.cZone}/units/undo`, body: { reason: 'as it was' } })
		await call({ method: 'DELETE', path: `/territories/${saved.cWest}/lock?channel=GT` })
		return [look.locks?.[0]?.name !== 'CWest' && JSON.stringify(look), (r.status !== 409 || r.json.code !== 'ERR_LOCK_001') && r.text, undo.json.code !== 'ERR_LOCK_001' && undo.text]
	} }
	yield { name: 'the regions are planned as before', run: is('CEast,CWest') }
	yield { name: 'nothing was chosen that could be taken back', as: 'admin', post: '/territories/{cZone}/units/undo', body: { reason: 'as it was' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor of a territory that is not there', as: 'admin', post: '/territories/987654321/units/undo', body: { reason: 'as it was' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'people have visits', run: () => { saved.cVisits = visits('CHO1'); return !saved.cVisits && 'none' } }
	yield { name: 'the areas are planned from now on', ...put({ endPlans: true }, { json: { begun: 3, ended: 2, plans: 1 } }) }
	yield { name: 'it is so', run: is('CEast town,CWest hills,CWest town') }
	yield { name: 'the trail knows it', as: 'admin', get: '/audit?action=UNITS_CHOOSE', json: { items: some({ reason: 'smaller units' }) } }
	yield { name: 'the check tells who chose', as: 'analyst', get: '/territories/{cZone}/units', json: { chosen: { level: 'AREA', reason: 'smaller units', person: /./ } } }
	yield { name: 'not twice', ...put({}, { status: 409, code: 'ERR_DATA_004' }) }
	yield { name: 'nor beneath a unit', run: async () => {
		const area = (await call({ path: '/territories?q=CEast%20town' })).json.items[0].id, r = await call({ method: 'PUT', path: `/territories/${area}/units`, body: { level: 'AREA', reason: 'a test' } })
		return r.status !== 409 && r.text
	} }
	yield { name: 'the plan is out of force, visits are listed as before', run: async () => {
		const p = await plan('CWest'), now = visits('CHO1')
		return [(!p || p.version !== null) && JSON.stringify(p), now !== saved.cVisits && now]
	} }
	yield { name: 'an import leaves the level as it is, and a new area is a unit', run: async () => {
		const wrong = await imported('choice more', ['outlets.csv', `${outlets}CHON,New shop,14.05,77.05,CLand,CZone,CEast,CEast hills\n`])()
		return [...wrong, await is('CEast hills,CEast town,CWest hills,CWest town')()]
	} }
	yield { name: 'it is taken back, and the plan is in force', run: async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.cZone}/units/undo`, body: { reason: 'the regions again' } })
		return [(r.status !== 200 || r.json.units !== 2) && r.text, await is('CEast,CWest')(), (await plan('CWest'))?.version === null && 'it is not in force']
	} }
	yield { name: 'of which the trail tells', as: 'admin', get: '/audit?action=UNITS_UNDO', json: { items: some({ reason: 'the regions again' }) } }
	const shell = (...words) => beatplan('units', ...words, '--territory', 'CZone', '--state', client.state)
	yield { name: 'from the shell as well', run: async () => {
		const levels = shell('levels'), look = shell('look', 'AREA'), done = shell('choose', 'AREA', '--reason', 'from a shell', '--end-plans')
		return [!/^AREA +4 territories +0 units/m.test(levels) && levels, !/AREA: 4 territories become units, 2 units end/.test(look) && look, !/plan of CWest \(GT\)/.test(done) && done, await is('CEast hills,CEast town,CWest hills,CWest town')()]
	} }
	yield { name: 'a unit that is planned takes its visits over, the other one keeps those of before', run: async () => {
		const before = visits('CHO11')
		planned('CWest town')
		const days = visits('CHO1').split('\n'), after = visits('CHO11')
		return [(days.length < 2 || new Set(days).size !== days.length) && `on ${days}`, (!before || before !== after) && `${before} -> ${after}`]
	} }
	yield { name: 'then it is not taken back', run: () => {
		try {
			return shell('undo', '--reason', 'as it was')
		} catch (e) {
			return /CWest town \(GT\) has been planned since/.test(String(e.stderr)) ? [] : String(e.stderr)
		}
	} }
	yield { name: 'but the regions are chosen anew', run: async () => { shell('choose', 'REGION', '--reason', 'regions', '--end-plans'); return is('CEast,CWest')() } }
	yield { name: 'a word that is none is refused by the shell', run: () => [['dance'], ['choose', 'AREA'], ['look'], ['undo']].map((words) => {
		try {
			return shell(...words)
		} catch (e) {
			return e.status !== 2 && `${words}: ${e.stderr}`
		}
	}) }
}
export const steps = all
