// SPDX-License-Identifier: GPL-3.0-or-later
// The planning parameters of a territory, each with the reason for its default beside it.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { place } from '../core/router.js'
import { can } from '../core/session.js'
import { field, fieldProblem, problemNotice, resource, shown, toast } from '../components/ui.js'

/** @typedef {{key: string, label: string, unit?: string, step?: number, min?: number, max?: number, kind?: 'number' | 'date' | 'vehicle'}} Row */

/** @returns {[string, Row[]][]} */
const groups = () => [
	[t('Cycle'), [
		{ key: 'weeks', label: t('Weeks in a cycle'), min: 1, max: 8 }, { key: 'anchor', label: t('First day of the first cycle'), kind: 'date' },
		{ key: 'seconds', label: t('Time to think, seconds'), min: 1, max: 300 }, { key: 'balanceTolerancePct', label: t('Imbalance let pass'), unit: '%', min: 0, max: 100 },
	]],
	[t('The day'), [
		{ key: 'shiftMinutes', label: t('Shift'), unit: 'min' }, { key: 'breakMinutes', label: t('Breaks'), unit: 'min' }, { key: 'meetingMinutes', label: t('Meeting'), unit: 'min' }, { key: 'endLegMinutes', label: t('First and last leg'), unit: 'min' },
		{ key: 'maxCalls', label: t('Calls a day, at most') }, { key: 'minCalls', label: t('Calls a day, at least') },
	]],
	[t('Travel'), [
		{ key: 'vehicle', label: t('Vehicle'), kind: 'vehicle' }, { key: 'speedUrban', label: t('Speed in town'), unit: 'km/h', step: 0.5 }, { key: 'speedRural', label: t('Speed outside'), unit: 'km/h', step: 0.5 }, { key: 'walkSpeed', label: t('Walking'), unit: 'km/h', step: 0.1 },
		{ key: 'roadFactorUrban', label: t('Road factor in town'), step: 0.05 }, { key: 'roadFactorRural', label: t('Road factor outside'), step: 0.05 }, { key: 'stopMinutes', label: t('Lost at each stop'), unit: 'min', step: 0.5 },
	]],
	[t('Visits in 4 weeks'), ['Gold', 'Silver', 'Bronze'].map((x) => ({ key: `frequency.${x}`, label: x, min: 0, max: 56 }))],
	[t('Minutes at the outlet'), ['Gold', 'Silver', 'Bronze'].map((x) => ({ key: `service.${x}`, label: x, step: 0.5 }))],
	[t('Prices, in minutes'), [
		{ key: 'prices.travel', label: t('Travel, a minute'), step: 0.1 }, { key: 'prices.overtime', label: t('Overtime, a minute'), step: 0.1 }, { key: 'prices.missedGold', label: t('Missed visit, Gold') }, { key: 'prices.missedSilver', label: t('Missed visit, Silver') }, { key: 'prices.missedBronze', label: t('Missed visit, Bronze') },
		{ key: 'prices.changedDay', label: t('Changed day') }, { key: 'prices.changedPerson', label: t('Changed person') }, { key: 'prices.changedBeat', label: t('Changed beat') }, { key: 'prices.imbalance', label: t('Imbalance, a minute beyond'), step: 0.1 },
	]],
]
/** @param {any} o @param {string} key */
const get = (o, key) => key.split('.').reduce((a, k) => a?.[k], o)

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = place.peek().query.channel ?? 'GT'
	const territory = resource(() => api.territory(params.id))
	const profile = resource(() => api.profile(params.id, channel))
	const changes = signal(/** @type {Record<string, unknown>} */ ({}))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	void territory.load()
	void profile.load()
	const may = can('MANAGE_TERRITORIES') || can('PLAN_GT_ROUTES') || can('PLAN_MT_ROUTES')
	/** @param {string} key @param {unknown} value */
	const set = (key, value) => {
		changes.value = { ...changes.peek(), [key]: value }
	}
	const save = async () => {
		/** @type {Record<string, any>} */
		const body = {}
		const old = profile.data.peek()
		for (const [key, value] of Object.entries(changes.peek())) {
			const [head, tail] = key.split('.')
			if (tail)
				body[head] = { ...(old?.[head] ?? {}), ...(body[head] ?? {}), [tail]: value }
			else
				body[head] = value
		}
		busy.value = true
		const [, failed] = await api.setProfile(params.id, channel, body)
		busy.value = false
		problem.value = failed
		if (failed)
			return
		changes.value = {}
		await profile.load()
		toast(t('Saved: the next optimisation uses them'))
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${params.id}/plan?channel=${channel}`}>${territory.data.value?.name ?? '…'}</a></div><h1>${t('Parameters')}</h1>
		<p>${t('What the optimiser and every price go by, in channel {channel}. Everything is priced in minutes, so that you can compare.', { channel })}</p></div>
		<button class="btn primary" ?disabled=${!may || busy.value || !Object.keys(changes.value).length} @click=${save}>${t('Save')}</button></div>
	${problem.value ? problemNotice(problem.value) : nothing}
	${shown(profile, (p) => html`${groups().map(([title, rows]) => {
		const present = rows.filter((r) => get(p, r.key) !== undefined && get(p, r.key) !== null)
		return present.length ? html`<section class="card"><h2>${title}</h2><div class="grid-2 params">${present.map((r) => {
			const id = 'p-' + r.key.replace('.', '-'), value = changes.value[r.key] ?? get(p, r.key)
			const control = r.kind === 'vehicle' ? html`<select id=${id} class="input" ?disabled=${!may} @change=${(/** @type {any} */ e) => set(r.key, e.target.value)}>${[['two-wheeler', t('two-wheeler')], ['car', t('car')], ['van', t('van')], ['walk', t('on foot')]].map(([v, l]) => html`<option value=${v} ?selected=${v === value}>${l}</option>`)}</select>`
				: html`<input id=${id} class="input" type=${r.kind === 'date' ? 'date' : 'number'} step=${r.step ?? 1} min=${r.min ?? 0} max=${r.max ?? nothing} ?disabled=${!may} .value=${String(value)} @change=${(/** @type {any} */ e) => set(r.key, r.kind === 'date' ? e.target.value : Number(e.target.value))}>`
			const reason = p.reasons?.[r.key] ?? p.reasons?.[r.key.split('.')[0]]
			return field(id, r.unit ? `${r.label} (${r.unit})` : r.label, control, { help: reason, problem: fieldProblem(problem.value, r.key.replace('.', '/')) })
		})}</div></section>` : nothing
	})}`)}</div>`
	return { title: t('Parameters'), view }
}
