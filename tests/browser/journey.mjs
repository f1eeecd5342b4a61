// SPDX-License-Identifier: GPL-3.0-or-later
// The main job as a person does it: sign in, import, lock, optimise, keep a version, commit, export.  What is moved by hand in
// between stands in gestures.mjs.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { api, base, freeUnit, openPage, shot, signIn } from './lib.mjs'

describe('the main job', () => {
	let page, context, faults, folder, unit
	const stamp = Date.now().toString(36)

	before(async () => {
		;({ page, context, faults } = await openPage({ acceptDownloads: true }))
		folder = mkdtempSync(join(tmpdir(), 'beatplan-browser-'))
	})
	after(async () => {
		// A run that broke off must not leave the territory locked.
		if (unit)
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		rmSync(folder, { recursive: true })
		assert.deepEqual(faults, [])
	})
	const dialog = () => page.locator('dialog[open]')
	const tool = (name) => page.locator('.ws-tools').getByRole('button', { name })

	test('a wrong password is refused in words, a right one lets in', async () => {
		await page.goto('about:blank')
		await signInWrong()
		await signIn(page)
		assert.match(await page.locator('h1').innerText(), /\S/)
		await shot(page, 'journey-01-home')
	})
	async function signInWrong() {
		await page.goto(base + '/territories')
		await page.waitForURL(/\/login\?next=%2Fterritories/)
		await page.fill('#username', 'nobody-' + stamp)
		await page.fill('#password', 'wrong-password')
		await page.click('form button.primary')
		await page.locator('.notice.bad').waitFor()
	}

	test('an empty file is refused and says why', async () => {
		await page.locator('.nav').getByRole('link', { name: 'Import' }).click()
		await page.getByRole('button', { name: 'New import' }).first().click()
		await page.waitForURL(/\/import\/\d+/)
		const empty = join(folder, 'empty.csv')
		writeFileSync(empty, '')
		await page.setInputFiles('#files', empty)
		await page.locator('.notice.bad').waitFor()
		assert.match(await page.locator('.notice.bad').innerText(), /ERR_IMPORT_001/)
		await page.getByRole('button', { name: 'Dismiss' }).first().click()
	})

	test('a file goes through shape, map, check and load; every row is accounted for', async () => {
		const name = (what) => `${what}-${stamp}.csv`
		const rows = ['Customer No;Shop name;Latitude;Longitude;Class;Country;State;City;DT Code;Channel']
		const tail = `Testland ${stamp};Teststate ${stamp};Testtown;BD-${stamp};GT`
		for (let i = 0; i < 120; i++)
			rows.push(`BT-${stamp}-${i};Test shop ${i};${(18.5 + (i % 11) / 400).toFixed(5)};${(73.8 + Math.floor(i / 11) / 400).toFixed(5)};${['Gold', 'Silver', 'Bronze'][i % 3]};${tail}`)
		rows.push(`BT-${stamp}-120;;18.5;73.9;Gold;${tail}`)
		rows.push(`BT-${stamp}-1;Twice there;18.5;73.8;Gold;${tail}`)
		writeFileSync(join(folder, name('outlets')), rows.join('\n') + '\n')
		writeFileSync(join(folder, name('distributors')), `code,name,lat,lon\nBD-${stamp},Browser Distribution ${stamp},18.51,73.81\n`)
		writeFileSync(join(folder, name('seats')), `code,name,person,dt_codes,vehicle\nBS-${stamp}-1,Seat one,Anna Test,BD-${stamp},two-wheeler\nBS-${stamp}-2,Seat two,,BD-${stamp},two-wheeler\n`)
		await page.setInputFiles('#files', ['distributors', 'outlets', 'seats'].map((x) => join(folder, name(x))))
		for (const what of ['distributors', 'outlets', 'seats'])
			await page.locator('table').getByText(name(what)).waitFor()
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByRole('tab', { name: `outlets-${stamp}.csv` }).click()
		await page.locator('th', { hasText: 'Shop name' }).waitFor()
		await shot(page, 'journey-02-shape')
		await page.getByRole('button', { name: 'Next' }).click()
		await page.locator('.map-card').first().waitFor()
		await page.locator('.notice.good').waitFor()
		await shot(page, 'journey-03-map')
		// The mapping is kept, spoilt by hand, and used again; it can be renamed and removed.
		await page.getByRole('button', { name: 'Save this mapping…' }).click()
		await dialog().locator('#ask-reason').fill(`ERP ${stamp}`)
		await dialog().getByRole('button', { name: 'Save' }).click()
		await page.locator('#saved-mapping option:checked', { hasText: `ERP ${stamp} · version 1` }).waitFor({ state: 'attached' })
		await page.locator('#map-tier').selectOption({ label: '– not in this file –' })
		await page.getByRole('button', { name: 'Use it', exact: true }).click()
		await page.waitForFunction(() => document.querySelector('#map-tier')?.selectedOptions[0]?.label === 'Class')
		const menu = async (item) => {
			await page.getByRole('button', { name: /^More for ERP/ }).click()
			await page.getByRole('menuitem', { name: item }).click()
		}
		await menu('Rename…')
		await dialog().locator('#ask-reason').fill(`ERP again ${stamp}`)
		await dialog().getByRole('button', { name: 'Rename' }).click()
		await page.locator('#saved-mapping option', { hasText: `ERP again ${stamp}` }).waitFor({ state: 'attached' })
		await shot(page, 'journey-03-saved-mapping')
		await menu('Remove…')
		await dialog().getByRole('button', { name: 'Remove' }).click()
		await page.locator('#saved-mapping option', { hasText: stamp }).waitFor({ state: 'detached' })
		// A file that lacks a field is found though another one is open, and its tab opens.
		await page.locator('#map-name').selectOption({ label: '– not in this file –' })
		await page.locator('.map-card.todo').waitFor()
		await page.getByRole('tab', { name: `seats-${stamp}.csv` }).click()
		await page.locator('#map-vehicle').waitFor()
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await page.locator('.toast', { hasText: `outlets-${stamp}.csv: these fields must come from the file: Outlet name` }).waitFor()
		await page.locator(`[role=tab][aria-selected=true]`, { hasText: `outlets-${stamp}.csv` }).waitFor()
		await page.locator('#map-name').selectOption({ label: 'Shop name' })
		await page.locator('.notice.good').waitFor()
		// Letters and a value for empty cells, of one column.
		const city = page.locator('.map-card', { has: page.locator('#map-city') })
		await city.getByRole('button', { name: /^Transform/ }).click()
		await dialog().getByLabel('Add a step').selectOption({ label: 'to capitals' })
		await dialog().locator('#try td', { hasText: 'TESTTOWN' }).first().waitFor()
		await dialog().getByLabel('For empty cells').fill('Elsewhere')
		await dialog().getByRole('button', { name: 'Use it' }).click()
		await city.locator('.chip', { hasText: 'to capitals' }).waitFor()
		await page.waitForFunction(async (id) => (await (await fetch(`/api/v1/import/sessions/${id}`)).json()).files.some((f) => f.mapping.some((m) => m.target === 'city' && m.transforms?.[0].kind === 'UPPER' && m.default === 'Elsewhere')), Number(page.url().match(/import\/(\d+)/)[1]))
		await shot(page, 'journey-03-letters')
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await page.getByRole('button', { name: 'Load now' }).waitFor({ timeout: 60000 })
		await page.getByRole('link', { name: /kept out \(2\)/ }).waitFor()
		await page.getByRole('button', { name: 'Show rows' }).first().click()
		await page.locator('#issue-rows tbody tr').first().waitFor()
		assert.equal(await page.locator('#issue-rows tbody tr').count(), 1)
		await page.getByText('1 of 1').waitFor()
		await page.locator('.stats').first().waitFor()
		await shot(page, 'journey-04-check')
		await page.getByRole('button', { name: 'Load now' }).click()
		await page.getByText('The data is current now').waitFor({ timeout: 60000 })
		const id = Number(page.url().match(/import\/(\d+)/)[1])
		const { counts } = await api(page, 'GET', `/import/sessions/${id}`)
		assert.equal(counts.read, 125)
		assert.deepEqual([counts.rejected, counts.duplicate], [1, 1])
		assert.equal(counts.read, counts.inserted + counts.updated + counts.unchanged + counts.rejected + counts.duplicate)
		await shot(page, 'journey-05-loaded')
	})

	test('a territory opens on map, board and list, and is locked', async () => {
		unit = await freeUnit(page)
		await page.locator('.nav').getByRole('link', { name: 'Territories' }).click()
		await page.getByRole('link', { name: unit.name, exact: true }).click()
		await page.locator('bp-map canvas').waitFor()
		await page.getByRole('button', { name: 'Lock and plan' }).first().click()
		await page.locator('.chip', { hasText: 'yours' }).waitFor()
		await tool('Optimise').waitFor()
	})

	test('the optimiser shows progress and its proposal is accepted', async () => {
		await tool('Optimise').click()
		await dialog().locator('#op-s').fill('5')
		await shot(page, 'journey-06-optimise')
		await dialog().getByRole('button', { name: 'Start' }).click()
		await dialog().getByRole('progressbar').waitFor()
		await dialog().getByRole('button', { name: 'Accept the proposal' }).waitFor({ timeout: 120000 })
		await page.locator('.table.compare td').first().waitFor()
		await dialog().getByText(/stays? as (it is|they are)/).or(dialog().locator('.table.compare').filter({ hasText: '–' })).first().waitFor()
		await shot(page, 'journey-07-proposal')
		await dialog().getByRole('button', { name: 'Accept the proposal' }).click()
		await dialog().waitFor({ state: 'detached' })
		await page.locator('.board [data-cell]').first().waitFor()
		assert.ok(await tool(/Undo/).isEnabled())
	})

	test('a version is kept and the plan is committed', async () => {
		await page.keyboard.press('Control+s')
		await dialog().locator('#sv-notes').fill('browser test')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().waitFor({ state: 'detached' })
		await tool('Commit').click()
		await dialog().locator('#cm-date').waitFor()
		await shot(page, 'journey-12-commit')
		await dialog().getByRole('button', { name: 'Commit' }).click()
		await dialog().waitFor({ state: 'detached', timeout: 60000 })
		await page.getByRole('button', { name: 'Lock and plan' }).first().waitFor({ timeout: 60000 })
	})

	test('a holiday is set and taken back on the page of the parameters', async () => {
		await page.goto(`${base}/territories/${unit.id}/profile?channel=GT`)
		const day = new Date(Date.now() + 40 * 864e5).toISOString().slice(0, 10)
		await page.locator('#ho-day').fill(day)
		await page.locator('#ho-name').fill(`Fair ${stamp}`)
		await page.locator('.holiday-form').getByRole('button', { name: 'Add' }).click()
		await page.locator('#holidays td', { hasText: `Fair ${stamp}` }).waitFor()
		assert.deepEqual((await api(page, 'GET', `/territories/${unit.id}/holidays`)).items.map((h) => [h.day, h.name]), [[day, `Fair ${stamp}`]])
		await page.getByRole('button', { name: `Remove Fair ${stamp}` }).click()
		await page.locator('#holidays td', { hasText: stamp }).waitFor({ state: 'detached' })
	})

	test('users are found, barred ones apart, and sorted by name', async () => {
		await page.goto(base + '/users')
		await page.locator('tbody tr').nth(2).waitFor()
		const sorted = async (way) => {
			await page.getByRole('button', { name: 'Name', exact: true }).click()
			await page.locator(`th[aria-sort=${way}]`).waitFor()
			return page.locator('tbody td:first-child').allInnerTexts()
		}
		const up = await sorted('ascending')
		assert.deepEqual(up, [...up].sort((a, b) => a.localeCompare(b)))
		assert.deepEqual(await sorted('descending'), up.reverse())
		await page.locator('.filters select').selectOption({ label: 'active' })
		await page.waitForURL(/active=1/)
		await page.locator('.loading').waitFor({ state: 'detached' })
		assert.equal(await page.locator('.notice.bad').count(), 0)
	})

	test('the audit trail is filtered by person and by action', async () => {
		await page.goto(base + '/audit')
		await page.locator('tbody tr').first().waitFor()
		await page.locator('.filters select').selectOption('HOLIDAY_PUT')
		await page.waitForFunction(() => [...document.querySelectorAll('tbody td:nth-child(3)')].every((x) => /holiday/i.test(x.textContent)))
		await page.locator('tbody button.link').first().click()
		await page.waitForURL(/who=/)
		await page.locator('tbody tr').first().waitFor()
		assert.equal(await page.locator('.notice.bad').count(), 0)
	})

	test('the versions are listed and plan and visit list come as CSV and XML', async () => {
		const { items } = await api(page, 'GET', `/plans?territory=${unit.id}&channel=GT`)
		await page.goto(`${base}/territories/${unit.id}/versions?channel=GT`)
		await page.getByText('browser test').first().waitFor()
		await page.goto(`${base}/exports?plan=${items[0].id}`)
		const download = page.getByRole('link', { name: 'Download' })
		await download.waitFor()
		for (const what of ['Standing plan', 'Visit list'])
			for (const format of ['CSV', 'XML']) {
				await page.getByRole('button', { name: what, exact: true }).click()
				await page.getByRole('button', { name: format, exact: true }).click()
				const [file] = await Promise.all([page.waitForEvent('download'), download.click()])
				const text = readFileSync(await file.path(), 'utf8')
				assert.ok(text.length > 20, `${what} as ${format} holds something`)
				if (format === 'XML')
					assert.match(text, /^<\?xml/)
			}
	})
})
