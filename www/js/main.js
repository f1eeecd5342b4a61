// SPDX-License-Identifier: GPL-3.0-or-later
// The frame: routes, navigation, one page at a time.  Pages are modules fetched when first needed.
import { cls, effect, html, keyed, nothing, render, signal } from './core/html.js'
import { onProofWanted, onWaiting } from './core/http.js'
import { t } from './core/i18n.js'
import { match, place, startRouter, go } from './core/router.js'
import { followEvents } from './core/live.js'
import { unread, watchNotices } from './core/notices.js'
import { can, canEverywhere, me, signOut, startSession, stopViewing } from './core/session.js'
import { icon } from './components/icons.js'
import { empty, loading, standingToast, startLayers } from './components/ui.js'

/** @typedef {{title: string, view: () => unknown, dispose?: () => void, slim?: boolean}} Page */
/** @typedef {{path: string, load: () => Promise<{page: (params: Record<string, string>) => Page}>, open?: boolean, byChannel?: boolean}} Route  byChannel: another channel is another page */

/** @type {Route[]} */
const routes = [
	{ path: '/login', load: () => import('./pages/login.js'), open: true },
	{ path: '/reset', load: () => import('./pages/reset.js'), open: true },
	{ path: '/api/docs', load: () => import('./pages/apidoc.js'), open: true },
	{ path: '/', load: () => import('./pages/home.js') },
	{ path: '/import', load: () => import('./pages/imports.js') },
	{ path: '/import/watches', load: () => import('./pages/watches.js') },
	{ path: '/import/rules', load: () => import('./pages/rules.js') },
	{ path: '/import/:id', load: () => import('./pages/wizard.js') },
	{ path: '/territories', load: () => import('./pages/territories.js') },
	{ path: '/territories/:id/units', load: () => import('./pages/units.js') },
	{ path: '/territories/:id/units/compare', load: () => import('./pages/beside.js') },
	{ path: '/territories/:id/profile', load: () => import('./pages/profile.js'), byChannel: true },
	{ path: '/territories/:id/plan', load: () => import('./pages/workspace.js'), byChannel: true },
	{ path: '/territories/:id/versions', load: () => import('./pages/versions.js'), byChannel: true },
	{ path: '/territories/:id/week', load: () => import('./pages/week.js'), byChannel: true },
	{ path: '/territories/:id/compare', load: () => import('./pages/compare.js'), byChannel: true },
	{ path: '/territories/models/:id', load: () => import('./pages/members.js') },
	{ path: '/outlets', load: () => import('./pages/outlets.js') },
	{ path: '/outlets/:id', load: () => import('./pages/outlet.js') },
	{ path: '/data', load: () => import('./pages/data.js') },
	{ path: '/team', load: () => import('./pages/team.js') },
	{ path: '/exports', load: () => import('./pages/exports.js') },
	{ path: '/users', load: () => import('./pages/users.js') },
	{ path: '/audit', load: () => import('./pages/audit.js') },
	{ path: '/health', load: () => import('./pages/health.js') },
	{ path: '/settings', load: () => import('./pages/settings.js') },
	{ path: '/locks', load: () => import('./pages/locks.js') },
	{ path: '/programs', load: () => import('./pages/programs.js') },
	{ path: '/jobs', load: () => import('./pages/jobs.js') },
	{ path: '/notices', load: () => import('./pages/notices.js') },
	{ path: '/approvals', load: () => import('./pages/approvals.js') },
	{ path: '/reasons', load: () => import('./pages/reasons.js') },
	{ path: '/account', load: () => import('./pages/account.js') },
]

/** @type {import('../vendor/signals-core/signals-core.js').Signal<Page | null>} */
const current = signal(/** @type {Page | null} */ (null))
const failed = signal(false)
let turn = 0

/** @param {string} path */
async function open(path) {
	const mine = ++turn
	const found = match(routes, path)
	if (!found) {
		show(mine, { title: t('Not found'), view: () => html`<div class="page">${empty('search', t('There is nothing at this address'),
			t('The link may be old, or mistyped.'), html`<a class="btn primary" href="/">${t('Go to the start page')}</a>`)}</div>` })
		return
	}
	try {
		const module = await found.route.load()
		if (mine === turn)
			show(mine, module.page(found.params))
	} catch (e) {
		console.error(e)
		if (mine === turn)
			failed.value = true
	}
}
/** @param {number} mine @param {Page} page */
function show(mine, page) {
	if (mine !== turn)
		return
	current.peek()?.dispose?.()
	failed.value = false
	current.value = page
	document.title = page.title ? `${page.title} · Beatplan` : 'Beatplan'
}

/** @type {{href: string, icon: string, label: () => string, may?: string, everywhere?: boolean, wide?: boolean, group?: () => string}[]} */
const items = [
	{ href: '/', icon: 'home', label: () => t('Home') },
	{ href: '/territories', icon: 'territory', label: () => t('Territories'), may: 'VIEW_TERRITORY' },
	{ href: '/outlets', icon: 'outlets', label: () => t('Outlets'), may: 'VIEW_TERRITORY' },
	{ href: '/data', icon: 'list', label: () => t('Data'), may: 'VIEW_TERRITORY', wide: true },
	{ href: '/team', icon: 'team', label: () => t('Team'), may: 'VIEW_TERRITORY', wide: true },
	{ href: '/import', icon: 'import', label: () => t('Import'), may: 'IMPORT_DATA', everywhere: true },
	{ href: '/approvals', icon: 'check', label: () => t('Approvals'), may: 'COMMIT_PLAN', wide: true },
	{ href: '/exports', icon: 'export', label: () => t('Exports'), may: 'EXPORT_DATA', wide: true },
	{ href: '/jobs', icon: 'jobs', label: () => t('Jobs'), wide: true, group: () => t('Administration') },
	{ href: '/locks', icon: 'lock', label: () => t('Locks'), may: 'FORCE_UNLOCK', wide: true },
	{ href: '/users', icon: 'users', label: () => t('Users'), may: 'MANAGE_USERS', everywhere: true, wide: true },
	{ href: '/programs', icon: 'key', label: () => t('Programs'), may: 'MANAGE_USERS', everywhere: true, wide: true },
	{ href: '/reasons', icon: 'list', label: () => t('Reasons'), may: 'MANAGE_RULES', everywhere: true, wide: true },
	{ href: '/health', icon: 'bolt', label: () => t('Health'), may: 'ADMIN_SYSTEM', everywhere: true, wide: true },
	{ href: '/settings', icon: 'settings', label: () => t('Settings'), may: 'ADMIN_SYSTEM', everywhere: true, wide: true },
	{ href: '/audit', icon: 'audit', label: () => t('Audit'), may: 'VIEW_AUDIT', everywhere: true, wide: true },
]

const nav = () => {
	const path = place.value.path
	const shownItems = items.filter((i) => !i.may || (i.everywhere ? canEverywhere(i.may) : can(i.may)))
	return html`<nav class="nav" aria-label=${t('Main')}>
	<a class="brand" href="/"><img src="/img/beatplan.svg" alt=""><span>Beatplan</span>${me.value?.demo ? html`<span class="demo-tag">${t('demo')}</span>` : nothing}</a>
	${shownItems.map((i) => html`${i.group ? html`<div class="group">${i.group()}</div>` : nothing}
		<a class=${cls('item', i.wide && 'wide')} href=${i.href} title=${i.label()}
			aria-current=${(i.href === '/' ? path === '/' : path.startsWith(i.href)) ? 'page' : nothing}>${icon(i.icon)}<span>${i.label()}</span></a>`)}
	<div class="spacer"></div>
	<a class="item wide" href="/notices" title=${t('Notices')} aria-current=${path === '/notices' ? 'page' : nothing}>${icon('info')}<span>${t('Notices')}</span>${unread.value ? html`<span class="count warn">${unread.value}</span>` : nothing}</a>
	<a class="item" href="/account" title=${me.value?.user.name ?? ''} aria-current=${path === '/account' ? 'page' : nothing}>${icon('user')}<span>${t('Account')}</span></a>
	<button class="item wide" title=${t('Sign out')} @click=${signOut}>${icon('logout')}<span>${t('Sign out')}</span></button>
	</nav>`
}

/** An administrator looks through the eyes of somebody: said on every screen. */
const viewing = () => (me.value?.viewer ? html`<div class="viewing" role="status">${icon('eye')}<span>${t('You see what {name} sees. Nothing can be changed.', { name: me.value.user.name })}</span><button class="btn small" @click=${stopViewing}>${t('Stop')}</button></div>` : nothing)

const app = () => {
	const page = current.value
	if (me.value === undefined || (!page && !failed.value))
		return loading()
	const body = failed.value
		? html`<div class="page">${empty('warn', t('This page could not be loaded'), t('The connection may be gone, or Beatplan was updated.'),
			html`<button class="btn primary" @click=${() => location.reload()}>${t('Reload')}</button>`)}</div>`
		: keyed(page, html`<bp-view .of=${page?.view}></bp-view>`)
	if (!me.value)
		return html`<main id="main" tabindex="-1">${body}</main>`
	return html`<a class="skip" href="#main">${t('Skip to content')}</a>
		<div class=${cls('frame', page?.slim && 'slim')}>${nav()}<main class="main" id="main" tabindex="-1">${body}</main></div>${viewing()}`
}

let spoken = () => {}
onWaiting((wait) => {
	spoken()
	spoken = wait ? standingToast(t('Too many calls at once: it goes on in a moment')) : () => {}
})
onProofWanted(async () => (await import('./components/proof.js')).proof())
await startSession()
startRouter()
startLayers()
const root = /** @type {HTMLElement} */ (document.getElementById('app'))
root.replaceChildren()
effect(() => {
	render(app(), root)
})
/** Path and person decide the page; a changed query does not, but for the channel where it is planned by. */
let last = ''
effect(() => {
	const path = place.value.path
	const who = me.value?.user.id ?? 0
	if (me.value?.secondFactorAsked && path !== '/account') {
		go('/account', { replace: true })
		return
	}
	if (!who && !match(routes, path)?.route.open) {
		go('/login' + (path === '/' ? '' : `?next=${encodeURIComponent(location.pathname + location.search)}`), { replace: true })
		return
	}
	if (who && !me.value?.secondFactorAsked) {
		watchNotices()
		if (!me.value?.viewer)
			followEvents()
	}
	const key = `${who} ${path} ${match(routes, path)?.route.byChannel ? place.value.query.channel ?? '' : ''}`
	if (key === last)
		return
	last = key
	void open(path)
})
