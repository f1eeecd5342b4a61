// SPDX-License-Identifier: GPL-3.0-or-later
// Values that people give outlets beside their source, who may, and what the next import does with them.
import { ended, through, upload } from './40-import.mjs'
import { some } from './steps.mjs'

const file = (phone) => `code,name,lat,lon,region,area,phone\nP1,Person one,46.1,7.1,Florida,Orlando,${phone}\n`

async function* all({ client, saved }) {
	const load = (name, text, publish = true) => async () => {
		const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name } })
		saved[name] = s.json.id
		const up = await upload(client, s.json.id, 'outlets.csv', text)
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), publish && await through(client, s.json.id, 'process')].filter(Boolean)
	}
	const give = (values, more = {}) => ({ as: 'planner', patch: '/outlets/{p1}', body: { values }, ...more })
	yield { name: 'an outlet from a source', run: load('overlayFirst', file('+1 407 555 0001')) }
	yield { name: 'found', as: 'admin', get: '/outlets?q=P1', save: { p1: (r) => r.json.items.find((o) => o.code === 'P1')?.id } }
	yield { name: 'a planner knows better', ...give([{ field: 'phone', value: '+1 407 555 9999' }, { field: 'position', value: '28.5, -81.4' }], { json: { changed: 2 } }) }
	yield {
		name: 'which is seen beside the source', as: 'planner', get: '/outlets/{p1}',
		json: { phone: '+1 407 555 9999', lat: 28.5, lon: -81.4, edits: [{ field: 'phone', source: '+1 407 555 0001', person: /./ }, { field: 'position', source: '46.100000, 7.100000' }], changes: some({ kind: 'EDIT', field: 'phone', new: '+1 407 555 9999' }) },
	}
	yield { name: 'words find the outlet at once', ...give([{ field: 'name', value: 'Zanzibar Emporium' }], { json: { changed: 1 } }) }
	yield { name: 'by its new name', as: 'planner', get: '/outlets?q=zanzibar', json: { items: [{ code: 'P1' }] } }
	yield { name: 'with a reason the trail knows', ...give([{ field: 'owner', value: 'Ms Rossi' }], { body: { values: [{ field: 'owner', value: 'Ms Rossi' }], reason: 'said at the door' } }), json: { changed: 1 } }
	yield { name: 'it does', as: 'admin', get: '/audit?action=OUTLET_EDIT', json: { items: some({ reason: 'said at the door' }) } }
	yield { name: 'nothing new is no change', ...give([{ field: 'owner', value: 'Ms Rossi' }], { json: { changed: 0 } }) }
	yield { name: 'a field that nobody may change', ...give([{ field: 'code', value: 'X' }], { status: 422, fields: ['/values/0/field'] }) }
	yield { name: 'a place in the ocean', ...give([{ field: 'owner', value: 'A' }, { field: 'position', value: '0, 0' }], { status: 422, fields: ['/values/1/value'] }) }
	yield { name: 'left the owner as it was', as: 'planner', get: '/outlets/{p1}', json: { owner: 'Ms Rossi' } }
	yield { name: 'a name cannot be empty', ...give([{ field: 'name', value: '' }], { status: 422, fields: ['/values/0/value'] }) }
	yield { name: 'a word of no list', ...give([{ field: 'tier', value: 'Uranium' }], { status: 422, fields: ['/values/0/value'] }) }
	yield { name: 'an outlet that is not there', as: 'admin', patch: '/outlets/987654321', body: { values: [{ field: 'owner', value: 'A' }] }, status: 404 }
	yield { name: 'not by those who only look', as: 'dt', patch: '/outlets/{p1}', body: { values: [{ field: 'owner', value: 'A' }] }, status: 403 }
	yield { name: 'the source says another number', run: load('overlayHeld', file('+1 407 555 0002'), false) }
	yield { name: 'the preview says that it stays', as: 'admin', get: '/import/sessions/{overlayHeld}/delta', json: { held: 3, taken: 0, samples: some({ kind: 'held', code: 'P1', changes: [{ field: 'phone', old: '+1 407 555 9999', new: '+1 407 555 0002' }] }) } }
	yield { name: 'whose value counts', as: 'planner', get: '/import/policies', json: { items: some({ field: 'phone', wins: 'PERSON', edits: 1 }) } }
	yield { name: 'planners do not say', as: 'planner', put: '/import/policies/phone', body: { wins: 'SOURCE', reason: 'a test' }, status: 403 }
	yield { name: 'a territory is the person\'s or the source\'s', as: 'admin', put: '/import/policies/territory', body: { wins: 'NEWEST', reason: 'a test' }, status: 422, fields: ['/wins'] }
	yield { name: 'windows can follow the source', as: 'admin', put: '/import/policies/windows', body: { wins: 'PERSON', reason: 'a test' }, json: { items: some({ field: 'windows', wins: 'PERSON' }) } }
	yield { name: 'nor of what is no field', as: 'admin', put: '/import/policies/colour', body: { wins: 'SOURCE', reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor somebody else', as: 'admin', put: '/import/policies/phone', body: { wins: 'NOBODY', reason: 'a test' }, status: 422, fields: ['/wins'] }
	yield { name: 'the source', as: 'admin', put: '/import/policies/phone', body: { wins: 'SOURCE', reason: 'a test' }, json: { items: some({ field: 'phone', wins: 'SOURCE' }) } }
	yield { name: 'checked again', run: () => through(client, saved.overlayHeld, 'validate') }
	yield { name: 'it is taken', as: 'admin', get: '/import/sessions/{overlayHeld}/delta', json: { held: 2, taken: 1 } }
	yield { name: 'published', run: () => through(client, saved.overlayHeld, 'process') }
	yield { name: 'as the policies say', as: 'planner', get: '/outlets/{p1}', json: { phone: '+1 407 555 0002', name: 'Zanzibar Emporium', lat: 28.5, edits: (l) => l.map((e) => e.field).join() === 'name,owner,position' } }
	yield { name: 'the value of the source again', ...give([{ field: 'name', value: null }, { field: 'position', value: null }], { json: { changed: 2 } }) }
	yield { name: 'and nobody stands beside it there', as: 'planner', get: '/outlets/{p1}', json: { name: 'Person one', lat: 46.1, edits: [{ field: 'owner' }] } }
	yield { name: 'as before', as: 'admin', put: '/import/policies/phone', body: { wins: 'PERSON', reason: 'a test' } }
	/* Windows: who sets them is written down, and undoing an import does not bring others back beside them. */
	const windows = (name, from) => async () => {
		const s = await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name } })
		saved[name] = s.json.id
		const up = await upload(client, s.json.id, 'windows.csv', `outlet code,weekday,opens,closes\nP1,Mon,${from}:00,${from + 1}:00\n`)
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')].filter(Boolean)
	}
	yield { name: 'windows of a file', run: windows('windowsOne', 8) }
	yield { name: 'and of another', run: windows('windowsTwo', 10) }
	yield { name: 'a person sets them', as: 'planner', put: '/outlets/{p1}/windows', body: { windows: [{ weekday: 2, opens: 720, closes: 780, hard: true }] } }
	yield { name: 'which the outlet knows', as: 'planner', get: '/outlets/{p1}', json: { changes: some({ kind: 'EDIT', field: 'time windows', old: 'Mon 10:00-11:00', new: 'Tue 12:00-13:00' }) } }
	yield {
		name: 'the file is undone', run: async () => {
			const r = await client.call({ as: 'admin', method: 'POST', path: `/import/sessions/${saved.windowsTwo}/undo`, body: { reason: 'wrong hours' } })
			return r.status === 200 ? ((await ended(client, r.json.jobId)).state === 'done' ? [] : 'the job failed') : r.text
		},
	}
	yield { name: 'and the windows of the person stand alone', as: 'planner', get: '/outlets/{p1}', json: { windows: [{ weekday: 2, opens: 720, closes: 780 }] } }
}
export const steps = all
