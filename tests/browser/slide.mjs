// SPDX-License-Identifier: GPL-3.0-or-later
// A map whose frames are slow is dragged as a picture and drawn anew at rest: it comes to lie where it was dragged to.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { base, openPage, plannedUnit, shot, signIn, until } from './lib.mjs'

describe('a map that is slow to draw', () => {
	let page, context, faults, box
	const transform = () => page.evaluate(() => document.querySelector('bp-map .maplibregl-canvas-container').style.transform)
	/** Mercator of the middle, in pixels of the whole world. */
	const middle = () => page.evaluate(() => {
		const { surface, clientWidth, clientHeight } = document.querySelector('bp-map'), p = surface.unproject(clientWidth / 2, clientHeight / 2)
		return [p.x * surface.scale(), p.y * surface.scale()]
	})
	/** From near the corner, where no point is chosen. */
	const drag = async (dx, dy, meanwhile = async () => {}, steps = 8) => {
		await page.mouse.move(box.x + 60, box.y + box.height - 60)
		await page.mouse.down()
		for (let i = 1; i <= steps; i++) {
			await page.mouse.move(box.x + 60 + dx * i / steps, box.y + box.height - 60 + dy * i / steps)
			await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
		}
		await meanwhile()
		await page.mouse.up()
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const unit = await plannedUnit(page)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.waitForFunction(() => performance.getEntriesByName('map-painted').length)
		box = await page.locator('bp-map').boundingBox()
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('the first drag shows that it is slow, the next ones move the picture and end where the hand ended', async () => {
		const cdp = await context.newCDPSession(page)
		await cdp.send('Emulation.setCPUThrottlingRate', { rate: 25 })
		await drag(80, -40, undefined, 4) // few frames, as where each takes long
		await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
		assert.equal(await transform(), '', 'drawn frame by frame')
		await page.evaluate(() => {
			window.slid = []
			const node = document.querySelector('bp-map .maplibregl-canvas-container')
			new MutationObserver(() => window.slid.push(node.style.transform)).observe(node, { attributeFilter: ['style'] })
		})
		for (const [dx, dy] of [[96, -48], [-64, 16]]) {
			const from = await middle()
			await drag(dx, dy)
			await until(async () => await transform() === 'translate(0px, 0px)', 'it is drawn anew')
			const to = await middle()
			assert.ok(Math.hypot(to[0] - from[0] + dx, to[1] - from[1] + dy) < 0.5, `${to} from ${from}`)
		}
		assert.ok((await page.evaluate(() => window.slid)).some((x) => /^translate\([1-9]\d*px, -\d+px\)$/.test(x)), 'a picture was moved')
	})
	test('a hand that rests sees it drawn before it lets go, and far away it is drawn on the way', async () => {
		const from = await middle()
		await drag(40, -24, async () => {
			await until(async () => await transform() === 'translate(0px, 0px)', 'drawn while the button is down')
			const to = await middle()
			assert.ok(Math.hypot(to[0] - from[0] + 40, to[1] - from[1] - 24) < 0.5)
			await shot(page, 'slide-01-at-rest')
		})
		await page.evaluate(() => (window.slid = []))
		const far = Math.round(box.width * 0.8)
		await drag(far, 0)
		await until(async () => await transform() === 'translate(0px, 0px)', 'drawn')
		const most = Math.max(...(await page.evaluate(() => window.slid)).map((x) => Number(/\((-?\d+)/.exec(x)[1])))
		assert.ok(most < far - 20, `the picture was moved by ${most} of ${far}`)
	})
})
