// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up region of many outlets for the benchmarks, imported once.
import assert from 'node:assert/strict'
import { api, base } from './lib.mjs'

export const until = async (what, done) => {
	for (let i = 0; i < 1200; i++) {
		const x = await what()
		if (done(x))
			return x
		await new Promise((r) => setTimeout(r, 500))
	}
	throw new Error('it takes too long')
}
/** Deterministic numbers in 0..1. */
export function numbers(state = 7) {
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0
		return state / 2 ** 32
	}
}

/** Rows of each kind, imported and published. @param {Record<string, string[]>} files */
export async function imported(page, context, name, files) {
	const csrf = (await (await context.request.get(base + '/api/v1/auth/me')).json()).csrf, session = (await api(page, 'POST', '/import/sessions', { name })).id
	for (const [what, rows] of Object.entries(files)) {
		const r = await context.request.put(`${base}/api/v1/import/uploads?session=${session}&name=${what}.csv`, {
			data: Buffer.from(rows.join('\n') + '\n'), headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/octet-stream' }, timeout: 120000,
		})
		assert.equal(r.status(), 200, await r.text())
	}
	await api(page, 'POST', `/import/sessions/${session}/validate`, {})
	const at = () => api(page, 'GET', `/import/sessions/${session}`)
	assert.equal((await until(at, (s) => s.status !== 'VALIDATING')).status, 'READY')
	await api(page, 'POST', `/import/sessions/${session}/process`, {})
	assert.equal((await until(at, (s) => s.status !== 'PROCESSING')).status, 'COMPLETED')
}

/** Towns; a distributor for every 500 outlets, a seat for every 450. */
async function load(page, context, outlets, name) {
	const random = numbers()
	const dts = Math.ceil(outlets / 500), seats = Math.ceil(outlets / 450)
	const towns = Array.from({ length: 40 }, () => [22 + 3 * random(), 76 + 3 * random()])
	const town = (i) => towns[i % towns.length]
	const near = ([lat, lon], spread) => [lat + spread * (random() + random() - 1), lon + spread * (random() + random() - 1)].map((x) => x.toFixed(5))
	const files = {
		distributors: ['code,name,lat,lon', ...Array.from({ length: dts }, (_, i) => `BN-D${i},Distributor ${i},${near(town(i), 0.02)}`)],
		outlets: ['code,name,lat,lon,tier,channel,country,region,dt_code', ...Array.from({ length: outlets }, (_, i) => {
			const d = Math.floor(i / 500)
			return `BN-${i},Shop ${i},${near(town(d), 0.12)},${['Gold', 'Silver', 'Bronze', 'Bronze'][i % 4]},GT,Benchland,${name},BN-D${d}`
		})],
		seats: ['code,name,person,dt_codes,vehicle', ...Array.from({ length: seats }, (_, i) => `BN-S${i},Seat ${i},Person ${i},BN-D${Math.floor(i * dts / seats)},two-wheeler`)],
	}
	await imported(page, context, name, files)
}

/** Its planning unit, with a snapshot. */
export async function region(page, context, outlets) {
	const name = `Benchland ${outlets}`
	const find = async () => (await api(page, 'GET', `/territories?units=1&q=${encodeURIComponent(name)}`)).items.find((t) => t.outlets >= outlets)
	if (!(await find()))
		await load(page, context, outlets, name)
	const unit = await find()
	assert.ok(unit, 'the region is a planning unit')
	await until(() => context.request.get(`${base}/api/v1/territories/${unit.id}/snapshot`), (r) => r.status() === 200)
	return unit
}

/** The same with a draft that is open, and planned if it is not yet. */
export async function planned(page, context, outlets, seconds) {
	return planOf(page, context, await region(page, context, outlets), seconds)
}
/** A unit with a draft that is open, and planned if it is not yet. */
export async function planOf(page, context, unit, seconds) {
	await api(page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
	const session = await api(page, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
	const { calls } = (await (await context.request.get(`${base}/api/v1/planning/sessions/${session.id}/draft`)).json()).totals
	if (!calls) {
		const { jobId } = await api(page, 'POST', '/optimize', { sessionId: session.id, seconds })
		const job = await until(() => api(page, 'GET', `/optimize/${jobId}`), (j) => ['done', 'failed', 'cancelled'].includes(j.state))
		assert.equal(job.state, 'done', JSON.stringify(job.error))
		await api(page, 'POST', `/planning/sessions/${session.id}/adopt`, { versionId: job.result.versionId })
	}
	return { unit, session }
}
