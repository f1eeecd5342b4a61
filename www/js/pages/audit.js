// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail: who did what, where, when and why.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { instant, num, t, tn } from '../core/i18n.js'
import { place, setQuery } from '../core/router.js'
import { pagedList } from '../components/list.js'
import { icon } from '../components/icons.js'
import { capital, empty, resource } from '../components/ui.js'

const KEYS = ['who', 'action', 'resourceType', 'resourceId', 'from', 'to']

export function page() {
	const list = pagedList(api.audit, KEYS)
	const actions = resource(api.auditActions)
	const chain = resource(api.auditChain)
	void actions.load()
	void chain.load()
	/** @param {string} type */
	const typeName = (type) => ({ user: t('user'), plan: t('plan'), import: t('import'), territory: t('territory'), job: t('job'), session: t('draft'), version: t('version'), import_schema: t('mapping'), import_file: t('file'), holiday: t('holiday') }[type] ?? type.replaceAll('_', ' '))
	/** @param {unknown} v */
	const value = (v) => (v === null || v === undefined || v === '' ? '–' : typeof v === 'object' ? JSON.stringify(v) : String(v))
	/** @param {'from' | 'to'} key @param {string} label */
	const date = (key, label) => html`<label class="row"><span class="muted">${label}</span><input class="input" type="date" .value=${place.value.query[key] ?? ''} @change=${(/** @type {any} */ e) => setQuery({ [key]: e.target.value })}></label>`
	/** Which key or token it was, or who looked as whom; what stands before the program's own name. @param {string} agent */
	const by = (agent) => {
		const m = /^(key|token) (\d+) (.*?); |^looking as user (\d+); /.exec(agent)
		return !m ? nothing : html`<small class="chip">${m[4] ? t('looking as user {n}', { n: m[4] }) : m[1] === 'key' ? t('by key {name}', { name: m[3] || m[2] }) : t('by program {name}', { name: m[3] || m[2] })}</small>`
	}
	/** @param {string} name @param {unknown} v */
	const fact = (name, v) => (v ? html`<li><span class="muted">${name}:</span> ${v}</li>` : nothing)
	/** What the trail holds beside the columns. @param {any} x */
	const facts = (x) => html`<ul class="col tight">${fact(t('Event'), '#' + x.id)}${fact(t('Address'), x.ip)}${fact(t('Program'), x.agent)}${fact(t('Channel'), x.channel)}${fact(t('Draft or import'), x.session ? '#' + x.session : '')}${fact(t('To be found in the logs as'), html`<code class="hash">${x.correlation}</code>`)}</ul>`
	const filtered = () => KEYS.some((k) => place.value.query[k])
	const file = (/** @type {string} */ format) => api.auditUrl({ ...Object.fromEntries(KEYS.map((k) => [k, place.value.query[k]]).filter(([, v]) => v)), format })
	/** What makes the trail hold: how far it is sealed, and the seal to note down elsewhere. */
	const seal = () => {
		const c = chain.data.value
		return c?.head ? html`<details class="more"><summary>${t('Sealed up to event {n}', { n: num(c.event) })}${c.archives ? ' · ' + tn('{n} month archived', '{n} months archived', c.archives) : ''}</summary>
			<p class="muted">${t('Each event is sealed together with all before it, so that none can be changed, taken out or put in unseen. Note this seal down elsewhere; the command {command} holds the trail against it.', { command: 'beatplan audit verify' })}</p>
			<p><code class="hash">${c.head}</code> <small class="faint">${c.sealedAt ? instant(c.sealedAt) : ''}</small></p></details>` : nothing
	}
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Audit')}</h1><p>${t('Who did what, when and why. Nothing here can be changed.')}</p></div>
		<div class="row wrap"><a class="btn" download href=${file('csv')}>${icon('export')}${t('Export as CSV')}</a><a class="btn" download href=${file('xml')}>${icon('export')}${t('Export as XML')}</a></div></div>
	${seal()}
	<div class="filters">${list.search('who', t('Who: name or user name'))}${list.select('action', t('All actions'), (actions.data.value?.items ?? []).map((a) => /** @type {[string, string]} */ ([a.action, capital(t(a.label))])).sort((a, b) => a[1].localeCompare(b[1])))}
		${date('from', t('From'))}${date('to', t('To'))}</div>
	${list.chips({ resourceType: (v) => `${typeName(v)}${place.value.query.resourceId ? ' #' + place.value.query.resourceId : ''}` })}
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack"><thead><tr><th>${t('When')}</th><th>${t('Who')}</th><th>${t('What')}</th><th>${t('On')}</th><th>${t('Reason')}</th><th>${t('Changes')}</th></tr></thead>
		<tbody>${items.map((x) => html`<tr><td class="nowrap">${instant(x.at)}</td><td data-label=${t('Who')}>${x.user ? html`<button class="link" title=${t('Only this person')} @click=${() => setQuery({ who: x.user })}>${x.user}</button>` : html`<span class="muted">${t('system')}</span>`} <small class="faint">${x.ip ?? ''}</small> ${by(x.agent)}</td><td data-label=${t('What')}>${capital(t(x.label))}</td>
			<td class=${x.resourceType ? '' : 'void'} data-label=${t('On')}>${x.resourceType ? html`<button class="chip" title=${t('Only events on this')} @click=${() => setQuery({ resourceType: x.resourceType, resourceId: x.resourceId })}>${typeName(x.resourceType)} ${x.resourceId ? '#' + x.resourceId : ''}</button> ` : nothing}${x.territory ? html`<small class="muted">${x.territory}</small>` : nothing}</td>
			<td class=${x.reason ? '' : 'void'} data-label=${t('Reason')}>${x.reason}</td>
			<td data-label=${t('Changes')}><details class="more"><summary>${x.changes.length ? tn('{n} change', '{n} changes', x.changes.length) : t('Details')}</summary>${x.changes.length ? html`<ul class="col tight diff">${x.changes.slice(0, 50).map((c) => html`<li>${c.field}: <del>${value(c.old)}</del> → <ins>${value(c.new)}</ins></li>`)}</ul>` : nothing}${facts(x)}</details></td></tr>`)}</tbody></table></div></section>`,
	() => html`<section class="card">${empty('audit', t('Nothing recorded'), t('No event fits these filters.'), filtered() ? html`<button class="btn" @click=${() => setQuery(Object.fromEntries(KEYS.map((k) => [k, null])))}>${t('Clear the filters')}</button>` : undefined)}</section>`)}</div>`
	return { title: t('Audit'), view, dispose: list.dispose }
}
