// SPDX-License-Identifier: GPL-3.0-or-later
// Why a plan is as it is and what would change it; the ledger, the shares, comments, repeating a run, arranging tours.
import { randomUUID } from 'node:crypto'
import { sleep } from './client.mjs'
import { arrange as arranged, bytes, dateOf, stops, tour } from './planning.mjs'
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const unit = (await call('planner', 'GET', '/territories?units=1&channel=GT&limit=500')).json.items
		.filter((u) => u.unit && u.outlets >= 500 && u.plan && !u.locks.length && u.plan.unserved >= 0).sort((a, b) => a.outlets - b.outlets)[0]
	let session, plan, d, me = 'planner'
	const draft = async () => (d = (await call(me, 'GET', `/planning/sessions/${session}/draft`)).json)
	const ended = async (id) => {
		for (let i = 0; i < 600; i++) {
			const { json } = await call(me, 'GET', `/jobs/${id}`)
			if (json.state !== 'queued' && json.state !== 'running')
				return json
			await sleep(100)
		}
		throw new Error('the job does not end')
	}
	/** The answer of a question, or the failed job. */
	const ask = async (body, as = me) => {
		const r = await call(as, 'POST', `/plans/${plan}/explain`, body)
		if (r.status !== 200)
			return { error: r.text }
		const job = await ended(r.json.jobId)
		return job.state === 'done' ? job.result : { error: JSON.stringify(job.error) }
	}
	const ops = async (list) => call(me, 'POST', `/planning/sessions/${session}/ops`, { seq: (await draft()).seq, ops: list.map((o) => ({ clientId: randomUUID(), ...o })) })
	const arrange = (tours) => arranged(d, tours)

	yield {
		name: 'a plan is opened', run: async () => {
			if (!unit)
				return 'there is no planned unit that is free'
			const lock = await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			const s = await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
			session = saved.trustSession = s.json.id
			plan = saved.trustPlan = s.json.planId
			return [lock.status !== 200 && lock.text, s.status !== 200 && s.text, (await draft()).visits.need.length < 100 && 'few visits']
		},
	}
	yield {
		name: 'a draft that is read while it changes is of one moment', run: async () => {
			const { seq: first, visits: { need: [need] } } = d, torn = []
			let left = 40, { seq } = d
			const write = async () => {
				for (; left; left--) {
					const r = await call(me, 'POST', `/planning/sessions/${session}/ops`, { seq, ops: [{ clientId: randomUUID(), kind: 'pin', hold: left % 2 ? 'none' : 'both', needs: [need] }] })
					seq = r.json.seq
				}
			}
			const read = async () => {
				while (left) {
					const x = await draft(), pinned = x.pins.need.includes(need)
					if (pinned !== ((x.seq - first) % 2 === 1))
						torn.push(`change ${x.seq - first}: ${pinned ? 'pinned' : 'not pinned'}`)
				}
			}
			await Promise.all([write(), read(), read()])
			for (let i = 0; i < 40; i++)
				await call(me, 'POST', `/planning/sessions/${session}/undo`, { seq: seq++ })
			return [...torn.slice(0, 3), (await draft()).edits && 'edits are left']
		},
	}
	yield {
		name: 'a question must say what it needs', run: async () => {
			const bad = [[{ what: 'place' }, '/need'], [{ what: 'place', need: 1 }, '/date'], [{ what: 'person' }, '/seat'], [{ what: 'repeat' }, '/versionId'], [{ what: 'curve' }, '/budgets'],
				[{ what: 'curve', budgets: [10, 5] }, '/budgets'], [{ what: 'curve', budgets: [1, 2, 3], seconds: 300 }, '/seconds'], [{ what: 'why' }, '/what'], [{ what: 'coverage', percent: 101 }, '/percent']]
			return Promise.all(bad.map(async ([body, at]) => {
				const r = await call('planner', 'POST', `/plans/${plan}/explain`, body)
				return r.status === 422 && r.json.fields?.some((f) => f.pointer === at) ? [] : `${JSON.stringify(body)}: ${r.status} ${r.text}`
			}))
		},
	}
	yield { name: 'of a draft of this plan', run: async () => differs({ code: 'ERR_DATA_003' }, (await call('planner', 'POST', `/plans/${plan}/explain`, { what: 'missing', need: 1, sessionId: 987654321 })).json) }
	yield { name: 'of a version of this plan', run: async () => differs({ code: 'ERR_DATA_003' }, (await call('planner', 'POST', `/plans/${plan}/explain`, { what: 'missing', need: 1, versionId: 987654321 })).json) }
	yield { name: 'whoever may only look does not have it searched', run: async () => differs({ code: 'ERR_AUTH_002' }, (await call('dt', 'POST', `/plans/${plan}/explain`, { what: 'coverage' })).json) }
	yield {
		name: 'a visit that is not there has no reason to be', run: async () => {
			const i = 0, other = d.cycle.workWeekdays.map((w) => Math.floor(d.visits.day[i] / 7) * 7 + w - 1).find((x) => !tour(d, d.visits.seat[i], x).includes(d.visits.need[i]))
			const a = await ask({ what: 'place', sessionId: session, need: d.visits.need[i], date: dateOf(d.cycle.anchor, other) })
			return /no standing visit/.test(a.error) ? [] : JSON.stringify(a)
		},
	}
	for (const share of [0.1, 0.5, 0.9])
		yield {
			name: `a placed visit tells the next best places, and moves there at the price that was shown: ${share}`, run: async () => {
				await draft()
				const standing = d.visits.need.map((_, k) => k).filter((k) => !d.visits.to[k])
				const before = stops(d), i = standing[Math.floor(standing.length * share)], need = d.visits.need[i]
				const a = await ask({ what: 'place', sessionId: session, need, date: dateOf(d.cycle.anchor, d.visits.day[i]) })
				if (a.error || !a.options?.length)
					return JSON.stringify(a)
				const o = a.options[0], wrong = [differs({ need, day: d.visits.day[i], detour: Number.isFinite, days: (x) => x.length > 10, options: (x) => x.length <= 5 && x.every((y, k) => !k || y.minutes >= x[k - 1].minutes - 1e-6) }, a)]
				const priced = await call('planner', 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), ...arrange(o.tours) }] })
				const r = await ops([arrange(o.tours)]), after = await draft()
				wrong.push(priced.status !== 200 && priced.text, r.status !== 200 && r.text, !tour(after, o.seat, o.day).includes(need) && 'the visit is not there')
				if (r.status !== 200)
					return wrong
				/* The part of the price that is minutes of work is what the tours say. */
				wrong.push(Math.abs(priced.json.minutes - r.json.impact.minutes) > 0.01 && `${priced.json.minutes} minutes, then ${r.json.impact.minutes}`)
				const back = await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: after.seq })
				return [wrong, back.status !== 200 && back.text, stops(await draft()) !== before && 'undo gives another plan']
			},
		}
	yield {
		name: 'of a version too, for whoever may look', run: async () => {
			const a = await ask({ what: 'place', need: d.visits.need[0], date: dateOf(d.cycle.anchor, d.visits.day[0]) }, 'planner')
			return differs({ need: d.visits.need[0] }, a)
		},
	}
	yield {
		name: 'an arrangement names only needs of the plan, each once', run: async () => {
			const seat = d.tours.seat[0], day = d.tours.day[0], order = tour(d, seat, day), wrong = []
			for (const bad of [[...order, 987654321], [...order, order[0]]])
				wrong.push(differs({ code: 'ERR_PLAN_002' }, (await ops([arrange([{ seat, day, order: bad }])])).json))
			const none = await ops([{ kind: 'arrange' }]), other = await ops([{ kind: 'remove', visits: [{ need: order[0], date: dateOf(d.cycle.anchor, day) }], tours: [{ seat, date: d.cycle.anchor, order: [] }] }])
			return [wrong, differs({ fields: some({ pointer: '/ops/0/tours' }) }, none.json), differs({ fields: some({ pointer: '/ops/0/tours' }) }, other.json)]
		},
	}
	yield {
		name: 'a visit taken out is missing: the smallest relaxation places it again', run: async () => {
			await draft()
			const i = Math.floor(d.visits.need.length / 3), need = d.visits.need[i]
			const out = await ops([{ kind: 'remove', visits: [{ need, date: dateOf(d.cycle.anchor, d.visits.day[i]) }], reach: 'standing', reason: 'closed for repairs' }])
			const a = await ask({ what: 'missing', sessionId: session, need }), r = a.relax ?? {}
			const wrong = [out.status !== 200 && out.text, differs({ need, missing: 1, relax: { kind: /^(FITS|PRICE|GAP)$/, seat: Number.isInteger, day: Number.isInteger, minutes: Number.isFinite } }, a)]
			const back = await ops([{ kind: 'place', need, seat: r.seat, date: dateOf(d.cycle.anchor, r.day ?? 0), pos: r.position, reach: 'standing' }])
			return [wrong, back.status !== 200 && back.text, (await draft()).unserved.need.includes(need) && 'it is still missing']
		},
	}
	yield { name: 'what has all its visits has nothing to relax', run: async () => { const a = await ask({ what: 'missing', sessionId: session, need: d.visits.need[0] }); return /all the visits/.test(a.error) ? [] : JSON.stringify(a) } }

	const step = async (what) => call(me, 'POST', `/planning/sessions/${session}/${what}`, { seq: (await draft()).seq })
	const stands = (x, need) => x.visits.need.flatMap((n, i) => (n === need && !x.visits.to[i] ? [`${x.visits.seat[i]} ${x.visits.day[i]}`] : [])).sort().join()
	const holds = (x) => Object.fromEntries(x.pins.need.map((n, i) => [n, x.pins.hold[i]]))
	let pinned, plain
	yield {
		name: 'outlets are pinned and unpinned; undo and redo give the plan byte for byte', run: async () => {
			const was = bytes(await draft())
			pinned = [...new Set(d.visits.need)].filter((n) => !d.visits.to.some((to, i) => to && d.visits.need[i] === n)).slice(-60)
			plain = d.visits.need.find((n) => !pinned.includes(n))
			const made = await ops([{ kind: 'pin', hold: 'both', needs: pinned.slice(0, 20) }, { kind: 'pin', hold: 'person', needs: pinned.slice(20, 40) }, { kind: 'pin', hold: 'days', needs: pinned.slice(40) }])
			const now = bytes(await draft()), wrong = [made.status !== 200 && made.text, differs({ undo: /^pin 20 outlets$/ }, d),
				pinned.some((n, i) => holds(d)[n] !== [3, 1, 2][Math.floor(i / 20)]) && 'not pinned so', JSON.stringify({ ...d, pins: 0 }.visits) !== JSON.stringify(JSON.parse(was).visits) && 'a pin moves visits']
			const off = await ops([{ kind: 'pin', hold: 'none', needs: pinned.slice(0, 1) }]), one = await ops([{ kind: 'pin', hold: 'days', needs: pinned.slice(20, 21) }])
			wrong.push(differs({ impact: null, reload: false, undo: 'pin 1 outlet', pins: { need: (l) => l.length === 59 && !l.includes(pinned[0]) } }, one.json), off.status !== 200 && off.text, holds(await draft())[pinned[20]] !== 2 && 'the new pin does not count')
			await step('undo')
			await step('undo')
			wrong.push(bytes(await draft()) !== now && 'undo gives other pins')
			for (let i = 0; i < 3; i++)
				await step('undo')
			wrong.push(bytes(await draft()) !== was && 'undo gives another plan')
			for (let i = 0; i < 3; i++)
				await step('redo')
			return [wrong, bytes(await draft()) !== now && 'redo gives another plan']
		},
	}
	yield { name: 'a version that is saved has the pins', run: async () => {
		const v = (await call('planner', 'POST', '/planning/save', { sessionId: session })).json.id, x = (await call('dt', 'GET', `/plans/${plan}/draft?version=${v}`)).json
		return JSON.stringify(x.pins) !== JSON.stringify((await draft()).pins) && JSON.stringify(x.pins)
	} }
	yield {
		name: 'only what stands is pinned, once and as it can be', run: async () => {
			const bad = await Promise.all([[[987654321], 'both'], [[pinned[0], pinned[0]], 'both'], [[987654321], 'none']].map(async ([needs, hold]) => differs({ code: 'ERR_PLAN_002' }, (await ops([{ kind: 'pin', hold, needs }])).json)))
			const fields = await Promise.all([[{ kind: 'pin', hold: 'both' }, 'needs'], [{ kind: 'pin', hold: 'both', needs: [] }, 'needs'], [{ kind: 'pin', needs: pinned.slice(0, 1) }, 'hold'], [{ kind: 'pin', hold: 'week', needs: pinned.slice(0, 1) }, 'hold'],
				[{ kind: 'remove', visits: [{ need: plain, date: d.cycle.anchor }], needs: [plain] }, 'needs']].map(async ([o, at]) => differs({ fields: some({ pointer: `/ops/0/${at}` }) }, (await ops([o])).json)))
			return [bad, fields, differs({ code: 'ERR_AUTH_002' }, (await call('dt', 'POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [{ clientId: randomUUID(), kind: 'pin', hold: 'both', needs: pinned.slice(0, 1) }] })).json)]
		},
	}
	yield {
		name: 'a pinned visit goes elsewhere only against the rule, which the price tells before', run: async () => {
			const i = (await draft()).visits.need.indexOf(pinned[0]), date = dateOf(d.cycle.anchor, d.visits.day[i]), day = d.seats.find((s) => s.id === d.visits.seat[i]).workDays.find((x) => !stands(d, pinned[0]).split(',').some((v) => Number(v.split(' ')[1]) === x))
			const of = (need, at) => [{ need, date: dateOf(d.cycle.anchor, d.visits.day[d.visits.need.indexOf(need)] + (at ?? 0)) }], seat = d.seats.find((s) => s.id !== d.visits.seat[i]).id
			const list = [{ kind: 'move', visits: of(pinned[0]), date: dateOf(d.cycle.anchor, day) }, { kind: 'move', visits: of(pinned[0]), seat }, { kind: 'remove', visits: of(pinned[0]) }, { kind: 'remove', visits: of(pinned[20]) },
				arrange([{ seat: d.visits.seat[i], day: d.visits.day[i], order: tour(d, d.visits.seat[i], d.visits.day[i]).filter((n) => n !== pinned[0]) }])]
			const wrong = []
			for (const o of list) {
				const priced = await call('planner', 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), ...o }] }), r = await ops([o])
				wrong.push(differs({ broken: some({ rule: 'PINNED', severity: 'block', need: Number.isInteger }) }, priced.json), differs({ code: 'ERR_PLAN_001', detail: o.seat ? /PINNED|DT_CHANGE/ : /PINNED/ }, r.json))
			}
			/* Its order on the day, and who makes a visit that is pinned to its days, are free. */
			const order = tour(d, d.visits.seat[i], d.visits.day[i]), free = await ops([{ kind: 'sequence', seat: d.visits.seat[i], date, reverse: true }, arrange([{ seat: d.visits.seat[i], day: d.visits.day[i], order }])])
			const days = await call('planner', 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), kind: 'move', visits: of(pinned[40]), seat: d.seats.find((s) => s.id !== d.visits.seat[d.visits.need.indexOf(pinned[40])]).id }] })
			wrong.push(free.status !== 200 && free.text, days.json.broken.some((b) => b.rule === 'PINNED') && 'the person is pinned with the days')
			await step('undo')
			await step('undo')
			return wrong
		},
	}
	yield {
		name: 'why here offers a pinned visit nothing that its pin forbids', run: async () => {
			const need = pinned[0], i = (await draft()).visits.need.indexOf(need), date = dateOf(d.cycle.anchor, d.visits.day[i]), days = () => ask({ what: 'place', sessionId: session, need, date })
			await ops([{ kind: 'pin', hold: 'none', needs: [need] }])
			const free = await days()
			await ops([{ kind: 'pin', hold: 'person', needs: [need] }])
			const person = await days()
			await ops([{ kind: 'pin', hold: 'both', needs: [need] }])
			const none = await days(), wrong = [!free.options?.length && JSON.stringify(free), differs({ options: (l) => l.every((o) => o.seat === d.visits.seat[i]) }, person), differs({ options: [] }, none)]
			for (let i = 0; i < 6; i++) // the pins of before too
				await step('undo')
			return wrong
		},
	}

	yield {
		name: 'pinned outlets stay through a run without a budget, the days, the person or both; the proposal has the pins, and is repeated', run: async () => {
			/* Some go to people of another distributor first, which no run would do or leave: who may override a rule moves them, pins and all. */
			const mine = { session, plan, me }, other = (await call('admin', 'GET', '/territories?units=1&channel=GT&limit=500')).json.items.find((u) => u.unit && u.plan && u.id !== unit.id && !u.locks.length)
			me = 'admin'
			const lock = await call(me, 'POST', `/territories/${other.id}/lock`, { channel: 'GT' }), s = await call(me, 'POST', '/planning/sessions', { territoryId: other.id, channel: 'GT' })
			session = s.json.id
			plan = s.json.planId
			const first = bytes(await draft()), needs = [...new Set(d.visits.need)].slice(-60), wrong = [lock.status !== 200 && lock.text], strayed = []
			await ops([{ kind: 'pin', hold: 'both', needs: needs.slice(0, 20) }, { kind: 'pin', hold: 'person', needs: needs.slice(20, 40) }, { kind: 'pin', hold: 'days', needs: needs.slice(40) }])
			await draft()
			for (const [need, seat] of needs.slice(0, 20).flatMap((n) => d.seats.map((x) => [n, x.id]))) {
				const k = d.visits.need.indexOf(need), o = { kind: 'move', visits: [{ need, date: dateOf(d.cycle.anchor, d.visits.day[k]) }], seat }
				if (strayed.length === 5 || strayed.includes(need) || seat === d.visits.seat[k])
					continue
				const priced = await call(me, 'POST', `/planning/sessions/${session}/price`, { ops: [{ clientId: randomUUID(), ...o }] })
				if (priced.json.broken?.filter((b) => b.severity === 'block').map((b) => b.rule).sort().join() !== 'DT_CHANGE,PINNED')
					continue
				const r = await ops([{ ...o, reason: 'a fair', reasonCode: 'PROMOTION' }])
				wrong.push(r.status !== 200 && r.text)
				strayed.push(need)
			}
			const before = await draft(), start = await call(me, 'POST', '/optimize', { sessionId: session, iterations: 20000, seed: 3 }), job = await ended(start.json.jobId), version = job.result?.versionId
			const kept = (id) => call(me, 'GET', `/plans/${plan}/draft?version=${id}`).then((r) => r.json), after = await kept(version), part = (x, n, k) => [...new Set(stands(x, n).split(',').map((v) => v.split(' ')[k]))].sort().join()
			wrong.push(strayed.length < 5 && `only ${strayed.length} outlets went elsewhere`, start.status !== 200 && start.text, differs({ pins: 60, unheld: 0 }, job.result), differs({ same: true, inputSame: true }, await ask({ what: 'repeat', versionId: version })),
				JSON.stringify(after.pins) !== JSON.stringify(before.pins) && 'the proposal has other pins',
				needs.map((n, i) => (i < 20 ? stands(after, n) !== stands(before, n) : part(after, n, i < 40 ? 0 : 1) !== part(before, n, i < 40 ? 0 : 1)) && `need ${n} was at ${stands(before, n)}, is at ${stands(after, n)}`))
			const taken = await call(me, 'POST', `/planning/sessions/${session}/adopt`, { versionId: version })
			wrong.push(taken.status !== 200 && taken.text, JSON.stringify((await draft()).pins) !== JSON.stringify(before.pins) && 'the adopted draft has other pins')
			await step('undo')
			wrong.push(bytes(await draft()) !== bytes(before) && 'undo of the adoption gives another plan')
			await ops([{ kind: 'pin', hold: 'none', needs }])
			const again = await ended((await call(me, 'POST', '/optimize', { sessionId: session, iterations: 20000, seed: 3 })).json.jobId), loose = await kept(again.result?.versionId)
			wrong.push(differs({ pins: 0, unheld: 0 }, again.result), strayed.some((n) => stands(loose, n) === stands(before, n)) && 'without its pin one stays: the run shows nothing')
			/* Two days in one, pinned: the day stays beyond its limits, and the run says so. */
			const fullest = d.tours.day.map((x, i) => [x, d.tours.seat[i], d.tours.calls[i]]).filter(([, seat]) => seat === d.tours.seat[0]).sort((p, q) => q[2] - p[2]), from = fullest[0]
			const to = fullest.find((x) => (x[0] - from[0]) % 7), many = await ops([ // another weekday: those of one share their outlets
				{ kind: 'move', visits: tour(d, from[1], from[0]).filter((n) => !tour(d, to[1], to[0]).includes(n)).map((need) => ({ need, date: dateOf(d.cycle.anchor, from[0]) })), date: dateOf(d.cycle.anchor, to[0]), reason: 'a fair', reasonCode: 'PROMOTION' }])
			const over = tour(await draft(), to[1], to[0])
			await ops([{ kind: 'pin', hold: 'both', needs: over }])
			const full = await ended((await call(me, 'POST', '/optimize', { sessionId: session, iterations: 20000, seed: 3 })).json.jobId), crowded = await kept(full.result?.versionId)
			wrong.push(many.status !== 200 && many.text, differs({ state: 'done', result: { beyond: 1, unheld: 0 } }, full), tour(crowded, to[1], to[0]).join() !== over.join() && 'the crowded day is another')
			for (const { edits } = await draft(); d.edits > 0 && d.edits > edits - 6 - strayed.length; await draft())
				await step('undo')
			wrong.push(bytes(d) !== first && 'undo gives another plan')
			await call(me, 'DELETE', `/territories/${other.id}/lock?channel=GT`)
			;({ session, plan, me } = mine)
			await draft()
			return wrong
		},
	}
	yield {
		name: 'the ledger tells every change with its price and their sum', run: async () => {
			const r = (await call('planner', 'GET', `/plans/${plan}/ledger?session=${session}`)).json
			const counted = r.items.filter((x) => !x.undone)
			return [differs({ items: some({ kind: 'remove', reason: 'closed for repairs', user: /Priya/, needs: (n) => n.length === 1, undone: false }), sums: (l) => l.filter((x) => !x.reasonCode).reduce((n, x) => n + x.changes, 0) === counted.filter((x) => !x.reasonCode).length, changes: counted.length }, r),
				new Set(r.sums.map((x) => `${x.user} ${x.reasonCode}`)).size !== r.sums.length && 'a reason is summed twice', ['minutes', 'price'].map((k) => Math.abs(counted.reduce((s, x) => s + x[k], 0) - r[k]) > 0.01 && `the sum of ${k} is another`)]
		},
	}
	yield { name: 'page by page', run: async () => {
		const one = (await call('planner', 'GET', `/plans/${plan}/ledger?limit=1`)).json, two = (await call('planner', 'GET', `/plans/${plan}/ledger?limit=1&after=${one.next}`)).json
		return [differs({ items: (i) => i.length === 1, next: '1' }, one), one.items[0].seq === two.items[0]?.seq && 'the same again']
	} }
	yield {
		name: 'the shares of the work are those of the tours', run: async () => {
			const r = (await call('planner', 'GET', `/plans/${plan}/fairness?session=${session}`)).json, x = await draft()
			return [differs({ seats: (s) => s.length === x.seats.length, minutes: (n) => n > 0 }, r),
				r.seats.map((s) => {
					const mine = x.tours.seat.map((t, i) => [t, i]).filter(([t]) => t === s.seat).map(([, i]) => i)
					const minutes = mine.reduce((a, i) => a + x.tours.travel[i] + x.tours.service[i] + x.tours.wait[i], 0) / 60
					return (Math.abs(minutes - s.minutes) > 0.01 || mine.reduce((a, i) => a + x.tours.calls[i], 0) !== s.calls) && `seat ${s.code}: ${s.minutes} minutes, ${minutes} by its tours`
				})]
		},
	}
	yield { name: 'of the committed version', run: async () => differs({ seats: (s) => s.some((x) => x.calls > 0) }, (await call('dt', 'GET', `/plans/${plan}/fairness`)).json) }
	yield { name: 'not of another plan\'s draft', run: async () => differs({ code: 'ERR_DATA_003' }, (await call('planner', 'GET', `/plans/${plan}/fairness?session=987654321`)).json) }

	yield {
		name: 'how many people 95 % of the visits need', run: async () =>
			differs({ percent: 95, extra: 0, served: (n) => n >= 95 }, await ask({ what: 'coverage', sessionId: session, seconds: 1 })),
	}
	yield { name: 'what one more person brings', run: async () => differs({ gain: Number.isFinite, servedWith: (n) => n > 100 }, await ask({ what: 'person', sessionId: session, seat: d.seats[0].id, seconds: 1 })) }
	yield {
		name: 'what one more day brings', run: async () => {
			const off = Array.from({ length: 7 }, (_, i) => i).find((x) => !d.seats[0].workDays.includes(x))
			const works = await ask({ what: 'day', sessionId: session, seat: d.seats[0].id, date: dateOf(d.cycle.anchor, d.seats[0].workDays[0]), seconds: 1 })
			return [differs({ day: off }, await ask({ what: 'day', sessionId: session, seat: d.seats[0].id, date: dateOf(d.cycle.anchor, off), seconds: 1 })), /works on that day/.test(works.error) ? [] : JSON.stringify(works)]
		},
	}
	yield {
		name: 'the curve of saving never falls, and no budget is exceeded', run: async () => {
			const a = await ask({ what: 'curve', sessionId: session, budgets: [0, 5, 20, 60], seconds: 1 })
			return [differs({ points: (p) => p.length === 4 && p[0].saved === 0 && p[0].changed === 0 }, a), a.points?.map((p, i) => [p.changed > p.budget && `${p.changed} changes of ${p.budget}`, i && p.saved < a.points[i - 1].saved - 1e-6 && `it falls at ${p.budget}`])]
		},
	}

	yield {
		name: 'a run with a budget of steps is repeated to the same plan', run: async () => {
			const start = await call('planner', 'POST', '/optimize', { sessionId: session, iterations: 3000, seed: 7, maxChanged: 30 })
			const job = await ended(start.json.jobId), version = saved.repeatable = job.result?.versionId
			const kept = (await call('planner', 'GET', `/plans/${plan}/versions?limit=5`)).json.items.find((v) => v.id === version)
			const a = await ask({ what: 'repeat', versionId: version })
			return [start.status !== 200 && start.text, job.result?.changed > 30 && `${job.result.changed} changes`,
				differs({ run: { request: { iterations: 3000, seed: 7, maxChanged: 30 }, seed: 7, input: /^[0-9a-f]{16}$/ } }, kept), differs({ same: true, inputSame: true, hash: kept?.run?.solverHash }, a)]
		},
	}
	yield {
		name: 'a run by the clock is not, and says why', run: async () => {
			const start = await call('planner', 'POST', '/optimize', { sessionId: session, seconds: 1 })
			const job = await ended(start.json.jobId)
			const a = await ask({ what: 'repeat', versionId: job.result?.versionId })
			return /budget of seconds/.test(a.error) ? [] : JSON.stringify(a)
		},
	}
	yield { name: 'what no run made has no record', run: async () => {
		const kept = await call('planner', 'POST', '/planning/save', { sessionId: session })
		saved.keptVersion = kept.json.id
		const a = await ask({ what: 'repeat', versionId: kept.json.id })
		return /not made by the optimiser/.test(a.error) ? [] : JSON.stringify(a)
	} }

	yield {
		name: 'a run is made again by the shell, which ends with 3 once the data are others', run: async () => {
			const state = ['--state', process.env.BEATPLAN_STATE], mine = ['--territory', unit.code, '--channel', 'GT', ...state]
			const number = (await call('planner', 'GET', `/plans/${plan}/versions?limit=50`)).json.items.find((v) => v.id === saved.repeatable).number
			const status = (words) => {
				try {
					return [0, beatplan('rerun', ...words)]
				} catch (e) {
					return [e.status, e.stdout + e.stderr]
				}
			}
			const one = status([...mine, '--version', String(number)]), all = status(state)
			const outlet = (await call('planner', 'GET', `/outlets?territory=${unit.id}&limit=1`)).json.items[0].id
			const windows = (list) => call('planner', 'PUT', `/outlets/${outlet}/windows`, { windows: list })
			await windows([{ weekday: 1, opens: 600, closes: 660, hard: true }])
			const changed = status(mine)
			await windows([])
			return [(one[0] !== 0 || !/ identical  [0-9a-f]{16}$/m.test(one[1])) && `${one}`, !all[1].includes(` version ${number} `) && `${all}`, (changed[0] !== 3 || !/another plan .*data or parameters have changed/.test(changed[1])) && `${changed}`,
				[[['--version', '3', ...state], 2], [['--version', 'x', ...mine], 2], [['--channel', 'XX', ...state], 2], [[...mine, '--version', '99999'], 1], [[...mine, '--version', '0'], 1], [['--territory', 'nowhere', ...state], 1]].map(([words, want]) => {
					const [got, text] = status(words)
					return got !== want && `${words}: ${got}, ${text}`
				})]
		},
	}

	yield { name: 'a comment on a version', as: 'dt', post: '/plans/{trustPlan}/comments', body: { versionId: '{keptVersion}', text: 'Fridays do not work here' }, json: { text: 'Fridays do not work here', need: null, mine: true }, save: { versionComment: '/id' } }
	yield { name: 'is read by all who see the plan', as: 'planner', get: '/plans/{trustPlan}/comments?version={keptVersion}', json: { items: (i) => i.length === 1 && i[0].user !== null && !i[0].mine } }
	yield { name: 'on a need, a seat, a day of a seat and a day, whichever version: found again by their subject', run: async () => {
		const need = d.visits.need[3], seat = d.seats[0].id, day = d.visits.day[3], say = (text, subject) => call('dt', 'POST', `/plans/${plan}/comments`, { text, ...subject })
		const made = await Promise.all([['shut for repairs', { need }], ['on leave in May', { seat }], ['a market day', { seat, day }], ['a fair', { day }], ['good on this day', { need, day }]].map(([text, s]) => say(text, s)))
		const one = await call('planner', 'GET', `/plans/${plan}/comments?limit=2`), all = []
		for (let after = '0'; after !== null;) {
			const page = (await call('planner', 'GET', `/plans/${plan}/comments?limit=2&after=${after}`)).json
			all.push(...page.items)
			after = page.next
		}
		saved.needComment = made[0].json.id
		return [made.map((r) => r.status !== 200 && r.text), differs({ need, seat: null, day: null, versionId: null, number: null, mine: true, user: /Rahul/ }, made[0].json), differs({ need: null, seat, day }, made[2].json),
			one.json.items.length !== 2 && 'no pages', made.map((r) => all.filter((c) => c.id === r.json.id).length !== 1 && `${r.json.text} is not listed once`)]
	} }
	yield { name: 'on the change of a need between two versions', run: async () => {
		const need = d.visits.need[3], body = { versionId: saved.keptVersion, baseId: saved.repeatable, need, text: 'why another day?' }, r = await call('dt', 'POST', `/plans/${plan}/comments`, body)
		const bad = [[{ ...body, baseId: body.versionId }, '/baseId'], [{ ...body, need: null }, '/baseId'], [{ ...body, versionId: null }, '/baseId'], [{ text: 'x' }, '/versionId'], [{ text: 'x', need: 987654321 }, '/need'],
			[{ text: 'x', seat: 987654321 }, '/seat'], [{ text: 'x', day: d.cycle.weeks * 7 }, '/day'], [{ text: 'x'.repeat(1001), need }, '/text']]
		return [r.status !== 200 && r.text, differs({ baseId: saved.repeatable, versionId: saved.keptVersion, need }, r.json), (await Promise.all(bad.map(async ([b, at]) => {
			const x = await call('dt', 'POST', `/plans/${plan}/comments`, b)
			return differs({ code: 'ERR_REQ_004', fields: some({ pointer: at }) }, x.json)
		}))), differs({ code: 'ERR_DATA_003' }, (await call('dt', 'POST', `/plans/${plan}/comments`, { ...body, baseId: 987654321 })).json)]
	} }
	yield { name: 'what differs between two versions, by outlet, seat, beat, day and territory, is the same whichever way it is gathered', run: async () => {
		const versions = (await call('dt', 'GET', `/plans/${plan}/versions?limit=50`)).json.items, base = versions.filter((v) => v.planHash !== versions.find((x) => x.id === saved.keptVersion).planHash).at(-1).id
		const ask = (more) => call('dt', 'GET', `/plans/${plan}/diff?${more}`), of = `base=${base}&version=${saved.keptVersion}`
		const stand = async (version) => new Set(((x) => x.visits.need.flatMap((n, i) => (x.visits.to[i] ? [] : [`${n} ${x.visits.seat[i]} ${x.visits.day[i]}`])))((await call('dt', 'GET', `/plans/${plan}/draft?version=${version}`)).json))
		const a = await stand(base), b = await stand(saved.keptVersion), gone = [...a].filter((x) => !b.has(x)), come = [...b].filter((x) => !a.has(x)), needs = new Set([...gone, ...come].map((x) => Number(x.split(' ')[0])))
		const wrong = [!gone.length && 'nothing differs']
		for (const by of ['outlet', 'seat', 'beat', 'day', 'territory']) {
			const r = (await ask(`${of}&by=${by}`)).json, sum = (k) => r.items.reduce((n, g) => n + g[k], 0)
			wrong.push((sum('removed') !== gone.length || sum('added') !== come.length) && `${by}: ${sum('removed')} and ${sum('added')}, not ${gone.length} and ${come.length}`,
				new Set(r.items.flatMap((g) => g.needs)).size !== needs.size && `${by}: other needs`, by === 'day' && r.items.some((g) => g.id > 55 || g.name !== null) && 'a day has a name', by === 'territory' && r.items.some((g) => !g.name) && 'a territory has none')
		}
		const mine = (await call('planner', 'GET', `/plans/${plan}/diff?session=${session}&version=${saved.keptVersion}&by=territory`)).json, same = (await ask(`base=${saved.keptVersion}&version=${saved.keptVersion}&by=seat`)).json
		return [wrong, differs({ items: Array.isArray, next: null }, mine), differs({ items: [] }, same), differs({ fields: some({ pointer: '/base' }) }, (await ask(`version=${saved.keptVersion}&by=seat`)).json),
			differs({ fields: some({ pointer: '/base' }) }, (await ask(`${of}&session=${session}&by=seat`)).json), differs({ code: 'ERR_REQ_004' }, (await ask(`${of}&by=colour`)).json), differs({ code: 'ERR_DATA_003' }, (await ask(`base=987654321&version=${saved.keptVersion}&by=seat`)).json),
			differs({ code: 'ERR_DATA_003' }, (await ask(`session=987654321&version=${saved.keptVersion}&by=seat`)).json)]
	} }
	yield { name: 'nobody takes back what another said', as: 'planner', delete: '/plans/{trustPlan}/comments/{needComment}', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'whoever said it does', as: 'dt', delete: '/plans/{trustPlan}/comments/{needComment}' }
	yield { name: 'once', as: 'dt', delete: '/plans/{trustPlan}/comments/{needComment}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'and only through its own plan', as: 'dt', run: async () => {
		const other = (await call('admin', 'GET', '/plans')).json.items.find((p) => p.id !== plan)
		return other ? differs({ code: 'ERR_DATA_003' }, (await call('admin', 'DELETE', `/plans/${other.id}/comments/${saved.versionComment}`)).json) : []
	} }
	yield { name: 'not on a version of another plan', as: 'planner', post: '/plans/{trustPlan}/comments', body: { versionId: 987654321, text: 'x' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor read there', as: 'planner', get: '/plans/{trustPlan}/comments?version=987654321', status: 404, code: 'ERR_DATA_003' }
	const file = (what, more = '') => call('planner', 'GET', `/plans/${plan}/export?what=${what}&format=csv${more}`)
	yield { name: 'comments are a file too', run: async () => {
		const rows = (await file('comments')).text.trim().split('\r\n'), xml = (await call('planner', 'GET', `/plans/${plan}/export?what=comments&format=xml`)).text
		const has = (subject, words) => !rows.some((r) => r.split(',')[2] === subject && r.endsWith(`,${words}`)) && `no ${subject}: ${words}`
		return [!/<comment version="\d+" .*subject="version" at="[^"]+Z" .*comment="Fridays do not work here"\/>/.test(xml) && xml, !/^version,since_version,subject,at,person,outlet_code,.*,comment$/.test(rows[0]) && rows[0],
			has('version', 'Fridays do not work here'), has('seat', 'on leave in May'), has('day', 'a market day'), has('day', 'a fair'), has('visit', 'good on this day'), has('change', 'why another day?'), rows.length - 1 !== (await call('planner', 'GET', `/plans/${plan}/comments?limit=500`)).json.items.length && `${rows.length} rows`]
	} }
	yield { name: 'so is the ledger: every change, those taken back among them', run: async () => {
		const rows = (await file('overrides')).text.trim().split('\r\n'), all = (await call('planner', 'GET', `/plans/${plan}/ledger?limit=500`)).json.items
		return [rows.length - 1 !== all.length && `${rows.length - 1} rows for ${all.length} changes`, rows.filter((r) => r.includes(',yes,')).length !== all.filter((x) => x.undone).length && 'not as many are undone', !/^at,person,kind,change,reason_code,reason,words,minutes,price,undone,session,number$/.test(rows[0]) && rows[0]]
	} }
	yield { name: 'and how the work is shared, of a version', run: async () => {
		const near = (text, x) => Math.abs(Number(text) - x) < 0.051 // one digit is written
		const told = (await call('planner', 'GET', `/plans/${plan}/fairness?version=${saved.keptVersion}`)).json, [head, ...rows] = (await file('fairness', `&version=${saved.keptVersion}`)).text.trim().split('\r\n')
		const xml = (await call('planner', 'GET', `/plans/${plan}/export?what=fairness&format=xml`)).text, shell = beatplan('export', 'fairness', '--territory', unit.code, '--state', process.env.BEATPLAN_STATE).trim().split('\r\n')
		return [head !== 'seat,seat_name,person,minutes,minutes_off_pct,calls,calls_off_pct,value,value_off_pct,travel_minutes,overtime_minutes,km,days,outlets' && head, rows.length !== told.seats.length && `${rows.length} rows`, !/<share seat="[^"]+" .*minutes="[\d.]+"/.test(xml) && xml.slice(0, 300),
			told.seats.map((s, i) => (!rows[i]?.startsWith(`${s.code},`) || !near(rows[i].split(',')[3], s.minutes) || !near(rows[i].split(',')[4], s.minutesPct) || rows[i].split(',')[5] !== String(s.calls)) && `${rows[i]} is not ${JSON.stringify(s)}`), shell.length !== told.seats.length + 1 && `${shell.length} lines`]
	} }
	yield { name: 'nor are shares of one seat', as: 'planner', get: '/plans/{trustPlan}/export?what=fairness&format=csv&seat=1', status: 422, fields: ['/seat'] }
	yield { name: 'neither is of one seat', as: 'planner', get: '/plans/{trustPlan}/export?what=overrides&format=csv&seat=1', status: 422, fields: ['/seat'] }
	yield { name: 'nor of one beat', as: 'planner', get: '/plans/{trustPlan}/export?what=comments&format=csv&beat=1', status: 422, fields: ['/beat'] }
	yield { name: 'nor on a map', as: 'planner', get: '/plans/{trustPlan}/export?what=comments&format=geojson', status: 422, fields: ['/format'] }
	yield { name: 'nor an empty one', as: 'planner', post: '/plans/{trustPlan}/comments', body: { versionId: '{keptVersion}', text: '' }, status: 422, fields: ['/text'] }

	yield {
		name: 'a commit is taken back by undo, and comes back by redo', run: async () => {
			const was = stops(await call('planner', 'GET', `/plans/${plan}/draft`).then((r) => r.json))
			const c = await call('planner', 'POST', '/planning/commit', { sessionId: session, keepLock: true })
			session = (await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json.id
			const now = stops(await draft()), wrong = [c.status !== 200 && c.text, differs({ undo: /^take back the commit of version \d+$/ }, d)]
			const back = await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: d.seq })
			wrong.push(back.status !== 200 && back.text, stops(await draft()) !== was && 'it is not what was committed before', differs({ undo: null, redo: /^take back/ }, d))
			const more = await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: d.seq })
			const again = await call('planner', 'POST', `/planning/sessions/${session}/redo`, { seq: d.seq })
			return [wrong, differs({ code: 'ERR_PLAN_002' }, more.json), again.status !== 200 && again.text, stops(await draft()) !== now && 'redo gives another plan']
		},
	}
	yield {
		name: 'five hundred changes and as many undos give the first state', run: async () => {
			let seed = 11
			const rnd = (n) => (seed = seed * 48271 % 2147483647) % n
			const first = stops(await draft()), order = { ...d.visits }
			let done = 0
			for (let turn = 0; turn < 25; turn++) {
				/* Twenty at a time: orders of tours, which no rule forbids unless windows do. */
				const list = Array.from({ length: 20 }, () => {
					const t = rnd(d.tours.seat.length), need = tour(d, d.tours.seat[t], d.tours.day[t])
					return { kind: 'sequence', seat: d.tours.seat[t], date: dateOf(d.cycle.anchor, d.tours.day[t]), reach: 'standing', ...(need.length > 1 && rnd(2) ? { reverse: true } : { auto: true }) }
				})
				const r = await ops(list)
				if (r.status !== 200)
					return r.text
				done += list.length
			}
			for (let i = 0; i < done; i++) {
				const r = await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: (i ? undefined : (await draft()).seq) ?? saved.undoSeq })
				if (r.status !== 200)
					return `${i}: ${r.text}`
				saved.undoSeq = r.json.seq
			}
			return [done !== 500 && `${done} changes`, stops(await draft()) !== first && 'another state', !order.need && 'nothing']
		},
	}
	yield { name: 'the windows of a territory page by page, no outlet parted', run: async () => {
		const whole = (await call('dt', 'GET', `/territories/${unit.id}/windows`)).json, rows = (c) => c.outlet.map((o, i) => `${o} ${c.weekday[i]} ${c.opens[i]}`)
		const got = [], parts = []
		for (let after = ''; after !== null;) {
			const c = (await call('dt', 'GET', `/territories/${unit.id}/windows?limit=29&after=${after}`.replace(/&after=$/, ''))).json
			got.push(...rows(c))
			parts.push(new Set(c.outlet))
			after = c.next
		}
		return [got.join() !== rows(whole).join() && 'other windows', new Set(parts.flatMap((p) => [...p])).size !== parts.reduce((n, p) => n + p.size, 0) && 'an outlet is parted', whole.next !== null && 'it has a next page']
	} }
	yield { name: 'the windows of a territory', run: async () => differs({ outlet: Array.isArray, weekday: Array.isArray, hard: Array.isArray }, (await call('dt', 'GET', `/territories/${unit.id}/windows`)).json) }
	yield {
		name: 'an outlet gets appointments, which the next run keeps', run: async () => {
			await draft()
			const need = d.visits.need[0], outlet = (await call('planner', 'GET', `/outlets?territory=${unit.id}&limit=1`)).json.items[0].id
			const put = (windows, as = 'planner') => call(as, 'PUT', `/outlets/${outlet}/windows`, { windows })
			const good = await put([{ weekday: 0, opens: 600, closes: 720, hard: true }, { weekday: 2, opens: 840, closes: 960, hard: false }])
			const c = (await call('planner', 'GET', `/territories/${unit.id}/windows`)).json, at = c.outlet.indexOf(outlet)
			const bad = [[{ weekday: 1, opens: 720, closes: 600, hard: true }], [{ weekday: 1, opens: 600, closes: 720, hard: true }, { weekday: 1, opens: 700, closes: 800, hard: true }], [{ weekday: 9, opens: 0, closes: 9, hard: true }]]
			const wrong = [good.status !== 200 && good.text, differs({ windows: (w) => w.length === 2 }, good.json), at < 0 && 'not among those of the territory', at >= 0 && c.opens[at] !== 600 && 'another hour', !need && 'no need']
			for (const w of bad)
				wrong.push(differs({ code: 'ERR_REQ_004' }, (await put(w)).json))
			wrong.push(differs({ code: 'ERR_AUTH_002' }, (await put([], 'mtplanner')).json), differs({ windows: [] }, (await put([])).json))
			return wrong
		},
	}
	yield {
		name: 'who wants the lock asks for it, and the holder is told', run: async () => {
			const ask = (as, of = unit.id) => call(as, 'POST', `/territories/${of}/lock/ask`, { channel: 'GT', text: 'Visits of next week' })
			const own = await ask('planner'), r = await ask('territory'), seen = (await call('planner', 'GET', '/notices?limit=5')).json
			const free = (await call('planner', 'GET', '/territories?units=1&channel=GT&limit=500')).json.items.find((u) => u.unit && !u.locks.length)
			const none = free ? await ask('planner', free.id) : { json: { code: 'ERR_DATA_003' } }
			const keep = (as) => call(as, 'POST', `/territories/${unit.id}/lock/keep`, { channel: 'GT', text: 'until noon' }), foreign = await keep('territory'), kept = await keep('planner'), told = (await call('territory', 'GET', '/notices?limit=5')).json
			const after = await call('planner', 'POST', '/notices/read', { upto: seen.items[0].id }), twice = await keep('planner'), still = (await call('territory', 'GET', '/notices?limit=5')).json
			const answers = (x) => x.items.filter((i) => i.kind === 'LOCK_KEPT' && i.territoryId === unit.id).length
			if (answers(told) !== 1 || answers(still) !== 1 || !told.items.some((i) => i.kind === 'LOCK_KEPT' && i.text === 'until noon' && /Priya/.test(i.from)))
				return JSON.stringify([told, still])
			return [differs({ code: 'ERR_DATA_003', detail: /do not hold it/ }, foreign.json), kept.status !== 200 && kept.text, kept.json?.items.some((i) => i.kind === 'LOCK_ASKED' && i.text === 'Visits of next week' && !i.seen) && 'it is not read', twice.status !== 200 && twice.text, differs({ code: 'ERR_DATA_004' }, own.json), differs({ code: 'ERR_DATA_003' }, none.json), r.status !== 200 && r.text, differs({ holder: /Priya/ }, r.json),
				differs({ unread: (n) => n > 0, items: some({ kind: 'LOCK_ASKED', from: /Ana/, text: 'Visits of next week', territoryId: unit.id, seen: false }) }, seen), differs({ unread: 0 }, after.json)]
		},
	}
	yield { name: 'an MT planner does not ask for GT', run: async () => differs({ code: 'ERR_AUTH_002' }, (await call('mtplanner', 'POST', `/territories/${unit.id}/lock/ask`, { channel: 'GT' })).json) }
	yield {
		name: 'whoever may commit hears of a commit, whoever may override of an override', run: async () => {
			const before = (await call('manager', 'GET', '/notices')).json, distributor = (await call('dt', 'GET', '/notices')).json
			await call('manager', 'DELETE', `/territories/${unit.id}/lock?channel=GT&reason=for a test`)
			const broken = (await call('planner', 'GET', '/notices?limit=1')).json
			await call('admin', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			const s = (await call('admin', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json
			const x = (await call('admin', 'GET', `/planning/sessions/${s.id}/draft`)).json, off = [0, 1, 2, 3, 4, 5, 6].find((w) => !x.cycle.workWeekdays.includes(w + 1))
			const r = await call('admin', 'POST', `/planning/sessions/${s.id}/ops`, { seq: x.seq, ops: [{ clientId: randomUUID(), kind: 'move', visits: [{ need: x.visits.need[0], date: dateOf(x.cycle.anchor, x.visits.day[0]) }], date: dateOf(x.cycle.anchor, off), reason: 'a fair', reasonCode: 'PROMOTION' }] })
			const ledger = (await call('admin', 'GET', `/plans/${plan}/ledger?session=${s.id}`)).json
			await call('admin', 'POST', `/planning/sessions/${s.id}/undo`, { seq: r.json.seq })
			await call('admin', 'POST', `/planning/sessions/${s.id}/close`)
			await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			session = (await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json.id
			const seen = (await call('manager', 'GET', '/notices')).json
			return [r.status !== 200 && r.text, differs({ items: some({ kind: 'PLAN_COMMITTED', from: /Priya/ }) }, before), differs({ items: some({ kind: 'PLAN_COMMITTED', from: /Priya/ }) }, distributor), differs({ items: [{ kind: 'LOCK_BROKEN', text: 'for a test' }] }, broken),
				differs({ items: some({ kind: 'RULE_OVERRIDDEN', text: /^[A-Z_]+, PROMOTION: a fair$/ }) }, seen), differs({ items: some({ override: true, rules: (l) => l.includes('CLOSED_DAY'), reason: 'a fair', reasonCode: 'PROMOTION', reasonLabel: 'Promotion or launch' }) }, ledger)]
		},
	}
	yield {
		name: 'where only some outlets may change, the visits of all others keep person and day', run: async () => {
			const d = (await call('planner', 'GET', `/planning/sessions/${session}/draft`)).json
			const outlets = (await call('planner', 'GET', `/outlets?territory=${unit.id}&limit=40`)).json.items.map((o) => o.id), chosen = new Set(outlets), mine = (await Promise.all(outlets.slice(0, 8).map((o) => call('planner', 'GET', `/outlets/${o}`)))).flatMap((r) => r.json.needs.map((n) => n.id))
			const i = d.visits.need.findIndex((n, k) => mine.includes(n) && !d.visits.to[k] && !d.visits.from[k]), visits = (x) => x.visits.need.filter((n, k) => n === d.visits.need[i] && !x.visits.to[k]).length
			const taken = await ops([{ kind: 'remove', visits: [{ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) }], reason: 'to see it come back', reasonCode: 'PROMOTION' }])
			const start = await call('planner', 'POST', '/optimize', { sessionId: session, iterations: 4000, seed: 5, only: outlets })
			const job = await ended(start.json.jobId), version = job.result?.versionId
			if (!version)
				return `${start.text}: ${JSON.stringify(job)}`
			const then = (await call('planner', 'GET', `/plans/${plan}/draft?version=${version}`)).json
			const changes = (await call('planner', 'GET', `/plans/${plan}/diff?session=${session}&version=${version}&by=outlet`)).json.items
			const a = await ask({ what: 'repeat', versionId: version }), kept = start.json.excludedReasons?.find((x) => x.reason === 'KEPT')
			await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: (await draft()).seq })
			return [start.status !== 200 && start.text, job.state !== 'done' && JSON.stringify(job), !(kept?.count > 100) && `kept: ${JSON.stringify(kept)}`, start.json.optimisable > 60 && `${start.json.optimisable} may change`,
				then.visits.need.length < d.visits.need.length * 0.95 && 'visits are lost', taken.status !== 200 && taken.text, visits(then) !== visits(d) && `${visits(then)} visits, not ${visits(d)}`, changes.filter((c) => !chosen.has(c.id)).slice(0, 3).map((c) => JSON.stringify(c)),
				differs({ same: true, inputSame: true }, a)]
		},
	}
	yield { name: 'where none of those that may change lies here, there is nothing to plan', run: async () => {
		const r = await call('planner', 'POST', '/optimize', { sessionId: session, only: [987654321] })
		return [r.status !== 422 && `status ${r.status}`, !/none|no outlet .* may change/.test(r.json?.detail ?? '') && r.text]
	} }
	yield { name: 'a visit that goes to another person from a date on does not stand in the way of its tour', run: async () => {
		const d = await draft(), t = d.tours.seat.findIndex((s, k) => tour(d, s, d.tours.day[k]).length > 3), seat = d.tours.seat[t], day = d.tours.day[t], was = stops(d), need = tour(d, seat, day)[1]
		const later = 10 * d.cycle.days, date = (turn) => dateOf(d.cycle.anchor, day + turn), why = { reason: 'a person from then on', reasonCode: 'PROMOTION' }
		let moved, other, steps = 0
		for (const s of d.seats.filter((x) => x.id !== seat))
			if (moved?.status !== 200)
				moved = await ops([{ kind: 'move', reach: 'onward', visits: [{ need, date: date(later) }], seat: other = s.id, ...why }])
		/* Each tour gets new rows for what changes its place: the later one first, then the one that it leaves. */
		const turned = [await ops([{ kind: 'sequence', seat: other, date: date(later), reverse: true, reach: 'standing' }]), await ops([{ kind: 'sequence', seat, date: date(0), reverse: true, reach: 'standing' }])]
		for (steps = [moved, ...turned].filter((r) => r?.status === 200).length; steps; steps--)
			await call('planner', 'POST', `/planning/sessions/${session}/undo`, { seq: (await draft()).seq })
		return [moved?.status !== 200 && moved?.text, turned.map((r) => r.status !== 200 && r.text), stops(await draft()) !== was && 'undo gives another plan']
	} }
	yield { name: 'the plan is closed', run: async () => (await call('planner', 'POST', `/planning/sessions/${session}/close`)).status !== 200 && 'not closed' }
}
export const steps = all
