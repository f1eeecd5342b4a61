// SPDX-License-Identifier: GPL-3.0-or-later
// Every operation x every role x own, foreign and world-wide scope: let in exactly where x-scope and x-permission say so.
// Nothing is changed on the way: whoever is let in meets a body or a query that is no good, on things that are there.
import { withIds } from './ids.mjs'

const json = { 'Content-Type': 'application/json' }
const bodyOf = (o) => o.op.requestBody?.content['application/json']
const placed = ['territory', 'plan', 'session', 'outlet', 'seat', 'job']

const MISSING = '987654321'
const withMissing = (path) => path.replace(/\{\w+\}/g, MISSING)

/** How to ask without effect. */
const harmless = (o, path) => bodyOf(o) ? { path, raw: '{"a"', headers: json } : { path: `${path}?noSuchField=1`, ...(['get', 'head'].includes(o.method) ? {} : { raw: '' }) }

/** May this user do it? `holds(perm, territory)` is the table of roles. */
function expected(o, user, target) {
	/* Plans and sessions have a channel; where it comes in the body either permission opens the door. */
	const either = target?.channel !== 'GT' || !['plan', 'session'].includes(o.op['x-scope'])
	const perms = (o.op['x-permission'] ?? '').startsWith('PLAN_GT_ROUTES or') ? ['PLAN_GT_ROUTES', ...(either ? ['PLAN_MT_ROUTES'] : [])] : [o.op['x-permission']]
	const has = (p) => user.permissions.includes(p)
	switch (o.op['x-scope']) {
	case 'public':
	case 'self':
		return true
	case 'anywhere':
		return perms.some(has)
	case 'world':
		return perms.some(has) && user.territory === null
	default:
		return perms.some(has) && (user.territory === null || user.territory === target.territory)
	}
}

async function* all({ client, saved, doc }) {
	const roles = (await client.call({ as: 'admin', path: '/roles' })).json.items
	const units = client.find('get', '/territories') ? (await client.call({ as: 'admin', path: '/territories?units=1' })).json.items : []
	const places = [null, ...units.slice(0, 2).map((u) => u.id)]
	const users = []

	yield {
		name: 'a user for every role and place', run: async () => {
			for (const { role, permissions } of [...roles, { role: 'none', permissions: [] }])
				for (const territory of role === 'none' ? [null] : places) {
					const username = `m-${role}-${territory ?? 'world'}`
					const made = await client.call({ as: 'admin', method: 'POST', path: '/users', body: { username, name: username, scopes: role === 'none' ? [] : [{ territoryId: territory, role }] } })
					if (made.status !== 200)
						return made.text
					await client.login(username, username, made.json.password)
					users.push({ username, role, permissions, territory, id: made.json.id })
				}
		},
	}
	/* What belongs to which unit: two things of each kind, so that each is foreign to somebody. */
	const targets = units.slice(0, 2).map((u) => ({ territory: u.id, ids: { territories: u.id } }))
	yield {
		name: 'things in two territories', run: async () => {
			for (const t of targets) {
				const first = async (path, kind) => {
					const item = client.find('get', path.split('?')[0]) && (await client.call({ as: 'admin', path })).json?.items?.[0]
					if (item)
						t.ids[kind] = item.id
				}
				await first(`/outlets?territory=${t.territory}&limit=1`, 'outlets')
				await first(`/seats?territory=${t.territory}&limit=1`, 'seats')
				await first(`/plans?territory=${t.territory}`, 'plans')
				t.ids.clients = t.ids.outlets
				/* A draft of the administrator with a job. */
				const post = async (path, body) => {
					const r = await client.call({ as: 'admin', method: 'POST', path, body })
					if (r.status !== 200)
						throw new Error(`${path}: ${r.text}`)
					return r.json
				}
				await post(`/territories/${t.territory}/lock`, { channel: 'GT' })
				const session = await post('/planning/sessions', { territoryId: t.territory, channel: 'GT' })
				t.ids['planning/sessions'] = session.id
				t.ids.plans = session.planId
				t.ids.beat = MISSING
				t.channel = 'GT'
				t.ids.jobs = t.ids.optimize = (await post('/optimize', { sessionId: session.id, iterations: 1 })).jobId
			}
		},
	}
	for (const o of client.operations.filter((o) => o.op['x-scope'] !== 'public'))
		yield {
			name: o.name, run: async () => {
				const wrong = []
				const scoped = placed.includes(o.op['x-scope'])
				for (const user of users)
					for (const target of scoped ? targets.length ? targets : [{ ids: {} }] : [{ ids: { users: user.id } }]) {
						const ask = harmless(o, withIds(o.path, { ...target.ids, 'import/templates': 'outlets' }))
						const nowhere = ask.path.includes('{')
						const reply = await client.call({ as: user.username, method: o.method.toUpperCase(), ...ask, path: withMissing(ask.path) })
						/* Something that is not there answers 404 to whoever may ask for such things, 403 to the others. */
						const keptOut = reply.json?.code === 'ERR_AUTH_002' || (o.method === 'head' && reply.status === 403) || (scoped && !nowhere && reply.status === 404)
						const letIn = !keptOut && reply.status < 500 && reply.status !== 401
						const where = scoped && nowhere ? { territory: user.territory } : target
						if (letIn !== expected(o, user, where))
							wrong.push(`${user.role} of ${user.territory ?? 'the world'} on ${target.territory ?? '-'}: ${reply.status} ${reply.json?.code ?? ''}`)
					}
				return wrong
			},
		}
}
export const steps = all
