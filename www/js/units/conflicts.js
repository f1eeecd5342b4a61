// SPDX-License-Identifier: GPL-3.0-or-later
// Where the data contradict each other in who serves what: counted by cause, listed when a cause is opened, all of them as a file.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { can, canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { capital, resource, shown, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Conflict} Conflict */
/** @typedef {import('../core/api.js').ConflictCause} Cause */

/** @param {string} kind */
const kindName = (kind) => ({ MULTI_TERRITORY: t('Two places'), MULTI_ADVISOR: t('Wrong seat'), CAPACITY: t('Too much work'), ORPHAN: t('Left alone') }[kind] ?? kind)

/** @param {string} id of the territory */
export function conflictsCard(id) {
	const found = resource(() => api.conflicts(id, {}))
	const listed = signal(/** @type {Record<string, {items: Conflict[], next: string | null}>} */ ({}))
	/** The next page of a cause, or its first. @param {string} cause */
	const more = async (cause) => {
		const seen = listed.peek()[cause]
		const [page, failed] = await api.conflicts(id, { cause, limit: 100, after: seen?.next })
		if (failed)
			return toastProblem(failed)
		listed.value = { ...listed.peek(), [cause]: { items: [...(seen?.items ?? []), ...page.items], next: page.next } }
	}
	const load = () => {
		listed.value = {}
		return found.load()
	}
	/** @param {Conflict} c */
	const row = (c) => html`<tr><td>${c.outletId ? html`<a href=${`/outlets/${c.outletId}`}>${c.outletName || c.outletCode}</a> <small class="faint">${c.outletCode}</small>` : tn('{n} outlet', '{n} outlets', c.outlets)}</td>
		<td data-label=${t('Territory')}>${c.unit ?? '–'}</td><td data-label=${t('Seat')}>${c.seat ?? '–'}</td>
		<td data-label=${t('Against')}>${c.hours !== null ? t('{is} hours of work, {has} hours of time', { is: num(c.hours), has: num(c.hasHours ?? 0) }) : c.other ?? '–'}</td></tr>`
	/** @param {Cause} c */
	const cause = (c) => {
		const list = listed.value[c.cause]
		return html`<details @toggle=${(/** @type {any} */ e) => e.target.open && !listed.peek()[c.cause] && more(c.cause)}>
			<summary><span class="chip warn">${kindName(c.kind)}</span> <b>${num(c.outlets)}</b> ${capital(t(c.what))}</summary><p class="muted">${capital(t(c.remedy))}.${c.cause === 'NO_TERRITORY' && canEverywhere('MANAGE_TERRITORIES') ? html` <a href="/outlets?missing=territory">${t('List them, and put them where they belong')}</a>` : nothing}</p>
			${list ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${capital(t(c.what))}</caption><thead><tr><th>${t('Outlet')}</th><th>${t('Territory')}</th><th>${t('Seat')}</th><th>${t('Against')}</th></tr></thead>
			<tbody>${list.items.map(row)}</tbody></table></div>${list.next ? html`<p><button class="btn small" @click=${() => more(c.cause)}>${t('Show more')}</button></p>` : nothing}` : nothing}</details>`
	}
	const view = () => shown(found, (f) => html`<section class="card tight" id="conflicts"><div class="row between pad"><h2>${t('Conflicts')}</h2>
		${f.causes.length && can('EXPORT_DATA') ? html`<span class="row">${['csv', 'xlsx'].map((format) => html`<a class="btn small" download href=${api.conflictsUrl(id, format)}>${icon('export')}${format.toUpperCase()}</a>`)}</span>` : nothing}</div>
		${f.causes.length ? f.causes.map(cause) : html`<p class="muted pad">${t('Nothing here contradicts itself in who serves what.')}</p>`}</section>`)
	return { view, load }
}
