// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a seat by hand: who holds it, and when that person is away.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { date, t } from '../core/i18n.js'
import { ask, field, fieldProblem, openDialog, problemNotice, toast, toastProblem } from './ui.js'

/** @typedef {import('../core/api.js').SeatRow} SeatRow */
/** @typedef {import('../core/api.js').Absence} Absence */

/** @type {() => [string, string][]} */
const kinds = () => [['LEAVE', t('on leave')], ['SICK', t('sick')], ['TRAINING', t('in training')], ['VACANT', t('the seat stands vacant')], ['OTHER', t('away')]]
const today = () => new Date().toISOString().slice(0, 10)

/** When, and who stands in. @param {Pick<Absence, 'from' | 'to' | 'kind' | 'relief'>} a */
export const absenceText = (a) => `${kinds().find(([k]) => k === a.kind)?.[1] ?? a.kind}, ${a.to === null ? t('from {day} on', { day: date(a.from) }) : a.to === a.from ? date(a.from) : t('{from} to {to}', { from: date(a.from), to: date(a.to) })}${a.relief ? ` · ${t('{name} stands in', { name: a.relief })}` : ''}`

/**
 * A form in a dialog that is sent once, and says what is wrong in its fields.
 * @param {{title: string, text?: string, fields: (problem: import('../core/http.js').Problem | null) => unknown, send: () => Promise<import('../core/http.js').Answer<any>>, done: () => void}} o
 */
function form(o) {
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), busy = signal(false)
	/** @param {Event} e */
	const submit = async (e) => {
		e.preventDefault()
		busy.value = true
		const [, failed] = await o.send()
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('Saved'))
		o.done()
	}
	const close = openDialog({
		title: () => o.title, text: o.text ? () => o.text : undefined,
		body: () => html`<form id="seat-form" class="col" @submit=${submit}>${problem.value && !problem.value.fields ? problemNotice(problem.value) : nothing}${o.fields(problem.value)}</form>`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" form="seat-form" type="submit" ?disabled=${busy.value}>${t('Save')}</button>`,
	})
}

/** @param {SeatRow} seat @param {Absence | null} was @param {() => void} done */
export function editAbsence(seat, was, done) {
	const values = { from: was?.from ?? today(), to: was ? was.to ?? '' : today(), kind: was?.kind ?? 'LEAVE', relief: was?.relief ?? '', note: was?.note ?? '' }
	/** @param {keyof typeof values} key @param {string} type @param {import('../core/http.js').Problem | null} p */
	const input = (key, type, p) => html`<input id=${`ab-${key}`} class="input" type=${type} autocomplete="off" .value=${values[key]} aria-invalid=${fieldProblem(p, key) ? 'true' : nothing} @input=${(/** @type {any} */ e) => {
		values[key] = e.target.value
	}}>`
	form({
		title: t('{seat}: away', { seat: seat.code }), text: t('The standing plan stays. The visit list leaves these days out, unless somebody stands in.'), done,
		fields: (p) => html`<div class="grid-2">${field('ab-from', t('First day'), input('from', 'date', p), { problem: fieldProblem(p, 'from') })}${field('ab-to', t('Last day'), input('to', 'date', p), { problem: fieldProblem(p, 'to'), help: t('Empty: until further notice') })}</div>
			${field('ab-kind', t('Why'), html`<select id="ab-kind" class="input" @change=${(/** @type {any} */ e) => {
				values.kind = e.target.value
			}}>${kinds().map(([k, label]) => html`<option value=${k} ?selected=${values.kind === k}>${label}</option>`)}</select>`)}
			${field('ab-relief', t('Who stands in'), input('relief', 'text', p), { problem: fieldProblem(p, 'relief'), help: t('Empty: nobody visits') })}${field('ab-note', t('Note'), input('note', 'text', p), { problem: fieldProblem(p, 'note') })}`,
		send: () => {
			const body = { from: values.from, to: values.to || null, kind: values.kind, relief: values.relief.trim() || null, note: values.note.trim() || null }
			return was ? api.changeAbsence(seat.id, was.id, body) : api.addAbsence(seat.id, body)
		},
	})
}

/** @param {SeatRow} seat @param {Absence} a @param {() => void} done */
export async function dropAbsence(seat, a, done) {
	if (await ask({ title: t('Take it back?'), text: absenceText(a), confirm: t('Take back') }) === null)
		return
	const [, failed] = await api.dropAbsence(seat.id, a.id)
	if (failed)
		toastProblem(failed)
	done()
}

/** @param {SeatRow} seat @param {() => void} done */
export function editPerson(seat, done) {
	const values = { person: '', code: '', email: '', from: today(), reason: '' }
	/** @param {keyof typeof values} key @param {string} type @param {import('../core/http.js').Problem | null} p */
	const input = (key, type, p) => html`<input id=${`pe-${key}`} class="input" type=${type} autocomplete="off" .value=${values[key]} aria-invalid=${fieldProblem(p, key) ? 'true' : nothing} @input=${(/** @type {any} */ e) => {
		values[key] = e.target.value
	}}>`
	form({
		title: t('{seat}: who holds it', { seat: seat.code }), text: seat.person ? t('{name} holds it. Its beats and its plan stay, whoever comes and goes.', { name: seat.person }) : t('It is vacant. Its beats and its plan stay, whoever comes and goes.'), done,
		fields: (p) => html`${field('pe-person', t('Person'), input('person', 'text', p), { problem: fieldProblem(p, 'person'), help: t('Name or code of somebody known, or a new name; empty: it stands vacant') })}
			<div class="grid-2">${field('pe-from', t('First day'), input('from', 'date', p), { problem: fieldProblem(p, 'from') })}${field('pe-code', t('Person code'), input('code', 'text', p), { problem: fieldProblem(p, 'code'), help: t('Only where several have one name') })}</div>
			${field('pe-email', t('E-mail'), input('email', 'email', p), { problem: fieldProblem(p, 'email'), help: t('Of somebody new') })}
			${field('pe-reason', t('Reason'), input('reason', 'text', p), { problem: fieldProblem(p, 'reason') })}`,
		send: () => api.seatPerson(seat.id, { person: values.person.trim() || null, code: values.code.trim() || null, email: values.email.trim() || null, from: values.from || null, reason: values.reason.trim() || null }),
	})
}

/** Where its days begin and end. @param {SeatRow} seat */
export const startText = (seat) => (seat.lat === null || seat.lon === null ? '' : `${seat.lat}, ${seat.lon}`)

/** @param {SeatRow} seat @param {() => void} done */
export function editStart(seat, done) {
	const values = { at: startText(seat), reason: '' }
	/** @param {keyof typeof values} key @param {string} [bad] */
	const input = (key, bad) => html`<input id=${`st-${key}`} class="input" autocomplete="off" .value=${values[key]} aria-invalid=${bad ? 'true' : nothing} @input=${(/** @type {any} */ e) => {
		values[key] = e.target.value
	}}>`
	form({
		title: t('{seat}: where its days begin', { seat: seat.code }), text: t('Its days begin and end there. The way from it and back to it counts as work where the parameters of the territory say so; else minutes are taken off for it.'), done,
		fields: (p) => {
			const bad = fieldProblem(p, 'lat') || fieldProblem(p, 'lon')
			return html`${field('st-at', t('Coordinates'), input('at', bad), { problem: bad, help: t('latitude, longitude; empty: nowhere in particular') })}${field('st-reason', t('Reason'), input('reason', fieldProblem(p, 'reason')), { problem: fieldProblem(p, 'reason') })}`
		},
		send: async () => {
			const at = values.at.split(/[,;\s]+/).filter(Boolean).map(Number)
			if (at.length && (at.length !== 2 || at.some(Number.isNaN)))
				return [null, /** @type {any} */ ({ code: 'ERR_REQ_004', message: '', fields: [{ pointer: '/lat', problem: t('must be two numbers, as 18.52, 73.84') }] })]
			return api.seatStart(seat.id, { lat: at[0] ?? null, lon: at[1] ?? null, reason: values.reason.trim() || null })
		},
	})
}
