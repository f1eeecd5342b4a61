// SPDX-License-Identifier: GPL-3.0-or-later
// The hierarchy in a real table: the communes of France with arrondissement, department and region, as they are and with
// a wrong cell in 2 % of the rows. FIGURES=1 prints them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const program = join(process.env.BEATPLAN_BUILD ?? new URL('../../build', import.meta.url).pathname, 'beatplan-cli')
const data = new URL('../../node_modules/@etalab/decoupage-administratif/data/', import.meta.url)
const skip = !existsSync(program) && 'the programs are not built'
const levels = ['region', 'departement', 'arrondissement']

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, data), 'utf8'))

/** Rows as an ERP would have them: names beside codes, and columns that are no level. */
function communes() {
	const names = Object.fromEntries(read('departements.json').map((/** @type {any} */ d) => [d.code, d.nom]))
	return read('communes.json').filter((/** @type {any} */ c) => c.type === 'commune-actuelle').map((/** @type {any} */ c) => ({
		code: c.code, nom: c.nom, arrondissement: c.arrondissement ?? '', departement: c.departement, 'nom departement': names[c.departement] ?? '',
		region: c.region, population: c.population ?? '', siren: c.siren ?? '', chef: c.rangChefLieu ?? '',
	}))
}

/** @param {Record<string, string>[]} rows */
function detect(rows) {
	const folder = mkdtempSync(join(tmpdir(), 'beatplan-detect-')), file = join(folder, 'communes.csv')
	const cell = (/** @type {unknown} */ v) => `"${String(v).replaceAll('"', '""')}"`
	try {
		writeFileSync(file, [Object.keys(rows[0]), ...rows.map((r) => Object.values(r))].map((r) => r.map(cell).join(',')).join('\n') + '\n')
		return JSON.parse(execFileSync(program, ['detect', file, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 }))
	} finally {
		rmSync(folder, { recursive: true })
	}
}

/** The same numbers each time (Park and Miller 1988). @param {number} seed */
const numbers = (seed) => () => (seed = seed * 48271 % 2147483647) / 2147483647

/** @param {any} found */
const chain = (found) => found.levels.map((/** @type {any} */ l) => l.column)

test('the levels of France are found', { skip }, () => {
	const rows = communes(), found = detect(rows)
	assert.ok(rows.length > 34000)
	assert.deepEqual(chain(found), levels)
	assert.deepEqual(found.levels[1].same, ['nom departement'])
	assert.deepEqual(found.wrongLines, [])
})

test('with a wrong cell in 2 % of the rows the same levels are found, and the wrong rows', { skip }, () => {
	const rows = communes(), draw = numbers(7), wrong = new Set()
	for (const [i, row] of rows.entries()) {
		if (draw() >= 0.02)
			continue
		const level = levels[Math.floor(draw() * levels.length)], was = row[level]
		while (row[level] === was)
			row[level] = rows[Math.floor(draw() * rows.length)][level]
		wrong.add(i + 2)
	}
	const found = detect(rows), hits = found.wrongLines.filter((/** @type {number} */ l) => wrong.has(l)).length
	const precision = hits / found.wrongLines.length, recall = hits / wrong.size
	if (process.env.FIGURES)
		console.error(`rows ${rows.length}, wrong ${wrong.size}, listed ${found.wrongLines.length}, precision ${precision}, recall ${recall}`)
	assert.deepEqual(chain(found), levels)
	assert.ok(precision >= 0.95, `precision ${precision}`)
	assert.ok(recall >= 0.9, `recall ${recall}`)
})
