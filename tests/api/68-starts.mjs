// SPDX-License-Identifier: GPL-3.0-or-later
// Where the days of a seat begin and end: as long as nobody asks for it nothing of a plan changes; then the way there and back counts,
// and the screens count it as the server does.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { differs, some } from './steps.mjs'
import { priceLocally } from '../../www/js/plan/actions.js'
import { dateOf, dayOf, decodeSnapshot, planOf, seatOf, tourOn } from '../../www/js/plan/model.js'
import { homeOf, tourSums, vehicleOf } from '../../www/js/plan/travel.js'

const N = 160, END_LEGS = 30 * 60

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const got = async (o) => { const r = await call(o); if (r.status !== 200) throw new Error(r.text); return r.json ?? r.text }
	const r = random(68), rows = Array.from({ length: N }, (_, i) => `ST${i},Shop ${i},${(11.3 + (r() - 0.5) * 0.06).toFixed(5)},${(77.7 + (r() - 0.5) * 0.06).toFixed(5)},Startland,START,ST Area,STDT,Distributor of start,GT,Silver,2`)
	let unit, session, plan, seats, without, with_
	/** A plan by the same seed and steps; nothing of it is adopted. */
	const planned = async () => {
		const { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 6, iterations: 20000 } }), job = await ended(client, jobId, 'planner', '/optimize', 60)
		if (job.state !== 'done')
			throw new Error(JSON.stringify(job))
		const v = job.result.versionId
		return { v, csv: await got({ path: `/plans/${plan}/export?what=plan&format=csv&version=${v}` }), draft: await got({ path: `/plans/${plan}/draft?version=${v}` }) }
	}
	const set = (on) => got({ as: 'admin', method: 'PUT', path: `/territories/${unit}/profile?channel=GT`, body: { set: { countEndLegs: on }, reason: 'a test' } })
	const start = (lat, lon) => got({ as: 'manager', method: 'PUT', path: `/seats/${seats[0].id}/start`, body: { lat, lon, reason: 'moved house' } })
	const world = async () => decodeSnapshot(await got({ path: `/territories/${unit}/snapshot` }))

	yield { name: 'a town is imported, nobody starts anywhere', run: async () => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'starts' } }), wrong = []
		for (const [kind, text] of [['distributors', 'DT Code,DT Name,Latitude,Longitude\nSTDT,Distributor of start,11.3,77.7\n'], ['seats', 'Seat Code,Person,Territory,DT Codes,Vehicle\nST-1,Person one,START,STDT,two-wheeler\nST-2,Person two,START,STDT,two-wheeler\n'],
			['outlets', `Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency\n${rows.join('\n')}\n`]])
			wrong.push((await upload(client, id, `${kind}.csv`, text, `&entity=${kind}`)).status !== 200 && kind)
		return [wrong, await through(client, id, 'validate'), await through(client, id, 'process')]
	} }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=START', json: { items: [{ unit: true }] }, save: { startUnit: '/items/0/id' } }
	yield { name: 'its snapshot is there at once, whether or not the job that makes it has begun', as: 'planner', get: '/territories/{startUnit}/snapshot', json: { v: 2, n: N } }
	yield { name: 'it is planned', run: async () => {
		unit = saved.startUnit
		await got({ method: 'POST', path: `/territories/${unit}/lock`, body: { channel: 'GT' } })
		;({ id: session, planId: plan } = await got({ method: 'POST', path: '/planning/sessions', body: { territoryId: unit, channel: 'GT' } }))
		without = await planned()
		seats = without.draft.seats
		return [without.draft.totals.unserved && `${without.draft.totals.unserved} visits are missing`, seats.some((x) => x.starts) && 'somebody starts somewhere']
	} }
	yield { name: 'half a place is none', run: async () => differs({ status: 422, json: { fields: some({ pointer: '/lon' }) } }, await call({ as: 'manager', method: 'PUT', path: `/seats/${seats[0].id}/start`, body: { lat: 11 } })) }
	yield { name: 'a seat that does not exist starts nowhere', as: 'admin', put: '/seats/999999999/start', body: { lat: 1, lon: 1 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a start that nobody asks for changes nothing of a plan, byte for byte', run: async () => {
		await start(11.42, 77.82)
		const now = await planned()
		return [now.csv !== without.csv && 'another plan', JSON.stringify(now.draft.tours) !== JSON.stringify(without.draft.tours) && 'other sums', now.draft.seats[0].lat !== 11.42 && 'the start is not kept', now.draft.seats.some((x) => x.starts) && 'it counts']
	} }
	yield { name: 'nor does asking for it where no seat has one', run: async () => {
		await start(null, null)
		await set(1)
		return (await planned()).csv !== without.csv && 'another plan'
	} }
	yield { name: 'together the way itself counts instead of minutes that are taken off', run: async () => {
		await start(11.42, 77.82)
		with_ = await planned()
		const [one, two] = with_.draft.seats
		return [differs({ starts: true, rural: 1, shiftSeconds: seats[0].shiftSeconds + END_LEGS }, one), differs({ starts: false, shiftSeconds: seats[1].shiftSeconds }, two), with_.csv === without.csv && 'the plan is the same']
	} }
	yield { name: 'the trail says who moved the start, and why', as: 'admin', get: '/audit?action=SEAT_START', json: { items: some({ resourceType: 'seat', reason: 'moved house', changes: some({ field: 'start', old: null, new: '11.420000, 77.820000' }) }) } }
	yield { name: 'every day amounts to what the screens count', run: async () => {
		const p = planOf(with_.draft), w = await world(), wrong = []
		for (const [key, list] of p.tours) {
			const seat = p.seats.find((x) => x.id === seatOf(key)), at = (n) => w.needs.get(n).outlet, is = p.sums.get(key)
			const ours = tourSums(vehicleOf(p.travel, seat.vehicle), homeOf(seat), list.map((x) => ({ at: { lat: w.lat[at(x.need)], lon: w.lon[at(x.need)], rural: w.rural[at(x.need)] }, service: 0 })))
			if (Math.abs(ours.travel - is.travel) > list.length + 2 || Math.abs(ours.metres - is.metres) > 3 * (list.length + 2))
				wrong.push(`${seat.code} on day ${dayOf(key)}: ${is.travel} s and ${is.metres} m, ${ours.travel} s and ${ours.metres} m on the screen`)
			if (seat.starts && is.metres < 15000)
				wrong.push(`${is.metres} m are less than the way there and back`)
		}
		return wrong.slice(0, 5)
	} }
	yield { name: 'and so does the price of a move', run: async () => {
		await got({ method: 'POST', path: `/planning/sessions/${session}/adopt`, body: { versionId: with_.v } })
		const p = planOf(await got({ path: `/planning/sessions/${session}/draft` })), w = await world(), c = { plan: p, world: w, vehicle: (x) => vehicleOf(p.travel, x?.vehicle), turn: 1 }, wrong = []
		for (const [from, to] of [[0, 1], [1, 0]])
			for (const [key] of [...p.tours].filter(([k]) => seatOf(k) === p.seats[from].id).slice(0, 6)) {
				const date = dateOf(p.cycle, 1, dayOf(key)), ops = [{ clientId: `${key}`, kind: 'move', visits: [{ need: tourOn(p, key, 1)[0].need, date }], seat: p.seats[to].id, reach: 'standing' }], is = await got({ method: 'POST', path: `/planning/sessions/${session}/price`, body: { ops } }), ours = priceLocally(c, ops)
				if (Math.abs(is.minutes - ours.minutes) > 0.5 || Math.abs(is.km - ours.km) > 0.1)
					wrong.push(`${date}: ${is.minutes} min and ${is.km} km, ${ours.minutes} and ${ours.km} on the screen`)
			}
		return wrong.slice(0, 5)
	} }
	yield { name: 'where many outlets lie around it, it lies in town', run: async () => {
		await start(11.3, 77.7)
		const town = (await planned()).draft.seats[0].rural
		await start(11.42, 77.82)
		return differs([0, 1], [town, (await planned()).draft.seats[0].rural])
	} }
	yield { name: 'another start is another plan', run: async () => {
		await start(11.1, 77.5)
		return (await planned()).draft.totals.km === with_.draft.totals.km && 'as far as before'
	} }
	yield { name: 'and it is given back', run: async () => {
		await set(null)
		await start(null, null)
		await got({ method: 'POST', path: `/planning/sessions/${session}/close` })
	} }
}
export const steps = all
