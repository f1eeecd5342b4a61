// SPDX-License-Identifier: GPL-3.0-or-later
// What is read of outlets comes after the map and the board: until then the workspace says so and can be planned in; when it does
// not come that is told, and tried again; and it is never that of another snapshot.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { undelta } from '../../www/js/plan/model.js'
import { accessible, api, base, heldBack, openPage, shot, signIn, until } from './lib.mjs'

describe('names that come after the map', () => {
	let page, context, faults, unit, large, letter
	const names = '**/snapshot/details?v=*'
	const open = async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.board [data-cell]').first().waitFor()
	}
	const openDay = async () => {
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		await page.locator('.stops li').nth(1).waitFor()
	}
	const shown = () => page.locator('.stops li .what .ellipsis').allInnerTexts()
	const search = async (text) => {
		await page.locator('#tab-all').click()
		await page.locator('.panel-body input[type=search]').fill(text)
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const { items } = await api(page, 'GET', '/territories?units=1&limit=500&channel=GT')
		unit = items.filter((t) => t.unit && t.plan?.version && t.outlets > 100 && !t.locks.length).sort((a, b) => a.outlets - b.outlets)[0]
		assert.ok(unit, 'a planned territory that is free')
		large = items.filter((t) => t.unit && t.plan?.version).sort((a, b) => b.outlets - a.outlets)[0]
		const { details } = await api(page, 'GET', `/territories/${unit.id}/snapshot`)
		letter = (await api(page, 'GET', `/territories/${unit.id}/snapshot/details?v=${details}`)).outlets.name[0].slice(0, 1)
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
		await context.close()
		assert.deepEqual(faults, [])
	})

	/** The shares that are told on a slow line until something is there, of a page below /territories; what the screen is made of has come before. */
	const told = async (/** @type {string} */ path, /** @type {string} */ there) => {
		const cdp = await context.newCDPSession(page)
		await cdp.send('Network.enable')
		await page.goto(`${base}/territories`)
		await page.locator('[role=treegrid]').waitFor()
		await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 5, downloadThroughput: 16 << 10, uploadThroughput: -1 })
		await page.evaluate((to) => {
			window.shares = []
			new MutationObserver(() => {
				const now = document.querySelector('.loading [role=progressbar]')?.getAttribute('aria-valuenow')
				if (now)
					window.shares.push(Number(now))
			}).observe(document.body, { subtree: true, childList: true, attributes: true })
			history.pushState(null, '', to)
			dispatchEvent(new PopStateEvent('popstate'))
		}, path)
		await page.locator(there).first().waitFor({ timeout: 60000 })
		await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
		await cdp.detach()
		const shares = await page.evaluate(() => window.shares)
		assert.ok(shares.some((x) => x > 0 && x < 100), `told: ${shares.join()}`)
		assert.deepEqual(shares, shares.toSorted((a, b) => a - b), 'it only grows')
	}
	test('a slow line sees how much of outlets and plan has come', async () => {
		await open()
		await page.waitForFunction(() => performance.getEntriesByName('map-painted').length) // the map's library, too
		await told(`/territories/${large.id}/plan?channel=GT`, '.board [data-cell]')
	})
	test('and how much of the places of planning units', async () => {
		const all = (await api(page, 'GET', '/territories?limit=500')).items.filter((t) => !t.unit).sort((a, b) => b.outlets - a.outlets)[0]
		await page.goto(`${base}/territories/${all.id}/units`)
		await page.locator('#units-table').waitFor()
		await page.waitForFunction(() => performance.getEntriesByName('map-painted').length)
		await told(`/territories/${all.id}/units`, '#units-table')
		await page.goto(`${base}/territories`)
	})
	test('while they are on their way the plan can be changed, a search says that it waits', async () => {
		const release = await heldBack(page, names)
		await open()
		await page.waitForFunction(() => performance.getEntriesByName('map-painted').length)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		await openDay()
		const before = await shown()
		assert.ok(before.every((x) => x === '…'), before.slice(0, 3).join())
		await accessible(page, 'a day without names')
		await shot(page, 'details-01-on-their-way')
		await page.locator('.stops li').nth(1).click()
		await page.keyboard.press('Delete')
		await page.locator('dialog[open]').getByRole('button', { name: 'Take out' }).click()
		await until(async () => (await shown()).length === before.length - 1, 'a visit is taken out')
		await page.keyboard.press('Control+z')
		await until(async () => (await shown()).length === before.length, 'and back')
		await page.keyboard.press('Escape')
		await page.keyboard.press('Escape')
		await search(letter)
		await page.locator('.panel-body .loading', { hasText: 'still on their way' }).waitFor()
		await shot(page, 'details-02-a-search-waits')
		release()
		await page.locator('.panel-body [role=row] .ellipsis', { hasText: letter }).first().waitFor()
		assert.equal(await page.locator('.panel-body .loading').count(), 0)
		await page.unroute(names)
		await page.locator('.panel-body input[type=search]').fill('')
		await openDay()
		assert.ok((await shown()).every((x) => x.length > 1 && !x.startsWith('#')))
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
	})

	test('when they do not come it is told, outlets have their numbers, and trying again brings them', async () => {
		await page.route(names, (route) => route.abort())
		await open()
		await page.locator('#no-details').waitFor()
		await openDay()
		assert.ok((await shown()).every((x) => /^#\d+$/.test(x)))
		await accessible(page, 'a workspace without names')
		await shot(page, 'details-03-failed')
		await page.keyboard.press('Escape')
		await search(letter)
		await page.locator('.panel-body .problem').waitFor()
		await page.unroute(names)
		await page.locator('#no-details').getByRole('button', { name: 'Try again' }).click()
		await page.locator('#no-details').waitFor({ state: 'detached' })
		await page.locator('.panel-body [role=row] .ellipsis', { hasText: letter }).first().waitFor()
	})

	test('those of a snapshot that is over are not taken: the outlets are fetched anew, what is chosen stays', async () => {
		const asked = [], kept = await api(page, 'GET', `/territories/${unit.id}/snapshot`)
		page.on('request', (r) => /\/snapshot/.test(r.url()) && asked.push(new URL(r.url()).pathname.replace(/.*\//, '')))
		let first = true
		// The core that comes first is of a former snapshot, in which the first outlet was not there yet.
		await page.route('**/snapshot', async (route) => {
			if (!first)
				return route.continue()
			first = false
			const { outlets: o, needs: n } = kept, at = undelta(n.outlet), own = at.map((x) => x > 0), rest = (list) => list.filter((_, i) => own[i])
			const deltas = (list) => list.map((x, i) => x - (list[i - 1] ?? 0))
			await route.fulfill({ json: { ...kept, details: '0'.repeat(32), n: kept.n - 1,
				outlets: Object.fromEntries(Object.entries(o).map(([k, v]) => [k, ['id', 'lon', 'lat'].includes(k) ? [v[0] + v[1], ...v.slice(2)] : v.slice(1)])),
				needs: { id: deltas(rest(undelta(n.id))), outlet: deltas(rest(at).map((x) => x - 1)), line: rest(n.line), visits: rest(n.visits), service: rest(n.service) } } })
		})
		const release = await heldBack(page, names)
		await open()
		await openDay()
		await page.locator('.stops li').nth(1).click()
		const need = await page.locator('.stops li.sel').getAttribute('data-need')
		release()
		await until(async () => (await shown()).every((x) => x.length > 1 && !x.startsWith('#')), 'names come')
		assert.deepEqual(asked, ['snapshot', 'details', 'snapshot', 'details'])
		assert.equal(await page.locator('.stops li.sel').getAttribute('data-need'), need)
		const outlet = undelta(kept.needs.outlet)[undelta(kept.needs.id).indexOf(Number(need))]
		const { outlets } = await api(page, 'GET', `/territories/${unit.id}/snapshot/details?v=${kept.details}`)
		assert.equal(await page.locator('.stops li.sel .what .ellipsis').innerText(), outlets.name[outlet])
		await page.unrouteAll()
	})
})
