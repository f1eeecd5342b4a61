#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// run.mjs [FILE...] - the API tests, through nginx, against a Beatplan just made by `up --demo` (BASE_URL, BEATPLAN_STATE).
// Files run in the order of their names; each gives steps (steps.mjs) or functions. coverage.mjs judges at the end.
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tap } from '../tap.mjs'
import { Client } from './client.mjs'
import { perform } from './steps.mjs'
import { coverage } from './coverage.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080'
const doc = await (await fetch(`${base}/api/v1/openapi.json`)).json()
const client = new Client(base, process.env.BEATPLAN_STATE, doc)
const { say, done } = tap()
const saved = {}

/** A fact, which fails too when a reply on the way did not fit the document. */
async function fact(name, fn) {
	let wrong
	try {
		wrong = [await fn()].flat(Infinity).filter((w) => w && typeof w === 'string')
	} catch (e) {
		wrong = [e.stack ?? String(e)]
	}
	const { complaints, ids } = client.take()
	wrong.push(...complaints)
	say(name, wrong.length ? [...wrong.slice(0, 20), ...client.logLines(ids)] : [])
}

const wanted = process.argv.slice(2)
const files = readdirSync(here).filter((f) => /^\d\d-.*\.mjs$/.test(f) && (!wanted.length || wanted.some((w) => f.includes(w)))).sort()
for (const file of files) {
	const { steps } = await import(join(here, file))
	await client.proveAgain('beatplan-demo') // however slow the machine
	const topic = file.replace(/^\d+-|\.mjs$/g, '')
	const list = typeof steps === 'function' ? steps({ client, saved, fact, doc }) : steps
	for await (const step of list) {
		await fact(`${topic}: ${step.name}`, typeof step.run === 'function' ? () => step.run({ client, saved }) : () => perform(client, saved, step))
	}
}
if (!wanted.length)
	for (const { name, wrong } of coverage(client))
		say(name, wrong)
await done()
