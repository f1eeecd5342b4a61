// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads as a person meets them: several at once with the rest waiting, pause and go on, a browser closed in the middle,
// a file that came before, an address for another system, an import that stops itself, a drop folder.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

const dir = mkdtempSync(join(tmpdir(), 'beatplan-uploads-'))
const rows = (n, prefix, spoil = 0) => `outlet_code,outlet_name,latitude,longitude,country,state,channel,class,address\r\n${Array.from({ length: n }, (_, i) =>
	`${prefix}-${i},${i < spoil ? '' : `Shop ${i}`},12.${1000 + i % 8999},77.${1000 + i % 8999},TCountry,TBrowser,GT,C,"Street ${i}, behind the old market"\r\n`).join('')}`
const big = join(dir, 'big.csv')
writeFileSync(big, rows(40000, 'BB'))

/** Sends no faster than this from now on; nothing at all when it is offline. */
async function slow(page, bytesPerSecond, offline = false) {
	const cdp = await page.context().newCDPSession(page)
	await cdp.send('Network.enable')
	await cdp.send('Network.emulateNetworkConditions', { offline, latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond })
}
async function newImport(page) {
	await page.goto(`${base}/import`)
	await page.getByRole('button', { name: 'New import' }).first().click()
	await page.waitForURL(/\/import\/\d+$/)
	await page.waitForSelector('#files', { state: 'attached' })
	return Number(page.url().match(/import\/(\d+)/)[1])
}
const percent = (page, name) => page.evaluate((n) => Number([...document.querySelectorAll('.upload')].find((c) => c.textContent.includes(n))?.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? -1), name)
async function until(f, what, seconds = 30) {
	for (let i = 0; i < seconds * 10; i++) {
		if (await f())
			return
		await new Promise((go) => setTimeout(go, 100))
	}
	assert.fail(what)
}

describe('uploads', () => {
	let page, context, faults, id, state
	before(async () => {
		({ page, context, faults } = await openPage())
		await signIn(page)
		state = await context.storageState()
	})
	after(async () => {
		assert.deepEqual(faults, [])
		await context.close()
		rmSync(dir, { recursive: true })
	})

	test('a big file shows its shape, rate and time left while it still comes', async () => {
		id = await newImport(page)
		await slow(page, 600 << 10)
		await page.setInputFiles('#files', big)
		await page.waitForSelector('.upload[data-state=sending]')
		await until(async () => /outlets.*9 columns.*about/is.test(await page.textContent('.upload')), 'the shape of what has come')
		await until(async () => /a second.*left/.test(await page.textContent('.upload')), 'rate and time left')
		await shot(page, 'upload-sending')
		await accessible(page, 'an upload on its way')
	})
	test('it can be paused and goes on', async () => {
		await page.getByRole('button', { name: 'Pause big.csv' }).click()
		await page.waitForSelector('.upload[data-state=paused]')
		const at = await percent(page, 'big.csv')
		await new Promise((go) => setTimeout(go, 1000))
		assert.equal(await percent(page, 'big.csv'), at, 'nothing is sent while it is paused')
		assert.ok(await page.getByRole('button', { name: 'Next' }).isDisabled(), 'no step further with half a file')
		await page.getByRole('button', { name: 'Go on with big.csv' }).click()
		await until(async () => await percent(page, 'big.csv') >= 60, 'it goes on')
	})
	test('a browser that is closed at 60 % finds its upload again', async () => {
		await page.getByRole('button', { name: 'Give up big.csv' }).click().catch(() => {})
		id = await newImport(page)
		await page.evaluate(async ([session, text]) => { // as far as a browser had come that is closed now
			const me = await (await fetch('/api/v1/auth/me')).json(), head = { 'X-CSRF-Token': me.csrf, 'Tus-Resumable': '1.0.0' }
			const made = await fetch('/api/v1/import/transfers', { method: 'POST', headers: { ...head, 'Upload-Length': String(text.length), 'Upload-Metadata': `session ${btoa(String(session))},filename ${btoa('big.csv')}` } })
			await fetch(made.headers.get('Location'), { method: 'PATCH', headers: { ...head, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' }, body: text.slice(0, Math.floor(text.length * 0.6)) })
		}, [id, rows(40000, 'BB')])
		await context.close()
		;({ page, context, faults } = await openPage({ storageState: state }))
		await page.goto(`${base}/import/${id}`)
		await page.waitForSelector('.upload[data-state=left]')
		assert.match(await page.textContent('.upload'), /MB of .*MB are here\. Choose the file again/i)
		const had = (await api(page, 'GET', `/import/transfers?session=${id}`)).items[0]
		assert.ok(had.offset > had.bytes * 0.5 && had.offset < had.bytes, `${had.offset} of ${had.bytes}`)
		await shot(page, 'upload-left')
		const sent = []
		page.on('request', (r) => r.method() === 'PATCH' && sent.push(Number(r.headers()['upload-offset'])))
		await page.setInputFiles('#files', big)
		await page.waitForSelector('tbody td:has-text("big.csv")')
		assert.ok(sent.length && sent[0] >= had.offset, `it went on at ${sent} of ${had.offset}`)
		const { files } = await api(page, 'GET', `/import/sessions/${id}`)
		assert.equal(files.length, 1)
		assert.equal(files[0].bytes, rows(40000, 'BB').length)
	})
	test('many at once: ten are sent, the others wait, all arrive', async () => {
		await slow(page, 200 << 10)
		const many = Array.from({ length: 14 }, (_, i) => {
			const path = join(dir, `part-${i}.csv`)
			writeFileSync(path, rows(900, `P${i}`))
			return path
		})
		await page.setInputFiles('#files', many)
		await page.waitForSelector('.upload[data-state=queued]')
		assert.equal(await page.locator('.upload[data-state=sending]').count(), 10)
		assert.match(await page.textContent('main'), /4 files wait: 10 are sent at once/)
		await shot(page, 'upload-many')
		await page.getByRole('button', { name: 'Give up part-13.csv' }).click()
		await slow(page, -1)
		await until(async () => (await page.locator('.upload').count()) === 0, 'all have arrived', 60)
		assert.equal((await api(page, 'GET', `/import/sessions/${id}`)).files.length, 14)
	})
	test('a network that goes away is waited for', async () => {
		const path = join(dir, 'later.csv')
		writeFileSync(path, rows(12000, 'LA'))
		await page.route(/import\/transfers/, (r) => r.abort('internetdisconnected'))
		await page.setInputFiles('#files', path)
		await page.waitForSelector('.upload[data-state=waiting]')
		await page.unroute(/import\/transfers/)
		await page.waitForSelector('tbody td:has-text("later.csv")', { timeout: 60000 })
	})
	test('the same file again is told', async () => {
		await page.setInputFiles('#files', join(dir, 'part-0.csv'))
		await page.waitForSelector('text=the same file came before')
	})
	test('what cannot be read says why', async () => {
		const path = join(dir, 'broken.xlsx')
		writeFileSync(path, 'PK\x03\x04')
		await page.setInputFiles('#files', path)
		await page.waitForSelector('.upload[data-state=refused] .notice.bad')
		await page.locator('.upload[data-state=refused]').getByRole('button', { name: 'Dismiss' }).click()
		await page.waitForSelector('.upload[data-state=refused]', { state: 'detached' })
	})
	test('another system gets an address that works without signing in', async () => {
		await page.click('#elsewhere > summary')
		await page.fill('#fi-address', 'from erp.csv')
		await page.getByRole('button', { name: 'Make an address' }).click()
		const line = await page.textContent('#elsewhere code')
		assert.match(line, /^curl --fail-with-body -T 'from erp\.csv' 'http/)
		await accessible(page, 'an address')
		const reply = await fetch(line.match(/'(http[^']+)'$/)[1], { method: 'PUT', body: rows(5, 'ERP') })
		assert.equal(reply.status, 200, await reply.text())
		await page.reload()
		await page.waitForSelector('ol.steps')
		await page.locator('ol.steps button', { hasText: 'File' }).click()
		await page.waitForSelector('tbody td:has-text("from erp.csv")')
	})
	test('an import stops where it was told to and goes on when it may', async () => {
		const session = await newImport(page), path = join(dir, 'bad.csv')
		writeFileSync(path, rows(3000, 'ST', 1500))
		await page.click('#stopping > summary')
		await page.fill('#st-percent', '30')
		await page.locator('#st-percent').blur()
		await until(async () => (await api(page, 'GET', `/import/sessions/${session}`)).limits.stopPercent === 30, 'the limit is kept')
		await page.setInputFiles('#files', path)
		await page.waitForSelector('tbody td:has-text("bad.csv")')
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByRole('button', { name: 'Next' }).click()
		await page.getByRole('button', { name: 'Check all rows' }).click()
		await page.waitForSelector('text=too many rows are rejected', { timeout: 20000 }).catch(() => page.waitForSelector('text=Too many rows are rejected'))
		await shot(page, 'import-stopped')
		await accessible(page, 'a stopped import')
		await page.fill('#st-percent', '0')
		await page.locator('#st-percent').blur()
		await until(async () => (await api(page, 'GET', `/import/sessions/${session}`)).limits.stopPercent === 0, 'the limit is changed')
		await page.getByRole('button', { name: 'Try again from where it stopped' }).click()
		await page.waitForSelector('text=What would change', { timeout: 40000 })
		const { counts } = await api(page, 'GET', `/import/sessions/${session}`)
		assert.equal(counts.read, 3000)
		assert.equal(counts.rejected, 1500)
	})
	test('a drop folder is set up, looked at, changed and removed', { skip: !process.env.BEATPLAN_STATE && 'no BEATPLAN_STATE' }, async () => {
		const folder = join(process.env.BEATPLAN_STATE, 'drop', 'browser')
		mkdirSync(folder, { recursive: true })
		chmodSync(folder, 0o777)
		writeFileSync(join(folder, 'night.csv'), rows(20, 'DF'))
		chmodSync(join(folder, 'night.csv'), 0o666)
		await page.goto(`${base}/import`)
		await page.getByRole('link', { name: 'Drop folders' }).click()
		await page.getByRole('button', { name: 'New drop folder' }).click()
		await page.fill('#wa-name', 'Nightly')
		await page.fill('#wa-folder', '../etc')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.waitForSelector('.field:has(#wa-folder) .problem')
		await page.fill('#wa-folder', 'browser')
		await page.getByLabel('Load at once what passes the check').check()
		await page.getByLabel('Look by the clock').uncheck()
		await accessible(page, 'a new drop folder')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.waitForSelector('td:has-text("browser/*.csv")')
		await until(async () => {
			await page.getByRole('row', { name: /Nightly/ }).getByRole('button', { name: 'Look now' }).click()
			await new Promise((go) => setTimeout(go, 1500))
			return await page.locator('#watch-files td:has-text("night.csv")').count()
		}, 'the file is taken')
		await page.waitForSelector('#watch-files .chip.good', { timeout: 40000 })
		await shot(page, 'drop-folders')
		await accessible(page, 'drop folders')
		await page.setViewportSize({ width: 390, height: 844 })
		await accessible(page, 'drop folders, narrow')
		await shot(page, 'drop-folders-narrow')
		await page.setViewportSize({ width: 1440, height: 900 })
		const row = page.getByRole('row', { name: /Nightly/ })
		await row.getByRole('button', { name: 'Change' }).click()
		await page.fill('#wa-name', 'Every night')
		await page.getByRole('button', { name: 'Save' }).click()
		await page.getByRole('row', { name: /Every night/ }).getByRole('button', { name: 'Remove Every night' }).click()
		await page.getByRole('button', { name: 'Remove', exact: true }).click()
		await until(async () => !(await page.locator('td:has-text("browser/*.csv")').count()), 'it is gone')
	})
})
