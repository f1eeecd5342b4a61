// SPDX-License-Identifier: GPL-3.0-or-later
// What an administrator sees of what goes on: the log of jobs, what is done by the clock, who plans where, whose programs are let in.
import { ended } from './40-import.mjs'
import { beatplan, sql } from './shell.mjs'
import { some } from './steps.mjs'

const shell = (/** @type {string[]} */ ...words) => {
	try {
		return [0, beatplan(...words)]
	} catch (e) {
		return [e.status, String(e.stdout) + e.stderr]
	}
}

async function* jobs({ client, saved }) {
	const state = client.state
	yield { name: 'there is a unit', as: 'admin', get: '/territories?units=1&limit=1', save: { unit: '/items/0/id', unitName: '/items/0/name', plan: '/items/0/plan/id' } }
	yield { name: 'an optimisation is asked for', as: 'planner', post: '/territories/{unit}/lock', body: { channel: 'GT' } }
	yield { name: 'of the draft', as: 'planner', post: '/planning/sessions', body: { territoryId: saved.unit, channel: 'GT' }, save: { session: '/id' } }
	yield { name: 'it runs', as: 'planner', post: '/optimize', body: { sessionId: saved.session, iterations: 50 }, save: { job: '/jobId' } }
	yield { name: 'and ends', run: async () => {
		const job = await ended(client, saved.job, 'planner', '/jobs')
		return job.state !== 'done' && JSON.stringify(job)
	} }
	yield {
		name: 'its log tells what it did', as: 'planner', get: '/jobs/{job}/log',
		json: { items: (l) => l[0].what === 'begun' && l[0].text !== '' && l[0].attempt === 1 && l.at(-1).what === 'done' && l.some((x) => x.what === 'step'), next: null },
	}
	yield { name: 'page by page', as: 'planner', get: '/jobs/{job}/log?limit=1', json: { items: (l) => l.length === 1 && l[0].what === 'begun', next: /^\d+$/ }, save: { next: '/next' } }
	yield { name: 'and on', as: 'planner', get: `/jobs/{job}/log?limit=1&after=${saved.next}`, json: { items: (l) => l.length === 1 && l[0].what !== 'begun' } }
	yield { name: 'the job names who asked', as: 'admin', get: '/jobs/{job}', json: { by: /Priya/ } }
	yield { name: 'of a job that is not there', as: 'admin', get: '/jobs/987654321/log', status: 404 }
	yield { name: 'the shell shows the same', run: () => {
		const [rc, text] = shell('job', 'show', String(saved.job), '--state', state), [, all] = shell('job', 'list', '--kind', 'OPTIMIZE', '--in', 'done', '--state', state)
		return [(rc || !/OPTIMIZE done 100 % by Priya/.test(text) || !/ 1 {2}begun /.test(text)) && text, !new RegExp(`^ *${saved.job} .* OPTIMIZE .* done `, 'm').test(all) && all]
	} }
	yield { name: 'what it cannot do it says', run: () => {
		const none = shell('job', 'show', '987654321', '--state', state), word = shell('job', 'show', 'x', '--state', state), done = shell('job', 'retry', String(saved.job), '--state', state), what = shell('job', 'sing', '--state', state)
		return [(none[0] !== 1 || !/there is no job 987654321/.test(none[1])) && none, (word[0] !== 1 || !/there is no job x/.test(word[1])) && word, (done[0] !== 1 || !/is done: only a failed one/.test(done[1])) && done, what[0] !== 2 && what]
	} }
	yield { name: 'a failed one is tried again by the shell, and a waiting one is cancelled', run: async () => {
		const id = sql(state, `INSERT INTO job (kind, state, payload, not_before, created_at, finished_at, error_code) VALUES ('NOTICE_MAIL', 'failed', '{}', NOW(3), NOW(3), NOW(3), 'ERR_SYS_001') RETURNING id`)
		const waits = sql(state, `INSERT INTO job (kind, state, payload, not_before, created_at) VALUES ('NOTICE_MAIL', 'queued', '{}', NOW(3) + INTERVAL 30 SECOND, NOW(3)) RETURNING id`)
		const again = shell('job', 'retry', id, '--state', state), stopped = shell('job', 'cancel', waits, '--state', state)
		const a = await ended(client, id, 'admin', '/jobs'), b = await ended(client, waits, 'admin', '/jobs'), log = (await client.call({ as: 'admin', path: `/jobs/${id}/log` })).json.items.map((x) => x.what)
		return [again[0] && again, stopped[0] && stopped, a.state !== 'done' && JSON.stringify(a), b.state !== 'cancelled' && JSON.stringify(b), (log[0] !== 'retried' || log.at(-1) !== 'done') && log.join()]
	} }
}

async function* clock({ client }) {
	const state = client.state
	yield { name: 'what is done by the clock has been done', as: 'admin', get: '/schedules', json: { items: (l) => l.length === 6 && l.every((x) => x.took !== null && x.problem === null && x.machine !== '' && x.every > 0) } }
	for (const [who, run] of [['the screen', () => client.call({ as: 'admin', method: 'POST', path: '/schedules/SWEEP/run' })], ['the shell', () => shell('job', 'run', 'SWEEP', 'AUDIT_PUBLISH', '--state', state)]])
		yield { name: `and is done again when ${who} asks`, run: async () => {
			const sweep = async () => (await client.call({ as: 'admin', path: '/schedules' })).json.items.find((x) => x.name === 'SWEEP'), before = (await sweep()).begunAt
			const asked = await run()
			for (let i = 0; i < 100 && (await sweep()).begunAt === before; i++)
				await new Promise((f) => setTimeout(f, 200))
			return [(asked.status ?? 200) !== 200 && asked.text, asked[0] > 0 && asked, (await sweep()).begunAt === before && 'it is not done']
		} }
	yield { name: 'a snapshot that is not what the database says is found by the clock, told, and built anew', run: async () => {
		const unit = (await client.call({ as: 'admin', path: '/territories?units=1&limit=1' })).json.items[0]
		const health = async () => {
			const h = (await client.call({ as: 'admin', path: '/system/health' })).json, duty = h.duties.find((x) => x.name === 'snapshots')
			return { duty, sounds: h.alarms.some((x) => x.name === 'SNAPSHOT_DIFFERED' && x.sounds) }
		}
		/** @param {(h: any) => boolean} is */
		const until = async (is) => {
			let h = await health()
			for (let i = 0; i < 150 && !is(h); i++, h = await health())
				await new Promise((f) => setTimeout(f, 200))
			return h
		}
		const outlet = sql(state, `SELECT o.id FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id WHERE c.ancestor = ${unit.id} LIMIT 1`)
		/* Of people who came today it would be asked for without that. */
		const held = (/** @type {string} */ how) => `UPDATE seat_holder h JOIN seat s ON s.id = h.seat_id JOIN territory_closure c ON c.descendant = s.territory_id SET h.from_date = h.from_date ${how} INTERVAL 9 DAY WHERE c.ancestor = ${unit.id}`
		sql(state, `${held('-')}; UPDATE outlet SET name = CONCAT(name, ' slipped in') WHERE id = ${outlet}; UPDATE snapshot SET stale = 0, verified_at = NULL, made_at = made_at - INTERVAL 25 HOUR WHERE territory_id = ${unit.id}`)
		shell('job', 'run', 'SNAPSHOTS', '--state', state)
		const found = await until((h) => h.duty?.failures > 0)
		let good = shell('snapshot', 'verify', '--territory', unit.code, '--state', state)
		for (let i = 0; i < 60 && good[0] === 3; i++, good = shell('snapshot', 'verify', '--territory', unit.code, '--state', state))
			await new Promise((f) => setTimeout(f, 500))
		sql(state, "UPDATE duty SET failed_at = failed_at - INTERVAL 25 HOUR WHERE name = 'snapshots'")
		shell('job', 'run', 'SNAPSHOTS', '--state', state)
		const over = await until((h) => h.duty?.failures === 0)
		sql(state, held('+'))
		return [(found.duty?.error !== `${unit.code}: the database says otherwise` || !found.sounds) && JSON.stringify(found), good[0] && good, (over.duty?.failures !== 0 || over.sounds || !over.duty.okAt) && JSON.stringify(over)]
	} }
	yield { name: 'the trail names who asked', as: 'admin', get: '/audit?action=SCHEDULE_RUN', json: { items: (l) => l.length >= 3 } }
	yield { name: 'nothing of that name is done', as: 'admin', post: '/schedules/NOON/run', status: 404 }
	yield { name: 'not for everybody', as: 'planner', get: '/schedules', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'the shell lists it', run: () => {
		const [rc, text] = shell('job', 'clock', '--state', state), none = shell('job', 'run', 'NOON', '--state', state)
		return [(rc || !/^SWEEP +last 20/m.test(text)) && text, (none[0] !== 1 || !/nothing by the name of NOON/.test(none[1])) && none]
	} }
}

async function* locks({ client, saved }) {
	const state = client.state
	yield { name: 'everybody sees the own locks', as: 'planner', get: '/locks', json: { items: some({ territoryId: '{unit}', holder: /Priya/, stale: false }) } }
	yield { name: 'an administrator those of all', as: 'admin', get: '/locks?all=true', json: { items: some({ territoryId: '{unit}', holder: /Priya/ }) } }
	yield { name: 'and only the own ones unasked', as: 'admin', get: '/locks', json: { items: (l) => l.every((x) => x.territoryId !== saved.unit) } }
	yield { name: 'who may break none sees none', as: 'planner', get: '/locks?all=true', json: { items: [] } }
	yield { name: 'the shell breaks one with a reason, and tells its holder', run: async () => {
		const [, list] = shell('lock', 'list', '--state', state), id = /^ *(\d+)/.exec(list.split('\n').find((l) => l.includes(saved.unitName) && l.includes('Priya')) ?? '')?.[1] ?? '0'
		const why = shell('lock', 'break', id, '--state', state), none = shell('lock', 'break', id, '987654321', '--reason', 'x', '--state', state), [, still] = shell('lock', 'list', '--state', state)
		const rc = shell('lock', 'break', id, '--reason', 'gone home', '--state', state), mine = (await client.call({ as: 'planner', path: '/locks' })).json.items, told = (await client.call({ as: 'planner', path: '/notices' })).json.items[0]
		return [why[0] !== 2 && why, (none[0] !== 1 || !/there is no lock 987654321/.test(none[1])) && none, still !== list && 'the first was broken all the same', rc[0] && rc, mine.length && JSON.stringify(mine), (told.kind !== 'LOCK_BROKEN' || told.text !== 'gone home') && JSON.stringify(told)]
	} }
}

async function* programs() {
	const key = { name: 'Route sheet printer', permissions: ['VIEW_TERRITORY'] }
	yield { name: 'somebody makes a key', as: 'planner', post: '/auth/keys', body: key, save: { key: '/id', secret: '/key' } }
	yield { name: 'and lets a program in', as: 'planner', post: '/auth/tokens', body: { name: 'Handheld' }, save: { tokens: '/id', access: '/accessToken' } }
	yield { name: 'an administrator sees whose it is', as: 'admin', get: '/programs/keys', json: { items: some({ id: '{key}', name: key.name, owner: /Priya/, permissions: key.permissions }) } }
	yield { name: 'and who has tokens', as: 'admin', get: '/programs/tokens', json: { items: some({ id: '{tokens}', name: 'Handheld', owner: /Priya/, permissions: [] }) } }
	yield { name: 'a planner does not', as: 'planner', get: '/programs/keys', status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'to end one takes a reason', as: 'admin', delete: '/programs/keys/{key}', status: 422, code: 'ERR_REQ_004' }
	yield { name: 'a key is revoked', as: 'admin', delete: '/programs/keys/{key}?reason=left' }
	yield { name: 'it opens nothing any more', get: '/auth/me', headers: { Authorization: 'Bearer {secret}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'once', as: 'admin', delete: '/programs/keys/{key}?reason=left', status: 404 }
	yield { name: 'tokens are ended', as: 'admin', delete: '/programs/tokens/{tokens}?reason=lost%20phone' }
	yield { name: 'they open nothing any more', get: '/auth/me', headers: { Authorization: 'Bearer {access}' }, status: 401, code: 'ERR_AUTH_001' }
	yield { name: 'once too', as: 'admin', delete: '/programs/tokens/{tokens}?reason=lost', status: 404 }
	yield { name: 'the owner is told why', as: 'planner', get: '/notices', json: { items: (l) => l[0].kind === 'PROGRAM_ENDED' && l[0].text === 'Handheld: lost phone' && l[1].text === `${key.name}: left` } }
	yield { name: 'and neither is listed', as: 'admin', get: '/programs/tokens', json: { items: (l) => !l.some((x) => x.name === 'Handheld') } }
}

export const steps = async function* (ctx) {
	yield* jobs(ctx)
	yield* clock(ctx)
	yield* locks(ctx)
	yield* programs(ctx)
}
