// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrangement, bars, hunks, middleOf, planDiff, reordered, repinned, turnOf } from '../../www/js/plan/diff.js'
import { alike, otherCycle, tourKey } from '../../www/js/plan/model.js'

/** A plan of [need, seat, day] with 60 s and 100 m a stop. */
const plan = (stops) => {
	const tours = new Map(), sums = new Map()
	for (const [need, seat, day] of stops) {
		const key = tourKey(seat, day), x = sums.get(key) ?? { calls: 0, travel: 0, service: 0, wait: 0, metres: 0, over: 0 }
		tours.set(key, [...(tours.get(key) ?? []), { need, seat, day, pos: 0, beat: null, from: null, to: null }])
		sums.set(key, { ...x, calls: x.calls + 1, service: x.service + 60, metres: x.metres + 100 })
	}
	return { tours, sums }
}

test('each outlet of two plans counts once: kept, other days, other person, new or gone', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 1], [4, 8, 1], [5, 8, 2]])
	const b = plan([[1, 7, 0], [2, 7, 3], [3, 8, 1], [4, 8, 1], [6, 8, 2]])
	const d = planDiff(a, b)
	assert.deepEqual([d.needs, d.day, d.person, d.dropped, d.added], [6, 1, 1, 1, 1])
})

test('seats stand in the order of how much their work changes', () => {
	const a = plan([[1, 7, 0], [2, 8, 0], [3, 8, 1], [4, 8, 1]]), b = plan([[1, 7, 0], [2, 7, 0], [3, 9, 1], [4, 9, 1]])
	const d = planDiff(a, b)
	assert.deepEqual(d.seats.map((s) => s.seat), [8, 9, 7])
	assert.deepEqual(d.seats[0].before, { calls: 3, seconds: 180, metres: 300 })
	assert.deepEqual(d.seats[0].after, { calls: 0, seconds: 0, metres: 0 })
})

/** As the server does it: named tours become these lists. */
const arranged = (p, tours) => {
	const next = { tours: new Map(p.tours), sums: p.sums }
	for (const t of tours)
		next.tours.set(tourKey(t.seat, t.day), t.order.map((need, pos) => ({ need, seat: t.seat, day: t.day, pos, beat: null, from: null, to: null })))
	return next
}
const text = (p) => [...p.tours].filter(([, l]) => l.length).sort((a, b) => a[0] - b[0]).map(([k, l]) => `${k}:${l.map((s) => s.need)}`).join(' ')
/** Numbers that look random and are the same each time. */
const dice = (seed) => () => (seed = (seed * 48271) % 2147483647) / 2147483647

test('what differs is told need by need, with where it was and where it goes', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 1], [5, 8, 2]]), b = plan([[1, 7, 0], [2, 7, 3], [3, 8, 1], [6, 8, 2]])
	const short = (list) => list.map((w) => `${w.seat}/${w.day}`).join()
	assert.deepEqual(hunks(a, b).map((h) => `${h.need}: ${short(h.before)} > ${short(h.after)}`).sort(), ['2: 7/0 > 7/3', '3: 7/1 > 8/1', '5: 8/2 > ', '6:  > 8/2'])
	assert.deepEqual(hunks(a, a), [])
})

test('a change is barred where it puts a visit to an outlet or of a seat that has left; taking one out never is', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 1], [4, 9, 1]]), b = plan([[1, 7, 3], [3, 9, 1], [4, 7, 1], [5, 7, 0]])
	assert.deepEqual(hunks(a, b).map((h) => [h.need, bars(h, new Set([1, 2, 5]), (seat) => seat !== 9)]).sort((p, q) => p[0] - q[0]), [[1, 'outlet'], [2, null], [3, 'seat'], [4, null], [5, 'outlet']])
})

test('all changes accepted give the other plan, any of them a plan in which no visit is lost or doubled', () => {
	const rnd = dice(5)
	for (let turn = 0; turn < 60; turn++) {
		const any = () => plan(Array.from({ length: 24 }, (_, i) => [i + 1, 7 + Math.floor(rnd() * 3), Math.floor(rnd() * 4)]).sort(() => rnd() - 0.5))
		const a = any(), b = any(), all = hunks(a, b)
		const whole = arranged(a, arrangement(a, b, all))
		assert.equal(text(arranged(whole, reordered(whole, b))), text(b))
		const some = all.filter(() => rnd() < 0.5), chosen = new Set(some.map((h) => h.need))
		const c = arranged(a, arrangement(a, b, some))
		const seen = [...c.tours.values()].flat()
		assert.deepEqual(seen.map((s) => s.need).sort((x, y) => x - y), Array.from({ length: 24 }, (_, i) => i + 1))
		for (const s of seen) {
			const like = [...(chosen.has(s.need) ? b : a).tours.values()].flat().find((x) => x.need === s.need)
			assert.deepEqual([s.seat, s.day], [like.seat, like.day])
		}
	}
})

test('a tour of the same outlets in another order is a change of its order', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 0]]), b = plan([[3, 7, 0], [1, 7, 0], [2, 7, 0]])
	assert.deepEqual(hunks(a, b), [])
	assert.deepEqual(reordered(a, b), [{ seat: 7, day: 0, order: [3, 1, 2] }])
})

test('pins that differ are told, of what is visited alike too', () => {
	const a = { ...plan([[1, 7, 0], [2, 7, 0], [3, 7, 0], [4, 7, 0]]), pins: new Map([[1, 1], [2, 2], [3, 3]]) }, b = { ...a, pins: new Map([[1, 1], [2, 3], [4, 2]]) }
	assert.deepEqual(repinned(a, b), [{ need: 2, before: 2, after: 3 }, { need: 3, before: 3, after: 0 }, { need: 4, before: 0, after: 2 }])
	assert.deepEqual(repinned(a, a), [])
})

const at = (anchor, weeks) => ({ anchor, weeks, days: weeks * 7, weekStart: 1, workWeekdays: [], closed: [] })
const inCycle = (stops, cycle) => ({ ...plan(stops), cycle, totals: { calls: stops.length, travelMinutes: 10, serviceMinutes: stops.length, overtimeMinutes: 0, km: 2, unserved: 1, balancePct: 5, seats: 2 }, pins: new Map() })

test('two plans are held against each other on the same dates, whatever day their cycles begin on', () => {
	const a = inCycle([[1, 7, 0], [2, 7, 8], [3, 8, 27]], at('2026-11-23', 4)), b = inCycle([[1, 7, 21], [2, 7, 1], [3, 8, 20]], at('2026-11-30', 4))
	const [x, y] = alike(a, b)
	assert.equal(x, a, 'the first is as it was')
	assert.deepEqual([y.cycle, y.totals], [a.cycle, b.totals])
	assert.deepEqual(hunks(x, y), [])
	assert.ok(hunks(a, b).length, 'by the numbers of their days all would differ')
	/* One visit a day later is one change, and the day to which it goes is one of the first cycle. */
	const [, z] = alike(a, inCycle([[1, 7, 21], [2, 7, 2], [3, 8, 20]], at('2026-11-30', 4)))
	assert.deepEqual(hunks(a, z).map((h) => [h.need, h.before[0].day, h.after[0].day]), [[2, 8, 9]])
	assert.deepEqual(arrangement(a, z, hunks(a, z)), [{ seat: 7, day: 8, order: [] }, { seat: 7, day: 9, order: [2] }])
})

test('a shorter cycle comes again in a longer one, with its figures', () => {
	const short = inCycle([[1, 7, 0], [2, 8, 13]], at('2026-11-30', 2)), long = inCycle([[1, 7, 7], [2, 8, 6], [1, 7, 21], [2, 8, 20]], at('2026-11-23', 4))
	for (const [x, y] of [alike(short, long), alike(long, short)]) {
		assert.deepEqual([x.cycle.days, y.cycle.days, hunks(x, y)], [28, 28, []])
		assert.deepEqual([x, y].map((p) => p.totals.calls), [4, 4])
	}
	const [x] = alike(short, long)
	assert.deepEqual([x.totals.km, x.totals.unserved, x.totals.balancePct, x.totals.seats], [4, 2, 5, 2])
	assert.equal(planDiff(x, long).seats[0].before.calls, planDiff(x, long).seats[0].after.calls)
	/* Five weeks hold two and a half turns of two. */
	const [five] = alike(short, inCycle([], at('2026-11-30', 5)))
	assert.deepEqual([...five.tours.values()].flat().filter((s) => s.need === 1).map((s) => s.day), [0, 14, 28])
})

test('the parameters want another cycle by its weeks, or by the day on which a week begins', () => {
	const c = at('2026-11-23', 4)
	assert.deepEqual([otherCycle(c, { weeks: 4, weekStart: 1 }), otherCycle(c, { weeks: 8, weekStart: 1 }), otherCycle(c, { weeks: 4, weekStart: 7 })], [false, true, true])
})

test('a change turns to another person, to other days, newly or no longer visited; the middle of a day is that of its others', () => {
	const a = plan([[1, 7, 0], [2, 7, 0], [3, 7, 1], [5, 8, 2]]), b = plan([[1, 8, 0], [2, 7, 3], [3, 7, 1], [6, 8, 2]])
	assert.deepEqual(hunks(a, b).map((h) => [h.need, turnOf(h)]).sort((p, q) => p[0] - q[0]), [[1, 'person'], [2, 'day'], [5, 'dropped'], [6, 'added']])
	const at = (need) => (need === 3 ? null : [need, need * 2])
	assert.deepEqual(middleOf(a, 1, [{ seat: 7, day: 0 }], at), [2, 4])
	assert.equal(middleOf(a, 3, [{ seat: 7, day: 1 }], at), null)
})
