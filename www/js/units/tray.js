// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets without coordinates: no map shows them until somebody says where they lie, by pointing or by the name of a place.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { openDialog, shown, resource, toast, toastProblem } from '../components/ui.js'
import { findPlaces } from '../map/gazetteer.js'

/** @typedef {import('../core/api.js').Unplaced} Unplaced */

/** @param {string} id of the territory @param {() => [number, number, number, number] | null} bounds of its places @param {() => Promise<void>} placed */
export function unplacedCard(id, bounds, placed) {
	const list = resource(() => api.unplaced(id, { limit: 100 }))
	void list.load()
	const map = () => /** @type {any} */ (document.querySelector('bp-units'))
	/** @param {Unplaced} o @param {number} lat @param {number} lon @param {string} reason */
	const put = async (o, lat, lon, reason) => {
		const [, failed] = await api.editOutlet(o.id, { values: [{ field: 'position', value: `${lat.toFixed(6)}, ${lon.toFixed(6)}` }], reason })
		if (failed)
			return toastProblem(failed)
		toast(t('{name} has a place now', { name: o.name }))
		await Promise.all([list.load(), placed()])
		map()?.goTo(lat, lon)
	}
	/** @param {Unplaced} o */
	const point = async (o) => {
		const p = await map()?.pickPlace()
		if (p)
			await put(o, p.lat, p.lon, t('placed on the map by hand'))
	}
	/** @param {Unplaced} o */
	const ask = (o) => {
		const text = signal(o.city), found = signal(/** @type {import('../map/gazetteer.js').Found[]} */ ([]))
		let turn = 0
		const search = async () => {
			const mine = ++turn, all = await findPlaces(text.peek(), bounds())
			if (mine === turn)
				found.value = all
		}
		void search()
		const close = openDialog({
			title: () => t('Where is {name}?', { name: o.name }), text: () => [o.code, o.city, o.postcode].filter(Boolean).join(' · '),
			body: () => html`<div class="field"><label for="place-name">${t('Name of the place')}</label><input id="place-name" class="input" autocomplete="off" .value=${text.value} @input=${(/** @type {any} */ e) => {
				text.value = e.target.value
				void search()
			}}><span class="help">${t('The middle of a town or village, from GeoNames.')}</span></div>
			<ul class="plain" id="place-found">${found.value.map((p) => html`<li><button class="btn quiet" @click=${() => {
				close()
				void put(o, p.lat, p.lon, t('placed in {place}', { place: p.name }))
			}}>${p.name} <small class="faint">${tn('{n} person', '{n} people', p.pop)}, ${num(p.lat, 3)}, ${num(p.lon, 3)}</small></button></li>`)}</ul>
			${text.value && !found.value.length ? html`<p class="muted" role="status">${t('No place of that name near this territory.')}</p>` : nothing}`,
			foot: () => html`<button class="btn" @click=${() => {
				close()
				void point(o)
			}}>${icon('map')}${t('Point to it on the map')}</button>`,
		})
	}
	return () => shown(list, ({ items, next }) => (items.length ? html`<section class="card tight" id="unplaced"><h2 class="pad">${t('Outlets without a place')}</h2><p class="muted pad">${t('No map shows them; they go with most of their unit.')}</p>
		<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Outlet')}</th><th>${t('Code')}</th><th>${t('Town')}</th><th>${t('Unit')}</th><th></th></tr></thead>
		<tbody>${items.map((o) => html`<tr><td><a href=${`/outlets/${o.id}`}>${o.name}</a></td><td data-label=${t('Code')}>${o.code}</td><td data-label=${t('Town')}>${[o.postcode, o.city].filter(Boolean).join(' ') || '–'}</td><td data-label=${t('Unit')}>${o.unit}</td>
			<td class="actions">${can('EDIT_OUTLETS') ? html`<button class="btn small" @click=${() => ask(o)}>${t('Place…')}</button>` : nothing}</td></tr>`)}</tbody></table></div>
			${next ? html`<p class="faint pad">${t('The first {n}; more follow once these have a place.', { n: num(items.length) })}</p>` : nothing}</section>` : nothing))
}
