// SPDX-License-Identifier: GPL-3.0-or-later
// Which column makes which level, chosen one a row, with what the rows say of it: for the sales geography and for other models.
import { cls, html, nothing } from '../core/html.js'
import { num, t, tn } from '../core/i18n.js'
import { evidence, twice } from '../plan/levels.js'

/** @typedef {import('../plan/levels.js').Hierarchy} Hierarchy */
/** @typedef {import('../plan/levels.js').Choice} Choice */

/** @param {Hierarchy} h @param {number} c */
export const columnName = (h, c) => h.columns[c] || t('column {n}', { n: c + 1 })

/** @param {Hierarchy} h @param {ReturnType<typeof evidence>[string] | undefined} x */
const speaks = (h, x) => {
	if (!x)
		return nothing
	if (x.one)
		return html`<span class="muted">${t('the same in all rows')}</span>`
	if (x.above === null)
		return html`<span class="muted">${t('the widest level')}</span>`
	if (!x.holds)
		return html`<span class="chip warn">${t('does not lie below {name}', { name: columnName(h, x.above) })}</span>`
	return html`${t('each in one {name}', { name: columnName(h, x.above) })} <span class=${cls('chip', x.holds.exceptions ? 'warn' : 'good')}>${x.holds.exceptions ? tn('but for {n} row of {all}', 'but for {n} rows of {all}', x.holds.exceptions, { all: num(x.holds.rows) }) : tn('in all of {n} row', 'in all of {n} rows', x.holds.rows)}</span>`
}

/** @param {Hierarchy} h @param {{id: string, targets: string[], choice: {value: Choice, peek: () => Choice}, label: (target: string) => string, found: number[], busy: boolean}} o found = columns that are proposed first */
export const levelTable = (h, o) => {
	const pick = o.choice.value, says = evidence(h, pick, o.targets), good = new Set(o.found)
	const option = (/** @type {number} */ c, /** @type {string} */ target) => html`<option value=${c} ?selected=${pick[target] === c}>${columnName(h, c)}</option>`
	return html`<div class="table-wrap" tabindex="0"><table class="table stack" id=${o.id}><thead><tr><th>${t('Level')}</th><th>${t('Column of the file')}</th><th class="num">${t('Values')}</th><th>${t('Lies below')}</th></tr></thead>
		<tbody>${o.targets.map((target) => {
			const c = pick[target] ?? null
			return html`<tr><td><label for=${'level-' + target}>${o.label(target)}</label></td>
				<td data-label=${t('Column of the file')}><select id=${'level-' + target} class="input small" ?disabled=${o.busy} @change=${(/** @type {any} */ e) => {
					o.choice.value = { ...o.choice.peek(), [target]: e.target.value === '' ? null : Number(e.target.value) }
				}}><option value="" ?selected=${c === null}>${t('– none –')}</option>
					${good.size ? html`<optgroup label=${t('Found in the data')}>${o.found.map((x) => option(x, target))}</optgroup>` : nothing}
					<optgroup label=${t('Other columns')}>${h.columns.map((_, x) => x).filter((x) => !good.has(x)).map((x) => option(x, target))}</optgroup></select></td>
				<td class=${cls('num', c === null && 'void')} data-label=${t('Values')}>${c === null ? nothing : h.counts[c] === null || h.counts[c] === undefined ? html`<span class="faint">${t('one a row')}</span>` : num(/** @type {number} */ (h.counts[c]))}</td>
				<td class=${cls(c === null && 'void')} data-label=${t('Lies below')}>${c === null ? nothing : speaks(h, says[target])}</td></tr>`
		})}</tbody></table></div>
		${twice(pick, o.targets) ? html`<p class="problem pad" role="alert">${t('One column stands for two levels: choose another for one of them.')}</p>` : nothing}`
}
