// SPDX-License-Identifier: GPL-3.0-or-later
// What rehearsals with several machines share: a machine is a network namespace and a folder of the same name. Needs what tests/hosts/run sets.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client, sleep } from '../api/client.mjs'
import { arrange, tour } from '../api/planning.mjs'
import { sql } from '../api/shell.mjs'

export const build = process.env.BEATPLAN_BUILD ?? '', work = process.env.BEATPLAN_WORK ?? ''
export const PORT = 8080
export const state = (host) => join(work, host)

/** A command on a host, as somebody who sits there. @param {string} host @param {string[]} words */
export const on = (host, ...words) => promisify(execFile)('ip', ['netns', 'exec', host, ...words], { encoding: 'utf8', env: { ...process.env, BEATPLAN_BUILD: build } })
export const beatplan = (host, ...words) => on(host, join(build, '../beatplan'), ...words, '--state', state(host))
export const link = (host, how) => execFileSync('ip', ['link', 'set', host, how])
export const log = (host, name) => readFileSync(join(state(host), 'log', name), 'utf8')
export const ask = (host, text) => sql(state(host), text)
export const until = async (what, done, seconds = 60) => {
	let last
	for (let i = 0; i < seconds * 5; i++, await sleep(200)) {
		const x = last = await what()
		if (done(x))
			return x
	}
	throw new Error(`it takes too long: ${JSON.stringify(last)}`)
}
export const down = (host) => {
	try {
		execFileSync('ip', ['netns', 'exec', host, join(build, 'beatplan-cli'), 'down', '--state', state(host)], { stdio: 'ignore' })
	} catch { /* it never came up, or was killed */ }
}

/** Somebody who plans at web servers: tours whose order is changed to and fro, an edit that no rule forbids. */
export class Planner {
	/** @param {Record<string, string>} addresses of web servers */
	constructor(addresses) {
		const doc = JSON.parse(readFileSync(join(build, 'gen/openapi.json'), 'utf8'))
		this.web = Object.fromEntries(Object.entries(addresses).map(([host, address]) => [host, new Client(`http://${address}:${PORT}`, state(host), doc)]))
		this.turns = 0
	}
	/** Signs in at one server; the session is one of all. */
	async signIn(host) {
		await this.web[host].login('admin', 'admin', 'beatplan-demo')
		for (const other of Object.values(this.web))
			other.sessions = this.web[host].sessions
	}
	async call(host, method, path, body) {
		const r = await this.web[host].call({ as: 'admin', method, path, body })
		assert.ok(r.status < 300, `${method} ${path}: ${r.status} ${r.text}`)
		return r.json
	}
	/** Takes a unit and a tour of its plan. */
	async open(host) {
		this.unit = (await this.call(host, 'GET', '/territories?units=1')).items.find((t) => t.plan?.channel === 'GT' || t.outlets > 50)
		await this.call(host, 'POST', `/territories/${this.unit.id}/lock`, { channel: 'GT' })
		this.session = await this.call(host, 'POST', '/planning/sessions', { territoryId: this.unit.id, channel: 'GT' })
	}
	async choose(host) {
		const d = this.draft = await this.call(host, 'GET', `/planning/sessions/${this.session.id}/draft`)
		const i = d.visits.need.findIndex((_, k) => !d.visits.to[k] && tour(d, d.visits.seat[k], d.visits.day[k]).length > 2)
		this.standing = { seat: d.visits.seat[i], day: d.visits.day[i], order: tour(d, d.visits.seat[i], d.visits.day[i]) }
	}
	/** The order as it is to be now, or after the next edit. */
	order(turns = this.turns) {
		return turns % 2 ? this.standing.order.toReversed() : this.standing.order
	}
	promised() {
		return this.order().join()
	}
	async held(host) {
		return tour(await this.call(host, 'GET', `/planning/sessions/${this.session.id}/draft`), this.standing.seat, this.standing.day).join()
	}
	/** Is it taken? */
	async edit(host) {
		const d = this.draft, r = await this.web[host].call({ as: 'admin', method: 'POST', path: `/planning/sessions/${this.session.id}/ops`, judge: false, body: {
			seq: d.seq, ops: [{ clientId: randomUUID(), ...arrange(d, [{ ...this.standing, order: this.order(this.turns + 1) }]) }],
		} }).catch(() => null)
		this.refused = r && `${r.status} ${r.text}` // null: nobody answered
		if (r?.status !== 200)
			return false
		this.turns++
		d.seq = r.json.seq
		return true
	}
	/** Whether the last edit was taken is not known: look, as a browser does. False: nobody answers. */
	async look(host) {
		const r = await this.web[host].call({ as: 'admin', path: `/planning/sessions/${this.session.id}/draft`, judge: false }).catch(() => null)
		if (r?.status !== 200)
			return false
		const now = tour(r.json, this.standing.seat, this.standing.day).join()
		assert.ok([0, 1].some((t) => now === this.order(t).join()), 'the tour is none of the two')
		if (r.json.seq === this.draft.seq)
			assert.equal(now, this.promised(), 'what was taken is there')
		else
			this.turns += now === this.promised() ? 2 : 1
		this.draft.seq = r.json.seq
		return true
	}
	/** Plans on at a server while something happens. @param {string} host @param {() => Promise<void>} what */
	async during(host, what) {
		let stop = false
		const client = (async () => {
			while (!stop)
				if (!await this.edit(host)) {
					await sleep(100)
					while (!stop && !await this.look(host))
						await sleep(100)
				}
			await this.look(host)
		})()
		try {
			await sleep(2000)
			await what()
		} finally {
			stop = true
			await client
		}
	}
	/** Until changes are taken again. */
	async goesOn() {
		const before = this.turns
		await until(() => Promise.resolve(this.turns), (n) => n > before, 60)
	}
	async optimised(host, seconds) {
		const { jobId } = await this.call(host, 'POST', '/optimize', { sessionId: this.session.id, seconds })
		const job = await until(() => this.call(host, 'GET', `/jobs/${jobId}`), (j) => ['done', 'failed'].includes(j.state), 60)
		assert.equal(job.state, 'done', JSON.stringify(job))
	}
}
