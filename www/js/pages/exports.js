// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, date, num, t } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { can } from '../core/session.js'
import { addDays } from '../plan/model.js'
import { icon } from '../components/icons.js'
import { empty, field, resource, shown, toast, toastProblem } from '../components/ui.js'
import { jobEnd } from '../workspace/explain.js'

/** What each kind of file can hold; the server refuses the others. @type {Record<string, string[]>} */
const formats = { plan: ['csv', 'xlsx', 'xml', 'geojson'], visits: ['csv', 'xlsx', 'xml', 'ics', 'geojson'], changes: ['csv', 'xlsx', 'xml'], overrides: ['csv', 'xlsx', 'xml'], comments: ['csv', 'xlsx', 'xml'], fairness: ['csv', 'xlsx', 'xml'] }

export function page() {
	const plans = resource(() => everything(api.plans))
	const territories = resource(() => everything(api.territories, { units: 1 }))
	const versions = resource(() => api.versions(Number(place.peek().query.plan)))
	const kept = resource(() => api.keptExports({ limit: 20 }))
	void kept.load()
	const older = async () => {
		const list = kept.data.peek()
		const [more, failed] = await api.keptExports({ limit: 20, after: list?.next })
		if (failed)
			toastProblem(failed)
		if (list && more)
			kept.data.value = { items: [...list.items, ...more.items], next: more.next }
	}
	const keeping = signal(false)
	const frame = resource(() => api.planDraft(Number(place.peek().query.plan)))
	const today = new Date().toISOString().slice(0, 10)
	const what = signal('plan'), format = signal('csv'), version = signal(''), other = signal(''), from = signal(today), to = signal(addDays(today, 27)), seat = signal(''), beat = signal('')
	const chosen = () => plans.data.value?.items.find((p) => String(p.id) === place.value.query.plan)
	const read = () => {
		version.value = other.value = seat.value = beat.value = ''
		void versions.load()
		void frame.load()
	}
	void Promise.all([plans.load(), territories.load()]).then(() => {
		const first = plans.data.peek()?.items.find((p) => p.current)
		if (!place.peek().query.plan && first)
			setQuery({ plan: first.id })
		if (place.peek().query.plan)
			read()
	})
	/** @param {import('../core/api.js').Plan} p */
	const name = (p) => `${territories.data.value?.items.find((x) => x.id === p.territoryId)?.name ?? '#' + p.territoryId} · ${p.channel}`
	/** @param {import('../../vendor/signals-core/signals-core.js').Signal<string>} s @param {[string, string][]} choices @param {string} label */
	const segmented = (s, choices, label) => html`<div class="field"><span class="label">${label}</span><div class="segmented wrap" role="group" aria-label=${label}>${choices.map(([v, l]) => html`<button class="btn" aria-pressed=${String(s.value === v)} @click=${() => {
		s.value = v
		if (!formats[what.peek()].includes(format.peek()))
			format.value = 'csv'
	}}>${l}</button>`)}</div></div>`
	/** @param {string} id @param {string} label @param {import('../../vendor/signals-core/signals-core.js').Signal<string>} s @param {string} none @param {[string | number, string][]} choices */
	const select = (id, label, s, none, choices) => field(id, label, html`<select id=${id} class="input" @change=${(/** @type {any} */ e) => {
		s.value = e.target.value
	}}><option value="">${none}</option>${choices.map(([v, l]) => html`<option value=${v} ?selected=${String(v) === s.value}>${l}</option>`)}</select>`)
	/** @returns {[number, string][]} */
	const versionChoices = () => (versions.data.value?.items ?? []).map((v) => [v.id, `${t('version {n}', { n: v.number })} · ${ago(v.createdAt)}${v.notes ? ' · ' + v.notes.slice(0, 60) : ''}`])
	const dates = () => html`<div class="grid-2">${[/** @type {const} */ (['ex-from', t('From'), from]), /** @type {const} */ (['ex-to', t('To'), to])].map(([id, label, s]) => field(id, label, html`<input id=${id} type="date" class="input" .value=${s.value} @change=${(/** @type {any} */ e) => {
		s.value = e.target.value
	}}>`))}</div>`
	/** What people changed or said is of the whole plan, whatever the version. */
	const said = () => ['overrides', 'comments'].includes(what.value)
	/** Nor are these of one seat or beat. */
	const whole = () => said() || what.value === 'fairness'
	const query = () => ({
		what: what.value, format: format.value, ...(whole() ? {} : { seat: seat.value, beat: beat.value }),
		...(said() ? {} : what.value === 'visits' ? { from: from.value, to: to.value } : { version: version.value }), ...(what.value === 'changes' ? { base: other.value } : {}),
	})
	const keep = async () => {
		keeping.value = true
		const body = Object.fromEntries(Object.entries(query()).filter(([, v]) => v !== '').map(([k, v]) => [k, ['version', 'base', 'seat', 'beat'].includes(k) ? Number(v) : v]))
		const [asked, failed] = await api.keepExport(Number(place.peek().query.plan), body)
		const [, trouble] = asked ? await jobEnd(asked.jobId) : [null, failed]
		keeping.value = false
		if (trouble)
			toastProblem(trouble)
		else
			toast(t('The file is kept for you'))
		await kept.load()
	}
	const size = (/** @type {number} */ n) => (n < 1e6 ? `${num(n / 1e3, 1)} kB` : `${num(n / 1e6, 1)} MB`)
	const files = () => shown(kept, (l) => (l.items.length ? html`<section class="card tight"><h2 class="pad">${t('My files')}</h2><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('My files')}</caption><thead><tr><th>${t('File')}</th><th>${t('Territory')}</th><th class="num">${t('Size')}</th><th>${t('Made')}</th></tr></thead>
		<tbody>${l.items.map((f) => html`<tr><td><a download href=${api.keptUrl(f.id)}>${f.name}</a></td><td data-label=${t('Territory')}>${f.territory ?? '–'}</td><td class="num" data-label=${t('Size')}>${size(f.bytes)}</td><td data-label=${t('Made')}>${ago(f.createdAt)}</td></tr>`)}</tbody></table></div>${l.next ? html`<div class="row end pad"><button class="btn" @click=${older}>${t('Show more')}</button></div>` : nothing}</section>` : nothing))
	const rows = () => ({
		plan: t('One row for each outlet and day of the cycle'), visits: format.value === 'ics' ? t('One day in the calendar for each tour from {from} to {to}', { from: date(from.value), to: date(to.value) }) : t('One row for each visit from {from} to {to}', { from: date(from.value), to: date(to.value) }),
		changes: t('One row for each visit that only one of the two has'), overrides: t('One row for each change by hand, with its reason and what it cost'), comments: t('One row for each comment on a version of the plan'), fairness: t('One row for each seat: minutes, calls and value against the mean'),
	}[what.value])
	const view = () => html`<div class="page narrow">
	<div class="page-head"><div><h1>${t('Exports')}</h1><p>${t('The standing plan can be imported again as it is; the visit list is its unfolding, date by date.')}</p></div></div>
	${shown(plans, (l) => (l.items.length ? html`<section class="card col gap-l">
		${field('ex-plan', t('Plan'), html`<select id="ex-plan" class="input" @change=${(/** @type {any} */ e) => {
			setQuery({ plan: e.target.value })
			read()
		}}>${l.items.map((p) => html`<option value=${p.id} ?selected=${String(p.id) === place.value.query.plan}>${name(p)}${p.current ? '' : ` (${t('draft')})`}</option>`)}</select>`)}
		${segmented(what, [['plan', t('Standing plan')], ['visits', t('Visit list')], ['changes', t('Changes')], ['overrides', t('Overrides')], ['comments', t('Comments')], ['fairness', t('Fairness')]], t('What'))}
		${segmented(format, formats[what.value].map((f) => [f, { geojson: 'GeoJSON', ics: 'ICS' }[f] ?? f.toUpperCase()]), t('Format'))}
		${said() ? nothing : what.value === 'visits' ? dates() : select('ex-v', t('Version'), version, t('The committed one'), versionChoices())}
		${what.value === 'changes' ? select('ex-b', t('Against version'), other, t('Choose a version'), versionChoices()) : nothing}
		${whole() ? nothing : html`<div class="grid-2">${select('ex-seat', t('Seat'), seat, t('All seats'), (frame.data.value?.seats ?? []).map((s) => [s.id, `${s.code} · ${s.person ?? t('vacant')}`]))}
			${select('ex-beat', t('Beat'), beat, t('All beats'), (frame.data.value?.beats ?? []).filter((b) => !seat.value || String(b.seat) === seat.value).map((b) => [b.id, b.name]))}</div>`}
		<div class="row between wrap"><span class="faint">${rows()}</span>
			${!can('EXPORT_DATA') ? html`<span class="muted">${t('Your role may not export plans')}</span>` : what.value === 'changes' && !other.value ? html`<span class="muted">${t('Choose the version to hold it against')}</span>`
				: html`<span class="row wrap"><button class="btn" ?disabled=${keeping.value} @click=${keep}>${icon('save')}${keeping.value ? t('Writing…') : t('Keep on the server')}</button>
				<a class="btn primary" download href=${api.exportUrl(Number(place.value.query.plan), query())} @click=${() => toast(t('The file is being made: its download begins by itself'))}>${icon('export')}${t('Download')}</a></span>`}</div></section>
		${chosen() ? html`<p class="row wrap"><a href=${`/territories/${chosen()?.territoryId}/plan?channel=${chosen()?.channel}`}>${t('Open the plan')}</a><a href=${`/territories/${chosen()?.territoryId}/compare?channel=${chosen()?.channel}`}>${t('Compare its versions')}</a><a href=${`/territories/${chosen()?.territoryId}/week?channel=${chosen()?.channel}`}>${t('Print a week')}</a></p>` : nothing}${files()}`
		: html`<section class="card">${empty('export', t('No plan to export'), t('Plan a territory and commit it first.'), html`<a class="btn primary" href="/territories">${t('To the territories')}</a>`)}</section>`))}</div>`
	return { title: t('Exports'), view }
}
