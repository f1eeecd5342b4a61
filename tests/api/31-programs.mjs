// SPDX-License-Identifier: GPL-3.0-or-later
// Programs: access tokens with their refresh tokens, API keys, and where people are signed in.
import { execFileSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from './shell.mjs'
import { some } from './steps.mjs'

const PASSWORD = 'beatplan-demo'
const bearer = (token) => ({ Authorization: `Bearer ${token}` })
const out = { status: 401, code: 'ERR_AUTH_001', header: { 'www-authenticate': '^Bearer error="invalid_token"$' } }
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
/** The newest key of the state, as node knows keys. */
function ownKey(state) {
	const [, kid, seed] = /^key (\w+) (\w+)$/m.exec(readFileSync(join(state, 'token.keys'), 'utf8'))
	return { kid, key: createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed, 'hex')]) }) }
}
function token({ kid, key }, claims, header = {}) {
	const text = `${b64({ alg: 'EdDSA', typ: 'JWT', kid, ...header })}.${b64(claims)}`
	return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

async function* tokens({ client, saved }) {
	yield { name: 'a program asks with a wrong password', post: '/auth/token', body: { username: 'planner', password: 'wrong', name: 'ERP' }, status: 401, code: 'ERR_AUTH_003' }
	yield {
		name: 'a program gets a pair of tokens', post: '/auth/token', body: { username: 'planner', password: PASSWORD, name: 'ERP' },
		json: { tokenType: 'Bearer', expiresIn: 600, accessToken: /^[\w-]+\.[\w-]+\.[\w-]{86}$/, refreshToken: /^bpr_[\w-]{43}$/ }, header: { 'set-cookie': null },
		save: { access: '/accessToken', refresh: '/refreshToken', family: '/id' },
	}
	yield {
		name: 'calls with it, and needs no CSRF token', get: '/auth/me', headers: bearer('{access}'),
		json: { user: { username: 'planner' }, by: 'token', program: 'ERP', csrf: null, permissions: (p) => p.includes('PLAN_GT_ROUTES') },
	}
	yield { name: 'not even for a change', post: '/notices/read', body: { upto: 1 }, headers: bearer('{access}') }
	yield { name: 'its role counts as ever', get: '/users', headers: bearer('{access}'), status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'and it does not touch the account', post: '/auth/keys', body: { name: 'x', permissions: ['VIEW_TERRITORY'] }, headers: bearer('{access}'), status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'the name of the scheme may be small', get: '/auth/me', headers: { Authorization: 'bearer {access}' }, json: { by: 'token' } }
	yield { name: 'another scheme is not for us: the cookie counts', as: 'admin', get: '/auth/me', headers: { Authorization: 'Basic YTpi' }, json: { by: 'session' } }
	yield { name: 'a token beside a cookie counts', as: 'admin', get: '/auth/me', headers: bearer('{access}'), json: { user: { username: 'planner' } } }
	yield { name: 'a bad token is not made good by a cookie', as: 'admin', get: '/auth/me', headers: bearer('bad'), ...out }

	const now = () => Math.floor(Date.now() / 1000)
	const claims = (more = {}) => ({ iss: 'beatplan', aud: 'beatplan', sub: String(client.sessions.get('planner').me.user.id), fam: saved.family, iat: now(), exp: now() + 600, ...more })
	const own = ownKey(client.state)
	yield { name: 'one that we sign ourselves is good, so that the next ones fail for their reason', get: '/auth/me', headers: bearer(token(own, claims())) }
	const foreign = ownKey(client.state)
	foreign.key = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]) })
	const head = b64({ alg: 'none', typ: 'JWT', kid: own.kid })
	for (const [what, text] of [
		['forged by another key', token(foreign, claims())],
		['with a key nobody has', token(own, claims(), { kid: '00000000' })],
		['that is expired', token(own, claims({ iat: now() - 800, exp: now() - 200 }))],
		['of the future', token(own, claims({ iat: now() + 200, exp: now() + 800 }))],
		['good for a year', token(own, claims({ exp: now() + 31536000 }))],
		['for another audience', token(own, claims({ aud: 'elsewhere' }))],
		['of another user', token(own, claims({ sub: '1' }))],
		['of a family that is not there', token(own, claims({ fam: 987654321 }))],
		['with alg none and no signature', `${head}.${b64(claims())}.`],
		['with alg none and a signature', token(own, claims(), { alg: 'none' })],
		['with alg HS256', token(own, claims(), { alg: 'HS256' })],
		['with a header more', token(own, claims(), { jwk: {} })],
		['cut off', token(own, claims()).slice(0, -4)],
		['that is a text', 'hello'], ['that is long', 'x'.repeat(6000)],
	])
		yield { name: `a token ${what}`, get: '/auth/me', headers: bearer(text), ...out }
	yield { name: 'a refresh token opens nothing', get: '/auth/me', headers: bearer('{refresh}'), ...out }

	yield {
		name: 'it renews its tokens', post: '/auth/refresh', body: { refreshToken: '{refresh}' }, json: { id: '{family}', accessToken: /^[\w-]+\./ },
		check: (r) => r.json.refreshToken === saved.refresh && 'the refresh token stayed the same', save: { access2: '/accessToken', refresh2: '/refreshToken' },
	}
	yield { name: 'the new one is good', get: '/auth/me', headers: bearer('{access2}') }
	yield { name: 'an access token renews nothing', post: '/auth/refresh', body: { refreshToken: 'bpr_x' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'a used refresh token comes again: somebody has a copy', post: '/auth/refresh', body: { refreshToken: '{refresh}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'so the whole family is over: its access token', get: '/auth/me', headers: bearer('{access2}'), ...out }
	yield { name: 'and the refresh token that was good', post: '/auth/refresh', body: { refreshToken: '{refresh2}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'the trail knows it, once', as: 'admin', get: '/audit?action=TOKEN_REUSED', json: { items: [{ action: 'TOKEN_REUSED', resourceId: '{family}', user: /Priya/ }] } }
	yield { name: 'and the owner', as: 'planner', get: '/auth/tokens', json: { items: some({ id: '{family}', name: 'ERP', ended: 'REUSED' }) } }
	yield {
		name: 'of two who refresh at the same instant one at most gets on', run: async () => {
			const grant = await client.call({ method: 'POST', path: '/auth/token', body: { username: 'planner', password: PASSWORD, name: 'twins' } })
			const replies = await Promise.all([1, 2, 3, 4].map(() => client.call({ method: 'POST', path: '/auth/refresh', body: { refreshToken: grant.json.refreshToken } })))
			return replies.filter((r) => r.status === 200).length > 1 && 'two got on'
		},
	}

	yield { name: 'a person makes a pair for a program', as: 'planner', post: '/auth/tokens', body: { name: 'Notebook' }, save: { access: '/accessToken', refresh: '/refreshToken', family: '/id' } }
	yield { name: 'which calls', get: '/territories', headers: bearer('{access}') }
	yield { name: 'its calls name it in the trail', as: 'admin', get: '/audit?action=TOKEN_GRANT&limit=1', json: { items: [{ resourceId: '{family}', changes: some({ new: 'Notebook' }) }] } }
	yield { name: 'and is shut out', as: 'planner', delete: '/auth/tokens/{family}' }
	yield { name: 'twice is once', as: 'planner', delete: '/auth/tokens/{family}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'at once', get: '/territories', headers: bearer('{access}'), ...out }
	yield { name: 'also with its refresh token', post: '/auth/refresh', body: { refreshToken: '{refresh}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'another pair', as: 'planner', post: '/auth/tokens', body: { name: 'Phone' }, save: { access: '/accessToken', refresh: '/refreshToken', family: '/id' } }
	yield { name: 'nobody shuts out a program of somebody else', as: 'admin', delete: '/auth/tokens/{family}', status: 404 }
	yield { name: 'the program signs out itself', post: '/auth/logout', headers: bearer('{access}') }
	yield { name: 'and is out', get: '/auth/me', headers: bearer('{access}'), ...out }
	yield {
		name: 'a user has fifty programs at most', run: async () => {
			for (let i = 0; i < 60; i++) {
				const r = await client.call({ as: 'mtplanner', method: 'POST', path: '/auth/tokens', body: { name: `p${i}` } })
				if (r.status !== 200)
					return [r.json.code !== 'ERR_DATA_004' && r.text, i !== 50 && `refused at ${i}`]
			}
			return 'there was no end'
		},
	}
	yield {
		name: 'by the password neither', post: '/auth/token', body: { username: 'mtplanner', password: PASSWORD, name: 'one more' }, status: 409, code: 'ERR_DATA_004',
	}

	yield { name: 'a pair before the keys rotate', as: 'planner', post: '/auth/tokens', body: { name: 'Rotating' }, save: { access: '/accessToken' } }
	const rotate = (...more) => execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['token', 'rotate', ...more, '--state', client.state], { encoding: 'utf8' })
	yield { name: 'the keys rotate while all runs', run: () => !/new tokens are signed/.test(rotate()) && 'no word of it' }
	yield { name: 'the token of the former key is taken still', get: '/auth/me', headers: bearer('{access}') }
	yield { name: 'and new ones are of the new key', as: 'planner', post: '/auth/tokens', body: { name: 'Rotated' }, check: (r) => Buffer.from(r.json.accessToken.split('.')[0], 'base64url').toString().includes(own.kid) && 'it is of the former key' }
	yield { name: 'after a second rotation it is not', run: () => !rotate('--only').includes('void') && 'no word of it' }
	yield { name: 'so that a lost key is harmless', get: '/auth/me', headers: bearer('{access}'), ...out }
}

async function* keys({ client, saved }) {
	yield {
		name: 'a key may do what its owner chose', as: 'manager', post: '/auth/keys', body: { name: 'nightly export', permissions: ['VIEW_TERRITORY', 'EXPORT_DATA'], days: 30 },
		json: { key: /^bpk_[\w-]{43}$/ }, save: { keyId: '/id', key: '/key' },
	}
	yield { name: 'it calls', get: '/auth/me', headers: bearer('{key}'), json: { by: 'key', program: 'nightly export', permissions: ['VIEW_TERRITORY', 'EXPORT_DATA'], worldPermissions: ['VIEW_TERRITORY', 'EXPORT_DATA'] } }
	yield { name: 'it reads', get: '/territories?units=1', headers: bearer('{key}'), save: { unitA: '/items/0/id', unitB: '/items/1/id' } }
	yield { name: 'it does not plan, though its owner may', post: '/territories/{unitA}/lock', body: { channel: 'GT' }, headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor reads the trail', get: '/audit', headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor signs out', post: '/auth/logout', headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'nor makes keys', post: '/auth/keys', body: { name: 'x', permissions: ['VIEW_TERRITORY'] }, headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_006' }
	yield {
		name: 'its owner sees it without its secret', as: 'manager', get: '/auth/keys', json: { items: some({ id: '{keyId}', name: 'nightly export', hint: /^bpk_/, permissions: ['VIEW_TERRITORY', 'EXPORT_DATA'], territoryId: null, lastUsed: /Z$/, lastAddress: '127.0.0.1' }) },
		check: (r) => r.text.includes(saved.key) && 'the key stands in the list',
	}
	yield { name: 'nobody else does', as: 'admin', get: '/auth/keys', check: (r) => r.json.items.some((k) => k.id === saved.keyId) && 'the administrator sees it' }
	yield { name: 'nobody gives away what he has not', as: 'manager', post: '/auth/keys', body: { name: 'x', permissions: ['VIEW_TERRITORY', 'IMPORT_DATA', 'king'] }, status: 422, fields: ['/permissions/1', '/permissions/2'] }
	yield { name: 'a key for nothing is none', as: 'manager', post: '/auth/keys', body: { name: 'x', permissions: [] }, status: 422, fields: ['/permissions'] }
	yield { name: 'nor one for a place that is not there', as: 'manager', post: '/auth/keys', body: { name: 'x', permissions: ['VIEW_TERRITORY'], territoryId: 987654321 }, status: 404, code: 'ERR_DATA_001' }
	yield { name: 'a key that is nearly one', get: '/auth/me', headers: bearer(`bpk_${'x'.repeat(43)}`), ...out }

	yield {
		name: 'a key for one territory', as: 'manager', post: '/auth/keys', body: { name: 'unit A', permissions: ['VIEW_TERRITORY', 'PLAN_GT_ROUTES', 'EXPORT_DATA'], territoryId: '{unitA}' }, save: { placeKeyId: '/id', placeKey: '/key' },
	}
	yield { name: 'holds there', get: '/territories/{unitA}', headers: bearer('{placeKey}') }
	yield { name: 'not elsewhere', get: '/territories/{unitB}', headers: bearer('{placeKey}'), status: 404, code: 'ERR_DATA_001' }
	yield { name: 'lists are cut to it', get: '/territories?units=1', headers: bearer('{placeKey}'), check: (r) => r.json.items.some((t) => t.id !== saved.unitA) && 'it sees another unit', json: { items: (i) => i.length === 1 } }
	yield {
		name: 'outlets, partners, seats and invoices too', run: async () => {
			const wrong = []
			const ids = async (path, how) => (await client.call({ path, ...how })).json.items.map((i) => i.id).join()
			for (const path of ['/outlets?limit=500', '/outlets?limit=500&q=a', '/partners?limit=500', '/seats?limit=500', '/invoices?limit=500', '/plans', '/outlet-lists?limit=500', '/accounts?limit=500']) {
				if (!client.find('get', path))
					wrong.push(`${path} is no list`)
				const cut = await ids(path, { headers: bearer(saved.placeKey) }), all = await ids(path, { as: 'admin' })
				if (path.startsWith('/outlets') && cut !== await ids(`${path}&territory=${saved.unitA}`, { as: 'admin' }))
					wrong.push(`${path} is not what lies in the unit`)
				if (/partners|seats|plans/.test(path) && (!cut || cut.length >= all.length))
					wrong.push(`${path} is not cut: ${cut}`)
			}
			return wrong
		},
	}
	yield { name: 'plans too', get: '/plans', headers: bearer('{placeKey}'), json: { items: (i) => i.length > 0 && i.every((p) => p.territoryId === saved.unitA) } }
	yield { name: 'nothing is held everywhere', get: '/auth/me', headers: bearer('{placeKey}'), json: { worldPermissions: [], scopes: some({ territoryId: '{unitA}' }) } }
	for (const path of ['/jobs', '/home', '/planning/sessions', '/exports', '/locks', '/notices', '/roles', '/import/rules', '/import/entities', '/import/templates/outlets', '/exports/1/file'])
		yield { name: `what is its owner's own is not the key's: ${path}`, get: path, headers: bearer('{placeKey}'), status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'nor is a notice marked', post: '/notices/read', body: {}, headers: bearer('{placeKey}'), status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'what its owner loses, it loses', run: async () => {
		const { id } = client.sessions.get('manager').me.user
		const scopes = (s) => client.call({ as: 'admin', method: 'PATCH', path: `/users/${id}`, body: { scopes: s } })
		const asks = async (path) => (await client.call({ path, headers: bearer(saved.placeKey) })).status
		const wrong = []
		await scopes([{ territoryId: saved.unitB, role: 'planning_manager_gt' }])
		wrong.push(await asks(`/territories/${saved.unitA}`) !== 403 && 'the key sees its unit still', await asks(`/territories/${saved.unitB}`) !== 403 && 'the key sees the other unit')
		await scopes([{ territoryId: saved.unitA, role: 'leadership' }])
		wrong.push(await asks(`/territories/${saved.unitA}`) !== 200 && 'the key is blind', await asks('/outlets') !== 200 && 'the key sees no outlets')
		await scopes([{ territoryId: null, role: 'planning_manager_gt' }])
		return wrong
	} }
	yield { name: 'it is revoked', as: 'manager', delete: '/auth/keys/{placeKeyId}' }
	yield { name: 'and opens nothing', get: '/territories/{unitA}', headers: bearer('{placeKey}'), ...out }
	yield { name: 'once', as: 'manager', delete: '/auth/keys/{placeKeyId}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'nobody revokes the key of another', as: 'admin', delete: '/auth/keys/{keyId}', status: 404 }
	yield { name: 'a hundred keys are enough', run: async () => {
		for (let i = 0; i < 110; i++) {
			const r = await client.call({ as: 'dt', method: 'POST', path: '/auth/keys', body: { name: `k${i}`, permissions: ['VIEW_TERRITORY'] } })
			if (r.status !== 200)
				return [r.json.code !== 'ERR_DATA_004' && r.text, i !== 100 && `refused at ${i}`]
		}
		return 'there was no end'
	} }
	yield { name: 'a program that calls too often waits', run: async () => {
		const made = await client.call({ as: 'analyst', method: 'POST', path: '/auth/keys', body: { name: 'busy', permissions: ['VIEW_TERRITORY'] } })
		let reply
		for (let i = 0; i < 2000 && reply?.status !== 429; i++)
			reply = await client.call({ path: '/auth/me', headers: bearer(made.json.key) })
		return [reply.status !== 429 && 'never', reply.json?.code !== 'ERR_AUTH_011' && reply.text, !(Number(reply.headers.get('retry-after')) === 1) && `Retry-After ${reply.headers.get('retry-after')}`,
			(await client.call({ path: '/auth/me', headers: bearer(saved.key) })).status !== 200 && 'others wait too']
	} }

	yield { name: 'somebody who leaves', as: 'admin', post: '/users', body: { username: 'leaver', name: 'Lea Ver', scopes: [{ territoryId: null, role: 'leadership' }] }, save: { leaver: '/id', leaverPassword: '/password' } }
	yield { name: 'signs in', run: () => client.login('leaver', 'leaver', saved.leaverPassword) }
	yield { name: 'has a key', as: 'leaver', post: '/auth/keys', body: { name: 'k', permissions: ['VIEW_TERRITORY'], days: 1, territoryId: '{unitA}' }, save: { key: '/key', keyId: '/id' } }
	yield { name: 'that is used', get: '/territories/{unitA}', headers: bearer('{key}') }
	yield { name: 'and a pair of tokens', as: 'leaver', post: '/auth/tokens', body: { name: 't' }, save: { access: '/accessToken', refresh: '/refreshToken' } }
	yield { name: 'and is barred', as: 'admin', patch: '/users/{leaver}', body: { active: false } }
	yield { name: 'then the key opens nothing', get: '/auth/me', headers: bearer('{key}'), ...out }
	yield { name: 'and leaves no scopes', run: () => (sql(client.state, `SELECT COUNT(*) FROM user_scope WHERE user_id = (1 << 62 | ${saved.keyId})`) === '0' ? [] : 'some are there') }
	yield { name: 'nor the access token', get: '/auth/me', headers: bearer('{access}'), ...out }
	yield { name: 'nor the refresh token', post: '/auth/refresh', body: { refreshToken: '{refresh}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'let in again', as: 'admin', patch: '/users/{leaver}', body: { active: true } }
	yield { name: 'the key is as dead as the tokens', get: '/auth/me', headers: bearer('{key}'), ...out }
	yield { name: 'a key that manages users', as: 'admin', post: '/auth/keys', body: { name: 'hr', permissions: ['MANAGE_USERS'], days: 1 }, save: { hrKey: '/key' } }
	yield { name: 'reads them', get: '/users', headers: bearer('{hrKey}') }
	for (const [method, path, body] of [['post', '/users', { username: 'mole', name: 'Mo Le', scopes: [{ territoryId: null, role: 'admin' }] }], ['post', '/users/{leaver}/password', {}], ['patch', '/users/{leaver}', { email: 'mole@example.org' }], ['delete', '/users/{leaver}/second-factor']])
		yield { name: `but lets nobody in: ${method} ${path}`, [method]: path, ...(body ? { body } : {}), headers: bearer('{hrKey}'), status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'the tokens are not: they were ended', post: '/auth/refresh', body: { refreshToken: '{refresh}' }, status: 401, code: 'ERR_AUTH_001' }
}

async function* sessions({ client, saved }) {
	yield { name: 'a second browser', run: () => client.login('leaver', 'leaver', saved.leaverPassword) }
	yield { name: 'and a third', run: () => client.login('leaver3', 'leaver', saved.leaverPassword) }
	yield {
		name: 'people see where they are signed in', as: 'leaver', get: '/auth/sessions', json: { items: (i) => i.length === 2 && i.filter((s) => s.current).length === 1 && i.every((s) => s.address === '127.0.0.1' && s.agent) },
		save: { other: (r) => r.json.items.find((s) => !s.current).id, mine: (r) => r.json.items.find((s) => s.current).id },
	}
	yield { name: 'nobody ends the session of another', as: 'planner', delete: '/auth/sessions/{other}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'one of them is ended', as: 'leaver', delete: '/auth/sessions/{other}' }
	yield { name: 'that one', as: 'leaver3', get: '/auth/me', status: 401 }
	yield { name: 'the other goes on', as: 'leaver', get: '/auth/sessions', json: { items: [{ id: '{mine}' }] } }
	yield { name: 'the trail names it', as: 'admin', get: '/audit?action=SIGNIN_END&limit=1', json: { items: [{ user: 'Lea Ver' }] } }
	yield { name: 'a pair of tokens', as: 'leaver', post: '/auth/tokens', body: { name: 't' }, save: { access: '/accessToken' } }
	yield { name: 'ends with everything', as: 'leaver', post: '/auth/logout-everywhere' }
	yield { name: 'as promised', get: '/auth/me', headers: bearer('{access}'), ...out }
}

export async function* steps(all) {
	yield* tokens(all)
	yield* keys(all)
	yield* sessions(all)
}
