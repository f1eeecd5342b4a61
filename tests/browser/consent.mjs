// SPDX-License-Identifier: GPL-3.0-or-later
// What a planner does not do alone, as people do it: overriding a rule with a reason of the list, and keeping that list.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

describe('overrides have reasons', () => {
	let page, context, faults, unit
	const dialog = () => page.locator('dialog[open]')
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const { items } = await api(page, 'GET', '/territories?units=1&limit=500&channel=GT')
		unit = items.filter((t) => t.unit && t.plan && !t.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
		assert.ok(unit, 'a planned territory that is free')
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('a reason is added by the keyboard, renamed and retired by the mouse', async () => {
		await page.goto(`${base}/reasons`)
		const name = 'Street market ' + Date.now().toString(36)
		await page.locator('#re-label').fill(name)
		await page.keyboard.press('Tab')
		await page.keyboard.type('market_' + Date.now().toString(36))
		await page.keyboard.press('Enter')
		const row = page.locator('tbody tr', { hasText: name })
		await row.waitFor()
		await row.getByRole('button', { name: 'Rename' }).click()
		await dialog().locator('input').fill(name + ' day')
		await page.keyboard.press('Enter')
		await page.locator('tbody tr', { hasText: name + ' day' }).waitFor()
		await row.getByRole('button', { name: 'Retire' }).click()
		await row.getByRole('button', { name: 'Offer again' }).waitFor()
		await accessible(page, 'reasons')
		await shot(page, 'consent-01-reasons')
	})

	test('more than a day takes is moved there only with a reason from the list and in words', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		await page.locator('.stops li').first().click()
		await page.locator('.stops li').last().click({ modifiers: ['Shift'] })
		await page.keyboard.press('m')
		await dialog().locator('#mv-day').waitFor()
		/* A whole day more than a day that has its own visits: some day takes no more. */
		const days = await dialog().locator('#mv-day option').evaluateAll((l) => l.map((o) => o.value).filter(Boolean))
		const asked = dialog().getByLabel('Why is the rule overridden?')
		for (const x of days) {
			await dialog().locator('#mv-day').selectOption(x)
			if (await asked.waitFor({ timeout: 3000 }).then(() => true, () => false))
				break
		}
		await asked.waitFor()
		const go = dialog().locator('.d-foot .primary')
		assert.ok(await go.isDisabled(), 'without a reason')
		await dialog().locator('#mv-why-code').selectOption('PROMOTION')
		assert.ok(await go.isDisabled(), 'without words')
		await dialog().locator('#mv-why').fill('The fair of the town')
		await accessible(page, 'override')
		await shot(page, 'consent-02-override')
		await go.click()
		await page.locator('.toast', { hasText: 'Move' }).first().waitFor()
		await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
		await page.getByRole('menuitem', { name: 'Ledger of changes' }).click()
		await dialog().locator('tbody tr', { hasText: 'Promotion or launch: The fair of the town' }).first().waitFor()
		await page.keyboard.press('Escape')
		await page.locator('.ws-tools').getByRole('button', { name: /^Undo/ }).click()
	})

	test('whether notices come by mail is one click on the own page', async () => {
		const me = (await api(page, 'GET', '/auth/me')).user
		await api(page, 'PATCH', `/users/${me.id}`, { email: 'asha@example.org' })
		await page.goto(`${base}/account`)
		await page.locator('#ac-mail').uncheck()
		await page.waitForFunction(async () => (await (await fetch('/api/v1/notices?limit=1')).json()).mail === false)
		await page.reload()
		assert.equal(await page.locator('#ac-mail').isChecked(), false)
		await accessible(page, 'account')
		await page.setViewportSize({ width: 390, height: 844 })
		await page.evaluate(() => document.documentElement.dataset.theme = 'dark')
		await shot(page, 'consent-03-account-dark-narrow')
		await page.goto(`${base}/reasons`)
		await page.locator('tbody tr').first().waitFor()
		await page.evaluate(() => document.documentElement.dataset.theme = 'dark')
		await accessible(page, 'reasons, narrow')
		await shot(page, 'consent-04-reasons-dark-narrow')
		await page.setViewportSize({ width: 1440, height: 900 })
		await api(page, 'PATCH', `/users/${me.id}`, { email: '' })
		await api(page, 'PUT', '/notices/mail', { mail: true })
	})
})

describe('a commit waits for somebody else', () => {
	let page, context, faults, unit
	const dialog = () => page.locator('dialog[open]')
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const { items } = await api(page, 'GET', '/territories?units=1&limit=500&channel=GT')
		unit = items.filter((t) => t.unit && t.plan && !t.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
		assert.ok(unit, 'a planned territory that is free')
	})
	after(async () => {
		await api(page, 'PUT', `/territories/${unit.id}/profile?channel=GT`, { set: { approval: null } }).catch(() => {})
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})
	const becomes = async (...who) => {
		await context.clearCookies()
		await signIn(page, ...who)
	}
	const submit = async (note) => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		await page.locator('.ws-tools').getByRole('button', { name: 'Commit' }).click()
		await dialog().getByText('approved by somebody else').waitFor()
		await dialog().locator('#cm-notes').fill(note)
		await accessible(page, 'submit')
		await shot(page, 'consent-05-submit')
		await dialog().getByRole('button', { name: 'Submit' }).click()
		await page.locator('.toast', { hasText: 'waits for approval' }).waitFor()
	}

	test('the parameters ask for it, a planner submits, and withdraws', async () => {
		await page.goto(`${base}/territories/${unit.id}/profile?channel=GT`)
		await page.locator('#p-approval').selectOption('1')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.locator('.toast', { hasText: 'Saved' }).waitFor()
		await submit('first try')
		await page.goto(`${base}/approvals`)
		const row = page.locator('tbody tr', { hasText: 'first try' })
		assert.equal(await row.getByRole('button', { name: 'Approve' }).count(), 0, 'not the own one')
		await row.getByRole('button', { name: 'Withdraw' }).click()
		await page.getByText('Nothing waits').waitFor()
		await submit('second try')
	})

	test('somebody else sees the changes, sends back with a reason by the keyboard, and approves the next', async () => {
		await becomes('manager')
		await page.goto(`${base}/approvals`)
		const row = page.locator('tbody tr', { hasText: 'second try' })
		await row.waitFor()
		await accessible(page, 'approvals')
		await shot(page, 'consent-06-approvals')
		await row.getByRole('link', { name: 'See the changes' }).click()
		await page.locator('.notice', { hasText: 'waits for approval' }).waitFor()
		await accessible(page, 'changes of a submission')
		await shot(page, 'consent-07-changes')
		await page.getByRole('button', { name: 'Send back…' }).focus()
		await page.keyboard.press('Enter')
		await dialog().locator('input').fill('Fridays are too full')
		await page.keyboard.press('Enter')
		await page.locator('.toast', { hasText: 'is sent back' }).waitFor()
		await page.goto(`${base}/territories/${unit.id}/versions?channel=GT`)
		await page.locator('tbody tr', { hasText: 'sent back by' }).first().waitFor()
		await accessible(page, 'versions')
		await becomes()
		await submit('third try')
		await becomes('manager')
		await page.setViewportSize({ width: 390, height: 844 })
		await page.goto(`${base}/approvals`)
		await page.evaluate(() => document.documentElement.dataset.theme = 'dark')
		const third = page.locator('tbody tr', { hasText: 'third try' })
		await third.waitFor()
		await accessible(page, 'approvals, narrow')
		await shot(page, 'consent-08-approvals-dark-narrow')
		await third.getByRole('button', { name: 'Approve' }).click()
		await dialog().getByRole('button', { name: 'Approve' }).click()
		await page.locator('.toast', { hasText: 'is committed' }).waitFor()
		await page.setViewportSize({ width: 1440, height: 900 })
		await becomes()
		const { items } = await api(page, 'GET', '/notices?limit=5')
		assert.ok(items.some((n) => n.kind === 'PLAN_APPROVED'))
	})
})
