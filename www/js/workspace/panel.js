// SPDX-License-Identifier: GPL-3.0-or-later
// The list beside the map: the day in focus as a sequence to edit, the selection, all outlets, and what is not served.
import { cls, css, html, nothing, repeat, signal } from '../core/html.js'
import { day, duration, num, t, timeOfDay, tn } from '../core/i18n.js'
import { store as keep } from '../core/session.js'
import { homeOf, tourSums } from '../plan/travel.js'
import { placeOf, seatById } from '../plan/actions.js'
import { colourVar, shapeOf } from '../map/palette.js'
import { icon } from '../components/icons.js'
import { empty, loading, openMenu } from '../components/ui.js'
import '../components/grid.js'
import { attention } from './attention.js'
import { beginDrag } from './drag.js'
import { reach, reorder as newOrder, runOperation } from './commands.js'
import { filterBar } from './filters.js'
import { moveDialog } from './move.js'
import { seatName } from './ops.js'
import { overrideMark, pinMark, pinMenu } from './pins.js'
import { reasonText, remedy } from './reasons.js'
import { createWhy } from './why.js'
import { createTalk } from './talk.js'
import { createDeparted } from './departed.js'
import { createUnplanned } from './unplanned.js'
import { talkBadge, talkLabel } from '../components/thread.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/model.js').Stop} Stop */

/** @param {Store} s @param {() => void} reveal shows the list where one pane is seen at a time */
export function createPanel(s, reveal) {
	const tab = signal('day')
	const query = signal('')
	const orderReach = signal(reach())
	const why = createWhy(s, () => {
		tab.value = 'why'
	}, () => {
		if (tab.peek() === 'why')
			tab.value = s.focus.peek().day === null ? 'unserved' : 'day'
	})
	const unplanned = createUnplanned(s), departed = createDeparted(s)
	const talk = createTalk(s, () => {
		tab.value = 'talk'
		reveal()
	})
	/** An opened day shows itself. @type {string} */
	let lastFocus = ''
	let lastChosen = 0

	/** @param {Stop} x */
	const outletOf = (x) => s.world.peek()?.needs.get(x.need)?.outlet ?? -1
	/** @param {import('../plan/model.js').World} w @param {number} i */
	const codeAndTier = (w, i) => [s.details.code(i), w.tier[i]].filter(Boolean).join(' · ')
	/** @param {number} from @param {number} to */
	const reorder = (from, to) => {
		const { seat, day: d } = s.focus.peek()
		if (seat === null || d === null || to < 0)
			return
		const order = s.tour(seat, d).map((x) => x.need)
		if (to >= order.length)
			return
		const [n] = order.splice(from, 1)
		order.splice(to, 0, n)
		void newOrder(s, { order }).then(() => {
			/** @type {HTMLElement | null} */ (document.querySelector(`.stops [data-need="${n}"]`))?.focus()
		})
	}
	/** @param {KeyboardEvent} e @param {Stop} x @param {number} i */
	const stopKey = (e, x, i) => {
		if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
			e.preventDefault()
			if (s.mayEdit(x.day))
				reorder(i, i + (e.key === 'ArrowUp' ? -1 : 1))
		} else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
			e.preventDefault()
			const li = /** @type {HTMLElement} */ (e.currentTarget)
			const next = e.key === 'ArrowUp' ? li.previousElementSibling : li.nextElementSibling
			if (next instanceof HTMLElement)
				next.focus()
		} else if (e.key === 'Enter' || e.key === ' ') {
			if (e.target !== e.currentTarget)
				return
			e.preventDefault()
			s.pick(outletOf(x), e, s.tour(x.seat, x.day).map(outletOf))
		} else if (e.key.toLowerCase() === 'w' && !e.ctrlKey && !e.metaKey) {
			e.preventDefault()
			void why.put({ kind: 'place', stop: x })
		} else if (e.key.toLowerCase() === 'c' && !e.ctrlKey && !e.metaKey) {
			e.preventDefault()
			talk.open({ need: x.need })
		} else if (e.key.toLowerCase() === 'p' && !e.ctrlKey && !e.metaKey && s.mayEdit(x.day)) {
			e.preventDefault()
			e.stopPropagation()
			pinMenu(s, /** @type {Element} */ (e.currentTarget), chosen(x).map((y) => y.need))
		} else if (e.key.toLowerCase() === 'm' && !e.ctrlKey && !e.metaKey && s.mayEdit(x.day)) {
			e.preventDefault()
			e.stopPropagation()
			moveDialog(s, { kind: 'move', visits: chosen(x) }, null)
		}
	}
	/** The row alone, or the whole selection when the row is part of it. @param {Stop} x */
	const chosen = (x) => {
		const all = s.selectedVisits.peek()
		return all.some((y) => y === x) ? all : [x]
	}

	const dayView = () => {
		const { seat, day: d } = s.focus.value
		const p = s.plan.value, w = s.world.value
		if (!p || !w)
			return nothing
		if (seat === null || d === null)
			return attention(s, unplanned, departed)
		const stops = s.tour(seat, d), who = seatById(p, seat), sums = s.sums(seat, d)
		const home = homeOf(who), local = tourSums(s.vehicle(who), home, stops.map((x) => ({ at: placeOf(w, x.need), service: w.needs.get(x.need)?.service ?? 0 })))
		const time = sums ? sums.travel + sums.service + sums.wait : local.travel + local.service
		// Travel of the server spread over our legs, so that the clock agrees with the total.
		const k = sums && local.travel ? sums.travel / local.travel : 1
		let service = 0
		const start = who?.shiftStart ?? 0
		const i = s.seatIndex.value.get(seat) ?? 0
		const shift = who?.shiftSeconds ?? 0
		return html`<div class="day-head">
			<div class="row between"><h2 class="row"><i class=${`dot s${shapeOf(i)}`} ${css({ '--c': colourVar(i) })}></i><span>${seatName(s, seat)}</span></h2><span class="row"><span class="muted nowrap">${day(s.dateOfDay(d))}</span>
				<button class="btn quiet small" aria-label=${talkLabel(t('Comments on the day'), talk.ofDay(seat, d))} title=${`${t('Comments on the day')} (C)`} @click=${() => talk.open({ seat, day: d })}>${icon('talk')}${talk.ofDay(seat, d) || nothing}</button></span></div>
			<div class="row between num"><span>${tn('{n} call', '{n} calls', stops.length)}${who?.maxCalls ? html`<span class="faint"> / ${num(who.maxCalls)}</span>` : nothing}</span>
				<span>${duration(time)}<span class="faint"> / ${duration(shift)}</span></span><span>${num((sums?.metres ?? local.metres) / 1000, 1)} km</span></div>
			<div class="bar" role="img" aria-label=${t('{n} % of the shift', { n: num(shift ? time / shift * 100 : 0) })}><i ${css({ '--v': shift ? Math.min(1, time / shift) : 0, '--c': time > shift ? 'var(--bad)' : null })}></i></div>
			${s.past(d) ? html`<p class="faint">${t('This day is over: it can be read only.')}</p>` : s.editable.value ? html`<div class="row wrap"><button class="btn small" @click=${() => runOperation(s, 'auto')}>${icon('sort')}${t('Best order')}</button>
				<button class="btn small" @click=${() => runOperation(s, 'reverse')}>${icon('reverse')}${t('Reverse')}</button>
				<label class="row grow end"><span class="sr">${t('A new order applies to')}</span><select class="input small auto" title=${t('A new order applies to')} @change=${(/** @type {any} */ e) => {
					keep('bp.order-reach', e.target.value)
					orderReach.value = e.target.value
				}}>${[['standing', t('standing plan')], ['onward', t('from here onward')], ['date', t('this date only')]].map(([v, l]) => html`<option value=${v} ?selected=${orderReach.value === v}>${l}</option>`)}</select></label></div>` : nothing}
		</div>
		${home && stops.length ? html`<p class="faint ends">${icon('home')}${t('From home: {out}, back: {back}', { out: duration(local.arrive[0] * k), back: duration((local.travel + local.service - local.arrive[stops.length - 1] - (w.needs.get(stops[stops.length - 1].need)?.service ?? 0)) * k) })}</p>` : nothing}
		${stops.length ? html`<ol class="stops" aria-label=${t('Visits in order')}>${repeat(stops, (x) => x.need, (x, at) => {
			const o = outletOf(x), sel = s.selection.value.has(o)
			const begin = start + (local.arrive[at] - service) * k + service
			service += w.needs.get(x.need)?.service ?? 0
			return html`<li class=${cls('stop', sel && 'sel', (x.from || x.to) && 'dated')} data-need=${x.need} data-drop=${s.past(d) ? nothing : `${seat} ${d} ${at}`} tabindex=${at ? -1 : 0}
				@keydown=${(/** @type {KeyboardEvent} */ e) => stopKey(e, x, at)}
				@click=${(/** @type {MouseEvent} */ e) => {
					if (!(e.target instanceof Element && e.target.closest('button')))
						s.pick(o, e, stops.map(outletOf))
				}}
				@pointerenter=${() => {
					s.hover.value = o
				}}
				@pointerdown=${(/** @type {PointerEvent} */ e) => {
					if (e.button || !s.mayEdit(d) || (e.target instanceof Element && e.target.closest('button')) || (e.pointerType !== 'mouse' && !(/** @type {Element} */ (e.target)).closest('.grip')))
						return
					const held = chosen(x)
					beginDrag(e, s, { kind: 'move', visits: held }, undefined, (to) => {
						if (held.length !== 1 || to.seat !== seat || to.day !== d || to.pos === undefined)
							return false
						reorder(at, to.pos)
						return true
					})
				}}>
				<span class="grip" aria-hidden="true">${s.past(d) ? nothing : icon('grip')}</span><b class="n num">${at + 1}</b>
				<span class="what"><span class="ellipsis">${s.details.nameOf(x.need)}</span><small class="faint">${codeAndTier(w, o)}${x.from && x.from === x.to ? ' · ' + t('this date only') : x.from ? ' · ' + t('from {date}', { date: day(x.from) }) : x.to ? ' · ' + t('until {date}', { date: day(x.to) }) : ''}</small></span>
				${overrideMark(s, x.need)}${pinMark(s, x.need)}${talkBadge(talk.ofNeed(x.need), s.details.nameOf(x.need), () => talk.open({ need: x.need }))}<span class="when num">${timeOfDay(begin)}</span>
				<button class="btn quiet small icon-only" aria-label=${t('Actions for {name}', { name: s.details.nameOf(x.need) })} @click=${(/** @type {any} */ e) => stopMenu(e.currentTarget, x, at, stops.length)}>${icon('more')}</button></li>`
		})}</ol>` : empty('plan', t('No visit on this day'), t('Drag visits here, or select some and press M.'))}`
	}
	/** @param {Element} at @param {Stop} x @param {number} i @param {number} n */
	const stopMenu = (at, x, i, n) => openMenu(at, [
		{ label: t('Why here?'), icon: 'info', keys: 'W', disabled: x.to ? t('It is a single date, moved by hand') : false, run: () => void why.put({ kind: 'place', stop: x }) },
		{ label: t('Comments'), icon: 'talk', keys: 'C', run: () => talk.open({ need: x.need }) },
		...(s.mayEdit(x.day) ? /** @type {import('../components/ui.js').MenuItem[]} */ ([
			null,
			{ label: t('Move to…'), icon: 'move', keys: 'M', run: () => moveDialog(s, { kind: 'move', visits: [x] }, null) },
			{ label: t('Pin or unpin…'), icon: 'tack', keys: 'P', run: () => pinMenu(s, at, [x.need]) },
			{ label: t('Earlier'), icon: 'up', keys: 'Alt ↑', disabled: i ? false : t('It is the first'), run: () => reorder(i, i - 1) },
			{ label: t('Later'), icon: 'down', keys: 'Alt ↓', disabled: i + 1 < n ? false : t('It is the last'), run: () => reorder(i, i + 1) },
			null,
			{ label: t('Take out of the plan'), icon: 'trash', run: () => {
				s.select([outletOf(x)])
				runOperation(s, 'remove')
			} },
		]) : []),
		{ label: t('Outlet details'), icon: 'outlets', run: () => open(`/outlets/${s.world.peek()?.id[outletOf(x)]}`, '_blank', 'noopener') },
	])

	/** @param {number} i */
	const visitsText = (i) => {
		const stops = s.stopsOf.value.get(i) ?? []
		return stops.length ? stops.map((x) => day(s.dateOfDay(x.day))).slice(0, 4).join(', ') + (stops.length > 4 ? ' …' : '') : t('not planned')
	}
	/** @param {number[]} rows @param {string} label @param {(i: number) => unknown} [action]  at the end of a row */
	const outletGrid = (rows, label, action) => {
		const w = /** @type {import('../plan/model.js').World} */ (s.world.value)
		const selection = s.selection.value, stops = s.stopsOf.value
		void s.details.now.value, s.details.problem.value // the grid draws its rows when it is given them
		return html`<bp-grid class="grow" .options=${{
			label, rows, rowHeight: 46, key: (/** @type {number} */ i) => i,
			columns: [
				{ label: t('Outlet'), width: 'minmax(0,1.5fr)', cell: (/** @type {number} */ i) => {
					const k = s.seatIndex.peek().get(stops.get(i)?.[0]?.seat ?? -1)
					return html`<span class="two"><span class="row"><i class=${`dot s${shapeOf(k ?? 0)}`} ${css({ '--c': k === undefined ? 'var(--text-3)' : colourVar(k) })}></i><span class="ellipsis">${s.details.name(i)}</span>${w.needsOf[i].map((need) => pinMark(s, need))}</span>
						<small class="faint">${codeAndTier(w, i)}</small></span>`
				} },
				{ label: t('Visits'), width: 'minmax(0,1fr)', cell: (/** @type {number} */ i) => html`<small class="muted ellipsis">${visitsText(i)}</small>${w.needsOf[i][0] ? talkBadge(talk.ofNeed(w.needsOf[i][0]), s.details.name(i), (e) => {
					e.stopPropagation()
					talk.open({ need: w.needsOf[i][0] })
				}) : nothing}` },
				...(action ? [{ label: '', width: '98px', cell: action }] : []),
			],
			selected: (/** @type {number} */ i) => selection.has(i),
			onpick: (/** @type {number} */ i, /** @type {MouseEvent} */ e) => s.pick(i, e, rows),
			onkey: (/** @type {number} */ i, /** @type {KeyboardEvent} */ e) => {
				if (['m', 'c', 'p'].includes(e.key.toLowerCase()) && !s.selection.peek().has(i))
					s.select([i])
			},
			ondown: (/** @type {number} */ i, /** @type {PointerEvent} */ e) => {
				if (e.button || e.pointerType !== 'mouse' || !s.editable.peek())
					return
				const held = s.selection.peek().has(i) ? s.selectedVisits.peek() : (s.stopsOf.peek().get(i) ?? []).filter((x) => !s.past(x.day))
				if (held.length)
					beginDrag(e, s, { kind: 'move', visits: held })
			},
		}}></bp-grid>`
	}

	const selectionView = () => {
		const w = s.world.value, n = s.selection.value.size
		if (!w)
			return nothing
		if (!n)
			return empty('lasso', t('Nothing is selected'), t('Click outlets on the map, draw a lasso with L, or hold Shift and drag a box.'))
		const rows = [...s.selection.value]
		const visits = s.selectedVisits.value, similar = html`<button class="btn small" id="similar" aria-haspopup="menu" @click=${() => runOperation(s, 'similar')}>${t('Similar…')} <kbd>S</kbd></button>`
		const service = visits.reduce((a, x) => a + (w.needs.get(x.need)?.service ?? 0), 0)
		const volume = s.details.now.value?.volume, value = volume ? num(rows.reduce((a, i) => a + volume[i], 0)) : s.details.problem.value ? '–' : '…'
		return html`<div class="day-head"><div class="row between"><h2>${tn('{n} outlet', '{n} outlets', n)}</h2><button class="btn quiet small" @click=${() => s.select([])}>${t('Clear')} <kbd>Esc</kbd></button></div>
			<div class="row between num"><span>${tn('{n} visit', '{n} visits', visits.length)}</span><span>${duration(service)} ${t('service')}</span>${value !== num(0) ? html`<span title=${t('What these outlets buy, as imported')}>${t('sales {n}', { n: value })}</span>` : nothing}</div>
			${s.editable.value ? html`<div class="row wrap"><button class="btn small primary" ?disabled=${!visits.length && s.selectedMissing.value === null} @click=${() => runOperation(s, 'move')}>${icon('move')}${visits.length || s.selectedMissing.value === null ? t('Move to…') : t('Place…')} <kbd>M</kbd></button>
				<button class="btn small" ?disabled=${!visits.length} @click=${() => runOperation(s, 'remove')}>${icon('trash')}${t('Take out')}</button>
				<button class="btn small" id="pin" aria-haspopup="menu" ?disabled=${!visits.length} @click=${() => runOperation(s, 'pin')}>${icon('tack')}${t('Pin…')} <kbd>P</kbd></button>${similar}</div>` : html`<div class="row">${similar}</div>`}</div>
		${outletGrid(rows, t('Selected outlets'))}`
	}

	const searchBox = () => html`<div class="search">${icon('search')}<input class="input" type="search" placeholder=${t('Name or code')} aria-label=${t('Search outlets')} .value=${query.value} @input=${(/** @type {any} */ e) => {
		query.value = e.target.value
	}}></div>`
	/** What is searched for, as a test of an outlet; null when nothing is, nothing found before there is something to search in. */
	const wanted = () => {
		const q = query.value.trim().toLowerCase(), d = s.details.now.value
		return q ? (/** @type {number} */ i) => !!(d?.name[i]?.toLowerCase().includes(q) || d?.code[i]?.toLowerCase().includes(q)) : null
	}
	/** Why it cannot be searched yet; null when it can. */
	const notYet = () => {
		if (!query.value.trim() || s.details.now.value)
			return null
		s.details.want()
		return s.details.problem.value ? html`<p class="problem">${t('Names and codes could not be fetched: nothing can be searched in.')}</p>` : loading(t('Names and codes are still on their way…'))
	}

	const allView = () => {
		const w = s.world.value
		if (!w)
			return nothing
		const fits = wanted(), waits = notYet()
		if (waits)
			return html`<div class="day-head">${searchBox()}${waits}</div>`
		const only = s.fits.value, { seat, day: d } = s.focus.value
		/** @type {number[]} */
		const rows = []
		for (let i = 0; i < w.n; i++) {
			if ((fits && !fits(i)) || (only && !only(i)))
				continue
			if ((seat !== null || d !== null) && !s.stopsOf.value.get(i)?.some((x) => (seat === null || x.seat === seat) && (d === null || x.day === d)))
				continue
			rows.push(i)
		}
		return html`<div class="day-head">${searchBox()}${filterBar(s)}<div class="row between faint"><span>${tn('{n} outlet', '{n} outlets', rows.length)}</span>${(fits || only) && rows.length ? html`<button class="btn quiet small" @click=${() => s.select(rows)}>${t('Select these')}</button>` : nothing}</div></div>
		${outletGrid(rows, t('Outlets'))}`
	}

	const unservedView = () => {
		const p = s.plan.value, w = s.world.value
		if (!p || !w)
			return nothing
		const all = [...p.unserved], fits = wanted(), waits = notYet(), only = s.fits.value
		const rows = all.filter(([need]) => [fits, only].every((f) => !f || f(w.needs.get(need)?.outlet ?? -1)))
		if (!all.length)
			return empty('check', t('Everything is served'), t('Each outlet has all the visits it asks for.'))
		/** @type {Map<string, number>} */
		const groups = new Map()
		for (const [, u] of all)
			groups.set(u.reason, (groups.get(u.reason) ?? 0) + 1)
		return html`<div class="day-head"><h2>${tn('{n} outlet is short of visits', '{n} outlets are short of visits', all.length)}</h2>
			<ul class="col tight">${[...groups].sort((a, b) => b[1] - a[1]).map(([r, n]) => html`<li><span class="chip warn">${num(n)}</span> ${reasonText(r)} <small class="faint">${remedy(r)}</small></li>`)}</ul>${all.length > 20 || fits ? searchBox() : nothing}${only ? filterBar(s) : nothing}${waits ?? nothing}</div>
		${waits ? nothing : html`<bp-grid class="grow" .options=${{
			label: t('Unserved outlets'), rows, rowHeight: 46, key: (/** @type {any} */ r) => r[0],
			columns: [
				{ label: t('Outlet'), width: 'minmax(0,1.4fr)', cell: (/** @type {any} */ [need, u]) => html`<span class="two"><span class="ellipsis">${s.details.nameOf(need)}</span><small class="faint">${reasonText(u.reason)}</small></span>` },
				{ label: t('Missing'), width: '78px', num: true, cell: (/** @type {any} */ [, u]) => num(u.missing) },
				{ label: '', width: '36px', cell: (/** @type {any} */ [need]) => html`<button class="btn small icon-only quiet" aria-label=${t('Why?')} title=${t('Why?')} @click=${(/** @type {Event} */ e) => {
					e.stopPropagation()
					void why.put({ kind: 'missing', need })
				}}>${icon('info')}</button>` },
				{ label: '', width: '88px', cell: (/** @type {any} */ [need]) => (s.editable.peek() ? html`<button class="btn small" @click=${(/** @type {Event} */ e) => {
					e.stopPropagation()
					moveDialog(s, { kind: 'place', need }, null)
				}}>${t('Place…')}</button>` : nothing) },
			],
			selected: (/** @type {any} */ [need]) => s.selection.peek().has(w.needs.get(need)?.outlet ?? -1),
			onkey: (/** @type {any} */ [need], /** @type {KeyboardEvent} */ e) => {
				const k = e.ctrlKey || e.metaKey ? '' : e.key.toLowerCase()
				if (k === 'w')
					void why.put({ kind: 'missing', need })
				else if (k === 'm' && s.editable.peek())
					moveDialog(s, { kind: 'place', need }, null)
				else
					return
				e.preventDefault()
			},
			onpick: (/** @type {any} */ [need]) => s.select([w.needs.get(need)?.outlet ?? -1].filter((i) => i >= 0)),
			ondown: (/** @type {any} */ [need], /** @type {PointerEvent} */ e) => {
				if (!e.button && e.pointerType === 'mouse' && s.editable.peek() && !(e.target instanceof Element && e.target.closest('button')))
					beginDrag(e, s, { kind: 'place', need })
			},
		}}></bp-grid>`}`
	}

	const unplacedView = () => {
		const w = s.world.value
		if (!w)
			return nothing
		/** @type {number[]} */
		const rows = []
		for (let i = 0; i < w.n; i++)
			if (Number.isNaN(w.lat[i]) && (!s.fits.value || s.fits.value(i)))
				rows.push(i)
		return rows.length || s.fits.value ? html`<div class="day-head"><h2>${tn('{n} outlet has no coordinates', '{n} outlets have no coordinates', rows.length)}</h2>
			<p class="muted">${t('The optimiser leaves them out, since nobody knows the way. Import their latitude and longitude, or place them by hand: then their travel is not counted.')} <a href=${`/outlets?territory=${s.territoryId}&missing=coordinates`}>${t('Show the list')}</a></p>${s.fits.value ? filterBar(s) : nothing}</div>${outletGrid(rows, t('Outlets without coordinates'), (i) => {
				const need = w.needsOf[i].find((n) => s.plan.value?.unserved.has(n))
				return need !== undefined && s.editable.value ? html`<button class="btn small" @click=${(/** @type {Event} */ e) => {
					e.stopPropagation()
					moveDialog(s, { kind: 'place', need }, null)
				}}>${t('Place…')}</button>` : nothing
			})}`
			: empty('pin', t('Every outlet has its place'), t('All outlets of this territory have coordinates.'))
	}

	const views = { day: dayView, sel: selectionView, all: allView, unserved: unservedView, unplaced: unplacedView, why: why.view, talk: talk.view }
	const view = () => {
		const f = s.focus.value, key = `${f.seat} ${f.day}`
		if (key !== lastFocus) {
			lastFocus = key
			if (f.seat !== null && f.day !== null)
				queueMicrotask(() => {
					tab.value = 'day'
				})
		}
		// Many at once, by lasso or box, are worked on as a selection.
		const chosenNow = s.selection.value.size
		if (chosenNow > 1 && lastChosen <= 1 && f.day === null)
			queueMicrotask(() => {
				tab.value = 'sel'
			})
		lastChosen = chosenNow
		const w = s.world.value
		let unplaced = 0
		if (w)
			for (const x of w.lat)
				if (Number.isNaN(x))
					unplaced++
		/** @type {[keyof typeof views, unknown, number | null][]} */
		const tabs = [['day', t('Day'), null], ['sel', t('Selected'), s.selection.value.size], ['all', t('All'), null], ['unserved', t('Unserved'), s.plan.value?.unserved.size ?? 0], ['unplaced', t('No place'), unplaced || null], ['why', t('Why'), null], ['talk', html`${icon('talk')}<span class="sr">${t('Comments')}</span>`, talk.count() || null]]
		const now = /** @type {keyof typeof views} */ (tab.value)
		return html`<div class="tabs" role="tablist" aria-label=${t('Lists')} @keydown=${(/** @type {KeyboardEvent} */ e) => {
			const at = tabs.findIndex(([id]) => id === now) + (e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0)
			if (at >= 0 && at < tabs.length && tabs[at][0] !== now) {
				tab.value = tabs[at][0]
				queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector('.tabs [aria-selected=true]'))?.focus())
			}
		}}>${tabs.filter(([id, , n]) => now === id || (id === 'unplaced' ? n : id !== 'why' || why.asked.value)).map(([id, label, n]) => html`<button role="tab" id=${'tab-' + id} aria-controls="panel-body" aria-selected=${String(now === id)} tabindex=${now === id ? 0 : -1}
			@click=${() => {
				tab.value = id
			}}>${label}${n ? html`<span class=${cls('count', id === 'unserved' && 'warn')}>${num(n)}</span>` : nothing}</button>`)}</div>
		<div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby=${'tab-' + now}>${views[now]()}</div>`
	}
	/** @param {Stop} stop @param {string} conflict */
	const ask = (stop, conflict) => void why.put({ kind: 'place', stop, conflict })
	return { view, tab, ask, talk, unplanned }
}
