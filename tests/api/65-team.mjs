// SPDX-License-Identifier: GPL-3.0-or-later
// People come and go, seats stay: a representative resigns and the beats survive; an odd week leaves the others as they are.
import { randomUUID } from 'node:crypto'
import { listsFollow, stops } from './planning.mjs'
import { sql } from './shell.mjs'
import { differs, some } from './steps.mjs'

const iso = (ms) => new Date(ms).toISOString().slice(0, 10)
const WHY = { reason: 'this week only', reasonCode: 'PROMOTION' }

/* One week with a Monday holiday, a town that is closed on Tuesday, a Friday market and one leave: the other weeks are unchanged. */
async function* oddWeek({ client }) {
	const call = async (method, path, body, as = 'planner') => {
		const r = await client.call({ as, method, path, body })
		if (r.status !== 200)
			throw new Error(`${method} ${path}: ${r.status} ${r.text}`)
		return r.json ?? r.text
	}
	const monday = Date.now() + 864e5 * ((8 - new Date().getUTCDay()) % 7 + 14), week = [0, 1, 2, 3, 4, 5, 6].map((d) => iso(monday + d * 864e5)), [mon, tue, wed, thu, fri] = week
	let unit, before, seats, town, market
	/** The visit list by date and seat: {date: {seat: [outlet...]}}, of four weeks around. */
	const visits = async () => {
		await listsFollow(client, unit.id)
		const [head, ...rows] = (await call('GET', `/plans/${unit.plan.id}/export?what=visits&format=csv&from=${iso(monday - 7 * 864e5)}&to=${iso(monday + 34 * 864e5)}`)).trim().split('\r\n').map((l) => l.split(','))
		const [day, seat, outlet] = [/^date/, /^seat/, /^outlet/].map((x) => head.findIndex((h) => x.test(h)))
		return rows.map((r) => ({ day: r[day], seat: r[seat], outlet: r[outlet], row: r.join() }))
	}
	const on = (list, day, seat) => list.filter((v) => v.day === day && (!seat || v.seat === seat)).map((v) => v.outlet).sort().join()
	yield { name: 'a plan is opened for an odd week', run: async () => {
		unit = (await call('GET', '/territories?units=1&channel=GT&limit=500', undefined, 'admin')).items.find((u) => u.unit && u.plan?.version && !u.locks.length)
		before = await visits()
		seats = (await call('GET', `/plans/${unit.plan.id}/draft`)).seats
		return [!on(before, mon) && 'nobody works on that Monday', !on(before, thu, seats[1].code) && 'nobody is to be away']
	} }
	yield { name: 'a Monday holiday and one leave are said, a closed town and a market are moved on their dates', run: async () => {
		await call('PUT', `/territories/${unit.id}/holidays`, { day: mon, name: 'Holiday', reason: 'a test' }, 'manager')
		await call('POST', `/seats/${seats[1].id}/absences`, { from: thu, to: thu, kind: 'LEAVE' }, 'manager')
		await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const session = (await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).id, d = await call('GET', `/planning/sessions/${session}/draft`)
		const dayOf = (date) => (((Date.parse(date) - Date.parse(d.cycle.anchor)) / 864e5) % d.cycle.days + d.cycle.days) % d.cycle.days
		const some = (date, n) => d.visits.need.flatMap((need, i) => (d.visits.seat[i] === seats[0].id && d.visits.day[i] === dayOf(date) && !d.visits.from[i] && !d.visits.to[i] ? [need] : [])).slice(0, n)
		town = some(tue, 3)
		market = some(fri, 2)
		let seq = d.seq
		for (const [list, from, to] of [[town, tue, wed], [market, fri, thu]])
			seq = (await call('POST', `/planning/sessions/${session}/ops`, { seq, ops: [{ clientId: randomUUID(), kind: 'move', reach: 'date', visits: list.map((need) => ({ need, date: from })), date: to, ...WHY }] })).seq
		await call('POST', '/planning/commit', { sessionId: session })
		return [town.length !== 3 && 'no town', market.length !== 2 && 'no market']
	} }
	yield { name: 'the other weeks are unchanged', run: async () => {
		const after = await visits(), other = (list) => list.filter((v) => !week.includes(v.day)).map((v) => v.row).sort().join('\n')
		return [other(after) !== other(before) && 'another week is another', on(after, mon) && `visits on the holiday: ${on(after, mon)}`, on(after, thu, seats[1].code) && 'whoever is away visits',
			on(after, tue, seats[0].code).split(',').length !== on(before, tue, seats[0].code).split(',').length - 3 && 'the town is not left alone', on(after, wed, seats[0].code).split(',').length !== on(before, wed, seats[0].code).split(',').length + 3 && 'nor visited on Wednesday',
			on(after, fri, seats[0].code).split(',').length !== on(before, fri, seats[0].code).split(',').length - 2 && 'the market is not left alone', on(after, tue, seats[2].code) !== on(before, tue, seats[2].code) && 'others are concerned']
	} }
	yield { name: 'and it is a week as any other when all is taken back', run: async () => {
		await call('DELETE', `/territories/${unit.id}/holidays?day=${mon}&reason=a+test`, undefined, 'manager')
		for (const a of (await call('GET', `/absences?seat=${seats[1].id}`)).items)
			await call('DELETE', `/seats/${seats[1].id}/absences/${a.id}`, undefined, 'manager')
		const after = await visits()
		return [on(after, mon) !== on(before, mon) && 'Monday is another', on(after, thu, seats[1].code) !== on(before, thu, seats[1].code) && 'the leave has left something']
	} }
}

async function* resigns({ client, saved }) {
	const call = async (path, as = 'admin') => (await client.call({ as, path })).json
	const today = new Date().toISOString().slice(0, 10), tomorrow = new Date(Date.now() + 86400000).toISOString().slice(0, 10)
	let unit, draft, beats
	/** What a plan is, whoever does it. */
	const planOf = async () => {
		const d = await call(`/plans/${unit.plan.id}/draft`)
		return [d, JSON.stringify([d.beats, d.tours]) + stops(d)]
	}
	yield { name: 'a plan is there', run: async () => {
		unit = (await call('/territories?units=1&channel=GT&limit=500')).items.find((u) => u.unit && u.plan?.version)
		;[draft, beats] = await planOf()
		saved.teamSeat = draft.seats[0].id
		return [!draft.visits.need.length && 'no visits', !draft.beats?.length && 'no beats', !draft.seats[0].person && 'the seat is vacant already']
	} }
	yield { name: 'a planner does not say who holds a seat', as: 'planner', put: '/seats/{teamSeat}/person', body: { person: null }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor does anybody say it of a seat that is not there', as: 'manager', put: '/seats/987654321/person', body: { person: null }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor for a day years away', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: null, from: '2031-01-01' }, status: 422, fields: ['/from'] }
	yield { name: 'nor for the past, which stays what it was', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: null, from: '2026-01-05' }, status: 422, fields: ['/from'] }
	yield { name: 'a representative resigns', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: null, from: today, reason: 'resigned' } }
	yield { name: 'the seat is vacant, its beats and its plan are as they were', run: async () => {
		const seat = (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat), [d, now] = await planOf()
		return [seat.person !== null && seat.person, d.seats.find((s) => s.id === saved.teamSeat).person !== null && 'the plan names a person', now !== beats && 'beats, tours or visits changed']
	} }
	yield { name: 'somebody comes tomorrow', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: 'Nina New', email: 'nina@example.org', from: tomorrow } }
	yield { name: 'and today it is vacant still', run: async () => (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat).person !== null && 'not vacant' }
	yield { name: 'and is told as who comes next', run: async () => {
		return differs({ person: null, personUntil: null, successor: 'Nina New', successorFrom: tomorrow }, (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat))
	} }
	yield { name: 'or today', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: 'Nina New', from: today } }
	yield { name: 'who has the beats of the one before', run: async () => {
		const seat = (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat), [, now] = await planOf()
		return [differs({ person: 'Nina New', personSince: today }, seat), now !== beats && 'beats, tours or visits changed']
	} }
	yield { name: 'the trail says who came, who left and why', as: 'admin', get: '/audit?action=SEAT_PERSON', json: { items: some({ resourceType: 'seat', reason: 'resigned', changes: some({ field: 'person', old: draft.seats[0].person, new: null }) }) } }
	/* Who is known is only named here: neither name nor address of others changes, and nobody becomes two. */
	const people = () => sql(client.state, 'SELECT code, name, email FROM resource ORDER BY id')
	yield { name: 'somebody else is not renamed by a code that is taken, nor their address changed', run: async () => {
		const other = draft.seats[1].person, [code] = people().split('\n').map((l) => l.split('\t')).find((x) => x[1] === other), before = people(), wrong = []
		for (const [body, field] of [[{ person: 'Somebody Else', code }, '/code'], [{ person: other, code, email: 'mine@example.org' }, '/email'], [{ person: other, email: 'mine@example.org' }, '/email'], [{ person: 'X'.repeat(80) }, '/code']]) {
			const r = await client.call({ as: 'manager', method: 'PUT', path: `/seats/${saved.teamSeat}/person`, body })
			wrong.push((r.status !== 422 || r.json.fields?.[0].pointer !== field) && `${JSON.stringify(body)}: ${r.text}`)
		}
		return [wrong, people() !== before && 'people changed']
	} }
	yield { name: 'which of two of one name is told by the code', run: async () => {
		sql(client.state, "INSERT INTO resource (code, name) VALUES ('TWIN-1', 'Twin Name'), ('TWIN-2', 'Twin Name')")
		const ask = async (body) => client.call({ as: 'manager', method: 'PUT', path: `/seats/${saved.teamSeat}/person`, body }), which = await ask({ person: 'Twin Name' }), one = await ask({ person: 'Twin Name', code: 'TWIN-2' })
		return [which.status !== 422 && which.text, !/TWIN-1, TWIN-2/.test(which.text) && which.text, one.status !== 200 && one.text]
	} }
	yield { name: 'the one before is put back, and is nobody new', run: async () => {
		const before = people(), r = await client.call({ as: 'manager', method: 'PUT', path: `/seats/${saved.teamSeat}/person`, body: { person: draft.seats[0].person, from: today } })
		const again = await client.call({ as: 'manager', method: 'PUT', path: `/seats/${saved.teamSeat}/person`, body: { person: draft.seats[0].person, from: tomorrow } })
		return [r.status !== 200 && r.text, again.status !== 200 && again.text, people() !== before && 'a second one', differs({ person: draft.seats[0].person, personSince: today }, (await call('/seats?limit=500')).items.find((x) => x.id === saved.teamSeat))]
	} }
}

export const steps = async function* (all) {
	yield* resigns(all)
	yield* oddWeek(all)
}
