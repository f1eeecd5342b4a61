// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of chains and banners: said once, heard for every store, kept by the optimiser and by moves made by hand; and each way they are refused.
import { randomUUID } from 'node:crypto'
import { ended, through, upload } from './40-import.mjs'
import { dateOf } from './planning.mjs'
import { differs, some } from './steps.mjs'

const none = { weekdays: [], mostPerDay: null, mostPrice: null, gapDays: null, leastMinutes: null, windows: [], blackouts: [] }
/** Twelve stores: six of a banner of a chain, three of the chain itself, three of nobody; in the first, hours of its own. */
const stores = ['code,name,lat,lon,tier,country,state,city,dt_code,channel,chain', ...Array.from({ length: 12 }, (_, i) =>
	`CH-${i},Store ${i},${(21 + (i % 4) / 90).toFixed(5)},${(74 + Math.floor(i / 4) / 90).toFixed(5)},Silver,Chainland,Chainstate,Chaintown,CHD,MT,${i < 6 ? 'CHBANNER' : i < 9 ? 'CHMEGA' : ''}`)].join('\n') + '\n'
const files = [['outlets.csv', stores], ['distributors.csv', 'code,name,lat,lon\nCHD,Chain Distribution,21.02,74.02\n'],
	['accounts.csv', 'account code,account name,parent\nCHMEGA,MegaMart,\nCHBANNER,MegaMart Express,CHMEGA\n'],
	['seats.csv', 'code,name,person,dt_codes,vehicle,channel\nCHS-1,Key accounts one,Kay,CHD,car,MT\nCHS-2,Key accounts two,Ken,CHD,car,MT\n'],
	['windows.csv', 'outlet code,weekday,opens,closes,hard\nCH-0,Mon-Fri,12:00,15:00,yes\n']]

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	let unit, mega, banner, session, plan, d
	const rules = (body, as = 'mtmanager', id = mega) => call(as, 'PUT', `/accounts/${id}/rules`, { ...none, reason: 'a test', ...body })
	const draft = async () => (d = (await call('mtplanner', 'GET', `/planning/sessions/${session}/draft`)).json)
	const clashes = async () => (await call('mtplanner', 'GET', `/territories/${unit.id}/profile/clashes?channel=MT`)).json.items
	const optimise = async () => {
		const r = await call('mtplanner', 'POST', '/optimize', { sessionId: session, iterations: 4000, seed: 3 }), job = r.json.jobId && await ended(client, r.json.jobId, 'mtplanner')
		if (job?.state !== 'done')
			throw new Error(r.text + JSON.stringify(job))
		await call('mtplanner', 'POST', `/planning/sessions/${session}/adopt`, { versionId: job.result.versionId })
		return draft()
	}
	/** Visits of the draft with the number of their store. */
	let numberOf
	const visits = () => d.visits.need.map((n, i) => ({ need: n, store: numberOf.get(n), day: d.visits.day[i], seat: d.visits.seat[i], weekday: new Date(`${dateOf(d.cycle.anchor, d.visits.day[i])}T00:00:00Z`).getUTCDay() || 7 }))

	yield { name: 'stores of two accounts, one above the other', run: async () => {
		await client.login('mtmanager', 'mtmanager', 'beatplan-demo')
		for (const [name, text] of files) {
			const id = (await call('admin', 'POST', '/import/sessions', { name })).json.id, up = await upload(client, id, name, text)
			for (const what of up.status === 200 ? ['validate', 'process'] : [])
				await through(client, id, what)
			if (up.status !== 200)
				return up.text
		}
		unit = (await call('admin', 'GET', '/territories?units=1&limit=500&channel=MT')).json.items.find((t) => /chain/i.test(t.name + t.code + JSON.stringify(t.path ?? '')))
		const list = (await call('admin', 'GET', '/accounts?q=CH')).json.items
		mega = list.find((a) => a.code === 'CHMEGA')?.id
		banner = list.find((a) => a.code === 'CHBANNER')?.id
		return [!unit && 'no unit', !mega && 'no chain', !banner && 'no banner']
	} }
	yield { name: 'nothing is said at first', run: async () => differs({ name: 'MegaMart', parent: null, own: none, above: null, stores: 9, ownHours: 1, at: null, person: null }, (await call('mtplanner', 'GET', `/accounts/${mega}/rules`)).json) }
	yield { name: 'the chains of a territory and their stores', run: async () => {
		const r = (await call('mtplanner', 'GET', `/territories/${unit.id}/chains`)).json
		return differs({ items: (l) => l.length === 2, outlet: (o) => o.length === 9, account: (a) => a.filter((x) => x === mega).length === 3 && a.filter((x) => x === banner).length === 6 }, r)
	} }
	yield { name: 'the head office speaks', run: async () => {
		const r = await rules({ weekdays: [2, 4], mostPerDay: 2, leastMinutes: 50, windows: [{ weekday: 0, opens: 540, closes: 780, hard: true }] })
		return differs({ own: { weekdays: [2, 4], mostPerDay: 2, leastMinutes: 50, gapDays: null, windows: [{ weekday: 0, opens: 540 }], blackouts: [] }, at: /^20/, person: /Claire/ }, r.json)
	} }
	yield { name: 'the banner adds to it', run: async () => {
		const r = await rules({ gapDays: 6 }, 'mtmanager', banner), c = (await call('mtplanner', 'GET', `/territories/${unit.id}/chains`)).json.items.find((x) => x.accountId === banner)
		return [differs({ parent: 'MegaMart', own: { gapDays: 6 }, above: { weekdays: [2, 4], mostPerDay: 2 } }, r.json), differs({ weekdays: [2, 4], mostPerDay: 2, mostOf: mega, gapDays: 6, leastMinutes: 50, windows: [{ opens: 540 }] }, c)]
	} }
	yield { name: 'the trail tells it', run: async () => differs({ items: some({ action: 'CHAIN_RULES', resourceType: 'account' }) }, (await call('admin', 'GET', '/audit?action=CHAIN_RULES')).json) }
	yield { name: 'the optimiser keeps all of it, and a store its own hours', run: async () => {
		const lock = await call('mtplanner', 'POST', `/territories/${unit.id}/lock`, { channel: 'MT' }), s = await call('mtplanner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'MT' })
		session = s.json.id
		plan = s.json.planId
		const outlets = (await call('mtplanner', 'GET', `/outlets?territory=${unit.id}&limit=100`)).json.items
		numberOf = new Map()
		for (const o of outlets)
			for (const n of (await call('mtplanner', 'GET', `/outlets/${o.id}`)).json.needs)
				numberOf.set(n.id, Number(o.code.slice(3)))
		await optimise()
		const v = visits(), tours = new Map(), of = v.filter((x) => x.store < 9)
		of.forEach((x) => tours.set(`${x.seat} ${x.day}`, (tours.get(`${x.seat} ${x.day}`) ?? 0) + 1))
		const gaps = [0, 1, 2, 3, 4, 5].flatMap((s) => ((days) => days.slice(1).map((x, i) => x - days[i]))(v.filter((x) => x.store === s).map((x) => x.day).sort((a, b) => a - b)))
		return [lock.status !== 200 && lock.text, s.status !== 200 && s.text, of.length < 20 && `only ${of.length} visits`, v.filter((x) => x.store > 8).length < 6 && 'the others are not visited',
			of.some((x) => x.store && ![2, 4].includes(x.weekday)) && 'a weekday that is not allowed', Math.max(...tours.values()) > 2 && `${Math.max(...tours.values())} stores of the chain in a tour`,
			gaps.some((g) => g < 6) && `gaps of ${gaps}`, !v.some((x) => x.store > 8 && ![2, 4].includes(x.weekday)) && 'the stores of nobody are bound too']
	} }
	yield { name: 'a move by hand that crowds a day is told', run: async () => {
		const v = visits().filter((x) => x.store > 0 && x.store < 9), full = v.find((x) => v.filter((y) => y.seat === x.seat && y.day === x.day).length === 2)
		const other = v.find((x) => x.day !== full.day && !v.some((y) => y.need === x.need && y.day === full.day))
		const op = { clientId: randomUUID(), kind: 'move', visits: [{ need: other.need, date: dateOf(d.cycle.anchor, other.day) }], date: dateOf(d.cycle.anchor, full.day), seat: full.seat, reach: 'standing' }
		const price = await call('mtplanner', 'POST', `/planning/sessions/${session}/price`, { ops: [op] }), refused = await call('mtplanner', 'POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [op] })
		return [differs({ broken: some({ rule: 'CHAIN', severity: 'block' }) }, price.json), differs({ code: 'ERR_PLAN_001' }, refused.json)]
	} }
	yield { name: 'dates on which nobody is received leave the visit list, and come back', run: async () => {
		const c = await call('mtplanner', 'POST', '/planning/commit', { sessionId: session, keepLock: true })
		const rows = async () => (await call('mtplanner', 'GET', `/plans/${plan}/export?what=visits&format=csv`)).text.trim().split('\r\n').slice(1).filter((l) => /CH-[0-8],/.test(l))
		const before = await rows(), date = /\d{4}-\d\d-\d\d/.exec(before[Math.floor(before.length / 2)])?.[0], there = before.filter((l) => l.includes(date)).length
		const put = await rules({ weekdays: [2, 4], mostPerDay: 2, blackouts: [{ from: date, to: date, name: 'stock taking' }] }), after = await rows()
		session = (await call('mtplanner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'MT' })).json.id
		await draft()
		const x = visits().find((y) => y.store > 0 && y.store < 9 && dateOf(d.cycle.anchor, y.day) !== date)
		const at = (y) => { let t = dateOf(d.cycle.anchor, y.day); while (t <= new Date().toISOString().slice(0, 10)) t = dateOf(t, d.cycle.days ?? d.cycle.weeks * 7); return t }
		const price = await call('mtplanner', 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), kind: 'move', visits: [{ need: x.need, date: at(x) }], date, seat: x.seat, reach: 'date' }] })
		await rules({ weekdays: [2, 4], mostPerDay: 2 })
		return [c.status !== 200 && c.text, put.status !== 200 && put.text, !there && 'nothing on that date', after.length !== before.length - there && `${before.length} visits became ${after.length}, ${there} on the date`,
			(await rows()).length !== before.length && 'they do not come back', differs({ broken: some({ rule: 'BLACKOUT', severity: 'block', message: /stock taking/ }) }, price.json)]
	} }
	yield { name: 'limits that clash are named with the chain', run: async () => {
		const today = new Date().toISOString().slice(0, 10), wrong = []
		for (const [body, want] of [[{ weekdays: [6, 7] }, 'CHAIN_DAYS'], [{ windows: [{ weekday: 0, opens: 360, closes: 420, hard: true }] }, 'CHAIN_HOURS'], [{ windows: [{ weekday: 0, opens: 1000, closes: 1020, hard: true }], leastMinutes: 120 }, 'CHAIN_HOURS'],
			[{ weekdays: [1], mostPerDay: 1 }, 'CHAIN_MOST'], [{ blackouts: [{ from: today, to: dateOf(today, 366), name: 'all year' }] }, 'CHAIN_DATES']]) {
			const r = await rules(body), found = await clashes()
			wrong.push(r.status !== 200 && r.text, differs(some({ kind: want, account: /MegaMart/, params: [], left: (n) => n >= 0 }), found))
		}
		await rules({ weekdays: [1], mostPerDay: 1, mostPrice: 5 })
		wrong.push((await clashes()).some((c) => c.kind === 'CHAIN_MOST') && 'a price is no clash')
		await rules({})
		return [wrong, differs([], (await clashes()).filter((c) => c.accountId === mega))]
	} }
	yield { name: 'for a price a day may have more', run: async () => {
		const most = () => Math.max(...[...visits().filter((x) => x.store < 9).reduce((m, x) => m.set(`${x.seat} ${x.day}`, (m.get(`${x.seat} ${x.day}`) ?? 0) + 1), new Map()).values()])
		const said = (await rules({ weekdays: [2], mostPerDay: 1, mostPrice: 5 })).json, missing = async () => ((await optimise()).unserved.missing.reduce((a, b) => a + b, 0))
		const left = await missing(), full = most()
		await rules({ weekdays: [2], mostPerDay: 1 })
		const hard = await missing(), one = most()
		await rules({})
		return [differs({ own: { mostPerDay: 1, mostPrice: 5 } }, said), full < 2 && 'no tour has more', one !== 1 && `${one} visits in a tour`, hard <= left && `${hard} are missing without a price, ${left} with it`]
	} }
	yield { name: 'what makes no sense is refused, each fault by its place', run: async () => {
		const w = { weekday: 0, opens: 540, closes: 600, hard: true }, b = { from: '2099-01-01', to: '2099-01-07', name: 'x' }
		const bad = [[{ weekdays: [8] }, '/weekdays/0'], [{ weekdays: [1, 2, 3, 4, 5, 6, 7, 1] }, '/weekdays'], [{ mostPerDay: 0 }, '/mostPerDay'], [{ mostPrice: 30 }, '/mostPrice'], [{ mostPerDay: 2, mostPrice: 0 }, '/mostPrice'], [{ gapDays: 57 }, '/gapDays'], [{ leastMinutes: 481 }, '/leastMinutes'],
			[{ windows: [{ ...w, closes: 540 }] }, '/windows/0/closes'], [{ windows: [w, { ...w, opens: 560, closes: 700 }] }, '/windows/1'], [{ weekdays: [2], windows: [{ ...w, weekday: 3 }] }, '/windows/0/weekday'],
			[{ blackouts: [{ ...b, to: '2098-12-31' }] }, '/blackouts/0/to'], [{ blackouts: [{ ...b, to: '2100-12-31' }] }, '/blackouts/0/to'], [{ blackouts: [b, { ...b, from: '2099-01-07' }] }, '/blackouts/1'], [{ blackouts: [{ ...b, name: '' }] }, '/blackouts/0/name'],
			[{ blackouts: Array.from({ length: 61 }, (_, i) => ({ from: dateOf('2099-01-01', i), to: dateOf('2099-01-01', i), name: 'x' })) }, '/blackouts'], [{ windows: Array.from({ length: 29 }, (_, i) => ({ ...w, opens: i, closes: i + 1 })) }, '/windows']]
		return (await Promise.all(bad.map(async ([body, at]) => {
			const r = await rules(body)
			return differs({ code: 'ERR_REQ_004', fields: some({ pointer: at }) }, r.json).map((x) => `${at}: ${x}`)
		})))
	} }
	yield { name: 'whoever plans does not change them', run: async () => differs({ code: 'ERR_AUTH_002' }, (await rules({}, 'mtplanner')).json) }
	yield { name: 'nor a manager of a part of the chain', run: async () => {
		const username = `chain-part-${Date.now()}`, made = await call('admin', 'POST', '/users', { username, name: 'Petra Halfhand', scopes: [{ territoryId: unit.id, role: 'planning_manager_mt' }] })
		await client.login('part', username, made.json.password)
		const mine = await rules({ gapDays: 2 }, 'part')
		const foreign = (await call('admin', 'GET', '/accounts?limit=500')).json.items.find((a) => a.outlets > 0 && a.id !== mega && a.id !== banner)
		const r = foreign ? await rules({}, 'part', foreign.id) : { json: { code: 'ERR_AUTH_002' } }, seen = foreign ? await call('part', 'GET', `/accounts/${foreign.id}/rules`) : { json: { code: 'ERR_DATA_003' } }
		await rules({})
		return [differs({ own: { gapDays: 2 } }, mine.json), differs({ code: 'ERR_AUTH_002' }, r.json), differs({ code: 'ERR_DATA_003' }, seen.json)]
	} }
	yield { name: 'an account that is not there', as: 'admin', get: '/accounts/987654321/rules', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'and has no rules to be set', as: 'admin', put: '/accounts/987654321/rules', body: { ...none, reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor taken back', as: 'admin', delete: '/accounts/987654321/rules?reason=a+test', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'all is taken back', run: async () => {
		await rules({ weekdays: [1] })
		const r = await call('mtmanager', 'DELETE', `/accounts/${mega}/rules?reason=a+test`), s = await call('mtmanager', 'DELETE', `/accounts/${banner}/rules?reason=a+test`)
		await call('mtplanner', 'POST', `/planning/sessions/${session}/close`)
		return [r.status !== 200 && r.text, s.status !== 200 && s.text, differs({ own: none, above: null }, (await call('mtplanner', 'GET', `/accounts/${banner}/rules`)).json)]
	} }
}
export const steps = all
