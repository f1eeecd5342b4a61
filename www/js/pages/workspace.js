// SPDX-License-Identifier: GPL-3.0-or-later
// The planning workspace: map, board and list of one territory, with one selection.
import { cls, effect, html, nothing, signal, untracked } from '../core/html.js'
import { ago, clock, day, dayMonth, num, t, tn } from '../core/i18n.js'
import { watch } from '../core/live.js'
import { go, place, setQuery } from '../core/router.js'
import { latest, readNotices } from '../core/notices.js'
import { can, canEverywhere, isOff } from '../core/session.js'
import { api } from '../core/api.js'
import { turnOf } from '../plan/model.js'
import { createStore } from '../plan/store.js'
import { createUnion } from '../plan/unionstore.js'
import { listOf, parseFilters } from '../plan/filters.js'
import { operation, operationOf, operations } from '../plan/operations.js'
import { channelHere, channelSwitch, whyNoPlanning } from '../components/channel.js'
import { icon } from '../components/icons.js'
import { ask, empty, loading, openDialog, openMenu, problemNotice, toast, toastProblem } from '../components/ui.js'
import '../map/mapview.js'
import { heldNotes } from '../workspace/held.js'
import { lockCard, lockSetDialog } from '../workspace/lockset.js'
import { createBoard } from '../workspace/board.js'
import { createPanel } from '../workspace/panel.js'
import { createStores } from '../workspace/stores.js'
import { runOperation } from '../workspace/commands.js'
import { ofOne } from '../workspace/parts.js'
import { fairnessDialog, ledgerDialog } from '../workspace/review.js'
import { whatIfDialog } from '../workspace/whatif.js'

/** Lists of outlets that an address may name. */
const lists = ['all', 'unserved', 'unplaced']

/** @param {Record<string, string>} params */
export function page(params) {
	const channel = channelHere(), mayNot = whyNoPlanning(channel)
	const ids = [...new Set(params.id.split(',').map(Number))], s = ids.length > 1 ? createUnion(ids, channel) : createStore(ids[0], channel)
	/** On a phone one pane at a time. */
	const pane = signal('map')
	const panel = createPanel(s, () => {
		pane.value = 'list'
	})
	const board = createBoard(s, panel.talk)
	/** Modern trade has few, heavy visits: its board can be read by store. */
	const stores = createStores(s, (stop, conflict) => panel.ask(stop, conflict), panel.talk)
	const byStore = signal(channel === 'MT')
	const locking = signal(false)
	const lockProblem = signal(/** @type {import('../core/http.js').Problem | null} */ (null))

	/** What is chosen outlives a reload, by ids: the outlets may be others then. */
	const chosenKey = `bp.chosen.${params.id}.${channel}`
	const keepChosen = () => {
		const w = s.world.peek(), ids = w ? [...s.selection.peek()].map((i) => w.id[i]) : []
		try {
			sessionStorage.setItem(chosenKey, JSON.stringify(ids))
		} catch {
			// A browser without storage only forgets.
		}
	}
	addEventListener('pagehide', keepChosen)
	const chosenBefore = () => {
		try {
			const ids = new Set(JSON.parse(sessionStorage.getItem(chosenKey) ?? '[]'))
			sessionStorage.removeItem(chosenKey)
			return ids.size ? (s.world.peek()?.id ?? []).flatMap((id, i) => (ids.has(id) ? [i] : [])) : []
		} catch {
			return []
		}
	}

	/** Goes where an address says: a seat by its code, a date, a list of outlets. @param {Record<string, string>} query */
	const follow = ({ seat, date, list }) => {
		const p = s.plan.peek()
		if (!p)
			return
		const id = p.seats.find((x) => x.code === seat)?.id ?? null, turn = date ? turnOf(p.cycle, date) : NaN
		if (turn >= 0)
			s.turn.value = turn
		const d = s.days.peek().find((x) => s.dateOfDay(x) === date) ?? null
		if (id !== s.focus.peek().seat || d !== s.focus.peek().day)
			s.focus.value = { seat: id, day: d }
		if (lists.includes(list))
			panel.tab.value = list
		else if (lists.includes(panel.tab.peek()))
			panel.tab.value = 'day'
	}
	const linked = place.peek().query
	let settled = false
	void s.load().then(() => {
		settled = true
		if (!s.plan.peek())
			return
		follow(linked)
		s.select(chosenBefore())
		const at = linked.outlet ? s.world.peek()?.id.indexOf(Number(linked.outlet)) ?? -1 : -1
		if (at >= 0) {
			s.select([at])
			panel.tab.value = 'sel'
		} else if (s.only.peek().length && !linked.list && s.focus.peek().day === null) {
			panel.tab.value = listOf(s.only.peek())
		}
	})
	/** What is shown is what the address says, whoever changed it. */
	let followed = ''
	const stopFollowing = effect(() => {
		const { path, query } = place.value, w = s.world.value
		if (w && path.endsWith('/plan'))
			untracked(() => {
				const only = parseFilters(query.only, w), where = [query.seat, query.date, query.list].join()
				if (only.join() !== s.only.peek().join())
					s.only.value = only
				if (settled && where !== followed)
					follow(query)
				followed = where
			})
	})
	/** Outlets, or what a plan is counted by, have changed: all is read anew when the server has made it. */
	let made = false
	const stopRenewing = watch(async () => {
		if (s.phase.peek() === 'ready' && s.plan.peek() && (made || s.plan.peek()?.stale))
			await s.renew()
		made = false
	}, 10000, ['job'], (job) => (made ||= job.kind === 'SNAPSHOT' && ids.includes(job.subject) && job.state === 'done'))
	/** On a phone an opened day is read in the list. */
	const stopPane = effect(() => {
		const { seat, day: d } = s.focus.value
		if (seat !== null && d !== null && pane.peek() === 'board' && matchMedia('(max-width: 760px)').matches)
			pane.value = 'list'
	})
	/** The focus and the list are part of the address; of several changes at once only where they end. */
	const stopUrl = effect(() => {
		void [s.focus.value, panel.tab.value, s.turn.value]
		if (s.phase.value !== 'ready' || !s.plan.value || !settled)
			return
		queueMicrotask(() => {
			const { seat, day: d } = s.focus.peek(), list = panel.tab.peek()
			if (place.peek().path.endsWith('/plan'))
				setQuery({ seat: s.plan.peek()?.seats.find((x) => x.id === seat)?.code, date: d === null ? null : s.dateOfDay(d), list: lists.includes(list) ? list : null, outlet: null })
		})
	})

	const lock = async () => {
		locking.value = true
		const failed = await s.lock()
		locking.value = false
		lockProblem.value = failed
		if (!failed)
			toast(t('Locked for you: your changes are saved as you make them'))
	}
	const release = async () => {
		const reason = await ask({
			title: t('Give the lock back?'), text: s.lockSet.peek().length > 1 ? t('Others can plan these territories then: {names}. Your drafts stay and open again when you lock them anew.', { names: s.lockSet.peek().map((l) => l.name).join(', ') })
				: t('Others can plan this territory then. Your draft stays and opens again when you lock it anew.'), confirm: t('Give back'),
		})
		if (reason === null)
			return
		for (const p of s.parts) {
			const session = p.session.peek()
			// Closing gives the lock back as well; without a session only the lock is there to give.
			const [, failed] = session ? await api.closeSession(session.id) : s.parts.length > 1 ? [null, null] : await api.unlock(s.territoryId, channel)
			if (failed && (s.parts.length === 1 || failed.status !== 410)) { // those of one set go with the first of them
				toastProblem(failed)
				return
			}
			p.session.value = null
		}
		await s.load()
	}

	/** Somebody waits for the lock that is held here. */
	const asked = () => (s.session.value ? latest.value.find((n) => !n.seen && n.kind === 'LOCK_ASKED' && ids.includes(n.territoryId ?? 0) && n.channel === channel) : undefined)
	const notNow = async () => {
		const n = asked()
		const [, failed] = n?.territoryId ? await api.keepLock(n.territoryId, channel) : [null, null]
		if (failed)
			toastProblem(failed)
		else
			toast(t('{name} is told that you keep it for now', { name: n?.from ?? '' }))
		await readNotices()
	}
	const askFor = async () => {
		const text = await ask({ title: t('Ask to hand over'), text: t('Whoever holds the lock reads it at once. The lock stays until it is given back.'), confirm: t('Ask'), reason: 'optional', reasonLabel: t('Why do you need it?') })
		if (text === null)
			return
		for (const p of s.parts.filter((x) => s.parts.length === 1 || x.territory.peek()?.locks.some((l) => l.channel === channel && !l.mine))) {
			const [r, failed] = await api.askForLock(p.territoryId, channel, text)
			if (r)
				toast(t('{name} has been asked', { name: r.holder }))
			else if (failed)
				toastProblem(failed)
		}
	}

	/** @param {boolean} small */
	const lockButton = (small) => html`<button class=${cls('btn primary', small && 'small')} ?disabled=${locking.value || s.phase.value !== 'ready'} aria-disabled=${mayNot ? 'true' : 'false'} title=${mayNot || ''}
		@click=${() => (mayNot ? toast(mayNot) : lock())}>${icon('lock')}${locking.value ? t('Locking…') : t('Lock and plan')}</button>`

	/** @param {KeyboardEvent} e */
	const keys = (e) => {
		if (s.phase.peek() !== 'ready' || e.defaultPrevented)
			return
		const inField = e.target instanceof Element && !!e.target.closest('input, textarea, select, dialog, .menu')
		const op = operationOf(e, s)
		if (op) {
			e.preventDefault()
			runOperation(s, op.id)
		} else if (inField || e.ctrlKey || e.metaKey || e.altKey) {
			return
		} else if (e.key === 'l' || e.key === 'L') {
			/** @type {any} */ (document.querySelector('bp-map'))?.setTool(e.shiftKey ? 'corners' : 'lasso')
		} else if (e.key === 'f' || e.key === 'F') {
			/** @type {any} */ (document.querySelector('bp-map'))?.fitAll()
		} else if (e.key === 'c' || e.key === 'C') {
			e.preventDefault()
			panel.talk.openHere()
		} else if (e.key === '?') {
			help()
		} else if (e.key === 'Escape') {
			if (s.selection.peek().size)
				s.select([])
			else
				s.focus.value = { seat: null, day: null }
		}
	}
	addEventListener('keydown', keys)

	const help = () => openDialog({
		title: () => t('Keys'),
		body: () => html`<dl class="kv">${operations.filter((o) => o.keys).map((o) => html`<dt><kbd>${o.keys}</kbd></dt><dd>${o.label(s)}</dd>`)}
			<dt><kbd>L</kbd></dt><dd>${t('Draw a lasso on the map')}</dd><dt><kbd>Shift L</kbd></dt><dd>${t('Draw a shape on the map with the arrow keys and Enter, or by clicks')}</dd><dt><kbd>F</kbd></dt><dd>${t('Show the selection, or all')}</dd><dt><kbd>C</kbd></dt><dd>${t('Comments on what is selected or in focus')}</dd>
			<dt><kbd>Esc</kbd></dt><dd>${t('Clear the selection, then the focus')}</dd><dt><kbd>Alt ↑ ↓</kbd></dt><dd>${t('Change the order in the day list')}</dd>
			<dt><kbd>↑ ↓ ← →</kbd></dt><dd>${t('Walk on the board; Enter opens a day, M moves the selection there')}</dd></dl>`,
	})

	/** @param {string} id @param {{text?: boolean, primary?: boolean}} [o] */
	const button = (id, o = {}) => {
		const op = operation(id)
		if (!op.available(s))
			return nothing
		const why = op.disabled(s), label = op.label(s)
		return html`<button class=${cls('btn small', o.primary && 'primary', !o.text && 'icon-only')} aria-label=${label} title=${(why ? `${label}: ${why}` : label) + (op.keys ? ` (${op.keys})` : '')}
			aria-disabled=${why ? 'true' : 'false'} @click=${() => runOperation(s, id)}>${icon(op.icon)}${o.text ? html`<span class="t">${label}</span>` : nothing}</button>`
	}

	const saved = () => {
		if (!s.session.value)
			return nothing
		if (s.saving.value === 'held')
			return html`<span class="save-state warn" role="status" id="held" title=${t('The server does not answer. What you change is kept in this browser and sent as soon as it does; minutes and kilometres are estimates until then.')}>${icon('clock')}${tn('{n} change waits here', '{n} changes wait here', s.held.value.length)}</span>`
		if (s.saving.value === 'saving')
			return html`<span class="save-state" role="status">${t('Saving…')}</span>`
		if (s.saving.value === 'failed')
			return html`<span class="save-state bad" role="alert">${icon('warn')}${t('Not saved')}</span>`
		const base = s.session.value.baseVersion
		return html`<span class="save-state" role="status" title=${t('Every change is stored on the server as you make it')}>${icon('check')}${s.savedAt.value ? t('Saved {time}', { time: clock(s.savedAt.value) }) : t('Saved')}
			· ${base === null ? tn('{n} edit', '{n} edits', s.edits.value) : tn('{n} edit since the last version', '{n} edits since the last version', s.edits.value)}</span>`
	}

	/** Another turn of the cycle: the same standing plan, with its dated exceptions. */
	const turns = () => {
		const p = s.plan.value
		if (!p)
			return nothing
		const first = s.dateOfDay(0), last = s.dateOfDay(p.cycle.days - 1)
		return html`<div class="row turns"><button class="btn quiet small icon-only" aria-label=${t('Previous cycle')} @click=${() => {
			s.turn.value--
		}}>${icon('left')}</button><span class="num nowrap">${dayMonth(first)} – ${dayMonth(last)}</span><button class="btn quiet small icon-only" aria-label=${t('Next cycle')} @click=${() => {
			s.turn.value++
		}}>${icon('right')}</button></div>`
	}

	const bar = () => {
		const terr = s.territory.value, several = s.parts.length > 1, mine = s.parts.filter((p) => p.session.value).length
		const holder = terr?.locks.find((l) => l.channel === channel && !l.mine) ?? terr?.locks.find((l) => l.channel === channel)
		return html`<header class="ws-bar">
			<div class="ws-name"><h1 class="ellipsis"><a href="/territories" class="sr">${t('Territories')}</a><span title=${several ? terr?.name ?? '' : nothing}>${terr?.name ?? '…'}</span></h1>
				<span class="row">${s.session.value ? channel === 'MT' ? html`<button class="chip accent" title=${t('What is locked, and with what')} @click=${() => lockCard(s, () => void release())}>${icon('lock')}${t('yours')}${several && mine < ids.length ? ` · ${t('{n} of {m} territories', { n: num(mine), m: num(ids.length) })}` : s.lockSet.value.length > 1 ? ` · ${tn('{n} territory', '{n} territories', s.lockSet.value.length)}` : nothing}</button>`
					: html`<span class="chip accent">${icon('lock')}${t('yours')}</span>`
					: holder ? html`<span class="chip warn" title=${t('since {when}', { when: ago(holder.since) })}>${icon('lock')}${holder.user}</span>` : html`<span class="chip">${icon('eye')}${t('reading')}</span>`}${saved()}</span></div>
			${channelSwitch(channel, (c) => setQuery({ channel: c, seat: null, date: null }))}
			${turns()}
			<div class="ws-tools" role="toolbar" aria-label=${t('Plan')}>
				${s.session.value ? html`${button('undo')}${button('redo')}<span class="sep"></span>${button('optimise', { text: true })}${button('save')}${button('commit', { text: true, primary: true })}`
					: lockButton(true)}
				<button class="btn small icon-only" aria-label=${t('More')} aria-haspopup="menu" @click=${(/** @type {any} */ e) => openMenu(e.currentTarget, [
					...['move', 'remove', 'pin', 'beat', 'join', 'leave-out', 'cycle'].filter((id) => operation(id).available(s)).map((id) => {
						const op = operation(id)
						return { label: op.label(s), icon: op.icon, keys: op.keys, disabled: op.disabled(s), run: () => runOperation(s, id) }
					}),
					null,
					...(s.parts.length > 1 ? [{ label: t('Open one territory alone…'), icon: 'territory', run: () => ofOne(s, (p) => go(`/territories/${p.territoryId}/plan?channel=${channel}`)) }] : []),
					{ label: t('What would it take?'), icon: 'bolt', disabled: isOff('optimizer') ? t('An administrator switched the optimiser off') : can('OPTIMIZE_ROUTES') ? s.plan.peek() ? false : t('There is no plan yet') : t('Your role may not run the optimiser'), run: () => ofOne(s, whatIfDialog, { plan: true }) },
					{ label: t('Outlets that are not planned'), icon: 'list', run: panel.unplanned.open },
					{ label: t('Fairness'), icon: 'users', disabled: s.plan.peek() ? false : t('There is no plan yet'), run: () => ofOne(s, fairnessDialog, { plan: true }) },
					{ label: t('Ledger of changes'), icon: 'list', disabled: s.plan.peek() ? false : t('There is no plan yet'), run: () => ofOne(s, ledgerDialog, { plan: true }) },
					{ label: t('Comments'), icon: 'talk', keys: 'C', disabled: s.plan.peek() ? false : t('There is no plan yet'), run: panel.talk.openHere },
					{ label: t('Compare'), icon: 'swap', run: () => ofOne(s, (p) => go(`/territories/${p.territoryId}/compare?channel=${channel}`)) },
					{ label: t('Versions'), icon: 'history', run: () => ofOne(s, (p) => go(`/territories/${p.territoryId}/versions?channel=${channel}`)) },
					{ label: t('Parameters'), icon: 'settings', run: () => ofOne(s, (p) => go(`/territories/${p.territoryId}/profile?channel=${channel}`)) },
					{ label: t('Export'), icon: 'export', disabled: !can('EXPORT_DATA') ? t('Your role may not export plans') : s.plan.peek() ? false : t('There is no plan yet'), run: () => ofOne(s, (p) => go(`/exports?plan=${p.plan.peek()?.planId}`), { plan: true }) },
					{ label: t('A week to print'), icon: 'file', disabled: s.plan.peek() ? false : t('There is no plan yet'), run: () => ofOne(s, (p) => go(`/territories/${p.territoryId}/week?channel=${channel}&seat=${encodeURIComponent(p.plan.peek()?.seats.find((x) => x.id === s.focus.peek().seat)?.code ?? '')}`), { plan: true }) },
					{ label: t('Keys'), icon: 'info', keys: '?', run: help },
					...(channel === 'MT' && s.parts.length === 1 ? [{ label: t('Lock several territories as one…'), icon: 'lock', disabled: /** @type {string | false} */ (mayNot), run: () => lockSetDialog(s, () => {
						lockProblem.value = null
					}) }] : []),
					...(s.session.peek() ? [null, { label: t('Give the lock back'), icon: 'unlock', run: release }] : []),
				])}>${icon('more')}</button></div></header>`
	}

	const totals = () => {
		const p = s.plan.value
		if (!p)
			return nothing
		const x = p.totals
		/** @type {[string, string, string, boolean?][]} */
		const list = [[num(x.calls), t('calls'), t('Visits of one cycle')], [num(x.travelMinutes / 60) + ' h', t('travel'), t('Time under way between the visits of one cycle')], [num(x.km) + ' km', t('road'), t('Road kilometres of one cycle')],
			[num(x.overtimeMinutes) + ' min', t('overtime'), t('Work beyond the shift, all days together'), x.overtimeMinutes > 0], [num(x.balancePct, 1) + ' %', t('imbalance'), t('Largest deviation of a seat from the mean work of all')], [num(p.unserved.size), t('short of visits'), t('Outlets with fewer visits than they ask for, listed with their reasons under Unserved'), p.unserved.size > 0]]
		return html`<div class="ws-totals num" aria-label=${t('Totals of the cycle')}>${p.stale ? html`<span class="warn" role="status" title=${t('Minutes and kilometres were counted before the parameters changed; the new ones come by themselves')}>${icon('clock')}${t('being counted anew')}</span>` : nothing}${list.map(([v, l, h, w]) => html`<span class=${cls(w && 'warn')} title=${h}><b>${v}</b> ${l}</span>`)}
			${s.focus.value.seat !== null || s.focus.value.day !== null ? html`<button class="chip accent" @click=${() => {
				s.focus.value = { seat: null, day: null }
			}}>${focusText()}${icon('close')}<span class="sr">${t('Show all')}</span></button>` : nothing}</div>`
	}
	const focusText = () => {
		const { seat, day: d } = s.focus.value
		const who = s.plan.value?.seats.find((x) => x.id === seat)
		return [who && (who.person ?? who.code), d !== null && day(s.dateOfDay(d))].filter(Boolean).join(' · ')
	}

	const view = () => {
		const phase = s.phase.value
		if (phase === 'failed' && !s.world.value)
			return html`<div class="page">${problemNotice(/** @type {any} */ (s.problem.value), () => void s.load())}<a href="/territories">${t('Back to the territories')}</a></div>`
		if (!s.world.value)
			return loading(t('Fetching the territory…'), s.arrived.share.value)
		const noPlan = phase === 'ready' && !s.plan.value
		return html`<div class=${cls('ws', 'pane-' + pane.value)}>
			<bp-view .of=${bar}></bp-view>
			<div class="ws-notes">${lockProblem.value ? html`<div class="ws-note">${problemNotice(lockProblem.value, lock)}${lockProblem.value.code === 'ERR_LOCK_001' ? html`<div class="row"><button class="btn small" @click=${askFor}>${icon('lock')}${t('Ask to hand over')}</button></div>` : nothing}</div>` : nothing}
			${asked() ? html`<div class="ws-note"><div class="notice warn">${icon('lock')}<p class="grow"><b>${asked()?.from}</b> ${t('asks you to hand the territory over')}${asked()?.text ? html`: ${asked()?.text}` : nothing}</p><button class="btn small" @click=${release}>${t('Give the lock back')}</button><button class="btn small" @click=${notNow}>${t('Not now')}</button></div></div>` : nothing}
			${s.parts.map((p) => heldNotes(p, s.parts.length > 1 ? p.territory.value?.name : undefined))}
			${s.left.value.length ? html`<div class="ws-note" id="left"><div class="notice warn" role="status">${icon('warn')}<p class="grow">${s.parts.length > 1 ? t('A part of this gesture stays in {names}, which is not locked for you here: undo it there.', { names: s.left.value.join(', ') })
				: t('This gesture was made on a board over several territories: its part in {names} stays. Do the same there, or on that board.', { names: s.left.value.join(', ') })}</p><button class="btn small" @click=${() => {
				s.left.value = []
			}}>${t('Close')}</button></div></div>` : nothing}
			${s.session.value && s.parts.some((p) => !p.session.value && !p.lost.value) ? html`<div class="ws-note" id="some-locked"><div class="notice" role="status">${icon('info')}<p class="grow">${t('Not locked for you, and read only: {names}', { names: s.parts.filter((p) => !p.session.value).map((p) => p.territory.value?.name ?? '').join(', ') })}</p>${lockButton(true)}</div></div>` : nothing}
			${s.details.problem.value ? html`<div class="ws-note"><div class="notice warn" role="alert" id="no-details">${icon('warn')}<p class="grow"><b>${t('Names and codes of the outlets could not be fetched')}</b>: ${t(s.details.problem.value.message)}. ${t('Planning goes on without them; outlets are shown by their numbers.')}</p><button class="btn small" @click=${s.details.retry}>${t('Try again')}</button></div></div>` : nothing}
			${s.problem.value ? html`<div class="ws-note">${problemNotice(s.problem.value, () => void s.load())}</div>` : nothing}</div>
			<div class="ws-switch segmented" role="tablist" aria-label=${t('View')}>${[['map', t('Map')], ['board', t('Board')], ['list', t('List')]].map(([id, l]) => html`<button class="btn" role="tab" aria-selected=${String(pane.value === id)} @click=${() => {
				pane.value = id
			}}>${icon(id)}${l}</button>`)}</div>
			<section class="ws-map" aria-label=${t('Map')}><bp-map .store=${s}></bp-map></section>
			<section class="ws-list" aria-label=${t('List')}><bp-view .of=${panel.view}></bp-view></section>
			<section class="ws-board" aria-label=${t('Board')}><bp-view .of=${totals}></bp-view>
				${noPlan ? empty('plan', channel === 'MT' ? t('No plan of modern trade yet') : t('No plan yet'),
					s.territory.value?.seats ? mayNot || t('Lock the territory, then let the optimiser make the first plan.') : t('This territory has no seats. Import seats and their people first.'),
					s.territory.value?.seats ? mayNot ? nothing : lockButton(false) : canEverywhere('IMPORT_DATA') ? html`<a class="btn primary" href="/import">${t('Import')}</a>` : nothing)
					: html`${channel === 'MT' ? html`<div class="segmented ws-by" role="group" aria-label=${t('Board by')}>${[[true, t('Stores')], [false, t('People')]].map(([v, l]) => html`<button class="btn" aria-pressed=${String(byStore.value === v)} @click=${() => {
						byStore.value = /** @type {boolean} */ (v)
					}}>${l}</button>`)}</div>` : nothing}<bp-view .of=${byStore.value ? stores : board}></bp-view>`}</section></div>`
	}
	return {
		title: t('Planning'), view, slim: true,
		dispose() {
			removeEventListener('keydown', keys)
			removeEventListener('pagehide', keepChosen)
			stopUrl()
			stopFollowing()
			stopPane()
			panel.talk.stop()
			stopRenewing()
			s.leave()
		},
	}
}
