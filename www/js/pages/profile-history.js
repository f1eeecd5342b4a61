// SPDX-License-Identifier: GPL-3.0-or-later
// Who changed the parameters and holidays of a territory, from what to what, when and why; and the way back.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, instant, t } from '../core/i18n.js'
import { ask, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').ProfileEvent} ProfileEvent */

/** A value as the trail has it, JSON or nothing of its own. @param {string | null} text */
const valueOf = (text) => (text === null ? null : JSON.parse(text))

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
	/** @param {ProfileEvent} e */
	const putBack = async (e) => {
		const reason = await ask({ title: t('Put these parameters back?'), text: what(e).join(', '), confirm: t('Put back'), reason: 'required' })
		if (reason === null)
			return
		const [, failed] = await api.setProfile(id, channel, Object.fromEntries(e.changes.map((c) => [c.field, valueOf(c.was)])), reason)
		if (failed)
			return toastProblem(failed)
		toast(t('Put back: the next optimisation uses them'))
		await Promise.all([load(), changed()])
	}
	/** @param {string | null} text */
	const said = (text) => (text === null ? t('inherited') : String(valueOf(text)))
	/** In words. @param {ProfileEvent} e */
	const what = (e) => e.changes.map((c) => (e.what === 'PROFILE_CHANGE' ? t('{name}: {was} → {is}', { name: name(c.field), was: said(c.was), is: said(c.is) })
		: e.what === 'HOLIDAY_PUT' ? t('holiday on {date}: {name}', { date: date(c.field), name: c.is ?? '' }) : t('no holiday on {date} any more', { date: date(c.field) })))
	const view = () => shown(events, ({ items }) => (items.length ? html`<section class="card tight" id="history"><h2 class="pad">${t('History')}</h2><div class="table-wrap" tabindex="0"><table class="table stack">
		<thead><tr><th>${t('When')}</th><th>${t('Who')}</th><th>${t('What')}</th><th>${t('Reason')}</th><th></th></tr></thead>
		<tbody>${[...items, ...more.value].map((e) => html`<tr><td>${instant(e.at)}</td><td data-label=${t('Who')}>${e.user ?? '–'}</td><td data-label=${t('What')}><ul class="plain">${what(e).map((x) => html`<li>${x}</li>`)}</ul></td><td data-label=${t('Reason')}>${e.reason || '–'}</td>
			<td class="actions">${may && e.what === 'PROFILE_CHANGE' ? html`<button class="btn quiet small" aria-label=${t('Put back: {what}', { what: what(e).join(', ') })} @click=${() => putBack(e)}>${t('Put back')}</button>` : nothing}</td></tr>`)}</tbody></table></div>
		${next.value ? html`<p class="pad"><button class="btn small" @click=${older}>${t('Show more')}</button></p>` : nothing}</section>` : nothing))
	return { view, load }
}
