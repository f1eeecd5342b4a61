// SPDX-License-Identifier: GPL-3.0-or-later
// Users, roles by territory, one-time passwords, the trail they leave.
import { some } from './steps.mjs'

async function* all({ client, saved }) {
	yield { name: 'the roles and what they may do', as: 'dt', get: '/roles', json: { items: some({ role: 'gt_planner', permissions: (p) => p.includes('PLAN_GT_ROUTES') && !p.includes('PLAN_MT_ROUTES') }) }, save: { roles: '/items' } }
	yield { name: 'list them', as: 'admin', get: '/users', json: { items: some({ username: 'planner', active: true, scopes: [{ territoryId: null, role: 'gt_planner' }] }) } }
	yield { name: 'page by page', as: 'admin', get: '/users?limit=3', json: { items: (i) => i.length === 3, next: /^\d+$/ }, save: { next: '/next', firstPage: '/items' } }
	yield {
		name: 'the next page goes on', as: 'admin', get: '/users?limit=3&after={next}',
		check: (r) => r.json.items.some((u) => saved.firstPage.some((f) => f.id === u.id)) && 'a user stands on both pages',
	}
	yield { name: 'search by part of a name', as: 'admin', get: '/users?q=asha', json: { items: [{ username: 'admin' }] } }
	yield { name: 'a percent sign is no wildcard for everybody', as: 'admin', get: '/users?q=%25', json: { items: (i) => i.length === 0 } }
	yield { name: 'limits have limits', as: 'admin', get: '/users?limit=501', status: 422, code: 'ERR_REQ_004', fields: ['/limit'] }
	yield { name: 'an unknown filter is told', as: 'admin', get: '/users?colour=red', status: 422, fields: ['/colour'] }
	yield {
		name: 'create one', as: 'admin', post: '/users', body: { username: 'new.user', name: 'Néw <b>User</b>', email: 'n@example.org', locale: 'fr', scopes: [{ territoryId: null, role: 'gt_planner' }] },
		json: { password: /^[A-Za-z0-9-]{29}$/ }, save: { userId: '/id', password: '/password' },
	}
	yield { name: 'the same name again', as: 'admin', post: '/users', body: { username: 'NEW.user', name: 'x', scopes: [] }, status: 409, code: 'ERR_DATA_004', json: { detail: /NEW.user/ } }
	yield {
		name: 'bad fields', as: 'admin', post: '/users', body: { username: 'a b', name: '', locale: 'xx', scopes: [{ territoryId: 987654321, role: 'king' }] },
		status: 422, fields: ['/name', '/locale'],
	}
	yield {
		name: 'bad values', as: 'admin', post: '/users', body: { username: 'a.b', name: 'x', scopes: [{ territoryId: 987654321, role: 'king' }] },
		status: 422, fields: ['/scopes/0/territoryId', '/scopes/0/role'],
	}
	yield { name: 'a scope twice', as: 'admin', post: '/users', body: { username: 'twice', name: 'x', scopes: [{ role: 'admin' }, { role: 'admin' }] }, status: 422, fields: ['/scopes/1'] }
	yield { name: 'the refused one was not made', as: 'admin', get: '/users?q=twice', json: { items: (i) => i.length === 0 } }
	yield { name: 'read it', as: 'admin', get: '/users/{userId}', json: { username: 'new.user', name: 'Néw <b>User</b>', locale: 'fr', lastLogin: null } }
	yield { name: 'sign in as the new one', run: () => client.login('new', 'new.user', saved.password) }
	yield { name: 'change a part', as: 'admin', patch: '/users/{userId}', body: { name: 'Other', email: '' }, json: { name: 'Other', email: '', locale: 'fr', active: true } }
	yield { name: 'an empty change changes nothing', as: 'admin', patch: '/users/{userId}', body: {}, json: { name: 'Other', scopes: [{ role: 'gt_planner' }] } }
	yield { name: 'a right taken away is gone at once', as: 'admin', patch: '/users/{userId}', body: { scopes: [{ territoryId: null, role: 'dt_user' }] } }
	yield { name: 'as the session sees', as: 'new', get: '/auth/me', json: { permissions: ['VIEW_TERRITORY'] } }
	yield { name: 'a new password ends the sessions', as: 'admin', post: '/users/{userId}/password', save: { password: '/password' } }
	yield { name: 'so the old one is over', as: 'new', get: '/auth/me', status: 401 }
	yield { name: 'and the new password opens one', run: () => client.login('new', 'new.user', saved.password) }
	yield { name: 'switched off', as: 'admin', patch: '/users/{userId}', body: { active: false }, json: { active: false } }
	yield { name: 'is signed out', as: 'new', get: '/auth/me', status: 401 }
	yield { name: 'cannot sign in', post: '/auth/login', body: { username: 'new.user', password: '{password}' }, status: 401, code: 'ERR_AUTH_003' }
	yield { name: 'is found as such', as: 'admin', get: '/users?active=0', json: { items: some({ username: 'new.user' }) } }
	yield { name: 'the last administrator cannot leave', as: 'admin', patch: '/users/{adminId}', body: { scopes: [] }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor be switched off', as: 'admin', patch: '/users/{adminId}', body: { active: false }, status: 409, code: 'ERR_DATA_004' }
	for (const [method, path] of [['get', '/users/987654321'], ['patch', '/users/987654321'], ['post', '/users/987654321/password']])
		yield { name: `${method} of nobody`, as: 'admin', [method]: path, body: method === 'patch' ? {} : undefined, status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a planner may not see users', as: 'planner', get: '/users', status: 403, code: 'ERR_AUTH_002' }
	yield {
		name: 'the trail knows it', as: 'admin', get: '/audit?resourceType=user&resourceId={userId}',
		json: { items: some({ action: 'USER_CHANGE', label: 'changed a user', user: /Asha/, changes: some({ field: 'name', old: 'Néw <b>User</b>', new: 'Other' }) }) },
		check: (r) => JSON.stringify(r.json).includes(saved.password) && 'a password stands in the trail',
	}
	yield { name: 'the trail by action and day', as: 'admin', get: '/audit?action=USER_CREATE&from=2020-01-01&to=2099-01-01&limit=1', json: { items: [{ action: 'USER_CREATE' }], next: /^\d+$/ }, save: { next: '/next' } }
	yield { name: 'page by page, older ones next', as: 'admin', get: '/audit?after={next}&limit=5', check: (r) => r.json.items.some((i) => i.id >= Number(saved.next)) && 'not older' }
	yield { name: 'the trail by a part of a name', as: 'admin', get: '/audit?who=ASHA&limit=3', json: { items: (l) => l.length > 0 && l.every((i) => /^Asha/.test(i.user)) } }
	yield { name: 'what the trail can say', as: 'admin', get: '/audit/actions', json: { items: some({ action: 'USER_CREATE', label: 'created a user' }) } }
	yield { name: 'an empty span', as: 'admin', get: '/audit?to=2000-01-01', json: { items: (i) => i.length === 0, next: null } }
	yield { name: 'a day that is none', as: 'admin', get: '/audit?from=2026-02-30', status: 422, fields: ['/from'] }
}
export const steps = all
