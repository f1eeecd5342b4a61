// SPDX-License-Identifier: GPL-3.0-or-later
// Two states of a plan side by side, change by change: by outlet, seat, beat, day or territory; single changes are accepted into the
// draft, and talked about.
import { cls, computed, effect, html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { uuid } from '../core/http.js'
import { ago, day, num, signed, t, tn } from '../core/i18n.js'
import { go, place, setQuery } from '../core/router.js'
import { channelHere } from '../components/channel.js'
import { decisions, waitingNotice } from '../components/approval.js'
import { icon } from '../components/icons.js'
import { createThread, talkLabel } from '../components/thread.js'
import { createComments } from '../plan/comments.js'
import { withReason } from '../components/override.js'
import { empty, field, loading, openDialog, problemNotice, toast, toastProblem } from '../components/ui.js'
import '../components/grid.js'
import '../map/placesmap.js'
import { wholeSnapshot } from '../plan/details.js'
import { arrangement, bars, hunks, middleOf, planDiff, reordered, repinned, turnOf } from '../plan/diff.js'
import { alike, dateOf, planOf } from '../plan/model.js'
import { signedTime } from '../workspace/ops.js'
import { pinTexts } from '../workspace/pins.js'

/** @typedef {import('../plan/diff.js').Hunk} Hunk */
/** @typedef {import('../plan/model.js').Plan} Plan */
/** @typedef {{key: string, title: string, list: Hunk[]}} Group */

/** So many changes are drawn with their lines. */
const LINES = 150

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere(), id = Number(params.id)
	const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	const versions = signal(/** @type {import('../core/api.js').Version[]} */ ([]))
	const session = signal(/** @type {import('../core/api.js').PlanningSession | null} */ (null))
	const snapshot = signal(/** @type {{world: import('../plan/model.js').World, details: import('../plan/model.js').Details} | null} */ (null))
	const name = signal('')
	const planId = signal(0)
	/** Before and after, on the same dates; 0 = the own draft. */
	const a = signal(/** @type {Plan | null} */ (null)), b = signal(/** @type {Plan | null} */ (null))
	/** The cycles that they have themselves. */
	const cycles = signal(/** @type {import('../core/api.js').Cycle[]} */ ([]))
	const by = signal('outlet')
	/** Outlets that changes are of, with their names, also of those that have left the plan since. */
	const outlets = signal(/** @type {import('../core/api.js').DiffGroup[]} */ ([]))
	const named = computed(() => new Map(outlets.value.flatMap((g) => g.needs.map((n) => [n, g]))))
	const gone = computed(() => new Set(outlets.value.flatMap((g) => g.gone)))
	/** Parts of the territory that changes lie in, once they were asked for. */
	const parts = signal(/** @type {import('../core/api.js').DiffGroup[] | null} */ (null))
	const chosen = signal(/** @type {ReadonlySet<number>} */ (new Set()))
	/** The change that is looked at, in the list and on the map: its need, 0 = none. */
	const marked = signal(0)
	const busy = signal(false)
	const comments = createComments()
	const thread = createThread(comments, 'cmp-say'), hunkThread = createThread(comments, 'cmp-say-change')
	const submissions = signal(/** @type {import('../components/approval.js').Submission[]} */ ([]))
	const buttons = decisions((list) => {
		submissions.value = list
		void load()
	})

	const load = async () => {
		const [[terr, e1], [snap, e3], [plans, e2], [mine]] = await Promise.all([api.territory(id), wholeSnapshot(id), api.plans({ territory: id, channel }), api.mySessions()])
		problem.value = e1 ?? e2 ?? (e3?.status === 404 ? null : e3)
		if (!terr || !plans)
			return
		name.value = terr.name
		snapshot.value = snap
		const plan = plans.items[0]
		if (!plan)
			return
		planId.value = plan.id
		session.value = mine?.items.find((s) => s.planId === plan.id && s.status === 'ACTIVE') ?? null
		const [[list, failed], [sent]] = await Promise.all([api.versions(plan.id), api.submissions(plan.id)])
		submissions.value = sent?.items ?? []
		problem.value = failed
		versions.value = list?.items ?? []
		await read()
	}
	/** @param {string | undefined} what a version, or 'draft' @returns {Promise<Plan | null>} */
	const fetchPlan = async (what) => {
		const s = session.peek()
		if (!what)
			return null
		const [d, failed] = what === 'draft' ? s ? await api.draft(s.id) : [null, null] : await api.planDraft(planId.peek(), Number(what))
		if (failed)
			problem.value = failed
		return d ? planOf(d) : null
	}
	/** Without a choice: the draft, or else the committed version, beside the latest other one. */
	const choice = () => {
		const { a: x, b: y } = place.peek().query, list = versions.peek()
		const first = x ?? (session.peek() ? 'draft' : String((list.find((v) => v.committed) ?? list[1] ?? list[0])?.id ?? ''))
		return [first, y ?? String(list.find((v) => String(v.id) !== first)?.id ?? '')]
	}
	const read = async () => {
		const [x, y] = choice()
		a.value = b.value = null
		chosen.value = new Set()
		marked.value = 0
		const [p, q] = await Promise.all([fetchPlan(x), fetchPlan(y)])
		;[a.value, b.value] = p && q ? alike(p, q) : [p, q]
		cycles.value = p && q ? [p.cycle, q.cycle] : []
		parts.value = null
		void gathered('outlet', outlets)
		if (by.peek() === 'territory')
			void gathered('territory', parts)
		if (Number(y))
			await comments.load(planId.peek(), Number(y))
	}
	/** Where outlets lie, and which have left, is the server's to know. @param {'outlet' | 'territory'} what @param {{value: import('../core/api.js').DiffGroup[] | null}} into */
	const gathered = async (what, into) => {
		const [x, y] = choice(), s = session.peek()
		if (!Number(y))
			return
		const [r, failed] = await api.planDiff(planId.peek(), { by: what, version: y, ...(x === 'draft' ? { session: s?.id } : { base: x }) })
		if (choice().join() !== [x, y].join())
			return
		problem.value = failed ?? problem.peek()
		into.value = r?.items ?? []
	}
	void load()
	let last = place.peek().query
	const stop = effect(() => {
		const q = place.value.query
		if (planId.peek() && (q.a !== last.a || q.b !== last.b))
			queueMicrotask(read)
		last = q
	})

	/** Between cycles of different length there is no single change to take. */
	const uneven = () => cycles.value[0]?.days !== cycles.value[1]?.days
	const intoDraft = () => choice()[0] === 'draft' && !!session.value && !uneven()
	/** @param {number} seat */
	const who = (seat) => {
		const s = (b.value ?? a.value)?.seats.find((x) => x.id === seat) ?? a.value?.seats.find((x) => x.id === seat)
		return s ? s.person || s.code : '#' + seat
	}
	/** @param {number} d */
	const dayName = (d) => (b.value ? day(dateOf(b.value.cycle, 0, d)) : String(d))
	/** @param {number} need */
	const outletName = (need) => {
		const s = snapshot.value, i = s?.world.needs.get(need)?.outlet ?? -1, known = named.value.get(need)
		return s && i >= 0 ? `${s.details.name[i]} (${s.details.code[i]})` : known?.name ? `${known.name} (${known.code})` : t('outlet that left the territory, need {n}', { n: need })
	}
	/** Why a change cannot be taken; null where it can. @param {Hunk} h */
	const barred = (h) => bars(h, gone.value, (seat) => !!a.value?.seats.some((x) => x.id === seat))
	/** @param {Hunk[]} list */
	const takeable = (list) => list.filter((h) => !barred(h))
	/** @param {number} beat */
	const beatName = (beat) => [...(b.value?.beats ?? []), ...(a.value?.beats ?? [])].find((x) => x.id === beat)?.name ?? t('no beat')
	/** @param {import('../plan/diff.js').Where[]} list */
	const where = (list) => (list.length ? list.map((w) => `${who(w.seat)} ${dayName(w.day)}`).join(', ') : t('not visited'))

	/** Where an outlet lies: longitude and latitude. @param {number} need @returns {[number, number] | null} */
	const placeOf = (need) => {
		const s = snapshot.value, i = s?.world.needs.get(need)?.outlet ?? -1
		return s && i >= 0 && !Number.isNaN(s.world.lat[i]) ? [s.world.lon[i], s.world.lat[i]] : null
	}
	/** What changes, as far as it has a place on the map. */
	const onMap = computed(() => (a.value && b.value ? hunks(a.value, b.value).flatMap((h) => {
		const at = placeOf(h.need)
		return at ? [{ h, at }] : []
	}) : []))
	const turns = /** @type {const} */ (['person', 'day', 'added', 'dropped'])
	/** Colours that the colour-blind tell apart, and shapes besides. */
	const legend = [{ label: t('another person'), colour: 0, shape: 2 }, { label: t('other days'), colour: 5, shape: 0 }, { label: t('newly visited'), colour: 2, shape: 3 }, { label: t('no longer visited'), colour: 7, shape: 1 }]
	const places = computed(() => onMap.value.map(({ h, at }) => ({ kind: turns.indexOf(turnOf(h)), lon: at[0], lat: at[1] })))
	const markedPlace = computed(() => onMap.value.findIndex((x) => x.h.need === marked.value))
	/** From the middle of its day before, to the middle of its day after; of all that go to another person as long as they can be told apart. */
	const lines = computed(() => {
		const x = a.value, y = b.value, one = onMap.value[markedPlace.value], many = onMap.value.filter((z) => turnOf(z.h) === 'person')
		if (!x || !y)
			return []
		return (one ? [one] : many.length <= LINES ? many : []).flatMap(({ h, at }) => {
			const from = middleOf(x, h.need, h.before, placeOf), to = middleOf(y, h.need, h.after, placeOf)
			return [...(from ? [{ from, to: at, colour: 7, main: !!one }] : []), ...(to ? [{ from: at, to, colour: 0, main: !!one }] : [])]
		})
	})
	/** @param {number} need */
	const mark = (need) => {
		marked.value = need
	}
	/** A place of the map was clicked: its change comes into sight. @param {number} i @param {Hunk[]} all */
	const picked = (i, all) => {
		const { need } = onMap.peek()[i].h
		mark(need)
		by.value = 'outlet'
		requestAnimationFrame(() => /** @type {any} */ (document.querySelector('bp-grid.changes'))?.reveal(all.findIndex((h) => h.need === need)))
	}
	/** @param {Hunk[]} all */
	const changeMap = (all) => html`<section class="card"><div class="row between wrap"><h2>${t('On the map')}</h2>${marked.value ? html`<button class="btn quiet small" @click=${() => mark(0)}>${t('Show all')}</button>` : nothing}</div>
		<p class="muted" id="map-says" role="status">${marked.value ? html`<b>${outletName(marked.value)}</b>: ${(({ before, after }) => `${where(before)} → ${where(after)}`)(all.find((h) => h.need === marked.value) ?? { before: [], after: [] })}` : t('A line leads from the middle of its day before to the outlet, and on to the middle of its day after. Choose a change here or in the list.')}</p>
		<div class="map-box" id="diff-map"><bp-places .places=${places} .kinds=${legend} .lines=${lines} .marked=${markedPlace} .onpick=${(/** @type {number} */ i) => picked(i, all)}></bp-places></div>
		${onMap.value.length < all.length ? html`<p class="faint">${tn('{n} changed outlet has no place here: it left the territory, or has no coordinates.', '{n} changed outlets have no place here: they left the territory, or have no coordinates.', all.length - onMap.value.length)}</p>` : nothing}</section>`

	/** @param {Hunk[]} all @returns {Group[]} */
	const groups = (all) => {
		/** @type {Map<string, Group>} */
		const out = new Map()
		if (by.value === 'territory') {
			const of = new Map(all.map((h) => [h.need, h]))
			return (parts.value ?? []).map((p) => ({ key: 't' + p.id, title: p.id === id ? t('{name} itself', { name: name.value }) : p.name ?? '#' + p.id, list: p.needs.flatMap((n) => of.get(n) ?? []) })).sort((x, y) => y.list.length - x.list.length)
		}
		const add = (/** @type {string} */ key, /** @type {string} */ title, /** @type {Hunk} */ h) => {
			const g = out.get(key) ?? { key, title, list: [] }
			out.set(key, g)
			if (g.list[g.list.length - 1] !== h)
				g.list.push(h)
		}
		for (const h of all)
			for (const w of [...h.before, ...h.after])
				if (by.value === 'seat')
					add('s' + w.seat, who(w.seat), h)
				else if (by.value === 'day')
					add('d' + String(w.day).padStart(2, '0'), dayName(w.day), h)
				else
					add('b' + (w.beat ?? 0), beatName(w.beat ?? 0), h)
		return [...out.values()].map((g) => ({ ...g, list: [...new Set(g.list)] })).sort((x, y) => (by.value === 'day' ? x.key.localeCompare(y.key) : y.list.length - x.list.length))
	}
	/** @param {number[]} needs @param {boolean} on */
	const choose = (needs, on) => {
		const next = new Set(chosen.peek())
		for (const n of needs)
			if (on)
				next.add(n)
			else
				next.delete(n)
		chosen.value = next
	}
	/** @param {{seat: number, day: number, order: number[]}[]} tours */
	const accept = async (tours) => {
		const s = session.peek(), p = a.peek()
		if (!s || !p || !tours.length)
			return
		const op = { clientId: uuid(), kind: 'arrange', tours: tours.map((x) => ({ seat: x.seat, date: dateOf(p.cycle, 0, x.day), order: x.order })) }
		busy.value = true
		const [reply, failed] = await withReason((why) => api.ops(s.id, p.seq, [{ ...op, ...why }]), t('Take over'))
		busy.value = false
		if (!reply) {
			if (failed)
				toastProblem(failed)
			return
		}
		toast(t('Taken over into your draft'), { action: { label: t('Open the plan'), run: () => go(`/territories/${id}/plan?channel=${channel}`) } })
		await read()
	}
	/** What is said of one change stands with the need, between these two versions. @param {Hunk} h */
	const talkOf = (h) => openDialog({
		title: () => outletName(h.need), text: () => `${where(h.before)} → ${where(h.after)}`,
		body: () => {
			const [x, y] = choice().map(Number)
			return hunkThread(comments.all.value.filter((c) => c.need === h.need), { versionId: y, need: h.need, ...(x && x !== y ? { baseId: x } : {}) })
		},
	})
	/** @param {import('../plan/comments.js').Comment} c */
	const subject = (c) => [c.need !== null && outletName(c.need), c.seat !== null && who(c.seat), c.day !== null && cycles.value[1] && day(dateOf(cycles.value[1], 0, c.day))].filter(Boolean).join(' · ')

	/** @param {string} label @param {string} key @param {boolean} draft */
	const pick = (label, key, draft) => {
		const now = choice()[key === 'a' ? 0 : 1]
		return field('cmp-' + key, label, html`<select id=${'cmp-' + key} class="input" @change=${(/** @type {any} */ e) => setQuery({ [key]: e.target.value })}>
			${draft && session.value ? html`<option value="draft" ?selected=${now === 'draft'}>${t('My draft')}</option>` : nothing}
			${versions.value.map((v) => html`<option value=${v.id} ?selected=${String(v.id) === now}>${t('version {n}', { n: v.number })} · ${ago(v.createdAt)}${v.committed ? ` · ${t('committed')}` : ''}${v.notes ? ' · ' + v.notes.slice(0, 40) : ''}</option>`)}</select>`)
	}
	/** @param {Plan} x @param {Plan} y */
	const figures = (x, y) => {
		const d = planDiff(x, y)
		/** @type {[string, string, number][]} */
		const rows = [[t('travel'), signedTime(y.totals.travelMinutes - x.totals.travelMinutes), y.totals.travelMinutes - x.totals.travelMinutes], [t('on the road'), signed(y.totals.km - x.totals.km) + ' km', y.totals.km - x.totals.km],
			[t('missing visits'), signed(y.totals.unserved - x.totals.unserved), y.totals.unserved - x.totals.unserved], [t('imbalance'), signed(y.totals.balancePct - x.totals.balancePct, 1) + ' %', y.totals.balancePct - x.totals.balancePct]]
		return html`<div class="stats four">${rows.map(([l, v, n]) => html`<div class="stat"><b class=${cls(n > 0.05 && 'up', n < -0.05 && 'down')}>${v}</b><span>${l}</span></div>`)}</div>
		<p class="row wrap"><span class="chip good">${tn('{n} outlet stays as it is', '{n} outlets stay as they are', d.needs - d.person - d.day - d.dropped - d.added)}</span>
			${d.day ? html`<span class="chip">${tn('{n} gets other days', '{n} get other days', d.day)}</span>` : nothing}${d.person ? html`<span class="chip info">${tn('{n} gets another person', '{n} get another person', d.person)}</span>` : nothing}
			${d.added ? html`<span class="chip good">${tn('{n} is newly visited', '{n} are newly visited', d.added)}</span>` : nothing}${d.dropped ? html`<span class="chip warn">${tn('{n} is no longer visited', '{n} are no longer visited', d.dropped)}</span>` : nothing}</p>`
	}
	/** @param {Hunk} h */
	const barredText = (h) => (barred(h) === 'seat' ? t('Seat no longer here') : gone.value.has(h.need) ? t('Outlet no longer here') : '')
	/** @param {number[]} needs @param {string} label */
	const box = (needs, label) => (intoDraft() && needs.length ? html`<label class="check" @click=${(/** @type {Event} */ e) => e.stopPropagation()}><input type="checkbox" aria-label=${label} .checked=${needs.every((n) => chosen.value.has(n))} @change=${(/** @type {any} */ e) => choose(needs, e.target.checked)}></label>` : nothing)
	/** @param {Hunk[]} all */
	const outletList = (all) => html`<bp-grid class="changes" .options=${{
		label: t('Changed outlets'), rows: all, rowHeight: 58, key: (/** @type {Hunk} */ h) => h.need, minWidth: '640px', chosen: chosen.value, selected: (/** @type {Hunk} */ h) => h.need === marked.value, onpick: (/** @type {Hunk} */ h) => mark(h.need === marked.peek() ? 0 : h.need),
		columns: [
			...(intoDraft() ? [{ label: t('Take'), width: '64px', cell: (/** @type {Hunk} */ h) => box(takeable([h]).map((x) => x.need), t('Take the change of {name}', { name: outletName(h.need) })) }] : []),
			{ label: t('Outlet'), width: 'minmax(0,1.2fr)', cell: (/** @type {Hunk} */ h) => html`<span class="two"><span class="ellipsis">${outletName(h.need)}</span>${barredText(h) ? html`<small class="row"><span class="chip warn">${barredText(h)}</span></small>` : nothing}</span>` },
			{ label: t('Before'), width: 'minmax(0,1fr)', cell: (/** @type {Hunk} */ h) => html`<small class="muted">${where(h.before)}</small>` },
			{ label: t('After'), width: 'minmax(0,1fr)', cell: (/** @type {Hunk} */ h) => html`<small>${where(h.after)}</small>` },
			{ label: '', width: '64px', cell: (/** @type {Hunk} */ h) => html`<button class="btn quiet small" aria-label=${talkLabel(t('Comments on the change of {name}', { name: outletName(h.need) }), comments.counts.value.get('n' + h.need) ?? 0)} title=${`${t('Comments')} (C)`} @click=${() => talkOf(h)}>${icon('talk')}${comments.counts.value.get('n' + h.need) ?? nothing}</button>` },
		],
		onkey: (/** @type {Hunk} */ h, /** @type {KeyboardEvent} */ e) => {
			if (e.key.toLowerCase() === 'c' && !e.ctrlKey && !e.metaKey && !e.altKey) {
				e.preventDefault()
				talkOf(h)
			}
		},
	}}></bp-grid>`
	/** @param {Hunk[]} all */
	const groupList = (all) => html`<div class="table-wrap" tabindex="0"><table class="table"><caption class="sr">${t('Changes together')}</caption><thead><tr>${intoDraft() ? html`<th>${t('Take')}</th>` : nothing}<th>${{ seat: t('Seat'), beat: t('Beat'), day: t('Day'), territory: t('Territory') }[by.value]}</th><th class="num">${t('Changed outlets')}</th><th>${t('For example')}</th></tr></thead>
		<tbody>${groups(all).map((g) => html`<tr>${intoDraft() ? html`<td>${box(takeable(g.list).map((h) => h.need), t('Take the changes of {name}', { name: g.title }))}</td>` : nothing}<th scope="row">${g.title}</th><td class="num">${num(g.list.length)}</td><td><small class="muted">${g.list.slice(0, 3).map((h) => outletName(h.need)).join(', ')}</small></td></tr>`)}</tbody></table></div>`

	/** @param {number} hold */
	const pinned = (hold) => pinTexts[hold]?.() ?? t('not pinned')
	/** Pins go with a draft and with each version. @param {ReturnType<typeof repinned>} list */
	const pinList = (list) => html`<details class="more pad"><summary>${tn('{n} outlet is pinned otherwise', '{n} outlets are pinned otherwise', list.length)}</summary>
		<ul class="col tight diff">${list.slice(0, 200).map((x) => html`<li>${outletName(x.need)}: <del>${pinned(x.before)}</del> → <ins>${pinned(x.after)}</ins></li>`)}</ul></details>`

	const changes = () => {
		const x = a.value, y = b.value
		if (!x || !y)
			return loading()
		const all = hunks(x, y), turned = reordered(x, y), pins = repinned(x, y), able = takeable(all), taken = able.filter((h) => chosen.value.has(h.need))
		const waits = submissions.value.find((s) => s.state === 'WAITING' && String(s.versionId) === choice()[1])
		return html`${waits ? waitingNotice(waits, buttons) : nothing}<section class="card col gap-l">${figures(x, y)}${uneven() ? html`<div class="notice" id="uneven">${icon('info')}<p>${t('The cycles are of {a} and {b} weeks: both are shown over the longer one, in which the shorter one comes again.', { a: num(cycles.value[0].weeks), b: num(cycles.value[1].weeks) })} ${t('Single changes cannot be taken over between them: take the version over whole, or begin such a cycle in your draft first.')}</p></div>` : nothing}</section>
		${all.length && snapshot.value ? changeMap(all) : nothing}
		<section class="card tight"><div class="row between wrap pad"><div class="segmented" role="group" aria-label=${t('Changes by')}>${[['outlet', t('Outlet')], ['seat', t('Seat')], ['beat', t('Beat')], ['day', t('Day')], ['territory', t('Territory')]].map(([v, l]) => html`<button class="btn" aria-pressed=${String(by.value === v)} @click=${() => {
			by.value = v
			if (v === 'territory' && !parts.peek())
				void gathered('territory', parts)
		}}>${l}</button>`)}</div>
			${intoDraft() ? html`<span class="row wrap"><button class="btn small" @click=${() => choose(able.map((h) => h.need), taken.length < able.length)}>${taken.length < able.length || !able.length ? t('All') : t('None')}</button>
				<button class="btn primary" ?disabled=${busy.value || !taken.length} @click=${() => accept(arrangement(x, y, taken))}>${icon('check')}${tn('Take {n} change', 'Take {n} changes', taken.length)}</button></span>`
				: html`<span class="faint">${session.value && uneven() ? nothing : session.value ? t('Compare your draft with a version to take single changes over.') : t('Lock the territory to take single changes over.')}</span>`}</div>
		${intoDraft() && able.length < all.length ? html`<div class="pad"><div class="notice warn" id="barred">${icon('warn')}<p>${tn('{n} change cannot be taken over: it puts a visit to an outlet, or of a seat, that is no longer here.', '{n} changes cannot be taken over: they put visits to outlets, or of seats, that are no longer here.', all.length - able.length)}</p></div></div>` : nothing}
		${!all.length ? empty('check', t('No outlet changes'), turned.length ? t('Only the order of some days differs.') : t('Both hold the same standing plan.')) : by.value === 'outlet' ? outletList(all) : by.value === 'territory' && !parts.value ? loading() : groupList(all)}
		${turned.length ? html`<p class="row between wrap pad"><span class="muted">${tn('{n} day has the same outlets in another order.', '{n} days have the same outlets in another order.', turned.length)}</span>${intoDraft() ? html`<button class="btn small" ?disabled=${busy.value} @click=${() => accept(turned)}>${t('Take the order over')}</button>` : nothing}</p>` : nothing}${pins.length ? pinList(pins) : nothing}</section>
		${Number(choice()[1]) ? html`<section class="card"><h2>${t('Comments on the version')}</h2>
			${thread(comments.all.value, { versionId: Number(choice()[1]) }, (c) => (subject(c) ? html`<small class="muted">${subject(c)}</small>` : nothing))}</section>` : nothing}`
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${id}/plan?channel=${channel}`}>${name.value || '…'}</a><span>/</span><a href=${`/territories/${id}/versions?channel=${channel}`}>${t('Versions')}</a></div><h1>${t('Compare')}</h1></div></div>
	${problem.value ? problemNotice(problem.value, () => void load()) : nothing}
	${versions.value.length ? html`<section class="card grid-2">${pick(t('Before'), 'a', true)}${pick(t('After'), 'b', false)}</section>${changes()}`
		: problem.value ? nothing : planId.value ? html`<section class="card">${empty('history', t('No versions yet'), t('Optimise or save, and they will be listed here.'))}</section>` : loading()}</div>`
	return { title: t('Compare'), view, dispose: stop }
}
