// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, date, t } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { can } from '../core/session.js'
import { addDays } from '../plan/model.js'
import { icon } from '../components/icons.js'
import { empty, field, resource, shown } from '../components/ui.js'

export function page() {
	const plans = resource(() => everything(api.plans))
	const territories = resource(() => everything(api.territories, { units: 1 }))
	const versions = resource(() => api.versions(Number(place.peek().query.plan)))
	const today = new Date().toISOString().slice(0, 10)
	const what = signal('plan'), format = signal('csv'), version = signal(''), from = signal(today), to = signal(addDays(today, 27))
	void Promise.all([plans.load(), territories.load()]).then(() => {
		const first = plans.data.peek()?.items.find((p) => p.current)
		if (!place.peek().query.plan && first)
			setQuery({ plan: first.id })
		if (place.peek().query.plan)
			void versions.load()
	})
	const chosen = () => plans.data.value?.items.find((p) => String(p.id) === place.value.query.plan)
	/** @param {import('../core/api.js').Plan} p */
	const name = (p) => `${territories.data.value?.items.find((x) => x.id === p.territoryId)?.name ?? '#' + p.territoryId} · ${p.channel}`
	/** @param {import('../../vendor/signals-core/signals-core.js').Signal<string>} s @param {[string, string][]} choices @param {string} label */
	const segmented = (s, choices, label) => html`<div class="field"><span class="label">${label}</span><div class="segmented" role="group" aria-label=${label}>${choices.map(([v, l]) => html`<button class="btn" aria-pressed=${String(s.value === v)} @click=${() => {
		s.value = v
	}}>${l}</button>`)}</div></div>`
	const view = () => html`<div class="page narrow">
	<div class="page-head"><div><h1>${t('Exports')}</h1><p>${t('The standing plan can be imported again as it is; the visit list is its unfolding, date by date.')}</p></div></div>
	${shown(plans, (l) => (l.items.length ? html`<section class="card col gap-l">
		${field('ex-plan', t('Plan'), html`<select id="ex-plan" class="input" @change=${(/** @type {any} */ e) => {
			setQuery({ plan: e.target.value })
			version.value = ''
			void versions.load()
		}}>${l.items.map((p) => html`<option value=${p.id} ?selected=${String(p.id) === place.value.query.plan}>${name(p)}${p.current ? '' : ` (${t('draft')})`}</option>`)}</select>`)}
		<div class="grid-2">${segmented(what, [['plan', t('Standing plan')], ['visits', t('Visit list')]], t('What'))}${segmented(format, [['csv', 'CSV'], ['xml', 'XML']], t('Format'))}</div>
		${what.value === 'plan' ? field('ex-v', t('Version'), html`<select id="ex-v" class="input" @change=${(/** @type {any} */ e) => {
			version.value = e.target.value
		}}><option value="">${t('The committed one')}</option>${versions.data.value?.items.map((v) => html`<option value=${v.id} ?selected=${String(v.id) === version.value}>${t('version {n}', { n: v.number })} · ${ago(v.createdAt)}${v.notes ? ' · ' + v.notes.slice(0, 60) : ''}</option>`)}</select>`)
			: html`<div class="grid-2">${field('ex-from', t('From'), html`<input id="ex-from" type="date" class="input" .value=${from.value} @change=${(/** @type {any} */ e) => {
				from.value = e.target.value
			}}>`)}${field('ex-to', t('To'), html`<input id="ex-to" type="date" class="input" .value=${to.value} @change=${(/** @type {any} */ e) => {
				to.value = e.target.value
			}}>`)}</div>`}
		<div class="row between"><span class="faint">${what.value === 'visits' ? t('One row for each visit from {from} to {to}', { from: date(from.value), to: date(to.value) }) : t('One row for each outlet and day of the cycle')}</span>
			${can('EXPORT_DATA') ? html`<a class="btn primary" download href=${api.exportUrl(Number(place.value.query.plan), { what: what.value, format: format.value, ...(what.value === 'plan' ? { version: version.value } : { from: from.value, to: to.value }) })}>${icon('export')}${t('Download')}</a>` : html`<span class="muted">${t('Your role may not export plans')}</span>`}</div></section>
		${chosen() ? html`<p class="row wrap"><a href=${`/territories/${chosen()?.territoryId}/plan?channel=${chosen()?.channel}`}>${t('Open the plan')}</a><a href=${`/territories/${chosen()?.territoryId}/versions?channel=${chosen()?.channel}`}>${t('Compare its versions')}</a></p>` : nothing}`
		: html`<section class="card">${empty('export', t('No plan to export'), t('Plan a territory and commit it first.'), html`<a class="btn primary" href="/territories">${t('To the territories')}</a>`)}</section>`))}</div>`
	return { title: t('Exports'), view }
}
