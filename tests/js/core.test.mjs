// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { match, parseQuery, withQuery } from '../../www/js/core/router.js'
import { insideBox, insidePolygon, latOf, mercX, mercY, nearest } from '../../www/js/map/lasso.js'
import { cellsOf } from '../../www/js/map/basemap.js'
import { graticule, baseStyle } from '../../www/js/map/style.js'
import { colours, ramp, rgb, shapeOf } from '../../www/js/map/palette.js'
import { bytes, duration, signed, timeOfDay, t, tn } from '../../www/js/core/i18n.js'
import { everything } from '../../www/js/core/api.js'
import { call, onWaiting, queryString } from '../../www/js/core/http.js'
import { parsePo, toMessages } from '../../www/tools/po.mjs'

const routes = [{ path: '/' }, { path: '/territories' }, { path: '/territories/:id/plan' }, { path: '/outlets/:id' }]
test('a path finds its route and its parameters', () => {
	assert.equal(match(routes, '/').route.path, '/')
	assert.equal(match(routes, '/territories/').route.path, '/territories')
	assert.deepEqual(match(routes, '/territories/5/plan').params, { id: '5' })
	assert.equal(match(routes, '/territories/5'), null)
	assert.deepEqual(match(routes, '/outlets/a%20b').params, { id: 'a b' })
	assert.equal(match(routes, '/outlets/%E0%A4%A'), null, 'a broken escape is no parameter')
})
test('a query changes key by key', () => {
	assert.equal(withQuery('/outlets', { q: 'a b' }, { tier: 'Gold' }), '/outlets?q=a+b&tier=Gold')
	assert.equal(withQuery('/outlets', { q: 'a' }, { q: '' }), '/outlets')
	assert.deepEqual(parseQuery('?a=1&b=%26'), { a: '1', b: '&' })
	assert.equal(queryString({ a: null, b: '', c: 0, d: true, e: false }), '?c=0&d=1')
})

test('a change that was not answered is sent again under its key, a reading and a sign-in are not', async (ctx) => {
	const sent = []
	let failures = 2
	ctx.mock.method(globalThis, 'fetch', async (url, o) => {
		sent.push([o.method, o.headers['Idempotency-Key']])
		if (failures-- > 0)
			throw new TypeError('connection closed')
		return new Response('{"id":7}', { status: 200 })
	})
	ctx.mock.timers.enable({ apis: ['setTimeout'] })
	const asked = async (method, path) => {
		sent.length = 0
		const answer = call(method, path, { body: {} })
		for (let i = 0; i < 10; i++) {
			await new Promise((done) => setImmediate(done))
			ctx.mock.timers.tick(1000)
		}
		return answer
	}
	assert.deepEqual(await asked('POST', '/import/sessions'), [{ id: 7 }, null])
	assert.equal(sent.length, 3)
	assert.equal(new Set(sent.map(String)).size, 1, 'one key')
	const [[, key]] = sent
	assert.match(key, /^[0-9a-f-]{32,36}$/)
	failures = 5
	assert.equal((await asked('POST', '/import/sessions'))[1].code, 'ERR_NET')
	assert.equal(sent.length, 3)
	assert.notEqual(sent[0][1], key, 'another change, another key')
	for (const [method, path] of [['GET', '/roles'], ['POST', '/auth/login']]) {
		failures = 1
		assert.equal((await asked(method, path))[1].code, 'ERR_NET')
		assert.equal(sent.length, 1)
	}
})

test('what came too often waits as long as it is told to, under its key; who waits for more than a second is told', async (ctx) => {
	const sent = [], told = []
	let refusals = 0, retry = '1'
	ctx.mock.method(globalThis, 'fetch', async (url, o) => {
		sent.push([o.method, o.headers['Idempotency-Key']])
		return refusals-- > 0 ? new Response('{"code":"ERR_AUTH_011"}', { status: 429, headers: { 'Retry-After': retry } }) : new Response('{"id":7}', { status: 200 })
	})
	ctx.mock.timers.enable({ apis: ['setTimeout'] })
	onWaiting((wait) => told.push(wait))
	/** @param {string} method @param {string} path @param {number} times that it is refused */
	const asked = async (method, path, times) => {
		sent.length = told.length = 0
		refusals = times
		let answer = null
		void call(method, path, { body: {} }).then((a) => {
			answer = a
		})
		for (let seconds = 0; seconds < 100; seconds++) {
			for (let i = 0; i < 5; i++)
				await new Promise((done) => setImmediate(done))
			if (answer)
				return { answer, seconds, tries: sent.length, keys: new Set(sent.map(String)).size, told: [...told] }
			ctx.mock.timers.tick(1000)
		}
	}
	const good = [{ id: 7 }, null]
	assert.deepEqual(await asked('GET', '/roles', 1), { answer: good, seconds: 1, tries: 2, keys: 1, told: [] })
	assert.deepEqual(await asked('POST', '/import/sessions', 3), { answer: good, seconds: 3, tries: 4, keys: 1, told: [true, false] })
	retry = '20'
	assert.deepEqual(await asked('GET', '/auth/me', 1), { answer: good, seconds: 20, tries: 2, keys: 1, told: [true, false] })
	const { answer, ...rest } = await asked('POST', '/import/sessions', 9)
	assert.deepEqual(rest, { seconds: 60, tries: 4, keys: 1, told: [true, false] })
	assert.deepEqual([answer[1].code, answer[1].retryAfter], ['ERR_AUTH_011', 20], 'after a minute the page is told')
	assert.equal((await asked('POST', '/auth/login', 1)).tries, 1, 'a sign-in is not tried again')
})

test('a list is fetched to its end, and a failure ends it', async () => {
	const asked = []
	const get = async (query) => {
		asked.push(query)
		return [query.after === '2' ? { items: [3], next: null } : { items: [1, 2], next: '2' }, null]
	}
	assert.deepEqual(await everything(get, { units: 1 }), [{ items: [1, 2, 3], next: null }, null])
	assert.deepEqual(asked, [{ units: 1, limit: 500, after: null }, { units: 1, limit: 500, after: '2' }])
	const failed = { code: 'ERR_AUTH_002' }
	assert.deepEqual(await everything(async () => [null, failed]), [null, failed])
})

const xs = Float64Array.from([0, 1, 2, NaN, 5]), ys = Float64Array.from([0, 1, 2, NaN, 5])
test('a lasso takes what is inside, never what has no place', () => {
	assert.deepEqual(insidePolygon(xs, ys, [[-1, -1], [3, -1], [3, 3], [-1, 3]]), [0, 1, 2])
	assert.deepEqual(insidePolygon(xs, ys, [[0.5, 0], [1.5, 0], [1, 3]]), [1])
	assert.deepEqual(insidePolygon(xs, ys, [[0, 0], [1, 1]]), [], 'two corners hold nothing')
})
test('a concave lasso leaves its bay out', () => {
	assert.deepEqual(insidePolygon(Float64Array.from([2]), Float64Array.from([3]), [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]]), [])
})
test('a box works from any corner', () => {
	assert.deepEqual(insideBox(xs, ys, 2.5, 2.5, 0.5, 0.5), [1, 2])
})
test('the nearest point within reach', () => {
	assert.equal(nearest(xs, ys, 0.9, 0.9, 0.5), 1)
	assert.equal(nearest(xs, ys, 3.4, 3.4, 0.5), -1)
	assert.equal(nearest(xs, ys, 0.9, 0.9, 5, (i) => i === 1), 0)
})
test('mercator there and back', () => {
	for (const lat of [-70, 0, 18.52, 60])
		assert.ok(Math.abs(latOf(mercY(lat)) - lat) < 1e-9)
	assert.equal(mercX(0), 0.5)
})
test('base map cells follow the view', () => {
	assert.deepEqual(cellsOf([73.5, 18.2, 74.1, 18.9]), ['70_10'])
	assert.deepEqual(cellsOf([-1, 49, 1, 51]), ['-10_40', '-10_50', '0_40', '0_50'])
	assert.ok(cellsOf([-180, -80, 180, 80]).length <= 24)
})
test('the graticule stays small at every zoom', () => {
	for (let z = 0; z < 18; z++) {
		const w = 360 / 2 ** z
		assert.ok(graticule([73 - w, 18 - w / 2, 73 + w, 18 + w / 2], z).geometry.coordinates.length < 120, 'zoom ' + z)
	}
})
test('the style asks for nothing from another origin', () => {
	assert.equal(/https?:/.test(JSON.stringify(baseStyle(true))), false)
	assert.equal('glyphs' in baseStyle(false), false)
})
test('no two of 48 seats look alike', () => {
	const looks = new Set(Array.from({ length: 48 }, (_, i) => `${colours[i % 12]} ${shapeOf(i)}`))
	assert.equal(looks.size, 48)
	assert.deepEqual(rgb('#0a10ff'), [10, 16, 255])
	assert.equal(ramp(-1).length, 3)
	assert.equal(ramp(2).every((c) => c >= 0 && c <= 255), true)
})

test('times and sizes read well', () => {
	assert.equal(duration(59 * 60), '59 min')
	assert.equal(duration(3660), '1 h 01 min')
	assert.equal(duration(null), '–')
	assert.equal(timeOfDay(9 * 3600 + 61), '09:01')
	assert.equal(bytes(1500), '1.5 kB')
	assert.equal(signed(-0.2), '0')
	assert.equal(signed(3), '+3')
	assert.equal(t('a {b} {c}', { b: 1 }), 'a 1 {c}')
	assert.equal(tn('{n} visit', '{n} visits', 1), '1 visit')
	assert.equal(tn('{n} visit', '{n} visits', 2000), '2,000 visits')
})
test('a po file becomes messages: contexts, plurals, fuzzy ones left out', () => {
	const m = toMessages(parsePo(`msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Load"
msgstr "Charge"

msgctxt "verb"
msgid "Load"
msgstr "Charger"

#, fuzzy
msgid "Old"
msgstr "Vieux"

msgid "{n} day"
msgid_plural "{n} days"
msgstr[0] "{n} jour"
msgstr[1] "{n} jours"

msgid "a \\"b\\"\\n"
"c"
msgstr "x"
"y"
`))
	assert.deepEqual(m, { Load: 'Charge', 'verb\u0004Load': 'Charger', '{n} day': ['{n} jour', '{n} jours'], 'a "b"\nc': 'xy' })
})
