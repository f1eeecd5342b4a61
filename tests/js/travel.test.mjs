// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { cheapest, legMetres, legSeconds, straight, tourSums, vehicleOf } from '../../www/js/plan/travel.js'

const v = { pace: [0.26, 0.27, 0.28], road: [1.3, 1.35, 1.4], lost: 90, walkMax: 300, walkPace: 1.3 * 0.9, walkLost: 30 }
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
	const near = (x, y) => assert.ok(Math.abs(x - y) < 1e-9, `${x} is not ${y}`)
	near(v2.pace[0], 0.15)
	near(v2.pace[2], 1.4 * 3.6 / 50)
	near(v2.pace[1], (v2.pace[0] + v2.pace[2]) / 2)
	assert.deepEqual([v2.road[0], v2.road[2], v2.lost, v2.walkLost, v2.walkMax], [1.5, 1.4, 120, 60, 200])
	near(v2.walkPace, 1.5)
	near(vehicleOf([car], 'balloon').pace[0], 0.15)
	assert.equal(vehicleOf(undefined).lost, 90)
})

test('legs in town, in the country and between take the seconds and metres that the server takes', () => {
	/** The default travel model as a draft brings it: from whole millimetres a second. */
	const kmh = (mmps) => mmps * 0.0036
	const model = { vehicle: '', speedUrban: kmh(5000), speedRural: kmh(8333), roadFactorUrban: 1.3, roadFactorRural: 1.4, stopMinutes: 1.5, walkSpeed: kmh(1111), walkStopMinutes: 0.5, walkMetres: 300 }
	const models = [{ ...model, vehicle: 'two-wheeler' }, { ...model, vehicle: 'car', speedUrban: kmh(4444), speedRural: kmh(10556), stopMinutes: 3 }]
	const lines = readFileSync(new URL('../data/legs.csv', import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('#'))
	assert.ok(lines.length > 100)
	for (const line of lines) {
		const [vehicle, lat, lon, rural, lat2, lon2, rural2, stop, seconds, metres] = line.split(',')
		const vh = vehicleOf(models, vehicle), p = { lat: lat / 1e6, lon: lon / 1e6, rural: Number(rural) }, q = { lat: lat2 / 1e6, lon: lon2 / 1e6, rural: Number(rural2) }
		assert.deepEqual([legSeconds(vh, p, q, stop === '1'), legMetres(vh, p, q)], [Number(seconds), Number(metres)], line)
	}
})
