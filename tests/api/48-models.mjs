// SPDX-License-Identifier: GPL-3.0-or-later
// Territory models beside the sales geography: made, filled by an import, listed as trees with figures, looked through by their
// territories, taken back by an undo, renamed and removed; planning knows nothing of them.
import { ended, through, upload } from './40-import.mjs'
import { differs, some } from './steps.mjs'

const outlets = Array.from({ length: 12 }, (_, i) => `MDL${i},Model shop ${i},${(33 + i * 0.01).toFixed(4)},71.0${i},${['Gold', 'Silver', 'Bronze'][i % 3]},MLand,MZone,MRegion,MArea`)
const file = `code,name,lat,lon,tier,country,zone,region,area\n${outlets.join('\n')}\n`
/* Eight of them in two teams of one service region, one in the region alone. */
const members = Array.from({ length: 9 }, (_, i) => `MDL${i},service,North,${i === 8 ? '' : i < 5 ? 'Team 1' : 'Team 2'},`)
const head = 'outlet code,territory model,level 1,level 2,level 3\n'

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const session = async (name, raw, entity) => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name } })
		const up = await upload(client, s.json.id, `${name}.csv`, raw, entity ? `&entity=${entity}` : '')
		return { id: s.json.id, up }
	}
	const imported = (name, raw, entity) => async () => {
		const { id, up } = await session(name, raw, entity)
		saved.mdlSession = id
		return [up.status !== 200 && up.text, await through(client, id, 'validate'), await through(client, id, 'process')]
	}
	const territories = async (more = '') => (await call({ path: `/territories?model=${saved.mdl}&limit=100${more}` })).json.items

	yield { name: 'outlets of the sales geography', run: imported('models', file, 'outlets') }
	yield { name: 'which is the one model there is', as: 'dt', get: '/territory-models', json: { items: [{ id: 1, code: 'SALES', planned: true, levels: ['COUNTRY', 'ZONE', 'REGION', 'AREA', 'DT'] }] } }
	const plan = async (format) => (await call({ path: `/plans/${saved.mdlPlan}/export?what=plan&format=${format}` })).text
	yield { name: 'a plan is exported without a column for others', run: async () => {
		saved.mdlPlan = (await call({ path: '/plans?limit=100' })).json.items.find((p) => p.current)?.id
		const [head, first] = (await plan('csv')).split('\r\n')
		saved.mdlStop = first?.split(',')[0]
		return [!saved.mdlStop && 'no plan', head.includes('models') && head]
	} }
	yield { name: 'an analyst makes none', as: 'analyst', post: '/territory-models', body: { code: 'X', name: 'X', levels: ['A'] }, status: 403, code: 'ERR_AUTH_002' }
	for (const [what, body, field] of [['without a level', { code: 'X', name: 'X', levels: [] }, '/levels'], ['with five', { code: 'X', name: 'X', levels: ['a', 'b', 'c', 'd', 'e'] }, '/levels'],
		['with two of one name', { code: 'X', name: 'X', levels: ['a', 'a'] }, '/levels/1'], ['with one that has none', { code: 'X', name: 'X', levels: ['a', ' '] }, '/levels/1'], ['with a code of two words', { code: 'X Y', name: 'X', levels: ['a'] }, '/code']])
		yield { name: `no model ${what}`, as: 'admin', post: '/territory-models', body, status: 422, fields: [field] }
	yield { name: 'a model is made', as: 'admin', post: '/territory-models', body: { code: 'service', name: 'Service areas', levels: ['Service region', 'Team'] }, json: { code: 'SERVICE', planned: false, levels: ['Service region', 'Team'], territories: 0, outlets: 0 }, save: { mdl: '/id' } }
	yield { name: 'no other has its code', as: 'admin', post: '/territory-models', body: { code: 'Service', name: 'Again', levels: ['a'] }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'rows that name it wrongly are kept out, each with its reason', run: async () => {
		const bad = `${head}MDL0,NOBODY,North,Team 1,\nMDL1,SERVICE,North,Team 1,Too deep\nNONE,SERVICE,North,Team 1,\nMDL2,SERVICE,North,,Gap\nMDL3,SERVICE,North,Team 1,\nMDL3,SERVICE,North,Team 2,\n`
		const { id, up } = await session('bad-members', bad, 'memberships'), wrong = await through(client, id, 'validate')
		const issues = (await call({ path: `/import/sessions/${id}/issues?limit=50` })).json.items.filter((x) => x.severity === 'error').map((x) => `${x.row} ${x.rule}`).sort()
		await call({ method: 'POST', path: `/import/sessions/${id}/cancel`, body: {} })
		return [up.status !== 200 && up.text, wrong, differs({ x: ['2 UNKNOWN_MODEL', '3 MODEL_LEVELS', '4 UNKNOWN_OUTLET', '5 MODEL_LEVELS', '7 DUPLICATE'] }, { x: issues })]
	} }
	yield { name: 'outlets are put into it by columns', run: imported('members', `${head}${members.join('\n')}\n`) }
	yield { name: 'which were known for what they are', run: async () => differs({ files: [{ entity: 'memberships', counts: { read: 9, inserted: 9, rejected: 0 } }] }, (await call({ path: `/import/sessions/${saved.mdlSession}` })).json) }
	yield { name: 'it has a tree of its own', as: 'admin', get: '/territory-models', json: { items: some({ code: 'SERVICE', territories: 3, outlets: 9 }) } }
	yield { name: 'with figures', run: async () => {
		const t = await territories(), north = t.find((x) => x.name === 'North'), one = t.find((x) => x.name === 'Team 1')
		saved.mdlNorth = north?.id
		saved.mdlOne = one?.id
		/* By tier 4, 2 and 1 visits: five of team 1 have 4 + 2 + 1 + 4 + 2. */
		return [differs({ parentId: null, level: 'Service region', modelId: saved.mdl, outlets: 9, placed: 9, unit: false, visits: 21, warning: null, plan: null }, north), differs({ parentId: north?.id, level: 'Team', outlets: 5, visits: 13 }, one), !(one?.hours > 1) && `hours ${one?.hours}`]
	} }
	yield { name: 'one of it is read', as: 'admin', get: '/territories/{mdlOne}', json: { name: 'Team 1', path: [{ name: 'North' }, { name: 'Team 1' }] } }
	yield { name: 'the sales geography has none of it', as: 'admin', get: '/territories?limit=500', json: { items: (l) => l.length > 0 && l.every((x) => x.modelId === 1 && x.visits === null && x.name !== 'Team 1') } }
	yield { name: 'somebody for a part of that', run: async () => {
		const zone = (await call({ path: '/territories?q=MZone' })).json.items[0].id
		const r = await call({ method: 'POST', path: '/users', body: { username: 'mdl-part', name: 'Mila', scopes: [{ territoryId: zone, role: 'gt_planner' }] } })
		return r.status === 200 ? (await client.login('mdlPart', 'mdl-part', r.json.password)).status !== 200 && 'no sign-in' : r.text
	} }
	yield { name: 'who sees a part of that sees no other model', as: 'mdlPart', get: '/territories?model={mdl}', json: { items: [] } }
	yield { name: 'nor one of its territories', as: 'mdlPart', get: '/territories/{mdlOne}', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'outlets are looked through by it', as: 'admin', get: '/outlets?territory={mdlOne}', json: { items: (l) => l.map((o) => o.code).join() === 'MDL0,MDL1,MDL2,MDL3,MDL4' && l.every((o) => o.territory === 'MArea') } }
	yield { name: 'and by a wider one with another filter', as: 'admin', get: '/outlets?territory={mdlNorth}&tier=Gold', json: { items: (l) => l.map((o) => o.code).join() === 'MDL0,MDL3,MDL6' } }
	yield { name: 'page by page', as: 'admin', get: '/outlets?territory={mdlNorth}&limit=4', json: { items: (l) => l.length === 4, next: /./ } }
	yield { name: 'a search too', as: 'admin', get: '/outlets?q=MDL&territory={mdlOne}', json: { items: (l) => l.length === 5 } }
	yield { name: 'an outlet says where it lies', run: async () => {
		const { json } = await call({ path: '/outlets?q=MDL8' }), o = (await call({ path: `/outlets/${json.items[0].id}` })).json
		saved.mdlOutlet = o.id
		return differs({ territory: 'MArea', members: [{ code: 'SERVICE', model: 'Service areas', path: 'North', territoryId: saved.mdlNorth }], changes: some({ field: 'in SERVICE', old: null, new: 'North' }) }, o)
	} }
	yield { name: 'a planned outlet lies in it too', run: async () => imported('members-planned', `${head}${saved.mdlStop},SERVICE,North,Team 9,\n`, 'memberships')() }
	yield { name: 'exports carry it', run: async () => {
		const lines = (await plan('csv')).trim().split('\r\n'), xml = await plan('xml'), visits = (await call({ path: `/plans/${saved.mdlPlan}/export?what=visits&format=csv` })).text
		const mine = lines.filter((l) => l.startsWith(`${saved.mdlStop},`))
		return [!lines[0].endsWith(',models') && lines[0], !mine.length && 'no stop', mine.some((l) => !l.endsWith(',SERVICE: North › Team 9')) && mine[0], lines.slice(1).filter((l) => l.includes('SERVICE')).length !== mine.length && 'others carry it too',
			!xml.includes('models="SERVICE: North › Team 9"') && 'not in the XML', !visits.split('\r\n')[0].endsWith(',models') && 'not in the visit list']
	} }
	yield { name: 'taken out again', run: async () => {
		const r = await call({ method: 'POST', path: `/import/sessions/${saved.mdlSession}/undo`, body: { reason: 'a test' } }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return job.state !== 'done' && JSON.stringify(job)
	} }
	yield { name: 'it is not planned', as: 'admin', post: '/territories/lock', body: { territoryId: '{mdlOne}', channel: 'GT' }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'nor does a role hold in it', as: 'admin', post: '/users', body: { username: 'in-a-model', name: 'Nobody', scopes: [{ territoryId: '{mdlOne}', role: 'gt_planner' }] }, status: 422, fields: ['/scopes/0/territoryId'] }
	yield { name: 'the same again changes nothing, another team moves an outlet', run: imported('members-again', `${head}${[...members.slice(0, 8), 'MDL8,SERVICE,North,Team 3,'].join('\n')}\n`, 'memberships') }
	yield { name: 'so', run: async () => differs({ counts: { read: 9, inserted: 0, updated: 1, unchanged: 8 } }, (await call({ path: `/import/sessions/${saved.mdlSession}` })).json) }
	yield { name: 'the outlet moved', as: 'admin', get: '/outlets/{mdlOutlet}', json: { members: [{ path: 'North › Team 3' }], changes: some({ field: 'in SERVICE', old: 'North', new: 'Team 3' }) } }
	yield { name: 'undone', run: async () => {
		const r = await call({ method: 'POST', path: `/import/sessions/${saved.mdlSession}/undo`, body: { reason: 'a test' } }), job = r.status === 200 ? await ended(client, r.json.jobId) : { state: r.text }
		return job.state !== 'done' && JSON.stringify(job)
	} }
	yield { name: 'it is back, and the team that was made is gone', run: async () => [differs({ members: [{ path: 'North' }] }, (await call({ path: `/outlets/${saved.mdlOutlet}` })).json), (await territories()).some((x) => x.name === 'Team 3') && 'Team 3 stays'] }
	yield { name: 'renamed, with its levels', as: 'admin', patch: '/territory-models/{mdl}', body: { name: 'Service', levels: ['Region', 'Crew', 'Van'] }, json: { name: 'Service', levels: ['Region', 'Crew', 'Van'] } }
	yield { name: 'territories bear the new names', run: async () => (await territories('&q=Team')).some((x) => x.level !== 'Crew') && 'they do not' }
	yield { name: 'not with fewer levels than it has territories of', as: 'admin', patch: '/territory-models/{mdl}', body: { name: 'Service', levels: ['Region'] }, status: 422, fields: ['/levels'] }
	yield { name: 'the levels of the sales geography stay', as: 'admin', patch: '/territory-models/1', body: { name: 'Sales geography', levels: ['A', 'B', 'C', 'D', 'E'] }, status: 422, fields: ['/levels'] }
	yield { name: 'its name may change', as: 'admin', patch: '/territory-models/1', body: { name: 'Sales geography', levels: ['COUNTRY', 'ZONE', 'REGION', 'AREA', 'DT'] }, json: { id: 1 } }
	yield { name: 'a model that is not there', as: 'admin', patch: '/territory-models/987654321', body: { name: 'x', levels: ['a'] }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor removed', as: 'admin', delete: '/territory-models/987654321', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the sales geography stays', as: 'admin', delete: '/territory-models/1', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'outlets imported again keep where they lie, and the figures', run: imported('models-again', file.replace('Model shop 1,', 'Model shop one,'), 'outlets') }
	yield { name: 'so', run: async () => differs({ outlets: 9, visits: 21 }, (await territories()).find((x) => x.name === 'North')) }
	yield { name: 'the model is removed', as: 'admin', delete: '/territory-models/{mdl}' }
	yield { name: 'with its territories', as: 'admin', get: '/territories/{mdlOne}', status: 404, code: 'ERR_DATA_001' }
	yield { name: 'the outlets stay', as: 'admin', get: '/outlets/{mdlOutlet}', json: { code: 'MDL8', members: [] } }
	yield { name: 'who did it stands in the trail', as: 'admin', get: '/audit?action=MODEL_REMOVE&limit=5', json: { items: some({ action: 'MODEL_REMOVE', resourceType: 'territory_model', changes: [{ old: 'Service' }] }) } }
}
export const steps = all
