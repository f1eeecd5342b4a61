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
export const faultName = (fault) => ({
	NO_AREA: t('is no polygon'), NO_DEGREES: t('is not in degrees'), CROSSES: t('crosses itself'), SHORT: t('has a ring of fewer than three corners'), DENSE: t('has too many corners to be checked: make it simpler'),
	HOLE: t('has a hole outside of it'), UNKNOWN: t('names no territory here'), SEVERAL: t('names several territories: choose their level'), AGAIN: t('is of the same territory as one before it'), OVERLAPS: t('overlaps another one'),
}[fault ?? ''] ?? '')

/** A chosen file as JSON, or what is wrong with it. @param {File} file @returns {Promise<[unknown, string]>} */
export async function readGeojson(file) {
	if (file.size > BYTES_MOST)
		return [null, t('The file has more than {n} MB: make the boundaries simpler.', { n: num(BYTES_MOST >> 20) })]
	try {
		return [JSON.parse(await file.text()), '']
	} catch {
		return [null, t('This is no GeoJSON: it cannot be read as JSON.')]
	}
}
/** @param {string} id @param {(e: any) => void} read */
export const fileButton = (id, read) => html`<div><input id=${id} class="sr" type="file" accept=${KINDS} @change=${read}><label class="btn" for=${id}>${icon('import')}${t('Choose a file…')}</label></div>`
/** @param {() => void} turn */
export const swapNotice = (turn) => html`<div class="notice warn">${icon('warn')}<p class="grow">${t('Latitude and longitude seem to come in the other order.')}</p><button class="btn small" @click=${turn}>${t('Swap them')}</button></div>`
/** A place on the map of units. @param {number} lat @param {number} lon */
export const look = (lat, lon) => {
	const map = /** @type {any} */ (document.querySelector('bp-units'))
	map?.scrollIntoView({ block: 'nearest' })
	map?.goTo(lat, lon)
}
/** @param {{fault: string | null, lat: number | null, lon: number | null}} b */
export const faultChip = (b) => html`<span class="chip bad">${faultName(b.fault)}</span>
	${b.lat !== null && b.lon !== null ? html`<button class="btn quiet small" @click=${() => look(b.lat ?? 0, b.lon ?? 0)}>${t('Show {lat}, {lon}', { lat: num(b.lat, 4), lon: num(b.lon, 4) })}</button>` : nothing}`

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
		;[geojson, wrong.value] = await readGeojson(file)
		if (wrong.value)
			return
		swap = false
		await send(false)
	}
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
			<div class="row"><button class="btn primary" id="boundaries-keep" ?disabled=${!!c.faults || !c.inside || busy.value} @click=${() => send(true)}>${t('Keep as a scenario')}</button></div>`
	}
	return () => html`<section class="card col" id="boundaries"><h2>${t('Units from a file')}</h2><p class="muted">${t('Polygons as GeoJSON: each becomes a unit. One with the name or code of a unit of today goes on as that unit. Nothing changes until the scenario is published.')}</p>
		${fileButton('boundaries-file', read)}
		${wrong.value ? html`<div class="notice bad" role="alert">${icon('warn')}<p>${wrong.value}</p></div>` : nothing}${problem.value ? problemNotice(problem.value) : nothing}${busy.value ? loading() : view()}</section>`
}
