// SPDX-License-Identifier: GPL-3.0-or-later
// The client of the API tests. It judges every reply by the OpenAPI document: schema, declared errors, correlation id,
// headers; and it remembers which operations ran and which of their declared errors were seen.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from './schema.mjs'

const PREFIX = '/api/v1'
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
/** What changes nothing needs no token. */
const SAFE = ['GET', 'HEAD', 'OPTIONS']
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** The error codes a reply of the document declares, with their status. */
export const declared = (op) => Object.entries(op.responses).flatMap(([status, r]) =>
	[...r.description.matchAll(/ERR_[A-Z]+_\d+/g)].map((m) => ({ status: Number(status), code: m[0] })))

export class Client {
	#count = 0
	#run = Date.now().toString(36)
	sessions = new Map()
	/** operation name -> set of what was seen: "200" or error codes */
	seen = new Map()
	/** what was wrong with replies since takeComplaints() */
	#complaints = []
	#ids = []

	constructor(base, state, doc) {
		this.base = base
		this.state = state
		this.doc = doc
		this.operations = Object.entries(doc.paths).flatMap(([path, item]) => METHODS.filter((m) => item[m]).map((method) => ({
			path, method, op: item[method], name: `${method.toUpperCase()} ${path}`,
			pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
		})))
		for (const o of this.operations)
			this.seen.set(o.name, new Set())
	}

	/** The operation a request belongs to: the most literal path wins, as /jobs/mine before /jobs/{id}. */
	find(method, path) {
		const plain = path.split('?')[0]
		return this.operations.filter((o) => o.method === method.toLowerCase() && o.pattern.test(plain))
			.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
	}

	/**
	 * One request. `as` names a session of login(), null = nobody. `body` becomes JSON, `raw` goes as it is.
	 * A path that begins with "=" is taken from the root, not from below /api/v1. Whoever calls too often waits, if `patient`, and goes on.
	 */
	async call({ patient = true, ...request }) {
		for (;;) {
			const reply = await this.#ask(request)
			if (!patient || request.as == null || reply.json?.code !== 'ERR_AUTH_011' || !reply.headers.has('ratelimit-limit'))
				return reply
			await sleep(1000 * Number(reply.headers.get('retry-after')))
		}
	}

	async #ask({ as = null, method = 'GET', path, body, raw, headers = {}, csrf = true, judge = true }) {
		const id = `t-${this.#run}-${++this.#count}`
		const session = as === null ? null : this.sessions.get(as)
		if (as !== null && !session)
			throw new Error(`nobody signed in as ${as}`)
		const url = this.base + (path.startsWith('=') ? path.slice(1) : PREFIX + path)
		const sent = { 'X-Correlation-Id': id, ...headers }
		if (session)
			sent.Cookie = `bp_session=${session.token}`
		if (session && csrf && !SAFE.includes(method))
			sent['X-CSRF-Token'] = session.csrf
		if (body !== undefined && !('Content-Type' in sent))
			sent['Content-Type'] = 'application/json'
		for (const key of Object.keys(sent))
			if (sent[key] === null)
				delete sent[key]
		const response = await fetch(url, { method, headers: sent, redirect: 'manual', body: body !== undefined ? JSON.stringify(body) : raw,
			...(raw && typeof raw !== 'string' && !Buffer.isBuffer(raw) ? { duplex: 'half' } : {}) })
		const bytes = Buffer.from(await response.arrayBuffer())
		const reply = { id: sent['X-Correlation-Id'], status: response.status, headers: response.headers, bytes, text: bytes.toString('utf8'), json: undefined }
		if (/^application\/json/.test(response.headers.get('content-type') ?? '') && bytes.length)
			try {
				reply.json = JSON.parse(reply.text)
			} catch {
				this.#complaints.push(`${method} ${path}: the reply says JSON and is none: ${reply.text.slice(0, 200)}`)
			}
		this.#ids.push(reply.id)
		if (judge && !path.startsWith('='))
			this.#judge(method, path, reply)
		return reply
	}

	#judge(method, path, reply) {
		const found = this.find(method, path), wrong = (text) => this.#complaints.push(`${method} ${path} -> ${reply.status}: ${text}`)
		if (!found)
			return
		const { op, name } = found, code = reply.json?.code
		if (reply.headers.get('x-correlation-id') !== reply.id)
			wrong(`X-Correlation-Id is ${reply.headers.get('x-correlation-id')}, not ${reply.id}`)
		for (const header of Object.keys(op.responses[reply.status === 304 ? 200 : reply.status]?.headers ?? {}))
			if (!/^\d+$/.test(reply.headers.get(header) ?? ''))
				wrong(`${header} is ${reply.headers.get(header)}`)
		if (reply.status === 304)
			return
		if (reply.status in op.responses && reply.status < 300) {
			this.seen.get(name).add('200')
			if (reply.status !== 200 || method === 'HEAD')
				return reply.bytes.length ? wrong('a body where none is declared') : undefined
			const schema = op.responses['200'].content?.['application/json']?.schema
			if (schema?.type === 'string') /* a file of ours that happens to be JSON */
				return
			if (schema && reply.json === undefined && !Object.keys(op.responses['200'].content).some((m) => m !== 'application/json'))
				wrong('no JSON')
			else if (schema && reply.json !== undefined)
				validate(this.doc, schema, reply.json).slice(0, 5).forEach(wrong)
			return
		}
		if (method === 'HEAD') { /* has no body: the status stands for all errors that have it */
			const known = declared(op).filter((d) => d.status === reply.status)
			known.forEach((d) => this.seen.get(name).add(d.code))
			return known.length ? undefined : wrong('no declared error has this status')
		}
		if (reply.json === undefined)
			return wrong(`no JSON: ${reply.text.slice(0, 120)}`)
		validate(this.doc, this.doc.components.schemas.error, reply.json).forEach(wrong)
		if (reply.json.correlationId !== reply.id)
			wrong(`correlationId is ${reply.json.correlationId}`)
		this.seen.get(name).add(code)
		if (!declared(op).some((d) => d.status === reply.status && d.code === code))
			wrong(`${code} is not declared: ${reply.text.slice(0, 200)}`)
	}

	/** What was wrong with the replies since the last call, and the log lines of the requests when `withLog`. */
	take() {
		const out = { complaints: this.#complaints, ids: this.#ids }
		this.#complaints = []
		this.#ids = []
		return out
	}

	/** What the server's logs hold about these requests. */
	logLines(ids) {
		if (!this.state || !ids.length)
			return []
		const dir = join(this.state, 'log'), wanted = new RegExp(`\\b(${ids.slice(-5).join('|')})\\b`)
		try {
			return readdirSync(dir).flatMap((file) => readFileSync(join(dir, file), 'utf8').split('\n')
				.filter((line) => wanted.test(line)).map((line) => `${file}: ${line}`)).slice(0, 20)
		} catch {
			return []
		}
	}

	/** Sign in and keep the session under `name`. nginx lets ten sign-ins a second pass. */
	async login(name, username, password) {
		for (let i = 0; ; i++) {
			const reply = await this.call({ method: 'POST', path: '/auth/login', body: { username, password }, judge: i > 50 })
			if (reply.status === 429 && reply.headers.get('retry-after') === '1' && i < 50) {
				await sleep(250)
				continue
			}
			const token = /bp_session=([^;]+)/.exec(reply.headers.get('set-cookie') ?? '')?.[1]
			if (reply.status !== 200 || !token)
				throw new Error(`${username} cannot sign in: ${reply.status} ${reply.text}`)
			this.sessions.set(name, { token, csrf: reply.json.csrf, me: reply.json, password, proven: Date.now() })
			return reply
		}
	}

	/** Who signed in with a password more than ten minutes ago gives it again, as a person does who is asked for it (`proof_minutes`). */
	async proveAgain(password) {
		for (const [as, session] of this.sessions)
			if (session.password === password && Date.now() - session.proven > 600000) {
				session.proven = Date.now()
				await this.call({ as, method: 'POST', path: '/auth/proof', body: { password }, judge: false })
			}
	}
}
