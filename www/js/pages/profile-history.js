// SPDX-License-Identifier: GPL-3.0-or-later
// Who changed the parameters and holidays of a territory, from what to what, when and why; and the way back.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, instant, t } from '../core/i18n.js'
import { ask, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').ProfileEvent} ProfileEvent */

/** A value as the trail has it: JSON of a parameter, the name of a holiday, or nothing. @param {ProfileEvent} e @param {string | null} text */
const valueOf = (e, text) => (text !== null && e.what === 'PROFILE_CHANGE' ? JSON.parse(text) : text)
/** What the territory itself says of a parameter. @param {import('../core/api.js').Param | undefined} p */
export const ownOf = (p) => (p?.own ? p.value ?? p.valueText : null)

/**
 * @param {string} id of the territory @param {string} channel @param {boolean} may change them
 * @param {(key: string) => string} name what people call a parameter @param {() => unknown} changed called after a change was put back
 */
export function profileHistory(id, channel, may, name, changed) {
	const events = resource(() => api.profileHistory(id, { channel, limit: 20 }))
	const more = signal(/** @type {ProfileEvent[]} */ ([])), next = signal(/** @type {string | null} */ (null))
	const load = async () => {
		await events.load()
		more.value = []
		next.value = events.data.peek()?.next ?? null
	}
	const older = async () => {
		const [page, failed] = await api.profileHistory(id, { channel, limit: 50, after: next.peek() })
		if (failed)
			return toastProblem(failed)
		more.value = [...more.peek(), ...page.items]
		next.value = page.next
	}
	/** What holds now of what a change was about. @param {ProfileEvent} e @returns {Promise<import('../core/http.js').Answer<Record<string, unknown>>>} */
	const holds = async (e) => {
		if (e.what === 'PROFILE_CHANGE') {
			const [p, failed] = await api.profile(id, channel)
			return failed ? [null, failed] : [Object.fromEntries(e.changes.map((c) => [c.field, ownOf(p.params.find((x) => x.name === c.field))])), null]
		}
		const [list, failed] = await api.holidays(id)
		return failed ? [null, failed] : [Object.fromEntries(e.changes.map((c) => [c.field, list.items.find((h) => h.own && h.day === c.field)?.name ?? null])), null]
	}
	/** @param {ProfileEvent} e */
	const putBack = async (e) => {
		const [seen, away] = await holds(e)
		if (away)
			return toastProblem(away)
		if (e.changes.every((c) => seen[c.field] === valueOf(e, c.was)))
			return toast(t('That holds already'))
		const later = e.changes.some((c) => seen[c.field] !== valueOf(e, c.is))
		const reason = await ask({
			title: t('Put this back?'), confirm: t('Put back'), reason: 'required',
			text: html`${e.changes.map((c) => words(e, c.field, seen[c.field], valueOf(e, c.was))).join(', ')}${later ? html`<br><b>${t('It was changed again since then: that is put back too.')}</b>` : nothing}`,
		})
		if (reason === null)
			return
		const [, failed] = await api.revertProfile(id, channel, { entry: e.id, seen, reason })
		if (failed)
			toastProblem(failed)
		else
			toast(e.what === 'PROFILE_CHANGE' ? t('Put back: the next optimisation uses them') : t('Put back'))
		await Promise.all([load(), changed()])
	}
	/** @param {ProfileEvent} e @param {string} field @param {unknown} was @param {unknown} is */
	const words = (e, field, was, is) => {
		const said = (/** @type {unknown} */ v) => (v === null ? t('inherited') : String(v))
		if (e.what === 'PROFILE_CHANGE')
			return t('{name}: {was} → {is}', { name: name(field), was: said(was), is: said(is) })
		return is === null ? t('no holiday on {date} any more', { date: date(field) }) : was ? t('holiday on {date}: {was} → {is}', { date: date(field), was: String(was), is: String(is) })
			: t('holiday on {date}: {name}', { date: date(field), name: String(is) })
	}
	/** In words. @param {ProfileEvent} e */
	const what = (e) => e.changes.map((c) => words(e, c.field, valueOf(e, c.was), valueOf(e, c.is)))
	/** The past never changes, and entries of former versions do not tell what a holiday was called. @param {ProfileEvent} e */
	const hasWay = (e) => e.what === 'PROFILE_CHANGE' || e.changes.every((c) => c.was !== '' && c.field >= new Date().toISOString().slice(0, 10))
	const view = () => shown(events, ({ items }) => (items.length ? html`<section class="card tight" id="history"><h2 class="pad">${t('History')}</h2><div class="table-wrap" tabindex="0"><table class="table stack">
		<thead><tr><th>${t('When')}</th><th>${t('Who')}</th><th>${t('What')}</th><th>${t('Reason')}</th><th></th></tr></thead>
		<tbody>${[...items, ...more.value].map((e) => html`<tr><td>${instant(e.at)}</td><td data-label=${t('Who')}>${e.user ?? t('the shell')}</td><td data-label=${t('What')}><ul class="plain">${what(e).map((x) => html`<li>${x}</li>`)}</ul></td><td data-label=${t('Reason')}>${e.reason || '–'}</td>
			<td class="actions">${may && hasWay(e) ? html`<button class="btn quiet small" aria-label=${t('Put back: {what}', { what: what(e).join(', ') })} @click=${() => putBack(e)}>${t('Put back')}</button>` : nothing}</td></tr>`)}</tbody></table></div>
		${next.value ? html`<p class="pad"><button class="btn small" @click=${older}>${t('Show more')}</button></p>` : nothing}</section>` : nothing))
	return { view, load }
}
