// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard while the server works: how far it is, when it stops by itself, and going on after a failure.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { elapsed, num, t, tn } from '../core/i18n.js'
import { jobStep } from '../components/job.js'
import { bar, field, problemNotice, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').ImportSession} Session */

/** @param {Session} s */
export function runningView(s) {
	const j = s.job
	const figures = [j?.rowsTotal ? `${num(j.rowsDone)} / ${num(j.rowsTotal)} ${t('rows')}` : '', j?.rowsPerSecond ? t('{n} rows a second', { n: num(Math.round(j.rowsPerSecond)) }) : '',
		j?.secondsLeft !== null && j?.secondsLeft !== undefined ? t('{time} left', { time: elapsed(j.secondsLeft) }) : ''].filter(Boolean)
	const queued = j?.state === 'queued'
	return html`<section class="card col"><div class="row between"><h2>${queued ? t('Waiting for its turn…') : s.status === 'VALIDATING' ? t('Checking every row…') : t('Loading…')}</h2><span class="num">${num(j?.percent ?? 0)} %</span></div>
		${bar((j?.percent ?? 0) / 100, t('Progress'))}<div class="row between wrap faint"><span>${queued ? (j?.ahead ? tn('{n} import comes first', '{n} imports come first', j.ahead) : t('it begins in a moment')) : jobStep(j?.step ?? '')}</span>${figures.length ? html`<span class="num">${figures.join(' · ')}</span>` : nothing}</div>
		<p class="muted">${t('You may leave this page; the work goes on.')}</p></section>`
}

/**
 * @param {() => Session | null} session
 * @param {() => Promise<void>} changed  the session is to be read anew
 */
export function stopping(session, changed) {
	const busy = signal(false)
	/** @param {import('../core/api.js').Limits} change */
	const set = async (change) => {
		const s = session()
		if (!s)
			return
		busy.value = true
		const [, failed] = await api.setLimits(s.id, change)
		busy.value = false
		if (failed)
			toastProblem(failed)
		await changed()
	}
	/** @param {string} id @param {string} label @param {keyof import('../core/api.js').Limits} key @param {number} most */
	const number = (id, label, key, most) => field(id, label, html`<input id=${id} class="input small" type="number" min="0" max=${most} ?disabled=${busy.value} .value=${String(session()?.limits[key] ?? 0)} @change=${(/** @type {any} */ e) => {
		const s = session(), n = Math.round(Number(e.target.value))
		if (s && n >= 0 && n <= most)
			void set({ ...s.limits, [key]: n })
	}}>`)
	const form = () => html`<div class="grid-2">${number('st-percent', t('Stop beyond this share of rejected rows, in %'), 'stopPercent', 100)}${number('st-after', t('but not before so many rows were read'), 'stopAfter', 4e9)}${number('st-rows', t('Stop beyond so many rejected rows'), 'stopRows', 9e15)}</div><p class="faint">${t('0: never. It holds for each file.')}</p>`
	const retry = async () => {
		const job = session()?.job
		if (!job)
			return
		busy.value = true
		const [, failed] = await api.retryJob(job.id)
		busy.value = false
		if (failed)
			toastProblem(failed)
		await changed()
	}
	const failed = () => {
		const s = session(), e = s?.error
		return html`${problemNotice(e ? { status: 0, ...e } : { code: 'ERR_IMPORT_003', status: 0, message: t('The import failed'), detail: null })}
			${e?.code === 'ERR_IMPORT_006' ? html`<section class="card"><h2>${t('When to stop')}</h2>${form()}</section>` : nothing}
			<p class="muted">${t('Nothing was loaded. Change the file or its shape, then check again; or go on from where it stopped.')}</p>
			${s?.job?.state === 'failed' ? html`<div class="row"><button class="btn" ?disabled=${busy.value} @click=${retry}>${t('Try again from where it stopped')}</button></div>` : nothing}`
	}
	return { failed, settings: () => html`<details class="faint" id="stopping"><summary>${t('When should it stop by itself?')}</summary>${form()}</details>` }
}
