// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up master data for the tests: the same from the same seed, as CSV files that an ERP could have written.

/** A small generator of numbers in 0..1 (mulberry32). */
export function random(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296
	}
}

/**
 * `rows` outlets in `areas` towns of about 5 km, each a region with a distributor and its share of seats; `spoilt` rows in a
 * thousand cannot be taken, as many again stand twice.
 * Gives the three files and how many rows of the first must be kept out.
 */
export function country({ rows, areas, seed = 1, spoilt = 0, prefix = 'T' }) {
	const r = random(seed), pick = (list) => list[Math.floor(r() * list.length)]
	const outlets = ['Outlet Code,Outlet Name,Address,City,Pincode,Latitude,Longitude,Country,Region,Area,DT Code,DT Name,Channel,Tier,Visit Frequency']
	const dts = ['DT Code,DT Name,Latitude,Longitude'], seats = ['Seat Code,Seat Name,Person,Territory,DT Codes,Vehicle,Latitude,Longitude']
	let rejected = 0, duplicate = 0
	const centre = (a) => [10 + Math.floor(a / 5) * 0.5, 75 + (a % 5) * 0.5]
	for (let a = 0; a < areas; a++) {
		const [lat, lon] = centre(a)
		dts.push(`${prefix}DT${a},Distributor ${a},${(lat + r() * 0.02).toFixed(5)},${(lon + r() * 0.02).toFixed(5)}`)
		for (let s = 0; s < Math.max(2, Math.ceil(rows / areas / 420)); s++)
			seats.push(`${prefix}S${a}-${s},Seat ${a}-${s},Person ${a}-${s},${prefix}DT${a},,two-wheeler,${(lat + r() * 0.03).toFixed(5)},${(lon + r() * 0.03).toFixed(5)}`)
	}
	for (let i = 0; i < rows; i++) {
		const a = i % areas, [lat, lon] = centre(a), bad = r() * 1000
		let at = `${(lat + (r() - 0.5) * 0.05).toFixed(5)},${(lon + (r() - 0.5) * 0.05).toFixed(5)}`
		let code = `${prefix}${String(i).padStart(6, '0')}`, name = `"Shop ${i}, ${pick(['Main', 'Market', 'Station', 'Temple'])} Road"`
		if (bad < spoilt / 2) {
			name = ''
			rejected++
		} else if (bad < spoilt) {
			at = '95.5,75.1'
		} else if (bad < 2 * spoilt && i > areas) {
			code = outlets[1].split(',')[0]
			duplicate++
		}
		outlets.push(`${code},${name},${i % 200} Road,City ${a},4${String(a).padStart(5, '0')},${at},Testland,${prefix}Region ${a},${prefix}Area ${a},` +
			`${prefix}DT${a},Distributor ${a},GT,${pick(['Gold', 'Silver', 'Silver', 'Bronze', 'Bronze', 'Bronze'])},`)
	}
	return { outlets: `${outlets.join('\r\n')}\r\n`, distributors: `${dts.join('\n')}\n`, seats: `${seats.join('\n')}\n`, rejected, duplicate }
}
