// SPDX-License-Identifier: GPL-3.0-or-later
// How the rows of a file of outlets find the outlet that they are about: by its code, or by other columns together.  Part of
// the wizard's Map step.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { keyWith } from '../plan/mapping.js'

/** As lib/intake/match.c has them. */
const columns = ['code', 'tax_no', 'phone', 'email', 'name', 'address', 'city', 'postcode']
const most = 4

/**
 * @param {import('../core/api.js').ImportFile} f @param {(name: string) => string} label of a column
 * @param {{busy: {value: boolean}, change: (call: (file: number) => Promise<[unknown, import('../core/http.js').Problem | null]>) => Promise<void>}} w
 */
export function matchPart(f, label, w) {
	if (f.entity !== 'outlets')
		return nothing
	const set = (/** @type {string} */ name, /** @type {boolean} */ on) => w.change((id) => api.meetFile(id, { mode: f.mode, complete: f.complete, match: keyWith(f.match, name, on) }))
	return html`<section class="card col" id="match" role="group" aria-labelledby="match-title"><h2 id="match-title">${t('The same outlet is known by')}</h2>
		<div class="row wrap">${columns.map((name) => html`<label class="row"><input type="checkbox" data-match=${name} .checked=${f.match.includes(name)}
			?disabled=${w.busy.value || (!f.match.includes(name) && name !== 'code' && f.match.length >= most)} @change=${(/** @type {any} */ e) => void set(name, e.target.checked)}><span>${label(name)}</span></label>`)}</div>
		<p class="faint">${f.match[0] === 'code' ? t('A row with a known code changes that outlet; any other adds one.')
		: t('A row is about the outlet with the same values, whatever the case, spaces and punctuation. Outlets that are new take the code of the file, or one made from the key; rows that fit several outlets are kept out.')}</p></section>`
}
