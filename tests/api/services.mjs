// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of a Beatplan, to be killed and waited for; and resumable uploads, piece by piece.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { sleep } from './client.mjs'

const BYTES = { 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream' }
const b64 = (text) => Buffer.from(String(text)).toString('base64')

/** @param {import('./client.mjs').Client} client @param {string} state */
export function services(client, state) {
	/** Processes of this state by the name that `beatplan status` gives them. */
	function pids() {
		let text
		try {
			text = execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['status', '--state', state], { encoding: 'utf8' })
		} catch (e) {
			text = e.stdout
		}
		return Object.fromEntries([...text.matchAll(/^(\w+) +up, process (\d+)$/gm)].map((m) => [m[1], Number(m[2])]))
	}
	/** Kill one and measure the seconds until another has taken its place. */
	async function killed(name) {
		const old = pids()[name]
		process.kill(old, 'SIGKILL')
		const t0 = Date.now()
		for (; Date.now() - t0 < 20000; await sleep(50)) {
			const now = pids()[name]
			if (now && now !== old)
				return (Date.now() - t0) / 1000
		}
		throw new Error(`${name} does not come back`)
	}
	/** Wait until the whole chain answers again; gives the seconds. */
	async function healthy() {
		const t0 = Date.now(), status = async (path) => (await client.call({ path, judge: false }).catch(() => null))?.status
		for (; Date.now() - t0 < 60000; await sleep(50))
			if (await status('/healthz') === 200 && await status('/auth/me') === 401) // each is another pool
				return (Date.now() - t0) / 1000
		throw new Error('it does not become healthy')
	}
	/** A resumable upload into a session: where it lies. */
	async function begin(session, name, bytes) {
		const r = await client.call({ as: 'admin', method: 'POST', path: '/import/transfers', raw: '', headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(bytes), 'Upload-Metadata': `session ${b64(session)},filename ${b64(name)}` } })
		return r.headers.get('location').replace('/api/v1', '')
	}
	const more = (path, from, body) => client.call({ as: 'admin', method: 'PATCH', path, raw: body, headers: { ...BYTES, 'Upload-Offset': String(from) }, judge: false })
	/** How many bytes of an upload are held; asked again while the pool that knows it is not up, as a browser does. */
	async function stands(path) {
		for (const t0 = Date.now();; await sleep(50)) {
			const r = await client.call({ as: 'admin', method: 'HEAD', path, headers: { 'Tus-Resumable': '1.0.0' }, judge: false }).catch(() => null)
			if (r?.status === 200)
				return Number(r.headers.get('upload-offset'))
			if (Date.now() - t0 > 10000)
				throw new Error(`${path}: ${r?.status}`)
		}
	}
	return { pids, killed, healthy, begin, more, stands }
}
