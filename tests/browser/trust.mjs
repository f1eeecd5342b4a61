// SPDX-License-Identifier: GPL-3.0-or-later
// Trust in a plan as a person builds it: why here, why not, the ledger, fairness, single changes taken from a version.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

describe('why a plan is as it is', () => {
	let page, context, faults, unit, version
	const dialog = () => page.locator('dialog[open]')
	const more = async (label) => {
		await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
		await page.getByRole('menuitem', { name: label }).click()
		await dialog().waitFor()
	}
	const close = async () => {
		await page.keyboard.press('Escape')
		await dialog().waitFor({ state: 'detached' })
	}

	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const { items } = await api(page, 'GET', '/territories?units=1&limit=500&channel=GT')
		unit = items.filter((t) => t.unit && t.plan && !t.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
		assert.ok(unit, 'a planned territory that is free')
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('a visit tells by a key why it stands here, and moves to the next best place by one click', async () => {
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		const row = page.locator('.stops li').nth(2)
		const need = await row.getAttribute('data-need')
		await row.focus()
		await page.keyboard.press('w')
		await page.locator('.why .options li').first().waitFor()
		assert.ok(await page.locator('.why .days li').count() > 10, 'the other days of the person')
		await accessible(page, 'why here')
		await shot(page, 'trust-01-why')
		await page.locator('.why .options').getByRole('button', { name: 'Move there' }).first().click()
		await page.locator('.toast', { hasText: 'Rearrange' }).waitFor()
		await page.locator(`.stops li[data-need="${need}"]`).waitFor({ state: 'detached' })
	})

	test('the ledger has it with its price; fairness counts every seat', async () => {
		await more('Ledger of changes')
		await dialog().locator('tbody tr', { hasText: 'Rearrange' }).first().waitFor()
		assert.match(await dialog().innerText(), /for 1 change that counts/)
		await accessible(page, 'ledger')
		await close()
		await more('Fairness')
		await dialog().locator('tbody tr').first().waitFor()
		assert.ok(await dialog().locator('tbody tr').count() > 1)
		await accessible(page, 'fairness')
		await close()
		const { items } = await api(page, 'GET', `/planning/sessions`)
		const mine = items.find((s) => s.territoryId === unit.id && s.channel === 'GT')
		version = await api(page, 'POST', `/plans/${mine.planId}/save`, { sessionId: mine.id, notes: 'with the move' })
		await page.locator('.ws-tools').getByRole('button', { name: /^Undo/ }).click()
		await page.waitForFunction(() => /0 edits/.test(document.querySelector('.save-state')?.textContent ?? ''))
	})

	test('what is taken out says what would place it, and is placed by one click', async () => {
		const row = page.locator('.stops li').nth(1)
		await row.click()
		await page.keyboard.press('Delete')
		await dialog().getByRole('button', { name: 'Take out' }).click()
		await page.getByRole('tab', { name: /^Unserved/ }).click()
		await page.locator('bp-grid [role=row]', { hasText: 'taken out by hand' }).first().getByRole('button', { name: 'Why?' }).click()
		await page.locator('.why').getByRole('button', { name: 'Place it so' }).waitFor()
		await accessible(page, 'why not')
		await shot(page, 'trust-02-why-not')
		await page.locator('.why').getByRole('button', { name: 'Place it so' }).click()
		await page.locator('.toast', { hasText: 'Place a visit' }).waitFor()
	})

	test('single changes of a version are taken into the draft, and it is talked about', async () => {
		await page.goto(`${base}/territories/${unit.id}/compare?channel=GT&a=draft&b=${version.id}`)
		await page.locator('.changes [role=row] input').first().waitFor()
		await page.locator('.changes [role=row] input').first().check()
		await page.getByRole('button', { name: 'Take 1 change' }).click()
		await page.locator('.toast', { hasText: 'Taken over into your draft' }).waitFor()
		await page.getByRole('button', { name: 'Day', exact: true }).click()
		await page.locator('#cmp-say').fill('Looks right to me')
		await page.getByRole('button', { name: 'Say it' }).click()
		await page.locator('li', { hasText: 'Looks right to me' }).waitFor()
		await accessible(page, 'compare')
		await shot(page, 'trust-03-compare')
	})
})
