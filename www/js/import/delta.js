// SPDX-License-Identifier: GPL-3.0-or-later
// What publishing would change and break, and what becomes of outlets that a complete list does not name.  Part of the wizard's check step.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import '../map/placesmap.js'
import { problemNotice, resource, toastProblem } from '../components/ui.js'

/** @param {string} reason */
const reasonText = (reason) => ({
	CLOSED: t('the outlet closes or sleeps'), CHANNEL: t('the outlet changes its channel'), TERRITORY: t('the outlet leaves the territory'),
	CLOSED_DAY: t('the outlet is closed on that day'), MOVED: t('the outlet moves by more than 500 m'), FREQUENCY: t('another number of visits is asked'),
	VANISHED: t('the outlet is not in the complete list'),
}[reason] ?? reason)

/** @param {{id: number, refresh: () => Promise<void>, editable: () => boolean}} wizard */
export function deltaPart({ id, refresh, editable }) {
	const delta = resource(() => api.delta(id))
	const gone = signal(/** @type {{items: import('../core/api.js').Vanished[], next: string | null} | null} */ (null))
	const busy = signal(false)

	/** Where it happens, once somebody wants to see it. */
	const places = signal(/** @type {import('../map/placesmap.js').Place[] | null} */ (null))
	const kinds = ['new', 'changed', 'moved', 'vanished']
	const legend = [{ label: t('new'), colour: 2, shape: 0 }, { label: t('changed'), colour: 0, shape: 1 }, { label: t('moved'), colour: 5, shape: 2 }, { label: t('not in this file'), colour: 7, shape: 3 }]

	const load = () => {
		places.value = null
		return delta.load()
	}
	const showPlaces = async () => {
		const [list, failed] = await api.deltaPlaces(id)
		if (failed)
			toastProblem(failed)
		else
			places.value = list.items.map((p) => ({ kind: kinds.indexOf(p.kind), lat: p.lat, lon: p.lon, fromLat: p.fromLat, fromLon: p.fromLon }))
	}
	const showGone = async () => {
		const [page, failed] = await api.vanished(id, { limit: 100, after: gone.peek()?.next })
		if (failed)
			toastProblem(failed)
		else
			gone.value = { items: [...gone.peek()?.items ?? [], ...page.items], next: page.next }
	}
	/** @param {string} action */
	const answer = async (action) => {
		busy.value = true
		const [d, failed] = await api.answerVanished(id, action)
		busy.value = false
		if (failed)
			toastProblem(failed)
		else
			delta.data.value = d
	}
	/** @param {number} file @param {{mode: string, complete: boolean}} body */
	const meet = async (file, body) => {
		busy.value = true
		const [, failed] = await api.meetFile(file, body)
		busy.value = false
		if (failed)
			toastProblem(failed)
		gone.value = null
		await refresh()
	}

	/** How each file meets what is stored. @param {import('../core/api.js').ImportFile[]} files */
	const meeting = (files) => html`<section class="card col"><h2>${t('How rows meet what is stored')}</h2>${files.filter((f) => f.entity).map((f) => html`<div class="row wrap">
		<b class="grow">${f.name}</b>
		<label class="row"><span class="muted nowrap">${t('Known keys')}</span><select class="input small auto" id=${`mode-${f.id}`} ?disabled=${busy.value || !editable()} @change=${(/** @type {any} */ e) => meet(f.id, { mode: e.target.value, complete: f.complete })}>
			<option value="UPSERT" ?selected=${f.mode === 'UPSERT'}>${t('take over all mapped values')}</option>
			<option value="MERGE" ?selected=${f.mode === 'MERGE'}>${t('take over what is not empty')}</option>
			<option value="APPEND" ?selected=${f.mode === 'APPEND'}>${t('leave as they are, add new ones')}</option></select></label>
		${f.entity === 'outlets' ? html`<label class="row"><input type="checkbox" id=${`complete-${f.id}`} .checked=${f.complete} ?disabled=${busy.value || !editable()} @change=${(/** @type {any} */ e) => meet(f.id, { mode: f.mode, complete: e.target.checked })}><span>${t('It names every outlet of its territories')}</span></label>` : nothing}</div>`)}
		<p class="faint">${t('After a change the rows are checked again.')}</p></section>`

	/** @param {import('../core/api.js').Delta} d */
	const vanished = (d) => html`<section class="card col" id="vanished"><div class="notice ${d.action === 'ASK' ? 'warn' : ''}">${icon(d.action === 'ASK' ? 'warn' : 'info')}<div class="grow">
		<p><b>${tn('{n} outlet is not in the complete list', '{n} outlets are not in the complete list', d.vanished)}</b></p><p>${t('Was the file cut off? Then take it out and send it whole. Otherwise say what becomes of them: nothing is retired in silence.')}</p></div></div>
		<div class="row wrap" role="radiogroup" aria-label=${t('What becomes of them')}>${[['KEEP', t('Keep as they are')], ['DORMANT', t('Dormant: not visited until they appear again')], ['CLOSE', t('Closed for good')]].map(([a, label]) => html`<label class="row"><input type="radio" name="vanished" value=${a} .checked=${d.action === a} ?disabled=${busy.value} @change=${() => answer(a)}><span>${label}</span></label>`)}</div>
		${gone.value ? html`<div class="table-wrap" tabindex="0"><table class="table dense stack"><thead><tr><th>${t('Code')}</th><th>${t('Outlet')}</th><th>${t('Town')}</th><th>${t('Territory')}</th><th class="num">${t('Planned visits')}</th></tr></thead>
			<tbody>${gone.value.items.map((o) => html`<tr><td><a href=${`/outlets/${o.id}`}>${o.code}</a></td><td data-label=${t('Outlet')}>${o.name}</td><td data-label=${t('Town')}>${o.city}</td><td data-label=${t('Territory')}>${o.territory ?? '–'}</td><td class="num" data-label=${t('Planned visits')}>${num(o.visits)}</td></tr>`)}</tbody></table></div>` : nothing}
		${!gone.value || gone.value.next ? html`<button class="btn small" @click=${showGone}>${gone.value ? t('Show more') : t('Show them')}</button>` : nothing}</section>`

	/** @param {import('../core/api.js').Delta} d */
	const breaks = (d) => (!d.visits.length && !d.locked.length && !d.sizes.length ? nothing : html`<section class="card" id="breaks"><h2>${t('What would break')}</h2>
		${d.visits.length ? html`<div class="table-wrap" tabindex="0"><table class="table dense stack"><thead><tr><th>${t('Territory')}</th><th>${t('Channel')}</th><th>${t('Because')}</th><th class="num">${t('Outlets')}</th><th class="num">${t('Planned visits')}</th></tr></thead>
			<tbody>${d.visits.map((b) => html`<tr><td><a href=${`/territories/${b.territoryId}/plan?channel=${b.channel}`}>${b.territory}</a></td><td data-label=${t('Channel')}>${b.channel}</td><td data-label=${t('Because')}>${reasonText(b.reason)}</td><td class="num" data-label=${t('Outlets')}>${num(b.outlets)}</td><td class="num" data-label=${t('Planned visits')}>${num(b.visits)}</td></tr>`)}</tbody></table></div>` : nothing}
		${d.locked.length ? html`<h3>${t('Being planned right now')}</h3><ul class="col tight">${d.locked.map((l) => html`<li>${t('{territory} · {channel}, by {person}', { territory: l.territory, channel: l.channel, person: l.by })}</li>`)}</ul>` : nothing}
		${d.sizes.length ? html`<h3>${t('Size of territories')}</h3><ul class="col tight">${d.sizes.map((z) => html`<li>${z.after ? t('{territory}: {before} outlets become {after}, too many to plan in one', { territory: z.territory, before: num(z.before), after: num(z.after) }) : t('{territory}: {before} outlets, none afterwards', { territory: z.territory, before: num(z.before) })}</li>`)}</ul>` : nothing}</section>`)

	/** @param {import('../core/api.js').ImportFile[]} files */
	const view = (files) => {
		const d = delta.data.value
		if (!d)
			return delta.error.value ? problemNotice(delta.error.value, () => void load()) : nothing
		return html`<section class="card"><h2>${t('What would change')}</h2><div class="stats">
			<div class="stat"><b>${num(d.new)}</b><span>${t('new')}</span></div><div class="stat"><b>${num(d.changed)}</b><span>${t('changed')}</span></div><div class="stat"><b>${num(d.unchanged)}</b><span>${t('unchanged')}</span></div>
			<div class="stat"><b>${num(d.moved)}</b><span>${t('moved by more than 500 m')}</span></div><div class="stat"><b>${num(d.vanished)}</b><span>${t('not in this file')}</span></div></div>
			${d.samples.length ? html`<details class="more" open><summary>${t('Examples')}</summary><ul class="col tight diff">${d.samples.slice(0, 12).map((x) => html`<li><span class="chip">${{ new: t('new'), changed: t('changed'), vanished: t('not in this file'), held: t('stays as changed by hand'), taken: t('replaces a value given by hand') }[x.kind] ?? x.kind}</span> <code>${x.code}</code> ${x.name}
				${x.changes.map((c) => html` <span class="nowrap">${c.field}: <del>${String(c.old ?? '–')}</del> → <ins>${String(c.new ?? '–')}</ins></span>`)}</li>`)}</ul></details>` : nothing}
			${d.new + d.changed + d.vanished === 0 ? nothing : places.value ? html`<div class="map-box" id="delta-map"><bp-places .places=${places} .kinds=${legend}></bp-places></div><p class="faint">${t('All that move; of each other kind some from all over the files.')}</p>`
				: html`<div><button class="btn small" @click=${showPlaces}>${icon('map')}${t('Show on a map')}</button></div>`}</section>
		${d.held || d.taken ? html`<div class="notice" id="held">${icon('info')}<p>${[d.held ? tn('{n} value stays as a person gave it.', '{n} values stay as people gave them.', d.held) : '', d.taken ? tn('{n} value of a person is replaced.', '{n} values of people are replaced.', d.taken) : ''].filter(Boolean).join(' ')} <a href="/import/rules">${t('What counts')}</a></p></div>` : nothing}
		${d.vanished ? vanished(d) : nothing}${breaks(d)}${meeting(files)}`
	}
	/** Somebody has to say first. */
	const open = () => !!delta.data.value?.vanished && delta.data.value.action === 'ASK'
	return { load, view, open }
}
