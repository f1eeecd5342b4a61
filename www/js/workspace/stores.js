// SPDX-License-Identifier: GPL-3.0-or-later
// The board of modern trade: stores by days of the cycle, in lanes of their chains.  A cell shows when the visit begins and
// the hours in which it may, its own or those of its chain; what clashes is drawn where it does, and opens the repairs.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { day, dayOfMonth, num, t, timeOfDay, tn, weekday } from '../core/i18n.js'
import { colourVar, shapeOf } from '../map/palette.js'
import { chainRulesDialog, hoursExample, hoursText, rulesText, weekdayNames } from '../components/chainrules.js'
import { clashList } from '../components/clashes.js'
import { icon } from '../components/icons.js'
import { talkBadge } from '../components/thread.js'
import { empty, field, fieldProblem, openDialog, openMenu, problemNotice, toast } from '../components/ui.js'
import '../components/grid.js'
import { placeOf, seatById } from '../plan/actions.js'
import { dayOf, seatOf } from '../plan/model.js'
import { homeOf, tourSums } from '../plan/travel.js'
import { begins, closedOn, onWeekday, parseWindows, windowsOf } from '../plan/windows.js'
import { beginDrag } from './drag.js'
import { moveDialog } from './move.js'
import { seatName } from './ops.js'
import { pinMark, pinMenu } from './pins.js'

/** @typedef {import('../plan/store.js').Store} Store */
/** @typedef {import('../plan/model.js').Stop} Stop */
/** @typedef {import('../plan/windows.js').Window} Window */
/** @typedef {import('../plan/windows.js').Begin} Begin */
/** @typedef {{most: number, price: number | null}} Crowd  visits of a chain that one person may make on a day, and minutes for each more */
/** @typedef {{kind: 'lane', name: string, stores: number[]} | {kind: 'store', outlet: number}} Row */

/** @param {Store} s @param {(stop: Stop, conflict: string) => void} repair @param {ReturnType<typeof import('./talk.js').createTalk>} talk */
export function createStores(s, repair, talk) {
	const windows = signal(/** @type {Map<number, Window[]>} */ (new Map()))
	const only = signal('')
	/** Lanes are those of chains, which go through all territories of a board; or its territories. */
	const byTerritory = signal(false), several = s.parts.length > 1
	/** By account, and the account of each store. */
	const chains = signal(/** @type {Map<number, import('../core/api.js').Chain>} */ (new Map())), chainOf = signal(/** @type {Map<number, number>} */ (new Map()))
	const limits = signal(/** @type {import('../core/api.js').Clash[]} */ ([]))
	const loadChains = async () => {
		const all = await Promise.all(s.parts.map((p) => Promise.all([api.chains(p.territoryId), api.clashes(p.territoryId, s.channel)]))), known = all.flatMap(([[c]]) => c ?? [])
		chains.value = new Map(known.flatMap((c) => c.items.map((x) => [x.accountId, x])))
		chainOf.value = new Map(known.flatMap((c) => c.outlet.map((o, i) => [o, c.account[i]])))
		limits.value = all.flatMap(([, [l]]) => l?.items ?? []).filter((x) => x.accountId)
	}
	void loadChains()
	const load = () => Promise.all(s.parts.map((p) => loadOf(p.territoryId)))
	/** @param {number} territory */
	const loadOf = async (territory) => {
		for (let after = /** @type {string | null} */ (''); after !== null;) {
			const [c] = await api.windows(territory, { after })
			if (!c)
				return
			windows.value = new Map([...windows.peek(), ...windowsOf(c)])
			after = c.next
		}
	}
	void load()

	/** @param {number} outlet index */
	const own = (outlet) => windows.value.get(s.world.peek()?.id[outlet] ?? -1) ?? []
	/** The rules of its chain. @param {number} outlet index */
	const rule = (outlet) => chains.value.get(chainOf.value.get(s.world.peek()?.id[outlet] ?? -1) ?? -1)
	/** Its own hours, else those of its chain. @param {number} outlet index */
	const hours = (outlet) => (own(outlet).length ? own(outlet) : rule(outlet)?.windows ?? [])
	/** Does it receive nobody on this weekday? @param {number} outlet index @param {number} d */
	const off = (outlet, d) => closedOn(hours(outlet), weekdayOf(d)) || (!own(outlet).length && !!rule(outlet)?.weekdays.length && !rule(outlet)?.weekdays.includes(weekdayOf(d)))
	/** Why the chain receives nobody on the date of this day; '' when it does. @param {number} outlet index @param {number} d */
	const dark = (outlet, d) => rule(outlet)?.blackouts.find((b) => b.from <= s.dateOfDay(d) && s.dateOfDay(d) <= b.to)?.name ?? ''
	/** Visits of tours with more of a chain than one person may make on a day. */
	const crowded = () => {
		/** @type {Map<Stop, Crowd>} */
		const out = new Map()
		for (const stops of s.tours.value.values()) {
			/** @type {Map<number, Crowd & {stops: Stop[]}>} */
			const by = new Map()
			for (const x of stops) {
				const r = rule(s.world.value?.needs.get(x.need)?.outlet ?? -1)
				if (r?.mostOf && r.mostPerDay)
					by.set(r.mostOf, { most: r.mostPerDay, price: r.mostPrice, stops: [...(by.get(r.mostOf)?.stops ?? []), x] })
			}
			for (const { most, price, stops: list } of by.values())
				if (list.length > most)
					list.forEach((x) => out.set(x, { most, price }))
		}
		return out
	}
	/** 1 = Monday. @param {number} d */
	const weekdayOf = (d) => new Date(s.dateOfDay(d) + 'T00:00:00Z').getUTCDay() || 7

	/** When each visit of the shown turn begins. @returns {Map<Stop, Begin>} */
	const times = () => {
		/** @type {Map<Stop, Begin>} */
		const out = new Map()
		const w = s.world.value, p = s.plan.value
		if (!w || !p)
			return out
		for (const [key, stops] of s.tours.value) {
			const seat = seatById(p, seatOf(key)), sums = tourSums(s.vehicle(seat), homeOf(seat), stops.map((x) => ({ at: placeOf(w, x.need), service: w.needs.get(x.need)?.service ?? 0 })))
			const all = begins(seat?.shiftStart ?? 0, sums.arrive, stops.map((x) => hours(w.needs.get(x.need)?.outlet ?? -1)), weekdayOf(dayOf(key)))
			stops.forEach((x, i) => out.set(x, { ...all[i], closed: off(w.needs.get(x.need)?.outlet ?? -1, dayOf(key)) }))
		}
		return out
	}
	/** What clashes, in words; '' when nothing does. @param {Stop} x @param {Begin | undefined} b @param {Map<Stop, Crowd>} crowd */
	const clash = (x, b, crowd) => {
		const name = dark(s.world.peek()?.needs.get(x.need)?.outlet ?? -1, x.day), full = crowd.get(x)
		return !b ? '' : b.closed ? t('closed on this day') : name ? t('left out on this date: {name}', { name }) : full ? full.price === null ? t('more than {n} visits of the chain by one person', { n: num(full.most) }) : t('more than {n} visits of the chain by one person: {m} min for each more', { n: num(full.most), m: num(full.price) })
			: b.late > 60 ? t('{n} minutes after its last hours', { n: num(b.late / 60) }) : ''
	}

	/** @param {number} d */
	const label = (d) => `${weekday(s.dateOfDay(d))} ${dayOfMonth(s.dateOfDay(d))}`
	/** @param {Window[]} list */
	const text = (list) => list.map((w) => `${timeOfDay(w.opens * 60)}–${timeOfDay(w.closes * 60)}${w.hard ? '' : '?'}`).join(', ')

	/** @param {number} outlet */
	const appointments = (outlet) => {
		const w = s.world.peek()
		if (!w)
			return
		const value = signal(hoursText(own(outlet))), chain = rule(outlet)
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), wrong = signal('')
		const save = async () => {
			const list = parseWindows(value.peek(), weekdayNames())
			wrong.value = list ? '' : t('This cannot be read: write for example {example}', { example: hoursExample() })
			if (!list)
				return
			const [, failed] = await api.setWindows(w.id[outlet], list)
			problem.value = failed
			if (failed)
				return
			close()
			await load()
			toast(t('The hours are changed: the next optimisation keeps them'))
		}
		const close = openDialog({
			title: () => t('Appointments of {name}', { name: s.details.name(outlet) }), text: () => t('When a visit may begin. Without a weekday it holds for every day; ? means if possible, being late has a price then.'),
			body: () => html`${field('st-hours', t('Hours'), html`<textarea id="st-hours" class="input" .value=${value.value} @input=${(/** @type {any} */ e) => {
				value.value = e.target.value
			}}></textarea>`, { problem: wrong.value || fieldProblem(problem.value, 'windows') || nothing, help: t('For example {example}', { example: hoursExample() }) })}${chain && rulesText(chain) ? html`<p class="muted">${t('Without hours of its own it has those of {name}: {rules}', { name: chain.name, rules: rulesText(chain) })}</p>` : nothing}${problem.value ? problemNotice(problem.value) : nothing}`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button class="btn primary" @click=${save}>${icon('save')}${t('Save')}</button>`,
		})
	}
	/** @param {Element} at @param {Stop} x @param {string} conflict */
	const visitMenu = (at, x, conflict) => openMenu(at, [
		{ label: conflict ? t('Three repairs') : t('Why here?'), icon: conflict ? 'warn' : 'info', run: () => repair(x, conflict) },
		{ label: t('Comments'), icon: 'talk', keys: 'C', run: () => talk.open({ need: x.need }) },
		{ label: t('Move to…'), icon: 'move', disabled: s.mayEdit(x.day, x.need) ? false : t('Lock the territory first'), run: () => moveDialog(s, { kind: 'move', visits: [x] }, null) },
		{ label: t('Pin or unpin…'), icon: 'tack', disabled: s.mayEdit(x.day, x.need) ? false : t('Lock the territory first'), run: () => pinMenu(s, at, [x.need]) },
		{ label: t('Open this day'), icon: 'list', run: () => {
			s.focus.value = { seat: x.seat, day: x.day }
		} },
	])

	/** @param {number} outlet @param {number} d @param {Map<Stop, Begin>} at @param {Map<Stop, Crowd>} crowd */
	const cell = (outlet, d, at, crowd) => {
		const stops = (s.stopsOf.value.get(outlet) ?? []).filter((x) => x.day === d), list = hours(outlet), today = onWeekday(list, weekdayOf(d))
		const band = today[0]
		return html`<span class=${cls('slot', (off(outlet, d) || dark(outlet, d)) && 'off')} data-drop=${s.past(d) ? nothing : `* ${d}`} title=${dark(outlet, d) || (today.length ? text(today) : nothing)}>
			${band ? html`<i class=${cls('band', !band.hard && 'soft')} ${css({ '--from': Math.max(0, (band.opens - 480) / 720), '--to': Math.min(1, (today[today.length - 1].closes - 480) / 720) })}></i>` : nothing}
			${stops.map((x) => {
				const b = at.get(x), why = clash(x, b, crowd), i = s.seatIndex.value.get(x.seat) ?? 0
				return html`<button class=${cls('visit', why && (b?.hard || b?.closed || crowd.get(x)?.price === null ? 'bad' : 'warn'))} ${css({ '--c': colourVar(i) })} aria-label=${`${s.details.name(outlet)}, ${day(s.dateOfDay(d))} ${timeOfDay(b?.at ?? 0)}, ${seatName(s, x.seat)}${why ? ': ' + why : ''}`} title=${`${seatName(s, x.seat)}${why ? ': ' + why : ''}`}
					@click=${(/** @type {any} */ e) => {
						e.stopPropagation()
						visitMenu(e.currentTarget, x, why)
					}}
					@pointerdown=${(/** @type {PointerEvent} */ e) => {
						if (!e.button && e.pointerType === 'mouse' && s.mayEdit(d, x.need))
							beginDrag(e, s, { kind: 'move', visits: [x] })
					}}><i class=${`dot s${shapeOf(i)}`}></i>${timeOfDay(b?.at ?? 0)}</button>`
			})}</span>`
	}

	/** The territory of a store, by its place on the board. @param {number} outlet */
	const unitOf = (outlet) => s.parts[s.world.value?.unit?.[outlet] ?? 0]
	/** @param {number} outlet */
	const unitName = (outlet) => unitOf(outlet).territory.value?.name ?? ''
	/** Chains in the order of their size, each with its stores; or territories. @returns {Row[]} */
	const rows = () => {
		const w = /** @type {import('../plan/model.js').World} */ (s.world.value)
		/** @type {Map<string, number[]>} */
		const lanes = new Map()
		for (let i = 0; i < w.n; i++) {
			const lane = byTerritory.value ? unitName(i) : w.account[i]
			if (!only.value || w.account[i] === only.value)
				lanes.set(lane, [...(lanes.get(lane) ?? []), i])
		}
		return [...lanes].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0])).flatMap(([name, stores]) => [
			{ kind: /** @type {const} */ ('lane'), name, stores }, ...stores.sort((a, b) => s.details.name(a).localeCompare(s.details.name(b), undefined, { numeric: true })).map((outlet) => ({ kind: /** @type {const} */ ('store'), outlet })),
		])
	}
	/** In a cycle, as the server counts it. @param {number} outlet */
	const asked = (outlet) => (s.world.peek()?.needsOf[outlet] ?? []).reduce((n, need) => n + Math.max(1, Math.round((s.world.peek()?.needs.get(need)?.visits ?? 0) * (s.plan.peek()?.cycle.weeks ?? 4) / 4)), 0)

	/** @param {Row & {kind: 'lane'}} r */
	const lane = (r) => {
		const chain = byTerritory.value ? undefined : rule(r.stores[0]), shut = byTerritory.value && s.editable.value && !unitOf(r.stores[0]).editable.value
		return html`<span class="two"><b class="ellipsis">${r.name || t('No chain')}</b>${shut ? html`<small class="warn">${t('not locked for you')}</small>` : nothing}${chain && rulesText(chain) ? html`<small class="faint ellipsis" title=${rulesText(chain)}>${rulesText(chain)}</small>` : nothing}</span>
			${chain ? html`<button class="btn quiet small icon-only" aria-label=${t('Rules of {name}', { name: chain.name })} @click=${(/** @type {Event} */ e) => {
				e.stopPropagation()
				chainRulesDialog(chain.accountId, () => void loadChains())
			}}>${icon('pencil')}</button>` : nothing}`
	}

	const view = () => {
		const w = s.world.value, p = s.plan.value
		if (!w || !p)
			return nothing
		if (!w.n)
			return empty('outlets', t('No stores'), t('This territory has no outlets of modern trade.'))
		const at = times(), crowd = crowded(), days = s.days.value
		const placed = (/** @type {number} */ o) => (s.stopsOf.value.get(o) ?? []).length
		const clashes = [...at].filter(([x, b]) => clash(x, b, crowd))
		const names = [...new Set(w.account)].sort()
		/** @param {Row} r */
		const head = (r) => (r.kind === 'lane' ? lane(r)
			: html`<span class="two"><span class="ellipsis">${s.details.name(r.outlet)}</span><small class="faint ellipsis">${w.tier[r.outlet]} · <span class=${cls(placed(r.outlet) < asked(r.outlet) && 'warn')}>${t('{a} of {b} visits', { a: num(placed(r.outlet)), b: num(asked(r.outlet)) })}</span>${several && !byTerritory.value ? html` · ${unitName(r.outlet)}` : nothing}</small></span>
				${w.needsOf[r.outlet].map((need) => pinMark(s, need))}${w.needsOf[r.outlet][0] ? talkBadge(talk.ofNeed(w.needsOf[r.outlet][0]), s.details.name(r.outlet), (e) => {
					e.stopPropagation()
					talk.open({ need: w.needsOf[r.outlet][0] })
				}) : nothing}
				<button class="btn quiet small icon-only" aria-label=${t('Appointments of {name}', { name: s.details.name(r.outlet) })} @click=${(/** @type {Event} */ e) => {
					e.stopPropagation()
					appointments(r.outlet)
				}}>${icon('clock')}</button>`)
		return html`<div class="stores"><div class="row wrap between stores-bar"><span class="muted">${tn('{n} store', '{n} stores', w.n)} · ${several ? html`${tn('{n} territory', '{n} territories', s.parts.length)} · ` : nothing}${clashes.length ? html`<b class="bad">${tn('{n} visit clashes', '{n} visits clash', clashes.length)}</b>` : t('no visit clashes')}</span>
			${clashes.length ? html`<button class="btn small" @click=${() => repair(clashes[0][0], clash(clashes[0][0], clashes[0][1], crowd))}>${icon('warn')}${t('Show the first')}</button>` : nothing}
			${several ? html`<label class="row"><span class="sr">${t('Lanes')}</span><select class="input small auto" id="st-lanes" @change=${(/** @type {any} */ e) => {
				byTerritory.value = e.target.value === 'territory'
			}}><option value="chain">${t('Lanes: chains')}</option><option value="territory">${t('Lanes: territories')}</option></select></label>` : nothing}
			<label class="row"><span class="sr">${t('Chain')}</span><select class="input small" @change=${(/** @type {any} */ e) => {
				only.value = e.target.value
			}}><option value="">${t('All chains')}</option>${names.filter(Boolean).map((c) => html`<option value=${c} ?selected=${only.value === c}>${c}</option>`)}</select></label></div>
		${clashList(limits.value, () => nothing)}<bp-grid class="grow" .options=${{
			label: t('Stores by days'), rows: rows(), rowHeight: 46, minWidth: `${230 + days.length * 88}px`, key: (/** @type {Row} */ r) => (r.kind === 'lane' ? 'c' + r.name : r.outlet),
			columns: [
				{ label: t('Store'), width: '230px', cell: (/** @type {Row} */ r) => html`<span class="row between grow">${head(r)}</span>` },
				...days.map((d) => ({ label: label(d), width: 'minmax(88px,1fr)', cell: (/** @type {Row} */ r) => (r.kind === 'store' ? cell(r.outlet, d, at, crowd)
					: html`<small class="faint num">${num(r.stores.reduce((n, o) => n + (s.stopsOf.value.get(o) ?? []).filter((x) => x.day === d).length, 0)) || ''}</small>`) })),
			],
			selected: (/** @type {Row} */ r) => r.kind === 'store' && s.selection.peek().has(r.outlet),
			onkey: (/** @type {Row} */ r, /** @type {KeyboardEvent} */ e) => {
				if (e.key.toLowerCase() === 'c' && r.kind === 'store')
					s.select([r.outlet])
			},
			onpick: (/** @type {Row} */ r, /** @type {MouseEvent} */ e) => (r.kind === 'store' ? s.pick(r.outlet, e, rows().flatMap((x) => (x.kind === 'store' ? [x.outlet] : [])))
				: s.select(r.stores, e.shiftKey || e.ctrlKey || e.metaKey ? 'toggle' : 'set')),
		}}></bp-grid></div>`
	}
	return view
}
