// SPDX-License-Identifier: GPL-3.0-or-later
// Versions from before and after another import, in which outlets are gone, closed, new, moved to another territory, asked for otherwise and
// elsewhere: what differs, which single changes can be taken over, and why others cannot.
import { randomUUID } from 'node:crypto'
import { arrangement, bars, hunks } from '../../www/js/plan/diff.js'
import { planOf } from '../../www/js/plan/model.js'
import { ended, through, upload } from './40-import.mjs'
import { country, random } from './data.mjs'
import { arrange, dateOf, stops } from './planning.mjs'
import { beatplan, sql } from './shell.mjs'
import { differs, some } from './steps.mjs'

const WHY = { reason: 'as it was', reasonCode: 'PROMOTION' }

async function* all({ client }) {
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body }), ok = (r) => { if (r.status !== 200) throw new Error(r.text); return r.json }
	const get = async (path) => ok(await call('GET', path)), dice = random(7)
	const data = country({ rows: 240, areas: 2, seed: 74, prefix: 'AGN' })
	const codes = (list) => list.map((i) => `AGN${String(i).padStart(6, '0')}`), of = (from, n) => codes(Array.from({ length: n }, (_, i) => from + 2 * i)) // of the first of two towns
	const gone = of(0, 6), closed = of(12, 6), moved = of(24, 6), fewer = of(36, 8), more = of(60, 8), elsewhere = of(80, 6)
	let unit, other, plan, session, d, before, after, needs
	const imported = async (outlets, whole) => {
		const { id } = ok(await call('POST', '/import/sessions', { name: 'again' })), wrong = []
		for (const [kind, text] of whole ? [['outlets', outlets]] : [['distributors', data.distributors], ['seats', data.seats], ['outlets', outlets]]) {
			const up = await upload(client, id, `${kind}.csv`, text, `&entity=${kind}`)
			if (whole)
				await call('PUT', `/import/files/${up.json?.id}/delta`, { mode: 'UPSERT', complete: true })
		}
		wrong.push(await through(client, id, 'validate'))
		if (whole)
			ok(await call('PUT', `/import/sessions/${id}/vanished`, { action: 'CLOSE' }))
		wrong.push(await through(client, id, 'process'))
		return wrong
	}
	const draft = async () => (d = await get(`/planning/sessions/${session}/draft`))
	const version = async (id) => planOf(await get(`/plans/${plan}/draft?version=${id}`))
	const accept = async (x, y, list) => {
		const tours = arrangement(x, y, list), r = await call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [{ clientId: randomUUID(), ...WHY, ...arrange(d, tours) }] })
		await draft()
		return r
	}
	const adopt = async (id) => { ok(await call('POST', `/planning/sessions/${session}/adopt`, { versionId: id, reason: 'as it was' })); return draft() }
	const undo = async () => { ok(await call('POST', `/planning/sessions/${session}/undo`, { seq: d.seq })); return draft() }
	const named = async (session_, id) => { const list = (await get(`/plans/${plan}/diff?by=outlet&session=${session_}&version=${id}`)).items; return { code: new Map(list.flatMap((g) => g.needs.map((n) => [n, g.code]))), gone: new Set(list.flatMap((g) => g.gone)) } }
	const same = (p, q) => p.length === q.length && p.every((v, i) => v.seat === q[i].seat && v.day === q[i].day)

	yield { name: 'a plan is committed', run: async () => {
		const set = (line) => [fewer, more].reduce((l, list, k) => (list.some((c) => l.startsWith(`${c},`)) ? `${l.slice(0, l.lastIndexOf(','))},${k ? 'F2' : 'F4'}` : l), line)
		data.outlets = data.outlets.split('\r\n').map(set).join('\r\n')
		const wrong = await imported(data.outlets)
		;[unit, other] = (await get('/territories?units=1&channel=GT&limit=500')).items.filter((u) => u.unit && `${u.code} ${u.name}`.includes('AGN')).sort((a, b) => a.name.localeCompare(b.name))
		beatplan('optimize', '--territory', unit.code, '--channel', 'GT', '--seconds', '1', '--commit', '--state', client.state)
		ok(await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' }))
		const s = ok(await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' }))
		session = s.id
		plan = s.planId
		before = s.baseVersion
		await draft()
		needs = new Map(sql(client.state, "SELECT o.code, n.id FROM outlet o JOIN need n ON n.outlet_id = o.id WHERE o.code LIKE 'AGN%'").split('\n').map((l) => l.split('\t')).map(([c, n]) => [c, Number(n)]))
		return [wrong, !other && 'one unit', d.visits.need.length < 100 && 'few visits']
	} }
	yield { name: 'the files come again, otherwise', run: async () => {
		const [head, ...rows] = data.outlets.trim().split('\r\n'), at = (row) => row.match(/("[^"]*"|[^,]*)(,|$)/g).map((c) => c.replace(/,$/, ''))
		const again = rows.filter((r) => !gone.some((c) => r.startsWith(`${c},`))).map((row) => {
			const c = at(row), has = (list) => list.includes(c[0])
			if (has(moved))
				[c[8], c[9]] = [c[8].replace('0', '1'), c[9].replace('0', '1')]
			if (has(fewer))
				c[14] = 'F1'
			if (has(more))
				c[14] = 'F4'
			if (has(elsewhere))
				c[5] = String(Number(c[5]) + 0.03)
			return `${c.slice(0, 15).join(',')},${has(closed) ? 'closed' : 'active'}`
		})
		for (let i = 0; i < 5; i++)
			again.push(`AGNNEW${i},Newcomer ${i},,City 0,400000,${(10.001 + i / 1000).toFixed(4)},75.0010,Testland,AGNRegion 0,AGNArea 0,AGNDT0,Distributor 0,GT,Silver,F2,active`)
		const wrong = await imported(`${head},Status\r\n${again.join('\r\n')}\r\n`, true), states = sql(client.state, "SELECT status, COUNT(*) FROM outlet WHERE code LIKE 'AGN%' GROUP BY 1 ORDER BY 1")
		return [wrong, states !== 'active\t233\nclosed\t12' && states]
	} }
	yield { name: 'the plan that is made of them is kept as a version, the draft is the former one again', run: async () => {
		const run = await ended(client, ok(await call('POST', '/optimize', { sessionId: session, seconds: 1 })).jobId, 'admin', '/jobs', 60)
		const was = stops(await draft())
		await adopt(run.result.versionId)
		after = ok(await call('POST', '/planning/save', { sessionId: session, notes: 'of the new files' })).id
		await undo()
		return [run.state !== 'done' && JSON.stringify(run), stops(d) !== was && 'another draft']
	} }
	yield { name: 'what differs is told with its names, also of what is gone, which is marked', run: async () => {
		const x = planOf(d), y = await version(after), list = hunks(x, y), tell = await named(session, after), has = (need) => tell.code.get(need), lost = [...gone, ...closed, ...moved]
		const news = Array.from({ length: 5 }, (_, i) => `AGNNEW${i}`)
		const count = (c) => list.filter((h) => has(h.need) === c)
		return [list.filter((h) => !has(h.need)).map((h) => `need ${h.need} has no name`), lost.filter((c) => count(c)[0]?.after.length !== 0).map((c) => `${c} is still visited`), news.filter((c) => count(c)[0]?.before.length !== 0 || !count(c)[0]?.after.length).map((c) => `${c} is not newly visited`),
			[...tell.gone].map(has).sort().join() !== lost.sort().join() && `${[...tell.gone].map(has)} are marked`, fewer.filter((c) => count(c)[0]?.after.length !== 1).map((c) => `${c} is visited as before`), list.filter((h) => bars(h, tell.gone, (s) => d.seats.some((z) => z.id === s))).map((h) => `${has(h.need)} is barred`)]
	} }
	yield { name: 'every part of it can be taken over, and the whole is that version', run: async () => {
		const x = planOf(d), y = await version(after), list = hunks(x, y), was = stops(d), wrong = []
		for (let k = 0; k < 6; k++) {
			const taken = k ? list.filter(() => dice() < 0.2 * k) : list.filter((h) => !h.after.length), r = await accept(x, y, taken), then = new Map(hunks(x, planOf(d)).map((h) => [h.need, h.after]))
			wrong.push(r.status !== 200 && r.text, taken.filter((h) => !same(then.get(h.need) ?? h.before, h.after)).map((h) => `need ${h.need} is not as accepted`), [...then.keys()].filter((n) => !taken.some((h) => h.need === n)).map((n) => `need ${n} changed, too`))
			const kept = ok(await call('POST', '/planning/save', { sessionId: session }))
			wrong.push(stops(await get(`/plans/${plan}/draft?version=${kept.id}`)) !== stops(d) && 'the version kept is another', differs({ same: true }, (await ended(client, ok(await call('POST', `/plans/${plan}/explain`, { what: 'replay', versionId: kept.id })).jobId, 'admin', '/jobs', 60)).result))
			await undo()
			wrong.push(stops(d) !== was && 'undo gives another draft')
		}
		const r = await accept(x, y, list)
		return [wrong, r.status !== 200 && r.text, hunks(planOf(d), y).map((h) => `need ${h.need} is not as in the version`)]
	} }
	yield { name: 'back from it: what is gone cannot be visited again, by name; all else can', run: async () => {
		const x = planOf(d), y = await version(before), list = hunks(x, y), tell = await named(session, before), here = (s) => d.seats.some((z) => z.id === s)
		const barred = list.filter((h) => bars(h, tell.gone, here)), free = list.filter((h) => !bars(h, tell.gone, here)), wrong = []
		wrong.push(barred.map((h) => tell.code.get(h.need)).sort().join() !== [...gone, ...closed, ...moved].sort().join() && `${barred.length} are barred`)
		for (const c of [gone[0], closed[0], moved[0]]) {
			const h = barred.find((z) => z.need === needs.get(c)), r = await accept(x, y, [h])
			wrong.push(differs({ code: 'ERR_PLAN_002', detail: new RegExp(`^outlet ${c} \\(.*Shop .*\\) is no longer here: it is closed, or belongs to another territory or channel by now; leave it out$`) }, r.json))
		}
		const r = await accept(x, y, free)
		wrong.push(r.status !== 200 && r.text, hunks(planOf(d), y).length !== barred.length && 'not as before')
		return wrong
	} }
	yield { name: 'committed, nobody is sent to what is gone', run: async () => {
		ok(await call('POST', '/planning/commit', { sessionId: session, keepLock: true }))
		const rows = (await client.call({ as: 'admin', path: `/plans/${plan}/export?what=visits&format=csv` })).text
		return [[...gone, ...closed, ...moved].filter((c) => rows.includes(`${c}`)).map((c) => `${c} is visited`), !rows.includes('AGN') && 'no visits']
	} }
	yield { name: 'a seat that has left takes no visits; what it had can be given up', run: async () => {
		session = ok(await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).id
		await draft()
		const seat = d.seats.at(-1).id, mine = d.visits.need.flatMap((n, i) => (d.visits.seat[i] === seat && !d.visits.to[i] ? [i] : [])).slice(0, 3), others = d.seats[0].id
		const move = await call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [{ clientId: randomUUID(), kind: 'move', reach: 'standing', ...WHY, seat: others, visits: mine.map((i) => ({ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) })) }] })
		sql(client.state, `UPDATE seat SET active = 0 WHERE id = ${seat}`)
		await draft()
		const x = planOf(d), y = await version(after), z = await version(before), here = (s) => d.seats.some((q) => q.id === s), back = [...hunks(x, z), ...hunks(x, y)].filter((h) => bars(h, new Set(), here) === 'seat')
		const refused = back.length ? await accept(x, y.tours && hunks(x, y).includes(back[0]) ? y : z, [back[0]]) : null, give = hunks(x, y).filter((h) => h.before.some((w) => w.seat === seat) && !bars(h, new Set(), here))
		const r = give.length ? await accept(x, y, give) : { status: 200 }
		sql(client.state, `UPDATE seat SET active = 1 WHERE id = ${seat}`)
		return [move.status !== 200 && move.text, !back.length && 'nothing goes back to the seat', refused && differs({ code: 'ERR_PLAN_002', detail: /^seat \d+ is not one of this plan's/ }, refused.json), r.status !== 200 && r.text]
	} }
	yield { name: 'the territory is given back', run: async () => (await call('POST', `/planning/sessions/${session}/close`)).status !== 200 && 'not closed' }
}
export const steps = all
