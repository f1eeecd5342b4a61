// SPDX-License-Identifier: GPL-3.0-or-later
// Changes made while the server does not answer: applied here as well as they can be worked out, kept by the browser, and sent in
// their order once it does.  Each has the name it was given at first, so that one whose answer was lost is not done twice.
import { priceLocally, wouldBe } from './actions.js'
import { dayIndex, holds, seatOf, tourKey } from './model.js'

/** @typedef {import('../core/api.js').Op} Op */
/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {{ops: Op[], before: Plan | null}} Held  `before` is what undo goes back to; null after the page was loaded again */
/** @typedef {{ops: Op[], problem: import('../core/http.js').Problem | null}} Stranded  `problem` is why the server refused it; null = it was not sent */
/** @typedef {{session: number, list: Op[][], stranded: Stranded[]}} Kept */

/** More than this is a day's work, and no network for as long. */
export const heldMost = 300

/** Each open workspace keeps its own: two tabs of one person do not write over each other. @param {number} planId @param {string} user @param {string} tab */
export const heldKey = (planId, user, tab) => `bp.held.${user}.${planId}.${tab}`

/** All that this browser keeps of a plan, whichever workspace left it. @param {{length: number, key(i: number): string | null}} storage @param {number} planId @param {string} user */
export function heldKeys(storage, planId, user) {
	const all = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ''), before = heldKey(planId, user, '')
	return all.filter((k) => (k.startsWith(before) && /^[0-9a-f-]{36}$/.test(k.slice(before.length))) || `${k}.` === before) // the last: from before tabs had their own
}

/**
 * Who of those that hold something still lives?  Whoever does not answer is gone; one that sleeps loses nothing either, since what is
 * sent twice is done once.
 * @param {() => string} mine the key of the one who asks @param {number} [ms]
 * @returns {{living: () => Promise<Set<string>>, close: () => void}}
 */
export function amongTabs(mine, ms = 300) {
	const wire = new BroadcastChannel('bp.held')
	/** @type {Set<string>} */
	let alive = new Set()
	wire.onmessage = ({ data }) => {
		if (data.here)
			alive.add(data.here)
		else
			wire.postMessage({ here: mine() })
	}
	return {
		living: () => new Promise((done) => {
			alive = new Set([mine()])
			wire.postMessage({})
			setTimeout(() => done(alive), ms)
		}),
		close: () => wire.close(),
	}
}

/** @param {{getItem(k: string): string | null}} storage @param {string} key @returns {Kept | null} */
export function readHeld(storage, key) {
	try {
		const k = JSON.parse(storage.getItem(key) ?? 'null')
		const { session, list, stranded = [] } = k ?? {}
		const good = Number.isInteger(session) && Array.isArray(list) && list.every(Array.isArray) && Array.isArray(stranded) && stranded.every((x) => Array.isArray(x?.ops))
		return good && list.length + stranded.length ? { session, list, stranded } : null
	} catch {
		return null
	}
}

/** False = the browser has no room; then the change must not be taken. @param {{setItem(k: string, v: string): void, removeItem(k: string): void}} storage @param {string} key @param {number} session @param {Held[]} list @param {Stranded[]} [stranded] */
export function keepHeld(storage, key, session, list, stranded = []) {
	try {
		if (list.length || stranded.length)
			storage.setItem(key, JSON.stringify({ session, list: list.map((h) => h.ops), stranded }))
		else
			storage.removeItem(key)
		return true
	} catch {
		return false
	}
}

/** What was sent is saved: only it is taken from what is kept, whoever else has put something there since. @param {{getItem(k: string): string | null, setItem(k: string, v: string): void, removeItem(k: string): void}} storage @param {string} key @param {Op[]} ops */
export function dropHeld(storage, key, ops) {
	const kept = readHeld(storage, key)
	if (kept)
		keepHeld(storage, key, kept.session, kept.list.filter((x) => x[0]?.clientId !== ops[0]?.clientId).map((x) => ({ ops: x, before: null })), kept.stranded)
}

/**
 * The plan as it would become, in the turn that is shown: a stand-in for the server's answer, which comes later.
 * @param {import('./actions.js').Context} c @param {Op[]} ops @returns {Plan}
 */
export function applyHeld(c, ops) {
	const p = c.plan, impact = priceLocally(c, ops)
	const tours = new Map(p.tours), sums = new Map(p.sums), unserved = new Map(p.unserved), pins = new Map(p.pins)
	for (const [key, stops] of wouldBe(c, ops)) {
		/** Stops of other turns stay where they are. */
		const rest = (p.tours.get(key) ?? []).filter((s) => !stops.some((x) => x.need === s.need) && (s.from || s.to))
		const list = [...stops.map((s, pos) => ({ ...s, pos })), ...rest]
		if (list.length)
			tours.set(key, list)
		else
			tours.delete(key)
		sums.delete(key)
	}
	for (const t of impact.tours) {
		const key = tourKey(t.seat, dayIndex(p.cycle, t.date)), old = p.sums.get(key), shift = p.seats.find((s) => s.id === seatOf(key))?.shiftSeconds ?? 0
		const seconds = t.after.minutes * 60, service = (tours.get(key) ?? []).reduce((a, s) => a + (c.world.needs.get(s.need)?.service ?? 0), 0), wait = old?.wait ?? 0
		if (t.after.calls)
			sums.set(key, { calls: t.after.calls, service, wait, travel: Math.max(0, seconds - service - wait), metres: t.after.km * 1000, over: Math.max(0, seconds - shift) })
	}
	for (const op of ops)
		if (op.kind === 'place' && op.need)
			unserved.delete(/** @type {number} */ (op.need))
	for (const op of ops)
		for (const need of /** @type {number[]} */ (op.kind === 'pin' ? op.needs : []))
			if (op.hold === 'none')
				pins.delete(need)
			else
				pins.set(need, holds.indexOf(String(op.hold)))
	return { ...p, tours, sums, unserved, pins, totals: { ...p.totals, travelMinutes: p.totals.travelMinutes + impact.minutes }, undo: 'held', redo: null, edits: p.edits + ops.length }
}

/**
 * Send what is held, one after the other, behind what the server has.
 * @param {Op[][]} list @param {number} seq the server's count of changes
 * @param {(seq: number, ops: Op[]) => Promise<[{seq: number} | null, import('../core/http.js').Problem | null]>} send
 * @returns {Promise<{left: Op[][], taken: number, refused: Stranded[], problem: import('../core/http.js').Problem | null}>}
 *   `left` waits on, since the server is away again or the session is over; `refused` are what a rule or another change forbids now
 */
export async function sendHeld(list, seq, send) {
	const refused = []
	let taken = 0
	for (let i = 0; i < list.length; i++) {
		const [reply, failed] = await send(seq, list[i])
		if (reply) {
			seq = reply.seq
			taken++
		} else if (!failed || !failed.status || [401, 404, 410, 429].includes(failed.status) || failed.status >= 500) {
			return { left: list.slice(i), taken, refused, problem: failed }
		} else {
			refused.push({ ops: list[i], problem: failed })
		}
	}
	return { left: [], taken, refused, problem: null }
}

