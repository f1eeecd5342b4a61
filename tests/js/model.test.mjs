// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyReply, dateOf, dayIndex, decodeSnapshot, planOf, tourKey, tourOn, turnOf, validOn, workDays } from '../../www/js/plan/model.js'
import { priceLocally, wouldBe } from '../../www/js/plan/actions.js'
import { applyHeld } from '../../www/js/plan/held.js'
import { vehicleOf } from '../../www/js/plan/travel.js'

export const snapshot = {
	v: 2, details: 'a'.repeat(32), territory: { id: 1, code: 'T', name: 'T' }, made: '', n: 4,
	outlets: {
		id: [10, 5, 1, 4], lon: [7385000, 1000, 1000, null], lat: [1852000, 0, 0, null],
		tier: [0, 1, -1, 1], account: [-1, -1, -1, -1], partner: [0, 0, -1, 0], rural: [0, 0, 0, 0],
	},
	needs: { id: [100, 1, 1, 1], outlet: [0, 1, 1, 1], line: [0, 0, 0, 0], visits: [2, 1, 1, 1], service: [600, 540, 360, 360] },
	dict: { tier: ['Gold', 'Silver'], account: [], partner: [{ id: 1, code: 'P', name: 'P', lat: 18.5, lon: 73.8 }], line: ['MAIN'] },
	seats: [],
}
const cycle = { anchor: '2026-11-23', weeks: 4, days: 28, weekStart: 1, workWeekdays: [1, 2, 3, 4, 5, 6], closed: [3] }
const seat = (id) => ({ id, code: 'S' + id, name: '', person: null, vehicle: null, lat: 18.52, lon: 73.84, shiftSeconds: 24000, maxCalls: 2 })
const totals = { calls: 0, travelMinutes: 0, serviceMinutes: 0, overtimeMinutes: 0, km: 0, unserved: 0, balancePct: 0, seats: 2 }
export const draft = () => ({
	session: 1, seq: 4, planId: 1, territoryId: 1, channel: 'GT', cycle, seats: [seat(1), seat(2)], beats: [],
	visits: { need: [100, 100, 101, 102], day: [0, 14, 0, 1], seat: [1, 1, 1, 2], beat: [7, 7, null, null], pos: [1, 0, 0, 0], from: [null, null, null, null], to: [null, null, null, null] },
	tours: { seat: [1, 1, 2], day: [0, 14, 1], calls: [2, 1, 1], travel: [600, 300, 300], service: [1140, 600, 360], wait: [0, 0, 0], metres: [4000, 2000, 2500], over: [0, 0, 0] },
	unserved: { need: [103], missing: [1], reason: ['NO_COORDINATES'] }, pins: { need: [], hold: [] }, totals, undo: null, redo: null,
})
const context = (plan) => ({ plan, world: decodeSnapshot(snapshot), vehicle: () => vehicleOf(undefined), turn: 0 })

test('ids and places are told as differences, coordinates are 1e-5 degrees, null is no place', () => {
	const w = decodeSnapshot(snapshot)
	assert.deepEqual(w.id, [10, 15, 16, 20])
	assert.equal(w.lon[1], 73.86)
	assert.ok(Number.isNaN(w.lat[3]))
	assert.equal(w.tier[2], '')
	assert.deepEqual(w.needsOf[2], [102])
	assert.equal(w.needs.get(103).outlet, 3)
})
test('tours are in order of their positions', () => {
	const p = planOf(draft())
	assert.deepEqual(p.tours.get(tourKey(1, 0)).map((s) => s.need), [101, 100])
})
test('cycle days wrap from the anchor, also over the turn of the year and before it', () => {
	assert.equal(dayIndex(cycle, '2026-11-23'), 0)
	assert.equal(dayIndex(cycle, '2026-12-21'), 0)
	assert.equal(dayIndex(cycle, '2027-01-04'), 14)
	assert.equal(dayIndex(cycle, '2026-11-22'), 27)
	assert.equal(turnOf(cycle, '2026-11-22'), -1)
	assert.equal(dateOf(cycle, 1, 14), '2027-01-04')
})
test('a fortnightly visit stays 14 days apart over 2026/27', () => {
	const dates = [0, 14].flatMap((d) => [0, 1, 2].map((turn) => dateOf(cycle, turn, d))).sort()
	for (let i = 1; i < dates.length; i++)
		assert.equal((Date.parse(dates[i]) - Date.parse(dates[i - 1])) / 86400000, 14)
})
test('working days leave out the weekly holiday and closed days', () => {
	const days = workDays(cycle)
	assert.equal(days.includes(6), false)
	assert.equal(days.includes(3), false)
	assert.equal(days.length, 23)
})
test('bounds of a stop are inclusive', () => {
	const s = { from: '2026-11-24', to: '2026-11-24' }
	assert.equal(validOn(s, '2026-11-24'), true)
	assert.equal(validOn(s, '2026-11-25'), false)
	assert.equal(validOn({ from: null, to: '2026-11-24' }, '2020-01-01'), true)
})
test('a dated stop shows only in its turn', () => {
	const d = draft()
	d.visits.from[3] = d.visits.to[3] = '2026-12-22'
	const p = planOf(d)
	assert.equal(tourOn(p, tourKey(2, 1), 0).length, 0)
	assert.equal(tourOn(p, tourKey(2, 1), 1).length, 1)
})
test('a reply replaces the touched tours and leaves the rest as it is', () => {
	const p = planOf({ ...draft(), pins: { need: [101], hold: [2] } })
	const q = applyReply(p, {
		seq: 5, impact: { tours: [] }, undo: 'Move', redo: null, totals,
		visits: { need: [101, 102, 100], day: [0, 1, 1], seat: [1, 2, 2], beat: [null, null, 7], pos: [0, 0, 1], from: [null, null, null], to: [null, null, null] },
		tours: { seat: [1, 2], day: [0, 1], calls: [1, 2], travel: [1, 2], service: [1, 2], wait: [0, 0], metres: [1, 2], over: [0, 0] },
		unserved: { need: [103], missing: [1], reason: ['NO_COORDINATES'] }, pins: null,
	})
	assert.deepEqual(q.tours.get(tourKey(1, 0)).map((s) => s.need), [101])
	assert.deepEqual(q.tours.get(tourKey(2, 1)).map((s) => s.need), [102, 100])
	assert.equal(q.tours.get(tourKey(1, 14)), p.tours.get(tourKey(1, 14)))
	assert.equal(q.unserved.size, 1)
	assert.equal(q.undo, 'Move')
	assert.deepEqual([...q.pins], [[101, 2]], 'no word of pins: they are as before')
	assert.equal(p.tours.get(tourKey(1, 0)).length, 2, 'the old plan is a value')
})
test('a need that is only near keeps its visits of other days', () => {
	const q = applyReply(planOf(draft()), { // of need 100, one date of day 0 is with seat 2: that comes with the tour of seat 1, day 14 does not
		seq: 5, impact: { tours: [] }, undo: 'Move', redo: null, totals,
		visits: { need: [100, 101, 100], day: [0, 0, 0], seat: [1, 1, 2], beat: [7, null, null], pos: [0, 1, 0], from: [null, null, '2026-11-23'], to: [null, null, '2026-11-23'] },
		tours: { seat: [1], day: [0], calls: [2], travel: [1], service: [1], wait: [0], metres: [1], over: [0] },
		unserved: { need: [], missing: [], reason: [] }, pins: { need: [], hold: [] },
	})
	assert.deepEqual(q.tours.get(tourKey(1, 14)).map((s) => s.need), [100])
	assert.deepEqual(q.tours.get(tourKey(2, 0)).map((s) => s.need), [100])
})
test('an emptied tour goes, named by the impact alone', () => {
	const q = applyReply(planOf(draft()), {
		seq: 5, impact: { tours: [{ seat: 2, date: '2026-11-24' }] }, undo: null, redo: null, totals,
		visits: { need: [], day: [], seat: [], beat: [], pos: [], from: [], to: [] },
		tours: { seat: [], day: [], calls: [], travel: [], service: [], wait: [], metres: [], over: [] },
		unserved: { need: [102], missing: [1], reason: ['BY_HAND'] }, pins: { need: [], hold: [] },
	})
	assert.equal(q.tours.has(tourKey(2, 1)), false)
	assert.equal(q.unserved.get(102).reason, 'BY_HAND')
})
test('a touched need comes whole: its stops in other tours are replaced, their neighbours stay', () => {
	const d = draft()
	d.visits.need.push(102)
	d.visits.day.push(14)
	d.visits.seat.push(1)
	d.visits.beat.push(0)
	d.visits.pos.push(1)
	d.visits.from.push(null)
	d.visits.to.push(null)
	const p = planOf(d)
	assert.equal(p.tours.get(tourKey(1, 14))[1].beat, null, 'beat 0 is none')
	const q = applyReply(p, {
		seq: 5, impact: null, undo: null, redo: null, totals, reload: false, edits: 1,
		visits: { need: [101, 100, 100], day: [0, 1, 14], seat: [1, 2, 1], beat: [0, 7, 7], pos: [0, 0, 0], from: [null, null, '2026-12-07'], to: [null, null, null] },
		tours: { seat: [1, 2], day: [0, 1], calls: [1, 1], travel: [1, 1], service: [1, 1], wait: [0, 0], metres: [1, 1], over: [0, 0] },
		unserved: { need: [], missing: [], reason: [] }, pins: { need: [], hold: [] },
	})
	assert.deepEqual(q.tours.get(tourKey(1, 14)).map((s) => [s.need, s.from]), [[100, '2026-12-07'], [102, null]])
})
test('a placed need leaves the tray', () => {
	const q = applyReply(planOf(draft()), {
		seq: 5, impact: { tours: [] }, undo: null, redo: null, totals,
		visits: { need: [102, 103], day: [1, 1], seat: [2, 2], beat: [null, null], pos: [0, 1], from: [null, null], to: [null, null] },
		tours: { seat: [2], day: [1], calls: [2], travel: [1], service: [1], wait: [0], metres: [1], over: [0] },
		unserved: { need: [], missing: [], reason: [] }, pins: { need: [], hold: [] },
	})
	assert.equal(q.unserved.size, 0)
})
test('moving a visit changes two tours and prices them', () => {
	const c = context(planOf(draft()))
	const ops = [{ clientId: 'x', kind: 'move', visits: [{ need: 100, date: '2026-11-23' }], seat: 2, date: '2026-11-24' }]
	const tours = wouldBe(c, ops)
	assert.deepEqual([...tours.keys()].sort((a, b) => a - b), [tourKey(1, 0), tourKey(2, 1)])
	assert.deepEqual(tours.get(tourKey(2, 1)).map((s) => s.need).sort(), [100, 102])
	const impact = priceLocally(c, ops)
	const at = (s) => impact.tours.find((t) => t.seat === s)
	assert.equal(at(1).after.calls, 1)
	assert.equal(at(2).after.calls, 2)
	assert.deepEqual(impact.broken, [])
})
test('an operation moves what the one before it has brought', () => {
	const c = context(planOf(draft())), visit = (date) => [{ need: 100, date }]
	const tours = wouldBe(c, [{ clientId: 'x', kind: 'move', visits: visit('2026-11-23'), seat: 2, date: '2026-11-24' }, { clientId: 'y', kind: 'move', visits: visit('2026-11-24'), seat: 1 }])
	assert.deepEqual([[1, 0], [2, 1], [1, 1]].map(([seat, day]) => tours.get(tourKey(seat, day)).map((s) => s.need)), [[101], [102], [100]])
})
test('thousands of visits on one day are priced while the pointer moves', () => {
	const n = 3000, d = draft(), w = context(planOf(d)).world, lat = Float64Array.from({ length: n }, (_, i) => 18 + (i * 37 % 100) / 100), lon = Float64Array.from({ length: n }, (_, i) => 73 + (i * 61 % 97) / 97)
	const needs = new Map(Array.from({ length: n }, (_, i) => [1000 + i, { id: 1000 + i, outlet: i, line: '', visits: 1, service: 300 }]))
	for (let i = 0; i < n; i++)
		for (const [column, value] of Object.entries({ need: 1000 + i, day: 2, seat: 1, beat: 0, pos: i, from: null, to: null }))
			d.visits[column].push(value)
	const c = { ...context(planOf(d)), world: { ...w, lat, lon, rural: new Array(n).fill(0), needs } }
	const ops = [0, 2000].map((from) => ({ clientId: 'x' + from, kind: 'move', visits: Array.from({ length: Math.min(2000, n - from) }, (_, i) => ({ need: 1000 + from + i, date: '2026-11-25' })), seat: 2, date: '2026-11-24' }))
	const t = performance.now(), impact = priceLocally(c, ops), ms = performance.now() - t
	assert.equal(impact.tours.find((x) => x.seat === 2).after.calls, n + 1)
	assert.ok(impact.tours.find((x) => x.seat === 2).after.km < 12000, 'to and fro, not here and there')
	assert.ok(ms < 600, `${ms} ms`) // a tenth of it on a calm machine; stop by stop it is seconds
})
test('one call too many is a block', () => {
	const c = context(planOf(draft()))
	const impact = priceLocally(c, [{ clientId: 'x', kind: 'move', visits: [{ need: 102, date: '2026-11-24' }], seat: 1, date: '2026-11-23' }])
	assert.deepEqual(impact.broken.map((b) => b.rule), ['MAX_CALLS'])
})
test('two visits of an outlet on one day, and on a closed day, are blocks; a small gap is a warning', () => {
	const c = context(planOf(draft()))
	const rules = (date, need = 100, from = '2026-12-07') => priceLocally(c, [{ clientId: 'x', kind: 'move', visits: [{ need, date: from }], date }]).broken.map((b) => b.rule)
	assert.ok(rules('2026-11-23').includes('SEAT_DAY'))
	assert.ok(rules('2026-11-26').includes('CLOSED_DAY'))
	assert.deepEqual(rules('2026-11-24'), ['GAP'])
})
test('an order keeps all visits', () => {
	const c = context(planOf(draft()))
	const tours = wouldBe(c, [{ clientId: 'x', kind: 'sequence', seat: 1, date: '2026-11-23', order: [100, 101] }])
	assert.deepEqual(tours.get(tourKey(1, 0)).map((s) => s.need), [100, 101])
	const back = wouldBe(c, [{ clientId: 'x', kind: 'sequence', seat: 1, date: '2026-11-23', reverse: true }])
	assert.deepEqual(back.get(tourKey(1, 0)).map((s) => s.need), [100, 101])
})
test('visits that come into a beat stay where they are', () => {
	const c = context(planOf(draft())), before = c.plan.tours.get(tourKey(1, 0))
	const after = wouldBe(c, [{ clientId: 'x', kind: 'join', beat: 9, visits: [{ need: 101, date: '2026-11-23' }] }]).get(tourKey(1, 0))
	assert.deepEqual(after, before.map((s) => (s.need === 101 ? { ...s, beat: 9 } : s)))
	assert.ok(after.some((s) => s.beat === 9))
})
test('a beat goes whole to another seat', () => {
	const c = context(planOf(draft()))
	const tours = wouldBe(c, [{ clientId: 'x', kind: 'beat', beat: 7, seat: 2 }])
	assert.deepEqual(tours.get(tourKey(2, 0)).map((s) => s.need), [100])
	assert.deepEqual(tours.get(tourKey(2, 14)).map((s) => s.need), [100])
	assert.deepEqual(tours.get(tourKey(1, 14)), [])
})
test('a move tells before the server does that an outlet is pinned: its person, its days or both', () => {
	const d = draft(), on = (op) => priceLocally(context(planOf(d)), [op]).broken.filter((b) => b.rule === 'PINNED').length
	const visits = [{ need: 102, date: '2026-11-24' }], other = { kind: 'move', visits, seat: 1 }, later = { kind: 'move', visits, date: '2026-11-25' }
	for (const [hold, a, b, out] of [[0, 0, 0, 0], [1, 1, 0, 1], [2, 0, 1, 1], [3, 1, 1, 1]]) {
		d.pins = hold ? { need: [102], hold: [hold] } : { need: [], hold: [] }
		assert.deepEqual([on(other), on(later), on({ kind: 'remove', visits })], [a, b, out], `held ${hold}`)
	}
})
test('a pin that waits for the server shows', () => {
	const p = planOf({ ...draft(), pins: { need: [101], hold: [2] } }), q = applyHeld(context(p), [{ kind: 'pin', hold: 'both', needs: [100] }, { kind: 'pin', hold: 'none', needs: [101] }])
	assert.deepEqual([[...q.pins], [...p.pins]], [[[100, 3]], [[101, 2]]])
})
