// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries that somebody drew elsewhere: checked first, then kept as a scenario.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { loading, problemNotice, toast } from '../components/ui.js'
import { faultChip, fileButton, swapNotice, whenChosen } from './geojson.js'

/** @param {string} id of the territory @param {(design: number) => Promise<void>} kept */
export function polygonsCard(id, kept) {
	const checked = signal(/** @type {import('../core/api.js').UnitPolygons | null} */ (null)), busy = signal(false), wrong = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let geojson = /** @type {unknown} */ (null), swap = false, name = ''
	/** @param {boolean} keep */
	const send = async (keep) => {
		busy.value = true
		const [r, failed] = await api.takeUnitPolygons(id, { geojson, swap, keep })
		busy.value = false
		problem.value = failed
		if (!r)
			return
		checked.value = r
		if (r.design === null)
			return
		checked.value = null
		toast(t('Kept as a scenario'))
		await kept(r.design)
	}
	const read = whenChosen(() => {
		checked.value = problem.value = null
		wrong.value = ''
	}, (file, json, fault) => {
		;[name, geojson, wrong.value, swap] = [file, json, fault, false]
		if (!fault)
			void send(false)
	})
	const turn = () => {
		swap = !swap
		void send(false)
	}
	const view = () => {
		const c = checked.value
		if (!c)
			return nothing
		return html`<p><b>${name}</b>: ${tn('{n} boundary', '{n} boundaries', c.boundaries.length)}. ${tn('{n} outlet lies in one,', '{n} outlets lie in one,', c.inside)} ${t('{n} in none.', { n: num(c.outside) })} ${c.twice ? tn('{n} lies in several: the first counts.', '{n} lie in several: the first counts.', c.twice) : nothing}
			${c.outside && c.inside ? t('Those in none go to the unit of the nearest outlet.') : nothing}</p>
			${c.swapped ? swapNotice(turn) : nothing}
			<div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('Boundary')}</th><th class="num">${t('Rings')}</th><th class="num">${t('Corners')}</th><th class="num">${t('Outlets')}</th><th>${t('State')}</th></tr></thead>
			<tbody>${c.boundaries.map((b) => html`<tr><td>${b.name}</td><td class="num">${num(b.rings)}</td><td class="num">${num(b.corners)}</td><td class="num">${num(b.outlets)}</td><td>${b.fault ? faultChip(b) : html`<span class="chip good">${t('good')}</span>`}</td></tr>`)}</tbody></table></div>
			<div class="row"><button class="btn primary" id="polygons-keep" ?disabled=${!!c.faults || !c.inside || busy.value} @click=${() => send(true)}>${t('Keep as a scenario')}</button></div>`
	}
	return () => html`<section class="card col" id="polygons"><h2>${t('Units from a file')}</h2><p class="muted">${t('Polygons as GeoJSON: each becomes a unit. One with the name or code of a unit of today goes on as that unit. Nothing changes until the scenario is published.')}</p>
		${fileButton('polygons-file', read)}
		${wrong.value ? html`<div class="notice bad" role="alert">${icon('warn')}<p>${wrong.value}</p></div>` : nothing}${problem.value ? problemNotice(problem.value) : nothing}${busy.value ? loading() : view()}</section>`
}
