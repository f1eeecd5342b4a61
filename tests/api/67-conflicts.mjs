// SPDX-License-Identifier: GPL-3.0-or-later
// Where the data contradict each other in who serves what, and which outlets are not planned: counted, listed page by page, changed.
import { through, upload } from './40-import.mjs'
import { differs, some } from './steps.mjs'
import { beatplan } from './shell.mjs'

const N = 7
/* Two regions that are units. All shops of the first are bound to the seat of the second, which serves one of two distributors. */
const files = {
	distributors: 'DT Code,DT Name\nCFA,Conflict tea\nCFB,Conflict soap\n',
	seats: 'Seat Code,Person,Territory,DT Codes\nCF-ONE,Ona One,CFONE,\nCF-TWO,Tim Two,CFTWO,CFA\n',
	outlets: 'Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,Channel,Tier\n' +
		['ONE', 'TWO'].flatMap((region, k) => Array.from({ length: N }, (_, i) => `CF${region}${i},Shop ${region} ${i},${13.2 + i / 100},${77.1 + k / 10},Firstland,CF${region},CF${region}A,CF${k ? 'B' : 'A'},GT,Silver\n`)).join(''),
	dt_mapping: 'Outlet Code,DT Code,Visit Frequency,Seat\n' + Array.from({ length: N }, (_, i) => `CFONE${i},CFA,24,CF-TWO\n`).join(''),
}

async function* all({ client, saved }) {
	const got = async (o) => {
		const r = await client.call({ as: 'planner', ...o })
		if (r.status !== 200)
			throw new Error(r.text)
		return r.json ?? r.text
	}
	yield { name: 'two units, the one served from the other', run: async () => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'conflicts' } }), wrong = []
		for (const [kind, text] of Object.entries(files)) {
			const up = await upload(client, id, `${kind}.csv`, text, `&entity=${kind}`)
			wrong.push(up.status !== 200 && up.text)
		}
		return [wrong, await through(client, id, 'validate'), await through(client, id, 'process'), differs({ status: 'COMPLETED', counts: { rejected: 0 } }, await got({ as: 'admin', path: `/import/sessions/${id}` }))]
	} }
	for (const [region, name] of [['one', 'CFONE'], ['two', 'CFTWO']])
		yield { name: `unit ${region} is there`, as: 'planner', get: `/territories?units=1&q=${name}`, json: { items: [{ unit: true }] }, save: { [`conflict_${region}`]: '/items/0/id' } }
	yield { name: 'each is counted once by its cause, and no cause is listed unasked', as: 'planner', get: '/territories/{conflict_one}/conflicts',
		json: { causes: [{ cause: 'OTHER_UNIT', kind: 'MULTI_TERRITORY', conflicts: N, outlets: N, what: some, remedy: some }], items: [], next: null } }
	yield { name: 'whom nobody serves is one for all', as: 'planner', get: '/territories/{conflict_two}/conflicts?cause=NO_SEAT',
		json: { causes: [{ cause: 'NO_SEAT', kind: 'ORPHAN', conflicts: 1, outlets: N }], items: [{ cause: 'NO_SEAT', outletId: null, other: 'Conflict soap', unit: 'CFTWO', outlets: N }] } }
	yield { name: 'pages hold all of a cause, each once', run: async () => {
		const codes = []
		let pages = 0
		for (let after = '0'; after !== null; pages++) {
			const page = await got({ path: `/territories/${saved.conflict_one}/conflicts?cause=OTHER_UNIT&limit=3&after=${after}` })
			codes.push(...page.items.map((c) => `${c.outletCode} ${c.seat} ${c.other}`))
			after = page.next
		}
		return [differs(Array.from({ length: N }, (_, i) => `CFONE${i} CF-TWO CFTWO`), codes.sort()), pages !== 3 && `${pages} pages`]
	} }
	yield { name: 'a cause that nobody knows is named', as: 'planner', get: '/territories/{conflict_one}/conflicts?cause=BAD_LUCK', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'the file holds all of them, from the screen and the shell', run: async () => {
		const path = `/territories/${saved.conflict_one}/conflicts/export`, csv = await got({ path }), rows = csv.trim().split('\r\n')
		const xlsx = await client.call({ as: 'planner', path: `${path}?format=xlsx` })
		const shell = beatplan('export', 'conflicts', '--territory', 'CFONE', '--state', process.env.BEATPLAN_STATE)
		return [rows.length !== N + 1 && csv, !rows[1]?.startsWith('MULTI_TERRITORY,OTHER_UNIT,') && rows[1], shell !== csv && `the shell says ${shell}`,
			!String(xlsx.headers.get('content-type')).includes('spreadsheet') && 'no spreadsheet', xlsx.text.slice(0, 2) !== 'PK' && 'no zip']
	} }
	yield { name: 'more work than time is told with both', run: async () => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'too much' } })
		const up = await upload(client, id, 'needs.csv', 'Outlet Code,DT Code,Visit Frequency,Service Minutes,Seat\n' + Array.from({ length: N }, (_, i) => `CFONE${i},CFA,24,120,CF-ONE\n`).join(''), '&entity=dt_mapping')
		const done = [up.status !== 200 && up.text, await through(client, id, 'validate'), await through(client, id, 'process')]
		return [done, differs({ causes: [{ cause: 'OVERLOAD', kind: 'CAPACITY', conflicts: 1, outlets: N }], items: [{ seat: 'CF-ONE', hours: (h) => h > N * 48, hasHours: 160 }] },
			await got({ path: `/territories/${saved.conflict_one}/conflicts?cause=OVERLOAD` }))]
	} }
	/* Outlets that are not planned. */
	yield { name: 'all are planned', as: 'planner', get: '/territories/{conflict_two}/unplanned?channel=GT', json: { reasons: [], items: [], next: null } }
	yield { name: 'some are left out, and why is kept', run: async () => {
		const outlets = (await got({ path: `/outlets?territory=${saved.conflict_two}&limit=3` })).items.map((o) => o.id)
		saved.leftOut = outlets
		const r = await client.call({ as: 'admin', method: 'POST', path: `/territories/${saved.conflict_two}/unplanned`, body: { outlets, reason: 'a dispute over money', until: '2099-12-31' } })
		const found = await got({ path: `/territories/${saved.conflict_two}/unplanned?channel=GT&reason=BLACKLIST&limit=2` }), more = await got({ path: `/territories/${saved.conflict_two}/unplanned?channel=GT&after=${found.next}` })
		return [r.status !== 200 && r.text, differs({ reasons: [{ reason: 'BLACKLIST', outlets: 3 }], items: [{ reason: 'BLACKLIST', note: 'a dispute over money', until: '2099-12-31', entry: some }, { id: outlets[1] }] }, found), differs({ items: [{ id: outlets[2] }], next: null }, more),
			differs({ items: some({ reason: 'a dispute over money', list: 'BLACK', import: 0 }) }, await got({ as: 'admin', path: `/outlet-lists?outlet=${outlets[0]}` })), differs({ causes: [{ outlets: N - 3 }] }, await got({ path: `/territories/${saved.conflict_two}/conflicts` }))]
	} }
	yield { name: 'said again, it is said anew', run: async () => {
		const r = await client.call({ as: 'admin', method: 'POST', path: `/territories/${saved.conflict_two}/unplanned`, body: { outlets: saved.leftOut.slice(0, 1), reason: 'moved away' } })
		return [r.status !== 200 && r.text, differs({ items: [{ note: 'moved away', until: null }, {}, {}] }, await got({ path: `/territories/${saved.conflict_two}/unplanned?channel=GT` }))]
	} }
	for (const [name, body, pointer] of [['nobody', { outlets: [], reason: 'x' }, '/outlets'], ['an outlet from elsewhere', { outlets: [987654321], reason: 'x' }, '/outlets'], ['an end in the past', { outlets: [1], reason: 'x', until: '2020-01-01' }, '/until'], ['no reason', { outlets: [1] }, '/reason']])
		yield { name: `${name} is not left out`, as: 'admin', post: '/territories/{conflict_two}/unplanned', body, status: 422, code: 'ERR_REQ_004', fields: [pointer] }
	yield { name: 'a planner leaves none out', as: 'planner', post: '/territories/{conflict_two}/unplanned', body: { outlets: [1], reason: 'x' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'they are taken back', run: async () => {
		for (const o of (await got({ path: `/territories/${saved.conflict_two}/unplanned?channel=GT` })).items)
			await got({ as: 'admin', method: 'DELETE', path: `/outlets/${o.id}/lists?entry=${o.entry}` })
		return differs({ items: [] }, await got({ path: `/territories/${saved.conflict_two}/unplanned?channel=GT` }))
	} }
}
export const steps = all
