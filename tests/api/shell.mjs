// SPDX-License-Identifier: GPL-3.0-or-later
// The command `beatplan` from a test.
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Run it; gives what it prints, throws with status and stderr when it fails. */
export const beatplan = (...words) => execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
/** The last line as JSON. */
export const last = (text) => JSON.parse(text.trim().split('\n').at(-1))
export const freePort = () => new Promise((resolve) => {
	const s = createServer().listen(0, '127.0.0.1', () => {
		const { port } = /** @type {any} */ (s.address())
		s.close(() => resolve(port))
	})
})
