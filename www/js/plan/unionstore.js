// SPDX-License-Identifier: GPL-3.0-or-later
// The store of a board over several territories.  Beneath it each territory has the store that it has alone, with its session, lock and draft; what is
// shown is joined of them (union.js), and what is done goes to all of them by one call, that is kept in all or in none.
import { batch, computed, effect, signal } from '../../vendor/signals-core/signals-core.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { createStore } from './store.js'
import { dateOf, dayIndex, sameCycle, tourKey, turnOf } from './model.js'
import { joinDetails, joinImpacts, joinPlans, joinWorlds, partOps } from './union.js'
import { createView, today } from './view.js'

/** @typedef {import('../core/http.js').Problem} Problem */
/** @typedef {import('./store.js').Store} Store */
/** @typedef {import('./held.js').Held} Held */

/** @param {string} detail @returns {Problem} */
const refusal = (detail) => ({ status: 422, code: 'ERR_PLAN_002', message: 'the operation does not fit the plan as it stands', detail, correlationId: '' })

/** @param {number[]} ids of territories @param {string} channel @returns {Store} */
export function createUnion(ids, channel) {
	const parts = ids.map((id) => createStore(id, channel)), [first] = parts
	/** @template T @param {(s: Store) => T} of */
	const each = (of) => parts.map(of)
	/** Of those that have it. @template T @param {(s: Store) => T | null} of @returns {NonNullable<T>[]} */
	const some = (of) => parts.flatMap((s) => /** @type {any} */ (of(s) ?? []))
	const name = (/** @type {Store} */ s) => s.territory.peek()?.name ?? ''

	const territory = computed(() => {
		const all = some((s) => s.territory.value)
		return all.length < parts.length ? null : { ...all[0], name: all.map((x) => x.name).join(' + '), seats: all.reduce((n, x) => n + x.seats, 0), locks: all.flatMap((x) => x.locks) }
	})
	const world = computed(() => {
		const all = some((s) => s.world.value)
		return all.length < parts.length ? null : joinWorlds(all)
	})
	const turn = signal(0)
	/** Those that have a plan. */
	const planned = computed(() => parts.filter((s) => s.plan.value))
	const plan = computed(() => (planned.value.length && world.value ? joinPlans(planned.value.map((s) => /** @type {import('./model.js').Plan} */ (s.plan.value)), turn.value, world.value) : null))
	const now = computed(() => {
		const all = some((s) => s.details.now.value)
		return all.length < parts.length ? null : joinDetails(all)
	})
	/** The territory of an outlet, and its place there. @param {number} i @returns {[Store, number]} */
	const at = (i) => {
		let k = 0
		for (; k < parts.length - 1 && i >= (parts[k].world.value?.n ?? 0); k++)
			i -= parts[k].world.value?.n ?? 0
		return [parts[k], i]
	}
	const details = {
		now, problem: computed(() => some((s) => s.details.problem.value)[0] ?? null), want: () => void each((s) => s.details.want()), retry: () => void each((s) => s.details.retry()),
		name: (/** @type {number} */ i) => at(i)[0].details.name(at(i)[1]), code: (/** @type {number} */ i) => at(i)[0].details.code(at(i)[1]),
		nameOf: (/** @type {number} */ need) => partOf(need).details.nameOf(need), change: batch,
	}
	const profile = computed(() => first.profile.value)
	const holidays = computed(() => new Map(parts.flatMap((s) => [...s.holidays.value])))
	const session = computed(() => some((s) => s.session.value)[0] ?? null)
	const editable = computed(() => parts.some((s) => s.editable.value))
	/** @param {number} need */
	const partOf = (need) => parts.find((s) => s.world.peek()?.needs.has(need)) ?? first
	const view = createView({ world, plan, turn, details, profile, holidays, editable, ours: (need) => partOf(need).editable.value })
	const busy = signal(false), impact = signal(/** @type {import('../core/api.js').Impact | null} */ (null))
	/** Territories in whose drafts the rest of a gesture stays that was undone here. */
	const left = signal(/** @type {string[]} */ ([]))

	/* The turn that is shown is that of all; a cycle that is new is shown from today on. */
	let cycle = /** @type {import('./model.js').Plan | null} */ (null)
	const stop = effect(() => {
		const p = plan.value
		if (!p)
			return
		if (!cycle || !sameCycle(cycle, p)) {
			cycle = p
			turn.value = Math.max(0, turnOf(p.cycle, today() < p.cycle.anchor ? p.cycle.anchor : today()))
		}
		for (const s of planned.value)
			s.turn.value = turnOf(/** @type {import('./model.js').Plan} */ (s.plan.peek()).cycle, dateOf(p.cycle, turn.value, 0))
	})

	let queue = Promise.resolve(/** @type {Problem | null} */ (null))
	/** @param {() => Promise<Problem | null>} f */
	const enqueue = (f) => (queue = queue.then(f, f))
	const live = () => parts.filter((s) => s.session.peek() && s.plan.peek())
	/** @param {Store} s */
	const seen = (s) => ({ sessionId: s.session.peek()?.id ?? 0, seq: s.plan.peek()?.seq ?? 0 })
	/** All at once, and what went wrong first. @param {(s: Store) => Promise<Problem | null | undefined>} f */
	const together = async (f) => (await Promise.all(parts.map(f))).find(Boolean) ?? null
	/** @param {import('../core/http.js').Answer<import('../core/api.js').BoardReply>} answer @returns {Promise<Problem | null>} */
	const settle = async ([reply, failed]) => {
		if (failed?.status === 410)
			await together((s) => s.recheck())
		else if (failed?.code === 'ERR_SESSION_002')
			await together((s) => s.reload())
		if (!reply)
			return failed
		left.value = reply.left
		for (const { sessionId, change } of reply.parts)
			await parts.find((s) => s.session.peek()?.id === sessionId)?.settle([change, null])
		const all = reply.parts.flatMap((p) => p.change.impact ?? [])
		impact.value = all.length ? joinImpacts(all, plan.peek()?.alias ?? new Map()) : null
		return null
	}
	/** Once more behind what another tab has done. @param {() => Promise<import('../core/http.js').Answer<import('../core/api.js').BoardReply>>} ask */
	const asked = async (ask) => {
		busy.value = true
		let answer = await ask()
		if (answer[1]?.code === 'ERR_SESSION_002') {
			await together((s) => s.reload())
			answer = await ask()
		}
		busy.value = false
		return answer
	}
	/** @param {Record<string, unknown>[]} ops @returns {{ops: Record<string, unknown>[][], of: Store[]} | Problem} */
	const parted = (ops) => {
		const of = planned.peek(), p = plan.peek(), r = partOps(of.map((s) => /** @type {import('./model.js').Plan} */ (s.plan.peek())), (need) => of.indexOf(partOf(need)),
			(seat, date) => (p ? view.tours.peek().get(tourKey(p.alias?.get(seat) ?? seat, dayIndex(p.cycle, date))) ?? [] : []).map((x) => x.need), ops)
		if ('seat' in r) {
			const seat = p?.seats.find((x) => x.id === (p.alias?.get(r.seat) ?? r.seat))
			return refusal(t('{name} has no seat in {territory}: its stores stay with its own people', { name: seat?.person ?? seat?.code ?? '', territory: name(of[r.part]) }))
		}
		const shut = of.find((s, k) => r.ops[k].length && !s.session.peek())
		return shut ? refusal(t('{name} is not locked for you: its plan can be read only', { name: name(shut) })) : { ...r, of }
	}

	/** Gestures that are held without the network: each with its plans. @type {Store[][]} */
	let unsent = []
	/** @param {Record<string, unknown>[]} list @returns {Promise<Problem | null>} */
	const send = async (list) => {
		const r = parted(list)
		if (!('of' in r))
			return r
		/** @type {Map<Store, Held>} */
		const mine = new Map(r.of.flatMap((s, k) => (r.ops[k].length ? [/** @type {[Store, Held]} */ ([s, s.give(r.ops[k])])] : [])))
		return enqueue(async () => {
			const gone = [...mine].filter(([s]) => !s.session.peek())
			if (gone.length) { // a lock was lost while it waited: then nothing of it is done
				for (const [s, x] of mine)
					s.strand(x)
				return null
			}
			const away = parts.some((s) => s.held.peek().length)
			const answer = away ? null : await asked(() => api.boardOps(live().map((s) => ({ ...seen(s), ops: mine.get(s)?.ops ?? [] }))))
			if (answer && answer[1]?.code !== 'ERR_NET') {
				for (const [s, x] of mine)
					s.given(x)
				return settle(answer)
			}
			unsent.push([...mine.keys()])
			return [...mine].map(([s, x]) => s.given(x, answer?.[1] ?? null)).find(Boolean) ?? null
		})
	}
	/** @param {'undo' | 'redo'} which @returns {Promise<Problem | null>} */
	const step = (which) => enqueue(async () => {
		const last = which === 'undo' ? unsent.at(-1) : undefined
		if (last && last.every((s) => s.held.peek().at(-1)?.before)) {
			unsent = unsent.slice(0, -1)
			return (await Promise.all(last.map((s) => s.step('undo')))).find(Boolean) ?? null
		}
		unsent = []
		return settle(await asked(() => api.boardStep(which, live().map(seen))))
	})
	/** What each plan says of its part; of days on which a person works in several, whether all of it fits, which no plan knows. @param {Record<string, unknown>[]} ops @param {AbortSignal} [abort] @returns {Promise<import('../core/http.js').Answer<import('../core/api.js').Impact>>} */
	const price = async (ops, abort) => {
		const r = parted(ops)
		if (!('of' in r))
			return [null, r]
		const told = await Promise.all(r.of.flatMap((s, k) => (r.ops[k].length ? [s.price(r.ops[k], abort)] : []))), failed = told.find((x) => x[1])
		if (failed)
			return /** @type {[null, Problem]} */ (failed)
		const all = joinImpacts(told.flatMap(([x]) => x ?? []), plan.peek()?.alias ?? new Map()), shared = new Set([...plan.peek()?.alias ?? []].flatMap(([id, as]) => (id === as ? [] : [as])))
		const over = view.estimate(ops)?.broken.filter((b) => b.seat !== null && shared.has(b.seat) && ['SHIFT', 'MAX_CALLS'].includes(b.rule) && !all.broken.some((x) => x.rule === b.rule && x.seat === b.seat && x.date === b.date)) ?? []
		return [{ ...all, broken: [...all.broken, ...over.map((b) => ({ ...b, severity: 'warn' }))] }, null]
	}

	/** Takes the locks of all as one, then opens each. @returns {Promise<Problem | null>} */
	const lock = async () => {
		const [, failed] = await api.lockSet(channel, ids)
		return failed ?? together(async (s) => {
			const failed2 = await s.openSession()
			await s.reloadTerritory()
			return failed2
		})
	}
	/** What is chosen stays so, by its id. @param {() => Promise<Problem | null>} f */
	const keeping = async (f) => {
		const w = world.peek(), chosen = new Set([...view.selection.peek()].map((i) => w?.id[i])), failed = await f()
		view.selection.value = new Set((world.peek()?.id ?? []).flatMap((id, i) => (chosen.has(id) ? [i] : [])))
		return failed
	}
	const union = /** @type {Store} */ (/** @type {unknown} */ ({
		...view, territoryId: ids[0], channel, territory, world, details, plan, profile, session, holidays, editable, impact, parts, partOf, send, step, price, lock, left,
		lockSet: computed(() => [...new Map(parts.flatMap((s) => s.lockSet.value.map((l) => [l.lockId, l]))).values()]),
		problem: computed(() => some((s) => s.problem.value)[0] ?? null),
		phase: computed(() => (parts.some((s) => s.phase.value === 'failed') ? 'failed' : parts.some((s) => s.phase.value === 'loading') ? 'loading' : 'ready')),
		arrived: { share: computed(() => (parts.some((s) => s.arrived.share.value === null) ? null : parts.reduce((n, s) => n + (s.arrived.share.value ?? 0), 0) / parts.length)) },
		saving: computed(() => (busy.value ? 'saving' : /** @type {const} */ (['failed', 'held', 'saving']).find((x) => parts.some((s) => s.saving.value === x)) ?? 'saved')),
		savedAt: computed(() => some((s) => s.savedAt.value).sort().at(-1) ?? null),
		edits: computed(() => parts.reduce((n, s) => n + s.edits.value, 0)),
		held: computed(() => parts.flatMap((s) => s.held.value)), returned: computed(() => parts.reduce((n, s) => n + s.returned.value, 0)), stranded: computed(() => parts.flatMap((s) => s.stranded.value)), lost: computed(() => parts.some((s) => s.lost.value)),
		load: () => together(async (s) => void await s.load()), openSession: () => together((s) => s.openSession()), reload: () => together((s) => s.reload()), reloadTerritory: () => together(async (s) => void await s.reloadTerritory()),
		renew: () => keeping(() => together((s) => s.renew())), recheck: () => together((s) => s.recheck()),
		leave() {
			stop()
			each((s) => s.leave())
		},
	}))
	return union
}
