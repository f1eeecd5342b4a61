// SPDX-License-Identifier: GPL-3.0-or-later
// The planning units beneath a territory: how they are, other ways to cut them side by side, and what becomes of these.
import { cls, html, nothing, signal, svg } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, bytes, date, instant, num, t, tn } from '../core/i18n.js'
import { watch } from '../core/live.js'
import { place } from '../core/router.js'
import { can, isOff } from '../core/session.js'
import { icon } from '../components/icons.js'
import { jobStep } from '../components/job.js'
import { ask, bar, empty, field, fieldProblem, problemNotice, resource, shown, toast, toastProblem } from '../components/ui.js'
import { boundariesCard } from '../units/boundaries.js'
import { conflictsCard } from '../units/conflicts.js'
import { pinsCard } from '../units/pins.js'
import { levelOfToday, levelsView } from '../units/levels.js'
import { boundsOf, keyOf } from '../units/model.js'
import { polygonsCard } from '../units/polygons.js'
import { unitsPanel } from '../units/panel.js'
import { placingsCard } from '../units/placings.js'
import { unitsStore } from '../units/store.js'
import { unplacedCard } from '../units/tray.js'
import { statusChip, wayName } from '../units/words.js'
import '../map/unitsmap.js'

/** @typedef {import('../core/api.js').Scenario} Scenario */

/** @param {string | null} fault */
const faultName = (fault) => ({
	TOO_LARGE: t('too large'), LARGE: t('large'), TOO_SMALL: t('too small'), EMPTY: t('empty'), NESTED: t('lies in another unit'), HEAVY: t('slow to load'), OVERWORKED: t('too much work'), UNEVEN: t('uneven work'),
}[fault ?? ''] ?? '')
/** @param {number} v */
const percent = (v) => t('{n} %', { n: num(v, 1) })

/** What came and went since a scenario was made, in words. @param {Scenario} s */
const since = (s) => [s.came ? tn('{n} outlet came since it was made, and goes with most of its unit.', '{n} outlets came since it was made, and go with most of their units.', s.came) : '',
	s.plans ? tn('{n} plan in force is of a unit that ends: its visits stay until the plan of the unit that takes over is committed, from then on that one counts.', '{n} plans in force are of units that end: their visits stay until the plan of the unit that takes over is committed, from then on that one counts.', s.plans) : '',
	s.gone ? tn('{n} outlet is gone since, and is left out.', '{n} outlets are gone since, and are left out.', s.gone) : ''].filter(Boolean)
/** Why it cannot be published as it is. @param {Scenario} s */
const overtaken = (s) => [s.endedUnit ? t('{unit} is no planning unit any more: have the units designed again.', { unit: s.endedUnit }) : '',
	s.strayed ? tn('{n} outlet was moved to another unit since it was made, from {from} to {to}: move it back, or have the units designed again.',
		'{n} outlets were moved to another unit since it was made, most of them from {from} to {to}: move them back, or have the units designed again.', s.strayed, { from: s.strayedFrom ?? '', to: s.strayedTo ?? '' }) : ''].filter(Boolean)

/** @param {Record<string, string>} params */
export function page(params) {
	const id = params.id
	const territory = resource(() => api.territory(id))
	const check = resource(() => api.unitCheck(id, {}))
	const list = resource(() => everything((q) => api.designs(id, q), {}))
	const conflicts = conflictsCard(id), pins = pinsCard(id)
	const placings = placingsCard(id, () => anew())
	const boundaries = boundariesCard(id, () => check.data.value?.levels.map((l) => l.level) ?? [], () => Promise.all([check.load(), store.loadToday()]))
	const form = signal({ units: '', tolerance: '5', border: 'NONE', redraw: true, capacity: '', keepPrice: '', borderPrice: '', seed: '' })
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const job = signal(/** @type {import('../core/api.js').Job | null} */ (null))
	/* What publishes or undoes scenarios just now, by scenario. */
	const work = signal(/** @type {Map<number, import('../core/api.js').Job>} */ (new Map()))
	const open = signal(/** @type {Scenario | null} */ (null))
	/* The point of the curve that is pointed at. */
	const told = signal(/** @type {Scenario | null} */ (null))
	const moves = signal(/** @type {{items: import('../core/api.js').OutletTransfer[], next: string | null}} */ ({ items: [], next: null }))
	/* What it means for the seats. */
	const people = signal(/** @type {import('../core/api.js').SeatChange[]} */ ([]))
	/* A draft was changed by hand: its figures in the list, and who gets what. */
	const store = unitsStore(id, async () => {
		const s = open.peek()
		await Promise.all([list.load(), s && whole(s)])
	})
	/** @type {(() => void)[]} */
	const stops = []
	/* The unit that the list of territories led to, to be split. */
	const split = Number(place.peek().query.split) || 0
	void store.loadToday().then(() => {
		const u = store.before.peek()?.units.find((x) => x.territoryId === split)
		if (u)
			store.chosen.value = keyOf(u)
	})
	void territory.load()
	/* As many units as make the large ones good, until somebody says otherwise. */
	void check.load().then(() => {
		const c = check.data.peek()
		if (c && !c.next && form.peek().units === '' && c.units.some((u) => u.outlets > c.most))
			set({ units: String(c.units.reduce((n, u) => n + Math.max(1, Math.ceil(u.outlets / c.most)), 0)) })
	})
	void conflicts.load()
	void pins.load()
	void placings.load()
	void boundaries.load()
	void list.load().then(() => list.data.peek()?.items.forEach((s) => s.workJobId && follow(s.id, s.workJobId)))

	/** @param {Partial<typeof form.value>} change */
	const set = (change) => {
		form.value = { ...form.peek(), ...change }
	}
	/** What is kept together: units of another scenario have its number. */
	const border = (/** @type {string} */ v) => (/^\d+$/.test(v) ? { border: 'SCENARIO', borderScenario: Number(v) } : { border: v })
	const some = (/** @type {string} */ v) => (v === '' ? null : Number(v))
	const start = async () => {
		const f = form.peek()
		const [begun, failed] = await api.startDesign(id, { units: some(f.units), tolerancePct: Number(f.tolerance), ...border(f.border), redraw: f.redraw,
			capacityHours: some(f.capacity), keepPrice: some(f.keepPrice), borderPrice: some(f.borderPrice), seed: some(f.seed) })
		problem.value = failed
		if (failed)
			return
		untilEnd(begun.jobId, (j) => (job.value = j), async (j) => {
			if (j.error)
				problem.value = /** @type {any} */ (j.error)
			job.value = null
			await list.load()
		})
	}
	/** What is as it is today, to be changed by hand. */
	const byHand = async () => {
		const [begun, failed] = await api.designByHand(id)
		problem.value = failed
		if (failed)
			return
		await kept(begun.design)
		document.getElementById('units-map')?.scrollIntoView({ block: 'start' })
	}
	/** Look at a job until it has ended. @param {number} id @param {(j: import('../core/api.js').Job) => void} running @param {(j: import('../core/api.js').Job) => Promise<void>} ended */
	const untilEnd = (id, running, ended) => stops.push(watch(async () => {
		const [j] = await api.job(id)
		if (!j)
			return
		if (j.state === 'queued' || j.state === 'running')
			return running(j)
		await ended(j)
		return false
	}, 400, ['job'], (x) => x.id === id))
	/** @param {number} scenario @param {number} id */
	const follow = (scenario, id) => {
		const set = (/** @type {import('../core/api.js').Job | null} */ j) => {
			const next = new Map(work.peek())
			j ? next.set(scenario, j) : next.delete(scenario)
			work.value = next
		}
		untilEnd(id, set, async (j) => {
			if (j.error)
				toastProblem(/** @type {any} */ (j.error))
			else if (j.state === 'cancelled')
				toast(t('Cancelled: the outlets stay where they are'))
			else if (j.kind === 'TERRITORY_PUBLISH')
				toast(t('Published: the outlets are in their new units'))
			else
				toast(j.result?.kept ? tn('Undone: {n} outlet that was moved since stays', 'Undone: {n} outlets that were moved since stay', j.result.kept) : t('Undone: the outlets are where they were'))
			await anew()
			set(null)
		})
	}
	/** @param {Scenario} s */
	const whole = async (s) => {
		const [[all, failed], [part]] = await Promise.all([api.design(id, s.id), api.outletTransfers(id, s.id, { limit: 50 })])
		if (failed)
			return toastProblem(failed)
		open.value = all
		moves.value = part ?? { items: [], next: null }
		/* All outlets are weighed for it: the map does not wait. */
		void api.seatChanges(id, s.id).then(([seats]) => {
			if (open.peek()?.id === s.id)
				people.value = seats?.items ?? []
		})
	}
	const moreUnits = async () => {
		const seen = check.data.peek()
		if (!seen)
			return
		const [part, failed] = await api.unitCheck(id, { limit: 500, after: seen.next })
		if (failed)
			return toastProblem(failed)
		check.data.value = { ...part, units: [...seen.units, ...part.units] }
	}
	const more = async () => {
		const s = open.peek(), seen = moves.peek()
		if (!s)
			return
		const [part, failed] = await api.outletTransfers(id, s.id, { limit: 200, after: seen.next })
		if (failed)
			return toastProblem(failed)
		moves.value = { items: [...seen.items, ...part.items], next: part.next }
	}
	/** @param {Scenario} s */
	const show = async (s) => {
		people.value = []
		await whole(s)
		await store.open(open.peek())
	}
	const leave = () => {
		open.value = null
		people.value = []
		void store.open(null)
	}
	const anew = async () => {
		leave()
		await Promise.all([list.load(), check.load(), conflicts.load(), store.loadToday()])
	}
	/** Do it, say so, and look anew. @param {Promise<[any, import('../core/http.js').Problem | null]>} call @param {string} said */
	const done = async (call, said) => {
		const [, failed] = await call
		if (failed)
			toastProblem(failed)
		else
			toast(said)
		await anew()
	}
	/** What becomes a job. @param {Scenario} s @param {Promise<import('../core/http.js').Answer<{jobId: number}>>} call */
	const begin = async (s, call) => {
		const [begun, failed] = await call
		if (failed)
			return toastProblem(failed)
		follow(s.id, begun.jobId)
	}
	/** @param {import('../core/api.js').Job} j */
	const cancel = async (j) => {
		const [, failed] = await api.cancelJob(j.id)
		if (failed)
			toastProblem(failed)
	}
	/** @param {Scenario} s */
	const approve = (s) => done(api.approveDesign(id, s.id), t('Approved: it can be published'))
	/** @param {Scenario} s */
	const discard = (s) => done(api.dropDesign(id, s.id), t('Discarded'))
	/** @param {Scenario} s */
	const publish = async (s) => {
		const [now, failed] = await api.design(id, s.id)
		if (failed)
			return toastProblem(failed)
		const reason = await ask({ title: t('Publish these units?'), confirm: t('Publish'), reason: 'required',
			text: [tn('{n} outlet moves to another unit. It can be undone.', '{n} outlets move to other units. It can be undone.', s.moved), ...since(now), ...overtaken(now)].join(' ') })
		if (reason !== null)
			await begin(s, api.publishDesign(id, s.id, reason))
	}
	/** @param {Scenario} s */
	const undo = async (s) => {
		const reason = await ask({ title: t('Undo this publication?'), confirm: t('Undo'), danger: true, reason: 'required',
			text: t('Every outlet goes back to the unit where it was. What somebody moved since stays. Plans of units that ended are in force again, with their visits from today on.') })
		if (reason !== null)
			await begin(s, api.undoDesign(id, s.id, reason))
	}
	const may = () => can('MANAGE_TERRITORIES')

	const checkView = () => shown(check, (c) => {
		return html`<section class="card tight" id="unit-check"><h2 class="pad">${t('Units of today')}</h2>
		${c.uncovered ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} outlet lies in no planning unit.', '{n} outlets lie in no planning unit.', c.uncovered)} <a href=${`/outlets?territory=${id}&missing=unit`}>${t('List them, and put them where they belong')}</a> ${t('A design takes those with coordinates into the units around them.')}</p></div>` : nothing}
		${c.outside ? html`<div class="notice warn">${icon('warn')}<p>${tn('{n} outlet lies outside of the imported boundary of its territory.', '{n} outlets lie outside of the imported boundary of their territory.', c.outside)} <a href="#boundaries">${t('List them')}</a></p></div>` : nothing}
		${c.nowhere ? html`<p class="muted pad">${tn('Everywhere together, {n} outlet lies in no territory.', 'Everywhere together, {n} outlets lie in no territory.', c.nowhere)} <a href="/outlets?missing=territory">${t('List them, and put them where they belong')}</a></p>` : nothing}
		<div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('Unit')}</th><th class="num">${t('Outlets')}</th><th class="num">${t('Visits')}</th><th class="num">${t('Hours of work')}</th><th class="num">${t('Coordinates')}</th><th class="num">${t('Snapshot')}</th><th>${t('Size')}</th></tr></thead>
		<tbody>${c.units.map((u) => html`<tr><td>${u.name}</td><td class="num" data-label=${t('Outlets')}>${num(u.outlets)}</td><td class="num" data-label=${t('Visits')}>${num(u.visits)}</td><td class="num" data-label=${t('Hours of work')}>${num(u.hours)}</td>
			<td class="num" data-label=${t('Coordinates')}>${u.outlets ? percent(100 * u.placed / u.outlets) : '–'}</td><td class="num" data-label=${t('Snapshot')}>${u.bytes ? bytes(u.bytes) : '–'}</td>
			<td data-label=${t('Size')}>${u.fault ? html`<span class="chip warn">${faultName(u.fault)}</span>` : html`<span class="chip good">${t('good')}</span>`}</td></tr>`)}</tbody></table></div>
		${c.next ? html`<p class="pad"><button class="btn small" @click=${moreUnits}>${t('Show more')}</button></p>` : nothing}</section>${levelsView(c, id, anew)}`
	})
	/** @param {'capacity' | 'keepPrice' | 'borderPrice' | 'seed'} key @param {string} wire @param {string} label @param {string} help */
	const option = (key, wire, label, help) => field('design-' + key, label, html`<input id=${'design-' + key} class="input" type="number" min="0" step=${key === 'seed' ? '1' : 'any'} .value=${form.value[key]} @input=${(/** @type {any} */ e) => set({ [key]: e.target.value })}>`,
		{ problem: fieldProblem(problem.value, wire), help })
	const splitView = () => {
		const u = check.data.value?.units.find((x) => x.id === split)
		return u ? html`<div class="notice" id="to-split">${icon('territory')}<p>${tn('To split {name}, which has {n} outlet: the number of units is one at which all are of a good size. Or change today’s units by hand, and move a part of it into a new unit.', 'To split {name}, which has {n} outlets: the number of units is one at which all are of a good size. Or change today’s units by hand, and move a part of it into a new unit.', u.outlets, { name: u.name })}</p></div>` : nothing
	}
	const formView = () => {
		const f = form.value, running = job.value
		return html`<section class="card col" id="design-form"><h2>${t('Design units')}</h2>
		<p class="muted">${t('Units of equal work that hang together, made in several ways: from few moves to the most compact. Nothing changes until one is published.')}</p>
		${splitView()}${problem.value ? problemNotice(problem.value) : nothing}
		<div class="grid-2">${field('design-units', t('Number of units'), html`<input id="design-units" class="input" type="number" min="1" .value=${f.units} placeholder=${t('as today')} @input=${(/** @type {any} */ e) => set({ units: e.target.value })}>`, { problem: fieldProblem(problem.value, 'units') })}
		${field('design-tolerance', t('Work may differ by (%)'), html`<input id="design-tolerance" class="input" type="number" min="0.5" max="100" step="0.5" .value=${f.tolerance} @input=${(/** @type {any} */ e) => set({ tolerance: e.target.value })}>`, { problem: fieldProblem(problem.value, 'tolerancePct') })}
		${field('design-border', t('Keep together'), html`<select id="design-border" class="input" .value=${f.border} @change=${(/** @type {any} */ e) => set({ border: e.target.value })}><option value="NONE">${t('nothing')}</option><option value="DT">${t('outlets of one distributor')}</option><option value="POSTCODE">${t('outlets of one postal code')}</option>${boundaries.any() ? html`<option value="BOUNDARY">${t('outlets of one imported boundary')}</option>` : nothing}
			${(list.data.value?.items ?? []).map((s) => html`<option value=${s.id}>${t('outlets of one unit of {name}, {when}', { name: wayName(s.name), when: instant(s.createdAt) })}</option>`)}</select>`,
			{ problem: fieldProblem(problem.value, 'borderScenario'), help: t('boundaries from a file are a scenario, too') })}
		<label class="check"><input type="checkbox" .checked=${f.redraw} @change=${(/** @type {any} */ e) => set({ redraw: e.target.checked })}>${t('Also draw all anew')}</label></div>
		<details><summary>${t('More options')}</summary><div class="grid-2">${option('capacity', 'capacityHours', t('Most hours of work of a unit'), t('in four weeks; says how many units there are'))}${option('keepPrice', 'keepPrice', t('Price of an outlet that moves'), t('in mean costs of an outlet; 0 = none'))}
			${option('borderPrice', 'borderPrice', t('Price of two that are parted'), t('of those that are kept together; 0.5 when it is empty'))}${option('seed', 'seed', t('Seed'), t('the same seed draws the same units'))}</div></details>
		<div class="row wrap">${running ? html`<div class="grow">${bar(running.percent / 100, t('Designing'))}</div>` : isOff('optimizer') ? html`<p class="muted">${t('An administrator switched the optimiser off')}</p>` : html`<button class="btn primary" id="design-start" @click=${start}>${icon('territory')}${t('Design')}</button>`}
		<button class="btn" id="by-hand" @click=${byHand}>${icon('pencil')}${t('Change today’s units by hand')}</button></div></section>`
	}
	/** @param {import('../core/api.js').Job} j */
	const atWork = (j) => html`<div class="at-work">${bar(j.percent / 100, j.kind === 'TERRITORY_PUBLISH' ? t('Publishing') : t('Undoing'))}<small class="faint">${j.kind === 'TERRITORY_PUBLISH' ? t('Publishing') : t('Undoing')}: ${jobStep(j.step || 'waiting')}</small>
		${may() ? html`<button class="btn quiet small" @click=${() => cancel(j)}>${t('Cancel')}</button>` : nothing}</div>`
	const actions = (/** @type {Scenario} */ s) => (work.value.has(s.id) ? atWork(/** @type {any} */ (work.value.get(s.id))) : !may() ? nothing : html`
		${s.status === 'READY' ? html`<button class="btn small" @click=${() => approve(s)}>${t('Approve')}</button>` : nothing}
		${s.status === 'APPROVED' ? html`<button class="btn small primary" @click=${() => publish(s)}>${t('Publish…')}</button>` : nothing}
		${s.status === 'PUBLISHED' ? html`<button class="btn small danger" @click=${() => undo(s)}>${icon('undo')}${t('Undo…')}</button>`
			: html`<button class="btn quiet small" @click=${() => discard(s)}>${t('Discard')}</button>`}`)
	const listView = () => shown(list, ({ items }) => {
		const best = Math.min(...items.map((s) => s.compactness))
		return items.length ? html`<section class="card tight" id="scenarios"><div class="units-head"><h2 class="grow">${t('Scenarios')}</h2><a class="btn small" href=${`/territories/${id}/units/compare${open.value ? `?right=${open.value.id}` : ''}`}>${icon('swap')}${t('Side by side')}</a></div><div class="table-wrap" tabindex="0"><table class="table stack">
		<thead><tr><th>${t('Way')}</th><th>${t('State')}</th><th class="num">${t('Units')}</th><th class="num">${t('Moved outlets')}</th><th class="num">${t('Largest difference of work')}</th><th class="num">${t('Scatter')}</th><th class="num">${t('In one piece')}</th><th></th></tr></thead>
		<tbody>${items.map((s) => html`<tr><td><button class="btn quiet small" aria-expanded=${String(open.value?.id === s.id)} @click=${() => (open.value?.id === s.id ? leave() : void show(s))}>${wayName(s.name)}</button> <small class="faint" title=${instant(s.createdAt)}>${ago(s.createdAt)}</small></td>
			<td data-label=${t('State')}><span class=${cls('chip', statusChip(s.status)[0])}>${statusChip(s.status)[1]}</span>${s.discardedAt ? html` <small class="faint">${t('discarded on {date} unless approved', { date: date(s.discardedAt) })}</small>` : nothing}</td><td class="num" data-label=${t('Units')}>${num(s.units)}</td><td class="num" data-label=${t('Moved outlets')}>${num(s.moved)}</td>
			<td class="num" data-label=${t('Largest difference of work')}>${percent(s.maxDeviationPct)}</td><td class="num" data-label=${t('Scatter')}>${percent(best > 0 ? 100 * s.compactness / best : 100)}</td><td class="num" data-label=${t('In one piece')}>${num(s.whole)}</td><td class="actions">${actions(s)}</td></tr>`)}</tbody></table></div>
		${curve(items)}
		<p class="faint pad">${t('Scatter is measured against the most compact scenario: 100 %.')}</p></section>`
			: html`<section class="card">${empty('territory', t('No scenarios yet'), t('Have units designed, and the ways will be listed here side by side.'))}</section>`
	})
	/** Balance against moved outlets: a point for each scenario to decide about, with as many units as the newest. The line joins those
	 * that no other beats in both. @param {Scenario[]} items */
	const curve = (items) => {
		const undecided = items.filter((s) => s.status === 'READY' || s.status === 'APPROVED')
		const points = undecided.filter((s) => s.units === undecided.at(-1)?.units).sort((a, b) => a.moved - b.moved || a.maxDeviationPct - b.maxDeviationPct)
		const best = points.filter((s, i) => points.slice(0, i).every((o) => o.maxDeviationPct > s.maxDeviationPct))
		const right = Math.max(1, ...points.map((s) => s.moved)), top = Math.max(1, ...points.map((s) => s.maxDeviationPct))
		const x = (/** @type {Scenario} */ s) => (24 + s.moved / right * 552).toFixed(1), y = (/** @type {Scenario} */ s) => (122 - s.maxDeviationPct / top * 104).toFixed(1)
		const say = (/** @type {Scenario} */ s) => t('{way}: {moved}, largest difference of work {off}', { way: t('{name} ({id})', { name: wayName(s.name), id: s.id }), moved: tn('{n} outlet moves', '{n} outlets move', s.moved), off: percent(s.maxDeviationPct) })
		/** The next point by arrow keys. @param {KeyboardEvent} e @param {Scenario} s */
		const keys = (e, s) => {
			const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key], node = /** @type {Element} */ (e.currentTarget)
			if (e.key === 'Enter' || e.key === ' ')
				void show(s)
			else if (step)
				/** @type {SVGElement | undefined} */ ([.../** @type {Element} */ (node.parentNode).querySelectorAll('.dot')][points.indexOf(s) + step])?.focus()
			else
				return
			e.preventDefault()
		}
		return points.length < 2 ? nothing : html`<figure class="chart pad" id="curve"><svg viewBox="0 0 600 140" role="group" aria-label=${t('Largest difference of work by moved outlets: {points}', { points: points.map((s) => `${wayName(s.name)} ${num(s.moved)}, ${percent(s.maxDeviationPct)}`).join('; ') })}>
			<path class="line" d=${best.map((s, i) => `${i ? 'L' : 'M'}${x(s)} ${y(s)}`).join('')}/>
			${points.map((s) => svg`<circle class=${cls('dot', open.value?.id === s.id && 'on')} cx=${x(s)} cy=${y(s)} r=${open.value?.id === s.id ? 6 : 4} tabindex="0" role="button" aria-label=${say(s)} aria-pressed=${String(open.value?.id === s.id)}
				@click=${() => void show(s)} @keydown=${(/** @type {KeyboardEvent} */ e) => keys(e, s)} @focus=${() => (told.value = s)} @blur=${() => (told.value = null)} @pointerenter=${() => (told.value = s)} @pointerleave=${() => (told.value = null)}></circle>`)}</svg>
			<p class="told" aria-hidden="true">${told.value ? say(told.value) : t('Each point is a scenario: choose one with the mouse, or with Tab, the arrow keys and Enter.')}</p>
			<figcaption class="row between faint"><span>${t('Largest difference of work, from 0 to {n}', { n: percent(top) })}</span><span>${t('Moved outlets, from 0 to {n}', { n: num(right) })}</span></figcaption></figure>`
	}
	/** @param {number} outlets @param {number} hours */
	const amount = (outlets, hours) => (outlets ? t('{outlets}, {hours} h', { outlets: tn('{n} outlet', '{n} outlets', outlets), hours: num(hours) }) : '–')
	/** @param {Scenario} s */
	const seatsView = (s) => (people.value.length ? html`<div class="row between pad"><h3>${t('Seats')}</h3><a class="btn small" download href=${api.seatChangesUrl(id, s.id)}>${icon('export')}${t('Seats (CSV)')}</a></div>
		<div class="table-wrap" tabindex="0"><table class="table stack" id="seat-changes"><caption class="sr">${t('Seats')}</caption><thead><tr><th>${t('Seat')}</th><th>${t('Unit')}</th><th class="num">${t('Gives up')}</th><th class="num">${t('Comes to its unit')}</th><th class="num">${t('Seats of the unit')}</th></tr></thead>
		<tbody>${people.value.map((x) => html`<tr><td>${x.code} <small class="faint">${x.person ?? t('vacant')}</small></td><td data-label=${t('Unit')}>${x.unit ?? '–'}</td><td class="num" data-label=${t('Gives up')}>${amount(x.lost, x.lostHours)}</td>
			<td class="num" data-label=${t('Comes to its unit')}>${amount(x.come, x.comeHours)}</td><td class="num" data-label=${t('Seats of the unit')}>${num(x.sharing)}</td></tr>`)}</tbody></table></div>
		<p class="faint pad">${t('Who of a unit visits what comes to it is decided when it is planned.')}</p>` : nothing)
	const detailView = () => {
		const s = open.value
		return !s ? nothing : html`<section class="card tight" id="scenario"><h2 class="pad">${t('Who gets what')}</h2>
		${overtaken(s).map((text) => html`<div class="notice warn">${icon('warn')}<p>${text}</p></div>`)}${since(s).length ? html`<p class="muted pad" id="since">${since(s).join(' ')}</p>` : nothing}${seatsView(s)}${moves.value.items.length ? html`<div class="table-wrap" tabindex="0"><table class="table"><thead><tr><th>${t('Outlet')}</th><th>${t('From')}</th><th>${t('To')}</th><th>${t('Seats')}</th></tr></thead>
		<tbody>${moves.value.items.map((m) => html`<tr><td><a href=${`/outlets/${m.outletId}`}>${m.name}</a></td><td>${m.fromUnit}</td><td>${m.toUnit}</td><td>${m.seats.join(', ') || '–'}</td></tr>`)}</tbody></table></div>
			<p class="row pad"><span class="faint grow">${t('{n} of {all}', { n: num(moves.value.items.length), all: num(s.moved) })}</span>${moves.value.next ? html`<button class="btn small" @click=${more}>${t('Show more')}</button>` : nothing}</p>` : html`<p class="muted pad">${t('No outlet moves.')}</p>`}</section>`
	}
	const panel = unitsPanel(store, wayName, pins.pin)
	/** A scenario that was just kept is listed and shown. @param {number} design */
	const kept = async (design) => {
		await list.load()
		const s = list.data.peek()?.items.find((x) => x.id === design)
		if (s)
			await show(s)
	}
	const polygons = polygonsCard(id, kept)
	const tray = unplacedCard(id, () => {
		const p = store.before.peek()
		return p && boundsOf(p)
	}, () => store.loadToday())
	/** The way from a file to units of a good size, and where it stands: levels are found in the file itself, before it is loaded. */
	const wayView = () => {
		const c = check.data.value, scenarios = list.data.value?.items ?? [], open = scenarios.some((s) => s.status === 'READY' || s.status === 'APPROVED')
		const wrong = c && (c.uncovered || c.units.some((u) => u.fault)), other = c && c.levels.find((l) => l.recommended)?.level !== levelOfToday(c)
		const now = open ? 4 : wrong && other && may() ? 2 : wrong ? 3 : 1
		return html`<ol class="steps" aria-label=${t('Steps')}>${[['/import', t('Find the levels in a file')], ['#unit-check', t('Check sizes')], ['#unit-levels', t('Choose the level')], ['#design-form', t('Design units')], ['#scenarios', t('Publish')]].map(([href, label], i) =>
			html`<li class=${cls(i < now && 'done')} aria-current=${i === now ? 'step' : nothing}>${(i === 4 && !scenarios.length) || (i === 3 && !may()) ? html`<span>${label}</span>` : html`<a href=${href}><span>${label}</span></a>`}</li>`)}</ol>`
	}
	const view = () => html`<div class="page"><div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><span>${territory.data.value?.name ?? '…'}</span></div>
		<h1>${t('Planning units')}</h1><p>${t('How the outlets beneath {name} are cut into units, and other ways to do it.', { name: territory.data.value?.name ?? '…' })}</p></div></div>
		${wayView()}${checkView()}<bp-view .of=${conflicts.view}></bp-view><bp-view .of=${placings.view}></bp-view>${may() ? formView() : nothing}${listView()}<bp-view .of=${panel}></bp-view><bp-view .of=${pins.view}></bp-view>${detailView()}<bp-view .of=${tray}></bp-view><bp-view .of=${boundaries.view}></bp-view>${may() ? html`<bp-view .of=${polygons}></bp-view>` : nothing}</div>`
	return { title: t('Planning units'), view, dispose: () => stops.forEach((stop) => stop()) }
}
