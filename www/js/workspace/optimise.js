// SPDX-License-Identifier: GPL-3.0-or-later
// Optimise: time budget, live progress, cancel that keeps the best plan, and a proposal to take or to leave.
import { css, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { duration, num, signed, t } from '../core/i18n.js'
import { bar, openDialog, poll, problemNotice, toast, toastProblem } from '../components/ui.js'
import { icon } from '../components/icons.js'
import { reasonText } from './reasons.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** @param {Store} s */
export function optimiseDialog(s) {
	const profile = s.profile.peek()
	const seconds = signal(Math.min(300, Math.max(5, Number(profile?.seconds ?? 60))))
	const started = signal(/** @type {import('../core/api.js').OptimiseReply | null} */ (null))
	const job = signal(/** @type {import('../core/api.js').Job | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	let stop = () => {}

	const start = async () => {
		busy.value = true
		const [reply, failed] = await api.optimise({ sessionId: s.session.peek()?.id, seconds: seconds.value })
		busy.value = false
		problem.value = failed
		if (!reply)
			return
		started.value = reply
		stop = poll(async () => {
			const [j, e] = await api.optimiseJob(reply.jobId)
			if (j)
				job.value = j
			else if (e && e.status && e.status < 500) {
				problem.value = e
				return false
			}
			return !(j && ['done', 'failed', 'cancelled'].includes(j.state))
		}, 700)
	}
	const adopt = async () => {
		const id = job.value?.result?.versionId, session = s.session.peek()
		if (!id || !session)
			return
		busy.value = true
		const [, failed] = await api.adopt(session.id, id)
		if (!failed)
			await s.reload()
		busy.value = false
		problem.value = failed
		if (failed)
			return
		close()
		toast(t('The proposal is in your draft'), { action: { label: t('Undo'), run: () => void s.step('undo') } })
	}
	const cancel = async () => {
		const [, failed] = await api.cancelJob(/** @type {number} */ (started.value?.jobId))
		if (failed)
			toastProblem(failed)
	}

	const setup = () => html`
		<p class="muted">${t('The optimiser plans every visit of the cycle: who, which day, in which order. Hard rules are never broken; what does not fit is listed with its reason. Your draft changes only when you accept the proposal.')}</p>
		<div class="field"><label for="op-s">${t('Time to think')}: <b class="num">${duration(seconds.value)}</b> <span class="faint num">(${num(seconds.value)} s)</span></label>
			<input id="op-s" type="range" min="5" max="300" step="5" .value=${String(seconds.value)} @input=${(/** @type {any} */ e) => {
				seconds.value = Number(e.target.value)
			}}><span class="help">${t('Longer is better, with less and less gain. You can stop at any time and keep the best plan so far.')}</span></div>
		${profile ? html`<div class="card sunken"><div class="row between"><h3>${t('Parameters')}</h3><a href=${`/territories/${s.territoryId}/profile?channel=${s.channel}`} @click=${() => close()}>${t('Change')}</a></div>
			<dl class="kv">
			<dt>${t('Cycle')}</dt><dd>${t('{n} weeks', { n: num(profile.weeks) })}</dd>
			<dt>${t('Visits in 4 weeks')}</dt><dd>${tierLine(profile)}</dd>
			<dt>${t('Day')}</dt><dd>${duration(profile.shiftMinutes * 60)} − ${t('{n} min breaks, meeting, way home', { n: num((profile.breakMinutes ?? 0) + (profile.meetingMinutes ?? 0) + (profile.endLegMinutes ?? 0)) })}</dd>
			<dt>${t('Calls a day')}</dt><dd>${t('{min} to {max}', { min: num(profile.minCalls), max: num(profile.maxCalls) })}</dd>
			<dt>${t('Balance')}</dt><dd>± ${num(profile.balanceTolerance)} %</dd></dl></div>` : nothing}`

	const running = () => {
		const j = job.value, p = j?.progress, r = started.value
		return html`
		${r?.excluded ? html`<div class="notice warn">${icon('info')}<div><p>${t('{n} outlets are left out', { n: num(r.excluded) })}: ${r.excludedReasons.map((x) => `${reasonText(x.reason)} (${num(x.count)})`).join(', ')}</p></div></div>` : nothing}
		${bar((j?.percent ?? 0) / 100, t('Optimisation'))}
		<div class="stats">
			<div class="stat"><b>${duration(p?.cost ? p.cost * 60 : null)}</b><span>${t('cost of the plan')}</span></div>
			<div class="stat"><b>${num(p?.unserved)}</b><span>${t('unserved')}</span></div>
			<div class="stat"><b>${num(p?.seconds)} s</b><span>${t('of {n} s', { n: num(seconds.value) })}</span></div>
			<div class="stat"><b>${num(p?.iterations)}</b><span>${t('steps')}</span></div></div>
		${chart(p?.history ?? [], seconds.value)}
		<p class="sr" aria-live="polite">${j?.state === 'running' ? t('{n} percent', { n: num(Math.floor((j.percent ?? 0) / 20) * 20) }) : ''}</p>`
	}

	const finished = () => {
		const r = job.value?.result
		if (!r)
			return job.value?.error ? problemNotice({ status: 0, correlationId: '', ...job.value.error }) : html`<p>${t('Stopped before a complete plan was found. Your draft is as it was.')}</p>`
		/** @type {[string, string, number, boolean][]} key, label, digits, less is better */
		const rows = [
			['travelMinutes', t('Travel, minutes'), 0, true], ['km', t('Distance, km'), 0, true], ['overtimeMinutes', t('Overtime, minutes'), 0, true],
			['unserved', t('Unserved outlets'), 0, true], ['balancePct', t('Imbalance, %'), 1, true], ['calls', t('Calls'), 0, false], ['serviceMinutes', t('Time with customers, minutes'), 0, false],
		]
		return html`${job.value?.state === 'cancelled' ? html`<div class="notice">${icon('info')}<p>${t('Stopped early: this is the best plan found until then.')}</p></div>` : nothing}
		<div class="table-wrap" tabindex="0"><table class="table"><caption class="sr">${t('Before and after')}</caption><thead><tr><th></th><th class="num">${t('Now')}</th><th class="num">${t('Proposal')}</th><th class="num">${t('Change')}</th></tr></thead>
		<tbody>${rows.map(([key, label, digits, less]) => {
			const a = r.before?.[key], b = r.after?.[key] ?? r[key], d = b - a
			if (b === undefined)
				return nothing
			const good = Math.abs(d) > 0.05 && less ? d < 0 : null
			return html`<tr><th scope="row">${label}</th><td class="num">${num(a, digits)}</td><td class="num"><b>${num(b, digits)}</b></td>
				<td class="num">${a === undefined ? '–' : html`<span class=${good === null ? 'faint' : good ? 'down' : 'up'}>${signed(d, digits)}</span>`}</td></tr>`
		})}</tbody></table></div>
		${r.before ? html`<p class="muted">${t('{n} visits would change day, person or beat.', { n: num(r.changed) })}</p>` : nothing}`
	}

	const over = () => !!job.value && ['done', 'failed', 'cancelled'].includes(job.value.state)
	const close = openDialog({
		wide: true,
		title: () => (over() ? t('Proposal') : started.value ? t('Optimising…') : t('Optimise {name}', { name: s.territory.peek()?.name ?? '' })),
		body: () => html`${!started.value ? setup() : over() ? finished() : running()}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => (!started.value ? html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button>
			<button class="btn primary" ?disabled=${busy.value} @click=${start}>${icon('bolt')}${t('Start')}</button>`
			: over() ? html`<button class="btn" @click=${() => close()}>${job.value?.result ? t('Leave it') : t('Close')}</button>
			${job.value?.result ? html`<button class="btn primary" ?disabled=${busy.value} @click=${adopt}>${icon('check')}${t('Accept the proposal')}</button>` : nothing}`
			: html`<span class="grow faint">${t('You may close this: the work goes on, and the proposal waits among the versions.')}</span><button class="btn" @click=${cancel}>${t('Stop and keep the best')}</button>`),
		onclose: () => stop(),
	})
}

/** @param {Record<string, any>} p */
const tierLine = (p) => [[t('Gold'), p.frequencyGold], [t('Silver'), p.frequencySilver], [t('Bronze'), p.frequencyBronze]].map(([k, v]) => `${k} ${num(v)}`).join(' · ')

/** Cost over time; before the first complete plan there is none. @param {[number, number][]} all @param {number} budget */
function chart(all, budget) {
	const history = all.filter((h, i) => h[1] > 0 && h[0] !== all[i + 1]?.[0])
	if (history.length < 2)
		return html`<div class="chart" ${css({})}></div>`
	const top = Math.max(...history.map((h) => h[1])), low = Math.min(...history.map((h) => h[1]))
	const span = top - low || 1, end = Math.max(budget, history[history.length - 1][0])
	const x = (/** @type {number} */ v) => (8 + v / end * 584).toFixed(1), y = (/** @type {number} */ v) => (128 - (v - low) / span * 112).toFixed(1)
	const line = history.map((h, i) => `${i ? 'L' : 'M'}${x(h[0])} ${y(h[1])}`).join('')
	const [sx, sy] = history[history.length - 1]
	return html`<figure class="chart"><svg viewBox="0 0 600 140" role="img" aria-label=${t('Cost of the plan over time, from {a} to {b}', { a: duration(history[0][1] * 60), b: duration(sy * 60) })} preserveAspectRatio="none">
		<path class="area" d=${`${line}L${x(sx)} 134L${x(history[0][0])} 134Z`}/><path class="line" d=${line}/></svg>
		<figcaption class="row between faint"><span>${t('Cost of the plan, in minutes of all kinds')}</span><span>${t('{n} % better than at the start', { n: num((1 - sy / history[0][1]) * 100, 1) })}</span></figcaption></figure>`
}
