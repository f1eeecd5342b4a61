// SPDX-License-Identifier: GPL-3.0-or-later
// What is configured is changed for a reason, by somebody who saw what held before, and can be put back: parameters and holidays.
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const at = (more = '') => `/territories/${saved.confUnit}/profile${more}?channel=GT`
	const set = (as, value, reason, more = {}) => call(as, 'PUT', at(), { set: { serviceBronze: value }, reason, ...more })
	const history = async () => (await call('planner', 'GET', at('/history'))).json.items
	/** The number of the newest change with this reason. */
	const entry = async (reason) => (await history()).find((e) => e.reason === reason).id
	const back = async (reason, why, more = {}) => call('manager', 'POST', at('/revert'), { entry: await entry(reason), reason: why, ...more })
	const now = async () => (await call('planner', 'GET', at())).json.params.find((p) => p.name === 'serviceBronze')
	const day = new Date(Date.now() + 200 * 864e5).toISOString().slice(0, 10)
	const holiday = (name, reason) => call('manager', 'PUT', `/territories/${saved.confUnit}/holidays`, { day, name, reason })
	const holidays = async () => (await call('planner', 'GET', `/territories/${saved.confUnit}/holidays`)).json.items.filter((h) => h.own && h.day === day).map((h) => h.name).join()
	const shell = (...words) => {
		try {
			return beatplan('profile', ...words, '--territory', saved.confCode, '--channel', 'GT', '--state', client.state)
		} catch (e) {
			return `${e.status} ${e.stderr}`
		}
	}

	yield { name: 'a unit', as: 'planner', get: '/territories?units=1&limit=1', save: { confUnit: '/items/0/id', confCode: '/items/0/code' } }
	yield { name: 'parameters are not changed without a reason', as: 'manager', put: '/territories/{confUnit}/profile?channel=GT', body: { set: { serviceBronze: 11 } }, status: 422, code: 'ERR_REQ_004', fields: ['/reason'] }
	yield { name: 'nor put back', as: 'manager', post: '/territories/{confUnit}/profile/revert?channel=GT', body: { entry: 1 }, status: 422, fields: ['/reason'] }
	yield { name: 'nor is a holiday set', as: 'manager', put: '/territories/{confUnit}/holidays', body: { day, name: 'Fair' }, status: 422, fields: ['/reason'] }
	yield { name: 'or taken back', as: 'manager', delete: `/territories/{confUnit}/holidays?day=${day}`, status: 422, fields: ['/reason'] }
	for (const [what, step] of Object.entries({
		'the severity of a rule': { patch: '/import/rules/UNKNOWN_WORD', body: { severity: 'error' } }, 'whose value counts': { put: '/import/policies/phone', body: { wins: 'SOURCE' } },
		'how the sales volume is counted': { put: '/sales/rule', body: { months: 3, wins: 'FILE' } }, 'the list of reasons': { post: '/reasons', body: { code: 'NO_WHY', label: 'x' } },
		'a reason of it': { put: '/reasons/1', body: { label: 'x', retired: true } }, 'rules of a chain': { delete: '/accounts/1/rules' },
		'what a chain wants': { put: '/accounts/1/rules', body: { weekdays: [], mostPerDay: 2, windows: [], blackouts: [] } } }))
		yield { name: `nor is ${what} changed`, as: 'admin', ...step, status: 422, code: 'ERR_REQ_004', fields: ['/reason'] }
	yield { name: 'with one it stands in the trail', run: async () => {
		const wrong = []
		for (const [method, path, body, action, again] of [['PATCH', '/import/rules/UNKNOWN_WORD', { severity: 'error' }, 'IMPORT_RULE', { severity: null }], ['PUT', '/import/policies/phone', { wins: 'SOURCE' }, 'FIELD_POLICY', { wins: 'PERSON' }],
			['PUT', '/sales/rule', { months: 3, wins: 'FILE' }, 'SALES_RULE', { months: 12, wins: 'SALES' }]]) {
			wrong.push(differs({ status: 200 }, await call('admin', method, path, { ...body, reason: `why ${action}` })))
			wrong.push(differs({ reason: `why ${action}` }, (await call('admin', 'GET', `/audit?action=${action}&limit=1`)).json.items[0]))
			await call('admin', method, path, { ...again, reason: 'as it was' })
		}
		return wrong
	} }

	yield { name: 'a later change is told to who puts an older one back, and is put back when it was seen', run: async () => {
		const done = [await set('manager', 11, 'longer talks'), await set('admin', 12, 'longer still')]
		const blind = await back('longer talks', 'too long'), stale = await back('longer talks', 'too long', { seen: { serviceBronze: 11 } })
		const held = (await now()).value, seen = await back('longer talks', 'too long', { seen: { serviceBronze: 12 } })
		const later = { status: 409, json: { code: 'ERR_DATA_004', detail: /^serviceBronze is 12 since Asha Rao .*changed it at 2\d{3}-.*Z: look again$/ } }
		return [done.some((r) => r.status !== 200) && done[0].text, differs(later, blind), differs(later, stale), held !== 12 && `it is ${held}`, differs({ status: 200, json: { channel: 'GT' } }, seen), (await now()).own && 'it is not put back',
			differs({ what: 'PROFILE_CHANGE', reason: 'too long', changes: [{ field: 'serviceBronze', was: '12', is: null }] }, (await history())[0])]
	} }
	yield { name: 'what was not changed since is put back without looking', run: async () => {
		await set('manager', 13.5, 'once')
		return [differs({ status: 200 }, await back('once', 'it was once')), (await now()).own && 'it is not', differs({ status: 200 }, await back('it was once', 'it was right')), (await now()).value !== 13.5 && 'the way back has none',
			differs({ status: 409, json: { detail: /^serviceBronze is 13\.5 since Miguel Santos/ } }, await back('too long', 'x'))]
	} }
	yield { name: 'who changes a parameter may say what was seen', run: async () => [differs({ status: 409, json: { code: 'ERR_DATA_004' } }, await set('manager', 9, 'x', { seen: { serviceBronze: null } })), (await now()).value !== 13.5 && 'changed all the same',
		differs({ status: 200 }, await set('manager', null, 'as it was', { seen: { serviceBronze: 13.5 } })), differs({ status: 422, json: { fields: some({ pointer: '/seen' }) } }, await set('manager', 9, 'x', { seen: [1] }))] }
	yield { name: 'of many at once who saw the same one gets through', run: async () => {
		const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => set('manager', 20 + i, 'at once', { seen: { serviceBronze: null } })))
		const good = replies.filter((r) => r.status === 200)
		return [good.length !== 1 && `${replies.map((r) => r.status)}`, replies.some((r) => r.status !== 200 && r.json.code !== 'ERR_DATA_004') && 'another error', differs({ status: 200 }, await back('at once', 'enough'))]
	} }
	yield { name: 'a change that is none', as: 'manager', post: '/territories/{confUnit}/profile/revert?channel=GT', body: { entry: 987654321, reason: 'x' }, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a change of the other channel', run: async () => differs({ status: 404 }, await call('admin', 'POST', at('/revert').replace('GT', 'MT'), { entry: await entry('enough'), reason: 'x' })) }

	yield { name: 'a holiday that was called otherwise, was not there, or was taken back, is put back', run: async () => {
		const wrong = [], is = async (name) => wrong.push((await holidays()) !== name && `${name}: it is ${await holidays()}`)
		await holiday('Fair', 'the town asks')
		await holiday('Town fair', 'its name')
		wrong.push(differs({ what: 'HOLIDAY_PUT', reason: 'its name', changes: [{ field: day, was: 'Fair', is: 'Town fair' }] }, (await history())[0]))
		wrong.push(differs({ status: 409, json: { detail: /is "Town fair" since Miguel Santos .*changed it/ } }, await back('the town asks', 'x')))
		await back('its name', 'the old name')
		await is('Fair')
		await back('the town asks', 'no fair')
		await is('')
		wrong.push(differs({ what: 'HOLIDAY_DROP', reason: 'no fair', changes: [{ field: day, was: 'Fair', is: null }] }, (await history())[0]))
		await back('no fair', 'it comes after all')
		await is('Fair')
		await client.call({ as: 'manager', method: 'DELETE', path: `/territories/${saved.confUnit}/holidays?day=${day}&reason=rain` })
		wrong.push(differs({ status: 409, json: { detail: /is not set since Miguel Santos/ } }, await back('it comes after all', 'x')),
			differs({ status: 409, json: { detail: /nothing to put back/ } }, await back('the town asks', 'x', { seen: { [day]: null } })))
		await back('rain', 'it stopped')
		await is('Fair')
		return [wrong, differs({ status: 200 }, await back('it stopped', 'in the end'))]
	} }

	yield { name: 'the shell tells the history and puts back', run: async () => {
		await set('manager', 15, 'by hand')
		await set('manager', 16, 'again by hand')
		const id = await entry('by hand'), told = shell('history'), refused = shell('revert', String(id), '--reason', 'from the shell'), kept = (await now()).value
		const done = shell('revert', String(id), '--reason', 'from the shell', '--anyway'), trail = (await call('admin', 'GET', '/audit?action=PROFILE_CHANGE&limit=1')).json.items[0]
		return [!new RegExp(`^ *${id} .* Miguel Santos.*: by hand\n *serviceBronze  - -> 15$`, 'm').test(told) && told, !/^1 .*serviceBronze is 16 since Miguel Santos .*changed it at .*look again/s.test(refused) && refused, kept !== 16 && 'changed all the same',
			done !== 'serviceBronze is not set again\n' && done, (await now()).own && 'it is not put back', differs({ user: null, reason: 'from the shell', changes: [{ field: 'serviceBronze', old: '16', new: null }] }, trail)]
	} }
	yield { name: 'and says what is missing', run: () => [
		[shell('revert', '1'), /^2 .*--reason TEXT is missing/], [shell('revert', '--reason', 'x'), /^2 .*say which change/], [shell('revert', '987654321', '--reason', 'x'), /there is no change 987654321 of this territory and channel/],
		[shell('revert', '987654321', '--reason', 'x', '--anyway'), /there is no change 987654321/], [shell('forget'), /^2 .*say what to do/]].map(([said, wanted]) => !wanted.test(said) && said) }
}
export const steps = all
