// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/bench_map.mjs [OUTLETS] [POINTS]: what it costs to see a region and half a million points on a map.
// Imports a made-up region of OUTLETS (50,000) once and opens its planning units in a browser that has nothing cached; then draws
// POINTS (500,000) that the script makes up and pans over them.  Processor time is that of all processes of the browser, with a
// software renderer.  Prints figures beside the goals; the last line is one JSON object.  BASE_URL and BEATPLAN_USER as in lib.mjs.
import { cpus, loadavg } from 'node:os'
import { base, openPage, signIn, start, stop } from './lib.mjs'
import { region } from './region.mjs'

const outlets = Number(process.argv[2] ?? 50000), points = Number(process.argv[3] ?? 500000)
const figures = {}
/** @param {string} key @param {string} what @param {number} value @param {string} unit @param {number} [goal] */
const figure = (key, what, value, unit, goal) => {
	figures[key] = Math.round(value * 100) / 100
	console.log(`${what.padEnd(60)} ${String(figures[key]).padStart(9)} ${unit.padEnd(7)} ${goal === undefined ? '' : `goal ${goal} ${value <= goal ? '' : '  MISSED'}`}`)
}
console.log(`${outlets} outlets, ${points} points; ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}\n`)

const whole = await (await start({ maps: true })).newBrowserCDPSession()
/** Processor milliseconds of the browser so far. */
const spent = async () => (await whole.send('SystemInfo.getProcessInfo')).processInfo.reduce((ms, p) => ms + 1000 * p.cpuTime, 0)

// ---- a region, nothing cached

const first = await openPage({ viewport: { width: 1280, height: 800 } })
await signIn(first.page)
const unit = await region(first.page, first.context, outlets)
const get = async (path) => {
	const t = performance.now(), r = await first.context.request.get(base + '/api/v1' + path, { headers: { 'Accept-Encoding': 'gzip' } }), body = await r.body()
	return { ms: performance.now() - t, plain: body.length, wire: Number(r.headers()['content-length'] ?? 0) }
}
const { details } = await (await first.context.request.get(`${base}/api/v1/territories/${unit.id}/snapshot`)).json()
for (const [key, path, goal] of [['snapshot', 'snapshot', 300], ['details', `snapshot/details?v=${details}`, undefined], ['places', 'places', undefined], ['outlines', 'outlines?zoom=8', undefined]]) {
	const cold = await get(`/territories/${unit.id}/${path}`), warm = await get(`/territories/${unit.id}/${path}`)
	figure(`${key}_first_ms`, `${key} from the server, the first time`, cold.ms, 'ms', goal)
	figure(`${key}_again_ms`, `${key} from the server, again`, warm.ms, 'ms')
	figure(`${key}_mb`, `${key}${cold.wire ? ' on the wire' : ', unpacked'}`, (cold.wire || cold.plain) / 1e6, 'MB')
	figure(`${key}_parse_ms`, `${key} parsed by the browser, the least of nine`, await first.page.evaluate(async (url) => {
		const text = await (await fetch(url)).text()
		return Math.min(...Array.from({ length: 9 }, () => {
			const t = performance.now()
			JSON.parse(text)
			return performance.now() - t
		}))
	}, `/api/v1/territories/${unit.id}/${path}`), 'ms')
}
const cookies = await first.context.cookies()
await first.context.close()
const fresh = await openPage({ viewport: { width: 1280, height: 800 } })
await fresh.context.addCookies(cookies)
const a = await spent()
await fresh.page.goto(`${base}/territories/${unit.id}/units`, { waitUntil: 'commit' })
await fresh.page.waitForFunction(() => performance.getEntriesByName('map-painted').length, null, { polling: 50, timeout: 120000 })
figure('open_ms', 'nothing cached: from the address to the painted map', await fresh.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))), 'ms', 1500)
figure('open_cpu_ms', 'processor time of the browser for it', await spent() - a, 'ms')
const transferred = await fresh.page.evaluate(() => performance.getEntriesByType('resource').reduce((n, r) => n + r.transferSize, 0))
figure('open_mb', 'all that was fetched for it', transferred / 1e6, 'MB')
await fresh.page.waitForTimeout(2000)

// ---- very many points

await fresh.page.goto(`${base}/account`)
await fresh.page.evaluate(async () => {
	const { glSurface } = await import('/js/map/surface.js')
	const node = document.createElement('div')
	Object.assign(node.style, { position: 'fixed', inset: '0', zIndex: 99 })
	document.body.append(node)
	window.surface = await glSurface(node, false)
	window.surface.fit([68, 8, 97, 35])
})
await fresh.page.waitForTimeout(4000)
/** Drags the map to and fro, a frame a step; processor milliseconds a frame, with what is drawn anew when the hand lets go. */
const pan = async (frames) => {
	await fresh.page.mouse.move(640, 400)
	await fresh.page.waitForTimeout(1500)
	await fresh.page.mouse.down()
	const b = await spent()
	for (let i = 1; i <= frames; i++) {
		await fresh.page.mouse.move(640 + 160 * Math.sin(i / 6), 400 + 60 * Math.sin(i / 9))
		await fresh.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
	}
	await fresh.page.mouse.up()
	await fresh.page.waitForTimeout(1500)
	return (await spent() - b) / frames
}
await pan(10)
figure('pan_empty_cpu_ms', 'a frame of panning over an empty map', await pan(40), 'CPU-ms')
await fresh.page.evaluate((n) => {
	let state = 7
	const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
	const lon = new Float64Array(n), lat = new Float64Array(n)
	for (let i = 0; i < n;) {
		const x = 69 + 27 * random(), y = 9 + 25 * random(), many = Math.min(8000, Math.ceil(random() ** -0.9))
		for (let k = 0; k < many && i < n; k++, i++) {
			const s = 0.004 * Math.sqrt(many)
			lon[i] = x + s * (random() + random() - 1)
			lat[i] = y + s * (random() + random() - 1)
		}
	}
	Object.assign(window, { lon, lat })
}, points)
const b = await spent()
const load = await fresh.page.evaluate(async () => {
	const t = performance.now()
	window.surface.points.setPlaces(window.lon, window.lat, 20000)
	window.surface.points.colour.fill(90)
	window.surface.refresh()
	await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
	return performance.now() - t
})
figure('points_cpu_ms', `${points} points handed over and drawn`, await spent() - b, 'CPU-ms', 500)
figure('points_ms', 'of it from the arrays to the second frame', load, 'ms')
await pan(10)
figure('pan_cpu_ms', 'a frame of panning over them', await pan(40), 'CPU-ms', 150)
const again = await spent()
await fresh.page.evaluate(async () => {
	const { state } = window.surface.points
	for (let i = 0; i < 1000; i++)
		state[2 * i * 37] = 1
	window.surface.refresh()
	await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
})
figure('select_cpu_ms', 'a thousand of them selected', await spent() - again, 'CPU-ms')
await stop()
console.log(JSON.stringify({ outlets, points, load: loadavg()[0], ...figures }))
