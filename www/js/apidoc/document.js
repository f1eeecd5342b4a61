// SPDX-License-Identifier: GPL-3.0-or-later
// The OpenAPI document as the screen reads it: operations, their fields, examples.  Pure.

/** @typedef {Record<string, any>} Schema */
/** @typedef {{code: string, status: number, message: string}} Failure */
/** @typedef {{name: string, in: string, required: boolean, description?: string, example?: unknown, schema: Schema}} Parameter */
/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method
 * @property {string} path
 * @property {string} tag
 * @property {string} summary
 * @property {string} scope
 * @property {string} [permission]
 * @property {boolean} deprecated
 * @property {string} [sunset]
 * @property {string} [unkeyed]  why it takes no Idempotency-Key, of a change that takes none
 * @property {boolean} open  nobody needs to be signed in
 * @property {boolean} person  only a person in a browser
 * @property {Parameter[]} parameters
 * @property {{media: string, schema: Schema} | null} body
 * @property {{status: number, media: string, schema: Schema} | null} reply
 * @property {number} status of success
 * @property {Failure[]} failures
 * @property {string} words  what the search looks through
 */
/** @typedef {{key: string, name: string, depth: number, type: string, limits: string[], required: boolean, nullable: boolean, deprecated: boolean, description: string, inner: boolean}} Field */

/** @param {any} content */
const media = (content) => {
	const [type] = Object.keys(content ?? {})
	return type ? { media: type, schema: content[type].schema } : null
}

/** @param {any} doc @returns {Operation[]} in the order of the document */
export const operationsOf = (doc) => Object.entries(doc.paths).flatMap(([path, item]) => Object.entries(/** @type {Record<string, any>} */ (item)).map(([method, o]) => {
	const success = Object.keys(o.responses).find((s) => s < '300') ?? '200'
	const reply = media(o.responses[success]?.content)
	const failures = Object.entries(/** @type {Record<string, any>} */ (o.responses)).filter(([s]) => s >= '300').flatMap(([s, r]) => r.description.split(/; (?=ERR_)/)
		.map((/** @type {string} */ text) => ({ code: text.split(' ')[0], status: Number(s), message: text.slice(text.indexOf(' ') + 1) })))
	const security = o.security ?? doc.security ?? []
	return {
		id: o.operationId, method: method.toUpperCase(), path, tag: o.tags[0].replaceAll('_', ' '), summary: o.summary, scope: o['x-scope'], permission: o['x-permission'],
		deprecated: !!o.deprecated, sunset: o['x-sunset'], unkeyed: o['x-no-idempotency-key'], open: !security.length, person: !!security.length && security.every((/** @type {any} */ s) => 'session' in s),
		parameters: o.parameters ?? [], body: media(o.requestBody?.content), reply: reply && { status: Number(success), ...reply }, status: Number(success), failures,
		words: [method, path, o.operationId, o.tags[0], o.summary, o['x-permission'] ?? '', ...failures.map((f) => f.code)].join(' ').toLowerCase(),
	}
}))

/** Every word must be found somewhere. @param {Operation[]} all @param {string} text */
export function found(all, text) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean)
	return all.filter((o) => words.every((w) => o.words.includes(w)))
}

/** Behind references, and beside null. @param {any} doc @param {Schema} schema @returns {{schema: Schema, nullable: boolean}} */
export function plain(doc, schema) {
	let nullable = false, s = schema
	for (let i = 0; i < 8; i++) {
		if (s.$ref) {
			s = doc.components.schemas[s.$ref.split('/').pop()] ?? {}
		} else if (s.anyOf) {
			nullable ||= s.anyOf.some((/** @type {Schema} */ x) => x.type === 'null')
			s = s.anyOf.find((/** @type {Schema} */ x) => x.type !== 'null') ?? {}
		} else {
			break
		}
	}
	if (Array.isArray(s.type))
		return { schema: { ...s, type: s.type.find((x) => x !== 'null') }, nullable: nullable || s.type.includes('null') }
	return { schema: s, nullable }
}

/** @param {any} doc @param {Schema} schema */
export function typeOf(doc, schema) {
	const { schema: s } = plain(doc, schema)
	const name = (/** @type {Schema} */ x) => (x.format ? `${x.type} (${x.format})` : x.type ?? 'any')
	return s.type === 'array' ? `array of ${s.items ? name(plain(doc, s.items).schema) : 'any'}` : name(s)
}

/** Ids go up to a number that nothing reaches: no limit worth a word. */
const ENDLESS = 9e15
/** @param {any} doc @param {Schema} schema @returns {string[]} */
export function limitsOf(doc, schema) {
	const { schema: s } = plain(doc, schema), out = []
	if (s.enum)
		out.push(s.enum.join(' | '))
	if (s.minimum !== undefined)
		out.push(s.maximum === undefined || s.maximum >= ENDLESS ? `≥ ${s.minimum}` : s.minimum <= -ENDLESS ? `≤ ${s.maximum}` : `${s.minimum} … ${s.maximum}`)
	if (s.maxLength !== undefined)
		out.push(`length ${s.minLength ?? 0} … ${s.maxLength}`)
	if (s.maxItems !== undefined)
		out.push(`items 0 … ${s.maxItems}`)
	return out
}

/** The object whose fields stand below a field: itself, or what its list holds. @param {any} doc @param {Schema} schema @returns {Schema | null} */
const innerOf = (doc, schema) => {
	const { schema: s } = plain(doc, schema)
	if (s.properties)
		return s
	return s.type === 'array' && s.items ? innerOf(doc, s.items) : null
}

/**
 * The rows of the table of fields; those below a folded one are left out.
 * @param {any} doc @param {Schema} schema @param {(key: string) => boolean} unfolded
 * @param {string} [at] @param {number} [depth] @returns {Field[]}
 */
export function fieldsOf(doc, schema, unfolded, at = '', depth = 0) {
	const object = innerOf(doc, schema)
	return Object.entries(/** @type {Record<string, Schema>} */ (object?.properties ?? {})).flatMap(([name, s]) => {
		const key = `${at}/${name}`, inner = innerOf(doc, s)
		const field = {
			key, name, depth, type: typeOf(doc, s), limits: limitsOf(doc, s), required: !!object?.required?.includes(name), nullable: plain(doc, s).nullable, deprecated: !!s.deprecated,
			description: s.description ?? '', inner: !!inner,
		}
		return inner && unfolded(key) ? [field, ...fieldsOf(doc, inner, unfolded, key, depth + 1)] : [field]
	})
}

/** The example that the document gives of a schema. @param {any} doc @param {Schema} schema @returns {any} */
export const example = (doc, schema) => plain(doc, schema).schema.examples?.[0] ?? null

/** For the shell: nothing in it has a meaning. @param {string} s */
const quoted = (s) => `'${s.replaceAll("'", "'\\''")}'`

/** @param {any} doc @param {Operation} o @param {string} base  where the interface is */
export function curl(doc, o, base) {
	const path = o.path.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(String(o.parameters.find((p) => p.in === 'path' && p.name === name)?.example)))
	const query = o.parameters.filter((p) => p.in === 'query' && p.required).map((p) => `${p.name}=${encodeURIComponent(String(p.example))}`).join('&')
	const parts = [`curl ${o.method === 'GET' ? '' : o.method === 'HEAD' ? '--head ' : `-X ${o.method} `}${quoted(base + path + (query && '?' + query))}`]
	if (!o.open)
		parts.push(`-H ${quoted('Authorization: Bearer bpk_YOUR_KEY')}`)
	if (o.body) {
		parts.push(`-H ${quoted('Content-Type: ' + o.body.media)}`)
		parts.push(o.body.media === 'application/json' ? `-d ${quoted(JSON.stringify(example(doc, o.body.schema)))}` : '--data-binary @FILE')
	}
	return parts.join(' \\\n  ')
}
