// SPDX-License-Identifier: GPL-3.0-or-later
// What a planner tries in the first hour: a bazaar on one pin, a fortnight over the turn of the year, minutes by hand,
// a plan that goes out and comes back, a new plan in which nothing may change.
import { randomUUID } from 'node:crypto'
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { differs, some } from './steps.mjs'

const DAY = 86400000
const MOST_CALLS = 40
const dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / DAY
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10)
const days = (visits) => [28, 14, 7][[1, 2, 4].indexOf(visits)]
const LEAST_GAP = { 1: 20, 2: 10, 4: 5 }

/** Two units: a bazaar of 300 shops within 400 m, ten of them on one pin, for one person; and 90 shops in 8 km for two. */
function places() {
	const r = random(31), towns = [{ name: 'Bazaar', n: 300, at: [19.1, 72.9], size: 0.0018, seats: 1 }, { name: 'Wide', n: 90, at: [21.2, 79.1], size: 0.036, seats: 2 }]
	const outlets = ['Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency']
	const dts = ['DT Code,DT Name,Latitude,Longitude'], seats = ['Seat Code,Seat Name,Person,Territory,DT Codes,Vehicle,Latitude,Longitude']
	const wanted = new Map()
	for (const { name, n, at: [lat, lon], size, seats: people } of towns) {
		dts.push(`QDT${name},Distributor ${name},${lat},${lon}`)
		for (let s = 0; s < people; s++)
			seats.push(`QS${name}${s},Seat ${name} ${s},Person ${name} ${s},QDT${name},,two-wheeler,${lat},${lon}`)
		for (let i = 0; i < n; i++) {
			/* 180 x 4 + 110 x 2 + 10 visits: 950 of the 960 that one person may do in a cycle. */
			const visits = name === 'Bazaar' ? i < 180 ? 4 : i < 290 ? 2 : 1 : [1, 2, 4][i % 3]
			const pin = name === 'Bazaar' && i >= 145 && i < 155
			const at = [lat, lon].map((c) => (c + (pin ? 0 : (r() - 0.5) * 2 * size / Math.SQRT2)).toFixed(6))
			outlets.push(`Q${name}${i},Shop ${name} ${i},${at},Firstland,Q${name},Q${name} Area,QDT${name},Distributor ${name},GT,Bronze,${visits}`)
			wanted.set(`Q${name}${i}`, visits)
		}
	}
	return { outlets: `${outlets.join('\n')}\n`, distributors: `${dts.join('\n')}\n`, seats: `${seats.join('\n')}\n`, wanted }
}

/** The snapshot's needs by id: code, place, seconds; a square of 0.02 degrees with fewer than three shops is countryside. */
function needsOf(snapshot) {
	const running = (list) => { let sum = 0; return list.map((d) => sum += d) }
	const { outlets, needs } = snapshot, lat = running(outlets.lat), lon = running(outlets.lon), outletOf = running(needs.outlet)
	const square = (o) => `${Math.floor(lat[o] / 2000)},${Math.floor(lon[o] / 2000)}`
	const inSquare = outlets.id.reduce((sum, _, o) => sum.set(square(o), (sum.get(square(o)) ?? 0) + 1), new Map())
	return new Map(running(needs.id).map((id, i) => {
		const o = outletOf[i]
		return [id, { code: outlets.code[o], lat: lat[o] / 1e5, lon: lon[o] / 1e5, visits: needs.visits[i], service: needs.service[i], rural: inSquare.get(square(o)) < 3 }]
	}))
}

/** Seconds of a tour by the formula of travel.h; `t` is the draft's travel model. */
function secondsByHand(t, stops) {
	const rad = Math.PI / 180, METRES = 111194.927
	const pace = (p) => p.rural ? t.roadFactorRural / (t.speedRural / 3.6) : t.roadFactorUrban / (t.speedUrban / 3.6)
	return stops.reduce((sum, b, i) => {
		if (!i)
			return sum + b.service
		const a = stops[i - 1]
		const m = Math.hypot(METRES * (b.lat - a.lat), METRES * (b.lon - a.lon) * (Math.cos(a.lat * rad) + Math.cos(b.lat * rad)) / 2)
		const ride = m * (pace(a) + pace(b)) / 2 + t.stopMinutes * 60
		const walk = m <= t.walkMetres ? m * t.roadFactorUrban / (t.walkSpeed / 3.6) + t.walkStopMinutes * 60 : Infinity
		return sum + b.service + Math.floor(Math.min(ride, walk) + 0.5)
	}, 0)
}

/** The standing tour of a seat and cycle day: needs in order. */
const tourOf = (d, seat, day) => d.visits.need.map((_, i) => i).filter((i) => d.visits.seat[i] === seat && d.visits.day[i] === day)
	.sort((a, b) => d.visits.pos[a] - d.visits.pos[b]).map((i) => d.visits.need[i])

/** Everything that is never broken, looked at in the columns of a draft. */
function brokenIn(d, needs, wanted) {
	const wrong = [], daysOf = new Map(), seatsOf = new Map(), missing = new Map(d.unserved.need.map((n, i) => [n, d.unserved.missing[i]]))
	const seats = new Map(d.seats.map((s) => [s.id, s]))
	d.tours.seat.forEach((seat, i) => {
		const s = seats.get(seat), t = d.tours, name = `tour of seat ${seat} on day ${t.day[i]}`
		if (t.calls[i] > MOST_CALLS || t.calls[i] !== tourOf(d, seat, t.day[i]).length)
			wrong.push(`${name}: ${t.calls[i]} calls, ${tourOf(d, seat, t.day[i]).length} visits`)
		if (t.travel[i] + t.service[i] + t.wait[i] > s.shiftSeconds || t.over[i])
			wrong.push(`${name}: ${t.travel[i] + t.service[i] + t.wait[i]} of ${s.shiftSeconds} seconds`)
		if (!s.workDays.includes(t.day[i]))
			wrong.push(`${name}: a day off`)
	})
	d.visits.need.forEach((need, i) => {
		daysOf.set(need, [...daysOf.get(need) ?? [], d.visits.day[i]])
		seatsOf.set(need, new Set([...seatsOf.get(need) ?? [], d.visits.seat[i]]))
	})
	for (const [id, { code }] of needs) {
		const on = (daysOf.get(id) ?? []).sort((a, b) => a - b), want = wanted.get(code)
		const gaps = on.length > 1 ? on.map((x, i) => i ? x - on[i - 1] : x + d.cycle.days - on.at(-1)) : []
		if (on.length + (missing.get(id) ?? 0) !== want)
			wrong.push(`${code}: ${on.length} visits and ${missing.get(id) ?? 0} missing, ${want} wanted`)
		if (Math.min(...gaps) < LEAST_GAP[want])
			wrong.push(`${code}: days ${on}`)
		if (seatsOf.get(id)?.size > 1)
			wrong.push(`${code}: ${seatsOf.get(id).size} people`)
	}
	return wrong
}

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	/** Core and details of a unit's snapshot, as one. */
	async function snapshotOf(unit) {
		const get = async (path) => JSON.parse((await call('planner', 'GET', `/territories/${unit}/snapshot${path}`)).text), core = await get('')
		return { ...core, outlets: { ...core.outlets, ...(await get(`/details?v=${core.details}`)).outlets } }
	}
	const data = places(), units = {}
	/* No field of ours holds a comma. */
	const fields = (row) => row.split(',').map((f) => f.replace(/^"|"$/g, ''))
	const table = (csv) => { const [head, ...more] = csv.trim().split('\r\n').map(fields); return more.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]]))) }
	const draftOf = async (unit) => (await call('planner', 'GET', `/planning/sessions/${unit.session}/draft`)).json
	const version = async (unit, id) => {
		const { json } = await call('planner', 'GET', `/plans/${unit.plan}/versions?limit=50`)
		return json.items.find((v) => id ? v.id === id : v.kind === 'IMPORT')
	}
	const exported = async (unit, what, more = '') => {
		const r = await call('planner', 'GET', `/plans/${unit.plan}/export?what=${what}&format=csv${more}`)
		if (r.status !== 200)
			throw new Error(r.text)
		return r.text
	}
	/** Lock and open the plan. */
	const open = async (unit) => {
		const lock = await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const r = await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
		unit.session = r.json?.id
		unit.plan = r.json?.planId
		return [lock.status !== 200 && lock.text, r.status !== 200 && r.text]
	}
	/** Have a plan made; gives the job's result. */
	const optimise = async (unit, more) => {
		const r = await call('planner', 'POST', '/optimize', { sessionId: unit.session, seed: 3, ...more })
		if (r.status !== 200)
			throw new Error(r.text)
		const job = await ended(client, r.json.jobId, 'planner', '/optimize', 30)
		if (job.state !== 'done')
			throw new Error(JSON.stringify(job))
		return job.result
	}
	const adopt = async (unit, result) => {
		const r = await call('planner', 'POST', `/planning/sessions/${unit.session}/adopt`, { versionId: result.versionId })
		unit.draft = await draftOf(unit)
		return [r.status !== 200 && r.text]
	}
	const commit = async (unit, more = {}) => {
		const r = await call('planner', 'POST', `/plans/${unit.plan}/commit`, { sessionId: unit.session, notes: 'first hour', ...more })
		unit.committed = r.json
		return [r.status !== 200 && r.text]
	}
	/** Send files through an import. */
	const imported = async (files) => {
		const { json } = await call('admin', 'POST', '/import/sessions', { name: 'first hour' })
		const out = []
		for (const [kind, text] of files) {
			const r = await upload(client, json.id, `${kind}.csv`, text, `&entity=${kind}`)
			out.push(r.status !== 200 && r.text)
		}
		out.push(await through(client, json.id, 'validate'), await through(client, json.id, 'process'))
		const after = await call('admin', 'GET', `/import/sessions/${json.id}`)
		return [out, differs({ status: 'COMPLETED', counts: { rejected: 0, duplicate: 0 } }, after.json)]
	}

	yield { name: 'a bazaar and a town are imported', run: () => imported(['distributors', 'seats', 'outlets'].map((kind) => [kind, data[kind]])) }
	for (const name of ['Bazaar', 'Wide'])
		yield {
			name: `${name} is a unit with its outlets`, as: 'planner', get: `/territories?units=1&q=Q${name}`, json: { items: some({ code: `Q${name}`, unit: true }) },
			check: async (r) => {
				units[name] = { id: r.json.items[0].id }
				const one = await call('planner', 'GET', `/territories/${units[name].id}`)
				return one.json.outlets === (name === 'Bazaar' ? 300 : 90) ? [] : `${one.json.outlets} outlets`
			},
		}
	for (const name of ['Bazaar', 'Wide'])
		yield {
			name: `${name} is planned`, run: async () => {
				const unit = units[name], wrong = await open(unit)
				wrong.push(...await adopt(unit, await optimise(unit, { seconds: name === 'Bazaar' ? 3 : 2 })))
				unit.needs = needsOf(await snapshotOf(unit.id))
				return wrong
			},
		}
	yield {
		name: '300 shops within 400 m, ten on one pin: no tour has more than 40 calls, no hard rule is broken', run: () => {
			const { draft, needs } = units.Bazaar
			const at = [...needs.values()].map((n) => `${n.lat},${n.lon}`), most = Math.max(...at.map((p) => at.filter((q) => q === p).length))
			return [needs.size !== 300 && `${needs.size} needs`, most < 10 && `only ${most} on one pin`, draft.totals.calls < 900 && `${draft.totals.calls} calls`,
				brokenIn(draft, needs, data.wanted)]
		},
	}
	yield { name: 'nor in the town', run: () => [units.Wide.draft.unserved.need.length && 'visits are missing', brokenIn(units.Wide.draft, units.Wide.needs, data.wanted)] }

	/* The minutes of a drag. */
	for (const what of ['at the front', 'at the end', 'where it is cheapest', 'to another person'])
		yield {
			name: `the minutes of a move by hand: ${what}`, run: async () => {
				const { draft: d, needs, session } = units.Wide, wrong = []
				for (let i = 3, tried = 0; tried < 5; i += 17, tried++) {
					const need = d.visits.need[i], seat = d.visits.seat[i], day = d.visits.day[i]
					const to = what === 'to another person' ? d.seats.find((s) => s.id !== seat).id : seat
					const free = d.cycle.workWeekdays.map((w) => Math.floor(day / 7) * 7 + w - 1).find((x) => x !== day && tourOf(d, to, x).length > 1 && !tourOf(d, to, x).includes(need))
					const target = what === 'to another person' ? day : free
					const from = tourOf(d, seat, day), onto = tourOf(d, to, target)
					const vehicle = (s) => d.travel.find((t) => t.vehicle === d.seats.find((x) => x.id === s).vehicle)
					const by = (s, list) => secondsByHand(vehicle(s), list.map((n) => needs.get(n)))
					const at = (pos) => by(to, [...onto.slice(0, pos), need, ...onto.slice(pos)])
					const pos = what === 'at the front' ? 0 : what === 'at the end' ? onto.length : undefined
					const onTo = pos === undefined ? Math.min(...[...onto, 0].map((_, k) => at(k))) : at(pos)
					const want = (by(seat, from.filter((n) => n !== need)) - by(seat, from) + onTo - by(to, onto)) / 60
					const anchor = dayOf(d.cycle.anchor)
					const r = await call('planner', 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), kind: 'move',
						visits: [{ need, date: dateOf(anchor + day) }], date: dateOf(anchor + target), seat: to, reach: 'standing', ...(pos === undefined ? {} : { pos }) }] })
					wrong.push(r.status !== 200 ? r.text : !(Math.abs(r.json.minutes - want) < 1) && `need ${need}: ${r.json.minutes} minutes, by hand ${want}`)
				}
				return wrong
			},
		}
	yield {
		name: 'the minutes of whole tours by hand', run: () => {
			const { draft: d, needs } = units.Wide
			return d.tours.seat.map((seat, i) => {
				const t = d.travel.find((x) => x.vehicle === d.seats.find((s) => s.id === seat).vehicle)
				const want = secondsByHand(t, tourOf(d, seat, d.tours.day[i]).map((n) => needs.get(n))), got = d.tours.travel[i] + d.tours.service[i]
				return Math.abs(want - got) >= 60 && `seat ${seat}, day ${d.tours.day[i]}: ${got} seconds, by hand ${want}`
			})
		},
	}

	yield {
		name: 'several moves at once tell the tours and the broken rules of each', run: async () => {
			const { draft: d, session } = units.Wide, anchor = dayOf(d.cycle.anchor), off = [0, 1, 2, 3, 4, 5, 6].find((x) => !d.cycle.workWeekdays.includes(x + 1))
			const [a, b] = [0, d.visits.need.findIndex((_, i) => d.visits.day[i] !== d.visits.day[0])]
			const move = (i, to) => ({ clientId: randomUUID(), kind: 'move', visits: [{ need: d.visits.need[i], date: dateOf(anchor + d.visits.day[i]) }],
				date: dateOf(anchor + to), reach: 'standing' })
			/* The first onto a day off, the second to where it is. */
			const r = await call('planner', 'POST', `/planning/sessions/${session}/price`, { ops: [move(a, off), move(b, d.visits.day[b])] })
			return [differs({ broken: some({ rule: 'CLOSED_DAY', severity: 'block' }), tours: some({ date: dateOf(anchor + off) }) }, r.json),
				differs({ tours: some({ date: dateOf(anchor + d.visits.day[b]) }) }, r.json)]
		},
	}

	/* A fortnight over the turn of the year. */
	yield {
		name: 'an outlet is set to every second Tuesday', run: async () => {
			const unit = units.Wide, { draft: d } = unit, anchor = dayOf(d.cycle.anchor), first = (2 - new Date(anchor * DAY).getUTCDay() + 7) % 7
			const need = [...unit.needs].find(([, n]) => n.visits === 2)[0], out = []
			unit.fortnightly = unit.needs.get(need).code
			const step = async (ops) => {
				const r = await call('planner', 'POST', `/planning/sessions/${unit.session}/ops`, { seq: (await draftOf(unit)).seq, ops })
				out.push(r.status !== 200 && r.text)
			}
			const seat = d.visits.seat[d.visits.need.indexOf(need)]
			const on = d.visits.day.filter((_, i) => d.visits.need[i] === need)
			await step([{ clientId: randomUUID(), kind: 'remove', visits: on.map((x) => ({ need, date: dateOf(anchor + x) })), reach: 'standing' }])
			for (const x of [first, first + 14])
				await step([{ clientId: randomUUID(), kind: 'place', need, seat, date: dateOf(anchor + x), reach: 'standing' }])
			return [out, on.length !== 2 && `${on.length} visits`]
		},
	}
	yield {
		name: 'its dates are 14 days apart over the turn of the year', run: async () => {
			const unit = units.Wide, today = dateOf(Math.floor(Date.now() / DAY)), year = Number(today.slice(0, 4))
			/* Anything from early December on is unfolded over the turn, which in 2026 is that to 2027. */
			const from = today > `${year}-12-07` ? today : `${year}-12-07`
			const wrong = await commit(unit, { effectiveDate: from })
			const dates = table(await exported(unit, 'visits', `&from=${from}`)).filter((v) => v.outlet_code === unit.fortnightly).map((v) => v.date).sort()
			return [wrong, dates.length !== 8 && `${dates.length} dates`, !(dates[0] < `${year + 1}` && dates.at(-1) > `${year + 1}`) && 'the turn is not among them',
				dates.map((x, i) => i && dayOf(x) - dayOf(dates[i - 1]) !== 14 && `${dates[i - 1]}, then ${x}`)]
		},
	}
	yield {
		name: 'and every visit stands on a day of its cycle', run: async () => {
			const visits = table(await exported(units.Wide, 'visits', `&from=${units.Wide.committed.effectiveDate}`)), by = new Map()
			for (const v of visits)
				by.set(v.outlet_code, [...by.get(v.outlet_code) ?? [], dayOf(v.date)])
			return [...by].map(([code, on]) => {
				const n = data.wanted.get(code), sorted = on.sort((a, b) => a - b)
				return (on.length !== 4 * n || sorted.some((x, i) => i >= n && x - sorted[i - n] !== n * days(n))) && `${code}: ${sorted.map(dateOf)}`
			})
		},
	}

	/* Last month's plan comes in with beats of its own, is planned again without any change, and goes out. */
	yield {
		name: 'the exported plan, with other beats, is taken as an existing plan', run: async () => {
			const unit = units.Wide, csv = await exported(unit, 'plan'), list = table(csv)
			for (const r of list)
				Object.assign(r, { beat: `OLD-${r.seat.at(-1)}-${r.weekday}`, beat_name: `Old round ${r.seat.at(-1)} ${r.weekday}` })
			const head = csv.split('\r\n')[0]
			unit.csv = `${[head, ...list.map((r) => head.split(',').map((h) => r[h]).join(','))].join('\r\n')}\r\n`
			return imported([['plan', unit.csv]])
		},
	}
	/** What is wrong with a version when it should hold the rows of the file. */
	const sameRows = async (unit, id) => {
		const plain = (csv) => table(csv).map((r) => JSON.stringify(r)).sort(), a = plain(unit.csv), b = plain(await exported(unit, 'plan', `&version=${id}`))
		return [a.length < 100 && `${a.length} rows`, a.length !== b.length && `${a.length} rows, then ${b.length}`,
			a.map((r, i) => r !== b[i] && `${r}, then ${b[i]}`).filter(Boolean).slice(0, 3)]
	}
	yield {
		name: 'and holds the same rows', run: async () => {
			const unit = units.Wide, back = await version(unit)
			if (!back)
				return 'no version'
			unit.back = back
			return [back.planHash !== unit.committed.planHash && `hash ${back.planHash}, not ${unit.committed.planHash}`, await sameRows(unit, back.id)]
		},
	}
	yield {
		name: 'a new plan in which nothing may change is that plan', run: async () => {
			const unit = units.Wide, wrong = [await open(unit), await adopt(unit, { versionId: unit.back.id })]
			const result = await optimise(unit, { seconds: 1, maxChanged: 0 })
			wrong.push((await version(unit, result.versionId)).planHash !== unit.back.planHash && 'another hash', await sameRows(unit, result.versionId), await adopt(unit, result))
			return wrong
		},
	}
	yield {
		name: 'and committed and exported it still is', run: async () => {
			const unit = units.Wide, wrong = await commit(unit)
			return [wrong, unit.committed.planHash !== unit.back.planHash && 'another hash', await sameRows(unit, unit.committed.id)]
		},
	}
	yield {
		name: 'a visit moved on one date stays moved when its outlet keeps its days', run: async () => {
			const unit = units.Wide, wrong = [await open(unit)], d = await draftOf(unit), anchor = dayOf(d.cycle.anchor), weeks = 7 * d.cycle.weeks
			const i = d.visits.need.findIndex((n) => n !== d.visits.need[0]), need = d.visits.need[i]
			/* The first time that the visit comes round after a week from now, and a working day beside it. */
			let date = anchor + d.visits.day[i]
			while (date < Math.floor(Date.now() / DAY) + 7)
				date += weeks
			const to = [1, -1, 2, -2].map((k) => date + k).find((x) => d.cycle.workWeekdays.includes((new Date(x * DAY).getUTCDay() + 6) % 7 + 1))
			const r = await call('planner', 'POST', `/planning/sessions/${unit.session}/ops`, { seq: d.seq, ops: [{ clientId: randomUUID(), kind: 'move',
				visits: [{ need, date: dateOf(date) }], date: dateOf(to), reach: 'date' }] })
			const stops = (x) => x.visits.need.map((n, k) => n === need && [x.visits.day[k], x.visits.seat[k], x.visits.from[k], x.visits.to[k]].join()).filter(Boolean).sort()
			const before = stops(await draftOf(unit)), result = await optimise(unit, { seconds: 1, maxChanged: 0 })
			wrong.push(r.status !== 200 && r.text, result.datedEnded !== 0 && `${result.datedEnded} end`, await adopt(unit, result))
			unit.dated = unit.needs.get(need)
			return [wrong, before.length < 3 && before, String(stops(unit.draft)) !== String(before) && `${before}, then ${stops(unit.draft)}`]
		},
	}
	yield {
		name: 'and is told of when its outlet leaves the plan', run: async () => {
			const outlet = (await call('planner', 'GET', `/outlets?q=${units.Wide.dated.code}`)).json.items.find((o) => o.code === units.Wide.dated.code)
			const result = await optimise(units.Wide, { seconds: 1, exclude: [outlet.id] })
			return result.datedEnded !== 2 && `${result.datedEnded} end, not the visit that moved and those before it`
		},
	}
	yield { name: 'the town is left as it was', run: async () => (await call('planner', 'POST', `/planning/sessions/${units.Wide.session}/close`)).status !== 200 && 'not closed' }
	yield { name: 'the bazaar is left as it was', run: async () => (await call('planner', 'POST', `/planning/sessions/${units.Bazaar.session}/close`)).status !== 200 && 'not closed' }
}
export const steps = all
