// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of plans when people come and go and days are lost: a week with a holiday, a closed town, a market and a leave; a
// representative who resigns; two product lines of two distributors with one shared representative.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { listsFollow } from './planning.mjs'
import { differs, some } from './steps.mjs'

const DAY = 86400000
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10)
const today = Math.floor(Date.now() / DAY)
/* The Monday after next: all of that week is ahead. */
const monday = today + 14 - (today + 3) % 7
const of = (text) => { const [head, ...rows] = text.trim().split('\r\n').map((r) => r.split(',').map((f) => f.replace(/^"|"$/g, ''))); return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]]))) }

/** Two towns of 40 shops; ten of Hill buy tea of one distributor and soap of the other, ten of Port receive people on Fridays only. */
function files() {
	const r = random(64), shops = ['Hill', 'Port'].flatMap((town, k) => Array.from({ length: 40 }, (_, i) => ({ code: `LV${town}${i}`, town, dt: k ? 'LVB' : 'LVA', market: k && i < 10, lines: !k && i < 10 })))
	const at = (k) => [12.9 + k * 0.05, 77.6].map((c) => (c + (r() - 0.5) * 0.04).toFixed(5))
	return {
		shops,
		distributors: 'DT Code,DT Name,Latitude,Longitude\nLVA,Leave tea,12.9,77.6\nLVB,Leave soap,12.95,77.6\n',
		seats: 'Seat Code,Person Code,Person,Territory,DT Codes,Vehicle\nLV-BOTH,,Asha Both,LEAVE,LVA;LVB,two-wheeler\nLV-TEA,,Tom Tea,LEAVE,LVA,two-wheeler\nLV-SOAP,,Sara Soap,LEAVE,LVB,two-wheeler\nLV-X1,LVX1,Twin Name,,,\nLV-X2,LVX2,Twin Name,,,\n',
		outlets: 'Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency,Closed Days\n' +
			shops.map((s) => `${s.code},Shop ${s.code},${at(s.dt === 'LVB')},Firstland,LEAVE,LV${s.town},${s.dt},Leave ${s.dt},GT,Silver,4,${s.market ? 'Mon;Tue;Wed;Thu;Sat;Sun' : ''}\n`).join(''),
		dt_mapping: 'Outlet Code,DT Code,Sales Line,Visit Frequency,Seat\n' + shops.filter((s) => s.lines).map((s) => `${s.code},LVA,LVTEA,4,LV-BOTH\n${s.code},LVB,LVSOAP,2,LV-BOTH\n`).join(''),
	}
}

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const got = async (o) => { const r = await call(o); if (r.status !== 200) throw new Error(r.text); return r.json ?? r.text }
	const data = files(), market = new Set(data.shops.filter((s) => s.market).map((s) => s.code)), town = new Map(data.shops.map((s) => [s.code, s.town]))
	let unit, plan, session
	const imported = async (list) => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'leave' } }), wrong = []
		for (const [kind, text] of list) {
			const up = await upload(client, id, `${kind}.csv`, text, `&entity=${kind}`)
			wrong.push(up.status !== 200 && up.text)
		}
		wrong.push(await through(client, id, 'validate'), await through(client, id, 'process'), differs({ status: 'COMPLETED', counts: { rejected: 0 } }, await got({ as: 'admin', path: `/import/sessions/${id}` })))
		return { id, wrong }
	}
	const exported = (what, more = '') => call({ path: `/plans/${plan}/export?what=${what}&format=csv${more}` }).then((r) => r.text)
	const visits = async () => await listsFollow(client, unit) || of(await exported('visits', `&from=${dateOf(today)}`))
	const open = async () => {
		await got({ method: 'POST', path: `/territories/${unit}/lock`, body: { channel: 'GT' } })
		const s = await got({ method: 'POST', path: '/planning/sessions', body: { territoryId: unit, channel: 'GT' } })
		session = s.id
		plan = s.planId
	}
	const optimised = async (more = {}) => {
		const { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 6, seconds: 2, ...more } })
		const job = await ended(client, jobId, 'planner', '/optimize', 40)
		if (job.state !== 'done')
			throw new Error(JSON.stringify(job))
		return job.result
	}
	const adopted = async (result) => got({ method: 'POST', path: `/planning/sessions/${session}/adopt`, body: { versionId: result.versionId } })
	const close = () => got({ method: 'POST', path: `/planning/sessions/${session}/close` })
	/* The same but for the rows that `gone` names. */
	const lost = (before, after, gone) => {
		const key = (v) => [v.date, v.seat, v.outlet_code, v.line].join(), want = before.filter((v) => !gone(v)).map(key).sort(), is = after.map(key).sort(), more = is.filter((k) => !want.includes(k))
		return [want.length === before.length && gone !== none && 'nothing was to go', more.length && `too many: ${more.slice(0, 3).join('; ')}`, want.filter((k) => !is.includes(k)).slice(0, 3).map((k) => `gone: ${k}`)]
	}
	const none = () => false
	const seatsOf = async () => Object.fromEntries((await got({ path: `/seats?territory=${unit}&limit=50` })).items.map((s) => [s.code, s]))

	yield { name: 'a region of two towns, two distributors, two product lines', run: async () => (await imported(['distributors', 'seats', 'outlets', 'dt_mapping'].map((k) => [k, data[k]]))).wrong }
	yield { name: 'is one unit', as: 'planner', get: '/territories?units=1&q=LEAVE', json: { items: [{ unit: true }] }, save: { leaveUnit: '/items/0/id' } }
	yield { name: 'is planned and committed', run: async () => {
		unit = saved.leaveUnit
		await open()
		await adopted(await optimised())
		const d = await got({ path: `/planning/sessions/${session}/draft` })
		const r = await call({ method: 'POST', path: `/plans/${plan}/commit`, body: { sessionId: session, notes: 'before people go' } })
		return [r.status !== 200 && r.text, d.unserved.need.length && `${d.unserved.need.length} are not served`]
	} }

	/* Two product lines, two distributors, one shared representative. */
	yield { name: 'two product lines, two distributors: the shared representative serves both, each as often as it asks', run: async () => {
		const rows = of(await exported('plan')), wrong = []
		for (const s of data.shops.filter((x) => x.lines))
			for (const [line, n] of [['LVTEA', 4], ['LVSOAP', 2]]) {
				const mine = rows.filter((r) => r.outlet_code === s.code && r.line === line)
				wrong.push(mine.length !== n && `${s.code} ${line}: ${mine.length} visits`, mine.some((r) => r.seat !== 'LV-BOTH') && `${s.code} ${line}: by ${mine.map((r) => r.seat)}`)
			}
		return wrong
	} }
	yield { name: 'nobody serves a distributor that is not theirs', run: async () => {
		const rows = of(await exported('plan')), by = new Map(data.shops.map((s) => [s.code, s.dt]))
		const dt = (r) => r.line === 'LVSOAP' ? 'LVB' : r.line === 'LVTEA' ? 'LVA' : by.get(r.outlet_code)
		return [!rows.some((r) => r.seat === 'LV-BOTH' && dt(r) === 'LVA') && 'no tea', rows.filter((r) => (r.seat === 'LV-TEA' && dt(r) !== 'LVA') || (r.seat === 'LV-SOAP' && dt(r) !== 'LVB')).map((r) => `${r.seat} ${r.outlet_code} ${r.line}`)]
	} }

	/* One week: Monday a holiday, on Tuesday Port is closed, Friday is market, on Thursday somebody is away. */
	let before, plain
	const away = { kind: 'LEAVE', from: dateOf(monday + 3), to: dateOf(monday + 3) }
	yield { name: 'a market is visited on its Fridays only', run: async () => {
		before = await visits()
		plain = await exported('plan')
		const at = before.filter((v) => market.has(v.outlet_code))
		return [at.length < 100 && `${at.length} visits`, at.filter((v) => new Date(v.date).getUTCDay() !== 5).map((v) => `${v.outlet_code} on ${v.date}`)]
	} }
	yield { name: 'a Monday holiday, a town closed on Tuesday, a Friday market and one leave: the other weeks are unchanged', run: async () => {
		const path = (await got({ as: 'admin', path: `/outlets?q=LVPort20` })).items[0], seat = (await seatsOf())['LV-BOTH'].id
		saved.leavePort = path.territoryId
		saved.leaveSeat = seat
		await got({ as: 'admin', method: 'PUT', path: `/territories/${unit}/holidays`, body: { day: dateOf(monday), name: 'Monday holiday', reason: 'a test' } })
		await got({ as: 'admin', method: 'PUT', path: `/territories/${path.territoryId}/holidays`, body: { day: dateOf(monday + 1), name: 'Port is closed', reason: 'a test' } })
		saved.leaveAbsence = (await got({ as: 'admin', method: 'POST', path: `/seats/${seat}/absences`, body: away })).id
		const gone = (v) => v.date === dateOf(monday) || (v.date === dateOf(monday + 1) && town.get(v.outlet_code) === 'Port') || (v.date === away.from && v.seat === 'LV-BOTH')
		return [lost(before, await visits(), gone), await exported('plan') !== plain && 'the standing plan changed', !before.some((v) => v.date === away.from && v.seat === 'LV-BOTH') && 'nobody was to work on the day of leave']
	} }
	yield { name: 'taken back, all visits are there again', run: async () => {
		await got({ as: 'admin', method: 'DELETE', path: `/territories/${unit}/holidays?day=${dateOf(monday)}&reason=a+test` })
		await got({ as: 'admin', method: 'DELETE', path: `/territories/${saved.leavePort}/holidays?day=${dateOf(monday + 1)}&reason=a+test` })
		await got({ as: 'admin', method: 'DELETE', path: `/seats/${saved.leaveSeat}/absences/${saved.leaveAbsence}` })
		return lost(before, await visits(), none)
	} }

	/* A representative resigns. */
	const holder = (body, more = {}) => ({ as: 'manager', put: '/seats/{leaveSeat}/person', body: { reason: 'resigned', ...body }, ...more })
	let beats, hash
	const state = async () => { const d = await got({ path: `/plans/${plan}/draft` }); return { beats: JSON.stringify([d.beats, d.visits]), person: d.seats.find((s) => s.id === saved.leaveSeat).person } }
	const current = async () => (await got({ path: `/plans/${plan}/versions?limit=1` })).items[0].planHash
	const survive = async (person) => {
		const now = await state()
		return [now.person !== person && `held by ${now.person}`, now.beats !== beats && 'the beats changed', await exported('plan') !== plain && 'the plan changed', await current() !== hash && 'another hash', lost(before, await visits(), none)]
	}
	yield { name: 'beats of a seat with its person', run: async () => { const s = await state(); beats = s.beats; hash = await current(); return s.person !== 'Asha Both' && s.person } }
	yield { name: 'a representative resigns', ...holder({ person: null }) }
	yield { name: 'a representative resigns: the beats survive', run: () => survive(null) }
	yield { name: 'planned anew without a change they are the same', run: async () => {
		await open()
		const { versionId } = await optimised({ seconds: 1, maxChanged: 0 }), version = (await got({ path: `/plans/${plan}/versions?limit=5` })).items.find((v) => v.id === versionId)
		await close()
		return version.planHash !== hash && 'another hash'
	} }
	yield { name: 'somebody new takes them over', ...holder({ person: 'Noor New', reason: 'hired' }) }
	yield { name: 'as they are', run: () => survive('Noor New') }
	yield { name: 'the unit’s file names her', run: async () => {
		for (let i = 0; i < 60; i++) {
			if ((await got({ path: `/territories/${unit}/snapshot` })).seats.some((s) => s.person === 'Noor New'))
				return ''
			await new Promise((r) => setTimeout(r, 500))
		}
		return 'not after half a minute'
	} }

	/* What the optimiser makes of it. */
	const workers = async () => new Set(of(await exported('plan', `&version=${(await optimised()).versionId}`)).map((r) => r.seat))
	/* Beyond the visit list: where visits go, two transactions meet at them too. */
	yield { name: 'two at once: one of them is in time', run: async () => {
		const seat = (await seatsOf())['LV-TEA'].id
		const all = await Promise.all(Array.from({ length: 24 }, (_, i) => call({ as: i % 3 ? 'admin' : 'manager', method: 'POST', path: `/seats/${seat}/absences`, body: { kind: 'LEAVE', from: `2098-03-0${1 + i % 2}`, to: '2098-03-09' } })))
		const mine = await got({ path: `/absences?seat=${seat}` })
		saved.leaveTea = seat
		saved.leaveAbsence = mine.items[0]?.id
		return [all.filter((r) => r.status === 200).length !== 1 && `${all.map((r) => r.status)}`, all.some((r) => r.status !== 200 && r.status !== 422) && `${all.map((r) => r.text)}`, mine.items.length !== 1 && `${mine.items.length} absences`]
	} }
	yield { name: 'it is a week of that cycle', as: 'admin', put: '/seats/{leaveTea}/absences/{leaveAbsence}', body: { ...away, to: dateOf(monday + 9) } }
	yield { name: 'one leave takes no work away', run: async () => { await open(); return !(await workers()).has('LV-TEA') && 'nothing for her' } }
	const until = { kind: 'VACANT', from: dateOf(today), to: null }
	yield { name: 'the post is vacant until further notice', as: 'admin', put: '/seats/{leaveTea}/absences/{leaveAbsence}', body: until }
	yield { name: 'the optimiser gives it no visit', run: async () => { const w = await workers(); return [w.has('LV-TEA') && 'it has visits', !w.has('LV-BOTH') && 'nobody else has'] } }
	yield { name: 'somebody stands in', as: 'admin', put: '/seats/{leaveTea}/absences/{leaveAbsence}', body: { ...until, relief: 'Ravi' } }
	yield { name: 'then it has its work', run: async () => { const has = (await workers()).has('LV-TEA'); await close(); return !has && 'no visits' } }
	yield { name: 'nobody is away any more', as: 'admin', delete: '/seats/{leaveTea}/absences/{leaveAbsence}' }

	/* A file of absences, and back. */
	yield { name: 'a file says who is away', run: async () => {
		const { id, wrong } = await imported([['absences', `seat,from,to,kind\nLV-SOAP,${dateOf(monday)},${dateOf(monday + 5)},leave\n`]])
		saved.leaveImport = id
		return [wrong, lost(before, await visits(), (v) => v.seat === 'LV-SOAP' && v.date >= dateOf(monday) && v.date <= dateOf(monday + 5))]
	} }
	yield { name: 'it is taken back', run: async () => {
		const { jobId } = await got({ as: 'admin', method: 'POST', path: `/import/sessions/${saved.leaveImport}/undo`, body: { reason: 'the wrong file' } })
		const job = await ended(client, jobId)
		return job.state !== 'done' && JSON.stringify(job)
	} }
	yield { name: 'so all visits are made, and nobody is away', run: async () => [lost(before, await visits(), none), (await got({ path: `/absences?territory=${unit}` })).items.length && 'somebody is'] }
}
export const steps = all
