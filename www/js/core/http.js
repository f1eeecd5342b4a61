// SPDX-License-Identifier: GPL-3.0-or-later
// The one door to the server.  Every call answers [data, null] or [null, problem]: no call throws, so a page
// cannot forget the failing half.  Carries the CSRF token, a correlation id, and ETags of what was read before.
import { t } from './i18n.js'

/**
 * @typedef {object} Problem
 * @property {string} code  as in the server's error table, or ERR_NET for no answer
 * @property {number} status
 * @property {string} message
 * @property {string | null} detail
 * @property {{pointer: string, problem: string}[]} [fields]
 * @property {string} [correlationId]
 * @property {number} [retryAfter]  seconds
 */
/** @template T @typedef {[T, null] | [null, Problem]} Answer */
/** How much of a reply has come, and how much there will be, in bytes as the page reads them. @typedef {(came: number, all: number) => void} Tell */
/**
 * @typedef {object} Options
 * @property {Record<string, unknown>} [query]  empty values are left out
 * @property {unknown} [body]  sent as JSON
 * @property {AbortSignal} [signal]
 * @property {Tell} [tell]
 */

export const base = '/api/v1'
/** Pauses before a change is sent again that was not answered, milliseconds: under its key it is not made twice. */
const again = [300, 1000]
/** Seconds that a call waits in all when there were too many. */
const WAIT_MOST = 60
let csrf = ''
/** @type {() => void} */
let lost = () => {}
/** @type {() => Promise<boolean>} */
let prove = async () => false
/** @type {(wait: boolean) => void} */
let waits = () => {}
let waiting = 0
/** @type {Map<string, {etag: string, data: unknown}>} */
const seen = new Map()
const SEEN_MAX = 60

/** @param {string} token */
export const setCsrf = (token) => {
	csrf = token
}
/** What to do when the session is over. @param {() => void} f */
export const onSignedOut = (f) => {
	lost = f
}
/** How the person gives the password again when a call asks for that; false = not. @param {() => Promise<boolean>} f */
export const onProofWanted = (f) => {
	prove = f
}
/** How the person is told that calls wait, since there were too many, and that none does any more. @param {(wait: boolean) => void} f */
export const onWaiting = (f) => {
	waits = f
}
export const forget = () => seen.clear()

/** @param {Record<string, unknown>} [query] */
export function queryString(query) {
	const p = new URLSearchParams()
	for (const [k, v] of Object.entries(query ?? {}))
		if (v !== undefined && v !== null && v !== '' && v !== false)
			p.set(k, v === true ? '1' : String(v))
	const s = p.toString()
	return s ? '?' + s : ''
}

export const uuid = () => (crypto.randomUUID ? crypto.randomUUID()
	: [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join(''))

/** What a request that changes something carries. @returns {Record<string, string>} */
export const changeHeaders = () => ({ 'X-Correlation-Id': uuid(), 'X-CSRF-Token': csrf })

/** @param {unknown} e @returns {Problem} */
export const offline = (e) => ({
	code: e instanceof DOMException && e.name === 'AbortError' ? 'ERR_ABORTED' : 'ERR_NET', status: 0,
	message: t('The server does not answer'), detail: t('Check the network and try again; nothing was lost.'),
})

/** @param {number} status @param {any} body @param {string | null} retry @returns {Problem} */
export function problem(status, body, retry) {
	const p = body && typeof body === 'object' && body.code ? body
		: { code: 'ERR_HTTP_' + status, message: t('The server answered with {status}', { status }), detail: null }
	return { ...p, status, ...(retry ? { retryAfter: Number(retry) } : {}) }
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** The text of a reply, as it comes in. @param {Response} reply @param {Tell} [tell] */
async function textOf(reply, tell) {
	const all = Number(reply.headers.get('X-Plain-Length')), reader = tell && all ? reply.body?.getReader() : null
	if (!tell || !reader)
		return reply.text()
	const decoder = new TextDecoder()
	let text = '', came = 0
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		text += decoder.decode(part.value, { stream: true })
		tell(came += part.value.length, all)
	}
	return text + decoder.decode()
}

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {Options} [o]
 * @returns {Promise<Answer<any>>}
 */
export async function call(method, path, o = {}) {
	const url = base + path + queryString(o.query)
	/** @type {Record<string, string>} */
	const headers = { Accept: 'application/json', ...changeHeaders() }
	if (method === 'GET')
		delete headers['X-CSRF-Token']
	else
		headers['Idempotency-Key'] = uuid()
	if (o.body !== undefined)
		headers['Content-Type'] = 'application/json'
	const cached = method === 'GET' ? seen.get(url) : undefined
	if (cached)
		headers['If-None-Match'] = cached.etag
	/* What was refused for its number was not done; a sign-in is the person's to try again. */
	const repeats = method === 'GET' || !path.startsWith('/auth/')
	let reply, text = '', failed = null, waited = 0
	for (let tries = 0; ;)
		try {
			failed = null
			reply = await fetch(url, {
				method, headers, credentials: 'same-origin', signal: o.signal ?? null, cache: 'no-store',
				body: o.body === undefined ? null : JSON.stringify(o.body),
			})
			text = await textOf(reply, o.tell) // the connection can break in the midst of it too
			const seconds = Number(reply.headers.get('Retry-After'))
			if (reply.status !== 429 || !repeats || !seconds || waited + seconds > WAIT_MOST)
				break
			/* What passes within a second need not be told. */
			if (waited <= 1 && waited + seconds > 1 && !waiting++)
				waits(true)
			waited += seconds
			await pause(seconds * 1000)
		} catch (e) {
			failed = offline(e)
			if (method === 'GET' || !repeats || failed.code === 'ERR_ABORTED' || tries === again.length || globalThis.navigator?.onLine === false)
				break
			await pause(again[tries++])
		}
	if (waited > 1 && !--waiting)
		waits(false)
	if (failed || !reply)
		return [null, failed ?? offline(null)]
	if (reply.status === 304 && cached)
		return [cached.data, null]
	const answer = finish(reply.status, text, reply.headers, method === 'GET' ? url : '')
	return answer[1]?.code === 'ERR_AUTH_013' && await prove() ? call(method, path, o) : answer
}

/** @typedef {{status: number, correlationId: string, ms: number, type: string, text: string}} Reply */
/** What a GET answers, as it came: for who looks at the interface itself. @param {string} path @returns {Promise<[Reply, null] | [null, Problem]>} */
export async function look(path) {
	const sent = performance.now()
	try {
		const reply = await fetch(base + path, { headers: { Accept: 'application/json', 'X-Correlation-Id': uuid() }, credentials: 'same-origin', cache: 'no-store' })
		const text = await reply.text()
		return [{ status: reply.status, correlationId: reply.headers.get('X-Correlation-Id') ?? '', ms: performance.now() - sent, type: reply.headers.get('Content-Type') ?? '', text }, null]
	} catch (e) {
		return [null, offline(e)]
	}
}

/**
 * @param {number} status @param {string} text @param {{get(name: string): string | null}} headers
 * @param {string} url to remember under, or ''
 * @returns {Answer<any>}
 */
function finish(status, text, headers, url) {
	let data = null
	try {
		data = text ? JSON.parse(text) : null
	} catch {
		return [null, problem(status >= 400 ? status : 502, null, null)]
	}
	if (status >= 400) {
		/* A refused sign-in ends no session; what a role asks for first is shown on the account page. */
		if ((status === 401 && !/^ERR_AUTH_00[389]$/.test(data?.code)) || data?.code === 'ERR_AUTH_010')
			lost()
		return [null, problem(status, data, headers.get('Retry-After'))]
	}
	const etag = headers.get('ETag')
	if (url && etag) {
		seen.delete(url)
		seen.set(url, { etag, data })
		if (seen.size > SEEN_MAX)
			seen.delete(/** @type {string} */ (seen.keys().next().value))
	}
	return [data, null]
}
