// SPDX-License-Identifier: GPL-3.0-or-later
// A version out of the changes that led to it, held against it and against the audit trail: by the screens' job and by the shell.
import { randomUUID } from 'node:crypto'
import { ended, through, upload } from './40-import.mjs'
import { country } from './data.mjs'
import { arrange, dateOf, tour } from './planning.mjs'
import { beatplan, sql } from './shell.mjs'
import { differs, some } from './steps.mjs'

const WHY = { reason: 'a trial', reasonCode: 'PROMOTION' }

async function* all({ client }) {
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body })
	const ok = (r) => { if (r.status !== 200) throw new Error(r.text); return r.json }
	let unit, session, plan, d, committed
	const draft = async () => (d = ok(await call('GET', `/planning/sessions/${session}/draft`)))
	const open = async () => {
		const s = ok(await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' }))
		session = s.id
		plan = s.planId
		return draft()
	}
	const send = async (...list) => {
		const r = ok(await call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: list.map((o) => ({ clientId: randomUUID(), reach: 'standing', ...WHY, ...o })) }))
		await draft()
		return r
	}
	const step = async (what) => { ok(await call('POST', `/planning/sessions/${session}/${what}`, { seq: d.seq })); await draft() }
	const visit = (i) => ({ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) })
	const ask = async (versionId) => {
		const r = await call('POST', `/plans/${plan}/explain`, { what: 'replay', versionId })
		if (r.status !== 200)
			return { error: r.text }
		const job = await ended(client, r.json.jobId, 'admin', '/jobs', 60)
		return job.state === 'done' ? job.result : { error: job.error?.detail ?? JSON.stringify(job.error) }
	}
	const words = (...more) => ['audit', 'replay', '--territory', unit.code, '--state', client.state, ...more]
	const shell = (list) => {
		try {
			return [0, beatplan(...list)]
		} catch (e) {
			return [e.status, e.stdout + e.stderr]
		}
	}
	const numberOf = async (id) => ok(await call('GET', `/plans/${plan}/versions?limit=200`)).items.find((v) => v.id === id).number
	const save = async () => ok(await call('POST', '/planning/save', { sessionId: session }))

	yield { name: 'a plan that the shell made is what its changes give', run: async () => {
		const data = country({ rows: 400, areas: 1, seed: 59, prefix: 'RPL' }), { id } = ok(await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'replay' } }))
		for (const kind of ['distributors', 'seats', 'outlets'])
			await upload(client, id, `${kind}.csv`, data[kind])
		for (const what of ['validate', 'process'])
			await through(client, id, what)
		unit = ok(await client.call({ as: 'admin', path: '/territories?units=1&channel=GT&limit=500' })).items.find((u) => `${u.code} ${u.name}`.includes('RPL'))
		beatplan('optimize', '--territory', unit.code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
		ok(await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' }))
		await open()
		const now = ok(await call('GET', `/plans?territory=${unit.id}&channel=GT`)).items[0].current
		return [d.visits.need.length < 100 && 'few visits', differs({ same: true, from: null, accepted: 1, changes: 1, told: 1, archived: 0, difference: null }, await ask(now.id))]
	} }
	yield { name: 'changes of all kinds, undone in part and done again, a proposal and a bulk move, then a commit', run: async () => {
		const from = await numberOf(ok(await call('GET', `/planning/sessions/${session}`)).baseVersion), seat = d.tours.seat[0], day = d.tours.day[0]
		await send({ kind: 'move', visits: [visit(0)], date: dateOf(d.cycle.anchor, d.visits.day[1]) })
		await send({ kind: 'remove', visits: [visit(3)] }, { kind: 'remove', visits: [visit(5)] })
		await send(arrange(d, [{ seat, day, order: tour(d, seat, day).reverse() }]))
		await step('undo')
		await step('undo')
		await step('redo')
		await send({ kind: 'sequence', seat, date: dateOf(d.cycle.anchor, day), auto: true })
		const run = await ended(client, ok(await call('POST', '/optimize', { sessionId: session, iterations: 500, maxChanged: 20 })).jobId, 'admin', '/jobs', 60)
		ok(await call('POST', `/planning/sessions/${session}/adopt`, { versionId: run.result.versionId }))
		await draft()
		await send({ kind: 'move', visits: [0, 4, 8, 12].map(visit), shift: 1 })
		await send({ kind: 'pin', hold: 'both', needs: [d.visits.need[2]] })
		await send({ kind: 'move', reach: 'date', visits: [{ ...visit(20), date: dateOf(d.cycle.anchor, d.visits.day[20] + 7 * d.cycle.weeks * 3) }], seat: d.seats.find((s) => s.id !== d.visits.seat[20]).id })
		committed = ok(await call('POST', '/planning/commit', { sessionId: session, keepLock: true }))
		const a = await ask(committed.id), [status, text] = shell(words())
		return [differs({ same: true, version: committed.number, hash: committed.planHash, from, changes: 8, accepted: 1, steps: 3, told: 8, difference: null }, a),
			status !== 0 && `${status}: ${text}`, !/^identical /m.test(text) && text]
	} }
	yield { name: 'a version that was saved before more was undone, by its number', run: async () => {
		await open()
		await send({ kind: 'remove', visits: [visit(7)] })
		await send({ kind: 'remove', visits: [visit(9)] })
		const kept = await save()
		await step('undo')
		const undone = await ask(kept.id)
		await send({ kind: 'remove', visits: [visit(11)] })
		const gone = await ask(kept.id), [status, text] = shell(words('--version', `${kept.number}`))
		return [differs({ same: true, changes: 2 }, undone), !/1 of the 2 changes .* are not kept any more/.test(gone.error) && JSON.stringify(gone), status !== 1 && `${status}: ${text}`]
	} }
	yield { name: 'a commit that was taken back: from the version before it', run: async () => {
		ok(await call('POST', `/planning/sessions/${session}/adopt`, { versionId: committed.id }))
		await draft()
		const one = ok(await call('POST', '/planning/commit', { sessionId: session, keepLock: true }))
		await open()
		await step('undo')
		await send({ kind: 'remove', visits: [visit(13)] })
		const kept = await save()
		return [differs({ same: true, version: one.number }, await ask(one.id)), differs({ same: true, from: committed.number, changes: 1 }, await ask(kept.id))]
	} }
	yield { name: 'a stop that was changed past all of it is named, with its place in the tour', run: async () => {
		const [need, seat, day] = sql(client.state, `SELECT need_id, seat_id, day FROM plan_stop WHERE version_id = ${committed.id} AND to_date IS NULL ORDER BY seat_id, day, pos LIMIT 2, 1`).split('\t').map(Number)
		const code = sql(client.state, `SELECT o.code FROM need n JOIN outlet o ON o.id = n.outlet_id WHERE n.id = ${need}`)
		const stop = `version_id = ${committed.id} AND need_id = ${need} AND day = ${day} AND seat_id = ${seat}`
		sql(client.state, `UPDATE plan_stop SET pos = pos + 10000 WHERE ${stop}`)
		const a = await ask(committed.id), [status, text] = shell(words('--version', `${committed.number}`))
		sql(client.state, `UPDATE plan_stop SET pos = pos - 10000 WHERE ${stop}`)
		return [differs({ same: false, difference: { kind: 'STOP', change: null, seat, day, position: 3, trail: { need, code } } }, a), a.difference?.version?.need === need && 'it stands there in both',
			status !== 3 && `${status}: ${text}`, !text.includes(`outlet ${code}`) && text, differs({ same: true }, await ask(committed.id))]
	} }
	yield { name: 'so is a change that the trail does not tell, or tells otherwise', run: async () => {
		const of = sql(client.state, `SELECT session_id FROM plan_version WHERE id = ${committed.id}`), op = sql(client.state, `SELECT seq FROM plan_op WHERE session_id = ${of} AND kind = 'arrange' OR session_id = ${of} AND kind = 'move' ORDER BY seq LIMIT 1`)
		const row = `session_id = ${of} AND seq = ${op}`
		sql(client.state, `UPDATE plan_op SET kind = 'adopt-', removed = REPLACE(removed, '"p":', '"p":1') WHERE ${row}`)
		const taken = await ask(committed.id)
		sql(client.state, `UPDATE plan_op SET kind = 'move', removed = REPLACE(removed, '"p":1', '"p":') WHERE ${row}; UPDATE audit_change SET field = 'then' WHERE field = 'seq' AND new_value = '${op}' AND event_id IN (SELECT id FROM audit_event WHERE resource_type = 'session' AND resource_id = ${of})`)
		const untold = await ask(committed.id)
		sql(client.state, `UPDATE audit_change SET field = 'seq' WHERE field = 'then'; UPDATE plan_version SET plan_hash = REVERSE(plan_hash) WHERE id = ${committed.id}`)
		const mark = await ask(committed.id)
		sql(client.state, `UPDATE plan_version SET plan_hash = REVERSE(plan_hash) WHERE id = ${committed.id}`)
		return [differs({ same: false, difference: { kind: 'TAKEN', change: Number(op), label: /^move/, version: { code: /./ }, trail: null } }, taken), differs({ same: false, difference: { kind: 'UNTOLD', change: Number(op) } }, untold),
			differs({ same: false, difference: { kind: 'MARK', change: null } }, mark), differs({ same: true }, await ask(committed.id))]
	} }
	yield { name: 'what lies in an archive is told as that', run: async () => {
		sql(client.state, `INSERT INTO audit_archive (first_seal, last_seal, last_event, last_hash, newest, name, made_at) SELECT 4000000000, 4000000000, 1, '', UTC_TIMESTAMP(3), 'a', UTC_TIMESTAMP(3)`)
		const a = await ask(committed.id), [status, text] = shell(words('--version', `${committed.number}`))
		sql(client.state, 'DELETE FROM audit_archive WHERE first_seal = 4000000000')
		return [differs({ same: true, told: 0, archived: 8 }, a), status !== 0 && `${status}`, !/^archived .* 8;/m.test(text) && text]
	} }
	yield { name: 'versions that no change led to say so: imported, of a run, of before; a change that was swept', run: async () => {
		const list = ok(await call('GET', `/plans/${plan}/versions?limit=200`)).items, run = list.find((v) => v.kind === 'OPTIMISE'), row = `id = ${committed.id}`
		const kind = async (set, back) => { sql(client.state, `UPDATE plan_version SET ${set} WHERE ${row}`); const a = await ask(committed.id); sql(client.state, `UPDATE plan_version SET ${back} WHERE ${row}`); return a.error ?? JSON.stringify(a) }
		const imported = await kind("kind = 'IMPORT'", "kind = 'COMMIT'"), of = sql(client.state, `SELECT session_id FROM plan_version WHERE ${row}`), before = await kind('session_id = NULL', `session_id = ${of}`), swept = await kind('ops = ops + 3', 'ops = ops - 3')
		return [!/was imported/.test(imported) && imported, !/made by the optimiser.*rerun/.test((await ask(run.id)).error) && 'a run', !/before it was noted/.test(before) && before, !/3 of the 11 changes/.test(swept) && swept]
	} }
	yield { name: 'the shell says what it lacks', run: () => [[['audit', 'replay'], 2, /--territory CODE is missing/], [words('--channel', 'XX'), 2, /GT or MT/], [words('--version', 'x'), 2, /takes the number/], [words('more'), 2, /no further word/],
		[words('--version', '99999'), 1, /no such version of a GT plan/], [['audit', 'replay', '--territory', 'nowhere', '--state', client.state], 1, /no committed GT plan of a unit with the code nowhere/]].map(([list, want, like]) => {
		const [got, text] = shell(list)
		return [got !== want && `${list}: ${got}`, !like.test(text) && `${list}: ${text}`]
	}) }
	yield { name: 'which version has to be said, and be one of this plan', run: async () => [differs({ code: 'ERR_REQ_004', fields: some({ pointer: '/versionId' }) }, (await call('POST', `/plans/${plan}/explain`, { what: 'replay' })).json),
		differs({ code: 'ERR_DATA_003' }, (await call('POST', `/plans/${plan}/explain`, { what: 'replay', versionId: 987654321 })).json)] }
	yield { name: 'the plan is given back', run: async () => {
		const r = await call('POST', `/planning/sessions/${session}/close`)
		return r.status !== 200 && r.text
	} }
}
export const steps = all
