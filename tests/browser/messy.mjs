// SPDX-License-Identifier: GPL-3.0-or-later
// A messy file of 200,000 rows as a person brings it in: dropped, with the browser closed in the middle, mapped with a transform,
// causes mended for all their rows at once, one cell corrected in the grid, loaded with every row accounted for, and undone.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, crash, openPage, percent, shot, signIn, slow, until } from './lib.mjs'

const ROWS = 200000
const stamp = Date.now().toString(36)

/** What is wrong, and in how many rows. */
const wrong = { swapped: 0, gld: 0, unnamed: 0, twice: 77 }
function messy() {
	const lines = [`Extract of the ERP;;;;;;;;;`, '', 'Kd-Nr;Bezeichnung;Strasse;Nr;Geo;Klasse;Kunde seit;Rhythmus;Land;Bundesland;Bezirk;DT Code']
	for (let i = 0; i < ROWS - wrong.twice; i++) {
		const lat = (18.5 + (i % 997) / 4000).toFixed(5), lon = (73.8 + (i % 1009) / 4000).toFixed(5)
		const swap = i % 47 === 5, gld = i % 629 === 3, unnamed = i % 40000 === 77
		wrong.swapped += swap ? 1 : 0
		wrong.gld += gld ? 1 : 0
		wrong.unnamed += unnamed ? 1 : 0
		lines.push(`${stamp}-${i};${unnamed ? '' : `  Laden  ${i} `};Hauptstr.;${i % 90};${swap ? `${lon}, ${lat}` : `${lat}, ${lon}`};${gld ? 'gld' : 'ABC'[i % 3]};${i === 150000 ? '25/03/2024' : `0${1 + (i % 9)}/0${1 + (i % 7)}/2024`};F${i % 2 ? 4 : 2};Messland ${stamp};Teil ${stamp};Bezirk ${i % 20} ${stamp};MD-${stamp}-${i % 20}`)
	}
	for (let i = 0; i < wrong.twice; i++)
		lines.push(`${stamp}-${i};Neuer Laden ${i};Hauptstr.;1;18.5, 73.8;A;01/02/2024;F4;Messland ${stamp};Teil ${stamp};Bezirk 1 ${stamp};MD-${stamp}-1`)
	return Buffer.from(lines.join('\r\n') + '\r\n', 'latin1')
}

describe('a messy file of 200,000 rows', { timeout: 900000 }, () => {
	let page, context, faults, folder, id, outletsBefore
	before(async () => {
		;({ page, context, faults } = await openPage())
		folder = mkdtempSync(join(tmpdir(), 'beatplan-messy-'))
		await signIn(page)
	})
	after(async () => {
		await context.close()
		rmSync(folder, { recursive: true })
		assert.deepEqual(faults, [])
	})
	const cause = (rule) => page.locator(`.cause[data-rule=${rule}]`)
	const session = () => api(page, 'GET', `/import/sessions/${id}`)
	const checked = () => page.getByRole('button', { name: 'Load now' }).waitFor({ timeout: 90000 })

	test('is dropped', async () => {
		const name = join(folder, `outlets-${stamp}.csv`)
		writeFileSync(name, messy())
		await page.goto(base + '/import')
		await page.getByRole('button', { name: 'New import' }).first().click()
		await page.waitForURL(/\/import\/\d+/)
		id = Number(page.url().match(/import\/(\d+)/)[1])
		outletsBefore = (await api(page, 'GET', '/home')).counts.outlets
		await slow(page, 2 << 20)
		await page.setInputFiles('#files', name)
	})

	test('goes on where it was when the browser crashed', async () => {
		const state = await context.storageState(), name = join(folder, `outlets-${stamp}.csv`)
		await until(async () => await percent(page, `outlets-${stamp}.csv`) >= 60, 'more than half is there')
		assert.deepEqual(faults, [])
		await crash() // at once: were the line made still slower or the browser closed in order, all the rest might go out first
		;({ page, context, faults } = await openPage({ storageState: state }))
		await page.goto(`${base}/import/${id}`)
		await page.waitForSelector('.upload[data-state=left]')
		assert.match(await page.textContent('.upload'), /MB of .*MB are here\. Choose the file again/i)
		const had = (await api(page, 'GET', `/import/transfers?session=${id}`)).items[0]
		assert.ok(had.offset > had.bytes * 0.5 && had.offset < had.bytes, `${had.offset} of ${had.bytes}`)
		await shot(page, 'upload-left')
		const sent = []
		page.on('request', (r) => r.method() === 'PATCH' && sent.push(Number(r.headers()['upload-offset'])))
		await page.setInputFiles('#files', name)
		await page.locator('table').getByText(`outlets-${stamp}.csv`).waitFor({ timeout: 60000 })
		assert.ok(sent.length && sent[0] >= had.offset, `it went on at ${sent} of ${had.offset}`)
		const { files } = await session()
		assert.deepEqual(files.map((f) => f.bytes), [statSync(name).size])
	})

	test('is mapped by columns that are dragged, with steps that are tried first', async () => {
		await page.getByRole('button', { name: 'Next' }).click()
		await page.locator('th', { hasText: 'Bezeichnung' }).waitFor()
		await page.getByRole('button', { name: 'Next' }).click()
		const card = (name) => page.locator(`.map-card[data-target=${name}]`)
		const chip = (name) => page.locator('.tray .column', { hasText: name })
		await card('code').waitFor()
		for (const [column, target] of [['Kd-Nr', 'code'], ['Bezeichnung', 'name'], ['Strasse', 'address'], ['Klasse', 'tier'], ['Kunde seit', 'since'], ['Rhythmus', 'frequency']])
			if (!(await page.locator(`#map-${target}`).inputValue())) {
				await chip(column).first().hover()
				await page.mouse.down()
				await card(target).scrollIntoViewIfNeeded()
				const box = await card(target).boundingBox()
				await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 5 })
				await page.locator(`.map-card.over[data-target=${target}]`).waitFor()
				await page.mouse.up()
				await page.waitForFunction(([t]) => document.querySelector(`#map-${t}`)?.selectedIndex > 0 && !document.querySelector(`#map-${t}`).disabled, [target])
			}
		// The keyboard's way: a list.
		for (const [column, target] of [['Geo', 'lat'], ['Geo', 'lon'], ['Land', 'country'], ['Bundesland', 'region'], ['Bezirk', 'area'], ['DT Code', 'dt_code']])
			if (await page.locator(`#map-${target} option:checked`).innerText() !== column) {
				await page.locator(`#map-${target}`).selectOption({ label: column })
				await page.waitForFunction(([t, c]) => document.querySelector(`#map-${t}`)?.selectedOptions[0]?.label === c && !document.querySelector(`#map-${t}`).disabled, [target, column])
			}
		await card('address').getByRole('button', { name: /^Transform/ }).click()
		const dialog = page.locator('dialog[open]')
		await dialog.getByLabel('Add a step').selectOption({ label: 'join other columns' })
		await dialog.getByLabel('Columns behind it').selectOption({ label: 'Nr' })
		await dialog.locator('#try td', { hasText: 'Hauptstr. 0' }).waitFor()
		await shot(page, 'messy-01-transform')
		await accessible(page, 'the transform dialog')
		await dialog.getByRole('button', { name: 'Use it' }).click()
		await page.locator('.map-card[data-target=address] .chip', { hasText: 'join other columns' }).waitFor()
		// F4 is asked once; the dates are decided by the whole file.
		const ask = page.locator('.ask', { hasText: 'Visit frequency' })
		await ask.getByRole('button', { name: '2 visits in 4 weeks' }).click()
		await ask.waitFor({ state: 'detached' })
		await shot(page, 'messy-02-map')
		await accessible(page, 'the map step')
	})

	test('is checked; causes are mended for all their rows', async () => {
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await checked()
		await cause('COORD_SWAPPED').waitFor()
		assert.match(await cause('COORD_SWAPPED').innerText(), new RegExp(wrong.swapped.toLocaleString('en-GB')))
		assert.equal(await cause('AMBIGUOUS').count(), 0)
		await shot(page, 'messy-03-causes')
		await cause('COORD_SWAPPED').getByRole('button', { name: 'Mend…' }).click()
		await cause('COORD_SWAPPED').getByRole('button', { name: 'Swap latitude and longitude' }).click()
		await cause('COORD_SWAPPED').locator('.mend tbody tr').nth(4).waitFor()
		await shot(page, 'messy-04-swap')
		await accessible(page, 'the check step')
		await cause('COORD_SWAPPED').getByRole('button', { name: /^Apply to/ }).click()
		await page.locator('#again').waitFor()
		await cause('UNKNOWN_WORD').getByRole('button', { name: 'Mend…' }).click()
		await cause('UNKNOWN_WORD').getByLabel('“gld” is read as').selectOption('Gold')
		await cause('UNKNOWN_WORD').getByRole('button', { name: `Apply to ${wrong.gld}` }).click()
		// Taken back, and made again.
		await cause('UNKNOWN_WORD').getByRole('button', { name: 'Take back' }).click()
		await cause('UNKNOWN_WORD').getByLabel('“gld” is read as').selectOption('Gold')
		await cause('UNKNOWN_WORD').getByRole('button', { name: `Apply to ${wrong.gld}` }).click()
		await cause('UNKNOWN_WORD').getByRole('button', { name: 'Take back' }).waitFor()
		await cause('DUPLICATE').getByRole('button', { name: 'Mend…' }).click()
		await cause('DUPLICATE').getByRole('button', { name: 'Keep the last row of each key' }).click()
		await cause('DUPLICATE').getByRole('button', { name: /^Apply to 77/ }).click()
		await cause('DUPLICATE').locator('.chip', { hasText: 'Keep the last row' }).waitFor()
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await checked()
		await page.locator('#rules li', { hasText: 'Swap latitude' }).waitFor()
		assert.equal(await cause('COORD_SWAPPED').count(), 0)
		assert.equal(await cause('UNKNOWN_WORD').count(), 0)
		const { counts } = await session()
		assert.deepEqual([counts.read, counts.rejected, counts.duplicate], [ROWS, wrong.unnamed, wrong.twice])
	})

	test('a cell is corrected in the grid', async () => {
		await page.getByRole('button', { name: /^Edit rows of/ }).click()
		await page.locator('bp-grid.bad-rows input.bad').first().waitFor()
		await page.locator('bp-grid.bad-rows').evaluate((g) => g.scrollTo(0, 1e6)) // behind the duplicates, which come first
		const cell = page.locator('bp-grid.bad-rows input.bad[aria-label^="Outlet name"]').first()
		await cell.fill('Corrected')
		await cell.press('Enter')
		await page.locator('bp-grid.bad-rows .chip.good').first().waitFor()
		await shot(page, 'messy-05-grid')
		await accessible(page, 'the grid of bad rows')
		await page.locator('#profiles summary').click()
		await page.locator('#profiles td', { hasText: 'Klasse' }).waitFor()
		await shot(page, 'messy-06-profiles')
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await checked()
		assert.equal((await session()).counts.rejected, wrong.unnamed - 1)
	})

	test('shows where it would put them', async () => {
		await page.getByRole('button', { name: 'Show on a map' }).click()
		await page.locator('#delta-map .map-legend').waitFor()
		await page.locator('#delta-map').scrollIntoViewIfNeeded()
		await page.waitForTimeout(1500) // the map is drawn
		await shot(page, 'messy-07-places')
		await accessible(page, 'the map of what would change')
	})

	test('is loaded, with every row accounted for', async () => {
		await page.getByRole('button', { name: 'Load now' }).click()
		await page.getByText('The data is current now').waitFor({ timeout: 90000 })
		const { counts } = await session()
		assert.deepEqual([counts.read, counts.inserted, counts.rejected, counts.duplicate], [ROWS, ROWS - wrong.unnamed + 1 - wrong.twice, wrong.unnamed - 1, wrong.twice])
		const found = await api(page, 'GET', `/outlets?q=${stamp}-52&limit=5`)
		assert.ok(found.items.length && found.items.every((o) => o.lat > 18 && o.lat < 19 && o.lon > 73 && o.lon < 75))
		await shot(page, 'messy-08-loaded')
	})

	test('is undone: none of it is left', async () => {
		await page.getByRole('button', { name: 'Undo this import…' }).click()
		await page.locator('dialog[open]').getByLabel('Reason').fill('the extract of last year')
		await page.locator('dialog[open]').getByRole('button', { name: 'Undo the import' }).click()
		await page.getByText('Everything is as it was before it.').waitFor({ timeout: 90000 })
		assert.equal((await session()).status, 'UNDONE')
		assert.deepEqual((await api(page, 'GET', `/outlets?q=${stamp}-52&limit=5`)).items, [])
		assert.equal((await api(page, 'GET', '/home')).counts.outlets, outletsBefore)
		await accessible(page, 'an import undone')
		await shot(page, 'messy-09-undone')
	})

	test('its rules are listed', async () => {
		await page.goto(base + '/import/rules')
		await page.locator('td', { hasText: 'Swap latitude and longitude' }).first().waitFor()
		await page.locator('tr[data-rule=UNKNOWN_WORD]').waitFor()
		await accessible(page, 'the rules')
		await shot(page, 'messy-10-rules')
	})
})
