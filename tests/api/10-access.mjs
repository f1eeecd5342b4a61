// SPDX-License-Identifier: GPL-3.0-or-later
// Sign in and out: cookie, CSRF, throttle, password, deny by default.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from './shell.mjs'

const PASSWORD = 'beatplan-demo'
export const demo = ['admin', 'manager', 'mtmanager', 'planner', 'mtplanner', 'territory', 'dt', 'analyst']

async function* all({ client, saved }) {
	yield { name: 'health needs nobody', get: '/healthz', json: { status: 'ok', database: 'ok', demo: true } }
	yield { name: 'health has a short address too', get: '=/healthz', json: { status: 'ok' } }
	yield { name: 'and asks nothing', get: '/healthz?noSuchField=1', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'who am I, asked by nobody', get: '/auth/me', status: 401, code: 'ERR_AUTH_001' }
	yield {
		name: 'a cookie that means nothing', get: '/auth/me', headers: { Cookie: `bp_session=${'x'.repeat(43)}` }, status: 401, code: 'ERR_AUTH_001',
	}
	yield { name: 'a cookie of the wrong length', get: '/auth/me', headers: { Cookie: 'bp_session=short' }, status: 401, code: 'ERR_AUTH_001' }
	yield {
		name: 'a sign-in gives a cookie that scripts and other sites cannot use', post: '/auth/login',
		body: { username: 'admin', password: PASSWORD },
		header: { 'set-cookie': '^bp_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict, bp_known=' },
		json: { user: { username: 'admin' }, demo: true, permissions: (p) => p.includes('ADMIN_SYSTEM') && p.length === 17 },
		check: (reply) => reply.text.includes('password') && 'the reply speaks of a password',
	}
	for (const [what, agent] of [['long', 'x'.repeat(4000)], ['odd', 'caf\u00e9 \u00ff']])
		yield {
			name: `a browser with a ${what} name signs in too`, post: '/auth/login', headers: { 'User-Agent': agent },
			body: { username: 'admin', password: PASSWORD },
		}
	yield { name: 'a wrong password', post: '/auth/login', body: { username: 'admin', password: 'wrong' }, status: 401, code: 'ERR_AUTH_003' }
	yield { name: 'is in the log with the account', run: async () => {
		const lines = client.state ? readFileSync(join(client.state, 'log', 'pool.log'), 'utf8').split('\n').filter((l) => /ev=sign_in_failed/.test(l)) : ['user=1 ']
		return !lines.some((l) => /user=[1-9]\d* /.test(l)) && `${lines}`
	} }
	yield {
		name: 'a name that does not exist is refused in the same words', post: '/auth/login', body: { username: 'nobody-here', password: 'wrong' },
		status: 401, code: 'ERR_AUTH_003', header: { 'set-cookie': null },
	}
	yield {
		name: 'every demo user signs in', run: async () => {
			for (const name of demo)
				await client.login(name, name, PASSWORD)
			saved.adminId = client.sessions.get('admin').me.user.id
		},
	}
	yield { name: 'who am I', as: 'planner', get: '/auth/me', json: { user: { username: 'planner' }, scopes: [{ territoryId: null, role: 'gt_planner' }], worldPermissions: (p) => p.includes('PLAN_GT_ROUTES') && !p.includes('PLAN_MT_ROUTES') } }
	yield {
		name: 'the token of another session is refused', as: 'planner', post: '/auth/logout', csrf: false,
		headers: { 'X-CSRF-Token': 'x'.repeat(43) }, status: 403, code: 'ERR_AUTH_005',
	}
	yield { name: 'no token is refused', as: 'planner', post: '/auth/logout', csrf: false, status: 403, code: 'ERR_AUTH_005' }
	yield { name: 'a second sign-in of the same user', run: () => client.login('planner2', 'planner', PASSWORD) }
	yield {
		name: 'signing out ends this session', as: 'planner2', post: '/auth/logout', header: { 'set-cookie': '^bp_session=; .*Max-Age=0' },
	}
	yield { name: 'it is over', as: 'planner2', get: '/auth/me', status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'the other one goes on', as: 'planner', get: '/auth/me' }
	yield { name: 'a third sign-in', run: () => client.login('planner3', 'planner', PASSWORD) }
	yield { name: 'signing out everywhere', as: 'planner3', post: '/auth/logout-everywhere' }
	yield { name: 'ends all sessions', as: 'planner', get: '/auth/me', status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'sign in again', run: () => client.login('planner', 'planner', PASSWORD) }

	yield {
		name: 'a user whose password is changed', as: 'admin', post: '/users',
		body: { username: 'changer', name: 'Chan Ger', email: 'c@example.org', scopes: [{ territoryId: null, role: 'leadership' }] },
		save: { changerId: '/id', changerPassword: '/password' },
	}
	yield { name: 'a password that others made has an end', run: async () => {
		const { json } = await client.call({ as: 'admin', method: 'POST', path: '/users', body: { username: 'tardy', name: 'Tar Dy', email: 'tardy@example.org', scopes: [] } })
		Object.assign(saved, { tardy: json.password })
		await client.login('tardy', 'tardy', json.password)
		const days = (Date.parse(client.sessions.get('tardy').me.temporaryUntil) - Date.now()) / 86400000
		sql(client.state, "UPDATE user SET password_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE username = 'tardy'")
		return days < 6.9 || days > 7 ? `it ends in ${days} days` : []
	} }
	yield { name: 'after it nobody gets in by it', post: '/auth/login', body: { username: 'tardy', password: '{tardy}' }, status: 401, code: 'ERR_AUTH_014' }
	yield { name: 'no program either', post: '/auth/token', body: { username: 'tardy', password: '{tardy}', name: 'late' }, status: 401, code: 'ERR_AUTH_014' }
	yield { name: 'a wrong one tells nothing of it', post: '/auth/login', body: { username: 'tardy', password: 'wrong' }, status: 401, code: 'ERR_AUTH_003' }
	yield { name: 'signs in with the generated password', run: () => client.login('changer', 'changer', saved.changerPassword) }
	yield {
		name: 'must know the old password', as: 'changer', post: '/auth/password', body: { current: 'no', next: 'long-enough-1' },
		status: 422, code: 'ERR_REQ_004', fields: ['/current'],
	}
	yield {
		name: 'a short new one is refused', as: 'changer', post: '/auth/password', body: { current: '{changerPassword}', next: 'short' },
		status: 422, code: 'ERR_REQ_004', fields: ['/next'],
	}
	for (const next of ['password123', 'ChangeR-2026', 'my beatplan'])
		yield {
			name: `one that is guessed first is refused: ${next}`, as: 'changer', post: '/auth/password', body: { current: '{changerPassword}', next },
			status: 422, code: 'ERR_REQ_004', fields: ['/next'],
		}
	yield { name: 'a second session of that user', run: () => client.login('changer2', 'changer', saved.changerPassword) }
	yield { name: 'a long one is taken', as: 'changer', post: '/auth/password', body: { current: '{changerPassword}', next: 'correct horse battery' } }
	yield { name: 'the session that changed it goes on, and the new one has no end', as: 'changer', get: '/auth/me', json: { temporaryUntil: null } }
	yield { name: 'the others end: the old password may have opened them', as: 'changer2', get: '/auth/me', status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'the old one is gone', post: '/auth/login', body: { username: 'changer', password: '{changerPassword}' }, status: 401 }
	yield { name: 'the new one works', run: () => client.login('changer', 'changer', 'correct horse battery') }
}
export const steps = all
