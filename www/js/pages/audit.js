// SPDX-License-Identifier: GPL-3.0-or-later
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { instant, t } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { pagedList } from '../components/list.js'
import { capital, empty } from '../components/ui.js'

export function page() {
	const list = pagedList(api.audit, ['action', 'user', 'resourceType', 'resourceId', 'from', 'to'])
	/** @param {unknown} v */
	const value = (v) => (v === null || v === undefined || v === '' ? '–' : typeof v === 'object' ? JSON.stringify(v) : String(v))
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Audit')}</h1><p>${t('Who did what, when and why. Nothing here can be changed.')}</p></div></div>
	<div class="filters">${list.search('user', t('User name'))}${list.search('action', t('Action'))}
		<label class="row"><span class="muted">${t('From')}</span><input class="input" type="date" .value=${place.peek().query.from ?? ''} @change=${(/** @type {any} */ e) => setQuery({ from: e.target.value })}></label>
		<label class="row"><span class="muted">${t('To')}</span><input class="input" type="date" .value=${place.peek().query.to ?? ''} @change=${(/** @type {any} */ e) => setQuery({ to: e.target.value })}></label></div>
	${list.chips({ resourceType: (v) => v, resourceId: (v) => '#' + v })}
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('When')}</th><th>${t('Who')}</th><th>${t('What')}</th><th>${t('On')}</th><th>${t('Reason')}</th><th>${t('Changes')}</th></tr></thead>
		<tbody>${items.map((x) => html`<tr><td class="nowrap">${instant(x.at)}</td><td data-label=${t('Who')}>${x.user ?? t('system')} <small class="faint">${x.ip ?? ''}</small></td><td data-label=${t('What')}>${capital(t(x.label))} <small class="faint">${x.action}</small></td>
			<td data-label=${t('On')}>${x.resourceType ? html`<button class="chip" @click=${() => setQuery({ resourceType: x.resourceType, resourceId: x.resourceId })}>${x.resourceType} ${x.resourceId ?? ''}</button>` : '–'}</td><td data-label=${t('Reason')}>${x.reason || '–'}</td>
			<td data-label=${t('Changes')}>${x.changes?.length ? html`<details class="more"><summary>${x.changes.length}</summary><ul class="col tight diff">${x.changes.slice(0, 50).map((c) => html`<li>${c.field}: <del>${value(c.old)}</del> → <ins>${value(c.new)}</ins></li>`)}</ul></details>` : nothing}</td></tr>`)}</tbody></table></div></section>`,
	() => html`<section class="card">${empty('audit', t('Nothing recorded'), t('No event fits these filters.'))}</section>`)}</div>`
	return { title: t('Audit'), view, dispose: list.dispose }
}
