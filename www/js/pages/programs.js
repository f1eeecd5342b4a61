// SPDX-License-Identifier: GPL-3.0-or-later
// Whose programs are let in, by keys and by tokens, and shutting one out.
import { html, nothing } from '../core/html.js'
import { api } from '../core/api.js'
import { ago, instant, t } from '../core/i18n.js'
import { permissionName } from '../core/permissions.js'
import { pagedList } from '../components/list.js'
import { ask, toast, toastProblem } from '../components/ui.js'

/** @typedef {import('../core/api.js').Program} Program */

/** @param {'keys' | 'tokens'} kind */
function programs(kind) {
	const list = pagedList((q) => api.programs(kind, q), [])
	/** @param {Program} p */
	const end = async (p) => {
		const reason = await ask({ title: t('Shut {name} out?', { name: p.name }), text: t('It is refused from its next call on. {owner} is told why.', { owner: p.owner }), confirm: t('Shut out'), danger: true, reason: 'required' })
		if (reason === null)
			return
		const [, failed] = await api.endProgram(kind, p.id, reason)
		if (failed)
			toastProblem(failed)
		else
			toast(t('{name} is shut out', { name: p.name }))
		await list.load()
	}
	/** @param {Program} p */
	const may = (p) => (p.permissions.length ? p.permissions.map(permissionName).join(', ') : t('whatever its owner may'))
	const title = () => (kind === 'keys' ? t('API keys') : t('Tokens'))
	const view = () => html`<h2>${title()}</h2>${list.view((items) => html`<div class="card tight table-wrap" tabindex="0"><table class="table stack"><caption class="sr">${title()}</caption><thead><tr><th>${t('Program')}</th><th>${t('Owner')}</th><th>${t('It may')}</th><th>${t('Last used')}</th><th>${t('Until')}</th><th></th></tr></thead>
		<tbody>${items.map((p) => html`<tr><td><span class="two"><b>${p.name}</b><small class="faint" title=${instant(p.createdAt)}>${t('since {when}', { when: ago(p.createdAt) })}</small></span></td><td data-label=${t('Owner')}>${p.owner}</td><td data-label=${t('It may')}>${may(p)}${p.territory ? html` <small class="faint">${p.territory}</small>` : nothing}</td>
			<td data-label=${t('Last used')}>${p.lastUsed ? html`<span class="two"><span title=${instant(p.lastUsed)}>${ago(p.lastUsed)}</span><small class="faint">${p.lastAddress}</small></span>` : t('never')}</td><td data-label=${t('Until')}>${p.expiresAt ? instant(p.expiresAt) : t('until it is revoked')}</td>
			<td class="actions"><button class="btn small" aria-label=${t('Shut out: {name}', { name: p.name })} @click=${() => end(p)}>${t('Shut out')}</button></td></tr>`)}</tbody></table></div>`,
	() => html`<p class="card">${kind === 'keys' ? t('Nobody has an API key.') : t('No program has tokens.')}</p>`)}`
	return { view, dispose: list.dispose }
}

export function page() {
	const parts = [programs('keys'), programs('tokens')]
	const view = () => html`<div class="page"><div class="page-head"><div><h1>${t('Programs')}</h1><p>${t('What calls for somebody, by an API key or by tokens. Its owner makes it, you may end it.')}</p></div></div>${parts.map((p) => p.view())}</div>`
	return { title: t('Programs'), view, dispose: () => parts.forEach((p) => p.dispose()) }
}
