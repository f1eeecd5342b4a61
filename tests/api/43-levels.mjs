// SPDX-License-Identifier: GPL-3.0-or-later
// The levels of territories are found in the columns of an uploaded file, with what contradicts them; the rows that do are downloaded,
// mended and taken as corrections.
import { ended, through, upload } from './40-import.mjs'
import { differs, some } from './steps.mjs'

/* 400 outlets in 20 towns of 5 states of 2 regions; seven rows of T3 stand under another state, and region. */
const HEAD = 'code,name,shop town,state,state name,part,lat,lon'
const HEAD2 = HEAD.replace('shop town', 'place')
const rows = (stamp) => Array.from({ length: 400 }, (_, i) => {
	const town = i % 20, state = town % 5, other = town === 3 && i % 60 === 3
	const at = other ? 0 : state
	return `L${stamp}-${i},Level shop ${i},T${town},S${at},State ${at},P${at % 2},${(20 + town / 10 + i / 10000).toFixed(4)},${(70 + i / 1000).toFixed(4)}`
})
const WRONG = rows('x').flatMap((r, i) => (/,T3,S0,/.test(r) ? [i + 2] : []))

async function* all({ client, saved }) {
	const stamp = Date.now().toString(36)
	const found = async (file, as = 'admin') => {
		const r = await client.call({ as, method: 'POST', path: `/import/files/${file}/hierarchy`, body: {} })
		return r.status === 200 ? ended(client, r.json.jobId) : { state: r.text }
	}
	const find = (result) => async () => {
		const job = await found(saved.levelsFile)
		return [job.state !== 'done' && JSON.stringify(job), ...differs(result, job.result)]
	}

	yield { name: 'a session', as: 'admin', post: '/import/sessions', body: { name: 'levels' }, save: { levels: '/id' } }
	yield { name: 'a file with a tree in its columns', run: async () => {
		const r = await upload(client, saved.levels, `levels-${stamp}.csv`, `${HEAD}\n${rows(stamp).join('\n')}\n`, '&entity=outlets')
		saved.levelsFile = r.json?.id
		return r.status !== 200 && r.text
	} }
	yield { name: 'not looked for yet', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: null } }
	yield { name: 'nor are there rows', as: 'admin', get: '/import/files/{levelsFile}/hierarchy/rows', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor is there a file that is not there', as: 'admin', get: '/import/files/987654321/hierarchy', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'of a file that is not there', as: 'admin', post: '/import/files/987654321/hierarchy', body: {}, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a planner imports nothing', as: 'planner', post: '/import/files/{levelsFile}/hierarchy', body: {}, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'they are looked for', run: find({ levels: 3, wrongRows: 0 }) }
	yield {
		name: 'and told with the evidence: what stands in a third of a town is no slip of the pen', as: 'analyst', get: '/import/files/{levelsFile}/hierarchy',
		json: { hierarchy: {
			rows: 400, wrongRows: 0, columns: HEAD.split(','), levels: [{ column: 5, values: 2 }, { column: 3, same: [4], values: 5 }, { column: 2, same: [], values: 20 }],
			counts: (c) => c[0] === 400 && c[2] === 20, dependencies: some({ below: 2, above: 3, rows: 400, exceptions: WRONG.length }),
			exceptions: some({ column: 2, value: 'T3', above: 3, usual: 'S3', usualRows: 20 - WRONG.length, other: 'S0', otherRows: WRONG.length, error: false, row: WRONG[0] }),
		} },
	}
	const fewer = rows(stamp).map((r, i) => r.replace(/,T3,S0,State 0,P0,/, i + 2 === WRONG[0] ? ',T3,S0,State 3,P0,' : ',T3,S3,State 3,P1,'))
	yield { name: 'a file in which one row contradicts', run: async () => {
		const r = await upload(client, saved.levels, `fewer-${stamp}.csv`, `${HEAD2}\n${fewer.join('\n')}\n`, '&entity=outlets')
		saved.levelsFile = r.json?.id
		return r.status !== 200 && r.text
	} }
	yield { name: 'it is found', run: find({ levels: 3, wrongRows: 1 }) }
	yield { name: 'and is taken for an error', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: { exceptionCount: (n) => n >= 1, exceptions: some({ value: 'T3', other: 'S0', otherRows: 1, error: true, row: WRONG[0] }) } } }
	yield {
		name: 'with its row to download', as: 'analyst', get: '/import/files/{levelsFile}/hierarchy/rows', header: { 'content-type': '^text/csv', 'content-disposition': 'attachment; filename="[^"]*\\.csv"' },
		check: (r) => {
			const lines = r.text.trim().split('\r\n')
			saved.levelRows = lines
			return [lines.length !== 2 && r.text, lines[0] !== `_row,_error,${HEAD2}` && lines[0], !lines[1].startsWith(`${WRONG[0]},`) && lines[1], !/state S0: state name is State 3 in this row, State 0 in 80 others/.test(lines[1]) && lines[1]]
		},
	}
	const tell = (columns, result) => ({ name: `what contradicts the levels ${columns}`, run: async () => {
		const r = await client.call({ as: 'admin', method: 'POST', path: `/import/files/${saved.levelsFile}/hierarchy`, body: { columns } }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return [job.state !== 'done' && JSON.stringify(job), ...differs(result, job.result)]
	} })
	yield tell([5, 2], { levels: 3, wrongRows: 1 })
	yield { name: 'chosen otherwise is told as well', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: { chosen: [5, 2], levels: (l) => l.length === 3, exceptionCount: 1, exceptions: [{ column: 2, above: 5, value: 'T3', usual: 'P1', other: 'P0', otherRows: 1, error: true, row: WRONG[0] }] } } }
	yield { name: 'and its row has that as its reason', as: 'admin', get: '/import/files/{levelsFile}/hierarchy/rows', check: (r) => !/place T3: part is P0 in this row, P1 in 19 others/.test(r.text) && r.text }
	yield { name: 'levels of which none lies below another contradict nothing', ...tell([2, 5], { wrongRows: 0 }) }
	yield { name: 'a column twice, or none of the first 64', as: 'admin', post: '/import/files/{levelsFile}/hierarchy', body: { columns: [2, 2, 64] }, status: 422, fields: ['/columns/1', '/columns/2'] }
	yield { name: 'a column that the file does not have', run: async () => {
		const r = await client.call({ as: 'admin', method: 'POST', path: `/import/files/${saved.levelsFile}/hierarchy`, body: { columns: [2, 40] } }), job = await ended(client, r.json.jobId)
		return [job.state !== 'failed' && job.state, !/has no column 41/.test(job.error?.detail) && JSON.stringify(job.error)]
	} }
	yield { name: 'those found again', run: find({ levels: 3, wrongRows: 1 }) }
	yield { name: 'are told', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: { chosen: null, exceptionCount: (n) => n >= 1 } } }
	yield { name: 'the levels become the mapping', as: 'admin', patch: '/import/files/{levelsFile}', body: { mapping: [{ source: 0, target: 'code' }, { source: 1, target: 'name' }, { source: 6, target: 'lat' }, { source: 7, target: 'lon' }, { source: -1, target: 'country', default: `Levelland ${stamp}` }, { source: 5, target: 'zone' }, { source: 3, target: 'region' }, { source: 2, target: 'area' }] } }
	yield { name: 'the row is mended and comes back', run: async () => {
		const r = await upload(client, saved.levels, 'mended.csv', `${saved.levelRows[0]}\r\n${saved.levelRows[1].replace(',T3,S0,State 3,P0,', ',T3,S3,State 3,P1,')}\r\n`)
		return [r.status !== 200 && r.text, r.json?.id !== saved.levelsFile && `it became the file ${r.json?.id}`]
	} }
	yield { name: 'what is corrected counts', run: find({ levels: 3, wrongRows: 0 }) }
	yield { name: 'another reading of the file has no levels yet', as: 'admin', patch: '/import/files/{levelsFile}', body: { headerRow: 0 } }
	yield { name: 'so', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: null } }
	yield { name: 'nor rows of it', as: 'admin', get: '/import/files/{levelsFile}/hierarchy/rows', status: 404, code: 'ERR_DATA_003', json: { detail: /since it is read so/ } }
	yield { name: 'read as before', as: 'admin', patch: '/import/files/{levelsFile}', body: { headerRow: 1 } }
	yield { name: 'they are there again', as: 'admin', get: '/import/files/{levelsFile}/hierarchy', json: { hierarchy: { rows: 400 } } }
	yield { name: 'who looked stands in the trail', as: 'admin', get: '/audit?action=IMPORT_LEVELS&limit=5', json: { items: some({ action: 'IMPORT_LEVELS', resourceType: 'import' }) } }
	yield { name: 'columns without a tree', run: async () => {
		const list = Array.from({ length: 60 }, (_, i) => `N${stamp}-${i},Shop ${i},${(i * 7) % 5},${(i * 11) % 4}`)
		const r = await upload(client, saved.levels, `none-${stamp}.csv`, `code,name,a,b\n${list.join('\n')}\n`, '&entity=outlets')
		const job = await found(r.json.id)
		return [job.state !== 'done' && JSON.stringify(job), ...differs({ levels: 0, wrongRows: 0 }, job.result)]
	} }
	yield { name: 'no file of it is checked', as: 'admin', post: '/import/sessions/{levels}/cancel', body: {} }
	/* Seven rows against three, two against one: whatever the share, each way makes a territory of its own. A name of four parents is a common one. */
	yield { name: 'a territory of two parents is told with both', run: async () => {
		const way = (n, ...places) => Array(n).fill(places.join()), ways = [...way(7, 'MxA', 'MxWest', 'MxPune', 'Mx1'), ...way(3, 'MxA', 'MxSouth', 'MxPune', 'Mx2'), ...way(2, 'MxA', 'MxIsles', 'MxIsle', 'Mx3'), ...way(1, 'MxB', 'MxIsles', 'MxReef', 'Mx4'),
			...[1, 2, 3, 4].flatMap((n) => way(1, 'MxA', 'MxWest', `MxR${n}`, 'MxCentre')), ...way(2, 'MxA', 'MxWest', 'MxGoa', 'MxTwin'), ...way(1, 'MxA', 'MxWest', 'MxDiu', 'MxTwin')]
		const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'two parents' } }), raw = ways.map((w, i) => `X${stamp}-${i},Shop ${i},12.${100 + i},77.${100 + i},${w}`)
		const up = await upload(client, s.json.id, 'parents.csv', `code,name,lat,lon,country,zone,region,area\n${raw.join('\n')}\n`, '&entity=outlets'), wrong = await through(client, s.json.id, 'validate')
		const told = (await client.call({ as: 'admin', path: `/import/sessions/${s.json.id}/issues?limit=100` })).json.items.filter((x) => x.rule === 'TERRITORY_MIX').map((x) => `${x.severity} ${x.row} ${x.column}: ${x.value} | ${x.suggestion}`).sort()
		await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${s.json.id}/cancel`, body: {} })
		return [up.status !== 200 && up.text, wrong, differs({ told: ['warning 14 zone: MxB > MxIsles | MxA > MxIsles (2 rows; here 1)', 'warning 21 area: MxDiu > MxTwin | MxGoa > MxTwin (2 rows; here 1)', 'warning 9 region: MxSouth > MxPune | MxWest > MxPune (7 rows; here 3)'] }, { told })]
	} }
}
export const steps = all
