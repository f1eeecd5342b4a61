// SPDX-License-Identifier: GPL-3.0-or-later
// Which outlets lie where in a territory model beside the sales geography: chosen on the map or in the list, put elsewhere with a
// reason, and taken back.
import { batch, cls, computed, css, html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, instant, num, t, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { canEverywhere, dark } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { ask, empty, field, loading, problemNotice, resource, toast, toastProblem } from '../components/ui.js'
import { colourUnits, unitColours } from '../units/colours.js'
import { keyOf, placesOf } from '../units/model.js'
import { none } from '../units/store.js'
import '../map/unitsmap.js'

/** @typedef {import('../units/model.js').Places} Places */
const NEW = 'new', OUT = 'out', GREY = 6 /* of unitColours */

/** @param {Record<string, string>} params */
export function page(params) {
	const id = Number(params.id), may = canEverywhere('MANAGE_TERRITORIES')
	const models = resource(api.territoryModels), changes = resource(() => api.memberChanges(id, { limit: 20 }))
	/** Parts of the sales geography to look at: planning units, and what is above them. */
	const parts = resource(() => everything(api.territories, { limit: 500 }))
	const model = () => models.data.value?.items.find((m) => m.id === id) ?? null
	const shown = signal(/** @type {Places | null} */ (null)), problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))
	/* Outlets by their numbers: those without coordinates are chosen in the list. */
	const chosenIds = signal(/** @type {ReadonlySet<number>} */ (new Set()))
	const target = signal(''), path = signal(''), busy = signal(false)
	const within = () => place.value.query.territory ?? ''
	const list = pagedList((q) => (q.territory ? api.outlets(q) : Promise.resolve([{ items: [], next: null }, null])), ['q', 'territory'])
	const indexOf = computed(() => new Map(Array.from(shown.value?.id ?? [], (o, i) => [o, i])))
	const select = (/** @type {Iterable<number>} */ ids, /** @type {'set' | 'add' | 'toggle'} */ how) => {
		const next = new Set(how === 'set' ? [] : chosenIds.peek())
		for (const o of ids)
			if (!(how === 'toggle' && next.delete(o)))
				next.add(o)
		chosenIds.value = next
	}
	const colours = computed(() => {
		const units = shown.value?.units ?? []
		return new Map([...colourUnits(units.filter((u) => u.territoryId !== null).map(keyOf), []), ...units.filter((u) => u.territoryId === null).map((u) => /** @type {[string, number]} */ ([keyOf(u), GREY]))])
	})
	/** @type {import('../map/unitsmap.js').Store} */
	const map = {
		id: '', shown, after: shown, outlines: { before: signal(none), after: signal(none) }, colours, chosen: signal(null), hover: signal(null), onlyMoved: signal(false), plain: true,
		selection: computed(() => new Set([...chosenIds.value].flatMap((o) => indexOf.value.get(o) ?? []))), editable: computed(() => may), closer: async () => {},
		select: (found, how) => select([...found].map((i) => shown.peek()?.id[i] ?? 0), how),
	}
	let turn = 0
	const loadPlaces = async () => {
		const mine = ++turn, at = place.peek().query.territory
		if (!at)
			return
		const [p, failed] = await api.places(at, { model: id })
		if (mine !== turn)
			return
		map.id = at
		problem.value = failed
		const places = p && placesOf(p)
		shown.value = places && { ...places, moved: new Uint8Array(places.n), units: places.units.map((u) => (u.territoryId === null ? { ...u, name: t('in no territory') } : u)) }
	}
	void models.load()
	void changes.load()
	void parts.load().then(() => {
		/* Without a choice the first planning unit. */
		if (!place.peek().query.territory)
			setQuery({ territory: parts.data.peek()?.items.find((x) => x.unit)?.id })
		void loadPlaces()
	})
	/** What the outlet that is listed lies in. @param {number} outlet */
	const liesIn = (outlet) => {
		const i = indexOf.value.get(outlet), p = shown.value
		return p && i !== undefined ? p.units[p.unit[i]].name : '–'
	}
	/** @param {number} change @param {string} reason */
	const takeBack = async (change, reason) => {
		const [r, failed] = await api.undoMembers(id, change, reason)
		if (failed)
			return toastProblem(failed)
		toast(r.kept ? tn('{n} outlet that was moved since stays', '{n} outlets that were moved since stay', r.kept) : tn('{n} outlet is back', '{n} outlets are back', r.back))
		await Promise.all([loadPlaces(), changes.load(), models.load()])
	}
	const put = async () => {
		const where = target.peek(), outlets = [...chosenIds.peek()], levels = path.peek().split('›').flatMap((x) => x.trim() || [])
		const reason = await ask({ title: where === OUT ? t('Take them out of the model?') : t('Put them there?'), confirm: where === OUT ? t('Take out') : t('Put there'), reason: 'required',
			text: tn('{n} outlet changes its territory in this model. Planning is not touched; it can be undone.', '{n} outlets change their territory in this model. Planning is not touched; it can be undone.', outlets.length) })
		if (reason === null)
			return
		busy.value = true
		const [r, failed] = await api.putMembers(id, { outlets, reason, ...(where === NEW ? { path: levels } : where === OUT ? {} : { territoryId: Number(where) }) })
		busy.value = false
		if (failed)
			return toastProblem(failed)
		batch(() => {
			chosenIds.value = new Set()
			target.value = path.value = ''
		})
		toast(tn('{n} outlet lies elsewhere now', '{n} outlets lie elsewhere now', r.outlets), { action: { label: t('Undo'), run: () => void takeBack(r.id, reason) } })
		await Promise.all([loadPlaces(), changes.load(), models.load()])
	}
	/** @param {import('../core/api.js').MemberChange} c */
	const undo = async (c) => {
		const reason = await ask({ title: t('Take this change back?'), confirm: t('Undo'), danger: true, reason: 'required', text: t('Every outlet goes back to where it lay. What somebody moved since stays.') })
		if (reason !== null)
			await takeBack(c.id, reason)
	}

	const edit = () => {
		const n = chosenIds.value.size, p = shown.value, m = model()
		if (!may)
			return nothing
		return html`<div class="units-edit" id="members-edit"><b aria-live="polite">${n ? tn('{n} outlet selected', '{n} outlets selected', n) : t('Change by hand')}</b>
			${!n ? html`<p class="muted">${t('Tick outlets in the list, or select them on the map with the lasso, a box or corners.')}</p>` : html`<div class="row wrap"><label class="sr" for="members-target">${t('Put into')}</label>
			<select id="members-target" class="input" @change=${(/** @type {any} */ e) => (target.value = e.target.value)}><option value="" ?selected=${!target.value}>${t('Put into…')}</option>${p?.units.map((u) => (u.territoryId === null ? nothing : html`<option value=${u.territoryId} ?selected=${target.value === String(u.territoryId)}>${u.name}</option>`))}
				<option value=${NEW} ?selected=${target.value === NEW}>${t('a new territory')}</option><option value=${OUT} ?selected=${target.value === OUT}>${t('in no territory')}</option></select>
			${target.value === NEW ? html`<label class="sr" for="members-path">${t('Name of the new territory')}</label><input id="members-path" class="input" autocomplete="off" placeholder=${m?.levels.join(' › ') ?? ''} .value=${path.value} @input=${(/** @type {any} */ e) => (path.value = e.target.value)}><span class="faint">${t('Levels are parted by ›, the widest first.')} <button class="btn quiet small" @click=${() => {
				path.value += ' › '
				document.getElementById('members-path')?.focus()
			}}>›<span class="sr">${t('next level')}</span></button></span>` : nothing}
			<button class="btn primary" id="members-put" ?disabled=${busy.value || !target.value || (target.value === NEW && !path.value.trim())} @click=${put}>${icon('move')}${t('Put there')}…</button>
			<button class="btn quiet" @click=${() => (chosenIds.value = new Set())}>${t('Clear the selection')}</button></div>`}</div>`
	}
	const table = () => list.view((items) => html`<div class="table-wrap" tabindex="0"><table class="table dense" id="members-list"><caption class="sr">${t('Outlets')}</caption><thead><tr>${may ? html`<th><input type="checkbox" aria-label=${t('Select all that are listed')} .checked=${items.length > 0 && items.every((o) => chosenIds.value.has(o.id))} @change=${(/** @type {any} */ e) => {
		const all = new Set(items.map((o) => o.id))
		e.target.checked ? select(all, 'add') : select([...chosenIds.peek()].filter((o) => !all.has(o)), 'set')
	}}></th>` : nothing}<th>${t('Outlet')}</th><th>${t('Lies in')}</th></tr></thead>
		<tbody>${items.map((o) => html`<tr class=${cls(chosenIds.value.has(o.id) && 'on')}>${may ? html`<td><input type="checkbox" aria-label=${t('Select {name}', { name: o.name || o.code })} .checked=${chosenIds.value.has(o.id)} @change=${() => select([o.id], 'toggle')}></td>` : nothing}
			<td><span class="two"><a href=${`/outlets/${o.id}`}>${o.name || o.code}</a><small class="faint">${o.code}</small></span></td><td>${liesIn(o.id)}</td></tr>`)}</tbody></table></div>`, () => empty('search', t('Nothing found'), t('No outlet fits these filters.')))
	const legend = () => {
		const palette = unitColours(dark.value), p = shown.value
		return p ? html`<div class="row wrap members-legend">${p.units.filter((u) => u.outlets).map((u) => html`<button class="chip" aria-pressed=${String(map.chosen.value === keyOf(u))} @click=${() => (map.chosen.value = map.chosen.peek() === keyOf(u) ? null : keyOf(u))}><i class="dot s1" ${css({ '--c': palette[colours.value.get(keyOf(u)) ?? 0] })}></i>${u.name} <span class="num">${num(u.outlets)}</span></button>`)}</div>` : nothing
	}
	const history = () => {
		const items = changes.data.value?.items ?? []
		return html`<section class="card tight" id="members-changes"><h2 class="pad">${t('Changes by people')}</h2>${!items.length ? html`<p class="muted pad">${t('Nobody has changed where outlets lie by hand yet.')}</p>` : html`<div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Changes by people')}</caption>
			<thead><tr><th>${t('Changed')}</th><th>${t('Put into')}</th><th class="num">${t('Outlets')}</th><th>${t('By')}</th><th>${t('Reason')}</th><th></th></tr></thead>
			<tbody>${items.map((c) => html`<tr><td><span title=${instant(c.at)}>${ago(c.at)}</span></td><td data-label=${t('Put into')}>${c.territory ?? t('in no territory')}</td><td class="num" data-label=${t('Outlets')}>${num(c.outlets)}</td><td data-label=${t('By')}>${c.person ?? '–'}</td><td data-label=${t('Reason')}>${c.reason}</td>
				<td class="actions">${c.undone ? html`<span class="chip warn">${t('undone')}</span>` : may ? html`<button class="btn small" aria-label=${t('Undo the change of {when}', { when: instant(c.at) })} @click=${() => undo(c)}>${icon('undo')}${t('Undo')}…</button>` : nothing}</td></tr>`)}</tbody></table></div>`}</section>`
	}
	const view = () => {
		const m = model()
		return html`<div class="page"><div class="page-head"><div><div class="crumbs"><a href="/territories">${t('Territories')}</a><span>/</span><a href=${`/territories?model=${id}`}>${m?.name ?? '…'}</a></div>
		<h1>${t('Where outlets lie')}</h1><p>${t('This model cuts the same outlets in another way. What is changed here stays until a file of outlets in territory models says something else.')}</p></div></div>
		${models.error.value ? problemNotice(models.error.value) : !parts.data.value ? loading() : html`<section class="card"><div class="grid-2">${field('members-within', t('Show outlets of'), html`<select id="members-within" class="input" @change=${(/** @type {any} */ e) => {
			setQuery({ territory: e.target.value })
			chosenIds.value = new Set()
			void loadPlaces()
		}}>${parts.data.value.items.filter((x) => x.outlets).map((x) => html`<option value=${x.id} ?selected=${within() === String(x.id)}>${x.name} (${num(x.outlets)})</option>`)}</select>`)}</div></section>
		<section class="card tight" id="members">${problem.value ? problemNotice(problem.value) : nothing}<div class="units-head">${legend()}</div>
			<div class="units-work"><bp-units .store=${map}></bp-units><div class="units-side"><div class="pad">${list.search('q', t('Name, code or town'))}</div>${table()}${edit()}</div></div></section>${history()}`}</div>`
	}
	return { title: t('Where outlets lie'), view, dispose: list.dispose }
}
