// SPDX-License-Identifier: GPL-3.0-or-later
import { cls, html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, num, t } from '../core/i18n.js'
import { can, me } from '../core/session.js'
import { icon } from '../components/icons.js'
import { jobChip, jobLabel } from '../components/job.js'
import { resource, shown } from '../components/ui.js'

export function page() {
	const home = resource(api.home)
	void home.load()

	/** @param {string} next what the server thinks comes first */
	const quick = (next) => [
		can('IMPORT_DATA') && { href: '/import', icon: 'import', title: t('Import data'), text: t('Outlets, distributors, seats and existing plans, as CSV'), on: next === 'import' },
		can('VIEW_TERRITORY') && { href: '/territories', icon: 'plan', title: t('Plan a territory'), text: t('Lock, optimise, adjust on the map, commit'), on: next === 'plan' },
		can('VIEW_TERRITORY') && { href: '/outlets', icon: 'outlets', title: t('Find an outlet'), text: t('Where it is, who visits it and when'), on: false },
		can('EXPORT_DATA') && { href: '/exports', icon: 'export', title: t('Export a plan'), text: t('Standing plan or visit list, CSV and XML'), on: next === 'export' },
	]

	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Good day, {name}', { name: me.value?.user.name || me.value?.user.username || '' })}</h1>
		<p>${t('Here is where your planning stands.')}</p></div></div>
	<div class="quick">${quick(home.data.value?.next ?? '').filter((q) => !!q).map((q) => html`<a href=${q.href} class=${cls(q.on && 'next')}>${icon(q.icon)}
			<span><b>${q.title}</b><small>${q.text}</small></span></a>`)}</div>
	${shown(home, (h) => html`
		${!h.counts.outlets ? html`<div class="notice">${icon('info')}<div><p><b>${t('Nothing is loaded yet')}</b></p>
			<p>${t('Begin by importing your outlets: a CSV file as your ERP writes it will do.')}</p></div></div>` : nothing}
		<section class="card"><h2>${t('At a glance')}</h2><div class="stats">
			${stat(h.counts.outlets, t('outlets'), '/outlets')}
			${stat(h.counts.missingCoordinates, t('without coordinates'), '/outlets?missing=coordinates')}
			${stat(h.counts.territories, t('planning territories'), '/territories')}
			${stat(h.counts.seats, t('seats'))}
			${stat(h.counts.plans, t('plans'), '/exports')}</div></section>
		<div class="grid-2">
		<section class="card"><h2>${t('Your work in hand')}</h2>${h.drafts.length || h.locks.length ? html`<ul class="col">
			${h.drafts.map((d) => html`<li class="row between"><span>${icon('plan')} <a href=${`/territories/${d.territoryId}/plan?channel=${d.channel}`}>${t('Draft in {territory}', { territory: /** @type {any} */ (d).territory ?? '#' + d.territoryId })}</a></span>
				<span class="faint">${t('saved {when}', { when: ago(d.lastSavedAt ?? d.openedAt) })}</span></li>`)}
			${h.locks.filter((l) => !h.drafts.some((d) => d.territoryId === l.territoryId)).map((l) => html`<li class="row between"><span>${icon('lock')}
				<a href=${`/territories/${l.territoryId}/plan?channel=${l.channel ?? 'GT'}`}>${t('Lock on {territory}', { territory: l.territory ?? '#' + l.territoryId })}</a></span><span class="faint">${ago(l.since)}</span></li>`)}
		</ul>` : html`<p class="muted">${t('No draft and no lock. Open a territory to start planning.')}</p>`}</section>
		<section class="card"><div class="row between"><h2>${t('Latest jobs')}</h2><a href="/jobs">${t('All jobs')}</a></div>${h.jobs.length ? html`<ul class="col">
			${h.jobs.slice(0, 6).map((j) => html`<li class="row between"><span class="row"><span>${jobLabel(j.kind)}</span>${jobChip(j)}</span><span class="faint">${ago(j.createdAt)}</span></li>`)}</ul>`
			: html`<p class="muted">${t('Imports and optimisations will show here.')}</p>`}</section></div>`)}
	</div>`
	return { title: t('Home'), view }
}

/** @param {number} n @param {string} label @param {string} [href] */
const stat = (n, label, href) => html`<div class="stat"><b>${num(n)}</b><span>${href ? html`<a href=${href}>${label}</a>` : label}</span></div>`
