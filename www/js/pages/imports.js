// SPDX-License-Identifier: GPL-3.0-or-later
// Import history, the way into a new import, and the templates.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, bytes, instant, num, t, tn } from '../core/i18n.js'
import { go } from '../core/router.js'
import { canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { pagedList } from '../components/list.js'
import { empty, resource, toastProblem } from '../components/ui.js'
import { statusChip } from './wizard.js'

export function page() {
	const list = pagedList(api.imports, [])
	const entities = resource(api.entities)
	const busy = signal(false)
	void entities.load()
	const start = async () => {
		busy.value = true
		const [s, failed] = await api.addImport(t('Import of {date}', { date: instant(new Date().toISOString()) }))
		busy.value = false
		if (failed)
			toastProblem(failed)
		else
			go(`/import/${s.id}`)
	}
	const startButton = () => (!canEverywhere('IMPORT_DATA') ? nothing : html`<button class="btn primary" ?disabled=${busy.value} @click=${start}>${icon('plus')}${t('New import')}</button>`)
	const view = () => html`<div class="page">
	<div class="page-head"><div><h1>${t('Import')}</h1><p>${t('Bring in files as your ERP writes them. Nothing is loaded before you have seen what would change.')}</p></div><div class="row wrap">${canEverywhere('IMPORT_DATA') ? html`<a class="btn" href="/import/watches">${icon('clock')}${t('Drop folders')}</a>` : nothing}<a class="btn" href="/import/rules">${t('Rules and fixes')}</a>${startButton()}</div></div>
	${list.view((items) => html`<section class="card tight"><div class="table-wrap" tabindex="0"><table class="table stack">
		<thead><tr><th>${t('Import')}</th><th>${t('Status')}</th><th>${t('Files')}</th><th class="num">${t('Rows')}</th><th class="num">${t('New')}</th><th class="num">${t('Changed')}</th><th class="num">${t('Rejected')}</th><th>${t('By')}</th><th>${t('When')}</th></tr></thead>
		<tbody>${items.map((s) => html`<tr><td><a href=${`/import/${s.id}`}>${s.name || t('Import {id}', { id: s.id })}</a></td><td data-label=${t('Status')}>${statusChip(s.status)}</td>
			<td data-label=${t('Files')}><span title=${s.files.map((f) => `${f.name} (${bytes(f.bytes)})`).join('\n')}>${tn('{n} file', '{n} files', s.files.length)}</span></td>
			<td class="num" data-label=${t('Rows')}>${num(s.counts?.read)}</td><td class="num" data-label=${t('New')}>${num(s.counts?.inserted)}</td><td class="num" data-label=${t('Changed')}>${num(s.counts?.updated)}</td>
			<td class="num" data-label=${t('Rejected')}>${num(s.counts?.rejected)}</td><td data-label=${t('By')}>${s.createdBy ?? '–'}</td><td data-label=${t('When')}><span title=${instant(s.createdAt)}>${ago(s.createdAt)}</span></td></tr>`)}</tbody></table></div></section>`,
		() => html`<section class="card">${empty('import', t('No import yet'), t('Start with your outlets. Distributors, seats and an existing plan can come in the same import or later.'), startButton())}</section>`)}
	<section class="card"><h2>${t('Templates')}</h2><p class="muted">${t('Not sure how a file should look? These show every column we read. Your own column names are recognised too.')}</p>
		${entities.data.value ? html`<div class="row wrap templates">${entities.data.value.items.map((x) => html`<a class="btn small" href=${api.templateUrl(x.entity)} download>${icon('file')}${t(x.label)}</a>`)}</div>` : nothing}</section>
	</div>`
	return { title: t('Import'), view, dispose: list.dispose }
}
