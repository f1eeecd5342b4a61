// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries that somebody drew elsewhere: checked first, then kept as a scenario.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { loading, problemNotice, toast } from '../components/ui.js'

const BYTES_MOST = 4 << 20
const KINDS = '.geojson,.json,application/geo+json,application/json'

/** @param {string | null} fault */
const faultName = (fault) => ({
	NO_AREA: t('is no polygon'), NO_DEGREES: t('is not in degrees'), CROSSES: t('crosses itself'), SHORT: t('has a ring of fewer than three corners'),
}[fault ?? ''] ?? '')

/** @param {string} id of the territory @param {(design: number) => Promise<void>} kept */
export function boundariesCard(id, kept) {
	const checked = signal(/** @type {import('../core/api.js').Boundaries | null} */ (null)), busy = signal(false), wrong = signal('')
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	let geojson = /** @type {unknown} */ (null), swap = false, name = ''
	/** @param {boolean} keep */
	const send = async (keep) => {
		busy.value = true
		const [r, failed] = await api.takeBoundaries(id, { geojson, swap, keep })
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
	/** @param {any} e */
	const read = async (e) => {
		const file = e.target.files?.[0]
		e.target.value = ''
		checked.value = problem.value = null
		wrong.value = ''
		if (!file)
			return
		name = file.name
		if (file.size > BYTES_MOST)
			return (wrong.value = t('The file has more than {n} MB: make the boundaries simpler.', { n: num(BYTES_MOST >> 20) }))
		try {
			geojson = JSON.parse(await file.text())
		} catch {
			return (wrong.value = t('This is no GeoJSON: it cannot be read as JSON.'))
		}
		swap = false
		await send(false)
	}
	const turn = () => {
		swap = !swap
		void send(false)
	}
	/** @param {number} lat @param {number} lon */
	const look = (lat, lon) => {
		const map = /** @type {any} */ (document.querySelector('bp-units'))
		map?.scrollIntoView({ block: 'nearest' })
		map?.goTo(lat, lon)
	}
	const view = () => {
		const c = checked.value
		if (!c)
			return nothing
		return html`<p><b>${name}</b>: ${tn('{n} boundary', '{n} boundaries', c.boundaries.length)}. ${tn('{n} outlet lies in one,', '{n} outlets lie in one,', c.inside)} ${t('{n} in none.', { n: num(c.outside) })} ${c.twice ? tn('{n} lies in several: the first counts.', '{n} lie in several: the first counts.', c.twice) : nothing}
			${c.outside && c.inside ? t('Those in none go to the unit of the nearest outlet.') : nothing}</p>
			${c.swapped ? html`<div class="notice warn">${icon('warn')}<p class="grow">${t('Latitude and longitude seem to come in the other order.')}</p><button class="btn small" @click=${turn}>${t('Swap them')}</button></div>` : nothing}
			<div class="table-wrap" tabindex="0"><table class="table dense"><thead><tr><th>${t('Boundary')}</th><th class="num">${t('Rings')}</th><th class="num">${t('Corners')}</th><th class="num">${t('Outlets')}</th><th>${t('State')}</th></tr></thead>
			<tbody>${c.boundaries.map((b) => html`<tr><td>${b.name}</td><td class="num">${num(b.rings)}</td><td class="num">${num(b.corners)}</td><td class="num">${num(b.outlets)}</td><td>${b.fault ? html`<span class="chip bad">${faultName(b.fault)}</span>
				${b.lat !== null && b.lon !== null ? html`<button class="btn quiet small" @click=${() => look(b.lat ?? 0, b.lon ?? 0)}>${t('Show {lat}, {lon}', { lat: num(b.lat, 4), lon: num(b.lon, 4) })}</button>` : nothing}` : html`<span class="chip good">${t('good')}</span>`}</td></tr>`)}</tbody></table></div>
			<div class="row"><button class="btn primary" id="boundaries-keep" ?disabled=${!!c.faults || !c.inside || busy.value} @click=${() => send(true)}>${t('Keep as a scenario')}</button></div>`
	}
	return () => html`<section class="card col" id="boundaries"><h2>${t('Boundaries from a file')}</h2><p class="muted">${t('Polygons as GeoJSON: each becomes a unit. One with the name or code of a unit of today goes on as that unit. Nothing changes until the scenario is published.')}</p>
		<div><input id="boundaries-file" class="sr" type="file" accept=${KINDS} @change=${read}><label class="btn" for="boundaries-file">${icon('import')}${t('Choose a file…')}</label></div>
		${wrong.value ? html`<div class="notice bad" role="alert">${icon('warn')}<p>${wrong.value}</p></div>` : nothing}${problem.value ? problemNotice(problem.value) : nothing}${busy.value ? loading() : view()}</section>`
}
