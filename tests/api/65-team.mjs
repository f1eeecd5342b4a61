// SPDX-License-Identifier: GPL-3.0-or-later
// People come and go, seats stay: a representative resigns and the beats survive.
import { stops } from './planning.mjs'
import { differs, some } from './steps.mjs'

export const steps = async function* ({ client, saved }) {
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
	yield { name: 'a representative resigns', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: null, from: today, reason: 'resigned' } }
	yield { name: 'the seat is vacant, its beats and its plan are as they were', run: async () => {
		const seat = (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat), [d, now] = await planOf()
		return [seat.person !== null && seat.person, d.seats.find((s) => s.id === saved.teamSeat).person !== null && 'the plan names a person', now !== beats && 'beats, tours or visits changed']
	} }
	yield { name: 'somebody comes tomorrow', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: 'Nina New', email: 'nina@example.org', from: tomorrow } }
	yield { name: 'and today it is vacant still', run: async () => (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat).person !== null && 'not vacant' }
	yield { name: 'or today', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: 'Nina New', from: today } }
	yield { name: 'who has the beats of the one before', run: async () => {
		const seat = (await call('/seats?limit=500')).items.find((s) => s.id === saved.teamSeat), [, now] = await planOf()
		return [differs({ person: 'Nina New', personSince: today }, seat), now !== beats && 'beats, tours or visits changed']
	} }
	yield { name: 'the trail says who came, who left and why', as: 'admin', get: '/audit?action=SEAT_PERSON', json: { items: some({ resourceType: 'seat', reason: 'resigned', changes: some({ field: 'person', old: draft.seats[0].person, new: null }) }) } }
	yield { name: 'the one before is put back', as: 'manager', put: '/seats/{teamSeat}/person', body: { person: draft.seats[0].person, from: today } }
}
