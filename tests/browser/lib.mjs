// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser tests share.  The server is not started here; the environment says where it is and who signs in:
//   BASE_URL            default http://127.0.0.1:8080
//   BEATPLAN_USER       default admin
//   BEATPLAN_PASSWORD   default the demo's password
//   CHROMIUM            default /usr/bin/chromium
//   SCREENSHOTS         folder for them; none are taken without it
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

export const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080'
export const login = { user: process.env.BEATPLAN_USER ?? 'admin', password: process.env.BEATPLAN_PASSWORD ?? 'beatplan-demo' }
export const shots = process.env.SCREENSHOTS || null
if (shots)
	mkdirSync(shots, { recursive: true })

const args = ['--headless=new', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
	'--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run',
	'--disable-domain-reliability', '--disable-default-apps']
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync)

/** @type {import('playwright-core').Browser | null} */
let browser = null
/**
 * Without a graphics card the processor draws.  Pages are much less work for it where they are put together directly, maps where that is done
 * through WebGL as well: each frame is read back otherwise.
 * @param {{maps?: boolean}} [o] maps: what is measured is a map
 */
export async function start(o) {
	browser ??= await chromium.launch({ executablePath, args: o?.maps ? args : [...args, '--disable-gpu-compositing'], ignoreDefaultArgs: ['--headless'] })
	return browser
}
export async function stop() {
	await browser?.close()
	browser = null
}
/** Ends the browser as a fault in it does: nothing is closed in order, and what is being sent breaks off where it is. */
export async function crash() {
	const gone = new Promise((done) => browser.once('disconnected', done))
	;(await browser.newBrowserCDPSession()).send('Browser.crash').catch(() => null)
	await gone
	browser = null
}

/**
 * A page that notes what must never happen: script errors, refused policies, requests to another origin, server faults.
 * @param {object} [o] options of the browser context
 */
export async function openPage(o = {}) {
	const context = await (await start()).newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...o })
	context.setDefaultTimeout(25000)
	const page = await context.newPage()
	const faults = []
	page.on('pageerror', (e) => faults.push(`script error at ${page.url()}: ${e.stack || e.message || e.name || String(e)}`))
	page.on('console', (m) => {
		if (m.type() === 'error' && /Content Security Policy|Refused to|violates/.test(m.text()))
			faults.push('policy: ' + m.text())
	})
	page.on('request', (r) => {
		if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url()))
			faults.push('foreign request: ' + r.url())
	})
	page.on('response', (r) => {
		if (r.status() >= 500)
			faults.push(`${r.status()} ${r.request().method()} ${r.url()}`)
	})
	return { page, context, faults }
}

export async function signIn(page, user = login.user, password = login.password) {
	await page.goto(base + '/login')
	await page.fill('#username', user)
	await page.fill('#password', password)
	await page.click('form button.primary')
	await page.waitForSelector('nav.nav')
}

const axe = readFileSync(join(createRequire(import.meta.url).resolve('axe-core/package.json'), '..', 'axe.min.js'), 'utf8')
const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
/** What else than the layout a scheme of colours changes. */
const COLOURS = { type: 'rule', values: ['color-contrast'] }
/** Fails on any violation of WCAG 2 A and AA, or of some of their rules. */
export async function accessible(page, what, runOnly = WCAG) {
	if (!await page.evaluate(() => 'axe' in window))
		await page.evaluate(axe)
	// Neither styles of elsewhere nor films are there to be loaded first, and what passed needs no list.
	const found = await page.evaluate((only) => window.axe.run(document, { runOnly: only, preload: false, resultTypes: ['violations'] })
		.then((r) => r.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 4).join(' | ')}`)), runOnly)
	assert.deepEqual(found, [], what)
	const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
	assert.ok(wider <= 0, `${what}: ${wider} px wider than the window`)
}
export async function shot(page, name) {
	if (shots)
		await page.screenshot({ path: join(shots, name + '.png') })
}

/** On every screen as a person may have it: light and dark, wide and narrow, without what axe finds. @param {string} name */
export async function looks(page, name) {
	const wide = page.viewportSize()
	await accessible(page, name)
	await shot(page, `${name}-light`)
	await page.emulateMedia({ colorScheme: 'dark' })
	await accessible(page, `${name}, dark`, COLOURS)
	await shot(page, `${name}-dark`)
	await page.setViewportSize({ width: 390, height: 844 })
	await shot(page, `${name}-narrow`)
	await page.emulateMedia({ colorScheme: 'light' })
	await page.setViewportSize(wide)
}

/** Calls the API as the page's own user. */
export const api = (page, method, path, body) => page.evaluate(async ([m, p, b]) => {
	const me = await (await fetch('/api/v1/auth/me')).json()
	const r = await fetch('/api/v1' + p, { method: m, headers: { 'X-CSRF-Token': me.csrf, 'Content-Type': 'application/json' }, ...(b ? { body: JSON.stringify(b) } : {}) })
	return r.json()
}, [method, path, body])

/** A file goes into an import, as the wizard sends it. @param {any} page @param {number} session @param {string} name without .csv @param {string} text */
export const upload = (page, session, name, text) => page.evaluate(async ([id, n, body]) => {
	const me = await (await fetch('/api/v1/auth/me')).json()
	const r = await fetch(`/api/v1/import/uploads?session=${id}&name=${n}.csv`, { method: 'PUT', headers: { 'X-CSRF-Token': me.csrf, 'Content-Type': 'text/csv' }, body })
	if (!r.ok)
		throw new Error(await r.text())
	return r.json()
}, [session, name, text])
/** A planning unit with seats that nobody holds: the smallest, or the first in another order. */
export async function freeUnit(page, order = (a, b) => a.outlets - b.outlets) {
	const { items } = await api(page, 'GET', '/territories?units=1&limit=500')
	const unit = items.filter((t) => t.unit && t.seats > 0 && t.outlets > 0 && !t.locks.length).sort(order)[0]
	assert.ok(unit, 'there is a free planning territory with seats')
	return unit
}
/** The smallest of them with a plan and some people. */
export const plannedUnit = (page) => freeUnit(page, (a, b) => Number(!a.plan) - Number(!b.plan) || Number(a.seats < 4) - Number(b.seats < 4) || a.outlets - b.outlets)

/** What the page asks of these addresses waits until it is let go; nobody minds a page that is gone by then. @returns {Promise<() => void>} */
export async function heldBack(page, url) {
	let go = () => {}
	const wait = new Promise((done) => {
		go = () => done(null)
	})
	await page.route(url, async (route) => {
		await wait
		await route.continue().catch(() => {})
	})
	return go
}

const speeds = new WeakMap()
/** Sends no faster than this from now on; nothing at all when it is offline. */
export async function slow(page, bytesPerSecond, offline = false) {
	const cdp = speeds.get(page) ?? await page.context().newCDPSession(page)
	speeds.set(page, cdp) // what one session slows, another does not make fast again
	await cdp.send('Network.enable')
	await cdp.send('Network.emulateNetworkConditions', { offline, latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond })
}

/** How much of a file has been sent, as the page says. */
export const percent = (page, name) => page.evaluate((n) => Number([...document.querySelectorAll('.upload')].find((c) => c.textContent.includes(n))?.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? -1), name)
export async function until(f, what, seconds = 30) {
	for (let i = 0; i < seconds * 10; i++) {
		if (await f())
			return
		await new Promise((go) => setTimeout(go, 100))
	}
	assert.fail(what)
}
