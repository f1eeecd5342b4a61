// SPDX-License-Identifier: GPL-3.0-or-later
// Mappings: which column feeds which field, and how.  Saved ones go from the columns of one file to names, and from names to
// the columns of the next file.  Pure.

/** @typedef {{kind: string, pattern?: string, replacement?: string, decimal?: string, group?: string, table?: {from: string, to: string}[], default?: string | null, part?: string, order?: string, columns?: (number | string)[], separator?: string}} Step columns are numbers in a file's mapping, header texts in a saved one */
/** @typedef {{source: string, target: string, transform?: string | null, transforms: Step[] | null, default: string | null, reading?: string | null}} Entry source is a header text, '' for what is the same in each row */
/** @typedef {{id: number, name: string, entity: string, version: number, mapping: Entry[], createdBy: string | null, createdAt: string}} Schema */
/** @typedef {{source: number, target: string | null, transforms?: Step[] | null, default?: string | null, reading?: string | null, confidence?: number, reason?: string | null}} Mapping */
/** @typedef {{index: number, name: string, target: string | null}} Column */

/** Header texts are the same whatever their case and spaces. @param {string} s */
const plain = (s) => s.trim().toLowerCase().replace(/[\s_]+/g, ' ')

/** Without what is empty. @param {Partial<Mapping>} m */
const extras = (m) => ({ ...(m.transforms?.length ? { transforms: m.transforms } : {}), ...(m.default ? { default: m.default } : {}), ...(m.reading ? { reading: m.reading } : {}) })

/** As it is sent: without confidence and reason. @param {Mapping[]} mapping @returns {Mapping[]} */
export const toSend = (mapping) => mapping.map((m) => ({ source: m.source, target: m.target, ...extras(m) }))

/** Latitude and longitude may share a column. @param {string | null} a @param {string | null} b */
const shares = (a, b) => (a === 'lat' && b === 'lon') || (a === 'lon' && b === 'lat')

/**
 * One column for each field: taking it here gives it up there.
 * @param {Mapping[]} mapping @param {string} target @param {number | null} source null = not in this file
 */
export function setSource(mapping, target, source) {
	const old = mapping.find((m) => m.target === target)
	const rest = mapping.filter((m) => m.target !== target && (source === null || m.source !== source || shares(m.target, target)))
	if (source !== null)
		return [...rest, { ...extras(old ?? {}), target, source }]
	return old?.default ? [...rest, { target, source: -1, default: old.default }] : rest
}

/** What is done with the texts of a field. @param {Mapping[]} mapping @param {string} target @param {{transforms?: Step[] | null, default?: string | null, reading?: string | null}} change */
export function setExtras(mapping, target, change) {
	if (!mapping.some((m) => m.target === target))
		return change.default ? [...mapping, { target, source: -1, default: change.default }] : mapping
	return mapping.map((m) => (m.target === target ? { ...m, ...change } : m)).filter((m) => m.source >= 0 || m.default)
}

/** What can be kept: columns without a name cannot be found again. @param {Column[]} columns @param {Mapping[]} mapping @returns {Entry[]} */
export function entriesOf(columns, mapping) {
	const name = (/** @type {number | string} */ i) => columns.find((c) => c.index === i)?.name ?? ''
	return mapping.filter((m) => m.target && (m.source < 0 || name(m.source).trim())).map((m) => ({
		source: m.source < 0 ? '' : name(m.source), target: /** @type {string} */ (m.target),
		transforms: m.transforms?.map((s) => (s.columns ? { ...s, columns: s.columns.map(name) } : s)) ?? null,
		default: m.default ?? null, reading: m.reading ?? null,
	}))
}

/** @param {Schema} schema @param {Column[]} columns @returns {{mapping: Mapping[], missing: string[]}} missing: header texts that this file has not */
export function applySchema(schema, columns) {
	const at = new Map(columns.map((c) => [plain(c.name), c.index]))
	/** @type {Mapping[]} */
	const mapping = []
	/** @type {string[]} */
	const missing = []
	for (const e of schema.mapping) {
		const source = e.source === '' ? -1 : at.get(plain(e.source))
		if (source === undefined) {
			missing.push(e.source)
			continue
		}
		/** @type {Step[]} */
		const steps = []
		for (const s of e.transforms ?? (e.transform ? [{ kind: e.transform }] : [])) {
			const found = s.columns?.map((c) => at.get(plain(String(c)))).filter((c) => c !== undefined)
			if (!found || found.length)
				steps.push(found ? { ...s, columns: /** @type {number[]} */ (found) } : s)
		}
		mapping.push({ source, target: e.target, ...extras({ transforms: steps, default: e.default, reading: e.reading ?? null }) })
	}
	return { missing, mapping }
}

/** The newest version of each name, for one kind of file, by name. @param {Schema[]} all @param {string | null | undefined} entity */
export function newest(all, entity) {
	/** @type {Map<string, Schema>} */
	const out = new Map()
	for (const s of all)
		if (s.entity === entity && s.version >= (out.get(s.name)?.version ?? 0))
			out.set(s.name, s)
	return [...out.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** Does the file read as the schema says already? @param {Schema} schema @param {Column[]} columns @param {Mapping[]} now */
export const inUse = (schema, columns, now) => {
	const { mapping, missing } = applySchema(schema, columns)
	const key = (/** @type {Mapping[]} */ list) => JSON.stringify(toSend(list.filter((m) => m.target)).map((m) => JSON.stringify(m)).sort())
	return !missing.length && key(mapping) === key(now)
}

/** The key when a column is ticked or not: the code stands alone, and is what is left when nothing else is.
 * @param {string[]} match @param {string} name @param {boolean} on @returns {string[]} */
export const keyWith = (match, name, on) => {
	const rest = match.filter((m) => m !== name && m !== 'code')
	const now = on && name !== 'code' ? [...rest, name] : on ? [] : rest
	return now.length ? now : ['code']
}
