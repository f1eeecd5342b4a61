// SPDX-License-Identifier: GPL-3.0-or-later
// Translations: `node www/tools/po.mjs` makes www/gen/locale/LANG.json from po/LANG.po (no gettext needed);
// `node www/tools/po.mjs update` extracts the strings anew with xgettext and merges them into each po file;
// `node www/tools/po.mjs check` fails when a language is not complete.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** @returns {{ctx: string | null, id: string, plural: string | null, str: string[], fuzzy: boolean}[]} */
export function parsePo(text) {
	const out = []
	let e = null, field = null
	const begin = () => {
		if (!e || e.done)
			e = { ctx: null, id: '', plural: null, str: [], fuzzy: false, done: false }
	}
	const end = () => {
		if (e && e.str.length)
			out.push(e)
		e = field = null
	}
	for (const line of text.split('\n')) {
		if (!line.trim()) {
			end()
			continue
		}
		if (line.startsWith('#')) {
			begin()
			if (line.startsWith('#,') && line.includes('fuzzy'))
				e.fuzzy = true
			if (line.startsWith('#~'))
				e = null
			continue
		}
		const m = line.match(/^(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)?\s*"(.*)"$/)
		if (!m)
			continue
		begin()
		const value = m[3].replace(/\\(.)/g, (_, c) => ({ n: '\n', t: '\t' })[c] ?? c)
		if (m[1])
			field = m[1].startsWith('msgstr') ? Number(m[2] ?? 0) : m[1]
		if (field === 'msgctxt')
			e.ctx = (e.ctx ?? '') + value
		else if (field === 'msgid')
			e.id += value
		else if (field === 'msgid_plural')
			e.plural = (e.plural ?? '') + value
		else
			e.str[field] = (e.str[field] ?? '') + value
	}
	end()
	return out
}

/** What the browser reads: source text (with context) to text, or to the plural forms. */
export function toMessages(entries) {
	const out = {}
	for (const e of entries)
		if (e.id && !e.fuzzy && e.str.every(Boolean))
			out[e.ctx === null ? e.id : e.ctx + '\u0004' + e.id] = e.plural === null ? e.str[0] : e.str
	return out
}

const languages = () => readdirSync(join(root, 'po')).filter((f) => f.endsWith('.po')).map((f) => f.slice(0, -3))

/** Holes of a translation must be those of the source. */
const holes = (s) => [...s.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort().join()

function update() {
	const po = join(root, 'po'), pot = join(po, 'beatplan.pot')
	const files = readFileSync(join(po, 'POTFILES'), 'utf8').split('\n').filter((l) => l && !l.startsWith('#'))
	const common = ['--from-code=UTF-8', '--no-location', '--sort-output', '--package-name=beatplan', '-o', pot, '-D', root]
	execFileSync('xgettext', [...common, '-L', 'JavaScript', '-kt', '-ktn:1,2', '-ktc:1c,2', ...files.filter((f) => f.endsWith('.js'))], { stdio: 'inherit' })
	execFileSync('xgettext', [...common, '-j', '-L', 'C', '-kN_', '-kPARAM:8', ...files.filter((f) => !f.endsWith('.js'))], { stdio: 'inherit' })
	// The day of extraction would change the file each time.
	writeFileSync(pot, readFileSync(pot, 'utf8').replace(/"POT-Creation-Date:.*\n/, ''))
	for (const l of languages())
		execFileSync('msgmerge', ['--update', '--backup=none', '--quiet', '--no-fuzzy-matching', join(po, l + '.po'), pot], { stdio: 'inherit' })
}

function make() {
	const out = join(root, 'www', 'gen', 'locale')
	mkdirSync(out, { recursive: true })
	for (const l of languages())
		writeFileSync(join(out, l + '.json'), JSON.stringify(toMessages(parsePo(readFileSync(join(root, 'po', l + '.po'), 'utf8')))))
}

function check() {
	let bad = 0
	const complain = (...words) => {
		console.error(...words)
		bad = 1
	}
	const listed = new Set(readFileSync(join(root, 'po', 'POTFILES'), 'utf8').split('\n'))
	for (const f of readdirSync(join(root, 'www', 'js'), { recursive: true }).map((x) => 'www/js/' + x).filter((x) => x.endsWith('.js')))
		if (!listed.has(f))
			complain(`po/POTFILES does not name ${f}`)
	const source = parsePo(readFileSync(join(root, 'po', 'beatplan.pot'), 'utf8').replaceAll('msgstr ""', 'msgstr "x"').replaceAll(/msgstr\[(\d)\] ""/g, 'msgstr[$1] "x"')).filter((e) => e.id)
	for (const l of languages()) {
		const entries = parsePo(readFileSync(join(root, 'po', l + '.po'), 'utf8'))
		const messages = toMessages(entries)
		for (const e of source)
			if (!((e.ctx === null ? e.id : e.ctx + '\u0004' + e.id) in messages))
				complain(`${l}: not translated: ${JSON.stringify(e.id)}`)
		for (const e of entries)
			for (const s of e.str)
				if (e.id && s && holes(s) !== holes(e.plural ?? e.id) && holes(s) !== holes(e.id))
					complain(`${l}: other holes: ${JSON.stringify(e.id)} -> ${JSON.stringify(s)}`)
	}
	process.exitCode = bad
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
	({ update, check })[process.argv[2]]?.() ?? make()
