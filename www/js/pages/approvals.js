// SPDX-License-Identifier: GPL-3.0-or-later
// Plans that wait until somebody else than their author approves them.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, date, instant, t } from '../core/i18n.js'
import { changesUrl, decisions } from '../components/approval.js'
import { icon } from '../components/icons.js'
import { empty, resource, shown } from '../components/ui.js'

export function page() {
	const list = resource(api.waiting)
	void list.load()
	const buttons = decisions(() => void list.load())
	const view = () => html`<div class="page"><div class="page-head"><div><h1>${t('Approvals')}</h1><p>${t('Commits that wait until somebody else than their author approves them.')}</p></div></div>
	${shown(list, (l) => (l.items.length ? html`<section class="card tight"><table class="table stack"><caption class="sr">${t('Approvals')}</caption><thead><tr><th>${t('Territory')}</th><th>${t('Version')}</th><th>${t('By')}</th><th>${t('Effective from')}</th><th>${t('Notes')}</th><th></th></tr></thead>
		<tbody>${l.items.map((x) => html`<tr><td><b>${x.territory}</b> ${x.channel}</td><td data-label=${t('Version')}>${x.number}</td><td data-label=${t('By')}><span class="two"><span>${x.user ?? '–'}</span><small class="faint" title=${instant(x.at)}>${ago(x.at)}</small></span></td><td data-label=${t('Effective from')}>${date(x.effectiveDate)}</td><td data-label=${t('Notes')}>${x.notes || nothing}</td>
			<td class="actions"><a class="btn small" href=${changesUrl(x)}>${icon('swap')}${t('See the changes')}</a> ${buttons(x)}</td></tr>`)}</tbody></table></section>`
		: html`<section class="card">${empty('check', t('Nothing waits'), t('Where the planning parameters of a territory ask for it, commits stand here until somebody approves them.'))}</section>`))}</div>`
	return { title: t('Approvals'), view }
}
