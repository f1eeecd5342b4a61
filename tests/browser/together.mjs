// SPDX-License-Identifier: GPL-3.0-or-later
// Two territories of modern trade on one board: chains go through both, a gesture changes both and is undone as one, a person who serves both is seen once,
// a lock that is broken leaves the other usable, all become plans at once.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until, upload } from './lib.mjs'

const stamp = Date.now().toString(36), N = 6, sides = ['Northside', 'Southside']
const files = {
	distributors: 'code,name,lat,lon\n' + sides.map((side, k) => `${side}D-${stamp},${side} Distribution ${stamp},${19 + k}.05,72.85\n`).join(''),
	outlets: ['code,name,lat,lon,tier,country,state,city,dt_code,channel,chain', ...sides.flatMap((side, k) => Array.from({ length: N }, (_, i) =>
		`${side}-${stamp}-${i},${side} store ${i},${(19 + k + i / 90).toFixed(5)},${(72.8 + i / 90).toFixed(5)},Silver,${side}land ${stamp},${side}state ${stamp},${side} ${stamp},${side}D-${stamp},MT,Chain ${i % 2} ${stamp}`))].join('\n') + '\n',
	seats: 'code,name,person,dt_codes,vehicle,channel\n' + sides.map((side) => `${side}S-${stamp},Key accounts,Bea Both ${stamp},${side}D-${stamp},car,MT\n`).join(''),
}

describe('several territories on one board', () => {
	let page, context, faults, units
	const dialog = () => page.locator('dialog[open]')
	const chip = () => page.locator('.ws-bar button.chip.accent')
	const row = (text) => page.locator('.stores [role=row]', { hasText: text }).first()
	/** Its name is clicked. */
	const choose = (text, modifiers = []) => row(text).click({ position: { x: 60, y: 14 }, modifiers })
	const tool = (name) => page.locator('.ws-tools').getByRole('button', { name })
	/** Where the visits of each draft stand, and what is pinned. */
	const drafts = async () => {
		const list = (await api(page, 'GET', '/planning/sessions')).items, out = []
		for (const u of units) {
			const d = await api(page, 'GET', `/planning/sessions/${list.find((s) => s.territoryId === u.id && s.status === 'ACTIVE').id}/draft`)
			out.push({ edits: d.edits, undo: d.undo, visits: d.visits.need.map((n, i) => `${n} ${d.visits.day[i]}`).sort().join(), pins: d.pins.need.length })
		}
		return out
	}
	const settled = () => page.waitForFunction(() => /Saved/.test(document.querySelector('.ws-bar .save-state')?.textContent ?? ''))
	/** So that all rows are drawn. */
	const tall = { width: 1280, height: 1900 }
	/** The same in light and dark, wide and narrow. */
	const look = async (name) => {
		await page.setViewportSize({ width: 1280, height: 800 })
		await accessible(page, name)
		await shot(page, `${name}-wide`)
		await page.emulateMedia({ colorScheme: 'dark' })
		await shot(page, `${name}-wide-dark`)
		await page.setViewportSize({ width: 390, height: 844 })
		await page.locator('.ws-switch').getByRole('tab', { name: 'Board' }).click()
		await accessible(page, `${name}, narrow and dark`)
		await shot(page, `${name}-narrow-dark`)
		await page.emulateMedia({ colorScheme: 'light' })
		await shot(page, `${name}-narrow`)
		await page.setViewportSize(tall)
	}
	before(async () => {
		;({ page, context, faults } = await openPage({ viewport: tall }))
		await signIn(page)
		const { id } = await api(page, 'POST', '/import/sessions', { name: `together ${stamp}` })
		for (const [name, text] of Object.entries(files))
			await upload(page, id, `${name}-${stamp}`, text)
		const ended = async (jobId) => {
			let job
			await until(async () => ['done', 'failed'].includes((job = await api(page, 'GET', `/jobs/${jobId}`)).state), `job ${jobId} ends`)
			assert.equal(job.state, 'done', JSON.stringify(job))
			return job
		}
		for (const step of ['validate', 'process'])
			await ended((await api(page, 'POST', `/import/sessions/${id}/${step}`, {})).jobId)
		const all = (await api(page, 'GET', `/territories?units=1&limit=500&channel=MT`)).items
		units = sides.map((side) => all.find((t) => t.name.includes(side) && t.name.includes(stamp)))
		assert.ok(units[0] && units[1], 'the stores make two units')
		for (const u of units) {
			await api(page, 'POST', `/territories/${u.id}/lock`, { channel: 'MT' })
			const s = await api(page, 'POST', '/planning/sessions', { territoryId: u.id, channel: 'MT' })
			const job = await ended((await api(page, 'POST', '/optimize', { sessionId: s.id, iterations: 2000, seed: 3 })).jobId)
			await api(page, 'POST', `/planning/sessions/${s.id}/adopt`, { versionId: job.result.versionId })
			await api(page, 'POST', '/planning/commit', { sessionId: s.id })
		}
	})
	after(async () => {
		for (const u of units ?? [])
			await api(page, 'DELETE', `/territories/${u.id}/lock?channel=MT&reason=end`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('the way in is the set of locks', async () => {
		await page.goto(`${base}/territories/${units[0].id}/plan?channel=MT`)
		await tool('More').click()
		await page.getByRole('menuitem', { name: 'Lock several territories as one…' }).click()
		await dialog().locator('#ls-q').fill(units[1].name)
		await dialog().locator('.lock-set input').first().check()
		await dialog().getByRole('button', { name: /^Lock 1 more/ }).click()
		await chip().click()
		await dialog().getByRole('link', { name: 'Plan on one board' }).click()
		await page.waitForURL(/\/territories\/\d+,\d+\/plan/)
		await chip().getByText('2 territories').waitFor()
	})
	test('stores of both stand in the lanes of their chains, or by territory', async () => {
		await row(`Chain 0 ${stamp}`).waitFor()
		await until(async () => await page.locator('.stores .visit').count() > 2 * N - 1, 'visits of both are drawn')
		for (const side of sides)
			await row(`${side} store 0`).waitFor()
		assert.equal(await page.locator('.stores [role=row]', { hasText: 'Chain' }).count(), 2, 'one lane for a chain')
		await page.getByText('12 stores · 2 territories').waitFor()
		await page.locator('#st-lanes').selectOption('territory')
		await row(units[1].name).waitFor()
		await page.locator('#st-lanes').selectOption('chain')
		await look('together-01-board')
	})
	test('what is taken out of both at once is kept in both, and undone in both', async () => {
		const [a, b] = await drafts()
		await choose('Northside store 1')
		await choose('Southside store 1', ['Control'])
		await page.keyboard.press('Delete')
		await dialog().getByText('Take 8 visits out of the plan').waitFor()
		await dialog().locator('#price').waitFor()
		await shot(page, 'together-02-take-out')
		await dialog().getByRole('button', { name: 'Take out' }).click()
		await dialog().waitFor({ state: 'detached' })
		await settled()
		const [a2, b2] = await drafts()
		assert.notEqual(a2.visits, a.visits)
		assert.notEqual(b2.visits, b.visits)
		assert.equal(a2.undo, b2.undo, 'one name for both')
		await page.keyboard.press('Control+z')
		await until(async () => (await drafts()).map((d) => d.visits).join() === `${a.visits},${b.visits}`, 'both are as they were')
		await page.keyboard.press('Control+y')
		await until(async () => (await drafts()).map((d) => d.visits).join() === `${a2.visits},${b2.visits}`, 'and both are done again')
		await page.keyboard.press('Control+z')
		await until(async () => (await drafts()).map((d) => d.visits).join() === `${a.visits},${b.visits}`, 'and undone')
	})
	test('undo goes through both in the order in which things were done', async () => {
		const pin = async (name) => {
			await choose(name)
			await page.keyboard.press('p')
			await page.getByRole('menuitem', { name: /^Pin its days|^Pin their days/ }).click()
			await settled()
		}
		await pin('Southside store 2')
		await pin('Northside store 2')
		await choose('Southside store 3')
		await choose('Northside store 3', ['Control'])
		await page.keyboard.press('p')
		await page.getByRole('menuitem', { name: 'Pin their days' }).click()
		const pins = async (want) => until(async () => (await drafts()).map((d) => d.pins).join() === want, `pins are ${want}: ${(await drafts()).map((d) => d.pins)}`)
		await pins('2,2')
		for (const want of ['1,1', '0,1', '0,0']) {
			await tool(/^Undo/).click()
			await pins(want)
		}
		for (const want of ['0,1', '1,1', '2,2']) {
			await tool(/^Redo/).click()
			await pins(want)
		}
	})
	test('a visit is dragged to another day of its own territory', async () => {
		const before = await drafts()
		/* A visit that can be seen, and a day of its row without one. */
		const [from, to] = await page.evaluate(() => {
			const at = (e) => ({ x: e.getBoundingClientRect().x + 24, y: e.getBoundingClientRect().y + 14 }), seen = (e) => e.contains(document.elementFromPoint(at(e).x, at(e).y))
			for (const visit of document.querySelectorAll('.stores .visit')) {
				const free = [...visit.closest('[role=row]').querySelectorAll('[data-drop]')].find((c) => seen(c) && !c.querySelector('.visit'))
				if (seen(visit) && free)
					return [at(visit), at(free)]
			}
			return []
		})
		await page.mouse.move(from.x, from.y)
		await page.mouse.down()
		await page.mouse.move(to.x, to.y, { steps: 8 })
		await page.mouse.up()
		await dialog().locator('#price').waitFor()
		await dialog().getByRole('button', { name: 'Move', exact: true }).click()
		await dialog().waitFor({ state: 'detached' })
		await until(async () => (await drafts()).filter((d, i) => d.visits !== before[i].visits).length === 1, 'one of the two is changed')
		await page.keyboard.press('Control+z')
		await until(async () => (await drafts()).every((d, i) => d.visits === before[i].visits), 'and is as it was')
	})
	test('a person who serves both is one row with the work of both', async () => {
		await page.getByRole('button', { name: 'People', exact: true }).click()
		const who = page.locator('.board tbody tr', { hasText: `Bea Both ${stamp}` })
		await who.waitFor()
		assert.equal(await who.count(), 1)
		await who.getByText(`NorthsideS-${stamp} + SouthsideS-${stamp}`).or(who.getByText(`SouthsideS-${stamp} + NorthsideS-${stamp}`)).waitFor()
		await shot(page, 'together-03-people')
		await accessible(page, 'people of two territories')
		await page.getByRole('button', { name: 'Stores', exact: true }).click()
	})
	test('a reload loses nothing', async () => {
		const before = await drafts()
		await page.reload()
		await chip().getByText('2 territories').waitFor()
		await row('Northside store 0').waitFor()
		assert.deepEqual(await drafts(), before)
		await tool(/^Undo: .*pin/i).waitFor()
	})
	test('in one territory alone undo says beforehand and afterwards that the other keeps its part', async () => {
		const both = page.url(), pins = async (want) => until(async () => (await drafts()).map((d) => d.pins).join() === want, `pins are ${want}`)
		await page.goto(`${base}/territories/${units[0].id}/plan?channel=MT`)
		await tool(new RegExp(`^Undo: .* – only here, not in ${units[1].name}`)).click()
		await page.locator('#left').getByText(`its part in ${units[1].name} stays`).waitFor()
		await pins('1,2')
		await look('together-06-one-alone')
		await tool(/^Redo: [^–]*$/).click()
		await pins('2,2')
		await page.locator('#left').waitFor({ state: 'detached' })
		await page.goto(both)
		await chip().getByText('2 territories').waitFor()
		await row('Northside store 0').waitFor()
	})
	test('what is asked of one territory asks which', async () => {
		await page.keyboard.press('o')
		await page.getByRole('menuitem', { name: units[1].name }).click()
		await dialog().getByText(`Optimise ${units[1].name}`).waitFor()
		await page.keyboard.press('Escape')
	})
	test('a broken lock is told at once; the other territory stays in hand', async () => {
		const other = await openPage()
		await signIn(other.page, 'mtmanager')
		await api(other.page, 'DELETE', `/territories/${units[1].id}/lock?channel=MT&reason=urgent`)
		await other.context.close()
		await page.locator('#lock-lost', { hasText: units[1].name }).waitFor()
		await chip().getByText('1 of 2 territories').waitFor()
		await look('together-04-lock-lost')
		await choose('Southside store 4')
		await page.keyboard.press('p')
		await page.getByRole('menuitem', { name: 'Pin its days' }).click()
		await page.locator('.toast', { hasText: `${units[1].name} is not locked for you` }).waitFor()
		const pins = async () => (await api(page, 'GET', `/planning/sessions/${(await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === units[0].id && s.status === 'ACTIVE').id}/draft`)).pins.need.length
		const n = await pins()
		await choose('Northside store 4')
		await page.keyboard.press('p')
		await page.getByRole('menuitem', { name: 'Pin its days' }).click()
		await until(async () => await pins() === n + 1, 'the other is changed')
		/* Undo here takes back what is here, and says where the rest of a gesture stays. */
		for (const left of [n, n - 1]) {
			await tool(/^Undo/).click()
			await until(async () => await pins() === left, `${left} pins are left`)
		}
		await page.locator('#left', { hasText: units[1].name }).waitFor()
		await page.locator('#left').getByRole('button', { name: 'Close' }).click()
		await page.locator('#lock-lost').getByRole('button', { name: 'Close' }).click()
		await page.locator('#some-locked', { hasText: units[1].name }).getByRole('button', { name: 'Lock and plan' }).click()
		await chip().getByText('2 territories').waitFor()
	})
	test('all are kept, and become plans as one', async () => {
		await choose('Southside store 5')
		await choose('Northside store 5', ['Control'])
		await page.keyboard.press('p')
		await page.getByRole('menuitem', { name: 'Pin their days' }).click()
		await settled()
		await page.keyboard.press('Control+s')
		await dialog().locator('#sv-notes').fill('both')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await page.locator('.toast', { hasText: 'A version is kept of' }).waitFor()
		await tool('Commit').click()
		await dialog().getByText('Commit the plans of 2 territories').waitFor()
		await dialog().locator('#cm-date').fill('2020-01-01')
		await dialog().getByRole('button', { name: 'Commit all' }).click()
		await dialog().locator('.problem', { hasText: 'past visits never change' }).waitFor()
		await dialog().locator('#cm-date').fill('')
		await accessible(page, 'commit of all')
		await shot(page, 'together-05-commit')
		await dialog().getByRole('button', { name: 'Commit all' }).click()
		await page.locator('.toast', { hasText: '2 plans are committed' }).waitFor()
		await tool('Lock and plan').waitFor()
		assert.equal((await api(page, 'GET', '/locks')).items.filter((l) => l.channel === 'MT' && units.some((u) => u.id === l.territoryId)).length, 0)
		await row('Northside store 0').waitFor()
	})
	test('locked again from the board, and given back', async () => {
		await tool('Lock and plan').click()
		await chip().getByText('2 territories').waitFor()
		await chip().click()
		assert.equal(await dialog().locator('.lock-set li').count(), 2)
		await dialog().getByRole('button', { name: 'Give all back' }).click()
		await dialog().getByRole('button', { name: 'Give back' }).click()
		await tool('Lock and plan').waitFor()
		assert.equal((await api(page, 'GET', '/locks')).items.filter((l) => l.channel === 'MT' && units.some((u) => u.id === l.territoryId)).length, 0)
	})
})
