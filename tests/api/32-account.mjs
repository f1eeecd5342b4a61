// SPDX-License-Identifier: GPL-3.0-or-later
// The own account: second factor, forgotten password; and what an administrator does with the accounts of others.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { totp } from '../totp.mjs'
import { sleep } from './client.mjs'
import { some } from './steps.mjs'

const bearer = (token) => ({ Authorization: `Bearer ${token}` })
const newUser = (username, more = {}) => ({ username, name: `Person ${username}`, scopes: [{ territoryId: null, role: 'gt_planner' }], ...more })

async function* secondFactor({ client, saved }) {
	const login = (code) => ({ post: '/auth/login', body: { username: 'careful', password: '{fPassword}', ...(code === undefined ? {} : { code }) } })
	yield { name: 'somebody careful', as: 'admin', post: '/users', body: newUser('careful'), save: { fUser: '/id', fPassword: '/password' } }
	yield { name: 'signs in', run: () => client.login('careful', 'careful', saved.fPassword) }
	yield { name: 'has no second factor', as: 'careful', get: '/auth/second-factor', json: { on: false, recoveryCodes: 0 } }
	yield { name: 'nothing to give up', as: 'careful', post: '/auth/second-factor/off', body: { code: '123456' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor to make codes for', as: 'careful', post: '/auth/second-factor/codes', body: { code: '123456' }, status: 409, code: 'ERR_DATA_004' }
	yield { name: 'nor to confirm', as: 'careful', post: '/auth/second-factor/confirm', body: { code: '123456' }, status: 409, code: 'ERR_DATA_004' }
	yield {
		name: 'asks for one', as: 'careful', post: '/auth/second-factor', json: { secret: /^[A-Z2-7]{32}$/, uri: /^otpauth:\/\/totp\/Beatplan:careful\?secret=[A-Z2-7]{32}&issuer=Beatplan$/, qr: /^(M\d+ \d+h1v1h-1z)+$/, size: (n) => n >= 21 && n % 4 === 1 },
		save: { firstSecret: '/secret' },
	}
	yield { name: 'asks again: the first secret is void', as: 'careful', post: '/auth/second-factor', save: { secret: '/secret' } }
	yield { name: 'is not asked for codes before the first one', ...login() }
	yield { name: 'a code of the void secret does not confirm', run: async () => (await client.call({ as: 'careful', method: 'POST', path: '/auth/second-factor/confirm', body: { code: totp(saved.firstSecret) } })).status !== 422 && 'it does' }
	yield {
		name: 'the first code sets it up and gives recovery codes', run: async () => {
			saved.code = totp(saved.secret)
			const confirm = () => client.call({ as: 'careful', method: 'POST', path: '/auth/second-factor/confirm', body: { code: saved.code }, headers: { 'Idempotency-Key': 'confirm' } })
			const r = await confirm(), again = await confirm()
			saved.codes = r.json.codes
			return [again.json?.code !== 'ERR_REQ_009' && `asked twice: ${again.text}`, r.status !== 200 && r.text, new Set(saved.codes).size !== 10 && 'not ten codes', !saved.codes.every((c) => /^([a-z2-9]{4}-){6}[a-z2-9]{4}$/.test(c)) && saved.codes.join()]
		},
	}
	yield { name: 'once', as: 'careful', post: '/auth/second-factor', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'and is told', as: 'careful', get: '/auth/second-factor', json: { on: true, recoveryCodes: 10 } }
	yield { name: 'who I am says so too', as: 'careful', get: '/auth/me', json: { secondFactor: true, secondFactorAsked: false } }
	yield { name: 'from now on the password is not enough', ...login(), status: 401, code: 'ERR_AUTH_008', header: { 'set-cookie': null } }
	yield { name: 'a wrong password tells nothing of the factor', post: '/auth/login', body: { username: 'careful', password: 'wrong', code: '000000' }, status: 401, code: 'ERR_AUTH_003' }
	yield { name: 'a wrong code', ...login('000000'), status: 401, code: 'ERR_AUTH_009' }
	yield { name: 'the code that was used', run: async () => {
		const r = await client.call({ method: 'POST', path: '/auth/login', body: { username: 'careful', password: saved.fPassword, code: saved.code } })
		return r.json.code !== 'ERR_AUTH_009' && r.text
	} }
	yield { name: 'the next code opens, with a blank as authenticators show it', run: async () => {
		saved.next = totp(saved.secret, 1)
		const ask = (code) => client.call({ method: 'POST', path: '/auth/login', body: { username: 'careful', password: saved.fPassword, code } })
		const spaced = `${saved.next.slice(0, 3)} ${saved.next.slice(3)}`
		const first = await ask(spaced), second = await ask(spaced), former = await ask(saved.code)
		return [first.status !== 200 && first.text, second.json.code !== 'ERR_AUTH_009' && `twice: ${second.text}`, former.json.code !== 'ERR_AUTH_009' && `an earlier one: ${former.text}`]
	} }
	yield { name: 'a program by password needs a code too', post: '/auth/token', body: { username: 'careful', password: '{fPassword}', name: 'p' }, status: 401, code: 'ERR_AUTH_008' }
	yield { name: 'a wrong one is refused', post: '/auth/token', body: { username: 'careful', password: '{fPassword}', name: 'p', code: 'zzzz-zzzz-zz' }, status: 401, code: 'ERR_AUTH_009' }
	yield { name: 'a recovery code opens, written in any way', run: async () => {
		const r = await client.call({ method: 'POST', path: '/auth/token', body: { username: 'careful', password: saved.fPassword, name: 'p', code: saved.codes[0].toUpperCase().replaceAll('-', ' ') } })
		return r.status !== 200 && r.text
	} }
	yield { name: 'once', run: async () => {
		const r = await client.call({ method: 'POST', path: '/auth/login', body: { username: 'careful', password: saved.fPassword, code: saved.codes[0] } })
		return r.json.code !== 'ERR_AUTH_009' && r.text
	} }
	yield { name: 'nine are left', as: 'careful', get: '/auth/second-factor', json: { recoveryCodes: 9 } }
	yield { name: 'new codes need a code', as: 'careful', post: '/auth/second-factor/codes', body: { code: '000000' }, status: 422, fields: ['/code'] }
	yield { name: 'of the user', run: async () => {
		const r = await client.call({ as: 'careful', method: 'POST', path: '/auth/second-factor/codes', body: { code: saved.codes[1] } })
		const old = await client.call({ method: 'POST', path: '/auth/login', body: { username: 'careful', password: saved.fPassword, code: saved.codes[2] } })
		saved.codes = r.json.codes
		return [r.status !== 200 && r.text, old.json.code !== 'ERR_AUTH_009' && 'a former code opens still']
	} }
	yield { name: 'the codes do not lie in the table', run: async () => {
		const dump = JSON.stringify((await client.call({ as: 'admin', path: `/audit?resourceType=user&resourceId=${saved.fUser}` })).json)
		return [saved.secret, ...saved.codes].some((s) => dump.includes(s)) && 'nor the trail'
	} }
	yield { name: 'giving it up needs a code too', run: async () => {
		const call = (code) => client.call({ as: 'careful', method: 'POST', path: '/auth/second-factor/off', body: { code }, headers: { 'Idempotency-Key': `off ${code}` } })
		const wrong = await call('000000'), right = await call(saved.codes[0]), again = await call(saved.codes[0])
		return [wrong.status !== 422 && wrong.text, right.status !== 200 && right.text, again.status !== 200 && `asked twice: ${again.text}`]
	} }
	yield { name: 'then the password is enough again', ...login() }
	yield { name: 'set up again', as: 'careful', post: '/auth/second-factor', save: { secret: '/secret' } }
	yield { name: 'by its first code', run: async () => (await client.call({ as: 'careful', method: 'POST', path: '/auth/second-factor/confirm', body: { code: totp(saved.secret) } })).status !== 200 && 'not' }
	yield { name: 'an administrator sees it', as: 'admin', get: '/users/{fUser}', json: { secondFactor: true } }
	yield { name: 'and takes it away when the phone is lost', as: 'admin', delete: '/users/{fUser}/second-factor?reason=came%20to%20the%20desk' }
	yield { name: 'once', as: 'admin', delete: '/users/{fUser}/second-factor?reason=came%20to%20the%20desk', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'so that the password is enough', ...login() }
	yield { name: 'for a program too', post: '/auth/token', body: { username: 'careful', password: '{fPassword}', name: 'handheld' } }
	yield {
		name: 'guessing codes or the password of an open session is stopped', run: async () => {
			const made = await client.call({ as: 'admin', method: 'POST', path: '/users', body: newUser('guesser') })
			await client.login('guesser', 'guesser', made.json.password)
			const call = (path, code) => client.call({ as: 'guesser', method: 'POST', path: `/auth/second-factor${path}`, body: code === undefined ? undefined : { code } })
			const { secret } = (await call('')).json
			for (let i = 0; i < 8; i++)
				await call('/confirm', '000000')
			const replies = [await client.call({ as: 'guesser', method: 'POST', path: '/auth/proof', body: { password: made.json.password } }), await client.call({ as: 'guesser', method: 'POST', path: '/auth/password', body: { current: made.json.password, next: 'long-enough-1' } }), await call('/confirm', totp(secret)), await call('/codes', '000000'), await call('/off', '000000')]
			const list = await client.call({ as: 'admin', path: '/users?q=guesser' })
			const unlock = await client.call({ as: 'admin', method: 'POST', path: `/users/${made.json.id}/unlock` })
			const after = await call('/confirm', totp(secret))
			return [...replies.map((r) => !(r.json.code === 'ERR_AUTH_004' && Number(r.headers.get('retry-after')) > 200) && r.text), !(list.json.items[0].locked > 200) && 'the administrator does not see it',
				unlock.status !== 200 && unlock.text, after.status !== 200 && after.text]
		},
	}
}

const mailsOf = (/** @type {string} */ state) => {
	try {
		return readdirSync(join(state, 'mail')).sort().map((f) => readFileSync(join(state, 'mail', f), 'utf8'))
	} catch {
		return []
	}
}

/** A second factor that an administrator takes away: why the person was believed is kept, and the person hears of it. */
async function* taken({ client, saved }) {
	const shell = (/** @type {string[]} */ ...words) => spawnSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['user', 'drop-factor', 'bereft', ...words, '--state', client.state], { encoding: 'utf8' })
	const why = 'called back on the number of the staff list', set = async () => {
		await client.login('bereft', 'bereft', saved.tPassword)
		const made = await client.call({ as: 'bereft', method: 'POST', path: '/auth/second-factor' })
		const r = await client.call({ as: 'bereft', method: 'POST', path: '/auth/second-factor/confirm', body: { code: totp(made.json.secret) } })
		return r.status !== 200 && r.text
	}
	yield { name: 'somebody who will lose the phone', as: 'admin', post: '/users', body: newUser('bereft', { email: 'bereft@example.org', locale: 'fr' }), save: { tUser: '/id', tPassword: '/password' } }
	yield { name: 'sets a second factor up', run: set }
	yield { name: 'wants no notices by mail', as: 'bereft', put: '/notices/mail', body: { mail: false } }
	yield { name: 'has a program', as: 'bereft', post: '/auth/tokens', body: { name: 't' }, save: { access: '/accessToken' } }
	yield { name: 'who takes it away must say how the person is known', as: 'admin', delete: '/users/{tUser}/second-factor', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'and not by a nod', as: 'admin', delete: '/users/{tUser}/second-factor?reason=ok', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'until then it stays', as: 'bereft', get: '/auth/second-factor', json: { on: true } }
	yield { name: 'it is taken away', as: 'admin', delete: `/users/{tUser}/second-factor?reason=${encodeURIComponent(why)}` }
	yield { name: 'the sessions of the person end', as: 'bereft', get: '/auth/me', status: 401 }
	yield { name: 'and the tokens', get: '/auth/me', headers: bearer('{access}'), status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'the trail holds how the person was known', as: 'admin', get: '/audit?action=FACTOR_RESET&limit=1', json: { items: [{ resourceId: '{tUser}', reason: why }] } }
	yield { name: 'the person signs in', run: () => client.login('bereft', 'bereft', saved.tPassword) }
	yield { name: 'is told who did it and why', as: 'bereft', get: '/notices', json: { items: [{ kind: 'FACTOR_TAKEN', text: why, from: /./ }] } }
	yield {
		name: 'and by a mail, though notices are not wanted so', run: async () => {
			let mail
			for (let i = 0; i < 300 && !mail; i++, await sleep(100))
				mail = mailsOf(client.state).find((m) => /^To: bereft@example\.org$/m.test(m))
			return [!mail && 'none', mail && !mail.includes(why) && mail, mail && !mail.includes('retiré votre second facteur') && 'not in French']
		},
	}
	yield {
		name: 'the shell asks for the same, and does the same', run: async () => {
			const again = await set(), without = shell(), short = shell('--reason', 'ok'), done = shell('--reason', why)
			const me = await client.call({ as: 'bereft', path: '/auth/me' }), [event] = (await client.call({ as: 'admin', path: '/audit?action=FACTOR_RESET&limit=1' })).json.items
			await client.login('bereft', 'bereft', saved.tPassword)
			const notices = (await client.call({ as: 'bereft', path: '/notices' })).json.items
			return [again, (without.status !== 2 || !/--reason TEXT/.test(without.stderr)) && `${without.status} ${without.stderr}`, short.status !== 2 && 'two letters are enough', done.status && done.stderr,
				me.status !== 401 && 'still signed in', event.reason !== why && JSON.stringify(event), (notices.length !== 2 || notices[0].kind !== 'FACTOR_TAKEN' || notices[0].from !== null) && JSON.stringify(notices)]
		},
	}
}

async function* reset({ client, saved }) {
	const mails = () => mailsOf(client.state)
	const waitFor = async (n) => {
		for (let i = 0; i < 100 && mails().length < n; i++)
			await sleep(100)
		return mails()
	}
	const link = (mail) => /^http:\/\/\S+\/reset#([\w-]{43})$/m.exec(mail)?.[1]
	yield { name: 'somebody forgetful', as: 'admin', post: '/users', body: newUser('forgetful', { email: 'forgetful@example.org', locale: 'fr' }), save: { gUser: '/id', gPassword: '/password' } }
	yield { name: 'signed in', run: () => client.login('forgetful', 'forgetful', saved.gPassword) }
	yield { name: 'with a program', as: 'forgetful', post: '/auth/tokens', body: { name: 't' }, save: { access: '/accessToken' } }
	yield { name: 'asks for a link', post: '/auth/reset', body: { who: 'forgetful' }, check: (r) => { saved.answer = r.text } }
	yield { name: 'the answer is the same for somebody who is not there', post: '/auth/reset', body: { who: 'no-such@example.org' }, check: (r) => r.text !== saved.answer && r.text }
	yield { name: 'and for one without an address', post: '/auth/reset', body: { who: 'planner' }, check: (r) => r.text !== saved.answer && r.text }
	yield {
		name: 'one mail comes, in the language of the person', run: async () => {
			const all = await waitFor(1)
			saved.token = link(all[0])
			return [all.length !== 1 && `${all.length} mails`, !saved.token && all[0], !/^To: forgetful@example.org$/m.test(all[0]) && 'to somebody else', !all[0].includes('Bonjour Person forgetful') && 'not in French']
		},
	}
	yield { name: 'by the address too', post: '/auth/reset', body: { who: 'Forgetful@example.org' } }
	yield { name: 'a second link', run: async () => {
		saved.token2 = link((await waitFor(2))[1])
		return !saved.token2 && 'none'
	} }
	yield { name: 'a third', post: '/auth/reset', body: { who: 'forgetful' } }
	yield { name: 'not a fourth within the hour', run: async () => {
		await waitFor(3)
		await client.call({ method: 'POST', path: '/auth/reset', body: { who: 'forgetful' } })
		await sleep(2500)
		return mails().length !== 3 && `${mails().length} mails`
	} }
	yield { name: 'a made-up link', post: '/auth/reset/confirm', body: { token: 'x'.repeat(43), password: 'long-enough-1' }, status: 410, code: 'ERR_AUTH_012' }
	yield { name: 'a short password is refused and spends nothing', post: '/auth/reset/confirm', body: { token: '{token}', password: 'short' }, status: 422, fields: ['/password'] }
	yield { name: 'eight wrong tries meanwhile', run: async () => {
		for (let i = 0; i < 8; i++)
			await client.call({ method: 'POST', path: '/auth/login', body: { username: 'forgetful', password: 'wrong' } })
	} }
	yield { name: 'and one that is guessed first', post: '/auth/reset/confirm', body: { token: '{token}', password: 'football123' }, status: 422, fields: ['/password'] }
	yield { name: 'the link sets a new password', post: '/auth/reset/confirm', body: { token: '{token}', password: 'a fresh long one' } }
	yield { name: 'once', post: '/auth/reset/confirm', body: { token: '{token}', password: 'another long one' }, status: 410, code: 'ERR_AUTH_012' }
	yield { name: 'the other link is spent with it', post: '/auth/reset/confirm', body: { token: '{token2}', password: 'another long one' }, status: 410, code: 'ERR_AUTH_012' }
	yield { name: 'it ends the sessions', as: 'forgetful', get: '/auth/me', status: 401 }
	yield { name: 'and the tokens', get: '/auth/me', headers: bearer('{access}'), status: 401 }
	yield { name: 'and the waiting after failed sign-ins', run: () => client.login('forgetful', 'forgetful', 'a fresh long one') }
	yield { name: 'the trail knows who', as: 'admin', get: '/audit?action=RESET_DONE', json: { items: [{ resourceId: '{gUser}', user: 'Person forgetful' }] }, check: (r) => r.text.includes(saved.token) && 'and the link' }
	yield { name: 'asking is not for ever', run: async () => {
		for (let i = 0; i < 12; i++) {
			const r = await client.call({ method: 'POST', path: '/auth/reset', body: { who: `nobody-${i}` } })
			if (r.status !== 200)
				return [r.json.code !== 'ERR_AUTH_011' && r.text, !(Number(r.headers.get('retry-after')) > 200) && 'no Retry-After']
		}
		return 'it is'
	} }
}

async function* others({ client, saved }) {
	yield { name: 'an administrator sees who waits after failed sign-ins', run: async () => {
		for (let i = 0; i < 8; i++, await sleep(150)) // the web server lets an address sign in ten times a second
			await client.call({ method: 'POST', path: '/auth/login', body: { username: 'CAREFUL', password: 'wrong' } })
	} }
	yield { name: 'in the list', as: 'admin', get: '/users/{fUser}', json: { locked: (n) => n > 200 && n <= 300, signIns: (n) => n > 0, programs: (n) => n > 0 } }
	yield { name: 'that one waits', post: '/auth/login', body: { username: 'careful', password: '{fPassword}' }, status: 429, code: 'ERR_AUTH_004' }
	yield { name: 'a program as well', post: '/auth/token', body: { username: 'careful', password: '{fPassword}', name: 'p' }, status: 429, code: 'ERR_AUTH_004' }
	yield { name: 'and lets them try again', as: 'admin', post: '/users/{fUser}/unlock' }
	yield { name: 'which works', run: () => client.login('careful', 'careful', saved.fPassword) }
	yield { name: 'ends all sign-ins of one', as: 'admin', post: '/users/{fUser}/sign-out' }
	yield { name: 'as the session sees', as: 'careful', get: '/auth/me', status: 401 }
	yield { name: 'nothing is signed in any more', as: 'admin', get: '/users/{fUser}', json: { signIns: 0, locked: 0 } }
	for (const [method, what] of [['post', 'unlock'], ['post', 'sign-out'], ['delete', 'second-factor?reason=seen'], ['post', 'view-as']])
		yield { name: `${what} of nobody`, as: 'admin', [method]: `/users/987654321/${what}`, status: 404, code: 'ERR_DATA_003' }

	yield { name: 'an administrator of their own', as: 'admin', post: '/users', body: newUser('overseer', { scopes: [{ territoryId: null, role: 'admin' }] }), save: { oUser: '/id', oPassword: '/password' } }
	yield { name: 'signs in', run: () => client.login('overseer', 'overseer', saved.oPassword) }
	yield { name: 'nobody to stop looking as', as: 'overseer', post: '/auth/view-end', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'not as oneself', as: 'overseer', post: '/users/{oUser}/view-as', status: 409, code: 'ERR_DATA_004' }
	yield { name: 'a key of theirs', as: 'overseer', post: '/auth/keys', body: { name: 'k', permissions: ['MANAGE_USERS'] }, save: { key: '/key' } }
	yield { name: 'does not look as anybody', post: '/users/{fUser}/view-as', headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'nor stops', post: '/auth/view-end', headers: bearer('{key}'), status: 403, code: 'ERR_AUTH_006' }
	yield { name: 'but manages users', post: '/users/{fUser}/unlock', headers: bearer('{key}') }
	yield { name: 'the trail says by what', as: 'admin', get: '/audit?action=USER_UNLOCK&limit=1', json: { items: [{ user: 'Person overseer' }] } }
	yield { name: 'looks as the careful one', as: 'overseer', post: '/users/{fUser}/view-as' }
	yield {
		name: 'sees what that one sees', as: 'overseer', get: '/auth/me', json: { user: { username: 'careful' }, viewer: 'Person overseer', permissions: (p) => p.includes('PLAN_GT_ROUTES') && !p.includes('MANAGE_USERS') },
	}
	yield { name: 'reads', as: 'overseer', get: '/territories' }
	yield { name: 'has no other rights meanwhile', as: 'overseer', get: '/users', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'changes nothing', as: 'overseer', post: '/notices/read', body: { upto: 1 }, status: 403, code: 'ERR_AUTH_007' }
	yield { name: 'does not see where that one is signed in', as: 'overseer', get: '/auth/sessions', status: 403, code: 'ERR_AUTH_006' }
	for (const o of client.operations.filter((o) => o.op['x-scope'] !== 'public' && !['get', 'head', 'options'].includes(o.method) && !/^\/auth\/(view-end|logout)$/.test(o.path)))
		yield {
			name: `cannot: ${o.name}`, run: async () => {
				const r = await client.call({ as: 'overseer', method: o.method.toUpperCase(), path: o.path.replace(/\{\w+\}/g, '1'), raw: '{}', headers: { 'Content-Type': 'application/json' } })
				return !(r.status === 403 && /^ERR_AUTH_00[67]$/.test(r.json?.code)) && `${r.status} ${r.text.slice(0, 200)}`
			},
		}
	yield { name: 'stops', as: 'overseer', post: '/auth/view-end' }
	yield { name: 'and is who they are', as: 'overseer', get: '/auth/me', json: { user: { username: 'overseer' }, viewer: null } }
	yield { name: 'the trail holds beginning and end, of the administrator', as: 'admin', get: '/audit?action=VIEW_AS', json: { items: [{ user: 'Person overseer', resourceId: '{fUser}' }] } }
	yield { name: 'and the end', as: 'admin', get: '/audit?action=VIEW_END', json: { items: [{ user: 'Person overseer', resourceId: '{fUser}' }] } }
	yield { name: 'looks again', as: 'overseer', post: '/users/{fUser}/view-as' }
	yield { name: 'and loses the right to', as: 'admin', patch: '/users/{oUser}', body: { scopes: [{ territoryId: null, role: 'leadership' }] } }
	yield { name: 'which ends the looking', as: 'overseer', get: '/auth/me', json: { user: { username: 'overseer' }, viewer: null } }
	yield { name: 'barred users see nothing, so nobody sees it', run: async () => {
		await client.call({ as: 'admin', method: 'PATCH', path: `/users/${saved.fUser}`, body: { active: false } })
		const r = await client.call({ as: 'admin', method: 'POST', path: `/users/${saved.fUser}/view-as` })
		return r.status !== 409 && r.text
	} }
	for (const o of client.operations.filter((x) => declares(x, 'ERR_AUTH_006')))
		yield {
			name: `no program may: ${o.name}`, run: async () => {
				const r = await client.call({ method: o.method.toUpperCase(), path: o.path.replace(/\{\w+\}/g, '1'), raw: o.method === 'get' ? undefined : '{}', headers: { 'Content-Type': 'application/json', ...bearer(saved.key) } })
				return !(r.status === 403 && r.json?.code === 'ERR_AUTH_006') && `${r.status} ${r.text.slice(0, 200)}`
			},
		}
}
const declares = (o, code) => Object.values(o.op.responses).some((r) => r.description.includes(code))

export async function* steps(all) {
	yield* secondFactor(all)
	yield* reset(all)
	yield* others(all)
	yield* taken(all)
}
