// SPDX-License-Identifier: GPL-3.0-or-later
// The state of the planning workspace: one plan, one selection, one focus, shared by map, board and lists.
// Every change is an operation through `send`; the journal (undo, redo, auto-save) is the server's.
import { batch, computed, signal } from '../../vendor/signals-core/signals-core.js'
import { api } from '../core/api.js'
import { arrival } from '../core/arrival.js'
import { uuid } from '../core/http.js'
import { onEvent } from '../core/live.js'
import { me } from '../core/session.js'
import { createDetails } from './details.js'
import { amongTabs, applyHeld, dropHeld, heldKey, heldKeys, heldMost, keepHeld, readHeld, sendHeld } from './held.js'
import { applyReply, decodeSnapshot, planOf, sameCycle, turnOf } from './model.js'
import { createView, today } from './view.js'

/** @template T @typedef {import('../../vendor/signals-core/signals-core.js').Signal<T>} Signal */
/** @typedef {import('../core/http.js').Problem} Problem */
/** @typedef {import('./model.js').Plan} Plan */
/** @typedef {import('./model.js').World} World */
/** @typedef {ReturnType<typeof createPart>} Part */
/** Of one territory, or of several (union.js).  parts: each of them; partOf: where the visits of a need are planned. @typedef {Part & {parts: Store[], partOf: (need: number) => Store}} Store */

/** When what is on the screen has been drawn. @param {() => void} f */
const idle = (f) => void ('requestIdleCallback' in globalThis ? requestIdleCallback(f, { timeout: 2000 }) : setTimeout(f, 200))

/** @param {number} territoryId @param {string} channel */
function createPart(territoryId, channel) {
	/** @template T @param {T} v @returns {Signal<T>} */
	const sig = (v) => signal(v)
	const territory = sig(/** @type {import('../core/api.js').Territory | null} */ (null))
	const world = sig(/** @type {World | null} */ (null))
	const details = createDetails(territoryId, world, renew)
	const plan = sig(/** @type {Plan | null} */ (null))
	const profile = sig(/** @type {Record<string, any> | null} */ (null))
	/** The open planning session; without one the plan can only be read. */
	const session = sig(/** @type {import('../core/api.js').PlanningSession | null} */ (null))
	/** The own locks that are one with this territory's, it among them. */
	const lockSet = sig(/** @type {import('../core/api.js').OwnLock[]} */ ([]))
	const problem = sig(/** @type {Problem | null} */ (null))
	const phase = sig(/** @type {'loading' | 'ready' | 'failed'} */ ('loading'))
	const arrived = arrival()
	const saving = sig(/** @type {'saved' | 'saving' | 'failed' | 'held'} */ ('saved'))
	/** Changes that wait for the server, in their order. */
	const held = sig(/** @type {import('./held.js').Held[]} */ ([]))
	/** How many of them are saved now: told once. */
	const returned = sig(0)
	/** Those of a session that is over, and those that the server refused, which a person decides about. */
	const stranded = sig(/** @type {import('./held.js').Stranded[]} */ ([]))
	/** The lock went while the session was open. */
	const lost = sig(false)
	/** What the last change made of the plan, as the server says. */
	/** Other territories that keep their part of a gesture that was undone, or redone, here alone. */
	const left = sig(/** @type {string[]} */ ([]))
	const impact = sig(/** @type {import('../core/api.js').Impact | null} */ (null))
	const savedAt = sig(/** @type {string | null} */ (null))
	const edits = computed(() => plan.value?.edits ?? 0)
	const turn = sig(0)
	/** Names of the holidays to come, by date. */
	const holidays = sig(/** @type {ReadonlyMap<string, string>} */ (new Map()))

	/** The page was left. */
	let gone = false
	const editable = computed(() => !!session.value && !!plan.value)
	const view = createView({ world, plan, turn, details, profile, holidays, editable })
	const { focus, selection, hover, vehicle, estimate } = view
	/** @param {import('../core/api.js').Draft} d */
	function setDraft(d) {
		const p = planOf(d), former = plan.peek(), other = !!former && !sameCycle(former, p)
		batch(() => {
			plan.value = p
			const now = today()
			if (other)
				focus.value = { ...focus.peek(), day: null }
			if (other || phase.value === 'loading')
				turn.value = Math.max(0, turnOf(p.cycle, now < p.cycle.anchor ? p.cycle.anchor : now))
		})
	}

	/** The snapshot; right after an import it is still being made, so it is waited for. */
	async function snapshot() {
		for (let i = 0; ; i++) {
			const answer = await api.snapshot(territoryId, arrived.part())
			if (answer[1]?.status !== 404 || i >= 20 || gone)
				return answer
			await new Promise((done) => setTimeout(done, 700))
		}
	}

	/** Fetches territory, snapshot, profile, and the draft or else the committed plan. */
	async function load() {
		phase.value = 'loading'
		problem.value = null
		const [terr, e1] = await api.territory(territoryId)
		if (!terr) {
			problem.value = e1
			phase.value = 'failed'
			return
		}
		territory.value = terr
		// What is large comes side by side: the outlets, and the plan, which is drawn when both are there.
		const locked = terr.locks.some((l) => l.mine && l.channel === channel)
		arrived.begin(locked || terr.plan ? 2 : 1)
		const [[snap, e2], [prof], e3] = await Promise.all([snapshot(), api.profile(territoryId, channel), locked ? fetchSession() : terr.plan ? fetchPlan(terr.plan) : null])
		if (!snap) {
			problem.value = e2
			phase.value = 'failed'
			return
		}
		details.change(() => {
			profile.value = paramsOf(prof)
			world.value = decodeSnapshot(snap)
			problem.value = typeof e3 === 'function' ? null : e3
			if (typeof e3 === 'function')
				e3()
			phase.value = locked && problem.value ? 'failed' : 'ready'
		})
		idle(details.want)
		void api.holidays(territoryId).then(([days]) => {
			holidays.value = new Map(days?.items.map((h) => [h.day, h.name]))
		})
	}
	/** @param {import('../core/api.js').Profile | null} p */
	const paramsOf = (p) => (p ? Object.fromEntries(p.params.map((x) => [x.name, x.value ?? x.valueText])) : null)
	/** Outlets, parameters and sums have changed while they are looked at: what is chosen stays so, by its id. @returns {Promise<Problem | null>} */
	async function renew() {
		const [[snap, failed], [prof]] = await Promise.all([snapshot(), api.profile(territoryId, channel)])
		if (!snap)
			return failed
		const former = world.peek(), chosen = new Set([...selection.peek()].map((i) => former?.id[i])), w = decodeSnapshot(snap)
		details.change(() => {
			world.value = w
			profile.value = paramsOf(prof)
			selection.value = new Set(w.id.flatMap((id, i) => (chosen.has(id) ? [i] : [])))
			hover.value = -1
		})
		return reload()
	}
	/** Each of these fetches and answers with what puts it in place, or the problem, or null when there is nothing. */
	/** @param {{id: number, channel: string}} named  the territory names one plan; that of the other channel is asked for @returns {Promise<(() => void) | Problem | null>} */
	async function fetchPlan(named) {
		const [plans, failed1] = named.channel === channel ? [{ items: [named] }, null] : await api.plans({ territory: territoryId, channel })
		if (!plans?.items.length)
			return failed1
		const [d, failed] = await api.planDraft(plans.items[0].id, undefined, arrived.part())
		return d ? () => setDraft(d) : failed?.status === 404 ? null : failed
	}
	/** @returns {Promise<(() => void) | Problem>} */
	async function fetchSession() {
		const [s, failed] = await api.openSession(territoryId, channel)
		if (!s)
			return failed
		const [[d, failed2], [locks]] = await Promise.all([api.draft(s.id, arrived.part()), api.myLocks()])
		return d ? () => {
			const mine = locks?.items.find((l) => l.territoryId === territoryId && l.channel === channel)
			lockSet.value = mine ? locks?.items.filter((l) => l === mine || (mine.setId !== null && l.setId === mine.setId)) ?? [] : []
			session.value = s
			lost.value = false
			savedAt.value = s.lastSavedAt
			setDraft(d)
			void takeKept(s)
		} : failed2
	}

	/** Opens or resumes the own session; the lock must be held. @returns {Promise<Problem | null>} */
	async function openSession() {
		const done = await fetchSession()
		if (typeof done !== 'function')
			return done
		batch(done)
		return null
	}

	/** Takes the lock, together with those of other territories if they are named, then opens the session. @param {number[]} [also] @returns {Promise<Problem | null>} */
	async function lock(also = []) {
		const [, failed] = also.length ? await api.lockSet(channel, [territoryId, ...also]) : await api.lock(territoryId, channel)
		if (failed)
			return failed
		const failed2 = await openSession()
		await reloadTerritory()
		return failed2
	}
	async function reloadTerritory() {
		const [terr] = await api.territory(territoryId)
		if (terr)
			territory.value = terr
	}

	/** The lock is not ours any more: what is binding can be read. */
	async function over() {
		batch(() => {
			session.value = null
			lost.value = true
		})
		void reloadTerritory()
		return reload()
	}

	/** @param {import('../core/api.js').Answer<import('../core/api.js').OpsReply>} answer @returns {Promise<Problem | null>} */
	async function settle([reply, failed]) {
		left.value = []
		if (!reply || !plan.peek()) {
			saving.value = 'failed'
			if (failed?.code === 'ERR_SESSION_002')
				await reload()
			else if (failed?.status)
				saving.value = 'saved'
			if (failed?.status === 410)
				await over()
			return failed
		}
		if (reply.reload)
			await reload()
		batch(() => {
			if (!reply.reload)
				plan.value = applyReply(/** @type {Plan} */ (plan.peek()), reply)
			impact.value = reply.impact
			saving.value = 'saved'
			savedAt.value = new Date().toISOString()
		})
		return null
	}
	/** Operations run one after the other: each needs the sequence number of the one before. */
	let queue = Promise.resolve(/** @type {Problem | null} */ (null))
	/** @param {() => Promise<Problem | null>} f */
	const enqueue = (f) => (queue = queue.then(f, f))

	// ---- without the server: changes are held while the lock is, and follow when it answers again (plan/held.js)

	const tab = uuid(), keyOf = () => /** @type {const} */ ([plan.peek()?.planId ?? 0, me.peek()?.user.username ?? ''])
	const key = () => heldKey(...keyOf(), tab)
	const tabs = amongTabs(key)
	/** Given to the server, or waiting for their turn: until it has answered, the browser keeps them too, so that a page that is closed loses none. @type {Set<import('./held.js').Held>} */
	const unsent = new Set()
	/** @param {import('./held.js').Held[]} [list] */
	const keep = (list = held.peek()) => keepHeld(localStorage, key(), session.peek()?.id ?? 0, [...list, ...unsent], stranded.peek())
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let again
	const tryLater = () => {
		clearTimeout(again)
		if (!gone && held.peek().length)
			again = setTimeout(() => void enqueue(sendAllHeld), 4000)
	}
	/** @param {import('../core/api.js').Op[]} ops @param {Problem | null} failed why they cannot be sent @returns {Problem | null} */
	function hold(ops, failed) {
		const p = plan.peek(), w = world.peek(), list = held.peek()
		if (!p || !w || list.length >= heldMost || !keep([...list, { ops, before: p }])) {
			saving.value = 'failed'
			return failed
		}
		batch(() => {
			held.value = [...list, { ops, before: p }]
			plan.value = applyHeld({ plan: p, world: w, vehicle, turn: turn.peek() }, ops)
			impact.value = estimate(ops)
			saving.value = 'held'
		})
		tryLater()
		return null
	}
	/** @returns {Promise<Problem | null>} */
	async function sendAllHeld() {
		const s = session.peek(), list = held.peek()
		if (!s || !list.length)
			return null
		const [d, failed] = await api.draft(s.id)
		if (!d && failed && !failed.status) {
			tryLater()
			return failed
		}
		const done = d ? await sendHeld(list.map((h) => h.ops), d.seq, (seq, ops) => api.ops(s.id, seq, ops)) : { left: list.map((h) => h.ops), taken: 0, refused: [], problem: failed }
		const ended = [404, 410].includes(done.problem?.status ?? 0)
		batch(() => {
			returned.value = done.taken
			held.value = ended ? [] : done.left.map((ops) => ({ ops, before: null }))
			stranded.value = [...stranded.peek(), ...done.refused, ...(ended ? done.left.map((ops) => ({ ops, problem: null })) : [])]
		})
		keep()
		if (ended) { // somebody broke the lock: what was not sent stays in this browser
			await over()
			return done.problem
		}
		if (!done.left.length)
			return reload()
		saving.value = 'held'
		tryLater()
		return done.problem
	}
	/** What the browser kept of workspaces that were closed, whether with the lock or after it was lost. @param {import('../core/api.js').PlanningSession} s */
	async function takeKept(s) {
		if (!heldKeys(localStorage, ...keyOf()).length)
			return
		const alive = await tabs.living()
		for (const k of heldKeys(localStorage, ...keyOf())) {
			const kept = alive.has(k) || gone ? null : readHeld(localStorage, k)
			if (!kept)
				continue
			const mine = kept.session === s.id
			batch(() => {
				stranded.value = [...stranded.peek(), ...kept.stranded, ...(mine ? [] : kept.list.map((ops) => ({ ops, problem: null })))]
				if (mine)
					held.value = [...held.peek(), ...kept.list.map((ops) => ({ ops, before: null }))]
			})
			if (keep())
				localStorage.removeItem(k)
		}
		if (!held.peek().length)
			return
		saving.value = 'held'
		void enqueue(sendAllHeld)
	}
	/** Do what was stranded in the session that is open now, or let it go. @param {boolean} wanted @param {object} [why] the reason given for what was refused */
	function decide(wanted, why) {
		const again = wanted ? stranded.peek().map((x) => ({ ops: x.problem && why ? x.ops.map((o) => ({ ...o, ...why })) : x.ops, before: null })) : []
		stranded.value = []
		held.value = [...held.peek(), ...again]
		keep()
		return wanted ? enqueue(sendAllHeld) : Promise.resolve(null)
	}
	const online = () => {
		void enqueue(sendAllHeld)
		if (details.problem.peek())
			details.retry()
	}
	globalThis.addEventListener?.('online', online)
	/** A lock that changes hands is seen at once, not with the next change. */
	const unlisten = onEvent(['lock'], (e) => {
		if (phase.peek() === 'ready' && (!e || (e.territoryId === territoryId && e.channel === channel)))
			void enqueue(recheck)
	})
	/** Is the lock still ours? */
	async function recheck() {
		await reloadTerritory()
		const mine = territory.peek()?.locks.some((l) => l.mine && l.channel === channel)
		return !session.peek() || mine ? null : held.peek().length ? sendAllHeld() : over()
	}
	/** Too much for the browser to keep: then it asks before it goes. */
	let safe = true
	/** @param {Event} e */
	const leaving = (e) => {
		if (unsent.size && !safe)
			e.preventDefault()
	}
	globalThis.addEventListener?.('beforeunload', leaving)

	/** Operations with their names, kept by the browser until the server has answered. @param {Record<string, unknown>[]} list */
	const give = (list) => {
		const mine = { ops: /** @type {import('../core/api.js').Op[]} */ (list.map((o) => ({ clientId: uuid(), ...o }))), before: null }
		unsent.add(mine)
		safe = keep()
		return mine
	}
	/** The lock was lost while they waited. @param {import('./held.js').Held} mine */
	const strand = (mine) => {
		unsent.delete(mine)
		stranded.value = [...stranded.peek(), { ops: mine.ops, problem: null }]
		keep()
		return null
	}
	/** The server has them; or, without an answer, they are held. @param {import('./held.js').Held} mine @param {Problem | null} [failed] @returns {Problem | null} */
	const given = (mine, failed) => {
		unsent.delete(mine)
		if (failed !== undefined)
			return hold(mine.ops, failed)
		dropHeld(localStorage, key(), mine.ops)
		return null
	}
	/** @param {Record<string, unknown>[]} list @returns {Promise<Problem | null>} */
	const send = (list) => {
		const mine = give(list), { ops } = mine
		return enqueue(async () => {
			const s = session.peek(), p = plan.peek()
			if (!s || !p)
				return strand(mine)
			saving.value = 'saving'
			let answer = held.peek().length ? null : await api.ops(s.id, p.seq, ops)
			if (answer?.[1]?.code === 'ERR_SESSION_002') { // another tab was faster: once more, behind what it did
				await reload()
				answer = await api.ops(s.id, plan.peek()?.seq ?? p.seq, ops)
			}
			if (!answer || answer[1]?.code === 'ERR_NET')
				return given(mine, answer?.[1] ?? null)
			given(mine)
			return settle(answer)
		})
	}
	/** @param {'undo' | 'redo'} which */
	const step = (which) => enqueue(async () => {
		const s = session.peek(), p = plan.peek()
		if (!s || !p || !p[which])
			return null
		const last = held.peek().at(-1)
		if (last?.before && which === 'undo') {
			batch(() => {
				held.value = held.peek().slice(0, -1)
				plan.value = last.before
				saving.value = held.peek().length ? 'held' : 'saved'
			})
			keep()
			return null
		}
		saving.value = 'saving'
		const others = p[which === 'undo' ? 'undoLeft' : 'redoLeft'] ?? [], failed = await settle(await api[which](s.id, p.seq))
		left.value = failed ? [] : others
		return failed
	})
	/** The draft as the server has it now. */
	async function reload() {
		const s = session.peek()
		const [d, failed] = s ? await api.draft(s.id) : plan.peek() ? await api.planDraft(/** @type {Plan} */ (plan.peek()).planId) : [null, null]
		if (d) {
			setDraft(d)
			saving.value = 'saved'
		}
		return failed
	}

	/** @param {Record<string, unknown>[]} ops @param {AbortSignal} [abort] */
	const price = (ops, abort) => {
		const s = session.peek()
		return s ? api.price(s.id, /** @type {any} */ (ops.map((o) => ({ clientId: uuid(), ...o }))), abort) : Promise.resolve(/** @type {[null, null]} */ ([null, null]))
	}
	return {
		...view, territoryId, channel, territory, world, details, plan, profile, session, lockSet, problem, phase, arrived, saving, savedAt, edits, holidays, editable,
		held, returned, stranded, lost, impact, left, decide,
		leave() {
			gone = true
			clearTimeout(again)
			tabs.close()
			unlisten()
			globalThis.removeEventListener?.('online', online)
			globalThis.removeEventListener?.('beforeunload', leaving)
		},
		load, lock, openSession, reload, renew: () => enqueue(async () => (held.peek().length ? null : renew())), reloadTerritory, send, step, price,
		give, given, strand, settle, recheck,
	}
}

/** @param {number} territoryId @param {string} channel @returns {Store} */
export function createStore(territoryId, channel) {
	/** @type {Store} */
	const store = { ...createPart(territoryId, channel), parts: [], partOf: () => store }
	store.parts.push(store)
	return store
}
