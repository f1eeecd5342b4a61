// SPDX-License-Identifier: GPL-3.0-or-later
// The full price of a change in minutes: what it is made of, that the solver quotes the same, and what the ledger makes of it.
import { randomUUID } from 'node:crypto'
import { ended } from './40-import.mjs'
import { arrange, dateOf } from './planning.mjs'
import { differs, some } from './steps.mjs'

async function* all({ client }) {
	const call = (method, path, body) => client.call({ as: 'admin', method, path, body })
	const ok = (r) => {
		if (r.status !== 200)
			throw new Error(r.text)
		return r.json
	}
	const unit = ok(await call('GET', '/territories?units=1&channel=GT&limit=500')).items.filter((u) => u.unit && u.outlets >= 500 && u.plan && !u.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
	const op = (o) => ({ clientId: randomUUID(), ...o }), near = (a, b, within = 0.01) => Math.abs(a - b) <= within
	let session, plan, d, prices
	const draft = async () => (d = ok(await call('GET', `/planning/sessions/${session}/draft`)))
	const price = async (o) => ok(await call('POST', `/planning/sessions/${session}/price`, { ops: [op(o)] }))
	const send = async (o) => call('POST', `/planning/sessions/${session}/ops`, { seq: d.seq, ops: [op(o)] })
	const undo = async () => ok(await call('POST', `/planning/sessions/${session}/undo`, { seq: (await draft()).seq }))
	const visit = (i) => ({ need: d.visits.need[i], date: dateOf(d.cycle.anchor, d.visits.day[i]) })
	const ledger = async (query = '') => ok(await call('GET', `/plans/${plan}/ledger?session=${session}${query}`))

	yield { name: 'a plan is opened', run: async () => {
		ok(await call('POST', `/territories/${unit.id}/lock`, { channel: 'GT' }))
		;({ id: session, planId: plan } = ok(await call('POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })))
		prices = Object.fromEntries(ok(await call('GET', `/territories/${unit.id}/profile?channel=GT`)).params.map((x) => [x.name, x.value]))
		return (await draft()).visits.need.length < 100 && 'few visits'
	} }
	yield { name: 'a visit taken out costs what its tier is worth, though it saves work; the whole is the sum of its parts', run: async () => {
		const monday = Math.floor(Date.now() / 864e5) + 14 - (Math.floor(Date.now() / 864e5) + 3) % 7, list = ok(await call('GET', `/plans/${plan}/visits?seat=${d.seats[0].id}&from=${dateOf('1970-01-01', monday)}&to=${dateOf('1970-01-01', monday + 5)}`)).items
		const tiers = new Set(), wrong = []
		for (const x of list) {
			const i = d.visits.need.indexOf(x.need), { tier } = ok(await call('GET', `/outlets/${x.outlet}`))
			if (i < 0 || tiers.has(tier))
				continue
			tiers.add(tier)
			const p = await price({ kind: 'remove', visits: [visit(i)] }), { total, ...parts } = p.price
			wrong.push(!near(p.price.missed, prices[`priceMissed${tier}`]) && `${tier}: ${p.price.missed}`, !near(total, Object.values(parts).reduce((a, y) => a + y, 0)) && `${total} is not the sum`,
				p.minutes >= 0 && 'it saves no work', total <= 0 && prices[`priceMissed${tier}`] > 60 && `${tier} taken out shows as a saving: ${total}`)
		}
		return [tiers.size < 2 && `tiers: ${[...tiers]}`, wrong]
	} }
	yield { name: 'another person costs a person and a beat, a single date only its day', run: async () => {
		const i = d.visits.need.findIndex((n, k) => d.visits.need.filter((x) => x === n).length === 1 && !d.visits.to[k]), other = d.seats.find((s) => s.id !== d.visits.seat[i]).id
		const p = (await price({ kind: 'move', visits: [visit(i)], seat: other })).price, today = new Date().toISOString().slice(0, 10)
		let date = visit(i).date
		while (date <= today)
			date = dateOf(date, d.cycle.days)
		const once = (await price({ kind: 'move', reach: 'date', visits: [{ need: d.visits.need[i], date }], date: dateOf(date, 1) })).price
		return [differs({ person: (x) => near(x, prices.pricePerson), beat: (x) => near(x, prices.priceBeat), day: 0, missed: 0 }, p), differs({ day: (x) => near(x, prices.priceDay), person: 0, beat: 0, missed: 0 }, once)]
	} }
	yield { name: 'it is what the solver quotes for the next best place, but for the changes of person and day', run: async () => {
		const i = Math.floor(d.visits.need.length / 2), { jobId } = ok(await call('POST', `/plans/${plan}/explain`, { what: 'place', sessionId: session, ...visit(i) })), { result } = await ended(client, jobId, 'admin', '/jobs', 60)
		return result.options.map(async (o) => {
			const { total, day, person, beat } = (await price(arrange(d, o.tours))).price
			return !near(total - day - person - beat, o.minutes, 0.2) && `${o.minutes} were shown, ${total - day - person - beat} are priced`
		})
	} }
	yield { name: 'a day below its least calls costs what each missing one is worth, and is told; without a price nobody minds', run: async () => {
		const t = d.tours.calls.map((n, i) => [n, i]).sort((a, b) => b[0] - a[0])[1], seat = d.tours.seat[t[1]], day = d.tours.day[t[1]], i = d.visits.need.findIndex((n, k) => d.visits.seat[k] === seat && d.visits.day[k] === day && !d.visits.to[k])
		const set = (v) => call('PUT', `/territories/${unit.id}/profile?channel=GT`, { set: v, reason: 'a test' }), told = (p) => p.broken.find((b) => b.rule === 'MIN_CALLS'), out = () => price({ kind: 'remove', visits: [visit(i)] })
		const free = (ok(await set({ minCalls: Math.min(40, t[0]) })), await out()), wrong = [free.price.few !== 0 && `${free.price.few} without a price`, told(free) && 'told without a price']
		ok(await set({ priceFew: 7 }))
		const p = await out(), { total, ...parts } = p.price
		wrong.push(differs({ severity: 'warn', seat, message: 'fewer calls than a day is to have' }, told(p)), !near(p.price.few, 7) && `${p.price.few} for one call`, !near(total, Object.values(parts).reduce((a, y) => a + y, 0)) && 'the whole is not the sum')
		const order = d.visits.need.map((n, k) => [n, k]).filter(([, k]) => d.visits.seat[k] === seat && d.visits.day[k] === day && !d.visits.to[k]).map(([n]) => n)
		const none = (await price({ kind: 'arrange', tours: [{ seat, date: dateOf(d.cycle.anchor, day), order: [] }] })), { jobId } = ok(await call('POST', `/plans/${plan}/explain`, { what: 'place', sessionId: session, ...visit(i) })), { result } = await ended(client, jobId, 'admin', '/jobs', 60)
		wrong.push(none.price.few !== 0 && `${none.price.few} for a day without work`, order.length !== t[0] && 'another tour')
		for (const o of result.options) {
			const q = (await price(arrange(d, o.tours))).price
			wrong.push(!near(q.total - q.day - q.person - q.beat, o.minutes, 0.2) && `${o.minutes} were shown, ${q.total - q.day - q.person - q.beat} are priced`)
		}
		ok(await set({ minCalls: null, priceFew: null }))
		return wrong
	} }
	yield { name: 'the ledger has the price, and one sum for a reason of the list, whatever words were added', run: async () => {
		const sums = (l) => l.sums.filter((x) => x.reasonCode === 'PROMOTION').map((x) => x.changes), before = sums(await ledger())[0] ?? 0, wrong = []
		for (const words of ['asked by phone', 'asked by mail']) {
			const r = await send({ kind: 'remove', visits: [visit(0)], reasonCode: 'PROMOTION', reason: words })
			await draft()
			const [last] = (await ledger('&limit=1')).items
			wrong.push(r.status !== 200 && r.text, !near(last.price, r.json.impact.price.total) && `${last.price} in the ledger`)
		}
		const l = await ledger(), outlets = l.outlets.reduce((n, x) => n + x.n, 0), first = await ledger('&limit=1'), second = await ledger(`&limit=1&after=${first.next}`)
		wrong.push(sums(l).join() !== String(before + 2) && `sums: ${sums(l)}`, !near(l.price, l.items.filter((x) => !x.undone).reduce((a, x) => a + x.price, 0)) && 'the whole is not the sum', outlets < 2 && 'no outlet has them',
			second.items[0]?.seq === first.items[0].seq && 'the next page is the same')
		await undo()
		await undo()
		await draft()
		return wrong
	} }
	yield { name: 'what overrides a rule is marked as long as it stands', run: async () => {
		const free = [0, 1, 2, 3, 4, 5, 6].find((w) => !d.cycle.workWeekdays.includes(w + 1)), need = d.visits.need[0]
		const r = await send({ kind: 'move', visits: [visit(0)], date: dateOf(d.cycle.anchor, free), reasonCode: 'PROMOTION', reason: 'only then' })
		const marked = (x) => x.overridden.need.includes(need) && x.overridden.rules[x.overridden.need.indexOf(need)].includes('CLOSED_DAY'), wrong = [r.status !== 200 && r.text, !marked(r.json) && 'the reply has no mark', !marked(await draft()) && 'the draft has no mark',
			differs({ outlets: some({ overridden: (n) => n > 0 }) }, await ledger())]
		const back = await undo()
		return [wrong, back.overridden.need.includes(need) && 'still marked', (await draft()).overridden.need.includes(need) && 'the draft still marks it']
	} }
	yield { name: 'and the plan is free again', run: async () => {
		ok(await call('POST', `/planning/sessions/${session}/close`))
	} }
}

export const steps = all
