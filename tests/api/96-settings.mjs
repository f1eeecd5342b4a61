// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of access that are off at first: other origins, a second factor by role, a mail command, fewer calls of programs.
// Last, since the programs are started anew with another configuration, and again with the one that was.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { totp } from '../totp.mjs'
import { sleep } from './client.mjs'
import { services } from './services.mjs'
import { differs } from './steps.mjs'

const erp = 'https://erp.example.org'
const cors = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-allow-methods', 'access-control-allow-headers', 'vary']
const asks = { Origin: erp, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' }

export async function* steps({ client, saved }) {
	const conf = join(client.state, 'beatplan.conf'), before = readFileSync(conf, 'utf8')
	const { killed, healthy } = services(client, client.state)
	const folder = mkdtempSync(join(tmpdir(), 'beatplan-settings-'))
	const set = async (lines, ...who) => {
		writeFileSync(conf, `${before}${lines}\n`)
		await Promise.all((who.length ? who : ['pool']).map(killed))
		await healthy()
	}
	const headers = async (path, sent, more = {}) => {
		const r = await client.call({ path, headers: sent, judge: false, ...more })
		return { status: r.status, ...Object.fromEntries(cors.map((h) => [h, r.headers.get(h)])) }
	}
	yield { name: 'no other origin is let in at first', run: async () => differs({ status: 401, 'access-control-allow-origin': null, vary: null }, await headers('/auth/me', { Origin: erp })) }
	yield { name: 'nor its question answered', run: async () => differs({ status: 405, 'access-control-allow-origin': null, 'access-control-allow-methods': null }, await headers('/auth/me', asks, { method: 'OPTIONS' })) }
	yield { name: 'a second factor by role, two origins, a mail command', run: () => {
		chmodSync(folder, 0o777) /* the services may run as a user of their own */
		writeFileSync(join(folder, 'mail'), `#!/bin/sh\necho "$@" > ${folder}/words\ncat > ${folder}/out.new && mv ${folder}/out.new ${folder}/out\n`)
		chmodSync(join(folder, 'mail'), 0o755)
		return set(`cors_origins = ${erp}, https://b.example.org\nsecond_factor_roles = leadership, dt_user\nmail_command = ${folder}/mail\nprogram_calls_a_minute = 3\nmail_from = plan@example.org`, 'pool', 'workerd')
	} }
	yield { name: 'a known origin reads replies, without cookies', run: async () => differs({ status: 401, 'access-control-allow-origin': erp, 'access-control-allow-credentials': null, vary: /Origin/ }, await headers('/auth/me', { Origin: erp })) }
	yield { name: 'also what comes out of a handler', run: async () => differs({ status: 401, 'access-control-allow-origin': 'https://b.example.org' }, await headers('/auth/login', { Origin: 'https://b.example.org', 'Content-Type': 'application/json' }, { method: 'POST', raw: '{"username":"nobody","password":"x"}' })) }
	yield { name: 'also a good reply', run: async () => differs({ status: 200, 'access-control-allow-origin': erp }, await headers('/auth/me', { Origin: erp }, { as: 'admin' })) }
	for (const other of ['https://erp.example.org.evil.example', 'https://erp.example.or', 'http://erp.example.org', 'null', 'off', erp.toUpperCase()])
		yield { name: `the origin ${other} does not`, run: async () => differs({ 'access-control-allow-origin': null, vary: /Origin/ }, await headers('/auth/me', { Origin: other })) }
	yield {
		name: 'its question is answered', run: async () => differs({ status: 204, 'access-control-allow-origin': erp, 'access-control-allow-methods': /PATCH/, 'access-control-allow-headers': /Authorization/, 'access-control-allow-credentials': null },
			await headers('/users/1', asks, { method: 'OPTIONS' })),
	}
	yield { name: 'the question of another is not', run: async () => differs({ status: 405, 'access-control-allow-origin': null, 'access-control-allow-methods': null }, await headers('/users/1', { ...asks, Origin: 'https://evil.example' }, { method: 'OPTIONS' })) }
	yield { name: 'what tus asks by OPTIONS is answered as ever', run: async () => (await client.call({ method: 'OPTIONS', path: '/import/transfers' })).headers.get('tus-version') !== '1.0.0' && 'not' }

	yield { name: 'whose role asks for a second factor', as: 'admin', post: '/users', body: { username: 'leader', name: 'Lea Der', email: 'leader@example.org', scopes: [{ territoryId: null, role: 'leadership' }] }, save: { leader: '/id', leaderPassword: '/password' } }
	yield { name: 'signs in', run: () => client.login('leader', 'leader', saved.leaderPassword) }
	yield { name: 'is told', as: 'leader', get: '/auth/me', json: { secondFactorAsked: true, secondFactor: false } }
	yield { name: 'gets no further', as: 'leader', get: '/territories', status: 403, code: 'ERR_AUTH_010' }
	yield { name: 'nor by a program', post: '/auth/token', body: { username: 'leader', password: '{leaderPassword}', name: 'p' }, status: 403, code: 'ERR_AUTH_010' }
	yield { name: 'nor by tokens for a program', as: 'leader', post: '/auth/tokens', body: { name: 'p' }, status: 403, code: 'ERR_AUTH_010' }
	yield { name: 'nor by a key', as: 'leader', post: '/auth/keys', body: { name: 'k', permissions: ['VIEW_TERRITORY'] }, status: 403, code: 'ERR_AUTH_010' }
	yield { name: 'sets it up', as: 'leader', post: '/auth/second-factor', save: { secret: '/secret' } }
	yield { name: 'with a code', run: async () => (await client.call({ as: 'leader', method: 'POST', path: '/auth/second-factor/confirm', body: { code: totp(saved.secret) } })).status !== 200 && 'not' }
	yield { name: 'and is in', as: 'leader', get: '/territories' }
	yield { name: 'others are not asked', as: 'admin', get: '/auth/me', json: { secondFactorAsked: false } }

	yield { name: 'a program has three calls a minute now', as: 'leader', post: '/auth/keys', body: { name: 'k', permissions: ['VIEW_TERRITORY'] }, save: { key: '/key' } }
	for (let i = 0; i < 3; i++)
		yield { name: `call ${i + 1}, the owner's factor is the key's`, get: i ? '/territories' : '/auth/me', headers: { Authorization: 'Bearer {key}' } }
	yield { name: 'the fourth waits', get: '/auth/me', headers: { Authorization: 'Bearer {key}' }, status: 429, code: 'ERR_AUTH_011', header: { 'retry-after': '^[1-9]' }, json: { detail: /3 times a minute/ } }

	yield { name: 'a mail goes to the command', run: async () => {
		/* From an address that has not asked too often. */
		const asked = await client.call({ method: 'POST', path: '/auth/reset', body: { who: 'leader@example.org' }, judge: false, headers: { 'X-Forwarded-For': '192.0.2.7' } })
		for (let i = 0; i < 100 && !existsSync(join(folder, 'out')); i++)
			await sleep(100)
		const mail = existsSync(join(folder, 'out')) ? readFileSync(join(folder, 'out'), 'utf8') : ''
		return [asked.status !== 200 && asked.text, !/^From: plan@example.org$/m.test(mail) && mail, !/^To: leader@example.org$/m.test(mail) && mail, readFileSync(join(folder, 'words'), 'utf8') !== '-t -i\n' && 'other words']
	} }
	yield { name: 'one that the command does not take is a failed job', run: async () => {
		writeFileSync(join(folder, 'mail'), '#!/bin/sh\nexit 75\n')
		await client.call({ method: 'POST', path: '/auth/reset', body: { who: 'leader' }, judge: false, headers: { 'X-Forwarded-For': '192.0.2.7' } })
		for (let i = 0; i < 50; i++, await sleep(200)) {
			const job = (await client.call({ as: 'admin', path: '/jobs?kind=RESET_MAIL&limit=1' })).json.items[0]
			if (job?.state === 'failed')
				return [!/did not take a mail/.test(job.error.detail) && job.error.detail, JSON.stringify(job).includes('leader') && 'the job shows whom']
		}
		return 'it is not'
	} }
	yield { name: 'the address that a web server before us speaks for is the one that counts', run: async () => {
		await client.call({ method: 'POST', path: '/auth/login', body: { username: 'admin', password: 'beatplan-demo' }, headers: { 'X-Forwarded-For': '198.51.100.9' } })
		const { items } = (await client.call({ as: 'admin', path: '/auth/sessions' })).json
		return !items.some((s) => s.address === '198.51.100.9') && JSON.stringify(items.slice(0, 3))
	} }
	yield { name: 'sign-ins of one address come to an end in nginx', run: async () => {
		const replies = await Promise.all(Array.from({ length: 60 }, () => client.call({ method: 'POST', path: '/auth/refresh', body: { refreshToken: 'x' }, judge: false })))
		const late = replies.filter((r) => r.status === 429)
		return [!late.length && 'never', late.some((r) => r.json?.code !== 'ERR_AUTH_011' || r.headers.get('retry-after') !== '1') && late[0].text]
	} }

	yield { name: 'a star is no origin', run: () => set('cors_origins = *') }
	yield { name: 'and lets nobody in', run: async () => differs({ 'access-control-allow-origin': null, 'access-control-allow-credentials': null, vary: 'Origin' }, await headers('/auth/me', { Origin: 'https://any.example' })) }
	yield { name: 'the password is asked for again at once', run: async () => {
		await set('proof_minutes = 0')
		await client.login('planner', 'planner', 'beatplan-demo')
		await sleep(1100) /* a sign-in gives it too */
	} }
	for (const [path, body] of [['/auth/keys', { name: 'late', permissions: ['VIEW_TERRITORY'] }], ['/auth/tokens', { name: 'late' }], ['/auth/second-factor']])
		yield { name: `without it nothing lasting is made at ${path}`, as: 'planner', post: path, ...(body ? { body } : {}), status: 403, code: 'ERR_AUTH_013' }
	yield { name: 'nor is another session ended', as: 'planner', delete: '/auth/sessions/1', status: 403, code: 'ERR_AUTH_013' }
	yield { name: 'a wrong one is none', as: 'planner', post: '/auth/proof', body: { password: 'not this one' }, status: 422, fields: ['/password'] }
	yield { name: 'given anew it counts', run: async () => {
		const call = (path, body) => client.call({ as: 'planner', method: 'POST', path, body })
		const proof = await call('/auth/proof', { password: 'beatplan-demo' }), key = await call('/auth/keys', { name: 'late', permissions: ['VIEW_TERRITORY'] })
		return [proof.status, key.status].some((s) => s !== 200) && proof.text + key.text
	} }
	yield { name: 'the session had none of it by itself', run: async () => {
		await sleep(1100)
		return (await client.call({ as: 'planner', method: 'POST', path: '/auth/tokens', body: { name: 'later' } })).status !== 403 && 'it counts for ever'
	} }
	yield { name: 'a file of leaked passwords', run: () => {
		const sha1 = (/** @type {string} */ x) => createHash('sha1').update(x).digest('hex').toUpperCase()
		writeFileSync(join(folder, 'leaked'), ['tangerine-Fjord-77', ...Array.from({ length: 4000 }, (_, i) => `other ${i}`)].map((x, i) => `${sha1(x)}:${i + 1}`).sort().join('\r\n'))
		return set(`leaked_passwords = ${folder}/leaked`, 'pool', 'workerd')
	} }
	yield { name: 'whose password leaked', as: 'admin', post: '/users', body: { username: 'leaky', name: 'Lea Ky', email: 'leaky@example.org', scopes: [{ territoryId: null, role: 'analyst' }] }, save: { leakyPassword: '/password' } }
	yield { name: 'signs in with the one that was made', run: () => client.login('leaky', 'leaky', saved.leakyPassword) }
	yield { name: 'one that was stolen elsewhere is refused in words of its own', as: 'leaky', post: '/auth/password', body: { current: '{leakyPassword}', next: 'tangerine-Fjord-77' }, status: 422, fields: ['/next'], check: (r) => !r.text.includes('was stolen somewhere') && r.text }
	yield { name: 'by a link too', run: async () => {
		const mails = () => readdirSync(join(client.state, 'mail')).map((f) => readFileSync(join(client.state, 'mail', f), 'utf8')).filter((m) => /^To: leaky@/m.test(m))
		await client.call({ method: 'POST', path: '/auth/reset', body: { who: 'leaky' }, judge: false, headers: { 'X-Forwarded-For': '192.0.2.8' } })
		for (let i = 0; i < 100 && !(existsSync(join(client.state, 'mail')) && mails().length); i++)
			await sleep(100)
		const token = /reset#([\w-]{43})$/m.exec(mails()[0])?.[1], confirm = (/** @type {string} */ password) => client.call({ method: 'POST', path: '/auth/reset/confirm', body: { token, password } })
		const bad = await confirm('tangerine-Fjord-77'), good = await confirm('tangerine-Fjord-78')
		return [(bad.status !== 422 || !bad.text.includes('was stolen somewhere')) && bad.text, good.status !== 200 && good.text]
	} }
	yield { name: 'a list that is gone keeps nobody out', run: async () => {
		rmSync(join(folder, 'leaked'))
		await client.login('leaky', 'leaky', 'tangerine-Fjord-78')
		const r = await client.call({ as: 'leaky', method: 'POST', path: '/auth/password', body: { current: 'tangerine-Fjord-78', next: 'tangerine-Fjord-77' } })
		return r.status !== 200 && r.text
	} }
	yield { name: 'as it was', run: async () => {
		await set('', 'pool', 'workerd')
		rmSync(folder, { recursive: true })
	} }
	yield { name: 'nobody is asked, no origin is let in', run: async () => differs({ 'access-control-allow-origin': null }, await headers('/auth/me', { Origin: erp })) }
}
