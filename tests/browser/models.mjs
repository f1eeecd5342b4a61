// SPDX-License-Identifier: GPL-3.0-or-later
// A territory model beside the sales geography: made, filled, looked at as a tree, used as a filter, renamed and removed.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

const outlets = `code,name,lat,lon,tier,country,zone\n${Array.from({ length: 8 }, (_, i) => `BMD${i},Browser model shop ${i},${22 + i / 100},88.0${i},Silver,BMland,BMzone`).join('\n')}\n`
const members = `outlet code,territory model,level 1,level 2\n${Array.from({ length: 8 }, (_, i) => `BMD${i},BSVC,South,${i < 6 ? 'Crew 1' : 'Crew 2'}`).join('\n')}\n`

/** An import by requests: the screens of it have tests of their own. */
async function load(page, name, text, entity) {
	const s = await api(page, 'POST', '/import/sessions', { name })
	await page.evaluate(async ([id, body, what]) => {
		const csrf = (await (await fetch('/api/v1/auth/me')).json()).csrf
		await fetch(`/api/v1/import/uploads?session=${id}&name=x.csv&entity=${what}`, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'text/csv' }, body })
	}, [s.id, text, entity])
	for (const what of ['validate', 'process']) {
		const { jobId } = await api(page, 'POST', `/import/sessions/${s.id}/${what}`, {})
		await until(async () => !['queued', 'running'].includes((await api(page, 'GET', `/jobs/${jobId}`)).state), `${name}: ${what}`)
	}
}

describe('territory models', () => {
	let page, context, faults
	const dialog = () => page.locator('dialog[open]')
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})
	test('one is made by mouse; what is wrong with it is said where it is', async () => {
		;({ page, context, faults } = await openPage({ viewport: { width: 1280, height: 900 } }))
		await signIn(page)
		await page.goto(base + '/data')
		await page.getByRole('button', { name: 'Territory models' }).click()
		await page.locator('#models').getByText('Sales geography').waitFor()
		await page.locator('#model-name').fill('Browser service')
		await page.locator('#model-code').fill('bsvc')
		await page.locator('#model-levels').fill('Area\nArea')
		await page.getByRole('button', { name: 'Make it' }).click()
		await page.getByText('is called as another one').waitFor()
		await page.locator('#model-levels').fill('Service area\nCrew')
		await page.getByRole('button', { name: 'Make it' }).click()
		await page.locator('#models').getByText('Service area › Crew').waitFor()
		await accessible(page, 'models')
	})
	test('its territories are a tree with figures, and planning is said to be elsewhere', async () => {
		await load(page, 'browser models', outlets, 'outlets')
		await load(page, 'browser members', members, 'memberships')
		await page.goto(base + '/territories')
		await page.getByLabel('Territory model').selectOption({ label: 'Browser service' })
		const row = (name) => page.locator('tr', { hasText: name })
		await row('Crew 1').waitFor()
		assert.deepEqual((await row('Crew 1').locator('td').allInnerTexts()).slice(1, 4).map((x) => x.trim()), ['Crew', '6', '12'])
		await page.getByText('Planning is made in the units of the sales geography').waitFor()
		assert.equal(await page.getByRole('group', { name: 'Channel' }).count(), 0)
		await accessible(page, 'the tree of a model')
		await shot(page, 'models-tree')
		await page.getByRole('button', { name: 'Close South' }).click()
		await row('Crew 1').waitFor({ state: 'detached' })
		await page.getByRole('button', { name: 'Open South' }).click()
		await row('Crew 2').getByRole('link', { name: 'Outlets of Crew 2' }).click()
		await page.getByRole('button', { name: /^Browser service: Crew 2/ }).waitFor()
		await page.locator('tbody tr').nth(1).waitFor()
		assert.equal(await page.locator('tbody tr').count(), 2)
		await page.getByRole('link', { name: 'Browser model shop 7' }).click()
		await page.getByRole('link', { name: 'South › Crew 2' }).waitFor()
	})
	for (const colorScheme of ['light', 'dark'])
		for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 390, height: 844 }]])
			test(`${colorScheme}, ${size}`, async () => {
				const o = await openPage({ viewport, colorScheme, bypassCSP: true })
				await signIn(o.page)
				const { items } = await api(o.page, 'GET', '/territory-models')
				for (const [what, path] of [['models', '/data?tab=models'], ['model-tree', `/territories?model=${items.find((m) => m.code === 'BSVC').id}`]]) {
					await o.page.goto(base + path)
					await o.page.getByText(what === 'models' ? 'Service area › Crew' : 'Crew 2').first().waitFor()
					await accessible(o.page, what)
					await shot(o.page, `${what}-${colorScheme}-${size}`)
				}
				await o.context.close()
				assert.deepEqual(o.faults, [])
			})
	test('it is renamed and removed by keyboard', async () => {
		await page.goto(base + '/data?tab=models')
		await page.getByRole('button', { name: 'Rename Browser service' }).focus()
		await page.keyboard.press('Enter')
		await dialog().locator('#model-relevel').fill('Region')
		await dialog().locator('.d-foot .primary').focus()
		await page.keyboard.press('Enter')
		await dialog().getByText('as many as it has territories of').waitFor()
		await dialog().locator('#model-relevel').fill('Region\nTeam')
		await dialog().locator('#model-rename').fill('Service of the south')
		await dialog().locator('.d-foot .primary').focus()
		await page.keyboard.press('Enter')
		await page.locator('#models').getByText('Region › Team').waitFor()
		await page.getByRole('button', { name: 'Remove Service of the south' }).focus()
		await page.keyboard.press('Enter')
		await dialog().getByText('Its 3 territories go').waitFor()
		await dialog().getByRole('button', { name: 'Remove' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#models').getByText('Region › Team').waitFor({ state: 'detached' })
	})
})
