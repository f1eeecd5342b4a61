// SPDX-License-Identifier: GPL-3.0-or-later
// Writes lib/geo/countries.def anew, by hand when borders or names have changed: node www/tools/countries.mjs
// Boxes from Natural Earth (public domain, 50m), names from Unicode's CLDR as this program's Intl has them.
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { feature } from 'topojson-client'

const languages = ['en', 'fr', 'es', 'pt', 'de', 'it', 'nl', 'pl', 'tr', 'id']
/** How people and systems write them beside. */
const more = {
	US: ['usa', 'united states of america', 'america'], GB: ['uk', 'great britain', 'england', 'scotland', 'wales', 'northern ireland'], NL: ['holland'],
	CZ: ['czech republic'], MM: ['burma'], CI: ['ivory coast'], MK: ['macedonia'], CD: ['drc', 'dr congo', 'democratic republic of the congo'],
	CG: ['congo', 'republic of the congo'], AE: ['uae'], RU: ['russian federation'], KR: ['korea', 'republic of korea'], VN: ['viet nam'], TR: ['turkey'],
	BA: ['bosnia'], LA: ['lao'], SZ: ['swaziland'], CV: ['cabo verde'], TZ: ['united republic of tanzania'], VE: ['venezuela'], BO: ['bolivia'], IR: ['iran'],
	SY: ['syria'], MD: ['moldova'], BN: ['brunei'], TL: ['east timor'], PS: ['palestine'], HK: ['hong kong'], MO: ['macao', 'macau'], BH: ['kingdom of bahrain'], IN: ['bharat'], DE: ['brd'],
}
/** The atlas shortens some names. */
const shortened = {
	'Vatican': 'VA', 'Marshall Is.': 'MH', 'N. Mariana Is.': 'MP', 'U.S. Virgin Is.': 'VI', 'United States of America': 'US', 'S. Geo. and the Is.': 'GS',
	'Br. Indian Ocean Ter.': 'IO', 'Saint Helena': 'SH', 'Pitcairn Is.': 'PN', 'Falkland Is.': 'FK', 'Cayman Is.': 'KY', 'British Virgin Is.': 'VG',
	'Turks and Caicos Is.': 'TC', 'Turkey': 'TR', 'Trinidad and Tobago': 'TT', 'S. Sudan': 'SS', 'Somaliland': 'SO', 'Solomon Is.': 'SB',
	'São Tomé and Principe': 'ST', 'St. Vin. and Gren.': 'VC', 'Saint Lucia': 'LC', 'St. Kitts and Nevis': 'KN', 'Cook Is.': 'CK', 'W. Sahara': 'EH',
	'Macedonia': 'MK', 'Palestine': 'PS', 'St. Pierre and Miquelon': 'PM', 'Wallis and Futuna Is.': 'WF', 'Fr. Polynesia': 'PF',
	'Fr. S. Antarctic Lands': 'TF', 'Åland': 'AX', 'Eq. Guinea': 'GQ', 'Dominican Rep.': 'DO', 'Faeroe Is.': 'FO', 'N. Cyprus': 'CY', 'Dem. Rep. Congo': 'CD',
	'Congo': 'CG', 'Macao': 'MO', 'Hong Kong': 'HK', 'Central African Rep.': 'CF', 'Cabo Verde': 'CV', 'Myanmar': 'MM', 'Bosnia and Herz.': 'BA',
	'Antigua and Barb.': 'AG', 'Heard I. and McDonald Is.': 'HM',
}
const squash = (s) => s.toLowerCase().normalize('NFD').replace(/ø/g, 'o').replace(/ł/g, 'l').replace(/ı/g, 'i').replace(/ß/g, 'ss').replace(/[^a-z]/g, '')
const GAP = 3, PAD = 0.2

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'], english = new Intl.DisplayNames(['en'], { type: 'region' })
const byName = new Map(letters.flatMap((a) => letters.map((b) => a + b)).filter((c) => english.of(c) !== c).map((c) => [squash(english.of(c)), c]))
const boxOf = (ring) => ring.reduce((b, [x, y]) => [Math.min(b[0], y), Math.min(b[1], x), Math.max(b[2], y), Math.max(b[3], x)], [90, 180, -90, -180])
const near = (a, b) => a[0] - GAP <= b[2] && b[0] - GAP <= a[2] && a[1] - GAP <= b[3] && b[1] - GAP <= a[3]
const join = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
/** Boxes of parts that lie near each other are one. */
function merged(boxes) {
	for (let i = 0; i < boxes.length; i++)
		for (let j = i + 1; j < boxes.length; j++)
			if (near(boxes[i], boxes[j]))
				return merged([join(boxes[i], boxes[j]), ...boxes.filter((_, k) => k !== i && k !== j)])
	return boxes
}

const require = createRequire(import.meta.url)
const atlas = require('world-atlas/countries-50m.json')
const parts = new Map()
for (const f of feature(atlas, atlas.objects.countries).features) {
	const code = shortened[f.properties.name] ?? byName.get(squash(f.properties.name))
	const rings = f.geometry ? (f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0]] : f.geometry.coordinates.map((p) => p[0])) : []
	if (code)
		parts.set(code, [...parts.get(code) ?? [], ...rings.map(boxOf)])
}
const tenth = (v, way) => (way < 0 ? Math.floor((v - PAD) * 10) : Math.ceil((v + PAD) * 10))
const lines = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, boxes]) => {
	const names = new Set([code.toLowerCase(), ...languages.map((l) => squash(new Intl.DisplayNames([l], { type: 'region' }).of(code))), ...(more[code] ?? []).map(squash)])
	const all = merged(boxes).sort((a, b) => a[1] - b[1]).map((b) => `{${Math.max(-900, tenth(b[0], -1))}, ${Math.max(-1800, tenth(b[1], -1))}, ${Math.min(900, tenth(b[2], 1))}, ${Math.min(1800, tenth(b[3], 1))}}`)
	return `COUNTRY("${code}", "${[...names].join('|')}", ${all.join(', ')})`
})
await writeFile(new URL('../../lib/geo/countries.def', import.meta.url), `/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * COUNTRY(ISO 3166 code, names, boxes): where countries lie, in tenths of a degree {south, west, north, east}, one box for each
 * group of their parts; a part beyond the 180th meridian has a box of its own. Names are in small Latin letters only.
 * Made by www/tools/countries.mjs from Natural Earth (public domain) and Unicode CLDR (Unicode licence): change that, not this. */
${lines.join('\n')}
`)
console.log(`${lines.length} countries`)
