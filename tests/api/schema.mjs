// SPDX-License-Identifier: GPL-3.0-or-later
// A checker for the part of JSON Schema that lib/base/shape.c prints. unknownKeywords() fails the tests when the
// document begins to use more than this file understands, so that nothing passes unchecked.

const known = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'maxItems', 'minLength', 'maxLength',
	'minimum', 'maximum', 'enum', 'anyOf', '$ref', 'description', 'format', 'examples'])
const formats = {
	date: /^\d{4}-\d\d-\d\d$/,
	'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
}
const typeOf = (v) => v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v
const isType = (v, t) => t === 'integer' ? Number.isInteger(v) : typeOf(v) === t

/** What is wrong with `value`: "/items/0/name: is no string", one text each. `doc` holds what $ref names. */
export function validate(doc, schema, value, at = '') {
	const wrong = (text) => [`${at || '/'}: ${text}`]

	if (schema.$ref) {
		const target = schema.$ref.slice(2).split('/').reduce((node, key) => node?.[key], doc)
		return target ? validate(doc, target, value, at) : wrong(`${schema.$ref} is nowhere`)
	}
	if (schema.anyOf) {
		const tries = schema.anyOf.map((s) => validate(doc, s, value, at))
		return tries.some((t) => !t.length) ? [] : tries[0]
	}
	if (schema.enum && !schema.enum.includes(value))
		return wrong(`${JSON.stringify(value)} is none of ${schema.enum.join(', ')}`)
	if (schema.type && ![schema.type].flat().some((t) => isType(value, t)))
		return wrong(`is ${typeOf(value)}, not ${schema.type}`)
	if (typeof value === 'string') {
		const bytes = Buffer.byteLength(value)
		if (bytes < (schema.minLength ?? 0) || bytes > (schema.maxLength ?? Infinity))
			return wrong(`has ${bytes} bytes, not ${schema.minLength}..${schema.maxLength}`)
		if (formats[schema.format] && !formats[schema.format].test(value))
			return wrong(`'${value}' is no ${schema.format}`)
	}
	if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
		return wrong(`${value} is not in ${schema.minimum}..${schema.maximum}`)
	if (Array.isArray(value)) {
		if (value.length > (schema.maxItems ?? Infinity))
			return wrong(`has ${value.length} elements, more than ${schema.maxItems}`)
		return schema.items ? value.flatMap((v, i) => validate(doc, schema.items, v, `${at}/${i}`)) : []
	}
	if (typeOf(value) === 'object') {
		const props = schema.properties ?? {}
		return [
			...(schema.required ?? []).filter((k) => !(k in value)).flatMap((k) => wrong(`lacks ${k}`)),
			...Object.entries(value).flatMap(([k, v]) => props[k] ? validate(doc, props[k], v, `${at}/${k}`)
				: schema.additionalProperties === false ? wrong(`has ${k}, which is not declared`) : []),
		]
	}
	return []
}

/** Schema keywords of the document that validate() does not know. */
export function unknownKeywords(doc) {
	const found = new Set()
	const visit = (schema) => {
		for (const key of Object.keys(schema))
			known.has(key) || found.add(key)
		for (const sub of Object.values(schema.properties ?? {}))
			visit(sub)
		for (const sub of [schema.items ?? [], schema.anyOf ?? []].flat())
			visit(sub)
	}
	for (const schema of Object.values(doc.components.schemas))
		visit(schema)
	return [...found].map((key) => `keyword ${key}`)
}
