// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cheapest, legMetres, legSeconds, straight, tourSums, vehicleOf } from '../../www/js/plan/travel.js'

const v = { mps: 5, road: 1.3, lost: 90, walkMax: 300, walkMps: 4 / 3.6, walkRoad: 1.3, walkLost: 30 }
const a = { lat: 18.52, lon: 73.85 }
const north = (metres) => ({ lat: a.lat + metres / 111194.927, lon: a.lon })

test('one degree of latitude is 111,195 metres', () => {
	assert.equal(Math.round(straight({ lat: 10, lon: 20 }, { lat: 11, lon: 20 })), 111195)
})
test('longitude shrinks with the mean of both cosines', () => {
	const m = straight({ lat: 60, lon: 0 }, { lat: 60, lon: 1 })
	assert.ok(Math.abs(m - 111194.927 / 2) < 1)
})
test('the short way over the date line', () => {
	assert.ok(straight({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 }) < 23000)
})
test('a ride is metres x road factor / speed plus the lost minutes, rounded', () => {
	assert.equal(legSeconds(v, a, north(1000), true), Math.floor(1000 * 1.3 / 5 + 90 + 0.5))
	assert.equal(legSeconds(v, a, north(1000), false), 260)
	assert.equal(legMetres(v, a, north(1000)), 1300)
})
test('close stops are walked when that is quicker', () => {
	assert.equal(legSeconds(v, a, north(20), true), Math.floor(20 * 1.3 / (4 / 3.6) + 30 + 0.5))
	assert.equal(legSeconds(v, a, a, true), 30)
})
test('a tour goes out and home', () => {
	const s = tourSums(v, a, [{ at: north(1000), service: 600 }, { at: north(2000), service: 300 }])
	assert.equal(s.travel, 350 + 350 + 520)
	assert.equal(s.service, 900)
	assert.deepEqual(s.arrive, [350, 350 + 600 + 350])
	assert.equal(s.metres, 1300 + 1300 + 2600)
})
test('an empty tour costs nothing, a stop without a place no travel', () => {
	assert.deepEqual(tourSums(v, a, []), { travel: 0, metres: 0, service: 0, arrive: [] })
	assert.equal(tourSums(v, null, [{ at: null, service: 60 }]).travel, 0)
})
test('the cheapest place in a line is between its neighbours', () => {
	assert.equal(cheapest(v, a, [north(1000), north(3000)], north(2000)), 1)
	assert.equal(cheapest(v, a, [], north(2000)), 0)
})
test('the travel model of the plan sets speed, road factor and lost minutes of each vehicle', () => {
	const car = { vehicle: 'car', speedUrban: 36, speedRural: 50, roadFactorUrban: 1.5, roadFactorRural: 1.4, stopMinutes: 2, walkSpeed: 3.6, walkStopMinutes: 1, walkMetres: 200 }
	const v2 = vehicleOf([{ ...car, vehicle: 'walk', walkMetres: 0 }, car], 'car')
	assert.deepEqual([v2.mps, v2.road, v2.lost, v2.walkMps, v2.walkLost, v2.walkMax], [10, 1.5, 120, 1, 60, 200])
	assert.equal(vehicleOf([car], 'balloon').mps, 10)
	assert.equal(vehicleOf(undefined).lost, 90)
})
