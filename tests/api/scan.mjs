#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// scan.mjs [OPERATIONS [OF ACCOUNTS]] - others' eyes: every operation of the OpenAPI document (or so many of them) goes to sqlmap, query and
// JSON body, and the site to wapiti, as the administrator. What signs somebody in or out, changes accounts, takes files or lasts gets
// a user, a session and an import of its own for each operation, so that nothing it does ends the campaign. Ends with 1 when either
// finds something. Takes an hour; needs both programs (Debian: sqlmap, wapiti), and BASE_URL and BEATPLAN_STATE of a Beatplan with the
// demo's users, which is not the same after it.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tap } from '../tap.mjs'
import { Client } from './client.mjs'
import { random } from './data.mjs'
import { maker } from './generate.mjs'
import { sql } from './shell.mjs'

const base = new URL(process.env.BASE_URL ?? 'http://127.0.0.1:8080'), work = mkdtempSync(join(tmpdir(), 'beatplan-scan.'))
/** What would sign the scanner out, or everybody; files; and streams, which last. */
const alone = /^\/(auth\/|events$|users\/\{id\}|import\/uploads)/

/** A request as it goes over the wire. @param {any} o @param {{token: string, csrf: string}} session @param {{id?: number, query?: any, body?: any, raw?: string}} known what it must hold to get far */
function wire(o, session, { sound }, { id = 1, query = {}, body = {}, raw = '' } = {}) {
	const words = (o.op.parameters ?? []).filter((p) => p.in === 'query').map((p) => `${p.name}=${encodeURIComponent(String(query[p.name] ?? sound(p.schema, [1]) ?? ''))}`).join('&')
	const schema = o.op.requestBody?.content?.['application/json']?.schema, sent = schema ? JSON.stringify({ ...sound(schema, [1]), ...body }) : raw
	return `${o.method.toUpperCase()} /api/v1${o.path.replace(/\{\w+\}/g, String(id))}${words ? `?${words}` : ''} HTTP/1.1\r\nHost: ${base.host}\r\nCookie: bp_session=${session.token}\r\n`
		+ `X-CSRF-Token: ${session.csrf}\r\n${sent ? `Content-Type: ${schema ? 'application/json' : 'text/csv'}\r\nContent-Length: ${Buffer.byteLength(sent)}\r\n` : ''}\r\n${sent}`
}
/** What a program says. Nobody waits for guesses meanwhile: a scanner makes many. */
const run = (program, words) => new Promise((told, failed) => {
	const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] }), said = []
	const forgive = setInterval(() => sql(client.state, 'DELETE FROM login_failure'), 2000)
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (part) => said.push(part))
	child.on('error', (e) => { clearInterval(forgive); failed(new Error(`${program} cannot be run (Debian: apt install ${program}): ${e.message}`)) })
	child.on('close', () => { clearInterval(forgive); told(Buffer.concat(said).toString()) })
})
const sqlmap = (words) => run('sqlmap', [...words, '--batch', '--level', '1', '--risk', '1', '--technique', 'BEUST', '--time-sec', '2', '--threads', '4', '--ignore-stdin', '--flush-session', '--disable-coloring',
	'--ignore-code', '400,401,403,404,409,413,415,422,429,500,503', '--output-dir', join(work, 'sqlmap')])
/** @param {string} said */
const found = (said) => {
	// What only appears so it looks at again, and says "is vulnerable" or "does not seem to be injectable".
	for (const hint of said.match(/.*appears to be .*injectable.*/g) ?? [])
		console.log(`# looked at again: ${hint}`)
	return said.match(/.*(is vulnerable|sqlmap identified the following injection).*/g)?.join('\n')
}

const client = new Client(base.origin, process.env.BEATPLAN_STATE ?? '', await (await fetch(`${base.origin}/api/v1/openapi.json`)).json())
const { check, done } = tap()
await client.login('admin', 'admin', 'beatplan-demo')
const session = client.sessions.get('admin'), make = maker(client.doc, random(1)), [most = Infinity, mostAlone = most] = process.argv.slice(2).map(Number)
const takes = (o) => o.op.parameters?.some((p) => p.in === 'query') || o.op.requestBody
const asked = client.operations.filter((o) => !alone.test(o.path) && takes(o) && !o.op.requestBody?.content?.['application/octet-stream']).slice(0, most)
const ownState = client.operations.filter((o) => alone.test(o.path) && takes(o)).slice(0, mostAlone)

let made = 0
/** Somebody who may do everything, who is signed in, and a name for what is theirs. */
async function throwAway() {
	const username = `scan.${process.pid}.${++made}`
	const user = (await client.call({ as: 'admin', method: 'POST', path: '/users', body: { username, name: 'Scanned', email: `${username}@scan.example`, scopes: [{ territoryId: null, role: 'admin' }] } })).json
	await client.login(username, username, user.password)
	return { ...user, username, session: client.sessions.get(username) }
}
/** What an operation must be told so that it gets as far as it can. */
async function known(o, who) {
	if (o.path.startsWith('/import/'))
		return { query: { session: (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'scanned' } })).json.id, name: 'a.csv', entity: 'outlets', row: '' }, raw: 'outlet_code,outlet_name\r\nA,B\r\n' }
	if (o.path.startsWith('/users/'))
		return { id: (await throwAway()).id }
	const { username, password } = who
	return { query: { after: 0, seconds: 1 }, body: { '/auth/login': { username, password }, '/auth/token': { username, password, name: 'scan' }, '/auth/proof': { password }, '/auth/password': { current: password, next: `${password}x` }, '/auth/reset': { who: username } }[o.path] }
}

await check(`sqlmap finds nothing in ${asked.length} operations`, async () => {
	if (!asked.length)
		return
	const items = asked.map((o) => `<item><url><![CDATA[${base.origin}]]></url><port>${base.port}</port><request base64="true"><![CDATA[${Buffer.from(wire(o, session, make)).toString('base64')}]]></request></item>`)
	writeFileSync(join(work, 'requests.xml'), `<?xml version="1.0"?><items>${items.join('\n')}</items>`)
	const said = await sqlmap(['-l', join(work, 'requests.xml')])
	const tested = said.match(/testing connection to the target URL/g)?.length ?? 0
	console.log(`# sqlmap tested ${tested} requests, ${said.match(/does not seem to be injectable/g)?.length ?? 0} parameters`)
	return tested ? found(said) : said.slice(-2000)
})
for (const o of ownState)
	await check(`sqlmap finds nothing in ${o.name}`, async () => {
		const who = await throwAway(), file = join(work, `${made}.txt`)
		writeFileSync(file, wire(o, who.session, make, await known(o, who)))
		const said = await sqlmap(['-r', file])
		console.log(`# ${said.match(/does not seem to be injectable/g)?.length ?? 0} parameters`)
		return [!said.includes('testing connection to the target URL') && said.slice(-2000), found(said), (await client.call({ as: 'admin', path: '/auth/me' })).status !== 200 && 'the administrator is signed out']
	})
await check('wapiti finds nothing', async () => {
	const out = join(work, 'wapiti.json'), who = await throwAway()
	const said = await run('wapiti', ['-u', `${base.origin}/`, '-H', `Cookie: bp_session=${who.session.token}`, '-f', 'json', '-o', out, '--max-scan-time', '600', '--flush-session', '--store-session', join(work, 'session'), '--no-bugreport',
		...client.operations.filter((o) => o.method === 'get' && (alone.test(o.path) ? o.path !== '/events' && mostAlone : asked.includes(o) && !o.path.includes('{'))).flatMap((o) => ['-s', base.origin + wire(o, who.session, make, { id: who.id }).split(' ')[1]])])
	if (!existsSync(out))
		return said.slice(-2000)
	const report = JSON.parse(readFileSync(out, 'utf8'))
	return Object.entries(report.vulnerabilities).flatMap(([kind, list]) => list.map((f) => `${kind}: ${f.method} ${f.path} ${f.info}`))
		// A server that speaks plain HTTP must not send it (RFC 6797, 7.2); and 0, which we send, is the one sound value of the other (OWASP).
		.filter((line) => !(base.protocol === 'http:' && line.includes('Strict-Transport-Security')) && !line.includes('X-XSS-Protection'))
})
rmSync(work, { recursive: true })
await done()
