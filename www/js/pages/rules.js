// SPDX-License-Identifier: GPL-3.0-or-later
// What imported rows are checked by, how severe each rule is here, and the fixes that are remembered for sources.
import { cls, html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, num, t, tn } from '../core/i18n.js'
import { canEverywhere } from '../core/session.js'
import { icon } from '../components/icons.js'
import { policyNames } from './outlet-edit.js'
import { ask, capital, empty, resource, shown, toastProblem } from '../components/ui.js'

export function page() {
	const rules = resource(api.importRules)
	const fixes = resource(() => api.fixes({ limit: 500 }))
	const policies = resource(api.fieldPolicies)
	void rules.load()
	void policies.load()
	if (canEverywhere('IMPORT_DATA'))
		void fixes.load()
	/**
	 * What was chosen is changed when somebody says why; else the choice shows what holds again.
	 * @param {HTMLSelectElement} select @param {string} now what holds @param {string} name @param {(reason: string) => Promise<import('../core/http.js').Answer<unknown>>} put
	 */
	const change = async (select, now, name, put) => {
		const text = `${name}: ${select.selectedOptions[0].text}`
		const reason = await ask({ title: t('Change this rule?'), text, confirm: t('Change'), reason: 'required' })
		const [, failed] = reason === null ? [null, null] : await put(reason)
		if (failed)
			toastProblem(failed)
		if (failed || reason === null)
			select.value = now
		await Promise.all([rules.load(), policies.load()])
	}
	/** @param {number} id */
	const drop = async (id) => {
		const [, failed] = await api.dropFix(id)
		if (failed)
			toastProblem(failed)
		await fixes.load()
	}
	const severity = (/** @type {string} */ s) => (s === 'error' ? t('error: the row is kept out') : t('warning: the row goes in'))
	const may = canEverywhere('MANAGE_RULES')
	/** @param {import('../core/api.js').Rule} r */
	const row = (r) => html`<tr data-rule=${r.rule}><td><b>${capital(t(r.message))}</b><br><small class="faint">${r.rule}</small></td>
		<td data-label=${t('Severity')}>${r.open && may ? html`<select class="input small auto" aria-label=${t('Severity of {rule}', { rule: r.rule })} @change=${(/** @type {any} */ e) => change(e.target, r.severity === r.usual ? '' : r.severity, r.rule, (why) => api.setRule(r.rule, e.target.value || null, why))}>
			<option value="" ?selected=${r.severity === r.usual}>${t('as usual ({severity})', { severity: r.usual === 'error' ? t('error') : t('warning') })}</option>${['error', 'warning'].filter((s) => s !== r.usual).map((s) => html`<option value=${s} ?selected=${r.severity === s}>${severity(s)}</option>`)}</select>`
			: html`<span class=${cls('chip', r.severity === 'error' ? 'bad' : 'warn')}>${r.severity === 'error' ? t('error') : t('warning')}</span>`}</td>
		<td data-label=${t('What to do')}>${capital(t(r.remedy))}${r.fixes.length ? html`<br><small class="faint">${t('For all rows at once')}: ${r.fixes.map((f) => t(f.label)).join('; ')}</small>` : nothing}</td></tr>`
	/** @param {import('../core/api.js').Fix} f */
	const fix = (f) => html`<tr><td>${f.kind === 'VALUE' ? html`<code>${f.from}</code> → ${f.to ? html`<code>${f.to}</code>` : t('(left out)')}` : f.kind === 'FILL' ? html`${t('empty')} → <code>${f.to}</code>` : capital(t(f.label))}<br><small class="faint">${f.rule}${f.column ? ' · ' + f.column : ''}</small></td>
		<td data-label=${t('Source')}>${f.source}${f.remembered ? nothing : html` <span class="chip">${t('one import only')}</span>`}</td><td class="num" data-label=${t('Rows')}>${num(f.rows)}</td><td data-label=${t('By')}>${f.createdBy ?? '–'} <small class="faint">${ago(f.createdAt)}</small></td>
		<td class="actions"><button class="btn quiet small" @click=${() => drop(f.id)}>${icon('trash')}${t('Remove')}</button></td></tr>`
	/** @param {string} w */
	const winner = (w) => ({ PERSON: t("the person's value stays"), SOURCE: t("the source's value counts"), NEWEST: t("the person's value stays until the source says something new") }[w] ?? w)
	/** @param {import('../core/api.js').FieldPolicy} p */
	const policy = (p) => html`<tr data-field=${p.field}><td>${policyNames()[p.field] ?? p.field}</td><td data-label=${t('What counts')}>${may ? html`<select class="input small auto" aria-label=${t('What counts of {field}', { field: policyNames()[p.field] ?? p.field })} @change=${(/** @type {any} */ e) => change(e.target, p.wins, policyNames()[p.field] ?? p.field, (why) => api.setFieldPolicy(p.field, e.target.value, why))}>${['PERSON', 'SOURCE', ...(p.field === 'territory' ? [] : ['NEWEST'])].map((w) => html`<option value=${w} ?selected=${p.wins === w}>${winner(w)}</option>`)}</select>` : winner(p.wins)}</td>
		<td class="num" data-label=${t('Outlets changed by people')}>${num(p.edits)}</td></tr>`
	const view = () => html`<div class="page"><div class="page-head"><div><div class="crumbs"><a href="/import">${t('Import')}</a></div><h1>${t('Rules of the import')}</h1><p>${t('What each row is checked by, and what to do when it fails.')}</p></div></div>
		${canEverywhere('IMPORT_DATA') ? shown(fixes, (l) => html`<section class="card tight"><h2 class="pad">${t('Remembered fixes')}</h2>${l.items.length ? html`<table class="table stack"><thead><tr><th>${t('Fix')}</th><th>${t('Source')}</th><th class="num">${t('Rows')}</th><th>${t('By')}</th><th></th></tr></thead><tbody>${l.items.map(fix)}</tbody></table>`
			: empty('check', t('No fix yet'), t('A cause that is mended while importing is remembered here for the next file of that source.'))}</section>`) : nothing}
		${shown(policies, (l) => html`<section class="card tight" id="policies"><h2 class="pad">${t('Values of people and of the source')}</h2><table class="table stack"><thead><tr><th>${t('Field')}</th><th>${t('What counts')}</th><th class="num">${t('Outlets changed by people')}</th></tr></thead><tbody>${l.items.map(policy)}</tbody></table></section>`)}
		${shown(rules, (l) => html`<section class="card tight"><table class="table stack"><caption class="sr">${t('Rules of the import')}</caption><thead><tr><th>${tn('{n} rule', '{n} rules', l.items.length)}</th><th>${t('Severity')}</th><th>${t('What to do')}</th></tr></thead><tbody>${l.items.map(row)}</tbody></table></section>`)}</div>`
	return { title: t('Rules of the import'), view }
}
