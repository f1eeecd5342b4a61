// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping a version, and committing the plan.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t } from '../core/i18n.js'
import { go } from '../core/router.js'
import { field, fieldProblem, openDialog, problemNotice, resource, toast } from '../components/ui.js'
import { icon } from '../components/icons.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function saveDialog(s) {
	const notes = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	const go_ = async () => {
		const p = s.plan.peek(), session = s.session.peek()
		if (!p || !session || busy.value)
			return
		busy.value = true
		const [v, failed] = await api.saveVersion(p.planId, session.id, notes.value.trim())
		busy.value = false
		problem.value = failed
		if (!v)
			return
		close()
		toast(t('Version {n} is kept', { n: v.number }))
	}
	const close = openDialog({
		title: () => t('Save a version'), text: () => t('Your draft is saved all the time; a version is a state you can come back to.'),
		body: () => html`${field('sv-notes', t('Notes'), html`<textarea id="sv-notes" class="input" maxlength="1000" .value=${notes.value} @input=${(/** @type {any} */ e) => {
			notes.value = e.target.value
		}}></textarea>`)}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value} @click=${go_}>${icon('save')}${t('Save')}</button>`,
	})
}

/** @param {Store} s */
export function commitDialog(s) {
	const p = s.plan.peek()
	if (!p)
		return
	const tomorrow = s.addDays(new Date().toISOString().slice(0, 10), 1)
	const effective = signal(p.cycle.anchor > tomorrow ? p.cycle.anchor : tomorrow)
	const notes = signal('')
	const keepLock = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	const commit = async () => {
		const session = s.session.peek()
		if (!session || busy.value)
			return
		busy.value = true
		const [v, failed] = await api.commit(p.planId, {
			sessionId: session.id, keepLock: keepLock.value, ...(effective.value ? { effectiveDate: effective.value } : {}), ...(notes.value.trim() ? { notes: notes.value.trim() } : {}),
		})
		busy.value = false
		problem.value = failed
		if (!v)
			return
		close()
		if (v.waits)
			toast(t('Version {n} waits for approval', { n: v.number }), { action: { label: t('Show'), run: () => go('/approvals') } })
		else
			toast(t('Version {n} is committed', { n: v.number }), { action: { label: t('Export'), run: () => go(`/exports?plan=${p.planId}`) } })
		s.session.value = null
		await s.load()
	}
	const total = p.totals
	const profile = resource(() => api.profile(s.territory.peek()?.id ?? 0, s.channel))
	void profile.load()
	const waits = () => profile.data.value?.params.find((x) => x.name === 'approval')?.value === 1
	const close = openDialog({
		title: () => t('Commit the plan of {name}', { name: s.territory.peek()?.name ?? '' }),
		text: () => t('The plan becomes binding from its effective date. Visits before that date stay as they are.'),
		body: () => html`${waits() ? html`<div class="notice">${icon('info')}<p>${t('Plans of this territory are approved by somebody else: it waits until then, and your draft is kept.')}</p></div>` : nothing}<div class="stats four">
			<div class="stat"><b>${num(total.calls)}</b><span>${t('calls in a cycle')}</span></div>
			<div class="stat"><b>${num(total.travelMinutes / 60)} h</b><span>${t('travel')}</span></div>
			<div class="stat"><b>${num(total.km)} km</b><span>${t('on the road')}</span></div>
			<div class="stat"><b>${num(p.unserved.size)}</b><span>${t('short of visits')}</span></div></div>
		${p.unserved.size ? html`<div class="notice warn">${icon('warn')}<p>${t('{n} outlets have fewer visits than they ask for. They stay listed with their reasons.', { n: num(p.unserved.size) })}</p></div>` : nothing}
		${field('cm-date', t('Effective from'), html`<input id="cm-date" class="input" type="date" .value=${effective.value} @change=${(/** @type {any} */ e) => {
			effective.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'effectiveDate'), help: p.cycle.anchor > tomorrow ? t('The cycle begins on {date}: until then what is in force goes on.', { date: date(p.cycle.anchor) }) : undefined })}
		${field('cm-notes', t('Notes'), html`<textarea id="cm-notes" class="input" maxlength="1000" .value=${notes.value} @input=${(/** @type {any} */ e) => {
			notes.value = e.target.value
		}}></textarea>`)}
		<label class="check"><input type="checkbox" .checked=${keepLock.value} @change=${(/** @type {any} */ e) => {
			keepLock.value = e.target.checked
		}}><span>${t('Keep the lock and go on planning')}</span></label>
		${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Not yet')}</button><button class="btn primary" ?disabled=${busy.value} @click=${commit}>${icon('commit')}${waits() ? t('Submit') : t('Commit')}</button>`,
	})
}
