// SPDX-License-Identifier: GPL-3.0-or-later
// Planning units are checked, designed in several ways, compared, approved, published and undone; and each way it is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ended, through, upload } from './40-import.mjs'
import { sleep } from './client.mjs'
import { beatplan, sql } from './shell.mjs'
import { differs, some } from './steps.mjs'

/* Two regions of unequal work: 90 outlets in the west, 30 in the east, and one without coordinates. */
const rows = Array.from({ length: 120 }, (_, i) => {
	const west = i < 90
	return `DES${i},Design shop ${i},${(12 + (i % 10) * 0.01).toFixed(4)},${(77 + Math.floor(i / 10) * 0.01).toFixed(4)},DLand,DZone,${west ? 'DWest,DWest town' : 'DEast,DEast town'}`
})
const file = `code,name,lat,lon,country,zone,region,area\n${rows.join('\n')}\nDES999,Nowhere,,,DLand,DZone,DWest,DWest town\n`
/* The same and two more, one in each region. */
const more = `${file}DESN1,New in the west,12.0512,77.0312,DLand,DZone,DWest,DWest town\nDESN2,New in the east,12.0512,77.1012,DLand,DZone,DEast,DEast town\n`

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const where = async () => {
		const at = {}
		for (let after = ''; after !== null;) {
			const r = await call({ path: `/territories/${saved.dZone}/assignments?limit=500${after && `&after=${after}`}` })
			after = r.json.next
			for (const o of r.json.items.filter((x) => !x.outletCode.startsWith('DESN')))
				at[o.outletCode] = (await call({ path: `/outlets/${o.outletId}` })).json.territory
		}
		return JSON.stringify(at)
	}
	const design = (word, body) => async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs`, body })
		if (r.status !== 200)
			return r.text
		const job = await ended(client, r.json.jobId)
		saved[word] = job.result?.scenarios
		return job.state === 'done' ? [] : JSON.stringify(job)
	}
	const refusedDesign = (body, word) => async () => {
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs`, body })
		const job = await ended(client, r.json.jobId)
		return [job.state !== 'failed' && JSON.stringify(job), !job.error?.detail?.includes(word) && JSON.stringify(job.error)]
	}

	const imported = (name, rows) => async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name } })
		const up = await upload(client, s.json.id, 'outlets.csv', rows)
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
	}
	/* Publish or undo: the job as it ended. */
	const decided = async (what, id, reason) => {
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${id}/${what}`, body: { reason } })
		return r.status === 200 ? ended(client, r.json.jobId) : { state: r.text }
	}
	const well = (what, id, reason, result = {}) => async () => {
		const job = await decided(what, id(), reason)
		return [job.state !== 'done' && JSON.stringify(job), ...Object.entries(result).map(([key, v]) => job.result?.[key] !== v() && `${key}: ${JSON.stringify(job.result)}`)]
	}
	const published = async (id, reason) => {
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${id}/approve`, raw: '' })
		return r.status >= 300 ? r.text : well('publish', () => id, reason)()
	}
	const units = async () => (await call({ path: `/territories/${saved.dZone}/units` })).json

	yield { name: 'outlets of two regions', run: imported('design', file) }
	yield { name: 'their zone', as: 'admin', get: '/territories?q=DZone', save: { dZone: '/items/0/id' } }
	yield {
		name: 'the units are checked', as: 'analyst', get: '/territories/{dZone}/units',
		json: { units: (u) => u.length === 2 && u.every((x) => x.fault === 'TOO_SMALL' && x.hours > 0 && x.visits > 0), levels: (l) => l.some((x) => x.level === 'ZONE' && x.outlets.most === 121 && x.most === 121 && x.inSmall === 121), uncovered: 0, least: 2000, most: 20000, warn: 30000, bytes: 8 << 20 },
		check: (r) => r.json.levels.filter((l) => l.recommended).length !== 1 && 'one level is recommended',
		save: { dUnits: '/units' },
	}
	/* Work is weighed as planning weighs it: by the policy as it is inherited. */
	const policy = (set) => call({ method: 'PUT', path: `/territories/${saved.dZone}/profile?channel=GT`, body: { set, reason: 'a test' } })
	const work = async () => {
		const c = await units(), places = (await call({ path: `/territories/${saved.dZone}/places` }))
		return { hours: c.units.map((u) => u.hours), zone: c.levels.find((l) => l.level === 'ZONE').hours.most, tag: places.headers.get('etag'), minutes: places.json.work[0] / 10 }
	}
	yield { name: 'a frequency and a length above the units change their work, and what is designed with', run: async () => {
		const before = await work()
		await policy({ frequencyBronze: 8, serviceBronze: 18.5 })
		const after = await work(), near = (a, b) => Math.abs(a - b) < 0.01
		await policy({ frequencyBronze: null, serviceBronze: null })
		const back = await work()
		return [!near(before.minutes, 7.5) && `${before.minutes} minutes`, !near(after.minutes, 160) && `${after.minutes} minutes after`, after.hours.some((h, i) => !near(h, before.hours[i] * 160 / 7.5)) && `${before.hours} -> ${after.hours}`,
			!near(after.zone, before.zone * 160 / 7.5) && 'the level is as before', after.tag === before.tag && 'a map of before is kept', JSON.stringify(back.hours) !== JSON.stringify(before.hours) && 'it stays']
	} }
	yield { name: 'one of modern trade counts as such, one that nobody visits not at all', run: async () => {
		const [one, other] = (await call({ path: `/territories/${saved.dZone}/assignments?limit=2` })).json.items.map((o) => o.outletId), before = await work()
		const edit = async (id, set) => {
			const r = await call({ method: 'PATCH', path: `/outlets/${id}`, body: { values: Object.entries(set).map(([field, value]) => ({ field, value })), reason: 'a test' } })
			return r.status >= 300 && r.text
		}
		const wrong = [await edit(one, { channel: 'MT', tier: 'Gold' }), await edit(other, { status: 'dormant' })], after = await work()
		const rest = [await edit(one, { channel: null, tier: null }), await edit(other, { status: null })], more = after.zone - before.zone, want = (8 * 63 - 2 * 7.5) / 60
		return [...wrong, ...rest, Math.abs(more - want) > 0.01 && `${more} hours more instead of ${want}`]
	} }
	/* Limits are settings. */
	const limit = async (name, value) => {
		const { change } = (await call({ path: '/settings' })).json.items.find((s) => s.name === name)
		const r = await call({ method: 'PUT', path: `/settings/${name}`, body: { value: String(value), reason: 'small units', change } })
		return r.status >= 300 && r.text
	}
	const faultsWith = (limits, ...want) => async () => {
		const wrong = []
		for (const [name, value] of Object.entries(limits))
			wrong.push(await limit(name, value))
		await sleep(1300)
		const got = (await units()).units.map((u) => u.fault)
		/* The list of territories says so too, with the number that counts. */
		const rows = (await call({ path: `/territories?units=1&parent=${saved.dZone}` })).json.items.map((x) => [x.warning, x.warningLimit])
		const kept = { TOO_LARGE: 80, LARGE: 60, TOO_SMALL: limits.unit_least }, listed = want.map((w) => (kept[w] ? [w, kept[w]] : [null, null]))
		return [...wrong, JSON.stringify(got) !== JSON.stringify(want) && JSON.stringify(got), JSON.stringify(rows) !== JSON.stringify(listed) && JSON.stringify(rows)]
	}
	yield { name: 'fewer are enough', run: faultsWith({ unit_least: 40, unit_load_percent: 60 }, null, 'TOO_SMALL') }
	yield { name: 'more than a unit should have', run: faultsWith({ unit_least: 10, unit_most: 60 }, 'LARGE', null) }
	yield { name: 'more than it can have', run: faultsWith({ unit_warn: 80 }, 'TOO_LARGE', null) }
	yield { name: 'a snapshot that loads slowly', run: async () => {
		const wrong = await faultsWith({ unit_most: 20000, unit_warn: 30000, unit_snapshot_kb: 1 }, null, null)(), all = (await call({ path: '/territories?units=1&limit=500' })).json.items
		const big = all.sort((a, b) => b.outlets - a.outlets)[0], unit = (await call({ path: `/territories/${big.id}/units` })).json
		return [...wrong, (unit.units[0].fault !== 'HEAVY' || unit.units[0].bytes <= 1024 || !unit.levels[0].heavy) && JSON.stringify(unit)]
	} }
	yield { name: 'more work than a unit should have, 90 outlets of 7.5 minutes, and very unlike that of the other', run: faultsWith({ unit_snapshot_kb: 8192, unit_hours_most: 11, unit_load_percent: 15 }, 'OVERWORKED', 'UNEVEN') }
	yield { name: 'as it was', run: faultsWith({ unit_least: 2000, unit_hours_most: 8000 }, 'TOO_SMALL', 'TOO_SMALL') }
	yield { name: 'page by page', run: async () => {
		const first = (await call({ path: `/territories/${saved.dZone}/units?limit=1` })).json, second = (await call({ path: `/territories/${saved.dZone}/units?limit=1&after=${first.next}` })).json
		return [first.units.length !== 1 && 'one', first.next !== String(first.units[0].id) && `next is ${first.next}`, second.units[0]?.id !== saved.dUnits[1].id && 'not the second']
	} }
	yield { name: 'of a territory that is not there', as: 'admin', get: '/territories/987654321/units', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'there are no scenarios yet', as: 'admin', get: '/territories/{dZone}/designs', json: { items: [], next: null } }
	yield { name: 'a planner does not have units designed', as: 'planner', post: '/territories/{dZone}/designs', body: { redraw: true }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor is a border any', as: 'admin', post: '/territories/{dZone}/designs', body: { redraw: true, border: 'RIVER' }, status: 422, code: 'ERR_REQ_004', fields: ['/border'] }
	yield { name: 'nowhere there is nothing to design', as: 'admin', post: '/territories/987654321/designs', body: { redraw: true }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'more units than outlets are refused in words', run: refusedDesign({ units: 500, redraw: true }, 'ask for at most 120') }
	yield { name: 'where everything is', run: async () => { saved.dBefore = await where() } }
	yield { name: 'designed in several ways', run: design('dWays', { redraw: true, tolerancePct: 5 }) }
	yield {
		name: 'they stand side by side, from few moves to many', as: 'analyst', get: '/territories/{dZone}/designs',
		json: { items: (s) => s.length === 5 && s.every((x) => x.status === 'READY' && x.units === 2 && x.outlets === 121 && x.unplaced === 1 && x.whole === 2) },
		check: (r) => {
			const [few, , even, , redrawn] = r.json.items
			return [few.redraw && 'the first begins with the units of today', !redrawn.redraw && 'the last is drawn anew',
				few.moved > even.moved && 'an even one moves more', even.maxDeviationPct > 5 && `even is ${even.maxDeviationPct} % off`, redrawn.maxDeviationPct > 5 && 'so is the redrawn one']
		},
		save: { dEven: (r) => r.json.items[2].id, dMoved: (r) => r.json.items[2].moved, dOther: (r) => r.json.items[4].id },
	}
	yield { name: 'each says when it is discarded unless somebody decides, and then it is', run: async () => {
		const path = `/territories/${saved.dZone}/designs`, list = async () => (await call({ path })).json.items
		const made = (await call({ method: 'POST', path: `${path}/hand` })).json.design, all = await list()
		const off = all.filter((x) => x.status === 'READY' && Date.parse(x.discardedAt) - Date.parse(x.createdAt) !== 30 * 86400e3)
		sql(client.state, `UPDATE design_scenario SET created_at = created_at - INTERVAL 31 DAY WHERE id = ${made}`)
		beatplan('job', 'run', 'SWEEP', '--state', client.state)
		let left = await list()
		for (let i = 0; i < 100 && left.length === all.length; i++, left = await list())
			await sleep(200)
		return [!all.some((x) => x.id === made) && 'it was not made', off.map((x) => `${x.name}: ${x.createdAt}, ${x.discardedAt}`), left.some((x) => x.id === made) && 'it stands', left.length !== all.length - 1 && `${left.length} of ${all.length} are left`]
	} }
	yield { name: 'one with its units', as: 'analyst', get: '/territories/{dZone}/designs/{dEven}', json: { cells: (u) => u.length === 2 && u.every((x) => !x.made && x.pieces === 1 && x.territoryId && x.lat) } }
	yield { name: 'not of another territory', as: 'admin', get: '/territories/1/designs/{dEven}', status: 404 }
	yield { name: 'nor of none', as: 'admin', get: '/territories/987654321/designs/{dEven}', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'one that is not there', as: 'admin', get: '/territories/{dZone}/designs/987654321', status: 404, code: 'ERR_DATA_003' }
	yield {
		name: 'who gets what', as: 'analyst', get: '/territories/{dZone}/designs/{dEven}/transfers?limit=500',
		check: (r, s) => [r.json.items.length !== s.dMoved && `${r.json.items.length} transfers, ${s.dMoved} moved`, r.json.items.some((x) => x.fromUnit === x.toUnit) && 'somebody moves to where it is'],
		save: { dSome: '/items/0/outletId' },
	}
	/* Two seats visit one of the outlets that move, one of them the unit that gets it. */
	yield { name: 'what it means for the seats', run: async () => {
		const items = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dEven}/transfers?limit=500` })).json.items, [one] = items
		const [from, to] = [one.fromUnit, one.toUnit].map((name) => saved.dUnits.find((u) => u.name === name).id)
		sql(client.state, `INSERT INTO seat (code, name, territory_id, channel) VALUES ('DES-L', 'Loses', ${from}, 'GT'), ('DES-G', 'Gets', ${to}, 'GT'); INSERT INTO sales_line (code, name) VALUES ('DES', 'Second');
			UPDATE need SET seat_id = (SELECT id FROM seat WHERE code = 'DES-L') WHERE outlet_id = ${one.outletId};
			INSERT INTO need (outlet_id, line_id, seat_id, visits_per_4w) SELECT ${one.outletId}, l.id, s.id, 1 FROM sales_line l, seat s WHERE l.code = 'DES' AND s.code = 'DES-G'`)
		const path = `/territories/${saved.dZone}/designs/${saved.dEven}/transfers`, row = (await call({ path: `${path}?limit=500` })).json.items[0]
		const seats = (await call({ path: `${path}/seats` })).json.items, csv = await call({ path: `${path}/seats/rows` })
		const [gets, loses] = ['DES-G', 'DES-L'].map((code) => seats.find((s) => s.code === code)), near = (a, b) => Math.abs(a - b) < 0.01, come = items.filter((x) => x.toUnit === one.toUnit).length
		sql(client.state, `DELETE n FROM need n JOIN sales_line l ON l.id = n.line_id AND l.code = 'DES'; UPDATE need SET seat_id = NULL WHERE outlet_id = ${one.outletId}; DELETE FROM seat WHERE code IN ('DES-L', 'DES-G'); DELETE FROM sales_line WHERE code = 'DES'`)
		return [row.seats.join() !== 'DES-G,DES-L' && JSON.stringify(row), (loses?.lost !== 1 || !near(loses.lostHours, 0.25)) && JSON.stringify(loses), (gets?.lost !== 0 || gets.come !== come || gets.sharing !== 1 || !near(gets.comeHours, (come * 7.5 + 7.5) / 60)) && JSON.stringify(gets),
			!/^seat,name,person,unit,/.test(csv.text) && csv.text, !new RegExp(`^DES-L,Loses,,${from && one.fromUnit},1,0.25,`, 'm').test(csv.text) && csv.text]
	} }
	for (const word of ['seats', 'seats/rows']) {
		yield { name: `${word} of none that is not there`, as: 'admin', get: `/territories/{dZone}/designs/987654321/transfers/${word}`, status: 404, code: 'ERR_DATA_003' }
		yield { name: `${word} of no territory`, as: 'admin', get: `/territories/987654321/designs/1/transfers/${word}`, status: 404, code: 'ERR_DATA_001' }
	}
	yield { name: 'of none that is not there', as: 'admin', get: '/territories/{dZone}/designs/987654321/transfers', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor of a territory that is not there', as: 'admin', get: '/territories/987654321/designs/1/transfers', status: 404, code: 'ERR_DATA_001' }
	/* Beside each other, and beside what is now: the figures are those of the list, the outlets those that the maps show elsewhere. */
	const unitsOf = async (design) => {
		const p = (await call({ path: `/territories/${saved.dZone}/places${design ? `?design=${design}` : ''}` })).json
		return p.unit.map((u) => p.units[u].territoryId).join()
	}
	yield {
		name: 'a scenario beside what is now', as: 'analyst', get: '/territories/{dZone}/comparison?right={dEven}',
		json: { left: (l) => l.name === null && l.units === 2 && l.whole === 2 && l.outlets === 121 && l.moved === 0 && l.maxDeviationPct > 5, same: (v) => v.join() === '0,0,1,1' },
		check: (r, s) => [r.json.differ !== s.dMoved && `${r.json.differ} differ`, r.json.right.moved !== s.dMoved && 'another figure than in the list', r.json.right.maxDeviationPct >= r.json.left.maxDeviationPct && 'no more even'],
	}
	yield { name: 'two scenarios beside each other', run: async () => {
		const path = `/territories/${saved.dZone}`, sides = `left=${saved.dEven}&right=${saved.dOther}`, { differ } = (await call({ path: `${path}/comparison?${sides}` })).json
		const [a, b] = (await Promise.all([saved.dEven, saved.dOther].map(unitsOf))).map((x) => x.split(',')), want = a.filter((u, i) => u !== b[i]).length
		const page = (await call({ path: `${path}/differences?${sides}&limit=1` })).json, rest = (await call({ path: `${path}/differences?${sides}&limit=500&after=${page.next}` })).json
		const items = [...page.items, ...rest.items], rows = await call({ path: `${path}/differences/rows?${sides}` }), lines = rows.text.trim().split('\r\n')
		return [!differ && 'none differs', items.length !== differ && `${items.length} of ${differ} are listed`, Math.abs(differ - want) > 1 && `${differ} differ, on the maps ${want}`, rest.next !== null && 'more', items.some((x) => x.left === x.right || !x.code) && 'of one unit',
			lines.length !== differ + 1 && `${lines.length} lines`, lines[0] !== 'outlet,name,city,left,right,seat' && lines[0], !lines[1].startsWith(`${items[0].code},${items[0].name},`) && lines[1]]
	} }
	yield { name: 'one beside itself', as: 'admin', get: '/territories/{dZone}/differences?left={dEven}&right={dEven}', json: { items: [], next: null } }
	for (const word of ['comparison', 'differences', 'differences/rows']) {
		yield { name: `${word} with none that is not there`, as: 'admin', get: `/territories/{dZone}/${word}?left=987654321`, status: 404, code: 'ERR_DATA_003' }
		yield { name: `${word} of no territory`, as: 'admin', get: `/territories/987654321/${word}`, status: 404, code: 'ERR_DATA_001' }
	}
	yield { name: 'where no unit lies there is nothing to compare', run: async () => {
		const town = (await call({ path: '/territories?q=DWest%20town' })).json.items[0].id, r = await call({ path: `/territories/${town}/comparison` })
		return (r.status !== 422 || r.json.code !== 'ERR_OPT_003') && r.text
	} }
	yield { name: 'not published before it is approved', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/publish', body: { reason: 'new cut' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor undone', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/undo', body: { reason: 'new cut' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'where the outlets are today', as: 'analyst', get: '/territories/{dZone}/places', json: { units: (u) => u.length === 2, id: (v) => v.length === 120 },
		check: (r) => [r.json.unit.some((u, i) => u !== r.json.was[i]) && 'today is today', r.json.work.some((w) => w <= 0) && 'work is missing', ['lat', 'lon', 'unit', 'was', 'work'].some((c) => r.json[c].length !== 120) && 'columns of different length'] }
	yield { name: 'and in the scenario', as: 'analyst', get: '/territories/{dZone}/places?design={dEven}',
		check: (r, s) => r.json.unit.filter((u, i) => r.json.units[u].territoryId !== r.json.today[r.json.was[i]]).length !== s.dMoved && 'other outlets move than are listed',
		save: { dIds: (r) => r.json.id.map(((sum) => (d) => sum += d)(0)), dUnit: '/unit' } }
	/* However many outlets there are: counts in cells of all, then of a part, then the outlets themselves; a closed one is in none of them. */
	yield { name: 'a country is counted in cells, a part of it is shown one by one', run: async () => {
		const view = async (q = '') => (await call({ path: `/territories/${saved.dZone}/overview${q}` })).json, sum = (v) => v.reduce((a, b) => a + b, 0)
		for (let i = 0; i < 100 && sum((await view()).outlets) !== 120; i++) /* the snapshots of the units are on their way */
			await sleep(100)
		const all = await view(), cell = (o, i) => [360 * o.x[i] / 2 ** o.level - 180, 360 * (o.x[i] + 1) / 2 ** o.level - 180]
		const part = await view('?west=76.99&south=11.99&east=77.05&north=12.1'), places = (await call({ path: `/territories/${saved.dZone}/places` })).json
		const inside = places.id.filter((_, i) => places.lon[i] >= 7699000 && places.lon[i] <= 7705000).length, one = await view('?west=77.049&south=12&east=77.051&north=12.02')
		return [all.level !== 9 && `level ${all.level}`, sum(all.outlets) !== 120 && `${sum(all.outlets)} counted`, all.units.map((u) => u.outlets).join() !== '90,30' && JSON.stringify(all.units), all.id.length > 0 && 'outlets beside cells',
			all.x.some((_, i) => cell(all, i)[1] < 77 || cell(all, i)[0] > 77.12) && 'a cell lies elsewhere', part.level !== null && 'few outlets in cells', part.id.length !== inside && `${part.id.length} of ${inside} outlets`, part.x.length > 0 && 'cells beside outlets',
			part.unit.some((u) => all.units[u].name !== 'DWest') && 'of another unit', one.id.length !== 3 && JSON.stringify(one), one.lat.join() !== '1200000,1201000,1202000' && JSON.stringify(one)]
	} }
	yield { name: 'a scenario too, with its hours', run: async () => {
		const view = async (q = '') => (await call({ path: `/territories/${saved.dZone}/overview?design=${saved.dEven}${q}` })).json, sum = (v) => v.reduce((a, b) => a + b, 0)
		const all = await view(), places = (await call({ path: `/territories/${saved.dZone}/places?design=${saved.dEven}` })).json, part = await view('&west=76.99&south=11.99&east=77.2&north=12.2')
		return [sum(all.outlets) !== 120 && `${sum(all.outlets)} counted`, all.units.some((u, i) => u.number !== places.units[i].number || u.outlets !== places.units[i].outlets || Math.abs(u.hours - places.units[i].hours) > 1e-6) && JSON.stringify(all.units),
			part.id.join() !== places.id.join() && 'other outlets', part.unit.join() !== places.unit.join() && 'in other units']
	} }
	yield { name: 'one that an older version made was not counted', run: async () => {
		sql(client.state, `DELETE FROM design_cell WHERE scenario_id = ${saved.dOther}`)
		const r = await call({ path: `/territories/${saved.dZone}/overview?design=${saved.dOther}` })
		return [r.json.code !== 'ERR_OPT_002' && r.text, !/designed again/.test(r.json.detail) && r.json.detail]
	} }
	yield { name: 'not one of elsewhere', as: 'admin', get: '/territories/1/overview?design={dEven}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'how many are drawn one by one is a setting', run: async () => {
		const wrong = [await limit('map_drawn', 120), await limit('map_points', 2)]
		/* Each program looks at the settings once a second, and later where much is done. */
		let all, lines
		for (let i = 0; i < 60 && [all, lines].some((r) => r?.json.code !== 'ERR_OPT_002'); i++, await sleep(250))
			[all, lines] = await Promise.all(['places', 'outlines'].map((x) => call({ path: `/territories/${saved.dZone}/${x}` })))
		const one = (await call({ path: `/territories/${saved.dZone}/overview?west=77.049&south=12&east=77.051&north=12.02` })).json
		wrong.push(await limit('map_drawn', 121), await limit('map_points', 20000))
		let few
		for (let i = 0; i < 60 && few?.status !== 200; i++, await sleep(250))
			few = await call({ path: `/territories/${saved.dZone}/places` })
		wrong.push(await limit('map_drawn', 500000))
		await sleep(1300)
		return [...wrong, ...[all, lines].map((r) => r.json.code !== 'ERR_OPT_002' && r.text), one.level === null && 'three in sight are one by one', few.status !== 200 && few.text]
	} }
	yield { name: 'nor of a territory that is not there', as: 'admin', get: '/territories/987654321/overview', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'a box has degrees', as: 'admin', get: '/territories/{dZone}/overview?west=200', status: 422, code: 'ERR_REQ_004', fields: ['/west'] }
	yield { name: 'outlines of today', as: 'analyst', get: '/territories/{dZone}/outlines?zoom=12', json: { type: 'FeatureCollection', features: (f) => f.length === 2 && f.every((x) => x.geometry.coordinates.length && x.geometry.coordinates.flat().every((ring) => ring.length > 3 && ring[0].join() === ring.at(-1).join())), borders: (b) => b.length === 3 && b[0] === 0 && b[1] === 1 && b[2] > 0 } }
	yield { name: 'outlines of the scenario, as fine as they are', as: 'analyst', get: '/territories/{dZone}/outlines?design={dEven}', json: { features: (f) => f.length === 2 && f.every((x) => x.properties.outlets > 40) } }
	/* Both are named by what they are made of: opened twice they are neither made nor sent twice, and never stale. */
	const tags = async () => Promise.all(['places', 'outlines?zoom=9', `places?design=${saved.dEven}`, `outlines?design=${saved.dEven}`].map(async (what) => {
		const path = `/territories/${saved.dZone}/${what}`, r = await call({ path }), tag = r.headers.get('etag')
		return { path, tag, again: (await call({ path, headers: { 'If-None-Match': tag } })).status, other: (await call({ path, headers: { 'If-None-Match': '"0123"' } })).status }
	}))
	yield { name: 'what a browser has is not sent again', run: async () => {
		saved.dTags = await tags()
		return [saved.dTags.some((x) => x.again !== 304 || x.other !== 200) && JSON.stringify(saved.dTags), new Set(saved.dTags.map((x) => x.tag)).size !== 4 && 'two have one name']
	} }
	yield { name: 'whoever comes next gets it from a file, packed or not, until nobody asked for it for a day', run: async () => {
		const path = `/territories/${saved.dZone}/places`, kept = (await call({ path })).headers.get('etag').replaceAll('"', ''), file = `${client.state}/snapshots/${kept}.json.gz`
		const packed = JSON.parse(gunzipSync(readFileSync(file))), sent = (await call({ path })).json, plain = (await call({ path, headers: { 'Accept-Encoding': 'identity' } })).json
		utimesSync(file, 1e9, 1e9)
		const asked = await call({ path }), touched = statSync(file).mtimeMs
		unlinkSync(file)
		const again = await call({ path }), odd = (await call({ path: `/territories/${saved.dZone}/outlines?zoom=9.25` })).headers.get('etag').replaceAll('"', '')
		return [JSON.stringify(packed) !== JSON.stringify(sent) && 'the file says something else', JSON.stringify(plain) !== JSON.stringify(sent) && 'unpacked it is another', !(touched > Date.now() - 60000) && 'it goes though it was asked for',
			!asked.headers.get('etag').includes(kept) && `another name: ${asked.headers.get('etag')}`, JSON.stringify(again.json) !== JSON.stringify(sent) && 'made anew it is another', !existsSync(file) && 'it is not kept again',
			existsSync(`${client.state}/snapshots/${odd}.json.gz`) && 'one between two zooms is kept']
	} }
	yield { name: 'unless it has changed: an outlet was placed elsewhere', run: async () => {
		const move = (value) => call({ method: 'PATCH', path: `/outlets/${saved.dIds[0]}`, body: { values: [{ field: 'position', value }], reason: 'it is there' } })
		const was = await call({ path: `/outlets/${saved.dIds[0]}` }), moved = await move('12.0001, 77.0001'), now = await tags(), back = await move(`${was.json.lat}, ${was.json.lon}`)
		return [moved.status >= 300 && moved.text, back.status >= 300 && back.text, now.some((x, i) => x.tag === saved.dTags[i].tag) && 'a stale one is held for current']
	} }
	yield { name: 'no map of a scenario elsewhere', as: 'admin', get: '/territories/1/places?design={dEven}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor outlines of it', as: 'admin', get: '/territories/1/outlines?design={dEven}', status: 404, code: 'ERR_DATA_003' }
	for (const what of ['places', 'outlines', 'unplaced'])
		yield { name: `${what} of no territory`, as: 'admin', get: `/territories/987654321/${what}`, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'who has no place', as: 'analyst', get: '/territories/{dZone}/unplaced', json: { items: (i) => i.length === 1 && i[0].code === 'DES999' && i[0].unit, next: null } }
	yield { name: 'pinned outlets go where they are told', run: async () => {
		const from = saved.dUnits.find((u) => u.outlets > 60), to = saved.dUnits.find((u) => u.id !== from.id), today = (await call({ path: `/territories/${saved.dZone}/places` })).json
		const ids = today.id.map(((sum) => (d) => sum += d)(0)), corner = ids.filter((_, i) => today.units[today.unit[i]].territoryId === from.id && today.lon[i] < 7701500).slice(0, 3)
		const pins = corner.map((outlet) => ({ outlet, unit: to.id })), wish = { redraw: true, keepPrice: 1, borderPrice: 1, capacityHours: 1000, seed: 3, units: 2 }
		const keep = (unit) => call({ method: 'PUT', path: `/territories/${saved.dZone}/pins`, body: { outlets: corner, unit, reason: 'the owner is a friend' } }), kept = async () => (await call({ path: `/territories/${saved.dZone}/pins` })).json
		const led = async (pins) => {
			const wrong = await design('dPinned', { ...wish, ...(pins && { pins }) })()
			for (const id of wrong.length ? [] : saved.dPinned) {
				const p = (await call({ path: `/territories/${saved.dZone}/places?design=${id}` })).json, at = p.id.map(((sum) => (d) => sum += d)(0))
				if (corner.some((o) => p.units[p.unit[at.indexOf(o)]].territoryId !== to.id))
					wrong.push(`scenario ${id} leaves them where they were`)
				await call({ method: 'DELETE', path: `/territories/${saved.dZone}/designs/${id}` })
			}
			return wrong
		}
		saved.dCorner = corner
		const wrong = [corner.length !== 3 && 'no corner', ...await led(pins)], put = await keep(to.id), there = await kept()
		wrong.push(put.status >= 300 && put.text, differs({ all: 3, next: null, items: (l) => l.map((x) => x.outletId).join() === corner.join() && l.every((x) => x.unitId === to.id && x.reason === 'the owner is a friend' && x.person && !x.over) }, there))
		/* Kept pins lead as those of a run do, and what a run says goes before them. */
		wrong.push(...await led(null), ...(await keep(from.id), await led(pins)), ...(await keep(null), [(await kept()).all !== 0 && 'they are still there']))
		return wrong
	} }
	yield { name: 'a planner pins nothing', as: 'planner', put: '/territories/{dZone}/pins', body: { outlets: [1], unit: 1, reason: 'mine' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nobody pins to what is no planning unit beneath', run: async () => {
		const put = (outlets, unit) => call({ method: 'PUT', path: `/territories/${saved.dZone}/pins`, body: { outlets, unit, reason: 'why not' } }), a = await put(saved.dCorner, saved.dZone), b = await put([...saved.dCorner, 1], saved.dUnits[0].id)
		return [a.json.code !== 'ERR_OPT_003' && a.text, !/no planning unit/.test(a.json.detail) && a.text, b.status !== 404 && b.text, !/1 of these outlets do not lie beneath this territory, the first is 1$/.test(b.json.detail) && b.text]
	} }
	yield { name: 'nor without a reason', as: 'admin', put: '/territories/{dZone}/pins', body: { outlets: [1], unit: null }, status: 422, fields: ['/reason'] }
	for (const [method, body] of [['get'], ['put', { outlets: [], unit: null, reason: 'why not' }]])
		yield { name: `${method} pins of no territory`, as: 'admin', [method]: '/territories/987654321/pins', body, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'pinned to no unit of today', run: async () => refusedDesign({ redraw: true, pins: [{ outlet: saved.dIds[0], unit: 987654321 }] }, 'none of today')() }
	yield { name: 'nor a pinned outlet from elsewhere', run: async () => refusedDesign({ redraw: true, pins: [{ outlet: 987654321, unit: saved.dUnits[0].id }] }, 'has no place')() }
	/* Boundaries come back as they went. */
	const boundaries = (geojson, o = {}) => call({ method: 'POST', path: `/territories/${saved.dZone}/boundaries`, body: { geojson, swap: false, keep: false, ...o } })
	const square = (w, s, e, n, properties = {}) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] } })
	yield { name: 'outlines that were exported become the same units', run: async () => {
		const out = (await call({ path: `/territories/${saved.dZone}/outlines?design=${saved.dEven}` })).json
		/* A little wider, since outlines end at the outermost outlets. */
		const wider = { ...out, features: out.features.map((f) => ({ ...f, geometry: { ...f.geometry, coordinates: f.geometry.coordinates.map((p) => p.map((ring) => ring.map(([x, y]) => [77.055 + (x - 77.055) * 1.0001, 12.045 + (y - 12.045) * 1.0001]))) } })) }
		const r = await boundaries(wider, { keep: true })
		if (r.status !== 200)
			return r.text
		const there = (await call({ path: `/territories/${saved.dZone}/places?design=${r.json.design}` })).json
		const at = (p) => p.unit.map((u) => p.units[u].territoryId).join(), even = (await call({ path: `/territories/${saved.dZone}/places?design=${saved.dEven}` })).json
		const gone = await call({ method: 'DELETE', path: `/territories/${saved.dZone}/designs/${r.json.design}` })
		return [r.json.inside !== 120 && `${r.json.inside} lie in them`, r.json.twice !== 0 && `${r.json.twice} lie in several`, at(there) !== at(even) && 'outlets are in other units', gone.status !== 204 && gone.status !== 200 && gone.text]
	} }
	yield { name: 'boundaries are borders of a design: what lies in one stays together, though two halves would be rounder', run: async () => {
		const bands = [[11.99, 12.025], [12.025, 12.055], [12.055, 12.075], [12.075, 12.1]].map(([s, n], i) => square(76.9, s, 77.3, n, { name: `Band ${i}` }))
		const { design: border } = (await boundaries({ type: 'FeatureCollection', features: bands }, { keep: true })).json, wish = { units: 2, redraw: true, tolerancePct: 25 }
		const cut = async (list) => Promise.all(list.map(async (id) => (await call({ path: `/territories/${saved.dZone}/designs/${id}` })).json))
		const wrong = [await design('dPlain', wish)(), await design('dBands', { ...wish, border: 'SCENARIO', borderScenario: border, borderPrice: 1000 })()]
		const one = saved.dBands?.at(-1), p = (await call({ path: `/territories/${saved.dZone}/places?design=${one}` })).json, plain = (await call({ path: `/territories/${saved.dZone}/places?design=${saved.dPlain.at(-1)}` })).json
		const parted = (q) => [0, 1, 2, 3].filter((b) => new Set(q.lat.map((lat, i) => (lat > bands[b].geometry.coordinates[0][0][1] * 1e5 && lat < bands[b].geometry.coordinates[0][2][1] * 1e5 ? q.unit[i] : -1)).filter((u) => u >= 0)).size > 1).length
		const told = await cut([one])
		await call({ method: 'DELETE', path: `/territories/${saved.dZone}/designs/${border}` })
		/* What is changed by hand later no longer knows the border; and nobody designs along one that is gone. */
		const later = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${one}/moves`, body: { outlets: [saved.dIds[0]], to: 0, preview: true } })
		const refused = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs`, body: { ...wish, border: 'SCENARIO', borderScenario: border } })
		const none = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs`, body: { ...wish, border: 'SCENARIO' } })
		for (const id of [...saved.dPlain, ...saved.dBands])
			await call({ method: 'DELETE', path: `/territories/${saved.dZone}/designs/${id}` })
		return [wrong, parted(p) && `${parted(p)} bands are parted`, !parted(plain) && 'nothing is parted without', told[0].cut !== 0 && `${told[0].cut} are cut`, later.status !== 200 && later.text,
			[refused, none].map((r) => (r.status !== 422 || r.json.fields?.[0].pointer !== '/borderScenario') && r.text)]
	} }
	yield { name: 'a hole counts, the rest goes to the nearest', run: async () => {
		const b = square(76.9, 11.9, 77.3, 12.3, { name: 'Ring' })
		b.geometry.coordinates.push([[77.005, 12.005], [77.005, 12.085], [77.105, 12.085], [77.105, 12.005], [77.005, 12.005]])
		const r = await boundaries({ type: 'FeatureCollection', features: [b] })
		return [r.json.inside !== 40 && r.text, r.json.outside !== 80 && r.text, r.json.boundaries?.[0].rings !== 2 && 'two rings', r.json.design !== null && 'nothing is kept']
	} }
	yield { name: 'no transaction waits while it is reckoned', run: async () => {
		const n = 190000, turn = (i) => (2 * Math.PI * i) / n, ring = Array.from({ length: n }, (_, i) => [+(77 + 50 * Math.cos(turn(i))).toFixed(4), +(12 + 50 * Math.sin(turn(i))).toFixed(4)])
		let over = false, idle = 0, looks = 0
		const { id: most } = (await call({ path: '/territories?units=1&limit=500' })).json.items.filter((u) => u.outlets <= 5200).sort((a, b) => b.outlets - a.outlets)[0]
		const asked = call({ method: 'POST', path: `/territories/${most}/boundaries`, body: { geojson: { type: 'Polygon', coordinates: [[...ring, ring[0]]] }, swap: false, keep: false } }).finally(() => (over = true))
		for (; !over; looks++, await sleep(120)) // the server tells anew what was not asked for in a tenth of a second
			idle += Number(sql(client.state, 'SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_query IS NULL'))
		const r = await asked
		return [!(r.json.inside > 1000) && r.text, idle > 2 + looks / 3 && `one was idle ${idle} times of ${looks}`] // those of others are short
	} }
	yield { name: 'the other order is noticed', run: async () => {
		const b = { type: 'MultiPolygon', coordinates: [[[[11.9, 76.9], [12.3, 76.9], [12.3, 77.3], [11.9, 77.3], [11.9, 76.9]]]] }
		const asIs = await boundaries(b), turned = await boundaries(b, { swap: true })
		return [asIs.json.swapped !== true && asIs.text, asIs.json.inside !== 0 && asIs.text, turned.json.inside !== 120 && turned.text, turned.json.swapped !== false && turned.text]
	} }
	yield { name: 'also where it makes no degrees', run: async () => {
		const r = await boundaries({ type: 'FeatureCollection', features: [square(11.9, 76.9, 12.3, 97.3)] })
		return [r.json.boundaries?.[0].fault !== 'NO_DEGREES' && r.text, r.json.swapped !== true && r.text]
	} }
	yield { name: 'what crosses itself is refused with its place', run: async () => {
		const bow = { type: 'Feature', properties: { name: 'Bow' }, geometry: { type: 'Polygon', coordinates: [[[77, 12], [77.2, 12.2], [77.2, 12], [77, 12.2], [77, 12]]] } }
		const r = await boundaries({ type: 'FeatureCollection', features: [bow] }), keep = await boundaries(bow, { keep: true })
		return [r.json.boundaries?.[0].fault !== 'CROSSES' && r.text, !(r.json.boundaries?.[0].lat >= 12) && r.text, (keep.status !== 422 || !/"Bow".*CROSSES.*77\./.test(keep.json.detail)) && keep.text]
	} }
	for (const [what, geojson] of [['a list', []], ['nothing', {}], ['no feature', { type: 'FeatureCollection', features: [] }], ['metres', { type: 'FeatureCollection', crs: { type: 'name', properties: { name: 'EPSG:3857' } }, features: [square(77, 12, 78, 13)] }]])
		yield { name: `${what} is no boundary`, run: async () => (await boundaries(geojson)).json.code === 'ERR_OPT_003' ? [] : 'it is' }
	yield { name: 'a point, no geometry and a short ring are told as faults', run: async () => {
		const r = await boundaries({ type: 'FeatureCollection', features: [{ type: 'Feature', geometry: { type: 'Point', coordinates: [77, 12] } }, { type: 'Feature', geometry: null }, 7, { type: 'Polygon', coordinates: [[[77, 12], [77, 13], [77, 12]]] }, { type: 'Polygon', coordinates: 'x' }, { type: 'Polygon', coordinates: [[[77, 'a']]] }] })
		return r.json.boundaries?.map((b) => b.fault).join() === 'NO_AREA,NO_AREA,NO_AREA,SHORT,NO_AREA,NO_AREA' ? [] : r.text
	} }
	yield { name: 'boundaries elsewhere hold nobody', run: async () => (await boundaries(square(1, 1, 2, 2), { keep: true })).json.code === 'ERR_OPT_003' ? [] : 'they do' }
	yield { name: 'nor of no territory', as: 'admin', post: '/territories/987654321/boundaries', body: { geojson: {}, swap: false, keep: false }, status: 404, code: 'ERR_DATA_001' }
	/* Changed by hand: ten outlets of the first unit. */
	const moves = (more = '') => `/territories/${saved.dZone}/designs/${saved.dEven}/moves${more}`
	const ten = () => saved.dIds.filter((_, i) => saved.dUnit[i] === 0).slice(0, 10)
	yield { name: 'a move is known before it counts', run: async () => {
		const before = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dEven}` })).json
		const r = await call({ method: 'POST', path: moves(), body: { outlets: ten(), to: 1, preview: true } })
		const after = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dEven}` })).json
		return [r.status !== 200 && r.text, r.json.cells?.[0].outlets !== before.cells[0].outlets - 10 && 'ten do not leave', r.json.maxDeviationPct <= before.maxDeviationPct && 'it is no less even',
			JSON.stringify(before) !== JSON.stringify(after) && 'a preview changed the scenario', r.json.undo !== 0 && 'it counts as a step']
	} }
	yield { name: 'and is no event of the trail', as: 'admin', get: '/audit?action=DESIGN_EDIT', check: (r, s) => r.json.items.some((x) => x.resourceId === s.dEven) && 'it is' }
	yield { name: 'then it counts', run: async () => {
		saved.dCells = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dEven}` })).json.cells
		const r = await call({ method: 'POST', path: moves(), body: { outlets: ten(), to: null, name: 'Ten shops', preview: false } })
		const now = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dEven}` })).json
		return [r.status !== 200 && r.text, now.units !== 3 && `${now.units} units`, now.cells[2]?.name !== 'Ten shops' && JSON.stringify(now.cells), now.cells[2]?.outlets !== 10 && 'not ten', now.undo !== 1 && 'no step',
			now.maxDeviationPct !== r.json.maxDeviationPct && 'another figure is kept', now.moved < saved.dMoved && 'fewer move']
	} }
	yield { name: 'the trail knows', as: 'admin', get: '/audit?action=DESIGN_EDIT', check: (r, s) => r.json.items.filter((x) => x.resourceId === s.dEven).length !== 1 && 'it does not' }
	yield { name: 'an analyst moves nothing', as: 'analyst', post: '/territories/{dZone}/designs/{dEven}/moves', body: { outlets: [1], to: 0, preview: true }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor is an outlet from elsewhere moved', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/moves', body: { outlets: [987654321], to: 0, preview: true }, status: 422, code: 'ERR_OPT_003' }
	yield { name: 'or to a unit that is not there', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/moves', body: { outlets: [], to: 17, preview: true }, status: 422, code: 'ERR_OPT_003' }
	yield { name: 'the maps before it has a name', run: async () => { saved.dTags = await tags() } }
	yield { name: 'a unit gets a name', as: 'admin', put: '/territories/{dZone}/designs/{dEven}/name', body: { number: 0, name: 'Westside' } }
	yield { name: 'a new name is seen on its map, and nothing of it on that of today', run: async () => {
		const now = await tags(), changed = now.map((x, i) => x.tag !== saved.dTags[i].tag).join()
		return changed === 'false,false,true,true' ? [] : changed
	} }
	yield { name: 'which no other has', as: 'admin', put: '/territories/{dZone}/designs/{dEven}/name', body: { number: 2, name: 'Westside' }, status: 422, code: 'ERR_OPT_003' }
	yield { name: 'nor a unit that is not there', as: 'admin', put: '/territories/{dZone}/designs/{dEven}/name', body: { number: 99, name: 'East' }, status: 422, code: 'ERR_OPT_003' }
	yield { name: 'the last of a unit end it', run: async () => {
		const r = await call({ method: 'POST', path: moves(), body: { outlets: ten(), to: 1, preview: false } })
		return [r.status !== 200 && r.text, r.json.units !== 2 && 'it does not end', r.json.undo !== 2 && 'not the second step']
	} }
	yield { name: 'taken back', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/moves/undo', raw: '', json: { units: 3, undo: 1, redo: 1 } }
	yield { name: 'done again', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/moves/redo', raw: '', json: { units: 2, undo: 2, redo: 0 } }
	yield { name: 'no more to do again', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/moves/redo', raw: '', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'taken back to the beginning', run: async () => {
		await call({ method: 'POST', path: moves('/undo') })
		const r = await call({ method: 'POST', path: moves('/undo') }), none = await call({ method: 'POST', path: moves('/undo') })
		return [none.status !== 409 && none.text, [0, 1].some((u) => ['outlets', 'hours', 'pieces', 'lat', 'lon'].some((f) => r.json.cells[u][f] !== saved.dCells[u][f])) && `${JSON.stringify(r.json.cells)} instead of ${JSON.stringify(saved.dCells)}`, r.json.moved !== saved.dMoved && `${r.json.moved} move`]
	} }
	for (const [word, body] of [['moves', { outlets: [], to: 0, preview: true }], ['moves/undo'], ['moves/redo'], ['name', { number: 0, name: 'Nobody' }]])
		for (const [where, code] of [['{dZone}/designs/987654321', 'ERR_DATA_003'], ['987654321/designs/1', 'ERR_DATA_001']])
			yield { name: `${word} of ${where}`, as: 'admin', [word === 'name' ? 'put' : 'post']: `/territories/${where}/${word}`, ...(body ? { body } : { raw: '' }), status: 404, code }
	yield { name: 'what is today is changed by hand: nothing has moved yet', as: 'admin', post: '/territories/{dZone}/designs/hand', raw: '', save: { dHand: '/design' } }
	yield { name: 'it stands among the others', as: 'analyst', get: '/territories/{dZone}/designs/{dHand}', json: { name: 'By hand', status: 'READY', units: 2, moved: 0, cells: (c) => c.every((x) => x.territoryId && !x.made) } }
	yield { name: 'one unit is merged into the other as a whole', run: async () => {
		const path = `/territories/${saved.dZone}/designs/${saved.dHand}/moves`, body = { outlets: [], unit: 1, to: 0 }
		const told = await call({ method: 'POST', path, body: { ...body, preview: true } }), r = await call({ method: 'POST', path, body: { ...body, preview: false } })
		return [told.json.units !== 1 && told.text, r.json.units !== 1 && r.text, r.json.undo !== 1 && 'no step', r.json.cells?.[0].outlets !== 120 && JSON.stringify(r.json.cells)]
	} }
	yield { name: 'the trail tells who began', as: 'admin', get: '/audit?action=DESIGN_HAND', check: (r, s) => !r.json.items.some((x) => x.resourceId === s.dHand) && r.text }
	yield { name: 'from the shell too', run: () => /^ *\d+ +By hand$/m.test(beatplan('design', 'hand', '--territory', 'DZone', '--state', client.state)) ? [] : 'it is not' }
	yield { name: 'no more of them', run: async () => {
		const { items } = (await call({ path: `/territories/${saved.dZone}/designs` })).json
		for (const x of items.filter((s) => s.name === 'By hand'))
			await call({ method: 'DELETE', path: `/territories/${saved.dZone}/designs/${x.id}` })
		return []
	} }
	yield { name: 'nothing is changed by hand nowhere', as: 'admin', post: '/territories/987654321/designs/hand', raw: '', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'nor where no unit lies', run: async () => {
		const town = (await call({ path: '/territories?q=DWest%20town' })).json.items[0].id, r = await call({ method: 'POST', path: `/territories/${town}/designs/hand`, raw: '' })
		return (r.status !== 422 || r.json.code !== 'ERR_OPT_003') && r.text
	} }
	yield { name: 'nor too much at once', run: async () => {
		sql(client.state, `UPDATE territory_stat SET outlets = 200001 WHERE territory_id = ${saved.dZone}`)
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/hand`, raw: '' })
		sql(client.state, `UPDATE territory_stat SET outlets = 121 WHERE territory_id = ${saved.dZone}`)
		return r.json.code !== 'ERR_OPT_002' && r.text
	} }
	for (const what of ['approve', 'publish', 'undo']) {
		yield { name: `${what} what is not there`, as: 'admin', post: `/territories/{dZone}/designs/987654321/${what}`, body: { reason: 'new cut' }, raw: what === 'approve' ? '' : undefined, status: 404, code: 'ERR_DATA_003' }
		yield { name: `${what} nowhere`, as: 'admin', post: `/territories/987654321/designs/1/${what}`, body: { reason: 'new cut' }, raw: what === 'approve' ? '' : undefined, status: 404, code: 'ERR_DATA_001' }
	}
	yield { name: 'discard what is not there', as: 'admin', delete: '/territories/{dZone}/designs/987654321', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'discard nowhere', as: 'admin', delete: '/territories/987654321/designs/1', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'an analyst does not approve', as: 'analyst', post: '/territories/{dZone}/designs/{dEven}/approve', raw: '', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'approved', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/approve', raw: '' }
	for (const [word, body] of [['moves', { outlets: [], to: 0, preview: true }], ['moves/undo'], ['moves/redo'], ['name', { number: 0, name: 'Late' }]])
		yield { name: `${word}: only a draft is changed`, as: 'admin', [word === 'name' ? 'put' : 'post']: `/territories/{dZone}/designs/{dEven}/${word}`, ...(body ? { body } : { raw: '' }), status: 409, code: 'ERR_DATA_004' }
	yield { name: 'not twice', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/approve', raw: '', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'not without a reason', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/publish', body: { reason: '' }, status: 422, fields: ['/reason'] }
	yield { name: 'somebody plans a unit', run: async () => (await call({ method: 'POST', path: `/territories/${saved.dUnits[0].id}/lock`, body: { channel: 'GT' } })).status === 200 ? [] : 'no lock' }
	yield { name: 'not while it is locked', as: 'admin', post: '/territories/{dZone}/designs/{dEven}/publish', body: { reason: 'new cut' }, status: 409, code: 'ERR_LOCK_001', json: { detail: /being planned by Asha/ } }
	yield { name: 'given back', run: async () => { await call({ method: 'DELETE', path: `/territories/${saved.dUnits[0].id}/lock?channel=GT` }) } }
	yield { name: 'nothing has moved', run: async () => await where() === saved.dBefore ? [] : 'outlets moved' }
	yield { name: 'published, by one of two who ask at once', run: async () => {
		const ask = () => call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${saved.dEven}/publish`, body: { reason: 'new cut' } })
		const replies = await Promise.all([ask(), ask()]), one = replies.find((r) => r.status === 200)
		const job = one ? await ended(client, one.json.jobId) : {}
		saved.dJob = job.id
		return [replies.map((r) => r.status).sort().join() !== '200,409' && replies.map((r) => r.text), job.state !== 'done' && JSON.stringify(job), (job.kind !== 'TERRITORY_PUBLISH' || job.percent !== 100) && JSON.stringify(job)]
	} }
	yield { name: 'a planner, who may optimise, does not cancel that', as: 'planner', post: '/jobs/{dJob}/cancel', raw: '', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'the trail knows who asked', as: 'admin', get: '/audit?action=DESIGN_ASK', json: { items: some({ reason: 'new cut' }) } }
	yield { name: 'outlets are in other units', run: async () => await where() !== saved.dBefore ? [] : 'nothing moved' }
	yield {
		name: 'which are even now', as: 'admin', get: '/territories/{dZone}/units',
		json: { units: (u) => u.length === 2 && Math.abs(u[0].hours / u[1].hours - 1) < 0.16 && u.some((x) => x.name === 'Westside') },
	}
	yield { name: 'an outlet knows why', as: 'admin', get: '/outlets/{dSome}', json: { changes: some({ kind: 'EDIT', field: 'territory', reason: 'new cut' }) } }
	yield { name: 'the trail too', as: 'admin', get: '/audit?action=DESIGN_PUBLISH', json: { items: some({ reason: 'new cut' }) } }
	yield { name: 'what was published is not discarded', as: 'admin', delete: '/territories/{dZone}/designs/{dEven}', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'another scenario of before', as: 'admin', post: '/territories/{dZone}/designs/{dOther}/approve', raw: '' }
	yield { name: 'has been overtaken, and stays as it is', run: async () => {
		const job = await decided('publish', saved.dOther, 'late'), now = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dOther}` })).json
		return [(job.error?.code !== 'ERR_DATA_004' || !job.error.detail.includes('designed again')) && JSON.stringify(job), now.status !== 'APPROVED' && now.status]
	} }
	yield { name: 'where everything is now', run: async () => { saved.dAfter = await where() } }
	yield { name: 'the same file once more', run: imported('design again', file) }
	yield { name: 'goes around what was decided', run: async () => await where() === saved.dAfter ? [] : 'the import moved outlets back' }
	yield { name: 'no undoing while a unit is locked', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.dUnits[1].id}/lock`, body: { channel: 'GT' } })
		const r = await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${saved.dEven}/undo`, body: { reason: 'the old cut' } })
		await call({ method: 'DELETE', path: `/territories/${saved.dUnits[1].id}/lock?channel=GT` })
		return r.status === 409 && r.json.code === 'ERR_LOCK_001' ? [] : r.text
	} }
	yield { name: 'undone', run: well('undo', () => saved.dEven, 'the old cut', { back: () => saved.dMoved, kept: () => 0 }) }
	yield { name: 'the trail knows that too', as: 'admin', get: '/audit?action=DESIGN_UNDO', json: { items: some({ reason: 'the old cut' }) } }
	yield { name: 'the outlets are where they were, and units have their names', run: async () => [await where() !== saved.dBefore && 'they are not', (await units()).units.some((u) => u.name === 'Westside') && 'a name stayed'] }
	yield { name: 'discarded', as: 'admin', delete: '/territories/{dZone}/designs/{dEven}' }
	yield { name: 'and no longer listed', as: 'admin', get: '/territories/{dZone}/designs', check: (r, s) => r.json.items.some((x) => x.id === s.dEven) && 'it is listed' }
	yield { name: 'cut into three', run: design('dThree', { units: 3, redraw: true, tolerancePct: 5, border: 'DT' }) }
	yield { name: 'what two of them make is one unit to both, by the outlets that it shares', run: async () => {
		const made = [], { items } = (await call({ path: `/territories/${saved.dZone}/designs` })).json, three = items.filter((x) => saved.dThree.includes(x.id))
		for (const x of three)
			made.push((await call({ path: `/territories/${saved.dZone}/designs/${x.id}` })).json.cells.find((c) => c.territoryId === null)?.number)
		const r = (await call({ path: `/territories/${saved.dZone}/comparison?left=${three[0].id}&right=${three.at(-1).id}` })).json, pairs = []
		for (let i = 0; i < r.same.length; i += 2)
			pairs.push(r.same.slice(i, i + 2).join())
		return [made.includes(undefined) && 'nothing is made', pairs.length !== 3 && JSON.stringify(r), !pairs.includes(`${made[0]},${made.at(-1)}`) && `${pairs} without ${made}`]
	} }
	yield { name: 'one of them is made', as: 'admin', get: '/territories/{dZone}/designs', check: (r, s) => r.json.items.at(-1).id !== s.dThree[0] && 'not the last', save: { dCut: (r) => r.json.items.at(-1).id } }
	yield { name: 'approved as well', as: 'admin', post: '/territories/{dZone}/designs/{dCut}/approve', raw: '' }
	yield { name: 'and published', run: well('publish', () => saved.dCut, 'three people') }
	yield { name: 'there are three units', as: 'admin', get: '/territories/{dZone}/units', json: { units: (u) => u.length === 3 && u.every((x) => x.outlets >= 38), uncovered: 0 } }
	yield { name: 'others are imported', run: imported('design more', more) }
	yield { name: 'the units are as published', as: 'admin', get: '/territories/{dZone}/units', json: { units: (u) => u.length === 3, uncovered: 0 } }
	yield { name: 'merged on top of that', run: design('dTop', { units: 1, redraw: true }) }
	yield { name: 'and published as well', run: () => published(saved.dTop[0], 'one person') }
	yield { name: 'the older one is not undone first', as: 'admin', post: '/territories/{dZone}/designs/{dCut}/undo', body: { reason: 'two people' }, status: 409, code: 'ERR_DATA_004', check: (r, s) => !r.json.detail.includes(`scenario ${s.dTop[0]} "Redrawn" of`) && r.text }
	yield { name: 'the later one is', run: async () => {
		return [await well('undo', () => saved.dTop[0], 'three people')(), (await units()).units.length !== 3 && 'not three units']
	} }
	yield { name: 'undone again', run: well('undo', () => saved.dCut, 'two people', { kept: () => 0 }) }
	yield { name: 'there are two', as: 'admin', get: '/territories/{dZone}/units', json: { units: (u) => u.length === 2 } }
	yield { name: 'and all is where it was', run: async () => await where() === saved.dBefore ? [] : 'it is not' }
	/* An approval takes days, and files come in every night. */
	const outlet = async (code) => (await call({ path: `/outlets?q=${code}` })).json.items.find((o) => o.code === code)
	const territoryOf = async (code) => (await call({ path: `/outlets/${(await outlet(code)).id}` })).json.territory
	const status = async (code, value) => call({ method: 'PATCH', path: `/outlets/${(await outlet(code)).id}`, body: { values: [{ field: 'status', value }], reason: 'shut for now' } })
	const came = file + 'DESNC,New in the east,12.0612,77.1012,DLand,DZone,DEast,DEast town\n'
	yield { name: 'one unit once more', run: design('dCame', { units: 1, redraw: true }) }
	yield { name: 'is approved', run: async () => (await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${saved.dCame[0]}/approve`, raw: '' })).status >= 300 ? 'not approved' : [] }
	yield { name: 'meanwhile one comes and another shuts', run: async () => [...await imported('design came', came)(), (await status('DES119', 'closed')).status >= 300 && 'it did not shut'] }
	yield { name: 'which the scenario tells', run: async () => {
		const s = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dCame[0]}` })).json
		return [s.came !== 1 || s.gone !== 0 || s.strayed !== 0 || s.endedUnit !== null ? JSON.stringify(s) : '']
	} }
	yield { name: 'it is published all the same, and who came goes with their unit', run: async () => {
		const wrong = await well('publish', () => saved.dCame[0], 'one person')(), now = await units(), at = [await territoryOf('DES0'), await territoryOf('DES119'), await territoryOf('DESNC')]
		saved.dCameMoved = (await call({ path: `/territories/${saved.dZone}/designs/${saved.dCame[0]}` })).json.moved
		return [...wrong, now.units.length !== 1 && JSON.stringify(now), now.uncovered !== 0 && 'somebody is left behind', new Set(at.slice(1)).size !== 1 && at.join()]
	} }
	yield { name: 'undone, they are where they belong', run: async () => {
		const wrong = await well('undo', () => saved.dCame[0], 'two people', { back: () => saved.dCameMoved, kept: () => 0 })()
		const shut = await status('DES119', null)
		return [...wrong, await where() !== saved.dBefore && 'outlets are elsewhere', await territoryOf('DESNC') !== 'DEast town' && await territoryOf('DESNC'), shut.status >= 300 && shut.text]
	} }
	yield { name: 'one unit, for the last time', run: design('dStray', { units: 1, redraw: true }) }
	yield { name: 'somebody moves an outlet from one region to the other meanwhile', run: async () => imported('design stray', came.replace('DWest,DWest town', 'DEast,DEast town'))() }
	yield { name: 'which stands in its way, in words', run: async () => {
		const { json: s } = await call({ path: `/territories/${saved.dZone}/designs/${saved.dStray[0]}` }), job = await (async () => {
			await call({ method: 'POST', path: `/territories/${saved.dZone}/designs/${saved.dStray[0]}/approve`, raw: '' })
			return decided('publish', saved.dStray[0], 'one person')
		})()
		return [[s.strayed, s.strayedFrom, s.strayedTo].join() !== '1,DWest,DEast' && JSON.stringify(s), job.error?.code !== 'ERR_DATA_004' && JSON.stringify(job), !/^1 outlets were moved .* from DWest to DEast: move them back/.test(job.error?.detail) && JSON.stringify(job.error)]
	} }
	yield { name: 'and moved back no longer', run: async () => {
		const wrong = await imported('design back', came)(), published = await well('publish', () => saved.dStray[0], 'one person')(), undone = await well('undo', () => saved.dStray[0], 'two people')()
		return [...wrong, ...published, ...undone, await where() !== saved.dBefore && 'outlets are elsewhere']
	} }
	yield { name: 'merged into one', run: design('dOne', { units: 1, redraw: true }) }
	yield { name: 'that too is published', run: () => published(saved.dOne[0], 'one person') }
	yield { name: 'it is one unit, and stays one when others are imported', run: async () => {
		const before = await units(), wrong = await imported('design one', more.replace(/DESN/g, 'DESNX'))(), after = await units()
		return [...wrong, before.units.length !== 1 && JSON.stringify(before), after.units.length !== 1 && JSON.stringify(after),
			before.uncovered !== 0 && 'somebody is uncovered', after.uncovered !== 1 && `${after.uncovered} are told as uncovered: one came to the region that ended`]
	} }
	/* Which is a gap, and is filled by hand. */
	const list = async (query) => (await call({ path: `/outlets?${query}` })).json.items
	const into = (body, id = saved.dOneUnit) => call({ method: 'POST', path: `/territories/${id}/placings`, body: { reason: 'a gap', ...body } })
	const back = (id) => call({ method: 'POST', path: `/territories/${saved.dOneUnit}/placings/undo`, body: { id, reason: 'not there' } })
	const gaps = async () => (await list(`territory=${saved.dZone}&missing=unit`)).map((o) => o.code).join()
	yield { name: 'the gap is listed', run: async () => {
		saved.dOneUnit = (await units()).units[0].id
		saved.dGap = (await list(`territory=${saved.dZone}&missing=unit`))[0]?.id
		return await gaps() !== 'DESNX2' && await gaps()
	} }
	yield { name: 'beside outlets of no territory in the list of all', run: async () => {
		sql(process.env.BEATPLAN_STATE, 'UPDATE outlet SET territory_id = NULL WHERE code = "DESNX1"')
		const none = await list('missing=territory'), all = await list('missing=unit')
		saved.dNone = none.find((o) => o.code === 'DESNX1')?.id
		return [!saved.dNone && JSON.stringify(none), none.some((o) => o.territoryId !== null) && 'others', !all.some((o) => o.code === 'DESNX1') && 'not in the list of all']
	} }
	yield { name: 'a planner puts it nowhere', as: 'planner', post: '/territories/{dOneUnit}/placings', body: { outlets: [1], reason: 'a gap' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor anybody into what is not there', as: 'admin', post: '/territories/987654321/placings', body: { outlets: [1], reason: 'a gap' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'nor takes back there', as: 'admin', post: '/territories/987654321/placings/undo', body: { id: 1, reason: 'a gap' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'nor lists what was put there', as: 'admin', get: '/territories/987654321/placings', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'not without a reason', as: 'admin', post: '/territories/{dOneUnit}/placings', body: { outlets: [1], reason: '' }, status: 422, fields: ['/reason'] }
	yield { name: 'not one that is not there', as: 'admin', post: '/territories/{dOneUnit}/placings', body: { outlets: [987654321], reason: 'a gap' }, status: 404, code: 'ERR_DATA_003', json: { detail: /the first is 987654321/ } }
	yield { name: 'not while the unit is planned', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.dOneUnit}/lock`, body: { channel: 'GT' } })
		const r = await into({ outlets: [saved.dGap] })
		await call({ method: 'DELETE', path: `/territories/${saved.dOneUnit}/lock?channel=GT` })
		return (r.status !== 409 || r.json.code !== 'ERR_LOCK_001') && r.text
	} }
	yield { name: 'not against the blacklist', run: async () => {
		sql(process.env.BEATPLAN_STATE, `INSERT INTO outlet_list (outlet_id, list, territory_id, seat_id, import_id) VALUES (${saved.dGap}, 'BLACK', ${saved.dOneUnit}, 0, 1)`)
		const r = await into({ outlets: [saved.dGap] })
		sql(process.env.BEATPLAN_STATE, `DELETE FROM outlet_list WHERE outlet_id = ${saved.dGap}`)
		return (r.status !== 409 || r.json.code !== 'ERR_DATA_004' || !r.json.detail.includes('the first is DESNX2')) && r.text
	} }
	yield { name: 'it is put into the unit, with the one of no territory', run: async () => {
		const r = await into({ outlets: [saved.dGap, saved.dNone] })
		saved.dPlacing = r.json?.id
		return [r.status !== 200 && r.text, r.json?.outlets !== 2 && r.text, await gaps() && await gaps(), (await units()).uncovered !== 0 && 'still told']
	} }
	yield { name: 'which is listed with its reason', as: 'analyst', get: '/territories/{dZone}/placings', json: { items: [{ outlets: 2, reason: 'a gap', undone: false, person: /^Asha/ }] } }
	yield { name: 'an outlet knows it', as: 'admin', get: '/outlets/{dGap}', json: { changes: some({ kind: 'EDIT', field: 'territory', reason: 'a gap' }), edits: some({ field: 'territory' }) } }
	yield { name: 'so does the trail', as: 'admin', get: '/audit?action=OUTLETS_PLACE', json: { items: some({ reason: 'a gap' }) } }
	yield { name: 'an import leaves it there', run: async () => [...await imported('design gap', more.replace(/DESN/g, 'DESNX'))(), await gaps() && 'it was moved back'] }
	yield { name: 'not taken back while the unit is planned', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.dOneUnit}/lock`, body: { channel: 'GT' } })
		const r = await back(saved.dPlacing)
		await call({ method: 'DELETE', path: `/territories/${saved.dOneUnit}/lock?channel=GT` })
		return (r.status !== 409 || r.json.code !== 'ERR_LOCK_001') && r.text
	} }
	yield { name: 'taken back', run: async () => {
		const r = await back(saved.dPlacing), twice = await back(saved.dPlacing), none = await back(987654321)
		return [r.json?.back !== 2 || r.json.kept !== 0 ? r.text : '', twice.json?.code !== 'ERR_DATA_004' && twice.text, none.json?.code !== 'ERR_DATA_003' && none.text, await gaps() !== 'DESNX2' && await gaps()]
	} }
	yield { name: 'and written down', as: 'admin', get: '/audit?action=OUTLETS_PLACE_UNDO', json: { items: some({ reason: 'not there' }) } }
	yield { name: 'the same from the shell', run: async () => {
		const { code } = (await call({ path: `/territories/${saved.dOneUnit}` })).json, folder = mkdtempSync(join(tmpdir(), 'beatplan-gap-')), at = join(folder, 'gap.csv')
		const shell = (...words) => {
			try {
				return beatplan('design', ...words, '--territory', code, '--reason', 'a gap', '--state', process.env.BEATPLAN_STATE)
			} catch (e) {
				return e.stderr
			}
		}
		writeFileSync(at, 'DESNX2\nDESNX1\n')
		const put = shell('place', at), change = put.trim().split(' ')[0], filled = await gaps(), undone = shell('unplace', '--change', change), twice = shell('unplace', '--change', change)
		writeFileSync(at, 'DESNX2\nNOBODY\n')
		const unknown = shell('place', at)
		rmSync(folder, { recursive: true })
		return [!put.includes('2 outlets lie elsewhere now') && put, filled && 'the gap is there', !undone.startsWith('2 outlets are back') && undone, await gaps() !== 'DESNX2' && 'it is not back',
			!twice.includes('taken back already') && twice, !unknown.includes('line 2: there is no outlet NOBODY') && unknown]
	} }
	yield { name: 'undone, there are two', run: async () => {
		const wrong = await well('undo', () => saved.dOne[0], 'two people')(), now = await units()
		return [...wrong, (now.units.length !== 2 || now.uncovered) && JSON.stringify(now), await where() !== saved.dBefore && 'outlets are elsewhere']
	} }
	/* What the sweeps and the matrix ask for, of the first unit that is listed. */
	yield { name: 'scenarios of another unit', run: async () => {
		const unit = (await call({ path: '/territories?units=1' })).json.items[0].id
		for (const seed of [1, 2, 3]) {
			const r = await call({ method: 'POST', path: `/territories/${unit}/designs`, body: { units: 2, redraw: true, seed } })
			const job = await ended(client, r.json.jobId)
			if (job.state !== 'done')
				return JSON.stringify(job)
		}
		return []
	} }
}
export const steps = all
