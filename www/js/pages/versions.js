// SPDX-License-Identifier: GPL-3.0-or-later
// The kept states of a plan, their figures side by side, and the way back to one.
import { cls, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, day, dayMonth, duration, instant, num, signed, t, tn } from '../core/i18n.js'
import { go, setQuery } from '../core/router.js'
import { can } from '../core/session.js'
import { channelHere, channelSwitch, whyNoPlanning } from '../components/channel.js'
import { stateText } from '../components/approval.js'
import { icon } from '../components/icons.js'
import { ask, empty, resource, shown, toastProblem } from '../components/ui.js'
import { runRecord } from '../workspace/record.js'
import { checkTrail } from '../workspace/trail.js'

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere()
	const territory = resource(() => api.territory(params.id))
	const planId = signal(0)
	const list = resource(async () => {
		const [plans, failed] = await api.plans({ territory: params.id, channel })
		if (failed)
			return /** @type {[null, import('../core/http.js').Problem]} */ ([null, failed])
		const plan = plans.items[0]
		if (!plan)
			return /** @type {[import('../core/api.js').List<import('../core/api.js').Version>, null]} */ ([{ items: [], next: null }, null])
		planId.value = plan.id
		void history.load()
		return api.versions(plan.id)
	})
	const history = resource(() => api.submissions(planId.peek()))
	/** What became of a version that was submitted. @param {number} id */
	const decided = (id) => {
		const x = history.data.value?.items.find((s) => s.versionId === id)
		return x ? html`<br><small class="faint">${stateText(x)}${x.reason ? `: ${x.reason}` : ''}</small>` : nothing
	}
	const compare = signal(/** @type {number | null} */ (null))
	void territory.load()
	void list.load()
	/** @param {import('../core/api.js').Version} v */
	const cycle = (v) => tn('cycle of {n} week, counted from {date}', 'cycle of {n} weeks, counted from {date}', v.weeks, { date: day(v.anchor) })
	/** @param {import('../core/api.js').Version} v */
	const restore = async (v) => {
		const [mine] = await api.mySessions()
		const session = mine?.items.find((s) => s.territoryId === Number(params.id) && s.channel === channel && s.status === 'ACTIVE')
		if (!session) {
			go(`/territories/${params.id}/plan?channel=${channel}`)
			return
		}
		const reason = await ask({ title: t('Take version {n} into your draft?', { n: v.number }), text: `${t('Your draft becomes this version. You can undo it.')} (${cycle(v)})`, confirm: t('Take it'), reason: 'required' })
		if (reason === null)
			return
		const [, failed] = await api.adopt(session.id, v.id, reason)
		if (failed)
			toastProblem(failed)
		else
			go(`/territories/${params.id}/plan?channel=${channel}`)
	}
	/** @param {string} kind */
	const kindName = (kind) => ({ IMPORT: t('imported'), OPTIMISE: t('proposal'), SAVE: t('saved'), COMMIT: t('submitted'), AUTO: t('kept before a proposal') }[kind] ?? kind)
	/** What the programs write themselves; people's own words stay. @param {string} text */
	const notes = (text) => ({ 'proposal of the optimiser': t('proposal of the optimiser'), 'optimised from the shell': t('optimised from the shell') }[text] ?? text)
	const view = () => html`<div class="page">
	<div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${params.id}/plan?channel=${channel}`}>${territory.data.value?.name ?? '…'}</a></div><h1>${t('Versions')}</h1><p>${t('Choose one to compare the others with it.')}</p></div><nav class="row wrap">${channelSwitch(channel, (c) => setQuery({ channel: c }))}<a class="btn" href=${`/territories/${params.id}/compare?channel=${channel}`}>${icon('swap')}${t('Compare')}</a></nav></div>
	${shown(list, (l) => {
		const base = l.items.find((v) => v.id === compare.value), cycles = new Set(l.items.map(cycle)).size
		/** @param {import('../core/api.js').Version} v @param {'travelMinutes' | 'km' | 'unserved' | 'calls'} key */
		const diff = (v, key) => (base && base !== v ? html` <small class=${cls(v[key] - base[key] > 0.5 && key !== 'calls' && 'up', v[key] - base[key] < -0.5 && key !== 'calls' && 'down', 'num')}>${signed(v[key] - base[key])}</small>` : nothing)
		return l.items.length ? html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Version')}</th><th>${t('Kind')}</th><th>${t('Notes')}</th><th class="num">${t('Calls')}</th><th class="num">${t('Travel')}</th><th class="num">km</th><th class="num">${t('Missing visits')}</th><th>${t('By')}</th><th></th></tr></thead>
		<tbody>${l.items.map((v) => html`<tr><td><label class="check"><input type="radio" name="base" .checked=${compare.value === v.id} @change=${() => {
			compare.value = v.id
		}}><b>${v.number}</b></label></td><td data-label=${t('Kind')}><span class=${cls('chip', v.committed && 'good', v.kind === 'OPTIMISE' && 'info')}>${v.committed ? t('committed') : kindName(v.kind)}</span>${decided(v.id)}${cycles > 1 ? html`<br><small class="faint" title=${cycle(v)}>${tn('{n} week', '{n} weeks', v.weeks)} · ${dayMonth(v.anchor)}</small>` : nothing}${v.run ? html` <button class="btn quiet small" @click=${() => runRecord(planId.value, v)}>${t('Run record')}</button>` : nothing}${v.kind === 'SAVE' || v.kind === 'COMMIT' ? html` <button class="btn quiet small" @click=${() => checkTrail(planId.value, v)}>${t('Check against the trail')}</button>` : nothing}</td><td data-label=${t('Notes')}>${notes(v.notes) || html`<span class="faint">–</span>`}</td>
			<td class="num" data-label=${t('Calls')}>${num(v.calls)}${diff(v, 'calls')}</td><td class="num" data-label=${t('Travel')}>${duration(v.travelMinutes * 60)}${diff(v, 'travelMinutes')}</td><td class="num" data-label="km">${num(v.km)}${diff(v, 'km')}</td><td class="num" data-label=${t('Missing visits')}>${num(v.unserved)}${diff(v, 'unserved')}</td>
			<td data-label=${t('By')}><span class="two"><span>${v.createdBy ?? '–'}</span><small class="faint" title=${instant(v.createdAt)}>${ago(v.createdAt)}</small></span></td>
			<td class="actions">${can('EXPORT_DATA') ? html`<a class="btn quiet small icon-only" aria-label=${t('Download version {n}', { n: v.number })} download href=${api.exportUrl(planId.value, { what: 'plan', format: 'csv', version: v.id })}>${icon('export')}</a>` : nothing} ${whyNoPlanning(channel) ? nothing : html`<button class="btn small" @click=${() => restore(v)}>${t('Take over')}</button>`}</td></tr>`)}</tbody></table></div></section>
		<p class="faint">${t('Two versions with the same mark hold the same plan')}: ${l.items.slice(0, 6).map((v) => html`<span class="nowrap">${v.number} <code>${v.planHash.slice(0, 8)}</code> </span>`)}</p>`
			: html`<section class="card">${empty('history', t('No versions yet'), t('Optimise or save, and they will be listed here.'), html`<a class="btn primary" href=${`/territories/${params.id}/plan?channel=${channel}`}>${t('Open the plan')}</a>`)}</section>`
	})}</div>`
	return { title: t('Versions'), view }
}
