// SPDX-License-Identifier: GPL-3.0-or-later
// Settings that change while it runs: values with their range, who changed what and why, the way back, features that are switched off.
import { sleep } from './client.mjs'
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

/** Every program looks for changes once a second. */
const FORCE = 1300

async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const setting = async (name) => (await call('admin', 'GET', '/settings')).json.items.find((s) => s.name === name)
	const set = async (name, value, reason = 'a test') => call('admin', 'PUT', `/settings/${name}`, { value, reason, change: (await setting(name)).change })
	const state = ['--state', process.env.BEATPLAN_STATE]
	const fails = (...words) => {
		try {
			return beatplan('setting', ...words, ...state) && ''
		} catch (e) {
			return `${e.status} ${e.stderr}`
		}
	}

	yield { name: 'each has a sentence, a range, a default and what is in force', run: async () => {
		const { items } = (await call('admin', 'GET', '/settings')).json
		return [items.length < 20 && `${items.length}`, items.some((s) => s.value !== s.default && !s.change) && 'a value that nobody set',
			items.some((s) => s.type === 'NUMBER' && (Number(s.default) < s.least || Number(s.default) > s.most)) && 'a default out of its range', items.some((s) => s.type === 'SWITCH' && s.default !== 'on') && 'a feature that is off at first']
	} }
	yield { name: 'planners neither see nor change them', run: async () => [
		(await call('planner', 'GET', '/settings')).status !== 403 && 'seen', (await call('planner', 'PUT', '/settings/session_hours', { value: '1', reason: 'x', change: 0 })).status !== 403 && 'changed'] }
	yield { name: 'one that is not there', as: 'admin', put: '/settings/nothing', body: { value: '1', reason: 'x', change: 0 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'it has no past either', as: 'admin', get: '/settings/nothing/history', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nor can it be put back', as: 'admin', post: '/settings/nothing/revert', body: { reason: 'x', change: 0 }, status: 404, code: 'ERR_DATA_003' }
	for (const bad of ['0', '169', '-1', '12.5', '012', 'twelve', '', ' 12', '99999999999999999999', '1e2', "1'; DROP TABLE setting_change; --"])
		yield { name: `session_hours is not ${bad || 'nothing'}`, run: async () => {
			const r = await set('session_hours', bad)
			return [differs({ status: 422, json: { fields: some({ pointer: '/value', problem: /whole number from 1 to 168 \(hours\)/ }) } }, r)]
		} }
	for (const bad of ['plan', 'a b@example.org', 'a@b\r\nBcc: c@d', '@', 'a@b@c', ''])
		yield { name: `mail_from is not ${JSON.stringify(bad)}`, run: async () => differs({ status: 422, json: { fields: some({ pointer: '/value', problem: 'is no mail address' }) } }, await set('mail_from', bad)) }
	yield { name: 'a switch is on or off', run: async () => differs({ status: 422, json: { fields: some({ pointer: '/value', problem: 'must be on or off' }) } }, await set('optimizer', 'yes')) }
	yield { name: 'a change has a reason', as: 'admin', put: '/settings/session_hours', body: { value: '8', reason: '', change: 0 }, status: 422, fields: ['/reason'] }
	yield { name: 'what was never changed cannot be put back', as: 'admin', post: '/settings/session_hours/revert', body: { reason: 'x', change: 0 }, status: 409, code: 'ERR_DATA_004', json: { detail: 'it was never changed' } }

	yield { name: 'a value is changed', as: 'admin', put: '/settings/session_hours', body: { value: '8', reason: 'shorter days', change: 0 }, json: { value: '8', default: '12', change: 1, reason: 'shorter days', user: /Asha/ } }
	yield { name: 'who looked before is told what came in between', as: 'admin', put: '/settings/session_hours', body: { value: '9', reason: 'x', change: 0 }, status: 409, code: 'ERR_DATA_004', json: { detail: /Asha Rao.* set it to 8 at 2.*: look again/ } }
	yield { name: 'a change that is to come cannot have been seen', as: 'admin', put: '/settings/session_hours', body: { value: '9', reason: 'x', change: 7 }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'of many at once one gets through', run: async () => {
		const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => call('admin', 'PUT', '/settings/session_hours', { value: String(20 + i), reason: `${i}`, change: 1 })))
		const good = replies.filter((r) => r.status === 200)
		return [good.length !== 1 && `${replies.map((r) => r.status)}`, replies.some((r) => r.status !== 200 && r.json.code !== 'ERR_DATA_004') && 'another error', (await setting('session_hours')).value !== good[0]?.json.value && 'not what was promised']
	} }
	yield { name: 'the newest is put back', as: 'admin', post: '/settings/session_hours/revert', body: { reason: 'too long', change: 2 }, json: { value: '8', change: 3, reason: 'too long' } }
	yield { name: 'a change that was not', as: 'admin', post: '/settings/session_hours/revert', body: { to: 77, reason: 'x', change: 3 }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the default comes back', as: 'admin', post: '/settings/session_hours/revert', body: { to: 0, reason: 'as it was', change: 3 }, json: { value: '12', change: 4 } }
	yield { name: 'all of it is told', as: 'admin', get: '/settings/session_hours/history', json: { items: [{ change: 4, value: null, reverts: 0 }, { change: 3, value: '8', reverts: 1 }, { change: 2, reverts: null }, { change: 1, value: '8', reason: 'shorter days' }], next: null } }
	yield { name: 'page by page', as: 'admin', get: '/settings/session_hours/history?limit=2&after=4', json: { items: [{ change: 3 }, { change: 2 }], next: '2' } }
	yield { name: 'the trail has it too', run: async () => {
		const events = async (action) => (await call('admin', 'GET', `/audit?action=${action}&limit=20`)).json.items
		const changed = await events('SETTING_CHANGE'), back = await events('SETTING_REVERT')
		return [differs(some({ reason: 'shorter days', resourceType: 'setting', changes: [{ field: 'session_hours', old: '12', new: '8' }] }), changed), differs(some({ reason: 'as it was', changes: [{ field: 'session_hours', old: '8', new: '12' }] }), back)]
	} }

	yield { name: 'a value is in force within a second: failed sign-ins make wait sooner', run: async () => {
		const username = `set${Date.now().toString(36)}`
		await call('admin', 'POST', '/users', { username, name: 'Set Ting', scopes: [{ territoryId: null, role: 'dt_user' }] })
		await set('sign_in_failures', '3')
		await sleep(FORCE)
		const tries = []
		for (let i = 0; i < 4; i++)
			tries.push((await client.call({ method: 'POST', path: '/auth/login', body: { username, password: 'wrong' }, headers: { 'X-Forwarded-For': '192.0.2.77' } })).json.code)
		await set('sign_in_failures', null)
		return differs(['ERR_AUTH_003', 'ERR_AUTH_003', 'ERR_AUTH_003', 'ERR_AUTH_004'], tries)
	} }
	yield { name: 'a person who calls too often waits, in all browsers and in none of the programs, and nobody else does', run: async () => {
		const username = `busy${Date.now().toString(36)}`, bench = (...words) => beatplan('setting', ...words, ...state)
		const { json: made } = await call('admin', 'POST', '/users', { username, name: 'Bu Sy', scopes: [{ territoryId: null, role: 'dt_user' }] })
		await client.login('busy1', username, made.password)
		await client.login('busy2', username, made.password)
		const { json: { key } } = await call('busy1', 'POST', '/auth/keys', { name: 'k', permissions: ['VIEW_TERRITORY'] })
		bench('set', 'session_calls_a_minute=6', '--reason', 'a test')
		await sleep(FORCE)
		const ask = async (as, headers) => {
			const r = await client.call({ as, path: '/auth/me', headers, patient: false })
			return [r.status, ...['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((h) => r.headers.get(h) && Number(r.headers.get(h))), r.json.code, r.json.detail]
		}
		const replies = []
		for (const as of ['busy1', 'busy2', 'busy1', 'busy2', 'busy1', 'busy2', 'busy1', 'busy2'])
			replies.push(await ask(as, {}))
		const program = await ask(null, { Authorization: `Bearer ${key}` }), other = await ask('analyst', {})
		bench('revert', 'session_calls_a_minute', '--reason', 'as it was')
		await sleep(FORCE)
		const last = replies.at(-1), good = replies.filter((r) => r[0] === 200)
		return [(good.length < 5 || good.length > 6) && 'not as many as are allowed', good.some((r, i) => i && r[2] !== good[i - 1][2] - 1) && 'the remaining calls do not go down',
			differs([429, 6, 0, (s) => s > 40 && s <= 60, (s) => s >= 1 && s <= 10, 'ERR_AUTH_011', /6 times a minute: go on in \d+ s/], last), program[0] !== 200 && `${program}`, other[0] !== 200 && `${other}`,
			(await ask('busy1', {}))[0] !== 200 && 'it does not go on'].map((w) => w && [w].flat().length ? `${w} ${JSON.stringify(replies)}` : w)
	} }
	yield { name: 'a new import takes its limits from them', run: async () => {
		const before = [await set('import_stop_percent', '7'), await set('import_stop_after', '70')]
		await sleep(FORCE)
		const made = await call('admin', 'POST', '/import/sessions', { name: 'limits of the settings' })
		await set('import_stop_percent', null)
		await set('import_stop_after', null)
		return [before.map((r) => r.status !== 200 && r.text), differs({ limits: { stopPercent: 7, stopAfter: 70, stopRows: 0 } }, made.json)]
	} }

	/* What is off is refused by each operation that needs it, told to who signs in, and to the login page. */
	const off = { password_reset: [['POST', '/auth/reset', { who: 'nobody' }, /ask an administrator/], ['POST', '/auth/reset/confirm', { token: 'x'.repeat(43), password: 'long enough for this' }]],
		notice_mail: [['PUT', '/notices/mail', { mail: true }, /mails of notices/]],
		drop_folders: [['POST', '/import/watches', { name: 'n', folder: 'f', pattern: '*', entity: 'outlets', publish: false, everyMinutes: 5, stopPercent: 0, active: false }, /nothing is taken/], ['PUT', '/import/watches/1', { name: 'n', folder: 'f', pattern: '*', entity: 'outlets', publish: false, everyMinutes: 5, stopPercent: 0, active: false }], ['POST', '/import/watches/1/run']],
		optimizer: [['POST', '/optimize', { sessionId: 1 }, /optimiser is switched off/], ['POST', '/territories/{unit}/designs', {}], ['POST', '/plans/{plan}/explain', { what: 'coverage', percent: 90 }]] }
	yield { name: 'four features are switched off', run: async () => {
		saved.unit = (await call('admin', 'GET', '/territories?units=1&limit=1')).json.items[0].id
		saved.plan = (await call('admin', 'GET', '/plans')).json.items[0].id
		const replies = await Promise.all(Object.keys(off).map((name) => set(name, 'off', 'for the test')))
		await sleep(FORCE)
		return replies.map((r) => r.status !== 200 && r.text)
	} }
	for (const [name, calls] of Object.entries(off))
		for (const [method, path, body, words] of calls)
			yield { name: `${name} is off: ${method} ${path}`, as: path.startsWith('/auth/') ? null : 'admin', [method.toLowerCase()]: path, body, status: 403, code: 'ERR_SYS_008', ...(words ? { json: { detail: words } } : {}) }
	yield { name: 'what needs no search is answered', run: async () => (await call('admin', 'POST', `/plans/${saved.plan}/explain`, { what: 'missing', need: 1 })).json.code === 'ERR_SYS_008' && 'it is refused' }
	yield { name: 'whoever is signed in is told', as: 'planner', get: '/auth/me', json: { off: ['password_reset', 'notice_mail', 'drop_folders', 'optimizer'] } }
	yield { name: 'so is the login page', get: '/healthz', json: { off: ['password_reset', 'notice_mail', 'drop_folders', 'optimizer'] } }
	yield { name: 'the shell puts them back, all at once', run: async () => {
		const said = beatplan('setting', 'revert', ...Object.keys(off), '--reason', 'the test is over', ...state)
		await sleep(FORCE)
		return [(said.match(/\bon\b .*by the shell: the test is over/g) ?? []).length !== 4 && said, differs({ off: [] }, (await call('planner', 'GET', '/auth/me')).json)]
	} }
	yield { name: 'and sets several, all or none', run: async () => {
		const refused = fails('set', 'session_days=6', 'proof_minutes=5000', '--reason', 'x'), kept = await setting('session_days')
		const said = beatplan('setting', 'set', 'session_days=6', 'proof_minutes=20', '--reason', 'two', ...state), now = await setting('session_days')
		const past = beatplan('setting', 'history', 'session_days', ...state), got = beatplan('setting', 'get', 'session_days', ...state)
		beatplan('setting', 'set', 'session_days=default', 'proof_minutes=default', '--reason', 'back', ...state)
		return [!/^1 .*proof_minutes must be a whole number from 0 to 1440/.test(refused) && refused, kept.change && 'half of it happened', now.value !== '6' && now.value, now.user !== null && 'a person did it', now.reason !== 'two' && now.reason,
			!/^ +1 +2\S+ +6 +the shell: two$/m.test(past) && past, !/session_days +6 days/.test(got) && got, !/proof_minutes +20 minutes/.test(said) && said, (await setting('proof_minutes')).value !== '15' && 'the default does not come back',
			!/session_hours/.test(beatplan('setting', 'list', ...state)) && 'no list']
	} }
	for (const words of [['set', 'session_days=6'], ['set', 'session_days', '--reason', 'x'], ['set', 'nothing=6', '--reason', 'x'], ['get'], ['get', 'nothing'], ['history', 'session_days=4'], ['list', 'session_days'], ['revert', 'session_days', '--to', 'x', '--reason', 'x'], ['dance'], []])
		yield { name: `setting ${words.join(' ')} is refused in words`, run: () => (/^2 beatplan setting: .+/.test(fails(...words)) ? [] : fails(...words) || 'it is not') }
	yield { name: 'the programs can add to the past, and not change it', run: async () => {
		const { items } = (await call('admin', 'GET', '/settings/optimizer/history')).json
		return differs([{ change: 2, value: null, reverts: 0, user: null }, { change: 1, value: 'off' }], items)
	} }
}
export const steps = all
