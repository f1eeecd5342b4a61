// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping a version, and committing the plan.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, num, t, tn } from '../core/i18n.js'
import { go } from '../core/router.js'
import { field, fieldProblem, openDialog, problemNotice, resource, toast } from '../components/ui.js'
import { icon } from '../components/icons.js'
import { droppedText } from '../plan/labels.js'
import { departedDialog, dropped } from './departed.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** The drafts of a board that are open here, as they were seen. @param {Store} s */
const drafts = (s) => s.parts.flatMap((p) => {
	const session = p.session.peek(), plan = p.plan.peek()
	return session && plan ? [{ sessionId: session.id, seq: plan.seq }] : []
})
/** The territories of which a version was made. @param {Store} s @param {import('../core/api.js').BoardVersions} v */
const keptOf = (s, v) => v.parts.flatMap((x) => (x.version ? [{ name: s.parts.find((p) => p.territoryId === x.territoryId)?.territory.peek()?.name ?? '', version: x.version }] : []))

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
		const [v, failed] = s.parts.length > 1 ? await api.boardKeep('save', { parts: drafts(s), notes: notes.value.trim() }) : await api.saveVersion(p.planId, session.id, notes.value.trim())
		busy.value = false
		problem.value = failed
		if (!v)
			return
		close()
		toast('parts' in v ? t('A version is kept of {names}', { names: keptOf(s, v).map((x) => x.name).join(', ') }) : t('Version {n} is kept', { n: v.number }))
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
	const total = p.totals, base = s.session.peek()?.baseVersion
	const profile = resource(() => api.profile(s.territory.peek()?.id ?? 0, s.channel))
	void profile.load()
	const waits = () => profile.data.value?.params.find((x) => x.name === 'approval')?.value === 1
	const left = signal(0)
	void dropped(s).then(([n, failed]) => {
		left.value = n ?? 0
		problem.value ??= failed
	})
	const close = openDialog({
		title: () => t('Commit the plan of {name}', { name: s.territory.peek()?.name ?? '' }),
		text: () => t('The plan becomes binding from its effective date. Visits before that date stay as they are.'),
		body: () => html`${waits() ? html`<div class="notice">${icon('info')}<p>${t('Plans of this territory are approved by somebody else: it waits until then, and your draft is kept.')}</p></div>` : nothing}<div class="stats four">
			<div class="stat"><b>${num(total.calls)}</b><span>${t('calls in a cycle')}</span></div>
			<div class="stat"><b>${num(total.travelMinutes / 60)} h</b><span>${t('travel')}</span></div>
			<div class="stat"><b>${num(total.km)} km</b><span>${t('on the road')}</span></div>
			<div class="stat"><b>${num(p.unserved.size)}</b><span>${t('short of visits')}</span></div></div>
		${p.unserved.size ? html`<div class="notice warn">${icon('warn')}<p>${t('{n} outlets have fewer visits than they ask for. They stay listed with their reasons.', { n: num(p.unserved.size) })}</p></div>` : nothing}
		${left.value ? html`<div class="notice warn" id="cm-dropped">${icon('swap')}<p class="grow">${droppedText(left.value)}</p>
			<button class="btn small" @click=${() => {
				close()
				departedDialog(s)
			}}>${t('Show')}</button></div>` : nothing}
		${base === null || base === undefined ? nothing : html`<p class="row between" id="cm-edits"><span>${s.edits.value ? tn('{n} edit since the last version', '{n} edits since the last version', s.edits.value) : t('Nothing has changed since the last version')}</span>
			${s.edits.value ? html`<a href=${`/territories/${s.territoryId}/compare?channel=${s.channel}&a=draft&b=${base}`}>${t('Show what differs')}</a>` : nothing}</p>`}
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

/** All drafts of a board become the plans of their territories, or none of them. @param {Store} s */
export function commitAllDialog(s) {
	const open = s.parts.filter((p) => p.session.peek() && p.plan.peek()), changed = open.filter((p) => p.edits.peek() > 0 || p.session.peek()?.baseVersion === null)
	const tomorrow = s.addDays(new Date().toISOString().slice(0, 10), 1), begins = s.plan.peek()?.cycle.anchor ?? tomorrow
	const effective = signal(begins > tomorrow ? begins : tomorrow), notes = signal(''), keepLock = signal(false), busy = signal(false)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const waiting = signal(/** @type {ReadonlySet<Store>} */ (new Set())), left = signal(/** @type {ReadonlyMap<Store, number>} */ (new Map()))
	void Promise.all(changed.map(async (p) => {
		const [profile] = await api.profile(p.territoryId, s.channel)
		if (profile?.params.find((x) => x.name === 'approval')?.value === 1)
			waiting.value = new Set([...waiting.peek(), p])
	})).then(() => changed.map(async (p) => {
		const [n, failed] = await dropped(p, changed.filter((x) => x !== p && !waiting.peek().has(x)))
		left.value = new Map([...left.peek(), [p, n ?? 0]])
		problem.value ??= failed
	}))
	const commit = async () => {
		busy.value = true
		const [v, failed] = await api.boardKeep('commit', { parts: drafts(s), keepLock: keepLock.value, ...(effective.value ? { effectiveDate: effective.value } : {}), ...(notes.value.trim() ? { notes: notes.value.trim() } : {}) })
		busy.value = false
		problem.value = failed
		if (!v) {
			if (failed?.status === 410)
				await s.recheck()
			return
		}
		close()
		const kept = keptOf(s, v), wait = kept.filter((x) => x.version.waits)
		toast([tn('{n} plan is committed', '{n} plans are committed', kept.length - wait.length), wait.length && tn('{n} waits for approval', '{n} wait for approval', wait.length)].filter(Boolean).join(' · '), wait.length ? { action: { label: t('Show'), run: () => go('/approvals') } } : {})
		for (const p of s.parts)
			p.session.value = null
		await s.load()
	}
	const close = openDialog({
		title: () => (changed.length ? tn('Commit the plan of {n} territory', 'Commit the plans of {n} territories', changed.length) : t('No plan of the board has changed')), wide: true,
		text: () => (changed.length ? t('All of them become binding from their effective date, or none does.') : t('Change something first: what is as it was committed is binding already.')),
		body: () => html`<div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Plans of the board')}</caption><thead><tr><th>${t('Territory')}</th><th class="num">${t('Changes')}</th><th class="num">${t('Visits')}</th><th class="num">${t('Short of visits')}</th><th></th></tr></thead>
		<tbody>${s.parts.map((p) => html`<tr><td>${p.territory.value?.name}</td><td class="num">${num(p.edits.value)}</td><td class="num">${num(p.plan.value?.totals.calls ?? 0)}</td><td class="num">${num(p.plan.value?.unserved.size ?? 0)}</td>
			<td>${!open.includes(p) ? html`<span class="warn">${t('not locked for you')}</span>` : !changed.includes(p) ? html`<span class="faint">${t('unchanged')}</span>` : waiting.value.has(p) ? t('will wait for approval') : nothing}
				${left.value.get(p) ? html`<span class="warn">${droppedText(left.value.get(p) ?? 0)}</span>` : nothing}</td></tr>`)}</tbody></table></div>
		${field('cm-date', t('Effective from'), html`<input id="cm-date" class="input" type="date" .value=${effective.value} @change=${(/** @type {any} */ e) => {
			effective.value = e.target.value
		}}>`, { problem: fieldProblem(problem.value, 'effectiveDate') })}
		${field('cm-notes', t('Notes'), html`<textarea id="cm-notes" class="input" maxlength="1000" .value=${notes.value} @input=${(/** @type {any} */ e) => {
			notes.value = e.target.value
		}}></textarea>`)}
		<label class="check"><input type="checkbox" .checked=${keepLock.value} @change=${(/** @type {any} */ e) => {
			keepLock.value = e.target.checked
		}}><span>${t('Keep the locks and go on planning')}</span></label>
		${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Not yet')}</button><button class="btn primary" ?disabled=${busy.value || !changed.length} @click=${commit}>${icon('commit')}${t('Commit all')}</button>`,
	})
}
