// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled steps as data. A step is a request with what must come back:
//   { name, as, get|post|put|patch|delete|head|options: path, body|raw|headers|csrf, status, code, json, fields, header, save, check }
// {word} in a path and "{word}" in a body is a value that an earlier step saved; json is a subset of the reply, in which
// a RegExp matches a text, a function judges, and some(x) wants one matching element.

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']
export const some = (wanted) => ({ some: wanted, isSome: true })

/** Why `got` does not hold `wanted`, [] when it does. */
export function differs(wanted, got, at = '') {
	if (wanted instanceof RegExp)
		return wanted.test(String(got)) ? [] : [`${at || '/'} is ${JSON.stringify(got)}, not like ${wanted}`]
	if (typeof wanted === 'function')
		return wanted(got) ? [] : [`${at || '/'} is ${JSON.stringify(got)?.slice(0, 200)}, which ${wanted} refuses`]
	if (wanted?.isSome)
		return Array.isArray(got) && got.some((g) => !differs(wanted.some, g).length) ? []
			: [`${at || '/'} has no element like ${JSON.stringify(wanted.some)}: ${JSON.stringify(got)?.slice(0, 300)}`]
	if (Array.isArray(wanted))
		return Array.isArray(got) && got.length === wanted.length ? wanted.flatMap((w, i) => differs(w, got[i], `${at}/${i}`))
			: [`${at || '/'} is ${JSON.stringify(got)?.slice(0, 200)}, not ${wanted.length} elements`]
	if (wanted !== null && typeof wanted === 'object')
		return got !== null && typeof got === 'object' ? Object.entries(wanted).flatMap(([k, w]) => differs(w, got[k], `${at}/${k}`))
			: [`${at || '/'} is ${JSON.stringify(got)}, not an object`]
	return Object.is(wanted, got) ? [] : [`${at || '/'} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`]
}

const pointer = (value, path) => path.split('/').slice(1).reduce((v, key) => v?.[key], value)

/** Put saved values into a path or body. A text that is just "{word}" becomes the value itself, not its text. */
export function fill(value, saved) {
	if (typeof value === 'string') {
		const whole = /^\{(\w+)\}$/.exec(value)
		if (whole && whole[1] in saved)
			return saved[whole[1]]
		return value.replace(/\{(\w+)\}/g, (all, word) => word in saved ? String(saved[word]) : all)
	}
	if (Array.isArray(value))
		return value.map((v) => fill(v, saved))
	if (value !== null && typeof value === 'object' && !Buffer.isBuffer(value) && Object.getPrototypeOf(value) === Object.prototype)
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fill(v, saved)]))
	return value
}

/** Do one step; gives what was wrong. */
export async function perform(client, saved, step) {
	const method = METHODS.find((m) => step[m])
	const path = String(fill(step[method], saved))
	const reply = await client.call({ as: step.as ?? null, method: method.toUpperCase(), path, body: fill(step.body, saved), raw: step.raw,
		headers: fill(step.headers ?? {}, saved), csrf: step.csrf, judge: step.judge })
	const wrong = []
	const status = step.status ?? 200
	if (reply.status !== status)
		wrong.push(`${method} ${path}: status ${reply.status}, not ${status}: ${reply.text.slice(0, 400)}`)
	if (step.code && method !== 'head' && reply.json?.code !== step.code)
		wrong.push(`code ${reply.json?.code}, not ${step.code}`)
	if (step.json)
		wrong.push(...differs(fill(step.json, saved), reply.json))
	for (const at of step.fields ?? [])
		if (!reply.json?.fields?.some((f) => f.pointer === at))
			wrong.push(`${at} is not among the bad fields: ${JSON.stringify(reply.json?.fields)}`)
	for (const [name, wanted] of Object.entries(step.header ?? {}))
		if (wanted === null ? reply.headers.has(name) : !new RegExp(wanted).test(reply.headers.get(name) ?? ''))
			wrong.push(`header ${name} is ${reply.headers.get(name)}, not like ${wanted}`)
	if (step.check)
		wrong.push(...[await step.check(reply, saved)].flat(Infinity).filter(Boolean))
	for (const [word, at] of Object.entries(step.save ?? {}))
		saved[word] = typeof at === 'function' ? at(reply) : pointer(reply.json, at)
	return wrong
}
