// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of several territories seen as one, and gestures over them parted again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf, tourKey } from '../../www/js/plan/model.js'
import { joinImpacts, joinPlans, joinWorlds, partOps } from '../../www/js/plan/union.js'

const at = (anchor, weeks) => ({ anchor, weeks, days: weeks * 7, weekStart: 1, workWeekdays: [1, 2, 3, 4, 5], closed: [] })
const seat = (id, personId, more = {}) => ({ id, code: 'S' + id, name: '', person: personId ? 'P' + personId : null, personId, vehicle: null, lat: null, lon: null, shiftStart: 32400, shiftSeconds: 24000, maxCalls: 6, workDays: [0, 1, 2, 3, 4], absences: [], ...more })
const totals = { calls: 0, travelMinutes: 0, serviceMinutes: 0, overtimeMinutes: 0, km: 0, unserved: 1, balancePct: 0, seats: 1 }
/** Visits as [need, day, seat]; each takes an hour and a quarter of one to get there. */
const plan = (planId, cycle, seats, visits, more = {}) => planOf({
	planId, cycle, seats, beats: [], seq: planId, totals, undo: null, redo: null, edits: 1, unserved: { need: [], missing: [], reason: [] }, pins: { need: [visits[0][0]], hold: [2] },
	visits: { need: visits.map((v) => v[0]), day: visits.map((v) => v[1]), seat: visits.map((v) => v[2]), beat: visits.map(() => 0), pos: visits.map((_, i) => i), from: [], to: [] },
	tours: Object.fromEntries([...Object.entries({ seat: (v) => v[2], day: (v) => v[1] }).map(([k, f]) => [k, [...new Set(visits.map((v) => `${v[2]} ${v[1]}`))].map((x) => Number(x.split(' ')[k === 'seat' ? 0 : 1]))]),
		...['calls', 'travel', 'service', 'wait', 'metres', 'over'].map((k) => [k, [...new Set(visits.map((v) => `${v[2]} ${v[1]}`))].map((x) => visits.filter((v) => `${v[2]} ${v[1]}` === x).length * ({ calls: 1, travel: 900, service: 3600, metres: 1000 }[k] ?? 0))])]), ...more,
})
const world = (id, needs, lat = 10) => ({ n: needs.length, id: needs.map((n) => n * 10), details: 'd' + id, lon: Float64Array.from(needs, (_, i) => 70 + i / 100), lat: Float64Array.from(needs, () => lat), tier: needs.map(() => 'Gold'), partner: needs.map(() => 'P'), partnerIndex: needs.map(() => 0), account: needs.map(() => 'C'),
	rural: needs.map(() => 0), needs: new Map(needs.map((n, i) => [n, { id: n, outlet: i, line: '', visits: 4, service: 3600 }])), needsOf: needs.map((n) => [n]), partners: [{ id: 7, code: 'P', name: 'P', lat: null, lon: null }], tiers: ['Gold'], lines: [] })
const cycle = at('2026-11-30', 4)
/** Person 5 has a seat in each; seat 3 is of the second alone. */
const two = () => {
	const worlds = [world(1, [1, 2]), world(2, [11, 12], 10.2)]
	const plans = [plan(1, cycle, [seat(1, 5)], [[1, 0, 1], [2, 0, 1]]), plan(2, cycle, [seat(2, 5, { maxCalls: 8 }), seat(3, 6)], [[11, 0, 2], [12, 1, 3]])]
	return { plans, world: joinWorlds(worlds) }
}

test('outlets follow each other, needs with them, and a distributor of both is one', () => {
	const { world: w } = two()
	assert.deepEqual([w.n, w.id, w.unit, w.needs.get(12).outlet, w.partners.length, w.partnerIndex], [4, [10, 20, 110, 120], [0, 0, 1, 1], 3, 1, [0, 0, 0, 0]])
})
test('a person with seats in both is one row, whose days have the work of both and the way between them', () => {
	const { plans, world: w } = two(), p = joinPlans(plans, 0, w)
	assert.deepEqual(p.seats.map((s) => [s.id, s.code, s.maxCalls]), [[1, 'S1 + S2', 8], [3, 'S3', 6]])
	assert.deepEqual(p.tours.get(tourKey(1, 0)).map((s) => s.need), [1, 2, 11])
	const day = p.sums.get(tourKey(1, 0))
	assert.equal(day.calls, 3)
	assert.ok(day.travel > 2700 + 900, `${day.travel}: twenty kilometres lie between them`)
	assert.equal(day.service, 10800)
	assert.deepEqual([p.totals.calls, p.totals.seats, p.totals.unserved, p.seq, p.edits, [...p.pins.keys()]], [4, 2, 2, 3, 2, [1, 11]])
})
test('a day is over its limits by the work of both', () => {
	const { plans, world: w } = two()
	plans[0].seats[0].shiftSeconds = plans[1].seats[0].shiftSeconds = 11000
	assert.ok(joinPlans(plans, 0, w).sums.get(tourKey(1, 0)).over > 0)
})
test('a shorter cycle that begins on another day is shown on its dates, turn by turn', () => {
	const { world: w, plans: [one] } = two(), short = plan(2, at('2026-12-07', 3), [seat(2, 9)], [[11, 0, 2]])
	const days = (turn) => [...joinPlans([one, short], turn, w).tours].filter(([, l]) => l[0].need === 11).map(([, l]) => l[0].day)
	assert.deepEqual([days(0), days(1)], [[7], [0, 21]])
})
test('what was done last is undone first; a commit is not taken back here', () => {
	const { world: w } = two(), of = (more) => plan(1, cycle, [seat(1, 5)], [[1, 0, 1]], more)
	const p = joinPlans([of({ undo: 'a', undoAt: '2026-11-28T01:00:00.100Z', redo: 'x', redoAt: '2026-11-28T03:00:00.000Z' }), of({ undo: 'b', undoAt: '2026-11-28T01:00:00.200Z', redo: 'y', redoAt: '2026-11-28T02:00:00.000Z' })], 0, w)
	assert.deepEqual([p.undo, p.redo], ['b', 'y'])
	assert.equal(joinPlans([of({ undo: 'take back the commit of version 1', undoAt: null })], 0, w).undo, null)
	assert.equal(joinPlans([of({ undo: 'a', undoAt: '2026-11-28T01:00:00.100Z' }), { ...of({}), undo: 'held' }], 0, w).undo, 'held')
})
test('a gesture is parted by its needs, with the seat that the person has in each', () => {
	const { plans } = two(), partOf = (need) => (need < 10 ? 0 : 1), tour = () => [1, 2, 11], v = (need) => ({ need, date: '2026-11-30' })
	const part = (ops) => partOps(plans, partOf, tour, ops)
	assert.deepEqual(part([{ kind: 'move', visits: [v(1), v(11)], seat: 1, date: '2026-12-01' }]).ops, [[{ kind: 'move', visits: [v(1)], seat: 1, date: '2026-12-01' }], [{ kind: 'move', visits: [v(11)], seat: 2, date: '2026-12-01' }]])
	assert.deepEqual(part([{ kind: 'pin', hold: 'days', needs: [2] }]).ops, [[{ kind: 'pin', hold: 'days', needs: [2] }], []])
	assert.deepEqual(part([{ kind: 'sequence', seat: 1, date: '2026-11-30', order: [11, 2, 1] }]).ops, [[{ kind: 'sequence', seat: 1, date: '2026-11-30', order: [2, 1] }], [{ kind: 'sequence', seat: 2, date: '2026-11-30', order: [11] }]])
	assert.deepEqual(part([{ kind: 'place', need: 12, seat: 1, date: '2026-11-30', pos: 3 }]).ops, [[], [{ kind: 'place', need: 12, seat: 2, date: '2026-11-30', pos: 1 }]])
	assert.deepEqual(part([{ kind: 'arrange', tours: [{ seat: 2, date: '2026-11-30', order: [] }, { seat: 3, date: '2026-12-01', order: [12, 11] }] }]).ops[1][0].tours.map((t) => t.seat), [2, 3])
})
test('whoever has no seat in a territory gets none of its stores', () => {
	const { plans } = two()
	assert.deepEqual(partOps(plans, (need) => (need < 10 ? 0 : 1), () => [], [{ kind: 'move', visits: [{ need: 1, date: '2026-11-30' }], seat: 3 }]), { seat: 3, part: 0 })
})
test('costs are added, days are those of the person', () => {
	const tour = (s) => ({ seat: s, date: '2026-11-30', before: {}, after: {} }), i = (s, minutes) => ({ price: { total: minutes, travel: 1 }, minutes, km: 1, overtimeMinutes: 0, dueMinutes: 0, balanceBefore: s, balanceAfter: 1, tours: [tour(s)], broken: [{ seat: s }, { seat: null }] })
	const all = joinImpacts([i(1, 10), i(2, 5)], new Map([[1, 1], [2, 1]]))
	assert.deepEqual([all.price, all.minutes, all.km, all.balanceBefore, all.tours.map((x) => x.seat), all.broken.map((x) => x.seat)], [{ total: 15, travel: 2 }, 15, 2, 2, [1, 1], [1, null, 1, null]])
})
