// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries of territories: lines on the map of a plan, switched by mouse and key, and a file of polygons that takes their place and goes again.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, plannedUnit, shot, signIn, until } from './lib.mjs'

describe('boundaries of territories', () => {
	let page, context, faults, unit, code, box
	/** What the map of the plan has of lines and of their names. */
	const drawn = () => page.evaluate(() => ({ lines: (globalThis.areas ?? []).length, own: (globalThis.areas ?? []).filter((f) => f.properties.imported).length, names: (globalThis.marks ?? []).filter((f) => f.properties.kind === 'area').map((f) => f.properties.label) }))
	const watched = async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.board [data-cell]').first().waitFor()
		await until(() => page.evaluate(() => !!document.querySelector('bp-map')?.surface), 'the map is there')
		await page.evaluate(() => {
			const { surface } = document.querySelector('bp-map'), { setAreas, setLines } = surface
			surface.setAreas = (all, on) => setAreas((globalThis.areas = all), on)
			surface.setLines = (l, m) => setLines(l, (globalThis.marks = m))
		})
	}
	const button = () => page.locator('bp-map').getByRole('button', { name: 'Boundaries' })
	const give = (geojson) => page.locator('#boundaries-file').setInputFiles({ name: 'lines.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(geojson)) })
	const square = (named, [w, s, e, n]) => ({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { dt: named }, geometry: { type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] } }] })
	const reason = async (button) => {
		await page.locator('dialog[open] textarea, dialog[open] input').last().fill('as the land registry has it')
		await page.locator('dialog[open]').getByRole('button', { name: button, exact: true }).click()
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		unit = await plannedUnit(page)
		code = (await api(page, 'GET', `/territories/${unit.id}`)).code
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('they are on the map of a plan, and go and come by mouse and key', async () => {
		await watched()
		assert.equal(await button().getAttribute('aria-pressed'), 'true')
		await button().click()
		await until(async () => (await drawn()).lines === 0 && await button().getAttribute('aria-pressed') === 'false', 'they are gone')
		await button().focus()
		await page.keyboard.press('Enter')
		await until(async () => (await drawn()).names.length > 0, 'they are back')
		await shot(page, 'workspace-lines')
		await button().click()
		await page.reload()
		await page.locator('.board [data-cell]').first().waitFor()
		assert.equal(await button().getAttribute('aria-pressed'), 'false')
		await button().click()
	})

	test('the list of territories tells hours of work, and sorts by them', async () => {
		await page.goto(`${base}/territories`)
		const hours = async () => (await page.locator('tbody td[data-label="Hours of work"]').allInnerTexts()).map((x) => Number(x.replace(/\D/g, '')))
		await page.locator('tbody tr').first().waitFor()
		await page.getByRole('button', { name: 'Hours of work' }).click()
		await page.locator('th[aria-sort=descending]', { hasText: 'Hours of work' }).waitFor()
		assert.ok((await hours()).some((h) => h > 0))
		assert.equal((await hours())[0], Math.max(...await hours()))
		await shot(page, 'territories-hours')
	})

	test('a file of polygons is checked, mended and kept', async () => {
		const p = await api(page, 'GET', `/territories/${unit.id}/places`), lat = p.lat.map((x) => x / 1e5).sort((a, b) => a - b), lon = p.lon.map((x) => x / 1e5).sort((a, b) => a - b)
		box = [lon[0] - 0.01, lat[0] - 0.01, lon[lon.length - 1 - Math.floor(lon.length / 10)], lat.at(-1) + 0.01]
		await page.goto(`${base}/territories/${unit.id}/units`)
		await give(square(code, box))
		await page.locator('#boundaries').getByText('names no territory here').first().waitFor()
		assert.equal(await page.locator('#boundaries-keep').isDisabled(), true)
		await accessible(page, 'boundaries that cannot be kept')
		await page.locator('#boundaries-named').fill('dt')
		await page.keyboard.press('Tab')
		await page.locator('#boundaries').getByText('good').waitFor()
		await shot(page, 'boundaries-checked')
		await page.locator('#boundaries-keep').focus()
		await page.keyboard.press('Enter')
		await reason('Keep')
		await page.locator('#boundaries-list').waitFor()
		await page.locator('#boundaries-outside').waitFor()
		await page.locator('#unit-check').getByText('outside of the imported boundary').waitFor()
		await page.locator('#design-border option[value=BOUNDARY]').waitFor({ state: 'attached' })
		await accessible(page, 'boundaries in force')
		await shot(page, 'boundaries-kept')
	})

	test('the map of the plan shows it', async () => {
		await watched()
		await button().click()
		await button().click()
		await until(async () => (await drawn()).own === 1, 'the imported one is drawn')
		await shot(page, 'workspace-imported')
	})

	for (const colorScheme of ['light', 'dark'])
		for (const [size, viewport] of [['wide', { width: 1280, height: 800 }], ['narrow', { width: 390, height: 844 }]])
			test(`${colorScheme}, ${size}`, async () => {
				const o = await openPage({ viewport, colorScheme, bypassCSP: true })
				await signIn(o.page)
				await o.page.goto(`${base}/territories/${unit.id}/units`)
				await o.page.locator('#boundaries-list').waitFor()
				await o.page.locator('#boundaries-outside').waitFor()
				await o.page.locator('#boundaries').scrollIntoViewIfNeeded()
				await accessible(o.page, 'boundaries in force')
				await shot(o.page, `boundaries-${colorScheme}-${size}`)
				await o.page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
				if (size === 'narrow')
					await o.page.getByRole('tab', { name: 'Map' }).click()
				await until(() => o.page.evaluate(() => !!document.querySelector('bp-map')?.surface), 'the map is there')
				await until(async () => await o.page.locator('bp-map').getByRole('button', { name: 'Boundaries' }).getAttribute('aria-pressed') === 'true', 'its lines are on')
				await o.page.waitForTimeout(1500) // what is drawn has no state to wait for
				await accessible(o.page, 'lines on the map')
				await shot(o.page, `workspace-lines-${colorScheme}-${size}`)
				await o.context.close()
				assert.deepEqual(o.faults, [])
			})

	test('removed it is gone; taken back it is there, taken back again it never was', async () => {
		await page.goto(`${base}/territories/${unit.id}/units`)
		await page.locator('#boundaries-list').getByRole('button', { name: /Remove the boundary/ }).click()
		await reason('Remove')
		await until(async () => (await page.locator('#boundaries-list').count()) === 0, 'it is gone')
		await page.locator('#boundaries-changes summary').click()
		await page.locator('#boundaries-changes').getByRole('button', { name: /Undo the change/ }).first().click()
		await reason('Undo')
		await page.locator('#boundaries-list').waitFor()
		await page.locator('#boundaries-changes').getByRole('button', { name: /Undo the change/ }).first().focus()
		await page.keyboard.press('Enter')
		await reason('Undo')
		await until(async () => (await page.locator('#boundaries-list').count()) === 0, 'it never was')
	})
})
