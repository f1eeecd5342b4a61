// SPDX-License-Identifier: GPL-3.0-or-later
// A long list from the server, page by page, with its filters in the address: any view can be sent as a link.
import { effect, html, nothing, signal, untracked } from '../core/html.js'
import { num, t, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { icon } from './icons.js'
import { loading, problemNotice } from './ui.js'

/**
 * @template T
 * @param {(query: Record<string, unknown>) => Promise<import('../core/http.js').Answer<import('../core/api.js').List<T>>>} get
 * @param {string[]} keys  the filters
 */
export function pagedList(get, keys) {
	const items = signal(/** @type {T[]} */ ([]))
	const total = signal(/** @type {number | null} */ (null))
	const next = signal(/** @type {string | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(true)
	const filters = () => Object.fromEntries(keys.map((k) => [k, place.value.query[k] ?? '']))
	let turn = 0, last = '', timer = 0
	/** @param {boolean} [more] */
	const load = async (more) => {
		const mine = ++turn
		busy.value = true
		const [part, failed] = await get({ ...untracked(filters), limit: 100, after: more ? next.peek() : null })
		if (mine !== turn)
			return
		busy.value = false
		problem.value = failed
		if (!part)
			return
		items.value = more ? [...items.peek(), ...part.items] : part.items
		next.value = part.next ?? null
		total.value = part.total ?? null
	}
	const path = place.peek().path
	const stop = effect(() => {
		const key = JSON.stringify(filters())
		if (place.value.path !== path || key === last)
			return
		const wait = last ? 250 : 0
		last = key
		clearTimeout(timer)
		timer = window.setTimeout(() => void load(), wait)
	})

	/** @param {string} key @param {string} label */
	const search = (key, label) => html`<div class="search">${icon('search')}<input class="input" type="search" aria-label=${label} placeholder=${label} .value=${place.peek().query[key] ?? ''} @input=${(/** @type {any} */ e) => setQuery({ [key]: e.target.value })}></div>`
	/** @param {string} key @param {string} label @param {[string, string][]} choices */
	const select = (key, label, choices) => html`<select class="input" aria-label=${label} @change=${(/** @type {any} */ e) => setQuery({ [key]: e.target.value })}>
		<option value="">${label}</option>${choices.map(([v, l]) => html`<option value=${v} ?selected=${place.value.query[key] === v}>${l}</option>`)}</select>`
	/** Sorted here, after all rows have come: for lists that a person can read to the end. @type {import('../../vendor/signals-core/signals-core.js').Signal<{key: string, down: boolean} | null>} */
	const order = signal(/** @type {{key: string, down: boolean} | null} */ (null))
	/** @param {string} key @param {string} label @param {string} [c] */
	const head = (key, label, c) => {
		const o = order.value, on = o?.key === key
		return html`<th class=${c ?? ''} aria-sort=${!on ? nothing : o.down ? 'descending' : 'ascending'}><button class="sort" @click=${async () => {
			while (next.peek() && !problem.peek())
				await load(true)
			order.value = on && o.down ? null : { key, down: on }
		}}>${label}${icon(!on ? 'sort' : o.down ? 'down' : 'up')}</button></th>`
	}
	/** @param {T[]} list @param {Record<string, (x: T) => string | number>} by */
	const sorted = (list, by) => {
		const o = order.value
		if (!o)
			return list
		const f = by[o.key], sign = o.down ? -1 : 1
		return [...list].sort((a, b) => {
			const x = f(a), y = f(b)
			return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y))
		})
	}
	/** Chips of what is filtered, each removable. @param {Record<string, (value: string) => string>} labels */
	const chips = (labels) => {
		const on = Object.entries(labels).filter(([k]) => place.value.query[k])
		return on.length ? html`<div class="row wrap">${on.map(([k, label]) => html`<button class="chip accent" @click=${() => setQuery({ [k]: null })}>${label(place.value.query[k])}${icon('close')}<span class="sr">${t('remove this filter')}</span></button>`)}</div>` : nothing
	}
	/** @param {(items: T[]) => unknown} table @param {() => unknown} none */
	const view = (table, none) => html`${problem.value ? problemNotice(problem.value, () => void load()) : nothing}
		${items.value.length ? html`${table(items.value)}<div class="row between"><span class="faint num" aria-live="polite">${total.value !== null ? t('{n} of {total}', { n: num(items.value.length), total: num(total.value) }) : tn('{n} row', '{n} rows', items.value.length)}</span>
			${next.value ? html`<button class="btn" ?disabled=${busy.value} @click=${() => load(true)}>${t('Show more')}</button>` : nothing}</div>`
			: busy.value ? loading() : problem.value ? nothing : none()}`
	return { items, load, search, select, chips, view, head, sorted, busy, dispose: stop }
}
