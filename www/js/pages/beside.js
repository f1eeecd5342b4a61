// SPDX-License-Identifier: GPL-3.0-or-later
// Two scenarios of planning units, or one and what is now, beside each other: two maps that move together, the figures of both, and the
// outlets that the two put in different units.
import { cls, css, effect, html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, num, t, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { dark } from '../core/session.js'
import { icon } from '../components/icons.js'
import { empty, field, loading, problemNotice, resource, toastProblem } from '../components/ui.js'
import { besideStore } from '../units/beside.js'
import { unitColours } from '../units/colours.js'
import { deviations, keyOf } from '../units/model.js'
import { statusChip, wayName } from '../units/words.js'
import '../map/unitsmap.js'

/** @typedef {import('../core/api.js').UnitDifference} Difference */
/** @typedef {import('../core/api.js').UnitSide} Side */

/** @param {number} v */
const percent = (v) => t('{n} %', { n: num(v, 1) })
const TODAY = 'today'

/** @param {Record<string, string>} params */
export function page(params) {
	const id = params.id
	const territory = resource(() => api.territory(id))
	const list = resource(() => everything((q) => api.designs(id, q), {}))
	const s = besideStore(id)
	const rows = signal(/** @type {{items: Difference[], next: string | null}} */ ({ items: [], next: null }))
	/* On a small screen one map at a time. */
	const front = signal(0)
	void territory.load()
	void list.load()
	/** Scenarios of both sides, 'today' = what is now: without a choice the newest that waits for a decision beside today. */
	const sides = () => {
		const { left, right } = place.value.query, items = list.data.value?.items ?? []
		const newest = items.filter((x) => x.status === 'READY' || x.status === 'APPROVED').at(-1) ?? items.at(-1)
		return [left ?? TODAY, right ?? String(newest?.id ?? TODAY)]
	}
	const query = () => Object.fromEntries(sides().map((x, i) => [i ? 'right' : 'left', x === TODAY ? undefined : x]))
	const here = place.peek().path
	let seen = ''
	const stop = effect(() => {
		const pair = sides(), now = pair.join()
		if (!list.data.value || now === seen || place.value.path !== here)
			return
		seen = now
		queueMicrotask(async () => {
			rows.value = { items: [], next: null }
			const [a, b] = pair.map((x) => (x === TODAY ? undefined : Number(x)))
			await Promise.all([s.load(a, b), more()])
		})
	})
	const more = async () => {
		const { items, next } = rows.peek(), wanted = seen
		const [part, failed] = await api.unitDifferences(id, { ...query(), limit: items.length ? 200 : 50, after: next })
		if (failed)
			return items.length ? toastProblem(failed) : undefined
		if (wanted === seen)
			rows.value = { items: [...items, ...part.items], next: part.next }
	}
	/** @param {number} outlet */
	const show = (outlet) => {
		s.mark.value = s.mark.peek() === outlet ? null : outlet
		const p = s.shown[0].peek(), i = p && s.mark.peek() !== null ? p.id.indexOf(outlet) : -1
		if (!p || i < 0)
			return
		const map = /** @type {any} */ (document.querySelector('bp-units'))
		map?.scrollIntoView({ block: 'nearest' })
		map?.goTo(p.lat[i], p.lon[i])
	}
	/** @param {number} side */
	const nameOf = (side) => {
		const x = sides()[side], of = list.data.value?.items.find((d) => String(d.id) === x)
		return x === TODAY ? t('Today') : of ? t('{name} ({id})', { name: wayName(of.name), id: of.id }) : t('Scenario {id}', { id: x })
	}
	/** @param {number} side @param {string} label */
	const choose = (side, label) => field(side ? 'side-right' : 'side-left', label, html`<select id=${side ? 'side-right' : 'side-left'} class="input" @change=${(/** @type {any} */ e) => setQuery({ [side ? 'right' : 'left']: e.target.value })}>
		<option value=${TODAY} ?selected=${sides()[side] === TODAY}>${t('Units of today')}</option>${list.data.value?.items.map((d) => html`<option value=${d.id} ?selected=${sides()[side] === String(d.id)}>${t('{name} ({id})', { name: wayName(d.name), id: d.id })}, ${statusChip(d.status)[1]}, ${ago(d.createdAt)}</option>`)}</select>`)

	const figures = () => {
		const c = s.comparison.value
		if (!c)
			return nothing
		const best = Math.min(c.left.compactness, c.right.compactness)
		/** A row, with a tick at the better side. @param {string} label @param {(x: Side) => unknown} text @param {(x: Side) => number} [less] the less the better */
		const row = (label, text, less) => html`<tr><th scope="row">${label}</th>${[c.left, c.right].map((x, i) => {
			const better = less && less(x) < less(i ? c.left : c.right)
			return html`<td class="num">${better ? html`<span class="better" title=${t('better')}>${icon('check')}<span class="sr">${t('better')}: </span></span>` : nothing}${text(x)}</td>`
		})}</tr>`
		return html`<section class="card tight" id="side-figures"><h2 class="pad">${t('Figures')}</h2><div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Figures')}</caption>
			<thead><tr><th></th><th class="num">${nameOf(0)}</th><th class="num">${nameOf(1)}</th></tr></thead><tbody>
			${row(t('Units'), (x) => num(x.units))}
			${row(t('Largest difference of work'), (x) => percent(x.maxDeviationPct), (x) => x.maxDeviationPct)}
			${row(t('Scatter'), (x) => percent(best > 0 ? 100 * x.compactness / best : 100), (x) => x.compactness)}
			${row(t('In one piece'), (x) => t('{n} of {all}', { n: num(x.whole), all: num(x.units) }), (x) => x.units - x.whole)}
			${row(t('Moved outlets'), (x) => num(x.moved), (x) => x.moved)}
			${row(t('Seats touched'), (x) => num(x.seats), (x) => x.seats)}</tbody></table></div>
			<p class="faint pad">${t('Scatter is measured against the more compact of the two: 100 %. Outlets and seats are counted against the units at the time when a scenario was made.')}</p></section>`
	}
	/** Units of both sides by key, with their work. */
	const units = () => {
		const palette = unitColours(dark.value), off = s.shown.map((p) => (p.value ? deviations(p.value.units) : []))
		/** @type {Map<string, {name: string, side: ({outlets: number, hours: number | null, off: number} | null)[]}>} */
		const all = new Map()
		s.shown.forEach((p, side) => p.value?.units.forEach((u, i) => {
			if (!u.outlets)
				return
			const of = all.get(keyOf(u)) ?? { name: u.name, side: [null, null] }
			of.side[side] = { outlets: u.outlets, hours: p.value?.box && !p.value.weighed ? null : u.hours, off: off[side][i] }
			all.set(keyOf(u), of)
		}))
		const cell = (/** @type {{outlets: number, hours: number | null, off: number} | null} */ x) => html`<td class="num">${x?.hours === null ? tn('{n} outlet', '{n} outlets', x.outlets) : x ? html`${t('{n} h', { n: num(x.hours) })} <small class="faint">${x.off < 0 ? '−' : '+'}${num(Math.abs(x.off), 1)} %</small>` : '–'}</td>`
		return html`<section class="card tight" id="side-units"><h2 class="pad">${t('Units')}</h2><div class="table-wrap" tabindex="0"><table class="table dense"><caption class="sr">${t('Units')}</caption>
			<thead><tr><th>${t('Unit')}</th><th class="num">${nameOf(0)}</th><th class="num">${nameOf(1)}</th></tr></thead><tbody>${[...all].map(([key, u]) => html`<tr class=${cls(key === s.chosen.value && 'on')} @pointerenter=${() => (s.hover.value = key)} @pointerleave=${() => (s.hover.value = null)}>
			<td><span class="unit-name"><i class="dot s1" ${css({ '--c': palette[s.colours.value.get(key) ?? 0] })}></i><button class="btn quiet small" aria-pressed=${String(key === s.chosen.value)} @focus=${() => (s.hover.value = key)} @blur=${() => (s.hover.value = null)}
				@click=${() => (s.chosen.value = key === s.chosen.value ? null : key)}>${u.name}</button></span></td>${u.side.map(cell)}</tr>`)}</tbody></table></div></section>`
	}
	const differences = () => {
		const c = s.comparison.value, { items, next } = rows.value
		if (!c)
			return nothing
		return html`<section class="card tight" id="side-differences"><div class="units-head"><h2 class="grow">${t('Outlets in different units')} <small class="faint">${num(c.differ)}</small></h2>
			${c.differ ? html`<a class="btn small" href=${api.differencesUrl(id, query())} download>${icon('export')}${t('Download (CSV)')}</a>` : nothing}</div>
			${items.length ? html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Outlets in different units')}</caption><thead><tr><th>${t('Outlet')}</th><th>${t('Town')}</th><th>${nameOf(0)}</th><th>${nameOf(1)}</th><th>${t('Seat')}</th><th></th></tr></thead>
			<tbody>${items.map((o) => html`<tr class=${cls(o.outletId === s.mark.value && 'on')}><td><a href=${`/outlets/${o.outletId}`}>${o.name || o.code}</a> <small class="faint">${o.code}</small></td><td data-label=${t('Town')}>${o.city || '–'}</td><td data-label=${nameOf(0)}>${o.left}</td><td data-label=${nameOf(1)}>${o.right}</td><td data-label=${t('Seat')}>${o.seat ?? '–'}</td>
				<td class="actions">${s.shown[0].value?.box ? nothing : html`<button class="btn quiet small" aria-pressed=${String(o.outletId === s.mark.value)} aria-label=${t('Show {name} on the map', { name: o.name || o.code })} @click=${() => show(o.outletId)}>${icon('map')}${t('Show')}</button>`}</td></tr>`)}</tbody></table></div>
			<p class="row pad"><span class="faint grow">${t('{n} of {all}', { n: num(items.length), all: num(c.differ) })}</span>${next ? html`<button class="btn small" @click=${more}>${t('Show more')}</button>` : nothing}</p>`
			: c.differ ? loading() : html`<p class="muted pad">${t('Both put every outlet in the same unit.')}</p>`}</section>`
	}
	const maps = () => html`<section class="card tight" id="side-maps"><div class="units-head"><div class="segmented one-map" role="group" aria-label=${t('What is shown')}>${[0, 1].map((i) => html`<button class="btn" aria-pressed=${String(front.value === i)} @click=${() => (front.value = i)}>${nameOf(i)}</button>`)}</div>
		<span class="row wrap" role="group" aria-label=${t('Meaning of the shapes')}><span class="row"><i class="dot s0"></i>${t('in the same unit')}</span><span class="row"><i class="dot s2"></i>${t('in different units')}</span></span><span class="grow"></span>
		<label class="check"><input type="checkbox" .checked=${s.onlyMoved.value} @change=${(/** @type {any} */ e) => (s.onlyMoved.value = e.target.checked)}>${t('Only what differs')}</label></div>
		${s.problem.value ? problemNotice(s.problem.value) : s.shown[0].value ? nothing : loading(t('Fetching the territory…'), s.arrived.share.value)}
		${s.problem.value && !s.shown[0].value ? nothing : html`<div class="two-maps">${s.views.map((v, i) => html`<section class=${cls(front.value === i && 'front')} aria-label=${nameOf(i)}><h3>${nameOf(i)}</h3><bp-units .store=${v}></bp-units></section>`)}</div>`}</section>`
	const view = () => html`<div class="page"><div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories/${id}/units`}>${territory.data.value?.name ?? '…'}</a><span>/</span><span>${t('Planning units')}</span></div>
		<h1>${t('Side by side')}</h1><p>${t('Two ways to cut {name} into units: what one map shows, the other does too.', { name: territory.data.value?.name ?? '…' })}</p></div></div>
		${list.error.value ? problemNotice(list.error.value) : !list.data.value ? loading() : !list.data.value.items.length ? html`<section class="card">${empty('territory', t('No scenarios yet'), t('Have units designed, and the ways will be listed here side by side.'), html`<a class="btn" href=${`/territories/${id}/units`}>${t('Planning units')}</a>`)}</section>`
		: html`<section class="card"><div class="grid-2">${choose(0, t('Left'))}${choose(1, t('Right'))}</div></section>
			${maps()}<div class="two-cards">${figures()}${units()}</div>${differences()}`}
		${s.comparison.value ? html`<p class="sr" role="status">${tn('{n} outlet lies in different units', '{n} outlets lie in different units', s.comparison.value.differ)}</p>` : nothing}</div>`
	return { title: t('Side by side'), view, dispose: stop }
}
