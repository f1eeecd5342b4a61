// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of another territory model are found in a file of outlets, looked at, taken for a new model by mouse and for one that is there by keyboard.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

/* 120 outlets in 12 areas of 3 zones; eight crews of two service regions, one row of the first crew in the other; six kinds of two classes. */
const file = `code,name,lat,lon,country,zone,region,area,service region,crew,class,kind\n${Array.from({ length: 120 }, (_, i) => {
	const area = i % 12, crew = Math.floor(i / 15), kind = (i * 5 + Math.floor(i / 7)) % 6
	return `BML${i},Model level shop ${i},${(41 + i / 1000).toFixed(4)},${(11 + i / 700).toFixed(4)},BMLland,BMLZ${area % 3},BMLR${area % 6},BMLA${area},${i === 7 ? 'East' : ['West', 'East'][crew % 2]},Crew ${crew},Class ${kind % 2},Kind ${kind}`
}).join('\n')}\n`
const members = `outlet code,service region,crew\n${file.trim().split('\n').slice(1).map((r) => r.split(',')).map((r) => `${r[0]},${r[8]},${r[9]}`).join('\n')}\n`

/** An import with the file, its wizard at the step of the map, and the levels found. */
async function opened(page, text = file, entity = 'outlets') {
	const s = await api(page, 'POST', '/import/sessions', { name: 'levels of models' })
	await page.evaluate(async ([id, body, what]) => {
		const csrf = (await (await fetch('/api/v1/auth/me')).json()).csrf
		await fetch(`/api/v1/import/uploads?session=${id}&name=places.csv&entity=${what}`, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'text/csv' }, body })
	}, [s.id, text, entity])
	await page.goto(`${base}/import/${s.id}`)
	await page.getByRole('button', { name: 'Next' }).click()
	await page.locator('#levels-find').click()
	await page.locator('#model-levels-table').waitFor()
	return s.id
}
const files = async (page, session) => (await api(page, 'GET', `/import/sessions/${session}`)).files
const chosen = (page, target) => page.locator(`#level-${target}`).evaluate((x) => x.selectedOptions[0].label)

describe('levels of territory models', () => {
	let page, context, faults
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})
	test('they are found beside those of the sales geography, and make a model by mouse', async () => {
		;({ page, context, faults } = await openPage({ viewport: { width: 1280, height: 900 } }))
		await signIn(page)
		const session = await opened(page), part = page.locator('#model-levels')
		assert.deepEqual([await chosen(page, 'zone'), await chosen(page, 'area')], ['zone', 'area'])
		await part.getByRole('button', { name: 'service region › crew' }).click()
		assert.deepEqual([await chosen(page, 'level_1'), await chosen(page, 'level_2')], ['service region', 'crew'])
		assert.equal(await part.getByRole('button', { name: 'service region › crew' }).getAttribute('aria-pressed'), 'true')
		await part.getByText('but for 1 row of 120').waitFor()
		await page.locator('#model-levels-against').click()
		await page.locator('#levels-against').getByText('crew “Crew 0”: service region is “West” in 14 rows and “East” in 1 row').waitFor()
		await page.getByText('These are the contradictions of service region › crew').waitFor()
		await accessible(page, 'levels of a model')
		await shot(page, 'model-levels')
		/* What is wrong is said where it is. */
		await page.locator('#fit-name').fill('Browser service levels')
		await page.locator('#fit-code').fill('bml svc')
		await page.locator('#model-levels-use').click()
		await part.getByText('must be one word').waitFor()
		await page.locator('#fit-code').fill('bmlsvc')
		await page.locator('#fit-levels').fill('Service region\nCrew of it')
		await page.locator('#model-levels-use').click()
		await page.locator('#model-levels-used').getByText('places.csv › BMLSVC follows these levels').waitFor()
		const made = (await files(page, session)).find((f) => f.entity === 'memberships')
		assert.deepEqual(made.mapping.map((m) => `${m.target} ${m.source}`).sort(), ['level_1 8', 'level_2 9', 'model -1', 'outlet_code 0'])
		assert.deepEqual((await api(page, 'GET', '/territory-models')).items.find((m) => m.code === 'BMLSVC').levels, ['Service region', 'Crew of it'])
		/* The import goes on with both files. */
		await page.getByRole('tab', { name: 'places.csv › BMLSVC' }).click()
		await page.locator('#model-levels').waitFor({ state: 'detached' })
	})
	test('in a file of memberships, for a model that is there, by keyboard; what cannot be is refused', async () => {
		const session = await opened(page, members, 'memberships')
		assert.equal(await page.locator('#levels-table').count(), 0)
		await page.locator('#fit-model').focus()
		await page.keyboard.type('Browser service levels')
		await page.locator('#model-levels-table').getByText('Crew of it').waitFor()
		assert.deepEqual([await chosen(page, 'level_1'), await chosen(page, 'level_2')], ['service region', 'crew'])
		for (const [target, column] of [['level_1', 'crew'], ['level_2', 'service region']]) {
			await page.locator(`#level-${target}`).focus()
			await page.keyboard.type(column)
		}
		await page.getByText('does not lie below crew').waitFor()
		await page.locator('#model-levels-use').focus()
		await page.keyboard.press('Enter')
		await page.locator('#model-levels').getByText('service region lies above crew: put it before').waitFor()
		await page.getByRole('button', { name: 'service region › crew' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#model-levels-use').focus()
		await page.keyboard.press('Enter')
		await page.locator('#model-levels-used').waitFor()
		const [f] = await files(page, session)
		assert.deepEqual([f.mapping.find((m) => m.target === 'model').default, f.mapping.find((m) => m.target === 'level_2').source], ['BMLSVC', 2])
	})
	for (const colorScheme of ['light', 'dark'])
		for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 390, height: 844 }]])
			test(`${colorScheme}, ${size}`, async () => {
				const o = await openPage({ viewport, colorScheme, bypassCSP: true })
				await signIn(o.page)
				await opened(o.page)
				await o.page.locator('#fit-model').selectOption('0')
				await o.page.locator('#model-levels').scrollIntoViewIfNeeded()
				await accessible(o.page, 'levels of a model')
				await shot(o.page, `model-levels-${colorScheme}-${size}`)
				await o.context.close()
				assert.deepEqual(o.faults, [])
			})
	test('the model goes', async () => {
		const m = (await api(page, 'GET', '/territory-models')).items.find((x) => x.code === 'BMLSVC')
		await api(page, 'DELETE', `/territory-models/${m.id}`)
	})
})
