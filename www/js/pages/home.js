// SPDX-License-Identifier: GPL-3.0-or-later
import { cls, html, nothing } from '../core/html.js'
import { api, everything } from '../core/api.js'
import { ago, num, t, tn } from '../core/i18n.js'
import { onEvent } from '../core/live.js'
import { can, canEverywhere, me } from '../core/session.js'
import { channelHere, whyNoPlanning } from '../components/channel.js'
import { firstPassword } from '../components/first-password.js'
import { icon } from '../components/icons.js'
import { jobChip, jobLabel } from '../components/job.js'
import { resource, shown } from '../components/ui.js'

export function page() {
	const home = resource(api.home)
	const channel = channelHere()
	const units = resource(() => everything(api.territories, { units: 1, channel }))
	void home.load()
	if (can('VIEW_TERRITORY'))
		void units.load()

	/* Jobs and locks of others are seen as they change. */
	let told = 0
	const stop = onEvent(['job', 'lock'], () => {
		clearTimeout(told)
		told = window.setTimeout(() => {
			void home.load()
			if (can('VIEW_TERRITORY'))
				void units.load()
		}, 800)
	})

	/** @param {string} next what the server thinks comes first */
	const quick = (next) => [
		canEverywhere('IMPORT_DATA') && { href: '/import', icon: 'import', title: t('Import data'), text: t('Outlets, distributors, seats and existing plans, as your systems write them'), on: next === 'import' },
		can('VIEW_TERRITORY') && (whyNoPlanning(channel) ? { href: '/territories', icon: 'plan', title: t('Read a plan'), text: t('Who visits which outlets, on which days'), on: false }
			: { href: '/territories', icon: 'plan', title: t('Plan a territory'), text: t('Lock, optimise, adjust on the map, commit'), on: next === 'plan' }),
		can('VIEW_TERRITORY') && { href: '/outlets', icon: 'outlets', title: t('Find an outlet'), text: t('Where it is, who visits it and when'), on: false },
		can('EXPORT_DATA') && { href: '/exports', icon: 'export', title: t('Export a plan'), text: t('Standing plan or visit list, CSV and XML'), on: next === 'export' },
	]

	/** What needs a planner first: without a plan, then with visits missing. @param {import('../core/api.js').Territory} x */
	const urgency = (x) => (x.plan ? Math.min(1e6, x.plan.unserved) : x.seats ? 2e6 : -1)
	const unitsView = () => {
		const all = units.data.value?.items.filter((x) => x.outlets) ?? []
		const rows = [...all].sort((a, b) => urgency(b) - urgency(a)).slice(0, 8)
		return rows.length ? html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${t('Planning territories')}</caption>
			<thead><tr><th>${t('Planning territory')}</th><th class="num">${t('Outlets')}</th><th class="num">${t('Seats')}</th><th>${t('Plan')}</th><th>${t('Lock')}</th><th></th></tr></thead>
			<tbody>${rows.map((x) => html`<tr><td><a href=${`/territories/${x.id}/plan?channel=${channel}`}>${x.name}</a></td><td class="num" data-label=${t('Outlets')}>${num(x.outlets)}</td><td class="num" data-label=${t('Seats')}>${num(x.seats)}</td>
				<td data-label=${t('Plan')}>${!x.plan ? html`<span class="chip warn">${x.seats ? t('not planned yet') : t('no seats yet')}</span>` : x.plan.unserved ? html`<span class="chip warn">${tn('{n} visit missing', '{n} visits missing', x.plan.unserved)}</span>` : html`<span class="chip good">${t('all visits placed')}</span>`}
					${x.plan?.committedAt ? html`<small class="faint">${t('committed {when}', { when: ago(x.plan.committedAt) })}</small>` : nothing}</td>
				<td class=${cls('locks', !x.locks.length && 'void')} data-label=${t('Lock')}>${x.locks.length ? x.locks.map((l) => html`<span class=${cls('chip', l.mine ? 'accent' : 'info')}>${icon('lock')}<span class="ellipsis">${l.channel} · ${l.mine ? t('you') : l.user}</span></span>`) : html`<span class="faint">–</span>`}</td>
				<td class="actions"><a class="btn small" href=${`/territories/${x.id}/plan?channel=${channel}`}>${t('Open')}</a></td></tr>`)}</tbody></table></div>
			${all.length > rows.length ? html`<p class="table-foot"><a href="/territories">${t('All {n} territories', { n: num(all.length) })}</a></p>` : nothing}</section>` : nothing
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Good day, {name}', { name: me.value?.user.name || me.value?.user.username || '' })}</h1>
		<p>${t('Here is where your planning stands.')}</p></div></div>
	${firstPassword(true)}
	<div class="quick">${quick(home.data.value?.next ?? '').filter((q) => !!q).map((q) => html`<a href=${q.href} class=${cls(q.on && 'next')}>${icon(q.icon)}
			<span><b>${q.title}</b><small>${q.text}</small></span></a>`)}</div>
	${shown(home, (h) => html`
		${!h.counts.outlets && canEverywhere('IMPORT_DATA') ? html`<div class="notice">${icon('info')}<div><p><b>${t('Nothing is loaded yet')}</b></p>
			<p>${t('Begin by importing your outlets: a CSV file as your ERP writes it will do.')}</p></div></div>` : nothing}
		<section class="card"><h2>${t('At a glance')}</h2><div class="stats">
			${stat(h.counts.outlets, t('outlets'), '/outlets')}
			${stat(h.counts.missingCoordinates, t('without coordinates'), '/outlets?missing=coordinates')}
			${stat(h.counts.territories, t('planning territories'), '/territories')}
			${stat(h.counts.seats, t('seats'), '/team')}
			${stat(h.counts.plans, t('plans'), can('EXPORT_DATA') ? '/exports' : undefined)}</div></section>
		${unitsView()}
		<div class="grid-2">
		<section class="card"><h2>${t('Your work in hand')}</h2>${h.drafts.length || h.locks.length ? html`<ul class="col">
			${h.drafts.map((d) => html`<li class="row between"><span>${icon('plan')} <a href=${`/territories/${d.territoryId}/plan?channel=${d.channel}`}>${t('Draft in {territory}', { territory: /** @type {any} */ (d).territory ?? '#' + d.territoryId })}</a></span>
				<span class="faint">${t('saved {when}', { when: ago(d.lastSavedAt ?? d.openedAt) })}</span></li>`)}
			${h.locks.filter((l) => !h.drafts.some((d) => d.territoryId === l.territoryId)).map((l) => html`<li class="row between"><span>${icon('lock')}
				<a href=${`/territories/${l.territoryId}/plan?channel=${l.channel ?? 'GT'}`}>${t('Lock on {territory}', { territory: l.territory ?? '#' + l.territoryId })}</a></span><span class="faint">${ago(l.since)}</span></li>`)}
		</ul>` : html`<p class="muted">${whyNoPlanning(channel) ? t('No draft and no lock.') : t('No draft and no lock. Open a territory to start planning.')}</p>`}</section>
		<section class="card"><div class="row between"><h2>${t('Latest jobs')}</h2><a href="/jobs">${t('All jobs')}</a></div>${h.jobs.length ? html`<ul class="col">
			${h.jobs.slice(0, 6).map((j) => html`<li class="row between"><span class="row"><span>${jobLabel(j)}</span>${jobChip(j)}</span><span class="faint">${ago(j.createdAt)}</span></li>`)}</ul>`
			: html`<p class="muted">${t('Imports and optimisations will show here.')}</p>`}</section></div>`)}
	</div>`
	return { title: t('Home'), view, dispose: stop }
}

/** @param {number} n @param {string} label @param {string} [href] */
const stat = (n, label, href) => html`<div class="stat"><b>${num(n)}</b><span>${href ? html`<a href=${href}>${label}</a>` : label}</span></div>`
