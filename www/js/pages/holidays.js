// SPDX-License-Identifier: GPL-3.0-or-later
// The holidays of a territory: its own, and those of the territories above it.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, t, tn, weekday } from '../core/i18n.js'
import { watch } from '../core/live.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, field, fieldProblem, loading, problemNotice, resource, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Holiday} Holiday */

/** What becomes of the visits, by the parameter of that name. */
const rules = [
	() => t('Days on which nobody is visited. The standing plan and all other days stay as they are; the visit list leaves the day out.'),
	() => t('Days on which nobody is visited. The standing plan stays as it is; in the visit list each visit is made up by the same person within two days, on the nearest on which it breaks no rule. What fits nowhere is left out.'),
	() => t('Days on which nobody is visited. The standing plan stays as it is; in the visit list the day and the rest of its week are worked one working day later, and the last day of the week is left out. Where only a place within the territory has a holiday, its visits are made up within two days.'),
]

/** @param {string} id @param {() => import('../core/api.js').Territory | null} territory @param {() => number} rule @param {() => unknown} changed called after a change */
export function holidays(id, territory, rule, changed) {
	const list = resource(() => api.holidays(id))
	const day = signal(''), name = signal(''), where = signal(''), reason = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	const may = can('MANAGE_TERRITORIES')
	/** The visit lists are made anew one after the other. */
	const load = async () => {
		await list.load()
		if (list.data.peek()?.pending)
			watch(async () => {
				await list.load()
				return !!list.data.peek()?.pending
			}, 2000, ['job'], (job) => job.kind === 'VISIT_LIST')
	}
	void load()

	/** @param {SubmitEvent} e */
	const add = async (e) => {
		e.preventDefault()
		busy.value = true
		const [, failed] = await api.setHoliday(where.peek() || id, day.peek(), name.peek().trim(), reason.peek().trim())
		busy.value = false
		problem.value = failed
		if (failed)
			return
		toast(t('{name} is set: nobody is visited on {day}', { name: name.peek().trim(), day: date(day.peek()) }))
		day.value = name.value = reason.value = ''
		await Promise.all([load(), changed()])
	}
	/** @param {Holiday} h */
	const drop = async (h) => {
		const why = await ask({ title: t('Take this holiday back?'), text: `${h.name}, ${weekday(h.day)} ${date(h.day)}`, confirm: t('Take back'), reason: 'required' })
		if (why === null)
			return
		const [, failed] = await api.dropHoliday(h.territoryId, h.day, why)
		if (failed)
			toastProblem(failed)
		else
			toast(t('{name} is taken back', { name: h.name }))
		await Promise.all([load(), changed()])
	}
	const table = (/** @type {Holiday[]} */ items) => html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Holidays')}</caption><thead><tr><th>${t('Date')}</th><th>${t('Holiday')}</th><th>${t('Holds for')}</th><th></th></tr></thead>
		<tbody>${items.map((h) => html`<tr><td class="nowrap">${weekday(h.day)} ${date(h.day)}</td><td data-label=${t('Holiday')}>${h.name}</td><td data-label=${t('Holds for')}>${h.own ? html`<span class="chip accent">${t('this territory')}</span>` : h.territory ?? t('everywhere')}</td>
			<td class="actions">${may && h.territoryId ? html`<button class="btn quiet small icon-only" aria-label=${t('Remove {name}', { name: h.name })} @click=${() => drop(h)}>${icon('trash')}</button>` : nothing}</td></tr>`)}</tbody></table></div>`
	const view = () => {
		const path = territory()?.path ?? []
		return html`<section class="card" id="holidays"><h2>${t('Holidays')}</h2>
		<p class="muted" id="holiday-rule">${(rules[rule()] ?? rules[0])()}</p>
		${list.error.value ? problemNotice(list.error.value, () => void list.load()) : !list.data.value ? loading() : list.data.value.items.length ? table(list.data.value.items)
			: html`<p class="row calm">${icon('info')}<span>${may ? t('None is set. Add the public holidays of the coming year, and the days on which your towns are closed.') : t('None is set.')}</span></p>`}
		${list.data.value?.pending ? html`<p class="row" role="status">${icon('clock')}<span>${tn('{n} visit list does not follow yet; it is being made anew', '{n} visit lists do not follow yet; they are being made anew', list.data.value.pending)}</span></p>` : nothing}
		${may ? html`<form class="holiday-form" @submit=${add}>
			${field('ho-day', t('Date'), html`<input id="ho-day" class="input" type="date" required .min=${new Date().toISOString().slice(0, 10)} .value=${day.value} @input=${(/** @type {any} */ e) => {
				day.value = e.target.value
			}}>`, { problem: fieldProblem(problem.value, 'day') })}
			${field('ho-name', t('Name of the holiday'), html`<input id="ho-name" class="input" required maxlength="120" autocomplete="off" .value=${name.value} @input=${(/** @type {any} */ e) => {
				name.value = e.target.value
			}}>`, { problem: fieldProblem(problem.value, 'name') })}
			${field('ho-where', t('Holds for'), html`<select id="ho-where" class="input" @change=${(/** @type {any} */ e) => {
				where.value = e.target.value
			}}>${[...path].reverse().map((p) => html`<option value=${p.id} ?selected=${String(p.id) === (where.value || id)}>${String(p.id) === id ? t('this territory') : t('all of {name}', { name: p.name })}</option>`)}</select>`)}
			${field('ho-reason', t('Reason'), html`<input id="ho-reason" class="input" required maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => {
				reason.value = e.target.value
			}}>`, { problem: fieldProblem(problem.value, 'reason') })}
			<button class="btn primary" ?disabled=${busy.value || !day.value || !name.value.trim() || !reason.value.trim()}>${icon('plus')}${t('Add')}</button></form>
			${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}` : nothing}</section>`
	}
	return { view, load }
	return { view, load }
}
