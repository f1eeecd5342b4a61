// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of a plan, a version, a need, a seat or a day: read, answered, and taken back by whoever said it.
import { html, nothing, signal } from '../core/html.js'
import { ago, t, tn } from '../core/i18n.js'
import { icon } from './icons.js'
import { ask, field, problemNotice, toastProblem } from './ui.js'

/** @typedef {import('../plan/comments.js').Comment} Comment */
/** @typedef {import('../plan/comments.js').Subject} Subject */
/** @typedef {import('../plan/comments.js').Comments} Comments */

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
			const failed = await comments.say(subject, text)
			busy.value = false
			if (failed)
				toastProblem(failed)
			else
				write('')
		}
		/** @param {Comment} c */
		const takeBack = async (c) => {
			const failed = await ask({ title: t('Take back what you said?'), text: c.text, confirm: t('Take back'), danger: true }) === null ? null : await comments.drop(c)
			if (failed)
				toastProblem(failed)
		}
		return html`${comments.problem.value ? problemNotice(comments.problem.value) : nothing}
		${list.length ? html`<ul class="thread">${list.map((c) => html`<li><div class="row between"><span><b>${c.user ?? '–'}</b> <small class="faint">${ago(c.at)}${c.number !== null ? ` · ${t('version {n}', { n: c.number })}` : ''}</small></span>
			${c.mine ? html`<button class="btn quiet small icon-only" aria-label=${t('Take back: {text}', { text: c.text.slice(0, 40) })} title=${t('Take back')} @click=${() => takeBack(c)}>${icon('trash')}</button>` : nothing}</div>
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
