// SPDX-License-Identifier: GPL-3.0-or-later
// The levels of territories are found in an uploaded file, looked at, chosen and taken as its mapping: by mouse, then by keyboard.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

/* 300 outlets in 30 towns of 6 provinces of 2 halves; one row of "Pune" stands under another province. */
const rows = Array.from({ length: 300 }, (_, i) => {
	const town = i % 30, province = i === 7 ? 3 : town % 6
	return `LV${i},Level shop ${i},${(40 + i / 1000).toFixed(4)},${(10 + i / 700).toFixed(4)},${town === 7 ? 'Pune' : `Town ${town}`},PR${province},${i === 7 ? 'Half 1' : `Half ${province % 2}`}`
})
const file = `code,name,lat,lon,place,bloc,moiety\n${rows.join('\n')}\n`

/** An import with the file, its wizard at the step of the map. */
async function opened(page) {
	const s = await api(page, 'POST', '/import/sessions', { name: 'levels' })
	await page.evaluate(async ([id, text]) => {
		const csrf = (await (await fetch('/api/v1/auth/me')).json()).csrf
		await fetch(`/api/v1/import/uploads?session=${id}&name=outlets.csv&entity=outlets`, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'text/csv' }, body: text })
	}, [s.id, file])
	await page.goto(`${base}/import/${s.id}`)
	await page.getByRole('button', { name: 'Next' }).click()
	await page.locator('#levels').waitFor()
	return s.id
}
const mapped = async (page, session) => {
	const { files } = await api(page, 'GET', `/import/sessions/${session}`)
	return Object.fromEntries(files[0].mapping.map((m) => [m.target, m.source]))
}
const chosen = (page, target) => page.locator(`#level-${target}`).evaluate((x) => x.selectedOptions[0].label)

describe('levels of territories', () => {
	let page, context, faults
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})
	test('they are found, contradicted by a row, and taken by mouse', async () => {
		;({ page, context, faults } = await openPage({ acceptDownloads: true }))
		await signIn(page)
		const session = await opened(page)
		await page.locator('#levels-find').click()
		await page.locator('#levels-table').waitFor()
		assert.deepEqual([await chosen(page, 'zone'), await chosen(page, 'region'), await chosen(page, 'area')], ['moiety', 'bloc', 'place'])
		await page.locator('#levels-table tr', { has: page.locator('#level-area') }).getByText('each in one bloc').waitFor()
		await page.locator('#levels-against').getByText('place “Pune”: bloc is “PR1” in 9 rows and “PR3” in 1 row').waitFor()
		await accessible(page, 'levels found')
		await shot(page, 'levels-found')
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '1 row that is probably wrong' }).click()])
		const text = readFileSync(await download.path(), 'utf8')
		assert.match(text, /^_row,_error,code,name,lat,lon,place,bloc,moiety\r\n9,"?place Pune: bloc is PR3 in this row, PR1 in 9 others"?,LV7,/)
		await page.locator('#levels-use').click()
		await page.locator('#levels-used').waitFor()
		const m = await mapped(page, session)
		assert.deepEqual([m.zone, m.region, m.area], [6, 5, 4])
	})
	test('others are chosen by keyboard; what does not lie below is said, and a column is not taken twice', async () => {
		const session = await opened(page)
		await page.locator('#levels-find').focus()
		await page.keyboard.press('Enter')
		await page.locator('#levels-table').waitFor()
		await page.locator('#level-area').focus()
		await page.keyboard.type('bloc')
		await until(async () => (await chosen(page, 'area')) === 'bloc', 'chosen by its first letters')
		await page.getByText('One column stands for two levels').waitFor()
		assert.ok(await page.locator('#levels-use').isDisabled())
		await page.locator('#level-region').focus()
		await page.keyboard.type('place')
		await page.locator('#levels-table tr', { has: page.locator('#level-area') }).getByText('does not lie below place').waitFor()
		await page.getByRole('button', { name: 'As proposed' }).focus()
		await page.keyboard.press('Enter')
		await until(async () => (await chosen(page, 'area')) === 'place', 'as proposed')
		await page.locator('#levels-use').focus()
		await page.keyboard.press('Enter')
		await page.locator('#levels-used').waitFor()
		assert.equal((await mapped(page, session)).area, 4)
	})
	test('chosen otherwise, they have contradictions of their own, to be downloaded', async () => {
		await opened(page)
		await page.locator('#levels-find').click()
		await page.locator('#levels-table').waitFor()
		await page.locator('#level-region').selectOption({ label: '– none –' })
		await page.locator('#levels-other', { hasText: 'what is told here is of moiety › bloc › place' }).waitFor()
		await accessible(page, 'other levels than those looked through')
		await shot(page, 'levels-other')
		await page.getByRole('button', { name: 'Look for what contradicts yours' }).click()
		await page.getByText('No row contradicts moiety › place.').waitFor()
		assert.deepEqual([await page.locator('#levels-other').count(), await chosen(page, 'region')], [0, '– none –'], 'the choice stays')
		await page.locator('#level-zone').selectOption({ label: 'bloc' })
		await page.getByRole('button', { name: 'Look for what contradicts yours' }).click()
		await page.locator('#levels-against h3', { hasText: 'bloc › place' }).waitFor()
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'probably wrong' }).click()])
		assert.match(readFileSync(await download.path(), 'utf8'), /place Pune: bloc is PR3 in this row/)
	})
	for (const colorScheme of ['light', 'dark'])
		for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 390, height: 844 }]])
			test(`${colorScheme}, ${size}`, async () => {
				const o = await openPage({ viewport, colorScheme, bypassCSP: true })
				await signIn(o.page)
				await opened(o.page)
				await o.page.locator('#levels-find').click()
				await o.page.locator('#levels-table').waitFor()
				await o.page.locator('#levels').scrollIntoViewIfNeeded()
				await accessible(o.page, 'levels')
				await shot(o.page, `levels-${colorScheme}-${size}`)
				await o.context.close()
				assert.deepEqual(o.faults, [])
			})
})
