// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of more visits than one operation holds, and of more days than most plans have: made whole, taken back whole.
import { randomUUID } from 'node:crypto'
import { arrange, dateOf, stops, tour } from './planning.mjs'
import { differs } from './steps.mjs'

const MOST = 2000
async function* all({ client }) {
	const call = (method, path, body) => client.call({ as: 'planner', method, path, body })
	const units = (await call('GET', '/territories?units=1&channel=GT&limit=500')).json.items.filter((u) => u.unit && u.plan && !u.locks.length)
	const unit = units.sort((a, b) => b.seats - a.seats)[0]
	let session, d
	const draft = async () => (d = (await call('GET', `/planning/sessions/${session}/draft`)).json)
	const step = async (which) => call('POST', `/planning/sessions/${session}/${which}`, { seq: d.seq })
	const visits = () => d.visits.need.map((need, i) => ({ need, date: dateOf(d.cycle.anchor, d.visits.day[i]) }))
	/** Of every visit, so many in one operation. */
	const parts = (make) => Array.from({ length: Math.ceil(d.visits.need.length / MOST) }, (_, i) => ({ clientId: randomUUID(), ...make(visits().slice(i * MOST, (i + 1) * MOST)) }))
	const change = (ops, more = {}) => call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops, ...more })

	yield { name: 'a plan of many people is opened', run: async () => {
		const lock = await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		session = (await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json.id
		await draft()
		return [lock.status !== 200 && lock.text, d.visits.need.length <= 2 * MOST && 'few visits', d.tours.seat.length <= 500 && 'few days']
	} }
	yield { name: 'one operation of them all is too much, and says of what', run: async () => {
		const r = await change([{ clientId: randomUUID(), kind: 'remove', visits: visits() }])
		return differs({ code: 'ERR_REQ_004', fields: [{ pointer: '/ops/0/visits' }] }, r.json)
	} }
	for (const kind of ['remove', 'join'])
		yield { name: `all visits at once: ${kind}; one undo and one redo are of them all`, run: async () => {
			const first = stops(await draft()), beats = d.visits.beat.join(), n = d.visits.need.length
			const r = await change(parts((visits) => (kind === 'remove' ? { kind, visits } : { kind, visits, beat: d.beats[0].id })), { together: true })
			if (r.status !== 200)
				return r.text
			const then = stops(await draft()), wrong = [kind === 'remove' ? d.visits.need.length && `${d.visits.need.length} visits are left` : d.visits.beat.some((b) => b !== d.beats[0].id) && 'not all are in the beat',
				differs({ undo: kind === 'remove' ? `remove ${n} visits` : `put ${n} visits into a beat`, redo: null, edits: Math.ceil(n / MOST) }, d)]
			const back = await step('undo')
			wrong.push(back.status !== 200 && back.text, stops(await draft()) !== first && 'undo gives another plan', d.visits.beat.join() !== beats && 'other beats', d.edits && `${d.edits} edits are left`)
			const again = await step('redo')
			wrong.push(again.status !== 200 && again.text, stops(await draft()) !== then && 'redo gives another plan')
			await step('undo')
			return [wrong, stops(await draft()) !== first && 'undo once more gives another plan']
		} }
	yield { name: 'operations of one request that are not named as one are taken back one by one', run: async () => {
		const [a, b] = [{ seat: d.tours.seat[0], day: d.tours.day[0] }, { seat: d.tours.seat[1], day: d.tours.day[1] }].map((t) => ({ clientId: randomUUID(), kind: 'sequence', seat: t.seat, date: dateOf(d.cycle.anchor, t.day), reverse: true }))
		const r = await change([a, b])
		await draft()
		await step('undo')
		await draft()
		const left = d.edits
		await step('undo')
		return [r.status !== 200 && r.text, left !== 1 && `${left} edits are left`, (await draft()).edits && 'some are left']
	} }
	yield { name: 'the order of every day of many people is one operation', run: async () => {
		const first = stops(await draft()), tours = d.tours.seat.map((seat, t) => ({ seat, day: d.tours.day[t], order: tour(d, seat, d.tours.day[t]).reverse() }))
		const r = await change([{ clientId: randomUUID(), ...arrange(d, tours) }])
		if (r.status !== 200)
			return r.text
		const now = stops(await draft())
		await step('undo')
		return [now === first && 'nothing has changed', stops(await draft()) !== first && 'undo gives another plan']
	} }
	yield { name: 'and the plan is free again', run: async () => {
		const r = await call('POST', `/planning/sessions/${session}/close`)
		return r.status !== 200 && r.text
	} }
}

export const steps = all
