// SPDX-License-Identifier: GPL-3.0-or-later
// What others do shows on the screens as it happens; and all the same, later, where no stream can be had.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { api, base, freeUnit, openPage, signIn, until } from './lib.mjs'

describe('live events', () => {
	let mine, other, unit
	before(async () => {
		mine = await openPage()
		other = await openPage()
		await signIn(mine.page)
		await signIn(other.page, 'planner', 'beatplan-demo')
		unit = await freeUnit(mine.page, (a, b) => b.seats - a.seats) // those that other tests made may hold nothing to plan
	})
	after(async () => {
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		const { change, value, default: first } = (await api(mine.page, 'GET', '/settings')).items.find((s) => s.name === 'live_streams')
		if (value !== first)
			await api(mine.page, 'PUT', '/settings/live_streams', { value: null, reason: 'the test is over', change })
		for (const { context, faults } of [mine, other]) {
			await context.close()
			assert.deepEqual(faults.filter((f) => !/^503 GET .*\/events/.test(f)), [])
		}
	})
	const lockSeen = (there) => until(async () => await mine.page.locator('tr', { hasText: unit.name }).filter({ hasText: 'Priya' }).count() > 0 === there, `the lock is ${there ? '' : 'not '}shown`, 6)
	const isLive = (page) => page.evaluate(async () => (await import('/js/core/live.js')).live.value)

	test('a lock of somebody else shows and goes on the list without a reload', async () => {
		await mine.page.goto(base + '/territories?channel=GT')
		await mine.page.getByRole('link', { name: unit.name, exact: true }).waitFor()
		await until(() => isLive(mine.page), 'there is a stream')
		await api(other.page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		await lockSeen(true)
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
		await lockSeen(false)
	})

	test('a notice counts at once', async () => {
		await api(mine.page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const count = async () => Number((await mine.page.locator('.nav a[href="/notices"] .count').allInnerTexts())[0] ?? 0)
		const before = await count()
		await api(other.page, 'POST', `/territories/${unit.id}/lock/ask`, { channel: 'GT', text: 'please' })
		await until(async () => await count() > before, 'the notice is counted', 6)
		const told = async (kind) => (await api(other.page, 'GET', '/notices?limit=10')).items.filter((n) => n.kind === kind && n.territoryId === unit.id).length
		const [kept, free] = [await told('LOCK_KEPT'), await told('LOCK_FREE')]
		await api(mine.page, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
		await mine.page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await mine.page.getByRole('button', { name: 'Not now' }).click()
		await mine.page.getByText(/is told that you keep it for now/).waitFor()
		assert.equal(await told('LOCK_KEPT'), kept + 1)
		await api(mine.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
		assert.equal(await told('LOCK_FREE'), free + 1)
	})

	test('a job that somebody starts elsewhere shows on the list of jobs', async () => {
		await mine.page.goto(base + '/jobs')
		await until(() => isLive(mine.page), 'there is a stream')
		const ids = () => mine.page.locator('tbody tr td:first-child small').allInnerTexts()
		const before = await ids()
		await api(other.page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const session = await api(other.page, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })
		const { jobId } = await api(other.page, 'POST', '/optimize', { sessionId: session.id, seconds: 2 })
		assert.ok(jobId && !before.includes(`#${jobId}`))
		const row = mine.page.locator('tbody tr', { hasText: `#${jobId}` })
		await row.waitFor({ timeout: 6000 })
		await row.getByText('done').waitFor({ timeout: 30000 })
	})

	test('without a stream the screens ask now and then', async () => {
		const { change } = (await api(mine.page, 'GET', '/settings')).items.find((s) => s.name === 'live_streams')
		await api(mine.page, 'PUT', '/settings/live_streams', { value: '0', reason: 'a test', change })
		await mine.page.waitForTimeout(1500)
		const refused = mine.page.waitForResponse((r) => r.url().includes('/events'))
		await mine.page.goto(base + '/jobs')
		assert.equal((await refused).status(), 503)
		assert.equal(await isLive(mine.page), false)
		const session = (await api(other.page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id)
		const { jobId } = await api(other.page, 'POST', '/optimize', { sessionId: session.id, seconds: 4 })
		await mine.page.reload()
		const row = mine.page.locator('tbody tr', { hasText: `#${jobId}` })
		await row.waitFor()
		await row.getByText('done').waitFor({ timeout: 30000 })
	})
})
