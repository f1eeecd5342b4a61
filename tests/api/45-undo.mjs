// SPDX-License-Identifier: GPL-3.0-or-later
// What a publication does to what is stored: outlets that vanish are asked about; and taking it back, with what somebody
// changed since left alone.
import { ended, through, upload } from './40-import.mjs'
import { some } from './steps.mjs'

const before = 'code,name,lat,lon,region,area,phone\nU1,Undo one,46.1,7.1,Undo,Vale,+41 22 5550001\nU2,Undo two,46.2,7.1,Undo,Vale,+41 22 5550002\n'
const after = 'code,name,lat,lon,region,area,phone\nU1,Undo uno,46.1,7.1,Undo,Vale,+41 22 5550001\nU2,Undo two,46.2,7.1,Undo,Vale,+41 22 5550022\nU3,Undo three,46.3,7.1,Undo,Vale,+41 22 5550003\n'

async function* all({ client, saved }) {
	const load = (name, text) => async () => {
		const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name } })
		saved[name] = s.json.id
		const up = await upload(client, s.json.id, 'outlets.csv', text)
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
	}
	const undo = (name) => async () => {
		const r = await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${saved[name]}/undo`, body: { reason: 'the wrong file' } })
		if (r.status !== 200)
			return r.text
		const job = await ended(client, r.json.jobId)
		return job.state === 'done' ? [] : JSON.stringify(job)
	}
	yield { name: 'a first file', run: load('undoFirst', before) }
	yield { name: 'an outlet of it', as: 'admin', get: '/outlets?q=U1', save: { undoOutlet: '/items/0/id' } }
	yield { name: 'a second one', run: load('undoSecond', after) }
	yield {
		name: 'what moves far is drawn with where it was', run: async () => {
			const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'moving' } }), id = s.json.id
			const before = await client.call({ as: 'admin', path: `/import/sessions/${id}/places` })
			await upload(client, id, 'outlets.csv', after.replace('46.2,7.1', '46.25,7.1').replace('Undo uno', 'Undo moved').replace('U3,', 'U4,'))
			await through(client, id, 'validate')
			const kinds = (await client.call({ as: 'admin', path: `/import/sessions/${id}/places` })).json.items.map((p) => [p.code, p.kind, p.fromLat].join()).sort().join(' ')
			await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${id}/cancel`, body: {} })
			return [before.status !== 409 && before.text, kinds !== 'U1,changed, U2,moved,46.2 U4,new,' && kinds]
		},
	}
	yield { name: 'it can be undone', as: 'analyst', get: '/import/sessions/{undoSecond}/undo', json: { possible: true, problem: null, laterImports: 0, counts: [] } }
	yield { name: 'not without a reason', as: 'admin', post: '/import/sessions/{undoSecond}/undo', body: { reason: '' }, status: 422, fields: ['/reason'] }
	yield { name: 'not by those who may not import', as: 'planner', post: '/import/sessions/{undoSecond}/undo', body: { reason: 'because' }, status: 403 }
	yield { name: 'nor what is not there', as: 'admin', post: '/import/sessions/987654321/undo', body: { reason: 'because' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'undone', run: undo('undoSecond') }
	yield {
		name: 'and it says what came of it', as: 'admin', get: '/import/sessions/{undoSecond}/undo',
		json: { possible: false, problem: /undone/, counts: some({ table: 'outlet', field: 'name', back: 1, kept: 0 }), kept: [] },
	}
	yield { name: 'the session says so', as: 'admin', get: '/import/sessions/{undoSecond}', json: { status: 'UNDONE', completedAt: /^20/ } }
	yield { name: 'not twice', as: 'admin', post: '/import/sessions/{undoSecond}/undo', body: { reason: 'again' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'what it made is gone', as: 'admin', get: '/outlets?q=U3', json: { items: [] } }
	yield {
		name: 'the outlet has its name again, and a history of both', as: 'admin', get: '/outlets/{undoOutlet}',
		json: { name: 'Undo one', changes: [{ kind: 'UNDO', reason: 'the wrong file', field: 'name', new: 'Undo one' }, { kind: 'IMPORT', field: 'name', new: 'Undo uno' }] },
		check: (r) => r.json.changes[1].import !== saved.undoSecond && 'of another import',
	}
	yield { name: 'the trail knows why', as: 'admin', get: '/audit?action=IMPORT_UNDO', json: { items: some({ reason: 'the wrong file' }) } }
	yield { name: 'the same file once more brings it back', run: load('undoThird', after) }
	/* A complete list that lacks an outlet. */
	yield { name: 'a complete list', as: 'admin', post: '/import/sessions', body: { name: 'complete' }, save: { whole: '/id' } }
	yield {
		name: 'with one outlet less', run: async () => {
			const up = await upload(client, saved.whole, 'outlets.csv', after.replace(/U3.*\n/, ''))
			saved.wholeFile = up.json?.id
			return up.status === 200 ? [] : up.text
		},
	}
	yield { name: 'a mode that is none', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'GUESS', complete: true }, status: 422, fields: ['/mode'] }
	yield { name: 'is said to be complete', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: true }, json: { mode: 'UPSERT', complete: true } }
	yield { name: 'which finds outlets by their name and town', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: true, match: ['name', 'city'] }, json: { match: ['name', 'city'] } }
	yield { name: 'not by the code and more', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: true, match: ['code', 'city'] }, status: 422, fields: ['/match'] }
	yield { name: 'nor by where they lie', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: true, match: ['lat'] }, status: 422, fields: ['/match'] }
	yield { name: 'what the preview asks for then', as: 'admin', get: '/import/files/{wholeFile}/preview', json: { missing: ['city'] } }
	yield { name: 'by their code after all', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: true, match: ['code'] }, json: { match: ['code'] } }
	yield { name: 'of a file that is not there', as: 'admin', put: '/import/files/987654321/delta', body: { mode: 'UPSERT', complete: true }, status: 404 }
	yield { name: 'no answer before the check', as: 'admin', put: '/import/sessions/{whole}/vanished', body: { action: 'KEEP' }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'nor about what is not there', as: 'admin', put: '/import/sessions/987654321/vanished', body: { action: 'KEEP' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'checked', run: () => through(client, saved.whole, 'validate') }
	yield { name: 'it asks', as: 'analyst', get: '/import/sessions/{whole}/delta', json: { vanished: 1, action: 'ASK', samples: some({ kind: 'vanished', code: 'U3' }) } }
	yield { name: 'and shows where', as: 'analyst', get: '/import/sessions/{whole}/places', json: { items: some({ kind: 'vanished', code: 'U3', lat: 46.3, fromLat: null }) } }
	yield { name: 'of what is not there', as: 'admin', get: '/import/sessions/987654321/places', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'about this one', as: 'admin', get: '/import/sessions/{whole}/vanished', json: { items: [{ code: 'U3', visits: 0 }], next: null } }
	yield { name: 'and is not published without an answer', as: 'admin', post: '/import/sessions/{whole}/process', body: {}, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'an answer that is none', as: 'admin', put: '/import/sessions/{whole}/vanished', body: { action: 'BURN' }, status: 422, fields: ['/action'] }
	yield { name: 'answered', as: 'admin', put: '/import/sessions/{whole}/vanished', body: { action: 'CLOSE' }, json: { vanished: 1, action: 'CLOSE' } }
	yield { name: 'published', run: () => through(client, saved.whole, 'process') }
	yield { name: 'then it is too late to say otherwise', as: 'admin', put: '/import/files/{wholeFile}/delta', body: { mode: 'UPSERT', complete: false }, status: 409, code: 'ERR_IMPORT_004' }
	yield { name: 'it is closed', as: 'admin', get: '/outlets?q=U3', json: { items: [{ code: 'U3', status: 'closed' }] } }
	yield { name: 'and open again once that is undone', run: undo('whole') }
	yield { name: 'as before', as: 'admin', get: '/outlets?q=U3', json: { items: [{ code: 'U3', status: 'active' }] } }
	yield { name: 'the first can be undone too, but for what came later', run: undo('undoFirst') }
	yield { name: 'which is told', as: 'admin', get: '/import/sessions/{undoFirst}/undo', json: { counts: some({ table: 'outlet', field: '+', back: 0, kept: 2 }), kept: [{ code: 'U1' }, { code: 'U2' }] } }
	yield { name: 'a session that was never published has nothing to undo', as: 'admin', get: '/import/sessions/{bad}/undo', json: { possible: false, problem: /not published/ } }
}
export const steps = all
