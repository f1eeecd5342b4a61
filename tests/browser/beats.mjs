// SPDX-License-Identifier: GPL-3.0-or-later
// Beats beneath their person on the board: seen, filled, renamed and taken away, by mouse and by keys.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hands } from './hands.mjs'
import { accessible, api, base, openPage, plannedUnit, shot, signIn, until } from './lib.mjs'

describe('beats', () => {
	let page, context, faults, unit, session, hand
	const code = `KEYS${Date.now()}`, name = `Beat ${code}`, market = `Market ${code}`
	const draft = () => api(page, 'GET', `/planning/sessions/${session}/draft`)
	const dialog = () => page.locator('dialog[open]')
	const beat = (name) => page.locator('.board tr.beat', { hasText: name })
	const turn = () => page.locator('.board .turn').first()
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		hand = hands(page)
		unit = await plannedUnit(page)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.board [data-cell]').first().waitFor()
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		session = (await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
		await page.getByRole('button', { name: 'Next cycle' }).click() // all of it is to come
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('a person opens and closes; the calls of the beats are those of the person', async () => {
		await turn().focus()
		await page.keyboard.press('Enter')
		await page.locator('.board tr.beat').first().waitFor()
		const person = await page.locator('.board [data-cell^="0 "]').allInnerTexts()
		const parts = await page.locator('.board tr.beat').evaluateAll((rows) => rows.map((r) => [...r.querySelectorAll('.cell')].map((c) => Number(c.textContent) || 0)))
		assert.deepEqual(person.map((x) => parseInt(x) || 0), parts.reduce((a, b) => a.map((n, i) => n + b[i])))
		await accessible(page, 'beats on the board')
		await shot(page, 'beats')
	})

	test('visits are put into a new beat by keys, and undone', async () => {
		await page.locator('.board [data-cell^="0 "]:not(.none)').first().focus()
		await page.keyboard.press('Enter')
		await page.locator('.stops li').nth(1).waitFor()
		for (const i of [0, 1])
			await page.locator('.stops li').nth(i).click({ modifiers: i ? ['Control'] : [] })
		await page.keyboard.press('Shift+B')
		await dialog().getByRole('heading', { name: 'Put 2 visits into a beat' }).waitFor()
		await hand.choose('keyboard', '#bj', '0')
		await dialog().getByLabel('Code').fill(code)
		await dialog().getByLabel('Name').fill(name)
		await accessible(page, 'a new beat')
		await shot(page, 'beats-new')
		await page.keyboard.press('Enter')
		await beat(name).waitFor()
		const made = (await draft()).beats.find((b) => b.code === code)
		await until(async () => (await draft()).visits.beat.filter((b) => b === made.id).length === 2, 'the server has both')
		await page.keyboard.press('Escape')
		await page.locator('.board [data-cell^="0 "]').first().focus()
		await page.keyboard.press('Control+z')
		await beat(name).waitFor({ state: 'detached' })
		await until(async () => !(await draft()).visits.beat.includes(made.id), 'undone on the server')
	})

	test('a beat is renamed with a reason, by mouse', async () => {
		const first = page.locator('.board tr.beat').first(), name = await first.locator('button .ellipsis').innerText()
		await first.getByRole('button').click()
		await page.getByRole('menuitem', { name: 'Rename…' }).click()
		await dialog().getByLabel('Name').fill(market)
		await dialog().getByLabel('Reason').fill('people call it so')
		await accessible(page, 'a beat is renamed')
		await dialog().getByRole('button', { name: 'Rename' }).click()
		await beat(market).waitFor()
		assert.ok((await draft()).beats.some((b) => b.name === market), `${name} is called otherwise`)
	})

	test('its outlets of a day are selected by the menu of the day', async () => {
		const at = beat(market).locator('.cell:not(.none)').first(), n = Number(await at.innerText())
		await at.click({ button: 'right' })
		await page.getByRole('menuitem', { name: 'Select its outlets' }).click()
		await until(async () => (await page.evaluate(() => document.querySelector('bp-map').store.selection.peek().size)) === n, `${n} outlets are selected`)
	})

	test('a beat without visits is taken away', async () => {
		await page.keyboard.press('b')
		await dialog().getByLabel('Beat').selectOption({ label: `${code} · ${name}` })
		await dialog().getByRole('button', { name: 'Remove' }).click()
		await dialog().waitFor({ state: 'detached' })
		assert.ok(!(await draft()).beats.some((b) => b.code === code))
	})

	test('it reads well on a small screen and in the dark', async () => {
		await page.emulateMedia({ colorScheme: 'dark' })
		await shot(page, 'beats-dark')
		await page.setViewportSize({ width: 390, height: 844 })
		await page.getByRole('tab', { name: 'Board' }).click()
		await accessible(page, 'beats on a small screen')
		await shot(page, 'beats-small')
		await turn().click()
		await page.locator('.board tr.beat').first().waitFor({ state: 'detached' })
	})
})
