// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of an edit, on the scene of gestures.mjs: a reason that a rule asks for, undo and redo, undo of what is still being saved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, heldBack, until } from './lib.mjs'

/** @param {{bytes: (draft: any) => string, second: (was: any, is: any) => void, clear: () => Promise<void>, now: () => any}} of what gestures.mjs has, and what it has by the time a test runs */
export function editGestures({ bytes, second, clear, now }) {
	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`a new order that breaks a rule asks for a reason and is done with it, by ${by}`, async () => {
			const { page, scene, draft, agrees, stop, press, dialog, choose, tabTo, main, undo, openDay } = now()
			await clear()
			const was = await draft(), sent = []
			await page.route('**/ops', (route) => {
				sent.push(route.request().postDataJSON().ops[0])
				return sent.length > 1 ? route.continue() : route.fulfill({ status: 422, json: { code: 'ERR_PLAN_001', message: 'the change breaks a rule that is never broken', detail: 'SHIFT: longer than the shift; give a reason from the list and in words to override it', correlationId: 'test' } })
			})
			await openDay('mouse', scene.row, scene.col)
			await stop(scene.needs[0]).focus()
			await press('Alt+ArrowDown')
			await dialog().getByText('longer than the shift').waitFor()
			await accessible(page, 'a reason for an order')
			await choose(by, '#why-code', 'PROMOTION')
			if (by === 'keyboard')
				await tabTo('#why')
			await (by === 'mouse' ? dialog().locator('#why').fill('the bridge is closed') : page.keyboard.type('the bridge is closed'))
			await main(by)
			await dialog().waitFor({ state: 'detached' })
			let is
			await until(async () => (is = await draft()).seq > was.seq, 'the server holds it')
			await page.unroute('**/ops')
			second(was, is)
			assert.deepEqual([sent[1].reasonCode, sent[1].reason], ['PROMOTION', 'the bridge is closed'])
			await agrees(is, 'done')
			await undo(by)
			await until(async () => bytes(is = await draft()) === bytes(was), 'undo gives the first state')
			await agrees(is, 'undone')
		})
	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`undo and redo lead back and forth, by ${by}`, async () => {
			const { page, scene, draft, seen, agrees, stop, press, openDay } = now()
			await clear()
			const tools = page.locator('.ws-tools'), was = await draft(), states = [bytes(was)]
			await openDay('mouse', scene.row, scene.col)
			for (let i = 0; i < 3; i++) {
				const { seq } = await draft(), { stops } = await seen()
				await stop(stops[i % (stops.length - 1)]).focus() // never the last: it cannot go further down
				await press('Alt+ArrowDown')
				let d
				await until(async () => (d = await draft()).seq > seq, `change ${i + 1} is done`)
				await agrees(d, 'done')
				states.push(bytes(d))
			}
			const step = async (which, state) => {
				const { seq } = await draft()
				await (by === 'mouse' ? tools.getByRole('button', { name: which === 'undo' ? /^Undo/ : /^Redo/ }).click() : press(which === 'undo' ? 'Control+z' : 'Control+y'))
				let d
				await until(async () => (d = await draft()).seq > seq, which)
				assert.equal(bytes(d), state, which)
				await agrees(d, which)
			}
			for (const i of [2, 1, 0])
				await step('undo', states[i])
			for (const i of [1, 2, 3])
				await step('redo', states[i])
			for (const i of [2, 1, 0])
				await step('undo', states[i])
		})
	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`a change that is still being saved can be undone, by ${by}`, async () => {
			const { page, scene, draft, agrees, stop, press, undo, openDay } = now()
			await clear()
			const was = await draft(), go = await heldBack(page, '**/ops')
			await openDay('mouse', scene.row, scene.col)
			await stop(scene.needs[0]).focus()
			await press('Alt+ArrowDown')
			await page.locator('.save-state', { hasText: 'Saving' }).waitFor()
			await undo(by)
			go()
			let is
			await until(async () => (is = await draft()).seq > was.seq + 1, 'changed and undone')
			assert.equal(bytes(is), bytes(was))
			await agrees(is, 'undone')
			await page.unroute('**/ops')
		})
}
