// SPDX-License-Identifier: GPL-3.0-or-later
// Modern trade by store: chains as lanes, appointments, a clash where it occurs and its repair.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, upload } from './lib.mjs'

const stamp = Date.now().toString(36)
const outlets = ['code,name,lat,lon,tier,country,state,city,dt_code,channel,chain', ...Array.from({ length: 24 }, (_, i) =>
	`MS-${stamp}-${i},Store ${i},${(19 + (i % 6) / 60).toFixed(5)},${(72.8 + Math.floor(i / 6) / 60).toFixed(5)},${['Silver', 'Gold', 'Bronze'][i % 3]},Marketland ${stamp},Marketstate ${stamp},Marketown ${stamp},MD-${stamp},MT,Chain ${i % 3} ${stamp}`)]
const files = {
	distributors: `code,name,lat,lon\nMD-${stamp},Market Distribution ${stamp},19.05,72.85\n`,
	outlets: `${outlets.join('\n')}\n`,
	seats: `code,name,person,dt_codes,vehicle,channel\nMSS-${stamp},Key accounts,Kay Market,MD-${stamp},car,MT\n`,
}

describe('modern trade by store', () => {
	let page, context, faults, unit
	const dialog = () => page.locator('dialog[open]')

	/** Files through an import, as the wizard does it. */
	const load = async () => {
		const { id } = await api(page, 'POST', '/import/sessions', { name: `stores ${stamp}` })
		for (const [name, text] of Object.entries(files))
			await upload(page, id, `${name}-${stamp}`, text)
		for (const step of ['validate', 'process']) {
			const { jobId, ...problem } = await api(page, 'POST', `/import/sessions/${id}/${step}`, {})
			assert.ok(jobId, JSON.stringify(problem))
			for (let i = 0; ; i++) {
				const job = await api(page, 'GET', `/jobs/${jobId}`)
				if (job.state === 'done')
					break
				assert.ok(i < 300 && job.state !== 'failed', JSON.stringify(job))
				await page.waitForTimeout(100)
			}
		}
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		await load()
		unit = (await api(page, 'GET', `/territories?units=1&limit=500&q=${encodeURIComponent(`Market`)}`)).items.find((t) => t.name.includes(stamp) || t.code.includes(stamp))
		assert.ok(unit, 'the stores make a unit')
	})
	after(async () => {
		if (unit)
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=MT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('stores are planned, and stand in the lanes of their chains', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=MT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		await page.keyboard.press('o')
		await dialog().locator('#op-s').fill('5')
		await dialog().getByRole('button', { name: 'Start' }).click()
		await dialog().getByRole('button', { name: 'Accept the proposal' }).click({ timeout: 60000 })
		await page.locator('.stores [role=row]', { hasText: `Chain 0 ${stamp}` }).waitFor()
		await page.waitForFunction(() => document.querySelectorAll('.stores .visit').length > 10)
		await page.getByText('no visit clashes').waitFor()
		await accessible(page, 'stores')
		await shot(page, 'stores-01')
	})
	test('an appointment that does not fit is drawn where it does not, and one click repairs it', async () => {
		const row = page.locator('.stores [role=row]', { has: page.locator('.visit') }).first()
		await row.getByRole('button', { name: /^Appointments of/ }).click()
		await dialog().locator('#st-hours').fill('nonsense')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().getByText(/cannot be read/).waitFor()
		// The weekday of its first visit is closed.
		const label = await row.locator('.visit').first().getAttribute('aria-label')
		const weekday = /, (Mon|Tue|Wed|Thu|Fri|Sat)/.exec(label)?.[1]
		await dialog().locator('#st-hours').fill(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].filter((d) => d !== weekday).map((d) => `${d} 9:00-17:00`).join(', '))
		await dialog().getByRole('button', { name: 'Save' }).click()
		await page.locator('.stores .visit.bad').first().waitFor()
		await shot(page, 'stores-02-clash')
		await page.getByRole('button', { name: 'Show the first' }).click()
		await page.locator('.why .notice.bad', { hasText: 'closed on this day' }).waitFor()
		await page.locator('.why .options li').first().waitFor()
		assert.ok(await page.locator('.why .options li').count() <= 3)
		await accessible(page, 'repairs')
		const clashes = await page.locator('.stores .visit.bad').count()
		await page.locator('.why .options').getByRole('button', { name: 'Move there' }).first().click()
		await page.waitForFunction((n) => document.querySelectorAll('.stores .visit.bad').length < n, clashes)
	})
	test('a rule of the chain holds for all of its stores: drawn where a visit clashes, told where nothing can be planned, taken back', async () => {
		const head = page.locator('.stores [role=row]', { hasText: `Chain 1 ${stamp}` }).first()
		const rules = async () => {
			await head.getByRole('button', { name: `Rules of Chain 1 ${stamp}` }).click()
			await dialog().locator('#cr-hours').waitFor()
			assert.ok(await dialog().getByRole('button', { name: 'Save' }).isDisabled(), 'not without a reason')
			await dialog().locator('#cr-reason').fill('the buyer says so')
		}
		await rules()
		await dialog().locator('#cr-hours').fill('whenever')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().getByText(/cannot be read/).waitFor()
		await dialog().locator('#cr-hours').fill('')
		await dialog().locator('.cr-days input').nth(1).check()
		await dialog().locator('#cr-mostPerDay').fill('1')
		await dialog().getByRole('button', { name: 'Add dates' }).click()
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().locator('.cr-dates .problem').waitFor()
		await dialog().getByLabel('From').fill('2099-12-24')
		await dialog().getByLabel('To', { exact: true }).fill('2099-12-31')
		await dialog().getByLabel('Why').fill('Christmas')
		await accessible(page, 'the rules of a chain')
		await shot(page, 'stores-05-chain-rules')
		await page.emulateMedia({ colorScheme: 'dark' })
		await page.setViewportSize({ width: 390, height: 844 })
		await accessible(page, 'the rules of a chain, narrow')
		await shot(page, 'stores-06-chain-rules-narrow-dark')
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
		await dialog().getByRole('button', { name: 'Save' }).click()
		await head.getByText('Tue · at most 1 a day · closed once').waitFor()
		/* Eight stores want more than one visit each Tuesday. */
		await page.locator('#clashes', { hasText: `Chain 1 ${stamp}` }).waitFor()
		await page.locator('.stores .visit.bad').first().waitFor()
		await accessible(page, 'clashes of a chain')
		await shot(page, 'stores-07-chain-clash')
		await page.getByRole('button', { name: 'Appointments of Store 1', exact: true }).click()
		await dialog().getByText(/Without hours of its own it has those of Chain 1/).waitFor()
		await page.keyboard.press('Escape')
		await rules()
		await dialog().locator('#cr-mostPerDay').fill('')
		await dialog().locator('#cr-mostPrice').fill('20')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().locator('.problem', { hasText: 'which is not given' }).waitFor()
		await dialog().locator('#cr-mostPerDay').fill('1')
		/* Thirty-two visits in twenty days: on some there are two, whatever the plan. */
		await dialog().locator('.cr-days input').nth(1).uncheck()
		await dialog().getByRole('button', { name: 'Save' }).click()
		await head.getByText('at most 1 a day, or 20 min for each more · closed once').waitFor()
		await page.locator('.stores .visit.warn').first().waitFor()
		await shot(page, 'stores-08-chain-price')
		await rules()
		await dialog().getByRole('button', { name: 'Take all back' }).click()
		await page.locator('#ask-reason').fill('the contract is over')
		await page.getByRole('button', { name: 'Take back', exact: true }).click()
		await page.locator('#clashes').waitFor({ state: 'detached' })
		assert.equal((await api(page, 'GET', `/territories/${unit.id}/chains`)).items.filter((c) => c.weekdays.length).length, 0)
	})
	test('territories of a chain are locked as one, shown together, and given back together', async () => {
		const units = (await api(page, 'GET', '/territories?units=1&limit=500&channel=MT')).items.filter((t) => t.unit && t.id !== unit.id && !t.locks.some((l) => l.channel === 'MT'))
		const taken = await openPage()
		await signIn(taken.page, 'mtplanner')
		await api(taken.page, 'POST', `/territories/${units[1].id}/lock`, { channel: 'MT' })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=MT`)
		const menu = async (label) => {
			await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
			await page.getByRole('menuitem', { name: label }).click()
			await dialog().waitFor()
		}
		await menu('Lock several territories as one…')
		await dialog().locator('.lock-set li', { hasText: units[1].name }).getByText('Tom Becker').first().waitFor()
		assert.ok(await dialog().locator('.lock-set li', { hasText: units[1].name }).locator('input').isDisabled(), 'what another holds cannot be chosen')
		await dialog().locator('#ls-q').fill(units[0].name)
		await dialog().locator('.lock-set input').first().focus()
		await page.keyboard.press('Space')
		await accessible(page, 'a set of locks')
		await shot(page, 'stores-03-lock-set')
		/* Somebody takes it while the list is open: nothing is locked. */
		await api(taken.page, 'POST', `/territories/${units[0].id}/lock`, { channel: 'MT' })
		await dialog().getByRole('button', { name: /^Lock 1 more/ }).click()
		await dialog().locator('.notice', { hasText: 'Tom Becker' }).waitFor()
		assert.equal((await api(page, 'GET', '/locks')).items.filter((l) => l.setId).length, 0)
		await api(taken.page, 'DELETE', `/territories/${units[0].id}/lock?channel=MT`)
		await dialog().getByRole('button', { name: /^Lock 1 more/ }).click()
		const chip = page.locator('.ws-bar').getByRole('button', { name: /2 territories/ })
		await chip.waitFor()
		await chip.click()
		assert.equal(await dialog().locator('.lock-set li').count(), 2)
		await dialog().getByRole('link', { name: units[0].name }).waitFor()
		await page.emulateMedia({ colorScheme: 'dark' })
		await page.setViewportSize({ width: 390, height: 844 })
		await accessible(page, 'the lock card')
		await shot(page, 'stores-04-lock-card-narrow-dark')
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
		await dialog().getByRole('button', { name: 'Give all back' }).click()
		await dialog().getByText(units[0].name).waitFor()
		await dialog().getByRole('button', { name: 'Give back' }).click()
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).waitFor()
		assert.equal((await api(page, 'GET', '/locks')).items.filter((l) => l.channel === 'MT').length, 0)
		await api(taken.page, 'DELETE', `/territories/${units[1].id}/lock?channel=MT`)
		await taken.context.close()
	})
	test('the board of people is one click away', async () => {
		await page.getByRole('button', { name: 'People', exact: true }).click()
		await page.locator('.board [data-cell]').first().waitFor()
	})
})
