// SPDX-License-Identifier: GPL-3.0-or-later
// A planner whose network goes away: changes wait in the browser, can be undone there, follow by themselves, and outlive a lost lock.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

describe('without the network', () => {
	let page, context, unit, other
	const dialog = () => page.locator('dialog[open]')
	const lock = async () => {
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
	}
	const edits = async (p = page) => {
		const { items } = await api(p, 'GET', '/planning/sessions')
		return (await api(p, 'GET', `/planning/sessions/${items.find((s) => s.territoryId === unit.id && s.channel === 'GT').id}/draft`)).edits
	}
	const takeOut = async (n) => {
		await page.locator('.stops li').nth(n).click()
		await page.keyboard.press('Delete')
		await dialog().getByRole('button', { name: 'Take out' }).click()
		await dialog().waitFor({ state: 'detached' })
	}
	before(async () => {
		;({ page, context } = await openPage())
		await signIn(page)
		other = await openPage()
		await signIn(other.page)
		const { items } = await api(page, 'GET', '/territories?units=1&limit=500&channel=GT')
		unit = items.filter((t) => t.unit && t.plan && !t.locks.length && t.outlets >= 200).sort((a, b) => a.outlets - b.outlets)[0]
		assert.ok(unit, 'a planned territory that is free')
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await lock()
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		await page.locator('.stops li').nth(5).waitFor() // four leave it, one after the other
	})
	after(async () => {
		await context.setOffline(false)
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(other.faults, [])
		await other.context.close()
	})

	test('changes wait in the browser, one can be undone, and the rest follows by itself', async () => {
		const before = await edits(), stops = await page.locator('.stops li').count()
		await context.setOffline(true)
		await takeOut(1)
		await page.locator('#held', { hasText: '1 change waits here' }).waitFor()
		assert.equal(await page.locator('.stops li').count(), stops - 1, 'the list shows it at once')
		await page.locator('.stops li').nth(1).click()
		await page.keyboard.press('m')
		await dialog().locator('#mv-day').waitFor()
		const days = await dialog().locator('#mv-day option').evaluateAll((l) => l.map((o) => o.value).filter(Boolean))
		const move = dialog().getByRole('button', { name: 'Move', exact: true })
		for (const x of days) { // the first that takes one more
			await dialog().locator('#mv-day').selectOption(x)
			await dialog().locator('.impact').waitFor()
			if (await move.isEnabled())
				break
		}
		await move.click()
		await page.locator('#held', { hasText: '2 changes wait here' }).waitFor()
		await accessible(page, 'changes wait')
		await shot(page, 'offline-01-held')
		await page.locator('.ws-tools').getByRole('button', { name: /^Undo/ }).click()
		await page.locator('#held', { hasText: '1 change waits here' }).waitFor()
		assert.equal(await edits(other.page), before, 'the server knows nothing of it')
		await context.setOffline(false)
		await page.locator('#returned', { hasText: '1 change that waited in this browser is saved now' }).waitFor()
		await page.locator('#held').waitFor({ state: 'detached' })
		assert.equal(await edits(), before + 1)
		await page.emulateMedia({ colorScheme: 'dark' })
		await shot(page, 'offline-02-returned-dark')
		await page.emulateMedia({ colorScheme: 'light' })
		await page.locator('#returned').getByRole('button', { name: 'Close' }).click()
	})

	test('what was saved when its answer was lost is sent again and saved once', async () => {
		const { planId } = await page.evaluate(() => document.querySelector('bp-map').store.plan.peek())
		const versions = async () => (await api(page, 'GET', `/plans/${planId}/versions?limit=500`)).items.filter((v) => v.notes === 'Answer lost').length
		let lost = 0
		await page.route('**/plans/*/save', async (route) => {
			if (lost++)
				return route.continue()
			await route.fetch()
			await route.abort('connectionreset')
		})
		await page.keyboard.press('Control+s')
		await dialog().locator('#sv-notes').fill('Answer lost')
		await dialog().getByRole('button', { name: 'Save', exact: true }).click()
		await dialog().waitFor({ state: 'detached' })
		await page.unroute('**/plans/*/save')
		assert.equal(lost, 2)
		assert.equal(await versions(), 1)
	})

	test('a page that is loaded again sends what it held', async () => {
		const before = await edits()
		await context.setOffline(true)
		await takeOut(1)
		await page.locator('#held').waitFor()
		const kept = await page.evaluate(() => Object.entries(localStorage).find(([k]) => k.startsWith('bp.held.')))
		assert.ok(kept, 'the browser keeps it')
		await context.setOffline(false)
		await page.reload()
		await until(async () => await edits() === before + 1, 'the change arrives')
		await until(() => page.evaluate(() => !Object.keys(localStorage).some((k) => k.startsWith('bp.held.'))), 'and is kept no longer')
	})

	test('a change whose reason was retired meanwhile is stranded and says why; with another reason it is done', async () => {
		const before = await edits(), code = 'OFFLINE_' + Date.now().toString(36).toUpperCase()
		const reason = (await api(other.page, 'POST', '/reasons', { code, label: 'A strike', reason: 'a test' })).items.find((r) => r.code === code)
		await page.locator('.stops li').nth(1).click()
		await page.locator('.stops li').nth(2).click({ modifiers: ['Shift'] })
		await page.keyboard.press('m')
		await dialog().locator('#mv-why-code option', { hasText: 'A strike' }).waitFor({ state: 'attached' })
		const days = await dialog().locator('#mv-day option').evaluateAll((l) => l.map((o) => o.value).filter(Boolean)), move = dialog().getByRole('button', { name: 'Move', exact: true })
		for (const x of days) { // the first that takes two more
			await dialog().locator('#mv-day').selectOption(x)
			await dialog().locator('.impact').waitFor()
			await page.waitForTimeout(500)
			if (await move.isEnabled() && !(await dialog().innerText()).includes('Why is the rule overridden?'))
				break
		}
		await dialog().locator('#mv-why-code').selectOption(code)
		await dialog().locator('#mv-why').fill('the drivers strike')
		await context.setOffline(true)
		await move.click()
		await page.locator('#held', { hasText: '1 change waits here' }).waitFor()
		await api(other.page, 'PUT', `/reasons/${reason.id}`, { label: 'A strike', retired: true, reason: 'a test' })
		await context.setOffline(false)
		const note = page.locator('#stranded', { hasText: 'was not taken' }), named = note.locator('li', { hasText: 'The reason “A strike” is no longer offered: “Do them” asks for another one' })
		await named.waitFor()
		assert.equal(await edits(), before, 'the server took nothing')
		await accessible(page, 'a refused change')
		await shot(page, 'offline-04-refused')
		await page.reload()
		await named.waitFor() // it outlives the page
		await note.getByRole('button', { name: /^Do them/ }).click()
		await dialog().locator('#why-code').selectOption('ABSENCE')
		await dialog().locator('#why').fill('the drivers strike')
		await dialog().getByRole('button', { name: /^Do them/ }).click()
		await page.locator('#returned', { hasText: '1 change that waited in this browser is saved now' }).waitFor()
		await note.waitFor({ state: 'detached' })
		assert.equal(await edits(), before + 1)
		const [last] = (await api(page, 'GET', `/plans/${unit.plan.id}/ledger?limit=1`)).items
		assert.equal(last.reasonCode, 'ABSENCE')
		await page.locator('#returned').getByRole('button', { name: 'Close' }).click()
	})

	test('a lock that is lost meanwhile strands nothing for good', async () => {
		await page.locator('.stops li').nth(1).waitFor()
		const before = await edits()
		await context.setOffline(true)
		await takeOut(1)
		await page.locator('#held').waitFor()
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
		await context.setOffline(false)
		await page.locator('#stranded', { hasText: 'was not sent before you lost the lock' }).waitFor()
		await accessible(page, 'stranded changes')
		await page.setViewportSize({ width: 390, height: 844 })
		await shot(page, 'offline-03-stranded-narrow')
		await page.setViewportSize({ width: 1440, height: 900 })
		await lock()
		const decide = page.locator('#stranded').getByRole('button', { name: /^Do them/ })
		await Promise.race([decide.click().catch(() => {}), page.locator('#returned').waitFor()])
		await page.locator('#returned', { hasText: '1 change that waited in this browser is saved now' }).waitFor()
		assert.equal(await edits(), before + 1)
	})
})
