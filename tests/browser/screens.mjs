// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen, light and dark, wide and narrow: nothing that axe-core finds against WCAG 2 A and AA, nothing wider than
// the window, no script error, no refused policy, nothing from another origin.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { accessible, api, base, heldBack, login, openPage, shot, signIn } from './lib.mjs'

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }

for (const colorScheme of ['light', 'dark'])
	for (const [size, viewport] of Object.entries(sizes))
		describe(`screens, ${colorScheme}, ${size}`, () => {
			let opened = null
			const name = (what) => `${what}-${colorScheme}-${size}`
			after(() => opened?.context.close())

			test('sign-in', async () => {
				opened = await openPage({ viewport, colorScheme, bypassCSP: true })
				await opened.page.goto(base + '/login')
				await opened.page.locator('#username').waitFor()
				await accessible(opened.page, 'sign-in')
				await shot(opened.page, name('login'))
			})
			test('all pages', async (t) => {
				const { page, faults } = opened
				await signIn(page)
				const units = (await api(page, 'GET', '/territories?units=1&limit=500')).items.filter((x) => x.unit && x.outlets)
				const unit = units.find((x) => x.plan) ?? units[0]
				const outlet = (await api(page, 'GET', '/outlets?limit=1')).items[0]
				const session = (await api(page, 'GET', '/import/sessions')).items[0]
				const pages = {
					data: '/data', accounts: '/data?tab=accounts', lists: '/data?tab=lists', tiers: '/data?tab=tiers', models: '/data?tab=models', team: '/team', distributors: '/team?tab=distributors',
					home: '/', territories: '/territories', outlets: '/outlets', outlet: outlet && `/outlets/${outlet.id}`, imports: '/import', import: session && `/import/${session.id}`,
					exports: '/exports', users: '/users', audit: '/audit', health: '/health', settings: '/settings', jobs: '/jobs', account: '/account', interface: '/api/docs', operation: '/api/docs#postUsers', notices: '/notices', reasons: '/reasons', approvals: '/approvals',
					units: unit && `/territories/${unit.id}/units`, versions: unit && `/territories/${unit.id}/versions?channel=GT`, compare: unit && `/territories/${unit.id}/compare?channel=GT`, week: unit && `/territories/${unit.id}/week?channel=GT`, parameters: unit && `/territories/${unit.id}/profile?channel=GT`, workspace: unit && `/territories/${unit.id}/plan`, nowhere: '/no/such/page',
				}
				for (const [what, path] of Object.entries(pages))
					if (path)
						await t.test(what, async () => {
							await page.goto(base + path)
							await page.locator(what === 'workspace' ? '.ws-bar' : '.page').first().waitFor()
							await page.locator('.loading').first().waitFor({ state: 'detached' })
							if (what === 'workspace')
								await page.waitForTimeout(2500)
							await accessible(page, what)
							await shot(page, name(what))
						})
				if (size === 'narrow' && unit)
					await t.test('workspace panes', async () => {
						await page.goto(`${base}/territories/${unit.id}/plan`)
						for (const pane of ['Board', 'List']) {
							await page.getByRole('tab', { name: pane, exact: true }).click()
							await accessible(page, pane)
							await shot(page, name('workspace-' + pane.toLowerCase()))
						}
					})
				assert.deepEqual(faults, [])
			})
		})

describe('the page keeps its promises', () => {
	test('the strict policy holds on every kind of page, the map included', async () => {
		const { page, context, faults } = await openPage()
		await signIn(page)
		const unit = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.unit && x.outlets)
		for (const path of ['/', '/outlets', '/users', unit && `/territories/${unit.id}/plan`].filter(Boolean)) {
			await page.goto(base + path)
			await page.waitForTimeout(1200)
		}
		assert.deepEqual(faults, [])
		await context.close()
	})
	test('without WebGL the simple map and the lists serve', async () => {
		const { page, context, faults } = await openPage()
		await page.addInitScript(() => {
			const get = HTMLCanvasElement.prototype.getContext
			HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
				return String(kind).startsWith('webgl') ? null : get.call(this, kind, ...rest)
			}
		})
		await signIn(page)
		const unit = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.unit && x.outlets)
		if (unit) {
			await page.goto(`${base}/territories/${unit.id}/plan`)
			await page.locator('canvas.flat').waitFor()
			await page.waitForTimeout(600)
			await shot(page, 'workspace-without-webgl')
			await page.locator('#tab-all').click()
			await page.locator('.panel-body .vr').first().waitFor()
		}
		assert.deepEqual(faults, [])
		await context.close()
	})
	test('French is complete on the start page, and stays after a reload', async () => {
		const { page, context } = await openPage({ locale: 'fr-FR' })
		await signIn(page)
		await page.goto(base + '/account')
		await page.getByRole('button', { name: 'Français' }).click()
		await page.locator('html[lang=fr]').waitFor({ state: 'attached' })
		await page.goto(base + '/')
		await page.getByRole('link', { name: 'Territoires', exact: true }).waitFor()
		await shot(page, 'home-french')
		await context.close()
	})
	test('an address that needs a sign-in leads there and back', async () => {
		const { page, context } = await openPage()
		await page.goto(base + '/outlets?tier=Gold')
		await page.waitForURL(/login\?next=/)
		await page.fill('#username', login.user)
		await page.fill('#password', login.password)
		await page.click('form button.primary')
		await page.waitForURL(base + '/outlets?tier=Gold')
		await context.close()
	})
	test('going back while the session is asked for is heard', async () => {
		const { page, context } = await openPage()
		await signIn(page)
		await page.goto(base + '/outlets')
		const release = await heldBack(page, '**/auth/me')
		await page.goto(base + '/territories')
		await page.evaluate(() => {
			history.pushState(null, '', '/outlets')
			dispatchEvent(new PopStateEvent('popstate'))
		})
		release()
		await page.locator('nav.nav [aria-current=page]', { hasText: 'Outlets' }).waitFor()
		await page.locator('main h1', { hasText: 'Outlets' }).waitFor()
		await context.close()
	})
	test('the next address of a sign-in cannot lead elsewhere', async () => {
		const { page, context } = await openPage()
		await page.goto(base + '/login?next=' + encodeURIComponent('//example.org/x'))
		await page.fill('#username', login.user)
		await page.fill('#password', login.password)
		await page.click('form button.primary')
		await page.locator('nav.nav').waitFor()
		assert.equal(new URL(page.url()).origin, new URL(base).origin)
		await context.close()
	})
})
