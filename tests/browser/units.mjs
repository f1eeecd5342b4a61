// SPDX-License-Identifier: GPL-3.0-or-later
// Planning units from the territory list to a published scenario and back, by mouse and by keyboard.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'

const rows = Array.from({ length: 80 }, (_, i) => `UNI${i},Unit shop ${i},${(9 + (i % 8) * 0.01).toFixed(4)},${(75 + Math.floor(i / 8) * 0.01).toFixed(4)},UniLand,UniZone,${i < 60 ? 'UniWest,UniWest town' : 'UniEast,UniEast town'}`)
const file = `code,name,lat,lon,country,zone,region,area\n${rows.join('\n')}\nUNI99,Nowhere shop,,,UniLand,UniZone,UniEast,UniEast town\n`

/** An import by requests: the screens of it have tests of their own. */
async function load(page) {
	const s = await api(page, 'POST', '/import/sessions', { name: 'units' })
	await page.evaluate(async ([id, text]) => {
		const csrf = (await (await fetch('/api/v1/auth/me')).json()).csrf
		await fetch(`/api/v1/import/uploads?session=${id}&name=outlets.csv`, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'text/csv' }, body: text })
	}, [s.id, file])
	for (const what of ['validate', 'process']) {
		const { jobId } = await api(page, 'POST', `/import/sessions/${s.id}/${what}`, {})
		for (let i = 0; i < 200 && ['queued', 'running'].includes((await api(page, 'GET', `/jobs/${jobId}`)).state); i++)
			await page.waitForTimeout(150)
	}
}

/** Outlets of each unit, as the table has them. */
const counts = (page) => page.locator('#units-table tbody tr td:nth-child(2)').allTextContents()
const selected = (page) => page.locator('#units-edit b').first().textContent()

/** A box over the left half of the map, moved into a new unit; taken back and done again. */
async function editedByMouse(page) {
	const before = await counts(page)
	await page.locator('bp-units').scrollIntoViewIfNeeded()
	const box = await page.locator('bp-units canvas').first().boundingBox()
	await page.getByRole('button', { name: 'Box', exact: true }).click()
	await page.mouse.move(box.x + box.width * 0.1, box.y + 70)
	await page.mouse.down()
	await page.mouse.move(box.x + box.width * 0.3, box.y + 200, { steps: 4 })
	await page.mouse.move(box.x + box.width * 0.5, box.y + box.height - 60, { steps: 4 })
	await page.mouse.up()
	await until(async () => /selected/.test(await selected(page)), 'a box selects')
	assert.equal((await counts(page)).join(), before.join())
	await page.getByLabel('Move to', { exact: true }).selectOption({ label: 'a new unit' })
	await page.getByLabel('Name of the new unit').fill('Left side')
	await page.locator('#would').getByText(/\d+ of 3/).waitFor()
	await accessible(page, 'a move before it counts')
	await shot(page, 'units-would')
	await page.locator('#units-move').click()
	await page.locator('#units-table').getByText('Left side').waitFor()
	const moved = await counts(page)
	assert.equal(moved.length, 3)
	assert.equal(moved.reduce((a, b) => a + Number(b), 0), 80)
	await page.locator('#units-edit').getByRole('button', { name: 'Undo' }).click()
	await until(async () => (await counts(page)).join() === before.join(), 'undone')
	await page.locator('#units-edit').getByRole('button', { name: 'Redo' }).click()
	await until(async () => (await counts(page)).join() === moved.join(), 'redone')
	/* What is clicked on the map is chosen in the table. */
	await page.mouse.click(box.x + box.width * 0.32, box.y + box.height / 2)
	await until(async () => (await page.locator('#units-table tr.on').count()) === 1, 'a click on the map chooses a unit')
	await page.keyboard.press('Escape')
	await until(async () => (await page.locator('#units-table tr.on').count()) === 0, 'Escape lets it go')
}

/** Corners with arrow keys, the target from the list, undone by Ctrl+Z; then a unit's name. */
async function editedByKeys(page) {
	const before = await counts(page)
	await page.getByRole('button', { name: 'Corners', exact: true }).focus()
	await page.keyboard.press('Enter')
	await page.getByText('Click each corner').waitFor()
	const go = async (key, times) => {
		for (let i = 0; i < times; i++)
			await page.keyboard.press('Shift+' + key)
	}
	for (const [key, times] of [['ArrowUp', 4], ['ArrowRight', 5], ['ArrowDown', 8]]) {
		await page.keyboard.press('Enter')
		await go(key, times)
	}
	await page.keyboard.press('Enter')
	await page.getByRole('button', { name: 'Close the shape' }).focus()
	await page.keyboard.press('Enter')
	await until(async () => /selected/.test(await selected(page)), 'corners select')
	const target = page.getByLabel('Move to', { exact: true })
	await target.focus()
	await page.keyboard.press('ArrowDown')
	await page.locator('#would').getByText(/\d+ of \d/).waitFor()
	await page.locator('#units-move').focus()
	await page.keyboard.press('Enter')
	await page.locator('#units-edit').getByText('Change by hand').waitFor()
	await until(async () => (await counts(page)).join() !== before.join(), 'moved by keys')
	await page.locator('#units-table button').first().focus()
	await page.keyboard.press('Control+z')
	await until(async () => (await counts(page)).join() === before.join(), 'undone by keys')
	await page.keyboard.press('Control+z')
	await until(async () => (await counts(page)).length === 2, 'the new unit is gone')
	await page.getByRole('button', { name: /^Rename/ }).first().focus()
	await page.keyboard.press('Enter')
	await page.getByRole('dialog').getByLabel('Name').fill('Westside of it')
	await page.keyboard.press('Enter')
	await page.locator('#units-table').getByText('Westside of it').waitFor()
}

/** Two scenarios on two maps that move together; what they put in different units is listed, marked and told. */
async function besideEachOther(page, zone) {
	await page.locator('#scenarios').getByRole('link', { name: 'Side by side' }).click()
	await page.getByRole('heading', { name: 'Side by side' }).waitFor()
	assert.match(page.url(), /\/compare\?right=\d+$/)
	const options = await page.getByLabel('Left').locator('option').allTextContents()
	await page.getByLabel('Left').selectOption({ label: options.find((o) => /^Few moves/.test(o)) })
	await page.getByLabel('Right').selectOption({ label: options.find((o) => /^Redrawn \(/.test(o)) })
	const [left, right] = ['left', 'right'].map((side) => new URL(page.url()).searchParams.get(side))
	const told = await api(page, 'GET', `/territories/${zone}/comparison?left=${left}&right=${right}`)
	await page.locator('#side-differences h2').getByText(String(told.differ), { exact: true }).waitFor()
	assert.equal(await page.locator('#side-differences tbody tr').count(), Math.min(50, told.differ))
	assert.match(await page.locator('#side-figures').getByRole('row', { name: /Moved outlets/ }).innerText(), new RegExp(`${told.left.moved}\\s+${told.right.moved}`))
	const views = () => page.locator('bp-units').evaluateAll((all) => all.map((m) => m.surface && { ...m.surface.view(), marked: m.surface.points.state.filter((v, i) => i % 2 && v === 2).length, on: m.surface.points.state.filter((v, i) => !(i % 2) && v === 4).length }))
	await until(async () => (await views()).every((v) => v?.marked === told.differ), 'what differs is marked on both maps')
	const same = async (what) => until(async () => JSON.stringify((await views())[0]) === JSON.stringify((await views())[1]), `${what} is on both maps`)
	const before = JSON.stringify(await views())
	await page.locator('bp-units canvas').nth(1).focus()
	await page.keyboard.press('+')
	await until(async () => JSON.stringify(await views()) !== before, 'a key moves the map')
	await same('a zoom by key')
	const box = await page.locator('bp-units canvas').first().boundingBox()
	await page.mouse.move(box.x + 200, box.y + 200)
	await page.mouse.down()
	await page.mouse.move(box.x + 120, box.y + 160, { steps: 4 })
	await page.mouse.up()
	await same('a drag by mouse')
	await page.locator('#side-differences tbody').getByRole('button', { name: /^Show/ }).first().focus()
	await page.keyboard.press('Enter')
	await page.locator('#side-differences tr.on').waitFor()
	await until(async () => (await views()).every((v) => v.on === 1), 'the outlet is pointed at on both')
	await page.getByLabel('Only what differs').check()
	await accessible(page, 'two scenarios beside each other')
	await shot(page, 'units-beside')
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download (CSV)' }).click()])
	assert.equal(file.suggestedFilename(), 'differences.csv')
	/* On a small screen one map at a time. */
	await page.setViewportSize({ width: 390, height: 844 })
	const front = () => page.locator('bp-units').evaluateAll((all) => all.map((m) => getComputedStyle(m).visibility).join())
	assert.equal(await front(), 'visible,hidden')
	await page.getByRole('group', { name: 'What is shown' }).getByRole('button', { name: /^Redrawn/ }).click()
	await until(async () => await front() === 'hidden,visible', 'the other map is in front')
	await accessible(page, 'one of two maps')
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.getByLabel('Right').selectOption({ label: 'Units of today' })
	await page.getByLabel('Left').selectOption({ label: 'Units of today' })
	await page.getByText('Both put every outlet in the same unit.').waitFor()
	await page.locator('.crumbs').getByRole('link', { name: 'UniZone' }).click()
	await page.locator('#scenarios tbody tr').first().waitFor()
}

describe('planning units', () => {
	let opened = null
	after(() => opened?.context.close())

	test('designed, compared, approved, published and undone', async () => {
		opened = await openPage({ bypassCSP: true })
		const { page, faults } = opened
		await signIn(page)
		await load(page)
		await page.goto(base + '/territories?q=Uni')
		/* The list says in the row what is wrong with a unit, and leads to where it is mended: a small one beneath the territory above. */
		const small = page.getByRole('row', { name: /Too small: 60 outlets, at least 2,000/ })
		await accessible(page, 'units of an awkward size')
		const above = await page.getByRole('link', { name: 'Planning units of UniZone' }).getAttribute('href')
		await small.getByRole('link', { name: 'Merge UniWest with others' }).focus()
		await page.keyboard.press('Enter')
		await page.getByRole('heading', { name: 'Planning units' }).waitFor()
		assert.equal(new URL(page.url()).pathname, above)
		await page.locator('#unit-check').getByText('too small').first().waitFor()
		/* The way is shown, and where it stands: sizes are wrong, so units are to be designed; then they wait to be published. */
		const now = (label) => page.getByRole('list', { name: 'Steps' }).locator('[aria-current=step]', { hasText: label })
		await now('Design units').waitFor()
		await page.getByRole('link', { name: 'Check sizes' }).click()
		assert.match(page.url(), /\/units#unit-check$/)
		/* Nobody serves the shops of either unit: opened by a key, listed once for each, and all of it as a file. */
		await page.locator('#conflicts summary', { hasText: 'No seat of the unit serves' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#conflicts').getByRole('row', { name: '60 outlets UniWest' }).waitFor()
		const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('#conflicts').getByRole('link', { name: 'CSV' }).click()])
		assert.match(saved.suggestedFilename(), /^conflicts-\d+\.csv$/)
		await accessible(page, 'units of today')
		await page.getByLabel('Number of units').fill('500')
		await page.getByRole('button', { name: 'Design', exact: true }).click()
		await page.getByText('ask for at most 80').waitFor()
		await page.getByLabel('Number of units').fill('')
		await page.getByRole('button', { name: 'Design', exact: true }).click()
		const row = page.locator('#scenarios tbody tr').filter({ hasText: /^\s*Even/ })
		await row.waitFor()
		await now('Publish').waitFor()
		/* Levels side by side, and the way from few moves to even work as a curve: a point of it opens its scenario. */
		assert.match(await page.locator('#unit-levels').getByRole('row', { name: /Zone/ }).innerText(), /81/)
		const points = page.locator('#curve circle'), drawn = await points.count()
		assert.ok(drawn >= 2 && drawn <= await page.locator('#scenarios tbody tr').count(), `${drawn} points`)
		/* By keyboard: the arrow keys go along, the numbers of each point are told, Enter opens. */
		await points.first().focus()
		await page.keyboard.press('ArrowRight')
		const second = await points.nth(1).getAttribute('aria-label')
		assert.match(second, /\(\d+\): \d+ outlets? moves?, largest difference of work [\d.]+ %$/)
		assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), second)
		assert.equal(await page.locator('#curve .told').innerText(), second)
		await accessible(page, 'a point of the curve')
		await page.keyboard.press('Enter')
		await page.locator('#curve circle.on').waitFor()
		assert.equal(await points.nth(1).getAttribute('aria-pressed'), 'true')
		await points.last().click()
		await page.locator('#scenario').getByRole('heading', { name: 'Who gets what' }).waitFor()
		await row.getByRole('button', { name: 'Even' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#scenario').getByRole('heading', { name: 'Who gets what' }).waitFor()
		await page.waitForFunction(() => performance.getEntriesByName('map-painted').length > 1)
		await page.locator('#units-table tbody tr').nth(1).waitFor()
		await accessible(page, 'scenarios')
		await shot(page, 'units')
		const zone = (await api(page, 'GET', '/territories?q=UniZone')).items[0].id
		const sizes = async () => (await api(page, 'GET', `/territories/${zone}/units`)).units.map((u) => u.outlets).sort().join()
		assert.equal(await sizes(), '21,60')
		await besideEachOther(page, zone)
		await row.getByRole('button', { name: 'Even' }).click()
		await page.locator('#scenario').getByRole('heading', { name: 'Who gets what' }).waitFor()
		await page.locator('#units-table tbody tr').nth(1).waitFor()
		await editedByMouse(page)
		await editedByKeys(page)
		await page.getByRole('button', { name: 'Today', exact: true }).click()
		await until(async () => (await page.locator('#units-edit').count()) === 0, 'nothing is changed in today')
		await page.getByRole('group', { name: 'What is shown' }).getByRole('button', { name: 'Even' }).click()
		await row.getByRole('button', { name: 'Approve' }).click()
		await row.getByText('approved').waitFor()
		await row.getByRole('button', { name: 'Publish…' }).click()
		await page.getByLabel('Reason').fill('one person each')
		/* Its job is followed, also by a page that comes to it. */
		let held = true
		await page.route('**/api/v1/jobs/*', (route) => (held ? route.fulfill({ json: { id: 1, kind: 'TERRITORY_PUBLISH', state: 'running', step: 'outlets', percent: 40 } }) : route.continue()))
		await page.keyboard.press('Enter')
		await row.getByRole('progressbar', { name: 'Publishing' }).waitFor()
		await row.getByText('moving outlets').waitFor()
		assert.equal(await row.getByRole('button', { name: 'Undo…' }).count(), 0)
		await accessible(page, 'units that are being published')
		await shot(page, 'units-publishing')
		held = false
		await page.getByText('Published: the outlets are in their new units').waitFor()
		await row.getByText('published').waitFor()
		assert.notEqual(await sizes(), '21,60')
		await row.getByRole('button', { name: 'Undo…' }).click()
		await page.getByLabel('Reason').fill('as it was')
		await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
		await row.getByText('undone').waitFor()
		assert.equal(await sizes(), '21,60')
		assert.deepEqual(faults, [])
	})

	test('more outlets than a map shows one by one are counted in squares, and come one by one where it is looked at closely', async () => {
		const { page, faults } = opened
		const zone = (await api(page, 'GET', '/territories?q=UniZone')).items[0].id, shown = () => page.locator('bp-units').evaluate((m) => ({ cells: m.store.shown.peek()?.cells?.map((c) => c.outlets), n: m.store.shown.peek()?.n }))
		await page.route('**/api/v1/territories/*/places*', (route) => route.fulfill({ status: 400, json: { code: 'ERR_OPT_002', message: 'too many', detail: null } }))
		/* The few outlets here are counted, as many would be, until the map comes closer. */
		let far = true
		await page.route('**/api/v1/territories/*/overview*', (route) => route.continue({ url: far ? route.request().url().replace(/\?.*/, '') : route.request().url() }))
		await page.goto(`${base}/territories/${zone}/units`)
		await page.getByText('Outlets are counted in squares').waitFor()
		assert.equal((await shown()).cells.reduce((a, b) => a + b, 0), 80)
		assert.equal(await page.locator('#units-table tbody tr').count(), 2)
		assert.equal(await page.locator('#units-table th').count(), 2, 'what is not known is not shown')
		assert.equal(await page.getByRole('link', { name: 'Outlines (GeoJSON)' }).count(), 0)
		await accessible(page, 'outlets counted in squares')
		await shot(page, 'units-overview')
		far = false
		await page.locator('bp-units canvas').first().focus()
		await page.keyboard.press('-')
		await page.getByText('Each outlet that is in sight is shown.').waitFor()
		await until(async () => { const { n, cells } = await shown(); return n === 80 && !cells }, 'all outlets are in sight')
		/* Side by side there are no maps then, but figures and what differs. */
		await page.goto(`${base}/territories/${zone}/units/compare`)
		await page.locator('#side-figures').waitFor()
		await page.locator('#side-differences').waitFor()
		await page.getByRole('alert').waitFor()
		assert.equal(await page.locator('bp-units').count(), 0)
		await page.unrouteAll()
		assert.deepEqual(faults, [])
		await page.goto(`${base}/territories/${zone}/units`)
		await page.locator('#units-table tbody tr').first().waitFor()
	})

	test('an outlet without a place gets one by its town or by pointing', async () => {
		const { page, faults } = opened
		await page.locator('#unplaced').getByText('Nowhere shop').waitFor()
		await page.locator('#unplaced').getByRole('button', { name: 'Place…' }).focus()
		await page.keyboard.press('Enter')
		await page.getByLabel('Name of the place').fill('no such town')
		await page.getByText('No place of that name').waitFor()
		await page.getByLabel('Name of the place').fill('a')
		await page.locator('#place-found button').first().waitFor()
		await accessible(page, 'where it is')
		await shot(page, 'units-place')
		await page.getByRole('button', { name: 'Point to it on the map' }).focus()
		await page.keyboard.press('Enter')
		await page.getByText('Click where it lies').waitFor()
		await page.keyboard.press('ArrowRight')
		await page.keyboard.press('Enter')
		await page.getByText('Nowhere shop has a place now').waitFor()
		await until(async () => (await page.locator('#unplaced').count()) === 0, 'the tray is empty')
		assert.deepEqual(faults, [])
	})

	test('boundaries from a file are checked, turned round and kept', async () => {
		const { page, faults } = opened
		const ring = (w, s, e, n) => [[s, w], [s, e], [n, e], [n, w], [s, w]] /* latitude first */
		const drawn = { type: 'FeatureCollection', features: [['North', ring(74.9, 9.035, 75.2, 9.2)], ['UniWest', ring(74.9, 8.9, 75.2, 9.035)]].map(([name, r]) => ({ type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [r] } })) }
		const give = (name, text) => page.locator('#boundaries-file').setInputFiles({ name, mimeType: 'application/geo+json', buffer: Buffer.from(text) })
		await give('broken.geojson', '{')
		await page.getByText('cannot be read as JSON').waitFor()
		const bow = { type: 'Polygon', coordinates: [[[75, 9], [75.1, 9.1], [75.1, 9], [75, 9.1], [75, 9]]] }
		await give('bow.geojson', JSON.stringify(bow))
		await page.locator('#boundaries').getByText('crosses itself').waitFor()
		assert.equal(await page.locator('#boundaries-keep').isDisabled(), true)
		await accessible(page, 'a boundary that cannot be used')
		await give('turned.geojson', JSON.stringify(drawn))
		await page.getByRole('button', { name: 'Swap them' }).focus()
		await page.keyboard.press('Enter')
		await page.getByText('lie in one,').waitFor()
		await shot(page, 'units-boundaries')
		await page.locator('#boundaries-keep').click()
		await page.locator('#units-table').getByText('North').waitFor()
		const [link] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Outlines (GeoJSON)' }).click()])
		assert.match(link.suggestedFilename(), /^units-\d+-\d+\.geojson$/)
		assert.deepEqual(faults, [])
	})
})
