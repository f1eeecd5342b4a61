// SPDX-License-Identifier: GPL-3.0-or-later
// Invoices, windows, accounts and lists as a person brings them and finds them again: through the wizard to the outlet's page.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

describe('invoices and what else is imported', () => {
	const stamp = Date.now().toString(36), folder = mkdtempSync(join(tmpdir(), 'beatplan-'))
	let page, faults, context, outlet
	before(async () => {
		({ page, faults, context } = await openPage({ bypassCSP: true }))
		await signIn(page)
	})
	after(async () => {
		rmSync(folder, { recursive: true, force: true })
		await context?.close()
		assert.deepEqual(faults, [])
	})
	const file = (name, text) => {
		writeFileSync(join(folder, name), text)
		return join(folder, name)
	}

	test('files of five kinds go through the wizard together', async () => {
		await page.locator('.nav').getByRole('link', { name: 'Import' }).click()
		await page.getByRole('button', { name: 'New import' }).first().click()
		await page.waitForURL(/\/import\/\d+/)
		const lines = Array.from({ length: 36 }, (_, i) => `INV-${stamp}-${Math.floor(i / 3)},${2025 + Math.floor((i + 9) / 36)}-${String((Math.floor(i / 3) + 3) % 12 + 1).padStart(2, '0')}-15,${i < 33 ? `N1-${stamp}` : `GONE-${stamp}`},Corner,P${i % 3},Product ${i % 3},${1 + i % 4},12.5,INR,Asha`)
		const files = {
			'outlets.csv': `code,name,region,area,postcode,chain\nN1-${stamp},Corner ${stamp},Browserland,Corner Area,70001,MEGA${stamp}\n`,
			'invoices march .csv': `invoice no,invoice date,customer code,customer name,sku,product name,qty,unit price,currency,salesman\n${lines.join('\n')}\n`,
			'windows.csv': `outlet code,weekday,opens,closes,hard\nN1-${stamp},Mon-Fri,09:00,12:00,yes\nN1-${stamp},Sat,10:00,11:00,no\n`,
			'blacklist.csv': `outlet code,list,from,to,reason\nN1-${stamp},black,2026-01-01,2026-02-01,renovation\n`,
			'accounts.csv': `account code,account name,parent\nMEGA${stamp},Mega ${stamp},\n`,
		}
		await page.setInputFiles('#files', Object.entries(files).map(([name, text]) => file(name, text)))
		for (const name of Object.keys(files))
			await page.locator('table').getByText(name).waitFor()
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByRole('tab', { name: 'invoices march .csv' }).click()
		await page.locator('th', { hasText: 'unit price' }).waitFor()
		await page.getByRole('button', { name: 'Next' }).click()
		await page.locator('.map-card').first().waitFor()
		await shot(page, 'entities-01-map')
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await page.getByRole('button', { name: 'Load now' }).waitFor({ timeout: 60000 })
		await shot(page, 'entities-02-check')
		await page.getByRole('button', { name: 'Load now' }).click()
		await page.getByText('The data is current now').waitFor({ timeout: 60000 })
		outlet = (await api(page, 'GET', `/outlets?q=N1-${stamp}`)).items[0]
	})

	test('a file without codes finds outlets by their name and postcode', async () => {
		await page.goto(`${base}/import`)
		await page.getByRole('button', { name: 'New import' }).first().click()
		await page.waitForURL(/\/import\/\d+/)
		await page.setInputFiles('#files', file('telephones.csv', `store name,postcode,phone,email\nCORNER  ${stamp}.,70001,+1 407 555 0777,corner@example.org\n`))
		await page.locator('table').getByText('telephones.csv').waitFor()
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByLabel('What the file holds').selectOption('outlets')
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByText('These fields must come from the file').waitFor()
		const key = page.locator('#match')
		await key.getByLabel('Outlet name').check()
		await page.getByText('everything needed is there').waitFor()
		await key.getByLabel('Postcode').focus()
		await page.keyboard.press('Space')
		await page.locator('[data-target=postcode] .chip', { hasText: 'needed' }).waitFor()
		await key.scrollIntoViewIfNeeded()
		await shot(page, 'entities-06-match')
		await accessible(page, 'how outlets are known')
		await page.emulateMedia({ colorScheme: 'dark' })
		await page.setViewportSize({ width: 390, height: 844 })
		await key.scrollIntoViewIfNeeded()
		await shot(page, 'entities-06-match-narrow-dark')
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await page.getByRole('button', { name: 'Load now' }).click({ timeout: 60000 })
		await page.getByText('The data is current now').waitFor({ timeout: 60000 })
		const now = await api(page, 'GET', `/outlets/${outlet.id}`)
		assert.deepEqual([now.code, now.phone, now.email], [`N1-${stamp}`, '+1 407 555 0777', 'corner@example.org'])
	})

	test('a person knows better than the source, and may take its value again', async () => {
		await page.goto(`${base}/outlets/${outlet.id}`)
		await page.getByRole('button', { name: 'Change', exact: true }).click()
		await page.getByLabel('Phone').fill('+1 407 555 0100')
		await page.getByLabel('Coordinates').fill('somewhere')
		await page.getByLabel('Reason').fill('seen there')
		await shot(page, 'entities-05-edit')
		await accessible(page, 'change an outlet')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.getByRole('alert').getByText('left out').waitFor()
		await page.getByLabel('Coordinates').fill('28.54, -81.38')
		await page.keyboard.press('Enter')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.getByText('Coordinates: the source says nothing').waitFor()
		await page.getByText('seen there').first().waitFor()
		await page.setViewportSize({ width: 390, height: 844 })
		await page.emulateMedia({ colorScheme: 'dark' })
		await page.getByRole('button', { name: 'Change', exact: true }).click()
		await shot(page, 'entities-05-edit-narrow-dark')
		await page.locator('.field', { hasText: 'Phone' }).getByRole('button', { name: 'Take it' }).click()
		await page.getByRole('button', { name: 'Save' }).click()
		await page.getByText('Phone: the source says').waitFor({ state: 'detached' })
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
		await page.goto(`${base}/import/rules`)
		const phone = page.getByLabel('What counts of Phone'), why = page.locator('dialog[open]').getByLabel('Reason')
		await phone.selectOption('SOURCE')
		await why.waitFor()
		await accessible(page, 'a rule is changed for a reason')
		await page.keyboard.press('Escape')
		await page.waitForFunction((s) => /** @type {HTMLSelectElement} */ (s).value === 'PERSON', await phone.elementHandle())
		await phone.selectOption('NEWEST')
		await why.fill('the source is kept well')
		await page.keyboard.press('Enter')
		await page.waitForFunction(async () => (await (await fetch('/api/v1/import/policies')).json()).items.find((p) => p.field === 'phone').wins === 'NEWEST')
		await phone.selectOption('PERSON')
		await why.fill('as it was')
		await page.keyboard.press('Enter')
		await page.waitForFunction(async () => (await (await fetch('/api/v1/import/policies')).json()).items.find((p) => p.field === 'phone').wins === 'PERSON')
		await shot(page, 'entities-06-policies')
		await accessible(page, 'rules with policies')
	})

	test('the outlet shows what it bought and when it is open', async () => {
		await page.goto(`${base}/outlets/${outlet.id}`)
		await page.getByRole('heading', { name: 'Sales', exact: true }).waitFor()
		await page.getByText('counted from its sales').waitFor()
		await page.getByText('if possible', { exact: true }).waitFor()
		await page.getByText('must not be planned').waitFor()
		const first = page.locator('#sales button[aria-expanded]').first()
		await first.click()
		await page.locator('#sales').getByText('Product 0').first().waitFor()
		await accessible(page, 'outlet with sales')
		await shot(page, 'entities-03-outlet')
		await page.setViewportSize({ width: 390, height: 844 })
		await page.emulateMedia({ colorScheme: 'dark' })
		await accessible(page, 'outlet with sales, narrow')
		await page.locator('#sales').scrollIntoViewIfNeeded()
		await shot(page, 'entities-03-outlet-narrow-dark')
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
	})

	test('the lists are found in Data; an invoice without an outlet says why', async () => {
		await page.locator('.nav').getByRole('link', { name: 'Data' }).click()
		await page.getByRole('combobox', { name: 'Outlet', exact: true }).selectOption('lost')
		await page.getByText('no outlet fits').first().waitFor()
		await shot(page, 'entities-04-lost')
		await page.getByRole('button', { name: 'Accounts' }).click()
		await page.getByRole('searchbox').fill(`MEGA${stamp}`)
		await page.getByText(`Mega ${stamp}`).waitFor()
		await page.getByRole('button', { name: 'Tiers' }).click()
		await page.locator('td', { hasText: 'Gold' }).waitFor()
		await shot(page, 'entities-05-tiers')
		await page.getByRole('button', { name: 'White- and blacklist' }).click()
		await page.getByRole('searchbox').fill(`N1-${stamp}`)
		await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
		await page.locator('tr', { hasText: `N1-${stamp}` }).getByText('renovation').waitFor()
		await shot(page, 'entities-06-lists')
	})

	test('an entry is taken back', async () => {
		await page.getByRole('button', { name: /^Take the entry of/ }).click()
		await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
		await page.getByText('Nothing found').waitFor()
		assert.equal((await api(page, 'GET', `/outlet-lists?outlet=${outlet.id}`)).items.length, 0)
	})

	test('the rule of the sales volume is changed and counts anew', async () => {
		await page.goto(`${base}/data`)
		await page.locator('#sr-months').fill('1')
		await page.locator('#sr-reason').fill('a short season')
		await page.locator('form').getByRole('button', { name: 'Save' }).click()
		await page.locator('.toast', { hasText: 'counted anew' }).waitFor()
		const now = (await api(page, 'GET', `/outlets/${outlet.id}`)).salesVolume
		assert.ok(now < outlet.salesVolume, `${now} is not less than ${outlet.salesVolume}`)
		await page.locator('#sr-months').fill('12')
		await page.locator('#sr-reason').fill('as it was')
		await page.locator('form').getByRole('button', { name: 'Save' }).click()
		await page.waitForFunction(async (id) => (await (await fetch(`/api/v1/outlets/${id}`)).json()).salesVolume > 300, outlet.id)
		await shot(page, 'entities-07-invoices')
	})
})
