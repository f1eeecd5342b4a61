// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of a territory model beside the sales geography are found in the columns of a file, with what contradicts them, and fill the model:
// from a file of outlets, from one of memberships, and from the shell.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, through, upload } from './40-import.mjs'
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

/* 120 outlets in 12 areas of 6 regions of 3 zones; eight service teams of two service regions; six sub-segments of two segments;
   two branches, which share the areas with the sales geography. Row 9 has its team elsewhere. */
const HEAD = 'code,name,lat,lon,country,zone,region,area,service region,service team,segment,sub segment,branch'
const TEAM = 9, [AREA, REGION, SEGMENT, SUB, BRANCH] = [7, 8, 10, 11, 12]
const rows = Array.from({ length: 120 }, (_, i) => {
	const area = i % 12, team = Math.floor(i / 15), sub = (i * 5 + Math.floor(i / 7)) % 6
	return `MLV${i},Level model ${i},${(35 + i / 1000).toFixed(4)},${(72 + i / 700).toFixed(4)},MLland,MLZ${area % 3},MLR${area % 6},MLA${area},${i === 7 ? 'SR1' : `SR${team % 2}`},ST${team},SEG${sub % 2},SUB${sub},BR${area < 6 ? 0 : 1}`
})
const file = `${HEAD}\n${rows.join('\n')}\n`

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const uploaded = (raw, entity, key) => async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name: 'levels of models' } }), up = await upload(client, s.json.id, `${key}.csv`, raw, `&entity=${entity}`)
		saved[`${key}Session`] = s.json.id
		saved[key] = up.json?.id
		return up.status !== 200 && up.text
	}
	const found = (key, columns) => async () => {
		const r = await call({ method: 'POST', path: `/import/files/${saved[key]}/hierarchy`, body: columns ? { columns } : {} }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return job.state !== 'done' && JSON.stringify(job)
	}
	const take = (key, columns, model = 'mlsvc') => ({ as: 'admin', post: `/import/files/{${key}}/hierarchy/model`, body: { model, columns } })
	const files = async (key) => (await call({ path: `/import/sessions/${saved[`${key}Session`]}` })).json.files

	yield { name: 'a file of outlets with columns of service and of segments', run: uploaded(file, 'outlets', 'mlFile') }
	yield { name: 'a model for service', as: 'admin', post: '/territory-models', body: { code: 'MLSVC', name: 'Service of levels', levels: ['Service region', 'Team'] }, save: { mlModel: '/id' } }
	yield { name: 'levels must be looked for first', ...take('mlFile', [REGION, TEAM]), status: 404, code: 'ERR_DATA_003', json: { detail: /look for them first/ } }
	yield { name: 'they are', run: found('mlFile') }
	yield { name: 'and told beside those of the sales geography, with the evidence', as: 'analyst', get: '/import/files/{mlFile}/hierarchy', json: { hierarchy: {
		levels: [{ column: 5 }, { column: 6 }, { column: 7, values: 12 }],
		others: (o) => o.length === 3 && o[2].map((x) => x.column).join() === `${BRANCH},${AREA}` && o.some((l) => l.map((x) => `${x.column} ${x.values}`).join() === `${REGION} 2,${TEAM} 8`) && o.some((l) => l.map((x) => x.column).join() === `${SEGMENT},${SUB}`),
		dependencies: some({ below: TEAM, above: REGION, rows: 120, exceptions: 1 }),
	} } }
	yield { name: 'what contradicts them is looked for', run: found('mlFile', [REGION, TEAM]) }
	yield { name: 'and told by its row', as: 'admin', get: '/import/files/{mlFile}/hierarchy', json: { hierarchy: { wrongRows: 1, exceptions: [{ column: TEAM, value: 'ST0', above: REGION, usual: 'SR0', other: 'SR1', error: true, row: 9 }] } } }
	/* What cannot be levels. */
	for (const [what, columns, field] of [['none', [], '/columns'], ['more than the model has', [REGION, TEAM, SUB], '/columns'], ['more than four', [0, 1, 2, 3, 4], '/columns'], ['a column twice', [TEAM, TEAM], '/columns/1'],
		['one that is the same in all rows', [4, TEAM], '/columns/0'], ['one that is another in each row', [REGION, 0], '/columns/1'], ['the wrong order', [TEAM, REGION], '/columns/1'], ['one that does not lie below', [REGION, SUB], '/columns/1'], ['one that is not there', [REGION, 50], '/columns/1']])
		yield { name: `not with ${what}`, ...take('mlFile', columns), status: 422, fields: [field] }
	yield { name: 'the order is said', ...take('mlFile', [TEAM, REGION]), status: 422, json: { fields: some({ problem: /service region lies above service team: put it before/ }) } }
	yield { name: 'so are the levels of a model that is there', ...take('mlFile', [REGION, TEAM, SUB]), status: 422, json: { fields: some({ problem: /MLSVC has Service region,Team \(0 territories\)/ }) } }
	yield { name: 'nor for a model that is not there', ...take('mlFile', [REGION, TEAM], 'NOBODY'), status: 404, code: 'ERR_DATA_003', json: { detail: /make it first/ } }
	yield { name: 'nor for the sales geography', ...take('mlFile', [REGION, TEAM], 'SALES'), status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor of a file that is not there', as: 'admin', post: '/import/files/987654321/hierarchy/model', body: { model: 'MLSVC', columns: [1] }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a planner imports nothing', as: 'planner', post: '/import/files/{mlFile}/hierarchy/model', body: { model: 'MLSVC', columns: [1] }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nothing was added by that', run: async () => (await files('mlFile')).length !== 1 && 'a file was' }
	yield { name: 'the levels are taken: memberships lie beside the file', ...take('mlFile', [REGION, TEAM]), json: { name: 'mlFile.csv › MLSVC', entity: 'memberships', mapping: (m) => m.map((x) => `${x.source} ${x.target}`).sort().join() === ['-1 model', '0 outlet_code', `${REGION} level_1`, `${TEAM} level_2`].sort().join() } }
	yield { name: 'a model for branches', as: 'admin', post: '/territory-models', body: { code: 'MLBRA', name: 'Branches of levels', levels: ['Branch', 'Area'] } }
	yield { name: 'a column that is a level of the sales geography is one of another model too', ...take('mlFile', [BRANCH, AREA], 'MLBRA'), json: { name: 'mlFile.csv › MLBRA', mapping: (m) => [[BRANCH, 1], [AREA, 2]].every(([source, n]) => m.some((x) => x.source === source && x.target === `level_${n}`)) } }
	yield { name: 'taken again it is the same file', run: async () => {
		const r = await call({ method: 'POST', path: `/import/files/${saved.mlFile}/hierarchy/model`, body: { model: 'MLSVC', columns: [REGION, TEAM] } })
		return [r.status !== 200 && r.text, (await files('mlFile')).length !== 3 && 'another one']
	} }
	yield { name: 'the row is mended, for both', run: async () => {
		const { text } = await call({ path: `/import/files/${saved.mlFile}/hierarchy/rows` }), [head, row] = text.trim().split('\r\n')
		const r = await upload(client, saved.mlFileSession, 'mended.csv', `${head}\r\n${row.replace(',SR1,ST0', ',SR0,ST0')}\r\n`)
		return [r.json?.id !== saved.mlFile && r.text, (await files('mlFile')).length !== 3 && 'it became a file']
	} }
	yield { name: 'and imported', run: async () => [await through(client, saved.mlFileSession, 'validate'), await through(client, saved.mlFileSession, 'process')] }
	yield { name: 'the model has its tree', as: 'admin', get: '/territory-models', json: { items: some({ code: 'MLSVC', territories: 10, outlets: 120 }) } }
	yield { name: 'so has that of the branches', as: 'admin', get: '/territory-models', json: { items: some({ code: 'MLBRA', territories: 14, outlets: 120 }) } }
	/* A file of memberships, whose columns are called as they like. */
	const crews = rows.map((r) => r.split(',')).map((r) => `${r[0]},${r[SUB]},${r[SEGMENT]},${r[SUB].toLowerCase()}`)
	yield { name: 'a model for segments', as: 'admin', post: '/territory-models', body: { code: 'MLSEG', name: 'Segments of levels', levels: ['Segment', 'Sub-segment'] } }
	yield { name: 'a file of memberships', run: uploaded(`outlet code,class,kind,class name\n${crews.join('\n')}\n`, 'memberships', 'mlSeg') }
	yield { name: 'its levels are looked for', run: found('mlSeg') }
	yield { name: 'two columns that say the same are one level', ...take('mlSeg', [1, 3], 'MLSEG'), status: 422, json: { fields: some({ pointer: '/columns/1', problem: /say the same/ }) } }
	yield { name: 'they feed the file itself', ...take('mlSeg', [2, 1], 'mlseg'), json: { id: '{mlSeg}', mapping: (m) => m.some((x) => x.target === 'model' && x.default === 'MLSEG') && m.some((x) => x.target === 'level_1' && x.source === 2) } }
	yield { name: 'imported they fill the model', run: async () => [await through(client, saved.mlSegSession, 'validate'), await through(client, saved.mlSegSession, 'process')] }
	yield { name: 'which has them', as: 'admin', get: '/territory-models', json: { items: some({ code: 'MLSEG', territories: 8, outlets: 120 }) } }
	yield { name: 'rows of several models are told apart by hand', run: async () => {
		const e = await uploaded(`customer no,model code,wide one,narrow one\n${crews.map((r, i) => r.replace(/,(\w+),(\w+),.*/, `,${i % 2 ? 'MLSEG' : 'MLSVC'},$2,$1`)).join('\n')}\n`, 'memberships', 'mlTwo')()
		return e || found('mlTwo')()
	} }
	yield { name: 'so', ...take('mlTwo', [2, 3], 'MLSEG'), status: 409, code: 'ERR_DATA_004', json: { detail: /several models, in the column model code/ } }
	yield { name: 'a file of other things has none', run: uploaded(`name,rank\n${crews.map((r, i) => `Tier ${i % 9},${i % 9}`).join('\n')}\n`, 'tiers', 'mlTiers') }
	yield { name: 'looked for in vain', run: found('mlTiers') }
	yield { name: 'it is said', ...take('mlTiers', [0], 'MLSEG'), status: 409, code: 'ERR_DATA_004', json: { detail: /is none/ } }
	yield { name: 'the shell finds and takes them', run: async () => {
		const folder = mkdtempSync(join(tmpdir(), 'beatplan-model-')), path = join(folder, 'moved.csv'), shell = (...words) => beatplan(...words, '--state', client.state)
		const bad = (...words) => { try { shell(...words); return 'taken' } catch (e) { return `${e.status} ${e.stderr}` } }
		try {
			writeFileSync(path, file.replace(/(MLV1,.*),ST0,/, '$1,ST2,').replace(/(MLV7,.*),SR1,/, '$1,SR0,'))
			const told = beatplan('detect', path), wrong = bad('import', path, '--entity', 'outlets', '--model', 'MLSVC', '--levels', 'service team,service region'), none = bad('import', path, '--entity', 'outlets', '--model', 'MLSVC', '--levels', 'nothing')
			const done = shell('import', path, '--entity', 'outlets', '--model', 'mlsvc', '--levels', 'service region,service team')
			return [!/another, for a territory model of its own\nservice region, 2 values\n {2}service team, 8 values, each below one service region in 100.00 %/.test(told) && told, !wrong.includes('put it before') && wrong, !none.includes('has no column "nothing"') && none,
				!/moved\.csv › MLSVC +memberships +120 read +0 new +1 changed/.test(done) && done, !bad('import', path, '--model', 'MLSVC').startsWith('2 ') && 'a model without levels']
		} finally {
			rmSync(folder, { recursive: true })
		}
	} }
	for (const key of ['mlTwo', 'mlTiers'])
		yield { name: `${key} is not imported`, as: 'admin', post: `/import/sessions/{${key}Session}/cancel`, body: {} }
	yield { name: 'nothing is taken for a session that is over', ...take('mlSeg', [2, 1], 'MLSEG'), status: 409 }
	yield { name: 'the models go', run: async () => {
		for (const m of (await call({ path: '/territory-models' })).json.items.filter((x) => x.code.startsWith('ML')))
			await call({ method: 'DELETE', path: `/territory-models/${m.id}` })
	} }
}
export const steps = all
