// SPDX-License-Identifier: GPL-3.0-or-later
import { cls, html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { place } from '../core/router.js'
import { can, canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { empty, resource } from '../components/ui.js'
import { placeOutlets } from '../units/placings.js'

const KEYS = ['q', 'territory', 'channel', 'tier', 'partner', 'status', 'missing']

export function page() {
	const list = pagedList(api.outlets, KEYS)
	const territories = resource(() => everything(api.territories, { units: 1 }))
	void territories.load()
	/** Territories of models beside the sales geography, under the name of their model. */
	const others = resource(async () => {
		const [models, failed] = await api.territoryModels()
		if (failed)
			return [null, failed]
		const parts = await Promise.all(models.items.filter((m) => !m.planned).map(async (m) => ((await api.territories({ model: m.id, limit: 500 }))[0]?.items ?? []).map((x) => ({ id: x.id, name: t('{model}: {territory}', { model: m.name, territory: x.name }) }))))
		return [parts.flat(), null]
	})
	void others.load()
	const missing = /** @type {[string, string][]} */ ([['coordinates', t('without coordinates')], ['unit', t('in no planning unit')], ['territory', t('in no territory')]])
	const places = () => [...territories.data.value?.items ?? [], ...others.data.value ?? []]
	/* What is ticked, to be put into another territory. */
	const chosen = signal(/** @type {ReadonlySet<number>} */ (new Set())), target = signal(''), may = () => can('MANAGE_TERRITORIES')
	/** @param {Iterable<number>} ids @param {boolean} on */
	const tick = (ids, on) => {
		const next = new Set(chosen.peek())
		for (const o of ids)
			on ? next.add(o) : next.delete(o)
		chosen.value = next
	}
	const put = async () => {
		const to = territories.data.peek()?.items.find((x) => String(x.id) === target.peek())
		if (to && await placeOutlets([...chosen.peek()], to, () => void list.load()))
			chosen.value = new Set()
	}
	const bar = () => (!chosen.value.size ? nothing : html`<div class="card row wrap" id="outlets-put"><b class="grow" aria-live="polite">${tn('{n} outlet selected', '{n} outlets selected', chosen.value.size)}</b>
		<label class="sr" for="outlets-target">${t('Put into')}</label><select id="outlets-target" class="input" @change=${(/** @type {any} */ e) => (target.value = e.target.value)}><option value="" ?selected=${!target.value}>${t('Put into…')}</option>
			${territories.data.value?.items.map((x) => html`<option value=${x.id} ?selected=${target.value === String(x.id)}>${x.name}</option>`)}</select>
		<button class="btn primary" ?disabled=${!target.value} @click=${put}>${icon('move')}${t('Put there')}…</button><button class="btn quiet" @click=${() => (chosen.value = new Set())}>${t('Clear the selection')}</button></div>`)
	const filtered = () => KEYS.some((k) => place.value.query[k])
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Outlets')}</h1><p>${t('Every place that is visited, as imported.')}</p></div></div>
	<div class="filters">${list.search('q', t('Name, code or town'))}
		${list.select('territory', t('Territory'), places().map((x) => [String(x.id), x.name]))}
		${list.select('tier', t('Tier'), [['Gold', t('Gold')], ['Silver', t('Silver')], ['Bronze', t('Bronze')]])}
		${list.select('channel', t('Channel'), [['GT', 'GT'], ['MT', 'MT'], ['WS', 'WS']])}
		${list.select('missing', t('Data'), missing)}</div>
	${list.chips({
		q: (v) => t('text: {v}', { v }), territory: (v) => places().find((x) => String(x.id) === v)?.name ?? '#' + v, tier: (v) => t('tier: {v}', { v }), channel: (v) => t('channel: {v}', { v }),
		partner: (v) => t('distributor: {v}', { v }), status: (v) => t('status: {v}', { v }), missing: (v) => missing.find(([key]) => key === v)?.[1] ?? v,
	})}
	${bar()}
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack">
		<thead><tr>${may() ? html`<th><input type="checkbox" aria-label=${t('Select all that are listed')} .checked=${items.every((o) => chosen.value.has(o.id))} @change=${(/** @type {any} */ e) => tick(items.map((o) => o.id), e.target.checked)}></th>` : nothing}<th>${t('Outlet')}</th><th>${t('Town')}</th><th>${t('Territory')}</th><th>${t('Distributor')}</th><th>${t('Tier')}</th><th>${t('Channel')}</th><th class="num">${t('Visits in 4 weeks')}</th></tr></thead>
		<tbody>${items.map((o) => html`<tr class=${cls(chosen.value.has(o.id) && 'on')}>${may() ? html`<td><input type="checkbox" aria-label=${t('Select {name}', { name: o.name || o.code })} .checked=${chosen.value.has(o.id)} @change=${(/** @type {any} */ e) => tick([o.id], e.target.checked)}></td>` : nothing}<td><span class="two"><a href=${`/outlets/${o.id}`}>${o.name}</a><small class="faint">${o.code}</small></span>${o.lat === null ? html` <span class="chip warn" title=${t('without coordinates')}>${icon('pin')}${t('no place')}</span>` : nothing}</td>
			<td data-label=${t('Town')}><span class="two"><span>${o.city || '–'}</span><small class="faint">${o.postcode}</small></span></td><td data-label=${t('Territory')}>${o.territoryId !== null ? html`<a href=${`/outlets?territory=${o.territoryId}`}>${o.territory ?? '#' + o.territoryId}</a>` : '–'}</td>
			<td data-label=${t('Distributor')}>${o.partner ?? '–'}</td><td data-label=${t('Tier')}>${o.tier ?? '–'}</td><td data-label=${t('Channel')}>${o.channel}</td><td class="num" data-label=${t('Visits in 4 weeks')}>${o.visitsPer4Weeks === null ? html`<span class="faint">${t('by tier')}</span>` : num(o.visitsPer4Weeks)}</td></tr>`)}</tbody></table></div></section>`,
		() => html`<section class="card">${filtered() ? empty('search', t('Nothing found'), t('No outlet fits these filters.')) : empty('outlets', t('No outlets yet'), t('Import your outlet file to begin.'), canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${icon('import')}${t('Import outlets')}</a>` : nothing)}</section>`)}
	</div>`
	return { title: t('Outlets'), view, dispose: list.dispose }
}
