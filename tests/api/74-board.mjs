// SPDX-License-Identifier: GPL-3.0-or-later
// The drafts of two territories of modern trade, worked on as one: a gesture over both, undo in the order in which things were done, versions and
// the commit of both or of none; and each way it is refused.
import { randomUUID } from 'node:crypto'
import { ended, through, upload } from './40-import.mjs'
import { dateOf, stops } from './planning.mjs'
import { differs, some } from './steps.mjs'

const N = 6, NAMES = ['Boardeast', 'Boardwest']
const files = [
	['outlets.csv', ['code,name,lat,lon,tier,country,state,city,dt_code,channel,chain', ...NAMES.flatMap((name, k) => Array.from({ length: N }, (_, i) =>
		`${name}-${i},Store ${name} ${i},${(23 + k + i / 90).toFixed(5)},${(76 + i / 90).toFixed(5)},Silver,${name}land,${name}state,${name}town,${name}D,MT,Boardmart`))].join('\n') + '\n'],
	['distributors.csv', 'code,name,lat,lon\n' + NAMES.map((name, k) => `${name}D,${name} Distribution,${23 + k}.02,76.02\n`).join('')],
	['seats.csv', 'code,name,person,dt_codes,vehicle,channel\n' + NAMES.map((name) => `${name}-S,Key accounts ${name},Bo Both,${name}D,car,MT\n`).join('')],
]

async function* all({ client }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	/** Of each territory: unit, session, draft. */
	const boards = [{}, {}]
	const parts = (change = () => ({})) => boards.map((b, i) => ({ sessionId: b.session, seq: b.d.seq, ...change(b, i) }))
	const board = (what, body, as = 'boarder') => call(as, 'POST', `/planning/board/${what}`, body)
	const read = async () => {
		for (const b of boards)
			b.d = (await call('boarder', 'GET', `/planning/sessions/${b.session}/draft`)).json
	}
	const open = async () => {
		const lock = await call('boarder', 'POST', '/locks', { channel: 'MT', territories: boards.map((b) => b.unit) }), wrong = [lock.status !== 200 && lock.text]
		for (const b of boards) {
			const s = await call('boarder', 'POST', '/planning/sessions', { territoryId: b.unit, channel: 'MT' })
			wrong.push(s.status !== 200 && s.text)
			b.session = s.json.id
			b.plan = s.json.planId
		}
		await read()
		return wrong
	}
	/** A pin of the k-th need: it changes the draft whatever the plan. */
	const pin = (b, k, hold = 'both') => ({ clientId: randomUUID(), kind: 'pin', hold, needs: [b.needs[k]] })
	const state = () => boards.map((b) => `${stops(b.d)} ${b.d.pins.need.map((n, i) => `${n}:${b.d.pins.hold[i]}`)}`)
	const holds = () => boards.map((b) => b.needs.map((n) => b.d.pins.hold[b.d.pins.need.indexOf(n)] ?? 0).join(''))

	yield { name: 'two territories with stores of one chain, and a person who serves both', run: async () => {
		for (const [name, text] of files) {
			const id = (await call('admin', 'POST', '/import/sessions', { name })).json.id, up = await upload(client, id, name, text)
			for (const what of up.status === 200 ? ['validate', 'process'] : [])
				await through(client, id, what)
			if (up.status !== 200)
				return up.text
		}
		const units = (await call('admin', 'GET', '/territories?units=1&limit=500&channel=MT')).json.items
		NAMES.forEach((name, i) => {
			boards[i].unit = units.find((t) => t.name.includes(name) || t.code.includes(name.toUpperCase()))?.id
		})
		const username = `boarder-${Date.now()}`, made = await call('admin', 'POST', '/users', { username, name: 'Bea Board', scopes: boards.map((b) => ({ territoryId: b.unit, role: 'planning_manager_mt' })) })
		boards.user = made.json.id
		await client.login('boarder', username, made.json.password)
		return [boards.some((b) => !b.unit) && 'no units', made.status !== 200 && made.text, await open()]
	} }
	/** Days of the cycle that a run of it leaves free, or leaves some time of. @returns {Promise<number>} */
	const elsewhere = async (b) => (await call('boarder', 'GET', `/planning/sessions/${b.session}/estimate`)).json.elsewhereDays
	const planned = async (b) => {
		const r = await call('boarder', 'POST', '/optimize', { sessionId: b.session, iterations: 2000, seed: 3 }), job = r.json.jobId && await ended(client, r.json.jobId, 'boarder')
		if (job?.state !== 'done')
			return r.text + JSON.stringify(job)
		b.proposal = job.result.versionId
		await call('boarder', 'POST', `/planning/sessions/${b.session}/adopt`, { versionId: b.proposal })
		return ''
	}
	yield { name: 'each is planned, the second with the days that the person has in the first', run: async () => {
		boards.free = []
		for (const b of boards) {
			boards.free.push(await elsewhere(b))
			const wrong = await planned(b)
			if (wrong)
				return wrong
		}
		await read()
		for (const b of boards)
			b.needs = [...new Set(b.d.visits.need)].sort((x, y) => x - y)
		const [one, two] = boards.map((b) => b.d.seats[0])
		return [boards.some((b) => b.needs.length !== N) && `${boards.map((b) => b.needs.length)} stores are visited`, differs({ person: 'Bo Both', personId: (id) => id > 0 && id === two.personId }, one)]
	} }
	yield { name: 'what a run left free stands in its record, by which it is made again', run: async () => {
		const days = [...new Set(boards[0].d.visits.day)].sort((x, y) => x - y), versions = (await call('boarder', 'GET', `/plans/${boards[1].plan}/versions?limit=50`)).json.items
		const { request } = versions.find((v) => v.id === boards[1].proposal).run, seat = boards[1].d.seats[0].id
		const took = (day) => boards[0].d.tours.travel.reduce((n, x, i) => n + (boards[0].d.tours.day[i] === day ? x + boards[0].d.tours.service[i] + boards[0].d.tours.wait[i] : 0), 0)
		const again = await call('boarder', 'POST', `/plans/${boards[1].plan}/explain`, { what: 'repeat', versionId: boards[1].proposal }), job = again.json.jobId && await ended(client, again.json.jobId, 'boarder')
		return [differs([0, days.length], boards.free), differs(days.map((day) => [seat, day, took(day)]), request.elsewhere), differs({ same: true, inputSame: true }, job.result),
			await elsewhere(boards[0]) !== new Set(boards[1].d.visits.day).size && 'the first does not know of the second']
	} }
	yield { name: 'a gesture over both is kept in both, under one name', run: async () => {
		boards.first = state()
		const r = await board('ops', { parts: parts((b) => ({ ops: [pin(b, 0), pin(b, 1)] })) })
		await read()
		return [differs({ left: [], parts: [{ sessionId: boards[0].session, territoryId: boards[0].unit, change: { undo: 'pin 4 outlets', undoAt: /^20/, redoAt: null } }, { change: { undo: 'pin 4 outlets' } }] }, r.json), differs(['330000', '330000'], holds())]
	} }
	yield { name: 'in one territory alone it is told which others keep their part', run: async () => {
		const alone = async (what, k) => {
			const r = await call('boarder', 'POST', `/planning/sessions/${boards[k].session}/${what}`, { seq: boards[k].d.seq })
			await read()
			return r.json
		}
		return [differs({ undoLeft: [/^Boardwest/], redoLeft: [] }, boards[0].d), differs({ undoLeft: [/^Boardeast/] }, boards[1].d),
			differs({ redo: 'pin 4 outlets', undoLeft: [], redoLeft: [] }, await alone('undo', 0)), differs({ undo: 'pin 4 outlets', undoLeft: [] }, boards[1].d),
			differs({ redoLeft: [/^Boardeast/] }, await alone('undo', 1)), differs({ redoLeft: [/^Boardwest/] }, boards[0].d),
			differs({ undoLeft: [] }, await alone('redo', 0)), differs({ undoLeft: [/^Boardeast/] }, await alone('redo', 1)), differs(['330000', '330000'], holds())]
	} }
	yield { name: 'another one in the first alone, one in the second', run: async () => {
		const r = await board('ops', { parts: parts((b, i) => ({ ops: i ? [] : [pin(b, 2)] })) })
		await read()
		const s = await board('ops', { parts: parts((b, i) => ({ ops: i ? [pin(b, 3)] : [] })) })
		await read()
		return [r.status !== 200 && r.text, s.status !== 200 && s.text, differs(['333000', '330300'], holds())]
	} }
	const step = async (what) => {
		const r = await board(what, { parts: parts() })
		await read()
		return r.status === 200 ? [r.json.parts.map((p) => boards.findIndex((b) => b.session === p.sessionId)).join(), ...holds()].join(' ') : r.text
	}
	yield { name: 'undo takes them back in the order in which they were made, that over both at once', run: async () => [
		differs('1 333000 330000', await step('undo')), differs('0 330000 330000', await step('undo')), differs('0,1 000000 000000', await step('undo')), differs(boards.first, state())] }
	yield { name: 'redo does them again in theirs', run: async () => [
		differs('0,1 330000 330000', await step('redo')), differs('0 333000 330000', await step('redo')), differs('1 333000 330300', await step('redo')),
		differs({ code: 'ERR_PLAN_002', detail: /nothing to redo/ }, (await board('redo', { parts: parts() })).json)] }
	yield { name: 'what is new leaves nothing to redo, in none of them', run: async () => {
		await step('undo')
		const r = await board('ops', { parts: parts((b, i) => ({ ops: i ? [] : [pin(b, 4)] })) })
		await read()
		return [differs({ parts: [{ change: { redo: null } }, { change: { redo: null, redoAt: null } }] }, r.json), differs(['333030', '330000'], holds())]
	} }
	yield { name: 'a rule that one of them breaks leaves both as they were, and says which', run: async () => {
		const before = state(), d = boards[1].d
		const closed = { clientId: randomUUID(), kind: 'move', reach: 'standing', visits: [{ need: boards[1].needs[0], date: dateOf(d.cycle.anchor, d.visits.day[d.visits.need.indexOf(boards[1].needs[0])]) }], date: dateOf(d.cycle.anchor, 6) }
		const r = await board('ops', { parts: parts((b, i) => ({ ops: i ? [closed] : [pin(b, 5)] })) })
		await read()
		return [differs({ code: 'ERR_PLAN_001', detail: /^Boardwest.*: / }, r.json), differs(before, state())]
	} }
	yield { name: 'so does a visit that is not there', run: async () => {
		const r = await board('ops', { parts: parts((b, i) => ({ ops: i ? [{ clientId: randomUUID(), kind: 'remove', visits: [{ need: boards[0].needs[0], date: '2001-01-01' }] }] : [pin(b, 5)] })) })
		return [differs({ code: 'ERR_PLAN_002', detail: /^Boardwest.*: / }, r.json), (await read(), differs(['333030', '330000'], holds()))]
	} }
	yield { name: 'whoever has not seen the last change of one of them is told of which', run: async () => {
		const wrong = []
		for (const what of ['ops', 'undo', 'redo', 'save', 'commit']) {
			const r = await board(what, { parts: parts((b, i) => ({ seq: b.d.seq - i, ...(what === 'ops' ? { ops: i ? [] : [pin(b, 5)] } : {}) })) })
			wrong.push(differs({ code: 'ERR_SESSION_002', detail: /^Boardwest.*: you have seen change/ }, r.json))
		}
		await read()
		return [wrong, differs(['333030', '330000'], holds())]
	} }
	yield { name: 'what makes no sense is refused, each fault by its place', run: async () => {
		const bad = [['ops', { parts: [] }, '/parts'], ['ops', { parts: parts(() => ({ ops: [] })) }, '/parts'], ['undo', { parts: [] }, '/parts'], ['commit', {}, '/parts'], ['ops', { parts: parts(() => ({})) }, '/parts/0/ops'],
			['redo', { parts: [parts()[0], parts()[0]] }, '/parts/1/sessionId'], ['ops', { parts: parts((b, i) => ({ ops: i ? [{ clientId: 'x', kind: 'move', visits: [] }] : [] })) }, '/parts/1/ops/0/visits'],
			['ops', { parts: parts((b, i) => ({ ops: i ? [{ ...pin(b, 0), reasonCode: 'WHIM', reason: 'x' }] : [] })) }, '/parts/1/ops/0/reasonCode'], ['commit', { parts: parts(), effectiveDate: '2001-01-01' }, '/effectiveDate'],
			['save', { parts: parts(), notes: 'x'.repeat(1001) }, '/notes'], ['undo', { parts: Array.from({ length: 201 }, (_, i) => ({ sessionId: i + 1, seq: 0 })) }, '/parts']]
		return Promise.all(bad.map(async ([what, body, at]) => {
			const r = await board(what, body)
			return differs({ code: 'ERR_REQ_004', fields: some({ pointer: at }) }, r.json).map((x) => `${at}: ${x}`)
		}))
	} }
	yield { name: 'nobody works on a draft of another, or on one that is not there', run: async () => (await Promise.all(['ops', 'undo', 'redo', 'save', 'commit'].flatMap((what) => [['mtmanager', parts()], ['boarder', [{ sessionId: 987654321, seq: 0 }]]].map(async ([as, list]) => {
		const r = await board(what, { parts: list.map((p) => (what === 'ops' ? { ...p, ops: [pin(boards[0], 0)] } : p)) }, as)
		return differs({ code: 'ERR_DATA_003', detail: /none of yours/ }, r.json).map((x) => `${as} ${what}: ${x}`)
	})))) }
	yield { name: 'a draft of both is kept', run: async () => {
		const r = await board('save', { parts: parts(), notes: 'both so far' })
		return differs({ parts: [{ territoryId: boards[0].unit, version: { kind: 'SAVE', notes: 'both so far', number: 3 } }, { version: { kind: 'SAVE', number: 3 } }] }, r.json)
	} }
	const approval = (on) => call('admin', 'PUT', `/territories/${boards[1].unit}/profile?channel=MT`, { set: { approval: on }, reason: 'a test' })
	yield { name: 'where plans of one wait for approval and one waits already, neither is committed', run: async () => {
		await approval(1)
		const sent = await board('commit', { parts: parts(), notes: 'first', keepLock: true })
		if (sent.status !== 200)
			return sent.text
		const wrong = differs({ parts: [{ version: { kind: 'COMMIT', committed: true, waits: false } }, { version: { committed: false, waits: true } }] }, sent.json)
		wrong.push(...await open())
		await board('ops', { parts: parts((b) => ({ ops: [pin(b, 5)] })) })
		await read()
		const number = async (b) => (await call('boarder', 'GET', `/plans/${b.plan}/versions?limit=1`)).json.items[0].number, before = await number(boards[0])
		const r = await board('commit', { parts: parts() })
		return [wrong, differs({ code: 'ERR_DATA_004', detail: /^Boardwest.*: another version of this plan waits/ }, r.json), differs(before, await number(boards[0]))]
	} }
	yield { name: 'that one is approved by somebody else, and what was done on top of it goes on', run: async () => {
		const waits = (await call('mtmanager', 'GET', `/plans/${boards[1].plan}/submissions`)).json.items[0], done = await call('mtmanager', 'POST', `/plans/${boards[1].plan}/submission/approve`, { versionId: waits.versionId })
		const off = await approval(0)
		await read()
		return [done.status !== 200 && done.text, off.status !== 200 && off.text]
	} }
	yield { name: 'both become their plans, and both locks are given back', run: async () => {
		const r = await board('commit', { parts: parts(), notes: 'the board goes' }), locks = (await call('boarder', 'GET', '/locks')).json.items
		const trail = (await call('admin', 'GET', '/audit?action=PLAN_COMMIT&limit=20')).json.items.filter((e) => e.reason === 'the board goes').map((e) => e.session).sort((a, b) => a - b)
		return [differs({ parts: [{ version: { committed: true, notes: 'the board goes' } }, { version: { committed: true } }] }, r.json), differs([], locks), differs(boards.map((b) => b.session).sort((a, b) => a - b), trail)]
	} }
	yield { name: 'a draft that is over is told', run: async () => (await Promise.all(['ops', 'undo', 'redo', 'save', 'commit'].map(async (what) =>
		differs({ code: 'ERR_SESSION_001', detail: /^Board.*: it was committed/ }, (await board(what, { parts: parts((b) => (what === 'ops' ? { ops: [pin(b, 0)] } : {})) })).json)))) }
	yield { name: 'of drafts without a change nothing is kept', run: async () => {
		const wrong = await open()
		for (const what of ['undo', 'redo', 'save', 'commit'])
			wrong.push(...differs({ code: 'ERR_PLAN_002' }, (await board(what, { parts: parts() })).json).map((x) => `${what}: ${x}`))
		return wrong
	} }
	yield { name: 'that of the one with a change is kept; the other only lets go', run: async () => {
		const put = await board('ops', { parts: parts((b, i) => ({ ops: i ? [] : [pin(b, 0, 'none')] })) })
		await read()
		const r = await board('commit', { parts: parts() }), locks = (await call('boarder', 'GET', '/locks')).json.items
		const closed = (await call('admin', 'GET', '/audit?action=SESSION_CLOSE&limit=1')).json.items[0]
		return [put.status !== 200 && put.text, differs({ parts: [{ version: { committed: true } }, { version: null }] }, r.json), differs([], locks), differs({ session: boards[1].session, territory: /^Boardwest/ }, closed)]
	} }
	yield { name: 'a lock that was broken is told by the name of its territory; the other goes on', run: async () => {
		const wrong = await open()
		await board('ops', { parts: parts((b) => ({ ops: [pin(b, 1, 'person')] })) })
		await read()
		const broken = await call('admin', 'DELETE', `/territories/${boards[1].unit}/lock?channel=MT&reason=urgent`)
		wrong.push(broken.status !== 204 && broken.status !== 200 && broken.text)
		for (const what of ['ops', 'undo', 'redo', 'save', 'commit'])
			wrong.push(...differs({ code: 'ERR_LOCK_002', detail: /^Boardwest.*: you hold no lock/ }, (await board(what, { parts: parts((b) => (what === 'ops' ? { ops: [pin(b, 0)] } : {})) })).json).map((x) => `${what}: ${x}`))
		const alone = await board('undo', { parts: parts().slice(0, 1) })
		wrong.push(...differs({ parts: [{ sessionId: boards[0].session }], left: [/^Boardwest/] }, alone.json))
		await read()
		return [wrong, differs(['033031', '013001'].map(() => /./), holds())]
	} }
	yield { name: 'a right that is gone is gone for the draft too', run: async () => {
		const wrong = await open(), less = await call('admin', 'PATCH', `/users/${boards.user}`, { scopes: [{ territoryId: boards[0].unit, role: 'planning_manager_mt' }] })
		wrong.push(less.status !== 200 && less.text)
		for (const what of ['ops', 'undo', 'redo', 'save', 'commit'])
			wrong.push(...differs({ code: 'ERR_AUTH_002', detail: /^Boardwest.*: this needs the permission/ }, (await board(what, { parts: parts((b) => (what === 'ops' ? { ops: [pin(b, 0)] } : {})) })).json).map((x) => `${what}: ${x}`))
		await call('boarder', 'POST', `/planning/sessions/${boards[0].session}/close`)
		await call('admin', 'DELETE', `/territories/${boards[1].unit}/lock?channel=MT&reason=end`)
		return wrong
	} }
}
export const steps = all
