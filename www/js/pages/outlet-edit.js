// SPDX-License-Identifier: GPL-3.0-or-later
// Values that people give an outlet beside those of its source: the names of the fields, and the dialog that changes them.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t, weekday } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, openDialog, problemNotice, toast } from '../components/ui.js'
import { addDays } from '../plan/model.js'

/** @typedef {import('../core/api.js').OutletDetail} OutletDetail */

/** Names of the fields, in the order of the dialog. @returns {Record<string, string>} */
export const fieldNames = () => ({
	name: t('Outlet name'), address: t('Address'), postcode: t('Postcode'), city: t('City'), position: t('Coordinates'), phone: t('Phone'), email: t('E-mail'), owner: t('Owner'),
	tax_no: t('Tax number'), channel: t('Channel'), tier: t('Tier'), status: t('Status'), frequency: t('Visits in 4 weeks'), service_minutes: t('Minutes per visit'),
	closed_days: t('Closed days'), sales_model: t('Sales model'), fulfilment: t('Fulfilment'), merchandising: t('Merchandising'),
})

/** With what people say by other ways than the dialog. */
/** @returns {Record<string, string>} */
export const policyNames = () => ({ ...fieldNames(), windows: t('Visited between'), territory: t('Territory') })

/** Values to choose from, [as sent, in words]. @returns {Record<string, [string, string][]>} */
const choices = () => ({
	channel: [['GT', 'GT'], ['MT', 'MT'], ['WS', 'WS']],
	tier: [['Gold', t('Gold')], ['Silver', t('Silver')], ['Bronze', t('Bronze')]],
	status: [['universe', t('universe')], ['wholesale', t('served by wholesale')], ['assigned', t('assigned')], ['active', t('active')], ['dormant', t('dormant')], ['closed', t('closed')]],
	sales_model: [['PRE_SALES', t('order first, deliver later')], ['VAN_SALES', t('sold from the van')]],
	fulfilment: [['DT', t('by the distributor')], ['DSD', t('direct to the store')]],
	merchandising: [['no', t('no')], ['yes', t('yes')]],
})

/** A value of a field that has few. @param {string} field @param {string | null} value */
export const inWords = (field, value) => choices()[field]?.find(([v]) => v === value)?.[1] ?? value

const days = [1, 2, 3, 4, 5, 6, 7]
/** 2026-11-22 was a Sunday. @param {number} n 1 = Monday */
export const weekdayName = (n) => weekday(addDays('2026-11-22', n))
/** @param {number} mask bit 0 = Monday */
const dayNumbers = (mask) => days.filter((n) => mask >> (n - 1) & 1)
/** @param {number} mask bit 0 = Monday */
export const dayNames = (mask) => dayNumbers(mask).map(weekdayName).join(', ')

/** What stands there, as it would stand in a file. @param {OutletDetail} o @returns {Record<string, string>} */
function written(o) {
	const need = o.needs.find((n) => n.line === 'ALL')
	const text = (/** @type {unknown} */ v) => (v === null || v === undefined ? '' : String(v))
	return {
		name: o.name, address: text(o.address), postcode: text(o.postcode), city: text(o.city), position: o.lat === null ? '' : `${o.lat}, ${o.lon}`, phone: text(o.phone), email: o.email,
		owner: o.owner, tax_no: o.taxNo, channel: o.channel, tier: text(o.tier), status: o.status, frequency: text(need?.visitsPer4Weeks), service_minutes: text(need?.serviceMinutes),
		closed_days: dayNumbers(o.closedDays).join(','), sales_model: text(o.salesModel), fulfilment: text(o.fulfilment), merchandising: o.merchandising ? 'yes' : 'no',
	}
}

/** What the source says, in words. @param {{field: string, source: string | null}} e */
export function sourceText(e) {
	if (e.field === 'closed_days')
		return dayNames(Number(e.source)) || t('nothing')
	if (e.field === 'merchandising')
		return e.source === '1' ? t('yes') : t('no')
	return inWords(e.field, e.source) || t('nothing')
}

/** @param {OutletDetail} o @param {() => void} done after a change */
export function editOutlet(o, done) {
	const before = written(o)
	const form = signal(/** @type {Record<string, string | null>} */ ({ ...before }))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	let reason = ''
	const changed = () => Object.keys(before).filter((k) => form.peek()[k] !== before[k])
	/** @param {string} key @param {string | null} value */
	const set = (key, value) => {
		form.value = { ...form.peek(), [key]: value }
	}
	const save = async () => {
		const values = changed().map((k) => ({ field: k, value: form.peek()[k] ?? null }))
		if (!values.length) {
			close()
			return
		}
		busy.value = true
		const [, failed] = await api.editOutlet(o.id, { values, ...(reason.trim() ? { reason: reason.trim() } : {}) })
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('Saved'))
		done()
	}
	/** @param {string} key */
	const trouble = (key) => {
		const at = changed().indexOf(key)
		return at < 0 ? undefined : problem.value?.fields?.find((f) => f.pointer === `/values/${at}/value`)?.problem
	}
	/** @param {string} key @param {string} label */
	const row = (key, label) => {
		const own = o.edits.find((e) => e.field === key), now = form.value[key] ?? null, few = choices()[key]
		const input = (/** @type {any} */ e) => set(key, e.target.value)
		const control = now === null ? html`<output id=${'oe-' + key} class="input">${sourceText(/** @type {any} */ (own))}</output>`
			: few ? html`<select id=${'oe-' + key} class="input" @change=${input}>${few.map(([v, words]) => html`<option value=${v} ?selected=${v === now}>${words}</option>`)}</select>`
				: key === 'closed_days' ? html`<div class="row wrap" id=${'oe-' + key} role="group" aria-label=${label}>${days.map((n) => html`<label class="row"><input type="checkbox" .checked=${now.includes(String(n))} @change=${(/** @type {any} */ e) => set(key, days.filter((d) => (d === n ? e.target.checked : now.includes(String(d)))).join(','))}><span>${weekdayName(n)}</span></label>`)}</div>`
					: html`<input id=${'oe-' + key} class="input" autocomplete="off" .value=${now} aria-invalid=${trouble(key) ? 'true' : nothing} @input=${input}>`
		const help = own && now !== null ? html`${t('The source says: {value}', { value: sourceText(own) })} <button class="btn quiet small" @click=${() => set(key, null)}>${t('Take it')}</button>`
			: now === null ? html`${t('taken from the source')} <button class="btn quiet small" @click=${() => set(key, before[key] ?? '')}>${t('Keep mine')}</button>`
				: key === 'frequency' || key === 'service_minutes' ? t('empty = as its tier says') : key === 'position' ? t('latitude, longitude') : undefined
		return field('oe-' + key, label, control, { problem: trouble(key), help })
	}
	const close = openDialog({
		wide: true,
		title: () => t('Change {name}', { name: o.name }), text: () => t('Your values stand beside those of the source; what an import does with them, the rules of the import say.'),
		body: () => html`<div class="grid-2">${Object.entries(fieldNames()).map(([key, label]) => row(key, label))}</div>
			${field('oe-reason', t('Reason'), html`<input id="oe-reason" class="input" maxlength="500" @input=${(/** @type {any} */ e) => {
				reason = e.target.value
			}}>`)}
			${problem.value && !problem.value.fields?.length ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" ?disabled=${busy.value} @click=${save}>${icon('check')}${t('Save')}</button>`,
	})
}
