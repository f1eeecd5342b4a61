// SPDX-License-Identifier: GPL-3.0-or-later
// 400 outlets that ask for twelve visits in four weeks, and one person: about six are needed, and six do it.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { differs } from './steps.mjs'

const OUTLETS = 400, VISITS = 12

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const r = random(8), at = () => `${(18.52 + (r() - 0.5) * 0.04).toFixed(5)},${(73.85 + (r() - 0.5) * 0.04).toFixed(5)}`
	const seat = (i) => `TWELVE-S${i},Seat ${i},Person ${i},TWELVEDT,,two-wheeler,18.52,73.85\n`
	const seats = 'Seat Code,Seat Name,Person,Territory,DT Codes,Vehicle,Latitude,Longitude\n'
	const imported = async (files) => {
		const { json } = await call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'twelve' } }), wrong = []
		for (const [kind, text] of files) {
			const up = await upload(client, json.id, `${kind}.csv`, text, `&entity=${kind}`)
			wrong.push(up.status !== 200 && up.text)
		}
		return [wrong, await through(client, json.id, 'validate'), await through(client, json.id, 'process'),
			differs({ status: 'COMPLETED', counts: { rejected: 0 } }, (await call({ as: 'admin', path: `/import/sessions/${json.id}` })).json)]
	}
	const job = async (path, body, of) => {
		const begun = await call({ method: 'POST', path, body })
		const done = begun.status === 200 ? await ended(client, begun.json.jobId, 'planner', of, 90) : { error: begun.text }
		return done.state === 'done' ? done.result : { error: done.error }
	}
	/** The share of the visits that a new plan makes. */
	const planned = async () => {
		await call({ method: 'POST', path: `/territories/${saved.twelve}/lock`, body: { channel: 'GT' } })
		const session = (await call({ method: 'POST', path: '/planning/sessions', body: { territoryId: saved.twelve, channel: 'GT' } })).json
		saved.twelveSession = session.id
		saved.twelvePlan = session.planId
		const result = await job('/optimize', { sessionId: session.id, seed: 8, seconds: 5 }, '/optimize')
		if (result.error)
			throw new Error(JSON.stringify(result.error))
		await call({ method: 'POST', path: `/planning/sessions/${session.id}/adopt`, body: { versionId: result.versionId } })
		const { totals } = (await call({ path: `/planning/sessions/${session.id}/draft` })).json
		return [totals.calls + totals.unserved !== OUTLETS * VISITS && JSON.stringify(totals), totals.calls / (OUTLETS * VISITS) * 100]
	}

	yield { name: 'they are imported', run: () => imported([
		['distributors', 'DT Code,DT Name,Latitude,Longitude\nTWELVEDT,Distributor of twelve,18.52,73.85\n'],
		['seats', seats + seat(1)],
		['outlets', 'Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency\n' +
			Array.from({ length: OUTLETS }, (_, i) => `TWELVE${i},Shop ${i},${at()},Firstland,TWELVE,TWELVE Area,TWELVEDT,Distributor of twelve,GT,Silver,F${VISITS}\n`).join('')]]) }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=TWELVE', json: { items: [{ unit: true }] }, save: { twelve: '/items/0/id' } }
	yield { name: 'one person makes less than a fifth', run: async () => {
		const [wrong, share] = await planned()
		return [wrong, !(share > 10 && share < 20) && `${share} %`]
	} }
	yield { name: 'about six are needed', run: async () => {
		const answer = await job(`/plans/${saved.twelvePlan}/explain`, { what: 'coverage', sessionId: saved.twelveSession }, '/optimize')
		saved.needed = answer.seats + answer.extra
		return differs({ percent: 95, seats: 1, extra: (n) => n >= 4 && n <= 6, served: (n) => n >= 95 }, answer)
	} }
	yield { name: 'with so many they are made', run: async () => {
		const wrong = await imported([['seats', seats + Array.from({ length: saved.needed }, (_, i) => seat(i + 1)).join('')]])
		await call({ method: 'POST', path: `/planning/sessions/${saved.twelveSession}/close` })
		const [more, share] = await planned()
		return [wrong, more, !(share >= 93) && `${share} % by ${saved.needed}`]
	} }
	yield { name: 'and one is enough for nothing more', run: async () => (await call({ method: 'POST', path: `/planning/sessions/${saved.twelveSession}/close` })).status !== 200 && 'not closed' }
}
export const steps = all
