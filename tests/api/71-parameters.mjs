// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters that say what is planned, wholesale in general trade, or kept out and listed; and what a plan amounts to: its sums follow
// without a run.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { differs } from './steps.mjs'
import { dayOf, decodeDetails, decodeSnapshot, planOf, seatOf } from '../../www/js/plan/model.js'
import { homeOf, tourSums, vehicleOf } from '../../www/js/plan/travel.js'

const N = 60, WS = 6

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const got = async (o) => { const r = await call(o); if (r.status !== 200) throw new Error(r.text); return r.json ?? r.text }
	const r = random(71), rows = Array.from({ length: N }, (_, i) => `PM${i},Shop ${i},${(13.4 + (r() - 0.5) * 0.06).toFixed(5)},${(76.2 + (r() - 0.5) * 0.06).toFixed(5)},Paramland,PARAM,PM Area,PMDT,Distributor of rules,${i < WS ? 'WS' : 'GT'},Silver,${i % 5 === 1 ? '' : 2}`)
	let unit, session, plan
	const set = (set) => got({ as: 'admin', method: 'PUT', path: `/territories/${unit}/profile?channel=GT`, body: { set, reason: 'a test' } })
	/** A plan by the same seed and steps; nothing of it is adopted. */
	const planned = async () => {
		const { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 6, iterations: 10000 } }), job = await ended(client, jobId, 'planner', '/optimize', 60)
		if (job.state !== 'done')
			throw new Error(JSON.stringify(job))
		return { v: job.result.versionId, csv: await got({ path: `/plans/${plan}/export?what=plan&format=csv&version=${job.result.versionId}` }) }
	}
	const wholesalers = (csv) => Array.from({ length: WS }, (_, i) => i).filter((i) => new RegExp(`\\bPM${i}\\b`).test(csv)).length
	/** Made a moment after it was asked for. */
	const snapshot = async (tries = 50) => {
		const r = await call({ path: `/territories/${unit}/snapshot` })
		if (r.status === 200 || !tries)
			return r.json
		await new Promise((done) => setTimeout(done, 200))
		return snapshot(tries - 1)
	}
	const unplanned = (query = '') => got({ path: `/territories/${unit}/unplanned?channel=GT${query}` })

	yield { name: 'a town is imported', run: async () => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'parameters' } }), wrong = []
		for (const [kind, text] of [['distributors', 'DT Code,DT Name,Latitude,Longitude\nPMDT,Distributor of rules,13.4,76.2\n'], ['seats', 'Seat Code,Person,Territory,DT Codes,Vehicle\nPM-1,Person rule,PARAM,PMDT,two-wheeler\n'],
			['outlets', `Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency\n${rows.join('\n')}\n`]])
			wrong.push((await upload(client, id, `${kind}.csv`, text, `&entity=${kind}`)).status !== 200 && kind)
		return [wrong, await through(client, id, 'validate'), await through(client, id, 'process')]
	} }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=PARAM', json: { items: [{ unit: true }] }, save: { paramUnit: '/items/0/id' } }

	/* Wholesale. */
	let with_
	yield { name: 'nothing else being said wholesale is planned in general trade', run: async () => {
		unit = saved.paramUnit
		await got({ method: 'POST', path: `/territories/${unit}/lock`, body: { channel: 'GT' } })
		;({ id: session, planId: plan } = await got({ method: 'POST', path: '/planning/sessions', body: { territoryId: unit, channel: 'GT' } }))
		with_ = await planned()
		return [wholesalers(with_.csv) !== WS && `${wholesalers(with_.csv)} of ${WS} are planned`, differs({ reasons: [] }, await unplanned())]
	} }
	yield { name: 'it is planned or it is not', as: 'admin', put: '/territories/{paramUnit}/profile?channel=GT', body: { set: { planWholesale: 2 }, reason: 'a test' }, status: 422, fields: ['/planWholesale'] }
	yield { name: 'switched off it is not planned, and listed with its reason', run: async () => {
		await set({ planWholesale: 0 })
		const { csv } = await planned(), list = await unplanned('&reason=WHOLESALE_OFF')
		return [wholesalers(csv) && `${wholesalers(csv)} are planned`, differs({ reasons: [{ reason: 'WHOLESALE_OFF', outlets: WS }], items: [{ code: 'PM0', reason: 'WHOLESALE_OFF', note: null, entry: null }, ...Array(WS - 1).fill({ reason: 'WHOLESALE_OFF' })] }, list)]
	} }
	yield { name: 'the work of the unit is that of the others', run: async () => differs({ visits: 2 * (N - WS), outlets: N }, (await got({ as: 'admin', path: `/territories/${unit}/units` })).units[0]) }
	yield { name: 'none is placed by hand', run: async () => {
		const w = decodeSnapshot(await snapshot()), { code } = decodeDetails(await got({ path: `/territories/${unit}/snapshot/details?v=${w.details}` })), { cycle, seats } = await got({ path: `/planning/sessions/${session}/draft` })
		return differs({ status: 422, json: { code: 'ERR_PLAN_002' } }, await call({ method: 'POST', path: `/planning/sessions/${session}/price`, body: { ops: [{ clientId: 'ws', kind: 'place', need: w.needsOf[code.indexOf('PM0')][0], seat: seats[0].id, date: cycle.anchor }] } }))
	} }
	yield { name: 'switched on again the plan is as before, byte for byte', run: async () => {
		await set({ planWholesale: null })
		return [(await planned()).csv !== with_.csv && 'another plan', differs({ reasons: [] }, await unplanned())]
	} }

	/* What a plan amounts to. */
	const draft = (version) => got({ path: version ? `/plans/${plan}/draft?version=${version}` : `/planning/sessions/${session}/draft` })
	/** The same when it has been counted. */
	const counted = async (version, tries = 100) => {
		const d = await draft(version)
		if (!d.stale || !tries)
			return d
		await new Promise((done) => setTimeout(done, 200))
		return counted(version, tries - 1)
	}
	/** Days whose sums differ from what the screens count with the parameters that are told. */
	const off = async (d) => {
		const p = planOf(d), w = decodeSnapshot(await snapshot()), wrong = []
		for (const [key, list] of p.tours) {
			const seat = p.seats.find((x) => x.id === seatOf(key)), at = (n) => w.needs.get(n).outlet, is = p.sums.get(key)
			const ours = tourSums(vehicleOf(p.travel, seat.vehicle), homeOf(seat), list.map((x) => ({ at: { lat: w.lat[at(x.need)], lon: w.lon[at(x.need)], rural: w.rural[at(x.need)] }, service: w.needs.get(x.need).service })))
			if (Math.abs(ours.travel - is.travel) > list.length + 2 || Math.abs(ours.metres - is.metres) > 3 * (list.length + 2) || Math.abs(list.reduce((n, x) => n + w.needs.get(x.need).service, 0) - is.service) > list.length)
				wrong.push(`${seat.code} on day ${dayOf(key)}: ${is.travel} s, ${is.metres} m, ${is.service} s, not ${ours.travel} s, ${ours.metres} m`)
		}
		return [d.stale && 'it is stale still', wrong.slice(0, 3)]
	}
	const start = (lat, lon) => got({ as: 'manager', method: 'PUT', path: `/seats/${saved.paramSeat}/start`, body: { lat, lon, reason: 'moved house' } })
	let before
	yield { name: 'a plan is counted by the parameters that hold', run: async () => {
		await counted(with_.v)
		await got({ method: 'POST', path: `/planning/sessions/${session}/adopt`, body: { versionId: with_.v } })
		before = await draft()
		saved.paramSeat = before.seats[0].id
		return [before.stale && 'it is stale', await off(before)]
	} }
	for (const [name, change] of [['a speed', { twoWheelerUrban: 9 }], ['service times', { serviceSilver: 15 }], ['the pauses of a day', { breakMinutes: 200 }], ['where no start is known the way from it', { countEndLegs: 1 }]])
		yield { name: `${name} being another one, draft and version say so, then are counted anew without a run`, run: async () => {
			const was = await draft()
			await set(change)
			const now = await draft(), old = await draft(with_.v), after = await counted(), other = await counted(with_.v)
			return [!now.stale && !old.stale && JSON.stringify(now.totals) === JSON.stringify(was.totals) && 'nobody is told', await off(after), await off(other), differs(after.totals, other.totals), JSON.stringify(after.visits) !== JSON.stringify(before.visits) && 'visits have changed'.trim()]
		} }
	yield { name: 'so it is when a seat starts somewhere', run: async () => {
		const was = await counted()
		await start(13.5, 76.3)
		await draft()
		const after = await counted()
		return [after.totals.km <= was.totals.km + 10 && `${after.totals.km} km, ${was.totals.km} before`, await off(after)]
	} }
	yield { name: 'and when an outlet is another one', run: async () => {
		const was = await counted(), w = decodeSnapshot(await snapshot()), outlet = w.id[w.needs.get(was.visits.need[0]).outlet], wrong = []
		for (const [value, less] of [['Bronze', true], [null, false]]) {
			await got({ as: 'admin', method: 'PATCH', path: `/outlets/${outlet}`, body: { values: [{ field: 'tier', value }], reason: 'a test' } })
			let now = await counted()
			for (let i = 0; i < 60 && now.totals.serviceMinutes < was.totals.serviceMinutes !== less; i++) {
				await new Promise((done) => setTimeout(done, 250))
				now = await counted()
			}
			wrong.push(now.totals.serviceMinutes < was.totals.serviceMinutes !== less && `${now.totals.serviceMinutes} min of ${was.totals.serviceMinutes} as ${value}`, await off(now))
		}
		return wrong
	} }
	yield { name: 'visits that are asked for beyond the plan are missing, until nobody asks any more', run: async () => {
		const was = await counted()
		await set({ frequencySilver: 4 })
		const more = await counted()
		await set({ frequencySilver: null })
		return [differs({ unserved: 2 * N / 5 }, more.totals), differs({ reason: Array(N / 5).fill('NOT_PLANNED') }, more.unserved), differs(was.unserved, (await counted()).unserved)]
	} }
	yield { name: 'an operation between is no other sum', run: async () => {
		await set({ twoWheelerUrban: 30 })
		const d = await draft(), [need, day] = [d.visits.need[0], d.visits.day[0]], date = new Date(Date.parse(d.cycle.anchor) + day * 86400000).toISOString().slice(0, 10)
		await got({ method: 'POST', path: `/planning/sessions/${session}/ops`, body: { seq: d.seq, ops: [{ clientId: 'between', kind: 'remove', visits: [{ need, date }], reason: 'a test', reasonCode: 'OTHER' }] } })
		return off(await counted())
	} }
	yield { name: 'all put back the sums are the first, byte for byte', run: async () => {
		await start(null, null)
		await set({ twoWheelerUrban: null, serviceSilver: null, breakMinutes: null, countEndLegs: null })
		const v = await counted(with_.v)
		return [JSON.stringify(v.tours) !== JSON.stringify(before.tours) && 'other sums', differs(before.totals, v.totals), differs(before.unserved, v.unserved)]
	} }
	yield { name: 'and it is given back', run: async () => void await got({ method: 'POST', path: `/planning/sessions/${session}/close` }) }
}
export const steps = all
