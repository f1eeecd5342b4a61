// SPDX-License-Identifier: GPL-3.0-or-later
// Another cycle for the draft: its first day and its weeks, and then how many visits find no place in it.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, fieldProblem, openDialog, problemNotice } from '../components/ui.js'
import { addDays, weekdayOf } from '../plan/model.js'
import { runOperation } from './commands.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function cycleDialog(s) {
	const p = s.plan.peek(), session = s.session.peek(), profile = s.profile.peek()
	if (!p || !session)
		return
	const tomorrow = addDays(new Date().toISOString().slice(0, 10), 1), first = addDays(tomorrow, (p.cycle.weekStart - weekdayOf(tomorrow) + 7) % 7)
	const anchor = signal(first), weeks = signal(Number(profile?.weeks ?? p.cycle.weeks)), reason = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	const begun = signal(/** @type {import('../core/api.js').Totals | null} */ (null))
	const begin = async (/** @type {Event} */ e) => {
		e.preventDefault()
		busy.value = true
		const [reply, failed] = await api.newCycle(session.id, anchor.value, weeks.value, reason.value.trim())
		problem.value = failed ?? (await s.reload()) ?? null
		busy.value = false
		begun.value = reply?.totals ?? null
		requestAnimationFrame(() => document.getElementById('cy-close')?.focus())
	}
	const becomes = () => (weeks.value > p.cycle.weeks ? tn('The {n} week planned now repeats until the cycle is full; each visit keeps its date.', 'The {n} weeks planned now repeat until the cycle is full; each visit keeps its date.', p.cycle.weeks)
		: weeks.value < p.cycle.weeks ? tn('It has the visits that stand on the dates of its {n} week now; those of the other weeks are left out.', 'It has the visits that stand on the dates of its {n} weeks now; those of the other weeks are left out.', weeks.value)
			: t('Every visit keeps its date.'))
	const setup = () => html`<form id="cy-form" class="col gap" @submit=${begin}><div class="grid-2">
		${field('cy-anchor', t('First day'), html`<input id="cy-anchor" class="input" type="date" required step="7" min=${addDays(first, -364)} max=${addDays(first, 357)} .value=${anchor.value} @change=${(/** @type {any} */ e) => {
			anchor.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'anchor') })}
		${field('cy-weeks', t('Weeks in a cycle'), html`<input id="cy-weeks" class="input" type="number" required min="1" max="8" .value=${String(weeks.value)} @input=${(/** @type {any} */ e) => {
			weeks.value = Number(e.target.value)
		}}>`, { problem: fieldProblem(problem.value, 'weeks') })}</div>
		<p class="muted">${becomes()}</p>
		${field('cy-reason', t('Reason'), html`<input id="cy-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
			reason.value = e.target.value
		}}>`)}</form>`
	/** @param {import('../core/api.js').Totals} x */
	const outcome = (x) => html`<p>${tn('Your draft has a cycle of {n} week from {date} on.', 'Your draft has a cycle of {n} weeks from {date} on.', weeks.value, { date: date(anchor.value) })}</p>
		<div class="stats"><div class="stat"><b>${num(x.calls)}</b><span>${t('calls in a cycle')}</span><small class="faint">${t('before {x}', { x: num(p.totals.calls) })}</small></div>
			<div class="stat" id="cy-missing"><b>${num(x.unserved)}</b><span>${t('missing visits')}</span><small class="faint">${t('before {x}', { x: num(p.totals.unserved) })}</small></div></div>
		${x.unserved ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} visit finds no place in it: the optimiser places it if there is room.', '{n} visits find no place in it: the optimiser places them if there is room.', x.unserved)}</p></div>` : nothing}`
	const after = (/** @type {string} */ id) => {
		close()
		runOperation(s, id)
	}
	const close = openDialog({
		title: () => t('New cycle'), text: () => t('The plan in force stays as it is until you commit the draft.'),
		body: () => html`${begun.value ? outcome(begun.value) : setup()}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => (begun.value ? html`<button class="btn" @click=${() => after('undo')}>${icon('undo')}${t('Undo')}</button>${begun.value.unserved ? html`<button class="btn" @click=${() => after('optimise')}>${icon('bolt')}${t('Optimise')}</button>` : nothing}
			<button id="cy-close" class="btn primary" @click=${() => close()}>${t('Close')}</button>`
			: html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" form="cy-form" ?disabled=${busy.value}>${icon('check')}${t('Begin it')}</button>`),
	})
}
