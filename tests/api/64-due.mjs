// SPDX-License-Identifier: GPL-3.0-or-later
// The next purchase that is due (NPPD): counted from invoices, or told by the outlet file; shown, and, where the parameters say so, what
// visits are drawn to.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { sleep } from './client.mjs'
import { differs } from './steps.mjs'
import { priceLocally } from '../../www/js/plan/actions.js'
import { worthIn } from '../../www/js/plan/due.js'
import { dayIndex, decodeDetails, decodeSnapshot, planOf, turnOf } from '../../www/js/plan/model.js'
import { vehicleOf } from '../../www/js/plan/travel.js'

const N = 120, EVERY = 28, DAY = 86400000
const today = Math.floor(Date.now() / DAY), dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10), dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / DAY
/** On which the purchase of an outlet is due; anything between tomorrow and four weeks on, in no order that the map knows. */
const dueOf = (i) => today + 1 + i * 17 % 27

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const r = random(63), at = () => `${(20.5 + (r() - 0.5) * 0.04).toFixed(5)},${(85.8 + (r() - 0.5) * 0.04).toFixed(5)}`
	const head = 'Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency'
	const rows = Array.from({ length: N }, (_, i) => `DUE${i},Shop ${i},${at()},Dueland,DUE,DUE Area,DUEDT,Distributor of due,GT,Bronze,1`)
	const imported = async (files) => {
		const { json } = await call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'due' } }), wrong = []
		for (const [kind, text] of files) {
			const up = await upload(client, json.id, `${kind}.csv`, text, `&entity=${kind}`)
			wrong.push(up.status !== 200 && up.text)
		}
		return [wrong, await through(client, json.id, 'validate'), await through(client, json.id, 'process'),
			differs({ status: 'COMPLETED', counts: { rejected: 0 } }, (await call({ as: 'admin', path: `/import/sessions/${json.id}` })).json)]
	}
	const outlet = async (code) => {
		const { items } = (await call({ path: `/outlets?q=${code}` })).json
		return (await call({ path: `/outlets/${items.find((o) => o.code === code).id}` })).json
	}
	/** Until the worker has counted. */
	const until = async (code, good) => {
		for (let i = 0; i < 200; i++) {
			const o = await outlet(code)
			if (good(o))
				return o
			await sleep(200)
		}
		return outlet(code)
	}
	/** The snapshot, once its details are good. */
	const snapshot = async (good) => {
		for (let i = 0; i < 100; i++) {
			const core = (await call({ path: `/territories/${saved.due}/snapshot` })).json, details = core.details && (await call({ path: `/territories/${saved.due}/snapshot/details?v=${core.details}` })).json
			if (details?.outlets && good(details))
				return { core, details }
			await sleep(200)
		}
		throw new Error('the snapshot does not come')
	}
	/** A plan by the same seed and steps: what it is, and how far its visits lie from what is due, in days. */
	const planned = async () => {
		const begun = await call({ method: 'POST', path: '/optimize', body: { sessionId: saved.dueSession, seed: 5, iterations: 60000 } })
		const job = begun.status === 200 ? await ended(client, begun.json.jobId, 'planner', '/optimize', 90) : {}
		if (job.state !== 'done')
			throw new Error(begun.text + JSON.stringify(job))
		const { result } = job, csv = (await call({ path: `/plans/${saved.duePlan}/export?what=plan&format=csv&version=${result.versionId}` })).text
		const draft = (await call({ path: `/plans/${saved.duePlan}/draft?version=${result.versionId}` })).json
		const anchor = dayOf(draft.cycle.anchor), weeks = 7 * draft.cycle.weeks
		const next = (day) => today + (((anchor + day - today) % weeks) + weeks) % weeks
		const apart = draft.visits.need.map((n, i) => Math.abs(next(draft.visits.day[i]) - dueOf(saved.dueNeeds.get(n))))
		return { version: result.versionId, csv, draft, missing: draft.totals.unserved, minutes: draft.totals.travelMinutes, apart: apart.reduce((a, b) => a + b, 0) / apart.length }
	}
	const set = (body) => call({ as: 'admin', method: 'PUT', path: `/territories/${saved.due}/profile?channel=GT`, body: { reason: 'a test', ...body } })

	yield { name: 'a town is imported', run: () => imported([
		['distributors', 'DT Code,DT Name,Latitude,Longitude\nDUEDT,Distributor of due,20.5,85.8\n'],
		['seats', 'Seat Code,Seat Name,Person,Territory,DT Codes,Vehicle,Latitude,Longitude\nDUE-S,Seat of due,Person of due,DUEDT,,two-wheeler,20.5,85.8\n'],
		['outlets', `${[head, ...rows].join('\n')}\n`]]) }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=DUE', json: { items: [{ unit: true }] }, save: { due: '/items/0/id' } }
	yield { name: 'without invoices nothing is due', run: async () => differs({ due: null }, await outlet('DUE0')) }
	yield { name: 'it is planned', run: async () => {
		await call({ method: 'POST', path: `/territories/${saved.due}/lock`, body: { channel: 'GT' } })
		const s = (await call({ method: 'POST', path: '/planning/sessions', body: { territoryId: saved.due, channel: 'GT' } })).json
		Object.assign(saved, { dueSession: s.id, duePlan: s.planId })
		const { core, details } = await snapshot(() => true), running = (list) => { let sum = 0; return list.map((d) => sum += d) }, of = running(core.needs.outlet)
		saved.dueNeeds = new Map(running(core.needs.id).map((id, i) => [id, Number(details.outlets.code[of[i]].slice(3))]))
		saved.dueBefore = await planned()
		return [saved.dueBefore.missing && `${saved.dueBefore.missing} visits are missing`, details.outlets.due.some((d) => d !== -1) && 'something is due']
	} }
	yield { name: 'invoices of every four weeks come in', run: async () => {
		const lines = rows.flatMap((_, i) => [1, 2, 3, 4, 5].filter((k) => i !== 7 || k < 3).map((k) => `DN-${i}-${k},${dateOf(dueOf(i) - k * EVERY)},DUE${i},TEA,Tea,1,10,10,0`))
		return imported([['invoices', `invoice no,invoice date,customer code,sku,product name,qty,unit price,net amount,tax amount\n${lines.join('\n')}\n`]])
	} }
	yield { name: 'the next purchase follows from them by itself', run: async () => {
		const o = await until('DUE3', (x) => x.due)
		return [differs({ due: { date: dateOf(dueOf(3)), last: dateOf(dueOf(3) - EVERY), imported: false, late: false, every: EVERY, spread: 2, gaps: 4, score: (n) => n >= 0 && n < 50 } }, o),
			differs({ due: { date: dateOf(dueOf(7)), gaps: 1, every: EVERY } }, await outlet('DUE7'))]
	} }
	yield { name: 'the job says so, a moment later', run: async () => {
		for (let i = 0; i < 50; i++, await sleep(100))
			if ((await call({ as: 'admin', path: '/jobs?kind=PURCHASES_DUE&state=done' })).json.items.length)
				return []
		return 'none has ended'
	} }
	yield { name: 'the details of the snapshot tell it', run: async () => {
		const of = (o) => o.code.indexOf('DUE3'), { details: { outlets: o } } = await snapshot((d) => d.outlets.due[of(d.outlets)] > 0), k = of(o)
		return differs({ due: dueOf(3), every: 10 * EVERY, spread: 20, nppd: -1 }, { due: o.due[k], every: o.every[k], spread: o.spread[k], nppd: o.nppd[k] })
	} }
	yield { name: 'left out it changes nothing of a plan', run: async () => {
		const now = await planned()
		return [now.csv !== saved.dueBefore.csv && 'another plan', now.apart < 5 && `they are only ${now.apart} days apart anyway`]
	} }
	yield { name: 'a switch is on or off', as: 'admin', put: '/territories/{due}/profile?channel=GT', body: { set: { nppd: 2 }, reason: 'a test' }, status: 422, fields: ['/nppd'] }
	yield { name: 'switched on it draws visits to the day', run: async () => {
		const on = await set({ set: { nppd: 1 } }), now = await planned(), was = saved.dueBefore
		saved.dueOn = now
		return [on.status !== 200 && on.text, now.apart > was.apart * 0.7 && `${now.apart.toFixed(1)} days apart, ${was.apart.toFixed(1)} before`, now.missing && `${now.missing} visits are missing`,
			now.minutes > was.minutes * 1.5 && `${now.minutes} minutes under way, ${was.minutes} before`]
	} }
	yield { name: 'the more so the more it is worth', run: async () => {
		const more = await set({ set: { priceDue: 60 } }), now = await planned()
		await set({ set: { priceDue: null } })
		return [more.status !== 200 && more.text, now.apart > saved.dueOn.apart * 0.8 && `${now.apart.toFixed(1)} days apart, ${saved.dueOn.apart.toFixed(1)} before`]
	} }
	yield { name: 'why here tells of it', run: async () => {
		const { draft, version } = saved.dueOn, need = draft.visits.need[0], day = draft.visits.day[0], anchor = dayOf(draft.cycle.anchor)
		const begun = await call({ method: 'POST', path: `/plans/${saved.duePlan}/explain`, body: { what: 'place', versionId: version, need, date: dateOf(anchor + day) } })
		const answer = begun.status === 200 ? (await ended(client, begun.json.jobId, 'planner', '/optimize', 60)).result : begun.text
		return differs({ due: { date: dateOf(dueOf(saved.dueNeeds.get(need))), imported: false, late: false, every: EVERY, counts: true, score: (n) => n >= 0 && n <= 100, worth: (n) => n >= 0 && n <= 4 } }, answer)
	} }
	yield { name: 'a score of the outlet file goes before', run: async () => {
		const wrong = await imported([['outlets', `${head},NPPD\n${rows[3]},84\n`]]), o = await outlet('DUE3')
		return [wrong, differs({ due: { imported: true, score: (n) => Math.abs(n - 84) < 0.01, date: dateOf(today - 2) } }, o)]
	} }
	yield { name: 'and off again it is the plan that it was', run: async () => {
		await set({ set: { nppd: null } })
		const now = await planned()
		return now.csv !== saved.dueBefore.csv && 'another plan'
	} }
	yield { name: 'what a move costs, and is worth for purchases, is worked out by the screens as by the server, leave as well', run: async () => {
		const on = await set({ set: { nppd: 1 } }), adopted = await call({ method: 'POST', path: `/planning/sessions/${saved.dueSession}/adopt`, body: { versionId: saved.dueOn.version } })
		const draft = async () => (await call({ path: `/planning/sessions/${saved.dueSession}/draft` })).json, first = await draft(), seat = first.seats[0].id
		const { core, details } = await snapshot((d) => d.outlets.nppd.some((n) => n === 84)), world = decodeSnapshot(core), { days } = first.cycle
		const params = Object.fromEntries((await call({ path: `/territories/${saved.due}/profile?channel=GT` })).json.params.map((x) => [x.name, x.value ?? x.valueText]))
		const away = dateOf(today + 14 - (today + 3) % 7), leave = await call({ as: 'admin', method: 'POST', path: `/seats/${seat}/absences`, body: { from: away, to: away, kind: 'LEAVE' } })
		const d = await draft(), plan = planOf(d), turn = turnOf(plan.cycle, away), c = { plan, world, vehicle: (s) => vehicleOf(plan.travel, s?.vehicle), turn, worth: worthIn(plan, world, decodeDetails(details), params, dateOf(today)) }
		const wrong = [on.status !== 200 && on.text, adopted.status !== 200 && adopted.text, leave.status !== 200 && leave.text], from = dayIndex(plan.cycle, away), [scored] = [...saved.dueNeeds].find(([, i]) => i === 3)
		const needs = [scored, ...d.visits.need.filter((n) => n !== scored)].slice(0, 24), found = new Set()
		let worth = 0
		for (const [k, need] of needs.entries())
			for (const reach of ['standing', 'date']) {
				const day = d.visits.day[d.visits.need.indexOf(need)], to = k % 3 ? (from + k) % days : from, date = dateOf(dayOf(plan.cycle.anchor) + turn * days + to), at = dateOf(dayOf(plan.cycle.anchor) + turn * days + day)
				if (to === day || dayOf(date) < today || dayOf(at) < today)
					continue
				const ops = [{ clientId: `${k}${reach}`, kind: 'move', visits: [{ need, date: at }], date, reach }], r = await call({ method: 'POST', path: `/planning/sessions/${saved.dueSession}/price`, body: { ops } }), ours = priceLocally(c, ops)
				const rules = (x) => x.broken.filter((b) => b.rule === 'AWAY').map((b) => [b.rule, b.severity, b.seat, b.date, b.message].join()).join()
				if (r.status !== 200 || Math.abs(r.json.dueMinutes - ours.dueMinutes) > 0.051 || Math.abs(r.json.minutes - ours.minutes) > 1 || rules(r.json) !== rules(ours))
					wrong.push(`${need} from ${at} to ${date}, ${reach}: ${r.text.slice(0, 400)} against ${ours.dueMinutes} worth, ${ours.minutes} min, ${rules(ours)}`)
				worth = Math.max(worth, Math.abs(ours.dueMinutes))
				for (const b of ours.broken)
					found.add(b.rule + b.severity)
			}
		await set({ set: { nppd: null } })
		await call({ as: 'admin', method: 'DELETE', path: `/seats/${seat}/absences/${leave.json?.id}` })
		await call({ method: 'POST', path: `/planning/sessions/${saved.dueSession}/close` })
		return [wrong, worth < 1 && `worth at most ${worth}`, ['AWAYblock', 'AWAYwarn'].filter((x) => !found.has(x)).map((x) => `never ${x}`)]
	} }
}
export const steps = all
