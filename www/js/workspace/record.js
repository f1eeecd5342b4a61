// SPDX-License-Identifier: GPL-3.0-or-later
// The run record of a proposal: what it was made of, and making it again.
import { html, nothing, signal } from '../core/html.js'
import { num, t } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { loading, openDialog, problemNotice } from '../components/ui.js'
import { explain } from './explain.js'

/** @typedef {{same: boolean, hash: string, was: string | null, inputSame: boolean, build: string, buildWas: string | null}} Again */

/** @param {number} planId @param {import('../core/api.js').Version} v */
export function runRecord(planId, v) {
	const r = /** @type {import('../core/api.js').RunRecord} */ (v.run)
	const steps = Number(r.request?.iterations ?? 0)
	const again = signal(/** @type {Again | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	let gone = false
	const repeat = async () => {
		busy.value = true
		again.value = problem.value = null
		const [answer, failed] = await explain(planId, { what: 'repeat', versionId: v.id }, { gone: () => gone })
		busy.value = false
		again.value = /** @type {Again | null} */ (answer)
		problem.value = failed
	}
	const verdict = () => {
		const x = again.value
		if (!x)
			return nothing
		if (x.same)
			return html`<div class="notice good">${icon('check')}<p>${t('The same plan again: {hash}', { hash: x.hash })}</p></div>`
		return html`<div class="notice warn">${icon('warn')}<div><p>${t('Another plan: {hash} instead of {was}', { hash: x.hash, was: x.was ?? '–' })}</p>
			<p>${x.inputSame ? t('The data are the same; the build was {was} and is {build}.', { was: x.buildWas ?? '–', build: x.build }) : t('Outlets, seats or parameters have changed since.')}</p></div></div>`
	}
	const close = openDialog({
		title: () => t('Run record of version {n}', { n: v.number }),
		body: () => html`<dl class="kv">
			<dt>${t('Seed')}</dt><dd>${num(r.seed)}</dd>
			<dt>${t('Budget')}</dt><dd>${steps ? t('{n} steps', { n: num(steps) }) : r.request?.seconds ? `${num(Number(r.request.seconds))} s` : t('as the parameters say')}</dd>
			<dt>${t('Done')}</dt><dd>${t('{n} steps in {time}', { n: num(r.iterations), time: `${num(r.seconds, 1)} s` })}</dd>
			${r.request?.maxChanged !== undefined ? html`<dt>${t('Visits that might change')}</dt><dd>${num(r.request.maxChanged)}</dd>` : nothing}
			${r.request?.only?.length ? html`<dt>${t('Only these may change')}</dt><dd>${num(r.request.only.length)}</dd>` : nothing}
			${r.request?.exclude?.length ? html`<dt>${t('Left out')}</dt><dd>${num(r.request.exclude.length)}</dd>` : nothing}
			${r.request?.elsewhere?.length ? html`<dt>${t('Days of which other plans take some')}</dt><dd>${num(r.request.elsewhere.length)}</dd>` : nothing}
			<dt>${t('Travel times')}</dt><dd>${r.travel === 'roads' ? t('of roads') : t('by formula')}</dd>
			<dt>${t('Build')}</dt><dd>${r.build}</dd>
			${r.input ? html`<dt>${t('Mark of the data')}</dt><dd><code>${r.input}</code></dd>` : nothing}
			<dt>${t('Mark of the plan')}</dt><dd><code>${r.solverHash}</code></dd></dl>
			<p class="muted">${steps ? t('The same data, seed, steps and build give the same plan, on any machine.') : t('Its budget was time, which passes differently on each machine: a like plan can be made, not the same one. Count steps instead of seconds to be able to repeat a run.')}</p>
			${busy.value ? loading(t('Running it again…')) : verdict()}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => html`<button class="btn" @click=${() => close()}>${t('Close')}</button>${steps ? html`<button class="btn primary" ?disabled=${busy.value} @click=${repeat}>${icon('bolt')}${t('Run again')}</button>` : nothing}`,
		onclose: () => {
			gone = true
		},
	})
}
