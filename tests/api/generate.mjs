#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// generate.mjs [REQUESTS [SEED]] - requests made at random from the OpenAPI document, as several people at once: sound ones, ones with a
// fault, and ones for what belongs to others. None may end in an internal error, in a reply that is not as declared, or in something
// from outside of the asker's scope. Needs BASE_URL and BEATPLAN_STATE of a Beatplan with the demo's users, which is not the same after it.
import { pathToFileURL } from 'node:url'
import { tap } from '../tap.mjs'
import { Client, sleep } from './client.mjs'
import { random } from './data.mjs'

const AT_ONCE = 6, IDS_MOST = 60
const people = ['admin', 'manager', 'mtplanner', 'planner', 'territory', 'dt', 'analyst']
/** What would end the campaign and not the program: it is asked by nobody in particular, or for objects of the campaign only. */
const ownAccount = /^\/auth\//, others = /^\/users\/\{id\}/
const odd = [null, true, false, 0, -1, 1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 0.5, '', ' ', '0', '-1', 'null', "' OR 1=1 -- ", '"; DROP TABLE outlet; --', '../../../etc/passwd', '%00', '\u0000',
	'\u202e\ud83d\ude00', '\ud800', '<script>alert(1)</script>', '{{7*7}}', '${jndi:ldap://x}', '=1+1', 'A'.repeat(300), 'é'.repeat(5000), [], [[]], {}, { a: { b: [1] } }, [null], '2026-02-30', '9999-12-31', '0000-00-00', 'NaN']

/** @param {any} doc @param {() => number} dice */
export function maker(doc, dice) {
	const pick = (list) => list[Math.floor(dice() * list.length)], between = (a, b) => a + Math.floor(dice() * (b - a + 1))
	const resolve = (s) => (s.$ref ? s.$ref.slice(2).split('/').reduce((node, key) => node[key], doc) : s)
	const text = (s) => {
		const n = Math.max(s.minLength ?? 0, Math.min(s.maxLength ?? 40, between(1, 12)))
		return pick(['x', 'Outlet ', 'ÄÖ', '7', 'a-b', "O'Neil "]).repeat(n).slice(0, n)
	}
	/** Something the schema allows. */
	const sound = (schema, ids, depth = 0) => {
		const s = resolve(schema)
		if (s.anyOf)
			return sound(pick(s.anyOf), ids, depth)
		if (s.enum)
			return pick(s.enum)
		switch ([s.type].flat()[0]) {
			case 'integer': return dice() < 0.5 && ids.length ? pick(ids) : dice() < 0.5 ? between(s.minimum ?? 0, Math.min(s.maximum ?? 100, (s.minimum ?? 0) + 50)) : pick([s.minimum ?? 0, s.maximum ?? 1])
			case 'number': return (s.minimum ?? 0) + dice() * Math.min(100, (s.maximum ?? 100) - (s.minimum ?? 0))
			case 'boolean': return dice() < 0.5
			case 'null': return null
			case 'array': return depth > 4 || !s.items ? [] : Array.from({ length: between(0, Math.min(4, s.maxItems ?? 4)) }, () => sound(s.items, ids, depth + 1))
			case 'object': return Object.fromEntries(Object.entries(s.properties ?? {}).filter(([k]) => s.required?.includes(k) || dice() < 0.4).map(([k, p]) => [k, sound(p, ids, depth + 1)]))
			default: return s.format === 'date' ? `2026-${String(between(1, 12)).padStart(2, '0')}-${String(between(1, 28)).padStart(2, '0')}` : s.format === 'date-time' ? '2026-11-01T10:00:00.000Z' : text(s)
		}
	}
	/** The same with one thing somewhere that it does not expect. */
	const spoil = (v) => {
		if (dice() < 0.3 || v === null || typeof v !== 'object' || !Object.keys(v).length)
			return Array.isArray(v) && dice() < 0.2 ? Array(between(100, 3000)).fill(v[0] ?? 1) : pick(odd)
		const key = pick(Object.keys(v)), out = Array.isArray(v) ? [...v] : { ...v }
		if (dice() < 0.2)
			Array.isArray(out) ? out.splice(Number(key), 1) : delete out[key]
		else
			out[key] = spoil(out[key])
		if (dice() < 0.1 && !Array.isArray(out))
			out[pick(['id', 'userId', '__proto__x', 'territoryId', 'A'.repeat(200)])] = pick(odd)
		return out
	}
	return { pick, sound, spoil }
}

/** @param {{client: Client, check: (name: string, fn: () => any) => any, requests: number, seed: number}} o */
export async function campaign({ client, check, requests, seed }) {
	const dice = random(seed), { pick, sound, spoil } = maker(client.doc, dice)
	/** kind of path -> ids that were seen, of anybody */
	const ids = new Map()
	const learn = (kind, list) => {
		const known = ids.get(kind) ?? []
		ids.set(kind, known)
		for (const id of list.filter((i) => Number.isInteger(i) && !known.includes(i)))
			known.length < IDS_MOST ? known.push(id) : (known[Math.floor(dice() * IDS_MOST)] = id)
	}
	const kindOf = (path) => path.split('/').filter((p) => p && !p.startsWith('{')).at(-1)
	/** who -> territories that they may see */
	const visible = new Map()
	const look = async (who) => {
		const seen = new Set()
		for (let after = 0; after !== null;) {
			const { json } = await client.call({ as: who, path: `/territories?limit=500&after=${after}`, judge: false })
			json.items.forEach((t) => seen.add(t.id))
			after = json.next === null || json.next === undefined ? null : Number(json.next)
		}
		visible.set(who, seen)
	}
	const demoUsers = new Set()
	for (const who of people) {
		await client.login(who, who, 'beatplan-demo')
		demoUsers.add(client.sessions.get(who).me.user.id)
		await look(who)
	}
	const { json: users } = await client.call({ as: 'admin', path: '/users?limit=500' })
	users.items.forEach((u) => demoUsers.add(u.id))
	/** Territories that a reply names and its reader may not see. */
	const foreign = (who, value) => {
		const out = [], walk = (v) => {
			if (v && typeof v === 'object')
				for (const [k, x] of Object.entries(v)) {
					if (k === 'territoryId' && Number.isInteger(x) && x > 0 && !visible.get(who).has(x))
						out.push(x)
					walk(x)
				}
		}
		walk(value)
		return out
	}
	const counts = { requests: 0, fine: 0, refused: 0, throttled: 0 }, problems = [], answered = new Set()
	const one = async (own) => {
		const o = pick(client.operations.filter((x) => x.method !== 'options')), path = o.path
		const who = ownAccount.test(path) && o.method !== 'get' ? null : dice() < 0.04 ? null : pick(people)
		const near = [...(ids.get(kindOf(path)) ?? [])], any = dice() < 0.2 ? [...ids.values()].flat() : near
		let strange = false // such a path may be none of ours; only what fails matters
		const url = path.replace(/\{(\w+)\}/g, (_, name) => {
			const before = path.slice(0, path.indexOf(`{${name}}`)).replace(/\/$/, ''), known = ids.get(kindOf(before)) ?? []
			const mine = others.test(path) && o.method !== 'get' ? known.filter((i) => !demoUsers.has(i)) : known
			if (mine.length && dice() < 0.8)
				return pick(mine)
			if (others.test(path) && o.method !== 'get')
				return 8999999999999999
			strange ||= dice() < 0.5
			return encodeURIComponent(String(strange ? pick(odd.filter((x) => x !== '\ud800')) : Math.floor(dice() * 200)))
		})
		const query = (o.op.parameters ?? []).filter((p) => p.in === 'query' && (p.required || dice() < 0.4)).map((p) => {
			const v = dice() < 0.8 ? sound(p.schema, any) : pick(odd.filter((x) => x !== '\ud800'))
			return v === null ? '' : `${p.name}=${encodeURIComponent(typeof v === 'object' ? JSON.stringify(v) : String(v))}`
		}).filter(Boolean)
		if (path === '/events') /* it lasts as long as it may */
			query.splice(0, query.length, 'seconds=1')
		if (dice() < 0.02)
			query.push('nobody=asked')
		const media = o.op.requestBody?.content ?? {}, schema = media['application/json']?.schema, rq = { as: who, method: o.method.toUpperCase(), path: url + (query.length ? '?' + query.join('&') : ''), headers: {} }
		if (schema && dice() < 0.97)
			rq.body = dice() < 0.7 ? sound(schema, any) : spoil(sound(schema, any))
		else if (o.op.requestBody && dice() < 0.8)
			rq.raw = pick(['', '{', '[1,', '{"a":1}{"b":2}', '\u0000\u0001', 'a;b\n1;2\n', 'code,name\nX,Y\n', '"', '{"a":'.repeat(200), 'null', '[' + '1,'.repeat(5000) + '1]'])
		if (dice() < 0.03)
			rq.headers = pick([{ 'If-None-Match': '"x"' }, { 'If-Match': '*' }, { 'Idempotency-Key': 'k'.repeat(300) }, { 'Idempotency-Key': 'k1' }, { Accept: 'text/csv' }, { Range: 'bytes=0-1' }, { 'Accept-Language': 'fr' }, { 'Content-Type': 'text/plain' },
				{ 'Content-Type': 'application/json; charset=utf-16' }, { 'X-CSRF-Token': 'x' }, { 'Tus-Resumable': '9.9.9' }, { 'Upload-Offset': '-1', 'Tus-Resumable': '1.0.0' }, { 'Upload-Length': '99999999999999', 'Tus-Resumable': '1.0.0' }])
		if (/^(GET|HEAD)$/.test(rq.method)) {
			delete rq.body
			delete rq.raw
		}
		counts.requests++
		const told = (what, reply) => problems.push(`${who ?? 'nobody'}: ${rq.method} ${rq.path.slice(0, 300)} ${rq.body === undefined ? (rq.raw ?? '').slice(0, 80) : JSON.stringify(rq.body).slice(0, 600)} ${JSON.stringify(rq.headers)}\n  ${what}`
			+ (reply && reply.status >= 500 ? client.logLines([reply.id]).map((l) => '\n  ' + l).join('') : ''))
		let reply
		try {
			reply = await own.call(rq)
		} catch (e) {
			own.take()
			return told(`no reply: ${e.cause?.message ?? e.message}`)
		}
		const { complaints } = own.take()
		if (reply.status === 401 && who && reply.json?.code === 'ERR_AUTH_001')
			return client.login(who, who, 'beatplan-demo')
		if (reply.status === 429) {
			counts.throttled++
			return sleep(20)
		}
		counts[reply.status < 400 ? 'fine' : 'refused']++
		if (reply.status < 400)
			answered.add(o.name)
		if (reply.status >= 500)
			told(`${reply.status} ${reply.text.slice(0, 300)}`, reply)
		/* What the edge refuses before we see it needs not be declared for every operation: 20-edge.mjs and 90-limits.mjs ask. */
		if (![413, 414, 431].includes(reply.status) && !strange)
			complaints.forEach((c) => told(c))
		if (reply.status === 200 && reply.json) {
			if (reply.json.items)
				learn(kindOf(path), reply.json.items.map((i) => i?.id))
			else if (Number.isInteger(reply.json.id))
				learn(kindOf(path.replace(/\/\{\w+\}$/, '')), [reply.json.id])
			if (who && foreign(who, reply.json).length) {
				await look(who) // more may be theirs by now
				foreign(who, reply.json).forEach((t) => told(`names territory ${t}, which ${who} may not see`))
			}
		}
	}
	await check(`${requests} requests made from the OpenAPI document, seed ${seed}: each reply is as declared, none an internal error, nothing from outside the scope`, async () => {
		for (const o of client.operations.filter((x) => x.method === 'get' && !x.path.includes('{') && x.path !== '/events')) { // which lasts, and holds no list
			const { json } = await client.call({ as: 'admin', path: o.path, judge: false })
			learn(kindOf(o.path), json?.items?.map((i) => i?.id) ?? [])
		}
		client.take()
		await Promise.all(Array.from({ length: AT_ONCE }, async () => {
			const own = new Client(client.base, client.state, client.doc)
			own.sessions = client.sessions
			while (counts.requests < requests && problems.length < 200)
				await one(own)
		}))
		console.log(`# ${JSON.stringify({ ...counts, operationsAsked: client.operations.length, operationsThatSucceeded: answered.size })}`)
		return [...problems.slice(0, 40), problems.length > 40 && `and ${problems.length - 40} more`, counts.fine < requests / 20 && `only ${counts.fine} were fine: the generator has lost its way`]
	})
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { check, done } = tap(), state = process.env.BEATPLAN_STATE
	const client = new Client(process.env.BASE_URL, state, await (await fetch(`${process.env.BASE_URL}/api/v1/openapi.json`)).json())
	await campaign({ client, check, requests: Number(process.argv[2] ?? 100000), seed: Number(process.argv[3] ?? 1) })
	await done()
}
