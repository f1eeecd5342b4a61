// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { onEvent, watch } from '../core/live.js'
import { ago, elapsed, instant, moment, t } from '../core/i18n.js'
import { jobChip, jobKinds, jobLabel, jobStep } from '../components/job.js'
import { schedules } from '../components/schedules.js'
import { canEverywhere } from '../core/session.js'
import { pagedList } from '../components/list.js'
import { bar, empty, openDialog, resource, shown, toastProblem } from '../components/ui.js'

/** What a job did, in its order. @param {import('../core/api.js').Job} j */
function showLog(j) {
	const log = resource(() => api.jobLog(j.id))
	void log.load()
	/** @type {Record<string, string>} */
	const words = { begun: t('begun'), again: t('put back, to be tried again'), stop_wanted: t('asked to stop'), retried: t('tried again by a person'), done: t('done'), failed: t('failed'), cancelled: t('cancelled') }
	/** @param {import('../core/api.js').JobEntry} x */
	const what = (x) => (x.what === 'step' ? jobStep(x.text) : x.what === 'begun' ? t('begun on {machine}', { machine: x.text }) : `${words[x.what] ?? x.what}${x.text ? `: ${x.text}` : ''}`)
	openDialog({ title: () => `${jobKinds()[j.kind.toUpperCase()] ?? j.kind} #${j.id}`, body: () => shown(log, (l) => (l.items.length ? html`<div class="table-wrap" tabindex="0"><table class="table"><caption class="sr">${t('Log')}</caption><thead><tr><th>${t('When')}</th><th>${t('Attempt')}</th><th>${t('What')}</th></tr></thead>
		<tbody>${l.items.map((x) => html`<tr><td>${moment(x.at)}</td><td>${x.attempt || '–'}</td><td>${what(x)}</td></tr>`)}</tbody></table></div>` : html`<p>${t('Nothing has happened to it yet.')}</p>`)) })
}

export function page() {
	const list = pagedList(api.jobs, ['kind', 'state'])
	const clock = canEverywhere('ADMIN_SYSTEM') ? schedules() : null
	let news = false
	const moving = () => list.items.peek().some((j) => j.state === 'queued' || j.state === 'running')
	const told = onEvent(['job'], () => {
		news = true
	})
	const unwatch = watch(async () => {
		if ((moving() || news) && !list.busy.peek()) {
			news = false
			await list.load()
		}
	}, 1500, ['job'])
	const stop = () => {
		told()
		unwatch()
	}
	/** @param {number} id */
	const cancel = async (id) => {
		const [, failed] = await api.cancelJob(id)
		if (failed)
			toastProblem(failed)
		await list.load()
	}
	/** @param {number} id */
	const retry = async (id) => {
		const [, failed] = await api.retryJob(id)
		if (failed)
			toastProblem(failed)
		await list.load()
	}
	/** @param {import('../core/api.js').Job} j */
	const took = (j) => (j.startedAt && j.finishedAt ? elapsed((Date.parse(j.finishedAt) - Date.parse(j.startedAt)) / 1000) : '–')
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Jobs')}</h1><p>${t('Work in the background: it goes on when you leave, and after a restart.')}</p></div></div>
	<div class="filters">${list.select('kind', t('All kinds'), Object.entries(jobKinds()))}${list.select('state', t('All states'), [['queued', t('waiting')], ['running', t('running')], ['done', t('done')], ['failed', t('failed')], ['cancelled', t('cancelled')]])}</div>
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Job')}</th><th>${t('State')}</th><th>${t('Step')}</th><th>${t('By')}</th><th>${t('Begun')}</th><th>${t('Took')}</th><th></th></tr></thead>
		<tbody>${items.map((j) => html`<tr><td>${jobLabel(j)} <small class="faint">#${j.id}</small></td><td data-label=${t('State')}>${jobChip(j)}${j.state === 'running' ? bar(j.percent / 100, t('Progress')) : nothing}</td>
			<td data-label=${t('Step')}>${j.error ? html`<span class="up">${t(j.error.message)}${j.error.detail ? `: ${j.error.detail}` : ''}</span> <small class="faint">${j.error.code}</small>` : j.state === 'done' || !j.step ? '–' : jobStep(j.step)}</td>
			<td data-label=${t('By')}>${j.by ?? '–'}</td><td data-label=${t('Begun')}><span title=${instant(j.createdAt)}>${ago(j.startedAt ?? j.createdAt)}</span></td><td data-label=${t('Took')}>${took(j)}</td>
			<td class="actions"><button class="btn small" @click=${() => showLog(j)}>${t('Log')}</button> ${j.state === 'queued' || j.state === 'running' ? html`<button class="btn small" @click=${() => cancel(j.id)}>${t('Cancel')}</button>` : j.state === 'failed' ? html`<button class="btn small" @click=${() => retry(j.id)}>${t('Try again')}</button>` : nothing}</td></tr>`)}</tbody></table></div></section>`,
	() => html`<section class="card">${empty('jobs', t('No jobs'), t('Imports and optimisations will show here.'))}</section>`)}${clock?.view() ?? nothing}</div>`
	return { title: t('Jobs'), view, dispose() {
		stop()
		clock?.dispose()
		list.dispose()
	} }
}
