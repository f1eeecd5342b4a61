#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// trust.mjs [--size N] [--seed N] [--outlets N] - what a planner is told of a plan, held against what then happens: alternatives forced,
// relaxations applied, budgets of changes, runs repeated, changes at random undone, differences accepted in part, the trail replayed.
// 200 alternatives and 500 changes by default, on the smallest planned unit that is free, or on one of N outlets made for it.  Prints one
// JSON, ends with 1 after a breach.  Needs BASE_URL, BEATPLAN_STATE, BEATPLAN_BUILD of a Beatplan with the demo's users.
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { arrangement, hunks } from '../../www/js/plan/diff.js'
import { planOf } from '../../www/js/plan/model.js'
import { ended, through, upload } from './40-import.mjs'
import { Client } from './client.mjs'
import { country, random } from './data.mjs'
import { arrange, bytes, dateOf, stops, tour } from './planning.mjs'
import { beatplan } from './shell.mjs'

const WHY = { reason: 'a campaign', reasonCode: 'PROMOTION' }
/** Minutes by which a plan may cost another than was shown: rounding. */
const PRICE_WITHIN = 0.1

/** What a plan costs in minutes, from the sums of its tours: travel, overtime, imbalance. @param {any} d @param {(name: string) => number} parameter */
function costOf(d, parameter) {
	const work = new Map(d.seats.map((s) => [s.id, 0]))
	let seconds = 0
	d.tours.seat.forEach((seat, i) => {
		work.set(seat, (work.get(seat) ?? 0) + d.tours.travel[i] + d.tours.service[i])
		seconds += d.tours.travel[i] + d.tours.over[i] * parameter('priceOvertime')
	})
	const mean = Math.trunc([...work.values()].reduce((a, b) => a + b, 0) / work.size), free = Math.trunc(mean * parameter('balanceTolerance') / 100)
	for (const w of work.values())
		seconds += Math.trunc(Math.max(0, Math.abs(w - mean) - free) * parameter('priceImbalance'))
	return seconds / 60
}
/** Visits of a whose day or person is another in b, as a budget of changes counts them. */
function changed(a, b) {
	const of = (x) => x.visits.need.flatMap((n, i) => (x.visits.to[i] ? [] : [`${n} ${x.visits.seat[i]} ${x.visits.day[i]}`])), then = new Set(of(b))
	return of(a).filter((v) => !then.has(v)).length
}
/** People of the standing visits of each need. */
const people = (x) => x.visits.need.reduce((m, n, i) => (x.visits.to[i] ? m : m.set(n, [...(m.get(n) ?? []), x.visits.seat[i]])), new Map())
/** How many needs are visited by several. */
const split = (x) => [...people(x).values()].filter((l) => l.some((s) => s !== l[0])).length

/** Facts as the API tests have them. @param {{client: Client, size: number, seed: number, unit?: number, counts: Record<string, number>}} o */
export async function* campaign({ client, size, seed, unit: wanted, counts }) {
	const dice = random(seed), below = (n) => Math.floor(dice() * n), pick = (list) => list[below(list.length)]
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body })
	/** A list of complaints; enough are enough. */
	const complaints = () => ((list) => ({ list, add: (...more) => list.push(...more.flat().filter(Boolean)), enough: () => list.length >= 20 }))([])
	const count = (name, n = 1) => (counts[name] = (counts[name] ?? 0) + n)
	let session, plan, d, parameters, original
	const draft = async () => (d = (await call('GET', `/planning/sessions/${session}/draft`)).json)
	const ok = (r) => {
		if (r.status !== 200)
			throw new Error(r.text)
		return r.json
	}
	const ask = async (body) => {
		const job = await ended(client, ok(await call('POST', `/plans/${plan}/explain`, { sessionId: session, ...body })).jobId, 'admin', '/jobs', 600)
		return job.state === 'done' ? job.result : { error: JSON.stringify(job.error) }
	}
	const op = (o) => ({ clientId: randomUUID(), reach: 'standing', ...WHY, ...o })
	const send = (list) => call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: list })
	const undo = async (n) => {
		for (let i = 0; i < n; i++)
			d.seq = ok(await call('POST', `/planning/sessions/${session}/undo`, { seq: d.seq })).seq
	}
	const open = async () => {
		const s = ok(await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' }))
		session = s.id
		plan = s.planId
		return draft()
	}
	const optimise = async (body) => {
		const job = await ended(client, ok(await call('POST', '/optimize', { sessionId: session, ...body })).jobId, 'admin', '/jobs', 600)
		if (job.state !== 'done')
			throw new Error(JSON.stringify(job))
		return job.result
	}
	const version = async (id) => ok(await call('GET', `/plans/${plan}/draft?version=${id}`))
	const hashOf = async (id) => ok(await call('GET', `/plans/${plan}/versions?limit=100`)).items.find((v) => v.id === id)?.planHash
	/** Dates that are yet to come, for changes of a single one. */
	const coming = (day) => {
		const today = new Date().toISOString().slice(0, 10)
		let at = dateOf(d.cycle.anchor, day)
		while (at <= today)
			at = dateOf(at, d.cycle.days)
		return at
	}
	let unit

	yield { name: 'a plan is opened', run: async () => {
		if (!client.sessions.has('admin'))
			await client.login('admin', 'admin', 'beatplan-demo')
		const free = ok(await call('GET', '/territories?units=1&channel=GT&limit=500')).items.filter((u) => u.unit && !u.locks.some((l) => l.channel === 'GT' && !l.mine))
		unit = wanted ? free.find((u) => u.id === wanted) : free.filter((u) => u.plan && u.outlets >= 500).sort((a, b) => a.outlets - b.outlets)[0]
		if (!unit)
			return 'there is no planned unit that is free'
		counts.outlets = unit.outlets
		ok(await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' }))
		const list = ok(await call('GET', `/territories/${unit.id}/profile?channel=GT`)).params
		parameters = (name) => list.find((p) => p.name === name).value
		await open()
		if (!d.visits.need.length) {
			await call('POST', `/planning/sessions/${session}/adopt`, { versionId: (await optimise({ seconds: 20, seed })).versionId })
			await draft()
		}
		original = ok(await call('POST', '/planning/save', { sessionId: session })).id
		await draft()
		return d.visits.need.length < 100 && 'few visits'
	} }
	yield { name: 'single visits go to other people by hand', run: async () => {
		let made = 0
		for (let tries = 0; made < 10 + size / 2 && tries < 400 + size; tries++) {
			const of = people(d), i = pick(d.visits.need.flatMap((n, k) => (d.visits.to[k] || of.get(n).length < 2 ? [] : [k]))), need = d.visits.need[i], reach = pick(['standing', 'onward', 'date'])
			const date = reach === 'standing' ? dateOf(d.cycle.anchor, d.visits.day[i]) : coming(d.visits.day[i]), seat = pick(d.seats.filter((s) => s.id !== d.visits.seat[i])).id, r = await send([op({ kind: 'move', reach, visits: [{ need, date }], seat })])
			await draft()
			if (r.status === 200 && r.json.impact.broken.length)
				await undo(1)
			else if (r.status === 200)
				count(`byHand ${reach}`, 1, made++)
			await draft()
		}
		count('split', split(d))
		return [made < 5 && `only ${made} moves`, !split(d) && 'no need is split']
	} }
	yield { name: 'an alternative costs what was shown, and undo gives the plan back', run: async () => {
		const wrong = complaints()
		for (let k = 0; k < size && !wrong.enough(); k++) {
			const i = below(d.visits.need.length), need = d.visits.need[i], day = d.visits.day[i], before = bytes(await draft()), was = costOf(d, parameters)
			const a = await ask({ what: 'place', need, date: dateOf(d.cycle.anchor, day) })
			if (a.error || !a.options.length) {
				count(a.error ? 'alternativesRefused' : 'alternativesNone')
				continue
			}
			const o = pick(a.options), r = await send([op(arrange(d, o.tours))]), told = `need ${need} of day ${day} to seat ${o.seat}, day ${o.day}`
			count('alternatives')
			if (r.status !== 200) {
				wrong.add(`${told}: ${r.text}`)
				continue
			}
			await draft()
			const costs = costOf(d, parameters) - was
			counts.alternativeWorst = Math.max(counts.alternativeWorst ?? 0, Math.abs(costs - o.minutes))
			wrong.add(!tour(d, o.seat, o.day).includes(need) && `${told}: it is not there`, Math.abs(costs - o.minutes) > PRICE_WITHIN && `${told}: ${o.minutes} minutes were shown, it costs ${costs}`,
				r.json.impact.broken.some((b) => b.severity === 'block') && `${told}: it breaks ${JSON.stringify(r.json.impact.broken)}`)
			await undo(1)
			wrong.add(bytes(await draft()) !== before && `${told}: undo gives another plan`)
		}
		return wrong.list
	} }
	yield { name: 'a relaxation that is shown places the visit', run: async () => {
		const wrong = complaints(), before = bytes(await draft()), missing = d.unserved.need.slice(0, size)
		for (let k = 0; k < Math.ceil(size / 4) && !wrong.enough(); k++) {
			let need = missing.pop(), done = 0
			if (!need) {
				// One that ends some day is not of the standing plan: without it the need lacks nothing there.
				const i = pick(d.visits.need.flatMap((_, at) => (d.visits.to[at] ? [] : [at])))
				need = d.visits.need[i]
				ok(await send([op({ kind: 'remove', visits: [{ need, date: dateOf(d.cycle.anchor, d.visits.day[i]) }] })]))
				done++
				await draft()
			}
			const lacks = () => d.unserved.missing[d.unserved.need.indexOf(need)] ?? 0, was = lacks(), a = await ask({ what: 'missing', need })
			if (a.error || a.relax.seat === null) {
				count(a.error ? 'relaxationsRefused' : 'relaxationsNone')
				wrong.add(a.error && `need ${need}: ${a.error}`)
			} else {
				const r = await send([op({ kind: 'place', need, seat: a.relax.seat, date: dateOf(d.cycle.anchor, a.relax.day), pos: a.relax.position })])
				count('relaxations')
				wrong.add(r.status !== 200 && `need ${need}, ${JSON.stringify(a.relax)}: ${r.text}`)
				done += r.status === 200
				await draft()
				wrong.add(r.status === 200 && lacks() !== was - 1 && `need ${need}: ${lacks()} visits are missing, there were ${was}`)
			}
			await undo(done)
			await draft()
		}
		return [wrong.list, bytes(d) !== before && 'undo gives another plan']
	} }
	yield { name: 'no budget of changes is exceeded, and more of it never saves less', run: async () => {
		const a = await ask({ what: 'curve', budgets: size > 20 ? [0, 5, 20, 60, 200] : [0, 20], seconds: size > 20 ? 10 : 1 }), wrong = [a.error]
		for (const [i, p] of (a.points ?? []).entries())
			wrong.push(p.changed > p.budget && `${p.changed} changes of ${p.budget}`, i > 0 && p.saved < a.points[i - 1].saved - 1e-6 && `less is saved with ${p.budget} than with ${a.points[i - 1].budget}`)
		count('curvePoints', a.points?.length ?? 0)
		for (const maxChanged of size > 20 ? [0, 1, 7, 40, 150, undefined] : [0, 7, undefined]) {
			const r = await optimise({ iterations: 4000, seed: 1 + below(1000), maxChanged }), v = await version(r.versionId), n = changed(d, v)
			count('budgets')
			wrong.push(n > maxChanged && `${n} visits changed, ${maxChanged} were allowed`, n !== r.changed && `${n} visits changed, ${r.changed} were told`, maxChanged === undefined && split(v) && 'one need, two people')
		}
		return wrong
	} }
	yield { name: 'the same run gives the same plan', run: async () => {
		const body = { iterations: 5000, seed: 1 + below(1000) }, one = await optimise(body), two = await optimise(body), a = await ask({ what: 'repeat', versionId: one.versionId })
		count('runs', 3)
		return [await hashOf(one.versionId) !== await hashOf(two.versionId) && 'two plans', a.same !== true && JSON.stringify(a)]
	} }
	/** A change at random, which may be one that cannot be made. */
	const change = () => {
		const i = below(d.visits.need.length), need = d.visits.need[i], reach = pick(['standing', 'standing', 'date', 'onward'])
		const at = (day) => (reach === 'standing' ? dateOf(d.cycle.anchor, day) : coming(day)), visits = [{ need, date: at(d.visits.day[i]) }], day = below(d.cycle.days), seat = pick(d.seats).id
		const t = below(d.tours.seat.length)
		return op(pick([() => ({ kind: 'move', reach, visits, date: at(day), seat }), () => ({ kind: 'move', reach, visits, seat }), () => ({ kind: 'remove', reach, visits }),
			() => ({ kind: 'place', reach, need, date: at(day), seat }), () => ({ kind: 'sequence', seat: d.tours.seat[t], date: dateOf(d.cycle.anchor, d.tours.day[t]), ...(dice() < 0.5 ? { auto: true } : { reverse: true }) }),
			() => arrange(d, [{ seat: d.tours.seat[t], day: d.tours.day[t], order: tour(d, d.tours.seat[t], d.tours.day[t]).sort(() => dice() - 0.5) }]),
			() => ({ kind: 'pin', hold: pick(['none', 'person', 'days', 'both']), needs: [...new Set([need, pick(d.visits.need)])] }),
			() => ({ kind: 'beat', beat: pick(d.beats ?? [{ id: 1 }])?.id ?? 1, seat })])())
	}
	/** Make that many; gives those that were. */
	const changes = async (n) => {
		const made = []
		for (let tries = 0; made.length < n && tries < n * 10; tries++) {
			const o = change(), r = await send([o])
			if (r.status !== 200) {
				count(`refused ${r.json?.code}`)
				continue
			}
			made.push(o)
			count(`op ${o.kind}`)
			await draft()
		}
		return made
	}
	const many = Math.ceil(size * 2.5)
	yield { name: 'changes at random and as many undos give the first state, byte for byte', run: async () => {
		const before = bytes(await draft()), made = await changes(many), between = bytes(d)
		await undo(made.length)
		return [made.length !== many && `only ${made.length} changes`, between === before && 'nothing changed', bytes(await draft()) !== before && 'another state']
	} }
	yield { name: 'a part of the differences, accepted, is a valid plan', run: async () => {
		const wrong = [], before = bytes(await draft()), x = planOf(d)
		let moved = 0
		for (let k = 0; k < 40 + size; k++) {
			const i = below(d.visits.need.length)
			moved += (await send([op({ kind: 'move', visits: [{ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) }], date: dateOf(d.cycle.anchor, below(d.cycle.days)) })])).status === 200
			await draft()
		}
		const y = planOf(await version(ok(await call('POST', '/planning/save', { sessionId: session })).id)), all = hunks(x, y)
		await draft()
		await undo(moved)
		await draft()
		for (let k = 0; k < Math.ceil(size / 20); k++) {
			const taken = all.filter(() => dice() < 0.3 + 0.15 * (k % 5)), tours = arrangement(x, y, taken), r = await send([op(arrange(d, tours))])
			count('subsets')
			count('hunks', taken.length)
			if (r.status !== 200) {
				wrong.push(r.text)
				continue
			}
			await draft()
			const then = new Map(hunks(x, planOf(d)).map((h) => [h.need, h.after])), same = (p, q) => p.length === q.length && p.every((v, i) => v.seat === q[i].seat && v.day === q[i].day)
			wrong.push(taken.filter((h) => !same(then.get(h.need) ?? h.before, h.after)).map((h) => `need ${h.need} is not as accepted`), [...then.keys()].filter((n) => !taken.some((h) => h.need === n)).map((n) => `need ${n} changed, too`))
			const kept = ok(await call('POST', '/planning/save', { sessionId: session }))
			wrong.push(stops(await version(kept.id)) !== stops(d) && 'the version kept is another')
			await draft()
			await undo(1)
			wrong.push(bytes(await draft()) !== before && 'undo gives another plan')
		}
		return [all.length < 5 && `only ${all.length} differences`, wrong.slice(0, 20)]
	} }
	yield { name: 'the trail replays to the plan that was committed', run: async () => {
		const base = ok(await call('POST', '/planning/save', { sessionId: session })), from = d.seq, mine = session, made = await changes(Math.ceil(many / 5))
		await draft()
		const committed = ok(await call('POST', '/planning/commit', { sessionId: session, keepLock: true })), told = []
		for (let after = ''; after !== null && told.length < made.length;) {
			const page = ok(await call('GET', `/audit?action=PLAN_OPERATION&limit=500${after && `&after=${after}`}`))
			told.push(...page.items.filter((e) => e.changes.some((c) => c.field === 'seq' && Number(c.new) > from) && e.user && e.resourceId === mine))
			after = page.next
		}
		const product = await ask({ what: 'replay', versionId: committed.id })
		const kinds = told.slice(0, made.length).reverse().map((e) => e.changes.find((c) => !['seq', 'override'].includes(c.field))?.field)
		await open()
		ok(await call('POST', `/planning/sessions/${session}/adopt`, { versionId: base.id }))
		for (const o of made) {
			await draft()
			ok(await send([{ ...o, clientId: randomUUID() }]))
		}
		const again = ok(await call('POST', '/planning/save', { sessionId: session }))
		count('replayed', made.length)
		const chain = beatplan('audit', 'verify', '--state', client.state)
		return [kinds.join() !== made.map((o) => o.kind).join() && `the trail tells ${kinds}, not ${made.map((o) => o.kind)}`, await hashOf(again.id) !== await hashOf(committed.id) && 'another plan', !product.same && `the product says ${JSON.stringify(product)}`, !chain && 'the chain says nothing']
	} }
	yield { name: 'the plan that was there before is committed again', run: async () => {
		await draft()
		ok(await call('POST', `/planning/sessions/${session}/adopt`, { versionId: original }))
		const same = stops(await draft()) === stops(await version(original))
		ok(await call('POST', '/planning/commit', { sessionId: session }))
		return !same && 'another plan'
	} }
}

/** A unit of so many outlets, imported. */
async function made(client, rows) {
	const prefix = `TR${Date.now().toString(36)}`, data = country({ rows, areas: 1, seed: 5, prefix }), session = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'campaign' } })).json.id
	for (const kind of ['distributors', 'seats', 'outlets'])
		await upload(client, session, `${kind}.csv`, data[kind])
	for (const what of ['validate', 'process'])
		await through(client, session, what)
	return (await client.call({ as: 'admin', path: '/territories?units=1&channel=GT&limit=500' })).json.items.find((u) => `${u.code} ${u.name}`.includes(prefix))?.id
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { values } = parseArgs({ options: { size: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, outlets: { type: 'string' } } })
	const base = process.env.BASE_URL, client = new Client(base, process.env.BEATPLAN_STATE, await (await fetch(`${base}/api/v1/openapi.json`)).json())
	await client.login('admin', 'admin', 'beatplan-demo')
	const counts = {}, breaches = [], seed = Number(values.seed), unit = values.outlets ? await made(client, Number(values.outlets)) : undefined
	for await (const step of campaign({ client, size: Number(values.size), seed, unit, counts })) {
		const wrong = await Promise.resolve().then(step.run).catch((e) => e.stack)
		breaches.push(...[wrong].flat(Infinity).filter(Boolean).map((w) => `${step.name}: ${w}`), ...client.take().complaints)
		process.stderr.write(`${breaches.length ? `${breaches.length} breaches` : 'ok'}: ${step.name}\n`)
	}
	console.log(JSON.stringify({ seed, counts, breaches }))
	process.exitCode = breaches.length ? 1 : 0
}
