// SPDX-License-Identifier: GPL-3.0-or-later
// The territory tree with its figures, warnings and locks: the way into planning.
import { cls, css, html, nothing, signal } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, date, num, t, tn } from '../core/i18n.js'
import { onEvent } from '../core/live.js'
import { go, place, setQuery } from '../core/router.js'
import { can, canEverywhere, me } from '../core/session.js'
import { channelHere, channelSwitch } from '../components/channel.js'
import { icon } from '../components/icons.js'
import { ask, empty, openMenu, resource, shown, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Territory} Territory */

/** A level of the sales geography as it is called unless somebody names it. @param {string} level */
export const presetName = (level) => ({ COUNTRY: t('Country'), ZONE: t('Zone'), REGION: t('Region'), AREA: t('Area'), DT: t('Distributor') }[level] ?? level)
/** As people call it here. @param {string} level */
export const levelName = (level) => me.value?.levelNames.find((l) => l.code === level)?.name ?? presetName(level)

/** @type {Record<string, (a: Territory, b: Territory) => number>} */
const orders = {
	name: (a, b) => a.name.localeCompare(b.name), outlets: (a, b) => b.outlets - a.outlets, hours: (a, b) => (b.hours ?? -1) - (a.hours ?? -1), seats: (a, b) => b.seats - a.seats,
	plan: (a, b) => (b.plan?.unserved ?? -1) - (a.plan?.unserved ?? -1), lock: (a, b) => b.locks.length - a.locks.length,
}

/** Depth-first order with depths; a node whose parent is not in the list counts as a root. @param {Territory[]} list @param {(a: Territory, b: Territory) => number} [order] of brothers @returns {{node: Territory, depth: number}[]} */
export function treeOrder(list, order) {
	const ids = new Set(list.map((x) => x.id))
	/** @type {Map<number | null, Territory[]>} */
	const children = new Map()
	for (const x of list) {
		const parent = x.parentId !== null && ids.has(x.parentId) ? x.parentId : null
		children.set(parent, [...(children.get(parent) ?? []), x])
	}
	/** @type {{node: Territory, depth: number}[]} */
	const out = []
	const walk = (/** @type {number | null} */ parent, /** @type {number} */ depth) => {
		for (const x of order ? [...children.get(parent) ?? []].sort(order) : children.get(parent) ?? []) {
			out.push({ node: x, depth })
			walk(x.id, depth + 1)
		}
	}
	walk(null, 0)
	return out
}

export function page() {
	const models = resource(api.territoryModels)
	void models.load()
	/** The model of the address, where it is not the sales geography. */
	const other = () => models.data.value?.items.find((m) => !m.planned && String(m.id) === place.value.query.model) ?? null
	const list = resource(() => everything(api.territories, { q: place.peek().query.q, channel: channelHere(), ...(place.peek().query.model ? { model: place.peek().query.model } : {}) }))
	const closed = signal(/** @type {ReadonlySet<number>} */ (new Set()))
	/** What lies below a planning unit is opened on demand; a search shows all that it found. */
	const load = async () => {
		await list.load()
		closed.value = new Set(place.peek().query.q ? [] : list.data.peek()?.items.filter((x) => x.unit).map((x) => x.id))
	}
	void load()
	let timer = 0, told = 0
	/* Somebody locks a territory, or gives one back. */
	const stop = onEvent(['lock'], () => {
		clearTimeout(told)
		told = window.setTimeout(() => void list.load(), 300)
	})
	/** @param {string} q */
	const search = (q) => {
		setQuery({ q })
		clearTimeout(timer)
		timer = window.setTimeout(() => void load(), 250)
	}
	/** @param {Territory} x @param {import('../core/api.js').Lock} l */
	const forceUnlock = async (x, l) => {
		const reason = await ask({
			title: l.mine ? t('Give the lock back?') : t('Break the lock of {user}?', { user: l.user }),
			text: l.mine ? t('Your draft stays and opens again when you lock {name} anew.', { name: x.name }) : t('{user} has held {name} since {when}. Their draft is kept, but they cannot save further changes. They will see your reason.', { user: l.user, name: x.name, when: ago(l.since) }),
			confirm: l.mine ? t('Give back') : t('Break the lock'), danger: !l.mine, ...(l.mine ? {} : { reason: /** @type {const} */ ('required') }),
		})
		if (reason === null)
			return
		const [, failed] = await api.unlock(x.id, l.channel, reason || undefined)
		if (failed)
			toastProblem(failed)
		else
			toast(t('{name} is free', { name: x.name }))
		void list.load()
	}
	/** @param {Territory} x */
	const lockView = (x) => x.locks.map((l) => html`<span class=${cls('chip', l.mine ? 'accent' : l.stale ? 'warn' : 'info')} title=${t('{channel}, since {since}, last seen {seen}', { channel: l.channel, since: ago(l.since), seen: ago(l.lastSeen) })}>${icon('lock')}<span class="ellipsis">${l.channel} · ${l.mine ? t('you') : l.user} · ${ago(l.since)}${l.stale ? html` · ${t('idle')}` : nothing}</span></span>`)
	/** @param {Territory} x @param {Element} at */
	const more = (x, at) => openMenu(at, [
		{ label: t('Parameters'), icon: 'settings', run: () => go(`/territories/${x.id}/profile?channel=${channelHere()}`) },
		{ label: t('Planning units'), icon: 'territory', run: () => go(`/territories/${x.id}/units`) },
		{ label: t('Versions'), icon: 'history', disabled: x.plan ? false : t('There is no plan yet'), run: () => go(`/territories/${x.id}/versions?channel=${channelHere()}`) },
		{ label: t('Outlets'), icon: 'outlets', run: () => go(`/outlets?territory=${x.id}`) },
		{ label: t('Export'), icon: 'export', disabled: !can('EXPORT_DATA') ? t('Your role may not export plans') : x.plan ? false : t('There is no plan yet'), run: () => go(`/exports?plan=${x.plan?.id}`) },
		...x.locks.filter((l) => l.mine || can('FORCE_UNLOCK')).map((l) => ({ label: l.mine ? t('Give the lock back') : t('Break the lock of {user}', { user: l.user }), icon: 'unlock', run: () => void forceUnlock(x, l) })),
	])
	/** Why a unit is of an awkward size, and the way to mend it: a small one is put together with others beneath the territory above, where one of the
	 * lowest level is split, too. @param {Territory} x */
	const warning = (x) => {
		const n = x.outlets, limit = num(x.warningLimit ?? 0)
		const why = { TOO_LARGE: t('Too large: {n} outlets, at most {limit}', { n: num(n), limit }), LARGE: t('Large: {n} outlets, better at most {limit}', { n: num(n), limit }),
			TOO_SMALL: tn('Too small: {n} outlet, at least {limit}', 'Too small: {n} outlets, at least {limit}', n, { limit }), EMPTY: t('Empty: at least {limit} outlets', { limit }) }[x.warning ?? '']
		const small = x.warning === 'TOO_SMALL' || x.warning === 'EMPTY', lowest = x.level === 'DT', above = x.parentId !== null && list.data.value?.items.some((o) => o.id === x.parentId)
		const at = (small || lowest) && above ? x.parentId : x.id, href = `/territories/${at}/units${small ? '' : `?split=${x.id}`}`
		return why ? html`<small class="awkward">${icon('warn')}<span>${why}.${lowest && !above ? nothing : html` <a href=${href} aria-label=${small ? t('Merge {name} with others', { name: x.name }) : t('Split {name}', { name: x.name })}>${small ? t('Merge') : t('Split')}</a>`}</span></small>` : nothing
	}
	/** The name, indented, with what opens and closes the branch below it. @param {Territory} x @param {number} depth @param {boolean} branch */
	const nameCell = (x, depth, branch) => html`<td class="indent" ${css({ '--depth': depth })}><span class="row">${branch ? html`<button class="btn quiet small icon-only" aria-label=${closed.value.has(x.id) ? t('Open {name}', { name: x.name }) : t('Close {name}', { name: x.name })} @click=${() => {
				const next = new Set(closed.peek())
				if (!next.delete(x.id))
					next.add(x.id)
				closed.value = next
			}}>${icon(closed.value.has(x.id) ? 'right' : 'down')}</button>` : html`<span class="leaf"></span>`}
				<span class="named"><span>${x.unit ? html`<a href=${`/territories/${x.id}/plan?channel=${channelHere()}`}>${x.name}</a>` : x.name} ${x.code === x.name ? nothing : html`<small class="faint">${x.code}</small>`}</span>${warning(x)}</span></span></td>`
	/** A model beside the sales geography: to look at, nothing of it is planned. @param {{node: Territory, depth: number}[]} seen @param {Set<number | null>} parents */
	const modelTable = (seen, parents) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack" role="treegrid" aria-label=${t('Territories')}>
		<thead><tr><th>${t('Territory')}</th><th>${t('Level')}</th><th class="num">${t('Outlets')}</th><th class="num">${t('Visits in 4 weeks')}</th><th class="num">${t('Hours of work')}</th><th class="num">${t('Distributors')}</th><th></th></tr></thead>
		<tbody>${seen.map(({ node: x, depth }) => html`<tr aria-level=${depth + 1} aria-expanded=${parents.has(x.id) ? String(!closed.value.has(x.id)) : nothing}>${nameCell(x, depth, parents.has(x.id))}
			<td data-label=${t('Level')}><span class="muted">${x.level}</span></td><td class="num" data-label=${t('Outlets')}>${num(x.outlets)}</td><td class="num" data-label=${t('Visits in 4 weeks')}>${num(x.visits ?? 0)}</td><td class="num" data-label=${t('Hours of work')}>${num(x.hours ?? 0)}</td><td class="num" data-label=${t('Distributors')}>${num(x.partners)}</td>
			<td class="actions"><a class="btn small" href=${`/outlets?territory=${x.id}`} aria-label=${t('Outlets of {name}', { name: x.name })}>${t('Outlets')}</a></td></tr>`)}</tbody></table></div></section>`
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Territories')}</h1><p>${other() ? t('Planning is made in the units of the sales geography; this model cuts the same outlets in another way.') : t('Open a planning territory to see its plan. Lock it to change it: one planner at a time.')}</p></div>
		<div class="row wrap end">${other() ? html`<a class="btn" id="members-link" href=${`/territories/models/${other()?.id}`}>${icon('move')}${t('Where outlets lie')}</a>` : nothing}${(models.data.value?.items.length ?? 0) > 1 ? html`<select class="input auto" id="model" aria-label=${t('Territory model')} @change=${(/** @type {any} */ e) => {
			setQuery({ model: e.target.value, by: null })
			void load()
		}}>${models.data.value?.items.map((m) => html`<option value=${m.planned ? '' : m.id} ?selected=${m.planned ? !other() : m.id === other()?.id}>${m.name}</option>`)}</select>` : nothing}
		${other() ? nothing : channelSwitch(channelHere(), (channel) => {
			setQuery({ channel })
			void list.load()
		})}
		<div class="search">${icon('search')}<input class="input" type="search" placeholder=${t('Name or code')} aria-label=${t('Search territories')} .value=${place.peek().query.q ?? ''} @input=${(/** @type {any} */ e) => search(e.target.value)}></div></div></div>
	${shown(list, ({ items }) => {
		const by = place.value.query.by ?? ''
		const rows = treeOrder(items, orders[by])
		/** A row is shown unless a closed branch is above it. */
		let hide = Infinity
		const seen = rows.filter(({ node, depth }) => {
			if (depth > hide)
				return false
			hide = closed.value.has(node.id) ? depth : Infinity
			return true
		})
		const parents = new Set(items.map((x) => x.parentId))
		/** @param {string} key @param {string} label @param {string} [c] */
		const head = (key, label, c) => html`<th class=${c ?? ''} aria-sort=${by !== key ? nothing : key === 'name' ? 'ascending' : 'descending'}><button class="sort" @click=${() => setQuery({ by: by === key ? null : key })}>${label}${icon(by !== key ? 'sort' : key === 'name' ? 'up' : 'down')}</button></th>`
		if (rows.length && other())
			return modelTable(seen, parents)
		return rows.length ? html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack" role="treegrid" aria-label=${t('Territories')}>
		<thead><tr>${head('name', t('Territory'))}<th>${t('Level')}</th>${head('outlets', t('Outlets'), 'num')}${head('hours', t('Hours of work'), 'num')}${head('seats', t('Seats'), 'num')}<th class="num">${t('Distributors')}</th>${head('plan', t('Plan'))}${head('lock', t('Lock'))}<th></th></tr></thead>
		<tbody>${seen.map(({ node: x, depth }) => html`<tr aria-level=${depth + 1} aria-expanded=${parents.has(x.id) ? String(!closed.value.has(x.id)) : nothing}>
			${nameCell(x, depth, parents.has(x.id))}
			<td data-label=${t('Level')}><span class="muted">${levelName(x.level)}</span></td>
			<td class="num" data-label=${t('Outlets')}>${num(x.outlets)}${x.outlets > x.placed ? html` <small class="faint" title=${t('without coordinates')}>−${num(x.outlets - x.placed)}</small>` : nothing}</td>
			<td class=${cls('num', x.hours === null && 'void')} data-label=${t('Hours of work')}>${x.hours === null ? html`<span class="faint">–</span>` : html`<span title=${t('in four weeks: {n} visits', { n: num(x.visits ?? 0) })}>${num(x.hours)}</span>`}</td>
			<td class="num" data-label=${t('Seats')}>${x.seats ? num(x.seats) : html`<span class="faint">–</span>`}</td><td class="num" data-label=${t('Distributors')}>${num(x.partners)}</td>
			<td class=${cls(!x.unit && 'void')} data-label=${t('Plan')}>${x.plan && (x.unit || x.plan.version !== null) ? html`<span title=${date(x.plan.committedAt)}>${x.plan.version === null ? t('draft') : t('version {n}', { n: x.plan.version })}</span>${x.plan.unserved ? html` <span class="chip warn">${tn('{n} visit missing', '{n} visits missing', x.plan.unserved)}</span>` : nothing}` : x.unit ? html`<span class="faint">${t('none yet')}</span>` : nothing}</td>
			<td class=${cls('locks', !x.locks.length && 'void')} data-label=${t('Lock')}>${lockView(x)}</td>
			<td class="actions">${x.unit ? html`<a class="btn small" href=${`/territories/${x.id}/plan?channel=${channelHere()}`}>${t('Open')}</a>
				<button class="btn quiet small icon-only" aria-label=${t('More for {name}', { name: x.name })} aria-haspopup="menu" @click=${(/** @type {any} */ e) => more(x, e.currentTarget)}>${icon('more')}</button>`
				: x.outlets && x.level !== 'DT' ? html`<a class="btn quiet small" href=${`/territories/${x.id}/units`} aria-label=${t('Planning units of {name}', { name: x.name })}>${t('Planning units')}</a>` : nothing}</td></tr>`)}</tbody></table></div></section>`
			: html`<section class="card">${place.value.query.q ? empty('search', t('Nothing found'), t('No territory has this name or code.')) : other() ? empty('territory', t('No territories yet'), t('Import outlets in territory models: a file with the outlet’s code and a column for each level.'), canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${icon('import')}${t('Import')}</a>` : nothing)
			: empty('territory', t('No territories yet'), t('They are made from the columns of your outlet file: country, region, town, distributor.'), canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${icon('import')}${t('Import outlets')}</a>` : nothing)}</section>`
	})}</div>`
	return { title: t('Territories'), view, dispose: stop }
}
