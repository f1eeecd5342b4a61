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
	test('levels of the sales geography get names of their own, which every screen reads, and lose them again', async () => {
		await page.locator('#name-levels').click()
		await dialog().locator('#level-name-1').fill('Sales belt')
		await dialog().locator('#level-name-2').fill('Sales belt')
		await dialog().locator('#level-reason').fill('as the field says')
		await dialog().getByRole('button', { name: 'Rename', exact: true }).click()
		await dialog().getByText('is what another level is called').waitFor()
		await accessible(page, 'names of levels')
		await shot(page, 'level-names')
		await dialog().locator('#level-name-1').fill('')
		await dialog().getByRole('button', { name: 'Rename', exact: true }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#models').getByText('Country › Zone › Sales belt').waitFor()
		await page.goto(base + '/territories')
		await page.locator('td').getByText('Sales belt', { exact: true }).first().waitFor()
		await shot(page, 'level-names-list')
		await page.goto(base + '/data')
		await page.getByRole('button', { name: 'Territory models' }).click()
		await page.locator('#undo-level-names').click()
		await dialog().locator('textarea, input').last().fill('not so')
		await dialog().getByRole('button', { name: 'Undo', exact: true }).click()
		await page.locator('#models').getByText('Country › Zone › Region').waitFor()
		assert.equal(await page.locator('#undo-level-names').count(), 0)
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
	test('outlets are put elsewhere from the list and from the map, with a reason, and taken back', async () => {
		const { items } = await api(page, 'GET', '/territory-models'), { id } = items.find((m) => m.code === 'BSVC')
		await page.goto(`${base}/territories?model=${id}`)
		await page.getByRole('link', { name: 'Where outlets lie' }).click()
		const within = page.getByLabel('Show outlets of'), option = within.locator('option', { hasText: 'BMzone' })
		await option.waitFor({ state: 'attached' })
		await within.selectOption({ label: await option.innerText() })
		const rows = page.locator('#members-list tbody tr'), lying = async (where) => (await rows.allInnerTexts()).filter((x) => x.includes(where)).length
		await until(async () => await rows.count() === 8 && await lying('South › Crew 1') === 6, 'the list says where they lie')
		const reason = async (text) => {
			await dialog().getByLabel('Reason').fill(text)
			await page.keyboard.press('Enter')
		}
		/* By keyboard, from the list, into a territory that is made for them. */
		for (const name of ['Browser model shop 0', 'Browser model shop 7']) {
			await page.getByRole('checkbox', { name: `Select ${name}` }).focus()
			await page.keyboard.press('Space')
		}
		await page.locator('#members-edit').getByText('2 outlets selected').waitFor()
		await page.getByLabel('Put into', { exact: true }).selectOption({ label: 'a new territory' })
		await page.getByLabel('Name of the new territory').fill('South › Crew 9')
		await accessible(page, 'outlets that are to lie elsewhere')
		await page.locator('#members-put').focus()
		await page.keyboard.press('Enter')
		await reason('a crew of its own')
		await until(async () => await lying('South › Crew 9') === 2, 'two lie in the new one')
		await page.locator('#members-changes').getByText('a crew of its own').waitFor()
		/* Undone where it was said. */
		await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
		await until(async () => await lying('South › Crew 9') === 0 && await lying('South › Crew 1') === 6, 'they are back')
		await page.locator('#members-changes').getByText('undone').waitFor()
		/* A box over the map takes all of them out; the list of changes takes that back. */
		await page.locator('bp-units').scrollIntoViewIfNeeded()
		const box = await page.locator('bp-units canvas').first().boundingBox()
		await page.getByRole('button', { name: 'Box', exact: true }).click()
		await page.mouse.move(box.x + 4, box.y + 60)
		await page.mouse.down()
		await page.mouse.move(box.x + box.width - 4, box.y + box.height - 40, { steps: 5 })
		await page.mouse.up()
		await page.locator('#members-edit').getByText('8 outlets selected').waitFor()
		await shot(page, 'members')
		await page.getByLabel('Put into', { exact: true }).selectOption({ label: 'in no territory' })
		await page.locator('#members-put').click()
		await reason('no service here')
		await until(async () => await lying('in no territory') === 8, 'none lies in it')
		await page.locator('#members-changes').getByRole('button', { name: /^Undo the change of/ }).first().click()
		await reason('as it was')
		await until(async () => await lying('South › Crew 1') === 6 && await lying('South › Crew 2') === 2, 'all are back')
	})
	for (const colorScheme of ['light', 'dark'])
		for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 390, height: 844 }]])
			test(`${colorScheme}, ${size}`, async () => {
				const o = await openPage({ viewport, colorScheme, bypassCSP: true })
				await signIn(o.page)
				const { items } = await api(o.page, 'GET', '/territory-models'), [zone] = (await api(o.page, 'GET', '/territories?q=BMzone')).items
				for (const [what, path] of [['models', '/data?tab=models'], ['model-tree', `/territories?model=${items.find((m) => m.code === 'BSVC').id}`], ['members', `/territories/models/${items.find((m) => m.code === 'BSVC').id}?territory=${zone.id}`]]) {
					await o.page.goto(base + path)
					await o.page.getByText(what === 'models' ? 'Service area › Crew' : 'Crew 2').first().waitFor()
					await accessible(o.page, what)
					await shot(o.page, `${what}-${colorScheme}-${size}`)
					if (what !== 'models')
						continue
					await o.page.locator('#name-levels').click()
					await o.page.locator('dialog[open] #level-name-1').waitFor()
					await accessible(o.page, 'names of levels')
					await shot(o.page, `level-names-${colorScheme}-${size}`)
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
