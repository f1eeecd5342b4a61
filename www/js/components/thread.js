// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of a plan, a version, a need, a seat or a day: read, answered, and taken back by whoever said it.
import { computed, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, t, tn } from '../core/i18n.js'
import { icon } from './icons.js'
import { ask, field, problemNotice, toastProblem } from './ui.js'

/** @typedef {import('../core/api.js').Comment} Comment */
/** @typedef {{versionId?: number, baseId?: number, need?: number, seat?: number, day?: number}} Subject */
/** @typedef {ReturnType<typeof createComments>} Comments */

/** The comments of a plan, or of one version of it. */
export function createComments() {
	const all = signal(/** @type {Comment[]} */ ([]))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let plan = 0, turn = 0
	/** @param {number} planId @param {number} [version] */
	const load = async (planId, version) => {
		const mine = ++turn
		plan = planId
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
		all.value = list
	}
	/** @param {Subject} subject @param {string} text */
	const say = async (subject, text) => {
		const [made, failed] = await api.addComment(plan, { ...subject, text })
		if (failed)
			toastProblem(failed)
		if (made)
			all.value = [...all.peek(), made]
		return !!made
	}
	/** @param {Comment} c */
	const takeBack = async (c) => {
		if (await ask({ title: t('Take back what you said?'), text: c.text, confirm: t('Take back'), danger: true }) === null)
			return
		const [, failed] = await api.dropComment(plan, c.id)
		if (failed)
			toastProblem(failed)
		else
			all.value = all.peek().filter((x) => x.id !== c.id)
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
	return { all, problem, load, say, takeBack, counts }
}

/**
 * A list of comments with a field below it. What is being written stays with its subject.
 * @param {Comments} comments @param {string} id of the field
 */
export function createThread(comments, id) {
	const words = signal(/** @type {Record<string, string>} */ ({}))
	const busy = signal(false)
	/** @param {Comment[]} list @param {Subject | null} subject null = nothing can be said here @param {(c: Comment) => unknown} [about] what a comment is on, where they are mixed */
	return (list, subject, about) => {
		const key = JSON.stringify(subject), word = words.value[key] ?? ''
		/** @param {string} v */
		const write = (v) => {
			words.value = { ...words.peek(), [key]: v }
		}
		const say = async () => {
			const text = word.trim()
			if (!text || !subject || busy.peek())
				return
			busy.value = true
			if (await comments.say(subject, text))
				write('')
			busy.value = false
		}
		return html`${comments.problem.value ? problemNotice(comments.problem.value) : nothing}
		${list.length ? html`<ul class="thread">${list.map((c) => html`<li><div class="row between"><span><b>${c.user ?? '–'}</b> <small class="faint">${ago(c.at)}${c.number !== null ? ` · ${t('version {n}', { n: c.number })}` : ''}</small></span>
			${c.mine ? html`<button class="btn quiet small icon-only" aria-label=${t('Take back: {text}', { text: c.text.slice(0, 40) })} title=${t('Take back')} @click=${() => comments.takeBack(c)}>${icon('trash')}</button>` : nothing}</div>
			${about ? about(c) : nothing}<p>${c.text}</p></li>`)}</ul>` : html`<p class="muted">${t('Nobody has said anything yet.')}</p>`}
		${subject ? html`${field(id, t('Comment'), html`<textarea id=${id} class="input" maxlength="1000" .value=${word} @input=${(/** @type {any} */ e) => write(e.target.value)}
			@keydown=${(/** @type {KeyboardEvent} */ e) => {
				if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
					e.preventDefault()
					void say()
				}
			}}></textarea>`)}<div class="row end"><button class="btn" ?disabled=${busy.value || !word.trim()} @click=${say}>${t('Say it')}</button></div>` : nothing}`
	}
}

/** What a button with their number is called: the number is a part of it. @param {string} label @param {number} n */
export const talkLabel = (label, n) => (n ? `${label} ${n}` : label)

/** How many there are; opens them. @param {number} n @param {string} of @param {(e: Event) => void} open */
export const talkBadge = (n, of, open) => (n ? html`<button class="talk-badge num" aria-label=${tn('{n} comment on {name}', '{n} comments on {name}', n, { name: of })} @click=${open}>${icon('talk')}${n}</button>` : nothing)
