// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail as a file and as a chain; a person who is forgotten.
import { sleep } from './client.mjs'
import { beatplan, sql } from './shell.mjs'
import { some } from './steps.mjs'

async function* all({ client }) {
	const at = ['--state', process.env.BEATPLAN_STATE]
	yield { name: 'the trail as CSV', as: 'admin', get: '/audit/export?format=csv&action=USER_CREATE', check: (r) => [!/^id,at,user_id,.*,old,new,agent,channel,session_id,correlation\r\n/.test(r.text) && r.text.slice(0, 200), !/,USER_CREATE,.*,scopes,/.test(r.text) && 'no change of scopes'] }
	yield { name: 'the trail as XML', as: 'admin', get: '/audit/export?format=xml&who=ASHA', check: (r) => (/^<\?xml[^]*<event id="\d+" [^>]*user="Asha Rao[^]*<\/audit>\n$/.test(r.text) ? [] : r.text.slice(0, 300)) }
	yield { name: 'a key for the auditor', as: 'admin', post: '/auth/keys', body: { name: 'auditor', permissions: ['VIEW_AUDIT'], days: 1 }, save: { auditKey: '/key' } }
	yield { name: 'it is used', get: '/audit/export?format=csv&action=NOTHING', headers: { Authorization: 'Bearer {auditKey}' } }
	yield { name: 'an event tells which key, from what program, and where it stands in the logs', as: 'admin', get: '/audit?action=AUDIT_EXPORT', json: { items: some({ agent: /^key \d+ auditor; /, channel: '', session: 0, correlation: /^\S+$/ }) } }
	yield { name: 'so do the files', as: 'admin', get: '/audit/export?format=xml&action=AUDIT_EXPORT', check: (r) => (/ agent="key \d+ auditor; [^"]*" correlation="[^"]+"/.test(r.text) ? [] : r.text.slice(0, 400)) }
	yield { name: 'in the table too', as: 'admin', get: '/audit/export?format=csv&action=AUDIT_EXPORT', check: (r) => (/,"?key \d+ auditor; .*,,0,\S+\r\n/.test(r.text) ? [] : r.text.slice(0, 400)) }
	yield { name: 'the trail in a form that is none', as: 'admin', get: '/audit/export?format=pdf', status: 422, fields: ['/format'] }
	yield { name: 'the export stands in the trail', as: 'admin', get: '/audit?action=AUDIT_EXPORT', json: { items: some({ resourceType: 'audit' }) } }
	yield {
		name: 'the trail is sealed within seconds, and verifies', run: async () => {
			for (let i = 0; i < 100; i++, await sleep(200)) {
				const { json } = await client.call({ as: 'admin', method: 'GET', path: '/audit/chain' })
				if (json.seal > 0 && json.head && json.event > 5)
					break
			}
			const out = beatplan('audit', 'verify', ...at)
			return /^whole +up to seal \d+, [0-9a-f]{64}$/m.test(out) ? [] : out
		},
	}
	yield {
		name: 'a person is forgotten, and the trail stays whole', run: async () => {
			const username = `gone${Date.now().toString(36)}`, created = await client.call({ as: 'admin', method: 'POST', path: '/users', body: { username, name: 'Gerda Gone', scopes: [{ territoryId: null, role: 'analyst' }] } })
			await client.login(username, username, created.json.password)
			const unit = (await client.call({ as: username, path: '/territories?units=1&limit=1' })).json.items[0].id
			const made = await client.call({ as: username, method: 'POST', path: '/auth/keys', body: { name: 'k', permissions: ['VIEW_TERRITORY'], territoryId: unit } })
			const scopes = () => sql(client.state, `SELECT COUNT(*) FROM user_scope WHERE user_id IN (${created.json.id}, 1 << 62 | ${made.json.id})`)
			await client.call({ path: `/territories/${unit}`, headers: { Authorization: `Bearer ${made.json.key}` } })
			const had = scopes()
			beatplan('audit', 'forget', username, '--reason', 'asked for it', ...at)
			const { json } = await client.call({ as: 'admin', method: 'GET', path: `/audit?resourceType=user&resourceId=${created.json.id}` })
			const text = JSON.stringify(json) + JSON.stringify((await client.call({ as: 'admin', method: 'GET', path: '/users?q=erased' })).json)
			return [created.status !== 200 && created.text, had !== '2' && `${had} scopes at first`, scopes() !== '0' && `${scopes()} scopes are left`, text.includes(username) && 'its name is still there', !/"USER_FORGET".*asked for it/.test(text) && text, !/\(erased\)/.test(text) && text, !/^whole/m.test(beatplan('audit', 'verify', ...at)) && 'the chain broke']
		},
	}
	for (const words of [['bananas'], ['forget', 'nobody'], ['export', '--from', '2026-02-30'], ['export', '--format', 'pdf'], ['archive', 'x']])
		yield {
			name: `audit ${words.join(' ')} is refused in words`, run: () => {
				try {
					beatplan('audit', ...words, ...at)
				} catch (e) {
					return e.status === 2 && /^beatplan audit: .+/.test(e.stderr) ? [] : `${e.status} ${e.stderr}`
				}
				return 'it is not'
			},
		}
}
export const steps = all
