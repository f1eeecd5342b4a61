// SPDX-License-Identifier: GPL-3.0-or-later
// What an administrator sees of what goes on: jobs with their logs, what is done by the clock, locks, programs.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

describe('background', () => {
	let page, planner, faults, unit, close
	const dialog = () => page.locator('dialog[open]')
	before(async () => {
		const one = await openPage(), two = await openPage()
		page = one.page
		planner = two.page
		faults = [one.faults, two.faults]
		close = () => Promise.all([one.context.close(), two.context.close()])
		await signIn(planner, 'planner')
		await signIn(page)
		unit = (await api(planner, 'GET', '/territories?units=1&channel=GT&limit=500')).items.find((u) => u.unit && u.plan && !u.locks.length)
		await api(planner, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
	})
	after(async () => {
		await close()
		assert.deepEqual(faults.flat(), [])
	})

	test('the log of a job is read by keys, and what is done by the clock is done now', async () => {
		await page.goto(base + '/jobs')
		const only = page.waitForResponse((r) => r.url().includes('kind=SNAPSHOT'))
		await page.getByLabel('All kinds').selectOption('SNAPSHOT')
		await only
		await page.waitForFunction(() => [...document.querySelectorAll('.card tbody tr')].every((r) => /Snapshot|Run now/.test(r.textContent ?? '')))
		await page.getByRole('button', { name: 'Log', exact: true }).first().focus()
		await page.keyboard.press('Enter')
		await dialog().getByText(/^begun on /).waitFor()
		await dialog().getByRole('cell', { name: 'done', exact: true }).waitFor()
		await accessible(page, 'the log of a job')
		await shot(page, 'job-log')
		await page.keyboard.press('Escape')
		const row = page.getByRole('table', { name: 'By the clock' }).getByRole('row', { name: /What was kept/ }), asked = page.waitForResponse((r) => r.url().endsWith('/schedules/SWEEP/run'))
		await row.getByRole('button', { name: /Run now/ }).click()
		assert.equal((await asked).status(), 200)
		await page.locator('.toast', { hasText: 'within seconds' }).waitFor()
	})

	test('a lock is broken with a reason', async () => {
		await page.goto(base + '/locks')
		const row = page.getByRole('row', { name: new RegExp(unit.name.replace(/[()]/g, '\\$&')) })
		await row.getByText('Priya Nair').waitFor()
		await row.getByRole('checkbox').check()
		await accessible(page, 'locks')
		await shot(page, 'locks')
		await page.getByRole('button', { name: 'Break 1 lock' }).click()
		assert.ok(await dialog().getByRole('button', { name: 'Break' }).isDisabled())
		await dialog().getByLabel('Reason').fill('gone on holiday')
		await page.keyboard.press('Enter')
		await page.locator('.toast', { hasText: '1 lock broken' }).waitFor()
		await row.waitFor({ state: 'detached' })
		assert.equal((await api(planner, 'GET', '/notices')).items[0].text, 'gone on holiday')
	})

	test('a program is shut out by keys, and its owner is told', async () => {
		for (const k of (await api(planner, 'GET', '/auth/keys')).items)
			await api(planner, 'DELETE', `/auth/keys/${k.id}`)
		await api(planner, 'POST', '/auth/keys', { name: 'Wall display', permissions: ['VIEW_TERRITORY'] })
		await page.goto(base + '/programs')
		const row = page.getByRole('table', { name: 'API keys' }).getByRole('row', { name: /Wall display/ })
		await row.getByText('Priya Nair').waitFor()
		await accessible(page, 'programs')
		await shot(page, 'programs')
		await row.getByRole('button', { name: 'Shut out: Wall display' }).focus()
		await page.keyboard.press('Enter')
		await dialog().getByLabel('Reason').fill('it hangs in the street')
		await page.keyboard.press('Enter')
		await row.waitFor({ state: 'detached' })
		await planner.goto(base + '/notices')
		await planner.getByText('Wall display: it hangs in the street').first().waitFor()
	})

	for (const [colorScheme, viewport] of /** @type {const} */ ([['light', { width: 390, height: 844 }], ['dark', { width: 1280, height: 800 }], ['dark', { width: 390, height: 844 }]]))
		test(`they read well, ${colorScheme}, ${viewport.width}`, async () => {
			await page.setViewportSize(viewport)
			await page.emulateMedia({ colorScheme })
			for (const path of ['/jobs', '/locks', '/programs']) {
				await page.goto(base + path)
				await page.locator('.card').first().waitFor()
				await accessible(page, `${path} ${colorScheme}`)
				await shot(page, `background${path.replace('/', '-')}-${colorScheme}-${viewport.width}`)
			}
		})
})
