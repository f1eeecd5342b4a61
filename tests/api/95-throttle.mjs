// SPDX-License-Identifier: GPL-3.0-or-later
// Last, since it locks an account for minutes.

async function* all({ client }) {
	yield {
		name: 'after eight wrong tries the account has to wait', run: async () => {
			for (let i = 0; i < 8; i++)
				await client.call({ method: 'POST', path: '/auth/login', body: { username: 'changer', password: 'wrong' } })
			const reply = await client.call({ method: 'POST', path: '/auth/login', body: { username: 'changer', password: 'correct horse battery' } })
			const wait = Number(reply.headers.get('retry-after'))
			return [reply.status !== 429 && `status ${reply.status}`, reply.json?.code !== 'ERR_AUTH_004' && reply.text,
				!(wait > 0 && wait <= 300) && `Retry-After ${reply.headers.get('retry-after')}`]
		},
	}
}
export const steps = all
