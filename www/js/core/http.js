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
/**
 * @typedef {object} Options
 * @property {Record<string, unknown>} [query]  empty values are left out
 * @property {unknown} [body]  sent as JSON, or as it is when a Blob
 * @property {AbortSignal} [signal]
 * @property {(part: number) => void} [onprogress]  share of an upload that was sent
 */

export const base = '/api/v1'
let csrf = ''
/** @type {() => void} */
let lost = () => {}
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

/** @param {unknown} e @returns {Problem} */
const offline = (e) => ({
	code: e instanceof DOMException && e.name === 'AbortError' ? 'ERR_ABORTED' : 'ERR_NET', status: 0,
	message: t('The server does not answer'), detail: t('Check the network and try again; nothing was lost.'),
})

/** @param {number} status @param {any} body @param {string | null} retry @returns {Problem} */
function problem(status, body, retry) {
	const p = body && typeof body === 'object' && body.code ? body
		: { code: 'ERR_HTTP_' + status, message: t('The server answered with {status}', { status }), detail: null }
	return { ...p, status, ...(retry ? { retryAfter: Number(retry) } : {}) }
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
	const headers = { Accept: 'application/json', 'X-Correlation-Id': uuid() }
	if (method !== 'GET')
		headers['X-CSRF-Token'] = csrf
	const blob = o.body instanceof Blob
	if (o.body !== undefined)
		headers['Content-Type'] = blob ? /** @type {Blob} */ (o.body).type || 'application/octet-stream' : 'application/json'
	if (blob && o.onprogress)
		return send(method, url, headers, /** @type {Blob} */ (o.body), o)
	const cached = method === 'GET' ? seen.get(url) : undefined
	if (cached)
		headers['If-None-Match'] = cached.etag
	let reply
	try {
		reply = await fetch(url, {
			method, headers, credentials: 'same-origin', signal: o.signal ?? null, cache: 'no-store',
			body: o.body === undefined ? null : blob ? /** @type {Blob} */ (o.body) : JSON.stringify(o.body),
		})
	} catch (e) {
		return [null, offline(e)]
	}
	if (reply.status === 304 && cached)
		return [cached.data, null]
	return finish(reply.status, await reply.text(), reply.headers, method === 'GET' ? url : '')
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
		if (status === 401 && data?.code !== 'ERR_AUTH_003')
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

/**
 * An upload with progress: fetch has none.
 * @param {string} method @param {string} url @param {Record<string, string>} headers @param {Blob} body @param {Options} o
 * @returns {Promise<Answer<any>>}
 */
function send(method, url, headers, body, o) {
	return new Promise((done) => {
		const x = new XMLHttpRequest()
		x.open(method, url)
		for (const [k, v] of Object.entries(headers))
			x.setRequestHeader(k, v)
		x.upload.onprogress = (e) => o.onprogress?.(e.lengthComputable && e.total ? e.loaded / e.total : 0)
		x.onload = () => done(finish(x.status, x.responseText, { get: (n) => x.getResponseHeader(n) }, ''))
		x.onerror = () => done([null, offline(null)])
		x.onabort = () => done([null, offline(new DOMException('', 'AbortError'))])
		o.signal?.addEventListener('abort', () => x.abort())
		x.send(body)
	})
}
