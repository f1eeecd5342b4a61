// SPDX-License-Identifier: GPL-3.0-or-later
// Place names and finer outlines, fetched for the part of the world in sight.

/** @typedef {{name: string[], pop: number[], lon: number[], lat: number[]}} Places */
/** @type {Map<string, Promise<any>>} */
const files = new Map()
/** @param {string} name */
export function baseFile(name) {
	let f = files.get(name)
	if (!f) {
		f = fetch(`/vendor/basemap/${name}.json`).then((r) => (r.ok ? r.json() : null), () => null)
		files.set(name, f)
	}
	return f
}

/** @param {Places | null} p @param {(i: number, p: Places) => boolean} keep */
const features = (p, keep) => (p ? p.name.flatMap((name, i) => (keep(i, p) ? [{
	type: 'Feature', properties: { name, pop: p.pop[i] }, geometry: { type: 'Point', coordinates: [p.lon[i], p.lat[i]] },
}] : [])) : [])

/** The cells of 10 degrees that a view touches, at most 24. @param {[number, number, number, number]} b w s e n */
export function cellsOf(b) {
	const out = []
	for (let x = Math.floor(b[0] / 10) * 10; x <= b[2]; x += 10)
		for (let y = Math.floor(b[1] / 10) * 10; y <= b[3]; y += 10)
			out.push(`${x}_${y}`)
	return out.slice(0, 24)
}

/** Labels for a view: the more the closer. @param {[number, number, number, number]} b @param {number} zoom */
export async function placesFor(b, zoom) {
	if (zoom < 6) {
		const least = zoom < 4 ? 1000000 : 200000
		return features(await baseFile('places'), (i, p) => p.pop[i] >= least)
	}
	const known = /** @type {string[] | null} */ (await baseFile('places/index')) ?? []
	const least = zoom < 7.5 ? 50000 : zoom < 9 ? 10000 : 0
	const lists = await Promise.all(cellsOf(b).filter((c) => known.includes(c)).map((c) => baseFile('places/' + c)))
	const m = 0.3 * (b[2] - b[0])
	return lists.flatMap((l) => features(l, (i, p) => p.pop[i] >= least && p.lon[i] > b[0] - m && p.lon[i] < b[2] + m && p.lat[i] > b[1] - m && p.lat[i] < b[3] + m))
}

/** Fine land for a view. @param {[number, number, number, number]} b */
export async function landFor(b) {
	const known = /** @type {string[] | null} */ (await baseFile('land/index')) ?? []
	return (await Promise.all(cellsOf(b).filter((c) => known.includes(c)).map((c) => baseFile('land/' + c)))).filter(Boolean)
}
