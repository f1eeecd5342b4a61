// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matching } from '../../www/js/map/gazetteer.js'
import { colourUnits, unitColours } from '../../www/js/units/colours.js'
import { boundsOfCells, cellsOf, neighbours, placesOfOverview } from '../../www/js/units/overview.js'
import { besideEachOther, boundsOf, deviations, insideArea, keyOf, labelPlaces, placesOf, wouldBe } from '../../www/js/units/model.js'

/* Two units of today; a scenario that goes on as the first and makes another. Each place asks for an hour. */
const places = () => placesOf({
	units: [{ number: 0, territoryId: 7, code: 'a', name: 'A', outlets: 3, hours: 3 }, { number: 1, territoryId: null, code: 'b', name: 'B', outlets: 1, hours: 1 }],
	today: [7, 9], id: [10, 1, 1, 5], lat: [100000, 100000, 200000, 300000], lon: [0, 100000, 100000, -50000], unit: [0, 0, 0, 1], was: [0, 0, 1, 1], work: [600, 600, 600, 600],
})

test('columns become places: ids add up, and whoever changes the unit is known', () => {
	const p = places()
	assert.deepEqual([...p.id], [10, 11, 12, 17])
	assert.deepEqual([...p.moved], [0, 0, 1, 1])
	assert.deepEqual([...p.work], [1, 1, 1, 1])
	assert.equal(p.lat[2], 2)
	assert.equal(keyOf(p.units[0]), 't7')
	assert.equal(keyOf(p.units[1]), 'm1')
})

test('a move is known before it counts, to a new unit too', () => {
	const p = places()
	assert.deepEqual(deviations(p.units), [50, -50])
	assert.deepEqual(wouldBe(p, [0], 1), { units: [{ outlets: 2, hours: 2 }, { outlets: 2, hours: 2 }], deviation: 0 })
	assert.deepEqual(wouldBe(p, [3], 0).deviation, 0)
	assert.deepEqual(wouldBe(p, [0, 1], 2).units, [{ outlets: 1, hours: 1 }, { outlets: 1, hours: 1 }, { outlets: 2, hours: 2 }])
	assert.equal(p.units[0].outlets, 3)
})

test('two scenarios beside each other: what both make is one unit, what they put elsewhere counts in both', () => {
	const left = places(), other = { ...left, units: [{ ...left.units[1], number: 0, name: 'New' }, { ...left.units[0], number: 1 }], unit: Int32Array.from([1, 0, 1, 0]) }
	const [a, b] = besideEachOther(left, other, [0, 1, 1, 0])
	assert.deepEqual(b.units.map(keyOf), ['m1', 't7'])
	assert.equal(b.units[0].name, 'B')
	assert.deepEqual([[...a.moved], [...b.moved]], [[0, 1, 0, 0], [0, 1, 0, 0]])
	/* Without a partner it is no unit of the left, whatever its number; an outlet that one side lacks differs in neither. */
	const [c, d] = besideEachOther(left, { ...other, n: 3, id: other.id.slice(1), unit: other.unit.slice(1) }, [0, 1])
	assert.deepEqual(d.units.map(keyOf), ['n0', 't7'])
	assert.deepEqual([[...c.moved], [...d.moved]], [[0, 1, 0, 1], [1, 0, 1]])
})

test('counts in cells lie where the map has them; neighbours are told apart; outlets come in their place when they are few', () => {
	const units = [3, 9].map((territoryId, number) => ({ number, territoryId, code: 'u' + territoryId, name: 'U' + territoryId, outlets: 5, hours: null }))
	const o = { units, level: 2, x: [2, 3, 2], y: [1, 1, 2], outlets: [4, 5, 1], unit: [0, 1, 0], id: [], lat: [], lon: [] }
	const cells = cellsOf(o), p = placesOfOverview(o, boundsOfCells(cells))
	assert.deepEqual(cells[0].box.map((v) => Math.round(v * 100) / 100), [0, 0, 90, 66.51])
	assert.deepEqual(neighbours(o), [['t3', 't9']])
	assert.deepEqual([p.n, p.cells.length, ...boundsOf(p).map(Math.round)], [0, 3, 0, -67, 180, 67])
	assert.deepEqual([p.weighed, placesOfOverview({ ...o, units: units.map((u) => ({ ...u, hours: 4 })) }, null).weighed], [false, true])
	const few = placesOfOverview({ ...o, level: null, x: [], y: [], outlets: [], id: [7, 2], lat: [100000, 200000], lon: [0, 1], unit: [1, 0] }, p.box)
	assert.deepEqual([[...few.id], [...few.unit], few.lat[1], few.cells, few.box], [[7, 9], [1, 0], 2, null, p.box])
})

test('names stand at an outlet of the unit', () => {
	const p = places()
	assert.deepEqual(labelPlaces(p, p.unit, 3), [[1, 1], [-0.5, 3], null])
})

test('a hole does not count', () => {
	const ring = (a, b) => [[a, a], [b, a], [b, b], [a, b], [a, a]]
	assert.equal(insideArea([[ring(0, 9), ring(3, 6)]], 1, 1), true)
	assert.equal(insideArea([[ring(0, 9), ring(3, 6)]], 4, 4), false)
	assert.equal(insideArea([[ring(0, 9), ring(3, 6)], [ring(4, 5)]], 4.5, 4.5), true)
	assert.equal(insideArea([[ring(0, 9)]], 10, 1), false)
})

test('neighbours never share a colour: of a wheel, a grid and random maps', () => {
	const check = (keys, edges) => {
		const c = colourUnits(keys, edges)
		for (const [a, b] of edges)
			if (a !== b)
				assert.notEqual(c.get(a), c.get(b), `${a} ${b}`)
		return new Set(c.values()).size
	}
	const name = (i) => 'u' + i, rim = [...Array(9).keys()]
	assert.ok(check([...rim, 9].map(name), rim.flatMap((i) => [[name(i), name((i + 1) % 9)], [name(i), name(9)]])) <= 5)
	const grid = []
	for (let i = 0; i < 100; i++)
		for (const d of [1, 10, 11])
			if (i + d < 100 && !(d !== 10 && i % 10 === 9))
				grid.push([name(i), name(i + d)])
	assert.ok(check([...Array(100).keys()].map(name), grid) <= 6)
	assert.deepEqual([...colourUnits(['a', 'b'], [['a', 'a'], ['a', 'gone']]).keys()].sort(), ['a', 'b'])
	assert.equal(colourUnits([], []).size, 0)
})

/* How a colour looks to somebody without red or green cones (Vienot, Brettel and Mollon 1999), and how far two are apart (CIE Lab). */
const linear = (hex) => [1, 3, 5].map((k) => (parseInt(hex.slice(k, k + 2), 16) / 255)).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
const seen = {
	everybody: (c) => c,
	'no red': ([r, g, b]) => [0.11238 * r + 0.88762 * g, 0.11238 * r + 0.88762 * g, 0.00401 * r - 0.00401 * g + b],
	'no green': ([r, g, b]) => [0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b],
}
const lab = ([r, g, b]) => {
	const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
	const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505), y = f(0.2126 * r + 0.7152 * g + 0.0722 * b), z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
test('the colours differ for people who see red and green alike, on a light and on a dark map', () => {
	for (const [scheme, ground] of [[false, '#f7f7f4'], [true, '#1c2326']])
		for (const [who, see] of Object.entries(seen)) {
			const all = [...unitColours(scheme), ground].map((c) => lab(see(linear(c))))
			for (let i = 0; i < all.length; i++)
				for (let j = 0; j < i; j++) {
					const far = Math.hypot(...all[i].map((v, k) => v - all[j][k]))
					assert.ok(far > (i < 5 && j < 5 || i === all.length - 1 ? 20 : 10), `${who}, ${scheme ? 'dark' : 'light'}: ${i} and ${j} are ${far.toFixed(1)} apart`)
				}
		}
})

test('places are found by what people type', () => {
	const list = { name: ['Ñuñoa', 'Nunoa Alto', 'Nunspeet', 'Anuno'], pop: [10, 5000, 900000, 4], lat: [1, 2, 3, 4], lon: [1, 2, 3, 4] }
	assert.deepEqual(matching([list, null], ' nuñoa').map((f) => f.name), ['Ñuñoa', 'Nunoa Alto'])
	assert.deepEqual(matching([list], 'NUN').map((f) => f.name), ['Nunspeet', 'Nunoa Alto', 'Ñuñoa'])
	assert.deepEqual(matching([list], ' - '), [])
})
