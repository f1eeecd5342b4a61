// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries of territories: those in force, outlets outside of them, a file checked and kept, one drawn or edited by hand, and the way back.
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, instant, num, t, tn } from '../core/i18n.js'
import { can } from '../core/session.js'
import { icon } from '../components/icons.js'
import { ask, field, loading, paged, problemNotice, toast, toastProblem } from '../components/ui.js'
import { levelName } from '../pages/territories.js'
import { boundaryDrawing } from './drawn.js'
import { faultChip, faultName, fileButton, look, swapNotice, whenChosen } from './geojson.js'

const REMOVED_AT_ONCE = 2000 /* of one call */

/** @param {string} id of the territory @param {() => string[]} levels of the territories here @param {() => Promise<unknown>} changed */
export function boundariesCard(id, levels, changed) {
	const list = paged((after) => api.boundaries(id, { limit: 100, after })), changes = paged((after) => api.boundaryChanges(id, { limit: 10, after })), out = paged((after) => api.boundaryOutside(id, { limit: 20, after }))
	const checked = signal(/** @type {import('../core/api.js').Boundaries | null} */ (null)), busy = signal(false), wrong = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const form = signal({ named: 'code', level: '' })
	let geojson = /** @type {unknown} */ (null), swap = false, name = ''
	const load = async () => {
		await Promise.all([list.load(), changes.load()])
		if (list.data.peek()?.items.length)
			await out.load()
		else
			out.data.value = null
	}
	/** @param {string | null} reason null = only look */
	const send = async (reason) => {
		const { named, level } = form.peek()
		busy.value = true
		const [r, failed] = await api.putBoundaries(id, { geojson, swap, named: named.trim() || 'code', level: level || null, keep: reason !== null, reason })
		busy.value = false
		problem.value = failed
		if (!r)
			return
		checked.value = r.id === null ? r : null
		if (r.id === null)
			return
		await kept(r.id, String(reason), r.boundaries.length)
	}
	/** @param {number} change @param {string} reason @param {number} n */
	const kept = async (change, reason, n) => {
		toast(tn('{n} boundary is kept', '{n} boundaries are kept', n), { action: { label: t('Undo'), run: async () => void await takeBack(change, reason) } })
		await Promise.all([load(), changed()])
	}
	const hand = boundaryDrawing(id, levels, (change, reason) => kept(change, reason, 1))
	/** @param {number} change @param {string} reason */
	const takeBack = async (change, reason) => {
		const [r, failed] = await api.undoBoundaries(id, change, reason)
		if (failed)
			return toastProblem(failed)
		toast(r.kept ? tn('{n} boundary that was changed since stays', '{n} boundaries that were changed since stay', r.kept) : t('The boundaries are as before'))
		await Promise.all([load(), changed()])
	}
	const read = whenChosen(() => {
		checked.value = problem.value = null
		wrong.value = ''
	}, (file, json, fault) => {
		;[name, geojson, wrong.value, swap] = [file, json, fault, false]
		if (!fault)
			void send(null)
	})
	/** Another way to read the same file. @param {Partial<{named: string, level: string}>} change */
	const set = (change) => {
		form.value = { ...form.peek(), ...change }
		if (geojson)
			void send(null)
	}
	const keep = async () => {
		const reason = await ask({ title: t('Keep these boundaries?'), confirm: t('Keep'), reason: 'required', text: t('Maps show them in place of outlines. Outlets stay where they are. It can be undone.') })
		if (reason !== null)
			await send(reason)
	}
	/** @param {number[]} territories @param {string} what */
	const remove = async (territories, what) => {
		const reason = await ask({ title: what, confirm: t('Remove'), danger: true, reason: 'required', text: t('Maps show outlines made from the outlets again. It can be undone.') })
		if (reason === null)
			return
		let gone = 0, failed = /** @type {import('../core/http.js').Problem | null} */ (null)
		for (; gone < territories.length && !failed; gone += failed ? 0 : REMOVED_AT_ONCE)
			[, failed] = await api.removeBoundaries(id, territories.slice(gone, gone + REMOVED_AT_ONCE), reason)
		failed ? toastProblem(failed) : toast(t('Removed'))
		if (gone)
			await Promise.all([load(), changed()])
	}
	/** Not only those that are listed. */
	const removeAll = async () => {
		const [all, failed] = await everything((q) => api.boundaries(id, q), {})
		if (failed)
			return toastProblem(failed)
		await remove(all.items.map((b) => b.id), tn('Remove {n} boundary?', 'Remove {n} boundaries?', all.items.length))
	}
	/** @param {import('../core/api.js').BoundaryChange} c */
	const undo = async (c) => {
		const reason = await ask({ title: t('Take this change back?'), confirm: t('Undo'), danger: true, reason: 'required', text: t('The boundaries are as they were before it. What somebody changed since stays.') })
		if (reason !== null)
			await takeBack(c.set, reason)
	}
	const checkedView = () => {
		const c = checked.value
		return !c ? nothing : html`<p><b>${name}</b>: ${tn('{n} boundary', '{n} boundaries', c.boundaries.length)}. ${c.outside ? tn('{n} outlet lies outside of the boundary of its territory.', '{n} outlets lie outside of the boundary of their territory.', c.outside) : nothing}</p>
			${c.swapped ? swapNotice(() => {
				swap = !swap
				void send(null)
			}) : nothing}
			<div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('Boundary')}</th><th>${t('Territory')}</th><th class="num">${t('Corners')}</th><th class="num">${t('Outlets in it')}</th><th class="num">${t('Outside')}</th><th>${t('State')}</th></tr></thead>
			<tbody>${c.boundaries.map((b) => html`<tr><td>${b.code || b.name}</td><td>${b.territory ?? '–'}</td><td class="num">${num(b.corners)}</td><td class="num">${b.inside === null ? '–' : num(b.inside)}</td><td class="num">${b.outside === null ? '–' : num(b.outside)}</td>
				<td>${b.fault ? html`${faultChip(b)}${b.other ? html` <small class="faint">${b.other}</small>` : nothing}` : b.replaces ? html`<span class="chip info">${t('replaces one')}</span>` : html`<span class="chip good">${t('good')}</span>`}</td></tr>`)}</tbody></table></div>
			<div class="row"><button class="btn primary" id="boundaries-keep" ?disabled=${!!c.faults || busy.value} @click=${keep}>${t('Keep as boundaries')}</button>${c.faults ? html`<span class="muted">${t('Mend what is wrong first: {what}.', { what: [...new Set(c.boundaries.flatMap((b) => (b.fault ? [faultName(b.fault)] : [])))].join(', ') })}</span>` : nothing}</div>`
	}
	const importView = () => html`<h3>${t('From a file')}</h3><p class="muted">${t('Polygons as GeoJSON, each with the code of a territory. One that has a boundary gets the new one.')}</p><div class="grid-2">${field('boundaries-named', t('Property with the code'), html`<input id="boundaries-named" class="input" maxlength="120" .value=${form.value.named} @change=${(/** @type {any} */ e) => set({ named: e.target.value })}>`, { help: t('in the file: which territory a polygon is of') })}
		${field('boundaries-level', t('Level'), html`<select id="boundaries-level" class="input" @change=${(/** @type {any} */ e) => set({ level: e.target.value })}><option value="" ?selected=${!form.value.level}>${t('any')}</option>${levels().map((l) => html`<option value=${l} ?selected=${form.value.level === l}>${levelName(l)}</option>`)}</select>`)}</div>
		${fileButton('boundaries-file', read)}
		${wrong.value ? html`<div class="notice bad" role="alert">${icon('warn')}<p>${wrong.value}</p></div>` : nothing}${problem.value ? problemNotice(problem.value) : nothing}${busy.value ? loading() : checkedView()}`
	const outView = () => {
		const items = out.data.value?.items ?? []
		return !items.length ? nothing : html`<h3>${t('Outlets outside of the boundary of their territory')}</h3><div class="table-wrap" tabindex="0"><table class="table dense" id="boundaries-outside"><thead><tr><th>${t('Outlet')}</th><th>${t('Town')}</th><th>${t('Territory')}</th><th></th></tr></thead>
			<tbody>${items.map((o) => html`<tr><td><a href=${`/outlets/${o.id}`}>${o.name || o.code}</a></td><td>${o.city || '–'}</td><td>${o.territory}</td><td class="actions"><button class="btn quiet small" aria-label=${t('Show {name} on the map', { name: o.name || o.code })} @click=${() => look(o.lat, o.lon)}>${icon('map')}${t('Show')}</button></td></tr>`)}</tbody></table></div>
			${out.moreButton('boundaries-outside-more')}`
	}
	const view = () => {
		const items = list.data.value?.items ?? [], past = changes.data.value?.items ?? [], may = can('MANAGE_TERRITORIES')
		if (!may && !items.length)
			return nothing
		return html`<section class="card col" id="boundaries"><h2>${t('Boundaries of territories')}</h2><p class="muted">${t('Maps show them in place of outlines made from outlets, and designs can keep to them. Outlets stay in their territories.')}</p>
			${may ? html`<div class="row"><button class="btn" id="boundaries-draw" @click=${hand.draw}>${icon('corners')}${t('Draw a boundary')}</button>
				${hand.unfinished.value ? html`<button class="btn" id="boundaries-go-on" @click=${hand.unfinished.value.run}>${icon('pencil')}${hand.unfinished.value.name ? t('Go on with the boundary of {name}', { name: hand.unfinished.value.name }) : t('Go on with the boundary that was not kept')}</button>` : nothing}</div>` : nothing}
			${items.length ? html`<div class="table-wrap" tabindex="0"><table class="table dense" id="boundaries-list"><thead><tr><th>${t('Territory')}</th><th>${t('Level')}</th><th class="num">${t('Corners')}</th><th>${t('Kept')}</th><th></th></tr></thead>
			<tbody>${items.map((b) => html`<tr><td>${b.name}</td><td>${levelName(b.level)}</td><td class="num">${num(b.corners)}</td><td><span title=${`${instant(b.at)} · ${b.reason}`}>${ago(b.at)}${b.person ? ` · ${b.person}` : ''}</span></td>
				<td class="actions">${may ? html`<button class="btn quiet small" aria-label=${t('Edit the boundary of {name}', { name: b.name })} @click=${() => hand.edit(b)}>${icon('pencil')}${t('Edit')}</button><button class="btn quiet small" aria-label=${t('Remove the boundary of {name}', { name: b.name })} @click=${() => remove([b.id], t('Remove the boundary of {name}?', { name: b.name }))}>${icon('trash')}${t('Remove')}…</button>` : nothing}</td></tr>`)}</tbody></table></div>
			${list.moreButton('boundaries-more')}${may && items.length > 1 ? html`<div class="row"><button class="btn small" id="boundaries-remove-all" @click=${removeAll}>${icon('trash')}${t('Remove all')}…</button></div>` : nothing}` : nothing}
			${outView()}${may ? importView() : nothing}
			${past.length ? html`<details id="boundaries-changes"><summary>${t('Changes')}</summary><div class="table-wrap" tabindex="0"><table class="table dense"><tbody>${past.map((c) => html`<tr><td><span title=${instant(c.at)}>${ago(c.at)}</span></td><td>${c.put ? tn('{n} kept', '{n} kept', c.put) : tn('{n} removed', '{n} removed', c.removed)}</td><td>${c.person ?? '–'}</td><td>${c.reason}</td>
				<td class="actions">${c.undone ? html`<span class="chip warn">${t('undone')}</span>` : may ? html`<button class="btn small" aria-label=${t('Undo the change of {when}', { when: instant(c.at) })} @click=${() => undo(c)}>${icon('undo')}${t('Undo')}…</button>` : nothing}</td></tr>`)}</tbody></table></div>${changes.moreButton('boundaries-changes-more')}</details>` : nothing}</section>`
	}
	return { view, load, any: () => !!list.data.value?.items.length }
}
