// SPDX-License-Identifier: GPL-3.0-or-later
// Hands on the workspace: what a person does there with a mouse or with keys alone.
import assert from 'node:assert/strict'

/** @param {import('playwright-core').Page} page */
export function hands(page) {
	const dialog = () => page.locator('dialog[open]')
	const cell = (row, col) => page.locator(`[data-cell="${row} ${col}"]`)
	const stop = (need) => page.locator(`.stops li[data-need="${need}"]`)
	/** Tab until what has the focus fits. */
	const tabTo = async (fits, most = 80) => {
		for (let i = 0; i < most; i++) {
			if (await page.evaluate((q) => document.activeElement?.matches(q), fits))
				return
			await page.keyboard.press('Tab')
		}
		assert.fail(`no way to ${fits} by Tab`)
	}
	const press = async (...keys) => {
		for (const k of keys)
			await page.keyboard.press(k)
	}
	const centre = async (at) => {
		const b = await at.boundingBox()
		return [b.x + b.width / 2, b.y + b.height / 2]
	}
	/** Not at an edge, where a drag scrolls. */
	const inSight = (at) => at.evaluate((n) => n.scrollIntoView({ block: 'center' }))
	/** Presses at one place, once it stands still, and lets go at another; in between the numbers show. */
	const drag = async (from, to) => {
		if (!Array.isArray(from))
			await from.hover()
		const [x, y] = Array.isArray(from) ? from : await centre(from)
		await page.mouse.move(x, y)
		await page.mouse.down()
		await page.mouse.move(x + 4, y + 12, { steps: 3 })
		await page.mouse.move(...await centre(to), { steps: 5 })
	}
	const drop = async () => {
		await page.locator('.ghost', { hasText: /min|h in all/ }).waitFor()
		await page.mouse.up()
	}
	/** An item of the menu that is open, by its place. */
	const item = async (by, label) => {
		const at = page.getByRole('menuitem', { name: label })
		if (by === 'mouse')
			return at.click()
		for (let i = 0; i < 20 && !(await at.evaluate((n) => n === document.activeElement)); i++)
			await press('ArrowDown')
		await press('Enter')
	}
	/** Sets a select, by its keys where there is no mouse. */
	const choose = async (by, id, value) => {
		const at = dialog().locator(id)
		if (by === 'mouse')
			return at.selectOption(value)
		await tabTo(id)
		const [now, to] = await at.evaluate((n, v) => [n.selectedIndex, [...n.options].findIndex((o) => o.value === v)], value)
		for (let i = now; i !== to; i += Math.sign(to - now))
			await press(to > now ? 'ArrowDown' : 'ArrowUp')
		assert.equal(await at.inputValue(), value)
	}
	const main = async (by) => {
		if (by === 'mouse')
			return dialog().locator('.d-foot .primary').click()
		await tabTo('.d-foot .primary')
		await press('Enter')
	}
	/** Closes the move dialog with its main button once the server has priced it, with a reason where a rule asks for one. */
	const confirm = async (by, reason) => {
		await dialog().locator('.impact .stat').filter({ hasText: '%' }).first().waitFor()
		if (reason || await dialog().locator('.notice.bad').count()) {
			await choose(by, '#mv-why-code', 'PROMOTION')
			if (by === 'keyboard')
				await tabTo('#mv-why')
			await (by === 'mouse' ? dialog().locator('#mv-why').fill(reason ?? 'test of a gesture') : page.keyboard.type(reason ?? 'test of a gesture'))
		}
		await main(by)
		await dialog().waitFor({ state: 'detached', timeout: 60000 })
	}
	const undo = (by) => (by === 'mouse' ? page.locator('.ws-tools').getByRole('button', { name: /^Undo/ }).click() : press('Control+z'))
	/** The key board goes from cell to cell. */
	const walkTo = async (row, col) => {
		const at = await page.evaluate(() => {
			const n = document.querySelector('.board [data-cell][tabindex="0"]')
			n.focus()
			return n.dataset.cell.split(' ').map(Number)
		})
		for (; at[0] !== row; at[0] += Math.sign(row - at[0]))
			await press(row > at[0] ? 'ArrowDown' : 'ArrowUp')
		for (; at[1] !== col; at[1] += Math.sign(col - at[1]))
			await press(col > at[1] ? 'ArrowRight' : 'ArrowLeft')
		assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), `${row} ${col}`)
	}
	const openDay = async (by, row, col) => {
		if (await cell(row, col).getAttribute('aria-selected') === 'true')
			return
		if (by === 'mouse') {
			await cell(row, col).click()
		} else {
			await walkTo(row, col)
			await press('Enter')
		}
		await page.locator(`[data-cell="${row} ${col}"][aria-selected=true]`).waitFor()
		await page.locator('.stops li').first().waitFor()
	}
	const clear = async () => {
		await page.locator('#tab-all').click()
		await page.locator('.panel-body input[type=search]').fill('')
		const filters = page.getByRole('navigation', { name: 'Filters' }).getByRole('link', { name: 'Clear' })
		if (await filters.count())
			await filters.click()
		await page.evaluate(() => document.activeElement?.blur()) // Escape in a field means the field
		for (let i = 0; i < 3; i++)
			await press('Escape')
		await page.waitForFunction(() => !document.querySelector('.board [aria-selected=true]') && !/\d/.test(document.querySelector('#tab-sel .count')?.textContent ?? ''))
	}
	/** Where an outlet lies on the page. */
	const onMap = (need) => page.evaluate((n) => {
		const map = document.querySelector('bp-map'), i = map.store.world.peek().needs.get(n).outlet, { surface } = map, r = map.querySelector('canvas').getBoundingClientRect()
		const o = surface.unproject(0, 0), k = surface.scale()
		return [r.left + (surface.points.x[i] - o.x) * k, r.top + (surface.points.y[i] - o.y) * k]
	}, need)
	const codeOf = async (need) => (await page.waitForFunction((n) => {
		const { world, details } = document.querySelector('bp-map').store
		return details.now.peek()?.code[world.peek().needs.get(n).outlet]
	}, need)).jsonValue()
	const selected = () => page.evaluate(() => document.querySelector('bp-map').store.selection.peek().size)
	return { dialog, cell, stop, tabTo, press, centre, inSight, drag, drop, item, choose, main, confirm, undo, walkTo, openDay, clear, onMap, codeOf, selected }
}
