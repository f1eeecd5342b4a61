#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// scan.mjs [OPERATIONS] - others' eyes: every operation of the OpenAPI document (or so many of them) goes to sqlmap, query and JSON body,
// and the site to wapiti, as the administrator. Ends with 1 when either finds something. Takes an hour; needs both programs (Debian:
// sqlmap, wapiti), and BASE_URL and BEATPLAN_STATE of a Beatplan with the demo's users, which is not the same after it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tap } from '../tap.mjs'
import { Client } from './client.mjs'
import { random } from './data.mjs'
import { maker } from './generate.mjs'

const base = new URL(process.env.BASE_URL ?? 'http://127.0.0.1:8080'), work = mkdtempSync(join(tmpdir(), 'beatplan-scan.'))
/** What would sign the scanner out, or everybody; and streams, which last. */
const left = /^\/(auth\/|events$|users\/\{id\}|account|import\/uploads)/

/** A request as it goes over the wire. @param {any} o @param {{token: string, csrf: string}} session */
function wire(o, session, { sound }) {
	const query = (o.op.parameters ?? []).filter((p) => p.in === 'query').map((p) => `${p.name}=${encodeURIComponent(String(sound(p.schema, [1]) ?? ''))}`).join('&')
	const schema = o.op.requestBody?.content?.['application/json']?.schema, body = schema ? JSON.stringify(sound(schema, [1])) : ''
	return `${o.method.toUpperCase()} /api/v1${o.path.replace(/\{\w+\}/g, '1')}${query ? `?${query}` : ''} HTTP/1.1\r\nHost: ${base.host}\r\nCookie: bp_session=${session.token}\r\n`
		+ `X-CSRF-Token: ${session.csrf}\r\n${schema ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : ''}\r\n${body}`
}
const run = (program, words) => {
	const r = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 28, input: '' })
	if (r.error)
		throw new Error(`${program} cannot be run (Debian: apt install ${program}): ${r.error.message}`)
	return r.stdout + r.stderr
}

const client = new Client(base.origin, process.env.BEATPLAN_STATE ?? '', await (await fetch(`${base.origin}/api/v1/openapi.json`)).json())
const { check, done } = tap()
await client.login('admin', 'admin', 'beatplan-demo')
const session = client.sessions.get('admin'), make = maker(client.doc, random(1))
const asked = client.operations.filter((o) => !left.test(o.path) && (o.op.parameters?.some((p) => p.in === 'query') || o.op.requestBody?.content?.['application/json'])).slice(0, Number(process.argv[2] ?? Infinity))

await check(`sqlmap finds nothing in ${asked.length} operations`, () => {
	const items = asked.map((o) => `<item><url><![CDATA[${base.origin}]]></url><port>${base.port}</port><request base64="true"><![CDATA[${Buffer.from(wire(o, session, make)).toString('base64')}]]></request></item>`)
	writeFileSync(join(work, 'requests.xml'), `<?xml version="1.0"?><items>${items.join('\n')}</items>`)
	const said = run('sqlmap', ['-l', join(work, 'requests.xml'), '--batch', '--level', '1', '--risk', '1', '--technique', 'BEUST', '--time-sec', '2', '--threads', '4', '--ignore-stdin', '--flush-session', '--disable-coloring',
		'--ignore-code', '400,403,404,409,413,415,422,429,500,503', '--output-dir', join(work, 'sqlmap')])
	const tested = said.match(/testing connection to the target URL/g)?.length ?? 0
	console.log(`# sqlmap tested ${tested} requests, ${said.match(/does not seem to be injectable/g)?.length ?? 0} parameters`)
	if (!tested)
		return said.slice(-2000)
	// What only appears so it looks at again, and says "is vulnerable" or "does not seem to be injectable".
	for (const hint of said.match(/.*appears to be .*injectable.*/g) ?? [])
		console.log(`# looked at again: ${hint}`)
	return said.match(/.*(is vulnerable|sqlmap identified the following injection).*/g)?.join('\n')
})
await check('wapiti finds nothing', () => {
	const out = join(work, 'wapiti.json')
	const said = run('wapiti', ['-u', `${base.origin}/`, '-H', `Cookie: bp_session=${session.token}`, '-f', 'json', '-o', out, '--max-scan-time', '600', '--flush-session', '--store-session', join(work, 'session'), '--no-bugreport',
		...asked.filter((o) => o.method === 'get' && !o.path.includes('{')).flatMap((o) => ['-s', base.origin + wire(o, session, make).split(' ')[1]])])
	if (!existsSync(out))
		return said.slice(-2000)
	const report = JSON.parse(readFileSync(out, 'utf8'))
	return Object.entries(report.vulnerabilities).flatMap(([kind, found]) => found.map((f) => `${kind}: ${f.method} ${f.path} ${f.info}`))
		// A server that speaks plain HTTP must not send it (RFC 6797, 7.2); and 0, which we send, is the one sound value of the other (OWASP).
		.filter((line) => !(base.protocol === 'http:' && line.includes('Strict-Transport-Security')) && !line.includes('X-XSS-Protection'))
})
rmSync(work, { recursive: true })
await done()
