#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// t_docs.mjs GENDIR - is what was generated from the endpoint rows sound?
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from './api/schema.mjs'
import { tap } from './tap.mjs'

const gen = process.argv[2] ?? 'build/gen'
const read = (name) => readFileSync(join(gen, name), 'utf8')
const { check, done } = tap()
const doc = JSON.parse(read('openapi.json'))
const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
const operations = Object.entries(doc.paths).flatMap(([path, item]) =>
	methods.filter((m) => item[m]).map((method) => ({ path, method, op: item[method], name: `${method} ${path}` })))

/** Every object below `node`, with where it stands. */
function* walk(node, at = '#') {
	if (node === null || typeof node !== 'object')
		return
	yield [node, at]
	for (const [key, value] of Object.entries(node))
		yield* walk(value, `${at}/${key}`)
}
const resolve = (ref) => ref.replace(/^#\//, '').split('/').reduce((node, key) => node?.[key], doc)

check('the document says what it is', () => [
	!/^3\.1\.\d+$/.test(doc.openapi) && `openapi is ${doc.openapi}`,
	!(doc.info?.title && doc.info?.version) && 'info lacks title or version',
	doc.servers?.[0]?.url !== '/api/v1' && 'servers does not name /api/v1',
])
check('every reference resolves', () => [...walk(doc)].filter(([node]) => typeof node.$ref === 'string' && !resolve(node.$ref))
	.map(([node, at]) => `${at}: ${node.$ref}`))
check('every schema has an example, and it is one', () => Object.entries(doc.components.schemas).flatMap(([name, schema]) =>
	(schema.examples?.length ? schema.examples : [undefined]).flatMap((x) => validate(doc, schema, x ?? null, `/${name}`))))
check('every parameter that is asked for has an example, and it is one', () => operations.flatMap(({ op, name }) =>
	(op.parameters ?? []).filter((p) => p.in !== 'header').flatMap((p) => validate(doc, p.schema, p.example, `${name} ${p.name}`))))
check('every schema is referred to', () => {
	const used = new Set([...walk(doc)].map(([node]) => node.$ref))
	return Object.keys(doc.components.schemas).filter((name) => !used.has(`#/components/schemas/${name}`))
})
check('operation ids are there and unique', () => {
	const seen = new Map()
	return operations.flatMap(({ op, name }) => {
		const before = seen.get(op.operationId)
		seen.set(op.operationId, name)
		return !op.operationId ? `${name} has none` : before ? `${op.operationId}: ${before} and ${name}` : []
	})
})
check('every operation has a summary, a tag, a scope and replies', () => operations.flatMap(({ op, name }) =>
	['summary', 'x-scope', 'responses'].filter((key) => !op[key]).concat(op.tags?.length === 1 ? [] : 'tags').map((key) => `${name}: ${key}`)))
check('an operation beyond "signed in" names its permission', () => operations
	.filter(({ op }) => !['public', 'self'].includes(op['x-scope']) && !op['x-permission']).map(({ name }) => name))
check('path parameters are those of the path', () => operations.flatMap(({ path, op, name }) => {
	const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).join()
	const got = (op.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name).join()
	return wanted === got ? [] : `${name}: path has ${wanted}, parameters ${got}`
}))
check('every parameter has a schema, a description where it is optional, and stands once', () => operations.flatMap(({ op, name }) => {
	const names = (op.parameters ?? []).map((p) => `${p.in} ${p.name}`)
	return [...(op.parameters ?? []).filter((p) => !p.schema || (p.in === 'query' && !p.description)).map((p) => `${name}: ${p.name}`),
		...names.filter((n, i) => names.indexOf(n) !== i).map((n) => `${name}: ${n} stands twice`)]
}))
check('changes that need a session declare the CSRF refusal', () => operations
	.filter(({ method, op }) => !['get', 'head', 'options'].includes(method) && op['x-scope'] !== 'public' && !JSON.stringify(op.responses['403'] ?? '').includes('ERR_AUTH_005'))
	.map(({ name }) => name))
check('every change takes an Idempotency-Key or says why it takes none', () => operations.flatMap(({ method, path, op, name }) => {
	const takes = (op.parameters ?? []).some((p) => p.in === 'header' && p.name === 'Idempotency-Key'), why = op['x-no-idempotency-key'], reads = ['get', 'head', 'options'].includes(method)
	return [reads && (takes || why) && `${name} changes nothing`, !reads && !takes && !/^\w.{8,}[^.]$/.test(why ?? '') && `${name} says neither`, takes && why && `${name} says both`,
		takes && op['x-scope'] === 'public' && !path.includes('{ticket}') && `${name}: whose key is it?`]
}))
check('every error of a reply stands in the error table with that status', () => {
	const table = new Map([...read('errors.md').matchAll(/^\| (ERR_\w+) \| (\d+) \|/gm)].map((m) => [m[1], m[2]]))
	return operations.flatMap(({ op, name }) => Object.entries(op.responses).flatMap(([status, r]) =>
		[...r.description.matchAll(/ERR_[A-Z]+_\d+/g)].filter((m) => table.get(m[0]) !== status).map((m) => `${name}: ${m[0]} under ${status}`)))
})
check('every schema can be checked by the validator of the tests', async () => {
	const { unknownKeywords } = await import('./api/schema.mjs')
	return unknownKeywords(doc)
})
check('the permission matrix has a row for every operation', () => {
	const rows = new Set([...read('permissions.md').matchAll(/^\| ([A-Z]+) (\S+) \|/gm)].map((m) => `${m[1].toLowerCase()} ${m[2].replace(/:text/g, '')}`))
	return [...operations.filter(({ name }) => !rows.delete(name)).map(({ name }) => `${name} is missing`), ...[...rows].map((r) => `${r} is no operation`)]
})
check('the client has a function for every operation', () => {
	const client = read('api.js')
	return operations.filter(({ op }) => !client.includes(`export const ${op.operationId} = (`)).map(({ name }) => name)
})
/* Tests that a row of doc/security.md names must be there, and its chapters be counted as they are. */
const security = readFileSync(new URL('../doc/security.md', import.meta.url), 'utf8').split('\n')
const judged = security.map((l) => /^\| (\d+)\.\d+\.\d+ \| [12] \| .* \| (met|n\.a\.|\*\*open\*\*) \| (.*) \|$/.exec(l)).filter(Boolean)
const counted = (rows) => ['met', 'n.a.', '**open**'].map((state) => rows.filter((r) => r[2] === state).length).join(' | ')
check('what is said of security is counted right', () => [judged.length < 200 && `${judged.length} rows`,
	...[...new Set(judged.map((r) => r[1]))].filter((c) => !security.some((l) => l.startsWith(`| ${c} `) && l.endsWith(` | ${counted(judged.filter((r) => r[1] === c))} |`))).map((c) => `chapter ${c}`),
	!security.some((l) => l.startsWith('| **all') && l.replaceAll('**', '') === `| all ${judged.length} | ${counted(judged).replaceAll('**', '')} |`) && 'all'])
check('the tests that it names are there', () => judged.flatMap((r) => [...r[3].matchAll(/(\d\d-[a-z]+)( [^";]*)?"([^"…]+)"/g)]
	.filter(([, file, , step]) => !readFileSync(new URL(`api/${file}.mjs`, import.meta.url), 'utf8').includes(step)).map(([, file, , step]) => `${file} has no "${step}"`)))
/* What the Health screen warns of Prometheus does too: a rule of the same name, or of one that says the same. */
const named = { DB_CONNECTIONS: 'DatabaseFull', AUDIT_BEHIND: 'AuditUnsealed' }
check('every alarm has a rule for Prometheus', () => {
	const rules = readFileSync(new URL('../conf/monitoring/alerts.yml', import.meta.url), 'utf8')
	const alarms = [...readFileSync(new URL('../lib/health/alarms.def', import.meta.url), 'utf8').matchAll(/^ALARM\((\w+),/gm)].map((m) => m[1])
	const rule = (name) => named[name] ?? name.toLowerCase().replace(/(^|_)(.)/g, (_, __, c) => c.toUpperCase())
	return [alarms.length < 15 && `${alarms.length} alarms`, ...alarms.filter((a) => !rules.includes(`- alert: Beatplan${rule(a)}\n`))]
})
await done()
