// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/bench_workspace.mjs [OUTLETS] [SECONDS]: how the workspace feels with many outlets.
// Imports a made-up region of OUTLETS (50,000) once, has it planned for SECONDS (30), then opens it in a headless browser
// and prints figures beside the goals; the last line is one JSON object.  The server must run: BASE_URL and BEATPLAN_USER as
// in lib.mjs.  Frames come from a software renderer here: compare the milliseconds of script, not the wall.
import { cpus, loadavg } from 'node:os'
import { api, base, openPage, signIn, stop } from './lib.mjs'
import { planned } from './region.mjs'

const outlets = Number(process.argv[2] ?? 50000), seconds = Number(process.argv[3] ?? 30)
const figures = {}
/** @param {string} key @param {string} what @param {number} value @param {string} unit @param {number} [goal] */
const figure = (key, what, value, unit, goal) => {
	figures[key] = Math.round(value * 100) / 100
	const shown = value >= 100 ? Math.round(value) : figures[key]
	console.log(`${what.padEnd(52)} ${String(shown).padStart(8)} ${unit.padEnd(8)} ${goal === undefined ? '' : `goal ${goal} ${value <= goal ? '' : '  MISSED'}`}`)
}

const { page, context } = await openPage()
await signIn(page)
const { unit, session } = await planned(page, context, outlets, seconds)
await page.goto('about:blank')

// ---- the measurements

const cdp = await context.newCDPSession(page)
await cdp.send('Performance.enable')
const spent = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
/** Milliseconds of script that f takes, all in all. */
const cpu = async (f) => {
	const a = await spent()
	await f()
	const b = await spent()
	return 1000 * (b.ScriptDuration - a.ScriptDuration)
}
const get = async (path) => {
	const t = performance.now(), r = await context.request.get(base + '/api/v1' + path), body = await r.body()
	return { ms: performance.now() - t, bytes: Number(r.headers()['content-length'] ?? 0) || body.length, plain: body.length, text: String(body) }
}
const load = loadavg()[0]
console.log(`${outlets} outlets, ${unit.seats} seats; ${cpus().length} cores, load ${load.toFixed(1)}${load > cpus().length / 2 ? ': others work here, the wall figures are worth little' : ''}\n`)
const snapshot = await get(`/territories/${unit.id}/snapshot`), details = await get(`/territories/${unit.id}/snapshot/details?v=${JSON.parse(snapshot.text).details}`), draft = await get(`/planning/sessions/${session.id}/draft`)
figure('snapshot_mb', 'snapshot on the wire: what map and board need', snapshot.bytes / 1e6, 'MB', 0.3 * outlets / 50000)
figure('snapshot_ms', 'snapshot from the server, warm', snapshot.ms, 'ms', 300)
figure('details_mb', 'its details, fetched afterwards', details.bytes / 1e6, 'MB')
figure('draft_mb', 'plan, unpacked', draft.plain / 1e6, 'MB')
figure('draft_ms', 'plan from the server', draft.ms, 'ms')

const open = async () => {
	await page.goto('about:blank')
	await page.goto(`${base}/territories/${unit.id}/plan`, { waitUntil: 'commit' })
	await page.waitForFunction(() => performance.getEntriesByName('map-painted').length && document.querySelector('.board [data-cell]'), null, { polling: 50, timeout: 120000 })
	return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))))
}
figure('open_first_ms', 'open, nothing cached: map, board and list are there', await open(), 'ms')
figure('open_ms', 'open again: map, board and list are there', Math.min(await open(), await open(), await open()), 'ms', 1500)
await page.waitForTimeout(2500)
await page.goto(base + '/account')
await page.locator('h1').first().waitFor()
figure('open_script_ms', 'open from within, script alone', await cpu(async () => {
	await page.evaluate((href) => {
		const a = Object.assign(document.createElement('a'), { href })
		document.body.append(a)
		a.click()
	}, `/territories/${unit.id}/plan`)
	await page.waitForFunction(() => performance.getEntriesByName('map-painted').length && document.querySelector('.board [data-cell]'), null, { polling: 250, timeout: 120000 })
}), 'ms', 600)
await page.waitForTimeout(2500)

const map = await page.locator('bp-map').boundingBox()
const [cx, cy] = [map.x + map.width / 2, map.y + map.height / 2]
/** Frames while f runs: their number and median. */
const frames = async (f) => {
	await page.evaluate(() => {
		window.deltas = []
		let last = performance.now(), on = true
		window.stopFrames = () => {
			on = false
		}
		const tick = (now) => {
			window.deltas.push(now - last)
			last = now
			if (on)
				requestAnimationFrame(tick)
		}
		requestAnimationFrame(tick)
	})
	const ms = await cpu(f)
	const deltas = await page.evaluate(() => (window.stopFrames(), window.deltas))
	deltas.sort((a, b) => a - b)
	return { n: deltas.length, median: deltas[Math.floor(deltas.length / 2)], p95: deltas[Math.floor(deltas.length * 0.95)], cpu: ms / deltas.length }
}
const pan = await frames(async () => {
	await page.mouse.move(cx, cy)
	await page.mouse.down()
	for (let i = 1; i <= 40; i++)
		await page.mouse.move(cx + 4 * i, cy + 2 * i)
	await page.mouse.up()
	await page.waitForTimeout(300)
})
figure('pan_cpu_ms', 'pan: script a frame', pan.cpu, 'ms', 16)
figure('pan_frame_ms', 'pan: median frame, software renderer', pan.median, 'ms')
const zoom = await frames(async () => {
	for (let i = 0; i < 12; i++)
		await page.mouse.wheel(0, i < 6 ? -240 : 240)
	await page.waitForTimeout(1200)
})
figure('zoom_cpu_ms', 'zoom: script a frame', zoom.cpu, 'ms', 16)
figure('zoom_frame_ms', 'zoom: median frame, software renderer', zoom.median, 'ms')
await page.keyboard.press('f')
await page.waitForTimeout(900)

/** In the page: the least milliseconds of some runs of f(arg, i), with what follows in the same turn. */
const least = async (f, arg, times) => {
	let best = Infinity
	for (let i = 0; i < times; i++) {
		const t = performance.now()
		f(arg, i)
		await new Promise((r) => queueMicrotask(r))
		best = Math.min(best, performance.now() - t)
		await new Promise((r) => setTimeout(r, 120))
	}
	return best
}
const turn = (f, arg = null, times = 5) => page.evaluate(`(${least})(${f}, ${JSON.stringify(arg)}, ${times})`)
const hover = (at, i) => document.querySelector('bp-map canvas').dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: at[0] + 7 * i, clientY: at[1] + 5 * i }))
const type = (text, i) => {
	const n = document.querySelector('.panel-body input[type=search]')
	n.value = text && text + i
	n.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
const release = (at) => window.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, clientX: at[0], clientY: at[1] }))
const colour = (_, i) => {
	const n = document.querySelector('.map-colour select')
	n.value = ['tier', 'seat'][i % 2]
	n.dispatchEvent(new Event('change'))
}
const openDay = (_, i) => document.querySelectorAll('.board [data-cell]')[i * 25].click()
figure('hover_ms', 'hover: which outlet is under the pointer', await turn(hover, [cx, cy], 8), 'ms', 16)
await page.locator('#tab-all').click()
await page.evaluate(() => new Promise((done) => {
	const look = () => (/^Shop/.test(document.querySelector('.panel-body [role=row] .ellipsis')?.textContent ?? '') ? done(null) : setTimeout(look, 50))
	look()
})) // names are there
figure('search_ms', 'search in the list of all outlets', await turn(type, 'shop 1'), 'ms', 50)
await turn(type, '', 1)
await page.keyboard.press('Escape')
/** A lasso around most of the map, released by script so that only our work is timed. */
const lasso = async () => {
	await page.evaluate(() => document.querySelector('bp-map').setTool('lasso'))
	await page.mouse.move(map.x + 0.1 * map.width, map.y + 0.12 * map.height)
	await page.mouse.down()
	for (const [x, y] of [[0.5, 0.08], [0.9, 0.12], [0.92, 0.5], [0.9, 0.9], [0.5, 0.95], [0.1, 0.9]])
		await page.mouse.move(map.x + x * map.width, map.y + y * map.height, { steps: 4 })
	const ms = await turn(release, [map.x + 0.1 * map.width, map.y + 0.9 * map.height], 1)
	await page.mouse.up()
	return ms
}
figure('lasso_ms', 'lasso around most of it', await lasso(), 'ms', 100)
await page.waitForTimeout(600)
figure('lassoed', 'outlets in the lasso', Number((await page.locator('#tab-sel .count').innerText()).replace(/\D/g, '')), '')
await page.keyboard.press('Escape')
figure('colour_ms', 'colour by another thing', await turn(colour), 'ms', 100)
figure('day_ms', 'open a day', await turn(openDay), 'ms', 100)
await page.waitForTimeout(700)
await cdp.send('HeapProfiler.collectGarbage')
figure('heap_mb', 'heap of the page', (await spent()).JSHeapUsedSize / 1e6, 'MB', 150)
await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
console.log(JSON.stringify({ bench: 'workspace', outlets, load, ...figures }))
await context.close()
await stop()
