// SPDX-License-Identifier: GPL-3.0-or-later
// A draft begins another cycle: every visit stays on its date as far as the cycle repeats it, until undo; versions, proposals and the visit
// list go by the cycle of what they hold.
import { ended, through, upload } from './40-import.mjs'
import { random } from './data.mjs'
import { bytes as drafted } from './planning.mjs'
import { beatplan } from './shell.mjs'
import { differs } from './steps.mjs'

const DAY = 86400000, N = 60
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10), dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / DAY, today = Math.floor(Date.now() / DAY)
const monday = today + 7 - (today + 3) % 7

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'planner', ...o })
	const got = async (o) => { const r = await call(o); if (r.status !== 200) throw new Error(r.text); return r.json ?? r.text }
	const r = random(73), frequency = (i) => [4, 2, 1][i % 3]
	const rows = Array.from({ length: N }, (_, i) => `CY${i},Shop ${i},${(13.1 + (r() - 0.5) * 0.05).toFixed(5)},${(77.1 + (r() - 0.5) * 0.05).toFixed(5)},Cycland,CYCLO,CY Area,CYDT,Distributor of rounds,GT,Gold,${frequency(i)}`)
	let unit, plan, session, seq, first, committed, rotated, imported
	const draft = async () => { const d = await got({ path: `/planning/sessions/${session}/draft` }); seq = d.seq; return d }
	const of = (version) => got({ path: `/plans/${plan}/draft?version=${version}` })
	const bytes = (d) => drafted({ ...d, version: null })
	const cycle = (anchor, weeks, more = {}) => call({ method: 'POST', path: `/planning/sessions/${session}/cycle`, body: { anchor: dateOf(anchor), weeks, reason: 'another rhythm', ...more } })
	const undo = async () => got({ method: 'POST', path: `/planning/sessions/${session}/undo`, body: { seq: (await draft()).seq } })
	const ops = async (list) => got({ method: 'POST', path: `/planning/sessions/${session}/ops`, body: { seq, ops: list.map((o, i) => ({ clientId: `cy-${seq}-${i}`, ...o })) } })
	/** Who visits what when, and as the how manieth of a day, from a date on. */
	const dated = (d, from = monday, n = 112) => {
		const on = new Map()
		d.visits.need.forEach((need, i) => {
			for (let day = dayOf(d.cycle.anchor) + d.visits.day[i] - 40 * d.cycle.days; day < from + n; day += d.cycle.days)
				if (day >= from && !(d.visits.from[i] > dateOf(day)) && !(d.visits.to[i] && d.visits.to[i] < dateOf(day)))
					on.set(`${dateOf(day)} ${d.visits.seat[i]}`, [...on.get(`${dateOf(day)} ${d.visits.seat[i]}`) ?? [], [d.visits.pos[i], need]])
		})
		return [...on].sort().map(([k, v]) => `${k}: ${v.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((x) => x[1])}`).join('\n')
	}
	const visits = async () => (await got({ path: `/plans/${plan}/export?what=visits&format=csv&from=${dateOf(today)}` })).trim().split('\r\n').slice(1)
	const open = async () => {
		await got({ method: 'POST', path: `/territories/${unit}/lock`, body: { channel: 'GT' } })
		;({ id: session, planId: plan } = await got({ method: 'POST', path: '/planning/sessions', body: { territoryId: unit, channel: 'GT' } }))
	}
	const optimised = async () => {
		const { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 4, iterations: 20000 } })
		return (await ended(client, jobId, 'planner', '/optimize', 60)).result
	}
	const adopt = (versionId) => got({ method: 'POST', path: `/planning/sessions/${session}/adopt`, body: { versionId } })
	const load = async (files) => {
		const { id } = await got({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'rounds' } }), wrong = []
		for (const [kind, t] of files)
			wrong.push((await upload(client, id, `${kind}.csv`, t, `&entity=${kind}`)).status !== 200 && kind)
		return [wrong, await through(client, id, 'validate'), await through(client, id, 'process')]
	}
	const set = (values) => got({ as: 'admin', method: 'PUT', path: `/territories/${unit}/profile?channel=GT`, body: { set: values, reason: 'a test' } })

	yield { name: 'a town is imported', run: () => load([['distributors', 'DT Code,DT Name,Latitude,Longitude\nCYDT,Distributor of rounds,13.1,77.1\n'],
		['seats', 'Seat Code,Person,Territory,DT Codes,Vehicle\nCY-1,Person one,CYCLO,CYDT,two-wheeler\nCY-2,Person two,CYCLO,CYDT,two-wheeler\n'],
		['outlets', `Outlet Code,Outlet Name,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency\n${rows.join('\n')}\n`]]) }
	yield { name: 'as a unit', as: 'planner', get: '/territories?units=1&q=CYCLO', json: { items: [{ unit: true }] }, save: { cycloUnit: '/items/0/id' } }
	yield { name: 'is planned in four weeks and committed', run: async () => {
		unit = saved.cycloUnit
		await open()
		await adopt((await optimised()).versionId)
		committed = (await got({ method: 'POST', path: '/planning/commit', body: { sessionId: session } })).id
		await open()
		saved.cycloSession = session
		first = await draft()
		/* One visit of a single date, one outlet pinned, one visit taken out with a reason of its own. */
		const at = (i) => ({ need: first.visits.need[i], date: dateOf(dayOf(first.cycle.anchor) + first.visits.day[i]) }), one = { ...at(0), date: dateOf(dayOf(at(0).date) + 28) }
		await ops([{ kind: 'move', visits: [one], date: dateOf(dayOf(one.date) + 1), reach: 'date', reason: 'a fair' }, { kind: 'pin', needs: [first.visits.need[1]], hold: 'both' },
			{ kind: 'remove', visits: [at(first.visits.need.findIndex((n) => n !== one.need && n !== first.visits.need[1]))], reach: 'standing', reason: 'closed' }])
		first = await draft()
		return [differs({ cycle: { weeks: 4, anchor: dateOf(monday) } }, first), !first.visits.to.some(Boolean) && 'no visit of a single date', first.unserved.reason.join() !== 'PLANNER' && first.unserved.reason]
	} }
	yield { name: 'a cycle begins with the week', as: 'planner', post: '/planning/sessions/{cycloSession}/cycle', body: { anchor: dateOf(monday + 1), weeks: 4 }, status: 422, fields: ['/anchor'] }
	yield { name: 'not years away', as: 'planner', post: '/planning/sessions/{cycloSession}/cycle', body: { anchor: dateOf(monday + 7 * 60), weeks: 4 }, status: 422, fields: ['/anchor'] }
	yield { name: 'nor has it nine weeks', as: 'planner', post: '/planning/sessions/{cycloSession}/cycle', body: { anchor: dateOf(monday), weeks: 9 }, status: 422, fields: ['/weeks'] }
	yield { name: 'the cycle that it has is none to begin', as: 'planner', post: '/planning/sessions/{cycloSession}/cycle', body: { anchor: dateOf(monday), weeks: 4 }, status: 422, code: 'ERR_PLAN_002' }
	yield { name: 'nor does somebody else', as: 'manager', post: '/planning/sessions/{cycloSession}/cycle', body: { anchor: dateOf(monday), weeks: 8 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'eight weeks have every visit on its date, then four as well, and undo gives both back byte for byte', run: async () => {
		const wrong = [], up = await cycle(monday, 8), eight = await draft()
		wrong.push(up.status !== 200 && up.text, differs({ cycle: { weeks: 8, days: 56 }, totals: { calls: 2 * first.totals.calls, unserved: 2 * first.totals.unserved } }, eight))
		wrong.push(dated(eight) !== dated(first) && 'other dates in eight weeks', JSON.stringify(eight.pins) !== JSON.stringify(first.pins) && 'other pins', eight.unserved.reason.join() !== 'PLANNER' && eight.unserved.reason)
		const down = await cycle(monday, 4), four = await draft()
		wrong.push(down.status !== 200 && down.text, bytes(four) !== bytes(first) && 'eight weeks and back is another plan')
		await undo()
		wrong.push(bytes(await draft()) !== bytes(eight) && 'undo gives other eight weeks')
		await undo()
		wrong.push(bytes(await draft()) !== bytes(first) && 'undo gives other four weeks')
		return wrong
	} }
	yield { name: 'of eight weeks, two keep what they have, and tell what finds no place', run: async () => {
		const r = await cycle(monday + 14, 2), two = await draft()
		/* Once in four weeks is once in two: those of the other weeks are missing. */
		const wrong = [r.status !== 200 && r.text, differs({ cycle: { weeks: 2, anchor: dateOf(monday + 14) } }, two), dated(two, monday + 14, 14) !== dated(first, monday + 14, 14) && 'other dates', !(r.json.totals.unserved > 0) && 'nothing is missing']
		await undo()
		return [wrong, bytes(await draft()) !== bytes(first) && 'undo']
	} }
	yield { name: 'a first day a week later keeps every date', run: async () => {
		const r = await cycle(monday + 7, 4)
		rotated = await draft()
		return [r.status !== 200 && r.text, rotated.cycle.anchor !== dateOf(monday + 7) && rotated.cycle.anchor, dated(rotated, monday + 7) !== dated(first, monday + 7) && 'other dates', rotated.totals.calls !== first.totals.calls && 'other calls']
	} }
	yield { name: 'and none is a change of it, of two of them, nor in a file', run: async () => {
		const wrong = [], diff = (q) => got({ path: `/plans/${plan}/diff?by=day&${q}` })
		const kept = (await got({ method: 'POST', path: `/plans/${plan}/save`, body: { sessionId: session, notes: 'a week later' } })).id
		await undo()
		const was = (await got({ method: 'POST', path: `/plans/${plan}/save`, body: { sessionId: session, notes: 'as before' } })).id
		await cycle(monday, 8)
		const twice = (await got({ method: 'POST', path: `/plans/${plan}/save`, body: { sessionId: session, notes: 'in eight' } })).id
		wrong.push((await diff(`session=${session}&version=${kept}`)).items.length && 'draft and version')
		for (const [a, b] of [[was, kept], [kept, twice], [twice, was]])
			wrong.push((await diff(`base=${a}&version=${b}`)).items.length && `${a} ${b}`, (await got({ path: `/plans/${plan}/export?what=changes&format=csv&base=${a}&version=${b}` })).trim().split('\r\n').slice(1).filter((x) => !/,20\d\d-/.test(x)).slice(0, 3))
		/* The visit that was taken out: once in each four weeks. */
		const [all] = [await diff(`base=${committed}&version=${twice}`)]
		wrong.push(differs({ items: [{ removed: 1, added: 0 }, { removed: 1, added: 0 }] }, all), all.items[1]?.id - all.items[0]?.id !== 28 && 'not four weeks apart')
		await undo()
		return wrong
	} }
	yield { name: 'a version of another cycle comes with it: every visit on its own date', run: async () => {
		const csv = await got({ path: `/plans/${plan}/export?what=plan&format=csv&version=${committed}` }), wrong = await load([['plan', csv.replaceAll(dateOf(monday), dateOf(monday - 14))]])
		imported = (await got({ path: `/plans/${plan}/versions?limit=50` })).items.find((v) => v.kind === 'IMPORT').id
		const there = await of(imported), before = await of(committed)
		await adopt(imported)
		const here = await draft()
		wrong.push(differs({ cycle: { anchor: dateOf(monday - 14), weeks: 4 } }, here), dated(here) !== dated(there) && 'on other dates than in the file', dated(here) !== dated(before, monday + 14).replace(/20\d\d-\d\d-\d\d/g, (x) => dateOf(dayOf(x) - 14)) && 'not two weeks earlier')
		await undo()
		return [wrong, bytes(await draft()) !== bytes(first) && 'undo']
	} }
	yield { name: 'a proposal has the cycle that it was made in, whatever is begun meanwhile', run: async () => {
		await cycle(monday + 7, 8)
		const eight = await draft(), { jobId } = await got({ method: 'POST', path: '/optimize', body: { sessionId: session, seed: 4, seconds: 3 } })
		for (let i = 0; i < 1200 && !((await got({ path: `/optimize/${jobId}` })).progress?.iterations > 0); i++)
			await new Promise((go) => setTimeout(go, 50))
		await undo()
		const { versionId } = (await ended(client, jobId, 'planner', '/optimize', 60)).result, p = await of(versionId), wrong = [differs({ cycle: { weeks: 8, anchor: dateOf(monday + 7) } }, p)]
		wrong.push(!p.visits.day.some((d) => d > 28) && 'nothing beyond four weeks', p.visits.day.length < eight.visits.day.length && 'fewer visits', bytes(await draft()) !== bytes(first) && 'another draft')
		await adopt(versionId)
		wrong.push(dated(await draft()) !== dated(p) && 'adopted it is on other dates', differs({ cycle: { weeks: 8 } }, await draft()))
		await undo()
		return [wrong, bytes(await draft()) !== bytes(first) && 'undo']
	} }
	yield { name: 'the parameters say on which day a week begins', run: async () => {
		await set({ weekStart: 7, weeks: 8 })
		const refused = await cycle(monday, 8), r = await cycle(monday + 6, 8), sunday = await draft()
		return [differs({ fields: [{ pointer: '/anchor' }] }, refused.json), r.status !== 200 && r.text, differs({ cycle: { weeks: 8, anchor: dateOf(monday + 6), weekStart: 7 } }, sunday), dated(sunday, monday + 6) !== dated(first, monday + 6) && 'other dates']
	} }
	yield { name: 'committed, the visits before its first day stay, and those from then on are of its eight weeks', run: async () => {
		const before = await visits(), d = await draft(), at = d.visits.day.findIndex((x, i) => x > 35 && !d.visits.from[i] && !d.visits.to[i]), from = dayOf(d.cycle.anchor) + d.visits.day[at]
		/* A visit of the seventh week or so leaves, in every second turn of the four weeks that were. */
		await ops([{ kind: 'remove', visits: [{ need: d.visits.need[at], date: dateOf(from) }], reach: 'standing', reason: 'half as often' }])
		const last = await draft(), v = await got({ method: 'POST', path: '/planning/commit', body: { sessionId: session } }), after = await visits(), head = dateOf(monday + 6)
		const on = (list, test) => list.filter((x) => test(x.match(/20\d\d-\d\d-\d\d/)[0])).sort().join('\n'), early = (x) => x < head
		const wrong = [v.effectiveDate !== head && v.effectiveDate, on(after, early) !== on(before, early) && 'the visits before are others', !on(before, early) && 'there are none before']
		const count = dated(last, monday + 6, 112).split('\n').reduce((n, line) => n + line.split(',').length, 0)
		wrong.push(after.length - after.filter((x) => early(x.match(/20\d\d-\d\d-\d\d/)[0])).length !== count && `${after.length} visits, not ${count}`)
		const days = (test) => new Set(after.map((x) => x.match(/20\d\d-\d\d-\d\d/)[0]).filter(test)).size
		wrong.push(days((x) => x >= dateOf(monday + 6 + 112)) && 'beyond the list', days((x) => x >= dateOf(monday + 6 + 80)) < 20 && 'the list ends early')
		return [wrong, differs({ items: [{ id: plan, weeks: 8, anchor: head }] }, await got({ path: `/plans?territory=${unit}&channel=GT` }))]
	} }
	yield { name: 'the next draft goes on in it, and taking the commit back gives the one before', run: async () => {
		await open()
		const d = await draft(), wrong = [differs({ cycle: { weeks: 8, anchor: dateOf(monday + 6) } }, d)]
		await undo()
		wrong.push(bytes(await draft()) !== bytes({ ...await of(committed), session }) && 'not what was committed before')
		await set({ weekStart: null, weeks: null })
		return [wrong, (await call({ method: 'POST', path: `/planning/sessions/${session}/close` })).status !== 200 && 'the lock stays']
	} }
	yield { name: 'the shell begins what parameters ask for, and only that', run: async () => {
		const here = async () => (await got({ path: `/plans?territory=${unit}&channel=GT` })).items[0], was = await here(), wrong = []
		const { code } = await got({ path: `/territories/${unit}` }), run = () => beatplan('optimize', '--state', process.env.BEATPLAN_STATE, '--territory', code, '--iterations', '5000', '--cycle', '--commit')
		run()
		const four = await here()
		wrong.push(differs({ weeks: 4 }, four), (dayOf(four.anchor) + 3) % 7 !== 0 && four.anchor, differs({ weeks: 8 }, was))
		run()
		return [wrong, differs({ weeks: 4, anchor: four.anchor }, await here())]
	} }
	yield { name: 'the trail says who began it', as: 'admin', get: '/audit?action=PLAN_CYCLE&limit=5', json: { items: (l) => ['another rhythm', 'as the planning parameters say'].every((r) => l.some((e) => e.reason === r)) } }
}
export const steps = all
