// SPDX-License-Identifier: GPL-3.0-or-later
// Territory models beside the sales geography: made, filled by an import, listed as trees with figures, looked through by their
// territories, taken back by an undo, renamed and removed; planning knows nothing of them.
import { ended, through, upload } from './40-import.mjs'
import { beatplan } from './shell.mjs'
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
	yield { name: 'the sales geography has none of it', as: 'admin', get: '/territories?limit=500', json: { items: (l) => l.length > 0 && l.every((x) => x.modelId === 1 && x.name !== 'Team 1') } }
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
	yield { name: 'who sees a part is told where, and given no address there', as: 'mdlPart', get: '/outlets/{mdlOutlet}', json: { members: [{ path: 'North', territoryId: null }] } }
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
	/* People put outlets elsewhere in it, too. */
	const idOf = async (code) => (await call({ path: `/outlets?q=${code}` })).json.items.find((o) => o.code === code)?.id
	const liesIn = async (code) => (await call({ path: `/outlets/${saved.mdlIds[code]}` })).json.members.map((m) => m.path).join()
	const into = (body) => call({ method: 'PUT', path: `/territory-models/${saved.mdl}/members`, body: { reason: 'other crews', ...body } })
	const takenBack = (id) => call({ method: 'POST', path: `/territory-models/${saved.mdl}/members/undo`, body: { id, reason: 'as it was' } })
	const counts = async () => Object.fromEntries((await territories()).map((x) => [x.name, x.outlets]))
	yield { name: 'three are put into a team that is made for them', run: async () => {
		saved.mdlIds = {}
		for (const code of ['MDL0', 'MDL9', 'MDL10'])
			saved.mdlIds[code] = await idOf(code)
		const r = await into({ outlets: Object.values(saved.mdlIds), path: ['North', 'Team 7'] })
		saved.mdlChange = r.json?.id
		return [r.status !== 200 && r.text, differs({ outlets: 3, id: (v) => v > 0 }, r.json), differs({ North: 11, 'Team 1': 4, 'Team 7': 3 }, await counts()), await liesIn('MDL0') !== 'North › Team 7' && await liesIn('MDL0')]
	} }
	yield { name: 'the work of the model follows', run: async () => { const n = (await territories()).find((x) => x.name === 'North'); return !(n.visits > 21 && n.hours > 0) && JSON.stringify(n) } }
	yield { name: 'the outlet knows why', run: async () => differs({ changes: some({ kind: 'EDIT', field: 'in SERVICE', old: 'Team 1', new: 'Team 7', reason: 'other crews' }) }, (await call({ path: `/outlets/${saved.mdlIds.MDL0}` })).json) }
	yield { name: 'so does the trail', as: 'admin', get: '/audit?action=MODEL_MEMBERS&limit=5', json: { items: some({ reason: 'other crews', resourceId: (v) => v > 1, changes: [{ field: 'outlets', new: '3' }] }) } }
	yield { name: 'the same again changes nothing', run: async () => differs({ outlets: 0 }, (await into({ outlets: [saved.mdlIds.MDL0], path: ['North', 'Team 7'] })).json) }
	yield { name: 'one is put elsewhere since', run: async () => { const r = await into({ outlets: [saved.mdlIds.MDL9], territoryId: saved.mdlOne }); saved.mdlSince = r.json?.id; return [r.status !== 200 && r.text, await liesIn('MDL9') !== 'North › Team 1' && 'it is not'] } }
	yield { name: 'a change is taken back, but for what changed since; the team that it made goes', run: async () => {
		const r = await takenBack(saved.mdlChange)
		return [r.status !== 200 && r.text, differs({ back: 2, kept: 1 }, r.json), await liesIn('MDL0') !== 'North › Team 1' && await liesIn('MDL0'), await liesIn('MDL10') !== '' && 'it stays', await liesIn('MDL9') !== 'North › Team 1' && 'it goes',
			differs({ North: 10, 'Team 1': 6, 'Team 7': undefined }, await counts()), differs({ changes: some({ kind: 'UNDO', field: 'in SERVICE', old: 'Team 7', new: 'Team 1' }) }, (await call({ path: `/outlets/${saved.mdlIds.MDL0}` })).json)]
	} }
	yield { name: 'once', run: async () => { const r = await takenBack(saved.mdlChange); return (r.status !== 409 || r.json.code !== 'ERR_DATA_004') && r.text } }
	yield { name: 'the changes are listed', as: 'admin', get: '/territory-models/{mdl}/members/changes', json: { items: (l) => l.length === 3 && l[0].outlets === 1 && !l[0].undone && l[0].territory === 'Team 1' && l[2].undone && l[2].reason === 'other crews' && !!l[2].person } }
	yield { name: 'page by page', as: 'admin', get: '/territory-models/{mdl}/members/changes?limit=1', json: { items: (l) => l.length === 1, next: /./ } }
	yield { name: 'taken out of the model, and in again', run: async () => {
		const out = await into({ outlets: [saved.mdlIds.MDL9] }), lay = await liesIn('MDL9'), back = await takenBack(out.json.id), again = await liesIn('MDL9')
		return [differs({ outlets: 1 }, out.json), lay !== '' && lay, differs({ back: 1, kept: 0 }, back.json), again !== 'North › Team 1' && again]
	} }
	yield { name: 'the map has them', run: async () => {
		const zone = (await call({ path: '/territories?q=MZone' })).json.items[0].id, { json } = await call({ path: `/territories/${zone}/places?model=${saved.mdl}` }), none = json.units.findIndex((u) => u.territoryId === null)
		saved.mdlZone = zone
		return [json.units.at(-1).territoryId !== null && 'none is not the last', json.unit.filter((u) => u === none).length !== 2 && JSON.stringify(json), json.units.find((u) => u.name === 'North › Team 1')?.outlets !== 6 && JSON.stringify(json.units)]
	} }
	yield { name: 'for those who see everything', as: 'mdlPart', get: '/territories/{mdlZone}/places?model={mdl}', status: 404 }
	yield { name: 'of a model that is there', as: 'admin', get: '/territories/{mdlZone}/places?model=987654321', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the shell does the same', run: async () => {
		const shell = (...words) => beatplan('model', ...words, '--model', 'service', '--state', client.state)
		const put = shell('put', '--into', 'North/Team 2', '--reason', 'by the shell', 'MDL9', 'MDL10'), listed = shell('changes'), set = /undo --model service --reason TEXT (\d+)/.exec(put)?.[1]
		const lay = await liesIn('MDL10'), undone = shell('undo', '--reason', 'as it was', set)
		const bad = (...words) => { try { shell(...words); return 'taken' } catch (e) { return `${e.status} ${e.stderr}` } }
		return [!put.startsWith('2 outlets') && put, !listed.includes('by the shell') && listed, lay !== 'North › Team 2' && lay, !undone.startsWith('2 outlets are back, 0 stay') && undone, await liesIn('MDL9') !== 'North › Team 1' && 'MDL9 is elsewhere',
			!bad('out', '--reason', 'gone away', 'NOBODY').includes('there is no outlet NOBODY') && 'an outlet that is not there', !bad('put', '--into', 'A', 'MDL9').startsWith('2 ') && 'without a reason', !bad('undo', '--reason', 'as it was', '987654321').includes('no change') && 'no change']
	} }
	yield { name: 'into a team that is gone nothing goes back; out it goes', run: async () => [differs({ back: 0, kept: 1 }, (await takenBack(saved.mdlSince)).json), differs({ outlets: 1 }, (await into({ outlets: [saved.mdlIds.MDL9] })).json)] }
	for (const [what, body, status, more] of [['an outlet that is not there', { outlets: [987654321], path: ['North'] }, 404, 'are not there'], ['a territory of the sales geography', { outlets: [1], territoryId: 1 }, 404, 'has no territory'],
		['more levels than there are', { outlets: [], path: ['a', 'b', 'c'] }, 404, 'levels'], ['a level without a code', { outlets: [], path: [' '] }, 422, '/path/0'], ['no reason', { outlets: [], reason: '' }, 422, '/reason']])
		yield { name: `not with ${what}`, run: async () => { const r = await into(typeof body.outlets[0] === 'number' || body.reason === '' ? body : { ...body, outlets: what.startsWith('more') ? [saved.mdlIds.MDL0] : [] }); return (r.status !== status || !r.text.includes(more)) && r.text } }
	yield { name: 'not in the sales geography', as: 'admin', put: '/territory-models/1/members', body: { outlets: [1], reason: 'a test' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor in a model that is not there', as: 'admin', put: '/territory-models/987654321/members', body: { outlets: [1], reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor is there a change to take back', as: 'admin', post: '/territory-models/987654321/members/undo', body: { id: 1, reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor in the sales geography', as: 'admin', post: '/territory-models/1/members/undo', body: { id: 1, reason: 'a test' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor a list of changes', as: 'admin', get: '/territory-models/987654321/members/changes', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'an analyst changes none of it', as: 'analyst', put: '/territory-models/{mdl}/members', body: { outlets: [1], reason: 'a test' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'renamed, with its levels', as: 'admin', patch: '/territory-models/{mdl}', body: { name: 'Service', levels: ['Region', 'Crew', 'Van'] }, json: { name: 'Service', levels: ['Region', 'Crew', 'Van'] } }
	yield { name: 'territories bear the new names', run: async () => (await territories('&q=Team')).some((x) => x.level !== 'Crew') && 'they do not' }
	yield { name: 'not with fewer levels than it has territories of', as: 'admin', patch: '/territory-models/{mdl}', body: { name: 'Service', levels: ['Region'] }, status: 422, fields: ['/levels'] }
	yield { name: 'the levels of the sales geography stay', as: 'admin', patch: '/territory-models/1', body: { name: 'Sales geography', levels: ['A', 'B', 'C', 'D', 'E'] }, status: 422, fields: ['/levels'] }
	yield { name: 'its name may change', as: 'admin', patch: '/territory-models/1', body: { name: 'Sales geography', levels: ['COUNTRY', 'ZONE', 'REGION', 'AREA', 'DT'] }, json: { id: 1 } }
	/* What people call the levels of the sales geography: the codes stay. */
	const codes = ['COUNTRY', 'ZONE', 'REGION', 'AREA', 'DT'], putNames = (names, o = {}) => ({ as: 'admin', put: `/territory-models/${o.of ?? 1}/level-names`, body: { names, reason: 'as the field says', ...o.body } })
	const zoneNow = async () => {
		const call = async (path) => (await client.call({ as: 'admin', path })).json
		const zone = (await call('/territories?q=MZone')).items[0], outlets = (await call('/import/entities')).items.find((x) => x.entity === 'outlets'), at = await call(`/territories/${zone.id}/units`)
		return { list: `${zone.level} ${zone.levelName}`, label: outlets.columns.find((c) => c.name === 'zone').label, dt: outlets.columns.find((c) => c.name === 'dt_code').label, check: at.levels.find((l) => l.level === 'ZONE').name, me: JSON.stringify((await call('/auth/me')).levelNames) }
	}
	const mappedAs = async (head) => {
		const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'named levels' } }), up = await upload(client, s.json.id, 'outlets.csv', `code,name,${head},area\nNAM1,Shop,North,A\nNAM2,Shop two,South,B\n`)
		const f = (await client.call({ as: 'admin', path: `/import/sessions/${s.json.id}` })).json.files?.[0]
		await client.call({ as: 'admin', method: 'DELETE', path: `/import/sessions/${s.json.id}` })
		return (f ?? up.json).mapping?.find((m) => m.source === 2)?.target
	}
	yield { name: 'no column is called Kiosk belt', run: async () => (await mappedAs('Kiosk belt')) === 'zone' && 'it is' }
	yield { name: 'levels are named', ...putNames(['', ' Kiosk belt '.trim(), 'REGION', '', 'Depot']), json: { levels: codes, levelNames: ['COUNTRY', 'Kiosk belt', 'REGION', 'AREA', 'Depot'], named: { reason: 'as the field says' } } }
	yield { name: 'lists, imports, the check and the screens call them so', run: async () => differs({ list: 'ZONE Kiosk belt', label: 'Kiosk belt', dt: 'Distributor code', check: 'Kiosk belt', me: JSON.stringify([{ code: 'ZONE', name: 'Kiosk belt' }, { code: 'DT', name: 'Depot' }]) }, await zoneNow()) }
	yield { name: 'a column headed so is that level', run: async () => [(await mappedAs('kiosk_BELT')) !== 'zone' && 'it is not', (await mappedAs('zone')) !== 'zone' && 'nor is zone'] }
	yield { name: 'the shell shows it', run: () => (/^ZONE +Kiosk belt /m.test(beatplan('units', 'levels', '--territory', 'MZone', '--state', client.state)) ? [] : 'it does not') }
	for (const [what, names, pointer] of [['four names', ['a', 'b', 'c', 'd'], '/names'], ['the same twice', ['', 'Belt', 'Belt', '', ''], '/names/2'], ['the code of another', ['', '', 'AREA', '', ''], '/names/2'], ['two lines', ['', 'a\nb', '', '', ''], '/names/1']])
		yield { name: `not with ${what}`, ...putNames(names), status: 422, fields: [pointer] }
	yield { name: 'nor without a reason', ...putNames(['', '', '', '', ''], { body: { reason: '' } }), status: 422, fields: ['/reason'] }
	yield { name: 'nor those of another model', ...putNames(['a'], { of: '{mdl}' }), status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor of none', ...putNames(['a'], { of: 987654321 }), status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a planner names nothing', ...putNames(['', '', '', '', '']), as: 'planner', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'named once more', ...putNames(['', 'Ring', '', '', '']), json: { levelNames: ['COUNTRY', 'Ring', 'REGION', 'AREA', 'DT'] } }
	const undoNames = (of = 1) => ({ as: 'admin', post: `/territory-models/${of}/level-names/undo`, body: { reason: 'not so' } })
	yield { name: 'taken back they are as before', ...undoNames(), json: { levelNames: ['COUNTRY', 'Kiosk belt', 'REGION', 'AREA', 'Depot'] } }
	yield { name: 'and again', ...undoNames(), json: { levelNames: codes, named: null } }
	yield { name: 'so all is as it was', run: async () => differs({ list: 'ZONE ZONE', label: 'Zone', check: 'ZONE', me: '[]' }, await zoneNow()) }
	yield { name: 'there is nothing more to take back', ...undoNames(), status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor of another model', ...undoNames(987654321), status: 404, code: 'ERR_DATA_003' }
	yield { name: 'both stand in the trail', as: 'admin', get: '/audit?action=LEVELS_NAME&limit=5', json: { items: some({ reason: 'as the field says', changes: some({ field: 'ZONE', old: 'ZONE', new: 'Kiosk belt' }) }) } }
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
