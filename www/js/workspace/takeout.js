// SPDX-License-Identifier: GPL-3.0-or-later
// Visits out of the plan: what it saves and what it costs, before it is done.
import { html, nothing, signal } from '../core/html.js'
import { t, tn } from '../core/i18n.js'
import { field, openDialog, toast } from '../components/ui.js'
import { inParts } from '../plan/actions.js'
import { opLabel } from '../plan/labels.js'
import { impactView } from './ops.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s @param {(ops: Record<string, unknown>[]) => Promise<boolean>} send */
export function takeOutDialog(s, send) {
	const visits = s.selectedVisits.peek(), reason = signal('')
	const ops = () => inParts(s.named(visits), (part) => ({ kind: 'remove', visits: part, reach: 'standing', ...(reason.peek().trim() ? { reason: reason.peek().trim() } : {}) }))
	const impact = signal(s.estimate(ops())), sure = signal(false), asking = new AbortController()
	void s.price(ops(), asking.signal).then(([answer]) => {
		if (!answer || asking.signal.aborted)
			return
		impact.value = answer
		sure.value = true
	})
	const go = async (/** @type {Event} */ e) => {
		e.preventDefault() /* the key would press what is focused once the dialog is gone */
		const list = ops()
		close()
		if (await send(list))
			toast(opLabel(s.plan.peek()?.undo) || t('Taken out'), { action: { label: t('Undo'), run: () => void s.step('undo') } })
	}
	const close = openDialog({
		wide: true, title: () => tn('Take {n} visit out of the plan', 'Take {n} visits out of the plan', visits.length), text: () => tn('It waits in the tray of unserved outlets until you place it again.', 'They wait in the tray of unserved outlets until you place them again.', visits.length),
		body: () => html`<form id="ask-form" class="col" @submit=${go}>${impact.value ? impactView(s, impact.value, sure.value) : nothing}
			${field('ask-reason', t('Reason'), html`<input id="ask-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
				reason.value = e.target.value
			}}>`)}</form>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn danger" form="ask-form">${t('Take out')}</button>`,
		onclose: () => asking.abort(),
	})
}
