// SPDX-License-Identifier: GPL-3.0-or-later
// Saved mappings: from the columns of one file to names, and from names to the columns of the next file.  Pure.

/** @typedef {{source: string, target: string, transform: string | null, default: string | null}} Entry source is a header text */
/** @typedef {{id: number, name: string, entity: string, version: number, mapping: Entry[], createdBy: string | null, createdAt: string}} Schema */
/** @typedef {{source: number, target: string | null, transform?: string | null, default?: string | null}} Mapping */
/** @typedef {{index: number, name: string, target: string | null}} Column */

/** Header texts are the same whatever their case and spaces. @param {string} s */
const plain = (s) => s.trim().toLowerCase().replace(/[\s_]+/g, ' ')

/** What can be kept: columns without a name cannot be found again. @param {Column[]} columns @param {Mapping[]} mapping @returns {Entry[]} */
export const entriesOf = (columns, mapping) => columns.filter((c) => c.target && c.name.trim()).map((c) => {
	const m = mapping.find((x) => x.source === c.index)
	return { source: c.name, target: /** @type {string} */ (c.target), transform: m?.transform ?? null, default: m?.default ?? null }
})

/** @param {Schema} schema @param {Column[]} columns @returns {{mapping: Mapping[], missing: string[]}} missing: header texts that this file has not */
export function applySchema(schema, columns) {
	const at = new Map(columns.map((c) => [plain(c.name), c.index]))
	/** @type {Map<number, Entry>} */
	const taken = new Map()
	const missing = []
	for (const e of schema.mapping) {
		const i = at.get(plain(e.source))
		if (i === undefined)
			missing.push(e.source)
		else
			taken.set(i, e)
	}
	return { missing, mapping: columns.map((c) => {
		const e = taken.get(c.index)
		return { source: c.index, target: e?.target ?? null, ...(e?.transform ? { transform: e.transform } : {}), ...(e?.default ? { default: e.default } : {}) }
	}) }
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

/** Does the file read as the schema says already? @param {Schema} schema @param {Column[]} columns */
export const inUse = (schema, columns) => {
	const { mapping, missing } = applySchema(schema, columns)
	return !missing.length && mapping.every((m) => m.target === (columns.find((c) => c.index === m.source)?.target ?? null))
}
