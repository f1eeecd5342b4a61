// SPDX-License-Identifier: GPL-3.0-or-later
// Mapping with transforms, causes and fixes for all their rows, single cells, rejects that come back, what is remembered of a source.
import { differs, some } from './steps.mjs'
import { through, upload } from './40-import.mjs'

const csv = { 'Content-Type': 'text/csv' }
const HEAD = 'Kunden Nr;Shop;Strasse;Haus;Geo;Klasse;Seit;Takt;Umsatz'
/** 300 rows, of which some are wrong in ways that have one cause each. */
const rows = (stamp) => Array.from({ length: 300 }, (_, i) => {
	const lat = 18.5 + (i % 17) / 100, lon = 73.8 + (i % 13) / 100
	return [`M${stamp}-${i === 299 ? 298 : i}`, i % 50 === 7 ? '' : `Laden ${i}`, 'Hauptstr.', String(i), i % 10 === 3 ? `${lon}, ${lat}` : `${lat}, ${lon}`,
		i % 20 === 5 ? 'gld' : i % 20 === 6 ? 'slvr' : 'Gold', i === 250 ? '25/03/2024' : `0${1 + (i % 9)}/04/2024`, i % 3 ? 'F4' : 'F2', `1.${100 + i},50`].join(';')
})
const last = (saved, client) => client.call({ as: 'admin', path: `/import/sessions/${saved.map}` })

async function* all({ client, saved }) {
	const stamp = Date.now().toString(36)
	const file = (head = HEAD, list = rows(stamp)) => head + '\n' + list.join('\n') + '\n'

	yield { name: 'a session', as: 'admin', post: '/import/sessions', body: { name: 'mapping' }, save: { map: '/id' } }
	yield { name: 'a file that needs some help', run: async () => {
		const r = await upload(client, saved.map, `kunden-${stamp}.csv`, file(), '&entity=outlets')
		saved.mapFile = r.json?.id
		return differs({ entity: 'outlets', mapping: some({ target: 'code', source: 0 }) }, r.json)
	} }
	const mapping = (more = {}) => [{ source: 0, target: 'code' }, { source: 1, target: 'name', transforms: [{ kind: 'UPPER' }] },
		{ source: 2, target: 'address', transforms: [{ kind: 'CONCAT', columns: [3], separator: ' ' }] },
		{ source: 4, target: 'lat', transforms: [{ kind: 'SPLIT_LATLON', part: 'LAT', order: 'LATLON' }] },
		{ source: 4, target: 'lon', transforms: [{ kind: 'SPLIT_LATLON', part: 'LON', order: 'LATLON' }] }, { source: 5, target: 'tier' },
		{ source: 6, target: 'since' }, { source: 7, target: 'frequency', ...more }, { source: -1, target: 'country', default: `Mapland ${stamp}` },
		{ source: 8, target: 'sales_volume', transforms: [{ kind: 'NUMBER_LOCALE', decimal: ',', group: '.' }] }]
	for (const [name, transforms] of [['an unknown step', [{ kind: 'SHOUT' }]], ['a pattern that is none', [{ kind: 'REGEX', pattern: 'a(' }]], ['a column that is none', [{ kind: 'CONCAT', columns: [99] }]], ['no list', { kind: 'UPPER' }]])
		yield { name: `a mapping with ${name}`, as: 'admin', patch: '/import/files/{mapFile}', body: { mapping: [{ source: 0, target: 'code', transforms }] }, status: 422, fields: ['/mapping'] }
	yield { name: 'a mapping with transforms', as: 'admin', patch: '/import/files/{mapFile}', body: { mapping: mapping() }, json: { mapping: some({ target: 'address', transforms: [{ kind: 'CONCAT', columns: [3], separator: ' ' }] }) } }
	yield { name: 'what is uncertain is asked, what the rows decide is told', as: 'admin', get: '/import/files/{mapFile}/preview', json: { missing: [], memory: null,
		asks: some({ target: 'frequency', value: 'F2', readings: '2 visits in 4 weeks, or one visit every 2 weeks' }) } }
	yield { name: 'a mapping is tried on three values', as: 'admin', post: '/import/files/{mapFile}/try', body: { source: 8, target: 'sales_volume', transforms: [{ kind: 'NUMBER_LOCALE', decimal: ',', group: '.' }] },
		json: { samples: [{ before: '1.100,50', after: '1100.50', problem: null }, { before: '1.101,50', after: '1101.50' }, {}] } }
	yield { name: 'and says what is wrong with them', as: 'admin', post: '/import/files/{mapFile}/try', body: { source: 5, target: 'tier', transforms: [{ kind: 'LOOKUP', table: [{ from: 'slvr', to: 'Silver' }] }] },
		json: { samples: some({ before: 'gld', after: null, problem: /table/ }) } }
	yield { name: 'or with the steps', as: 'admin', post: '/import/files/{mapFile}/try', body: { source: 5, target: 'tier', transforms: [{ kind: 'REGEX', pattern: '(' }] }, status: 422, fields: ['/transforms'] }
	yield { name: 'of a file that is not there', as: 'admin', post: '/import/files/987654321/try', body: { source: 0, target: 'code' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the frequency is chosen', as: 'admin', patch: '/import/files/{mapFile}', body: { mapping: mapping({ reading: 'SECOND' }) } }
	yield { name: 'and not asked again', as: 'admin', get: '/import/files/{mapFile}/preview', json: { asks: (a) => !a.some((x) => x.target === 'frequency') } }
	yield { name: 'no causes before the check', as: 'admin', get: '/import/sessions/{map}/causes', json: { items: [], fixes: [] } }
	yield { name: 'nor anything to mend', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'COORD_SWAPPED', column: 'lat', kind: 'SWAP' }, status: 422, fields: ['/rule'] }
	yield { name: 'check it', run: () => through(client, saved.map, 'validate') }
	yield { name: 'one date of the whole file decides the order of all', as: 'admin', get: '/import/files/{mapFile}/preview', json: { dates: [{ target: 'since', dayFirst: 1, monthFirst: 0, reading: 'FIRST', whole: true }], asks: [] } }
	yield { name: 'causes with their fixes and words', as: 'admin', get: '/import/sessions/{map}/causes', json: { items: (l) =>
		!differs({ x: some({ rule: 'COORD_SWAPPED', column: 'lat', count: 30, fixes: some({ kind: 'SWAP' }) }) }, { x: l }).length
		&& !differs({ x: some({ rule: 'UNKNOWN_WORD', column: 'tier', count: 30, values: [{ value: 'gld', count: 15 }, { value: 'slvr', count: 15 }] }) }, { x: l }).length
		&& !differs({ x: some({ rule: 'REQUIRED', column: 'name', count: 6, fixes: some({ kind: 'FILL', value: true }) }) }, { x: l }).length
		&& !differs({ x: some({ rule: 'DUPLICATE', count: 1, fixes: some({ kind: 'LAST' }) }) }, { x: l }).length && !l.some((c) => c.rule === 'AMBIGUOUS') } }
	yield { name: 'a fix that does not suit', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'COORD_SWAPPED', column: 'lat', kind: 'FILL', to: 'x' }, status: 422, fields: ['/kind'] }
	yield { name: 'a fix without its value', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'UNKNOWN_WORD', column: 'tier', kind: 'VALUE', from: 'gld' }, status: 422, fields: ['/to'] }
	yield { name: 'a fix with a value that is none', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'UNKNOWN_WORD', column: 'tier', kind: 'VALUE', from: 'gld', to: 'purple' }, status: 422, fields: ['/to'] }
	yield { name: 'a fix of a session that is not there', as: 'admin', post: '/import/sessions/987654321/fixes', body: { rule: 'REQUIRED', column: 'name', kind: 'FILL', to: 'x' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'five rows before and after', as: 'admin', post: '/import/sessions/{map}/fixes/preview', body: { rule: 'COORD_SWAPPED', column: 'lat', kind: 'SWAP' },
		json: { items: [{ row: 5, before: '73.830000, 18.530000', after: '18.530000, 73.830000', problem: null }, {}, {}, {}, {}] } }
	yield { name: 'what is rejected now and would not be', as: 'admin', post: '/import/sessions/{map}/fixes/preview', body: { rule: 'REQUIRED', column: 'name', kind: 'FILL', to: 'Unnamed' },
		json: { items: (l) => l.length === 5 && l.every((r) => r.rejectedBefore && !r.rejectedAfter && r.after === 'Unnamed') } }
	yield { name: 'across rows too', as: 'admin', post: '/import/sessions/{map}/fixes/preview', body: { rule: 'DUPLICATE', column: 'code', kind: 'LAST' }, json: { items: [{ rejectedBefore: true, rejectedAfter: false }] } }
	yield { name: 'a preview of nothing', as: 'admin', post: '/import/sessions/987654321/fixes/preview', body: { rule: 'REQUIRED', column: 'name', kind: 'FILL', to: 'x' }, status: 404, code: 'ERR_DATA_003' }
	for (const body of [{ rule: 'COORD_SWAPPED', column: 'lat', kind: 'SWAP' }, { rule: 'UNKNOWN_WORD', column: 'tier', kind: 'VALUE', from: 'gld', to: 'Gold' }, { rule: 'REQUIRED', column: 'name', kind: 'FILL', to: 'Unnamed' }])
		yield { name: `mend ${body.rule}`, as: 'admin', post: '/import/sessions/{map}/fixes', body, json: { items: some({ rule: body.rule, kind: body.kind, remembered: true }) } }
	yield { name: 'one for this import only', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'DUPLICATE', column: 'code', kind: 'LAST', once: true }, json: { items: some({ kind: 'LAST', remembered: false }) } }
	yield { name: 'a new check is asked for', as: 'admin', get: '/import/sessions/{map}', json: { status: 'UPLOADING' } }
	yield { name: 'check again', run: () => through(client, saved.map, 'validate') }
	yield { name: 'the causes are gone, the fixes say how many rows they mended', as: 'admin', get: '/import/sessions/{map}/causes', json: { items: (l) => !l.some((c) => ['COORD_SWAPPED', 'REQUIRED'].includes(c.rule)) && l.find((c) => c.rule === 'UNKNOWN_WORD').count === 15,
		fixes: (l) => l.length === 4 && !differs({ x: some({ kind: 'SWAP', rows: 30 }) }, { x: l }).length && !differs({ x: some({ kind: 'VALUE', rows: 15 }) }, { x: l }).length && !differs({ x: some({ kind: 'FILL', rows: 6 }) }, { x: l }).length && !differs({ x: some({ kind: 'LAST', rows: 1 }) }, { x: l }).length },
		save: { fix: (r) => r.json.fixes.find((f) => f.kind === 'FILL').id } }
	yield { name: 'all rows are accounted for', run: async () => differs({ status: 'READY', counts: { read: 300, rejected: 0, duplicate: 1 } }, (await last(saved, client)).json) }
	yield { name: 'the last row of a key was kept', as: 'admin', get: '/import/sessions/{map}/issues?rule=DUPLICATE', json: { items: [{ row: 300, suggestion: 'kept: line 301' }] } }
	yield { name: 'take one back', as: 'admin', delete: '/import/fixes/{fix}' }
	yield { name: 'once', as: 'admin', delete: '/import/fixes/{fix}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'check again', run: () => through(client, saved.map, 'validate') }
	yield { name: 'its rows are wrong again', run: async () => differs({ counts: { rejected: 6 } }, (await last(saved, client)).json) }

	yield { name: 'the columns are profiled', as: 'admin', get: '/import/files/{mapFile}/profiles', json: { items: (l) => l.length === 9
		&& !differs({ name: 'Klasse', target: 'tier', profile: { rows: 300, filled: 300, distinct: 3, top: [{ value: 'Gold', n: 270 }, {}, {}] } }, l[5]).length
		&& !differs({ target: 'name', profile: { filled: 294 } }, l[1]).length && !differs({ profile: { numbers: 300, most: '299' } }, l[3]).length } }
	yield { name: 'of a file that is not there', as: 'admin', get: '/import/files/987654321/profiles', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the rows kept out, with their cells', as: 'admin', get: '/import/files/{mapFile}/rows?severity=error&limit=5', json: { columns: (c) => c[0] === 'code' && c[1] === 'name', next: /./,
		items: (l) => l.length === 5 && l[0].row === 9 && l[0].cells[1] === '' && l[0].cells[2] === 'Hauptstr. 7' && l[0].issues.some((x) => x.rule === 'REQUIRED' && x.column === 'name') }, save: { after: '/next' } }
	yield { name: 'the rest of them', as: 'admin', get: '/import/files/{mapFile}/rows?severity=error&after={after}', json: { items: (l) => l.length === 2, next: null } }
	yield { name: 'of a file that is not there', as: 'admin', get: '/import/files/987654321/rows', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a cell is corrected and judged', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 9, column: 'name', value: 'Seven' }, json: { rejected: false, issues: [] } }
	yield { name: 'and may still be wrong', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 59, column: 'tier', value: 'purple' }, json: { rejected: true, issues: some({ rule: 'UNKNOWN_WORD', column: 'tier' }) } }
	yield { name: 'back to the file', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 59, column: 'tier', value: null }, json: { rejected: true, issues: (l) => !l.some((x) => x.rule === 'UNKNOWN_WORD') } }
	yield { name: 'a row that is none', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 99999, column: 'name', value: 'x' }, status: 422, fields: ['/row'] }
	yield { name: 'a column that is none', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 9, column: 'dragon', value: 'x' }, status: 422, fields: ['/column'] }
	yield { name: 'a cell of a file that is not there', as: 'admin', put: '/import/files/987654321/cells', body: { row: 9, column: 'name', value: 'x' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the rejects are mended elsewhere and come back', run: async () => {
		await through(client, saved.map, 'validate')
		const sheet = (await client.call({ as: 'admin', path: `/import/files/${saved.mapFile}/rejects` })).text.split('\r\n')
		const mended = sheet.map((l, i) => (i && l.startsWith('59,') ? l.replace(/^([^,]*,[^,]*,[^,]*),,/, '$1,Fifty-seven,') : l)).join('\r\n')
		saved.mended = mended
		const send = () => client.call({ as: 'admin', method: 'POST', path: `/import/files/${saved.mapFile}/corrections`, raw: mended, headers: { ...csv, 'Idempotency-Key': 'mended' } })
		const r = await send(), again = await send()
		return [differs({ rows: sheet.length - 2, cells: 1, unknown: 0 }, r.json), again.text !== r.text && again.text, again.headers.get('idempotency-replayed') !== 'true' && 'merged again']
	} }
	yield { name: 'dropped among the files they are known again', run: async () => {
		const r = await upload(client, saved.map, 'mended.csv', saved.mended.replace('Fifty-seven', 'Siebenundfuenfzig'))
		return [differs({ id: saved.mapFile, tables: [{ file: saved.mapFile, problem: null }] }, r.json), differs({ files: (f) => f.length === 1 }, (await last(saved, client)).json)]
	} }
	yield { name: 'another table is no corrections', as: 'admin', post: '/import/files/{mapFile}/corrections', raw: 'a,b\n1,2\n', headers: csv, status: 400, code: 'ERR_IMPORT_001' }
	yield { name: 'nor are those of another file', as: 'admin', post: '/import/files/{mapFile}/corrections', raw: '_row,_error,Other\n9,x,y\n', headers: csv, status: 400, code: 'ERR_IMPORT_001' }
	yield { name: 'corrections of a file that is not there', as: 'admin', post: '/import/files/987654321/corrections', raw: 'a,b\n1,2\n', headers: csv, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'check again', run: () => through(client, saved.map, 'validate') }
	yield { name: 'both rows are in', run: async () => differs({ counts: { rejected: 4 } }, (await last(saved, client)).json) }
	yield { name: 'publish', run: () => through(client, saved.map, 'process') }
	yield { name: 'as the transforms and fixes say', as: 'admin', get: `/outlets?q=M${stamp}-3&limit=1`, json: { items: [{ name: 'LADEN 3', address: 'Hauptstr. 3', lat: 18.53, lon: 73.83, salesVolume: 1103.5, visitsPer4Weeks: 2 }] } }
	yield { name: 'too late to mend', as: 'admin', post: '/import/sessions/{map}/fixes', body: { rule: 'UNKNOWN_WORD', column: 'tier', kind: 'VALUE', from: 'slvr', to: 'Silver' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'or to correct a cell', as: 'admin', put: '/import/files/{mapFile}/cells', body: { row: 9, column: 'name', value: 'x' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'or to send rows back', as: 'admin', post: '/import/files/{mapFile}/corrections', raw: '_row,_error,a\n1,2,3\n', headers: csv, status: 409, code: 'ERR_IMPORT_004' }

	yield { name: 'the next file of the source', as: 'admin', post: '/import/sessions', body: { name: 'mapping again' }, save: { map2: '/id' } }
	yield { name: 'is mapped like the last one', run: async () => {
		const r = await upload(client, saved.map2, `kunden2-${stamp}.csv`, file(HEAD.replace(';Umsatz', ';Telefon'), rows(stamp + 'b')))
		saved.mapFile2 = r.json?.id
		return differs({ entity: 'outlets', mapping: (m) => !differs({ x: some({ source: 4, target: 'lon', transforms: [{ kind: 'SPLIT_LATLON', part: 'LON', order: 'LATLON' }] }) }, { x: m }).length
			&& !differs({ x: some({ source: 7, target: 'frequency', reading: 'SECOND' }) }, { x: m }).length && !m.some((x) => x.target === 'sales_volume') }, r.json)
	} }
	yield { name: 'and says what changed', as: 'admin', get: '/import/files/{mapFile2}/preview', json: { memory: { name: `kunden-${stamp}.csv`, new: ['Telefon'], missing: ['Umsatz'] } } }
	yield { name: 'it is checked', run: () => through(client, saved.map2, 'validate') }
	yield { name: 'and mended by the same rules, but that of one import', as: 'admin', get: '/import/sessions/{map2}/causes', json: { fixes: (l) => l.length === 2 && !differs({ x: some({ kind: 'SWAP', rows: 30 }) }, { x: l }).length, items: (l) => !l.some((c) => c.rule === 'COORD_SWAPPED') } }
	yield { name: 'the rules are listed for all sources', as: 'analyst', get: '/import/fixes?limit=1', json: { items: (l) => l.length === 1 }, save: { nextFix: '/next' } }
	yield { name: 'page by page', as: 'analyst', get: '/import/fixes?after={nextFix}', json: { items: some({ kind: 'VALUE', from: 'gld', to: 'Gold', source: `kunden2-${stamp}.csv` }) } }
	yield { name: 'suggest anew', as: 'admin', patch: '/import/files/{mapFile2}', body: { fresh: true }, json: { mapping: (m) => m.every((x) => !x.transforms) } }
	yield { name: 'call it off', as: 'admin', post: '/import/sessions/{map2}/cancel', body: {}, json: { status: 'CANCELLED' } }

	yield { name: 'every rule says what to do', as: 'dt', get: '/import/rules', json: { items: (l) => l.every((r) => r.message && r.remedy) && !differs({ x: some({ rule: 'UNKNOWN_WORD', severity: 'warning', open: true }) }, { x: l }).length } }
	yield { name: 'a severity is changed here', as: 'analyst', patch: '/import/rules/UNKNOWN_WORD', body: { severity: 'error', reason: 'a test' }, json: { severity: 'error', usual: 'warning' } }
	yield { name: 'a fixed one is not', as: 'analyst', patch: '/import/rules/REQUIRED', body: { severity: 'warning', reason: 'a test' }, status: 422, fields: ['/severity'] }
	yield { name: 'nor one that is not there', as: 'analyst', patch: '/import/rules/DRAGON', body: { severity: 'warning', reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'then such rows are kept out', run: async () => {
		const s = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'strict' } })).json.id
		await upload(client, s, 'strict.csv', `Outlet Code,Outlet Name,Tier\nT${stamp}1,One,Gold\nT${stamp}2,Two,purple\n`)
		await through(client, s, 'validate')
		const r = (await client.call({ as: 'admin', path: `/import/sessions/${s}` })).json
		await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${s}/cancel`, body: {} })
		return differs({ counts: { read: 2, rejected: 1 } }, r)
	} }
	yield { name: 'as usual again', as: 'analyst', patch: '/import/rules/UNKNOWN_WORD', body: { severity: null, reason: 'a test' }, json: { severity: 'warning' } }

	yield { name: 'a file that nobody can name has no rows to try', run: async () => {
		const s = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'nameless' } })).json.id
		const f = (await upload(client, s, 'odd.csv', 'foo,bar\n1,2\n3,4\n')).json.id
		const got = [await client.call({ as: 'admin', method: 'POST', path: `/import/files/${f}/try`, body: { source: 0, target: 'code' } }), await client.call({ as: 'admin', path: `/import/files/${f}/rows` }), await client.call({ as: 'admin', method: 'PUT', path: `/import/files/${f}/cells`, body: { row: 2, column: 'code', value: 'x' } })]
		await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${s}/cancel`, body: {} })
		return got.map((r) => differs({ code: 'ERR_IMPORT_002' }, r.json))
	} }
	yield { name: 'a pattern that would run for hours is switched off, and the rows are in', run: async () => {
		const s = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'evil' } })).json.id
		const f = (await upload(client, s, 'evil.csv', 'Outlet Code,Outlet Name\n' + Array.from({ length: 20000 }, (_, i) => `E${stamp}-${i},${'x'.repeat(60)}!`).join('\n') + '\n')).json.id
		await client.call({ as: 'admin', method: 'PATCH', path: `/import/files/${f}`, body: { mapping: [{ source: 0, target: 'code' }, { source: 1, target: 'name', transforms: [{ kind: 'REGEX', pattern: '^(x+x+)+$', replacement: '' }] }] } })
		const start = Date.now(), wrong = await through(client, s, 'validate'), c = (await client.call({ as: 'admin', path: `/import/sessions/${s}/causes` })).json
		const counts = (await client.call({ as: 'admin', path: `/import/sessions/${s}` })).json.counts
		await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${s}/cancel`, body: {} })
		return [wrong, Date.now() - start > 30000 && `${Date.now() - start} ms`, differs({ rejected: 0, inserted: 20000 }, counts), differs({ items: some({ rule: 'PATTERN', column: 'name', count: 20000, message: /switched off/ }) }, c)]
	} }
	yield { name: 'the trail knows the fixes', as: 'admin', get: '/audit?action=IMPORT_FIX', json: { items: some({ changes: some({ field: 'COORD_SWAPPED lat', new: 'SWAP' }) }) } }
}
export const steps = all
