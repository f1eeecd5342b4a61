// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/undo.mjs [OPERATIONS] [SEED] [OUTLETS]: changes at random (500), made and undone through the page, with reloads
// in between, give the first state byte for byte, in the page and on the server.  On a unit of the demo, or on a region of OUTLETS.
// run.mjs does fewer of them.  BASE_URL and BEATPLAN_USER as in lib.mjs.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bytes } from '../api/planning.mjs'
import { planOf } from '../../www/js/plan/model.js'
import { hands } from './hands.mjs'
import { api, base, plannedUnit, openPage, signIn, stop, until } from './lib.mjs'
import { numbers, planned } from './region.mjs'

/** The page is loaded anew after so many changes. */
const RELOAD = 20

/** All that a plan of the page says, in one order.  It runs in the page, too. */
const told = (p) => {
	const sorted = (map, value = (x) => x) => [...map].sort(([a], [b]) => a - b).map(([k, x]) => [k, value(x)])
	const stops = (list) => [...list].sort((a, b) => a.pos - b.pos || a.need - b.need || (a.from ?? '').localeCompare(b.from ?? ''))
	const { totals, seq, undo, redo, edits } = p
	return { tours: sorted(p.tours, stops), sums: sorted(p.sums), unserved: sorted(p.unserved), pins: sorted(p.pins), totals: Object.entries(totals), count: Object.entries({ seq, undo, redo, edits }) }
}
/** That two are the same; plans are long, so a difference is told by its first place. @param {string[]} [but] what may differ */
function same(is, ought, what, but = []) {
	for (const part of Object.keys(ought).filter((k) => !but.includes(k)))
		for (let i = 0; i < Math.max(is[part].length, ought[part].length); i++)
			assert.equal(JSON.stringify(is[part][i]), JSON.stringify(ought[part][i]), `${what}: the page's ${part}, entry ${i} of ${is[part].length} and ${ought[part].length}`)
}
/** One change as the screens make it, as the dice say; it runs in the page. @returns what was asked for, and what the server had against it */
const change = async ({ dice, first }) => {
	const s = document.querySelector('bp-map').store, { opsFor } = await import('/js/workspace/ops.js'), { sequence } = await import('/js/workspace/commands.js')
	let at = 0
	const below = (n) => Math.floor(dice[at++] * n), pick = (list) => list[below(list.length)]
	s.turn.value = first + below(2)
	const plan = s.plan.peek(), days = s.days.peek().filter(s.mayEdit), full = plan.seats.flatMap((x) => days.map((d) => [x.id, d])).filter(([x, d]) => s.tour(x, d).length > 1)
	const [seat, day] = pick(full), stops = s.tour(seat, day), begin = below(stops.length), some = stops.slice(begin, begin + 1 + below(4))
	const who = pick(plan.seats).id, to = pick([{ seat: who, day: null }, { seat: null, day: pick(days) }, { seat: who, day: pick(days) }]), reach = pick(['standing', 'onward', 'date'])
	const why = { reasonCode: 'PROMOTION', reason: 'at random' }, missing = [...plan.unserved].filter(([, u]) => u.reason !== 'NO_COORDINATES').map(([need]) => need)
	const order = stops.map((x) => x.need)
	order.splice(below(order.length), 0, ...order.splice(begin, 1))
	const move = () => opsFor(s, { kind: 'move', visits: some }, { ...to, ...(to.day === null ? {} : pick([{}, { pos: below(3) }])) }, reach, why)
	const remove = () => [{ kind: 'remove', visits: s.named(some), reach: 'standing' }]
	const what = pick(['move', 'move', 'whole day', 'remove', 'place', 'beat', 'pin', 'pin', 'order', 'reverse', 'best order'])
	s.focus.value = { seat, day }
	const failed = await s.send({
		move, remove, 'whole day': () => opsFor(s, { kind: 'move', visits: stops }, { seat: who, day: pick(days) }, 'standing', why),
		place: () => (missing.length ? opsFor(s, { kind: 'place', need: pick(missing) }, { seat: who, day: pick(days) }, reach, why) : remove()),
		beat: () => (plan.beats.length ? opsFor(s, { kind: 'beat', beat: pick(plan.beats).id, day: null }, { seat: who, day: null }, 'standing', why) : move()),
		pin: () => [{ kind: 'pin', hold: pick(['none', 'person', 'days', 'both']), needs: some.map((x) => x.need) }],
		order: () => [sequence(s, { order })], reverse: () => [sequence(s, { reverse: true })], 'best order': () => [sequence(s, { auto: true })],
	}[what]())
	return { what, failed: failed && [failed.status, failed.code, failed.message, failed.detail, ...(failed.fields ?? []).map((f) => f.problem)].join(' ') }
}

/** The first two of a day change places; nobody waits for it.  It runs in the page. */
const hasty = async () => {
	const s = document.querySelector('bp-map').store, { sequence } = await import('/js/workspace/commands.js')
	const [seat, day] = s.plan.peek().seats.flatMap((x) => s.days.peek().filter(s.mayEdit).map((d) => [x.id, d])).find(([x, d]) => s.tour(x, d).length > 1), [a, b, ...rest] = s.tour(seat, day).map((x) => x.need)
	s.focus.value = { seat, day }
	void s.send([sequence(s, { order: [b, a, ...rest] })])
}

/**
 * @param {string} title @param {(page: import('playwright-core').Page, context: any) => Promise<{id: number, name: string}>} pick the unit
 * @param {number} operations @param {number} seed
 */
export function changesUndone(title, pick, operations, seed = 1) {
	describe(title, { timeout: 3600000 }, () => {
		let page, context, faults, unit, session, first, was, shown
		const random = numbers(seed)
		const draft = async () => (await context.request.get(`${base}/api/v1/planning/sessions/${session}/draft`, { timeout: 60000 })).json()
		const known = () => page.evaluate(`(${told})(document.querySelector('bp-map').store.plan.peek())`)
		const edits = () => page.evaluate(() => document.querySelector('bp-map').store.plan.peek().edits)
		const loaded = async () => {
			await page.locator('.board [data-cell]').first().waitFor({ timeout: 120000 })
			await page.locator('.ws-bar .chip.accent').waitFor({ timeout: 60000 })
		}
		const reload = async () => {
			await page.reload()
			await loaded()
		}
		/** The page knows what the server holds. */
		const look = async (after) => {
			const d = await draft()
			same(await known(), told(planOf(d)), `after ${after}`)
			return d
		}

		before(async () => {
			;({ page, context, faults } = await openPage())
			await signIn(page)
			unit = await pick(page, context)
			await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
			await page.locator('.board [data-cell]').first().waitFor({ timeout: 120000 })
			await page.locator('.ws-bar').getByRole('button', { name: 'Lock and plan' }).or(page.locator('.ws-bar .chip.accent')).first().waitFor()
			if (!(await page.locator('.ws-bar .chip.accent').count()))
				await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
			await loaded()
			session = (await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
			first = await page.evaluate(() => document.querySelector('bp-map').store.turn.peek())
			was = await draft()
			shown = await known()
		})
		after(async () => {
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
			await context.close()
			assert.deepEqual(faults, [])
		})

		const kinds = {}
		let made = 0
		test(`${operations} changes at random: the page knows what the server holds`, async () => {
			for (let refused = 0, tried = 0; made < operations; tried++) {
				const before = await edits(), dice = Array.from({ length: 24 }, random), { what, failed } = await page.evaluate(change, { dice, first })
				const name = `change ${tried} (${what}) of seed ${seed}`
				if (failed) {
					assert.match(failed, /^4/, name)
					refused++
					assert.ok(refused < 2 * operations, `${refused} of ${tried} changes were refused, the last: ${failed}`)
					kinds[`refused ${what}`] = (kinds[`refused ${what}`] ?? 0) + 1
				} else {
					kinds[what] = (kinds[what] ?? 0) + 1
				}
				made += await edits() - before
				await look(name)
				if (tried % RELOAD === RELOAD - 1) {
					const is = await edits()
					await page.evaluate(hasty) // and away, before the server can answer
					await reload()
					await until(async () => await edits() === is + 1, `the change in mid-reload after ${name} is there`)
					await look(`a reload after ${name}`)
					made++
				}
			}
			assert.equal((await look('all of them')).edits, was.edits + made)
		})
		test('as many undos give the first state, byte for byte, in the page and on the server', async (t) => {
			const { undo } = hands(page)
			for (let i = 0, n; (n = await edits()) > was.edits; i++) {
				await undo(i % 10 ? 'keyboard' : 'mouse')
				await until(async () => await edits() === n - 1, `undo ${i} of seed ${seed}`)
				if (i % RELOAD === RELOAD - 1) {
					await reload()
					await look(`a reload after undo ${i}`)
				}
			}
			const d = await look('as many undos')
			assert.equal(d.edits, was.edits)
			assert.ok(bytes(d) === bytes(was), 'the server has the first state')
			same(await known(), shown, 'as many undos', ['count'])
			await reload()
			same(await known(), shown, 'as many undos and a reload', ['count'])
			t.diagnostic(`${made} changes and as many undos, seed ${seed}: ${JSON.stringify(kinds)}`)
		})
	})
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [operations, seed, outlets] = [2, 3, 4].map((i) => Number(process.argv[i] ?? 0))
	changesUndone('changes and as many undos', outlets ? async (page, context) => (await planned(page, context, outlets, 60)).unit : plannedUnit, operations || 500, seed || 1)
	after(stop)
}
