// SPDX-License-Identifier: GPL-3.0-or-later
// The command `beatplan` from a test.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Run it; gives what it prints, throws with status and stderr when it fails. */
export const beatplan = (...words) => execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
/** The folder of a state's sockets. */
export const runFolder = (state) => /^db_socket = (.*)\/db$/m.exec(readFileSync(join(state, 'beatplan.conf'), 'utf8'))?.[1] ?? ''
/** SQL at a state's own database, as the one who installed it: what cannot be waited for is made so. */
export const sql = (state, text) => execFileSync('mariadb', ['--no-defaults', '-N', '-B', `--socket=${runFolder(state)}/db`, 'beatplan', '-e', text], {
	encoding: 'utf8', uid: statSync(join(state, 'beatplan.conf')).uid,
}).trim()
/** The last line as JSON. */
export const last = (text) => JSON.parse(text.trim().split('\n').at(-1))
/** What `doctor` looked at; that something is bad is no failure of it. */
export const doctor = (...words) => {
	try {
		return last(beatplan('doctor', '--json', ...words)).checks
	} catch (e) {
		if (e.status !== 3)
			throw e
		return last(e.stdout).checks
	}
}
export const freePort = () => new Promise((resolve) => {
	const s = createServer().listen(0, '127.0.0.1', () => {
		const { port } = /** @type {any} */ (s.address())
		s.close(() => resolve(port))
	})
})
