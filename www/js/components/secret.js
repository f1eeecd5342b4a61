// SPDX-License-Identifier: GPL-3.0-or-later
// Something that is shown once: a password, a key, codes.
import { html } from '../core/html.js'
import { t } from '../core/i18n.js'
import { copy, openDialog } from './ui.js'

/**
 * @param {{title: string, text: string, secrets: {label?: string, value: string}[], onclose?: () => void}} o
 */
export function showSecret(o) {
	const close = openDialog({
		title: () => o.title, text: () => o.text,
		body: () => o.secrets.map((s, i) => html`<div class="col tight">${s.label ? html`<span class="label">${s.label}</span>` : ''}<div class="row"><code class="input grow secret" id=${i ? `one-time-${i}` : 'one-time'}>${s.value}</code><button class="btn" aria-label=${s.label ? t('Copy {what}', { what: s.label }) : t('Copy')} @click=${() => copy(s.value)}>${t('Copy')}</button></div></div>`),
		foot: () => html`<button class="btn primary" @click=${() => close()}>${t('Done')}</button>`,
		...(o.onclose ? { onclose: o.onclose } : {}),
	})
}
