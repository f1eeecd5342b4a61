// SPDX-License-Identifier: GPL-3.0-or-later
// The comments of a plan as they are held here: asked for, added to, taken back.
import { computed, signal } from '../../vendor/signals-core/signals-core.js'
import { api } from '../core/api.js'

/** @typedef {import('../core/api.js').Comment} Comment */
/** @typedef {{versionId?: number, baseId?: number, need?: number, seat?: number, day?: number}} Subject */
/** @typedef {ReturnType<typeof createComments>} Comments */

/** The comments of a plan, or of one version of it. */
export function createComments() {
	const all = signal(/** @type {Comment[]} */ ([]))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let plan = 0, turn = 0
	/** @type {Comment[]} Said here since the list was asked for: it may hold them or not. */
	let said = []
	/** @param {Comment[]} list */
	const withSaid = (list) => [...list.filter((c) => !said.some((x) => x.id === c.id)), ...said]
	/** @param {number} planId @param {number} [version] */
	const load = async (planId, version) => {
		const mine = ++turn
		plan = planId
		said = []
		/** @type {Comment[]} */
		const list = []
		for (let after = /** @type {string | null} */ ('0'); after !== null;) {
			const [page, failed] = await api.comments(planId, { version, limit: 500, after })
			if (mine !== turn)
				return
			problem.value = failed
			if (!page)
				return
			list.push(...page.items)
			after = page.next
		}
		all.value = withSaid(list)
	}
	/** Gives what is wrong, or null. @param {Subject} subject @param {string} text */
	const say = async (subject, text) => {
		const [made, failed] = await api.addComment(plan, { ...subject, text })
		if (made) {
			said.push(made)
			all.value = withSaid(all.peek())
		}
		return failed
	}
	/** Gives what is wrong, or null. @param {Comment} c */
	const drop = async (c) => {
		const [, failed] = await api.dropComment(plan, c.id)
		if (!failed) {
			said = said.filter((x) => x.id !== c.id)
			all.value = all.peek().filter((x) => x.id !== c.id)
		}
		return failed
	}
	/** How many there are on each seat and day: 's7', 'd7 3' of a seat, 'd 3' of all; and on each need: 'n12'. */
	const counts = computed(() => {
		/** @type {Map<string, number>} */
		const out = new Map()
		for (const c of all.value) {
			const key = c.need !== null ? 'n' + c.need : c.day !== null ? `d${c.seat ?? ''} ${c.day}` : c.seat !== null ? 's' + c.seat : ''
			if (key)
				out.set(key, (out.get(key) ?? 0) + 1)
		}
		return out
	})
	return { all, problem, load, say, drop, counts }
}
