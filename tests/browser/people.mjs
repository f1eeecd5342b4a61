// SPDX-License-Identifier: GPL-3.0-or-later
// 400 outlets that ask for twelve visits in four weeks, and one person: the screen says that about six are needed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'
import { imported, numbers, planOf } from './region.mjs'

describe('a plan with far too few people', () => {
	let page, context, faults, unit
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const random = numbers(8), at = () => [12.3, 76.6].map((c) => (c + (random() - 0.5) * 0.04).toFixed(5))
		await imported(page, context, 'too few people', {
			distributors: ['code,name,lat,lon', 'FEW-D,Distributor of few,12.3,76.6'],
			outlets: ['code,name,lat,lon,tier,channel,country,region,dt_code,visit frequency', ...Array.from({ length: 400 }, (_, i) => `FEW-${i},Shop ${i},${at()},Silver,GT,Fewland,FEW,FEW-D,F12`)],
			seats: ['code,name,person,dt_codes,vehicle', 'FEW-S,Seat of few,Only One,FEW-D,two-wheeler'],
		})
		unit = (await api(page, 'GET', '/territories?units=1&q=FEW')).items.find((t) => t.unit)
		await planOf(page, context, unit, 5)
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('it says at once that about six are needed, and works it out', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		const line = page.locator('.attention button', { hasText: /About [567] people are needed/ })
		await line.waitFor()
		assert.match(await line.innerText(), /1 person makes 1\d % of the visits/)
		await accessible(page, 'too few people')
		await shot(page, 'people-01-attention')
		await line.click()
		await page.locator('dialog[open]').getByRole('button', { name: 'Work it out' }).click()
		await page.locator('dialog[open] .notice', { hasText: /[456] people more, [567] in all, would make \d+(\.\d)? % of the visits/ }).waitFor({ timeout: 60000 })
		await accessible(page, 'how many people')
		await page.emulateMedia({ colorScheme: 'dark' })
		await shot(page, 'people-02-answer-dark')
		await page.emulateMedia({ colorScheme: 'light' })
		await page.keyboard.press('Escape')
		await page.setViewportSize({ width: 390, height: 844 })
		await shot(page, 'people-03-narrow')
	})
})
