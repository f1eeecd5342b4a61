// SPDX-License-Identifier: GPL-3.0-or-later
// What the doctor finds on the Health screen, alarms there and among the notices, and the page that people see while Beatplan is looked
// after.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { services } from '../api/services.mjs'
import { sql } from '../api/shell.mjs'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

const state = process.env.BEATPLAN_STATE
const looks = /** @type {const} */ ([['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]])

/** A webhook that takes what comes, and a heartbeat that fails; the worker knows of both until the end of `fn`. */
async function withOutside(page, fn) {
	const conf = join(state, 'beatplan.conf'), before = readFileSync(conf, 'utf8'), { killed } = services(null, state), got = []
	const quick = { watch_seconds: '5', alarm_wait_minutes: '0', alarm_calm_minutes: '0' }
	const server = createServer((ask, reply) => {
		got.push(ask.url)
		ask.resume().on('end', () => reply.writeHead(ask.url === '/beat' ? 500 : 204).end())
	})
	const set = async (name, value) => {
		const { change } = (await api(page, 'GET', '/settings')).items.find((s) => s.name === name)
		await api(page, 'PUT', `/settings/${name}`, { value, reason: 'a test', change })
	}
	await new Promise((done) => server.listen(0, '127.0.0.1', () => done(null)))
	const address = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`
	try {
		for (const name in quick)
			await set(name, quick[name])
		writeFileSync(conf, `${before}webhook_url = ${address}/hook\nwebhook_secret = sixteen bytes or more\nheartbeat_url = ${address}/beat\n`)
		await killed('workerd')
		await fn(got)
	} finally {
		writeFileSync(conf, before)
		for (const name in quick)
			await set(name, null)
		await killed('workerd')
		server.close()
	}
}

describe('health', () => {
	test('an alarm is shown with who was told, and told among the notices', { skip: !state && 'no BEATPLAN_STATE' }, async () => {
		const { page, context, faults } = await openPage({ bypassCSP: true })
		await signIn(page)
		const looked = async (name) => {
			for (const [colorScheme, width] of looks) {
				await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
				await page.emulateMedia({ colorScheme })
				await accessible(page, `${name}, ${colorScheme}, ${width}`)
				await shot(page, `${name}-${colorScheme}-${width}`)
			}
		}
		await withOutside(page, async (got) => {
			await page.goto(base + '/health')
			const alarm = page.getByRole('alert').filter({ hasText: 'The heartbeat does not reach whoever waits for it' })
			await alarm.getByText(/Since .*Told: .*Asha Rao/).waitFor({ timeout: 90000 })
			const card = page.locator('.card', { has: page.getByRole('heading', { name: 'To other systems' }) })
			await card.getByRole('row', { name: /^Heartbeat/ }).getByText(/\d failures in a row.*it answered 500/).waitFor()
			await looked('alarm')
			await card.scrollIntoViewIfNeeded()
			await card.getByRole('button', { name: 'Send a test' }).click()
			await page.locator('.toast', { hasText: 'A test is on its way.' }).waitFor()
			await until(() => got.includes('/hook'), 'the test arrives')
			await card.getByRole('row', { name: /^Webhook/ }).getByText('fine').waitFor()
			await looked('outside')
			await page.goto(base + '/notices')
			const notice = page.getByRole('listitem').filter({ hasText: 'The system raises an alarm' }).filter({ hasText: 'the heartbeat does not reach' }).first()
			await notice.waitFor()
			await looked('alarm-notice')
			await notice.getByRole('link', { name: 'Health' }).click()
			await alarm.waitFor()
		})
		assert.deepEqual(faults, [])
		await context.close()
	})

	test('where backups were sent, and what went wrong, is shown', { skip: !state && 'no BEATPLAN_STATE' }, async () => {
		const { page, context, faults } = await openPage({ bypassCSP: true }), to = 'store@backup.example.org:beatplan', row = (when, end) => `('/backups/2026010${when}T020000Z', 'done', 3e8, NOW() - INTERVAL ${9 - when} DAY, NOW(), '${to}', ${end})`
		sql(state, `INSERT INTO backup_run (dir, state, bytes, started_at, ended_at, pushed_to, pushed_at, push_failures, push_error, push_bytes) VALUES ${[
			row(1, "NOW(), 0, '', 9e7"), row(2, "NULL, 3, 'rsync gave 12: ssh: connect to host backup.example.org port 22: Connection refused', 9e7"), row(3, "NULL, 0, '', 0")]}`)
		try {
			await signIn(page)
			await page.goto(base + '/health')
			const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Backups' }) }), cell = (when) => card.getByRole('row').filter({ hasText: `2026010${when}T` }).getByRole('cell').last()
			await cell(1).getByText('arrived').waitFor()
			await cell(2).getByText('3 failures in a row').waitFor()
			await cell(2).getByText('Connection refused').waitFor()
			await cell(3).getByText('on its way').waitFor()
			assert.ok((await cell(1).innerText()).includes(to))
			assert.equal(await card.getByText('Backups stay on this machine').count(), 0)
			for (const [colorScheme, width] of looks) {
				await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
				await page.emulateMedia({ colorScheme })
				await card.scrollIntoViewIfNeeded()
				await accessible(page, `backups, ${colorScheme}, ${width}`)
				await shot(page, `backups-${colorScheme}-${width}`)
			}
		} finally {
			sql(state, "DELETE FROM backup_run WHERE dir LIKE '/backups/%'")
		}
		await page.reload()
		await page.getByText('Backups stay on this machine').waitFor()
		assert.deepEqual(faults, [])
		await context.close()
	})

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
			const of = (name) => page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) })
			await of('Machines').getByRole('row', { name: /web server, worker/ }).getByText('is there').waitFor()
			await of('Disk').getByText(/^State folder, .* free/).first().waitFor()
			assert.match(await of('Requests of the last 15 minutes').innerText(), /\d\s+requests\s+[\d.]+ %\s+failed\s+[\d.]+ m?s\s+95 of 100 within\s+[\d.]+ m?s\s+99 of 100 within/)
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
