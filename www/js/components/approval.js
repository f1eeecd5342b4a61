// SPDX-License-Identifier: GPL-3.0-or-later
// What waits for approval: told in a line, and decided by whoever may.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, date, t } from '../core/i18n.js'
import { can } from '../core/session.js'
import { droppedText } from '../plan/labels.js'
import { icon } from './icons.js'
import { ask, toast, toastProblem } from './ui.js'

/** @typedef {import('../core/api.js').Submission} Submission */

/** Where its changes are seen. @param {Submission} x */
export const changesUrl = (x) => `/territories/${x.territoryId}/compare?channel=${x.channel}${x.base ? `&a=${x.base}` : ''}&b=${x.versionId}`

/** In words, without a full stop. @param {Submission} x */
export const stateText = (x) => ({
	WAITING: t('waits for approval'), APPROVED: t('approved by {name}', { name: x.decider ?? '–' }), SENT_BACK: t('sent back by {name}', { name: x.decider ?? '–' }), WITHDRAWN: t('withdrawn'),
}[x.state] ?? x.state)

/** Buttons of what may be done about one that waits; `after` gets what the plan has then. @param {(list: Submission[]) => void} after */
export function decisions(after) {
	const busy = signal(false)
	/** @param {Submission} x @param {'approve' | 'send-back' | 'withdraw'} what @param {string} [reason] */
	const go = async (x, what, reason) => {
		busy.value = true
		const [list, failed] = await api.decide(x.planId, what, { versionId: x.versionId, ...(reason ? { reason } : {}) })
		busy.value = false
		if (failed)
			toastProblem(failed)
		if (!list)
			return
		toast({ approve: t('Version {n} is committed', { n: x.number }), 'send-back': t('Version {n} is sent back', { n: x.number }), withdraw: t('Version {n} is withdrawn', { n: x.number }) }[what])
		after(list.items)
	}
	/** @param {Submission} x */
	const sendBack = async (x) => {
		const reason = await ask({ title: t('Send version {n} back?', { n: x.number }), text: t('Its author is told why, and goes on with the draft.'), confirm: t('Send back'), reason: 'required' })
		if (reason !== null)
			await go(x, 'send-back', reason)
	}
	/** @param {Submission} x */
	const approve = async (x) => {
		const [gone, failed] = await api.departed(x.planId, { version: x.versionId, limit: 1 })
		if (!gone)
			return toastProblem(/** @type {import('../core/http.js').Problem} */ (failed))
		if (await ask({ title: t('Approve version {n}?', { n: x.number }), text: [t('It becomes binding from {day} on.', { day: date(x.effectiveDate) }), gone.dropped ? droppedText(gone.dropped) : ''].join(' '), confirm: t('Approve') }) !== null)
			await go(x, 'approve')
	}
	/** @param {Submission} x */
	return (x) => (x.state !== 'WAITING' ? nothing : x.mine ? html`<button class="btn small" ?disabled=${busy.value} @click=${() => go(x, 'withdraw')}>${t('Withdraw')}</button>`
		: can('APPROVE_PLAN') ? html`<button class="btn small" ?disabled=${busy.value} @click=${() => sendBack(x)}>${t('Send back…')}</button> <button class="btn small primary" ?disabled=${busy.value} @click=${() => approve(x)}>${icon('check')}${t('Approve')}</button>` : nothing)
}

/** Above the changes of a version: it waits, and what may be done about it. @param {Submission} x @param {(x: Submission) => unknown} buttons */
export const waitingNotice = (x, buttons) => html`<div class="notice" role="status">${icon('clock')}<div class="grow"><p><b>${t('Version {n} waits for approval', { n: x.number })}</b> · ${x.user ?? '–'}, ${ago(x.at)} · ${t('from {day} on', { day: date(x.effectiveDate) })}</p>${x.notes ? html`<p>${x.notes}</p>` : nothing}</div><span class="row wrap">${buttons(x)}</span></div>`
