// SPDX-License-Identifier: GPL-3.0-or-later
// A GeoJSON file of boundaries: chosen, read, and what is wrong with one of them.
import { html, nothing } from '../core/html.js'
import { num, t } from '../core/i18n.js'
import { icon } from '../components/icons.js'

const BYTES_MOST = 4 << 20
const KINDS = '.geojson,.json,application/geo+json,application/json'

/** @param {string | null} fault */
export const faultName = (fault) => ({
	NO_AREA: t('is no polygon'), NO_DEGREES: t('is not in degrees'), CROSSES: t('crosses itself'), SHORT: t('has a ring of fewer than three corners'), DENSE: t('has too many corners to be checked: make it simpler'),
	HOLE: t('has a hole outside of it'), SMALL: t('is too small, or its corners lie on one line'), UNKNOWN: t('names no territory here'), SEVERAL: t('names several territories: choose their level'), AGAIN: t('is of the same territory as one before it'), OVERLAPS: t('overlaps another one'),
}[fault ?? ''] ?? '')

/** A chosen file as JSON, or what is wrong with it. @param {File} file @returns {Promise<[unknown, string]>} */
async function readGeojson(file) {
	if (file.size > BYTES_MOST)
		return [null, t('The file has more than {n} MB: make the boundaries simpler.', { n: num(BYTES_MOST >> 20) })]
	try {
		return [JSON.parse(await file.text()), '']
	} catch {
		return [null, t('This is no GeoJSON: it cannot be read as JSON.')]
	}
}
/** What is done with a file that is chosen: `begin` clears what was told of the one before. @param {() => void} begin
 * @param {(name: string, geojson: unknown, wrong: string) => unknown} got */
export const whenChosen = (begin, got) => async (/** @type {any} */ e) => {
	const file = e.target.files?.[0]
	e.target.value = ''
	begin()
	if (file)
		got(file.name, ...await readGeojson(file))
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
