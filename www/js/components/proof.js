// SPDX-License-Identifier: GPL-3.0-or-later
// Who sits here gives the password again, before something that would outlast the session.
import { html, nothing, signal } from '../core/html.js'
import { api } from '../core/api.js'
import { t } from '../core/i18n.js'
import { field, fieldProblem, openDialog, problemNotice } from './ui.js'

/** @returns {Promise<boolean>} false when it is left */
export function proof() {
	return new Promise((done) => {
		const problem = signal(/** @type {import('../core/http.js').Problem | null} */ (null)), busy = signal(false)
		let password = '', given = false
		/** @param {SubmitEvent} e */
		const submit = async (e) => {
			e.preventDefault()
			busy.value = true
			const [, failed] = await api.prove(password || '-')
			busy.value = false
			problem.value = failed
			if (failed)
				return
			given = true
			close()
		}
		const close = openDialog({
			title: () => t('Your password, please'), text: () => t('You signed in a while ago. What you are about to make stays when you leave this browser.'),
			body: () => html`<form id="proof" class="col" @submit=${submit}>${field('proof-password', t('Password'), html`<input id="proof-password" class="input" type="password" autocomplete="current-password" maxlength="200" autofocus
				aria-invalid=${fieldProblem(problem.value, 'password') ? 'true' : nothing} @input=${(/** @type {any} */ e) => {
					password = e.target.value
				}}>`, { problem: fieldProblem(problem.value, 'password') && t('That is not your password.') })}${problem.value && !fieldProblem(problem.value, 'password') ? problemNotice(problem.value) : nothing}</form>`,
			foot: () => html`<button class="btn" @click=${() => close()}>${t('Cancel')}</button><button form="proof" class="btn primary" ?disabled=${busy.value}>${t('Go on')}</button>`,
			onclose: () => done(given),
		})
	})
}
