// SPDX-License-Identifier: GPL-3.0-or-later
// The gestures of the workspace on any planned unit, each by mouse and by keyboard: what the server holds afterwards, what the
// screen shows, and the first state byte for byte after undo.  run.mjs has them on a small unit, large.mjs on one of 50,000 outlets.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { bytes } from '../api/planning.mjs'
import { planOf, tourKey, tourOn, turnOf, workDays, dateOf } from '../../www/js/plan/model.js'
import { editGestures } from './edits.mjs'
import { hands } from './hands.mjs'
import { accessible, api, base, heldBack, openPage, shot, signIn, until } from './lib.mjs'
import { pinGestures } from './pins.mjs'

/**
 * @param {string} title @param {(page: import('playwright-core').Page, context: any) => Promise<{id: number, name: string}>} pick the unit
 * @param {(figures: Record<string, number>) => void} [tell] what was measured
 */
export function gestures(title, pick, tell = () => {}) {
	describe(title, { timeout: 3600000 }, () => {
		let page, context, faults, unit, session, scene, turn, edits
		let dialog, cell, stop, tabTo, press, centre, inSight, drag, drop, item, choose, main, confirm, undo, walkTo, openDay, clear, onMap, codeOf, selected
		const draft = async () => {
			const r = await context.request.get(`${base}/api/v1/planning/sessions/${session}/draft`, { timeout: 60000 })
			assert.equal(r.status(), 200)
			return r.json()
		}

		// ---- what a draft says, and whether the screen says the same

		const daysOf = (d) => workDays(d.cycle)
		const tour = (d, seat, day) => tourOn(planOf(d), tourKey(seat, day), turn).map((x) => x.need)
		const cellsOf = (d) => {
			const p = planOf(d), days = daysOf(d)
			return p.seats.map((s) => days.map((x) => tourOn(p, tourKey(s.id, x), turn).length))
		}
		const seen = () => page.evaluate(() => ({
			cells: [...document.querySelectorAll('.board tbody tr')].map((r) => [...r.querySelectorAll('[data-cell]')].map((c) => Number.parseInt(c.textContent || '0', 10) || 0)),
			open: document.querySelector('.board [data-cell][aria-selected=true]')?.dataset.cell ?? null, stops: [...document.querySelectorAll('.stops li')].map((x) => Number(x.dataset.need)),
			seq: document.querySelector('bp-map').store.plan.peek().seq, unserved: Number((document.querySelector('#tab-unserved .count')?.textContent ?? '0').replace(/\D/g, '')),
		}))
		const agrees = async (d, what) => {
			const cells = JSON.stringify(cellsOf(d)), days = daysOf(d)
			await until(async () => {
				const s = await seen(), [row, col] = (s.open ?? '').split(' ').map(Number)
				return s.seq === d.seq && JSON.stringify(s.cells) === cells && s.unserved === d.unserved.need.length
					&& (!s.open || !s.stops.length || JSON.stringify(s.stops) === JSON.stringify(tour(d, d.seats[row].id, days[col])))
			}, `${what}: the screen shows what the server holds`)
		}

		/** A full day to come, another weekday of the same person with few calls, and an outlet that can go there; another person on the first day. */
		const sceneOf = (d) => {
			const p = planOf(d), days = daysOf(d), n = new Date(), now = `${n.getFullYear()}-${String(n.getMonth() + 1).padStart(2, '0')}-${String(n.getDate()).padStart(2, '0')}`
			turn = Math.max(0, turnOf(d.cycle, now < d.cycle.anchor ? d.cycle.anchor : now))
			if (days.filter((x) => dateOf(d.cycle, turn, x) >= now).length < 8)
				turn++
			const free = days.filter((x) => dateOf(d.cycle, turn, x) >= now), size = (s, x) => tourOn(p, tourKey(s.id, x), turn).length
			const works = (s, x) => !s.workDays || s.workDays.includes(x)
			const loose = (s, x) => { // another order has room in the shift
				const t = p.sums.get(tourKey(s.id, x))
				return !!t && s.shiftSeconds - t.travel - t.service - t.wait > 1800
			}
			const full = p.seats.flatMap((s, row) => free.filter((x) => works(s, x)).map((x) => ({ s, row, x, n: size(s, x), loose: loose(s, x) }))).sort((a, b) => Number(b.loose) - Number(a.loose) || b.n - a.n)
			for (const { s, row, x } of full) {
				const other = free.filter((y) => works(s, y) && (y - x) % 7).sort((a, b) => size(s, a) - size(s, b))[0]
				const who = [row + 1, row - 1].find((y) => p.seats[y] && works(p.seats[y], x)) // in sight with the first
				if (other === undefined || who === undefined)
					continue
				const needs = tour(d, s.id, x), all = new Set(tour(d, s.id, other)), need = needs.slice(1, -1).find((y) => !all.has(y))
				if (need)
					return { seat: s.id, row, day: x, col: days.indexOf(x), other, otherCol: days.indexOf(other), who: p.seats[who].id, whoRow: who, need, needs }
			}
			assert.fail('there is a day with an outlet that can go elsewhere')
		}

		// ---- what was measured

		/** @type {Record<string, number>} */
		const figures = {}
		const slow = (key, ms) => {
			figures[key] = Math.max(figures[key] ?? 0, Math.round(ms))
		}
		/** The slowest handler of an input event and the longest task since the last call, by what it was. */
		const waits = () => page.evaluate(() => window.waits.splice(0))

		/** A page that was loaded shows the turn of the day that was open, or today's. */
		const toTurn = async () => {
			await page.locator('.board [data-cell]').first().waitFor({ timeout: 120000 })
			if (await page.evaluate(() => document.querySelector('bp-map').store.turn.peek()) !== turn)
				await page.getByRole('button', { name: 'Next cycle' }).click()
		}
		before(async () => {
			;({ page, context, faults } = await openPage())
			;({ dialog, cell, stop, tabTo, press, centre, inSight, drag, drop, item, choose, main, confirm, undo, walkTo, openDay, clear, onMap, codeOf, selected } = hands(page))
			await signIn(page)
			unit = await pick(page, context)
			await page.addInitScript(() => {
				window.waits = []
				new PerformanceObserver((l) => l.getEntries().forEach((e) => window.waits.push([e.name, e.processingEnd - e.processingStart, e.duration]))).observe({ type: 'event', durationThreshold: 16 })
				new PerformanceObserver((l) => l.getEntries().forEach((e) => window.waits.push(['task', e.duration, e.duration]))).observe({ type: 'longtask' })
			})
			await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
			await page.locator('.board [data-cell]').first().waitFor({ timeout: 120000 })
			await page.locator('.ws-bar').getByRole('button', { name: 'Lock and plan' }).or(page.locator('.ws-bar .chip.accent')).first().waitFor()
			if (!(await page.locator('.ws-bar .chip.accent').count()))
				await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
			await page.locator('.ws-bar .chip.accent').waitFor({ timeout: 60000 })
			session = (await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
			scene = sceneOf(await draft())
			;({ edits } = await draft())
			await toTurn()
			await agrees(await draft(), 'opened')
		})
		after(async () => {
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
			await context.close()
			tell(figures)
			assert.deepEqual(faults, [])
		})

		/** A gesture that failed leaves nothing to the next. */
		afterEach(async () => {
			let d = await draft()
			if (d.edits <= edits && !(await page.locator('dialog[open], .menu').count()))
				return
			for (; d.edits > edits; d = await draft())
				await api(page, 'POST', `/planning/sessions/${session}/undo`, { seq: d.seq })
			await page.reload()
			await toTurn()
		})
		/**
		 * A change: done, held by the server, shown, undone, and all as it was.
		 * @param {string} what @param {Record<'mouse' | 'keyboard', () => Promise<unknown>>} ways @param {(before: any, after: any) => void} check
		 */
		const change = (what, ways, check) => {
			for (const by of /** @type {const} */ (['mouse', 'keyboard']))
				test(`${what}, by ${by}`, async () => {
					await clear()
					const was = await draft()
					await waits()
					await ways[by]()
					let is = was
					await until(async () => (is = await draft()).seq > was.seq, 'the server holds it')
					check(was, is)
					await agrees(is, 'done')
					for (let steps = is.edits - was.edits; steps > 0; steps--) {
						const { seq } = await draft()
						await undo(by)
						await until(async () => (await draft()).seq > seq, 'undone')
					}
					const back = await draft()
					assert.equal(bytes(back), bytes(was), 'undo gives the first state')
					await agrees(back, 'undone')
					for (const [name, script] of await waits())
						slow(`${name === 'task' ? 'task' : 'handler'}: ${what}, by ${by}`, script)
				})
		}
		const gone = (was, is) => {
			assert.deepEqual(tour(is, scene.seat, scene.day), tour(was, scene.seat, scene.day).filter((n) => n !== scene.need))
			assert.ok(tour(is, scene.seat, scene.other).includes(scene.need))
		}

		// ---- choosing: the server holds nothing of it

		const choosing = (what, ways, check) => {
			for (const by of /** @type {const} */ (['mouse', 'keyboard']))
				test(`${what}, by ${by}`, async () => {
					await clear()
					await waits()
					await ways[by]()
					await check()
					for (const [name, script] of await waits())
						slow(`${name === 'task' ? 'task' : 'handler'}: ${what}, by ${by}`, script)
				})
		}
		const toList = async (by, text) => {
			await page.locator('#tab-all').click()
			await page.locator('.panel-body input[type=search]').fill(text)
			await page.locator('.panel-body .vr').first().waitFor()
			if (by === 'keyboard') {
				await page.locator('.panel-body input[type=search]').focus()
				await tabTo('.panel-body .vr')
			}
		}
		const whole = async () => {
			await press('f')
			await page.waitForTimeout(900)
			return page.locator('bp-map canvas').first().boundingBox()
		}
		choosing('a day is opened', { mouse: () => openDay('mouse', scene.row, scene.col), keyboard: () => openDay('keyboard', scene.row, scene.col) }, async () => {
			assert.deepEqual((await seen()).stops, tour(await draft(), scene.seat, scene.day))
			assert.match(page.url(), /seat=.*date=/)
			await accessible(page, 'an open day')
			await shot(page, 'gestures-01-day')
		})
		choosing('a person and a weekday come into focus', {
			async mouse() {
				await page.locator('.board .who .name').nth(scene.row).click()
			},
			async keyboard() {
				await page.locator('.board .who .name').nth(scene.row).focus()
				await press('Enter')
			},
		}, async () => {
			await page.locator('.board tbody tr.on').waitFor()
			assert.match(page.url(), /seat=/)
		})
		choosing('an outlet is chosen, one more, and a range', {
			async mouse() {
				await toList('mouse', '')
				const rows = page.locator('.panel-body .vr')
				await rows.nth(0).click()
				await rows.nth(2).click({ modifiers: ['Control'] })
				assert.equal(await selected(), 2)
				await page.locator('#tab-all').click()
				await rows.nth(4).click({ modifiers: ['Shift'] })
			},
			async keyboard() {
				await toList('keyboard', '')
				await press('Enter', 'ArrowDown', 'ArrowDown', 'Control+Enter')
				assert.equal(await selected(), 2)
				await page.locator('#tab-all').click()
				await tabTo('.panel-body .vr')
				await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Shift+Enter')
			},
		}, async () => assert.equal(await selected(), 3))
		choosing('what a search finds is chosen', {
			async mouse() {
				await toList('mouse', '7')
				await page.getByRole('button', { name: 'Select these' }).click()
			},
			async keyboard() {
				await toList('mouse', '7')
				await page.locator('.panel-body input[type=search]').focus()
				await tabTo('.panel-body .between button')
				await press('Enter')
			},
		}, async () => {
			const n = await page.evaluate(() => {
				const d = document.querySelector('bp-map').store.details.now.peek()
				return d.name.filter((x, i) => x.includes('7') || d.code[i].includes('7')).length
			})
			assert.equal(await selected(), n)
			await clear()
		})
		choosing('outlets inside a shape are chosen', {
			async mouse() {
				const map = await whole(), at = (x, y) => [map.x + map.width * x, map.y + map.height * y]
				await press('l')
				await page.mouse.move(...at(0.1, 0.2))
				await page.mouse.down()
				for (const [x, y] of [[0.5, 0.15], [0.9, 0.2], [0.9, 0.9], [0.1, 0.9]])
					await page.mouse.move(...at(x, y), { steps: 4 })
				await page.mouse.up()
			},
			async keyboard() {
				await whole()
				await press('Shift+L')
				const step = async (key, n) => press(...Array(n).fill('Shift+' + key))
				await step('ArrowLeft', 4)
				await step('ArrowUp', 2)
				await press('Enter')
				await step('ArrowRight', 8)
				await press('Enter')
				await step('ArrowDown', 4)
				await press('Enter')
				await accessible(page, 'corners of a shape')
				await shot(page, 'gestures-02-corners')
				await step('ArrowLeft', 8)
				await press('Enter')
				await step('ArrowUp', 4)
				await press('Enter')
			},
		}, async () => {
			await page.locator('#tab-sel[aria-selected=true]').waitFor()
			assert.ok(await selected() > 10, `${await selected()} outlets are chosen`)
			await accessible(page, 'a selection')
			await shot(page, 'gestures-03-selection')
		})
		test('a box drawn with Shift chooses outlets, and Ctrl adds to them', async () => {
			await clear()
			const map = await whole()
			await page.keyboard.down('Shift')
			await page.mouse.move(map.x + map.width * 0.2, map.y + map.height * 0.2)
			await page.mouse.down()
			await page.mouse.move(map.x + map.width * 0.8, map.y + map.height * 0.8, { steps: 6 })
			await page.mouse.up()
			await page.keyboard.up('Shift')
			await page.locator('#tab-sel[aria-selected=true]').waitFor()
			assert.ok(await selected() > 10)
		})
		choosing('the outlets of a day are chosen from its menu', {
			async mouse() {
				await cell(scene.row, scene.col).click({ button: 'right' })
				await accessible(page, 'the menu of a day')
				await item('mouse', 'Select its outlets')
			},
			async keyboard() {
				await walkTo(scene.row, scene.col)
				await press('Shift+F10')
				await item('keyboard', 'Select its outlets')
			},
		}, async () => assert.equal(await selected(), scene.needs.length))

		choosing('all that is like an outlet is chosen', {
			async mouse() {
				await toList('mouse', '')
				await page.locator('.panel-body .vr').first().click()
				await page.locator('#tab-sel').click()
				await page.locator('#similar').click()
				await item('mouse', /^Same tier/)
			},
			async keyboard() {
				await toList('keyboard', '')
				await press('Enter', 's')
				await item('keyboard', /^Same tier/)
			},
		}, async () => assert.equal(await selected(), await page.evaluate(() => {
			const w = document.querySelector('bp-map').store.world.peek()
			return w.tier.filter((x) => x === w.tier[0]).length
		})))

		// ---- changing

		change('an outlet goes to another day', {
			async mouse() {
				await openDay('mouse', scene.row, scene.col)
				await stop(scene.need).scrollIntoViewIfNeeded()
				await inSight(cell(scene.row, scene.otherCol))
				await drag(stop(scene.need), cell(scene.row, scene.otherCol))
				await page.locator('.ghost', { hasText: /min|h in all/ }).waitFor()
				await accessible(page, 'a drag')
				await shot(page, 'gestures-04-drag')
				await drop()
				await accessible(page, 'the move dialog')
				await confirm('mouse')
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.need).focus()
				await press('m')
				await choose('keyboard', '#mv-day', String(scene.other))
				await confirm('keyboard')
			},
		}, gone)
		change('an outlet goes from the map to another day', {
			async mouse() {
				await openDay('mouse', scene.row, scene.col)
				await stop(scene.need).click()
				await inSight(cell(scene.row, scene.otherCol))
				await page.waitForTimeout(900) // the map has come to the tour
				await drag(await onMap(scene.need), cell(scene.row, scene.otherCol))
				await drop()
				await confirm('mouse')
			},
			async keyboard() { // chosen in a list, then the cell takes it
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.need).focus()
				await press('Enter')
				await walkTo(scene.row, scene.otherCol)
				await press('m')
				await confirm('keyboard')
			},
		}, gone)
		change('an outlet goes to another person', {
			async mouse() {
				await openDay('mouse', scene.row, scene.col)
				await stop(scene.need).scrollIntoViewIfNeeded()
				await inSight(cell(scene.whoRow, scene.col))
				await drag(stop(scene.need), cell(scene.whoRow, scene.col))
				await drop()
				await confirm('mouse')
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.need).focus()
				await press('m')
				await choose('keyboard', '#mv-seat', String(scene.who))
				await confirm('keyboard')
			},
		}, (was, is) => assert.ok(tour(is, scene.who, scene.day).includes(scene.need) && !tour(is, scene.seat, scene.day).includes(scene.need)))
		for (const [reach, label] of [['date', 'this date only'], ['onward', 'from here onward']])
			change(`a move means ${label}`, {
				async mouse() {
					await openDay('mouse', scene.row, scene.col)
					await stop(scene.need).focus()
					await press('m')
					await dialog().locator(`input[name=reach][value=${reach}]`).check()
					await choose('mouse', '#mv-day', String(scene.other))
					await confirm('mouse')
				},
				async keyboard() {
					await openDay('keyboard', scene.row, scene.col)
					await stop(scene.need).focus()
					await press('m')
					await tabTo('input[name=reach]')
					for (let i = 0; i < 3 && await dialog().locator('input[name=reach]:checked').inputValue() !== reach; i++)
						await press('ArrowDown')
					await choose('keyboard', '#mv-day', String(scene.other))
					await confirm('keyboard')
				},
			}, (was, is) => {
				gone(was, is)
				const at = is.visits.need.findIndex((n, i) => n === scene.need && is.visits.day[i] === scene.other && is.visits.seat[i] === scene.seat)
				assert.ok(is.visits.from[at], 'it begins at its date')
				assert.equal(is.visits.to[at] === is.visits.from[at], reach === 'date')
			})
		pinGestures({ change, gone, clear: () => clear(), now: () => ({ page, session, scene, draft, toTurn, dialog, cell, stop, press, inSight, drag, drop, item, choose, confirm, walkTo, openDay, selected }) })
		change('a whole day goes to another day', {
			async mouse() {
				await inSight(cell(scene.row, scene.col))
				await drag(cell(scene.row, scene.col), cell(scene.row, scene.otherCol))
				await drop()
				await confirm('mouse')
			},
			async keyboard() {
				await walkTo(scene.row, scene.col)
				await press('Shift+F10')
				await item('keyboard', 'Move the whole day to…')
				await choose('keyboard', '#mv-day', String(scene.other))
				await confirm('keyboard')
			},
		}, (was, is) => assert.deepEqual(tour(is, scene.seat, scene.day), []))
		change('a beat goes to another person', {
			async mouse() {
				await cell(scene.row, scene.col).click({ button: 'right' })
				await item('mouse', 'Move its beat to…')
				await choose('mouse', '#mv-seat', String(scene.who))
				await confirm('mouse')
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.need).focus()
				await press('b')
				await main('keyboard')
				await choose('keyboard', '#mv-seat', String(scene.who))
				await confirm('keyboard')
			},
		}, (was, is) => assert.ok(tour(is, scene.seat, scene.day).length < tour(was, scene.seat, scene.day).length && tour(is, scene.who, scene.day).length > tour(was, scene.who, scene.day).length))
		change('all that a person has to do goes to another', {
			async mouse() {
				await inSight(page.locator('.board .who .name').nth(scene.row))
				await drag(page.locator('.board .who .name').nth(scene.row), page.locator('.board .who .name').nth(scene.whoRow))
				await drop()
				await confirm('mouse')
			},
			async keyboard() {
				await page.locator('.board .who .name').nth(scene.row).focus()
				await press('m')
				await choose('keyboard', '#mv-seat', String(scene.who))
				await confirm('keyboard')
			},
		}, (was, is) => {
			assert.deepEqual(tour(is, scene.seat, scene.day), [])
			assert.ok(tour(is, scene.who, scene.day).length >= scene.needs.length)
		})
		change('many move together with one reason', {
			async mouse() {
				await cell(scene.row, scene.col).click({ button: 'right' })
				await item('mouse', 'Select its outlets')
				await openDay('mouse', scene.row, scene.col)
				await page.locator('#tab-sel').click()
				await page.getByRole('button', { name: /^Move to/ }).click()
				await choose('mouse', '#mv-seat', String(scene.who))
				await confirm('mouse', 'the road is closed')
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.needs[0]).focus()
				await press('Enter')
				await stop(scene.needs[3]).focus()
				await press('Shift+Enter', 'm')
				await choose('keyboard', '#mv-seat', String(scene.who))
				await confirm('keyboard', 'the road is closed')
			},
		}, (was, is) => assert.ok(tour(is, scene.who, scene.day).length >= tour(was, scene.who, scene.day).length + 3))
		change('an outlet is taken out and placed again', {
			async mouse() {
				await openDay('mouse', scene.row, scene.col)
				await stop(scene.need).getByRole('button', { name: /^Actions for/ }).click()
				await item('mouse', 'Take out of the plan')
				await dialog().getByRole('button', { name: 'Take out' }).click()
				await stop(scene.need).waitFor({ state: 'detached' })
				await page.locator('#tab-unserved').click()
				const row = page.locator(`.panel-body .vr[data-key="${scene.need}"]`)
				if (await page.locator('.panel-body input[type=search]').count())
					await page.locator('.panel-body input[type=search]').fill(await codeOf(scene.need))
				await inSight(cell(scene.row, scene.otherCol))
				await drag(row, cell(scene.row, scene.otherCol))
				await drop()
				await confirm('mouse')
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.need).focus()
				await press('Enter', 'Delete')
				await tabTo('.d-foot .danger')
				await press('Enter')
				await stop(scene.need).waitFor({ state: 'detached' })
				await page.locator('#tab-day').focus()
				for (let i = 0; i < 6 && !(await page.locator('#tab-unserved[aria-selected=true]').count()); i++)
					await press('ArrowRight')
				if (await page.locator('.panel-body input[type=search]').count()) {
					await tabTo('.panel-body input[type=search]')
					await page.keyboard.type(await codeOf(scene.need))
				}
				await tabTo('.panel-body .vr')
				for (let i = 0; i < 60 && await page.evaluate(() => document.activeElement.dataset.key) !== String(scene.need); i++)
					await press(i ? 'ArrowUp' : 'End')
				await press('m')
				await choose('keyboard', '#mv-seat', String(scene.seat))
				await choose('keyboard', '#mv-day', String(scene.other))
				await confirm('keyboard')
			},
		}, (was, is) => {
			assert.equal(is.edits, was.edits + 2)
			assert.ok(tour(is, scene.seat, scene.other).includes(scene.need))
		})
		const second = (was, is) => assert.deepEqual(tour(is, scene.seat, scene.day), [scene.needs[1], scene.needs[0], ...scene.needs.slice(2)])
		change('the order of a day is changed', {
			async mouse() {
				await openDay('mouse', scene.row, scene.col)
				const [x, y] = await centre(stop(scene.needs[0])), to = await centre(stop(scene.needs[1]))
				await page.mouse.move(x, y)
				await page.mouse.down()
				await page.mouse.move(x, y + 10, { steps: 3 })
				await page.mouse.move(...to, { steps: 4 })
				await page.mouse.up()
			},
			async keyboard() {
				await openDay('keyboard', scene.row, scene.col)
				await stop(scene.needs[0]).focus()
				await press('Alt+ArrowDown')
			},
		}, second)
		for (const [label, check] of /** @type {[string, (was: any, is: any) => void][]} */ ([
			['Reverse', (was, is) => assert.deepEqual(tour(is, scene.seat, scene.day), [...scene.needs].reverse())],
			['Best order', (was, is) => assert.deepEqual([...tour(is, scene.seat, scene.day)].sort(), [...scene.needs].sort())],
		]))
			change(`${label} of a day`, {
				async mouse() {
					await openDay('mouse', scene.row, scene.col)
					await page.locator('.day-head').getByRole('button', { name: label }).click()
				},
				async keyboard() {
					await openDay('keyboard', scene.row, scene.col)
					const at = page.locator('.day-head').getByRole('button', { name: label })
					await page.locator('#tab-day').focus()
					for (let i = 0; i < 8 && !(await at.evaluate((n) => n === document.activeElement)); i++)
						await press('Tab')
					await press('Enter')
				},
			}, check)


		// ---- what is undone, kept, and outlives the page

		editGestures({ bytes, second, clear: () => clear(), now: () => ({ page, scene, draft, seen, agrees, stop, press, dialog, choose, tabTo, main, undo, openDay }) })

		for (const by of /** @type {const} */ (['mouse', 'keyboard']))
			test(`a version is kept, and the dialogs of the optimiser and the commit open, by ${by}`, async () => {
				await clear()
				const tools = page.locator('.ws-tools'), leave = async () => {
					await press('Escape')
					await dialog().waitFor({ state: 'detached' })
				}
				const open = async (name, key) => {
					if (by === 'mouse')
						return tools.getByRole('button', { name, exact: true }).click()
					if (key)
						return press(key)
					const at = tools.getByRole('button', { name, exact: true })
					await tools.getByRole('button').first().focus()
					for (let i = 0; i < 8 && !(await at.evaluate((n) => n === document.activeElement)); i++)
						await press('Tab')
					await press('Enter')
				}
				await open('Save a version', 'Control+s')
				await (by === 'mouse' ? dialog().locator('#sv-notes').fill('by mouse') : page.keyboard.type('by keyboard'))
				await main(by)
				await dialog().waitFor({ state: 'detached', timeout: 60000 })
				await open('Optimise', 'o')
				await dialog().locator('#op-s').waitFor()
				await leave()
				await open('Commit', null)
				await dialog().locator('#cm-date').waitFor()
				await leave()
			})
		for (const by of /** @type {const} */ (['mouse', 'keyboard']))
			test(`the optimiser changes only what is selected, by ${by}`, async () => {
				await clear()
				const rows = page.locator('.panel-body .vr'), before = await draft()
				if (by === 'mouse') {
					await rows.nth(0).click()
					await page.locator('#tab-all').click()
					await rows.nth(5).click({ modifiers: ['Shift'] })
				} else {
					await tabTo('.panel-body .vr')
					await press('Home', 'Enter')
					await page.locator('#tab-all').click()
					await tabTo('.panel-body .vr')
					await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Shift+Enter')
				}
				const n = await selected()
				await (by === 'mouse' ? page.locator('.ws-tools').getByRole('button', { name: 'Optimise', exact: true }).click() : press('o'))
				const only = dialog().getByRole('button', { name: new RegExp(`^The ${n} selected`) })
				if (by === 'mouse') {
					await dialog().locator('#op-s').fill('5')
					await only.click()
				} else {
					await tabTo('#op-s')
					await press('Home')
					for (let i = 0; i < 8 && !(await only.evaluate((x) => x === document.activeElement)); i++)
						await press('Tab')
					await press('Enter')
				}
				assert.equal(await only.getAttribute('aria-pressed'), 'true')
				assert.match(await dialog().locator('#op-estimate').innerText(), /^About .* for .* visits, as \d+ runs? of the past/)
				await shot(page, 'gestures-05-optimise-selection')
				await accessible(page, 'the optimiser for a selection')
				await main(by)
				await dialog().getByText('Proposal', { exact: true }).first().waitFor({ timeout: 120000 })
				assert.equal(await dialog().getByText('left out').count(), 0)
				await press('Escape')
				await dialog().waitFor({ state: 'detached' })
				const versions = await (await context.request.get(`${base}/api/v1/plans/${before.planId}/versions?limit=1`)).json()
				assert.equal(versions.items[0].run.request.only.length, n)
				assert.equal(bytes(await draft()), bytes(before), 'a proposal changes nothing by itself')
			})
		test('the numbers of a drag are there with the movement that brings it over a day', async () => {
			await clear()
			await openDay('mouse', scene.row, scene.col)
			const measured = async (many) => {
				const found = await page.evaluate(async () => {
					const out = [], list = [...document.querySelectorAll('.board [data-drop]')].filter((c) => {
						const r = c.getBoundingClientRect(), box = c.closest('.board-scroll').getBoundingClientRect()
						return r.top > box.top + 60 && r.bottom < box.bottom && r.left > box.left + 200 && r.right < box.right - 100
					}).slice(0, 24)
					for (const c of list) {
						const r = c.getBoundingClientRect(), t = performance.now()
						window.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, cancelable: true, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2 }))
						const script = performance.now() - t, text = document.querySelector('.ghost')?.textContent ?? ''
						await new Promise((go) => requestAnimationFrame(() => setTimeout(go)))
						out.push({ script, wall: performance.now() - t, text })
						await new Promise((go) => setTimeout(go, 30))
					}
					return out
				})
				assert.ok(found.length > 4)
				const without = found.filter((x) => !/\d.*(min|h)\b/.test(x.text))
				assert.deepEqual(without, [], 'numbers over every day')
				assert.equal(new Set(found.map((x) => x.text)).size, found.length, 'those of the day, not of the one before')
				for (const kind of /** @type {const} */ (['script', 'wall'])) {
					const ms = found.map((x) => x[kind]).sort((a, b) => a - b)
					slow(`drag of ${many}: ${kind}, median`, ms[ms.length >> 1])
					slow(`drag of ${many}: ${kind}, worst`, ms[ms.length - 1])
				}
			}
			await drag(stop(scene.need), cell(scene.row, scene.otherCol))
			await measured('one visit')
			await press('Escape')
			await page.mouse.up()
			await drag(cell(scene.row, scene.col), cell(scene.row, scene.otherCol))
			await measured('a day')
			await press('Escape')
			await page.mouse.up()
			await clear()
			await page.locator('#tab-all').click()
			await page.evaluate(() => document.querySelector('bp-map').store.select(Array.from({ length: Math.min(2000, document.querySelector('bp-map').store.world.peek().n) }, (_, i) => i)))
			const chosen = await page.evaluate(() => document.querySelector('bp-map').store.selectedVisits.peek().length)
			await page.locator('#tab-sel').click()
			await page.locator('.panel-body .vr').first().waitFor()
			await drag(page.locator('.panel-body .vr').first(), cell(scene.row, scene.otherCol))
			await measured(`${chosen} visits`)
			await press('Escape')
			await page.mouse.up()
			await clear()
		})
		test('a link opens its day, also of another cycle', async () => {
			const d = await draft(), { code } = d.seats[scene.row]
			await page.goto(`${base}/territories/${unit.id}/plan?channel=GT&seat=${encodeURIComponent(code)}&date=${dateOf(d.cycle, turn + 1, scene.day)}`)
			await cell(scene.row, scene.col).and(page.locator('[aria-selected=true]')).waitFor({ timeout: 60000 })
			assert.equal(await page.evaluate(() => document.querySelector('bp-map').store.turn.peek()), turn + 1)
			await clear()
			await page.getByRole('button', { name: 'Previous cycle' }).click()
		})
		/** The page is gone at once: nothing of it runs any more. */
		const crash = async () => {
			const url = page.url(), gone = page.waitForEvent('crash')
			;(await context.newCDPSession(page)).send('Page.crash').catch(() => null)
			await gone
			page = await context.newPage()
			;({ dialog, cell, stop, tabTo, press, centre, inSight, drag, drop, item, choose, main, confirm, undo, walkTo, openDay, clear, onMap, codeOf, selected } = hands(page))
			await page.goto(url)
		}
		for (const [what, leave] of /** @type {[string, () => Promise<unknown>][]} */ ([['a reload', () => page.reload()], ['a crash', crash]]))
			test(`${what} in mid-edit loses nothing: what is being saved, what waits behind it, and on a reload what is chosen`, async () => {
				await clear()
				await openDay('mouse', scene.row, scene.col)
				const was = await draft(), slowed = page
				const go = await heldBack(page, '**/ops') // the server is slow to answer, and the page goes before it has
				const orders = (await seen()).stops
				await stop(orders[0]).focus()
				await press('Alt+ArrowDown')
				await page.locator('.save-state', { hasText: 'Saving' }).waitFor()
				await stop(orders[3]).click()
				await press('Delete')
				await dialog().getByRole('button', { name: 'Take out' }).click()
				await stop(orders[5]).click()
				await leave()
				go()
				await slowed.unroute('**/ops').catch(() => {})
				let is
				await until(async () => (is = await draft()).seq === was.seq + 2, 'both changes are there', 60)
				await page.locator('.stops li').first().waitFor({ timeout: 60000 })
				assert.deepEqual(tour(is, scene.seat, scene.day), [orders[1], orders[0], orders[2], ...orders.slice(4)])
				await agrees(is, 'loaded again')
				if (leave !== crash)
					await page.locator(`.stops li.sel[data-need="${orders[5]}"]`).waitFor()
				for (let i = 0; i < 2; i++) {
					const { seq } = await draft()
					await undo('keyboard')
					await until(async () => (await draft()).seq > seq, 'undone')
				}
				assert.equal(bytes(await draft()), bytes(was), 'undo gives the first state')
			})
	})
}
