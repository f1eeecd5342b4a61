// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor finds on the Health screen, and the page that people see while Beatplan is looked after.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accessible, base, openPage, shot, signIn } from './lib.mjs'

describe('health', () => {
	for (const [colorScheme, viewport] of /** @type {const} */ ([['light', { width: 1440, height: 900 }], ['dark', { width: 390, height: 844 }]]))
		test(`the installation is looked at, ${colorScheme}, ${viewport.width}`, async () => {
			const { page, context, faults } = await openPage({ viewport, colorScheme, bypassCSP: true })
			await signIn(page)
			await page.goto(base + '/health')
			const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Installation', exact: true }) })
			const row = (text) => card.getByRole('row', { name: text })
			await row('The database answers').getByText('fine').waitFor()
			/* What is to be mended stands first, with the way to do it. */
			assert.match(await card.getByRole('row').nth(1).innerText(), /bad|to be looked at/)
			await row('There is a backup of today or yesterday').getByText('backup_dir').waitFor()
			const again = page.waitForResponse((r) => r.url().endsWith('/system/doctor'))
			await card.getByRole('button', { name: 'Look again' }).click()
			assert.ok([200, 304].includes((await again).status()))
			await card.scrollIntoViewIfNeeded()
			await accessible(page, 'health')
			await shot(page, `doctor-${colorScheme}`)
			await page.goto(base + '/closed.html')
			await page.getByRole('heading', { name: 'Beatplan is being looked after' }).waitFor()
			await accessible(page, 'closed')
			await shot(page, `closed-${colorScheme}`)
			assert.deepEqual(faults, [])
			await context.close()
		})
})
