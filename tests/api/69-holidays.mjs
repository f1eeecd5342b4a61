// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the visits of a holiday: they are left out, made up near it, or push the rest of their week on; and all is as before
// when the holiday is taken back.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { listsFollow } from './planning.mjs'
import { sql } from './shell.mjs'
import { differs, some } from './steps.mjs'

const DAY = 86400000, N = 72
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10), dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / DAY, today = Math.floor(Date.now() / DAY)
/* The Wednesday after next: all of its week is ahead. */
const monday = today + 14 - (today + 3) % 7, wednesday = monday + 2

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const got = async (o) => { const r = await call(o); if (r.status !== 200) throw new Error(r.text); return r.json ?? r.text }
	const r = random(69), shut = new Set(Array.from({ length: N }, (_, i) => i).filter((i) => i % 3 === 0)), rows = Array.from({ length: N }, (_, i) => `HD${i},Shop ${i},${(12.1 + (r() - 0.5) * 0.05).toFixed(5)},${(78.1 + (r() - 0.5) * 0.05).toFixed(5)},Holiland,HOLI,${i % 4 ? 'HD Area,HDDT' : 'HD Side,HDD2'},Distributor of days,GT,Gold,4,${shut.has(i) ? 'Thu' : ''}`)
	let unit, plan, before, session
	const visits = async () => {
		await listsFollow(client, unit)
		const [head, ...list] = (await got({ path: `/plans/${plan}/export?what=visits&format=csv&from=${dateOf(today)}` })).trim().split('\r\n').map((x) => x.split(',').map((f) => f.replace(/^"|"$/g, '')))
		const at = Object.fromEntries(head.map((h, i) => [h, i]))
		return list.map((v) => ({ day: dayOf(v[at.date]), seat: v[at.seat], outlet: v[at.outlet_code], row: v.join() }))
	}
	const text = (list) => list.map((v) => v.row).join('\n'), on = (list, day) => list.filter((v) => v.day === day), key = (v) => `${v.day} ${v.seat} ${v.outlet}`
	const rule = (n) => got({ as: 'admin', method: 'PUT', path: `/territories/${unit}/profile?channel=GT`, body: { set: { holidayRule: n }, reason: 'a test' } })
	const holiday = (method) => got({ as: 'manager', method, path: `/territories/${unit}/holidays${method === 'DELETE' ? `?day=${dateOf(wednesday)}&reason=a+test` : ''}`, ...(method === 'PUT' ? { body: { day: dateOf(wednesday), name: 'Founding day', reason: 'a test' } } : {}) })
	const open = async () => {
		await got({ method: 'POST', path: `/territories/${unit}/lock`, body: { channel: 'GT' } })
		;({ id: session, planId: plan } = await got({ method: 'POST', path: '/planning/sessions', body: { territoryId: unit, channel: 'GT' } }))
	}
	/** Each visit of the holiday once more, by the same person, near it, at no outlet sooner than it may be; nothing else is otherwise. */
	const madeUp = (after) => {
		const were = on(before, wednesday), rest = before.filter((v) => v.day !== wednesday), more = after.filter((v) => !rest.some((x) => key(x) === key(v)))
		const near = after.flatMap((v) => after.filter((x) => x.outlet === v.outlet && x.day > v.day && x.day - v.day < 5).map(() => v.outlet))
		return [on(after, wednesday).length && 'somebody visits on the holiday', rest.some((v) => !after.some((x) => key(x) === key(v))) && 'another visit is gone',
			more.map((v) => `${v.seat} ${v.outlet}`).sort().join() !== were.map((v) => `${v.seat} ${v.outlet}`).sort().join() && `${more.length} are made up of ${were.length}`,
			more.some((v) => Math.abs(v.day - wednesday) > 2) && 'too far away', near.length && `too soon again: ${near}`, more.some((v) => shut.has(Number(v.outlet.slice(2))) && (v.day + 4) % 7 === 1) && 'on a closed day']
	}

	yield { name: 'a town is imported', run: async () => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'days' } }), wrong = []
		for (const [kind, t] of [['distributors', 'DT Code,DT Name,Latitude,Longitude\nHDDT,Distributor of days,12.1,78.1\nHDD2,Distributor of nights,12.1,78.1\n'], ['seats', 'Seat Code,Person,Territory,DT Codes,Vehicle,shift_start\nHD-1,Person day,HOLI,HDDT;HDD2,two-wheeler,07:00\nHD-2,Person night,HOLI,HDDT;HDD2,two-wheeler,\n'],
			['outlets', `Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency,Closed Days\n${rows.join('\n')}\n`]])
			wrong.push((await upload(client, id, `${kind}.csv`, t, `&entity=${kind}`)).status !== 200 && kind)
		return [wrong, await through(client, id, 'validate'), await through(client, id, 'process')]
	} }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=HOLI', json: { items: [{ unit: true }] }, save: { holiUnit: '/items/0/id' } }
	yield { name: 'is planned and committed', run: async () => {
		unit = saved.holiUnit
		await open()
		const { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 4, iterations: 20000 } }), job = await ended(client, jobId, 'planner', '/optimize', 60)
		await got({ method: 'POST', path: `/planning/sessions/${session}/adopt`, body: { versionId: job.result.versionId } })
		await got({ method: 'POST', path: '/planning/commit', body: { sessionId: session } })
		before = await visits()
		return [!on(before, wednesday).length && 'nobody works on that Wednesday', !on(before, wednesday).some((v) => shut.has(Number(v.outlet.slice(2)))) && 'no outlet of that Wednesday is closed on Thursdays']
	} }
	yield { name: 'a seat begins at its own hour, another at that of the profile, each after the meeting', run: async () => {
		const set = Object.fromEntries((await got({ path: `/territories/${unit}/profile?channel=GT` })).params.map((x) => [x.name, x.value])), { seats } = await got({ path: `/plans/${plan}/draft` })
		const start = (code) => seats.find((s) => s.code === code).shiftStart / 60
		return [start('HD-1') !== 420 + set.meetingMinutes && `HD-1 at ${start('HD-1')}`, start('HD-2') !== set.shiftStart + set.meetingMinutes && `HD-2 at ${start('HD-2')}`]
	} }
	yield { name: 'the list of a seat is what the file has of it, in a week with a holiday and a leave', run: async () => {
		const { seats } = await got({ path: `/plans/${plan}/draft` }), away = { kind: 'LEAVE', from: dateOf(monday), to: dateOf(monday) }
		const { id } = await got({ as: 'manager', method: 'POST', path: `/seats/${seats[0].id}/absences`, body: away })
		await holiday('PUT')
		const file = (await visits()).filter((v) => v.day >= monday && v.day < monday + 7), wrong = []
		for (const seat of seats) {
			const list = (await got({ path: `/plans/${plan}/visits?seat=${seat.id}&from=${dateOf(monday)}&to=${dateOf(monday + 6)}` })).items.map((x) => `${x.day} ${x.code}`)
			wrong.push(list.join() !== file.filter((v) => v.seat === seat.code).map((v) => `${dateOf(v.day)} ${v.outlet}`).join() && `${seat.code}: ${list.length} visits`, !list.length && 'none',
				list.some((x) => x.startsWith(dateOf(wednesday))) && 'one on the holiday', seat === seats[0] && list.some((x) => x.startsWith(dateOf(monday))) && 'one while away')
		}
		await got({ as: 'manager', method: 'DELETE', path: `/seats/${seats[0].id}/absences/${id}` })
		await holiday('DELETE')
		return [wrong, text(await visits()) !== text(before) && 'the list is another afterwards']
	} }
	yield { name: 'of two months at most', run: async () => differs({ fields: some({ pointer: '/to' }) }, (await call({ path: `/plans/${plan}/visits?seat=1&from=${dateOf(monday)}&to=${dateOf(monday + 63)}` })).json) }
	yield { name: 'there are three rules', as: 'admin', put: '/territories/{holiUnit}/profile?channel=GT', body: { set: { holidayRule: 3 }, reason: 'a test' }, status: 422, fields: ['/holidayRule'] }
	yield { name: 'nothing else being said the day is left out, and until then it is told that the list does not follow yet', run: async () => {
		const { pending } = await holiday('PUT')
		return pending !== 1 ? `${pending} lists` : text(await visits()) !== text(before.filter((v) => v.day !== wednesday)) && 'another list'
	} }
	yield { name: 'made up, each visit of the day is made near it and breaks nothing', run: async () => {
		await rule(1)
		return madeUp(await visits())
	} }
	yield { name: 'it stays so when the plan is committed again', run: async () => {
		const was = text(await visits())
		await open()
		await got({ method: 'POST', path: '/planning/commit', body: { sessionId: session } })
		const now = await visits()
		return [madeUp(now), text(now) !== was && 'another list']
	} }
	yield { name: 'of a large unit a job makes them up after the commit, after leave, and it is told until then', run: async () => {
		const was = text(await visits()), limit = async (value) => got({ as: 'admin', method: 'PUT', path: '/settings/unit_most', body: { value, reason: 'a test', change: (await call({ as: 'admin', path: '/settings' })).json.items.find((x) => x.name === 'unit_most').change } })
		const jobs = () => Number(sql(client.state, "SELECT COUNT(*) FROM job WHERE kind = 'VISIT_LIST' AND correlation_id = 'visits'"))
		await limit('5')
		await new Promise((r) => setTimeout(r, 1300))
		const wrong = [jobs() && 'small ones had jobs, too']
		await open()
		await got({ method: 'POST', path: '/planning/commit', body: { sessionId: session } })
		wrong.push(jobs() !== 1 && `${jobs()} jobs after a commit`, await listsFollow(client, unit), text(await visits()) !== was && 'another list after the commit')
		const { id: seat } = (await got({ path: `/plans/${plan}/draft` })).seats[0], { id } = await got({ as: 'manager', method: 'POST', path: `/seats/${seat}/absences`, body: { from: dateOf(monday + 21), to: dateOf(monday + 25), kind: 'LEAVE' } })
		wrong.push(jobs() !== 2 && `${jobs()} jobs after leave`, await listsFollow(client, unit), text(await visits()) === was && 'leave leaves the list')
		await got({ as: 'manager', method: 'DELETE', path: `/seats/${seat}/absences/${id}` })
		wrong.push(jobs() !== 3 && `${jobs()} jobs after it was taken back`, text(await visits()) !== was && 'another list after leave')
		await limit('20000')
		await new Promise((r) => setTimeout(r, 1300))
		return wrong
	} }
	yield { name: 'slid, the rest of the week is a working day later, and its last day is left out', run: async () => {
		await rule(2)
		const after = await visits(), other = (list) => text(list.filter((v) => v.day < wednesday || v.day > monday + 6)), wrong = [other(after) !== other(before) && 'another week is another', on(after, wednesday).length && 'somebody visits on the holiday']
		for (let day = wednesday + 1; day < monday + 6; day++) {
			const want = on(before, day - 1).filter((v) => day !== wednesday + 1 || !shut.has(Number(v.outlet.slice(2)))).map((v) => `${v.seat} ${v.outlet}`).sort().join(), is = on(after, day).map((v) => `${v.seat} ${v.outlet}`).sort().join()
			wrong.push(want !== is && `${dateOf(day)}: ${is} and not ${want}`)
		}
		return wrong
	} }
	yield { name: 'taken back, all is as it was, byte for byte, by either rule', run: async () => {
		const wrong = []
		for (const n of [2, 1, 0]) {
			await rule(n)
			await holiday('DELETE')
			wrong.push(text(await visits()) !== text(before) && `by rule ${n} it is another list`)
			await holiday('PUT')
		}
		await holiday('DELETE')
		await rule(null)
		return [wrong, differs(before.length, (await visits()).length)]
	} }
	yield { name: 'of a place within it only its visits are left out, or made up near it by either rule, and come back', run: async () => {
		const place = (await got({ as: 'admin', path: `/outlets?territory=${unit}&limit=500` })).items.find((o) => o.code === 'HD0').territoryId, closed = (v) => Number(v.outlet.slice(2)) % 4 === 0, were = on(before, wednesday).filter(closed), rest = before.filter((v) => !were.includes(v))
		const day = dateOf(wednesday), path = `/territories/${place}/holidays`, wrong = [(place === unit || !were.length) && 'there is no such place']
		await got({ as: 'manager', method: 'PUT', path, body: { day, name: 'Market is closed', reason: 'a test' } })
		wrong.push((await visits()).map(key).join() !== rest.map(key).join() && 'they are not what is left out')
		for (const n of [1, 2]) {
			await rule(n)
			const after = await visits(), more = after.filter((v) => !rest.some((x) => key(x) === key(v)))
			wrong.push(rest.some((v) => !after.some((x) => key(x) === key(v))) && `by rule ${n} another visit is gone`, more.some((v) => v.day === wednesday || Math.abs(v.day - wednesday) > 2) && `by rule ${n} on ${more.map((v) => dateOf(v.day))}`,
				more.map((v) => `${v.seat} ${v.outlet}`).sort().join() !== were.map((v) => `${v.seat} ${v.outlet}`).sort().join() && `by rule ${n} ${more.length} are made up of ${were.length}`)
		}
		await got({ as: 'manager', method: 'DELETE', path: `${path}?day=${day}&reason=a+test` })
		wrong.push(text(await visits()) !== text(before) && 'it is another list')
		await rule(null)
		return wrong
	} }
}
export const steps = all
