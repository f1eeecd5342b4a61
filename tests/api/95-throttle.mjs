// SPDX-License-Identifier: GPL-3.0-or-later
// Last, since it locks an account for minutes.

async function* all({ client }) {
	const PASSWORD = 'correct horse battery'
	const login = (password, known = '', username = 'changer') => client.call({ method: 'POST', path: '/auth/login', body: { username, password }, headers: known ? { Cookie: `bp_known=${known}` } : {} })
	const cookie = (r) => /bp_known=([0-9a-f]{64}); Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+/.exec(r.headers.get('set-cookie') ?? '')?.[1]
	let known
	yield { name: 'a sign-in makes the browser known, and it stays that', run: async () => {
		known = cookie(await login(PASSWORD))
		return [!known && 'no cookie', cookie(await login(PASSWORD, known)) !== known && 'another cookie', cookie(await login(PASSWORD, known.replace(/.$/, (c) => (c === '0' ? '1' : '0')))) === known && 'a forged one is taken']
	} }
	yield {
		name: 'after eight wrong tries the account has to wait', run: async () => {
			for (let i = 0; i < 8; i++)
				await login('wrong')
			const reply = await login(PASSWORD)
			const wait = Number(reply.headers.get('retry-after'))
			return [reply.status !== 429 && `status ${reply.status}`, reply.json?.code !== 'ERR_AUTH_004' && reply.text,
				!(wait > 0 && wait <= 300) && `Retry-After ${reply.headers.get('retry-after')}`]
		},
	}
	yield { name: 'its owner signs in all the same, in a browser that is known', run: async () => { const r = await login(PASSWORD, known, 'Changer'); return r.status !== 200 && r.text } }
	yield { name: 'not in one that only says so', run: async () => {
		const other = cookie(await login('beatplan-demo', '', 'planner')) ?? ''
		return (await Promise.all([other, 'x', known.replace(/.$/, (c) => (c === '0' ? '1' : '0')), '0'.repeat(64)].map(async (c) => ({ c, r: await login(PASSWORD, c) })))).map(({ c, r }) => r.status !== 429 && `${c}: ${r.text}`)
	} }
	yield { name: 'who guesses in that browser waits too', run: async () => {
		for (let i = 0; i < 8; i++)
			await login('wrong', known)
		const r = await login(PASSWORD, known)
		return [r.status !== 429 && r.text, r.json?.code !== 'ERR_AUTH_004' && r.text]
	} }
}
export const steps = all
