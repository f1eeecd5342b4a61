// SPDX-License-Identifier: GPL-3.0-or-later
// The main job with requests alone: lock, open, optimise, adopt, move, undo, save, commit, download; and each way it is refused.
import { randomUUID } from 'node:crypto'
import { ended, through, upload } from './40-import.mjs'
import { sleep } from './client.mjs'
import { dateOf, listsFollow } from './planning.mjs'
import { differs, some } from './steps.mjs'

const op = (more) => ({ clientId: randomUUID(), ...more })

/** The index of a visit of the draft that every cycle repeats, the `n`th. */
const visitAt = (draft, n = 0) => draft.visits.need.map((_, i) => i).filter((i) => !draft.visits.from[i] && !draft.visits.to[i])[n]

/** The fields of a line of CSV as they are written. */
const cells = (line) => line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,"]*)(?=,|$)/g) ?? []
async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const state = saved.plan = {}
	const draft = async (as = 'planner') => (await call(as, 'GET', `/planning/sessions/${saved.session}/draft`)).json
	/** A move of one visit to the next working day of the same week. */
	const move = (d, i, more = {}) => {
		const days = d.cycle.workWeekdays, week = Math.floor(d.visits.day[i] / 7) * 7
		const day = week + (days.indexOf(d.visits.day[i] % 7 + 1) + 1) % days.length
		return op({ kind: 'move', visits: [{ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) }], date: dateOf(d.cycle.anchor, day), seat: d.visits.seat[i], reach: 'standing', ...more })
	}

	/** A move that breaks no rule: into one of the shortest tours, from another day of its week. */
	const fittingMove = async (d) => {
		const load = (t) => d.tours.travel[t] + d.tours.service[t]
		const short = d.tours.seat.map((_, t) => t).sort((a, b) => load(a) - load(b)).slice(0, 12)
		const week = (day) => Math.floor(day / 7)
		for (const t of short)
			for (let i = 0, tried = 0; i < d.visits.need.length && tried < 8; i++) {
				if (d.visits.from[i] || d.visits.to[i] || week(d.visits.day[i]) !== week(d.tours.day[t]) || d.visits.day[i] === d.tours.day[t] || d.visits.seat[i] !== d.tours.seat[t])
					continue
				tried++
				const it = move(d, 0, { visits: [{ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) }], date: dateOf(d.cycle.anchor, d.tours.day[t]), seat: d.tours.seat[t] })
				const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/price`, { ops: [it] })
				if (r.status === 200 && !r.json.broken.some((b) => b.severity === 'block'))
					return it
			}
		throw new Error('no visit can be moved')
	}

	yield {
		name: 'the units that were imported', as: 'planner', get: '/territories?units=1&q=TRegion', json: { items: (i) => i.length === 8 && i.every((u) => u.unit && u.locks.length === 0 && u.seats > 0) },
		save: { unit: '/items/0/id', other: '/items/1/id', third: '/items/2/id' },
	}
	yield { name: 'one of them', as: 'planner', get: '/territories/{unit}', json: { code: /^TRegion/, outlets: (n) => n > 2000, path: (p) => p.length === 2 } }
	yield {
		name: 'its snapshot comes by itself', run: async () => {
			for (let i = 0; i < 100 && !(await call('planner', 'GET', `/territories/${saved.unit}`)).json.bounds; i++)
				await sleep(100)
			const r = await call('planner', 'GET', `/territories/${saved.unit}/snapshot`)
			saved.details = JSON.parse(r.text).details
			return [r.status !== 200 && r.text, differs({ v: 2, details: /^[0-9a-f]{32}$/, n: (n) => n > 2000, outlets: { id: (i) => i.length > 2000, name: (x) => x === undefined }, needs: { id: (i) => i.length > 2000 } }, JSON.parse(r.text))]
		},
	}
	yield { name: 'nobody who asks gets one that lacks a change', run: async () => {
		const core = async () => JSON.parse((await call('planner', 'GET', `/territories/${saved.unit}/snapshot`)).text)
		const { outlets: { id, tier }, dict } = await core(), other = ['Gold', 'Silver', 'Bronze'].find((w) => w !== dict.tier[tier[0]]), wrong = []
		for (const value of [other, null]) {
			const r = await call('admin', 'PATCH', `/outlets/${id[0]}`, { values: [{ field: 'tier', value }], reason: 'a test' }), now = (await core()).outlets.tier[0]
			wrong.push(r.status >= 300 && r.text, now !== (value ? dict.tier.indexOf(other) : tier[0]) && `${now} after ${value}`)
		}
		return wrong
	} }
	yield { name: 'its details may have changed with it', as: 'planner', get: '/territories/{unit}/snapshot', save: { details: '/details' } }
	yield { name: 'what is read of its outlets is apart, and may be kept for ever', as: 'planner', get: '/territories/{unit}/snapshot/details?v={details}', json: { v: 2, n: (n) => n > 2000, outlets: { code: (c) => c.length > 2000 && c[0].startsWith('T'), name: (n) => n.length > 2000 } }, headers: { 'cache-control': /immutable/ } }
	yield { name: 'only that of the current one', as: 'planner', get: '/territories/{unit}/snapshot/details?v=0123456789abcdef0123456789abcdef', status: 404, code: 'ERR_DATA_003', json: { detail: /over/ } }
	yield { name: 'nor that of another unit', as: 'planner', get: '/territories/{other}/snapshot/details?v={details}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor any that is not named', as: 'planner', get: '/territories/{unit}/snapshot/details', status: 422, fields: ['/v'] }
	yield { name: 'of a territory that is none', as: 'manager', get: '/territories/987654321/snapshot/details?v={details}', status: 404 }
	yield { name: 'a plan is of one channel: none of modern trade', as: 'planner', get: '/territories?units=1&q=TRegion&channel=MT', json: { items: (i) => i.length === 8 && i.every((u) => !u.plan) } }
	yield { name: 'a channel that is none', as: 'planner', get: '/territories?channel=XX', status: 422, fields: ['/channel'] }
	yield { name: 'a country', as: 'planner', get: '/territories?q=Testland', json: { items: [{ unit: false }] }, save: { country: '/items/0/id' } }
	yield { name: 'has no snapshot', as: 'planner', get: '/territories/{country}/snapshot', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor details of one', as: 'planner', get: '/territories/{country}/snapshot/details?v={details}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'its outlets', as: 'planner', get: '/outlets?territory={unit}&tier=Gold&limit=7', json: { items: (i) => i.length === 7 && i.every((o) => o.tier === 'Gold'), next: /./ }, save: { outlet: '/items/0/id' } }
	yield { name: 'found by words, though one of them is left out of every index', as: 'planner', get: '/outlets?q=the+shop+road&limit=5', json: { items: (i) => i.length === 5 } }
	yield { name: 'a percent sign is no code that all begin with', as: 'planner', get: '/outlets?q=%25&limit=5', json: { items: [] } }
	yield { name: 'an underscore is just an underscore', as: 'planner', get: '/outlets?q=T_0&limit=5', json: { items: [] } }
	yield { name: 'the beginning of a code finds it', as: 'planner', get: '/outlets?q=T00001&limit=5', json: { items: (i) => i.length === 5 && i.every((o) => o.code.startsWith('T00001')) } }
	yield { name: 'by an older address', as: 'planner', get: '/clients/{outlet}', json: { id: '{outlet}', needs: (n) => n.length === 1 } }
	yield { name: 'and by one older still', as: 'planner', get: '=/api/territory/list', json: { items: (i) => i.length > 0 } }
	yield { name: 'or two', as: 'planner', get: '=/api/territory/{unit}/snapshot', json: { v: 2 } }
	yield { name: 'its parameters, with the reasons', as: 'planner', get: '/territories/{unit}/profile?channel=GT' }
	yield { name: 'no limits of theirs clash', as: 'planner', get: '/territories/{unit}/profile/clashes?channel=GT', json: { items: [] } }
	yield { name: 'until some do', as: 'manager', put: '/territories/{unit}/profile?channel=GT', body: { set: { minCalls: 50, frequencyGold: 28 }, reason: 'a test' } }
	yield { name: 'which are named', as: 'planner', get: '/territories/{unit}/profile/clashes?channel=GT', json: { items: (l) => l.some((c) => c.kind === 'CALLS' && c.asked === 50 && c.left === 40 && c.params.join() === 'minCalls,maxCalls') && l.some((c) => c.kind === 'GAP' && c.tier === 1 && c.asked === 28 && c.left === 24) } }
	yield { name: 'and are gone again', as: 'manager', put: '/territories/{unit}/profile?channel=GT', body: { set: { minCalls: null, frequencyGold: null }, reason: 'a test' } }
	yield { name: 'with a reason', as: 'manager', put: '/territories/{unit}/profile?channel=GT', body: { set: { minCalls: 12 }, reason: 'a town is small' } }
	yield { name: 'changed again and taken back', run: async () => {
		for (const minCalls of [14, null])
			await call('manager', 'PUT', `/territories/${saved.unit}/profile?channel=GT`, { set: { minCalls }, reason: 'a test' })
		const history = async (more = '') => (await call('planner', 'GET', `/territories/${saved.unit}/profile/history?channel=GT&limit=2${more}`)).json, first = await history(), second = await history(`&after=${first.next}`)
		return [differs({ items: [{ what: 'PROFILE_CHANGE', user: some, reason: 'a test', changes: [{ field: 'minCalls', was: '14', is: null }] }, { changes: [{ was: '12', is: '14' }] }] }, first), differs({ reason: 'a town is small', changes: [{ field: 'minCalls', was: null, is: '12' }] }, second.items[0]),
			(await call('planner', 'GET', `/territories/${saved.unit}/profile/history?channel=MT`)).json.items.some((e) => e.what === 'PROFILE_CHANGE' && e.changes[0].field === 'minCalls') && 'told of another channel']
	} }
	yield { name: 'of a territory that is none', as: 'manager', get: '/territories/987654321/profile/clashes?channel=GT', status: 404 }
	yield { name: 'a planner does not change them', as: 'planner', put: '/territories/{unit}/profile?channel=GT', body: { set: { weeks: 2 }, reason: 'a test' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'a parameter beyond its bounds', as: 'manager', put: '/territories/{unit}/profile?channel=GT', body: { set: { weeks: 99 }, reason: 'a test' }, status: 422, code: 'ERR_REQ_004' }
	for (const [minutes, seconds] of [[13, 780], [null, 720]])
		yield {
			name: `the snapshot follows: ${minutes ?? 'inherited'} minutes at a Gold outlet`, run: async () => {
				const put = await call('manager', 'PUT', `/territories/${saved.unit}/profile?channel=GT`, { set: { serviceGold: minutes }, reason: 'a test' })
				for (let i = 0; i < 60 && put.status === 200; i++) {
					const s = JSON.parse((await call('planner', 'GET', `/territories/${saved.unit}/snapshot`)).text)
					if (s.needs.service.includes(seconds) && !s.needs.service.includes(1500 - seconds))
						return []
					await new Promise((done) => setTimeout(done, 250))
				}
				return put.status === 200 ? 'it does not' : put.text
			},
		}
	yield { name: 'a manager does', as: 'manager', put: '/territories/{unit}/profile?channel=GT', body: { set: { seconds: 5 }, reason: 'a test' } }

	yield { name: 'no session without the lock', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, status: 410, code: 'ERR_LOCK_002' }
	yield { name: 'an MT planner does not lock GT', as: 'mtplanner', post: '/territories/{unit}/lock', body: { channel: 'GT' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'lock', as: 'planner', post: '/territories/{unit}/lock', body: { channel: 'GT' }, json: { status: /ACQUIRED|HELD/, expiresAt: null, channel: 'GT', refused: [] } }
	yield { name: 'and by the older form', as: 'planner', post: '=/api/territory/lock', body: { territoryId: '{unit}', channel: 'GT' }, json: { status: 'ACQUIRED', units: (u) => u.length === 1 } }
	yield { name: 'also of this version', as: 'planner', post: '/territories/lock', body: { territoryId: '{unit}', channel: 'GT' }, json: { holder: /Priya/ } }
	yield { name: 'which tells who holds it', as: 'territory', post: '/territories/lock', body: { territoryId: '{unit}', channel: 'GT' }, status: 409, code: 'ERR_LOCK_001' }
	yield { name: 'and does not know a territory that is not there', as: 'planner', post: '/territories/lock', body: { territoryId: 987654321, channel: 'GT' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'nor lets an MT planner lock GT', as: 'mtplanner', post: '/territories/lock', body: { territoryId: '{unit}', channel: 'GT' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'again is no harm', as: 'planner', post: '/territories/{unit}/lock', body: { channel: 'GT' }, json: { units: (u) => u.length === 1 } }
	yield { name: 'somebody else is told who holds it', as: 'territory', post: '/territories/{unit}/lock', body: { channel: 'GT' }, status: 409, code: 'ERR_LOCK_001', json: { detail: /Priya/ } }
	yield { name: 'the list tells it too', as: 'territory', get: '/territories?units=1&q=TRegion', json: { items: some({ locks: [{ channel: 'GT', user: /Priya/, mine: false }] }) } }
	yield { name: 'the other channel is free', as: 'mtplanner', post: '/territories/{unit}/lock', body: { channel: 'MT' } }
	yield { name: 'it has a plan of its own', as: 'mtplanner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'MT' }, save: { mtSession: '/id' } }
	yield { name: 'in which there is nothing to optimise', as: 'mtplanner', post: '/optimize', body: { sessionId: '{mtSession}' }, status: 422, code: 'ERR_OPT_003', json: { detail: /nothing to plan/ } }
	yield { name: 'it is closed, and the lock with it', as: 'mtplanner', post: '/planning/sessions/{mtSession}/close' }
	yield { name: 'which can be had again', as: 'mtplanner', post: '/territories/{unit}/lock', body: { channel: 'MT' } }
	yield { name: 'and given up again', as: 'mtplanner', delete: '/territories/{unit}/lock?channel=MT' }
	yield { name: 'what is not held cannot be given up', as: 'mtplanner', delete: '/territories/{unit}/lock?channel=MT', status: 404, code: 'ERR_DATA_003' }
	/* A chain's territories as one. */
	const three = async () => (await call('admin', 'GET', '/territories?units=1&q=TRegion')).json.items.slice(0, 3).map((u) => u.id)
	const mtLocks = async () => (await call('mtplanner', 'GET', '/locks')).json.items.filter((l) => l.channel === 'MT')
	yield { name: 'several territories are locked as one', run: async () => {
		const [a, b, c] = await three(), r = await call('mtplanner', 'POST', '/locks', { channel: 'MT', territories: [b, a] }), mine = await mtLocks()
		const more = await call('mtplanner', 'POST', '/locks', { channel: 'MT', territories: [a, c] }), all = await mtLocks()
		saved.lockSet = [a, b, c]
		return [differs({ status: 'ACQUIRED', units: (u) => u.length === 2, refused: [] }, r.json), mine.length !== 2 && JSON.stringify(mine), new Set(mine.map((l) => l.setId)).size !== 1 && 'two sets', more.status !== 200 && more.text,
			(all.length !== 3 || new Set(all.map((l) => l.setId)).size !== 1 || !all[0].setId) && `the third does not come into the set: ${JSON.stringify(all)}`]
	} }
	yield { name: 'a sign of life in one is one in all', run: async () => {
		const [a, b] = saved.lockSet, at = (list, id) => list.find((l) => l.territoryId === id).lastSeen, before = await mtLocks()
		const s = await call('mtplanner', 'POST', '/planning/sessions', { territoryId: a, channel: 'MT' }), after = await mtLocks()
		saved.lockSetSession = s.json.id
		return [s.status !== 200 && s.text, !(at(after, b) > at(before, b)) && 'the other is not renewed', at(after, a) !== at(after, b) && 'at different times']
	} }
	yield { name: 'whoever breaks one breaks that one alone', run: async () => {
		const [a, , c] = saved.lockSet, broken = await call('admin', 'DELETE', `/territories/${c}/lock?channel=MT&reason=on%20leave`), left = await mtLocks()
		const again = await call('mtplanner', 'POST', '/locks', { channel: 'MT', territories: [a, c] })
		return [broken.status !== 200 && broken.text, left.length !== 2 && JSON.stringify(left), again.status !== 200 && again.text]
	} }
	yield { name: 'none where one is held, and it is told which by whom', run: async () => {
		const [a, , c] = saved.lockSet, free = (await call('admin', 'GET', '/territories?units=1&q=TRegion')).json.items.map((u) => u.id).find((id) => !saved.lockSet.includes(id))
		const name = (await call('admin', 'GET', `/territories/${a}`)).json.name, r = await call('mtmanager', 'POST', '/locks', { channel: 'MT', territories: [free, a, c] })
		return [differs({ code: 'ERR_LOCK_001', detail: (d) => d.startsWith('nothing was locked.') && d.includes(`${name}: Tom Becker`) && !d.includes('undefined') }, r.json),
			(await call('mtmanager', 'GET', '/locks')).json.items.length && 'a part of it is held', (await call('admin', 'GET', `/territories/${free}`)).json.locks.some((l) => l.channel === 'MT') && 'the free one is locked']
	} }
	yield { name: 'two who take the same set at once: exactly one has it', run: async () => {
		await call('mtplanner', 'POST', `/planning/sessions/${saved.lockSetSession}/close`)
		const left = await mtLocks(), [a, b, c] = saved.lockSet
		const got = await Promise.all([['mtplanner', [a, b, c]], ['mtmanager', [c, b, a]]].map(([who, territories]) => call(who, 'POST', '/locks', { channel: 'MT', territories })))
		const won = got.map((r) => r.status).sort().join(), holder = got[0].status === 200 ? 'mtplanner' : 'mtmanager', held = (await call(holder, 'GET', '/locks')).json.items
		const back = await call(holder, 'DELETE', `/territories/${b}/lock?channel=MT`)
		return [left.length && 'closing one gives not all back', won !== '200,409' && `${got.map((r) => r.text)}`, held.length !== 3 && 'not the whole set', back.status !== 200 && back.text, (await call(holder, 'GET', '/locks')).json.items.length && 'giving one back leaves others']
	} }
	yield { name: 'a set names territories that one may plan', run: async () => {
		const [a] = saved.lockSet, ask = (territories, channel = 'MT', who = 'mtplanner') => call(who, 'POST', '/locks', { channel, territories })
		return [differs({ fields: some({ pointer: '/territories' }) }, (await ask([])).json), differs({ code: 'ERR_DATA_001' }, (await ask([a, 987654321])).json), differs({ code: 'ERR_AUTH_002' }, (await ask([a], 'GT')).json),
			differs({ code: 'ERR_REQ_004' }, (await ask(Array.from({ length: 201 }, () => a))).json), differs({ code: 'ERR_REQ_004' }, (await ask(['x'])).json), (await mtLocks()).length && 'something is locked']
	} }
	yield { name: 'a planner does not break a lock', as: 'territory', delete: '/territories/{unit}/lock?channel=GT&reason=mine', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'a manager says why', as: 'manager', delete: '/territories/{unit}/lock?channel=GT', status: 422, fields: ['/reason'] }

	yield { name: 'a territory that is none', as: 'planner', post: '/planning/sessions', body: { territoryId: 987654321, channel: 'GT' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'open the plan', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, json: { status: 'ACTIVE' }, save: { session: '/id', planId: '/planId' } }
	yield { name: 'opening again resumes it', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, check: (r) => r.json.id !== saved.session && 'another session' }
	yield { name: 'it is among my drafts', as: 'planner', get: '/planning/sessions', json: { items: (i) => i.some((s) => s.id === saved.session) } }
	yield { name: 'read it', as: 'planner', get: '/planning/sessions/{session}', json: { status: 'ACTIVE', channel: 'GT' } }
	yield { name: 'an empty draft', as: 'planner', get: '/planning/sessions/{session}/draft', json: { cycle: { weeks: 4, days: 28 }, seats: (s) => s.length > 1, undo: null } }
	yield { name: 'nothing to undo', as: 'planner', post: '/planning/sessions/{session}/undo', body: { seq: 0 }, status: 422, code: 'ERR_PLAN_002' }
	yield { name: 'nothing to redo', as: 'planner', post: '/planning/sessions/{session}/redo', body: { seq: 0 }, status: 422, code: 'ERR_PLAN_002' }

	yield { name: 'optimise nothing', as: 'planner', post: '/optimize', body: { sessionId: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'somebody else does not optimise my draft', as: 'territory', post: '/optimize', body: { sessionId: '{session}' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'before it is begun it is told what it will take', as: 'planner', get: '/planning/sessions/{session}/estimate', json: { needs: (n) => n > 2000, visits: (n) => n > 2000, runs: (n) => n >= 0, ahead: 0 }, save: { estimateRuns: '/runs' } }
	yield { name: 'of a session that there is', as: 'planner', get: '/planning/sessions/987654321/estimate', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'optimise', as: 'planner', post: '/optimize', body: { sessionId: '{session}', seconds: 5, seed: 3 }, json: { optimisable: (n) => n > 2000, estimatedSeconds: (n) => n >= 5 && n < 60 }, save: { run: '/jobId' } }
	yield {
		name: 'the job tells how far it is and ends in time', run: async () => {
			const t0 = Date.now()
			let progress = null
			for (; Date.now() - t0 < 60000;) {
				const { json } = await call('planner', 'GET', `/optimize/${saved.run}`)
				if (json.state === 'running' && json.progress)
					progress = json.progress
				if (json.state === 'done') {
					state.version = json.result.versionId
					return [!progress && 'no progress was seen', Date.now() - t0 > 15000 && `took ${Date.now() - t0} ms`,
						differs({ versionId: Number.isInteger, after: { travelMinutes: (n) => n > 100 } }, json.result)]
				}
				if (json.state !== 'running' && json.state !== 'queued')
					return JSON.stringify(json)
				await sleep(200)
			}
			return 'it does not end'
		},
	}
	yield { name: 'and what it took tells of the next', run: async () => {
		const is = (await call('planner', 'GET', `/planning/sessions/${saved.session}/estimate`)).json, job = (await call('planner', 'GET', `/optimize/${saved.run}`)).json, took = (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000
		return [!(is.runs > 0) && 'by no run', !(is.secondsPerMillion > 0) && 'no step takes time', !(Math.abs(took - 5 - is.overheadSeconds) < 5) && `it took ${took} s, 5 and ${is.overheadSeconds} were told`]
	} }
	yield { name: 'a proposal changes nothing by itself', run: async () => (await draft()).visits.need.length ? 'the draft has visits' : [] }
	yield { name: 'a version that is none', as: 'planner', post: '/planning/sessions/{session}/adopt', body: { versionId: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield {
		name: 'adopt it', run: async () => {
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/adopt`, { versionId: state.version, reason: 'better' })
			state.draft = await draft()
			return [r.status !== 200 && r.text, state.draft.visits.need.length < 2000 && `${state.draft.visits.need.length} visits`,
				differs({ totals: { calls: (n) => n > 2000, overtimeMinutes: (n) => n < 1000 } }, state.draft)]
		},
	}
	yield {
		name: 'no visit stands on a free day, all of a cycle are counted', run: () => {
			const { visits, cycle, totals } = state.draft
			return [visits.day.filter((d) => !cycle.workWeekdays.includes(d % 7 + 1)).length && 'visits on free days',
				totals.calls !== visits.need.length && `${totals.calls} calls, ${visits.need.length} visits`]
		},
	}
	yield {
		name: 'a move is priced before it counts', run: async () => {
			const d = state.draft, i = visitAt(d)
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/price`, { ops: [move(d, i)] })
			const after = await draft()
			return [r.status !== 200 && r.text, differs({ minutes: Number.isFinite, tours: (t) => t.length >= 1 }, r.json), after.seq !== d.seq && 'the draft has changed']
		},
	}
	yield {
		name: 'and then it counts', run: async () => {
			const d = state.draft
			state.op = await fittingMove(d)
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops: [state.op] })
			state.moved = state.op.visits[0].need
			state.changed = r.json
			return [r.status !== 200 && r.text, differs({ seq: d.seq + 1, undo: /./, redo: null, pins: null, impact: { tours: (t) => t.length > 0 } }, r.json)]
		},
	}
	yield {
		name: 'the same operation is not applied twice', run: async () => {
			const before = await draft()
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: before.seq, ops: [state.op] })
			const after = await draft()
			return [r.status !== 200 && r.text, JSON.stringify(after.visits) !== JSON.stringify(before.visits) && 'the visits changed']
		},
	}
	yield {
		name: 'more than 200 operations at once are refused whole', run: async () => {
			const before = await draft(), send = (n) => call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: before.seq, ops: Array.from({ length: n }, (_, i) => move(before, visitAt(before, i % 2000))) })
			return [...[await send(201), await send(10000)].map((r) => differs({ status: 422, json: { code: 'ERR_REQ_004', fields: [{ pointer: '/ops', problem: /200/ }] } }, r)), (await draft()).seq !== before.seq && 'some were made']
		},
	}
	for (const what of ['ops', 'undo', 'redo'])
		yield {
			name: `a stale count of changes: ${what}`, run: async () => {
				const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/${what}`, { seq: 987654, ...(what === 'ops' ? { ops: [move(state.draft, visitAt(state.draft, 1))] } : {}) })
				return differs({ code: 'ERR_SESSION_002' }, r.json)
			},
		}
	yield {
		name: 'an operation on a visit that is not there', run: async () => {
			const d = await draft(), ops = [op({ kind: 'move', visits: [{ need: 987654321, date: d.cycle.anchor }], date: d.cycle.anchor })]
			const one = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops })
			const two = await call('planner', 'POST', `/planning/sessions/${saved.session}/price`, { ops })
			return [differs({ code: 'ERR_PLAN_002' }, one.json), differs({ code: 'ERR_PLAN_002' }, two.json)]
		},
	}
	yield {
		name: 'an outlet of another territory is not taken over', run: async () => {
			const d = await draft(), foreign = (await call('planner', 'GET', `/outlets?territory=${saved.other}&limit=1`)).json.items[0].id
			const need = (await call('planner', 'GET', `/outlets/${foreign}`)).json.needs[0].id
			const seat = d.tours.seat[0], date = dateOf(d.cycle.anchor, d.tours.day[0])
			const wrong = []
			for (const it of [op({ kind: 'place', need, seat, date }), op({ kind: 'sequence', need, seat, date, reverse: true })])
				for (const what of ['price', 'ops']) {
					const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/${what}`, { ops: [it], ...(what === 'ops' ? { seq: d.seq } : {}) })
					wrong.push(differs({ code: 'ERR_PLAN_002' }, r.json).map((w) => `${it.kind}, ${what}: ${w}`))
				}
			return wrong
		},
	}
	yield {
		name: 'a rule that is never broken needs a permission and a reason', run: async () => {
			const d = await draft()
			const free = [0, 1, 2, 3, 4, 5, 6].find((w) => !d.cycle.workWeekdays.includes(w + 1)) ?? d.cycle.closed[0]
			const ops = [move(d, visitAt(d, 2), { date: dateOf(d.cycle.anchor, free) })]
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops })
			return [r.status !== 422 && r.text, differs({ code: 'ERR_PLAN_001' }, r.json)]
		},
	}
	yield {
		name: 'undo brings back exactly what was', run: async () => {
			const before = await draft()
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/undo`, { seq: before.seq })
			const after = await draft()
			const list = (d) => d.visits.need.map((n, i) => [n, d.visits.day[i], d.visits.seat[i], d.visits.pos[i]].join()).sort().join(';')
			return [r.status !== 200 && r.text, !r.json?.redo && 'nothing to redo', list(after) !== list(state.draft) && 'another plan than before']
		},
	}
	yield {
		name: 'redo does it again', run: async () => {
			const before = await draft()
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/redo`, { seq: before.seq })
			const after = await draft(), at = after.visits.need.indexOf(state.moved)
			return [r.status !== 200 && r.text, at < 0 && 'the visit is gone']
		},
	}
	for (const [name, more] of [['a beat that is not there', { beat: 987654321, seat: 1 }], ['a beat with neither seat nor dates', { beat: 1 }]])
		for (const what of ['price', 'ops'])
			yield {
				name: `${name} is refused by ${what}`, run: async () => {
					const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/${what}`, { ops: [op({ kind: 'beat', ...more })], ...(what === 'ops' ? { seq: (await draft()).seq } : {}) })
					return r.status === 422 ? [] : `${r.status} ${r.text}`
				},
			}
	yield {
		name: 'a visit that has been made stays', run: async () => {
			const d = await draft(), yesterday = new Date(Date.now() - 864e5).toISOString().slice(0, 10)
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/price`, { ops: [op({ kind: 'place', need: d.visits.need[0], seat: d.seats[0].id, date: yesterday, reach: 'date' })] })
			return r.status === 422 && r.json.code === 'ERR_PLAN_002' && /passed/.test(r.json.detail) ? [] : `${r.status} ${r.text}`
		},
	}
	yield {
		name: 'a beat moves with the visits of its weekday, also when one was moved for once', run: async () => {
			const d = await draft(), day = (date) => Math.round((Date.parse(date) - Date.parse(d.cycle.anchor)) / 86400000)
			const target = day(state.op.date), i = d.visits.need.findIndex((n, k) => n === state.moved && d.visits.day[k] === target)
			const mates = d.visits.need.map((_, k) => k).filter((k) => d.visits.beat[k] === d.visits.beat[i] && d.visits.day[k] % 7 !== target % 7)
			const home = d.visits.day[mates[0]] % 7
			let once
			for (const k of mates.filter((m) => Math.floor(d.visits.day[m] / 7) === Math.floor(target / 7))) {
				once = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops: [move(d, k, { date: state.op.date, reach: 'date' })] })
				if (once.status === 200)
					break
			}
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/price`, { ops: [op({ kind: 'beat', beat: d.visits.beat[i],
				fromDate: dateOf(d.cycle.anchor, home), date: dateOf(d.cycle.anchor, target % 7) })] })
			return [once?.status !== 200 && `no visit was moved for once: ${once?.text}`, r.status !== 200 && r.text,
				r.json.tours?.filter((t) => ![home, target % 7].includes(day(t.date) % 7)).map((t) => `a tour of another weekday: ${t.date}`)]
		},
	}
	/* Beats: made, filled, renamed, and taken away when nothing is in them. */
	yield { name: 'a beat is made', as: 'planner', post: '/plans/{planId}/beats', body: { code: 'NEW-BEAT', name: 'Behind the station' }, save: { newBeat: '/id' } }
	yield { name: 'its code is its own', as: 'planner', post: '/plans/{planId}/beats', body: { code: 'NEW-BEAT', name: 'Another' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'no beat of a plan that is not there', as: 'planner', post: '/plans/987654321/beats', body: { code: 'X', name: 'X' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'an analyst makes none', as: 'analyst', post: '/plans/{planId}/beats', body: { code: 'X', name: 'X' }, status: 403, code: 'ERR_AUTH_002' }
	yield {
		name: 'visits are put into it where they stand, undone, and put into it again', run: async () => {
			const before = await draft(), [a, b] = [visitAt(before, 0), visitAt(before, 1)], row = (d, i) => [d.visits.need[i], d.visits.seat[i], d.visits.day[i], d.visits.pos[i], d.visits.beat[i]].join()
			const all = (d) => d.visits.need.map((_, i) => row(d, i)).sort().join(';'), put = () => op({ kind: 'join', beat: saved.newBeat, visits: [a, b].map((i) => ({ need: before.visits.need[i], date: dateOf(before.cycle.anchor, before.visits.day[i]) })) })
			const send = (what, body) => call('planner', 'POST', `/planning/sessions/${saved.session}/${what}`, body)
			const price = await send('price', { ops: [put()] }), done = await send('ops', { seq: before.seq, ops: [put()] }), after = await draft()
			const want = [a, b].map((i) => row(before, i).replace(/[^,]*$/, saved.newBeat)), is = after.visits.need.map((_, i) => row(after, i)).filter((r) => r.endsWith(`,${saved.newBeat}`))
			const undone = await send('undo', { seq: after.seq }), back = await draft(), again = await send('ops', { seq: back.seq, ops: [put()] })
			return [price.status !== 200 && price.text, (price.json.minutes || price.json.broken.length) && 'it costs something', done.status !== 200 && done.text, differs(want.sort(), is.sort()), after.undo !== 'put 2 visits into a beat' && after.undo,
				undone.status !== 200 && undone.text, all(back) !== all(before) && 'undo gives another plan', again.status !== 200 && again.text]
		},
	}
	for (const [name, more, pointer] of [['that is not there', { beat: 987654321 }], ['of which nothing is said', {}, '/ops/0/beat']])
		yield {
			name: `nothing is put into a beat ${name}`, run: async () => {
				const d = await draft(), r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops: [op({ kind: 'join', visits: [{ need: d.visits.need[0], date: dateOf(d.cycle.anchor, d.visits.day[0]) }], ...more })] })
				return [r.status !== 422 && r.text, pointer && r.json.fields?.[0].pointer !== pointer && r.text]
			},
		}
	yield { name: 'nor a visit that is not there', run: async () => {
		const d = await draft(), r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops: [op({ kind: 'join', beat: saved.newBeat, visits: [{ need: 987654321, date: d.cycle.anchor }] })] })
		return r.status === 422 && /no visit/.test(r.json.detail) ? [] : r.text
	} }
	yield { name: 'a beat is renamed with a reason', as: 'planner', put: '/plans/{planId}/beats/{newBeat}', body: { code: 'STATION', name: 'Behind the station', reason: 'the old code meant nothing' } }
	yield { name: 'never without', as: 'planner', put: '/plans/{planId}/beats/{newBeat}', body: { code: 'STATION', name: 'Station' }, status: 422, code: 'ERR_REQ_004', fields: ['/reason'] }
	yield { name: 'and is called so in the draft', run: async () => differs(some({ id: saved.newBeat, code: 'STATION', name: 'Behind the station' }), (await draft()).beats) }
	yield { name: 'the trail has both names', as: 'admin', get: '/audit?action=BEAT_CHANGE&limit=1', json: { items: [{ action: 'BEAT_CHANGE', reason: 'the old code meant nothing' }] } }
	yield { name: 'another that is called as it is taken', as: 'planner', post: '/plans/{planId}/beats', body: { code: 'SPARE', name: 'Spare' }, save: { spareBeat: '/id' } }
	yield { name: 'has not its code', as: 'planner', put: '/plans/{planId}/beats/{spareBeat}', body: { code: 'STATION', name: 'x', reason: 'x' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'what has visits stays', as: 'planner', delete: '/plans/{planId}/beats/{newBeat}', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'what has none goes', as: 'planner', delete: '/plans/{planId}/beats/{spareBeat}' }
	yield { name: 'once', as: 'planner', delete: '/plans/{planId}/beats/{spareBeat}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor is it renamed any more', as: 'planner', put: '/plans/{planId}/beats/{spareBeat}', body: { code: 'S', name: 'S', reason: 'S' }, status: 404, code: 'ERR_DATA_003' }
	yield {
		name: 'many at once, turned round, taken out and put back', run: async () => {
			const steps = async (ops) => {
				const d = await draft()
				const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/ops`, { seq: d.seq, ops: ops(d) })
				return r.status === 200 ? [] : r.text
			}
			const visit = (d, i) => ({ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) })
			return [
				await steps((d) => [op({ kind: 'sequence', seat: d.tours.seat[0], date: dateOf(d.cycle.anchor, d.tours.day[0]), reverse: true, reach: 'standing' })]),
				await steps((d) => [op({ kind: 'sequence', seat: d.tours.seat[0], date: dateOf(d.cycle.anchor, d.tours.day[0]), auto: true, reach: 'standing' })]),
				await steps((d) => { state.out = visit(d, visitAt(d, 5)); state.outSeat = d.visits.seat[visitAt(d, 5)]; return [op({ kind: 'remove', visits: [state.out], reach: 'standing' })] }),
				await steps(() => [op({ kind: 'place', need: state.out.need, seat: state.outSeat, date: state.out.date, reach: 'standing' })]),
			]
		},
	}
	yield { name: 'another does not change my draft', as: 'territory', post: '/planning/sessions/{session}/undo', body: { seq: 0 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'keep a version', as: 'planner', post: '/plans/{planId}/save', body: { sessionId: '{session}', notes: 'first try' }, json: { kind: 'SAVE', notes: 'first try', committed: false } }
	yield { name: 'by the older address', as: 'planner', post: '=/api/planning/save', body: { sessionId: '{session}', notes: 'second' }, json: { kind: 'SAVE' } }
	yield { name: 'by the plain one', as: 'planner', post: '/planning/save', body: { sessionId: '{session}', notes: 'third' }, json: { kind: 'SAVE' } }
	yield { name: 'a session that is none', as: 'planner', post: '/planning/save', body: { sessionId: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor can it be committed', as: 'planner', post: '/planning/commit', body: { sessionId: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield {
		name: 'a planner of two units', as: 'admin', post: '/users', save: { moverId: '/id', moverPassword: '/password' },
		body: { username: 'mover', name: 'Mo Ver', scopes: [{ territoryId: '{other}', role: 'gt_planner' }, { territoryId: '{third}', role: 'gt_planner' }] },
	}
	yield { name: 'signs in', run: () => client.login('mover', 'mover', saved.moverPassword) }
	yield { name: 'locks one', as: 'mover', post: '/territories/{third}/lock', body: { channel: 'GT' } }
	yield { name: 'opens its plan', as: 'mover', post: '/planning/sessions', body: { territoryId: '{third}', channel: 'GT' }, save: { moverSession: '/id' } }
	yield { name: 'keeps a version', as: 'mover', post: '/planning/save', body: { sessionId: '{moverSession}' } }
	yield { name: 'is moved away from it', as: 'admin', patch: '/users/{moverId}', body: { scopes: [{ territoryId: '{other}', role: 'gt_planner' }] } }
	yield { name: 'and keeps no more versions there', as: 'mover', post: '/planning/save', body: { sessionId: '{moverSession}' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'comes back', as: 'admin', patch: '/users/{moverId}', body: { scopes: [{ territoryId: '{third}', role: 'gt_planner' }] } }
	yield { name: 'and gives up the lock', as: 'mover', delete: '/territories/{third}/lock?channel=GT' }
	yield { name: 'gets the country besides', as: 'admin', patch: '/users/{moverId}', body: { scopes: [{ territoryId: '{third}', role: 'gt_planner' }, { territoryId: '{country}', role: 'leadership' }] } }
	yield {
		name: 'and finds each outlet counted once at home', run: async () => {
			const { outlets, placed } = (await call('mover', 'GET', `/territories/${saved.country}`)).json
			return differs({ outlets, missingCoordinates: outlets - placed, territories: (n) => n >= 8, seats: (n) => n > 8 }, (await call('mover', 'GET', '/home')).json.counts)
		},
	}
	yield { name: 'the versions', as: 'planner', get: '/plans/{planId}/versions?limit=3', json: { items: (i) => i.length === 3 && i[0].kind === 'SAVE', next: /./ }, save: { next: '/next' } }
	yield { name: 'and the older ones', as: 'planner', get: '/plans/{planId}/versions?after={next}', json: { items: some({ kind: 'OPTIMISE' }) } }
	yield { name: 'commit and go on', as: 'planner', post: '/plans/{planId}/commit', body: { sessionId: '{session}', notes: 'go', keepLock: true }, json: { kind: 'COMMIT', committed: true, calls: (n) => n > 2000 }, save: { committed: '/id', hash: '/planHash' } }
	yield { name: 'the plan', as: 'planner', get: '/plans?territory={unit}&channel=GT', json: { items: [{ channel: 'GT', current: (c) => c !== null }] } }
	yield { name: 'as it stands, for everybody who may see it', as: 'dt', get: '/plans/{planId}/draft', json: { session: null, totals: { calls: (n) => n > 2000 } } }
	for (const [what, format, type] of [['plan', 'csv', 'text/csv'], ['plan', 'xml', 'application/xml'], ['visits', 'csv', 'text/csv'], ['visits', 'xml', 'application/xml']])
		yield {
			name: `download the ${what} as ${format}`, as: 'planner', get: `/plans/{planId}/export?what=${what}&format=${format}`,
			header: { 'content-type': `^${type}`, 'content-disposition': `attachment; filename="[^"]+\\.${format}"` },
			check: (r) => { state[`${what}.${format}`] = r.text; return r.text.length < 50000 && `${r.text.length} bytes` },
		}
	yield {
		name: 'CSV and XML hold the same number of stops', run: () => {
			const rows = state['plan.csv'].trim().split('\r\n').length - 1, stops = (state['plan.xml'].match(/<stop[ >]/g) ?? []).length
			return rows === stops && rows > 2000 ? [] : `${rows} rows, ${stops} stops: ${state['plan.xml'].slice(0, 600)}`
		},
	}
	for (const [what, format, type] of [['plan', 'xlsx', 'application/vnd.openxml'], ['visits', 'xlsx', 'application/vnd.openxml'], ['plan', 'geojson', 'application/geo.json'], ['visits', 'geojson', 'application/geo.json'], ['visits', 'ics', 'text/calendar']])
		yield {
			name: `download the ${what} as ${format}`, as: 'planner', get: `/plans/{planId}/export?what=${what}&format=${format}`,
			header: { 'content-type': `^${type}`, 'content-disposition': `attachment; filename="[^"]+\\.${format}"` },
			check: (r) => { state[`${what}.${format}`] = r.text; return r.text.length < 20000 && `${r.text.length} bytes` },
		}
	yield {
		name: 'the map has every stop with its place, in numbers', run: () => {
			const f = JSON.parse(state['plan.geojson']).features, rows = state['plan.csv'].trim().split('\r\n').length - 1
			return [f.length !== rows && `${f.length} features, ${rows} rows`, f.filter((x) => x.geometry && !(Math.abs(x.geometry.coordinates[1]) <= 90)).length && 'a latitude beyond the pole',
				!f.some((x) => x.geometry) && 'no coordinates', !f.every((x) => Number.isInteger(x.properties.week)) && 'weeks are texts']
		},
	}
	yield {
		name: 'the calendar has a day for each tour, in lines of at most 75 bytes', run: () => {
			const text = state['visits.ics'], lines = text.split('\r\n'), days = new Set(state['visits.csv'].trim().split('\r\n').slice(1).map((l) => l.split(',').slice(0, 3).join()))
			const uids = text.match(/^UID:.*$/gm) ?? []
			return [lines.filter((l) => Buffer.byteLength(l) > 75).slice(0, 2).map((l) => `too long: ${l}`), uids.length !== days.size && `${uids.length} events, ${days.size} tours`, new Set(uids).size !== uids.length && 'a UID twice',
				!text.startsWith('BEGIN:VCALENDAR\r\n') && 'no head', !text.endsWith('END:VCALENDAR\r\n') && 'no end']
		},
	}
	yield { name: 'a workbook is a ZIP file', run: () => ['plan', 'visits'].map((w) => !state[`${w}.xlsx`].startsWith('PK') && `${w}: ${state[`${w}.xlsx`].slice(0, 40)}`) }
	yield {
		name: 'of one seat and one beat alone', run: async () => {
			const d = (await call('planner', 'GET', `/plans/${saved.planId}/draft`)).json, seat = d.seats[0], beat = d.beats.find((b) => b.seat === seat.id)
			const get = async (more) => (await call('planner', 'GET', `/plans/${saved.planId}/export?what=plan&format=csv&${more}`)).text.trim().split('\r\n').slice(1)
			const mine = await get(`seat=${seat.id}`), fewer = await get(`seat=${seat.id}&beat=${beat.id}`)
			return [mine.length !== d.visits.seat.filter((s) => s === seat.id).length && `${mine.length} rows of the seat`, !mine.every((r) => r.includes(seat.code)) && 'another seat', fewer.length !== d.visits.beat.filter((b, i) => b === beat.id && d.visits.seat[i] === seat.id).length && `${fewer.length} rows of the beat`]
		},
	}
	yield {
		name: 'what differs between two versions, as many stops added as the versions say', run: async () => {
			const list = (await call('planner', 'GET', `/plans/${saved.planId}/versions`)).json.items, proposal = list.find((v) => v.kind === 'OPTIMISE')
			const get = async (a, b, format = 'csv') => (await call('planner', 'GET', `/plans/${saved.planId}/export?what=changes&format=${format}&base=${a}&version=${b}`)).text
			const there = (await get(proposal.id, saved.committed)).trim().split('\r\n').slice(1), back = (await get(saved.committed, proposal.id)).trim().split('\r\n').slice(1)
			const none = (await get(proposal.id, proposal.id)).trim()
			const count = (rows, what) => rows.filter((r) => r.startsWith(what)).length
			return [!there.length && 'nothing differs', count(there, 'added') !== count(back, 'removed') && 'not the same back', count(there, 'removed') !== count(back, 'added') && 'nor added', none && `a version differs from itself: ${none.slice(0, 100)}`,
				!(await get(proposal.id, saved.committed, 'xml')).includes('<change change="') && 'no XML']
		},
	}
	for (const format of ['csv', 'xlsx'])
		yield {
			name: `an export is kept as a file of its user: ${format}`, run: async () => {
				const r = await call('planner', 'POST', `/plans/${saved.planId}/exports`, { what: 'plan', format })
				const { job } = await (async () => {
					for (let i = 0; ; i++) {
						const { json } = await call('planner', 'GET', `/jobs/${r.json.jobId}`)
						if (i > 200 || (json.state !== 'queued' && json.state !== 'running'))
							return { job: json }
						await sleep(100)
					}
				})()
				const list = (await call('planner', 'GET', '/exports?limit=5')).json.items, id = saved.kept = job.result?.fileId
				const file = await call('planner', 'GET', `/exports/${id}/file`), foreign = await call('territory', 'GET', `/exports/${id}/file`)
				return [r.status !== 200 && r.text, job.state !== 'done' && JSON.stringify(job.error), list[0]?.id !== id && 'it is not the newest', differs({ code: 'ERR_DATA_003' }, foreign.json),
					format === 'csv' ? file.text !== state['plan.csv'] && 'another file' : !file.text.startsWith('PK') && 'no workbook']
			},
		}
	yield { name: 'an export that cannot be kept', as: 'planner', post: '/plans/{planId}/exports', body: { what: 'changes', format: 'csv' }, status: 422, fields: ['/base'] }
	yield { name: 'of a version that is none', as: 'planner', post: '/plans/{planId}/exports', body: { what: 'plan', format: 'csv', version: 987654321 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'changes against nothing', as: 'planner', get: '/plans/{planId}/export?what=changes&format=csv', status: 422, fields: ['/base'] }
	yield { name: 'a calendar of a standing plan', as: 'planner', get: '/plans/{planId}/export?what=plan&format=ics', status: 422, fields: ['/format'] }
	yield { name: 'a plan that cannot be drawn', as: 'planner', get: '/plans/{planId}/export?what=plan&format=doc', status: 422, fields: ['/format'] }
	yield { name: 'a distributor does not download it', as: 'dt', get: '/plans/{planId}/export?what=plan&format=csv', status: 403, code: 'ERR_AUTH_002' }

	/* Two planners, one after the other. */
	const unit = async (as) => {
		await call(as, 'POST', `/territories/${saved.third}/lock`, { channel: 'GT' })
		return (await call(as, 'POST', '/planning/sessions', { territoryId: saved.third, channel: 'GT' })).json
	}
	const placeOne = async (as, session, n) => {
		const d = (await call(as, 'GET', `/planning/sessions/${session}/draft`)).json
		const outlet = (await call(as, 'GET', `/outlets?territory=${saved.third}&limit=9`)).json.items[n].id
		const need = (await call(as, 'GET', `/outlets/${outlet}`)).json.needs[0].id
		const r = await call(as, 'POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [op({ kind: 'place', need, seat: d.seats[0].id, date: d.cycle.anchor })] })
		return r.status === 200 ? [] : r.text
	}
	yield {
		name: 'a draft that is put aside', run: async () => {
			const s = await unit('planner')
			state.aside = s.id
			return [await placeOne('planner', s.id, 0), (await call('planner', 'POST', `/planning/sessions/${s.id}/close`)).status !== 200 && 'not closed']
		},
	}
	yield {
		name: 'somebody looks and goes', run: async () => {
			const s = await unit('territory')
			state.looked = s.id
			await call('territory', 'POST', `/planning/sessions/${s.id}/close`)
			return s.baseVersion === null ? [] : 'it has a version already'
		},
	}
	yield {
		name: 'meanwhile another one commits', run: async () => {
			const s = await unit('manager')
			const wrong = await placeOne('manager', s.id, 1)
			const r = await call('manager', 'POST', '/planning/commit', { sessionId: s.id })
			state.newer = r.json.id
			return [wrong, r.status !== 200 && r.text]
		},
	}
	yield {
		name: 'who changed nothing goes on from what was committed', run: async () => {
			const s = await unit('territory')
			const d = (await call('territory', 'GET', `/planning/sessions/${s.id}/draft`)).json
			await call('territory', 'POST', `/planning/sessions/${s.id}/close`)
			return [s.id !== state.looked && 'another session', s.baseVersion !== state.newer && `it goes on from ${s.baseVersion}`, d.visits.need.length !== 1 && `${d.visits.need.length} visits`]
		},
	}
	yield {
		name: 'a draft that does not know it does not take its place', run: async () => {
			const s = await unit('planner')
			const wrong = [s.id !== state.aside && 'another session']
			for (const path of [`/plans/${s.planId}/commit`, '/planning/commit'])
				wrong.push(differs({ code: 'ERR_SESSION_002', detail: /version \d+ / }, (await call('planner', 'POST', path, { sessionId: s.id })).json))
			return wrong
		},
	}
	yield {
		name: 'but it does once it has taken it over', run: async () => {
			const r = await call('planner', 'POST', `/planning/sessions/${state.aside}/adopt`, { versionId: state.newer })
			const c = await call('planner', 'POST', '/planning/commit', { sessionId: state.aside })
			return [r.status !== 200 && r.text, c.status !== 200 && c.text, c.json.calls !== 1 && `${c.json.calls} calls`]
		},
	}

	/* The lock is broken under the planner. */
	yield { name: 'the lock was kept, the plan is opened again', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, json: { status: 'ACTIVE', baseVersion: '{committed}' }, save: { session: '/id' } }
	const nextMonday = new Date(Date.now() + 864e5 * (8 - (new Date().getUTCDay() || 7))).toISOString().slice(0, 10)
	const refusedEverywhere = async (status, code) => {
		const out = []
		for (const [what, body] of [['price', { ops: [move(state.draft, visitAt(state.draft))] }], ['ops', { seq: 0, ops: [move(state.draft, visitAt(state.draft))] }], ['undo', { seq: 0 }],
			['redo', { seq: 0 }], ['adopt', { versionId: state.version }], ['cycle', { anchor: nextMonday, weeks: 8 }], ['close', undefined]]) {
			const r = await call('planner', 'POST', `/planning/sessions/${saved.session}/${what}`, body)
			out.push(r.status === status && r.json.code === code ? [] : `${what}: ${r.status} ${r.text.slice(0, 150)}`)
		}
		for (const path of [`/plans/${saved.planId}/save`, `/plans/${saved.planId}/commit`, '/planning/save', '/planning/commit', '/optimize']) {
			const r = await call('planner', 'POST', path, { sessionId: saved.session })
			out.push(r.status === status && r.json.code === code ? [] : `${path}: ${r.status} ${r.text.slice(0, 150)}`)
		}
		return out
	}
	yield { name: 'a manager breaks the lock with a reason', as: 'manager', delete: '/territories/{unit}/lock?channel=GT&reason=holiday' }
	yield { name: 'which stands in the trail', as: 'admin', get: '/audit?action=LOCK_BREAK&limit=1', json: { items: [{ reason: 'holiday', user: /Miguel/ }] } }
	yield { name: 'the planner is told at every change', run: () => refusedEverywhere(410, 'ERR_LOCK_002') }
	yield { name: 'takes it again', as: 'planner', post: '/territories/{unit}/lock', body: { channel: 'GT' } }
	yield { name: 'goes on with the draft', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, save: { session: '/id' } }
	yield { name: 'commits and gives the lock up', as: 'planner', post: '/planning/commit', body: { sessionId: '{session}', notes: 'done' }, json: { kind: 'COMMIT' } }
	/* A Wednesday after next: its visits go with the holiday and come back as they were. */
	const midweek = new Date(Date.now() + 864e5 * (8 + (10 - new Date(Date.now() + 8 * 864e5).getUTCDay()) % 7)).toISOString().slice(0, 10)
	const list = `/plans/${saved.planId}/export?what=visits&format=csv&from=${midweek}&to=${midweek}`
	let ordinary = ''
	yield { name: 'an ordinary day has visits', as: 'planner', get: list, check: (r) => (ordinary = r.text).split('\n').length > 10 ? '' : 'no visits: ' + r.text }
	yield { name: 'a planner sets no holiday', as: 'planner', put: '/territories/{unit}/holidays', body: { day: midweek, name: 'Fair', reason: 'a test' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'a past one changes nothing', as: 'manager', put: '/territories/{unit}/holidays', body: { day: '2020-01-01', name: 'Fair', reason: 'a test' }, status: 422, fields: ['/day'] }
	yield { name: 'a manager sets one', as: 'manager', put: '/territories/{unit}/holidays', body: { day: midweek, name: 'Fair', reason: 'a test' }, json: { items: [{ day: midweek, name: 'Fair', own: true }] } }
	yield { name: 'under another name it is still one', as: 'manager', put: '/territories/{unit}/holidays', body: { day: midweek, name: 'Town fair', reason: 'a test' }, json: { items: [{ name: 'Town fair' }] } }
	yield { name: 'the visit list follows', run: () => listsFollow(client, saved.unit) }
	yield { name: 'nobody is visited then', as: 'planner', get: list, check: (r) => r.text.trim().split('\n').length === 1 ? '' : 'visits: ' + r.text.slice(0, 300) }
	yield { name: 'all see it', as: 'planner', get: '/territories/{unit}/holidays', json: { items: [{ day: midweek }], next: null } }
	yield { name: 'from a later day it is not', as: 'planner', get: '/territories/{unit}/holidays?from=2099-01-01', json: { items: [] } }
	yield { name: 'it is taken back', as: 'manager', delete: `/territories/{unit}/holidays?day=${midweek}&reason=a+test` }
	yield { name: 'once', as: 'manager', delete: `/territories/{unit}/holidays?day=${midweek}&reason=a+test`, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'it follows again', run: () => listsFollow(client, saved.unit) }
	yield { name: 'and the visits are back', as: 'planner', get: list, check: (r) => r.text === ordinary ? '' : 'not the same' }
	yield { name: 'the trail knows both', as: 'admin', get: '/audit?action=HOLIDAY_PUT', json: { items: some({ changes: [{ field: midweek, new: 'Fair' }] }) } }
	/* The person of the first visit of that day is away; the others' visits stay. */
	const rows = (text) => { const [head, ...all] = text.trim().split('\r\n'), k = head.split(',').findIndex((x) => /^seat/.test(x)); return all.map((x) => [x.split(',')[k], x]) }
	const away = { from: midweek, to: midweek, kind: 'LEAVE', note: 'wedding' }
	let mine = ''
	yield { name: 'a seat that works then', as: 'admin', get: '/seats?territory={unit}&limit=500', save: { awaySeat: (r) => r.json.items.find((s) => s.code === (mine = rows(ordinary)[0][0]))?.id } }
	yield { name: 'a planner does not say who is away', as: 'planner', post: '/seats/{awaySeat}/absences', body: away, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nobody is back before he goes', as: 'manager', post: '/seats/{awaySeat}/absences', body: { ...away, to: '2020-01-01' }, status: 422, fields: ['/to'] }
	yield { name: 'nor is a seat away that is not there', as: 'manager', post: '/seats/987654321/absences', body: away, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'somebody is away', as: 'manager', post: '/seats/{awaySeat}/absences', body: away, save: { absence: '/id' } }
	yield { name: 'not twice at a time', as: 'manager', post: '/seats/{awaySeat}/absences', body: { ...away, from: '2026-01-01', to: null }, status: 422, fields: ['/from'] }
	yield { name: 'all see it', as: 'planner', get: '/absences?seat={awaySeat}', json: { items: [{ from: midweek, to: midweek, kind: 'LEAVE', relief: '', note: 'wedding', seatId: '{awaySeat}' }], next: null } }
	yield { name: 'also the plan', as: 'planner', get: `/plans/${saved.planId}/draft`, json: { seats: some({ id: '{awaySeat}', absences: [{ from: midweek, kind: 'LEAVE' }] }) } }
	const others = (r) => String(rows(r.text).map((x) => x[1]).sort()) === String(rows(ordinary).filter((x) => x[0] !== mine).map((x) => x[1]).sort()) ? '' : 'not the others’ visits'
	yield { name: 'nobody visits in his place', as: 'planner', get: list, check: others }
	yield { name: 'unless somebody stands in', as: 'manager', put: '/seats/{awaySeat}/absences/{absence}', body: { ...away, relief: 'Ravi' }, json: { id: '{absence}' } }
	yield { name: 'then all visits are made', as: 'planner', get: list, check: (r) => r.text === ordinary ? '' : 'not the same' }
	yield { name: 'until he does no more', as: 'manager', put: '/seats/{awaySeat}/absences/{absence}', body: away }
	yield { name: 'nothing is changed that is not there', as: 'manager', put: '/seats/{awaySeat}/absences/987654321', body: away, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'he is not away after all', as: 'manager', delete: '/seats/{awaySeat}/absences/{absence}' }
	yield { name: 'which is so once', as: 'manager', delete: '/seats/{awaySeat}/absences/{absence}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'and his visits are back', as: 'planner', get: list, check: (r) => r.text === ordinary ? '' : 'not the same' }
	yield { name: 'the trail knows it', as: 'admin', get: '/audit?action=ABSENCE_ADD', json: { items: some({ changes: [{ field: 'absence', new: `LEAVE, ${midweek} to ${midweek}: wedding` }] }) } }
	yield { name: 'the lock is gone', as: 'planner', get: '/territories/{unit}', json: { locks: [], plan: { channel: 'GT' } } }
	yield { name: 'the session is over', run: () => refusedEverywhere(410, 'ERR_SESSION_001') }
	yield { name: 'lock once more', as: 'planner', post: '/territories/{unit}/lock', body: { channel: 'GT' } }
	yield { name: 'open once more', as: 'planner', post: '/planning/sessions', body: { territoryId: '{unit}', channel: 'GT' }, save: { session: '/id' } }
	yield { name: 'optimise longer than anybody waits', as: 'planner', post: '/optimize', body: { sessionId: '{session}', seconds: 300 }, save: { run: '/jobId' } }
	yield {
		name: 'stopping it takes a second and keeps the best plan', run: async () => {
			for (let i = 0; i < 100 && !(await call('planner', 'GET', `/optimize/${saved.run}`)).json.progress?.iterations; i++)
				await sleep(100)
			const t0 = Date.now(), r = await call('planner', 'POST', `/jobs/${saved.run}/cancel`)
			const job = await ended(client, saved.run, 'planner', '/optimize')
			return [r.status !== 200 && r.text, job.state !== 'cancelled' && job.state, !job.result?.versionId && `no plan: ${JSON.stringify(job.result)}`, Date.now() - t0 > 3000 && `${Date.now() - t0} ms`]
		},
	}
	yield {
		name: 'an analyst of one territory may import nowhere, and is told so', run: async () => {
			const made = await call('admin', 'POST', '/users', { username: 'scoped.analyst', name: 'Scoped', scopes: [{ territoryId: saved.unit, role: 'analyst' }] })
			await client.login('scoped', 'scoped.analyst', made.json.password)
			const me = (await call('scoped', 'GET', '/auth/me')).json
			return [me.permissions.includes('IMPORT_DATA') || 'not even there', me.worldPermissions.length > 0 && me.worldPermissions.join(), (await call('scoped', 'GET', '/import/sessions')).status !== 403 && 'let in']
		},
	}
	yield { name: 'a plan for a territory that has one', as: 'admin', post: '/import/sessions', body: { name: 'plan again' }, save: { planImport: '/id' } }
	yield {
		name: 'comes as a file, in which somebody pinned outlets', run: async () => {
			const [head, ...rows] = state['plan.csv'].trim().split('\r\n').map(cells), at = head.indexOf('pinned')
			state.pinned = Object.fromEntries([...new Set(rows.map((r) => r[0]))].slice(0, 4).map((code, i) => [code, ['person', 'days', 'both', 'none'][i]]))
			const text = [head, ...rows.map((r) => r.with(at, state.pinned[r[0]] ?? ''))].map((r) => r.join() + '\r\n').join('')
			return [at < 0 && head.join(), (await upload(client, saved.planImport, 'plan.csv', text)).status !== 200 && 'refused']
		},
	}
	yield { name: 'is checked', run: () => through(client, saved.planImport, 'validate') }
	yield { name: 'is loaded', run: () => through(client, saved.planImport, 'process') }
	yield { name: 'and waits as a version beside the plan in force', as: 'admin', get: '/import/sessions/{planImport}', json: { status: 'COMPLETED', waiting: [{ territoryId: '{unit}', channel: 'GT', version: (v) => v > 0 }] } }
	yield {
		name: 'it has the pins, and its file says so', run: async () => {
			const { version } = (await call('admin', 'GET', `/import/sessions/${saved.planImport}`)).json.waiting[0], id = (await call('admin', 'GET', `/plans/${saved.planId}/versions?limit=100`)).json.items.find((v) => v.number === version).id
			const { pins } = (await call('admin', 'GET', `/plans/${saved.planId}/draft?version=${id}`)).json
			const [head, ...rows] = (await call('planner', 'GET', `/plans/${saved.planId}/export?what=plan&format=csv&version=${id}`)).text.trim().split('\r\n').map(cells)
			const said = Object.fromEntries(rows.map((r) => [r[0], r[head.indexOf('pinned')]]).filter(([, pin]) => pin)), want = Object.fromEntries(Object.entries(state.pinned).filter(([, pin]) => pin !== 'none'))
			return [pins.hold.slice().sort().join() !== '1,2,3' && JSON.stringify(pins), differs(want, said), Object.keys(said).length !== 3 && JSON.stringify(said)]
		},
	}
	yield { name: 'close without committing', as: 'planner', post: '/planning/sessions/{session}/close', json: { status: 'CLOSED' } }
}
export const steps = all
