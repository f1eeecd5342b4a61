// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail: what an event holds beside its columns, what it changed, how far it is sealed, and the files of it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

const looks = /** @type {const} */ ([['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]])

describe('audit', () => {
	let page, context, faults
	const name = `auditor ${Date.now().toString(36)}`
	const value = String(30 + Date.now() % 30) // another at each run
	const row = () => page.getByRole('row').filter({ hasText: `by key ${name}` })
	before(async () => {
		;({ page, context, faults } = await openPage({ acceptDownloads: true, bypassCSP: true }))
		await signIn(page)
		const { key } = await api(page, 'POST', '/auth/keys', { name, permissions: ['VIEW_AUDIT'], days: 1 })
		const r = await fetch(`${base}/api/v1/audit/export?format=csv&action=NOTHING`, { headers: { Authorization: `Bearer ${key}` } })
		assert.equal(r.status, 200)
		const { change } = (await api(page, 'GET', '/settings')).items.find((s) => s.name === 'webhook_hours')
		await api(page, 'PUT', '/settings/webhook_hours', { value, reason: 'the diff of a test', change })
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('an event tells by which key it was done, and where to look for it in the logs', async () => {
		await page.goto(`${base}/audit?action=AUDIT_EXPORT`)
		await row().first().waitFor()
		await row().getByText('Details').click()
		assert.match(await row().locator('details').innerText(), /Program: key \d+ auditor [^]*found in the logs as: \S+/)
		for (const [colorScheme, width] of looks) {
			await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
			await page.emulateMedia({ colorScheme })
			await accessible(page, `audit, ${colorScheme}, ${width}`)
			await shot(page, `audit-${colorScheme}-${width}`)
		}
		await page.setViewportSize({ width: 1280, height: 900 })
	})

	test('its changes open, before and after', async () => {
		await page.goto(`${base}/audit`)
		const changed = page.getByRole('row').filter({ hasText: 'the diff of a test' }).first()
		await changed.getByText(/^\d+ changes?$/).click()
		assert.match(await changed.locator('.diff').innerText(), new RegExp(`→ ${value}`))
	})

	test('the seal of the chain opens', async () => {
		await page.getByText(/^Sealed up to event/).click()
		const hash = page.locator('details[open] code.hash').first()
		await hash.waitFor()
		assert.match(await hash.innerText(), /^[0-9a-f]{64}$/)
	})

	for (const [format, holds] of /** @type {[string, RegExp][]} */ ([['CSV', /^id,at,.*,agent,channel,session_id,correlation\r\n[^]*key \d+ auditor/], ['XML', /^<\?xml[^]* agent="key \d+ auditor [^]*correlation="/]]))
		test(`it is exported as ${format}, with what is shown`, async () => {
			await page.goto(`${base}/audit?action=AUDIT_EXPORT`)
			await row().first().waitFor()
			const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Export as ${format}` }).click()])
			assert.match(readFileSync(await file.path(), 'utf8'), holds)
		})
})
