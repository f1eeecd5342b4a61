// SPDX-License-Identifier: GPL-3.0-or-later
// A boundary drawn by hand on the map of units, or one that is there changed by its corners: whose it is, what the server says of it, and why.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { num, t, tn } from '../core/i18n.js'
import { icon } from '../components/icons.js'
import { field, loading, openDialog, problemNotice, toast, toastProblem } from '../components/ui.js'
import { levelName } from '../pages/territories.js'
import { faultName } from './geojson.js'

/** @typedef {[number, number][]} Ring lon, lat; the first corner not again at the end */
/** @typedef {{id: number, code: string, name: string, level: string}} Whose */

const CORNERS_MOST = 1000 /* of a ring that a person can change one by one */
const FOUND_MOST = 100

const theMap = () => /** @type {any} */ (document.querySelector('bp-units'))
/** @param {Ring} ring as GeoJSON has it */
const closed = (ring) => [...ring, ring[0]]

/** @param {string} id of the territory @param {() => string[]} levels of the territories here @param {(change: number, reason: string) => Promise<void>} kept */
export function boundaryDrawing(id, levels, kept) {
	/** @param {Whose} whose @param {unknown} geometry @param {string | null} reason null = only look */
	const send = (whose, geometry, reason) => api.putBoundaries(whose.id, { swap: false, named: 'code', level: whose.level, keep: reason !== null, reason,
		geojson: { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { code: whose.code, name: whose.name }, geometry }] } })

	/**
	 * Asks whose it is, unless that is known, and why; tells what is wrong with it before it is kept.
	 * @param {Whose | null} of @param {Ring} ring @param {(ring: Ring) => unknown} geometry
	 * @returns {Promise<true | {lat: number, lon: number} | null>} kept; or where it is to be corrected
	 */
	const ask = (of, ring, geometry) => new Promise((done) => {
		const whose = signal(of), found = signal(/** @type {{items: Whose[], more: boolean} | null} */ (null)), level = signal(''), q = signal('')
		const checked = signal(/** @type {import('../core/api.js').BoundaryChecked | null} */ (null)), problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
		const reason = signal(''), busy = signal(false)
		let result = /** @type {true | {lat: number, lon: number} | null} */ (null), asked = 0, searched = 0
		const check = async () => {
			const w = whose.peek(), mine = ++asked
			checked.value = problem.value = null
			if (!w)
				return
			const [r, failed] = await send(w, geometry(ring), null)
			if (mine !== asked)
				return
			checked.value = r?.boundaries[0] ?? null
			problem.value = failed
		}
		/** @param {Whose | null} w */
		const choose = (w) => {
			whose.value = w
			void check()
		}
		const search = async () => {
			const mine = ++searched
			const [r, failed] = await api.territories({ beneath: id, level: level.peek() || null, q: q.peek().trim() || null, limit: FOUND_MOST })
			if (mine !== searched)
				return
			if (failed)
				return toastProblem(failed)
			found.value = { items: r.items, more: !!r.next }
			const w = whose.peek()
			if (w && !q.peek().trim() && w.level === level.peek())
				found.value = { items: [w, ...r.items.filter((x) => x.id !== w.id)], more: !!r.next }
			else if (w && !r.items.some((x) => x.id === w.id))
				choose(null)
		}
		/** The unit of most of its outlets is offered first. */
		const begin = async () => {
			const most = theMap()?.mostIn(ring), [u] = most ? await api.territory(most) : [null]
			level.value = u?.level ?? levels().at(-1) ?? ''
			if (u)
				choose({ id: u.id, code: u.code, name: u.name, level: u.level })
			await search()
		}
		const keep = async () => {
			const w = whose.peek(), why = reason.peek().trim()
			if (!w || !why || busy.peek() || checked.peek()?.fault)
				return
			busy.value = true
			const [r, failed] = await send(w, geometry(ring), why)
			busy.value = false
			problem.value = failed
			if (!r?.id)
				return
			result = true
			close()
			await kept(r.id, why)
		}
		const whoseView = () => html`<div class="grid-2">${field('drawn-level', t('Level'), html`<select id="drawn-level" class="input" @change=${(/** @type {any} */ e) => {
			level.value = e.target.value
			void search()
		}}><option value="" ?selected=${!level.value}>${t('any')}</option>${[...new Set([...levels(), level.value])].filter(Boolean).map((l) => html`<option value=${l} ?selected=${level.value === l}>${levelName(l)}</option>`)}</select>`)}
			${field('drawn-search', t('Part of its name, or code'), html`<input id="drawn-search" class="input" autocomplete="off" maxlength="100" .value=${q.value} @input=${(/** @type {any} */ e) => {
				q.value = e.target.value
				void search()
			}}>`)}</div>
			${found.value ? field('drawn-whose', t('Territory that it is the boundary of'), html`<select id="drawn-whose" class="input" @change=${(/** @type {any} */ e) => choose(found.peek()?.items.find((x) => x.id === Number(e.target.value)) ?? null)}>
				<option value="" ?selected=${!whose.value}></option>${found.value.items.map((x) => html`<option value=${x.id} ?selected=${x.id === whose.value?.id}>${level.value ? x.name : `${x.name} · ${levelName(x.level)}`}</option>`)}</select>`,
			{ help: found.value.more ? t('These are the first {n}: a part of the name finds others.', { n: num(FOUND_MOST) }) : nothing, problem: found.value.items.length ? undefined : t('There is no such territory here.') }) : loading()}`
		const told = () => {
			const b = checked.value
			if (!whose.value || problem.value)
				return nothing
			if (!b)
				return loading()
			return b.fault ? html`<div class="notice bad" role="alert">${icon('warn')}<div><p><b>${t('{name}: it {fault}.', { name: b.territory ?? b.name, fault: faultName(b.fault) })}</b> ${b.other ? b.other : nothing}</p>
				<p>${b.fault === 'OVERLAPS' ? t('Correct the border between them, or remove the boundary of the other one first.') : t('Nothing is lost: correct its corners on the map, and save again.')}</p></div></div>`
				: html`<p role="status">${b.inside === null ? nothing : html`${tn('{n} outlet of the territory lies in it,', '{n} outlets of the territory lie in it,', b.inside)} ${tn('{n} outside.', '{n} outside.', b.outside ?? 0)} `}${b.replaces && !of ? html`<b>${t('It takes the place of the boundary that the territory has.')}</b>` : nothing}</p>`
		}
		const close = openDialog({
			title: () => (of ? t('Keep the boundary of {name}?', { name: of.name }) : t('Whose boundary is it?')), text: () => t('Maps show it in place of an outline. Outlets stay where they are. It can be undone.'),
			body: () => html`${of ? nothing : whoseView()}${problem.value ? problemNotice(problem.value) : nothing}${told()}
				${field('drawn-reason', t('Reason'), html`<input id="drawn-reason" class="input" maxlength="500" autocomplete="off" .value=${reason.value} @input=${(/** @type {any} */ e) => (reason.value = e.target.value)} @keydown=${(/** @type {KeyboardEvent} */ e) => {
					if (e.key !== 'Enter')
						return
					e.preventDefault() /* the key would press what is focused once the dialog is gone */
					void keep()
				}}>`)}`,
			foot: () => html`<button class="btn" @click=${() => {
				const b = checked.peek()
				result = b?.fault && b.lat !== null && b.lon !== null ? { lat: b.lat, lon: b.lon } : null
				close()
			}}>${t('Correct the corners')}</button>
				<button class="btn primary" id="drawn-keep" ?disabled=${!whose.value || !reason.value.trim() || busy.value || !checked.value || !!checked.value.fault} @click=${keep}>${t('Keep')}</button>`,
			onclose: () => done(result),
		})
		void (of ? check() : begin())
	})

	/* What somebody left on the map without keeping it: how to go on, and whose it is, '' = not known yet. */
	const unfinished = signal(/** @type {{name: string, run: () => void} | null} */ (null))
	/** On the map; what is left there can be gone on with. @param {Whose | null} of @param {Ring} ring @param {(ring: Ring) => unknown} geometry @param {Ring} was */
	const onMap = (of, ring, geometry, was) => {
		const there = theMap()?.drawRing({ ring, name: of?.name ?? '', keep: (/** @type {Ring} */ r) => ask(of, r, geometry), left: (/** @type {Ring} */ r) => {
			if (!theMap() || !r.length || JSON.stringify(r) === JSON.stringify(was))
				return
			const run = () => {
				unfinished.value = null // before the map is asked: it leaves what it has
				onMap(of, r, geometry, was)
			}
			unfinished.value = { name: of?.name ?? '', run }
			toast(t('The boundary was not kept'), { action: { label: t('Go on with it'), run } })
		} })
		if (!there)
			toast(t('The map is not there yet: try again in a moment.'), { bad: true })
	}
	/** @param {import('../core/api.js').Boundary} b @param {number[][][][]} all polygons @param {number} p which @param {number} k ring of it */
	const change = (b, all, p, k) => {
		const ring = /** @type {Ring} */ (all[p][k].slice(0, -1))
		onMap(b, ring, (r) => ({ type: 'MultiPolygon', coordinates: all.map((rings, i) => (i !== p ? rings : rings.map((x, j) => (j === k ? closed(r) : x)))) }), ring)
	}
	/** Which ring; those that have too many corners are for a file. @param {import('../core/api.js').Boundary} b @param {number[][][][]} all */
	const choosePart = (b, all) => {
		const parts = all.flatMap((rings, p) => rings.map((ring, k) => ({ p, k, n: ring.length - 1 }))), large = parts.filter((x) => x.n > CORNERS_MOST).length
		const close = openDialog({
			title: () => t('Edit the boundary of {name}', { name: b.name }),
			body: () => html`${parts.length > 1 ? html`<p>${t('It has {n} rings. Choose the one to be edited: the others stay as they are.', { n: num(parts.length) })}</p>` : nothing}
				${large ? html`<div class="notice warn">${icon('warn')}<p>${t('A ring of more than {n} corners is too much to edit by hand. Download the boundary, change it or make it simpler elsewhere, and choose that file: it takes the place of this one.', { n: num(CORNERS_MOST) })}</p></div>` : nothing}
				<ul class="plain" id="boundary-parts">${parts.map((x) => html`<li><button class="btn quiet" ?disabled=${x.n > CORNERS_MOST} @click=${() => {
					close()
					change(b, all, x.p, x.k)
				}}>${x.k ? t('Hole {n} in part {part}', { n: num(x.k), part: num(x.p + 1) }) : t('Part {n}', { n: num(x.p + 1) })} <small class="faint">${tn('{n} corner', '{n} corners', x.n)}</small></button></li>`)}</ul>`,
			foot: () => html`<a class="btn" download=${`boundary-${b.code}.geojson`} href=${api.boundaryUrl(b.id)}>${icon('export')}${t('Download (GeoJSON)')}</a><button class="btn" @click=${() => close()}>${t('Cancel')}</button>`,
		})
	}
	return {
		unfinished,
		draw: () => onMap(null, [], (r) => ({ type: 'Polygon', coordinates: [closed(r)] }), []),
		/** @param {import('../core/api.js').Boundary} b */
		edit: async (b) => {
			const [f, failed] = await api.boundary(b.id)
			if (failed)
				return toastProblem(failed)
			const all = f.geometry.coordinates, one = all.length === 1 && all[0].length === 1 && all[0][0].length <= CORNERS_MOST + 1
			one ? change(b, all, 0, 0) : choosePart(b, all)
		},
	}
}
