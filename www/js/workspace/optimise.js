// SPDX-License-Identifier: GPL-3.0-or-later
// Optimise: time budget, live progress, cancel that keeps the best plan, and a proposal to take or to leave.
import { css, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { duration, num, signed, t, tn } from '../core/i18n.js'
import { watch } from '../core/live.js'
import { go } from '../core/router.js'
import { bar, field, loading, openDialog, problemNotice, toast, toastProblem } from '../components/ui.js'
import { icon } from '../components/icons.js'
import { clashList } from '../components/clashes.js'
import { jobStep } from '../components/job.js'
import { planDiff } from '../plan/diff.js'
import { alike, otherCycle, planOf } from '../plan/model.js'
import { explain, subject } from './explain.js'
import { seatName, signedTime } from './ops.js'
import { reasonText } from './reasons.js'
import { budgetsFor, curveView } from './whatif.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** A budget of steps is the same on every machine; so many are done in about a second. */
const STEPS = 20000

/** Seconds in words: a run of less than two minutes is told by the second. @param {number} s */
const spent = (s) => (s < 120 ? tn('{n} second', '{n} seconds', Math.ceil(s)) : duration(s))

/** Ids of outlets of the selection. @param {Store} s @param {ReadonlySet<number>} chosen */
const outletsOf = (s, chosen) => [...chosen].map((i) => s.world.peek()?.id[i])
/** What of the outlets cannot be planned: those that were not chosen to change are none of it. @param {import('../core/api.js').OptimiseReply | null} r */
const left = (r) => {
	const reasons = (r?.excludedReasons ?? []).filter((x) => x.count && x.reason !== 'KEPT')
	return { reasons, n: reasons.reduce((sum, x) => sum + x.count, 0) }
}

/** @param {Store} s */
export function optimiseDialog(s) {
	const profile = s.profile.peek()
	const seconds = signal(Math.min(300, Math.max(5, Number(profile?.seconds ?? 60))))
	const started = signal(/** @type {import('../core/api.js').OptimiseReply | null} */ (null))
	const job = signal(/** @type {import('../core/api.js').Job | null} */ (null))
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const busy = signal(false)
	/** Most visits that may get another day or person; empty = as many as pay. */
	const changes = signal('')
	const repeatable = signal(false)
	/** Whether only what is selected may change. */
	const chosen = s.selection.peek(), only = signal(false)
	const points = signal(/** @type {import('./whatif.js').Point[] | null} */ (null))
	const drawing = signal(false)
	const clashes = signal(/** @type {import('../core/api.js').Clash[]} */ ([]))
	/** What runs took before this one. */
	const pace = signal(/** @type {import('../core/api.js').RunEstimate | null} */ (null)), session = s.session.peek()
	if (session)
		void api.runEstimate(session.id).then(([r]) => {
			pace.value = r
		})
	/** How long it will take, and by what that is told; before it is begun. */
	const estimate = () => {
		const p = pace.value
		if (!p)
			return nothing
		const search = repeatable.value && p.secondsPerMillion ? seconds.value * STEPS / 1e6 * p.secondsPerMillion : seconds.value, size = tn('{n} visit', '{n} visits', p.visits)
		return html`<div class="notice" id="op-estimate">${icon('clock')}<p><b>${t('About {time}', { time: spent(search + p.overheadSeconds) })}</b> ${p.runs ? tn('for {size}, as {n} run of the past tells', 'for {size}, as {n} runs of the past tell', p.runs, { size }) : t('for {size}, and what loading and keeping take: there is no run yet that would tell', { size })}${p.ahead ? html`<br>${tn('{n} other run is under way or waits: this one may have to wait for it.', '{n} other runs are under way or wait: this one may have to wait for them.', p.ahead)}` : nothing}</p></div>
		${p.elsewhereDays ? html`<div class="notice" id="op-elsewhere">${icon('users')}<p>${tn('On {n} day somebody works for another plan too: that time is left free.', 'On {n} days somebody works for another plan too: that time is left free.', p.elsewhereDays)}</p></div>` : nothing}`
	}
	void api.clashes(s.territoryId, s.channel).then(([l]) => {
		clashes.value = l?.items ?? []
	})
	let stop = () => {}, gone = false
	/** The draft as it is while the optimiser works: what the proposal is held against. */
	const draft = s.plan.peek()
	const before = draft && draft.totals.calls ? draft.totals : null
	const diff = signal(/** @type {ReturnType<typeof planDiff> | null} */ (null))
	const hours = (/** @type {number} */ minutes) => duration(minutes * 60)
	const compare = async () => {
		const version = job.peek()?.result?.versionId
		if (!draft || !before || !version)
			return
		const [proposal, failed] = await api.planDraft(draft.planId, version)
		if (proposal)
			diff.value = planDiff(...alike(draft, planOf(proposal)))
		else
			problem.value = failed
	}

	const start = async () => {
		busy.value = true
		const [reply, failed] = await api.optimise({
			sessionId: s.session.peek()?.id, ...(repeatable.value ? { iterations: seconds.value * STEPS } : { seconds: seconds.value }),
			...(before && changes.value !== '' ? { maxChanged: Number(changes.value) } : {}), ...(only.value ? { only: outletsOf(s, chosen) } : {}),
		})
		busy.value = false
		problem.value = failed
		if (!reply)
			return
		started.value = reply
		stop = watch(async () => {
			const [j, e] = await api.optimiseJob(reply.jobId)
			if (j)
				job.value = j
			else if (e && e.status && e.status < 500) {
				problem.value = e
				return false
			}
			const ended = !!j && ['done', 'failed', 'cancelled'].includes(j.state)
			if (ended)
				void compare()
			return !ended
		}, 700, ['job'], (x) => x.id === reply.jobId)
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
	/** By outlet, seat, beat or day, where each is taken or left. */
	const single = () => {
		const id = job.value?.result?.versionId
		close()
		go(`/territories/${s.territoryId}/compare?channel=${s.channel}&a=draft&b=${id}`)
	}
	const cancel = async () => {
		const [, failed] = await api.cancelJob(/** @type {number} */ (started.value?.jobId))
		if (failed)
			toastProblem(failed)
	}

	const draw = async () => {
		if (!draft)
			return
		drawing.value = true
		const [answer, failed] = await explain(draft.planId, { what: 'curve', budgets: budgetsFor(draft.totals.calls), seconds: 8, ...subject(s) }, { gone: () => gone })
		drawing.value = false
		problem.value = failed
		points.value = /** @type {any} */ (answer)?.points ?? null
	}
	const disturbance = () => html`${field('op-c', t('Change at most so many visits'), html`<div class="row wrap"><input id="op-c" class="input" type="number" min="0" step="1" placeholder=${t('as many as pay')} .value=${changes.value} @input=${(/** @type {any} */ e) => {
		changes.value = e.target.value === '' ? '' : String(Math.max(0, Math.round(Number(e.target.value)) || 0))
	}}><button class="btn" ?disabled=${drawing.value} @click=${draw}>${t('What do changes save?')}</button></div>`, { help: t('A visit counts that gets another day or another person. Never more are changed than you say. Where you gave visits of one outlet to several people, they stay as they are.') })}
		${drawing.value ? loading(t('Solving with more and more changes, about a minute…')) : points.value ? curveView(points.value, (n) => {
			changes.value = String(n)
		}) : nothing}`

	const setup = () => html`
		${clashList(clashes.value, () => nothing)}
		<p class="muted">${t('The optimiser plans every visit of the cycle: who, which day, in which order. Hard rules are never broken; what does not fit is listed with its reason. Your draft changes only when you accept the proposal.')}</p>
		<div class="field"><label for="op-s">${t('Time to think')}: <b class="num">${duration(seconds.value)}</b> <span class="faint num">(${num(seconds.value)} s)</span></label>
			<input id="op-s" type="range" min="5" max="300" step="5" .value=${String(seconds.value)} @input=${(/** @type {any} */ e) => {
				seconds.value = Number(e.target.value)
			}}><span class="help">${t('Longer is better, with less and less gain. You can stop at any time and keep the best plan so far.')}</span></div>
		${estimate()}
		${before && chosen.size ? html`<div class="field"><span class="label">${t('What may change')}</span><div class="segmented" role="group" aria-label=${t('What may change')}>${[[false, t('Everything')], [true, tn('The {n} selected outlet', 'The {n} selected outlets', chosen.size)]].map(([v, l]) => html`<button type="button" class="btn" aria-pressed=${String(only.value === v)} @click=${() => {
			only.value = !!v
		}}>${l}</button>`)}</div><span class="help">${t('Visits of all other outlets keep person and day; the order of a day may change.')}</span></div>` : nothing}
		${draft?.pins.size ? html`<div class="notice">${icon('tack')}<p>${tn('{n} outlet is pinned: what its pin holds stays as it is.', '{n} outlets are pinned: what their pins hold stays as it is.', draft.pins.size)}</p></div>` : nothing}
		${before ? disturbance() : nothing}
		<label class="check"><input type="checkbox" .checked=${repeatable.value} @change=${(/** @type {any} */ e) => {
			repeatable.value = e.target.checked
		}}><span>${t('Repeatable: count steps instead of seconds')} <small class="faint">${t('the run record then gives the same plan again, on any machine')}</small></span></label>
		${profile ? html`<div class="card sunken"><div class="row between"><h3>${t('Parameters')}</h3><a href=${`/territories/${s.territoryId}/profile?channel=${s.channel}`} @click=${() => close()}>${t('Change')}</a></div>
			<dl class="kv">
			<dt>${t('Cycle')}</dt><dd>${tn('{n} week', '{n} weeks', draft?.cycle.weeks ?? profile.weeks)}${draft && otherCycle(draft.cycle, profile) ? html`<br>${t('The parameters have another one, which has to be begun first.')}` : nothing}</dd>
			<dt>${t('Visits in 4 weeks')}</dt><dd>${tierLine(profile)}</dd>
			<dt>${t('Day')}</dt><dd>${duration(profile.shiftMinutes * 60)} − ${t('{n} min breaks, meeting, way home', { n: num((profile.breakMinutes ?? 0) + (profile.meetingMinutes ?? 0) + (profile.endLegMinutes ?? 0)) })}${profile.countEndLegs ? html`<br>${t('Where a seat has a start, the way from and to it counts itself instead of {n} min.', { n: num(profile.endLegMinutes) })}` : nothing}</dd>
			<dt>${t('Calls a day')}</dt><dd>${t('{min} to {max}', { min: num(profile.minCalls), max: num(profile.maxCalls) })}</dd>
			<dt>${t('Balance')}</dt><dd>± ${num(profile.balanceTolerance)} %</dd></dl></div>` : nothing}`

	/** @param {string} value @param {string} label @param {string | null} [now] what the draft has */
	const figure = (value, label, now) => html`<div class="stat"><b>${value}</b><span>${label}</span>${now ? html`<small class="faint">${t('now {x}', { x: now })}</small>` : nothing}</div>`
	const running = () => {
		const j = job.value, p = j?.progress, r = started.value
		return html`
		${left(r).n ? html`<div class="notice warn">${icon('info')}<div><p>${tn('{n} outlet is left out', '{n} outlets are left out', left(r).n)}: ${left(r).reasons.map((x) => `${reasonText(x.reason)} (${num(x.count)})`).join(', ')}</p></div></div>` : nothing}
		<div class="row between"><span class="muted">${j?.step ? jobStep(j.step) : t('waiting')}</span><span class="num muted">${t('{a} of {b} s', { a: num(p?.seconds ?? 0), b: num(seconds.value) })}</span></div>
		${bar((j?.percent ?? 0) / 100, t('Optimisation'))}
		<div class="stats">
			${figure(p?.travel ? hours(p.travel) : '–', t('travel'), before && hours(before.travelMinutes))}
			${figure(num(p?.unserved), t('missing visits'), before && num(before.unserved))}
			${figure(p?.travel ? `${num(p.balance, 1)} %` : '–', t('imbalance'), before && `${num(before.balancePct, 1)} %`)}
			${figure(p?.cost ? hours(p.cost) : '–', t('price of everything'))}</div>
		${chart(p?.history ?? [], seconds.value)}
		<p class="sr" aria-live="polite">${j?.state === 'running' ? t('{n} percent', { n: num(Math.floor((j.percent ?? 0) / 20) * 20) }) : ''}</p>`
	}

	/** @param {number} share of the working time @param {string} label @param {string} c */
	const loadBar = (share, label, c) => html`<span class="row load" title=${label}><span class="bar"><i ${css({ '--v': Math.min(1, share), '--c': c })}></i></span><span class="num">${num(share * 100)} %</span></span>`
	/** Each seat's load before and after, and what becomes of the outlets. */
	const sideBySide = () => {
		const p = s.plan.peek(), d = diff.value
		if (!p || !d)
			return html`<div class="loading slim" role="status"><span class="spin"></span>${t('Comparing with your draft…')}</div>`
		const kept = d.needs - d.person - d.day - d.dropped - d.added
		const seats = d.seats.slice(0, 8)
		return html`<div class="row wrap"><span class="chip good">${tn('{n} outlet stays as it is', '{n} outlets stay as they are', kept)}</span>
			${d.day ? html`<span class="chip">${tn('{n} gets other days', '{n} get other days', d.day)}</span>` : nothing}${d.person ? html`<span class="chip info">${tn('{n} gets another person', '{n} get another person', d.person)}</span>` : nothing}
			${d.added ? html`<span class="chip good">${tn('{n} is newly visited', '{n} are newly visited', d.added)}</span>` : nothing}${d.dropped ? html`<span class="chip warn">${tn('{n} is no longer visited', '{n} are no longer visited', d.dropped)}</span>` : nothing}</div>
		<div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Seats before and after')}</caption><thead><tr><th>${t('Seat')}</th><th>${t('Load now')}</th><th>${t('Load in the proposal')}</th><th class="num">${t('Calls')}</th><th class="num">km</th></tr></thead>
		<tbody>${seats.map((x) => {
			const seat = p.seats.find((y) => y.id === x.seat), all = (seat?.shiftSeconds ?? 0) * s.days.peek().length
			return html`<tr><td>${seatName(s, x.seat)}</td><td>${loadBar(all ? x.before.seconds / all : 0, duration(x.before.seconds), 'var(--text-3)')}</td><td>${loadBar(all ? x.after.seconds / all : 0, duration(x.after.seconds), 'var(--accent)')}</td>
				<td class="num"><span class="nowrap">${num(x.before.calls)} →</span> <b>${num(x.after.calls)}</b></td><td class="num"><span class="nowrap">${num(x.before.metres / 1000)} →</span> <b>${num(x.after.metres / 1000)}</b></td></tr>`
		})}</tbody></table></div>${d.seats.length > seats.length ? html`<p class="faint">${t('The {n} seats that change most, of {all}.', { n: num(seats.length), all: num(d.seats.length) })}</p>` : nothing}`
	}
	const finished = () => {
		const r = job.value?.result
		if (!r)
			return job.value?.error ? problemNotice({ status: 0, correlationId: '', ...job.value.error }) : html`<p>${t('Stopped before a complete plan was found. Your draft is as it was.')}</p>`
		/** @type {[keyof import('../core/api.js').Totals, string, (x: number) => string, (x: number) => string, boolean][]} key, label, value, difference, less is better */
		const rows = [
			['travelMinutes', t('Travel'), hours, signedTime, true], ['km', t('Distance'), (x) => num(x) + ' km', (x) => signed(x) + ' km', true], ['overtimeMinutes', t('Overtime'), (x) => num(x) + ' min', signedTime, true],
			['unserved', t('Missing visits'), num, signed, true], ['balancePct', t('Imbalance'), (x) => num(x, 1) + ' %', (x) => signed(x, 1) + ' %', true], ['calls', t('Calls'), num, signed, false], ['serviceMinutes', t('Time with customers'), hours, signedTime, false],
		]
		return html`${job.value?.state === 'cancelled' ? html`<div class="notice">${icon('info')}<p>${t('Stopped early: this is the best plan found until then.')}</p></div>` : nothing}
		${r.fallback ? html`<div class="notice warn">${icon('info')}<p>${t('The optimiser failed: this is a simple plan, without its search.')}</p></div>` : nothing}
		${r.beyond ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} day that has to stay is beyond the limits: it stays as it is, and nobody else is planned there.', '{n} days that have to stay are beyond the limits: they stay as they are, and nobody else is planned there.', r.beyond)}</p></div>` : nothing}
		${r.unheld ? html`<div class="notice bad">${icon('tack')}<p>${tn('{n} pinned outlet finds no room within the limits and is not visited as it was: unpin it, or see to its day first.', '{n} pinned outlets find no room within the limits and are not visited as they were: unpin them, or see to their days first.', r.unheld)}</p></div>` : nothing}
		${r.datedEnded ? html`<div class="notice warn">${icon('info')}<p>${tn('{n} visit that was moved on a single date ends, since its outlet gets other days.', '{n} visits that were moved on single dates end, since their outlets get other days.', r.datedEnded)}</p></div>` : nothing}
		<div class="table-wrap" tabindex="0"><table class="table dense compare"><caption class="sr">${t('Before and after')}</caption><thead><tr><th></th><th class="num">${t('Now')}</th><th class="num">${t('Proposal')}</th><th class="num">${t('Change')}</th></tr></thead>
		<tbody>${rows.map(([key, label, show, change, less]) => {
			const a = before?.[key], b = r.after?.[key] ?? r[key], d = a === undefined ? 0 : b - a
			if (b === undefined)
				return nothing
			const good = Math.abs(d) > 0.05 && less ? d < 0 : null
			return html`<tr><th scope="row">${label}</th><td class="num">${a === undefined ? '–' : show(a)}</td><td class="num"><b>${show(b)}</b></td>
				<td class="num">${a === undefined ? '–' : html`<span class=${good === null ? 'faint' : good ? 'down' : 'up'}>${change(d)}</span>`}</td></tr>`
		})}</tbody></table></div>
		${before ? sideBySide() : nothing}`
	}

	const over = () => !!job.value && ['done', 'failed', 'cancelled'].includes(job.value.state)
	const close = openDialog({
		wide: true,
		title: () => (over() ? t('Proposal') : started.value ? t('Optimising…') : t('Optimise {name}', { name: s.territory.peek()?.name ?? '' })),
		body: () => html`${!started.value ? setup() : over() ? finished() : running()}${problem.value ? problemNotice(problem.value) : nothing}`,
		foot: () => (!started.value ? html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button>
			<button class="btn primary" ?disabled=${busy.value} @click=${start}>${icon('bolt')}${t('Start')}</button>`
			: over() ? html`<button class="btn" @click=${() => close()}>${job.value?.result ? t('Leave it') : t('Close')}</button>
			${job.value?.result && before ? html`<button class="btn" @click=${single}>${icon('swap')}${t('Single changes')}</button>` : nothing}
			${job.value?.result ? html`<button class="btn primary" ?disabled=${busy.value} @click=${adopt}>${icon('check')}${t('Accept the proposal')}</button>` : nothing}`
			: html`<span class="grow faint">${t('You may close this: the work goes on, and the proposal waits among the versions.')}</span><button class="btn" @click=${cancel}>${t('Stop and keep the best')}</button>`),
		onclose: () => {
			gone = true
			stop()
		},
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
